//! Autoregressive boosted trees: column after column, each given the columns before it.
//!
//! P(row) = product over columns j of P(atom_j | atoms of the columns before j). Each factor is a *meta-tree*:
//! a binary tree over the column's atoms whose every node asks "is the atom at or beyond this boundary?" A rule may know
//! (`trees/rule.rs`), else gradient-boosted trees on the earlier columns give a probability. A row walks down to a leaf,
//! where the atom is drawn by its count. The meta-tree's shape follows from the counts alone: missing is split off first,
//! then each node at its median, until one atom or [`LEAF_ROWS`] rows are left; `trees/likeness.rs` orders long categories.
//!
//! Rows are drawn in blocks, spread evenly (`trees/spread.rs`): the rows of a block depend on (seed, block) alone, and
//! blocks are independent. A column that divides the atoms of another (`trees/follow.rs`) is drawn before it; else the
//! order is the table's. Does not keep: relations finer than an atom, exact formulas between columns, order of rows.
//!
//! Uria et al., "Neural autoregressive distribution estimation" (2016), for the factorisation; Friedman, "Greedy
//! function approximation" (2001), for the boosting.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::atoms::{Atoms, Coded};
use super::{Fit, Preset, Sample, Task};
use crate::frame::Frame;
use crate::math::rng::{Purpose, Seed};

mod boost;
mod cells;
mod data;
mod feature;
mod follow;
mod grow;
mod likeness;
mod meta;
mod rule;
mod screen;
mod spread;
mod tree;

use boost::Closeness;
use data::Data;
use follow::Bond;
use meta::{Groups, Growth, MetaTree};
use spread::{Block, scatter};

/// A meta-node with fewer rows is a leaf: its atoms are drawn by their counts.
const LEAF_ROWS: u64 = 40;
/// Structure is learned from at most this many rows a node, so a slice of work stays short on any table.
const NODE_ROWS: usize = 32_768;
/// Rows that walk together when sampling; their codes stay in the cache.
const BLOCK: u64 = 2048;

/// One task a column that has a meta-tree, run in turn or at once.
pub struct Fitting {
    data: Arc<Data>,
    /// Where each of the columns stands in the table.
    order: Vec<usize>,
    bonds: Vec<Option<Bond>>,
    growths: Vec<Growth>,
    /// The first growth that is not done.
    next: usize,
}

/// The fitted conditionals, in the order in which columns are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trees {
    /// Where each of the columns stands in the table.
    order: Vec<u32>,
    atoms: Vec<Atoms>,
    columns: Vec<Conditional>,
}

/// How a column is drawn, given the ones before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Conditional {
    Tree(MetaTree),
    /// The atom that goes with each atom of an earlier column.
    Follows {
        column: u32,
        atoms: Vec<u32>,
    },
}

impl Fitting {
    pub fn new(columns: Vec<Coded>, entities: Option<&[u32]>, preset: Preset, seed: &Seed) -> Self {
        let mut data = Data::new(columns, entities);
        likeness::arrange(&mut data);
        let (order, mut found) = follow::find(&data);
        let place_of =
            |column: usize| order.iter().position(|&other| other == column).expect("all are in order");
        let placed = |column: &usize| {
            found[*column].take().map(|bond| match bond {
                Bond::Within(coarse, map) => Bond::Within(place_of(coarse), map),
                Bond::Follows(fine, map) => Bond::Follows(place_of(fine), map),
            })
        };
        let bonds: Vec<Option<Bond>> = order.iter().map(placed).collect();
        let data = Arc::new(data.arranged(&order));
        let closeness = match preset {
            Preset::Faithful => Closeness { bags: 5, cell: 0, sharpness: 1.4 },
            Preset::Balanced => Closeness { bags: 3, cell: 0, sharpness: 1.3 },
            Preset::Cautious => Closeness { bags: 3, cell: 12, sharpness: 1.0 },
        };
        let key = |place| seed.stream(Purpose::Fit, place as u64).bits();
        let growth = |(place, bond): (usize, &Option<Bond>)| {
            let groups = match bond {
                Some(Bond::Follows(..)) => return None,
                Some(Bond::Within(coarse, map)) => {
                    Some(Groups::new(*coarse, data.columns[*coarse].atoms.len(), map))
                }
                None => None,
            };
            Some(Growth::new(data.clone(), place, groups, closeness, key(place)))
        };
        let growths = bonds.iter().enumerate().filter_map(growth).collect();
        Fitting { data, order, bonds, growths, next: 0 }
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
        // The longest first, so that no thread is left alone with one.
        let mut growths: Vec<&mut Growth> = self.growths.iter_mut().collect();
        growths.sort_by_key(|growth| std::cmp::Reverse(growth.total()));
        growths.into_iter().map(|growth| growth as &mut (dyn Task + Send)).collect()
    }

    fn finish(self) -> Trees {
        let mut trees = self.growths.into_iter().map(Growth::finish);
        let columns = self.bonds.into_iter().map(|bond| match bond {
            Some(Bond::Follows(column, atoms)) => Conditional::Follows { column: column as u32, atoms },
            _ => Conditional::Tree(trees.next().expect("a tree for each of the others")),
        });
        let columns = columns.collect();
        let data = Arc::into_inner(self.data).expect("every growth has given its share back");
        let atoms = data.columns.into_iter().map(|column| column.atoms).collect();
        let order = self.order.into_iter().map(|place| place as u32).collect();
        Trees { order, atoms, columns }
    }
}

impl Sample for Trees {
    fn sample(&self, rows: Range<u64>, seed: &Seed) -> Frame {
        let mut drawn: Vec<Vec<(u32, f64)>> =
            vec![Vec::with_capacity((rows.end - rows.start) as usize); self.atoms.len()];
        for block in rows.start / BLOCK..rows.end.div_ceil(BLOCK) {
            let start = block * BLOCK;
            let wanted =
                (rows.start.max(start) - start) as usize..(rows.end.min(start + BLOCK) - start) as usize;
            for (drawn, values) in drawn.iter_mut().zip(self.draw(block, seed)) {
                drawn.extend(&values[wanted.clone()]);
            }
        }
        Frame::new(self.in_order(|place| self.atoms[place].column(&drawn[place])))
    }

    fn is_sound(&self) -> bool {
        let mut order = self.order.clone();
        order.sort_unstable();
        let sound = |place: usize| match &self.columns[place] {
            Conditional::Tree(tree) => tree.is_sound(&self.atoms[place], &self.atoms[..place]),
            Conditional::Follows { column, atoms } => {
                (*column as usize) < place
                    && atoms.len() == self.atoms[*column as usize].len() as usize
                    && atoms.iter().all(|&atom| atom < self.atoms[place].len())
            }
        };
        !self.atoms.is_empty()
            && self.atoms.len() == self.columns.len()
            && order.iter().copied().eq(0..self.atoms.len() as u32)
            && self.atoms.iter().all(Atoms::is_sound)
            && (0..self.columns.len()).all(sound)
    }
}

impl Trees {
    /// What `of` gives for each column, in the order of the table.
    fn in_order<T>(&self, of: impl Fn(usize) -> T) -> Vec<T> {
        let mut places: Vec<usize> = (0..self.order.len()).collect();
        places.sort_unstable_by_key(|&place| self.order[place]);
        places.into_iter().map(of).collect()
    }

    /// The atoms of each column, and quantiles within them. Blocks are drawn whole, so that a row is the same in whatever
    /// pieces it is asked for.
    fn draw(&self, block: u64, seed: &Seed) -> Vec<Vec<(u32, f64)>> {
        let mut drawn = Vec::with_capacity(self.atoms.len());
        let mut rows = Block::new(BLOCK as usize, self.atoms.len());
        for (place, (atoms, column)) in self.atoms.iter().zip(&self.columns).enumerate() {
            let mut stream = seed.stream(Purpose::Sample, place as u64);
            stream.seek(block);
            let key = stream.bits();
            let values = match column {
                Conditional::Tree(tree) => tree.draw(atoms, &rows, key),
                Conditional::Follows { column, atoms } => {
                    let mut values = vec![(0, 0.0); rows.rows()];
                    let mut all: Vec<u32> = (0..rows.rows() as u32).collect();
                    scatter(&rows, &mut all, key, |row, within| {
                        values[row as usize] = (atoms[rows.row(row)[*column as usize] as usize], within);
                    });
                    values
                }
            };
            rows.fill(values.iter().map(|&(code, _)| code));
            drawn.push(values);
        }
        drawn
    }
}
