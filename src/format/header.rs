//! Which lines of a table's beginning name its columns, by what stands below them.

use std::collections::HashSet;

use super::dialect::MOST_LINES;

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

/// How many of the first records are the header: none, the names alone, or names with groups above or units below.
pub fn header_lines(records: &[Vec<String>]) -> usize {
    let several = (2..=MOST_LINES).rev().find(|&lines| are_header(records, lines));
    several.unwrap_or(usize::from(has_header(records)))
}

/// Several lines of words, and below them two columns or more that hold values alone. Each line has words over the
/// half of these columns, or groups of them; the names stand over all. So a row with a word in one of them is none.
fn are_header(records: &[Vec<String>], lines: usize) -> bool {
    let (head, body) = records.split_at(lines.min(records.len()));
    let width = head.first().map_or(0, Vec::len);
    let body: Vec<_> = body.iter().filter(|record| record.len() == width).collect();
    if body.len() < 2 || head.len() < lines || head.iter().any(|line| line.len() != width) {
        return false;
    }
    let looks = |column: usize| body.iter().map(move |record| Look::of(&record[column]));
    let valued = |&column: &usize| {
        let (cells, values) = looks(column)
            .filter(|look| *look != Look::Empty)
            .fold((0, 0), |(cells, values), look| (cells + 1, values + usize::from(look.is_value())));
        cells > 0 && values * 10 >= cells * 9
    };
    let columns: Vec<usize> = (0..width).filter(valued).collect();
    let words = |line: &Vec<String>| columns.iter().filter(|&&c| Look::of(&line[c]) == Look::Text).count();
    let named = |line: &Vec<String>| columns.iter().filter(|&&c| !line[c].trim().is_empty()).count();
    let is_line = |line: &Vec<String>| words(line) * 2 >= columns.len() && words(line) == named(line);
    let is_group =
        |line: &Vec<String>| line[0].trim().is_empty() && line.iter().any(|c| !c.trim().is_empty());
    // Only the first line may be groups, and those may be years.
    let (first, rest) = (&head[0], &head[1..]);
    columns.len() >= 2
        && rest.iter().all(is_line)
        && (is_line(first) || is_group(first))
        && head.iter().any(|line| words(line) == columns.len())
        && rest.iter().all(|line| body.iter().all(|record| !repeats(line, record)))
}

/// A word of the line stands in the record too, in its column: the line is a row like it.
fn repeats(line: &[String], record: &[String]) -> bool {
    line.iter().zip(record).any(|(a, b)| a == b && Look::of(a) == Look::Text)
}

/// Whether the first of these records is a header. It is one unless the evidence is against it, as most are.
fn has_header(records: &[Vec<String>]) -> bool {
    let Some((first, body)) = records.split_first() else {
        return true;
    };
    if body.is_empty() {
        // A line alone is data where it holds values that name nothing.
        return (0..first.len())
            .all(|column| !Look::of(&first[column]).is_value() || is_label(first, column, body));
    }
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
            Look::Number | Look::Moment if valued && !is_label(first, column, body) => against += 1,
            _ => {}
        }
    }
    // Values above values; or words that stand below again, which names seldom do.
    against == 0 && (repeated == 0 || repeated * 2 < texts)
}

/// A number that names: a year beside a text, or one of an even series such as 1, 2, 3. Not above more of the same.
fn is_label(first: &[String], column: usize, body: &[Vec<String>]) -> bool {
    let whole = |cell: &String| cell.trim().parse::<i64>().ok();
    let is_year = |number: i64| (1800..=2100).contains(&number);
    let series = |record: &[String]| record.iter().filter_map(whole).collect::<Vec<_>>();
    let step = |series: &[i64]| {
        let even = series.windows(3).all(|three| three[1] - three[0] == three[2] - three[1]);
        (series.len() >= 3 && even && series[0] != series[1]).then(|| series[1] - series[0])
    };
    let Some(number) = whole(&first[column]) else {
        return false;
    };
    let numbers = series(first);
    let named = first.iter().any(|cell| Look::of(cell) == Look::Text);
    if named && is_year(number) && numbers.iter().all(|&number| is_year(number)) {
        let below: Vec<i64> = body.iter().filter_map(|record| whole(record.get(column)?)).collect();
        return !body.is_empty() && (below.is_empty() || !below.into_iter().all(is_year));
    }
    // Rows of numbers alone may each count up.
    step(&numbers)
        .is_some_and(|own| body.first().is_some_and(|next| named || step(&series(next)) != Some(own)))
}

/// The columns' names from the header's lines, and those names that are not the text of a single line, with their texts.
/// Lines are joined with a space, a group standing over the columns to its right that have none; an empty name becomes
/// `column_3`, a repeated one `name_2`.
pub fn names(lines: &[Vec<String>], width: usize) -> (Vec<String>, Vec<(String, Vec<String>)>) {
    let text = |line: usize, column: usize| lines[line].get(column).map_or("", String::as_str);
    let group = |line: usize, column: usize| {
        let above = (0..=column).rev().map(|place| text(line, place)).find(|text| !text.trim().is_empty());
        if line == 0 && lines.len() > 1 { above.unwrap_or_default() } else { text(line, column) }
    };
    let (mut names, mut renamed) = (Vec::with_capacity(width), Vec::new());
    let mut taken = HashSet::new();
    for column in 0..width {
        let mut parts: Vec<&str> = (0..lines.len()).map(|line| group(line, column)).collect();
        if parts.len() > 1 {
            parts.retain(|part| !part.trim().is_empty());
            parts.dedup();
        }
        let joined = parts.join(" ");
        let base = if joined.trim().is_empty() { format!("column_{}", column + 1) } else { joined };
        let mut name = base.clone();
        let mut copy = 1;
        while !taken.insert(name.clone()) {
            copy += 1;
            name = format!("{base}_{copy}");
        }
        if lines.len() > 1 || (lines.len() == 1 && name != text(0, column)) {
            let texts = (0..lines.len()).map(|line| text(line, column).to_string()).collect();
            renamed.push((name.clone(), texts));
        }
        names.push(name);
    }
    (names, renamed)
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
    fn several_lines_of_a_header_are_counted() {
        for (file, lines) in [
            ("a,b,c\n1,2,x\n3,4,y", 1),
            ("who,height,weight\n,cm,kg\nAnn,170,60\nBob,180,70", 2),
            (",2019,,2020,\ncity,in,out,in,out\nRome,1,2,3,4\nOslo,1,2,3,4", 2),
            (",Road,,Rail,\ncity,in,out,in,out\n,t,t,t,t\nRome,1,2,3,4\nOslo,1,2,3,4", 3),
            ("who,height,weight\nCid,unknown,70\nAnn,170,60\nBob,180,70", 1),
            ("who,height\nCid,unknown\nAnn,170\nBob,180", 1),
            ("who,a,b\nAnn,x,y\nAnn,1,2\nAnn,2,3", 1),
            ("1,2\n3,4\n5,6", 0),
        ] {
            let records: Vec<Vec<String>> =
                file.lines().map(|line| line.split(',').map(String::from).collect()).collect();
            assert_eq!(header_lines(&records), lines, "{file}");
        }
    }

    #[test]
    fn names_join_the_lines() {
        let lines = [",2019,,2020", "city,in,out,in", ",t,t,"];
        let lines: Vec<Vec<String>> =
            lines.iter().map(|line| line.split(',').map(String::from).collect()).collect();
        let (found, renamed) = names(&lines, 4);
        assert_eq!(found, ["city", "2019 in t", "2019 out t", "2020 in"]);
        assert_eq!(renamed[2].1, ["", "out", "t"]);
        assert_eq!(names(&[], 2).0, ["column_1", "column_2"]);
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
            ("1,2", false),
            ("2,x", false),
            ("1,2,3\n4,5,6", false),
            ("1,2,3\n7,5,8", true),
            ("Jim;Duggan,1987\nBret,1984\nErnie,1964", false),
            ("id,note\n,x\n,y", true),
        ];
        for (file, expected) in cases {
            let records: Vec<Vec<String>> =
                file.lines().map(|line| line.split(',').map(String::from).collect()).collect();
            assert_eq!(has_header(&records), expected, "{file}");
        }
    }
}
