//! Can synthetic rows be told from real ones that the model never saw? The classifier two-sample test (Lopez-Paz and Oquab
//! 2017): the AUC of boosted trees on rows that they were not trained on; 0.5 is a coin.

use super::{Figure, chance, some};
use crate::distance::auc;
use crate::frame::Frame;
use crate::model::trees::apart;

const ROWS: usize = 4000;

/// Between as many rows of each table, at most [`ROWS`], chosen by lot.
pub fn find(real: &Frame, other: &Frame) -> Figure {
    let count = real.rows.min(other.rows).min(ROWS);
    let rows = [some(real.rows, count, 4), some(other.rows, count, 5)];
    let told = apart::logits([real, other], [&rows[0], &rows[1]]);
    let found = told.map_or(0.5, |[real, other]| auc(&real, &other));
    let value = found.max(0.5);
    Figure { value, interval: Some(chance::of_auc(value, [count; 2])) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;
    use crate::math::rng::mix;

    fn frame(rows: usize, salt: u64, tied: bool) -> Frame {
        let draw = |row: usize, what: u64| (mix(salt << 40 ^ what << 32 ^ row as u64) % 1000) as f64;
        let number = |what| Column::Numbers((0..rows).map(|row| draw(row, what)).collect());
        let code = |row| u32::from(draw(row, if tied { 1 } else { 2 }) > 500.0);
        let codes = (0..rows).map(code).collect();
        Frame::new(vec![number(1), Column::Categories { codes, levels: 2 }])
    }

    /// Of 1,000 rows each the standard error of an AUC of one half is 0.013.
    #[test]
    fn a_lost_relation_is_seen_and_chance_is_not() {
        let real = frame(1000, 1, true);
        assert!(find(&real, &frame(1000, 2, true)).value < 0.55);
        assert!(find(&real, &frame(1000, 2, false)).value > 0.7);
        let tiny = frame(20, 1, true);
        assert_eq!(find(&tiny, &tiny).value, 0.5);
    }
}
