//! Categories and booleans: levels in falling frequency, missing ones among them. Levels that have an order of their
//! own ascend, those outside the order (missing ones among them) first, and levels of a single row last of all.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::by_cell;
use crate::frame::Column as FrameColumn;
use crate::schema::ordinal::Order;
use crate::table::Column;

/// Levels that fewer rows hold come last, so that a model can leave them out.
const MIN_ROWS: u32 = 2;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// Values from the data. In a saved model each is held by at least `atoms::MIN_SUPPORT` rows.
    texts: Vec<String>,
}

impl Levels {
    pub fn fit(column: &Column, order: Option<&Order>) -> Self {
        let counts = column.counts();
        let mut levels: Vec<(&str, u32)> =
            column.cells().iter().zip(counts).filter(|(_, count)| *count > 0).collect();
        levels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        if let Some(order) = order {
            levels.sort_by_cached_key(|(text, rows)| {
                (*rows < MIN_ROWS, order.rank(text).map_or(0, |rank| rank + 1))
            });
        }
        Levels { texts: levels.into_iter().map(|(text, _)| text.to_string()).collect() }
    }

    pub fn len(&self) -> u32 {
        self.texts.len() as u32
    }

    /// A cell that is no level gets the code `len()`.
    pub fn encode(&self, column: &Column) -> FrameColumn {
        let index: HashMap<&str, u32> = self.texts.iter().map(String::as_str).zip(0..).collect();
        let codes = by_cell(column, |cell| index.get(cell).copied().unwrap_or(self.len()));
        FrameColumn::Categories { codes, levels: self.len() }
    }

    pub fn decode(&self, code: u32) -> &str {
        self.texts.get(code as usize).map_or("", String::as_str)
    }

    pub fn truncate(&mut self, kept: u32) {
        self.texts.truncate(kept as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    #[test]
    fn levels_fall_in_frequency() {
        let column = ColumnBuilder::from_iter(["b", "a", "", "a", "c"]).finish("x");
        let mut levels = Levels::fit(&column, None);
        let FrameColumn::Categories { codes, levels: 4 } = levels.encode(&column) else { panic!() };
        assert_eq!(codes, [2, 0, 1, 0, 3]);
        let back: Vec<_> = codes.iter().map(|&code| levels.decode(code)).collect();
        assert_eq!(back, ["b", "a", "", "a", "c"]);
        levels.truncate(1);
        let FrameColumn::Categories { codes, levels: 1 } = levels.encode(&column) else { panic!() };
        assert_eq!(codes, [1, 0, 1, 0, 1]);
    }

    #[test]
    fn ordered_levels_ascend_and_lone_ones_come_last() {
        let column =
            ColumnBuilder::from_iter(["high", "low", "low", "mid", "mid", "mid", "", "top", "high", ""])
                .finish("x");
        let order = ["low", "mid", "high", "top"].map(String::from);
        let order = Order::told(&order, ["", "low", "mid", "high", "top"].into_iter());
        assert_eq!(Levels::fit(&column, Some(&order)).texts, ["", "low", "mid", "high", "top"]);
        let column = ColumnBuilder::from_iter(["low", "mid", "mid", "high", "high"]).finish("x");
        assert_eq!(Levels::fit(&column, Some(&order)).texts, ["mid", "high", "low"]);
    }
}
