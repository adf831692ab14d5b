//! The extremes of numbers: do as many synthetic values lie beyond the real 1 and 99 % as real ones do?
//!
//! A model that learns from its own output loses these first (Shumailov et al. 2024). Of each column the shares of values
//! below the 1 % and above the 99 % quantile of the training rows are told: s of another table beside r of the training
//! rows, at either side about one in a hundred, fewer where many rows share the quantile. The figure is the mean over
//! columns of sum min(s, r) / sum r over both sides: 1 where both are there in full, 0 where none is. More than there should
//! be is not counted: shapes tell that. As many synthetic rows as were held out, which are the ceiling; the interval is the
//! jackknife over [`GROUPS`] groups of rows. Values themselves are not told.

use serde::Serialize;

use super::{GROUPS, same_size};
use crate::frame::{Column, Frame};
use crate::math::chance;
use crate::report::{Figure, Metric, Report, Side, Tables, lost};

pub const METRIC: Metric = Metric {
    key: "tails",
    side: Side::Fairness,
    name: "Extremes kept",
    best: 1.0,
    says: [
        "The lowest and the highest numbers come as often as among the real rows.",
        "The lowest or the highest numbers are rarer than among the real rows: see where.",
        "The lowest and the highest numbers are missing: the table shows the middle alone.",
    ],
};

/// Values beyond both quantiles that a column must have to be looked at, as a share.
const MIN_SHARE: f64 = 0.005;
/// Columns that are told, the most lost first.
const SHOWN: usize = 30;

/// The extremes of a column.
#[derive(Clone, Debug, Serialize)]
pub struct Tail {
    pub column: String,
    /// How many of the values lie below the real 1 %: real, held out, synthetic.
    pub low: [Option<f64>; 3],
    /// Above the real 99 %.
    pub high: [Option<f64>; 3],
    /// The share of the real extremes that is there.
    pub kept: f64,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let marks: Vec<Marks> =
        (0..tables.names.len()).filter_map(|place| Marks::new(&tables.train, place)).collect();
    if marks.is_empty() {
        return;
    }
    let [synthetic, holdout] = same_size(tables);
    let of = |(frame, rows): &(&Frame, Vec<usize>)| -> Vec<Beyond> {
        marks.iter().map(|marks| Beyond::new(marks, frame, rows)).collect()
    };
    let Some(made) = synthetic.as_ref().map(of) else { return };
    let held = holdout.as_ref().map(of);
    let (figure, ceiling) = (kept(&marks, &made), held.as_ref().map(|held| kept(&marks, held)));
    let verdict = lost(figure, ceiling, [0.05, 0.3]);
    report.scores.push(METRIC.score(figure, ceiling.map(|ceiling| ceiling.value), verdict));
    let tail = |(at, marks): (usize, &Marks)| {
        let made = made[at].shares(None);
        let held = held.as_ref().map(|held| held[at].shares(None));
        let side = |side: usize| [Some(marks.shares[side]), held.map(|held| held[side]), Some(made[side])];
        Tail {
            column: tables.names[marks.place].clone(),
            low: side(0),
            high: side(1),
            kept: marks.kept(made),
        }
    };
    report.tails = marks.iter().enumerate().map(tail).collect();
    report.tails.sort_by(|a, b| a.kept.total_cmp(&b.kept));
    report.tails.truncate(SHOWN);
}

/// Where the extremes of a column begin, and the shares of the training rows there.
struct Marks {
    place: usize,
    ends: [f64; 2],
    shares: [f64; 2],
}

impl Marks {
    fn new(train: &Frame, place: usize) -> Option<Marks> {
        let Column::Numbers(values) = &train.columns[place] else { return None };
        let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        known.sort_unstable_by(f64::total_cmp);
        let ends = [*known.get(known.len() / 100)?, known[known.len() - 1 - known.len() / 100]];
        let below = known.partition_point(|&value| value < ends[0]);
        let above = known.len() - known.partition_point(|&value| value <= ends[1]);
        let shares = [below, above].map(|count| count as f64 / known.len() as f64);
        (shares[0] + shares[1] >= MIN_SHARE).then_some(Marks { place, ends, shares })
    }

    /// The share of the extremes that is there.
    fn kept(&self, shares: [f64; 2]) -> f64 {
        let side = |side: usize| shares[side].min(self.shares[side]);
        (side(0) + side(1)) / (self.shares[0] + self.shares[1])
    }
}

/// Of each group of rows the values, those below and those above.
struct Beyond {
    counts: [[u32; 3]; GROUPS],
}

impl Beyond {
    fn new(marks: &Marks, frame: &Frame, rows: &[usize]) -> Beyond {
        let Column::Numbers(values) = &frame.columns[marks.place] else {
            panic!("one codec makes one type of column")
        };
        let mut counts = [[0; 3]; GROUPS];
        for (at, &row) in rows.iter().enumerate() {
            let is = [!values[row].is_nan(), values[row] < marks.ends[0], values[row] > marks.ends[1]];
            counts[at % GROUPS].iter_mut().zip(is).for_each(|(count, is)| *count += u32::from(is));
        }
        Beyond { counts }
    }

    fn shares(&self, without: Option<usize>) -> [f64; 2] {
        let groups = || self.counts.iter().enumerate().filter(|(group, _)| Some(*group) != without);
        let sum = |what: usize| groups().map(|(_, counts)| f64::from(counts[what])).sum::<f64>();
        [1, 2].map(|side| sum(side) / sum(0).max(1.0))
    }
}

fn kept(marks: &[Marks], beyond: &[Beyond]) -> Figure {
    let of = |without: Option<usize>| {
        let kept = marks.iter().zip(beyond).map(|(marks, beyond)| marks.kept(beyond.shares(without)));
        kept.sum::<f64>() / marks.len() as f64
    };
    let without: Vec<f64> = (0..GROUPS).map(|group| of(Some(group))).collect();
    let value = of(None);
    Figure { value, interval: Some(chance::jackknife(value, &without).map(|end| end.clamp(0.0, 1.0))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{mix, unit};
    use crate::report::{Asked, Verdict};

    /// Three numbers, the second a square, with every fiftieth missing; drawn towards the middle by `pull`.
    fn frame(salt: u64, rows: usize, pull: f64) -> Frame {
        let draw = |row: usize, what: u64| {
            let pulled = |value: f64| 0.5 + (value - 0.5) * (1.0 - pull);
            pulled(unit(mix(mix(salt << 8 ^ what) ^ row as u64)))
        };
        let number = |what: u64, of: fn(f64) -> f64| {
            let value = |row: usize| if row % 50 == 7 { f64::NAN } else { of(draw(row, what)) };
            Column::Numbers((0..rows).map(value).collect())
        };
        Frame::new(vec![number(1, |x| x), number(2, |x| x * x), number(3, |x| x)])
    }

    fn judged(train: u64, synthetic: Frame) -> Report {
        let tables = Tables {
            names: ["a", "b", "c"].map(String::from).to_vec(),
            labels: vec![Vec::new(); 3],
            asked: Asked::default(),
            ..Tables::plain(frame(train, 2000, 0.0), Some(frame(train + 1, 500, 0.0)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn fresh_rows_keep_their_extremes_and_tame_ones_do_not() {
        for seed in 0..10 {
            let fresh = judged(500 + 3 * seed, frame(502 + 3 * seed, 2000, 0.0));
            assert_eq!(fresh.scores[0].verdict, Verdict::Good, "{:?}", fresh.scores[0]);
        }
        for pull in [0.05, 1.0] {
            let tame = judged(500, frame(502, 2000, pull));
            assert_eq!(
                (tame.scores[0].value, tame.scores[0].verdict),
                (0.0, Verdict::Bad),
                "{:?}",
                tame.scores[0]
            );
        }
    }

    /// Of 0..=999 ten lie below the 1 % and ten above the 99 %.
    #[test]
    fn extremes_are_counted() {
        let numbers = |values: Vec<f64>| Frame::new(vec![Column::Numbers(values)]);
        let train = numbers((0..1000).map(f64::from).collect());
        let marks = Marks::new(&train, 0).unwrap();
        assert_eq!((marks.ends, marks.shares), ([10.0, 989.0], [0.01, 0.01]));
        let half = numbers((0..1000).map(|value| f64::from(value).clamp(5.0, 995.0) + 5.0).collect());
        let rows: Vec<usize> = (0..1000).collect();
        // None lies below 10 now, fifteen above 989.
        let shares = Beyond::new(&marks, &half, &rows).shares(None);
        assert_eq!((shares, marks.kept(shares)), ([0.0, 0.015], 0.5));
        assert!(Marks::new(&numbers(vec![1.0; 100]), 0).is_none());
    }
}
