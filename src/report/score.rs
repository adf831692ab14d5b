//! A figure, what it says, and its verdict.

use serde::Serialize;

use crate::math::chance;

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Good,
    Look,
    Bad,
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

/// The verdict of a likeness, from 0 to 1: near its ceiling is good.
pub fn likeness(value: f64, ceiling: Option<f64>) -> Verdict {
    match ceiling {
        Some(ceiling) => Verdict::of(value >= ceiling - 0.02, value >= ceiling - 0.06),
        None => Verdict::of(value >= 0.95, value >= 0.88),
    }
}

/// The verdict of a figure that is best at 1, by what it has surely lost against its ceiling: so much is good, so much is to be
/// looked at.
pub fn lost(figure: Figure, ceiling: Option<Figure>, allowed: [f64; 2]) -> Verdict {
    let told = |figure: Figure| (figure.value, figure.interval.unwrap_or([figure.value; 2]));
    let [surely, _] = chance::difference(told(ceiling.unwrap_or(Figure::plain(1.0))), told(figure));
    Verdict::of(surely <= allowed[0], surely <= allowed[1])
}
