//! Places: streets, towns, postcodes and coordinates. Made-up places have invented names.

use serde::{Deserialize, Serialize};

use super::contact::letters_and_digits;
use super::heading::{Heading, fold};
use super::mask::commonest;
use super::number::Number;
use super::people::Case;
use crate::schema::identifier::scatter;
use crate::schema::number::NumberFormat;

/// Words by which an address says that it is one; as a word or at the end of one (`Luisenstraße`, `Kerkstraat`).
const STREETS: &str = "street st avenue ave road rd lane ln drive dr boulevard blvd court ct way square sq place pl terrace \
    highway hwy parkway rue allee chemin place quai via viale piazza corso calle avda avenida paseo plaza rua av travessa \
    estrada strasse str weg platz gasse ring straat laan plein gatan gata vej gade veien katu tie ulica ul aleja utca ter \
    box apt suite";
const ENDINGS: [&str; 10] =
    ["strasse", "str", "weg", "platz", "gasse", "straat", "laan", "gatan", "vej", "katu"];

const HEADS: &str = "Ash Birch Brook Cedar Clay Copper Dun Elder Elm Fern Fox Glen Gold Green Hazel Heather Hill Holly Iron \
    Ivy Kings Lake Lark Linden Maple Marsh Mill Moor North Oak Otter Pine Quarry Raven Red Rose Rowan Sand Silver Stone \
    Summer Swan Thorn Wald West White Willow Winter Wolf Wren";
const TAILS: &str = "ford ham ton bury field wick stead worth mere dale brook burn cliff combe cote croft den don fell gate \
    grove holt hurst land leigh ley low march minster moor mouth port ridge shaw side stoke thorpe view well wood";
const SIDES: [&str; 8] = ["Upper", "Lower", "Great", "Little", "Old", "New", "East", "South"];

/// The `index`-th invented place: no two alike.
pub fn invented(index: u64, key: u64) -> String {
    let count = |list: &str| list.split_whitespace().count() as u64;
    let nth = |list: &'static str, at: u64| list.split_whitespace().nth(at as usize).unwrap_or_default();
    let space = count(HEADS) * count(TAILS);
    let mut place = Number(scatter(index % space, space, key));
    let (head, tail) = (nth(HEADS, place.take(count(HEADS))), nth(TAILS, place.0));
    match index / space {
        0 => format!("{head}{tail}"),
        round @ 1..=8 => format!("{} {head}{tail}", SIDES[round as usize - 1]),
        round => format!("{head}{tail} {}", round - 7),
    }
}

/// How a column writes streets and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressForm {
    /// `12 Ashford Road` rather than `Ashfordstraße 12`
    number_first: bool,
    /// Has the number at all.
    number: bool,
    case: Case,
}

/// A house number and words, or a word that only streets have.
pub fn is_address_like(cell: &str) -> bool {
    let (letters, digits) = letters_and_digits(cell);
    let worded = cell.trim().contains(' ') && cell.trim().chars().count() <= 120 && !cell.contains('@');
    worded && letters >= 3 && (digits > 0 || names_street(cell))
}

/// A number beside a word that only streets have.
pub fn is_surely_address(cell: &str) -> bool {
    is_address_like(cell) && letters_and_digits(cell).1 > 0 && names_street(cell)
}

fn names_street(cell: &str) -> bool {
    let folded: String = cell.chars().map(fold).collect();
    let mut words = folded.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.any(|word| {
        STREETS.split_whitespace().any(|street| street == word)
            || ENDINGS.iter().any(|ending| word.len() > ending.len() + 2 && word.ends_with(ending))
    })
}

impl AddressForm {
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> AddressForm {
        let most = |test: fn(&str) -> bool| commonest(cells.clone().map(test)) == Some(true);
        AddressForm {
            number_first: most(|cell| cell.trim().starts_with(|c: char| c.is_ascii_digit())),
            number: most(|cell| letters_and_digits(cell).1 > 0),
            case: Case::infer(cells.clone()),
        }
    }

    pub fn fresh(self, index: u64, key: u64) -> String {
        const STREETS: [&str; 6] = ["Street", "Road", "Avenue", "Lane", "Way", "Drive"];
        let (streets, numbers) = (1000, 199);
        let space = streets * numbers * STREETS.len() as u64;
        let mut place = Number(scatter(index % space, space, key));
        let (kind, number) = (STREETS[place.take(STREETS.len() as u64) as usize], 1 + place.take(numbers));
        let name = invented(index / space * streets + place.0, key);
        self.case.write(&match (self.number, self.number_first) {
            (true, true) => format!("{number} {name} {kind}"),
            (true, false) => format!("{name} {kind} {number}"),
            (false, _) => format!("{} {kind}", invented(index, key)),
        })
    }
}

pub fn is_town_like(cell: &str) -> bool {
    let cell = cell.trim();
    let allowed =
        |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.' | ',' | '(' | ')' | '/');
    (2..=60).contains(&cell.chars().count()) && cell.chars().all(allowed)
}

pub fn is_postcode_like(cell: &str) -> bool {
    let cell = cell.trim();
    let (letters, digits) = letters_and_digits(cell);
    digits >= 2
        && (3..=10).contains(&(letters + digits))
        && cell.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'))
}

/// Degrees, if that is what the numbers are: how near they tell a place, in words.
pub fn location(heading: &Heading, format: &NumberFormat, (low, high): (f64, f64)) -> Option<String> {
    let latitude = heading.says(&["lat", "latitude", "latitud", "breitengrad", "breite", "latitudine"])
        && low >= -90.0
        && high <= 90.0;
    let longitude = heading.says(&[
        "lon",
        "lng",
        "long",
        "longitude",
        "longitud",
        "laengengrad",
        "langengrad",
        "lange",
        "longitudine",
    ]) && low >= -180.0
        && high <= 180.0;
    if !latitude && !longitude || format.unit().is_some() {
        return None;
    }
    // A degree of latitude is 111 km.
    Some(match format.decimals() {
        Some(0) => return None,
        Some(1) => "11 km".into(),
        Some(2) => "1.1 km".into(),
        Some(3) => "110 m".into(),
        Some(4) => "11 m".into(),
        _ => "a metre".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_address() {
        for cell in [
            "12 Ashford Road",
            "Luisenstr. 48",
            "Av. Brigadeiro Faria Lima, 2170",
            "59 rue de l'Abbaye",
            "Kerkstraat 5",
        ] {
            assert!(is_surely_address(cell), "{cell}");
        }
        for cell in ["North", "Pave", "12", "a1", "x@y.de 12"] {
            assert!(!is_address_like(cell), "{cell}");
        }
        assert!(!is_surely_address("Model 12 b") && is_address_like("Theodor-Heuss-Allee 34"));
    }

    #[test]
    fn invented_places_differ() {
        let form = AddressForm::infer(["1 A St", "2 B St"].into_iter());
        let places: std::collections::BTreeSet<_> = (0..30_000).map(|i| invented(i, 1)).collect();
        let addresses: std::collections::BTreeSet<_> = (0..30_000).map(|i| form.fresh(i * 101, 1)).collect();
        assert_eq!((places.len(), addresses.len()), (30_000, 30_000));
        assert!(
            is_surely_address(&form.fresh(3, 3))
                && form.fresh(3, 3).starts_with(|c: char| c.is_ascii_digit())
        );
    }
}
