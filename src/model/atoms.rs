//! A column's values as atoms, each with several rows behind it: the vocabulary of every model.
//!
//! An atom of a number column is a *point*, a value that at least [`MIN_SUPPORT`] rows share, or a *span*, the
//! stretch over at least [`MIN_GROUP`] neighbouring rows whose values nobody shares; missing is an atom of its
//! own. An atom of a categorical column is a level that at least [`MIN_SUPPORT`] rows share. A code is an atom's place in
//! order of value (missing first), or in falling frequency.
//!
//! Drawing from a span is uniform between its edges, and edges lie half-way between neighbouring values, the
//! outermost ones inside the extreme value. So spikes, zero inflation and grids are kept as they are, tails are
//! kept to within five rows, and no model holds a value that a single row brought. What is lost: the extremes,
//! levels of one row, and the fine structure between five unshared neighbours.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::frame::Column;

/// Rows that must share a value or a level for it to be drawn.
pub const MIN_SUPPORT: u32 = 2;
/// Rows without a shared value that make a span.
pub const MIN_GROUP: usize = 5;
/// Long columns get larger groups and scarcer points, so that neither exceeds this.
const MAX_ATOMS: usize = 4096;

/// The atoms of one column and how many rows each has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Atoms {
    values: Values,
    /// `ends[i]`: the rows in atoms `0..i`; one longer than the atoms.
    ends: Vec<u64>,
}

/// A column seen through its atoms.
#[derive(Clone, Debug)]
pub struct Coded {
    pub atoms: Atoms,
    /// The atom of each row; `atoms.len()` where too few rows share the row's level.
    pub codes: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Values {
    /// Low and high edge, equal for a point, NaN for missing. Points are shared by `MIN_SUPPORT` rows, edges are
    /// means of two rows' values.
    Numbers(Vec<(f64, f64)>),
    /// Codes of the frame's column: text stays with the codec.
    Levels,
    /// The same, put in another order: the frame's code of each atom.
    Arranged(Vec<u32>),
}

impl Coded {
    /// Finds the atoms of a column. A number that no atom holds counts for the nearest.
    ///
    /// # Errors
    /// `BadOptions` if no atom has the rows it needs: a categorical column where nobody shares a level.
    pub fn fit(column: &Column) -> Result<Coded> {
        let (atoms, codes) = match column {
            Column::Numbers(values) => numbers(values),
            Column::Categories { codes, levels } => categories(codes, *levels),
        };
        if atoms.is_empty() {
            return Err(Error::new(
                Code::BadOptions,
                "no two rows share a value, so any synthetic one would be somebody's: make it an id or leave it out",
            ));
        }
        Ok(Coded { atoms, codes })
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
        matches!(&self.values, Values::Numbers(spans) if spans[atom as usize].0.is_nan())
    }

    /// The same atoms, the one of code `codes[i]` in place i.
    pub fn arranged(&self, codes: &[u32]) -> Atoms {
        let values = match &self.values {
            Values::Numbers(spans) => {
                Values::Numbers(codes.iter().map(|&code| spans[code as usize]).collect())
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
            Values::Numbers(spans) => f64::midpoint(spans[atom as usize].0, spans[atom as usize].1),
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
        matches!(self.values, Values::Numbers(_))
    }

    /// Does the atom stand for a stretch of values, not one?
    pub fn is_span(&self, atom: u32) -> bool {
        matches!(&self.values, Values::Numbers(spans) if spans[atom as usize].0 < spans[atom as usize].1)
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
            Values::Numbers(spans) => Column::Numbers(
                drawn
                    .iter()
                    .map(|&(code, within)| {
                        let (low, high) = spans[code as usize];
                        if low == high { low } else { low * (1.0 - within) + high * within }
                    })
                    .collect(),
            ),
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
            Values::Numbers(spans) => {
                spans.len() + 1 == self.ends.len()
                    && spans.iter().all(|(low, high)| {
                        low.is_nan() || (low <= high && low.is_finite() && high.is_finite())
                    })
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

fn categories(codes: &[u32], levels: u32) -> (Atoms, Vec<u32>) {
    let mut counts = vec![0u64; levels as usize];
    for &code in codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    // Levels come in falling frequency, so those with support are the first ones.
    let supported = counts.partition_point(|&count| count >= u64::from(MIN_SUPPORT));
    let atoms = Atoms { values: Values::Levels, ends: cumulate(counts[..supported].iter().copied()) };
    (atoms, codes.iter().map(|&code| code.min(supported as u32)).collect())
}

fn cumulate(counts: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut total = 0;
    let running = counts.map(|count| {
        total += count;
        total
    });
    std::iter::once(0).chain(running).collect()
}

fn numbers(values: &[f64]) -> (Atoms, Vec<u32>) {
    let mut order: Vec<u32> =
        (0..values.len() as u32).filter(|&row| !values[row as usize].is_nan()).collect();
    order.sort_unstable_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]).then(a.cmp(&b)));
    let sorted: Vec<f64> = order.iter().map(|&row| values[row as usize]).collect();
    let runs: Vec<&[f64]> = sorted.chunk_by(|a, b| a == b).collect();
    let spans = spans(&runs, point_support(&runs));

    // The nearest atom of each value; every row is then counted where it landed.
    let mut atoms = spans;
    let missing = values.len() - sorted.len();
    if missing >= MIN_SUPPORT as usize || atoms.is_empty() && missing > 0 {
        atoms.insert(0, (f64::NAN, f64::NAN));
    }
    let locate = Locator::new(&atoms);
    let codes: Vec<u32> = values.iter().map(|&value| locate.nearest(value)).collect();
    let mut counts = vec![0u64; atoms.len()];
    codes.iter().filter(|&&code| (code as usize) < atoms.len()).for_each(|&code| counts[code as usize] += 1);
    // A span whose rows all sit on points in it has none left: drop it.
    let kept: Vec<usize> = (0..atoms.len()).filter(|&atom| counts[atom] > 0).collect();
    let mut renumbered = vec![kept.len() as u32; atoms.len() + 1];
    kept.iter().zip(0..).for_each(|(&atom, code)| renumbered[atom] = code);
    let atoms = Atoms {
        values: Values::Numbers(kept.iter().map(|&atom| atoms[atom]).collect()),
        ends: cumulate(kept.iter().map(|&atom| counts[atom])),
    };
    (atoms, codes.into_iter().map(|code| renumbered[code as usize]).collect())
}

/// The smallest support that leaves at most `MAX_ATOMS` points.
fn point_support(runs: &[&[f64]]) -> usize {
    let mut sizes: Vec<usize> = runs.iter().map(|run| run.len()).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let limit = sizes.get(MAX_ATOMS).map_or(0, |&size| size + 1);
    limit.max(MIN_SUPPORT as usize)
}

/// Points and spans in order of their middles.
fn spans(runs: &[&[f64]], support: usize) -> Vec<(f64, f64)> {
    let (points, others): (Vec<&[f64]>, Vec<&[f64]>) = runs.iter().partition(|run| run.len() >= support);
    let loose: Vec<f64> = others.concat();
    let mut atoms: Vec<(f64, f64)> = points.iter().map(|run| (run[0], run[0])).collect();
    if loose.len() >= MIN_GROUP {
        let groups = (loose.len() / MIN_GROUP).min(MAX_ATOMS);
        let cut = |group: usize| group * loose.len() / groups;
        let half_way = |i: usize| f64::midpoint(loose[i - 1], loose[i]);
        let edge = |group: usize| match group {
            0 => half_way(1),
            _ if group == groups => half_way(loose.len() - 1),
            _ => half_way(cut(group)),
        };
        atoms.extend((0..groups).map(|group| (edge(group), edge(group + 1))));
    }
    atoms.sort_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)).then(a.0.total_cmp(&b.0)));
    atoms
}

/// Finds the atom of a value: its point, else the span around it, else the nearest.
struct Locator {
    missing: bool,
    points: Vec<(f64, u32)>,
    spans: Vec<(f64, f64, u32)>,
    none: u32,
}

impl Locator {
    fn new(atoms: &[(f64, f64)]) -> Self {
        let mut locator = Locator { missing: false, points: vec![], spans: vec![], none: atoms.len() as u32 };
        for (&(low, high), code) in atoms.iter().zip(0..) {
            match () {
                () if low.is_nan() => locator.missing = true,
                () if low == high => locator.points.push((low, code)),
                () => locator.spans.push((low, high, code)),
            }
        }
        locator
    }

    fn nearest(&self, value: f64) -> u32 {
        if value.is_nan() {
            return if self.missing { 0 } else { self.none };
        }
        let after = self.points.partition_point(|&(point, _)| point < value);
        let point = self.points.get(after);
        if let Some(&(_, code)) = point.filter(|(point, _)| *point == value) {
            return code;
        }
        let span = self.spans.partition_point(|&(_, high, _)| high < value);
        if let Some(&(_, _, code)) = self.spans.get(span).or(self.spans.last()) {
            return code;
        }
        let before = after.checked_sub(1).map(|before| self.points[before]);
        match (before, point) {
            (Some(a), Some(b)) => {
                if value - a.0 <= b.0 - value {
                    a.1
                } else {
                    b.1
                }
            }
            (Some(a), None) => a.1,
            (None, Some(b)) => b.1,
            (None, None) => {
                if self.missing {
                    0
                } else {
                    self.none
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(values: &[f64]) -> (Atoms, Vec<u32>) {
        let coded = Coded::fit(&Column::Numbers(values.to_vec())).unwrap();
        (coded.atoms, coded.codes)
    }

    #[test]
    fn shared_values_are_points_and_the_rest_spans() {
        let mut values = vec![0.0; 10];
        values.extend((1..=10).map(f64::from));
        values.extend([f64::NAN, f64::NAN]);
        let (atoms, codes) = fit(&values);
        assert!(atoms.is_sound() && atoms.is_missing(0));
        assert_eq!(atoms.len(), 4); // missing, 0, two spans of five
        assert_eq!(codes[0], 1);
        assert_eq!(codes[10..20], [2, 2, 2, 2, 2, 3, 3, 3, 3, 3]);
        assert_eq!(codes[20], 0);
        assert_eq!([atoms.rows(0, 1), atoms.rows(1, 2), atoms.rows(2, 4)], [2, 10, 10]);
    }

    #[test]
    fn no_unshared_value_is_held() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i * i) + 0.5).collect();
        let (atoms, _) = fit(&values);
        let Values::Numbers(spans) = &atoms.values else { panic!() };
        assert_eq!(spans.len(), 200);
        assert!(spans.iter().all(|(low, high)| !values.contains(low) && !values.contains(high)));
        assert!(spans[0].0 > values[0] && spans[199].1 < values[999]);
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

    #[test]
    fn rare_levels_are_never_drawn() {
        let column = Column::Categories { codes: vec![0, 0, 0, 1, 1, 2, 3], levels: 4 };
        let Coded { atoms, codes } = Coded::fit(&column).unwrap();
        assert_eq!(atoms.len(), 2);
        assert_eq!(codes, [0, 0, 0, 1, 1, 2, 2]);
        let lonely = Column::Categories { codes: vec![0, 1, 2], levels: 3 };
        assert_eq!(Coded::fit(&lonely).unwrap_err().code(), Code::BadOptions);
    }

    #[test]
    fn long_columns_stay_small() {
        let values: Vec<f64> = (0..100_000).map(|i| f64::from(i % 30_000)).collect();
        let (atoms, codes) = fit(&values);
        assert!(atoms.len() as usize <= 2 * MAX_ATOMS, "{}", atoms.len());
        assert!(codes.iter().all(|&code| code < atoms.len()));
    }
}
