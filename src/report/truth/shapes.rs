//! Column Shapes: does each column by itself look right?
//!
//! The mean over columns of SDMetrics' KSComplement for numbers, 1 - sup |F - F'|, and TVComplement for categories,
//! 1 - 1/2 sum |p - q|, of both without missing values: Column Shapes of its QualityReport 0.32. There, a column that is missing
//! altogether in one table is no part of the mean; here it scores 0, and 1 where it is so in both. The interval holds the mean
//! of the value over pairs of tables of these sizes ([`super::figure`]).

use crate::frame::{Column, Frame};
use crate::report::{ColumnScore, Metric, Report, Side, Tables, likeness, mean};

pub const METRIC: Metric = Metric {
    key: "shapes",
    side: Side::Truth,
    name: "Column Shapes",
    best: 1.0,
    says: [
        "One by one, the columns look like the real ones.",
        "Some columns differ from the real ones: see which before relying on them.",
        "Columns differ widely from the real ones: do not read totals or averages from them.",
    ],
};

/// Rows that tell how far chance moves the value.
const ROWS: usize = 4000;
/// Of wide tables fewer: so many cells.
const CELLS: usize = 80_000;

pub fn judge(tables: &Tables, report: &mut Report) {
    let (train, synthetic, gaps) = (&tables.train, &tables.synthetic, &tables.known.gaps);
    let values = scores(train, synthetic, gaps);
    let ceilings = tables.holdout.as_ref().map(|holdout| scores(train, holdout, gaps));
    let (value, ceiling) = (mean(&values), ceilings.as_deref().map(mean));
    let rows = (CELLS / values.len().max(1)).clamp(400, ROWS);
    let figure = super::figure(value, [train, synthetic], rows, |a, b| mean(&scores(a, b, gaps)));
    report.scores.push(METRIC.score(figure, ceiling, likeness(figure.at_best(), ceiling)));
    let column = |(place, &value): (usize, &f64)| ColumnScore {
        name: tables.names[place].clone(),
        value,
        ceiling: ceilings.as_ref().map(|ceilings| ceilings[place]),
    };
    report.columns = values.iter().enumerate().map(column).collect();
    report.columns.sort_by(|a, b| a.value.total_cmp(&b.value));
}

/// A score in 0..=1 for each column. `gaps`: the codes that stand for "no value", by column.
pub fn scores(real: &Frame, other: &Frame, gaps: &[Vec<u32>]) -> Vec<f64> {
    let gaps = |place: usize| gaps.get(place).map_or(&[][..], Vec::as_slice);
    let columns = real.columns.iter().zip(&other.columns).enumerate();
    columns.map(|(place, (a, b))| score(a, b, gaps(place))).collect()
}

fn score(real: &Column, other: &Column, gaps: &[u32]) -> f64 {
    match (real, other) {
        (Column::Numbers(a), Column::Numbers(b)) => 1.0 - kolmogorov_smirnov(a, b),
        (Column::Categories { codes: a, levels }, Column::Categories { codes: b, .. }) => {
            let levels = *levels as usize + 1;
            let counts = |codes: &[u32]| {
                let mut counts = vec![0u64; levels];
                codes.iter().for_each(|&code| counts[(code as usize).min(levels - 1)] += 1);
                gaps.iter().for_each(|&gap| counts[gap as usize] = 0);
                counts
            };
            let (a, b) = (counts(a), counts(b));
            match [&a, &b].map(|counts| counts.iter().any(|&count| count > 0)) {
                [true, true] => 1.0 - total_variation(&a, &b),
                [one, other] => f64::from(u8::from(one == other)),
            }
        }
        _ => panic!("one codec makes one type of column"),
    }
}

/// Half the sum of |p - q| over cells, from counts.
pub fn total_variation(a: &[u64], b: &[u64]) -> f64 {
    let (n, m) = (a.iter().sum::<u64>().max(1), b.iter().sum::<u64>().max(1));
    let gap =
        |(&p, &q): (&u64, &u64)| (u128::from(p) * u128::from(m)).abs_diff(u128::from(q) * u128::from(n));
    let sum: u128 = a.iter().zip(b).map(gap).sum();
    sum as f64 / (2.0 * n as f64 * m as f64)
}

/// The largest distance between the two distribution functions.
fn kolmogorov_smirnov(a: &[f64], b: &[f64]) -> f64 {
    let sorted = |values: &[f64]| {
        let mut values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let (a, b) = (sorted(a), sorted(b));
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 0.0 } else { 1.0 };
    }
    let (mut i, mut j, mut largest) = (0, 0, 0.0f64);
    while i < a.len() && j < b.len() {
        let value = a[i].min(b[j]);
        i += a[i..].iter().take_while(|&&x| x == value).count();
        j += b[j..].iter().take_while(|&&x| x == value).count();
        largest = largest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_distances() {
        assert_eq!(kolmogorov_smirnov(&[1.0, 2.0, 3.0, 4.0], &[3.0, 4.0, 5.0, 6.0]), 0.5);
        assert_eq!(kolmogorov_smirnov(&[1.0, f64::NAN], &[1.0, 1.0]), 0.0);
        assert_eq!(kolmogorov_smirnov(&[f64::NAN], &[1.0]), 1.0);
        assert_eq!(total_variation(&[2, 2, 0], &[1, 0, 1]), 0.5);
    }

    #[test]
    fn gaps_are_left_out() {
        let column = |codes: &[u32]| Column::Categories { codes: codes.to_vec(), levels: 3 };
        let score = |a: &[u32], b: &[u32]| score(&column(a), &column(b), &[2]);
        assert_eq!(score(&[0, 1, 2, 2], &[0, 1]), 1.0);
        assert_eq!(score(&[0, 1, 2], &[0, 0, 3, 2, 2]), 0.5); // two thirds, one third of another level; of one half each
        assert_eq!((score(&[2], &[2]), score(&[2], &[1])), (1.0, 0.0));
    }
}
