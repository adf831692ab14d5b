//! Columns that write their dates in several forms, or their times in several zones.
//!
//! The forms are found one after the other: of the patterns that read the first cell left over, the one that reads
//! most of the others. All must be dates, or all times of day; and those that could be read with day and month
//! swapped must be settled by a cell that could not, and agree. Cells are written back in the commonest of the forms
//! that lose nothing. Zones: offsets, `Z`, and the abbreviations of the table; times are compared in UTC and written
//! in the commonest. Does not know: names of regions (`Europe/Berlin`), `IST` and other abbreviations of several zones.

use super::forms::{patterns, split_zone};
use super::pattern::{Field, Fields, parse};

/// More forms are no forms.
const MAX_FORMS: usize = 6;
/// Fewer cells do not show a mixture.
const MIN_CELLS: usize = 4;

/// Abbreviations, in hours from UTC.
const ZONES: [(&str, f64); 23] = [
    ("Z", 0.0),
    ("UTC", 0.0),
    ("GMT", 0.0),
    ("WET", 0.0),
    ("WEST", 1.0),
    ("BST", 1.0),
    ("CET", 1.0),
    ("CEST", 2.0),
    ("EET", 2.0),
    ("EEST", 3.0),
    ("MSK", 3.0),
    ("EST", -5.0),
    ("EDT", -4.0),
    ("CST", -6.0),
    ("CDT", -5.0),
    ("MST", -7.0),
    ("MDT", -6.0),
    ("PST", -8.0),
    ("PDT", -7.0),
    ("AKST", -9.0),
    ("HST", -10.0),
    ("JST", 9.0),
    ("AEST", 10.0),
];

/// Seconds from UTC of a zone as it stands at the end of a cell.
pub fn offset(zone: &str) -> Option<f64> {
    let zone = zone.trim();
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == zone) {
        return Some(hours * 3600.0);
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1.0, digits),
        ("-", digits) => (-1.0, digits),
        _ => return None,
    };
    let digits = digits.replacen(':', "", 1);
    let hours: f64 = digits.get(..2)?.parse().ok()?;
    let minutes: f64 = if digits.len() > 2 { digits.get(2..)?.parse().ok()? } else { 0.0 };
    (hours <= 14.0 && minutes < 60.0).then_some(sign * (hours * 3600.0 + minutes * 60.0))
}

/// The known abbreviation at the end of a cell, with the space before it.
pub fn named_zone(cell: &str) -> Option<&str> {
    let zone = ZONES
        .iter()
        .map(|(name, _)| name)
        .filter(|name| cell.ends_with(**name))
        .max_by_key(|name| name.len())?;
    let at = cell.len() - zone.len();
    let before = cell[..at].chars().next_back()?;
    match before {
        ' ' => Some(&cell[at - 1..]),
        c if c.is_ascii_digit() => Some(&cell[at..]),
        _ => None,
    }
}

/// The commonest zone of cells that all have one, if they differ.
pub fn zone<'a>(cells: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for cell in cells {
        let (_, zone) = split_zone(cell.trim());
        offset(zone)?;
        match counts.iter_mut().find(|(known, _)| *known == zone) {
            Some((_, count)) => *count += 1,
            None => counts.push((zone, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    let (zone, _) = counts.iter().find(|(_, count)| *count == most)?;
    (counts.len() > 1).then(|| zone.to_string())
}

/// The forms of these distinct cells, the one to write first; None unless there are several.
pub fn forms<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let mut left: Vec<&str> = cells.map(str::trim).collect();
    let all = left.len();
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    while let Some(&first) = left.first() {
        if found.len() == MAX_FORMS || all < MIN_CELLS || !(6..=48).contains(&first.len()) {
            return None;
        }
        let known = patterns(first).into_iter().filter(|form| is_plain(form) && parse(form, first).is_some());
        let reads = |form: &String| left.iter().filter(|cell| parse(form, cell).is_some()).count();
        let mut best: Option<(String, usize)> = None;
        for form in known {
            let count = reads(&form);
            if best.as_ref().is_none_or(|(_, most)| count > *most) {
                best = Some((form, count));
            }
        }
        let (form, _) = best?;
        let (read, rest) = left.into_iter().partition(|cell| parse(&form, cell).is_some());
        found.push((form, read));
        left = rest;
    }
    let dated = |form: &str| form.contains("%Y") || form.contains("%y") || form.contains("%G");
    if found.len() < 2 || found.iter().any(|(form, _)| dated(form) != dated(&found[0].0)) {
        return None;
    }
    settle(&mut found)?;
    let finest = found.iter().map(|(form, _)| resolution(form)).max()?;
    found.sort_by_key(|(form, cells)| (resolution(form) < finest, std::cmp::Reverse(cells.len())));
    Some(found.into_iter().map(|(form, _)| form).collect())
}

/// Gives every form the order of day and month that the cells show; None where they show none, or two.
fn settle(found: &mut [(String, Vec<&str>)]) -> Option<()> {
    let reads = |form: &str, cells: &[&str]| cells.iter().all(|cell| parse(form, cell).is_some());
    let numeric = |form: &str| {
        let day = form.find("%d").or_else(|| form.find("%-d"))?;
        let month = form.find("%m").or_else(|| form.find("%-m"))?;
        (!form.starts_with("%Y")).then_some(day < month)
    };
    let mut shown = None;
    for (form, cells) in found.iter() {
        if let Some(day_first) = numeric(form).filter(|_| !reads(&swapped(form), cells))
            && shown.replace(day_first).is_some_and(|other| other != day_first)
        {
            return None;
        }
    }
    for (form, cells) in found.iter_mut() {
        if let Some(day_first) = numeric(form)
            && day_first != shown?
        {
            *form = swapped(form);
            reads(form, cells).then_some(())?;
        }
    }
    Some(())
}

/// The pattern with day and month in each other's place.
pub fn swapped(form: &str) -> String {
    let swap = |c| match c {
        'd' => 'm',
        'm' => 'd',
        c => c,
    };
    form.chars().map(swap).collect()
}

/// Not mere digits, and no count: these need more evidence than a mixture gives.
fn is_plain(form: &str) -> bool {
    let parted = Fields(form).any(|field| matches!(field, Field::Literal(_) | Field::Part(_, 'b' | 'B')));
    let version = ["%y", "%-", "."].iter().all(|part| form.contains(part)); // "1.2.10"
    parted && !version && !form.contains("%s")
}

/// How fine the pattern is.
fn resolution(form: &str) -> usize {
    let has =
        |letters: &str| Fields(form).any(|field| matches!(field, Field::Part(_, c) if letters.contains(c)));
    let fraction = Fields(form).find_map(|field| match field {
        Field::Part(flag, 'f') => flag.to_digit(10),
        _ => None,
    });
    match fraction {
        Some(digits) => 4 + digits as usize,
        None if has("S") => 3,
        None if has("HIk") => 2,
        None => usize::from(has("d")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_agree() {
        let of = |cells: &[&str]| forms(cells.iter().copied()).map(|forms| forms.join(" | "));
        assert_eq!(
            of(&["2020-01-31", "2020-02-01", "31/12/2020", "01/02/2020"]).unwrap(),
            "%Y-%m-%d | %d/%m/%Y"
        );
        assert_eq!(
            of(&["2020-01-31", "2020-02-01", "2020-02-02", "2020-02-02 10:30"]).unwrap(),
            "%Y-%m-%d %H:%M | %Y-%m-%d"
        );
        assert_eq!(
            of(&["31.12.2020", "30.12.2020", "1/2/2020", "3 Feb 2020"]).unwrap(),
            "%d.%m.%Y | %-d/%-m/%Y | %-d %b %Y"
        );
        for cells in [
            ["2020-01-01", "2020-01-02", "01/02/2020", "03/02/2020"], // day or month first?
            ["31/12/2020", "12-31-2020", "30/12/2020", "12-30-2020"], // both
            ["2020-01-01", "2020-01-02", "10:30:00", "11:30:00"],
            ["2020-01-01", "2020-01-02", "2020-01-03", "someday"],
            ["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"],
        ] {
            assert_eq!(of(&cells), None, "{cells:?}");
        }
    }

    #[test]
    fn zones_have_offsets() {
        for (zone, hours) in
            [("+02:00", 2.0), ("-0530", -5.5), ("Z", 0.0), (" EST", -5.0), (" CEST", 2.0), ("+09", 9.0)]
        {
            assert_eq!(offset(zone), Some(hours * 3600.0), "{zone}");
        }
        assert_eq!([offset(""), offset("+99:00"), offset("IST"), offset("+é")], [None; 4]);
        let cells = ["2020-01-01 10:00 EST", "2020-07-01 10:00 EDT", "2020-07-02 10:00 EDT"];
        assert_eq!(zone(cells.into_iter()).as_deref(), Some(" EDT"));
        assert_eq!(zone(cells[1..].iter().copied()), None, "one zone is no mixture");
    }
}
