//! Characters: which encoding the head of a file is in, a decoder to UTF-8 for chunks of any size, and the way back.
//!
//! Four encodings are told apart: UTF-8, UTF-16 of either byte order, and windows-1252, the one that spreadsheets save
//! where they do not save UTF-8. A general library for encodings brings tables for East Asia that are larger than the
//! page, so the few lines are here.

use super::dialect::Encoding;

/// Stands for what has no character. No UTF-8 holds this byte, so the cell that it falls into is refused, with its place.
const UNDEFINED: u8 = 0xff;

/// windows-1252 from 0x80 to 0x9f; elsewhere a byte is its code point. Zero where it has no character.
const HIGH: [u16; 32] = [
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
    0x0153, 0, 0x017e, 0x0178,
];

/// The encoding of a file that begins so, and whether with a byte-order mark. `cut`: the file goes on after the head.
pub fn detect(head: &[u8], cut: bool) -> (Encoding, bool) {
    use Encoding::*;
    if let Some(marked) = [Utf8, Utf16Le, Utf16Be].into_iter().find(|kind| head.starts_with(kind.bom())) {
        return (marked, true);
    }
    // Digits, delimiters and line ends are half NUL in UTF-16, on the same side; other characters seldom are, on either.
    let nuls = |side: usize| head.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
    let many = |count: usize, other: usize| count > 1 && count * 5 >= head.len() && other * 8 < count;
    let encoding = match (nuls(0), nuls(1)) {
        (even, odd) if many(odd, even) => Utf16Le,
        (even, odd) if many(even, odd) => Utf16Be,
        _ if is_windows_1252(head, cut) => Windows1252,
        _ => Utf8,
    };
    (encoding, false)
}

/// Text that is not UTF-8, nor UTF-8 that is damaged: that has more whole characters than broken ones.
fn is_windows_1252(head: &[u8], cut: bool) -> bool {
    let (mut whole, mut broken) = (0, 0);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // A character that the end of the head cuts is not broken.
        let unfinished = cut && chunks.peek().is_none() && starts_character(chunk.invalid());
        broken += usize::from(!chunk.invalid().is_empty() && !unfinished);
    }
    let is_text = |&byte: &u8| !matches!(byte, 0..=8 | 14..=25 | 27..=31) && windows_1252(byte).is_some();
    broken > whole && head.iter().all(is_text)
}

fn starts_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

fn windows_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => Some(HIGH[usize::from(byte - 0x80)])
            .filter(|&unit| unit != 0)
            .and_then(|unit| char::from_u32(unit.into())),
        _ => Some(char::from(byte)),
    }
}

/// Turns a file into UTF-8, chunk by chunk. The mark at its beginning is the caller's to take off.
pub struct Decoder {
    encoding: Encoding,
    /// The first byte of a unit, and the first unit of a pair, that a chunk ended on.
    byte: Option<u8>,
    unit: Option<u16>,
    text: Vec<u8>,
}

impl Decoder {
    pub fn new(encoding: Encoding) -> Self {
        Decoder { encoding, byte: None, unit: None, text: Vec::new() }
    }

    /// The next piece as UTF-8; what is UTF-8 already passes as it is.
    pub fn decode<'a>(&'a mut self, chunk: &'a [u8]) -> &'a [u8] {
        self.text.clear();
        match self.encoding {
            Encoding::Utf8 => return chunk,
            Encoding::Windows1252 => chunk.iter().for_each(|&byte| put(&mut self.text, windows_1252(byte))),
            Encoding::Utf16Le | Encoding::Utf16Be => chunk.iter().for_each(|&byte| self.half(byte)),
        }
        &self.text
    }

    /// What is left when the file ends: half a character, or nothing.
    pub fn finish(&mut self) -> &[u8] {
        self.text.clear();
        if self.byte.take().is_some() || self.unit.take().is_some() {
            self.text.push(UNDEFINED);
        }
        &self.text
    }

    fn half(&mut self, byte: u8) {
        let Some(first) = self.byte.take() else {
            self.byte = Some(byte);
            return;
        };
        let pair = [first, byte];
        let unit = if self.encoding == Encoding::Utf16Le {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        };
        let waiting = self.unit.take();
        if waiting.is_none() && (0xd800..0xdc00).contains(&unit) {
            self.unit = Some(unit);
            return;
        }
        let units = waiting.into_iter().chain([unit]);
        char::decode_utf16(units).for_each(|character| put(&mut self.text, character.ok()));
    }
}

fn put(text: &mut Vec<u8>, character: Option<char>) {
    match character {
        Some(character) => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        None => text.push(UNDEFINED),
    }
}

/// The text in the encoding. A character that windows-1252 lacks becomes `?`; a synthetic table has none, since it
/// holds only characters of the table that it was learned from.
pub fn encode(text: String, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Windows1252 => text.chars().map(to_windows_1252).collect(),
    }
}

fn to_windows_1252(character: char) -> u8 {
    match u32::from(character) {
        code @ (0..=0x7f | 0xa0..=0xff) => code as u8,
        code => HIGH
            .iter()
            .position(|&high| high != 0 && u32::from(high) == code)
            .map_or(b'?', |at| 0x80 + at as u8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8], encoding: Encoding, chunk: usize) -> Vec<u8> {
        let mut decoder = Decoder::new(encoding);
        let mut text: Vec<u8> =
            bytes.chunks(chunk).flat_map(|piece| decoder.decode(piece).to_vec()).collect();
        text.extend_from_slice(decoder.finish());
        text
    }

    #[test]
    fn every_encoding_goes_there_and_back() {
        let text = "a,é€\n😀,ÿ\n";
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encode(text.into(), encoding);
            for chunk in [1, 2, 3, 5, 100] {
                assert_eq!(decode(&bytes, encoding, chunk), text.as_bytes(), "{encoding:?}");
            }
        }
        let all: Vec<u8> = (0..=255).filter(|&byte| windows_1252(byte).is_some()).collect();
        let text = String::from_utf8(decode(&all, Encoding::Windows1252, 7)).unwrap();
        assert_eq!(all.len(), 251);
        assert_eq!(encode(text, Encoding::Windows1252), all);
    }

    #[test]
    fn what_has_no_character_is_marked() {
        assert_eq!(decode(b"a\x81", Encoding::Windows1252, 9), b"a\xff");
        assert_eq!(decode(b"\0\xd8a\0", Encoding::Utf16Le, 1), b"\xffa");
        assert_eq!(decode(b"\0\xdca\0b", Encoding::Utf16Le, 1), b"\xffa\xff");
        assert_eq!(decode(b"\xd8\0", Encoding::Utf16Be, 1), b"\xff");
    }

    #[test]
    fn the_encoding_is_found_by_evidence() {
        use Encoding::*;
        for (head, cut, expected) in [
            ("é,ü\n".as_bytes(), false, (Utf8, false)),
            (b"\xef\xbb\xbfa", false, (Utf8, true)),
            (b"a,caf\xe9\n", false, (Windows1252, false)),
            (b"a,caf\xc3", true, (Utf8, false)),
            (b"a,caf\xc3", false, (Windows1252, false)),
            (b"\xff\xfea\0", false, (Utf16Le, true)),
            (b"\xfe\xff\0a", false, (Utf16Be, true)),
            (b"a\0,\0b\0\n\0", false, (Utf16Le, false)),
            (b"\0a\0,\0b\0\n", false, (Utf16Be, false)),
            (b"a,b\n1,\0\n", false, (Utf8, false)),
            ("Ångström,é\n\u{fffd}".as_bytes(), false, (Utf8, false)),
            (b"\xc3\xa9\xc3\xbc,\xe9\n", false, (Utf8, false)),
            (b"\x01\xe9", false, (Utf8, false)),
        ] {
            assert_eq!(detect(head, cut), expected, "{head:?}");
        }
    }
}
