//! Figures of one side beside each other, and columns by their shape: a mark for the value, whiskers for its interval, a stroke
//! for what held-out real rows score.

use plotters::style::text_anchor::HPos;

use super::marks::{Mark, legend, legend_height, mark, named, plot, shares_below};
use super::pen::{Ink, WIDTH, path, picture, write};
use super::{Chart, Sheet, percent, percent_or, word};
use crate::report::{Report, Score, Side, Verdict, likeness};

const ROW: f64 = 40.0;
/// Columns that are drawn, those furthest off.
const COLUMNS: usize = 10;

/// One figure of many.
struct Row {
    name: String,
    value: f64,
    interval: Option<[f64; 2]>,
    ceiling: Option<f64>,
    best: Option<f64>,
    verdict: Verdict,
}

/// None where nothing was asked about the side.
pub fn figures(report: &Report, side: Side) -> Option<Chart> {
    let scores: Vec<&Score> = report.scores.iter().filter(|score| score.side == side).collect();
    let row = |score: &&Score| Row {
        name: score.name.into(),
        value: score.value,
        interval: score.interval,
        ceiling: score.ceiling,
        best: Some(score.best),
        verdict: score.verdict,
    };
    let rows: Vec<Row> = scores.iter().map(row).collect();
    let (title, key) = match side {
        Side::Truth => ("How true: all figures", "figures-truth"),
        Side::Utility => ("How useful: all figures", "figures-utility"),
        Side::Safety => ("How safe: all figures", "figures-safety"),
        Side::Fairness => ("How fair: all figures", "figures-fairness"),
    };
    let of = |verdict: Verdict| {
        let named: Vec<&str> =
            scores.iter().filter(|score| score.verdict == verdict).map(|score| score.name).collect();
        named.join(", ")
    };
    let good = scores.iter().filter(|score| score.verdict == Verdict::Good).count();
    let mut sentence = match scores.len() {
        1 => format!("{good} of 1 figure is good"),
        all => format!("{good} of {all} figures are good"),
    };
    for (verdict, says) in [(Verdict::Look, "to be looked at"), (Verdict::Bad, "bad")] {
        if scores.iter().any(|score| score.verdict == verdict) {
            sentence += &format!("; {says}: {}", of(verdict));
        }
    }
    sentence.push('.');
    let heads = ["Figure", "Verdict", "Synthetic", "95 % interval", "Held-out real", "Perfect"];
    (!rows.is_empty()).then(|| chart(key, side, title, sentence, &heads, &rows))
}

/// The columns whose shapes differ most.
pub fn columns(report: &Report) -> Option<Chart> {
    let row = |column: &crate::report::ColumnScore| Row {
        name: column.name.clone(),
        value: column.value,
        interval: None,
        ceiling: column.ceiling,
        best: None,
        verdict: likeness(column.value, column.ceiling),
    };
    let rows: Vec<Row> = report.columns.iter().map(row).collect();
    let (worst, all) = (rows.first()?, rows.len());
    let held = worst
        .ceiling
        .map_or(String::new(), |ceiling| format!("; held-out real rows reach {}", percent(ceiling)));
    let sentence = format!(
        "{} of {all} columns {} near the real ones; {} is furthest off, with a likeness of {}{held}.",
        rows.iter().filter(|row| row.verdict == Verdict::Good).count(),
        if all == 1 { "is" } else { "are" },
        worst.name,
        percent(worst.value),
    );
    let heads = ["Column", "Verdict", "Synthetic", "95 % interval", "Held-out real", "Perfect"];
    let drawn = &rows[..rows.len().min(COLUMNS)];
    let mut chart = chart("columns", Side::Truth, "Columns, the furthest off first", sentence, &heads, drawn);
    chart.table = Sheet::new(
        &["Column", "Verdict", "Synthetic", "Held-out real"],
        rows.iter().map(|row| {
            vec![row.name.clone(), word(row.verdict).into(), percent(row.value), percent_or(row.ceiling, "-")]
        }),
    );
    Some(chart)
}

fn chart(key: &str, side: Side, title: &str, sentence: String, heads: &[&str], rows: &[Row]) -> Chart {
    let interval = |[low, high]: [f64; 2]| format!("{} to {}", percent(low), percent(high));
    let cells = |row: &Row| {
        vec![
            row.name.clone(),
            word(row.verdict).into(),
            percent(row.value),
            row.interval.map_or("-".into(), interval),
            percent_or(row.ceiling, "-"),
            percent_or(row.best, "-"),
        ]
    };
    let table = Sheet::new(heads, rows.iter().map(cells));
    let svg = svg(key, title, &sentence, rows);
    Chart { key: key.into(), side, title: title.into(), sentence, svg, table }
}

fn svg(key: &str, title: &str, sentence: &str, rows: &[Row]) -> String {
    let shown = |verdict: Verdict| rows.iter().any(|row| row.verdict == verdict);
    let mut items: Vec<(Mark, &str)> = [Verdict::Good, Verdict::Look, Verdict::Bad]
        .into_iter()
        .filter(|&verdict| shown(verdict))
        .map(|verdict| (Mark::Verdict(verdict), word(verdict)))
        .collect();
    items.extend(named([(Mark::Stroke, "held-out real")], rows.iter().any(|row| row.ceiling.is_some())));
    if rows.iter().any(|row| row.best.is_some()) {
        items.push((Mark::Perfect, "perfect"));
    }
    let top = legend_height(&items) + 4.0;
    let count = rows.len() as f64;
    let height = (top + ROW * count + 24.0) as i32;
    let all = || {
        rows.iter().flat_map(|row| {
            [Some(row.value), row.ceiling, row.best]
                .into_iter()
                .flatten()
                .chain(row.interval.into_iter().flatten())
        })
    };
    // Beyond twice the whole nothing can be read: such marks stand at the edge, and their value is written.
    let (low, high) = (all().fold(0.0, f64::min).max(-1.0), all().fold(1.0, f64::max).min(2.0));
    // Columns that are all alike are looked at more closely.
    let low = match rows.iter().all(|row| row.best.is_none()) {
        true => (all().fold(1.0, f64::min) * 10.0 - 0.5).floor().max(0.0) / 10.0,
        false => low,
    };
    picture(key, title, sentence, height, |canvas| {
        legend(canvas, &items);
        let mut plot = plot(canvas, [18.0, 22.0, top, 22.0], low..high, 0.0..count);
        shares_below(&mut plot, 5);
        for (place, row) in rows.iter().enumerate() {
            let at = |value: f64| {
                let (x, y) = plot.backend_coord(&(value.clamp(low, high), count - place as f64));
                (f64::from(x) / 10.0, f64::from(y) / 10.0 + 28.0)
            };
            let (x, y) = at(row.value);
            let edge = f64::from(WIDTH);
            write(canvas, &row.name, Ink::Text, HPos::Left, (18.0, y - 17.0), edge - 92.0);
            write(canvas, &percent(row.value), Ink::Text, HPos::Right, (edge - 4.0, y - 17.0), 66.0);
            path(canvas, Ink::Grid.line(10), &[at(low), at(high)]);
            if let Some([from, to]) = row.interval {
                path(canvas, Ink::Text.line(15), &[at(from), at(to)]);
                for end in [at(from), at(to)] {
                    path(canvas, Ink::Text.line(15), &[(end.0, y - 3.0), (end.0, y + 3.0)]);
                }
            }
            if let Some(best) = row.best {
                mark(canvas, Mark::Perfect, at(best));
            }
            if let Some(ceiling) = row.ceiling {
                mark(canvas, Mark::Stroke, at(ceiling));
            }
            mark(canvas, Mark::Verdict(row.verdict), (x, y));
        }
    })
}
