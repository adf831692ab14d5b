//! Which synthetic row is the most like a real one, by some of the columns? The distance of Gower (1971) as Anonymeter takes it:
//! numbers differ by their distance over the range, other values by nought or one, and columns add up.
//!
//! Differs from there in one thing: a missing value is like another, and one apart from any that is there. The range is
//! that of the training and the synthetic rows.

use crate::frame::{Column, Frame};
use crate::report::some;

/// Synthetic rows that are looked through, by lot.
const ROWS: usize = 25_000;
/// Cells that a search may touch; as many rows are guessed about as that allows, within bounds.
const CELLS: usize = 300_000_000;
const MOST: usize = 1000;
const FEWEST: usize = 200;
/// So far from every place in a range that the distance is cut to one.
const MISSING: f32 = -9.0;

/// Rows, by column.
pub struct Cells {
    pub rows: usize,
    pub columns: Vec<Places>,
}

/// A column of cells.
pub enum Places {
    Number(Vec<f32>),
    Level(Vec<u32>),
}

/// What an attack works with: some rows of each table, as cells.
pub struct Field {
    pub train: Cells,
    pub holdout: Cells,
    pub synthetic: Cells,
    /// The places of those rows in their tables.
    pub rows: [Vec<usize>; 3],
}

impl Field {
    /// As many rows of `train` as of `holdout`.
    pub fn new(train: &Frame, holdout: &Frame, synthetic: &Frame) -> Field {
        let looked = synthetic.rows.min(ROWS);
        let affordable = CELLS / (2 * looked * train.columns.len()).max(1);
        let count = affordable.clamp(FEWEST, MOST).min(train.rows).min(holdout.rows);
        let rows =
            [some(train.rows, count, 8), some(holdout.rows, count, 9), some(synthetic.rows, looked, 10)];
        let ranges: Vec<[f64; 2]> =
            train.columns.iter().zip(&synthetic.columns).map(|(a, b)| range(&[a, b])).collect();
        let cells = |frame: &Frame, rows: &[usize]| Cells {
            rows: rows.len(),
            columns: frame
                .columns
                .iter()
                .zip(&ranges)
                .map(|(column, range)| places(column, rows, *range))
                .collect(),
        };
        Field {
            train: cells(train, &rows[0]),
            holdout: cells(holdout, &rows[1]),
            synthetic: cells(synthetic, &rows[2]),
            rows,
        }
    }
}

impl Cells {
    /// Adds to each row's distance how far its cell in `column` lies from that of a row of `other`.
    pub fn add(&self, column: usize, other: &Cells, row: usize, distances: &mut [f32]) {
        match (&self.columns[column], &other.columns[column]) {
            (Places::Number(places), Places::Number(others)) => {
                let other = others[row];
                distances.iter_mut().zip(places).for_each(|(sum, &place)| *sum += apart(place, other));
            }
            (Places::Level(codes), Places::Level(others)) => {
                let other = others[row];
                distances.iter_mut().zip(codes).for_each(|(sum, &code)| *sum += differs(code, other));
            }
            _ => panic!("one codec makes one type of column"),
        }
    }

    /// The row of least distance when `column` is left out of `distances`: the first of several.
    pub fn nearest_without(&self, column: usize, other: &Cells, row: usize, distances: &[f32]) -> usize {
        match (&self.columns[column], &other.columns[column]) {
            (Places::Number(places), Places::Number(others)) => {
                let other = others[row];
                least(distances.iter().zip(places).map(|(sum, &place)| sum - apart(place, other)))
            }
            (Places::Level(codes), Places::Level(others)) => {
                let other = others[row];
                least(distances.iter().zip(codes).map(|(sum, &code)| sum - differs(code, other)))
            }
            _ => panic!("one codec makes one type of column"),
        }
    }
}

fn apart(a: f32, b: f32) -> f32 {
    let apart = (a - b).abs();
    if apart < 1.0 { apart } else { 1.0 }
}

fn differs(a: u32, b: u32) -> f32 {
    f32::from(u8::from(a != b))
}

/// Twice through, since a minimum alone is found several numbers at a time.
fn least(mut distances: impl Iterator<Item = f32> + Clone) -> usize {
    let least = distances
        .clone()
        .fold(f32::INFINITY, |least, distance| if distance < least { distance } else { least });
    distances.position(|distance| distance == least).unwrap_or(0)
}

/// The lowest number and how far the highest is from it.
fn range(columns: &[&Column]) -> [f64; 2] {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for column in columns {
        if let Column::Numbers(values) = column {
            for &value in values.iter().filter(|value| !value.is_nan()) {
                (low, high) = (low.min(value), high.max(value));
            }
        }
    }
    [low, high - low]
}

fn places(column: &Column, rows: &[usize], [low, range]: [f64; 2]) -> Places {
    match column {
        Column::Numbers(values) => {
            let place = |&row: &usize| match values[row] {
                missing if missing.is_nan() => MISSING,
                _ if range.is_nan() || range <= 0.0 => 0.0,
                value => ((value - low) / range).clamp(0.0, 1.0) as f32,
            };
            Places::Number(rows.iter().map(place).collect())
        }
        Column::Categories { codes, .. } => Places::Level(rows.iter().map(|&row| codes[row]).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_by_hand() {
        let frame = |numbers: &[f64], codes: &[u32]| {
            Frame::new(vec![
                Column::Numbers(numbers.into()),
                Column::Categories { codes: codes.into(), levels: 3 },
            ])
        };
        let (train, made) = (frame(&[0.0], &[0]), frame(&[10.0, 4.0, f64::NAN], &[0, 1, 0]));
        let field = Field::new(&train, &train, &made);
        // The lot has put the synthetic rows in an order of its own.
        let place = |row: usize| field.rows[2].iter().position(|&other| other == row).unwrap();
        let mut distances = vec![0.0; 3];
        (0..2).for_each(|column| field.synthetic.add(column, &field.train, 0, &mut distances));
        let found = [0, 1, 2].map(|row| distances[place(row)]);
        assert_eq!(found, [1.0, 1.4, 1.0]);
        assert_eq!(field.synthetic.nearest_without(1, &field.train, 0, &distances), place(1));
    }
}
