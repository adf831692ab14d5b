//! Identifiers: the model sees only whether there is one; decoding makes fresh ones.
//!
//! They repeat as often as the real ones do, so that a key of persons or shops stays one. Which rows share one is chance: what hangs
//! together from row to row is not kept.

use serde::{Deserialize, Serialize};

use super::gaps::Gaps;
use crate::frame::Column as FrameColumn;
use crate::schema::identifier::{IdShape, scatter};
use crate::table::Column;

/// A table has fewer rows; more would not be counted exactly.
const MAX_ROWS: u64 = 1 << 53;
/// How often an identifier comes is told if at least so many come as often.
const MIN_IDS: u32 = 5;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identifier {
    /// Classes of characters; its literals are shared by at least five rows.
    shape: IdShape,
    /// Rows of an identifier, and how many have so many. Empty where none repeats.
    repeats: Vec<(u32, u32)>,
    gaps: Gaps,
}

impl Identifier {
    pub fn new(column: &Column, shape: IdShape, gaps: Gaps) -> Self {
        let counts = column.cells().iter().zip(column.counts());
        let held = counts.filter(|&(cell, rows)| rows > 0 && !gaps.holds(cell)).map(|(_, rows)| rows);
        Identifier { shape, repeats: repeats(held.collect()), gaps }
    }

    pub fn encode(&self, column: &Column) -> FrameColumn {
        self.gaps.presence(column)
    }

    pub fn release(&mut self, kept: &[u32]) {
        self.gaps.release(kept);
    }

    pub fn is_sound(&self) -> bool {
        let mut runs = self.repeats.iter().map(|&(rows, ids)| u64::from(rows) * u64::from(ids));
        let rows = runs.try_fold(0u64, |sum, rows| sum.checked_add(rows).filter(|_| rows > 0));
        self.shape.is_sound() && rows.is_some_and(|rows| rows <= MAX_ROWS)
    }

    pub fn decode(&self, code: u32, index: u64, key: u64) -> String {
        self.gaps.write(code, || self.shape.fresh(self.number(index, key), key))
    }

    /// Of a row's identifier: every run of as many rows as were learned from has each of its own so often as it was there.
    fn number(&self, index: u64, key: u64) -> u64 {
        let all =
            |of: fn(u32, u32) -> u64| self.repeats.iter().map(|&(rows, ids)| of(rows, ids)).sum::<u64>();
        let rows = all(|rows, ids| u64::from(rows) * u64::from(ids));
        if rows == 0 {
            return index;
        }
        let mut number = index / rows * all(|_, ids| u64::from(ids));
        let mut place = scatter(index % rows, rows, key);
        for (rows, ids) in self.repeats.iter().map(|&(rows, ids)| (u64::from(rows), u64::from(ids))) {
            if place < rows * ids {
                return number + place % ids;
            }
            place -= rows * ids;
            number += ids;
        }
        unreachable!("a place is below the number of rows")
    }
}

/// Of the rows of each identifier; what too few have counts as the next fewer rows.
fn repeats(mut rows: Vec<u32>) -> Vec<(u32, u32)> {
    rows.sort_unstable_by(|a, b| b.cmp(a));
    if rows.first().is_none_or(|&most| most < 2) {
        return Vec::new();
    }
    let mut found: Vec<(u32, u32)> = Vec::new();
    let mut waiting = 0;
    for run in rows.chunk_by(|a, b| a == b) {
        waiting += run.len() as u32;
        if waiting >= MIN_IDS {
            found.push((run[0], waiting));
            waiting = 0;
        }
    }
    match found.last_mut() {
        Some((_, ids)) => *ids += waiting,
        None => found.push((rows[rows.len() - 1], waiting)), // fewer than five in all
    }
    if found == [(1, rows.len() as u32)] { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::table::ColumnBuilder;

    fn fit(rows_of: &[u32]) -> Identifier {
        let ids =
            (0..).zip(rows_of).flat_map(|(id, &rows)| (0..rows).map(move |_| format!("K-{:04}", id * 37)));
        let cells: Vec<String> = ids.collect();
        let column = ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish("key");
        Identifier::new(&column, IdShape::infer(column.cells().iter()), Gaps::default())
    }

    fn rows_of(identifier: &Identifier, rows: u64) -> BTreeMap<u32, usize> {
        let mut of = BTreeMap::<String, u32>::new();
        (0..rows).for_each(|row| *of.entry(identifier.decode(0, row, 9)).or_default() += 1);
        let mut counts = BTreeMap::new();
        of.values().for_each(|&rows| *counts.entry(rows).or_default() += 1);
        counts
    }

    #[test]
    fn they_repeat_as_often_as_the_real_ones() {
        let real: Vec<u32> = [vec![1; 60], vec![3; 20], vec![7; 5]].concat();
        let identifier = fit(&real);
        assert_eq!(rows_of(&identifier, 155), BTreeMap::from([(1, 60), (3, 20), (7, 5)]));
        assert_eq!(rows_of(&identifier, 310), BTreeMap::from([(1, 120), (3, 40), (7, 10)]));
        assert!(identifier.is_sound());
    }

    #[test]
    fn repeats_of_a_file_are_checked() {
        let with =
            |repeats: &[(u32, u32)]| Identifier { repeats: repeats.to_vec(), ..fit(&[1; 40]) }.is_sound();
        assert!(with(&[]) && with(&[(3, 7), (1, 9)]));
        assert!(!with(&[(0, 7)]) && !with(&[(3, 0)]));
        assert!(!with(&[(u32::MAX, u32::MAX), (u32::MAX, u32::MAX)]), "more than can be counted");
    }

    #[test]
    fn what_too_few_have_is_not_told() {
        let identifier = fit(&[vec![1; 60], vec![3; 20], vec![40, 12]].concat());
        assert_eq!(identifier.repeats, [(3, 22), (1, 60)]);
        assert_eq!(fit(&[2, 2, 3]).repeats, [(2, 3)]);
        assert_eq!(fit(&[vec![1; 40], vec![2; 2]].concat()).repeats, []);
        assert_eq!(fit(&[1; 40]).repeats, []);
        assert_eq!(rows_of(&fit(&[1; 40]), 1000), BTreeMap::from([(1, 1000)]), "a key");
    }
}
