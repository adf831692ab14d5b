//! How a personal column is recognised: what its cells look like, what its name says, and what either needs of the other.
//!
//! Written forms that nothing else has (e-mail, IBAN, card, …) are enough alone; forms that much else has (names,
//! telephone numbers without a country) need the column's name, or given names that many people have.

use super::heading::Heading;
use super::mask::{self, compact};
use super::national::National;
use super::{Personal, Sort, contact, people, place};
use crate::schema::Kind;

/// Distinct cells that are looked at to recognise a sort.
pub const LOOKED_AT: usize = 10_000;
/// The share of them that is enough without the column's name, and with it.
const ALONE: f64 = 0.9;
pub const WITH_NAME: f64 = 0.6;
/// Fewer distinct values than this say nothing without the column's name.
const MIN_ALONE: usize = 10;
/// Towns, postcodes and pages that so many rows share are categories.
const SHARED: usize = 5;
const MIN_ROWS: usize = 20;

/// A personal kind, how sure that is, and a sentence on why.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub kind: Kind,
    pub confidence: f64,
    pub evidence: String,
}

/// The national number that most cells are, and the share.
pub fn national<'a>(cells: impl Iterator<Item = &'a str>) -> Option<(National, f64)> {
    let cells: Vec<String> =
        cells.map(|cell| if cell.len() <= 24 { compact(cell) } else { String::new() }).collect();
    let of = |id: National| (id, share(cells.iter().map(String::as_str), id.spec().is_valid));
    // The first of the best, in the order of the list.
    National::ALL.into_iter().map(of).reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// The share of the cells that pass; 0 where none of the first 64 does.
pub fn share<'a>(cells: impl Iterator<Item = &'a str>, test: impl Fn(&str) -> bool) -> f64 {
    let (mut all, mut passed) = (0u32, 0u32);
    for cell in cells {
        all += 1;
        passed += u32::from(test(cell));
        if all == 64 && passed == 0 {
            break;
        }
    }
    f64::from(passed) / f64::from(all.max(1))
}

/// What a column of this name, with these distinct cells over so many rows, tells of persons, if anything.
pub fn find<'a>(name: &str, cells: impl Iterator<Item = &'a str> + Clone, rows: usize) -> Option<Found> {
    let heading = Heading::new(name);
    let looked_at = cells.clone().take(LOOKED_AT);
    let count = looked_at.clone().count();
    if count == 0 {
        return None;
    }
    let distinct = cells.clone().count();
    let look = Look { heading, count, is_shared: rows >= SHARED * distinct || rows < MIN_ROWS };
    let (sort, share, named) = look.sort(looked_at)?;
    let kind = Kind::Personal(sort.form(cells)?);
    let what = match &kind {
        Kind::Personal(Personal::NationalId(id, _)) => id.spec().title,
        _ => sort.plural(),
    };
    let evidence = format!(
        "{} of {count} distinct values are {what}{}",
        percent(share),
        if named { "; the name says so too" } else { "" }
    );
    // A few cells say less than many, and cells alone less than with the name.
    let doubt = if named { 1.0 } else { 0.9 };
    Some(Found { kind, confidence: doubt * share * count as f64 / (count + 1) as f64, evidence })
}

fn percent(share: f64) -> String {
    if share >= 1.0 { "all".into() } else { format!("{:.1} %", libm::floor(share * 1000.0) / 10.0) }
}

/// A column as it is looked at.
struct Look {
    heading: Heading,
    count: usize,
    /// Values are held by several rows on average, or there are too few rows to tell.
    is_shared: bool,
}

impl Look {
    /// The sort, the share of cells that bear it, and whether the name says so.
    fn sort<'a>(&self, cells: impl Iterator<Item = &'a str> + Clone) -> Option<(Sort, f64, bool)> {
        let shares = |sort: Sort| share(cells.clone(), |cell| sort.holds(cell));
        use Sort::*;
        for sort in [Email, Url, Iban, Card, Mac, Ipv4, Ipv6] {
            let named = self.heading.is_of(sort);
            let share = shares(sort);
            let enough = if named { WITH_NAME } else { ALONE };
            let doubtful = match sort {
                Ipv4 => self.heading.says(&["version", "firmware", "build", "release"]),
                Card => !named && self.count < MIN_ALONE,
                Url => self.is_shared, // pages that many rows have are categories
                _ => false,
            };
            if share >= enough && !doubtful {
                return Some((sort, share, named));
            }
        }
        self.national(cells.clone()).or_else(|| self.phone(cells.clone())).or_else(|| self.by_name(cells))
    }

    fn national<'a>(&self, cells: impl Iterator<Item = &'a str> + Clone) -> Option<(Sort, f64, bool)> {
        let (id, valid) = national(cells.clone())?;
        let spec = id.spec();
        let named = self.heading.says(spec.terms) || self.heading.is_of(Sort::NationalId);
        let told = |mask: &str| share(cells.clone(), |cell| mask::mask(cell) == mask) >= 0.95;
        let alone = self.count >= MIN_ALONE && valid >= 0.95 && spec.mask.is_none_or(told);
        (alone || named && valid >= WITH_NAME).then_some((Sort::NationalId, valid, named))
    }

    fn phone<'a>(&self, cells: impl Iterator<Item = &'a str> + Clone) -> Option<(Sort, f64, bool)> {
        let named = self.heading.is_of(Sort::Phone);
        let share =
            if named { share(cells, contact::is_phone_like) } else { share(cells, contact::is_surely_phone) };
        let enough = if named { WITH_NAME } else { ALONE };
        (share >= enough && (named || self.count >= MIN_ALONE)).then_some((Sort::Phone, share, named))
    }

    /// The sorts whose cells look like much else: the name has to say so, except where given names tell.
    fn by_name<'a>(&self, cells: impl Iterator<Item = &'a str> + Clone) -> Option<(Sort, f64, bool)> {
        let heading = &self.heading;
        let shares = |sort: Sort| share(cells.clone(), |cell| sort.holds(cell));
        let known = || share(cells.clone(), people::has_known_name);
        let enough = |sort: Sort, least: f64| {
            let share = shares(sort);
            (share >= least).then_some((sort, share, true))
        };
        for sort in [Sort::FirstName, Sort::LastName] {
            if heading.is_of(sort) && !heading.names_a_thing() {
                return enough(sort, 0.7);
            }
        }
        if heading.is_of(Sort::UserName) && self.count >= 5 {
            return enough(Sort::UserName, ALONE);
        }
        if heading.is_of(Sort::Plate) && self.count >= 5 {
            return enough(Sort::Plate, 0.8);
        }
        if heading.is_of(Sort::Postcode) {
            return if self.is_shared { None } else { enough(Sort::Postcode, ALONE) };
        }
        if heading.is_of(Sort::Address) && !heading.says(&["type", "status", "kind"]) {
            return enough(Sort::Address, 0.5);
        }
        if heading.is_of(Sort::City) && !heading.says(&["code", "id", "type", "population", "size"]) {
            return if self.is_shared { None } else { enough(Sort::City, ALONE) };
        }
        if heading.names_a_thing() {
            return None;
        }
        let firm = heading.is_name() && shares(Sort::Name) >= ALONE;
        if heading.names_a_person() && (firm || known() >= 0.1) {
            return enough(Sort::Name, 0.7);
        }
        let (people, known) = (shares(Sort::Name), known());
        if heading.is_name() && people >= 0.8 && known >= 0.3 {
            return Some((Sort::Name, people, true));
        }
        let many = self.count >= MIN_ROWS;
        if many && people >= ALONE && known >= 0.6 {
            return Some((Sort::Name, people, false));
        }
        let single = share(cells.clone(), |cell| people::is_name_like(cell, 1));
        if many && single >= ALONE && known >= 0.6 {
            return Some((Sort::FirstName, known, heading.is_name()));
        }
        let addresses = if many { share(cells, place::is_surely_address) } else { 0.0 };
        (addresses >= 0.8).then_some((Sort::Address, addresses, false))
    }
}
