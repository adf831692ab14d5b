//! Laws that drawn numbers keep and measured ones hardly ever do, each looked for in all columns at once.
//!
//! - Digits: decimal numbers of 15 digits or more, which no instrument gives.
//! - Spread: numbers that are uniform or normal, by the tests of Kolmogorov and Lilliefors (1967) at 1 %.
//! - Balance: categories that all occur equally often, by the chi-squared test at 1 %.
//! - Independence: no pair of columns that tells anything of each other, by the chi-squared test of fifths, at 1 % for all.
//!
//! The tests are turned round: a law is said to hold where no column speaks against it. So few rows, which can speak against
//! nothing, are never asked; of many, some tell it. Quantiles of chi-squared by Wilson and Hilferty (1931).

use crate::math::gcd;
use crate::schema::{ColumnSchema, Kind, Schema};
use crate::table::{Column, Table};

/// Fewer rows cannot speak against a law; more are not needed.
const LEAST_ROWS: usize = 500;
const ROWS: usize = 5000;
/// A number that takes so few values is a category here; categories of more levels say nothing.
const FEW: usize = 12;
const MOST_LEVELS: usize = 50;
/// Digits that only a computation brings, and the share of the cells that must have them.
const DIGITS: usize = 15;
const LONG: f64 = 0.9;
/// Columns that a law must hold for.
const COLUMNS: usize = 3;
const BALANCED: usize = 2;
const RELATED: usize = 5;
/// Columns whose pairs are looked at.
const PAIRED: usize = 12;
/// What a level must have to be told apart, and bins of numbers.
const OWN_BIN: f64 = 0.02;
const BINS: usize = 5;
/// One in a hundred: of Kolmogorov's statistic, of Lilliefors', of a normal one, and of the largest of 66 normal ones.
const KOLMOGOROV: f64 = 1.628;
const LILLIEFORS: f64 = 1.035;
const NORMAL: f64 = 2.326;
const NORMAL_OF_ALL: f64 = 3.7;

/// A column as the laws see it, row by row.
enum Seen {
    /// NaN for a gap. `step` lies between neighbouring values, where they are whole numbers of something.
    Numbers { values: Vec<f64>, step: f64 },
    /// None for a gap.
    Levels { codes: Vec<Option<usize>>, levels: usize },
}

/// A sentence for each law that holds, without capital and stop.
pub fn signs(table: &Table, schema: &Schema) -> Vec<String> {
    if table.rows() < LEAST_ROWS {
        return Vec::new();
    }
    let used = ROWS.min(table.rows());
    let rows: Vec<usize> =
        (0..used).map(|i| (i as u64 * table.rows() as u64 / used as u64) as usize).collect();
    let both = || table.columns().iter().zip(&schema.columns);
    let seen: Vec<Seen> = both().filter_map(|(column, schema)| see(column, schema, &rows)).collect();
    [digits(both()), spread(&seen), balance(&seen), independence(&seen)].into_iter().flatten().collect()
}

fn digits<'a>(columns: impl Iterator<Item = (&'a Column, &'a ColumnSchema)>) -> Option<String> {
    let long = |column: &Column, schema: &ColumnSchema| {
        let (mut long, mut all) = (0u64, 0u64);
        for (cell, count) in column.cells().iter().zip(column.counts()) {
            if count > 0 && !schema.is_missing(cell) {
                all += u64::from(count);
                long += if significant(cell) >= DIGITS { u64::from(count) } else { 0 };
            }
        }
        long as f64 >= LONG * all as f64
    };
    let decimal = |(column, schema): &(&Column, &ColumnSchema)| {
        let whole = matches!(&schema.kind, Kind::Numerical(format) if format.decimals() == Some(0));
        matches!(schema.kind, Kind::Numerical(_)) && !whole && column.cells().len() > FEW
    };
    let decimals: Vec<_> = columns.filter(decimal).collect();
    let holds = decimals.len() >= COLUMNS && decimals.iter().all(|(column, schema)| long(column, schema));
    holds.then(|| {
        format!(
            "all {} columns of decimal numbers have {DIGITS} digits or more, which nobody measures",
            decimals.len()
        )
    })
}

fn spread(seen: &[Seen]) -> Option<String> {
    let (mut count, mut all) = (0, true);
    for column in seen {
        if let Seen::Numbers { values, step } = column {
            let mut values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            values.sort_unstable_by(f64::total_cmp);
            count += 1;
            let distinct = values.windows(2).filter(|pair| pair[0] != pair[1]).count();
            let many = values.len() >= LEAST_ROWS && distinct >= FEW;
            all &= many && (is_uniform(&values, *step) || is_normal(&values, *step));
        }
    }
    (count >= COLUMNS && all).then(|| {
        format!(
            "the numbers of all {count} columns are spread evenly or by the normal law, as drawn numbers are"
        )
    })
}

fn balance(seen: &[Seen]) -> Option<String> {
    let (mut count, mut all) = (0, true);
    for column in seen {
        let Seen::Levels { codes, levels } = column else { continue };
        let mut counts = vec![0.0; *levels];
        codes.iter().flatten().for_each(|&code| counts[code] += 1.0);
        let expected = counts.iter().sum::<f64>() / *levels as f64;
        if *levels >= 3 && expected >= 20.0 {
            count += 1;
            let chi: f64 =
                counts.iter().map(|count| (count - expected) * (count - expected) / expected).sum();
            all &= deviation(chi, (levels - 1) as f64) < NORMAL;
        }
    }
    (count >= BALANCED && all)
        .then(|| format!("in all {count} columns of categories each occurs equally often, to within chance"))
}

fn independence(seen: &[Seen]) -> Option<String> {
    let binned: Vec<Vec<Option<usize>>> = seen.iter().filter_map(bins).collect();
    let used = PAIRED.min(binned.len());
    let chosen: Vec<&Vec<Option<usize>>> = (0..used).map(|i| &binned[i * binned.len() / used]).collect();
    let mut pairs = 0;
    for (place, a) in chosen.iter().enumerate() {
        for b in &chosen[..place] {
            if association(a, b) > NORMAL_OF_ALL {
                return None;
            }
            pairs += 1;
        }
    }
    (used >= RELATED)
        .then(|| format!("no column tells anything of another one ({pairs} pairs were looked at)"))
}

/// None for columns that no law speaks of: keys, constants, texts.
fn see(column: &Column, schema: &ColumnSchema, rows: &[usize]) -> Option<Seen> {
    let counts = column.counts();
    let held = |code: usize, cell: &str| counts[code] > 0 && !schema.is_missing(cell);
    let present = column.cells().iter().enumerate().filter(|(code, cell)| held(*code, cell)).count();
    let mut next = 0;
    let wanted = |(row, code): (usize, u32)| {
        (rows.get(next) == Some(&row)).then(|| {
            next += 1;
            code as usize
        })
    };
    let codes: Vec<usize> = column.codes().enumerate().filter_map(wanted).collect();
    let parse = |cell: &str| match &schema.kind {
        Kind::Numerical(format) => format.parse(cell),
        Kind::Datetime(format) => format.parse(cell),
        _ => None,
    };
    if matches!(schema.kind, Kind::Id(_) | Kind::Text(_) | Kind::Personal(_)) {
        return None;
    }
    if present <= FEW || !matches!(schema.kind, Kind::Numerical(_) | Kind::Datetime(_)) {
        let mut place = vec![None; counts.len()];
        let mut levels = 0;
        for (code, cell) in column.cells().iter().enumerate() {
            if held(code, cell) {
                place[code] = Some(levels);
                levels += 1;
            }
        }
        let codes = codes.iter().map(|&code| place[code]).collect();
        return (2..=MOST_LEVELS).contains(&levels).then_some(Seen::Levels { codes, levels });
    }
    let read = |(code, cell): (usize, &str)| {
        if held(code, cell) { parse(cell).unwrap_or(f64::NAN) } else { f64::NAN }
    };
    let texts: Vec<f64> = column.cells().iter().enumerate().map(read).collect();
    let whole = texts.iter().filter(|value| !value.is_nan()).all(|value| value.fract() == 0.0);
    if whole && present == column.codes().len() {
        return None; // it numbers the rows
    }
    let step =
        texts.iter().filter(|value| !value.is_nan()).fold(0, |step, value| gcd(step, value.abs() as u64));
    let step = if whole { step as f64 } else { 0.0 };
    Some(Seen::Numbers { values: codes.iter().map(|&code| texts[code]).collect(), step })
}

/// `values` ascend.
fn is_uniform(values: &[f64], step: f64) -> bool {
    let (low, high) = (values[0] - step / 2.0, values[values.len() - 1] + step / 2.0);
    farthest(values, |value| (value + step / 2.0 - low) / (high - low)) < KOLMOGOROV
}

fn is_normal(values: &[f64], step: f64) -> bool {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let spread =
        (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0)).sqrt();
    let below =
        |value: f64| libm::erfc((mean - value - step / 2.0) / spread / std::f64::consts::SQRT_2) / 2.0;
    farthest(values, below) < LILLIEFORS
}

/// Between the share of the values up to one and what a law says, times the root of their number.
fn farthest(values: &[f64], law: impl Fn(f64) -> f64) -> f64 {
    let count = values.len() as f64;
    let is_last = |at: &usize| values.get(at + 1) != Some(&values[*at]);
    let apart = |at: usize| ((at + 1) as f64 / count - law(values[at])).abs();
    (0..values.len()).filter(is_last).map(apart).fold(0.0, f64::max) * count.sqrt()
}

/// A few bins for the rows; None where nearly all would be in one.
fn bins(column: &Seen) -> Option<Vec<Option<usize>>> {
    let (coded, kinds): (Vec<Option<usize>>, usize) = match column {
        Seen::Numbers { values, .. } => {
            let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            let cuts: Vec<f64> =
                (1..BINS).filter_map(|i| sorted.get(i * sorted.len() / BINS).copied()).collect();
            let bin = |value: &f64| (!value.is_nan()).then(|| cuts.partition_point(|cut| cut < value));
            (values.iter().map(bin).collect(), BINS)
        }
        Seen::Levels { codes, levels } => (codes.clone(), *levels),
    };
    let mut counts = vec![0usize; kinds];
    coded.iter().flatten().for_each(|&code| counts[code] += 1);
    let mut order: Vec<usize> = (0..kinds).collect();
    order.sort_by_key(|&code| std::cmp::Reverse(counts[code]));
    let common = |code: usize| counts[code] as f64 >= OWN_BIN * coded.len() as f64;
    // The commonest levels have a bin each, the others one together.
    let place = |code: usize| {
        order.iter().position(|&other| other == code).filter(|&at| at + 1 < BINS && common(code))
    };
    let places: Vec<usize> = (0..kinds).map(|code| place(code).unwrap_or(BINS - 1)).collect();
    let others: usize =
        (0..kinds).filter(|&code| places[code] != places[order[0]]).map(|code| counts[code]).sum();
    let told = others as f64 >= OWN_BIN * coded.len() as f64;
    told.then(|| coded.iter().map(|code| code.map(|code| places[code])).collect())
}

/// By how many standard deviations the rows of two columns stray from independence.
fn association(a: &[Option<usize>], b: &[Option<usize>]) -> f64 {
    let mut cells = [[0.0; BINS]; BINS];
    a.iter()
        .zip(b)
        .filter_map(|(a, b)| Some((*a.as_ref()?, *b.as_ref()?)))
        .for_each(|(a, b)| cells[a][b] += 1.0);
    let rows: Vec<f64> = cells.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..BINS).map(|b| cells.iter().map(|row| row[b]).sum()).collect();
    let all: f64 = rows.iter().sum();
    let used = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count() as f64;
    let freedom = (used(&rows) - 1.0) * (used(&columns) - 1.0);
    let mut chi = 0.0;
    for (a, row) in cells.iter().enumerate() {
        for (b, cell) in row.iter().enumerate() {
            let expected = rows[a] * columns[b] / all;
            if expected > 0.0 {
                chi += (cell - expected) * (cell - expected) / expected;
            }
        }
    }
    if freedom > 0.0 { deviation(chi, freedom) } else { 0.0 }
}

/// A chi-squared statistic as a normal one.
fn deviation(chi: f64, freedom: f64) -> f64 {
    let small = 2.0 / (9.0 * freedom);
    (libm::cbrt(chi / freedom) - (1.0 - small)) / small.sqrt()
}

/// Digits of a number as it is written, without leading zeros and its exponent.
fn significant(cell: &str) -> usize {
    let mantissa = cell.split(['e', 'E']).next().unwrap_or_default();
    let from_first = mantissa.trim_start_matches(|c: char| !c.is_ascii_digit() || c == '0');
    let from_first = from_first.trim_start_matches(['.', ',', '0']);
    from_first.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::rng::{mix, unit};
    use crate::table::ColumnBuilder;

    /// A share from 0 to 1, of a row and a purpose.
    fn drawn(row: usize, key: u64) -> f64 {
        unit(mix(key << 32 ^ row as u64))
    }

    fn found(rows: usize, columns: &[(&str, &dyn Fn(usize) -> String)]) -> Vec<String> {
        let column = |(name, cell): &(&str, &dyn Fn(usize) -> String)| {
            let cells: Vec<String> = (0..rows).map(cell).collect();
            cells.iter().map(String::as_str).collect::<ColumnBuilder>().finish(*name)
        };
        let table = Table::new(columns.iter().map(column).collect());
        signs(&table, &Schema::infer(&table).unwrap())
    }

    #[test]
    fn what_a_naive_script_makes_keeps_all_laws() {
        // Each law holds by chance in 99 of 100 such tables; the seed is fixed.
        let normal = |row: usize, key: u64| {
            let radius = (-2.0 * libm::log(1.0 - drawn(row, key))).sqrt();
            radius * libm::cos(std::f64::consts::TAU * drawn(row, key + 100))
        };
        let signs = found(
            2000,
            &[
                ("score", &|row| format!("{}", 10.0 + drawn(row, 1))),
                ("height", &|row| format!("{:.15}", 170.0 + 10.0 * normal(row, 2))),
                ("weight", &|row| format!("{:.15}", 70.0 + 10.0 * normal(row, 3))),
                ("town", &|row| ["Bonn", "Wien", "Bern"][(drawn(row, 4) * 3.0) as usize].into()),
                ("job", &|row| ["nurse", "cook", "clerk", "smith"][(drawn(row, 5) * 4.0) as usize].into()),
                ("age", &|row| (18 + (drawn(row, 6) * 60.0) as usize).to_string()),
            ],
        );
        for law in ["15 digits", "by the normal law", "equally often", "15 pairs"] {
            assert!(signs.iter().any(|sign| sign.contains(law)), "{law}: {signs:?}");
        }
    }

    #[test]
    fn one_column_that_differs_speaks_against_a_law() {
        let even = |row: usize, key: u64| (drawn(row, key) * 900.0) as usize;
        let letter = |row: usize, key: u64| ["a", "b", "c"][(drawn(row, key) * 3.0) as usize].to_string();
        let base: [(&str, &dyn Fn(usize) -> String); 5] = [
            ("p", &|row| even(row, 1).to_string()),
            ("q", &|row| even(row, 2).to_string()),
            ("r", &|row| even(row, 3).to_string()),
            ("s", &|row| letter(row, 4)),
            ("t", &|row| letter(row, 5)),
        ];
        assert_eq!(found(1500, &base).len(), 3);
        assert_eq!(found(400, &base), [""; 0], "too few rows to speak against anything");
        // A skewed number, a rare category, and one column that follows another.
        let skewed = |row: usize| ((drawn(row, 6) * drawn(row, 7)) * 900.0).to_string();
        let rare = |row: usize| ["x", "x", "x", "y", "z"][(drawn(row, 8) * 5.0) as usize].to_string();
        let follower = |row: usize| (even(row, 1) + even(row, 9)).to_string();
        let with = |name, cell: &dyn Fn(usize) -> String| found(1500, &[&base[..], &[(name, cell)]].concat());
        assert!(with("u", &skewed).iter().all(|sign| !sign.contains("normal law")));
        assert!(with("u", &rare).iter().all(|sign| !sign.contains("equally often")));
        assert!(with("u", &follower).iter().all(|sign| !sign.contains("tells anything")));
    }

    #[test]
    fn significant_digits_are_counted() {
        for (cell, digits) in
            [("0.00120", 3), ("-12.5", 3), ("1e10", 1), ("0.1234567890123456", 16), ("0", 0)]
        {
            assert_eq!(significant(cell), digits, "{cell}");
        }
    }

    /// Quantiles of chi-squared from printed tables: 95 % and 99 %.
    #[test]
    fn deviations_are_those_of_the_tables() {
        for (chi, freedom, z) in
            [(9.488, 4.0, 1.645), (26.296, 16.0, 1.645), (13.277, 4.0, 2.326), (31.999, 16.0, 2.326)]
        {
            assert!((deviation(chi, freedom) - z).abs() < 0.03, "{chi}");
        }
    }
}
