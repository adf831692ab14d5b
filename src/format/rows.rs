//! The two ways from text to columns, and who wrote the text.

use serde::{Deserialize, Serialize};

use super::csv::{Parsed, ReadOptions, Records};
use super::json;
use crate::error::Result;

/// Who wrote the text: if a program of ours that unpacked another format, it is in the default dialect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    #[default]
    File,
    /// A sheet of a workbook: titles may stand above the table, and a header may be missing.
    Sheet,
    /// A table with names for its columns.
    Table,
}

/// What grows columns out of the decoded text.
pub enum Rows {
    Delimited(Box<Records>),
    Json(Box<json::Records>),
}

impl Rows {
    pub fn push(&mut self, text: &[u8]) -> Result<()> {
        match self {
            Rows::Delimited(records) => records.push(text),
            Rows::Json(records) => records.push(text),
        }
    }

    pub fn finish(self, options: ReadOptions) -> Result<Parsed> {
        match self {
            Rows::Delimited(records) => records.finish(options),
            Rows::Json(records) => records.finish(),
        }
    }
}
