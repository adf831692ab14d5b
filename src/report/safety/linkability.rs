//! Linkability (Giomi et al. 2023): do synthetic rows tell that what two lists know of people is about the same person?
//!
//! The columns are dealt to two lists. Of a real row each list's part is looked for among the synthetic rows; where one of
//! the [`NEIGHBOURS`] most like the one part is also among the most like the other, the parts are linked. The baseline is two
//! lots of as many rows. Of rows equally far, those that a lot put first count for both lists.
//! Columns go by turns to either list, those of most different values first, so that both have much to go by.

use hashbrown::HashSet;

use super::attack::{self, Attack, Guesses, MIN_TRIES, Tries};
use super::gower::{Cells, Field};
use crate::frame::{Column, Frame};
use crate::report::{Metric, Report, Side, Tables};

pub const METRIC: Metric = Metric {
    key: "linkability",
    side: Side::Safety,
    name: "Linking two lists",
    best: 0.0,
    says: [
        "Who has two lists with parts of the columns cannot join them by this table better for learned rows than for strangers'.",
        "Who has two lists with parts of the columns can join them by this table a little better for learned rows than for strangers'.",
        "Who has two lists with parts of the columns can join learned rows by this table: do not share it.",
    ],
};

const NEIGHBOURS: usize = 10;

pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(holdout) = &tables.holdout else { return };
    let Some(guesses) = guesses(&tables.train, holdout, &tables.synthetic) else { return };
    let attack = Attack::new(&METRIC, "Two lists joined", None, &guesses);
    report.scores.extend(attack::score(&METRIC, std::slice::from_ref(&attack), report.rows));
    report.attacks.push(attack);
}

fn guesses(train: &Frame, holdout: &Frame, synthetic: &Frame) -> Option<Guesses> {
    if train.columns.len() < 2 || synthetic.rows < 2 * NEIGHBOURS {
        return None;
    }
    let lists = lists(train);
    let field = Field::new(train, holdout, synthetic);
    let count = field.train.rows;
    if count < MIN_TRIES {
        return None;
    }
    let linked = |cells: &Cells| -> Vec<bool> {
        (0..cells.rows).map(|row| is_linked(&field.synthetic, cells, row, &lists)).collect()
    };
    let tries = |linked: &[bool]| Tries::of(linked.iter().filter(|&&linked| linked).count(), linked.len());
    let (seen, unseen) = (linked(&field.train), linked(&field.holdout));
    let (one, other) = unseen.split_at(count / 2);
    Some(Guesses {
        main: tries(&seen),
        control: tries(&unseen),
        baseline: Tries { hits: by_lot(field.synthetic.rows) * count as f64, count },
        halves: [tries(one), tries(other)],
    })
}

fn lists(train: &Frame) -> [Vec<usize>; 2] {
    let different = |column: &Column| match column {
        Column::Numbers(values) => values.iter().map(|value| value.to_bits()).collect::<HashSet<u64>>().len(),
        Column::Categories { codes, .. } => codes.iter().collect::<HashSet<&u32>>().len(),
    };
    let counts: Vec<usize> = train.columns.iter().map(different).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&place| std::cmp::Reverse(counts[place])); // stable
    let list = |first: usize| order.iter().skip(first).step_by(2).copied().collect();
    [list(0), list(1)]
}

fn is_linked(synthetic: &Cells, cells: &Cells, row: usize, lists: &[Vec<usize>; 2]) -> bool {
    let [one, other] = lists.each_ref().map(|columns| {
        let mut distances = vec![0.0; synthetic.rows];
        columns.iter().for_each(|&column| synthetic.add(column, cells, row, &mut distances));
        // No distance is negative, so bits are in the order of numbers.
        let mut ranked: Vec<u64> = distances
            .iter()
            .zip(0u64..)
            .map(|(distance, row)| u64::from(distance.to_bits()) << 32 | row)
            .collect();
        ranked.select_nth_unstable(NEIGHBOURS - 1);
        ranked.truncate(NEIGHBOURS);
        ranked.iter().map(|ranked| *ranked as u32).collect::<Vec<u32>>()
    });
    one.iter().any(|row| other.contains(row))
}

/// How often two lots of so many rows have one in common.
fn by_lot(rows: usize) -> f64 {
    let apart = |k: usize| (rows - NEIGHBOURS - k) as f64 / (rows - k) as f64;
    1.0 - (0..NEIGHBOURS).map(apart).product::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Verdict;
    use crate::report::safety::people;

    #[test]
    fn copies_are_linked_and_strangers_are_not() {
        let (train, holdout) = (people(1200, 1), people(1200, 2));
        let copied = guesses(&train, &holdout, &train).unwrap();
        let attack = Attack::new(&METRIC, "", None, &copied);
        assert!(attack.tells && attack.verdict() == Verdict::Bad && attack.risk.value > 0.5, "{attack:?}");
        // Ten fresh tables: alpha < 0.003 for each, by two intervals of 95 % that would have to part.
        for salt in 3..13 {
            let fresh =
                Attack::new(&METRIC, "", None, &guesses(&train, &holdout, &people(1200, salt)).unwrap());
            assert_eq!(fresh.verdict(), Verdict::Good, "{salt} {fresh:?}");
        }
    }

    /// One lot of ten among 20 leaves ten: 1 / C(20, 10) to miss it.
    #[test]
    fn lots_by_hand() {
        assert!((by_lot(20) - (1.0 - 1.0 / 184_756.0)).abs() < 1e-12);
        assert!((by_lot(1000) - 0.0960).abs() < 1e-3);
    }
}
