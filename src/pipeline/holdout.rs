//! Which rows are learned from, and which are kept out of the fit, so that the report can compare with rows the model
//! never saw.
//!
//! What is held out is chosen by lot: rows; or persons as a whole, where a column tells whose a row is; or stretches of
//! time, where the rows stand in its order, since a row's neighbours in time tell what it holds.

use serde::Deserialize;

use super::FitOptions;
use super::persons::support;
use crate::error::{Code, Error, Result};
use crate::math::rng::{Purpose, Seed};
use crate::report::HeldOut;
use crate::schema::{Schema, chronology};
use crate::table::Table;

/// How much is held out.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(untagged, expecting = "the holdout is a share of the rows, 0 to 0.5, or the word auto")]
pub enum Holdout {
    /// A share of the rows, 0 to 0.5.
    Share(f64),
    Word(Auto),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auto {
    /// A fifth of the rows and at least a hundred of them; none where that is more than half.
    Auto,
}

/// A table in two.
pub struct Split {
    pub train: Table,
    /// The places of the rows held out; None where nothing is.
    pub held_out: Option<Vec<usize>>,
    pub by: HeldOut,
}

/// Of the rows, where nobody says otherwise; and how many there are to be at least.
const SHARE: f64 = 0.2;
const LEAST: usize = 100;
/// Stretches of time among which the lot falls: so many that each season is on both sides.
const STRETCHES: usize = 50;

impl Holdout {
    pub const NONE: Holdout = Holdout::Share(0.0);
    pub const AUTO: Holdout = Holdout::Word(Auto::Auto);

    fn share(self, rows: usize) -> f64 {
        match self {
            Holdout::Share(share) => share,
            Holdout::Word(Auto::Auto) if rows < 2 * LEAST => 0.0,
            Holdout::Word(Auto::Auto) => SHARE.max(LEAST as f64 / rows as f64),
        }
    }
}

/// # Errors
/// `BadOptions`: a share that is none, or more than half.
pub fn split(table: &Table, schema: &Schema, options: &FitOptions) -> Result<Split> {
    let rows = table.rows();
    let share = options.holdout.share(rows);
    if !(0.0..=0.5).contains(&share) {
        return Err(Error::new(
            Code::BadOptions,
            "the holdout is a share of the rows: choose one from 0 to 0.5, or auto",
        ));
    }
    let persons = support(table, schema, options)?.entities;
    // To what each row belongs that is held out as a whole or not at all.
    let (units, by): (Vec<usize>, HeldOut) = match persons {
        Some(persons) => (in_order_of_coming(&persons), HeldOut::Persons),
        None if chronology::find(table, schema).is_some() => {
            let stretch = |row: usize| (row as u64 * STRETCHES as u64 / rows as u64) as usize;
            ((0..rows).map(stretch).collect(), HeldOut::Time)
        }
        None => ((0..rows).collect(), HeldOut::Rows),
    };
    let all = units.iter().max().map_or(0, |&last| last + 1);
    let count = (all as f64 * share).round() as usize;
    if count == 0 {
        return Ok(Split { train: table.clone(), held_out: None, by });
    }
    let mut is_held_out = vec![false; all];
    let chosen = Seed::new(&options.seed).stream(Purpose::Holdout, 0).choose(all, count);
    chosen.iter().for_each(|&unit| is_held_out[unit] = true);
    let (held_out, train): (Vec<usize>, Vec<usize>) = (0..rows).partition(|&row| is_held_out[units[row]]);
    Ok(Split { train: table.select(&train), held_out: Some(held_out), by })
}

/// The person of each row, counted from the first that came.
fn in_order_of_coming(persons: &[u32]) -> Vec<usize> {
    let mut places = vec![usize::MAX; persons.iter().max().map_or(0, |&last| last as usize + 1)];
    let mut count = 0;
    let place = |&person: &u32| {
        let place = &mut places[person as usize];
        if *place == usize::MAX {
            *place = count;
            count += 1;
        }
        *place
    };
    persons.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Source;
    use crate::schema::metadata;

    fn source(rows: usize, cell: impl Fn(usize) -> String) -> Source {
        let body: String = (0..rows).map(|row| format!("{},{}\n", cell(row), row % 7)).collect();
        Source::read(format!("a,n\n{body}").as_bytes()).unwrap()
    }

    fn with(holdout: Holdout) -> FitOptions {
        FitOptions { holdout, ..FitOptions::default() }
    }

    #[test]
    fn a_person_is_held_out_as_a_whole() {
        let source = source(600, |row| format!("P-{:05}", row / 3 * 7919 % 100_000));
        let mut metadata = source.inspect(None).unwrap().metadata;
        metadata["tables"]["table"]["sequence_key"] = "a".into();
        let (schema, _) = metadata::read(&metadata, &source.table).unwrap();
        assert_eq!(schema.entity().unwrap().name, "a");
        let options = with(Holdout::Share(0.2));
        let Split { train, held_out, by } = split(&source.table, &schema, &options).unwrap();
        let held_out = held_out.unwrap();
        assert_eq!((train.rows(), held_out.len(), by), (480, 120, HeldOut::Persons));
        let persons = support(&source.table, &schema, &options).unwrap().entities.unwrap();
        let gone: Vec<u32> = held_out.iter().map(|&row| persons[row]).collect();
        let left = (0..600).filter(|row| !held_out.contains(row));
        assert!(left.map(|row| persons[row]).all(|person| !gone.contains(&person)));
    }

    #[test]
    fn rows_in_the_order_of_time_are_held_out_in_stretches() {
        let hour =
            |row: usize| format!("2024-{:02}-{:02} {:02}:00", 1 + row / 672, 1 + row / 24 % 28, row % 24);
        let by_lot = source(1000, |row| hour(row * 7919 % 1000));
        assert!(chronology::find(&by_lot.table, &by_lot.schema).is_none());
        let source = source(1000, hour);
        let Split { held_out, by, .. } =
            split(&source.table, &source.schema, &with(Holdout::Share(0.2))).unwrap();
        let held_out = held_out.unwrap();
        assert_eq!((held_out.len(), by), (200, HeldOut::Time));
        let alone = held_out.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();
        assert!(alone < 10, "ten stretches of twenty rows at most");
    }

    #[test]
    fn left_to_itself_it_is_a_fifth_and_a_hundred_rows_or_nothing() {
        let held = |rows: usize| {
            let source = source(rows, |row| ["x", "y", "z"][row % 3].into());
            let split = split(&source.table, &source.schema, &with(Holdout::AUTO)).unwrap();
            split.held_out.map_or(0, |rows| rows.len())
        };
        assert_eq!([100, 199, 200, 400, 500, 1000].map(held), [0, 0, 100, 100, 100, 200]);
    }
}
