//! The distances between three tables, and what they say: see `nearest.rs`.

use crate::frame::{Column, Frame};
use crate::math::chance;
use crate::math::distance::{Axis, Points, auc};
use crate::math::rng::mix;
use crate::report::{Figure, mean, some};

const ROWS: usize = 2500;
/// Whose distance is a row's own reach.
const NEIGHBOUR: usize = 5;
/// One in so many real rows counts as an outlier.
const ODD: usize = 20;

/// The share of strangers that an attack may take for learned ones.
pub const FALSE: f64 = 0.01;
/// The share of nearest rows that near copies and ratios are about.
const LOW: f64 = 0.05;

pub struct Found {
    pub coverage: Figure,
    pub density: Figure,
    pub nearest: Figure,
    pub membership: Figure,
    pub outliers: Figure,
    /// As near as the nearest of the held-out rows.
    pub near: Figure,
    /// A low quantile of the nearest distance over the second.
    pub ratio: Figure,
    /// What is found at few false alarms, and what chance may find at most; None without rows to tell of.
    pub sure: Option<(Figure, f64)>,
    pub odd_sure: Option<(Figure, f64)>,
}

/// What is known of the training table's columns: where a number lies among theirs.
pub struct Space {
    /// Of each column of numbers its values, sorted; of others none.
    sorted: Vec<Vec<f64>>,
}

impl Space {
    pub fn new(train: &Frame) -> Space {
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
pub fn find(space: &Space, train: &Frame, holdout: &Frame, other: &Frame) -> Found {
    let count = train.rows.min(holdout.rows).min(ROWS);
    let train = space.points(train, &some(train.rows, count, 1));
    let holdout = space.points(holdout, &some(holdout.rows, count, 2));
    let other = space.points(other, &some(other.rows, ROWS, 3));
    measure(&train, &holdout, &other)
}

/// Held-out rows, one half, in the place of the synthetic table, beside the other half.
pub fn ceiling(space: &Space, train: &Frame, holdout: &Frame) -> Found {
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
    let (mut nearer, mut within) = (0.0, Vec::with_capacity(other.rows()));
    let mut made = Vec::with_capacity(other.rows());
    for row in 0..other.rows() {
        let (seen, unseen) = (train.distances(other, row), holdout.distances(other, row));
        made.push(two_least(&seen));
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
    let held: Vec<[f32; 2]> = (0..rows).map(|row| two_least(&train.distances(holdout, row))).collect();
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
        near: share(near(&held, &made), other.rows()),
        ratio: ratio(&made),
        sure: found_for_sure(&to_train, &to_holdout),
        odd_sure: found_for_sure(&of_odd(true, &to_train), &of_odd(false, &to_holdout)),
    }
}

/// The mean, and 1.96 standard errors on each side.
fn average(values: &[f64]) -> Figure {
    let (value, count) = (mean(values), values.len() as f64);
    let squares: f64 = values.iter().map(|other| (other - value) * (other - value)).sum();
    let reach = 1.96 * (squares / (count * (count - 1.0)).max(1.0)).sqrt();
    Figure { value, interval: Some([(value - reach).max(0.0), value + reach]) }
}

/// The least distance and the second least.
fn two_least(distances: &[f32]) -> [f32; 2] {
    distances.iter().fold([f32::INFINITY; 2], |[first, second], &distance| match distance {
        least if least < first => [least, first],
        other => [first, second.min(other)],
    })
}

/// How many are as near as the nearest twentieth of the held-out rows.
fn near(held: &[[f32; 2]], made: &[[f32; 2]]) -> f64 {
    let mut nearest: Vec<f32> = held.iter().map(|[first, _]| *first).collect();
    nearest.sort_unstable_by(f32::total_cmp);
    let edge = nearest.get((nearest.len() as f64 * LOW) as usize).copied().unwrap_or(0.0);
    made.iter().filter(|[first, _]| *first <= edge).count() as f64
}

/// A low quantile of first over second; its interval is the values whose places chance may have put there.
fn ratio(made: &[[f32; 2]]) -> Figure {
    let of = |&[first, second]: &[f32; 2]| if second > 0.0 { (first / second).sqrt() } else { 1.0 };
    let mut ratios: Vec<f32> = made.iter().map(of).collect();
    ratios.sort_unstable_by(f32::total_cmp);
    let n = ratios.len() as f64;
    let reach = 1.96 * (n * LOW * (1.0 - LOW)).sqrt();
    let at = |place: f64| {
        ratios
            .get((place.max(0.0) as usize).min(ratios.len().saturating_sub(1)))
            .map_or(1.0, |&ratio| f64::from(ratio))
    };
    Figure { value: at(n * LOW), interval: Some([at(n * LOW - reach), at((n * LOW + reach).ceil())]) }
}

/// The share of `seen` that is as near as [`FALSE`] of `unseen`, straight between the points of the curve; and how many of the
/// latter chance may have there.
fn found_for_sure(seen: &[f32], unseen: &[f32]) -> Option<(Figure, f64)> {
    let mut sorted = unseen.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let allowed = FALSE * sorted.len() as f64;
    let edge = *sorted.get(allowed as usize)?;
    let count = |values: &[f32], is_in: &dyn Fn(f32) -> bool| {
        values.iter().filter(|&&value| is_in(value)).count() as f64
    };
    let (below, at) = (|value: f32| value < edge, |value: f32| value == edge);
    let part = (allowed - count(unseen, &below)) / count(unseen, &at);
    let hits = count(seen, &below) + part * count(seen, &at);
    let figure =
        Figure { value: hits / seen.len().max(1) as f64, interval: Some(chance::of_share(hits, seen.len())) };
    (!seen.is_empty()).then(|| (figure, chance::of_share(allowed, unseen.len())[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of two numbers on a circle, with noise, and a category.
    fn frame(rows: usize, salt: u64) -> Frame {
        let unit = |row: usize, what: u64| crate::math::rng::unit(mix(salt << 40 ^ what << 32 ^ row as u64));
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
        let high = |figure: Figure| figure.interval.unwrap()[1];
        assert!(copied.near.value > 0.99 && high(copied.ratio) == 0.0);
        for (figure, chance) in [copied.sure, copied.odd_sure].map(Option::unwrap) {
            assert!(figure.value > 0.99 && chance < 0.1);
        }
        let ceiling = ceiling(&space, &train, &holdout);
        assert!((fresh.coverage.value - ceiling.coverage.value).abs() < 0.04);
        assert!((fresh.density.value - 1.0).abs() < 0.1, "{}", fresh.density.value);
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
        assert!(found.coverage.value < 0.1 && (found.density.value - 1.0).abs() > 0.3);
    }

    #[test]
    fn gaps_and_few_rows_are_no_trouble() {
        let tiny = Frame::new(vec![Column::Numbers(vec![f64::NAN, 1.0, 2.0])]);
        let found = find(&Space::new(&tiny), &tiny, &tiny, &tiny);
        assert_eq!(found.nearest.value, 0.5);
        ceiling(&Space::new(&tiny), &tiny, &tiny);
    }

    /// Ten fresh tables; each bound is broken by two intervals of 95 % that would have to part: alpha < 0.003 each.
    #[test]
    fn fresh_rows_are_silent() {
        let (train, holdout) = (frame(1500, 1), frame(1500, 2));
        let space = Space::new(&train);
        let real = ceiling(&space, &train, &holdout);
        for salt in 3..13 {
            let fresh = find(&space, &train, &holdout, &frame(1500, salt));
            assert!(fresh.near.surely() <= real.near.interval.unwrap()[1], "{salt} {:?}", fresh.near);
            assert!(fresh.ratio.interval.unwrap()[1] >= real.ratio.surely(), "{salt} {:?}", fresh.ratio);
            for (figure, chance) in [fresh.sure, fresh.odd_sure].map(Option::unwrap) {
                assert!(figure.surely() <= chance, "{salt} {figure:?} {chance}");
            }
        }
    }

    #[test]
    fn figures_by_hand() {
        assert_eq!(two_least(&[3.0, 1.0, 2.0, 1.0]), [1.0, 1.0]);
        let line: Vec<f32> = (1..=100).map(|place| place as f32).collect();
        // One of a hundred is at most 2 to 1: half of those at 1, since none of the strangers is below it.
        let (figure, _) = found_for_sure(&[0.5, 1.0, 1.5, 50.0], &line).unwrap();
        assert_eq!(figure.value, 0.75);
        assert!(found_for_sure(&[], &line).is_none() && found_for_sure(&line, &[]).is_none());
        let rows: Vec<[f32; 2]> = (1..=100).map(|place| [place as f32, 100.0]).collect();
        assert_eq!(near(&rows, &rows), 6.0);
        assert!((ratio(&rows).value - 0.06f64.sqrt()).abs() < 1e-6);
        assert_eq!(ratio(&[[0.0, 0.0]]).value, 1.0);
    }
}
