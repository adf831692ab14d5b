//! Whose the rows are, where several may be one person's: the column of a key that repeats.
//!
//! Metadata may name it (`sequence_key` of SDV). Else it is the one identifier that repeats; where several do, none is
//! taken, since which of them means persons cannot be told. A key of which few values are different is a category unless
//! its owner says otherwise, and is not looked at: it may as well mean shops.

use std::sync::Arc;

use super::{ColumnSchema, Sdtype};
use crate::table::{Column, Table};

/// Fewer different values are groups, such as wards.
const MIN_DISTINCT: usize = 20;
/// One in so many rows, at least, has a value that an earlier row has.
const REPEATS: usize = 100;

/// The one identifier that repeats, left out of the synthetic table or not.
pub fn find(table: &Table, columns: &[ColumnSchema]) -> Option<String> {
    let mut found = columns.iter().filter(|schema| {
        schema.kind.sdtype() == Sdtype::Id
            && table.column(&schema.name).is_some_and(|column| repeats(column, schema))
    });
    let first = found.next()?;
    found.next().is_none().then(|| first.name.clone())
}

fn repeats(column: &Column, schema: &ColumnSchema) -> bool {
    let counts = column.cells().iter().zip(column.counts());
    let held = counts.filter(|(cell, rows)| *rows > 0 && !schema.is_missing(cell));
    let (distinct, rows) =
        held.fold((0, 0), |(distinct, rows), (_, more)| (distinct + 1, rows + more as usize));
    distinct >= MIN_DISTINCT && (rows - distinct) * REPEATS >= column.codes().len()
}

/// The person of each row, by a number of no meaning. Rows without a key are persons of their own.
pub fn persons(column: &Column, schema: &ColumnSchema) -> Arc<[u32]> {
    let keys = column.cells().len() as u32;
    let is_gap: Vec<bool> = column.cells().iter().map(|cell| schema.is_missing(cell)).collect();
    let person = |(row, code): (u32, u32)| if is_gap[code as usize] { keys + row } else { code };
    (0..).zip(column.codes()).map(person).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::identifier::IdShape;
    use crate::schema::{Kind, Schema};

    /// A name and what makes its cells.
    type Made<'a> = (&'a str, &'a dyn Fn(usize) -> String);

    fn table(columns: &[Made]) -> Table {
        let column = |(name, cell): &Made| {
            let cells: Vec<String> = (0..300).map(cell).collect();
            cells.iter().map(String::as_str).collect::<crate::table::ColumnBuilder>().finish(*name)
        };
        Table::new(columns.iter().map(column).collect())
    }

    #[test]
    fn the_one_key_that_repeats_tells_the_person() {
        let visit = |row: usize| format!("V-{:05}", row * 7919 % 100_000);
        let patient = |row: usize| format!("P-{:05}", row / 3 * 7919 % 100_000);
        let doctor = |row: usize| format!("D-{:05}", row % 40 * 6007 % 100_000);
        let entity = |columns: &[Made]| {
            let table = table(columns);
            let mut columns = Schema::infer(&table).unwrap().columns;
            for (schema, column) in columns.iter_mut().zip(table.columns()) {
                schema.kind = Kind::Id(IdShape::infer(column.cells().iter()));
            }
            find(&table, &columns)
        };
        assert_eq!(entity(&[("visit_id", &visit), ("patient_id", &patient)]).as_deref(), Some("patient_id"));
        assert_eq!(entity(&[("visit_id", &visit)]), None);
        assert_eq!(entity(&[("patient_id", &patient), ("doctor_id", &doctor)]), None, "which is not told");
        assert_eq!(entity(&[("visit_id", &visit), ("ward_id", &|row| format!("W-{:05}", row % 7))]), None);
    }

    #[test]
    fn rows_without_a_key_are_persons_of_their_own() {
        let table = table(&[("patient_id", &|row| {
            if row < 2 { String::new() } else { format!("P-{:05}", row / 100) }
        })]);
        let schema = Schema::infer(&table).unwrap();
        let persons = persons(&table.columns()[0], &schema.columns[0]);
        assert_ne!(persons[0], persons[1]);
        assert_eq!((persons[2], persons[150]), (persons[99], persons[199]));
    }
}
