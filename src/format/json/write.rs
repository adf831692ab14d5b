//! A table as JSON, each column in the place and the form that it has in the file that it stands in for.

use super::{Field, Form, Gap, Json};
use crate::format::dialect::Dialect;
use crate::table::Table;

/// The rows as text; the first piece of a file also opens the list, where there is one. [`tail`] closes it.
pub fn write(table: &Table, json: &Json, dialect: &Dialect, first: bool) -> String {
    let line_end = dialect.line_end.text();
    let root = tree(table, json);
    let mut out = if first { opening(json) } else { String::new() };
    for row in 0..table.rows() {
        if json.list {
            out.push_str(if first && row == 0 { "" } else { "," });
            out.push_str(line_end);
        }
        if !object(&mut out, &root, table, row) {
            out.push_str("{}");
        }
        if !json.list {
            out.push_str(line_end);
        }
    }
    out
}

fn opening(json: &Json) -> String {
    match &json.under {
        Some(key) => format!("{{{}:[", quoted(key)),
        None if json.list => "[".into(),
        None => String::new(),
    }
}

/// What stands behind the last row.
pub fn tail(json: &Json, dialect: &Dialect) -> String {
    let line_end = dialect.line_end.text();
    match json.under {
        Some(_) => format!("{line_end}]}}{line_end}"),
        None if json.list => format!("{line_end}]{line_end}"),
        None => String::new(),
    }
}

/// The keys of an object, in order of first appearance.
#[derive(Default)]
struct Node<'a> {
    key: &'a str,
    column: Option<(usize, &'a Field)>,
    children: Vec<Node<'a>>,
}

fn tree<'a>(table: &Table, json: &'a Json) -> Node<'a> {
    let mut root = Node::default();
    for field in &json.fields {
        let Some(place) = table.columns().iter().position(|column| column.name() == field.column) else {
            continue; // left out by the user
        };
        let mut node = &mut root;
        for key in &field.path {
            let at = node.children.iter().position(|child| child.key == key).unwrap_or_else(|| {
                node.children.push(Node { key, ..Node::default() });
                node.children.len() - 1
            });
            node = &mut node.children[at];
        }
        node.column = Some((place, field));
    }
    root
}

/// False, and nothing is written, if no member of the object is there.
fn object(out: &mut String, node: &Node, table: &Table, row: usize) -> bool {
    let start = out.len();
    for child in &node.children {
        let before = out.len();
        out.push(if before == start { '{' } else { ',' });
        out.push_str(&quoted(child.key));
        out.push(':');
        if !value(out, child, table, row) {
            out.truncate(before);
        }
    }
    if out.len() == start {
        return false;
    }
    out.push('}');
    true
}

/// A cell if there is one, else the object of the same key, else what stands for a gap.
fn value(out: &mut String, node: &Node, table: &Table, row: usize) -> bool {
    let cell = node.column.map(|(place, field)| (table.columns()[place].cell(row), field));
    if let Some((text, field)) = cell.filter(|(text, _)| !text.is_empty()) {
        if field.form == Form::Strings || !is_literal(text) {
            out.push_str(&quoted(text));
        } else {
            out.push_str(text);
        }
        return true;
    }
    if object(out, node, table, row) {
        return true;
    }
    match cell.map(|(_, field)| field.gap) {
        Some(Gap::Null) => out.push_str("null"),
        Some(Gap::Empty) => out.push_str("\"\""),
        Some(Gap::Absent) | None => return false,
    }
    true
}

fn is_literal(text: &str) -> bool {
    !text.starts_with(['"', '{', ' ']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text always serialises")
}
