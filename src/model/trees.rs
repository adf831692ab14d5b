//! Autoregressive boosted trees: column after column, each given the columns before it.
//!
//! P(row) = product over columns j of P(atom_j | atoms of the columns before j). Each factor is a *meta-tree*:
//! a binary tree over the column's atoms whose every node asks "is the atom at or beyond this boundary?" A rule may know
//! (`trees/rule.rs`), else gradient-boosted trees on the earlier columns give a probability. A row walks down to a leaf,
//! where the atom is drawn by its count. The meta-tree's shape follows from the counts alone: missing is split off first,
//! then each node at its median, until one atom or so few rows are left that their order is drawn; `trees/likeness.rs` orders long categories.
//!
//! Rows are drawn in blocks, spread evenly or each for itself (`trees/spread.rs`): the rows of a block depend on (seed, block) alone, and
//! blocks are independent. Of twice as many rows those are given out that bring pairs of columns together as the table does
//! (`trees/margins.rs`). A column that divides the atoms of another (`trees/follow.rs`) is drawn before it; else the order is the table's. One that mostly says another again is first asked whether it does (`trees/echo.rs`). Does not keep: relations finer than an atom, exact formulas between columns, order of rows.
//!
//! Uria et al., "Neural autoregressive distribution estimation" (2016), for the factorisation; Friedman, "Greedy
//! function approximation" (2001), for the boosting.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::atoms::{Atoms, Coded};
use super::{Draws, Fit, Manner, Part, Preset, Sample, Task};
use crate::frame::{Frame, Support};
use crate::math::rng::{Purpose, Seed};

mod boost;
mod cells;
mod crowd;
mod data;
mod echo;
mod follow;
mod growth;
mod likeness;
mod line;
mod margins;
mod meta;
mod rule;
mod screen;
mod spread;
mod trial;

use boost::Closeness;
use data::Data;
use echo::Echo;
use follow::Bond;
use growth::Growth;
use margins::Margins;
use meta::{Groups, MetaTree};
use spread::{Block, scatter};
pub use trial::Memory;
use trial::Trial;

/// A meta-node with fewer rows is a leaf: its atoms are drawn by their counts. So is one with fewer than its share of a long
/// table: finer places in order than these are nobody's to see.
const LEAF_ROWS: u64 = 20;
const LEAVES: u64 = 2048;
/// Structure is learned from at most this many rows a node, so a slice of work stays short on any table.
const NODE_ROWS: usize = 32_768;
/// And from about so many in all nodes of a level, but at least so many a node: time does not grow with long tables.
const LEVEL_ROWS: u64 = 1 << 18;
const MIN_NODE_ROWS: usize = 1024;
/// Tables of no more rows times columns squared are quickly learned: twice as many bags come nearer to the truth.
const QUICK: u64 = 1 << 20;
/// Rows that share their luck when sampling.
const BLOCK: u64 = 2048;

/// First the trial on halves of the rows, where one is worth its while; then the whole.
pub struct Fitting {
    plan: Arc<Plan>,
    trial: Option<Trial>,
    memory: Option<Memory>,
    forest: Forest,
    /// Of the work, the trial's and the whole's; it never falls.
    share: f64,
}

/// How the columns hang together, as found on all rows.
struct Plan {
    /// Where each of the columns stands in the table.
    order: Vec<usize>,
    /// By column in that order.
    bonds: Vec<Option<Bond>>,
    echoes: Vec<Option<Echo>>,
}

/// One task a column that has a meta-tree, run in turn or at once.
struct Forest {
    data: Arc<Data>,
    growths: Vec<Growth>,
    margins: Option<Box<Margins>>,
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
    /// By which rows are chosen among those that are drawn.
    margins: Option<Box<Margins>>,
}

/// How a column is drawn, given the ones before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Conditional {
    Tree(Box<MetaTree>),
    /// The atom that goes with each atom of an earlier column.
    Follows {
        column: u32,
        atoms: Vec<u32>,
    },
}

impl Fitting {
    pub fn new(columns: Vec<Coded>, support: Support, manner: Manner, seed: &Seed) -> Self {
        let mut data = Data::new(columns, support);
        if manner.has(Part::Likeness) {
            likeness::arrange(&mut data);
        }
        let mut plan = if manner.has(Part::Bonds) { Plan::new(&data) } else { Plan::loose(&data) };
        let data = data.arranged(&plan.order);
        if manner.has(Part::Echoes) {
            plan.echoes = echo::find(&data, &plan.bonds);
        }
        let plan = Arc::new(plan);
        let (closeness, allowance) = closeness(manner, &data);
        let trial = manner.tried.then(|| Trial::new(&data, &plan, closeness, allowance, seed)).flatten();
        let forest = Forest::new(data, &plan, closeness, seed);
        Fitting { plan, trial, memory: None, forest, share: 0.0 }
    }
}

impl Trees {
    /// The stored counts of rows that have groups of two columns' atoms together, each to the nearest multiple of how many must
    /// share a value.
    pub fn pair_counts(&self) -> impl Iterator<Item = u32> {
        self.margins.iter().flat_map(|margins| margins.counts())
    }

    /// Of the column at this place of the table.
    pub fn atoms(&self, place: usize) -> &Atoms {
        let drawn = self.order.iter().position(|&other| other as usize == place);
        &self.atoms[drawn.expect("every column is drawn")]
    }
}

/// And what the trial may find beyond one half. `data`: of the whole table.
fn closeness(manner: Manner, data: &Data) -> (Closeness, Option<f64>) {
    let (bags, cell, sharpness, allowance) = match manner.preset {
        Preset::Faithful => (5, 0, 1.4, None),
        Preset::Balanced => (3, 0, 1.15, Some(0.08)),
        Preset::Cautious => (3, 12, 1.0, Some(0.04)),
    };
    let looks = data.rows() as u64 * (data.columns.len() as u64).pow(2); // the halves of the trial are asked as the whole is
    let bags = if looks <= QUICK { 2 * bags } else { bags };
    let closeness = Closeness {
        bags: if manner.has(Part::Bags) { bags } else { 2 },
        cell,
        sharpness,
        ruled: manner.has(Part::Rules),
        matched: manner.has(Part::Margins),
        lined: manner.has(Part::Line) && data.rows() <= line::MAX_ROWS,
    };
    (closeness, allowance)
}

impl Fit for Fitting {
    type Fitted = Trees;

    fn step(&mut self) -> f64 {
        if let Some(trial) = &mut self.trial {
            if !trial.step() {
                let memory = trial.memory();
                self.forest.blunt(memory.sharpness);
                self.memory = Some(memory);
                self.trial = None;
            }
        } else if !self.forest.step() {
            return 1.0;
        }
        self.share()
    }

    fn share(&mut self) -> f64 {
        let [done, all] = self.trial.as_ref().map_or([0; 2], Trial::work);
        let [fitted, whole] = self.forest.work();
        // The trial is one part of two: a fit on half of the rows, and the attack on it.
        let of = |done: u64, all: u64| done as f64 / all.max(1) as f64;
        let share = match (&self.trial, self.memory) {
            (Some(_), _) => of(done, all) / 2.0,
            (None, Some(_)) => 0.5 + of(fitted, whole) / 2.0,
            (None, None) => of(fitted, whole),
        };
        self.share = self.share.max(share.min(0.999));
        self.share
    }

    fn tasks(&mut self) -> Vec<(u32, &mut (dyn Task + Send))> {
        match &mut self.trial {
            Some(trial) => trial.tasks(),
            None => longest_first(self.forest.open(0)),
        }
    }

    fn task(&mut self, number: u32) -> Option<&mut (dyn Task + Send)> {
        match &mut self.trial {
            Some(trial) => trial.task(number as usize),
            None => self.forest.growth(number as usize).map(|growth| growth as _),
        }
    }

    fn memory(&self) -> Option<Memory> {
        self.memory
    }

    fn finish(self) -> Trees {
        self.forest.finish(&self.plan)
    }
}

impl Plan {
    /// No column hangs on another.
    fn loose(data: &Data) -> Self {
        let bonds = vec![None; data.columns.len()];
        Plan { order: follow::order(data, &bonds), echoes: vec![None; bonds.len()], bonds }
    }

    fn new(data: &Data) -> Self {
        let (order, mut found) = follow::find(data);
        let place_of =
            |column: usize| order.iter().position(|&other| other == column).expect("all are in order");
        let placed = |column: &usize| {
            found[*column].take().map(|bond| match bond {
                Bond::Within(coarse, map) => Bond::Within(place_of(coarse), map),
                Bond::Follows(fine, map) => Bond::Follows(place_of(fine), map),
            })
        };
        let bonds: Vec<Option<Bond>> = order.iter().map(placed).collect();
        Plan { echoes: vec![None; bonds.len()], order, bonds }
    }
}

impl Forest {
    /// `data`: its columns in the order of the plan.
    fn new(data: Data, plan: &Plan, closeness: Closeness, seed: &Seed) -> Self {
        let data = Arc::new(data);
        let key = |place| seed.stream(Purpose::Fit, place as u64).bits();
        let growth = |(place, bond): (usize, &Option<Bond>)| {
            let groups = match bond {
                Some(Bond::Follows(..)) => return None,
                Some(Bond::Within(coarse, map)) => {
                    Some(Groups::new(*coarse, data.columns[*coarse].atoms.len(), map))
                }
                None => None,
            };
            let echo = plan.echoes[place].clone();
            Some(Growth::new(data.clone(), place, groups, echo, closeness, key(place)))
        };
        let growths = plan.bonds.iter().enumerate().filter_map(growth).collect();
        let margins = closeness.matched.then(|| Margins::new(&data)).flatten().map(Box::new);
        Forest { data, growths, margins, next: 0 }
    }

    /// Before the first step.
    fn blunt(&mut self, sharpness: f32) {
        self.growths.iter_mut().for_each(|growth| growth.blunt(sharpness));
    }

    /// False when nothing is left.
    fn step(&mut self) -> bool {
        while self.growths.get_mut(self.next).is_some_and(|growth| !growth.step()) {
            self.next += 1;
        }
        self.next < self.growths.len()
    }

    /// Done, and in all.
    fn work(&self) -> [u64; 2] {
        let sum = |part: fn(&Growth) -> u64| self.growths.iter().map(part).sum();
        [sum(Growth::done), sum(Growth::total)]
    }

    /// Those that are not done, numbered from `first` on.
    fn open(&mut self, first: usize) -> Vec<(u32, &mut Growth)> {
        (first as u32..).zip(&mut self.growths).filter(|(_, growth)| !growth.is_done()).collect()
    }

    /// Unless it is done.
    fn growth(&mut self, number: usize) -> Option<&mut Growth> {
        self.growths.get_mut(number).filter(|growth| !growth.is_done())
    }

    fn finish(self, plan: &Plan) -> Trees {
        let mut trees = self.growths.into_iter().map(Growth::finish);
        let columns = plan.bonds.iter().map(|bond| match bond {
            Some(Bond::Follows(column, atoms)) => {
                Conditional::Follows { column: *column as u32, atoms: atoms.clone() }
            }
            _ => Conditional::Tree(Box::new(trees.next().expect("a tree for each of the others"))),
        });
        let columns = columns.collect();
        let data = Arc::into_inner(self.data).expect("every growth has given its share back");
        let atoms = data.columns.into_iter().map(|column| column.atoms).collect();
        let order = plan.order.iter().map(|&place| place as u32).collect();
        Trees { order, atoms, columns, margins: self.margins }
    }
}

/// So that no thread is left alone with a long one.
fn longest_first(mut growths: Vec<(u32, &mut Growth)>) -> Vec<(u32, &mut (dyn Task + Send))> {
    growths.sort_by_key(|(_, growth)| std::cmp::Reverse(growth.total()));
    growths.into_iter().map(|(number, growth)| (number, growth as &mut (dyn Task + Send))).collect()
}

impl Sample for Trees {
    fn sample(&self, rows: Range<u64>, seed: &Seed, draws: Draws) -> Frame {
        let blocks = rows.start / BLOCK..rows.end.div_ceil(BLOCK);
        let start = blocks.start * BLOCK;
        let drawn = self.draw(blocks, seed, draws);
        let wanted = (rows.start - start) as usize..(rows.end - start) as usize;
        Frame::new(self.in_order(|place| self.atoms[place].column(&drawn[place][wanted.clone()])))
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
            && self.margins.as_deref().is_none_or(|margins| margins.is_sound(&self.atoms))
    }
}

impl Trees {
    /// What `of` gives for each column, in the order of the table.
    fn in_order<T>(&self, of: impl Fn(usize) -> T) -> Vec<T> {
        let mut places: Vec<usize> = (0..self.order.len()).collect();
        places.sort_unstable_by_key(|&place| self.order[place]);
        places.into_iter().map(of).collect()
    }

    /// Every node keeps but this share of its trees, the first.
    fn blunt(&mut self, share: f32) {
        for column in &mut self.columns {
            if let Conditional::Tree(tree) = column {
                tree.blunt(share);
            }
        }
    }

    /// The atoms of each column, and quantiles within them.
    fn draw(&self, blocks: Range<u64>, seed: &Seed, draws: Draws) -> Vec<Vec<(u32, f64)>> {
        let Some(margins) = self.margins.as_deref().filter(|_| draws == Draws::Spread) else {
            return self.walk(blocks, seed, draws).1;
        };
        let (rows, drawn) =
            self.walk(blocks.start * margins::DRAWN..blocks.end * margins::DRAWN, seed, draws);
        let of_block = (margins::DRAWN * BLOCK) as usize;
        let choose = |block: u64| {
            let first = (block - blocks.start) as usize * of_block;
            let atoms = |place: usize| &rows.column(place as u32)[first..first + of_block];
            let atoms: Vec<&[u32]> = (0..self.atoms.len()).map(atoms).collect();
            let key = seed.stream(Purpose::Choice, block).bits();
            let chosen = margins.choose(&atoms, BLOCK as usize, key);
            chosen.into_iter().map(move |row| first + row as usize)
        };
        let chosen: Vec<usize> = blocks.clone().flat_map(choose).collect();
        drawn.iter().map(|column| chosen.iter().map(|&row| column[row]).collect()).collect()
    }

    /// All rows of the blocks, and with their quantiles. Blocks are drawn whole, so that a row is the same in whatever pieces it is
    /// asked for; several go through the trees together, which is quicker.
    fn walk(&self, blocks: Range<u64>, seed: &Seed, draws: Draws) -> (Block, Vec<Vec<(u32, f64)>>) {
        let mut drawn = Vec::with_capacity(self.atoms.len());
        let mut rows = Block::new(((blocks.end - blocks.start) * BLOCK) as usize, draws);
        for (place, (atoms, column)) in self.atoms.iter().zip(&self.columns).enumerate() {
            let mut stream = seed.stream(Purpose::Sample, place as u64);
            stream.seek(blocks.start);
            let keys: Vec<u64> = blocks.clone().map(|_| stream.bits()).collect();
            let values = match column {
                Conditional::Tree(tree) => tree.draw(atoms, &self.atoms[..place], &mut rows, &keys),
                Conditional::Follows { column, atoms } => {
                    let mut values = vec![(0, 0.0); rows.rows()];
                    let mut all: Vec<u32> = (0..rows.rows() as u32).collect();
                    let codes = rows.column(*column);
                    scatter(
                        &rows,
                        &mut all,
                        |block| keys[block],
                        |row, within| {
                            values[row as usize] = (atoms[codes[row as usize] as usize], within);
                        },
                    );
                    values
                }
            };
            rows.fill(values.iter().map(|&(code, _)| code).collect());
            drawn.push(values);
        }
        (rows, drawn)
    }
}
