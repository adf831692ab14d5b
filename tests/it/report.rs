//! The report at its extremes: what must alarm does, and what must not is silent.

use standin::report::{Report, Score, Side, Verdict};
use standin::{ReportOptions, Source};

const ROWS: usize = 1500;

/// A uniform number of 0 to 1 for a row of a table.
fn unit(table: u64, row: usize, what: u64) -> f64 {
    let mut x = table << 48 ^ what << 40 ^ row as u64;
    for _ in 0..3 {
        x = (x ^ x >> 31).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    (x >> 11) as f64 / (1u64 << 53) as f64
}

/// Cells of a row: age, sex, hours worked, pay that follows from age and hours, and whether a loan was granted, which follows
/// from pay.
fn cells(table: u64, row: usize) -> Vec<String> {
    let age = 18.0 + 60.0 * unit(table, row, 1);
    let sex = if unit(table, row, 2) < 0.45 { "f" } else { "m" };
    let hours = 10.0 + 40.0 * unit(table, row, 3);
    let pay = 200.0 + 8.0 * age + 25.0 * hours + 150.0 * (unit(table, row, 4) - 0.5);
    let granted = if pay + 300.0 * (unit(table, row, 5) - 0.5) > 1400.0 { "yes" } else { "no" };
    let number = |value: f64| format!("{value:.1}");
    vec![number(age), sex.into(), number(hours), number(pay), granted.into()]
}

fn table(table: u64) -> Vec<Vec<String>> {
    (0..ROWS).map(|row| cells(table, row)).collect()
}

fn source(rows: &[Vec<String>]) -> Source {
    let lines: String = rows.iter().map(|cells| cells.join(",") + "\n").collect();
    Source::read(format!("age,sex,hours,pay,granted\n{lines}").as_bytes()).unwrap()
}

fn judged(synthetic: &[Vec<String>]) -> Report {
    let [train, holdout] = [1, 2].map(|salt| source(&table(salt)));
    let asked = ReportOptions::default(); // age and sex are proposed as protected, granted is the target
    train.report_beside(&holdout, &source(synthetic), &asked).unwrap().report()
}

fn score<'a>(report: &'a Report, key: &str) -> &'a Score {
    report.scores.iter().find(|score| score.key == key).unwrap_or_else(|| panic!("no score {key}"))
}

fn verdict(report: &Report, side: Side) -> Verdict {
    report.dials.iter().find(|dial| dial.side == side).expect("asked about").verdict
}

#[test]
fn fresh_real_rows_are_good_on_every_side() {
    for salt in 3..6 {
        let report = judged(&table(salt));
        for score in &report.scores {
            let told = (score.key, score.value, score.ceiling);
            assert_ne!(score.verdict, Verdict::Bad, "{told:?}");
        }
        assert!(report.scores.iter().filter(|score| score.verdict == Verdict::Look).count() <= 1);
        assert_eq!(report.dials.len(), 4);
    }
}

#[test]
fn the_training_rows_themselves_alarm_privacy() {
    let report = judged(&table(1));
    assert_eq!(verdict(&report, Side::Safety), Verdict::Bad);
    for key in ["copies", "nearest", "membership", "outliers"] {
        assert_eq!(score(&report, key).verdict, Verdict::Bad, "{key}");
    }
    assert_ne!(verdict(&report, Side::Fairness), Verdict::Bad);
}

#[test]
fn shuffled_columns_alarm_truth_and_usefulness() {
    let rows = table(3);
    let shift = |row: usize, column: usize| rows[(row + 211 * column) % ROWS][column].clone();
    let shuffled: Vec<Vec<String>> =
        (0..ROWS).map(|row| (0..5).map(|column| shift(row, column)).collect()).collect();
    let report = judged(&shuffled);
    assert_eq!(score(&report, "shapes").verdict, Verdict::Good);
    for key in ["trends", "detection", "tstr", "importance", "coefficients"] {
        assert_eq!(score(&report, key).verdict, Verdict::Bad, "{key}");
    }
    assert_ne!(verdict(&report, Side::Safety), Verdict::Bad);
}

#[test]
fn one_mode_alarms_truth() {
    let report = judged(&vec![table(3)[0].clone(); ROWS]);
    for key in
        ["shapes", "detection", "coverage", "importance", "coefficients", "tails", "variety", "pairVariety"]
    {
        assert_eq!(score(&report, key).verdict, Verdict::Bad, "{key}");
    }
    assert_eq!(verdict(&report, Side::Fairness), Verdict::Bad);
    assert_eq!(report.advice.expect("a target").verdict, Verdict::Look);
}

#[test]
fn a_biased_sample_alarms_fairness() {
    // Of women but those who were refused, and half as many of them.
    let fresh = [table(3), table(4)].concat();
    let is_kept = |(place, row): &(usize, &Vec<String>)| row[1] == "m" || row[4] == "no" && place % 2 == 0;
    let biased: Vec<Vec<String>> =
        fresh.iter().enumerate().filter(is_kept).map(|(_, row)| row.clone()).collect();
    let report = judged(&biased);
    assert_eq!(score(&report, "groupShares").verdict, Verdict::Bad);
    assert_eq!(score(&report, "groupOutcomes").verdict, Verdict::Bad);
    assert_eq!(report.groups[0].column, "sex");
    assert!(report.groups[0].amplified);
}

#[test]
fn what_is_not_there_cannot_be_asked_about() {
    let [train, holdout] = [1, 2].map(|salt| source(&table(salt)));
    let asked = ReportOptions { target: Some("shoe size".into()), ..ReportOptions::default() };
    let error = train.report_beside(&holdout, &holdout, &asked).err().expect("refused");
    assert_eq!((error.code().as_str(), error.column()), ("bad-options", Some("shoe size")));
    let nothing = ReportOptions { target: Some(String::new()), protected: Some(Vec::new()) };
    let report = train.report_beside(&holdout, &holdout, &nothing).unwrap().report();
    assert!(report.groups.is_empty() && report.scores.iter().all(|score| score.key != "tstr"));
}
