//! Feature importance: does what is learned from synthetic rows rest on the same columns as what is learned from real ones?
//!
//! Boosted trees learn the target from as many rows of each table; a column's importance is its relative influence (Friedman
//! 2001, see `learn/influence.rs`), its part of one. The agreement is 1 - 1/2 sum |p - q| over the columns, 1 less the total
//! variation distance: 1 is all alike, 0 that they share no column. The ceiling is the same for held-out rows. The interval
//! is the jackknife over the bags, each of which leaves out another fifth of the rows of both tables. At most [`ROWS`] rows
//! of each table, chosen by lot. Does not: tell apart columns that say the same; which of them is asked is chance, for real
//! rows as well.

use serde::Serialize;

use crate::frame::Frame;
use crate::learn::Stack;
use crate::learn::boosting::Bagging;
use crate::math::chance;
use crate::report::target::Target;
use crate::report::{Figure, Metric, Report, Score, Side, Tables, lost};

pub const METRIC: Metric = Metric {
    key: "importance",
    side: Side::Utility,
    name: "Same columns matter",
    best: 1.0,
    says: [
        "Predictions learned from the synthetic rows rest on the same columns as those learned from real rows.",
        "Predictions learned from the synthetic rows rest on somewhat other columns than those learned from real rows: see which.",
        "Predictions learned from the synthetic rows rest on other columns than those learned from real rows: do not read from them what matters.",
    ],
};

const ROWS: usize = 4000;
const BAGS: usize = 5;
/// Columns that are told, the most different first.
const SHOWN: usize = 30;

/// How much a column has a say, as parts of one.
#[derive(Clone, Debug, Serialize)]
pub struct Importance {
    pub column: String,
    pub real: f64,
    pub synthetic: f64,
    pub holdout: f64,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let (Some(holdout), Some(target)) = (&tables.holdout, Target::new(tables)) else { return };
    let every = [&tables.train, &tables.synthetic, holdout];
    let count = every.iter().map(|frame| frame.rows).min().unwrap_or(0).min(ROWS);
    let others = target.others(tables);
    let of = |(frame, key): (&Frame, u64)| influence(&target, frame, count, key, &others);
    let (Some(real), Some(held)) = (of((&tables.train, 6)), of((holdout, 7))) else { return };
    let nothing = || vec![vec![0.0; others.len()]; BAGS];
    let made = of((&tables.synthetic, 6)).unwrap_or_else(nothing); // where it teaches nothing, no column matters
    let (figure, ceiling) = (agreement(&real, &made), agreement(&real, &held));
    let name = &tables.names[target.place];
    let verdict = lost(figure, Some(ceiling), [0.05, 0.2]);
    let score = METRIC.score(figure, Some(ceiling.value), verdict);
    let sentence = format!("Asked to predict \"{name}\". {}", score.sentence);
    report.scores.push(Score { sentence, ..score });
    let [real, made, held] = [real, made, held].map(|bags| mean(&bags));
    let importance = |(at, &place): (usize, &usize)| Importance {
        column: tables.names[place].clone(),
        real: real[at],
        synthetic: made[at],
        holdout: held[at],
    };
    report.importances = others.iter().enumerate().map(importance).collect();
    let apart = |row: &Importance| (row.real - row.synthetic).abs();
    report.importances.sort_by(|a, b| apart(b).total_cmp(&apart(a)));
    report.importances.truncate(SHOWN);
}

/// Of each bag the parts of the columns. None where nothing can be learned.
fn influence(
    target: &Target,
    frame: &Frame,
    count: usize,
    key: u64,
    others: &[usize],
) -> Option<Vec<Vec<f64>>> {
    let rows = target.lot(frame, count, key);
    let stack = Stack::new(&[(frame, &rows)], others);
    let all: Vec<u32> = stack.rows(0).collect();
    let answer = |&row: &u32| target.answer(frame, rows[row as usize]) as f32;
    let learned = stack.learn(&all, answer, Bagging::plain(target.loss(), BAGS))?;
    Some(stack.influence(&learned, &all))
}

fn agreement(real: &[Vec<f64>], other: &[Vec<f64>]) -> Figure {
    let of = |real: &[Vec<f64>], other: &[Vec<f64>]| {
        let (real, other) = (mean(real), mean(other));
        let told = other.iter().sum::<f64>() > 0.0;
        let apart: f64 = real.iter().zip(&other).map(|(p, q)| (p - q).abs()).sum();
        if told { (1.0 - apart / 2.0).clamp(0.0, 1.0) } else { 0.0 }
    };
    // A bag is what is learned without its fold.
    let without: Vec<f64> =
        real.chunks(1).zip(other.chunks(1)).map(|(real, other)| of(real, other)).collect();
    let value = of(real, other);
    let interval = chance::jackknife(value, &without).map(|end| end.clamp(0.0, 1.0));
    Figure { value, interval: Some(interval) }
}

fn mean(bags: &[Vec<f64>]) -> Vec<f64> {
    let sum = |at: usize| bags.iter().map(|parts| parts[at]).sum::<f64>();
    (0..bags[0].len()).map(|at| sum(at) / bags.len() as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;
    use crate::math::rng::{mix, unit};
    use crate::report::{Asked, Verdict};

    /// Whether weights of four numbers, with noise, come to more than their mean.
    fn frame(salt: u64, weights: [f64; 4]) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(mix(salt << 8 ^ what) ^ row as u64));
        let number = |what: u64| Column::Numbers((0..1500).map(|row| draw(row, what)).collect());
        let sum = |row: usize| {
            weights.iter().zip(0..).map(|(weight, what)| weight * (draw(row, what) - 0.5)).sum::<f64>()
        };
        let codes = (0..1500).map(|row| u32::from(sum(row) + draw(row, 9) - 0.5 > 0.0)).collect();
        let mut columns: Vec<Column> = (0..4).map(number).collect();
        columns.push(Column::Categories { codes, levels: 2 });
        Frame::new(columns)
    }

    fn judged(train: u64, synthetic: Frame) -> Report {
        let law = [2.0, 1.0, 1.0, 0.0];
        let tables = Tables {
            names: ["a", "b", "c", "d", "yes"].map(String::from).to_vec(),
            labels: vec![Vec::new(); 5],
            asked: Asked { target: Some(4), protected: Vec::new() },
            ..Tables::plain(frame(train, law), Some(frame(train + 1, law)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn fresh_rows_agree_and_other_laws_do_not() {
        let verdicts = (0..10).map(|seed| {
            judged(100 + 3 * seed, frame(102 + 3 * seed, [2.0, 1.0, 1.0, 0.0])).scores[0].verdict
        });
        let verdicts: Vec<Verdict> = verdicts.collect();
        assert!(verdicts.iter().all(|&verdict| verdict == Verdict::Good), "{verdicts:?}");
        let other = judged(100, frame(102, [0.0, 0.3, 0.3, 2.0]));
        assert_eq!(other.scores[0].verdict, Verdict::Bad, "{:?}", other.scores[0]);
        assert!(["a", "d"].contains(&other.importances[0].column.as_str()));
        let one = frame(102, [2.0, 1.0, 1.0, 0.0]);
        let mode = |column: &Column| match column {
            Column::Numbers(values) => Column::Numbers(vec![values[0]; 1500]),
            Column::Categories { codes, levels } => {
                Column::Categories { codes: vec![codes[0]; 1500], levels: *levels }
            }
        };
        let nothing = judged(100, Frame::new(one.columns.iter().map(mode).collect()));
        assert_eq!((nothing.scores[0].value, nothing.scores[0].verdict), (0.0, Verdict::Bad));
    }
}
