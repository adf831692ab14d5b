//! The training rows as codes, with what every column's fit needs to know of them.

use crate::frame::Support;
use crate::learn::View;
use crate::math::rng::{ODD, mix};
use crate::model::atoms::{Coded, MIN_GROUP, Sifted};

/// Fine folds, of which any number of bags up to six makes equal ones.
const FOLDS: u64 = 60;

pub struct Data {
    pub columns: Vec<Coded>,
    folds: Vec<u8>,
    support: Support,
}

impl Data {
    pub fn new(columns: Vec<Coded>, support: Support) -> Self {
        let folds = match &support.entities {
            Some(entities) => {
                entities.iter().map(|&entity| (mix(u64::from(entity) ^ ENTITY) % FOLDS) as u8).collect()
            }
            None => folds(&content(&columns)),
        };
        Data { columns, folds, support }
    }

    /// The same rows with the columns in this order.
    pub fn arranged(mut self, order: &[usize]) -> Data {
        let mut columns: Vec<Option<Coded>> =
            std::mem::take(&mut self.columns).into_iter().map(Some).collect();
        let columns = order.iter().map(|&place| columns[place].take().expect("each place once")).collect();
        Data { columns, ..self }
    }

    pub fn view(&self, column: u32) -> View<'_> {
        let Coded { atoms, codes, .. } = &self.columns[column as usize];
        View { codes, count: atoms.len(), is_ordered: atoms.is_ordered() }
    }

    /// Some of the rows. The atoms stay, with as many rows as they have here.
    pub fn select(&self, rows: &[u32]) -> Data {
        let select = |column: &Coded| {
            let codes: Vec<u32> = rows.iter().map(|&row| column.codes[row as usize]).collect();
            let (atoms, levels) = (column.atoms.recounted(&codes), Sifted::default());
            Coded { atoms, codes, levels, is_last: column.is_last }
        };
        let folds = rows.iter().map(|&row| self.folds[row as usize]).collect();
        Data { columns: self.columns.iter().map(select).collect(), folds, support: self.support.select(rows) }
    }

    /// The rows of one half of the folds, chosen by lot, and the other rows.
    pub fn halve(&self, key: u64) -> (Vec<u32>, Vec<u32>) {
        let mut ranked: Vec<u64> = (0..FOLDS).collect();
        ranked.sort_unstable_by_key(|&fold| mix(key ^ mix(fold)));
        let is_in: Vec<bool> = (0..FOLDS).map(|fold| ranked[..FOLDS as usize / 2].contains(&fold)).collect();
        (0..self.rows() as u32).partition(|&row| is_in[self.folds[row as usize] as usize])
    }

    /// How many must share what is learned, and whose the rows are.
    pub fn support(&self) -> &Support {
        &self.support
    }

    pub fn rows(&self) -> usize {
        self.folds.len()
    }

    /// Which of so many folds the row is in.
    pub fn fold(&self, row: u32, of: usize) -> usize {
        self.folds[row as usize] as usize % of
    }

    /// About `limit` of the rows, chosen by their place: by content, a row with many copies would be all in or out.
    pub fn thin(&self, rows: &[u32], limit: usize) -> Vec<u32> {
        if rows.len() <= limit {
            return rows.to_vec();
        }
        let threshold = (u64::MAX as f64 * (limit as f64 / rows.len() as f64)) as u64;
        rows.iter().copied().filter(|&row| mix(u64::from(row)) <= threshold).collect()
    }
}

/// Keeps the hash of a person apart from those of rows.
const ENTITY: u64 = 0x656e_7469_7479;

/// A hash of each row's codes, but for the places of identifiers: rows that differ in these alone are alike.
fn content(columns: &[Coded]) -> Vec<u64> {
    let rows = columns.first().map_or(0, |column| column.codes.len());
    let mut content = vec![0u64; rows];
    for column in columns.iter().filter(|column| !column.is_last) {
        for (hash, &code) in content.iter_mut().zip(&column.codes) {
            *hash = mix(hash.wrapping_add(ODD) ^ u64::from(code));
        }
    }
    content
}

/// The few copies of a row share a fold, else memorising one would look like learning on the other. A row with many
/// copies is no secret: its copies are spread, so that what they show can be learned and checked. Where persons are known,
/// all rows of one share a fold instead.
fn folds(content: &[u64]) -> Vec<u8> {
    let mut order: Vec<u32> = (0..content.len() as u32).collect();
    order.sort_unstable_by_key(|&row| (content[row as usize], row));
    let mut folds = vec![0; content.len()];
    for copies in order.chunk_by(|&a, &b| content[a as usize] == content[b as usize]) {
        for (place, &row) in copies.iter().enumerate() {
            let copy = if copies.len() < MIN_GROUP { 0 } else { place as u64 };
            let hash = mix(content[row as usize]).wrapping_add(copy);
            folds[row as usize] = (hash % FOLDS) as u8;
        }
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;

    #[test]
    fn few_copies_stay_together_and_many_are_spread() {
        let content: Vec<u64> = (0..3000).map(|row| if row < 1000 { 7 } else { row / 2 }).collect();
        let held_out: Vec<bool> = folds(&content).into_iter().map(|fold| fold % 5 == 0).collect();
        let share = |rows: &[bool]| rows.iter().filter(|&&held| held).count() as f64 / rows.len() as f64;
        assert_eq!(share(&held_out[..1000]), 0.2);
        assert!((share(&held_out[1000..]) - 0.2).abs() < 0.05);
        assert!(held_out[1000..].chunks(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn rows_of_a_person_stay_together() {
        let column = Coded::shared_by_two(&Column::Numbers((0..3000).map(f64::from).collect()));
        let entities: Vec<u32> = (0..3000).map(|row| row % 1000).collect();
        let data = Data::new(vec![column], Support { least: 1, entities: Some(entities.into()) });
        let folds: Vec<usize> = (0..3000).map(|row| data.fold(row, 5)).collect();
        assert!((0..1000).all(|row| folds[row] == folds[row + 1000] && folds[row] == folds[row + 2000]));
        let share = folds.iter().filter(|&&fold| fold == 0).count() as f64 / 3000.0;
        assert!((share - 0.2).abs() < 0.05, "{share}");
    }
}
