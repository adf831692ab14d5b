//! Which cells stand for "no value", and which of the others might.
//!
//! Blank cells and the tokens of programs (`NA`, `NULL`, `?`) count as missing from the start. Words that people
//! write (`unknown`, `keine Angabe`) do so only where the other cells are numbers or dates, which the words would
//! hide; so does any one word that many rows hold, where the column has no other gap: it is written back as it was.
//! Anything else is *proposed*, with the rows it concerns and the reason, and the owner decides: a known
//! word among categories, the one word among numbers, a number that serves as a sign (`999`, `-1`, `9999-12-31`).
//! Does not: judge zeros that are common, or signs that lie inside the range of the others.

use serde::Serialize;

use super::{ColumnSchema, Kind, Sdtype, infer};
use crate::table::Column;

mod words;

pub use words::is_gap_word;

/// Cells that stand for "no value" in any column, compared without the white space around them.
const TOKENS: [&str; 20] = [
    "", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "Null", "None", "?", "-", "<NA>", "NaT",
    "\\N", "#NULL!", "(null)", "–", "—",
];
/// A number is proposed only if so many rows hold it: a spike, not a value.
const MIN_ROWS: u64 = 5;
/// No more are put to the owner.
const MAX_PROPOSALS: usize = 4;
/// Beside fewer distinct numbers, a word is a level like them.
const MIN_NUMBERS: usize = 20;
/// A word that is not known counts as missing only where so large a share of the rows holds it.
const MIN_SHARE: f64 = 0.01;
/// Rain too little to measure: words among numbers that are amounts.
const TRACES: [&str; 4] = ["t", "tr", "trace", "traces"];
/// Dates that programs write where there is none.
const SIGN_DATES: [&str; 8] = [
    "0001-01-01",
    "1582-10-14",
    "1753-01-01",
    "1899-12-30",
    "1900-01-01",
    "1970-01-01",
    "2999-12-31",
    "9999-12-31",
];

/// A token that counts as missing and need not, or the other way round.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    pub token: String,
    pub rows: u64,
    /// Half a sentence, for the owner's eyes.
    pub reason: String,
    /// It counts as missing now.
    pub accepted: bool,
    /// What the column is once this is turned about.
    pub sdtype: Sdtype,
}

/// Does the cell stand for a missing value, for all that is known without its column?
pub fn is_missing(cell: &str) -> bool {
    TOKENS.contains(&cell.trim())
}

/// Does the cell stand for a missing value where these words, and blanks, do?
pub fn is_gap(cell: &str, words: &[String]) -> bool {
    let cell = cell.trim();
    cell.is_empty() || words.iter().any(|word| word == cell)
}

/// The tokens in the column, blanks left out, that count as missing from the start.
pub fn tokens(column: &Column) -> Vec<String> {
    distinct(column.cells().iter().filter(|cell| !cell.trim().is_empty() && is_missing(cell)))
}

/// The known words for "no value" in the column, tokens left out.
pub fn known_words(column: &Column) -> Vec<String> {
    distinct(column.cells().iter().filter(|cell| !is_missing(cell) && is_gap_word(cell)))
}

/// The known words that repeat: among names and identifiers, one that does not is a value like them.
pub fn repeated_words(column: &Column) -> Vec<String> {
    let mut words = known_words(column);
    words.retain(|word| rows_of(column, word) > 1);
    words
}

/// The words that stand for a gap among numbers or dates: those that are known, else the one that there is.
pub fn words_among_numbers(column: &Column) -> Vec<String> {
    let known = known_words(column);
    if !known.is_empty() || column.cells().iter().any(is_missing) {
        return known;
    }
    let Some(word) = odd_word(column, &[]) else { return known };
    let rows = rows_of(column, &word);
    let many = rows >= MIN_ROWS && rows as f64 >= MIN_SHARE * column.codes().len() as f64;
    if many && !TRACES.contains(&word.to_lowercase().as_str()) { vec![word] } else { known }
}

fn rows_of(column: &Column, token: &str) -> u64 {
    let cells = column.cells().iter().zip(column.counts());
    cells.filter(|(cell, _)| cell.trim() == token).map(|(_, rows)| u64::from(rows)).sum()
}

fn distinct<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for cell in cells.map(str::trim) {
        if !words.iter().any(|word| word == cell) {
            words.push(cell.to_string());
        }
    }
    words
}

/// What counts as missing and may be undone, then what does not and may be counted, each most rows first.
pub fn proposals(schema: &ColumnSchema, column: &Column) -> Vec<Proposal> {
    let told = |token: &str, reason: String, accepted: bool| {
        let mut words = schema.missing.clone();
        match accepted {
            true => words.retain(|word| word != token),
            false => words.push(token.to_string()),
        }
        let sdtype = infer::kind_where(column, &words).sdtype();
        Proposal { rows: rows_of(column, token), token: token.to_string(), reason, accepted, sdtype }
    };
    let accepted = schema.missing.iter().map(|word| {
        let reason = match () {
            () if is_missing(word) => "a usual sign for no value",
            () if is_gap_word(word) => "a usual word for no value",
            () if schema.missing_told => "as you said",
            () => "the one word among the others",
        };
        told(word, reason.into(), true)
    });
    let mut accepted: Vec<Proposal> = accepted.filter(|proposal| proposal.rows > 0).collect();
    let mut open: Vec<Proposal> = candidates(schema, column)
        .into_iter()
        .filter(|(token, _)| !schema.missing.contains(token))
        .take(2 * MAX_PROPOSALS)
        .map(|(token, reason)| told(&token, reason, false))
        .collect();
    for list in [&mut accepted, &mut open] {
        list.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.token.cmp(&b.token)));
    }
    open.truncate(MAX_PROPOSALS);
    accepted.extend(open);
    accepted
}

/// Tokens that may stand for "no value", each with the reason.
fn candidates(schema: &ColumnSchema, column: &Column) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let tokens = column.cells().iter().filter(|cell| !cell.trim().is_empty() && is_missing(cell));
    found.extend(distinct(tokens).into_iter().map(|token| (token, "a usual sign for no value".into())));
    // Two letters among others as short are codes: ND is a state.
    let short = |cell: &str| cell.trim().chars().count() <= 2;
    let coded = column.cells().iter().filter(|cell| short(cell)).count() * 2 > column.cells().len();
    let words = known_words(column).into_iter().filter(|word| !(coded && short(word)));
    found.extend(words.map(|word| (word, "a usual word for no value".into())));
    match &schema.kind {
        Kind::Numerical(format) => {
            let sign = |cell: &str| is_sign(cell);
            found.extend(extremes(schema, column, |cell| format.parse(cell), sign));
        }
        Kind::Datetime(format) => {
            let signs: Vec<f64> =
                SIGN_DATES.iter().filter_map(|date| super::datetime::iso_day(date)).collect();
            let sign = |cell: &str| {
                format.parse(cell).is_some_and(|at| signs.iter().any(|&sign| (at - sign).abs() <= 86_400.0))
            };
            found.extend(extremes(schema, column, |cell| format.parse(cell), sign));
        }
        Kind::Categorical | Kind::Ordinal(_) => {
            let told = |word: String| Some((word.clone(), among(column, &schema.missing, &word)?));
            found.extend(odd_word(column, &schema.missing).and_then(told));
        }
        _ => {}
    }
    found
}

/// `-1`, `-9`, `99`, `999`, `-9999`, `88`, `999.9`: numbers that people write where there is none.
fn is_sign(cell: &str) -> bool {
    let digits: Vec<u8> = cell.bytes().filter(u8::is_ascii_digit).collect();
    let negative = cell.trim_start().starts_with(['-', '−', '(']);
    let whole = cell.split(['.', ',']).next().unwrap_or_default();
    let of = |digit: u8| digits.iter().all(|&d| d == digit) && digits.len() >= if negative { 1 } else { 2 };
    of(b'9') || of(b'8') || negative && ["-1", "−1", "(1)"].contains(&whole.trim())
}

/// The largest and the smallest value where many rows share it and it stands apart: known signs that lie beyond
/// the others by half of their span, the only negative, and zero where the least of the others is far from it.
fn extremes(
    schema: &ColumnSchema,
    column: &Column,
    parse: impl Fn(&str) -> Option<f64>,
    is_sign: impl Fn(&str) -> bool,
) -> Vec<(String, String)> {
    let cells = column.cells().iter().zip(column.counts()).filter(|(cell, _)| !schema.is_missing(cell));
    let mut values: Vec<(f64, &str, u64)> =
        cells.filter_map(|(cell, rows)| Some((parse(cell)?, cell.trim(), u64::from(rows)))).collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found = Vec::new();
    if values.len() < 4 {
        return found;
    }
    let spiked = |rows: u64| rows >= MIN_ROWS;
    let (high, next) = (values[values.len() - 1], values[values.len() - 2]);
    let beyond = high.0 - next.0 > (next.0 - values[0].0) / 2.0;
    if spiked(high.2) && is_sign(high.1) && beyond {
        values.pop();
        found.push((high.1.to_string(), format!("far above the next value, {}", next.1)));
    }
    let (low, next) = (values[0], values[1]);
    let top = values[values.len() - 1].0;
    let beyond = next.0 - low.0 > (top - next.0) / 2.0;
    let median = values[values.len() / 2].0;
    match () {
        () if !spiked(low.2) => {}
        () if is_sign(low.1) && low.0 < 0.0 && next.0 >= 0.0 && matches!(schema.kind, Kind::Numerical(_)) => {
            found.push((low.1.to_string(), "the only negative number".into()));
        }
        () if is_sign(low.1) && beyond => {
            found.push((low.1.to_string(), format!("far below the next value, {}", next.1)));
        }
        () if low.0 == 0.0
            && matches!(schema.kind, Kind::Numerical(_))
            && next.0 * 3.0 >= median
            && next.0 > 5.0 =>
        {
            found.push((low.1.to_string(), format!("nothing else lies below {}", next.1)));
        }
        () => {}
    }
    found
}

/// The one word among many other cells, all with digits.
pub fn odd_word(column: &Column, missing: &[String]) -> Option<String> {
    let has_digit = |cell: &&str| cell.bytes().any(|b| b.is_ascii_digit());
    let present = || column.cells().iter().filter(|cell| !is_gap(cell, missing));
    let word = present().find(|cell| !has_digit(cell))?.trim();
    let alone = present().filter(|cell| !has_digit(cell)).all(|cell| cell.trim() == word);
    (alone && present().count() > MIN_NUMBERS).then(|| word.to_string())
}

/// What the other cells are, where they are numbers or dates.
pub fn among(column: &Column, missing: &[String], word: &str) -> Option<String> {
    let words = [missing, &[word.to_string()]].concat();
    let what = match infer::kind_where(column, &words).sdtype() {
        Sdtype::Numerical => "numbers",
        Sdtype::Datetime => "dates or times",
        _ => return None,
    };
    Some(format!("all other values are {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;
    use crate::table::{ColumnBuilder, Table};

    fn proposed(cells: &[String]) -> Vec<(String, bool, Sdtype)> {
        let column = ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish("x");
        let table = Table::new(vec![column]);
        let schema = Schema::infer(&table).unwrap();
        let found = proposals(&schema.columns[0], &table.columns()[0]);
        found.into_iter().map(|p| (p.token, p.accepted, p.sdtype)).collect()
    }

    fn with(word: &str, rows: usize, make: impl Fn(usize) -> String) -> Vec<String> {
        (0..60).map(|i| make(i * 7 % 41)).chain(vec![word.to_string(); rows]).collect()
    }

    #[test]
    fn signs_and_words_are_proposed() {
        let number = |i: usize| (20 + i).to_string();
        let none: Vec<(String, bool, Sdtype)> = Vec::new();
        assert_eq!(proposed(&with("999", 6, number)), [("999".into(), false, Sdtype::Numerical)]);
        assert_eq!(proposed(&with("-1", 6, number)), [("-1".into(), false, Sdtype::Numerical)]);
        assert_eq!(proposed(&with("0", 6, number)), [("0".into(), false, Sdtype::Numerical)]);
        assert_eq!(proposed(&with("999", 2, number)), none, "two rows are no spike");
        assert_eq!(proposed(&with("61", 9, number)), none);
        assert_eq!(proposed(&with("T", 6, number)), [("T".into(), false, Sdtype::Numerical)]);
        assert_eq!(proposed(&with("N", 6, number)), [("N".into(), true, Sdtype::Categorical)]);
        let mut hello = with("hello", 6, number);
        hello.push(String::new());
        assert_eq!(proposed(&hello), [("hello".into(), false, Sdtype::Numerical)], "blanks are its gaps");
        assert_eq!(proposed(&with("unknown", 6, number)), [("unknown".into(), true, Sdtype::Categorical)]);
        let date = |i: usize| format!("2020-{:02}-{:02}", 1 + i % 12, 1 + i % 28);
        assert_eq!(proposed(&with("9999-12-31", 6, date)), [("9999-12-31".into(), false, Sdtype::Datetime)]);
        let ward = |i: usize| ["north", "south", "east"][i % 3].to_string();
        assert_eq!(
            proposed(&with("keine Angabe", 6, ward)),
            [("keine Angabe".into(), false, Sdtype::Categorical)]
        );
        assert_eq!(proposed(&with("NA", 6, ward)), [("NA".into(), true, Sdtype::Categorical)]);
    }

    #[test]
    fn numbers_that_serve_as_signs() {
        for cell in ["-1", "-9", "99", "999", "-99.9", "-1.0", "88"] {
            assert!(is_sign(cell), "{cell}");
        }
        for cell in ["9", "1", "-2", "998", "-10", "0"] {
            assert!(!is_sign(cell), "{cell}");
        }
    }
}
