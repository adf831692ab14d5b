//! What tells of persons: the model sees only whether there is a value; decoding makes one up.
//!
//! A column whose values repeat, such as the customers of orders, draws from a pool, so that as many rows share a value as
//! in the training rows. Columns of one person (name, given and family name, e-mail, account) draw the same person in
//! a row.

use serde::{Deserialize, Serialize};

use super::gaps::Gaps;
use crate::frame::Column as FrameColumn;
use crate::math::rng::mix;
use crate::schema::personal::{Personal, Sort};
use crate::table::Column;

/// More than this share of distinct values among rows: each row has its own.
const UNIQUE: f64 = 0.9;
/// Purposes of the key's bits: the draw from the pool must not be the permutation of persons.
const DRAW: u64 = 0x6472_6177;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonalCoding {
    /// How values are written; each part of it is shared by at least five values.
    personal: Personal,
    gaps: Gaps,
    pool: Option<Pool>,
    /// The first name, e-mail, … of a table are one person's, the second ones another's.
    person: Option<u32>,
}

/// In every run of `rows` rows, each row draws one of `values`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    rows: u64,
    values: u64,
}

impl Pool {
    /// None where rows have values of their own.
    fn fit(column: &Column, gaps: &Gaps) -> Option<Pool> {
        let cells = column.cells().iter().zip(column.counts());
        let held = cells.filter(|(cell, rows)| *rows > 0 && !gaps.holds(cell));
        let (distinct, rows) =
            held.fold((0u64, 0u64), |(distinct, all), (_, rows)| (distinct + 1, all + u64::from(rows)));
        if distinct as f64 >= UNIQUE * rows as f64 {
            return None;
        }
        // So many that `rows` draws are expected to hit `distinct` of them: v (1 - (1 - 1/v)^rows).
        let hit = |values: f64| values * -libm::expm1(rows as f64 * libm::log1p(-1.0 / values));
        let (mut low, mut high) = (distinct.max(1) as f64, 16.0 * rows as f64);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if hit(middle) < distinct as f64 { low = middle } else { high = middle }
        }
        Some(Pool { rows, values: libm::round(low) as u64 })
    }

    fn draw(self, index: u64, key: u64) -> u64 {
        index / self.rows * self.values + mix(index ^ mix(key ^ DRAW)) % self.values
    }
}

impl PersonalCoding {
    pub fn new(column: &Column, personal: Personal, gaps: Gaps) -> Self {
        PersonalCoding { pool: Pool::fit(column, &gaps), personal, gaps, person: None }
    }

    pub fn encode(&self, column: &Column) -> FrameColumn {
        self.gaps.presence(column)
    }

    pub fn release(&mut self, kept: &[u32]) {
        self.gaps.release(kept);
    }

    pub fn is_sound(&self) -> bool {
        self.personal.is_sound() && self.pool.is_none_or(|pool| pool.rows > 0 && pool.values > 0)
    }

    /// Which person's column it is: columns of the same one share a key.
    pub fn person(&self) -> Option<u32> {
        self.person
    }

    pub fn decode(&self, code: u32, index: u64, key: u64) -> String {
        let place = self.pool.map_or(index, |pool| pool.draw(index, key));
        self.gaps.write(code, || self.personal.fresh(place, key))
    }
}

/// Lets the columns of one person agree: the first of each sort are one's, the second another's. Given and family names
/// repeat by themselves, so they are drawn as the column that names the whole person is.
pub fn agree(codings: &mut [&mut PersonalCoding]) {
    for place in 0..codings.len() {
        let (before, rest) = codings.split_at_mut(place);
        let sort = rest[0].personal.sort();
        let nth = before.iter().filter(|other| other.personal.sort() == sort).count() as u32;
        rest[0].person = names_person(sort).then_some(nth);
    }
    let is_part =
        |coding: &PersonalCoding| matches!(coding.personal.sort(), Sort::FirstName | Sort::LastName);
    for place in 0..codings.len() {
        if !is_part(codings[place]) {
            continue;
        }
        let person = codings[place].person;
        let same = || codings.iter().filter(|other| other.person == person);
        let whole = same().find(|other| !is_part(other)).map(|other| other.pool);
        let most =
            same().map(|other| other.pool).max_by_key(|pool| pool.map_or(u64::MAX, |pool| pool.values));
        let pool = whole.or(most).flatten();
        codings[place].pool = pool;
    }
}

fn names_person(sort: Sort) -> bool {
    matches!(sort, Sort::Name | Sort::FirstName | Sort::LastName | Sort::Email | Sort::UserName)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    #[test]
    fn as_many_rows_share_a_value() {
        for (distinct, rows) in [(10, 1000), (300, 1000), (700, 1000)] {
            let cells: Vec<String> = (0..rows).map(|i| format!("c{}@a.de", i % distinct)).collect();
            let column = ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish("email");
            let coding = PersonalCoding::new(&column, Personal::Email, Gaps::default());
            let made = ColumnBuilder::from_iter(
                (0..rows).map(|i| coding.decode(0, i, 5)).collect::<Vec<_>>().iter().map(String::as_str),
            );
            let made = made.finish("made").cells().len() as f64;
            assert!((made / distinct as f64 - 1.0).abs() < 0.1, "{made} for {distinct}");
        }
    }
}
