//! How a column's values are spread: real rows as an area, synthetic ones as a strong line, held-out ones as a dotted one;
//! categories as bars.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::marks::{Bar, Mark, Names, bars, bars_height, legend, named, plot, shares_beside};
use super::pen::{Ink, WIDTH, picture, width, write};
use super::{Chart, Sheet, percent, percent_or};
use crate::report::truth::distributions::{Bin, Distribution, Kind, Place};
use crate::report::{Report, Side};

const HEIGHT: i32 = 170;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 8.0;
/// What stands apart from the steps: how wide, in steps, and the gap before.
const OUTER: f64 = 1.6;
const GAP: f64 = 0.6;

pub fn spread(report: &Report, place: usize, told: &Distribution) -> Chart {
    let key = format!("spread-{}", place + 1);
    let title = format!("How “{}” is spread", told.column);
    let sentence = sentence(report, told);
    let svg = match told.kind {
        Kind::Categories => {
            let bar =
                |bin: &Bin| Bar { name: bin.label.clone(), shares: [bin.real, bin.held_out, bin.synthetic] };
            let rows: Vec<Bar> = told.bins.iter().map(bar).collect();
            picture(&key, &title, &sentence, bars_height(&rows, Names::Beside), |canvas| {
                bars(canvas, &rows, Names::Beside)
            })
        }
        Kind::Numbers | Kind::Dates => {
            picture(&key, &title, &sentence, HEIGHT, |canvas| steps(canvas, &told.bins))
        }
    };
    let has_holdout = report.rows.holdout > 0;
    let cells = |bin: &Bin| {
        let held = percent_or(bin.held_out, if has_holdout { "< 5 rows" } else { "-" });
        vec![bin.label.clone(), percent_or(bin.real, "< 5 rows"), held, percent_or(bin.synthetic, "< 5 rows")]
    };
    let table = Sheet::new(&["Value", "Real", "Held-out real", "Synthetic"], told.bins.iter().map(cells));
    Chart { key, side: Side::Truth, title, sentence, svg, table }
}

fn sentence(report: &Report, told: &Distribution) -> String {
    let mut text = match report.columns.iter().find(|column| column.name == told.column) {
        Some(column) => {
            let held = column
                .ceiling
                .map_or(String::new(), |ceiling| format!(", held-out real rows {}", percent(ceiling)));
            format!("The synthetic values are {} like the real ones{held}", percent(column.value))
        }
        None => "The synthetic values beside the real ones".into(),
    };
    let gap = |bin: &&Bin| bin.real.zip(bin.synthetic).map_or(0.0, |(real, made)| (real - made).abs());
    let most = told.bins.iter().max_by(|a, b| gap(a).total_cmp(&gap(b)));
    if let Some((bin, (real, made))) = most.and_then(|bin| Some((bin, bin.real.zip(bin.synthetic)?))) {
        let (real, made) = (percent(real), percent(made));
        text += &match real == made {
            true => "; no part of them differs".to_string(),
            false => format!(
                "; they differ most at “{}”: {made} of the synthetic rows, {real} of the real ones",
                bin.label
            ),
        };
    }
    text + "."
}

/// Where a bin stands on the axis.
struct Stand<'a> {
    bin: &'a Bin,
    from: f64,
    to: f64,
}

impl Stand<'_> {
    /// Rows of as many steps as the bin spans, in one of them.
    fn height(&self, share: Option<f64>) -> f64 {
        let steps = if self.bin.place == Place::Own { self.bin.steps as f64 } else { 1.0 };
        share.unwrap_or(0.0) / steps
    }
}

fn stands(bins: &[Bin]) -> Vec<Stand<'_>> {
    let own: usize = bins.iter().filter(|bin| bin.place == Place::Own).map(|bin| bin.steps).sum();
    let outer = (own as f64 / 14.0).max(1.0);
    let mut all: Vec<Stand> = Vec::new();
    for bin in bins {
        let is_apart = |bin: &Bin| bin.place != Place::Own;
        let gap =
            all.last().filter(|before| is_apart(bin) || is_apart(before.bin)).map_or(0.0, |_| outer * GAP);
        let from = all.last().map_or(0.0, |before| before.to) + gap;
        let wide = if is_apart(bin) { outer * OUTER } else { bin.steps as f64 };
        all.push(Stand { bin, from, to: from + wide });
    }
    all
}

fn steps(canvas: &super::pen::Canvas, bins: &[Bin]) {
    let has_holdout = bins.iter().any(|bin| bin.held_out.is_some());
    let items = [(Mark::Area, "real"), (Mark::Line, "synthetic"), (Mark::Dotted, "held-out real")];
    legend(canvas, &named(items, has_holdout));
    let stands = stands(bins);
    let end = stands.last().map_or(1.0, |stand| stand.to);
    let heights = |stand: &Stand| {
        [stand.bin.real, stand.bin.held_out, stand.bin.synthetic].map(|share| stand.height(share))
    };
    let most = stands.iter().flat_map(heights).fold(0.001, f64::max) * 1.06;
    let mut plot = plot(canvas, [LEFT, RIGHT, 22.0, 36.0], 0.0..end, 0.0..most);
    shares_beside(&mut plot, 3);
    let area = |stand: &Stand| {
        let inset = (stand.to - stand.from) * 0.04;
        let corners = [(stand.from + inset, 0.0), (stand.to - inset, stand.height(stand.bin.real))];
        Rectangle::new(corners, Ink::Real.fill())
    };
    let _ = plot.draw_series(stands.iter().map(area));
    let line = |share: fn(&Bin) -> Option<f64>, style: ShapeStyle| {
        let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut reached = f64::NEG_INFINITY;
        for stand in &stands {
            if stand.from > reached + 1e-9 {
                runs.push(vec![(stand.from, 0.0)]);
            }
            let height = stand.height(share(stand.bin));
            if let Some(run) = runs.last_mut() {
                run.extend([(stand.from, height), (stand.to, height)]);
            }
            reached = stand.to;
            let is_last = stands.iter().all(|other| (other.from - reached).abs() > 1e-9);
            if let Some(run) = runs.last_mut().filter(|_| is_last) {
                run.push((reached, 0.0));
            }
        }
        runs.into_iter().map(move |run| PathElement::new(run, style)).collect::<Vec<_>>()
    };
    if has_holdout {
        let _ = plot.draw_series(line(|bin| bin.held_out, Ink::Held.line(15)));
    }
    let _ = plot.draw_series(line(|bin| bin.synthetic, Ink::Synthetic.line(20)));
    let x = |unit: f64| f64::from(plot.backend_coord(&(unit, 0.0)).0) / 10.0;
    names(canvas, &stands, &x);
}

/// Where steps begin, as many as there is room for; below them what the outer bins are.
fn names(canvas: &super::pen::Canvas, stands: &[Stand], x: &dyn Fn(f64) -> f64) {
    let (high, low) = (f64::from(HEIGHT) - 25.0, f64::from(HEIGHT) - 8.0);
    let edge = f64::from(WIDTH);
    let mut free = LEFT - 30.0;
    let own: Vec<&Stand> = stands.iter().filter(|stand| stand.bin.place == Place::Own).collect();
    let widest = own.iter().map(|stand| width(begin(&stand.bin.label))).fold(0.0, f64::max);
    let room = ((edge - LEFT - RIGHT) / (widest + 16.0)).clamp(1.0, 8.0) as usize;
    for stand in own.iter().step_by(own.len().div_ceil(room).max(1)) {
        let text = begin(&stand.bin.label);
        // A number alone stands below the middle of its step, a step's beginning below its edge.
        let is_alone = text == stand.bin.label;
        let at = x(if is_alone { (stand.from + stand.to) / 2.0 } else { stand.from });
        let wide = width(text);
        if at - wide / 2.0 > free && at + wide / 2.0 < edge {
            write(canvas, text, Ink::Soft, HPos::Center, (at, high), edge);
            free = at + wide / 2.0 + 6.0;
        }
    }
    let outer = |place: Place| stands.iter().find(|stand| stand.bin.place == place);
    let gap = outer(Place::Missing);
    let room = if gap.is_some() { 112.0 } else { 145.0 };
    if let Some(below) = outer(Place::Below) {
        write(canvas, &below.bin.label, Ink::Soft, HPos::Left, (x(below.from), low), room);
    }
    if let Some(gap) = gap {
        write(canvas, "no value", Ink::Soft, HPos::Right, (edge - 2.0, low), 70.0);
        write(canvas, "↑", Ink::Soft, HPos::Center, (x((gap.from + gap.to) / 2.0), high), 20.0);
    }
    if let Some(above) = outer(Place::Above) {
        let end = if gap.is_some() { edge - 66.0 } else { edge - 2.0 };
        write(canvas, &above.bin.label, Ink::Soft, HPos::Right, (end, low), room);
    }
}

fn begin(label: &str) -> &str {
    label.split_once(" to ").map_or(label, |(from, _)| from)
}
