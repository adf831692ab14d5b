//! Rules between numbers that hold in every training row, and so in every synthetic one.
//!
//! A number that the others tell is computed from them when rows are decoded; the model learns only where it is missing
//! though they are there. A number that follows closely on a lower one is coded as what it exceeds that by: `since.rs`. So
//! is a total of which few amounts are left when its parts are taken away, from their sum.
//! Of every other pair in order the two cells change places in the few rows that were drawn the wrong way round, since
//! the nearest right value for one of them would heap up pairs of equals. Where there are such heaps (a first month's
//! total is that month's charge) that is what the later of the two columns gets.

use serde::{Deserialize, Serialize};

use super::{Codec, Coding, ColumnCodec, Scale, since};
use crate::error::Result;
use crate::frame::{Column, Frame};
use crate::schema::relations::rules::{Computation, Order, Ties, keepable};
use crate::schema::{Schema, Sdtype};
use crate::table::Table;

/// How a column of numbers hangs on others. Places, and factors that all training rows share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// Coded as what it exceeds the sum of those columns by.
    Since(Vec<u32>),
    /// Coded as whether it is there though it could be missing: 0 if so.
    Computed(Computation),
}

impl Rule {
    fn parts(&self) -> Vec<usize> {
        match self {
            Rule::Since(parts) => parts.iter().map(|&part| part as usize).collect(),
            Rule::Computed(computation) => computation.parts(),
        }
    }
}

impl Codec {
    /// Takes the rules that hold in every row of the table. For models; measures look at every column by itself.
    ///
    /// # Errors
    /// Those of [`Codec::encode`].
    pub fn with_rules(mut self, table: &Table, schema: &Schema) -> Result<Codec> {
        let rules = keepable(table, schema);
        self.orders = rules.orders;
        for (place, computation) in rules.computed {
            self.columns[place].rule = Some(Rule::Computed(computation));
        }
        let pairs =
            self.close_pairs(table)?.into_iter().map(|(later, earlier)| (later, vec![earlier as u32]));
        for (later, parts) in rules.remainders.into_iter().chain(pairs) {
            if self.columns[later].rule.is_none() {
                self.columns[later].rule = Some(Rule::Since(parts));
                if self.sequence().is_none() {
                    self.columns[later].rule = None; // a part is computed from it
                }
            }
        }
        for place in 0..self.columns.len() {
            if let Some(Rule::Since(parts)) = &self.columns[place].rule
                && let [low] = parts[..]
                && !self.has_order(low as usize, place)
            {
                self.orders.push(Order { low, high: place as u32, ties: Ties::Few });
            }
        }
        let late = self.late(&self.sequence().expect("each rule was tried"));
        self.orders.retain(|order| !late[order.low as usize] && !late[order.high as usize]);
        Ok(self)
    }

    /// Columns that follow closely on another one, and that one.
    fn close_pairs(&self, table: &Table) -> Result<Vec<(usize, usize)>> {
        let is_ordered =
            |place: u32| self.orders.iter().any(|order| [order.low, order.high].contains(&place));
        let numbers = |is: &dyn Fn(Sdtype, u32) -> bool| {
            let places =
                (0..self.columns.len()).filter(|&place| is(self.columns[place].sdtype, place as u32));
            places.map(|place| Ok((place, self.numbers_alone(place, table)?))).collect::<Result<Vec<_>>>()
        };
        let mut pairs = since::of_dates(&numbers(&|sdtype, _| sdtype == Sdtype::Datetime)?);
        let ordered = numbers(&|sdtype, place| sdtype == Sdtype::Numerical && is_ordered(place))?;
        pairs.extend(since::of_numbers(&ordered, |low, high| self.has_order(low, high)));
        Ok(pairs)
    }

    fn has_order(&self, low: usize, high: usize) -> bool {
        self.orders.iter().any(|order| (order.low as usize, order.high as usize) == (low, high))
    }

    fn numbers_alone(&self, place: usize, table: &Table) -> Result<Vec<f64>> {
        match self.encode_alone(place, table)? {
            Column::Numbers(numbers) => Ok(numbers),
            Column::Categories { .. } => unreachable!("rules are between numbers"),
        }
    }

    fn scale(&self, place: usize) -> Option<&Scale> {
        match &self.columns.get(place)?.coding {
            Coding::Scale(scale) => Some(scale),
            _ => None,
        }
    }

    /// What the model sees of a column of numbers that hangs on others.
    pub(super) fn encode_by(&self, rule: &Rule, place: usize, table: &Table) -> Result<Column> {
        let mut own = self.numbers_alone(place, table)?;
        match rule {
            Rule::Since(parts) => {
                for &part in parts {
                    let (scale, other) = (self.sound_scale(place), self.sound_scale(part as usize));
                    let since = self.numbers_alone(part as usize, table)?;
                    own.iter_mut()
                        .zip(since)
                        .for_each(|(value, since)| *value = scale.gap(*value, other, since));
                }
            }
            Rule::Computed(computation) => {
                let parts = computation.parts().into_iter().map(|part| self.numbers_alone(part, table));
                let parts: Vec<Vec<f64>> = parts.collect::<Result<_>>()?;
                for (row, value) in own.iter_mut().enumerate() {
                    let gone = value.is_nan() && !parts.iter().any(|part| part[row].is_nan());
                    *value = if gone { f64::NAN } else { 0.0 };
                }
            }
        }
        Ok(Column::Numbers(own))
    }

    pub(super) fn sound_scale(&self, place: usize) -> &Scale {
        self.scale(place).expect("is_sound has checked it")
    }

    /// By column of numbers: what is written of each row, NaN where it is missing; of the others nothing.
    pub fn numbers(&self, frame: &Frame) -> Vec<Vec<f64>> {
        let sequence = self.sequence().expect("is_sound has checked it");
        let late = self.late(&sequence);
        let mut numbers = vec![Vec::new(); self.columns.len()];
        sequence
            .iter()
            .filter(|&&place| !late[place])
            .for_each(|&place| self.fill(place, frame, &mut numbers));
        (0..frame.rows).for_each(|row| self.put_in_order(&mut numbers, row));
        sequence
            .iter()
            .filter(|&&place| late[place])
            .for_each(|&place| self.fill(place, frame, &mut numbers));
        numbers
    }

    /// The numbers of a column whose parts are there.
    fn fill(&self, place: usize, frame: &Frame, numbers: &mut [Vec<f64>]) {
        let (Some(scale), Column::Numbers(own)) = (self.scale(place), &frame.columns[place]) else { return };
        let value = |(row, &own): (usize, &f64)| match &self.columns[place].rule {
            None => scale.snap(own),
            Some(Rule::Since(parts)) => {
                scale.snap(parts.iter().fold(own, |sum, &part| sum + numbers[part as usize][row]))
            }
            Some(Rule::Computed(_)) if own.is_nan() => f64::NAN,
            Some(Rule::Computed(computation)) => scale.round(computation.value(|part| numbers[part][row])),
        };
        numbers[place] = own.iter().enumerate().map(value).collect();
    }

    /// By column: is it computed or a total, or hangs on one that is? Orders are between the others.
    fn late(&self, sequence: &[usize]) -> Vec<bool> {
        let mut late = vec![false; self.columns.len()];
        for &place in sequence {
            let rule = self.columns[place].rule.as_ref();
            late[place] = rule.is_some_and(|rule| {
                let parts = rule.parts();
                matches!(rule, Rule::Computed(_))
                    || parts.len() > 1
                    || parts.into_iter().any(|part| late[part])
            });
        }
        late
    }

    /// Exchanges the numbers of a row that are drawn against their order, each to the next of its own grid outwards;
    /// where two may not be equal the upper one goes a step up. Each exchange moves the greater number upwards, so that
    /// chains come to an end.
    fn put_in_order(&self, numbers: &mut [Vec<f64>], row: usize) {
        for &Order { low, high, .. } in self.orders.iter().filter(|order| order.ties == Ties::Many) {
            let (low, high) = (low as usize, high as usize);
            let (below, above) = (numbers[low][row], numbers[high][row]);
            if below > above && low < high {
                numbers[high][row] = self.sound_scale(high).at_least(below);
            } else if below > above {
                numbers[low][row] = self.sound_scale(low).at_most(above);
            }
        }
        for _ in 0..=self.orders.len() {
            let mut settled = true;
            for &Order { low, high, ties } in &self.orders {
                let (low, high) = (low as usize, high as usize);
                let (below, above) = (numbers[low][row], numbers[high][row]);
                if below > above {
                    numbers[low][row] = self.sound_scale(low).at_most(above);
                    numbers[high][row] = self.sound_scale(high).at_least(below);
                    settled = false;
                } else if ties == Ties::None && below == above {
                    numbers[high][row] = self.sound_scale(high).next(above);
                    settled = false;
                }
            }
            if settled {
                return;
            }
        }
    }

    /// The columns, each after those that it hangs on. None where some hang on each other.
    fn sequence(&self) -> Option<Vec<usize>> {
        let mut waiting = vec![0; self.columns.len()];
        let mut users = vec![Vec::new(); self.columns.len()];
        for (place, column) in self.columns.iter().enumerate() {
            for part in column.rule.iter().flat_map(Rule::parts) {
                waiting[place] += 1;
                users.get_mut(part)?.push(place);
            }
        }
        let mut sequence: Vec<usize> = (0..waiting.len()).filter(|&place| waiting[place] == 0).collect();
        let mut next = 0;
        while let Some(&place) = sequence.get(next) {
            for &user in &users[place] {
                waiting[user] -= 1;
                if waiting[user] == 0 {
                    sequence.push(user);
                }
            }
            next += 1;
        }
        (sequence.len() == self.columns.len()).then_some(sequence)
    }

    /// Are these rules what [`Codec::with_rules`] could have taken?
    pub(super) fn has_sound_rules(&self) -> bool {
        let is_number = |place: usize| self.scale(place).is_some();
        let sound = |(place, column): (usize, &ColumnCodec)| {
            let Some(rule) = &column.rule else { return true };
            let finite = match rule {
                Rule::Computed(Computation::Linear { parts, constant }) => {
                    constant.is_finite() && parts.iter().all(|(_, factor)| factor.is_finite())
                }
                Rule::Computed(Computation::Product(_)) => true,
                Rule::Since(parts) => !parts.is_empty(),
            };
            finite && is_number(place) && rule.parts().into_iter().all(is_number)
        };
        if !self.columns.iter().enumerate().all(sound) {
            return false;
        }
        let Some(sequence) = self.sequence() else { return false };
        let late = self.late(&sequence);
        let is_free = |place: u32| is_number(place as usize) && !late[place as usize];
        self.orders.iter().all(|order| order.low != order.high && is_free(order.low) && is_free(order.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Support;
    use crate::math::rng::Seed;
    use crate::table::ColumnBuilder;

    const ROWS: usize = 300;

    fn noise(row: usize, salt: usize, below: usize) -> usize {
        (((row + 1) * 2_654_435_761 * (2 * salt + 1)) >> 9) % below
    }

    fn cents(value: usize) -> String {
        format!("{}.{:02}", value / 100, value % 100)
    }

    fn table(columns: &[(&str, &dyn Fn(usize) -> String)]) -> Table {
        let column = |(name, cell): &(&str, &dyn Fn(usize) -> String)| {
            let cells: Vec<String> = (0..ROWS).map(cell).collect();
            cells.iter().map(String::as_str).collect::<ColumnBuilder>().finish(*name)
        };
        Table::new(columns.iter().map(column).collect())
    }

    fn fit(table: &Table) -> Codec {
        let schema = Schema::infer(table).unwrap();
        let codec = Codec::fit(table, &schema, &Support::by_rows(2)).with_rules(table, &schema).unwrap();
        assert!(codec.has_sound_rules());
        codec
    }

    /// A sum with a gap of its own and those of a part, and the law: what is coded comes back.
    #[test]
    fn a_sum_is_coded_as_whether_it_is_there() {
        let a = |row: usize| noise(row, 1, 9000);
        let b = |row: usize| noise(row, 2, 700);
        let is_gap = |row: usize| row % 10 == 3;
        let table = table(&[
            ("total", &|row| {
                if is_gap(row) || row == 8 || row == 9 { String::new() } else { cents(a(row) + b(row)) }
            }),
            ("a", &|row| cents(a(row))),
            ("b", &|row| if is_gap(row) { String::new() } else { cents(b(row)) }),
        ]);
        let codec = fit(&table);
        let frame = codec.encode(&table).unwrap();
        let Column::Numbers(coded) = &frame.columns[0] else { panic!() };
        assert!((0..ROWS).all(|row| coded[row] == 0.0 || coded[row].is_nan() && (row == 8 || row == 9)));
        let decoded = codec.decode(&frame, 0, &Seed::new("law"));
        for (column, back) in table.columns().iter().zip(decoded.columns()) {
            assert!((0..ROWS).all(|row| column.cell(row) == back.cell(row)), "{}", column.name());
        }
    }

    /// A total of which a fee of a few sizes is left is coded as that fee, and comes back.
    #[test]
    fn a_total_is_coded_as_what_is_left_of_it() {
        let a = |row: usize| noise(row, 1, 9000);
        let b = |row: usize| noise(row, 2, 700);
        let fee = |row: usize| [30, 80, 330][noise(row, 3, 3)];
        let table = table(&[
            ("a", &|row| cents(a(row))),
            ("total", &|row| if row == 9 { String::new() } else { cents(a(row) + b(row) + fee(row)) }),
            ("b", &|row| cents(b(row))),
        ]);
        let codec = fit(&table);
        assert_eq!(codec.columns[1].rule, Some(Rule::Since(vec![0, 2])));
        let frame = codec.encode(&table).unwrap();
        let Column::Numbers(coded) = &frame.columns[1] else { panic!() };
        assert!((0..ROWS).all(|row| if row == 9 {
            coded[row].is_nan()
        } else {
            coded[row] == fee(row) as f64 / 100.0
        }));
        let decoded = codec.decode(&frame, 0, &Seed::new("law"));
        for (column, back) in table.columns().iter().zip(decoded.columns()) {
            assert!((0..ROWS).all(|row| column.cell(row) == back.cell(row)), "{}", column.name());
        }
    }

    /// Of a sum that rounding breaks by a cent here and there what is left is learned, though no part alone tells of it.
    #[test]
    fn a_rounded_sum_is_coded_as_what_is_left_of_it() {
        let [a, b, c] = [1, 2, 3].map(|salt| move |row: usize| noise(row, salt, 900_000));
        let off = |row: usize| [0, 1, 0][noise(row, 4, 3)];
        let table = table(&[
            ("a", &|row| cents(a(row))),
            ("b", &|row| cents(b(row))),
            ("c", &|row| cents(c(row))),
            ("all", &|row| cents(a(row) + b(row) + c(row) + off(row))),
        ]);
        let codec = fit(&table);
        assert_eq!(codec.columns[3].rule, Some(Rule::Since(vec![0, 1, 2])));
        let frame = codec.encode(&table).unwrap();
        let decoded = codec.decode(&frame, 0, &Seed::new("law"));
        for (column, back) in table.columns().iter().zip(decoded.columns()) {
            assert!((0..ROWS).all(|row| column.cell(row) == back.cell(row)), "{}", column.name());
        }
    }

    #[test]
    fn cells_against_their_order_change_places() {
        let table = table(&[
            ("c", &|row| cents(noise(row, 1, 9000) + noise(row, 2, 9000) + noise(row, 3, 9000) + 1)),
            ("a", &|row| cents(noise(row, 1, 9000))),
            ("b", &|row| (1 + (noise(row, 1, 9000) + noise(row, 2, 9000)) / 100).to_string()),
        ]);
        let codec = fit(&table);
        let order = |low, high, ties| Order { low, high, ties };
        assert_eq!(codec.orders, [order(1, 2, Ties::None), order(2, 0, Ties::None)]);
        let numbers = |c: f64, a: f64, b: f64| {
            let columns = [c, a, b].map(|value| Column::Numbers(vec![value]));
            let numbers = codec.numbers(&Frame::new(columns.to_vec()));
            [numbers[0][0], numbers[1][0], numbers[2][0]]
        };
        assert_eq!(numbers(9.5, 1.25, 4.0), [9.5, 1.25, 4.0]);
        assert_eq!(numbers(1.0, 9.0, 4.0), [9.0, 1.0, 4.0]);
        assert_eq!(numbers(5.0, 4.0, 4.0), [5.01, 4.0, 5.0]);
        assert_eq!(numbers(9.5, 7.25, 4.0), [9.5, 4.0, 8.0], "outwards, on the grid of each");
        assert!(numbers(9.5, f64::NAN, 4.0)[1].is_nan());
    }

    #[test]
    fn where_ties_are_usual_the_later_column_gives_way() {
        let table = table(&[
            ("month", &|row| cents(noise(row, 1, 9000))),
            ("total", &|row| cents(noise(row, 1, 9000) + row % 9 * noise(row, 2, 9000))),
        ]);
        let codec = fit(&table);
        assert_eq!(codec.orders, [Order { low: 0, high: 1, ties: Ties::Many }]);
        let columns = [20.25, 19.75].map(|value| Column::Numbers(vec![value]));
        assert_eq!(codec.numbers(&Frame::new(columns.to_vec())), [[20.25], [20.25]]);
    }

    #[test]
    fn rules_of_a_file_are_checked() {
        let table = table(&[
            ("x", &|row| noise(row, 1, 5000).to_string()),
            ("y", &|row| noise(row, 2, 5000).to_string()),
            ("z", &|row| ["north", "south"][row % 2].into()),
        ]);
        let codec = fit(&table);
        let linear = |parts: &[u32]| {
            let parts = parts.iter().map(|&part| (part, 1.0)).collect();
            Some(Rule::Computed(Computation::Linear { parts, constant: 0.0 }))
        };
        let with = |x: Option<Rule>, y: Option<Rule>, low: u32, high: u32| {
            let mut codec = codec.clone();
            (codec.columns[0].rule, codec.columns[1].rule) = (x, y);
            codec.orders = vec![Order { low, high, ties: Ties::Few }; usize::from(low != high)];
            codec.is_sound()
        };
        assert!(with(None, linear(&[0]), 0, 0) && with(None, None, 0, 1));
        assert!(with(None, Some(Rule::Since(vec![0])), 0, 1));
        assert!(!with(linear(&[1]), linear(&[0]), 0, 0), "a circle");
        assert!(!with(linear(&[0]), None, 0, 0), "itself");
        assert!(!with(None, linear(&[7]), 0, 0), "no such column");
        assert!(!with(None, Some(Rule::Computed(Computation::Product([0, 2]))), 0, 0), "no numbers");
        assert!(!with(None, linear(&[0]), 0, 1), "an order of what is computed");
        assert!(!with(None, None, 0, 2) && !with(None, None, 5, 1), "an order of no numbers");
    }
}
