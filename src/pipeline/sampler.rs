//! A synthetic file, piece by piece: the first rows are the same however many are made, and in whatever pieces.

use std::ops::Range;
use std::sync::Arc;

use super::SavedModel;
use crate::format::csv::{self, Dialect};
use crate::math::rng::Seed;
use crate::model::Draws;

/// Rows that a [`Sampler`] makes at a time: a browser waits for them.
const PIECE: u64 = 4096;

/// The ranges of at most `size` rows in which a file of so many is made; one, empty, for a file that is a header alone.
pub fn pieces(rows: u64, size: u64) -> impl Iterator<Item = Range<u64>> {
    (0..rows.div_ceil(size).max(1)).map(move |piece| piece * size..rows.min((piece + 1) * size))
}

/// Makes a synthetic file piece by piece; or of several who share the work one, every so many-th piece.
pub struct Sampler {
    model: Arc<SavedModel>,
    dialect: Dialect,
    seed: Seed,
    draws: Draws,
    pieces: Box<dyn Iterator<Item = Range<u64>>>,
    done: u64,
    closed: bool,
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
        Sampler {
            model,
            dialect,
            seed: Seed::new(seed),
            draws,
            pieces: Box::new(pieces(rows, PIECE).skip(which).step_by(all)),
            done: 0,
            closed: which > 0,
        }
    }

    /// Leaves out the next pieces, which another one has given before it was lost.
    pub fn skip_pieces(&mut self, count: usize) {
        self.pieces.by_ref().take(count).for_each(drop);
    }

    /// Rows given so far.
    pub fn done(&self) -> u64 {
        self.done
    }
}

impl Iterator for Sampler {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if let Some(rows) = self.pieces.next() {
            self.done = rows.end;
            return Some(self.model.piece(rows, &self.seed, self.draws, &self.dialect));
        }
        let tail = Some(csv::tail(&self.dialect)).filter(|tail| !tail.is_empty() && !self.closed);
        self.closed = true;
        tail
    }
}
