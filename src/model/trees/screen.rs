//! Which earlier columns a column is fitted on, where there are too many for all.
//!
//! The score is the mutual information of two coarse tables: the target in 8 bins, the candidate in 16, on at most
//! 4,096 rows. Pairwise, so a column that matters only together with another can be missed.

use super::data::Data;

/// Columns that a fit looks at.
pub const MAX_FEATURES: usize = 48;
const ROWS: usize = 4096;
pub const TARGET_BINS: usize = 8;
const FEATURE_BINS: usize = 16;

/// The earlier columns to use for `target`, in order.
pub fn features(data: &Data, target: usize) -> Vec<u32> {
    if target <= MAX_FEATURES {
        return (0..target as u32).collect();
    }
    let earlier: Vec<u32> = (0..target as u32).collect();
    let mut scored: Vec<(f64, u32)> = informations(data, target, &earlier).into_iter().zip(0..).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<u32> = scored[..MAX_FEATURES].iter().map(|&(_, column)| column).collect();
    chosen.sort_unstable();
    chosen
}

/// How much a lot among `features` should favour each: the root of the information beyond what chance brings, as that
/// of equals is spread over all of them. None is nothing, as it may matter together with another.
pub fn relevance(data: &Data, target: usize, features: &[u32]) -> Vec<f64> {
    let of = |(information, &feature): (f64, &u32)| {
        let chance = chance(data, [target, feature as usize], [TARGET_BINS, FEATURE_BINS]);
        ((information - chance).max(0.0) + 0.1 * chance.max(0.0)).sqrt().max(1e-3)
    };
    informations(data, target, features).into_iter().zip(features).map(of).collect()
}

/// The mean of the [`information`] of two columns in so many bins where neither tells of the other, and its variance: half of the
/// degrees of freedom (Wilks 1938).
pub fn chance(data: &Data, columns: [usize; 2], bins: [usize; 2]) -> f64 {
    let levels = |at: usize| (data.columns[columns[at]].atoms.len() as usize).min(bins[at]) as f64;
    0.5 * (levels(0) - 1.0) * (levels(1) - 1.0)
}

/// What each candidate tells about the target, in nats over at most `ROWS` rows.
fn informations(data: &Data, target: usize, candidates: &[u32]) -> Vec<f64> {
    let all: Vec<u32> = (0..data.rows() as u32).collect();
    let rows = data.thin(&all, ROWS);
    let target_bins = bins(data, target, &rows, TARGET_BINS);
    let of = |&column: &u32| {
        let feature_bins = bins(data, column as usize, &rows, FEATURE_BINS);
        information(&target_bins, &feature_bins)
    };
    candidates.iter().map(of).collect()
}

/// Bins of about equal rows over the column's codes.
pub fn bins(data: &Data, column: usize, rows: &[u32], bins: usize) -> Vec<u8> {
    let atoms = &data.columns[column].atoms;
    let total = atoms.rows(0, atoms.len()).max(1);
    let bin = |row: &u32| {
        let code = data.columns[column].codes[*row as usize];
        let before = atoms.rows(0, code.min(atoms.len()));
        (before as u128 * bins as u128 / u128::from(total)).min(bins as u128 - 1) as u8
    };
    rows.iter().map(bin).collect()
}

/// n times the mutual information, in nats, of two columns of bins.
pub fn information(target: &[u8], feature: &[u8]) -> f64 {
    let mut joint = [[0u32; FEATURE_BINS]; TARGET_BINS];
    for (&a, &b) in target.iter().zip(feature) {
        joint[a as usize][b as usize] += 1;
    }
    let entropy = |count: u32| {
        if count == 0 { 0.0 } else { f64::from(count) * libm::log(f64::from(count)) }
    };
    let rows: f64 = joint.iter().map(|row| entropy(row.iter().sum())).sum();
    let columns: f64 = (0..FEATURE_BINS).map(|b| entropy(joint.iter().map(|row| row[b]).sum())).sum();
    let cells: f64 = joint.iter().flatten().map(|&count| entropy(count)).sum();
    cells - rows - columns + entropy(target.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn information_is_zero_for_independence_and_entropy_for_equality() {
        let a: Vec<u8> = (0..800).map(|i| (i / 10 % 8) as u8).collect();
        let b: Vec<u8> = (0..800).map(|i| (i % 10) as u8).collect();
        assert!(information(&a, &b).abs() < 1e-9);
        assert!((information(&a, &a) - 800.0 * 8f64.ln()).abs() < 1e-6);
    }
}
