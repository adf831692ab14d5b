//! The codec law on every column of every real table: decode(encode(x)) is x in canonical form.

use std::collections::HashMap;

use standin::Seed;
use standin::codec::Codec;
use standin::format::csv::{ReadOptions, Reader};
use standin::frame::Support;
use standin::schema::{Kind, Schema, Sdtype};
use standin::table::{Column, ColumnBuilder, Table};

use crate::support::{files, register, tables};

fn parse(file: &[u8]) -> Table {
    let mut reader = Reader::new(ReadOptions::default());
    reader.push(file).unwrap();
    reader.finish().unwrap().table
}

/// Checks all columns; returns how many.
fn check(name: &str, table: &Table) -> usize {
    let schema = Schema::infer(table).unwrap();
    let codec = Codec::fit(table, &schema, &Support::by_rows(2));
    let frame = codec.encode(table).unwrap();
    let decoded = codec.decode(&frame, 0, &Seed::new("law"));
    for (place, column) in schema.columns.iter().enumerate() {
        let (cells, back) = (&table.columns()[place], &decoded.columns()[place]);
        let mut changed = 0;
        for ((cell, got), rows) in pairs(cells, back) {
            let place = || format!("{name}, column {}: {cell:?} became {got:?}", column.name);
            match &column.kind {
                Kind::Id(_) | Kind::Text(_) | Kind::Personal(_) => {
                    assert_eq!(column.is_missing(cell), column.is_missing(got), "{}", place());
                }
                _ if column.is_missing(cell) && column.is_missing(got) => {}
                Kind::Numerical(format) => {
                    // The same number to the last bit; the same text wherever one text a number is in use.
                    assert_eq!(format.parse(cell), format.parse(got), "{}", place());
                    changed += if cell.trim() == got { 0 } else { rows };
                }
                Kind::Datetime(format) => {
                    assert_eq!(format.parse(cell), format.parse(got), "{}", place());
                    let one = format.forms() == 1 && format.zone().is_none();
                    assert!(!one || cell.trim() == got, "{}", place());
                }
                Kind::Categorical | Kind::Ordinal(_) | Kind::Boolean => assert_eq!(cell, got, "{}", place()),
            }
        }
        let share = changed as f64 / table.rows() as f64;
        // Of few numbers none is the usual form.
        let usual = share < 0.5 || table.rows() < 20;
        assert!(usual, "{name}, column {}: {changed} numbers are written in another form", column.name);
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
    for (x, y) in a.codes().zip(b.codes()) {
        *rows.entry((x, y)).or_default() += 1;
    }
    rows.into_iter().map(|((x, y), rows)| ((a.cells().get(x), b.cells().get(y)), rows)).collect()
}

/// Whatever can be read, broken as it is: 2 MB at most, so that the large ones do not take all the time.
#[test]
fn on_every_file_that_reads() {
    let (mut read, mut refused, mut columns) = (0, 0, 0);
    for (name, bytes) in ["messy", "relational", "text"].iter().flat_map(|folder| files(folder)) {
        let source = || -> standin::Result<Table> {
            let mut reader = Reader::new(ReadOptions::default());
            reader.push(&bytes)?;
            Ok(reader.finish()?.table)
        };
        match source() {
            Ok(table) if bytes.len() <= 2 << 20 && Schema::infer(&table).is_ok() => {
                read += 1;
                columns += check(&name, &table);
            }
            _ => refused += 1,
        }
    }
    println!("{columns} columns of {read} files; {refused} refused, empty or too large");
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

/// One column a written form, each cell to come back to the last character.
#[test]
fn on_forms_that_people_use() {
    type Form = (&'static str, fn(usize) -> String);
    let forms: [Form; 12] = [
        ("comma", |i| format!("{},{:02}", i * 7 % 500, i * 37 % 100)),
        ("euro", |i| format!("€ {}.{:03},50", 1 + i % 9, i * 7 % 1000)),
        ("dollar", |i| if i % 3 == 0 { format!("-${}", i + 1) } else { format!("${},{:03}", 1 + i, i * 7) }),
        ("share", |i| format!("{} %", i % 45)),
        ("book", |i| if i % 4 == 0 { format!("({}.25)", i + 1) } else { format!("{i}.50") }),
        ("dose", |i| format!("{}.{} mg", i % 12, i % 10)),
        ("change", |i| format!("{:+.1}", (i % 9) as f64 - 4.2)),
        ("age", |i| if i % 9 == 0 { "unknown".into() } else { (i % 60).to_string() }),
        ("swiss", |i| format!("CHF {}'{:03}.00", 1 + i % 30, i % 1000)),
        ("created", |i| (1_600_000_000 + i * i * 1000).to_string()),
        ("quarter", |i| format!("Q{} {}", 1 + i % 4, 2010 + i % 9)),
        ("seen", |i| {
            format!("{:02}.{:02}.2020 {:02}:00:00.{:03}+02:00", 1 + i % 28, 1 + i % 12, i % 24, i % 1000)
        }),
    ];
    let column = |(name, form): &Form| {
        let cells: Vec<String> = (0..100).map(form).collect();
        ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish(*name)
    };
    let table = Table::new(forms.iter().map(column).collect());
    check("forms", &table);
    let schema = Schema::infer(&table).unwrap();
    let codec = Codec::fit(&table, &schema, &Support::by_rows(2));
    let decoded = codec.decode(&codec.encode(&table).unwrap(), 0, &Seed::new("law"));
    for (place, column) in schema.columns.iter().enumerate() {
        assert!(matches!(column.kind, Kind::Numerical(_) | Kind::Datetime(_)), "{}", column.name);
        for (cell, got) in pairs(&table.columns()[place], &decoded.columns()[place]).into_keys() {
            assert_eq!(cell, got, "{}", column.name);
        }
    }
}

/// What each kind must keep to the last character, and the kind that keeps it.
#[test]
fn on_kinds_that_are_easily_mistaken() {
    type Form = (&'static str, Sdtype, fn(usize) -> String);
    let forms: [Form; 13] = [
        ("leading zeros", Sdtype::Categorical, |i| format!("{:05}", 501 + i % 7)),
        ("beyond 2^53", Sdtype::Categorical, |i| (9_223_372_036_854_775_800 + i as u64 % 7).to_string()),
        ("kept zeros", Sdtype::Numerical, |i| format!("{}.{}0", 1 + i % 7, i % 10)),
        ("bands", Sdtype::Ordinal, |i| ["[0-10)", "[10-20)", "[20-30)"][i % 3].into()),
        ("scale", Sdtype::Ordinal, |i| ["Never", "Sometimes", "Always"][i % 3].into()),
        ("ja", Sdtype::Boolean, |i| ["Ja", "Nein"][i % 2].into()),
        ("да", Sdtype::Boolean, |i| ["Да", "нет", "да"][i % 3].into()),
        ("はい", Sdtype::Boolean, |i| ["はい", "いいえ"][i % 2].into()),
        ("tick", Sdtype::Boolean, |i| ["x", ""][i % 2].into()),
        ("long day", Sdtype::Datetime, |i| format!("2020-03-{:02} {:02}:00", 1 + i % 28, 1 + i % 24)),
        ("old", Sdtype::Datetime, |i| format!("{:04}-06-15", 1500 + i * 12)),
        ("mixed", Sdtype::Datetime, |i| match i % 3 {
            0 => format!("{:02}/12/2020", 1 + i % 28),
            _ => format!("2020-11-{:02}", 1 + i % 28),
        }),
        ("zones", Sdtype::Datetime, |i| {
            format!("2020-07-{:02} 10:00{}", 1 + i % 28, ["+02:00", "Z", "-05:00"][i % 3])
        }),
    ];
    let column = |(name, _, form): &Form| {
        let cells: Vec<String> = (0..100).map(form).collect();
        ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish(*name)
    };
    let table = Table::new(forms.iter().map(column).collect());
    check("kinds", &table);
    let schema = Schema::infer(&table).unwrap();
    for ((name, sdtype, _), column) in forms.iter().zip(&schema.columns) {
        assert_eq!(column.kind.sdtype(), *sdtype, "{name}");
    }
}
