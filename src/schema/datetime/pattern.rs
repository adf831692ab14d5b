//! Reading and writing one moment by a pattern.
//!
//! The language is strftime's: `%Y %y %m %d %b %B %a %A %H %I %M %S %p %P %s %G %V`, with `%-` for "no
//! padding", `%^` for upper and `%#` for lower case. Our own are `%3f`, a fraction of exactly so many digits; `%q`, a
//! quarter; and `%+H`, or `%+k` without padding, hours up to 24: midnight is 24:00 of the day before, and without a date
//! hours go on counting.

use crate::math::calendar::{MONTHS, WEEKDAYS, civil, days, iso_week, monday, month_length, weekday};

pub const DAY: i64 = 86_400;
/// 10^9 s, when the ten-digit seconds begin, and 2100: nothing outside is taken for a count of seconds.
const EPOCH: std::ops::Range<i64> = 1_000_000_000..4_102_444_800;
/// Beyond this many seconds from 1970, microseconds do not survive in an `f64`.
const MAX_FRACTIONAL: i64 = 9_000_000_000;
/// 0001-01-01 and 9999-12-31 23:59:59.
const FIRST: f64 = -62_135_596_800.0;
const LAST: f64 = 253_402_300_799.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field {
    Literal(char),
    /// A flag, or a space, and a letter.
    Part(char, char),
}

/// The fields of a pattern, one after the other.
pub struct Fields<'a>(pub &'a str);

impl Iterator for Fields<'_> {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        let mut chars = self.0.chars();
        let field = match chars.next()? {
            '%' => match chars.next()? {
                flag if "-^#+123456".contains(flag) => Field::Part(flag, chars.next()?),
                letter => Field::Part(' ', letter),
            },
            c => Field::Literal(c),
        };
        self.0 = chars.as_str();
        Some(field)
    }
}

/// What a text said so far.
#[derive(Clone)]
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    week: Option<i64>,
    weekday: Option<usize>,
    hour: i64,
    minute: i64,
    second: i64,
    micros: i64,
    afternoon: Option<bool>,
    /// Hours were written to 24, or beyond.
    long: bool,
    dated: bool,
    epoch: Option<i64>,
}

/// Seconds since 1970-01-01 00:00.
pub fn parse(pattern: &str, text: &str) -> Option<f64> {
    let (moment, rest) = read(pattern, text)?;
    if rest.is_empty() { moment.seconds() } else { None }
}

/// What is left of a text after what this pattern reads.
pub fn after<'a>(pattern: &str, text: &'a str) -> Option<&'a str> {
    read(pattern, text).map(|(_, rest)| rest)
}

fn read<'a>(pattern: &str, mut text: &'a str) -> Option<(Moment, &'a str)> {
    let mut to = Moment {
        year: 1970,
        month: 1,
        day: 1,
        week: None,
        weekday: None,
        hour: 0,
        minute: 0,
        second: 0,
        micros: 0,
        afternoon: None,
        long: false,
        dated: false,
        epoch: None,
    };
    for field in Fields(pattern) {
        let (flag, letter) = match field {
            Field::Literal(c) => {
                text = text.strip_prefix(c)?;
                continue;
            }
            Field::Part(flag, letter) => (flag, letter),
        };
        to.dated |= "YymdbBGs".contains(letter);
        let mut number = |count| if flag == '-' { bare(&mut text) } else { digits(&mut text, count) };
        match letter {
            'Y' | 'G' => to.year = number(4)?,
            'y' => {
                let short = number(2)?;
                to.year = short + if short < 69 { 2000 } else { 1900 }; // POSIX
            }
            'm' => to.month = number(2)?,
            'd' => to.day = number(2)?,
            'V' => to.week = Some(number(2)?),
            'q' => {
                let quarter = number(1)?;
                to.month = quarter * 3 - 2;
                to.dated = true;
            }
            'H' | 'k' if flag == '+' => {
                let least = if letter == 'H' { 2 } else { 1 };
                let count = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
                to.hour = digits(&mut text, count.max(least))?;
                if count > least && to.hour < 10i64.pow(count as u32 - 1) {
                    return None; // a needless zero
                }
                to.long = true;
            }
            'H' | 'I' => to.hour = number(2)?,
            'M' => to.minute = number(2)?,
            'S' => to.second = number(2)?,
            's' => to.epoch = Some(number(10)?),
            'f' => {
                let count = flag.to_digit(10)?;
                to.micros = number(count as usize)? * 10i64.pow(6 - count);
            }
            'p' | 'P' => {
                let (am, pm) = if letter == 'p' { ("AM", "PM") } else { ("am", "pm") };
                to.afternoon = Some(text.starts_with(pm));
                text = text.strip_prefix(am).or_else(|| text.strip_prefix(pm))?;
            }
            'b' => to.month = name(&mut text, &MONTHS, flag, true)? as i64 + 1,
            'B' => to.month = name(&mut text, &MONTHS, flag, false)? as i64 + 1,
            'a' => to.weekday = Some(name(&mut text, &WEEKDAYS, flag, true)?),
            'A' => to.weekday = Some(name(&mut text, &WEEKDAYS, flag, false)?),
            _ => return None,
        }
    }
    Some((to, text))
}

impl Moment {
    fn seconds(mut self) -> Option<f64> {
        if let Some(afternoon) = self.afternoon {
            if !(1..=12).contains(&self.hour) {
                return None;
            }
            self.hour = self.hour % 12 + if afternoon { 12 } else { 0 };
        }
        let clock = self.hour * 3600 + self.minute * 60 + self.second;
        let hour = match (self.long, self.dated) {
            (false, _) => self.hour < 24,
            (true, true) => (1..=DAY).contains(&clock),
            (true, false) => true,
        };
        let valid = hour
            && self.year >= 1
            && (1..=12).contains(&self.month)
            && (1..=month_length(self.year, self.month)).contains(&self.day)
            && self.minute < 60
            && self.second < 60;
        if !valid {
            return None;
        }
        let date = match self.week {
            Some(week) => monday(self.year, week)?,
            None => days(self.year, self.month, self.day),
        };
        if self.weekday.is_some_and(|named| named != weekday(date)) {
            return None;
        }
        let seconds = match self.epoch {
            Some(epoch) => Some(epoch).filter(|epoch| EPOCH.contains(epoch))?,
            None => date * DAY + clock,
        };
        let exact = self.micros == 0 || seconds.abs() < MAX_FRACTIONAL;
        exact.then_some(seconds as f64 + self.micros as f64 / 1e6)
    }
}

/// The text of a moment, held to the years 1 to 9999.
pub fn format(pattern: &str, seconds: f64) -> String {
    let dated = Fields(pattern).any(|field| matches!(field, Field::Part(_, c) if "YymdbBGsq".contains(c)));
    let micros = (seconds.clamp(FIRST, LAST) * 1e6).round() as i64;
    let (whole, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let long = pattern.contains("%+");
    let (mut date, mut clock) = (whole.div_euclid(DAY), whole.rem_euclid(DAY));
    if long && !dated {
        (date, clock) = (0, whole.max(0));
    } else if long && clock == 0 && micros == 0 {
        (date, clock) = (date - 1, DAY);
    }
    let (year, month, day) = civil(date);
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    let mut text = String::with_capacity(32);
    for field in Fields(pattern) {
        use std::fmt::Write;
        let (flag, letter) = match field {
            Field::Literal(c) => {
                text.push(c);
                continue;
            }
            Field::Part(flag, letter) => (flag, letter),
        };
        let (number, width) = match letter {
            'Y' => (year, 4),
            'G' => (iso_week(date).0, 4),
            'y' => (year.rem_euclid(100), 2),
            'm' => (month, 2),
            'd' => (day, 2),
            'V' => (iso_week(date).1, 2),
            'q' => ((month + 2) / 3, 1),
            'H' => (hour, 2),
            'k' => (hour, 1),
            'I' => ((hour + 11) % 12 + 1, 2),
            'M' => (minute, 2),
            'S' => (second, 2),
            's' => (whole, 10),
            'f' => {
                let count = flag.to_digit(10).unwrap_or(6);
                (micros / 10i64.pow(6 - count.min(6)), count as usize)
            }
            'p' | 'P' => {
                let half = if hour % 24 < 12 { "AM" } else { "PM" };
                text.push_str(&if letter == 'p' { half.to_string() } else { half.to_lowercase() });
                continue;
            }
            'b' => {
                text.push_str(&cased(&MONTHS[month as usize - 1][..3], flag));
                continue;
            }
            'B' => {
                text.push_str(&cased(MONTHS[month as usize - 1], flag));
                continue;
            }
            'a' => {
                text.push_str(&cased(&WEEKDAYS[weekday(date)][..3], flag));
                continue;
            }
            'A' => {
                text.push_str(&cased(WEEKDAYS[weekday(date)], flag));
                continue;
            }
            _ => continue,
        };
        let width = if flag == '-' { 1 } else { width };
        let _ = write!(text, "{number:0width$}");
    }
    text
}

/// How many of the pattern's finest steps make a second; one, where the step is a second or longer.
pub fn ticks(pattern: &str) -> f64 {
    let fraction = Fields(pattern).find_map(|field| match field {
        Field::Part(flag, 'f') => flag.to_digit(10),
        _ => None,
    });
    10f64.powi(fraction.unwrap_or(0) as i32)
}

fn cased(name: &str, flag: char) -> String {
    match flag {
        '^' => name.to_uppercase(),
        '#' => name.to_lowercase(),
        _ => name.to_string(),
    }
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

/// The place of the name that the text begins with.
fn name(text: &mut &str, names: &[&str], flag: char, short: bool) -> Option<usize> {
    let form = |name: &str| cased(if short { &name[..3] } else { name }, flag);
    let at = names.iter().position(|name| text.starts_with(&form(name)))?;
    *text = &text[form(names[at]).len()..];
    Some(at)
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
            ("%Y-%m-%d %H:%M:%S.%6f", "2021-05-06 01:02:03.250000", 1_620_262_923.25),
            ("%Y-%m-%d %H:%M:%S.%1f", "2021-05-06 01:02:03.2", 1_620_262_923.2),
            ("%a, %-d %b %Y", "Mon, 3 Feb 2020", 1_580_688_000.0),
            ("%d-%^b-%y %-I:%M%P", "03-FEB-20 1:05pm", 1_580_735_100.0),
            ("%Y-%m-%d %+H:%M", "2020-02-02 24:00", 1_580_688_000.0),
            ("%+H:%M:%S", "26:10:05", 94_205.0),
            ("%+H:%M", "123:10", 443_400.0),
            ("%+k:%M:%S", "9:10:05", 33_005.0),
            ("Q%q %Y", "Q3 2021", 1_625_097_600.0),
            ("%G-W%V", "2021-W05", 1_612_137_600.0),
            ("%s", "1612137600", 1_612_137_600.0),
            ("%s%3f", "1612137600250", 1_612_137_600.25),
        ] {
            assert_eq!(parse(pattern, cell), Some(seconds), "{cell}");
            assert_eq!(format(pattern, seconds), cell);
        }
    }

    #[test]
    fn what_is_no_moment() {
        for (pattern, cell) in [
            ("%Y-%m-%d", "2021-02-29"),
            ("%a %Y-%m-%d", "Tue 2020-02-03"),
            ("%G-W%V", "2021-W53"),
            ("Q%q %Y", "Q5 2021"),
            ("Q%q %Y", "Q0 2021"),
            ("%s", "0999999999"),
            ("%Y-%m-%d %+H:%M", "2020-02-02 00:00"),
            ("%Y-%m-%d %+H:%M", "2020-02-02 24:01"),
            ("%Y %H:%M:%S.%6f", "9000 00:00:00.000001"),
            ("%Y-%m-%d %H:%M", "2020-02-02 24:00"),
            ("%z", "+0100"),
        ] {
            assert_eq!(parse(pattern, cell), None, "{cell}");
        }
    }

    #[test]
    fn any_pattern_and_moment_can_be_written() {
        for pattern in ["%", "%9", "%3", "%+", "%f", "%0f", "%-Y %Q %%", "%+H", "%s%6f"] {
            for seconds in [f64::MIN, -1.0, 0.5, f64::MAX] {
                let _ = format(pattern, seconds);
            }
        }
    }
}
