//! Missing values: which cells are, and the one token that stands for them all when written back.

use serde::{Deserialize, Serialize};

use super::by_cell;
use crate::frame::{Column as FrameColumn, Support};
use crate::schema::missing::{is_gap, is_missing, tokens};
use crate::table::Column;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gaps {
    /// The column's own words for "no value". They serve to read; a saved model has none.
    words: Vec<String>,
    /// Usual signs for "no value" that are values in this column. They serve to read, too.
    values: Vec<String>,
    /// The commonest of a fixed list, or of the words that enough persons hold.
    token: Option<String>,
    /// Too few have a value for one to be drawn, so the model has but one code left, for gaps. Of made-up values.
    alone: bool,
}

impl Gaps {
    pub fn fit(column: &Column, words: &[String], support: &Support) -> Self {
        let values = tokens(column).into_iter().filter(|token| !words.contains(token)).collect();
        let mut gaps = Gaps { words: words.to_vec(), values, ..Gaps::default() };
        let least = u64::from(support.least);
        let cells = column.cells().iter().zip(support.persons(column.codes(), column.cells().len()));
        let tokens = cells.filter(|&(cell, persons)| {
            gaps.holds(cell) && persons >= if is_missing(cell) { 1 } else { least }
        });
        let commonest = tokens.max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
        gaps.token = commonest.map(|(cell, _)| cell.to_string());
        gaps
    }

    /// Does the cell stand for a missing value?
    pub fn holds(&self, cell: &str) -> bool {
        is_gap(cell, &self.words) || is_missing(cell) && !self.values.iter().any(|value| value == cell.trim())
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Forgets the words that only reading needs: in the training rows, one may be a single row's. `kept`: the codes of
    /// [`presence`](Self::presence) that the model draws, where it sees that.
    pub fn release(&mut self, kept: &[u32]) {
        self.words.clear();
        self.values.clear();
        self.alone = kept == [1];
    }

    /// What a model sees of a column whose values are made up: 0 where there is one, 1 where it is missing.
    pub fn presence(&self, column: &Column) -> FrameColumn {
        let codes = by_cell(column, |cell| u32::from(self.holds(cell)));
        let levels = 1 + u32::from(codes.contains(&1) || self.token.is_some());
        FrameColumn::Categories { codes, levels }
    }

    /// The cell of a code of [`presence`](Self::presence): a made-up value, or the token.
    pub fn write(&self, code: u32, make: impl FnOnce() -> String) -> String {
        match (code + u32::from(self.alone), self.token()) {
            (0, _) | (_, None) => {
                let made = make();
                // Short ones may spell a word for "no value"; rounds of the same identifier are numbered from 1.
                if self.holds(&made) { made + "-0" } else { made }
            }
            (_, Some(token)) => token.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{ColumnBuilder, Table};

    #[test]
    fn a_word_of_one_training_row_is_not_kept() {
        let words = ["unknown", "NA"].map(String::from);
        let column = ColumnBuilder::from_iter(["1", "unknown", "unknown", "NA"]).finish("x");
        let table = Table::new(vec![column.clone()]);
        let two = Support::by_rows(2);
        let mut gaps = Gaps::fit(&column, &words, &two);
        assert_eq!((gaps.token(), gaps.holds(" unknown")), (Some("unknown"), true));
        gaps.release(&[]);
        assert_eq!((gaps.token(), gaps.holds("unknown")), (Some("unknown"), false));
        let mut held_out = Gaps::fit(&table.select(&[0, 1]).columns()[0], &words, &two);
        held_out.release(&[]);
        assert_eq!(held_out, Gaps::default());
    }
}
