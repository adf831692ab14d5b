//! Files as people have them: what is read as the table, what is left out and told, and what is written back.

use standin::Code;
use standin::format::csv::{Footer, Parsed, ReadOptions, Reader, write};

fn read_as(bytes: &[u8], chunk: usize, options: &ReadOptions) -> standin::Result<Parsed> {
    let mut reader = Reader::new(options.clone());
    for piece in bytes.chunks(chunk) {
        reader.push(piece)?;
    }
    reader.finish()
}

fn read(bytes: &[u8], chunk: usize) -> standin::Result<Parsed> {
    read_as(bytes, chunk, &ReadOptions::default())
}

fn names(parsed: &Parsed) -> Vec<&str> {
    parsed.table.columns().iter().map(|column| column.name()).collect()
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
    for (header, rows, name) in [(None, 2, "column_1"), (Some(true), 1, "1"), (Some(false), 2, "column_1")] {
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
fn bad_rows_can_be_left_out() {
    let mut reader = Reader::new(ReadOptions { skip_bad_rows: true, ..ReadOptions::default() });
    reader.push(b"a,b\n1,2\n3\n4,5,6\n7,8\n").unwrap();
    let parsed = reader.finish().unwrap();
    assert_eq!((parsed.table.rows(), parsed.bad.count, &parsed.bad.lines[..]), (2, 2, &[3, 4][..]));
}

#[test]
fn what_stands_below_a_table_is_left_out_and_told() {
    let rows = "Rome,1,2.5\nOslo,2,3.5\nBonn,3,\n";
    let (total, note) = ("Total,6,6.0\n", "\nSource: the office, of May\n");
    for (below, footer, kept) in [
        (total.to_string(), Some(Footer { line: 5, count: 1 }), 4),
        (format!("{total}{note}"), Some(Footer { line: 5, count: 2 }), 0),
        ("Total,7,9\n".to_string(), None, 4),
        ("*,,\n".to_string(), None, 4),
        (",,\n\n* made up,,\n".to_string(), Some(Footer { line: 5, count: 2 }), 5),
    ] {
        let file = format!("city,n,x\n{rows}{below}");
        for chunk in [1, 7, 1000] {
            let parsed = read(file.as_bytes(), chunk).unwrap();
            assert_eq!(parsed.footer, footer, "{below}");
            assert_eq!(parsed.table.rows(), if footer.is_some() { 3 } else { kept }, "{below}");
        }
        let kept_all =
            read_as(file.as_bytes(), 9, &ReadOptions { keep_footer: true, ..ReadOptions::default() });
        // What has cells enough is a row when it is kept; what has not is a bad one.
        assert_eq!(kept_all.map_or(0, |parsed| parsed.table.rows()), kept, "{below}");
    }
}

#[test]
fn every_kind_of_bad_row_can_be_left_out() {
    let endless = [b"3,\"".as_slice(), &vec![b'x'; 17 << 20], b"\n"].concat();
    let file = [b"a,b\n1,x\n2\n3,\xff\xff\n4,\0\n", endless.as_slice(), b"5,y\n"].concat();
    let skipping =
        ReadOptions { skip_bad_rows: true, encoding: Some("utf-8".into()), ..ReadOptions::default() };
    for chunk in [4096, 1 << 20] {
        let parsed = read_as(&file, chunk, &skipping).unwrap();
        assert_eq!((parsed.table.rows(), parsed.bad.count), (2, 4));
        assert_eq!(parsed.bad.lines, [3, 4, 5, 6]);
        assert_eq!((parsed.table.line(0), parsed.table.line(1)), (2, 7));
    }
}

#[test]
fn several_lines_of_a_header_are_joined_and_written_back() {
    let file = b",Road,,Rail,\ncity,in,out,in,out\n,t,t,t,t\nRome,1,2,3,4\nOslo,1,2,3,5\n";
    let parsed = read(file, 5).unwrap();
    assert_eq!(names(&parsed), ["city", "Road in t", "Road out t", "Rail in t", "Rail out t"]);
    assert_eq!((parsed.table.rows(), parsed.dialect.header_lines), (2, 3));
    assert_eq!(write(&parsed.table, &parsed.dialect, true), file);
}

#[test]
fn other_delimiters_are_written_back() {
    for file in [
        "a||b\n1||x|y\n\"2||\"||z\n\"3|\"||\n",
        "a, b, c\n1, \"x, y\", u\n2, z, v\n3, \" s\", w\n",
        "a::b\n1::x:y\n2::z\n",
        "name  size\nJohn Doe  12\nAnn Lee  \"\"\nJ. K.  5\n",
        "`a`,b\n`x, y`,1\n`z, u`,2\n",
    ] {
        let file = if file.starts_with('`') { file.replacen("`a`", "a", 1) } else { file.to_string() };
        for chunk in [1, 3, 1000] {
            let parsed = read(file.as_bytes(), chunk).unwrap();
            let written = String::from_utf8(write(&parsed.table, &parsed.dialect, true)).unwrap();
            assert_eq!(written, file);
        }
    }
}

#[test]
fn the_delimiter_and_the_encoding_can_be_told() {
    let told = |delimiter: &str, encoding: &str| ReadOptions {
        delimiter: Some(delimiter.into()),
        encoding: Some(encoding.into()),
        ..ReadOptions::default()
    };
    let file = b"a,b;c\n\xc3\xa9,2;3\nx,5;6\n";
    let parsed = read_as(file, 2, &told(";", "windows-1252")).unwrap();
    assert_eq!((names(&parsed), parsed.table.columns()[0].cell(0)), (vec!["a,b", "c"], "Ã©,2"));
    for (delimiter, encoding) in [("\n", "UTF-8"), ("x", "UTF-8"), (",", "EBCDIC")] {
        let error = read_as(file, 2, &told(delimiter, encoding)).unwrap_err();
        assert_eq!(error.code(), Code::BadOptions);
    }
}

#[test]
fn nuls_that_fill_up_the_last_block_are_passed() {
    let file = [b"a,b\n1,2\n3,4\n".as_slice(), &[0; 500]].concat();
    for chunk in [1, 100, 1000] {
        assert_eq!(read(&file, chunk).unwrap().table.rows(), 2);
    }
}
