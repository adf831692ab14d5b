//! Variety: is as much told by the columns, and by pairs of them, as among the real rows, or do a few kinds of rows crowd
//! out the rest?
//!
//! Entropy, -sum p log p, over a column's levels, or of numbers over [`BINS`] bins of as many training rows, missing values
//! in one of their own; of two columns over the cells of both, with [`COARSE`] bins or the commonest levels. Each is a part
//! of the most it could be, the log of the cells that real rows fill. The figure is sum min(h, r) / sum r over the columns,
//! or pairs, r of the training rows and h of the other table: what is lost in one is not made good by another. 1 is all
//! variety, 0 is one kind of row. All on as many rows of each table, at most [`super::ROWS`] by lot, since few rows show
//! less; the ceiling is that of held-out rows. The interval is the jackknife over [`GROUPS`] groups of rows.

use serde::Serialize;

use super::{GROUPS, same_size};
use crate::frame::{Column, Frame};
use crate::math::chance;
use crate::report::{Figure, Metric, Report, Side, Tables, lost, some};

pub const COLUMNS: Metric = Metric {
    key: "variety",
    side: Side::Fairness,
    name: "Variety of columns",
    best: 1.0,
    says: [
        "Each column is as varied as among the real rows.",
        "Some columns are less varied than among the real rows: see which.",
        "Columns are far less varied than among the real rows: a few values crowd out the rest.",
    ],
};
pub const PAIRS: Metric = Metric {
    key: "pairVariety",
    side: Side::Fairness,
    name: "Variety of pairs",
    best: 1.0,
    says: [
        "Columns meet in as many ways as among the real rows.",
        "Columns meet in fewer ways than among the real rows.",
        "Columns meet in far fewer ways than among the real rows: a few kinds of rows crowd out the rest.",
    ],
};

const BINS: usize = 20;
const COARSE: usize = 8;
/// Columns whose pairs are looked at.
const PAIRED: usize = 20;
/// A column that is so nearly constant has no variety to lose: in nats.
const MIN_ENTROPY: f64 = 0.01;
/// Columns that are told, the most lost first.
const SHOWN: usize = 30;
/// Of variety, what is surely lost is good, and to be looked at, up to this.
const ALLOWED: [f64; 2] = [0.02, 0.1];

/// How varied a column is, as a part of the most it could be.
#[derive(Clone, Debug, Serialize)]
pub struct Variety {
    pub column: String,
    /// Real, held out, synthetic.
    pub entropy: [Option<f64>; 3],
}

pub fn judge(tables: &Tables, report: &mut Report) {
    let [synthetic, holdout] = same_size(tables);
    let Some((made, rows)) = &synthetic else { return };
    let train = some(tables.train.rows, rows.len(), 6);
    let places = 0..tables.names.len();
    let fine: Vec<Cells> = places.clone().map(|place| Cells::new(&tables.train, place, BINS)).collect();
    let of = |cells: &[Cells], pairs: bool, frame: &Frame, rows: &[usize]| -> Vec<Counts> {
        let codes: Vec<Vec<u32>> = cells.iter().map(|cells| cells.codes(frame, rows)).collect();
        if !pairs {
            return codes.iter().zip(cells).map(|(codes, cells)| Counts::new(codes, cells.count)).collect();
        }
        let pair = |(a, b): (usize, usize)| {
            let joint = |(&a, &other): (&u32, &u32)| a * cells[b].count + other;
            let joint: Vec<u32> = codes[a].iter().zip(&codes[b]).map(joint).collect();
            Counts::new(&joint, cells[a].count * cells[b].count)
        };
        (0..cells.len()).flat_map(|a| (a + 1..cells.len()).map(move |b| (a, b))).map(pair).collect()
    };
    let coarse: Vec<Cells> =
        places.take(PAIRED).map(|place| Cells::new(&tables.train, place, COARSE)).collect();
    for (metric, cells, pairs) in [(&COLUMNS, &fine, false), (&PAIRS, &coarse, true)] {
        let real = of(cells, pairs, &tables.train, &train);
        let other = of(cells, pairs, made, rows);
        let held = holdout.as_ref().map(|(frame, rows)| of(cells, pairs, frame, rows));
        let Some(figure) = kept(&real, &other) else { continue };
        let ceiling = held.as_ref().and_then(|held| kept(&real, held));
        let verdict = lost(figure, ceiling, ALLOWED);
        report.scores.push(metric.score(figure, ceiling.map(|ceiling| ceiling.value), verdict));
        if pairs {
            continue;
        }
        let variety = |(place, real): (usize, &Counts)| {
            let most = real.most()?;
            let held = held.as_ref().map(|held| held[place].entropy(None) / most);
            let entropy = [Some(real.entropy(None) / most), held, Some(other[place].entropy(None) / most)];
            Some(Variety { column: tables.names[place].clone(), entropy })
        };
        report.variety = real.iter().enumerate().filter_map(variety).collect();
    }
    let lost = |variety: &Variety| variety.entropy[2].unwrap_or(0.0) - variety.entropy[0].unwrap_or(0.0);
    report.variety.sort_by(|a, b| lost(a).total_cmp(&lost(b)));
    report.variety.truncate(SHOWN);
}

/// Where a row of a column belongs.
struct Cells {
    place: usize,
    count: u32,
    /// Of numbers where bins begin.
    cuts: Vec<f64>,
    /// Of levels the cell of each, the rest in the last.
    cells: Vec<u32>,
}

impl Cells {
    fn new(train: &Frame, place: usize, bins: usize) -> Cells {
        match &train.columns[place] {
            Column::Numbers(values) => {
                let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                known.sort_unstable_by(f64::total_cmp);
                let mut cuts: Vec<f64> =
                    (1..bins).filter_map(|bin| known.get(known.len() * bin / bins).copied()).collect();
                cuts.dedup();
                Cells { place, count: cuts.len() as u32 + 2, cuts, cells: Vec::new() }
            }
            Column::Categories { codes, levels } => {
                let mut counts = vec![0usize; *levels as usize + 1];
                codes.iter().for_each(|&code| counts[code.min(*levels) as usize] += 1);
                let mut order: Vec<usize> = (0..counts.len()).collect();
                order.sort_by_key(|&level| std::cmp::Reverse(counts[level])); // stable
                let last = if bins == COARSE { COARSE.min(counts.len() - 1) } else { counts.len() - 1 };
                let mut cells = vec![0; counts.len()];
                order.iter().enumerate().for_each(|(at, &level)| cells[level] = at.min(last) as u32);
                Cells { place, count: last as u32 + 1, cuts: Vec::new(), cells }
            }
        }
    }

    fn codes(&self, frame: &Frame, rows: &[usize]) -> Vec<u32> {
        match &frame.columns[self.place] {
            Column::Numbers(values) => {
                let cell = |&row: &usize| match values[row] {
                    missing if missing.is_nan() => self.count - 1,
                    value => self.cuts.partition_point(|&cut| cut <= value) as u32,
                };
                rows.iter().map(cell).collect()
            }
            Column::Categories { codes, levels } => {
                rows.iter().map(|&row| self.cells[codes[row].min(*levels) as usize]).collect()
            }
        }
    }
}

/// Rows in each cell, of each group.
struct Counts {
    cells: usize,
    counts: Vec<u32>,
}

impl Counts {
    fn new(codes: &[u32], cells: u32) -> Counts {
        let cells = cells as usize;
        let mut counts = vec![0; cells * GROUPS];
        codes.iter().enumerate().for_each(|(at, &code)| counts[at % GROUPS * cells + code as usize] += 1);
        Counts { cells, counts }
    }

    fn sums(&self, without: Option<usize>) -> Vec<u32> {
        let mut sums = vec![0; self.cells];
        for (_, group) in self.counts.chunks(self.cells).enumerate().filter(|(at, _)| Some(*at) != without) {
            sums.iter_mut().zip(group).for_each(|(sum, count)| *sum += count);
        }
        sums
    }

    /// In nats.
    fn entropy(&self, without: Option<usize>) -> f64 {
        let sums = self.sums(without);
        let whole = sums.iter().map(|&count| f64::from(count)).sum::<f64>().max(1.0);
        let part = |count: u32| f64::from(count) / whole * libm::log(whole / f64::from(count));
        sums.into_iter().filter(|&count| count > 0).map(part).sum()
    }

    /// The most it could be. None of what is constant.
    fn most(&self) -> Option<f64> {
        let filled = self.sums(None).into_iter().filter(|&count| count > 0).count();
        (filled > 1 && self.entropy(None) >= MIN_ENTROPY).then(|| libm::log(filled as f64))
    }
}

/// None where nothing varies.
fn kept(real: &[Counts], other: &[Counts]) -> Option<Figure> {
    let mut shares = Vec::with_capacity(GROUPS + 1);
    for without in std::iter::once(None).chain((0..GROUPS).map(Some)) {
        let (mut whole, mut kept) = (0.0, 0.0);
        for (real, other) in real.iter().zip(other) {
            let Some(most) = real.most() else { continue };
            let entropy = real.entropy(without) / most;
            whole += entropy;
            kept += entropy.min(other.entropy(without) / most);
        }
        shares.push(kept / whole);
    }
    let interval = chance::jackknife(shares[0], &shares[1..]).map(|end| end.clamp(0.0, 1.0));
    shares[0].is_finite().then_some(Figure { value: shares[0], interval: Some(interval) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{mix, unit};
    use crate::report::{Asked, Verdict};

    /// Two numbers, one of which follows the other, and ten towns; of one in `kinds` kinds of rows.
    fn frame(salt: u64, rows: usize, kinds: usize) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(mix(salt << 8 ^ what) ^ (row % kinds) as u64));
        let first = |row: usize| draw(row, 1);
        let town = |row: usize| (draw(row, 2) * draw(row, 3) * 10.0) as u32;
        Frame::new(vec![
            Column::Numbers((0..rows).map(first).collect()),
            Column::Numbers((0..rows).map(|row| first(row) + 0.3 * draw(row, 4)).collect()),
            Column::Categories { codes: (0..rows).map(town).collect(), levels: 10 },
        ])
    }

    fn judged(train: u64, synthetic: Frame) -> Report {
        let tables = Tables {
            names: ["a", "b", "town"].map(String::from).to_vec(),
            labels: vec![Vec::new(), Vec::new(), vec![None; 10]],
            asked: Asked::default(),
            ..Tables::plain(frame(train, 2000, 2000), Some(frame(train + 1, 500, 500)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    #[test]
    fn fresh_rows_are_varied_and_few_kinds_are_not() {
        for seed in 0..10 {
            let fresh = judged(600 + 3 * seed, frame(602 + 3 * seed, 2000, 2000));
            assert!(fresh.scores.iter().all(|score| score.verdict == Verdict::Good), "{:?}", fresh.scores);
        }
        for (kinds, verdict) in [(1, Verdict::Bad), (5, Verdict::Bad)] {
            let few = judged(600, frame(602, 2000, kinds));
            assert_eq!(few.scores.len(), 2);
            assert!(few.scores.iter().all(|score| score.verdict == verdict), "{:?}", few.scores);
        }
        // Shuffled columns meet in more ways, and none is less varied.
        let mut loose = frame(602, 2000, 2000);
        loose.columns[1] = frame(604, 2000, 2000).columns[1].clone();
        assert!(judged(600, loose).scores.iter().all(|score| score.verdict == Verdict::Good));
    }

    /// Of 1/2, 1/4, 1/4 the entropy is 1.5 ln 2; half of it is kept where two of the three are left.
    #[test]
    fn entropy_is_known() {
        let counts = |codes: [u32; 4]| Counts::new(&codes.repeat(20), 3);
        let (real, one, two) = (counts([0, 0, 1, 2]), counts([0; 4]), counts([0, 0, 1, 1]));
        assert!((real.entropy(None) - 1.5 * libm::log(2.0)).abs() < 1e-12);
        assert_eq!(one.entropy(None), 0.0);
        let figure = kept(&[real], &[two]).unwrap();
        assert!((figure.value - 2.0 / 3.0).abs() < 1e-12);
        assert!(kept(&[one], &[counts([0, 0, 1, 2])]).is_none());
    }
}
