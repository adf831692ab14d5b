//! How a file is written: its encoding, what separates and quotes its fields, whether a header names them.
//!
//! It is decided once, on the head of the file, and travels with the model, so that a synthetic file opens wherever the
//! original did.

use serde::{Deserialize, Serialize};

use super::json::{Field, Form, Gap, Json};

/// What was made of a file, and how its stand-in is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    pub layout: Layout,
    pub encoding: Encoding,
    /// The file begins with a byte-order mark.
    pub bom: bool,
    pub delimiter: u8,
    pub quote: u8,
    /// A quote inside quotes is written `\"` and not `""`.
    pub backslash: bool,
    pub line_end: LineEnd,
    /// The first line of the table names its columns; without one they are numbered.
    pub header: bool,
    /// Lines that begin with `#` are no rows.
    pub comments: bool,
    /// Lines above the table, such as a title or comments, that were left out.
    pub skipped_lines: u64,
    /// Columns whose name is not the text of the header (an empty or repeated one), with that text. It is the
    /// header's, not a row's.
    pub renamed: Vec<(String, String)>,
}

/// What the rows stand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// Lines of fields.
    Delimited,
    Json(Json),
    /// Lines of fields that another program packs: an empty Parquet file with the types.
    Parquet(Vec<u8>),
}

/// What a synthetic file can be written as. In JSON: `csv`, `json`, `jsonl`, `parquet`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Csv,
    /// One list of objects.
    Json,
    /// An object a line.
    Jsonl,
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineEnd {
    Lf,
    CrLf,
    Cr,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect {
            layout: Layout::Delimited,
            encoding: Encoding::Utf8,
            bom: false,
            delimiter: b',',
            quote: b'"',
            backslash: false,
            line_end: LineEnd::Lf,
            header: true,
            comments: false,
            skipped_lines: 0,
            renamed: Vec::new(),
        }
    }
}

impl Dialect {
    /// The same file in another format; None for Parquet, whose types only a Parquet file tells.
    pub fn written_as<'a>(&self, format: Format, columns: impl Iterator<Item = &'a str>) -> Option<Dialect> {
        let list = match format {
            Format::Csv => {
                // The text inside a Parquet file is CSV already.
                return Some(Dialect { layout: Layout::Delimited, ..self.clone() });
            }
            Format::Parquet => {
                return matches!(self.layout, Layout::Parquet(_)).then(|| self.clone());
            }
            Format::Json => true,
            Format::Jsonl => false,
        };
        if let Layout::Json(json) = &self.layout {
            let under = json.under.clone().filter(|_| list);
            return Some(Dialect {
                layout: Layout::Json(Json { list, under, ..json.clone() }),
                ..self.clone()
            });
        }
        let field = |name: &str| Field {
            column: name.into(),
            path: vec![name.into()],
            form: Form::Mixed,
            gap: Gap::Null,
        };
        let layout = Layout::Json(Json { list, under: None, fields: columns.map(field).collect() });
        Some(Dialect { layout, ..Dialect::default() })
    }

    /// The text that the header has for the column of this name.
    pub fn header_text<'a>(&'a self, name: &'a str) -> &'a str {
        self.renamed.iter().find(|(renamed, _)| renamed == name).map_or(name, |(_, text)| text)
    }
}

impl Layout {
    pub fn name(&self) -> &'static str {
        match self {
            Layout::Delimited => "delimited",
            Layout::Json(Json { list: false, .. }) => "json-lines",
            Layout::Json(_) => "json",
            Layout::Parquet(_) => "parquet",
        }
    }
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Windows1252 => "windows-1252",
        }
    }

    /// The mark that a file may begin with.
    pub fn bom(self) -> &'static [u8] {
        match self {
            Encoding::Utf8 => b"\xef\xbb\xbf",
            Encoding::Utf16Le => b"\xff\xfe",
            Encoding::Utf16Be => b"\xfe\xff",
            Encoding::Windows1252 => b"",
        }
    }
}

impl LineEnd {
    pub fn text(self) -> &'static str {
        match self {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
            LineEnd::Cr => "\r",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_keeps_its_text() {
        let dialect = Dialect { renamed: vec![("a_2".into(), "a".into())], ..Dialect::default() };
        assert_eq!((dialect.header_text("a_2"), dialect.header_text("b")), ("a", "b"));
    }
}
