//! Is the synthetic table one that the real table's owner could have? SDMetrics' DiagnosticReport 0.32.
//!
//! - `validity` (Data Validity): the mean over columns of BoundaryAdherence for numbers, the share within the least and the
//!   greatest number of the training table; of CategoryAdherence, the share of levels that it has; and of KeyUniqueness for a
//!   key, 1 - the share of rows with no key or that of an earlier row. Missing cells count against a column that has none in
//!   the training table, and of numbers they are left out where it has some.
//! - `structure` (TableStructure): columns of one name and one type in both tables, among all columns of either. A type
//!   is whole numbers, numbers, dates or text; a gap does not change it, as it does in pandas. A table without a column that is
//!   compared is refused before it comes to this.
//!
//! What is beyond the training table's bounds may be true: held-out rows are there too, now and then, so they are the ceiling.
//! A model that never left them would know them from single rows.

use crate::frame::{Column, Frame};
use crate::math::chance;
use crate::report::{ColumnScore, Figure, Metric, Report, Side, Tables, Verdict, mean};

pub const VALIDITY: Metric = Metric {
    key: "validity",
    side: Side::Truth,
    name: "Data Validity",
    best: 1.0,
    says: [
        "Cells hold what the real columns could hold.",
        "Some cells hold what no real row had, beyond what new real rows would: see which columns.",
        "Many cells hold what no real row had: values out of range, unknown categories or repeated keys.",
    ],
};
pub const STRUCTURE: Metric = Metric {
    key: "structure",
    side: Side::Truth,
    name: "Data Structure",
    best: 1.0,
    says: [
        "The table has the columns of the real one, of the same types.",
        "A column is of another type than in the real table, or is one too many.",
        "Columns are of other types than in the real table, or too many: it cannot take its place.",
    ],
};

/// Columns that are told.
const SHOWN: usize = 10;

pub fn judge(tables: &Tables, report: &mut Report) {
    let key = tables.known.key.as_ref();
    let scores = |frame: &Frame, table: usize| -> Vec<Option<f64>> {
        let columns = tables.train.columns.iter().zip(&frame.columns);
        let key = key.map(|(_, shares)| shares[table]);
        columns.map(|(train, other)| adherence(train, other)).chain(key).collect()
    };
    let values = scores(&tables.synthetic, 0);
    let ceilings = tables.holdout.as_ref().map(|holdout| scores(holdout, 1));
    let of = |scores: &[Option<f64>]| mean(&scores.iter().flatten().copied().collect::<Vec<_>>());
    if values.iter().any(Option::is_some) {
        let (value, ceiling) = (of(&values), ceilings.as_deref().map(of));
        let rows = tables.synthetic.rows;
        let figure = Figure { value, interval: Some(chance::of_share(value * rows as f64, rows)) };
        let lost = ceiling.unwrap_or(1.0) - figure.at_best();
        report.scores.push(VALIDITY.score(figure, ceiling, Verdict::of(lost <= 0.005, lost <= 0.03)));
    }
    let names = tables.names.iter().chain(key.map(|(name, _)| name));
    let told = names.zip(&values).enumerate().filter_map(|(place, (name, value))| {
        let ceiling = ceilings.as_ref().and_then(|ceilings| ceilings[place]);
        Some(ColumnScore { name: name.clone(), value: value.filter(|&value| value < 1.0)?, ceiling })
    });
    report.invalid = told.collect();
    report.invalid.sort_by(|a, b| a.value.total_cmp(&b.value));
    report.invalid.truncate(SHOWN);
    if let Some([Some(value), ceiling]) = tables.known.structure {
        let verdict = Verdict::of(value >= ceiling.unwrap_or(1.0), value >= 0.9);
        report.scores.push(STRUCTURE.score(Figure::plain(value), ceiling, verdict));
    }
}

/// The share of valid cells; None where none is to be judged.
fn adherence(train: &Column, other: &Column) -> Option<f64> {
    let (valid, all) = match (train, other) {
        (Column::Numbers(train), Column::Numbers(other)) => {
            let has_gaps = train.iter().any(|value| value.is_nan());
            let low = train.iter().copied().fold(f64::INFINITY, f64::min); // passes over NaN
            let high = train.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let judged = other.iter().filter(|value| !(has_gaps && value.is_nan()));
            let valid = judged.clone().filter(|value| (low..=high).contains(*value)).count();
            (valid, if low > high { 0 } else { judged.count() })
        }
        (Column::Categories { levels, .. }, Column::Categories { codes, .. }) => {
            (codes.iter().filter(|&code| code < levels).count(), codes.len())
        }
        _ => panic!("one codec makes one type of column"),
    };
    (all > 0).then(|| valid as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Asked, Known};

    #[test]
    fn known_shares() {
        let numbers = |values: &[f64]| Column::Numbers(values.to_vec());
        let nan = f64::NAN;
        assert_eq!(adherence(&numbers(&[1.0, 5.0]), &numbers(&[0.0, 1.0, 5.0, nan])), Some(0.5));
        assert_eq!(adherence(&numbers(&[1.0, nan, 5.0]), &numbers(&[0.0, 1.0, 5.0, nan])), Some(2.0 / 3.0));
        assert_eq!(adherence(&numbers(&[nan]), &numbers(&[1.0])), None);
        let levels = |codes: &[u32]| Column::Categories { codes: codes.to_vec(), levels: 2 };
        assert_eq!(adherence(&levels(&[0, 1]), &levels(&[0, 1, 2, 1])), Some(0.75));
    }

    #[test]
    fn what_is_out_of_range_alarms() {
        let frame = |shift: f64| {
            let numbers =
                |step: f64| Column::Numbers((0..500).map(|row| f64::from(row) * step + shift).collect());
            Frame::new(vec![numbers(1.0), numbers(2.0)])
        };
        let judged = |shift: f64, structure: f64| {
            let tables = Tables {
                names: vec!["a".into(), "b".into()],
                labels: vec![Vec::new(); 2],
                asked: Asked::default(),
                known: Known {
                    structure: Some([Some(structure), Some(1.0)]),
                    key: Some(("id".into(), [Some(1.0), Some(1.0)])),
                    ..Known::default()
                },
                ..Tables::plain(frame(0.0), Some(frame(0.5)), frame(shift))
            };
            let mut report = Report::default();
            judge(&tables, &mut report);
            report
        };
        let fresh = judged(0.7, 1.0);
        assert_eq!([0, 1].map(|place| fresh.scores[place].verdict), [Verdict::Good; 2]);
        let wrong = judged(250.0, 0.5);
        assert_eq!([0, 1].map(|place| wrong.scores[place].verdict), [Verdict::Bad; 2]);
        assert!((wrong.invalid[0].value - 0.5).abs() < 0.01 && wrong.invalid[0].name == "a");
    }
}
