//! Train on synthetic, test on real (Esteban et al. 2017): boosted trees learn to predict the target from synthetic rows, and are
//! asked about held-out real ones. The ceiling is the same learned from real rows.
//!
//! Of levels the skill is the AUC, of more than two the mean over the [`CLASSES`] commonest against the rest; of numbers it is
//! R², 1 - sum (y - f)^2 / sum (y - mean)^2. At most [`ROWS`] rows of each table, chosen by lot. Does not: tune the learner.

use crate::frame::{Column, Frame};
use crate::learn::boosting::{Bagging, Loss};
use crate::learn::{Learned, Stack};
use crate::math::chance;
use crate::math::distance::auc;
use crate::report::{Figure, Metric, Report, Score, Side, Tables, Verdict, some};

pub const METRIC: Metric = Metric {
    key: "tstr",
    side: Side::Utility,
    name: "Learned from it",
    best: 1.0,
    says: [
        "What is learned from the synthetic rows predicts real ones as well as what is learned from real ones.",
        "What is learned from the synthetic rows predicts real ones, but less well than what is learned from real ones.",
        "What is learned from the synthetic rows hardly holds for real ones: do not train on them.",
    ],
};

const ROWS: usize = 5000;
const BAGS: usize = 3;
const CLASSES: usize = 5;
/// A skill that is no further above a blind guess is none.
const NOTHING: f64 = 0.05;
/// Rows of a class, here and there, that a skill can be told of.
const MIN_CLASS: usize = 10;

pub fn judge(tables: &Tables, report: &mut Report) {
    let (Some(holdout), Some(target)) = (&tables.holdout, tables.asked.target) else { return };
    let skill = |table: &Frame| skill(table, holdout, target);
    let (Some(figure), Some(ceiling)) = (skill(&tables.synthetic), skill(&tables.train)) else { return };
    let name = &tables.names[target];
    let chance = match &tables.train.columns[target] {
        Column::Numbers(_) => 0.0,
        Column::Categories { .. } => 0.5,
    };
    let (verdict, says) = if ceiling.value < chance + NOTHING {
        (
            Verdict::Look,
            "Real rows hardly tell it either, so this says nothing: choose another column to predict.",
        )
    } else {
        let lost = ceiling.value - figure.value;
        let surely = figure.interval.map_or(lost, |[_, high]| ceiling.value - high);
        let verdict = Verdict::of(lost <= 0.02, lost <= 0.1 || surely <= 0.02);
        (verdict, METRIC.says[verdict as usize])
    };
    let score = METRIC.score(figure, Some(ceiling.value), verdict);
    report.scores.push(Score { sentence: format!("Asked to predict \"{name}\". {says}"), ..score });
}

/// Of what is learned from `table`, asked of `holdout`. None where the target says too little: one value, or too few rows.
fn skill(table: &Frame, holdout: &Frame, target: usize) -> Option<Figure> {
    let others: Vec<usize> = (0..table.columns.len()).filter(|&place| place != target).collect();
    let known = |frame: &Frame, key: u64| -> Vec<usize> {
        let is_known = |&row: &usize| match &frame.columns[target] {
            Column::Numbers(values) => !values[row].is_nan(),
            Column::Categories { .. } => true,
        };
        some(frame.rows, ROWS, key).into_iter().filter(is_known).collect()
    };
    let (from, asked) = (known(table, 6), known(holdout, 7));
    if from.len() < MIN_CLASS || asked.len() < MIN_CLASS {
        return None;
    }
    let stack = Stack::new(&[(table, &from), (holdout, &asked)], &others);
    match (&table.columns[target], &holdout.columns[target]) {
        (Column::Numbers(own), Column::Numbers(truth)) => {
            let own: Vec<f64> = from.iter().map(|&row| own[row]).collect();
            let truth: Vec<f64> = asked.iter().map(|&row| truth[row]).collect();
            of_numbers(&stack, &own, &truth)
        }
        (Column::Categories { codes: own, levels }, Column::Categories { codes: truth, .. }) => {
            let own: Vec<u32> = from.iter().map(|&row| own[row]).collect();
            let truth: Vec<u32> = asked.iter().map(|&row| truth[row]).collect();
            of_levels(&stack, &own, &truth, *levels)
        }
        _ => panic!("one codec makes one type of column"),
    }
}

fn of_numbers(stack: &Stack, own: &[f64], truth: &[f64]) -> Option<Figure> {
    let moments = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>())
    };
    let ((mean, squares), (_, total)) = (moments(own), moments(truth));
    let deviation = (squares / own.len() as f64).sqrt();
    if !(deviation > 0.0 && total > 0.0) {
        return None;
    }
    let rows: Vec<u32> = stack.rows(0).collect();
    let learned = stack.learn(
        &rows,
        |&row| ((own[row as usize] - mean) / deviation) as f32,
        Bagging::plain(Loss::Square, BAGS),
    );
    let predict = |row: u32| {
        let scaled = learned.as_ref().map_or(0.0, |learned| f64::from(stack.predict(learned, row)));
        mean + deviation * scaled
    };
    let missed = stack.rows(1).zip(truth).map(|(row, truth)| {
        let miss = truth - predict(row);
        miss * miss
    });
    let value = 1.0 - missed.sum::<f64>() / total;
    // The standard error of R² of many rows is 2 R (1 - R²) / sqrt(n), Olkin and Finn (1995).
    let told = value.clamp(0.0, 1.0);
    let reach = 1.96 * 2.0 * told.sqrt() * (1.0 - told) / (truth.len() as f64).sqrt();
    Some(Figure { value, interval: Some([value - reach, (value + reach).min(1.0)]) })
}

fn of_levels(stack: &Stack, own: &[u32], truth: &[u32], levels: u32) -> Option<Figure> {
    let rows: Vec<u32> = stack.rows(0).collect();
    let count = |codes: &[u32], level: u32| codes.iter().filter(|&&code| code == level).count();
    let mut classes: Vec<(usize, u32)> = (0..levels).map(|level| (count(truth, level), level)).collect();
    classes.retain(|(count, _)| (MIN_CLASS..=truth.len() - MIN_CLASS).contains(count));
    classes.sort_by_key(|&(count, level)| (std::cmp::Reverse(count), level));
    if classes.len() == 2 {
        classes.remove(0); // the rarer of two says all: the other's AUC is the same
    }
    classes.truncate(CLASSES);
    let of_class = |&(_, level): &(usize, u32)| {
        let is_level = |&row: &u32| f32::from(u8::from(own[row as usize] == level));
        let learned: Option<Learned> = stack.learn(&rows, is_level, Bagging::plain(Loss::Logistic, BAGS));
        learned.map_or(0.5, |learned| {
            let of = |wanted: bool| -> Vec<f32> {
                let asked = stack.rows(1).zip(truth).filter(|(_, truth)| (**truth == level) == wanted);
                asked.map(|(row, _)| stack.predict(&learned, row)).collect()
            };
            auc(&of(false), &of(true))
        })
    };
    let value = classes.iter().map(of_class).sum::<f64>() / classes.len().max(1) as f64;
    // Of several classes the interval is that of the rarest: a mean strays no further.
    let (rarest, _) = classes.last()?;
    Some(Figure { value, interval: Some(chance::of_auc(value, [*rarest, truth.len() - rarest])) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::mix;
    use crate::report::Asked;

    /// A number, a number that follows from it with noise, and whether it is high; `tied` or each by itself.
    fn frame(salt: u64, tied: bool) -> Frame {
        let unit = |row: usize, what: u64| (mix(salt << 40 ^ what << 32 ^ row as u64) % 4096) as f64 / 4096.0;
        let of = |row: usize| if tied { unit(row, 1) } else { unit(row, 2) };
        let rows = 1200;
        Frame::new(vec![
            Column::Numbers((0..rows).map(|row| unit(row, 1)).collect()),
            Column::Numbers((0..rows).map(|row| of(row) + 0.2 * unit(row, 3)).collect()),
            Column::Categories {
                codes: (0..rows).map(|row| u32::from(of(row) + 0.2 * unit(row, 4) > 0.6)).collect(),
                levels: 2,
            },
        ])
    }

    /// The law bears R² of 1 - (.04 / 12) / (1.04 / 12) = .96 and an AUC near one; a table of unrelated columns teaches nothing.
    #[test]
    fn relations_teach_and_their_lack_does_not() {
        let (fresh, holdout, loose) = (frame(1, true), frame(2, true), frame(3, false));
        let number = |table: &Frame| {
            let columns = |frame: &Frame| frame.project(&[0, 1]);
            skill(&columns(table), &columns(&holdout), 1).unwrap().value
        };
        assert!(number(&fresh) > 0.9 && number(&loose) < 0.05, "{} {}", number(&fresh), number(&loose));
        let level = |table: &Frame| {
            let columns = |frame: &Frame| frame.project(&[0, 2]);
            skill(&columns(table), &columns(&holdout), 1).unwrap().value
        };
        assert!(
            level(&fresh) > 0.95 && (level(&loose) - 0.5).abs() < 0.1,
            "{} {}",
            level(&fresh),
            level(&loose)
        );
    }

    /// What real rows do not tell cannot be held against the synthetic ones.
    #[test]
    fn a_target_that_nothing_tells_alarms_nobody() {
        let tables = |salt: u64, tied: bool| frame(salt, tied).project(&[0, 2]);
        let judged = |tied: bool, synthetic: Frame| {
            let tables = Tables {
                asked: Asked { target: Some(1), protected: Vec::new() },
                ..Tables::plain(tables(1, tied), Some(tables(2, tied)), synthetic)
            };
            let mut report = Report::default();
            judge(&tables, &mut report);
            report.scores.remove(0)
        };
        let loose = judged(false, tables(3, false));
        assert!(loose.verdict == Verdict::Look && loose.sentence.contains("choose another column"));
        assert_eq!(judged(true, tables(3, true)).verdict, Verdict::Good);
        assert_eq!(judged(true, tables(3, false)).verdict, Verdict::Bad);
    }

    #[test]
    fn a_target_of_one_value_is_none() {
        let constant = Frame::new(vec![
            Column::Numbers((0..100).map(f64::from).collect()),
            Column::Numbers(vec![1.0; 100]),
            Column::Categories { codes: vec![0; 100], levels: 1 },
        ]);
        assert!(skill(&constant, &constant, 1).is_none() && skill(&constant, &constant, 2).is_none());
    }
}
