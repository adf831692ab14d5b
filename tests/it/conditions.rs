//! Rows under conditions: those of a plain sample that fit, whichever conditions and however they are searched for.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use serde_json::{Value, json};
use standin::format::csv::Format;
use standin::math::rng::Purpose;
use standin::pipeline::Sampler;
use standin::pipeline::conditions::{Condition, Search};
use standin::{Code, Draws, Method, Result, SavedModel, Seed};

use crate::support::{csv, fit, options, register, rows};

fn model(file: &[u8], method: Method) -> Arc<SavedModel> {
    Arc::new(fit(file, &options(method, "1")))
}

fn sampler(model: &Arc<SavedModel>, conditions: &Value, draws: Draws) -> Result<Sampler> {
    let dialect = model.dialect(None).unwrap();
    Sampler::conditioned(model.clone(), dialect, &Condition::list(conditions)?, "x", draws)
}

fn found(model: &Arc<SavedModel>, conditions: &Value) -> Vec<u8> {
    sampler(model, conditions, Draws::Spread).unwrap().whole().unwrap()
}

/// The cells of one column of the rows that fit.
fn cells(model: &Arc<SavedModel>, wanted: &Value, column: usize) -> Vec<String> {
    let found = found(model, &json!({ "numRows": 40, "where": wanted }));
    rows(&found).into_iter().map(|mut row| row.swap_remove(column)).collect()
}

const AGE: usize = 2;
const INSURED: usize = 5;

#[test]
fn they_are_the_rows_of_a_plain_sample_that_fit() {
    for method in [Method::Independent, Method::Trees] {
        let model = model(&register(600), method);
        let conditions = json!([
            { "numRows": 300, "where": { "insured": "yes", "age": { "min": 30, "max": 60 } } },
            { "numRows": 200, "where": { "ward": ["north", "east"], "height": null } },
        ]);
        let fits: [fn(&[String]) -> bool; 2] = [
            |row| row[INSURED] == "yes" && (30..=60).contains(&row[AGE].parse::<u32>().unwrap()),
            |row| row[1] != "south" && row[6].is_empty(),
        ];
        let dialect = model.dialect(None).unwrap();
        for draws in [Draws::Spread, Draws::Independent] {
            let plain = |condition| {
                let seed = Seed::new("x").part(Purpose::Condition, condition);
                rows(&model.piece(0..30_000, &seed, draws, &dialect))
            };
            let fitting = |condition: usize, count| {
                plain(condition as u64).into_iter().filter(move |row| fits[condition](row)).take(count)
            };
            let mut expected: Vec<Vec<String>> = fitting(0, 300).chain(fitting(1, 200)).collect();
            // Made-up values are those of the first rows, and so no two alike.
            expected.iter_mut().zip(plain(0)).for_each(|(row, first)| row[0] = first[0].clone());
            let whole = sampler(&model, &conditions, draws).unwrap().whole().unwrap();
            assert!(whole.starts_with(b"id,ward,age,"));
            assert_eq!(rows(&whole), expected);
        }
    }
}

/// Of a condition on a late column, the column before it has the shares that it has among the fitting rows of a plain sample: two
/// samples, chi-square with 2 degrees of freedom, alpha = 0.001.
#[test]
fn what_goes_with_the_condition_is_as_likely_as_ever() {
    let model = model(&register(600), Method::Trees);
    let wanted = json!({ "numRows": 4000, "where": { "insured": "yes" } });
    let kept = rows(&sampler(&model, &wanted, Draws::Independent).unwrap().whole().unwrap());
    let dialect = model.dialect(None).unwrap();
    let plain = rows(&model.piece(0..12_000, &Seed::new("another"), Draws::Independent, &dialect));
    let plain: Vec<_> = plain.into_iter().filter(|row| row[INSURED] == "yes").collect();
    let count = |rows: &[Vec<String>], ward| rows.iter().filter(|row| row[1] == ward).count() as f64;
    let (k, p) = (kept.len() as f64, plain.len() as f64);
    assert!(p > 2000.0, "{p} rows to compare with");
    let term = |ward| {
        let (a, b) = (count(&kept, ward), count(&plain, ward));
        let (expected_a, expected_b) = ((a + b) * k / (k + p), (a + b) * p / (k + p));
        (a - expected_a).powi(2) / expected_a + (b - expected_b).powi(2) / expected_b
    };
    let statistic: f64 = ["north", "south", "east"].map(term).iter().sum();
    assert!(statistic < 13.82, "chi-square {statistic}");
}

/// Two columns of which each value is there, but in independent draws never both.
fn never_both() -> Arc<SavedModel> {
    let mut row = 0;
    let rare = |at: usize, row: usize| if row % 1000 < 6 && row / 1000 == at { "rare" } else { "usual" };
    let file = csv("a,b,c,d", 4000, || {
        row += 1;
        [0, 1, 2, 3].map(|at| rare(at, row)).join(",")
    });
    model(&file, Method::Independent)
}

#[test]
fn the_pieces_of_the_search_do_not_matter() {
    let often = (
        model(&register(300), Method::Trees),
        json!([
            { "numRows": 700, "where": { "ward": "north", "age": { "max": 50 } } },
            { "numRows": 1, "where": {} },
            { "numRows": 150, "where": { "insured": false } },
        ]),
    );
    let rare = (never_both(), json!({ "numRows": 400, "where": { "a": "rare", "b": "rare" } }));
    for ((model, conditions), is_rare) in [(often, false), (rare, true)] {
        let list = Condition::list(&conditions).unwrap();
        let dialect = model.dialect(None).unwrap();
        let outcome = |count, size| {
            let mut search = Search::new(model.clone(), &list, Seed::new("x"), Draws::Spread).unwrap();
            let mut bytes = Vec::new();
            loop {
                match search.ahead(count, size) {
                    Ok(parts) if parts.is_empty() => break (bytes, search.done(), String::new()),
                    Ok(parts) => {
                        let drawn: Vec<_> = parts.into_iter().map(|part| search.draw(part)).collect();
                        drawn.into_iter().for_each(|drawn| bytes.extend(search.take(drawn, &dialect)));
                    }
                    Err(error) => {
                        assert!(search.ahead(count, size).unwrap().is_empty(), "it is over");
                        break (bytes, search.done(), error.to_string());
                    }
                }
            }
        };
        let expected = outcome(1, 4096);
        assert_eq!(expected.2.is_empty(), !is_rare);
        for (count, size) in [(1, 100_000), (3, 2048), (2, 7001)] {
            assert!(outcome(count, size) == expected, "{count} parts of {size}");
        }
        if !is_rare {
            assert_eq!((found(&model, &conditions), expected.1), (expected.0, 851));
        }
    }
}

#[test]
fn what_is_too_rare_is_given_up_and_what_was_found_stays() {
    let model = never_both();
    let conditions = json!([
        { "numRows": 3, "where": { "a": "usual" } },
        { "numRows": 400, "where": { "a": "rare", "b": "rare", "c": "usual" } },
    ]);
    let (mut rows, mut pieces) = (0, 0);
    let mut sampler = sampler(&model, &conditions, Draws::Spread).unwrap();
    let error = loop {
        match sampler.next().expect("not the end") {
            Ok(piece) => rows += piece.iter().filter(|&&byte| byte == b'\n').count() as u64,
            Err(error) => break error,
        }
        pieces += 1;
    };
    assert_eq!((error.code(), error.is_options()), (Code::TooRare, true));
    assert!((3..50).contains(&sampler.done()) && rows == sampler.done() + 1, "{rows} lines");
    assert!(pieces > 200, "given in pieces, of which most are empty");
    let fit = sampler.done() - 3;
    assert_eq!(
        error.message(),
        format!(
            "condition 2 of 2: of 1000000 rows that were drawn {fit} fit, and 400 are wanted: ask for fewer rows, or make the condition wider"
        )
    );
    assert!(sampler.next().is_none());
    // One row in a thousand is enough, however many are wanted.
    let enough = json!({ "numRows": 2000, "where": { "a": "rare" } });
    assert_eq!(self::rows(&found(&model, &enough)).len(), 2000);
}

/// Each kind of column as people write it, and asked for in plain words.
fn forms() -> Arc<SavedModel> {
    let mut row = 0;
    let file = csv("id;betrag;am;um;wort;offen;stufe;mail;leer", 900, || {
        row += 1;
        let i = row * 7919 % 1009;
        let amount = format!("{}.{:03},{:02} €", 1 + i % 3, i % 500, i % 4 * 25);
        let day = format!("{:02}.{:02}.2024", 1 + i % 28, 1 + i % 12);
        let clock = format!("2024-05-{:02} {:02}:30", 1 + i % 28, i % 24);
        let word = ["\"say \"\"hi\"\"\"", "\"a;b\"", "a..b", "x=y"][i % 4];
        let open = ["ja", "nein"][i % 2];
        let gap = if i % 5 == 0 { String::new() } else { (i % 90).to_string() };
        let amount = if i % 6 == 0 { "NA".to_string() } else { amount };
        format!("k-{row};{amount};{day};{clock};{word};{open};{};p{row}@mail.org;{gap}", 1 + i % 3)
    });
    model(&file, Method::Trees)
}

/// Rows of that file, of which only the words are quoted.
fn fields(found: &[u8]) -> Vec<BTreeMap<&'static str, String>> {
    const NAMES: [&str; 9] = ["id", "betrag", "am", "um", "wort", "offen", "stufe", "mail", "leer"];
    let text = std::str::from_utf8(found).unwrap();
    let row = |line: &str| {
        let line = line.replace("\"a;b\"", "A").replace("\"say \"\"hi\"\"\"", "B");
        NAMES.into_iter().zip(line.split(';').map(String::from)).collect()
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn values_are_asked_for_in_plain_words() {
    let model = forms();
    let all = |wanted: Value, is: &dyn Fn(&BTreeMap<&str, String>) -> bool| {
        let found = found(&model, &json!({ "numRows": 30, "where": wanted }));
        let rows = fields(&found);
        assert_eq!(rows.len(), 30);
        assert!(rows.iter().all(is), "{wanted}: {}", String::from_utf8_lossy(&found));
    };
    all(json!({ "betrag": { "min": 2000.5, "max": "3000" } }), &|row| row["betrag"].starts_with("2."));
    all(json!({ "betrag": null }), &|row| row["betrag"] == "NA");
    all(json!({ "betrag": [null, { "max": 1100 }] }), &|row| {
        let amount = row["betrag"].trim_end_matches(" €").replace('.', "").replace(',', ".");
        row["betrag"] == "NA" || amount.parse::<f64>().unwrap() <= 1100.0
    });
    all(json!({ "am": "2024-03-07" }), &|row| row["am"] == "07.03.2024");
    all(json!({ "am": "07.03.2024" }), &|row| row["am"] == "07.03.2024");
    all(json!({ "am": { "min": "2024-11-01" } }), &|row| row["am"][3..] >= *"11.2024");
    all(json!({ "am": ["07.03.2024", { "max": "31.01.2024" }] }), &|row| {
        row["am"] == "07.03.2024" || row["am"].ends_with(".01.2024")
    });
    all(json!({ "um": { "min": "2024-05-10", "max": "2024-05-10T23:59" } }), &|row| {
        row["um"].starts_with("2024-05-10 ")
    });
    all(json!({ "um": { "max": "2024-05-03 04:30:00" } }), &|row| *row["um"] <= *"2024-05-03 04:30");
    all(json!({ "wort": "say \"hi\"" }), &|row| row["wort"] == "B");
    all(json!({ "wort": ["a;b", "x=y"] }), &|row| row["wort"] == "A" || row["wort"] == "x=y");
    all(json!({ "wort": "a..b" }), &|row| row["wort"] == "a..b");
    all(json!({ "offen": true }), &|row| row["offen"] == "ja");
    all(json!({ "offen": [false] }), &|row| row["offen"] == "nein");
    all(json!({ "stufe": 2 }), &|row| row["stufe"] == "2");
    all(json!({ "stufe": ["3", 1.0] }), &|row| row["stufe"] != "2");
    all(json!({ "leer": null, "offen": true }), &|row| row["leer"].is_empty() && row["offen"] == "ja");
    all(json!({ "leer": { "min": 80 } }), &|row| row["leer"].parse::<u32>().unwrap() >= 80);
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_drawn() {
    let model = forms();
    let refused = |conditions: Value, column: Option<&str>, way_out: &str| {
        let error =
            sampler(&model, &conditions, Draws::Spread).err().unwrap_or_else(|| panic!("{conditions}"));
        assert_eq!((error.code(), error.column()), (Code::BadOptions, column), "{conditions}");
        assert!(error.message().contains(way_out), "{conditions}: {error}");
        for value in ["4711", "Bonn", "2031", "17.5", "secret"] {
            assert!(!error.to_string().contains(value), "{error}");
        }
    };
    for (column, wanted, way_out) in [
        ("ort", json!("Bonn"), "name one of those"),
        ("id", json!("k-4711"), "leave this column out"),
        ("mail", json!("secret@mail.org"), "leave this column out"),
        ("mail", json!(null), "leave this column out"),
        ("wort", json!("Bonn"), "choose another"),
        ("wort", json!(["x=y", "Bonn"]), "choose another"),
        ("wort", json!({ "min": "Bonn" }), "list the values"),
        ("wort", json!([["Bonn"]]), "give the values themselves"),
        ("wort", json!(true), "choose another"),
        ("wort", json!(null), "choose another"),
        ("wort", json!([]), "leave the column out"),
        ("stufe", json!(4711), "choose another"),
        ("betrag", json!("2.031,25 €"), "plain number"),
        ("betrag", json!(true), "plain number"),
        ("betrag", json!(["secret"]), "plain number"),
        ("betrag", json!(4711), "choose another"),
        ("betrag", json!({ "min": 47110 }), "choose another"),
        ("betrag", json!(1017.55), "choose another"),
        ("betrag", json!({ "min": 1000.51, "max": 1000.6 }), "choose another"),
        ("betrag", json!({ "min": 1717.5, "max": 1017.5 }), "exchange"),
        ("betrag", json!({ "from": 17.5 }), "min and max"),
        ("betrag", json!({}), "min and max"),
        ("betrag", json!({ "min": null }), "min and max"),
        ("betrag", json!({ "min": [17.5] }), "plain number"),
        ("am", json!("Bonn"), "2024-12-31"),
        ("am", json!(17.5), "2024-12-31"),
        ("am", json!("2031-01-01"), "choose another"),
        ("am", json!({ "min": "2031-01-01" }), "choose another"),
        ("am", json!(null), "choose another"),
    ] {
        refused(json!({ "numRows": 5, "where": { column: wanted } }), Some(column), way_out);
    }
    for conditions in [
        json!([]),
        json!("secret"),
        json!(null),
        json!([5]),
        json!({ "where": {} }),
        json!({ "numRows": 0 }),
        json!({ "numRows": 17.5 }),
        json!({ "numRows": "secret" }),
        json!({ "numRows": 1e300 }),
        json!({ "numRows": 5, "where": "secret" }),
        json!({ "numRows": 5, "where": ["secret"] }),
        json!({ "numRows": 5, "columns": { "wort": "secret" } }),
    ] {
        refused(conditions, None, "");
    }
}

/// The head comes with the first row that is found, and what joins rows stands between them.
#[test]
fn any_format_holds_them() {
    let model = never_both();
    let list = Condition::list(&json!({ "numRows": 300, "where": { "a": "rare" } })).unwrap();
    let dialect = model.dialect(Some(Format::Json)).unwrap();
    let sampler = Sampler::conditioned(model, dialect, &list, "x", Draws::Spread).unwrap();
    let found: Value = serde_json::from_slice(&sampler.whole().unwrap()).unwrap();
    let rows = found.as_array().unwrap();
    assert!(rows.len() == 300 && rows.iter().all(|row| row["a"] == "rare"));
}

/// Rules between columns hold, and a condition on what is computed is one like others.
#[test]
fn rules_hold_in_rows_under_conditions() {
    let mut row = 0;
    let file = csv("net,fee,total", 800, || {
        row += 1;
        let (net, fee) = (row * 7919 % 1009, row * 31 % 97);
        format!("{net},{fee},{}", net + fee)
    });
    let model = model(&file, Method::Trees);
    let total = |wanted: &Value| cells(&model, wanted, 2);
    let numbers = |texts: Vec<String>| texts.into_iter().map(|text| text.parse::<i64>().unwrap());
    assert!(
        numbers(total(&json!({ "total": { "min": 500, "max": 600 } }))).all(|t| (500..=600).contains(&t))
    );
    let found =
        found(&model, &json!({ "numRows": 200, "where": { "total": { "max": 300 }, "fee": { "min": 50 } } }));
    for row in rows(&found) {
        let [net, fee, total] = [0, 1, 2].map(|at| row[at].parse::<i64>().unwrap());
        assert!(net + fee == total && total <= 300 && fee >= 50, "{row:?}");
    }
}

static FORMS: LazyLock<Arc<SavedModel>> = LazyLock::new(forms);

fn anything() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-10i64..4000).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(vec![
            "ja",
            "a;b",
            "NA",
            "",
            "2024-05-10",
            "10.05.2024",
            "2024-05-10T25:00",
            "1.500,25 €",
            "é"
        ])
        .prop_map(Value::from),
        "[0-9.:TZ +-]{0,20}".prop_map(Value::from),
    ];
    scalar.prop_recursive(3, 12, 3, |inner| {
        let keys = proptest::sample::select(vec!["min", "max", "from"]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map(keys, inner, 0..3)
                .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_string(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is asked: refused, or searched for; never a panic. A number that is asked for is what is found.
    #[test]
    fn anything_may_be_asked(
        wanted in anything(),
        column in proptest::sample::select(vec!["betrag", "am", "um", "wort", "offen", "stufe", "mail", "leer"]),
        whole: bool,
    ) {
        let conditions = if whole { wanted.clone() } else { json!({ "numRows": 1, "where": { column: wanted } }) };
        match sampler(&FORMS, &conditions, Draws::Spread) {
            Ok(mut sampler) => {
                let piece = sampler.next().expect("a piece").unwrap();
                if let Some(number) = wanted.as_f64().filter(|_| column == "leer" && !piece.is_empty()) {
                    prop_assert_eq!(fields(&piece)[0]["leer"].parse(), Ok(number));
                }
            }
            Err(error) => prop_assert_eq!(error.code(), Code::BadOptions),
        }
    }
}
