//! Going on without the rows whose cells contradict a column's kind.

use serde_json::{Value, json};
use standin::error::Code;
use standin::{FitOptions, Holdout, Method, ReportOptions, Source};

use crate::support::{options, sample};

/// Invented visits; the cells of `fee` and `day` as told by row, where they are.
fn visits(rows: usize, fees: &[(usize, &str)], days: &[(usize, &str)]) -> String {
    let told = |list: &[(usize, &str)], row: usize| {
        list.iter().find(|(at, _)| *at == row).map(|(_, cell)| cell.to_string())
    };
    let row = |i: usize| {
        let noise = i * 7919 % 1009;
        let fee = told(fees, i).unwrap_or_else(|| (20 + noise % 400).to_string());
        let day =
            told(days, i).unwrap_or_else(|| format!("2024-{:02}-{:02}", 1 + noise % 12, 1 + noise % 28));
        format!("{},{fee},{day},{}\n", ["north", "south", "east"][noise % 3], noise % 7)
    };
    "ward,fee,day,beds\n".to_string() + &(0..rows).map(row).collect::<String>()
}

fn read(text: &str) -> Source {
    Source::read(text.as_bytes()).unwrap()
}

/// What was inferred, with these columns as they nearly are.
fn accepted(source: &Source, names: &[&str]) -> Value {
    let inspection = source.inspect(None).unwrap();
    let mut metadata = inspection.metadata;
    for name in names {
        let column = inspection.columns.iter().find(|column| column.name == *name).unwrap();
        let nearly = column.nearly.as_ref().expect("a proposal");
        assert!(!nearly.accepted && nearly.otherwise == column.sdtype);
        metadata["tables"]["table"]["columns"][name]["sdtype"] = json!(nearly.sdtype);
        metadata["standin"]["columns"][name]["leave_out_unfit"] = json!(true);
    }
    metadata
}

fn with(metadata: Value, seed: &str) -> FitOptions {
    FitOptions { metadata: Some(metadata), ..options(Method::Trees, seed) }
}

fn fit(source: &Source, options: &FitOptions) -> standin::SavedModel {
    let mut fitting = source.fit(options).unwrap();
    while fitting.step().unwrap() < 1.0 {}
    fitting.finish()
}

const FEES: [(usize, &str); 3] = [(3, "12a"), (78, "about 90"), (89, "ZZTOP-7")];
const DAYS: [(usize, &str); 2] = [(5, "2024-02-31"), (78, "in spring 2024")];

#[test]
fn rows_that_do_not_fit_can_be_left_out() {
    let source = read(&visits(400, &FEES, &DAYS));
    let before = source.inspect(None).unwrap();
    assert_eq!((before.reading.kept_rows, before.reading.unfit_rows), (400, 0));
    let metadata = accepted(&source, &["fee", "day"]);
    let after = source.inspect(Some(&metadata)).unwrap();
    assert_eq!((after.reading.rows, after.reading.kept_rows, after.reading.unfit_rows), (400, 396, 4));
    assert_eq!(
        after.notes,
        [
            "column \"fee\": 3 rows left out, whose cells cannot be read as numerical (lines 5, 80, 91)",
            "column \"day\": 2 rows left out, whose cells cannot be read as datetime (lines 7, 80)",
        ]
    );
    let nearly = after.columns[1].nearly.as_ref().unwrap();
    assert_eq!((nearly.rows, nearly.accepted, after.columns[1].sdtype.as_str()), (3, true, "numerical"));
    assert_eq!(after.columns[1].note, "whole numbers, 20 to 419");
    assert!(after.columns[3].nearly.is_none());
    let told = serde_json::to_string(&after).unwrap();
    assert!(!told.contains("12a") && !told.contains("ZZTOP"), "a cell is told");

    assert_eq!(after.metadata["standin"]["columns"]["fee"], json!({ "leave_out_unfit": true }));
    let again = source.inspect(Some(&after.metadata)).unwrap();
    assert_eq!((again.metadata, again.reading.unfit_rows), (after.metadata, 4));
}

#[test]
fn the_model_is_that_of_a_file_without_them() {
    let text = visits(400, &FEES, &DAYS);
    let source = read(&text);
    let mut lines: Vec<&str> = text.lines().collect();
    for line in [90, 79, 6, 4] {
        lines.remove(line);
    }
    let clean = read(&(lines.join("\n") + "\n"));
    let metadata = accepted(&source, &["fee", "day"]);
    let model = fit(&source, &with(metadata.clone(), "s"));
    assert_eq!(model.info().rows, 396);
    for cell in ["12a", "about", "ZZTOP", "spring"] {
        assert!(
            !model.save().windows(cell.len()).any(|part| part == cell.as_bytes()),
            "the model keeps a cell"
        );
    }
    let made = sample(model, 300, "s");
    let alike = clean.inspect(None).unwrap().metadata;
    assert_eq!(made, sample(fit(&clean, &with(alike, "s")), 300, "s"));

    let synthetic = Source::read(&made).unwrap();
    let judged = FitOptions { holdout: Holdout::Share(0.2), ..with(metadata, "s") };
    let report = source.report(&synthetic, &judged, &ReportOptions::default()).unwrap().report();
    assert_eq!(serde_json::to_value(&report).unwrap()["rows"]["holdout"], 79);
}

#[test]
fn the_next_file_has_bad_rows_of_its_own() {
    let source = read(&visits(400, &FEES, &DAYS));
    let metadata = source.inspect(Some(&accepted(&source, &["fee", "day"]))).unwrap().metadata;
    let next = read(&visits(300, &[(0, "free"), (9, "7-8")], &[(299, "2024-13-41")]));
    let inspection = next.inspect(Some(&metadata)).unwrap();
    assert_eq!((inspection.reading.kept_rows, inspection.reading.unfit_rows), (297, 3));
    assert_eq!(inspection.metadata, metadata);
    let good = read(&visits(300, &[], &[])).inspect(Some(&metadata)).unwrap();
    assert_eq!((good.reading.unfit_rows, good.notes.len(), good.metadata), (0, 0, metadata));
}

#[test]
fn more_than_a_tenth_is_refused() {
    let source = read(&visits(400, &FEES, &DAYS));
    let metadata = accepted(&source, &["fee", "day"]);
    let cells: Vec<String> = (0..50).map(|i| format!("{i} or so")).collect();
    let many = |from: usize, count: usize| -> Vec<(usize, &str)> {
        (0..count).map(|i| (from + i * 4, cells[i].as_str())).collect()
    };
    let refused = |fees: &[(usize, &str)], days: &[(usize, &str)]| {
        read(&visits(400, fees, days)).inspect(Some(&metadata)).map(|_| ()).unwrap_err()
    };
    let error = refused(&many(0, 50), &[]);
    assert_eq!((error.code(), error.column()), (Code::BadMetadata, Some("fee")));
    assert!(
        error.message().starts_with("50 of 400 rows have a cell that cannot be read as numerical"),
        "{error}"
    );
    let error = refused(&many(0, 30), &many(1, 30));
    assert!(error.message().starts_with("60 of 400 rows would be left out"), "{error}");
    assert!(error.message().contains("\"fee\", \"day\"") && !error.message().contains("or so"), "{error}");
}

#[test]
fn a_refused_kind_tells_of_the_way_out() {
    let source = read(&visits(400, &FEES, &[]));
    let mut metadata = source.inspect(None).unwrap().metadata;
    metadata["tables"]["table"]["columns"]["fee"]["sdtype"] = json!("numerical");
    let error = source.inspect(Some(&metadata)).map(|_| ()).unwrap_err();
    assert_eq!((error.column(), error.row()), (Some("fee"), Some(5)));
    assert!(
        error.message().ends_with("or leave out the 3 rows that cannot, with \"leave_out_unfit\""),
        "{error}"
    );
    metadata["standin"]["columns"]["fee"]["leave_out_unfit"] = json!("yes");
    let error = source.inspect(Some(&metadata)).map(|_| ()).unwrap_err();
    assert_eq!(error.message(), "its \"leave_out_unfit\" must be true or false");
}

#[test]
fn a_column_that_is_not_used_costs_no_row() {
    let source = read(&visits(400, &FEES, &DAYS));
    let mut metadata = accepted(&source, &["fee", "day"]);
    metadata["standin"]["leave_out"] = json!(["fee"]);
    let inspection = source.inspect(Some(&metadata)).unwrap();
    assert_eq!((inspection.reading.unfit_rows, inspection.columns[1].sdtype.as_str()), (2, "numerical"));
    assert_eq!(inspection.metadata["standin"]["columns"]["fee"]["leave_out_unfit"], json!(true));
    fit(&source, &with(metadata, "s"));
}
