//! Columns that are numbers, or dates, but for a few cells, and which cells those are.
//!
//! The form of most cells is found on a sample: that of the part of it which reads as a whole and whose form reads most of
//! the others. Then cells that the form does not read are added to those that it does, one at a time, and the form widens
//! where both still read as a whole: thousands that the sample lacked, a second written form of dates. What the last form
//! does not read is unfit. It is *proposed* to leave out the rows that hold it, and the owner decides. Never proposed where
//! the other cells name things: an identifier, a code, digits behind a zero. Does not: judge kinds other than these two.

use serde::Serialize;

use super::datetime::DatetimeFormat;
use super::missing::{is_gap, is_gap_word, is_missing};
use super::number::NumberFormat;
use super::{ColumnSchema, Kind, Sdtype, infer, name};
use crate::table::{Column, Table};

/// Distinct cells that are looked at before all are.
const SAMPLE: usize = 100;
/// Parts of it that are smaller show no form.
const MIN_PART: usize = 4;
/// Cells that are read alone before that, as if so many were alike: mere digits show no date.
const ALONE: usize = 4;
const SHOWN: usize = 20;
/// So much of the sample's rows must read, or the others are no few.
const MOST: f64 = 0.8;
/// Cells of the form that others must read together with, how many others are tried, and how often.
const KNOWN: usize = 60;
const TRIED: usize = 20;
const ROUNDS: usize = 4;
/// More than one row in so many is not a few.
const ONE_IN: usize = 10;
/// Fewer distinct values beside them do not show what the column is.
const MIN_DISTINCT: usize = 20;
/// Lines that are told.
const LINES: usize = 5;

/// The cells of a column that contradict what the others are.
pub struct Unfit {
    sdtype: Sdtype,
    /// By code: is the cell one of them?
    marks: Vec<bool>,
    /// Rows that hold one of them.
    pub rows: usize,
    /// Rows that hold a value.
    of: usize,
}

/// What the owner is told of them. The cells are not in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nearly {
    /// What the other cells are.
    pub sdtype: Sdtype,
    /// What the column is with these.
    pub otherwise: Sdtype,
    pub rows: usize,
    /// Those of the first few rows.
    pub lines: Vec<u64>,
    /// They are left out now.
    pub accepted: bool,
}

/// What is known of how a column is to be read.
#[derive(Clone, Copy, Default)]
pub struct Told<'a> {
    /// The words that stand for "no value", blanks left out.
    pub missing: Option<&'a [String]>,
    /// The form of dates, in the words of Python's `strptime`.
    pub format: Option<&'a str>,
}

/// The form that most cells of a column share.
enum Form {
    Number(NumberFormat),
    Date(DatetimeFormat),
}

impl Form {
    fn infer(cells: &[&str], sdtype: Sdtype, told: Told) -> Option<Form> {
        let cells = || cells.iter().copied();
        match (sdtype, told.format) {
            (Sdtype::Numerical, _) => NumberFormat::infer(cells()).map(Form::Number),
            (Sdtype::Datetime, None) => DatetimeFormat::infer(cells()).map(Form::Date),
            (Sdtype::Datetime, Some(told)) => DatetimeFormat::infer(cells())
                .filter(|format| format.strptime() == told)
                .or_else(|| DatetimeFormat::told(told, cells()).ok())
                .map(Form::Date),
            _ => None,
        }
    }

    fn reads(&self, cell: &str) -> bool {
        match self {
            Form::Number(format) => format.reads(cell),
            Form::Date(format) => format.parse(cell).is_some(),
        }
    }
}

/// The cells that contradict, where the others are of this sdtype; None if none does, or if there is nothing to contradict.
pub fn find(column: &Column, sdtype: Sdtype, told: Told) -> Option<Unfit> {
    let sample = sample(column);
    let form = seed(&sample, sdtype, told)?;
    search(column, sdtype, told, &sample, form)
}

/// A few cells that keep the column from being numbers or dates.
pub fn proposal(schema: &ColumnSchema, column: &Column) -> Option<Unfit> {
    if !matches!(schema.kind, Kind::Categorical | Kind::Text(_) | Kind::Id(_)) {
        return None;
    }
    let told = Told { missing: schema.missing_told.then_some(&schema.missing[..]), format: None };
    [Sdtype::Numerical, Sdtype::Datetime].into_iter().find_map(|sdtype| {
        let found = likely(column, sdtype, told)?;
        let named = sdtype == Sdtype::Numerical && names_things(column, &found);
        let fitting = column.cells().iter().zip(&found.marks).filter(|(_, mark)| !**mark);
        let distinct = fitting.filter(|(cell, _)| !is_missing(cell) && !is_gap_word(cell)).count();
        if named || !found.is_few() || distinct < MIN_DISTINCT {
            return None;
        }
        let rest = column.keep(&found.kept(column));
        let kind = told.missing.map_or_else(|| infer::kind(&rest).0, |words| infer::kind_where(&rest, words));
        (kind.sdtype() == sdtype).then_some(found)
    })
}

/// What a refusal adds where it is for a few cells.
pub fn way_out(column: &Column, sdtype: Sdtype, told: Told) -> String {
    match find(column, sdtype, told).filter(Unfit::is_few) {
        Some(found) => {
            format!(", or leave out the {} that cannot, with \"leave_out_unfit\"", rows(found.rows))
        }
        None => String::new(),
    }
}

impl Unfit {
    pub fn is_few(&self) -> bool {
        Unfit::are_few(self.rows, self.of)
    }

    pub fn are_few(rows: usize, of: usize) -> bool {
        rows * ONE_IN <= of
    }

    /// What the other cells are.
    pub fn sdtype(&self) -> Sdtype {
        self.sdtype
    }

    /// "12 of 40"
    pub fn share(&self) -> String {
        format!("{} of {}", self.rows, rows(self.of))
    }

    /// By row: is it to be kept?
    pub fn kept(&self, column: &Column) -> Vec<bool> {
        column.codes().map(|code| !self.marks[code as usize]).collect()
    }

    pub fn told(&self, column: &Column, otherwise: Sdtype, table: &Table, accepted: bool) -> Nearly {
        let held = column.codes().enumerate().filter(|(_, code)| self.marks[*code as usize]);
        let lines = held.take(LINES).map(|(row, _)| table.line(row)).collect();
        Nearly { sdtype: self.sdtype, otherwise, rows: self.rows, lines, accepted }
    }
}

impl Nearly {
    /// "3 rows left out, whose cells cannot be read as numerical (lines 5, 80, 91)"
    pub fn sentence(&self) -> String {
        let cells = if self.rows == 1 { "cell" } else { "cells" };
        let what = self.sdtype.as_str();
        format!("{} left out, whose {cells} cannot be read as {what} ({})", rows(self.rows), self.place())
    }

    /// "could be numerical without 3 rows (lines 5, 80, 91)"
    pub fn offer(&self) -> String {
        format!("could be {} without {} ({})", self.sdtype.as_str(), rows(self.rows), self.place())
    }

    /// "lines 5, 80, 91"
    fn place(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(u64::to_string).collect();
        let more = if self.rows > lines.len() { " and others" } else { "" };
        format!("{} {}{more}", if self.rows == 1 { "line" } else { "lines" }, lines.join(", "))
    }
}

fn rows(count: usize) -> String {
    if count == 1 { "1 row".into() } else { format!("{count} rows") }
}

/// What [`find`] finds, where most of the sample reads: so text costs next to nothing.
fn likely(column: &Column, sdtype: Sdtype, told: Told) -> Option<Unfit> {
    let sample = sample(column);
    let form = seed(&sample, sdtype, told)?;
    // A column of few different cells is its own sample, and its rows are what counts.
    let whole = column.cells().len() <= SAMPLE;
    let counts = if whole { column.counts() } else { Vec::new() };
    let weight = |code: u32| if whole { f64::from(counts[code as usize]) } else { 1.0 };
    let all: f64 = sample.iter().map(|(code, _)| weight(*code)).sum();
    let read: f64 = sample.iter().filter(|(_, cell)| form.reads(cell)).map(|(code, _)| weight(*code)).sum();
    if read < MOST * all {
        return None;
    }
    search(column, sdtype, told, &sample, form)
}

/// Distinct cells from all over the column, those left out that stand for "no value" anywhere.
fn sample(column: &Column) -> Vec<(u32, &str)> {
    let codes: Vec<u32> = (0..column.cells().len() as u32).collect();
    let cells = spread(&codes, SAMPLE).map(|code| (code, column.cells().get(code)));
    cells.filter(|(_, cell)| !is_missing(cell) && !is_gap_word(cell)).collect()
}

/// At most so many of them, evenly.
fn spread(codes: &[u32], most: usize) -> impl Iterator<Item = u32> {
    let count = codes.len().min(most);
    (0..count).map(move |i| codes[i * codes.len() / count])
}

/// The form of a part of the sample that reads most of it: the largest parts first.
fn seed(sample: &[(u32, &str)], sdtype: Sdtype, told: Told) -> Option<Form> {
    let cells: Vec<&str> = sample.iter().map(|(_, cell)| *cell).collect();
    // To try every form of dates on part after part takes long, and most columns have none: cells alone tell that.
    let alone = |at: usize| Form::infer(&[cells[at]; SHOWN], sdtype, told).is_some();
    let few = cells.len().min(ALONE);
    let read = || (0..few).filter(|i| alone(i * cells.len() / few)).count();
    if sdtype == Sdtype::Datetime && read() * 2 < few {
        return None;
    }
    let mut best: Option<(usize, Form)> = None;
    let mut size = cells.len();
    while size >= MIN_PART {
        for part in cells.chunks(size) {
            let Some(form) = Form::infer(part, sdtype, told) else { continue };
            let read = cells.iter().filter(|cell| form.reads(cell)).count();
            if best.as_ref().is_none_or(|(most, _)| read > *most) {
                best = Some((read, form));
            }
        }
        if best.as_ref().is_some_and(|(read, _)| *read == cells.len()) {
            break;
        }
        size /= 2;
    }
    best.map(|(_, form)| form)
}

/// Widens the form, and marks what it does not read.
fn search(column: &Column, sdtype: Sdtype, told: Told, sample: &[(u32, &str)], form: Form) -> Option<Unfit> {
    let gaps = told.missing.map_or_else(|| infer::gaps_of(column, sdtype), <[String]>::to_vec);
    let cell = |code: u32| column.cells().get(code);
    let codes: Vec<u32> =
        (0..column.cells().len() as u32).filter(|&code| !is_gap(cell(code), &gaps)).collect();
    let counts = column.counts();
    let held = |codes: &[u32]| codes.iter().map(|&code| counts[code as usize] as usize).sum::<usize>();
    let unread =
        |form: &Form| -> Vec<u32> { codes.iter().copied().filter(|&code| !form.reads(cell(code))).collect() };
    let mut known: Vec<&str> =
        sample.iter().map(|(_, cell)| *cell).filter(|cell| form.reads(cell)).take(KNOWN).collect();
    let mut left = unread(&form);
    for _ in 0..ROUNDS {
        let mut wider = None;
        for code in spread(&left, TRIED) {
            if wider.as_ref().is_some_and(|form: &Form| form.reads(cell(code))) {
                continue;
            }
            known.push(cell(code));
            match Form::infer(&known, sdtype, told) {
                Some(form) => wider = Some(form),
                None => drop(known.pop()),
            }
        }
        let Some(now) = wider.map(|form| unread(&form)).filter(|now| held(now) < held(&left)) else { break };
        left = now;
    }
    if left.is_empty() {
        return None;
    }
    let mut marks = vec![false; column.cells().len()];
    left.iter().for_each(|&code| marks[code as usize] = true);
    Some(Unfit { sdtype, marks, rows: held(&left), of: held(&codes) })
}

/// Are these numbers but names, as the column's own says, or as a cell does that has digits behind a zero?
fn names_things(column: &Column, unfit: &Unfit) -> bool {
    let name = column.name();
    let padded = |cell: &str| {
        let cell = cell.trim();
        cell.len() > 1 && cell.starts_with('0') && cell.bytes().all(|b| b.is_ascii_digit())
    };
    let mut cells = column.cells().iter().zip(&unfit.marks).filter(|(_, mark)| **mark);
    name::is_id(name)
        || name::is_reference(name)
        || name::is_place(name)
        || name::is_code(name)
        || cells.any(|(cell, _)| padded(cell))
}

#[cfg(test)]
mod tests;
