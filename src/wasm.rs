//! The binding: thin conversions only. `www/lib` is its one caller and gives it a nicer face.
//!
//! Structured values cross as plain objects, tables as bytes. Every error is a JavaScript `Error` with `code`, `row`,
//! `column` and `mismatches`. A panic aborts: the instance is then unusable and its worker must be replaced.

use std::sync::Arc;

use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::error::{Code, Error};
use crate::format::csv::{self, Layout};
use crate::format::unpack::{self, Container};
use crate::pipeline::conditions::Condition;
use crate::pipeline::croissant::Made;
use crate::pipeline::{self, MAX_ROWS, SavedModel};
use crate::report;

type Result<T> = std::result::Result<T, JsValue>;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn error(text: &str);
}

/// Runs when the module starts: a panic, ours to mend, at least says where it was.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| error(&panic.to_string())));
}

#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// `excel` or `parquet`, by a file's first bytes: the other module makes text of it. Undefined for all else.
#[wasm_bindgen]
pub fn container(head: &[u8]) -> Option<String> {
    unpack::container(head).map(|container| match container {
        Container::Excel => "excel".into(),
        Container::Parquet => "parquet".into(),
    })
}

#[wasm_bindgen]
pub struct Reader(csv::Reader);

#[wasm_bindgen]
impl Reader {
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Reader> {
        Ok(Reader(csv::Reader::new(from_js(options)?)))
    }

    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.push(bytes).map_err(to_error)
    }

    /// `types`: of the Parquet file that the other module has read the text from.
    pub fn finish(self, types: Option<Vec<u8>>) -> Result<Source> {
        let mut parsed = self.0.finish().map_err(to_error)?;
        if let Some(types) = types {
            parsed.dialect.layout = Layout::Parquet(types);
        }
        Ok(Source(pipeline::Source::new(parsed).map_err(to_error)?))
    }
}

#[wasm_bindgen]
pub struct Source(pipeline::Source);

#[wasm_bindgen]
impl Source {
    /// How a synthetic file that is judged against this one is to be read.
    pub fn has_header(&self) -> bool {
        self.0.has_header()
    }

    pub fn inspect(&self, metadata: JsValue) -> Result<JsValue> {
        let metadata: Option<Value> = from_js(metadata)?;
        to_js(&self.0.inspect(metadata.as_ref()).map_err(to_error)?)
    }

    pub fn fit(&self, options: JsValue) -> Result<Fitting> {
        Ok(Fitting(self.0.fit(&from_js(options)?).map_err(to_error)?))
    }

    /// `options`: those of the fit; `asked`: what the report is to ask.
    pub fn report(&self, synthetic: &Source, options: JsValue, asked: JsValue) -> Result<Judging> {
        let judging = self.0.report(&synthetic.0, &from_js(options)?, &from_js(asked)?);
        Ok(Judging(judging.map_err(to_error)?))
    }

    /// Beside a file of rows that the generator never saw, whichever it was.
    pub fn report_beside(
        &self,
        holdout: &Source,
        synthetic: &Source,
        options: JsValue,
        asked: JsValue,
    ) -> Result<Judging> {
        let (options, asked) = (from_js(options)?, from_js(asked)?);
        let judging = self.0.report_beside(&holdout.0, &synthetic.0, &options, &asked);
        Ok(Judging(judging.map_err(to_error)?))
    }

    /// The collapse guard, for [`Judging::add`].
    pub fn generations(&self, synthetic: &Source, options: JsValue) -> Result<Generations> {
        Ok(Generations(self.0.generations(&synthetic.0, &from_js(options)?).map_err(to_error)?))
    }

    /// The same, where [`Source::report_beside`] judges.
    pub fn generations_beside(
        &self,
        holdout: &Source,
        synthetic: &Source,
        options: JsValue,
    ) -> Result<Generations> {
        let guard = self.0.generations_beside(&holdout.0, &synthetic.0, &from_js(options)?);
        Ok(Generations(guard.map_err(to_error)?))
    }
}

#[wasm_bindgen]
pub struct Generations(pipeline::Generations);

#[wasm_bindgen]
impl Generations {
    pub fn step(&mut self) -> Result<f64> {
        self.0.step().map_err(to_error)
    }
}

#[wasm_bindgen]
pub struct Judging(report::Judging);

#[wasm_bindgen]
impl Judging {
    /// Does one part; the share done so far.
    pub fn step(&mut self) -> f64 {
        self.0.step()
    }

    /// What was found of generations.
    pub fn add(&mut self, generations: Generations) {
        self.0.add(generations.0.finish());
    }

    /// The figures, and beside them the same as pictures (`charts`), as `lists` to read and as a page to be kept (`html`).
    pub fn finish(self) -> Result<JsValue> {
        let figures = self.0.finish();
        let charts = report::charts::draw(&figures);
        let object = to_js(&figures)?;
        Reflect::set(&object, &"charts".into(), &to_js(&charts)?)?;
        Reflect::set(&object, &"lists".into(), &to_js(&report::lists::lists(&figures))?)?;
        Reflect::set(&object, &"html".into(), &report::html::page(&figures, &charts).into())?;
        Ok(object)
    }
}

#[wasm_bindgen]
pub struct Fitting(pipeline::Fitting);

#[wasm_bindgen]
impl Fitting {
    pub fn step(&mut self) -> Result<f64> {
        self.0.step().map_err(to_error)
    }

    /// Where other workers may begin to help, what they need to.
    pub fn brief(&self) -> Option<Uint8Array> {
        self.0.brief().map(|brief| to_bytes(brief.to_bytes()))
    }

    /// The share done so far, where tasks are done and no steps.
    pub fn share(&mut self) -> f64 {
        self.0.share()
    }

    /// See [`Hand`]: the same for the one who shares out.
    pub fn open_tasks(&mut self) -> Vec<u32> {
        self.0.shared().map(|fitting| fitting.open_tasks()).unwrap_or_default()
    }

    pub fn step_task(&mut self, number: u32) -> Option<Uint8Array> {
        self.0.shared()?.step_task(number).map(to_bytes)
    }

    pub fn take_task(&mut self, number: u32, found: &[u8]) -> bool {
        self.0.shared().is_some_and(|fitting| fitting.take_task(number, found))
    }

    /// The values that too few share, for the owner alone; once `step` has returned 1.
    pub fn held_back(&self) -> Result<JsValue> {
        to_js(&self.0.held_back())
    }

    pub fn finish(self) -> Model {
        Model(Arc::new(self.0.finish()))
    }
}

/// Helps with a fit of another worker. All have begun alike; each does some tasks, and takes what the others found.
#[wasm_bindgen]
pub struct Hand(pipeline::Hand);

#[wasm_bindgen]
impl Hand {
    #[wasm_bindgen(constructor)]
    pub fn new(brief: &[u8]) -> Result<Hand> {
        Ok(Hand(pipeline::Hand::new(brief).map_err(to_error)?))
    }

    /// Where no task is open, and until one is.
    pub fn step(&mut self) -> f64 {
        self.0.step()
    }

    pub fn open_tasks(&mut self) -> Vec<u32> {
        self.0.0.open_tasks()
    }

    /// Does a slice; what was found, once it is done.
    pub fn step_task(&mut self, number: u32) -> Option<Uint8Array> {
        self.0.0.step_task(number).map(to_bytes)
    }

    pub fn take_task(&mut self, number: u32, found: &[u8]) -> bool {
        self.0.0.take_task(number, found)
    }
}

#[wasm_bindgen]
pub struct Model(Arc<SavedModel>);

#[wasm_bindgen]
impl Model {
    pub fn load(bytes: &[u8]) -> Result<Model> {
        Ok(Model(Arc::new(SavedModel::load(bytes).map_err(to_error)?)))
    }

    pub fn save(&self) -> Uint8Array {
        Uint8Array::from(self.0.save().as_slice())
    }

    pub fn describe(&self) -> Result<JsValue> {
        #[derive(Serialize)]
        struct Described<'a> {
            #[serde(flatten)]
            info: &'a pipeline::ModelInfo,
            discloses: pipeline::Discloses,
        }
        to_js(&Described { info: self.0.info(), discloses: self.0.discloses() })
    }

    /// `draws`: `spread` or `independent`.
    pub fn preview(&self, num_rows: f64, seed: &str, draws: JsValue) -> Result<JsValue> {
        #[derive(Serialize)]
        struct Preview {
            columns: Vec<String>,
            rows: Vec<Vec<String>>,
        }
        let (columns, rows) = self.0.preview(count(num_rows)?, seed, from_js(draws)?);
        to_js(&Preview { columns, rows })
    }

    /// The description of a file that was made with this model: a [`Made`], of which the file's size and checksum are told by
    /// `checksum`.
    pub fn croissant(&self, made: JsValue, checksum: Checksum) -> Result<JsValue> {
        let made: Made = from_js(made)?;
        let dialect = self.0.dialect(made.format).map_err(to_error)?;
        let (bytes, sha256) = checksum.0.finish();
        to_js(&self.0.croissant(&Made { bytes, sha256, ..made }, &dialect))
    }

    /// `format`: `csv`, `json`, `jsonl` or `parquet`; that of the input if absent. `which`, `all`: every so many-th piece, for one
    /// of those who share the work.
    pub fn sampler(
        &self,
        num_rows: f64,
        seed: &str,
        draws: JsValue,
        format: JsValue,
        which: usize,
        all: usize,
    ) -> Result<Sampler> {
        let dialect = self.0.dialect(from_js(format)?).map_err(to_error)?;
        let layout = dialect.layout.clone();
        let (rows, draws, part) = (count(num_rows)?, from_js(draws)?, [which, all.max(1)]);
        let sampler = pipeline::Sampler::shared(self.0.clone(), dialect, rows, seed, draws, part);
        Ok(Sampler { sampler, layout })
    }

    /// Of rows that fit: `conditions` as [`Condition`] has them in JSON.
    pub fn conditioned(
        &self,
        conditions: JsValue,
        seed: &str,
        draws: JsValue,
        format: JsValue,
    ) -> Result<Sampler> {
        let conditions = Condition::list(&from_js(conditions)?).map_err(to_error)?;
        let dialect = self.0.dialect(from_js(format)?).map_err(to_error)?;
        let layout = dialect.layout.clone();
        let sampler =
            pipeline::Sampler::conditioned(self.0.clone(), dialect, &conditions, seed, from_js(draws)?);
        Ok(Sampler { sampler: sampler.map_err(to_error)?, layout })
    }
}

/// Of a file that comes piece by piece: a page opened from a disk has no `crypto.subtle`.
#[wasm_bindgen]
#[derive(Default)]
pub struct Checksum(pipeline::croissant::Checksum);

#[wasm_bindgen]
impl Checksum {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Checksum {
        Checksum::default()
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }
}

#[wasm_bindgen]
pub struct Sampler {
    sampler: pipeline::Sampler,
    layout: Layout,
}

#[wasm_bindgen]
impl Sampler {
    #[wasm_bindgen(js_name = next)]
    pub fn next_piece(&mut self) -> Result<Option<Uint8Array>> {
        Ok(self.sampler.next().transpose().map_err(to_error)?.map(to_bytes))
    }

    /// Leaves out the next pieces.
    pub fn skip(&mut self, pieces: usize) {
        self.sampler.skip_pieces(pieces);
    }

    /// `delimited`, `json-lines`, `json` or `parquet`: then the pieces are text for the other module's writer.
    pub fn layout(&self) -> String {
        self.layout.name().into()
    }

    /// What that writer takes.
    pub fn types(&self) -> Option<Uint8Array> {
        match &self.layout {
            Layout::Parquet(types) => Some(Uint8Array::from(types.as_slice())),
            Layout::Delimited | Layout::Json(_) => None,
        }
    }

    pub fn rows(&self) -> f64 {
        self.sampler.done() as f64
    }
}

fn count(rows: f64) -> Result<u64> {
    if rows >= 1.0 && rows <= MAX_ROWS && rows.fract() == 0.0 {
        return Ok(rows as u64);
    }
    Err(to_error(Error::new(Code::BadOptions, "the number of rows must be a whole number from 1")))
}

fn from_js<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T> {
    serde_wasm_bindgen::from_value(value).map_err(|error| {
        to_error(Error::new(Code::BadOptions, format!("the options cannot be read: {error}")))
    })
}

fn to_js(value: &impl Serialize) -> Result<JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|error| JsValue::from(js_sys::Error::new(&error.to_string())))
}

fn to_bytes(bytes: Vec<u8>) -> Uint8Array {
    Uint8Array::from(bytes.as_slice())
}

fn to_error(error: Error) -> JsValue {
    let object = js_sys::Error::new(&error.to_string());
    let set = |name: &str, value: JsValue| {
        Reflect::set(&object, &name.into(), &value).expect("an Error takes properties");
    };
    set("code", error.code().as_str().into());
    set("row", error.row().map_or(JsValue::NULL, |row| (row as f64).into()));
    set("column", error.column().map_or(JsValue::NULL, Into::into));
    set("mismatches", mismatches(error.parts()));
    object.into()
}

fn mismatches(parts: &[Error]) -> JsValue {
    #[derive(Serialize)]
    struct Mismatch<'a> {
        code: &'static str,
        message: &'a str,
        row: Option<f64>,
        column: Option<&'a str>,
    }
    let told = |part: &'_ Error| {
        let row = part.row().map(|row| row as f64);
        to_js(&Mismatch { code: part.code().as_str(), message: part.message(), row, column: part.column() })
    };
    parts.iter().filter_map(|part| told(part).ok()).collect::<js_sys::Array>().into()
}
