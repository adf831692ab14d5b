//! What the user sees of each column before anything is fitted. For the owner of the file alone: labels are values.

use serde::Serialize;

use super::evidence::evidence;
use super::metadata::LeftOut;
use super::missing::{Proposal, is_missing, proposals};
use super::number::{Digits, NumberFormat};
use super::personal::{self, Found};
use super::unfit::{self, Nearly};
use super::{ColumnSchema, Kind, Schema, Sdtype, choices, infer};
use crate::table::{Column, Table};

const BARS: usize = 8;
const HISTOGRAM: usize = 12;
/// Any key: the identifier shown is an example.
const EXAMPLE: u64 = 1;

#[derive(Clone, Debug, Serialize)]
pub struct ColumnSummary {
    pub name: String,
    pub sdtype: Sdtype,
    pub role: Role,
    /// The sdtypes that the cells can bear.
    pub choices: Vec<Sdtype>,
    pub included: bool,
    /// Share of rows.
    pub missing: f64,
    /// Distinct cells that hold a value.
    pub distinct: usize,
    /// A short phrase on how the cells are read.
    pub note: String,
    /// How sure the kind is, 0 to 1, and what speaks for it: `schema/evidence.rs`.
    pub confidence: f64,
    pub evidence: String,
    /// What counts as missing, or might.
    pub proposals: Vec<Proposal>,
    /// It is numbers or dates but for a few rows, which are left out or might be.
    pub nearly: Option<Nearly>,
    pub distribution: Distribution,
    /// What the column tells of persons, if anything.
    pub personal: Option<Notice>,
}

/// That a column tells of persons.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// Its values are made up; else they are learned.
    pub made_up: bool,
    /// A sentence on what shows it.
    pub evidence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Feature,
    /// The primary key.
    Key,
    /// Of persons: made up.
    Personal,
    Constant,
    Empty,
}

/// Bars: a label a count. Histogram: equal widths, one label more than counts.
#[derive(Clone, Debug, Serialize)]
pub struct Distribution {
    pub kind: Plot,
    pub labels: Vec<String>,
    pub counts: Vec<u64>,
    /// Rows in levels that have no bar.
    pub other: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Plot {
    Histogram,
    Bars,
    None,
}

/// One summary a column, in the order of the file. `left_out`: rows that are not in this table any more.
pub fn summarize(table: &Table, schema: &Schema, left_out: &[LeftOut]) -> Vec<ColumnSummary> {
    let columns = schema.columns.iter().zip(table.columns());
    columns
        .map(|(column, cells)| {
            let accepted = left_out.iter().find(|(name, _)| *name == column.name);
            let told = |found: unfit::Unfit| found.told(cells, column.kind.sdtype(), table, false);
            let open = || unfit::proposal(column, cells).map(told);
            ColumnSummary {
                nearly: accepted.map(|(_, nearly)| nearly.clone()).or_else(open),
                ..summary(column, cells, schema)
            }
        })
        .collect()
}

fn summary(schema: &ColumnSchema, column: &Column, all: &Schema) -> ColumnSummary {
    let counts = column.counts();
    let present: Vec<(&str, u64)> = column
        .cells()
        .iter()
        .zip(&counts)
        .filter(|(cell, count)| **count > 0 && !schema.is_missing(cell))
        .map(|(cell, count)| (cell, u64::from(*count)))
        .collect();
    let rows: u64 = present.iter().map(|(_, count)| count).sum();
    let role = match () {
        () if present.is_empty() => Role::Empty,
        () if all.primary_key.as_ref() == Some(&schema.name) => Role::Key,
        () if matches!(schema.kind, Kind::Personal(_)) => Role::Personal,
        () if present.len() == 1 && rows as usize == column.codes().len() => Role::Constant,
        () => Role::Feature,
    };
    let (mut note, distribution) = match &schema.kind {
        _ if present.is_empty() => ("every cell is missing".into(), none()),
        Kind::Numerical(format) => {
            let values = values(&present, |cell| format.parse(cell));
            let note = numbers(format, range(&values));
            let whole = format.decimals() == Some(0);
            (note, histogram(&values, whole, short))
        }
        Kind::Datetime(format) => {
            let values = values(&present, |cell| format.parse(cell));
            let (low, high) = range(&values);
            let mut hint = format.hint().map(|hint| format!(", {hint}")).unwrap_or_default();
            if format.forms() > 1 {
                hint += &format!(
                    ", written in {} forms, here in the commonest that loses nothing",
                    format.forms()
                );
            }
            if let Some(zone) = format.zone() {
                hint += &format!(", in several zones, written in {zone}");
            }
            let note = format!("{} to {}{hint}", format.format(low), format.format(high));
            (note, histogram(&values, false, |edge| format.format(edge)))
        }
        Kind::Id(shape) => (format!("new ones are made, such as {}", shape.fresh(0, EXAMPLE)), none()),
        Kind::Text(shape) => (texts(shape.words()), none()),
        Kind::Ordinal(order) => {
            let note = match order.levels() {
                [first, .., last] => format!("in order from {first} to {last}"),
                _ => "in the order that you gave".into(),
            };
            let mut bars = bars(present.clone());
            // Bars stand in the order of their levels; those outside it come first.
            let mut shown: Vec<(String, u64)> = bars.labels.into_iter().zip(bars.counts).collect();
            shown.sort_by_cached_key(|(level, _)| order.rank(level).map_or(0, |rank| rank + 1));
            (bars.labels, bars.counts) = shown.into_iter().unzip();
            (note, bars)
        }
        Kind::Personal(personal) => (format!("made up, such as {}", personal.fresh(0, EXAMPLE)), none()),
        Kind::Categorical | Kind::Boolean => {
            let bars = bars(present.clone());
            (format!("most often {}", bars.labels[0]), bars)
        }
    };
    for word in schema.missing.iter().filter(|word| !is_missing(word)) {
        note += &format!(", \"{word}\" counts as missing");
    }
    let evidence = evidence(schema, column);
    ColumnSummary {
        name: schema.name.clone(),
        sdtype: schema.kind.sdtype(),
        role,
        choices: choices(column),
        included: schema.included,
        missing: 1.0 - rows as f64 / column.codes().len().max(1) as f64,
        distinct: present.len(),
        note,
        confidence: evidence.confidence,
        evidence: evidence.sentence,
        proposals: proposals(schema, column),
        nearly: None,
        distribution,
        personal: notice(schema, column, &present),
    }
}

/// What the user is told of a column that tells of persons, before anything is made of it.
fn notice(schema: &ColumnSchema, column: &Column, present: &[(&str, u64)]) -> Option<Notice> {
    let found = || infer::personal(column);
    let learned = |evidence: String| Some(Notice { made_up: false, evidence });
    match &schema.kind {
        Kind::Personal(personal) => {
            let same = |found: &Found| found.kind.sdtype() == Sdtype::Personal(personal.sort());
            let evidence = found().filter(same).map_or("as you chose".into(), |found| found.evidence);
            Some(Notice { made_up: true, evidence })
        }
        Kind::Numerical(format) if found().is_none() => {
            let values = values(present, |cell| format.parse(cell));
            learned(personal::location(&schema.name, format, range(&values))?)
        }
        Kind::Datetime(_) if personal::is_birth(&schema.name) => learned("dates of birth".into()),
        Kind::Id(_) | Kind::Text(_) => None,
        _ => learned(found()?.evidence),
    }
}

/// "text is not imitated: placeholder words, 3 to 40 a text"
fn texts((low, high): (u32, u32)) -> String {
    let words = if low == high { low.to_string() } else { format!("{low} to {high}") };
    format!("text is not imitated: placeholder words, {words} a cell")
}

/// "amounts in €, 2 decimals, decimal comma, 0,99 to 1.234,50"
fn numbers(format: &NumberFormat, (low, high): (f64, f64)) -> String {
    let comma = if format.has_decimal_comma() { ", decimal comma" } else { "" };
    let (what, format) = match (format.unit(), format.digits) {
        (Some((what, bare)), digits) => (format!("{what}, {}", decimals(digits)), bare),
        (None, Digits::Fixed { max: 0, .. }) => ("whole numbers".into(), format.clone()),
        (None, digits) => (format!("numbers with {}", decimals(digits)), format.clone()),
    };
    format!("{what}{comma}, {} to {}", format.format(low), format.format(high))
}

fn decimals(digits: Digits) -> String {
    match digits {
        Digits::Fixed { max: 0, .. } => "whole".into(),
        Digits::Fixed { max: 1, .. } => "1 decimal".into(),
        Digits::Fixed { min, max } if min == max => format!("{max} decimals"),
        Digits::Fixed { max, .. } => format!("up to {max} decimals"),
        Digits::Shortest { .. } => "any decimals".into(),
    }
}

fn values(present: &[(&str, u64)], parse: impl Fn(&str) -> Option<f64>) -> Vec<(f64, u64)> {
    present.iter().filter_map(|&(cell, count)| Some((parse(cell)?, count))).collect()
}

fn range(values: &[(f64, u64)]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (value, _)| {
        (low.min(*value), high.max(*value))
    })
}

/// Four significant digits are enough for an axis.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let digits = (3 - libm::floor(libm::log10(value.abs())) as i32).clamp(0, 9);
    let text = format!("{value:.*}", digits as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

fn histogram(values: &[(f64, u64)], whole: bool, label: impl Fn(f64) -> String) -> Distribution {
    let (low, high) = range(values);
    let span = if whole { high - low + 1.0 } else { high - low };
    let bins = if whole { HISTOGRAM.min(span as usize).max(1) } else { HISTOGRAM };
    // Whole numbers get whole widths, so that no bin holds more of them than its neighbours.
    let width = if whole { (span / bins as f64).ceil() } else { span / bins as f64 };
    let bins = if whole { (span / width).ceil() as usize } else { bins };
    let mut counts = vec![0u64; bins];
    for (value, count) in values {
        let bin = if width > 0.0 { ((value - low) / width) as usize } else { 0 };
        counts[bin.min(bins - 1)] += count;
    }
    let labels = (0..=bins).map(|bin| label(low + width * bin as f64)).collect();
    Distribution { kind: Plot::Histogram, labels, counts, other: 0 }
}

fn bars(mut present: Vec<(&str, u64)>) -> Distribution {
    present.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let shown = &present[..present.len().min(BARS)];
    Distribution {
        kind: Plot::Bars,
        labels: shown.iter().map(|(cell, _)| cell.to_string()).collect(),
        counts: shown.iter().map(|(_, count)| *count).collect(),
        other: present[shown.len()..].iter().map(|(_, count)| count).sum(),
    }
}

fn none() -> Distribution {
    Distribution { kind: Plot::None, labels: vec![], counts: vec![], other: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    #[test]
    fn says_what_it_sees() {
        let table = Table::new(vec![
            ColumnBuilder::from_iter(["1", "2", "", "2"]).finish("n"),
            ColumnBuilder::from_iter(["a", "b", "a", "a"]).finish("c"),
            ColumnBuilder::from_iter(["", "", "", ""]).finish("e"),
            ColumnBuilder::from_iter(["k", "k", "k", "k"]).finish("k"),
        ]);
        let summaries = summarize(&table, &Schema::infer(&table).unwrap(), &[]);
        assert_eq!(summaries[0].note, "whole numbers, 1 to 2");
        assert_eq!(summaries[0].distribution.counts, [1, 2]);
        assert_eq!((summaries[0].missing, summaries[0].distinct), (0.25, 2));
        assert_eq!(summaries[1].distribution.labels, ["a", "b"]);
        assert_eq!([summaries[2].role, summaries[3].role], [Role::Empty, Role::Constant]);
    }

    #[test]
    fn says_how_it_reads_other_forms() {
        let ages: Vec<String> =
            (20..45).rev().map(|age| age.to_string()).chain(vec!["unknown".into(); 2]).collect();
        let note = |cells: &[&str]| {
            let table = Table::new(vec![ColumnBuilder::from_iter(cells.iter().copied()).finish("x")]);
            summarize(&table, &Schema::infer(&table).unwrap(), &[])[0].note.clone()
        };
        assert_eq!(
            note(&["€ 1.234,50", "€ 0,99"]),
            "amounts in €, 2 decimals, decimal comma, 0,99 to 1.234,50"
        );
        assert_eq!(note(&["1,5", "-0,25", "3"]), "numbers with up to 2 decimals, decimal comma, -0,25 to 3");
        assert_eq!(note(&["(1,500)", "25"]), "whole numbers, (1,500) to 25");
        assert_eq!(note(&["45 %", "-7 %"]), "percentages, whole, -7 to 45");
        assert_eq!(note(&["3.5 kg", "12.0 kg"]), "numbers in kg, 1 decimal, 3.5 to 12.0");
        assert_eq!(note(&["31.12.2020", "01.01.2021"]), "31.12.2020 to 01.01.2021, day before month");
        let ages: Vec<&str> = ages.iter().map(String::as_str).collect();
        assert_eq!(note(&ages), "whole numbers, 20 to 44, \"unknown\" counts as missing");
    }

    #[test]
    fn labels_are_short() {
        let labels = [0.0, 1234.5678, 0.00012345, -2.5, 1e12].map(short);
        assert_eq!(labels, ["0", "1235", "0.0001234", "-2.5", "1000000000000"]);
    }
}
