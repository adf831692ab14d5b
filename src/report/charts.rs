//! Pictures of what a report found, as SVG: the page, the HTML report and the native command show the same ones.

use serde::Serialize;

use super::{Report, Side};

/// A picture of one finding: what it shows in a sentence, and the figures behind it.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    pub key: String,
    pub side: Side,
    pub title: String,
    /// What one sees, made from the figures.
    pub sentence: String,
    pub svg: String,
    pub table: Sheet,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Sheet {
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Draws what the report holds; reads nothing else.
pub fn draw(_report: &Report) -> Vec<Chart> {
    Vec::new()
}
