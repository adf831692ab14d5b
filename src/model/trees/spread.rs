//! Low-discrepancy draws: rows that are alike share their luck, so that in every neighbourhood a block of rows answers as
//! often as its chances say, and not as often as chance has it.
//!
//! Rows are put in order by halving them again and again, by lot at the median of their chance or of a random earlier
//! column (a random k-d tree, Bentley 1975). Along that order one uniform number decides for all by systematic sampling
//! (Madow 1949), or begins a sequence of golden steps. Every row keeps its own chances exactly; only neighbours are not
//! independent, so counts vary less than those of independent rows would.

use crate::math::rng::{mix, unit};

/// Rows that are drawn together: the codes of their columns row after row, filled up to `place`.
pub struct Block {
    codes: Vec<u32>,
    width: usize,
    place: usize,
}

impl Block {
    pub fn new(rows: usize, width: usize) -> Self {
        Block { codes: vec![0; rows * width], width, place: 0 }
    }

    pub fn rows(&self) -> usize {
        self.codes.len() / self.width
    }

    pub fn row(&self, row: u32) -> &[u32] {
        &self.codes[row as usize * self.width..][..self.width]
    }

    /// Fills the next column.
    pub fn fill(&mut self, codes: impl Iterator<Item = u32>) {
        self.lend(codes);
        self.place += 1;
    }

    /// Puts something else in the place of the next column, until it is filled.
    pub fn lend(&mut self, codes: impl Iterator<Item = u32>) {
        let places = self.codes[self.place..].iter_mut().step_by(self.width);
        places.zip(codes).for_each(|(place, code)| *place = code);
    }
}

/// Who of `rows` says yes; `chances[row]` is a row's. Puts them in another order.
pub fn decide(block: &Block, rows: &mut [u32], chances: &[f32], key: u64) -> (Vec<u32>, Vec<u32>) {
    order(block, rows, Some(chances), key);
    let mut sum = unit(mix(key));
    rows.iter().partition(|&&row| {
        sum += f64::from(chances[row as usize]);
        let says = sum >= 1.0;
        sum -= f64::from(u8::from(says));
        says
    })
}

/// A number in [0, 1) for each of `rows`, spread evenly among neighbours.
pub fn scatter(block: &Block, rows: &mut [u32], key: u64, mut give: impl FnMut(u32, f64)) {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    order(block, rows, None, key);
    let start = unit(mix(key));
    for (at, &row) in rows.iter().enumerate() {
        let number = start + at as f64 * GOLDEN;
        give(row, number - number.floor());
    }
}

/// Neighbours in it are alike. Ties fall at random.
fn order(block: &Block, rows: &mut [u32], chances: Option<&[f32]>, key: u64) {
    if rows.len() <= 2 {
        return;
    }
    let key = mix(key);
    let middle = rows.len() / 2;
    let tie = |row: u32| mix(key ^ u64::from(row));
    let differ =
        |chances: &&[f32]| rows.iter().any(|&row| chances[row as usize] != chances[rows[0] as usize]);
    match chances.filter(differ) {
        Some(chances) if key & 1 == 0 || block.place == 0 => {
            let chance = |row: u32| chances[row as usize];
            rows.select_nth_unstable_by(middle, |&a, &b| {
                chance(a).total_cmp(&chance(b)).then_with(|| tie(a).cmp(&tie(b)))
            });
        }
        _ => {
            let column = ((key >> 1) % block.place.max(1) as u64) as usize;
            rows.select_nth_unstable_by_key(middle, |&row| (block.row(row)[column], tie(row)));
        }
    }
    let (low, high) = rows.split_at_mut(middle);
    order(block, low, chances, key ^ 1);
    order(block, high, chances, key ^ 2);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of one filled column.
    fn block(codes: impl Iterator<Item = u32>) -> Block {
        let codes: Vec<u32> = codes.collect();
        let mut block = Block::new(codes.len(), 1);
        block.fill(codes.into_iter());
        block
    }

    fn yes(block: &Block, chances: &[f32], key: u64) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..chances.len() as u32).collect();
        decide(block, &mut rows, chances, key).0
    }

    #[test]
    fn a_block_answers_as_often_as_its_chances_say() {
        let block = block((0..1000).map(|row| row % 2));
        let chances: Vec<f32> = (0..1000).map(|row| if row % 2 == 0 { 0.1 } else { 0.7 }).collect();
        for key in 0..50 {
            let yes = yes(&block, &chances, key);
            assert!(yes.len().abs_diff(400) <= 1, "{}", yes.len());
            // Each neighbourhood too, but for its edges: independent rows would stray by 10 in one case of three.
            let odd = yes.iter().filter(|&row| row % 2 == 1).count();
            assert!(odd.abs_diff(350) <= 12, "{odd}");
        }
    }

    /// Each row's frequency of yes over 4,000 keys is within 4.5 standard errors of its chance: alpha = 0.0014 for 200 rows.
    #[test]
    fn every_row_keeps_its_chance() {
        let block = block((0..200).map(|row| row / 7));
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

    #[test]
    fn scattered_numbers_are_even() {
        let block = block((0..512).map(|row| row / 64));
        let mut rows: Vec<u32> = (0..512).collect();
        let mut given = vec![0.0; 512];
        scatter(&block, &mut rows, 9, |row, u| given[row as usize] = u);
        given.sort_by(f64::total_cmp);
        let gap = given.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        assert!(given[0] >= 0.0 && given[511] < 1.0 && gap < 3.0 / 512.0, "{gap}");
    }
}
