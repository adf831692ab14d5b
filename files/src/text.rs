//! Delimited text in the one dialect that the core is told of.

use crate::{Result, Sink};

/// Text is handed on in pieces of about this size.
const PIECE: usize = 256 << 10;

/// Grows lines field by field.
pub struct Lines<'a, 'b> {
    sink: &'a mut Sink<'b>,
    text: Vec<u8>,
    /// Where the line at hand begins, and whether it has a field yet.
    start: usize,
    fields: usize,
}

impl<'a, 'b> Lines<'a, 'b> {
    pub fn new(sink: &'a mut Sink<'b>) -> Self {
        Lines { sink, text: Vec::with_capacity(PIECE + (PIECE >> 2)), start: 0, fields: 0 }
    }

    pub fn field(&mut self, cell: &str) {
        if self.fields > 0 {
            self.text.push(b',');
        }
        self.fields += 1;
        if !cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            self.text.extend_from_slice(cell.as_bytes());
            return;
        }
        self.text.push(b'"');
        for byte in cell.bytes() {
            self.text.push(byte);
            if byte == b'"' {
                self.text.push(byte);
            }
        }
        self.text.push(b'"');
    }

    /// Ends the line. One without fields is an empty line, which is no row.
    pub fn end(&mut self, share: f64) -> Result<()> {
        if self.fields == 1 && self.text.len() == self.start {
            self.text.extend_from_slice(b"\"\"");
        }
        self.text.push(b'\n');
        self.fields = 0;
        if self.text.len() >= PIECE {
            self.flush(share)?;
        }
        self.start = self.text.len();
        Ok(())
    }

    pub fn flush(&mut self, share: f64) -> Result<()> {
        (self.sink)(&self.text, share)?;
        self.text.clear();
        self.start = 0;
        Ok(())
    }
}
