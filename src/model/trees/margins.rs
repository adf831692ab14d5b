//! Two-way margins: how often groups of atoms of two columns come together in the table, and the choice of rows by which they
//! come together as often in what is given out.
//!
//! Each column is learned and drawn with a little error of its own, so of some hundred pairs of columns each strays a little
//! farther from the truth than the rows of a real sample do, and who adds that up can tell. Hence twice as many rows are
//! drawn as are wanted, and given out one by one: of a few that lots choose, the one that leaves the counts so far nearest to
//! the table's, by the sum of (count - expected)^2 / expected over all pairs. So not only a whole block is balanced, but its first hundred
//! rows are. That is herding (Welling 2009), and what survey statistics calibrates weights for (Deville and Särndal 1992).
//!
//! Only groups that as many persons have together as must share a value are counted, and to the nearest multiple of that number:
//! so no count tells of fewer, nor does the difference of two. And only pairs that hang together more than chance has it: the chance
//! in the others is the rows' own. Does not: look at more than [`MAX_PAIRS`] pairs, the strongest; serve tables of more than
//! [`MAX_ROWS`] rows, which stray less and are to be drawn quickly.

use serde::{Deserialize, Serialize};

use super::data::Data;
use super::follow::MAX_COLUMNS;
use super::screen::{TARGET_BINS, bins, chance, information};
use crate::frame::Support;
use crate::math::rng::{ODD, mix};
use crate::model::atoms::{Atoms, Coded};

const MAX_ROWS: usize = 50_000;
/// Rows that are drawn for each one given out.
pub const DRAWN: u64 = 2;
/// An atom of so large a share of the rows, one part in so many, is a group by itself; of levels in no order all are. But not
/// more than those.
const MANY: u64 = 200;
const ALONE: usize = 23;
/// The other atoms are put into about so many groups of equal rows.
const STEPS: u64 = 12;
const MAX_PAIRS: usize = 1024;
/// Rows by which pairs are chosen, and where they are too many.
const ROWS: usize = 8192;
const ROWS_WIDE: usize = 1024;
/// Standard deviations beyond what chance makes of the information in a pair.
const MIN_BEYOND: f64 = 2.0;
/// Drawn rows among which each is chosen.
const CANDIDATES: usize = 16;
/// Added to expected counts, lest the smallest outweigh the rest.
const PRIOR: f32 = 3.0;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Margins {
    /// By column, in the order in which they are drawn.
    groups: Vec<Groups>,
    pairs: Vec<Pair>,
}

/// How a column's atoms are grouped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Groups {
    /// The atoms that are groups by themselves, in order: the most frequent ones.
    alone: Vec<u32>,
    /// Of the others neighbours are together: the first atom of each group but the first. Levels in no order are all one.
    steps: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pair {
    columns: [u32; 2],
    /// Rows that have an atom in both.
    rows: u32,
    /// By groups of the first column, then of the second: multiples of how many must share a value. 0: too
    /// few, and any number may be drawn.
    counts: Vec<u32>,
}

/// A pair's place in the table of what each next row would add.
struct Place {
    columns: [usize; 2],
    start: usize,
    width: usize,
}

impl Groups {
    fn new(atoms: &Atoms) -> Self {
        let rows = |atom: u32| atoms.rows(atom, atom + 1);
        let enough = if atoms.is_ordered() { atoms.rows(0, atoms.len()).div_ceil(MANY) } else { 0 };
        let mut alone: Vec<u32> = (0..atoms.len()).filter(|&atom| rows(atom) >= enough).collect();
        alone.sort_by_key(|&atom| std::cmp::Reverse(rows(atom))); // stable
        alone.truncate(ALONE);
        alone.sort_unstable();
        let others: Vec<u32> = (0..atoms.len()).filter(|atom| alone.binary_search(atom).is_err()).collect();
        let share = others.iter().copied().map(rows).sum::<u64>().div_ceil(STEPS);
        let (mut steps, mut held) = (Vec::new(), 0);
        for atom in others.into_iter().filter(|_| atoms.is_ordered()) {
            if held > 0 && held + rows(atom) > share {
                steps.push(atom);
                held = 0;
            }
            held += rows(atom);
        }
        Groups { alone, steps }
    }

    fn count(&self) -> usize {
        self.alone.len() + self.steps.len() + 1
    }

    fn of(&self, atom: u32) -> u8 {
        let group = match self.alone.binary_search(&atom) {
            Ok(place) => place,
            Err(_) => self.alone.len() + self.steps.partition_point(|&step| step <= atom),
        };
        group as u8
    }

    fn is_sound(&self, atoms: &Atoms) -> bool {
        let is_sound = |some: &[u32]| some.is_sorted() && some.last().is_none_or(|&last| last < atoms.len());
        self.count() <= usize::from(u8::MAX) && is_sound(&self.alone) && is_sound(&self.steps)
    }
}

impl Margins {
    /// None where there are none to keep. `data`: its columns in the order in which they are drawn.
    pub fn new(data: &Data) -> Option<Margins> {
        let count = data.columns.len();
        if data.rows() > MAX_ROWS || count > MAX_COLUMNS {
            return None;
        }
        let groups: Vec<Groups> = data.columns.iter().map(|column| Groups::new(&column.atoms)).collect();
        let coded = |(column, groups): (&Coded, &Groups)| -> Vec<Option<u8>> {
            let known = |&code: &u32| (code < column.atoms.len()).then(|| groups.of(code));
            column.codes.iter().map(known).collect()
        };
        let coded: Vec<Vec<Option<u8>>> = data.columns.iter().zip(&groups).map(coded).collect();
        let drawn_last = |column: usize| data.columns[column].is_last;
        let pairs = (0..count).flat_map(|b| (0..b).map(move |a| [a, b]));
        let pairs: Vec<[usize; 2]> = pairs.filter(|&[a, b]| !drawn_last(a) && !drawn_last(b)).collect();
        let pair = |[a, b]: [usize; 2]| {
            Pair::new([a, b], [&groups[a], &groups[b]], [&coded[a], &coded[b]], data.support())
        };
        let pairs: Vec<Pair> = bound(data, pairs).into_iter().map(pair).collect();
        let pairs: Vec<Pair> =
            pairs.into_iter().filter(|pair| pair.counts.iter().any(|&count| count > 0)).collect();
        (!pairs.is_empty()).then_some(Margins { groups, pairs })
    }

    /// The counts that it holds.
    pub fn counts(&self) -> impl Iterator<Item = u32> {
        self.pairs.iter().flat_map(|pair| &pair.counts).copied().filter(|&count| count > 0)
    }

    /// So many of the drawn rows, in the order in which they are given out. `drawn`: the atom of each row, by column.
    pub fn choose(&self, drawn: &[&[u32]], wanted: usize, key: u64) -> Vec<u32> {
        let width = self.groups.len();
        let rows = drawn.first().map_or(0, |column| column.len());
        let mut grouped = vec![0u8; rows * width];
        for (column, (atoms, groups)) in drawn.iter().zip(&self.groups).enumerate() {
            atoms.iter().enumerate().for_each(|(row, &atom)| grouped[row * width + column] = groups.of(atom));
        }
        let groups_of = |row: u32| &grouped[row as usize * width..][..width];
        let (places, expected, weights) = self.table(wanted);
        let sum = |row: u32, table: &[f32]| -> f32 {
            let groups = groups_of(row);
            places.iter().map(|place| table[place.cell(groups)]).sum()
        };
        // With n rows so far, one more in a cell adds weight * (2 (count - (n + 1) share) + 1), beside what any row adds.
        let pulls: Vec<f32> =
            expected.iter().zip(&weights).map(|(share, weight)| 2.0 * weight * share).collect();
        let pull: Vec<f32> = (0..rows as u32).map(|row| sum(row, &pulls)).collect();
        let mut added = weights.clone();
        let mut open: Vec<u32> = (0..rows as u32).collect();
        let mut chosen = Vec::with_capacity(wanted);
        let mut lots = key;
        for number in 1..=wanted {
            let mut best = (f32::INFINITY, 0);
            for _ in 0..CANDIDATES {
                lots = mix(lots.wrapping_add(ODD));
                let at = ((u128::from(lots) * open.len() as u128) >> 64) as usize;
                let row = open[at];
                let adds = sum(row, &added) - number as f32 * pull[row as usize];
                if adds < best.0 {
                    best = (adds, at);
                }
            }
            let row = open.swap_remove(best.1);
            let groups = groups_of(row);
            for place in &places {
                let cell = place.cell(groups);
                added[cell] += 2.0 * weights[cell];
            }
            chosen.push(row);
        }
        chosen
    }

    /// The places of the pairs, and by cell the share of rows that is expected and the weight of a stray one.
    fn table(&self, wanted: usize) -> (Vec<Place>, Vec<f32>, Vec<f32>) {
        let (mut places, mut expected, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for Pair { columns, rows, counts } in &self.pairs {
            let columns = columns.map(|column| column as usize);
            places.push(Place { columns, start: expected.len(), width: self.groups[columns[1]].count() });
            for &count in counts {
                let share = count as f32 / *rows as f32;
                let in_all = share * wanted.min(*rows as usize) as f32;
                expected.push(share);
                weights.push(if count == 0 { 0.0 } else { 1.0 / (in_all + PRIOR) });
            }
        }
        (places, expected, weights)
    }

    /// Are all cells where the atoms of the drawn columns lead?
    pub fn is_sound(&self, atoms: &[Atoms]) -> bool {
        let cells = |columns: [u32; 2]| {
            let [a, b] = columns.map(|column| self.groups.get(column as usize).map(Groups::count));
            Some(a? * b?)
        };
        let is_sound = |pair: &Pair| cells(pair.columns) == Some(pair.counts.len()) && pair.rows > 0;
        self.groups.len() == atoms.len()
            && self.groups.iter().zip(atoms).all(|(groups, atoms)| groups.is_sound(atoms))
            && self.pairs.iter().all(is_sound)
    }
}

impl Pair {
    fn new(columns: [usize; 2], groups: [&Groups; 2], coded: [&[Option<u8>]; 2], support: &Support) -> Pair {
        let [height, width] = groups.map(Groups::count);
        let [first, second] = coded;
        let none = (height * width) as u32;
        let cell = |(a, b): (&Option<u8>, &Option<u8>)| match (a, b) {
            (Some(a), Some(b)) => u32::from(*a) * width as u32 + u32::from(*b),
            _ => none,
        };
        let cells = || first.iter().zip(second).map(cell);
        let mut counts = vec![0u32; height * width + 1];
        cells().for_each(|cell| counts[cell as usize] += 1);
        let apart = counts.pop().expect("the rows without");
        let least = support.least;
        let persons = support.persons(cells(), counts.len());
        for (count, persons) in counts.iter_mut().zip(persons) {
            let is_shared = persons >= u64::from(least);
            *count = if is_shared { (*count + least / 2) / least * least } else { 0 };
        }
        let rows = first.len() as u32 - apart;
        Pair { columns: columns.map(|column| column as u32), rows: rows.max(1), counts }
    }
}

impl Place {
    fn cell(&self, groups: &[u8]) -> usize {
        let [a, b] = self.columns.map(|column| groups[column] as usize);
        self.start + a * self.width + b
    }
}

/// Those that hang together more than chance has it, in their order; the strongest, where they are too many.
fn bound(data: &Data, pairs: Vec<[usize; 2]>) -> Vec<[usize; 2]> {
    let all: Vec<u32> = (0..data.rows() as u32).collect();
    let rows = data.thin(&all, if pairs.len() > MAX_PAIRS { ROWS_WIDE } else { ROWS });
    let places = 0..data.columns.len();
    let binned: Vec<Vec<u8>> = places.map(|column| bins(data, column, &rows, TARGET_BINS)).collect();
    let told = |[a, b]: [usize; 2]| {
        let chance = chance(data, [a, b], [TARGET_BINS; 2]);
        let beyond = (information(&binned[a], &binned[b]) - chance) / chance.sqrt();
        (beyond >= MIN_BEYOND).then_some((beyond, [a, b]))
    };
    let mut told: Vec<(f64, [usize; 2])> = pairs.into_iter().filter_map(told).collect();
    told.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut pairs: Vec<[usize; 2]> = told.into_iter().take(MAX_PAIRS).map(|(_, pair)| pair).collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Column;

    const TABLE: u64 = 3000;

    fn lot(row: u64, salt: u64, below: u64) -> u64 {
        mix(mix(row) ^ salt) % below
    }

    /// Two columns of four levels that mostly agree, and one of many numbers.
    fn columns(rows: u64) -> Vec<Coded> {
        let level = |row: u64| lot(row, 1, 4) as u32;
        let again = |row: u64| if lot(row, 2, 3) == 0 { lot(row, 3, 4) as u32 } else { level(row) };
        let levels = |code: &dyn Fn(u64) -> u32| Column::Categories {
            codes: (0..rows).map(code).collect(),
            levels: 4,
        };
        let numbers = Column::Numbers((0..rows).map(|row| lot(row, 4, 900) as f64).collect());
        [levels(&level), levels(&again), numbers]
            .map(|column| Coded::fit(&column, &[], &Support::by_rows(5)).unwrap())
            .into()
    }

    /// Drawn rows whose columns do not hang together.
    fn drawn(columns: &[Coded], rows: u64) -> Vec<Vec<u32>> {
        let of = |(salt, column): (u64, &Coded)| {
            let codes = &column.codes;
            (0..rows).map(|row| codes[lot(row, salt, codes.len() as u64) as usize]).collect()
        };
        (10..).zip(columns).map(of).collect()
    }

    #[test]
    fn rows_come_together_as_in_the_table_from_the_first_hundred_on() {
        let columns = columns(TABLE);
        let data = Data::new(columns.clone(), Support::by_rows(5));
        let margins = Margins::new(&data).unwrap();
        let atoms: Vec<Atoms> = columns.iter().map(|column| column.atoms.clone()).collect();
        assert!(margins.is_sound(&atoms) && !margins.is_sound(&atoms[1..]));
        let drawn = drawn(&columns, 4096);
        let drawn: Vec<&[u32]> = drawn.iter().map(Vec::as_slice).collect();
        let chosen = margins.choose(&drawn, 2048, 7);
        let mut once = chosen.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!((chosen.len(), once.len()), (2048, 2048), "each row at most once");
        let agree = |rows: &mut dyn Iterator<Item = usize>| {
            let all: Vec<bool> = rows.map(|row| drawn[0][row] == drawn[1][row]).collect();
            all.iter().filter(|&&is| is).count() as f64 / all.len() as f64
        };
        let table = (0..TABLE as usize).filter(|&row| columns[0].codes[row] == columns[1].codes[row]).count();
        let table = table as f64 / TABLE as f64;
        // Three in four of the table and one in four of those drawn: among twice as many there are not enough for all.
        assert!(table > 0.7 && agree(&mut (0..4096)) < 0.3);
        let first = agree(&mut chosen[..500].iter().map(|&row| row as usize));
        assert!((first - table).abs() < 0.03, "{first} for {table}");
        // Of those that agree in the table, a quarter has each level: so it is here.
        let zeros = chosen[..500].iter().filter(|&&row| drawn[0][row as usize] == 0).count();
        assert!(zeros.abs_diff(125) <= 8, "{zeros}");
    }

    #[test]
    fn a_count_tells_of_no_fewer_than_must_share_a_value() {
        let margins = Margins::new(&Data::new(columns(TABLE), Support::by_rows(7))).unwrap();
        assert!(margins.pairs.iter().flat_map(|pair| &pair.counts).all(|count| count % 7 == 0));
        // Ten persons of three hundred rows each: none of the cells has eleven.
        let entities: Vec<u32> = (0..TABLE as u32).map(|row| row % 10).collect();
        let support = Support { least: 11, entities: Some(entities.into()) };
        assert_eq!(Margins::new(&Data::new(columns(TABLE), support)), None);
    }

    /// Seventy columns of three levels, each that of the row in `share` of ten rows; the first two are equal.
    fn wide(share: u64) -> Margins {
        let level = |column: u64| {
            let own = if column < 2 { 1 } else { column };
            let is_own = move |row: u64| column >= 2 && lot(row, 100 + own, 10) >= share;
            let code = move |row: u64| lot(row, if is_own(row) { own } else { 1 }, 3) as u32;
            Coded::shared_by_two(&Column::Categories { codes: (0..400).map(code).collect(), levels: 3 })
        };
        Margins::new(&Data::new((0..70).map(level).collect(), Support::by_rows(2))).unwrap()
    }

    #[test]
    fn only_pairs_that_hang_together_are_kept_and_not_too_many() {
        let hangs = |margins: &Margins| margins.pairs.iter().any(|pair| pair.columns == [0, 1]);
        let (few, many) = (wide(0), wide(7));
        // Of 2,414 pairs of noise some come out by chance, 2 % where the information is normal; it is skewed.
        assert!(few.pairs.len() < 200, "{}", few.pairs.len());
        assert_eq!(many.pairs.len(), MAX_PAIRS);
        assert!(hangs(&few) && hangs(&many));
    }

    #[test]
    fn long_tables_and_single_columns_have_none() {
        assert_eq!(Margins::new(&Data::new(columns(MAX_ROWS as u64 + 1), Support::by_rows(5))), None);
        assert_eq!(Margins::new(&Data::new(columns(TABLE)[..1].to_vec(), Support::by_rows(5))), None);
    }
}
