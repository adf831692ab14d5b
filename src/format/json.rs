//! JSON: an object a line, or one list of objects, perhaps under a key of an object that wraps it.
//!
//! A push parser: [`Records`] cuts the text into objects by their braces and strings alone, in chunks of any size, and
//! serde_json reads each (RFC 8259). Keys become columns in the order of first appearance, objects inside objects are
//! flattened to `a.b`, lists stay JSON text, numbers keep their digits. Of a key that an object repeats the last value
//! counts. `NaN` and `Infinity`, which Python writes, are gaps. A key that a single row brought is left out, as
//! it is a value of that row and not a column. Does not read lists of lists, nor tell null, absent and "" apart
//! within one column: [`Field`] keeps the commonest for writing.

use serde::{Deserialize, Serialize};

use super::csv::{Bad, Parsed, ReadOptions};
use super::dialect::{Dialect, Layout};
use crate::error::{Code, Error, Result};

mod grid;
mod write;

use grid::Grid;
pub use write::{tail, write};

/// A record this long is a missing bracket or quote.
const MAX_RECORD: usize = 16 << 20;
/// Objects and lists inside each other beyond this are no table.
const MAX_DEPTH: usize = 64;

/// How the objects stand in the file, and how each column stands in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Json {
    /// One list of objects; else one object after the other, each on a line.
    pub list: bool,
    /// The key of the wrapping object that the list stands under.
    pub under: Option<String>,
    /// The columns, in order of first appearance.
    pub fields: Vec<Field>,
}

/// A column's place in its objects. Keys are what a header is elsewhere: at least two rows hold each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub column: String,
    /// The keys from the outermost in.
    pub path: Vec<String>,
    pub form: Form,
    pub gap: Gap,
}

/// What the cells of a column were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    Strings,
    /// Numbers, true and false, lists.
    Literals,
    /// Some of both: what looks like a literal is written as one.
    Mixed,
}

/// What commonly stands for "no value" in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gap {
    Null,
    Absent,
    /// An empty string.
    Empty,
}

/// What the head of a file tells: how its objects stand, and where the first of them or their list begins.
///
/// # Errors
/// `NotText`: it is JSON, but no list of objects.
pub fn detect(head: &[u8], cut: bool) -> Result<Option<(Json, usize)>> {
    let start = head.len() - head.trim_ascii_start().len();
    let text = &head[start..];
    let lines = || Some((Json::default(), start));
    let wrapped =
        |(under, at)| Some((Json { list: true, under: Some(under), ..Json::default() }, start + at));
    if begins_object(text) {
        return Ok(match end_of_value(text) {
            None => member_list(text).map_or_else(lines, wrapped),
            Some(end) => {
                let behind = text[end..].trim_ascii_start();
                let same_line = text[end..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
                match same_line {
                    Some(b'\n' | b'\r' | b'{') if !behind.is_empty() => lines(),
                    None | Some(b'\n' | b'\r') if cut => lines(),
                    None | Some(b'\n' | b'\r') => member_list(text).map_or_else(lines, wrapped),
                    Some(_) => None,
                }
            }
        });
    }
    let Some(inside) = text.strip_prefix(b"[").map(<[u8]>::trim_ascii_start) else {
        return Ok(None);
    };
    if begins_object(inside) {
        return Ok(Some((Json { list: true, ..Json::default() }, start)));
    }
    let whole = end_of_value(text).filter(|&end| {
        let behind = text[end..].trim_ascii_start();
        behind.is_empty() || behind[0] == b'['
    });
    let is_json = |end| serde_json::from_slice::<serde::de::IgnoredAny>(&text[..end]).is_ok();
    if whole.is_some_and(is_json) || (cut && whole.is_none() && inside.starts_with(b"[")) {
        return Err(Error::new(
            Code::NotText,
            "this JSON holds lists of values, not objects with named fields: save it as CSV, or as one object a row, \
             and try again",
        ));
    }
    Ok(None)
}

/// `{` and then a key and a colon, or nothing.
fn begins_object(text: &[u8]) -> bool {
    let Some(inside) = text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start) else { return false };
    let Some(key) = inside.strip_prefix(b"\"") else { return inside.starts_with(b"}") };
    let mut scan = Scan { in_string: true, ..Scan::default() };
    let end = key.iter().position(|&byte| {
        scan.step(byte);
        !scan.in_string
    });
    end.is_some_and(|end| key[end + 1..].trim_ascii_start().starts_with(b":"))
}

/// Where the object or list that begins here ends.
fn end_of_value(text: &[u8]) -> Option<usize> {
    let mut scan = Scan::default();
    text.iter()
        .position(|&byte| {
            scan.step(byte);
            scan.depth == 0
        })
        .map(|last| last + 1)
}

/// The first member of an object that is a list of objects: its key, and where the list begins.
fn member_list(text: &[u8]) -> Option<(String, usize)> {
    let (mut scan, mut key) = (Scan::default(), 0..0);
    for (at, &byte) in text.iter().enumerate() {
        let was_in_string = scan.in_string;
        scan.step(byte);
        match byte {
            _ if scan.depth == 0 => return None,
            b'"' if !was_in_string => key.start = at,
            b'"' if !scan.in_string && scan.depth == 1 => key.end = at + 1,
            b'[' if !was_in_string && scan.depth == 2 && begins_object(text[at + 1..].trim_ascii_start()) => {
                return Some((serde_json::from_slice(&text[key]).ok()?, at));
            }
            _ => {}
        }
    }
    None
}

/// How deep in brackets, and whether in a string.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    fn step(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// Cuts UTF-8 text into objects.
pub struct Records {
    dialect: Dialect,
    json: Json,
    skip_bad: bool,
    place: Place,
    scan: Scan,
    /// The part of the object at hand that came in earlier chunks.
    pending: Vec<u8>,
    /// The line on which the object at hand begins, and the one come to.
    line: u64,
    reached: u64,
    grid: Grid,
    bad: Bad,
}

/// Where in the file the next byte stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Before the list.
    Before,
    /// Before an object, or the end.
    Between,
    Inside,
    /// Behind an object of a list.
    After,
    /// Behind the list.
    Behind,
}

impl Records {
    /// `line`: the one that the text begins on.
    pub fn new(json: Json, dialect: Dialect, line: u64, options: &ReadOptions) -> Self {
        Records {
            place: if json.list { Place::Before } else { Place::Between },
            dialect,
            json,
            skip_bad: options.skip_bad_rows,
            scan: Scan::default(),
            pending: Vec::new(),
            line,
            reached: line,
            grid: Grid::new(options.limits()),
            bad: Bad::default(),
        }
    }

    /// # Errors
    /// `RaggedRows` for an object that cannot be read, `NotUtf8`, `Damaged`, `TooLarge`, `TooManyColumns`.
    pub fn push(&mut self, chunk: &[u8]) -> Result<()> {
        let mut begin = 0;
        for (at, &byte) in chunk.iter().enumerate() {
            self.reached += u64::from(byte == b'\n');
            if self.place != Place::Inside {
                self.outside(byte)?;
                begin = at;
                continue;
            }
            self.scan.step(byte);
            if self.scan.depth == 0 {
                let last = &chunk[begin..=at];
                if self.pending.is_empty() {
                    self.record(last)?;
                } else {
                    let mut record = std::mem::take(&mut self.pending);
                    record.extend_from_slice(last);
                    self.record(&record)?;
                }
                self.place = if self.json.list { Place::After } else { Place::Between };
            } else if self.scan.depth > MAX_DEPTH {
                let message =
                    format!("more than {MAX_DEPTH} objects and lists inside each other: this is no table");
                return Err(Error::new(Code::TooLarge, message).at_row(self.reached));
            } else if byte == b'\n' && self.scan.in_string && !self.json.list {
                // No string goes on in another line, so this one lacks its quote: the next line is a new record.
                self.unreadable()?;
                self.pending.clear();
                (self.scan, self.place) = (Scan::default(), Place::Between);
            }
        }
        if self.place == Place::Inside {
            self.pending.extend_from_slice(&chunk[begin..]);
            if self.pending.len() > MAX_RECORD {
                return Err(Error::new(
                    Code::TooLarge,
                    "this record is over 16 MB long: a closing quote or bracket is probably missing; mend it and try again",
                )
                .at_row(self.line));
            }
        }
        Ok(())
    }

    fn outside(&mut self, byte: u8) -> Result<()> {
        self.place = match (self.place, byte) {
            (place, b' ' | b'\t' | b'\n' | b'\r') => place,
            (Place::Before, b'[') => Place::Between,
            (Place::Between, b'{') => {
                self.scan = Scan { depth: 1, ..Scan::default() };
                self.line = self.reached;
                Place::Inside
            }
            (Place::After, b',') => Place::Between,
            (Place::Between | Place::After, b']') if self.json.list => Place::Behind,
            (Place::Behind, _) if self.json.under.is_some() => Place::Behind,
            (place, _) => {
                let expected = match place {
                    Place::Behind => "the end of the file",
                    Place::After => "a comma or the end of the list",
                    _ => "an object in braces",
                };
                let message = format!(
                    "JSON with something else where {expected} should be: mend the file and try again"
                );
                return Err(Error::new(Code::Damaged, message).at_row(self.reached));
            }
        };
        Ok(())
    }

    fn record(&mut self, bytes: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(bytes).map_err(|_| {
            let message =
                format!("not valid {}: save the file as UTF-8 and try again", self.dialect.encoding.name());
            Error::new(Code::NotUtf8, message).at_row(self.line)
        })?;
        match self.grid.record(text, self.line) {
            Ok(true) => Ok(()),
            Ok(false) => self.unreadable(),
            Err(error) => Err(error.at_row(self.line)),
        }
    }

    fn unreadable(&mut self) -> Result<()> {
        self.bad.push(self.line);
        if self.skip_bad {
            return Ok(());
        }
        let message = "this record is not valid JSON: mend it (often a comma, a quote or a bracket), or leave such rows out";
        Err(Error::new(Code::RaggedRows, message).at_row(self.line))
    }

    /// # Errors
    /// `Damaged` if the file breaks off, `NoRows`, `EmptyFile`, and those of [`Records::push`].
    pub fn finish(mut self) -> Result<Parsed> {
        let whole = if self.json.list { Place::Behind } else { Place::Between };
        if self.place != whole {
            if self.place == Place::Inside && !self.json.list && self.skip_bad {
                self.bad.push(self.line);
            } else {
                let message = "the JSON breaks off before its end: fetch the file again, or mend it";
                return Err(Error::new(Code::Damaged, message).at_row(self.reached));
            }
        }
        let (table, rows, fields) = self.grid.finish()?;
        let layout = Layout::Json(Json { fields, ..self.json });
        Ok(Parsed { table, dialect: Dialect { layout, ..self.dialect }, rows, bad: self.bad, footer: None })
    }
}

#[cfg(test)]
mod tests;
