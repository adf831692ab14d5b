//! The growth of one column's meta-tree from the rows: a task of many small steps, node after node and round after round of boosting.

use std::sync::Arc;

use super::boost::{Chance, Closeness};
use super::cells::Cells;
use super::data::Data;
use super::echo::Echo;
use super::line::{Drawn, Line};
use super::meta::{ECHO, Groups, LEAF, MetaTree, Node};
use super::rule;
use super::screen::features;
use super::{LEAF_ROWS, LEAVES, LEVEL_ROWS, MIN_NODE_ROWS, NODE_ROWS};
use crate::learn::View;
use crate::learn::boosting::Boosting;
use crate::model::Task;
use crate::model::atoms::Atoms;

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
    echo: Option<Echo>,
    /// The atoms, group after group, and the place of each code.
    atoms: Atoms,
    places: Option<Vec<u32>>,
    nodes: Vec<Node>,
    roots: Vec<u32>,
    pending: Vec<Pending>,
    boosting: Option<(u32, Boosting)>,
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
        echo: Option<Echo>,
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
            echo,
            atoms,
            places,
        };
        if growth.echo.is_some() {
            growth.total += growth.cost(data.rows());
        }
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
            echo: self.echo,
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
        self.ask_for_echo(&stretches, &mut rows);
        for (group, ((low, high), rows)) in stretches.into_iter().zip(rows).enumerate() {
            self.push(low, high, rows, Parent::Group(group));
        }
    }

    /// Of the rows that can have an echo; those that do leave their groups.
    fn ask_for_echo(&mut self, stretches: &[(u32, u32)], rows: &mut [Vec<u32>]) {
        let Some(echo) = &self.echo else { return };
        let place = |code: u32| self.places.as_ref().map_or(code, |places| places[code as usize]);
        let said = |row: u32| echo.of_row(&self.data, row).map(place);
        let can =
            |&row: &u32, &(low, high): &(u32, u32)| said(row).is_some_and(|at| (low..high).contains(&at));
        let of_group = |(rows, stretch): (&'_ Vec<u32>, &'_ (u32, u32))| -> Vec<u32> {
            rows.iter().copied().filter(|row| can(row, stretch)).collect()
        };
        let mut asked: Vec<u32> = rows.iter().zip(stretches).flat_map(of_group).collect();
        asked.sort_unstable();
        let says = |row: &u32| said(*row) == Some(self.place_of(*row));
        let chance = Chance::constant(asked.iter().filter(|row| says(row)).count(), asked.len());
        let chosen = self.data.thin(&asked, self.node_rows(asked.len()));
        let features = self.features.as_deref().unwrap_or_default();
        let views = views(&self.data, features, self.place, None);
        let answer = |row: &u32| f32::from(u8::from(says(row)));
        let key = self.key ^ u64::from(ECHO);
        let boosting = Boosting::new(&views, &chosen, answer, &self.folds, self.closeness.bagging(), key);
        rows.iter_mut().for_each(|rows| rows.retain(|row| !says(row)));
        self.done += self.cost(self.data.rows());
        self.boosting = boosting.map(|boosting| (ECHO, boosting));
        self.echo.as_mut().expect("there is one").chance = chance;
    }

    /// Where what the boosting finds belongs.
    fn chance(&mut self, at: u32) -> &mut Chance {
        match &mut self.echo {
            Some(echo) if at == ECHO => &mut echo.chance,
            _ => &mut self.nodes[at as usize].chance,
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
        self.boosting = boosting.map(|boosting| (at as u32, boosting));
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
                    *self.chance(at) = Chance::Boosted(voices);
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
        let found = (&self.nodes, &self.roots, &self.echo, &self.cells, line);
        postcard::to_allocvec(&found).expect("plain data always serialises")
    }

    fn take(&mut self, found: &[u8]) -> bool {
        type Found = (Vec<Node>, Vec<u32>, Option<Echo>, Cells, Option<Line>);
        let Ok((nodes, roots, echo, cells, line)) = postcard::from_bytes::<Found>(found) else {
            return false;
        };
        (self.nodes, self.roots, self.echo, self.cells) = (nodes, roots, echo, cells);
        self.line = line.map(|line| Drawn { line, steps: Vec::new() });
        (self.features, self.boosting, self.done) = (Some(Vec::new()), None, self.total);
        self.pending.clear();
        self.folds.clear();
        true
    }
}
