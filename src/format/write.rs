//! A table as text, in the dialect of the file that it stands in for.

use super::dialect::{Dialect, Layout};
use super::encoding::encode;
use super::json;
use crate::table::Table;

/// The rows as bytes. The first piece of a file also brings the byte-order mark and the header, where there are any.
pub fn write(table: &Table, dialect: &Dialect, first: bool) -> Vec<u8> {
    let text = match &dialect.layout {
        Layout::Json(layout) => json::write(table, layout, dialect, first),
        Layout::Delimited | Layout::Parquet(_) => delimited(table, dialect, first),
    };
    let bytes = encode(text, dialect.encoding);
    if first && dialect.bom { [dialect.encoding.bom(), &bytes].concat() } else { bytes }
}

/// What stands behind the last row, whichever that is.
pub fn tail(dialect: &Dialect) -> Vec<u8> {
    match &dialect.layout {
        Layout::Json(layout) => encode(json::tail(layout, dialect), dialect.encoding),
        Layout::Delimited | Layout::Parquet(_) => Vec::new(),
    }
}

fn delimited(table: &Table, dialect: &Dialect, first: bool) -> String {
    let mut text = String::new();
    if first && dialect.header {
        for number in 0..dialect.header_lines {
            let names = table.columns().iter().map(|column| dialect.header_text(column.name(), number));
            line(&mut text, names.map(|name| (name, dialect.quoted.header)), dialect);
        }
    }
    let quoted: Vec<bool> = table
        .columns()
        .iter()
        .map(|column| dialect.quoted.columns.iter().any(|name| name == column.name()))
        .collect();
    for row in 0..table.rows() {
        let cells = table.columns().iter().map(|column| column.cell(row)).zip(&quoted);
        let cells = cells.map(|(cell, &quoted)| (cell, quoted && (dialect.quoted.gaps || !cell.is_empty())));
        line(&mut text, cells, dialect);
    }
    text
}

/// The cells of a record, each with whether it is quoted without need.
fn line<'a>(text: &mut String, cells: impl Iterator<Item = (&'a str, bool)>, dialect: &Dialect) {
    let start = text.len();
    let delimiter = dialect.delimiter.text();
    for (i, (cell, quoted)) in cells.enumerate() {
        if i > 0 {
            text.push_str(&delimiter);
        }
        if quoted || dialect.must_quote(cell) {
            quote(text, cell, dialect);
        } else {
            text.push_str(cell);
        }
    }
    if text.len() == start {
        // A reader takes an empty line for no record at all.
        text.extend([char::from(dialect.quote); 2]);
    }
    text.push_str(dialect.line_end.text());
}

fn quote(text: &mut String, cell: &str, dialect: &Dialect) {
    let quote = char::from(dialect.quote);
    text.push(quote);
    for character in cell.chars() {
        match dialect.backslash {
            true if character == quote || character == '\\' => text.push('\\'),
            false if character == quote => text.push(quote),
            _ => {}
        }
        text.push(character);
    }
    text.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::dialect::{Encoding, LineEnd, Quoted};
    use crate::table::ColumnBuilder;

    fn table(cells: &[&str]) -> Table {
        Table::new(vec![ColumnBuilder::from_iter(cells.iter().copied()).finish("a")])
    }

    #[test]
    fn quotes_where_it_must() {
        let cells = table(&["x", "", "x,y", "say \"hi\"", "it's", "x\ny", "C:\\"]);
        let written = |dialect| String::from_utf8(write(&cells, &dialect, true)).unwrap();
        assert_eq!(
            written(Dialect::default()),
            "a\nx\n\"\"\n\"x,y\"\n\"say \"\"hi\"\"\"\nit's\n\"x\ny\"\nC:\\\n"
        );
        let commented = write(&table(&["#x"]), &Dialect { comments: true, ..Dialect::default() }, false);
        assert_eq!(commented, b"\"#x\"\n");
        let other = Dialect { quote: b'\'', backslash: true, header: false, ..Dialect::default() };
        assert_eq!(written(other), "x\n''\n'x,y'\nsay \"hi\"\n'it\\'s'\n'x\ny'\nC:\\\n");
    }

    #[test]
    fn quotes_what_the_file_quoted() {
        let columns = |gaps| Quoted { header: true, columns: vec!["a".into()], gaps, ..Quoted::default() };
        let written = |quoted| {
            let dialect = Dialect { quoted, ..Dialect::default() };
            let cells = ["1", "", "2"].into_iter();
            let [a, b] = ["a", "b"].map(|name| ColumnBuilder::from_iter(cells.clone()).finish(name));
            String::from_utf8(write(&Table::new(vec![a, b]), &dialect, true)).unwrap()
        };
        assert_eq!(written(columns(false)), "\"a\",\"b\"\n\"1\",1\n,\n\"2\",2\n");
        assert_eq!(written(columns(true)), "\"a\",\"b\"\n\"1\",1\n\"\",\n\"2\",2\n");
    }

    #[test]
    fn only_the_first_piece_begins_the_file() {
        let dialect =
            Dialect { encoding: Encoding::Utf16Le, bom: true, line_end: LineEnd::CrLf, ..Dialect::default() };
        assert_eq!(write(&table(&["é"]), &dialect, true), b"\xff\xfea\0\r\0\n\0\xe9\0\r\0\n\0");
        assert_eq!(write(&table(&["é"]), &dialect, false), b"\xe9\0\r\0\n\0");
    }
}
