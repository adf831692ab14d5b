//! One node's question: a constant chance, or boosted trees in bags (`learn/boosting.rs`).
//!
//! `cells.rs` says which bag leaves out which row, and which one answers; where all do, the answer is the mean of their
//! logits (Breiman 1996).

use serde::{Deserialize, Serialize};

use super::cells::ALL;
use super::crowd::Crowd;
use super::spread::Block;
use crate::learn::boosting::{Bagging, Loss, Pace, Voice};
use crate::learn::tree::Tree;
use crate::math::logistic;

/// The probability of "yes".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Chance {
    Constant(f32),
    Boosted(Vec<Voice>),
}

impl Chance {
    /// (s + 1/2) / (n + 1), Krichevsky and Trofimov (1981).
    pub fn constant(yes: usize, rows: usize) -> Self {
        Chance::Constant(((yes as f64 + 0.5) / (rows as f64 + 1.0)) as f32)
    }

    /// Writes the probability of each of `rows` to its place. `answerers[row]`: the voice for it, or `ALL`.
    pub fn of_rows(&self, rows: &[u32], block: &Block, answerers: &[u8], chances: &mut [f32]) {
        let voices = match self {
            Chance::Constant(chance) => return rows.iter().for_each(|&row| chances[row as usize] = *chance),
            Chance::Boosted(voices) => voices,
        };
        let mut answer = |answerer: u8, voices: &[Voice]| {
            let asks = |row: &u32| answerers[*row as usize] == answerer;
            let asking: Vec<u32> = rows.iter().copied().filter(asks).collect();
            if asking.is_empty() {
                return;
            }
            let share = 1.0 / voices.len() as f32;
            for (&row, logit) in asking.iter().zip(logits(voices, &asking, block)) {
                chances[row as usize] = logistic(logit * share);
            }
        };
        answer(ALL, voices);
        voices.chunks(1).zip(0..).for_each(|(voice, number)| answer(number, voice));
    }

    /// Each voice keeps but this share of its trees, the first.
    pub fn blunt(&mut self, share: f32) {
        if let Chance::Boosted(voices) = self {
            for Voice { trees, .. } in voices {
                trees.truncate((trees.len() as f32 * share).ceil() as usize);
            }
        }
    }

    pub fn is_sound(&self, columns: usize) -> bool {
        match self {
            Chance::Constant(chance) => (0.0..=1.0).contains(chance),
            Chance::Boosted(voices) => voices.iter().all(|voice| voice.is_sound(columns)),
        }
    }
}

/// The sum of the voices, for each of `rows`.
fn logits(voices: &[Voice], rows: &[u32], block: &Block) -> Vec<f32> {
    let mut logits = vec![0.0; rows.len()];
    let mut crowd = Crowd::new(voices.iter().flat_map(|voice| &voice.trees), rows, block);
    for voice in voices {
        let mut own = vec![voice.base; rows.len()];
        match &mut crowd {
            Some(crowd) => crowd.add(&voice.trees, &mut own),
            None => own.iter_mut().zip(rows).for_each(|(logit, &row)| {
                let step = |tree: &Tree| tree.step(|column| block.column(column)[row as usize]);
                voice.trees.iter().for_each(|tree| *logit += step(tree));
            }),
        }
        logits.iter_mut().zip(own).for_each(|(logit, own)| *logit += own);
    }
    logits
}

/// How closely the rows are followed.
#[derive(Clone, Copy)]
pub struct Closeness {
    pub bags: usize,
    /// Rows that are left out together and answered by who left them out (`cells.rs`); 0: all answer for every row.
    pub cell: usize,
    /// How many rounds are kept for each one up to the best held-out loss.
    pub sharpness: f32,
    /// Whether an earlier column may decide (`rule.rs`).
    pub ruled: bool,
    /// Whether a line may be among what trees ask about (`line.rs`).
    pub lined: bool,
    /// Whether pairs of columns are kept as they come together in the table (`margins.rs`).
    pub matched: bool,
}

impl Closeness {
    pub fn bagging(self) -> Bagging {
        Bagging {
            pace: Pace::CAREFUL,
            sharpness: self.sharpness,
            ..Bagging::plain(Loss::Logistic, self.bags)
        }
    }
}
