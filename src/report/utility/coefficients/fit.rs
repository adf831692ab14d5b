//! Least squares and logistic regression on a few predictors: normal equations and Newton's steps, by Cholesky's factors.
//!
//! Standard errors are those of the textbook: of least squares s² (X'X)^-1 with n - p degrees of freedom, of the logistic
//! the inverse of the information at the maximum. There is no maximum where predictors part the answers (separation): then,
//! and where predictors tell one another, nothing is fitted.

pub struct Design {
    /// Each predictor's number of every row.
    pub columns: Vec<Vec<f64>>,
    pub answers: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    pub value: f64,
    pub error: f64,
}

const STEPS: usize = 30;
/// A coefficient of a logistic regression beyond this runs away: e^20 to one.
const AWAY: f64 = 20.0;
/// A pivot that keeps no more than this part of its diagonal is none.
const SINGULAR: f64 = 1e-9;

impl Estimate {
    pub fn ends(&self) -> [f64; 2] {
        [self.value - 1.96 * self.error, self.value + 1.96 * self.error]
    }
}

/// Of each predictor; an intercept is fitted with them. None where it cannot be fitted.
pub fn fit(design: &Design, is_logistic: bool) -> Option<Vec<Estimate>> {
    let rows = design.answers.len();
    let columns = [&[vec![1.0; rows]], &design.columns[..]].concat();
    if design.columns.is_empty() || rows <= columns.len() {
        return None;
    }
    let (values, variances) = match is_logistic {
        true => logistic(&columns, &design.answers)?,
        false => linear(&columns, &design.answers)?,
    };
    let estimate = |(&value, &variance): (&f64, &f64)| Estimate { value, error: variance.sqrt() };
    let estimates: Vec<Estimate> = values.iter().zip(&variances).skip(1).map(estimate).collect();
    estimates
        .iter()
        .all(|of| of.value.is_finite() && of.error > 0.0 && of.error.is_finite())
        .then_some(estimates)
}

/// Coefficients and their variances.
type Fitted = (Vec<f64>, Vec<f64>);

fn linear(columns: &[Vec<f64>], answers: &[f64]) -> Option<Fitted> {
    let factor = factor(&information(columns, &vec![1.0; answers.len()]))?;
    let values = solve(&factor, &slopes(columns, answers));
    let misses =
        answers.iter().zip(fitted(columns, &values)).map(|(answer, told)| (answer - told) * (answer - told));
    let variance = misses.sum::<f64>() / (answers.len() - columns.len()) as f64;
    Some((values, inverse_diagonal(&factor).into_iter().map(|part| part * variance).collect()))
}

fn logistic(columns: &[Vec<f64>], answers: &[f64]) -> Option<Fitted> {
    let mut values = vec![0.0; columns.len()];
    for _ in 0..STEPS {
        let chances: Vec<f64> =
            fitted(columns, &values).into_iter().map(|logit| 1.0 / (1.0 + libm::exp(-logit))).collect();
        let weights: Vec<f64> = chances.iter().map(|chance| chance * (1.0 - chance)).collect();
        let misses: Vec<f64> = answers.iter().zip(&chances).map(|(answer, chance)| answer - chance).collect();
        let factor = factor(&information(columns, &weights))?;
        let step = solve(&factor, &slopes(columns, &misses));
        values.iter_mut().zip(&step).for_each(|(value, step)| *value += step);
        if !values.iter().all(|value| value.abs() < AWAY) {
            return None;
        }
        if step.iter().all(|step| step.abs() < 1e-8) {
            return Some((values, inverse_diagonal(&factor)));
        }
    }
    None
}

fn fitted(columns: &[Vec<f64>], values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; columns[0].len()];
    for (column, value) in columns.iter().zip(values) {
        sums.iter_mut().zip(column).for_each(|(sum, cell)| *sum += value * cell);
    }
    sums
}

/// X'WX.
fn information(columns: &[Vec<f64>], weights: &[f64]) -> Vec<Vec<f64>> {
    let weighted =
        |column: &Vec<f64>| column.iter().zip(weights).map(|(cell, weight)| cell * weight).collect();
    let weighted: Vec<Vec<f64>> = columns.iter().map(weighted).collect();
    weighted.iter().map(|one| columns.iter().map(|other| product(one, other)).collect()).collect()
}

/// X'v.
fn slopes(columns: &[Vec<f64>], of: &[f64]) -> Vec<f64> {
    columns.iter().map(|column| product(column, of)).collect()
}

/// L of LL' (Cholesky). None of a matrix that is not positive definite.
fn factor(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = matrix.len();
    let mut factor = vec![vec![0.0; size]; size];
    for (i, row) in matrix.iter().enumerate() {
        for (j, cell) in row[..=i].iter().enumerate() {
            let rest = cell - product(&factor[i][..j], &factor[j][..j]);
            if i != j {
                factor[i][j] = rest / factor[j][j];
            } else if rest > SINGULAR * cell && rest > 0.0 {
                factor[i][i] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(factor)
}

fn solve(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut values = forward(factor, right);
    for i in (0..values.len()).rev() {
        let told: f64 = (i + 1..values.len()).map(|j| factor[j][i] * values[j]).sum();
        values[i] = (values[i] - told) / factor[i][i];
    }
    values
}

fn forward(factor: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut values = right.to_vec();
    for (i, row) in factor.iter().enumerate() {
        let told = product(&row[..i], &values[..i]);
        values[i] = (values[i] - told) / row[i];
    }
    values
}

/// The diagonal of (LL')^-1: squares of the columns of L^-1.
fn inverse_diagonal(factor: &[Vec<f64>]) -> Vec<f64> {
    let column = |place: usize| {
        let unit: Vec<f64> = (0..factor.len()).map(|at| f64::from(u8::from(at == place))).collect();
        let column = forward(factor, &unit);
        product(&column, &column)
    };
    (0..factor.len()).map(column).collect()
}

pub fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Less their mean.
pub fn centred(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter().map(|value| value - mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 24 rows of two predictors, and noise.
    fn example() -> (Vec<Vec<f64>>, Vec<f64>) {
        let of = |times: usize, modulus: usize, less: f64, by: f64| -> Vec<f64> {
            (0..24).map(|i| ((i * times % modulus) as f64 - less) / by).collect()
        };
        (vec![of(7, 12, 5.5, 4.0), of(5, 9, 4.0, 3.0)], of(11, 7, 3.0, 2.0))
    }

    fn near(estimates: &[Estimate], truth: [[f64; 2]; 2]) {
        for (estimate, [value, error]) in estimates.iter().zip(truth) {
            assert!(
                (estimate.value - value).abs() < 1e-7 && (estimate.error - error).abs() < 1e-7,
                "{estimate:?}"
            );
        }
    }

    /// What OLS and Logit of statsmodels 0.14 say of the same rows.
    #[test]
    fn a_worked_example_agrees_with_statsmodels() {
        let (columns, noise) = example();
        let row = |i: usize| (columns[0][i], columns[1][i], noise[i]);
        let answers = (0..24).map(row).map(|(a, b, noise)| 1.5 * a - 0.5 * b + noise).collect();
        let linear = fit(&Design { columns: columns.clone(), answers }, false).unwrap();
        near(&linear, [[2.140_445_99, 0.210_593_82], [-0.340_788_07, 0.209_457_66]]);
        let is_high = |(a, b, noise): (f64, f64, f64)| f64::from(u8::from(a + 0.3 * b + noise > 0.2));
        let answers = (0..24).map(row).map(is_high).collect();
        let logistic = fit(&Design { columns, answers }, true).unwrap();
        near(&logistic, [[1.885_477_91, 0.773_675_91], [0.729_363_85, 0.642_004_56]]);
    }

    #[test]
    fn separation_and_twins_are_not_fitted() {
        let (columns, noise) = example();
        let parted = columns[0].iter().map(|a| f64::from(u8::from(*a > 0.0))).collect();
        assert!(fit(&Design { columns: columns.clone(), answers: parted }, true).is_none());
        let twins = vec![columns[0].clone(), columns[0].iter().map(|a| 2.0 * a + 1.0).collect()];
        assert!(fit(&Design { columns: twins, answers: noise }, false).is_none());
    }
}
