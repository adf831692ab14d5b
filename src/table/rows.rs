//! Rows as a reader brings them, one after the other, and a uniform sample of them once they are too many.
//!
//! Row `i` of a file has a fixed random number, its *lot*; the rows with the lowest lots are kept. While all fit, these
//! are all. When they no longer do, a quarter of the lots is ruled out for the rest of the file, and the rows that had
//! drawn them go, with the cells that only they held. So at the end every row of the file was kept with the same chance,
//! and which were kept depends on the cells and the limits alone: not on the chunks, and not on the platform, since sizes
//! are counted and not asked of the allocator.
//!
//! This is Bernoulli sampling with a falling rate, as in Gibbons and Matias, "New sampling-based summary statistics"
//! (1998), their concise samples, over rows. Does not: keep a fixed number; between three quarters of what fits and all
//! of it is kept, or less where one thinning frees more than it must.

use super::{ColumnBuilder, Lines, Table};
use crate::error::{Code, Error, Result};
use crate::math::rng::{ODD, mix};

/// Fewer rows than this are not a sample of a large file.
const FEWEST: usize = 1000;

/// What reading may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that the rows take while they are read, and fitted as far as that grows with the rows.
    pub memory: u64,
    pub rows: u64,
}

/// 2^30 bytes: with a second table to compare with, half of what WebAssembly can address. And a million rows, for the
/// sake of time: a fit takes as much longer as there are more rows.
impl Default for Limits {
    fn default() -> Self {
        Limits { memory: 1 << 30, rows: 1_000_000 }
    }
}

/// A table that grows row by row within limits.
pub struct Rows {
    columns: Vec<ColumnBuilder>,
    lines: Lines,
    limits: Limits,
    /// The highest lot that is kept.
    highest: u64,
    seen: u64,
    kept: usize,
    /// At least what [`Rows::bytes`] would count: it is counted again only when this passes the limit.
    bound: u64,
    /// Cells of the last rows, row after row, and where each ends. They reach the columns together, column by column, so
    /// that each finds its dictionary in the cache.
    batch: String,
    ends: Vec<usize>,
}

/// As much text as stays in the cache beside a dictionary.
const BATCH: usize = 64 << 10;

// Counted rather too high than too low; `bench/large.mjs` shows what a tab really takes.
/// What a row takes beyond its cells: its line, the order of a column's values, and what else a fit makes of one column at a time.
const A_ROW: u64 = 88;
/// What a distinct cell takes beyond its text: its end, its place in the index, and its level.
const A_CELL: u64 = 76;
/// What any cell takes as an atom. Its code is counted as it is, in the table and in a part of it.
const AN_ATOM: u64 = 4;

impl Rows {
    pub fn new(columns: usize, limits: Limits) -> Self {
        let columns = (0..columns).map(|_| ColumnBuilder::default()).collect();
        Rows {
            columns,
            lines: Lines::default(),
            limits,
            highest: u64::MAX,
            seen: 0,
            kept: 0,
            bound: 0,
            batch: String::new(),
            ends: Vec::new(),
        }
    }

    /// Rows that came.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// The next row of the file, a cell a column, and the line that it begins on.
    ///
    /// # Errors
    /// `TooLarge`: not even a thousand rows fit.
    pub fn push<'a>(&mut self, cells: impl Iterator<Item = &'a str>, line: u64) -> Result<()> {
        let is_kept = lot(self.seen) <= self.highest;
        self.seen += 1;
        if !is_kept {
            return Ok(());
        }
        let before = self.batch.len();
        for cell in cells.take(self.columns.len()) {
            self.batch.push_str(cell);
            self.ends.push(self.batch.len());
        }
        let text = (self.batch.len() - before) as u64;
        self.lines.push(self.kept, line);
        self.kept += 1;
        if self.batch.len() + 8 * self.ends.len() >= BATCH {
            self.flush();
        }
        // Codes take at most 4 bytes, twice.
        self.bound += A_ROW + (A_CELL + AN_ATOM + 8) * self.columns.len() as u64 + 2 * text;
        if self.bound > self.limits.memory || self.kept as u64 > self.limits.rows {
            self.fit()
        } else {
            Ok(())
        }
    }

    /// Adds a column that is empty in all rows so far.
    pub fn widen(&mut self) {
        self.flush();
        self.columns.push((0..self.kept).map(|_| "").collect());
    }

    /// A column's distinct cells, each with the rows that hold it, those yet to be flushed left out. None once rows were
    /// let go.
    pub fn counted(&self, column: usize) -> Option<impl Iterator<Item = (&str, u32)>> {
        let column = self.columns.get(column).filter(|_| self.highest == u64::MAX)?;
        Some(column.counted())
    }

    /// # Panics
    /// If there is not a name a column: the caller counted them.
    pub fn finish(self, names: Vec<String>) -> Table {
        self.finish_named(names.into_iter().map(Some).collect())
    }

    /// The same without the columns that have no name.
    ///
    /// # Panics
    /// If there is not a name, or none, a column.
    pub fn finish_named(mut self, names: Vec<Option<String>>) -> Table {
        self.flush();
        assert_eq!(names.len(), self.columns.len(), "a name a column");
        let columns = self.columns.into_iter().zip(names);
        let columns = columns.filter_map(|(column, name)| Some(column.finish(name?)));
        Table::new(columns.collect()).on_lines(self.lines)
    }

    /// Brings the last rows to the columns.
    pub fn flush(&mut self) {
        let Rows { columns, batch, ends, .. } = self;
        let width = columns.len();
        for (place, column) in columns.iter_mut().enumerate() {
            for i in (place..ends.len()).step_by(width) {
                let start = if i == 0 { 0 } else { ends[i - 1] };
                column.push(&batch[start..ends[i]]);
            }
        }
        batch.clear();
        ends.clear();
    }

    fn bytes(&self) -> u64 {
        let column = |column: &ColumnBuilder| {
            let (codes, cells) = (&column.codes, &column.cells);
            2 * codes.bytes() + AN_ATOM * codes.len() as u64 + 2 * cells.bytes() + A_CELL * cells.len() as u64
        };
        A_ROW * self.kept as u64 + self.columns.iter().map(column).sum::<u64>()
    }

    /// Lets rows go until the rest fits, with some room so that it is not counted at every row.
    fn fit(&mut self) -> Result<()> {
        self.flush();
        self.bound = self.bytes();
        while self.bound > self.limits.memory / 64 * 63 || self.kept as u64 > self.limits.rows {
            let before = self.highest;
            self.highest = self.highest / 4 * 3;
            let lots = (0..self.seen).map(lot).filter(|&lot| lot <= before);
            let kept: Vec<bool> = lots.map(|lot| lot <= self.highest).collect();
            self.kept = kept.iter().filter(|&&kept| kept).count();
            if self.kept < FEWEST.min(self.limits.rows as usize) {
                return Err(Error::new(
                    Code::TooLarge,
                    format!(
                        "fewer than {FEWEST} rows of this file fit into the memory that may be used: allow for more, or \
                         leave out columns with long texts and try again"
                    ),
                ));
            }
            self.columns.iter_mut().for_each(|column| column.keep(&kept));
            self.lines = self.lines.keep(&kept);
            self.bound = self.bytes();
        }
        Ok(())
    }
}

/// The random number of a row: SplitMix64 (Steele, Lea, Flood 2014) at that place.
fn lot(row: u64) -> u64 {
    mix(row.wrapping_add(1).wrapping_mul(ODD))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(count: u64, limits: Limits) -> Table {
        let mut rows = Rows::new(3, limits);
        for i in 0..count {
            rows.push([i.to_string().as_str(), ["a", "b"][i as usize % 2], "same"].into_iter(), i + 2)
                .unwrap();
        }
        assert_eq!(rows.seen(), count);
        rows.finish(["id", "letter", "constant"].map(String::from).to_vec())
    }

    fn ids(table: &Table) -> Vec<u64> {
        (0..table.rows()).map(|row| table.columns()[0].cell(row).parse().unwrap()).collect()
    }

    #[test]
    fn all_rows_are_kept_while_they_fit() {
        let table = read(5000, Limits { memory: 1 << 30, rows: 5000 });
        assert_eq!(ids(&table), (0..5000).collect::<Vec<_>>());
    }

    #[test]
    fn rows_stay_whole_and_in_order_and_cells_that_nobody_holds_go() {
        let table = read(50_000, Limits { memory: 1 << 30, rows: 4000 });
        let ids = ids(&table);
        assert!((2000..=4000).contains(&ids.len()), "{}", ids.len());
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        for (row, id) in ids.iter().enumerate() {
            assert_eq!(table.columns()[1].cell(row), ["a", "b"][*id as usize % 2]);
        }
        let distinct: Vec<usize> = table.columns().iter().map(|column| column.cells().len()).collect();
        assert_eq!(distinct, [ids.len(), 2, 1]);
        assert!(table.columns().iter().all(|column| !column.counts().contains(&0)));
    }

    #[test]
    fn memory_stays_within_its_limit() {
        let limits = Limits { memory: 1_000_000, rows: u64::MAX };
        let mut rows = Rows::new(2, limits);
        for i in 0..200_000u64 {
            rows.push([format!("text of row {i}").as_str(), "x"].into_iter(), i + 2).unwrap();
            assert!(rows.bytes() <= limits.memory, "row {i}");
        }
        assert!(rows.bytes() > limits.memory / 2);
        let long = "x".repeat(10_000);
        let mut rows = Rows::new(1, limits);
        let refused =
            (0..200).find_map(|i| rows.push([format!("{i}{long}").as_str()].into_iter(), i + 2).err());
        assert_eq!(refused.unwrap().code(), Code::TooLarge);
    }

    /// Pearson's chi-squared over 100 stretches of a file, 99 degrees of freedom, at alpha = 0.001: below 148.2. The same
    /// for the letters (1 degree: below 10.8), and for neighbours: a kept row's next is kept as often as any.
    #[test]
    fn every_row_has_the_same_chance() {
        let (count, stretches) = (400_000, 100);
        let kept = ids(&read(count, Limits { memory: 1 << 30, rows: 30_000 }));
        let chi = |observed: &[f64]| {
            let expected = observed.iter().sum::<f64>() / observed.len() as f64;
            observed.iter().map(|n| (n - expected).powi(2) / expected).sum::<f64>()
        };
        let mut counts = vec![0.0; stretches];
        kept.iter().for_each(|&id| counts[(id * stretches as u64 / count) as usize] += 1.0);
        assert!(chi(&counts) / (1.0 - kept.len() as f64 / count as f64) < 148.2, "{}", chi(&counts));
        let odd = kept.iter().filter(|&&id| id % 2 == 1).count() as f64;
        assert!(chi(&[odd, kept.len() as f64 - odd]) < 10.8);
        let share = kept.len() as f64 / count as f64;
        let neighbours = kept.windows(2).filter(|pair| pair[0] + 1 == pair[1]).count() as f64;
        let expected = kept.len() as f64 * share;
        assert!((neighbours - expected).abs() < 3.29 * expected.sqrt(), "{neighbours} of {expected}");
    }

    /// Pinned: a change here changes every sample of a large file.
    #[test]
    fn lots_are_stable() {
        let table = read(100_000, Limits { memory: 1 << 30, rows: 1500 });
        assert_eq!((table.rows(), &ids(&table)[..4]), (PINNED.0, &PINNED.1[..]));
    }
    const PINNED: (usize, [u64; 4]) = (1342, [203, 254, 319, 366]);
}
