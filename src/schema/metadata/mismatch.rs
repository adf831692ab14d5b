//! What of a file and its description does not fit, all of it at once, with near names where one may be meant.

use super::{Code, Document, Error, Result, Table};

/// In one message; the others are counted.
const TOLD: usize = 12;

/// Columns that only one side has. Those that a file may lack are noted.
pub fn columns(document: &Document, table: &Table, notes: &mut Vec<String>) -> Vec<Error> {
    let lacking: Vec<&str> =
        document.columns.keys().map(String::as_str).filter(|name| table.column(name).is_none()).collect();
    let new: Vec<&str> = table
        .columns()
        .iter()
        .map(|column| column.name())
        .filter(|name| !document.columns.contains_key(*name))
        .collect();
    let mut problems = Vec::new();
    for &name in &lacking {
        if document.left_out(name) || document.is_optional(name) {
            notes.push(format!("column \"{name}\" is described but not in the file"));
            continue;
        }
        let message = match nearest(name, new.iter().copied()) {
            Some(near) => format!(
                "the metadata describes this column but the file lacks it; the file has \"{near}\": is it the same, renamed?"
            ),
            None => "the metadata describes this column but the file lacks it: take it out or choose the file it was made for"
                .to_string(),
        };
        problems.push(Error::new(Code::Mismatch, message).in_column(name));
    }
    for name in new {
        let near = nearest(name, lacking.iter().copied());
        if near.is_none() {
            let message = "the file has this column but the metadata lacks it: add it to \"columns\"";
            problems.push(Error::new(Code::Mismatch, message).in_column(name));
        }
    }
    problems
}

/// One problem as it is; several in one message, the first first.
pub fn verdict(problems: Vec<Error>) -> Result<()> {
    match problems.len() {
        0 => Ok(()),
        1 => Err(problems.into_iter().next().expect("one")),
        count => {
            let mismatch = problems.iter().any(|problem| problem.code() == Code::Mismatch);
            let code = if mismatch { Code::Mismatch } else { Code::BadMetadata };
            let mut told: Vec<String> = problems.iter().take(TOLD).map(Error::to_string).collect();
            if count > TOLD {
                told.push(format!("and {} more", count - TOLD));
            }
            Err(Error::new(code, format!("{count} things do not fit. {}", told.join(". ")))
                .with_parts(problems))
        }
    }
}

/// The name that may be meant: the same but for case and marks, few letters off, or the same and more.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let bare =
        |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<Vec<char>>();
    let own = bare(name);
    let apart = |other: &[char]| match own.len().min(other.len()) {
        3.. if own.starts_with(other) || other.starts_with(&own) => 1,
        _ => distance(&own, other),
    };
    let near = names.map(|other| (apart(&bare(other)), other)).min_by_key(|(distance, _)| *distance);
    near.filter(|(distance, _)| distance * 3 <= own.len()).map(|(_, other)| other)
}

/// Letters to put in, take out or change (Levenshtein, 1965).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
