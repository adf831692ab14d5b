//! How a column writes its dates and times, in strftime's language.
//!
//! Knows `%Y %y %m %d %b %B %H %I %M %S %f %p`, `%-m %-d %-H` (no padding) and literals. Years 1 to 9999 of the
//! proleptic Gregorian calendar; seconds since 1970 as `f64`, so microseconds survive. Does not know: time
//! zones (a trailing `Z` or `+00:00` is a literal), weekdays, weeks, mixed formats in one column.
//!
//! Days and civil dates: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013).

use serde::{Deserialize, Serialize};

/// A strftime pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatetimeFormat(String);

const DATES: [&str; 20] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%-m/%-d/%Y",
    "%-d/%-m/%Y",
    "%-d.%-m.%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%Y%m%d",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%d-%b-%y",
];
const TIMES: [&str; 14] = [
    "",
    " %H:%M:%S",
    " %H:%M",
    "T%H:%M:%S",
    "T%H:%M:%SZ",
    " %H:%M:%S.%f",
    "T%H:%M:%S.%f",
    "T%H:%M:%S.%fZ",
    " %-H:%M",
    " %-H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    "T%H:%M",
    " %H:%M:%S+00:00",
];
const OTHERS: [&str; 4] = ["%H:%M:%S", "%H:%M", "%Y-%m", "%m/%Y"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAY: i64 = 86_400;

impl DatetimeFormat {
    /// The first known pattern that reads every cell. `%Y%m%d` is taken for dates only between 1900 and 2100,
    /// and only where at least ten distinct cells agree: other eight-digit numbers look the same.
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Option<DatetimeFormat> {
        let first = cells.clone().next()?.trim();
        if !(4..=40).contains(&first.len()) || !first.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let dated = DATES.iter().flat_map(|date| TIMES.iter().map(move |time| format!("{date}{time}")));
        let mut patterns = dated.chain(OTHERS.iter().map(|other| other.to_string()));
        patterns
            .find(|pattern| {
                let mut count = 0;
                let all = parse(pattern, first).is_some()
                    && cells.clone().all(|cell| {
                        count += 1;
                        parse(pattern, cell.trim()).is_some_and(|seconds| {
                            pattern != "%Y%m%d" || (-2_208_988_800.0..4_102_444_800.0).contains(&seconds)
                        })
                    });
                all && (pattern != "%Y%m%d" || count >= 10)
            })
            .map(DatetimeFormat)
    }

    pub fn pattern(&self) -> &str {
        &self.0
    }

    /// The smallest step that the pattern can write, in seconds.
    pub fn resolution(&self) -> f64 {
        let has = |field| self.0.contains(field);
        match () {
            () if has("%f") => 1e-6,
            () if has("%S") => 1.0,
            () if has("%M") => 60.0,
            () => DAY as f64,
        }
    }

    /// Seconds since 1970-01-01 00:00 of a cell in this pattern.
    pub fn parse(&self, cell: &str) -> Option<f64> {
        parse(&self.0, cell.trim())
    }

    /// The text of a moment, held to the years 1 to 9999.
    pub fn format(&self, seconds: f64) -> String {
        let micros = (seconds.clamp(-62_135_596_800.0, 253_402_300_799.0) * 1e6).round() as i64;
        let (whole, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        let (days, clock) = (whole.div_euclid(DAY), whole.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        let mut text = String::with_capacity(26);
        for field in Fields(&self.0) {
            use std::fmt::Write;
            let _ = match field {
                Field::Literal(c) => write!(text, "{c}"),
                Field::Padded('Y') => write!(text, "{year:04}"),
                Field::Padded('y') => write!(text, "{:02}", year.rem_euclid(100)),
                Field::Padded('m') => write!(text, "{month:02}"),
                Field::Bare('m') => write!(text, "{month}"),
                Field::Padded('d') => write!(text, "{day:02}"),
                Field::Bare('d') => write!(text, "{day}"),
                Field::Padded('b') => write!(text, "{}", &MONTHS[month as usize - 1][..3]),
                Field::Padded('B') => write!(text, "{}", MONTHS[month as usize - 1]),
                Field::Padded('H') => write!(text, "{hour:02}"),
                Field::Bare('H') => write!(text, "{hour}"),
                Field::Padded('I') => write!(text, "{:02}", (hour + 11) % 12 + 1),
                Field::Padded('p') => write!(text, "{}", if hour < 12 { "AM" } else { "PM" }),
                Field::Padded('M') => write!(text, "{minute:02}"),
                Field::Padded('S') => write!(text, "{second:02}"),
                Field::Padded('f') => write!(text, "{micros:06}"),
                Field::Padded(c) | Field::Bare(c) => write!(text, "%{c}"),
            };
        }
        text
    }
}

enum Field {
    Literal(char),
    Padded(char),
    Bare(char),
}

/// The fields of a pattern, one after the other.
struct Fields<'a>(&'a str);

impl Iterator for Fields<'_> {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        let mut chars = self.0.chars();
        let field = match chars.next()? {
            '%' => match chars.next()? {
                '-' => Field::Bare(chars.next()?),
                c => Field::Padded(c),
            },
            c => Field::Literal(c),
        };
        self.0 = chars.as_str();
        Some(field)
    }
}

fn parse(pattern: &str, cell: &str) -> Option<f64> {
    let mut text = cell;
    let (mut year, mut month, mut day) = (1970, 1, 1);
    let (mut hour, mut minute, mut second, mut micros) = (0, 0, 0, 0);
    let mut afternoon = None;
    for field in Fields(pattern) {
        match field {
            Field::Literal(c) => text = text.strip_prefix(c)?,
            Field::Padded('Y') => year = digits(&mut text, 4)?,
            Field::Padded('y') => {
                let short = digits(&mut text, 2)?;
                year = short + if short < 69 { 2000 } else { 1900 }; // POSIX
            }
            Field::Padded('m') => month = digits(&mut text, 2)?,
            Field::Bare('m') => month = bare(&mut text)?,
            Field::Padded('d') => day = digits(&mut text, 2)?,
            Field::Bare('d') => day = bare(&mut text)?,
            Field::Padded('b') => month = name(&mut text, |month| &month[..3])?,
            Field::Padded('B') => month = name(&mut text, |month| month)?,
            Field::Padded('H' | 'I') => hour = digits(&mut text, 2)?,
            Field::Bare('H') => hour = bare(&mut text)?,
            Field::Padded('p') => {
                afternoon = Some(text.starts_with('P'));
                text = text.strip_prefix("AM").or_else(|| text.strip_prefix("PM"))?;
            }
            Field::Padded('M') => minute = digits(&mut text, 2)?,
            Field::Padded('S') => second = digits(&mut text, 2)?,
            Field::Padded('f') => micros = digits(&mut text, 6)?,
            Field::Padded(_) | Field::Bare(_) => return None,
        }
    }
    if let Some(afternoon) = afternoon {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    let valid = text.is_empty()
        && year >= 1
        && (1..=12).contains(&month)
        && (1..=month_length(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
    valid.then_some(seconds as f64 + micros as f64 / 1e6)
}

/// Exactly `count` digits.
fn digits(text: &mut &str, count: usize) -> Option<i64> {
    let head = text.get(..count).filter(|head| head.bytes().all(|b| b.is_ascii_digit()))?;
    *text = &text[count..];
    head.parse().ok()
}

/// One or two digits without a leading zero, but for zero itself.
fn bare(text: &mut &str) -> Option<i64> {
    let count = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    if count == 2 && text.starts_with('0') {
        return None;
    }
    if count == 0 { None } else { digits(text, count) }
}

fn name(text: &mut &str, form: impl Fn(&'static str) -> &'static str) -> Option<i64> {
    let at = MONTHS.iter().position(|month| text.starts_with(form(month)))?;
    *text = &text[form(MONTHS[at]).len()..];
    Some(at as i64 + 1)
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        for (pattern, cell, seconds) in [
            ("%Y-%m-%d", "1970-01-01", 0.0),
            ("%Y-%m-%d", "1582-10-15", -12_219_292_800.0),
            ("%Y-%m-%dT%H:%M:%SZ", "2000-02-29T12:34:56Z", 951_827_696.0),
            ("%d/%m/%Y", "31/12/9999", 253_402_214_400.0),
            ("%-m/%-d/%Y %-H:%M", "3/9/2020 7:05", 1_583_737_500.0),
            ("%b %d, %Y", "Mar 01, 1900", -2_203_891_200.0),
            ("%Y-%m-%d %I:%M %p", "2020-01-01 12:30 AM", 1_577_838_600.0),
            ("%Y-%m-%d %H:%M:%S.%f", "2021-05-06 01:02:03.250000", 1_620_262_923.25),
        ] {
            let format = DatetimeFormat(pattern.into());
            assert_eq!(format.parse(cell), Some(seconds), "{cell}");
            assert_eq!(format.format(seconds), cell);
        }
    }

    #[test]
    fn every_day_of_eight_centuries() {
        let start = days(1600, 1, 1);
        for offset in 0..292_194 {
            let (year, month, day) = civil(start + offset);
            assert_eq!(days(year, month, day), start + offset);
            assert!(day <= month_length(year, month));
        }
        assert_eq!(civil(start + 292_194), (2400, 1, 1));
    }

    #[test]
    fn infers_what_all_cells_share() {
        let infer = |cells: &[&str]| {
            DatetimeFormat::infer(cells.iter().copied()).map(|format| format.pattern().to_string())
        };
        assert_eq!(infer(&["2019-03-23 20:21:09", "2019-03-04 16:11:55"]).unwrap(), "%Y-%m-%d %H:%M:%S");
        assert_eq!(infer(&["01/02/2020", "13/02/2020"]).unwrap(), "%d/%m/%Y");
        assert_eq!(infer(&["01/02/2020", "02/13/2020"]).unwrap(), "%m/%d/%Y");
        assert_eq!(infer(&["1/2/2020", "12/31/2020"]).unwrap(), "%-m/%-d/%Y");
        assert_eq!(infer(&["2020-01-01", "2020-02-30"]), None);
        assert_eq!(infer(&["20200101", "20200102"]), None, "two numbers are not yet dates");
        assert_eq!(infer(&["male", "female"]), None);
    }
}
