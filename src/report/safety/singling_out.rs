//! Singling out (Giomi et al. 2023): does what only one synthetic row has point to exactly one real row?
//!
//! A predicate is found in the synthetic rows, where it holds for one alone. Of one column: a value that occurs once, the
//! lowest number, the highest, the only gap. Of three columns, by lot: a synthetic row's own level, and its number or a more
//! extreme one, seen from the median. It is right if it holds for exactly one training row; control asks the held-out rows.
//! The baseline has as many predicates with columns, signs and values by lot. Equal rows count once.
//!
//! Fewer held-out rows than training rows are singled out at another rate (Cohen and Nissim 2020), so control's is carried over: the
//! rates at which predicates hold differ as a gamma law has it, whose two parameters are those that give the shares
//! seen of predicates that hold for no held-out row and for one. (Anonymeter carries over by another law, fitted on subsamples.)

use hashbrown::HashSet;

use super::attack::{self, Attack, Guesses, MIN_TRIES, Tries};
use super::copies::hashes;
use crate::frame::{Column, Frame};
use crate::math::rng::mix;
use crate::report::{Metric, Report, Side, Tables};

pub const METRIC: Metric = Metric {
    key: "singlingOut",
    side: Side::Safety,
    name: "Singling out",
    best: 0.0,
    says: [
        "What only one synthetic row has points to a single learned row no more often than to a single stranger.",
        "What only one synthetic row has points to a single learned row a little more often than to a single stranger.",
        "What only one synthetic row has points to single learned rows: do not share this table.",
    ],
};

const TRIES: usize = 500;
const COLUMNS: usize = 3;
/// Rows that may be looked at to find predicates of several columns.
const LOOKS: usize = 60_000_000;

pub fn judge(tables: &Tables, report: &mut Report) {
    let Some(holdout) = &tables.holdout else { return };
    let field = Field::new(&tables.train, holdout, &tables.synthetic);
    let kinds = [
        ("Singled out by one column", field.of_one_column(), 1),
        ("Singled out by three columns", field.of_several(), COLUMNS.min(tables.names.len())),
    ];
    let attacks: Vec<Attack> = kinds
        .into_iter()
        .filter(|(_, predicates, _)| predicates.len() >= MIN_TRIES)
        .map(|(name, predicates, columns)| {
            Attack::new(&METRIC, name, None, &field.guesses(&predicates, columns))
        })
        .collect();
    report.scores.extend(attack::score(&METRIC, &attacks, report.rows));
    report.attacks.extend(attacks);
}

/// All of its clauses hold.
type Predicate = Vec<Clause>;

#[derive(Clone, Copy)]
struct Clause {
    column: usize,
    sign: Sign,
    /// A number, NaN for none, or the code of a level.
    value: f64,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Sign {
    Is,
    IsNot,
    AtLeast,
    AtMost,
    Above,
    Below,
}

/// The tables, and which rows of them are the first of their like.
struct Field<'a> {
    train: Distinct<'a>,
    holdout: Distinct<'a>,
    synthetic: Distinct<'a>,
}

struct Distinct<'a> {
    frame: &'a Frame,
    rows: Vec<usize>,
}

impl Clause {
    fn holds(&self, frame: &Frame, row: usize) -> bool {
        let value = match &frame.columns[self.column] {
            Column::Numbers(values) => values[row],
            Column::Categories { codes, .. } => f64::from(codes[row]),
        };
        let is_same = value == self.value || value.is_nan() && self.value.is_nan();
        match self.sign {
            Sign::Is => is_same,
            Sign::IsNot => !is_same,
            Sign::AtLeast => value >= self.value,
            Sign::AtMost => value <= self.value,
            Sign::Above => value > self.value,
            Sign::Below => value < self.value,
        }
    }
}

impl<'a> Distinct<'a> {
    fn new(frame: &'a Frame) -> Distinct<'a> {
        let mut seen = HashSet::new();
        let first = |(row, hash): (usize, u64)| seen.insert(hash).then_some(row);
        Distinct { frame, rows: hashes(frame).into_iter().enumerate().filter_map(first).collect() }
    }

    /// For how many of `rows` the predicate holds, counted to two; and how many were looked at.
    fn count(&self, predicate: &Predicate, rows: &[usize]) -> (usize, usize) {
        let mut found = 0;
        for (looked, &row) in rows.iter().enumerate() {
            found += usize::from(predicate.iter().all(|clause| clause.holds(self.frame, row)));
            if found == 2 {
                return (2, looked + 1);
            }
        }
        (found, rows.len())
    }

    /// Of the predicates, how many hold for none of `rows`, for one, and for more.
    fn counts(&self, predicates: &[Predicate], rows: &[usize]) -> [usize; 3] {
        let mut counts = [0; 3];
        predicates.iter().for_each(|predicate| counts[self.count(predicate, rows).0] += 1);
        counts
    }

    /// A level that the codec does not know is one code and not one level.
    fn is_known(&self, column: usize, row: usize) -> bool {
        match &self.frame.columns[column] {
            Column::Numbers(_) => true,
            Column::Categories { codes, levels } => codes[row] < *levels,
        }
    }

    fn value(&self, column: usize, row: usize) -> f64 {
        match &self.frame.columns[column] {
            Column::Numbers(values) => values[row],
            Column::Categories { codes, .. } => f64::from(codes[row]),
        }
    }

    fn is_number(&self, column: usize) -> bool {
        matches!(self.frame.columns[column], Column::Numbers(_))
    }

    /// Of a column, in order, gaps last; and how many are no gaps.
    fn sorted(&self, column: usize) -> (Vec<f64>, usize) {
        let known = self.rows.iter().filter(|&&row| self.is_known(column, row));
        let mut values: Vec<f64> = known.map(|&row| self.value(column, row)).collect();
        values.sort_unstable_by(|a, b| a.is_nan().cmp(&b.is_nan()).then(a.total_cmp(b)));
        let present = values.partition_point(|value| !value.is_nan());
        (values, present)
    }
}

impl<'a> Field<'a> {
    fn new(train: &'a Frame, holdout: &'a Frame, synthetic: &'a Frame) -> Field<'a> {
        Field {
            train: Distinct::new(train),
            holdout: Distinct::new(holdout),
            synthetic: Distinct::new(synthetic),
        }
    }

    fn of_one_column(&self) -> Vec<Predicate> {
        let mut found = Vec::new();
        for column in 0..self.synthetic.frame.columns.len() {
            let (values, present) = self.synthetic.sorted(column);
            let clause = |sign: Sign, value: f64| vec![Clause { column, sign, value }];
            if values.len() == present + 1 {
                found.push(clause(Sign::Is, f64::NAN));
            }
            let values = &values[..present];
            let is_single = |&place: &usize| {
                let equals = |other: usize| values.get(other) == Some(&values[place]);
                !equals(place + 1) && (place == 0 || !equals(place - 1))
            };
            found.extend((0..present).filter(is_single).map(|place| clause(Sign::Is, values[place])));
            if self.synthetic.is_number(column) && present > 1 {
                let ends = [(Sign::AtMost, 0, 1), (Sign::AtLeast, present - 1, present - 2)];
                let is_alone = |(_, end, next): &(Sign, usize, usize)| values[*end] != values[*next];
                found.extend(
                    ends.into_iter().filter(is_alone).map(|(sign, end, _)| clause(sign, values[end])),
                );
            }
        }
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_unstable_by_key(|&place| mix(12 << 32 ^ place as u64));
        order.truncate(TRIES);
        order.into_iter().map(|place| std::mem::take(&mut found[place])).collect()
    }

    fn of_several(&self) -> Vec<Predicate> {
        let made = &self.synthetic;
        let columns = made.frame.columns.len();
        if made.rows.is_empty() || columns == 0 {
            return Vec::new();
        }
        let middle = |column: usize| {
            let (values, present) = made.sorted(column);
            if made.is_number(column) && present > 0 { values[present / 2] } else { f64::NAN }
        };
        let middles: Vec<f64> = (0..columns).map(middle).collect();
        let (mut found, mut known, mut looks) = (Vec::new(), HashSet::new(), 0);
        for attempt in 0..(LOOKS / 100) as u64 {
            if found.len() == TRIES || looks > LOOKS {
                break;
            }
            let row = made.rows[lot(13, attempt, 0, made.rows.len())];
            let mut chosen = Vec::new();
            (0..).map(|draw| lot(14, attempt, draw, columns)).take(64).for_each(|column| {
                if chosen.len() < COLUMNS && !chosen.contains(&column) {
                    chosen.push(column);
                }
            });
            chosen.sort_unstable();
            let clause = |&column: &usize| {
                let value = made.value(column, row);
                let sign = match () {
                    () if value.is_nan() || !made.is_number(column) => Sign::Is,
                    () if value > middles[column] => Sign::AtLeast,
                    () => Sign::AtMost,
                };
                Clause { column, sign, value }
            };
            let predicate: Predicate = chosen.iter().map(clause).collect();
            if !chosen.iter().all(|&column| made.is_known(column, row)) {
                continue;
            }
            let (count, looked) = made.count(&predicate, &made.rows);
            looks += looked;
            let key: Vec<(usize, Sign, u64)> =
                predicate.iter().map(|clause| (clause.column, clause.sign, clause.value.to_bits())).collect();
            if count == 1 && known.insert(key) {
                found.push(predicate);
            }
        }
        found
    }

    fn blind(&self, count: usize, columns: usize) -> Vec<Predicate> {
        let made = &self.synthetic;
        let all = made.frame.columns.len();
        let values: Vec<Vec<f64>> = (0..all)
            .map(|column| {
                let (mut values, _) = made.sorted(column);
                values.dedup_by(|a, b| a == b || a.is_nan() && b.is_nan());
                values
            })
            .collect();
        let predicate = |attempt: u64| {
            let first = lot(15, attempt, 0, all);
            let step = 1 + lot(15, attempt, 1, all.max(2) - 1);
            let mut chosen: Vec<usize> = (0..columns).map(|turn| (first + turn * step) % all).collect();
            chosen.sort_unstable();
            chosen.dedup();
            let clause = |column: usize| {
                let values = &values[column];
                let value = values[lot(16, attempt, column as u64, values.len())];
                let signs = [Sign::Is, Sign::IsNot, Sign::AtLeast, Sign::AtMost, Sign::Above, Sign::Below];
                let known = if made.is_number(column) && !value.is_nan() { signs.len() } else { 2 };
                Clause { column, sign: signs[lot(17, attempt, column as u64, known)], value }
            };
            chosen.into_iter().filter(|&column| !values[column].is_empty()).map(clause).collect()
        };
        (0..count as u64).map(predicate).collect()
    }

    fn guesses(&self, predicates: &[Predicate], columns: usize) -> Guesses {
        let count = predicates.len();
        let tries = |table: &Distinct, predicates: &[Predicate], rows: &[usize]| {
            Tries::of(table.counts(predicates, rows)[1], count)
        };
        let (train, holdout) = (&self.train, &self.holdout);
        let [none, one, _] = holdout.counts(predicates, &holdout.rows);
        let carried = carried(
            one as f64 / count as f64,
            none as f64 / count as f64,
            train.rows.len() as f64 / holdout.rows.len().max(1) as f64,
        );
        let (first, second) = holdout.rows.split_at(holdout.rows.len() / 2);
        Guesses {
            main: tries(train, predicates, &train.rows),
            control: Tries { hits: carried * count as f64, count },
            baseline: tries(train, &self.blind(count, columns), &train.rows),
            halves: [tries(holdout, predicates, first), tries(holdout, predicates, second)],
        }
    }
}

/// A number below `below`.
fn lot(purpose: u64, attempt: u64, draw: u64, below: usize) -> usize {
    (mix(mix(purpose << 56 ^ attempt).wrapping_add(draw)) % below.max(1) as u64) as usize
}

/// The share of predicates that hold for one of so many times the rows, from the shares that hold for one and for none.
///
/// Of a rate with a gamma law of shape r and mean m, none is found in s^r of the cases and one in r (1 - s) s^r, where s = r /
/// (r + m). So ln(none) = (one / none) ln(s) / (1 - s), which falls as s does.
fn carried(one: f64, none: f64, times: f64) -> f64 {
    if one == 0.0 || none == 0.0 || (times - 1.0).abs() < 1e-9 {
        return one;
    }
    let (ratio, depth) = (one / none, -libm::log(none));
    let rate = |s: f64| -ratio * libm::log(s) / (1.0 - s);
    // Less spread than one rate for all has: take that.
    if depth <= ratio * 1.001 {
        return depth * times * libm::exp(-depth * times);
    }
    let (mut low, mut high) = (1e-300f64, 1.0 - 1e-9);
    for _ in 0..200 {
        let middle = if low < 1e-3 { (low * high).sqrt() } else { (low + high) / 2.0 };
        if rate(middle) > depth { low = middle } else { high = middle }
    }
    let s = (low + high) / 2.0;
    let r = ratio / (1.0 - s);
    let mean = r * (1.0 - s) / s * times;
    let s = r / (r + mean);
    r * (1.0 - s) * libm::pow(s, r)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Verdict;
    use crate::report::safety::people;

    fn attacks(train: &Frame, holdout: &Frame, synthetic: &Frame) -> [Attack; 2] {
        let field = Field::new(train, holdout, synthetic);
        [(field.of_one_column(), 1), (field.of_several(), 3)].map(|(predicates, columns)| {
            assert!(predicates.len() >= MIN_TRIES, "{columns} {}", predicates.len());
            Attack::new(&METRIC, "", None, &field.guesses(&predicates, columns))
        })
    }

    #[test]
    fn copies_single_out_and_fresh_rows_do_not() {
        // As many held-out rows, and a quarter of them.
        for held in [1600, 400] {
            let (train, holdout) = (people(1600, 1), people(held, 2));
            for copied in attacks(&train, &holdout, &train) {
                assert!(copied.tells && copied.verdict() == Verdict::Bad, "{held} {copied:?}");
            }
            // Ten fresh tables: alpha < 0.003 for each, by two intervals of 95 % that would have to part.
            for salt in 3..13 {
                for fresh in attacks(&train, &holdout, &people(1600, salt)) {
                    assert_eq!(fresh.verdict(), Verdict::Good, "{held} {salt} {fresh:?}");
                }
            }
        }
    }

    #[test]
    fn predicates_by_hand() {
        let frame = Frame::new(vec![
            Column::Numbers(vec![1.0, 2.0, 2.0, 5.0, f64::NAN]),
            Column::Categories { codes: vec![0, 0, 0, 1, 2], levels: 2 },
        ]);
        let field = Field::new(&frame, &frame, &frame);
        // Numbers: the gap, 1 and 5, at most 1 and at least 5; levels: 1 alone, since 2 is not known. The second row equals the third.
        let found = field.of_one_column();
        assert_eq!((field.train.rows.len(), found.len()), (4, 7));
        assert!(found.iter().all(|predicate| field.train.count(predicate, &field.train.rows).0 == 1));
    }

    /// r = 1, m = 1: shares 1/2 and 1/4; of four times the rows 4/25. One rate for all of 1: e^-1 both, then 2 e^-2.
    #[test]
    fn rates_are_carried_over() {
        assert!((carried(0.25, 0.5, 4.0) - 0.16).abs() < 1e-6);
        let e = libm::exp(-1.0);
        assert!((carried(e, e, 2.0) - 2.0 * e * e).abs() < 1e-3);
        assert_eq!(carried(0.25, 0.5, 1.0), 0.25);
        assert_eq!(carried(0.0, 1.0, 3.0), 0.0);
    }
}
