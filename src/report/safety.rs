//! How safe those are whose rows were learned from: what was tried, and what was found.

use super::{Figure, Rows, Score, Verdict};

pub mod attack;
pub mod copies;
mod gower;
pub mod inference;
pub mod linkability;
pub mod rare;
pub mod singling_out;

/// Real rows, of all parts, below which nothing that is found of memory reassures.
const ENOUGH: usize = 500;
/// Held-out rows below which chance drowns what they could show of memory.
const ENOUGH_HELD_OUT: usize = 100;

/// An attack that may be right so often, for all that is known, is not shown to fail.
const VAGUE: f64 = 0.7;

/// Can so many rows show anything of memory?
pub fn enough(rows: Rows) -> bool {
    rows.train + rows.holdout >= ENOUGH && rows.holdout >= ENOUGH_HELD_OUT
}

pub fn is_vague(figure: Figure) -> bool {
    figure.interval.is_some_and(|[_, high]| high >= VAGUE)
}

/// A figure about memory of single rows; a good one of too few rows says nothing.
pub fn guarded(score: Score, tells: bool) -> Score {
    if score.verdict == Verdict::Bad || tells {
        return score;
    }
    let sentence =
        "So few rows cannot show that single ones are safe: treat the table as if it held real ones.".into();
    Score { verdict: Verdict::Look, sentence, ..score }
}

/// Made-up people for the tests: numbers and levels that hang together, fine enough to tell one from another.
#[cfg(test)]
fn people(rows: usize, salt: u64) -> crate::frame::Frame {
    use crate::frame::{Column, Frame};
    use crate::math::rng::{mix, unit};
    let draw = |row: usize, what: u64| unit(mix(mix(salt << 32 ^ what) ^ mix(row as u64 + 1)));
    let age = |row: usize| (18.0 + 60.0 * draw(row, 1)).floor();
    let pay = |row: usize| 20.0 * age(row) + (2000.0 * draw(row, 2) * draw(row, 3)).floor();
    let numbers = |of: &dyn Fn(usize) -> f64| Column::Numbers((0..rows).map(of).collect());
    let levels = |levels: u32, of: &dyn Fn(usize) -> f64| Column::Categories {
        codes: (0..rows).map(|row| (of(row) * f64::from(levels)) as u32).collect(),
        levels,
    };
    Frame::new(vec![
        numbers(&age),
        numbers(&pay),
        numbers(&|row| (pay(row) * (0.5 + draw(row, 4))).floor()),
        numbers(&|row| if draw(row, 5) < 0.1 { f64::NAN } else { (40.0 * draw(row, 6)).floor() }),
        levels(2, &|row| draw(row, 7)),
        levels(30, &|row| draw(row, 8) * draw(row, 9)),
        levels(12, &|row| (age(row) - 18.0) / 70.0 * (0.6 + 0.4 * draw(row, 10))),
        levels(5, &|row| draw(row, 11) * draw(row, 12)),
    ])
}
