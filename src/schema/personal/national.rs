//! National identity, tax and health numbers: how each is checked, and how a new one is made.
//!
//! Made-up numbers pass the check, so that software takes them, and come from a range that is never given out where
//! the country has one (US, UK, Finland). Elsewhere one may be somebody's by chance, as any number may.
//! Does not: passports and driving licences, which mostly have no check that could tell them.

use serde::{Deserialize, Serialize};

use super::check::{digits, luhn, modulo_11_10, verhoeff, weigh};
use super::number::Number;

mod sums;

use sums::{
    birth_number, checked, cpf, dni_letter, ean, elevens, hetu, is_codice, is_date, is_dni, is_hetu, is_nino,
    is_nir, is_personnummer, is_register, is_resident, is_ssn, kimlik, make_birth_number, make_codice,
    make_nir, make_steuer, nif, pesel, register, repeats_once, resident, seal, sealed,
};

/// Numbers that are told apart by their checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum National {
    UnitedStates,
    Spain,
    Netherlands,
    Brazil,
    Sweden,
    Poland,
    France,
    Italy,
    India,
    China,
    KingdomInsurance,
    KingdomHealth,
    Germany,
    Finland,
    Denmark,
    Norway,
    Belgium,
    Portugal,
    Canada,
    SouthAfrica,
    Switzerland,
    Turkey,
}

/// What is known of one kind of number. Checks see it without spaces and punctuation.
pub struct Spec {
    pub title: &'static str,
    /// By which a column's name says so.
    pub terms: &'static [&'static str],
    /// How it is written (`#` a character), where the check alone says too little and this tells more.
    pub mask: Option<&'static str>,
    pub is_valid: fn(&str) -> bool,
    pub make: fn(&mut Number) -> String,
    /// How many `make` can make.
    pub space: u64,
}

impl National {
    pub const ALL: [National; 22] = [
        National::UnitedStates,
        National::Spain,
        National::Netherlands,
        National::Brazil,
        National::Sweden,
        National::Poland,
        National::France,
        National::Italy,
        National::India,
        National::China,
        National::KingdomInsurance,
        National::KingdomHealth,
        National::Germany,
        National::Finland,
        National::Denmark,
        National::Norway,
        National::Belgium,
        National::Portugal,
        National::Canada,
        National::SouthAfrica,
        National::Switzerland,
        National::Turkey,
    ];

    #[rustfmt::skip] // a row an id
    pub fn spec(self) -> Spec {
        match self {
            // Areas from 900 are not given out (SSA); groups below 50 keep clear of taxpayer numbers (IRS).
            National::UnitedStates => spec("US social security numbers", &["ssn", "social security", "social security number"],
                Some("###-##-####"), is_ssn,
                |n| format!("9{}{:02}{:04}", n.text(2), 1 + n.take(49), 1 + n.take(9999)), 100 * 49 * 9999),
            National::Spain => spec("Spanish DNI or NIE numbers", &["dni", "nie", "nif"], None, is_dni,
                |n| { let body = n.text(8); let letter = dni_letter(&body); format!("{body}{letter}") }, 100_000_000),
            National::Netherlands => spec("Dutch citizen service numbers", &["bsn", "burgerservicenummer", "sofinummer"], None,
                |id| elevens(id, 9, |d| weigh(&d[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == d[8]),
                |n| checked("", n, 8, |d| weigh(d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11), 81_000_000),
            National::Brazil => spec("Brazilian CPF numbers", &["cpf"], None,
                |id| seal(id, 11, 9, cpf) && !id.bytes().all(|b| b == id.as_bytes()[0]), |n| sealed(n.text_from(1, 9), cpf), 900_000_000),
            National::Sweden => spec("Swedish personal numbers", &["personnummer", "pnr"], None, is_personnummer,
                |n| { let date = n.short_date(); sealed(date + &n.text(3), |d| vec![luhn(d)]) }, DATES * 1000),
            National::Poland => spec("Polish PESEL numbers", &["pesel"], None,
                |id| seal(id, 11, 10, pesel) && is_date(&id[..2], &id[2..4], &id[4..6], 20),
                |n| { let date = n.short_date(); sealed(date + &n.text(4), pesel) }, DATES * 10_000),
            National::France => spec("French social security numbers", &["nir", "insee", "numero de securite sociale", "securite sociale"],
                None, is_nir, make_nir, 2 * 60 * 12 * 95 * 999 * 999),
            National::Italy => spec("Italian tax codes", &["codice fiscale", "codicefiscale", "cf"], None, is_codice,
                make_codice, 20 * 20 * 20 * 20 * 20 * 20 * 60 * 12 * 28 * 999),
            National::India => spec("Indian Aadhaar numbers", &["aadhaar", "aadhar", "uid"], None,
                |id| seal(id, 12, 11, |d| vec![verhoeff(d)]) && id.as_bytes()[0] >= b'2',
                |n| sealed(n.text_from(2, 11), |d| vec![verhoeff(d)]), 80_000_000_000),
            National::China => spec("Chinese resident numbers", &["身份证", "身份证号", "身份证号码", "resident id"], None, is_resident,
                |n| { let body = format!("{}{}{}", n.text_from(1, 6), n.long_date(), n.text(3)); let last = resident(&body); body + &last }, 900_000 * DATES * 1000),
            // QQ is never given out.
            National::KingdomInsurance => spec("UK national insurance numbers", &["nino", "ni number", "national insurance", "national insurance number"],
                None, is_nino, |n| format!("QQ{}{}", n.text(6), n.letter("ABCD")), 4_000_000),
            // 999 is kept for tests; ISBN-10 has the same sum, so only the spaces tell.
            National::KingdomHealth => spec("NHS numbers", &["nhs", "nhs number"], Some("### ### ####"),
                |id| elevens(id, 10, |d| weigh(&d[..10], &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)),
                |n| checked("999", n, 6, |d| (11 - weigh(d, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11), 810_000),
            National::Germany => spec("German tax numbers", &["steuer id", "steueridentifikationsnummer", "idnr", "steuernummer"], None,
                |id| seal(id, 11, 10, |d| vec![modulo_11_10(d)]) && !id.starts_with('0') && repeats_once(&id[..10]),
                make_steuer, 9 * 362_880 * 9),
            // 900 to 999 are for tests and the time being.
            National::Finland => spec("Finnish personal identity codes", &["hetu", "henkilotunnus"], None, is_hetu,
                |n| { let (day, month, year) = (1 + n.take(28), 1 + n.take(12), 45 + n.take(55));
                    let body = format!("{day:02}{month:02}{year:02}9{}", n.text(2)); let last = hetu(&body); format!("{body}{last}") }, 55 * 12 * 28 * 100),
            National::Denmark => spec("Danish CPR numbers", &["cpr", "cpr nummer", "personnummer"], Some("######-####"),
                |id| digits(id).is_some() && id.len() == 10 && is_date(&id[4..6], &id[2..4], &id[..2], 0),
                |n| { let (y, m, d) = n.date(); format!("{d:02}{m:02}{:02}{}", y % 100, n.text(4)) }, DATES * 10_000),
            National::Norway => spec("Norwegian birth numbers", &["fodselsnummer", "personnummer", "fnr"], None,
                |id| seal(id, 11, 9, birth_number) && is_date(&id[4..6], &id[2..4], &id[..2], 0), make_birth_number, DATES * 300),
            National::Belgium => spec("Belgian national register numbers", &["rijksregisternummer", "registre national", "niss", "insz"], None,
                is_register, |n| { let body = n.short_date() + &n.text(3); let rest = register(&body); format!("{body}{rest:02}") }, DATES * 1000),
            National::Portugal => spec("Portuguese tax numbers", &["nif", "contribuinte"], None,
                |id| seal(id, 9, 8, |d| vec![nif(d)]) && id.starts_with(['1', '2', '3']),
                |n| sealed(format!("{}{}", 1 + n.take(3), n.text(7)), |d| vec![nif(d)]), 30_000_000),
            National::Canada => spec("Canadian social insurance numbers", &["sin", "social insurance", "social insurance number"],
                Some("### ### ###"), |id| seal(id, 9, 8, |d| vec![luhn(d)]) && !id.starts_with('0'),
                |n| sealed(n.text_from(1, 8), |d| vec![luhn(d)]), 90_000_000),
            National::SouthAfrica => spec("South African identity numbers", &["said", "rsa id", "south african id"], None,
                |id| seal(id, 13, 12, |d| vec![luhn(d)]) && is_date(&id[..2], &id[2..4], &id[4..6], 0),
                |n| { let date = n.short_date(); sealed(format!("{date}{}08", n.text(4)), |d| vec![luhn(d)]) }, DATES * 10_000),
            National::Switzerland => spec("Swiss AHV numbers", &["ahv", "avs", "ahv nummer", "avs number"], None,
                |id| seal(id, 13, 12, |d| vec![ean(d)]) && id.starts_with("756"),
                |n| sealed(format!("756{}", n.text(9)), |d| vec![ean(d)]), 1_000_000_000),
            National::Turkey => spec("Turkish identity numbers", &["tckn", "tc kimlik", "kimlik", "tc kimlik no"], None,
                |id| seal(id, 11, 9, kimlik) && !id.starts_with('0'), |n| sealed(n.text_from(1, 9), kimlik), 900_000_000),
        }
    }

    /// The `number`-th of its kind, without spaces and punctuation.
    pub fn make(self, number: u64) -> String {
        (self.spec().make)(&mut Number(number))
    }
}

fn spec(
    title: &'static str,
    terms: &'static [&'static str],
    mask: Option<&'static str>,
    is_valid: fn(&str) -> bool,
    make: fn(&mut Number) -> String,
    space: u64,
) -> Spec {
    Spec { title, terms, mask, is_valid, make, space }
}

/// Days that a made-up date can have: 28 a month, 60 years.
const DATES: u64 = 60 * 12 * 28;

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that authorities and standards print as examples.
    #[test]
    fn published_examples() {
        for (id, text) in [
            (National::UnitedStates, "219099999"),
            (National::Spain, "12345678Z"),
            (National::Spain, "X1234567L"),
            (National::Netherlands, "111222333"),
            (National::Brazil, "11144477735"),
            (National::Sweden, "8112189876"),
            (National::Sweden, "198112189876"),
            (National::Poland, "44051401359"),
            (National::France, "255081416802538"),
            (National::Italy, "RSSMRA85T10A562S"),
            (National::India, "999941057058"),
            (National::China, "11010519491231002X"),
            (National::KingdomInsurance, "AB123456C"),
            (National::KingdomHealth, "9434765919"),
            (National::Germany, "86095742719"),
            (National::Finland, "131052308T"),
            (National::Denmark, "0707614285"),
            (National::Norway, "15076500565"),
            (National::Belgium, "85073003328"),
            (National::Portugal, "123456789"),
            (National::Canada, "046454286"),
            (National::SouthAfrica, "8001015009087"),
            (National::Switzerland, "7569217076985"),
            (National::Turkey, "10000000146"),
        ] {
            // Canada's well-known example begins with 0 so that nobody has it.
            let holds = (id.spec().is_valid)(text) || id == National::Canada;
            assert!(holds, "{id:?} {text}");
        }
    }

    #[test]
    fn made_ones_pass_their_check_and_differ() {
        for id in National::ALL {
            let spec = id.spec();
            let mut seen = std::collections::BTreeSet::new();
            for i in 0..400u64 {
                let made = id.make(i * 7_919_993 % spec.space);
                let never_given = [National::UnitedStates, National::KingdomInsurance].contains(&id);
                assert!((spec.is_valid)(&made) != never_given, "{id:?} {made}");
                seen.insert(made);
            }
            assert_eq!(seen.len(), 400, "{id:?}");
        }
    }

    #[test]
    fn a_slip_is_seen() {
        for id in National::ALL.into_iter().filter(|id| !id_without_check(*id)) {
            let slips = (0..200u64).filter(|i| {
                let made = id.make(i * 7_919_993 % id.spec().space);
                let last = made.chars().last().unwrap();
                let other = if last == '7' || last == 'K' {
                    "3"
                } else if last.is_ascii_digit() {
                    "7"
                } else {
                    "K"
                };
                (id.spec().is_valid)(&format!("{}{other}", &made[..made.len() - 1]))
            });
            assert_eq!(slips.count(), 0, "{id:?}");
        }
    }

    fn id_without_check(id: National) -> bool {
        [National::UnitedStates, National::Denmark, National::KingdomInsurance].contains(&id)
    }

    #[test]
    fn odd_texts_do_no_harm() {
        for id in National::ALL {
            for text in [
                "",
                "1",
                "é",
                "ééééééééé",
                "A😀12345678",
                "123456789012345678901234567890",
                "２１９０９９９９９",
            ] {
                assert!(!(id.spec().is_valid)(text), "{id:?} {text}");
            }
        }
    }
}
