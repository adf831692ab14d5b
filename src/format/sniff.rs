//! What the first bytes of a file tell: that it is no text at all, or how its fields are separated.

use super::csv::Dialect;
use crate::error::{Code, Error, Result};

/// Known binary files by their first bytes, with what to do instead.
pub fn refuse_binary(head: &[u8]) -> Result<()> {
    let kinds: [(&[u8], &str); 10] = [
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"PK\x03\x04", "a zip archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0", "an old Excel or Office file"),
        (b"%PDF", "a PDF document"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"PAR1", "a Parquet file"),
        (b"\xff\xfe", "text in UTF-16"),
        (b"\xfe\xff", "text in UTF-16"),
    ];
    match kinds.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, what)) => Err(Error::new(
            Code::NotText,
            format!(
                "this is {what}, not a CSV file: save or export the table as \"CSV UTF-8\" and try again"
            ),
        )),
        None => Ok(()),
    }
}

/// The delimiter under which the most lines agree with the first on a width above one.
pub fn sniff(head: &[u8]) -> Dialect {
    let first_line = head.iter().position(|&b| b == b'\n').unwrap_or(0);
    let crlf = first_line > 0 && head[first_line - 1] == b'\r';
    let mut best = (0, 0);
    let mut delimiter = b',';
    for candidate in [b',', b';', b'\t', b'|'] {
        let widths = widths(head, candidate, 100);
        let Some(&width) = widths.first().filter(|&&width| width > 1) else {
            continue;
        };
        let agreeing = widths.iter().filter(|&&other| other == width).count();
        if (agreeing, width) > best {
            best = (agreeing, width);
            delimiter = candidate;
        }
    }
    Dialect { delimiter, crlf }
}

/// The number of fields of each of the first records, the last (perhaps cut) one left out.
fn widths(head: &[u8], delimiter: u8, records: usize) -> Vec<usize> {
    let mut machine = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
    let (mut fields, mut ends) = (vec![0; head.len() + 1], vec![0; head.len() + 1]);
    let (mut input, mut widths) = (head, Vec::new());
    while widths.len() < records {
        let (result, read, _, ended) = machine.read_record(input, &mut fields, &mut ends);
        input = &input[read..];
        match result {
            csv_core::ReadRecordResult::Record => widths.push(ended),
            _ => {
                if widths.is_empty() {
                    widths.push(ended + 1);
                }
                break;
            }
        }
    }
    widths
}
