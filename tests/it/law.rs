//! The codec law on every column of every real table: decode(encode(x)) is x in canonical form.

use std::collections::HashMap;

use standin::Seed;
use standin::codec::Codec;
use standin::format::csv::{ReadOptions, Reader};
use standin::schema::{Kind, Schema, is_missing, number};
use standin::table::{Column, Table};

use crate::support::{register, tables};

fn parse(file: &[u8]) -> Table {
    let mut reader = Reader::new(ReadOptions::default());
    reader.push(file).unwrap();
    reader.finish().unwrap().table
}

/// Checks all columns; returns how many.
fn check(name: &str, table: &Table) -> usize {
    let schema = Schema::infer(table).unwrap();
    let codec = Codec::fit(table, &schema);
    let frame = codec.encode(table).unwrap();
    let decoded = codec.decode(&frame, 0, &Seed::new("law"));
    for (place, column) in schema.columns.iter().enumerate() {
        let (cells, back) = (&table.columns()[place], &decoded.columns()[place]);
        let mut changed = 0;
        for ((cell, got), rows) in pairs(cells, back) {
            let place = || format!("{name}, column {}: {cell:?} became {got:?}", column.name);
            match &column.kind {
                Kind::Id(_) => assert_eq!(is_missing(cell), is_missing(got), "{}", place()),
                _ if is_missing(cell) && is_missing(got) => {}
                Kind::Numerical(_) => {
                    // The same number to the last bit; the same text wherever one text a number is in use.
                    assert_eq!(number::parse(cell), number::parse(got), "{}", place());
                    changed += if cell.trim() == got { 0 } else { rows };
                }
                Kind::Datetime(_) => assert_eq!(cell.trim(), got, "{}", place()),
                Kind::Categorical | Kind::Boolean => assert_eq!(cell, got, "{}", place()),
            }
        }
        let share = changed as f64 / table.rows() as f64;
        assert!(share < 0.5, "{name}, column {}: {changed} numbers are written in another form", column.name);
    }
    // Canonical form is a fixed point: coding it once more changes nothing.
    let again = codec.decode(&codec.encode(&decoded).unwrap(), 0, &Seed::new("law"));
    for (place, column) in schema.columns.iter().enumerate() {
        let all = pairs(&decoded.columns()[place], &again.columns()[place]);
        assert!(
            all.keys().all(|(a, b)| a == b),
            "{name}, column {}: canonical form is not fixed",
            column.name
        );
    }
    schema.columns.len()
}

/// The texts that stand in the same rows of two columns, and in how many.
fn pairs<'a>(a: &'a Column, b: &'a Column) -> HashMap<(&'a str, &'a str), usize> {
    let mut rows: HashMap<(u32, u32), usize> = HashMap::new();
    for (&x, &y) in a.codes().iter().zip(b.codes()) {
        *rows.entry((x, y)).or_default() += 1;
    }
    rows.into_iter().map(|((x, y), rows)| ((a.cells().get(x), b.cells().get(y)), rows)).collect()
}

#[test]
fn on_every_real_table() {
    let (mut files, mut columns) = (0, 0);
    for (name, bytes) in tables() {
        let table = parse(&bytes);
        columns += check(&name, &table);
        files += 1;
    }
    println!("the codec law holds on {columns} columns of {files} files");
}

#[test]
fn on_our_own_register() {
    assert_eq!(check("register", &parse(&register(500))), 8);
}
