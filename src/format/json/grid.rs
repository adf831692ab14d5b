//! Objects as rows: a tree of keys, each leaf a column that grows with every record.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Field, Form, Gap};
use crate::error::{Code, Error, Result};
use crate::format::csv::MAX_COLUMNS;
use crate::table::Table;
use crate::table::rows::{Limits, Rows};

/// The columns grown so far.
pub struct Grid {
    /// The first is the record itself.
    nodes: Vec<Node>,
    columns: Vec<Column>,
    rows: Rows,
    too_wide: bool,
}

#[derive(Default)]
struct Node {
    path: Vec<String>,
    children: BTreeMap<String, usize>,
    column: Option<usize>,
}

struct Column {
    node: usize,
    /// What the record at hand has here.
    now: Cell,
    text: String,
    counts: [u64; 5],
}

#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Absent,
    Null,
    Empty,
    String,
    Literal,
}

impl Grid {
    pub fn new(limits: Limits) -> Self {
        Grid {
            nodes: vec![Node::default()],
            columns: Vec::new(),
            rows: Rows::new(0, limits),
            too_wide: false,
        }
    }

    /// Adds a row, which begins on this line; false, and nothing is added, if this is no valid object.
    ///
    /// # Errors
    /// `TooManyColumns`, `TooLarge`.
    pub fn record(&mut self, text: &str, line: u64) -> Result<bool> {
        let valid = self.object(text, 0).or_else(|_| {
            self.columns.iter_mut().for_each(|column| column.now = Cell::Absent);
            self.object(&without_nan(text), 0)
        });
        if self.too_wide {
            return Err(Error::new(
                Code::TooManyColumns,
                format!(
                    "more than {MAX_COLUMNS} different keys: records need the same keys, and values in their place"
                ),
            ));
        }
        if valid.is_ok() {
            self.rows.push(self.columns.iter().map(Column::cell), line)?;
        }
        for column in &mut self.columns {
            column.counts[column.now as usize] += u64::from(valid.is_ok());
            column.now = Cell::Absent;
        }
        Ok(valid.is_ok())
    }

    fn object(&mut self, text: &str, node: usize) -> serde_json::Result<()> {
        let mut parser = serde_json::Deserializer::from_str(text);
        parser.deserialize_map(Members { grid: self, node })?;
        parser.end()
    }

    fn member(&mut self, parent: usize, key: &str, value: &str) -> serde_json::Result<()> {
        let is_object = value.starts_with('{');
        if is_object && value[1..].trim_start().starts_with('}') {
            return Ok(());
        }
        let Some(node) = self.node(parent, key) else { return Ok(()) };
        if is_object {
            return self.object(value, node);
        }
        let column = match self.nodes[node].column {
            Some(column) => column,
            None => {
                let Some(column) = self.new_column(node) else { return Ok(()) };
                column
            }
        };
        let column = &mut self.columns[column];
        column.text.clear();
        column.now = match value.as_bytes()[0] {
            b'n' => Cell::Null,
            b'"' => {
                let text: Text = serde_json::from_str(value)?;
                column.text.push_str(&text.0);
                if text.0.is_empty() { Cell::Empty } else { Cell::String }
            }
            b'[' => {
                compact(value, &mut column.text);
                Cell::Literal
            }
            _ => {
                column.text.push_str(value);
                Cell::Literal
            }
        };
        Ok(())
    }

    fn node(&mut self, parent: usize, key: &str) -> Option<usize> {
        if let Some(&node) = self.nodes[parent].children.get(key) {
            return Some(node);
        }
        if self.nodes.len() > 2 * MAX_COLUMNS {
            self.too_wide = true;
            return None;
        }
        let mut path = self.nodes[parent].path.clone();
        path.push(key.to_string());
        self.nodes.push(Node { path, ..Node::default() });
        let node = self.nodes.len() - 1;
        self.nodes[parent].children.insert(key.to_string(), node);
        Some(node)
    }

    /// A column that is empty in all rows so far.
    fn new_column(&mut self, node: usize) -> Option<usize> {
        if self.columns.len() == MAX_COLUMNS {
            self.too_wide = true;
            return None;
        }
        self.rows.widen();
        let counts = [self.rows.seen(), 0, 0, 0, 0];
        self.columns.push(Column { node, now: Cell::Absent, text: String::new(), counts });
        self.nodes[node].column = Some(self.columns.len() - 1);
        self.nodes[node].column
    }

    /// # Errors
    /// `NoRows`; `EmptyFile` if no key is left.
    pub fn finish(self) -> Result<(Table, u64, Vec<Field>)> {
        if self.rows.seen() == 0 {
            return Err(Error::new(
                Code::NoRows,
                "the JSON holds no records: choose a file with an object for each row",
            ));
        }
        let Grid { nodes, columns, rows: kept, .. } = self;
        let rows = kept.seen();
        let (mut names, mut fields) = (Vec::new(), Vec::<Field>::new());
        for column in columns {
            let node = &nodes[column.node];
            let [absent, null, empty, strings, literals] = column.counts;
            // A null in the place of an object is that object's absence; a key of one row alone is that row's value.
            let is_object = null + absent == rows && !node.children.is_empty();
            let present = rows - absent;
            if is_object || present == 0 || (present == 1 && rows > 1) {
                names.push(None);
                continue;
            }
            let base = node.path.join(".");
            let base = if base.trim().is_empty() { format!("column_{}", names.len() + 1) } else { base };
            let mut name = base.clone();
            let mut copy = 1;
            while fields.iter().any(|field| field.column == name) {
                copy += 1;
                name = format!("{base}_{copy}");
            }
            let form = match (strings, literals) {
                (_, 0) => Form::Strings,
                (0, _) => Form::Literals,
                _ => Form::Mixed,
            };
            let gap = match absent.max(null).max(empty) {
                most if most == null => Gap::Null,
                most if most == absent => Gap::Absent,
                _ => Gap::Empty,
            };
            fields.push(Field { column: name.clone(), path: node.path.clone(), form, gap });
            names.push(Some(name));
        }
        if fields.is_empty() {
            return Err(Error::new(
                Code::EmptyFile,
                "no two records of the JSON share a key: choose a file with the same keys in every record",
            ));
        }
        Ok((kept.finish_named(names), rows, fields))
    }
}

impl Column {
    fn cell(&self) -> &str {
        if self.now.is_gap() { "" } else { &self.text }
    }
}

impl Cell {
    fn is_gap(self) -> bool {
        matches!(self, Cell::Absent | Cell::Null | Cell::Empty)
    }
}

/// The members of one object, each handed to its column.
struct Members<'a> {
    grid: &'a mut Grid,
    node: usize,
}

/// A JSON string, borrowed where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text<'de>>()? {
            let value: &'de RawValue = map.next_value()?;
            self.grid.member(self.node, &key.0, value.get()).map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }
}

/// JSON text without the white space between its parts.
fn compact(text: &str, out: &mut String) {
    outside_strings(text, out, |rest, out| {
        let byte = rest.as_bytes()[0];
        if !byte.is_ascii_whitespace() {
            out.push(char::from(byte));
        }
        1
    });
}

/// JSON text in which the numbers that are none stand as null.
fn without_nan(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    outside_strings(text, &mut out, |rest, out| {
        for word in ["NaN", "-Infinity", "Infinity"] {
            if rest.starts_with(word) {
                out.push_str("null");
                return word.len();
            }
        }
        let first = rest.chars().next().expect("not at the end");
        out.push(first);
        first.len_utf8()
    });
    out
}

/// Copies strings as they are; of the rest `step` writes what it wants and says how many bytes it has passed.
fn outside_strings(text: &str, out: &mut String, step: impl Fn(&str, &mut String) -> usize) {
    let mut at = 0;
    while at < text.len() {
        if text.as_bytes()[at] != b'"' {
            at += step(&text[at..], out);
            continue;
        }
        let mut scan = super::Scan { in_string: true, ..super::Scan::default() };
        let inside = &text.as_bytes()[at + 1..];
        let length = inside.iter().position(|&byte| {
            scan.step(byte);
            !scan.in_string
        });
        let end = length.map_or(text.len(), |length| at + 1 + length + 1);
        out.push_str(&text[at..end]);
        at = end;
    }
}
