//! What a report is about: the tables that are compared, what is known of them beside, and what is asked.

use serde::Serialize;

use crate::frame::Frame;

/// The tables that are compared, from one codec.
pub struct Tables {
    /// Of the columns.
    pub names: Vec<String>,
    pub train: Frame,
    /// With rows, where there is one.
    pub holdout: Option<Frame>,
    /// None where someone else chose it.
    pub held_out: Option<HeldOut>,
    pub synthetic: Frame,
    /// Of each column the text of each level that may be told, since enough rows share it; None for other levels, and nothing for numbers.
    pub labels: Vec<Vec<Option<String>>>,
    /// Whether a column's numbers are seconds since 1970.
    pub dates: Vec<bool>,
    pub asked: Asked,
    pub known: Known,
}

#[cfg(test)]
impl Tables {
    /// Without names of columns or levels; nothing is asked.
    pub fn plain(train: Frame, holdout: Option<Frame>, synthetic: Frame) -> Tables {
        let labels = |column: &crate::frame::Column| match column {
            crate::frame::Column::Numbers(_) => Vec::new(),
            crate::frame::Column::Categories { levels, .. } => vec![None; *levels as usize],
        };
        Tables {
            names: (0..train.columns.len()).map(|place| format!("column {place}")).collect(),
            labels: train.columns.iter().map(labels).collect(),
            asked: Asked::default(),
            held_out: Some(HeldOut::Rows),
            dates: vec![false; train.columns.len()],
            known: Known::default(),
            train,
            holdout,
            synthetic,
        }
    }
}

/// What is known of the tables that their frames do not hold. Nothing of it has to be.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Rows of training table, holdout and synthetic table; their frames may hold as many as are looked at, by lot.
    pub rows: Option<[usize; 3]>,
    /// Of each column of levels the codes that stand for "no value".
    pub gaps: Vec<Vec<u32>>,
    /// Of the columns of the training and of another table the share that both have, of one type: the synthetic table's, and
    /// the holdout's.
    pub structure: Option<[Option<f64>; 2]>,
    /// Of a column whose values tell rows apart the share of rows with a value that no earlier row has: in the synthetic
    /// table, and in the holdout.
    pub key: Option<(String, [Option<f64>; 2])>,
    pub facts: Facts,
}

/// Rules that the training table's rows keep, and how often they are broken.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub list: Vec<Fact>,
    /// Rows that break any of them.
    pub any: Broken,
}

#[derive(Clone, Debug)]
pub struct Fact {
    /// For everyone: names no value that few rows share.
    pub sentence: String,
    pub columns: Vec<String>,
    pub broken: Broken,
}

/// Of the training table, the holdout and the synthetic table: rows that break a rule, and rows that could.
pub type Broken = [Option<[usize; 2]>; 3];

/// What the owner wants to know, by places of columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What is to be predicted from the others.
    pub target: Option<usize>,
    /// Columns that tell groups whom a table may wrong.
    pub protected: Vec<usize>,
}

/// What is held out as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldOut {
    Rows,
    /// All rows of a person.
    Persons,
    /// Stretches of rows that stand in the order of time.
    Time,
}
