//! The saved model: a line to recognise it by, a line of JSON that anyone can read, and a binary body.
//!
//! ```text
//! standin model 12
//! {"version":"0.1.0","method":"trees","rows":1000,…}
//! (postcard: dialect, codec, model)
//! ```
//!
//! The number in the first line is the format's version: it changes whenever the body does. A file is checked in
//! full before it is used, so a damaged one is an error, never a panic.

use serde::{Deserialize, Serialize};

use super::{FitOptions, HeldBack, Quality, SavedModel};
use crate::codec::Codec;
use crate::error::{Code, Error, Result};
use crate::format::csv::Dialect;
use crate::math::rng::{Seed, mix};
use crate::model::{Draws, Memory, Method, Model, Preset, Sample};
use crate::schema::Sdtype;

const MAGIC: &str = "standin model 12\n";

/// What the file tells about itself. In JSON the keys are camelCase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelInfo {
    /// Of the program that made it.
    pub version: String,
    pub method: Method,
    pub preset: Preset,
    /// A preview is a first impression of the table, and no more.
    pub quality: Quality,
    /// Of the fit.
    pub seed: String,
    /// Training rows.
    pub rows: usize,
    /// How much of single rows is remembered, where that was tried.
    pub memory: Option<Memory>,
    /// Rows, or persons, that share each value which is drawn.
    pub min_support: u32,
    /// The column that told whose a row is.
    pub entity: Option<String>,
    pub columns: Vec<ColumnInfo>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnInfo {
    pub name: String,
    pub sdtype: Sdtype,
    pub held_back: HeldBack,
}

#[derive(Serialize, Deserialize)]
struct Header {
    #[serde(flatten)]
    info: ModelInfo,
    /// Of the body, against damage on the way.
    checksum: String,
}

impl ModelInfo {
    /// What is held back is known once the columns are read.
    pub(super) fn new(options: &FitOptions, rows: usize, entity: Option<String>, codec: &Codec) -> Self {
        let column = |(name, sdtype): (&str, Sdtype)| ColumnInfo {
            name: name.into(),
            sdtype,
            held_back: HeldBack::default(),
        };
        ModelInfo {
            version: env!("CARGO_PKG_VERSION").into(),
            method: options.method,
            preset: options.preset,
            quality: options.quality,
            seed: options.seed.clone(),
            rows,
            memory: None,
            min_support: options.min_support,
            entity,
            columns: codec.columns().map(column).collect(),
        }
    }
}

impl SavedModel {
    pub fn save(&self) -> Vec<u8> {
        let never = "plain data always serialises";
        let body = postcard::to_allocvec(&(&self.dialect, &self.codec, &self.model)).expect(never);
        let header = Header { info: self.info.clone(), checksum: checksum(&body) };
        let header = serde_json::to_string(&header).expect(never);
        [MAGIC.as_bytes(), header.as_bytes(), b"\n", &body].concat()
    }

    /// # Errors
    /// `BadModel`: not a model, of another version, or damaged.
    pub fn load(bytes: &[u8]) -> Result<SavedModel> {
        let bad = |message: &str| Error::new(Code::BadModel, message);
        let kind = MAGIC.rsplit_once(' ').expect("the version stands last").0;
        if !bytes.starts_with(kind.as_bytes()) {
            return Err(bad("this is not a Standin model: choose a .standin file"));
        }
        let rest = bytes.strip_prefix(MAGIC.as_bytes()).ok_or_else(|| {
            bad("this model was saved by another version of Standin: fit it again, or use that version")
        })?;
        let damaged = || bad("this model file is damaged: fetch it again or fit it again");
        let end = rest.iter().position(|&byte| byte == b'\n').ok_or_else(damaged)?;
        let (header, body) = (&rest[..end], &rest[end + 1..]);
        let header: Header = serde_json::from_slice(header).map_err(|_| damaged())?;
        // A fuzzer cannot guess a checksum, and what lies behind it must hold as well.
        if header.checksum != checksum(body) && !cfg!(fuzzing) {
            return Err(damaged());
        }
        let (dialect, codec, model): (Dialect, Codec, Model) =
            postcard::from_bytes(body).map_err(|_| damaged())?;
        let fits = || {
            codec.is_sound() && codec.accepts(&model.sample(0..0, &Seed::new(""), Draws::default()).columns)
        };
        if !model.is_sound() || !dialect.is_sound() || !fits() {
            return Err(damaged());
        }
        Ok(SavedModel { info: header.info, dialect, codec, model })
    }
}

fn checksum(body: &[u8]) -> String {
    let word = |chunk: &[u8]| chunk.iter().fold(0u64, |word, &byte| word << 8 | u64::from(byte));
    let sum = body.chunks(8).fold(body.len() as u64, |sum, chunk| mix(sum ^ word(chunk)).wrapping_add(sum));
    format!("{sum:016x}")
}
