//! What stands around and inside the digits of a column of numbers: `€ 1.234,50`, `(12%)`, `3.5 kg`.
//!
//! A column has one style, and every cell must read under it. The text around the digits is a currency that is
//! known here, or a unit after the number; anything else before a number (`P12`, `room 4`) makes it a code.

use serde::{Deserialize, Serialize};

/// Marks between groups of three digits, besides comma and point.
const SPACES: [char; 5] = [' ', '\u{a0}', '\u{202f}', '\'', '’'];
const SYMBOLS: &str = "$€£¥₹₽₩₺₴₦₫฿₪₱¢";
const CURRENCIES: [&str; 47] = [
    "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "ISK", "PLN",
    "CZK", "HUF", "RON", "BGN", "RUB", "UAH", "TRY", "BRL", "MXN", "ARS", "CLP", "COP", "ZAR", "NGN", "KES",
    "EGP", "ILS", "SGD", "HKD", "KRW", "THB", "kr", "kr.", "Kč", "zł", "Ft", "lei", "Fr.", "Rs", "Rs.", "R$",
    "US$",
];
/// Longer than this, what follows a number is a sentence.
const MAX_UNIT: usize = 16;
/// This many digits in groups, as many in each cell, are a code: an account, a telephone number.
const CODE_DIGITS: usize = 9;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Style {
    /// Shared by every cell, with its space: a currency.
    prefix: String,
    /// Shared by every cell, with its space: a currency, `%`, a unit.
    suffix: String,
    marks: Marks,
    negative: Sign,
    plus: Plus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Marks {
    decimal: char,
    group: Option<char>,
}

/// `(` stands for brackets around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sign {
    mark: char,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    /// `-$5`, `($5)`
    Outside,
    /// `$-5`, `$(5)`
    Inside,
    /// `5-`
    After,
}

/// Which numbers carry a plus, where the others carry their minus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Plus {
    Never,
    Positive,
    PositiveAndZero,
}

/// A cell, cut around its digits.
struct Cut<'a> {
    sign: Option<Sign>,
    prefix: &'a str,
    digits: &'a str,
    suffix: &'a str,
}

impl Style {
    /// The one style of these distinct cells. A form that one cell alone shows is not one.
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Style> {
        let mut cuts: Vec<Cut> = Vec::new();
        for cell in cells {
            let cut = cut(cell)?;
            if cuts.first().is_some_and(|first| (first.prefix, first.suffix) != (cut.prefix, cut.suffix)) {
                return None;
            }
            cuts.push(cut);
        }
        let Cut { prefix, suffix, .. } = *cuts.first()?;
        let money = is_currency(prefix.trim()) || is_currency(suffix.trim());
        // "4WD" and "2WD" are labels; "36 months" and "60 months" are numbers.
        let attached = !money && suffix.starts_with(char::is_alphabetic);
        if cuts.len() < if attached { 3 } else { 2 } {
            return None;
        }
        let (negative, plus) = signs(&cuts)?;
        let marks = marks(&cuts, money)?;
        let decimals = cuts.iter().any(|cut| cut.digits.contains(marks.decimal));
        let grouped = |cut: &Cut| marks.group.is_some_and(|group| cut.digits.contains(group));
        let used = Marks {
            decimal: match marks.group {
                Some('.') => ',',
                _ if decimals => marks.decimal,
                _ => '.',
            },
            group: marks.group.filter(|_| cuts.iter().any(grouped)),
        };
        let count = |cut: &Cut| cut.digits.bytes().filter(u8::is_ascii_digit).count();
        let length = count(&cuts[0]);
        let alike = length >= CODE_DIGITS && cuts.iter().all(|cut| count(cut) == length);
        if used.group.is_some() && !decimals && alike {
            return None;
        }
        // Dialling codes carry a plus too, but none is negative or has decimals.
        let signed = decimals || cuts.iter().any(|cut| cut.sign.is_some_and(|sign| sign.mark != '+'));
        if plus != Plus::Never && (!signed || used.group.is_some_and(|group| SPACES.contains(&group))) {
            return None;
        }
        Some(Style { prefix: prefix.into(), suffix: suffix.into(), marks: used, negative, plus })
    }

    /// The number as a plain text, such as `-1234.50`.
    pub fn read(&self, cell: &str) -> Option<String> {
        let cut = cut(cell)?;
        if (cut.prefix, cut.suffix) != (self.prefix.as_str(), self.suffix.as_str()) {
            return None;
        }
        let minus = match cut.sign {
            None => "",
            Some(sign) if sign == self.negative => "-",
            Some(sign) if sign.mark == '+' && self.plus != Plus::Never => "",
            Some(_) => return None,
        };
        Some(format!("{minus}{}", self.marks.read(cut.digits)?))
    }

    /// The inverse of [`Style::read`].
    pub fn write(&self, plain: &str) -> String {
        let Style { prefix, suffix, negative, .. } = self;
        let (minus, digits) = match plain.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, plain),
        };
        let plus = match self.plus {
            Plus::Never => false,
            Plus::Positive => !is_zero(digits),
            Plus::PositiveAndZero => true,
        };
        let digits = self.marks.write(digits);
        let (open, close) = match () {
            () if minus && negative.mark == '(' => ("(".to_string(), ")"),
            () if minus => (negative.mark.to_string(), ""),
            () if plus => ("+".to_string(), ""),
            () => (String::new(), ""),
        };
        match negative.place {
            Place::Outside => format!("{open}{prefix}{digits}{suffix}{close}"),
            Place::Inside => format!("{prefix}{open}{digits}{close}{suffix}"),
            Place::After => format!("{prefix}{digits}{suffix}{open}"),
        }
    }

    /// What the numbers are, in a word or two, and the same style without it; None where they are just numbers.
    pub fn unit(&self) -> Option<(String, Style)> {
        let bare = Style { prefix: String::new(), suffix: String::new(), ..self.clone() };
        let (before, after) = (self.prefix.trim(), self.suffix.trim());
        let what = match () {
            () if is_currency(before) && after.is_empty() => format!("amounts in {before}"),
            () if is_currency(before) => format!("amounts in {before} and {after}"),
            () if is_currency(after) => format!("amounts in {after}"),
            () if after == "%" => "percentages".into(),
            () if after.is_empty() => return None,
            () => format!("numbers in {after}"),
        };
        Some((what, bare))
    }

    pub fn has_decimal_comma(&self) -> bool {
        self.marks.decimal == ','
    }
}

impl Marks {
    /// Plain digits with a point, if every group after the first has three digits and none is missing.
    fn read(self, digits: &str) -> Option<String> {
        let (whole, decimals) = match digits.rsplit_once(self.decimal) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (digits, None),
        };
        let mut plain = String::with_capacity(digits.len());
        match self.group {
            None => plain.push_str(whole),
            Some(mark) => {
                for (place, group) in whole.split(mark).enumerate() {
                    let first = place == 0 && group.len() <= 3;
                    if !first && group.len() != 3 || place == 1 && plain.starts_with('0') {
                        return None;
                    }
                    plain.push_str(group);
                }
            }
        }
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(&plain) || !decimals.is_none_or(is_digits) {
            return None;
        }
        if let Some(decimals) = decimals {
            plain.push('.');
            plain.push_str(decimals);
        }
        Some(plain)
    }

    fn write(self, plain: &str) -> String {
        let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
        let mut text = String::with_capacity(plain.len() + plain.len() / 3);
        for (place, digit) in whole.chars().enumerate() {
            if let Some(group) = self.group
                && place > 0
                && (whole.len() - place).is_multiple_of(3)
            {
                text.push(group);
            }
            text.push(digit);
        }
        if !decimals.is_empty() {
            text.push(self.decimal);
            text.push_str(decimals);
        }
        text
    }
}

/// The first marks under which every cell reads. `1,234` is a thousand unless the column shows otherwise; `1.234`
/// is one and a bit, unless it is money and other cells have no point at all.
fn marks(cuts: &[Cut], money: bool) -> Option<Marks> {
    let marks = |decimal, group| Marks { decimal, group };
    let pointed = |cut: &&Cut| cut.digits.contains('.');
    let european = money && (1..cuts.len()).contains(&cuts.iter().filter(pointed).count());
    let mut orders = vec![marks('.', Some(',')), marks('.', None), marks(',', None), marks(',', Some('.'))];
    if european {
        orders.rotate_right(1);
    }
    let spaced = SPACES.into_iter().flat_map(|space| ['.', ','].map(|decimal| marks(decimal, Some(space))));
    orders.into_iter().chain(spaced).find(|marks| cuts.iter().all(|cut| marks.read(cut.digits).is_some()))
}

/// How negative numbers are written, and which others have a plus, if the cells agree.
fn signs(cuts: &[Cut]) -> Option<(Sign, Plus)> {
    let one = |plus: bool| {
        let mut all = cuts.iter().filter_map(|cut| cut.sign).filter(|sign| (sign.mark == '+') == plus);
        let first = all.next();
        all.all(|sign| Some(sign) == first).then_some(first)
    };
    let (minus, plus) = (one(false)?, one(true)?);
    let Some(plus) = plus else {
        return Some((minus.unwrap_or(Sign { mark: '-', place: Place::Outside }), Plus::Never));
    };
    let has_plus = |cut: &Cut| cut.sign == Some(plus);
    let (zeros, others): (Vec<&Cut>, Vec<&Cut>) =
        cuts.iter().filter(|cut| cut.sign.is_none() || has_plus(cut)).partition(|cut| is_zero(cut.digits));
    let minus = minus.unwrap_or(Sign { mark: '-', place: plus.place });
    let agree = minus.mark != '(' && minus.place == plus.place && others.iter().all(|cut| has_plus(cut));
    let on_zero = zeros.first().is_some_and(|cut| has_plus(cut));
    let agree = agree && zeros.iter().all(|cut| has_plus(cut) == on_zero);
    agree.then_some((minus, if on_zero { Plus::PositiveAndZero } else { Plus::Positive }))
}

fn is_zero(digits: &str) -> bool {
    !digits.bytes().any(|b| (b'1'..=b'9').contains(&b))
}

/// Sign, currency, digits, unit; None where there is anything else.
fn cut(cell: &str) -> Option<Cut<'_>> {
    let mut sign = None;
    let mut rest = cell.trim();
    let signed = |text: &str| text.starts_with(['-', '−', '+', '(']);
    if signed(rest) {
        let mark = rest.chars().next()?;
        rest = &rest[mark.len_utf8()..];
        if mark == '(' {
            rest = rest.strip_suffix(')')?;
        }
        sign = Some(Sign { mark, place: Place::Outside });
    }
    let mut start = rest.find(|c: char| c.is_ascii_digit())?;
    let head = &rest[..start];
    if head.ends_with(['.', ',']) && !head[..start - 1].ends_with(char::is_alphanumeric) {
        start -= 1; // ".5"
    }
    let (mut prefix, rest) = rest.split_at(start);
    let inside = prefix.chars().last().filter(|mark| signed(&mark.to_string()));
    if let Some(mark) = inside {
        prefix = &prefix[..prefix.len() - mark.len_utf8()];
        if sign.replace(Sign { mark, place: Place::Inside }).is_some() || prefix.is_empty() {
            return None;
        }
    }
    let is_mark = |c: char| c.is_ascii_digit() || c == '.' || c == ',' || SPACES.contains(&c);
    let end = rest.find(|c| !is_mark(c)).unwrap_or(rest.len());
    let digits = rest[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
    let mut suffix = &rest[digits.len()..];
    if inside == Some('(') {
        suffix = suffix.strip_prefix(')')?;
    }
    if let Some(mark) = suffix.chars().last().filter(|mark| ['-', '−'].contains(mark)) {
        suffix = &suffix[..suffix.len() - mark.len_utf8()];
        if sign.replace(Sign { mark, place: Place::After }).is_some() {
            return None;
        }
    }
    let space = |c: char| [' ', '\u{a0}', '\u{202f}'].contains(&c);
    let currency = prefix.strip_suffix(space).unwrap_or(prefix);
    let unit = suffix.strip_prefix(space).unwrap_or(suffix);
    let fits = (prefix.is_empty() || is_currency(currency)) && (suffix.is_empty() || is_unit(unit));
    fits.then_some(Cut { sign, prefix, digits, suffix })
}

fn is_currency(text: &str) -> bool {
    let mut chars = text.chars();
    let symbol = chars.next().is_some_and(|c| SYMBOLS.contains(c)) && chars.next().is_none();
    symbol || CURRENCIES.contains(&text)
}

/// `kg`, `°C`, `mg/dl`, `m2`, `%`, `days ago`.
fn is_unit(text: &str) -> bool {
    let body = text.strip_suffix(['2', '3']).unwrap_or(text);
    let starts = body.starts_with(|c: char| c.is_alphabetic() || "%‰°".contains(c));
    let inner = |c: char| c.is_alphabetic() || "%‰°/.·²³ ".contains(c);
    let unit = starts && body.chars().all(inner) && !text.ends_with(' ');
    is_currency(text) || unit && text.chars().count() <= MAX_UNIT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(cells: &[&str]) -> Option<Vec<String>> {
        let style = Style::infer(cells.iter().copied())?;
        let read = |cell: &&str| {
            let plain = style.read(cell)?;
            assert_eq!(style.write(&plain), *cell);
            Some(plain)
        };
        cells.iter().map(read).collect()
    }

    #[test]
    fn reads_and_writes_what_people_write() {
        for (cells, numbers) in [
            (vec!["1,5", "0,25", "-3,0"], vec!["1.5", "0.25", "-3.0"]),
            (vec!["1,234", "999"], vec!["1234", "999"]),
            (vec!["1,234", "0,999"], vec!["1.234", "0.999"]),
            (vec!["1,234", "12345"], vec!["1.234", "12345"]),
            (vec!["1,234.50", "7.00"], vec!["1234.50", "7.00"]),
            (vec!["€ 1.234,50", "€ 0,99"], vec!["1234.50", "0.99"]),
            (vec!["€ 1.234", "€ 950"], vec!["1234", "950"]),
            (vec!["$3.459", "$3.299"], vec!["3.459", "3.299"]),
            (vec!["1 234,50 kr", "3,00 kr"], vec!["1234.50", "3.00"]),
            (vec!["1\u{a0}234", "5"], vec!["1234", "5"]),
            (vec!["1'234.50", "2.00"], vec!["1234.50", "2.00"]),
            (vec!["1.234.567", "12"], vec!["1234567", "12"]),
            (vec!["45 %", "7 %"], vec!["45", "7"]),
            (vec!["$1,000", "-$5"], vec!["1000", "-5"]),
            (vec!["$1.00", "$-5.00"], vec!["1.00", "-5.00"]),
            (vec!["(123.45)", "7.00"], vec!["-123.45", "7.00"]),
            (vec!["$ (1,123.45)", "$ 7.00"], vec!["-1123.45", "7.00"]),
            (vec!["($5)", "$7"], vec!["-5", "7"]),
            (vec!["5.10-", "7.00"], vec!["-5.10", "7.00"]),
            (vec!["+5", "-3", "0"], vec!["5", "-3", "0"]),
            (vec!["+5.5%", "−3.0%", "+0.0%"], vec!["5.5", "-3.0", "0.0"]),
            (vec!["12 mg", "5 mg"], vec!["12", "5"]),
            (vec!["12kg", "5kg", "3.5kg"], vec!["12", "5", "3.5"]),
            (vec!["50 m2", "1 200 m2"], vec!["50", "1200"]),
        ] {
            assert_eq!(plain(&cells).unwrap_or_else(|| panic!("{cells:?}")), numbers, "{cells:?}");
        }
    }

    #[test]
    fn codes_and_mixtures_have_no_style() {
        for cells in [
            vec!["+49 30 1234", "+49 301 234"],
            vec!["+49", "+1"],
            vec!["+493012345", "+493012346"],
            vec!["P12", "P13"],
            vec!["4WD", "2WD"],
            vec!["1,234", "1,5,2"],
            vec!["$5", "€6"],
            vec!["5 kg", "6 g"],
            vec!["5 %", "6%"],
            vec!["(5)", "-5"],
            vec!["123 456 789", "987 654 321"],
            vec!["18-24", "25-34"],
            vec!["12:30", "13:30"],
            vec!["$5"],
            vec!["(5", "6)"],
            vec!["1,234.5,6", "1"],
            vec!["é", "--5"],
        ] {
            assert_eq!(plain(&cells), None, "{cells:?}");
        }
    }
}
