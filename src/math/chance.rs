//! How far chance alone moves a figure: intervals that hold the truth in 95 of 100 tables.

/// The 97.5 % quantile of the normal law.
const Z: f64 = 1.959_963_984_540_054;

/// Of a share seen in so many independent rows: Wilson (1927). `hits` may hold halves, from ties.
pub fn of_share(hits: f64, rows: usize) -> [f64; 2] {
    wilson(hits, rows, Z)
}

fn wilson(hits: f64, rows: usize, z: f64) -> [f64; 2] {
    let n = rows.max(1) as f64;
    let p = hits / n;
    let middle = p + z * z / (2.0 * n);
    let reach = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    [-1.0, 1.0].map(|side| ((middle + side * reach) / (1.0 + z * z / n)).clamp(0.0, 1.0))
}

/// Of the difference between two shares, each the rows and the hits among them: Newcombe (1998), method 10. `z`: see [`reach`].
pub fn of_difference(one: [usize; 2], other: [usize; 2], z: f64) -> [f64; 2] {
    let [one, other] = [one, other].map(|[rows, hits]| {
        let [low, high] = wilson(hits as f64, rows, z);
        (hits as f64 / rows.max(1) as f64, [low, high])
    });
    difference(one, other)
}

/// Of the first value less the second, when each has an interval of its own: squared distances to the ends add up (Zou and
/// Donner 2008).
pub fn difference((a, [a_low, a_high]): (f64, [f64; 2]), (b, [b_low, b_high]): (f64, [f64; 2])) -> [f64; 2] {
    let add = |x: f64, y: f64| (x * x + y * y).sqrt();
    [a - b - add(a - a_low, b_high - b), a - b + add(a_high - a, b - b_low)]
}

/// Of a value, from what it is without each of some groups of rows in turn: the jackknife (Tukey 1958), with Student's law.
pub fn jackknife(value: f64, without: &[f64]) -> [f64; 2] {
    let groups = without.len().max(2) as f64;
    let mean = without.iter().sum::<f64>() / groups;
    let squares: f64 = without.iter().map(|value| (value - mean) * (value - mean)).sum();
    let reach = student(Z, groups - 1.0) * (squares * (groups - 1.0) / groups).sqrt();
    [value - reach, value + reach]
}

/// Standard errors within which a normal value lies in 95 of 100 tables, all `looks` of it at once (Bonferroni).
pub fn reach(looks: usize) -> f64 {
    let wanted = 0.05 / looks.max(1) as f64;
    let (mut low, mut high) = (0.0, 10.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        let beyond = libm::erfc(middle / std::f64::consts::SQRT_2);
        if beyond > wanted { low = middle } else { high = middle }
    }
    low
}

/// What a quantile of the normal law is in Student's law, by the expansion of Cornish and Fisher (1938): from 5 degrees on right to
/// 0.01 at the 97.5 % quantile, to 2 % at three standard errors.
pub fn student(z: f64, degrees: f64) -> f64 {
    let [z3, z5, z7] = [z * z * z, z * z * z * z * z, z * z * z * z * z * z * z];
    z + (z3 + z) / (4.0 * degrees)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees * degrees)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * degrees * degrees * degrees)
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

    /// Newcombe's example: 56 of 70 less 48 of 80 lies between .0524 and .3339; quantiles from tables of the normal law and Student's.
    #[test]
    fn published_differences_and_quantiles() {
        let [low, high] = of_difference([70, 56], [80, 48], reach(1));
        assert!((low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5, "{low} {high}");
        assert!((reach(1) - Z).abs() < 1e-9 && (reach(10) - 2.807_03).abs() < 1e-5);
        for (degrees, quantile) in [(4.0, 2.776), (9.0, 2.262), (19.0, 2.093)] {
            let found = student(Z, degrees);
            assert!((found - quantile).abs() < 0.01, "{degrees}: {found}");
        }
        for (degrees, quantile) in [(5.0, 5.507), (10.0, 3.957)] {
            let found = student(3.0, degrees);
            assert!((found / quantile - 1.0).abs() < 0.02, "{degrees}: {found}");
        }
    }

    /// The jackknife of a mean is its standard error: of 1, 2, 3, 4, 5 that is sqrt(2.5 / 5).
    #[test]
    fn the_jackknife_of_a_mean_is_known() {
        let without = [1.0, 2.0, 3.0, 4.0, 5.0].map(|value| (15.0 - value) / 4.0);
        let [low, high] = jackknife(3.0, &without);
        assert!(((high - low) / 2.0 - student(Z, 4.0) * 0.5f64.sqrt()).abs() < 1e-12);
    }
}
