//! Values that someone asks for, in the terms of the codec: who asks need not write as the file does.

use super::{Codec, Coding};
use crate::frame::Column;
use crate::schema::Sdtype;
use crate::schema::{datetime, number};
use crate::table::ColumnBuilder;

/// What can be asked of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Askable {
    Numbers,
    /// Numbers are the seconds since 1970.
    Moments,
    Levels,
    /// Values are made up.
    Nothing,
}

impl Codec {
    pub fn askable(&self, place: usize) -> Askable {
        match &self.columns[place].coding {
            Coding::Scale(_) if self.columns[place].sdtype == Sdtype::Datetime => Askable::Moments,
            Coding::Scale(_) => Askable::Numbers,
            Coding::Levels(_) => Askable::Levels,
            Coding::Identifier(_) | Coding::Text(_) | Coding::Personal(_) => Askable::Nothing,
        }
    }

    /// The number that a text stands for in a column of numbers or moments: a plain number; a moment as the column's cells
    /// are written, or as ISO 8601 has it.
    pub fn number(&self, place: usize, text: &str) -> Option<f64> {
        let value = match self.askable(place) {
            Askable::Numbers => number::parse(text)?,
            Askable::Moments => self.read(place, text).or_else(|| datetime::iso_moment(text.trim()))?,
            Askable::Levels | Askable::Nothing => return None,
        };
        // As a cell would be read, without the dust of arithmetic; with more decimals than the column has, as it is.
        let near = self.sound_scale(place).round(value);
        Some(if (near - value).abs() <= 4.0 * f64::EPSILON * value.abs() { near } else { value })
    }

    fn read(&self, place: usize, text: &str) -> Option<f64> {
        let cell = ColumnBuilder::from_iter([text]).finish(self.columns[place].name.as_str());
        match self.sound_scale(place).encode(&cell) {
            Ok(Column::Numbers(values)) => values.first().copied().filter(|value| value.is_finite()),
            _ => None,
        }
    }

    /// Can a number from `low` to `high` be written in this column, of which numbers are drawn between these ends? Yes where
    /// other columns have a say in what is written, since nobody knows before.
    pub fn may_write(&self, place: usize, [low, high]: [f64; 2], drawn: &[[f64; 2]]) -> bool {
        let scale = self.sound_scale(place);
        let (first, last) = (scale.at_least(low), scale.at_most(high));
        let reached = |&[from, to]: &[f64; 2]| scale.snap(from) <= last && first <= scale.snap(to);
        !self.is_free(place) || first <= last && drawn.iter().any(reached)
    }

    /// Is what is drawn of a column written whatever the others are?
    pub fn is_free(&self, place: usize) -> bool {
        let is_ordered = self.orders.iter().any(|order| [order.low, order.high].contains(&(place as u32)));
        self.columns[place].rule.is_none() && !is_ordered
    }
}
