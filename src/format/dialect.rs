//! How a file is written: its encoding, what separates and quotes its fields, whether a header names them.
//!
//! It is decided once, on the head of the file, and travels with the model, so that a synthetic file opens wherever the
//! original did.

use serde::{Deserialize, Serialize};

use super::json::{Field, Form, Gap, Json};

/// The header's lines may be so many.
pub const MOST_LINES: usize = 3;

/// What was made of a file, and how its stand-in is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    pub layout: Layout,
    pub encoding: Encoding,
    /// The file begins with a byte-order mark.
    pub bom: bool,
    pub delimiter: Delimiter,
    pub quote: u8,
    /// A quote inside quotes is written `\"` and not `""`.
    pub backslash: bool,
    pub line_end: LineEnd,
    /// The first line of the table names its columns; without one they are numbered.
    pub header: bool,
    /// Lines that the header takes: names, and perhaps groups above them or units below.
    pub header_lines: usize,
    /// Lines that begin with `#` are no rows.
    pub comments: bool,
    /// Lines above the table, such as a title or comments, that were left out.
    pub skipped_lines: u64,
    /// Columns whose name is not the text of the header (an empty or repeated one, or one joined of several lines),
    /// with that text, line by line. It is the header's, not a row's.
    pub renamed: Vec<(String, Vec<String>)>,
    pub quoted: Quoted,
}

/// What is quoted although it need not be, as the head of the file shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// The names in the header.
    pub header: bool,
    /// Every value of these columns; by place, until the reader knows the names.
    pub columns: Vec<String>,
    #[serde(skip)]
    pub places: Vec<bool>,
    /// In these columns, gaps as well.
    pub gaps: bool,
}

/// What separates the fields of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    Byte(u8),
    /// Several characters, such as `||`.
    Text(String),
    /// A character, then any number of spaces that are no part of the next field.
    Padded(u8),
    /// So many spaces at least, as in columns that spaces align.
    Spaces(u8),
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
#[serde(rename_all = "lowercase")]
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
            delimiter: Delimiter::Byte(b','),
            quote: b'"',
            backslash: false,
            line_end: LineEnd::Lf,
            header: true,
            header_lines: 1,
            comments: false,
            skipped_lines: 0,
            renamed: Vec::new(),
            quoted: Quoted::default(),
        }
    }
}

impl Dialect {
    /// Is this what a file can be written in? For models read from files.
    pub fn is_sound(&self) -> bool {
        let header = self.header == (self.header_lines > 0) && self.header_lines <= MOST_LINES;
        let delimiter = match &self.delimiter {
            Delimiter::Spaces(count) => (1..=8).contains(count),
            told => Delimiter::parse(&told.text()).is_some_and(|delimiter| delimiter == *told),
        };
        header && delimiter
    }

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

    /// Would the cell be read as another one, or as several, without quotes?
    pub fn must_quote(&self, cell: &str) -> bool {
        let is_special = |byte| byte == self.quote || byte == b'\n' || byte == b'\r';
        self.comments && cell.starts_with('#') || self.delimiter.hurts(cell) || cell.bytes().any(is_special)
    }

    /// The text that this line of the header has for the column of this name.
    pub fn header_text<'a>(&'a self, name: &'a str, line: usize) -> &'a str {
        let texts = self.renamed.iter().find(|(renamed, _)| renamed == name).map(|(_, texts)| texts);
        texts.map_or(name, |texts| texts.get(line).map_or("", String::as_str))
    }
}

impl Delimiter {
    /// As a person writes it: a character, several, one and a space for a padded one, or just spaces.
    ///
    /// ```
    /// use standin::format::csv::Delimiter;
    /// for text in [",", "||", ", ", "  ", "\t"] {
    ///     assert_eq!(Delimiter::parse(text).unwrap().text(), text);
    /// }
    /// assert!(Delimiter::parse("\n").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Delimiter> {
        let usable =
            |byte: u8| byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\n\r\"\0".contains(&byte);
        match text.as_bytes() {
            &[byte] if usable(byte) => Some(Delimiter::Byte(byte)),
            &[byte, b' '] if usable(byte) && byte != b' ' => Some(Delimiter::Padded(byte)),
            bytes if (2..=8).contains(&bytes.len()) && bytes.iter().all(|&byte| byte == b' ') => {
                Some(Delimiter::Spaces(bytes.len() as u8))
            }
            bytes if (2..=8).contains(&bytes.len()) && bytes.iter().all(|&byte| usable(byte)) => {
                Some(Delimiter::Text(text.to_string()))
            }
            _ => None,
        }
    }

    /// As it is written between two fields.
    pub fn text(&self) -> String {
        match self {
            Delimiter::Byte(byte) => char::from(*byte).to_string(),
            Delimiter::Text(text) => text.clone(),
            Delimiter::Padded(byte) => format!("{} ", char::from(*byte)),
            Delimiter::Spaces(count) => " ".repeat(usize::from(*count)),
        }
    }

    /// A field of this text is to be quoted, or it would be read as several, or as another.
    pub fn hurts(&self, cell: &str) -> bool {
        let cell = cell.as_bytes();
        match self {
            Delimiter::Byte(byte) => cell.contains(byte),
            // What ends in a part of the delimiter would split too early.
            Delimiter::Text(text) => {
                let end = [cell, text.as_bytes()].concat();
                end.windows(text.len()).position(|window| window == text.as_bytes()) != Some(cell.len())
            }
            Delimiter::Padded(byte) => cell.contains(byte) || cell.starts_with(b" "),
            Delimiter::Spaces(1) => cell.is_empty() || cell.contains(&b' '),
            Delimiter::Spaces(_) => {
                cell.is_empty()
                    || cell.starts_with(b" ")
                    || cell.ends_with(b" ")
                    || cell.windows(2).any(|two| two == b"  ")
            }
        }
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
    pub const ALL: [Encoding; 4] =
        [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];

    pub fn named(name: &str) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|encoding| encoding.name().eq_ignore_ascii_case(name))
    }

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
        let dialect = Dialect { renamed: vec![("a_2".into(), vec!["a".into()])], ..Dialect::default() };
        assert_eq!((dialect.header_text("a_2", 0), dialect.header_text("b", 0)), ("a", "b"));
    }

    #[test]
    fn what_no_file_can_have_is_unsound() {
        for delimiter in [Delimiter::Spaces(1), Delimiter::Byte(0x1f), Delimiter::Text(" | ".into())] {
            assert!(Dialect { delimiter, ..Dialect::default() }.is_sound());
        }
        for dialect in [
            Dialect { header_lines: 1 << 40, ..Dialect::default() },
            Dialect { header: false, ..Dialect::default() },
            Dialect { delimiter: Delimiter::Text(String::new()), ..Dialect::default() },
            Dialect { delimiter: Delimiter::Spaces(0), ..Dialect::default() },
        ] {
            assert!(!dialect.is_sound(), "{dialect:?}");
        }
    }
}
