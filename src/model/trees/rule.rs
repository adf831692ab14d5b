//! Questions that an earlier column decides: nobody answers what the form told them to skip.
//!
//! An atom of an earlier column decides a question if all rows that have it give one answer. Chance is ruled out by the
//! surprise, the sum of -ln P(answer) over these rows; or, where every atom of the column decides, by that of the rows
//! that say again what their atom said: what is said again of the commoner answer is little evidence. Boosted trees come near such a rule and never reach it. What a rule forbids can
//! have been rare and not impossible: in a node of even answers, 72 rows without an exception are taken for a rule.

use serde::{Deserialize, Serialize};

use super::data::Data;
use super::spread::Block;
use crate::model::atoms::Atoms;

const MIN_SURPRISE: f64 = 50.0;

/// What the atoms of one earlier column decide: false and true are no and yes, None is nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    column: u32,
    answers: Vec<Option<bool>>,
}

impl Rule {
    /// The rows of the table that it leaves open.
    pub fn open(&self, data: &Data, rows: &[u32]) -> Vec<u32> {
        let codes = &data.columns[self.column as usize].codes;
        rows.iter().copied().filter(|&row| self.answers[codes[row as usize] as usize].is_none()).collect()
    }

    /// Makes the chances of the rows of a block certain that it decides.
    pub fn decide(&self, rows: &[u32], block: &Block, chances: &mut [f32]) {
        let codes = block.column(self.column);
        for &row in rows {
            if let Some(said) = self.answers[codes[row as usize] as usize] {
                chances[row as usize] = f32::from(u8::from(said));
            }
        }
    }

    /// Does it know every atom of a column among the earlier ones?
    pub fn is_sound(&self, earlier: &[Atoms]) -> bool {
        earlier.get(self.column as usize).is_some_and(|atoms| atoms.len() as usize <= self.answers.len())
    }
}

/// The rule that decides the most of `rows`, the first of equals: sought on at most `limit` of them, and what its column
/// decides is then seen on all.
pub fn find(
    data: &Data,
    columns: &[u32],
    rows: &[u32],
    limit: usize,
    answer: impl Fn(&u32) -> bool,
) -> Option<Rule> {
    let some = data.thin(rows, limit);
    let best = decided(data, columns, &some, &answer)?;
    if some.len() == rows.len() { Some(best) } else { decided(data, &[best.column], rows, &answer) }
}

fn decided(data: &Data, columns: &[u32], rows: &[u32], answer: impl Fn(&u32) -> bool) -> Option<Rule> {
    let yes = rows.iter().filter(|row| answer(row)).count();
    let share = yes as f64 / rows.len() as f64;
    let surprise = [-libm::log(1.0 - share), -libm::log(share)];
    let entropy = share * surprise[1] + (1.0 - share) * surprise[0];
    // Not so where the answers do not differ.
    let may_surprise = rows.len() as f64 * entropy >= MIN_SURPRISE;
    if !may_surprise {
        return None;
    }
    let of_column = |&column: &u32| {
        let coded = &data.columns[column as usize];
        let mut counts = vec![[0u32; 2]; coded.atoms.len() as usize + 1];
        for row in rows {
            counts[coded.codes[*row as usize] as usize][usize::from(answer(row))] += 1;
        }
        let is_pure = |count: &[u32; 2]| count[0] == 0 || count[1] == 0;
        let again = |count: &[u32; 2]| {
            [0, 1].map(|said| f64::from(count[said].saturating_sub(1)) * surprise[said]).iter().sum::<f64>()
        };
        let all = counts.iter().all(is_pure) && counts.iter().map(again).sum::<f64>() >= MIN_SURPRISE;
        let decides = |count: &[u32; 2]| {
            let said = count[1] > 0;
            let rows = count[usize::from(said)];
            let known = all || f64::from(rows) * surprise[usize::from(said)] >= MIN_SURPRISE;
            (is_pure(count) && rows > 0 && known).then_some(said)
        };
        let answers: Vec<Option<bool>> = counts.iter().map(decides).collect();
        let undecided = counts.iter().zip(&answers).filter(|(_, answer)| answer.is_none());
        let open: usize = undecided.map(|(count, _)| (count[0] + count[1]) as usize).sum();
        (open, Rule { column, answers })
    };
    let rules = columns.iter().map(of_column).filter(|&(open, _)| open < rows.len());
    rules.reduce(|best, next| if next.0 < best.0 { next } else { best }).map(|(_, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Support};
    use crate::model::atoms::Coded;

    #[test]
    fn a_column_that_decides_is_found_and_one_exception_speaks_against_it() {
        let codes = |of: fn(u32) -> u32| (0..400).map(of).collect::<Vec<u32>>();
        let level = |codes: Vec<u32>| Coded::shared_by_two(&Column::Categories { codes, levels: 5 });
        let data = Data::new(vec![level(codes(|i| i * 7 % 3)), level(codes(|i| i % 5))], Support::by_rows(1));
        let rows: Vec<u32> = (0..400).collect();
        let decided = |row: &u32| row % 5 >= 2;
        let rule = find(&data, &[0, 1], &rows, 1000, decided).unwrap();
        let [no, yes] = [Some(false), Some(true)];
        assert_eq!((rule.column, &rule.answers[..5]), (1, &[no, no, yes, yes, yes][..]));
        assert!(rule.open(&data, &rows).is_empty());
        // With an exception an atom is known by itself or not at all: 80 noes are a surprise among 60 % of yeses, and 80 yeses none.
        let rule = find(&data, &[0, 1], &rows, 1000, |row| decided(row) || *row == 200).unwrap();
        assert_eq!((rule.answers[0], rule.answers[1]), (None, no));
        assert_eq!(rule.open(&data, &rows[..10]), [0, 2, 3, 4, 5, 7, 8, 9]);
        assert_eq!(find(&data, &[0, 1], &rows[..60], 1000, decided), None); // no evidence yet
        // Few rows say no, in pairs that share an atom, and all others yes: no rule, though no atom says both.
        let pairs = |row: u32| if row < 12 { 100 + row / 2 } else { row % 100 };
        let paired = Column::Categories { codes: (0..800).map(pairs).collect(), levels: 106 };
        let paired = Data::new(vec![Coded::shared_by_two(&paired)], Support::by_rows(1));
        let many: Vec<u32> = (0..800).collect();
        assert_eq!(find(&paired, &[0], &many, 1000, |&row| row >= 12), None);
        assert_eq!(find(&data, &[0, 1], &rows, 1000, |_| true), None);
    }
}
