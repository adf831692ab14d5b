//! The sums and dates inside national numbers, as their authorities publish them.

use super::Number;
use crate::schema::personal::check::{digits, luhn, modulo_11_10, weigh};

/// Are these two-digit texts a date? Some countries add multiples of `step` to the month to tell the century.
pub fn is_date(_year: &str, month: &str, day: &str, step: u32) -> bool {
    let number = |text: &str| text.parse::<u32>().unwrap_or(99);
    let month = if step > 0 { number(month) % step } else { number(month) };
    (1..=12).contains(&month) && (1..=31).contains(&number(day))
}

/// So many digits, the ones after `body` as `checks` says.
pub fn seal(id: &str, length: usize, body: usize, checks: fn(&[u32]) -> Vec<u32>) -> bool {
    digits(id).is_some_and(|d| d.len() == length && checks(&d[..body]) == d[body..])
}

pub fn sealed(body: String, checks: fn(&[u32]) -> Vec<u32>) -> String {
    let checks = checks(&digits(&body).unwrap_or_default());
    checks.iter().fold(body, |text, digit| format!("{text}{digit}"))
}

pub fn elevens(id: &str, length: usize, holds: fn(&[u32]) -> bool) -> bool {
    digits(id).is_some_and(|d| d.len() == length && d.iter().any(|&digit| digit > 0) && holds(&d))
}

/// Of the bodies with this beginning, one whose check is a single digit: the last digit of the body is one of the nine,
/// at least, that lead to such a check.
pub fn checked(head: &str, n: &mut Number, free: usize, check: fn(&[u32]) -> u32) -> String {
    let head = format!("{head}{}", n.text_from(1, free - 1));
    let with_check = |last: u32| {
        let body = format!("{head}{last}");
        let check = check(&digits(&body)?);
        (check < 10).then(|| format!("{body}{check}"))
    };
    (0..10).filter_map(with_check).nth(n.take(9) as usize).unwrap_or(head)
}

pub fn is_ssn(id: &str) -> bool {
    let area = id.get(..3).and_then(|area| area.parse::<u32>().ok());
    id.len() == 9
        && digits(id).is_some()
        && area.is_some_and(|area| area > 0 && area != 666 && area < 900)
        && &id[3..5] != "00"
        && &id[5..] != "0000"
}

pub fn dni_letter(body: &str) -> char {
    let letters = b"TRWAGMYFPDXBNJZSQVHLCKE";
    char::from(letters[body.parse::<usize>().unwrap_or(0) % 23])
}

pub fn is_dni(id: &str) -> bool {
    let Some((body, letter)) = id.char_indices().next_back().map(|(at, letter)| (&id[..at], letter)) else {
        return false;
    };
    let body = match body.chars().next() {
        Some(first @ 'X'..='Z') => format!("{}{}", first as u32 - 'X' as u32, &body[1..]),
        _ => body.to_string(),
    };
    body.len() == 8 && digits(&body).is_some() && dni_letter(&body) == letter
}

pub fn cpf(body: &[u32]) -> Vec<u32> {
    let check = |d: &[u32], from: u32| {
        let weights: Vec<u32> = (2..=from).rev().collect();
        weigh(d, &weights) * 10 % 11 % 10
    };
    let first = check(body, 10);
    vec![first, check(&[body, &[first]].concat(), 11)]
}

pub fn is_personnummer(id: &str) -> bool {
    let short = if id.len() == 12 && (id.starts_with("19") || id.starts_with("20")) { &id[2..] } else { id };
    seal(short, 10, 9, |d| vec![luhn(d)]) && is_date(&short[..2], &short[2..4], &short[4..6], 0)
}

pub fn pesel(body: &[u32]) -> Vec<u32> {
    vec![(10 - weigh(body, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10]
}

/// Corsica's 2A and 2B count as 19 and 18.
pub fn is_nir(id: &str) -> bool {
    let plain = id.replacen("2A", "19", 1).replacen("2B", "18", 1);
    plain.len() == 15
        && digits(&plain).is_some()
        && plain.starts_with(['1', '2', '3', '4', '7', '8'])
        && (97 - plain[..13].parse::<u64>().unwrap_or(0) % 97).to_string()
            == plain[13..].trim_start_matches('0')
}

pub fn make_nir(n: &mut Number) -> String {
    let (year, month) = (45 + n.take(55), 1 + n.take(12));
    let body = format!(
        "{}{year:02}{month:02}{:02}{:03}{:03}",
        1 + n.take(2),
        1 + n.take(95),
        1 + n.take(990),
        1 + n.take(999)
    );
    format!("{body}{:02}", 97 - body.parse::<u64>().unwrap_or(0) % 97)
}

/// Decreto ministeriale 23 dicembre 1976: characters at odd places count by this table, at even places by their rank.
pub fn codice(body: &str) -> char {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let rank = |c: char| c.to_digit(10).unwrap_or((c as u32).wrapping_sub('A' as u32)).min(25);
    let value = |(place, c): (usize, char)| if place % 2 == 0 { ODD[rank(c) as usize] } else { rank(c) };
    let sum: u32 = body.chars().enumerate().map(value).sum();
    char::from(b'A' + (sum % 26) as u8)
}

pub fn is_codice(id: &str) -> bool {
    let form = |(c, class): (char, char)| match class {
        'A' => c.is_ascii_uppercase(),
        _ => c.is_ascii_digit() || "LMNPQRSTUV".contains(c), // digits become letters where two people share a code
    };
    id.is_ascii()
        && id.len() == 16
        && id.chars().zip("AAAAAA00A00A000A".chars()).all(form)
        && codice(&id[..15]) == char::from(id.as_bytes()[15])
}

pub fn make_codice(n: &mut Number) -> String {
    let mut letters = |count: usize| (0..count).map(|_| n.letter("BCDFGLMNPRSTVZAEIOUQ")).collect::<String>();
    let name = letters(6);
    let (year, month, day) = n.date();
    let month = char::from(b"ABCDEHLMPRST"[month as usize - 1]);
    let body = format!("{name}{:02}{month}{day:02}Z{:03}", year % 100, 1 + n.take(999));
    let last = codice(&body);
    format!("{body}{last}")
}

pub fn resident(body: &str) -> String {
    let sum =
        weigh(&digits(body).unwrap_or_default(), &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    "10X98765432".chars().nth(sum as usize % 11).into_iter().collect()
}

pub fn is_resident(id: &str) -> bool {
    id.is_ascii()
        && id.len() == 18
        && digits(&id[..17]).is_some()
        && is_date(&id[8..10], &id[10..12], &id[12..14], 0)
        && resident(&id[..17]) == id[17..]
}

pub fn is_nino(id: &str) -> bool {
    let pair = |c: char| c.is_ascii_uppercase() && !"DFIQUV".contains(c);
    id.is_ascii()
        && id.len() == 9
        && id[..2].chars().all(pair)
        && !id[1..].starts_with('O')
        && !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(&&id[..2])
        && digits(&id[2..8]).is_some()
        && id[8..].starts_with(['A', 'B', 'C', 'D'])
}

/// Of the first ten digits one stands two or three times, the others at most once.
pub fn repeats_once(body: &str) -> bool {
    let mut counts = [0; 10];
    digits(body).unwrap_or_default().iter().for_each(|&digit| counts[digit as usize] += 1);
    counts.iter().filter(|&&count| count > 1).count() == 1 && counts.iter().all(|&count| count <= 3)
}

pub fn make_steuer(n: &mut Number) -> String {
    // A draw without repeats of nine digits, one of which is then said again.
    let mut left: Vec<u32> = (0..10).collect();
    let mut body = vec![left.remove(1 + n.take(9) as usize)];
    while body.len() < 9 {
        body.push(left.remove(n.take(left.len() as u64) as usize));
    }
    body.push(body[n.take(9) as usize]);
    sealed(body.iter().map(u32::to_string).collect(), |d| vec![modulo_11_10(d)])
}

pub fn hetu(body: &str) -> char {
    let letters = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    char::from(letters[body.parse::<usize>().unwrap_or(0) % 31])
}

/// The century's sign is a letter from 2000 on; a minus is gone by now, as all punctuation.
pub fn is_hetu(id: &str) -> bool {
    let body = match id.len() {
        11 if id.is_ascii() && "ABCDEFYXWVU".contains(&id[6..7]) => format!("{}{}", &id[..6], &id[7..]),
        10 if id.is_ascii() => id.to_string(),
        _ => return false,
    };
    digits(&body[..9]).is_some()
        && is_date(&body[4..6], &body[2..4], &body[..2], 0)
        && body.ends_with(hetu(&body[..9]))
}

pub fn birth_number(body: &[u32]) -> Vec<u32> {
    let check = |sum: u32| (11 - sum % 11) % 11;
    let first = check(weigh(body, &[3, 7, 6, 1, 8, 9, 4, 5, 2]));
    let both = [body, &[first]].concat();
    vec![first, check(weigh(&both, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]))]
}

pub fn make_birth_number(n: &mut Number) -> String {
    let (year, month, day) = n.date();
    // A check of ten makes the number too long: such serials are not given out. More than 300 of 500 remain.
    let made = |serial| sealed(format!("{day:02}{month:02}{:02}{serial:03}", year % 100), birth_number);
    let place = n.take(300) as usize;
    (0..500).map(made).filter(|id| id.len() == 11).nth(place).unwrap_or_default()
}

pub fn register(body: &str) -> u64 {
    97 - body.parse::<u64>().unwrap_or(0) % 97
}

/// From 2000 on a 2 is put in front for the sum.
pub fn is_register(id: &str) -> bool {
    digits(id).is_some()
        && id.len() == 11
        && is_date(&id[..2], &id[2..4], &id[4..6], 20)
        && [register(&id[..9]), register(&format!("2{}", &id[..9]))].contains(&id[9..].parse().unwrap_or(0))
}

pub fn nif(body: &[u32]) -> u32 {
    (11 - weigh(body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10
}

pub fn ean(body: &[u32]) -> u32 {
    (10 - weigh(body, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10) % 10
}

pub fn kimlik(body: &[u32]) -> Vec<u32> {
    let odd: u32 = body.iter().step_by(2).sum();
    let even: u32 = body.iter().skip(1).step_by(2).sum();
    let tenth = (odd * 7 + 100 - even) % 10;
    vec![tenth, (odd + even + tenth) % 10]
}
