//! A place in a list of possibilities, taken apart into the choices that it stands for.

/// The rest of the place. Distinct places below the product of the choices give distinct choices.
pub struct Number(pub u64);

impl Number {
    /// One of `choices`.
    pub fn take(&mut self, choices: u64) -> u64 {
        let taken = self.0 % choices;
        self.0 /= choices;
        taken
    }

    /// So many digits.
    pub fn text(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(b'0' + self.take(10) as u8)).collect()
    }

    /// So many digits, the first of them from `low` on.
    pub fn text_from(&mut self, low: u64, length: usize) -> String {
        let first = low + self.take(10 - low);
        format!("{first}{}", self.text(length - 1))
    }

    pub fn letter(&mut self, letters: &str) -> char {
        char::from(letters.as_bytes()[self.take(letters.len() as u64) as usize])
    }

    /// Year, month and day of somebody's birth.
    pub fn date(&mut self) -> (u64, u64, u64) {
        (1945 + self.take(60), 1 + self.take(12), 1 + self.take(28))
    }

    /// YYMMDD
    pub fn short_date(&mut self) -> String {
        self.long_date().split_off(2)
    }

    /// YYYYMMDD
    pub fn long_date(&mut self) -> String {
        let (year, month, day) = self.date();
        format!("{year}{month:02}{day:02}")
    }
}
