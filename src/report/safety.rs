//! How safe those are whose rows were learned from: what was tried, and what was found.

use super::{Rows, Score, Verdict};

pub mod copies;

/// Real rows, of all parts, below which nothing that is found of memory reassures.
const ENOUGH: usize = 500;
/// Held-out rows below which chance drowns what they could show of memory.
const ENOUGH_HELD_OUT: usize = 100;

/// An attack that may be right so often, for all that is known, is not shown to fail.
const VAGUE: f64 = 0.7;

/// A figure about memory of single rows; of too few rows a good one says nothing.
pub fn guarded(score: Score, rows: Rows) -> Score {
    let enough = rows.train + rows.holdout >= ENOUGH && rows.holdout >= ENOUGH_HELD_OUT;
    let vague = score.interval.is_some_and(|[_, high]| high >= VAGUE);
    if score.verdict == Verdict::Bad || enough && !vague {
        return score;
    }
    let sentence =
        "So few rows cannot show that single ones are safe: treat the table as if it held real ones.".into();
    Score { verdict: Verdict::Look, sentence, ..score }
}
