//! Properties over generated input.

use proptest::collection::{hash_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use standin::format::csv::{Delimiter, Dialect, Encoding, LineEnd, Parsed, ReadOptions, Reader, write};
use standin::schema::number::{NumberFormat, parse};
use standin::table::{ColumnBuilder, Table};
use standin::{FitOptions, ReportOptions, Source};

fn read_all(bytes: &[u8], chunk: usize) -> standin::Result<Parsed> {
    let mut reader = Reader::new(ReadOptions::default());
    for piece in bytes.chunks(chunk) {
        reader.push(piece)?;
    }
    reader.finish()
}

fn read(bytes: &[u8], chunk: usize) -> standin::Result<Table> {
    Ok(read_all(bytes, chunk)?.table)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any bytes, in any encoding and any chunks: the same table in the same dialect or the same error, and never a
    /// panic.
    #[test]
    fn the_reader_takes_anything(bytes in vec(prop_oneof![
        4 => Just(b','), 4 => Just(b'\n'), 2 => Just(b'"'), 1 => Just(b'\''), 1 => Just(b'\\'), 1 => Just(b'#'),
        1 => Just(b'\r'), 1 => Just(b';'), 8 => 32u8..127, 1 => any::<u8>(),
    ], 0..400), encoding in 0..4, chunk in 1usize..50) {
        let wide = |low: usize| bytes.iter().flat_map(|&byte| [[byte, 0], [0, byte]][low]).collect::<Vec<u8>>();
        let bytes = match encoding {
            0 => wide(0),
            1 => [b"\xfe\xff".to_vec(), wide(1)].concat(),
            _ => bytes,
        };
        let describe = |result: standin::Result<Parsed>| match result {
            Ok(Parsed { table, dialect, .. }) => Ok((dialect, table.columns().iter().map(|c| (0..table.rows()).map(|r| c.cell(r).to_string()).collect::<Vec<_>>()).collect::<Vec<_>>())),
            Err(error) => Err((error.code(), error.to_string())),
        };
        prop_assert_eq!(describe(read_all(&bytes, chunk)), describe(read_all(&bytes, 10_000)));
    }

    /// A table is read as it was, in whichever dialect it is written.
    #[test]
    fn any_dialect_reads_back(
        rows in vec(("[a-z\u{e9}\u{20ac}]{1,6}", "[a-z ]{0,3}[,;'\"]?[a-z]{0,3}", 0..1000u32), 12..40),
        delimiter in select(vec![",", ";", "\t", "|", "||", "::", "~|~", ", ", "; "]),
        encoding in prop_oneof![Just(Encoding::Utf8), Just(Encoding::Utf16Le), Just(Encoding::Utf16Be), Just(Encoding::Windows1252)],
        line_end in prop_oneof![Just(LineEnd::Lf), Just(LineEnd::CrLf), Just(LineEnd::Cr)],
        mark: bool, chunk in 1usize..50,
    ) {
        let bom = mark && encoding != Encoding::Windows1252;
        let delimiter = Delimiter::parse(delimiter).unwrap();
        let dialect = Dialect { delimiter, encoding, line_end, bom, ..Dialect::default() };
        let numbers: Vec<String> = rows.iter().map(|row: &(String, String, u32)| row.2.to_string()).collect();
        let column = |name, cells: Vec<&str>| cells.into_iter().collect::<ColumnBuilder>().finish(name);
        let table = Table::new(vec![
            column("pr\u{e9}nom", rows.iter().map(|row| row.0.as_str()).collect()),
            column("said", rows.iter().map(|row| row.1.as_str()).collect()),
            column("n", numbers.iter().map(String::as_str).collect()),
        ]);
        let written = write(&table, &dialect, true);
        let back = read_all(&written, chunk).unwrap();
        prop_assert_eq!(&back.dialect, &dialect);
        prop_assert_eq!(write(&back.table, &back.dialect, true), written);
    }

    /// What is written reads back, whatever the cells.
    #[test]
    fn written_cells_read_back(cells in vec("[ -~\u{e9}\u{4e2d}\r\n\t]{0,12}", 2..40), semicolon: bool, crlf: bool) {
        let line_end = if crlf { LineEnd::CrLf } else { LineEnd::Lf };
        let dialect = Dialect { delimiter: Delimiter::Byte(if semicolon { b';' } else { b',' }), line_end, ..Dialect::default() };
        let columns = || [cells.iter().map(String::as_str), cells.iter().map(String::as_str)];
        let [a, b] = columns().map(|cells| cells.collect::<ColumnBuilder>());
        let table = Table::new(vec![a.finish("first name"), b.finish("second")]);
        let back = read(&write(&table, &dialect, true), 7).unwrap();
        prop_assert_eq!(back.rows(), cells.len());
        for (row, cell) in cells.iter().enumerate() {
            prop_assert_eq!(back.columns()[1].cell(row), cell);
        }
    }

    /// Decimal numbers of one precision come back as they were written.
    #[test]
    fn numbers_keep_their_text(values in vec(-1_000_000_000i64..1_000_000_000, 1..50), decimals in 0usize..5) {
        let cells: Vec<String> = values.iter().map(|&v| format!("{:.*}", decimals, v as f64 / 10f64.powi(decimals as i32))).collect();
        let format = NumberFormat::infer(cells.iter().map(String::as_str)).unwrap();
        for cell in &cells {
            let back = format.format(parse(cell).unwrap());
            prop_assert!(&back == cell || cell.trim_start_matches('-') == back, "{} became {}", cell, back);
        }
    }

    /// Numbers in any one style come back to the last character, and mean what they meant.
    #[test]
    fn styles_keep_their_text(
        values in hash_set(-100_000_000i64..100_000_000, 4..40),
        around in select(vec![("", ""), ("€ ", ""), ("$", ""), ("", " kr"), ("", "%"), ("", "\u{a0}kg"), ("CHF ", "")]),
        marks in select(vec![(".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u{202f}")]),
        minus in select(vec![["-P", "S"], ["P-", "S"], ["P", "S-"], ["(P", "S)"], ["−P", "S"]]),
    ) {
        let write = |value: i64| {
            let (whole, cents) = (value.unsigned_abs() / 100, value.unsigned_abs() % 100);
            let digits = whole.to_string();
            let group = |(at, digit): (usize, char)| {
                let mark = if at > 0 && (digits.len() - at).is_multiple_of(3) { marks.1 } else { "" };
                format!("{mark}{digit}")
            };
            let number: String = digits.chars().enumerate().map(group).collect();
            let [open, close] = if value < 0 { minus } else { ["P", "S"] };
            let (open, close) = (open.replace('P', around.0), close.replace('S', around.1));
            format!("{open}{number}{}{cents:02}{close}", marks.0)
        };
        let cells: Vec<String> = values.iter().map(|&value| write(value)).collect();
        let format = NumberFormat::infer(cells.iter().map(String::as_str)).unwrap();
        for (&value, cell) in values.iter().zip(&cells) {
            let read = format.parse(cell).unwrap();
            prop_assert_eq!((read * 100.0).round() as i64, value);
            prop_assert_eq!(&format.format(read), cell);
        }
    }

    /// Any finite float survives a column of floats.
    #[test]
    fn floats_survive(values in vec(any::<f64>().prop_filter("finite", |v| v.is_finite()), 1..30)) {
        let cells: Vec<String> = values.iter().map(|v| format!("{v:e}")).collect();
        let format = NumberFormat::infer(cells.iter().map(String::as_str)).unwrap();
        for &value in &values {
            prop_assert_eq!(parse(&format.format(value)), Some(value + 0.0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// No level of fewer persons than asked for is written, whatever the table and whoever has how many rows. The owner is
    /// told of all the others.
    #[test]
    fn rare_levels_are_never_written(
        rows in vec((0..30u32, 0..40u32, 0..6u32), 40..200), least in 2..9u32, skew in 1..4u32, told: bool,
    ) {
        let cell = |level: u32| format!("level {}", level / skew * level % 23);
        let line = |(who, level, n): &(u32, u32, u32)| format!("p{who},{},{n}\n", cell(*level));
        let body: String = rows.iter().map(line).collect();
        let source = Source::read(format!("who,level,n\n{body}").as_bytes()).unwrap();
        let mut metadata = source.inspect(None).unwrap().metadata;
        metadata["tables"]["table"]["columns"]["who"] = serde_json::json!({ "sdtype": "id" });
        metadata["tables"]["table"]["columns"]["level"] = serde_json::json!({ "sdtype": "categorical" });
        metadata["standin"]["leave_out"] = serde_json::json!(["who"]);
        if told {
            metadata["tables"]["table"]["sequence_key"] = "who".into();
        }
        let entity = metadata["tables"]["table"]["sequence_key"].is_string() || {
            let mut keys: Vec<u32> = rows.iter().map(|row| row.0).collect();
            keys.sort_unstable();
            keys.dedup();
            keys.len() >= 20
        };
        let options = FitOptions { min_support: least, metadata: Some(metadata), ..FitOptions::default() };
        let mut fitting = source.fit(&options).unwrap();
        loop {
            match fitting.step() {
                Ok(1.0) => break,
                Ok(_) => {}
                Err(_) => return Ok(()), // too few rows for any
            }
        }
        let persons = |written: &str| {
            let mut persons: Vec<usize> = (0..rows.len()).filter(|&row| cell(rows[row].1) == written).collect();
            if entity {
                persons.iter_mut().for_each(|row| *row = rows[*row].0 as usize);
            }
            persons.sort_unstable();
            persons.dedup();
            persons.len()
        };
        let held = fitting.held_back();
        let told: Vec<&String> = held.iter().filter(|column| column.column == "level").flat_map(|column| &column.values).collect();
        prop_assert!(told.iter().all(|level| persons(level) < least as usize));
        let csv = fitting.finish().sampler(300, "s").whole().unwrap();
        for line in std::str::from_utf8(&csv).unwrap().lines().skip(1) {
            let written = line.split(',').next().unwrap();
            prop_assert!(written == "_RARE_" || persons(written) >= least as usize, "{}", written);
            prop_assert!(!told.iter().any(|level| *level == written));
        }
    }

    /// Any table that reads is inspected, fitted and sampled, or refused; never a panic.
    #[test]
    fn the_whole_path_takes_anything(rows in vec((
        prop_oneof!["[0-9]{1,3}", "[0-9]\\.[0-9]{1,2}", Just(String::new()), "[a-c]", Just("2020-01-05".to_string())],
        prop_oneof![8 => "[xy]", 1 => "[a-z]{1,5}", 2 => Just("NA".to_string())],
        -5i32..5,
    ), 20..80)) {
        let body: String = rows.iter().map(|(a, b, c)| format!("{a},{b},{c}\n")).collect();
        let source = Source::read(format!("a,b,c\n{body}").as_bytes()).unwrap();
        source.inspect(None).unwrap();
        let mut fitting = source.fit(&FitOptions::default()).unwrap();
        loop {
            match fitting.step() {
                Ok(1.0) => break,
                Ok(_) => {}
                Err(error) => {
                    prop_assert!(error.column().is_some());
                    return Ok(());
                }
            }
        }
        let csv = fitting.finish().sampler(30, "s").whole().unwrap();
        let synthetic = Source::read(&csv);
        if let Ok(synthetic) = synthetic {
            prop_assert_eq!(synthetic.rows(), 30);
            source.report(&synthetic, &FitOptions::default(), &ReportOptions::default()).unwrap().report();
        }
    }
}
