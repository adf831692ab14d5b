//! What the charting library draws with: SVG whose colours are classes, so that one picture serves light and dark.
//!
//! The library counts in whole units; ours are tenths of a pixel, so coordinates come out rounded to a tenth. An [`Ink`] is a class
//! of `charts.css`, passed through the library as a colour. The library would measure text by asking the browser's
//! document, which a worker has not: the pen measures it by [`width`], and nothing of the library that asks otherwise
//! (`MultiLineText`) is used.

use std::convert::Infallible;
use std::fmt::Write;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

/// Width of every picture: that of a narrow phone, so text is as large there as it is drawn.
pub const WIDTH: i32 = 310;
/// Height of letters.
pub const LETTER: f64 = 12.0;

pub type Canvas<'a> = DrawingArea<Pen<'a>, plotters::coord::Shift>;

/// What a line, an area or a text is for; how it looks is said in `charts.css`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Text,
    Soft,
    Grid,
    Axis,
    Real,
    Synthetic,
    Held,
    Good,
    Look,
    Bad,
    /// Lines told apart by their dashes.
    First,
    Second,
    Third,
    Fourth,
}

const INKS: [(Ink, &str); 14] = [
    (Ink::Text, "text"),
    (Ink::Soft, "soft"),
    (Ink::Grid, "grid"),
    (Ink::Axis, "axis"),
    (Ink::Real, "real"),
    (Ink::Synthetic, "made"),
    (Ink::Held, "held"),
    (Ink::Good, "good"),
    (Ink::Look, "look"),
    (Ink::Bad, "bad"),
    (Ink::First, "one"),
    (Ink::Second, "two"),
    (Ink::Third, "three"),
    (Ink::Fourth, "four"),
];

impl Ink {
    fn color(self) -> RGBAColor {
        let place = INKS.iter().position(|(ink, _)| *ink == self).expect("each ink has a class");
        RGBAColor(0, 0, place as u8, 1.0)
    }

    fn class(color: BackendColor) -> &'static str {
        INKS[color.rgb.2 as usize % INKS.len()].1
    }

    pub fn fill(self) -> ShapeStyle {
        ShapeStyle { color: self.color(), filled: true, stroke_width: 0 }
    }

    /// Of a strength of 0 to 1.
    pub fn shade(self, strength: f64) -> ShapeStyle {
        ShapeStyle { color: self.color().mix(strength), filled: true, stroke_width: 0 }
    }

    /// A line of so many tenths of a pixel.
    pub fn line(self, tenths: u32) -> ShapeStyle {
        ShapeStyle { color: self.color(), filled: false, stroke_width: tenths }
    }

    pub fn text(self, side: HPos) -> TextStyle<'static> {
        let color = self.color();
        let color = BackendColor { alpha: 1.0, rgb: (color.0, color.1, color.2) };
        let font = ("sans-serif", LETTER * 10.0).into_font();
        TextStyle { font, color, pos: Pos::new(side, VPos::Center) }
    }
}

/// Draws a picture: `key` is its own on the page, `title` and `told` are read aloud.
pub fn picture(key: &str, title: &str, told: &str, height: i32, draw: impl FnOnce(&Canvas)) -> String {
    let [key, title, told] = [key, title, told].map(escape);
    let mut svg = format!(
        "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"{key}-title {key}-told\"><title id=\"{key}-title\">{title}</title>\
         <desc id=\"{key}-told\">{told}</desc>"
    );
    let canvas = Pen { svg: &mut svg, size: (WIDTH as u32 * 10, height as u32 * 10) }.into_drawing_area();
    draw(&canvas);
    drop(canvas);
    svg + "</svg>"
}

/// Text at a place in pixels, cut to `room` pixels.
pub fn write(canvas: &Canvas, text: &str, ink: Ink, side: HPos, (x, y): (f64, f64), room: f64) {
    let at = ((x * 10.0) as i32, (y * 10.0) as i32);
    let _ = canvas.draw(&Text::new(fit(text, room), at, ink.text(side)));
}

/// A rectangle between two corners in pixels.
pub fn block(canvas: &Canvas, style: ShapeStyle, [x0, y0, x1, y1]: [f64; 4]) {
    let tenths = |pixels: f64| (pixels * 10.0) as i32;
    let corners = [(tenths(x0), tenths(y0)), (tenths(x1), tenths(y1))];
    let _ = canvas.draw(&Rectangle::new(corners, style));
}

/// A line through points in pixels; an area where the style is filled.
pub fn path(canvas: &Canvas, style: ShapeStyle, points: &[(f64, f64)]) {
    let points: Vec<(i32, i32)> =
        points.iter().map(|(x, y)| ((x * 10.0) as i32, (y * 10.0) as i32)).collect();
    let _ = match style.filled {
        true => canvas.draw(&Polygon::new(points, style)),
        false => canvas.draw(&PathElement::new(points, style)),
    };
}

/// The text, or its beginning where it is wider than `room` pixels.
pub fn fit(text: &str, room: f64) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if width(&clean) <= room {
        return clean;
    }
    let mut left = room - width("…");
    let kept: String = clean
        .chars()
        .take_while(|&letter| {
            left -= of_letter(letter);
            left >= 0.0
        })
        .collect();
    kept.trim_end().to_string() + "…"
}

/// Pixels that a text takes at most in the sans-serif fonts of common systems.
pub fn width(text: &str) -> f64 {
    text.chars().map(of_letter).sum()
}

fn of_letter(letter: char) -> f64 {
    let share = match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '(' | ')' => {
            0.37
        }
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.98,
        'A'..='Z' | '&' | '+' | '=' | '<' | '>' | '~' | '…' => 0.77,
        '\u{300}'..='\u{36f}' => 0.0,
        '\u{0}'..='\u{2ff}' => 0.62,
        '\u{1100}'.. => 1.05,
        _ => 0.75,
    };
    share * LETTER
}

/// For text and attributes of SVG and HTML. Characters that XML forbids are left out.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            letter => safe.push(letter),
        }
    }
    safe
}

/// Writes what the library wants drawn.
pub struct Pen<'a> {
    svg: &'a mut String,
    size: (u32, u32),
}

/// Tenths as a number with at most one digit behind the point.
fn tenths(value: i32) -> String {
    match (value / 10, value % 10) {
        (whole, 0) => whole.to_string(),
        (0, rest) if value < 0 => format!("-.{}", -rest),
        (0, rest) => format!(".{rest}"),
        (whole, rest) => format!("{whole}.{}", rest.abs()),
    }
}

impl Pen<'_> {
    /// How a shape is painted.
    fn paint(&mut self, style: &impl BackendStyle, filled: bool) {
        let color = style.color();
        let class = Ink::class(color);
        let _ = match filled {
            true => write!(self.svg, " class=\"f {class}\""),
            false => {
                write!(
                    self.svg,
                    " class=\"l {class}\" stroke-width=\"{}\"",
                    tenths(style.stroke_width() as i32)
                )
            }
        };
        if color.alpha < 1.0 {
            let _ = write!(self.svg, " opacity=\"{:.2}\"", color.alpha);
        }
        self.svg.push_str("/>");
    }

    fn points(&mut self, points: impl IntoIterator<Item = BackendCoord>, end: &str) {
        self.svg.push_str("<path d=\"");
        for (place, (x, y)) in points.into_iter().enumerate() {
            let _ = write!(self.svg, "{}{} {}", if place == 0 { "M" } else { "L" }, tenths(x), tenths(y));
        }
        self.svg.push_str(end);
        self.svg.push('"');
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Pen<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    /// A picture of lines has no single points.
    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.points([from, to], "");
        self.paint(style, false);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x0, y0): BackendCoord,
        (x1, y1): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let [x, y, wide, high] = [x0.min(x1), y0.min(y1), (x1 - x0).abs(), (y1 - y0).abs()].map(tenths);
        let _ = write!(self.svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\"");
        self.paint(style, fill);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        if style.color().alpha > 0.0 {
            self.points(path, "");
            self.paint(style, false);
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let [x, y, radius] = [x, y, radius as i32].map(tenths);
        let _ = write!(self.svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"");
        self.paint(style, fill);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.points(path, "Z");
        self.paint(style, true);
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        // From the middle of small letters to the line that they stand on.
        let down = match style.anchor().v_pos {
            VPos::Top => 0.85,
            VPos::Center => 0.35,
            VPos::Bottom => -0.15,
        };
        let (x, y) = (tenths(x), tenths(y + (down * style.size()) as i32));
        let class = Ink::class(style.color());
        let _ =
            write!(self.svg, "<text x=\"{x}\" y=\"{y}\"{anchor} class=\"{class}\">{}</text>", escape(text));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let wide = width(text) / LETTER * style.size();
        Ok((wide as u32, style.size() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        assert_eq!([0, 10, 15, -5, -15, 3].map(tenths), ["0", "1", "1.5", "-.5", "-1.5", ".3"]);
    }

    #[test]
    fn long_names_are_cut_and_odd_ones_made_safe() {
        assert_eq!(fit("age", 100.0), "age");
        let cut = fit("a very long name of a column", 80.0);
        assert!(cut.ends_with('…') && width(&cut) <= 80.0, "{cut}");
        assert_eq!(escape("<b>\u{1}&\"'\n"), "&lt;b&gt;&amp;&quot;&#39; ");
    }

    #[test]
    fn each_ink_has_a_class_and_the_style_knows_it() {
        let style = include_str!("../charts.css");
        for (ink, class) in INKS {
            let color = ink.color();
            assert_eq!(Ink::class(BackendColor { alpha: 1.0, rgb: (color.0, color.1, color.2) }), class);
            assert!(style.contains(&format!(".{class}")), "{class}");
        }
    }
}
