//! Text to numbers and codes, and back: [`Table`] <-> [`Frame`]. One file a kind of column.
//!
//! The law, tested on every column of every test file: `decode(encode(x))` is `x` in canonical form. Canonical
//! means: one missing token a column, numbers and dates in the column's own format. Identifiers, free text and what
//! tells of persons are the exception, on purpose: only whether there is one survives, and of numbers that identify rows where
//! they lie among each other.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::frame::{Column as FrameColumn, Frame, Support};
use crate::math::rng::{Purpose, Seed};
use crate::schema::relations::rules::Order;
use crate::schema::{ColumnSchema, Kind, Schema, Sdtype};
use crate::table::{Column, ColumnBuilder, Table};

mod asked;
mod category;
mod gaps;
mod identifier;
mod personal;
mod rules;
mod scale;
mod since;
mod text;

pub use asked::Askable;
use category::Levels;
use gaps::Gaps;
use identifier::Identifier;
use personal::PersonalCoding;
use rules::Rule;
use scale::Scale;
use text::Text;

/// The streams that key persons begin here, above those of columns.
const PERSONS: u64 = 1 << 32;

/// How each included column is coded, in the order of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Codec {
    columns: Vec<ColumnCodec>,
    /// Between numbers that are not computed.
    orders: Vec<Order>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ColumnCodec {
    /// The header's text: published with every synthetic file.
    name: String,
    sdtype: Sdtype,
    coding: Coding,
    /// How it hangs on other columns.
    rule: Option<Rule>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Coding {
    /// Numbers and datetimes.
    Scale(Scale),
    /// Categories, ordered or not, and booleans.
    Levels(Levels),
    Identifier(Identifier),
    Text(Text),
    Personal(PersonalCoding),
}

/// What the cells of a column are to a reader that knows no styles: currencies and days before months are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    Whole,
    Decimal,
    /// `2020-12-31`
    Day,
    /// A day like that, and a time.
    Moment,
    /// The words true and false.
    Truth,
    Text,
}

impl Codec {
    /// Learns levels, grids and missing tokens from the rows that the model may see. `support`: of a word of the owner's
    /// that is written for gaps; levels are sifted by the model, and kept by [`Codec::release`].
    pub fn fit(table: &Table, schema: &Schema, support: &Support) -> Codec {
        let fit = |(place, schema): (usize, &ColumnSchema)| {
            let column = &table.columns()[place];
            let gaps = Gaps::fit(column, &schema.missing, support);
            let coding = match &schema.kind {
                Kind::Numerical(format) => Coding::Scale(Scale::number(column, format.clone(), gaps)),
                Kind::Datetime(format) => Coding::Scale(Scale::datetime(column, format.clone(), gaps)),
                Kind::Categorical | Kind::Boolean => Coding::Levels(Levels::fit(column, None, &gaps)),
                Kind::Ordinal(order) => Coding::Levels(Levels::fit(column, Some(order), &gaps)),
                Kind::Id(shape) => Coding::Identifier(Identifier::new(column, shape.clone(), gaps)),
                Kind::Text(shape) => Coding::Text(Text::new(shape.clone(), gaps)),
                Kind::Personal(personal) => {
                    Coding::Personal(PersonalCoding::new(column, personal.clone(), gaps))
                }
            };
            ColumnCodec { name: schema.name.clone(), sdtype: schema.kind.sdtype(), coding, rule: None }
        };
        let mut columns: Vec<ColumnCodec> = schema.included().map(fit).collect();
        let personal = columns.iter_mut().filter_map(|column| match &mut column.coding {
            Coding::Personal(personal) => Some(personal),
            _ => None,
        });
        personal::agree(&mut personal.collect::<Vec<_>>());
        Codec { columns, orders: Vec::new() }
    }

    /// Name and sdtype of each column.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = (&str, Sdtype)> {
        self.columns.iter().map(|column| (column.name.as_str(), column.sdtype))
    }

    /// What a reader that knows no styles may take each column for.
    pub fn plain(&self) -> impl Iterator<Item = Plain> {
        self.columns.iter().map(|column| match &column.coding {
            Coding::Scale(scale) => scale.plain(),
            Coding::Levels(levels) => levels.plain(),
            Coding::Identifier(_) | Coding::Text(_) | Coding::Personal(_) => Plain::Text,
        })
    }

    /// Codes a table that has these columns, in any order, and perhaps others.
    ///
    /// # Errors
    /// `Mismatch`: a column is absent, or a cell is no number or date where the codec expects one.
    pub fn encode(&self, table: &Table) -> Result<Frame> {
        let encode = |place| self.encode_column(place, table);
        Ok(Frame::new((0..self.columns.len()).map(encode).collect::<Result<_>>()?))
    }

    /// One column of [`Codec::encode`]: a fit needs but one at a time.
    pub fn encode_column(&self, place: usize, table: &Table) -> Result<FrameColumn> {
        match &self.columns[place].rule {
            None => self.encode_alone(place, table),
            Some(rule) => self.encode_by(rule, place, table),
        }
    }

    fn encode_alone(&self, place: usize, table: &Table) -> Result<FrameColumn> {
        let codec = &self.columns[place];
        let column = table.column(&codec.name).ok_or_else(|| {
            let message =
                "the file lacks this column, which the first one has: choose a file with the same columns";
            Error::new(Code::Mismatch, message).in_column(&codec.name)
        })?;
        match &codec.coding {
            Coding::Scale(scale) => scale.encode(column),
            Coding::Levels(levels) => Ok(levels.encode(column)),
            Coding::Identifier(identifier) => Ok(identifier.encode(column)),
            Coding::Text(text) => Ok(text.encode(column)),
            Coding::Personal(personal) => Ok(personal.encode(column)),
        }
    }

    /// The least range of whole windows around these rows: what of a synthetic table must be decoded for them.
    pub fn whole(&self, rows: &Range<u64>) -> Range<u64> {
        let window = |column: &ColumnCodec| match &column.coding {
            Coding::Identifier(identifier) => identifier.window(),
            _ => 0,
        };
        // Each is a power of two.
        let window = self.columns.iter().map(window).max().unwrap_or(0).max(1);
        rows.start / window * window..rows.end.div_ceil(window) * window
    }

    /// Rows that were chosen from others, which no longer have their places among identifiers.
    pub fn unplaced(&self, mut frame: Frame) -> Frame {
        for (codec, column) in self.columns.iter().zip(&mut frame.columns) {
            if let (Coding::Identifier(_), FrameColumn::Numbers(places)) = (&codec.coding, &*column) {
                *column = Identifier::presence(places);
            }
        }
        frame
    }

    /// Does the model see where the identifiers of this column lie?
    pub fn has_places(&self, place: usize) -> bool {
        matches!(&self.columns[place].coding, Coding::Identifier(identifier) if identifier.has_places())
    }

    /// Writes a frame as text: a [whole](Codec::whole) range of rows, or [unplaced](Codec::unplaced) ones. `first_row` and `seed`
    /// decide the identifiers: row `i` of a synthetic table gets the same one in whatever pieces the table is made.
    pub fn decode(&self, frame: &Frame, first_row: u64, seed: &Seed) -> Table {
        let numbers = self.numbers(frame);
        let decode = |(place, (codec, column)): (usize, (&ColumnCodec, &FrameColumn))| {
            let mut cells = ColumnBuilder::default();
            match (&codec.coding, column) {
                (Coding::Scale(scale), FrameColumn::Numbers(_)) => {
                    numbers[place].iter().for_each(|&value| cells.push(&scale.write(value)));
                }
                (Coding::Levels(levels), FrameColumn::Categories { codes, .. }) => {
                    codes.iter().for_each(|&code| cells.push(levels.decode(code)));
                }
                (Coding::Identifier(identifier), FrameColumn::Categories { codes, .. }) => {
                    let key = seed.stream(Purpose::Identifier, place as u64).bits();
                    for (row, &code) in codes.iter().enumerate() {
                        cells.push(&identifier.decode(code, first_row + row as u64, key));
                    }
                }
                (Coding::Identifier(identifier), FrameColumn::Numbers(places)) => {
                    let key = seed.stream(Purpose::Identifier, place as u64).bits();
                    identifier.decode_in_order(places, first_row, key, |id| cells.push(id));
                }
                (Coding::Text(text), FrameColumn::Categories { codes, .. }) => {
                    let key = seed.stream(Purpose::Identifier, place as u64).bits();
                    for (row, &code) in codes.iter().enumerate() {
                        cells.push(&text.decode(code, first_row + row as u64, key));
                    }
                }
                (Coding::Personal(personal), FrameColumn::Categories { codes, .. }) => {
                    let place = personal.person().map_or(place as u64, |person| PERSONS + u64::from(person));
                    let key = seed.stream(Purpose::Identifier, place).bits();
                    for (row, &code) in codes.iter().enumerate() {
                        cells.push(&personal.decode(code, first_row + row as u64, key));
                    }
                }
                _ => unreachable!("pipeline checks that model and codec agree"),
            }
            cells.finish(&codec.name)
        };
        Table::new(self.columns.iter().zip(&frame.columns).enumerate().map(decode).collect())
    }

    /// Does a frame with these columns fit this codec?
    pub fn accepts(&self, columns: &[FrameColumn]) -> bool {
        columns.len() == self.columns.len()
            && self.columns.iter().zip(columns).all(|(codec, column)| match (&codec.coding, column) {
                (Coding::Scale(_), FrameColumn::Numbers(_)) => true,
                (Coding::Identifier(own), FrameColumn::Numbers(_)) => own.has_places(),
                (Coding::Identifier(own), _) if own.has_places() => false,
                (Coding::Levels(own), FrameColumn::Categories { levels, .. }) => *levels <= own.len(),
                (
                    Coding::Identifier(_) | Coding::Text(_) | Coding::Personal(_),
                    FrameColumn::Categories { levels, .. },
                ) => *levels <= 2,
                _ => false,
            })
    }

    /// Is this what [`Codec::fit`] could have made? For models read from files.
    pub fn is_sound(&self) -> bool {
        self.has_sound_rules()
            && self.columns.iter().all(|column| match &column.coding {
                Coding::Identifier(identifier) => identifier.is_sound(),
                Coding::Text(text) => text.is_sound(),
                Coding::Personal(personal) => personal.is_sound(),
                Coding::Scale(_) | Coding::Levels(_) => true,
            })
    }

    /// Of a column of levels the codes that stand for "no value"; of others none.
    pub fn gaps(&self, place: usize) -> &[u32] {
        match &self.columns[place].coding {
            Coding::Levels(levels) => levels.gaps(),
            _ => &[],
        }
    }

    /// The level of this code; None where a column is coded otherwise.
    pub fn level(&self, place: usize, code: u32) -> Option<&str> {
        match &self.columns[place].coding {
            Coding::Levels(levels) => Some(levels.decode(code)),
            _ => None,
        }
    }

    /// Forgets the levels of column `place` that the model never draws: too few persons hold them for them to stand in a
    /// file that leaves the house. `kept` are those that it draws, `pooled` whether the others are drawn as one. And the
    /// words for gaps, which only reading needs.
    pub fn release(&mut self, place: usize, kept: &[u32], pooled: bool) {
        match &mut self.columns[place].coding {
            Coding::Levels(levels) => levels.release(kept, pooled),
            Coding::Scale(scale) => scale.release(),
            Coding::Identifier(identifier) => identifier.release(kept),
            Coding::Text(text) => text.release(kept),
            Coding::Personal(personal) => personal.release(kept),
        }
    }
}

/// What `coded` gives for each row, computed once a distinct cell.
fn by_cell<T: Copy>(column: &Column, coded: impl FnMut(&str) -> T) -> Vec<T> {
    let values: Vec<T> = column.cells().iter().map(coded).collect();
    column.codes().map(|code| values[code as usize]).collect()
}
