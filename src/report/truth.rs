//! How true a synthetic table is: does it look like rows that the model never saw?

use super::{Figure, some};
use crate::frame::{Column, Frame};

mod calendar;
pub mod correlations;
pub mod detection;
pub mod distributions;
pub mod facts;
pub mod gaps;
pub mod marginals;
pub mod matrix;
pub mod projection;
pub mod shapes;
pub mod trends;
pub mod validity;

/// Groups of rows, each left out once.
const GROUPS: usize = 20;
/// The 97.5 % quantile of Student's law with 19 degrees of freedom.
const STUDENT: f64 = 2.093;

/// The value of a score from 0 to 1 with an interval that holds its mean over tables of the same sizes, which are as like each
/// other as these two, in 95 of 100 such tables. Such a score is lower the shorter the tables are; the interval is not for a
/// table of endless length.
///
/// By the delete-a-group jackknife (Kott 2001): twenty times a twentieth of the rows of both tables is left out, and the score's
/// squared differences from their mean are summed, times 19/20. Of long tables about `rows` of the longer one are looked at,
/// chosen by lot, and of the other in proportion; the variance is then that share of what they show. None of few rows.
fn figure(
    value: f64,
    [real, other]: [&Frame; 2],
    rows: usize,
    score: impl Fn(&Frame, &Frame) -> f64,
) -> Figure {
    let share = (rows as f64 / real.rows.max(other.rows).max(1) as f64).min(1.0);
    let taken = |frame: &Frame, key: u64| {
        some(frame.rows, ((frame.rows as f64 * share) as usize).max(2 * GROUPS), key)
    };
    let (ours, theirs) = (taken(real, 8), taken(other, 9));
    if ours.len().min(theirs.len()) < 2 * GROUPS {
        return Figure::plain(value);
    }
    let without = |rows: &[usize], group: usize| -> Vec<usize> {
        rows.iter().enumerate().filter(|(place, _)| place % GROUPS != group).map(|(_, &row)| row).collect()
    };
    let scores: Vec<f64> = (0..GROUPS)
        .map(|group| score(&pick(real, &without(&ours, group)), &pick(other, &without(&theirs, group))))
        .collect();
    Figure { value, interval: Some(spread(value, &scores, share)) }
}

/// From the scores without each group.
fn spread(value: f64, scores: &[f64], share: f64) -> [f64; 2] {
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let squares: f64 = scores.iter().map(|score| (score - mean) * (score - mean)).sum();
    let reach = STUDENT * ((count - 1.0) / count * squares * share).sqrt();
    [(value - reach).max(0.0), (value + reach).min(1.0)]
}

/// These rows of a frame.
fn pick(frame: &Frame, rows: &[usize]) -> Frame {
    let column = |column: &Column| match column {
        Column::Numbers(values) => Column::Numbers(rows.iter().map(|&row| values[row]).collect()),
        Column::Categories { codes, levels } => {
            Column::Categories { codes: rows.iter().map(|&row| codes[row]).collect(), levels: *levels }
        }
    };
    Frame { rows: rows.len(), columns: frame.columns.iter().map(column).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{mix, unit};

    fn frame(salt: u64) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(salt << 40 ^ what << 32 ^ row as u64));
        let numbers = (0..600).map(|row| draw(row, 1)).collect();
        let codes = (0..600).map(|row| (draw(row, 2) * 6.0) as u32).collect();
        Frame::new(vec![Column::Numbers(numbers), Column::Categories { codes, levels: 6 }])
    }

    /// Of 40 pairs of tables at least 33 hold the mean: fewer than that has a chance of 0.003 if 95 of 100 do.
    #[test]
    fn intervals_hold_the_mean() {
        let score = |a: &Frame, b: &Frame| super::super::mean(&shapes::scores(a, b, &[]));
        let pairs: Vec<[Frame; 2]> = (0..40).map(|pair| [frame(2 * pair + 1), frame(2 * pair + 2)]).collect();
        let values: Vec<f64> = pairs.iter().map(|[a, b]| score(a, b)).collect();
        let mean = values.iter().sum::<f64>() / 40.0;
        for rows in [4000, 300] {
            let held = pairs.iter().zip(&values).filter(|([a, b], value)| {
                let [low, high] = figure(**value, [a, b], rows, score).interval.unwrap();
                assert!(high - low < 0.2, "{low} {high}");
                low <= mean && mean <= high
            });
            let held = held.count();
            assert!(held >= 33, "{held} of 40, {rows} rows");
        }
        assert!(figure(1.0, [&pick(&pairs[0][0], &[1, 2]), &pairs[0][1]], 300, score).interval.is_none());
    }
}
