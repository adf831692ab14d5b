//! A file of synthetic rows, written piece by piece.

use std::io::Write;
use std::path::Path;

use standin::format::csv::{Dialect, Layout, tail};
use standin_files::parquet;

use super::Outcome;
use super::files::{at, create};

pub struct Rows<'a> {
    path: &'a Path,
    dialect: &'a Dialect,
    /// Text goes through it where Parquet is wanted.
    packer: Option<parquet::Writer>,
    out: Box<dyn Write>,
}

impl<'a> Rows<'a> {
    pub fn create(path: &'a Path, dialect: &'a Dialect) -> Outcome<Self> {
        let packer = match &dialect.layout {
            Layout::Parquet(types) => Some(parquet::Writer::new(types).map_err(|error| at(path, error))?),
            Layout::Delimited | Layout::Json(_) => None,
        };
        Ok(Rows { path, dialect, packer, out: create(path)? })
    }

    pub fn push(&mut self, piece: &[u8]) -> Outcome<()> {
        let packed;
        let piece = match &mut self.packer {
            Some(packer) => {
                packed = packer.push(piece).map_err(|error| at(self.path, error))?;
                &packed
            }
            None => piece,
        };
        self.out.write_all(piece).map_err(|error| at(self.path, error))
    }

    /// Writes what stands below the last row.
    pub fn finish(mut self) -> Outcome<()> {
        let end = match self.packer.take() {
            Some(packer) => packer.finish().map_err(|error| at(self.path, error))?,
            None => tail(self.dialect),
        };
        self.out.write_all(&end).map_err(|error| at(self.path, error))?;
        self.out.flush().map_err(|error| at(self.path, error))
    }
}
