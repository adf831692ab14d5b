//! A regression, the analyst's own question: do synthetic rows give the coefficients that real rows give?
//!
//! Of a number by least squares, of a level against the rest by maximum likelihood (logistic regression, Newton's steps).
//! Each coefficient has its interval of 95 %, estimate ± 1.96 standard errors. The figure is the mean overlap of these
//! intervals, Karr et al. (2006): half of the sum of the shares of either interval that lies in both, none where they are
//! apart. A row tells the standardised difference as well, |b - b'| / s with the real row's standard error (Snoke et al.
//! 2018). The interval of the mean is Student's over the coefficients. One coefficient that is surely another is to be
//! looked at, though the mean is well.
//!
//! Predictors are the columns' numbers, in standard deviations of the training rows from their mean and no further than
//! [`FAR`], and the commonest levels but the first, yes or no; of these the [`MOST`] that go with the target most closely,
//! without those that others nearly tell. The intercept is fitted but not compared. As many rows of each table, at most
//! [`ROWS`], by lot; two fresh samples of one law overlap by .71 on average, so the ceiling, held-out rows in the place of
//! the synthetic ones, is not 1. Left out where real rows do not bear the regression.

mod fit;

use serde::Serialize;

use crate::frame::{Column, Frame};
use crate::learn::boosting::Loss;
use crate::math::chance;
use crate::report::target::Target;
use crate::report::{Figure, Metric, Report, Score, Side, Tables, Verdict, lost};
use fit::{Design, Estimate};

pub const METRIC: Metric = Metric {
    key: "coefficients",
    side: Side::Utility,
    name: "Same regression",
    best: 1.0,
    says: [
        "A regression on synthetic rows gives about the coefficients that real rows give.",
        "A regression on synthetic rows gives somewhat other coefficients than real rows: see which before relying on them.",
        "A regression on synthetic rows gives other coefficients than real rows: do not publish any from them.",
    ],
};

const ROWS: usize = 4000;
const MOST: usize = 12;
const FAR: f64 = 4.0;
/// Levels of a category that become predictors, and the share of rows that each must have.
const LEVELS: usize = 4;
const MIN_SHARE: f64 = 0.04;
/// A predictor of which others leave no more than this part of its variance untold is dropped.
const UNTOLD: f64 = 0.1;
/// Rows for each predictor.
const ROWS_EACH: usize = 15;

/// A coefficient with its interval, from real and from synthetic rows.
#[derive(Clone, Debug, Serialize)]
pub struct Coefficient {
    pub name: String,
    /// Estimate, lower and upper end.
    pub real: [f64; 3],
    pub synthetic: [f64; 3],
    /// The overlap of the two intervals, from 0 to 1.
    pub overlap: f64,
    /// How many standard errors of the real one lie between them.
    pub difference: f64,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let (Some(holdout), Some(target)) = (&tables.holdout, Target::new(tables)) else { return };
    let every = [&tables.train, &tables.synthetic, holdout];
    let count = every.iter().map(|frame| frame.rows).min().unwrap_or(0).min(ROWS);
    let predictors = predictors(tables, &target, count);
    let fit = |frame: &Frame, key: u64| {
        let rows = target.lot(frame, count, key);
        let answers = rows.iter().map(|&row| target.answer(frame, row)).collect();
        let columns = predictors.iter().map(|predictor| predictor.values(frame, &rows)).collect();
        fit::fit(&Design { columns, answers }, target.loss() == Loss::Logistic)
    };
    // Rows 6 and 7 by lot, as other figures take them.
    let (Some(real), Some(held)) = (fit(&tables.train, 6), fit(holdout, 7)) else { return };
    let name = &tables.names[target.place];
    let ceiling = mean(&overlaps(&real, &held));
    let Some(made) = fit(&tables.synthetic, 6) else {
        let score = METRIC.score(Figure::plain(0.0), Some(ceiling.value), Verdict::Bad);
        let says = "Real rows bear the regression, synthetic rows do not: they hold too few different ones.";
        report.scores.push(Score { sentence: format!("A regression of \"{name}\". {says}"), ..score });
        return;
    };
    let shared = overlaps(&real, &made);
    let figure = mean(&shared);
    let verdict = lost(figure, Some(ceiling), [0.05, 0.25]).max(one_by_one(&real, &made));
    let score = METRIC.score(figure, Some(ceiling.value), verdict);
    let sentence = format!("Of \"{name}\": {}", score.sentence);
    report.scores.push(Score { sentence, ..score });
    let row = |at: usize| {
        let told = |estimate: &Estimate| [estimate.value, estimate.ends()[0], estimate.ends()[1]];
        Coefficient {
            name: predictors[at].name.clone(),
            real: told(&real[at]),
            synthetic: told(&made[at]),
            overlap: shared[at],
            difference: (real[at].value - made[at].value).abs() / real[at].error,
        }
    };
    report.coefficients = (0..predictors.len()).map(row).collect();
    report
        .coefficients
        .sort_by(|a, b| a.overlap.total_cmp(&b.overlap).then(b.difference.total_cmp(&a.difference)));
}

fn overlaps(real: &[Estimate], other: &[Estimate]) -> Vec<f64> {
    real.iter().zip(other).map(|(a, b)| overlap(a.ends(), b.ends())).collect()
}

/// A mean may hide one coefficient that is surely another: by chance that is seen once in 400 tables.
fn one_by_one(real: &[Estimate], made: &[Estimate]) -> Verdict {
    let apart = |(a, b): (&Estimate, &Estimate)| {
        (a.value - b.value).abs() / (a.error * a.error + b.error * b.error).sqrt()
    };
    let farthest = real.iter().zip(made).map(apart).fold(0.0, f64::max);
    Verdict::of(farthest <= chance::reach(20 * real.len()), true)
}

/// Karr et al. (2006).
fn overlap([low, high]: [f64; 2], [from, to]: [f64; 2]) -> f64 {
    let shared = (high.min(to) - low.max(from)).max(0.0);
    (shared / (high - low) + shared / (to - from)) / 2.0
}

fn mean(overlaps: &[f64]) -> Figure {
    let count = overlaps.len() as f64;
    let value = overlaps.iter().sum::<f64>() / count;
    let squares: f64 = overlaps.iter().map(|overlap| (overlap - value) * (overlap - value)).sum();
    // Of few coefficients the spread is not known from themselves: of fresh samples one overlap strays by .22.
    let spread = if overlaps.len() < 5 { 0.22 } else { (squares / (count - 1.0)).sqrt() };
    let normal = chance::reach(1);
    let quantile = if overlaps.len() < 5 { normal } else { chance::student(normal, count - 1.0) };
    let reach = quantile * spread / count.sqrt();
    Figure { value, interval: Some([value - reach, value + reach].map(|end| end.clamp(0.0, 1.0))) }
}

/// What becomes one number of a row.
struct Predictor {
    name: String,
    place: usize,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Amount { mean: f64, deviation: f64 },
    Level(u32),
}

impl Predictor {
    fn values(&self, frame: &Frame, rows: &[usize]) -> Vec<f64> {
        match (&frame.columns[self.place], self.what) {
            (Column::Numbers(values), What::Amount { mean, deviation }) => {
                let of = |&row: &usize| {
                    let value = (values[row] - mean) / deviation;
                    if value.is_nan() { 0.0 } else { value.clamp(-FAR, FAR) }
                };
                rows.iter().map(of).collect()
            }
            (Column::Categories { codes, .. }, What::Level(level)) => {
                rows.iter().map(|&row| f64::from(u8::from(codes[row] == level))).collect()
            }
            _ => panic!("one codec makes one type of column"),
        }
    }
}

/// Those that go with the target most closely first, without those that earlier ones nearly tell.
fn predictors(tables: &Tables, target: &Target, count: usize) -> Vec<Predictor> {
    let rows = target.lot(&tables.train, count, 6);
    let answers: Vec<f64> = rows.iter().map(|&row| target.answer(&tables.train, row)).collect();
    let answers = fit::centred(&answers);
    let every = target.others(tables).into_iter().flat_map(|place| of_column(tables, place));
    let mut ranked: Vec<(f64, Predictor, Vec<f64>)> = every
        .filter_map(|predictor| {
            let values = fit::centred(&predictor.values(&tables.train, &rows));
            let size = fit::product(&values, &values);
            let close = fit::product(&values, &answers);
            (size > 1e-9 * rows.len() as f64).then(|| (close * close / size, predictor, values))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0)); // stable
    let most = MOST.min(rows.len() / ROWS_EACH);
    // Gram and Schmidt: of each what the earlier ones leave untold.
    let (mut kept, mut told): (Vec<Predictor>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
    for (_, predictor, values) in ranked {
        if kept.len() == most {
            break;
        }
        let size = fit::product(&values, &values);
        let mut rest = values;
        for other in &told {
            let part = fit::product(&rest, other) / fit::product(other, other);
            rest.iter_mut().zip(other).for_each(|(value, other)| *value -= part * other);
        }
        if fit::product(&rest, &rest) > UNTOLD * size {
            told.push(rest);
            kept.push(predictor);
        }
    }
    kept
}

fn of_column(tables: &Tables, place: usize) -> Vec<Predictor> {
    let name = &tables.names[place];
    match &tables.train.columns[place] {
        Column::Numbers(values) => {
            let known = || values.iter().filter(|value| !value.is_nan());
            let count = known().count();
            if 2 * count < values.len() {
                return Vec::new();
            }
            let mean = known().sum::<f64>() / count.max(1) as f64;
            let squares: f64 = known().map(|value| (value - mean) * (value - mean)).sum();
            let deviation = (squares / count.max(1) as f64).sqrt();
            let varies = deviation > 0.0 && deviation.is_finite();
            let amount = || Predictor { name: name.clone(), place, what: What::Amount { mean, deviation } };
            varies.then(amount).into_iter().collect()
        }
        Column::Categories { codes, levels } => {
            let mut counts = vec![0usize; *levels as usize + 1];
            codes.iter().for_each(|&code| counts[code.min(*levels) as usize] += 1);
            let mut order: Vec<u32> = (0..*levels).collect();
            order.sort_by_key(|&level| std::cmp::Reverse(counts[level as usize])); // stable
            let is_common = |level: &u32| counts[*level as usize] as f64 >= MIN_SHARE * codes.len() as f64;
            let predictor = |level: u32| {
                let label = tables.labels[place].get(level as usize)?.as_ref()?;
                Some(Predictor { name: format!("{name}: {label}"), place, what: What::Level(level) })
            };
            order.into_iter().skip(1).filter(is_common).take(LEVELS).filter_map(predictor).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{mix, unit};
    use crate::report::Asked;

    /// Three numbers, the fourth column a sum of them with noise, the fifth whether that is high, the sixth the first again.
    fn frame(salt: u64, weights: [f64; 3]) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(mix(salt << 8 ^ what) ^ row as u64));
        let number = |what: u64| Column::Numbers((0..1200).map(|row| draw(row, what)).collect());
        let sum = |row: usize| {
            let noise = draw(row, 4) + draw(row, 5) - 1.0;
            weights.iter().zip(1..).map(|(weight, what)| weight * draw(row, what)).sum::<f64>() + noise
        };
        let codes = (0..1200).map(|row| u32::from(sum(row) > 1.5)).collect();
        let sums = Column::Numbers((0..1200).map(sum).collect());
        let high = Column::Categories { codes, levels: 2 };
        Frame::new(vec![number(1), number(2), number(3), sums, high, number(1)])
    }

    fn judged(train: u64, synthetic: Frame, target: usize) -> Report {
        let columns = if target == 3 { [0, 1, 2, 3, 5] } else { [0, 1, 2, 4, 5] };
        let law = [2.0, 1.0, 0.0];
        let tables = Tables {
            names: ["a", "b", "c", "y", "again"].map(String::from).to_vec(),
            labels: vec![Vec::new(); 5],
            asked: Asked { target: Some(3), protected: Vec::new() },
            ..Tables::plain(
                frame(train, law).project(&columns),
                Some(frame(train + 1, law).project(&columns)),
                synthetic.project(&columns),
            )
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn published_overlap() {
        assert_eq!(overlap([0.0, 2.0], [0.0, 2.0]), 1.0);
        assert_eq!(overlap([0.0, 2.0], [1.0, 2.0]), 0.75);
        assert_eq!(overlap([0.0, 1.0], [2.0, 3.0]), 0.0);
    }

    #[test]
    fn fresh_rows_agree_and_other_laws_do_not() {
        for target in [3, 4] {
            let of = |seed: u64| judged(200 + 3 * seed, frame(202 + 3 * seed, [2.0, 1.0, 0.0]), target);
            let verdicts: Vec<Verdict> = (0..10).map(|seed| of(seed).scores[0].verdict).collect();
            assert!(verdicts.iter().all(|&verdict| verdict == Verdict::Good), "{verdicts:?}");
            let fresh = of(0);
            assert_eq!(fresh.coefficients.len(), 3, "the one that says the same is dropped");
            let other = judged(200, frame(202, [-1.0, 0.0, 2.0]), target);
            assert_eq!(other.scores[0].verdict, Verdict::Bad, "{:?}", other.scores[0]);
            assert!(other.coefficients[0].difference > 10.0 && other.coefficients[0].overlap == 0.0);
        }
    }

    #[test]
    fn one_mode_bears_no_regression() {
        let fresh = frame(202, [2.0, 1.0, 0.0]);
        let mode = |column: &Column| match column {
            Column::Numbers(values) => Column::Numbers(vec![values[0]; 1200]),
            Column::Categories { codes, levels } => {
                Column::Categories { codes: vec![codes[0]; 1200], levels: *levels }
            }
        };
        let report = judged(200, Frame::new(fresh.columns.iter().map(mode).collect()), 3);
        assert!(report.scores[0].verdict == Verdict::Bad && report.coefficients.is_empty());
    }
}
