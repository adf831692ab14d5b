//! Delimited text: a push parser that takes a file in chunks of any size, and a writer.
//!
//! The first 64 KiB decide the dialect, whatever the size of the chunks they came in, so the chunking
//! never changes the result. Quotes are `"`, doubled inside a quoted field. The delimiter is whichever of
//! comma, semicolon, tab and bar splits the first lines most evenly. Does not read: encodings other than
//! UTF-8, files without a header line, preambles, comments.

use serde::{Deserialize, Serialize};

use super::sniff::{refuse_binary, sniff};
use crate::error::{Code, Error, Result};
use crate::table::{ColumnBuilder, Table};

/// Beyond this a file is refused: a fit relates every column to every earlier one.
pub const MAX_COLUMNS: usize = 4096;
/// A record this long is a missing closing quote, not a record.
const MAX_RECORD: usize = 16 << 20;
/// The part of the file that decides the dialect.
const HEAD: usize = 64 << 10;

/// How the file separates its fields and lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    pub delimiter: u8,
    /// Lines end with CR LF.
    pub crlf: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect { delimiter: b',', crlf: false }
    }
}

/// What to do with what cannot be read.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReadOptions {
    /// Leave out rows with too few or too many fields instead of refusing the file.
    pub skip_bad_rows: bool,
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
    options: ReadOptions,
    /// The start of the file, until the dialect is decided.
    head: Vec<u8>,
    body: Option<Records>,
}

impl Reader {
    pub fn new(options: ReadOptions) -> Self {
        Reader { options, head: Vec::new(), body: None }
    }

    /// The next piece of the file.
    ///
    /// # Errors
    /// `NotText`, `NotUtf8`, `TooManyColumns`, `TooLarge`, with the line, as soon as they are seen.
    pub fn push(&mut self, mut chunk: &[u8]) -> Result<()> {
        if self.body.is_none() {
            let missing = HEAD - self.head.len();
            let (head, rest) = chunk.split_at(missing.min(chunk.len()));
            self.head.extend_from_slice(head);
            if self.head.len() < HEAD {
                return Ok(());
            }
            self.decide()?;
            chunk = rest;
        }
        let body = self.body.as_mut().expect("decided above");
        body.push(chunk)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// `EmptyFile`, `NoRows`, `RaggedRows` (with the first such line), and those of [`Reader::push`].
    pub fn finish(mut self) -> Result<Parsed> {
        if self.body.is_none() {
            self.decide()?;
        }
        self.body.take().expect("decided above").finish(self.options)
    }

    fn decide(&mut self) -> Result<()> {
        let head = std::mem::take(&mut self.head);
        refuse_binary(&head)?;
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
        let mut body = Records::new(sniff(text));
        body.push(text)?;
        self.body = Some(body);
        Ok(())
    }
}

/// The parser proper: csv-core's machine, the record at hand, and the columns grown so far.
struct Records {
    dialect: Dialect,
    machine: csv_core::Reader,
    fields: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    /// The line on which the record at hand begins.
    line: u64,
    names: Vec<String>,
    columns: Vec<ColumnBuilder>,
    rows: usize,
    bad: u64,
    first_bad: Option<(u64, usize)>,
}

impl Records {
    fn new(dialect: Dialect) -> Self {
        Records {
            dialect,
            machine: csv_core::ReaderBuilder::new().delimiter(dialect.delimiter).build(),
            fields: vec![0; 1 << 12],
            filled: 0,
            ends: vec![0; 1 << 6],
            ended: 0,
            line: 1,
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
        loop {
            let (result, read, wrote, ends) = self.machine.read_record(
                input,
                &mut self.fields[self.filled..],
                &mut self.ends[self.ended..],
            );
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
                    return Err(too_many_columns());
                }
                OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                Record => {
                    self.record()?;
                    self.filled = 0;
                    self.ended = 0;
                    self.line = self.machine.line();
                }
                End => return Ok(true),
            }
        }
    }

    fn push(&mut self, chunk: &[u8]) -> Result<()> {
        if !chunk.is_empty() {
            self.parse(chunk)?;
        }
        Ok(())
    }

    fn record(&mut self) -> Result<()> {
        let width = self.ended;
        if self.names.is_empty() {
            return self.header(width);
        }
        if width != self.names.len() {
            self.bad += 1;
            self.first_bad.get_or_insert((self.line, width));
            return Ok(());
        }
        let mut start = 0;
        for (i, &end) in self.ends[..width].iter().enumerate() {
            let cell = text(&self.fields[start..end], self.line, &self.names[i])?;
            self.columns[i].push(cell);
            start = end;
        }
        self.rows += 1;
        Ok(())
    }

    /// Names the columns: an empty name becomes `column_3`, a repeated one `name_2`.
    fn header(&mut self, width: usize) -> Result<()> {
        if width > MAX_COLUMNS {
            return Err(too_many_columns());
        }
        let mut start = 0;
        for i in 0..width {
            let cell = text(&self.fields[start..self.ends[i]], self.line, &format!("number {}", i + 1))?;
            let base = if cell.trim().is_empty() { format!("column_{}", i + 1) } else { cell.to_string() };
            let mut name = base.clone();
            let mut copy = 1;
            while self.names.contains(&name) {
                copy += 1;
                name = format!("{base}_{copy}");
            }
            self.names.push(name);
            start = self.ends[i];
        }
        self.columns.resize_with(width, ColumnBuilder::default);
        Ok(())
    }

    fn finish(mut self, options: ReadOptions) -> Result<Parsed> {
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
                    "this row has {found} {} where the header has {expected} ({rows} in the file): mend the file \
                     (often a delimiter inside an unquoted text), or leave these rows out",
                    if found == 1 { "field" } else { "fields" },
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

fn text<'a>(bytes: &'a [u8], line: u64, column: &str) -> Result<&'a str> {
    let place = |error: Error| error.at_row(line).in_column(column);
    let cell = std::str::from_utf8(bytes).map_err(|_| {
        place(Error::new(Code::NotUtf8, "not valid UTF-8: save the file as \"CSV UTF-8\" and try again"))
    })?;
    if cell.contains('\0') {
        return Err(place(Error::new(
            Code::NotText,
            "a NUL byte, which text does not hold: save the file as \"CSV UTF-8\" and try again",
        )));
    }
    Ok(cell)
}

fn too_many_columns() -> Error {
    Error::new(
        Code::TooManyColumns,
        format!("more than {MAX_COLUMNS} columns: keep the ones you need in a smaller file and try again"),
    )
    .at_row(1)
}

/// A table as bytes, with or without the header line.
pub fn write(table: &Table, dialect: Dialect, header: bool) -> Vec<u8> {
    let terminator = if dialect.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer =
        csv::WriterBuilder::new().delimiter(dialect.delimiter).terminator(terminator).from_writer(Vec::new());
    let never = "writing to memory does not fail";
    if header {
        writer.write_record(table.columns().iter().map(|column| column.name())).expect(never);
    }
    for row in 0..table.rows() {
        writer.write_record(table.columns().iter().map(|column| column.cell(row))).expect(never);
    }
    writer.into_inner().expect(never)
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
            assert_eq!(parsed.dialect, Dialect { delimiter: b',', crlf: true });
        }
    }

    #[test]
    fn sniffs_the_delimiter() {
        for delimiter in [",", ";", "\t", "|"] {
            let file = "name{}x y{}n\nDoe J.{}1.5{}2\nRoe R.{}2/5{}3".replace("{}", delimiter);
            assert_eq!(read(file.as_bytes(), 10).unwrap().dialect.delimiter, delimiter.as_bytes()[0]);
        }
        assert_eq!(read(b"one\n1\n2\n", 10).unwrap().dialect.delimiter, b',');
    }

    #[test]
    fn names_are_unique() {
        let parsed = read(b"a,,a,a_2\n1,2,3,4\n", 100).unwrap();
        let names: Vec<_> = parsed.table.columns().iter().map(|column| column.name()).collect();
        assert_eq!(names, ["a", "column_2", "a_2", "a_2_2"]);
    }

    #[test]
    fn bad_input_has_a_code_and_a_line() {
        let cases: [(&[u8], Code, Option<u64>); 9] = [
            (b"", Code::EmptyFile, None),
            (b"\n\n", Code::EmptyFile, None),
            (b"a,b\n", Code::NoRows, None),
            (b"\x89PNG\r\n\x1a\n", Code::NotText, None),
            (b"PK\x03\x04zip", Code::NotText, None),
            (b"a,b\n1,2\n\"x\ny\",2\n3\n4,5,6\n", Code::RaggedRows, Some(5)),
            (b"a,b\n1,\0\n", Code::NotText, Some(2)),
            (b"a,b\n1,2\n\xff,2\n", Code::NotUtf8, Some(3)),
            (b"\xff\xfea\0", Code::NotText, None),
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
        let mut reader = Reader::new(ReadOptions { skip_bad_rows: true });
        reader.push(b"a,b\n1,2\n3\n4,5,6\n7,8\n").unwrap();
        let parsed = reader.finish().unwrap();
        assert_eq!((parsed.table.rows(), parsed.skipped), (2, 2));
    }

    #[test]
    fn writes_what_it_reads() {
        let file = b"a;b\n\"x;y\";\"say \"\"hi\"\"\"\n;2\n";
        let parsed = read(file, 100).unwrap();
        assert_eq!(write(&parsed.table, parsed.dialect, true), file);
    }
}
