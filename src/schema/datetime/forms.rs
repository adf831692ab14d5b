//! The forms in which columns have dates and times, as tables of parts.
//!
//! What one cell settles by itself (weekday, letter case, fraction, zone) is read off the first cell; only the
//! rest, the date and the clock, is looked up here. The order of the tables decides between two forms that
//! read every cell: month before day with slashes, day before month with anything else.

use super::mixed::named_zone;
use super::pattern::after;

/// Dates of digits: the order of the fields (upper case Y is four digits) with a separator that each may have.
const NUMERIC: [(&str, &[&str]); 9] = [
    ("Ymd", &["-", "/", ".", " ", ""]),
    ("mdY", &["/"]),
    ("dmY", &["/", ".", "-", " ", ". "]),
    ("mdY", &["-"]),
    ("Ydm", &["-", "/"]),
    ("mdy", &["/"]),
    ("dmy", &["/", ".", "-"]),
    ("mdy", &["-"]),
    ("ymd", &["-", "/", "."]),
];
/// Dates with a name, and parts of dates.
const NAMED: [&str; 26] = [
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%b %d %Y",
    "%d %b, %Y",
    "%d/%b/%Y",
    "%d.%b.%Y",
    "%d%b%Y",
    "%Y-%b-%d",
    "%Y %b %d",
    "%d-%b-%y",
    "%d %b %y",
    "%d%b%y",
    "%b %d, %y",
    "%b %Y",
    "%b, %Y",
    "%b-%Y",
    "%b/%Y",
    "%Y-%b",
    "%Y %b",
    "%b-%y",
    "%b %y",
    "%d. %b %Y",
    "%b. %d, %Y",
    "%d/%b/%y",
    "%b%Y",
];
const PARTIAL: [&str; 16] = [
    "%Y-%m", "%m/%Y", "%Y/%m", "%m-%Y", "Q%q %Y", "%Y-Q%q", "%Y Q%q", "%YQ%q", "Q%q-%Y", "Q%q/%Y", "%qQ%y",
    "%qQ%Y", "%G-W%V", "%GW%V", "%G W%V", "%G/W%V",
];
const JOINTS: [&str; 5] = [" ", "T", ", ", "_", "  "];
/// `@` is where a fraction stands if there is one.
const CLOCKS: [&str; 11] = [
    "%H:%M:%S@",
    "%H:%M",
    "%-H:%M",
    "%-H:%M:%S@",
    "%I:%M %p",
    "%I:%M:%S@ %p",
    "%-I:%M %p",
    "%-I:%M:%S@ %p",
    "%I:%M%p",
    "%-I:%M%p",
    "%-I:%M:%S%p",
];
/// With a colon or a dot nowhere: the clock of a compact date.
const COMPACT: [&str; 4] = ["%H%M%S", "T%H%M%S", "%H%M", " %H%M%S"];

/// Every pattern that may read this cell, the likelier first.
pub fn patterns(cell: &str) -> Vec<String> {
    let (body, zone) = split_zone(cell);
    let fraction = fraction(body);
    let clock = |clock: &str| clock.replace('@', &fraction);
    let weekday = ["%A, ", "%A ", "%a, ", "%a ", "%^a ", "%^a, ", "%#a ", "%a. "]
        .into_iter()
        .find(|pattern| after(pattern, body).is_some())
        .unwrap_or_default();
    let mut found = Vec::new();
    for date in dates() {
        let date = format!("{weekday}{date}");
        let Some(rest) = after(&date, body) else { continue };
        if rest.is_empty() {
            found.push(date.clone());
        }
        if date.ends_with("%Y%m%d") {
            found.extend(COMPACT.iter().map(|compact| format!("{date}{compact}")));
        }
        for joint in JOINTS.iter().filter(|joint| rest.starts_with(**joint)) {
            found.extend(CLOCKS.iter().map(|form| format!("{date}{joint}{}", clock(form))));
        }
    }
    found.extend(CLOCKS.iter().map(|form| clock(form)));
    found.extend(["%s", "%s%3f"].map(String::from));
    // "24:00" comes last: only where an hour is too many for the others.
    let long = |form: &String| form.replace("%H:", "%+H:").replace("%-H:", "%+k:");
    found.extend(found.clone().iter().filter(|form| form.contains("H:")).map(long));
    let lower = body.ends_with("am") || body.ends_with("pm");
    for form in &mut found {
        if lower {
            *form = form.replace("%p", "%P");
        }
        form.push_str(zone);
    }
    found
}

fn dates() -> impl Iterator<Item = String> {
    let part = |letter: char, bare: bool| match letter {
        'Y' | 'y' => format!("%{letter}"),
        _ if bare => format!("%-{letter}"),
        _ => format!("%{letter}"),
    };
    let numeric = [(false, false), (true, true), (false, true), (true, false)].into_iter().flat_map(
        move |(month, day)| {
            NUMERIC.into_iter().flat_map(move |(order, separators)| {
                let bare = move |letter| if letter == 'm' { month } else { day };
                let parts: Vec<String> = order.chars().map(|letter| part(letter, bare(letter))).collect();
                let padded = !month && !day;
                let separators = separators.iter().filter(move |sep| padded || !sep.is_empty());
                separators.map(move |separator| parts.join(separator))
            })
        },
    );
    let named = NAMED.into_iter().flat_map(|form| {
        let long = form.replace("%b", "%B");
        let bare = [form.replace("%d", "%-d"), long.replace("%d", "%-d")];
        let plain = [form.to_string(), long].into_iter().chain(bare);
        plain.flat_map(|form| {
            ["%", "%^", "%#"]
                .map(|case| form.replace("%b", &format!("{case}b")).replace("%B", &format!("{case}B")))
        })
    });
    numeric.chain(named).chain(PARTIAL.into_iter().map(String::from))
}

/// The zone at the end. Where it is the same in every cell, the pattern has it as a literal.
pub fn split_zone(cell: &str) -> (&str, &str) {
    if !cell.contains([':', 'T']) {
        return (cell, ""); // no clock, no zone
    }
    let named = named_zone(cell).map(str::len);
    let offset = || {
        let at = cell.rfind(['+', '-'])?;
        let digits = cell[at + 1..].replacen(':', "", 1);
        let seconds = &cell[cell[..at].rfind(':')? + 1..at]; // not a date that comes after its clock
        let spaced = seconds.ends_with(' ');
        let plausible = [2, 4].contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && seconds.trim_end().bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',');
        plausible.then_some(cell.len() - at + usize::from(spaced))
    };
    cell.split_at(cell.len() - named.or_else(offset).unwrap_or(0))
}

/// `.%3f` where the seconds have three decimals; nothing where they have none, or more than six.
fn fraction(body: &str) -> String {
    let Some(at) = body.rfind(':') else { return String::new() };
    let Some(mark) = body[at..].find(['.', ',']) else { return String::new() };
    let (mark, rest) = body[at + mark..].split_at(1);
    match rest.bytes().take_while(u8::is_ascii_digit).count() {
        count @ 1..=6 => format!("{mark}%{count}f"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_off_the_cell_what_it_settles() {
        assert_eq!(split_zone("2020-01-01T10:00:00+02:00"), ("2020-01-01T10:00:00", "+02:00"));
        assert_eq!(split_zone("2020-01-01 10:00 -0500"), ("2020-01-01 10:00", " -0500"));
        assert_eq!(split_zone("10:00 01-02-2020"), ("10:00 01-02-2020", ""));
        assert_eq!(split_zone("20200101T100000Z"), ("20200101T100000", "Z"));
        assert_eq!(split_zone("2020-01-01"), ("2020-01-01", ""));
        assert_eq!(fraction("10:00:00.250"), ".%3f");
        assert_eq!(fraction("10:00:00,1234567"), "");
        assert_eq!(fraction("1.1.2020 10:00"), "");
    }

    #[test]
    fn month_first_with_slashes_day_first_with_the_rest() {
        assert_eq!(patterns("01/02/2020")[0], "%m/%d/%Y");
        assert_eq!(patterns("01.02.2020")[0], "%d.%m.%Y");
        assert_eq!(patterns("01-02-2020")[0], "%d-%m-%Y");
        assert_eq!(patterns("Mon, 3 Feb 2020")[0], "%a, %-d %b %Y");
    }
}
