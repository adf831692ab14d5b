//! Whose the rows are: which are learned from and which are held out, and how many must share a value.

use super::FitOptions;
use crate::error::{Code, Error, Result};
use crate::frame::Support;
use crate::math::rng::{Purpose, Seed};
use crate::schema::{Schema, entity};
use crate::table::Table;

/// The persons that must share a value, as many as an owner may ask for.
const MIN_SUPPORT: std::ops::RangeInclusive<u32> = 2..=1000;

/// The support that values need among the rows of this table.
///
/// # Errors
/// `BadOptions`: fewer persons than two, or too many.
pub fn support(table: &Table, schema: &Schema, options: &FitOptions) -> Result<Support> {
    let least = options.min_support;
    if !MIN_SUPPORT.contains(&least) {
        let (from, to) = (MIN_SUPPORT.start(), MIN_SUPPORT.end());
        return Err(Error::new(
            Code::BadOptions,
            format!("the minimum support is how many rows must share a value: choose from {from} to {to}"),
        ));
    }
    let entities =
        schema.entity().and_then(|column| Some(entity::persons(table.column(&column.name)?, column)));
    Ok(Support { least, entities })
}

/// The rows to learn from, and the places of those held out; None where nothing is. A person is held out as a whole.
///
/// # Errors
/// `BadOptions`: a share that is none, or more than half.
pub fn split(table: &Table, schema: &Schema, options: &FitOptions) -> Result<(Table, Option<Vec<usize>>)> {
    if !(0.0..=0.5).contains(&options.holdout) {
        return Err(Error::new(
            Code::BadOptions,
            "the holdout is a share of the rows: choose one from 0 to 0.5",
        ));
    }
    let rows = table.rows();
    // The place of each row's person among all.
    let persons: Vec<usize> = match support(table, schema, options)?.entities {
        None => (0..rows).collect(),
        Some(entities) => {
            let mut places = vec![usize::MAX; entities.iter().max().map_or(0, |&last| last as usize + 1)];
            let mut count = 0;
            let place = |&entity: &u32| {
                let place = &mut places[entity as usize];
                if *place == usize::MAX {
                    *place = count;
                    count += 1;
                }
                *place
            };
            entities.iter().map(place).collect()
        }
    };
    let all = persons.iter().max().map_or(0, |&last| last + 1);
    let count = (all as f64 * options.holdout).round() as usize;
    if count == 0 {
        return Ok((table.clone(), None));
    }
    let mut is_held_out = vec![false; all];
    let held_out = Seed::new(&options.seed).stream(Purpose::Holdout, 0).choose(all, count);
    held_out.iter().for_each(|&person| is_held_out[person] = true);
    let (held_out, train): (Vec<usize>, Vec<usize>) = (0..rows).partition(|&row| is_held_out[persons[row]]);
    Ok((table.select(&train), Some(held_out)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Source;
    use crate::schema::metadata;

    #[test]
    fn a_person_is_held_out_as_a_whole() {
        let body: String = (0..600).map(|i| format!("P-{:05},{}\n", i / 3 * 7919 % 100_000, i % 7)).collect();
        let source = Source::read(format!("patient_id,n\n{body}").as_bytes()).unwrap();
        let mut metadata = source.inspect(None).unwrap().metadata;
        metadata["tables"]["table"]["sequence_key"] = "patient_id".into();
        let (schema, _) = metadata::read(&metadata, &source.table).unwrap();
        assert_eq!(schema.entity().unwrap().name, "patient_id");
        let options = FitOptions { holdout: 0.2, ..FitOptions::default() };
        let (train, held_out) = split(&source.table, &schema, &options).unwrap();
        let held_out = held_out.unwrap();
        assert_eq!((train.rows(), held_out.len()), (480, 120));
        let persons = support(&source.table, &schema, &options).unwrap().entities.unwrap();
        let gone: Vec<u32> = held_out.iter().map(|&row| persons[row]).collect();
        let left = (0..600).filter(|row| !held_out.contains(row));
        assert!(left.map(|row| persons[row]).all(|person| !gone.contains(&person)));
    }

    #[test]
    fn support_is_bounded() {
        let source = Source::read(b"n,c\n1,a\n2,b\n").unwrap();
        for least in [0, 1, 1001] {
            let options = FitOptions { min_support: least, ..FitOptions::default() };
            let error = support(&source.table, &source.schema, &options).unwrap_err();
            assert_eq!(error.code(), Code::BadOptions);
        }
    }
}
