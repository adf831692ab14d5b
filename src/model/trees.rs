//! Autoregressive boosted trees: column after column, each given the columns before it.
//!
//! P(row) = product over columns j of P(atom_j | atoms of the columns before j). Each factor is a *meta-tree*:
//! a binary tree over the column's atoms whose every node asks "is the atom at or beyond this boundary?" and
//! answers with a probability from gradient-boosted trees on the earlier columns. A row walks down with one uniform
//! number a column; in the leaf the atom is drawn by its count. The meta-tree's shape follows from the counts
//! alone: missing is split off first, then each node at its median, until one atom or [`LEAF_ROWS`] rows are left.
//!
//! Rows are drawn independently, and row `i` of column `j` depends on (seed, i, j) alone. Does not keep: relations
//! finer than an atom, exact formulas between columns, order of rows.
//!
//! Uria et al., "Neural autoregressive distribution estimation" (2016), for the factorisation; Friedman, "Greedy
//! function approximation" (2001), for the boosting.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::atoms::{Atoms, Coded};
use super::{Fit, Sample, Task};
use crate::frame::Frame;
use crate::math::rng::{Purpose, Seed};

mod boost;
mod data;
mod feature;
mod grow;
mod meta;
mod screen;
mod tree;

use data::Data;
use meta::{Growth, MetaTree};

/// A meta-node with fewer rows is a leaf: its atoms are drawn by their counts.
const LEAF_ROWS: u64 = 40;
/// Rows that walk together when sampling; their codes stay in the cache.
const BLOCK: u64 = 2048;

/// One task a column, run in turn or at once.
pub struct Fitting {
    data: Arc<Data>,
    growths: Vec<Growth>,
    /// The first growth that is not done.
    next: usize,
}

/// The fitted conditionals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trees {
    atoms: Vec<Atoms>,
    columns: Vec<MetaTree>,
}

impl Fitting {
    pub fn new(columns: Vec<Coded>, seed: &Seed) -> Self {
        let data = Arc::new(Data::new(columns));
        let key = |place| seed.stream(Purpose::Fit, place as u64).bits();
        let growths =
            (0..data.columns.len()).map(|place| Growth::new(data.clone(), place, key(place))).collect();
        Fitting { data, growths, next: 0 }
    }
}

impl Fit for Fitting {
    type Fitted = Trees;

    fn step(&mut self) -> f64 {
        while self.growths.get_mut(self.next).is_some_and(|growth| !growth.step()) {
            self.next += 1;
        }
        if self.next == self.growths.len() {
            return 1.0;
        }
        let sum = |part: fn(&Growth) -> u64| self.growths.iter().map(part).sum::<u64>() as f64;
        (sum(Growth::done) / sum(Growth::total).max(1.0)).min(0.999)
    }

    fn tasks(&mut self) -> Vec<&mut (dyn Task + Send)> {
        // The last columns have the most to look at: first, so that no thread is left alone with one.
        self.growths.iter_mut().rev().map(|growth| growth as &mut (dyn Task + Send)).collect()
    }

    fn finish(self) -> Trees {
        let columns = self.growths.into_iter().map(Growth::finish).collect();
        let data = Arc::into_inner(self.data).expect("every growth has given its share back");
        Trees { atoms: data.columns.into_iter().map(|column| column.atoms).collect(), columns }
    }
}

impl Sample for Trees {
    fn sample(&self, rows: Range<u64>, seed: &Seed) -> Frame {
        let mut drawn: Vec<Vec<(u32, f64)>> =
            vec![Vec::with_capacity((rows.end - rows.start) as usize); self.atoms.len()];
        let mut start = rows.start;
        while start < rows.end {
            let end = rows.end.min(start + BLOCK);
            self.sample_block(start..end, seed, &mut drawn);
            start = end;
        }
        Frame::new(self.atoms.iter().zip(&drawn).map(|(atoms, drawn)| atoms.column(drawn)).collect())
    }

    fn supported(&self) -> Vec<u32> {
        self.atoms.iter().map(Atoms::len).collect()
    }

    fn is_sound(&self) -> bool {
        !self.atoms.is_empty()
            && self.atoms.len() == self.columns.len()
            && self.atoms.iter().all(Atoms::is_sound)
            && self
                .columns
                .iter()
                .zip(&self.atoms)
                .enumerate()
                .all(|(place, (column, atoms))| column.is_sound(atoms, place))
    }
}

impl Trees {
    fn sample_block(&self, rows: Range<u64>, seed: &Seed, drawn: &mut [Vec<(u32, f64)>]) {
        let count = (rows.end - rows.start) as usize;
        let width = self.atoms.len();
        let mut codes = vec![0u32; count * width]; // row after row
        for (place, (atoms, column)) in self.atoms.iter().zip(&self.columns).enumerate() {
            let mut stream = seed.stream(Purpose::Sample, place as u64);
            stream.seek(rows.start);
            let uniform: Vec<f64> = (0..count).map(|_| stream.unit()).collect();
            let values = column.draw(atoms, &codes, width, &uniform);
            for (row, value) in values.iter().enumerate() {
                codes[row * width + place] = value.0;
            }
            drawn[place].extend(values);
        }
    }
}
