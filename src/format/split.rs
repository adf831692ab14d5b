//! Splits the records that need nothing undone, a word of eight bytes at a time, without copying them.
//!
//! What it splits it splits as csv-core's machine does, which a property in `tests/it` holds it to; at any other record
//! it stops, and the machine takes it: one with a doubled quote, with text after a closing quote, or cut by the end of
//! the piece. Does not: know escapes other than the doubled quote.
//!
//! The test for a byte in a word is exact: H. S. Warren, "Hacker's Delight" (2012), 6-1, "find first 0-byte".

use super::delimiter::byte;
use super::dialect::{Dialect, LineEnd};

/// The places of delimiters, quotes and line ends in a text, in order.
struct Marks<'a> {
    text: &'a [u8],
    wanted: [u64; 4],
    /// Where the word that is looked at begins, and the marks that are left in it: the high bit of their bytes.
    at: usize,
    left: u64,
}

const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;

impl Marks<'_> {
    /// Moves to the first mark at or after this place.
    fn seek(&mut self, place: usize) {
        self.at = place / 8 * 8;
        self.left = self.look().unwrap_or(0) & (u64::MAX << (place % 8 * 8));
    }

    /// None at the end of the text: its last bytes, fewer than a word, are left to others.
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            self.at += 8;
            self.left = self.look()?;
        }
        let place = self.at + self.left.trailing_zeros() as usize / 8;
        self.left &= self.left - 1;
        Some(place)
    }

    fn look(&self) -> Option<u64> {
        let word = u64::from_le_bytes(*self.text.get(self.at..)?.first_chunk()?);
        let marks = self.wanted.map(|wanted| {
            let zero = word ^ wanted;
            !(((zero & LOW) + LOW) | zero | LOW)
        });
        Some(marks[0] | marks[1] | marks[2] | marks[3])
    }
}

/// Where the cells of a record lie, and what it takes.
#[derive(Default)]
pub struct Split {
    pub cells: Vec<(usize, usize)>,
    /// Where the record ends, its line end included.
    pub end: usize,
    /// Lines that end in it.
    pub lines: u64,
}

/// The records of a text.
pub struct Splitter<'a> {
    marks: Marks<'a>,
    delimiter: u8,
    quote: u8,
    last: u8,
}

impl<'a> Splitter<'a> {
    /// None for a dialect that the machine alone reads.
    pub fn new(text: &'a [u8], dialect: &Dialect) -> Option<Self> {
        if dialect.backslash {
            return None;
        }
        let delimiter = byte(&dialect.delimiter);
        let wanted = [delimiter, dialect.quote, b'\n', b'\r'];
        let marks = Marks { text, wanted: wanted.map(|byte| u64::from_le_bytes([byte; 8])), at: 0, left: 0 };
        let last = if dialect.line_end == LineEnd::Cr { b'\r' } else { b'\n' };
        Some(Splitter { marks, delimiter, quote: dialect.quote, last })
    }

    /// Splits the record that begins at `start`. False if that is the machine's to do.
    pub fn split(&mut self, start: usize, split: &mut Split) -> bool {
        self.marks.seek(start);
        split.cells.clear();
        split.lines = 0;
        self.record(start, split).is_some()
    }

    fn record(&mut self, mut start: usize, split: &mut Split) -> Option<()> {
        loop {
            let mut mark = self.marks.next()?;
            let mut cell = (start, mark);
            if self.marks.text[mark] == self.quote && mark == start {
                cell.0 += 1;
                cell.1 = self.closing(split)?;
                mark = self.marks.next()?;
                if mark != cell.1 + 1 || self.marks.text[mark] == self.quote {
                    return None;
                }
            } else {
                while self.marks.text[mark] == self.quote {
                    mark = self.marks.next()?;
                }
                cell.1 = mark;
            }
            split.cells.push(cell);
            start = mark + 1;
            let byte = self.marks.text[mark];
            if byte != self.delimiter {
                split.lines += u64::from(byte == self.last);
                split.end = start;
                return Some(());
            }
        }
    }

    fn closing(&mut self, split: &mut Split) -> Option<usize> {
        loop {
            let mark = self.marks.next()?;
            let byte = self.marks.text[mark];
            if byte == self.quote {
                return Some(mark);
            }
            split.lines += u64::from(byte == self.last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Option<(Vec<&str>, usize, u64)> {
        let mut split = Split::default();
        let mut splitter = Splitter::new(text.as_bytes(), &Dialect::default()).unwrap();
        let found = splitter.split(0, &mut split);
        let cells = split.cells.iter().map(|&(start, end)| &text[start..end]).collect();
        found.then_some((cells, split.end, split.lines))
    }

    #[test]
    fn plain_records_are_split() {
        assert_eq!(split("a,,\"b,\nc\",d\"e\nrest rest"), Some((vec!["a", "", "b,\nc", "d\"e"], 14, 2)));
        assert_eq!(split("\"\",x\r\nrest rest"), Some((vec!["", "x"], 5, 0)));
        assert_eq!(split("é€,ö\u{80}\u{8d}\n........"), Some((vec!["é€", "ö\u{80}\u{8d}"], 13, 1)));
    }

    #[test]
    fn the_rest_is_the_machines() {
        for text in ["a,\"b\"\"c\",d\n.......", "a,\"b\"c,d\n.......", "a,b", "a,\"b\n\n\n\n\n\n\n\n", "\"a"]
        {
            assert_eq!(split(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

        /// csv-core, record by record, on texts of little else than delimiters, quotes and line ends.
        #[test]
        fn the_machine_splits_alike(text in "([a,\"\n]|a{1,9}|\"a*,a*\"|\r\n|é){0,60}", quote in proptest::sample::select(vec![b'"', b'\''])) {
            let text = if quote == b'\'' { text.replace('"', "'") } else { text };
            let dialect = Dialect { quote, ..Dialect::default() };
            let mut splitter = Splitter::new(text.as_bytes(), &dialect).unwrap();
            let mut machine = super::super::sniff::machine(&dialect);
            let (mut split, mut start) = (Split::default(), 0);
            let (mut fields, mut ends) = ([0; 1000], [0; 1000]);
            loop {
                start += text[start..].len() - text[start..].trim_start_matches(['\n', '\r']).len();
                let plain = splitter.split(start, &mut split);
                let (result, read, _, ended) = machine.read_record(&text.as_bytes()[start..], &mut fields, &mut ends);
                if plain {
                    let cells = |i: usize| &fields[if i == 0 { 0 } else { ends[i - 1] }..ends[i]];
                    let own: Vec<&[u8]> = split.cells.iter().map(|&(a, b)| &text.as_bytes()[a..b]).collect();
                    proptest::prop_assert!(result == csv_core::ReadRecordResult::Record);
                    proptest::prop_assert_eq!((0..ended).map(cells).collect::<Vec<_>>(), own);
                    proptest::prop_assert_eq!(split.end, start + read);
                    proptest::prop_assert_eq!(split.lines as usize, text[start..split.end].matches('\n').count());
                }
                if result != csv_core::ReadRecordResult::Record {
                    break;
                }
                start += read;
            }
        }
    }
}
