//! E-mail addresses, telephone numbers, account names, licence plates: how they look, and new telephone numbers.

use serde::{Deserialize, Serialize};

use super::mask::{counts, fill};
use super::number::Number;
use crate::schema::identifier::{scatter, share_out};

/// A way of writing is kept if at least so many distinct values have it.
const MIN_VALUES: u32 = 5;
/// Ways of writing beyond this many are dropped, the rarest first.
const MAX_MASKS: usize = 64;

pub fn is_email(cell: &str) -> bool {
    let Some((local, domain)) = cell.trim().split_once('@') else { return false };
    let local_char = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    !local.is_empty()
        && cell.len() <= 254
        && local.chars().all(local_char)
        && domain.contains('.')
        && domain.split('.').all(label)
        && domain.rsplit('.').next().is_some_and(|top| top.len() >= 2 && top.chars().all(char::is_alphabetic))
}

pub fn is_user_name(cell: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
    let length = cell.trim().chars().count();
    (3..=32).contains(&length)
        && cell.trim().chars().all(allowed)
        && cell.trim().chars().filter(|c| c.is_alphabetic()).count() * 2 >= length
}

pub fn is_plate(cell: &str) -> bool {
    let cell = cell.trim();
    let (letters, digits) = letters_and_digits(cell);
    (4..=8).contains(&(letters + digits))
        && digits > 0
        && cell
            .chars()
            .all(|c| c.is_alphanumeric() && !c.is_lowercase() || matches!(c, ' ' | '-' | '·' | '.'))
}

pub fn letters_and_digits(cell: &str) -> (usize, usize) {
    let count = |test: fn(&char) -> bool| cell.chars().filter(test).count();
    (count(|c| c.is_alphabetic()), count(char::is_ascii_digit))
}

/// Digits and what stands between them in telephone numbers: an extension may follow.
pub fn is_phone_like(cell: &str) -> bool {
    let cell = number_part(cell);
    let (_, digits) = letters_and_digits(cell);
    let allowed =
        |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{a0}');
    (6..=15).contains(&digits)
        && cell.chars().all(allowed)
        && cell.rfind('+').is_none_or(|at| at <= 1)
        && !cell.ends_with(['+', '-', '.', '/', '('])
        && !cell.starts_with(['-', '.', '/'])
        && cell.matches('(').count() == cell.matches(')').count()
        && (cell.matches('.').count() != 1 || cell.contains(['+', '('])) // a decimal number
}

/// A telephone number even without a word in the column's name: with `+` and a country, or grouped as in North America.
pub fn is_surely_phone(cell: &str) -> bool {
    let cell = number_part(cell);
    let abroad =
        cell.starts_with('+') && country_code(&all_digits(cell)).is_some() && all_digits(cell).len() >= 9;
    let groups: Vec<&str> =
        cell.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    // Areas and exchanges begin with 2 to 9 (NANPA): product codes of the same shape need not.
    let american = |groups: &[&str]| {
        groups.iter().map(|group| group.len()).eq([3, 3, 4]) && groups[..2].iter().all(|group| *group >= "2")
    };
    let grouped = american(&groups) || groups.first() == Some(&"1") && american(&groups[1..]);
    is_phone_like(cell) && (abroad || grouped && !cell.starts_with('+') && !cell.contains('/'))
}

/// Without an extension.
fn number_part(cell: &str) -> &str {
    let cell = cell.trim();
    let end = cell.find(['x', 'e', '#', ';']).unwrap_or(cell.len());
    cell[..end].trim_end()
}

fn all_digits(cell: &str) -> String {
    cell.chars().filter(char::is_ascii_digit).collect()
}

/// The calling code that an international number begins with (ITU-T E.164): zones of one digit, of two, else three.
fn country_code(digits: &str) -> Option<&str> {
    const TWO: &str = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 \
        84 86 90 91 92 93 94 95 98";
    let head = |length: usize| digits.get(..length);
    match (head(1)?, head(2)?) {
        ("1" | "7", _) => head(1),
        ("0", _) => None,
        (_, two) if TWO.split_whitespace().any(|code| code == two) => head(2),
        _ => head(3),
    }
}

/// Telephone numbers: how many are written how. In a mask `#` is a digit to be made up; calling codes and leading
/// zeros stand as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phones(Vec<((String, Plan), u32)>);

/// Where the numbers that are set aside for films and examples lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Plan {
    /// 555-0100 to 555-0199 of every area (NANPA).
    NorthAmerica,
    /// 07700 900000 to 900999 (Ofcom).
    Kingdom,
    /// 06 39 98 0000 to 9999 (ARCEP).
    France,
    /// 030 23125 000 to 999 (Bundesnetzagentur).
    Germany,
    /// 02 5550 0000 to 9999 (ACMA).
    Australia,
    /// 020 91 00000 to 99999 (ComReg).
    Ireland,
    None,
}

impl Plan {
    fn of(code: Option<&str>, free: usize) -> Plan {
        match (code, free) {
            (Some("1") | None, 10) => Plan::NorthAmerica,
            (Some("44"), 10) => Plan::Kingdom,
            (Some("33"), 9) => Plan::France,
            (Some("49"), 10) => Plan::Germany,
            (Some("61"), 9) => Plan::Australia,
            (Some("353"), 9) => Plan::Ireland,
            _ => Plan::None,
        }
    }

    /// The `place`-th number of so many digits: of those set aside while they last.
    fn digits(self, place: u64, free: usize, key: u64) -> String {
        let set_aside = |head: &str, rest: usize| {
            let space = 10u64.pow(rest as u32);
            (place < space).then(|| format!("{head}{:0rest$}", scatter(place, space, key)))
        };
        let set_aside = match self {
            Plan::NorthAmerica => (place < 80_000).then(|| {
                let at = scatter(place, 80_000, key);
                format!("{}55501{:02}", 200 + at % 800, at / 800)
            }),
            Plan::Kingdom => set_aside("7700900", 3),
            Plan::France => set_aside("63998", 4),
            Plan::Germany => set_aside("3023125", 3),
            Plan::Australia => set_aside("25550", 4),
            Plan::Ireland => set_aside("2091", 5),
            Plan::None => None,
        };
        set_aside.unwrap_or_else(|| {
            let space = 8 * 10u64.pow(free.clamp(1, 18) as u32 - 1);
            Number(scatter(place % space, space, key)).text_from(2, free.max(1))
        })
    }
}

impl Phones {
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> Phones {
        let forms = counts(cells.filter(|cell| is_phone_like(cell)).map(form));
        Phones(forms.into_iter().filter(|(_, count)| *count >= MIN_VALUES).take(MAX_MASKS).collect())
    }

    pub fn fresh(&self, index: u64, key: u64) -> String {
        let (mask, plan, place) = match share_out(&self.0, index, key) {
            Some(((mask, plan), place)) => (mask.as_str(), *plan, place),
            None => ("###-###-####", Plan::NorthAmerica, index), // no five are written alike
        };
        fill(mask, &plan.digits(place, mask.matches('#').count(), key))
    }

    pub fn is_sound(&self) -> bool {
        self.0.iter().all(|((mask, _), count)| *count > 0 && (1..=18).contains(&mask.matches('#').count()))
    }
}

fn form(cell: &str) -> (String, Plan) {
    let cell = number_part(cell);
    let digits = all_digits(cell);
    let abroad = if cell.starts_with("00") { 2 } else { 0 };
    let international = cell.starts_with('+') || abroad > 0;
    let code = if international { country_code(&digits[abroad..]) } else { None };
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    let american = code.is_none() && digits.len() == 11 && digits.starts_with('1');
    let mut kept = match code {
        Some(code) => abroad + code.len(),
        None if american => 1,
        None => zeros.min(2),
    };
    // In `+44 (0)20` the zero is not dialled, but written.
    kept += usize::from(code.is_some() && digits[kept..].starts_with('0'));
    let mut seen = 0;
    let place = |c: char| {
        seen += usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && seen > kept { '#' } else { c }
    };
    let mask = cell.chars().map(place).collect();
    let national_zero = code.is_none() && zeros > 0;
    let free = digits.len() - kept;
    (mask, if national_zero { Plan::None } else { Plan::of(code, free) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_email() {
        for cell in ["a@b.co", " first.last+tag@sub.example.org ", "jürgen@müller.de"] {
            assert!(is_email(cell), "{cell}");
        }
        for cell in ["a@b", "@b.co", "a b@c.de", "a@b@c.de", "a@.de", "a@b.c1", "", "a@b..de"] {
            assert!(!is_email(cell), "{cell}");
        }
    }

    #[test]
    fn what_is_a_phone() {
        for cell in
            ["+49 30 1234567", "(206) 555-9857", "206-555-9857", "+1 (514) 721-4711", "1-206-555-9857 x12"]
        {
            assert!(is_surely_phone(cell), "{cell}");
        }
        for cell in ["030-0074321", "(5) 555-4729", "0171 1234567", "5551234567"] {
            assert!(is_phone_like(cell) && !is_surely_phone(cell), "{cell}");
        }
        for cell in
            ["2020-01-05x", "12345.67", "-123456", "abc", "12-34", "", "1.5", "+5", "AB-123-4567", "№"]
        {
            assert!(!is_surely_phone(cell), "{cell}");
        }
        assert!(!is_phone_like("12345.67") && !is_phone_like("1234567890123456"));
    }

    #[test]
    fn made_ones_are_of_ranges_set_aside() {
        let fresh = |make: fn(u64) -> String, count: u64| -> Vec<String> {
            let cells: Vec<String> = (0..50).map(make).collect();
            let phones = Phones::infer(cells.iter().map(String::as_str));
            assert!(phones.is_sound());
            (0..count).map(|i| phones.fresh(i, 4)).collect()
        };
        for phone in fresh(|i| format!("(206) 4{:02}-{:04}", i, i * 97), 100) {
            assert!(phone.starts_with('(') && phone[4..].starts_with(") 555-01"), "{phone}");
        }
        for phone in fresh(|i| format!("+44 7{:03} {:06}", i, i * 97), 100) {
            assert!(phone.starts_with("+44 7700 900"), "{phone}");
        }
        let many = fresh(|i| format!("+49 171 {:07}", 1_000_000 + i * 977), 3000);
        assert!(many.iter().all(|phone| phone.starts_with("+49 ") && phone.len() == 15), "{:?}", &many[..3]);
        assert_eq!(counts(many.iter()).len(), 3000);
        assert!(fresh(|i| format!("0{}", 301_234_567 + i), 9).iter().all(|phone| phone.starts_with('0')));
    }
}
