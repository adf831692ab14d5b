//! Excel workbooks and Parquet files as text for the core, and text as Parquet.
//!
//! What comes out is delimited text in one dialect: UTF-8, commas, `"` doubled inside quotes, a line feed behind every
//! row. What a file says of itself stands beside it in [`Facts`]. The native command links this crate; it knows nothing of
//! the core, so that neither carries the other.

pub mod excel;
pub mod parquet;
mod text;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

/// What a file tells about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Of a workbook: its sheets, and which of them was read.
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// Of a Parquet file.
    pub row_groups: Option<usize>,
    /// Columns that are no table's: lists and maps.
    pub left_out: Vec<String>,
    /// Of a Parquet file: an empty one with the types of the columns that were read. [`parquet::Writer`] takes it.
    pub types: Vec<u8>,
}

/// A code for programs, one of the core's; a sentence for people; a position. Never a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    pub code: &'static str,
    pub message: String,
    pub row: Option<u64>,
    pub column: Option<String>,
}

pub type Result<T> = std::result::Result<T, Error>;

/// What receives the text, and the share of the file that it was made of.
pub type Sink<'a> = dyn FnMut(&[u8], f64) -> Result<()> + 'a;

impl Error {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Error { code, message: message.into(), row: None, column: None }
    }

    pub fn at_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    pub fn in_column(mut self, column: &str) -> Self {
        self.column = Some(column.into());
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}: ")?;
        }
        if let Some(column) = &self.column {
            let plain: String =
                column.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
            write!(f, "column \"{plain}\": ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
