//! Columns that follow from others, as a city from its zip code: found on the rows and kept by construction.
//!
//! The coarse column is drawn first, and the fine one among the atoms that go with it: so each is drawn as finely as it is
//! known. What else follows from a fine column is looked up. A column follows if every atom of the fine one goes with
//! one atom of its own. Spans of a number may lie across a border, so a row in a hundred may disagree there; then the
//! more frequent atom stands for the span. Chance is ruled out by the surprise of what the rows confirm: the sum of
//! -ln P(atom) over rows whose fine atom was seen before. Does not: find columns that follow from two together, or keep
//! a coarse column that stands before a fine one which has a finer coarse one.

use std::cmp::Reverse;

use super::data::Data;
use crate::model::atoms::Coded;

/// Rows on which pairs are tried before all rows are looked at.
pub const SAMPLE: usize = 4096;
/// Rows that must confirm, and the nats by which they must surprise.
const MIN_CONFIRMED: usize = 30;
const MIN_SURPRISE: f64 = 50.0;
/// Rows that may disagree, in spans.
const MAX_STRAY: f64 = 0.01;
/// Wider tables are not searched: the pairs are too many.
pub const MAX_COLUMNS: usize = 512;

/// How a column hangs on another one.
#[derive(Clone, Debug, PartialEq)]
pub enum Bond {
    /// Its atoms fall into groups: the coarse atom that goes with each of them.
    Within(usize, Vec<u32>),
    /// It is looked up: its atom for each atom of the fine column.
    Follows(usize, Vec<u32>),
}

/// The order in which columns are drawn, and what each hangs on. Places are those of the table.
pub fn find(data: &Data) -> (Vec<usize>, Vec<Option<Bond>>) {
    let count = data.columns.len();
    let found = pairs(data);
    // The finest coarse column of each.
    let finest = |fine: usize| {
        let coarse = found.iter().filter(|pair| pair.fine == fine);
        let finest = coarse.max_by_key(|pair| (data.columns[pair.coarse].atoms.len(), Reverse(pair.coarse)));
        finest.map(|pair| Bond::Within(pair.coarse, pair.map.clone()))
    };
    let mut bonds: Vec<Option<Bond>> = (0..count).map(finest).collect();
    let order = order(data, &bonds);
    let mut place = vec![0; count];
    order.iter().enumerate().for_each(|(at, &column)| place[column] = at);
    for pair in found {
        if bonds[pair.coarse].is_none() && place[pair.fine] < place[pair.coarse] {
            bonds[pair.coarse] = Some(Bond::Follows(pair.fine, pair.map));
        }
    }
    (order, bonds)
}

/// The atom of `coarse` that goes with each one of `fine`.
struct Pair {
    fine: usize,
    coarse: usize,
    map: Vec<u32>,
}

/// Of two names for the same the second counts as the fine one.
fn pairs(data: &Data) -> Vec<Pair> {
    let columns = &data.columns;
    if columns.len() > MAX_COLUMNS {
        return Vec::new();
    }
    let all: Vec<u32> = (0..data.rows() as u32).collect();
    let sample = data.thin(&all, SAMPLE);
    let mut found = Vec::new();
    for coarse in (0..columns.len()).filter(|&coarse| !columns[coarse].is_last) {
        let size = |place: usize| (columns[place].atoms.len(), place);
        let surprises = surprises(&columns[coarse]);
        for fine in (0..columns.len()).filter(|&fine| size(coarse).0 > 1 && size(fine) > size(coarse)) {
            let holds = |rows: &[u32]| try_on(&columns[fine], &columns[coarse], &surprises, rows);
            if let Some(map) = holds(&sample).and_then(|_| holds(&all)) {
                found.push(Pair { fine, coarse, map });
            }
        }
    }
    found
}

/// Each column after the coarse one that it hangs on, else as they stand; then those that come last.
pub fn order(data: &Data, bonds: &[Option<Bond>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(bonds.len());
    let mut placed = vec![false; bonds.len()];
    let (last, others): (Vec<usize>, Vec<usize>) =
        (0..bonds.len()).partition(|&place| data.columns[place].is_last);
    for place in others.into_iter().chain(last) {
        let mut chain = vec![place];
        while let Some(Bond::Within(coarse, _)) = &bonds[chain[chain.len() - 1]] {
            chain.push(*coarse);
        }
        for place in chain.into_iter().rev() {
            if !std::mem::replace(&mut placed[place], true) {
                order.push(place);
            }
        }
    }
    order
}

fn surprises(column: &Coded) -> Vec<f64> {
    let atoms = &column.atoms;
    let all = atoms.rows(0, atoms.len()) as f64;
    (0..atoms.len()).map(|atom| -libm::log(atoms.rows(atom, atom + 1) as f64 / all)).collect()
}

/// The atom of `coarse` that goes with each atom of `fine`, if these rows say that there is one.
fn try_on(fine: &Coded, coarse: &Coded, surprises: &[f64], rows: &[u32]) -> Option<Vec<u32>> {
    const NONE: u32 = u32::MAX;
    let mut map = vec![(NONE, 0u32); fine.atoms.len() as usize]; // with a vote: Boyer and Moore (1991)
    let (mut confirmed, mut surprise, mut strays) = (0, 0.0, 0);
    for &row in rows {
        let (from, to) = (fine.codes[row as usize], coarse.codes[row as usize]);
        if from >= fine.atoms.len() || to >= coarse.atoms.len() {
            continue;
        }
        let (atom, votes) = &mut map[from as usize];
        if *atom == NONE {
            (*atom, *votes) = (to, 1);
        } else if *atom == to {
            *votes += 1;
            confirmed += 1;
            surprise += surprises[to as usize];
        } else {
            strays += 1;
            if !fine.atoms.is_span(from) || strays as f64 > MAX_STRAY * rows.len() as f64 {
                return None;
            }
            *votes -= 1;
            if *votes == 0 {
                (*atom, *votes) = (to, 1);
            }
        }
    }
    if confirmed < MIN_CONFIRMED || surprise < MIN_SURPRISE {
        return None;
    }
    let commonest = (0..coarse.atoms.len()).max_by_key(|&atom| coarse.atoms.rows(atom, atom + 1))?;
    Some(map.into_iter().map(|(atom, _)| if atom == NONE { commonest } else { atom }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Support};

    fn found(columns: Vec<Vec<u32>>) -> (Vec<usize>, Vec<Option<(bool, usize)>>) {
        let coded = |codes: Vec<u32>| {
            let levels = 1 + codes.iter().max().unwrap();
            Coded::shared_by_two(&Column::Categories { codes, levels })
        };
        let data = Data::new(columns.into_iter().map(coded).collect(), Support::by_rows(1));
        let (order, bonds) = find(&data);
        let told = |bond: Bond| match bond {
            Bond::Within(column, _) => (true, column),
            Bond::Follows(column, _) => (false, column),
        };
        (order, bonds.into_iter().map(|bond| bond.map(told)).collect())
    }

    /// Codes as the codec gives them: in falling frequency.
    fn zip() -> Vec<u32> {
        (0..1000).map(|row| row % 50).collect()
    }

    fn noise() -> Vec<u32> {
        (0..1000u64).map(|row| (crate::math::rng::mix(row) % 3) as u32).collect()
    }

    fn city(zip: &[u32]) -> Vec<u32> {
        zip.iter().map(|zip| zip / 10).collect()
    }

    #[test]
    fn a_fine_column_is_drawn_within_a_coarse_one() {
        let (order, bonds) = found(vec![zip(), noise(), city(&zip())]);
        assert_eq!(order, [2, 0, 1]);
        assert_eq!(bonds, [Some((true, 2)), None, None]);
        let state = zip().iter().map(|zip| zip / 25).collect();
        let (order, bonds) = found(vec![noise(), zip(), state, city(&zip())]);
        assert_eq!(order, [0, 3, 1, 2]);
        assert_eq!(bonds, [None, Some((true, 3)), Some((false, 1)), None]);
    }

    #[test]
    fn an_exception_is_enough_against_it() {
        let mut broken = city(&zip());
        broken[700] = (broken[700] + 1) % 5;
        assert_eq!(found(vec![broken, noise(), zip()]), (vec![0, 1, 2], vec![None; 3]));
    }

    #[test]
    fn two_names_for_the_same_make_no_circle() {
        let (order, bonds) = found(vec![zip(), zip(), zip()]);
        assert_eq!((order, bonds), (vec![0, 1, 2], vec![None, Some((true, 0)), Some((true, 0))]));
    }
}
