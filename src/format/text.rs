//! What counts as text: UTF-8 without NUL, whatever it was decoded from.

use super::dialect::Encoding;
use crate::error::{Code, Error, Result};

/// As much of a piece as is text: UTF-8 without NUL.
pub fn clean(piece: &[u8]) -> &str {
    let valid = match std::str::from_utf8(piece) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&piece[..error.valid_up_to()]).unwrap_or_default(),
    };
    valid.split('\0').next().unwrap_or_default()
}

/// The record's text.
///
/// # Errors
/// `NotUtf8` and `NotText`, with the line and the column.
pub fn checked<'a>(
    bytes: &'a [u8],
    ends: &[usize],
    line: u64,
    names: &[String],
    encoding: Encoding,
) -> Result<&'a str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
        && ends.iter().all(|&end| text.is_char_boundary(end))
    {
        return Ok(text);
    }
    let mut start = 0;
    for (&end, name) in ends.iter().zip(names) {
        cell(&bytes[start..end], line, name, encoding)?;
        start = end;
    }
    Err(Error::new(Code::NotText, "text that cannot be read: save the file as \"CSV UTF-8\" and try again")
        .at_row(line))
}

/// The cell's text.
pub fn cell<'a>(bytes: &'a [u8], line: u64, column: &str, encoding: Encoding) -> Result<&'a str> {
    let place = |error: Error| error.at_row(line).in_column(column);
    let cell = std::str::from_utf8(bytes).map_err(|_| {
        let message = format!("not valid {}: save the file as \"CSV UTF-8\" and try again", encoding.name());
        place(Error::new(Code::NotUtf8, message))
    })?;
    if cell.contains('\0') {
        return Err(place(Error::new(
            Code::NotText,
            "a NUL byte, which text does not hold: save the file as \"CSV UTF-8\" and try again",
        )));
    }
    Ok(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_ends_before_what_is_none() {
        assert_eq!(clean("aé\0b".as_bytes()), "aé");
        assert_eq!(clean(b"ab\xffc"), "ab");
        assert_eq!(clean(b"ab\xc3"), "ab");
    }
}
