//! Bank accounts and payment cards.

use serde::{Deserialize, Serialize};

use super::check::{digits, luhn, modulo_97};
use super::mask::{commonest, compact, counts, fill, mask};
use crate::schema::identifier::{IdShape, scatter, share_out};

/// A country, a length, a network is kept if at least so many distinct values have it.
const MIN_VALUES: u32 = 5;

/// IBANs: how they are spaced, and of each country the shape of its account numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ibans {
    spaced: bool,
    countries: Vec<((String, IdShape), u32)>,
}

/// ISO 13616: country, two check digits, 11 to 30 letters and digits; the whole, its first four characters moved to
/// the end, is 1 modulo 97.
pub fn is_iban(cell: &str) -> bool {
    let text: String = cell.trim().chars().filter(|c| *c != ' ').collect();
    let head = |c: &[u8]| c[..2].iter().all(u8::is_ascii_uppercase) && c[2..4].iter().all(u8::is_ascii_digit);
    text.is_ascii()
        && (15..=34).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && head(text.as_bytes())
        && modulo_97(&format!("{}{}", &text[4..], &text[..4])) == Some(1)
}

impl Ibans {
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Ibans {
        let ibans: Vec<String> = cells.clone().filter(|cell| is_iban(cell)).map(compact).collect();
        let shape = |(country, count): (&str, u32)| {
            let own = ibans.iter().filter(|iban| iban.starts_with(country)).map(|iban| &iban[4..]);
            Some(((country.to_string(), IdShape::templates(own)?), count))
        };
        let countries = counts(ibans.iter().map(|iban| &iban[..2]));
        let countries =
            countries.into_iter().filter(|(_, count)| *count >= MIN_VALUES).filter_map(shape).collect();
        Ibans { spaced: commonest(cells.map(|cell| cell.trim().contains(' '))) == Some(true), countries }
    }

    pub fn fresh(&self, index: u64, key: u64) -> String {
        let (country, account) = match share_out(&self.countries, index, key) {
            Some(((country, shape), place)) => (country.as_str(), shape.fresh(place, key)),
            None => ("DE", format!("{:018}", scatter(index % SPACE, SPACE, key))), // no country is shared by five
        };
        let account: String = account.chars().filter(char::is_ascii_alphanumeric).collect();
        let check = 98 - modulo_97(&format!("{account}{country}00")).unwrap_or(0);
        let iban = format!("{country}{check:02}{account}");
        if self.spaced {
            fill("#### #### #### #### #### #### #### #### ##", &iban).trim_end().into()
        } else {
            iban
        }
    }

    pub fn is_sound(&self) -> bool {
        self.countries.iter().all(|((_, shape), count)| *count > 0 && shape.is_sound())
    }
}

const SPACE: u64 = 1_000_000_000_000_000_000;

/// Payment cards: how many have a spacing and a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cards(Vec<((String, Network), u32)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Network {
    Visa,
    ShortVisa,
    LongVisa,
    Mastercard,
    AmericanExpress,
    Diners,
    Discover,
}

impl Network {
    /// By length and first digits (ISO/IEC 7812).
    fn of(number: &str) -> Option<Network> {
        let starts = |low: u32, high: u32, length: usize| {
            number
                .get(..length)
                .and_then(|head| head.parse().ok())
                .is_some_and(|head| (low..=high).contains(&head))
        };
        match number.len() {
            16 if starts(4, 4, 1) => Some(Network::Visa),
            13 if starts(4, 4, 1) => Some(Network::ShortVisa),
            19 if starts(4, 4, 1) => Some(Network::LongVisa),
            16 if starts(51, 55, 2) || starts(2221, 2720, 4) => Some(Network::Mastercard),
            15 if starts(34, 34, 2) || starts(37, 37, 2) => Some(Network::AmericanExpress),
            14 if starts(300, 305, 3) || starts(36, 36, 2) || starts(38, 39, 2) => Some(Network::Diners),
            16 if starts(6011, 6011, 4) || starts(644, 659, 3) || starts(35, 35, 2) || starts(62, 62, 2) => {
                Some(Network::Discover)
            }
            _ => None,
        }
    }

    /// The first digits of the numbers that the networks print for tests, and the length.
    fn test_range(self) -> (&'static str, usize) {
        match self {
            Network::Visa => ("411111", 16),
            Network::ShortVisa => ("422222", 13),
            Network::LongVisa => ("411111", 19),
            Network::Mastercard => ("555555", 16),
            Network::AmericanExpress => ("378282", 15),
            Network::Diners => ("305693", 14),
            Network::Discover => ("601111", 16),
        }
    }
}

/// Is it in the length and range of a network, with Luhn's digit right, and spaced as cards are?
pub fn is_card(cell: &str) -> bool {
    network(cell).is_some()
}

fn network(cell: &str) -> Option<Network> {
    let cell = cell.trim();
    let number: String = cell.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let network = Network::of(&number)?;
    let digits = digits(&number)?;
    let (check, body) = digits.split_last()?;
    (luhn(body) == *check).then_some(network)
}

impl Cards {
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> Cards {
        let forms = counts(cells.filter_map(|cell| Some((mask(cell), network(cell)?))));
        Cards(forms.into_iter().filter(|(_, count)| *count >= MIN_VALUES).collect())
    }

    pub fn fresh(&self, index: u64, key: u64) -> String {
        let (mask, network, place) = match share_out(&self.0, index, key) {
            Some(((mask, network), place)) => (mask.as_str(), *network, place),
            None => ("", Network::Visa, index),
        };
        let (head, length) = network.test_range();
        let free = length - head.len() - 1;
        let space = 10u64.pow(free as u32);
        let number = format!("{head}{:0free$}", scatter(place % space, space, key));
        let check = luhn(&digits(&number).unwrap_or_default());
        fill(mask, &format!("{number}{check}"))
    }

    pub fn is_sound(&self) -> bool {
        self.0.iter().all(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the IBAN registry, and the numbers that networks print for tests.
    #[test]
    fn published_examples() {
        for iban in [
            "GB82 WEST 1234 5698 7654 32",
            "DE89370400440532013000",
            "FR1420041010050500013M02606",
            "NO9386011117947",
        ] {
            assert!(is_iban(iban), "{iban}");
            assert!(!is_iban(&iban.replace('1', "2")) && !is_iban(&iban.to_lowercase()), "{iban}");
        }
        for card in [
            "4111 1111 1111 1111",
            "5555555555554444",
            "378282246310005",
            "6011-1111-1111-1117",
            "30569309025904",
        ] {
            assert!(is_card(card), "{card}");
        }
        for other in ["4111111111111112", "1234567890123456", "4111", "", "é", "9781861972712"] {
            assert!(!is_card(other), "{other}");
        }
    }

    #[test]
    fn made_ones_keep_countries_networks_and_spacing() {
        let german = |i: u64| Ibans::infer(["DE"; 1].into_iter()).fresh(i, 1);
        let dutch: Vec<String> = (0..40)
            .map(|i| {
                let account = format!("ABNA{:010}", i * 7_654_321);
                let check = 98 - modulo_97(&format!("{account}NL00")).unwrap();
                if i % 4 == 0 { german(i) } else { format!("NL{check:02}{account}") }
            })
            .collect();
        let ibans = Ibans::infer(dutch.iter().map(String::as_str));
        let made: Vec<String> = (0..400).map(|i| ibans.fresh(i, 9)).collect();
        assert!(made.iter().all(|iban| is_iban(iban)), "{:?}", &made[..5]);
        assert_eq!(made.iter().filter(|iban| iban.starts_with("NL")).count(), 300);
        let cards = Cards::infer((0..9).map(|i| ["4242 4242 4242 4242", "4111 1111 1111 1111"][i % 2]));
        let made: Vec<String> = (0..100).map(|i| cards.fresh(i, 9)).collect();
        assert!(
            made.iter().all(|card| is_card(card) && card.len() == 19 && card.starts_with("4111 11")),
            "{:?}",
            &made[..5]
        );
        assert_eq!(counts(made.iter()).len(), 100);
    }
}
