//! Rare combinations: how often do synthetic rows have a combination of two or three columns that exactly one training row has?
//!
//! Such a one says "there is somebody who ...". Fresh rows have some as well, so the held-out rows say how many are to be expected
//! (2 n2 / n by Good and Turing, where n2 combinations are had by two of n rows), and the training rows, of which n1 / n have
//! one, say how many a copy has. Both are shares of rows, so they do not depend on how many rows a table has.
//! The interval is that of a mean over rows. In tables of few or coarse columns both shares are alike, and no score is given.
//!
//! The columns: those that are protected, then those of most different values, at most [`COLUMNS`]. A number of more than
//! [`VALUES`] values counts by the twentieth of the training rows that it falls in. Only columns' names are told.

use serde::Serialize;

use super::{enough, guarded};
use crate::frame::{Column, Frame};
use crate::math::rng::mix;
use crate::report::{Figure, Metric, Report, Side, Tables, Verdict};

pub const METRIC: Metric = Metric {
    key: "rareCombinations",
    side: Side::Safety,
    name: "Rare combinations",
    best: 0.0,
    says: [
        "Combinations that only one learned row has occur no more often than among fresh real rows.",
        "Combinations that only one learned row has occur more often than among fresh real rows: look which columns make them.",
        "Combinations that only one learned row has are handed on: do not share this table before those columns are made coarser.",
    ],
};

/// Two or three columns, and how often rows have a combination of their values that exactly one training row has.
#[derive(Clone, Debug, Serialize)]
pub struct RareSet {
    pub columns: Vec<String>,
    /// Combinations that one training row alone has.
    pub unique: usize,
    /// Shares of the rows of each table.
    pub train: f64,
    pub holdout: f64,
    pub synthetic: f64,
}

const COLUMNS: usize = 8;
const VALUES: usize = 100;
/// Sets that are told of, and unique combinations a set must have for it.
const TOLD: usize = 10;
const FEWEST: usize = 5;

pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(holdout) = &tables.holdout else { return };
    let columns = choose(&tables.train, &tables.asked.protected);
    let Some(found) = find(&tables.train, holdout, &tables.synthetic, &columns) else { return };
    let [train, held, made] = found.shares;
    let [_, high] = held.interval.unwrap_or([held.value; 2]);
    let verdict = Verdict::of(made.surely() <= high, made.surely() <= (held.value + train.value) / 2.0);
    // Where the training rows themselves have no more of them than held-out ones, this could not tell a copy.
    if train.surely() > high {
        report.scores.push(guarded(METRIC.score(made, Some(held.value), verdict), enough(report.rows)));
    }
    let mut sets = found.sets;
    sets.retain(|set| set.unique >= FEWEST);
    sets.sort_by(|a, b| b.excess().total_cmp(&a.excess()));
    sets.truncate(TOLD);
    let name = |set: Set| RareSet {
        columns: set.columns.iter().map(|&place| tables.names[place].clone()).collect(),
        unique: set.unique,
        train: set.shares[0],
        holdout: set.shares[1],
        synthetic: set.shares[2],
    };
    report.rare_combinations = sets.into_iter().map(name).collect();
}

struct Found {
    /// Of the rows of the three tables, over all sets.
    shares: [Figure; 3],
    sets: Vec<Set>,
}

struct Set {
    columns: Vec<usize>,
    unique: usize,
    shares: [f64; 3],
}

impl Set {
    /// By how much synthetic rows have more of them than held-out ones.
    fn excess(&self) -> f64 {
        self.shares[2] - self.shares[1]
    }
}

/// The places of the columns whose combinations are looked at, in order.
fn choose(train: &Frame, protected: &[usize]) -> Vec<usize> {
    let different = |column: &Column| {
        let mut codes = Codes::new(column).of(column);
        codes.sort_unstable();
        codes.dedup();
        codes.len()
    };
    let counts: Vec<usize> = train.columns.iter().map(different).collect();
    let mut order: Vec<usize> = (0..counts.len()).filter(|&place| counts[place] > 1).collect();
    order.sort_by_key(|place| (!protected.contains(place), std::cmp::Reverse(counts[*place])));
    order.truncate(COLUMNS);
    order.sort_unstable();
    order
}

/// None where no training row is alone with any combination.
fn find(train: &Frame, holdout: &Frame, synthetic: &Frame, columns: &[usize]) -> Option<Found> {
    let tables = [train, holdout, synthetic];
    let codes: Vec<[Vec<u32>; 3]> = columns
        .iter()
        .map(|&place| {
            let known = Codes::new(&train.columns[place]);
            tables.map(|table| known.of(&table.columns[place]))
        })
        .collect();
    let count = columns.len();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for a in 0..count {
        for b in a + 1..count {
            sets.push(vec![a, b]);
            sets.extend((b + 1..count).map(|c| vec![a, b, c]));
        }
    }
    let mut hits = tables.map(|table| vec![0u32; table.rows]);
    let mut told = Vec::new();
    for set in &sets {
        let keys = [0, 1, 2].map(|table| {
            let key = |row: usize| {
                set.iter()
                    .fold(0, |key, &column| mix(key ^ u64::from(codes[column][table][row])).wrapping_add(key))
            };
            (0..tables[table].rows).map(key).collect::<Vec<u64>>()
        });
        let mut sorted = keys[0].clone();
        sorted.sort_unstable();
        let unique: Vec<u64> =
            sorted.chunk_by(|a, b| a == b).filter(|chunk| chunk.len() == 1).map(|chunk| chunk[0]).collect();
        let shares = [0, 1, 2].map(|table| {
            let mut found = 0;
            for (key, hits) in keys[table].iter().zip(&mut hits[table]) {
                let is_unique = u32::from(unique.binary_search(key).is_ok());
                (*hits, found) = (*hits + is_unique, found + is_unique);
            }
            f64::from(found) / keys[table].len().max(1) as f64
        });
        let columns = set.iter().map(|&place| columns[place]).collect();
        told.push(Set { columns, unique: unique.len(), shares });
    }
    let is_any = told.iter().any(|set| set.unique > 0);
    is_any.then(|| Found { shares: hits.map(|hits| mean(&hits, sets.len())), sets: told })
}

/// Of the rows' shares of sets, with the normal law's interval of a mean.
fn mean(hits: &[u32], sets: usize) -> Figure {
    let n = hits.len().max(1) as f64;
    let of = |power: i32| hits.iter().map(|&hit| (f64::from(hit) / sets as f64).powi(power)).sum::<f64>() / n;
    let value = of(1);
    let reach = 1.96 * ((of(2) - value * value).max(0.0) / n).sqrt();
    Figure { value, interval: Some([(value - reach).max(0.0), (value + reach).min(1.0)]) }
}

/// How a column's values are told apart.
enum Codes {
    Levels,
    /// Of few numbers each; of many where each twentieth of the rows begins.
    Numbers {
        edges: Vec<f64>,
        is_exact: bool,
    },
}

impl Codes {
    fn new(column: &Column) -> Codes {
        let Column::Numbers(values) = column else { return Codes::Levels };
        let mut edges: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        edges.sort_unstable_by(f64::total_cmp);
        let all = edges.clone();
        edges.dedup();
        let is_exact = edges.len() <= VALUES;
        if !is_exact {
            edges = (1..20).map(|part| all[all.len() * part / 20]).collect();
            edges.dedup();
        }
        Codes::Numbers { edges, is_exact }
    }

    /// A number that no training row has is none that one alone has.
    fn of(&self, column: &Column) -> Vec<u32> {
        match (self, column) {
            (Codes::Numbers { edges, is_exact }, Column::Numbers(values)) => {
                let code = |value: &f64| {
                    let below = edges.partition_point(|edge| edge <= value) as u32;
                    let is_known = !is_exact || below > 0 && edges[below as usize - 1] == *value;
                    if value.is_nan() || is_known { below + u32::from(!value.is_nan()) } else { u32::MAX }
                };
                values.iter().map(code).collect()
            }
            (_, Column::Categories { codes, .. }) => codes.clone(),
            _ => panic!("one codec makes one type of column"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::safety::people;

    fn verdict(train: &Frame, holdout: &Frame, synthetic: &Frame) -> (Verdict, [f64; 3]) {
        let found = find(train, holdout, synthetic, &choose(train, &[])).unwrap();
        let [train, held, made] = found.shares;
        let [_, high] = held.interval.unwrap();
        let verdict = Verdict::of(made.surely() <= high, made.surely() <= (held.value + train.value) / 2.0);
        (verdict, [train.value, held.value, made.value])
    }

    #[test]
    fn copies_hand_combinations_on_and_fresh_rows_do_not() {
        let (train, holdout) = (people(1200, 1), people(600, 2));
        let (copied, shares) = verdict(&train, &holdout, &train);
        assert!(copied == Verdict::Bad && shares[0] == shares[2], "{shares:?}");
        // Ten fresh tables: alpha < 0.003 for each, by two intervals of 95 % that would have to part.
        for salt in 3..13 {
            let (fresh, shares) = verdict(&train, &holdout, &people(1200, salt));
            assert_eq!(fresh, Verdict::Good, "{salt} {shares:?}");
        }
    }

    /// Of the pairs (0,0) (0,0) (0,1) (1,1) the last two are unique; of the synthetic (0,1) (1,0) one is.
    #[test]
    fn shares_by_hand() {
        let level = |codes: &[u32]| Column::Categories { codes: codes.into(), levels: 2 };
        let train = Frame::new(vec![level(&[0, 0, 0, 1]), level(&[0, 0, 1, 1])]);
        let made = Frame::new(vec![level(&[0, 1]), level(&[1, 0])]);
        let found = find(&train, &train, &made, &[0, 1]).unwrap();
        assert_eq!((found.sets.len(), found.sets[0].unique, found.sets[0].shares), (1, 2, [0.5, 0.5, 0.5]));
        let same = Frame::new(vec![level(&[0, 0]), level(&[0, 0])]);
        assert!(find(&same, &same, &same, &[0, 1]).is_none() && choose(&same, &[]).is_empty());
    }

    #[test]
    fn numbers_are_told_apart_by_value_or_by_twentieth() {
        let few = Column::Numbers(vec![1.0, 2.0, 3.0]);
        let other = Column::Numbers(vec![2.0, 2.5, f64::NAN, 0.0]);
        let codes = Codes::new(&few);
        assert_eq!(codes.of(&few), [2, 3, 4]);
        assert_eq!(codes.of(&other)[0], 3);
        assert_eq!(codes.of(&other)[1..2], [u32::MAX]);
        let many = Column::Numbers((0..1000).map(f64::from).collect());
        let mut codes = Codes::new(&many).of(&many);
        codes.dedup();
        assert_eq!(codes.len(), 20);
    }
}
