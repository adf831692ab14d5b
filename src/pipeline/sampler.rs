//! A synthetic file, piece by piece: the first rows are the same however many are made, and in whatever pieces.

use std::ops::Range;
use std::sync::Arc;

use super::SavedModel;
use super::conditions::{Condition, Search};
use crate::error::Result;
use crate::format::csv::{self, Dialect};
use crate::math::rng::Seed;
use crate::model::Draws;

/// Rows that a [`Sampler`] makes at a time: a browser waits for them.
const PIECE: u64 = 4096;

/// Rows that JavaScript can count exactly.
pub const MAX_ROWS: f64 = 9_007_199_254_740_991.0;

/// The ranges of at most `size` rows in which a file of so many is made; one, empty, for a file that is a header alone.
pub fn pieces(rows: u64, size: u64) -> impl Iterator<Item = Range<u64>> {
    (0..rows.div_ceil(size).max(1)).map(move |piece| piece * size..rows.min((piece + 1) * size))
}

/// Makes a synthetic file piece by piece; or of several who share the work one, every so many-th piece.
pub struct Sampler {
    dialect: Dialect,
    rows: Rows,
    closed: bool,
}

/// Where the rows come from.
enum Rows {
    All {
        model: Arc<SavedModel>,
        seed: Seed,
        draws: Draws,
        pieces: Box<dyn Iterator<Item = Range<u64>>>,
        done: u64,
    },
    Fitting(Search),
}

impl Sampler {
    /// `dialect`: one that [`SavedModel::dialect`] gives.
    pub fn new(model: Arc<SavedModel>, dialect: Dialect, rows: u64, seed: &str, draws: Draws) -> Self {
        Self::shared(model, dialect, rows, seed, draws, [0, 1])
    }

    /// The piece in the place `which` of each `all` pieces. What stands below the last row comes from the first of those who
    /// share, once it is out of pieces.
    pub fn shared(
        model: Arc<SavedModel>,
        dialect: Dialect,
        rows: u64,
        seed: &str,
        draws: Draws,
        [which, all]: [usize; 2],
    ) -> Self {
        let pieces = Box::new(pieces(rows, PIECE).skip(which).step_by(all));
        let rows = Rows::All { model, seed: Seed::new(seed), draws, pieces, done: 0 };
        Sampler { dialect, rows, closed: which > 0 }
    }

    /// Rows that fit the conditions, one after the other. Pieces may be empty, since few rows may fit.
    ///
    /// # Errors
    /// `BadOptions`: a condition asks for what no row of this model can be.
    pub fn conditioned(
        model: Arc<SavedModel>,
        dialect: Dialect,
        conditions: &[Condition],
        seed: &str,
        draws: Draws,
    ) -> Result<Self> {
        let search = Search::new(model, conditions, Seed::new(seed), draws)?;
        Ok(Sampler { dialect, rows: Rows::Fitting(search), closed: false })
    }

    /// Leaves out the next pieces, which another one has given before it was lost.
    pub fn skip_pieces(&mut self, count: usize) {
        match &mut self.rows {
            Rows::All { pieces, .. } => pieces.by_ref().take(count).for_each(drop),
            Rows::Fitting(_) => unreachable!("nobody shares a search"),
        }
    }

    /// Rows given so far.
    pub fn done(&self) -> u64 {
        match &self.rows {
            Rows::All { done, .. } => *done,
            Rows::Fitting(search) => search.done(),
        }
    }

    /// All pieces in one.
    ///
    /// # Errors
    /// Of conditions, `TooRare`.
    pub fn whole(self) -> Result<Vec<u8>> {
        Ok(self.collect::<Result<Vec<_>>>()?.concat())
    }

    fn piece(&mut self) -> Option<Result<Vec<u8>>> {
        match &mut self.rows {
            Rows::All { model, seed, draws, pieces, done } => {
                let rows = pieces.next()?;
                *done = rows.end;
                Some(Ok(model.piece(rows, seed, *draws, &self.dialect)))
            }
            Rows::Fitting(search) => {
                let part = search.ahead(1, PIECE).map(|mut parts| parts.pop()).transpose()?;
                Some(part.map(|part| search.take(search.draw(part), &self.dialect)))
            }
        }
    }
}

impl Iterator for Sampler {
    type Item = Result<Vec<u8>>;

    fn next(&mut self) -> Option<Result<Vec<u8>>> {
        if let Some(piece) = self.piece() {
            self.closed |= piece.is_err();
            return Some(piece);
        }
        let tail = Some(csv::tail(&self.dialect)).filter(|tail| !tail.is_empty() && !self.closed);
        self.closed = true;
        tail.map(Ok)
    }
}
