//! How a column writes its numbers: decimals kept, floats in their shortest form, in the column's own style.
//!
//! A plain number is an optional minus, digits without needless leading zeros, an optional point and decimals,
//! an optional exponent. So `007` and `+49` are not numbers: codes and phone numbers stay text. What stands
//! around and inside the digits (currencies, units, decimal commas, thousands) is `number/style.rs`.

use serde::{Deserialize, Serialize};

mod style;

use style::Style;

/// From 2^53 on neighbouring integers share an `f64`.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
/// A number of fewer units is nearest to its own decimal text by far.
const MAX_TICKS: u64 = 1 << 51;
/// Decimal digits that survive a trip through `f64`.
const SAFE_DIGITS: usize = 15;

/// The written form of a column of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberFormat {
    pub digits: Digits,
    /// None for plain numbers. Its texts are shared by every cell.
    style: Option<Style>,
}

/// How many decimals are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Digits {
    /// Rounded to `max` decimals, then trailing zeros cut down to `min` decimals.
    Fixed { min: u8, max: u8 },
    /// The shortest text that reads back as the same `f64`, at least `min` decimals; in plain numbers an
    /// exponent where Python would write one. First rounded to as many digits as the longest cell has from its first
    /// that is not 0.
    Shortest { min: u8, significant: u8 },
}

/// The shape of one number's text.
struct Parts {
    whole: usize,
    decimals: usize,
    exponent: bool,
}

impl NumberFormat {
    /// The format that all these distinct cells share, if every one is a number.
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Option<NumberFormat> {
        if let Some(digits) = Digits::infer(cells.clone()) {
            return Some(NumberFormat { digits, style: None });
        }
        let style = Style::infer(cells.clone())?;
        let plain: Option<Vec<String>> = cells.map(|cell| style.read(cell)).collect();
        let digits = Digits::infer(plain?.iter().map(String::as_str))?;
        Some(NumberFormat { digits, style: Some(style) })
    }

    /// The value of a cell in this format.
    pub fn parse(&self, cell: &str) -> Option<f64> {
        match &self.style {
            None => parse(cell),
            Some(style) => parse(&style.read(cell)?),
        }
    }

    /// Is the cell a number in this format, of which no digit would be lost?
    pub fn reads(&self, cell: &str) -> bool {
        let kept = |plain: &str| Digits::infer(std::iter::once(plain)).is_some();
        match &self.style {
            None => kept(cell),
            Some(style) => style.read(cell).is_some_and(|plain| kept(&plain)),
        }
    }

    pub fn format(&self, value: f64) -> String {
        match &self.style {
            None => self.digits.format(value, true),
            Some(style) => style.write(&self.digits.format(value, false)),
        }
    }

    /// What the numbers are, such as "amounts in €", and the format without that. None where they are just numbers.
    pub fn unit(&self) -> Option<(String, NumberFormat)> {
        let (what, bare) = self.style.as_ref()?.unit()?;
        Some((what, NumberFormat { digits: self.digits, style: Some(bare) }))
    }

    /// Are the cells digits alone, as every program reads them?
    pub fn is_plain(&self) -> bool {
        self.style.is_none()
    }

    pub fn has_decimal_comma(&self) -> bool {
        self.decimals() != Some(0) && self.style.as_ref().is_some_and(Style::has_decimal_comma)
    }

    /// Numbers are multiples of 10^-this, if they have a grid at all.
    pub fn decimals(&self) -> Option<u8> {
        match self.digits {
            Digits::Fixed { max, .. } => Some(max),
            Digits::Shortest { .. } => None,
        }
    }
}

/// Every float has a text of so many digits that is read as itself.
const MAX_DIGITS: usize = 17;

impl Digits {
    fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Digits> {
        let (mut min, mut max, mut whole, mut exponent, mut any) = (usize::MAX, 0, 0, false, false);
        let (mut padded, mut most) = (Vec::new(), 1);
        for cell in cells {
            let parts = parts(cell.trim())?;
            padded.push((parts.decimals, cell.trim().ends_with('0')));
            let value: f64 = cell.trim().parse().ok().filter(|v: &f64| v.is_finite())?;
            if parts.decimals == 0 && !parts.exponent && value.abs() >= MAX_EXACT {
                return None; // a 64-bit identifier; as a number it would lose digits
            }
            let mantissa = cell.trim().split(['e', 'E']).next().unwrap_or_default();
            let significant =
                mantissa.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
            most = most.max(significant);
            let long = !parts.exponent && significant > MAX_DIGITS;
            if long && format!("{value:.*}", parts.decimals) != cell.trim() {
                return None; // digits that no measure has, and that a float would lose
            }
            any = true;
            exponent |= parts.exponent;
            whole = whole.max(parts.whole);
            if !parts.exponent {
                min = min.min(parts.decimals);
            }
            max = max.max(parts.decimals);
        }
        // Zeros at the end, beyond what all cells have, speak for a fixed number of decimals; fewer decimals than
        // others have, against it. Where both occur, the more frequent is the column's form.
        let fixed = padded.iter().filter(|(decimals, zero)| *zero && *decimals > min).count();
        let trimmed = padded.iter().filter(|(decimals, _)| *decimals < max).count();
        let min = if fixed > trimmed { max } else { min.min(max) } as u8;
        match any {
            false => None,
            true if exponent || whole + max > SAFE_DIGITS => {
                Some(Digits::Shortest { min: min.min(1), significant: most.min(MAX_DIGITS) as u8 })
            }
            true => Some(Digits::Fixed { min, max: max as u8 }),
        }
    }

    fn format(self, value: f64, exponents: bool) -> String {
        let value = if value == 0.0 { 0.0 } else { value }; // never "-0"
        match self {
            Digits::Fixed { min, max } => {
                let mut text = ticks(value, max).map_or_else(
                    || format!("{value:.*}", max as usize),
                    |ticks| decimal(ticks, max as usize), // the same, and much quicker
                );
                if max > min {
                    let point = text.len() - max as usize - 1;
                    let shortest = point + if min == 0 { 0 } else { 1 + min as usize };
                    while text.len() > shortest && (text.ends_with('0') || text.ends_with('.')) {
                        text.pop();
                    }
                }
                if text.trim_start_matches('-').bytes().all(|b| b == b'0' || b == b'.')
                    && text.starts_with('-')
                {
                    text.remove(0); // a negative number rounded to zero
                }
                text
            }
            Digits::Shortest { min, significant } => {
                let decimals = usize::from(significant.max(1)) - 1;
                let limit = 10u64.saturating_pow(u32::from(significant.max(1)));
                let whole = ticks(value, 0).filter(|whole| whole.unsigned_abs() < limit);
                let text = match whole {
                    Some(whole) => whole.to_string(), // the same, and much quicker
                    None => {
                        let value: f64 = format!("{value:.decimals$e}").parse().unwrap_or(value);
                        let size = value.abs();
                        if exponents && size != 0.0 && !(1e-4..1e16).contains(&size) {
                            return exponential(value);
                        }
                        format!("{value}")
                    }
                };
                if min > 0 && !text.contains('.') { text + ".0" } else { text }
            }
        }
    }
}

/// The value in units of its last decimal. None where it has more decimals, or so many digits that a unit is lost in it.
fn ticks(value: f64, decimals: u8) -> Option<i64> {
    let scale = 10f64.powi(i32::from(decimals));
    let ticks = (value * scale + 0.5f64.copysign(value)) as i64;
    let is_exact = decimals as usize <= SAFE_DIGITS && ticks.unsigned_abs() < MAX_TICKS;
    (is_exact && ticks as f64 / scale == value).then_some(ticks)
}

/// So many units of the last decimal, as text.
fn decimal(ticks: i64, decimals: usize) -> String {
    let mut text = ticks.unsigned_abs().to_string();
    if decimals > 0 {
        let zeros = (decimals + 1).saturating_sub(text.len());
        text.insert_str(0, &"0".repeat(zeros));
        text.insert(text.len() - decimals, '.');
    }
    if ticks < 0 {
        text.insert(0, '-');
    }
    text
}

/// The value of a cell that has the grammar of a plain number.
pub fn parse(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    parts(cell)?;
    let value: f64 = cell.parse().ok()?;
    value.is_finite().then_some(if value == 0.0 { 0.0 } else { value })
}

fn parts(cell: &str) -> Option<Parts> {
    let rest = cell.strip_prefix('-').unwrap_or(cell);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || whole.len() + decimals.len() == 0 {
        return None;
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || exponent.len() > 3 || !digits(exponent) {
            return None;
        }
    }
    Some(Parts { whole: whole.len(), decimals: decimals.len(), exponent: exponent.is_some() })
}

/// `1.5e-07`, as Python writes it.
fn exponential(value: f64) -> String {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').expect("the exponent form has an e");
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}e{sign}{digits:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::mix;

    fn trip(cells: &[&str]) -> Vec<String> {
        let format = NumberFormat::infer(cells.iter().copied()).expect("numbers");
        cells.iter().map(|cell| format.format(format.parse(cell).unwrap())).collect()
    }

    #[test]
    fn digits_that_a_float_would_lose_are_no_number() {
        let reads = |cells: &[&str]| NumberFormat::infer(cells.iter().copied()).is_some();
        assert!(!reads(&["1630293344.1752676272", "1630293345.5"]));
        assert!(reads(&["0.1000000000000000055511", "2.5"]), "the exact expansion of a float");
        assert!(reads(&["0.12345678901234567", "-0.00012345678901234567"]));
    }

    #[test]
    fn keeps_the_written_form() {
        for cells in [
            vec!["1", "-20", "0"],
            vec!["1.10", "2.00", "-0.55"],
            vec!["41.0", "8.3252", "-122.25"],
            vec!["1", "1.5", "0.25"],
            vec!["30.795847750865054", "24.5", "21.0"],
            vec!["1e-05", "0.25", "1.5e+20", "3e-07"],
            vec!["123456789012.1", "0.1234567"],
            vec!["€ 1.234,50", "€ 0,99", "€ 1.000.000,00"],
            vec!["30,795847750865054", "24,5", "0,000012"],
            vec!["(1,234)", "0", "12"],
            vec!["+1.5 %", "0.0 %", "-2.5 %"],
        ] {
            assert_eq!(trip(&cells), cells);
        }
        assert_eq!(trip(&["1.50", "2.5", ".5", "-0.0"]), ["1.5", "2.5", "0.5", "0.0"]);
        assert_eq!(trip(&["1.50", "2.10", "3.00", "4.25", "0.5"]), ["1.50", "2.10", "3.00", "4.25", "0.50"]);
    }

    #[test]
    fn whole_units_are_written_as_floats_are() {
        let mut quick = 0;
        for (decimals, key) in (0..20u8).cycle().zip(0..20_000) {
            let units = mix(key) as i64 >> (key % 64);
            let value = units as f64 / 10f64.powi(decimals.into());
            for value in [value, value.next_up(), value.next_down(), units as f64 + 0.5, 0.0] {
                let Some(ticks) = ticks(value, decimals) else { continue };
                quick += 1;
                assert_eq!(decimal(ticks, decimals.into()), format!("{value:.*}", decimals.into()));
            }
        }
        assert!(quick > 20_000, "{quick}");
    }

    #[test]
    fn codes_are_not_numbers() {
        for cell in ["007", "00501", "+49", "1,5", "1e", "", ".", "-", "0x1", "1_000", "inf", "NaN", "1e999"]
        {
            assert!(parse(cell).is_none(), "{cell}");
        }
        for cells in [["9007199254740993", "1"], ["9,007,199,254,740,993", "1"], ["007 kg", "1 kg"]] {
            assert!(NumberFormat::infer(cells.into_iter()).is_none(), "{cells:?}");
        }
        assert!(NumberFormat::infer(std::iter::empty()).is_none());
    }

    /// What lies between two values is not written more exactly than they are.
    #[test]
    fn floats_have_no_more_digits_than_the_cells() {
        let format = NumberFormat::infer(["-0.78441482", "31.508443", "5.0853849e-5"].into_iter()).unwrap();
        assert_eq!(format.format(0.5677069278378363), "0.56770693");
        assert_eq!(format.format(-17.20000000001), "-17.2");
        assert_eq!(format.format(1.234567890123e-7), "1.2345679e-07");
    }

    #[test]
    fn rounding_never_writes_a_negative_zero() {
        assert_eq!(Digits::Fixed { min: 2, max: 2 }.format(-0.001, true), "0.00");
        assert_eq!(Digits::Fixed { min: 0, max: 3 }.format(-0.0001, true), "0");
        assert_eq!(Digits::Fixed { min: 0, max: 0 }.format(100.0, true), "100");
    }
}
