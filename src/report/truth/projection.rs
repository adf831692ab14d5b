//! The table on one plane: where its rows lie along the two directions in which the real rows differ most.
//!
//! Principal components (Pearson 1901, Hotelling 1933) of [`ROWS`] training rows taken by lot: numbers by their rank, from -1 to 1
//! with gaps in the middle, and the [`LEVELS`] commonest levels as 0 or 1, each column centred and scaled to the same variance as
//! others. The two leading directions come from [`ROUNDS`] rounds of the power method from a fixed start. Rows are counted in
//! a grid whose outermost cells take all that lies beyond the 1 and the 99 % quantile; no cell of fewer than five rows is told.
//! Overlap is 1 - 1/2 sum |p - q| over all cells: 1 where both lie alike. A picture, no figure: it has no verdict.

use serde::Serialize;

use super::distributions::TOLD;
use super::shapes::total_variation;
use crate::frame::{Column, Frame};
use crate::report::{Report, Tables, some};

const ROWS: usize = 5000;
const FEWEST: usize = 50;
const COLUMNS: usize = 60;
const LEVELS: usize = 5;
const ROUNDS: usize = 40;
/// Cells a side at most; of short tables fewer, or too few rows would lie in each.
const CELLS: usize = 14;
const KEY: u64 = 0x9e0;

/// Shares of the rows in each cell of a grid, row by row from the top; None where fewer than five rows lie there.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Projection {
    /// Cells a side.
    pub cells: usize,
    /// Share of the real rows' variance that each direction tells.
    pub explained: [f64; 2],
    /// Of each direction the columns that weigh most.
    pub columns: [Vec<String>; 2],
    pub real: Vec<Option<f64>>,
    pub synthetic: Vec<Option<f64>>,
    /// How much of the two tables lies in the same cells; and of the held-out rows.
    pub overlap: f64,
    pub ceiling: Option<f64>,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    report.projection = projection(tables);
}

fn projection(tables: &Tables) -> Option<Projection> {
    let (train, synthetic) = (&tables.train, &tables.synthetic);
    if train.rows < FEWEST || synthetic.rows < FEWEST {
        return None;
    }
    let all = train.columns.len();
    let chosen: Vec<usize> = match all {
        ..=COLUMNS => (0..all).collect(),
        _ => (0..COLUMNS).map(|i| i * all / COLUMNS).collect(),
    };
    let scales: Vec<Scale> =
        chosen.iter().filter_map(|&place| Scale::new(place, &train.columns[place])).collect();
    let width: usize = scales.iter().map(Scale::width).sum();
    if width < 2 {
        return None;
    }
    let points = points(&scales, train);
    let total: f64 = points.iter().map(|value| value * value).sum();
    let first = direction(&points, width, None);
    let second = direction(&points, width, Some(&first));
    let axes = [first, second];
    let along = |axis: &[f64]| points.chunks_exact(width).map(|row| dot(row, axis)).collect::<Vec<f64>>();
    let real = axes.each_ref().map(|axis| along(axis));
    let ends = real.each_ref().map(|values| ends(values));
    if ends.iter().any(|[low, high]| low >= high) {
        return None;
    }
    let fewest = train.rows.min(synthetic.rows).min(ROWS);
    let cells = ((fewest as f64 / 10.0).sqrt() as usize).clamp(4, CELLS);
    let count = |frame: &Frame| {
        let points = self::points(&scales, frame);
        let cell = |row: &[f64]| {
            let [x, y] = [0, 1].map(|axis| {
                let [low, high] = ends[axis];
                ((dot(row, &axes[axis]) - low) / (high - low) * cells as f64).clamp(0.0, (cells - 1) as f64)
                    as usize
            });
            (cells - 1 - y) * cells + x
        };
        let mut counts = vec![0u64; cells * cells];
        points.chunks_exact(width).for_each(|row| counts[cell(row)] += 1);
        counts
    };
    let [counts, made] = [train, synthetic].map(count);
    let held = tables.holdout.as_ref().filter(|held| held.rows >= FEWEST).map(count);
    let explained =
        real.each_ref().map(|values| values.iter().map(|value| value * value).sum::<f64>() / total);
    Some(Projection {
        cells,
        explained,
        columns: axes.each_ref().map(|axis| heaviest(&scales, axis, &tables.names)),
        overlap: 1.0 - total_variation(&counts, &made),
        ceiling: held.map(|held| 1.0 - total_variation(&counts, &held)),
        real: shares(&counts),
        synthetic: shares(&made),
    })
}

fn shares(counts: &[u64]) -> Vec<Option<f64>> {
    let total = counts.iter().sum::<u64>() as f64;
    let share = |&count: &u64| (count >= TOLD).then(|| (count as f64 / total * 1000.0).round() / 1000.0);
    counts.iter().map(share).collect()
}

/// What a column's values are in the plane's space.
struct Scale {
    place: usize,
    by: By,
}

enum By {
    /// The training rows' numbers in order, and by how much ranks are stretched.
    Rank(Vec<f64>, f64),
    /// The levels, each with its share; and by how much all are stretched.
    Levels(Vec<(u32, f64)>, f64),
}

impl Scale {
    /// None for a column that never varies.
    fn new(place: usize, column: &Column) -> Option<Scale> {
        let by = match column {
            Column::Numbers(values) => {
                let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                known.sort_unstable_by(f64::total_cmp);
                let ranks = values.iter().map(|value| rank(&known, *value));
                let variance = ranks.map(|rank| rank * rank).sum::<f64>() / values.len() as f64;
                (variance > 1e-9).then(|| By::Rank(known, 1.0 / variance.sqrt()))?
            }
            Column::Categories { codes, levels } => {
                let mut counts = vec![0u64; *levels as usize + 1];
                codes.iter().for_each(|&code| counts[code.min(*levels) as usize] += 1);
                let mut ranked: Vec<u32> =
                    (0..*levels).filter(|&code| counts[code as usize] >= TOLD).collect();
                ranked.sort_by_key(|&code| (u64::MAX - counts[code as usize], code));
                ranked.truncate(LEVELS);
                let share = |code: u32| counts[code as usize] as f64 / codes.len() as f64;
                let levels: Vec<(u32, f64)> = ranked.into_iter().map(|code| (code, share(code))).collect();
                let variance: f64 = levels.iter().map(|(_, share)| share * (1.0 - share)).sum();
                (variance > 1e-9).then(|| By::Levels(levels, 1.0 / variance.sqrt()))?
            }
        };
        Some(Scale { place, by })
    }

    fn width(&self) -> usize {
        match &self.by {
            By::Rank(..) => 1,
            By::Levels(levels, _) => levels.len(),
        }
    }
}

/// From -1 to 1, in the middle of equal ones; 0 for a gap.
fn rank(known: &[f64], value: f64) -> f64 {
    if value.is_nan() {
        return 0.0;
    }
    let below = known.partition_point(|other| *other < value);
    let upto = known.partition_point(|other| *other <= value);
    (below + upto) as f64 / known.len().max(1) as f64 - 1.0
}

/// Some rows of a table, one after the other.
fn points(scales: &[Scale], frame: &Frame) -> Vec<f64> {
    let rows = some(frame.rows, ROWS, KEY);
    let width: usize = scales.iter().map(Scale::width).sum();
    let mut points = vec![0.0; rows.len() * width];
    let mut from = 0;
    for scale in scales {
        let cells = rows.iter().zip(points.chunks_exact_mut(width));
        match (&scale.by, &frame.columns[scale.place]) {
            (By::Rank(known, by), Column::Numbers(values)) => {
                cells.for_each(|(&row, point)| point[from] = by * rank(known, values[row]));
            }
            (By::Levels(levels, by), Column::Categories { codes, .. }) => cells.for_each(|(&row, point)| {
                for (at, (code, share)) in levels.iter().enumerate() {
                    point[from + at] = by * (f64::from(u8::from(codes[row] == *code)) - share);
                }
            }),
            _ => panic!("one codec makes one type of column"),
        }
        from += scale.width();
    }
    points
}

/// The direction of most variance, at a right angle to another one.
fn direction(points: &[f64], width: usize, other: Option<&[f64]>) -> Vec<f64> {
    let mut axis: Vec<f64> = (0..width).map(|at| 1.0 + (at % 7) as f64 * 0.1).collect();
    for _ in 0..ROUNDS {
        let mut next = vec![0.0; width];
        for row in points.chunks_exact(width) {
            let weight = dot(row, &axis);
            next.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        }
        if let Some(other) = other {
            let shared = dot(&next, other);
            next.iter_mut().zip(other).for_each(|(value, other)| *value -= shared * other);
        }
        let length = dot(&next, &next).sqrt();
        if length < 1e-12 {
            break;
        }
        axis = next.into_iter().map(|value| value / length).collect();
    }
    axis
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn ends(values: &[f64]) -> [f64; 2] {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let beyond = sorted.len() / 100;
    [sorted[beyond], sorted[sorted.len() - 1 - beyond]]
}

/// The three columns that a direction is most made of.
fn heaviest(scales: &[Scale], axis: &[f64], names: &[String]) -> Vec<String> {
    let mut from = 0;
    let weight = |scale: &Scale| {
        let part = &axis[from..from + scale.width()];
        from += scale.width();
        (dot(part, part), scale.place)
    };
    let mut weights: Vec<(f64, usize)> = scales.iter().map(weight).collect();
    weights.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    weights
        .into_iter()
        .take(3)
        .filter(|(weight, _)| *weight > 0.05)
        .map(|(_, place)| names[place].clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::mix;
    use crate::report::Asked;

    fn frame(rows: usize, salt: u64, turned: bool) -> Frame {
        let unit = |row: usize, what: u64| crate::math::rng::unit(mix(salt << 50 ^ what << 40 ^ row as u64));
        let a = |row: usize| unit(row, 1);
        let b = |row: usize| if turned { 1.0 - a(row) } else { a(row) } + 0.1 * unit(row, 2);
        let column = |of: &dyn Fn(usize) -> f64| Column::Numbers((0..rows).map(of).collect());
        let codes = (0..rows).map(|row| u32::from(unit(row, 3) < 0.3)).collect();
        Frame::new(vec![column(&a), column(&b), Column::Categories { codes, levels: 2 }])
    }

    fn of(synthetic: Frame, holdout: Option<Frame>) -> Projection {
        let labels = vec![vec![], vec![], vec![Some("n".into()), Some("y".into())]];
        let names = vec!["a".into(), "b".into(), "c".into()];
        let (dates, asked) = (vec![false; 3], Asked::default());
        projection(&Tables {
            names,
            labels,
            dates,
            asked,
            ..Tables::plain(frame(2000, 1, false), holdout, synthetic)
        })
        .unwrap()
    }

    #[test]
    fn fresh_rows_overlap_and_turned_ones_do_not() {
        let fresh = of(frame(2000, 2, false), Some(frame(2000, 3, false)));
        assert!(fresh.overlap > 0.8 && (fresh.overlap - fresh.ceiling.unwrap()).abs() < 0.05, "{fresh:?}");
        assert_eq!(fresh.columns[1], ["c"]);
        // Two columns that are one, and one of its own: two thirds of all variance, and the rest.
        assert!(
            (fresh.explained[0] - 2.0 / 3.0).abs() < 0.02 && (fresh.explained[1] - 1.0 / 3.0).abs() < 0.02
        );
        assert!(of(frame(2000, 2, true), None).overlap < 0.4);
    }

    #[test]
    fn cells_of_few_rows_are_not_told() {
        let few = of(frame(300, 2, false), None);
        assert!(few.synthetic.iter().flatten().all(|share| share * 300.0 >= 4.9));
        assert!(few.synthetic.iter().any(Option::is_none));
    }
}
