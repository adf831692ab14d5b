//! A table as it came from the file: named columns of text cells.
//!
//! A column is dictionary-coded: each distinct cell is stored once, and a row holds its code. So a large file fits, and
//! everything that is asked of a column (its kind, its levels) is asked once a distinct cell. Of a file that does not fit,
//! [`rows`] keeps a sample.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::math::rng::ODD;

mod cells;
mod codes;
pub mod rows;

pub use cells::Cells;
use codes::Codes;

/// Named columns of equal length.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
    lines: Lines,
}

/// The line of the file on which each row begins. Kept only where lines and rows part: a row and its line, from where
/// on the rows follow line by line.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<(usize, u64)>);

impl Lines {
    /// The next row begins on this line.
    pub fn push(&mut self, row: usize, line: u64) {
        let follows = self.0.last().is_some_and(|&(first, begins)| begins + (row - first) as u64 == line);
        if !follows {
            self.0.push((row, line));
        }
    }

    /// Those of the marked rows.
    fn keep(&self, kept: &[bool]) -> Lines {
        let mut lines = Lines::default();
        let rows = (0..kept.len()).filter(|&row| kept[row]);
        rows.enumerate().for_each(|(to, from)| lines.push(to, self.of(from)));
        lines
    }

    /// Where no file says else, the rows stand below one line for the header.
    fn of(&self, row: usize) -> u64 {
        match self.0.partition_point(|&(first, _)| first <= row).checked_sub(1) {
            Some(at) => self.0[at].1 + (row - self.0[at].0) as u64,
            None => row as u64 + 2,
        }
    }
}

/// One named column: a code a row, and the distinct cells in the order of first appearance. Copies share both.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    codes: Arc<Codes>,
    cells: Arc<Cells>,
}

impl Table {
    /// # Panics
    /// If the columns differ in length: the caller built them.
    pub fn new(columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, |column| column.codes.len());
        assert!(columns.iter().all(|column| column.codes.len() == rows), "columns of equal length");
        Table { columns, rows, lines: Lines::default() }
    }

    /// The table with the lines that its rows come from.
    pub fn on_lines(self, lines: Lines) -> Self {
        Table { lines, ..self }
    }

    /// The line of the file on which the row begins.
    pub fn line(&self, row: usize) -> u64 {
        self.lines.of(row)
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The named column.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The given rows, in the given order. The dictionaries are kept whole, and shared.
    pub fn select(&self, rows: &[usize]) -> Table {
        let pick = |column: &Column| Column {
            name: column.name.clone(),
            codes: Arc::new(rows.iter().map(|&row| column.codes.get(row)).collect()),
            cells: column.cells.clone(),
        };
        let mut lines = Lines::default();
        rows.iter().enumerate().for_each(|(to, &from)| lines.push(to, self.line(from)));
        Table { columns: self.columns.iter().map(pick).collect(), rows: rows.len(), lines }
    }

    /// The table as if the rows that are not marked had never been in the file.
    pub fn keep(&self, kept: &[bool]) -> Table {
        let columns: Vec<Column> = self.columns.iter().map(|column| column.keep(kept)).collect();
        let rows = kept.iter().filter(|kept| **kept).count();
        Table { columns, rows, lines: self.lines.keep(kept) }
    }
}

impl Column {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For each row the index into [`Column::cells`].
    pub fn codes(&self) -> impl ExactSizeIterator<Item = u32> {
        self.codes.iter()
    }

    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    pub fn cell(&self, row: usize) -> &str {
        self.cells.get(self.codes.get(row))
    }

    /// The column as if the rows that are not marked had never been in the file: without the cells that they alone held,
    /// and the others in the order in which they then appear.
    pub fn keep(&self, kept: &[bool]) -> Column {
        let mut renumbered = vec![u32::MAX; self.cells.len()];
        let mut cells = Cells::default();
        let rows = self.codes().zip(kept).filter(|(_, kept)| **kept);
        let codes = rows.map(|(code, _)| {
            let new = &mut renumbered[code as usize];
            if *new == u32::MAX {
                *new = cells.len() as u32;
                cells.push(self.cells.get(code));
            }
            *new
        });
        Column { name: self.name.clone(), codes: Arc::new(codes.collect()), cells: Arc::new(cells) }
    }

    /// How many rows hold each distinct cell; zero for those that a [`Table::select`] left out.
    pub fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.cells.len()];
        self.codes().for_each(|code| counts[code as usize] += 1);
        counts
    }
}

/// A column that grows cell by cell.
#[derive(Default)]
pub struct ColumnBuilder {
    codes: Codes,
    cells: Cells,
    index: HashTable<Entry>,
    hasher: DefaultHashBuilder,
}

impl ColumnBuilder {
    pub fn push(&mut self, cell: &str) {
        let Self { codes, cells, index, hasher } = self;
        let hash = hash(hasher, cell);
        let is_it = |entry: &Entry| entry.hash == hash && cells.get(entry.code) == cell;
        let code = match index.find(spread(hash), is_it) {
            Some(entry) => entry.code,
            None => {
                let code = cells.len() as u32;
                cells.push(cell);
                index.insert_unique(spread(hash), Entry { hash, code }, |entry| spread(entry.hash));
                code
            }
        };
        codes.push(code);
    }

    /// The distinct cells, each with the rows that hold it.
    pub fn counted(&self) -> impl Iterator<Item = (&str, u32)> {
        let mut counts = vec![0; self.cells.len()];
        self.codes.iter().for_each(|code| counts[code as usize] += 1);
        self.cells.iter().zip(counts)
    }

    pub fn finish(self, name: impl Into<String>) -> Column {
        Column { name: name.into(), codes: Arc::new(self.codes), cells: Arc::new(self.cells) }
    }

    /// Forgets the rows that are not marked, and the cells that only they held.
    fn keep(&mut self, kept: &[bool]) {
        let mut held = vec![false; self.cells.len()];
        self.codes
            .iter()
            .zip(kept)
            .filter(|(_, kept)| **kept)
            .for_each(|(code, _)| held[code as usize] = true);
        let mut next = 0;
        let number = |&held: &bool| {
            next += u32::from(held);
            next.wrapping_sub(1)
        };
        let renumbered: Vec<u32> = held.iter().map(number).collect();
        self.codes = std::mem::take(&mut self.codes).keep(kept, &renumbered);
        self.cells = std::mem::take(&mut self.cells).keep(&held);
        self.index.retain(|entry| {
            let stays = held[entry.code as usize];
            entry.code = renumbered[entry.code as usize];
            stays
        });
        self.index.shrink_to(0, |entry| spread(entry.hash));
    }
}

/// The place of a cell in the index. The hash stays beside the code: to hash the cells again whenever the index grows
/// would touch them all.
struct Entry {
    hash: u32,
    code: u32,
}

fn hash(hasher: &DefaultHashBuilder, cell: &str) -> u32 {
    let mut state = hasher.build_hasher();
    state.write(cell.as_bytes());
    state.finish() as u32
}

/// 64 bits as the index wants them, the upper ones too.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(ODD)
}

/// A column from cells at hand.
impl<'a> FromIterator<&'a str> for ColumnBuilder {
    fn from_iter<I: IntoIterator<Item = &'a str>>(cells: I) -> Self {
        let mut builder = ColumnBuilder::default();
        cells.into_iter().for_each(|cell| builder.push(cell));
        builder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_each_distinct_cell_once() {
        let column = ColumnBuilder::from_iter(["a", "", "b", "a", ""]).finish("x");
        assert!(column.codes().eq([0, 1, 2, 0, 1]));
        assert_eq!(column.cells().iter().collect::<Vec<_>>(), ["a", "", "b"]);
        assert_eq!(column.counts(), [2, 2, 1]);
        assert_eq!(column.cell(3), "a");
    }

    #[test]
    fn rows_know_their_lines() {
        let column = ColumnBuilder::from_iter(["a", "b", "c", "d"]).finish("x");
        let mut lines = Lines::default();
        [3, 4, 8, 9].into_iter().enumerate().for_each(|(row, line)| lines.push(row, line));
        assert_eq!(lines.0, [(0, 3), (2, 8)]);
        let table = Table::new(vec![column]).on_lines(lines);
        assert_eq!((0..4).map(|row| table.line(row)).collect::<Vec<_>>(), [3, 4, 8, 9]);
        let picked = table.select(&[1, 3]);
        assert_eq!((picked.line(0), picked.line(1)), (4, 9));
    }

    #[test]
    fn what_is_not_kept_was_never_there() {
        let column = ColumnBuilder::from_iter(["b", "a", "c", "b", "a"]).finish("x");
        let left = Table::new(vec![column]).keep(&[false, true, false, true, true]);
        let column = &left.columns()[0];
        assert!(column.codes().eq([0, 1, 0]));
        assert_eq!(column.cells().iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((left.rows(), left.line(0), left.line(1)), (3, 3, 5));
    }

    #[test]
    fn select_keeps_order_and_counts() {
        let table = Table::new(vec![ColumnBuilder::from_iter(["a", "b", "c"]).finish("x")]);
        let picked = table.select(&[2, 0]);
        assert_eq!(picked.rows(), 2);
        assert_eq!(picked.columns()[0].cell(0), "c");
        assert_eq!(picked.columns()[0].counts(), [1, 0, 1]);
    }
}
