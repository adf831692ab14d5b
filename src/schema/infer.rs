//! Which kind a column is, by its distinct cells.
//!
//! In this order: two known words are a boolean; one date pattern for all, a datetime; all numbers, numerical,
//! unless they count up row by row without a repeat; nearly all different, an identifier; else categorical.

use super::datetime::DatetimeFormat;
use super::identifier::IdShape;
use super::number::{self, NumberFormat};
use super::{Kind, Sdtype, is_missing};
use crate::table::Column;

/// Pairs of words for false and true, in lower case.
const BOOLEANS: [[&str; 2]; 6] =
    [["false", "true"], ["no", "yes"], ["n", "y"], ["f", "t"], ["0", "1"], ["off", "on"]];
/// Below this many values, "all different" says nothing.
const MIN_UNIQUE: usize = 20;

pub fn kind(column: &Column) -> Kind {
    let as_kind = |sdtype| kind_as(column, sdtype);
    let values = values(column).count();
    if values == 2 && is_boolean(column) {
        return Kind::Boolean;
    }
    let rows = rows_with_value(column);
    let unique = rows >= MIN_UNIQUE && values * 10 > rows * 9;
    as_kind(Sdtype::Datetime)
        .or_else(|| as_kind(Sdtype::Numerical).filter(|_| !(values == rows && unique && counts_up(column))))
        .or_else(|| as_kind(Sdtype::Id).filter(|_| unique))
        .unwrap_or(Kind::Categorical)
}

/// The kind of the given sdtype, if the cells bear it.
pub fn kind_as(column: &Column, sdtype: Sdtype) -> Option<Kind> {
    let cells = values(column);
    match sdtype {
        Sdtype::Numerical => NumberFormat::infer(cells).map(Kind::Numerical),
        Sdtype::Datetime => DatetimeFormat::infer(cells).map(Kind::Datetime),
        Sdtype::Boolean => (cells.count() == 2).then_some(Kind::Boolean),
        Sdtype::Categorical => Some(Kind::Categorical),
        Sdtype::Id => (values(column).count() > 0).then(|| Kind::Id(IdShape::infer(cells))),
    }
}

/// The first row whose cell cannot be read so, where one cell alone shows it.
pub fn first_contradiction(column: &Column, sdtype: Sdtype) -> Option<usize> {
    let first = values(column).next()?;
    let reads: Box<dyn Fn(&str) -> bool> = match sdtype {
        Sdtype::Numerical => Box::new(|cell| number::parse(cell).is_some()),
        Sdtype::Datetime => match DatetimeFormat::infer(std::iter::once(first)) {
            Some(format) => Box::new(move |cell| format.parse(cell).is_some()),
            None => Box::new(|_| false),
        },
        _ => return None,
    };
    let contradicts: Vec<bool> =
        column.cells().iter().map(|cell| !is_missing(cell) && !reads(cell)).collect();
    column.codes().iter().position(|&code| contradicts[code as usize])
}

/// The distinct cells that hold a value, in the order of the file.
fn values(column: &Column) -> impl Iterator<Item = &str> + Clone {
    (0..column.cells().len() as u32).map(|code| column.cells().get(code)).filter(|cell| !is_missing(cell))
}

fn rows_with_value(column: &Column) -> usize {
    let counts = column.counts();
    column
        .cells()
        .iter()
        .zip(counts)
        .filter(|(cell, _)| !is_missing(cell))
        .map(|(_, count)| count as usize)
        .sum()
}

fn is_boolean(column: &Column) -> bool {
    let mut words: Vec<String> = values(column).map(|cell| cell.trim().to_lowercase()).collect();
    words.sort();
    BOOLEANS.iter().any(|pair| {
        let mut pair = *pair;
        pair.sort();
        words == pair
    })
}

/// Whole numbers, each above the one before.
fn counts_up(column: &Column) -> bool {
    let numbers: Option<Vec<i64>> = values(column).map(|cell| cell.trim().parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0] < pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    fn sdtype(cells: &[&str]) -> Sdtype {
        kind(&ColumnBuilder::from_iter(cells.iter().copied()).finish("x")).sdtype()
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
    }
}
