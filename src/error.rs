//! The one error of the crate: a code for programs, a sentence for people, and a position.
//!
//! A message names the place and a way out. It never quotes a cell: error trackers upload messages.

use std::fmt;

/// What went wrong, for programs. The kebab-case text of [`Code::as_str`] is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    EmptyFile,
    NoRows,
    TooFewRows,
    TooManyColumns,
    NotText,
    NotUtf8,
    RaggedRows,
    AllMissing,
    TooLarge,
    Damaged,
    Mismatch,
    BadMetadata,
    BadOptions,
    BadModel,
    /// Too few rows fit what was asked for.
    TooRare,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Code::EmptyFile => "empty-file",
            Code::NoRows => "no-rows",
            Code::TooFewRows => "too-few-rows",
            Code::TooManyColumns => "too-many-columns",
            Code::NotText => "not-text",
            Code::NotUtf8 => "not-utf8",
            Code::RaggedRows => "ragged-rows",
            Code::AllMissing => "all-missing",
            Code::TooLarge => "too-large",
            Code::Damaged => "damaged",
            Code::Mismatch => "mismatch",
            Code::BadMetadata => "bad-metadata",
            Code::BadOptions => "bad-options",
            Code::BadModel => "bad-model",
            Code::TooRare => "too-rare",
        }
    }
}

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// See the module's text. Boxed, so that a `Result` stays one word wide on the happy path.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    message: String,
    row: Option<u64>,
    /// Counted from 0; [`Error::on_lines`] makes a line of it.
    record: Option<usize>,
    column: Option<String>,
    parts: Vec<Error>,
}

impl Error {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let inner =
            Inner { code, message: message.into(), row: None, record: None, column: None, parts: Vec::new() };
        Error(Box::new(inner))
    }

    /// Adds the line of the file, counted from 1 with the header.
    pub fn at_row(mut self, row: u64) -> Self {
        self.0.row = Some(row);
        self
    }

    /// Adds the row of a table, counted from 0, for those who see columns and no lines: below one line of header, until
    /// [`Error::on_lines`] knows better.
    pub fn at_record(mut self, record: usize) -> Self {
        self.0.record = Some(record);
        self.at_row(record as u64 + 2)
    }

    /// Says the record's line, as the table knows it.
    pub fn on_lines(mut self, line: impl Fn(usize) -> u64) -> Self {
        self.0.row = self.0.record.take().map(line).or(self.0.row);
        self
    }

    /// Adds the column's name.
    pub fn in_column(mut self, name: &str) -> Self {
        self.0.column = Some(name.to_string());
        self
    }

    /// Adds the single errors that this one sums up.
    pub fn with_parts(mut self, parts: Vec<Error>) -> Self {
        self.0.parts = parts;
        self
    }

    /// The single errors that this one sums up; none if it stands for itself.
    pub fn parts(&self) -> &[Error] {
        &self.0.parts
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The sentence alone, without the position.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    pub fn row(&self) -> Option<u64> {
        self.0.row
    }

    pub fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// The file is at fault: another file, or the same one mended, would pass.
    pub fn is_input(&self) -> bool {
        !self.is_options()
    }

    /// What was asked is at fault: other options would pass.
    pub fn is_options(&self) -> bool {
        matches!(self.code(), Code::BadMetadata | Code::BadOptions | Code::TooRare)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row(), self.column().map(one_line)) {
            (Some(row), Some(column)) => write!(f, "line {row}, column \"{column}\": ")?,
            (Some(row), None) => write!(f, "line {row}: ")?,
            (None, Some(column)) => write!(f, "column \"{column}\": ")?,
            (None, None) => {}
        }
        f.write_str(self.message())
    }
}

/// A column's name as it can stand in a sentence: a header may hold line breaks, or a whole paragraph.
fn one_line(name: &str) -> String {
    const LONGEST: usize = 60;
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let mut text: String = name.chars().take(LONGEST).map(plain).collect();
    if name.chars().count() > LONGEST {
        text.push('…');
    }
    text
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_before_what() {
        let error = Error::new(Code::NotUtf8, "is not UTF-8").at_row(3).in_column("age");
        assert_eq!(error.to_string(), "line 3, column \"age\": is not UTF-8");
        assert!(error.is_input());
        let error = Error::new(Code::NotUtf8, "x").in_column(&format!("a\r\n{}", "b".repeat(99)));
        assert_eq!(error.to_string(), format!("column \"a  {}…\": x", "b".repeat(57)));
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }
}
