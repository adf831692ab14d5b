//! Files that come packed: gzip, and a zip archive of a single file. Everything else passes through untouched.
//!
//! Streams: what a chunk unpacks to is handed on in blocks of at most [`BLOCK`] bytes, so neither a large file nor a
//! malicious one fills the memory. RFC 1951 and 1952; PKWARE APPNOTE 4.3 for zip. Does not check a zip's CRC, and does
//! not read encrypted archives or methods other than "stored" and "deflate".

use flate2::{Decompress, FlushDecompress, Status};

use crate::error::{Code, Error, Result};

const BLOCK: usize = 64 << 10;
/// The fixed part of a zip's local file header.
const ZIP_HEADER: usize = 30;
const ZIP: &[u8] = b"PK\x03\x04";
const GZIP: &[u8] = b"\x1f\x8b\x08";
/// How a gzip header begins, and how long its fixed part is.
const GZIP_HEADER: usize = 10;
/// Names and comments beyond this are no header.
const LONGEST_HEADER: usize = 256 << 10;
/// CRC and length at the end of a gzip member.
const GZIP_TRAILER: usize = 8;

/// The parts that office files begin with. An OpenDocument begins with its MIME type.
const OFFICE: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/"];

/// Files that hold a table but no text: other programs make text of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Excel,
    Parquet,
}

/// By the first bytes of a file, a hundred at least; None for text, packed or not, and for all else.
pub fn container(head: &[u8]) -> Option<Container> {
    let name = head.get(ZIP_HEADER..).filter(|_| head.starts_with(ZIP));
    match name {
        Some(name) if OFFICE.iter().any(|start| name.starts_with(start)) => Some(Container::Excel),
        None if head.starts_with(b"PAR1") => Some(Container::Parquet),
        _ => None,
    }
}

/// What receives the unpacked bytes.
pub type Sink<'a> = dyn FnMut(&[u8]) -> Result<()> + 'a;

/// Takes a file in chunks of any size.
pub struct Unpacker {
    state: State,
    /// Bytes of a header or trailer that is not yet complete.
    pending: Vec<u8>,
    packing: Packing,
}

#[derive(Clone, Copy, PartialEq)]
enum Packing {
    None,
    Gzip,
    Zip,
}

enum State {
    /// Too few bytes yet to tell what it is.
    Start,
    /// Inside a header that must be complete to go on.
    Header,
    Inflating(Box<Decompress>),
    /// A stored file in a zip: so many bytes are left.
    Copying(u64),
    /// Behind a gzip member: a trailer, then perhaps another member.
    Trailer,
    /// Behind the file in a zip.
    Behind,
    Plain,
}

impl Default for Unpacker {
    fn default() -> Self {
        Unpacker { state: State::Start, pending: Vec::new(), packing: Packing::None }
    }
}

impl Unpacker {
    /// # Errors
    /// `NotText` for archives that cannot be read here, and those of the sink.
    pub fn push(&mut self, chunk: &[u8], sink: &mut Sink<'_>) -> Result<()> {
        if matches!(self.state, State::Plain) {
            return sink(chunk);
        }
        let mut input = std::mem::take(&mut self.pending);
        input.extend_from_slice(chunk);
        let mut rest = input.as_slice();
        while self.advance(&mut rest, sink)? {}
        self.pending = rest.to_vec();
        Ok(())
    }

    /// # Errors
    /// `NotText` if the archive breaks off.
    pub fn finish(&mut self, sink: &mut Sink<'_>) -> Result<()> {
        match self.state {
            State::Start => sink(&std::mem::take(&mut self.pending)),
            State::Plain | State::Behind => Ok(()),
            State::Trailer if self.pending.len() == GZIP_TRAILER => Ok(()),
            _ => Err(broken()),
        }
    }

    /// One turn; false when more bytes are needed.
    fn advance(&mut self, input: &mut &[u8], sink: &mut Sink<'_>) -> Result<bool> {
        match &mut self.state {
            State::Start => {
                if input.len() < ZIP.len() {
                    return Ok(false);
                }
                self.packing = match () {
                    () if input.starts_with(ZIP) => Packing::Zip,
                    () if input.starts_with(GZIP) => Packing::Gzip,
                    () => Packing::None,
                };
                self.state = if self.packing == Packing::None { State::Plain } else { State::Header };
                Ok(true)
            }
            State::Plain => {
                sink(input)?;
                *input = &[];
                Ok(false)
            }
            State::Header => {
                let header = match self.packing {
                    Packing::Zip => zip_header(input)?,
                    _ => gzip_header(input)?,
                };
                let Some((length, next)) = header else {
                    return if input.len() > LONGEST_HEADER { Err(broken()) } else { Ok(false) };
                };
                *input = &input[length..];
                self.state = next;
                Ok(true)
            }
            State::Inflating(inflater) => {
                let mut block = vec![0; BLOCK];
                let (read, wrote) = (inflater.total_in(), inflater.total_out());
                let status =
                    inflater.decompress(input, &mut block, FlushDecompress::None).map_err(|_| broken())?;
                let (read, wrote) = (inflater.total_in() - read, inflater.total_out() - wrote);
                *input = &input[read as usize..];
                sink(&block[..wrote as usize])?;
                if status == Status::StreamEnd {
                    self.state = if self.packing == Packing::Zip { State::Behind } else { State::Trailer };
                    return Ok(true);
                }
                Ok(read + wrote > 0)
            }
            State::Copying(left) => {
                let (now, later) =
                    input.split_at(input.len().min(usize::try_from(*left).unwrap_or(usize::MAX)));
                sink(now)?;
                *left -= now.len() as u64;
                *input = later;
                let done = *left == 0;
                if done {
                    self.state = State::Behind;
                }
                Ok(done)
            }
            State::Trailer => {
                // What follows the trailer is another member, or nothing.
                if input.len() < GZIP_TRAILER + GZIP.len() {
                    return Ok(false);
                }
                *input = &input[GZIP_TRAILER..];
                if !input.starts_with(GZIP) {
                    return Err(broken());
                }
                self.state = State::Header;
                Ok(true)
            }
            State::Behind => {
                // A descriptor, if any, then the directory. A second file would begin like the first.
                if input.len() >= ZIP.len() && input.windows(ZIP.len()).any(|bytes| bytes == ZIP) {
                    return Err(refused("holds several files: unpack it and choose one of them"));
                }
                let keep = input.len().min(ZIP.len() - 1);
                *input = &input[input.len() - keep..];
                Ok(false)
            }
        }
    }
}

/// The length of a gzip header and what follows it; None while it is incomplete.
fn gzip_header(bytes: &[u8]) -> Result<Option<(usize, State)>> {
    if bytes.len() < GZIP_HEADER {
        return Ok(None);
    }
    if !bytes.starts_with(GZIP) {
        return Err(broken());
    }
    let flags = bytes[3];
    let mut length = GZIP_HEADER;
    if flags & 4 != 0 {
        let Some(extra) = bytes.get(length..length + 2) else { return Ok(None) };
        length += 2 + usize::from(u16::from_le_bytes([extra[0], extra[1]]));
    }
    for text in [8, 16] {
        if flags & text != 0 {
            let Some(end) = bytes.get(length..).and_then(|rest| rest.iter().position(|&byte| byte == 0))
            else {
                return Ok(None);
            };
            length += end + 1;
        }
    }
    length += if flags & 2 != 0 { 2 } else { 0 };
    Ok((bytes.len() >= length).then(|| (length, State::Inflating(Box::new(Decompress::new(false))))))
}

/// The length of a zip's first local header and what follows it; None while it is incomplete.
fn zip_header(bytes: &[u8]) -> Result<Option<(usize, State)>> {
    if bytes.len() < ZIP_HEADER {
        return Ok(None);
    }
    let u16_at = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let size = u32::from_le_bytes([bytes[18], bytes[19], bytes[20], bytes[21]]);
    let (flags, method) = (u16_at(6), u16_at(8));
    let name_end = ZIP_HEADER + usize::from(u16_at(26));
    let length = name_end + usize::from(u16_at(28));
    if bytes.len() < length {
        return Ok(None);
    }
    let name = &bytes[ZIP_HEADER..name_end];
    if name == b"mimetype" {
        return Err(Error::new(
            Code::NotText,
            "this is an OpenDocument file, not a table that is read here: save the sheet as .xlsx or \"CSV UTF-8\" and try again",
        ));
    }
    if OFFICE.iter().any(|start| name.starts_with(start)) {
        return Err(Error::new(
            Code::NotText,
            "this is an Excel or Office file, not text: save the sheet as \"CSV UTF-8\" and try again",
        ));
    }
    match (method, size) {
        _ if flags & 1 != 0 => Err(refused("is encrypted: unpack it and choose the file inside")),
        _ if name.ends_with(b"/") => Err(refused("holds a folder: unpack it and choose one of its files")),
        (8, _) => Ok(Some((length, State::Inflating(Box::new(Decompress::new(false)))))),
        (0, size) if flags & 8 == 0 && size != u32::MAX => {
            Ok(Some((length, State::Copying(u64::from(size)))))
        }
        _ => Err(refused("is packed in a way that is not known here: unpack it and choose the file inside")),
    }
}

fn refused(why: &str) -> Error {
    Error::new(Code::NotText, format!("this zip archive {why}"))
}

fn broken() -> Error {
    Error::new(
        Code::NotText,
        "this archive is damaged or breaks off: fetch it again, or unpack it and choose the file inside",
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const TEXT: &[u8] = b"a,b\n1,2\n";

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::GzBuilder::new()
            .filename("t.csv")
            .extra(vec![1, 2, 3])
            .comment("c")
            .write(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(name: &str, text: &[u8], deflated: bool) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        let body = if deflated { encoder.finish().unwrap() } else { text.to_vec() };
        let mut file = ZIP.to_vec();
        file.extend([20, 0, 0, 0, if deflated { 8 } else { 0 }, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.extend((body.len() as u32).to_le_bytes());
        file.extend((text.len() as u32).to_le_bytes());
        file.extend((name.len() as u16).to_le_bytes());
        file.extend([0, 0]);
        [&file, name.as_bytes(), &body].concat()
    }

    fn unpack(file: &[u8], chunk: usize) -> Result<Vec<u8>> {
        let (mut unpacker, mut out) = (Unpacker::default(), Vec::new());
        let mut sink = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            Ok(())
        };
        for piece in file.chunks(chunk) {
            unpacker.push(piece, &mut sink)?;
        }
        unpacker.finish(&mut sink)?;
        Ok(out)
    }

    #[test]
    fn packed_and_plain_files_come_out_the_same() {
        let long: Vec<u8> = (0..200_000u32).flat_map(|i| (i / 7).to_le_bytes()).collect();
        let directory = b"PK\x01\x02 the directory";
        for text in [TEXT, &long, b"", b"x"] {
            let members = [gzip(text), gzip(TEXT)].concat();
            for chunk in [1, 7, 100_000_000] {
                if text.len() > 1000 && chunk < 100 {
                    continue;
                }
                assert!(unpack(text, chunk).unwrap() == text);
                assert!(unpack(&gzip(text), chunk).unwrap() == text);
                assert!(unpack(&members, chunk).unwrap() == [text, TEXT].concat());
                for deflated in [true, false] {
                    let file = [zip("t.csv", text, deflated), directory.to_vec()].concat();
                    assert!(unpack(&file, chunk).unwrap() == text, "{deflated} {chunk}");
                }
            }
        }
    }

    #[test]
    fn containers_are_known_by_their_first_bytes() {
        let workbook = zip("[Content_Types].xml", TEXT, true);
        let cases: [(&[u8], Option<Container>); 5] = [
            (&workbook, Some(Container::Excel)),
            (b"PAR1\x15\x04", Some(Container::Parquet)),
            (&zip("t.csv", TEXT, true), None),
            (b"xl/,b\n1,2\n", None),
            (b"PK\x03\x04", None),
        ];
        for (file, expected) in cases {
            assert_eq!(container(file), expected);
        }
    }

    #[test]
    fn other_archives_are_refused_with_a_way_out() {
        let two = [zip("a.csv", TEXT, true), zip("b.csv", TEXT, true)].concat();
        let whole = gzip(TEXT);
        let cases: [(&[u8], &str); 5] = [
            (&two, "several"),
            (&zip("xl/workbook.xml", TEXT, true), "Excel"),
            (&zip("folder/", b"", false), "folder"),
            (&whole[..whole.len() - 9], "damaged"),
            (&[&whole[..20], &[0xff; 40]].concat(), "damaged"),
        ];
        for (file, word) in cases {
            for chunk in [1, 1000] {
                let error = unpack(file, chunk).unwrap_err();
                assert!(error.message().contains(word), "{error}");
            }
        }
    }
}
