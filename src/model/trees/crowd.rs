//! Many rows through the trees of one question at once.
//!
//! A walk from split to split waits at every step, and the processor guesses wrong at many. Here a tree is asked column by
//! column instead: a table tells, for each bin of the column's codes, which leaves a row can still reach, and the leaf of a
//! row is the one that all columns leave it (after QuickScorer, Lucchese et al. 2015). The bins of a row serve all trees.

use super::spread::Block;
use crate::learn::tree::{LAST_BIN, Test, Tree};

/// Fewer rows are not worth the tables.
const MIN_ROWS: usize = 12;
/// Leaves that a set of 64 bits can hold, and bins that a byte can tell apart: a fit makes hardly ever more.
const MAX_LEAVES: usize = 64;
const MAX_BINS: usize = 256;

/// Rows whose leaves are sought at a time, so that they stay in the nearest cache.
const CHUNK: usize = 512;

/// Rows as the trees of a question see them.
pub struct Crowd(Vec<Binned>);

/// A column that the trees ask.
struct Binned {
    column: u32,
    /// The first code of each bin. No test tells codes of one bin apart.
    firsts: Vec<u32>,
    /// The bin of each row.
    bins: Vec<u8>,
    /// The leaves of the present tree that each bin leaves within reach.
    reach: [u64; MAX_BINS],
}

impl Crowd {
    /// None where walks are quicker, or the trees too large.
    pub fn new<'a>(trees: impl Iterator<Item = &'a Tree>, rows: &[u32], block: &Block) -> Option<Crowd> {
        if rows.len() < MIN_ROWS {
            return None;
        }
        let mut firsts: Vec<Vec<u32>> = vec![Vec::new(); block.width()];
        let mut sets = vec![0; block.width()];
        for tree in trees {
            if tree.leaves.len() > MAX_LEAVES {
                return None;
            }
            for split in &tree.splits {
                match split.test {
                    Test::Below(cut) => firsts[split.column as usize].push(cut),
                    Test::In(set) => sets[split.column as usize] |= set,
                }
            }
        }
        let mut columns = Vec::new();
        for ((mut firsts, set), column) in firsts.into_iter().zip(sets).zip(0..) {
            firsts.extend(1..=(u64::BITS - u64::leading_zeros(set)).min(LAST_BIN)); // beyond the last bit codes are alike
            firsts.retain(|&first| 0 < first && first <= block.last(column));
            if firsts.is_empty() {
                firsts = vec![0];
            } else {
                firsts.push(0);
                firsts.sort_unstable();
                firsts.dedup();
            }
            if firsts.len() > MAX_BINS {
                return None;
            }
            let bins = bins(&firsts, block.column(column), rows);
            columns.push(Binned { column, firsts, bins, reach: [0; MAX_BINS] });
        }
        Some(Crowd(columns))
    }

    /// Adds each row's step.
    pub fn add(&mut self, tree: &Tree, logits: &mut [f32]) {
        let lost = lost(tree);
        let asked: Vec<&Binned> =
            self.0.iter_mut().filter_map(|column| column.ask(tree, &lost).then_some(&*column)).collect();
        let mut leaves = [0.0; MAX_LEAVES];
        leaves[..tree.leaves.len()].copy_from_slice(&tree.leaves);
        for (at, logits) in (0..).step_by(CHUNK).zip(logits.chunks_mut(CHUNK)) {
            let mut reach = [u64::MAX; CHUNK];
            for column in &asked {
                let bins = reach.iter_mut().zip(&column.bins[at..]);
                bins.for_each(|(reach, &bin)| *reach &= column.reach[usize::from(bin)]);
            }
            for (logit, reach) in logits.iter_mut().zip(reach) {
                *logit += leaves[reach.trailing_zeros() as usize % MAX_LEAVES];
            }
        }
    }
}

impl Binned {
    /// Finds what each bin leaves within reach. False where the tree does not ask the column.
    fn ask(&mut self, tree: &Tree, lost: &[[u64; 2]]) -> bool {
        let mut asked =
            tree.splits.iter().zip(lost).filter(|(split, _)| split.column == self.column).peekable();
        if asked.peek().is_none() {
            return false;
        }
        self.reach[..self.firsts.len()].fill(u64::MAX);
        for (split, [by_yes, by_no]) in asked {
            for (reach, &first) in self.reach.iter_mut().zip(&self.firsts) {
                *reach &= if split.test.passes(first) { !by_yes } else { !by_no };
            }
        }
        true
    }
}

/// The leaves that a yes, and those that a no, puts out of reach, for each split.
fn lost(tree: &Tree) -> Vec<[u64; 2]> {
    let mut lost = vec![[0; 2]; tree.splits.len()];
    // A child comes after its parent.
    for (at, split) in tree.splits.iter().enumerate().rev() {
        let below = |child: i16| match child {
            0.. => lost[child as usize][0] | lost[child as usize][1],
            _ => 1 << (!child as usize % MAX_LEAVES),
        };
        lost[at] = [below(split.no), below(split.yes)];
    }
    lost
}

fn bins(firsts: &[u32], codes: &[u32], rows: &[u32]) -> Vec<u8> {
    let mut table: Vec<u8> = Vec::new();
    for (bin, &next) in (0..).zip(&firsts[1..]) {
        table.resize(next as usize, bin);
    }
    table.push((firsts.len() - 1) as u8);
    rows.iter().map(|&row| table[(codes[row as usize] as usize).min(table.len() - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::mix;
    use crate::model::Draws;

    /// Columns of 50, 5,000 and 100 codes; trees with both tests, grown by lot.
    #[test]
    fn a_crowd_goes_where_each_row_walks() {
        let draw = |key: u64, below: u32| (mix(key) % u64::from(below)) as u32;
        let levels = [50, 5000, 100];
        let mut block = Block::new(300, Draws::Spread);
        for (column, &levels) in (1..).zip(&levels) {
            block.fill((0..300).map(|row| draw(column << 32 | row, levels)).collect());
        }
        let trees: Vec<Tree> =
            (0..24).map(|number| grown(mix(number), 2 + 2 * number as usize, &levels)).collect();
        let rows: Vec<u32> = (0..300).rev().step_by(2).collect();
        let mut crowd = Crowd::new(trees.iter(), &rows, &block).expect("rows enough");
        let mut logits = vec![0.5; rows.len()];
        trees.iter().for_each(|tree| crowd.add(tree, &mut logits));
        for (&row, logit) in rows.iter().zip(logits) {
            let step = |tree: &Tree| tree.step(|column| block.column(column)[row as usize]);
            assert_eq!(trees.iter().map(step).fold(0.5, |sum, step| sum + step), logit);
        }
        assert!(Crowd::new(trees.iter(), &rows[..3], &block).is_none());
        let large = grown(1, MAX_LEAVES + 1, &levels);
        assert!(Crowd::new([large].iter(), &rows, &block).is_none());
    }

    fn grown(key: u64, leaves: usize, levels: &[u32]) -> Tree {
        let mut tree = Tree::default();
        let mut open = vec![Tree::root()];
        for number in 0..leaves as u64 - 1 {
            let key = mix(key ^ number << 8);
            let column = (key % 3) as u32;
            let test = match column {
                2 => Test::In(mix(key ^ 1)),
                _ => Test::Below((mix(key ^ 2) % u64::from(levels[column as usize] + 1)) as u32),
            };
            let place = open.swap_remove(key as usize % open.len());
            open.extend(tree.split(place, column, test));
        }
        open.into_iter().zip(1..).for_each(|(place, step)| tree.leaf(place, 1.0 / step as f32));
        tree
    }
}
