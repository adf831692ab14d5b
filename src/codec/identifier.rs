//! Identifiers: decoding makes fresh ones. Of most the model sees only whether there is one; of numbers also where it lies, since
//! they are often given in the order of time, of place or of some group, and then tell of the row.
//!
//! What the model says of a row's place does not become its identifier, which would not be unique: it puts those in order that are made for
//! the rows of a window. They repeat as often as the real ones do, so that a key of persons or shops stays one. Which
//! rows share one is chance: what hangs together from row to row is not kept.

use serde::{Deserialize, Serialize};

use super::by_cell;
use super::gaps::Gaps;
use crate::frame::Column as FrameColumn;
use crate::schema::identifier::{IdShape, number, scatter};
use crate::table::Column;

/// A table has fewer rows; more would not be counted exactly.
const MAX_ROWS: u64 = 1 << 53;
/// How often an identifier comes is told if at least so many come as often.
const MIN_IDS: u32 = 5;
/// Identifiers are put in order among at most so many rows.
const MAX_WINDOW: u64 = 2048;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identifier {
    /// Classes of characters; its literals are shared by at least five rows.
    shape: IdShape,
    /// Rows of an identifier, and how many have so many. Empty where none repeats.
    repeats: Vec<(u32, u32)>,
    /// The identifiers of so many rows, a power of two, are in the order of their places; 0 where they have none.
    window: u64,
    gaps: Gaps,
}

impl Identifier {
    pub fn new(column: &Column, shape: IdShape, gaps: Gaps) -> Self {
        let counts = column.cells().iter().zip(column.counts());
        let held = counts.filter(|&(cell, rows)| rows > 0 && !gaps.holds(cell)).map(|(_, rows)| rows);
        let held: Vec<u32> = held.collect();
        let rows: u64 = held.iter().map(|&rows| u64::from(rows)).sum();
        // No more than there were rows, or the numbers would be used up within a window.
        let window = match shape {
            IdShape::Numbers(_) => 1 << rows.clamp(1, MAX_WINDOW).ilog2(),
            IdShape::Sequence { .. } | IdShape::Templates(_) => 0,
        };
        Identifier { shape, repeats: repeats(held), window, gaps }
    }

    /// Does the model see where each lies?
    pub fn has_places(&self) -> bool {
        self.window > 0
    }

    pub fn window(&self) -> u64 {
        self.window
    }

    pub fn encode(&self, column: &Column) -> FrameColumn {
        if !self.has_places() {
            return self.gaps.presence(column);
        }
        let place =
            |cell: &str| number(cell).filter(|_| !self.gaps.holds(cell)).map_or(f64::NAN, |id| id as f64);
        FrameColumn::Numbers(by_cell(column, place))
    }

    /// The same without places.
    pub fn presence(places: &[f64]) -> FrameColumn {
        let codes = places.iter().map(|place| u32::from(place.is_nan())).collect();
        FrameColumn::Categories { codes, levels: 2 }
    }

    pub fn release(&mut self, kept: &[u32]) {
        self.gaps.release(kept);
    }

    pub fn is_sound(&self) -> bool {
        let mut runs = self.repeats.iter().map(|&(rows, ids)| u64::from(rows) * u64::from(ids));
        let rows = runs.try_fold(0u64, |sum, rows| sum.checked_add(rows).filter(|_| rows > 0));
        let is_window = matches!(self.shape, IdShape::Numbers(_)) && self.window.is_power_of_two();
        self.shape.is_sound()
            && rows.is_some_and(|rows| rows <= MAX_ROWS)
            && (self.window == 0 || is_window && self.window <= MAX_WINDOW)
    }

    /// That of row `index` of the synthetic table, of which nothing is known but whether it has one.
    pub fn decode(&self, code: u32, index: u64, key: u64) -> String {
        self.gaps.write(code, || self.shape.fresh(self.number(index, key), key))
    }

    /// Those of whole windows of rows, by their places, NaN where there is none. The first row has the number `first`.
    pub fn decode_in_order(&self, places: &[f64], first: u64, key: u64, mut give: impl FnMut(&str)) {
        for (start, places) in
            (first..).step_by(self.window as usize).zip(places.chunks(self.window as usize))
        {
            let mut rows: Vec<usize> = (0..places.len()).filter(|&row| !places[row].is_nan()).collect();
            let fresh = |&row: &usize| self.shape.fresh_number(self.number(start + row as u64, key), key);
            let mut ids: Vec<i64> = rows.iter().filter_map(fresh).collect();
            ids.sort_unstable();
            rows.sort_by(|&a, &b| places[a].total_cmp(&places[b]));
            let mut of = vec![None; places.len()];
            rows.into_iter().zip(ids).for_each(|(row, id)| of[row] = Some(id));
            for id in of {
                match id {
                    Some(id) => give(&self.gaps.write(0, || id.to_string())),
                    None => give(self.gaps.token().unwrap_or_default()),
                }
            }
        }
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
    fn numbers_take_the_order_of_their_places() {
        let cells: Vec<String> = (0..300).map(|row| (5000 + row * 37).to_string()).collect();
        let column = ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish("key");
        let identifier = Identifier::new(&column, IdShape::infer(column.cells().iter()), Gaps::default());
        // The file is in the order of its keys, so they would be a counter.
        assert!(!identifier.has_places());
        let numbers: Vec<&str> = (0..300).map(|row| column.cell(row * 7 % 300)).collect();
        let column = ColumnBuilder::from_iter(numbers).finish("key");
        let identifier = Identifier::new(&column, IdShape::infer(column.cells().iter()), Gaps::default());
        assert_eq!((identifier.window(), identifier.is_sound()), (256, true));
        let FrameColumn::Numbers(places) = identifier.encode(&column) else { panic!("it has places") };
        assert_eq!(places[1], 5000.0 + 7.0 * 37.0);
        let decoded = |places: &[f64], first| {
            let mut ids: Vec<i64> = Vec::new();
            identifier.decode_in_order(places, first, 9, |id| ids.push(id.parse().unwrap()));
            ids
        };
        let ids = decoded(&places[..256], 256);
        for (a, b) in (0..256).flat_map(|a| (0..a).map(move |b| (a, b))) {
            assert_eq!(places[a] < places[b], ids[a] < ids[b]);
        }
        // As far from the places as the lots of two samples, and within what the shape makes.
        let off = |(id, place): (&i64, &f64)| (*id as f64 - place).abs() / (300.0 * 37.0);
        assert!(ids.iter().zip(&places).map(off).sum::<f64>() / 256.0 < 0.1);
        let two = decoded(&[&places[..256], &places[..256]].concat(), 0);
        assert_eq!(two[256..], ids, "each window is for itself");
        let mut unordered: Vec<String> = (256..512).map(|row| identifier.decode(0, row, 9)).collect();
        let mut ordered: Vec<String> = ids.iter().map(i64::to_string).collect();
        unordered.sort();
        ordered.sort();
        assert_eq!(unordered, ordered, "the same ones");
    }

    #[test]
    fn repeats_of_a_file_are_checked() {
        let with =
            |repeats: &[(u32, u32)]| Identifier { repeats: repeats.to_vec(), ..fit(&[1; 40]) }.is_sound();
        assert!(with(&[]) && with(&[(3, 7), (1, 9)]));
        assert!(!with(&[(0, 7)]) && !with(&[(3, 0)]));
        assert!(!with(&[(u32::MAX, u32::MAX), (u32::MAX, u32::MAX)]), "more than can be counted");
        assert!(
            ![1, 48, 1 << 20].map(|window| Identifier { window, ..fit(&[1; 40]) }.is_sound()).contains(&true)
        );
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
