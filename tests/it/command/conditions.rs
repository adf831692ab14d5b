//! Rows under conditions, asked for on the command line.

use std::sync::Arc;

use standin::pipeline::Sampler;
use standin::pipeline::conditions::Condition;
use standin::{Draws, SavedModel};

use super::{Folder, fails, standin, succeeds};
use crate::support::rows;

/// Rows that are what `--where` says, and a description that tells of which columns, but not what they had to be.
#[test]
fn sample_finds_rows_that_fit() {
    let folder = Folder::new("where");
    let row =
        |i: usize| format!("{},{},{},2024-{:02}-01\n", i * 7 % 60, ["a..b", "x"][i % 2], i % 9, 1 + i % 12);
    let body: String = (0..400).map(row).collect();
    let input = folder.file("in.csv", format!("n,word,k=m,day\n{body}").as_bytes());
    let model = folder.path("m.standin");
    succeeds(&["fit", &input, "-o", &model, "--seed", "5"], b"");
    let args = |wanted: &[&'static str], rows, out| {
        let mut args = vec!["sample", &model, "--rows", rows, "-o", out, "--seed", "5"];
        wanted.iter().for_each(|wanted| args.extend(["--where", wanted]));
        args.into_iter().map(String::from).collect::<Vec<_>>()
    };
    let run = |args: Vec<String>| standin(&args.iter().map(String::as_str).collect::<Vec<_>>(), b"");
    let found = |wanted: &[&'static str]| rows(&run(args(wanted, "50", "-")).stdout);

    let fit = found(&["n=20..30", "n=..5", "n=59", "word=a..b", "k=m=3.."]);
    assert_eq!(fit.len(), 50);
    for row in &fit {
        let n: u32 = row[0].parse().unwrap();
        assert!((20..=30).contains(&n) || n <= 5 || n == 59, "{row:?}");
        assert!(row[1] == "a..b" && *row[2] >= *"3", "{row:?}");
    }
    let dates = found(&["day=2024-03-01..2024-04-01", "day=2024-11-01.."]);
    assert!(dates.len() == 50 && dates.iter().all(|row| ["03", "04", "11", "12"].contains(&&row[3][5..7])));

    // As the library finds them.
    let loaded = Arc::new(SavedModel::load(&std::fs::read(&model).unwrap()).unwrap());
    let wanted = serde_json::json!({ "numRows": 50, "where": { "word": "x" } });
    let list = Condition::list(&wanted).unwrap();
    let dialect = loaded.dialect(None).unwrap();
    let sampler = Sampler::conditioned(loaded, dialect, &list, "5", Draws::Spread).unwrap();
    assert!(run(args(&["word=x"], "50", "-")).stdout == sampler.whole().unwrap());

    let out = folder.path("out.csv");
    assert!(run(args(&["word=x", "n=7"], "20", &out)).status.success());
    let text = std::fs::read_to_string(folder.path("out.csv.croissant.json")).unwrap();
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["standin"]["conditions"], serde_json::json!([{ "rows": 20, "columns": ["n", "word"] }]));
    assert!(told["rai:dataLimitations"][1].as_str().unwrap().contains("\"n\", \"word\""));

    for (wanted, part) in [
        ("n", "expected a column"),
        ("m=4711", "column \"m\": the model has no such column"),
        ("n=4711", "column \"n\": the model draws no such value"),
        ("n=3..one", "column \"n\": expected a plain number"),
        ("day=", "column \"day\": the model draws no such value"),
    ] {
        let output = run(args(&[wanted], "5", "-"));
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{wanted}");
        assert!(
            message.contains(part) && !message.contains("4711") && !message.contains("one,"),
            "{message}"
        );
    }
}

/// A list that is cut short is a list all the same.
#[test]
fn what_is_too_rare_leaves_what_was_found() {
    let folder = Folder::new("rare-where");
    let word = |rare: bool| if rare { "rare" } else { "usual" };
    let row = |i: usize| format!("{},{},{}\n", word(i % 500 == 1), word(i % 500 == 2), i % 7);
    let body: String = (0..4000).map(row).collect();
    let input = folder.file("in.csv", format!("a,b,n\n{body}").as_bytes());
    let (model, out) = (folder.path("m.standin"), folder.path("out.json"));
    succeeds(&["fit", &input, "-o", &model, "--seed", "5", "--method", "independent"], b"");
    let wanted = ["--where", "a=rare", "--where", "b=rare"];
    let message =
        fails(&[&["sample", &model, "--rows", "900", "-o", &out, "--seed", "5"][..], &wanted].concat(), b"");
    let found: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert!(!found.is_empty() && found.iter().all(|row| row["a"] == "rare" && row["b"] == "rare"));
    assert!(
        message.contains(&format!("of 1000000 rows that were drawn {} fit, and 900 are wanted", found.len())),
        "{message}"
    );
}
