//! Rare categories: are levels that few rows have still there, or did the model forget them?
//!
//! A level is rare that fewer than one row in twenty has, and at least [`TOLD`] training rows. It is found where it has at
//! least half of its share of the training rows. The figure is the share of rare levels that are found among as many
//! synthetic rows as were held out, of those that so many rows hold twice or more; the ceiling is that of the held-out rows.
//! The interval is what tables drawn again would show: each level's count is Poisson's, so whether it is found is a toss of
//! a known chance, and the variances of the tosses add up. A level is called lost where all synthetic rows hold less than
//! half of its share, and surely less than the real ones (Newcombe's interval for all levels at once). Levels of fewer than
//! [`TOLD`] rows are not told.

use serde::Serialize;

use super::same_size;
use crate::frame::{Column, Frame};
use crate::math::chance;
use crate::report::{Figure, Metric, Report, Side, Tables, lost};

pub const METRIC: Metric = Metric {
    key: "rare",
    side: Side::Fairness,
    name: "Rare categories kept",
    best: 1.0,
    says: [
        "Rare categories are still there, each with about its share.",
        "Some rare categories are missing or rarer than they should be: see which.",
        "Many rare categories are missing: whoever belongs to one is not in this table.",
    ],
};

const RARE: f64 = 0.05;
const TOLD: usize = 5;
/// Rows of a level that are to be expected, for it to be looked for.
const EXPECTED: f64 = 2.0;
/// Levels that are told, the most lost first.
const SHOWN: usize = 20;

/// A rare level.
#[derive(Clone, Debug, Serialize)]
pub struct Rare {
    pub column: String,
    pub level: String,
    /// Its share of the rows: real, synthetic.
    pub shares: [f64; 2],
    pub lost: bool,
}

/// Where it is, and the training rows that have it.
struct Level {
    place: usize,
    code: u32,
    rows: usize,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let levels = levels(&tables.train);
    let [synthetic, holdout] = same_size(tables);
    let of = |(frame, rows): &(&Frame, Vec<usize>)| found(&levels, tables.train.rows, frame, rows);
    let ceiling = holdout.as_ref().and_then(of);
    if let Some(figure) = synthetic.as_ref().and_then(of) {
        let verdict = lost(figure, ceiling, [0.05, 0.25]);
        report.scores.push(METRIC.score(figure, ceiling.map(|ceiling| ceiling.value), verdict));
    }
    let all: Vec<usize> = (0..tables.synthetic.rows).collect();
    let made = counts(&levels, &tables.synthetic, &all);
    let (real, whole) = (tables.train.rows, all.len());
    let z = chance::reach(levels.len());
    let rare = |(level, made): (&Level, usize)| -> Option<Rare> {
        let text = tables.labels[level.place].get(level.code as usize)?.clone()?;
        let shares = [(level.rows, real), (made, whole)].map(|(rows, of)| rows as f64 / of.max(1) as f64);
        let [_, most] = chance::of_difference([whole, made], [real, level.rows], z);
        let lost = shares[1] < shares[0] / 2.0 && most < 0.0;
        Some(Rare { column: tables.names[level.place].clone(), level: text, shares, lost })
    };
    report.rare = levels.iter().zip(made).filter_map(rare).collect();
    let kept = |rare: &Rare| rare.shares[1] / rare.shares[0];
    report.rare.sort_by(|a, b| b.lost.cmp(&a.lost).then(kept(a).total_cmp(&kept(b))));
    report.rare.truncate(SHOWN);
}

fn levels(train: &Frame) -> Vec<Level> {
    let of_column = |(place, column): (usize, &Column)| -> Vec<Level> {
        let Column::Categories { codes, levels } = column else { return Vec::new() };
        let mut counts = vec![0usize; *levels as usize + 1];
        codes.iter().for_each(|&code| counts[code.min(*levels) as usize] += 1);
        let is_rare = |rows: usize| rows >= TOLD && (rows as f64) < RARE * codes.len() as f64;
        let level = |code: u32| Level { place, code, rows: counts[code as usize] };
        (0..*levels).map(level).filter(|level| is_rare(level.rows)).collect()
    };
    train.columns.iter().enumerate().flat_map(of_column).collect()
}

/// Of each level the rows that have it, among some of a table.
fn counts(levels: &[Level], frame: &Frame, rows: &[usize]) -> Vec<usize> {
    let of_column = |column: &Column| -> Vec<usize> {
        let Column::Categories { codes, levels } = column else { return Vec::new() };
        let mut counts = vec![0; *levels as usize + 1];
        rows.iter().for_each(|&row| counts[codes[row].min(*levels) as usize] += 1);
        counts
    };
    let columns: Vec<Vec<usize>> = frame.columns.iter().map(of_column).collect();
    levels.iter().map(|level| columns[level.place][level.code as usize]).collect()
}

/// None where so few rows hold no rare level.
fn found(levels: &[Level], train: usize, frame: &Frame, rows: &[usize]) -> Option<Figure> {
    let (mut looked, mut hits, mut variance) = (0.0, 0.0, 0.0);
    for (level, count) in levels.iter().zip(counts(levels, frame, rows)) {
        let expected = level.rows as f64 * rows.len() as f64 / train as f64;
        if expected < EXPECTED {
            continue;
        }
        let least = libm::ceil(expected / 2.0);
        let again = at_least(least as usize, (count as f64).max(0.5));
        looked += 1.0;
        hits += f64::from(u8::from(count as f64 >= least));
        variance += again * (1.0 - again);
    }
    let (value, reach) = (hits / looked, chance::reach(1) * variance.sqrt() / looked);
    let interval = Some([(value - reach).max(0.0), (value + reach).min(1.0)]);
    (looked > 0.0).then_some(Figure { value, interval })
}

/// The chance of so many where `mean` are to be expected (Poisson).
fn at_least(least: usize, mean: f64) -> f64 {
    let mut term = libm::exp(-mean);
    let mut below = 0.0;
    for count in 0..least {
        below += term;
        term *= mean / (count + 1) as f64;
    }
    (1.0 - below).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{mix, unit};
    use crate::report::{Asked, Verdict};

    /// Twenty levels whose shares fall from one third by a quarter each; `cut`: those from there on become the first.
    fn frame(salt: u64, rows: usize, cut: u32) -> Frame {
        let level = |row: usize| {
            let draw = unit(mix(mix(salt << 8) ^ row as u64));
            let level = (libm::log(draw.max(1e-9)) / libm::log(0.75)) as u32;
            if level >= cut { 0 } else { level.min(19) }
        };
        Frame::new(vec![Column::Categories { codes: (0..rows).map(level).collect(), levels: 20 }])
    }

    fn judged(train: u64, synthetic: Frame) -> Report {
        let tables = Tables {
            names: vec!["town".into()],
            labels: vec![(0..20).map(|town| Some(format!("town {town}"))).collect()],
            asked: Asked::default(),
            ..Tables::plain(frame(train, 4000, 20), Some(frame(train + 1, 1000, 20)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn fresh_rows_keep_rare_levels_and_one_mode_does_not() {
        for seed in 0..10 {
            let fresh = judged(400 + 3 * seed, frame(402 + 3 * seed, 4000, 20));
            assert_eq!(fresh.scores[0].verdict, Verdict::Good, "{:?}", fresh.scores[0]);
            assert!(fresh.rare.iter().all(|rare| !rare.lost), "{:?}", fresh.rare);
        }
        let one = judged(400, frame(402, 4000, 1));
        assert_eq!((one.scores[0].value, one.scores[0].verdict), (0.0, Verdict::Bad));
        let cut = judged(400, frame(402, 4000, 10));
        assert_ne!(cut.scores[0].verdict, Verdict::Good, "{:?}", cut.scores[0]);
        assert!(
            cut.rare[0].lost
                && cut.rare[0].shares[1] == 0.0
                && cut.rare.iter().any(|rare| rare.level == "town 10")
        );
    }

    /// From the table of Poisson's law: of 2.0, at least 1 is .8647 and at least 3 is .3233.
    #[test]
    fn published_chances() {
        assert!((at_least(1, 2.0) - 0.8647).abs() < 5e-5 && (at_least(3, 2.0) - 0.3233).abs() < 5e-5);
        assert_eq!(at_least(0, 2.0), 1.0);
    }
}
