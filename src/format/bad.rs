//! Rows that cannot be read: what is wrong with the first, on which lines the first few stand, and how many there are.

use super::dialect::{Dialect, Encoding};
use crate::error::{Code, Error, Result};

/// Lines that are named.
const NAMED: usize = 5;

/// The rows that were no rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bad {
    pub count: u64,
    /// Of the first few.
    pub lines: Vec<u64>,
    /// Fields of the first row that has too many or too few.
    ragged: Option<(u64, usize)>,
}

impl Bad {
    pub fn push(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < NAMED {
            self.lines.push(line);
        }
    }

    pub fn push_ragged(&mut self, line: u64, fields: usize) {
        self.ragged.get_or_insert((line, fields));
        self.push(line);
    }

    /// The error for a file whose rows are not all of the expected width.
    pub fn refusal(&self, expected: usize, dialect: &Dialect) -> Option<Error> {
        let (line, found) = self.ragged?;
        let rows = if self.count == 1 { "1 such row".into() } else { format!("{} such rows", self.count) };
        let message = format!(
            "this row has {found} {} where the {} has {expected} ({rows} in the file): mend the file \
             (often a delimiter inside an unquoted text), or leave these rows out",
            if found == 1 { "field" } else { "fields" },
            if dialect.header { "header" } else { "first row" },
        );
        Some(Error::new(Code::RaggedRows, message).at_row(line))
    }
}

/// The record's text.
///
/// # Errors
/// `NotUtf8` and `NotText`, with the line and the column.
pub fn checked<'a>(
    bytes: &'a [u8],
    ends: &[usize],
    line: u64,
    names: &[String],
    encoding: Encoding,
) -> Result<&'a str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
        && ends.iter().all(|&end| text.is_char_boundary(end))
    {
        return Ok(text);
    }
    let mut start = 0;
    for (&end, name) in ends.iter().zip(names) {
        cell(&bytes[start..end], line, name, encoding)?;
        start = end;
    }
    Err(Error::new(Code::NotText, "text that cannot be read: save the file as \"CSV UTF-8\" and try again")
        .at_row(line))
}

/// The cell's text.
pub fn cell<'a>(bytes: &'a [u8], line: u64, column: &str, encoding: Encoding) -> Result<&'a str> {
    let place = |error: Error| error.at_row(line).in_column(column);
    let cell = std::str::from_utf8(bytes).map_err(|_| {
        let message = format!("not valid {}: save the file as \"CSV UTF-8\" and try again", encoding.name());
        place(Error::new(Code::NotUtf8, message))
    })?;
    if cell.contains('\0') {
        return Err(place(Error::new(
            Code::NotText,
            "a NUL byte, which text does not hold: save the file as \"CSV UTF-8\" and try again",
        )));
    }
    Ok(cell)
}
