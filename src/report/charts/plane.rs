//! All columns on one plane: where the real rows lie and where the synthetic ones do, side by side.

use plotters::style::text_anchor::HPos;

use super::pen::{Canvas, Ink, WIDTH, block, picture, write};
use super::{Chart, Sheet, percent, percent_or};
use crate::report::truth::projection::Projection;
use crate::report::{Report, Side};

const TOP: f64 = 24.0;
const FIELD: f64 = 164.0;

pub fn plane(report: &Report) -> Option<Chart> {
    let told = report.projection.as_ref()?;
    let held = told
        .ceiling
        .map_or(String::new(), |ceiling| format!("; held-out real rows overlap by {}", percent(ceiling)));
    let made_of: Vec<String> = told.columns.iter().flatten().map(|name| format!("“{name}”")).collect();
    let sentence = format!(
        "The synthetic rows lie where the real ones do to {}{held}. The two directions, made mostly of {}, tell {} of how real rows differ.",
        percent(told.overlap),
        made_of.join(", "),
        percent(told.explained[0] + told.explained[1]),
    );
    let (key, title) = ("plane", "All columns on one plane");
    let svg = picture(key, title, &sentence, (TOP + FIELD + 22.0) as i32, |canvas| draw(canvas, told));
    let table = sheet(told);
    Some(Chart { key: key.into(), side: Side::Truth, title: title.into(), sentence, svg, table })
}

fn draw(canvas: &Canvas, told: &Projection) {
    let most = told.real.iter().chain(&told.synthetic).flatten().copied().fold(0.001, f64::max);
    let fields = [
        ("real", 0.0, &told.real, Ink::Real),
        ("synthetic", f64::from(WIDTH) - FIELD, &told.synthetic, Ink::Synthetic),
    ];
    for (name, left, shares, ink) in fields {
        write(canvas, name, Ink::Text, HPos::Left, (left, 10.0), FIELD);
        block(canvas, Ink::Axis.line(10), [left + 0.5, TOP, left + FIELD - 0.5, TOP + FIELD]);
        let side = FIELD / told.cells as f64;
        for (cell, share) in shares.iter().enumerate() {
            let Some(share) = share else { continue };
            let (row, column) = (cell / told.cells, cell % told.cells);
            let (x, y) = (left + (column as f64 + 0.5) * side, TOP + (row as f64 + 0.5) * side);
            let half = (side / 2.0 - 0.5) * (share / most).sqrt().clamp(0.15, 1.0);
            block(canvas, ink.fill(), [x - half, y - half, x + half, y + half]);
        }
    }
    let says = format!("the largest square: {} of the rows", percent(most));
    write(canvas, &says, Ink::Soft, HPos::Left, (0.0, TOP + FIELD + 12.0), f64::from(WIDTH));
}

/// Cells that hold rows of either table, from the top left.
fn sheet(told: &Projection) -> Sheet {
    let cells = told.real.iter().zip(&told.synthetic).enumerate();
    let rows =
        cells.filter(|(_, (real, made))| real.is_some() || made.is_some()).map(|(cell, (real, made))| {
            let (row, column) = (cell / told.cells + 1, cell % told.cells + 1);
            vec![
                row.to_string(),
                column.to_string(),
                percent_or(*real, "< 5 rows"),
                percent_or(*made, "< 5 rows"),
            ]
        });
    Sheet::new(&["Row of squares", "Column", "Real", "Synthetic"], rows)
}
