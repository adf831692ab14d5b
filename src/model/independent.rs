//! Every column by itself, as it was counted: the baseline that every other model must beat.
//!
//! P(row) = product over columns of P(atom), each the share of training rows. Keeps shapes; loses every relation, so
//! missing values do not fall together either.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::atoms::{Atoms, Coded};
use super::{Draws, Fit, Sample};
use crate::frame::Frame;
use crate::math::rng::{Purpose, Seed};

/// Nothing is left to do once the atoms are counted.
pub struct Fitting(Independent);

/// The counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Independent {
    atoms: Vec<Atoms>,
}

impl Fitting {
    pub fn new(columns: Vec<Coded>) -> Self {
        Fitting(Independent { atoms: columns.into_iter().map(|column| column.atoms).collect() })
    }
}

impl Fit for Fitting {
    type Fitted = Independent;

    fn step(&mut self) -> f64 {
        1.0
    }

    fn share(&mut self) -> f64 {
        1.0
    }

    fn finish(self) -> Independent {
        self.0
    }
}

impl Independent {
    pub fn atoms(&self, place: usize) -> &Atoms {
        &self.atoms[place]
    }
}

impl Sample for Independent {
    /// Each row draws for itself, whatever is asked: nobody is alike where columns know nothing of each other.
    fn sample(&self, rows: Range<u64>, seed: &Seed, _: Draws) -> Frame {
        let column = |(place, atoms): (usize, &Atoms)| {
            let mut stream = seed.stream(Purpose::Sample, place as u64);
            stream.seek(rows.start);
            let drawn: Vec<_> = rows.clone().map(|_| atoms.draw(0, atoms.len(), stream.unit())).collect();
            atoms.column(&drawn)
        };
        Frame::new(self.atoms.iter().enumerate().map(column).collect())
    }

    fn is_sound(&self) -> bool {
        !self.atoms.is_empty() && self.atoms.iter().all(Atoms::is_sound)
    }
}
