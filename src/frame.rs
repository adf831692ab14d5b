//! What models and measures see: numbers and category codes, never text. And whose rows they are.

use std::sync::Arc;

/// Columns of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub rows: usize,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Numbers, or seconds since 1970. NaN is a missing value.
    Numbers(Vec<f64>),
    /// Codes in `0..levels`. A missing value is a level like any other; the code `levels` is a level that the
    /// codec does not know.
    Categories { codes: Vec<u32>, levels: u32 },
}

/// How many must share a value for it to be drawn or kept, and whose the rows are. A row is a person of its own, unless
/// several are known to belong to one.
#[derive(Clone, Debug)]
pub struct Support {
    /// Persons that must share a value.
    pub least: u32,
    /// The person of each row, by any number, where several rows may be one's.
    pub entities: Option<Arc<[u32]>>,
}

impl Support {
    /// Every row is a person.
    pub fn by_rows(least: u32) -> Support {
        Support { least, entities: None }
    }

    /// The same of some of the rows.
    pub fn select(&self, rows: &[u32]) -> Support {
        let entities = self.entities.as_ref();
        let entities = entities.map(|entities| rows.iter().map(|&row| entities[row as usize]).collect());
        Support { least: self.least, entities }
    }

    /// Whose the row is.
    pub fn person(&self, row: u32) -> u32 {
        self.entities.as_ref().map_or(row, |entities| entities[row as usize])
    }

    /// How many persons have each of the codes `0..count`, given by row; codes beyond are passed over.
    pub fn persons(&self, codes: impl Iterator<Item = u32>, count: usize) -> Vec<u64> {
        let mut persons = vec![0; count];
        let mut add = |code: u32| {
            if let Some(persons) = persons.get_mut(code as usize) {
                *persons += 1;
            }
        };
        match &self.entities {
            None => codes.for_each(add),
            Some(entities) => {
                let mut pairs: Vec<(u32, u32)> = codes.zip(entities.iter().copied()).collect();
                pairs.sort_unstable();
                pairs.dedup();
                pairs.into_iter().for_each(|(code, _)| add(code));
            }
        }
        persons
    }
}

impl Frame {
    /// # Panics
    /// If the columns differ in length: the caller built them.
    pub fn new(columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, Column::len);
        assert!(columns.iter().all(|column| column.len() == rows), "columns of equal length");
        Frame { rows, columns }
    }

    /// The given rows, in the given order.
    pub fn select(&self, rows: &[usize]) -> Frame {
        let pick = |column: &Column| match column {
            Column::Numbers(values) => Column::Numbers(rows.iter().map(|&row| values[row]).collect()),
            Column::Categories { codes, levels } => {
                Column::Categories { codes: rows.iter().map(|&row| codes[row]).collect(), levels: *levels }
            }
        };
        Frame { rows: rows.len(), columns: self.columns.iter().map(pick).collect() }
    }

    /// The columns at the given places.
    pub fn project(&self, places: &[usize]) -> Frame {
        Frame { rows: self.rows, columns: places.iter().map(|&place| self.columns[place].clone()).collect() }
    }
}

impl Column {
    pub fn len(&self) -> usize {
        match self {
            Column::Numbers(values) => values.len(),
            Column::Categories { codes, .. } => codes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
