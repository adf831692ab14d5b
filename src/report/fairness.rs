//! The harm that a synthetic table can do by what it leaves out or overdraws: groups of people, and all that is rare.

use super::{Tables, some};
use crate::frame::Frame;

pub mod entropy;
pub mod errors;
pub mod groups;
pub mod rare;
pub mod tails;

/// Rows of a table that are looked at for what is rare.
const ROWS: usize = 10_000;
/// Groups of rows of which a jackknife leaves out one after the other.
const GROUPS: usize = 20;

/// As many synthetic rows as held-out ones, by lot: few rows show fewer rare things, so that they are to be compared. Without a
/// holdout, or rows, there is none.
fn same_size(tables: &Tables) -> [Option<(&Frame, Vec<usize>)>; 2] {
    let holdout = tables.holdout.as_ref();
    let count = holdout.map_or(ROWS, |holdout| holdout.rows).min(tables.synthetic.rows).min(ROWS);
    if count == 0 {
        return [None, None];
    }
    let lot = |frame: &Frame, key: u64| some(frame.rows, count, key);
    let synthetic = (&tables.synthetic, lot(&tables.synthetic, 3));
    [Some(synthetic), holdout.map(|holdout| (holdout, lot(holdout, 2)))]
}
