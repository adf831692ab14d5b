//! One node's question: a constant chance, or boosted trees in bags (`learn/boosting.rs`).
//!
//! `cells.rs` says which bag leaves out which row, and which one answers; where all do, the answer is the mean of their
//! logits (Breiman 1996).

use serde::{Deserialize, Serialize};

use super::cells::ALL;
use super::crowd::{Crowd, ONE, parts};
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

    /// Writes the probability of each of `rows` to its place. `answerers[row]`: the voice for it, or `ALL`; None: all
    /// answer for every row.
    pub fn of_rows(&self, rows: &[u32], block: &Block, answerers: Option<&[u8]>, chances: &mut [f32]) {
        let voices = match self {
            Chance::Constant(chance) => return rows.iter().for_each(|&row| chances[row as usize] = *chance),
            Chance::Boosted(voices) => voices,
        };
        let mut answer = |voices: &[Voice], asking: &[u32]| {
            if asking.is_empty() {
                return;
            }
            let share = 1.0 / voices.len() as f32;
            for (&row, logit) in asking.iter().zip(logits(voices, asking, block)) {
                chances[row as usize] = logistic(logit * share);
            }
        };
        let Some(answerers) = answerers else { return answer(voices, rows) };
        let asking = |answerer: u8| -> Vec<u32> {
            rows.iter().copied().filter(|&row| answerers[row as usize] == answerer).collect()
        };
        answer(voices, &asking(ALL));
        voices.chunks(1).zip(0..).for_each(|(voice, number)| answer(voice, &asking(number)));
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
    let trees: Vec<&Tree> = voices.iter().flat_map(|voice| &voice.trees).collect();
    let base = voices.iter().fold(0, |sum: i32, voice| sum.wrapping_add(parts(voice.base)));
    let mut sums = vec![base; rows.len()];
    match Crowd::new(&trees, rows, block) {
        Some(mut crowd) => crowd.add(&trees, &mut sums),
        None => sums.iter_mut().zip(rows).for_each(|(sum, &row)| {
            let step = |tree: &&Tree| parts(tree.step(|column| block.column(column)[row as usize]));
            *sum = trees.iter().map(step).fold(*sum, i32::wrapping_add);
        }),
    }
    sums.into_iter().map(|sum| sum as f32 / ONE).collect()
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
