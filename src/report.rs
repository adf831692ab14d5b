//! How true and how safe a synthetic table is, each figure beside what held-out real rows score.
//!
//! Judges frames, never a model, so it judges other tools' tables as well. The holdout, real rows that the model
//! never saw, is scored as if it were synthetic: that is the ceiling, what a perfect generator that copies nobody
//! would reach on this much data. Figures that ask about unseen rows have no place without a holdout.

use serde::Serialize;

use crate::frame::Frame;
use crate::math::rng::mix;

mod chance;
mod copies;
mod detection;
pub mod html;
mod nearest;
mod shapes;
mod trends;

/// Every figure, in the order shown.
pub const METRICS: [Metric; 8] = [
    Metric::Shapes,
    Metric::Trends,
    Metric::Detection,
    Metric::Coverage,
    Metric::Copies,
    Metric::Nearest,
    Metric::Membership,
    Metric::Outliers,
];

/// Real rows, of all parts, below which nothing that is found of memory reassures.
const ENOUGH: usize = 500;
/// Held-out rows below which chance drowns what they could show of memory.
const ENOUGH_HELD_OUT: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    Shapes,
    Trends,
    /// AUC of boosted trees that tell synthetic rows from held-out ones.
    Detection,
    /// Held-out rows that have a synthetic one in their neighbourhood.
    Coverage,
    Copies,
    /// Synthetic rows that lie nearest to a row that was learned from.
    Nearest,
    /// AUC of guessing who was learned from, by nearness.
    Membership,
    /// The same among the real rows that lie farthest from others.
    Outliers,
}

/// What a figure speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// How true the table is.
    Truth,
    /// How safe those are whose rows were learned from.
    Safety,
}

/// The figures of one synthetic table.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub rows: Rows,
    pub scores: Vec<Score>,
    /// Every column's shape, the worst first.
    pub columns: Vec<ColumnScore>,
    /// The ten pairs whose trend differs most.
    pub pairs: Vec<PairScore>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Rows {
    pub train: usize,
    pub holdout: usize,
    pub synthetic: usize,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    pub key: Metric,
    pub side: Side,
    pub name: &'static str,
    /// A share or an AUC, 0 to 1.
    pub value: f64,
    /// Where the value would lie in 95 of 100 tables like this one; None where that is not known.
    pub interval: Option<[f64; 2]>,
    /// The same of the held-out real rows.
    pub ceiling: Option<f64>,
    pub higher_is_better: bool,
    pub verdict: Verdict,
    pub sentence: &'static str,
}

/// A value, and where chance may move it.
#[derive(Clone, Copy, Debug)]
struct Figure {
    value: f64,
    interval: Option<[f64; 2]>,
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
    pub fn name(self) -> &'static str {
        match self {
            Metric::Shapes => "Column Shapes",
            Metric::Trends => "Column Pair Trends",
            Metric::Detection => "Told from real rows",
            Metric::Coverage => "Coverage",
            Metric::Copies => "Exact copies",
            Metric::Nearest => "Nearest to learned rows",
            Metric::Membership => "Membership guessed",
            Metric::Outliers => "Odd rows guessed",
        }
    }

    fn side(self) -> Side {
        match self {
            Metric::Shapes | Metric::Trends | Metric::Detection | Metric::Coverage => Side::Truth,
            Metric::Copies | Metric::Nearest | Metric::Membership | Metric::Outliers => Side::Safety,
        }
    }

    fn higher_is_better(self) -> bool {
        matches!(self, Metric::Shapes | Metric::Trends | Metric::Coverage)
    }

    /// Small differences are chance, so what is asked of a figure about single rows is asked of its interval's better end.
    fn verdict(self, figure: Figure, ceiling: Option<f64>, rows: Rows) -> Verdict {
        let Figure { value, interval } = figure;
        let surely = interval.map_or(value, |[low, _]| low);
        let (good, look) = match (self, ceiling) {
            (Metric::Copies, Some(ceiling)) => {
                (value <= ceiling * 1.25 + 0.005, value <= ceiling * 1.5 + 0.03)
            }
            (Metric::Copies, None) => (value <= 0.005, true), // nothing to compare with: never alarming by itself
            (Metric::Detection, ceiling) => {
                let ceiling = ceiling.unwrap_or(0.5);
                (value <= ceiling + 0.05, value <= ceiling + 0.2)
            }
            (Metric::Nearest | Metric::Membership, _) => (surely <= 0.51, surely <= 0.55),
            (Metric::Outliers, _) => (surely <= 0.51, surely <= 0.6),
            (_, Some(ceiling)) => (value >= ceiling - 0.02, value >= ceiling - 0.06),
            (_, None) => (value >= 0.95, value >= 0.88),
        };
        let verdict = match (good, look) {
            (true, _) => Verdict::Good,
            (_, true) => Verdict::Look,
            _ => Verdict::Bad,
        };
        if self.asks_too_few(rows) { verdict.max(Verdict::Look) } else { verdict }
    }

    /// Would a good figure of so few rows say anything of safety?
    fn asks_too_few(self, rows: Rows) -> bool {
        let compares = matches!(self, Metric::Nearest | Metric::Membership | Metric::Outliers);
        compares && (rows.train + rows.holdout < ENOUGH || rows.holdout < ENOUGH_HELD_OUT)
    }

    /// What the figure says, for someone who never heard its name.
    fn sentence(self, verdict: Verdict, rows: Rows) -> &'static str {
        if verdict == Verdict::Look && self.asks_too_few(rows) {
            return "So few rows cannot show that single ones are safe: treat the table as if it held real ones.";
        }
        match (self, verdict) {
            (Metric::Shapes, Verdict::Good) => "One by one, the columns look like the real ones.",
            (Metric::Shapes, Verdict::Look) => {
                "Some columns differ from the real ones: see which before relying on them."
            }
            (Metric::Shapes, Verdict::Bad) => {
                "Columns differ widely from the real ones: do not read totals or averages from them."
            }
            (Metric::Trends, Verdict::Good) => "Columns go together as they do in the real table.",
            (Metric::Trends, Verdict::Look) => {
                "Some pairs of columns go together less than in the real table: see which."
            }
            (Metric::Trends, Verdict::Bad) => {
                "Columns do not go together as in the real table: do not compare groups with it."
            }
            (Metric::Detection, Verdict::Good) => {
                "A trained classifier hardly tells synthetic rows from real ones: 50 % is a coin's toss."
            }
            (Metric::Detection, Verdict::Look) => {
                "A trained classifier tells many synthetic rows from real ones, where 50 % is a coin's toss: fine relations are lost."
            }
            (Metric::Detection, Verdict::Bad) => {
                "A trained classifier knows synthetic rows at sight: do not draw fine conclusions from them."
            }
            (Metric::Coverage, Verdict::Good) => "Every region of the real table is reached.",
            (Metric::Coverage, Verdict::Look) => "Some kinds of real rows have no synthetic ones near them.",
            (Metric::Coverage, Verdict::Bad) => {
                "Many kinds of real rows are missing: diversity was lost, so do not learn of rare groups from it."
            }
            (Metric::Copies, Verdict::Good) => {
                "Synthetic rows equal a real row no more often than chance has it."
            }
            (Metric::Copies, Verdict::Look) => {
                "Some synthetic rows equal a real row: few or coarse columns make that likely, but look before sharing."
            }
            (Metric::Copies, Verdict::Bad) => {
                "Many synthetic rows equal a real row: do not share this table."
            }
            (Metric::Nearest, Verdict::Good) => {
                "Synthetic rows lie no nearer to rows that were learned from than to rows that were not: 50 % is none remembered."
            }
            (Metric::Nearest, Verdict::Look) => {
                "Synthetic rows lie a little nearer to rows that were learned from, where 50 % is none remembered."
            }
            (Metric::Nearest, Verdict::Bad) => {
                "Synthetic rows crowd round rows that were learned from: choose Cautious before sharing."
            }
            (Metric::Membership, Verdict::Good) => {
                "Who takes the real rows nearest to synthetic ones for learned ones is right as often as a coin."
            }
            (Metric::Membership, Verdict::Look) => {
                "Who takes the real rows nearest to synthetic ones for learned ones is right a little more often than a coin."
            }
            (Metric::Membership, Verdict::Bad) => {
                "Nearness to synthetic rows gives away who was learned from: do not share this table."
            }
            (Metric::Outliers, Verdict::Good) => {
                "The same guess about the oddest twentieth of the rows is right as often as a coin."
            }
            (Metric::Outliers, Verdict::Look) => {
                "The same guess about the oddest twentieth of the rows is right a little more often than a coin."
            }
            (Metric::Outliers, Verdict::Bad) => {
                "Odd rows can be found again: do not share this table before they are left out."
            }
        }
    }
}

/// Judges `synthetic`, and `holdout` in its place, against `train`. The three frames come from one codec; `names`
/// are the columns'.
///
/// # Panics
/// If the frames' columns differ in number or type: one codec made them.
pub fn report(names: &[&str], train: &Frame, holdout: Option<&Frame>, synthetic: &Frame) -> Report {
    let holdout = holdout.filter(|holdout| holdout.rows > 0);
    let rows = Rows {
        train: train.rows,
        holdout: holdout.map_or(0, |holdout| holdout.rows),
        synthetic: synthetic.rows,
    };
    let shapes = |other: &Frame| shapes::scores(train, other);
    let trends = |other: &Frame| trends::scores(train, other);
    let (column_values, column_ceilings) = (shapes(synthetic), holdout.map(shapes));
    let (pair_values, pair_ceilings) = (trends(synthetic), holdout.map(trends));
    let space = nearest::Space::new(train);
    let near = holdout.map(|holdout| {
        [nearest::find(&space, train, holdout, synthetic), nearest::ceiling(&space, train, holdout)]
    });

    // None where there is nothing to ask: a table of one column has no pairs, hence no trends.
    let figure = |metric: Metric| -> Option<(Figure, Option<f64>)> {
        let plain = |value: f64| Figure { value, interval: None };
        let near = |of: fn(&nearest::Found) -> Figure| {
            near.as_ref().map(|[found, ceiling]| (of(found), Some(of(ceiling).value)))
        };
        Some(match metric {
            Metric::Shapes => (plain(mean(&column_values)), column_ceilings.as_deref().map(mean)),
            Metric::Trends if pair_values.is_empty() => return None,
            Metric::Trends => {
                let of =
                    |pairs: &[trends::Pair]| mean(&pairs.iter().map(|pair| pair.score).collect::<Vec<_>>());
                (plain(of(&pair_values)), pair_ceilings.as_deref().map(of))
            }
            Metric::Detection => {
                let holdout = holdout?;
                (detection::find(holdout, synthetic), Some(detection::find(holdout, train).value))
            }
            Metric::Coverage => near(|found| found.coverage)?,
            Metric::Copies => {
                let value = copies::share(train, synthetic);
                let interval = Some(chance::of_share(value * synthetic.rows as f64, synthetic.rows));
                (Figure { value, interval }, holdout.map(|holdout| copies::share(train, holdout)))
            }
            Metric::Nearest => near(|found| found.nearest)?,
            Metric::Membership => near(|found| found.membership)?,
            Metric::Outliers => near(|found| found.outliers)?,
        })
    };
    let score = |metric: Metric| {
        let (figure, ceiling) = figure(metric)?;
        let verdict = metric.verdict(figure, ceiling, rows);
        Some(Score {
            key: metric,
            side: metric.side(),
            name: metric.name(),
            value: figure.value,
            interval: figure.interval,
            ceiling,
            higher_is_better: metric.higher_is_better(),
            verdict,
            sentence: metric.sentence(verdict, rows),
        })
    };

    let mut columns: Vec<ColumnScore> = (0..names.len())
        .map(|place| ColumnScore {
            name: names[place].to_string(),
            value: column_values[place],
            ceiling: column_ceilings.as_ref().map(|ceilings| ceilings[place]),
        })
        .collect();
    columns.sort_by(|a, b| a.value.total_cmp(&b.value));
    let mut pairs: Vec<PairScore> = pair_values
        .iter()
        .enumerate()
        .map(|(place, pair)| PairScore {
            a: names[pair.a].to_string(),
            b: names[pair.b].to_string(),
            value: pair.score,
            ceiling: pair_ceilings.as_ref().map(|ceilings| ceilings[place].score),
        })
        .collect();
    pairs.sort_by(|a, b| a.value.total_cmp(&b.value));
    pairs.truncate(10);
    Report { rows, scores: METRICS.into_iter().filter_map(score).collect(), columns, pairs }
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
    use crate::frame::Column;

    fn frame(shift: f64) -> Frame {
        let numbers = (0..200).map(|i| f64::from(i) * 1.5 + shift).collect();
        let codes = (0..200).map(|i| u32::from(i > 99)).collect();
        Frame::new(vec![Column::Numbers(numbers), Column::Categories { codes, levels: 2 }])
    }

    #[test]
    fn a_copy_is_perfect_and_caught() {
        let train = frame(0.0);
        let report = report(&["x", "c"], &train, Some(&frame(1.0)), &train);
        let score = |metric| report.scores.iter().find(|score| score.key == metric).unwrap();
        assert_eq!([Metric::Shapes, Metric::Trends].map(|metric| score(metric).value), [1.0, 1.0]);
        for metric in [Metric::Copies, Metric::Nearest] {
            assert_eq!((score(metric).value, score(metric).verdict), (1.0, Verdict::Bad));
        }
        assert_eq!(score(Metric::Copies).ceiling, Some(0.0));
    }

    #[test]
    fn a_shift_is_seen_in_shapes() {
        let report = report(&["x", "c"], &frame(0.0), None, &frame(150.0));
        assert_eq!(report.columns[0].name, "x");
        assert!((report.columns[0].value - 0.5).abs() < 1e-9);
        assert!(report.scores.iter().all(|score| score.ceiling.is_none()));
        let keys: Vec<Metric> = report.scores.iter().map(|score| score.key).collect();
        assert_eq!(keys, [Metric::Shapes, Metric::Trends, Metric::Copies]);
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
        let report = report(&["x", "c"], &half(frame(0.0), 0), Some(&half(frame(0.0), 1)), &frame(0.7));
        let safe = |score: &&Score| score.side == Side::Safety && score.key != Metric::Copies;
        let scores: Vec<&Score> = report.scores.iter().filter(safe).collect();
        assert_eq!(scores.len(), 3);
        assert!(
            scores.iter().all(|score| score.verdict != Verdict::Good && score.sentence.starts_with("So few"))
        );
    }
}
