//! How safe those are whose rows were learned from: what was tried, and what was found.

use super::{Rows, Score, Verdict};

pub mod copies;

/// Real rows, of all parts, below which nothing that is found of memory reassures.
const ENOUGH: usize = 500;
/// Held-out rows below which chance drowns what they could show of memory.
const ENOUGH_HELD_OUT: usize = 100;

/// A figure about memory of single rows; of too few rows a good one says nothing.
pub fn guarded(score: Score, rows: Rows) -> Score {
    if score.verdict == Verdict::Bad || rows.train + rows.holdout >= ENOUGH && rows.holdout >= ENOUGH_HELD_OUT
    {
        return score;
    }
    let sentence =
        "So few rows cannot show that single ones are safe: treat the table as if it held real ones.".into();
    Score { verdict: Verdict::Look, sentence, ..score }
}
