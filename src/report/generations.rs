//! The collapse guard: what becomes of a table when models learn from what models made?
//!
//! A model is fitted on the synthetic table, another on that one's rows, and so on (Shumailov et al. 2024, "AI models collapse
//! when trained on recursively generated data"). Each generation is held against the real rows that the first one learned from, by
//! the figures of a report: Column Shapes, Column Pair Trends, the variety of pairs and the recall of rare levels. What counts is the
//! mean that is kept from this table to the last generation. Its interval is made of those of the figures, as if all strayed
//! together, since they are of the same rows: rather too wide than too narrow. Another line of models strays as well, which is not
//! in it.

use serde::Serialize;

use super::{Figure, Metric, Report, Score, Side, Tables, Verdict, fairness, truth};

pub const METRIC: Metric = Metric {
    key: "collapse",
    side: Side::Fairness,
    name: "Kept after five generations",
    best: 1.0,
    says: [
        "Models that learn from models that learned from this table keep nearly all that it has.",
        "Models that learn from models that learned from this table lose some of what it has: mix real rows in.",
        "Models that learn from models that learned from this table lose much of what it has: do not train generation after generation on it.",
    ],
};

/// Kept of this table's figures: as much is good, and to be looked at.
const KEPT: [f64; 2] = [0.9, 0.75];

/// Figures of a table made by a model of the one before, as parts of 1. Generation 0 is held-out real rows, 1 the table that
/// the report is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Generation {
    pub generation: usize,
    pub shapes: f64,
    /// None for a table of one column.
    pub trends: Option<f64>,
    /// The variety of pairs of columns.
    pub variety: Option<f64>,
    /// Of levels that few rows have; None where there are none.
    pub rare: Option<f64>,
    /// How far chance may move each of these.
    #[serde(skip)]
    pub reaches: [f64; 4],
}

impl Generation {
    /// Of `tables.synthetic`.
    pub fn of(tables: &Tables, generation: usize) -> Generation {
        let mut report = Report::default();
        for part in
            [truth::shapes::judge, truth::trends::judge, fairness::entropy::judge, fairness::rare::judge]
        {
            part(tables, &mut report);
        }
        let metrics = [
            &truth::shapes::METRIC,
            &truth::trends::METRIC,
            &fairness::entropy::PAIRS,
            &fairness::rare::METRIC,
        ];
        let scores = metrics.map(|metric| report.scores.iter().find(|score| score.key == metric.key));
        let [shapes, trends, variety, rare] = scores.map(|score| score.map(|score| score.value));
        let reach = |score: &Score| score.interval.map(|[low, high]| (high - low) / 2.0);
        let reaches = scores.map(|score| score.and_then(reach).unwrap_or(0.0));
        Generation { generation, shapes: shapes.unwrap_or(0.0), trends, variety, rare, reaches }
    }

    fn figures(&self) -> [Option<f64>; 4] {
        [Some(self.shapes), self.trends, self.variety, self.rare]
    }
}

/// What is kept from this table to the last generation; None with fewer than two.
pub fn collapse(generations: &[Generation]) -> Option<Score> {
    let first = generations.iter().find(|generation| generation.generation == 1)?;
    let last = generations.last().filter(|last| last.generation > 1)?;
    let (mut kept, mut reaches) = (Vec::new(), Vec::new());
    for (at, (before, after)) in first.figures().into_iter().zip(last.figures()).enumerate() {
        let (Some(before), Some(after)) = (before.filter(|&before| before > 0.0), after) else { continue };
        let share = after / before;
        kept.push(share.min(1.0));
        // Of a ratio, to first order.
        let [of_before, of_after] = [first.reaches[at] * share, last.reaches[at]];
        reaches.push((of_before * of_before + of_after * of_after).sqrt() / before);
    }
    let (value, reach) = (super::mean(&kept), super::mean(&reaches));
    let interval = [(value - reach).max(0.0), (value + reach).min(1.0)];
    let verdict = Verdict::of(value >= KEPT[0], value >= KEPT[1]);
    Some(METRIC.score(Figure { value, interval: Some(interval) }, None, verdict))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(generation: usize, part: f64) -> Generation {
        Generation {
            generation,
            shapes: part,
            trends: Some(part),
            variety: Some(part),
            rare: (generation < 3).then_some(part),
            reaches: [0.03; 4],
        }
    }

    #[test]
    fn what_is_kept_is_told() {
        let verdict = |last: f64| {
            let score = collapse(&[made(0, 1.0), made(1, 0.9), made(2, 0.9), made(6, last)]).unwrap();
            (score.verdict, (score.value * 100.0).round())
        };
        assert_eq!(verdict(0.9), (Verdict::Good, 100.0));
        assert_eq!(verdict(0.72), (Verdict::Look, 80.0));
        assert_eq!(verdict(0.45), (Verdict::Bad, 50.0));
        // 0.03 either way of both 0.9 and 0.45: the root of (0.5 x 0.03)² + 0.03², by 0.9.
        let score = collapse(&[made(1, 0.9), made(6, 0.45)]).unwrap();
        let reach = (0.015f64 * 0.015 + 0.03 * 0.03).sqrt() / 0.9;
        let [low, high] = score.interval.unwrap();
        assert!((low - 0.5 + reach).abs() < 1e-12 && (high - 0.5 - reach).abs() < 1e-12, "{low} {high}");
        assert!(collapse(&[made(0, 1.0), made(1, 0.9)]).is_none());
    }
}
