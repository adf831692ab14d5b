//! An earlier column on the rows of one node: bins of about equal rows, made anew for each node, so that a deep
//! node sees fine differences where its rows lie close together.

use super::data::Data;
use super::tree::{LAST_BIN, Test};

pub const BINS: usize = LAST_BIN as usize + 1;
/// Rows that decide the bins.
const BIN_ROWS: usize = 4096;

pub struct Feature {
    pub column: u32,
    /// The bin of each row, below `BINS`.
    pub bins: Vec<u8>,
    /// `cuts[b]` is the first code of bin b + 1; None for a category, whose bin is its code, up to the last.
    cuts: Option<Vec<u32>>,
}

impl Feature {
    /// None if the node's rows do not differ in the column.
    pub fn new(data: &Data, column: u32, rows: &[u32]) -> Option<Self> {
        let coded = &data.columns[column as usize];
        let code = |row: &u32| coded.codes[*row as usize];
        if !coded.atoms.is_ordered() {
            let bins: Vec<u8> = rows.iter().map(|row| code(row).min(LAST_BIN) as u8).collect();
            let varies = bins.iter().any(|&bin| bin != bins[0]);
            return varies.then_some(Feature { column, bins, cuts: None });
        }
        let mut sample: Vec<u32> = rows.iter().step_by(rows.len().div_ceil(BIN_ROWS)).map(code).collect();
        sample.sort_unstable();
        let cuts = cuts(&sample, (rows.len() / 8).clamp(2, BINS));
        let bin = |code: u32| cuts.partition_point(|&cut| cut <= code) as u8;
        let bins = if coded.atoms.len() as usize <= 4 * rows.len() {
            let table: Vec<u8> = (0..=coded.atoms.len()).map(bin).collect();
            rows.iter().map(|row| table[code(row) as usize]).collect()
        } else {
            rows.iter().map(|row| bin(code(row))).collect()
        };
        (!cuts.is_empty()).then_some(Feature { column, bins, cuts: Some(cuts) })
    }

    pub fn is_ordered(&self) -> bool {
        self.cuts.is_some()
    }

    /// The set of bins that a split sends to "yes", once `bin` is the last in the scan to be added to `set`.
    pub fn set_through(&self, set: u64, bin: u8) -> u64 {
        match self.cuts {
            Some(_) => u64::MAX >> (LAST_BIN - u32::from(bin)), // with the bins between that have no rows here
            None => set,
        }
    }

    /// The same as a test of codes.
    pub fn test(&self, set: u64) -> Test {
        match &self.cuts {
            Some(cuts) => Test::Below(cuts[set.trailing_ones() as usize - 1]),
            None => Test::In(set),
        }
    }
}

/// The first codes of the bins but the first: one a distinct code, or quantiles of the sorted sample.
fn cuts(sorted: &[u32], bins: usize) -> Vec<u32> {
    let distinct: Vec<u32> = sorted.chunk_by(|a, b| a == b).map(|run| run[0]).collect();
    if distinct.len() <= bins {
        return distinct[1..].to_vec();
    }
    let mut cuts: Vec<u32> = (1..bins).map(|bin| sorted[bin * sorted.len() / bins]).collect();
    cuts.dedup();
    cuts.retain(|&cut| cut > sorted[0]);
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_separate_distinct_codes_or_quantiles() {
        assert_eq!(cuts(&[1, 1, 4, 9], 8), [4, 9]);
        assert_eq!(cuts(&[3, 3], 8), [0; 0]);
        let many: Vec<u32> = (0..1000).collect();
        assert_eq!(cuts(&many, 4), [250, 500, 750]);
        let spike: Vec<u32> = std::iter::repeat_n(0, 900).chain(1..=100).collect();
        assert!(cuts(&spike, 10).iter().all(|&cut| cut > 0));
    }
}
