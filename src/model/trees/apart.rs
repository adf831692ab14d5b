//! Tells two tables apart: each row's logit of being in the second, by boosted trees that never saw it.
//!
//! The classifier of the model's own questions (`boost.rs`), in five bags, on rows of both tables. Its learning stops where
//! the held-out loss is best, so that it does not take chance for a difference.

use super::boost::{Boosting, Closeness};
use super::data::View;
use crate::frame::{Column, Frame};
use crate::math::rng::mix;

const BAGS: usize = 5;

/// Of the rows `[first, second]` of the frames, which have the same columns; None where nothing tells them apart.
pub fn logits(frames: [&Frame; 2], rows: [&[usize]; 2]) -> Option<[Vec<f32>; 2]> {
    let [first, second] = rows.map(<[usize]>::len);
    let coded: Vec<Codes> = (0..frames[0].columns.len())
        .map(|place| codes([0, 1].map(|table: usize| (&frames[table].columns[place], rows[table]))))
        .collect();
    let views: Vec<(u32, View)> = (0..).zip(coded.iter().map(Codes::view)).collect();
    let all: Vec<u32> = (0..(first + second) as u32).collect();
    let folds: Vec<u8> = all.iter().map(|&row| (mix(u64::from(row)) % BAGS as u64) as u8).collect();
    let closeness = Closeness { bags: BAGS, cell: 0, sharpness: 1.0, ruled: false, lined: false };
    let mut boosting = Boosting::new(&views, &all, |&row| row >= first as u32, &folds, closeness, 0)?;
    while boosting.round() {}
    let mut logits = [vec![0.0; first], vec![0.0; second]];
    for (row, logit) in boosting.blind()? {
        match (row as usize).checked_sub(first) {
            None => logits[0][row as usize] = logit,
            Some(row) => logits[1][row] = logit,
        }
    }
    Some(logits)
}

/// A column as the classifier asks about it: numbers by their place among the distinct ones, missing first; levels by
/// frequency, since it asks about the commonest one by one.
struct Codes {
    codes: Vec<u32>,
    count: u32,
    is_ordered: bool,
}

impl Codes {
    fn view(&self) -> View<'_> {
        View { codes: &self.codes, count: self.count, is_ordered: self.is_ordered }
    }
}

fn codes(tables: [(&Column, &[usize]); 2]) -> Codes {
    match tables {
        [(Column::Numbers(a), first), (Column::Numbers(b), second)] => {
            let value = |value: f64| if value.is_nan() { f64::NEG_INFINITY } else { value + 0.0 };
            let values: Vec<f64> = first
                .iter()
                .map(|&row| value(a[row]))
                .chain(second.iter().map(|&row| value(b[row])))
                .collect();
            let mut distinct = values.clone();
            distinct.sort_unstable_by(f64::total_cmp);
            distinct.dedup();
            let code = |value: &f64| distinct.partition_point(|other| other < value) as u32;
            Codes { codes: values.iter().map(code).collect(), count: distinct.len() as u32, is_ordered: true }
        }
        [(Column::Categories { codes: a, levels }, first), (Column::Categories { codes: b, .. }, second)] => {
            let levels = *levels as usize + 1; // with what the codec does not know
            let codes: Vec<u32> =
                first.iter().map(|&row| a[row]).chain(second.iter().map(|&row| b[row])).collect();
            let mut counts = vec![0usize; levels];
            codes.iter().for_each(|&code| counts[(code as usize).min(levels - 1)] += 1);
            let mut order: Vec<usize> = (0..levels).collect();
            order.sort_by_key(|&level| std::cmp::Reverse(counts[level])); // stable
            let mut places = vec![0; levels];
            order.iter().zip(0..).for_each(|(&level, place)| places[level] = place);
            let codes = codes.into_iter().map(|code| places[(code as usize).min(levels - 1)]).collect();
            Codes { codes, count: levels as u32, is_ordered: false }
        }
        _ => panic!("one codec makes one type of column"),
    }
}
