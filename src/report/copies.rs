//! Exact copies: synthetic rows that equal a training row in every column.
//!
//! Some are bound to happen where columns are few and coarse; the holdout's own share says how many.

use hashbrown::HashSet;

use crate::frame::{Column, Frame};
use crate::math::rng::mix;

/// The share of `other`'s rows that `real` has too, by a 64-bit hash of the row.
pub fn share(real: &Frame, other: &Frame) -> f64 {
    let known: HashSet<u64> = hashes(real).into_iter().collect();
    let copies = hashes(other).into_iter().filter(|hash| known.contains(hash)).count();
    copies as f64 / other.rows.max(1) as f64
}

fn hashes(frame: &Frame) -> Vec<u64> {
    let mut hashes = vec![0u64; frame.rows];
    let absorb = |hash: &mut u64, bits: u64| *hash = mix(hash.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ bits);
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
