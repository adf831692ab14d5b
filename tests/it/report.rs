//! The report at its extremes: what must alarm does, and what must not is silent.

use standin::report::generations::{Generation, collapse};
use standin::report::{Report, Score, Side, Verdict};
use standin::{FitOptions, Method, ReportOptions, Source};

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
    train.report_beside(&holdout, &source(synthetic), &FitOptions::default(), &asked).unwrap().report()
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
        let look: Vec<_> = report
            .scores
            .iter()
            .filter(|score| score.verdict == Verdict::Look)
            .map(|score| (score.key, score.value, score.interval, score.ceiling))
            .collect();
        assert!(look.len() <= 1, "{look:?}"); // by chance
        assert_eq!(report.dials.len(), 4);
    }
}

#[test]
fn the_training_rows_themselves_alarm_privacy() {
    let report = judged(&table(1));
    assert_eq!(verdict(&report, Side::Safety), Verdict::Bad);
    for key in [
        "copies",
        "nearest",
        "membership",
        "outliers",
        "nearCopies",
        "distanceRatio",
        "membershipSure",
        "outliersSure",
        "singlingOut",
        "linkability",
        "inference",
    ] {
        assert_eq!(score(&report, key).verdict, Verdict::Bad, "{key}");
    }
    // One column is told of after the other, the worst first.
    let columns: Vec<f64> = report
        .attacks
        .iter()
        .filter(|attack| attack.column.is_some())
        .map(|attack| attack.risk.interval[0])
        .collect();
    assert!(columns.len() == 5 && columns.is_sorted_by(|a, b| a >= b));
    let sets = &report.rare_combinations;
    assert!(!sets.is_empty() && sets.iter().all(|set| set.unique >= 5));
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
    for key in ["trends", "detection", "tstr", "importance", "coefficients", "correlations", "marginals"] {
        assert_eq!(score(&report, key).verdict, Verdict::Bad, "{key}");
    }
    for key in ["validity", "structure"] {
        assert_eq!(score(&report, key).verdict, Verdict::Good, "{key}");
    }
    assert_ne!(verdict(&report, Side::Safety), Verdict::Bad);
    assert!(report.tells.iter().any(|tell| tell.column == "pay"));
    assert!(report.correlations.pairs.iter().take(2).all(|pair| pair.a == "pay" || pair.b == "pay"));
}

#[test]
fn one_mode_alarms_truth() {
    let report = judged(&vec![table(3)[0].clone(); ROWS]);
    let keys = [
        ["shapes", "detection", "coverage", "density", "correlations", "marginals"].as_slice(),
        ["importance", "coefficients", "tails", "variety", "pairVariety"].as_slice(),
    ];
    for key in keys.concat() {
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
    let error =
        train.report_beside(&holdout, &holdout, &FitOptions::default(), &asked).err().expect("refused");
    assert_eq!((error.code().as_str(), error.column()), ("bad-options", Some("shoe size")));
    let nothing = ReportOptions { target: Some(String::new()), protected: Some(Vec::new()) };
    let report = train.report_beside(&holdout, &holdout, &FitOptions::default(), &nothing).unwrap().report();
    assert!(report.groups.is_empty() && report.scores.iter().all(|score| score.key != "tstr"));
}

/// A column that metadata leaves out is not asked about, and the rows that it leaves out are missing from the held-out file as well.
#[test]
fn files_of_any_tool_are_judged_as_metadata_says() {
    let [train, holdout] = [1, 2].map(|salt| {
        let mut rows = table(salt);
        rows[7][0] = "not told".into();
        source(&rows)
    });
    let mut metadata = train.inspect(None).unwrap().metadata;
    metadata["tables"]["table"]["columns"]["age"] = serde_json::json!({ "sdtype": "numerical" });
    metadata["standin"]["columns"]["age"]["leave_out_unfit"] = true.into();
    metadata["standin"]["leave_out"] = serde_json::json!(["pay"]);
    let options = FitOptions { metadata: Some(metadata), ..FitOptions::default() };
    let synthetic = source(&table(3));
    let judged = |target: &str| {
        let asked = ReportOptions { target: Some(target.into()), protected: Some(Vec::new()) };
        train.report_beside(&holdout, &synthetic, &options, &asked)
    };
    assert_eq!(judged("pay").err().expect("left out").column(), Some("pay"));
    let report = judged("granted").unwrap().report();
    assert_eq!((report.rows.train, report.rows.holdout, report.rows.synthetic), (ROWS - 1, ROWS - 1, ROWS));
    assert!(!report.columns.iter().any(|column| column.name == "pay"));
    let mut generations = train.generations_beside(&holdout, &synthetic, &options).unwrap();
    assert!(generations.step().is_ok());
}

/// Five fits of fits: the engine keeps what the table has, one that learns each column alone does not.
#[test]
fn a_line_of_models_that_forgets_is_told() {
    let [train, holdout] = [1, 2].map(|salt| source(&table(salt)));
    let fresh = source(&table(3));
    let generations = |method: Method| -> Vec<Generation> {
        let options = FitOptions { method, seed: "7".into(), ..FitOptions::default() };
        let mut generations = train.generations_beside(&holdout, &fresh, &options).unwrap();
        while generations.step().unwrap() < 1.0 {}
        generations.finish()
    };
    let kept = generations(Method::Trees);
    assert_eq!(kept.iter().map(|one| one.generation).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
    assert!(kept[0].shapes > 0.95 && kept[1].trends.unwrap() > 0.95);
    assert_eq!(collapse(&kept).unwrap().verdict, Verdict::Good, "{kept:?}");
    let alone = generations(Method::Independent);
    assert!(alone[6].trends.unwrap() < kept[6].trends.unwrap() - 0.1, "{alone:?}");
    assert_eq!(generations(Method::Trees), kept, "the same seed, the same figures");
}

/// A visit: what was bought, in parts and in all, the city and its country, when it began and ended, who it was and what for;
/// the card's kind is missing just where it was paid in cash.
fn visit(table: u64, row: usize) -> Vec<String> {
    let pick = |what: u64, count: f64| (count * unit(table, row, what)) as usize;
    let (goods, fee) = (10 + pick(1, 400.0), 1 + pick(2, 90.0));
    let city = pick(3, 8.0);
    let country = ["Norway", "Chile", "Ghana"][city / 3];
    let begin = pick(4, 600.0);
    let end = begin + pick(5, 300.0);
    let sex = ["f", "m"][pick(6, 2.0)];
    let what =
        if sex == "m" { ["cold", "injury"][pick(7, 2.0)] } else { ["cold", "injury", "birth"][pick(7, 3.0)] };
    let paid = ["cash", "card"][pick(8, 2.0)];
    let card = if paid == "cash" { "" } else { ["gold", "blue"][pick(9, 2.0)] };
    let number = |number: usize| number.to_string();
    vec![
        number(goods),
        number(fee),
        number(goods + fee),
        format!("city {city}"),
        country.into(),
        number(begin),
        number(end),
        sex.into(),
        what.into(),
        paid.into(),
        card.into(),
    ]
}

fn visits(rows: &[Vec<String>]) -> Source {
    let lines: String = rows.iter().map(|cells| cells.join(",") + "\n").collect();
    let head = "goods,fee,total,city,country,begin,end,sex,reason,paid,card";
    Source::read(format!("{head}\n{lines}").as_bytes()).unwrap()
}

fn judged_visits(synthetic: &[Vec<String>]) -> Report {
    let all = |table: u64| -> Vec<Vec<String>> { (0..ROWS).map(|row| visit(table, row)).collect() };
    let asked = ReportOptions { target: Some(String::new()), protected: Some(Vec::new()) };
    visits(&all(1))
        .report_beside(&visits(&all(2)), &visits(synthetic), &FitOptions::default(), &asked)
        .unwrap()
        .report()
}

#[test]
fn broken_rules_are_named_and_fresh_rows_break_none() {
    let all = |table: u64| -> Vec<Vec<String>> { (0..ROWS).map(|row| visit(table, row)).collect() };
    for salt in 3..13 {
        let report = judged_visits(&all(salt));
        assert_eq!(score(&report, "facts").verdict, Verdict::Good, "{:?}", report.facts);
        assert_ne!(score(&report, "gaps").verdict, Verdict::Bad);
    }
    let rows = all(3);
    let shift = |row: usize, column: usize| rows[(row + 211 * column) % ROWS][column].clone();
    let shuffled: Vec<Vec<String>> =
        (0..ROWS).map(|row| (0..11).map(|column| shift(row, column)).collect()).collect();
    let report = judged_visits(&shuffled);
    assert_eq!(score(&report, "facts").verdict, Verdict::Bad);
    let broken: Vec<&str> = report
        .facts
        .iter()
        .filter(|fact| fact.verdict == Verdict::Bad)
        .map(|fact| fact.sentence.as_str())
        .collect();
    for sentence in [
        "total = goods + fee",
        "country follows from city",
        "begin is never more than end",
        "what paid says decides whether card is missing",
        "sex \"m\" hardly ever comes with reason \"birth\"",
    ] {
        assert!(broken.contains(&sentence), "{sentence} in {broken:?}");
    }
    assert_eq!(broken.len(), 5, "{broken:?}");
}

#[test]
fn what_no_real_row_could_hold_is_named() {
    let wrong = |row: usize| {
        let mut cells = visit(3, row);
        cells[1] = format!("{}.5", row % 300);
        cells[4] = if row.is_multiple_of(2) { "Atlantis".into() } else { cells[4].clone() };
        cells
    };
    let report = judged_visits(&(0..ROWS).map(wrong).collect::<Vec<_>>());
    for key in ["validity", "structure", "facts"] {
        assert_eq!(score(&report, key).verdict, Verdict::Bad, "{key}");
    }
    let named: Vec<&str> = report.invalid.iter().take(2).map(|column| column.name.as_str()).collect();
    assert!(named.contains(&"fee") && named.contains(&"country"), "{named:?}");
}

#[test]
fn of_a_long_table_all_rows_are_told_and_as_many_as_pay_are_looked_at() {
    let long: Vec<Vec<String>> = (0..100_100).map(|row| cells(1, row)).collect();
    let few = source(&table(2));
    let nothing = ReportOptions { target: Some(String::new()), protected: Some(Vec::new()) };
    let rows =
        source(&long).report_beside(&few, &few, &FitOptions::default(), &nothing).unwrap().report().rows;
    assert_eq!((rows.train, rows.holdout, rows.synthetic), (100_100, ROWS, ROWS));
    assert_eq!(rows.looked_at, Some(100_000));
    let rows = few.report_beside(&few, &few, &FitOptions::default(), &nothing).unwrap().report().rows;
    assert_eq!(rows.looked_at, None);
}
