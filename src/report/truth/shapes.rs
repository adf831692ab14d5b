//! Column Shapes: does each column by itself look right?
//!
//! SDMetrics' KSComplement for numbers, 1 - sup |F - F'|, missing values left out; TVComplement for categories,
//! 1 - 1/2 sum |p - q|. A column missing altogether in one table alone scores 0.

use crate::frame::{Column, Frame};
use crate::report::{ColumnScore, Figure, Metric, Report, Side, Tables, likeness, mean};

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

pub fn judge(tables: &Tables, report: &mut Report) {
    let values = scores(&tables.train, &tables.synthetic);
    let ceilings = tables.holdout.as_ref().map(|holdout| scores(&tables.train, holdout));
    let (value, ceiling) = (mean(&values), ceilings.as_deref().map(mean));
    report.scores.push(METRIC.score(Figure::plain(value), ceiling, likeness(value, ceiling)));
    let column = |(place, &value): (usize, &f64)| ColumnScore {
        name: tables.names[place].clone(),
        value,
        ceiling: ceilings.as_ref().map(|ceilings| ceilings[place]),
    };
    report.columns = values.iter().enumerate().map(column).collect();
    report.columns.sort_by(|a, b| a.value.total_cmp(&b.value));
}

/// A score in 0..=1 for each column.
pub fn scores(real: &Frame, other: &Frame) -> Vec<f64> {
    real.columns.iter().zip(&other.columns).map(|(a, b)| score(a, b)).collect()
}

fn score(real: &Column, other: &Column) -> f64 {
    match (real, other) {
        (Column::Numbers(a), Column::Numbers(b)) => 1.0 - kolmogorov_smirnov(a, b),
        (Column::Categories { codes: a, levels }, Column::Categories { codes: b, .. }) => {
            let levels = *levels as usize + 1;
            let counts = |codes: &[u32]| {
                let mut counts = vec![0u64; levels];
                codes.iter().for_each(|&code| counts[(code as usize).min(levels - 1)] += 1);
                counts
            };
            1.0 - total_variation(&counts(a), &counts(b))
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
}
