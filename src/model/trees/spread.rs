//! Low-discrepancy draws: rows that are alike share their luck, so that in every neighbourhood a block of rows answers as
//! often as its chances say, and not as often as chance has it.
//!
//! Rows are put in order by parting them again and again, down to a few, by lot at about the median of their chance or of a
//! random earlier column (a random k-d tree, Bentley 1975). Along that order one uniform number decides for all by
//! systematic sampling (Madow 1949), or begins a sequence of golden steps. Every row keeps its own chances exactly; only neighbours are not
//! independent, so counts vary less than those of independent rows would. Who wants those gets them: then each row has a
//! number of its own in every node.

use super::BLOCK;
use crate::math::rng::{ODD, mix, unit};
use crate::model::Draws;

/// So few rows are all neighbours.
const NEIGHBOURS: usize = 8;

/// Blocks of rows that are drawn together: the codes of the columns that are drawn so far.
pub struct Block {
    rows: usize,
    draws: Draws,
    columns: Vec<Vec<u32>>,
    /// The highest code of each.
    lasts: Vec<u32>,
}

impl Block {
    pub fn new(rows: usize, draws: Draws) -> Self {
        Block { rows, draws, columns: Vec::new(), lasts: Vec::new() }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn width(&self) -> usize {
        self.columns.len()
    }

    pub fn column(&self, place: u32) -> &[u32] {
        &self.columns[place as usize]
    }

    /// The highest code in the column.
    pub fn last(&self, place: u32) -> u32 {
        self.lasts[place as usize]
    }

    /// Fills the next column.
    pub fn fill(&mut self, codes: Vec<u32>) {
        self.lasts.push(codes.iter().copied().max().unwrap_or(0));
        self.columns.push(codes);
    }

    /// Takes the last column away.
    pub fn empty(&mut self) {
        self.lasts.pop();
        self.columns.pop();
    }
}

/// Who of `rows` says yes; `chances[row]` is a row's, and `key` gives a block's. Puts them in another order.
pub fn decide(
    block: &Block,
    rows: &mut [u32],
    chances: &[f32],
    key: impl Fn(usize) -> u64,
) -> (Vec<u32>, Vec<u32>) {
    let (mut yes, mut no) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for (key, rows) in by_block(rows, key) {
        let mut sum = unit(mix(key));
        if block.draws == Draws::Spread {
            order(block, rows, Some(chances), key);
        }
        for &row in &*rows {
            let chance = f64::from(chances[row as usize]);
            let says = match block.draws {
                Draws::Spread => {
                    sum += chance;
                    let says = sum >= 1.0;
                    sum -= f64::from(u8::from(says));
                    says
                }
                Draws::Independent => own(key, row) < chance,
            };
            if says { yes.push(row) } else { no.push(row) }
        }
    }
    (yes, no)
}

/// A number in [0, 1) for each of `rows`: spread evenly among neighbours, or its own.
pub fn scatter(block: &Block, rows: &mut [u32], key: impl Fn(usize) -> u64, mut give: impl FnMut(u32, f64)) {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    for (key, rows) in by_block(rows, key) {
        if block.draws == Draws::Independent {
            rows.iter().for_each(|&row| give(row, own(key, row)));
            continue;
        }
        order(block, rows, None, key);
        let start = unit(mix(key));
        for (at, &row) in rows.iter().enumerate() {
            let number = start + at as f64 * GOLDEN;
            give(row, number - number.floor());
        }
    }
}

/// The row's own number in [0, 1).
fn own(key: u64, row: u32) -> f64 {
    unit(mix(mix(key) ^ (u64::from(row) % BLOCK)))
}

/// The rows of each block, which stand together, with its key.
fn by_block(rows: &mut [u32], key: impl Fn(usize) -> u64) -> impl Iterator<Item = (u64, &mut [u32])> {
    let number = |row: u32| row as usize / BLOCK as usize;
    let parts = rows.chunk_by_mut(move |&a, &b| number(a) == number(b));
    parts.map(move |rows| (key(number(rows[0])), rows))
}

/// Puts the rows of one block in an order in which neighbours are alike.
fn order(block: &Block, rows: &mut [u32], chances: Option<&[f32]>, key: u64) {
    if rows.len() <= NEIGHBOURS {
        return;
    }
    let start = rows[0] as usize / BLOCK as usize * BLOCK as usize;
    let mut ranked: Vec<u64> = rows.iter().map(|&row| u64::from(row) % BLOCK).collect();
    let mut spare = vec![0; ranked.len()];
    part(block, start, &mut ranked, &mut spare, chances, key);
    rows.iter_mut().zip(ranked).for_each(|(row, ranked)| *row = (start as u64 + ranked % BLOCK) as u32);
}

/// The row's place in the block, which begins at `start`, stands in the low bits; above it what it is ranked by, first a
/// value, then a lot, so that ties fall at random.
fn part(block: &Block, start: usize, rows: &mut [u64], spare: &mut [u64], chances: Option<&[f32]>, key: u64) {
    if rows.len() <= NEIGHBOURS {
        return;
    }
    let key = mix(key);
    let place = |row: &u64| start + (*row % BLOCK) as usize;
    let differ = |chances: &&[f32]| rows.iter().any(|row| chances[place(row)] != chances[place(&rows[0])]);
    let rank = |ranked: &mut u64, value: u32| {
        let row = *ranked % BLOCK;
        let lot = (key ^ row).wrapping_mul(ODD) >> 32;
        *ranked = u64::from(value) << 32 | lot & !(BLOCK - 1) | row;
    };
    match chances.filter(differ) {
        Some(chances) if key & 1 == 0 || block.width() == 0 => {
            // The bits of numbers from 0 are in their order.
            rows.iter_mut().for_each(|row| rank(row, chances[place(row)].to_bits()));
        }
        _ if block.width() == 0 => rows.iter_mut().for_each(|row| rank(row, 0)),
        _ => {
            let column = block.column(((key >> 1) % block.width() as u64) as u32);
            rows.iter_mut().for_each(|row| rank(row, column[place(row)]));
        }
    }
    let (low, high) = parted(rows, spare);
    part(block, start, low, spare, chances, key ^ 1);
    part(block, start, high, spare, chances, key ^ 2);
}

/// Those below about the median, then the others, each in the order they were in: an order of our own, since bytes of
/// samples hang on it. The numbers differ, so neither part is empty.
fn parted<'a>(numbers: &'a mut [u64], spare: &mut [u64]) -> (&'a mut [u64], &'a mut [u64]) {
    let cut = median(std::array::from_fn(|at| numbers[at * (numbers.len() - 1) / 4]));
    let (mut low, mut high) = (0, 0);
    for at in 0..numbers.len() {
        let number = numbers[at];
        // Written to both, for want of a branch that no one could foretell.
        numbers[low] = number;
        spare[high] = number;
        low += usize::from(number < cut);
        high += usize::from(number >= cut);
    }
    let (below, others) = numbers.split_at_mut(low);
    others.copy_from_slice(&spare[..high]);
    (below, others)
}

fn median([a, b, c, d, e]: [u64; 5]) -> u64 {
    // The least of two pairs and the greatest of them cannot be it.
    let (low, high) = (a.min(b).max(c.min(d)), a.max(b).min(c.max(d)));
    low.min(high).max(low.max(high).min(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of one filled column.
    fn block(codes: impl Iterator<Item = u32>, draws: Draws) -> Block {
        let codes: Vec<u32> = codes.collect();
        let mut block = Block::new(codes.len(), draws);
        block.fill(codes);
        block
    }

    fn yes(block: &Block, chances: &[f32], key: u64) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..chances.len() as u32).collect();
        decide(block, &mut rows, chances, |_| key).0
    }

    #[test]
    fn a_block_answers_as_often_as_its_chances_say() {
        let block = block((0..1000).map(|row| row % 2), Draws::Spread);
        let chances: Vec<f32> = (0..1000).map(|row| if row % 2 == 0 { 0.1 } else { 0.7 }).collect();
        for key in 0..50 {
            let yes = yes(&block, &chances, key);
            assert!(yes.len().abs_diff(400) <= 1, "{}", yes.len());
            // Each neighbourhood too, but for its edges: independent rows would stray by 10 in one case of three.
            let odd = yes.iter().filter(|&row| row % 2 == 1).count();
            assert!(odd.abs_diff(350) <= 12, "{odd}");
        }
    }

    /// Each row's frequency of yes over 4,000 keys is within 4.5 standard errors of its chance: alpha = 0.0028 for 400 rows.
    #[test]
    fn every_row_keeps_its_chance() {
        for draws in [Draws::Spread, Draws::Independent] {
            let block = block((0..200).map(|row| row / 7), draws);
            let chances: Vec<f32> = (0..200).map(|row| row as f32 / 200.0).collect();
            let mut counts = vec![0u32; 200];
            (0..4000)
                .for_each(|key| yes(&block, &chances, key).iter().for_each(|&row| counts[row as usize] += 1));
            for (&count, &chance) in counts.iter().zip(&chances) {
                let (seen, chance) = (f64::from(count) / 4000.0, f64::from(chance));
                let error = (chance * (1.0 - chance) / 4000.0).sqrt();
                assert!((seen - chance).abs() <= 4.5 * error + 1e-9, "{seen} for {chance}");
            }
        }
    }

    /// The variance of a count over 2,000 keys, as a share of the binomial one, has a standard error of sqrt(2 / 2000):
    /// within 4 of it, alpha < 0.0001.
    #[test]
    fn counts_of_independent_rows_stray_as_binomial_ones() {
        let share = |draws| {
            let block = block((0..300).map(|row| row % 5), draws);
            let counts = (0..2000).map(|key| yes(&block, &[0.3; 300], key).len() as f64);
            counts.map(|count| (count - 90.0).powi(2)).sum::<f64>() / 2000.0 / (300.0 * 0.3 * 0.7)
        };
        let (independent, spread) = (share(Draws::Independent), share(Draws::Spread));
        assert!((independent - 1.0).abs() < 4.0 * (2.0f64 / 2000.0).sqrt(), "{independent}");
        assert!(spread < 0.02, "{spread}");
    }

    #[test]
    fn the_median_of_five() {
        for number in 0..5u64.pow(5) {
            let five = std::array::from_fn(|place| number / 5u64.pow(place as u32) % 5);
            let mut sorted = five;
            sorted.sort_unstable();
            assert_eq!(median(five), sorted[2], "{five:?}");
        }
    }

    #[test]
    fn scattered_numbers_are_even() {
        let block = block((0..512).map(|row| row / 64), Draws::Spread);
        let mut rows: Vec<u32> = (0..512).collect();
        let mut given = vec![0.0; 512];
        scatter(&block, &mut rows, |_| 9, |row, u| given[row as usize] = u);
        given.sort_by(f64::total_cmp);
        let gap = given.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        assert!(given[0] >= 0.0 && given[511] < 1.0 && gap < 3.0 / 512.0, "{gap}");
    }
}
