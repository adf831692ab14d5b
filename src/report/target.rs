//! What is to be predicted, as the figures that learn it ask: a number, or one level against the rest.
//!
//! Of two levels the rarer one, of more the commonest; of a number its distance from the training rows' mean in their
//! standard deviations, or, where an outcome is wanted, whether it is above their median.

use super::{Tables, some};
use crate::frame::{Column, Frame};
use crate::learn::boosting::Loss;

pub struct Target {
    pub place: usize,
    goal: Goal,
}

enum Goal {
    Level(u32),
    Amount { mean: f64, deviation: f64 },
    Above(f64),
}

impl Target {
    /// None where nothing is asked for, or the training rows hold one value.
    pub fn new(tables: &Tables) -> Option<Target> {
        let place = tables.asked.target?;
        let goal = match &tables.train.columns[place] {
            Column::Numbers(values) => {
                let known = || values.iter().filter(|value| !value.is_nan());
                let count = known().count().max(1) as f64;
                let mean = known().sum::<f64>() / count;
                let squares: f64 = known().map(|value| (value - mean) * (value - mean)).sum();
                let deviation = (squares / count).sqrt();
                (deviation > 0.0 && deviation.is_finite()).then_some(Goal::Amount { mean, deviation })
            }
            Column::Categories { codes, levels } => level(codes, *levels, 2).map(Goal::Level),
        };
        Some(Target { place, goal: goal? })
    }

    /// The same with a yes or no for an answer.
    pub fn outcome(tables: &Tables) -> Option<Target> {
        let place = tables.asked.target?;
        let goal = match &tables.train.columns[place] {
            Column::Numbers(values) => {
                let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                known.sort_unstable_by(f64::total_cmp);
                known.get(known.len() / 2).map(|&median| Goal::Above(median))
            }
            Column::Categories { codes, levels } => level(codes, *levels, 1).map(Goal::Level),
        };
        Some(Target { place, goal: goal? })
    }

    pub fn loss(&self) -> Loss {
        if matches!(self.goal, Goal::Amount { .. }) { Loss::Square } else { Loss::Logistic }
    }

    /// The columns to predict it from.
    pub fn others(&self, tables: &Tables) -> Vec<usize> {
        (0..tables.names.len()).filter(|&place| place != self.place).collect()
    }

    /// 1 for yes, or a number of about unit variance.
    pub fn answer(&self, frame: &Frame, row: usize) -> f64 {
        match (&frame.columns[self.place], &self.goal) {
            (Column::Categories { codes, .. }, Goal::Level(level)) => {
                f64::from(u8::from(codes[row] == *level))
            }
            (Column::Numbers(values), Goal::Above(median)) => f64::from(u8::from(values[row] > *median)),
            (Column::Numbers(values), Goal::Amount { mean, deviation }) => (values[row] - mean) / deviation,
            _ => panic!("one codec makes one type of column"),
        }
    }

    /// Rows that have an answer: at most so many of those looked at, by lot.
    pub fn lot(&self, frame: &Frame, most: usize, key: u64) -> Vec<usize> {
        let is_known = |&row: &usize| match &frame.columns[self.place] {
            Column::Numbers(values) => !values[row].is_nan(),
            Column::Categories { .. } => true,
        };
        some(frame.rows, most, key).into_iter().filter(is_known).collect()
    }
}

/// The one asked about, where at least so many are there.
fn level(codes: &[u32], levels: u32, least: usize) -> Option<u32> {
    let mut counts = vec![0usize; levels as usize + 1];
    codes.iter().for_each(|&code| counts[code.min(levels) as usize] += 1);
    let present = || (0..levels).filter(|&level| counts[level as usize] > 0);
    let rank = |level: &u32| counts[*level as usize];
    match present().count() {
        2 => present().min_by_key(rank),
        count if count >= least => present().max_by_key(rank),
        _ => None,
    }
}
