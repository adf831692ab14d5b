//! How the values of each column are spread: in the training rows, the held-out ones and the synthetic ones.
//!
//! Numbers are counted in at most [`BINS`] steps of a round width (Wilkinson's 1, 2, 2.5 or 5 times a power of ten; dates in
//! minutes to centuries of the calendar) between the 1 and the 99 % quantile of the training rows; what lies beyond is
//! "below" or "above", so no extreme is shown. Steps with fewer than [`TOLD`] training or held-out rows are joined to the
//! next one. Of categories the [`LEVELS`] commonest that may be named are told, the rest is "others". No figure here
//! stands for one to four rows: such a share is None. Shares are of the rows counted. A picture, no figure: it has no verdict.

use serde::Serialize;

use super::calendar;
use crate::frame::Column;
use crate::report::{Report, Tables};

/// Rows that a share must stand for.
pub const TOLD: u64 = 5;
/// Columns that are told; of more those whose shapes differ most.
const COLUMNS: usize = 60;
const BINS: usize = 24;
const LEVELS: usize = 12;

/// One column's.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    pub column: String,
    pub kind: Kind,
    pub bins: Vec<Bin>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Numbers,
    Dates,
    Categories,
}

/// A step of numbers, or a category.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bin {
    pub label: String,
    pub place: Place,
    /// How many steps of the round width it spans.
    pub steps: usize,
    /// Shares of the rows; None where fewer than five rows have it, or there is no such table.
    pub real: Option<f64>,
    pub held_out: Option<f64>,
    pub synthetic: Option<f64>,
}

/// What a bin is beside the others of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Below,
    /// A step, or a category of its own.
    Own,
    Above,
    /// All other categories.
    Others,
    /// Rows without a number.
    Missing,
}

/// After the shapes, which tell the columns that differ most.
pub fn judge(tables: &Tables, report: &mut Report) {
    let worst = report.columns.iter().filter_map(|told| tables.names.iter().position(|n| *n == told.name));
    let mut chosen: Vec<usize> = worst.take(COLUMNS).collect();
    chosen.sort_unstable();
    chosen.dedup();
    report.distributions = chosen.into_iter().filter_map(|place| distribution(tables, place)).collect();
}

/// None where too few rows have a value.
fn distribution(tables: &Tables, place: usize) -> Option<Distribution> {
    let every = [Some(&tables.train), tables.holdout.as_ref(), Some(&tables.synthetic)];
    let columns = every.map(|frame| frame.map(|frame| &frame.columns[place]));
    let (kind, cells) = match columns[0]? {
        Column::Numbers(train) if tables.dates.get(place) == Some(&true) => {
            (Kind::Dates, steps(&columns, calendar::edges(between(train)?, BINS - 2)))
        }
        Column::Numbers(train) => {
            let whole = train.iter().all(|value| value.is_nan() || value.fract() == 0.0);
            (Kind::Numbers, steps(&columns, edges(between(train)?, whole)))
        }
        Column::Categories { .. } => (Kind::Categories, levels(&columns, &tables.labels[place])),
    };
    let totals: [u64; 3] = [0, 1, 2].map(|table| cells.iter().map(|cell| cell.counts[table]).sum());
    (totals[0] >= TOLD && !cells.is_empty()).then(|| {
        let share = |cell: &Cell, table: usize| {
            let count = cell.counts[table];
            (totals[table] > 0 && (count == 0 || count >= TOLD))
                .then(|| round(count as f64 / totals[table] as f64))
        };
        let bin = |cell: Cell| Bin {
            real: share(&cell, 0),
            held_out: share(&cell, 1),
            synthetic: share(&cell, 2),
            label: cell.label,
            place: cell.place,
            steps: cell.steps,
        };
        let column = tables.names[place].clone();
        Distribution { column, kind, bins: cells.into_iter().map(bin).collect() }
    })
}

/// To a thousandth: what a picture shows.
fn round(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

/// Rows of the three tables.
struct Cell {
    label: String,
    place: Place,
    steps: usize,
    counts: [u64; 3],
}

impl Cell {
    /// Whether one to four real rows have it, which are to be told together with others.
    fn is_thin(&self) -> bool {
        self.counts[..2].iter().any(|count| (1..TOLD).contains(count))
    }

    fn is_empty(&self) -> bool {
        self.counts == [0; 3]
    }

    fn add(&mut self, other: &Cell) {
        (0..3).for_each(|table| self.counts[table] += other.counts[table]);
    }
}

/// Where round steps end, and how such an end is written.
pub struct Edges {
    pub at: Vec<f64>,
    pub written: Vec<String>,
    /// Whether a step holds one whole number only.
    pub single: bool,
    /// What is said before the first end, and after the last one.
    pub beyond: [&'static str; 2],
}

/// The 1 and the 99 % quantile, or where at least five rows lie beyond.
fn between(train: &[f64]) -> Option<[f64; 2]> {
    let mut known: Vec<f64> = train.iter().copied().filter(|value| value.is_finite()).collect();
    known.sort_unstable_by(f64::total_cmp);
    let beyond = (known.len() / 100).max(TOLD as usize);
    (known.len() > 2 * beyond).then(|| [known[beyond], known[known.len() - 1 - beyond]])
}

/// Round ends within `low` and `high`, at most two less than [`BINS`] steps.
fn edges([low, high]: [f64; 2], whole: bool) -> Edges {
    let most = (BINS - 2) as f64;
    let least = if whole { 1.0 } else { (high.abs().max(low.abs()) * 1e-9).max(1e-300) };
    let rough = ((high - low) / most).max(least);
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let (times, width) = [1.0, 2.0, 2.5, 5.0, 10.0, 20.0]
        .into_iter()
        .map(|times| (times, times * power))
        .find(|&(_, width)| width >= rough * 0.999_999 && !(whole && width.fract() != 0.0))
        .unwrap_or((1.0, rough));
    let single = whole && width == 1.0;
    let first = libm::ceil(low / width - 1e-9);
    // A whole number's own step ends where the next one begins.
    let last = libm::floor(high / width + 1e-9) + if single { 1.0 } else { 0.0 };
    let count = (last - first).clamp(0.0, most + 1.0) as usize;
    let at: Vec<f64> = (0..=count).map(|step| (first + step as f64) * width).collect();
    let digits = (-libm::floor(libm::log10(width))).clamp(0.0, 9.0) as usize + usize::from(times == 2.5);
    let written = at.iter().map(|&edge| number(edge, if whole { 0 } else { digits })).collect();
    Edges { at, written, single, beyond: ["below ", " and above"] }
}

/// With as many digits as the steps need, and short where it is large.
fn number(value: f64, digits: usize) -> String {
    let value = if value == 0.0 { 0.0 } else { value };
    if value.abs() >= 1e15 || value != 0.0 && value.abs() < 1e-6 {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
}

fn steps(columns: &[Option<&Column>; 3], edges: Edges) -> Vec<Cell> {
    let inner = edges.at.len() - 1;
    let cell = |label: &str, place| Cell { label: label.into(), place, steps: 1, counts: [0; 3] };
    let mut cells: Vec<Cell> = (0..inner + 2).map(|_| cell("", Place::Own)).collect();
    let mut missing = cell("no value", Place::Missing);
    for (table, column) in columns.iter().enumerate() {
        let Some(Column::Numbers(values)) = column else { continue };
        for value in values {
            match value.is_nan() {
                true => missing.counts[table] += 1,
                false => cells[edges.at.partition_point(|edge| edge <= value)].counts[table] += 1,
            }
        }
    }
    let mut cells = joined(cells, &edges);
    cells.retain(|cell| cell.place == Place::Own || !cell.is_empty());
    // Gaps of very few rows are not told, nor can they be reckoned: they count in no total.
    if !missing.is_thin() && !missing.is_empty() {
        cells.push(missing);
    }
    cells
}

fn span(edges: &Edges, from: usize, to: usize) -> String {
    match edges.single {
        true if to == from + 1 => edges.written[from].clone(),
        true => format!("{} to {}", edges.written[from], number(edges.at[to] - 1.0, 0)),
        false => format!("{} to {}", edges.written[from], edges.written[to]),
    }
}

/// Thin steps made one with those above, and the last with those below.
fn joined(cells: Vec<Cell>, edges: &Edges) -> Vec<Cell> {
    let last = cells.len() - 1;
    let mut done: Vec<(usize, usize, Cell)> = Vec::new();
    for (step, cell) in cells.into_iter().enumerate() {
        match done.last_mut() {
            Some((_, to, before)) if before.is_thin() => {
                before.add(&cell);
                *to = step;
            }
            _ => done.push((step, step, cell)),
        }
    }
    while done.len() > 1 && done.last().is_some_and(|(_, _, cell)| cell.is_thin()) {
        let (_, end, cell) = done.pop().expect("more than one");
        let (_, to, before) = done.last_mut().expect("one is left");
        before.add(&cell);
        *to = end;
    }
    let named = |(from, to, mut cell): (usize, usize, Cell)| {
        (cell.label, cell.place) = match (from, to) {
            (0, to) if to == last => ("all values".into(), Place::Own),
            (0, to) => (format!("{}{}", edges.beyond[0], edges.written[to]), Place::Below),
            (from, to) if to == last => {
                (format!("{}{}", edges.written[from - 1], edges.beyond[1]), Place::Above)
            }
            (from, to) => (span(edges, from - 1, to), Place::Own),
        };
        cell.steps = (to - from + 1).max(1);
        cell
    };
    done.into_iter().map(named).collect()
}

fn levels(columns: &[Option<&Column>; 3], labels: &[Option<String>]) -> Vec<Cell> {
    let mut counts = vec![[0u64; 3]; labels.len() + 1];
    for (table, column) in columns.iter().enumerate() {
        let Some(Column::Categories { codes, .. }) = column else { continue };
        codes.iter().for_each(|&code| counts[(code as usize).min(labels.len())][table] += 1);
    }
    let cell = |(code, label): (usize, &Option<String>)| {
        let label = label.as_ref()?;
        let label = if label.trim().is_empty() { "no value".into() } else { label.clone() };
        Some((code, Cell { label, place: Place::Own, steps: 1, counts: counts[code] }))
    };
    let mut named: Vec<(usize, Cell)> = labels.iter().enumerate().filter_map(cell).collect();
    named.retain(|(_, cell)| cell.counts[0] >= TOLD && !cell.is_thin());
    named.sort_by(|(a, x), (b, y)| y.counts[0].cmp(&x.counts[0]).then(a.cmp(b)));
    named.truncate(LEVELS);
    let others = |named: &[(usize, Cell)]| {
        let mut rest = Cell { label: "others".into(), place: Place::Others, steps: 1, counts: [0; 3] };
        for (code, counts) in counts.iter().enumerate() {
            if named.iter().all(|(known, _)| *known != code) {
                (0..3).for_each(|table| rest.counts[table] += counts[table]);
            }
        }
        rest
    };
    // Few others could be reckoned from the rest: the rarest are told with them.
    while others(&named).is_thin() && named.pop().is_some() {}
    let rest = others(&named);
    let mut cells: Vec<Cell> = named.into_iter().map(|(_, cell)| cell).collect();
    if !rest.is_empty() {
        cells.push(rest);
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;
    use crate::report::Asked;

    fn told(
        train: Column,
        holdout: Option<Column>,
        synthetic: Column,
        labels: &[Option<&str>],
    ) -> Distribution {
        let frame = |column| Frame::new(vec![column]);
        let labels = vec![labels.iter().map(|label| label.map(String::from)).collect()];
        let tables = Tables {
            names: vec!["x".into()],
            labels,
            dates: vec![false],
            asked: Asked::default(),
            ..Tables::plain(frame(train), holdout.map(frame), frame(synthetic))
        };
        distribution(&tables, 0).unwrap()
    }

    fn numbers(values: impl Iterator<Item = f64>) -> Column {
        Column::Numbers(values.collect())
    }

    #[test]
    fn steps_are_round_and_extremes_are_not_shown() {
        let values = || numbers((0..1000).map(f64::from).chain([123_456.0]));
        let found = told(values(), Some(values()), values(), &[]);
        assert!(found.bins.len() <= BINS, "{}", found.bins.len());
        assert_eq!(found.bins[0].label, "below 50");
        assert_eq!(found.bins[1].label, "50 to 100");
        assert_eq!(found.bins[1].real, Some(0.05));
        assert_eq!(found.bins.last().unwrap().label, "950 and above");
        assert!(found.bins.iter().all(|bin| !bin.label.contains("123")));
    }

    #[test]
    fn whole_numbers_of_a_short_range_stand_alone() {
        let values = || numbers((0..500).map(|row| f64::from(row % 7)));
        let labels: Vec<String> =
            told(values(), None, values(), &[]).bins.into_iter().map(|bin| bin.label).collect();
        assert_eq!(labels, ["0", "1", "2", "3", "4", "5", "6"]);
    }

    #[test]
    fn few_rows_are_never_told() {
        let train = || numbers((0..300).map(|row| f64::from(row * row)));
        let holdout = || numbers((0..60).map(|row| f64::from(row * row * 25)));
        let found = told(train(), Some(holdout()), train(), &[]);
        let few = |share: Option<f64>, rows: f64| (0.1..4.8).contains(&(share.unwrap() * rows));
        assert!(found.bins.len() > 4);
        assert!(found.bins.iter().all(|bin| !few(bin.real, 300.0) && !few(bin.held_out, 60.0)), "{found:?}");
        let codes = |counts: &[usize]| Column::Categories {
            codes: counts.iter().enumerate().flat_map(|(code, &n)| vec![code as u32; n]).collect(),
            levels: 4,
        };
        let labels = [Some("a"), Some("b"), Some("c"), None];
        let found = told(codes(&[50, 20, 9, 3]), None, codes(&[50, 2, 0, 9]), &labels);
        let shares: Vec<_> =
            found.bins.iter().map(|bin| (bin.label.as_str(), bin.real, bin.synthetic)).collect();
        // Three others could be reckoned from the rest, so the rarest level is told with them.
        assert_eq!(
            shares,
            [("a", Some(0.61), Some(0.82)), ("b", Some(0.244), None), ("others", Some(0.146), Some(0.148))]
        );
    }

    #[test]
    fn gaps_are_a_step_of_their_own() {
        let values =
            |gaps: usize| numbers((0..200).map(move |row| if row < gaps { f64::NAN } else { row as f64 }));
        let place = |found: &Distribution| found.bins.last().unwrap().place;
        assert_eq!(place(&told(values(50), None, values(40), &[])), Place::Missing);
        assert_eq!(place(&told(values(3), None, values(2), &[])), Place::Above);
    }
}
