//! Errors by group: would predictions learned from synthetic rows wrong a group more than those learned from real ones?
//!
//! Boosted trees learn the outcome (`groups.rs`) from as many synthetic and real rows, and are asked about held-out ones.
//! They say yes to as large a share of the rows that they did not learn from as have the outcome in their table. Of each
//! group of a protected column the shares are told of those with the outcome who are told yes (true positives) and of those
//! without it who are (false positives); a group's distance is that between its share and everyone else's (equalised odds,
//! Hardt et al. 2016).
//!
//! The figure is how much larger a distance is with synthetic rows than with real ones, the surest of all groups. Both are
//! asked about the same rows, so its variance is that of the rows' differences, with a row either way added to each side
//! (Agresti and Caffo 2000), and what learning adds is the jackknife over the bags, each of which leaves out another fifth
//! of the rows; they draw lots of their own as well, so it is wide rather than narrow. The interval holds for all groups at
//! once (Bonferroni), so that chance does not flag. At most [`ROWS`] rows of each table, chosen by lot. It has no ceiling:
//! real rows are in the difference already.

use serde::Serialize;

use super::groups::{ALLOWED, Groups, protected};
use crate::frame::Frame;
use crate::learn::Stack;
use crate::learn::boosting::Bagging;
use crate::math::chance;
use crate::report::target::Target;
use crate::report::{Figure, Metric, Report, Side, Tables, Verdict};

pub const METRIC: Metric = Metric {
    key: "groupErrors",
    side: Side::Fairness,
    name: "Errors by group",
    best: 0.0,
    says: [
        "Predictions learned from the synthetic rows treat groups no more differently than those learned from real rows.",
        "Predictions learned from the synthetic rows are wrong about one group more often than those learned from real rows: see which.",
        "Predictions learned from the synthetic rows wrong one group far more than those learned from real rows: do not decide about people by them.",
    ],
};

const ROWS: usize = 3000;
const ASKED: usize = 10_000;
const BAGS: usize = 5;
/// Held-out rows of a group with the outcome, or without it, that a share can be told of.
const MIN_ROWS: usize = 25;
/// Groups that are told, the most amplified first.
const SHOWN: usize = 30;

/// What predictions do to a group: learned from real rows, and from synthetic ones.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorRates {
    pub column: String,
    pub name: String,
    /// Of those with the outcome how many are told yes; None where too few rows tell.
    pub true_positive: [Option<f64>; 2],
    /// Of those without it.
    pub false_positive: [Option<f64>; 2],
    /// How much farther the group lies from everyone else, of the two the surer one: with lower and upper end.
    pub widened: [f64; 3],
    pub amplified: bool,
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let (Some(holdout), Some(target)) = (&tables.holdout, Target::outcome(tables)) else { return };
    let columns: Vec<Groups> = protected(tables).map(|place| Groups::new(tables, place)).collect();
    if columns.is_empty() {
        return;
    }
    let count = tables.train.rows.min(tables.synthetic.rows).min(ROWS);
    let asked = target.lot(holdout, ASKED, 7);
    let Some(real) = answers(tables, &target, &tables.train, count, &asked) else { return };
    let made = answers(tables, &target, &tables.synthetic, count, &asked);
    // Where it teaches nothing, nobody is told yes.
    let made = made.unwrap_or_else(|| vec![[false; BAGS + 1]; asked.len()]);
    let truth: Vec<bool> = asked.iter().map(|&row| target.answer(holdout, row) > 0.5).collect();
    let rows: Vec<Row> =
        (0..asked.len()).map(|at| Row { truth: truth[at], told: [real[at], made[at]] }).collect();
    let mut sides: Vec<(usize, usize, [Option<Split>; 2])> = Vec::new();
    for (column, groups) in columns.iter().enumerate() {
        let of: Vec<usize> = asked.iter().map(|&row| groups.of(holdout, row)).collect();
        for group in (0..groups.names.len()).filter(|&group| groups.names[group].is_some()) {
            let split = |truth: bool| Split::new(&rows, truth, |at| of[at] == group);
            sides.push((column, group, [split(true), split(false)]));
        }
    }
    let looks = sides.iter().flat_map(|(_, _, splits)| splits).flatten().count();
    let z = chance::reach(looks);
    let places: Vec<usize> = protected(tables).collect();
    for (column, group, splits) in &sides {
        let surest =
            splits.iter().flatten().map(|split| split.widened(z)).max_by(|a, b| a[1].total_cmp(&b[1]));
        let (Some(widened), Some(name)) = (surest, &columns[*column].names[*group]) else { continue };
        let rates = |which: usize| [0, 1].map(|table| splits[which].as_ref().map(|split| split.rates[table]));
        report.error_rates.push(ErrorRates {
            column: tables.names[places[*column]].clone(),
            name: name.clone(),
            true_positive: rates(0),
            false_positive: rates(1),
            widened,
            amplified: widened[1] > ALLOWED,
        });
    }
    report.error_rates.sort_by(|a, b| b.widened[1].total_cmp(&a.widened[1]));
    if let Some([value, low, high]) = report.error_rates.first().map(|rates| rates.widened) {
        let figure = Figure { value: value.max(0.0), interval: Some([low.max(0.0), high.max(0.0)]) };
        let verdict = Verdict::of(low <= 0.02, low <= 0.1);
        report.scores.push(METRIC.score(figure, None, verdict));
    }
    report.error_rates.truncate(SHOWN);
}

/// What a row is told by all bags together, and by each.
type Told = [bool; BAGS + 1];

/// A held-out row: what is true of it, and what it is told by what was learned from real and from synthetic rows.
struct Row {
    truth: bool,
    told: [Told; 2],
}

/// Of the rows that were asked about. None where nothing can be learned.
fn answers(
    tables: &Tables,
    target: &Target,
    table: &Frame,
    count: usize,
    asked: &[usize],
) -> Option<Vec<Told>> {
    let holdout = tables.holdout.as_ref()?;
    let rows = target.lot(table, count, 6);
    let stack = Stack::new(&[(table, &rows), (holdout, asked)], &target.others(tables));
    let all: Vec<u32> = stack.rows(0).collect();
    let answer = |&row: &u32| target.answer(table, rows[row as usize]) as f32;
    let learned = stack.learn(&all, answer, Bagging::plain(target.loss(), BAGS))?;
    let hits = all.iter().filter(|row| answer(row) > 0.5).count();
    let mut blind: Vec<f32> = learned.blind.iter().map(|&(_, logit)| logit).collect();
    blind.sort_unstable_by(|a, b| b.total_cmp(a));
    let least = blind[hits.min(blind.len() - 1)];
    let mut told: Vec<Told> =
        stack.rows(1).map(|row| [stack.predict(&learned, row) > least; BAGS + 1]).collect();
    let yes = told.iter().filter(|told| told[0]).count();
    let voices: Vec<Vec<f32>> = stack.rows(1).map(|row| stack.voices(&learned, row)).collect();
    for bag in 0..BAGS {
        // Each bag says yes as often as all together: what it strays by is whom it means.
        let mut ranked: Vec<f32> = voices.iter().map(|voices| voices[bag]).collect();
        ranked.sort_unstable_by(|a, b| b.total_cmp(a));
        let least = ranked.get(yes).copied().unwrap_or(f32::NEG_INFINITY);
        told.iter_mut().zip(&voices).for_each(|(told, voices)| told[bag + 1] = voices[bag] > least);
    }
    Some(told)
}

/// A group beside everyone else, of those with the outcome or of those without it.
struct Split {
    /// The group's share of yes, real and synthetic.
    rates: [f64; 2],
    widened: f64,
    variance: f64,
}

impl Split {
    fn new(rows: &[Row], truth: bool, is_in: impl Fn(usize) -> bool) -> Option<Split> {
        let of = |inside: bool| -> Vec<&Row> {
            let wanted =
                rows.iter().enumerate().filter(|(at, row)| row.truth == truth && is_in(*at) == inside);
            wanted.map(|(_, row)| row).collect()
        };
        let (group, rest) = (of(true), of(false));
        if group.len().min(rest.len()) < MIN_ROWS {
            return None;
        }
        let share = |rows: &[&Row], table: usize, voice: usize| {
            rows.iter().filter(|row| row.told[table][voice]).count() as f64 / rows.len() as f64
        };
        let apart = |table: usize, voice: usize| share(&group, table, voice) - share(&rest, table, voice);
        let signs = [0, 1].map(|table| if apart(table, 0) < 0.0 { -1.0 } else { 1.0 });
        let wider = |voice: usize| signs[1] * apart(1, voice) - signs[0] * apart(0, voice);
        let of_rows = |rows: &[&Row]| {
            let yes = |row: &&Row, table: usize| f64::from(u8::from(row.told[table][0]));
            let difference = |row: &&Row| signs[1] * yes(row, 1) - signs[0] * yes(row, 0);
            let count = rows.len() as f64 + 2.0;
            let mean = rows.iter().map(difference).sum::<f64>() / count;
            let square = rows.iter().map(difference).map(|value| value * value).sum::<f64>() + 2.0;
            (square / count - mean * mean) / count
        };
        let bags: Vec<f64> = (1..=BAGS).map(wider).collect();
        let mean = bags.iter().sum::<f64>() / BAGS as f64;
        let of_bags = bags.iter().map(|wider| (wider - mean) * (wider - mean)).sum::<f64>();
        let of_bags = of_bags * (BAGS - 1) as f64 / BAGS as f64;
        Some(Split {
            rates: [0, 1].map(|table| share(&group, table, 0)),
            widened: wider(0),
            variance: of_rows(&group) + of_rows(&rest) + of_bags,
        })
    }

    fn widened(&self, z: f64) -> [f64; 3] {
        let reach = z * self.variance.sqrt();
        [self.widened, self.widened - reach, self.widened + reach]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;
    use crate::math::rng::{mix, unit};
    use crate::report::Asked;

    /// A sex, a score, and whether the score, with noise and `favour` for the second sex, is high; a column that says nothing.
    fn frame(salt: u64, rows: usize, favour: f64) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(mix(salt << 8 ^ what) ^ row as u64));
        let second = |row: usize| draw(row, 1) < 0.4;
        let granted = |row: usize| {
            let favour = if second(row) { favour } else { 0.0 };
            draw(row, 2) + 0.4 * (draw(row, 3) - 0.5) + favour > 0.6
        };
        let codes = |of: &dyn Fn(usize) -> bool| Column::Categories {
            codes: (0..rows).map(|row| u32::from(of(row))).collect(),
            levels: 2,
        };
        let score = Column::Numbers((0..rows).map(|row| draw(row, 2)).collect());
        Frame::new(vec![codes(&second), score, codes(&granted)])
    }

    fn judged(train: u64, synthetic: Frame) -> Report {
        let words = |words: [&str; 2]| words.map(|word| Some(word.to_string())).to_vec();
        let tables = Tables {
            names: ["sex", "score", "granted"].map(String::from).to_vec(),
            labels: vec![words(["f", "m"]), Vec::new(), words(["no", "yes"])],
            asked: Asked { target: Some(2), protected: vec![0, 1] },
            ..Tables::plain(frame(train, 1500, -0.1), Some(frame(train + 1, 700, -0.1)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn fresh_rows_wrong_nobody_more_and_bias_does() {
        for seed in 0..10 {
            let fresh = judged(300 + 3 * seed, frame(302 + 3 * seed, 1500, -0.1));
            assert_eq!(fresh.scores[0].verdict, Verdict::Good, "{:?}", fresh.error_rates);
            assert!(fresh.error_rates.iter().all(|rates| !rates.amplified), "{:?}", fresh.error_rates);
        }
        let biased = judged(300, frame(302, 1500, -0.5));
        assert_eq!(biased.scores[0].verdict, Verdict::Bad, "{:?}", biased.error_rates);
        let worst = &biased.error_rates[0];
        assert!(worst.column == "sex" && worst.amplified && worst.widened[0] > 0.3, "{worst:?}");
    }

    /// Of 100 each with the outcome, half and all told yes with real rows, none and all with synthetic ones: .5 wider.
    #[test]
    fn distances_are_counted() {
        let rows: Vec<Row> = (0..200)
            .map(|at| {
                let told = if at < 100 { [at % 2 == 0, false] } else { [true, true] };
                Row { truth: true, told: told.map(|told| [told; BAGS + 1]) }
            })
            .collect();
        let split = Split::new(&rows, true, |at| at < 100).unwrap();
        assert_eq!((split.rates, split.widened), ([0.5, 0.0], 0.5));
        // Of the group the difference is 1 in half of 102, with one either way, of the rest 0: (52 - 50² / 102) / 102² + 2 / 102².
        let variance = ((52.0 - 2500.0 / 102.0) + 2.0) / (102.0 * 102.0);
        assert!((split.variance - variance).abs() < 1e-12, "{} {variance}", split.variance);
        assert!(Split::new(&rows, false, |at| at < 100).is_none());
    }
}
