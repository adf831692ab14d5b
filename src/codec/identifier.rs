//! Identifiers: the model sees only whether there is one; decoding makes fresh ones.

use serde::{Deserialize, Serialize};

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

    pub fn encode(&self, column: &Column) -> FrameColumn {
        self.gaps.presence(column)
    }

    pub fn release(&mut self, kept: &[u32]) {
        self.gaps.release(kept);
    }

    pub fn is_sound(&self) -> bool {
        self.shape.is_sound()
    }

    pub fn decode(&self, code: u32, index: u64, key: u64) -> String {
        self.gaps.write(code, || self.shape.fresh(index, key))
    }
}
