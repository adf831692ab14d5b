//! How true a synthetic table is, each figure beside what held-out real rows score.
//!
//! Judges frames, never a model, so it judges other tools' tables as well. The holdout, real rows that the model
//! never saw, is scored as if it were synthetic: that is the ceiling, what a perfect generator that copies nobody
//! would reach on this much data.

use serde::Serialize;

use crate::frame::Frame;

mod copies;
pub mod html;
mod shapes;
mod trends;

/// Every figure, in the order shown.
pub const METRICS: [Metric; 3] = [Metric::Shapes, Metric::Trends, Metric::Copies];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    Shapes,
    Trends,
    Copies,
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
    pub name: &'static str,
    /// A share, 0 to 1.
    pub value: f64,
    /// The same of the held-out real rows.
    pub ceiling: Option<f64>,
    pub higher_is_better: bool,
    pub verdict: Verdict,
    pub sentence: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
            Metric::Copies => "Exact copies",
        }
    }

    fn verdict(self, value: f64, ceiling: Option<f64>) -> Verdict {
        let (good, look) = match (self, ceiling) {
            (Metric::Copies, Some(ceiling)) => {
                (value <= ceiling * 1.25 + 0.005, value <= ceiling * 1.5 + 0.03)
            }
            (Metric::Copies, None) => (value <= 0.005, true), // nothing to compare with: never alarming by itself
            (_, Some(ceiling)) => (value >= ceiling - 0.02, value >= ceiling - 0.06),
            (_, None) => (value >= 0.95, value >= 0.88),
        };
        match (good, look) {
            (true, _) => Verdict::Good,
            (_, true) => Verdict::Look,
            _ => Verdict::Bad,
        }
    }

    /// What the figure says, for someone who never heard its name.
    fn sentence(self, verdict: Verdict) -> &'static str {
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
            (Metric::Copies, Verdict::Good) => {
                "Synthetic rows equal a real row no more often than chance has it."
            }
            (Metric::Copies, Verdict::Look) => {
                "Some synthetic rows equal a real row: few or coarse columns make that likely, but look before sharing."
            }
            (Metric::Copies, Verdict::Bad) => {
                "Many synthetic rows equal a real row: do not share this table."
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
    let shapes = |other: &Frame| shapes::scores(train, other);
    let trends = |other: &Frame| trends::scores(train, other);

    let (column_values, column_ceilings) = (shapes(synthetic), holdout.map(shapes));
    let (pair_values, pair_ceilings) = (trends(synthetic), holdout.map(trends));
    let score = |metric: Metric| {
        let (value, ceiling) = match metric {
            Metric::Shapes => (mean(&column_values), column_ceilings.as_deref().map(mean)),
            Metric::Trends => {
                let of =
                    |pairs: &[trends::Pair]| mean(&pairs.iter().map(|pair| pair.score).collect::<Vec<_>>());
                (of(&pair_values), pair_ceilings.as_deref().map(of))
            }
            Metric::Copies => {
                (copies::share(train, synthetic), holdout.map(|holdout| copies::share(train, holdout)))
            }
        };
        let verdict = metric.verdict(value, ceiling);
        Score {
            key: metric,
            name: metric.name(),
            value,
            ceiling,
            higher_is_better: metric != Metric::Copies,
            verdict,
            sentence: metric.sentence(verdict),
        }
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
    let rows = Rows {
        train: train.rows,
        holdout: holdout.map_or(0, |holdout| holdout.rows),
        synthetic: synthetic.rows,
    };
    // A table of one column has no pairs, hence no trends.
    let metrics = METRICS.into_iter().filter(|&metric| metric != Metric::Trends || !pair_values.is_empty());
    Report { rows, scores: metrics.map(score).collect(), columns, pairs }
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
        let values: Vec<f64> = report.scores.iter().map(|score| score.value).collect();
        assert_eq!(values, [1.0, 1.0, 1.0]);
        assert_eq!(report.scores[2].verdict, Verdict::Bad);
        assert_eq!(report.scores[2].ceiling, Some(0.0));
    }

    #[test]
    fn a_shift_is_seen_in_shapes() {
        let report = report(&["x", "c"], &frame(0.0), None, &frame(150.0));
        assert_eq!(report.columns[0].name, "x");
        assert!((report.columns[0].value - 0.5).abs() < 1e-9);
        assert!(report.scores.iter().all(|score| score.ceiling.is_none()));
    }
}
