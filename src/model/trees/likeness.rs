//! Categories of more levels than a set can tell apart, put in the order of their likeness: levels whose rows are alike
//! elsewhere stand together.
//!
//! So a split can take the one part of ten thousand levels, in a question about the column as in one that asks it. The
//! order is the first axis of a correspondence analysis by reciprocal averaging (Hill 1973): a level's score is the mean
//! of its rows', a row's the mean of the scores of what it has in the other columns, and theirs that of their rows'
//! levels, again and again. Levels of few rows are drawn to the middle as far as levels differ little. One axis says less
//! than there may be to say.

use super::data::Data;
use super::screen::bins;
use crate::learn::tree::LAST_BIN;

/// Sets can tell the commonest levels apart; one in so many rows has another one.
const MANY: u64 = 4;
const BINS: usize = 16;
const ROUNDS: usize = 12;
/// Rows that are looked at.
const ROWS: usize = 200_000;

/// Puts the levels of such columns in order.
pub fn arrange(data: &mut Data) {
    let is_long = |column: usize| {
        let atoms = &data.columns[column].atoms;
        let beyond = || atoms.rows(LAST_BIN, atoms.len());
        !atoms.is_ordered() && atoms.len() > LAST_BIN && beyond() * MANY > atoms.rows(0, atoms.len())
    };
    let long: Vec<usize> = (0..data.columns.len()).filter(|&column| is_long(column)).collect();
    if long.is_empty() || data.columns.len() == 1 {
        return;
    }
    let all: Vec<u32> = (0..data.rows() as u32).collect();
    let rows = data.thin(&all, ROWS);
    let binned: Vec<Vec<u8>> =
        (0..data.columns.len()).map(|column| bins(data, column, &rows, BINS)).collect();
    let orders: Vec<(usize, Vec<u32>)> = long
        .into_iter()
        .map(|column| {
            let coded = &data.columns[column];
            let levels: Vec<u32> = rows.iter().map(|&row| coded.codes[row as usize]).collect();
            let others = binned
                .iter()
                .enumerate()
                .filter(|&(other, _)| other != column)
                .map(|(_, bins)| bins.as_slice());
            let scores = scores(&levels, coded.atoms.len() as usize, &others.collect::<Vec<_>>());
            let mut order: Vec<u32> = (0..coded.atoms.len()).collect();
            order.sort_by(|&a, &b| scores[a as usize].total_cmp(&scores[b as usize]).then(a.cmp(&b)));
            (column, order)
        })
        .collect();
    for (column, order) in orders {
        data.columns[column].arrange(order);
    }
}

/// The place of each level on the axis. `levels` may be beyond `count`: rows without a level.
fn scores(levels: &[u32], count: usize, others: &[&[u8]]) -> Vec<f64> {
    // Any beginning but an even one will do.
    let mut scores: Vec<f64> =
        (0..count).map(|level| if level % 2 == 0 { 1.0 } else { -1.0 } / (1.0 + level as f64)).collect();
    for round in 0..=ROUNDS {
        let own = |level: u32| scores.get(level as usize).copied().unwrap_or(0.0);
        let mut rows = vec![0.0; levels.len()];
        for bins in others {
            let (mut sums, mut counts) = ([0.0; BINS], [0.0; BINS]);
            for (&bin, &level) in bins.iter().zip(levels) {
                sums[bin as usize] += own(level);
                counts[bin as usize] += 1.0;
            }
            let means: [f64; BINS] = std::array::from_fn(|bin| sums[bin] / f64::max(counts[bin], 1.0));
            rows.iter_mut().zip(*bins).for_each(|(row, &bin)| *row += means[bin as usize]);
        }
        let mean = rows.iter().sum::<f64>() / rows.len().max(1) as f64;
        let (mut sums, mut counts) = (vec![0.0; count], vec![0.0; count]);
        for (&row, &level) in rows.iter().zip(levels).filter(|(_, level)| (**level as usize) < count) {
            sums[level as usize] += row - mean;
            counts[level as usize] += 1.0;
        }
        scores = sums.iter().zip(&counts).map(|(sum, count)| sum / f64::max(*count, 1.0)).collect();
        if round == ROUNDS {
            let of_level = |level: u32| scores.get(level as usize).copied();
            let strays =
                rows.iter().zip(levels).filter_map(|(row, &level)| Some(row - mean - of_level(level)?));
            let credible = credible(&scores, &counts, strays.map(|stray| stray * stray).sum());
            scores.iter_mut().zip(&counts).for_each(|(score, count)| *score *= count / (count + credible));
        }
        let spread = scores.iter().zip(&counts).map(|(score, count)| score * score * count).sum::<f64>();
        let scale = (levels.len() as f64 / spread.max(f64::MIN_POSITIVE)).sqrt();
        scores.iter_mut().for_each(|score| *score *= scale);
    }
    scores
}

/// How many rows a level needs for half of its score to be believed: the variance within levels over that between them
/// (Buhlmann 1967). `strays`: the squares of what rows differ from their level's mean, summed.
fn credible(means: &[f64], counts: &[f64], strays: f64) -> f64 {
    let (rows, levels): (f64, f64) =
        (counts.iter().sum(), counts.iter().filter(|&&count| count > 0.0).count() as f64);
    let within = strays / (rows - levels).max(1.0);
    let squares = means.iter().zip(counts).map(|(mean, count)| count * mean * mean).sum::<f64>();
    let between = (squares - levels * within) / rows.max(1.0);
    (within / between.max(within * 1e-3)).min(1e3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Column, Support};
    use crate::model::atoms::Coded;

    #[test]
    fn levels_are_believed_as_far_as_they_differ() {
        let counts = [10.0; 4];
        assert!(credible(&[-1.0, 1.0, -1.0, 1.0], &counts, 0.4) < 0.02);
        assert!(credible(&[-0.1, 0.1, -0.1, 0.1], &counts, 40.0) > 100.0);
    }

    #[test]
    fn levels_whose_rows_are_alike_stand_together() {
        // Level l belongs to group l % 4, which tells the price but for a little.
        let level = |i: usize| (i * 7919 % 200) as u32;
        let price = |i: usize| f64::from(level(i) % 4) * 10.0 + (i % 13) as f64 / 2.0;
        let noise = |i: usize| (i * 31 % 17) as f64;
        let rows = 6000;
        let numbers =
            |of: &dyn Fn(usize) -> f64| Coded::shared_by_two(&Column::Numbers((0..rows).map(of).collect()));
        let levels = Column::Categories { codes: (0..rows).map(level).collect(), levels: 200 };
        let mut data = Data::new(
            vec![Coded::shared_by_two(&levels), numbers(&price), numbers(&noise)],
            Support::by_rows(1),
        );
        let before = data.columns[0].clone();
        arrange(&mut data);
        let Coded { atoms, codes, .. } = &data.columns[0];
        assert!(atoms.is_ordered() && atoms.is_sound());
        // The frame's codes come back.
        let drawn: Vec<(u32, f64)> = codes.iter().map(|&code| (code, 0.0)).collect();
        assert_eq!(atoms.column(&drawn), Column::Categories { codes: before.codes, levels: 200 });
        let mut in_place = vec![0; 200];
        codes.iter().enumerate().for_each(|(i, &code)| in_place[code as usize] = level(i) % 4);
        let borders = in_place.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(borders <= 8, "{borders} of 199: {in_place:?}");
    }
}
