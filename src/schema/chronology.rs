//! In whose order the rows stand, where it is that of time: the column of dates that goes up, or down, from row to row.
//!
//! Rows that follow each other closely may be as good as the same, as the hours of one night are; who holds some out for a
//! test takes whole stretches of time, or the test is told by its neighbours (Bergmeir & Benítez 2012).

use super::{ColumnSchema, Kind, Schema};
use crate::table::{Column, Table};

/// Fewer different moments are periods, such as years of a survey.
const MIN_MOMENTS: usize = 50;
/// One step in so many may go the other way: a row entered late.
const ASTRAY: usize = 100;

/// The first such column, left out of the synthetic table or not.
pub fn find<'a>(table: &Table, schema: &'a Schema) -> Option<&'a str> {
    let in_order =
        |column: &&ColumnSchema| table.column(&column.name).is_some_and(|cells| is_in_order(cells, column));
    schema.columns.iter().find(in_order).map(|column| column.name.as_str())
}

fn is_in_order(column: &Column, schema: &ColumnSchema) -> bool {
    let Kind::Datetime(format) = &schema.kind else { return false };
    let moment = |cell: &str| if schema.is_missing(cell) { None } else { format.parse(cell) };
    let moments: Vec<Option<f64>> = column.cells().iter().map(moment).collect();
    let mut distinct: Vec<f64> = moments.iter().flatten().copied().collect();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    if distinct.len() < MIN_MOMENTS {
        return false;
    }
    let (mut last, mut up, mut down, mut gaps) = (None, 0, 0, 0);
    for code in column.codes() {
        match (last, moments[code as usize]) {
            (_, None) => gaps += 1,
            (None, now) => last = now,
            (Some(before), Some(now)) => {
                up += usize::from(now > before);
                down += usize::from(now < before);
                last = Some(now);
            }
        }
    }
    gaps * 2 < column.codes().len() && up.min(down) * ASTRAY < up.max(down)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    fn found(day: impl Fn(u32) -> u32) -> Option<String> {
        let cell = |row| format!("2024-{:02}-{:02}", 1 + day(row) % 336 / 28, 1 + day(row) % 28);
        let dates: Vec<String> = (0..300).map(cell).collect();
        let column = dates.iter().map(String::as_str).collect::<ColumnBuilder>().finish("day");
        let table = Table::new(vec![column]);
        let schema = Schema::infer(&table).unwrap();
        find(&table, &schema).map(String::from)
    }

    #[test]
    fn rows_stand_in_the_order_of_time_or_not() {
        assert_eq!(found(|row| row).as_deref(), Some("day"));
        assert_eq!(found(|row| 330 - row).as_deref(), Some("day"), "the latest first");
        assert_eq!(found(|row| if row == 100 { 5 } else { row }).as_deref(), Some("day"), "one row too late");
        assert_eq!(found(|row| row * 101), None, "in no order");
        assert_eq!(found(|row| row / 30), None, "ten periods");
    }
}
