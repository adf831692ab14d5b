//! Rules between numbers that whoever writes rows can keep: formulas and orders that no row breaks.
//!
//! `formula.rs` and `order.rs` find and count them. Of the formulas those are taken that hold in every row to half a step
//! of the result's own rounding, and whose result is there only where all its parts are, so that it can be computed
//! from them: a total rather than a part, since a difference of drawn numbers can leave its range. A number that is another
//! one with fewer decimals, rounded, cut or raised, is sought here. Never two that need each other. A column from which
//! another one follows is left to the model, which keeps that.

use std::cell::OnceCell;
use std::iter::once;

use serde::{Deserialize, Serialize};

use super::formula::{Form, Formula, Line, Search};
use super::{DAY, Dimension, MIN_ROWS, Rows, View, dependency, order, remainder};
use crate::schema::Schema;
use crate::table::Table;

/// How often a rounding may hold with numbers of different rows.
const MAX_CHANCE: f64 = 0.5;
/// Of so many rows one with equal numbers makes ties usual.
const MANY: usize = 100;

/// What holds in every row. Places are those of the included columns; dates count in seconds.
#[derive(Default)]
pub struct Rules {
    /// A column and how it is computed. None needs itself.
    pub computed: Vec<(usize, Computation)>,
    /// A total that is not computed, and its parts: what is left of it comes in few amounts.
    pub remainders: Vec<(usize, Vec<u32>)>,
    /// Between columns that are not computed.
    pub orders: Vec<Order>,
}

/// A number from other columns' numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Computation {
    /// The sum of the parts, each times its factor, and a constant. All training rows share these.
    Linear {
        parts: Vec<(u32, f64)>,
        constant: f64,
    },
    Product([u32; 2]),
}

/// The low number is never above the high one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub low: u32,
    pub high: u32,
    pub ties: Ties,
}

/// In how many rows the two are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ties {
    None,
    Few,
    /// At least one in [`MANY`].
    Many,
}

impl Computation {
    /// The places of the columns that it needs.
    pub fn parts(&self) -> Vec<usize> {
        match self {
            Computation::Linear { parts, .. } => parts.iter().map(|&(part, _)| part as usize).collect(),
            Computation::Product(parts) => parts.map(|part| part as usize).to_vec(),
        }
    }

    /// Before rounding; NaN where a part is.
    pub fn value(&self, number: impl Fn(usize) -> f64) -> f64 {
        match self {
            Computation::Linear { parts, constant } => {
                parts.iter().fold(*constant, |sum, &(part, factor)| sum + factor * number(part as usize))
            }
            Computation::Product([a, b]) => number(*a as usize) * number(*b as usize),
        }
    }

    /// With other places, and the parts and the result in other units.
    fn translated(self, place: impl Fn(u32) -> u32, unit: impl Fn(u32) -> f64, own: f64) -> Self {
        match self {
            Computation::Linear { parts, constant } => Computation::Linear {
                parts: parts
                    .into_iter()
                    .map(|(part, factor)| (place(part), factor * own / unit(part)))
                    .collect(),
                constant: constant * own,
            },
            Computation::Product(parts) => Computation::Product(parts.map(place)),
        }
    }
}

/// The rules of the table's included columns.
pub fn keepable(table: &Table, schema: &Schema) -> Rules {
    let views: Vec<View> =
        schema.included().map(|(place, column)| View::new(&table.columns()[place], column)).collect();
    let views: Vec<&View> = views.iter().collect();
    let rows = Rows::new(table);
    let search = Search::new(&views, &rows);
    let mut keeper = Keeper {
        computed: vec![None; search.views.len()],
        is_result: vec![false; search.views.len()],
        bonds: Bonds { views: &views, rows: &rows, found: OnceCell::new() },
        search: &search,
    };
    let results = [search.totals(), search.products()];
    results.iter().flatten().for_each(|formula| keeper.is_result[formula.total] = true);
    let lines = [search.lines(), keeper.roundings()];
    lines.iter().chain(&results).flatten().for_each(|formula| keeper.take(formula));

    let place = |number: u32| {
        let view: &View = search.views[number as usize];
        views.iter().position(|other| std::ptr::eq(*other, view)).expect("one of them") as u32
    };
    let unit = |number: u32| {
        if search.views[number as usize].dimension() == Some(Dimension::Date) { DAY } else { 1.0 }
    };
    let computed: Vec<(usize, Computation)> = (0u32..)
        .zip(keeper.computed)
        .filter_map(|(number, computation)| {
            Some((place(number) as usize, computation?.translated(place, unit, unit(number))))
        })
        .collect();
    let is_computed = |place: usize| computed.iter().any(|&(other, _)| other == place);
    // Exchanged numbers would no longer go with what follows from them.
    let is_free = |place: &usize| {
        let name = views[*place].name;
        let told = |name: &str| computed.iter().any(|&(other, _)| views[other].name == name);
        !is_computed(*place)
            && !keeper.bonds.any(|[from, to]| [from, to].contains(&name) && !told(from) && !told(to))
    };
    let free: Vec<usize> =
        (0..views.len()).filter(|&place| views[place].dimension().is_some()).filter(is_free).collect();
    let orders = order::all(&free.iter().map(|&place| views[place]).collect::<Vec<_>>(), &rows);
    let orders = orders.iter().map(|order| Order {
        low: free[order.low] as u32,
        high: free[order.high] as u32,
        ties: match order.equal {
            0 => Ties::None,
            equal if equal * MANY < order.rows => Ties::Few,
            _ => Ties::Many,
        },
    });
    let remainders = remainder::find(&search, &results[0]).into_iter().map(|found| {
        (place(found.total as u32) as usize, found.parts.iter().map(|&part| place(part as u32)).collect())
    });
    let remainders = remainders.filter(|&(total, _)| !is_computed(total)).collect();
    Rules { orders: orders.collect(), remainders, computed }
}

/// What follows from what, looked for when it is first asked.
struct Bonds<'a, 'b> {
    views: &'b [&'b View<'a>],
    rows: &'b Rows,
    found: OnceCell<Vec<[&'a str; 2]>>,
}

impl Bonds<'_, '_> {
    /// Is there such a pair of a column's name and the name of one that follows from it?
    fn any(&self, is: impl Fn([&str; 2]) -> bool) -> bool {
        self.found.get_or_init(|| dependency::pairs(self.views, self.rows)).iter().any(|&pair| is(pair))
    }
}

/// Places are those of the search, and dates count in days.
struct Keeper<'a, 'b> {
    search: &'b Search<'a, 'b>,
    computed: Vec<Option<Computation>>,
    /// Is it a total or product? Then its multiples are computed from it.
    is_result: Vec<bool>,
    bonds: Bonds<'a, 'b>,
}

impl Keeper<'_, '_> {
    /// Computes one of the formula's columns by the others, if one can be.
    fn take(&mut self, formula: &Formula) {
        let columns = || formula.parts.iter().chain([&formula.total]);
        // Two results would need each other, or be the same one twice.
        if formula.share < 1.0 || columns().any(|&column| self.told_by(column, formula)) {
            return;
        }
        let ways = self.ways(formula).into_iter();
        let mut ways = ways.filter(|(result, way)| self.is_kept(*result, way));
        if let Some((result, way)) = ways.next() {
            drop(ways);
            self.computed[result] = Some(way);
        }
    }

    /// Is the column computed from others of the formula alone?
    fn told_by(&self, column: usize, formula: &Formula) -> bool {
        let within = |place: &usize| formula.parts.contains(place) || formula.total == *place;
        self.computed[column].as_ref().is_some_and(|way| way.parts().iter().all(within))
    }

    /// The formula solved for its total, and for each part that is rounded finely enough and may be of any sign.
    fn ways(&self, formula: &Formula) -> Vec<(usize, Computation)> {
        let (constant, factor) = match &formula.form {
            Form::Product => {
                let parts = [formula.parts[0] as u32, formula.parts[1] as u32];
                return vec![(formula.total, Computation::Product(parts))];
            }
            Form::Line(line) => (line.constant, line.slope),
            Form::Sum => (0.0, 1.0),
        };
        let parts = formula.parts.iter().map(|&part| (part as u32, factor)).collect();
        let mut ways = vec![(formula.total, Computation::Linear { parts, constant })];
        let view = |column: usize| self.search.views[column];
        for &result in &formula.parts {
            let fine = factor.abs() * view(result).grid() <= view(formula.total).grid() * (1.0 + 1e-9);
            // What is left of a total would fall below zero where the others are drawn too large.
            let bounded = formula.parts.len() > 1 && view(result).range().0 >= 0.0;
            if !fine || bounded {
                continue;
            }
            let others = formula.parts.iter().filter(|&&part| part != result);
            let others = others.map(|&part| (part as u32, -1.0));
            let parts = once((formula.total as u32, 1.0 / factor)).chain(others).collect();
            ways.push((result, Computation::Linear { parts, constant: -constant / factor }));
        }
        ways.sort_by_key(|&(result, _)| formula.parts.len() == 1 && self.is_result[result]); // stable
        ways
    }

    fn is_kept(&self, result: usize, way: &Computation) -> bool {
        self.computed[result].is_none()
            && !way.parts().iter().any(|&part| self.needs(part, result))
            && self.is_exact(result, way)
            && !self.is_needed(result, way)
    }

    fn needs(&self, column: usize, other: usize) -> bool {
        let parts = self.computed[column].iter().flat_map(Computation::parts);
        column == other || parts.into_iter().any(|part| self.needs(part, other))
    }

    /// Does every row hold the result to half a step, and only where it holds the parts?
    fn is_exact(&self, result: usize, way: &Computation) -> bool {
        let Search { views, rows, budget, .. } = self.search;
        let view = views[result];
        let (low, high) = view.range();
        let float = if view.grid() == 0.0 { 1e-9 } else { 1e-12 };
        let tolerance = 0.5005 * view.grid() + float * low.abs().max(high.abs());
        let agrees = |row: usize| {
            let number = view.number(row);
            number.is_nan() || (number - way.value(|part| views[part].number(row))).abs() <= tolerance
        };
        budget.pays((way.parts().len() + 1) * rows.all) && (0..rows.all).all(agrees)
    }

    /// Does another column follow from this one, which then does not follow from the parts as well?
    fn is_needed(&self, result: usize, way: &Computation) -> bool {
        let views = &self.search.views;
        let parts: Vec<&View> = way.parts().iter().map(|&part| views[part]).collect();
        let same = parts.len() == 1 && parts[0].levels == views[result].levels;
        let is_part = |name: &str| parts.iter().any(|part| part.name == name);
        let is_computed = |name: &str| {
            views.iter().zip(&self.computed).any(|(view, way)| view.name == name && way.is_some())
        };
        !same && self.bonds.any(|[from, to]| from == views[result].name && !is_part(to) && !is_computed(to))
    }

    /// Columns that are another one with fewer decimals: rounded, else cut, else raised.
    fn roundings(&self) -> Vec<Formula> {
        let all = 0..self.search.views.len();
        let rounding = |total: usize| {
            let mut others = all.clone().filter(|&part| part != total);
            let (part, line) = others.find_map(|part| Some((part, self.rounding(part, total)?)))?;
            let rows = self.search.rows.all;
            Some(Formula { form: Form::Line(line), parts: vec![part], total, share: 1.0, rows })
        };
        all.clone().filter_map(rounding).collect()
    }

    /// On the sample. Whether it holds in all rows is seen when it is taken.
    fn rounding(&self, part: usize, total: usize) -> Option<Line> {
        let Search { views, sample, .. } = self.search;
        let (fine, coarse) = (views[part].grid(), views[total].grid());
        if views[part].dimension() != views[total].dimension()
            || fine * 1.5 > coarse
            || views[part].levels <= views[total].levels
        {
            return None;
        }
        let (xs, ys) = (&sample[part], &sample[total]);
        let cut = -0.5 * (coarse - fine);
        let slack = 1e-9 * coarse;
        let holds = |line: &&Line| {
            let mut both = xs.iter().zip(ys).filter(|(x, y)| x.is_finite() && y.is_finite());
            both.all(|(x, y)| line.holds(*x, *y))
        };
        let lines = [0.0, cut, -cut].map(|constant| Line::new(1.0, constant, 0.5 * coarse + slack));
        let line = lines.into_iter().find(|line| holds(&line))?;
        let strange = ys.iter().cycle().skip(1 + ys.len() / 3);
        let others = xs.iter().zip(strange).filter(|(x, y)| x.is_finite() && y.is_finite());
        let (agree, pairs) = others
            .fold((0, 0), |(agree, pairs), (x, y)| (agree + usize::from(line.holds(*x, *y)), pairs + 1));
        (pairs >= MIN_ROWS && agree as f64 <= MAX_CHANCE * pairs as f64).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    const ROWS: usize = 400;

    fn noise(row: usize, salt: usize, below: usize) -> usize {
        let mixed = ((row + 1) * 2_654_435_761 + (salt + 1) * 40_503 * (row + 7)) ^ (row * salt * 97);
        (mixed >> 7) % below
    }

    fn rules(columns: &[(&str, &dyn Fn(usize) -> String)]) -> Rules {
        let column = |(name, cell): &(&str, &dyn Fn(usize) -> String)| {
            let cells: Vec<String> = (0..ROWS).map(cell).collect();
            cells.iter().map(String::as_str).collect::<ColumnBuilder>().finish(*name)
        };
        let table = Table::new(columns.iter().map(column).collect());
        keepable(&table, &Schema::infer(&table).unwrap())
    }

    fn linear(parts: &[(u32, f64)], constant: f64) -> Computation {
        Computation::Linear { parts: parts.to_vec(), constant }
    }

    fn a(row: usize) -> usize {
        noise(row, 1, 5000)
    }

    fn b(row: usize) -> usize {
        noise(row, 2, 900)
    }

    #[test]
    fn a_total_is_computed_unless_one_row_breaks_it() {
        let parts: [(&str, &dyn Fn(usize) -> String); 2] =
            [("a", &|row| a(row).to_string()), ("b", &|row| b(row).to_string())];
        let with = |total: &dyn Fn(usize) -> String| rules(&[parts[0], ("total", total), parts[1]]).computed;
        assert_eq!(with(&|row| (a(row) + b(row)).to_string()), [(1, linear(&[(0, 1.0), (2, 1.0)], 0.0))]);
        assert_eq!(with(&|row| (a(row) + b(row) + usize::from(row == 77)).to_string()), []);
        let all = |row: usize| (a(row) + b(row)).to_string();
        let more = |row: usize| (a(row) + b(row) + 50).to_string();
        let found = rules(&[parts[0], parts[1], ("all", &all), ("more", &more)]).computed;
        let sum = linear(&[(0, 1.0), (1, 1.0)], 0.0);
        assert_eq!(found, [(2, sum), (3, linear(&[(2, 1.0)], 50.0))], "a multiple of a total");
    }

    /// A part may be missing only where the total is; what may be of any sign is computed in its stead.
    #[test]
    fn a_total_needs_its_parts() {
        let gap = |row: usize| row % 9 == 2;
        let with = |shift: i64| {
            let rest = move |row: usize| {
                if gap(row) { String::new() } else { (a(row) as i64 - shift).to_string() }
            };
            let all = move |row: usize| (a(row) as i64 - shift + b(row) as i64).to_string();
            rules(&[("rest", &rest), ("all", &all), ("b", &|row| b(row).to_string())]).computed
        };
        assert_eq!(with(0), []);
        assert_eq!(with(1000), [(0, linear(&[(1, 1.0), (2, -1.0)], 0.0))]);
    }

    #[test]
    fn products_multiples_and_roundings() {
        let x = |row: usize| noise(row, 3, 900) as f64 / 100.0;
        let found = rules(&[
            ("price", &|row| format!("{:.2}", (100 + a(row)) as f64 / 100.0)),
            ("count", &|row| (1 + noise(row, 4, 12)).to_string()),
            ("amount", &|row| format!("{:.2}", ((100 + a(row)) * (1 + noise(row, 4, 12))) as f64 / 100.0)),
            ("with tax", &|row| {
                format!("{:.4}", ((100 + a(row)) * (1 + noise(row, 4, 12)) * 119) as f64 / 1e4)
            }),
            ("x", &|row| format!("{:.2}", x(row))),
            ("near", &|row| (x(row) + 0.5).floor().to_string()),
            ("cut", &|row| x(row).floor().to_string()),
        ]);
        let expected = [
            (2, Computation::Product([0, 1])),
            (3, linear(&[(2, 1.19)], 0.0)),
            (5, linear(&[(4, 1.0)], 0.0)),
            (6, linear(&[(4, 1.0)], -0.495)),
        ];
        assert_eq!(found.computed, expected);
    }

    #[test]
    fn the_later_date_is_computed_from_the_days_between() {
        let day = |day: usize| format!("2021-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
        let start = |row: usize| noise(row, 10, 28);
        let stay = |row: usize| 1 + noise(row, 11, 27 - start(row) % 20);
        let end = |row: usize| format!("2021-01-{:02}", start(row) % 20 + stay(row) + 1);
        let found = rules(&[
            ("start", &|row| day(start(row) % 20)),
            ("end", &end),
            ("stay", &|row| stay(row).to_string()),
        ]);
        assert_eq!(found.computed, [(1, linear(&[(0, 1.0), (2, DAY)], 0.0))]);
    }

    /// Once a total is computed, its orders hold by themselves; and a band that follows from a number needs that.
    #[test]
    fn orders_of_drawn_numbers() {
        let top = |row: usize| a(row) + b(row);
        let orders = |total: &dyn Fn(usize) -> String, band: &dyn Fn(usize) -> String| {
            rules(&[("a", &|row| a(row).to_string()), ("top", total), ("band", band)]).orders
        };
        let other = |row: usize| ["p", "q", "r"][noise(row, 5, 3)].to_string();
        let order = |ties| [Order { low: 0, high: 1, ties }];
        let plus = |row: usize| (top(row) + 1).to_string();
        let bill = |row: usize| if row.is_multiple_of(9) { a(row) } else { top(row) }.to_string();
        assert_eq!(orders(&plus, &other), order(Ties::None));
        assert_eq!(orders(&bill, &other), order(Ties::Many));
        let coarse = |row: usize| (top(row) / 100 * 100 + 100).to_string();
        let band = |row: usize| ["p", "q", "r"][top(row) / 100 % 3].to_string();
        assert_eq!(orders(&coarse, &band), []);
    }
}
