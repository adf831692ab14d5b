//! What is left of a table whose model learns from its own output, generation by generation: lines told apart by dashes, with
//! their names at their ends.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::marks::{plot, shares_beside};
use super::pen::{Ink, WIDTH, picture, write};
use super::{Chart, Sheet, percent};
use crate::report::generations::Generation;
use crate::report::{Report, Side};

const HEIGHT: i32 = 200;
/// What is drawn of a generation.
type Curve = (&'static str, Ink, fn(&Generation) -> Option<f64>);
const CURVES: [Curve; 4] = [
    ("shapes", Ink::First, |at| Some(at.shapes)),
    ("trends", Ink::Second, |at| at.trends),
    ("variety", Ink::Third, |at| at.variety),
    ("rare levels", Ink::Fourth, |at| at.rare),
];

/// Those that every generation has.
fn known(all: &[Generation]) -> Vec<Curve> {
    CURVES.into_iter().filter(|(_, _, of)| all.iter().all(|at| of(at).is_some())).collect()
}

/// None where fewer than two generations were made.
pub fn curves(report: &Report) -> Option<Chart> {
    let all = &report.generations;
    let (first, last) = (all.first()?, all.last().filter(|_| all.len() > 1)?);
    let curves = known(all);
    let told = |of: &dyn Fn(&Generation) -> Option<f64>, at: &Generation| of(at).map_or("-".into(), percent);
    let part = |(name, _, of): &Curve| format!("{name} from {} to {}", told(of, first), told(of, last));
    let sentence = format!(
        "From generation {} to {}: {}.",
        first.generation,
        last.generation,
        curves.iter().map(part).collect::<Vec<_>>().join(", ")
    );
    let (key, title) = ("generations", "When a model learns from its own output");
    let cells = |at: &Generation| {
        let figures = CURVES.iter().map(|(_, _, of)| told(of, at));
        std::iter::once(at.generation.to_string()).chain(figures).collect()
    };
    let table =
        Sheet::new(&["Generation", "Shapes", "Trends", "Variety", "Rare levels"], all.iter().map(cells));
    let svg = picture(key, title, &sentence, HEIGHT, |canvas| draw(canvas, all, &curves));
    Some(Chart { key: key.into(), side: Side::Fairness, title: title.into(), sentence, svg, table })
}

fn draw(canvas: &super::pen::Canvas, all: &[Generation], curves: &[Curve]) {
    let figures = || all.iter().flat_map(|at| curves.iter().filter_map(|(_, _, of)| of(at)));
    let low = (figures().fold(1.0, f64::min) * 10.0 - 0.5).floor().max(0.0) / 10.0;
    let high = figures().fold(1.0, f64::max).min(2.0) * 1.02;
    let [from, to] = [&all[0], &all[all.len() - 1]].map(|at| at.generation as f64);
    let mut plot = plot(canvas, [46.0, 84.0, 10.0, 36.0], from..to, low..high);
    shares_beside(&mut plot, 5);
    let mut ends: Vec<(f64, &str)> = Vec::new();
    for &(name, ink, of) in curves {
        let points = || all.iter().filter_map(|at| Some((at.generation as f64, of(at)?.clamp(low, high))));
        let _ = plot.draw_series([PathElement::new(points().collect::<Vec<_>>(), ink.line(22))]);
        let _ = plot.draw_series(points().map(|point| Circle::new(point, 24, ink.fill())));
        let end = points().next_back().unwrap_or((to, low));
        ends.push((f64::from(plot.backend_coord(&end).1) / 10.0, name));
    }
    // Names keep a line's distance, in the order of their ends.
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = 8.0;
    for (place, (y, name)) in ends.iter().enumerate() {
        let last = f64::from(HEIGHT) - 40.0 - 14.0 * (ends.len() - 1 - place) as f64;
        let y = y.max(free).min(last);
        write(canvas, name, Ink::Text, HPos::Left, (f64::from(WIDTH) - 78.0, y), 78.0);
        free = y + 14.0;
    }
    for at in all {
        let x = f64::from(plot.backend_coord(&(at.generation as f64, low)).0) / 10.0;
        let name = at.generation.to_string();
        write(canvas, &name, Ink::Soft, HPos::Center, (x, f64::from(HEIGHT) - 26.0), 30.0);
    }
    let x = f64::from(WIDTH) / 2.0 - 20.0;
    write(canvas, "generation", Ink::Soft, HPos::Center, (x, f64::from(HEIGHT) - 9.0), 100.0);
}
