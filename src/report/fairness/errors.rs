//! Errors by group: would predictions learned from synthetic rows wrong a group more than those learned from real ones?
//!
//! Boosted trees learn the outcome (`groups.rs`) from synthetic and from real rows, [`LOTS`] times from other rows of either
//! table, and are asked about held-out ones. They say yes to as large a share of the rows that they did not learn from as have
//! the outcome among those they did. Of each group of a protected column the shares are told of those with the outcome who are
//! told yes (true positives) and of those without it who are (false positives); a group's distance is that between its share and
//! everyone else's (equalised odds, Hardt et al. 2016).
//!
//! The figure is how much larger a distance is with synthetic rows than with real ones, the mean over the lots, the surest of all
//! groups. What learning from other rows would have changed, the lots tell: no row is in two of them. Both tables' trees are asked
//! about the same rows, so to this comes the variance of the rows' differences, with a row either way added to each side (Agresti
//! and Caffo 2000); the degrees of freedom are Welch's (1947) and Satterthwaite's. The interval holds for all groups at once
//! (Bonferroni), so that chance does not flag. It has no ceiling: real rows are in the difference already.

use serde::Serialize;

use super::groups::{ALLOWED, Groups, protected};
use crate::frame::Frame;
use crate::learn::Stack;
use crate::learn::boosting::Bagging;
use crate::math::chance;
use crate::report::target::Target;
use crate::report::{Figure, Metric, Report, Side, Tables, Verdict};

pub const METRIC: Metric = Metric {
    key: "groupErrors",
    side: Side::Fairness,
    name: "Errors by group",
    best: 0.0,
    says: [
        "Predictions learned from the synthetic rows treat groups no more differently than those learned from real rows.",
        "Predictions learned from the synthetic rows are wrong about one group more often than those learned from real rows: see which.",
        "Predictions learned from the synthetic rows wrong one group far more than those learned from real rows: do not decide about people by them.",
    ],
};

const LOTS: usize = 10;
/// Of a lot, at most; and at least, or nothing is learned that could be told apart from chance.
const ROWS: usize = 3000;
const FEWEST: usize = 50;
const ASKED: usize = 10_000;
const BAGS: usize = 2;
/// Held-out rows of a group with the outcome, or without it, that a share can be told of.
const MIN_ROWS: usize = 25;
/// Groups that are told, the most amplified first.
const SHOWN: usize = 30;

/// What predictions do to a group: learned from real rows, and from synthetic ones.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorRates {
    pub column: String,
    pub name: String,
    /// Of those with the outcome how many are told yes; None where too few rows tell.
    pub true_positive: [Option<f64>; 2],
    /// Of those without it.
    pub false_positive: [Option<f64>; 2],
    /// How much farther the group lies from everyone else, of the two the surer one: with lower and upper end.
    pub widened: [f64; 3],
    pub amplified: bool,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let (Some(holdout), Some(target)) = (&tables.holdout, Target::outcome(tables)) else { return };
    let columns: Vec<Groups> = protected(tables).map(|place| Groups::new(tables, place)).collect();
    if columns.is_empty() {
        return;
    }
    let asked = target.lot(holdout, ASKED, 7);
    let lots = [&tables.train, &tables.synthetic].map(|table| (table, target.lot(table, LOTS * ROWS, 6)));
    let count = lots.iter().map(|(_, rows)| rows.len() / LOTS).min().unwrap_or(0);
    if count < FEWEST {
        return;
    }
    let told = lots.map(|(table, rows)| answers(tables, &target, (table, &rows), count, &asked));
    if told[0].iter().all(Option::is_none) {
        return;
    }
    // A lot that teaches nothing tells nobody yes.
    let told = told.map(|lots| lots.map(|lot| lot.unwrap_or_else(|| vec![false; asked.len()])));
    let row = |(at, &row): (usize, &usize)| Row {
        truth: target.answer(holdout, row) > 0.5,
        told: told.each_ref().map(|lots| lots.each_ref().map(|lot| lot[at])),
    };
    let rows: Vec<Row> = asked.iter().enumerate().map(row).collect();
    let mut sides: Vec<(usize, usize, [Option<Split>; 2])> = Vec::new();
    for (column, groups) in columns.iter().enumerate() {
        let of: Vec<usize> = asked.iter().map(|&row| groups.of(holdout, row)).collect();
        for group in (0..groups.names.len()).filter(|&group| groups.names[group].is_some()) {
            let split = |truth: bool| Split::new(&rows, truth, |at| of[at] == group);
            sides.push((column, group, [split(true), split(false)]));
        }
    }
    let looks = sides.iter().flat_map(|(_, _, splits)| splits).flatten().count();
    let z = chance::reach(looks);
    let places: Vec<usize> = protected(tables).collect();
    for (column, group, splits) in &sides {
        let surest =
            splits.iter().flatten().map(|split| split.widened(z)).max_by(|a, b| a[1].total_cmp(&b[1]));
        let (Some(widened), Some(name)) = (surest, &columns[*column].names[*group]) else { continue };
        let rates = |which: usize| [0, 1].map(|table| splits[which].as_ref().map(|split| split.rates[table]));
        report.error_rates.push(ErrorRates {
            column: tables.names[places[*column]].clone(),
            name: name.clone(),
            true_positive: rates(0),
            false_positive: rates(1),
            widened,
            amplified: widened[1] > ALLOWED,
        });
    }
    report.error_rates.sort_by(|a, b| b.widened[1].total_cmp(&a.widened[1]));
    if let Some([value, low, high]) = report.error_rates.first().map(|rates| rates.widened) {
        let figure = Figure { value: value.max(0.0), interval: Some([low.max(0.0), high.max(0.0)]) };
        let verdict = Verdict::of(low <= 0.02, low <= 0.1);
        report.scores.push(METRIC.score(figure, None, verdict));
    }
    report.error_rates.truncate(SHOWN);
}

/// A held-out row: what is true of it, and what it is told by what was learned from each lot of real and of synthetic rows.
struct Row {
    truth: bool,
    told: [[bool; LOTS]; 2],
}

impl Row {
    /// The share of the lots that tell it yes.
    fn yes(&self, table: usize) -> f64 {
        self.told[table].iter().filter(|&&told| told).count() as f64 / LOTS as f64
    }
}

/// What the rows asked about are told by each lot of `count` rows of a table. None where a lot teaches nothing.
fn answers(
    tables: &Tables,
    target: &Target,
    (table, rows): (&Frame, &[usize]),
    count: usize,
    asked: &[usize],
) -> [Option<Vec<bool>>; LOTS] {
    let holdout = tables.holdout.as_ref().expect("what is asked about is held out");
    let stack = Stack::new(&[(table, rows), (holdout, asked)], &target.others(tables));
    let answer = |&row: &u32| target.answer(table, rows[row as usize]) as f32;
    std::array::from_fn(|lot| {
        let own: Vec<u32> = stack.rows(0).skip(lot).step_by(LOTS).take(count).collect();
        let learned = stack.learn(&own, answer, Bagging::plain(target.loss(), BAGS))?;
        let hits = own.iter().filter(|row| answer(row) > 0.5).count();
        let mut blind: Vec<f32> = learned.blind.iter().map(|&(_, logit)| logit).collect();
        blind.sort_unstable_by(|a, b| b.total_cmp(a));
        let least = blind[hits.min(blind.len() - 1)];
        Some(stack.rows(1).map(|row| stack.predict(&learned, row) > least).collect())
    })
}

/// A group beside everyone else, of those with the outcome or of those without it.
struct Split {
    /// The group's share of yes, real and synthetic.
    rates: [f64; 2],
    widened: f64,
    variance: f64,
    /// Of the variance.
    degrees: f64,
}

impl Split {
    fn new(rows: &[Row], truth: bool, is_in: impl Fn(usize) -> bool) -> Option<Split> {
        let of = |inside: bool| -> Vec<&Row> {
            let wanted =
                rows.iter().enumerate().filter(|(at, row)| row.truth == truth && is_in(*at) == inside);
            wanted.map(|(_, row)| row).collect()
        };
        let (group, rest) = (of(true), of(false));
        if group.len().min(rest.len()) < MIN_ROWS {
            return None;
        }
        let apart = |table: usize| -> [f64; LOTS] {
            let share = |rows: &[&Row], lot: usize| {
                rows.iter().filter(|row| row.told[table][lot]).count() as f64 / rows.len() as f64
            };
            std::array::from_fn(|lot| share(&group, lot) - share(&rest, lot))
        };
        let lots = [0, 1].map(|table| mean_and_error(&apart(table)));
        let signs = lots.map(|(mean, _)| if mean < 0.0 { -1.0 } else { 1.0 });
        let of_rows = |rows: &[&Row]| {
            let difference = |row: &&Row| signs[1] * row.yes(1) - signs[0] * row.yes(0);
            let count = rows.len() as f64 + 2.0;
            let mean = rows.iter().map(difference).sum::<f64>() / count;
            let square = rows.iter().map(difference).map(|value| value * value).sum::<f64>() + 2.0;
            (square / count - mean * mean) / count
        };
        let variance = of_rows(&group) + of_rows(&rest) + lots[0].1 + lots[1].1;
        let squares = lots.map(|(_, error)| error * error / (LOTS - 1) as f64);
        Some(Split {
            rates: [0, 1]
                .map(|table| group.iter().map(|row| row.yes(table)).sum::<f64>() / group.len() as f64),
            widened: lots[1].0.abs() - lots[0].0.abs(),
            variance,
            degrees: variance * variance / (squares[0] + squares[1]).max(f64::MIN_POSITIVE),
        })
    }

    fn widened(&self, z: f64) -> [f64; 3] {
        let reach = chance::student(z, self.degrees) * self.variance.sqrt();
        [self.widened, self.widened - reach, self.widened + reach]
    }
}

/// And the variance of the mean.
fn mean_and_error(values: &[f64; LOTS]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / LOTS as f64;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, squares / (LOTS * (LOTS - 1)) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;
    use crate::math::rng::{mix, unit};
    use crate::report::Asked;

    /// A sex, a score, and whether the score, with noise and `favour` for the second sex, is high; a column that says nothing.
    fn frame(salt: u64, rows: usize, favour: f64) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(mix(salt << 8 ^ what) ^ row as u64));
        let second = |row: usize| draw(row, 1) < 0.4;
        let granted = |row: usize| {
            let favour = if second(row) { favour } else { 0.0 };
            draw(row, 2) + 0.4 * (draw(row, 3) - 0.5) + favour > 0.6
        };
        let codes = |of: &dyn Fn(usize) -> bool| Column::Categories {
            codes: (0..rows).map(|row| u32::from(of(row))).collect(),
            levels: 2,
        };
        let score = Column::Numbers((0..rows).map(|row| draw(row, 2)).collect());
        Frame::new(vec![codes(&second), score, codes(&granted)])
    }

    fn judged(train: u64, synthetic: Frame) -> Report {
        let words = |words: [&str; 2]| words.map(|word| Some(word.to_string())).to_vec();
        let tables = Tables {
            names: ["sex", "score", "granted"].map(String::from).to_vec(),
            labels: vec![words(["f", "m"]), Vec::new(), words(["no", "yes"])],
            asked: Asked { target: Some(2), protected: vec![0, 1] },
            ..Tables::plain(frame(train, 1500, -0.1), Some(frame(train + 1, 700, -0.1)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn fresh_rows_wrong_nobody_more_and_bias_does() {
        for seed in 0..10 {
            let fresh = judged(300 + 3 * seed, frame(302 + 3 * seed, 1500, -0.1));
            assert_eq!(fresh.scores[0].verdict, Verdict::Good, "{:?}", fresh.error_rates);
            assert!(fresh.error_rates.iter().all(|rates| !rates.amplified), "{:?}", fresh.error_rates);
        }
        let biased = judged(300, frame(302, 1500, -0.5));
        assert_eq!(biased.scores[0].verdict, Verdict::Bad, "{:?}", biased.error_rates);
        let worst = &biased.error_rates[0];
        assert!(worst.column == "sex" && worst.amplified && worst.widened[0] > 0.3, "{worst:?}");
    }

    /// Of 100 each with the outcome, half and all told yes with real rows, none and all with synthetic ones: .5 wider.
    #[test]
    fn distances_are_counted() {
        let rows: Vec<Row> = (0..200)
            .map(|at| {
                let told = if at < 100 { [at % 2 == 0, false] } else { [true, true] };
                Row { truth: true, told: told.map(|told| [told; LOTS]) }
            })
            .collect();
        let split = Split::new(&rows, true, |at| at < 100).unwrap();
        assert_eq!((split.rates, split.widened), ([0.5, 0.0], 0.5));
        // Of the group the difference is 1 in half of 102, with one either way, of the rest 0: (52 - 50² / 102) / 102² + 2 / 102².
        let variance = ((52.0 - 2500.0 / 102.0) + 2.0) / (102.0 * 102.0);
        assert!((split.variance - variance).abs() < 1e-12, "{} {variance}", split.variance);
        assert!(Split::new(&rows, false, |at| at < 100).is_none());
    }
}
