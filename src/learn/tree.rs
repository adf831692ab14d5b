//! A regression tree over codes: small, flat, quick to walk.

use serde::{Deserialize, Serialize};

/// Codes of a category beyond this share one bin, and one bit.
pub const LAST_BIN: u32 = 63;

/// Splits in the order they were made; a child always comes after its parent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    pub splits: Vec<Split>,
    /// Steps of the logit, the rate included.
    pub leaves: Vec<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// The place of the column in the row.
    pub column: u32,
    pub test: Test,
    /// Where to go: a split's place, or !leaf.
    pub yes: i16,
    pub no: i16,
}

/// Codes stand for atoms with several rows each, so a boundary between them betrays nobody.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Test {
    /// Is the code of an ordered column below this?
    Below(u32),
    /// Is the bit of the category's code set?
    In(u64),
}

impl Test {
    pub fn passes(self, code: u32) -> bool {
        match self {
            Test::Below(cut) => code < cut,
            Test::In(set) => set >> code.min(LAST_BIN) & 1 == 1,
        }
    }
}

/// Where a new split or leaf hangs.
#[derive(Clone, Copy)]
pub struct Place {
    parent: Option<(usize, bool)>,
}

impl Tree {
    /// The place of the root.
    pub fn root() -> Place {
        Place { parent: None }
    }

    /// Puts a split, and gives the places of its two children: yes, no.
    pub fn split(&mut self, place: Place, column: u32, test: Test) -> [Place; 2] {
        let at = self.splits.len();
        self.hang(place, at as i16);
        self.splits.push(Split { column, test, yes: 0, no: 0 });
        [true, false].map(|side| Place { parent: Some((at, side)) })
    }

    /// Puts a leaf.
    pub fn leaf(&mut self, place: Place, step: f32) {
        self.hang(place, !(self.leaves.len() as i16));
        self.leaves.push(step);
    }

    pub fn is_empty(&self) -> bool {
        self.splits.is_empty()
    }

    /// The column that all splits ask.
    pub fn only_column(&self) -> Option<u32> {
        let column = self.splits.first()?.column;
        self.splits.iter().all(|split| split.column == column).then_some(column)
    }

    fn hang(&mut self, place: Place, child: i16) {
        if let Some((parent, side)) = place.parent {
            let split = &mut self.splits[parent];
            *(if side { &mut split.yes } else { &mut split.no }) = child;
        }
    }

    /// The step for a row; `code(column)` is its code there.
    pub fn step(&self, code: impl Fn(u32) -> u32) -> f32 {
        self.leaves[self.leaf_of(code)]
    }

    /// The leaf where a row's walk ends.
    pub fn leaf_of(&self, code: impl Fn(u32) -> u32) -> usize {
        let mut at = if self.splits.is_empty() { !0 } else { 0 };
        while at >= 0 {
            let split = &self.splits[at as usize];
            at = if split.test.passes(code(split.column)) { split.yes } else { split.no };
        }
        !at as usize
    }

    /// Do all walks end, inside the arrays and on columns before `columns`?
    pub fn is_sound(&self, columns: usize) -> bool {
        let leads_on = |from: usize, to: i16| match to {
            0.. => to as usize > from && (to as usize) < self.splits.len(),
            _ => (!to as usize) < self.leaves.len(),
        };
        !self.leaves.is_empty()
            && self.leaves.iter().all(|step| step.is_finite())
            && self.splits.iter().enumerate().all(|(at, split)| {
                (split.column as usize) < columns && leads_on(at, split.yes) && leads_on(at, split.no)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_to_the_right_leaf() {
        let mut tree = Tree::default();
        let [yes, no] = tree.split(Tree::root(), 0, Test::Below(5));
        tree.leaf(no, -1.0);
        let [inside, outside] = tree.split(yes, 1, Test::In(1 << 2 | 1 << 63));
        tree.leaf(inside, 2.0);
        tree.leaf(outside, 3.0);
        let step = |row: [u32; 2]| tree.step(|column| row[column as usize]);
        assert_eq!([step([5, 2]), step([4, 2]), step([4, 3]), step([0, 99])], [-1.0, 2.0, 3.0, 2.0]);
        assert!(tree.is_sound(2) && !tree.is_sound(1));
        assert!(!Tree::default().is_sound(1));
        let mut stump = Tree::default();
        stump.leaf(Tree::root(), 0.5);
        assert_eq!(stump.step(|_| 0), 0.5);
    }
}
