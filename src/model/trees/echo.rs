//! Columns that mostly say again what an earlier one said: this year's school after last year's, a second reading after the first.
//!
//! Halving a column's atoms comes to such a pair too late: each of a hundred equal answers is another question, with few rows to
//! learn it from. Here "does the row say it again?" is one question, asked first, which boosted trees answer for all atoms at once. A row
//! that does takes the atom that goes with the earlier column's; the meta-tree is that of the others.
//!
//! Atoms go together if more than half of the rows that have the first have the second (Boyer and Moore 1991), at least as many
//! as stand for a span, and hardly two have the same partner: what many go with is a coarse answer, which trees know from all
//! columns together better than an echo does from one. What never fails is a bond (`follow.rs`).

use serde::{Deserialize, Serialize};

use super::boost::Chance;
use super::data::Data;
use super::follow::{Bond, MAX_COLUMNS, SAMPLE};
use super::spread::{Block, decide, scatter};
use crate::model::atoms::{Atoms, MIN_GROUP};

/// The share of rows, of those that can, in which it must be heard.
const MIN_SHARE: f64 = 0.6;
/// The share of partners that are different ones, and their number: rules and trees come near fewer.
const MIN_DIFFERENT: f64 = 0.9;
const MIN_ATOMS: usize = 3;
/// The nats by which it must shorten the telling of a row that can have it, and of a row at large.
const MIN_GAIN: f64 = 0.7;
const MIN_GAIN_OF_ALL: f64 = 0.2;
/// Rows in stretches of numbers have no value that could be said again. At most this share of a column's.
const MAX_SPANS: f64 = 0.2;

const NONE: u32 = u32::MAX;

/// What a column says again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Echo {
    column: u32,
    /// The atom that goes with each one of the earlier column, or `NONE`.
    atoms: Vec<u32>,
    /// That a row which can say it does.
    pub chance: Chance,
}

/// The best echo that each column has of those drawn before it. `bonds`: how each hangs on another already. All places are those
/// of that order.
pub fn find(data: &Data, bonds: &[Option<Bond>]) -> Vec<Option<Echo>> {
    let count = data.columns.len();
    if count > MAX_COLUMNS {
        return vec![None; count];
    }
    let all: Vec<u32> = (0..data.rows() as u32).collect();
    let sample = data.thin(&all, SAMPLE);
    let best = |own: usize| {
        let surprises = surprises(&data.columns[own].atoms, bonds[own].as_ref())?;
        let heard = |earlier: usize, rows: &[u32]| partners(data, earlier, own, &surprises, rows);
        let gains = (0..own).filter_map(|earlier| Some((heard(earlier, &sample)?.0, earlier)));
        // The first of equals.
        let (_, earlier) = gains.reduce(|best, other| if other.0 > best.0 { other } else { best })?;
        let (_, atoms) = heard(earlier, &all)?;
        Some(Echo { column: earlier as u32, atoms, chance: Chance::Constant(0.0) })
    };
    (0..count).map(best).collect()
}

/// -ln P of each atom, given what it hangs on. None where too many rows are in stretches of numbers, and where the column is not
/// drawn.
fn surprises(atoms: &Atoms, bond: Option<&Bond>) -> Option<Vec<f64>> {
    let rows = |atom: u32| atoms.rows(atom, atom + 1);
    let all = atoms.rows(0, atoms.len());
    let spans: u64 = (0..atoms.len()).filter(|&atom| atoms.is_span(atom)).map(rows).sum();
    let groups = match bond {
        Some(Bond::Follows(..)) => return None,
        Some(Bond::Within(_, groups)) => groups.clone(),
        None => vec![0; atoms.len() as usize],
    };
    let mut of_group = vec![0; groups.iter().max().map_or(0, |&last| last as usize + 1)];
    groups.iter().zip(0..).for_each(|(&group, atom)| of_group[group as usize] += rows(atom));
    let surprise =
        |(atom, &group): (u32, &u32)| libm::log(of_group[group as usize] as f64 / rows(atom) as f64);
    (spans as f64 <= MAX_SPANS * all as f64).then(|| (0..).zip(&groups).map(surprise).collect())
}

/// In nats, of whether something of this chance happens.
fn uncertainty(chance: f64) -> f64 {
    [chance, 1.0 - chance].into_iter().filter(|&part| part > 0.0).map(|part| -part * libm::log(part)).sum()
}

/// The nats that an echo brings, and the atom of `own` that goes with each of `other`; None if that is not enough. Rows without a
/// number are passed over: whether they have one is another question.
fn partners(
    data: &Data,
    other: usize,
    own: usize,
    surprises: &[f64],
    rows: &[u32],
) -> Option<(f64, Vec<u32>)> {
    let (other, own) = (&data.columns[other], &data.columns[own]);
    let pairs = || {
        let pairs = rows.iter().map(|&row| (other.codes[row as usize], own.codes[row as usize]));
        pairs.filter(|&(from, to)| {
            from < other.atoms.len() && to < own.atoms.len() && !own.atoms.is_missing(to)
        })
    };
    let mut votes = vec![(NONE, 0u32); other.atoms.len() as usize];
    for (from, to) in pairs() {
        let (atom, count) = &mut votes[from as usize];
        match *count {
            0 => (*atom, *count) = (to, 1),
            _ if *atom == to => *count += 1,
            _ => *count -= 1,
        }
    }
    let mut atoms: Vec<u32> = votes.into_iter().map(|(atom, _)| atom).collect();
    let mut counts = vec![[0u32; 2]; atoms.len()];
    pairs().for_each(|(from, to)| counts[from as usize][usize::from(atoms[from as usize] == to)] += 1);
    let (mut can, mut say, mut surprise) = (0, 0, 0.0);
    for (atom, [others, said]) in atoms.iter_mut().zip(counts) {
        // Not an atom that is certain anyway.
        if said as usize >= MIN_GROUP && said > others && surprises[*atom as usize] > 0.0 {
            (can, say) = (can + others + said, say + said);
            surprise += f64::from(said) * surprises[*atom as usize];
        } else {
            *atom = NONE;
        }
    }
    let mut different: Vec<u32> = atoms.iter().copied().filter(|&atom| atom != NONE).collect();
    let paired = different.len();
    different.sort_unstable();
    different.dedup();
    if different.len() < MIN_ATOMS || (different.len() as f64) < MIN_DIFFERENT * paired as f64 {
        return None;
    }
    let share = f64::from(say) / f64::from(can);
    let gain = surprise - f64::from(can) * uncertainty(share);
    let least = (MIN_GAIN * f64::from(can)).max(MIN_GAIN_OF_ALL * rows.len() as f64);
    (share >= MIN_SHARE && gain >= least).then_some((gain, atoms))
}

impl Echo {
    /// The atom that a row of the table would say again.
    pub fn of_row(&self, data: &Data, row: u32) -> Option<u32> {
        self.of(data.columns[self.column as usize].codes[row as usize])
    }

    fn of(&self, code: u32) -> Option<u32> {
        self.atoms.get(code as usize).copied().filter(|&atom| atom != NONE)
    }

    /// The rows of a block that say it again, with their atoms and a quantile within. `may`: can a row have this atom?
    pub fn decide(
        &self,
        block: &Block,
        answerers: Option<&[u8]>,
        may: impl Fn(u32, u32) -> bool,
        key: impl Fn(usize) -> u64,
    ) -> Vec<Option<(u32, f64)>> {
        let codes = block.column(self.column);
        let atom = |row: u32| self.of(codes[row as usize]).filter(|&atom| may(row, atom));
        let mut rows: Vec<u32> = (0..block.rows() as u32).filter(|&row| atom(row).is_some()).collect();
        let mut chances = vec![0.0; block.rows()];
        self.chance.of_rows(&rows, block, answerers, &mut chances);
        let (mut say, _) = decide(block, &mut rows, &chances, &key);
        let mut said = vec![None; block.rows()];
        scatter(
            block,
            &mut say,
            |number| key(number) ^ 1,
            |row, within| {
                said[row as usize] = atom(row).map(|atom| (atom, within));
            },
        );
        said
    }

    /// Does it go from an earlier column to atoms of this one?
    pub fn is_sound(&self, atoms: &Atoms, earlier: &[Atoms]) -> bool {
        let other = earlier.get(self.column as usize);
        other.is_some_and(|other| self.atoms.len() == other.len() as usize)
            && self.atoms.iter().all(|&atom| atom == NONE || atom < atoms.len())
            && self.chance.is_sound(earlier.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Support};
    use crate::math::rng::mix;
    use crate::model::atoms::Coded;

    const ROWS: u64 = 1000;

    fn data(columns: &[&dyn Fn(u64) -> u32]) -> Data {
        let coded = |of: &&dyn Fn(u64) -> u32| {
            let codes: Vec<u32> = (0..ROWS).map(of).collect();
            let levels = 1 + codes.iter().max().unwrap();
            Coded::shared_by_two(&Column::Categories { codes, levels })
        };
        Data::new(columns.iter().map(coded).collect(), Support::by_rows(1))
    }

    fn heard(columns: &[&dyn Fn(u64) -> u32]) -> Vec<Option<u32>> {
        let found = find(&data(columns), &vec![None; columns.len()]);
        found.into_iter().map(|echo| echo.map(|echo| echo.column)).collect()
    }

    fn lot(row: u64, salt: u64, below: u64) -> u64 {
        mix(row ^ salt << 32) % below
    }

    #[test]
    fn a_column_that_mostly_says_another_again_is_heard() {
        let first = |row: u64| lot(row, 1, 20) as u32;
        // Another name for each, and one in ten goes elsewhere.
        let again = |row: u64| if lot(row, 2, 10) == 0 { lot(row, 3, 20) as u32 } else { 19 - first(row) };
        let noise = |row: u64| lot(row, 4, 20) as u32;
        assert_eq!(heard(&[&first, &noise, &again]), [None, None, Some(0)]);
        let echo = find(&data(&[&first, &again]), &[None, None]).remove(1).unwrap();
        assert_eq!(echo.atoms, (0..20).rev().collect::<Vec<u32>>());
        assert_eq!(echo.of(20), None, "a pooled level has no partner");
    }

    #[test]
    fn coarse_answers_rare_ones_and_half_of_the_rows_are_no_echo() {
        let first = |row: u64| lot(row, 1, 40) as u32;
        let coarse = |row: u64| if lot(row, 2, 10) == 0 { 0 } else { first(row) / 4 };
        let half = |row: u64| if lot(row, 2, 2) == 0 { lot(row, 3, 40) as u32 } else { first(row) };
        let two = |row: u64| (lot(row, 1, 2)) as u32;
        let noisy_two = |row: u64| if lot(row, 2, 50) == 0 { 0 } else { two(row) };
        assert_eq!(heard(&[&first, &coarse]), [None; 2]);
        assert_eq!(heard(&[&first, &half]), [None; 2]);
        assert_eq!(heard(&[&two, &noisy_two]), [None; 2]);
        // So many atoms that hardly five rows share one.
        let rare = |row: u64| (row / 4) as u32;
        assert_eq!(heard(&[&rare, &|row| if row % 97 == 0 { 0 } else { rare(row) }]), [None; 2]);
    }
}
