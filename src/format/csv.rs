//! Delimited text: a push parser that takes a file in chunks of any size.
//!
//! The first 64 KiB decide the encoding and the dialect, whatever the size of the chunks they came in, so the chunking
//! never changes the result. From there on bytes are decoded to UTF-8, cut into records and stored.

use serde::Serialize;

use super::body::Body;
use super::encoding::{Decoder, detect};
use super::json;
use super::records::Records;
use super::sniff::{Told, line_end, lines, refuse_binary, sniff};
use super::unpack::Unpacker;
use crate::error::Result;
use crate::table::Table;

pub use super::bad::Bad;
pub use super::dialect::{Delimiter, Dialect, Encoding, Format, Layout, LineEnd};
pub use super::options::{Origin, ReadOptions};
pub use super::write::{tail, write};

/// Beyond this a file is refused: a fit relates every column to every earlier one.
pub const MAX_COLUMNS: usize = 4096;
/// The part of the file that decides the dialect.
const HEAD: usize = 64 << 10;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub table: Table,
    pub dialect: Dialect,
    /// Rows of the file, of which the table has a sample if they were too many. Those left out do not count.
    pub rows: u64,
    /// Rows left out under [`ReadOptions::skip_bad_rows`].
    pub bad: Bad,
    /// What stands below the table and was left out.
    pub footer: Option<Footer>,
}

/// Totals, sources or notes below a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Footer {
    /// The first.
    pub line: u64,
    pub count: usize,
}

/// Takes a file chunk by chunk.
///
/// ```
/// use standin::format::csv::{ReadOptions, Reader};
/// let mut reader = Reader::new(ReadOptions::default());
/// for chunk in ["a;b\n1", ";x\n"] {
///     reader.push(chunk.as_bytes())?;
/// }
/// let parsed = reader.finish()?;
/// assert_eq!(parsed.table.column("b").unwrap().cell(0), "x");
/// # Ok::<(), standin::Error>(())
/// ```
pub struct Reader {
    unpacker: Unpacker,
    text: Text,
}

impl Reader {
    pub fn new(options: ReadOptions) -> Self {
        Reader { unpacker: Unpacker::default(), text: Text { options, head: Vec::new(), body: None } }
    }

    /// The next piece of the file, packed or not.
    ///
    /// # Errors
    /// `NotText`, `NotUtf8`, `TooManyColumns`, `TooLarge`, with the line, as soon as they are seen.
    pub fn push(&mut self, chunk: &[u8]) -> Result<()> {
        let Reader { unpacker, text } = self;
        unpacker.push(chunk, &mut |bytes| text.push(bytes))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// `EmptyFile`, `NoRows`, `RaggedRows` (with the first such line), and those of [`Reader::push`].
    pub fn finish(self) -> Result<Parsed> {
        let Reader { mut unpacker, mut text } = self;
        unpacker.finish(&mut |bytes| text.push(bytes))?;
        text.finish()
    }
}

/// The unpacked file.
struct Text {
    options: ReadOptions,
    /// Its start, until the dialect is decided.
    head: Vec<u8>,
    body: Option<(Decoder, Body)>,
}

impl Text {
    fn push(&mut self, mut chunk: &[u8]) -> Result<()> {
        if self.body.is_none() {
            let missing = HEAD - self.head.len();
            let (head, rest) = chunk.split_at(missing.min(chunk.len()));
            self.head.extend_from_slice(head);
            if self.head.len() < HEAD {
                return Ok(());
            }
            self.decide(true)?;
            chunk = rest;
        }
        let (decoder, records) = self.body.as_mut().expect("decided above");
        records.push(decoder.decode(chunk))
    }

    fn finish(mut self) -> Result<Parsed> {
        if self.body.is_none() {
            self.decide(false)?;
        }
        let (mut decoder, mut records) = self.body.take().expect("decided above");
        records.push(decoder.finish())?;
        records.finish()
    }

    /// Reads the head; `cut` if the file goes on.
    fn decide(&mut self, cut: bool) -> Result<()> {
        let head = std::mem::take(&mut self.head);
        let is_file = self.options.origin == Origin::File;
        if is_file {
            refuse_binary(&head)?;
        }
        let (encoding, bom) = match self.options.told_encoding()? {
            _ if !is_file => (Encoding::Utf8, false),
            Some(told) => (told, !told.bom().is_empty() && head.starts_with(told.bom())),
            None => detect(&head, cut),
        };
        let mut decoder = Decoder::new(encoding);
        let text = decoder.decode(&head[if bom { encoding.bom().len() } else { 0 }..]);
        let dialect = Dialect { encoding, bom, line_end: line_end(text), ..Dialect::default() };
        let delimited = |told: Option<Delimiter>| {
            let told = Told { delimiter: told, header: self.options.header };
            let (found, start) = sniff(text, cut, &told);
            let dialect = Dialect { encoding, bom, ..found };
            (Body::Delimited(Box::new(Records::new(dialect, self.options.clone()))), start)
        };
        let (mut body, start) = match (self.options.origin, self.options.told_delimiter()?) {
            (Origin::File, None) => match json::detect(text, cut)? {
                Some((found, start)) => {
                    let line = lines(&text[..start], LineEnd::Lf) + 1;
                    (Body::Json(Box::new(json::Records::new(found, dialect, line, &self.options))), start)
                }
                None => delimited(None),
            },
            (Origin::File, told) => delimited(told),
            (Origin::Sheet, _) => delimited(Some(Delimiter::Byte(b','))),
            (Origin::Table, _) => (Body::Delimited(Box::new(Records::new(dialect, self.options.clone()))), 0),
        };
        body.push(&text[start..])?;
        self.body = Some((decoder, body));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn read(bytes: &[u8], chunk: usize) -> Result<Parsed> {
        let mut reader = Reader::new(ReadOptions::default());
        for piece in bytes.chunks(chunk) {
            reader.push(piece)?;
        }
        reader.finish()
    }

    fn cells(parsed: &Parsed, column: usize) -> Vec<&str> {
        (0..parsed.table.rows()).map(|row| parsed.table.columns()[column].cell(row)).collect()
    }

    #[test]
    fn reads_quotes_newlines_and_bom() {
        let file = "\u{feff}a,b\r\n\"x, \"\"y\"\"\r\nz\",1\r\n,2";
        for chunk in [1, 2, 3, 7, 1000] {
            let parsed = read(file.as_bytes(), chunk).unwrap();
            assert_eq!(parsed.table.columns()[0].name(), "a");
            assert_eq!(cells(&parsed, 0), ["x, \"y\"\r\nz", ""]);
            assert_eq!(cells(&parsed, 1), ["1", "2"]);
            let found = Dialect { bom: true, line_end: LineEnd::CrLf, ..Dialect::default() };
            assert_eq!(parsed.dialect, found);
        }
    }

    #[test]
    fn names_are_unique() {
        let parsed = read(b"a,,a,a_2\n1,2,3,4\n", 100).unwrap();
        let names: Vec<_> = parsed.table.columns().iter().map(|column| column.name()).collect();
        assert_eq!(names, ["a", "column_2", "a_2", "a_2_2"]);
    }

    #[test]
    fn bad_input_has_a_code_and_a_line() {
        let cases: [(&[u8], Code, Option<u64>); 10] = [
            (b"", Code::EmptyFile, None),
            (b"\n\n", Code::EmptyFile, None),
            (b"a,b\n", Code::NoRows, None),
            (b"\x89PNG\r\n\x1a\n", Code::NotText, None),
            (b"PK\x03\x04zip", Code::NotText, None),
            (b"a,b\n1,2\n\"x\ny\",2\n3\n4,5,6\n", Code::RaggedRows, Some(5)),
            (b"a,b\n1,\0\n", Code::NotText, Some(2)),
            (b"a,b\r\n1,2\r\n\r\n3\r\n", Code::RaggedRows, Some(4)),
            (b"a,b\n1,2\n\x81,2\n", Code::NotUtf8, Some(3)),
            (b"\xff\xfea\0,\0b\0\n\0\0\xd8,\0", Code::NotUtf8, Some(2)),
        ];
        for (file, code, line) in cases {
            for chunk in [1, 5, 100] {
                let error = read(file, chunk).unwrap_err();
                assert_eq!((error.code(), error.row()), (code, line), "{error}");
            }
        }
        let wide = format!("{}\n", "x,".repeat(10_000));
        assert_eq!(read(wide.as_bytes(), 999).unwrap_err().code(), Code::TooManyColumns);
    }

    #[test]
    fn a_delimiter_at_the_end_of_rows_alone_is_let_pass() {
        let parsed = read(b"a,b\n1,2,\n3,4,\n", 4).unwrap();
        assert_eq!((parsed.table.rows(), parsed.table.columns().len()), (2, 2));
    }

    #[test]
    fn a_byte_that_breaks_after_the_head_has_its_place() {
        let file = [b"a,b\n".repeat(20_000), b"1,caf\xe9\n".to_vec()].concat();
        let error = read(&file, 4096).unwrap_err();
        assert_eq!(
            (error.code(), error.row(), error.column()),
            (Code::NotUtf8, Some(20_001), Some("column_2"))
        );
    }
}
