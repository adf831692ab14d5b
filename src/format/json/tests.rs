//! Files as they are met, for chunks of any size.

use super::*;
use crate::format::csv::{Reader, tail, write};
use crate::table::Table;

fn read_with(file: &[u8], chunk: usize, skip_bad_rows: bool) -> Result<Parsed> {
    let mut reader = Reader::new(ReadOptions { skip_bad_rows, ..ReadOptions::default() });
    for piece in file.chunks(chunk) {
        reader.push(piece)?;
    }
    reader.finish()
}

fn read(file: &str) -> Parsed {
    read_with(file.as_bytes(), 5, false).unwrap()
}

fn cells<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    let column = table.column(name).unwrap();
    (0..table.rows()).map(|row| column.cell(row)).collect()
}

fn names(parsed: &Parsed) -> Vec<&str> {
    parsed.table.columns().iter().map(|column| column.name()).collect()
}

fn layout(parsed: &Parsed) -> &Json {
    match &parsed.dialect.layout {
        Layout::Json(json) => json,
        other => panic!("read as {}", other.name()),
    }
}

#[test]
fn keys_become_columns_as_they_appear() {
    let parsed = read(
        r#"{"a": 1.10, "b": {"c": "x", "d": [1, "y z"]}}
           {"b": {"c": null, "e": true}, "a": 9223372036854775808}

           {"a": 1e5, "late": "\u00e9\"", "b": {"e": false, "d": []}, "a": 2}
           {"late": "", "b": {}, "alone": 1, "b.c": 3} {"b": null, "b.c": "4"}"#,
    );
    assert_eq!(names(&parsed), ["a", "b.c", "b.d", "b.e", "late", "b.c_2"]);
    assert_eq!(cells(&parsed.table, "a"), ["1.10", "9223372036854775808", "2", "", ""]);
    assert_eq!(cells(&parsed.table, "b.c"), ["x", "", "", "", ""]);
    assert_eq!(cells(&parsed.table, "b.d"), ["[1,\"y z\"]", "", "[]", "", ""]);
    assert_eq!(cells(&parsed.table, "b.e"), ["", "true", "false", "", ""]);
    assert_eq!(cells(&parsed.table, "late"), ["", "", "é\"", "", ""]);
    let forms: Vec<Form> = layout(&parsed).fields.iter().map(|field| field.form).collect();
    use Form::*;
    assert_eq!(forms, [Literals, Strings, Literals, Literals, Strings, Mixed]);
}

/// Files of which a stand-in would be written with the same bytes.
#[test]
fn writes_what_it_reads() {
    let lines = "{\"a\":1.10,\"b\":\"x\"}\n{\"a\":2,\"b\":\"\\\"\\\\\\n\"}\n{\"a\":-1e5,\"b\":null}\n";
    let files = [
        lines.to_string(),
        lines.replace('\n', "\r\n"),
        format!("\u{feff}{lines}"),
        "[\n{\"a\":{\"b\":1,\"c\":{\"d\":true}},\"e\":\"\"},\n{\"a\":{\"b\":2},\"e\":\"\"},\n{\"a\":{\"b\":3,\"c\":{\"d\":false}},\"e\":\"1\"}\n]\n".into(),
        "{\"data\":[\n{\"a\":[1,{\"x\":\"y z\"}],\"b\":1},\n{\"a\":[],\"b\":\"x\"},\n{\"a\":[null],\"b\":true}\n]}\n".into(),
        "{\"a\":1}\n{}\n{\"a\":2,\"b\":\"x\"}\n{\"b\":\"y\"}\n{}\n".into(),
    ];
    for file in files {
        for chunk in [1, 3, 7, 1000] {
            let Parsed { table, dialect, .. } = read_with(file.as_bytes(), chunk, false).unwrap();
            let written = [write(&table, &dialect, true), tail(&dialect)].concat();
            assert_eq!(String::from_utf8(written).unwrap(), file);
            let rows: Vec<usize> = (0..table.rows()).collect();
            let (first, rest) = rows.split_at(1);
            let pieces = [(first, true), (rest, false)];
            let pieces = pieces.map(|(rows, first)| write(&table.select(rows), &dialect, first)).concat();
            assert_eq!(String::from_utf8([pieces, tail(&dialect)].concat()).unwrap(), file);
        }
    }
}

#[test]
fn other_texts_that_begin_alike_stay_what_they_are() {
    let delimited = [
        "{id},name\n1,x\n2,y\n",
        "[40-50),3\n[50-60),4\n",
        "{\"a\":1},5\n{\"a\":2},6\n",
        "[a],[b]\n1,2\n",
        "{\n1\n2\n",
        "{1,2},x\n{3,4},y\n",
    ];
    for file in delimited {
        let parsed = read(file);
        assert_eq!(parsed.dialect.layout, Layout::Delimited, "{file}");
    }
    let wrapped = read(
        "\n{\"n\": 2, \"meta\": {\"data\": [1]},\n \"rows\": [ {\"a\": 1}, {\"a\": 2} ], \"more\": [] }",
    );
    assert_eq!(
        (layout(&wrapped).under.as_deref(), cells(&wrapped.table, "a")),
        (Some("rows"), vec!["1", "2"])
    );
    let nested = read("{\"id\": 1, \"items\": [{\"x\": 1}]}\n{\"id\": 2, \"items\": []}\n");
    assert_eq!((layout(&nested).list, cells(&nested.table, "id")), (false, vec!["1", "2"]));
    let python =
        read("{\"a\": NaN, \"b\": \"NaN\"}\n{\"a\": -Infinity, \"b\": \"é NaN\"}\n{\"a\": 1, \"b\": \"\"}");
    assert_eq!(cells(&python.table, "a"), ["", "", "1"]);
    assert_eq!(cells(&python.table, "b"), ["NaN", "é NaN", ""]);
}

#[test]
fn bad_input_has_a_code_and_a_line() {
    let deep = format!("{{\"a\":1}}\n{{\"a\":{}1", "[".repeat(100));
    let cases: [(&str, Code, Option<u64>); 13] = [
        ("[]", Code::NotText, None),
        ("[1, 2]", Code::NotText, None),
        ("[[1, 2],\n [3, 4]]\n", Code::NotText, None),
        ("[\"a\"]\n[\"b\"]\n", Code::NotText, None),
        ("{\"a\":1}\n{\"a\":2,,}\n", Code::RaggedRows, Some(2)),
        ("{\"a\":1}\n\n{\"a\":\"x\n{\"a\":2}\n", Code::RaggedRows, Some(3)),
        ("{\"a\":1}\n{\"a\":2}\n3\n", Code::Damaged, Some(3)),
        ("{\"a\":1}\n{\"a\":2\n", Code::Damaged, Some(3)),
        ("[{\"a\":1},\n{\"a\":2}", Code::Damaged, Some(2)),
        ("[{\"a\":1}\n{\"a\":2}]", Code::Damaged, Some(2)),
        ("[{\"a\":1}]\n{\"a\":2}", Code::Damaged, Some(2)),
        ("{}\n{}\n", Code::EmptyFile, None),
        (&deep, Code::TooLarge, Some(2)),
    ];
    for (file, code, line) in cases {
        for chunk in [1, 4, 1000] {
            let error = read_with(file.as_bytes(), chunk, false).unwrap_err();
            assert_eq!((error.code(), error.row()), (code, line), "{file}: {error}");
        }
    }
    let wide: String = (0..5000).map(|key| format!("{{\"k{key}\":1}}\n")).collect();
    assert_eq!(read_with(wide.as_bytes(), 999, false).unwrap_err().code(), Code::TooManyColumns);
    let empty: String = (0..9000).map(|key| format!("{{\"k{key}\":{{\"x\":{{}}}}}}\n")).collect();
    assert_eq!(read_with(empty.as_bytes(), 999, false).unwrap_err().code(), Code::TooManyColumns);
    let endless = [b"{\"a\":1}\n{\"a\":[".as_slice(), &b"1,".repeat(9 << 20)].concat();
    assert_eq!(read_with(&endless, 1 << 20, false).unwrap_err().code(), Code::TooLarge);
    let latin =
        read_with(&[b"{\"a\":1}\n".repeat(10_000), b"{\"a\":\"\xe9\"}".to_vec()].concat(), 4096, false);
    assert_eq!(latin.unwrap_err().row(), Some(10_001));
}

#[test]
fn bad_records_can_be_left_out() {
    let file = b"{\"a\":1}\n{\"a\":2,,}\n{\"a\":\"x\n{\"a\":3}\n{\"a\":";
    for chunk in [1, 4, 1000] {
        let parsed = read_with(file, chunk, true).unwrap();
        assert_eq!((cells(&parsed.table, "a"), parsed.bad.count), (vec!["1", "3"], 3));
    }
}
