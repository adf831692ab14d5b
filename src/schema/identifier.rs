//! Identifiers: the shape of a column's unique values, and fresh values of that shape.
//!
//! A shape is a list of templates: a run of character classes with the literals that many rows share, such
//! as `[0-9]{4}-[A-Z]{5}`. The i-th fresh value of a template is the i-th number of a keyed permutation
//! of its whole space, so values never repeat, in any order and on any worker, until the space is used up;
//! after that they grow longer. Numbers have no templates but stretches, so that they lie where the real ones do. A fresh value can equal a real one by chance, as a throw of dice can.
//! Does not know: check digits, names, addresses; that is `personal.rs`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::math::rng::mix;

/// Templates beyond this many are dropped, the rarest first.
const MAX_TEMPLATES: usize = 64;
/// A literal, and a template, is kept if at least this many rows share it.
const MIN_ROWS: usize = 5;
/// Numbers below [`MAX_NUMBER`], of which a stretch holds at least so many; fewer than two such stretches tell nothing.
const STRETCH_ROWS: usize = 10;
const MAX_STRETCHES: usize = 32;
const MAX_NUMBER: i64 = 1_000_000_000_000_000_000;
/// Positions beyond this are cut: an identifier this long is text.
const MAX_LENGTH: usize = 64;

/// How a column's identifiers look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum IdShape {
    /// start, start + step, …: a counter, which tells nothing of any row but its place.
    Sequence { start: i64, step: i64 },
    /// Each template and how many rows have it.
    Templates(Vec<(Template, u32)>),
    /// Whole numbers, as many between each two of these bounds. A bound is a mean of five rows', or lies outside.
    Numbers(Vec<i64>),
}

/// One character class or literal a position.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Template(Vec<Class>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Class {
    /// Shared by every row of the template, or punctuation.
    Literal(char),
    Digit,
    /// A digit that no row of the template has as 0.
    NonZero,
    Upper,
    Lower,
}

impl IdShape {
    /// The shape of these distinct, non-missing cells, in the order of the file.
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> IdShape {
        let unlike = || IdShape::Templates(vec![(Template(vec![Class::Lower; 8]), 1)]); // free text, perhaps
        let shape = sequence(cells.clone()).or_else(|| stretches(cells.clone()).map(IdShape::Numbers));
        shape.or_else(|| IdShape::templates(cells)).unwrap_or_else(unlike)
    }

    /// The same, never as a counter. None where no five are alike.
    pub fn templates<'a>(cells: impl Iterator<Item = &'a str>) -> Option<IdShape> {
        let templates = templates(cells);
        (!templates.is_empty()).then_some(IdShape::Templates(templates))
    }

    /// The `index`-th identifier under a key. Distinct indices give distinct identifiers.
    pub fn fresh(&self, index: u64, key: u64) -> String {
        match self {
            IdShape::Sequence { start, step } => {
                start.wrapping_add(step.wrapping_mul(index as i64)).to_string()
            }
            IdShape::Templates(templates) => {
                let (template, place) = share_out(templates, index, key).expect("is_sound: at least one");
                template.fresh(place, key)
            }
            IdShape::Numbers(_) => self.fresh_number(index, key).expect("it is of numbers").to_string(),
        }
    }

    /// The same as a number, where they lie as the real ones do.
    pub fn fresh_number(&self, index: u64, key: u64) -> Option<i64> {
        match self {
            IdShape::Numbers(bounds) => Some(fresh_number(bounds, index, key)),
            IdShape::Sequence { .. } | IdShape::Templates(_) => None,
        }
    }

    /// Can [`IdShape::fresh`] be called? For models read from files.
    pub fn is_sound(&self) -> bool {
        match self {
            IdShape::Sequence { .. } => true,
            IdShape::Templates(templates) => {
                !templates.is_empty() && templates.iter().all(|(_, rows)| *rows > 0)
            }
            IdShape::Numbers(bounds) => {
                let known = 0..=MAX_NUMBER;
                bounds.len() > 1
                    && bounds.iter().all(|bound| known.contains(bound))
                    && bounds.windows(2).all(|pair| pair[0] < pair[1])
            }
        }
    }

    /// The commonest template as a regular expression.
    pub fn regex(&self) -> String {
        match self {
            IdShape::Sequence { .. } => "[0-9]+".into(),
            IdShape::Templates(templates) => templates[0].0.regex(),
            IdShape::Numbers(bounds) => {
                let [least, most] = [bounds[0], bounds[bounds.len() - 1] - 1].map(digits);
                if least == most { format!("[1-9][0-9]{{{}}}", most - 1) } else { "[0-9]+".into() }
            }
        }
    }
}

/// Written as a program writes it.
pub fn number(cell: &str) -> Option<i64> {
    let cell = cell.trim();
    cell.parse().ok().filter(|value: &i64| value.to_string() == cell)
}

fn digits(number: i64) -> u32 {
    number.checked_ilog10().unwrap_or(0) + 1
}

fn sequence<'a>(cells: impl Iterator<Item = &'a str>) -> Option<IdShape> {
    let mut values = cells.map(number);
    let mut next = || values.next();
    let start = next()??;
    let mut last = next()??;
    let step = last.checked_sub(start)?;
    while let Some(value) = next() {
        let value = value?;
        if value.checked_sub(last)? != step {
            return None;
        }
        last = value;
    }
    (step > 0).then_some(IdShape::Sequence { start, step })
}

/// Bounds of stretches that hold equally many of these distinct numbers. None if some cell is no number.
fn stretches<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Vec<i64>> {
    let known = |cell| number(cell).filter(|value| (0..MAX_NUMBER).contains(value));
    let mut values: Vec<i64> = cells.map(known).collect::<Option<_>>()?;
    values.sort_unstable();
    let count = (values.len() / STRETCH_ROWS).min(MAX_STRETCHES);
    if count < 2 {
        return None;
    }
    // Of rows from this place on. A sum of five stays below i64's largest.
    let mean = |place: usize| values[place..place + MIN_ROWS].iter().sum::<i64>() / MIN_ROWS as i64;
    let inner = (1..count).map(|stretch| mean(stretch * values.len() / count - MIN_ROWS / 2));
    // As far beyond the mean of the outermost five as their like lie from each other, and with no other number of digits.
    let last = values.len() - MIN_ROWS;
    let (first, end) = (mean(0), mean(last));
    let low = first - (mean(MIN_ROWS) - first) / 2;
    let high = end + (end - mean(last - MIN_ROWS)) / 2 + 1;
    let [least, most] = [values[0], values[values.len() - 1]].map(digits);
    let (least, most) =
        if least == most { (10i64.pow(most - 1), 10i64.pow(most)) } else { (values[0].min(1), MAX_NUMBER) };
    let bounds = [low.max(least)].into_iter().chain(inner).chain([high.min(most)]);
    Some(bounds.collect())
}

/// One of each stretch, and then another one of each.
fn fresh_number(bounds: &[i64], index: u64, key: u64) -> i64 {
    let stretches = (bounds.len() - 1) as u64;
    let round = index / stretches;
    let stretch = scatter(index % stretches, stretches, mix(key ^ round));
    let (low, high) = (bounds[stretch as usize], bounds[stretch as usize + 1]);
    let width = (high - low) as u64;
    if round < width {
        return low + scatter(round, width, key ^ stretch) as i64;
    }
    bounds[stretches as usize].wrapping_add((round * stretches + stretch) as i64) // all are taken
}

fn templates<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<(Template, u32)> {
    struct Group {
        rows: usize,
        first: Vec<char>,
        shared: Vec<bool>,
        zero: Vec<bool>,
    }
    let mut groups: BTreeMap<Vec<Class>, Group> = BTreeMap::new();
    for cell in cells {
        let chars: Vec<char> = cell.trim().chars().take(MAX_LENGTH).collect();
        let classes: Vec<Class> = chars.iter().map(|&c| class(c)).collect();
        let group = groups.entry(classes).or_insert_with(|| Group {
            rows: 0,
            shared: vec![true; chars.len()],
            zero: vec![false; chars.len()],
            first: chars.clone(),
        });
        group.rows += 1;
        for (i, &c) in chars.iter().enumerate() {
            group.shared[i] &= c == group.first[i];
            group.zero[i] |= c == '0';
        }
    }
    let mut templates: Vec<(Template, u32)> = groups
        .into_iter()
        .filter(|(_, group)| group.rows >= MIN_ROWS)
        .map(|(classes, group)| {
            let refine = |(i, class): (usize, Class)| match class {
                _ if group.shared[i] => Class::Literal(group.first[i]),
                Class::Digit if !group.zero[i] => Class::NonZero,
                other => other,
            };
            (Template(classes.into_iter().enumerate().map(refine).collect()), group.rows as u32)
        })
        .collect();
    templates.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    templates.truncate(MAX_TEMPLATES);
    templates
}

/// Letters of other scripts are written as Latin ones: a random character of theirs may not exist.
fn class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        _ if c.is_uppercase() => Class::Upper,
        _ if c.is_alphanumeric() => Class::Lower,
        _ => Class::Literal(c),
    }
}

impl Template {
    /// How many values the template has, held to 2^63.
    fn space(&self) -> u64 {
        self.0.iter().fold(1u64, |space, class| space.saturating_mul(class.size())).min(1 << 63)
    }

    fn fresh(&self, index: u64, key: u64) -> String {
        let space = self.space();
        let (round, place) = (index / space, index % space);
        let mut number = scatter(place, space, key);
        let mut chars: Vec<char> = Vec::with_capacity(self.0.len());
        for class in self.0.iter().rev() {
            chars.push(class.nth(number % class.size()));
            number /= class.size();
        }
        let text: String = chars.into_iter().rev().collect();
        if round == 0 { text } else { format!("{text}-{round}") }
    }

    fn regex(&self) -> String {
        let mut text = String::new();
        let mut i = 0;
        while i < self.0.len() {
            let run = self.0[i..].iter().take_while(|&&class| class == self.0[i]).count();
            match self.0[i] {
                Class::Literal(c) if c.is_alphanumeric() => text.push(c),
                Class::Literal(c) => text.extend(['\\', c]),
                class => text.push_str(class.pattern()),
            }
            if run > 1 {
                text.push_str(&format!("{{{run}}}"));
            }
            i += run;
        }
        text
    }
}

impl Class {
    fn size(self) -> u64 {
        match self {
            Class::Literal(_) => 1,
            Class::Digit => 10,
            Class::NonZero => 9,
            Class::Upper | Class::Lower => 26,
        }
    }

    fn nth(self, i: u64) -> char {
        let from = |first: u8| char::from(first + i as u8);
        match self {
            Class::Literal(c) => c,
            Class::Digit => from(b'0'),
            Class::NonZero => from(b'1'),
            Class::Upper => from(b'A'),
            Class::Lower => from(b'a'),
        }
    }

    fn pattern(self) -> &'static str {
        match self {
            Class::Literal(_) => "",
            Class::Digit => "[0-9]",
            Class::NonZero => "[1-9]",
            Class::Upper => "[A-Z]",
            Class::Lower => "[a-z]",
        }
    }
}

/// The form for a place in the column, and how many places before it have that form: every run of as many places as
/// there are rows gives each form its share, in scattered order. None if there are no forms.
pub fn share_out<T>(forms: &[(T, u32)], index: u64, key: u64) -> Option<(&T, u64)> {
    let total: u64 = forms.iter().map(|(_, rows)| u64::from(*rows)).sum();
    let round = index.checked_div(total)?;
    let mut place = scatter(index % total, total, key);
    for (form, rows) in forms {
        let rows = u64::from(*rows);
        if place < rows {
            return Some((form, round * rows + place));
        }
        place -= rows;
    }
    None
}

/// A keyed permutation of `0..space`: a four-round Feistel network over the next even power of two,
/// walked until it falls inside (Black and Rogaway 2002).
pub fn scatter(place: u64, space: u64, key: u64) -> u64 {
    let bits = (u64::BITS - (space - 1).leading_zeros()).div_ceil(2).max(1);
    let mask = (1u64 << bits) - 1;
    let mut x = place;
    loop {
        let (mut left, mut right) = (x >> bits, x & mask);
        for round in 0..4u64 {
            (left, right) = (right, left ^ (mix(right ^ mix(key ^ round)) & mask));
        }
        x = left << bits | right;
        if x < space {
            return x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(make: impl Fn(u64) -> String, count: u64) -> Vec<String> {
        (0..count).map(make).collect()
    }

    fn infer(cells: &[String]) -> IdShape {
        IdShape::infer(cells.iter().map(String::as_str))
    }

    #[test]
    fn row_numbers_are_a_sequence() {
        let shape = infer(&cells(|i| (i * 2 + 10).to_string(), 30));
        assert_eq!(shape, IdShape::Sequence { start: 10, step: 2 });
        assert_eq!(shape.fresh(3, 99), "16");
    }

    #[test]
    fn templates_keep_shared_literals() {
        let shape = infer(&cells(|i| format!("CUST-{:04}x", scatter(i, 10_000, 7)), 200));
        assert_eq!(shape.regex(), r"CUST\-[0-9]{4}x");
        let fresh = shape.fresh(0, 5);
        assert!(fresh.starts_with("CUST-") && fresh.len() == 10, "{fresh}");
    }

    #[test]
    fn fresh_values_never_repeat() {
        let shape = infer(&cells(|i| format!("{}{}", ["A", "b", "c-"][i as usize % 3], i % 10), 60));
        let mut seen = std::collections::HashSet::new();
        for i in 0..500 {
            assert!(seen.insert(shape.fresh(i, 1)), "at {i}");
        }
    }

    #[test]
    fn numbers_lie_where_the_real_ones_do_and_never_repeat() {
        let real = cells(|i| (1000 + i * i * 7919 % 3_000_017 / 1000 * 3 + 4_000 * (i % 2)).to_string(), 400);
        let mut real: Vec<String> =
            real.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        real.rotate_left(7);
        let shape = infer(&real);
        assert!(
            matches!(&shape, IdShape::Numbers(bounds) if shape.is_sound() && bounds.len() > 20),
            "{shape:?}"
        );
        let mut values: Vec<i64> = real.iter().map(|cell| cell.parse().unwrap()).collect();
        values.sort_unstable();
        let count = 4000;
        let mut fresh: Vec<i64> = (0..count).map(|i| shape.fresh(i, 5).parse().unwrap()).collect();
        fresh.sort_unstable();
        for tenth in 1..10 {
            let [real, fresh] = [&values, &fresh].map(|all| all[all.len() * tenth / 10]);
            assert!((real - fresh).abs() < 400, "{tenth}: {real} {fresh}");
        }
        let many: std::collections::HashSet<String> = (0..20_000).map(|i| shape.fresh(i, 5)).collect();
        assert_eq!(many.len(), 20_000, "more than there are between the bounds");
    }

    #[test]
    fn numbers_keep_their_number_of_digits_and_no_bound_is_one_of_them() {
        let real = cells(|i| (10_000 + scatter(i, 90_000, 3)).to_string(), 500);
        let shape = infer(&real);
        assert_eq!(shape.regex(), "[1-9][0-9]{4}");
        assert!((0..50_000).all(|i| shape.fresh(i, 9).len() == 5));
        let far = cells(|i| (scatter(i, 1000, 3) * 1_000_003 + 77).to_string(), 200);
        let IdShape::Numbers(bounds) = infer(&far) else { panic!("numbers") };
        assert!(!bounds.iter().any(|bound| far.contains(&bound.to_string())));
    }

    #[test]
    fn scatter_is_a_permutation() {
        for space in [1, 2, 3, 10, 100, 1000] {
            let mut all: Vec<u64> = (0..space).map(|i| scatter(i, space, 42)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..space).collect::<Vec<_>>());
        }
        assert!(scatter(5, 1 << 63, 1) < 1 << 63);
    }

    #[test]
    fn texts_all_unlike_do_not_survive() {
        let shape = infer(&cells(|i| "word ".repeat(i as usize + 1), 12));
        assert_eq!(shape.fresh(0, 1).len(), 8);
    }
}
