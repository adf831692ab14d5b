//! One regression tree, grown leaf by leaf on histograms of gradients.
//!
//! A split gains G_y^2 / (H_y + lambda) + G_n^2 / (H_n + lambda) - G^2 / (H + lambda), with G and H the sums of first and second
//! derivatives (Chen and Guestrin 2016). A category's bins are ordered by G / (H + 5) and split as a set (Fisher
//! 1958). Of two siblings the smaller is summed, the larger subtracted.

use std::ops::Range;

use super::feature::{BINS, Feature};
use super::tree::{Place, Tree};

const LAMBDA: f32 = 1.0;
/// Shrinks rare categories towards the middle of the order.
const CATEGORY_SHRINKAGE: f32 = 5.0;

/// What all leaves of the tree share.
pub struct TreeGrowth<'a> {
    features: &'a [Feature],
    /// Row after row, the bin in each feature.
    bins: &'a [u8],
    /// The features that this tree may split on.
    chosen: Vec<usize>,
    /// What each learning row adds to its cells.
    slopes: &'a [Cell],
    /// Rows that decide the splits, kept leaf after leaf.
    sampled: Vec<u32>,
    /// Rows that only follow them.
    others: Vec<u32>,
    limits: Limits,
}

/// How large a tree may grow, and how far its leaves step.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Of what a leaf's rows ask for, what its step takes.
    pub rate: f32,
    pub max_leaves: usize,
    /// Rows that a leaf must have.
    pub min_leaf: f32,
    /// What a split must gain.
    pub min_gain: f32,
}

/// Sums over rows: first and second derivative, and the rows themselves. Four numbers wide, so that one instruction adds them.
#[derive(Clone, Copy, Default)]
pub struct Cell([f32; 4]);

struct Leaf {
    place: Place,
    rows: Rows,
    cells: Vec<Cell>,
    total: Cell,
    best: Option<Candidate>,
}

/// A leaf's stretch of `sampled` and of `others`.
struct Rows {
    sampled: Range<usize>,
    others: Range<usize>,
}

#[derive(Clone, Copy)]
struct Candidate {
    gain: f32,
    feature: usize,
    /// The bins that answer yes.
    set: u64,
}

impl<'a> TreeGrowth<'a> {
    pub fn new(
        features: &'a [Feature],
        bins: &'a [u8],
        chosen: Vec<usize>,
        slopes: &'a [Cell],
        sampled: Vec<u32>,
        others: Vec<u32>,
        limits: Limits,
    ) -> Self {
        TreeGrowth { features, bins, chosen, slopes, sampled, others, limits }
    }

    /// Grows the tree and moves every row's logit by its leaf's step. None if no split gains.
    pub fn finish(mut self, logits: &mut [f32]) -> Option<Tree> {
        let mut tree = Tree::default();
        let Limits { rate, max_leaves, .. } = self.limits;
        let all = Rows { sampled: 0..self.sampled.len(), others: 0..self.others.len() };
        let cells = self.histogram(&all);
        let mut leaves = vec![self.leaf(Tree::root(), all, cells)];
        while leaves.len() < max_leaves
            && let Some(at) = most_gain(&leaves)
        {
            let leaf = leaves.swap_remove(at);
            if leaves.len() + 2 == max_leaves {
                self.chosen.truncate(1); // the last two will not be split: any feature tells their sums
            }
            leaves.extend(self.split(leaf, &mut tree));
        }
        if leaves.len() == 1 {
            return None;
        }
        for leaf in leaves {
            let step = rate * leaf.total.gradient() / (leaf.total.hessian() + LAMBDA);
            tree.leaf(leaf.place, step);
            for &row in self.sampled[leaf.rows.sampled].iter().chain(&self.others[leaf.rows.others]) {
                logits[row as usize] += step;
            }
        }
        Some(tree)
    }

    fn split(&mut self, leaf: Leaf, tree: &mut Tree) -> [Leaf; 2] {
        let best = leaf.best.expect("chosen for its gain");
        let feature = &self.features[best.feature];
        let [yes_place, no_place] = tree.split(leaf.place, feature.column, feature.test(best.set));
        let (bins, width, at) = (self.bins, self.features.len(), best.feature);
        let goes = |row: u32| best.set >> bins[row as usize * width + at] & 1 == 1;
        let (yes_sampled, no_sampled) = partition(&mut self.sampled, leaf.rows.sampled, goes);
        let (yes_others, no_others) = partition(&mut self.others, leaf.rows.others, goes);
        let yes = Rows { sampled: yes_sampled, others: yes_others };
        let no = Rows { sampled: no_sampled, others: no_others };
        let (yes_cells, no_cells) = if yes.sampled.len() <= no.sampled.len() {
            let yes_cells = self.histogram(&yes);
            let rest = subtract(leaf.cells, &yes_cells);
            (yes_cells, rest)
        } else {
            let no_cells = self.histogram(&no);
            (subtract(leaf.cells, &no_cells), no_cells)
        };
        [self.leaf(yes_place, yes, yes_cells), self.leaf(no_place, no, no_cells)]
    }

    fn leaf(&self, place: Place, rows: Rows, cells: Vec<Cell>) -> Leaf {
        let total = cells[..BINS].iter().fold(Cell::default(), |sum, cell| sum.plus(*cell));
        let best = self.best_split(&cells, total);
        Leaf { place, rows, cells, total, best }
    }

    /// Sums a chosen feature and bin, feature after feature.
    fn histogram(&self, rows: &Rows) -> Vec<Cell> {
        let mut cells = vec![Cell::default(); self.chosen.len() * BINS];
        let width = self.features.len();
        for &row in &self.sampled[rows.sampled.clone()] {
            let slope = self.slopes[row as usize];
            let bins = &self.bins[row as usize * width..][..width];
            for (cells, &feature) in cells.chunks_exact_mut(BINS).zip(&self.chosen) {
                let cell = &mut cells[bins[feature] as usize % BINS];
                *cell = cell.plus(slope);
            }
        }
        cells
    }

    fn best_split(&self, cells: &[Cell], total: Cell) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        let Limits { min_leaf, min_gain, .. } = self.limits;
        if total.rows() < 2.0 * min_leaf {
            return best;
        }
        for (&place, cells) in self.chosen.iter().zip(cells.chunks_exact(BINS)) {
            let feature = &self.features[place];
            let (mut order, mut count) = ([0; BINS], 0);
            for (cell, bin) in cells.iter().zip(0u8..) {
                // No branch: which bins are empty, no processor can foretell.
                order[count % BINS] = bin;
                count += usize::from(cell.rows() > 0.0);
            }
            let order = &mut order[..count];
            if !feature.is_ordered() {
                let key = |cell: &Cell| cell.gradient() / (cell.hessian() + CATEGORY_SHRINKAGE);
                let keys: [f32; BINS] = std::array::from_fn(|bin| key(&cells[bin]));
                let key = |bin: u8| keys[bin as usize % BINS];
                order.sort_unstable_by(|&a, &b| key(a).total_cmp(&key(b)).then(a.cmp(&b)));
            }
            let (mut yes, mut set) = (Cell::default(), 0u64);
            for &bin in &*order {
                yes = yes.plus(cells[bin as usize % BINS]);
                set |= 1 << bin;
                let no = total.minus(yes);
                if no.rows() < min_leaf {
                    break;
                }
                if yes.rows() < min_leaf {
                    continue;
                }
                let gain = yes.gain() + no.gain() - total.gain();
                if gain > best.map_or(min_gain, |best| best.gain) {
                    best = Some(Candidate { gain, feature: place, set: feature.set_through(set, bin) });
                }
            }
        }
        best
    }
}

/// The leaf whose split gains most, the first of equals.
fn most_gain(leaves: &[Leaf]) -> Option<usize> {
    let gains = leaves.iter().enumerate().filter_map(|(at, leaf)| Some((at, leaf.best?.gain)));
    gains.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(at, _)| at)
}

/// Moves the rows that go to the front of the stretch; gives both parts.
fn partition(
    rows: &mut [u32],
    stretch: Range<usize>,
    goes: impl Fn(u32) -> bool,
) -> (Range<usize>, Range<usize>) {
    let mut middle = stretch.start;
    for i in stretch.clone() {
        let row = rows[i];
        // No branch, as no processor can foretell it.
        (rows[i], rows[middle]) = (rows[middle], row);
        middle += usize::from(goes(row));
    }
    (stretch.start..middle, middle..stretch.end)
}

fn subtract(mut from: Vec<Cell>, cells: &[Cell]) -> Vec<Cell> {
    from.iter_mut().zip(cells).for_each(|(a, b)| *a = a.minus(*b));
    from
}

impl Cell {
    pub fn new(gradient: f32, hessian: f32) -> Self {
        Cell([gradient, hessian, 1.0, 0.0])
    }

    fn gradient(self) -> f32 {
        self.0[0]
    }

    fn hessian(self) -> f32 {
        self.0[1]
    }

    /// A whole number; exact, as no node has so many that floats would skip one.
    fn rows(self) -> f32 {
        self.0[2]
    }

    fn plus(self, other: Cell) -> Cell {
        Cell(std::array::from_fn(|i| self.0[i] + other.0[i]))
    }

    fn minus(self, other: Cell) -> Cell {
        Cell(std::array::from_fn(|i| self.0[i] - other.0[i]))
    }

    fn gain(self) -> f32 {
        self.gradient() * self.gradient() / (self.hessian() + LAMBDA)
    }
}
