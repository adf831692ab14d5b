//! How safe those are whose rows were learned from: what was tried, and what was found.

use super::{Figure, Rows, Score, Verdict};

pub mod copies;

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
