//! The end of a column beyond what is shared: drawn from a fitted law, not from the extremes themselves.
//!
//! What exceeds a threshold far out follows nearly a generalised Pareto law, whatever the column's own (Pickands 1975):
//! P(excess > x) = (1 + shape x / scale)^(-1 / shape), for shape 0 the exponential e^(-x / scale). It is fitted to the
//! outermost tenth of the rows, 200 of them at most, by probability-weighted moments (Hosking and Wallis 1987); where that
//! is fewer than 20, or than four times the rows that the tail has, an exponential is fitted to the tail's own. A tail
//! begins further out than the threshold: there the law is the same, with scale + shape (edge - threshold).
//!
//! No row decides alone: what lies more than [`FAR`] times further out than the tail's beginning counts as if it lay there.
//! The shape is kept from -1, which a uniform law has, to 1/2, above which the fit is not to be trusted. A draw goes at
//! most to the quantile 1 - 1 / (4 rows of the tail), so a sample of millions has no absurd values, and not beyond zero
//! where no value does. Other bounds, such as 100 %, are not known; and where all rows are positive a draw may be rounded to 0.

use serde::{Deserialize, Serialize};

/// Rows to which the law is fitted: this share, and so many.
const SHARE: usize = 10;
const MOST_ROWS: usize = 200;
const LEAST_ROWS: usize = 20;
/// By how much more rows than the tail's own.
const TIMES: usize = 4;
const SHAPES: [f64; 2] = [-1.0, 0.5];
/// By how much further out than the beginning of the tail, or than the median of a short one, a row may count.
const FAR: f64 = 4.0;

/// A draw stays so far from its bound, lest it lie beyond it by what rounding leaves.
const DUST: f64 = 1e-12;

/// Each figure comes from all rows of the tail, or more.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tail {
    /// Where it begins.
    edge: f64,
    /// In the column's unit; negative for a tail that goes down.
    scale: f64,
    shape: f64,
    /// The largest quantile that is drawn.
    last: f64,
}

impl Tail {
    /// The upper tail of `values`, in falling order, that begins at `edge`, below so many `own` rows. None where it
    /// would have no room, or the numbers are too large.
    pub fn upper(values: &[f64], edge: f64, own: usize) -> Option<Tail> {
        let room = values.first().filter(|&&highest| highest <= 0.0).map(|_| -edge);
        Tail::fit(values, edge, own, room)
    }

    /// The lower tail of `values`, in rising order.
    pub fn lower(values: &[f64], edge: f64, own: usize) -> Option<Tail> {
        let turned: Vec<f64> = values.iter().map(|value| -value).collect();
        let tail = Tail::upper(&turned, -edge, own)?;
        Some(Tail { edge: -tail.edge, scale: -tail.scale, ..tail })
    }

    /// `room`: how far a draw may exceed the edge.
    fn fit(values: &[f64], edge: f64, own: usize, room: Option<f64>) -> Option<Tail> {
        let excesses = |rows: usize, from: f64| values[..rows].iter().rev().map(move |value| value - from);
        let mut near: Vec<f64> = excesses(own, edge).map(|excess| excess.max(0.0)).collect();
        let far = FAR * near[own / 2];
        near.iter_mut().for_each(|excess| *excess = excess.min(far));
        let own_mean = mean(&near);

        let mut rows = (values.len() / SHARE).min(MOST_ROWS.max(TIMES * own));
        // The threshold lies between two values.
        while rows > own && values[rows] == values[rows - 1] {
            rows -= 1;
        }
        let (shape, scale) = if rows < LEAST_ROWS.max(TIMES * own) {
            (0.0, own_mean)
        } else {
            let threshold = f64::midpoint(values[rows - 1], values[rows]);
            let far = FAR * (edge - threshold);
            let (shape, scale) = pareto(&excesses(rows, threshold).map(|x| x.min(far)).collect::<Vec<_>>());
            (shape, (scale + shape * (edge - threshold)).max(own_mean * (1.0 - shape) / 2.0))
        };
        let mut last = 1.0 - 1.0 / (4.0 * own as f64);
        if let Some(room) = room {
            last = last.min(below(room / scale, shape) * (1.0 - DUST));
        }
        Some(Tail { edge, scale, shape, last }).filter(Tail::is_sound)
    }

    /// The value at a quantile from 0 to 1, rising.
    pub fn value(&self, within: f64) -> f64 {
        let quantile = self.last * if self.scale < 0.0 { 1.0 - within } else { within };
        let log = -libm::log1p(-quantile);
        let excess = if self.shape == 0.0 { log } else { libm::expm1(self.shape * log) / self.shape };
        self.edge + self.scale * excess
    }

    pub fn edge(&self) -> f64 {
        self.edge
    }

    pub fn is_upper(&self) -> bool {
        self.scale > 0.0
    }

    /// Are all its draws finite?
    pub fn is_sound(&self) -> bool {
        self.scale != 0.0
            && self.scale.is_finite()
            && (SHAPES[0]..=SHAPES[1]).contains(&self.shape)
            && self.last > 0.0
            && self.last < 1.0
            && self.value(0.0).is_finite()
            && self.value(1.0).is_finite()
    }
}

/// Shape and scale of a law of these excesses, in rising order.
fn pareto(excesses: &[f64]) -> (f64, f64) {
    let count = excesses.len() as f64;
    let mean = mean(excesses);
    // E(x P(excess > x)), for which the row at place i from below counts (n - i) / (n - 1).
    let weighted = |(place, x): (usize, &f64)| x * (count - 1.0 - place as f64) / (count - 1.0);
    let moment = excesses.iter().enumerate().map(weighted).sum::<f64>() / count;
    let shape = (2.0 - mean / (mean - 2.0 * moment)).clamp(SHAPES[0], SHAPES[1]);
    let shape = if shape.is_finite() { shape } else { 0.0 };
    (if shape.abs() < 1e-6 { 0.0 } else { shape }, mean * (1.0 - shape))
}

/// P(excess <= x), x in units of the scale.
fn below(x: f64, shape: f64) -> f64 {
    match shape {
        0.0 => -libm::expm1(-x),
        _ if 1.0 + shape * x <= 0.0 => 1.0,
        _ => -libm::expm1(-libm::log1p(shape * x) / shape),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{mix, unit};

    /// `count` draws of a law by its quantiles, in falling order.
    fn sample(count: u64, quantile: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut values: Vec<f64> = (0..count).map(|i| quantile(unit(mix(i + 1)))).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        values
    }

    fn upper(values: &[f64]) -> Tail {
        Tail::upper(values, f64::midpoint(values[4], values[5]), 5).unwrap()
    }

    /// The tail has the outermost 5 of 5,000, so its median is the quantile 0.9995. The excess over the edge of the
    /// exponential is good to a factor of 2, of the Pareto law of shape 0.4 to one of 3.
    #[test]
    fn tails_of_known_laws_are_found_again() {
        for (shape, tolerance) in [(0.0, 2.0), (0.4, 3.0)] {
            let law =
                |u: f64| if shape == 0.0 { -(1.0 - u).ln() } else { ((1.0 - u).powf(-shape) - 1.0) / shape };
            let tail = upper(&sample(5000, law));
            assert!((tail.shape - shape).abs() < 0.25, "{tail:?}");
            let truth = law(0.9995) - law(0.999);
            let ratio = (tail.value(0.5) - tail.edge) / truth;
            assert!(ratio > 1.0 / tolerance && ratio < tolerance, "shape {shape}: {ratio} of {truth}");
        }
    }

    #[test]
    fn a_bounded_law_stays_near_its_bound() {
        let tail = upper(&sample(5000, |u| 7.0 + 3.0 * u));
        assert!(tail.shape < -0.7 && tail.value(1.0) < 10.02, "{tail:?} to {}", tail.value(1.0));
    }

    #[test]
    fn nothing_goes_beyond_zero_where_no_value_does() {
        let mut values = sample(300, |u| -(1.0 - u).ln());
        values.reverse();
        let tail = Tail::lower(&values, f64::midpoint(values[4], values[5]), 5).unwrap();
        assert!(!tail.is_upper() && tail.value(0.0) >= 0.0 && tail.value(1.0) <= tail.edge);
        assert!(tail.value(0.0) < tail.value(0.5) && tail.value(0.5) < tail.value(1.0));
        let upper = Tail::upper(&[-0.1, -0.2, -0.4, -0.5, -0.9, -3.0, -5.0], -2.0, 5).unwrap();
        assert!(upper.value(1.0) <= 0.0);
        assert_eq!(Tail::upper(&[0.0, -1.0, -1.0], 0.0, 1), None);
    }

    /// One row a million times further out than all.
    #[test]
    fn no_row_decides_alone() {
        let mut values = sample(1000, |u| -(1.0 - u).ln());
        let usual = upper(&values);
        values[0] = 1e7;
        let odd = upper(&values);
        assert!(odd.value(1.0) - odd.edge < 4.0 * (usual.value(1.0) - usual.edge), "{odd:?} {usual:?}");
        let few = Tail::upper(&[1e7, 5.0, 4.0, 3.0, 2.0, 1.0], 1.5, 5).unwrap();
        assert!(few.value(1.0) < 30.0, "{few:?}");
    }

    #[test]
    fn what_is_too_large_has_no_tail() {
        assert_eq!(Tail::upper(&[1.7e308, 1e308, -1e308], -1.7e308, 3), None);
    }
}
