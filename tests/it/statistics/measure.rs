//! Two-sample tests that know of the training table's own noise.
//!
//! A model can be no better than its training table. An ideal one draws from the table's own distribution, so a share
//! p has variance p(1-p)/n in the n training rows and as much again for the m synthetic and the k fresh rows. Hence
//! synthetic and fresh rows are compared as in any two-sample test, with 1/n + 1/m + 1/k where 1/m + 1/k would stand.

use std::collections::BTreeMap;
use std::f64::consts::{SQRT_2, TAU};
use std::fmt::Debug;

use standin::Method;
use standin::math::rng::{Purpose, Seed, Stream};

use crate::support::{csv, rows, synth};

/// The chance that a test fails though the engine draws as well as its training table allows.
pub const ALPHA: f64 = 0.001;

pub type Rows = Vec<Vec<String>>;

/// Rows of a law, rows made from them, and fresh rows of the same law.
pub struct Trial {
    pub train: Rows,
    pub synthetic: Rows,
    pub fresh: Rows,
}

impl Trial {
    /// Twice as many rows are made, and ten times as many drawn afresh, so that most of the noise is the training
    /// table's.
    pub fn new(method: Method, header: &str, n: usize, law: impl Fn(&mut Stream) -> String) -> Trial {
        let table = |index, n| {
            let mut stream = stream(index);
            csv(header, n, || law(&mut stream))
        };
        let train = table(1, n);
        let synthetic = rows(&synth(&train, method, 2 * n as u64, "1"));
        Trial { train: rows(&train), synthetic, fresh: rows(&table(2, 10 * n)) }
    }

    /// The same for those rows of each table.
    pub fn within(&self, is: impl Fn(&[String]) -> bool) -> Trial {
        let [train, synthetic, fresh] =
            self.tables().map(|table| table.iter().filter(|row| is(row)).cloned().collect());
        Trial { train, synthetic, fresh }
    }

    fn tables(&self) -> [&Rows; 3] {
        [&self.train, &self.synthetic, &self.fresh]
    }

    /// The p-value of Kolmogorov's and Smirnov's test of a number, over the rows that have it.
    pub fn ks(&self, of: impl Fn(&[String]) -> Option<f64>) -> f64 {
        let [train, synthetic, fresh] = self.tables().map(|table| {
            let mut values: Vec<f64> = table.iter().filter_map(|row| of(row)).collect();
            values.sort_by(f64::total_cmp);
            values
        });
        let below = |sorted: &[f64], x: f64| sorted.partition_point(|&y| y <= x) as f64 / sorted.len() as f64;
        let gap = |&x: &f64| (below(&synthetic, x) - below(&fresh, x)).abs();
        let d = synthetic.iter().chain(&fresh).map(gap).fold(0.0, f64::max);
        kolmogorov_tail(d / noise([&train, &synthetic, &fresh].map(Vec::len)).sqrt())
    }

    /// The share of synthetic rows that break a rule.
    pub fn broken(&self, rule: impl Fn(&[String]) -> bool) -> f64 {
        self.synthetic.iter().filter(|row| !rule(row)).count() as f64 / self.synthetic.len() as f64
    }

    /// The p-value of Pearson's test of homogeneity over the cells that rows fall in. Cells with fewer than 5
    /// training rows are one.
    pub fn chi_square<C: Ord>(&self, cell: impl Fn(&[String]) -> C) -> f64 {
        let mut counts: BTreeMap<C, [f64; 3]> = BTreeMap::new();
        for (table, rows) in self.tables().into_iter().enumerate() {
            for row in rows {
                counts.entry(cell(row)).or_default()[table] += 1.0;
            }
        }
        let (mut cells, scarce): (Vec<[f64; 3]>, Vec<_>) =
            counts.into_values().partition(|count| count[0] >= 5.0);
        if !scarce.is_empty() {
            cells.push([0, 1, 2].map(|table| scarce.iter().map(|count| count[table]).sum()));
        }
        let sizes = self.tables().map(Vec::len);
        let term = |[train, made, fresh]: &[f64; 3]| {
            let p = (train + made + fresh) / sizes.iter().sum::<usize>() as f64;
            (made / sizes[1] as f64 - fresh / sizes[2] as f64).powi(2) / p
        };
        chi_square_tail(cells.iter().map(term).sum::<f64>() / noise(sizes), cells.len() - 1)
    }
}

fn noise(sizes: [usize; 3]) -> f64 {
    sizes.iter().map(|&size| 1.0 / size as f64).sum()
}

/// The chance of a larger sqrt(n) D. Kolmogorov (1933), Smirnov (1948).
fn kolmogorov_tail(t: f64) -> f64 {
    let term = |k: i32| f64::from(1 - k % 2 * 2) * -2.0 * (-2.0 * f64::from(k * k) * t * t).exp();
    if t < 0.3 { 1.0 } else { (1..20).map(term).sum() }
}

/// The chance of a larger chi-square. Wilson and Hilferty (1931).
fn chi_square_tail(chi_square: f64, freedom: usize) -> f64 {
    if freedom == 0 {
        return 1.0;
    }
    let spread = 2.0 / (9.0 * freedom as f64);
    normal_tail(((chi_square / freedom as f64).cbrt() - (1.0 - spread)) / spread.sqrt())
}

/// The chance that a standard normal number is larger.
pub fn normal_tail(z: f64) -> f64 {
    libm::erfc(z / SQRT_2) / 2.0
}

/// Trees pass all of several tests, and columns that are drawn by themselves fail one: else the tests would see
/// nothing. With [`ALPHA`] shared among the tests (Bonferroni).
pub fn only_trees_pass<W: Debug>(ps: impl Fn(Method) -> Vec<(W, f64)>) {
    let smallest = |method| {
        let ps = ps(method);
        let tests = ps.len() as f64;
        ps.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).map(|(what, p)| (p * tests, what)).unwrap()
    };
    let (trees, baseline) = (smallest(Method::Trees), smallest(Method::Independent));
    println!("corrected p and its test: trees {trees:?}, baseline {baseline:?}");
    assert!(trees.0 > ALPHA, "trees fail: {trees:?}");
    assert!(baseline.0 < ALPHA, "the baseline passes: {baseline:?}");
}

pub fn stream(index: u64) -> Stream {
    Seed::new("statistics").stream(Purpose::Sample, index)
}

/// A standard normal number. Box and Muller (1958).
pub fn normal(stream: &mut Stream) -> f64 {
    (-2.0 * (1.0 - stream.unit()).ln()).sqrt() * (TAU * stream.unit()).cos()
}

/// The cell as a number; none where it is empty.
pub fn number(cell: &str) -> Option<f64> {
    cell.parse().ok()
}

/// An ideal model, which draws rows of its training table, fails each test at 0.05 in about 20 of 400 trials: in more
/// than 35 or fewer than 5 with a chance of 0.001 (binomial).
#[test]
fn the_tests_keep_their_alpha() {
    let mut stream = stream(3);
    let mut failed = [0, 0];
    for _ in 0..400 {
        let mut draw = |rows| -> Rows { (0..rows).map(|_| vec![normal(&mut stream).to_string()]).collect() };
        let (train, fresh) = (draw(200), draw(2000));
        let synthetic = (0..400).map(|_| train[(200.0 * stream.unit()) as usize].clone()).collect();
        let trial = Trial { train, synthetic, fresh };
        let x = |row: &[String]| number(&row[0]);
        let ps = [trial.ks(x), trial.chi_square(|row| x(row).map(|x| (2.0 * x).floor() as i32))];
        failed.iter_mut().zip(ps).for_each(|(failed, p)| *failed += usize::from(p < 0.05));
    }
    assert!(failed.iter().all(|failed| (5..=35).contains(failed)), "{failed:?}");
}
