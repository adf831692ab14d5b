//! Rows as points, for asking which lie near which: the trial of a fit and the report ask alike.
//!
//! A number lies at its place in order, from 0 to 1, so that no unit outweighs another; a category is one apart from any
//! other. Squared differences add up. All rows are looked at: trees of places bring nothing where columns are many.

/// One column, or whether it is missing.
pub enum Axis {
    Number(Vec<f32>),
    Level(Vec<u32>),
}

pub struct Points {
    rows: usize,
    axes: Vec<Axis>,
}

impl Points {
    /// `axes`: each of so many rows.
    pub fn new(rows: usize, axes: Vec<Axis>) -> Points {
        let is_whole = |axis: &Axis| match axis {
            Axis::Number(places) => places.len() == rows,
            Axis::Level(codes) => codes.len() == rows,
        };
        assert!(axes.iter().all(is_whole), "axes of equal length");
        Points { rows, axes }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The squared distance of each row to one row of `other`, which has the same axes.
    pub fn distances(&self, other: &Points, row: usize) -> Vec<f32> {
        let mut distances = vec![0.0; self.rows];
        for (own, other) in self.axes.iter().zip(&other.axes) {
            match (own, other) {
                (Axis::Number(places), Axis::Number(others)) => {
                    let other = others[row];
                    let square =
                        |(distance, place): (&mut f32, &f32)| *distance += (place - other) * (place - other);
                    distances.iter_mut().zip(places).for_each(square);
                }
                (Axis::Level(codes), Axis::Level(others)) => {
                    let other = others[row];
                    let differs =
                        |(distance, &code): (&mut f32, &u32)| *distance += f32::from(u8::from(code != other));
                    distances.iter_mut().zip(codes).for_each(differs);
                }
                _ => panic!("the same axes"),
            }
        }
        distances
    }
}

/// The chance that one of `near` is smaller than one of `far`, ties counting half; one half where a group is empty.
pub fn auc(near: &[f32], far: &[f32]) -> f64 {
    let mut sorted = far.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let farther = |distance: f32| {
        let (below, through) = (
            sorted.partition_point(|&other| other < distance),
            sorted.partition_point(|&other| other <= distance),
        );
        (sorted.len() - through) as f64 + (through - below) as f64 / 2.0
    };
    let pairs = (near.len() * far.len()) as f64;
    if pairs == 0.0 { 0.5 } else { near.iter().map(|&distance| farther(distance)).sum::<f64>() / pairs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_and_differences_add_up() {
        let points = |places: &[f32], codes: &[u32]| {
            Points::new(places.len(), vec![Axis::Number(places.into()), Axis::Level(codes.into())])
        };
        let base = points(&[0.0, 0.5, 1.0], &[7, 8, 7]);
        assert_eq!(base.distances(&points(&[0.0, 0.5], &[8, 7]), 1), [0.25, 1.0, 0.25]);
    }

    #[test]
    fn an_attack_is_as_good_as_its_order() {
        assert_eq!(auc(&[1.0, 2.0], &[3.0, 4.0]), 1.0);
        assert_eq!(auc(&[1.0, 3.0], &[1.0, 3.0]), 0.5);
        assert_eq!(auc(&[], &[3.0]), 0.5);
    }
}
