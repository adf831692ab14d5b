//! Identifiers: the model sees only whether there is one; decoding makes fresh ones.

use serde::{Deserialize, Serialize};

use super::by_cell;
use super::gaps::Gaps;
use crate::frame::Column as FrameColumn;
use crate::schema::identifier::IdShape;
use crate::table::Column;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identifier {
    /// Classes of characters; its literals are shared by at least five rows.
    shape: IdShape,
    gaps: Gaps,
}

impl Identifier {
    pub fn new(shape: IdShape, gaps: Gaps) -> Self {
        Identifier { shape, gaps }
    }

    /// 0 where there is one, 1 where it is missing.
    pub fn encode(&self, column: &Column) -> FrameColumn {
        self.gaps.presence(by_cell(column, |cell| u32::from(self.gaps.holds(cell))))
    }

    pub fn release(&mut self) {
        self.gaps.release();
    }

    pub fn is_sound(&self) -> bool {
        self.shape.is_sound()
    }

    pub fn decode(&self, code: u32, index: u64, key: u64) -> String {
        match (code, self.gaps.token()) {
            (0, _) | (_, None) => {
                let fresh = self.shape.fresh(index, key);
                // Short ones may spell a word for "no value"; rounds of the same are numbered from 1.
                if self.gaps.holds(&fresh) { fresh + "-0" } else { fresh }
            }
            (_, Some(token)) => token.to_string(),
        }
    }
}
