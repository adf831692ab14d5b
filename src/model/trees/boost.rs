//! One node's question answered by gradient-boosted trees on histograms, in bags.
//!
//! Minimises the logistic loss (Friedman 2001) by second-order steps. Each bag leaves out another fold of the rows and
//! takes its rounds in step with the others; each tree sees three rows in four and 70 % of the features; rate and size
//! of the trees grow with the round and with the rows. The loss of every row, told by the bag that never saw it, says
//! after which round to stop, and whether to answer with a constant instead. `cells.rs` says which bag leaves out which
//! row, and which one answers; where all do, the answer is the mean of their logits (Breiman 1996).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::cells::ALL;
use super::crowd::Crowd;
use super::data::View;
use super::feature::Feature;
use super::grow::{Cell, TreeGrowth};
use super::spread::Block;
use super::tree::Tree;
use crate::math::rng::mix;
use crate::math::{logistic, logistic_loss};

const MAX_ROUNDS: usize = 200;
/// Rounds without a better held-out loss before the end, and before the first better one.
const PATIENCE: usize = 10;
const FIRST_PATIENCE: usize = 5;
/// A node with fewer rows, or fewer of either answer, gets a constant.
const MIN_ROWS: usize = 80;
const MIN_ANSWERS: usize = 8;
/// Held-out nats that the trees must save in all.
const MIN_SAVED: f64 = 0.5;
/// Share of features that a tree sees.
const SHARE: f64 = 0.7;

/// The probability of "yes".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Chance {
    Constant(f32),
    Boosted(Vec<Voice>),
}

/// What one bag learned: its logit is `base` and a step for each tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    base: f32,
    trees: Vec<Tree>,
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
            Chance::Boosted(voices) => voices
                .iter()
                .all(|voice| voice.base.is_finite() && voice.trees.iter().all(|tree| tree.is_sound(columns))),
        }
    }
}

/// The sum of the voices, for each of `rows`.
fn logits(voices: &[Voice], rows: &[u32], block: &Block) -> Vec<f32> {
    let mut logits = vec![0.0; rows.len()];
    let mut crowd = Crowd::new(voices.iter().flat_map(|voice| &voice.trees), rows, block);
    for voice in voices {
        let mut own = vec![voice.base; rows.len()];
        for tree in &voice.trees {
            match &mut crowd {
                Some(crowd) => crowd.add(tree, &mut own),
                None => own.iter_mut().zip(rows).for_each(|(logit, &row)| {
                    *logit += tree.step(|column| block.column(column)[row as usize]);
                }),
            }
        }
        logits.iter_mut().zip(own).for_each(|(logit, own)| *logit += own);
    }
    logits
}

/// Boosting under way: a tree a bag and round.
pub struct Boosting {
    /// Fold after fold.
    rows: Vec<u32>,
    features: Vec<Feature>,
    /// Row after row, the bin in each feature. Rows stand fold after fold.
    bins: Vec<u8>,
    /// 1 for yes.
    answers: Vec<f32>,
    bags: Vec<Bag>,
    rounds: usize,
    /// Rounds up to the best held-out loss, and that loss.
    best: (usize, f64),
    base_loss: f64,
    closeness: Closeness,
    key: u64,
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
}

/// What learns from all folds but one.
struct Bag {
    held_out: Range<usize>,
    base: f32,
    /// Of all rows, the held-out ones too.
    logits: Vec<f32>,
    trees: Vec<Tree>,
}

impl Boosting {
    /// None where a constant is all that the rows can bear. `folds`: the bag that leaves out each row of the table.
    pub fn new(
        columns: &[(u32, View)],
        rows: &[u32],
        answer: impl Fn(&u32) -> bool,
        folds: &[u8],
        closeness: Closeness,
        key: u64,
    ) -> Option<Self> {
        let yes = rows.iter().filter(|row| answer(row)).count();
        if columns.is_empty() || rows.len() < MIN_ROWS || yes.min(rows.len() - yes) < MIN_ANSWERS {
            return None;
        }
        let mut ordered: Vec<u32> = Vec::with_capacity(rows.len());
        let mut held_out = vec![0..0; closeness.bags];
        for (range, bag) in held_out.iter_mut().zip(0..) {
            let start = ordered.len();
            ordered.extend(rows.iter().filter(|row| folds[**row as usize] == bag));
            *range = start..ordered.len();
        }
        let (features, columns): (Vec<Feature>, Vec<Vec<u8>>) =
            columns.iter().filter_map(|&(column, view)| Feature::new(column, view, &ordered)).unzip();
        if features.is_empty() || held_out.iter().any(|range| range.len() == rows.len()) {
            return None;
        }
        let answers: Vec<f32> = ordered.iter().map(|row| f32::from(u8::from(answer(row)))).collect();
        let mut boosting = Boosting {
            bags: held_out.into_iter().map(|range| Bag::new(range, &answers)).collect(),
            bins: row_by_row(&columns),
            rows: ordered,
            features,
            answers,
            rounds: 0,
            best: (0, 0.0),
            base_loss: 0.0,
            closeness,
            key,
        };
        boosting.base_loss = boosting.held_out_loss();
        boosting.best.1 = boosting.base_loss;
        Some(boosting)
    }

    /// Adds a tree to every bag. False when another would be in vain.
    pub fn round(&mut self) -> bool {
        let round = self.rounds as f32;
        // Many rows bear longer steps and larger trees, which spares rounds.
        let boldness = (self.answers.len() as f32 / 4096.0).sqrt().clamp(1.0, 2.83);
        let rate = (0.12 * boldness * (1.0 + 0.03 * round)).min(0.4);
        let max_leaves = ((5.0 + 0.3 * round).min(40.0) * boldness) as usize;
        let key = mix(self.key ^ mix(self.rounds as u64));
        let mut any = false;
        for (bag, number) in self.bags.iter_mut().zip(0..) {
            let key = mix(key ^ number);
            let (sampled, others) = bag.sample(key);
            let chosen = choose_features(self.features.len(), key);
            let slopes = bag.slopes(&self.answers);
            let growth = TreeGrowth::new(&self.features, &self.bins, chosen, &slopes, sampled, others);
            let tree = growth.finish(rate, max_leaves, &mut bag.logits);
            any |= tree.is_some();
            bag.trees.push(tree.unwrap_or_default());
        }
        self.rounds += 1;
        let loss = self.held_out_loss();
        if loss < self.best.1 {
            self.best = (self.rounds, loss);
        }
        let patience = if self.best.0 == 0 { FIRST_PATIENCE } else { PATIENCE };
        any && self.rounds < (self.best.0 + patience).max(self.kept()).min(MAX_ROUNDS)
    }

    fn kept(&self) -> usize {
        (self.best.0 as f32 * self.closeness.sharpness).ceil() as usize
    }

    /// Each row with the logit of the bag that never saw it; None if the trees are not worth having.
    pub fn blind(self) -> Option<Vec<(u32, f32)>> {
        let blind =
            |bag: &Bag| bag.held_out.clone().map(|place| (self.rows[place], bag.logits[place])).collect();
        let worth = self.base_loss - self.best.1 >= MIN_SAVED;
        worth.then(|| self.bags.iter().flat_map(|bag| -> Vec<(u32, f32)> { blind(bag) }).collect())
    }

    /// What the bags learned, if their trees are worth having.
    pub fn finish(self) -> Option<Chance> {
        if self.base_loss - self.best.1 < MIN_SAVED {
            return None;
        }
        let kept = self.kept();
        let voice = |bag: Bag| {
            let trees = bag.trees.into_iter().take(kept).filter(|tree| !tree.is_empty());
            Voice { base: bag.base, trees: trees.collect() }
        };
        Some(Chance::Boosted(self.bags.into_iter().map(voice).collect()))
    }

    /// Each row's loss by the bag that never saw it.
    fn held_out_loss(&self) -> f64 {
        self.bags.iter().map(|bag| bag.held_out_loss(&self.answers)).sum()
    }
}

impl Bag {
    fn new(held_out: Range<usize>, answers: &[f32]) -> Self {
        let yes = answers.iter().sum::<f32>() - answers[held_out.clone()].iter().sum::<f32>();
        let learning = answers.len() - held_out.len();
        let chance = (yes + 0.5) / (learning as f32 + 1.0);
        let base = libm::logf(chance / (1.0 - chance));
        Bag { held_out, base, logits: vec![base; answers.len()], trees: Vec::new() }
    }

    /// Three in four of the rows that the bag learns from, and the other rows.
    fn sample(&self, key: u64) -> (Vec<u32>, Vec<u32>) {
        let rows = self.logits.len();
        let (mut sampled, mut others) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for start in (0..rows).step_by(64) {
            let bits = mix(key ^ start as u64);
            let is_chosen = bits | mix(bits);
            for row in start..rows.min(start + 64) {
                let learns = is_chosen >> (row - start) & 1 == 1 && !self.held_out.contains(&row);
                if learns { sampled.push(row as u32) } else { others.push(row as u32) }
            }
        }
        (sampled, others)
    }

    /// First and second derivative of each row's loss.
    fn slopes(&self, answers: &[f32]) -> Vec<Cell> {
        let mut chances = self.logits.clone();
        chances.iter_mut().for_each(|chance| *chance = logistic(*chance)); // alone, as a loop of vectors
        let slope = |(&chance, &answer): (&f32, &f32)| Cell::new(answer - chance, chance * (1.0 - chance));
        chances.iter().zip(answers).map(slope).collect()
    }

    fn held_out_loss(&self, answers: &[f32]) -> f64 {
        let (logits, answers) = (&self.logits[self.held_out.clone()], &answers[self.held_out.clone()]);
        let mut losses = [0f32; 256];
        let of_some = |(logits, answers): (&[f32], &[f32])| {
            let speaking = logits.iter().zip(answers).map(|(&logit, &answer)| logit * (2.0 * answer - 1.0));
            losses.iter_mut().zip(speaking).for_each(|(loss, logit)| *loss = logistic_loss(logit));
            losses[..logits.len()].iter().map(|&loss| f64::from(loss)).sum::<f64>()
        };
        logits.chunks(256).zip(answers.chunks(256)).map(of_some).sum()
    }
}

fn row_by_row(columns: &[Vec<u8>]) -> Vec<u8> {
    let mut bins = vec![0; columns.len() * columns[0].len()];
    for (at, column) in columns.iter().enumerate() {
        let places = bins[at..].iter_mut().step_by(columns.len());
        places.zip(column).for_each(|(place, &bin)| *place = bin);
    }
    bins
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
