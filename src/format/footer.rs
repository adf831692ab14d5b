//! Lines below a table that are none of its rows: totals, sources and notes.
//!
//! A record that might be one is held back until a row follows, which makes it a row too, or the file ends. Then it
//! takes evidence: a word for a total above numbers that are the sums of their columns; a note or source by its first
//! word; a single text after a blank line or of the length of a sentence. A table whose rows look so keeps them.
//!
//! Does not: know totals by their sums alone, nor words for a total in languages other than those below.

use super::header::Look;

/// Records that are held back at most; more of them are rows.
const MOST: usize = 32;
/// Words of a text that is a sentence.
const SENTENCE: usize = 5;
const TOTALS: [&str; 14] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "all",
    "totale",
    "totaal",
    "gesamt",
    "insgesamt",
    "summe",
    "somme",
    "suma",
    "sum total",
];
const NOTES: [&str; 17] = [
    "source",
    "sources",
    "note",
    "notes",
    "quelle",
    "quellen",
    "hinweis",
    "anmerkung",
    "remarque",
    "fuente",
    "nota",
    "notas",
    "fonte",
    "bron",
    "generated",
    "exported",
    "end of",
];

/// A record that may stand below the table.
pub struct Held {
    pub line: u64,
    /// A blank line stands above it.
    after_blank: bool,
    pub text: Vec<u8>,
    pub ends: Vec<usize>,
}

/// The records held back since the last row.
#[derive(Default)]
pub struct Tail {
    held: Vec<Held>,
    /// Rows above that look like notes, or that are called totals: then such are rows of this table.
    sparse_rows: bool,
    total_rows: bool,
}

impl Tail {
    /// Holds the record back if it may stand below a table of this width.
    pub fn holds(&mut self, text: &[u8], ends: &[usize], width: usize, line: u64, after_blank: bool) -> bool {
        let cells = || (0..ends.len()).map(|i| &text[start(ends, i)..ends[i]]);
        // Commas of a sentence make it several fields.
        let note = || {
            is_ragged(ends.len(), width)
                && (after_blank || is_named(&String::from_utf8_lossy(&text[..ends[0]]).to_lowercase()))
        };
        if width < 2 || !(is_sparse(cells(), width) || total_label(text, ends).is_some() || note()) {
            return false;
        }
        self.held.push(Held { line, after_blank, text: text.to_vec(), ends: ends.to_vec() });
        self.held.len() <= MOST || {
            self.held.pop();
            false
        }
    }

    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// All that is held: rows, since one follows.
    pub fn release(&mut self, width: usize) -> Vec<Held> {
        for held in &self.held {
            self.sparse_rows |= held.ends.len() >= width && held.is_sparse(width);
            self.total_rows |= total_label(&held.text, &held.ends).is_some();
        }
        std::mem::take(&mut self.held)
    }

    /// What is held when the file ends: rows, and then what stands below the table. `sum` adds up a column's rows.
    pub fn split(mut self, width: usize, sum: impl Fn(usize) -> Option<f64>) -> (Vec<Held>, Vec<Held>) {
        let blank = |at: usize| self.held[at].is_blank();
        let starts = |at: usize| {
            let after_blank = self.held[at].after_blank || (at > 0 && blank(at - 1));
            self.is_total(&self.held[at], after_blank, &sum)
                || self.is_note(&self.held[at], after_blank, width)
        };
        let goes_on = |at: usize| {
            let held = &self.held[at];
            blank(at) || held.is_text() || starts(at)
        };
        let count = self.held.len();
        let mut first = (0..count).find(|&at| starts(at) && (at..count).all(goes_on)).unwrap_or(count);
        // Blank records between the table and its notes; alone they are rows without a value.
        while first < count && first > 0 && blank(first - 1) {
            first -= 1;
        }
        let below = self.held.split_off(first);
        (self.held, below)
    }

    fn is_total(&self, held: &Held, after_blank: bool, sum: &impl Fn(usize) -> Option<f64>) -> bool {
        let Some(label) = total_label(&held.text, &held.ends).filter(|_| !self.total_rows) else {
            return false;
        };
        let numbers =
            || (0..held.ends.len()).filter(|&i| i != label && Look::of(&held.cell(i)) == Look::Number);
        let sums = numbers().filter(|&i| sum(i).is_some_and(|sum| is_sum(&held.cell(i), sum))).count();
        // One number may be the sum by chance, and means stand beside sums.
        after_blank || (sums > 0 && sums * 2 >= numbers().count())
    }

    fn is_note(&self, held: &Held, after_blank: bool, width: usize) -> bool {
        let whole = held.ends.len() == width;
        if !held.is_text() || (whole && (self.sparse_rows || !held.is_sparse(width))) {
            return false;
        }
        let text = held.first().to_lowercase();
        let named = is_named(&text);
        let marked = text.starts_with(['*', '©', '†']) && text.len() > 1;
        let sentence = text.split_whitespace().count() >= SENTENCE;
        named || marked || ((after_blank || sentence) && (!whole || width > 2))
    }
}

impl Held {
    fn cell(&self, i: usize) -> String {
        String::from_utf8_lossy(&self.text[start(&self.ends, i)..self.ends[i]]).trim().to_string()
    }

    fn first(&self) -> String {
        (0..self.ends.len()).map(|i| self.cell(i)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    fn is_blank(&self) -> bool {
        self.first().is_empty()
    }

    fn is_text(&self) -> bool {
        let first = self.first();
        !first.is_empty() && Look::of(&first) == Look::Text
    }

    fn is_sparse(&self, width: usize) -> bool {
        (0..self.ends.len()).filter(|&i| !self.cell(i).is_empty()).count() <= (width / 3).max(1)
    }
}

/// Whether a record of these cells may stand below a table of this width.
pub fn suspects<'a>(mut cells: impl ExactSizeIterator<Item = &'a [u8]> + Clone, width: usize) -> bool {
    width > 1
        && (is_ragged(cells.len(), width)
            || is_sparse(cells.clone(), width)
            || cells.find(|cell| !cell.is_empty()).is_some_and(says_total))
}

/// Few cells hold anything.
fn is_sparse<'a>(cells: impl ExactSizeIterator<Item = &'a [u8]>, width: usize) -> bool {
    let fits = cells.len() <= width + 1;
    fits && cells.filter(|cell| !cell.is_empty()).take(width / 3 + 2).count() <= (width / 3).max(1)
}

fn is_ragged(cells: usize, width: usize) -> bool {
    cells != width && cells != width + 1
}

fn start(ends: &[usize], i: usize) -> usize {
    if i == 0 { 0 } else { ends[i - 1] }
}

/// The place of the first field with text, if that says "total".
fn total_label(text: &[u8], ends: &[usize]) -> Option<usize> {
    let place = (0..ends.len()).find(|&i| ends[i] > start(ends, i))?;
    says_total(&text[start(ends, place)..ends[place]]).then_some(place)
}

fn says_total(cell: &[u8]) -> bool {
    const LONGEST: usize = 40;
    if cell.len() > LONGEST
        || !matches!(cell[0].to_ascii_lowercase(), b't' | b'g' | b's' | b'a' | b'i' | b' ')
    {
        return false;
    }
    let cell = String::from_utf8_lossy(cell).trim().to_lowercase();
    TOTALS.iter().any(|word| begins(&cell, word))
}

/// The text, in lower case, says that it is a note.
fn is_named(text: &str) -> bool {
    NOTES.iter().any(|word| begins(text, word)) && text.contains([':', ' '])
}

/// The text begins with the word, and the word ends there.
fn begins(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// The cell says this sum, as exactly as it is written.
fn is_sum(cell: &str, sum: f64) -> bool {
    number(cell).is_some_and(|(value, unit)| (value - sum).abs() <= 0.51 * unit + 1e-9 * sum.abs())
}

/// The number that a cell says, and the unit of its last digit. Of a point and a comma the last is the decimal mark; one
/// alone is, unless three digits follow.
pub fn number(cell: &str) -> Option<(f64, f64)> {
    if Look::of(cell) != Look::Number {
        return None;
    }
    let plain: String = cell
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | 'e' | 'E' | '+'))
        .collect();
    let mark = plain.rfind(['.', ',']).filter(|&at| {
        let marks = plain.matches(['.', ',']).count();
        let same = plain.matches(&plain[at..=at]).count();
        same == 1 && (marks > 1 || plain[at + 1..].len() != 3 || &plain[at..=at] == ".")
    });
    let (whole, part) = mark.map_or((plain.as_str(), ""), |at| (&plain[..at], &plain[at + 1..]));
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let value: f64 = format!("{whole}.{part}").parse().or_else(|_| plain.parse()).ok()?;
    let digits = part.bytes().take_while(u8::is_ascii_digit).count().min(300);
    Some((value, (0..digits).fold(1.0, |unit, _| unit / 10.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_and_below(lines: &[(&str, bool)], width: usize, sums: &[f64]) -> (usize, usize) {
        let mut tail = Tail::default();
        for (i, (line, after_blank)) in lines.iter().enumerate() {
            let mut ends = Vec::new();
            let cells: Vec<&str> = line.split(',').collect();
            cells.iter().fold(0, |end, cell| {
                ends.push(end + cell.len());
                end + cell.len()
            });
            assert!(
                tail.holds(cells.concat().as_bytes(), &ends, width, i as u64 + 9, *after_blank),
                "{line}"
            );
        }
        let (rows, below) =
            tail.split(width, |column| sums.get(column).copied().filter(|sum| sum.is_finite()));
        (rows.len(), below.len())
    }

    #[test]
    fn what_stands_below_a_table_is_told_from_rows() {
        let sums = [f64::NAN, 12.5, 1487.0];
        for (lines, expected) in [
            (&[("Total,12.5,1.487", false)][..], (0, 1)),
            (&[("Total,12.4,1.486", false)], (1, 0)),
            (&[("Total,,", false)], (1, 0)),
            (&[("Total,9,9", true)], (0, 1)),
            (&[("Source: the office", false)], (0, 1)),
            (&[("Sourcery,,", false)], (1, 0)),
            (&[("Rome", false)], (1, 0)),
            (&[("made in May", true)], (0, 1)),
            (&[(",,", false), (",,", false)], (2, 0)),
            (&[("Rome,,", false), (",,", false), ("Total,12.5,1487", false), ("all of May", false)], (1, 3)),
            (&[("The figures are those of May,,", false), ("and of June.,,", false)], (0, 2)),
            (&[("5", true)], (1, 0)),
        ] {
            assert_eq!(rows_and_below(lines, 3, &sums), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_table_with_such_rows_keeps_them() {
        let mut tail = Tail::default();
        assert!(tail.holds(b"Total12", &[5, 6, 7], 3, 2, false));
        assert_eq!(tail.release(3).len(), 1);
        assert!(tail.holds(b"Total34", &[5, 6, 7], 3, 9, true));
        assert_eq!(tail.split(3, |_| Some(3.0)).0.len(), 1);
        assert!(!Tail::default().holds(b"abc", &[1, 2, 3], 3, 2, false));
    }

    #[test]
    fn numbers_of_totals_are_read_in_either_form() {
        for (cell, expected) in [
            ("1,487", (1487.0, 1.0)),
            ("1.487", (1.487, 0.001)),
            ("1.234.567", (1234567.0, 1.0)),
            ("1.234,50", (1234.5, 0.01)),
            ("-1,5", (-1.5, 0.1)),
            ("$12", (12.0, 1.0)),
        ] {
            let (value, unit) = number(cell).unwrap();
            assert!((value - expected.0).abs() < 1e-9 && (unit / expected.1 - 1.0).abs() < 1e-9, "{cell}");
        }
        assert!(number("x").is_none());
    }
}
