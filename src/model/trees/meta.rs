//! The meta-tree of one column, and the walk that draws from it. It grows in `growth.rs`.

use serde::{Deserialize, Serialize};

use super::boost::Chance;
use super::cells::Cells;
use super::echo::Echo;
use super::line::Line;
use super::rule::Rule;
use super::spread::{Block, decide, scatter};
use crate::math::rng::mix;
use crate::model::atoms::Atoms;

/// Nobody's child: where atoms are drawn by their counts.
pub const LEAF: u32 = u32::MAX;
/// The question of the echo, among those of the nodes.
pub const ECHO: u32 = u32::MAX;

/// Nodes in order of their making; a child comes after its parent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetaTree {
    pub nodes: Vec<Node>,
    /// The groups into which a coarse column divides the atoms; else all are one.
    pub groups: Option<Groups>,
    /// Where the walk begins, for each group.
    pub roots: Vec<u32>,
    /// Asked about first: a row that says again what an earlier column said does not walk.
    pub echo: Option<Echo>,
    pub cells: Cells,
    /// Asked about as if it were the column itself.
    pub line: Option<Line>,
}

/// Atoms put together by the atom of a coarse column that they go with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    pub column: u32,
    /// The atom in each place, group after group.
    pub codes: Vec<u32>,
    /// Where each group begins, and where the last one ends.
    pub bounds: Vec<u32>,
}

/// "Is the place of the atom at or beyond `boundary`?"
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub boundary: u32,
    /// The nodes for no and yes, or `LEAF`.
    pub children: [u32; 2],
    pub rule: Option<Rule>,
    /// Of those that the rule leaves open.
    pub chance: Chance,
}

impl Groups {
    /// `map`: the atom of `column`, which has `count` of them, for each atom of the fine column.
    pub fn new(column: usize, count: u32, map: &[u32]) -> Self {
        let mut codes: Vec<u32> = (0..map.len() as u32).collect();
        codes.sort_by_key(|&code| map[code as usize]);
        let start = |group: u32| codes.partition_point(|&code| map[code as usize] < group) as u32;
        Groups { column: column as u32, bounds: (0..=count).map(start).collect(), codes }
    }

    /// Is the atom in this group?
    fn has(&self, group: u32, atom: u32) -> bool {
        let [first, end] = [0, 1].map(|next| self.bounds[group as usize + next] as usize);
        self.codes[first..end].binary_search(&atom).is_ok() // `new` keeps them in order
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

impl MetaTree {
    /// Every node keeps but this share of its trees, the first.
    pub fn blunt(&mut self, share: f32) {
        self.nodes.iter_mut().for_each(|node| node.chance.blunt(share));
        self.echo.iter_mut().for_each(|echo| echo.chance.blunt(share));
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
        let mut said = Vec::new();
        if let Some(echo) = &self.echo {
            let key = |block: usize| mix(keys[block] ^ u64::from(ECHO));
            said = echo.decide(block, answerers.as_deref(), |row, atom| self.may_have(block, row, atom), key);
            open.iter_mut().for_each(|(_, _, _, rows)| rows.retain(|&row| said[row as usize].is_none()));
        }
        while let Some((at, low, high, mut rows)) = open.pop() {
            if rows.is_empty() {
                continue;
            }
            let key = |block: usize| mix(keys[block] ^ (u64::from(low) << 32 | u64::from(high)));
            match self.nodes.get(at as usize) {
                Some(node) => {
                    node.chance.of_rows(&rows, block, answerers.as_deref(), &mut chances);
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
        drawn.iter_mut().zip(said).for_each(|(drawn, said)| *drawn = said.unwrap_or(*drawn));
        drawn
    }

    /// Does the atom go with what the row has in the coarse column?
    fn may_have(&self, block: &Block, row: u32, atom: u32) -> bool {
        self.groups.as_ref().is_none_or(|groups| groups.has(block.column(groups.column)[row as usize], atom))
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
            || !self.echo.as_ref().is_none_or(|echo| echo.is_sound(atoms, earlier))
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
