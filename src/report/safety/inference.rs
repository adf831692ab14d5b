//! Inference (Giomi et al. 2023): is a column of a person's row told by the synthetic row that is most like it in all others?
//!
//! Every column is a secret in its turn, and all others are known to the attacker. A level is guessed if it is the
//! same; a number if it is within [`TOLERANCE`] of the guess, as in Anonymeter, and within that share of what nine tenths of the
//! real values span: a date, in seconds, would else be right by years. The baseline takes a synthetic row by lot. The score
//! is that of all columns together: of each row the share of its cells that were guessed, which strays less than one guess
//! would, so the interval is on the safe side. Columns are listed by their risk, the worst first.

use super::attack::{self, Attack, Guesses, MIN_TRIES, Tries};
use super::gower::{Cells, Field};
use crate::frame::{Column, Frame};
use crate::math::rng::mix;
use crate::report::{Metric, Report, Side, Tables};

pub const METRIC: Metric = Metric {
    key: "inference",
    side: Side::Safety,
    name: "Guessing a cell",
    best: 0.0,
    says: [
        "Who knows all but one cell of a learned row guesses that one by this table no better than for a stranger.",
        "Who knows all but one cell of a learned row guesses that one by this table a little better than for a stranger.",
        "Who knows all but one cell of a learned row can look that one up in this table: do not share it.",
    ],
};

const TOLERANCE: f64 = 0.05;
/// Columns that are told of.
const TOLD: usize = 20;

pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(holdout) = &tables.holdout else { return };
    let Some((all, each)) = guesses(&tables.train, holdout, &tables.synthetic) else { return };
    let attack = Attack::new(&METRIC, "A cell guessed from the others", None, &all);
    report.scores.extend(attack::score(&METRIC, std::slice::from_ref(&attack), report.rows));
    report.attacks.push(attack);
    let of_column = |(guesses, name): (&Guesses, &String)| {
        Attack::new(&METRIC, "One column guessed from the others", Some(name.clone()), guesses)
    };
    let mut columns: Vec<Attack> = each.iter().zip(&tables.names).map(of_column).collect();
    let low = |attack: &Attack| attack.risk.interval[0];
    columns.sort_by(|a, b| low(b).total_cmp(&low(a)).then(b.risk.value.total_cmp(&a.risk.value)));
    columns.truncate(TOLD);
    report.attacks.extend(columns);
}

/// About all columns together, and about each.
fn guesses(train: &Frame, holdout: &Frame, synthetic: &Frame) -> Option<(Guesses, Vec<Guesses>)> {
    let field = Field::new(train, holdout, synthetic);
    let count = field.train.rows;
    if train.columns.len() < 2 || synthetic.rows == 0 || count < MIN_TRIES {
        return None;
    }
    let [train_rows, holdout_rows, made_rows] = &field.rows;
    let secrets: Vec<Secret> = train.columns.iter().map(Secret::new).collect();
    // Of each row, which columns are guessed right; the guesses are places among the synthetic rows.
    let rights = |cells: &Cells, rows: &[usize], table: &Frame, is_blind: bool| -> Vec<Vec<bool>> {
        let of_row = |row: usize| {
            let found = match is_blind {
                true => vec![(mix(11 << 32 ^ row as u64) % made_rows.len() as u64) as usize; secrets.len()],
                false => nearest(&field.synthetic, cells, row),
            };
            let is_right = |(column, secret): (usize, &Secret)| {
                let guess = made_rows[found[column]];
                secret.is_right(&synthetic.columns[column], guess, &table.columns[column], rows[row])
            };
            secrets.iter().enumerate().map(is_right).collect()
        };
        (0..cells.rows).map(of_row).collect()
    };
    let main = rights(&field.train, train_rows, train, false);
    let baseline = rights(&field.train, train_rows, train, true);
    let control = rights(&field.holdout, holdout_rows, holdout, false);
    let (one, other) = control.split_at(count / 2);
    let of = |hits: &dyn Fn(&[Vec<bool>]) -> Tries| Guesses {
        main: hits(&main),
        control: hits(&control),
        baseline: hits(&baseline),
        halves: [hits(one), hits(other)],
    };
    let all = |rows: &[Vec<bool>]| {
        let right = rows.iter().flatten().filter(|&&right| right).count();
        Tries { hits: right as f64 / secrets.len() as f64, count: rows.len() }
    };
    let each = |column: usize| {
        of(&|rows: &[Vec<bool>]| Tries::of(rows.iter().filter(|row| row[column]).count(), rows.len()))
    };
    Some((of(&all), (0..secrets.len()).map(each).collect()))
}

/// For each column the synthetic row that is nearest by the others.
fn nearest(synthetic: &Cells, cells: &Cells, row: usize) -> Vec<usize> {
    let mut distances = vec![0.0; synthetic.rows];
    let columns = synthetic.columns.len();
    (0..columns).for_each(|column| synthetic.add(column, cells, row, &mut distances));
    (0..columns).map(|column| synthetic.nearest_without(column, cells, row, &distances)).collect()
}

/// When a guess counts as right.
struct Secret {
    /// Of a number: how far it may be off at most.
    most: f64,
}

impl Secret {
    fn new(column: &Column) -> Secret {
        let Column::Numbers(values) = column else { return Secret { most: 0.0 } };
        let mut present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        present.sort_unstable_by(f64::total_cmp);
        let Some(last) = present.len().checked_sub(1) else { return Secret { most: 0.0 } };
        Secret { most: TOLERANCE * (present[last - last / 20] - present[last / 20]) }
    }

    fn is_right(&self, guessed: &Column, guess: usize, known: &Column, row: usize) -> bool {
        match (guessed, known) {
            (Column::Numbers(guesses), Column::Numbers(truths)) => {
                let (guess, truth) = (guesses[guess], truths[row]);
                let near = (guess - truth).abs() <= self.most.min(TOLERANCE * guess.abs());
                near || guess == truth || guess.is_nan() && truth.is_nan()
            }
            // Levels that the codec does not know are one code and not one level.
            (Column::Categories { codes: guesses, levels }, Column::Categories { codes: truths, .. }) => {
                guesses[guess] == truths[row] && truths[row] < *levels
            }
            _ => panic!("one codec makes one type of column"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Verdict;
    use crate::report::safety::people;

    fn attack(train: &Frame, holdout: &Frame, synthetic: &Frame) -> Attack {
        Attack::new(&METRIC, "", None, &guesses(train, holdout, synthetic).unwrap().0)
    }

    #[test]
    fn copies_give_cells_away_and_fresh_rows_do_not() {
        let (train, holdout) = (people(1200, 1), people(1200, 2));
        let copied = attack(&train, &holdout, &train);
        assert!(copied.tells && copied.verdict() == Verdict::Bad && copied.main.value > 0.95, "{copied:?}");
        // Ten fresh tables: alpha < 0.003 for each, by two intervals of 95 % that would have to part.
        for salt in 3..13 {
            let fresh = attack(&train, &holdout, &people(1200, salt));
            assert!(fresh.tells && fresh.verdict() == Verdict::Good, "{salt} {fresh:?}");
        }
    }

    #[test]
    fn what_counts_as_right() {
        let numbers = |values: &[f64]| Column::Numbers(values.into());
        let span: Vec<f64> = (0..=100).map(f64::from).collect();
        let secret = Secret::new(&numbers(&span));
        assert_eq!(secret.most, 4.5);
        let is_right = |guess: f64, truth: f64| secret.is_right(&numbers(&[guess]), 0, &numbers(&[truth]), 0);
        assert!(is_right(100.0, 104.5) && !is_right(100.0, 104.6)); // by the span
        assert!(is_right(-20.0, -21.0) && !is_right(-20.0, -21.1)); // by the guess
        assert!(is_right(0.0, 0.0) && !is_right(0.0, 0.1) && is_right(f64::NAN, f64::NAN));
        assert!(!is_right(f64::NAN, 1.0) && !is_right(1.0, f64::NAN));
        let level = |code: u32| Column::Categories { codes: vec![code], levels: 2 };
        assert!(secret.is_right(&level(1), 0, &level(1), 0) && !secret.is_right(&level(2), 0, &level(2), 0));
    }
}
