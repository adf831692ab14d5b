//! Metadata of several tables: each one's columns and key, and the relationships between them.
//!
//! A column refers to another table if every value it holds is among that table's key, of one single column, and names
//! bear it out: it ends as the key does, or names the table. Small whole numbers are included in any counter, so inclusion
//! alone is no evidence. Does not: keys of several columns, values that point nowhere in a few rows.

use hashbrown::HashSet;
use serde_json::{Map, Value, json};

use super::super::relations::unique;
use super::{Kind, Schema, Table, write_kind};

/// Columns are not compared in tables with more values than this.
const MAX_VALUES: usize = 5_000_000;

/// SDV metadata V1 of named tables.
pub fn several(tables: &[(String, &Table, &Schema)]) -> Value {
    let keys: Vec<Option<&str>> =
        tables.iter().map(|(name, table, schema)| primary_key(name, table, schema)).collect();
    let mut relationships = Vec::new();
    let mut foreign: Vec<(usize, usize)> = Vec::new();
    for (child, (child_name, child_table, _)) in tables.iter().enumerate() {
        for place in 0..child_table.columns().len() {
            let found = (0..tables.len()).filter_map(|parent| {
                let key = keys[parent]?;
                let itself = child_table.columns()[place].name() == key && child == parent;
                let score = if itself {
                    0
                } else {
                    refers(child_table, place, &tables[parent], key, child == parent)
                };
                (score > 0).then_some((score, parent, key))
            });
            // The best by name; of equals the first.
            if let Some((_, parent, key)) =
                found.max_by_key(|(score, parent, _)| (*score, std::cmp::Reverse(*parent)))
            {
                relationships.push(json!({
                    "parent_table_name": tables[parent].0,
                    "parent_primary_key": key,
                    "child_table_name": child_name,
                    "child_foreign_key": child_table.columns()[place].name(),
                }));
                foreign.push((child, place));
            }
        }
    }
    let mut all = Map::new();
    for (index, (name, table, schema)) in tables.iter().enumerate() {
        let columns: Map<String, Value> = schema
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| {
                let is_key = keys[index] == Some(column.name.as_str()) || foreign.contains(&(index, place));
                let settings = match &column.kind {
                    Kind::Id(_) => write_kind(&column.kind),
                    _ if is_key => json!({ "sdtype": "id" }),
                    kind => write_kind(kind),
                };
                (column.name.clone(), settings)
            })
            .collect();
        let mut holder = Map::new();
        if let Some(key) = keys[index] {
            holder.insert("primary_key".into(), json!(key));
        }
        holder.insert("columns".into(), Value::Object(columns));
        debug_assert_eq!(schema.columns.len(), table.columns().len());
        all.insert(name.clone(), Value::Object(holder));
    }
    json!({ "METADATA_SPEC_VERSION": "V1", "tables": all, "relationships": relationships })
}

/// Of the columns whose values never repeat, the one whose name says that it is the key, else the first identifier.
fn primary_key<'a>(name: &str, table: &Table, schema: &'a Schema) -> Option<&'a str> {
    let candidates = schema.columns.iter().zip(table.columns()).enumerate();
    let scored =
        candidates.filter(|(_, (column, cells))| unique(cells, column)).map(|(place, (column, _))| {
            let words = words(&column.name);
            let own = words.iter().any(|word| same_thing(word, name)) || words.len() == 1;
            let key = words
                .last()
                .is_some_and(|word| ["id", "key", "code", "no", "nr", "number"].contains(&word.as_str()));
            let id = matches!(column.kind, Kind::Id(_));
            // Keys stand among the first columns.
            let score = 4 * usize::from(key && own) + 2 * usize::from(key || id) + usize::from(place < 2);
            (score, std::cmp::Reverse(place), column.name.as_str())
        });
    scored.max().filter(|(score, ..)| *score > 0).map(|(.., name)| name)
}

/// How well the names bear out that a column refers to this key; 0 if the values, or the names, do not.
fn refers(child: &Table, place: usize, parent: &(String, &Table, &Schema), key: &str, same: bool) -> usize {
    let (parent_name, parent_table, _) = parent;
    let column = &child.columns()[place];
    let score = by_name(column.name(), parent_name, key);
    // Within a table a column refers to the key by a name of its own: "ReportsTo".
    let score = if same { usize::from(reports(column.name())) } else { score };
    if score == 0 || column.cells().len() > MAX_VALUES {
        return 0;
    }
    let Some(parents) = parent_table.column(key) else { return 0 };
    let known: HashSet<&str> = parents.cells().iter().map(str::trim).collect();
    let mut values =
        column.cells().iter().map(str::trim).filter(|cell| !super::super::is_missing(cell)).peekable();
    let held = values.peek().is_some();
    if held && values.all(|value| known.contains(value)) { score } else { 0 }
}

/// 3: the key's own name, which names its table; 2: another that ends so, or names the table and says "id".
fn by_name(column: &str, parent: &str, key: &str) -> usize {
    let (own, key_words) = (words(column), words(key));
    let telling =
        key_words.len() > 1 || key_words.iter().any(|word| same_thing(word, parent)) || key.len() > 2;
    let ends = own.len() > key_words.len() && own.ends_with(&key_words) && telling;
    let says = own.last().is_some_and(|word| ["id", "key", "code", "no", "nr"].contains(&word.as_str()));
    let names = own.iter().any(|word| same_thing(word, parent)) || same_thing(&own.concat(), parent);
    match () {
        () if own == key_words && telling => 3,
        () if ends => 2,
        () if names && says => 2,
        () if same_thing(&own.concat(), parent) => 1,
        () if names && own.len() > 1 => 1,
        () => 0,
    }
}

fn reports(column: &str) -> bool {
    let words = words(column);
    words
        .iter()
        .any(|word| ["parent", "manager", "supervisor", "reports", "boss", "head"].contains(&word.as_str()))
}

/// "order" and "orders", "category" and "categories".
fn same_thing(word: &str, table: &str) -> bool {
    let bare = |text: &str| {
        let text = words(text).concat();
        let stem = text.strip_suffix("ies").map(|stem| format!("{stem}y"));
        stem.unwrap_or_else(|| text.trim_end_matches('s').to_string())
    };
    let (word, table) = (bare(word), bare(table));
    !word.is_empty() && word == table
}

/// "CustomerID", "customer_id" and "customer id" in lower-case words.
fn words(name: &str) -> Vec<String> {
    let mut text = String::new();
    for (before, c) in std::iter::once(' ').chain(name.chars()).zip(name.chars()) {
        if !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase() {
            text.push(' ');
        }
        if c.is_alphanumeric() {
            text.extend(c.to_lowercase());
        }
    }
    text.split_whitespace().map(String::from).collect()
}
