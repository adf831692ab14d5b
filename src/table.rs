//! A table as it came from the file: named columns of text cells.
//!
//! A column is dictionary-coded: each distinct cell is stored once, in one arena, and a row holds its
//! code. So a file of a few gigabytes fits, and everything that is asked of a column (its kind, its
//! levels) is asked once a distinct cell.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

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
        if self.0.is_empty() || self.of(row) != line {
            self.0.push((row, line));
        }
    }

    /// Where no file says else, the rows stand below one line for the header.
    fn of(&self, row: usize) -> u64 {
        match self.0.partition_point(|&(first, _)| first <= row).checked_sub(1) {
            Some(at) => self.0[at].1 + (row - self.0[at].0) as u64,
            None => row as u64 + 2,
        }
    }
}

/// One named column: a code a row, and the distinct cells in the order of first appearance.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    codes: Vec<u32>,
    cells: Cells,
}

/// Distinct texts in one arena; `ends[i]` is where the i-th ends.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    text: String,
    ends: Vec<usize>,
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

    /// The given rows, in the given order. The dictionaries are kept whole.
    pub fn select(&self, rows: &[usize]) -> Table {
        let pick = |column: &Column| Column {
            name: column.name.clone(),
            codes: rows.iter().map(|&row| column.codes[row]).collect(),
            cells: column.cells.clone(),
        };
        let mut lines = Lines::default();
        rows.iter().enumerate().for_each(|(to, &from)| lines.push(to, self.line(from)));
        Table { columns: self.columns.iter().map(pick).collect(), rows: rows.len(), lines }
    }
}

impl Column {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Row to index into [`Column::cells`].
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    pub fn cell(&self, row: usize) -> &str {
        self.cells.get(self.codes[row])
    }

    /// How many rows hold each distinct cell; zero for those that a [`Table::select`] left out.
    pub fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.cells.len()];
        for &code in &self.codes {
            counts[code as usize] += 1;
        }
        counts
    }
}

impl Cells {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn get(&self, code: u32) -> &str {
        let i = code as usize;
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[start..self.ends[i]]
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|code| self.get(code))
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }
}

/// A column that grows cell by cell.
#[derive(Default)]
pub struct ColumnBuilder {
    codes: Vec<u32>,
    cells: Cells,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl ColumnBuilder {
    pub fn push(&mut self, cell: &str) {
        let Self { codes, cells, index, hasher } = self;
        let hash = hasher.hash_one(cell);
        let code = match index.find(hash, |&code| cells.get(code) == cell) {
            Some(&code) => code,
            None => {
                let code = cells.len() as u32;
                cells.push(cell);
                index.insert_unique(hash, code, |&code| hasher.hash_one(cells.get(code)));
                code
            }
        };
        codes.push(code);
    }

    /// The distinct cells, each with the rows that hold it.
    pub fn counted(&self) -> impl Iterator<Item = (&str, u32)> {
        let mut counts = vec![0; self.cells.len()];
        self.codes.iter().for_each(|&code| counts[code as usize] += 1);
        self.cells.iter().zip(counts)
    }

    pub fn finish(self, name: impl Into<String>) -> Column {
        Column { name: name.into(), codes: self.codes, cells: self.cells }
    }
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
        assert_eq!(column.codes(), [0, 1, 2, 0, 1]);
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
    fn select_keeps_order_and_counts() {
        let table = Table::new(vec![ColumnBuilder::from_iter(["a", "b", "c"]).finish("x")]);
        let picked = table.select(&[2, 0]);
        assert_eq!(picked.rows(), 2);
        assert_eq!(picked.columns()[0].cell(0), "c");
        assert_eq!(picked.columns()[0].counts(), [1, 0, 1]);
    }
}
