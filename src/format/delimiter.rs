//! Delimiters that are no single byte: each becomes one byte that the machine knows, in front of the machine.
//!
//! Only what stands outside quotes changes, and no line end does, so lines are counted as before. The place in a line is
//! kept from chunk to chunk.

use super::dialect::{Delimiter, Dialect};

/// Stands for a delimiter of another kind: the control character that is named "unit separator".
pub const SEPARATOR: u8 = 0x1f;

/// The byte that the machine splits at.
pub fn byte(delimiter: &Delimiter) -> u8 {
    match delimiter {
        Delimiter::Byte(byte) => *byte,
        Delimiter::Text(_) | Delimiter::Padded(_) | Delimiter::Spaces(_) => SEPARATOR,
    }
}

/// Turns delimiters into the machine's byte, chunk by chunk.
pub struct Translator {
    delimiter: Delimiter,
    quote: u8,
    backslash: bool,
    comments: bool,
    place: Place,
    /// How much of a delimiter has come: bytes of its text, or spaces.
    begun: usize,
    out: Vec<u8>,
}

/// Where in a record the next byte stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Line,
    Field,
    Inside,
    Quoted,
    /// After a quote inside quotes: the end of them, or the first half of a doubled one.
    Unquoted,
    /// After a backslash inside quotes.
    Escaped,
    Comment,
}

impl Translator {
    /// None for a single byte, which needs none.
    pub fn new(dialect: &Dialect) -> Option<Translator> {
        let &Dialect { quote, backslash, comments, .. } = dialect;
        let delimiter = match &dialect.delimiter {
            Delimiter::Byte(_) => return None,
            several => several.clone(),
        };
        Some(Translator {
            delimiter,
            quote,
            backslash,
            comments,
            place: Place::Line,
            begun: 0,
            out: Vec::new(),
        })
    }

    pub fn translate(&mut self, chunk: &[u8]) -> &[u8] {
        self.out.clear();
        chunk.iter().for_each(|&byte| self.push(byte));
        &self.out
    }

    /// What the end of the file leaves of a delimiter that was begun.
    pub fn finish(&mut self) -> &[u8] {
        self.out.clear();
        if matches!(self.delimiter, Delimiter::Text(_)) {
            self.give_back();
        }
        &self.out
    }

    fn push(&mut self, byte: u8) {
        match self.place {
            Place::Comment => self.plain(byte),
            Place::Quoted | Place::Escaped => self.quoted(byte),
            Place::Unquoted if byte == self.quote && self.begun == 0 => {
                self.place = Place::Quoted;
                self.out.push(byte);
            }
            Place::Line | Place::Field | Place::Inside | Place::Unquoted => self.outside(byte),
        }
    }

    fn quoted(&mut self, byte: u8) {
        self.place = match self.place {
            Place::Quoted if byte == self.quote => Place::Unquoted,
            Place::Quoted if self.backslash && byte == b'\\' => Place::Escaped,
            _ => Place::Quoted,
        };
        self.out.push(byte);
    }

    fn outside(&mut self, byte: u8) {
        let at_start = self.place == Place::Line;
        match &self.delimiter {
            Delimiter::Text(text) => {
                let text = text.as_bytes();
                if byte == text[self.begun] {
                    self.begun += 1;
                    if self.begun == text.len() {
                        self.separate();
                    }
                } else if self.begun > 0 {
                    self.give_back();
                    self.outside(byte);
                } else {
                    self.plain(byte);
                }
            }
            &Delimiter::Padded(delimiter) => match byte {
                _ if byte == delimiter => self.separate(),
                b' ' if self.place == Place::Field => {}
                _ => self.plain(byte),
            },
            &Delimiter::Spaces(least) => {
                if byte == b' ' {
                    self.begun += 1;
                    return;
                }
                let spaces = std::mem::take(&mut self.begun);
                if spaces > 0 && !at_start && !is_line_end(byte) {
                    if spaces >= usize::from(least) {
                        self.separate();
                    } else {
                        self.out.extend(std::iter::repeat_n(b' ', spaces));
                    }
                }
                self.plain(byte);
            }
            Delimiter::Byte(_) => self.plain(byte),
        }
    }

    /// A byte of no delimiter.
    fn plain(&mut self, byte: u8) {
        self.place = match self.place {
            _ if is_line_end(byte) => Place::Line,
            Place::Comment => Place::Comment,
            Place::Line if self.comments && byte == b'#' => Place::Comment,
            Place::Line | Place::Field if byte == self.quote => Place::Quoted,
            _ => Place::Inside,
        };
        self.out.push(byte);
    }

    fn separate(&mut self) {
        self.begun = 0;
        self.place = Place::Field;
        self.out.push(SEPARATOR);
    }

    /// What looked like a delimiter and is none: its first byte is text, and the rest may begin one.
    fn give_back(&mut self) {
        let Delimiter::Text(text) = &self.delimiter else { return };
        let begun = text.as_bytes()[..std::mem::take(&mut self.begun)].to_vec();
        if let Some((&first, rest)) = begun.split_first() {
            self.plain(first);
            rest.iter().for_each(|&byte| self.outside(byte));
        }
    }
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translate(text: &str, delimiter: &str, chunk: usize) -> String {
        let delimiter = Delimiter::parse(delimiter).unwrap();
        let dialect = Dialect { delimiter, backslash: true, comments: true, ..Dialect::default() };
        let mut translator = Translator::new(&dialect).unwrap();
        let mut out: Vec<u8> =
            text.as_bytes().chunks(chunk).flat_map(|piece| translator.translate(piece).to_vec()).collect();
        out.extend_from_slice(translator.finish());
        String::from_utf8(out).unwrap().replace(char::from(SEPARATOR), "•")
    }

    #[test]
    fn only_delimiters_outside_quotes_change() {
        for (delimiter, text, expected) in [
            ("||", "a||b|c||\"d||\"\"||e\"||f\n||g|", "a•b|c•\"d||\"\"||e\"•f\n•g|"),
            ("||", "\"a\\\"||b\"||c", "\"a\\\"||b\"•c"),
            ("||", "# it is \"so || \n1||2", "# it is \"so || \n1•2"),
            ("~|~", "a~~|~b~|c", "a~•b~|c"),
            (", ", "a, \"b, c\",d,   e f\n", "a•\"b, c\"•d•e f\n"),
            ("  ", "  a b    c  \n d  \"e  f\"  g", "a b•c\nd•\"e  f\"•g"),
            ("  ", "\"a\"  \"b\"\n", "\"a\"•\"b\"\n"),
        ] {
            for chunk in [1, 2, 3, 100] {
                assert_eq!(translate(text, delimiter, chunk), expected, "{delimiter}");
            }
        }
    }
}
