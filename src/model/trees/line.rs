//! A straight line through the earlier columns, as one more column to ask about.
//!
//! Trees need many splits, and so many rows, for what a sum tells at once. So the target is predicted by ridge regression
//! (Hoerl and Kennard 1970) from the earlier columns: the value and the rank of each number, levels as indicators. The
//! prediction, cut into steps of about equal rows, stands in the target's own place until the target itself is drawn. One
//! line serves all bags, with few regressors for its rows: a line for each fold would tell the trees by its offset which
//! rows it left out (tried: it moves the means of groups by a tenth of their spread).
//!
//! Of the two, the line is the one that remembers no row, so trees that build on it remember less. On long tables
//! trees need no help, and a line makes drawn rows worse that are not as exact as real ones: there is none beyond
//! [`MAX_ROWS`] rows, nor where it explains little.

use serde::{Deserialize, Serialize};

use super::data::Data;
use super::screen::relevance;
use super::spread::Block;
use crate::learn::View;
use crate::model::atoms::{Atoms, Coded};

pub const MAX_ROWS: usize = 10_000;
/// Rows that decide the line.
const ROWS: usize = 4096;
/// Regressors, at most, and rows for each.
const MAX_WIDTH: usize = 64;
const ROWS_EACH: usize = 20;
/// Levels that get an indicator, if they have so many of the rows above.
const MAX_LEVELS: usize = 8;
const MIN_LEVEL: usize = 10;
/// Shares of the held-out variance that a line must explain to be worth a try.
const MIN_EXPLAINED: f64 = 0.02;
/// Penalties that are tried, in rows.
const PENALTIES: [f64; 3] = [1.0, 10.0, 100.0];
const STEPS: usize = 1024;
/// Values beyond the outermost hundredth of the rows count as its edge.
const EDGE: f64 = 0.01;

/// A sum, cut into steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    sum: Sum,
    /// `cuts[i]` is where step i + 1 begins: between predictions of several rows.
    cuts: Vec<f64>,
}

/// `base` and its terms; 0 for a row that is in the middle everywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Sum {
    base: f64,
    terms: Vec<Term>,
}

/// What a column adds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Term {
    /// So much for each unit of its value, with codes below `low` and above `high` counting as these, and of its rank.
    Number { column: u32, low: u32, high: u32, value: f64, rank: f64, missing: f64 },
    /// So much for each of the first levels.
    Levels { column: u32, weights: Vec<f64> },
}

/// The line, and the step of each row of the table.
pub struct Drawn {
    pub line: Line,
    pub steps: Vec<u32>,
}

impl Drawn {
    /// Only the line is still needed.
    pub fn forget(self) -> Drawn {
        Drawn { steps: Vec::new(), ..self }
    }

    pub fn view(&self) -> View<'_> {
        View { codes: &self.steps, count: self.line.cuts.len() as u32 + 1, is_ordered: true }
    }
}

impl Line {
    /// None if no line tells much about the target. `boundary`: where its root parts the codes; `folds`: which
    /// of the bags leaves out each row.
    pub fn fit(
        data: &Data,
        target: usize,
        features: &[u32],
        boundary: u32,
        folds: &[u8],
        bags: usize,
    ) -> Option<Drawn> {
        let Coded { atoms, codes, .. } = &data.columns[target];
        let is_known = |row: &u32| {
            let code = codes[*row as usize];
            code < atoms.len() && !atoms.is_missing(code)
        };
        let known: Vec<u32> = (0..data.rows() as u32).filter(is_known).collect();
        let rows = data.thin(&known, ROWS);
        let regressors = Regressors::new(data, target, features, &rows);
        if regressors.0.is_empty() {
            return None;
        }
        let code = |row: u32| codes[row as usize];
        let targets: Vec<Vec<f64>> = if atoms.is_numeric() {
            let [low, high] = edges(atoms);
            vec![
                rows.iter().map(|&row| atoms.middle(code(row).clamp(low, high))).collect(),
                rows.iter().map(|&row| atoms.rank(code(row))).collect(),
            ]
        } else {
            vec![rows.iter().map(|&row| f64::from(u8::from(code(row) >= boundary))).collect()]
        };
        let folds_of_rows: Vec<u8> = rows.iter().map(|&row| folds[row as usize]).collect();
        let weights = regressors.solve(data, &rows, &targets, &folds_of_rows, bags)?;
        let sum = regressors.sum(&weights);
        let predict = |row: u32| {
            let code = |column: u32| data.columns[column as usize].codes[row as usize];
            sum.of(|column: u32| &data.columns[column as usize].atoms, code)
        };
        let predicted: Vec<f64> = (0..data.rows() as u32).map(predict).collect();
        let mut sorted: Vec<f64> = rows.iter().map(|&row| predicted[row as usize]).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let steps = STEPS.min(sorted.len() / 4);
        let mut cuts: Vec<f64> = (1..steps)
            .map(|step| step * sorted.len() / steps)
            .map(|at| f64::midpoint(sorted[at - 1], sorted[at]))
            .collect();
        cuts.dedup();
        let line = Line { sum, cuts };
        let steps = predicted.into_iter().map(|value| line.step(value)).collect();
        Some(Drawn { line, steps })
    }

    fn step(&self, value: f64) -> u32 {
        self.cuts.partition_point(|&cut| cut <= value) as u32
    }

    /// The step of each row of a block. `earlier`: the atoms of the columns before.
    pub fn steps(&self, earlier: &[Atoms], block: &Block) -> Vec<u32> {
        let step = |row: usize| {
            let code = |column| block.column(column)[row];
            self.step(self.sum.of(|column| &earlier[column as usize], code))
        };
        (0..block.rows()).map(step).collect()
    }

    /// Does it look only at columns before, as what they are?
    pub fn is_sound(&self, earlier: &[Atoms]) -> bool {
        let is_sound = |term: &Term| match term {
            Term::Number { column, low, high, value, rank, missing } => {
                earlier.get(*column as usize).is_some_and(|atoms| {
                    let inside = low <= high && *high < atoms.len();
                    atoms.is_numeric() && inside && !atoms.is_missing(*low)
                }) && [value, rank, missing].iter().all(|weight| weight.is_finite())
            }
            Term::Levels { column, weights } => {
                (*column as usize) < earlier.len() && weights.iter().all(|weight| weight.is_finite())
            }
        };
        self.sum.base.is_finite() && self.sum.terms.iter().all(is_sound) && self.cuts.is_sorted()
    }
}

impl Sum {
    fn of<'a>(&self, atoms: impl Fn(u32) -> &'a Atoms, code: impl Fn(u32) -> u32) -> f64 {
        let of = |term: &Term| match term {
            &Term::Number { column, low, high, value, rank, missing } => {
                let (atoms, code) = (atoms(column), code(column));
                if code >= atoms.len() || atoms.is_missing(code) {
                    return missing;
                }
                value * atoms.middle(code.clamp(low, high)) + rank * atoms.rank(code)
            }
            Term::Levels { column, weights } => weights.get(code(*column) as usize).copied().unwrap_or(0.0),
        };
        self.terms.iter().fold(self.base, |sum, term| sum + of(term))
    }
}

/// The codes that hold the outermost hundredths of the rows.
fn edges(atoms: &Atoms) -> [u32; 2] {
    let first = u32::from(atoms.is_missing(0) && atoms.len() > 1);
    [EDGE, 1.0 - EDGE].map(|share| atoms.draw(first, atoms.len(), share).0)
}

/// What the line is made of: a number's value, rank and whether it is missing, or a level.
struct Regressors(Vec<Regressor>);

#[derive(Clone, Copy)]
struct Regressor {
    column: u32,
    /// Values beyond these codes count as theirs; of a number.
    edges: [u32; 2],
    of: Of,
    mean: f64,
    /// One over the standard deviation.
    scale: f64,
}

#[derive(Clone, Copy)]
enum Of {
    Value,
    Rank,
    Missing,
    Level(u32),
}

impl Of {
    fn value(self, atoms: &Atoms, [low, high]: [u32; 2], code: u32) -> f64 {
        let missing = code >= atoms.len() || atoms.is_missing(code);
        match self {
            Of::Value if !missing => atoms.middle(code.clamp(low, high)),
            Of::Rank if !missing => atoms.rank(code),
            Of::Value | Of::Rank => 0.0,
            Of::Missing => f64::from(u8::from(missing)),
            Of::Level(level) => f64::from(u8::from(code == level)),
        }
    }
}

impl Regressors {
    fn new(data: &Data, target: usize, features: &[u32], rows: &[u32]) -> Self {
        let weights = relevance(data, target, features);
        let mut ranked: Vec<usize> = (0..features.len()).collect();
        ranked.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
        let width = MAX_WIDTH.min(rows.len() / ROWS_EACH);
        let mut chosen = Vec::new();
        for feature in ranked {
            let column = features[feature];
            let Coded { atoms, codes, .. } = &data.columns[column as usize];
            let (mut of, mut ends) = (Vec::new(), [0; 2]);
            if atoms.is_numeric() {
                if (0..atoms.len()).all(|code| atoms.is_missing(code)) {
                    continue;
                }
                ends = edges(atoms);
                of.extend([Of::Value, Of::Rank, Of::Missing]);
            } else {
                let mut counts = vec![0; atoms.len() as usize];
                for &row in rows {
                    if let Some(count) = counts.get_mut(codes[row as usize] as usize) {
                        *count += 1;
                    }
                }
                let common = (0..atoms.len()).filter(|&code| counts[code as usize] >= MIN_LEVEL);
                of.extend(common.take(MAX_LEVELS).map(Of::Level));
            }
            for of in of {
                let value = |row: &u32| of.value(atoms, ends, codes[*row as usize]);
                let mean = rows.iter().map(value).sum::<f64>() / rows.len() as f64;
                let variance = rows.iter().map(|row| (value(row) - mean) * (value(row) - mean)).sum::<f64>()
                    / rows.len() as f64;
                if variance > 1e-9 * mean * mean && variance > 0.0 && chosen.len() < width {
                    chosen.push(Regressor { column, edges: ends, of, mean, scale: 1.0 / variance.sqrt() });
                }
            }
        }
        Regressors(chosen)
    }

    /// The weights, for the target and the penalty whose predictions of held-out folds explain most.
    fn solve(
        &self,
        data: &Data,
        rows: &[u32],
        targets: &[Vec<f64>],
        folds: &[u8],
        bags: usize,
    ) -> Option<Vec<f64>> {
        let width = self.0.len();
        let value = |&row: &u32, regressor: &Regressor| {
            let Coded { atoms, codes, .. } = &data.columns[regressor.column as usize];
            (regressor.of.value(atoms, regressor.edges, codes[row as usize]) - regressor.mean)
                * regressor.scale
        };
        let matrix: Vec<f64> =
            rows.iter().flat_map(|row| self.0.iter().map(move |regressor| value(row, regressor))).collect();
        let row = |at: usize| &matrix[at * width..][..width];
        // Of each fold: the products of regressors.
        let mut squares = vec![vec![0.0; width * width]; bags];
        for at in 0..rows.len() {
            let (row, square) = (row(at), &mut squares[folds[at] as usize]);
            for (i, square) in square.chunks_exact_mut(width).enumerate() {
                square[..=i].iter_mut().zip(row).for_each(|(sum, x)| *sum += row[i] * x);
            }
        }
        let mut best: Option<(f64, Vec<f64>)> = None;
        for target in targets {
            let mean = target.iter().sum::<f64>() / target.len() as f64;
            let total = target.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>();
            let mut products = vec![vec![0.0; width]; bags];
            for at in 0..rows.len() {
                let y = target[at] - mean;
                products[folds[at] as usize].iter_mut().zip(row(at)).for_each(|(sum, x)| *sum += y * x);
            }
            let without = |all: &[Vec<f64>], fold: usize| -> Vec<f64> {
                let others = |i: usize| {
                    all.iter().enumerate().filter(|(bag, _)| *bag != fold).map(|(_, sums)| sums[i]).sum()
                };
                (0..all[0].len()).map(others).collect()
            };
            for penalty in PENALTIES {
                let lines: Vec<Vec<f64>> = (0..bags)
                    .map(|fold| ridge(without(&squares, fold), without(&products, fold), penalty))
                    .collect();
                let stray = |at: usize| {
                    let line = &lines[folds[at] as usize];
                    target[at] - mean - line.iter().zip(row(at)).map(|(w, x)| w * x).sum::<f64>()
                };
                let left = (0..rows.len()).map(|at| stray(at) * stray(at)).sum::<f64>();
                let explained = 1.0 - left / total.max(f64::MIN_POSITIVE);
                if explained > best.as_ref().map_or(MIN_EXPLAINED, |best| best.0) {
                    // No fold has this number.
                    best =
                        Some((explained, ridge(without(&squares, bags), without(&products, bags), penalty)));
                }
            }
        }
        best.map(|(_, line)| line)
    }

    /// The same in terms of the columns.
    fn sum(&self, weights: &[f64]) -> Sum {
        let (mut base, mut terms): (f64, Vec<Term>) = (0.0, Vec::new());
        for (regressor, weight) in self.0.iter().zip(weights) {
            let (column, [low, high]) = (regressor.column, regressor.edges);
            let weight = weight * regressor.scale;
            base -= weight * regressor.mean;
            let begun = terms.last().is_some_and(|term| match term {
                Term::Number { column: of, .. } | Term::Levels { column: of, .. } => *of == column,
            });
            if !begun {
                terms.push(match regressor.of {
                    Of::Level(_) => Term::Levels { column, weights: Vec::new() },
                    _ => Term::Number { column, low, high, value: 0.0, rank: 0.0, missing: 0.0 },
                });
            }
            match (terms.last_mut().expect("pushed"), regressor.of) {
                (Term::Number { value, .. }, Of::Value) => *value = weight,
                (Term::Number { rank, .. }, Of::Rank) => *rank = weight,
                (Term::Number { missing, .. }, Of::Missing) => *missing = weight,
                (Term::Levels { weights, .. }, Of::Level(level)) => {
                    weights.resize(level as usize, 0.0);
                    weights.push(weight);
                }
                _ => unreachable!("the terms of a column are of one kind"),
            }
        }
        Sum { base, terms }
    }
}

/// Solves (A + penalty) w = b by Cholesky's decomposition. `a`: the lower half, row by row.
fn ridge(mut a: Vec<f64>, mut b: Vec<f64>, penalty: f64) -> Vec<f64> {
    let n = b.len();
    (0..n).for_each(|i| a[i * n + i] += penalty);
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
            let rest = a[i * n + j] - dot;
            a[i * n + j] = if i == j { rest.max(1e-12).sqrt() } else { rest / a[j * n + j] };
        }
        let dot: f64 = (0..i).map(|k| a[i * n + k] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let dot: f64 = (i + 1..n).map(|k| a[k * n + i] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i * n + i];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Support};
    use crate::math::rng::{mix, unit};
    use crate::model::Draws;

    fn noise(row: usize, salt: usize) -> f64 {
        unit(mix((row * 7 + salt) as u64)) - 0.5
    }

    /// Two numbers, a category, and their sum; the second number is missing in every seventh row.
    fn data(rows: usize, of: impl Fn(f64, f64, f64) -> f64) -> Data {
        let a: Vec<f64> = (0..rows).map(|row| noise(row, 1)).collect();
        let b: Vec<f64> =
            (0..rows).map(|row| if row % 7 == 0 { f64::NAN } else { noise(row, 2) * 5.0 }).collect();
        let c: Vec<u32> = (0..rows).map(|row| mix(row as u64 + 99) as u32 % 3).collect();
        let known = |b: f64| if b.is_nan() { 1.0 } else { b };
        let y = (0..rows).map(|row| of(a[row], known(b[row]), f64::from(c[row])) + noise(row, 3) * 0.1);
        let columns = [
            Column::Numbers(a.clone()),
            Column::Numbers(b.clone()),
            Column::Categories { codes: c.clone(), levels: 3 },
            Column::Numbers(y.collect()),
        ];
        Data::new(columns.map(|column| Coded::shared_by_two(&column)).into(), Support::by_rows(1))
    }

    fn fit(data: &Data) -> Option<Drawn> {
        let folds: Vec<u8> = (0..data.rows() as u32).map(|row| data.fold(row, 3) as u8).collect();
        Line::fit(data, 3, &[0, 1, 2], 100, &folds, 3)
    }

    #[test]
    fn a_sum_is_found_and_followed() {
        let data = data(2000, |a, b, c| 3.0 * a - b + 2.0 * c);
        let Drawn { line, steps } = fit(&data).unwrap();
        let atoms: Vec<Atoms> = data.columns.iter().map(|column| column.atoms.clone()).collect();
        assert!(line.is_sound(&atoms[..3]) && !line.is_sound(&atoms[..1]));
        // Nearly the order of the target: ranks stray by a few hundredths.
        let target = &data.columns[3];
        let count = f64::from(line.cuts.len() as u32 + 1);
        let strays = steps
            .iter()
            .zip(&target.codes)
            .map(|(&step, &code)| (f64::from(step) / count - target.atoms.rank(code)).abs());
        let stray = strays.sum::<f64>() / 2000.0;
        assert!(stray < 0.02, "{stray}");
        // Drawn rows stand where rows that were learned from do.
        let mut block = Block::new(2000, Draws::Spread);
        data.columns[..3].iter().for_each(|column| block.fill(column.codes.clone()));
        let drawn = line.steps(&atoms[..3], &block);
        let apart = drawn.iter().zip(&steps).map(|(&a, &b)| f64::from(a.abs_diff(b)) / count);
        assert!(apart.sum::<f64>() / 2000.0 < 0.01);
    }

    #[test]
    fn what_no_line_tells_has_none() {
        assert!(fit(&data(2000, |_, _, _| 0.0)).is_none());
        assert!(fit(&data(2000, |a, _, _| (a * 25.0).cos())).is_none());
    }

    #[test]
    fn ridge_solves_and_shrinks() {
        // [4 2; 2 3] w = [2, 1] has w = (1/2, 0).
        let lower = vec![4.0, 0.0, 2.0, 3.0];
        let w = ridge(lower.clone(), vec![2.0, 1.0], 0.0);
        assert!((w[0] - 0.5).abs() < 1e-12 && w[1].abs() < 1e-12);
        assert!(ridge(lower, vec![2.0, 1.0], 4.0)[0] < 0.25);
    }
}
