//! Exact copies: synthetic rows that equal a training row in every column.
//!
//! Some are bound to happen where columns are few and coarse; the holdout's own share says how many.

use hashbrown::HashSet;

use crate::frame::{Column, Frame};
use crate::math::chance;
use crate::math::rng::{ODD, mix};
use crate::report::safety::{enough, guarded};
use crate::report::{Figure, Metric, Report, Side, Tables, Verdict};

pub const METRIC: Metric = Metric {
    key: "copies",
    side: Side::Safety,
    name: "Exact copies",
    best: 0.0,
    says: [
        "Synthetic rows equal a real row no more often than chance has it.",
        "Some synthetic rows equal a real row: few or coarse columns make that likely, but look before sharing.",
        "Many synthetic rows equal a real row: do not share this table.",
    ],
};

pub fn judge(tables: &Tables, report: &mut Report) {
    let value = share(&tables.train, &tables.synthetic);
    let ceiling = tables.holdout.as_ref().map(|holdout| share(&tables.train, holdout));
    let rows = tables.synthetic.rows;
    let figure = Figure { value, interval: Some(chance::of_share(value * rows as f64, rows)) };
    let verdict = match ceiling {
        Some(ceiling) => Verdict::of(value <= ceiling * 1.25 + 0.005, value <= ceiling * 1.5 + 0.03),
        None => Verdict::of(value <= 0.005, true), // nothing to compare with: never alarming by itself
    };
    report.scores.push(guarded(METRIC.score(figure, ceiling, verdict), enough(report.rows)));
}

/// The share of `other`'s rows that `real` has too, by a 64-bit hash of the row.
fn share(real: &Frame, other: &Frame) -> f64 {
    let known: HashSet<u64> = hashes(real).into_iter().collect();
    let copies = hashes(other).into_iter().filter(|hash| known.contains(hash)).count();
    copies as f64 / other.rows.max(1) as f64
}

/// Of each row.
pub fn hashes(frame: &Frame) -> Vec<u64> {
    let mut hashes = vec![0u64; frame.rows];
    let absorb = |hash: &mut u64, bits: u64| *hash = mix(hash.wrapping_add(ODD) ^ bits);
    for column in &frame.columns {
        match column {
            Column::Numbers(values) => {
                let bits = |value: &f64| if value.is_nan() { u64::MAX } else { value.to_bits() };
                hashes.iter_mut().zip(values).for_each(|(hash, value)| absorb(hash, bits(value)));
            }
            Column::Categories { codes, .. } => {
                hashes.iter_mut().zip(codes).for_each(|(hash, &code)| absorb(hash, u64::from(code)));
            }
        }
    }
    hashes
}
