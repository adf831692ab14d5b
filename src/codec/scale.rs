//! Numbers and datetimes: a value on a grid, or NaN.
//!
//! The grid is what all training values share: multiples of `step` ticks from `offset`, a tick being the
//! last decimal (10^-d) or the pattern's resolution. Ages stay whole, prices end in .99 only if all do, dates at
//! midnight stay at midnight. Floats without a fixed number of decimals have no grid.

use serde::{Deserialize, Serialize};

use super::gaps::Gaps;
use super::{Plain, by_cell};
use crate::error::{Code, Error, Result};
use crate::frame::Column as FrameColumn;
use crate::math::gcd;
use crate::schema::datetime::DatetimeFormat;
use crate::schema::number::NumberFormat;
use crate::table::Column;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    form: Form,
    gaps: Gaps,
    grid: Option<Grid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Form {
    Number(NumberFormat),
    Datetime(DatetimeFormat),
}

/// Values are (offset + k step) / ticks, for whole k. Shared by every training row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Grid {
    /// Ticks in one unit: 10^d for numbers, 10^(digits of the fraction) for seconds.
    ticks: f64,
    step: f64,
    offset: f64,
}

impl Scale {
    pub fn number(column: &Column, format: NumberFormat, gaps: Gaps) -> Self {
        let ticks = format.decimals().map(|decimals| 10f64.powi(i32::from(decimals)));
        Scale::fit(column, Form::Number(format), gaps, ticks)
    }

    pub fn datetime(column: &Column, format: DatetimeFormat, gaps: Gaps) -> Self {
        let ticks = format.ticks();
        Scale::fit(column, Form::Datetime(format), gaps, Some(ticks))
    }

    fn fit(column: &Column, form: Form, gaps: Gaps, ticks: Option<f64>) -> Self {
        let counts = column.counts();
        let cells = column.cells().iter().zip(counts);
        let present = cells.filter(|(cell, count)| *count > 0 && !gaps.holds(cell)).map(|(cell, _)| cell);
        let grid = ticks.and_then(|ticks| Grid::fit(present.filter_map(|cell| form.parse(cell)), ticks));
        Scale { gaps, grid, form }
    }

    /// # Errors
    /// `Mismatch` at the first cell that holds something else.
    pub fn encode(&self, column: &Column) -> Result<FrameColumn> {
        let mut strangers = Vec::new();
        let mut code = 0;
        let values = by_cell(column, |cell| {
            code += 1;
            if self.gaps.holds(cell) {
                return f64::NAN;
            }
            self.form.parse(cell).unwrap_or_else(|| {
                strangers.push(code - 1);
                f64::NAN
            })
        });
        // In the dictionary, but perhaps in no row.
        let strange = |code: u32| strangers.binary_search(&code).is_ok();
        if !strangers.is_empty()
            && let Some(row) = column.codes().position(strange)
        {
            let what = match &self.form {
                Form::Number(_) => "a number in the form of the others".to_string(),
                Form::Datetime(format) => format!("a date written {}", format.pattern()),
            };
            let message = format!("expected {what}: mend the cell or choose a file like the first");
            return Err(Error::new(Code::Mismatch, message).at_record(row).in_column(column.name()));
        }
        Ok(FrameColumn::Numbers(values))
    }

    pub fn release(&mut self) {
        self.gaps.release(&[]);
    }

    /// The nearest value that is on the grid.
    pub fn snap(&self, value: f64) -> f64 {
        self.grid.map_or_else(|| self.form.round(value), |grid| grid.snap(value))
    }

    /// The nearest value of the column's decimals, on its grid or not; of two the higher.
    pub fn round(&self, value: f64) -> f64 {
        self.grid
            .map_or_else(|| self.form.round(value), |grid| (value * grid.ticks + 0.5).floor() / grid.ticks)
    }

    /// What lies between two values, without the dust of a subtraction.
    pub fn gap(&self, value: f64, other: &Scale, since: f64) -> f64 {
        match (self.grid, other.grid) {
            (Some(own), Some(other)) => {
                let ticks = own.ticks.max(other.ticks);
                ((value - since) * ticks).round() / ticks
            }
            _ => value - since,
        }
    }

    /// The value, or where it is off the grid, the next one below.
    pub fn at_most(&self, value: f64) -> f64 {
        self.grid.map_or(value, |grid| grid.towards(value, f64::floor))
    }

    /// The value, or where it is off the grid, the next one above.
    pub fn at_least(&self, value: f64) -> f64 {
        self.grid.map_or(value, |grid| grid.towards(value, f64::ceil))
    }

    /// The next value of the grid, above this one.
    pub fn next(&self, value: f64) -> f64 {
        self.grid.map_or(value, |grid| grid.towards(value, |steps| steps.floor() + 1.0))
    }

    /// What its cells are to a reader that knows no styles.
    pub fn plain(&self) -> Plain {
        match &self.form {
            Form::Number(format) if !format.is_plain() => Plain::Text,
            Form::Number(format) if format.decimals() == Some(0) => Plain::Whole,
            Form::Number(_) => Plain::Decimal,
            Form::Datetime(format) => {
                let text = format.format(0.0);
                let day = text.strip_prefix("1970-01-01");
                match day.map(|rest| rest.starts_with(['T', ' '])) {
                    Some(true) => Plain::Moment,
                    Some(false) if text.len() == 10 => Plain::Day,
                    _ => Plain::Text,
                }
            }
        }
    }

    /// A value that [`Scale::snap`] or [`Scale::round`] gave, as text.
    pub fn write(&self, value: f64) -> String {
        if !value.is_finite() {
            return self.gaps.token().unwrap_or_default().to_string();
        }
        match &self.form {
            Form::Number(format) => format.format(value),
            Form::Datetime(format) => format.format(value),
        }
    }
}

impl Form {
    fn parse(&self, cell: &str) -> Option<f64> {
        match self {
            Form::Number(format) => format.parse(cell),
            Form::Datetime(format) => format.parse(cell),
        }
    }

    /// As it is read again where there is no grid.
    fn round(&self, value: f64) -> f64 {
        match self {
            Form::Number(format) if value.is_finite() => format.parse(&format.format(value)).unwrap_or(value),
            _ => value,
        }
    }
}

impl Grid {
    /// None where a value is too large for its ticks to be counted exactly.
    fn fit(values: impl Iterator<Item = f64>, ticks: f64) -> Option<Grid> {
        let mut first = None;
        let mut step = 0u64;
        for value in values {
            let tick = (value * ticks).round();
            if tick.abs() > 9e15 {
                return None;
            }
            let tick = tick as i64;
            step = gcd(step, tick.abs_diff(*first.get_or_insert(tick)));
        }
        let step = step.max(1);
        Some(Grid { ticks, step: step as f64, offset: first?.rem_euclid(step as i64) as f64 })
    }

    fn snap(&self, value: f64) -> f64 {
        self.towards(value, f64::round)
    }

    fn towards(&self, value: f64, round: impl Fn(f64) -> f64) -> f64 {
        let steps = (value * self.ticks - self.offset) / self.step;
        let whole = steps.round();
        // A value of the grid may lie a float's breadth beside it.
        let steps = round(if (steps - whole).abs() < 1e-6 { whole } else { steps });
        (self.offset + steps * self.step) / self.ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Support;
    use crate::table::ColumnBuilder;

    impl Scale {
        fn decode(&self, value: f64) -> String {
            self.write(self.snap(value))
        }
    }

    fn scale(cells: &[&str]) -> Scale {
        let column = ColumnBuilder::from_iter(cells.iter().copied()).finish("x");
        let gaps = Gaps::fit(&column, &["unknown", "NA"].map(String::from), &Support::by_rows(1));
        let numbers = || cells.iter().copied().filter(|cell| !gaps.holds(cell));
        match NumberFormat::infer(numbers()) {
            Some(format) => Scale::number(&column, format, gaps),
            None => Scale::datetime(&column, DatetimeFormat::infer(numbers()).unwrap(), gaps),
        }
    }

    #[test]
    fn values_stay_on_the_grid() {
        assert_eq!(scale(&["5", "15", "45"]).decode(23.0), "25");
        assert_eq!(scale(&["1.99", "3.99"]).decode(3.2), "3.99");
        assert_eq!(scale(&["0.25", "0.50", "1.00"]).decode(0.6), "0.50");
        assert_eq!(scale(&["-3", "4", "6"]).decode(-0.4), "0");
        assert_eq!(scale(&["€ 1.000,50", "€ 0,50"]).decode(1234.4), "€ 1.000,50");
        assert_eq!(scale(&["(5 %)", "5 %", "0 %"]).decode(-6.0), "(5 %)");
        assert_eq!(scale(&["2020-01-01", "2020-01-08", "2020-01-29"]).decode(1.578e9), "2020-01-01");
    }

    #[test]
    fn missing_is_nan_and_comes_back() {
        let scale = scale(&["1", "NA", "", "NA"]);
        let column = ColumnBuilder::from_iter(["NA", "7"]).finish("x");
        let FrameColumn::Numbers(values) = scale.encode(&column).unwrap() else { panic!() };
        assert!(values[0].is_nan());
        assert_eq!((scale.decode(f64::NAN), scale.decode(7.0)), ("NA".into(), "7".into()));
        assert_eq!(super::tests::scale(&["1", "unknown", "2", "unknown", "NA"]).decode(f64::NAN), "unknown");
        let error = scale.encode(&ColumnBuilder::from_iter(["1", "abc"]).finish("x")).unwrap_err();
        assert_eq!((error.row(), error.column()), (Some(3), Some("x")));
    }
}
