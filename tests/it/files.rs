//! Excel workbooks and Parquet files, made here, read and written back; and what is left of them when they are damaged.

use std::io::{Cursor, Write};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use standin_files::{Facts, Result, excel, parquet as packed};

/// A workbook of sheets given as the XML of their rows. Styles: 1 a date, 2 a date with a time, 3 a duration.
pub fn workbook(sheets: &[(&str, &str)], is_1904: bool) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: String| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(format!("<?xml version=\"1.0\"?>{text}").as_bytes()).unwrap();
    };
    part("[Content_Types].xml", "<Types/>".into());
    let relation = |id: usize, kind: &str, target: &str| {
        format!("<Relationship Id=\"r{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let document = relation(0, "officeDocument", "xl/workbook.xml");
    part("_rels/.rels", format!("<Relationships xmlns=\"{PACKAGE}\">{document}</Relationships>"));
    let entry = |(i, (name, _)): (usize, &(&str, &str))| {
        format!("<sheet name=\"{name}\" sheetId=\"{i}\" r:id=\"r{i}\"/>")
    };
    let entries: String = sheets.iter().enumerate().map(entry).collect();
    part(
        "xl/workbook.xml",
        format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><workbookPr date1904=\"{}\"/><sheets>{entries}</sheets></workbook>",
            u8::from(is_1904)
        ),
    );
    let targets = (0..sheets.len()).map(|i| relation(i, "worksheet", &format!("worksheets/sheet{i}.xml")));
    let targets: String = targets
        .chain([relation(98, "styles", "styles.xml"), relation(99, "sharedStrings", "sharedStrings.xml")])
        .collect();
    part(
        "xl/_rels/workbook.xml.rels",
        format!("<Relationships xmlns=\"{PACKAGE}\">{targets}</Relationships>"),
    );
    part(
        "xl/styles.xml",
        format!(
            "<styleSheet xmlns=\"{MAIN}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>"
        ),
    );
    part(
        "xl/sharedStrings.xml",
        format!("<sst xmlns=\"{MAIN}\"><si><t>shared, and \"quoted\"</t></si></sst>"),
    );
    for (i, (_, rows)) in sheets.iter().enumerate() {
        let name = format!("xl/worksheets/sheet{i}.xml");
        part(&name, format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"));
    }
    zip.finish().unwrap().into_inner()
}

fn number(place: &str, value: impl std::fmt::Display, style: u8) -> String {
    format!("<c r=\"{place}\" s=\"{style}\"><v>{value}</v></c>")
}

fn string(place: &str, value: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{value}</t></is></c>")
}

fn row(cells: &[String]) -> String {
    format!("<row>{}</row>", cells.concat())
}

fn text_of(read: impl FnOnce(&mut standin_files::Sink<'_>) -> Result<Facts>) -> Result<(String, Facts)> {
    let mut text = Vec::new();
    let facts = read(&mut |piece, _| {
        text.extend_from_slice(piece);
        Ok(())
    })?;
    Ok((String::from_utf8(text).unwrap(), facts))
}

fn sheet_text(file: &[u8], sheet: Option<&str>) -> Result<(String, Facts)> {
    text_of(|sink| excel::read(Cursor::new(file), sheet, sink))
}

fn parquet_text(file: &[u8]) -> Result<(String, Facts)> {
    text_of(|sink| packed::read(packed::Bytes::copy_from_slice(file), sink))
}

/// Rows of every kind of cell, below a title, with a stray cell far away.
fn odd_sheet() -> String {
    [
        row(&[string("B2", "Visits of May")]),
        row(&[
            string("B4", "day"),
            string("C4", "at"),
            string("D4", "long"),
            string("E4", "n"),
            string("F4", "ok"),
            string("G4", "who"),
        ]),
        row(&[
            number("B5", 45413, 1),
            number("C5", 45413.5, 2),
            number("D5", 1.25, 3),
            number("E5", "0.30000000000000004", 0),
            "<c r=\"F5\" t=\"b\"><v>1</v></c>".into(),
            "<c r=\"G5\" t=\"s\"><v>0</v></c>".into(),
        ]),
        row(&[
            number("B6", 45414, 1),
            number("C6", 45414, 2),
            number("D6", 0.5, 3),
            "<c r=\"E6\"><f>1+1</f><v>2</v></c>".into(),
            "<c r=\"F6\" t=\"e\"><v>#DIV/0!</v></c>".into(),
            "<c r=\"G6\"/>".into(),
        ]),
        row(&[string("XFD1048576", "stray")]),
    ]
    .concat()
}

#[test]
fn a_sheet_is_read_cell_by_cell() {
    let file =
        workbook(&[("empty", ""), ("visits", &odd_sheet()), ("more", &row(&[string("A1", "x")]))], false);
    let (text, facts) = sheet_text(&file, None).unwrap();
    let head = "\nVisits of May,,,,,,\n\nday,at,long,n,ok,who,\n\
                2024-05-01,2024-05-01 12:00:00,30:00:00,0.3,TRUE,\"shared, and \"\"quoted\"\"\",\n\
                2024-05-02,2024-05-02 00:00:00,12:00:00,2,,,\n\n";
    assert_eq!(&text[..head.len()], head);
    assert!(text.ends_with("\n,,,,,,stray\n") && text.len() < 2 << 20, "the corner costs lines, not cells");
    assert_eq!((facts.sheet.as_deref(), facts.sheets.len()), (Some("visits"), 3));
    assert_eq!(sheet_text(&file, Some("more")).unwrap().0, "x\n");
    let earlier = workbook(&[("a", &row(&[number("A1", 43951, 1)]))], true);
    assert_eq!(sheet_text(&earlier, None).unwrap().0, "2024-05-01\n");
}

#[test]
fn workbooks_that_cannot_be_used_say_why() {
    let file = workbook(&[("a", ""), ("b", "")], false);
    let code = |sheet| sheet_text(&file, sheet).unwrap_err().code;
    assert_eq!((code(None), code(Some("b")), code(Some("c"))), ("empty-file", "empty-file", "bad-options"));
    let wide: Vec<String> = (0..5000).map(|i| number(&format!("{}1", letters(i)), 1, 0)).collect();
    let wide = workbook(&[("a", &row(&wide))], false);
    assert_eq!(sheet_text(&wide, None).unwrap_err().code, "too-many-columns");
}

fn letters(mut column: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + (column % 26) as u8));
        if column < 26 {
            return name;
        }
        column = column / 26 - 1;
    }
}

/// Whether a Parquet file is read; None if the library panics, which some damaged pages make it do.
pub fn quietly(file: &[u8]) -> Option<bool> {
    std::panic::catch_unwind(|| parquet_text(file).is_ok()).ok()
}

/// No hang, and no panic of ours, wherever a file breaks off and whichever bit is wrong.
fn survives(file: &[u8], read: impl Fn(&[u8]) -> bool) {
    assert!(read(file));
    for end in 0..file.len() {
        read(&file[..end]);
    }
    for place in 0..file.len() {
        let mut damaged = file.to_vec();
        damaged[place] ^= 1 << (place % 8);
        read(&damaged);
        damaged[place] = 0xff;
        read(&damaged);
    }
}

#[test]
fn damaged_files_are_refused() {
    let sheet = workbook(&[("a", &row(&[number("A1", 1, 0), string("B1", "x")]))], false);
    survives(&sheet, |file| sheet_text(file, None).is_ok());
    survives(&typed(40, Compression::SNAPPY), |file| quietly(file) == Some(true));
    survives(&typed(40, Compression::UNCOMPRESSED), |file| quietly(file) == Some(true));
}

const SCHEMA: &str = "message visits {
    required int64 id;
    optional int32 day (DATE);
    optional int64 at (TIMESTAMP(MICROS,true));
    optional int64 fee (DECIMAL(9,2));
    optional double weight;
    optional group stay { optional binary ward (STRING); required int32 nights (INTEGER(8,false)); }
    optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
}";

/// A Parquet file of two row groups.
pub fn typed(rows: i64, codec: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(codec).build());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    for group in 0..2 {
        let places = || (0..rows).map(|row| row + group * rows);
        let mut columns = file.next_row_group().unwrap();
        let mut place = 0;
        while let Some(mut column) = columns.next_column().unwrap() {
            let all = vec![1; rows as usize];
            // Every fifth day is missing.
            let some: Vec<i16> = places().map(|row| i16::from(row % 5 != 0)).collect();
            let ints = |step: fn(i64) -> i64| places().map(step).collect::<Vec<i64>>();
            match place {
                0 => column.typed::<Int64Type>().write_batch(&ints(|row| row * 7919 + 3), None, None),
                1 => {
                    let days: Vec<i32> =
                        places().filter(|row| row % 5 != 0).map(|row| 19_844 + row as i32 % 90).collect();
                    column.typed::<Int32Type>().write_batch(&days, Some(&some), None)
                }
                2 => column.typed::<Int64Type>().write_batch(
                    &ints(|row| 1_714_521_600_000_000 + row % 97 * 3_600_250_000),
                    Some(&all),
                    None,
                ),
                3 => column.typed::<Int64Type>().write_batch(&ints(|row| row % 50 * 125), Some(&all), None),
                4 => {
                    let weights: Vec<f64> = places().map(|row| 50.0 + (row % 80) as f64 / 8.0).collect();
                    column.typed::<DoubleType>().write_batch(&weights, Some(&all), None)
                }
                5 => {
                    let wards: Vec<ByteArray> =
                        places().map(|row| ByteArray::from(["east, 1", "west"][row as usize % 2])).collect();
                    column.typed::<ByteArrayType>().write_batch(&wards, Some(&vec![2; rows as usize]), None)
                }
                6 => {
                    let nights: Vec<i32> = places().map(|row| row as i32 % 9).collect();
                    column.typed::<Int32Type>().write_batch(&nights, Some(&all), None)
                }
                _ => {
                    let none = vec![0; rows as usize];
                    column.typed::<ByteArrayType>().write_batch(&[], Some(&none), Some(&none))
                }
            }
            .unwrap();
            column.close().unwrap();
            place += 1;
        }
        columns.close().unwrap();
    }
    file.into_inner().unwrap()
}

#[test]
fn a_parquet_file_is_read_by_its_types_and_written_back() {
    for codec in [Compression::SNAPPY, Compression::GZIP(Default::default()), Compression::LZ4_RAW] {
        let file = typed(3000, codec);
        let (text, facts) = parquet_text(&file).unwrap();
        let head = "id,day,at,fee,weight,stay.ward,stay.nights\n\
                    3,,2024-05-01T00:00:00.000Z,0.00,50,\"east, 1\",0\n\
                    7922,2024-05-02,2024-05-01T01:00:00.250Z,1.25,50.125,west,1\n";
        assert_eq!(&text[..head.len()], head);
        assert_eq!((facts.row_groups, facts.left_out.as_slice()), (Some(2), ["tags".to_string()].as_slice()));
        for size in [7, 1 << 20] {
            let mut writer = packed::Writer::new(&facts.types).unwrap();
            let mut written = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                written.extend(writer.push(piece).unwrap());
            }
            written.extend(writer.finish().unwrap());
            let (again, _) = parquet_text(&written).unwrap();
            assert!(again == text);
        }
    }
    let empty = typed(0, Compression::SNAPPY);
    assert_eq!(parquet_text(&empty).unwrap().0.lines().count(), 1);
}

#[test]
fn what_a_type_cannot_hold_is_an_error() {
    let (_, facts) = parquet_text(&typed(3, Compression::SNAPPY)).unwrap();
    let refused = |text: &str| packed::Writer::new(&facts.types).unwrap().push(text.as_bytes()).unwrap_err();
    assert_eq!(refused("id,fee\nx,1\n").column.as_deref(), Some("id"));
    assert_eq!(refused("id,fee\n1,1.255\n").column.as_deref(), Some("fee"));
    assert_eq!(refused("id,colour\n1,2\n").column.as_deref(), Some("colour"));
    assert_eq!(packed::Writer::new(b"PAR1").err().unwrap().code, "bad-model");
}

/// `tests/e2e` has no writer of Parquet of its own.
#[test]
fn the_file_of_the_page_tests_is_the_one_made_here() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/fixtures/visits.parquet");
    let made = typed(20, Compression::GZIP(Default::default()));
    let kept = std::fs::read(path).unwrap();
    assert_eq!(parquet_text(&kept).unwrap(), parquet_text(&made).unwrap());
}

/// The types of a stand-in's columns are those of the file.
#[test]
fn only_the_columns_that_are_wanted_are_written() {
    let (_, facts) = parquet_text(&typed(3, Compression::SNAPPY)).unwrap();
    let mut writer = packed::Writer::new(&facts.types).unwrap();
    let mut file = writer.push(b"at,stay.nights\n2024-05-01T00:00:00Z,250\n,1\n").unwrap();
    file.extend(writer.finish().unwrap());
    assert_eq!(parquet_text(&file).unwrap().0, "at,stay.nights\n2024-05-01T00:00:00Z,250\n,1\n");
    let file = SerializedFileReader::new(packed::Bytes::from(file)).unwrap();
    let schema = file.metadata().file_metadata().schema_descr();
    let columns: Vec<String> = schema.columns().iter().map(|column| column.path().string()).collect();
    assert_eq!(columns, ["at", "stay.nights"]);
    let original = parse_message_type(SCHEMA).unwrap();
    let of = |schema: &parquet::schema::types::Type| {
        schema.get_fields()[0].get_basic_info().logical_type_ref().cloned()
    };
    assert_eq!(
        of(schema.root_schema()),
        of(&parquet::schema::types::Type::group_type_builder("x")
            .with_fields(vec![original.get_fields()[2].clone()])
            .build()
            .unwrap())
    );
}
