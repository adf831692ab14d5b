//! Categories and booleans: levels in falling frequency, missing ones among them. Levels that have an order of their
//! own ascend, those outside the order (missing ones among them) first. A released codec has the levels that the model
//! draws, and before them perhaps the pool of those that too few share.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::gaps::Gaps;
use super::{Plain, by_cell};
use crate::frame::Column as FrameColumn;
use crate::schema::ordinal::Order;
use crate::table::Column;

/// What is written for a level that too few share, where all of a column's are pooled. A level of this name is no other.
pub const POOL: &str = "_RARE_";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// Values from the data. In a saved model each is held by as many persons as its header says, or `POOL`.
    texts: Vec<String>,
    /// The codes of those that stand for "no value": the fit asks.
    gaps: Vec<u32>,
}

impl Levels {
    pub fn fit(column: &Column, order: Option<&Order>, gaps: &Gaps) -> Self {
        let counts = column.counts();
        let mut levels: Vec<(&str, u32)> =
            column.cells().iter().zip(counts).filter(|(_, count)| *count > 0).collect();
        levels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        if let Some(order) = order {
            levels.sort_by_cached_key(|(text, _)| order.rank(text).map_or(0, |rank| rank + 1));
        }
        let texts: Vec<String> = levels.into_iter().map(|(text, _)| text.to_string()).collect();
        let gaps = (0..texts.len() as u32).filter(|&code| gaps.holds(&texts[code as usize])).collect();
        Levels { texts, gaps }
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

    /// Truth where the words are true and false, text otherwise.
    pub fn plain(&self) -> Plain {
        let said = |word: &str| self.texts.iter().any(|text| text.eq_ignore_ascii_case(word));
        let others = self.texts.iter().filter(|text| !text.is_empty()).count();
        if said("true") && said("false") && others == 2 { Plain::Truth } else { Plain::Text }
    }

    pub fn gaps(&self) -> &[u32] {
        &self.gaps
    }

    /// Forgets all but these levels, which get the codes from 0 on, or behind a pool.
    pub fn release(&mut self, kept: &[u32], pooled: bool) {
        let kept = kept.iter().map(|&code| self.decode(code).to_string());
        self.texts = pooled.then(|| POOL.to_string()).into_iter().chain(kept).collect();
        self.gaps.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    #[test]
    fn levels_fall_in_frequency() {
        let column = ColumnBuilder::from_iter(["b", "a", "", "a", "c"]).finish("x");
        let mut levels = Levels::fit(&column, None, &Gaps::default());
        assert_eq!(levels.gaps(), [1]);
        let FrameColumn::Categories { codes, levels: 4 } = levels.encode(&column) else { panic!() };
        assert_eq!(codes, [2, 0, 1, 0, 3]);
        let back: Vec<_> = codes.iter().map(|&code| levels.decode(code)).collect();
        assert_eq!(back, ["b", "a", "", "a", "c"]);
        let mut pooled = levels.clone();
        levels.release(&[2, 0], false);
        assert_eq!(levels.texts, ["b", "a"]);
        pooled.release(&[0], true);
        assert_eq!((pooled.decode(0), pooled.decode(1), pooled.len()), (POOL, "a", 2));
    }

    #[test]
    fn ordered_levels_ascend() {
        let column =
            ColumnBuilder::from_iter(["high", "low", "low", "mid", "mid", "mid", "", "top", "high", ""])
                .finish("x");
        let order = ["low", "mid", "high", "top"].map(String::from);
        let order = Order::told(&order, ["", "low", "mid", "high", "top"].into_iter());
        let levels = Levels::fit(&column, Some(&order), &Gaps::default());
        assert_eq!(levels.texts, ["", "low", "mid", "high", "top"]);
    }
}
