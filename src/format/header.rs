//! Whether the first line of a table names its columns, by what stands below it.

/// What a cell looks like. Which kind a column is, `schema` decides later, on all of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Empty,
    Number,
    /// A date, a time, or both.
    Moment,
    Text,
}

impl Look {
    pub fn of(cell: &str) -> Look {
        let cell = cell.trim();
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        match cell {
            _ if ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "-", "?", "."].contains(&cell) => {
                Look::Empty
            }
            _ if digits == 0 || cell.len() > 40 => Look::Text,
            _ if is_number(cell) => Look::Number,
            _ if is_moment(cell, digits) => Look::Moment,
            _ => Look::Text,
        }
    }

    fn is_value(self) -> bool {
        matches!(self, Look::Number | Look::Moment)
    }
}

/// Digits with their separators, perhaps with a sign, a unit of money or percent, an exponent.
fn is_number(cell: &str) -> bool {
    let body = cell.trim_start_matches(['+', '-', '$', '€', '£']).trim_end_matches(['%', '€']).trim();
    let mantissa = body.split_once(['e', 'E']).map_or(body, |(mantissa, exponent)| {
        let exponent = exponent.trim_start_matches(['+', '-']);
        if exponent.bytes().all(|byte| byte.is_ascii_digit()) { mantissa } else { "" }
    });
    mantissa.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
        && mantissa.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Two separators or more, and no word longer than a month's name.
fn is_moment(cell: &str, digits: usize) -> bool {
    let separators = cell.bytes().filter(|byte| matches!(byte, b'-' | b'/' | b':' | b'.' | b' ')).count();
    let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let words = cell.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| is_word(word)).count();
    let known = |c: char| c.is_ascii_alphanumeric() || "-/:. ,+".contains(c);
    separators >= if digits == 4 && cell.contains(':') { 1 } else { 2 }
        && digits >= 3
        && words <= 1
        && cell.bytes().filter(u8::is_ascii_alphabetic).count() <= 10
        && cell.chars().all(known)
}

/// Whether the first of these records is a header. It is one unless the evidence is against it, as most are.
pub fn has_header(records: &[Vec<String>]) -> bool {
    let Some((first, body)) = records.split_first().filter(|(_, body)| !body.is_empty()) else {
        return true;
    };
    let (mut against, mut repeated, mut texts) = (0, 0, 0);
    for (column, name) in first.iter().enumerate() {
        let below = || body.iter().filter_map(|record| record.get(column));
        let looks = || below().map(|cell| Look::of(cell)).filter(|look| *look != Look::Empty);
        let (cells, values) = (looks().count(), looks().filter(|look| look.is_value()).count());
        let valued = cells > 0 && values * 10 >= cells * 9;
        match Look::of(name) {
            // A word above numbers.
            Look::Text if valued => return true,
            Look::Text => {
                texts += 1;
                repeated += usize::from(below().any(|cell| cell == name));
            }
            Look::Number | Look::Moment if valued && !is_label(first, column) => against += 1,
            _ => {}
        }
    }
    // Values above values; or words that stand below again, which names seldom do.
    against == 0 && (repeated == 0 || repeated * 2 < texts)
}

/// A number that names: a year beside a text, or one of an even series such as 1, 2, 3.
fn is_label(first: &[String], column: usize) -> bool {
    let whole = |cell: &String| cell.trim().parse::<i64>().ok();
    let Some(number) = whole(&first[column]) else {
        return false;
    };
    let series = first.iter().filter_map(whole).collect::<Vec<_>>();
    let even = series.len() >= 3 && series.windows(3).all(|three| three[1] - three[0] == three[2] - three[1]);
    let named = first.iter().any(|cell| Look::of(cell) == Look::Text);
    (named && series.iter().chain([&number]).all(|year| (1800..=2100).contains(year)))
        || (even && series[0] != series[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks() {
        for cell in ["5", "-1.5", "1,234.5", "1e-300", "$5", "12 %", ".5", "007"] {
            assert_eq!(Look::of(cell), Look::Number, "{cell}");
        }
        for cell in ["2020-01-05", "5-1-2020", "12:30", "1/2/99", "5 Jan 2020", "2020-01-05T10:00:00Z"] {
            assert_eq!(Look::of(cell), Look::Moment, "{cell}");
        }
        for cell in ["a", "x1", "column_3", "P-0037", "-", "1;2", "e5"] {
            assert!(!Look::of(cell).is_value(), "{cell}");
        }
    }

    #[test]
    fn a_header_is_told_from_data() {
        let cases = [
            ("a,b\n1,2\n3,4", true),
            ("1,2\n3,4\n5,6", false),
            ("name,city\nBob,Paris\nAnn,Rome", true),
            ("Bob,Paris\nAnn,Rome\nCid,Paris", false),
            ("country,2019,2020\nFR,1,2\nDE,3,4", true),
            ("x,1,2,3\nA,5,6,7", true),
            ("39,State-gov,77516\n50,Self-emp,83311", false),
            ("2020-01-05,x\n2020-01-06,y", false),
            ("a,,a\n1,2,3", true),
            ("a,b", true),
            ("1,2", true),
            ("id,note\n,x\n,y", true),
        ];
        for (file, expected) in cases {
            let records: Vec<Vec<String>> =
                file.lines().map(|line| line.split(',').map(String::from).collect()).collect();
            assert_eq!(has_header(&records), expected, "{file}");
        }
    }
}
