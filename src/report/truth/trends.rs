//! Column Pair Trends: do columns go together as they do in the real table?
//!
//! The mean over pairs of SDMetrics' CorrelationSimilarity for two numbers, 1 - |r - r'| / 2 with Pearson's r over rows that
//! have both; of ContingencySimilarity otherwise, 1 - 1/2 sum |p - q| over pairs of cells, numbers cut into ten equal widths of
//! the *real* range, missing a cell of its own. So these metrics of SDMetrics 0.32 compute them, the latter with
//! `continuous_column_names` and ten bins.
//!
//! Its QualityReport 0.32 differs: there each table is cut by the range of its own, which pays for showing the extremes of
//! real rows; weak pairs (|r| up to 0.5, Cramér's V up to 0.3) are left out, of which a synthetic table may lose the most; and a
//! column that has become constant is no part of the mean, where here it has r' = 0. Of more than [`MAX_COLUMNS`] columns, that
//! many evenly spaced ones are taken. The interval holds the mean of the value over pairs of tables of these sizes
//! ([`super::figure`]).

use super::matrix::matrix;
use super::shapes::total_variation;
use crate::frame::{Column, Frame};
use crate::report::{Metric, PairScore, Report, Side, Tables, likeness, mean};

pub const METRIC: Metric = Metric {
    key: "trends",
    side: Side::Truth,
    name: "Column Pair Trends",
    best: 1.0,
    says: [
        "Columns go together as they do in the real table.",
        "Some pairs of columns go together less than in the real table: see which.",
        "Columns do not go together as in the real table: do not compare groups with it.",
    ],
};

const MAX_COLUMNS: usize = 64;
const BINS: usize = 10;
/// Rows that tell how far chance moves the value.
const ROWS: usize = 4000;
/// Of many pairs fewer: so many rows of pairs.
const PAIRED_ROWS: usize = 400_000;

pub struct Pair {
    pub a: usize,
    pub b: usize,
    pub score: f64,
}

/// A table of one column has no pairs, hence no trends.
pub fn judge(tables: &Tables, report: &mut Report) {
    let pairs = scores(&tables.train, &tables.synthetic);
    if pairs.is_empty() {
        return;
    }
    let ceilings = tables.holdout.as_ref().map(|holdout| scores(&tables.train, holdout));
    let of = |pairs: &[Pair]| mean(&pairs.iter().map(|pair| pair.score).collect::<Vec<_>>());
    let (value, ceiling) = (of(&pairs), ceilings.as_deref().map(of));
    let rows = (PAIRED_ROWS / pairs.len()).clamp(400, ROWS);
    let figure = super::figure(value, [&tables.train, &tables.synthetic], rows, |a, b| of(&scores(a, b)));
    report.scores.push(METRIC.score(figure, ceiling, likeness(figure.at_best(), ceiling)));
    let pair = |(place, pair): (usize, &Pair)| PairScore {
        a: tables.names[pair.a].clone(),
        b: tables.names[pair.b].clone(),
        value: pair.score,
        ceiling: ceilings.as_ref().map(|ceilings| ceilings[place].score),
    };
    report.matrix = matrix(&pairs, &tables.names);
    report.pairs = pairs.iter().enumerate().map(pair).collect();
    report.pairs.sort_by(|a, b| a.value.total_cmp(&b.value));
    report.pairs.truncate(10);
}

/// A score in 0..=1 for each pair for which the real table defines one.
pub fn scores(real: &Frame, other: &Frame) -> Vec<Pair> {
    let all = real.columns.len();
    let chosen: Vec<usize> = match all {
        ..=MAX_COLUMNS => (0..all).collect(),
        _ => (0..MAX_COLUMNS).map(|i| i * all / MAX_COLUMNS).collect(),
    };
    let cells: Vec<_> =
        chosen.iter().map(|&place| cells(&real.columns[place], &other.columns[place])).collect();
    let mut pairs = Vec::new();
    for (i, &a) in chosen.iter().enumerate() {
        for (j, &b) in chosen.iter().enumerate().skip(i + 1) {
            let score = match (&real.columns[a], &real.columns[b], &other.columns[a], &other.columns[b]) {
                (Column::Numbers(x), Column::Numbers(y), Column::Numbers(u), Column::Numbers(v)) => {
                    correlation(x, y).map(|r| 1.0 - (r - correlation(u, v).unwrap_or(0.0)).abs() / 2.0)
                }
                _ => Some(1.0 - contingency(&cells[i], &cells[j])),
            };
            pairs.extend(score.map(|score| Pair { a, b, score }));
        }
    }
    pairs
}

/// Each row's cell in the real and in the other table, and the number of cells.
struct Cells {
    real: Vec<u32>,
    other: Vec<u32>,
    count: usize,
}

fn cells(real: &Column, other: &Column) -> Cells {
    match (real, other) {
        (Column::Numbers(a), Column::Numbers(b)) => {
            let present = || a.iter().copied().filter(|value| !value.is_nan());
            let low = present().fold(f64::INFINITY, f64::min);
            let high = present().fold(f64::NEG_INFINITY, f64::max);
            // Round one number alone, numpy has a range of 1.
            let (low, high) = if low == high { (low - 0.5, high + 0.5) } else { (low, high) };
            let width = (high - low) / BINS as f64;
            let cell = |value: &f64| match () {
                () if value.is_nan() => BINS as u32,
                // A value on an edge belongs above it, as numpy's searchsorted has it.
                () => (1..BINS).filter(|&edge| *value >= low + width * edge as f64).count() as u32,
            };
            Cells { real: a.iter().map(cell).collect(), other: b.iter().map(cell).collect(), count: BINS + 1 }
        }
        (Column::Categories { codes: a, levels }, Column::Categories { codes: b, .. }) => {
            let cell = |&code: &u32| code.min(*levels);
            Cells {
                real: a.iter().map(cell).collect(),
                other: b.iter().map(cell).collect(),
                count: *levels as usize + 1,
            }
        }
        _ => panic!("one codec makes one type of column"),
    }
}

fn contingency(a: &Cells, b: &Cells) -> f64 {
    let key = |x: &u32, y: &u32| u64::from(*x) * b.count as u64 + u64::from(*y);
    let keys = |x: &[u32], y: &[u32]| -> Vec<u64> { x.iter().zip(y).map(|(x, y)| key(x, y)).collect() };
    let (mut real, mut other) = (keys(&a.real, &b.real), keys(&a.other, &b.other));
    let mut size = a.count as u64 * b.count as u64;
    if size > 4 * (real.len() + other.len()) as u64 {
        // A large, empty table: number the pairs that occur.
        let mut known = [real.as_slice(), &other].concat();
        known.sort_unstable();
        known.dedup();
        size = known.len() as u64;
        let number = |key: &mut u64| *key = known.partition_point(|known| known < key) as u64;
        real.iter_mut().chain(&mut other).for_each(number);
    }
    let counts = |keys: &[u64]| {
        let mut counts = vec![0u64; size as usize];
        keys.iter().for_each(|&key| counts[key as usize] += 1);
        counts
    };
    total_variation(&counts(&real), &counts(&other))
}

/// Pearson's r; None if either side is constant.
pub fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let pairs = || x.iter().zip(y).filter(|(x, y)| !x.is_nan() && !y.is_nan());
    let n = pairs().count() as f64;
    let (mx, my) = pairs().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs() {
        xx += (x - mx) * (x - mx);
        yy += (y - my) * (y - my);
        xy += (x - mx) * (y - my);
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_matches_hand_figures() {
        assert!(
            (correlation(&[1.0, 2.0, 3.0, f64::NAN], &[2.0, 4.0, 6.0, 0.0]).unwrap() - 1.0).abs() < 1e-12
        );
        assert!((correlation(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(correlation(&[1.0, 1.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn sparse_and_dense_contingency_agree() {
        let column = |step: u32, levels: u32| Column::Categories {
            codes: (0..100).map(|i| i * step % levels).collect(),
            levels,
        };
        let small = contingency(&cells(&column(1, 3), &column(2, 3)), &cells(&column(1, 2), &column(1, 2)));
        // The same codes under a claim of many more levels take the other path.
        let claim = |column: Column| match column {
            Column::Categories { codes, .. } => Column::Categories { codes, levels: 5000 },
            other => other,
        };
        let [a, b, c, d] = [column(1, 3), column(2, 3), column(1, 2), column(1, 2)].map(claim);
        assert_eq!(small, contingency(&cells(&a, &b), &cells(&c, &d)));
        assert!(small > 0.0);
    }
}
