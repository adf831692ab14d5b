//! The augmentation advisor: does it help to add synthetic rows to the real ones when the target is to be learned?
//!
//! Boosted trees learn from the training rows, and from these with half, once and twice as many synthetic ones; all are
//! asked about held-out rows, which neither the trees nor the model that made the synthetic rows ever saw: rows of a fold of
//! the training table would not do, as the model learned from them. Skill is the AUC of a level, R² of a number. The gain is
//! told with the interval of a paired difference: of the AUC DeLong et al. (1988), of R² from the rows' differences of
//! squared misses; each learning is done [`TIMES`] times, in other folds, and what that alone moves is added. Intervals hold
//! for all amounts at once (Bonferroni).
//!
//! It is advice and not a score: that adding rows does not help is no fault of the table. Of more than [`ROWS`] training
//! rows as many are tried, by lot; then synthetic rows bring what the model knows from the others, so a gain is not
//! promised.

use serde::Serialize;

use crate::frame::Frame;
use crate::learn::Stack;
use crate::learn::boosting::{Bagging, Loss};
use crate::math::chance;
use crate::report::target::Target;
use crate::report::{Report, Tables, Verdict};

const ROWS: usize = 4000;
const ASKED: usize = 4000;
const BAGS: usize = 3;
const TIMES: u64 = 2;
/// Synthetic rows that are added, for each real one.
const AMOUNTS: [f64; 3] = [0.5, 1.0, 2.0];
/// Held-out rows with and without the level, without which nothing is told.
const MIN_CLASS: usize = 20;

/// Whether adding rows helps.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Advice {
    pub target: String,
    /// What skill is: "AUC", or "R²".
    pub measure: &'static str,
    /// Real rows that were learned from, and the skill of these alone.
    pub rows: usize,
    pub skill: f64,
    pub tried: Vec<Tried>,
    /// Good where it surely helps, else to be looked at.
    pub verdict: Verdict,
    pub sentence: String,
}

/// So many synthetic rows were added for each real one.
#[derive(Clone, Debug, Serialize)]
pub struct Tried {
    pub times: f64,
    pub skill: f64,
    /// Beyond the skill without them.
    pub gain: f64,
    pub interval: [f64; 2],
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let (Some(holdout), Some(target)) = (&tables.holdout, Target::new(tables)) else { return };
    let asked = target.lot(holdout, ASKED, 7);
    let truth: Vec<f64> = asked.iter().map(|&row| target.answer(holdout, row)).collect();
    let Some(judge) = Judge::new(truth, target.loss()) else { return };
    let (real, made) = (target.lot(&tables.train, ROWS, 6), target.lot(&tables.synthetic, 2 * ROWS, 8));
    let stack = |time: u64| Trial::new(&target, tables, &real, &made, (holdout, &asked), time);
    let trials: Vec<Trial> = (0..TIMES).map(stack).collect();
    let skills = |added: usize| -> Vec<Skill> {
        trials.iter().map(|trial| judge.skill(&trial.predictions(added))).collect()
    };
    let alone = skills(0);
    let amounts = AMOUNTS.map(|times| (times, (times * real.len() as f64) as usize));
    let amounts: Vec<(f64, usize)> = amounts.into_iter().filter(|&(_, added)| added <= made.len()).collect();
    let tried: Vec<Tried> = amounts
        .iter()
        .map(|&(times, added)| judge.gain(times, &alone, &skills(added), amounts.len()))
        .collect();
    let Some(best) = tried.iter().max_by(|a, b| a.interval[0].total_cmp(&b.interval[0])) else { return };
    let (name, points) = (&tables.names[target.place], 100.0 * best.gain);
    let is_part = tables.train.rows > ROWS;
    let (verdict, says) = if best.interval[0] > 0.0 {
        let more = format!("{} synthetic ones for each bring {points:.1} points of skill", best.times);
        match is_part {
            true => (
                Verdict::Look,
                format!(
                    "Beside {} of the real rows, {more}; beside all of them they bring less.",
                    real.len()
                ),
            ),
            false => (Verdict::Good, format!("Adding rows helps here: beside the real rows, {more}.")),
        }
    } else if tried.iter().any(|tried| tried.interval[1] < 0.0) {
        (Verdict::Look, "Adding rows does harm here: with them real rows are predicted less well.".into())
    } else {
        (Verdict::Look, "Adding rows does not help here: no gain is seen beyond chance.".into())
    };
    report.advice = Some(Advice {
        target: name.clone(),
        measure: judge.measure(),
        rows: real.len(),
        skill: mean(alone.iter().map(|skill| skill.value)),
        verdict,
        sentence: format!("Asked to predict \"{name}\". {says}"),
        tried,
    });
}

/// Rows of the three tables, to be learned from in other folds each time.
struct Trial {
    stack: Stack,
    answers: Vec<f32>,
    loss: Loss,
}

impl Trial {
    fn new(
        target: &Target,
        tables: &Tables,
        real: &[usize],
        made: &[usize],
        asked: (&Frame, &[usize]),
        time: u64,
    ) -> Trial {
        // Folds go by place, so another place is another fold.
        let turned = |rows: &[usize]| -> Vec<usize> {
            let start = time as usize * rows.len() / TIMES as usize;
            [&rows[start..], &rows[..start]].concat()
        };
        let (real, made) = (turned(real), turned(made));
        let parts = [(&tables.train, &real[..]), (&tables.synthetic, &made[..]), asked];
        let answers = parts[..2]
            .iter()
            .flat_map(|&(frame, rows)| rows.iter().map(move |&row| target.answer(frame, row) as f32));
        let answers = answers.collect();
        Trial { stack: Stack::new(&parts, &target.others(tables)), answers, loss: target.loss() }
    }

    /// Of the held-out rows, learned with so many synthetic ones; one for all where nothing can be learned.
    fn predictions(&self, added: usize) -> Vec<f64> {
        let rows: Vec<u32> = self.stack.rows(0).chain(self.stack.rows(1).take(added)).collect();
        let answer = |&row: &u32| self.answers[row as usize];
        match self.stack.learn(&rows, answer, Bagging::plain(self.loss, BAGS)) {
            Some(learned) => {
                self.stack.rows(2).map(|row| f64::from(self.stack.predict(&learned, row))).collect()
            }
            None => vec![mean(rows.iter().map(answer).map(f64::from)); self.stack.rows(2).len()],
        }
    }
}

/// What tells how good predictions are.
struct Judge {
    truth: Vec<f64>,
    loss: Loss,
    /// Of a number the mean square of the distance from the mean.
    variance: f64,
}

/// Each row's part, of which the skill is the mean: of a number over all rows, of a level over those with and without it alike.
struct Skill {
    value: f64,
    parts: Vec<f64>,
}

impl Judge {
    fn new(truth: Vec<f64>, loss: Loss) -> Option<Judge> {
        let middle = mean(truth.iter().copied());
        let variance = mean(truth.iter().map(|value| (value - middle) * (value - middle)));
        let count = |wanted: f64| truth.iter().filter(|&&value| value == wanted).count();
        let tells = match loss {
            Loss::Logistic => count(0.0).min(count(1.0)) >= MIN_CLASS,
            Loss::Square => truth.len() >= 2 * MIN_CLASS && variance > 0.0,
        };
        tells.then_some(Judge { truth, loss, variance })
    }

    fn measure(&self) -> &'static str {
        if self.loss == Loss::Logistic { "AUC" } else { "R²" }
    }

    fn skill(&self, told: &[f64]) -> Skill {
        if self.loss == Loss::Square {
            let part = |(truth, told): (&f64, &f64)| 1.0 - (truth - told) * (truth - told) / self.variance;
            let parts: Vec<f64> = self.truth.iter().zip(told).map(part).collect();
            return Skill { value: mean(parts.iter().copied()), parts };
        }
        let of = |wanted: f64| {
            let rows = self.truth.iter().zip(told).filter(move |(truth, _)| **truth == wanted);
            let mut sorted: Vec<f64> = rows.map(|(_, &told)| told).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            sorted
        };
        let (without, with) = (of(0.0), of(1.0));
        let below = |sorted: &[f64], value: f64| {
            let [low, high] = [
                sorted.partition_point(|&other| other < value),
                sorted.partition_point(|&other| other <= value),
            ];
            (low + high) as f64 / (2 * sorted.len()) as f64
        };
        let part = |(&truth, &told): (&f64, &f64)| {
            if truth == 1.0 { below(&without, told) } else { 1.0 - below(&with, told) }
        };
        let parts: Vec<f64> = self.truth.iter().zip(told).map(part).collect();
        let hits = self.truth.iter().zip(&parts).filter(|(truth, _)| **truth == 1.0);
        Skill { value: mean(hits.map(|(_, &part)| part)), parts }
    }

    /// Both of the same times. `looks`: how many gains are asked for.
    fn gain(&self, times: f64, alone: &[Skill], more: &[Skill], looks: usize) -> Tried {
        let gains = || more.iter().zip(alone).map(|(more, alone)| more.value - alone.value);
        let gain = mean(gains());
        let row =
            |row: usize| mean(more.iter().zip(alone).map(|(more, alone)| more.parts[row] - alone.parts[row]));
        let rows: Vec<f64> = (0..self.truth.len()).map(row).collect();
        // The variance of a mean over the rows that are wanted.
        let variance = |wanted: Option<f64>| {
            let rows = || {
                rows.iter()
                    .zip(&self.truth)
                    .filter(|(_, truth)| wanted.is_none_or(|wanted| **truth == wanted))
            };
            let (count, middle) = (rows().count() as f64, mean(rows().map(|(&part, _)| part)));
            rows().map(|(part, _)| (part - middle) * (part - middle)).sum::<f64>() / (count * (count - 1.0))
        };
        let of_rows = match self.loss {
            Loss::Square => variance(None),
            Loss::Logistic => variance(Some(0.0)) + variance(Some(1.0)),
        };
        let count = alone.len() as f64;
        let of_times = gains().map(|one| (one - gain) * (one - gain)).sum::<f64>() / (count * (count - 1.0));
        let reach = chance::reach(looks) * (of_rows + of_times).sqrt();
        let skill = mean(more.iter().map(|skill| skill.value));
        Tried { times, skill, gain, interval: [gain - reach, gain + reach] }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;
    use crate::math::rng::{mix, unit};
    use crate::report::Asked;

    /// Six numbers, their sum with noise, and whether it is high; `tied` or each by itself.
    fn frame(salt: u64, rows: usize, tied: bool) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(mix(salt << 8 ^ what) ^ row as u64));
        let number = |what: u64| Column::Numbers((0..rows).map(|row| draw(row, what)).collect());
        let sum = |row: usize| {
            let from = if tied { 0 } else { 20 };
            (0..6).map(|what| draw(row, from + what)).sum::<f64>() + draw(row, 40) - 3.5
        };
        let codes = (0..rows).map(|row| u32::from(sum(row) > 0.0)).collect();
        let mut columns: Vec<Column> = (0..6).map(number).collect();
        columns.push(Column::Numbers((0..rows).map(sum).collect()));
        columns.push(Column::Categories { codes, levels: 2 });
        Frame::new(columns)
    }

    fn advice(train: Frame, holdout: Frame, synthetic: Frame, target: usize) -> Advice {
        let columns = [0, 1, 2, 3, 4, 5, target];
        let tables = Tables {
            names: ["a", "b", "c", "d", "e", "f", "y"].map(String::from).to_vec(),
            labels: vec![Vec::new(); 7],
            asked: Asked { target: Some(6), protected: Vec::new() },
            ..Tables::plain(
                train.project(&columns),
                Some(holdout.project(&columns)),
                synthetic.project(&columns),
            )
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        assert!(report.scores.is_empty(), "advice is no score");
        report.advice.unwrap()
    }

    #[test]
    fn more_rows_of_the_same_law_help_and_others_do_not() {
        let holdout = || frame(2, 1000, true);
        for target in [6, 7] {
            let more = advice(frame(1, 250, true), holdout(), frame(3, 500, true), target);
            assert_eq!((more.verdict, more.tried.len()), (Verdict::Good, 3), "{more:?}");
            let same = advice(frame(1, 250, true), holdout(), frame(1, 250, true), target);
            assert!(same.verdict == Verdict::Look && same.tried.len() == 2, "{same:?}");
            let loose = advice(frame(1, 600, true), holdout(), frame(3, 1200, false), target);
            assert!(loose.sentence.contains("does harm here"), "{loose:?}");
        }
    }

    /// Where there is nothing to learn nothing helps: of 20 tables one in forty may seem to, so three are found once in 70 times.
    #[test]
    fn where_nothing_can_be_learned_nothing_helps() {
        let of = |seed: u64| {
            let [train, holdout, more] = [0, 1, 2].map(|table| frame(3 * seed + 50 + table, 400, false));
            advice(train, holdout, more, 6 + seed as usize % 2)
        };
        let helped = (0..20).map(of).filter(|advice| advice.verdict == Verdict::Good).count();
        assert!(helped < 3, "{helped}");
    }

    /// Two with the level at 3 and 1, two without at 2 and 0: three of four pairs stand right.
    #[test]
    fn parts_of_an_auc_are_known() {
        let judge = Judge { truth: vec![1.0, 1.0, 0.0, 0.0], loss: Loss::Logistic, variance: 0.0 };
        let skill = judge.skill(&[3.0, 1.0, 2.0, 0.0]);
        assert_eq!((skill.value, skill.parts), (0.75, vec![1.0, 0.5, 0.5, 1.0]));
    }
}
