//! Can synthetic rows be told from real ones that the model never saw? The classifier two-sample test (Lopez-Paz and Oquab
//! 2017): the AUC of boosted trees on rows that they were not trained on; 0.5 is a coin.

use crate::frame::Frame;
use crate::learn::Stack;
use crate::learn::boosting::Loss;
use crate::math::chance;
use crate::math::distance::auc;
use crate::report::{Figure, Metric, Report, Side, Tables, Verdict, some};

pub const METRIC: Metric = Metric {
    key: "detection",
    side: Side::Truth,
    name: "Told from real rows",
    best: 0.5,
    says: [
        "A trained classifier hardly tells synthetic rows from real ones: 50 % is a coin's toss.",
        "A trained classifier tells many synthetic rows from real ones, where 50 % is a coin's toss: fine relations are lost.",
        "A trained classifier knows synthetic rows at sight: do not draw fine conclusions from them.",
    ],
};

const ROWS: usize = 4000;
const BAGS: usize = 5;

pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(holdout) = &tables.holdout else { return };
    let (figure, ceiling) = (find(holdout, &tables.synthetic), find(holdout, &tables.train).value);
    let verdict = Verdict::of(figure.value <= ceiling + 0.05, figure.value <= ceiling + 0.2);
    report.scores.push(METRIC.score(figure, Some(ceiling), verdict));
}

/// Between as many rows of each table, at most [`ROWS`], chosen by lot.
fn find(real: &Frame, other: &Frame) -> Figure {
    let count = real.rows.min(other.rows).min(ROWS);
    let rows = [some(real.rows, count, 4), some(other.rows, count, 5)];
    let columns: Vec<usize> = (0..real.columns.len()).collect();
    let stack = Stack::new(&[(real, &rows[0]), (other, &rows[1])], &columns);
    let is_other = |row: u32| stack.rows(1).contains(&row);
    let all: Vec<u32> = (0..2 * count as u32).collect();
    let learned = stack.learn(&all, |&row| f32::from(u8::from(is_other(row))), Loss::Logistic, BAGS);
    let found = learned.map_or(0.5, |learned| {
        let of = |wanted: bool| -> Vec<f32> {
            let rows = learned.blind.iter().filter(|(row, _)| is_other(*row) == wanted);
            rows.map(|&(_, logit)| logit).collect()
        };
        auc(&of(false), &of(true))
    });
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
