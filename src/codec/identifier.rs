//! Identifiers: the model sees only whether there is one; decoding makes fresh ones.

use serde::{Deserialize, Serialize};

use super::{by_cell, missing_token};
use crate::frame::Column as FrameColumn;
use crate::schema::identifier::IdShape;
use crate::schema::is_missing;
use crate::table::Column;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identifier {
    /// Classes of characters; its literals are shared by at least five rows.
    shape: IdShape,
    missing: Option<String>,
}

impl Identifier {
    pub fn fit(column: &Column, shape: IdShape) -> Self {
        Identifier { shape, missing: missing_token(column) }
    }

    /// 0 where there is one, 1 where it is missing.
    pub fn encode(&self, column: &Column) -> FrameColumn {
        let codes = by_cell(column, |cell| u32::from(is_missing(cell)));
        FrameColumn::Categories { codes, levels: 1 + u32::from(self.missing.is_some()) }
    }

    pub fn is_sound(&self) -> bool {
        self.shape.is_sound()
    }

    pub fn decode(&self, code: u32, index: u64, key: u64) -> String {
        match (code, &self.missing) {
            (0, _) | (_, None) => self.shape.fresh(index, key),
            (_, Some(token)) => token.clone(),
        }
    }
}
