//! A column's values as atoms, each with several persons behind it: the vocabulary of every model.
//!
//! How many must share a value is told by [`Support`]; a person is a row, or the rows that are known to be one's. An atom
//! of a number column is a *point*, a value that so many share; a *span*, the stretch over neighbouring rows whose values
//! too few share, at least [`MIN_GROUP`] rows of as many persons; or a *tail*, the law of the outermost ones
//! (`atoms/tail.rs`). Missing is an atom of its own. An atom of a categorical column is a level that so many share, or the
//! *pool* of all that too few share. A code is an atom's place in order of value (missing first), or the frame's order
//! (the pool first).
//!
//! Rows whose level is rare teach nothing of the column, so what is drawn there is a level with support. Only where those
//! levels hold less than half of the rows that have a value, the rare ones are pooled: else the column would say
//! something else. Drawing from a span is uniform between its edges, which lie half-way between neighbouring values, and put
//! on a round number as often as the rows are (`atoms/heaps.rs`), so spikes, zero inflation and grids are kept, and no model
//! holds a value that too few brought. What is lost: rare levels and the fine structure between five unshared neighbours;
//! extremes are drawn anew.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::frame::{Column, Support};

mod heaps;
mod numbers;
mod tail;

use heaps::Heaps;
pub use numbers::MIN_GROUP;
use numbers::{Stretch, numbers};

/// The atoms of one column and how many rows each has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Atoms {
    values: Values,
    /// `ends[i]`: the rows in atoms `0..i`; one longer than the atoms.
    ends: Vec<u64>,
}

/// A column seen through its atoms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Coded {
    pub atoms: Atoms,
    /// The atom of each row; `atoms.len()` where too few share the row's level.
    pub codes: Vec<u32>,
    pub levels: Sifted,
    /// Drawn after the others, none of which hangs on it: the places of identifiers that are made up.
    pub is_last: bool,
}

/// The levels of a categorical column, as the frame codes them, by whether enough persons share them. Of numbers nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sifted {
    /// What the atoms are, in their order, the pool left out.
    pub kept: Vec<u32>,
    /// The others in falling frequency, with their rows.
    pub rare: Vec<(u32, u64)>,
    /// The rare ones are drawn as one: the first atom.
    pub pooled: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Values {
    Numbers(Vec<Stretch>, Heaps),
    /// Codes of the released codec: text stays there.
    Levels,
    /// The same, put in another order: the code of each atom.
    Arranged(Vec<u32>),
}

impl Coded {
    /// Finds the atoms of a column. A number that no atom holds counts for the nearest. `gaps`: the levels that stand for
    /// "no value".
    ///
    /// # Errors
    /// `BadOptions` if no atom has the support it needs: too few rows have the column at all.
    pub fn fit(column: &Column, gaps: &[u32], support: &Support) -> Result<Coded> {
        let coded = match column {
            Column::Numbers(values) => {
                let (stretches, counts, codes) = numbers(values, support);
                let heaps = Heaps::fit(values, &stretches, &codes, support);
                let values = Values::Numbers(stretches, heaps);
                let atoms = Atoms { values, ends: cumulate(counts.into_iter()) };
                Coded { atoms, codes, levels: Sifted::default(), is_last: false }
            }
            Column::Categories { codes, levels } => categories(codes, *levels, gaps, support),
        };
        if coded.atoms.is_empty() {
            let of = if support.entities.is_some() { "persons" } else { "rows" };
            return Err(Error::new(
                Code::BadOptions,
                format!(
                    "no {} {of} have a value here that could be drawn: lower how many must share one, or leave the column out",
                    support.least
                ),
            ));
        }
        Ok(coded)
    }

    /// Puts the levels of a categorical column in order: place i is for the atom `order[i]`. They count as ordered then.
    pub fn arrange(&mut self, order: Vec<u32>) {
        let mut places = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(&code, place)| places[code as usize] = place);
        self.codes.iter_mut().for_each(|code| *code = places.get(*code as usize).copied().unwrap_or(*code));
        let arranged = self.atoms.arranged(&order);
        self.atoms = Atoms { values: Values::Arranged(order), ..arranged };
    }
}

impl Atoms {
    pub fn len(&self) -> u32 {
        self.ends.len() as u32 - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows in the atoms `low..high`.
    pub fn rows(&self, low: u32, high: u32) -> u64 {
        self.ends[high as usize] - self.ends[low as usize]
    }

    /// Is the atom the missing value of a number column?
    pub fn is_missing(&self, atom: u32) -> bool {
        matches!(&self.values, Values::Numbers(stretches, _) if stretches[atom as usize] == Stretch::Missing)
    }

    /// The same atoms, the one of code `codes[i]` in place i.
    pub fn arranged(&self, codes: &[u32]) -> Atoms {
        let values = match &self.values {
            Values::Numbers(stretches, heaps) => {
                Values::Numbers(codes.iter().map(|&code| stretches[code as usize]).collect(), heaps.clone())
            }
            of_levels => of_levels.clone(),
        };
        Atoms { values, ends: cumulate(codes.iter().map(|&code| self.rows(code, code + 1))) }
    }

    /// The same atoms with the rows that `codes` gives them; some may have none.
    pub fn recounted(&self, codes: &[u32]) -> Atoms {
        let mut counts = vec![0; self.len() as usize];
        for &code in codes {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        }
        Atoms { values: self.values.clone(), ends: cumulate(counts.into_iter()) }
    }

    /// The middle of a number's atom; NaN for the missing value, and for levels.
    pub fn middle(&self, atom: u32) -> f64 {
        match &self.values {
            Values::Numbers(stretches, _) => stretches[atom as usize].value(0.5),
            Values::Levels | Values::Arranged(_) => f64::NAN,
        }
    }

    /// The share of the present rows below the middle one of the atom, which is not the missing value.
    pub fn rank(&self, atom: u32) -> f64 {
        let first = u32::from(self.is_missing(0));
        let below = self.rows(first, atom) + self.rows(first, atom + 1);
        below as f64 / (2 * self.rows(first, self.len())) as f64
    }

    pub fn is_numeric(&self) -> bool {
        matches!(self.values, Values::Numbers(..))
    }

    /// Does the atom stand for a stretch of values, not one?
    pub fn is_span(&self, atom: u32) -> bool {
        matches!(&self.values, Values::Numbers(stretches, _) if stretches[atom as usize].is_wide())
    }

    /// The lowest and the highest number of each atom that has any.
    pub fn reaches(&self) -> Vec<[f64; 2]> {
        let Values::Numbers(stretches, _) = &self.values else { return Vec::new() };
        let present = stretches.iter().filter(|stretch| !matches!(stretch, Stretch::Missing));
        present.map(Stretch::reach).collect()
    }

    /// Is there a tail on the low side, and on the high one?
    pub fn tails(&self) -> [bool; 2] {
        let Values::Numbers(stretches, _) = &self.values else { return [false; 2] };
        [false, true].map(|upper| {
            stretches.iter().any(|stretch| matches!(stretch, Stretch::Tail(tail) if tail.is_upper() == upper))
        })
    }

    pub fn is_ordered(&self) -> bool {
        !matches!(self.values, Values::Levels)
    }

    /// The boundary inside `low..high` that halves its rows best.
    pub fn median(&self, low: u32, high: u32) -> u32 {
        let twice_middle = self.ends[low as usize] + self.ends[high as usize];
        let inner = &self.ends[low as usize + 1..high as usize];
        let above = inner.partition_point(|&end| end * 2 < twice_middle);
        let distance =
            |place: usize| inner.get(place).map_or(u64::MAX, |&end| (end * 2).abs_diff(twice_middle));
        let place = if above > 0 && distance(above - 1) <= distance(above) { above - 1 } else { above };
        low + 1 + place as u32
    }

    /// The atom in `low..high` at quantile `u` of their rows, and the quantile of `u` within it.
    pub fn draw(&self, low: u32, high: u32, u: f64) -> (u32, f64) {
        let base = self.ends[low as usize];
        let target = u * self.rows(low, high) as f64;
        let inner = &self.ends[low as usize + 1..high as usize];
        let code = low + inner.partition_point(|&end| (end - base) as f64 <= target) as u32;
        let within = (target - self.rows(low, code) as f64) / self.rows(code, code + 1) as f64;
        (code, within.clamp(0.0, 1.0))
    }

    /// The frame's column from drawn atoms.
    pub fn column(&self, drawn: &[(u32, f64)]) -> Column {
        match &self.values {
            Values::Numbers(stretches, heaps) => {
                let value = |&(code, within): &(u32, f64)| heaps.value(&stretches[code as usize], within);
                Column::Numbers(drawn.iter().map(value).collect())
            }
            Values::Levels => Column::Categories {
                codes: drawn.iter().map(|&(code, _)| code).collect(),
                levels: self.len(),
            },
            Values::Arranged(order) => Column::Categories {
                codes: drawn.iter().map(|&(code, _)| order[code as usize]).collect(),
                levels: self.len(),
            },
        }
    }

    /// Is this what [`Coded::fit`] could have made? For models read from files.
    pub fn is_sound(&self) -> bool {
        let matched = match &self.values {
            Values::Numbers(stretches, heaps) => {
                heaps.is_sound()
                    && stretches.len() + 1 == self.ends.len()
                    && stretches.iter().all(Stretch::is_sound)
            }
            Values::Levels => true,
            Values::Arranged(order) => {
                let mut order = order.clone();
                order.sort_unstable();
                order.into_iter().eq(0..self.len())
            }
        };
        matched
            && self.ends.len() > 1
            && self.ends[0] == 0
            && self.ends.windows(2).all(|pair| pair[0] < pair[1])
    }
}

fn categories(codes: &[u32], levels: u32, gaps: &[u32], support: &Support) -> Coded {
    let least = u64::from(support.least);
    let mut rows = vec![0u64; levels as usize];
    codes.iter().filter(|&&code| code < levels).for_each(|&code| rows[code as usize] += 1);
    let persons = support.persons(codes.iter().copied(), levels as usize);
    let (kept, others): (Vec<u32>, Vec<u32>) =
        (0..levels).partition(|&level| persons[level as usize] >= least);
    let mut rare: Vec<(u32, u64)> = others.into_iter().map(|level| (level, rows[level as usize])).collect();
    rare.retain(|&(_, rows)| rows > 0);
    rare.sort_by_key(|&(_, rows)| std::cmp::Reverse(rows)); // stable

    // A rare gap is no value that a pool could stand for.
    let is_gap = |level: u32| gaps.contains(&level);
    let present = |levels: &mut dyn Iterator<Item = u32>| -> u64 {
        levels.filter(|&level| !is_gap(level)).map(|level| rows[level as usize]).sum()
    };
    let (known, hidden) =
        (present(&mut kept.iter().copied()), present(&mut rare.iter().map(|&(level, _)| level)));
    let in_pool = |code: u32| code < levels && persons[code as usize] < least && !is_gap(code);
    let in_the_pool = || support.persons(codes.iter().map(|&code| u32::from(!in_pool(code))), 1)[0];
    let pooled = known < hidden && in_the_pool() >= least;

    let first = u32::from(pooled);
    let none = kept.len() as u32 + first;
    let mut atom = vec![none; levels as usize];
    kept.iter().zip(first..).for_each(|(&level, code)| atom[level as usize] = code);
    if pooled {
        (0..levels).filter(|&level| in_pool(level)).for_each(|level| atom[level as usize] = 0);
    }
    let counts = pooled.then_some(hidden).into_iter().chain(kept.iter().map(|&level| rows[level as usize]));
    Coded {
        atoms: Atoms { values: Values::Levels, ends: cumulate(counts) },
        codes: codes.iter().map(|&code| atom.get(code as usize).copied().unwrap_or(none)).collect(),
        levels: Sifted { kept, rare, pooled },
        is_last: false,
    }
}

fn cumulate(counts: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut total = 0;
    let running = counts.map(|count| {
        total += count;
        total
    });
    std::iter::once(0).chain(running).collect()
}

#[cfg(test)]
impl Coded {
    /// Where two rows that share a value are enough.
    pub fn shared_by_two(column: &Column) -> Coded {
        Coded::fit(column, &[], &Support::by_rows(2)).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(values: &[f64]) -> (Atoms, Vec<u32>) {
        fit_by(values, &Support::by_rows(2))
    }

    fn fit_by(values: &[f64], support: &Support) -> (Atoms, Vec<u32>) {
        let coded = Coded::fit(&Column::Numbers(values.to_vec()), &[], support).unwrap();
        assert!(coded.atoms.is_sound());
        (coded.atoms, coded.codes)
    }

    fn stretches(atoms: &Atoms) -> &[Stretch] {
        let Values::Numbers(stretches, _) = &atoms.values else { panic!() };
        stretches
    }

    #[test]
    fn shared_values_are_points_and_the_rest_spans_and_a_tail() {
        let mut values = vec![0.0; 10];
        values.extend((1..=10).map(f64::from));
        values.extend([f64::NAN, f64::NAN]);
        let (atoms, codes) = fit(&values);
        assert!(atoms.is_missing(0));
        assert_eq!(atoms.len(), 4); // missing, 0, a span and a tail of five
        assert_eq!(codes[0], 1);
        assert_eq!(codes[10..20], [2, 2, 2, 2, 2, 3, 3, 3, 3, 3]);
        assert_eq!(codes[20], 0);
        assert_eq!([atoms.rows(0, 1), atoms.rows(1, 2), atoms.rows(2, 4)], [2, 10, 10]);
        assert_eq!(stretches(&atoms)[2], Stretch::Span(0.5, 5.5));
        assert_eq!(atoms.tails(), [false, true]);
    }

    #[test]
    fn no_value_that_too_few_share_is_held() {
        // Each value of one to four rows.
        let values: Vec<f64> = (0..1000).map(|i| f64::from((i / 10 * 4 + i % 4) * i % 7919) + 0.5).collect();
        let support = Support::by_rows(5);
        let (atoms, codes) = fit_by(&values, &support);
        let rows = |value: f64| values.iter().filter(|&&other| other == value).count();
        let mut held = Vec::new();
        for (stretch, code) in stretches(&atoms).iter().zip(0..) {
            assert!(atoms.rows(code, code + 1) >= 5);
            match stretch {
                Stretch::Missing => panic!(),
                Stretch::Point(value) => assert!(rows(*value) >= 5),
                Stretch::Span(low, high) => held.extend([*low, *high]),
                Stretch::Tail(tail) => held.extend([tail.edge(), tail.value(0.0), tail.value(1.0)]),
            }
        }
        assert!(held.iter().all(|&value| rows(value) == 0 || rows(value) >= 5));
        assert_eq!(atoms.rows(0, atoms.len()), 1000);
        assert!(codes.iter().all(|&code| code < atoms.len()));
        assert_eq!(atoms.tails(), [true, true]);
    }

    /// Marks from 0 to 10, with spikes at both, and ends that are shared.
    #[test]
    fn a_column_between_spikes_has_no_tails() {
        let values: Vec<f64> = (0..400).map(|i| f64::from(i * 37 % 400).clamp(100.0, 300.0)).collect();
        let (atoms, _) = fit_by(&values, &Support::by_rows(5));
        assert_eq!(atoms.tails(), [false, false]);
        let ends = [(0, 0.0), (atoms.len() - 1, 0.999)];
        assert_eq!(atoms.column(&ends), Column::Numbers(vec![100.0, 300.0]));
    }

    #[test]
    fn what_is_not_negative_stays_so() {
        let values: Vec<f64> = (0..300).map(|i| f64::from(i * i) / std::f64::consts::PI).collect();
        let (atoms, _) = fit_by(&values, &Support::by_rows(5));
        assert_eq!(atoms.tails(), [true, true]);
        let drawn: Vec<(u32, f64)> = (0..=100).map(|i| (0, f64::from(i) / 100.0)).collect();
        let Column::Numbers(drawn) = atoms.column(&drawn) else { panic!() };
        assert!(drawn.is_sorted() && drawn[0] >= 0.0);
    }

    #[test]
    fn a_few_odd_values_count_for_their_neighbours() {
        let mut values: Vec<f64> = (0..40).map(|i| f64::from(i % 2)).collect();
        values.extend([9.0, -5.0]);
        let (atoms, codes) = fit(&values);
        assert_eq!(atoms.len(), 2);
        assert_eq!(codes[40..], [1, 0]);
        let (atoms, codes) = fit(&[f64::NAN, f64::NAN, f64::NAN, 3.5]);
        assert_eq!((atoms.len(), codes), (1, vec![0; 4]));
    }

    #[test]
    fn draws_follow_the_rows() {
        let (atoms, _) = fit(&[1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0]);
        assert_eq!(atoms.draw(0, 3, 0.0).0, 0);
        assert_eq!(atoms.draw(0, 3, 0.374).0, 0);
        assert_eq!(atoms.draw(0, 3, 0.376).0, 1);
        assert_eq!(atoms.draw(0, 3, 0.999).0, 2);
        assert_eq!(atoms.draw(1, 2, 0.5), (1, 0.5));
        assert_eq!(atoms.median(0, 3), 1); // 3|5 and 5|3 are as near: the lower
        let Column::Numbers(values) = atoms.column(&[(2, 0.3)]) else { panic!() };
        assert_eq!(values, [3.0]);
    }

    fn levels(codes: &[u32], gaps: &[u32], support: &Support) -> Result<Coded> {
        let levels = 1 + codes.iter().max().unwrap();
        Coded::fit(&Column::Categories { codes: codes.to_vec(), levels }, gaps, support)
    }

    #[test]
    fn rare_levels_are_never_drawn() {
        let Coded { atoms, codes, levels: sifted, .. } =
            levels(&[0, 0, 0, 2, 1, 1, 3], &[], &Support::by_rows(2)).unwrap();
        assert_eq!(atoms.len(), 2);
        assert_eq!(codes, [0, 0, 0, 2, 1, 1, 2]);
        assert_eq!(sifted, Sifted { kept: vec![0, 1], rare: vec![(2, 1), (3, 1)], pooled: false });
    }

    #[test]
    fn levels_are_pooled_where_the_others_say_too_little() {
        // 3 of 11 rows have a level that is kept; the gap, level 4, counts for neither side.
        let rows = [0, 0, 0, 1, 1, 2, 2, 3, 3, 5, 5, 4, 4, 4, 4, 4, 4, 4, 4];
        let Coded { atoms, codes, levels: sifted, .. } = levels(&rows, &[4], &Support::by_rows(3)).unwrap();
        assert_eq!((atoms.len(), &codes[..5], codes[11]), (3, [1, 1, 1, 0, 0].as_slice(), 2));
        assert_eq!(atoms.rows(0, 1), 8);
        assert_eq!((sifted.kept, sifted.pooled), (vec![0, 4], true));
        // Nobody's level is shared: all are one.
        let lonely: Vec<u32> = (0..20).collect();
        let Coded { atoms, codes, .. } = levels(&lonely, &[], &Support::by_rows(20)).unwrap();
        assert_eq!((atoms.len(), codes), (1, vec![0; 20]));
        assert_eq!(levels(&lonely, &[], &Support::by_rows(21)).unwrap_err().code(), Code::BadOptions);
    }

    /// What one person says in five rows is not shared; nor is it in numbers, or in gaps.
    #[test]
    fn persons_count_once() {
        let entities: Vec<u32> = (0..40).map(|row| if row < 20 { 7 } else { 100 + row }).collect();
        let support = Support { least: 3, entities: Some(entities.into()) };
        let rows: Vec<u32> = (0..40).map(|row| u32::from(row < 20)).collect();
        assert_eq!(levels(&rows, &[], &support).unwrap().levels.kept, [0]);
        let numbers: Vec<f64> = rows.iter().map(|&code| f64::from(code)).collect();
        let (atoms, codes) = fit_by(&numbers, &support);
        assert_eq!((atoms.len(), codes), (1, vec![0; 40]), "the person's rows count for the nearest point");
        let gaps: Vec<f64> = rows.iter().map(|&code| if code == 1 { f64::NAN } else { 5.0 }).collect();
        assert_eq!(fit_by(&gaps, &support).0.len(), 1);
        // Sorted by value, the one person's rows come first: her stretch goes on until others are in it.
        let numbers: Vec<f64> = (0..40).map(f64::from).collect();
        let (atoms, _) = fit_by(&numbers, &support);
        assert!(atoms.rows(0, 1) >= 22, "{atoms:?}");
    }

    #[test]
    fn long_columns_stay_small() {
        let values: Vec<f64> = (0..100_000).map(|i| f64::from(i % 30_000)).collect();
        let (atoms, codes) = fit(&values);
        assert!(atoms.len() as usize <= 2 * numbers::MAX_ATOMS, "{}", atoms.len());
        assert!(codes.iter().all(|&code| code < atoms.len()));
    }
}
