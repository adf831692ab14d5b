//! Tables to be compared, made ready for the report: one codec for all, few enough rows, and what the owner asks about.

use serde::Deserialize;

use crate::codec::Codec;
use crate::error::{Code, Error, Result};
use crate::frame::{Column, Frame, Support};
use crate::math::rng::{Purpose, Seed};
use crate::report::{Asked, HeldOut, Tables};
use crate::schema::{Schema, Sdtype, roles};
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
    let frame = |table: &Table| -> Result<Frame> {
        let few = few(table);
        let table = few.as_ref().unwrap_or(table);
        let frame = codec.encode(table).map_err(|error| error.on_lines(|row| table.line(row)))?;
        Ok(frame.project(&places))
    };
    let real = frame(train)?;
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
        held_out: holdout.and_then(|(_, by)| by),
        holdout: holdout.filter(|(table, _)| table.rows() > 0).map(|(table, _)| frame(table)).transpose()?,
        synthetic: frame(synthetic)?,
        asked: Asked { target, protected },
        names,
    })
}

/// Some rows of a long table, in their order.
fn few(table: &Table) -> Option<Table> {
    let most = (CELLS / table.columns().len().max(1)).clamp(1000, ROWS);
    (table.rows() > most).then(|| {
        let rows = Seed::new("").stream(Purpose::Report, 0).choose(table.rows(), most);
        table.select(&rows).keep(&vec![true; most]) // without the cells of all other rows
    })
}
