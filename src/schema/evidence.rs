//! How sure a kind is, and why.
//!
//! confidence = closed x share. *closed* is the chance that the next cell fits too, by Laplace's rule of succession: for
//! numbers, dates and texts (n + 1) / (n + m + 2), where n different values fit and m words among them had to be set
//! aside; for levels (r - s + 1) / (r + 2), where s of r rows hold a level of their own (Good 1953: the mass of what is yet
//! unseen); for identifiers the same with the rows that repeat one. *share* = 1 / (1 + sum of the rivals' odds): another
//! kind that bears all the cells as well has the odds in the table `rivals`, which are this program's priors, made
//! three times as large where the column's name speaks for it and a third where the name speaks for the kind.
//! Does not: look at other columns.

use super::infer::{counts_up, is_unique, rows_with_value, values};
use super::missing::{among, odd_word};
use super::ordinal::{Order, Sign};
use super::personal::Found;
use super::{ColumnSchema, Kind, Sdtype, boolean, infer, name};
use crate::table::Column;

/// What speaks for a kind, and what against.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// 0 to 1.
    pub confidence: f64,
    /// A sentence for the owner's eyes, without capital and stop.
    pub sentence: String,
}

/// Another reading of the same cells.
struct Rival {
    /// "a category"
    what: &'static str,
    /// "few whole numbers"
    why: &'static str,
    odds: f64,
}

/// A moment to show a form by: 31 December 1999, 13:05, in seconds since 1970.
const EXAMPLE: f64 = 946_645_500.0;
/// By how much a name that fits moves the odds.
const NAME: f64 = 3.0;

/// Why the column is what the schema says.
pub fn evidence(schema: &ColumnSchema, column: &Column) -> Evidence {
    let (rows, distinct) =
        (rows_with_value(column, &schema.missing), values(column, &schema.missing).count());
    if rows == 0 {
        return Evidence { confidence: 1.0, sentence: "there is no value to tell by".into() };
    }
    if let Kind::Personal(personal) = &schema.kind {
        let same = |found: &Found| found.kind.sdtype() == Sdtype::Personal(personal.sort());
        return match infer::personal(column).filter(same) {
            Some(found) => Evidence { confidence: found.confidence, sentence: found.evidence },
            None => Evidence { confidence: 1.0, sentence: "you said so".into() },
        };
    }
    if infer::kind_where(column, &schema.missing).sdtype() != schema.kind.sdtype()
        && infer::kind(column).0.sdtype() != schema.kind.sdtype()
    {
        return Evidence { confidence: 1.0, sentence: "you said so".into() };
    }
    let rivals = rivals(schema, column, rows, distinct);
    let closed = closed(schema, column, rows, distinct);
    let against: f64 = rivals.iter().map(|rival| rival.odds).sum();
    let mut sentence = reason(schema, column, rows, distinct);
    if let Some(rival) =
        rivals.iter().max_by(|a, b| a.odds.total_cmp(&b.odds)).filter(|rival| rival.odds >= 0.1)
    {
        sentence += &format!("; could also be {} ({})", rival.what, rival.why);
    }
    Evidence { confidence: closed / (1.0 + against), sentence }
}

/// The chance that the next cell fits.
fn closed(schema: &ColumnSchema, column: &Column, rows: usize, distinct: usize) -> f64 {
    let succession = |good: usize, all: usize| (good + 1) as f64 / (all + 2) as f64;
    let present = column.cells().iter().zip(column.counts()).filter(|(cell, _)| !schema.is_missing(cell));
    let lone = present.filter(|(_, rows)| *rows == 1).count();
    match schema.kind.sdtype() {
        Sdtype::Numerical | Sdtype::Datetime | Sdtype::Text => {
            let aside = schema.missing.iter().filter(|word| !super::is_missing(word)).count();
            succession(distinct, distinct + aside)
        }
        Sdtype::Categorical | Sdtype::Ordinal | Sdtype::Boolean => succession(rows - lone, rows),
        Sdtype::Id | Sdtype::Personal(_) => succession(distinct, rows),
    }
}

/// The other kinds that the cells bear, with their odds against the one they were taken for.
fn rivals(schema: &ColumnSchema, column: &Column, rows: usize, distinct: usize) -> Vec<Rival> {
    let cells = || values(column, &schema.missing).map(str::trim);
    let digits = || cells().all(|cell| cell.bytes().all(|b| b.is_ascii_digit()));
    let (is_id, is_code, is_timely) =
        (name::is_id(column.name()), name::is_code(column.name()), name::is_timely(column.name()));
    let named = |odds: f64, for_rival: bool, against_rival: bool| match (for_rival, against_rival) {
        (true, false) => odds * NAME,
        (false, true) => odds / NAME,
        _ => odds,
    };
    let rival = |what, why, odds| Rival { what, why, odds };
    let mut found = Vec::new();
    match &schema.kind {
        Kind::Numerical(format) => {
            let whole = format.decimals() == Some(0) && format.unit().is_none();
            let few = distinct <= 12 && rows >= 4 * distinct;
            let years = || cells().all(|cell| cell.len() == 4 && ("1800"..="2100").contains(&cell));
            if whole && few {
                found.push(rival(
                    "categories",
                    "few whole numbers",
                    named(if distinct <= 5 { 1.0 } else { 0.5 }, is_code, false),
                ));
            }
            if whole && is_unique(column, &schema.missing) && digits() {
                found.push(rival("identifiers", "nearly all are different", named(0.3, is_id, false)));
            }
            if whole && distinct > 1 && years() {
                found.push(rival("dates", "they look like years", named(0.2, is_timely, false)));
            }
        }
        Kind::Datetime(format) => {
            if format.is_epoch() {
                found.push(rival("numbers", "they are mere counts", named(0.3, false, is_timely)));
            }
            if format.is_ambiguous(cells()) {
                found.push(rival("dates with day and month swapped", "no day is beyond 12", 1.0));
            }
        }
        Kind::Boolean => {
            let short = cells().all(|cell| cell.chars().count() == 1);
            match () {
                () if digits() => found.push(rival("numbers", "0 and 1 alone", 0.1)),
                () if distinct == 1 => found.push(rival("a note on some rows", "one mark, else blank", 0.25)),
                () if short => found.push(rival("categories", "single letters", 0.1)),
                () => {}
            }
        }
        Kind::Categorical => {
            if let Some(word) = odd_word(column, &schema.missing)
                && among(column, &schema.missing, &word).is_some()
            {
                found.push(rival("numbers or dates", "all values but one word are", 1.5));
            }
            if digits() {
                found.push(rival(
                    "numbers",
                    "all are digits",
                    named(0.25, false, is_code || name::is_place(column.name())),
                ));
            }
            if distinct == 2 && !digits() {
                found.push(rival("yes and no", "two values", 0.1));
            }
            if distinct * 2 > rows {
                found.push(rival("identifiers", "most are different", named(0.5, is_id, is_code)));
            }
        }
        Kind::Ordinal(_) => {
            let odds = match Order::infer(column.cells().iter()) {
                Some((_, Sign::Numbered)) => 0.2,
                _ => 0.08,
            };
            found.push(rival("plain categories", "the order may mean nothing", odds));
        }
        Kind::Id(_) => {
            let counted = counts_up(column, &schema.missing);
            match () {
                () if counted => found.push(rival("numbers", "they count up", named(0.3, false, is_id))),
                () if digits() => found.push(rival("numbers", "all are digits", named(0.3, false, is_id))),
                () => found.push(rival(
                    "categories or text",
                    "nearly all are different",
                    named(0.2, false, is_id),
                )),
            }
        }
        Kind::Personal(_) => {}
        Kind::Text(_) => found.push(rival(
            "identifiers or categories",
            "texts are short",
            if distinct == rows { 0.1 } else { 0.2 },
        )),
    }
    found
}

/// What the cells have in common.
fn reason(schema: &ColumnSchema, column: &Column, rows: usize, distinct: usize) -> String {
    let all = match distinct {
        1 => "the one value is".to_string(),
        2 => "both values are".into(),
        _ => format!("all {distinct} different values are"),
    };
    let cells = || values(column, &schema.missing);
    match &schema.kind {
        Kind::Numerical(format) if format.decimals() == Some(0) => format!("{all} whole numbers"),
        Kind::Numerical(_) => format!("{all} numbers"),
        Kind::Datetime(format) if format.is_epoch() => {
            format!("{all} counts since 1970, and the name speaks of time")
        }
        Kind::Datetime(format) => match format.forms() {
            1 => format!("{all} written as in {}", format.format(EXAMPLE)),
            forms => format!("{all} written in one of {forms} forms, most as in {}", format.format(EXAMPLE)),
        },
        Kind::Boolean if boolean::is_boolean(cells()) => format!("{all} words for yes or no"),
        Kind::Boolean if distinct == 1 => "one mark, or nothing".into(),
        Kind::Boolean => "two values".into(),
        Kind::Ordinal(order) => {
            let levels = order.levels().len();
            match Order::infer(column.cells().iter()) {
                Some((inferred, _)) if inferred != *order => format!("you put {levels} levels in order"),
                Some((_, Sign::Scale)) => format!("all {levels} levels are steps of a known scale"),
                Some((_, Sign::Bands)) => {
                    format!("all {levels} levels are bands of numbers, one after the other")
                }
                Some((_, Sign::Numbered)) => format!("all {levels} levels are one word with a number"),
                None => format!("you put {levels} levels in order"),
            }
        }
        Kind::Categorical if distinct == rows && rows > 1 => {
            format!("all {distinct} values are different, but too few to be sure")
        }
        Kind::Categorical if distinct == 1 => format!("one value in {rows} rows"),
        Kind::Categorical => format!("{distinct} different values in {rows} rows"),
        Kind::Id(_) if counts_up(column, &schema.missing) => "whole numbers that count up row by row".into(),
        Kind::Id(_) if distinct == rows => format!("all {rows} values are different"),
        Kind::Id(_) => format!("{distinct} different values in {rows} rows"),
        Kind::Personal(_) => "written as such values are".into(),
        Kind::Text(_) => format!("{distinct} different texts in {rows} rows, mostly of several words"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;
    use crate::table::{ColumnBuilder, Table};

    fn judged(name: &str, make: impl Fn(usize) -> String) -> Evidence {
        let cells: Vec<String> = (0..100).map(make).collect();
        let table = Table::new(vec![ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish(name)]);
        evidence(&Schema::infer(&table).unwrap().columns[0], &table.columns()[0])
    }

    #[test]
    fn rivals_lower_the_confidence_and_are_named() {
        let sure = judged("height", |i| format!("{}.{}", 150 + i * 7 % 45, i % 10));
        assert!(sure.confidence > 0.95, "{sure:?}");
        let coded = judged("x", |i| (1 + i % 4).to_string());
        assert!(coded.confidence < 0.6 && coded.sentence.contains("could also be categories"), "{coded:?}");
        let flag = judged("x", |i| (i % 2).to_string());
        assert!(flag.confidence > 0.85 && flag.sentence.contains("could also be numbers"), "{flag:?}");
        let swapped = judged("day", |i| format!("{:02}/{:02}/2020", 1 + i % 12, 1 + i % 11));
        assert!(swapped.confidence < 0.6 && swapped.sentence.contains("swapped"), "{swapped:?}");
        let order = judged("x", |i| ["low", "medium", "high"][i % 3].into());
        assert!(order.confidence > 0.85 && order.sentence.contains("known scale"), "{order:?}");
        let key = judged("customer_id", |i| (i + 1).to_string());
        let count = judged("x", |i| (i + 1).to_string());
        assert!(key.confidence > count.confidence, "{key:?} {count:?}");
    }
}
