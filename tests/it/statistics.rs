//! Known laws in, the same laws out. Each test states its alpha: the chance that it fails where nothing is wrong.
//! Seeds are fixed, so a passing test passes for ever. Small laws are here; the folder has a file for each larger theme.

use standin::{Draws, FitOptions, Method, Preset, Seed};

use self::measure::stream;
use crate::support::{cases, csv, fit, options, register, rows, sample, synth};

mod levels;
mod measure;
mod memory;
mod mixture;
mod rules;
mod wide;

const N: usize = 4000;

fn share(table: &[Vec<String>], is: impl Fn(&[String]) -> bool) -> f64 {
    table.iter().filter(|row| is(row)).count() as f64 / table.len() as f64
}

/// Two shares of N rows each differ by less than 4 standard errors: alpha < 0.0001.
fn assert_close(real: f64, synthetic: f64, what: &str) {
    let pooled = (real + synthetic) / 2.0;
    let error = (pooled * (1.0 - pooled) * 2.0 / N as f64).sqrt().max(1.0 / N as f64);
    assert!((real - synthetic).abs() < 4.0 * error, "{what}: real {real}, synthetic {synthetic}");
}

#[test]
fn a_spike_at_zero_keeps_its_weight() {
    let mut stream = stream(0);
    let file = csv("x", N, || {
        let amount = if stream.unit() < 0.7 { 0.0 } else { -1000.0 * (1.0 - stream.unit()).ln() };
        format!("{amount:.2}")
    });
    let (real, synthetic) = (rows(&file), rows(&synth(&file, Method::Trees, N as u64, "1")));
    assert_close(share(&real, |row| row[0] == "0.00"), share(&synthetic, |row| row[0] == "0.00"), "zeros");
    let above = |row: &[String]| row[0].parse::<f64>().unwrap() > 1000.0;
    assert_close(share(&real, above), share(&synthetic, above), "large amounts");
}

/// A school of sixty, and that of the next year: the same but for those who moved, more often in one group.
#[test]
fn what_is_mostly_said_again_is_said_again() {
    let mut stream = stream(0);
    let file = csv("group,before,after", N, || {
        let group = if stream.unit() < 0.3 { "x" } else { "y" };
        let mut school = || format!("S{:02}", (stream.unit() * stream.unit() * 60.0) as usize);
        let (before, other) = (school(), school());
        let moved = stream.unit() < if group == "x" { 0.2 } else { 0.04 };
        format!("{group},{before},{}", if moved { other } else { before.clone() })
    });
    let (real, synthetic) = (rows(&file), rows(&synth(&file, Method::Trees, N as u64, "1")));
    let moved = |r: &[String]| r[1] != r[2];
    assert_close(share(&real, moved), share(&synthetic, moved), "moved");
    let in_x = |r: &[String]| r[0] == "x" && r[1] != r[2];
    assert_close(share(&real, in_x), share(&synthetic, in_x), "moved in x");
    let common = |r: &[String]| r[2].as_str() < "S10";
    assert_close(share(&real, common), share(&synthetic, common), "the common schools after");
}

/// Gaps that always fall together in two columns, and more often in one group.
#[test]
fn gaps_fall_together() {
    let mut stream = stream(0);
    let file = csv("group,a,b", N, || {
        let group = if stream.unit() < 0.5 { "x" } else { "y" };
        let gone = stream.unit() < if group == "x" { 0.4 } else { 0.1 };
        let (a, b) = (stream.unit(), stream.unit());
        if gone { format!("{group},,") } else { format!("{group},{a:.4},{b:.4}") }
    });
    let (real, synthetic) = (rows(&file), rows(&synth(&file, Method::Trees, N as u64, "1")));
    assert_close(share(&real, |r| r[1].is_empty()), share(&synthetic, |r| r[1].is_empty()), "gaps");
    let in_x = |r: &[String]| r[0] == "x" && r[1].is_empty();
    assert_close(share(&real, in_x), share(&synthetic, in_x), "gaps in x");
    let apart = share(&synthetic, |r| r[1].is_empty() != r[2].is_empty());
    assert!(apart < 0.01, "{apart} of rows have only one of two gaps that always fall together");
}

/// The variance of a count over 300 samples, as a share of the binomial one, has a standard error of sqrt(2 / 300): within
/// 4 of it, alpha < 0.0001. Under spread draws it is less.
#[test]
fn counts_vary_as_the_draws_say() {
    let mut stream = stream(0);
    let file = csv("group,answer", N, || {
        let group = if stream.unit() < 0.5 { "x" } else { "y" };
        format!("{group},{}", if stream.unit() < if group == "x" { 0.5 } else { 0.1 } { "yes" } else { "no" })
    });
    const ROWS: u64 = 2048;
    for method in [Method::Independent, Method::Trees] {
        let model = fit(&file, &options(method, "1"));
        let dialect = model.dialect(None).unwrap();
        let variance = |draws| {
            let count = |seed: u32| {
                let made = model.piece(0..ROWS, &Seed::new(&seed.to_string()), draws, &dialect);
                share(&rows(&made), |row| row[1] == "yes") * ROWS as f64
            };
            let counts: Vec<f64> = (0..300).map(count).collect();
            let mean = counts.iter().sum::<f64>() / 300.0;
            let binomial = mean * (1.0 - mean / ROWS as f64);
            counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 299.0 / binomial
        };
        let independent = variance(Draws::Independent);
        assert!((independent - 1.0).abs() < 4.0 * (2.0f64 / 300.0).sqrt(), "{method:?}: {independent}");
        if method == Method::Trees {
            let spread = variance(Draws::Spread);
            assert!(spread < 0.1, "{spread}");
        }
    }
}

/// A rule that fixes one column by another is never broken; the baseline breaks it by half.
#[test]
fn a_rule_between_columns_is_kept() {
    let mut stream = stream(0);
    let file = csv("n,even", N, || {
        let n = (stream.unit() * 40.0) as u32;
        format!("{n},{}", if n.is_multiple_of(2) { "even" } else { "odd" })
    });
    let broken = |method| {
        let synthetic = rows(&synth(&file, method, N as u64, "1"));
        share(&synthetic, |r| r[0].parse::<u32>().unwrap().is_multiple_of(2) != (r[1] == "even"))
    };
    assert_eq!(broken(Method::Trees), 0.0);
    assert!((broken(Method::Independent) - 0.5).abs() < 0.05);
}

/// A fine column that stands before or behind its coarse ones goes with them in every row, and keeps their shares.
#[test]
fn places_stay_in_their_regions() {
    let mut stream = stream(0);
    let file = csv("zip,city,year,region,age,band", N, || {
        let zip = (stream.unit().powi(2) * 800.0) as u32;
        let (city, region) = (zip * 7919 % 800 / 20, zip * 7919 % 800 / 200);
        let age = 18 + (stream.unit() * 60.0 + f64::from(region)) as u32;
        let year = 2000 + (stream.unit() * 20.0) as u32;
        format!("Z{zip},city {city},{year},region {region},{age},{}s", age / 10 * 10)
    });
    let (real, synthetic) = (rows(&file), rows(&synth(&file, Method::Trees, N as u64, "1")));
    for (fine, coarse) in [(0, 1), (1, 3), (0, 3), (4, 5)] {
        let known: std::collections::HashMap<&str, &str> =
            real.iter().map(|row| (row[fine].as_str(), row[coarse].as_str())).collect();
        let broken = share(&synthetic, |row| known[row[fine].as_str()] != row[coarse]);
        assert_eq!(broken, 0.0, "column {coarse} follows from column {fine}");
    }
    let first = |row: &[String]| row[3] == "region 0";
    assert_close(share(&real, first), share(&synthetic, first), "region 0");
    let old = |row: &[String]| first(row) && row[4].parse::<u32>().unwrap() > 60;
    assert_close(share(&real, old), share(&synthetic, old), "old in region 0");
}

/// Numbers that were given in the order of time at two desks still tell of both, and are different in every row. Two shares, by
/// `assert_close`: alpha < 0.0002; the other bounds are far from what chance does.
#[test]
fn case_numbers_go_with_what_they_were_given_for() {
    let file = cases(N);
    let (real, synthetic) = (rows(&file), rows(&synth(&file, Method::Trees, N as u64, "1")));
    let number = |row: &[String]| row[0].parse::<usize>().unwrap();
    let ids: std::collections::HashSet<usize> = synthetic.iter().map(|row| number(row)).collect();
    assert_eq!(ids.len(), N);
    // The desk that opened when half of the numbers were given.
    let at_new = |row: &[String]| row[1] == "new";
    let early = |row: &[String]| number(row) < 10_000 + 3 * N / 2;
    assert_close(share(&real, early), share(&synthetic, early), "early");
    let new_and_late = |row: &[String]| at_new(row) && !early(row);
    assert_close(share(&real, new_and_late), share(&synthetic, new_and_late), "at the new desk");
    let astray = share(&synthetic, |row| at_new(row) && number(row) < 10_000 + 3 * N * 45 / 100);
    assert!(astray < 0.01, "{astray} had a number of the new desk before it opened");
    let off = |row: &Vec<String>| (number(row) - 10_000) as f64 / 3.0 - row[2].parse::<f64>().unwrap() * 20.0;
    let spread = |table: &[Vec<String>]| table.iter().map(|row| off(row).abs()).sum::<f64>() / N as f64;
    assert!(spread(&synthetic) < 5.0 * spread(&real), "{} days of {}", spread(&synthetic), spread(&real));
}

/// Nobody leaves before they came, and stays are as long as they were, though the file tells dates alone.
#[test]
fn stays_keep_their_length() {
    let mut stream = stream(0);
    let date = |day: u32| format!("2023-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
    let file = csv("left,ward,came", N, || {
        let came = (stream.unit() * 300.0) as u32;
        let (ward, days) = if stream.unit() < 0.5 { ("a", 1.0) } else { ("b", 9.0) };
        let left = came + (stream.unit() * 3.0 + days) as u32;
        let left = if stream.unit() < 0.1 { String::new() } else { date(left) };
        format!("{left},{ward},{}", date(came))
    });
    let day = |date: &str| {
        let mut parts = date.split('-').map(|part| part.parse::<i32>().unwrap());
        let (_, month, day) = (parts.next(), parts.next().unwrap(), parts.next().unwrap());
        [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month as usize - 1] + day
    };
    let (real, synthetic) = (rows(&file), rows(&synth(&file, Method::Trees, N as u64, "1")));
    let stay = |r: &[String]| (!r[0].is_empty()).then(|| day(&r[0]) - day(&r[2]));
    assert_eq!(share(&synthetic, |r| stay(r).is_some_and(|days| days < 0)), 0.0);
    assert_close(share(&real, |r| r[0].is_empty()), share(&synthetic, |r| r[0].is_empty()), "still there");
    let long = |r: &[String]| stay(r).is_some_and(|days| days > 7);
    assert_close(share(&real, long), share(&synthetic, long), "long stays");
    let long_in_b = |r: &[String]| long(r) && r[1] == "b";
    assert_close(share(&real, long_in_b), share(&synthetic, long_in_b), "long stays in b");
    let spring = |r: &[String]| (60..150).contains(&day(&r[2]));
    assert_close(share(&real, spring), share(&synthetic, spring), "came in spring");
}

#[test]
fn correlation_is_kept() {
    let mut stream = stream(0);
    let file = csv("x,y", N, || {
        // Sums of uniforms: near enough to Gaussian.
        let mut normal = || (0..12).map(|_| stream.unit()).sum::<f64>() - 6.0;
        let (x, e) = (normal(), normal());
        format!("{x:.5},{:.5}", 0.8 * x + 0.6 * e)
    });
    let correlation = |table: &[Vec<String>]| {
        let pairs: Vec<(f64, f64)> =
            table.iter().map(|r| (r[0].parse().unwrap(), r[1].parse().unwrap())).collect();
        let n = pairs.len() as f64;
        let (mx, my) =
            (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
        let sum = |f: fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - mx, p.1 - my)).sum::<f64>();
        sum(|x, y| x * y) / (sum(|x, _| x * x) * sum(|_, y| y * y)).sqrt()
    };
    let (real, synthetic) =
        (correlation(&rows(&file)), correlation(&rows(&synth(&file, Method::Trees, N as u64, "1"))));
    // Fisher's z has standard error 1/sqrt(N - 3) on each side, 0.36 of it in r at r = 0.8; five of them: alpha < 1e-6.
    // The bound allows the model as much again.
    assert!(
        (real - synthetic).abs() < 2.0 * 5.0 * 0.36 * (2.0 / N as f64).sqrt(),
        "{real} became {synthetic}"
    );
}

/// No number that one row alone has, and no category that one row alone has, comes out; ids are fresh and unique.
#[test]
fn nothing_unique_is_copied() {
    let mut stream = stream(0);
    let mut next = 0;
    let file = csv("x,c", N, || {
        next += 1;
        let c = if next % 400 == 0 { format!("only{next}") } else { format!("level{}", next % 7) };
        format!("{:.9},{c}", stream.unit() * 1e6)
    });
    let real: std::collections::HashSet<String> = rows(&file).into_iter().flatten().collect();
    let synthetic = rows(&synth(&file, Method::Trees, N as u64, "1"));
    assert_eq!(share(&synthetic, |r| real.contains(&r[0])), 0.0);
    assert_eq!(share(&synthetic, |r| r[1].starts_with("only")), 0.0);

    let synthetic = rows(&synth(&register(500), Method::Trees, 3000, "1"));
    let ids: std::collections::HashSet<&String> = synthetic.iter().map(|row| &row[0]).collect();
    assert_eq!(ids.len(), 3000);
    assert!(ids.iter().all(|id| id.len() == 6 && id.starts_with("P-")));
}

/// Dates stay dates, whole numbers whole, prices to the cent.
#[test]
fn formats_are_kept() {
    for row in rows(&synth(&register(500), Method::Trees, 1000, "1")) {
        assert!(row[2].parse::<u32>().is_ok(), "{row:?}");
        assert_eq!(row[3].split_once('.').unwrap().1.len(), 2, "{row:?}");
        // A fitted tail may leave the year by days.
        assert!(["2022-12", "2023-", "2024-01"].iter().any(|start| row[4].starts_with(start)), "{row:?}");
        assert_eq!(row[4].len(), 10, "{row:?}");
        assert!(row[7].is_empty() || row[7].split_once('.').unwrap().1.len() == 1, "{row:?}");
    }
}

/// The more faithful a preset, the more of a fine pattern it keeps: a wave that shallow trees flatten.
#[test]
fn presets_trade_likeness() {
    let mut stream = stream(0);
    let file = csv("x,y", N, || {
        let x = stream.unit();
        format!("{x:.6},{}", if stream.unit() < 0.5 + 0.45 * (x * 90.0).sin() { "up" } else { "down" })
    });
    let kept = |preset| {
        let model = fit(&file, &FitOptions { preset, ..options(Method::Trees, "1") });
        let synthetic = rows(&sample(model, 10 * N as u64, "1"));
        share(&synthetic, |r| ((r[0].parse::<f64>().unwrap() * 90.0).sin() > 0.0) == (r[1] == "up"))
    };
    let [faithful, balanced, cautious] = [Preset::Faithful, Preset::Balanced, Preset::Cautious].map(kept);
    assert!(faithful > cautious + 0.01 && balanced > cautious, "{faithful} {balanced} {cautious}");
}
