//! The meta-tree of one column: its growth from the rows, and the walk that draws from it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::boost::{Chance, Closeness};
use super::cells::Cells;
use super::data::Data;
use super::line::{Drawn, Line};
use super::rule::{self, Rule};
use super::screen::features;
use super::spread::{Block, decide, scatter};
use super::{LEAF_ROWS, LEAVES, LEVEL_ROWS, MIN_NODE_ROWS, NODE_ROWS};
use crate::learn::View;
use crate::learn::boosting::Boosting;
use crate::math::rng::mix;
use crate::model::Task;
use crate::model::atoms::Atoms;

/// Nobody's child: where atoms are drawn by their counts.
const LEAF: u32 = u32::MAX;

/// Nodes in order of their making; a child comes after its parent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetaTree {
    nodes: Vec<Node>,
    /// The groups into which a coarse column divides the atoms; else all are one.
    groups: Option<Groups>,
    /// Where the walk begins, for each group.
    roots: Vec<u32>,
    cells: Cells,
    /// Asked about as if it were the column itself.
    line: Option<Line>,
}

/// Atoms put together by the atom of a coarse column that they go with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    column: u32,
    /// The atom in each place, group after group.
    codes: Vec<u32>,
    /// Where each group begins, and where the last one ends.
    bounds: Vec<u32>,
}

/// "Is the place of the atom at or beyond `boundary`?"
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Node {
    boundary: u32,
    /// The nodes for no and yes, or `LEAF`.
    children: [u32; 2],
    rule: Option<Rule>,
    /// Of those that the rule leaves open.
    chance: Chance,
}

impl Groups {
    /// `map`: the atom of `column`, which has `count` of them, for each atom of the fine column.
    pub fn new(column: usize, count: u32, map: &[u32]) -> Self {
        let mut codes: Vec<u32> = (0..map.len() as u32).collect();
        codes.sort_by_key(|&code| map[code as usize]);
        let start = |group: u32| codes.partition_point(|&code| map[code as usize] < group) as u32;
        Groups { column: column as u32, bounds: (0..=count).map(start).collect(), codes }
    }

    fn is_sound(&self, atoms: &Atoms, coarse: &Atoms) -> bool {
        let mut codes = self.codes.clone();
        codes.sort_unstable();
        codes.into_iter().eq(0..atoms.len())
            && self.bounds.len() == coarse.len() as usize + 1
            && self.bounds.is_sorted()
            && self.bounds.first() == Some(&0)
            && self.bounds.last() == Some(&atoms.len())
    }
}

/// Is `low..high` a leaf, to be drawn by counts? Not where the missing value is yet to be split off.
fn is_leaf(atoms: &Atoms, low: u32, high: u32) -> bool {
    let few = LEAF_ROWS.max(atoms.rows(0, atoms.len()) / LEAVES);
    high - low <= 1 || atoms.rows(low, high) <= few && !atoms.is_missing(low)
}

fn boundary(atoms: &Atoms, low: u32, high: u32) -> u32 {
    if atoms.is_missing(low) { low + 1 } else { atoms.median(low, high) }
}

/// What a question about the column in `place` may look at.
fn views<'a>(
    data: &'a Data,
    features: &[u32],
    place: usize,
    line: Option<&'a Drawn>,
) -> Vec<(u32, View<'a>)> {
    let features = features.iter().map(|&column| (column, data.view(column)));
    features.chain(line.map(|line| (place as u32, line.view()))).collect()
}

/// A meta-tree in the making.
pub struct Growth {
    data: Arc<Data>,
    place: usize,
    key: u64,
    closeness: Closeness,
    features: Option<Vec<u32>>,
    line: Option<Drawn>,
    cells: Cells,
    /// The bag that leaves out each row.
    folds: Vec<u8>,
    groups: Option<Groups>,
    /// The atoms, group after group, and the place of each code.
    atoms: Atoms,
    places: Option<Vec<u32>>,
    nodes: Vec<Node>,
    roots: Vec<u32>,
    pending: Vec<Pending>,
    boosting: Option<(usize, Boosting)>,
    done: u64,
    total: u64,
}

struct Pending {
    low: u32,
    high: u32,
    rows: Vec<u32>,
    parent: Parent,
}

/// What a node hangs from.
#[derive(Clone, Copy)]
enum Parent {
    Group(usize),
    /// A node, and its side.
    Node(usize, usize),
}

impl Growth {
    pub fn new(
        data: Arc<Data>,
        place: usize,
        groups: Option<Groups>,
        closeness: Closeness,
        key: u64,
    ) -> Self {
        let own = &data.columns[place].atoms;
        let atoms = groups.as_ref().map_or_else(|| own.clone(), |groups| own.arranged(&groups.codes));
        let places = groups.as_ref().map(|groups| {
            let mut places = vec![0; groups.codes.len()];
            groups.codes.iter().zip(0..).for_each(|(&code, place)| places[code as usize] = place);
            places
        });
        let mut growth = Growth {
            key,
            closeness,
            features: None,
            line: None,
            cells: Cells::none(),
            folds: Vec::new(),
            nodes: Vec::new(),
            roots: Vec::new(),
            boosting: None,
            done: 0,
            total: 0,
            pending: Vec::new(),
            place,
            data: data.clone(),
            groups,
            atoms,
            places,
        };
        let mut open = growth.stretches();
        while let Some((low, high)) = open.pop() {
            if low < high && !is_leaf(&growth.atoms, low, high) {
                growth.total += growth.cost(growth.atoms.rows(low, high) as usize);
                let boundary = boundary(&growth.atoms, low, high);
                open.extend([(low, boundary), (boundary, high)]);
            }
        }
        growth
    }

    /// The places of each group.
    fn stretches(&self) -> Vec<(u32, u32)> {
        match &self.groups {
            Some(groups) => groups.bounds.windows(2).map(|pair| (pair[0], pair[1])).collect(),
            None => vec![(0, self.atoms.len())],
        }
    }

    /// The place of a row's atom; beyond all where it has none.
    fn place_of(&self, row: u32) -> u32 {
        let code = self.data.columns[self.place].codes[row as usize];
        self.places.as_ref().map_or(code, |places| places.get(code as usize).copied().unwrap_or(code))
    }

    /// Work done and to do, in looks at a cell.
    pub fn done(&self) -> u64 {
        self.done
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    pub fn is_done(&self) -> bool {
        self.features.is_some() && self.pending.is_empty() && self.boosting.is_none()
    }

    /// Before the first step.
    pub fn blunt(&mut self, sharpness: f32) {
        self.closeness.sharpness = sharpness;
    }

    pub fn finish(self) -> MetaTree {
        assert!(self.is_done(), "stepped to the end");
        MetaTree {
            nodes: self.nodes,
            groups: self.groups,
            roots: self.roots,
            cells: self.cells,
            line: self.line.map(|drawn| drawn.line),
        }
    }

    fn cost(&self, rows: usize) -> u64 {
        (rows.min(self.node_rows(rows)) * (self.place + 1)) as u64
    }

    /// Of a node's rows those that it learns from, at most.
    fn node_rows(&self, rows: usize) -> usize {
        let share = rows as u64 * LEVEL_ROWS / self.data.rows() as u64;
        (share as usize).clamp(MIN_NODE_ROWS, NODE_ROWS)
    }

    fn begin(&mut self) {
        let stretches = self.stretches();
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); stretches.len()];
        let coarse = self.groups.as_ref().map(|groups| &self.data.columns[groups.column as usize].codes);
        for row in 0..self.data.rows() as u32 {
            let group = coarse.map_or(0, |codes| codes[row as usize] as usize);
            let at = self.place_of(row);
            // A row that strays from its atom's group teaches nothing.
            if stretches.get(group).is_some_and(|&(low, high)| (low..high).contains(&at)) {
                rows[group].push(row);
            }
        }
        let features = features(&self.data, self.place);
        let Closeness { bags, cell, .. } = self.closeness;
        if cell > 0 {
            self.cells = Cells::new(&self.data, self.place, &features, cell, bags, self.key);
        }
        self.folds = self.cells.folds(&self.data, bags);
        self.features = Some(features);
        self.seek_line();
        self.roots = vec![LEAF; stretches.len()];
        for (group, ((low, high), rows)) in stretches.into_iter().zip(rows).enumerate() {
            self.push(low, high, rows, Parent::Group(group));
        }
    }

    /// Not among groups, which ask too many different questions for one line.
    fn seek_line(&mut self) {
        let (low, high) = (0, self.atoms.len());
        let features = self.features.as_deref().unwrap_or_default();
        let Closeness { bags, lined, .. } = self.closeness;
        if !lined || self.groups.is_some() || is_leaf(&self.atoms, low, high) {
            return;
        }
        let boundary = boundary(&self.atoms, low, high);
        self.line = Line::fit(&self.data, self.place, features, boundary, &self.folds, bags);
    }

    fn push(&mut self, low: u32, high: u32, rows: Vec<u32>, parent: Parent) {
        if low < high && !is_leaf(&self.atoms, low, high) {
            self.pending.push(Pending { low, high, rows, parent });
        }
    }

    fn open(&mut self, Pending { low, high, rows, parent }: Pending) {
        let boundary = boundary(&self.atoms, low, high);
        let at = self.nodes.len();
        match parent {
            Parent::Group(group) => self.roots[group] = at as u32,
            Parent::Node(parent, side) => self.nodes[parent].children[side] = at as u32,
        }
        self.done += self.cost(rows.len());
        let beyond = |row: &u32| self.place_of(*row) >= boundary;
        let features = self.features.as_deref().unwrap_or_default();
        let ruled = self.closeness.ruled;
        let limit = self.node_rows(rows.len());
        let rule = ruled.then(|| rule::find(&self.data, features, &rows, limit, beyond)).flatten();
        let open = rule.as_ref().map(|rule| rule.open(&self.data, &rows));
        // Where it leaves none open, the others tell what rows with an atom that none has here will say.
        let open = open.as_ref().filter(|open| !open.is_empty()).unwrap_or(&rows);
        let chance = Chance::constant(open.iter().filter(|row| beyond(row)).count(), open.len());
        let chosen = self.data.thin(open, self.node_rows(open.len()));
        let key = self.key ^ at as u64;
        let answer = |row: &u32| f32::from(u8::from(beyond(row)));
        let views = views(&self.data, features, self.place, self.line.as_ref());
        let boosting = Boosting::new(&views, &chosen, answer, &self.folds, self.closeness.bagging(), key);
        let (yes, no): (Vec<u32>, Vec<u32>) = rows.into_iter().partition(beyond);
        self.boosting = boosting.map(|boosting| (at, boosting));
        self.nodes.push(Node { boundary, children: [LEAF; 2], rule, chance });
        self.push(low, boundary, no, Parent::Node(at, 0));
        self.push(boundary, high, yes, Parent::Node(at, 1));
    }
}

impl Task for Growth {
    fn step(&mut self) -> bool {
        if self.features.is_none() {
            self.begin();
        } else if let Some((at, boosting)) = &mut self.boosting {
            if !boosting.round() {
                let (at, boosting) = (*at, self.boosting.take().expect("some").1);
                if let Some(voices) = boosting.finish() {
                    self.nodes[at].chance = Chance::Boosted(voices);
                }
            }
        } else if let Some(pending) = self.pending.pop() {
            self.open(pending);
        }
        if self.is_done() {
            // Other columns are still to come.
            (self.folds, self.line) = (Vec::new(), self.line.take().map(Drawn::forget));
        }
        !self.is_done()
    }

    fn found(&self) -> Vec<u8> {
        let line = self.line.as_ref().map(|drawn| &drawn.line);
        let found = (&self.nodes, &self.roots, &self.cells, line);
        postcard::to_allocvec(&found).expect("plain data always serialises")
    }

    fn take(&mut self, found: &[u8]) -> bool {
        let Ok((nodes, roots, cells, line)) =
            postcard::from_bytes::<(Vec<Node>, Vec<u32>, Cells, Option<Line>)>(found)
        else {
            return false;
        };
        (self.nodes, self.roots, self.cells) = (nodes, roots, cells);
        self.line = line.map(|line| Drawn { line, steps: Vec::new() });
        (self.features, self.boosting, self.done) = (Some(Vec::new()), None, self.total);
        self.pending.clear();
        self.folds.clear();
        true
    }
}

impl MetaTree {
    /// Every node keeps but this share of its trees, the first.
    pub fn blunt(&mut self, share: f32) {
        self.nodes.iter_mut().for_each(|node| node.chance.blunt(share));
    }

    /// Draws an atom, and a quantile within it, for each row, filled up to this column.
    /// `keys`: one a block of rows.
    pub fn draw(&self, atoms: &Atoms, earlier: &[Atoms], block: &mut Block, keys: &[u64]) -> Vec<(u32, f64)> {
        let Some(line) = &self.line else { return self.walk(atoms, block, keys) };
        block.fill(line.steps(earlier, block));
        let drawn = self.walk(atoms, block, keys);
        block.empty();
        drawn
    }

    fn walk(&self, atoms: &Atoms, block: &Block, keys: &[u64]) -> Vec<(u32, f64)> {
        let arranged = self.groups.as_ref().map(|groups| atoms.arranged(&groups.codes));
        let atoms = arranged.as_ref().unwrap_or(atoms);
        let mut drawn = vec![(0, 0.0); block.rows()];
        let mut chances = vec![0.0; block.rows()];
        let answerers = self.cells.answerers(block);
        let mut open = self.begin(atoms, block);
        while let Some((at, low, high, mut rows)) = open.pop() {
            if rows.is_empty() {
                continue;
            }
            let key = |block: usize| mix(keys[block] ^ (u64::from(low) << 32 | u64::from(high)));
            match self.nodes.get(at as usize) {
                Some(node) => {
                    node.chance.of_rows(&rows, block, &answerers, &mut chances);
                    if let Some(rule) = &node.rule {
                        rule.decide(&rows, block, &mut chances);
                    }
                    let (yes, no) = decide(block, &mut rows, &chances, key);
                    open.push((node.children[0], low, node.boundary, no));
                    open.push((node.children[1], node.boundary, high, yes));
                }
                None => {
                    scatter(block, &mut rows, key, |row, u| drawn[row as usize] = atoms.draw(low, high, u))
                }
            }
        }
        if let Some(groups) = &self.groups {
            drawn.iter_mut().for_each(|(code, _)| *code = groups.codes[*code as usize]);
        }
        drawn
    }

    /// Each group's root, places and rows. A coarse atom that no atom goes with leaves all of them open.
    fn begin(&self, atoms: &Atoms, block: &Block) -> Vec<(u32, u32, u32, Vec<u32>)> {
        let all = 0..block.rows() as u32;
        let Some(groups) = &self.groups else {
            return vec![(self.roots[0], 0, atoms.len(), all.collect())];
        };
        let mut open: Vec<_> = groups
            .bounds
            .windows(2)
            .zip(&self.roots)
            .map(
                |(pair, &root)| {
                    if pair[0] < pair[1] { (root, pair[0], pair[1]) } else { (LEAF, 0, atoms.len()) }
                },
            )
            .map(|(root, low, high)| (root, low, high, Vec::new()))
            .collect();
        for (row, &group) in all.into_iter().zip(block.column(groups.column)) {
            open[group as usize].3.push(row);
        }
        open
    }

    /// Do all walks end, inside the column's atoms, looking only at columns before this one?
    pub fn is_sound(&self, atoms: &Atoms, earlier: &[Atoms]) -> bool {
        let mut open: Vec<(u32, u32, u32)> = match &self.groups {
            None if self.roots.len() == 1 => vec![(self.roots[0], 0, atoms.len())],
            Some(groups)
                if earlier
                    .get(groups.column as usize)
                    .is_some_and(|coarse| groups.is_sound(atoms, coarse))
                    && self.roots.len() + 1 == groups.bounds.len() =>
            {
                groups
                    .bounds
                    .windows(2)
                    .zip(&self.roots)
                    .map(|(pair, &root)| (root, pair[0], pair[1]))
                    .collect()
            }
            _ => return false,
        };
        if !self.cells.is_sound(earlier.len())
            || !self.line.as_ref().is_none_or(|line| line.is_sound(earlier))
        {
            return false;
        }
        let columns = earlier.len() + usize::from(self.line.is_some());
        let mut visited = 0;
        while let Some((at, low, high)) = open.pop() {
            if at == LEAF {
                continue;
            }
            let Some(node) = self.nodes.get(at as usize) else {
                return false;
            };
            visited += 1;
            if visited > self.nodes.len()
                || node.boundary <= low
                || node.boundary >= high
                || !node.chance.is_sound(columns)
                || !node.rule.as_ref().is_none_or(|rule| rule.is_sound(earlier))
            {
                return false;
            }
            open.push((node.children[0], low, node.boundary));
            open.push((node.children[1], node.boundary, high));
        }
        true
    }
}
