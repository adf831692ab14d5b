//! The meta-tree of one column: its growth from the rows, and the walk that draws from it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::LEAF_ROWS;
use super::boost::{Boosting, Chance};
use super::data::Data;
use super::screen::features;
use crate::model::Task;
use crate::model::atoms::Atoms;

/// Structure is learned from at most this many rows a node, so a slice of work stays short on any table.
const MAX_NODE_ROWS: usize = 32_768;

/// Nodes in order of their making; a child comes after its parent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetaTree {
    nodes: Vec<Node>,
}

/// "Is the atom at or beyond `boundary`?"
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Node {
    boundary: u32,
    /// The nodes for no and yes; 0, which is nobody's child, for a leaf.
    children: [u32; 2],
    chance: Chance,
}

/// Is `low..high` a leaf, to be drawn by counts?
fn is_leaf(atoms: &Atoms, low: u32, high: u32) -> bool {
    let isolates_missing = low == 0 && high == atoms.len() && atoms.begins_with_missing();
    high - low <= 1 || (atoms.rows(low, high) <= LEAF_ROWS && !isolates_missing)
}

fn boundary(atoms: &Atoms, low: u32, high: u32) -> u32 {
    if low == 0 && atoms.begins_with_missing() { 1 } else { atoms.median(low, high) }
}

/// A meta-tree in the making.
pub struct Growth {
    data: Arc<Data>,
    place: usize,
    key: u64,
    features: Option<Vec<u32>>,
    nodes: Vec<Node>,
    pending: Vec<Pending>,
    boosting: Option<(usize, Boosting)>,
    done: u64,
    total: u64,
}

struct Pending {
    low: u32,
    high: u32,
    rows: Vec<u32>,
    /// The node and side that this one hangs from.
    parent: Option<(usize, usize)>,
}

impl Growth {
    pub fn new(data: Arc<Data>, place: usize, key: u64) -> Self {
        let atoms = &data.columns[place].atoms;
        let mut growth = Growth {
            key,
            features: None,
            nodes: Vec::new(),
            boosting: None,
            done: 0,
            total: 0,
            pending: Vec::new(),
            place,
            data: data.clone(),
        };
        let mut open = vec![(0, atoms.len())];
        while let Some((low, high)) = open.pop() {
            if !is_leaf(atoms, low, high) {
                growth.total += growth.cost(atoms.rows(low, high) as usize);
                let boundary = boundary(atoms, low, high);
                open.extend([(low, boundary), (boundary, high)]);
            }
        }
        growth
    }

    /// Work done and to do, in looks at a cell.
    pub fn done(&self) -> u64 {
        self.done
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    pub fn finish(self) -> MetaTree {
        assert!(
            self.features.is_some() && self.pending.is_empty() && self.boosting.is_none(),
            "stepped to the end"
        );
        MetaTree { nodes: self.nodes }
    }

    fn cost(&self, rows: usize) -> u64 {
        (rows.min(MAX_NODE_ROWS) * (self.place + 1)) as u64
    }

    fn begin(&mut self) {
        let column = &self.data.columns[self.place];
        let supported = |row: &u32| column.codes[*row as usize] < column.atoms.len();
        let rows = (0..self.data.rows() as u32).filter(supported).collect();
        self.features = Some(features(&self.data, self.place));
        self.push(0, column.atoms.len(), rows, None);
    }

    fn push(&mut self, low: u32, high: u32, rows: Vec<u32>, parent: Option<(usize, usize)>) {
        if !is_leaf(&self.data.columns[self.place].atoms, low, high) {
            self.pending.push(Pending { low, high, rows, parent });
        }
    }

    fn open(&mut self, Pending { low, high, rows, parent }: Pending) {
        let column = &self.data.columns[self.place];
        let boundary = boundary(&column.atoms, low, high);
        let at = self.nodes.len();
        if let Some((parent, side)) = parent {
            self.nodes[parent].children[side] = at as u32;
        }
        self.done += self.cost(rows.len());
        let beyond = |row: &u32| column.codes[*row as usize] >= boundary;
        let yes = rows.iter().filter(|row| beyond(row)).count();
        let chance = Chance::constant(yes, rows.len());
        let features = self.features.as_deref().unwrap_or_default();
        let chosen = self.data.thin(&rows, MAX_NODE_ROWS);
        self.boosting =
            Boosting::new(&self.data, features, &chosen, beyond, self.key ^ at as u64).map(|b| (at, b));
        self.nodes.push(Node { boundary, children: [0, 0], chance });
        let (yes, no): (Vec<u32>, Vec<u32>) = rows.into_iter().partition(beyond);
        self.push(low, boundary, no, Some((at, 0)));
        self.push(boundary, high, yes, Some((at, 1)));
    }
}

impl Task for Growth {
    fn step(&mut self) -> bool {
        if self.features.is_none() {
            self.begin();
            return true;
        }
        if let Some((at, boosting)) = &mut self.boosting {
            if !boosting.round() {
                let (at, boosting) = (*at, self.boosting.take().expect("some").1);
                if let Some(chance) = boosting.finish() {
                    self.nodes[at].chance = chance;
                }
            }
            return true;
        }
        match self.pending.pop() {
            Some(pending) => self.open(pending),
            None => return false,
        }
        true
    }
}

impl MetaTree {
    /// Draws an atom, and a quantile within it, for each row of a block. `codes` holds the block row after row,
    /// `width` wide, filled for the earlier columns; `uniform` one number in [0, 1) a row.
    pub fn draw(&self, atoms: &Atoms, codes: &[u32], width: usize, uniform: &[f64]) -> Vec<(u32, f64)> {
        let mut uniform = uniform.to_vec();
        let mut drawn = vec![(0, 0.0); uniform.len()];
        let mut open = vec![(0, 0, atoms.len(), (0..uniform.len() as u32).collect::<Vec<u32>>())];
        while let Some((at, low, high, rows)) = open.pop() {
            let node = match self.nodes.get(at as usize) {
                Some(node) if at > 0 || (low, high) == (0, atoms.len()) => node,
                _ => {
                    for &row in &rows {
                        drawn[row as usize] = atoms.draw(low, high, uniform[row as usize]);
                    }
                    continue;
                }
            };
            let (mut yes, mut no) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
            let chances = node.chance.of_rows(&rows, codes, width);
            for (&row, chance) in rows.iter().zip(chances) {
                // One uniform number serves the whole walk: what is left of it after a turn is uniform again.
                let u = &mut uniform[row as usize];
                let no_chance = 1.0 - f64::from(chance);
                if *u < no_chance {
                    *u /= no_chance;
                    no.push(row);
                } else {
                    *u = (*u - no_chance) / (1.0 - no_chance);
                    yes.push(row);
                }
            }
            open.push((node.children[0], low, node.boundary, no));
            open.push((node.children[1], node.boundary, high, yes));
        }
        drawn
    }

    /// Do all walks end, inside the column's atoms, looking only at columns before `place`?
    pub fn is_sound(&self, atoms: &Atoms, place: usize) -> bool {
        if self.nodes.is_empty() {
            return true;
        }
        let mut visited = 0;
        let mut open = vec![(0usize, 0, atoms.len())];
        while let Some((at, low, high)) = open.pop() {
            let Some(node) = self.nodes.get(at) else {
                return false;
            };
            visited += 1;
            if visited > self.nodes.len()
                || node.boundary <= low
                || node.boundary >= high
                || !node.chance.is_sound(place)
            {
                return false;
            }
            for (child, low, high) in
                [(node.children[0], low, node.boundary), (node.children[1], node.boundary, high)]
            {
                if child != 0 {
                    open.push((child as usize, low, high));
                }
            }
        }
        true
    }
}
