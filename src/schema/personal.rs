//! Columns that tell of persons: how they are recognised, and made-up values for them.
//!
//! Recognised by what the cells look like, check digits included, together with what the column's name says. Nothing
//! of a cell is kept but the way that at least five are written. Made-up values come from ranges that nobody has where
//! there are such: example domains, numbers for films, networks for documentation. Does not: look into free text.

use serde::{Deserialize, Serialize};

mod account;
mod check;
mod contact;
mod find;
pub(super) mod heading;
mod mask;
mod national;
mod network;
mod number;
mod people;
mod place;

pub use find::{Found, find};

use super::identifier::{IdShape, scatter};
use account::{Cards, Ibans};
use contact::Phones;
use find::{LOOKED_AT, WITH_NAME, national, share};
use heading::Heading;
use mask::{commonest, compact};
use national::National;
use network::{Ipv4s, MacForm, UrlForm};
use people::{Case, NameForm, person};
use place::AddressForm;

/// What a column tells of persons. The names are those of SDV's sdtypes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    Name,
    FirstName,
    LastName,
    Email,
    Phone,
    Address,
    City,
    Postcode,
    Iban,
    Card,
    NationalId,
    Ipv4,
    Ipv6,
    Mac,
    Url,
    UserName,
    Plate,
}

/// A sort, and how its values are written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Personal {
    Name(NameForm),
    FirstName(Case),
    LastName(Case),
    Email,
    Phone(Phones),
    Address(AddressForm),
    City(Case),
    /// Templates that at least five values share; none, and five digits are made.
    Postcode(Option<IdShape>),
    Iban(Ibans),
    Card(Cards),
    /// The commonest spacing, punctuation alone.
    NationalId(National, String),
    Ipv4(Ipv4s),
    Ipv6,
    Mac(MacForm),
    Url(UrlForm),
    UserName,
    Plate(Option<IdShape>),
}

impl Sort {
    pub const ALL: [Sort; 17] = [
        Sort::Name,
        Sort::FirstName,
        Sort::LastName,
        Sort::Email,
        Sort::Phone,
        Sort::Address,
        Sort::City,
        Sort::Postcode,
        Sort::Iban,
        Sort::Card,
        Sort::NationalId,
        Sort::Ipv4,
        Sort::Ipv6,
        Sort::Mac,
        Sort::Url,
        Sort::UserName,
        Sort::Plate,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Name => "name",
            Sort::FirstName => "first_name",
            Sort::LastName => "last_name",
            Sort::Email => "email",
            Sort::Phone => "phone_number",
            Sort::Address => "address",
            Sort::City => "city",
            Sort::Postcode => "postcode",
            Sort::Iban => "iban",
            Sort::Card => "credit_card_number",
            Sort::NationalId => "ssn",
            Sort::Ipv4 => "ipv4_address",
            Sort::Ipv6 => "ipv6_address",
            Sort::Mac => "mac_address",
            Sort::Url => "url",
            Sort::UserName => "user_name",
            Sort::Plate => "license_plate",
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Sort::Name => "written like names of persons",
            Sort::FirstName | Sort::LastName => "written like names",
            Sort::Email => "e-mail addresses",
            Sort::Phone => "written like telephone numbers",
            Sort::Address => "written like addresses",
            Sort::City => "written like names of towns",
            Sort::Postcode => "written like postcodes",
            Sort::Iban => "IBANs with the right check digits",
            Sort::Card => "card numbers with the right check digit",
            Sort::NationalId => "national numbers",
            Sort::Ipv4 => "IPv4 addresses",
            Sort::Ipv6 => "IPv6 addresses",
            Sort::Mac => "MAC addresses",
            Sort::Url => "addresses of pages",
            Sort::UserName => "written like names of accounts",
            Sort::Plate => "written like licence plates",
        }
    }

    /// Is the cell written so? The test of sorts that have a form of their own; others take any text.
    fn holds(self, cell: &str) -> bool {
        match self {
            Sort::Name => people::is_full_name_like(cell),
            Sort::FirstName => people::is_name_like(cell, 3),
            Sort::LastName => people::is_name_like(cell, 4),
            Sort::Email => contact::is_email(cell),
            Sort::Phone => contact::is_phone_like(cell),
            Sort::Address => place::is_address_like(cell),
            Sort::City => place::is_town_like(cell),
            Sort::Postcode => place::is_postcode_like(cell),
            Sort::Iban => account::is_iban(cell),
            Sort::Card => account::is_card(cell),
            Sort::NationalId => National::ALL.into_iter().any(|id| (id.spec().is_valid)(&compact(cell))),
            Sort::Ipv4 => network::is_ipv4(cell),
            Sort::Ipv6 => network::is_ipv6(cell),
            Sort::Mac => network::is_mac(cell),
            Sort::Url => network::is_url(cell),
            Sort::UserName => contact::is_user_name(cell),
            Sort::Plate => contact::is_plate(cell),
        }
    }

    /// May any column be declared so? Else its cells must bear it.
    fn takes_any_text(self) -> bool {
        use Sort::*;
        matches!(self, Name | FirstName | LastName | Address | City | Postcode | UserName | Plate)
    }

    /// Can a column with these distinct cells be of this sort?
    pub fn bears<'a>(self, cells: impl Iterator<Item = &'a str>) -> bool {
        let mut looked_at = cells.take(LOOKED_AT);
        match self {
            _ if self.takes_any_text() => looked_at.next().is_some(),
            Sort::NationalId => national(looked_at).is_some_and(|(_, share)| share >= WITH_NAME),
            _ => share(looked_at, |cell| self.holds(cell)) >= WITH_NAME,
        }
    }

    /// How these distinct cells write it; None if they do not.
    pub fn form<'a>(self, cells: impl Iterator<Item = &'a str> + Clone) -> Option<Personal> {
        if !self.bears(cells.clone()) {
            return None;
        }
        Some(match self {
            Sort::Name => Personal::Name(NameForm::infer(cells)),
            Sort::FirstName => Personal::FirstName(Case::infer(cells)),
            Sort::LastName => Personal::LastName(Case::infer(cells)),
            Sort::Email => Personal::Email,
            Sort::Phone => Personal::Phone(Phones::infer(cells)),
            Sort::Address => Personal::Address(AddressForm::infer(cells)),
            Sort::City => Personal::City(Case::infer(cells)),
            Sort::Postcode => Personal::Postcode(IdShape::templates(cells)),
            Sort::Iban => Personal::Iban(Ibans::infer(cells)),
            Sort::Card => Personal::Card(Cards::infer(cells)),
            Sort::NationalId => {
                let (id, _) = national(cells.clone().take(LOOKED_AT))?;
                Personal::NationalId(id, commonest(cells.map(mask::mask)).unwrap_or_default())
            }
            Sort::Ipv4 => Personal::Ipv4(Ipv4s::infer(cells)),
            Sort::Ipv6 => Personal::Ipv6,
            Sort::Mac => Personal::Mac(MacForm::infer(cells)),
            Sort::Url => Personal::Url(UrlForm::infer(cells)),
            Sort::UserName => Personal::UserName,
            Sort::Plate => Personal::Plate(IdShape::templates(cells)),
        })
    }
}

/// A number that tells a place or a date of birth: learned as it is, since a made-up one would be of no use; said so.
pub fn location(name: &str, format: &super::number::NumberFormat, range: (f64, f64)) -> Option<String> {
    let near = place::location(&Heading::new(name), format, range)?;
    Some(format!("tells places to about {near}"))
}

/// Is it the name of a column of dates of birth?
pub fn is_birth(name: &str) -> bool {
    let terms = [
        "birth",
        "birthdate",
        "birth date",
        "birthday",
        "dob",
        "born",
        "geburtsdatum",
        "geburtstag",
        "geboren",
    ];
    let more =
        ["fecha de nacimiento", "nacimiento", "date de naissance", "naissance", "nascimento", "nascita"];
    Heading::new(name).says(&terms) || Heading::new(name).says(&more)
}

impl Personal {
    pub fn sort(&self) -> Sort {
        match self {
            Personal::Name(_) => Sort::Name,
            Personal::FirstName(_) => Sort::FirstName,
            Personal::LastName(_) => Sort::LastName,
            Personal::Email => Sort::Email,
            Personal::Phone(_) => Sort::Phone,
            Personal::Address(_) => Sort::Address,
            Personal::City(_) => Sort::City,
            Personal::Postcode(_) => Sort::Postcode,
            Personal::Iban(_) => Sort::Iban,
            Personal::Card(_) => Sort::Card,
            Personal::NationalId(..) => Sort::NationalId,
            Personal::Ipv4(_) => Sort::Ipv4,
            Personal::Ipv6 => Sort::Ipv6,
            Personal::Mac(_) => Sort::Mac,
            Personal::Url(_) => Sort::Url,
            Personal::UserName => Sort::UserName,
            Personal::Plate(_) => Sort::Plate,
        }
    }

    /// The `index`-th made-up value under a key. Distinct indices give distinct values, but for given and family names,
    /// which repeat as such names do, and where a range of numbers is used up.
    pub fn fresh(&self, index: u64, key: u64) -> String {
        match self {
            Personal::Name(form) => form.full(&person(index, key)),
            Personal::FirstName(case) => people::given(&person(index, key), *case),
            Personal::LastName(case) => people::family(&person(index, key), *case),
            Personal::Email => person(index, key).email(),
            Personal::Phone(phones) => phones.fresh(index, key),
            Personal::Address(form) => form.fresh(index, key),
            Personal::City(case) => case.write(&place::invented(index, key)),
            Personal::Postcode(Some(shape)) | Personal::Plate(Some(shape)) => shape.fresh(index, key),
            Personal::Postcode(None) => format!("{:05}", scatter(index % 100_000, 100_000, key)),
            Personal::Iban(ibans) => ibans.fresh(index, key),
            Personal::Card(cards) => cards.fresh(index, key),
            Personal::NationalId(id, spacing) => {
                let space = id.spec().space;
                mask::fill(spacing, &id.make(scatter(index % space, space, key)))
            }
            Personal::Ipv4(ips) => ips.fresh(index, key),
            Personal::Ipv6 => network::fresh_ipv6(index, key),
            Personal::Mac(form) => form.fresh(index, key),
            Personal::Url(form) => form.fresh(index, key),
            Personal::UserName => person(index, key).account(),
            Personal::Plate(None) => format!("XX-{:06}", scatter(index % 1_000_000, 1_000_000, key)),
        }
    }

    /// Can [`Personal::fresh`] be called? For models read from files.
    pub fn is_sound(&self) -> bool {
        match self {
            Personal::Phone(phones) => phones.is_sound(),
            Personal::Postcode(Some(shape)) | Personal::Plate(Some(shape)) => shape.is_sound(),
            Personal::Iban(ibans) => ibans.is_sound(),
            Personal::Card(cards) => cards.is_sound(),
            Personal::Ipv4(ips) => ips.is_sound(),
            _ => true,
        }
    }
}
