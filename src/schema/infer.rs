//! Which kind a column is, by its distinct cells and, where these leave it open, by its name.
//!
//! In this order: what tells of persons (`personal.rs`); words for yes and no are a boolean; date patterns that read
//! all, a datetime; all numbers, numerical, unless they count up row by row without a repeat or the name says that they
//! name something; levels with an order of their own, ordinal; words in sentences, mostly different, text; nearly all
//! different, or named as an identifier and mostly shared by fewer rows than a category must be, an identifier; else categorical. What counts as missing meanwhile is told in `missing.rs`.

use super::boolean::{is_boolean, is_tick};
use super::datetime::DatetimeFormat;
use super::identifier::IdShape;
use super::missing::{is_gap, repeated_words, tokens, words_among_numbers};
use super::name;
use super::number::NumberFormat;
use super::ordinal::Order;
use super::personal::{Found, find};
use super::text::{TextShape, is_text, is_title};
use super::{Kind, Sdtype};
use crate::table::Column;

/// Below this many values, "all different" says nothing.
const MIN_UNIQUE: usize = 20;
/// Sentences show what they are sooner.
const MIN_TEXTS: usize = 5;
/// Codes for categories are at most so many, each in several rows.
const MAX_CODES: usize = 50;
const CODE_ROWS: usize = 4;
/// And a level of a category is shared by so many rows, as a fit asks for unless it is told otherwise.
const CODE_SHARED: usize = 5;

/// A kind, and the words that stand for a gap under it, blanks left out.
type Reading = (Kind, Vec<String>);

pub fn kind(column: &Column) -> Reading {
    detect(column, None)
}

/// The kind of the column where just these words, and blanks, are gaps.
pub fn kind_where(column: &Column, missing: &[String]) -> Kind {
    detect(column, Some(missing)).0
}

/// What the column tells of persons, if anything.
pub fn personal(column: &Column) -> Option<Found> {
    let gaps = gaps_of(column, Sdtype::Id);
    find(column.name(), values(column, &gaps), rows_with_value(column, &gaps))
}

fn detect(column: &Column, missing: Option<&[String]>) -> Reading {
    let read = |sdtype| kind_as(column, sdtype, missing, None);
    if let Some(found) = personal(column) {
        return (found.kind, missing.map_or_else(|| gaps_of(column, Sdtype::Id), <[String]>::to_vec));
    }
    let answers = |(_, gaps): &Reading| is_boolean(values(column, gaps)) || is_ticked(column, gaps);
    if let Some(reading) = read(Sdtype::Boolean).filter(answers) {
        return reading;
    }
    let timely = |(kind, _): &Reading| match kind {
        Kind::Datetime(format) => !format.is_epoch() || name::is_timely(column.name()),
        _ => false,
    };
    if let Some(reading) = read(Sdtype::Datetime).filter(timely) {
        return reading;
    }
    if let Some((kind, gaps)) = read(Sdtype::Numerical).filter(|(_, gaps)| !names_things(column, gaps)) {
        let flag = is_boolean(values(column, &gaps)); // 0, 1 and a word for no value
        return (if flag { Kind::Boolean } else { kind }, gaps);
    }
    let words = |sdtype| missing.map_or_else(|| gaps_of(column, sdtype), <[String]>::to_vec);
    let unique = |gaps: &[String]| {
        is_unique(column, gaps)
            || name::is_reference(column.name())
                && (repeats(column, gaps) == 0 || is_shared_by_few(column, gaps))
    };
    let text = |(_, gaps): &Reading| {
        is_mostly_different(column, gaps) && is_text(values(column, gaps))
            || is_unique(column, gaps) && is_title(values(column, gaps))
    };
    read(Sdtype::Ordinal)
        .or_else(|| read(Sdtype::Text).filter(text))
        .or_else(|| unique(&words(Sdtype::Id)).then(|| read(Sdtype::Id))?)
        .unwrap_or_else(|| (Kind::Categorical, missing.map_or_else(|| tokens(column), <[String]>::to_vec)))
}

/// The kind of the given sdtype, if the cells bear it. `missing`: the words that stand for a gap, and `order`: the
/// levels from the least to the most, where the owner says.
pub fn kind_as(
    column: &Column,
    sdtype: Sdtype,
    missing: Option<&[String]>,
    order: Option<&[String]>,
) -> Option<Reading> {
    let mut gaps = missing.map_or_else(|| gaps_of(column, sdtype), <[String]>::to_vec);
    let kind = match (sdtype, order) {
        (Sdtype::Ordinal, Some(order)) => Kind::Ordinal(Order::told(order, values(column, &gaps))),
        (Sdtype::Ordinal, None) => {
            // A token that is a step of the scale, such as "None", is a level.
            let order = match missing {
                Some(_) => Order::infer(values(column, &gaps))?.0,
                None => Order::infer(column.cells().iter())?.0,
            };
            gaps.retain(|word| order.rank(word).is_none());
            Kind::Ordinal(order)
        }
        _ => kind_of_cells(column, &gaps, sdtype)?,
    };
    Some((kind, gaps))
}

/// Do the cells bear this sdtype? What [`kind_as`] would find, without the shape that identifiers have.
pub fn bears(column: &Column, sdtype: Sdtype) -> bool {
    match sdtype {
        Sdtype::Personal(sort) => sort.bears(values(column, &gaps_of(column, sdtype))),
        Sdtype::Id => values(column, &gaps_of(column, sdtype)).next().is_some(),
        _ => kind_as(column, sdtype, None, None).is_some(),
    }
}

/// The words that stand for a gap if the column is of this sdtype.
pub fn gaps_of(column: &Column, sdtype: Sdtype) -> Vec<String> {
    match sdtype {
        Sdtype::Numerical | Sdtype::Datetime => [tokens(column), words_among_numbers(column)].concat(),
        Sdtype::Id | Sdtype::Text | Sdtype::Personal(_) => [tokens(column), repeated_words(column)].concat(),
        Sdtype::Boolean | Sdtype::Categorical | Sdtype::Ordinal => tokens(column),
    }
}

fn kind_of_cells(column: &Column, gaps: &[String], sdtype: Sdtype) -> Option<Kind> {
    let cells = values(column, gaps);
    let any = cells.clone().next().is_some();
    match sdtype {
        Sdtype::Numerical => NumberFormat::infer(cells).map(Kind::Numerical),
        Sdtype::Datetime => DatetimeFormat::infer(cells).map(Kind::Datetime),
        Sdtype::Boolean => {
            let two = cells.clone().take(3).count() == 2;
            (two || is_boolean(cells) || is_ticked(column, gaps)).then_some(Kind::Boolean)
        }
        Sdtype::Categorical => Some(Kind::Categorical),
        Sdtype::Ordinal => Order::infer(cells).map(|(order, _)| Kind::Ordinal(order)),
        Sdtype::Id => any.then(|| Kind::Id(IdShape::infer(cells))),
        Sdtype::Text => any.then(|| Kind::Text(TextShape::infer(cells))),
        Sdtype::Personal(sort) => sort.form(cells).map(Kind::Personal),
    }
}

/// The first row whose cell cannot be read so together with those above it, where cells show it.
pub fn first_contradiction(column: &Column, sdtype: Sdtype) -> Option<usize> {
    let gaps = [tokens(column), words_among_numbers(column)].concat();
    let cells: Vec<&str> = values(column, &gaps).collect();
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
    column.codes().position(|code| column.cells().get(code) == cell)
}

/// The distinct cells that hold a value, in the order of the file.
pub fn values<'a>(column: &'a Column, gaps: &'a [String]) -> impl Iterator<Item = &'a str> + Clone {
    (0..column.cells().len() as u32).map(|code| column.cells().get(code)).filter(|cell| !is_gap(cell, gaps))
}

/// Nearly all different, over enough rows to tell.
pub fn is_unique(column: &Column, gaps: &[String]) -> bool {
    let (distinct, rows) = (values(column, gaps).count(), rows_with_value(column, gaps));
    rows >= MIN_UNIQUE && distinct * 10 > rows * 9
}

pub fn rows_with_value(column: &Column, gaps: &[String]) -> usize {
    let rows = column.cells().iter().zip(column.counts()).filter(|(cell, _)| !is_gap(cell, gaps));
    rows.map(|(_, count)| count as usize).sum()
}

/// Rows with a value that another row has as well; all of them where there is none.
fn repeats(column: &Column, gaps: &[String]) -> usize {
    let (distinct, rows) = (values(column, gaps).count(), rows_with_value(column, gaps));
    if rows < 2 { 1 } else { rows - distinct }
}

/// Most rows have a value that too few others have, over enough rows to tell: so no category could be written.
fn is_shared_by_few(column: &Column, gaps: &[String]) -> bool {
    let held = column.cells().iter().zip(column.counts()).filter(|(cell, _)| !is_gap(cell, gaps));
    let few = |(rows, few), (_, count): (&str, u32)| {
        (rows + count as usize, few + if (count as usize) < CODE_SHARED { count as usize } else { 0 })
    };
    let (rows, few) = held.fold((0, 0), few);
    rows >= MIN_UNIQUE && few * 2 > rows
}

/// Half of them different at least, over enough rows to tell.
fn is_mostly_different(column: &Column, gaps: &[String]) -> bool {
    let (distinct, rows) = (values(column, gaps).count(), rows_with_value(column, gaps));
    rows >= MIN_TEXTS && distinct * 2 > rows
}

/// Ticks, and blanks where there is none.
fn is_ticked(column: &Column, gaps: &[String]) -> bool {
    let mut cells = values(column, gaps);
    let tick = cells.next().is_some_and(is_tick) && cells.next().is_none();
    tick && rows_with_value(column, gaps) < column.codes().len()
}

/// Do these numbers name things: row after row, as the name says, or as codes do?
fn names_things(column: &Column, gaps: &[String]) -> bool {
    let whole = || values(column, gaps).all(|cell| cell.trim().bytes().all(|b| b.is_ascii_digit()));
    let (distinct, rows) = (values(column, gaps).count(), rows_with_value(column, gaps));
    let name = column.name();
    let named = || {
        name::is_id(name) && (is_unique(column, gaps) || distinct == rows)
            || name::is_reference(name)
            || name::is_place(name)
            // 1 and 2: two numbers are no scale, unless they count something.
            || distinct == 2 && rows >= MIN_UNIQUE && !name::is_count(name)
            || name::is_code(name) && (3..=MAX_CODES).contains(&distinct) && rows >= CODE_ROWS * distinct
    };
    counts_up(column, gaps) || named() && whole()
}

/// Whole numbers without a repeat, each above the one before: a counter.
pub fn counts_up(column: &Column, gaps: &[String]) -> bool {
    let rows = rows_with_value(column, gaps);
    if rows < MIN_UNIQUE || values(column, gaps).count() != rows {
        return false;
    }
    let numbers: Option<Vec<i64>> = values(column, gaps).map(|cell| cell.trim().parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0] < pair[1]))
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
    fn a_known_word_among_numbers_is_a_gap() {
        let read = |word: &str, distinct: usize, rows: usize| {
            let mut cells: Vec<String> = (0..40).map(|i| (i * 7 % distinct).to_string()).collect();
            cells.extend((0..rows).map(|_| word.to_string()));
            let (kind, gaps) = kind(&ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish("x"));
            (kind.sdtype(), gaps.concat())
        };
        assert_eq!(read("unknown", 23, 2), (Sdtype::Numerical, "unknown".into()));
        assert_eq!(read("unknown", 9, 1), (Sdtype::Numerical, "unknown".into()));
        assert_eq!(read("N", 23, 5), (Sdtype::Numerical, "N".into()));
        assert_eq!(read("T", 23, 5).0, Sdtype::Categorical, "it may mean something");
        assert_eq!(read("studio", 9, 5).0, Sdtype::Categorical, "a level among few");
        assert_eq!(read("999", 23, 5), (Sdtype::Numerical, String::new()));
        assert_eq!(read("90+", 23, 5).0, Sdtype::Ordinal, "an open band above numbers");
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
        for name in ["x", "amount", "parts", "updater"] {
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

    #[test]
    fn a_name_settles_what_digits_leave_open() {
        let named = |name: &str, make: fn(usize) -> usize| {
            let cells: Vec<String> = (0..40).map(|i| make(i).to_string()).collect();
            kind(&ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish(name)).0.sdtype()
        };
        assert_eq!(named("customer_id", |i| i * 7919 % 1000), Sdtype::Id);
        assert_eq!(named("customer_id", |i| i / 3 * 7919 % 1000), Sdtype::Id);
        assert_eq!(named("customer_id", |i| i % 5), Sdtype::Categorical);
        assert_eq!(named("customers", |i| i * 7919 % 1000), Sdtype::Numerical);
        assert_eq!(named("zip", |i| 10_001 + i % 5), Sdtype::Categorical);
        assert_eq!(named("traffic_type", |i| i % 5), Sdtype::Categorical);
        assert_eq!(named("traffic", |i| i % 5), Sdtype::Numerical);
    }
}
