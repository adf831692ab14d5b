//! How far chance alone moves a figure: intervals that hold the truth in 95 of 100 tables.

/// The 97.5 % quantile of the normal law.
const Z: f64 = 1.959_963_984_540_054;

/// Of a share seen in so many independent rows: Wilson (1927). `hits` may hold halves, from ties.
pub fn of_share(hits: f64, rows: usize) -> [f64; 2] {
    let n = rows.max(1) as f64;
    let p = hits / n;
    let middle = p + Z * Z / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    [-1.0, 1.0].map(|side| ((middle + side * reach) / (1.0 + Z * Z / n)).clamp(0.0, 1.0))
}

/// Of an AUC between so many rows of each side: Hanley and McNeil (1982).
pub fn of_auc(auc: f64, rows: [usize; 2]) -> [f64; 2] {
    let [n, m] = rows.map(|rows| rows.max(1) as f64);
    let (q1, q2) = (auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc));
    let variance =
        (auc * (1.0 - auc) + (n - 1.0) * (q1 - auc * auc) + (m - 1.0) * (q2 - auc * auc)) / (n * m);
    let reach = Z * variance.max(0.0).sqrt();
    [auc - reach, auc + reach].map(|end| end.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wilson's interval for 15 of 50, and Hanley and McNeil's own example: 0.893 of 51 and 58 has a standard error of 0.032.
    #[test]
    fn published_intervals() {
        let [low, high] = of_share(15.0, 50);
        assert!((low - 0.191_0).abs() < 5e-4 && (high - 0.437_5).abs() < 5e-4, "{low} {high}");
        let [low, high] = of_auc(0.893, [51, 58]);
        assert!(((high - low) / (2.0 * Z) - 0.032).abs() < 1e-3, "{low} {high}");
        assert!(of_share(0.0, 100)[0] < 1e-12);
        assert_eq!(of_auc(1.0, [10, 10]), [1.0, 1.0]);
    }
}
