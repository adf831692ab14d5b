//! Can synthetic rows be told from real ones that the model never saw? The classifier two-sample test (Lopez-Paz and Oquab
//! 2017): the AUC of boosted trees on rows that they were not trained on; 0.5 is a coin.
//!
//! By what they are told is asked column by column: by how much the AUC falls when the column's cells are dealt anew (Breiman
//! 2001), of [`ASKED`] rows; columns that tell the same share it. And of what is most more frequent in that column among the tenth of
//! the synthetic rows that are told most surely than among real ones: a level that enough rows share, or a quarter of the numbers.

use serde::Serialize;

use crate::frame::{Column, Frame};
use crate::learn::boosting::{Bagging, Loss};
use crate::learn::{Learned, Stack};
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

const ROWS: usize = 12_000;
const BAGS: usize = 5;
/// Rounds of boosting at least.
const ROUNDS: usize = 40;
/// Rows that are asked without a column.
const ASKED: usize = 3000;
/// Columns that are told, and what they must tell.
const SHOWN: usize = 10;
const TELLING: f64 = 0.005;
/// Rows that must share what is told.
const TOLD: usize = 5;
const PARTS: usize = 4;

#[derive(Clone, Debug, Serialize)]
pub struct Tell {
    pub column: String,
    /// How far the AUC falls without the column.
    pub told: f64,
    /// A level, or a part of the numbers, that is too frequent; None where nothing is, or too few rows have it.
    pub what: Option<String>,
    /// How frequent it is among the tenth of the synthetic rows that are told most surely, and among real rows.
    pub shares: Option<[f64; 2]>,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(holdout) = &tables.holdout else { return };
    let found = find(holdout, &tables.synthetic);
    let (figure, ceiling) = (found.figure, find(holdout, &tables.train).figure.value);
    let verdict = Verdict::of(figure.value <= ceiling + 0.05, figure.value <= ceiling + 0.2);
    report.scores.push(METRIC.score(figure, Some(ceiling), verdict));
    report.tells = tells(&found, tables, holdout);
}

/// Who tells the rows of two tables apart.
struct Found {
    figure: Figure,
    stack: Stack,
    learned: Option<Learned>,
    /// Of each table that were looked at.
    rows: [Vec<usize>; 2],
}

/// Between as many rows of each table, at most [`ROWS`], chosen by lot.
fn find(real: &Frame, other: &Frame) -> Found {
    let count = real.rows.min(other.rows).min(ROWS);
    let rows = [some(real.rows, count, 4), some(other.rows, count, 5)];
    let columns: Vec<usize> = (0..real.columns.len()).collect();
    let stack = Stack::new(&[(real, &rows[0]), (other, &rows[1])], &columns);
    let is_other = |row: u32| row as usize >= count;
    let all: Vec<u32> = (0..2 * count as u32).collect();
    let learned = stack.learn(
        &all,
        |&row| f32::from(u8::from(is_other(row))),
        Bagging { least: ROUNDS, ..Bagging::plain(Loss::Logistic, BAGS) },
    );
    let found = learned.as_ref().map_or(0.5, |learned| told(&learned.blind, count));
    let value = found.max(0.5);
    Found {
        figure: Figure { value, interval: Some(chance::of_auc(value, [count; 2])) },
        stack,
        learned,
        rows,
    }
}

/// The AUC of predictions; rows from `first` on are the other table's.
fn told(blind: &[(u32, f32)], first: usize) -> f64 {
    let of = |other: bool| -> Vec<f32> {
        let rows = blind.iter().filter(|(row, _)| (*row as usize >= first) == other);
        rows.map(|&(_, logit)| logit).collect()
    };
    auc(&of(false), &of(true))
}

fn tells(found: &Found, tables: &Tables, real: &Frame) -> Vec<Tell> {
    let Some(learned) = found.learned.as_ref().filter(|_| found.figure.surely() > 0.5) else {
        return Vec::new();
    };
    let first = found.rows[0].len();
    let asked: Vec<(u32, f32)> =
        learned.blind.iter().copied().step_by((2 * first).div_ceil(ASKED).max(1)).collect();
    let all = told(&asked, first);
    let mut telling: Vec<(usize, f64)> = (0..tables.names.len())
        .map(|place| (place, all - told(&found.stack.blind_without(learned, &asked, place), first)))
        .filter(|(_, lost)| *lost >= TELLING)
        .collect();
    telling.sort_by(|a, b| b.1.total_cmp(&a.1));
    telling.truncate(SHOWN);
    let mut surest: Vec<(u32, f32)> =
        learned.blind.iter().copied().filter(|(row, _)| *row as usize >= first).collect();
    surest.sort_by(|a, b| b.1.total_cmp(&a.1));
    let surest: Vec<usize> =
        surest[..first / 10].iter().map(|(row, _)| found.rows[1][*row as usize - first]).collect();
    let tell = |(place, lost): (usize, f64)| {
        let [real, other] = [&real.columns[place], &tables.synthetic.columns[place]];
        let parts = Parts::new(&tables.train.columns[place]);
        let counts = [parts.count(other, &surest), parts.count(real, &found.rows[0])];
        let share =
            |at: usize, part: usize| counts[at][part] as f64 / [surest.len(), first][at].max(1) as f64;
        let excess = |part: usize| share(0, part) - share(1, part);
        let most = (0..counts[0].len()).max_by(|&a, &b| excess(a).total_cmp(&excess(b)));
        let most = most.filter(|&part| excess(part) > 0.05 && counts[0][part] >= TOLD);
        let what = most.and_then(|part| parts.name(part, &tables.labels[place]));
        let shares = most.filter(|_| what.is_some()).map(|part| [share(0, part), share(1, part)]);
        Tell { column: tables.names[place].clone(), told: lost, what, shares }
    };
    telling.into_iter().map(tell).collect()
}

/// A column in few parts: its levels, or a quarter each of the training table's numbers, after the missing ones.
enum Parts {
    Levels(u32),
    Cuts(Vec<f64>),
}

impl Parts {
    fn new(train: &Column) -> Parts {
        match train {
            Column::Categories { levels, .. } => Parts::Levels(*levels),
            Column::Numbers(values) => {
                let mut present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                present.sort_unstable_by(f64::total_cmp);
                let cut = |part: usize| present.get(part * present.len() / PARTS).copied();
                Parts::Cuts((1..PARTS).filter_map(cut).collect())
            }
        }
    }

    fn count(&self, column: &Column, rows: &[usize]) -> Vec<usize> {
        let part = |row: usize| match (self, column) {
            (Parts::Levels(levels), Column::Categories { codes, .. }) => codes[row].min(*levels) as usize,
            (Parts::Cuts(_), Column::Numbers(values)) if values[row].is_nan() => 0,
            (Parts::Cuts(cuts), Column::Numbers(values)) => {
                1 + cuts.partition_point(|&cut| cut <= values[row])
            }
            _ => panic!("one codec makes one type of column"),
        };
        let mut counts = match self {
            Parts::Levels(levels) => vec![0; *levels as usize + 1],
            Parts::Cuts(_) => vec![0; PARTS + 1],
        };
        rows.iter().for_each(|&row| counts[part(row)] += 1);
        counts
    }

    fn name(&self, part: usize, labels: &[Option<String>]) -> Option<String> {
        match self {
            Parts::Levels(_) => labels.get(part).cloned().flatten(),
            Parts::Cuts(_) if part == 0 => Some("missing".into()),
            Parts::Cuts(_) => Some(format!("part {part} of {PARTS}, from low to high")),
        }
    }
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
        assert!(find(&real, &frame(1000, 2, true)).figure.value < 0.55);
        assert!(find(&real, &frame(1000, 2, false)).figure.value > 0.7);
        let tiny = frame(20, 1, true);
        assert_eq!(find(&tiny, &tiny).figure.value, 0.5);
    }

    /// The second column has one level far too often; the first is as it should be.
    #[test]
    fn what_tells_is_named() {
        use crate::report::{Asked, Known};
        let mut synthetic = frame(1000, 3, false);
        synthetic.columns[1] =
            Column::Categories { codes: (0..1000).map(|row| u32::from(row % 10 > 0)).collect(), levels: 2 };
        let tables = Tables {
            names: vec!["x".into(), "c".into()],
            labels: vec![Vec::new(), vec![Some("low".into()), Some("high".into())]],
            asked: Asked::default(),
            known: Known::default(),
            ..Tables::plain(frame(1000, 1, false), Some(frame(1000, 2, false)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        let first = &report.tells[0];
        assert_eq!((first.column.as_str(), first.what.as_deref()), ("c", Some("high")));
        assert!(first.told > 0.1 && first.shares.unwrap()[0] > 0.85);
        assert!((first.shares.unwrap()[1] - 0.5).abs() < 0.1);
    }
}
