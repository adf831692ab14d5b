//! What a fit held back: the values that too few persons share. A saved model tells how many; which ones, only the owner is
//! told, while the table is at hand.

use serde::{Deserialize, Serialize};

use crate::model::atoms::{Coded, Sifted};

/// Values that the owner is told of a column.
const TOLD: usize = 50;

/// What was held back of a column, in counts alone. Of numbers that too few share no values are counted, since that is the
/// rule among numbers: they are drawn anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldBack {
    /// Different values that too few persons share.
    pub values: usize,
    /// Rows that had them.
    pub rows: u64,
    /// They are drawn as one value, `_RARE_`; else other values stand in their place.
    pub pooled: bool,
    /// The lowest numbers, and the highest, are drawn from a fitted law.
    pub low_tail: bool,
    pub high_tail: bool,
}

/// The rare values of a column themselves, for the owner's eyes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RareValues {
    pub column: String,
    /// Of all of them.
    pub count: usize,
    pub rows: u64,
    pub pooled: bool,
    /// The first fifty in falling frequency.
    pub values: Vec<String>,
}

impl HeldBack {
    pub fn of(coded: &Coded) -> HeldBack {
        let Sifted { rare, pooled, .. } = &coded.levels;
        let [low_tail, high_tail] = coded.atoms.tails();
        HeldBack {
            values: rare.len(),
            rows: rare.iter().map(|(_, rows)| rows).sum(),
            pooled: *pooled,
            low_tail,
            high_tail,
        }
    }

    /// For the owner, in a sentence without a value; None where none is rare.
    pub fn sentence(&self, least: u32, of_persons: bool) -> Option<String> {
        let HeldBack { values, rows, pooled, .. } = *self;
        let values = match values {
            0 => return None,
            1 => "1 value is".into(),
            more => format!("{more} values are"),
        };
        let rows = if rows == 1 { "1 row".into() } else { format!("{rows} rows") };
        let of = if of_persons { "persons" } else { "rows" };
        let instead = if pooled { "written as _RARE_" } else { "replaced by commoner ones" };
        Some(format!("{values} shared by fewer than {least} {of}: {instead} (in {rows})"))
    }
}

impl RareValues {
    /// `text`: of a level.
    pub fn new<'a>(
        column: &str,
        held: HeldBack,
        sifted: &Sifted,
        text: impl Fn(u32) -> &'a str,
    ) -> RareValues {
        let values = sifted.rare.iter().take(TOLD).map(|&(level, _)| text(level).to_string()).collect();
        RareValues { column: column.into(), count: held.values, rows: held.rows, pooled: held.pooled, values }
    }
}
