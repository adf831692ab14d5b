//! What models and measures see: numbers and category codes, never text.

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

impl Frame {
    /// # Panics
    /// If the columns differ in length: the caller built them.
    pub fn new(columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, Column::len);
        assert!(columns.iter().all(|column| column.len() == rows), "columns of equal length");
        Frame { rows, columns }
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
