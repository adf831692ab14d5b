//! Check digits: the published sums by which numbers guard against slips. Over digits, the first one first.

/// The digits of a text, if it is nothing else.
pub fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

/// The digit that makes the whole divisible by ten when every second digit from the right is doubled (ISO/IEC 7812-1,
/// after Luhn 1960).
pub fn luhn(body: &[u32]) -> u32 {
    let doubled = |(place, &digit): (usize, &u32)| match (place % 2, digit * 2) {
        (0, twice) if twice > 9 => twice - 9,
        (0, twice) => twice,
        _ => digit,
    };
    let sum: u32 = body.iter().rev().enumerate().map(doubled).sum();
    (10 - sum % 10) % 10
}

/// The sum of products.
pub fn weigh(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The remainder of a number of any length, letters counted as 10 to 35 (ISO/IEC 7064, as ISO 13616 uses it).
pub fn modulo_97(text: &str) -> Option<u32> {
    text.chars().try_fold(0, |rest, c| {
        let value = c.to_digit(36)?;
        Some((rest * if value > 9 { 100 } else { 10 } + value) % 97)
    })
}

/// ISO/IEC 7064, MOD 11,10: the check digit.
pub fn modulo_11_10(body: &[u32]) -> u32 {
    let product = body.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

/// The check digit of the dihedral group D5 (Verhoeff 1969).
pub fn verhoeff(body: &[u32]) -> u32 {
    let permuted = |places: usize, digit: u32| {
        const ONCE: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        (0..places % 8).fold(digit, |digit, _| ONCE[digit as usize])
    };
    let sum = body
        .iter()
        .rev()
        .enumerate()
        .fold(0, |sum, (place, &digit)| product(sum, permuted(place + 1, digit)));
    (0..10).find(|&check| product(sum, check) == 0).unwrap_or(0)
}

/// Multiplication in D5: below 5 turns, from 5 on mirrors.
fn product(a: u32, b: u32) -> u32 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the standards' own texts.
    #[test]
    fn published_examples() {
        assert_eq!(luhn(&digits("7992739871").unwrap()), 3);
        assert_eq!(verhoeff(&digits("236").unwrap()), 3);
        assert_eq!(verhoeff(&digits("12345").unwrap()), 1);
        assert_eq!(modulo_97("3214282912345698765432161182"), Some(1)); // GB82 WEST 1234 5698 7654 32
        assert_eq!(modulo_11_10(&digits("0794").unwrap()), 5); // ISO/IEC 7064
    }

    /// Any one wrong digit is seen.
    #[test]
    fn a_slip_is_seen() {
        let body = digits("48159263").unwrap();
        for check in [luhn, verhoeff, modulo_11_10] {
            let right = check(&body);
            for place in 0..body.len() {
                let mut other = body.clone();
                other[place] = (other[place] + 3) % 10;
                assert_ne!(check(&other), right);
            }
        }
    }
}
