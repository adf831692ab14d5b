//! The parts of a metadata document: which table is meant, its columns, our own settings. Their form is checked here,
//! their fit to the cells elsewhere.

use serde_json::{Map, Value};

use super::mismatch::nearest;
use super::{Code, Error, Result, Sdtype, Table};

/// Words under our key.
const OURS: [&str; 6] = ["leave_out", "columns", "table", "relations", "read", "provenance"];
/// Words under our key for a column.
const OURS_OF_COLUMN: [&str; 4] = ["missing", "order", "optional", "leave_out_unfit"];
/// Kinds of SDV that Standin has no own for: their cells tell how they are read.
const OTHERS: [&str; 26] = [
    "unknown",
    "administrative_unit",
    "bs",
    "catch_phrase",
    "color_name",
    "company",
    "country",
    "country_code",
    "current_country",
    "job",
    "latitude",
    "local_latlng",
    "locale",
    "longitude",
    "secondary_address",
    "state",
    "state_abbr",
    "street_address",
    "street_name",
    "swift11",
    "swift8",
    "user_agent_string",
    "uuid4",
    "vin",
    "zipcode",
    "date_of_birth",
];

/// One table of a metadata document, and what our own key says.
pub struct Document<'a> {
    /// Its name, where it has one.
    pub table: Option<&'a str>,
    pub holder: &'a Map<String, Value>,
    pub columns: &'a Map<String, Value>,
    ours: Option<&'a Map<String, Value>>,
    /// What was chosen for the owner.
    pub notes: Vec<String>,
}

/// What metadata says of a column's kind.
#[derive(Debug)]
pub enum Described {
    As(Sdtype),
    /// A word of SDV's that leaves it to the cells.
    Inferred(String),
}

impl<'a> Document<'a> {
    /// The table of this metadata that the file is.
    ///
    /// # Errors
    /// `BadMetadata` if it is no metadata, if our own key is misused, or if several tables fit.
    pub fn of(metadata: &'a Value, table: &Table) -> Result<Document<'a>> {
        let ours = ours(metadata)?;
        let mut notes = Vec::new();
        let (name, holder) =
            match (metadata.get("tables").and_then(Value::as_object), metadata.get("columns")) {
                (Some(tables), _) => {
                    let told = ours.and_then(|ours| ours.get("table")).and_then(Value::as_str);
                    let (name, holder) = choose(tables, told, table, &mut notes)?;
                    (Some(name), holder)
                }
                (None, Some(_)) => (None, metadata),
                (None, None) => return Err(bad("not SDV metadata: it needs \"tables\" or \"columns\"")),
            };
        let holder = holder.as_object().ok_or_else(|| bad("the metadata's table must be an object"))?;
        let columns = holder
            .get("columns")
            .and_then(Value::as_object)
            .ok_or_else(|| bad("the metadata's table has no \"columns\""))?;
        let document = Document { table: name, holder, columns, ours, notes };
        document.check(table)?;
        Ok(document)
    }

    /// Our settings name columns that exist, and are of the right form.
    fn check(&self, table: &Table) -> Result<()> {
        let known = |name: &str| self.columns.contains_key(name) || table.column(name).is_some();
        let unknown = |key: &str, name: &str| {
            let message = format!(
                "\"{key}\" names this column but neither the file nor the metadata has it: take it out"
            );
            Error::new(Code::Mismatch, message).in_column(name)
        };
        let Some(ours) = self.ours else { return Ok(()) };
        if let Some(list) = ours.get("leave_out") {
            let names = texts(list).ok_or_else(|| bad("\"leave_out\" must be a list of column names"))?;
            if let Some(name) = names.iter().find(|name| !known(name)) {
                return Err(unknown("leave_out", name));
            }
        }
        let Some(columns) = ours.get("columns") else { return Ok(()) };
        let columns = columns.as_object().ok_or_else(|| bad("\"standin.columns\" must be an object"))?;
        for (name, settings) in columns {
            let wrong = |message: &str| bad(message).in_column(name);
            if !known(name) {
                return Err(unknown("standin.columns", name));
            }
            let settings = settings
                .as_object()
                .ok_or_else(|| wrong("its settings under \"standin\" must be an object"))?;
            for (key, value) in settings {
                match key.as_str() {
                    "missing" | "order" if texts(value).is_none() => {
                        return Err(wrong(&format!("its \"{key}\" must be a list of texts")));
                    }
                    "optional" | "leave_out_unfit" if !value.is_boolean() => {
                        return Err(wrong(&format!("its \"{key}\" must be true or false")));
                    }
                    known if OURS_OF_COLUMN.contains(&known) => {}
                    _ => return Err(unknown_key("standin.columns", key, &OURS_OF_COLUMN).in_column(name)),
                }
            }
        }
        Ok(())
    }

    pub fn left_out(&self, name: &str) -> bool {
        let list = self.ours.and_then(|ours| texts(ours.get("leave_out")?));
        list.is_some_and(|names| names.iter().any(|left| left == name))
    }

    fn own(&self, column: &str, key: &str) -> Option<&'a Value> {
        self.ours?.get("columns")?.get(column)?.get(key)
    }

    pub fn missing(&self, column: &str) -> Option<Vec<String>> {
        texts(self.own(column, "missing")?)
    }

    /// The levels from least to most: ours, or `order` of V1.
    pub fn order(&self, column: &str) -> Option<Vec<String>> {
        let theirs = || self.columns.get(column)?.get("order");
        texts(self.own(column, "order").or_else(theirs)?)
    }

    pub fn is_optional(&self, column: &str) -> bool {
        self.own(column, "optional").and_then(Value::as_bool).unwrap_or(false)
    }

    /// Rows whose cell in this column cannot be read as the column's sdtype are left out.
    pub fn leaves_out_unfit(&self, column: &str) -> bool {
        self.own(column, "leave_out_unfit").and_then(Value::as_bool).unwrap_or(false)
    }

    /// The named primary key, if it is one column.
    ///
    /// # Errors
    /// `BadMetadata` with the first line that repeats, or that has none.
    pub fn primary_key(&self, table: &Table) -> Result<Option<String>> {
        let name = match self.holder.get("primary_key") {
            Some(Value::String(name)) => name,
            Some(Value::Array(names)) if names.len() == 1 => match &names[0] {
                Value::String(name) => name,
                _ => return Err(bad("\"primary_key\" must be a column's name, or a list of names")),
            },
            None | Some(Value::Null | Value::Array(_)) => return Ok(None),
            Some(_) => return Err(bad("\"primary_key\" must be a column's name, or a list of names")),
        };
        if !self.columns.contains_key(name) {
            return Err(bad("\"primary_key\" names this column but \"columns\" lacks it").in_column(name));
        }
        let Some(column) = table.column(name) else { return Ok(None) };
        let mut seen = vec![false; column.cells().len()];
        for (row, code) in column.codes().enumerate() {
            let missing = super::super::is_missing(column.cells().get(code));
            if missing || std::mem::replace(&mut seen[code as usize], true) {
                let what = if missing { "has no value" } else { "repeats an earlier one" };
                let message = format!(
                    "it is the \"primary_key\" but {what} here: mend the row, or take \"primary_key\" out"
                );
                return Err(bad(&message).at_row(table.line(row)).in_column(name));
            }
        }
        Ok(Some(name.clone()))
    }

    /// The column that tells whose a row is, as `sequence_key` names it.
    ///
    /// # Errors
    /// `BadMetadata` if it is no column.
    pub fn entity(&self, table: &Table) -> Result<Option<String>> {
        let name = match self.holder.get("sequence_key") {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(name)) => name,
            Some(_) => return Err(bad("\"sequence_key\" must be a column's name")),
        };
        if table.column(name).is_none() || !self.columns.contains_key(name) {
            let message =
                "\"sequence_key\" names this column but there is none: name another, or take it out";
            return Err(bad(message).in_column(name));
        }
        Ok(Some(name.clone()))
    }
}

/// The table that is named, the only one, or the one whose columns are nearest to the file's.
fn choose<'a>(
    tables: &'a Map<String, Value>,
    told: Option<&str>,
    table: &Table,
    notes: &mut Vec<String>,
) -> Result<(&'a str, &'a Value)> {
    let names: Vec<&str> = tables.keys().map(String::as_str).collect();
    let all = || names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    if let Some(told) = told {
        let found =
            tables.iter().find(|(name, _)| *name == told).map(|(name, holder)| (name.as_str(), holder));
        return found
            .ok_or_else(|| bad(&format!("the metadata has no table \"{told}\": choose one of {}", all())));
    }
    // Shared columns among all columns of both.
    let fit = |holder: &Value| -> f64 {
        let Some(columns) = holder.get("columns").and_then(Value::as_object) else { return 0.0 };
        let shared = columns.keys().filter(|name| table.column(name).is_some()).count();
        shared as f64 / (columns.len() + table.columns().len() - shared).max(1) as f64
    };
    let mut ranked: Vec<(f64, &str, &Value)> =
        tables.iter().map(|(name, holder)| (fit(holder), name.as_str(), holder)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    match ranked.as_slice() {
        [] => Err(bad("the metadata has no table: it needs one with the file's columns")),
        [(_, name, holder)] => Ok((name, holder)),
        [(best, name, holder), (second, ..), ..] if *best >= 0.5 && best > second => {
            notes.push(format!("of the metadata's {} tables, \"{name}\" fits the file", names.len()));
            Ok((name, holder))
        }
        _ => Err(bad(&format!(
            "the metadata has {} tables and no single one fits the file: name it under \"standin\" as \"table\", or with --table: {}",
            names.len(),
            all()
        ))),
    }
}

/// Our own key, with none but the known words in it.
fn ours(metadata: &Value) -> Result<Option<&Map<String, Value>>> {
    let Some(ours) = metadata.get("standin") else { return Ok(None) };
    let ours = ours.as_object().ok_or_else(|| bad("\"standin\" must be an object"))?;
    match ours.keys().find(|key| !OURS.contains(&key.as_str())) {
        Some(key) => Err(unknown_key("standin", key, &OURS)),
        None => Ok(Some(ours)),
    }
}

fn unknown_key(place: &str, key: &str, known: &[&str]) -> Error {
    let near = nearest(key, known.iter().copied())
        .map(|near| format!("did you mean \"{near}\"? "))
        .unwrap_or_default();
    bad(&format!("\"{place}\" has no \"{key}\": {near}it knows {}", known.join(", ")))
}

/// The kind that a column's settings name.
///
/// # Errors
/// `BadMetadata` with the accepted words.
pub fn sdtype(settings: &Value) -> Result<Described> {
    let ours: Vec<&str> = Sdtype::all().map(Sdtype::as_str).collect();
    let Some(word) = settings.get("sdtype").and_then(Value::as_str) else {
        return Err(bad(&format!("it has no \"sdtype\": give it one of {}", ours.join(", "))));
    };
    if let Some(known) = Sdtype::all().find(|known| known.as_str() == word) {
        return Ok(Described::As(known));
    }
    // Any other with `pii` names a Faker provider.
    if OTHERS.contains(&word) || settings.get("pii").is_some() {
        return Ok(Described::Inferred(word.to_string()));
    }
    let near = nearest(word, ours.iter().copied().chain(OTHERS));
    let near = near.map(|near| format!(": did you mean \"{near}\"?")).unwrap_or_default();
    Err(bad(&format!("its \"sdtype\" is not one of {}, nor another of SDV's{near}", ours.join(", "))))
}

/// The form of a column's dates, where it is told.
pub fn datetime_format(settings: &Value, sdtype: Sdtype) -> Option<&str> {
    settings.get("datetime_format").and_then(Value::as_str).filter(|_| sdtype == Sdtype::Datetime)
}

/// A list of texts; None if it is something else.
pub fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |item: &Value| match item {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    value.as_array()?.iter().map(text).collect()
}

fn bad(message: &str) -> Error {
    Error::new(Code::BadMetadata, message)
}
