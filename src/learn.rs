//! Boosted trees that predict one column from others. The model asks its questions with these trees (`model/trees`), the report
//! trains classifiers and regressions of its own, on rows of a [`Stack`].

use std::cmp::Reverse;
use std::ops::Range;

use crate::frame::{Column, Frame};
use crate::math::rng::mix;
use boosting::{Bagging, Boosting, Voice};

pub mod boosting;
pub mod feature;
pub mod grow;
mod influence;
pub mod tree;

/// A column that questions may be about.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Of each row of the table.
    pub codes: &'a [u32],
    /// Codes there are, not counting that of rows without an atom.
    pub count: u32,
    pub is_ordered: bool,
}

/// Rows of several tables with the same columns, one table after the other: what is learned on some can be asked of others.
pub struct Stack {
    columns: Vec<Codes>,
    /// Where each table begins, and the end.
    starts: Vec<u32>,
}

/// A column as trees ask about it: numbers by their place among the distinct ones, missing first; levels by frequency, since
/// trees ask about the commonest one by one.
struct Codes {
    codes: Vec<u32>,
    count: u32,
    is_ordered: bool,
}

/// What was learned of an answer: the mean of a few bags' trees.
pub struct Learned {
    voices: Vec<Voice>,
    /// Each row that was learned from with the prediction of the bag that never saw it.
    pub blind: Vec<(u32, f32)>,
}

impl Stack {
    /// `tables`: each with the rows to take. `columns`: the places to ask about.
    ///
    /// # Panics
    /// If the frames' columns differ in number or type: one codec made them.
    pub fn new(tables: &[(&Frame, &[usize])], columns: &[usize]) -> Stack {
        let mut starts = vec![0];
        for (_, rows) in tables {
            starts.push(starts[starts.len() - 1] + rows.len() as u32);
        }
        let codes = |&place: &usize| {
            let parts: Vec<(&Column, &[usize])> =
                tables.iter().map(|&(frame, rows)| (&frame.columns[place], rows)).collect();
            Codes::new(&parts)
        };
        Stack { columns: columns.iter().map(codes).collect(), starts }
    }

    /// The rows of one table.
    pub fn rows(&self, table: usize) -> Range<u32> {
        self.starts[table]..self.starts[table + 1]
    }

    /// Learns `answer` from `rows`, in bags that each leave out another fold of them. None where nothing can be learned: too few rows, or no question that does better than a constant on rows
    /// that were left out.
    pub fn learn(&self, rows: &[u32], answer: impl Fn(&u32) -> f32, bagging: Bagging) -> Option<Learned> {
        let views: Vec<(u32, View)> = (0..).zip(self.columns.iter().map(Codes::view)).collect();
        let all = self.starts[self.starts.len() - 1];
        let mut folds = vec![0; all as usize];
        for &row in rows {
            folds[row as usize] = fold(row, bagging.bags) as u8;
        }
        let mut boosting = Boosting::new(&views, rows, answer, &folds, bagging, 0)?;
        while boosting.round() {}
        let voices = boosting.finish()?;
        let blind = |&row: &u32| (row, self.ask(&voices[fold(row, bagging.bags)], row));
        let blind = rows.iter().map(blind).collect();
        Some(Learned { voices, blind })
    }

    /// The prediction for one row: a logit, or a number.
    pub fn predict(&self, learned: &Learned, row: u32) -> f32 {
        let sum: f32 = learned.voices.iter().map(|voice| self.ask(voice, row)).sum();
        sum / learned.voices.len() as f32
    }

    /// The same predictions of some of those rows, had the cells of one column been dealt anew among them: what gets worse was
    /// told by this column (Breiman 2001).
    pub fn blind_without(&self, learned: &Learned, rows: &[(u32, f32)], column: usize) -> Vec<(u32, f32)> {
        let mut dealt: Vec<u32> = rows.iter().map(|&(row, _)| row).collect();
        dealt.sort_unstable_by_key(|&row| mix(17 << 32 ^ u64::from(row)));
        let blind = |(&(row, _), &other): (&(u32, f32), &u32)| {
            let voice = &learned.voices[fold(row, learned.voices.len())];
            let cell = |at: u32| if at as usize == column { other } else { row };
            (row, self.ask_cells(voice, cell))
        };
        rows.iter().zip(&dealt).map(blind).collect()
    }

    fn ask(&self, voice: &Voice, row: u32) -> f32 {
        self.ask_cells(voice, |_| row)
    }

    /// `row`: whose cell to take, by column.
    fn ask_cells(&self, voice: &Voice, row: impl Fn(u32) -> u32) -> f32 {
        let code = |at: u32| self.columns[at as usize].codes[row(at) as usize];
        voice.base + voice.trees.iter().map(|tree| tree.step(code)).sum::<f32>()
    }
}

/// The bag that leaves out the row.
fn fold(row: u32, bags: usize) -> usize {
    (mix(u64::from(row)) % bags as u64) as usize
}

impl Codes {
    fn view(&self) -> View<'_> {
        View { codes: &self.codes, count: self.count, is_ordered: self.is_ordered }
    }

    fn new(parts: &[(&Column, &[usize])]) -> Codes {
        if let Column::Categories { levels, .. } = parts[0].0 {
            let levels = *levels as usize + 1; // with what the codec does not know
            let mut raw = Vec::new();
            for (column, rows) in parts {
                let Column::Categories { codes, .. } = column else {
                    panic!("one codec makes one type of column")
                };
                raw.extend(rows.iter().map(|&row| (codes[row] as usize).min(levels - 1)));
            }
            let mut counts = vec![0usize; levels];
            raw.iter().for_each(|&code| counts[code] += 1);
            let mut order: Vec<usize> = (0..levels).collect();
            order.sort_by_key(|&level| Reverse(counts[level])); // stable
            let mut places = vec![0; levels];
            order.iter().zip(0..).for_each(|(&level, place)| places[level] = place);
            let codes = raw.into_iter().map(|code| places[code]).collect();
            return Codes { codes, count: levels as u32, is_ordered: false };
        }
        let mut values: Vec<f64> = Vec::new();
        for (column, rows) in parts {
            let Column::Numbers(numbers) = column else { panic!("one codec makes one type of column") };
            let value = |value: f64| if value.is_nan() { f64::NEG_INFINITY } else { value + 0.0 };
            values.extend(rows.iter().map(|&row| value(numbers[row])));
        }
        let mut distinct = values.clone();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        let code = |value: &f64| distinct.partition_point(|other| other < value) as u32;
        Codes { codes: values.iter().map(code).collect(), count: distinct.len() as u32, is_ordered: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::boosting::Loss;
    use crate::math::distance::auc;
    use crate::math::rng;

    fn unit(row: usize, what: u64) -> f64 {
        rng::unit(mix(what << 32 ^ row as u64))
    }

    fn frame(rows: usize, salt: u64) -> Frame {
        let number = |what| Column::Numbers((0..rows).map(|row| unit(row, salt * 10 + what)).collect());
        Frame::new(vec![number(1), number(2)])
    }

    /// y = x1 + noise of a tenth: what is learned on one table tells more than nine tenths of the other's variance.
    #[test]
    fn what_is_learned_on_one_table_holds_on_another() {
        let tables = [frame(800, 1), frame(800, 2)];
        let all: Vec<usize> = (0..800).collect();
        let stack = Stack::new(&[(&tables[0], &all), (&tables[1], &all)], &[0, 1]);
        let truth = |row: u32| {
            let (table, row) = (row as usize / 800, row as usize % 800);
            let Column::Numbers(x) = &tables[table].columns[0] else { unreachable!() };
            ((x[row] + 0.1 * (unit(row, 7) - 0.5)) * 3.0) as f32
        };
        let rows: Vec<u32> = stack.rows(0).collect();
        let learned = stack.learn(&rows, |&row| truth(row), Bagging::plain(Loss::Square, 3)).unwrap();
        let error: f32 = stack.rows(1).map(|row| (stack.predict(&learned, row) - truth(row)).powi(2)).sum();
        assert!(error / 800.0 < 0.075, "{}", error / 800.0); // the variance is 0.75
        assert_eq!(learned.blind.len(), 800);
        let yes = |row: &u32| f32::from(u8::from(truth(*row) > 1.5));
        let learned = stack.learn(&rows, yes, Bagging::plain(Loss::Logistic, 3)).unwrap();
        let right = stack.rows(1).filter(|&row| (stack.predict(&learned, row) > 0.0) == (truth(row) > 1.5));
        assert!(right.count() > 720);
        // Chance alone teaches nothing: four standard errors of the AUC, alpha < 0.0001.
        let lot = |row: u32| unit(row as usize, 9) > 0.5;
        let learned =
            stack.learn(&rows, |&row| f32::from(u8::from(lot(row))), Bagging::plain(Loss::Logistic, 3));
        let told = learned.map_or(0.5, |learned| {
            let of = |wanted: bool| -> Vec<f32> {
                stack
                    .rows(1)
                    .filter(|&row| lot(row) == wanted)
                    .map(|row| stack.predict(&learned, row))
                    .collect()
            };
            auc(&of(false), &of(true))
        });
        assert!((told - 0.5).abs() < 0.082, "{told}");
    }
}
