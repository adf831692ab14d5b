//! What is written is read; what does not fit is explained, all at once.

use super::*;
use crate::table::ColumnBuilder;

fn table() -> Table {
    Table::new(vec![
        ColumnBuilder::from_iter(["1", "2.5", "x"]).finish("a"),
        ColumnBuilder::from_iter(["2020-01-01", "", "2020-02-01"]).finish("d"),
    ])
}

#[test]
fn what_is_written_is_read() {
    let table = table();
    let mut schema = Schema::infer(&table).unwrap();
    schema.columns[0].included = false;
    let metadata = write(&schema, None, &table);
    assert_eq!(metadata["tables"]["table"]["columns"]["d"]["datetime_format"], "%Y-%m-%d");
    assert_eq!(read(&metadata, &table).unwrap().0, schema);
}

#[test]
fn reads_the_flat_form() {
    let flat = json!({
        "METADATA_SPEC_VERSION": "SINGLE_TABLE_V1",
        "columns": { "a": { "sdtype": "categorical" }, "d": { "sdtype": "categorical" } },
    });
    let schema = read(&flat, &table()).unwrap().0;
    assert!(schema.columns.iter().all(|column| column.kind == Kind::Categorical));
}

#[test]
fn wrong_edits_name_the_column() {
    let edit = |a: &str| json!({ "columns": { "a": { "sdtype": a }, "d": { "sdtype": "datetime" } } });
    let error = read(&edit("numerical"), &table()).unwrap_err();
    assert_eq!((error.code(), error.column(), error.row()), (Code::BadMetadata, Some("a"), Some(4)));
    let error = read(&edit("colour"), &table()).unwrap_err();
    assert!(error.to_string().contains("numerical, categorical"), "{error}");
    for (metadata, code) in [
        (json!({}), Code::BadMetadata),
        (json!({ "columns": { "a": { "sdtype": "categorical" } } }), Code::Mismatch),
        (json!({ "columns": { "z": { "sdtype": "categorical" } } }), Code::Mismatch),
        (json!({ "tables": {} }), Code::BadMetadata),
        (json!([1]), Code::BadMetadata),
    ] {
        assert_eq!(read(&metadata, &table()).unwrap_err().code(), code);
    }
}

#[test]
fn of_several_tables_the_one_that_fits_is_read_and_the_others_are_kept() {
    let columns = json!({ "a": { "sdtype": "categorical" }, "d": { "sdtype": "datetime" } });
    let mut metadata = json!({
        "METADATA_SPEC_VERSION": "V1",
        "tables": {
            "mine": { "columns": columns, "column_relationships": [{ "type": "x", "column_names": ["a", "d"] }] },
            "other": { "columns": { "z": { "sdtype": "id" } } },
        },
        "relationships": [{ "parent_table_name": "other" }],
    });
    let (schema, notes) = read(&metadata, &table()).unwrap();
    assert_eq!(notes, ["of the metadata's 2 tables, \"mine\" fits the file"]);
    let written = write(&schema, Some(&metadata), &table());
    assert_eq!(written["tables"]["other"], metadata["tables"]["other"]);
    assert_eq!(written["relationships"], metadata["relationships"]);
    assert_eq!(
        written["tables"]["mine"]["column_relationships"],
        metadata["tables"]["mine"]["column_relationships"]
    );
    assert_eq!(read(&written, &table()).unwrap().0, schema);

    metadata["tables"]["other"]["columns"] = columns;
    let error = read(&metadata, &table()).unwrap_err();
    assert!(error.to_string().contains("--table: \"mine\", \"other\""), "{error}");
    metadata["standin"] = json!({ "table": "other" });
    read(&metadata, &table()).unwrap();
    metadata["standin"] = json!({ "table": "none" });
    assert!(read(&metadata, &table()).unwrap_err().to_string().contains("no table \"none\""));
}

#[test]
fn all_that_does_not_fit_is_told_at_once() {
    let metadata = json!({ "columns": {
        "A": { "sdtype": "numerical" }, "d": { "sdtype": "numerical" }, "gone": { "sdtype": "categorical" },
    } });
    let error = read(&metadata, &table()).unwrap_err();
    assert_eq!((error.code(), error.parts().len()), (Code::Mismatch, 3));
    let text = error.to_string();
    for part in [
        "3 things do not fit",
        "the file has \"a\": is it the same, renamed?",
        "\"gone\"",
        "line 2, column \"d\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("2020"), "no cell: {text}");
    let optional = json!({
        "columns": { "a": { "sdtype": "categorical" }, "d": { "sdtype": "datetime" }, "gone": { "sdtype": "id" } },
        "standin": { "columns": { "gone": { "optional": true } } },
    });
    assert_eq!(read(&optional, &table()).unwrap().1, ["column \"gone\" is described but not in the file"]);
}

#[test]
fn words_that_are_not_known_are_named_with_those_that_are() {
    let describe = |a: Value, ours: Value| json!({ "columns": { "a": a, "d": { "sdtype": "datetime" } }, "standin": ours });
    let fails = |a: Value, ours: Value| read(&describe(a, ours), &table()).unwrap_err().to_string();
    let good = json!({ "sdtype": "categorical" });
    assert!(fails(json!({ "sdtype": "numercal" }), json!({})).contains("did you mean \"numerical\"?"));
    assert!(fails(json!({ "kind": 1 }), json!({})).contains("no \"sdtype\""));
    let said = fails(good.clone(), json!({ "leaveout": [] }));
    assert!(
        said.contains("did you mean \"leave_out\"?") && said.contains("leave_out, columns, table"),
        "{said}"
    );
    assert!(
        fails(good.clone(), json!({ "columns": { "a": { "hidden": 1 } } }))
            .contains("missing, order, optional")
    );
    assert!(fails(good.clone(), json!({ "columns": { "zz": {} } })).contains("neither the file"));
    assert!(fails(good, json!({ "leave_out": ["zz"] })).contains("neither the file"));
    // SDV's own words leave it to the cells, and come back as they were.
    for word in [
        json!({ "sdtype": "unknown", "pii": true }),
        json!({ "sdtype": "catch_phrase" }),
        json!({ "sdtype": "ean13", "pii": true }),
    ] {
        let metadata = describe(word.clone(), json!({}));
        let (schema, notes) = read(&metadata, &table()).unwrap();
        assert!(notes[0].starts_with("column \"a\": ") && notes[0].contains("is read as "), "{notes:?}");
        assert_eq!(write(&schema, Some(&metadata), &table())["tables"]["table"]["columns"]["a"], word);
    }
}

#[test]
fn the_written_form_of_dates_is_honoured() {
    let table = Table::new(vec![ColumnBuilder::from_iter(["01/02/2020", "03/04/2020"]).finish("d")]);
    let told = |format: &str| {
        read(&json!({ "columns": { "d": { "sdtype": "datetime", "datetime_format": format } } }), &table)
    };
    let first = |format: &str| match &told(format).unwrap().0.columns[0].kind {
        Kind::Datetime(format) => format.parse("01/02/2020").unwrap(),
        kind => panic!("{kind:?}"),
    };
    let error = told("%Y-%m-%d").unwrap_err();
    assert_eq!((error.column(), error.row()), (Some("d"), Some(2)));
    assert_eq!(first("%m/%d/%Y") - first("%d/%m/%Y"), -30.0 * 86_400.0);
}

#[test]
fn a_primary_key_must_be_one() {
    let table = Table::new(vec![ColumnBuilder::from_iter(["k1", "k2", "k1"]).finish("k")]);
    let metadata = json!({ "columns": { "k": { "sdtype": "id" } }, "primary_key": "k" });
    let error = read(&metadata, &table).unwrap_err();
    assert_eq!((error.column(), error.row()), (Some("k"), Some(4)));
}

#[test]
fn version_two_is_read() {
    let metadata = json!({
        "METADATA_SPEC_VERSION": "V2",
        "tables": { "t": { "columns": {
            "a": { "sdtype": "ordinal", "range_values": ["2.5", "1", "x"], "range_is_nullable": false },
            "d": { "sdtype": "datetime", "datetime_format": "%Y-%m-%d", "range_min": "2020-01-01" },
        } } },
        "relationships": [],
    });
    let (schema, _) = read(&metadata, &table()).unwrap();
    assert_eq!(schema.columns[0].kind.sdtype(), Sdtype::Ordinal);
    assert_eq!(write(&schema, None, &table())["standin"]["columns"]["a"]["order"], json!(["2.5", "1", "x"]));
}

#[test]
fn keys_and_references_of_several_tables() {
    let column = |name: &str, cells: &[&str]| ColumnBuilder::from_iter(cells.iter().copied()).finish(name);
    let tables = [
        ("customers", Table::new(vec![column("id", &["c1", "c2", "c3"]), column("size", &["1", "2", "2"])])),
        (
            "orders",
            Table::new(vec![
                column("order_id", &["1", "2", "3", "4"]),
                column("customer_id", &["c1", "c1", "c3", ""]),
                column("size", &["1", "2", "3", "1"]),
            ]),
        ),
    ];
    let schemas: Vec<Schema> = tables.iter().map(|(_, table)| Schema::infer(table).unwrap()).collect();
    let named: Vec<_> = tables
        .iter()
        .zip(&schemas)
        .map(|((name, table), schema)| (name.to_string(), table, schema))
        .collect();
    let metadata = several(&named);
    assert_eq!(metadata["tables"]["orders"]["primary_key"], "order_id");
    assert_eq!(
        metadata["relationships"],
        json!([{
            "parent_table_name": "customers", "parent_primary_key": "id",
            "child_table_name": "orders", "child_foreign_key": "customer_id",
        }])
    );
}
