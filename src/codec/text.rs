//! Free text: the model sees only whether there is some; decoding writes placeholder words.

use serde::{Deserialize, Serialize};

use super::gaps::Gaps;
use crate::frame::Column as FrameColumn;
use crate::schema::text::TextShape;
use crate::table::Column;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// Lengths, each a mean over at least five texts.
    shape: TextShape,
    gaps: Gaps,
}

impl Text {
    pub fn new(shape: TextShape, gaps: Gaps) -> Self {
        Text { shape, gaps }
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
        self.gaps.write(code, || self.shape.placeholder(index, key))
    }
}
