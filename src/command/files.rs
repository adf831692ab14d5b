//! Files in and out, of whatever format: `-` is standard input or output.

use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::path::Path;

use standin::Source;
use standin::format::csv::{Layout, Origin, ReadOptions, Reader};
use standin::format::unpack::{Container, container};
use standin_files::{excel, parquet};

use super::Outcome;

const CHUNK: usize = 1 << 20;

pub fn read_file(path: &Path, options: ReadOptions, sheet: Option<&str>) -> Outcome<Source> {
    let mut file = open(path)?;
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut more = |chunk: &mut Vec<u8>| {
        chunk.clear();
        file.by_ref().take(CHUNK as u64).read_to_end(chunk).map_err(|error| at(path, error))
    };
    more(&mut chunk)?;
    if let Some(kind) = container(&chunk) {
        if path == Path::new("-") {
            file.read_to_end(&mut chunk).map_err(|error| at(path, error))?;
        }
        let piped = (path == Path::new("-")).then_some(chunk);
        return unpack(path, piped, kind, options, sheet).map_err(|error| at(path, error));
    }
    if sheet.is_some() {
        return Err(at(path, "only a workbook has sheets: leave out --sheet"));
    }
    let mut reader = Reader::new(options);
    while !chunk.is_empty() {
        reader.push(&chunk).map_err(|error| at(path, error))?;
        more(&mut chunk)?;
    }
    let parsed = reader.finish().map_err(|error| at(path, error))?;
    Source::new(parsed).map_err(|error| at(path, error))
}

/// A workbook or a Parquet file, read as the text that is made of it.
pub fn unpack(
    path: &Path,
    piped: Option<Vec<u8>>,
    kind: Container,
    options: ReadOptions,
    sheet: Option<&str>,
) -> Result<Source, Box<dyn std::error::Error>> {
    let origin = if kind == Container::Excel { Origin::Sheet } else { Origin::Table };
    let mut reader = Reader::new(ReadOptions { origin, ..options });
    let mut refused = None;
    let sink = &mut |text: &[u8], _: f64| {
        reader.push(text).map_err(|error| {
            refused = Some(error);
            standin_files::Error::new("damaged", "the text is not wanted")
        })
    };
    // The libraries panic on some damaged files: that ends in one line too.
    let name = path.display().to_string();
    std::panic::set_hook(Box::new(move |_| {
        eprintln!("standin: {name}: this file is damaged: write it again, or save the table as CSV");
        std::process::exit(2);
    }));
    let read = match (kind, piped) {
        (Container::Excel, Some(bytes)) => excel::read(Cursor::new(bytes), sheet, sink),
        (Container::Excel, None) => excel::read(File::open(path)?, sheet, sink),
        (Container::Parquet, Some(bytes)) => parquet::read(parquet::Bytes::from(bytes), sink),
        (Container::Parquet, None) => parquet::read(File::open(path)?, sink),
    };
    drop(std::panic::take_hook());
    let facts = if let Some(error) = refused { Err(error)? } else { read? };
    let mut parsed = reader.finish()?;
    if kind == Container::Parquet {
        parsed.dialect.layout = Layout::Parquet(facts.types);
    }
    let source = Source::new(parsed)?;
    let name = path.display();
    if let Some(sheet) = facts.sheet.filter(|_| facts.sheets.len() > 1) {
        eprintln!("standin: {name}: sheet \"{sheet}\" of {}; --sheet chooses another", facts.sheets.len());
    }
    if !facts.left_out.is_empty() {
        let columns = facts.left_out.join("\", \"");
        eprintln!("standin: {name}: left out, as they hold lists or maps: \"{columns}\"");
    }
    Ok(source)
}

pub fn slurp(path: &Path) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).map_err(|error| at(path, error))?;
    Ok(bytes)
}

pub fn open(path: &Path) -> Outcome<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(File::open(path).map_err(|error| at(path, error))?))
}

pub fn create(path: &Path) -> Outcome<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdout()));
    }
    Ok(Box::new(File::create(path).map_err(|error| at(path, error))?))
}

pub fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut out = create(path)?;
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| at(path, error))
}

pub fn at(path: &Path, error: impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}
