//! Which kind a column is, by its distinct cells.
//!
//! In this order: what tells of persons (`personal.rs`); two known words are a boolean; one date pattern for all, a datetime; all numbers, numerical,
//! unless they count up row by row without a repeat; nearly all different, an identifier; else categorical.
//! One word among numbers or dates, such as `unknown`, may be the column's own way to write a gap.

use super::datetime::DatetimeFormat;
use super::identifier::IdShape;
use super::number::NumberFormat;
use super::personal::{Found, find};
use super::{Kind, Sdtype, is_gap};
use crate::table::Column;

/// Pairs of words for false and true, in lower case, each in order of the alphabet.
const BOOLEANS: [[&str; 2]; 6] =
    [["false", "true"], ["no", "yes"], ["n", "y"], ["f", "t"], ["0", "1"], ["off", "on"]];
/// Below this many values, "all different" says nothing.
const MIN_UNIQUE: usize = 20;

/// Words of a column's name that say that its numbers are moments.
const TIMES: [&str; 10] =
    ["time", "date", "timestamp", "ts", "created", "updated", "modified", "datetime", "epoch", "when"];

/// A kind, and the words that stand for a gap under it.
type Reading = (Kind, Vec<String>);

pub fn kind(column: &Column) -> Reading {
    if let Some(found) = personal(column) {
        return (found.kind, Vec::new());
    }
    let as_kind = |sdtype| kind_as(column, sdtype, None);
    let values = values(column, &[]).count();
    if values == 2 && is_boolean(column) {
        return (Kind::Boolean, Vec::new());
    }
    let timely = |(kind, _): &Reading| match kind {
        Kind::Datetime(format) => !format.is_epoch() || is_timely(column.name()),
        _ => false,
    };
    as_kind(Sdtype::Datetime)
        .filter(timely)
        .or_else(|| as_kind(Sdtype::Numerical).filter(|(_, gaps)| !counts_up(column, gaps)))
        .or_else(|| as_kind(Sdtype::Id).filter(|(_, gaps)| is_unique(column, gaps)))
        .unwrap_or((Kind::Categorical, Vec::new()))
}

/// What the column tells of persons, if anything.
pub fn personal(column: &Column) -> Option<Found> {
    find(column.name(), values(column, &[]), rows_with_value(column, &[]))
}

/// The kind of the given sdtype, if the cells bear it. `missing`: the words that stand for a gap, if the owner says.
pub fn kind_as(column: &Column, sdtype: Sdtype, missing: Option<&[String]>) -> Option<Reading> {
    let gaps = match (missing, sdtype) {
        (Some(words), _) => words.to_vec(),
        (None, Sdtype::Numerical | Sdtype::Datetime | Sdtype::Id) => gap_word(column),
        (None, Sdtype::Boolean | Sdtype::Categorical | Sdtype::Personal(_)) => Vec::new(),
    };
    let kind = kind_of_cells(values(column, &gaps), sdtype)?;
    Some((kind, gaps))
}

/// Can the column be of this sdtype?
pub fn bears(column: &Column, sdtype: Sdtype) -> bool {
    match sdtype {
        Sdtype::Personal(sort) => sort.bears(values(column, &[])),
        _ => kind_as(column, sdtype, None).is_some(),
    }
}

fn kind_of_cells<'a>(cells: impl Iterator<Item = &'a str> + Clone, sdtype: Sdtype) -> Option<Kind> {
    match sdtype {
        Sdtype::Numerical => NumberFormat::infer(cells).map(Kind::Numerical),
        Sdtype::Datetime => DatetimeFormat::infer(cells).map(Kind::Datetime),
        Sdtype::Boolean => (cells.count() == 2).then_some(Kind::Boolean),
        Sdtype::Categorical => Some(Kind::Categorical),
        Sdtype::Id => (cells.clone().count() > 0).then(|| Kind::Id(IdShape::infer(cells))),
        Sdtype::Personal(sort) => sort.form(cells).map(Kind::Personal),
    }
}

/// The first row whose cell cannot be read so together with those above it, where cells show it.
pub fn first_contradiction(column: &Column, sdtype: Sdtype) -> Option<usize> {
    let cells: Vec<&str> = values(column, &[]).collect();
    let some = |count: usize| cells[..count].iter().copied();
    let reads: &dyn Fn(usize) -> bool = match sdtype {
        Sdtype::Numerical => &|count| count == 0 || NumberFormat::infer(some(count)).is_some(),
        Sdtype::Datetime => &|count| count == 0 || DatetimeFormat::infer(some(count)).is_some(),
        _ => return None,
    };
    // Forms that take several cells to be seen make `reads` rise as well as fall; it falls for good at the end.
    let (mut good, mut bad) =
        ((1..cells.len().min(4)).rfind(|&count| reads(count)).unwrap_or(0), cells.len());
    while good + 1 < bad {
        let middle = good + (bad - good) / 2;
        if reads(middle) { good = middle } else { bad = middle }
    }
    let cell = *cells.get(bad.checked_sub(1)?)?;
    column.codes().iter().position(|&code| column.cells().get(code) == cell)
}

/// A word that stands for a gap: the only cell without a digit, held by at least two rows, beside many distinct
/// numbers or dates. One level more beside a few numbers is a level.
fn gap_word(column: &Column) -> Vec<String> {
    let mut wordy =
        values(column, &[]).map(str::trim).filter(|cell| !cell.bytes().any(|b| b.is_ascii_digit()));
    let Some(word) = wordy.next() else { return Vec::new() };
    if !wordy.all(|other| other == word) {
        return Vec::new();
    }
    let cells = column.cells().iter().zip(column.counts());
    let rows: u32 = cells.filter(|(cell, _)| cell.trim() == word).map(|(_, rows)| rows).sum();
    let words = [word.to_string()];
    let rest = || values(column, &words);
    let reads = rows >= 2
        && rest().count() >= MIN_UNIQUE
        && (NumberFormat::infer(rest()).is_some() || DatetimeFormat::infer(rest()).is_some());
    if reads { words.to_vec() } else { Vec::new() }
}

/// The distinct cells that hold a value, in the order of the file.
fn values<'a>(column: &'a Column, gaps: &'a [String]) -> impl Iterator<Item = &'a str> + Clone {
    (0..column.cells().len() as u32).map(|code| column.cells().get(code)).filter(|cell| !is_gap(cell, gaps))
}

/// Nearly all different, over enough rows to tell.
fn is_unique(column: &Column, gaps: &[String]) -> bool {
    let (distinct, rows) = (values(column, gaps).count(), rows_with_value(column, gaps));
    rows >= MIN_UNIQUE && distinct * 10 > rows * 9
}

fn rows_with_value(column: &Column, gaps: &[String]) -> usize {
    let rows = column.cells().iter().zip(column.counts()).filter(|(cell, _)| !is_gap(cell, gaps));
    rows.map(|(_, count)| count as usize).sum()
}

fn is_boolean(column: &Column) -> bool {
    let mut words: Vec<String> = values(column, &[]).map(|cell| cell.trim().to_lowercase()).collect();
    words.sort();
    BOOLEANS.iter().any(|pair| words == *pair)
}

/// Whole numbers without a repeat, each above the one before: a counter.
fn counts_up(column: &Column, gaps: &[String]) -> bool {
    let rows = rows_with_value(column, gaps);
    if rows < MIN_UNIQUE || values(column, gaps).count() != rows {
        return false;
    }
    let numbers: Option<Vec<i64>> = values(column, gaps).map(|cell| cell.trim().parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0] < pair[1]))
}

/// `created_at`, `eventTime`, `TS`.
fn is_timely(name: &str) -> bool {
    let mut words = String::new();
    for (before, c) in std::iter::once(' ').chain(name.chars()).zip(name.chars()) {
        if !c.is_alphabetic() || c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    let timely = |word: &str| TIMES.contains(&word) || word.ends_with("time") || word.ends_with("timestamp");
    words.split(|c: char| !c.is_alphabetic()).any(timely)
}

#[cfg(test)]
mod tests {
    use super::super::personal::Sort;
    use super::*;
    use crate::table::ColumnBuilder;

    fn sdtype(cells: &[&str]) -> Sdtype {
        kind(&ColumnBuilder::from_iter(cells.iter().copied()).finish("x")).0.sdtype()
    }

    fn many(make: impl Fn(usize) -> String) -> Sdtype {
        let cells: Vec<String> = (0..40).map(make).collect();
        sdtype(&cells.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[test]
    fn kinds() {
        assert_eq!(sdtype(&["Yes", "No", "", "Yes"]), Sdtype::Boolean);
        assert_eq!(sdtype(&["0", "1", "1"]), Sdtype::Boolean);
        assert_eq!(sdtype(&["1", "2.5", "NA"]), Sdtype::Numerical);
        assert_eq!(sdtype(&["2020-01-01", "?"]), Sdtype::Datetime);
        assert_eq!(sdtype(&["007", "12"]), Sdtype::Categorical);
        assert_eq!(sdtype(&["", "NA"]), Sdtype::Categorical);
        assert_eq!(many(|i| (i + 1).to_string()), Sdtype::Id);
        assert_eq!(many(|i| (i * 7919 % 100).to_string()), Sdtype::Numerical);
        assert_eq!(many(|i| format!("{:04}-XY", i * 37)), Sdtype::Id);
        assert_eq!(many(|i| format!("city {}", i % 9)), Sdtype::Categorical);
        assert_eq!(many(|i| format!("{:05}", 501 + i % 20)), Sdtype::Categorical);
        assert_eq!(many(|i| format!("€ {},50", 1 + i)), Sdtype::Numerical);
        assert_eq!(many(|i| format!("+49 30 {}", 1_000_000 + i * 7)), Sdtype::Personal(Sort::Phone));
    }

    #[test]
    fn a_word_among_numbers_is_a_gap() {
        let read = |word: &str, distinct: usize, rows: usize| {
            let mut cells: Vec<String> = (0..40).map(|i| (i * 7 % distinct).to_string()).collect();
            cells.extend((0..rows).map(|_| word.to_string()));
            let (kind, gaps) = kind(&ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish("x"));
            (kind.sdtype(), gaps.concat())
        };
        assert_eq!(read("unknown", 23, 2), (Sdtype::Numerical, "unknown".into()));
        assert_eq!(read("unknown", 23, 1).0, Sdtype::Categorical, "one row's word");
        assert_eq!(read("studio", 9, 5).0, Sdtype::Categorical, "a level among few");
        assert_eq!(read("999", 23, 5), (Sdtype::Numerical, String::new()));
        assert_eq!(read("90+", 23, 5).0, Sdtype::Categorical);
    }

    #[test]
    fn seconds_are_moments_by_their_name() {
        let cells: Vec<String> = (0..40).map(|i| (1_600_000_000 + i * i * 977).to_string()).collect();
        let named = |name: &str| {
            let column = ColumnBuilder::from_iter(cells.iter().rev().map(String::as_str)).finish(name);
            kind(&column).0.sdtype()
        };
        for name in ["timestamp", "created_at", "eventTime", "TS", "Date", "unixtime"] {
            assert_eq!(named(name), Sdtype::Datetime, "{name}");
        }
        for name in ["x", "account", "parts", "updater"] {
            assert_eq!(named(name), Sdtype::Numerical, "{name}");
        }
    }

    #[test]
    fn the_first_row_that_contradicts() {
        let row = |cells: &[&str], sdtype| {
            first_contradiction(&ColumnBuilder::from_iter(cells.iter().copied()).finish("x"), sdtype)
        };
        assert_eq!(row(&["1", "", "2", "x", "3", "y"], Sdtype::Numerical), Some(3));
        assert_eq!(row(&["$1", "$2", "$1", "€3", "$4"], Sdtype::Numerical), Some(3));
        assert_eq!(row(&["a", "1"], Sdtype::Numerical), Some(0));
        assert_eq!(row(&["01/02/2020", "13/02/2020", "02/13/2020"], Sdtype::Datetime), Some(2));
    }
}
