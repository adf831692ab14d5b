//! What the head of a file tells: that it is no text at all, or how its fields are separated and where its table begins.
//!
//! Every plausible dialect reads the first records, and the one that makes the best table of them wins: rows of one
//! width, many columns, cells that look whole. The measure follows the one of G. J. J. van den Burg et al., "Wrangling
//! messy CSV files by detecting row and type patterns" (2019): evenness of the rows times the share of clean cells,
//! here softened, as a column of texts with commas is not yet a comma-separated file.

use super::delimiter::{Translator, byte};
use super::dialect::{Delimiter, Dialect, LineEnd};
use super::header::{Look, header_lines};
use super::quoted::quoted;
use crate::error::{Code, Error, Result};

/// Records that are looked at.
const RECORDS: usize = 100;
const COMMON: [u8; 4] = [b',', b';', b'\t', b'|'];
/// These also stand in texts and times, so they must split every line alike.
const RARE: [u8; 8] = [b':', b' ', b'~', b'^', b'#', b'&', 0x01, 0x1f];
const RARE_WEIGHT: f64 = 0.7;
/// Delimiters of several characters are made of these.
const MARKS: &[u8] = b"|:;,~^#&@$%*=<>\\!";

/// What the user says of a file, against all evidence.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub delimiter: Option<Delimiter>,
    pub header: Option<bool>,
}

/// Known binary files by their first bytes, with what to do instead.
pub fn refuse_binary(head: &[u8]) -> Result<()> {
    let kinds: [(&[u8], &str); 8] = [
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"PK\x03\x04", "a zip archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc) or a workbook with a password"),
        (b"%PDF", "a PDF document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"PAR1", "a Parquet file"),
    ];
    match kinds.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, what)) => Err(Error::new(
            Code::NotText,
            format!(
                "this is {what}, not a table that is read here: save the table as .xlsx without a password or \"CSV UTF-8\" and try again"
            ),
        )),
        None => Ok(()),
    }
}

/// The dialect of a file whose head, in UTF-8, is this; and where in it the table begins. `cut`: the file goes on.
pub fn sniff(head: &[u8], cut: bool, told: &Told) -> (Dialect, usize) {
    let line_end = line_end(head);
    let mut best = Dialect { line_end, ..Dialect::default() };
    let delimiters = match &told.delimiter {
        Some(delimiter) => {
            best.delimiter = delimiter.clone();
            vec![delimiter.clone()]
        }
        None => delimiters(head),
    };
    let mut records = read(head, cut, &best);
    let mut best_score = 0.0;
    for candidate in candidates(head, line_end, &delimiters) {
        let found = read(head, cut, &candidate);
        let score = score(&found, &candidate, told.delimiter.is_some());
        if score > best_score + 1e-9 {
            (best_score, best, records) = (score, candidate, found);
        }
    }
    let first = table_start(&records);
    let mut start = 0;
    if first > 0 || best.comments {
        best.skipped_lines = records[first].line - 1;
        start = after_breaks(head, records[first].breaks);
    }
    let cells: Vec<_> = records.split_off(first).into_iter().map(|record| record.cells).collect();
    let found = header_lines(&cells);
    best.header_lines = match told.header {
        Some(true) => found.max(1),
        Some(false) => 0,
        None => found,
    };
    best.header = best.header_lines > 0;
    best.quoted = quoted(&head[start..], &best);
    (best, start)
}

/// The delimiters that a head may have, the usual ones first.
fn delimiters(head: &[u8]) -> Vec<Delimiter> {
    let count = |text: &[u8]| head.windows(text.len()).filter(|window| *window == text).count();
    let mostly = |text: &[u8], byte: u8| count(text) > 0 && count(text) * 2 >= count(&[byte]);
    let present = |byte: &u8| head.contains(byte);
    let mut all: Vec<_> = COMMON.into_iter().chain(RARE).filter(present).map(Delimiter::Byte).collect();
    for byte in COMMON.into_iter().filter(|&byte| byte != b'\t') {
        if mostly(&[byte, b' '], byte) {
            all.push(Delimiter::Padded(byte));
        }
        if mostly(&[b' ', byte, b' '], byte) {
            all.push(Delimiter::Text(format!(" {} ", char::from(byte))));
        }
    }
    if count(b"  ") > 0 {
        all.extend([Delimiter::Spaces(1), Delimiter::Spaces(2)]);
    }
    all.extend(marks(head).into_iter().map(Delimiter::Text));
    all
}

/// Runs of two to four marks on the first line that the second has too. Commas and the like alone are empty fields.
fn marks(head: &[u8]) -> Vec<String> {
    let mut lines = head.split(|&byte| byte == b'\n' || byte == b'\r').filter(|line| !line.is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let runs = first.split(|byte| !MARKS.contains(byte)).filter(|run| (2..=4).contains(&run.len()));
    let mut found = Vec::new();
    for run in runs {
        let text = String::from_utf8_lossy(run).into_owned();
        let empty_fields = [b',', b';'].iter().any(|byte| run.iter().all(|mark| mark == byte));
        // A usual delimiter beside another mark is that mark's neighbour, but in the middle of two: `~|~`.
        let neighbours = run.iter().any(|byte| COMMON.contains(byte)) && !run.iter().eq(run.iter().rev());
        if !empty_fields
            && !neighbours
            && !found.contains(&text)
            && second.windows(run.len()).any(|window| window == run)
        {
            found.push(text);
        }
    }
    found
}

/// The dialects that a head allows, the usual ones first: of two equally good the first is taken.
fn candidates(head: &[u8], line_end: LineEnd, delimiters: &[Delimiter]) -> Vec<Dialect> {
    let maybe = |yes| [false, true].into_iter().take(1 + usize::from(yes));
    let mut all = Vec::new();
    for comments in maybe(head.trim_ascii_start().starts_with(b"#")) {
        for quote in quotes(head) {
            for delimiter in delimiters {
                let last = *delimiter.text().as_bytes().last().expect("a delimiter has a character");
                for backslash in maybe(has_escapes(head, quote, last)) {
                    let (delimiter, rest) = (delimiter.clone(), Dialect { line_end, ..Dialect::default() });
                    all.push(Dialect { delimiter, quote, backslash, comments, ..rest });
                }
            }
        }
    }
    all
}

/// A quote after a backslash that neither ends its field nor is half of a doubled one.
fn has_escapes(head: &[u8], quote: u8, delimiter: u8) -> bool {
    let goes_on = |byte: u8| ![quote, delimiter, b'\n', b'\r'].contains(&byte);
    head.windows(3).any(|three| three[0] == b'\\' && three[1] == quote && goes_on(three[2]))
}

pub fn line_end(head: &[u8]) -> LineEnd {
    match head.iter().position(|&byte| byte == b'\n') {
        Some(at) if at > 0 && head[at - 1] == b'\r' => LineEnd::CrLf,
        None if head.contains(&b'\r') => LineEnd::Cr,
        _ => LineEnd::Lf,
    }
}

/// `"`, and `'` or a backtick too where fields begin with it on every other line at least: an apostrophe elsewhere.
fn quotes(head: &[u8]) -> Vec<u8> {
    let begins = |byte: u8| matches!(byte, b'\n' | b'\r') || COMMON.contains(&byte) || byte == b' ';
    let opened = |quote: u8| {
        let inside = head.windows(2).filter(|two| begins(two[0]) && two[1] == quote).count();
        inside + usize::from(head.first() == Some(&quote))
    };
    let lines = head.iter().filter(|&&byte| byte == b'\n' || byte == b'\r').count();
    let is_quote = |quote: u8| opened(quote) > opened(b'"') && opened(quote) * 2 >= lines;
    [b'"', b'\'', b'`'].into_iter().filter(|&quote| quote == b'"' || is_quote(quote)).collect()
}

struct Record {
    /// Counted from 1.
    line: u64,
    /// The line ends, byte by byte, that stand before it: its place, which translating does not change.
    breaks: usize,
    cells: Vec<String>,
}

/// The machine that reads this dialect.
pub fn machine(dialect: &Dialect) -> csv_core::Reader {
    let mut builder = csv_core::ReaderBuilder::new();
    builder.delimiter(byte(&dialect.delimiter)).quote(dialect.quote);
    builder.escape(dialect.backslash.then_some(b'\\')).build()
}

/// Passes what stands between records: empty lines, and comments if the dialect has them. Returns the rest and the
/// lines passed. `inside` a comment, a chunk may end and the next one begin.
pub fn skip_between<'a>(input: &'a [u8], dialect: &Dialect, inside: &mut bool) -> (&'a [u8], u64) {
    let mut is_between = |&byte: &u8| {
        let ends = byte == b'\n' || byte == b'\r';
        *inside = !ends && (*inside || (dialect.comments && byte == b'#'));
        ends || *inside
    };
    let end = input.iter().take_while(|byte| is_between(byte)).count();
    (&input[end..], lines(&input[..end], dialect.line_end))
}

/// The lines that end in these bytes.
pub fn lines(bytes: &[u8], line_end: LineEnd) -> u64 {
    let last = if line_end == LineEnd::Cr { b'\r' } else { b'\n' };
    bytes.iter().filter(|&&byte| byte == last).count() as u64
}

fn breaks(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'\n' || byte == b'\r').count()
}

/// The place after so many line ends.
fn after_breaks(bytes: &[u8], count: usize) -> usize {
    let mut ends = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'\n' | b'\r'));
    count.checked_sub(1).and_then(|last| ends.nth(last)).map_or(0, |(at, _)| at + 1)
}

/// The first records, without one that the end of the head cuts unless it is the only one.
fn read(head: &[u8], cut: bool, dialect: &Dialect) -> Vec<Record> {
    let mut machine = machine(dialect);
    let translated = Translator::new(dialect)
        .map(|mut translator| [translator.translate(head).to_vec(), translator.finish().to_vec()].concat());
    let head = translated.as_deref().unwrap_or(head);
    let (mut fields, mut ends) = (vec![0; head.len() + 1], vec![0; head.len() + 1]);
    let (mut rest, mut line) = (head, 1);
    let mut records = Vec::new();
    while records.len() < RECORDS {
        let (input, passed) = skip_between(rest, dialect, &mut false);
        let (begin, breaks) = (line + passed, breaks(&head[..head.len() - input.len()]));
        let (mut result, read, mut wrote, mut ended) = machine.read_record(input, &mut fields, &mut ends);
        if result == csv_core::ReadRecordResult::InputEmpty && (!cut || records.is_empty()) {
            let (last, _, more, closed) = machine.read_record(&[], &mut fields[wrote..], &mut ends[ended..]);
            (result, wrote, ended) = (last, wrote + more, ended + closed);
        }
        if result != csv_core::ReadRecordResult::Record {
            break;
        }
        let start = |field: usize| if field == 0 { 0 } else { ends[field - 1] };
        let cell = |field: usize| {
            String::from_utf8_lossy(&fields[start(field)..ends[field].min(wrote)]).into_owned()
        };
        records.push(Record { line: begin, breaks, cells: (0..ended).map(cell).collect() });
        line = begin + lines(&input[..read], dialect.line_end);
        rest = &input[read..];
    }
    records
}

/// How good a table a dialect makes; 0 for none. `told`: its delimiter is the user's, so it needs no evidence.
fn score(records: &[Record], dialect: &Dialect, told: bool) -> f64 {
    let Dialect { delimiter, quote, .. } = dialect;
    let width = usual_width(records);
    if width < 2 {
        return 0.0;
    }
    let table = &records[table_start(records)..];
    let mut weight = match delimiter {
        _ if told => 1.0,
        Delimiter::Byte(byte) | Delimiter::Padded(byte) if COMMON.contains(byte) => 1.0,
        Delimiter::Byte(_) | Delimiter::Padded(_) | Delimiter::Spaces(_) => {
            if splits_every_line(table, width, delimiter) { RARE_WEIGHT } else { 0.0 }
        }
        // Where the longer one splits as often, the shorter leaves marks in the cells.
        Delimiter::Text(_) => {
            if table.iter().all(|record| record.cells.len() == width) {
                1.05
            } else {
                0.0
            }
        }
    };
    if is_padded(table, width) && !matches!(delimiter, Delimiter::Byte(b' ')) {
        weight *= 0.9;
    }
    // Half of a doubled delimiter was taken for one.
    if (1..width - 1).any(|column| table.len() > 1 && is_empty(table, column)) {
        weight *= 0.5;
    }
    let mut widths: Vec<usize> = records.iter().map(|record| record.cells.len()).collect();
    widths.sort_unstable();
    let even: f64 = widths
        .chunk_by(|a, b| a == b)
        .map(|alike| (alike.len() as f64 / records.len() as f64).powi(2) * (1.0 - 1.0 / alike[0] as f64))
        .sum();
    let cells = || records.iter().flat_map(|record| &record.cells);
    let clean =
        cells().filter(|cell| is_clean(cell, delimiter, *quote)).count() as f64 / cells().count() as f64;
    // A first row of another width makes every row a bad one.
    let first = table[0].cells.len();
    if first != width && first + 1 != width {
        weight /= 4.0;
    }
    even * (1.0 + 3.0 * clean) / 4.0 * weight
}

/// In three rows of four, every field after the first begins with a space, or every one but the last ends with one.
fn is_padded(table: &[Record], width: usize) -> bool {
    let begins = |cell: &String| cell.is_empty() || cell.starts_with(' ');
    let ends = |cell: &String| cell.is_empty() || cell.ends_with(' ');
    let rows = || table.iter().map(|record| &record.cells).filter(|cells| cells.len() == width);
    let left = rows().filter(|cells| !cells[1].is_empty() && cells[1..].iter().all(begins)).count();
    let right = rows().filter(|cells| !cells[0].is_empty() && cells[..width - 1].iter().all(ends)).count();
    left.max(right) * 4 >= rows().count() * 3
}

/// No record has anything in this column.
fn is_empty(table: &[Record], column: usize) -> bool {
    table.iter().all(|record| record.cells.get(column).is_none_or(String::is_empty))
}

/// The width that most records have, the larger one of two.
fn usual_width(records: &[Record]) -> usize {
    let alike = |width: usize| records.iter().filter(|record| record.cells.len() == width).count();
    let widths = records.iter().map(|record| record.cells.len());
    widths.max_by_key(|&width| (alike(width), width)).unwrap_or(0)
}

/// A delimiter that texts and times hold too: no line that lacks it, values in some column, and no line a value itself.
fn splits_every_line(table: &[Record], width: usize, delimiter: &Delimiter) -> bool {
    let is_value = |cell: &str| matches!(Look::of(cell), Look::Number | Look::Moment);
    let whole = |record: &Record| record.cells.join(&delimiter.text());
    let body = table.get(1..).unwrap_or_default();
    body.len() > 1
        && table.iter().all(|record| record.cells.len() == width && !is_value(&whole(record)))
        && (0..width).any(|column| {
            let cells = || body.iter().map(|record| record.cells[column].as_str());
            cells().any(is_value) && cells().all(|cell| is_value(cell) || Look::of(cell) == Look::Empty)
        })
}

/// No delimiter or quote is left in the cell but where quotes allow its own.
fn is_clean(cell: &str, delimiter: &Delimiter, quote: u8) -> bool {
    let bare = cell.trim();
    // The dialect's own quote alone was doubled inside quotes.
    let is_half = |mark: char| bare.len() == 1 && mark != char::from(quote);
    let looks_quoted =
        |mark: char| bare.starts_with(mark) && (is_half(mark) || bare.len() > 1 && bare.ends_with(mark));
    let escape = |two: &[u8]| two[0] == b'\\' && two[1] == quote;
    if looks_quoted('"') || looks_quoted('\'') || cell.as_bytes().windows(2).any(escape) {
        return false;
    }
    let delimiter = delimiter.text();
    let own = |byte: &u8| delimiter.as_bytes().contains(byte);
    let split = cell.bytes().any(|byte| !own(&byte) && COMMON.contains(&byte));
    !split || cell.as_bytes().iter().any(own) || Look::of(cell) != Look::Text
}

/// The first record of the table: records of at most a few cells above it are a title, notes or comments. They are
/// left out only where an even table follows.
fn table_start(records: &[Record]) -> usize {
    let width = usual_width(records);
    let filled = |record: &Record| record.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let is_comment = |record: &Record| record.cells.len() != width && record.cells[0].starts_with('#');
    let is_note = |record: &Record| is_comment(record) || filled(record) <= (width / 3).max(1);
    let is_row = |record: &Record| record.cells.len() == width;
    let begins = |record: &Record| is_row(record) && !is_note(record);
    let Some(first) = records.iter().position(begins).filter(|_| width > 1) else {
        return 0;
    };
    let (above, table) = records.split_at(first);
    // One cell above two may be the name of the one and only column, whose rows end with a delimiter.
    let trailing =
        width == 2 && table.iter().all(|record| record.cells.last().is_some_and(|cell| cell.is_empty()));
    // Notes that were padded to the table's width could be rows with gaps, but above a header.
    let is_header = |record: &Record| record.cells.iter().all(|cell| Look::of(cell) == Look::Text);
    let padded = above.iter().any(is_row) && (width < 3 || !is_header(&table[0]));
    // Notes below the table are no uneven rows. Comments alone above it need less evidence.
    let notes = table.iter().rev().take_while(|record| !is_row(record) && is_note(record)).count();
    let table = &table[..table.len() - notes];
    let share = if above.iter().all(is_comment) { 5 } else { 9 };
    let even = table.iter().filter(|record| is_row(record)).count() * 10 >= table.len() * share;
    let enough = table.len() >= if above.iter().all(is_comment) { 1 } else { 3 };
    if !(above.iter().all(is_note) && even && enough && !trailing && !padded) {
        return 0;
    }
    // A line of groups that stands right above the names belongs to the header.
    let is_group =
        |record: &Record| is_row(record) && filled(record) > 1 && record.cells[0].trim().is_empty();
    if above.last().is_some_and(is_group) && is_header(&table[0]) { first - 1 } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(file: &str) -> Dialect {
        sniff(file.as_bytes(), false, &Told::default()).0
    }

    #[test]
    fn the_delimiter_is_found() {
        for delimiter in [",", ";", "\t", "|", ":", "~", "^", " "] {
            let file = "name{}x_y{}n\nDoe_J.{}1.5{}2\nRoe_R.{}2/5{}3\n".replace("{}", delimiter);
            assert_eq!(dialect(&file).delimiter, Delimiter::Byte(delimiter.as_bytes()[0]), "{delimiter}");
        }
        for (file, delimiter) in [
            ("one\n1\n2\n", b','),
            ("time\n12:30\n12:45\n", b','),
            ("12:30\n12:45\n13:00\n", b','),
            ("2020-01-05 10:00:00\n2020-01-06 11:00:00\n", b','),
            ("John Smith\nJane Doe\nAnn Lee\n", b','),
            ("a;b\n1,5;2,5\n3,5;4,5\n", b';'),
            ("a b,c d\n1 2,3 4\n5 6,7 8\n", b','),
            ("t,x\n10:00,5\n11:00,6\n", b','),
            ("a;b\nx,y;z,w\nx,y;z,w\n", b';'),
            ("a\tb\n1,2\t3\n4,5\t6\n", b'\t'),
            ("a,b\n\"x;y\",1\n\"z;w\",2\n", b','),
        ] {
            assert_eq!(dialect(file).delimiter, Delimiter::Byte(delimiter), "{file}");
        }
    }

    #[test]
    fn delimiters_of_several_characters_are_found() {
        for (file, delimiter) in [
            ("a||b||c\n1||x|y||2\n3||||4\n", "||"),
            ("a::b\n1::x:y\n2::z\n", "::"),
            ("a~|~b\n1~|~x\n2~|~z\n", "~|~"),
            ("a, b\n1, \"x, y\"\n2, \"z\"\n", ", "),
            ("a; b; c\n1; 2;   3\n2; 3; 4\n", "; "),
            ("a | b\n1 | x\n2 | z\n", " | "),
            ("name  size\nDoe     12\nMiller   3\n", " "),
            ("name        size  day\nJohn Doe      12  Mo\nJ. K. Miller   3  Tu\n", "  "),
            ("a,,b\n1,,2\n3,,4\n", ","),
            ("a,b\n1, x\n2,y\n", ","),
            ("t, u\n1,x\n2,y\n", ","),
        ] {
            assert_eq!(dialect(file).delimiter.text(), delimiter, "{file}");
        }
    }

    #[test]
    fn what_is_told_is_taken() {
        let told = Told { delimiter: Delimiter::parse(";"), header: Some(false) };
        let (dialect, _) = sniff(b"a,b;c\n1,2;3\n4,5;6\n", false, &told);
        assert_eq!(
            (dialect.delimiter.text().as_str(), dialect.header, dialect.header_lines),
            (";", false, 0)
        );
    }

    #[test]
    fn quotes_escapes_and_line_ends_are_found() {
        let single = dialect("'40-49','yes, no',1\n'50-59','no',2\n'40-49','it''s',3\n");
        assert_eq!((single.delimiter.text().as_str(), single.quote, single.backslash), (",", b'\'', false));
        assert_eq!(dialect("`a`,`b`\n`x, y`,1\n`z`,2\n").quote, b'`');
        assert_eq!(dialect("a,b\n'tis,1\nx,2\ny,3\n").quote, b'"');
        assert!(dialect("a,b\n\"say \\\"hi, you\\\"\",1\n\"x\",2\n").backslash);
        assert!(!dialect("a,b\n\"C:\\\",1\n\"D:\\\",2\n").backslash);
        for (end, expected) in [("\n", LineEnd::Lf), ("\r\n", LineEnd::CrLf), ("\r", LineEnd::Cr)] {
            let found = dialect(&"a,b\n1,2\n3,4\n".replace('\n', end));
            assert_eq!(
                (found.line_end, found.delimiter, found.header),
                (expected, Delimiter::Byte(b','), true)
            );
        }
    }

    #[test]
    fn the_table_begins_where_its_rows_are_even() {
        for (file, skipped) in [
            ("a,b\n1,2\n3,4\n", 0),
            ("\n\na,b\n1,2\n3,4\n", 0),
            ("Report of May\n\na,b\n1,2\n3,4\n", 2),
            ("Report of May,,\nmade in June,,\na,b,c\n1,2,3\n4,5,6\n", 2),
            ("# a note, with, commas\r\n#\r\na,b\r\n1,2\r\n", 2),
            ("#id,b\n1,2\n3,4\n", 0),
            ("a,b\n1\n2\n", 0),
            ("a,b\n1,2,3\n4,5,6\n7,8,9\n", 0),
            ("a\n1,\n2,\n3,\n", 0),
            ("a,,\n1,2,\n3,4,5\n", 0),
            ("1,,\n2,,\n3,4,5\n6,7,8\n9,1,2\n", 0),
            ("# one\n1\n2\n", 0),
            ("# one\na,b\n# two\n1,2\n# three, four\n3,4\n", 1),
        ] {
            let (dialect, start) = sniff(file.as_bytes(), false, &Told::default());
            assert_eq!(dialect.skipped_lines, skipped, "{file}");
            assert_eq!(lines(&file.as_bytes()[..start], dialect.line_end), skipped, "{file}");
        }
    }
}
