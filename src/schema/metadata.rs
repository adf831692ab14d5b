//! The schema as SDV metadata: reads V1 and V2, of one table, several, or flat (`SINGLE_TABLE_V1`); writes V1.
//!
//! What SDV has no word for stands under the one key `standin`: `leave_out`, columns that the synthetic table shall
//! not have; `table`, which of several tables the file is; `columns.<name>`, with `missing` (words that stand for "no value"),
//! `order` (levels from least to most), `optional` (a file may lack the column) and `leave_out_unfit` (rows whose cell is
//! none of the sdtype, numerical or datetime, are left out); `provenance`, Croissant metadata that tell where the rows come from;
//! `relations`, which are told, not read. SDV's
//! `sequence_key` names the column that tells whose a row is. Keys and relationships that Standin does not use are
//! kept. Details that the cells tell (decimals, the shape of an identifier, ranges) are not read. SDV 2 refuses keys
//! that it does not know: [`for_sdv`] leaves ours out.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::datetime::DatetimeFormat;
use super::unfit::{Told, way_out};
use super::{ColumnSchema, Kind, Schema, Sdtype, Wish, column_as};
use crate::error::{Code, Error, Result};
use crate::table::{Column, Table};

mod document;
mod mismatch;
mod several;
#[cfg(test)]
mod tests;
mod unfit;

use document::{Described, Document};
pub use several::several;
pub use unfit::{LeftOut, fitting_rows};

/// The name under which a table stands that has none.
const TABLE: &str = "table";
/// What of a table is kept as it was read.
const KEPT: [&str; 4] = ["alternate_keys", "sequence_key", "sequence_index", "column_relationships"];

/// SDV metadata V1 of a schema. `read_from`: the metadata that it was read from, of which what Standin has no use for
/// is kept.
pub fn write(schema: &Schema, read_from: Option<&Value>, table: &Table) -> Value {
    let document = read_from.and_then(|metadata| Document::of(metadata, table).ok());
    let before = |name: &str| document.as_ref().and_then(|document| document.columns.get(name));
    let columns: Map<String, Value> = schema
        .columns
        .iter()
        .map(|column| (column.name.clone(), write_column(&column.kind, before(&column.name))))
        .collect();
    let left_out: Vec<_> =
        schema.columns.iter().filter(|column| !column.included).map(|column| &column.name).collect();
    let mut holder = Map::new();
    if let Some(key) = &schema.primary_key {
        holder.insert("primary_key".into(), json!(key));
    }
    for key in KEPT {
        if let Some(value) = document.as_ref().and_then(|document| document.holder.get(key)) {
            holder.insert(key.into(), value.clone());
        }
    }
    holder.insert("columns".into(), Value::Object(columns));
    let name = document.as_ref().and_then(|document| document.table).unwrap_or(TABLE);
    let mut tables = read_from.and_then(|old| old.get("tables")?.as_object()).cloned().unwrap_or_default();
    let several = tables.len() > 1;
    tables.insert(name.into(), Value::Object(holder));
    let relationships = read_from.and_then(|old| old.get("relationships")).cloned().unwrap_or(json!([]));
    let mut extras = Map::from_iter([("leave_out".to_string(), json!(left_out))]);
    if several {
        extras.insert("table".into(), json!(name));
    }
    extras.insert("columns".into(), Value::Object(column_extras(schema, document.as_ref())));
    if let Some(provenance) = read_from.and_then(|old| old.get("standin")?.get("provenance")) {
        extras.insert("provenance".into(), provenance.clone());
    }
    json!({
        "METADATA_SPEC_VERSION": "V1",
        "tables": tables,
        "relationships": relationships,
        "standin": extras,
    })
}

/// The same in what SDV has words for. Its booleans are true and false, so two other words are categories.
pub fn for_sdv(mut metadata: Value) -> Value {
    if let Some(object) = metadata.as_object_mut() {
        object.shift_remove("standin");
    }
    let tables = metadata.get_mut("tables").and_then(Value::as_object_mut);
    for table in tables.into_iter().flat_map(Map::values_mut) {
        let columns = table.get_mut("columns").and_then(Value::as_object_mut);
        for column in columns.into_iter().flat_map(Map::values_mut) {
            if column["sdtype"] == Sdtype::Boolean.as_str() {
                column["sdtype"] = Sdtype::Categorical.as_str().into();
            }
        }
    }
    metadata
}

/// Of the columns that have any: the order of levels, what the owner counts as missing, whether a file may lack it, and
/// whether rows are left out for it.
fn column_extras(schema: &Schema, document: Option<&Document>) -> Map<String, Value> {
    let extras = |column: &ColumnSchema| {
        let mut extras = Map::new();
        if let Kind::Ordinal(order) = &column.kind {
            extras.insert("order".into(), json!(order.levels()));
        }
        if column.missing_told {
            extras.insert("missing".into(), json!(column.missing));
        }
        if document.is_some_and(|document| document.is_optional(&column.name)) {
            extras.insert("optional".into(), json!(true));
        }
        if document.is_some_and(|document| document.leaves_out_unfit(&column.name)) {
            extras.insert("leave_out_unfit".into(), json!(true));
        }
        (!extras.is_empty()).then(|| (column.name.clone(), Value::Object(extras)))
    };
    schema.columns.iter().filter_map(extras).collect()
}

/// A kind that SDV knows and we do not, such as the name of a Faker provider, is written as it was read.
fn write_column(kind: &Kind, before: Option<&Value>) -> Value {
    match before {
        Some(settings) if matches!(document::sdtype(settings), Ok(Described::Inferred(_))) => {
            settings.clone()
        }
        _ => write_kind(kind),
    }
}

fn write_kind(kind: &Kind) -> Value {
    let sdtype = kind.sdtype().as_str();
    match kind {
        Kind::Numerical(format) => {
            let representation = if format.decimals() == Some(0) { "Int64" } else { "Float" };
            json!({ "sdtype": sdtype, "computer_representation": representation })
        }
        Kind::Datetime(format) => json!({ "sdtype": sdtype, "datetime_format": format.strptime() }),
        Kind::Id(shape) => json!({ "sdtype": sdtype, "regex_format": shape.regex() }),
        // V1 has no word of its own for an order; it stands under our key.
        Kind::Ordinal(_) => json!({ "sdtype": Sdtype::Categorical.as_str() }),
        Kind::Categorical | Kind::Boolean | Kind::Text(_) => json!({ "sdtype": sdtype }),
        Kind::Personal(_) => json!({ "sdtype": sdtype, "pii": true }),
    }
}

/// The schema that metadata describes, for the rows of a table that [`fitting_rows`] leaves, and what the owner should know of how it was read.
///
/// # Errors
/// `BadMetadata`: not SDV metadata, an sdtype that is unknown or that the cells do not bear, nothing left
/// in. `Mismatch`: columns that the table lacks, or that the metadata lacks. All of them at once.
pub fn read(metadata: &Value, table: &Table) -> Result<(Schema, Vec<String>)> {
    let document = Document::of(metadata, table)?;
    let mut notes = document.notes.clone();
    let mut problems = mismatch::columns(&document, table, &mut notes);
    let mut columns = Vec::new();
    for column in table.columns() {
        if let Some(settings) = document.columns.get(column.name()) {
            let column = match document.left_out(column.name()) {
                true => unfit::fitting_cells(column, &document),
                false => Cow::Borrowed(column),
            };
            match read_column(&column, settings, &document, &mut notes) {
                Ok(schema) => columns.push(schema),
                Err(problem) => problems.push(problem.on_lines(|row| table.line(row))),
            }
        }
    }
    let key = match document.primary_key(table) {
        Ok(key) => key,
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let told = document.entity(table).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    mismatch::verdict(problems)?;
    if columns.iter().all(|column| !column.included) {
        return Err(Error::new(Code::BadMetadata, "every column is left out: keep at least one"));
    }
    let included = |name: &String| columns.iter().any(|column| column.included && column.name == *name);
    let primary_key = key.filter(included).or_else(|| super::primary_key(table, &columns));
    let entity = told.or_else(|| super::entity::find(table, &columns));
    Ok((Schema { columns, primary_key, entity }, notes))
}

fn read_column(
    column: &Column,
    settings: &Value,
    document: &Document,
    notes: &mut Vec<String>,
) -> Result<ColumnSchema> {
    let name = column.name();
    let mut order = document.order(name);
    let missing = document.missing(name);
    let included = !document.left_out(name);
    let sdtype = match document::sdtype(settings).map_err(|error| error.in_column(name))? {
        Described::As(Sdtype::Categorical) if order.is_some() => Sdtype::Ordinal,
        Described::As(Sdtype::Ordinal) => {
            order = order.or_else(|| document::texts(settings.get("range_values")?));
            Sdtype::Ordinal
        }
        Described::As(sdtype) => sdtype,
        Described::Inferred(word) => {
            let inferred = super::infer::kind(column).0.sdtype();
            notes.push(format!("column \"{name}\": \"{word}\" is read as {}", inferred.as_str()));
            inferred
        }
    };
    let told = document::datetime_format(settings, sdtype);
    let is_gap = |cell: &&str| {
        super::is_missing(cell)
            || missing.as_ref().is_some_and(|words| words.iter().any(|word| word == cell.trim()))
    };
    let cells = (0..column.cells().len() as u32).map(|code| column.cells().get(code));
    if let Some(told) = told {
        let values: Vec<&str> = cells.filter(|cell| !is_gap(cell)).collect();
        match DatetimeFormat::told(told, values.iter().copied()) {
            Ok(format) => {
                return Ok(ColumnSchema {
                    name: name.to_string(),
                    kind: Kind::Datetime(format),
                    missing_told: missing.is_some(),
                    missing: missing.unwrap_or_default(),
                    included,
                });
            }
            // A form of ours that Python has no words for, or words that we do not know: the cells tell.
            Err(None) => notes
                .push(format!("column \"{name}\": its dates are read as its cells show, not by \"{told}\"")),
            Err(Some(place)) => {
                let wish = Wish { sdtype, missing: missing.clone(), order: None, included };
                let column_schema = column_as(column, &wish);
                if let Ok(ColumnSchema { kind: Kind::Datetime(format), .. }) = &column_schema
                    && format.strptime() == told
                {
                    return column_schema;
                }
                let row = column.codes().position(|code| column.cells().get(code) == values[place]);
                let way_out =
                    way_out(column, sdtype, Told { missing: missing.as_deref(), format: Some(told) });
                let message = format!(
                    "it is not written as \"{told}\": mend the cell, or the \"datetime_format\", or take that out so that the cells tell{way_out}"
                );
                let error = Error::new(Code::BadMetadata, message).in_column(name);
                return Err(match row {
                    Some(row) => error.at_record(row),
                    None => error,
                });
            }
        }
    }
    column_as(column, &Wish { sdtype, missing, order, included })
}
