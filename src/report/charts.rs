//! Pictures of what a report found, as SVG: the page, the HTML report and the native command show the same ones.
//!
//! Axes and marks come from a charting library, `plotters`; the pen that writes them is ours (`charts/pen.rs`), and
//! so are the colours (`charts.css`). Each picture says in a sentence what it shows and has its figures in a table. Nothing is
//! told by colour alone. All is drawn from the report's fields, which hold no count below five.

use serde::Serialize;

use super::{Report, Side, Verdict};

mod generations;
mod groups;
mod marks;
mod pairs;
mod pen;
mod plane;
mod scores;
mod spread;

pub use pen::escape;

/// How the pictures look: for whoever shows them.
pub const STYLE: &str = include_str!("charts.css");

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

impl Sheet {
    pub fn new(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Sheet {
        Sheet { heads: heads.iter().map(|head| head.to_string()).collect(), rows: rows.into_iter().collect() }
    }
}

/// Draws what the report holds; reads nothing else.
pub fn draw(report: &Report) -> Vec<Chart> {
    let sides = [Side::Truth, Side::Utility, Side::Safety, Side::Fairness];
    let mut charts: Vec<Chart> = sides.into_iter().filter_map(|side| scores::figures(report, side)).collect();
    charts.extend(scores::columns(report));
    charts.extend(pairs::heat(report));
    charts.extend(plane::plane(report));
    charts.extend(groups::shares(report));
    charts.extend(groups::outcomes(report));
    charts.extend(generations::curves(report));
    charts.extend(
        report.distributions.iter().enumerate().map(|(place, told)| spread::spread(report, place, told)),
    );
    charts
}

/// To a tenth of a hundredth, in one piece; small but real shares never read as nothing, nor nearly-all as all.
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        value if value > 0.0 && value < 0.1 => "< 0.1\u{a0}%".into(),
        value if value > 99.9 && value < 100.0 => "> 99.9\u{a0}%".into(),
        value if value == 0.0 || value == 100.0 => format!("{value:.0}\u{a0}%"),
        value => format!("{value:.1}\u{a0}%"),
    }
}

pub fn percent_or(share: Option<f64>, none: &str) -> String {
    share.map_or(none.into(), percent)
}

/// For axes: no more digits than steps need.
fn short(share: f64) -> String {
    let hundredths = share * 100.0;
    match (hundredths - hundredths.round()).abs() < 1e-6 {
        true => format!("{hundredths:.0}\u{a0}%"),
        false => format!("{hundredths:.1}\u{a0}%"),
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Look => "look",
        Verdict::Bad => "bad",
    }
}

#[cfg(test)]
mod tests;
