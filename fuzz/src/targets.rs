//! What is tried with bytes that nobody meant: each target takes any bytes and panics where a promise is broken.
//!
//! The fuzzer drives these, and `tests/it/corpus.rs` runs them over `fuzz/seeds`, where each past finding stays.

use std::io::Cursor;
use std::panic;

use standin::codec::Codec;
use standin::format::csv::{ReadOptions, Reader};
use standin::frame::Support;
use standin::report::Judging;
use standin::schema::Schema;
use standin::schema::metadata;
use standin::table::Table;
use standin::{FitOptions, Holdout, Method, ReportOptions, SavedModel, Source};
use standin_files::parquet::Bytes;
use standin_files::{excel, parquet};

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// Each target by its name, which is also its folder of seeds.
pub const ALL: [(&str, Target); 6] = [
    ("read", read),
    ("job", job),
    ("describe", describe),
    ("load", load),
    ("workbook", workbook),
    ("parquet", parquet),
];

/// Cells beyond which a try would cost more than it finds.
const MOST_CELLS: usize = 4000;

/// The first byte cuts the rest into chunks, which must not matter; what was read must obey the codec law.
fn read(data: &[u8]) {
    let Some((&first, file)) = data.split_first() else { return };
    let whole = table_of(file, file.len().max(1));
    let cut = table_of(file, usize::from(first).max(1));
    match (&whole, &cut) {
        (Ok(whole), Ok(cut)) => assert_eq!(cells(whole), cells(cut), "the chunks matter"),
        (Err(whole), Err(cut)) => assert_eq!(whole.to_string(), cut.to_string(), "the chunks matter"),
        _ => panic!("only one way of cutting the file can be read"),
    }
    let Ok(table) = whole else { return };
    if table.rows() * table.columns().len() > MOST_CELLS {
        return;
    }
    let Ok(schema) = Schema::infer(&table) else { return };
    let codec = Codec::fit(&table, &schema, &Support::by_rows(2));
    let frame = codec.encode(&table).expect("the codec was made for this table");
    let seed = standin::Seed::new("");
    let canonical = codec.decode(&frame, 0, &seed);
    let again = codec.decode(&codec.encode(&canonical).expect("canonical cells are cells"), 0, &seed);
    assert_eq!(cells(&canonical), cells(&again), "the canonical form is not stable");
}

/// From a file to synthetic rows and their report. The first byte chooses the method and the holdout.
fn job(data: &[u8]) {
    let Some((&first, file)) = data.split_first() else { return };
    let Ok(source) = Source::read(file) else { return };
    let Ok(inspection) = source.inspect(None) else { return };
    if source.kept_rows() * inspection.columns.len() > MOST_CELLS {
        return;
    }
    let method = if first % 2 == 0 { Method::Trees } else { Method::Independent };
    let holdout = if first % 4 < 2 { Holdout::AUTO } else { Holdout::NONE };
    let options = FitOptions { method, holdout, ..FitOptions::default() };
    let Ok(mut fitting) = source.fit(&options) else { return };
    loop {
        match fitting.step() {
            Ok(share) if share < 1.0 => {}
            Ok(_) => break,
            Err(_) => return,
        }
    }
    let model = fitting.finish();
    let bytes = model.save();
    let loaded = SavedModel::load(&bytes).expect("what was saved can be loaded");
    assert!(loaded.save() == bytes, "a saved model came back as another");
    let synthetic = model.sampler(25, "s").whole().expect("nothing is asked of them");
    if let Ok(synthetic) = Source::read(&synthetic) {
        let _ = source.report(&synthetic, &options, &ReportOptions::default()).map(Judging::report);
    }
}

/// Metadata for a fixed table: refused, or written and read back the same.
fn describe(data: &[u8]) {
    let Ok(document) = serde_json::from_slice(data) else { return };
    let table = table_of(TABLE.as_bytes(), TABLE.len()).expect("a good table");
    let Ok((schema, _)) = metadata::read(&document, &table) else { return };
    let written = metadata::write(&schema, Some(&document), &table);
    let (again, _) = metadata::read(&written, &table).expect("what was written can be read");
    assert_eq!(schema, again, "metadata came back as another");
}

const TABLE: &str = "id,n,word,day,flag\n1,1.50,low,2020-01-05,yes\n2,2.25,high,2020-02-29,no\n3,,mid,,yes\n4,-9,low,2021-12-31,no\n";

/// A saved model: refused, or good for rows. (The fuzzer is let past the checksum, which it could not guess.)
fn load(data: &[u8]) {
    let Ok(model) = SavedModel::load(data) else { return };
    let rows = model.sampler(5, "s").whole().expect("nothing is asked of them");
    assert!(!rows.is_empty(), "rows were asked for");
}

/// A workbook: text for the core, or an error.
fn workbook(data: &[u8]) {
    quietly(|| drop(excel::read(Cursor::new(data.to_vec()), None, &mut |_: &[u8], _| Ok(()))));
}

/// The same of a Parquet file.
fn parquet(data: &[u8]) {
    quietly(|| drop(parquet::read(Bytes::from(data.to_vec()), &mut |_: &[u8], _| Ok(()))));
}

/// The libraries that read these panic on some damaged ones, which their callers expect; what is tried here is that they
/// end, and how much they take.
fn quietly(read: impl FnOnce()) {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let _ = panic::catch_unwind(panic::AssertUnwindSafe(read));
    panic::set_hook(hook);
}

fn table_of(file: &[u8], chunk: usize) -> standin::Result<Table> {
    let mut reader = Reader::new(ReadOptions::default());
    for piece in file.chunks(chunk) {
        reader.push(piece)?;
    }
    Ok(reader.finish()?.table)
}

fn cells(table: &Table) -> Vec<(&str, Vec<&str>)> {
    let column = |column| {
        let column: &standin::table::Column = column;
        (column.name(), (0..table.rows()).map(|row| column.cell(row)).collect())
    };
    table.columns().iter().map(column).collect()
}
