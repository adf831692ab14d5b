//! How true, how useful, how safe and how fair a synthetic table is, each figure beside what held-out real rows score.
//!
//! Judges frames, never a model, so it judges other tools' tables as well. The holdout, real rows that the model
//! never saw, is scored as if it were synthetic: that is the ceiling, what a perfect generator that copies nobody
//! would reach on this much data. Figures that ask about unseen rows have no place without a holdout.
//!
//! One file a figure, in the folder of its side; each has a [`Metric`], listed in [`METRICS`], and a part of the work, listed
//! in [`PARTS`]. Whatever is told of a value that few rows share is left out: a report is made to be passed on.

use serde::Serialize;

use crate::math::rng::mix;
use generations::Generation;

pub mod charts;
mod fairness;
pub mod generations;
pub mod html;
pub mod lists;
mod nearest;
mod safety;
mod score;
mod tables;
mod target;
mod truth;
mod utility;

pub use score::{Figure, Metric, Score, Side, Verdict};
use score::{likeness, lost};
pub use tables::{Asked, Broken, Fact, Facts, HeldOut, Known, Tables};

/// Every figure, in the order shown.
pub const METRICS: [&Metric; 34] = [
    &truth::shapes::METRIC,
    &truth::trends::METRIC,
    &truth::correlations::METRIC,
    &truth::marginals::METRIC,
    &truth::gaps::METRIC,
    &truth::detection::METRIC,
    &nearest::COVERAGE,
    &nearest::DENSITY,
    &truth::facts::METRIC,
    &truth::validity::VALIDITY,
    &truth::validity::STRUCTURE,
    &utility::tstr::METRIC,
    &utility::importance::METRIC,
    &utility::coefficients::METRIC,
    &safety::copies::METRIC,
    &nearest::NEAREST,
    &nearest::MEMBERSHIP,
    &nearest::OUTLIERS,
    &nearest::NEAR_COPIES,
    &nearest::RATIO,
    &nearest::SURE,
    &nearest::ODD_SURE,
    &safety::singling_out::METRIC,
    &safety::linkability::METRIC,
    &safety::inference::METRIC,
    &safety::rare::METRIC,
    &fairness::groups::SHARES,
    &fairness::groups::OUTCOMES,
    &fairness::errors::METRIC,
    &fairness::rare::METRIC,
    &fairness::tails::METRIC,
    &fairness::entropy::COLUMNS,
    &fairness::entropy::PAIRS,
    &generations::METRIC,
];

/// The work in parts: between two of them it can be stopped, and tells how far it is.
const PARTS: [Part; 25] = [
    truth::shapes::judge,
    truth::distributions::judge,
    truth::trends::judge,
    truth::correlations::judge,
    truth::marginals::judge,
    truth::gaps::judge,
    truth::facts::judge,
    truth::validity::judge,
    truth::projection::judge,
    truth::detection::judge,
    safety::copies::judge,
    nearest::judge,
    safety::singling_out::judge,
    safety::linkability::judge,
    safety::inference::judge,
    safety::rare::judge,
    utility::tstr::judge,
    utility::importance::judge,
    utility::coefficients::judge,
    utility::advisor::judge,
    fairness::groups::judge,
    fairness::errors::judge,
    fairness::rare::judge,
    fairness::tails::judge,
    fairness::entropy::judge,
];

/// Adds its scores, and what lies behind them, to the report.
type Part = fn(&Tables, &mut Report);

/// The figures of one synthetic table.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub rows: Rows,
    /// One for each side that was asked about.
    pub dials: Vec<Dial>,
    pub scores: Vec<Score>,
    /// Every column's shape, the worst first.
    pub columns: Vec<ColumnScore>,
    /// The ten pairs whose trend differs most.
    pub pairs: Vec<PairScore>,
    /// How strongly columns hang together here and there, the pairs that differ most first.
    pub correlations: truth::correlations::Correlations,
    /// Of three columns at a time; None where there are not three.
    pub marginals: Option<truth::marginals::Marginals>,
    /// Which cells are missing together, what differs most first.
    pub gaps: Vec<truth::gaps::Pattern>,
    /// Rules of the real table that synthetic rows break, the worst first.
    pub facts: Vec<truth::facts::Told>,
    /// Columns that hold what the real ones do not, the worst first.
    pub invalid: Vec<ColumnScore>,
    /// By which columns the classifier tells synthetic rows from real ones, the most telling first.
    pub tells: Vec<truth::detection::Tell>,
    /// Groups of people, the most different first; none where no column is protected.
    pub groups: Vec<fairness::groups::Group>,
    /// How much each column has a say in predictions of the target, the most different first.
    pub importances: Vec<utility::importance::Importance>,
    /// Of a regression of the target, the least alike first.
    pub coefficients: Vec<utility::coefficients::Coefficient>,
    /// Whether adding synthetic rows to the real ones helps to predict the target; None where that cannot be tried.
    pub advice: Option<utility::advisor::Advice>,
    /// How often predictions of the outcome are right and wrong for each group, the most amplified first.
    pub error_rates: Vec<fairness::errors::ErrorRates>,
    /// Rare levels of categories, the most lost first.
    pub rare: Vec<fairness::rare::Rare>,
    /// Of each column of numbers how many lie at the extremes, the most lost first.
    pub tails: Vec<fairness::tails::Tail>,
    /// How varied each column is, the most lost first.
    pub variety: Vec<fairness::entropy::Variety>,
    /// What models keep that learn from models that learned from this table; empty where nobody asked.
    pub generations: Vec<Generation>,
    /// How values are spread, column by column.
    pub distributions: Vec<truth::distributions::Distribution>,
    /// How well each two columns go together; None of a table with one column.
    pub matrix: Option<truth::matrix::Matrix>,
    /// All columns on one plane; None where too few rows or columns are there.
    pub projection: Option<truth::projection::Projection>,
    /// What was tried to find out about single people: by kind, the kinds that guess columns the worst column first.
    pub attacks: Vec<safety::attack::Attack>,
    /// The ten sets of columns whose rare combinations are handed on most.
    pub rare_combinations: Vec<safety::rare::RareSet>,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rows {
    pub train: usize,
    pub holdout: usize,
    pub synthetic: usize,
    /// Rows of each table that were looked at, by lot, where that is fewer than one of them has.
    pub looked_at: Option<usize>,
    /// What the lot fell on; None where there is no holdout, or someone else chose it.
    pub held_out: Option<HeldOut>,
}

/// A side in one verdict: the worst of its figures'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Dial {
    pub side: Side,
    pub verdict: Verdict,
    /// How many of its figures are good, to be looked at, bad.
    pub counts: [usize; 3],
}

#[derive(Clone, Debug, Serialize)]
pub struct ColumnScore {
    pub name: String,
    pub value: f64,
    pub ceiling: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PairScore {
    pub a: String,
    pub b: String,
    pub value: f64,
    pub ceiling: Option<f64>,
}

/// A report under way.
pub struct Judging {
    tables: Tables,
    report: Report,
    done: usize,
}

impl Judging {
    /// # Panics
    /// If the frames' columns differ in number or type: one codec made them.
    pub fn new(tables: Tables) -> Judging {
        let held = tables.holdout.as_ref().map_or(0, |holdout| holdout.rows);
        let frames = [tables.train.rows, held, tables.synthetic.rows];
        let all = tables.known.rows.unwrap_or(frames);
        let [train, holdout, synthetic] = all;
        let looked_at = (frames != all).then(|| frames.into_iter().max().unwrap_or(0));
        let held_out = tables.held_out.filter(|_| holdout > 0);
        let rows = Rows { train, holdout, synthetic, looked_at, held_out };
        let report = Report { rows, ..Report::default() };
        Judging { tables, report, done: 0 }
    }

    /// Does one part. Returns the share done so far; at 1 the report can be had.
    pub fn step(&mut self) -> f64 {
        if let Some(part) = PARTS.get(self.done) {
            part(&self.tables, &mut self.report);
            self.done += 1;
        }
        self.done as f64 / PARTS.len() as f64
    }

    /// All at once.
    pub fn report(mut self) -> Report {
        while self.step() < 1.0 {}
        self.finish()
    }

    /// Takes in what the collapse guard found.
    pub fn add(&mut self, generations: Vec<Generation>) {
        self.report.scores.extend(generations::collapse(&generations));
        self.report.generations = generations;
    }

    /// What was found by the parts that were done.
    pub fn finish(mut self) -> Report {
        let scores = &mut self.report.scores;
        scores.sort_by_key(|score| METRICS.iter().position(|metric| metric.key == score.key));
        let dial = |side: Side| {
            let mut counts = [0; 3];
            scores
                .iter()
                .filter(|score| score.side == side)
                .for_each(|score| counts[score.verdict as usize] += 1);
            let verdict = Verdict::of(counts[1] + counts[2] == 0, counts[2] == 0);
            (counts != [0; 3]).then_some(Dial { side, verdict, counts })
        };
        self.report.dials =
            [Side::Truth, Side::Utility, Side::Safety, Side::Fairness].into_iter().filter_map(dial).collect();
        self.report
    }
}

/// The places of `wanted` rows, or all if there are fewer, by lot.
fn some(rows: usize, wanted: usize, key: u64) -> Vec<usize> {
    let mut ranked: Vec<usize> = (0..rows).collect();
    ranked.sort_unstable_by_key(|&row| mix(key << 32 ^ row as u64));
    ranked.truncate(wanted);
    ranked
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Frame};

    fn frame(shift: f64) -> Frame {
        let numbers = (0..200).map(|i| f64::from(i) * 1.5 + shift).collect();
        let codes = (0..200).map(|i| u32::from(i > 99)).collect();
        Frame::new(vec![Column::Numbers(numbers), Column::Categories { codes, levels: 2 }])
    }

    fn report(train: Frame, holdout: Option<Frame>, synthetic: Frame) -> Report {
        Judging::new(Tables::plain(train, holdout, synthetic)).report()
    }

    fn score<'a>(report: &'a Report, metric: &Metric) -> &'a Score {
        report.scores.iter().find(|score| score.key == metric.key).unwrap()
    }

    #[test]
    fn metrics_are_told_apart() {
        for (place, metric) in METRICS.iter().enumerate() {
            assert!(
                METRICS[..place].iter().all(|other| other.key != metric.key && other.name != metric.name)
            );
        }
    }

    #[test]
    fn a_copy_is_perfect_and_caught() {
        let report = report(frame(0.0), Some(frame(1.0)), frame(0.0));
        for metric in [&truth::shapes::METRIC, &truth::trends::METRIC] {
            assert_eq!(score(&report, metric).value, 1.0);
        }
        for metric in [&safety::copies::METRIC, &nearest::NEAREST] {
            let score = score(&report, metric);
            assert_eq!((score.value, score.verdict), (1.0, Verdict::Bad));
        }
        assert_eq!(score(&report, &safety::copies::METRIC).ceiling, Some(0.0));
        let safety = report.dials.iter().find(|dial| dial.side == Side::Safety).unwrap();
        assert_eq!(safety.verdict, Verdict::Bad);
    }

    #[test]
    fn a_shift_is_seen_in_shapes() {
        let report = report(frame(0.0), None, frame(150.0));
        assert_eq!(report.columns[0].name, "column 0");
        assert!((report.columns[0].value - 0.5).abs() < 1e-9);
        assert!(report.scores.iter().all(|score| score.ceiling.is_none()));
    }

    #[test]
    fn few_rows_never_reassure() {
        let half = |frame: Frame, from: usize| {
            let columns = frame.columns.iter().map(|column| match column {
                Column::Numbers(values) => {
                    Column::Numbers(values.iter().skip(from).step_by(2).copied().collect())
                }
                Column::Categories { codes, levels } => {
                    let codes = codes.iter().skip(from).step_by(2).copied().collect();
                    Column::Categories { codes, levels: *levels }
                }
            });
            Frame::new(columns.collect())
        };
        let report = report(half(frame(0.0), 0), Some(half(frame(0.0), 1)), frame(0.7));
        for metric in [&nearest::NEAREST, &nearest::MEMBERSHIP, &nearest::OUTLIERS] {
            assert!(score(&report, metric).sentence.starts_with("So few"));
        }
    }
}
