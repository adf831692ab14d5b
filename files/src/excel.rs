//! A sheet of an .xlsx workbook as text, cell by cell.
//!
//! Twice through the sheet: once for which columns hold anything and how their dates are written, once for the text. So
//! a stray cell at the far corner costs an empty line a row and no more. Numbers have the 15 digits that Excel shows,
//! dates are written by the column's own need ("2024-05-01", with a time where one is), formulas are their last values,
//! errors are gaps; of merged cells the first has the value. Line numbers are those of the sheet. Does not read .xls,
//! .xlsb, .ods or workbooks with a password.

use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::text::Lines;
use crate::{Error, Facts, Result, Sink};

/// The core takes no more.
const MAX_COLUMNS: usize = 4096;
/// Parts of a workbook that are held whole, such as its shared texts, unpacked.
const MAX_HELD: u64 = 512 << 20;
/// A sheet, unpacked.
const MAX_SHEET: u64 = 4 << 30;
/// Deflate packs no better than this.
const MAX_RATIO: u64 = 1032;

/// Reads one sheet: the named one, else the first visible one that holds anything.
///
/// # Errors
/// `not-text`: no workbook; `damaged`, `too-large`, `too-many-columns`, `empty-file`, `bad-options`: no such sheet.
pub fn read<R: Read + Seek>(mut source: R, sheet: Option<&str>, sink: &mut Sink<'_>) -> Result<Facts> {
    check_sizes(&mut source)?;
    let mut book = Xlsx::new(source).map_err(refusal)?;
    let is_sheet = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
    let all: Vec<calamine::Sheet> = book.sheets_metadata().iter().filter(is_sheet).cloned().collect();
    let sheets: Vec<String> = all.iter().map(|sheet| sheet.name.clone()).collect();
    let candidates: Vec<String> = match sheet {
        Some(name) if sheets.iter().any(|sheet| sheet == name) => vec![name.into()],
        Some(_) => {
            let message = format!("no sheet of this name: choose one of \"{}\"", sheets.join("\", \""));
            return Err(Error::new("bad-options", message));
        }
        None => {
            let visible = all.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
            visible.map(|sheet| sheet.name.clone()).collect()
        }
    };
    for name in candidates {
        let survey = Survey::of(&mut book, &name)?;
        if !survey.columns.is_empty() {
            write(&mut book, &name, &survey, sink)?;
            return Ok(Facts { sheets, sheet: Some(name), ..Facts::default() });
        }
    }
    let message = match sheet {
        Some(_) => "this sheet is empty: choose another one",
        None => "every visible sheet of this workbook is empty: choose a file with a table",
    };
    Err(Error::new("empty-file", message))
}

/// What a sheet holds.
#[derive(Default)]
struct Survey {
    columns: BTreeMap<u32, Dates>,
    cells: u64,
}

/// What the dates of a column need: a day, a time of day, thousandths.
#[derive(Clone, Copy, Default)]
struct Dates {
    day: bool,
    time: bool,
    millis: bool,
}

impl Survey {
    fn of<R: Read + Seek>(book: &mut Xlsx<R>, sheet: &str) -> Result<Survey> {
        let mut survey = Survey::default();
        let mut cells = book.worksheet_cells_reader(sheet).map_err(refusal)?;
        while let Some(cell) = cells.next_cell().map_err(refusal)? {
            if is_empty(cell.get_value()) {
                continue;
            }
            survey.cells += 1;
            let (row, column) = cell.get_position();
            let dates = survey.columns.entry(column).or_default();
            if let DataRef::DateTime(moment) = cell.get_value() {
                let millis = millis(moment);
                dates.day |= moment.as_f64() >= 1.0;
                dates.time |= millis % DAY != 0;
                dates.millis |= millis % 1000 != 0;
            }
            if survey.columns.len() > MAX_COLUMNS {
                let message =
                    format!("more than {MAX_COLUMNS} columns: keep the ones you need and try again");
                return Err(Error::new("too-many-columns", message).at_row(u64::from(row) + 1));
            }
        }
        Ok(survey)
    }
}

fn write<R: Read + Seek>(
    book: &mut Xlsx<R>,
    sheet: &str,
    survey: &Survey,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let places: BTreeMap<u32, usize> = survey.columns.keys().copied().zip(0..).collect();
    let dates: Vec<Dates> = survey.columns.values().copied().collect();
    let mut lines = Lines::new(sink);
    let mut cells = book.worksheet_cells_reader(sheet).map_err(refusal)?;
    let mut texts = vec![String::new(); places.len()];
    let (mut reached, mut filled, mut done) = (0, false, 0u64);
    while let Some(cell) = cells.next_cell().map_err(refusal)? {
        if is_empty(cell.get_value()) {
            continue;
        }
        let (row, column) = cell.get_position();
        if row < reached {
            let message = "the rows of this sheet are out of order: open it in Excel, save it and try again";
            return Err(Error::new("damaged", message).at_row(u64::from(row) + 1));
        }
        done += 1;
        let share = done as f64 / survey.cells as f64;
        if row > reached && filled {
            end_row(&mut lines, &mut texts, share)?;
            reached += 1;
        }
        while reached < row {
            lines.end(share)?;
            reached += 1;
        }
        let place = places[&column];
        texts[place] = text(cell.get_value(), dates[place]);
        filled = true;
    }
    if filled {
        end_row(&mut lines, &mut texts, 1.0)?;
    }
    lines.flush(1.0)
}

fn end_row(lines: &mut Lines<'_, '_>, texts: &mut [String], share: f64) -> Result<()> {
    for text in texts {
        lines.field(text);
        text.clear();
    }
    lines.end(share)
}

fn is_empty(cell: &DataRef<'_>) -> bool {
    match cell {
        DataRef::Empty | DataRef::Error(_) => true,
        DataRef::String(text) => text.is_empty(),
        DataRef::SharedString(text) => text.is_empty(),
        _ => false,
    }
}

fn text(cell: &DataRef<'_>, dates: Dates) -> String {
    match cell {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.into(),
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => number(*value),
        DataRef::DateTime(moment) => date(moment, dates),
    }
}

/// As Excel shows it: of 15 digits.
fn number(value: f64) -> String {
    let shown: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    let size = shown.abs();
    if shown == 0.0 || (1e-7..1e21).contains(&size) { shown.to_string() } else { format!("{shown:e}") }
}

const DAY: i64 = 86_400_000;

fn millis(moment: &ExcelDateTime) -> i64 {
    (moment.as_f64() * DAY as f64).round() as i64
}

fn date(moment: &ExcelDateTime, dates: Dates) -> String {
    let clock = |millis: i64| {
        let (seconds, rest) = (millis.div_euclid(1000), millis.rem_euclid(1000));
        let fraction = if dates.millis { format!(".{rest:03}") } else { String::new() };
        format!("{:02}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    };
    let total = millis(moment);
    if moment.is_duration() || !dates.day {
        return format!("{}{}", if total < 0 { "-" } else { "" }, clock(total.abs()));
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    if dates.time { format!("{day} {}", clock(total.rem_euclid(DAY))) } else { day }
}

/// Refuses what would fill the memory: a header may lie about a size, so what could be large is counted.
fn check_sizes<R: Read + Seek>(source: &mut R) -> Result<()> {
    let mut archive = zip::ZipArchive::new(&mut *source).map_err(|_| damaged())?;
    let mut held = 0;
    for place in 0..archive.len() {
        let Ok(part) = archive.by_index(place) else { continue }; // calamine says what is wrong with it
        let Ok(name) = part.name() else { continue };
        let is_sheet = name.starts_with("xl/worksheets/sheet");
        let is_read = name.ends_with(".xml") || name.ends_with(".rels");
        let most = part.compressed_size().saturating_mul(MAX_RATIO);
        if is_sheet && part.size() > MAX_SHEET {
            return Err(too_large());
        }
        if is_sheet || !is_read {
            continue;
        }
        held += if most < MAX_HELD / 64 {
            part.size().min(most)
        } else {
            let mut counted = part.take(MAX_HELD + 1);
            std::io::copy(&mut counted, &mut Nowhere).unwrap_or(0)
        };
        if held > MAX_HELD {
            return Err(too_large());
        }
    }
    Ok(())
}

struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn too_large() -> Error {
    Error::new(
        "too-large",
        "this workbook unpacks to more than can be held here: save the sheet as \"CSV UTF-8\" and try again",
    )
}

fn damaged() -> Error {
    Error::new(
        "damaged",
        "this workbook is damaged: open it in Excel and save it again, or save the sheet as \"CSV UTF-8\"",
    )
}

/// Messages of the library may quote the file, so none is passed on.
fn refusal(error: XlsxError) -> Error {
    match error {
        XlsxError::Password => {
            Error::new("not-text", "this workbook has a password: save a copy without one and try again")
        }
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => Error::new(
            "not-text",
            "this is an Office file, but no Excel workbook (.xlsx): save the table as .xlsx or \"CSV UTF-8\" and try again",
        ),
        _ => damaged(),
    }
}
