//! How much each column has a say in what was learned.
//!
//! The relative influence of Friedman (2001, section 8.1): a split's gain is w v / (w + v) (a - b)², with the weights w, v
//! and the means a, b of what its two branches add to the prediction; a column's influence is the sum of its splits' gains.

use super::boosting::Voice;
use super::{Learned, Stack};

impl Stack {
    /// Of each bag the influence of each column, told by `rows`; a bag's are its parts of one, or 0 where it asks nothing.
    pub fn influence(&self, learned: &Learned, rows: &[u32]) -> Vec<Vec<f64>> {
        learned.voices.iter().map(|voice| self.influence_of(voice, rows)).collect()
    }

    fn influence_of(&self, voice: &Voice, rows: &[u32]) -> Vec<f64> {
        let mut gains = vec![0.0; self.columns.len()];
        for tree in &voice.trees {
            let mut at_leaf = vec![0u32; tree.leaves.len()];
            for &row in rows {
                at_leaf[tree.leaf_of(|column| self.columns[column as usize].codes[row as usize])] += 1;
            }
            // Of each split the rows that come to it, and the sum of their steps: its children stand behind it.
            let mut sums = vec![(0.0, 0.0); tree.splits.len()];
            for (at, split) in tree.splits.iter().enumerate().rev() {
                let [yes, no] = [split.yes, split.no].map(|child| match child {
                    0.. => sums[child as usize],
                    _ => {
                        let leaf = !child as usize;
                        let weight = f64::from(at_leaf[leaf]);
                        (weight, weight * f64::from(tree.leaves[leaf]))
                    }
                });
                sums[at] = (yes.0 + no.0, yes.1 + no.1);
                if yes.0 > 0.0 && no.0 > 0.0 {
                    let apart = yes.1 / yes.0 - no.1 / no.0;
                    gains[split.column as usize] += yes.0 * no.0 / (yes.0 + no.0) * apart * apart;
                }
            }
        }
        let sum: f64 = gains.iter().sum();
        if sum > 0.0 {
            gains.iter_mut().for_each(|gain| *gain /= sum);
        }
        gains
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Frame};
    use crate::learn::boosting::{Bagging, Loss};
    use crate::math::rng::{mix, unit};

    /// 2 x1 + x2 with x3 idle: variances of 4 to 1, so influences of four fifths and one fifth, but for what noise takes.
    #[test]
    fn influence_is_the_part_of_the_variance() {
        let number = |what: u64| (0..3000).map(|row| unit(mix(what << 32 ^ row))).collect::<Vec<f64>>();
        let numbers = [1, 2, 3].map(number);
        let frame = Frame::new(numbers.iter().cloned().map(Column::Numbers).collect());
        let all: Vec<usize> = (0..3000).collect();
        let stack = Stack::new(&[(&frame, &all)], &[0, 1, 2]);
        let rows: Vec<u32> = stack.rows(0).collect();
        let answer = |&row: &u32| (2.0 * numbers[0][row as usize] + numbers[1][row as usize]) as f32;
        let learned = stack.learn(&rows, answer, Bagging::plain(Loss::Square, 3)).unwrap();
        for parts in stack.influence(&learned, &rows) {
            assert!(
                (parts[0] - 0.8).abs() < 0.03 && (parts[1] - 0.2).abs() < 0.03 && parts[2] < 0.01,
                "{parts:?}"
            );
            assert!((parts.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
