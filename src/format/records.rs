//! Delimited text to rows: csv-core's machine, and what it takes to know rows from headers, notes and bad records.

use super::bad::Bad;
use super::csv::{Footer, MAX_COLUMNS, Parsed, ReadOptions};
use super::delimiter::Translator;
use super::dialect::{Dialect, LineEnd};
use super::footer::{Tail, number, suspects};
use super::header::names;
use super::sniff::{lines, machine, skip_between};
use super::split::{Split, Splitter};
use super::text::{cell, checked, clean};
use crate::error::{Code, Error, Result};
use crate::table::rows::Rows;

/// A record this long is a missing closing quote, not a record.
const MAX_RECORD: usize = 16 << 20;

/// The parser proper: csv-core's machine, the record at hand, and the rows so far. Records that need nothing undone are
/// split in place; the machine takes the others, and those that a piece cuts.
pub struct Records {
    dialect: Dialect,
    options: ReadOptions,
    translator: Option<Translator>,
    machine: csv_core::Reader,
    fields: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    /// The line on which the record at hand begins, and the one that the machine has come to.
    line: u64,
    reached: u64,
    /// No byte of the record at hand has come yet.
    fresh: bool,
    /// The last chunk ended inside a comment.
    in_comment: bool,
    /// The rest of a line belongs to a record that was given up.
    given_up: bool,
    /// NULs at the end of what has come so far.
    padding: usize,
    /// The line on which the last record ended.
    ended_on: u64,
    split: Split,
    header: Vec<Vec<String>>,
    names: Vec<String>,
    rows: Rows,
    tail: Tail,
    bad: Bad,
}

impl Records {
    pub fn new(dialect: Dialect, options: ReadOptions) -> Self {
        Records {
            translator: Translator::new(&dialect),
            machine: machine(&dialect),
            rows: Rows::new(0, options.limits()),
            options,
            ended_on: dialect.skipped_lines + 1,
            line: dialect.skipped_lines + 1,
            reached: dialect.skipped_lines + 1,
            fresh: true,
            in_comment: false,
            given_up: false,
            padding: 0,
            dialect,
            fields: vec![0; 1 << 12],
            filled: 0,
            ends: vec![0; 1 << 6],
            ended: 0,
            split: Split::default(),
            header: Vec::new(),
            names: Vec::new(),
            tail: Tail::default(),
            bad: Bad::default(),
        }
    }

    /// An empty `input` tells the machine that the file ends, so callers pass one only then.
    fn parse(&mut self, mut input: &[u8]) -> Result<bool> {
        use csv_core::ReadRecordResult::*;
        let is_end = input.is_empty();
        let mut text = clean(input);
        loop {
            if self.given_up && !is_end {
                let end = input.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(input.len());
                (input, text) = (&input[end..], text.get(end..).unwrap_or_default());
                self.given_up = input.is_empty();
            }
            if self.fresh && !is_end {
                let passed = if self.names.is_empty() { 0 } else { self.split_plain(text)? };
                (input, text) = (&input[passed..], &text[passed..]);
                let (rest, passed) = skip_between(input, &self.dialect, &mut self.in_comment);
                text = text.get(input.len() - rest.len()..).unwrap_or_default();
                (input, self.reached) = (rest, self.reached + passed);
                self.line = self.reached;
                if input.is_empty() {
                    return Ok(false);
                }
                self.fresh = false;
            }
            let (result, read, wrote, ends) = self.machine.read_record(
                input,
                &mut self.fields[self.filled..],
                &mut self.ends[self.ended..],
            );
            self.reached += lines(&input[..read], self.dialect.line_end);
            (input, text) = (&input[read..], text.get(read..).unwrap_or_default());
            self.filled += wrote;
            self.ended += ends;
            match result {
                InputEmpty => return Ok(false),
                OutputFull if self.fields.len() >= MAX_RECORD => {
                    let message = "this record is over 16 MB long: a closing quote is probably missing; mend the quote and try again";
                    self.refuse(Error::new(Code::TooLarge, message).at_row(self.line))?;
                    self.machine.reset();
                    (self.filled, self.ended, self.fresh, self.given_up) = (0, 0, true, true);
                }
                OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                OutputEndsFull if self.ends.len() > MAX_COLUMNS && self.names.is_empty() => {
                    return Err(too_many_columns(self.line));
                }
                OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                Record => {
                    self.record()?;
                    (self.filled, self.ended, self.fresh) = (0, 0, true);
                    self.ended_on = self.reached;
                }
                End => return Ok(true),
            }
        }
    }

    /// Takes the plain records that the text begins with. Returns its length up to the first other one.
    fn split_plain(&mut self, text: &str) -> Result<usize> {
        let Some(mut splitter) = Splitter::new(text.as_bytes(), &self.dialect) else { return Ok(0) };
        let mut split = std::mem::take(&mut self.split);
        let width = self.names.len();
        let mut start = 0;
        while self.tail.is_empty() {
            if self.in_comment || text[start..].starts_with(['\n', '\r', '#']) {
                let rest = &text.as_bytes()[start..];
                let (rest, passed) = skip_between(rest, &self.dialect, &mut self.in_comment);
                (start, self.reached) = (text.len() - rest.len(), self.reached + passed);
            }
            if !splitter.split(start, &mut split) {
                break;
            }
            let cells = split.cells.iter().map(|&(start, end)| &text[start..end]);
            if !self.options.keep_footer && suspects(cells.clone().map(str::as_bytes), width) {
                break;
            }
            self.line = self.reached;
            if self.is_row(cells.len(), cells.clone().next_back().is_some_and(str::is_empty), self.line) {
                self.rows.push(cells, self.line)?;
            }
            (start, self.reached) = (split.end, self.reached + split.lines);
            self.ended_on = self.reached;
        }
        self.split = split;
        Ok(start)
    }

    pub fn push(&mut self, chunk: &[u8]) -> Result<()> {
        let Some(mut translator) = self.translator.take() else { return self.parse_some(chunk) };
        let parsed = self.parse_some(translator.translate(chunk));
        self.translator = Some(translator);
        parsed
    }

    /// NULs are kept back: at the end of a file they only fill up its last block.
    fn parse_some(&mut self, chunk: &[u8]) -> Result<()> {
        let text = chunk.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        if text > 0 {
            let padding = std::mem::take(&mut self.padding);
            if padding > 0 {
                self.parse(&vec![0; padding])?;
            }
            self.parse(&chunk[..text])?;
        }
        self.padding += chunk.len() - text;
        Ok(())
    }

    fn record(&mut self) -> Result<()> {
        if self.names.is_empty() {
            if self.header.len() < self.dialect.header_lines {
                self.header_line()?;
                return Ok(());
            }
            self.name_columns(self.ended)?;
        }
        let (fields, ends) = (std::mem::take(&mut self.fields), std::mem::take(&mut self.ends));
        let done = self.row_or_note(&fields[..self.filled], &ends[..self.ended]);
        (self.fields, self.ends) = (fields, ends);
        done
    }

    fn header_line(&mut self) -> Result<()> {
        if self.ended > MAX_COLUMNS {
            return Err(too_many_columns(self.line));
        }
        let text = |i: usize| {
            let start = if i == 0 { 0 } else { self.ends[i - 1] };
            let name = format!("column_{}", i + 1);
            cell(&self.fields[start..self.ends[i]], self.line, &name, self.dialect.encoding).map(String::from)
        };
        let line = (0..self.ended).map(text).collect::<Result<_>>()?;
        self.header.push(line);
        if self.header.len() == self.dialect.header_lines {
            self.name_columns(self.header[0].len())?;
        }
        Ok(())
    }

    fn name_columns(&mut self, width: usize) -> Result<()> {
        if width > MAX_COLUMNS {
            return Err(too_many_columns(self.line));
        }
        (self.names, self.dialect.renamed) = names(&self.header, width);
        self.dialect.quoted.name(&self.names);
        self.rows = Rows::new(width, self.options.limits());
        Ok(())
    }

    fn row_or_note(&mut self, fields: &[u8], ends: &[usize]) -> Result<()> {
        let width = self.names.len();
        let usual = u64::from(self.dialect.line_end == LineEnd::CrLf);
        let after_blank = self.line > self.ended_on + usual;
        if !self.options.keep_footer && self.tail.holds(fields, ends, width, self.line, after_blank) {
            return Ok(());
        }
        if !self.tail.is_empty() {
            for held in self.tail.release(width) {
                self.row(&held.text, &held.ends, held.line)?;
            }
        }
        self.row(fields, ends, self.line)
    }

    fn row(&mut self, fields: &[u8], ends: &[usize], line: u64) -> Result<()> {
        if !self.is_row(ends.len(), ends.len() > 1 && ends[ends.len() - 1] == ends[ends.len() - 2], line) {
            return Ok(());
        }
        let ends = &ends[..self.names.len()];
        let text = match checked(fields, ends, line, &self.names, self.dialect.encoding) {
            Ok(text) => text,
            Err(error) => return self.refuse(error),
        };
        let mut start = 0;
        let cell = |&end: &usize| &text[std::mem::replace(&mut start, end)..end];
        self.rows.push(ends.iter().map(cell), line)
    }

    /// Whether the record has a cell a column. A delimiter at the end that the header does not have is let pass.
    fn is_row(&mut self, width: usize, last_is_empty: bool, line: u64) -> bool {
        let columns = self.names.len();
        let fits = width == columns || width == columns + 1 && last_is_empty;
        if !fits {
            self.bad.push_ragged(line, width);
        }
        fits
    }

    /// A row that cannot be read: an error, or one row less.
    fn refuse(&mut self, error: Error) -> Result<()> {
        if !self.options.skip_bad_rows {
            return Err(error);
        }
        self.bad.push(error.row().unwrap_or_default());
        Ok(())
    }

    pub fn finish(mut self) -> Result<Parsed> {
        if let Some(mut translator) = self.translator.take() {
            self.parse_some(translator.finish())?;
        }
        while !self.parse(&[])? {}
        if self.names.is_empty() && !self.header.is_empty() {
            self.name_columns(self.header[0].len())?;
        }
        if self.names.is_empty() {
            return Err(Error::new(
                Code::EmptyFile,
                "the file is empty: choose one with a header line and a row for each record",
            ));
        }
        let footer = self.end_of_table()?;
        if let Some(refusal) = self.bad.refusal(self.names.len(), &self.dialect)
            && !self.options.skip_bad_rows
        {
            return Err(refusal);
        }
        let rows = self.rows.seen();
        if rows == 0 {
            return Err(Error::new(
                Code::NoRows,
                "the file has a header line but no rows below it: choose one with a row for each record",
            ));
        }
        let table = self.rows.finish(self.names);
        Ok(Parsed { table, dialect: self.dialect, rows, bad: self.bad, footer })
    }

    /// Decides on what was held back: the last rows, and what stands below the table.
    fn end_of_table(&mut self) -> Result<Option<Footer>> {
        let width = self.names.len();
        self.rows.flush();
        let mut tail = std::mem::take(&mut self.tail);
        let (last, below) = if self.rows.seen() == 0 {
            (tail.release(width), Vec::new())
        } else {
            let add =
                |(cell, count): (&str, u32)| number(cell).map_or(0.0, |(value, _)| value * f64::from(count));
            tail.split(width, |i| self.rows.counted(i).map(|cells| cells.map(add).sum()))
        };
        for held in last {
            self.row(&held.text, &held.ends, held.line)?;
        }
        Ok(below.first().map(|first| Footer { line: first.line, count: below.len() }))
    }
}

fn too_many_columns(line: u64) -> Error {
    Error::new(
        Code::TooManyColumns,
        format!("more than {MAX_COLUMNS} columns: keep the ones you need in a smaller file and try again"),
    )
    .at_row(line)
}
