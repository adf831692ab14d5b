//! Three columns at a time: are their combinations as frequent as in the real table?
//!
//! The k-marginal score of NIST's SDNist for k = 3: of each triple of columns the densities of all combinations of values are
//! compared, and of their absolute differences, summed, 2 minus the mean over triples is taken and halved. That is the mean of
//! 1 - total variation distance; NIST multiplies it by 1000. Numbers are cut into [`BINS`] of as many training rows (SDNist: 20, and
//! columns that have bins of their own), missing a bin of its own. Of more than [`TRIPLES`] triples that many, by lot.
//!
//! `subsample`: the share p of the real rows of which a random subsample scores the same against all of them, interpolated between
//! the shares of [`LADDER`]. Rows as true and as many as the real ones have a third: the counts of a subsample of the share p
//! stray by (1/p - 1)/n, those of two tables of n rows by 2/n. At most [`ROWS`] rows of each table by lot, and of the synthetic
//! one no more than were held out, so that the ceiling is of the same size. The interval is the jackknife's of `super::figure`.

use serde::Serialize;

use crate::frame::{Column, Frame};
use crate::math::rng::mix;
use crate::report::{Metric, Report, Score, Side, Tables, Verdict, mean, some};

pub const METRIC: Metric = Metric {
    key: "marginals",
    side: Side::Truth,
    name: "Three columns at a time",
    best: 1.0,
    says: [
        "Any three columns go together about as they do in the real table.",
        "Some columns, taken three at a time, go together less than in the real table: see which.",
        "Columns, taken three at a time, do not go together as in the real table: do not look at small groups in it.",
    ],
};

const ROWS: usize = 8000;
const BINS: usize = 10;
const TRIPLES: usize = 100;
/// Triples that are told.
const SHOWN: usize = 10;
/// Combinations are counted in a table of their own up to so many possible ones, else numbered first.
const DENSE: u64 = 1 << 16;
/// Percents of the real rows.
const LADDER: [usize; 13] = [1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Marginals {
    /// NIST's score, 0 to 1000, and that of held-out rows.
    pub score: f64,
    pub ceiling: Option<f64>,
    /// The share of the real rows of which a subsample scores the same, of the synthetic and of held-out rows.
    pub subsample: f64,
    pub held_out_subsample: Option<f64>,
    /// The real rows that these are shares of.
    pub rows: usize,
    pub triples: usize,
    /// Those farthest below their ceiling, or from 1 where there is none.
    pub worst: Vec<Triple>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Triple {
    pub columns: [String; 3],
    pub value: f64,
    pub ceiling: Option<f64>,
}

/// A table of fewer than three columns says nothing.
pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(found) = find(&tables.train, &tables.synthetic, tables.holdout.as_ref()) else { return };
    let of = |table: usize| -> Vec<f64> { found.triples.iter().map(|triple| triple.scores[table]).collect() };
    let (value, ceiling) = (mean(&of(0)), tables.holdout.as_ref().map(|_| mean(&of(1))));
    let without: Vec<f64> = (0..super::GROUPS)
        .map(|group| mean(&found.triples.iter().map(|triple| triple.without[group]).collect::<Vec<_>>()))
        .collect();
    let enough = found.rows.iter().all(|&rows| rows >= 2 * super::GROUPS);
    let interval = enough.then(|| super::spread(value, &without, 1.0));
    let figure = crate::report::Figure { value, interval };
    let ladder: Vec<f64> = (0..LADDER.len())
        .map(|step| mean(&found.triples.iter().map(|triple| triple.ladder[step]).collect::<Vec<_>>()))
        .collect();
    let (subsample, held) = (equal(&ladder, value), ceiling.map(|ceiling| equal(&ladder, ceiling)));
    let verdict = match ceiling {
        Some(ceiling) => {
            let best = figure.at_best();
            Verdict::of(best >= ceiling - 0.02, best >= ceiling - 0.06)
        }
        None => Verdict::of(subsample >= 0.2, subsample >= 0.05),
    };
    let percent = |share: f64| match share {
        ..0.015 => "1 % or less".to_string(),
        0.995.. => "all".to_string(),
        _ => format!("{:.0} %", share * 100.0),
    };
    let beside = held.map_or(String::new(), |held| format!(" (held-out ones as {})", percent(held)));
    let sentence = format!(
        "{} They are as close as a random {} of the real rows would be{beside}.",
        METRIC.says[verdict as usize],
        percent(subsample)
    );
    report.scores.push(Score { sentence, ..METRIC.score(figure, ceiling, verdict) });
    let lack = |triple: &Counted| ceiling.map_or(1.0, |_| triple.scores[1]) - triple.scores[0];
    let mut order: Vec<&Counted> = found.triples.iter().collect();
    order.sort_by(|a, b| lack(b).total_cmp(&lack(a)));
    let worst = order.iter().take(SHOWN).map(|triple| Triple {
        columns: triple.columns.map(|place| tables.names[place].clone()),
        value: triple.scores[0],
        ceiling: ceiling.map(|_| triple.scores[1]),
    });
    report.marginals = Some(Marginals {
        score: 1000.0 * value,
        ceiling: ceiling.map(|ceiling| 1000.0 * ceiling),
        subsample,
        held_out_subsample: held,
        rows: found.rows[0],
        triples: found.triples.len(),
        worst: worst.collect(),
    });
}

struct Found {
    triples: Vec<Counted>,
    /// Looked at of the training and of the synthetic table.
    rows: [usize; 2],
}

/// One triple.
struct Counted {
    columns: [usize; 3],
    /// Of the synthetic rows, and of held-out ones.
    scores: [f64; 2],
    /// Of the synthetic ones without each group of rows.
    without: Vec<f64>,
    /// Of subsamples of the training rows.
    ladder: Vec<f64>,
}

fn find(train: &Frame, synthetic: &Frame, holdout: Option<&Frame>) -> Option<Found> {
    let triples = triples(train.columns.len());
    let count = synthetic.rows.min(holdout.map_or(ROWS, |holdout| holdout.rows)).min(ROWS);
    if triples.is_empty() || train.rows == 0 || count == 0 {
        return None;
    }
    let ours = some(train.rows, ROWS, 10);
    let theirs = some(synthetic.rows, count, 11);
    let held = holdout.map_or(Vec::new(), |holdout| some(holdout.rows, count, 12));
    let bins: Vec<Bins> = (0..train.columns.len())
        .map(|place| {
            let of = |frame: &Frame| frame.columns[place].clone();
            let held = holdout.map(|holdout| (of(holdout), held.as_slice()));
            Bins::new(&train.columns[place], &ours, &synthetic.columns[place], &theirs, held)
        })
        .collect();
    let triples = triples.into_iter().map(|columns| count_triple(&bins, columns)).collect();
    Some(Found { triples, rows: [ours.len(), theirs.len()] })
}

/// All triples of columns, or [`TRIPLES`] by lot.
fn triples(columns: usize) -> Vec<[usize; 3]> {
    let all = columns as u64 * (columns as u64).saturating_sub(1) * (columns as u64).saturating_sub(2) / 6;
    let mut found = Vec::new();
    if all <= TRIPLES as u64 {
        for a in 0..columns {
            for b in a + 1..columns {
                found.extend((b + 1..columns).map(|c| [a, b, c]));
            }
        }
        return found;
    }
    let mut draw = 0u64;
    while found.len() < TRIPLES {
        let mut triple =
            [0, 1, 2].map(|place| (mix(13 << 32 ^ (3 * draw + place)) % columns as u64) as usize);
        triple.sort_unstable();
        draw += 1;
        if triple[0] < triple[1] && triple[1] < triple[2] && !found.contains(&triple) {
            found.push(triple);
        }
    }
    found
}

/// Each row's bin in one column: of the training, the synthetic and the held-out rows that are looked at.
struct Bins {
    rows: [Vec<u32>; 3],
    count: u64,
}

impl Bins {
    fn new(
        train: &Column,
        ours: &[usize],
        synthetic: &Column,
        theirs: &[usize],
        holdout: Option<(Column, &[usize])>,
    ) -> Bins {
        let cuts = cuts(train);
        let bin = |column: &Column, row: usize| match column {
            Column::Numbers(values) if values[row].is_nan() => 0,
            Column::Numbers(values) => 1 + cuts.partition_point(|&cut| cut <= values[row]) as u32,
            Column::Categories { codes, levels } => codes[row].min(*levels),
        };
        let bins = |column: &Column, rows: &[usize]| rows.iter().map(|&row| bin(column, row)).collect();
        let count = match train {
            Column::Numbers(_) => cuts.len() as u64 + 2,
            Column::Categories { levels, .. } => u64::from(*levels) + 1,
        };
        let held = holdout.map_or(Vec::new(), |(column, rows)| bins(&column, rows));
        Bins { rows: [bins(train, ours), bins(synthetic, theirs), held], count }
    }
}

/// Between bins of as many rows; fewer where numbers repeat.
fn cuts(column: &Column) -> Vec<f64> {
    let Column::Numbers(values) = column else { return Vec::new() };
    let mut present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    present.sort_unstable_by(f64::total_cmp);
    let cut = |bin: usize| present.get((bin as u64 * present.len() as u64 / BINS as u64) as usize).copied();
    let mut cuts: Vec<f64> = (1..BINS).filter_map(cut).filter(|cut| *cut > present[0]).collect();
    cuts.dedup();
    cuts
}

fn count_triple(bins: &[Bins], columns: [usize; 3]) -> Counted {
    let [a, b, c] = columns.map(|place| &bins[place]);
    let size = u128::from(a.count) * u128::from(b.count) * u128::from(c.count);
    let is_dense = size <= u128::from(DENSE);
    let keys = |table: usize| -> Vec<u64> {
        let rows = a.rows[table].iter().zip(&b.rows[table]).zip(&c.rows[table]);
        rows.map(|((&x, &y), &z)| {
            let [x, y, z] = [x, y, z].map(u64::from);
            // Of many possible ones a number without order, in which a clash is as good as impossible.
            if is_dense { (x * b.count + y) * c.count + z } else { mix(mix(mix(x + 1) ^ y) ^ z) }
        })
        .collect()
    };
    let mut keys = [keys(0), keys(1), keys(2)];
    let mut cells = size as usize;
    if !is_dense {
        let mut known = keys.concat();
        known.sort_unstable();
        known.dedup();
        cells = known.len();
        let number = |key: &mut u64| *key = known.partition_point(|known| known < key) as u64;
        keys.iter_mut().flatten().for_each(number);
    }
    let counts = |keys: &mut dyn Iterator<Item = &u64>| {
        let mut counts = vec![0f64; cells];
        keys.for_each(|&key| counts[key as usize] += 1.0);
        counts
    };
    let all = [0, 1, 2].map(|table| counts(&mut keys[table].iter()));
    let rows = [0, 1, 2].map(|table| keys[table].len() as f64);
    let without = (0..super::GROUPS).map(|group| {
        let rest = |table: usize| {
            let mut rest = all[table].clone();
            let mut left = rows[table];
            keys[table].iter().skip(group).step_by(super::GROUPS).for_each(|&key| {
                rest[key as usize] -= 1.0;
                left -= 1.0;
            });
            (rest, left)
        };
        let ((ours, n), (theirs, m)) = (rest(0), rest(1));
        likeness(&ours, n, &theirs, m)
    });
    let without = without.collect();
    let step = |&percent: &usize| {
        let taken = (keys[0].len() * percent).div_ceil(100);
        likeness(&all[0], rows[0], &counts(&mut keys[0].iter().take(taken)), taken as f64)
    };
    Counted {
        columns,
        scores: [1, 2].map(|table| likeness(&all[0], rows[0], &all[table], rows[table])),
        without,
        ladder: LADDER.iter().map(step).collect(),
    }
}

/// 1 - half the sum of |p - q|, from counts.
fn likeness(a: &[f64], n: f64, b: &[f64], m: f64) -> f64 {
    let (n, m) = (1.0 / n.max(1.0), 1.0 / m.max(1.0));
    (1.0 - a.iter().zip(b).map(|(p, q)| (p * n - q * m).abs()).sum::<f64>() / 2.0).max(0.0) // but for rounding
}

/// The share of the real rows that scores the same.
fn equal(ladder: &[f64], value: f64) -> f64 {
    let share = |step: usize| LADDER[step] as f64 / 100.0;
    match ladder.iter().position(|&score| score >= value) {
        None => 1.0,
        Some(0) => share(0),
        Some(step) => {
            let (low, high) = (ladder[step - 1], ladder[step]);
            let way = if high > low { (value - low) / (high - low) } else { 0.0 };
            share(step - 1) + way.clamp(0.0, 1.0) * (share(step) - share(step - 1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::unit;
    use crate::report::{Asked, Known};

    /// A number, a level that follows from it, and a level that is odd just where both are.
    fn frame(salt: u64, rows: usize, shuffled: bool) -> Frame {
        let draw = |row: usize, what: u64| unit(mix(salt << 40 ^ what << 32 ^ row as u64));
        let first = |row: usize| draw(row, 1);
        let second = |row: usize| draw(row, 2) > 0.5;
        let third = |row: usize| if shuffled { draw(row, 3) > 0.5 } else { (first(row) > 0.5) ^ second(row) };
        let levels = |of: &dyn Fn(usize) -> bool| Column::Categories {
            codes: (0..rows).map(|row| u32::from(of(row))).collect(),
            levels: 2,
        };
        Frame::new(vec![Column::Numbers((0..rows).map(first).collect()), levels(&second), levels(&third)])
    }

    fn judged(synthetic: Frame) -> Report {
        let tables = Tables {
            names: ["x", "a", "b"].map(String::from).to_vec(),
            labels: vec![Vec::new(); 3],
            asked: Asked::default(),
            known: Known::default(),
            ..Tables::plain(frame(1, 2000, false), Some(frame(2, 2000, false)), synthetic)
        };
        let mut report = Report::default();
        judge(&tables, &mut report);
        report
    }

    /// Two of the columns tell nothing of each other, so only all three show what is lost.
    #[test]
    fn what_three_columns_show_is_seen() {
        let shuffled = judged(frame(3, 2000, true));
        let score = &shuffled.scores[0];
        assert!((score.value - 0.5).abs() < 0.05, "{}", score.value);
        assert_eq!(score.verdict, Verdict::Bad);
        let told = shuffled.marginals.unwrap();
        assert!(told.subsample <= 0.02 && told.worst[0].columns == ["x", "a", "b"].map(String::from));
        let one_mode = Frame::new(vec![
            Column::Numbers(vec![0.2; 500]),
            Column::Categories { codes: vec![1; 500], levels: 2 },
            Column::Categories { codes: vec![1; 500], levels: 2 },
        ]);
        assert_eq!(judged(one_mode).scores[0].verdict, Verdict::Bad);
    }

    /// As many fresh rows as real ones are worth a third of them; the bounds are wider than chance by far.
    #[test]
    fn fresh_rows_equal_a_third_and_copies_all() {
        for salt in 3..13 {
            let fresh = judged(frame(salt, 2000, false));
            assert_eq!(fresh.scores[0].verdict, Verdict::Good);
            let told = fresh.marginals.unwrap();
            assert!((0.15..0.65).contains(&told.subsample), "{}", told.subsample);
        }
        let copy = judged(frame(1, 2000, false));
        assert_eq!((copy.scores[0].value, copy.marginals.unwrap().subsample), (1.0, 1.0));
    }

    /// Densities (1/2, 1/2, 0) and (1/4, 1/2, 1/4): differences sum to 1/2.
    #[test]
    fn known_likeness() {
        assert_eq!(likeness(&[2.0, 2.0, 0.0], 4.0, &[1.0, 2.0, 1.0], 4.0), 0.75);
        assert_eq!(cuts(&Column::Numbers((0..20).map(f64::from).collect())).len(), 9);
        assert!(cuts(&Column::Numbers(vec![1.0, f64::NAN])).is_empty());
        assert_eq!(triples(4), [[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]]);
        assert_eq!((triples(2).len(), triples(40).len()), (0, TRIPLES));
    }

    #[test]
    fn many_levels_are_numbered() {
        let wide = |salt: u64| {
            let code = |row: u64, what: u64| (mix(salt << 40 ^ what << 32 ^ row) % 900) as u32;
            let column = |what| Column::Categories {
                codes: (0..300).map(|row| code(row, what)).collect(),
                levels: 900,
            };
            Frame::new(vec![column(1), column(2), column(3)])
        };
        let found = find(&wide(1), &wide(1), Some(&wide(2))).unwrap();
        assert_eq!(found.triples[0].scores, [1.0, 0.0]);
    }
}
