//! The two ways from decoded text to columns.

use super::csv::Parsed;
use super::json;
use super::records::Records;
use crate::error::Result;

/// What grows columns out of the text.
pub enum Body {
    Delimited(Box<Records>),
    Json(Box<json::Records>),
}

impl Body {
    pub fn push(&mut self, text: &[u8]) -> Result<()> {
        match self {
            Body::Delimited(records) => records.push(text),
            Body::Json(records) => records.push(text),
        }
    }

    pub fn finish(self) -> Result<Parsed> {
        match self {
            Body::Delimited(records) => records.finish(),
            Body::Json(records) => records.finish(),
        }
    }
}
