//! Groups of people: is each as large as it is among the real rows, and does the outcome fall to it as often?
//!
//! Groups are the levels of the columns that the owner marks as protected, of numbers the four quarters of the training
//! rows. The outcome is the rarer of two levels of the target, else its commonest one; of a number, to be above its median.
//! Likeness of shares is 1 - 1/2 sum |p - q| over a column's groups, the least of all columns, judged by the better end of
//! its interval. The gap is |rate - real rate| of a group with [`MIN_GROUP`] rows in both tables, with the interval of a
//! difference of two shares (Newcombe 1998), wide enough to hold for all groups at once (Bonferroni); told is the surest, so
//! that of many small groups none stands out by chance. A group is amplified where the distance of its rate from that of
//! everyone else is surely larger than among the real rows: the two distances' intervals are put together after Zou and
//! Donner (2008).

use serde::Serialize;

use crate::frame::{Column, Frame};
use crate::math::chance;
use crate::report::target::Target;
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
pub const MIN_GROUP: usize = 50;
/// What a distance may grow without being called amplified.
pub const ALLOWED: f64 = 0.01;
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
    /// How much farther its rate lies from that of everyone else than among the real rows, with lower and upper end.
    pub widened: Option<[f64; 3]>,
    /// Whether that is more than chance.
    pub amplified: bool,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let every = [Some(&tables.train), tables.holdout.as_ref(), Some(&tables.synthetic)];
    let outcome = Target::outcome(tables);
    let counted: Vec<(usize, Groups, [Option<Counts>; 3])> = protected(tables)
        .map(|place| {
            let groups = Groups::new(tables, place);
            let counts = every.map(|table| table.map(|table| groups.count(table, outcome.as_ref())));
            (place, groups, counts)
        })
        .collect();
    let told = counted.iter().flat_map(|(_, _, counts)| counts[0].iter().flatten());
    let z = chance::reach(told.filter(|[rows, _]| *rows >= MIN_GROUP).count());
    let (mut shares, mut gaps, mut held_gaps) = (Vec::new(), Vec::new(), Vec::new());
    for (place, groups, counts) in counted {
        let share =
            |counts: &Counts| counts.iter().map(|[rows, _]| *rows as f64 / sum(counts)).collect::<Vec<_>>();
        let all = counts.each_ref().map(|counts| counts.as_ref().map(share));
        shares.push([&counts[2], &counts[1]].map(|other| sizes(counts[0].as_ref()?, other.as_ref()?)));
        let whole = counts.each_ref().map(|counts| counts.as_ref().map(whole));
        for (group, name) in groups.names.iter().enumerate() {
            let of = |counts: &Option<Counts>| counts.as_ref().map(|counts| counts[group]);
            let [real, held, made] = counts.each_ref().map(of);
            let mut widened = None;
            if outcome.is_some() {
                gaps.extend(gap(real, made, z));
                held_gaps.extend(gap(real, held, z));
                widened = widening([whole[0], real], [whole[2], made], z);
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
                let rates = [real, held, made].map(rate);
                let amplified = widened.is_some_and(|[_, low, _]| low > ALLOWED);
                report.groups.push(Group { column, name, shares, rates, widened, amplified });
            }
        }
    }
    let apart = |group: &Group| {
        let differs = |[real, _, made]: [Option<f64>; 3]| real.zip(made).map_or(0.0, |(p, q)| (p - q).abs());
        differs(group.shares).max(differs(group.rates))
    };
    report.groups.sort_by(|a, b| apart(b).total_cmp(&apart(a)));
    report.groups.truncate(SHOWN);
    let least = |which: usize| {
        let figures = shares.iter().filter_map(|pair: &[Option<Figure>; 2]| pair[which]);
        figures.min_by(|a, b| a.value.total_cmp(&b.value))
    };
    if let Some(figure) = least(0) {
        let ceiling = least(1).map(|ceiling| ceiling.value);
        let likeliest = figure.interval.map_or(figure.value, |[_, high]| high);
        report.scores.push(SHARES.score(figure, ceiling, likeness(likeliest, ceiling)));
    }
    let surest = |gaps: &[Figure]| {
        let by_sureness =
            |a: &&Figure, b: &&Figure| a.surely().total_cmp(&b.surely()).then(a.value.total_cmp(&b.value));
        gaps.iter().max_by(by_sureness).copied()
    };
    if let Some(gap) = surest(&gaps) {
        let verdict = Verdict::of(gap.surely() <= 0.02, gap.surely() <= 0.08);
        let gap = Figure { interval: gap.interval.map(|[low, high]| [low.max(0.0), high]), ..gap };
        report.scores.push(OUTCOMES.score(gap, surest(&held_gaps).map(|gap| gap.value), verdict));
    }
}

/// The columns that tell groups.
pub fn protected(tables: &Tables) -> impl Iterator<Item = usize> + '_ {
    tables.asked.protected.iter().copied().filter(|&place| Some(place) != tables.asked.target)
}

/// Of each group the rows, and of these the ones with the outcome.
type Counts = Vec<[usize; 2]>;

fn sum(counts: &Counts) -> f64 {
    whole(counts)[0].max(1) as f64
}

fn whole(counts: &Counts) -> [usize; 2] {
    counts.iter().fold([0; 2], |[rows, hits], [more, with]| [rows + more, hits + with])
}

fn enough(counts: Option<[usize; 2]>) -> Option<[usize; 2]> {
    counts.filter(|[rows, _]| *rows >= MIN_GROUP)
}

/// How alike the groups' shares are; each group's difference has an interval, for all at once, and these add up.
fn sizes(real: &Counts, other: &Counts) -> Option<Figure> {
    let [n, m] = [real, other].map(|counts| whole(counts)[0]);
    let there = || real.iter().zip(other).map(|(a, b)| (a[0], b[0])).filter(|(a, b)| a + b > 0);
    let z = chance::reach(there().count());
    let mut sums = [0.0; 3];
    for (a, b) in there() {
        let (value, [low, high]) = distance([m, b], [n, a], z);
        sums.iter_mut().zip([value, low.max(0.0), high]).for_each(|(sum, part)| *sum += part / 2.0);
    }
    let [value, low, high] = sums.map(|sum| 1.0 - sum);
    (n.min(m) > 0).then_some(Figure { value, interval: Some([high.max(0.0), low]) })
}

/// How far a group's rate lies from the real one.
fn gap(real: Option<[usize; 2]>, other: Option<[usize; 2]>, z: f64) -> Option<Figure> {
    let (value, ends) = distance(enough(other)?, enough(real)?, z);
    Some(Figure { value, interval: Some(ends) })
}

/// How much farther a group's rate lies from that of everyone else: each table with all its rows, and the group's.
fn widening(real: [Option<[usize; 2]>; 2], made: [Option<[usize; 2]>; 2], z: f64) -> Option<[f64; 3]> {
    let of = |[whole, group]: [Option<[usize; 2]>; 2]| {
        let (whole, group) = (whole?, enough(group)?);
        let rest = enough(Some([whole[0] - group[0], whole[1] - group[1]]))?;
        Some(distance(group, rest, z))
    };
    let (real, made) = (of(real)?, of(made)?);
    let [low, high] = chance::difference(made, real);
    Some([made.0 - real.0, low, high])
}

/// Between two rates, with its interval, the lower end of which is below 0 where they may be equal.
fn distance(one: [usize; 2], other: [usize; 2], z: f64) -> (f64, [f64; 2]) {
    let rate = |[rows, hits]: [usize; 2]| hits as f64 / rows as f64;
    let (value, [low, high]) = (rate(one) - rate(other), chance::of_difference(one, other, z));
    if value < 0.0 { (-value, [-high, -low]) } else { (value, [low, high]) }
}

/// The groups of one column. Rows of a number without a value are the last one.
pub struct Groups {
    place: usize,
    /// What each is called, where that may be told.
    pub names: Vec<Option<String>>,
    /// Of a number, where quarters begin.
    cuts: Vec<f64>,
}

impl Groups {
    pub fn new(tables: &Tables, place: usize) -> Groups {
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

    /// The group of a row.
    pub fn of(&self, table: &Frame, row: usize) -> usize {
        let last = self.names.len() - 1;
        match &table.columns[self.place] {
            Column::Categories { codes, .. } => (codes[row] as usize).min(last),
            Column::Numbers(values) if values[row].is_nan() => last,
            Column::Numbers(values) => self.cuts.partition_point(|cut| *cut <= values[row]),
        }
    }

    fn count(&self, table: &Frame, outcome: Option<&Target>) -> Counts {
        let mut counts = vec![[0; 2]; self.names.len()];
        for row in 0..table.rows {
            let [rows, hits] = &mut counts[self.of(table, row)];
            *rows += 1;
            *hits += usize::from(outcome.is_some_and(|outcome| outcome.answer(table, row) > 0.5));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::mix;
    use crate::report::{Asked, Judging, Score};

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
            labels: vec![words(["f", "m"]), words(["no", "yes"]), Vec::new()],
            asked: Asked { target: Some(1), protected: vec![0, 2] },
            ..Tables::plain(frame(1, 0.4, 0.5), Some(frame(2, 0.4, 0.5)), synthetic)
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
        assert!(biased.groups[0].amplified && fresh.groups.iter().all(|group| !group.amplified));
        assert_eq!((biased.groups[0].column.as_str(), biased.groups[0].name.as_str()), ("sex", "m"));
        assert!(fresh.groups.iter().any(|group| group.name == "part 1 of 4"));
    }

    /// Of 40 groups of 50 rows each the largest gap by chance is wide; over ten tables none alarms, and none is called amplified.
    #[test]
    fn many_small_groups_do_not_alarm_by_chance() {
        for seed in 0..10 {
            let table = |salt: u64| {
                let draw =
                    |row: usize, what: u64| mix(mix((3 * seed + salt) << 8 ^ what) ^ row as u64) % 1000;
                let codes = (0..2400).map(|row| (draw(row, 1) % 40) as u32).collect();
                let hits = (0..2400).map(|row| u32::from(draw(row, 2) < 300)).collect();
                Frame::new(vec![
                    Column::Categories { codes, levels: 40 },
                    Column::Categories { codes: hits, levels: 2 },
                ])
            };
            let tables = Tables {
                names: vec!["town".into(), "granted".into()],
                labels: vec![(0..40).map(|town| Some(format!("town {town}"))).collect(), vec![None, None]],
                asked: Asked { target: Some(1), protected: vec![0] },
                ..Tables::plain(table(0), Some(table(1)), table(2))
            };
            let mut report = Report::default();
            judge(&tables, &mut report);
            assert_eq!(score(&report, &OUTCOMES).verdict, Verdict::Good);
            assert!(report.groups.iter().all(|group| !group.amplified));
        }
    }
}
