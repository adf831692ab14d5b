//! What each column is: inferred from its cells, perhaps edited by the user, then fixed.
//!
//! Everything here is decided on distinct cells. The details of a kind (decimals, date pattern, shape of an
//! identifier) are always derived from the cells at hand; metadata names the kind alone, so an edited kind
//! that the cells do not bear is refused with the line that contradicts it.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::table::{Column, Table};

pub mod boolean;
pub mod chronology;
pub mod datetime;
pub mod entity;
mod evidence;
pub mod identifier;
mod infer;
pub mod made;
pub mod metadata;
pub mod missing;
mod name;
pub mod number;
pub mod ordinal;
pub mod personal;
pub mod relations;
pub mod roles;
pub mod summary;
pub mod text;
pub mod unfit;

use datetime::DatetimeFormat;
use identifier::IdShape;
use missing::{is_gap, is_missing};
use number::NumberFormat;
use ordinal::Order;
use personal::{Personal, Sort};
use text::TextShape;
use unfit::Told;

/// The columns in the order of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    pub columns: Vec<ColumnSchema>,
    /// The first identifier column without gaps or repeats.
    pub primary_key: Option<String>,
    /// The column that tells whose a row is, where several rows may be one person's. Left out or not.
    pub entity: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnSchema {
    pub name: String,
    pub kind: Kind,
    /// The cells, besides blank ones, that stand for "no value" here.
    #[serde(default)]
    pub missing: Vec<String>,
    /// The owner said which.
    #[serde(default)]
    pub missing_told: bool,
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
    /// Categories with an order of their own.
    Ordinal(Order),
    Boolean,
    Id(IdShape),
    /// Free text, of which lengths alone are kept.
    Text(TextShape),
    Personal(Personal),
}

/// The kinds without their details. Written and read as SDV's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Sdtype {
    Numerical,
    Datetime,
    Categorical,
    Ordinal,
    Boolean,
    Id,
    Text,
    Personal(Sort),
}

impl Kind {
    pub fn sdtype(&self) -> Sdtype {
        match self {
            Kind::Numerical(_) => Sdtype::Numerical,
            Kind::Datetime(_) => Sdtype::Datetime,
            Kind::Categorical => Sdtype::Categorical,
            Kind::Ordinal(_) => Sdtype::Ordinal,
            Kind::Boolean => Sdtype::Boolean,
            Kind::Id(_) => Sdtype::Id,
            Kind::Text(_) => Sdtype::Text,
            Kind::Personal(personal) => Sdtype::Personal(personal.sort()),
        }
    }
}

impl Sdtype {
    /// Those that any table may have, beside the personal ones.
    const GENERAL: [Sdtype; 7] = [
        Sdtype::Numerical,
        Sdtype::Categorical,
        Sdtype::Ordinal,
        Sdtype::Boolean,
        Sdtype::Datetime,
        Sdtype::Id,
        Sdtype::Text,
    ];

    pub fn all() -> impl Iterator<Item = Sdtype> {
        Self::GENERAL.into_iter().chain(Sort::ALL.map(Sdtype::Personal))
    }

    /// Are its values made up, so that the model learns only where there is one?
    pub fn is_made_up(self) -> bool {
        matches!(self, Sdtype::Id | Sdtype::Text | Sdtype::Personal(_))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Sdtype::Numerical => "numerical",
            Sdtype::Datetime => "datetime",
            Sdtype::Categorical => "categorical",
            Sdtype::Ordinal => "ordinal",
            Sdtype::Boolean => "boolean",
            Sdtype::Id => "id",
            Sdtype::Text => "text",
            Sdtype::Personal(sort) => sort.as_str(),
        }
    }
}

impl From<Sdtype> for &'static str {
    fn from(sdtype: Sdtype) -> Self {
        sdtype.as_str()
    }
}

impl TryFrom<String> for Sdtype {
    type Error = &'static str;

    fn try_from(name: String) -> std::result::Result<Self, Self::Error> {
        match name.as_str() {
            "latitude" | "longitude" => Ok(Sdtype::Numerical), // made-up places would be of no use
            name => Sdtype::all().find(|sdtype| sdtype.as_str() == name).ok_or("no sdtype has this name"),
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
                ColumnSchema {
                    name: column.name().to_string(),
                    kind,
                    missing,
                    missing_told: false,
                    included: true,
                }
            })
            .collect();
        if table.columns().iter().all(|column| column.cells().iter().all(is_missing)) {
            return Err(Error::new(
                Code::AllMissing,
                "every cell of the file is missing: choose a file with values",
            ));
        }
        let primary_key = primary_key(table, &columns);
        let entity = entity::find(table, &columns);
        Ok(Schema { columns, primary_key, entity })
    }

    /// The column that tells whose a row is.
    pub fn entity(&self) -> Option<&ColumnSchema> {
        let name = self.entity.as_ref()?;
        self.columns.iter().find(|column| column.name == *name)
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
    /// All that stands for "no value", blanks left out.
    pub missing: Option<Vec<String>>,
    /// The levels of an ordinal column, from the least to the most.
    pub order: Option<Vec<String>>,
    pub included: bool,
}

/// The column as its owner wants it, with the details that its cells bear.
///
/// # Errors
/// `BadMetadata` with the column and the first line that contradicts.
pub fn column_as(column: &Column, wish: &Wish) -> Result<ColumnSchema> {
    let sdtype = wish.sdtype;
    let reading = infer::kind_as(column, sdtype, wish.missing.as_deref(), wish.order.as_deref());
    let (kind, missing) = reading.ok_or_else(|| {
        let choices: Vec<_> = choices(column).into_iter().map(Sdtype::as_str).collect();
        let told = Told { missing: wish.missing.as_deref(), format: None };
        let way_out = unfit::way_out(column, sdtype, told);
        let choices = choices.join(" or ");
        let error = Error::new(
            Code::BadMetadata,
            format!("its cells cannot be read as {}: choose {choices}{way_out}", sdtype.as_str()),
        )
        .in_column(column.name());
        match infer::first_contradiction(column, sdtype) {
            Some(row) => error.at_record(row),
            None => error,
        }
    })?;
    Ok(ColumnSchema {
        name: column.name().to_string(),
        kind,
        missing,
        missing_told: wish.missing.is_some(),
        included: wish.included,
    })
}

/// The sdtypes that the column's cells can bear.
pub fn choices(column: &Column) -> Vec<Sdtype> {
    Sdtype::all().filter(|&sdtype| infer::bears(column, sdtype)).collect()
}
