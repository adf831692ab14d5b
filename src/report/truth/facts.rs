//! Wrong facts: how often do rows break what holds in the real table?
//!
//! The rules are found in the training table and counted in all three by `pipeline/facts.rs`: what follows from what, orders,
//! sums, ranges, combinations that never occur. The score is the share of rows that break any of them, with Wilson's interval.
//! What holds in the training rows by chance alone is broken by held-out rows as often, so theirs is the ceiling, and a rule is as
//! bad as it is broken beyond that.

use serde::Serialize;

use crate::math::chance;
use crate::report::{Fact, Figure, Metric, Report, Score, Side, Tables, Verdict};

pub const METRIC: Metric = Metric {
    key: "facts",
    side: Side::Truth,
    name: "Wrong facts",
    best: 0.0,
    says: [
        "What always holds in the real table holds here.",
        "Some rows break what always holds in the real table: see what, and leave such rows out.",
        "Many rows break what always holds in the real table: they tell of things that do not exist.",
    ],
};

/// Rules that are told.
const SHOWN: usize = 20;
/// Rows that must break a rule for their share to be told.
const TOLD: usize = 5;

#[derive(Clone, Debug, Serialize)]
pub struct Told {
    pub sentence: String,
    pub columns: Vec<String>,
    /// Of the rows that could break the rule the share that does: real, held out, synthetic. None of too few rows.
    pub broken: [Option<f64>; 3],
    pub verdict: Verdict,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let facts = &tables.known.facts;
    report.facts = told(&facts.list);
    let Some([broken, rows]) = facts.any[2].filter(|_| !facts.list.is_empty()) else { return };
    let figure =
        Figure { value: share([broken, rows]), interval: Some(chance::of_share(broken as f64, rows)) };
    let ceiling = facts.any[1].map(share);
    let verdict = verdict(facts.any);
    let worst = report.facts.iter().find(|fact| fact.verdict == verdict && verdict != Verdict::Good);
    let sentence = match worst {
        Some(fact) => format!("{} Most of all: {}.", METRIC.says[verdict as usize], fact.sentence),
        None => METRIC.says[verdict as usize].into(),
    };
    report.scores.push(Score { sentence, ..METRIC.score(figure, ceiling, verdict) });
}

fn share([broken, rows]: [usize; 2]) -> f64 {
    broken as f64 / rows.max(1) as f64
}

/// By how much more often synthetic rows break it than held-out ones surely do, or without these than training rows.
fn verdict([train, holdout, synthetic]: [Option<[usize; 2]>; 3]) -> Verdict {
    let Some([broken, rows]) = synthetic else { return Verdict::Good };
    let surely = chance::of_share(broken as f64, rows)[0];
    let usual = holdout.or(train).map_or(0.0, share);
    Verdict::of(surely <= usual + 0.005, surely <= usual + 0.03)
}

/// Those that synthetic rows break beyond held-out ones first.
fn told(facts: &[Fact]) -> Vec<Told> {
    let excess = |fact: &Fact| {
        let [train, holdout, synthetic] = fact.broken.map(|broken| broken.map(share));
        synthetic.unwrap_or(0.0) - holdout.or(train).unwrap_or(0.0)
    };
    let mut order: Vec<&Fact> = facts.iter().collect();
    order.sort_by(|a, b| excess(b).total_cmp(&excess(a))); // stable
    let told = |fact: &&Fact| Told {
        sentence: fact.sentence.clone(),
        columns: fact.columns.clone(),
        broken: fact
            .broken
            .map(|counts| counts.filter(|[broken, _]| *broken == 0 || *broken >= TOLD).map(share)),
        verdict: verdict(fact.broken),
    };
    order.iter().take(SHOWN).map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Frame};
    use crate::report::{Asked, Facts, Known};

    fn judged(any: [Option<[usize; 2]>; 3]) -> Report {
        let fact =
            |sentence: &str, broken| Fact { sentence: sentence.into(), columns: vec!["a".into()], broken };
        let list = vec![fact("one", [Some([0, 1000]), Some([3, 1000]), Some([0, 1000])]), fact("two", any)];
        let frame = || Frame::new(vec![Column::Numbers(vec![1.0; 3])]);
        let tables = Tables {
            names: vec!["a".into()],
            labels: vec![Vec::new()],
            asked: Asked::default(),
            known: Known { facts: Facts { list, any }, ..Known::default() },
            ..Tables::plain(frame(), Some(frame()), frame())
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn what_is_broken_more_often_than_by_held_out_rows_alarms() {
        let bad = judged([Some([0, 1000]), Some([2, 1000]), Some([200, 1000])]);
        assert_eq!((bad.scores[0].value, bad.scores[0].ceiling), (0.2, Some(0.002)));
        assert_eq!(bad.scores[0].verdict, Verdict::Bad);
        assert!(bad.scores[0].sentence.ends_with("Most of all: two."));
        assert_eq!(bad.facts[0].broken, [Some(0.0), None, Some(0.2)]);
        let usual = judged([Some([0, 1000]), Some([200, 1000]), Some([210, 1000])]);
        assert_eq!(usual.scores[0].verdict, Verdict::Good);
    }
}
