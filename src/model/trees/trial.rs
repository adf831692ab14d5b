//! The trial: how much of single rows a fit remembers, found out on the training rows themselves.
//!
//! The model is fitted on one half of the rows, and rows drawn from it are laid beside both halves, of which it saw but
//! one. An attacker who cannot tell which has learned nothing of single rows. Three figures, one half each where nothing
//! is remembered:
//!
//! - `dcr_share`: drawn rows whose nearest real row is one that was seen;
//! - `membership`: the AUC of an attack that takes a real row for a seen one the nearer a drawn row is to it (Yeom et al.
//!   2018 with distances in the place of losses);
//! - `outliers`: the same on the twentieth of the real rows that lie farthest from others.
//!
//! Where one of them exceeds what the preset allows by more than its standard error, the last rounds of boosting are taken
//! back, in steps down to seven tenths of those up to the best held-out loss, and the attack is repeated. Never more: with fewer
//! rounds even plain relations fade (tried), so what is still remembered then is told. A half remembers more of each row
//! than the whole does: what is found is rather too much than too little. Numbers are compared by rank, in steps,
//! categories by whether they are equal; squared differences add up. Does not: try tables of more than [`MAX_ROWS`] rows,
//! of which little is remembered, or of fewer than [`MIN_ROWS`], where a trial would tell nothing.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::boost::Closeness;
use super::data::Data;
use super::{BLOCK, Forest, Plan, Trees, longest_first};
use crate::math::distance::{Axis, Points, auc};
use crate::math::rng::{Purpose, Seed, mix};
use crate::model::atoms::Coded;
use crate::model::{Draws, Task};

const MAX_ROWS: usize = 20_000;
const MIN_ROWS: usize = 200;
/// Smaller tables are halved more than once, as each halving tells less.
const ROWS_IN_ALL: usize = 4000;
const MAX_HALVINGS: usize = 4;
/// Rows of each half that are laid beside the drawn ones, at most.
const REAL: usize = 4096;
/// Blocks of rows that are drawn from each fit.
const BLOCKS: u64 = 2;
/// Drawn rows of a slice of work.
const SLICE: usize = 64;
/// Rows of a step of ranks. The atoms of the whole hold half as many rows of a half as they should: so fine, counts alone
/// would look like memory.
const STEP: f64 = 20.0;
/// What a step takes from the sharpness, and how far down it goes.
const FALL: f32 = 0.15;
const LEAST: f32 = 0.7;
/// One in so many rows is an outlier, by its distance to so many others.
const OUTLIERS: usize = 20;
const OTHERS: usize = 512;

/// What single rows left in the model, as far as a trial on halves of the rows can tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    /// Share of drawn rows that are nearest to a row that was seen; 0.5 is none remembered.
    pub dcr_share: f64,
    /// AUC of the attack by distance; 0.5 is none remembered.
    pub membership: f64,
    /// The same among the rows that lie farthest from others.
    pub outliers: f64,
    /// Standard errors of the three.
    pub errors: [f64; 3],
    /// What the preset allows beyond one half; None: anything.
    pub allowed: Option<f64>,
    /// Rounds of boosting that are kept for each one up to the best held-out loss.
    pub sharpness: f32,
    /// How often rounds were taken back to come here.
    pub steps: usize,
    /// Whether all three are as the preset allows, within a standard error.
    pub met: bool,
}

impl Memory {
    /// For a terminal.
    pub fn sentence(&self) -> String {
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let found = [self.dcr_share, self.membership, self.outliers].map(percent);
        let more = match (self.met, self.steps) {
            (true, 0) => "",
            (true, _) => "; it was learned less sharply for it",
            (false, _) => ", which is more than the preset should allow",
        };
        let [share, membership, outliers] = found;
        format!(
            "memory of single rows, where 50 % is none: nearest rows {share}, membership {membership}, of outliers {outliers}{more}"
        )
    }
}

pub struct Trial {
    plan: Arc<Plan>,
    halves: Vec<Half>,
    allowed: Option<f64>,
    sharpness: f32,
    steps: usize,
}

/// A fit on one half of the rows, and the attack on it.
struct Half {
    forest: Option<Forest>,
    /// Its work in all.
    fitting: u64,
    trees: Option<Trees>,
    seed: Seed,
    rulers: Vec<Ruler>,
    /// Of each half so many; those that were seen come first.
    real: Points,
    rows: usize,
    outlying: Vec<bool>,
    /// And how many of them have been laid beside the real ones.
    drawn: Option<Points>,
    compared: usize,
    /// Each real row's distance to the nearest drawn one.
    nearest: Vec<f32>,
    /// Drawn rows that are nearest to a seen one; ties count half.
    nearest_seen: f64,
}

/// How a column's codes are laid on an axis.
struct Ruler {
    place: usize,
    /// Where each code lies; None: equal codes are together and others one apart.
    positions: Option<Vec<f32>>,
}

impl Trial {
    /// None where it would not be worth its while. `data`: its columns in the order of the plan.
    pub fn new(
        data: &Data,
        plan: &Arc<Plan>,
        closeness: Closeness,
        allowed: Option<f64>,
        seed: &Seed,
    ) -> Option<Trial> {
        if !(MIN_ROWS..=MAX_ROWS).contains(&data.rows()) {
            return None;
        }
        let count = ROWS_IN_ALL.div_ceil(data.rows()).min(MAX_HALVINGS);
        let half =
            |number| Half::new(data, plan, closeness, seed, seed.stream(Purpose::Trial, number).bits());
        let halves = (0..count as u64).map(half).collect();
        let Closeness { sharpness, .. } = closeness;
        Some(Trial { plan: plan.clone(), halves, allowed, sharpness, steps: 0 })
    }

    /// Does one slice; false when the memory is found.
    pub fn step(&mut self) -> bool {
        for half in &mut self.halves {
            if let Some(forest) = &mut half.forest {
                if !forest.step() {
                    half.trees = half.forest.take().map(|forest| forest.finish(&self.plan));
                }
                return true;
            }
        }
        if self.halves.iter_mut().any(Half::step) {
            return true;
        }
        if self.memory().met || self.sharpness <= LEAST {
            return false;
        }
        let sharpness = (self.sharpness - FALL).max(LEAST);
        let share = sharpness / self.sharpness;
        self.halves.iter_mut().for_each(|half| half.blunt(share));
        (self.sharpness, self.steps) = (sharpness, self.steps + 1);
        true
    }

    /// The fits, and after them the attacks.
    pub fn tasks(&mut self) -> Vec<(u32, &mut (dyn Task + Send))> {
        if self.halves.iter().any(|half| half.forest.is_some()) {
            let columns = self.plan.order.len();
            let halves = self.halves.iter_mut().enumerate();
            let forests = halves.filter_map(|(at, half)| Some((at, half.forest.as_mut()?)));
            longest_first(forests.flat_map(|(at, forest)| forest.open(at * columns)).collect())
        } else {
            let open = (0..).zip(&mut self.halves).filter(|(_, half)| !half.is_done());
            open.map(|(at, half)| (at, half as &mut (dyn Task + Send))).collect()
        }
    }

    pub fn task(&mut self, number: usize) -> Option<&mut (dyn Task + Send)> {
        if self.halves.iter().any(|half| half.forest.is_some()) {
            let columns = self.plan.order.len();
            let forest = self.halves.get_mut(number / columns)?.forest.as_mut()?;
            return forest.growth(number % columns).map(|growth| growth as _);
        }
        self.halves.get_mut(number).filter(|half| !half.is_done()).map(|half| half as _)
    }

    /// Done, and in all; of the attacks only one is foreseen, since most need no second one.
    pub fn work(&self) -> [u64; 2] {
        let sum = |parts: [u64; 2], half: &Half| {
            let attack = (half.drawn_rows() * half.rulers.len() * 2 * half.rows) as u64 / 8;
            let fit = half.forest.as_ref().map_or([half.fitting; 2], Forest::work);
            let compared = half.compared as u64 * attack / half.drawn_rows() as u64;
            [parts[0] + fit[0] + compared, parts[1] + fit[1] + attack]
        };
        self.halves.iter().fold([0; 2], sum)
    }

    /// The means over the halvings.
    pub fn memory(&self) -> Memory {
        let found: Vec<[f64; 3]> = self.halves.iter().map(Half::figures).collect();
        let mean =
            |figure: usize| found.iter().map(|figures| figures[figure]).sum::<f64>() / found.len() as f64;
        let rows = self.halves[0].rows as f64;
        let halvings = self.halves.len() as f64;
        // Of a share, and of an AUC of two equal groups of so many (Hanley and McNeil 1982, at one half).
        let of_share = |rows: f64| (0.25 / (rows * halvings)).sqrt();
        let of_auc = |rows: f64| ((2.0 * rows + 1.0) / (12.0 * rows * rows * halvings)).sqrt();
        let found = [mean(0), mean(1), mean(2)];
        let errors = [of_share(rows), of_auc(rows), of_auc((rows / OUTLIERS as f64).max(1.0))];
        let is_allowed =
            |allowed: f64| found.iter().zip(errors).all(|(figure, error)| figure - 0.5 <= allowed + error);
        Memory {
            dcr_share: found[0],
            membership: found[1],
            outliers: found[2],
            errors,
            allowed: self.allowed,
            sharpness: self.sharpness,
            steps: self.steps,
            met: self.allowed.is_none_or(is_allowed),
        }
    }
}

impl Half {
    fn new(data: &Data, plan: &Plan, closeness: Closeness, seed: &Seed, key: u64) -> Half {
        let (seen, unseen) = data.halve(key);
        let rows = seen.len().min(unseen.len()).min(REAL);
        let some = |rows: &[u32], wanted: usize| {
            let mut ranked = rows.to_vec();
            ranked.sort_unstable_by_key(|&row| mix(key ^ u64::from(row)));
            ranked.truncate(wanted);
            ranked
        };
        let real = [some(&seen, rows), some(&unseen, rows)].concat();
        let seed = Seed::new(&format!("{key} {}", seed.stream(Purpose::Trial, key).bits()));
        let forest = Forest::new(data.select(&seen), plan, closeness, &seed);
        let told = (0..data.columns.len()).filter(|&place| !data.columns[place].is_last);
        let rulers: Vec<Ruler> = told.flat_map(|place| Ruler::of(data, place)).collect();
        let codes = |place: usize| {
            let codes = &data.columns[place].codes;
            real.iter().map(|&row| codes[row as usize]).collect()
        };
        let real = points(&rulers, real.len(), codes);
        let mut half = Half {
            fitting: forest.work()[1],
            forest: Some(forest),
            trees: None,
            seed,
            rulers,
            real,
            rows,
            outlying: Vec::new(),
            drawn: None,
            compared: 0,
            nearest: Vec::new(),
            nearest_seen: 0.0,
        };
        half.clear();
        half
    }

    fn drawn_rows(&self) -> usize {
        (BLOCKS * BLOCK) as usize
    }

    fn is_done(&self) -> bool {
        self.compared == self.drawn_rows()
    }

    /// Before another attack.
    fn clear(&mut self) {
        self.drawn = None;
        self.compared = 0;
        self.nearest = vec![f32::INFINITY; 2 * self.rows];
        self.nearest_seen = 0.0;
    }

    fn blunt(&mut self, share: f32) {
        self.trees.as_mut().expect("fitted").blunt(share);
        self.clear();
    }

    fn draw(&mut self) {
        let trees = self.trees.as_ref().expect("fitted");
        let drawn = trees.draw(0..BLOCKS, &self.seed, Draws::Spread);
        let codes = |place: usize| drawn[place].iter().map(|&(code, _)| code).collect();
        self.drawn = Some(points(&self.rulers, self.drawn_rows(), codes));
    }

    fn compare(&mut self, drawn: &Points) {
        let end = (self.compared + SLICE).min(self.drawn_rows());
        for row in self.compared..end {
            let distances = self.real.distances(drawn, row);
            self.nearest
                .iter_mut()
                .zip(&distances)
                .for_each(|(nearest, &distance)| *nearest = nearest.min(distance));
            let (seen, unseen) = distances.split_at(self.rows);
            let least = |distances: &[f32]| distances.iter().copied().fold(f32::INFINITY, f32::min);
            self.nearest_seen += match least(seen).total_cmp(&least(unseen)) {
                Ordering::Less => 1.0,
                Ordering::Equal => 0.5,
                Ordering::Greater => 0.0,
            };
        }
        self.compared = end;
    }

    /// The real rows that lie farthest from others, by the nearest of a few.
    fn find_outlying(&mut self) {
        let rows = 2 * self.rows;
        let mut nearest = vec![f32::INFINITY; rows];
        for other in (0..rows).step_by(rows.div_ceil(OTHERS)) {
            let mut distances = self.real.distances(&self.real, other);
            distances[other] = f32::INFINITY;
            nearest
                .iter_mut()
                .zip(&distances)
                .for_each(|(nearest, &distance)| *nearest = nearest.min(distance));
        }
        let mut ranked: Vec<usize> = (0..rows).collect();
        ranked.sort_by(|&a, &b| nearest[b].total_cmp(&nearest[a]).then(mix(a as u64).cmp(&mix(b as u64))));
        self.outlying = vec![false; rows];
        ranked[..rows.div_ceil(OUTLIERS)].iter().for_each(|&row| self.outlying[row] = true);
    }

    /// `dcr_share`, `membership`, `outliers`.
    fn figures(&self) -> [f64; 3] {
        let group = |wanted: fn(bool) -> bool, rows: Range<usize>| -> Vec<f32> {
            rows.filter(|&row| wanted(self.outlying[row])).map(|row| self.nearest[row]).collect()
        };
        let (seen, unseen) = (0..self.rows, self.rows..2 * self.rows);
        let auc =
            |wanted: fn(bool) -> bool| auc(&group(wanted, seen.clone()), &group(wanted, unseen.clone()));
        [self.nearest_seen / self.drawn_rows() as f64, auc(|_| true), auc(|outlying| outlying)]
    }
}

impl Task for Half {
    /// A slice of the attack.
    fn step(&mut self) -> bool {
        if self.outlying.is_empty() {
            self.find_outlying();
        } else if self.is_done() {
            return false;
        } else if let Some(drawn) = self.drawn.take() {
            self.compare(&drawn);
            self.drawn = Some(drawn);
        } else {
            self.draw();
        }
        !self.is_done()
    }

    fn found(&self) -> Vec<u8> {
        let found = (&self.outlying, &self.nearest, self.nearest_seen);
        postcard::to_allocvec(&found).expect("plain data always serialises")
    }

    fn take(&mut self, found: &[u8]) -> bool {
        let Ok((outlying, nearest, seen)) = postcard::from_bytes::<(Vec<bool>, Vec<f32>, f64)>(found) else {
            return false;
        };
        if outlying.len() != 2 * self.rows || nearest.len() != 2 * self.rows {
            return false;
        }
        (self.outlying, self.nearest, self.nearest_seen) = (outlying, nearest, seen);
        self.compared = self.drawn_rows();
        true
    }
}

/// Rows whose codes in each place are given.
fn points(rulers: &[Ruler], rows: usize, codes: impl Fn(usize) -> Vec<u32>) -> Points {
    let axis = |ruler: &Ruler| {
        let codes = codes(ruler.place);
        match &ruler.positions {
            Some(positions) => Axis::Number(codes.iter().map(|&code| positions[code as usize]).collect()),
            None => Axis::Level(codes),
        }
    };
    Points::new(rows, rulers.iter().map(axis).collect())
}

impl Ruler {
    /// One for a category; for a number one for its rank and, where some are missing, one for that.
    fn of(data: &Data, place: usize) -> Vec<Ruler> {
        let Coded { atoms, .. } = &data.columns[place];
        let count = atoms.len();
        if !atoms.is_numeric() {
            return vec![Ruler { place, positions: None }];
        }
        let ruler = |positions: Vec<f32>| Ruler { place, positions: Some(positions) };
        let is_missing = |code: u32| code < count && atoms.is_missing(code);
        let step = STEP / f64::max(atoms.rows(u32::from(is_missing(0)), count) as f64, 1.0);
        let rank = |code: u32| {
            let known = code < count && !is_missing(code);
            if known { (atoms.rank(code) / step).round() * step } else { 0.5 }
        };
        let mut rulers = vec![ruler((0..=count).map(|code| rank(code) as f32).collect())];
        if is_missing(0) {
            rulers.push(ruler((0..=count).map(|code| f32::from(u8::from(is_missing(code)))).collect()));
        }
        rulers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Support};
    use crate::model::{Fit, Manner, Preset};

    /// Categories whose every row is its own combination, so that a fit has nothing but single rows to learn.
    fn columns(rows: usize, count: usize, levels: u64) -> Vec<Coded> {
        let column = |column: usize| {
            let code = |row: usize| (mix((row * count + column) as u64) % levels) as u32;
            Column::Categories { codes: (0..rows).map(code).collect(), levels: levels as u32 }
        };
        (0..count).map(|at| Coded::shared_by_two(&column(at))).collect()
    }

    const CLOSENESS: Closeness =
        Closeness { bags: 3, cell: 0, sharpness: 1.3, ruled: true, lined: true, matched: true };

    fn memory(columns: Vec<Coded>, preset: Preset) -> Option<Memory> {
        let manner = Manner { preset, tried: true, without: &[] };
        let mut fitting = super::super::Fitting::new(columns, Support::by_rows(2), manner, &Seed::new("1"));
        let mut share = 0.0;
        while share < 1.0 {
            let next = fitting.step();
            assert!(next >= share, "{next} after {share}");
            share = next;
        }
        fitting.memory()
    }

    #[test]
    fn independent_columns_leave_nothing_of_single_rows() {
        let memory = memory(columns(2000, 6, 5), Preset::Balanced).unwrap();
        assert!(memory.met && memory.steps == 0);
        // alpha = 0.003 for each, if errors were normal.
        let found = [memory.dcr_share, memory.membership, memory.outliers];
        found
            .iter()
            .zip(memory.errors)
            .for_each(|(figure, error)| assert!((figure - 0.5).abs() < 3.0 * error));
    }

    #[test]
    fn a_fit_that_copies_is_found_out() {
        // Half of the rows of a table come back as they are.
        let data = Data::new(columns(400, 8, 6), Support::by_rows(2));
        let plan = Arc::new(Plan::new(&data));
        let mut half = Half::new(&data, &plan, CLOSENESS, &Seed::new("1"), 5);
        half.find_outlying();
        let rows = half.rows;
        let copies = |half: &Half, first: usize| {
            let (seen, unseen) = data.halve(5);
            let mut from = if first == 0 { seen } else { unseen };
            from.sort_unstable_by_key(|&row| mix(5 ^ u64::from(row))); // as the real rows are chosen
            let codes = |place: usize| {
                let codes = &data.columns[place].codes;
                (0..half.drawn_rows()).map(|i| codes[from[i % rows] as usize]).collect()
            };
            Some(points(&half.rulers, half.drawn_rows(), codes))
        };
        half.drawn = copies(&half, 0);
        while half.step() {}
        let [share, membership, outliers] = half.figures();
        assert!(share > 0.99 && membership > 0.99 && outliers > 0.99, "{share} {membership} {outliers}");
        // And the other way round.
        half.clear();
        half.drawn = copies(&half, rows);
        while half.step() {}
        assert!(half.figures()[0] < 0.01);
    }

    #[test]
    fn small_and_long_tables_are_not_tried() {
        assert_eq!(memory(columns(150, 2, 3), Preset::Balanced), None);
        let data = Data::new(columns(MAX_ROWS + 1, 1, 2), Support::by_rows(2));
        let plan = Arc::new(Plan::loose(&data));
        assert!(Trial::new(&data, &plan, CLOSENESS, None, &Seed::new("1")).is_none());
    }
}
