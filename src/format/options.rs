//! How a file is to be read, where the caller says.

use serde::{Deserialize, Serialize};

use crate::table::rows::Limits;

/// What to do with what cannot be read.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReadOptions {
    /// Leave out rows with too few or too many fields instead of refusing the file.
    pub skip_bad_rows: bool,
    /// Whether the first line names the columns; decided by evidence if absent.
    pub header: Option<bool>,
    /// Bytes that the rows may take, here and in a fit; of a larger table a sample is kept. 2^30 if absent.
    pub max_memory: Option<u64>,
    /// Rows that are kept at most, as a sample. A million if absent.
    pub max_rows: Option<u64>,
}

impl ReadOptions {
    pub fn limits(&self) -> Limits {
        let Limits { memory, rows } = Limits::default();
        Limits { memory: self.max_memory.unwrap_or(memory), rows: self.max_rows.unwrap_or(rows) }
    }
}
