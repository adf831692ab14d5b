//! Rows that cannot be read: what is wrong with the first, on which lines the first few stand, and how many there are.

use super::dialect::Dialect;
use crate::error::{Code, Error};

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
