//! What holds between columns: copies, dependencies, orders, sums, gaps and keys, each with its evidence.
//!
//! Every rule is guessed on a few rows and then counted on all of them, so `share` and `rows` are exact. A rule
//! that is true but says nothing (a maximum below the other's minimum, a determinant without repeats, what chance gives
//! as well) is not reported, nor is one that follows from others. Rows that repeat an earlier row in full are no
//! evidence. Does not: search determinants of three columns, quotients, or sums of columns that lie apart, beyond
//! three; go on where [`VISITS`] runs out, in very wide or very long tables.

use std::cell::{Cell, OnceCell};

use hashbrown::{DefaultHashBuilder, HashMap, HashSet};
use serde::Serialize;

use super::{ColumnSchema, Kind, Schema};
use crate::math::rng::ODD;
use crate::table::{Column, Table};

mod copies;
mod dependency;
mod formula;
mod gaps;
mod keys;
mod order;
mod remainder;
pub mod rules;
#[cfg(test)]
mod tests;

/// Rows on which rules are guessed.
const SAMPLE: usize = 1024;
/// Fewer rows than this are no evidence.
const MIN_ROWS: usize = 30;
/// Cells that the search of one kind of rule may look at while it counts on all rows.
const VISITS: u64 = 60_000_000;
/// Orders and formulas are sought among so many columns of numbers, the first.
const MAX_NUMBERS: usize = 512;
/// Seconds of a day: dates count in days.
const DAY: f64 = 86_400.0;

/// One rule that the rows bear out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Relation {
    pub kind: RelationKind,
    /// What the rule is about, the determined column or columns last.
    pub columns: Vec<String>,
    /// Of the rows that could speak against it, those that do not.
    pub share: f64,
    /// The rows that could speak against it.
    pub rows: usize,
    /// For people. For the owner of the file alone: it may name a level.
    pub sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RelationKind {
    Empty,
    Constant,
    /// The same text in every row.
    Duplicate,
    /// The same partition of the rows, in other words.
    Recoding,
    /// One column alone tells rows apart, or two do.
    Key,
    /// The last columns follow from the first, or the first two.
    Dependency,
    /// a <= b or a < b.
    Order,
    /// The last is a multiple of the first, plus a constant.
    Linear,
    /// The last is the sum of the others.
    Sum,
    /// The last is the sum of the others and one of few amounts.
    Remainder,
    /// The last is the product of the others.
    Product,
    MissingTogether,
    /// The last is missing just where the first has certain values.
    MissingWhere,
    NonNegative,
}

impl Relation {
    fn new(kind: RelationKind, columns: &[&View], share: f64, rows: usize, sentence: String) -> Relation {
        let sentence =
            if share < 1.0 { format!("{sentence} in {} of rows", percent(share)) } else { sentence };
        Relation {
            kind,
            columns: columns.iter().map(|view| view.name.to_string()).collect(),
            share,
            rows,
            sentence,
        }
    }
}

/// Cut, not rounded: what fails somewhere is not "100 %".
fn percent(share: f64) -> String {
    format!("{:.1} %", (share * 1000.0).floor() / 10.0)
}

/// "a", "a and b", "a, b and 3 more".
fn list(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    match names {
        [] => String::new(),
        [one] => one.to_string(),
        [most @ .., last] if names.len() <= SHOWN => format!("{} and {last}", most.join(", ")),
        _ => format!("{} and {} more", names[..SHOWN - 1].join(", "), names.len() + 1 - SHOWN),
    }
}

/// What is true of the included columns of the table.
pub fn find(table: &Table, schema: &Schema) -> Vec<Relation> {
    let views: Vec<View> =
        schema.included().map(|(place, column)| View::new(&table.columns()[place], column)).collect();
    let rows = Rows::new(table);
    let mut found = copies::find(&views);
    let several = copies::distinct(&views, &found);
    found.extend(keys::find(&several, &rows));
    found.extend(gaps::find(&several, &rows));
    // What a line tells of a column, its other relations need not tell again.
    let lines = formula::lines(&several, &rows);
    found.retain(|relation| {
        relation.kind != RelationKind::Recoding
            || !lines.iter().any(|line| relation.columns.iter().all(|name| line.columns.contains(name)))
    });
    let later =
        |line: &Relation| several.iter().rev().find(|view| line.columns.iter().any(|name| name == view.name));
    let told = |view: &&&View| !lines.iter().filter_map(later).any(|later| later.name == view.name);
    let several: Vec<&View> = several.iter().filter(told).copied().collect();
    found.extend(lines);
    let totals = formula::find(&several, &rows);
    found.extend(order::find(&several, &rows, &totals));
    found.extend(formula::remainders(&several, &rows, &totals));
    found.extend(totals);
    let several = copies::without(several.into_iter(), &found, RelationKind::Recoding);
    found.extend(dependency::find(&several, &rows));
    found.sort_by_key(|relation| relation.kind); // stable: within a kind as found, by the order of the file
    found
}

/// Does every row hold a value of its own, in a column that may name things?
pub fn unique(column: &Column, schema: &ColumnSchema) -> bool {
    let view = View::new(column, schema);
    view.present > 0 && view.levels == view.codes.len() && keys::may_name(&view)
}

/// A column as the search sees it.
struct View<'a> {
    name: &'a str,
    kind: &'a Kind,
    column: &'a Column,
    codes: Vec<u32>,
    /// By code: does the cell stand for no value?
    missing: Vec<bool>,
    /// Rows by code.
    counts: Vec<u32>,
    /// Rows that hold a value.
    present: usize,
    /// Distinct values.
    levels: usize,
    numbers: OnceCell<Vec<f64>>,
    range: OnceCell<(f64, f64)>,
}

/// What may be added to, and compared with, what.
#[derive(Clone, Debug, PartialEq)]
enum Dimension {
    Number(Option<String>),
    Date,
}

impl<'a> View<'a> {
    fn new(column: &'a Column, schema: &'a ColumnSchema) -> Self {
        let missing: Vec<bool> = column.cells().iter().map(|cell| schema.is_missing(cell)).collect();
        let counts = column.counts();
        let held = || counts.iter().zip(&missing).filter(|(count, missing)| **count > 0 && !**missing);
        let present = held().map(|(count, _)| *count as usize).sum();
        let levels = held().count();
        let numbers = OnceCell::new();
        View {
            name: column.name(),
            kind: &schema.kind,
            column,
            codes: column.codes().collect(),
            missing,
            counts,
            present,
            levels,
            numbers,
            range: OnceCell::new(),
        }
    }

    fn is_missing(&self, row: usize) -> bool {
        self.missing[self.codes[row] as usize]
    }

    /// Numbers as they are, dates in days; NaN where there is none.
    fn number_of(&self, code: usize) -> f64 {
        let cell = self.column.cells().get(code as u32);
        let value = match self.kind {
            _ if self.missing[code] => None,
            Kind::Numerical(format) => format.parse(cell),
            Kind::Datetime(format) => format.parse(cell).map(|seconds| seconds / DAY),
            _ => None,
        };
        value.unwrap_or(f64::NAN)
    }

    /// By code.
    fn numbers(&self) -> &[f64] {
        self.numbers.get_or_init(|| (0..self.missing.len()).map(|code| self.number_of(code)).collect())
    }

    fn number(&self, row: usize) -> f64 {
        self.numbers()[self.codes[row] as usize]
    }

    fn range(&self) -> (f64, f64) {
        *self.range.get_or_init(|| {
            let held = self.numbers().iter().zip(&self.counts).filter(|(_, count)| **count > 0);
            held.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (value, _)| {
                (low.min(*value), high.max(*value))
            })
        })
    }

    fn dimension(&self) -> Option<Dimension> {
        match self.kind {
            Kind::Numerical(format) => Some(Dimension::Number(format.unit().map(|(what, _)| what))),
            Kind::Datetime(_) => Some(Dimension::Date),
            _ => None,
        }
    }

    /// The step between neighbouring numbers that can be written; zero for floats of any length.
    fn grid(&self) -> f64 {
        match self.kind {
            Kind::Numerical(format) => {
                format.decimals().map_or(0.0, |decimals| 10f64.powi(-i32::from(decimals)))
            }
            Kind::Datetime(format) => 1.0 / (format.ticks() * DAY),
            _ => 0.0,
        }
    }

    /// The chance that two rows with a value hold the same.
    fn collision(&self) -> f64 {
        let held = self.counts.iter().zip(&self.missing).filter(|(_, missing)| !**missing);
        let rows = self.present.max(1) as f64;
        held.map(|(count, _)| (f64::from(*count) / rows) * (f64::from(*count) / rows)).sum()
    }

    /// Measured rather than told: numbers with decimals and moments, of many levels.
    fn is_measure(&self) -> bool {
        let measured = match self.kind {
            Kind::Numerical(format) => format.decimals() != Some(0),
            Kind::Datetime(_) => true,
            _ => false,
        };
        measured && self.levels * 20 > self.present
    }
}

/// The rows of the table: which to guess on, and which are no copy of an earlier one.
struct Rows {
    all: usize,
    sample: Vec<usize>,
    /// None where all rows differ.
    repeats: Option<Vec<bool>>,
}

impl Rows {
    fn new(table: &Table) -> Self {
        let all = table.rows();
        let count = all.min(SAMPLE);
        let sample = (0..count).map(|i| i * all / count).collect();
        // Rows are told apart by a hash: a clash costs one row of evidence.
        let mut hashes = vec![0u64; all];
        for column in table.columns() {
            for (hash, code) in hashes.iter_mut().zip(column.codes()) {
                *hash = (*hash ^ u64::from(code)).wrapping_mul(ODD).rotate_left(23);
            }
        }
        let mut seen = HashSet::with_capacity(all);
        let repeats: Vec<bool> = hashes.into_iter().map(|hash| !seen.insert(hash)).collect();
        Rows { all, sample, repeats: repeats.contains(&true).then_some(repeats) }
    }

    fn is_repeat(&self, row: usize) -> bool {
        self.repeats.as_ref().is_some_and(|repeats| repeats[row])
    }
}

/// How many cells may still be looked at. By count and not by time, so that every machine finds the same.
struct Budget(Cell<u64>);

impl Budget {
    fn new() -> Self {
        Budget(Cell::new(VISITS))
    }

    /// Pays for a pass over so many cells, if there is enough left.
    fn pays(&self, cells: usize) -> bool {
        let left = self.0.get().checked_sub(cells as u64);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}
