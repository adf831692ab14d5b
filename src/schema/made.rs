//! Whether a table looks made by a machine. Who learns from such a table learns what another model got wrong, and what comes
//! out tells nothing of the world; so its owner is told before.
//!
//! One mark is enough: a description that says so, a column named `is_synthetic`, placeholders that generators write. Without
//! a mark two signs are needed that have little to do with each other, such as columns none of which tells anything of another
//! one ([`laws`]) and numbers of 15 digits: each by itself occurs in real tables too. Does not find what a good generator
//! made of a real table: such a table has the laws of the real one.

use serde::Serialize;
use serde_json::Value;

use super::personal::Personal;
use super::{Kind, Schema, text};
use crate::table::{Column, Table};

mod laws;

/// What we call ourselves in a description.
pub const PROGRAM: &str = "Standin";
/// Schema.org's word for "made by a model that was learned from samples".
pub const MADE_BY_MODEL: &str = "https://schema.org/TrainedAlgorithmicMediaDigitalSource";

/// Names of columns that mark rows as synthetic, without what stands between their words.
const MARKING: [&str; 7] = [
    "issynthetic",
    "syntheticflag",
    "syntheticdata",
    "syntheticrow",
    "issimulated",
    "isartificial",
    "isfakerow",
];
/// Names that say so only of a column of one or two values: a fabric may be synthetic, a report generated.
const SAYING: [&str; 5] = ["synthetic", "generated", "isgenerated", "simulated", "artificial"];
/// What generators write in place of identifiers and personal values: SDV.
const PLACEHOLDERS: [&str; 2] = ["sdv-id-", "sdv-pii-"];
/// What they write in place of values that too few share.
const RARE: &str = "_RARE_";
/// Domains that nobody has (RFC 2606): of addresses that were made up.
const NOBODYS: [&str; 7] =
    ["example.com", "example.org", "example.net", ".example", ".test", ".invalid", ".localhost"];
/// Cells that are looked at for a way of writing, and how many of them must have it.
const CELLS: usize = 200;
const LEAST_CELLS: usize = 20;
const MOST: f64 = 0.95;

/// Why a table looks made by a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MachineMade {
    /// Each without capital and stop; no cell's value.
    pub reasons: Vec<String>,
}

/// `metadata`: a description that came with the table.
pub fn machine_made(table: &Table, schema: &Schema, metadata: Option<&Value>) -> Option<MachineMade> {
    let mut marks: Vec<String> = metadata.and_then(mark).into_iter().collect();
    let mut signs = Vec::new();
    for (column, schema) in table.columns().iter().zip(&schema.columns) {
        marks.extend(marked(column, &schema.kind));
        signs.extend(told(column, &schema.kind));
    }
    signs.extend(laws::signs(table, schema));
    if marks.is_empty() && signs.len() < 2 {
        return None;
    }
    marks.extend(signs);
    Some(MachineMade { reasons: marks })
}

/// What a description says of where the data come from, if it says that a machine made them: Croissant, whatever wrote it, or
/// metadata that holds it under `standin.provenance`.
pub fn mark(document: &Value) -> Option<String> {
    let says = |key: &str| document.get(key).is_some_and(|value| value == true);
    let source = document.get("digitalSourceType");
    let source = source.and_then(|source| source.get("@id").unwrap_or(source).as_str()).unwrap_or_default();
    let own = document.get("standin");
    let is_own = own.and_then(|own| own.get("synthetic")).is_some_and(|synthetic| synthetic == true);
    let made = is_own
        || source.to_ascii_lowercase().contains("algorithmicmedia")
        || says("rai:hasSyntheticData")
        || says("hasSyntheticData");
    if !made {
        return own?.get("provenance").and_then(mark);
    }
    let word = |key: &str| own?.get(key)?.as_str();
    let maker = word("tool").map(|tool| format!(", made by {tool} {}", word("version").unwrap_or_default()));
    let maker = maker.unwrap_or_default();
    Some(format!("the description that came with it says that it is synthetic{}", maker.trim_end()))
}

/// What no real table has.
fn marked(column: &Column, kind: &Kind) -> Option<String> {
    let name = column.name();
    if MARKING.contains(&plain(name).as_str()) {
        return Some(format!("column \"{name}\" marks rows as synthetic"));
    }
    if share(column, |cell| PLACEHOLDERS.iter().any(|start| cell.starts_with(start))) >= MOST {
        return Some(format!("column \"{name}\" holds placeholders that SDV writes"));
    }
    if matches!(kind, Kind::Categorical | Kind::Ordinal(_)) && column.cells().iter().any(|cell| cell == RARE)
    {
        return Some(format!(
            "column \"{name}\" has the word {RARE}, which generators write for rare values"
        ));
    }
    if matches!(kind, Kind::Text(_)) && share(column, text::is_filler) >= MOST {
        return Some(format!("column \"{name}\" holds filler words in place of text"));
    }
    None
}

/// What speaks for a machine, but for other things too.
fn told(column: &Column, kind: &Kind) -> Option<String> {
    let name = column.name();
    if SAYING.contains(&plain(name).as_str()) && column.cells().len() <= 2 {
        return Some(format!("column \"{name}\" says so by its name"));
    }
    let domain = |cell: &str| cell.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
    let nobodys = |cell: &str| {
        domain(cell).is_some_and(|domain| {
            NOBODYS.iter().any(|end| {
                domain
                    .strip_suffix(end)
                    .is_some_and(|rest| end.starts_with('.') || rest.is_empty() || rest.ends_with('.'))
            })
        })
    };
    if matches!(kind, Kind::Personal(Personal::Email)) && share(column, nobodys) >= MOST {
        return Some(format!("the e-mail addresses in column \"{name}\" are of domains that nobody has"));
    }
    None
}

/// Of the first distinct cells that hold anything; 0 where there are few.
fn share(column: &Column, is_so: impl Fn(&str) -> bool) -> f64 {
    let cells: Vec<&str> =
        column.cells().iter().map(str::trim).filter(|cell| !cell.is_empty()).take(CELLS).collect();
    if cells.len() < LEAST_CELLS {
        return 0.0;
    }
    cells.iter().filter(|cell| is_so(cell)).count() as f64 / cells.len() as f64
}

/// A name in lower case, without what stands between its words.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;
    use serde_json::json;

    fn made(columns: &[(&str, &dyn Fn(usize) -> String)]) -> Option<Vec<String>> {
        let column = |(name, cell): &(&str, &dyn Fn(usize) -> String)| {
            let cells: Vec<String> = (0..100).map(cell).collect();
            cells.iter().map(String::as_str).collect::<ColumnBuilder>().finish(*name)
        };
        let table = Table::new(columns.iter().map(column).collect());
        let schema = Schema::infer(&table).unwrap();
        machine_made(&table, &schema, None).map(|made| made.reasons)
    }

    #[test]
    fn one_mark_is_enough() {
        let number = |i: usize| (i * i % 97).to_string();
        let placeholder = |i: usize| format!("sdv-id-{i}");
        let flag = |i: usize| (i % 2).to_string();
        let town = |i: usize| ["Bonn", "Wien", RARE][i % 3].to_string();
        assert_eq!(made(&[("n", &number)]), None);
        assert!(made(&[("n", &number), ("key", &placeholder)]).unwrap()[0].contains("SDV"));
        assert!(made(&[("n", &number), ("Is_Synthetic", &flag)]).unwrap()[0].contains("marks rows"));
        assert!(made(&[("n", &number), ("town", &town)]).unwrap()[0].contains(RARE));
        let filler = text::TextShape::infer(["Some words, and some more of them."; 9].into_iter());
        let words = |i: usize| filler.placeholder(i as u64, 7);
        assert!(made(&[("n", &number), ("note", &words)]).unwrap()[0].contains("filler"));
    }

    #[test]
    fn one_sign_is_not() {
        let number = |i: usize| (i * i % 97).to_string();
        let flag = |_: usize| "1".to_string();
        let mail = |i: usize| format!("p{i}@mail.example.org");
        let other = |i: usize| format!("p{i}@counterexample.org");
        assert_eq!(made(&[("n", &number), ("synthetic", &flag)]), None);
        assert_eq!(made(&[("n", &number), ("email", &mail)]), None);
        assert_eq!(made(&[("synthetic", &flag), ("email", &other)]), None);
        assert_eq!(made(&[("synthetic", &flag), ("email", &mail)]).unwrap().len(), 2);
        assert_eq!(made(&[("synthetic", &number), ("email", &mail)]), None, "no flag");
    }

    #[test]
    fn a_description_says_so_in_many_ways() {
        for said in [
            json!({ "digitalSourceType": MADE_BY_MODEL }),
            json!({ "digitalSourceType": { "@id": "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia" } }),
            json!({ "rai:hasSyntheticData": true }),
            json!({ "tables": {}, "standin": { "provenance": { "rai:hasSyntheticData": true } } }),
        ] {
            assert!(mark(&said).is_some(), "{said}");
        }
        let own = json!({ "standin": { "synthetic": true, "tool": PROGRAM, "version": "1.2" } });
        assert!(mark(&own).unwrap().ends_with("synthetic, made by Standin 1.2"));
        for silent in [
            json!({ "standin": { "leave_out": [] } }),
            json!({ "rai:hasSyntheticData": false, "digitalSourceType": "https://schema.org/DigitalCaptureDigitalSource" }),
            json!([1, 2]),
        ] {
            assert_eq!(mark(&silent), None, "{silent}");
        }
    }
}
