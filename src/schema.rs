//! What each column is: inferred from its cells, perhaps edited by the user, then fixed.
//!
//! Everything here is decided on distinct cells. The details of a kind (decimals, date pattern, shape of an
//! identifier) are always derived from the cells at hand; metadata names the kind alone, so an edited kind
//! that the cells do not bear is refused with the line that contradicts it.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::table::{Column, Table};

pub mod datetime;
pub mod identifier;
mod infer;
pub mod metadata;
pub mod number;
pub mod relations;
pub mod summary;

use datetime::DatetimeFormat;
use identifier::IdShape;
use number::NumberFormat;

/// Cells that stand for "no value" in any column, compared without the white space around them. Words that may
/// be a value somewhere ("unknown", "none", "999") are not among them.
const MISSING: [&str; 20] = [
    "", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "Null", "None", "?", "-", "<NA>", "NaT",
    "\\N", "#NULL!", "(null)", "–", "—",
];

/// Does the cell stand for a missing value?
pub fn is_missing(cell: &str) -> bool {
    MISSING.contains(&cell.trim())
}

/// Does the cell stand for a missing value in a column that has words of its own for it?
pub fn is_gap(cell: &str, words: &[String]) -> bool {
    is_missing(cell) || words.iter().any(|word| word == cell.trim())
}

/// The columns in the order of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    pub columns: Vec<ColumnSchema>,
    /// The first identifier column without gaps or repeats.
    pub primary_key: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnSchema {
    pub name: String,
    pub kind: Kind,
    /// Words that stand for "no value" in this column alone, each held by at least two rows.
    #[serde(default)]
    pub missing: Vec<String>,
    /// Left out of the synthetic table if false.
    pub included: bool,
}

impl ColumnSchema {
    /// Does the cell stand for a missing value in this column?
    pub fn is_missing(&self, cell: &str) -> bool {
        is_gap(cell, &self.missing)
    }
}

/// SDV's sdtypes, each with how its cells are written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    Numerical(NumberFormat),
    Datetime(DatetimeFormat),
    Categorical,
    Boolean,
    Id(IdShape),
}

/// The kinds without their details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sdtype {
    Numerical,
    Datetime,
    Categorical,
    Boolean,
    Id,
}

impl Kind {
    pub fn sdtype(&self) -> Sdtype {
        match self {
            Kind::Numerical(_) => Sdtype::Numerical,
            Kind::Datetime(_) => Sdtype::Datetime,
            Kind::Categorical => Sdtype::Categorical,
            Kind::Boolean => Sdtype::Boolean,
            Kind::Id(_) => Sdtype::Id,
        }
    }
}

impl Sdtype {
    pub const ALL: [Sdtype; 5] =
        [Sdtype::Numerical, Sdtype::Categorical, Sdtype::Boolean, Sdtype::Datetime, Sdtype::Id];

    pub fn as_str(self) -> &'static str {
        match self {
            Sdtype::Numerical => "numerical",
            Sdtype::Datetime => "datetime",
            Sdtype::Categorical => "categorical",
            Sdtype::Boolean => "boolean",
            Sdtype::Id => "id",
        }
    }
}

impl Schema {
    /// Decides every column's kind from its cells.
    ///
    /// # Errors
    /// `AllMissing` if no column holds a value.
    pub fn infer(table: &Table) -> Result<Schema> {
        let columns: Vec<_> = table
            .columns()
            .iter()
            .map(|column| {
                let (kind, missing) = infer::kind(column);
                ColumnSchema { name: column.name().to_string(), kind, missing, included: true }
            })
            .collect();
        if table.columns().iter().all(|column| column.cells().iter().all(is_missing)) {
            return Err(Error::new(
                Code::AllMissing,
                "every cell of the file is missing: choose a file with values",
            ));
        }
        let primary_key = primary_key(table, &columns);
        Ok(Schema { columns, primary_key })
    }

    /// The columns that are modelled and written, each with its place in the table.
    pub fn included(&self) -> impl Iterator<Item = (usize, &ColumnSchema)> {
        self.columns.iter().enumerate().filter(|(_, column)| column.included)
    }
}

fn primary_key(table: &Table, columns: &[ColumnSchema]) -> Option<String> {
    let unique = |schema: &ColumnSchema, column: &Column| {
        column.cells().len() == table.rows() && !column.cells().iter().any(|cell| schema.is_missing(cell))
    };
    columns
        .iter()
        .zip(table.columns())
        .find(|(schema, column)| {
            schema.included && schema.kind.sdtype() == Sdtype::Id && unique(schema, column)
        })
        .map(|(schema, _)| schema.name.clone())
}

/// What metadata says of a column. What it leaves open is told by the cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    pub sdtype: Sdtype,
    /// The column's own words for "no value".
    pub missing: Option<Vec<String>>,
    pub included: bool,
}

/// The column as its owner wants it, with the details that its cells bear.
///
/// # Errors
/// `BadMetadata` with the column and the first line that contradicts.
pub fn column_as(column: &Column, wish: &Wish) -> Result<ColumnSchema> {
    let sdtype = wish.sdtype;
    let (kind, missing) = infer::kind_as(column, sdtype, wish.missing.as_deref()).ok_or_else(|| {
        let choices: Vec<_> = choices(column).into_iter().map(Sdtype::as_str).collect();
        let error = Error::new(
            Code::BadMetadata,
            format!("its cells cannot be read as {}: choose {}", sdtype.as_str(), choices.join(" or ")),
        )
        .in_column(column.name());
        match infer::first_contradiction(column, sdtype) {
            Some(row) => error.at_row(row as u64 + 2),
            None => error,
        }
    })?;
    Ok(ColumnSchema { name: column.name().to_string(), kind, missing, included: wish.included })
}

/// The sdtypes that the column's cells can bear.
pub fn choices(column: &Column) -> Vec<Sdtype> {
    Sdtype::ALL.into_iter().filter(|&sdtype| infer::kind_as(column, sdtype, None).is_some()).collect()
}
