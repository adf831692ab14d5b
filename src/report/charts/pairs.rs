//! How well each two columns go together: a triangle of cells. Of few columns the score is written in each cell; of many the
//! square in a cell grows with the difference.

use plotters::style::text_anchor::HPos;

use super::pen::{Canvas, Ink, WIDTH, block, picture, write};
use super::{Chart, Sheet, percent};
use crate::report::truth::matrix::Matrix;
use crate::report::{Report, Side};

/// Columns whose cells have room for a number.
const WRITTEN: usize = 10;
const NAMES: f64 = 112.0;
/// Rows of the table.
const LISTED: usize = 100;

pub fn heat(report: &Report) -> Option<Chart> {
    let matrix = report.matrix.as_ref()?;
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (row, scores) in matrix.scores.iter().enumerate() {
        pairs.extend(scores.iter().enumerate().filter_map(|(column, score)| Some(((*score)?, column, row))));
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let &(worst, a, b) = pairs.first()?;
    let name = |place: usize| matrix.columns[place].as_str();
    let well = pairs.iter().filter(|(score, ..)| *score >= 0.9).count();
    let sentence = format!(
        "{well} of {} pairs of columns go together as in the real table to 90 % and more; “{}” with “{}” is furthest off, at {}.",
        pairs.len(),
        name(a),
        name(b),
        percent(worst),
    );
    let (key, title) = ("pairs", "How columns go together");
    let cells = |&(score, a, b): &(f64, usize, usize)| vec![name(a).into(), name(b).into(), percent(score)];
    let table = Sheet::new(&["Column", "with", "Likeness"], pairs.iter().take(LISTED).map(cells));
    let pitch = pitch(matrix);
    let height = (28.0 + pitch.1 * (matrix.columns.len() - 1) as f64 + 22.0) as i32;
    let svg = picture(key, title, &sentence, height, |canvas| draw(canvas, matrix, worst));
    Some(Chart { key: key.into(), side: Side::Truth, title: title.into(), sentence, svg, table })
}

/// How wide and high a cell is.
fn pitch(matrix: &Matrix) -> (f64, f64) {
    let wide = (f64::from(WIDTH) - NAMES - 4.0) / (matrix.columns.len() - 1) as f64;
    (wide.min(32.0), wide.clamp(14.0, 24.0))
}

fn draw(canvas: &Canvas, matrix: &Matrix, worst: f64) {
    let (wide, high) = pitch(matrix);
    let is_written = matrix.columns.len() <= WRITTEN;
    let says = match is_written {
        true => "likeness, of 100; the stronger, the worse",
        false => "the larger the square, the further off the pair",
    };
    write(canvas, says, Ink::Soft, HPos::Left, (0.0, 9.0), f64::from(WIDTH));
    let furthest = (1.0 - worst).max(0.05);
    let top = 22.0;
    for (row, scores) in matrix.scores.iter().enumerate().skip(1) {
        let y = top + (row as f64 - 0.5) * high;
        let name = format!("{} {}", row + 1, matrix.columns[row]);
        write(canvas, &name, Ink::Text, HPos::Right, (NAMES - 6.0, y), NAMES - 8.0);
        for (column, score) in scores.iter().enumerate() {
            let x = NAMES + (column as f64 + 0.5) * wide;
            let Some(score) = score else { continue };
            let share = ((1.0 - score) / furthest).clamp(0.0, 1.0);
            if is_written {
                let [half_wide, half_high] = [wide, high].map(|side| side / 2.0 - 0.6);
                let corners = [x - half_wide, y - half_high, x + half_wide, y + half_high];
                block(canvas, Ink::Real.shade(0.06 + 0.64 * share), corners);
                write(canvas, &format!("{:.0}", score * 100.0), Ink::Text, HPos::Center, (x, y), wide + 4.0);
            } else {
                let whole = wide.min(high) / 2.0;
                let half = (whole * share.sqrt()).max(0.3);
                block(canvas, Ink::Synthetic.fill(), [x - half, y - half, x + half, y + half]);
            }
        }
    }
    // The columns of cells by the numbers that stand before the names; the first has a name of its own.
    let rows = matrix.columns.len() - 1;
    let y = top + rows as f64 * high + 10.0;
    let every = (22.0 / wide).ceil().max(1.0) as usize;
    for column in (0..rows).filter(|column| column % every == 0) {
        let x = NAMES + (column as f64 + 0.5) * wide;
        write(canvas, &(column + 1).to_string(), Ink::Soft, HPos::Center, (x, y), 30.0);
    }
    let first = format!("1 {}", matrix.columns[0]);
    write(canvas, &first, Ink::Text, HPos::Right, (NAMES - 6.0, y), NAMES - 8.0);
}
