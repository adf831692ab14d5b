//! How true, how useful, how safe and how fair a synthetic table is, each figure beside what held-out real rows score.
//!
//! Judges frames, never a model, so it judges other tools' tables as well. The holdout, real rows that the model
//! never saw, is scored as if it were synthetic: that is the ceiling, what a perfect generator that copies nobody
//! would reach on this much data. Figures that ask about unseen rows have no place without a holdout.
//!
//! One file a figure, in the folder of its side; each has a [`Metric`], listed in [`METRICS`], and a part of the work, listed
//! in [`PARTS`]. Whatever is told of a value that few rows share is left out: a report is made to be passed on.

use serde::Serialize;

use crate::frame::Frame;
use crate::math::chance;
use crate::math::rng::mix;
use generations::Generation;

pub mod charts;
mod fairness;
pub mod generations;
pub mod html;
mod nearest;
mod safety;
mod target;
mod truth;
mod utility;

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

/// The tables that are compared, from one codec.
pub struct Tables {
    /// Of the columns.
    pub names: Vec<String>,
    pub train: Frame,
    /// With rows, where there is one.
    pub holdout: Option<Frame>,
    /// None where someone else chose it.
    pub held_out: Option<HeldOut>,
    pub synthetic: Frame,
    /// Of each column the text of each level that may be told, since enough rows share it; None for other levels, and nothing for numbers.
    pub labels: Vec<Vec<Option<String>>>,
    /// Whether a column's numbers are seconds since 1970.
    pub dates: Vec<bool>,
    pub asked: Asked,
    pub known: Known,
}

#[cfg(test)]
impl Tables {
    /// Without names of columns or levels; nothing is asked.
    fn plain(train: Frame, holdout: Option<Frame>, synthetic: Frame) -> Tables {
        let labels = |column: &crate::frame::Column| match column {
            crate::frame::Column::Numbers(_) => Vec::new(),
            crate::frame::Column::Categories { levels, .. } => vec![None; *levels as usize],
        };
        Tables {
            names: (0..train.columns.len()).map(|place| format!("column {place}")).collect(),
            labels: train.columns.iter().map(labels).collect(),
            asked: Asked::default(),
            held_out: Some(HeldOut::Rows),
            dates: vec![false; train.columns.len()],
            known: Known::default(),
            train,
            holdout,
            synthetic,
        }
    }
}

/// What is known of the tables that their frames do not hold. Nothing of it has to be.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Of each column of levels the codes that stand for "no value".
    pub gaps: Vec<Vec<u32>>,
    /// Of the columns of the training and of another table the share that both have, of one type: the synthetic table's, and
    /// the holdout's.
    pub structure: Option<[Option<f64>; 2]>,
    /// Of a column whose values tell rows apart the share of rows with a value that no earlier row has: in the synthetic
    /// table, and in the holdout.
    pub key: Option<(String, [Option<f64>; 2])>,
    pub facts: Facts,
}

/// Rules that the training table's rows keep, and how often they are broken.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub list: Vec<Fact>,
    /// Rows that break any of them.
    pub any: Broken,
}

#[derive(Clone, Debug)]
pub struct Fact {
    /// For everyone: names no value that few rows share.
    pub sentence: String,
    pub columns: Vec<String>,
    pub broken: Broken,
}

/// Of the training table, the holdout and the synthetic table: rows that break a rule, and rows that could.
pub type Broken = [Option<[usize; 2]>; 3];

/// What the owner wants to know, by places of columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What is to be predicted from the others.
    pub target: Option<usize>,
    /// Columns that tell groups whom a table may wrong.
    pub protected: Vec<usize>,
}

/// What a figure is: what it is called, what it speaks of, and what it says to someone who never heard its name.
#[derive(Debug, PartialEq)]
pub struct Metric {
    pub key: &'static str,
    pub side: Side,
    pub name: &'static str,
    /// What a perfect table has.
    pub best: f64,
    /// A sentence each for good, look and bad.
    pub says: [&'static str; 3],
}

/// What a figure speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// How true the table is.
    Truth,
    /// What it is good for.
    Utility,
    /// How safe those are whose rows were learned from.
    Safety,
    /// Whether groups are shown as they are, and all that is there is there still.
    Fairness,
}

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
    /// What the lot fell on; None where there is no holdout, or someone else chose it.
    pub held_out: Option<HeldOut>,
}

/// What is held out as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldOut {
    Rows,
    /// All rows of a person.
    Persons,
    /// Stretches of rows that stand in the order of time.
    Time,
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
#[serde(rename_all = "camelCase")]
pub struct Score {
    pub key: &'static str,
    pub side: Side,
    pub name: &'static str,
    pub value: f64,
    /// Where the value would lie in 95 of 100 tables like this one; None where that is not known.
    pub interval: Option<[f64; 2]>,
    /// The same of the held-out real rows.
    pub ceiling: Option<f64>,
    pub best: f64,
    pub verdict: Verdict,
    pub sentence: String,
}

/// A value, and where chance may move it.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub value: f64,
    pub interval: Option<[f64; 2]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Good,
    Look,
    Bad,
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

impl Metric {
    /// `ceiling`: what held-out real rows have.
    pub fn score(&self, figure: Figure, ceiling: Option<f64>, verdict: Verdict) -> Score {
        Score {
            key: self.key,
            side: self.side,
            name: self.name,
            value: figure.value,
            interval: figure.interval,
            ceiling,
            best: self.best,
            verdict,
            sentence: self.says[verdict as usize].into(),
        }
    }
}

impl Verdict {
    /// Good where the first holds, to be looked at where the second does.
    pub fn of(good: bool, look: bool) -> Verdict {
        match (good, look) {
            (true, _) => Verdict::Good,
            (_, true) => Verdict::Look,
            _ => Verdict::Bad,
        }
    }
}

impl Figure {
    pub fn plain(value: f64) -> Figure {
        Figure { value, interval: None }
    }

    /// The same of what should be high.
    pub fn at_best(&self) -> f64 {
        self.interval.map_or(self.value, |[_, high]| high)
    }

    /// Small differences are chance: what is asked of a figure that should be low is asked of this.
    pub fn surely(&self) -> f64 {
        self.interval.map_or(self.value, |[low, _]| low)
    }
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
        let holdout = tables.holdout.as_ref().map_or(0, |holdout| holdout.rows);
        let held_out = tables.held_out.filter(|_| holdout > 0);
        let rows = Rows { train: tables.train.rows, holdout, synthetic: tables.synthetic.rows, held_out };
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

/// The verdict of a likeness, from 0 to 1: near its ceiling is good.
fn likeness(value: f64, ceiling: Option<f64>) -> Verdict {
    match ceiling {
        Some(ceiling) => Verdict::of(value >= ceiling - 0.02, value >= ceiling - 0.06),
        None => Verdict::of(value >= 0.95, value >= 0.88),
    }
}

/// The verdict of a figure that is best at 1, by what it has surely lost against its ceiling: so much is good, so much is to be
/// looked at.
fn lost(figure: Figure, ceiling: Option<Figure>, allowed: [f64; 2]) -> Verdict {
    let told = |figure: Figure| (figure.value, figure.interval.unwrap_or([figure.value; 2]));
    let [surely, _] = chance::difference(told(ceiling.unwrap_or(Figure::plain(1.0))), told(figure));
    Verdict::of(surely <= allowed[0], surely <= allowed[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;

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
