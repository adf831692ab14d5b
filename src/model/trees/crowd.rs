//! Many rows through the trees of one question at once.
//!
//! A walk from split to split waits at every step, and the processor guesses wrong at many. Here trees are asked column by
//! column instead: a table tells, for each bin of the column's codes, which leaves a row can still reach, and the leaf of a
//! row is the one that all columns leave it (after QuickScorer, Lucchese et al. 2015). The bins of a row serve all trees, and
//! one look at a table as many trees as have 64 leaves together; all trees that ask one column alone are one table of what
//! they say together. Steps are added as whole numbers, so that the sum is the same in whatever order.

use super::spread::Block;
use crate::learn::feature::BINS;
use crate::learn::tree::{LAST_BIN, Test, Tree};

/// Steps are whole numbers of so many parts of one.
pub const ONE: f32 = (1 << 20) as f32;
/// Fewer rows are not worth the tables.
const MIN_ROWS: usize = 12;
/// Leaves that a set of 64 bits can hold: a fit makes hardly ever more.
const MAX_LEAVES: usize = 64;
/// Rows whose leaves are sought at a time, so that they stay in the nearest cache.
const CHUNK: usize = 512;
/// Columns that are looked at in one go, which spares going through the rows.
const AT_ONCE: usize = 4;

/// A step or a logit in parts of [`ONE`].
pub fn parts(step: f32) -> i32 {
    (step * ONE) as i32
}

/// Rows as the trees of a question see them.
pub struct Crowd {
    /// Those that the trees ask.
    columns: Vec<Binned>,
    /// Where the columns of the block stand among these.
    places: Vec<usize>,
}

/// A column that the trees ask.
struct Binned {
    /// The first code of each bin. No test tells codes of one bin apart.
    firsts: Vec<u32>,
    /// The bin of each row.
    bins: Vec<u8>,
    /// The leaves of the present trees that each bin leaves within reach, if they ask the column.
    reach: [u64; BINS],
    is_asked: bool,
    /// What the trees that ask this column alone say together, by bin, if there are any.
    sums: Vec<i32>,
}

impl Crowd {
    /// None where walks are quicker, or the trees too large.
    pub fn new(trees: &[&Tree], rows: &[u32], block: &Block) -> Option<Crowd> {
        if rows.len() < MIN_ROWS {
            return None;
        }
        let mut firsts: Vec<Vec<u32>> = vec![Vec::new(); block.width()];
        let mut sets = vec![0; block.width()];
        for tree in trees {
            if tree.leaves.len().max(tree.splits.len()) > MAX_LEAVES {
                return None;
            }
            for split in &tree.splits {
                match split.test {
                    Test::Below(cut) => firsts[split.column as usize].push(cut),
                    Test::In(set) => {
                        firsts[split.column as usize].push(0);
                        sets[split.column as usize] |= set;
                    }
                }
            }
        }
        let mut crowd = Crowd { columns: Vec::new(), places: vec![0; block.width()] };
        for ((mut firsts, set), column) in firsts.into_iter().zip(sets).zip(0..) {
            if firsts.is_empty() {
                continue;
            }
            firsts.push(0);
            firsts.extend(1..=(u64::BITS - u64::leading_zeros(set)).min(LAST_BIN)); // beyond the last bit codes are alike
            firsts.retain(|&first| first <= block.last(column));
            firsts.sort_unstable();
            firsts.dedup();
            if firsts.len() > BINS {
                return None;
            }
            let bins = bins(&firsts, block.column(column), rows);
            crowd.places[column as usize] = crowd.columns.len();
            crowd.columns.push(Binned { firsts, bins, reach: [0; BINS], is_asked: false, sums: Vec::new() });
        }
        Some(crowd)
    }

    /// Adds what the trees say of each row.
    pub fn add(&mut self, trees: &[&Tree], logits: &mut [i32]) {
        let mut others = Vec::with_capacity(trees.len());
        for &tree in trees {
            match tree.only_column() {
                Some(column) => self.columns[self.places[column as usize]].sum(tree),
                None => others.push(tree),
            }
        }
        for Binned { bins, sums, .. } in self.columns.iter().filter(|column| !column.sums.is_empty()) {
            logits.iter_mut().zip(bins).for_each(|(logit, &bin)| add(logit, sums[usize::from(bin)]));
        }
        let mut trees = &others[..];
        while !trees.is_empty() {
            let mut leaves = 0;
            let fits = |tree: &&&Tree| {
                leaves += tree.leaves.len();
                leaves <= MAX_LEAVES
            };
            let (some, others) = trees.split_at(trees.iter().take_while(fits).count());
            self.add_some(some, logits);
            trees = others;
        }
    }

    /// Of trees that have no more than `MAX_LEAVES` together.
    fn add_some(&mut self, trees: &[&Tree], logits: &mut [i32]) {
        self.columns.iter_mut().for_each(|column| column.is_asked = false);
        // On the stack: this is done for a few hundred rows at a time.
        let (mut steps, mut starts, mut start) = ([0; MAX_LEAVES], 0u64, 0);
        for tree in trees {
            self.ask(tree, start);
            steps[start..].iter_mut().zip(&tree.leaves).for_each(|(step, &leaf)| *step = parts(leaf));
            starts |= 1 << start;
            start += tree.leaves.len();
        }
        let asked: Vec<&Binned> = self.columns.iter().filter(|column| column.is_asked).collect();
        for (at, logits) in (0..).step_by(CHUNK).zip(logits.chunks_mut(CHUNK)) {
            let mut reach = [u64::MAX; CHUNK];
            let reach = &mut reach[..logits.len()];
            for columns in asked.chunks(AT_ONCE) {
                narrow(reach, at, columns);
            }
            for (logit, reach) in logits.iter_mut().zip(reach) {
                // Of each tree the first leaf within reach. All have one, so nothing is borrowed from the next tree.
                let mut leaves = *reach & !reach.wrapping_sub(starts);
                for _ in trees {
                    add(logit, steps[leaves.trailing_zeros() as usize % MAX_LEAVES]);
                    leaves &= leaves.wrapping_sub(1);
                }
            }
        }
    }

    /// Finds what the bins leave within reach of the tree, whose first leaf is at the bit `start`.
    fn ask(&mut self, tree: &Tree, start: usize) {
        let mut below = [0; MAX_LEAVES];
        // A child comes after its parent.
        for (at, split) in tree.splits.iter().enumerate().rev() {
            let [by_no, by_yes] = [split.yes, split.no].map(|child| match child {
                0.. => below[child as usize],
                _ => 1 << ((start + !child as usize) % MAX_LEAVES),
            });
            below[at] = by_yes | by_no;
            self.columns[self.places[split.column as usize]].lose(split.test, by_yes, by_no);
        }
    }
}

impl Binned {
    /// Adds what the tree, which asks no other column, says of each bin.
    fn sum(&mut self, tree: &Tree) {
        self.sums.resize(self.firsts.len(), 0);
        self.sums
            .iter_mut()
            .zip(&self.firsts)
            .for_each(|(sum, &first)| add(sum, parts(tree.step(|_| first))));
    }

    /// Puts the leaves out of reach that a yes, and those that a no, leads away from.
    fn lose(&mut self, test: Test, by_yes: u64, by_no: u64) {
        let reach = &mut self.reach[..self.firsts.len()];
        if !self.is_asked {
            reach.fill(u64::MAX);
            self.is_asked = true;
        }
        match test {
            Test::Below(cut) => {
                let (yes, no) = reach.split_at_mut(self.firsts.partition_point(|&first| first < cut));
                yes.iter_mut().for_each(|reach| *reach &= !by_yes);
                no.iter_mut().for_each(|reach| *reach &= !by_no);
            }
            Test::In(_) => {
                for (reach, &first) in reach.iter_mut().zip(&self.firsts) {
                    *reach &= if test.passes(first) { !by_yes } else { !by_no };
                }
            }
        }
    }
}

/// A model from a file may hold any steps: they wrap around rather than stop the program.
fn add(sum: &mut i32, parts: i32) {
    *sum = sum.wrapping_add(parts);
}

/// Takes away what the columns, `AT_ONCE` at most, put out of reach of the rows from `at` on.
fn narrow(reach: &mut [u64], at: usize, columns: &[&Binned]) {
    // The last one may stand for those that there are not: to lose twice is to lose.
    let [a, b, c, d] = std::array::from_fn(|i| columns[i.min(columns.len() - 1)]);
    let [in_a, in_b, in_c, in_d] = [a, b, c, d].map(|column| &column.bins[at..][..reach.len()]);
    let of = |column: &Binned, bin: u8| column.reach[usize::from(bin) % BINS];
    let bins = in_a.iter().zip(in_b).zip(in_c.iter().zip(in_d));
    for (reach, ((&in_a, &in_b), (&in_c, &in_d))) in reach.iter_mut().zip(bins) {
        *reach &= of(a, in_a) & of(b, in_b) & of(c, in_c) & of(d, in_d);
    }
}

fn bins(firsts: &[u32], codes: &[u32], rows: &[u32]) -> Vec<u8> {
    let last = firsts[firsts.len() - 1];
    if last as usize > 8 * rows.len() {
        let bin = |&row: &u32| firsts.partition_point(|&first| first <= codes[row as usize]) as u8 - 1;
        return rows.iter().map(bin).collect();
    }
    let mut table: Vec<u8> = Vec::with_capacity(last as usize + 1);
    for (bin, &next) in (0..).zip(&firsts[1..]) {
        table.resize(next as usize, bin);
    }
    table.push((firsts.len() - 1) as u8);
    rows.iter().map(|&row| table[codes[row as usize].min(last) as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::mix;
    use crate::model::Draws;

    /// Columns of 50, 5,000 and 100 codes; trees with both tests, of no more cuts than a fit makes, grown by lot.
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
        let trees: Vec<&Tree> = trees.iter().collect();
        assert!(trees.iter().any(|tree| tree.only_column().is_some()));
        let mut crowd = Crowd::new(&trees, &rows, &block).expect("rows enough");
        let mut logits = vec![5; rows.len()];
        crowd.add(&trees, &mut logits);
        for (&row, logit) in rows.iter().zip(logits) {
            let step = |tree: &&Tree| parts(tree.step(|column| block.column(column)[row as usize]));
            assert_eq!(5 + trees.iter().map(step).sum::<i32>(), logit);
        }
        assert!(Crowd::new(&trees, &rows[..3], &block).is_none());
        // What no fit makes and a file may hold: a set of none, and no other question.
        let mut none = Tree::default();
        for (place, step) in none.split(Tree::root(), 2, Test::In(0)).into_iter().zip([1.0, 2.0]) {
            none.leaf(place, step);
        }
        let (mut logits, none) = (vec![0; rows.len()], [&none]);
        Crowd::new(&none, &rows, &block).expect("rows enough").add(&none, &mut logits);
        assert!(logits.into_iter().all(|logit| logit == parts(2.0)));
        let large = grown(1, MAX_LEAVES + 1, &levels);
        assert!(Crowd::new(&[&large], &rows, &block).is_none());
    }

    fn grown(key: u64, leaves: usize, levels: &[u32]) -> Tree {
        let mut tree = Tree::default();
        let mut open = vec![Tree::root()];
        for number in 0..leaves as u64 - 1 {
            let key = mix(key ^ number << 8);
            let column = (key % 3) as u32;
            let test = match column {
                2 => Test::In(mix(key ^ 1)),
                _ => Test::Below((mix(key ^ 2) % 61 * u64::from(levels[column as usize]) / 60) as u32),
            };
            let place = open.swap_remove(key as usize % open.len());
            open.extend(tree.split(place, column, test));
        }
        open.into_iter().zip(1..).for_each(|(place, step)| tree.leaf(place, 1.0 / step as f32));
        tree
    }
}
