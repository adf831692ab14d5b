//! Groups of people: is each as large as it is among the real rows, and does the outcome fall to it as often?
//!
//! Groups are the levels of the columns that the owner marks as protected, of numbers the four quarters of the training rows.
//! The outcome is the rarer of two levels of the target, else its commonest one; of a number, to be above its median. Likeness of
//! shares is 1 - 1/2 sum |p - q| over a column's groups, the least of all columns; the gap is the largest |rate - real rate| of
//! a group with [`MIN_GROUP`] rows in both tables, with the interval of a difference of two shares.

use serde::Serialize;

use crate::frame::{Column, Frame};
use crate::report::{Figure, Metric, Report, Side, Tables, Verdict, likeness};

pub const SHARES: Metric = Metric {
    key: "groupShares",
    side: Side::Fairness,
    name: "Sizes of groups",
    best: 1.0,
    says: [
        "Each group is as large as among the real rows.",
        "Some groups are larger or smaller than among the real rows: see which.",
        "Groups are far larger or smaller than among the real rows: whoever uses the table will misjudge them.",
    ],
};
pub const OUTCOMES: Metric = Metric {
    key: "groupOutcomes",
    side: Side::Fairness,
    name: "Outcomes of groups",
    best: 0.0,
    says: [
        "The outcome falls to each group about as often as among the real rows.",
        "For one group the outcome is somewhat commoner or rarer than among the real rows: see which.",
        "For one group the outcome is far commoner or rarer than among the real rows: what is learned from the table would wrong it.",
    ],
};

/// Rows that a group's rate can be told of.
const MIN_GROUP: usize = 50;
/// Rows that a group must have for it to be told of at all.
const TOLD: usize = 5;
/// Groups that are told, the most different first.
const SHOWN: usize = 30;
const QUARTERS: usize = 4;

/// What is known of a group.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub column: String,
    pub name: String,
    /// Its share of the rows: real, held out, synthetic.
    pub shares: [Option<f64>; 3],
    /// How often it has the outcome, where enough rows tell.
    pub rates: [Option<f64>; 3],
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let every = [Some(&tables.train), tables.holdout.as_ref(), Some(&tables.synthetic)];
    let outcome = tables.asked.target.and_then(|target| Outcome::new(&tables.train, target));
    let (mut shares, mut gaps): (Vec<[Option<f64>; 2]>, Vec<Gap>) = (Vec::new(), Vec::new());
    let target = tables.asked.target;
    for &place in tables.asked.protected.iter().filter(|&&place| Some(place) != target) {
        let groups = Groups::new(tables, place);
        let counts = every.map(|table| table.map(|table| groups.count(table, outcome.as_ref())));
        let share =
            |counts: &Counts| counts.iter().map(|[rows, _]| *rows as f64 / sum(counts)).collect::<Vec<_>>();
        let all = counts.each_ref().map(|counts| counts.as_ref().map(share));
        let Some(real) = &all[0] else { continue };
        let like =
            |other: &Vec<f64>| 1.0 - real.iter().zip(other).map(|(p, q)| (p - q).abs()).sum::<f64>() / 2.0;
        shares.push([&all[2], &all[1]].map(|other| other.as_ref().map(like)));
        for (group, name) in groups.names.iter().enumerate() {
            let of = |counts: &Option<Counts>| counts.as_ref().map(|counts| counts[group]);
            let [real, held, made] = counts.each_ref().map(of);
            if outcome.is_some() {
                gaps.extend(Gap::new(real, made, held));
            }
            let rate = |counts: Option<[usize; 2]>| {
                let [rows, hits] = counts.filter(|[rows, _]| outcome.is_some() && *rows >= MIN_GROUP)?;
                Some(hits as f64 / rows as f64)
            };
            // Of few real rows not even the share is told.
            let share = |which: usize, counts: Option<[usize; 2]>| {
                counts.filter(|[rows, _]| *rows >= TOLD || which == 2)?;
                all[which].as_ref().map(|shares| shares[group])
            };
            let shares = [share(0, real), share(1, held), share(2, made)];
            if let (Some(name), Some(_)) = (name, shares[0]) {
                let (column, name) = (tables.names[place].clone(), name.clone());
                report.groups.push(Group { column, name, shares, rates: [real, held, made].map(rate) });
            }
        }
    }
    let apart = |group: &Group| {
        let differs = |[real, _, made]: [Option<f64>; 3]| real.zip(made).map_or(0.0, |(p, q)| (p - q).abs());
        differs(group.shares).max(differs(group.rates))
    };
    report.groups.sort_by(|a, b| apart(b).total_cmp(&apart(a)));
    report.groups.truncate(SHOWN);
    let least = |which: usize| shares.iter().filter_map(|pair| pair[which]).min_by(f64::total_cmp);
    if let Some(value) = least(0) {
        let verdict = likeness(value, least(1));
        report.scores.push(SHARES.score(Figure::plain(value), least(1), verdict));
    }
    let real = gaps.iter().filter_map(|gap| gap.held_out).max_by(f64::total_cmp);
    if let Some(gap) = gaps.iter().max_by(|a, b| a.figure.value.total_cmp(&b.figure.value)) {
        let (value, surely) = (gap.figure.value, gap.figure.surely());
        let bound = real.unwrap_or(0.0) + 0.03;
        let verdict = Verdict::of(value <= bound || surely <= 0.02, surely <= 0.08);
        report.scores.push(OUTCOMES.score(gap.figure, real, verdict));
    }
}

/// Of each group the rows, and of these the ones with the outcome.
type Counts = Vec<[usize; 2]>;

fn sum(counts: &Counts) -> f64 {
    counts.iter().map(|[rows, _]| *rows).sum::<usize>().max(1) as f64
}

/// How far a group's rate lies from the real one.
struct Gap {
    figure: Figure,
    held_out: Option<f64>,
}

impl Gap {
    fn new(real: Option<[usize; 2]>, made: Option<[usize; 2]>, held: Option<[usize; 2]>) -> Option<Gap> {
        let enough = |counts: Option<[usize; 2]>| counts.filter(|[rows, _]| *rows >= MIN_GROUP);
        let (real, made) = (enough(real)?, enough(made)?);
        let rate = |[rows, hits]: [usize; 2]| hits as f64 / rows as f64;
        let variance = |counts: [usize; 2]| rate(counts) * (1.0 - rate(counts)) / counts[0] as f64;
        let value = (rate(made) - rate(real)).abs();
        let reach = 1.96 * (variance(made) + variance(real)).sqrt();
        let interval = Some([(value - reach).max(0.0), (value + reach).min(1.0)]);
        let held_out = enough(held).map(|held| (rate(held) - rate(real)).abs());
        Some(Gap { figure: Figure { value, interval }, held_out })
    }
}

/// What counts as the outcome.
enum Outcome {
    Level(usize, u32),
    Above(usize, f64),
}

impl Outcome {
    fn new(train: &Frame, target: usize) -> Option<Outcome> {
        match &train.columns[target] {
            Column::Numbers(values) => {
                let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                known.sort_unstable_by(f64::total_cmp);
                known.get(known.len() / 2).map(|&median| Outcome::Above(target, median))
            }
            Column::Categories { codes, levels } => {
                let mut counts = vec![0usize; *levels as usize + 1];
                codes.iter().for_each(|&code| counts[code.min(*levels) as usize] += 1);
                let present = || (0..*levels).filter(|&level| counts[level as usize] > 0);
                let rank = |level: &u32| counts[*level as usize];
                let level = match present().count() {
                    2 => present().min_by_key(rank),
                    _ => present().max_by_key(rank),
                };
                level.map(|level| Outcome::Level(target, level))
            }
        }
    }

    fn has(&self, frame: &Frame, row: usize) -> bool {
        match *self {
            Outcome::Level(target, level) => {
                matches!(&frame.columns[target], Column::Categories { codes, .. } if codes[row] == level)
            }
            Outcome::Above(target, median) => {
                matches!(&frame.columns[target], Column::Numbers(values) if values[row] > median)
            }
        }
    }
}

/// The groups of one column. Rows of a number without a value are the last one.
struct Groups {
    place: usize,
    /// What each is called, where that may be told.
    names: Vec<Option<String>>,
    /// Of a number, where quarters begin.
    cuts: Vec<f64>,
}

impl Groups {
    fn new(tables: &Tables, place: usize) -> Groups {
        match &tables.train.columns[place] {
            Column::Categories { .. } => {
                let mut names = tables.labels[place].clone();
                names.push(None); // what the codec does not know
                Groups { place, names, cuts: Vec::new() }
            }
            Column::Numbers(values) => {
                let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                known.sort_unstable_by(f64::total_cmp);
                let mut cuts: Vec<f64> = (1..QUARTERS)
                    .filter_map(|quarter| known.get(known.len() * quarter / QUARTERS).copied())
                    .filter(|cut| known.first().is_some_and(|first| cut > first))
                    .collect();
                cuts.dedup();
                let mut names: Vec<Option<String>> = (0..=cuts.len())
                    .map(|at| Some(format!("part {} of {}", at + 1, cuts.len() + 1)))
                    .collect();
                names.push(Some("no value".into()));
                Groups { place, names, cuts }
            }
        }
    }

    fn count(&self, table: &Frame, outcome: Option<&Outcome>) -> Counts {
        let last = self.names.len() - 1;
        let group = |row: usize| match &table.columns[self.place] {
            Column::Categories { codes, .. } => (codes[row] as usize).min(last),
            Column::Numbers(values) if values[row].is_nan() => last,
            Column::Numbers(values) => self.cuts.partition_point(|cut| *cut <= values[row]),
        };
        let mut counts = vec![[0; 2]; self.names.len()];
        for row in 0..table.rows {
            let [rows, hits] = &mut counts[group(row)];
            *rows += 1;
            *hits += usize::from(outcome.is_some_and(|outcome| outcome.has(table, row)));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::mix;
    use crate::report::{Asked, Judging, Known, Score};

    /// Two groups, of which the second has `share` of 2,000 rows and the outcome at `rate`, the first at .2; and an age.
    fn frame(salt: u64, share: f64, rate: f64) -> Frame {
        let unit =
            |row: usize, what: u64| (mix(salt << 40 ^ what << 32 ^ row as u64) % 65_536) as f64 / 65_536.0;
        let second = |row: usize| unit(row, 1) < share;
        let hit = |row: usize| unit(row, 2) < if second(row) { rate } else { 0.2 };
        let codes = |of: &dyn Fn(usize) -> bool| Column::Categories {
            codes: (0..2000).map(|row| u32::from(of(row))).collect(),
            levels: 2,
        };
        let age = Column::Numbers((0..2000).map(|row| (unit(row, 3) * 80.0).round()).collect());
        Frame::new(vec![codes(&second), codes(&hit), age])
    }

    fn judged(synthetic: Frame) -> Report {
        let words = |words: [&str; 2]| words.map(|word| Some(word.to_string())).to_vec();
        let tables = Tables {
            names: vec!["sex".into(), "granted".into(), "age".into()],
            train: frame(1, 0.4, 0.5),
            holdout: Some(frame(2, 0.4, 0.5)),
            synthetic,
            labels: vec![words(["f", "m"]), words(["no", "yes"]), Vec::new()],
            asked: Asked { target: Some(1), protected: vec![0, 2] },
            known: Known::default(),
        };
        Judging::new(tables).report()
    }

    fn score<'a>(report: &'a Report, metric: &Metric) -> &'a Score {
        report.scores.iter().find(|score| score.key == metric.key).unwrap()
    }

    #[test]
    fn fresh_rows_are_fair_and_bias_alarms() {
        let fresh = judged(frame(3, 0.4, 0.5));
        for metric in [&SHARES, &OUTCOMES] {
            assert_eq!(score(&fresh, metric).verdict, Verdict::Good, "{}", score(&fresh, metric).value);
        }
        let biased = judged(frame(3, 0.1, 0.9));
        for metric in [&SHARES, &OUTCOMES] {
            assert_eq!(score(&biased, metric).verdict, Verdict::Bad, "{}", score(&biased, metric).value);
        }
        assert_eq!((biased.groups[0].column.as_str(), biased.groups[0].name.as_str()), ("sex", "m"));
        assert!(fresh.groups.iter().any(|group| group.name == "part 1 of 4"));
    }
}
