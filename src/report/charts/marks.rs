//! What all pictures share: marks that are told apart by shape, the legend that names them, axes, and bars with marks.

use plotters::chart::ChartContext;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::pen::{Canvas, Ink, Pen, WIDTH, block, path, width, write};
use super::{Verdict, short};

pub type Plot<'a, 'b> = ChartContext<'a, Pen<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What stands for something in a picture.
#[derive(Clone, Copy)]
pub enum Mark {
    /// Real rows.
    Area,
    /// Synthetic rows, as a line or at a point.
    Line,
    Diamond,
    /// Held-out real rows.
    Dotted,
    Stroke,
    /// A figure.
    Verdict(Verdict),
    /// What a perfect table has.
    Perfect,
}

pub fn mark(canvas: &Canvas, mark: Mark, (x, y): (f64, f64)) {
    match mark {
        Mark::Area => block(canvas, Ink::Real.fill(), [x - 6.0, y - 4.0, x + 6.0, y + 5.0]),
        Mark::Line => path(canvas, Ink::Synthetic.line(20), &[(x - 7.0, y), (x + 7.0, y)]),
        Mark::Dotted => path(canvas, Ink::Held.line(15), &[(x - 7.0, y), (x + 7.0, y)]),
        Mark::Diamond => {
            path(canvas, Ink::Synthetic.fill(), &[(x, y - 5.0), (x + 5.0, y), (x, y + 5.0), (x - 5.0, y)]);
        }
        Mark::Stroke => block(canvas, Ink::Held.fill(), [x - 1.0, y - 7.0, x + 1.0, y + 7.0]),
        Mark::Verdict(Verdict::Good) => {
            let at = ((x * 10.0) as i32, (y * 10.0) as i32);
            let _ = canvas.draw(&Circle::new(at, 48, Ink::Good.fill()));
        }
        Mark::Verdict(Verdict::Look) => {
            path(canvas, Ink::Look.fill(), &[(x, y - 6.0), (x + 6.0, y + 5.0), (x - 6.0, y + 5.0)]);
        }
        Mark::Verdict(Verdict::Bad) => block(canvas, Ink::Bad.fill(), [x - 5.0, y - 5.0, x + 5.0, y + 5.0]),
        Mark::Perfect => {
            path(
                canvas,
                Ink::Soft.line(12),
                &[(x - 4.0, y + 9.0), (x, y + 3.0), (x + 4.0, y + 9.0), (x - 4.0, y + 9.0)],
            );
        }
    }
}

/// Names of marks from the left, in as many lines as they take.
pub fn legend(canvas: &Canvas, items: &[(Mark, &str)]) {
    for ((sign, name), (x, y)) in items.iter().zip(places(items)) {
        let lift = if matches!(sign, Mark::Perfect) { 6.0 } else { 0.0 };
        mark(canvas, *sign, (x + 8.0, y - lift));
        write(canvas, name, Ink::Soft, HPos::Left, (x + 20.0, y), f64::from(WIDTH));
    }
}

/// Where each begins.
fn places(items: &[(Mark, &str)]) -> Vec<(f64, f64)> {
    let (mut x, mut y) = (0.0, 9.0);
    let place = |(_, name): &(Mark, &str)| {
        let wide = 20.0 + width(name);
        if x > 0.0 && x + wide > f64::from(WIDTH) {
            (x, y) = (0.0, y + 17.0);
        }
        let begins = (x, y);
        x += wide + 12.0;
        begins
    };
    items.iter().map(place).collect()
}

/// Pixels that [`legend`] takes.
pub fn legend_height(items: &[(Mark, &str)]) -> f64 {
    places(items).last().map_or(0.0, |(_, y)| y + 10.0)
}

/// A field with axes within margins of so many pixels: left, right, top, bottom.
pub fn plot<'a, 'b>(
    canvas: &'a Canvas<'b>,
    [left, right, top, bottom]: [f64; 4],
    x: std::ops::Range<f64>,
    y: std::ops::Range<f64>,
) -> Plot<'a, 'b> {
    let tenths = |pixels: f64| (pixels * 10.0) as i32;
    ChartBuilder::on(canvas)
        .margin_right(tenths(right))
        .margin_top(tenths(top))
        .y_label_area_size(tenths(left))
        .x_label_area_size(tenths(bottom))
        .build_cartesian_2d(x, y)
        .expect("the pen cannot fail, and no range is empty")
}

/// Upright lines with shares below them.
pub fn shares_below(plot: &mut Plot, count: usize) {
    let _ = plot
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_labels(count)
        .x_max_light_lines(0)
        .x_label_formatter(&|share| short(*share))
        .bold_line_style(Ink::Grid.line(10))
        .light_line_style(TRANSPARENT)
        .axis_style(Ink::Axis.line(10))
        .label_style(Ink::Soft.text(HPos::Center))
        .set_tick_mark_size(LabelAreaPosition::Bottom, 20)
        .draw();
}

/// Level lines with shares beside them, and a line to stand on.
pub fn shares_beside(plot: &mut Plot, count: usize) {
    let _ = plot
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_labels(count)
        .y_max_light_lines(0)
        .y_label_formatter(&|share| short(*share))
        .bold_line_style(Ink::Grid.line(10))
        .light_line_style(TRANSPARENT)
        .axis_style(Ink::Grid.line(10))
        .label_style(Ink::Soft.text(HPos::Right))
        .set_tick_mark_size(LabelAreaPosition::Left, 20)
        .set_tick_mark_size(LabelAreaPosition::Bottom, 0)
        .draw();
}

/// A name with shares of the real, the held-out and the synthetic rows.
pub struct Bar {
    pub name: String,
    pub shares: [Option<f64>; 3],
}

const NAMES: f64 = 118.0;

/// Where the names of bars stand.
#[derive(Clone, Copy, PartialEq)]
pub enum Names {
    /// In a column of their own, cut where they are long.
    Beside,
    /// Each above its bar, with the whole width for itself.
    Above,
}

impl Names {
    /// Pixels that a bar takes with its name.
    fn row(self) -> f64 {
        match self {
            Names::Beside => 24.0,
            Names::Above => 38.0,
        }
    }
}

pub const OF_BARS: [(Mark, &str); 3] =
    [(Mark::Area, "real"), (Mark::Diamond, "synthetic"), (Mark::Stroke, "held-out real")];

/// What to show in a legend: held-out rows where there are any.
pub fn named<const N: usize>(
    items: [(Mark, &'static str); N],
    has_holdout: bool,
) -> Vec<(Mark, &'static str)> {
    let is_held = |mark: &Mark| matches!(mark, Mark::Stroke | Mark::Dotted);
    items.into_iter().filter(|(mark, _)| has_holdout || !is_held(mark)).collect()
}

pub fn bars_height(bars: &[Bar], names: Names) -> i32 {
    (42.0 + names.row() * bars.len() as f64) as i32
}

/// Each real share as a bar, the others as marks on it.
pub fn bars(canvas: &Canvas, bars: &[Bar], names: Names) {
    let has_holdout = bars.iter().any(|bar| bar.shares[1].is_some());
    legend(canvas, &named(OF_BARS, has_holdout));
    let most = bars.iter().flat_map(|bar| bar.shares).flatten().fold(0.01, f64::max);
    let count = bars.len() as f64;
    let left = if names == Names::Beside { NAMES } else { 14.0 };
    let mut plot = plot(canvas, [left, 20.0, 22.0, 20.0], 0.0..most * 1.04, 0.0..count);
    shares_below(&mut plot, 4);
    let low = if names == Names::Beside { 0.0 } else { 9.0 };
    for (place, bar) in bars.iter().enumerate() {
        let middle = count - place as f64 - 0.5;
        let at = |share: f64| {
            let (x, y) = plot.backend_coord(&(share, middle));
            (f64::from(x) / 10.0, f64::from(y) / 10.0 + low)
        };
        let (zero, y) = at(0.0);
        match names {
            Names::Beside => write(canvas, &bar.name, Ink::Text, HPos::Right, (zero - 6.0, y), NAMES - 8.0),
            Names::Above => {
                write(canvas, &bar.name, Ink::Text, HPos::Left, (zero, y - 16.0), f64::from(WIDTH) - zero);
            }
        }
        let [real, held, made] = bar.shares;
        if let Some(real) = real {
            block(canvas, Ink::Real.fill(), [zero, y - 7.0, at(real).0, y + 7.0]);
        }
        if let Some(held) = held {
            mark(canvas, Mark::Stroke, (at(held).0, y));
        }
        if let Some(made) = made {
            mark(canvas, Mark::Diamond, (at(made).0, y));
        }
    }
}
