//! Totals of which a remainder of few amounts is left: a fare, a tip and tolls, and a fee that comes in some sizes.
//!
//! The parts are taken from the total one after another, each time the one that leaves the rows most alike, as long as
//! one does. Alike is how often two rows hold the same: a total that two rows hardly ever share must leave a remainder that
//! they share often. Nothing is assumed of the remainder itself, so it may be below zero, and a sum that some rows break is
//! one whose remainder is mostly zero. Does not: find differences, dates, or totals written more coarsely than a part.

use super::formula::{Form, Formula, Search};
use super::{Dimension, MIN_ROWS, Relation, RelationKind, View};

/// How often two rows may share the total, and must share the remainder.
const MAX_OWN: f64 = 0.05;
const MIN_LEFT: f64 = 0.1;
/// What each part must bring.
const MIN_GAIN: f64 = 1.02;
const MAX_PARTS: usize = 8;
/// Wider tables are not searched: the pairs are too many.
const MAX_COLUMNS: usize = 64;

/// A total and its parts, at least two. Places are those of [`Search::views`].
pub struct Remainder {
    pub total: usize,
    pub parts: Vec<usize>,
    /// Rows that hold the total.
    pub rows: usize,
}

/// `sums`: that are known to hold, but for how they are rounded or for a few rows. Their parts need not be sought.
pub fn find(search: &Search, sums: &[Formula]) -> Vec<Remainder> {
    let is_sum = |formula: &&Formula| matches!(formula.form, Form::Sum);
    let known = |total: usize| sums.iter().filter(is_sum).find(|sum| sum.total == total);
    let is_total = |view: &View| {
        view.grid() > 0.0 && view.dimension() != Some(Dimension::Date) && view.collision() <= MAX_OWN
    };
    let total = |total: usize| {
        let known = known(total).and_then(|sum| with_parts(search, total, sum.parts.clone()));
        known.or_else(|| with_parts(search, total, parts(search, total)?))
    };
    (0..search.views.len()).filter(|&place| is_total(search.views[place])).filter_map(total).collect()
}

pub fn tell(search: &Search, remainder: &Remainder) -> Relation {
    let view = |&place: &usize| search.views[place];
    let names: Vec<&str> = remainder.parts.iter().map(|part| view(part).name).collect();
    let total = view(&remainder.total);
    let sentence = format!("{} = {} + one of few amounts", total.name, names.join(" + "));
    let columns: Vec<&View> = remainder.parts.iter().chain([&remainder.total]).map(view).collect();
    Relation::new(RelationKind::Remainder, &columns, 1.0, remainder.rows, sentence)
}

/// May it be a part of this total?
fn fits(search: &Search, total: usize, part: usize) -> bool {
    let [view, other] = [search.views[total], search.views[part]];
    part != total && other.dimension() == view.dimension() && other.grid() >= view.grid() * (1.0 - 1e-9)
}

fn parts(search: &Search, total: usize) -> Option<Vec<usize>> {
    let Search { views, sample, .. } = search;
    if views.len() > MAX_COLUMNS {
        return None;
    }
    let grid = views[total].grid();
    let candidates: Vec<usize> = (0..views.len()).filter(|&part| fits(search, total, part)).collect();
    let mut left = sample[total].clone();
    let (mut parts, mut shared) = (Vec::new(), shared(&left, grid)?);
    while parts.len() < MAX_PARTS {
        let without =
            |part: usize| -> Vec<f64> { left.iter().zip(&sample[part]).map(|(a, b)| a - b).collect() };
        let gone = |rest: &[f64]| rest.iter().zip(&left).any(|(rest, left)| rest.is_nan() && !left.is_nan());
        let others = candidates.iter().filter(|part| !parts.contains(*part));
        let rests = others.map(|&part| (part, without(part))).filter(|(_, rest)| !gone(rest));
        let rests = rests.filter_map(|(part, rest)| Some((self::shared(&rest, grid)?, part, rest)));
        let best = rests.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((more, part, rest)) = best.filter(|best| best.0 >= shared * MIN_GAIN) else { break };
        parts.push(part);
        (shared, left) = (more, rest);
    }
    (shared >= MIN_LEFT).then_some(parts)
}

/// The total with these parts, if all rows bear it.
fn with_parts(search: &Search, total: usize, mut parts: Vec<usize>) -> Option<Remainder> {
    let Search { views, rows, budget, .. } = search;
    let view = views[total];
    if parts.len() < 2
        || !parts.iter().all(|&part| fits(search, total, part))
        || !budget.pays((parts.len() + 1) * rows.all)
    {
        return None;
    }
    let left = |row: usize| parts.iter().fold(view.number(row), |left, &part| left - views[part].number(row));
    let left: Vec<f64> = (0..rows.all).map(left).collect();
    let is_there = |row: usize| !view.number(row).is_nan();
    let complete = (0..rows.all).all(|row| is_there(row) != left[row].is_nan());
    parts.sort_unstable();
    let rows = (0..rows.all).filter(|&row| is_there(row)).count();
    (complete && shared(&left, view.grid())? >= MIN_LEFT).then_some(Remainder { total, parts, rows })
}

/// The chance that two of the rows that have a number have the same, in steps of the grid.
fn shared(numbers: &[f64], grid: f64) -> Option<f64> {
    let present = numbers.iter().filter(|number| !number.is_nan());
    let mut steps: Vec<f64> = present.map(|number| (number / grid).round()).collect();
    if steps.len() < MIN_ROWS {
        return None;
    }
    steps.sort_unstable_by(f64::total_cmp);
    let pairs = steps.chunk_by(|a, b| a == b).map(|run| (run.len() * (run.len() - 1)) as f64).sum::<f64>();
    Some(pairs / (steps.len() * (steps.len() - 1)) as f64)
}
