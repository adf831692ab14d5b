//! Files that are larger than what reading may keep: a sample of their rows, the same however the file came.

use standin::format::csv::{Parsed, ReadOptions, Reader};
use standin::table::Table;
use standin::{Code, Method, Result, Source};

use crate::support::{options, register, sample};

fn read(file: &[u8], chunk: usize, limits: ReadOptions) -> Result<Parsed> {
    let mut reader = Reader::new(limits);
    for piece in file.chunks(chunk) {
        reader.push(piece)?;
    }
    reader.finish()
}

fn cells(table: &Table) -> Vec<Vec<&str>> {
    table.columns().iter().map(|column| (0..table.rows()).map(|row| column.cell(row)).collect()).collect()
}

fn at_most(rows: u64) -> ReadOptions {
    ReadOptions { max_rows: Some(rows), ..ReadOptions::default() }
}

#[test]
fn the_sample_is_the_same_for_any_chunking() {
    let file = register(20_000);
    let limits = [at_most(3000), ReadOptions { max_memory: Some(2_000_000), ..ReadOptions::default() }];
    for limits in limits {
        let whole = read(&file, usize::MAX, limits.clone()).unwrap();
        assert!(whole.table.rows() < 15_000 && whole.rows == 20_000);
        for chunk in [7, 4096, 100_000] {
            let parsed = read(&file, chunk, limits.clone()).unwrap();
            assert!(cells(&parsed.table) == cells(&whole.table), "chunks of {chunk}");
        }
    }
}

/// The rows of the sample are rows of the file, in its order.
#[test]
fn the_sample_is_of_the_file() {
    let file = register(20_000);
    let all = read(&file, 4096, ReadOptions::default()).unwrap().table;
    let kept = read(&file, 4096, at_most(5000)).unwrap().table;
    let rows = |table: &Table| -> Vec<Vec<String>> {
        (0..table.rows())
            .map(|row| table.columns().iter().map(|c| c.cell(row).to_string()).collect())
            .collect()
    };
    let (all, kept) = (rows(&all), rows(&kept));
    let mut rest = all.iter();
    assert!(kept.iter().all(|row| rest.any(|other| other == row)));
}

#[test]
fn it_is_said_and_what_was_not_kept_was_checked() {
    let mut file = register(20_000);
    let source = Source::new(read(&file, 4096, at_most(5000)).unwrap()).unwrap();
    let inspection = source.inspect(None).unwrap();
    assert_eq!(inspection.reading.rows, 20_000);
    assert!((2500..=5000).contains(&inspection.reading.kept_rows), "{}", inspection.reading.kept_rows);
    let mut fitting = source.fit(&options(Method::Independent, "1")).unwrap();
    while fitting.step().unwrap() < 1.0 {}
    let csv = sample(fitting.finish(), source.rows(), "1");
    assert_eq!(csv.iter().filter(|&&byte| byte == b'\n').count(), 20_001);

    file.extend_from_slice(b"one,field,too,few\n");
    let error = read(&file, 4096, at_most(5000)).unwrap_err();
    assert_eq!((error.code(), error.row()), (Code::RaggedRows, Some(20_002)));
}

/// Whatever its shape: many columns, long cells, nothing but unique texts.
#[test]
fn memory_is_bounded_or_the_file_refused() {
    let limits = |bytes| ReadOptions { max_memory: Some(bytes), ..ReadOptions::default() };
    let wide = format!("{}z\n", "a,".repeat(4095)).repeat(3000);
    let parsed = read(wide.as_bytes(), 1 << 18, limits(100_000_000)).unwrap();
    assert!((1000..3000).contains(&parsed.table.rows()), "{}", parsed.table.rows());
    let long: String = (0..2000).map(|i| format!("{i},{i}{}\n", " text".repeat(4000))).collect();
    assert_eq!(read(long.as_bytes(), 1 << 18, limits(20_000_000)).unwrap_err().code(), Code::TooLarge);
    let unique: String = (0..300_000).map(|i| format!("{i},text of row {i}\n")).collect();
    let parsed = read(unique.as_bytes(), 1 << 18, limits(20_000_000)).unwrap();
    assert!(parsed.table.rows() > 30_000);
}
