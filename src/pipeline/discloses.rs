//! What a saved model tells to whoever reads it: counted in the model itself, not taken from what the fit was told to do.
//!
//! Beside these it holds the columns' names and forms, how often a column's numbers are round, trees that ask about places among
//! the values counted here, and what follows from rules between columns. Does not count: constants of those rules, patterns of made-up columns.

use serde::Serialize;

use super::SavedModel;

/// In JSON the keys are camelCase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Discloses {
    /// Names of columns.
    pub columns: usize,
    /// Of these, columns whose values are made up and not stored at all.
    pub made_up: usize,
    /// Words and other values that are stored as text.
    pub levels: usize,
    /// Numbers and dates that are stored as they were, since many rows share them.
    pub numbers: usize,
    /// Stretches between neighbouring numbers; each end is the middle of two rows' values.
    pub spans: usize,
    /// Laws fitted to the lowest or the highest numbers of a column, in place of these.
    pub tails: usize,
    /// How many rows have values, or groups of them, of two columns together: counts, to the nearest multiple of `min_support`.
    pub pairs: usize,
    /// Of all that is stored, the fewest training rows behind one thing.
    pub fewest_rows: u64,
    /// Rows, or persons, that the fit asked for behind each.
    pub min_support: u32,
    /// Values of text that too few share: these are not in the model.
    pub held_back: usize,
}

impl SavedModel {
    pub fn discloses(&self) -> Discloses {
        let mut told = Discloses {
            columns: self.codec.columns().len(),
            min_support: self.info.min_support,
            ..Discloses::default()
        };
        let mut fewest = u64::MAX;
        for (place, (_, sdtype)) in self.codec.columns().enumerate() {
            let held = self.info.columns.get(place).map(|column| column.held_back).unwrap_or_default();
            let atoms = self.model.atoms(place);
            let (mut spans, mut missing) = (0, 0);
            for atom in 0..atoms.len() {
                fewest = fewest.min(atoms.rows(atom, atom + 1));
                spans += usize::from(atoms.is_span(atom));
                missing += usize::from(atoms.is_missing(atom));
            }
            let all = atoms.len() as usize;
            if sdtype.is_made_up() {
                told.made_up += 1;
            } else if atoms.is_numeric() {
                let tails = atoms.tails().into_iter().filter(|&tail| tail).count();
                told.numbers += all - spans - missing;
                told.spans += spans - tails;
                told.tails += tails;
            } else {
                told.levels += all - usize::from(held.pooled);
                told.held_back += held.values;
            }
        }
        let (pairs, least) = (self.model.pair_counts(), told.min_support);
        // A count may have been rounded up, but as many had to share it.
        let behind = |&count: &u32| u64::from((count - least / 2).max(least));
        fewest = pairs.iter().map(behind).chain([fewest]).min().unwrap_or(fewest);
        told.pairs = pairs.len();
        told.fewest_rows = if fewest == u64::MAX { 0 } else { fewest };
        told
    }
}

impl Discloses {
    /// For whoever is to decide whether the model may be passed on.
    pub fn sentences(&self) -> Vec<String> {
        let Discloses {
            columns,
            made_up,
            levels,
            numbers,
            spans,
            tails,
            pairs,
            fewest_rows,
            min_support,
            held_back,
        } = self;
        vec![
            format!(
                "the model holds the names of {columns} columns; the values of {made_up} of them are made up"
            ),
            format!("it holds {levels} values as text and {numbers} as numbers, each as many rows had it"),
            format!(
                "{spans} stretches of numbers and {tails} laws of the lowest or highest stand for the others"
            ),
            format!(
                "it holds {pairs} counts of rows that have values of two columns together, each to the nearest multiple of {min_support}"
            ),
            format!(
                "behind each of these are {fewest_rows} training rows or more; {min_support} were asked for"
            ),
            format!("{held_back} values of text that fewer shared are not in it, and no row is"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Method;
    use crate::pipeline::{FitOptions, SavedModel, Source};

    /// Words: 60 times "a", 37 times "b", 3 times "c"; numbers: 60 times 7, of the first twenty all, others once each.
    #[test]
    fn what_is_counted_is_what_is_there() {
        let row = |row: usize| {
            let word = if row < 60 {
                "a"
            } else if row < 97 {
                "b"
            } else {
                "c"
            };
            let number = if row.is_multiple_of(2) || row < 20 { 7.0 } else { (row * row) as f64 / 8.0 };
            format!("{word},{number}\n")
        };
        let file: String = std::iter::once("word,number\n".into()).chain((0..100).map(row)).collect();
        for method in [Method::Trees, Method::Independent] {
            let options = FitOptions { method, ..FitOptions::default() };
            let mut fitting = Source::read(file.as_bytes()).unwrap().fit(&options).unwrap();
            while fitting.step().unwrap() < 1.0 {}
            let model = fitting.finish();
            let told = model.discloses();
            assert_eq!((told.columns, told.made_up, told.levels, told.held_back), (2, 0, 2, 1));
            assert_eq!(told.numbers, 1);
            assert_eq!(told.pairs > 0, method == Method::Trees);
            let smallest = model.model.pair_counts().into_iter().min();
            assert!(smallest.is_none_or(|count| told.fewest_rows <= u64::from(count)));
            assert!(told.spans > 2 && told.spans + told.tails <= 10 && told.fewest_rows >= 5, "{told:?}");
            assert_eq!(SavedModel::load(&model.save()).unwrap().discloses(), told);
        }
    }
}
