//! The schema as SDV metadata: reads V1 (several tables or flat `SINGLE_TABLE_V1`), writes V1.
//!
//! What SDV has no word for stands under the one key `standin`: `leave_out`, the columns that the synthetic
//! table shall not have. Numbers' decimals and the like are derived from the cells, so they are not read.

use serde_json::{Map, Value, json};

use super::{Kind, Schema, Sdtype, Wish, column_as};
use crate::error::{Code, Error, Result};
use crate::table::Table;

/// The name under which the one table stands.
const TABLE: &str = "table";

/// SDV metadata V1 of a schema.
pub fn write(schema: &Schema) -> Value {
    let columns: Map<String, Value> =
        schema.columns.iter().map(|column| (column.name.clone(), write_kind(&column.kind))).collect();
    let left_out: Vec<_> =
        schema.columns.iter().filter(|column| !column.included).map(|column| &column.name).collect();
    let mut table = Map::new();
    if let Some(key) = &schema.primary_key {
        table.insert("primary_key".into(), json!(key));
    }
    table.insert("columns".into(), Value::Object(columns));
    json!({
        "METADATA_SPEC_VERSION": "V1",
        "tables": { TABLE: table },
        "relationships": [],
        "standin": { "leave_out": left_out, "columns": extras(schema) },
    })
}

/// What SDV has no word for, of the columns that have any: the order of levels, and what the owner counts as missing.
fn extras(schema: &Schema) -> Map<String, Value> {
    let extras = |column: &super::ColumnSchema| {
        let mut extras = Map::new();
        if let Kind::Ordinal(order) = &column.kind {
            extras.insert("order".into(), json!(order.levels()));
        }
        if column.missing_told {
            extras.insert("missing".into(), json!(column.missing));
        }
        (!extras.is_empty()).then(|| (column.name.clone(), Value::Object(extras)))
    };
    schema.columns.iter().filter_map(extras).collect()
}

/// A list of words under our key for a column.
fn words(metadata: &Value, column: &str, key: &str) -> Result<Option<Vec<String>>> {
    let extras = metadata.get("standin").and_then(|extras| extras.get("columns"));
    let Some(list) = extras.and_then(|extras| extras.get(column)).and_then(|extras| extras.get(key)) else {
        return Ok(None);
    };
    let words = list.as_array().and_then(|words| words.iter().map(|word| word.as_str().map(String::from)).collect());
    let bad = || Error::new(Code::BadMetadata, format!("its \"{key}\" must be a list of texts")).in_column(column);
    words.map(Some).ok_or_else(bad)
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
        // SDV has no word of its own for an order; it stands under our key.
        Kind::Ordinal(_) => json!({ "sdtype": Sdtype::Categorical.as_str() }),
        Kind::Categorical | Kind::Boolean | Kind::Text(_) => json!({ "sdtype": sdtype }),
    }
}

/// The schema that metadata describes, for this table.
///
/// # Errors
/// `BadMetadata`: not SDV metadata, an sdtype that is unknown or that the cells do not bear, nothing left
/// in. `Mismatch`: a column that the table lacks, or one that the metadata lacks.
pub fn read(metadata: &Value, table: &Table) -> Result<Schema> {
    let bad = |message: &str| Error::new(Code::BadMetadata, message);
    let holder = match (metadata.get("tables").and_then(Value::as_object), metadata.get("columns")) {
        (Some(tables), _) if tables.len() == 1 => tables.values().next().expect("one table"),
        (Some(tables), _) => {
            return Err(bad(&format!("the metadata has {} tables: give it with just the one", tables.len())));
        }
        (None, Some(_)) => metadata,
        (None, None) => return Err(bad("not SDV metadata: it needs \"tables\" or \"columns\"")),
    };
    let described = holder
        .get("columns")
        .and_then(Value::as_object)
        .ok_or_else(|| bad("the metadata's table has no \"columns\""))?;
    if let Some(extra) = described.keys().find(|name| table.column(name).is_none()) {
        return Err(Error::new(
            Code::Mismatch,
            "the metadata describes this column but the file lacks it: take it out or choose the file it was made for",
        )
        .in_column(extra));
    }
    let left_out = left_out(metadata, table)?;
    let columns = table
        .columns()
        .iter()
        .map(|column| {
            let name = column.name();
            let described = described.get(name).ok_or_else(|| {
                let message = "the file has this column but the metadata lacks it: add it to \"columns\"";
                Error::new(Code::Mismatch, message).in_column(name)
            })?;
            let sdtype = described.get("sdtype").and_then(Value::as_str).unwrap_or_default();
            let sdtype = Sdtype::ALL.into_iter().find(|known| known.as_str() == sdtype).ok_or_else(|| {
                let known: Vec<_> = Sdtype::ALL.into_iter().map(Sdtype::as_str).collect();
                bad(&format!("its \"sdtype\" is not one of {}", known.join(", "))).in_column(name)
            })?;
            let included = !left_out.iter().any(|left| left == name);
            let (missing, order) = (words(metadata, name, "missing")?, words(metadata, name, "order")?);
            let sdtype = match sdtype {
                Sdtype::Categorical if order.is_some() => Sdtype::Ordinal,
                sdtype => sdtype,
            };
            column_as(column, &Wish { sdtype, missing, order, included })
        })
        .collect::<Result<Vec<_>>>()?;
    if columns.iter().all(|column| !column.included) {
        return Err(bad("every column is left out: keep at least one"));
    }
    let primary_key = super::primary_key(table, &columns);
    Ok(Schema { columns, primary_key })
}

fn left_out(metadata: &Value, table: &Table) -> Result<Vec<String>> {
    let Some(list) = metadata.get("standin").and_then(|extras| extras.get("leave_out")) else {
        return Ok(Vec::new());
    };
    let names: Option<Vec<String>> =
        list.as_array().and_then(|names| names.iter().map(|name| name.as_str().map(String::from)).collect());
    let names =
        names.ok_or_else(|| Error::new(Code::BadMetadata, "\"leave_out\" must be a list of column names"))?;
    match names.iter().find(|name| table.column(name).is_none()) {
        Some(name) => Err(Error::new(
            Code::Mismatch,
            "\"leave_out\" names this column but the file lacks it: take it out of the list",
        )
        .in_column(name)),
        None => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    fn table() -> Table {
        Table::new(vec![
            ColumnBuilder::from_iter(["1", "2.5", "x"]).finish("a"),
            ColumnBuilder::from_iter(["2020-01-01", "", "2020-02-01"]).finish("d"),
        ])
    }

    #[test]
    fn what_is_written_is_read() {
        let table = table();
        let mut schema = Schema::infer(&table).unwrap();
        schema.columns[0].included = false;
        let metadata = write(&schema);
        assert_eq!(metadata["tables"]["table"]["columns"]["d"]["datetime_format"], "%Y-%m-%d");
        assert_eq!(read(&metadata, &table).unwrap(), schema);
    }

    #[test]
    fn reads_the_flat_form() {
        let flat = json!({
            "METADATA_SPEC_VERSION": "SINGLE_TABLE_V1",
            "columns": { "a": { "sdtype": "categorical" }, "d": { "sdtype": "categorical" } },
        });
        let schema = read(&flat, &table()).unwrap();
        assert!(schema.columns.iter().all(|column| column.kind == Kind::Categorical));
    }

    #[test]
    fn wrong_edits_name_the_column() {
        let edit = |a: &str| json!({ "columns": { "a": { "sdtype": a }, "d": { "sdtype": "datetime" } } });
        let error = read(&edit("numerical"), &table()).unwrap_err();
        assert_eq!((error.code(), error.column(), error.row()), (Code::BadMetadata, Some("a"), Some(4)));
        let error = read(&edit("colour"), &table()).unwrap_err();
        assert!(error.to_string().contains("numerical, categorical"), "{error}");
        for (metadata, code) in [
            (json!({}), Code::BadMetadata),
            (json!({ "columns": { "a": { "sdtype": "categorical" } } }), Code::Mismatch),
            (json!({ "columns": { "z": { "sdtype": "categorical" } } }), Code::Mismatch),
            (json!({ "tables": {} }), Code::BadMetadata),
            (json!([1]), Code::BadMetadata),
        ] {
            assert_eq!(read(&metadata, &table()).unwrap_err().code(), code);
        }
    }
}
