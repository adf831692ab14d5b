//! Formulas between numbers: b = k a + c, totals of two or more columns, products; dates take part in days.
//!
//! Candidates come from a few base rows: what a pair, or a run of neighbouring columns, adds up to there is looked up among
//! that row's other numbers. Each is then tried on the sample and counted on all rows. A formula holds in a row if it
//! does to half a step of the result's own rounding. Chance: how often it holds where the last part is taken from another
//! row.

use super::remainder::{self, Remainder};
use super::{Budget, Dimension, MAX_NUMBERS, MIN_ROWS, Relation, RelationKind, Rows, View, list};

/// A formula of fewer rows than this share is none.
const MIN_SHARE: f64 = 0.98;
/// How often a formula may hold with parts of different rows.
const MAX_CHANCE: f64 = 0.5;
const MIN_LEVELS: usize = 3;
/// A line over fewer distinct numbers is a recoding.
const MIN_POINTS: usize = 8;
/// So many steps of rounding must lie between the least and the greatest result.
const MIN_STEPS: f64 = 100.0;
/// Rows where candidates are looked up.
const BASES: usize = 4;
/// Neighbouring columns that are added up.
const LONGEST: usize = 24;
/// Three columns that lie apart are tried in tables of no more numbers than this.
const APART: usize = 32;

/// Columns that are a multiple of another, plus a constant.
pub fn lines(views: &[&View], rows: &Rows) -> Vec<Relation> {
    let search = Search::new(views, rows);
    search.lines().iter().map(|line| search.tell(line)).collect()
}

/// Totals and products.
pub fn find(views: &[&View], rows: &Rows) -> Vec<Relation> {
    let search = Search::new(views, rows);
    search.totals().iter().chain(&search.products()).map(|formula| search.tell(formula)).collect()
}

/// Totals of which a remainder of few amounts is left, but for those that are told already.
pub fn remainders(views: &[&View], rows: &Rows, told: &[Relation]) -> Vec<Relation> {
    let search = Search::new(views, rows);
    let is_told = |found: &Remainder| {
        told.iter().any(|relation| {
            relation.columns.last().is_some_and(|name| name == search.views[found.total].name)
        })
    };
    let found = remainder::find(&search, &[]).into_iter().filter(|found| !is_told(found));
    found.map(|found| remainder::tell(&search, &found)).collect()
}

/// What some columns tell of another one. Places are those of [`Search::views`].
pub struct Formula {
    pub form: Form,
    pub parts: Vec<usize>,
    pub total: usize,
    /// Of the rows that hold all of these, those that agree; and how many hold them.
    pub share: f64,
    pub rows: usize,
}

pub enum Form {
    Line(Line),
    Sum,
    Product,
}

pub struct Search<'a, 'b> {
    pub views: Vec<&'b View<'a>>,
    pub rows: &'b Rows,
    /// By view: its numbers in the sampled rows.
    pub sample: Vec<Vec<f64>>,
    dimensions: Vec<Dimension>,
    pub budget: Budget,
}

#[derive(Clone, Copy, PartialEq)]
enum Operation {
    Sum,
    Product,
}

/// How a candidate fares: rows where it holds, rows with all its numbers, and those that could speak against it.
#[derive(Default)]
struct Tally {
    agree: usize,
    both: usize,
    telling: usize,
}

impl<'a, 'b> Search<'a, 'b> {
    pub fn new(views: &[&'b View<'a>], rows: &'b Rows) -> Self {
        let views: Vec<&View> = views
            .iter()
            .copied()
            .filter(|view| {
                view.levels >= MIN_LEVELS && view.dimension().is_some() && view.present >= MIN_ROWS
            })
            .take(MAX_NUMBERS)
            .collect();
        let numbers = |view: &&View| -> Vec<f64> {
            rows.sample.iter().map(|&row| view.number_of(view.codes[row] as usize)).collect()
        };
        Search {
            sample: views.iter().map(numbers).collect(),
            dimensions: views.iter().map(|view| view.dimension().expect("filtered")).collect(),
            budget: Budget::new(),
            views,
            rows,
        }
    }

    /// The formula for people.
    fn tell(&self, formula: &Formula) -> Relation {
        let Formula { parts, total, share, rows, .. } = formula;
        let total = self.views[*total];
        let mut columns: Vec<&View> = parts.iter().map(|&part| self.views[part]).collect();
        let names: Vec<&str> = columns.iter().map(|view| view.name).collect();
        columns.push(total);
        let (kind, sentence) = match &formula.form {
            Form::Line(line) => {
                let text = line.text.replace('x', names[0]);
                (RelationKind::Linear, format!("{} = {text}", total.name))
            }
            Form::Product => (RelationKind::Product, format!("{} = {}", total.name, names.join(" × "))),
            Form::Sum => {
                let is_date = |&part: &usize| self.dimensions[part] == Dimension::Date;
                let sentence = match parts.iter().position(is_date) {
                    Some(place) => {
                        format!("{} = {} − {}, in days", names[1 - place], total.name, names[place])
                    }
                    None if names.len() > 6 => format!("{} is the sum of {}", total.name, list(&names)),
                    None => format!("{} = {}", total.name, names.join(" + ")),
                };
                (RelationKind::Sum, sentence)
            }
        };
        Relation::new(kind, &columns, *share, *rows, sentence)
    }

    pub fn lines(&self) -> Vec<Formula> {
        let mut found = Vec::new();
        let mut explained = vec![false; self.views.len()];
        for from in 0..self.views.len() {
            for to in from + 1..self.views.len() {
                if explained[from] || explained[to] {
                    continue; // a formula with the first of a family of lines tells the others
                }
                // Either may be the one that is told in rounder figures.
                let lines = [(from, to), (to, from)].map(|(x, y)| self.line(x, y).map(|line| (x, y, line)));
                let simplest = lines.into_iter().flatten().min_by_key(|(.., line)| line.text.len());
                let Some((x, y, line)) = simplest else { continue };
                if let Some((share, rows)) = self.count_line(self.views[x], self.views[y], &line) {
                    explained[to] = true;
                    found.push(Formula { form: Form::Line(line), parts: vec![x], total: y, share, rows });
                }
            }
        }
        found
    }

    fn line(&self, x: usize, y: usize) -> Option<Line> {
        let (from, to) = (self.views[x], self.views[y]);
        let dates = [&self.dimensions[x], &self.dimensions[y]].map(|dimension| *dimension == Dimension::Date);
        if from.levels < MIN_POINTS || to.levels < MIN_POINTS || dates[0] != dates[1] {
            return None;
        }
        let (xs, ys) = (&self.sample[x], &self.sample[y]);
        let points = || xs.iter().zip(ys).filter(|(x, y)| x.is_finite() && y.is_finite());
        let (low, high) =
            (points().min_by(|a, b| a.0.total_cmp(b.0))?, points().max_by(|a, b| a.0.total_cmp(b.0))?);
        let slope = (high.1 - low.1) / (high.0 - low.0);
        if !slope.is_finite() || slope == 0.0 || dates[0] && slope != 1.0 {
            return None;
        }
        let span = (high.1 - low.1).abs();
        // Whole numbers over a short range are exact; fine steps over a long one may be rounded.
        let rounding = if (high.0 - low.0) > 1000.0 * from.grid() { slope.abs() * from.grid() } else { 0.0 };
        let tolerance = 0.5 * (to.grid() + rounding) + 1e-9 * (span + low.1.abs());
        // The ends are rounded too, so the first guess may be off by as much again at each end.
        let near = |(x, y): (&f64, &f64)| (y - low.1 - slope * (x - low.0)).abs() <= 3.0 * tolerance;
        if span < MIN_STEPS * tolerance || points().count() < MIN_ROWS || !points().all(near) {
            return None;
        }
        let count = points().count() as f64;
        let mean = points().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / count, sum.1 + y / count));
        let (covariance, variance) = points().fold((0.0, 0.0), |sum, (x, y)| {
            (sum.0 + (x - mean.0) * (y - mean.1), sum.1 + (x - mean.0) * (x - mean.0))
        });
        let slope = covariance / variance;
        (1..=9).find_map(|digits| {
            let slope = rounded(slope, digits);
            let constant = mean.1 - slope * mean.0;
            let constants = (1..=9).map(|digits| rounded(constant, digits)).chain([constant]);
            [0.0].into_iter().chain(constants).find_map(|constant| {
                let line = Line::new(slope, constant, tolerance);
                points().all(|(x, y)| line.holds(*x, *y)).then_some(line)
            })
        })
    }

    fn count_line(&self, x: &View, y: &View, line: &Line) -> Option<(f64, usize)> {
        if !self.budget.pays(2 * self.rows.all) {
            return None;
        }
        let mut tally = Tally::default();
        for row in 0..self.rows.all {
            let (x, y) = (x.number(row), y.number(row));
            tally.both += usize::from(x.is_finite() && y.is_finite());
            tally.agree += usize::from(line.holds(x, y));
        }
        tally.verdict()
    }

    pub fn totals(&self) -> Vec<Formula> {
        let count = self.views.len();
        let mut best: Vec<Option<(f64, usize, Vec<usize>)>> = vec![None; count];
        let mut keep = |parts: &[usize], total: usize| {
            let rank = |share: f64, parts: usize| (share, std::cmp::Reverse(parts));
            if let Some((share, rows)) = self.count(parts, total, Operation::Sum)
                && best[total]
                    .as_ref()
                    .is_none_or(|(old, _, old_parts)| rank(share, parts.len()) > rank(*old, old_parts.len()))
            {
                best[total] = Some((share, rows, parts.to_vec()));
            }
        };
        for base in self.bases(0.0) {
            let known = Sorted::new(self, base);
            for first in 0..count {
                let mut run: Vec<usize> = vec![first];
                for next in first + 1..count {
                    known.totals(&[first, next], &mut keep);
                    run.push(next);
                    if (3..=LONGEST).contains(&run.len()) {
                        known.totals(&run, &mut keep);
                    }
                    for third in if count <= APART { next + 1..count } else { 0..0 } {
                        known.totals(&[first, next, third], &mut keep);
                    }
                }
            }
        }
        let sums = best.into_iter().enumerate();
        sums.filter_map(|(total, sum)| {
            sum.map(|(share, rows, parts)| Formula { form: Form::Sum, parts, total, share, rows })
        })
        .collect()
    }

    pub fn products(&self) -> Vec<Formula> {
        let mut found: Vec<Formula> = Vec::new();
        for base in self.bases(1.0) {
            let known = Sorted::new(self, base);
            for first in 0..self.views.len() {
                for second in first + 1..self.views.len() {
                    for total in known.products(first, second) {
                        let family = |place| [first, second, total].contains(place);
                        if found.iter().any(|other| family(&other.total) && other.parts.iter().all(family)) {
                            continue;
                        }
                        let parts = vec![first, second];
                        if let Some((share, rows)) = self.count(&parts, total, Operation::Product) {
                            found.push(Formula { form: Form::Product, parts, total, share, rows });
                        }
                    }
                }
            }
        }
        found
    }

    /// The sampled rows with the most numbers other than 0 and `idle`.
    fn bases(&self, idle: f64) -> Vec<usize> {
        let telling = |place: usize| {
            self.sample.iter().filter(move |numbers| {
                let number = numbers[place];
                number.is_finite() && number != 0.0 && number != idle
            })
        };
        let mut places: Vec<(usize, usize)> =
            (0..self.rows.sample.len()).map(|place| (usize::MAX - telling(place).count(), place)).collect();
        places.sort();
        places.into_iter().take(BASES).map(|(_, place)| place).collect()
    }

    /// Half a step of the result; where steps are fine beside the spread, also half a step of every part.
    fn tolerance(&self, parts: &[usize], total: usize) -> f64 {
        let view = self.views[total];
        let (low, high) = view.range();
        let own = 0.5 * view.grid();
        let fine = high - low > 1000.0 * view.grid();
        let others: f64 = parts.iter().map(|&part| 0.5 * self.views[part].grid()).sum();
        let scale = low.abs().max(high.abs());
        let float = if view.grid() == 0.0 { 1e-6 } else { 1e-12 };
        if fine && others <= 2.0 * parts.len() as f64 * own {
            own + others + float * scale
        } else {
            1.001 * own + float * scale
        }
    }

    /// Tries a candidate on the sample, then on all rows.
    fn count(&self, parts: &[usize], total: usize, operation: Operation) -> Option<(f64, usize)> {
        let tolerance = self.tolerance(parts, total);
        let idle = if operation == Operation::Sum { 0.0 } else { 1.0 };
        let result = |numbers: &mut dyn Iterator<Item = f64>| -> (f64, usize) {
            numbers.fold((idle, 0), |(result, telling), number| {
                let result = if operation == Operation::Sum { result + number } else { result * number };
                (result, telling + usize::from(number != idle && number != 0.0))
            })
        };
        let at = |place: usize, column: usize| self.sample[column][place];
        let length = self.rows.sample.len();
        let (mut tally, mut shifted) = (Tally::default(), Tally::default());
        let last = *parts.last()?;
        for place in 0..length {
            let y = at(place, total);
            let (value, telling) = result(&mut parts.iter().map(|&part| at(place, part)));
            tally.add(value, y, tolerance, telling > 1);
            let far = (place + 1 + length / 3) % length;
            let strange = &mut parts.iter().map(|&part| at(if part == last { far } else { place }, part));
            shifted.add(result(strange).0, y, tolerance, true);
            if tally.both - tally.agree > 2 + length / 40 {
                return None;
            }
        }
        let chance = shifted.agree as f64 / shifted.both.max(1) as f64;
        if chance > MAX_CHANCE || tally.both > 0 && tally.verdict().is_none() && tally.both >= length / 2 {
            return None;
        }
        if !self.budget.pays((parts.len() + 1) * self.rows.all) {
            return None;
        }
        let mut tally = Tally::default();
        for row in 0..self.rows.all {
            let (value, telling) = result(&mut parts.iter().map(|&part| self.views[part].number(row)));
            tally.add(value, self.views[total].number(row), tolerance, telling > 1);
        }
        if tally.telling < MIN_ROWS { None } else { tally.verdict() }
    }
}

impl Tally {
    fn add(&mut self, value: f64, result: f64, tolerance: f64, telling: bool) {
        let both = value.is_finite() && result.is_finite();
        self.both += usize::from(both);
        self.telling += usize::from(both && telling);
        self.agree += usize::from((value - result).abs() <= tolerance);
    }

    fn verdict(&self) -> Option<(f64, usize)> {
        let share = self.agree as f64 / self.both.max(1) as f64;
        (self.both >= MIN_ROWS && share >= MIN_SHARE).then_some((share, self.both))
    }
}

/// The numbers of one base row, sorted, to look results up.
struct Sorted<'s, 'a, 'b> {
    search: &'s Search<'a, 'b>,
    base: usize,
    numbers: Vec<(f64, usize)>,
}

impl<'s, 'a, 'b> Sorted<'s, 'a, 'b> {
    fn new(search: &'s Search<'a, 'b>, base: usize) -> Self {
        let row = search.sample.iter().enumerate().map(|(column, numbers)| (numbers[base], column));
        let mut numbers: Vec<(f64, usize)> = row.filter(|(number, _)| number.is_finite()).collect();
        numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
        Sorted { search, base, numbers }
    }

    fn at(&self, column: usize) -> f64 {
        self.search.sample[column][self.base]
    }

    fn near(&self, value: f64) -> impl Iterator<Item = usize> {
        let slack = 1e-6 * value.abs() + 1.0;
        let start = self.numbers.partition_point(|(number, _)| *number < value - slack);
        let near = self.numbers[start..].iter().take_while(move |(number, _)| *number <= value + slack);
        near.map(|(_, column)| *column)
    }

    /// Calls `keep` with the columns that may be the total of these parts.
    fn totals(&self, parts: &[usize], keep: &mut impl FnMut(&[usize], usize)) {
        let dimensions = &self.search.dimensions;
        let dates = parts.iter().filter(|&&part| dimensions[part] == Dimension::Date).count();
        let dimension = match dates {
            0 => &dimensions[parts[0]],
            1 if parts.len() == 2 => &Dimension::Date,
            _ => return,
        };
        if dates == 0 && !parts.iter().all(|&part| dimensions[part] == *dimension) {
            return;
        }
        let value: f64 = parts.iter().map(|&part| self.at(part)).sum();
        if !value.is_finite() {
            return;
        }
        for total in self.near(value) {
            if !parts.contains(&total)
                && dimensions[total] == *dimension
                && (value - self.at(total)).abs() <= self.search.tolerance(parts, total)
            {
                keep(parts, total);
            }
        }
    }

    /// The columns that may be the product of these two.
    fn products(&self, first: usize, second: usize) -> Vec<usize> {
        let value = self.at(first) * self.at(second);
        let dimension = |column: usize| &self.search.dimensions[column];
        let idle = [first, second].iter().any(|&part| [0.0, 1.0].contains(&self.at(part)));
        if !value.is_finite()
            || idle
            || [first, second].iter().any(|&part| *dimension(part) == Dimension::Date)
        {
            return Vec::new();
        }
        let fits = |total: &usize| {
            ![first, second, usize::MAX].contains(total)
                && *dimension(*total) != Dimension::Date
                && (value - self.at(*total)).abs() <= self.search.tolerance(&[], *total)
        };
        self.near(value).filter(fits).collect()
    }
}

/// y = slope x + constant, to within the rounding of both.
pub struct Line {
    pub slope: f64,
    pub constant: f64,
    tolerance: f64,
    /// With x for the other column.
    text: String,
}

impl Line {
    pub fn new(slope: f64, constant: f64, tolerance: f64) -> Self {
        let product = match slope {
            1.0 => "x".to_string(),
            -1.0 => "−x".to_string(),
            _ => format!("{slope} × x").replace('-', "−"),
        };
        let text = match constant {
            0.0 => product,
            _ if constant > 0.0 => format!("{product} + {constant}"),
            _ => format!("{product} − {}", -constant),
        };
        Line { slope, constant, tolerance: tolerance * 1.02, text }
    }

    pub fn holds(&self, x: f64, y: f64) -> bool {
        (y - self.slope * x - self.constant).abs() <= self.tolerance
    }
}

/// The number at so many significant digits.
fn rounded(number: f64, digits: usize) -> f64 {
    format!("{number:.*e}", digits - 1).parse().unwrap_or(number)
}
