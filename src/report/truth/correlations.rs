//! Correlations: do columns hang together as strongly as they do in the real table?
//!
//! Of two numbers Spearman's and Pearson's r; of two columns of levels Cramér's V, corrected for chance (Bergsma 2013); of a
//! number and levels the correlation ratio, the root of the share of the number's variance that lies between levels, corrected
//! for chance (epsilon squared, Kelley 1935). The score is the mean absolute difference between the two tables, over pairs of
//! which either table has at least [`TIED`] (for numbers: of Spearman's); left out where there are none. Beside Column Pair Trends it
//! tells what is lost of ties alone, whatever the columns look like, and does not count pairs that have none. At most
//! [`ROWS`] rows of each table, by lot, and of the synthetic one no more than were held out; at most [`MAX_COLUMNS`] columns, evenly
//! spaced. Ranks are those among all rows that have the number. The interval is that of [`super::figure`], from 1,000 rows at most.

use serde::Serialize;

use super::pick;
use super::trends::correlation;
use crate::frame::{Column, Frame};
use crate::report::{Metric, Report, Side, Tables, Verdict, mean, some};

pub const METRIC: Metric = Metric {
    key: "correlations",
    side: Side::Truth,
    name: "Correlations lost",
    best: 0.0,
    says: [
        "Columns hang together as strongly as in the real table.",
        "Some columns hang together less, or more, than in the real table: see which.",
        "Columns that hang together in the real table do so far less, or more, here: do not look for causes in it.",
    ],
};

const ROWS: usize = 4000;
const MAX_COLUMNS: usize = 40;
/// So many rows of pairs tell how far chance moves the value.
const PAIRED_ROWS: usize = 100_000;
/// Ties weaker than this are none.
const TIED: f64 = 0.1;
/// Pairs that are told.
const SHOWN: usize = 10;

#[derive(Clone, Debug, Default, Serialize)]
pub struct Correlations {
    /// Of each measure how much its figures differ.
    pub measures: Vec<Difference>,
    /// The pairs that differ most.
    pub pairs: Vec<Tie>,
}

/// Absolute differences from the training table over all pairs of columns: of the synthetic rows, and of held-out ones.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    pub measure: Measure,
    pub pairs: usize,
    pub mean: [Option<f64>; 2],
    pub greatest: [Option<f64>; 2],
}

#[derive(Clone, Debug, Serialize)]
pub struct Tie {
    pub a: String,
    pub b: String,
    pub measure: Measure,
    /// Real, held out, synthetic.
    pub values: [Option<f64>; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Measure {
    Spearman,
    Pearson,
    CramersV,
    CorrelationRatio,
}

/// One pair in three tables: real, held out, synthetic.
struct Found {
    places: [usize; 2],
    measure: Measure,
    values: [Option<f64>; 3],
}

impl Found {
    fn gap(&self, table: usize) -> Option<f64> {
        Some((self.values[table]? - self.values[0]?).abs())
    }

    fn is_tied(&self, table: usize) -> bool {
        self.measure != Measure::Pearson
            && [0, table].iter().any(|&table| self.values[table].is_some_and(|value| value.abs() >= TIED))
    }
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let count =
        tables.synthetic.rows.min(tables.holdout.as_ref().map_or(ROWS, |holdout| holdout.rows)).min(ROWS);
    let frames = [
        Some(pick(&tables.train, &some(tables.train.rows, ROWS, 14))),
        tables.holdout.as_ref().map(|holdout| pick(holdout, &some(holdout.rows, count, 15))),
        Some(pick(&tables.synthetic, &some(tables.synthetic.rows, count, 16))),
    ];
    let found = find(&frames);
    report.correlations = told(tables, &found);
    let Some(value) = lost(&found, 2) else { return };
    let ceiling = tables.holdout.as_ref().map(|_| lost(&found, 1).unwrap_or(0.0));
    let [Some(train), _, Some(synthetic)] = &frames else { return };
    let rows = (PAIRED_ROWS / found.len().max(1)).clamp(200, 1000);
    let figure = super::figure(value, [train, synthetic], rows, |a, b| {
        lost(&find(&[Some(a.clone()), None, Some(b.clone())]), 2).unwrap_or(0.0)
    });
    let above = figure.surely() - ceiling.unwrap_or(0.02);
    report.scores.push(METRIC.score(figure, ceiling, Verdict::of(above <= 0.02, above <= 0.08)));
}

/// The mean difference between the training table and another over the pairs that are tied in either.
fn lost(found: &[Found], table: usize) -> Option<f64> {
    let gaps: Vec<f64> =
        found.iter().filter(|pair| pair.is_tied(table)).filter_map(|pair| pair.gap(table)).collect();
    (!gaps.is_empty()).then(|| mean(&gaps))
}

fn told(tables: &Tables, found: &[Found]) -> Correlations {
    let measures = [Measure::Spearman, Measure::Pearson, Measure::CramersV, Measure::CorrelationRatio];
    let difference = |&measure: &Measure| {
        let gaps = |table: usize| -> Vec<f64> {
            found.iter().filter(|pair| pair.measure == measure).filter_map(|pair| pair.gap(table)).collect()
        };
        let all = [gaps(2), gaps(1)];
        let of = |of: fn(&[f64]) -> f64| [0, 1].map(|at| (!all[at].is_empty()).then(|| of(&all[at])));
        let greatest = |gaps: &[f64]| gaps.iter().copied().fold(0.0, f64::max);
        Difference { measure, pairs: all[0].len(), mean: of(mean), greatest: of(greatest) }
    };
    let measures = measures.iter().map(difference).filter(|difference| difference.pairs > 0).collect();
    let mut order: Vec<&Found> =
        found.iter().filter(|pair| pair.measure != Measure::Pearson && pair.gap(2).is_some()).collect();
    order.sort_by(|a, b| b.gap(2).unwrap_or(0.0).total_cmp(&a.gap(2).unwrap_or(0.0)));
    let tie = |pair: &&Found| Tie {
        a: tables.names[pair.places[0]].clone(),
        b: tables.names[pair.places[1]].clone(),
        measure: pair.measure,
        values: pair.values,
    };
    Correlations { measures, pairs: order.iter().take(SHOWN).map(tie).collect() }
}

fn find(frames: &[Option<Frame>; 3]) -> Vec<Found> {
    let train = frames[0].as_ref().expect("there is a training table");
    let all = train.columns.len();
    let places: Vec<usize> = match all {
        ..=MAX_COLUMNS => (0..all).collect(),
        _ => (0..MAX_COLUMNS).map(|place| place * all / MAX_COLUMNS).collect(),
    };
    let ranks: Vec<Vec<Vec<f64>>> = frames
        .iter()
        .map(|frame| {
            frame.iter().flat_map(|frame| places.iter().map(|&at| ranks(&frame.columns[at]))).collect()
        })
        .collect();
    let mut found = Vec::new();
    for (i, &a) in places.iter().enumerate() {
        for (j, &b) in places.iter().enumerate().skip(i + 1) {
            let mut add = |measure: Measure, of: &dyn Fn(usize, &Column, &Column) -> Option<f64>| {
                let value = |table: usize| {
                    frames[table].as_ref().and_then(|frame| of(table, &frame.columns[a], &frame.columns[b]))
                };
                let values = [0, 1, 2].map(value);
                // What has become constant hangs together with nothing.
                let values = values[0].map(|_| {
                    [0, 1, 2].map(|table| frames[table].as_ref().map(|_| values[table].unwrap_or(0.0)))
                });
                found.extend(values.map(|values| Found { places: [a, b], measure, values }));
            };
            match (&train.columns[a], &train.columns[b]) {
                (Column::Numbers(_), Column::Numbers(_)) => {
                    add(Measure::Spearman, &|table, _, _| correlation(&ranks[table][i], &ranks[table][j]));
                    add(Measure::Pearson, &|_, a, b| match (a, b) {
                        (Column::Numbers(x), Column::Numbers(y)) => correlation(x, y),
                        _ => None,
                    });
                }
                (Column::Categories { .. }, Column::Categories { .. }) => {
                    add(Measure::CramersV, &|_, a, b| cramers_v(a, b));
                }
                _ => add(Measure::CorrelationRatio, &|_, a, b| ratio(a, b).or_else(|| ratio(b, a))),
            }
        }
    }
    found
}

/// Of numbers the mean rank of equal ones, NaN where there is none; of levels nothing.
fn ranks(column: &Column) -> Vec<f64> {
    let Column::Numbers(values) = column else { return Vec::new() };
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = |&value: &f64| {
        let below = sorted.partition_point(|&other| other < value);
        let through = sorted.partition_point(|&other| other <= value);
        if value.is_nan() { f64::NAN } else { (below + through) as f64 / 2.0 }
    };
    values.iter().map(rank).collect()
}

fn cramers_v(a: &Column, b: &Column) -> Option<f64> {
    let (Column::Categories { codes: x, levels: n }, Column::Categories { codes: y, levels: m }) = (a, b)
    else {
        return None;
    };
    let rows = x.len() as f64;
    let margin = |codes: &[u32], levels: u32| {
        let mut counts = vec![0f64; levels as usize + 1];
        codes.iter().for_each(|&code| counts[code.min(levels) as usize] += 1.0);
        counts
    };
    let (p, q) = (margin(x, *n), margin(y, *m));
    let key = |(&x, &y): (&u32, &u32)| u64::from(x.min(*n)) << 32 | u64::from(y.min(*m));
    let mut keys: Vec<u64> = x.iter().zip(y).map(key).collect();
    keys.sort_unstable();
    // chi² / n is the sum of p_xy² / (p_x p_y), less 1.
    let square = |run: &[u64]| {
        let (x, y, count) = ((run[0] >> 32) as usize, run[0] as u32 as usize, run.len() as f64);
        count * count / (p[x] * q[y])
    };
    let phi = keys.chunk_by(|a, b| a == b).map(square).sum::<f64>() - 1.0;
    let held = |counts: &[f64]| counts.iter().filter(|&&count| count > 0.0).count() as f64;
    let (r, k) = (held(&p), held(&q));
    if r < 2.0 || k < 2.0 || rows < 3.0 {
        return None;
    }
    let phi = (phi - (r - 1.0) * (k - 1.0) / (rows - 1.0)).max(0.0);
    let [r, k] = [r, k].map(|levels| levels - (levels - 1.0) * (levels - 1.0) / (rows - 1.0));
    let least = r.min(k) - 1.0;
    (least > 0.0).then(|| (phi / least).sqrt().min(1.0))
}

/// Of a number by levels.
fn ratio(levels: &Column, numbers: &Column) -> Option<f64> {
    let (Column::Categories { codes, levels }, Column::Numbers(values)) = (levels, numbers) else {
        return None;
    };
    let rows = || codes.iter().zip(values).filter(|(_, value)| !value.is_nan());
    let count = rows().count() as f64;
    let all = rows().map(|(_, value)| value).sum::<f64>() / count;
    let mut sums = vec![(0f64, 0f64); *levels as usize + 1];
    let mut total = 0.0;
    for (&code, value) in rows() {
        let sum = &mut sums[code.min(*levels) as usize];
        *sum = (sum.0 + 1.0, sum.1 + value - all);
        total += (value - all) * (value - all);
    }
    let held = sums.iter().filter(|sum| sum.0 > 0.0).count() as f64;
    if total <= 0.0 || held < 2.0 || count <= held {
        return None;
    }
    let between: f64 = sums.iter().filter(|sum| sum.0 > 0.0).map(|sum| sum.1 * sum.1 / sum.0).sum();
    let within = (1.0 - between / total) * (count - 1.0) / (count - held);
    Some((1.0 - within).max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{mix, unit};
    use crate::report::{Asked, Known};

    fn levels(codes: &[u32], levels: u32) -> Column {
        Column::Categories { codes: codes.to_vec(), levels }
    }

    /// By hand. A table of 10, 20, 30, 40: chi² = 100 (10 * 40 - 20 * 30)² / (30 * 70 * 40 * 60) = 0.794. And groups (1, 2, 3) and
    /// (3, 4, 5): 6 of 10 between, so within is 0.4 * 5 / 4 of the variance.
    #[test]
    fn known_values() {
        let spread = |counts: [usize; 4]| -> [Vec<u32>; 2] {
            let cells = [(0, 0), (0, 1), (1, 0), (1, 1)];
            let rows: Vec<(u32, u32)> =
                cells.iter().zip(counts).flat_map(|(&cell, count)| vec![cell; count]).collect();
            [rows.iter().map(|row| row.0).collect(), rows.iter().map(|row| row.1).collect()]
        };
        let v = |counts| {
            let [x, y] = spread(counts);
            cramers_v(&levels(&x, 2), &levels(&y, 2)).unwrap()
        };
        assert_eq!(v([10, 20, 30, 40]), 0.0); // 0.00794 is less than 1/99
        let phi: f64 = 0.36 - 1.0 / 99.0; // 40, 10, 10, 40: phi² = 0.6²
        assert!((v([40, 10, 10, 40]) - (phi / (1.0 - 1.0 / 99.0)).sqrt()).abs() < 1e-12);
        let numbers = Column::Numbers(vec![1.0, 2.0, 3.0, 3.0, 4.0, 5.0, f64::NAN]);
        let found = ratio(&levels(&[0, 0, 0, 1, 1, 1, 1], 2), &numbers).unwrap();
        assert!((found - 0.5f64.sqrt()).abs() < 1e-12, "{found}");
        assert_eq!(ranks(&Column::Numbers(vec![3.0, 1.0, f64::NAN, 3.0]))[..2], [2.0, 0.5]);
    }

    fn frame(salt: u64, tied: bool) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(salt << 40 ^ what << 32 ^ row as u64));
        let of = |row: usize, what: u64| draw(row, what) + if tied { draw(row, 9) } else { 0.0 };
        let number = |what| Column::Numbers((0..700).map(|row| of(row, what)).collect());
        let code = |what| levels(&(0..700).map(|row| u32::from(of(row, what) > 1.0)).collect::<Vec<_>>(), 2);
        Frame::new(vec![number(1), number(2), code(3), code(4)])
    }

    #[test]
    fn lost_ties_alarm_and_chance_does_not() {
        let judged = |synthetic: Frame| {
            let tables = Tables {
                names: ["x", "y", "c", "d"].map(String::from).to_vec(),
                labels: vec![Vec::new(); 4],
                asked: Asked::default(),
                known: Known::default(),
                ..Tables::plain(frame(1, true), Some(frame(2, true)), synthetic)
            };
            let mut report = Report::default();
            judge(&tables, &mut report);
            report
        };
        for salt in 3..13 {
            assert_eq!(judged(frame(salt, true)).scores[0].verdict, Verdict::Good);
        }
        let lost = judged(frame(3, false));
        assert_eq!(lost.scores[0].verdict, Verdict::Bad);
        assert_eq!((lost.correlations.measures.len(), lost.correlations.pairs.len()), (4, 6));
        let one_mode = pick(&frame(3, true), &[5; 700]);
        assert_eq!(judged(one_mode).scores[0].verdict, Verdict::Bad);
    }
}
