//! An earlier column on the rows of one node: bins of about equal rows, made anew for each node, so that a deep
//! node sees fine differences where its rows lie close together.

use super::View;
use super::tree::{LAST_BIN, Test};

pub const BINS: usize = LAST_BIN as usize + 1;
/// Rows that decide the bins.
const BIN_ROWS: usize = 4096;

pub struct Feature {
    pub column: u32,
    /// `cuts[b]` is the first code of bin b + 1; None for a category, whose bin is its code, up to the last.
    cuts: Option<Vec<u32>>,
}

impl Feature {
    /// And the bin of each row, below `BINS`. None if the node's rows do not differ in the column.
    pub fn new(column: u32, view: View, rows: &[u32]) -> Option<(Self, Vec<u8>)> {
        let code = |row: &u32| view.codes[*row as usize];
        if !view.is_ordered {
            let bins: Vec<u8> = rows.iter().map(|row| code(row).min(LAST_BIN) as u8).collect();
            let varies = bins.iter().any(|&bin| bin != bins[0]);
            return varies.then_some((Feature { column, cuts: None }, bins));
        }
        let mut sample: Vec<u32> = rows.iter().step_by(rows.len().div_ceil(BIN_ROWS)).map(code).collect();
        sample.sort_unstable();
        let cuts = cuts(&sample, (rows.len() / 8).clamp(2, BINS));
        let bin = |code: u32| cuts.partition_point(|&cut| cut <= code) as u8;
        let bins = if view.count as usize <= 4 * rows.len() {
            let table: Vec<u8> = (0..=view.count).map(bin).collect();
            rows.iter().map(|row| table[code(row) as usize]).collect()
        } else {
            rows.iter().map(|row| bin(code(row))).collect()
        };
        (!cuts.is_empty()).then_some((Feature { column, cuts: Some(cuts) }, bins))
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

/// The first codes of the bins but the first, from a sorted sample: one bin a distinct code if there are few; else a
/// code with more than two bins' worth of rows has a bin to itself, and the others share the rest evenly.
fn cuts(sorted: &[u32], bins: usize) -> Vec<u32> {
    let runs: Vec<&[u32]> = sorted.chunk_by(|a, b| a == b).collect();
    if runs.len() <= bins {
        return runs[1..].iter().map(|run| run[0]).collect();
    }
    let is_heavy = |run: &[u32]| run.len() * (bins / 2 - 1) > sorted.len();
    let heavy: Vec<&[u32]> = runs.iter().copied().filter(|run| is_heavy(run)).collect();
    let light_rows = sorted.len() - heavy.iter().map(|run| run.len()).sum::<usize>();
    // Each heavy code can leave a bin before it half full, so these are set aside.
    let light_bins = (bins - 2 * heavy.len()).saturating_sub(1).max(1);
    let (mut cuts, mut filled, mut after_heavy) = (Vec::new(), 0, false);
    for run in runs {
        if filled > 0 && (after_heavy || is_heavy(run) || filled * light_bins >= light_rows) {
            cuts.push(run[0]);
            filled = 0;
        }
        filled += run.len();
        after_heavy = is_heavy(run);
    }
    cuts.truncate(bins - 1);
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
        assert_eq!(cuts(&many, 5), [250, 500, 750]);
        // Spikes stand alone, at either end and in the middle.
        let spike = |code: u32| std::iter::repeat_n(code, 300);
        let spiked: Vec<u32> =
            spike(0).chain(1..200).chain(spike(200)).chain(201..400).chain(spike(400)).collect();
        let cuts = cuts(&spiked, 64);
        assert!([1, 200, 201, 400].iter().all(|code| cuts.contains(code)), "{cuts:?}");
        assert!((50..64).contains(&cuts.len()), "{}", cuts.len());
    }

    #[test]
    fn there_are_never_too_many_bins() {
        for bins in 2..=BINS {
            for spikes in 0..40u32 {
                let mut codes: Vec<u32> = (0..500).collect();
                (0..spikes)
                    .for_each(|spike| codes.extend(std::iter::repeat_n(spike * 11, 40 + spike as usize)));
                codes.sort_unstable();
                assert!(cuts(&codes, bins).len() < bins);
            }
        }
    }
}
