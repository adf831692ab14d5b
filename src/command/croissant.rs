//! The description that travels with a synthetic file: `out.csv.croissant.json` beside `out.csv`.
//!
//! One that Standin wrote is written anew; any other file of that name is left as it is, since nobody asked for this name.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;
use standin::SavedModel;
use standin::format::csv::Dialect;
use standin::pipeline::croissant::{Checksum, Made};
use standin::schema::made::PROGRAM;

use super::Outcome;
use super::files::{at, write};

const CHUNK: usize = 1 << 20;

/// Describes the file at `output`, which is whole by now. `made`: what else is known of it. What is no file, such as a pipe, has
/// nothing beside it.
pub fn describe(model: &SavedModel, output: &Path, dialect: &Dialect, made: Made) -> Outcome<()> {
    if !output.is_file() {
        return Ok(());
    }
    let path = place(output);
    if path.exists() && !read(&path).is_some_and(|document| is_ours(&document)) {
        eprintln!(
            "standin: {}: left as it is, as Standin did not write it: the rows go without a description",
            path.display()
        );
        return Ok(());
    }
    let (bytes, sha256) = checksum(output)?;
    let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let document = model.croissant(&Made { name, bytes, sha256, ..made }, dialect);
    let mut text = serde_json::to_string_pretty(&document).expect("plain data always serialises");
    text.push('\n');
    write(&path, text.as_bytes())
}

/// The description beside a file, if it is of these very bytes.
pub fn beside(input: &Path) -> Option<Value> {
    let document = read(&place(input))?;
    let told: Vec<&str> = document
        .get("distribution")?
        .as_array()?
        .iter()
        .filter_map(|file| file.get("sha256")?.as_str())
        .collect();
    let is_told = !told.is_empty() && told.contains(&checksum(input).ok()?.1.as_str());
    is_told.then_some(document)
}

fn place(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".croissant.json");
    PathBuf::from(name)
}

fn is_ours(document: &Value) -> bool {
    document.get("standin").and_then(|own| own.get("tool")).is_some_and(|tool| tool == PROGRAM)
}

fn read(path: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn checksum(path: &Path) -> Outcome<(u64, String)> {
    let mut file = File::open(path).map_err(|error| at(path, error))?;
    let (mut sum, mut chunk) = (Checksum::default(), vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk).map_err(|error| at(path, error))? {
            0 => return Ok(sum.finish()),
            count => sum.push(&chunk[..count]),
        }
    }
}
