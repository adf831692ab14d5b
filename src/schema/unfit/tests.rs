//! What is proposed, and what must not be.

use super::*;
use crate::schema::Schema;
use crate::table::ColumnBuilder;

fn column(name: &str, cells: &[String]) -> Column {
    ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish(name)
}

/// What is proposed for a column of this name: the sdtype, the rows and the lines.
fn proposed(name: &str, cells: &[String]) -> Option<(&'static str, usize, Vec<u64>)> {
    let table = Table::new(vec![column(name, cells)]);
    let (column, schema) = (&table.columns()[0], &Schema::infer(&table).unwrap().columns[0]);
    let told = proposal(schema, column)?.told(column, schema.kind.sdtype(), &table, false);
    Some((told.sdtype.as_str(), told.rows, told.lines))
}

fn many(make: impl Fn(usize) -> String) -> Vec<String> {
    (0..1000).map(|i| make(i * 7919 % 1009)).collect()
}

fn with(mut cells: Vec<String>, others: &[(usize, &str)]) -> Vec<String> {
    others.iter().for_each(|(row, cell)| cells[*row] = cell.to_string());
    cells
}

#[test]
fn numbers_but_for_a_few() {
    let plain = || many(|i| (i * 3).to_string());
    assert_eq!(proposed("x", &plain()), None);
    assert_eq!(proposed("x", &with(plain(), &[(3, "12a")])), Some(("numerical", 1, vec![5])));
    assert_eq!(proposed("x", &with(plain(), &[(0, "12a")])), Some(("numerical", 1, vec![2])));
    let bad: Vec<(usize, String)> = (0..90).map(|i| (i * 11, format!("{i} or {}", i + 1))).collect();
    let bad: Vec<(usize, &str)> = bad.iter().map(|(row, cell)| (*row, cell.as_str())).collect();
    assert_eq!(proposed("x", &with(plain(), &bad)).unwrap().1, 90);
    assert_eq!(proposed("x", &with(plain(), &bad)).unwrap().2, [2, 13, 24, 35, 46]);
    let thousands = many(|i| if i < 900 { i.to_string() } else { format!("1,{i:03}") });
    assert_eq!(proposed("x", &with(thousands, &[(7, "about 5")])), Some(("numerical", 1, vec![9])));
    let money = many(|i| format!("€ {},50", 1 + i));
    assert_eq!(
        proposed("x", &with(money, &[(7, "€ 5.50"), (9, "free!")])),
        Some(("numerical", 2, vec![9, 11]))
    );
    let few = many(|i| (i % 30).to_string());
    assert_eq!(
        proposed("x", &with(few, &[(1, "5-6"), (2, "7 1/2"), (3, "5-6")])),
        Some(("numerical", 3, vec![3, 4, 5]))
    );
}

#[test]
fn dates_but_for_a_few() {
    let dates =
        |form: fn(usize, usize, usize) -> String| many(move |i| form(2000 + i % 20, 1 + i % 12, 1 + i % 28));
    let iso = dates(|y, m, d| format!("{y}-{m:02}-{d:02}"));
    assert_eq!(
        proposed("d", &with(iso.clone(), &[(4, "2020-02-30"), (5, "2020")])),
        Some(("datetime", 2, vec![6, 7]))
    );
    let american = dates(|y, m, d| format!("{m:02}/{d:02}/{y}"));
    assert_eq!(proposed("d", &with(american, &[(4, "13/13/2020")])), Some(("datetime", 1, vec![6])));
    let mut mixed = with(iso, &[(4, "summer 2020")]);
    (500..560).for_each(|row| mixed[row] = format!("{:02}.05.2021", 1 + row % 28));
    assert_eq!(proposed("d", &mixed), Some(("datetime", 1, vec![6])), "both forms are read");
}

#[test]
fn names_and_codes_are_not_proposed() {
    let plain =
        |name: &str, cell: &str| proposed(name, &with(many(|i| (1000 + i * 3).to_string()), &[(3, cell)]));
    assert!(plain("amount", "12a").is_some());
    for name in ["customer_id", "zip", "stock_code", "account_nr"] {
        assert_eq!(plain(name, "12a"), None, "{name}");
    }
    assert_eq!(plain("x", "0012"), None, "a code behind a zero");
    let counter: Vec<String> = (0..1000).map(|i| i.to_string()).collect();
    assert_eq!(proposed("x", &with(counter, &[(5, "5b")])), None);
    assert_eq!(proposed("x", &many(|i| format!("{:05}", i * 90))), None);
    assert_eq!(proposed("x", &with(many(|i| (i % 9).to_string()), &[(5, "5b")])), None, "few levels");
    let tenth: Vec<String> = many(|i| if i % 8 == 0 { format!("{i} or more") } else { i.to_string() });
    assert_eq!(proposed("x", &tenth), None, "too many");
    assert_eq!(proposed("x", &many(|i| format!("a sentence of words, the {i}th"))), None);
}

#[test]
fn a_refusal_tells_the_way_out() {
    let cells = with(many(|i| (i * 3).to_string()), &[(3, "12a"), (9, "13b")]);
    let said = |cells: &[String]| way_out(&column("x", cells), Sdtype::Numerical, Told::default());
    assert_eq!(said(&cells), ", or leave out the 2 rows that cannot, with \"leave_out_unfit\"");
    assert_eq!(said(&many(|i| format!("room {i}"))), "");
}
