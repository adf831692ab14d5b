//! The atoms of a number column: points that enough persons share, spans and tails over the rows between and beyond.
//!
//! Rows that share their number with too few are *loose*. Those beyond the outermost points, and those between, are cut into
//! groups in order of value; what is too few beyond is put to those between, what is too few there counts for the
//! nearest points. The outermost group, where it lies beyond all points, is a tail. A cut lies half-way between two
//! rows' values; beside a point a group begins half as far below its first value as the second lies above it, but not
//! beyond the point; where nothing is beyond and there is no tail, half-way between the outermost two. So each edge is
//! told by two values, neither of which can be read from it.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::tail::Tail;
use crate::frame::Support;

/// Rows without a shared value that make a span, if not more persons are asked for.
pub const MIN_GROUP: usize = 5;
/// Long columns get larger groups and scarcer points, so that neither exceeds this.
pub const MAX_ATOMS: usize = 4096;

/// What an atom of a number column stands for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stretch {
    Missing,
    /// Shared by as many persons as must.
    Point(f64),
    /// Low and high edge, each told by two values.
    Span(f64, f64),
    Tail(Tail),
}

impl Stretch {
    /// The value at a quantile from 0 to 1.
    pub fn value(&self, within: f64) -> f64 {
        match self {
            Stretch::Missing => f64::NAN,
            Stretch::Point(value) => *value,
            Stretch::Span(low, high) => low * (1.0 - within) + high * within,
            Stretch::Tail(tail) => tail.value(within),
        }
    }

    /// The lowest and the highest value.
    pub fn reach(&self) -> [f64; 2] {
        [self.value(0.0), self.value(1.0)]
    }

    /// Is it more than one value?
    pub fn is_wide(&self) -> bool {
        matches!(self, Stretch::Span(..) | Stretch::Tail(_))
    }

    pub fn is_sound(&self) -> bool {
        match self {
            Stretch::Missing => true,
            Stretch::Point(value) => value.is_finite(),
            Stretch::Span(low, high) => low <= high && low.is_finite() && high.is_finite(),
            Stretch::Tail(tail) => tail.is_sound(),
        }
    }

    /// Missing first, then in order of middles.
    fn rank(&self) -> [f64; 2] {
        match self {
            Stretch::Missing => [f64::NEG_INFINITY; 2],
            Stretch::Point(value) => [value * 2.0, *value],
            Stretch::Span(low, high) => [low + high, *low],
            Stretch::Tail(tail) => [tail.edge() * 2.0, tail.edge()],
        }
    }
}

/// The atoms of a column, the rows of each, and the atom of each row: beyond all where it has none.
pub fn numbers(values: &[f64], support: &Support) -> (Vec<Stretch>, Vec<u64>, Vec<u32>) {
    let mut rows: Vec<Row> = (0..values.len() as u32)
        .filter(|&row| !values[row as usize].is_nan())
        .map(|row| (values[row as usize] + 0.0, row)) // there is one zero
        .collect();
    rows.sort_unstable_by(|a, b| {
        a.0.total_cmp(&b.0).then(support.person(a.1).cmp(&support.person(b.1))).then(a.1.cmp(&b.1))
    });
    let mut found = Numbers { rows, support }.atoms();
    let gone: Vec<Row> = (0..values.len() as u32)
        .filter(|&row| values[row as usize].is_nan())
        .map(|row| (f64::NAN, row))
        .collect();
    let mut codes = vec![0; values.len()];
    if persons(&gone, support) >= support.least as usize {
        found.insert(0, (Stretch::Missing, gone));
    }
    // A few numbers beside nothing but gaps count for them.
    if !matches!(found.as_slice(), [(Stretch::Missing, _)]) {
        codes.fill(found.len() as u32);
    }
    for ((_, rows), code) in found.iter().zip(0..) {
        rows.iter().for_each(|&(_, row)| codes[row as usize] = code);
    }
    let mut counts = vec![0; found.len()];
    codes.iter().filter(|&&code| code < found.len() as u32).for_each(|&code| counts[code as usize] += 1);
    (found.into_iter().map(|(stretch, _)| stretch).collect(), counts, codes)
}

/// A number and where it stands.
type Row = (f64, u32);

fn persons(rows: &[Row], support: &Support) -> usize {
    if support.entities.is_none() {
        return rows.len();
    }
    rows.iter().map(|&(_, row)| support.person(row)).collect::<BTreeSet<u32>>().len()
}

/// The rows that have a number, in its order, those of a person together where they share it.
struct Numbers<'a> {
    rows: Vec<Row>,
    support: &'a Support,
}

/// Loose rows that are cut into groups by themselves.
struct Region<'a> {
    rows: &'a [Row],
    /// The points next to them.
    points: [Option<f64>; 2],
    /// Do they lie beyond all points, on the low side and on the high one?
    is_end: [bool; 2],
}

impl Numbers<'_> {
    /// Each with its rows.
    fn atoms(&self) -> Vec<(Stretch, Vec<Row>)> {
        let runs: Vec<&[Row]> = self.rows.chunk_by(|a, b| a.0 == b.0).collect();
        let sizes: Vec<usize> = runs.iter().map(|run| persons(run, self.support)).collect();
        let enough = self.point_support(&sizes);
        let (mut points, mut loose) = (Vec::new(), Vec::new());
        for (run, size) in runs.into_iter().zip(sizes) {
            match size >= enough {
                true => points.push((Stretch::Point(run[0].0), run.to_vec())),
                false => loose.extend_from_slice(run),
            }
        }
        let places: Vec<f64> = points.iter().map(|(_, rows)| rows[0].0).collect();
        let mut atoms = Vec::new();
        for region in self.regions(&loose, &places) {
            let groups = self.groups(region.rows);
            if groups.is_empty() && !places.is_empty() {
                region.rows.iter().for_each(|&row| points[nearest(&places, row.0)].1.push(row));
            }
            for (place, group) in groups.iter().enumerate() {
                let stretch = self.stretch(&region, &groups, place);
                atoms.push((stretch, region.rows[group.clone()].to_vec()));
            }
        }
        atoms.extend(points);
        atoms.sort_by(|a, b| {
            let (a, b) = (a.0.rank(), b.0.rank());
            a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]))
        });
        atoms
    }

    /// The smallest support that leaves at most `MAX_ATOMS` points.
    fn point_support(&self, sizes: &[usize]) -> usize {
        let mut sizes = sizes.to_vec();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let limit = sizes.get(MAX_ATOMS).map_or(0, |&size| size + 1);
        limit.max(self.support.least as usize)
    }

    fn regions<'a>(&self, loose: &'a [Row], points: &[f64]) -> Vec<Region<'a>> {
        let (Some(&lowest), Some(&highest)) = (points.first(), points.last()) else {
            return vec![Region { rows: loose, points: [None; 2], is_end: [true; 2] }];
        };
        let mut low = loose.partition_point(|row| row.0 < lowest);
        let mut high = loose.partition_point(|row| row.0 <= highest);
        if !self.make_a_group(&loose[..low]) {
            low = 0;
        }
        if !self.make_a_group(&loose[high..]) {
            high = loose.len();
        }
        let middle = &loose[low..high];
        let below = |row: &Row| points[..points.partition_point(|&point| point < row.0)].last().copied();
        let above = |row: &Row| points[points.partition_point(|&point| point < row.0)..].first().copied();
        vec![
            Region { rows: &loose[..low], points: [None, Some(lowest)], is_end: [true, false] },
            Region {
                rows: middle,
                points: [middle.first().and_then(below), middle.last().and_then(above)],
                is_end: [false; 2],
            },
            Region { rows: &loose[high..], points: [Some(highest), None], is_end: [false, true] },
        ]
    }

    fn make_a_group(&self, rows: &[Row]) -> bool {
        rows.len() >= self.group_rows() && persons(rows, self.support) >= self.support.least as usize
    }

    fn group_rows(&self) -> usize {
        MIN_GROUP.max(self.support.least as usize)
    }

    /// Rows that stand together, the last ones with the group before them if they are too few.
    fn groups(&self, rows: &[Row]) -> Vec<Range<usize>> {
        let size = rows.len().div_ceil(MAX_ATOMS).max(self.group_rows());
        let mut groups: Vec<Range<usize>> = Vec::new();
        let (mut start, mut seen) = (0, BTreeSet::new());
        for (place, row) in rows.iter().enumerate() {
            let end = place + 1;
            if self.support.entities.is_some() {
                seen.insert(self.support.person(row.1));
            }
            let persons = if self.support.entities.is_some() { seen.len() } else { end - start };
            let is_full = end - start >= size && persons >= self.support.least as usize;
            if is_full && rows.get(end).is_none_or(|next| half_way(row.0, next.0).is_some()) {
                groups.push(start..end);
                seen.clear();
                start = end;
            }
        }
        if let Some(last) = groups.last_mut() {
            last.end = rows.len();
        }
        groups
    }

    /// What the group at a place of its region stands for.
    fn stretch(&self, region: &Region, groups: &[Range<usize>], place: usize) -> Stretch {
        let value = |at: usize| region.rows[at].0;
        let Range { start, end } = groups[place];
        if value(start) == value(end - 1) {
            return Stretch::Point(value(start)); // in a column of too many points
        }
        let cut = |at: usize| f64::midpoint(value(at - 1), value(at));
        let rising = || region.rows.iter().map(|row| row.0);
        let low = |point| if start == 0 { beside(rising(), point) } else { cut(start) };
        let high = |point: Option<f64>| {
            if end == region.rows.len() {
                -beside(rising().rev().map(|x| -x), point.map(|x| -x))
            } else {
                cut(end)
            }
        };
        let [below, above] = region.points;
        let (low, high) = (low(below), high(above));
        // One group alone cannot be both tails.
        let is_tail = groups.len() > 1 || region.is_end != [true; 2];
        let tail = match region.is_end {
            [true, _] if is_tail && start == 0 => {
                let values: Vec<f64> = self.rows.iter().map(|row| row.0).collect();
                Tail::lower(&values, high, end)
            }
            [_, true] if is_tail && end == region.rows.len() => {
                let values: Vec<f64> = self.rows.iter().rev().map(|row| row.0).collect();
                Tail::upper(&values, low, end - start)
            }
            _ => None,
        };
        tail.map_or(Stretch::Span(low, high), Stretch::Tail)
    }
}

/// Between two values, if there is room.
fn half_way(a: f64, b: f64) -> Option<f64> {
    Some(f64::midpoint(a, b)).filter(|&middle| a < middle && middle < b)
}

/// The low edge of a region, by its values from there on and the point below it.
fn beside(values: impl Iterator<Item = f64>, point: Option<f64>) -> f64 {
    let mut values = values.peekable();
    let first = *values.peek().expect("a group has rows");
    let second = values.find(|&value| value > first).expect("a group of one value is a point");
    match point {
        Some(point) => (first - (second - first) / 2.0).max(point),
        None => f64::midpoint(first, second),
    }
}

/// The place of the nearest; of two the lower.
fn nearest(points: &[f64], value: f64) -> usize {
    let after = points.partition_point(|&point| point < value);
    match (after.checked_sub(1), points.get(after)) {
        (Some(before), Some(above)) if value - points[before] > above - value => after,
        (Some(before), _) => before,
        (None, _) => after,
    }
}
