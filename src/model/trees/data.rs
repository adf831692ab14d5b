//! The training rows as codes, with what every column's fit needs to know of them.

use crate::math::rng::mix;
use crate::model::atoms::Coded;

/// Every `FOLDS`-th distinct row is held out to tell when to stop.
const FOLDS: u64 = 5;

pub struct Data {
    pub columns: Vec<Coded>,
    /// A hash of the row's codes, not of its place: equal rows share a fold, else a copy in the other fold would
    /// make memorising look like learning.
    content: Vec<u64>,
}

impl Data {
    pub fn new(columns: Vec<Coded>) -> Self {
        let rows = columns.first().map_or(0, |column| column.codes.len());
        let mut content = vec![0u64; rows];
        for column in &columns {
            for (hash, &code) in content.iter_mut().zip(&column.codes) {
                *hash = mix(hash.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ u64::from(code));
            }
        }
        Data { columns, content }
    }

    pub fn rows(&self) -> usize {
        self.content.len()
    }

    pub fn is_held_out(&self, row: u32) -> bool {
        self.content[row as usize] % FOLDS == 0
    }

    /// About `limit` of the rows, chosen by their place: by content, a row with many copies would be all in or out.
    pub fn thin(&self, rows: &[u32], limit: usize) -> Vec<u32> {
        if rows.len() <= limit {
            return rows.to_vec();
        }
        let threshold = (u64::MAX as f64 * (limit as f64 / rows.len() as f64)) as u64;
        rows.iter().copied().filter(|&row| mix(u64::from(row)) <= threshold).collect()
    }
}
