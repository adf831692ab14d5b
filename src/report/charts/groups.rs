//! Groups of people: how large each is, and how often it has the outcome.

use super::marks::{Bar, Names, bars, bars_height};
use super::pen::picture;
use super::{Chart, Sheet, percent, percent_or};
use crate::report::{Report, Side};

/// Groups that are drawn, the most different.
const DRAWN: usize = 10;

pub fn shares(report: &Report) -> Option<Chart> {
    let rows = report.groups.iter().map(|group| (format!("{}: {}", group.column, group.name), group.shares));
    chart("group-shares", "How large groups are", "its share of the rows is", rows.collect())
}

pub fn outcomes(report: &Report) -> Option<Chart> {
    let rows = report.groups.iter().filter(|group| group.rates.iter().any(Option::is_some));
    let rows = rows.map(|group| (format!("{}: {}", group.column, group.name), group.rates));
    chart(
        "group-outcomes",
        "How often groups have the outcome",
        "the outcome's share of it is",
        rows.collect(),
    )
}

fn chart(key: &str, title: &str, says: &str, mut rows: Vec<(String, [Option<f64>; 3])>) -> Option<Chart> {
    let gap = |shares: &[Option<f64>; 3]| shares[0].zip(shares[2]).map(|(real, made)| (real - made).abs());
    let key_of = |(_, shares): &(String, [Option<f64>; 3])| gap(shares).unwrap_or(-1.0);
    rows.sort_by(|a, b| key_of(b).total_cmp(&key_of(a)));
    let (name, [Some(real), held, Some(made)]) = rows.first()? else { return None };
    let beside = held.map_or(String::new(), |held| format!(", {} among held-out ones", percent(held)));
    let sentence = format!(
        "“{name}” differs most: {says} {} among the real rows{beside}, and {} among the synthetic ones.",
        percent(*real),
        percent(*made),
    );
    let cells = |(name, shares): &(String, [Option<f64>; 3])| {
        let [real, held, made] = shares.map(|share| percent_or(share, "-"));
        vec![name.clone(), real, held, made]
    };
    let table = Sheet::new(&["Group", "Real", "Held-out real", "Synthetic"], rows.iter().map(cells));
    let drawn: Vec<Bar> = rows.into_iter().take(DRAWN).map(|(name, shares)| Bar { name, shares }).collect();
    let svg = picture(key, title, &sentence, bars_height(&drawn, Names::Above), |canvas| {
        bars(canvas, &drawn, Names::Above)
    });
    Some(Chart { key: key.into(), side: Side::Fairness, title: title.into(), sentence, svg, table })
}
