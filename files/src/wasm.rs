//! The binding: thin conversions only. `www/lib/worker.js` is its one caller.
//!
//! Errors are like the core's. A panic aborts: the libraries panic on some damaged files, so the caller takes a new
//! instance for each file. What a panic says may quote the file, so it is not shown.

use js_sys::{Array, Error as JsError, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::{Error, Facts, Result, excel, parquet};

/// Hands the text to `sink(bytes, share)`, and returns what the file says of itself.
#[wasm_bindgen]
pub fn excel(file: &[u8], sheet: Option<String>, sink: &Function) -> std::result::Result<JsValue, JsValue> {
    through(sink, |sink| excel::read(std::io::Cursor::new(file), sheet.as_deref(), sink))
}

#[wasm_bindgen]
pub fn parquet(file: Vec<u8>, sink: &Function) -> std::result::Result<JsValue, JsValue> {
    through(sink, |sink| parquet::read(bytes::Bytes::from(file), sink))
}

#[wasm_bindgen]
pub struct ParquetWriter(parquet::Writer);

#[wasm_bindgen]
impl ParquetWriter {
    #[wasm_bindgen(constructor)]
    pub fn new(types: &[u8]) -> std::result::Result<ParquetWriter, JsValue> {
        Ok(ParquetWriter(parquet::Writer::new(types).map_err(to_error)?))
    }

    pub fn push(&mut self, text: &[u8]) -> std::result::Result<Uint8Array, JsValue> {
        Ok(Uint8Array::from(self.0.push(text).map_err(to_error)?.as_slice()))
    }

    pub fn finish(self) -> std::result::Result<Uint8Array, JsValue> {
        Ok(Uint8Array::from(self.0.finish().map_err(to_error)?.as_slice()))
    }
}

/// An error that the sink throws is the one that comes out.
fn through(
    sink: &Function,
    read: impl FnOnce(&mut crate::Sink<'_>) -> Result<Facts>,
) -> std::result::Result<JsValue, JsValue> {
    let mut thrown = None;
    let facts = read(&mut |text, share| {
        let called = sink.call2(&JsValue::NULL, &Uint8Array::from(text), &share.into());
        called.map(|_| ()).map_err(|error| {
            thrown = Some(error);
            Error::new("damaged", "the text is not wanted")
        })
    });
    facts.map(|facts| to_js(&facts)).map_err(|error| thrown.unwrap_or_else(|| to_error(error)))
}

fn to_js(facts: &Facts) -> JsValue {
    let texts = |texts: &[String]| texts.iter().map(JsValue::from).collect::<Array>().into();
    object(
        Object::new(),
        [
            ("sheets", texts(&facts.sheets)),
            ("sheet", facts.sheet.as_deref().map_or(JsValue::NULL, JsValue::from)),
            ("rowGroups", facts.row_groups.map_or(JsValue::NULL, |count| (count as f64).into())),
            ("leftOut", texts(&facts.left_out)),
            ("types", Uint8Array::from(facts.types.as_slice()).into()),
        ],
    )
}

fn to_error(error: Error) -> JsValue {
    let text = error.to_string();
    object(
        JsError::new(&text).into(),
        [
            ("code", error.code.into()),
            ("row", error.row.map_or(JsValue::NULL, |row| (row as f64).into())),
            ("column", error.column.map_or(JsValue::NULL, JsValue::from)),
        ],
    )
}

fn object<const N: usize>(object: Object, members: [(&str, JsValue); N]) -> JsValue {
    for (name, value) in members {
        Reflect::set(&object, &name.into(), &value).expect("an object takes properties");
    }
    object.into()
}
