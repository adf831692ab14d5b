//! Files, fits and figures that the tests share.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use standin::{FitOptions, Method, SavedModel, Source};

/// The folder of real data: `STANDIN_DATA`, else `../shared/data`, else none.
pub fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("STANDIN_DATA").map_or(beside, PathBuf::from);
    let found = folder.is_dir().then_some(folder);
    if found.is_none() {
        println!("skipped: no data");
    }
    found
}

/// Every delimited file under `tables`, packed or not, with its name.
pub fn tables() -> Vec<(String, Vec<u8>)> {
    let mut files = files("tables");
    files.retain(|(name, _)| [".csv", ".data", ".gz"].iter().any(|ending| name.ends_with(ending)));
    files
}

/// Every file under a folder of the real data, with its name.
pub fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> = data().map(|data| data.join(folder)).into_iter().collect();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                files.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

pub fn options(method: Method, seed: &str) -> FitOptions {
    FitOptions { method, seed: seed.into(), ..FitOptions::default() }
}

pub fn fit(file: &[u8], options: &FitOptions) -> SavedModel {
    let mut fitting = Source::read(file).unwrap().fit(options).unwrap();
    while fitting.step().unwrap() < 1.0 {}
    fitting.finish()
}

pub fn sample(model: SavedModel, rows: u64, seed: &str) -> Vec<u8> {
    model.sampler(rows, seed).whole().unwrap()
}

pub fn synth(file: &[u8], method: Method, rows: u64, seed: &str) -> Vec<u8> {
    sample(fit(file, &options(method, seed)), rows, seed)
}

/// A CSV file of rows as they are made.
pub fn csv(header: &str, rows: usize, mut row: impl FnMut() -> String) -> Vec<u8> {
    let body: String = (0..rows).map(|_| row() + "\n").collect();
    format!("{header}\n{body}").into_bytes()
}

/// The cells of a CSV file without quotes, header left out.
pub fn rows(csv: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(csv).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(String::from).collect()).collect()
}

/// Invented cases in no order: their numbers were given day by day, twenty a day, in the second half of the time at a new desk
/// as well.
pub fn cases(rows: usize) -> Vec<u8> {
    let mut row = 0;
    csv("case_id,desk,day,hours", rows, || {
        row += 1;
        let at = row * 7919 % rows;
        let desk = if at >= rows / 2 && row % 3 > 0 { "new" } else { "old" };
        format!("{},{desk},{},{}", 10_000 + at * 3, at / 20, row * 31 % 97)
    })
}

/// A small invented register with every kind of column, its gaps falling together.
pub fn register(rows: usize) -> Vec<u8> {
    let mut csv = String::from("id,ward,age,fee,admitted,insured,height,weight\n");
    for i in 0..rows {
        let noise = |salt: usize| (i * 7919 + salt * 104_729) % 1009;
        let ward = ["north", "south", "east"][noise(1) % 3];
        let age = 18 + (noise(2) % 70 + noise(1) % 3 * 5) % 75;
        let (month, day) = (1 + noise(3) % 12, 1 + noise(4) % 28);
        let insured = if (age + noise(5) % 30) > 60 { "yes" } else { "no" };
        let sizes = match noise(6) % 5 {
            0 => ",".to_string(),
            _ => format!("{},{:.1}", 150 + noise(7) % 45, 50.0 + (noise(7) % 45) as f64 * 0.8),
        };
        let fee = 20.0 + age as f64 * 1.25 + (noise(8) % 100) as f64 / 100.0;
        let id = i * 37 % 10_000;
        let _ = writeln!(csv, "P-{id:04},{ward},{age},{fee:.2},2023-{month:02}-{day:02},{insured},{sizes}");
    }
    csv.into_bytes()
}
