//! What the three attacks of Anonymeter share: Giomi, Boenisch, Wehmeyer and Tasnádi, "A Unified Framework for Quantifying Privacy
//! Risk in Synthetic Data" (2023).
//!
//! Each guesses about rows that were learned from (main), about held-out ones (control) and without looking (baseline).
//! What is right about held-out rows is knowledge of people at large; only what goes beyond it was remembered. So the risk is
//! (main - control) / (1 - control), from the middles of Wilson's intervals, and its reach is that of both, propagated as there.
//! An attack that is right no more often than the baseline is too weak to tell anything.

use serde::Serialize;

use crate::math::chance;
use crate::report::safety::{enough, guarded};
use crate::report::{Figure, Metric, Rows, Score, Verdict};

/// Guesses that an attack should have at least; of fewer nothing is told.
pub const MIN_TRIES: usize = 50;
/// A risk that may be so high, for all that is known, is not shown to be low.
const VAGUE: f64 = 0.5;

/// How often an attack was right, and by how much that beats what it is right about strangers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attack {
    /// Of the score that it belongs to.
    pub key: &'static str,
    pub name: &'static str,
    /// What was guessed, where it was one column.
    pub column: Option<String>,
    /// Guesses about rows that were learned from.
    pub tries: usize,
    pub main: Rate,
    pub control: Rate,
    pub baseline: Rate,
    /// 0: learned rows are as safe as held-out ones; 1: all that is not known of people at large is given away.
    pub risk: Rate,
    /// The risk of one half of the held-out rows beside the other: what chance alone makes.
    pub ceiling: f64,
    /// Was it right more often than blind guesses?
    pub tells: bool,
}

/// A share, and where chance may move it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Rate {
    pub value: f64,
    pub interval: [f64; 2],
}

/// So many of so many guesses were right; one may be right in part.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tries {
    pub hits: f64,
    pub count: usize,
}

/// The guesses of an attack about each table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Guesses {
    pub main: Tries,
    pub control: Tries,
    pub baseline: Tries,
    /// About the halves of the held-out rows.
    pub halves: [Tries; 2],
}

impl Attack {
    pub fn new(metric: &Metric, name: &'static str, column: Option<String>, guesses: &Guesses) -> Attack {
        let Guesses { main, control, baseline, halves } = guesses;
        let tells = main.rate().interval[0] > baseline.rate().value;
        Attack {
            key: metric.key,
            name,
            column,
            tries: main.count,
            main: main.rate(),
            control: control.rate(),
            baseline: baseline.rate(),
            risk: risk(*main, *control),
            ceiling: risk(halves[0], halves[1]).value,
            tells,
        }
    }

    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.risk.interval[0] <= 0.02, self.risk.interval[0] <= 0.1)
    }
}

impl Tries {
    pub fn of(hits: usize, count: usize) -> Tries {
        Tries { hits: hits as f64, count }
    }

    fn rate(&self) -> Rate {
        Rate {
            value: self.hits / self.count.max(1) as f64,
            interval: chance::of_share(self.hits, self.count),
        }
    }
}

/// What main does better than control, of what control leaves.
pub fn risk(main: Tries, control: Tries) -> Rate {
    // Wilson's interval never needs to be cut, so its middle and its reach can be had from its ends.
    let middle = |tries: Tries| {
        let [low, high] = chance::of_share(tries.hits, tries.count);
        ((low + high) / 2.0, (high - low) / 2.0)
    };
    let ((p, reach), (q, other)) = (middle(main), middle(control));
    let left = 1.0 - q;
    let value = (p - q) / left;
    let (one, two) = (reach / left, other * (1.0 - p) / (left * left));
    let reach = (one * one + two * two).sqrt();
    let bound = |end: f64| end.clamp(0.0, 1.0);
    Rate { value: bound(value), interval: [bound(value - reach), bound(value + reach)] }
}

/// The score of the worst of a metric's attacks; None where each was too weak to tell.
pub fn score(metric: &Metric, attacks: &[Attack], rows: Rows) -> Option<Score> {
    let is_told = |attack: &&Attack| attack.tells || attack.verdict() != Verdict::Good;
    let low = |attack: &Attack| attack.risk.interval[0];
    let worst = attacks
        .iter()
        .filter(is_told)
        .max_by(|a, b| low(a).total_cmp(&low(b)).then(a.risk.value.total_cmp(&b.risk.value)))?;
    let figure = Figure { value: worst.risk.value, interval: Some(worst.risk.interval) };
    let tells = enough(rows) && worst.risk.interval[1] < VAGUE;
    Some(guarded(metric.score(figure, Some(worst.ceiling), worst.verdict()), tells))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: of 500, 150 and 100 hits, z^2 = 3.8415: (150 + 1.9207) / 503.8415 = 0.30152 and 0.20229; the risk is
    /// 0.09924 / 0.79771 = 0.12440. Reaches: z / 503.8415 * sqrt(105 + 0.9604) = 0.04004 and sqrt(80.9604) * z / 503.8415 =
    /// 0.03500, so sqrt((0.04004 / 0.79771)^2 + (0.03500 * 0.69848 / 0.63634)^2) = 0.06321.
    #[test]
    fn the_risk_is_the_papers() {
        let risk = risk(Tries::of(150, 500), Tries::of(100, 500));
        assert!((risk.value - 0.12440).abs() < 2e-5, "{risk:?}");
        assert!((risk.interval[1] - risk.value - 0.06321).abs() < 2e-5, "{risk:?}");
        assert!((risk.value - risk.interval[0] - 0.06321).abs() < 2e-5, "{risk:?}");
    }

    #[test]
    fn strangers_as_easy_as_friends_are_no_risk() {
        let same = risk(Tries::of(400, 500), Tries::of(430, 500));
        assert_eq!((same.value, same.interval[0]), (0.0, 0.0));
        let all = risk(Tries::of(500, 500), Tries::of(500, 500));
        assert!(all.value == 0.0 && all.interval[0] == 0.0 && all.interval[1] > 0.9);
        let none = risk(Tries::default(), Tries::default());
        assert!(none.interval[0] == 0.0 && none.interval[1] > VAGUE);
    }
}
