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

/// A cell as text, or what is wrong with it and where.
pub fn text<'a>(bytes: &'a [u8], line: u64, column: &str, encoding: Encoding) -> Result<&'a str> {
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
