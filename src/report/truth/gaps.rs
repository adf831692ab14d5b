//! Missing cells: are the same ones missing together?
//!
//! A row's pattern is the set of its missing cells. The score is 1 - 1/2 sum |p - q| over patterns, the total variation distance
//! of a table's patterns from the training table's; left out where nothing is missing. A level is missing by the codes of the
//! codec: where the training table has no gap in a column of levels, one in another table is but an unknown level.

use serde::Serialize;

use super::shapes::total_variation;
use crate::frame::{Column, Frame};
use crate::math::rng::mix;
use crate::report::{Metric, Report, Side, Tables, likeness};

pub const METRIC: Metric = Metric {
    key: "gaps",
    side: Side::Truth,
    name: "Missing cells",
    best: 1.0,
    says: [
        "The same cells are missing, and missing together, as in the real table.",
        "Cells are missing in other ways than in the real table: see which before reading anything from gaps.",
        "What is missing, and what is missing together, is not as in the real table: read nothing from gaps.",
    ],
};

/// Rows that tell how far chance moves the value.
const ROWS: usize = 4000;
/// Patterns that are told.
const SHOWN: usize = 10;
/// Rows that must share what is told.
const TOLD: usize = 5;

/// Columns that are missing together, and no others, in these shares of the rows: real, held out, synthetic. None of few rows.
#[derive(Clone, Debug, Serialize)]
pub struct Pattern {
    pub columns: Vec<String>,
    pub shares: [Option<f64>; 3],
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let (train, synthetic, gaps) = (&tables.train, &tables.synthetic, &tables.known.gaps);
    let [ours, theirs] = [train, synthetic].map(|frame| patterns(frame, gaps));
    if ours.iter().chain(&theirs).all(|&pattern| pattern == 0) {
        return;
    }
    let held = tables.holdout.as_ref().map(|holdout| patterns(holdout, gaps));
    let ceiling = held.as_ref().map(|held| likeness_of(&ours, held));
    let score = |a: &Frame, b: &Frame| likeness_of(&patterns(a, gaps), &patterns(b, gaps));
    let figure = super::figure(likeness_of(&ours, &theirs), [train, synthetic], ROWS, score);
    report.scores.push(METRIC.score(figure, ceiling, likeness(figure.at_best(), ceiling)));
    report.gaps = told(tables, [Some(&ours), held.as_ref(), Some(&theirs)]);
}

/// Of each row a number for the set of its missing cells, 0 for none: two sets share one with a chance of 2^-64.
fn patterns(frame: &Frame, gaps: &[Vec<u32>]) -> Vec<u64> {
    let mut patterns = vec![0; frame.rows];
    for (place, column) in frame.columns.iter().enumerate() {
        let key = mix(place as u64 + 1);
        for (row, pattern) in patterns.iter_mut().enumerate() {
            *pattern ^= if is_missing(column, row, place, gaps) { key } else { 0 };
        }
    }
    patterns
}

fn is_missing(column: &Column, row: usize, place: usize, gaps: &[Vec<u32>]) -> bool {
    match column {
        Column::Numbers(values) => values[row].is_nan(),
        Column::Categories { codes, .. } => gaps.get(place).is_some_and(|gaps| gaps.contains(&codes[row])),
    }
}

fn likeness_of(a: &[u64], b: &[u64]) -> f64 {
    let known = known(&[a, b]);
    1.0 - total_variation(&counts(&known, a), &counts(&known, b))
}

fn known(tables: &[&[u64]]) -> Vec<u64> {
    let mut known = tables.concat();
    known.sort_unstable();
    known.dedup();
    known
}

fn counts(known: &[u64], patterns: &[u64]) -> Vec<u64> {
    let mut counts = vec![0; known.len()];
    patterns.iter().for_each(|pattern| {
        if let Ok(place) = known.binary_search(pattern) {
            counts[place] += 1;
        }
    });
    counts
}

/// The patterns whose shares differ most, but for those that only few rows of either table have.
fn told(tables: &Tables, patterns: [Option<&Vec<u64>>; 3]) -> Vec<Pattern> {
    let [Some(ours), _, Some(theirs)] = patterns else { return Vec::new() };
    let known = known(&[ours, theirs]);
    let counted = patterns.map(|patterns| patterns.map(|patterns| counts(&known, patterns)));
    let rows = patterns.map(|patterns| patterns.map_or(0, Vec::len).max(1) as f64);
    let share = |table: usize, place: usize| -> Option<f64> {
        let count = counted[table].as_ref()?[place];
        (count == 0 || count as usize >= TOLD).then_some(count as f64 / rows[table])
    };
    let gap = |place: usize| {
        let of =
            |table: usize| counted[table].as_ref().map_or(0.0, |counts| counts[place] as f64) / rows[table];
        (of(0) - of(2)).abs()
    };
    let many = |place: &usize| {
        known[*place] != 0 && counted.iter().flatten().any(|counts| counts[*place] as usize >= TOLD)
    };
    let mut places: Vec<usize> = (0..known.len()).filter(many).collect();
    places.sort_by(|&a, &b| gap(b).total_cmp(&gap(a)));
    places.truncate(SHOWN);
    let columns = |pattern: u64| {
        let frames = [(&tables.train, ours), (&tables.synthetic, theirs)];
        let found = frames.iter().find_map(|(frame, patterns)| {
            patterns.iter().position(|&other| other == pattern).map(|row| (*frame, row))
        });
        let (frame, row) = found.expect("a known pattern is some row's");
        let columns = frame.columns.iter().enumerate();
        let missing = columns.filter(|(place, column)| is_missing(column, row, *place, &tables.known.gaps));
        missing.map(|(place, _)| tables.names[place].clone()).collect()
    };
    let pattern = |place: usize| Pattern {
        columns: columns(known[place]),
        shares: [0, 1, 2].map(|table| share(table, place)),
    };
    places.into_iter().map(pattern).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::unit;
    use crate::report::{Asked, Known, Verdict};

    /// Two columns that miss together in three rows of ten, or each by itself.
    fn frame(salt: u64, together: bool) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(salt << 40 ^ what << 32 ^ row as u64));
        let number = |row| if draw(row, 1) < 0.3 { f64::NAN } else { 1.0 };
        let code = |row| u32::from(draw(row, if together { 1 } else { 2 }) < 0.3);
        let codes = (0..800).map(code).collect();
        Frame::new(vec![
            Column::Numbers((0..800).map(number).collect()),
            Column::Categories { codes, levels: 2 },
        ])
    }

    fn judged(synthetic: Frame) -> Report {
        let tables = Tables {
            names: vec!["x".into(), "c".into()],
            labels: vec![Vec::new(), vec![None, None]],
            asked: Asked::default(),
            known: Known { gaps: vec![Vec::new(), vec![1]], ..Known::default() },
            ..Tables::plain(frame(1, true), Some(frame(2, true)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn gaps_that_part_are_seen_and_chance_is_not() {
        for salt in 3..13 {
            assert_ne!(judged(frame(salt, true)).scores[0].verdict, Verdict::Bad);
        }
        let parted = judged(frame(3, false));
        // 0.7 * 0.3 of the rows miss either one alone: a distance of 0.42.
        assert!((parted.scores[0].value - 0.58).abs() < 0.06, "{}", parted.scores[0].value);
        assert_eq!(parted.scores[0].verdict, Verdict::Bad);
        assert_eq!(parted.gaps[0].columns.len(), 1);
        assert_eq!(parted.gaps[0].shares[0], Some(0.0));
    }

    #[test]
    fn nothing_missing_is_nothing_to_say() {
        let whole = || Frame::new(vec![Column::Numbers(vec![1.0; 50])]);
        let tables = Tables {
            names: vec!["x".into()],
            labels: vec![Vec::new()],
            asked: Asked::default(),
            known: Known::default(),
            ..Tables::plain(whole(), None, whole())
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        assert!(report.scores.is_empty() && report.gaps.is_empty());
    }
}
