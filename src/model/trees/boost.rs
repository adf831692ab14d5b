//! One node's question answered by gradient-boosted trees on histograms.
//!
//! Minimises the logistic loss (Friedman 2001) by second-order steps. Each tree sees 70 % of the rows and of the
//! features; rate and size of the trees grow with the round. A held-out fold says after which round to stop, and
//! whether to answer with a constant instead.

use serde::{Deserialize, Serialize};

use super::data::Data;
use super::feature::Feature;
use super::grow::TreeGrowth;
use super::tree::Tree;
use crate::math::rng::mix;
use crate::math::{logistic, softplus};

const MAX_ROUNDS: usize = 200;
/// Rounds without a better held-out loss before the end, and before the first better one.
const PATIENCE: usize = 10;
const FIRST_PATIENCE: usize = 5;
/// A node with fewer rows, or fewer of either answer, gets a constant.
const MIN_ROWS: usize = 80;
const MIN_ANSWERS: usize = 8;
/// Held-out nats that the trees must save in all.
const MIN_SAVED: f64 = 0.5;
/// Share of rows and of features that a tree sees.
const SHARE: f64 = 0.7;

/// The probability of "yes".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Chance {
    Constant(f32),
    Boosted { base: f32, trees: Vec<Tree> },
}

impl Chance {
    /// (s + 1/2) / (n + 1), Krichevsky and Trofimov (1981).
    pub fn constant(yes: usize, rows: usize) -> Self {
        Chance::Constant(((yes as f64 + 0.5) / (rows as f64 + 1.0)) as f32)
    }

    /// The probability for each of `rows`, whose codes lie `width` wide in `codes`.
    pub fn of_rows(&self, rows: &[u32], codes: &[u32], width: usize) -> Vec<f32> {
        match self {
            Chance::Constant(chance) => vec![*chance; rows.len()],
            Chance::Boosted { base, trees } => {
                let mut logits = vec![*base; rows.len()];
                for tree in trees {
                    for (logit, &row) in logits.iter_mut().zip(rows) {
                        let row = &codes[row as usize * width..][..width];
                        *logit += tree.step(|column| row[column as usize]);
                    }
                }
                logits.into_iter().map(logistic).collect()
            }
        }
    }

    pub fn is_sound(&self, columns: usize) -> bool {
        match self {
            Chance::Constant(chance) => (0.0..=1.0).contains(chance),
            Chance::Boosted { base, trees } => {
                base.is_finite() && trees.iter().all(|tree| tree.is_sound(columns))
            }
        }
    }
}

/// Boosting under way: one tree a round.
pub struct Boosting {
    features: Vec<Feature>,
    /// 1 for yes. The rows that learn come first, the held-out ones after.
    answers: Vec<f32>,
    learning: usize,
    logits: Vec<f32>,
    base: f32,
    trees: Vec<Tree>,
    /// Trees up to the best held-out loss, and that loss.
    best: (usize, f64),
    base_loss: f64,
    key: u64,
}

impl Boosting {
    /// None where a constant is all that the rows can bear.
    pub fn new(
        data: &Data,
        columns: &[u32],
        rows: &[u32],
        answer: impl Fn(&u32) -> bool,
        key: u64,
    ) -> Option<Self> {
        let yes = rows.iter().filter(|row| answer(row)).count();
        if columns.is_empty() || rows.len() < MIN_ROWS || yes.min(rows.len() - yes) < MIN_ANSWERS {
            return None;
        }
        let (held_out, mut ordered): (Vec<u32>, Vec<u32>) =
            rows.iter().partition(|row| data.is_held_out(**row));
        let learning = ordered.len();
        ordered.extend(held_out);
        let features: Vec<Feature> =
            columns.iter().filter_map(|&column| Feature::new(data, column, &ordered)).collect();
        let answers: Vec<f32> = ordered.iter().map(|row| f32::from(u8::from(answer(row)))).collect();
        let yes = answers[..learning].iter().sum::<f32>();
        if features.is_empty() || learning == 0 || learning == ordered.len() {
            return None;
        }
        let chance = (yes + 0.5) / (learning as f32 + 1.0);
        let base = libm::logf(chance / (1.0 - chance));
        let mut boosting = Boosting {
            features,
            logits: vec![base; answers.len()],
            learning,
            answers,
            base,
            trees: Vec::new(),
            best: (0, 0.0),
            base_loss: 0.0,
            key,
        };
        boosting.base_loss = boosting.held_out_loss();
        boosting.best.1 = boosting.base_loss;
        Some(boosting)
    }

    /// Adds a tree. False when another would be in vain.
    pub fn round(&mut self) -> bool {
        let round = self.trees.len();
        let rate = (0.12 * (1.0 + 0.03 * round as f32)).min(0.4);
        let max_leaves = (5.0 + 0.3 * round as f64).min(40.0) as usize;
        let Some(tree) = self.grow(rate, max_leaves, mix(self.key ^ mix(round as u64))) else {
            return false;
        };
        self.trees.push(tree);
        let loss = self.held_out_loss();
        if loss < self.best.1 {
            self.best = (self.trees.len(), loss);
        }
        let since = self.trees.len() - self.best.0;
        let patience = if self.best.0 == 0 { FIRST_PATIENCE } else { PATIENCE };
        since < patience && self.trees.len() < MAX_ROUNDS
    }

    /// The trees up to the best round, if they are worth having.
    pub fn finish(mut self) -> Option<Chance> {
        self.trees.truncate(self.best.0);
        (self.base_loss - self.best.1 >= MIN_SAVED)
            .then_some(Chance::Boosted { base: self.base, trees: self.trees })
    }

    fn held_out_loss(&self) -> f64 {
        let held_out = self.learning..self.answers.len();
        let loss = |row: usize| f64::from(softplus(self.logits[row]) - self.answers[row] * self.logits[row]);
        held_out.map(loss).sum()
    }

    fn grow(&mut self, rate: f32, max_leaves: usize, key: u64) -> Option<Tree> {
        let learning = 0..self.learning as u32;
        let (sampled, mut others): (Vec<u32>, Vec<u32>) =
            learning.partition(|&row| is_chosen(key, u64::from(row)));
        others.extend(self.learning as u32..self.answers.len() as u32);
        let slope = |row: usize| {
            let chance = logistic(self.logits[row]);
            [self.answers[row] - chance, chance * (1.0 - chance)]
        };
        let slopes = (0..self.learning).map(slope).collect();
        let growth = TreeGrowth::new(
            &self.features,
            choose_features(self.features.len(), key),
            slopes,
            sampled,
            others,
        );
        growth.finish(rate, max_leaves, &mut self.logits)
    }
}

/// Is this one of the `SHARE` of rows that a tree sees?
fn is_chosen(key: u64, row: u64) -> bool {
    mix(key ^ row) <= (u64::MAX as f64 * SHARE) as u64
}

/// A `SHARE` of the features, at least one, in order.
fn choose_features(count: usize, key: u64) -> Vec<usize> {
    let wanted = ((count as f64 * SHARE).ceil() as usize).max(1);
    let mut ranked: Vec<(u64, usize)> =
        (0..count).map(|i| (mix(key.rotate_left(32) ^ i as u64), i)).collect();
    ranked.sort_unstable();
    let mut chosen: Vec<usize> = ranked[..wanted].iter().map(|&(_, feature)| feature).collect();
    chosen.sort_unstable();
    chosen
}
