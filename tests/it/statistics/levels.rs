//! Categories of many levels.

use std::collections::HashMap;

use standin::Method;
use standin::math::rng::{Stream, mix};

use super::measure::{Trial, normal, number, only_trees_pass};

/// 10,000 items by Zipf's law, the k-th in proportion to k^-0.8, each with a price that goes with one of three groups.
/// None comes out that is new or that fewer than five training rows have. The shares of the commonest thousand, each of which
/// several rows have, are right (chi-square over ten bins by rank), and so are the prices of seven of the 63 commonest
/// (Kolmogorov-Smirnov). Of the rarer ones, too many to be told apart as sets, three prices in a hundred at most are of
/// another group: two were when the bound was set, and 66 where the columns are drawn by themselves. (One axis of likeness
/// cannot always part three groups: with other groups two of them may come to lie in the same place.)
#[test]
fn ten_thousand_levels() {
    let running = |total: &mut f64, k: u32| {
        *total += f64::from(k).powf(-0.8);
        Some(*total)
    };
    let cumulated: Vec<f64> = (1..=10_000).scan(0.0, running).collect();
    let group = |item: usize| (mix(item as u64 ^ 1) % 3) as f64;
    let law = |stream: &mut Stream| {
        let u = stream.unit() * cumulated[9_999];
        let item = 1 + cumulated.partition_point(|&upto| upto < u);
        format!("item {item},{:.2}", 10.0 * group(item) + 2.0 * normal(stream))
    };
    let item = |row: &[String]| row[0][5..].parse::<usize>().unwrap();
    only_trees_pass(|method| {
        let trial = Trial::new(method, "item,price", 60_000, law);
        let mut counts: HashMap<usize, u32> = HashMap::new();
        trial.train.iter().for_each(|row| *counts.entry(item(row)).or_default() += 1);
        assert!(counts.len() > 9_000);
        assert!(trial.synthetic.iter().all(|row| counts.get(&item(row)).is_some_and(|&rows| rows >= 5)));

        let rare: Vec<&Vec<String>> = trial.synthetic.iter().filter(|row| item(row) >= 64).collect();
        let strays =
            rare.iter().filter(|row| (number(&row[1]).unwrap() - 10.0 * group(item(row))).abs() > 6.0);
        let share = strays.count() as f64 / rare.len() as f64;
        assert_eq!(share < 0.03, method == Method::Trees, "{share:.3} of the prices are of another group");

        let shares = trial.within(|row| item(row) < 1024).chi_square(|row| item(row).ilog2());
        let price = |wanted| (wanted, trial.within(|row| item(row) == wanted).ks(|row| number(&row[1])));
        let prices = [1, 2, 3, 5, 10, 20, 40].map(price);
        [(0, shares)].into_iter().chain(prices).collect()
    });
}
