//! Gradient-boosted trees on histograms, in bags that stop together.
//!
//! Minimises a loss (Friedman 2001) by second-order steps. Each bag leaves out another fold of the rows and
//! takes its rounds in step with the others; each tree sees three rows in four and 70 % of the features; rate and size
//! of the trees grow with the rows and, as fast as the [`Pace`] says, with the round. The loss of every row, told by the
//! bag that never saw it, says after which round to stop, and whether a constant does as well.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::View;
use super::feature::Feature;
use super::grow::{Cell, Limits, TreeGrowth};
use super::tree::Tree;
use crate::math::rng::mix;
use crate::math::{logistic, logistic_loss};

/// Of what its rows ask for, what a leaf's step takes: in the first round on few rows, and at most.
const RATE: f32 = 0.12;
const MAX_RATE: f32 = 0.4;
/// Before many rows make it more.
const MAX_LEAVES: f32 = 40.0;
/// Rounds without a better held-out loss before the end, and before the first better one.
const PATIENCE: usize = 10;
const FIRST_PATIENCE: usize = 5;
/// Held-out nats that the trees must save in all.
const MIN_SAVED: f64 = 0.5;
/// Share of features that a tree sees.
const SHARE: f64 = 0.7;

/// What is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The logit of an answer that is 0 or 1.
    Logistic,
    /// A number, scaled to about unit variance.
    Square,
}

/// How large trees and their steps are. One number of rounds serves all that a question hangs on: while many leaves at a
/// time learn the noise of one part, what few rows tell plainly is not yet learned. So careful trees come nearer to what
/// unseen rows say, and quick ones sooner to what may be found at all.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub max_rounds: usize,
    pub size: Size,
    /// When trees of this size find no more: what only several columns together tell, or many leaves of one, is sought by
    /// others.
    pub last: Option<Size>,
    /// By what share of the first one each round lengthens the step.
    pub haste: f32,
    /// Rows that a leaf must have.
    pub min_leaf: f32,
    /// Of fewer rows, or fewer of either answer, nothing is learned.
    pub min_rows: usize,
    pub min_answers: usize,
}

/// How large trees grow.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Leaves of the first tree, and how many more each round brings.
    pub leaves: [f32; 2],
    /// What a split must gain.
    pub min_gain: f32,
}

impl Pace {
    pub const QUICK: Pace = Pace {
        max_rounds: 200,
        size: Size { leaves: [5.0, 0.3], min_gain: 1e-3 },
        last: None,
        haste: 0.03,
        min_leaf: 10.0,
        min_rows: 80,
        min_answers: 8,
    };
    pub const CAREFUL: Pace = Pace {
        max_rounds: 300,
        size: Size { leaves: [2.5, 0.07], min_gain: 0.3 },
        last: Some(Size { leaves: [8.0, 0.0], min_gain: 1e-3 }),
        haste: 0.0,
        min_leaf: 4.0,
        min_rows: 30,
        min_answers: 3,
    };
}

/// How it is learned.
#[derive(Clone, Copy)]
pub struct Bagging {
    pub bags: usize,
    pub pace: Pace,
    /// How many rounds are kept for each one up to the best held-out loss.
    pub sharpness: f32,
    /// Rounds that are kept whatever the held-out loss says: a weak sign may tell rows apart before it saves any loss.
    pub least: usize,
    pub loss: Loss,
}

impl Bagging {
    /// At a quick pace, as long as the held-out loss falls.
    pub fn plain(loss: Loss, bags: usize) -> Bagging {
        Bagging { bags, pace: Pace::QUICK, sharpness: 1.0, least: 0, loss }
    }
}

/// What one bag learned: its prediction is `base` and a step for each tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    pub base: f32,
    pub trees: Vec<Tree>,
}

impl Voice {
    pub fn is_sound(&self, columns: usize) -> bool {
        self.base.is_finite() && self.trees.iter().all(|tree| tree.is_sound(columns))
    }
}

/// Boosting under way: a tree a bag and round.
pub struct Boosting {
    features: Vec<Feature>,
    /// Row after row, the bin in each feature. Rows stand fold after fold, here and below.
    bins: Vec<u8>,
    /// What is to be predicted, row after row: 1 for yes.
    answers: Vec<f32>,
    bags: Vec<Bag>,
    rounds: usize,
    /// Rounds up to the best held-out loss, and that loss.
    best: (usize, f64),
    /// The round from which on trees have the pace's last size.
    turn: Option<usize>,
    base_loss: f64,
    bagging: Bagging,
    key: u64,
}

/// What learns from all folds but one.
struct Bag {
    held_out: Range<usize>,
    base: f32,
    /// The prediction of all rows, the held-out ones too.
    logits: Vec<f32>,
    trees: Vec<Tree>,
}

impl Boosting {
    /// None where a constant is all that the rows can bear. `folds`: the bag that leaves out each row of the table.
    pub fn new(
        columns: &[(u32, View)],
        rows: &[u32],
        answer: impl Fn(&u32) -> f32,
        folds: &[u8],
        bagging: Bagging,
        key: u64,
    ) -> Option<Self> {
        if columns.is_empty() || rows.len() < bagging.pace.min_rows {
            return None;
        }
        if bagging.loss == Loss::Logistic {
            let yes = rows.iter().filter(|row| answer(row) > 0.5).count();
            if yes.min(rows.len() - yes) < bagging.pace.min_answers {
                return None;
            }
        }
        let mut ordered: Vec<u32> = Vec::with_capacity(rows.len());
        let mut held_out = vec![0..0; bagging.bags];
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
        let answers: Vec<f32> = ordered.iter().map(answer).collect();
        let mut boosting = Boosting {
            bags: held_out.into_iter().map(|range| Bag::new(range, &answers, bagging.loss)).collect(),
            bins: row_by_row(&columns),
            features,
            answers,
            rounds: 0,
            best: (0, 0.0),
            turn: None,
            base_loss: 0.0,
            bagging,
            key,
        };
        boosting.base_loss = boosting.held_out_loss();
        boosting.best.1 = boosting.base_loss;
        Some(boosting)
    }

    /// Adds a tree to every bag. False when another would be in vain.
    pub fn round(&mut self) -> bool {
        let round = self.rounds as f32;
        let pace = &self.bagging.pace;
        // Many rows bear longer steps and larger trees, which spares rounds.
        let boldness = (self.answers.len() as f32 / 4096.0).sqrt().clamp(1.0, 2.83);
        let size = pace.last.filter(|_| self.turn.is_some()).unwrap_or(pace.size);
        let [first, more] = size.leaves;
        let limits = Limits {
            rate: (RATE * boldness * (1.0 + pace.haste * round)).min(MAX_RATE),
            max_leaves: ((first + more * round).min(MAX_LEAVES) * boldness) as usize,
            min_leaf: pace.min_leaf,
            min_gain: size.min_gain,
        };
        let key = mix(self.key ^ mix(self.rounds as u64));
        let mut any = false;
        for (bag, number) in self.bags.iter_mut().zip(0..) {
            let key = mix(key ^ number);
            let (sampled, others) = bag.sample(key);
            let chosen = choose_features(self.features.len(), key);
            let slopes = bag.slopes(&self.answers, self.bagging.loss);
            let growth =
                TreeGrowth::new(&self.features, &self.bins, chosen, &slopes, sampled, others, limits);
            let tree = growth.finish(&mut bag.logits);
            any |= tree.is_some();
            bag.trees.push(tree.unwrap_or_default());
        }
        self.rounds += 1;
        let loss = self.held_out_loss();
        if loss < self.best.1 {
            self.best = (self.rounds, loss);
        }
        let goes_on = any && self.rounds < self.enough();
        if goes_on || self.turn.is_some() || pace.last.is_none() {
            return goes_on;
        }
        self.turn = Some(self.rounds);
        self.rounds < self.enough()
    }

    /// Rounds after which there is nothing more to hope for.
    fn enough(&self) -> usize {
        let best = self.best.0;
        let hopeless = match self.turn {
            Some(turn) if turn >= best => turn + FIRST_PATIENCE,
            _ if best == 0 => FIRST_PATIENCE,
            _ => best + PATIENCE,
        };
        hopeless.max(self.kept()).min(self.bagging.pace.max_rounds)
    }

    fn kept(&self) -> usize {
        ((self.best.0 as f32 * self.bagging.sharpness).ceil() as usize).max(self.bagging.least)
    }

    /// What the bags learned, if their trees are worth having.
    pub fn finish(self) -> Option<Vec<Voice>> {
        if self.bagging.least == 0 && self.base_loss - self.best.1 < MIN_SAVED {
            return None;
        }
        let kept = self.kept();
        let voice = |bag: Bag| {
            let trees = bag.trees.into_iter().take(kept).filter(|tree| !tree.is_empty());
            Voice { base: bag.base, trees: trees.collect() }
        };
        Some(self.bags.into_iter().map(voice).collect())
    }

    /// Each row's loss by the bag that never saw it.
    fn held_out_loss(&self) -> f64 {
        self.bags.iter().map(|bag| bag.held_out_loss(&self.answers, self.bagging.loss)).sum()
    }
}

impl Bag {
    fn new(held_out: Range<usize>, answers: &[f32], loss: Loss) -> Self {
        let sum = answers.iter().sum::<f32>() - answers[held_out.clone()].iter().sum::<f32>();
        let learning = (answers.len() - held_out.len()) as f32;
        let base = match loss {
            Loss::Logistic => {
                let chance = (sum + 0.5) / (learning + 1.0);
                libm::logf(chance / (1.0 - chance))
            }
            Loss::Square => sum / learning,
        };
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
    fn slopes(&self, answers: &[f32], loss: Loss) -> Vec<Cell> {
        if loss == Loss::Square {
            let slope = |(&value, &answer): (&f32, &f32)| Cell::new(answer - value, 1.0);
            return self.logits.iter().zip(answers).map(slope).collect();
        }
        let mut chances = self.logits.clone();
        chances.iter_mut().for_each(|chance| *chance = logistic(*chance)); // alone, as a loop of vectors
        let slope = |(&chance, &answer): (&f32, &f32)| Cell::new(answer - chance, chance * (1.0 - chance));
        chances.iter().zip(answers).map(slope).collect()
    }

    fn held_out_loss(&self, answers: &[f32], loss: Loss) -> f64 {
        let (logits, answers) = (&self.logits[self.held_out.clone()], &answers[self.held_out.clone()]);
        if loss == Loss::Square {
            let half = |(&value, &answer): (&f32, &f32)| f64::from((value - answer) * (value - answer)) / 2.0;
            return logits.iter().zip(answers).map(half).sum();
        }
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
