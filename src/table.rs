//! A table as it came from the file: named columns of text cells.
//!
//! A column is dictionary-coded: each distinct cell is stored once, and a row holds its code. So a large file fits, and
//! everything that is asked of a column (its kind, its levels) is asked once a distinct cell. Of a file that does not fit,
//! [`rows`] keeps a sample.

use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};

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
        Table { columns, rows }
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
        Table { columns: self.columns.iter().map(pick).collect(), rows: rows.len() }
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
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
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
    fn select_keeps_order_and_counts() {
        let table = Table::new(vec![ColumnBuilder::from_iter(["a", "b", "c"]).finish("x")]);
        let picked = table.select(&[2, 0]);
        assert_eq!(picked.rows(), 2);
        assert_eq!(picked.columns()[0].cell(0), "c");
        assert_eq!(picked.columns()[0].counts(), [1, 0, 1]);
    }
}
