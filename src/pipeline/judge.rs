//! Tables to be compared, made ready for the report: one codec for all, few enough rows, and what the owner asks about.

use std::borrow::Cow;

use serde::Deserialize;

use super::facts::facts;
use crate::codec::Codec;
use crate::error::{Code, Error, Result};
use crate::frame::{Column, Frame, Support};
use crate::math::rng::{Purpose, Seed};
use crate::report::{Asked, HeldOut, Known, Tables};
use crate::schema::{ColumnSchema, Kind, Schema, Sdtype, roles};
use crate::table::Table;

/// Cells of a table that are judged, and rows of it: of more, as many by lot. What they tell is told as well by these.
const CELLS: usize = 1 << 22;
const ROWS: usize = 100_000;
/// Rows that must share a value for a report to name it.
const TOLD: usize = 5;

/// What to ask of a synthetic table. In JSON the keys are camelCase.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReportOptions {
    /// The column to be predicted from the others. Absent: the one that [`roles::target`] proposes; empty: none.
    pub target: Option<String>,
    /// Columns that tell groups whom a table may wrong. Absent: those that [`roles::protected`] proposes.
    pub protected: Option<Vec<String>>,
}

/// The three tables, of which only the columns that are modelled count: identifiers and what tells of persons are made up,
/// so there is nothing to compare. `holdout` comes with what it was chosen by, where that is known.
///
/// # Errors
/// `BadOptions` where a column that is asked about is not there; those of reading a table by the schema of another.
pub fn tables(
    train: &Table,
    holdout: Option<(&Table, Option<HeldOut>)>,
    synthetic: &Table,
    schema: &Schema,
    options: &ReportOptions,
) -> Result<Tables> {
    let codec = Codec::fit(train, schema, &Support::by_rows(1));
    let kept = |(_, (_, sdtype)): &(usize, (&str, Sdtype))| !sdtype.is_made_up();
    let columns: Vec<(usize, (&str, Sdtype))> = codec.columns().enumerate().filter(kept).collect();
    let places: Vec<usize> = columns.iter().map(|(place, _)| *place).collect();
    let names: Vec<String> = columns.iter().map(|(_, (name, _))| name.to_string()).collect();
    let by = holdout.and_then(|(_, by)| by);
    let holdout = holdout.map(|(table, _)| table).filter(|table| table.rows() > 0);
    let structure = Some([
        Some(structure(train, synthetic, schema)),
        holdout.map(|table| structure(train, table, schema)),
    ]);
    let rows = [train.rows(), holdout.map_or(0, Table::rows), synthetic.rows()];
    let [train, synthetic] = [few(train), few(synthetic)];
    let holdout = holdout.map(few);
    let (train, synthetic, holdout) = (train.as_ref(), synthetic.as_ref(), holdout.as_deref());
    let frame = |table: &Table| -> Result<Frame> {
        let frame = codec.encode(table).map_err(|error| error.on_lines(|row| table.line(row)))?;
        Ok(frame.project(&places))
    };
    let real = frame(train)?;
    let held = holdout.map(frame).transpose()?;
    let made = frame(synthetic)?;
    let key = schema.primary_key.as_ref().map(|name| {
        let held = holdout.and_then(|table| unique(table, name, schema));
        (name.clone(), [unique(synthetic, name, schema), held])
    });
    let known = Known {
        rows: Some(rows),
        gaps: places.iter().map(|&place| codec.gaps(place).to_vec()).collect(),
        structure,
        key,
        facts: facts(train, holdout, synthetic, schema),
    };
    let label = |(&place, column): (&usize, &Column)| -> Vec<Option<String>> {
        let Column::Categories { codes, levels } = column else { return Vec::new() };
        let mut counts = vec![0; *levels as usize + 1];
        codes.iter().for_each(|&code| counts[code.min(*levels) as usize] += 1);
        let text = |code: u32| {
            let shared = counts[code as usize] >= TOLD;
            codec.level(place, code).filter(|_| shared).map(String::from)
        };
        (0..*levels).map(text).collect()
    };
    let place_of = |name: &str| {
        names.iter().position(|known| known == name).ok_or_else(|| {
            Error::new(
                Code::BadOptions,
                "the report cannot ask about this column: it is not in the table, or left out, or made up",
            )
            .in_column(name)
        })
    };
    // A proposal that is not among the columns compared is none.
    let target = match &options.target {
        Some(none) if none.is_empty() => None,
        Some(name) => Some(place_of(name)?),
        None => roles::target(train, schema).and_then(|name| place_of(name).ok()),
    };
    let protected = match &options.protected {
        Some(names) => names.iter().map(|name| place_of(name)).collect::<Result<_>>()?,
        None => roles::protected(train, schema).into_iter().filter_map(|name| place_of(name).ok()).collect(),
    };
    Ok(Tables {
        labels: places.iter().zip(&real.columns).map(label).collect(),
        dates: columns.iter().map(|(_, (_, sdtype))| *sdtype == Sdtype::Datetime).collect(),
        train: real,
        held_out: by,
        holdout: held,
        synthetic: made,
        asked: Asked { target, protected },
        known,
        names,
    })
}

/// Some rows of a long table, in their order.
fn few(table: &Table) -> Cow<'_, Table> {
    let most = (CELLS / table.columns().len().max(1)).clamp(1000, ROWS);
    if table.rows() <= most {
        return Cow::Borrowed(table);
    }
    let rows = Seed::new("").stream(Purpose::Report, 0).choose(table.rows(), most);
    Cow::Owned(table.select(&rows).keep(&vec![true; most])) // without the cells of all other rows
}

/// What other programs take a column for.
#[derive(PartialEq)]
enum Type {
    Whole,
    Number,
    Date,
    Text,
}

/// SDMetrics' TableStructure: columns that both tables have, of one type, among those that either has. Of the training table
/// only the included ones count.
fn structure(train: &Table, other: &Table, schema: &Schema) -> f64 {
    let is_left_out =
        |name: &str| schema.columns.iter().any(|column| column.name == name && !column.included);
    let (mut same, mut all) = (0, 0);
    for (_, column) in schema.included() {
        let types =
            [train, other].map(|table| table.column(&column.name).map(|cells| type_of(cells, column)));
        let is_same = types[0] == types[1];
        same += usize::from(is_same);
        // Of two types it is one column here, and another one there.
        all += if is_same || types[1].is_none() { 1 } else { 2 };
    }
    let names = other.columns().iter().map(|column| column.name());
    let more = names.filter(|name| !is_left_out(name) && train.column(name).is_none()).count();
    f64::from(same as u32) / f64::from((all + more).max(1) as u32)
}

fn type_of(column: &crate::table::Column, schema: &ColumnSchema) -> Type {
    let number = |cell: &str| match &schema.kind {
        Kind::Numerical(format) => format.parse(cell),
        _ => cell.trim().parse().ok(),
    };
    let counts = column.counts();
    let cells = || {
        let held = column
            .cells()
            .iter()
            .zip(&counts)
            .filter(|(cell, count)| **count > 0 && !schema.is_missing(cell));
        held.map(|(cell, _)| cell)
    };
    match &schema.kind {
        Kind::Datetime(format) if cells().all(|cell| format.parse(cell).is_some()) => Type::Date,
        _ if !cells().all(|cell| number(cell).is_some()) => Type::Text,
        _ if cells().all(|cell| number(cell).is_some_and(|value| value.fract() == 0.0)) => Type::Whole,
        _ => Type::Number,
    }
}

/// SDMetrics' KeyUniqueness: 1 - the share of rows with no key, or that of an earlier row.
fn unique(table: &Table, name: &str, schema: &Schema) -> Option<f64> {
    let column = table.column(name)?;
    let schema = schema.columns.iter().find(|column| column.name == name)?;
    let counts = column.counts();
    let cells = column.cells().iter().zip(counts);
    let own = cells.filter(|(cell, count)| *count > 0 && !schema.is_missing(cell)).count();
    (table.rows() > 0).then(|| own as f64 / table.rows() as f64)
}
