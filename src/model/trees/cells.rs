//! Who answers for whom: rows are drawn by a bag that never saw the training rows they resemble.
//!
//! The training rows are put into cells of a few rows that are alike in the earlier columns, by halving them again and
//! again at the median of a column, chosen by lot with the weight of what it tells about the target (a random k-d tree,
//! Bentley 1975). One bag leaves the cell out, and whoever is drawn into the cell is answered by that bag. So what a
//! training row had is not repeated to the synthetic rows next to it: they get what its neighbours had. A place that
//! more rows share than a cell may have is no secret: there the bags leave out rows by their content, and all answer.
//! Does not: keep the rows of one person together, who may have rows in cells of several bags. A cell is a place, found
//! for a synthetic row by its values alone, and that row is nobody's.

use serde::{Deserialize, Serialize};

use super::NODE_ROWS;
use super::data::Data;
use super::screen::relevance;
use super::spread::Block;
use crate::math::rng::{mix, unit};

/// All bags answer, by their mean.
pub const ALL: u8 = u8::MAX;
/// Long tables get larger cells, so that there are about so many at most.
const MAX_CELLS: usize = 4096;

/// Splits in order of their making; a child comes after its parent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    splits: Vec<Split>,
    root: i32,
}

/// Codes below the cut go to the first child: a split's place, or !answerer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Split {
    column: u32,
    cut: u32,
    children: [i32; 2],
}

/// Cells in the making.
struct Halving<'a> {
    data: &'a Data,
    features: &'a [u32],
    size: usize,
    bags: usize,
    splits: Vec<Split>,
}

impl Cells {
    /// No cells: all bags answer for every row.
    pub fn none() -> Cells {
        Cells { splits: Vec::new(), root: !i32::from(ALL) }
    }

    /// `size`: rows of a cell, at most.
    pub fn new(data: &Data, target: usize, features: &[u32], size: usize, bags: usize, key: u64) -> Cells {
        let all: Vec<u32> = (0..data.rows() as u32).collect();
        let rows = data.thin(&all, NODE_ROWS);
        let weights = relevance(data, target, features);
        let size = size.max(rows.len() / MAX_CELLS);
        let mut halving = Halving { data, features, size, bags, splits: Vec::new() };
        let root = halving.halve(rows, &weights, key);
        Cells { splits: halving.splits, root }
    }

    /// Which bag leaves out each row of the table.
    pub fn folds(&self, data: &Data, bags: usize) -> Vec<u8> {
        let fold = |row: u32| match self.answerer(|column| data.columns[column as usize].codes[row as usize])
        {
            ALL => data.fold(row, bags) as u8,
            bag => bag,
        };
        (0..data.rows() as u32).map(fold).collect()
    }

    /// Which bag answers for each row of a block, or `ALL`. None: all do for every row.
    pub fn answerers(&self, block: &Block) -> Option<Vec<u8>> {
        let answerer = |row: usize| self.answerer(|column| block.column(column)[row]);
        (!self.splits.is_empty()).then(|| (0..block.rows()).map(answerer).collect())
    }

    fn answerer(&self, code: impl Fn(u32) -> u32) -> u8 {
        let mut at = self.root;
        while at >= 0 {
            let split = &self.splits[at as usize];
            at = split.children[usize::from(code(split.column) >= split.cut)];
        }
        !at as u8
    }

    /// Do all walks end, looking only at columns before `columns`?
    pub fn is_sound(&self, columns: usize) -> bool {
        let leads_on = |from: i64, to: i32| match to {
            0.. => i64::from(to) > from && (to as usize) < self.splits.len(),
            _ => !to <= i32::from(ALL),
        };
        leads_on(-1, self.root)
            && self.splits.iter().zip(0..).all(|(split, at)| {
                (split.column as usize) < columns && split.children.iter().all(|&child| leads_on(at, child))
            })
    }
}

impl Halving<'_> {
    fn halve(&mut self, rows: Vec<u32>, weights: &[f64], key: u64) -> i32 {
        let key = mix(key);
        if rows.len() <= self.size {
            return !((key % self.bags as u64) as i32);
        }
        let mut weights = weights.to_vec();
        while let Some(at) = lot(&weights, mix(key ^ weights.len() as u64)) {
            let column = self.features[at];
            let codes = &self.data.columns[column as usize].codes;
            let Some(cut) = middle(rows.iter().map(|&row| codes[row as usize]).collect()) else {
                // Where the rows do not differ now, they never will again.
                weights[at] = 0.0;
                continue;
            };
            let (low, high) = rows.into_iter().partition(|&row| codes[row as usize] < cut);
            let split = self.splits.len();
            self.splits.push(Split { column, cut, children: [0; 2] });
            let children = [self.halve(low, &weights, key ^ 1), self.halve(high, &weights, key ^ 2)];
            self.splits[split].children = children;
            return split as i32;
        }
        !i32::from(ALL)
    }
}

/// A place drawn by weight.
fn lot(weights: &[f64], bits: u64) -> Option<usize> {
    let mut left = unit(bits) * weights.iter().sum::<f64>();
    let drawn = weights.iter().position(|&weight| {
        left -= weight;
        weight > 0.0 && left <= 0.0
    });
    drawn.or_else(|| weights.iter().rposition(|&weight| weight > 0.0))
}

/// The code that halves them, some below and some not; None if all are one.
fn middle(mut codes: Vec<u32>) -> Option<u32> {
    let half = codes.len() / 2;
    let (below, &mut median, above) = codes.select_nth_unstable(half);
    if below.iter().any(|&code| code < median) {
        return Some(median);
    }
    above.iter().copied().filter(|&code| code > median).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Support};
    use crate::model::Draws;
    use crate::model::atoms::Coded;

    fn data(rows: usize) -> Data {
        let column =
            |step: usize| Column::Numbers((0..rows).map(|i| (i * step % rows) as f64 / 2.0).collect());
        Data::new([1, 7, 11].map(|step| Coded::shared_by_two(&column(step))).into(), Support::by_rows(1))
    }

    #[test]
    fn alike_rows_are_left_out_together_by_bags_of_about_equal_share() {
        let data = data(3000);
        let cells = Cells::new(&data, 2, &[0, 1], 6, 3, 5);
        assert!(cells.is_sound(2) && !cells.is_sound(1));
        let folds = cells.folds(&data, 3);
        for bag in 0..3 {
            let share = folds.iter().filter(|&&fold| fold == bag).count() as f64 / 3000.0;
            assert!((share - 1.0 / 3.0).abs() < 0.06, "{share}");
        }
        let mut block = Block::new(3000, Draws::Spread);
        data.columns.iter().for_each(|column| block.fill(column.codes.clone()));
        assert_eq!(cells.answerers(&block).unwrap(), folds);
    }

    #[test]
    fn what_many_rows_share_is_left_out_by_content() {
        let same = Column::Numbers((0..600).map(|i| f64::from(i % 2)).collect());
        let free = Column::Numbers((0..600).map(f64::from).collect());
        let data =
            Data::new(vec![Coded::shared_by_two(&same), Coded::shared_by_two(&free)], Support::by_rows(1));
        let cells = Cells::new(&data, 1, &[0], 6, 2, 5);
        let folds = cells.folds(&data, 2);
        assert!(folds.contains(&0) && folds.contains(&1));
        let mut block = Block::new(2, Draws::Spread);
        block.fill(vec![0, 1]);
        assert_eq!(cells.answerers(&block).unwrap(), [ALL, ALL]);
    }

    #[test]
    fn the_middle_parts_the_codes() {
        assert_eq!(middle(vec![3, 3, 3]), None);
        assert_eq!(middle(vec![1, 1, 1, 9]), Some(9));
        assert_eq!(middle(vec![1, 9, 9, 9]), Some(9));
        assert_eq!(middle(vec![4, 1, 3, 2]), Some(3));
    }
}
