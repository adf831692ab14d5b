//! Delimited text: a push parser that takes a file in chunks of any size.
//!
//! The first 64 KiB decide the encoding and the dialect, whatever the size of the chunks they came in, so the chunking
//! never changes the result. From there on bytes are decoded to UTF-8, cut into records and stored.

use serde::{Deserialize, Serialize};

use super::encoding::{Decoder, detect};
use super::json;
use super::rows::Rows;
use super::sniff::{line_end, lines, machine, refuse_binary, skip_between, sniff, sniff_among};
use super::unpack::Unpacker;
use crate::error::{Code, Error, Result};
use crate::table::{ColumnBuilder, Table};

pub use super::dialect::{Dialect, Encoding, Format, Layout, LineEnd};
pub use super::rows::Origin;
pub use super::write::{tail, write};

/// Beyond this a file is refused: a fit relates every column to every earlier one.
pub const MAX_COLUMNS: usize = 4096;
/// A record this long is a missing closing quote, not a record.
const MAX_RECORD: usize = 16 << 20;
/// The part of the file that decides the dialect.
const HEAD: usize = 64 << 10;

/// What to do with what cannot be read.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReadOptions {
    /// Leave out rows with too few or too many fields instead of refusing the file.
    pub skip_bad_rows: bool,
    /// Whether the first line names the columns; decided by evidence if absent.
    pub header: Option<bool>,
    pub origin: Origin,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub table: Table,
    pub dialect: Dialect,
    /// Rows left out under [`ReadOptions::skip_bad_rows`].
    pub skipped: u64,
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
    body: Option<(Decoder, Rows)>,
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
        records.finish(self.options)
    }

    /// Reads the head; `cut` if the file goes on.
    fn decide(&mut self, cut: bool) -> Result<()> {
        let head = std::mem::take(&mut self.head);
        let (encoding, bom) = match self.options.origin {
            Origin::File => {
                refuse_binary(&head)?;
                detect(&head, cut)
            }
            Origin::Sheet | Origin::Table => (Encoding::Utf8, false),
        };
        let mut decoder = Decoder::new(encoding);
        let text = decoder.decode(&head[if bom { encoding.bom().len() } else { 0 }..]);
        let dialect = Dialect { encoding, bom, line_end: line_end(text), ..Dialect::default() };
        let (mut rows, start) = match self.options.origin {
            Origin::File => match json::detect(text, cut)? {
                Some((found, start)) => {
                    let line = lines(&text[..start], LineEnd::Lf) + 1;
                    (Rows::Json(Box::new(json::Records::new(found, dialect, line, self.options))), start)
                }
                None => self.delimited(sniff(text, cut), encoding, bom),
            },
            Origin::Sheet => self.delimited(sniff_among(vec![dialect], text, cut), encoding, bom),
            Origin::Table => self.delimited((dialect, 0), encoding, bom),
        };
        rows.push(&text[start..])?;
        self.body = Some((decoder, rows));
        Ok(())
    }

    fn delimited(&self, (found, start): (Dialect, usize), encoding: Encoding, bom: bool) -> (Rows, usize) {
        let header = self.options.header.unwrap_or(found.header);
        (Rows::Delimited(Box::new(Records::new(Dialect { encoding, bom, header, ..found }))), start)
    }
}

/// The parser proper: csv-core's machine, the record at hand, and the columns grown so far.
pub(super) struct Records {
    dialect: Dialect,
    machine: csv_core::Reader,
    fields: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    /// The line on which the record at hand begins, and the one that the machine has come to.
    line: u64,
    reached: u64,
    /// No byte of the record at hand has come yet.
    fresh: bool,
    /// The last chunk ended inside a comment.
    in_comment: bool,
    names: Vec<String>,
    columns: Vec<ColumnBuilder>,
    rows: usize,
    bad: u64,
    first_bad: Option<(u64, usize)>,
}

impl Records {
    fn new(dialect: Dialect) -> Self {
        Records {
            machine: machine(&dialect),
            line: dialect.skipped_lines + 1,
            reached: dialect.skipped_lines + 1,
            fresh: true,
            in_comment: false,
            dialect,
            fields: vec![0; 1 << 12],
            filled: 0,
            ends: vec![0; 1 << 6],
            ended: 0,
            names: Vec::new(),
            columns: Vec::new(),
            rows: 0,
            bad: 0,
            first_bad: None,
        }
    }

    /// An empty `input` tells the machine that the file ends, so callers pass one only then.
    fn parse(&mut self, mut input: &[u8]) -> Result<bool> {
        use csv_core::ReadRecordResult::*;
        let is_end = input.is_empty();
        loop {
            if self.fresh && !is_end {
                let (rest, passed) = skip_between(input, &self.dialect, &mut self.in_comment);
                (input, self.reached) = (rest, self.reached + passed);
                self.line = self.reached;
                if input.is_empty() {
                    return Ok(false);
                }
                self.fresh = false;
            }
            let (result, read, wrote, ends) = self.machine.read_record(
                input,
                &mut self.fields[self.filled..],
                &mut self.ends[self.ended..],
            );
            self.reached += lines(&input[..read], self.dialect.line_end);
            input = &input[read..];
            self.filled += wrote;
            self.ended += ends;
            match result {
                InputEmpty => return Ok(false),
                OutputFull if self.fields.len() >= MAX_RECORD => {
                    return Err(Error::new(
                        Code::TooLarge,
                        "this record is over 16 MB long: a closing quote is probably missing; mend the quote and try again",
                    )
                    .at_row(self.line));
                }
                OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                OutputEndsFull if self.ends.len() > MAX_COLUMNS && self.names.is_empty() => {
                    return Err(too_many_columns(self.line));
                }
                OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                Record => {
                    self.record()?;
                    self.filled = 0;
                    self.ended = 0;
                    self.fresh = true;
                }
                End => return Ok(true),
            }
        }
    }

    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<()> {
        if !chunk.is_empty() {
            self.parse(chunk)?;
        }
        Ok(())
    }

    fn record(&mut self) -> Result<()> {
        if self.names.is_empty() {
            self.name_columns(self.ended)?;
            if self.dialect.header {
                return Ok(());
            }
        }
        let mut width = self.ended;
        // A delimiter at the end of the row that the header does not have.
        if width == self.names.len() + 1 && self.ends[width - 1] == self.ends[width - 2] {
            width -= 1;
        }
        if width != self.names.len() {
            self.bad += 1;
            self.first_bad.get_or_insert((self.line, width));
            return Ok(());
        }
        let mut start = 0;
        for (i, &end) in self.ends[..width].iter().enumerate() {
            let cell = text(&self.fields[start..end], self.line, &self.names[i], self.dialect.encoding)?;
            self.columns[i].push(cell);
            start = end;
        }
        self.rows += 1;
        Ok(())
    }

    /// An empty name becomes `column_3`, a repeated one `name_2`; so does each where there is no header.
    fn name_columns(&mut self, width: usize) -> Result<()> {
        if width > MAX_COLUMNS {
            return Err(too_many_columns(self.line));
        }
        let mut start = 0;
        for i in 0..width {
            let number = format!("column_{}", i + 1);
            let bytes = if self.dialect.header { &self.fields[start..self.ends[i]] } else { b"" };
            let cell = text(bytes, self.line, &number, self.dialect.encoding)?;
            let base = if cell.trim().is_empty() { number } else { cell.to_string() };
            let mut name = base.clone();
            let mut copy = 1;
            while self.names.contains(&name) {
                copy += 1;
                name = format!("{base}_{copy}");
            }
            if self.dialect.header && name != cell {
                self.dialect.renamed.push((name.clone(), cell.to_string()));
            }
            self.names.push(name);
            start = self.ends[i];
        }
        self.columns.resize_with(width, ColumnBuilder::default);
        Ok(())
    }

    pub(super) fn finish(mut self, options: ReadOptions) -> Result<Parsed> {
        while !self.parse(&[])? {}
        if self.names.is_empty() {
            return Err(Error::new(
                Code::EmptyFile,
                "the file is empty: choose one with a header line and a row for each record",
            ));
        }
        if let (Some((line, found)), false) = (self.first_bad, options.skip_bad_rows) {
            let expected = self.names.len();
            let rows = if self.bad == 1 { "1 such row".into() } else { format!("{} such rows", self.bad) };
            return Err(Error::new(
                Code::RaggedRows,
                format!(
                    "this row has {found} {} where the {} has {expected} ({rows} in the file): mend the file \
                     (often a delimiter inside an unquoted text), or leave these rows out",
                    if found == 1 { "field" } else { "fields" },
                    if self.dialect.header { "header" } else { "first row" },
                ),
            )
            .at_row(line));
        }
        if self.rows == 0 {
            return Err(Error::new(
                Code::NoRows,
                "the file has a header line but no rows below it: choose one with a row for each record",
            ));
        }
        let columns = self.columns.into_iter().zip(self.names).map(|(column, name)| column.finish(name));
        Ok(Parsed { table: Table::new(columns.collect()), dialect: self.dialect, skipped: self.bad })
    }
}

fn text<'a>(bytes: &'a [u8], line: u64, column: &str, encoding: Encoding) -> Result<&'a str> {
    let place = |error: Error| error.at_row(line).in_column(column);
    let cell = std::str::from_utf8(bytes).map_err(|_| {
        let message = format!("not valid {}: save the file as \"CSV UTF-8\" and try again", encoding.name());
        place(Error::new(Code::NotUtf8, message))
    })?;
    if cell.contains('\0') {
        return Err(place(Error::new(
            Code::NotText,
            "a NUL byte, which text does not hold: save the file as \"CSV UTF-8\" and try again",
        )));
    }
    Ok(cell)
}

fn too_many_columns(line: u64) -> Error {
    Error::new(
        Code::TooManyColumns,
        format!("more than {MAX_COLUMNS} columns: keep the ones you need in a smaller file and try again"),
    )
    .at_row(line)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn bad_rows_can_be_left_out() {
        let mut reader = Reader::new(ReadOptions { skip_bad_rows: true, ..ReadOptions::default() });
        reader.push(b"a,b\n1,2\n3\n4,5,6\n7,8\n").unwrap();
        let parsed = reader.finish().unwrap();
        assert_eq!((parsed.table.rows(), parsed.skipped), (2, 2));
    }

    /// Files of which a stand-in would be written with the same bytes, the lines above the table aside.
    #[test]
    fn writes_what_it_reads() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let files: [(Vec<u8>, u64); 9] = [
            (b"a;b\n\"x;y\";\"say \"\"hi\"\"\"\n;2\n".to_vec(), 0),
            (b"a,,a\r\n1,2,3\r\n4,5,6\r\n".to_vec(), 0),
            (b"1,x\n2,y\n3,x\n".to_vec(), 0),
            (b"a\tcaf\xe9\r1\t\x80\r2\t\x9c\r".to_vec(), 0),
            (b"\xef\xbb\xbfa|b\n1|2\n".to_vec(), 0),
            (b"a,b,\n1,2,\n3,4,\n".to_vec(), 0),
            (utf16("\u{feff}a,\u{1f600}\r\n1,\u{e9}\r\n"), 0),
            (utf16("a,b\n1,\u{e9}\n2,\u{1f600}\n"), 0),
            (b"Report of May\n\na,b\n1,x\n2,y\n".to_vec(), 2),
        ];
        for (file, skipped) in files {
            for chunk in [1, 3, 100] {
                let parsed = read(&file, chunk).unwrap();
                let table = file.splitn(skipped as usize + 1, |&byte| byte == b'\n').last().unwrap();
                assert_eq!(parsed.dialect.skipped_lines, skipped);
                let written = write(&parsed.table, &parsed.dialect, true);
                assert!(written == table, "{}", String::from_utf8_lossy(&file));
            }
        }
    }

    #[test]
    fn the_header_can_be_told() {
        for (header, rows, name) in
            [(None, 2, "column_1"), (Some(true), 1, "1"), (Some(false), 2, "column_1")]
        {
            let mut reader = Reader::new(ReadOptions { header, ..ReadOptions::default() });
            reader.push(b"1,2\n3,4\n").unwrap();
            let table = reader.finish().unwrap().table;
            assert_eq!((table.rows(), table.columns()[0].name()), (rows, name));
        }
    }

    #[test]
    fn comments_are_passed() {
        let file = b"# made in May\n#\na,b\n1,2\n# and, so, on\n\n3,4\n5\n#";
        for chunk in [1, 2, 5, 100] {
            let error = read(file, chunk).unwrap_err();
            assert_eq!((error.code(), error.row()), (Code::RaggedRows, Some(8)));
        }
        let parsed = read(&file[..file.len() - 3], 4).unwrap();
        assert_eq!((parsed.table.rows(), parsed.dialect.skipped_lines), (2, 2));
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
