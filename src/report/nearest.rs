//! Where synthetic rows lie among real ones: is each region of the real table reached, and do they crowd round the rows that
//! were learned from?
//!
//! - `coverage`: held-out rows with a synthetic row no farther away than their fifth nearest held-out neighbour (Naeem et
//!   al. 2020);
//! - `density`: how many held-out rows have a synthetic row within that reach, over five and averaged over synthetic rows: about
//!   1 if these lie as densely as real ones, less where no real rows are, more where they crowd;
//! - `nearest`: synthetic rows that lie nearer to a row that was learned from than to any of as many held-out ones, ties
//!   counting half (the share of DCR, distance to closest record);
//! - `membership`: the AUC of an attack that takes a real row for one that was learned from the nearer a synthetic row
//!   lies (Yeom et al. 2018, with distances in the place of losses);
//! - `outliers`: the same among the twentieth of the real rows that lie farthest from the fifth nearest row of the other real
//!   table.
//!
//! Rows are points as `distance.rs` has them, numbers by their rank in the training table. At most [`ROWS`] of each table
//! are looked at, chosen by lot.

use crate::frame::{Column, Frame};
use crate::math::chance;
use crate::math::distance::{Axis, Points, auc};
use crate::math::rng::mix;
use crate::report::safety::{enough, guarded, is_vague};
use crate::report::{Figure, Metric, Report, Side, Tables, Verdict, likeness, mean, some};

pub const COVERAGE: Metric = Metric {
    key: "coverage",
    side: Side::Truth,
    name: "Coverage",
    best: 1.0,
    says: [
        "Every region of the real table is reached.",
        "Some kinds of real rows have no synthetic ones near them.",
        "Many kinds of real rows are missing: diversity was lost, so do not learn of rare groups from it.",
    ],
};
pub const DENSITY: Metric = Metric {
    key: "density",
    side: Side::Truth,
    name: "Density",
    best: 1.0,
    says: [
        "Synthetic rows lie among the real ones as densely as other real rows do.",
        "Synthetic rows lie more thinly, or crowd more, among the real ones than other real rows do.",
        "Synthetic rows lie where no real ones are, or crowd where the commonest are: do not learn of single cases from them.",
    ],
};
pub const NEAREST: Metric = Metric {
    key: "nearest",
    side: Side::Safety,
    name: "Nearest to learned rows",
    best: 0.5,
    says: [
        "Synthetic rows lie no nearer to rows that were learned from than to rows that were not: 50 % is none remembered.",
        "Synthetic rows lie a little nearer to rows that were learned from, where 50 % is none remembered.",
        "Synthetic rows crowd round rows that were learned from: choose Cautious before sharing.",
    ],
};
pub const MEMBERSHIP: Metric = Metric {
    key: "membership",
    side: Side::Safety,
    name: "Membership guessed",
    best: 0.5,
    says: [
        "Who takes the real rows nearest to synthetic ones for learned ones is right as often as a coin.",
        "Who takes the real rows nearest to synthetic ones for learned ones is right a little more often than a coin.",
        "Nearness to synthetic rows gives away who was learned from: do not share this table.",
    ],
};
pub const OUTLIERS: Metric = Metric {
    key: "outliers",
    side: Side::Safety,
    name: "Odd rows guessed",
    best: 0.5,
    says: [
        "The same guess about the oddest twentieth of the rows is right as often as a coin.",
        "The same guess about the oddest twentieth of the rows is right a little more often than a coin.",
        "Odd rows can be found again: do not share this table before they are left out.",
    ],
};

const ROWS: usize = 2500;
/// Whose distance is a row's own reach.
const NEIGHBOUR: usize = 5;
/// One in so many real rows counts as an outlier.
const ODD: usize = 20;

pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(holdout) = &tables.holdout else { return };
    let space = Space::new(&tables.train);
    let found = find(&space, &tables.train, holdout, &tables.synthetic);
    let real = ceiling(&space, &tables.train, holdout);
    let covered = likeness(found.coverage.value, Some(real.coverage.value));
    report.scores.push(COVERAGE.score(found.coverage, Some(real.coverage.value), covered));
    let apart = far(found.density, real.density.value);
    let dense = Verdict::of(apart <= 0.1, apart <= 0.3);
    report.scores.push(DENSITY.score(found.density, Some(real.density.value), dense));
    let attacks = [
        (&NEAREST, found.nearest, real.nearest, 0.55),
        (&MEMBERSHIP, found.membership, real.membership, 0.55),
        (&OUTLIERS, found.outliers, real.outliers, 0.6),
    ];
    for (metric, figure, ceiling, look) in attacks {
        let verdict = Verdict::of(figure.surely() <= 0.51, figure.surely() <= look);
        let tells = enough(report.rows) && !is_vague(figure);
        report.scores.push(guarded(metric.score(figure, Some(ceiling.value), verdict), tells));
    }
}

/// How far the interval lies from the ceiling, as a share of it.
fn far(figure: Figure, ceiling: f64) -> f64 {
    let [low, high] = figure.interval.unwrap_or([figure.value; 2]);
    (low - ceiling).max(ceiling - high).max(0.0) / ceiling.max(f64::MIN_POSITIVE)
}

struct Found {
    coverage: Figure,
    density: Figure,
    nearest: Figure,
    membership: Figure,
    outliers: Figure,
}

/// What is known of the training table's columns: where a number lies among theirs.
struct Space {
    /// Of each column of numbers its values, sorted; of others none.
    sorted: Vec<Vec<f64>>,
}

impl Space {
    fn new(train: &Frame) -> Space {
        let sorted = |column: &Column| match column {
            Column::Numbers(values) => {
                let mut present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                present.sort_unstable_by(f64::total_cmp);
                present
            }
            Column::Categories { .. } => Vec::new(),
        };
        Space { sorted: train.columns.iter().map(sorted).collect() }
    }

    fn points(&self, frame: &Frame, rows: &[usize]) -> Points {
        let axes = |(column, sorted): (&Column, &Vec<f64>)| match column {
            Column::Numbers(values) => {
                let rank = |value: f64| {
                    let below = sorted.partition_point(|&other| other < value);
                    let through = sorted.partition_point(|&other| other <= value);
                    (below + through) as f32 / (2 * sorted.len().max(1)) as f32
                };
                let place = |&row: &usize| if values[row].is_nan() { 0.5 } else { rank(values[row]) };
                let missing = |&row: &usize| u32::from(values[row].is_nan());
                vec![
                    Axis::Number(rows.iter().map(place).collect()),
                    Axis::Level(rows.iter().map(missing).collect()),
                ]
            }
            Column::Categories { codes, .. } => {
                vec![Axis::Level(rows.iter().map(|&row| codes[row]).collect())]
            }
        };
        Points::new(rows.len(), frame.columns.iter().zip(&self.sorted).flat_map(axes).collect())
    }
}

/// `other` in the place of the synthetic table.
fn find(space: &Space, train: &Frame, holdout: &Frame, other: &Frame) -> Found {
    let count = train.rows.min(holdout.rows).min(ROWS);
    let train = space.points(train, &some(train.rows, count, 1));
    let holdout = space.points(holdout, &some(holdout.rows, count, 2));
    let other = space.points(other, &some(other.rows, ROWS, 3));
    measure(&train, &holdout, &other)
}

/// Held-out rows, one half, in the place of the synthetic table, beside the other half.
fn ceiling(space: &Space, train: &Frame, holdout: &Frame) -> Found {
    let count = (holdout.rows / 2).min(train.rows).min(ROWS);
    let held = some(holdout.rows, 2 * count, 2);
    let (one, other) = held.split_at(count);
    let train = space.points(train, &some(train.rows, count, 1));
    measure(&train, &space.points(holdout, one), &space.points(holdout, other))
}

/// `train` and `holdout` have as many rows.
fn measure(train: &Points, holdout: &Points, other: &Points) -> Found {
    let least = |distances: &[f32]| distances.iter().copied().fold(f32::INFINITY, f32::min);
    let keep_least = |nearest: &mut [f32], distances: &[f32]| {
        nearest.iter_mut().zip(distances).for_each(|(nearest, distance)| *nearest = nearest.min(*distance));
    };
    let rows = train.rows();
    let (mut to_train, mut to_holdout) = (vec![f32::INFINITY; rows], vec![f32::INFINITY; rows]);
    // Itself is the nearest of its own table.
    let own_reach = |points: &Points, row: usize| {
        let mut distances = points.distances(points, row);
        distances[row] = f32::INFINITY;
        let place = NEIGHBOUR.min(distances.len()) - 1;
        *distances.select_nth_unstable_by(place, f32::total_cmp).1
    };
    let reaches: Vec<f32> = (0..rows).map(|row| own_reach(holdout, row)).collect();
    let (mut nearer, mut within) = (0.0, Vec::new());
    for row in 0..other.rows() {
        let (seen, unseen) = (train.distances(other, row), holdout.distances(other, row));
        let reached = unseen.iter().zip(&reaches).filter(|(distance, reach)| distance <= reach).count();
        within.push(reached as f64 / NEIGHBOUR as f64);
        keep_least(&mut to_train, &seen);
        keep_least(&mut to_holdout, &unseen);
        nearer += match least(&seen).total_cmp(&least(&unseen)) {
            std::cmp::Ordering::Less => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Greater => 0.0,
        };
    }
    let reach = |points: &Points, row: usize, others: &Points| {
        let mut distances = others.distances(points, row);
        let place = NEIGHBOUR.min(distances.len()) - 1;
        *distances.select_nth_unstable_by(place, f32::total_cmp).1
    };
    let covered = to_holdout.iter().zip(&reaches).filter(|(nearest, reach)| nearest <= reach).count();
    // Every real row's reach among the rows of the other real table, so that both are asked alike.
    let mut odd: Vec<(f32, bool, usize)> = (0..rows)
        .flat_map(|row| [(reach(train, row, holdout), true, row), (reach(holdout, row, train), false, row)])
        .collect();
    odd.sort_by(|a, b| b.0.total_cmp(&a.0).then(mix(a.2 as u64).cmp(&mix(b.2 as u64))));
    odd.truncate((2 * rows).div_ceil(ODD));
    let of_odd = |seen: bool, nearest: &[f32]| -> Vec<f32> {
        odd.iter().filter(|(_, is_seen, _)| *is_seen == seen).map(|&(_, _, row)| nearest[row]).collect()
    };
    let attack = |seen: &[f32], unseen: &[f32]| {
        let value = auc(seen, unseen);
        Figure { value, interval: Some(chance::of_auc(value, [seen.len(), unseen.len()])) }
    };
    let share = |hits: f64, rows: usize| Figure {
        value: hits / rows.max(1) as f64,
        interval: Some(chance::of_share(hits, rows)),
    };
    Found {
        coverage: share(covered as f64, rows),
        density: average(&within),
        nearest: share(nearer, other.rows()),
        membership: attack(&to_train, &to_holdout),
        outliers: attack(&of_odd(true, &to_train), &of_odd(false, &to_holdout)),
    }
}

/// The mean, and 1.96 standard errors on each side.
fn average(values: &[f64]) -> Figure {
    let (value, count) = (mean(values), values.len() as f64);
    let squares: f64 = values.iter().map(|other| (other - value) * (other - value)).sum();
    let reach = 1.96 * (squares / (count * (count - 1.0)).max(1.0)).sqrt();
    Figure { value, interval: Some([(value - reach).max(0.0), value + reach]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of two numbers on a circle, with noise, and a category.
    fn frame(rows: usize, salt: u64) -> Frame {
        let unit = |row: usize, what: u64| {
            (mix(salt << 40 ^ what << 32 ^ row as u64) >> 11) as f64 / (1u64 << 53) as f64
        };
        let angle = |row: usize| unit(row, 1) * std::f64::consts::TAU;
        let numbers = |of: fn(f64) -> f64, what| {
            Column::Numbers((0..rows).map(|row| of(angle(row)) + 0.2 * unit(row, what)).collect())
        };
        let codes = (0..rows).map(|row| u32::from(angle(row) > 3.0)).collect();
        Frame::new(vec![numbers(f64::sin, 2), numbers(f64::cos, 3), Column::Categories { codes, levels: 2 }])
    }

    /// alpha < 0.0001 for each bound on a fresh table: four standard errors.
    #[test]
    fn copies_alarm_and_fresh_rows_do_not() {
        let (train, holdout) = (frame(1500, 1), frame(1500, 2));
        let space = Space::new(&train);
        let fresh = find(&space, &train, &holdout, &frame(1500, 3));
        let error = 0.5 / 1500f64.sqrt();
        assert!((fresh.nearest.value - 0.5).abs() < 4.0 * error, "{}", fresh.nearest.value);
        assert!((fresh.membership.value - 0.5).abs() < 4.0 * error * 1.16, "{}", fresh.membership.value);
        let copied = find(&space, &train, &holdout, &train);
        assert!(
            copied.nearest.value > 0.99 && copied.membership.value > 0.99 && copied.outliers.value > 0.99
        );
        let ceiling = ceiling(&space, &train, &holdout);
        assert!((fresh.coverage.value - ceiling.coverage.value).abs() < 0.04);
        assert!((fresh.density.value - 1.0).abs() < 0.1, "{}", fresh.density.value);
        assert!(far(fresh.density, ceiling.density.value) <= 0.1);
        let interval = ceiling.nearest.interval.unwrap();
        assert!(interval[0] < 0.5 && 0.5 < interval[1]);
    }

    #[test]
    fn one_mode_covers_little() {
        let (train, holdout) = (frame(1000, 1), frame(1000, 2));
        let mut one = frame(1000, 3);
        one.columns[0] = Column::Numbers(vec![1.0; 1000]);
        one.columns[1] = Column::Numbers(vec![0.1; 1000]);
        let found = find(&Space::new(&train), &train, &holdout, &one);
        assert!(found.coverage.value < 0.1);
        assert!(far(found.density, 1.0) > 0.3, "{}", found.density.value);
    }

    #[test]
    fn gaps_and_few_rows_are_no_trouble() {
        let tiny = Frame::new(vec![Column::Numbers(vec![f64::NAN, 1.0, 2.0])]);
        let found = find(&Space::new(&tiny), &tiny, &tiny, &tiny);
        assert_eq!(found.nearest.value, 0.5);
        ceiling(&Space::new(&tiny), &tiny, &tiny);
    }
}
