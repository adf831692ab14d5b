//! How a column writes its dates and times: one pattern, or several (`datetime/mixed.rs`) of which one is written.
//!
//! The patterns' language is `datetime/pattern.rs`, the forms that are tried are `datetime/forms.rs`. Years 1
//! to 9999; seconds since 1970 as `f64`, so microseconds survive. Does not know: names of months in other
//! languages, days without a year.

use serde::{Deserialize, Serialize};

mod forms;
mod mixed;
mod pattern;

use super::number;
use pattern::{Field, Fields};

/// Patterns. Their literals are shared by all cells that they read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatetimeFormat {
    /// The one that is written.
    pattern: String,
    /// Others that are read.
    others: Vec<String>,
    /// The zone that is written, where cells have several. The patterns are without it, and moments are in UTC.
    zone: Option<String>,
}

/// Fewer distinct cells than this do not show that mere digits are dates.
const MIN_COMPACT: usize = 10;
const MIN_EPOCH: usize = 20;
/// 1900 and 2100, in seconds: eight-digit numbers outside are other numbers.
const COMPACT: std::ops::Range<f64> = -2_208_988_800.0..4_102_444_800.0;

/// Midnight of a day written 2020-12-31.
pub fn iso_day(text: &str) -> Option<f64> {
    pattern::parse("%Y-%m-%d", text)
}

/// A day, or a moment of it to the minute, the second or up to six decimals, as ISO 8601 writes them without a zone.
pub fn iso_moment(text: &str) -> Option<f64> {
    let Some((day, clock)) = text.split_once(['T', ' ']) else { return iso_day(text) };
    let decimals = clock.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let form = match (clock.len(), decimals) {
        (5, _) => "%H:%M".to_string(),
        (_, 0) => "%H:%M:%S".to_string(),
        _ => format!("%H:%M:%S.%{decimals}f"),
    };
    pattern::parse(&format!("%Y-%m-%d {form}"), &format!("{day} {clock}"))
}

impl DatetimeFormat {
    /// The first known pattern that reads every one of these distinct cells, else several that do together.
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Option<DatetimeFormat> {
        let zoned = |cell: &'a str| forms::split_zone(cell.trim()).0;
        match mixed::zone(cells.clone()) {
            Some(zone) => {
                Some(DatetimeFormat { zone: Some(zone), ..DatetimeFormat::of_zone(cells.map(zoned))? })
            }
            None => DatetimeFormat::of_zone(cells),
        }
    }

    fn of_zone<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Option<DatetimeFormat> {
        DatetimeFormat::uniform(cells.clone())
            .map(|pattern| vec![pattern])
            .or_else(|| mixed::forms(cells))
            .map(|mut forms| DatetimeFormat { pattern: forms.remove(0), others: forms, zone: None })
    }

    fn uniform<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
        let first = cells.clone().next()?.trim();
        if !(4..=48).contains(&first.len()) || !first.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        if number::parse(first).is_some() && (first.len() < 8 || first.contains('.')) {
            return None; // most columns are numbers: no need to try every form on them
        }
        let reads = |pattern: &String| {
            let is = |test: fn(&Field) -> bool| Fields(pattern).any(|field| test(&field));
            let digits = !is(|field| matches!(field, Field::Literal(_) | Field::Part(_, 'b' | 'B')));
            let offset = is(|field| matches!(field, Field::Literal(c) if c.is_ascii_digit()));
            let version = ["%y", "%-", "."].iter().all(|part| pattern.contains(part)); // "1.2.10"
            let needed = match () {
                () if pattern.contains("%s") => MIN_EPOCH,
                () if digits || version => MIN_COMPACT,
                () => 1 + usize::from(offset),
            };
            let read = |cell: &str| pattern::parse(pattern, cell.trim());
            read(first).is_some()
                && cells.clone().all(|cell| read(cell).is_some_and(|at| !digits || COMPACT.contains(&at)))
                && cells.clone().take(needed).count() == needed
        };
        forms::patterns(first).into_iter().find(reads)
    }

    /// The format that Python's `strptime` is told, in the form that these distinct cells have: it reads numbers with and
    /// without padding, and fractions of any length.
    ///
    /// # Errors
    /// None: it has parts that are unknown here. The place of a cell that is not written so.
    pub fn told<'a>(
        format: &str,
        cells: impl Iterator<Item = &'a str> + Clone,
    ) -> std::result::Result<DatetimeFormat, Option<usize>> {
        let known = |field| {
            matches!(
                field,
                Field::Literal(_)
                    | Field::Part(
                        ' ' | '-',
                        'Y' | 'y' | 'm' | 'd' | 'H' | 'I' | 'M' | 'S' | 'f' | 'p' | 'b' | 'B' | 'a' | 'A'
                    )
            )
        };
        if !Fields(format).all(known) {
            return Err(None);
        }
        let mut forms = vec![format.to_string()];
        let vary = |forms: &mut Vec<String>, part: &str, others: &[&str]| {
            if format.contains(part) {
                let more: Vec<String> = forms
                    .iter()
                    .flat_map(|form| others.iter().map(move |other| form.replace(part, other)))
                    .collect();
                forms.extend(more);
            }
        };
        vary(&mut forms, "%f", &["%3f", "%6f", "%1f", "%2f", "%4f", "%5f"]);
        for part in ["%d", "%m", "%H", "%I"] {
            vary(&mut forms, part, &[&format!("%-{}", &part[1..])]);
        }
        vary(&mut forms, "%p", &["%P"]);
        vary(&mut forms, "%b", &["%^b", "%#b"]);
        vary(&mut forms, "%B", &["%^B", "%#B"]);
        let read = |form: &String| cells.clone().position(|cell| pattern::parse(form, cell.trim()).is_none());
        let mut furthest = 0;
        for form in forms {
            match read(&form) {
                None => return Ok(DatetimeFormat { pattern: form, others: Vec::new(), zone: None }),
                Some(place) => furthest = furthest.max(place),
            }
        }
        Err(Some(furthest))
    }

    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The pattern in the words that Python's `strptime` has, which reads any case and any number of decimals.
    pub fn strptime(&self) -> String {
        let word = |field| match field {
            Field::Literal(c) => c.to_string(),
            Field::Part(_, 'f') => "%f".into(),
            Field::Part(_, 'P') => "%p".into(),
            Field::Part(_, 'k') => "%-H".into(),
            Field::Part('-', letter) => format!("%-{letter}"),
            Field::Part(_, letter) => format!("%{letter}"),
        };
        let zone = if self.zone.is_some() { "%z" } else { "" };
        Fields(&self.pattern).map(word).collect::<String>() + zone
    }

    /// Is it a count of seconds or milliseconds, which only the column's name can tell from other numbers?
    pub fn is_epoch(&self) -> bool {
        self.pattern.contains("%s")
    }

    /// How many forms the column's cells have.
    pub fn forms(&self) -> usize {
        1 + self.others.len()
    }

    /// The zone that is written, where cells have several.
    pub fn zone(&self) -> Option<&str> {
        self.zone.as_deref().map(str::trim)
    }

    /// Would every one of these cells read with day and month swapped as well?
    pub fn is_ambiguous<'a>(&self, cells: impl Iterator<Item = &'a str>) -> bool {
        let swapped = DatetimeFormat { pattern: mixed::swapped(&self.pattern), ..self.clone() };
        let numeric = ["%m", "%-m"].iter().any(|part| self.pattern.contains(part));
        let settled = !self.others.is_empty() || self.pattern.starts_with("%Y") || swapped == *self;
        let mut cells = cells;
        numeric && !settled && cells.all(|cell| swapped.parse(cell).is_some())
    }

    /// How the cells are to be understood where the eye may doubt.
    pub fn hint(&self) -> Option<&'static str> {
        let at = |parts: [&str; 2]| parts.iter().find_map(|part| self.pattern.find(part));
        let year = at(["%Y", "%y"]).unwrap_or(0);
        match (at(["%d", "%-d"]), at(["%m", "%-m"])) {
            _ if self.is_epoch() => Some("counted since 1970"),
            (Some(day), Some(month)) if day < month => Some("day before month"),
            (Some(_), Some(month)) if month < year => Some("month before day"),
            _ => None,
        }
    }

    /// How many of the smallest steps that the pattern can write make a second; one, if a step is longer.
    pub fn ticks(&self) -> f64 {
        pattern::ticks(&self.pattern)
    }

    /// Seconds since 1970-01-01 00:00 of a cell.
    pub fn parse(&self, cell: &str) -> Option<f64> {
        let (cell, offset) = match &self.zone {
            None => (cell.trim(), 0.0),
            Some(_) => {
                let (body, zone) = forms::split_zone(cell.trim());
                (body, mixed::offset(zone)?)
            }
        };
        let patterns = std::iter::once(&self.pattern).chain(&self.others);
        patterns.filter_map(|pattern| pattern::parse(pattern, cell)).next().map(|seconds| seconds - offset)
    }

    /// The text of a moment, held to the years 1 to 9999.
    pub fn format(&self, seconds: f64) -> String {
        match &self.zone {
            None => pattern::format(&self.pattern, seconds),
            Some(zone) => {
                let offset = mixed::offset(zone).unwrap_or(0.0);
                pattern::format(&self.pattern, seconds + offset) + zone
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_iso_writes_them() {
        let day = 1_714_521_600.0;
        assert_eq!(iso_moment("2024-05-01"), Some(day));
        assert_eq!(iso_moment("2024-05-01T01:00"), Some(day + 3600.0));
        assert_eq!(iso_moment("2024-05-01 00:00:07.25"), Some(day + 7.25));
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-05-01T",
            "2024-05-01T1",
            "2024-05-01T00:00:07.1234567",
            "01/02/2024",
        ] {
            assert_eq!(iso_moment(text), None, "{text}");
        }
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
        assert_eq!(infer(&["9:15:00", "24:05:00", "0:00:10"]).unwrap(), "%+k:%M:%S");
        assert_eq!(infer(&["4/15/12", "12/1/12"]).unwrap(), "%-m/%-d/%y");
        assert_eq!(infer(&["male", "female"]), None);
    }

    #[test]
    fn every_form_comes_back_as_it_was() {
        let days = |i: i64| pattern::parse("%Y-%m-%d", "2019-11-20").unwrap() + (i * 86_400 * 5) as f64;
        for form in [
            "%d.%m.%Y",
            "%-d. %-m. %Y",
            "%-d.%-m.%y",
            "%-d/%m/%Y",
            "%Y.%m.%d",
            "%d %m %Y",
            "%Y%m%d",
            "%Y%m%d%H%M%S",
            "%d-%^b-%Y",
            "%#b %-d, %Y",
            "%-d %B %Y",
            "%a, %-d %b %Y",
            "%A %d %B %Y",
            "%b-%y",
            "%B %Y",
            "%Y-%m",
            "%Y-Q%q",
            "%G-W%V",
            "%s",
            "%s%3f",
            "%Y-%m-%dT%H:%M:%S.%3fZ",
            "%Y-%m-%d %H:%M:%S.%6f+02:00",
            "%m/%d/%Y %-I:%M:%S %p",
            "%d/%m/%Y %-I:%M %P",
            "%Y-%m-%dT%H:%M:%S-0500",
            "%d/%b/%Y, %H:%M",
            "%Y-%m-%d %H:%M:%S UTC",
            "%Y-%m-%d %H:%M:%S,%2f +0100",
            "%Y-%m-%d %+H:%M",
        ] {
            let cells: Vec<String> =
                (0..40).map(|i| pattern::format(form, days(i) + (i % 7 * 13_337) as f64)).collect();
            let format = DatetimeFormat::infer(cells.iter().map(String::as_str))
                .unwrap_or_else(|| panic!("{form}: {cells:?}"));
            assert_eq!(format.pattern(), form);
            for cell in &cells {
                assert_eq!(format.format(format.parse(cell).unwrap()), *cell);
            }
        }
    }

    #[test]
    fn mixtures_and_other_numbers_stay_text() {
        for cells in [
            vec!["2020-01-01", "01.02.2020"],
            vec!["2020-01-01 00:00:00.5", "2020-01-01 00:00:00.25"],
            vec!["2020-01-01 00:00:00.1234567"],
            vec!["1.2.10", "1.3.11"],
            vec!["1612137600", "1612137601"],
            vec!["Tue, 3 Feb 2020"],
            vec!["12.5", "10.2"],
        ] {
            assert_eq!(DatetimeFormat::infer(cells.iter().copied()), None, "{cells:?}");
        }
    }

    #[test]
    fn says_it_in_other_words() {
        let format = |pattern: &str| DatetimeFormat { pattern: pattern.into(), others: vec![], zone: None };
        assert_eq!(format("%-d %^b %Y %H:%M:%S.%3f").strptime(), "%-d %b %Y %H:%M:%S.%f");
        assert_eq!(format("%d.%m.%Y").hint(), Some("day before month"));
        assert_eq!(format("%-m/%-d/%y").hint(), Some("month before day"));
        assert_eq!(format("%Y-%m-%d").hint(), None);
    }
}
