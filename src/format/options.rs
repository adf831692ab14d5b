//! What a user says of how a file is to be read. What is left open is decided by evidence.

use serde::{Deserialize, Serialize};

use super::dialect::{Delimiter, Encoding};
use crate::error::{Code, Error, Result};
use crate::table::rows::Limits;

/// What to do with what cannot be read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReadOptions {
    /// Leave out rows with too few or too many fields, with bytes that are no text, or without an end, instead of
    /// refusing the file.
    pub skip_bad_rows: bool,
    /// Keep as rows what looks like totals, sources and notes below the table.
    pub keep_footer: bool,
    /// As [`Delimiter::parse`] takes it; decided by evidence if absent.
    pub delimiter: Option<String>,
    /// By its name in [`Encoding::name`]; decided by evidence if absent.
    pub encoding: Option<String>,
    /// Whether the first line names the columns; decided by evidence if absent.
    pub header: Option<bool>,
    pub origin: Origin,
    /// Bytes that the rows may take, here and in a fit; of a larger table a sample is kept. 2^30 if absent.
    pub max_memory: Option<u64>,
    /// Rows that are kept at most, as a sample. A million if absent.
    pub max_rows: Option<u64>,
}

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

impl ReadOptions {
    pub fn limits(&self) -> Limits {
        let Limits { memory, rows } = Limits::default();
        Limits { memory: self.max_memory.unwrap_or(memory), rows: self.max_rows.unwrap_or(rows) }
    }

    pub fn told_delimiter(&self) -> Result<Option<Delimiter>> {
        let told = |text: &String| {
            Delimiter::parse(text).ok_or_else(|| {
                Error::new(
                    Code::BadOptions,
                    "the delimiter must be one to eight characters other than letters, digits, quotes and line ends",
                )
            })
        };
        self.delimiter.as_ref().map(told).transpose()
    }

    pub fn told_encoding(&self) -> Result<Option<Encoding>> {
        let told = |name: &String| {
            Encoding::named(name).ok_or_else(|| {
                let names = Encoding::ALL.map(Encoding::name).join(", ");
                Error::new(Code::BadOptions, format!("the encoding must be one of {names}"))
            })
        };
        self.encoding.as_ref().map(told).transpose()
    }
}
