//! Each rule is found where it holds, and not where chance or ranges make it.

use super::*;
use crate::table::ColumnBuilder;

const ROWS: usize = 400;

/// Whole numbers below `below` that look random, another series for each salt.
fn noise(row: usize, salt: usize, below: usize) -> usize {
    let mixed = ((row + 1) * 2_654_435_761 + (salt + 1) * 40_503 * (row + 7)) ^ (row * salt * 97);
    (mixed >> 7) % below
}

type Cells<'a> = &'a dyn Fn(usize) -> String;

fn sentences(columns: &[(&str, Cells)]) -> Vec<String> {
    found(columns).into_iter().map(|relation| relation.sentence).collect()
}

fn found(columns: &[(&str, Cells)]) -> Vec<Relation> {
    let columns = columns.iter().map(|(name, cell)| {
        let cells: Vec<String> = (0..ROWS).map(cell).collect();
        ColumnBuilder::from_iter(cells.iter().map(String::as_str)).finish(*name)
    });
    let table = Table::new(columns.collect());
    let schema = Schema::infer(&table).unwrap();
    let mut found = find(&table, &schema);
    found.retain(|relation| relation.kind != RelationKind::NonNegative);
    found
}

#[test]
fn columns_that_bring_nothing() {
    let level = |i: usize| ["low", "mid", "high"][noise(i, 1, 3)].to_string();
    let code = |i: usize| ["L", "M", "H"][noise(i, 1, 3)].to_string();
    let said = sentences(&[
        ("none", &|_| String::new()),
        ("same", &|_| "x".into()),
        ("level", &level),
        ("again", &level),
        ("code", &code),
    ]);
    assert_eq!(
        said,
        [
            "none holds no value",
            "same always holds the same value",
            "again repeats level in every row",
            "level and code say the same in other words"
        ]
    );
}

#[test]
fn totals_but_for_a_few_amounts() {
    let fare = |i: usize| format!("{}.50", 3 + noise(i, 40, 60));
    let tip = |i: usize| format!("{}.{:02}", noise(i, 41, 9), noise(i, 42, 100));
    let cents = |i: usize| 100 * (3 + noise(i, 40, 60)) + 50 + 100 * noise(i, 41, 9) + noise(i, 42, 100);
    let written = |cents: usize| format!("{}.{:02}", cents / 100, cents % 100);
    let fee = |i: usize| [30, 80, 330][noise(i, 43, 3)];
    let with_fee = |i: usize| written(cents(i) + fee(i));
    let with_noise = |i: usize| written(cents(i) + noise(i, 44, 400));
    let sentences = |total: Cells| sentences(&[("fare", &fare), ("tip", &tip), ("total", total)]);
    assert!(sentences(&with_fee).contains(&"total = fare + tip + one of few amounts".to_string()));
    assert!(!sentences(&with_noise).iter().any(|sentence| sentence.contains("one of few amounts")));
    // A sum that some rows break is told as that.
    let broken = |i: usize| written(cents(i) + if i % 99 == 7 { noise(i, 44, 400) } else { 0 });
    assert!(sentences(&broken).iter().any(|sentence| sentence.starts_with("total = fare + tip in 9")));
    // Not where the total stands without a part.
    let gappy = |i: usize| if i == 5 { String::new() } else { tip(i) };
    let said = self::sentences(&[("fare", &fare), ("tip", &gappy), ("total", &with_fee)]);
    assert!(!said.iter().any(|sentence| sentence.contains("one of few amounts")));
}

#[test]
fn dependencies_beyond_chance() {
    let tell = |i: usize| noise(i, 30, 5000).to_string(); // so that no row repeats another
    let zip = |i: usize| format!("z{:03}", noise(i, 2, 40));
    let city = |i: usize| format!("city {}", noise(i, 2, 40) / 4);
    let state = |i: usize| ["north", "south"][noise(i, 2, 40) / 20].to_string();
    let almost = |i: usize| if i == 9 { "elsewhere".to_string() } else { city(i) };
    let rare = |i: usize| if i == 30 { "yes" } else { "no" }.to_string();
    let said = sentences(&[("zip", &zip), ("n", &tell), ("city", &city), ("state", &state), ("rare", &rare)]);
    assert_eq!(said, ["city follows from zip", "state follows from city"], "no chain, no near-constant");
    let approximate = &found(&[("zip", &zip), ("n", &tell), ("city", &almost)])[0];
    assert_eq!(approximate.sentence, "city follows from zip in 99.7 % of rows");
    assert!(approximate.share < 1.0 && approximate.rows > 390);
    let unrelated = |i: usize| format!("s{}", noise(i, 5, 9));
    let said = sentences(&[("zip", &zip), ("n", &tell), ("shop", &unrelated)]);
    assert!(!said.iter().any(|sentence| sentence.contains("follow")), "{said:?}");
    // A determinant that hardly repeats determines everything.
    let person = |i: usize| format!("p{}", if i.is_multiple_of(40) { 0 } else { i });
    let said = sentences(&[("person", &person), ("n", &tell), ("shop", &unrelated)]);
    assert!(!said.iter().any(|sentence| sentence.contains("follow")), "{said:?}");
}

#[test]
fn two_columns_together() {
    let tell = |i: usize| noise(i, 30, 5000).to_string();
    let (a, b) = (|i: usize| format!("a{}", noise(i, 3, 5)), |i: usize| format!("b{}", noise(i, 4, 5)));
    let both = |i: usize| format!("c{}", (noise(i, 3, 5) + 2 * noise(i, 4, 5)) % 5);
    let said = sentences(&[("n", &tell), ("a", &a), ("b", &b), ("c", &both)]);
    assert!(said.contains(&"c follows from a and b".to_string()), "{said:?}");
}

#[test]
fn orders_that_ranges_do_not_make() {
    let low = |i: usize| noise(i, 6, 100).to_string();
    let high = |i: usize| (noise(i, 6, 100) + noise(i, 7, 30)).to_string();
    let top = |i: usize| (noise(i, 6, 100) + noise(i, 7, 30) + 1 + noise(i, 8, 9)).to_string();
    let far = |i: usize| (1000 + noise(i, 9, 100)).to_string();
    let said = sentences(&[("low", &low), ("high", &high), ("top", &top), ("far", &far)]);
    assert_eq!(said, ["low is never more than high", "high is always less than top"]);
    let day = |i: usize, more: usize| {
        let day = noise(i, 10, 300) + more;
        format!("2021-{:02}-{:02}", 1 + day / 28, 1 + day % 28)
    };
    let (start, end) = (|i: usize| day(i, 0), |i: usize| day(i, noise(i, 11, 20)));
    assert_eq!(sentences(&[("start", &start), ("end", &end)]), ["end is never before start"]);
}

#[test]
fn formulas() {
    let cents = |value: usize| format!("{}.{:02}", value / 100, value % 100);
    let (net, tax) = (|i: usize| 500 + noise(i, 12, 90_000), |i: usize| noise(i, 13, 9_000));
    let said = sentences(&[
        ("net", &|i| cents(net(i))),
        ("tax", &|i| cents(tax(i))),
        ("total", &|i| cents(net(i) + tax(i))),
        ("other", &|i| cents(noise(i, 14, 50_000))),
    ]);
    assert!(said.contains(&"total = net + tax".to_string()), "{said:?}");
    let said = sentences(&[
        ("price", &|i| cents(100 + noise(i, 15, 3_000))),
        ("quantity", &|i| (1 + noise(i, 16, 12)).to_string()),
        ("amount", &|i| cents((100 + noise(i, 15, 3_000)) * (1 + noise(i, 16, 12)))),
    ]);
    assert!(said.contains(&"amount = price × quantity".to_string()), "{said:?}");
    let celsius = |i: usize| noise(i, 17, 400) as f64 / 10.0 - 10.0;
    let said = sentences(&[
        ("celsius", &|i| format!("{:.1}", celsius(i))),
        ("fahrenheit", &|i| format!("{:.1}", celsius(i) * 1.8 + 32.0)),
    ]);
    assert_eq!(said, ["fahrenheit = 1.8 × celsius + 32"]);
    let independent = |salt: usize| move |i: usize| noise(i, salt, 100).to_string();
    let columns: Vec<_> = (20..26).map(independent).collect();
    let names = ["a", "b", "c", "d", "e", "f"];
    let columns: Vec<(&str, Cells)> =
        names.into_iter().zip(columns.iter().map(|cells| cells as Cells)).collect();
    assert_eq!(sentences(&columns), [""; 0], "independent columns");
}

#[test]
fn gaps_and_keys() {
    let asked = |i: usize| noise(i, 18, 3) > 0;
    let said = found(&[
        ("shipped", &|i| if asked(i) { "yes" } else { "no" }.to_string()),
        ("carrier", &|i| if asked(i) { format!("c{}", noise(i, 19, 5)) } else { String::new() }),
        ("weight", &|i| if asked(i) { noise(i, 20, 90).to_string() } else { String::new() }),
    ]);
    let kinds: Vec<RelationKind> = said.iter().map(|relation| relation.kind).collect();
    assert_eq!(kinds, [RelationKind::MissingTogether, RelationKind::MissingWhere]);
    assert_eq!(said[1].sentence, "carrier and weight are missing just where shipped is \"no\"");
    let pair = sentences(&[("order", &|i| format!("o{}", i / 8)), ("line", &|i| format!("l{}", i % 8))]);
    assert_eq!(pair, ["order and line together are different in every row"]);
    let key = sentences(&[("id", &|i| format!("k{:04}", i * 7)), ("x", &|i| noise(i, 21, 9).to_string())]);
    assert_eq!(key, ["id is different in every row"]);
}
