//! Rows that fit: so many in which the named columns are what someone asks for.
//!
//! Exact by rejection: rows are drawn as ever, and those that fit are kept until there are enough. So each is an honest draw
//! of the model given the condition, on whichever columns that is and whatever is computed when rows are decoded. A condition
//! draws from a seed of its own, made of the user's and of its place in the list, so that no row comes twice. What is made
//! up, such as identifiers, is decided by a row's place among those kept, so that it stays unique.
//!
//! The price is a row drawn for each that does not fit. What is too rare is given up.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{MAX_ROWS, SavedModel};
use crate::codec::Askable;
use crate::error::{Code, Error, Result};
use crate::format::csv::{self, Dialect};
use crate::frame::{Column, Frame};
use crate::math::rng::{Purpose, Seed};
use crate::model::{Draws, Sample};
use crate::schema::boolean;
use crate::schema::missing::is_missing;
use crate::schema::number;

/// Rows that are drawn for a condition, however few fit: a tab takes less than a minute for as many, and of what one row in
/// 100,000 is, it finds about ten.
const PATIENCE: u64 = 1_000_000;
/// Beyond that, one of so many must fit: so the work has an end, and a tab finds some twenty rows a second at the least.
const RAREST: u64 = 1000;

/// How many rows are wanted, and what they must be.
///
/// As JSON: `{ "numRows": 500, "where": { "income": ">50K", "age": [{ "min": 18, "max": 30 }, 99, null] } }`. Each column is one
/// value, or any of a list: text, a number, a truth, null for none, or a range, of which both ends belong to it and either may
/// be left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    rows: u64,
    columns: Vec<(String, Vec<Value>)>,
}

/// What is kept of the rows that are drawn.
#[derive(Clone, Debug)]
struct Sieve {
    rows: u64,
    tests: Vec<(usize, Test)>,
}

/// What a column must be.
#[derive(Clone, Debug)]
enum Test {
    /// By code.
    Levels(Vec<bool>),
    /// Within one of these, ends included; or missing.
    Numbers { ranges: Vec<[f64; 2]>, missing: bool },
}

/// The search for rows that fit some conditions, one after the other.
#[derive(Debug)]
pub struct Search {
    model: Arc<SavedModel>,
    seed: Seed,
    draws: Draws,
    sieves: Vec<Sieve>,
    /// Which of them is being met, the rows drawn for it and found.
    place: usize,
    drawn: u64,
    found: u64,
    /// Rows found for those before.
    before: u64,
}

/// Rows that are to be drawn for one of the conditions.
#[derive(Clone, Debug)]
pub struct Part {
    place: usize,
    rows: Range<u64>,
}

/// What fits of a part.
#[derive(Clone, Debug)]
pub struct Drawn {
    part: Part,
    /// Which rows of the part, and what is in them.
    rows: Vec<usize>,
    fitting: Frame,
}

impl Condition {
    /// One condition, or a list of them.
    ///
    /// # Errors
    /// `BadOptions`: it has another form.
    pub fn list(conditions: &Value) -> Result<Vec<Condition>> {
        let list = conditions.as_array().map_or(std::slice::from_ref(conditions), Vec::as_slice);
        if list.is_empty() {
            return Err(bad("there is no condition: give at least one"));
        }
        list.iter().map(Condition::read).collect()
    }

    fn read(condition: &Value) -> Result<Condition> {
        let form =
            "a condition is an object of numRows and where: give each column that matters its value there";
        let object = condition.as_object().ok_or_else(|| bad(form))?;
        if object.keys().any(|key| key != "numRows" && key != "where") {
            return Err(bad(form));
        }
        let rows = object.get("numRows").and_then(Value::as_f64).unwrap_or_default();
        if !(1.0..=MAX_ROWS).contains(&rows) || rows.fract() != 0.0 {
            return Err(bad("numRows of a condition must be a whole number from 1"));
        }
        let wanted = match object.get("where") {
            None | Some(Value::Null) => &Map::new(),
            Some(wanted) => wanted.as_object().ok_or_else(|| bad(form))?,
        };
        let column = |(name, wanted): (&String, &Value)| {
            let any = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
            (name.clone(), any)
        };
        Ok(Condition { rows: rows as u64, columns: wanted.iter().map(column).collect() })
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The columns that it names.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }
}

impl SavedModel {
    /// # Errors
    /// `BadOptions`: it asks for what no row of this model can be.
    fn sieve(&self, condition: &Condition) -> Result<Sieve> {
        let tests = condition.columns.iter().map(|(name, any)| {
            let mut column = self.codec.columns().map(|(name, _)| name);
            let Some(place) = column.position(|column| column == name) else {
                return Err(
                    bad("the model has no such column: name one of those that it has").in_column(name)
                );
            };
            Ok((place, self.test(place, any).map_err(|error| error.in_column(name))?))
        });
        Ok(Sieve { rows: condition.rows, tests: tests.collect::<Result<_>>()? })
    }

    fn test(&self, place: usize, any: &[Value]) -> Result<Test> {
        if any.is_empty() {
            return Err(bad("the list of values is empty: give one, or leave the column out"));
        }
        match self.codec.askable(place) {
            Askable::Nothing => Err(bad(
                "its values are made up, so none can be asked for: leave this column out of the condition",
            )),
            Askable::Levels => {
                let mut wanted = vec![false; self.model.atoms(place).len() as usize];
                for value in any {
                    self.levels(place, value)?.into_iter().for_each(|code| wanted[code] = true);
                }
                Ok(Test::Levels(wanted))
            }
            Askable::Numbers | Askable::Moments => {
                let missing = any.contains(&Value::Null);
                if missing && self.codec.is_free(place) && !self.model.atoms(place).is_missing(0) {
                    return Err(undrawn());
                }
                let present = any.iter().filter(|value| !value.is_null());
                let ranges = present.map(|value| self.range(place, value)).collect::<Result<_>>()?;
                Ok(Test::Numbers { ranges, missing })
            }
        }
    }

    /// The codes of the levels that a value stands for.
    fn levels(&self, place: usize, value: &Value) -> Result<Vec<usize>> {
        let count = self.model.atoms(place).len();
        let levels: Vec<&str> = (0..count).filter_map(|code| self.codec.level(place, code)).collect();
        let are = |is: &dyn Fn(&str) -> bool| (0..levels.len()).filter(|&code| is(levels[code])).collect();
        let codes: Vec<usize> = match value {
            Value::String(text) => are(&|level| level == text),
            Value::Number(wanted) => are(&|level| number::parse(level) == wanted.as_f64()),
            // A blank is missing before any word is: where both are levels, the word may be a value.
            Value::Null if levels.contains(&"") => are(&str::is_empty),
            Value::Null => are(&is_missing),
            Value::Bool(wanted) => {
                let said: Vec<usize> = are(&|level| !is_missing(level));
                let answers = boolean::answers(said.iter().map(|&code| levels[code])).unwrap_or_default();
                said.into_iter().zip(answers).filter(|(_, yes)| yes == wanted).map(|(code, _)| code).collect()
            }
            Value::Object(_) => {
                return Err(bad(
                    "this column has levels and no order of numbers: list the values instead of a range",
                ));
            }
            Value::Array(_) => return Err(bad("a list of values holds no list: give the values themselves")),
        };
        if codes.is_empty() { Err(undrawn()) } else { Ok(codes) }
    }

    /// Both ends of what a value or a range stands for in a column of numbers or moments.
    fn range(&self, place: usize, value: &Value) -> Result<[f64; 2]> {
        let range = match value.as_object() {
            Some(ends) => {
                if ends.keys().any(|key| key != "min" && key != "max") || ends.values().all(Value::is_null) {
                    return Err(bad("a range is an object of min and max, of which one may be left out"));
                }
                let end = |key| ends.get(key).filter(|end| !end.is_null()).map(|end| self.number(place, end));
                [end("min").unwrap_or(Ok(f64::NEG_INFINITY))?, end("max").unwrap_or(Ok(f64::INFINITY))?]
            }
            None => [self.number(place, value)?; 2],
        };
        if range[0] > range[1] {
            return Err(bad("min lies above max: exchange them"));
        }
        let possible = self.codec.may_write(place, range, &self.model.atoms(place).reaches());
        if possible { Ok(range) } else { Err(undrawn()) }
    }

    fn number(&self, place: usize, value: &Value) -> Result<f64> {
        let text = match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => number.as_f64().map(|number| number.to_string()),
            _ => None,
        };
        text.and_then(|text| self.codec.number(place, &text)).ok_or_else(|| {
            bad(match self.codec.askable(place) {
                Askable::Moments => {
                    "expected a date such as 2024-12-31 or 2024-12-31T23:59, or one in the column's own form"
                }
                _ => "expected a plain number such as 1234.5: without a unit, and null where there is none",
            })
        })
    }
}

impl Sieve {
    /// The rows of a frame that fit, in their order.
    fn fitting(&self, model: &SavedModel, frame: &Frame) -> Vec<usize> {
        let asks_numbers = self.tests.iter().any(|(_, test)| matches!(test, Test::Numbers { .. }));
        let numbers = if asks_numbers { model.codec.numbers(frame) } else { Vec::new() };
        let fits = |row: usize, place: usize, test: &Test| match (test, &frame.columns[place]) {
            (Test::Levels(wanted), Column::Categories { codes, .. }) => wanted[codes[row] as usize],
            (Test::Numbers { ranges, missing }, _) => {
                let value = numbers[place][row];
                value.is_nan() && *missing || ranges.iter().any(|[low, high]| (*low..=*high).contains(&value))
            }
            _ => unreachable!("pipeline checks that model and codec agree"),
        };
        (0..frame.rows)
            .filter(|&row| self.tests.iter().all(|(place, test)| fits(row, *place, test)))
            .collect()
    }
}

impl Search {
    /// # Errors
    /// `BadOptions`: a condition asks for what no row of this model can be.
    pub fn new(model: Arc<SavedModel>, conditions: &[Condition], seed: Seed, draws: Draws) -> Result<Search> {
        let sieves = conditions.iter().map(|condition| model.sieve(condition)).collect::<Result<_>>()?;
        Ok(Search { model, seed, draws, sieves, place: 0, drawn: 0, found: 0, before: 0 })
    }

    /// Rows found so far.
    pub fn done(&self) -> u64 {
        self.before + self.found
    }

    /// The next `count` parts, of `size` rows each; none when all rows were found.
    ///
    /// # Errors
    /// `TooRare`: too few rows fit. What was found before stays so, and no part is left.
    pub fn ahead(&mut self, count: u64, size: u64) -> Result<Vec<Part>> {
        let Some(sieve) = self.sieves.get(self.place) else { return Ok(Vec::new()) };
        if self.drawn >= self.patience() {
            let error = self.too_rare(sieve.rows);
            self.place = self.sieves.len();
            return Err(error);
        }
        let start = |part: u64| self.drawn + part * size;
        Ok((0..count).map(|part| Part { place: self.place, rows: start(part)..start(part + 1) }).collect())
    }

    /// Draws a part. Several may be drawn at once.
    pub fn draw(&self, part: Part) -> Drawn {
        let seed = self.seed.part(Purpose::Condition, part.place as u64);
        let frame = self.model.model.sample(part.rows.clone(), &seed, self.draws);
        let rows = self.sieves[part.place].fitting(&self.model, &frame);
        Drawn { fitting: frame.select(&rows), rows, part }
    }

    /// Keeps what is still wanted of a part, and gives it as bytes; of a part of a condition that is met, nothing. Parts are taken in
    /// the order of [`Search::ahead`]. The first row brings the header.
    pub fn take(&mut self, drawn: Drawn, dialect: &Dialect) -> Vec<u8> {
        let Drawn { part, rows, fitting } = drawn;
        if part.place != self.place {
            return Vec::new();
        }
        let (first, wanted) = (self.done(), self.sieves[self.place].rows);
        let mut kept = 0;
        for row in rows {
            if self.found == wanted || part.rows.start + row as u64 >= self.patience() {
                break;
            }
            kept += 1;
            self.found += 1;
        }
        self.drawn = part.rows.end;
        if self.found == wanted {
            self.before += wanted;
            (self.place, self.drawn, self.found) = (self.place + 1, 0, 0);
        }
        if kept == 0 {
            return Vec::new();
        }
        let made_up = self.seed.part(Purpose::Condition, 0);
        let kept = self.model.codec.unplaced(fitting.select(&(0..kept).collect::<Vec<_>>()));
        csv::write(&self.model.codec.decode(&kept, first, &made_up), dialect, first == 0)
    }

    /// Rows that may be drawn for what is found so far: so the end does not depend on how many are drawn at a time.
    fn patience(&self) -> u64 {
        PATIENCE.max(self.found.saturating_mul(RAREST))
    }

    fn too_rare(&self, wanted: u64) -> Error {
        let which = match self.sieves.len() {
            1 => String::new(),
            all => format!("condition {} of {all}: ", self.place + 1),
        };
        let (found, drawn) = (self.found, self.patience());
        Error::new(
            Code::TooRare,
            format!(
                "{which}of {drawn} rows that were drawn {found} fit, and {wanted} are wanted: ask for fewer rows, or make the condition wider"
            ),
        )
    }
}

fn bad(message: &str) -> Error {
    Error::new(Code::BadOptions, message)
}

/// Without the value, which may be a cell of a real table.
fn undrawn() -> Error {
    bad(
        "the model draws no such value here, or too few rows of the table had it: choose another, or a wider range",
    )
}
