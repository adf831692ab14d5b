//! Rules between numbers that every training row keeps are kept by every synthetic row, read back as text.

use standin::Method;
use standin::math::rng::{Purpose, Seed};

use crate::support::{csv, fit, options, rows, sample};

const ROWS: usize = 2000;
const HEADER: &str = "fee,extra,total,net,gross,x,rounded,count,amount,used,limit,almost";

/// `extra` is missing in a fifth of the rows, and `total` in a tenth of the others.
fn register() -> Vec<u8> {
    let mut stream = Seed::new("rules").stream(Purpose::Sample, 0);
    let mut below = |most: f64| (most * stream.unit()) as u64;
    let cents = |value: u64| format!("{}.{:02}", value / 100, value % 100);
    let mut row = 0;
    csv(HEADER, ROWS, || {
        let (fee, extra) = (below(90_000.0), 50 * below(300.0));
        let is_gap = below(5.0) == 0;
        let lacks_total = is_gap || below(10.0) == 0;
        let net = 1000 + below(300.0) * below(300.0);
        let gross = net + 1 + below(500.0);
        let (x, count) = (below(900.0), 1 + below(9.0));
        let used = below(1000.0);
        let limit = used + below(30.0) * below(60.0);
        row += 1;
        let almost = fee + gross + if row % 20 == 0 { 15 } else { 0 };
        [
            cents(fee),
            if is_gap { String::new() } else { cents(extra) },
            if lacks_total { String::new() } else { cents(fee + extra) },
            cents(net),
            cents(gross),
            cents(x),
            ((x + 50) / 100).to_string(),
            count.to_string(),
            cents(net * count),
            used.to_string(),
            limit.to_string(),
            cents(almost),
        ]
        .join(",")
    })
}

/// In cents.
fn number(cell: &str) -> Option<i64> {
    let value: f64 = cell.parse().ok()?;
    Some((value * 100.0).round() as i64)
}

#[test]
fn what_every_row_keeps_is_kept() {
    let file = register();
    let model = fit(&file, &options(Method::Trees, "1"));
    let real: Vec<Vec<String>> = rows(&file);
    let synthetic = rows(&sample(model, 5000, "2"));
    for row in &synthetic {
        let at = |name: &str| number(&row[HEADER.split(',').position(|other| other == name).unwrap()]);
        let whole = |name: &str| at(name).unwrap() / 100;
        if let Some(total) = at("total") {
            assert_eq!(Some(total), at("fee").zip(at("extra")).map(|(fee, extra)| fee + extra), "{row:?}");
        }
        assert!(at("net") < at("gross") && at("used") <= at("limit"), "{row:?}");
        assert!((at("rounded").unwrap() - at("x").unwrap()).abs() <= 50, "{row:?}");
        assert_eq!(at("amount").unwrap(), at("net").unwrap() * whole("count"), "{row:?}");
    }
    let share = |table: &[Vec<String>], is: &dyn Fn(&[String]) -> bool| {
        table.iter().filter(|row| is(row)).count() as f64 / table.len() as f64
    };
    let near = |what: &str, is: &dyn Fn(&[String]) -> bool| {
        let (real, synthetic) = (share(&real, is), share(&synthetic, is));
        assert!((real - synthetic).abs() < 0.05, "{what}: {real} and {synthetic}");
    };
    let left =
        |row: &[String]| number(&row[11]).unwrap() - number(&row[0]).unwrap() - number(&row[4]).unwrap();
    near("a sum but for a fee, without it", &|row| left(row) == 0);
    near("and with it", &|row| left(row) == 15);
    near("gaps of a part", &|row| row[1].is_empty());
    near("gaps of the total", &|row| row[2].is_empty());
    near("large totals", &|row| number(&row[2]) > Some(60_000));
    near("large amounts", &|row| number(&row[8]) > Some(100_000));
    near("low figures", &|row| number(&row[6]) < Some(300));
    near("free limits", &|row| number(&row[10]) > Some(80_000));
}

/// The exchange depends on the row alone.
#[test]
fn rows_do_not_depend_on_their_piece() {
    let model = fit(&register(), &options(Method::Trees, "1"));
    let long = sample(model.clone(), 5000, "x");
    for count in [7, 2049, 4097] {
        assert!(long.starts_with(&sample(model.clone(), count, "x")), "{count} rows");
    }
    let loaded = standin::SavedModel::load(&model.save()).unwrap();
    assert!(sample(loaded, 5000, "x") == long);
}
