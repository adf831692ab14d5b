//! The native command as a user meets it: exit codes, one clear line on standard error, `-`, saved models.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use parquet::basic::Compression;

use crate::files::{quietly, typed, workbook};
use crate::support::register;

mod conditions;

/// A folder of one test's own, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_string()
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn standin(args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin); // it may have given up on its input
    child.wait_with_output().unwrap()
}

fn succeeds(args: &[&str], stdin: &[u8]) -> Vec<u8> {
    let output = standin(args, stdin);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn fails(args: &[&str], stdin: &[u8]) -> String {
    let output = standin(args, stdin);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
    message
}

#[test]
fn inspect_prints_metadata_that_synth_takes_back() {
    let folder = Folder::new("inspect");
    let input = folder.file("in.csv", &register(100));
    let metadata = succeeds(&["inspect", &input], b"");
    let mut metadata: serde_json::Value = serde_json::from_slice(&metadata).unwrap();
    assert_eq!(metadata["tables"]["table"]["primary_key"], "id");
    metadata["standin"]["leave_out"] = serde_json::json!(["ward"]);
    let edited = folder.file("meta.json", metadata.to_string().as_bytes());
    let out = succeeds(&["synth", &input, "-o", "-", "--seed", "1", "--metadata", &edited], b"");
    assert!(out.starts_with(b"id,age,fee,admitted,insured,height,weight\n"));
}

#[test]
fn fit_then_sample_is_synth() {
    let folder = Folder::new("fit");
    let input = folder.file("in.csv", &register(150));
    let model = folder.path("m.standin");
    succeeds(&["fit", &input, "-o", &model, "--seed", "5"], b"");
    let sampled = succeeds(&["sample", &model, "--rows", "150", "-o", "-", "--seed", "5"], b"");
    assert!(sampled == succeeds(&["synth", "-", "-o", "-", "--seed", "5"], &register(150)));
    assert_eq!(sampled.iter().filter(|&&byte| byte == b'\n').count(), 151);
}

/// A town of one row, codes that nobody shares, and a column that tells whose a row is.
#[test]
fn what_is_rare_is_held_back_and_told_in_counts() {
    let folder = Folder::new("rare");
    let row = |i: usize| {
        let town = if i == 7 { "Atlantis" } else { ["Bonn", "Wien"][i % 2] };
        format!("{town},c{}x,{},k{}\n", i * 7 % 300, i * i % 1009, i / 3)
    };
    let body: String = (0..300).map(row).collect();
    let input = folder.file("in.csv", format!("town,code,n,key\n{body}").as_bytes());
    let metadata = serde_json::json!({
        "tables": { "visits": { "sequence_key": "key", "columns": {
            "town": { "sdtype": "categorical" }, "code": { "sdtype": "categorical" },
            "n": { "sdtype": "numerical" }, "key": { "sdtype": "id" },
        } } },
    });
    let metadata = folder.file("meta.json", metadata.to_string().as_bytes());
    let args = ["synth", &input, "-o", "-", "--seed", "1", "--metadata", &metadata];
    let output = standin(&args, b"");
    let (out, told) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{told}");
    for sentence in [
        "column \"key\" tells whose a row is",
        "column \"town\": 1 value is shared by fewer than 5 persons: replaced by commoner ones (in 1 row)",
        "column \"code\": 300 values are shared by fewer than 5 persons: written as _RARE_ (in 300 rows)",
    ] {
        assert!(told.contains(sentence), "{told}");
    }
    assert!(!told.contains("Atlantis") && !out.contains("Atlantis"));
    assert!(out.lines().skip(1).all(|line| line.split(',').nth(1) == Some("_RARE_")));

    let model = folder.path("m.standin");
    succeeds(&["fit", &input, "-o", &model, "--seed", "1", "--metadata", &metadata], b"");
    let saved = std::fs::read(&model).unwrap();
    let head = saved.split(|&byte| byte == b'\n').nth(1).unwrap();
    let head: serde_json::Value = serde_json::from_slice(head).unwrap();
    assert_eq!((&head["minSupport"], &head["entity"]), (&5.into(), &"key".into()));
    let held =
        serde_json::json!({ "values": 1, "rows": 1, "pooled": false, "lowTail": false, "highTail": false });
    assert_eq!(head["columns"][0]["heldBack"], held);
    assert_eq!(head["columns"][2]["heldBack"]["highTail"], true);
    assert!(!saved.windows(8).any(|word| word == b"Atlantis"));

    for least in ["1", "1001"] {
        let message = fails(&["synth", &input, "-o", "-", "--seed", "1", "--min-support", least], b"");
        assert!(message.contains("2 to 1000"), "{message}");
    }
    let lower = standin(&["synth", &input, "-o", "-", "--seed", "1", "--min-support", "2"], b"");
    assert!(String::from_utf8(lower.stderr).unwrap().contains("fewer than 2 persons"));
}

#[test]
fn reports_are_written() {
    let folder = Folder::new("report");
    let input = folder.file("in.csv", &register(300));
    let (out, report) = (folder.path("out.csv"), folder.path("report.json"));
    succeeds(&["synth", &input, "-o", &out, "--seed", "5", "--holdout", "0.2", "--report", &report], b"");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["rows"]["holdout"], 60);
    assert!(report["scores"][0]["value"].as_f64().unwrap() > 0.9);

    // Left to itself a report has its holdout; what is written in the end may have been learned from all rows.
    let (all, report) = (folder.path("all.csv"), folder.path("all.json"));
    succeeds(&["synth", &input, "-o", &all, "--seed", "5", "--report", &report, "--refit"], b"");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["rows"]["holdout"], 100);
    let plain = folder.path("plain.csv");
    succeeds(&["synth", &input, "-o", &plain, "--seed", "5"], b"");
    assert!(std::fs::read(&all).unwrap() == std::fs::read(&plain).unwrap());
    assert!(fails(&["synth", &input, "-o", &all, "--refit"], b"").contains("--report"));

    let holdout = folder.file("holdout.csv", &register(400));
    let page = folder.path("report.html");
    let summary = succeeds(&["report", &input, &holdout, &out], b"");
    assert!(String::from_utf8(summary).unwrap().contains("Column Shapes"));
    succeeds(&["report", &input, &holdout, &out, "--html", &page], b"");
    assert!(std::fs::read_to_string(page).unwrap().ends_with("</html>\n"));
}

#[test]
fn a_description_travels_with_the_file() {
    let folder = Folder::new("croissant");
    let input = folder.file("in.csv", &register(300));
    let (out, report) = (folder.path("out.csv"), folder.path("report.json"));
    let beside = folder.path("out.csv.croissant.json");
    let read = || -> serde_json::Value { serde_json::from_slice(&std::fs::read(&beside).unwrap()).unwrap() };
    let synth = ["synth", &input, "-o", &out, "--seed", "5"];
    succeeds(&[&synth[..], &["--no-croissant"]].concat(), b"");
    assert!(!std::path::Path::new(&beside).exists());
    succeeds(&[&synth[..], &["--holdout", "0.2", "--report", &report]].concat(), b"");
    let document = read();
    assert_eq!((&document["standin"]["seed"], &document["standin"]["rows"]), (&"5".into(), &300.into()));
    assert_eq!(document["standin"]["scores"][0]["key"], "shapes");
    assert_eq!(document["distribution"][0]["contentUrl"], "out.csv");
    // Whoever reads the file next is told, unless it has changed since.
    let told = |file: &str| String::from_utf8(standin(&["inspect", file], b"").stderr).unwrap();
    assert!(told(&out).contains("looks made by a machine") && told(&out).contains("Standin"));
    assert!(!told(&input).contains("machine"));
    let (written, changed) = (std::fs::read(&out).unwrap(), register(200));
    std::fs::write(&out, &changed).unwrap();
    assert!(!told(&out).contains("machine"));
    // What Standin did not write is not written over.
    std::fs::write(&out, &written).unwrap();
    std::fs::write(&beside, b"{}\n").unwrap();
    let said = standin(&synth, b"");
    assert!(said.status.success() && String::from_utf8(said.stderr).unwrap().contains("left as it is"));
    assert_eq!(std::fs::read(&beside).unwrap(), b"{}\n");
}

#[test]
fn bad_input_is_one_clear_line_and_exit_code_2() {
    let folder = Folder::new("bad");
    let good = register(50);
    let broken_late = [b"a,b\n".as_slice(), &b"1,x\n".repeat(20_000), b"1,\xe9\n"].concat();
    for (name, bytes, expected) in [
        ("empty.csv", b"".as_slice(), "empty"),
        ("header.csv", b"a,b\n", "no rows"),
        ("row.csv", b"a,b\n1,2\n", "1 row"),
        ("picture.csv", b"\x89PNG\r\n", "PNG"),
        ("ragged.csv", b"a,b\n1,2\n3\n", "line 3"),
        ("nul.csv", b"a,b\n1,\0\n", "NUL"),
        ("broken.csv", &broken_late, "UTF-8"),
    ] {
        let message = fails(&["synth", &folder.file(name, bytes), "-o", "-"], b"");
        assert!(message.contains(expected), "{name}: {message}");
        assert_eq!(message.lines().count(), 1, "{name}: {message}");
    }
    let input = folder.file("good.csv", &good);
    let zero = fails(&["synth", &input, "-o", "-", "--rows", "0"], b"");
    assert!(zero.contains("--rows"), "{zero}");
    fails(&["synth", &input], b"");
    fails(&["conjure", &input], b"");
    fails(&["synth", &folder.path("absent.csv"), "-o", "-"], b"");
    let holdout = fails(&["synth", &input, "-o", "-", "--seed", "1", "--holdout", "0.9"], b"");
    assert!(holdout.contains("0 to 0.5"), "{holdout}");
    let metadata = folder.file("meta.json", b"{}");
    assert!(
        fails(&["synth", &input, "-o", "-", "--seed", "1", "--metadata", &metadata], b"")
            .contains("metadata")
    );
    assert!(fails(&["sample", &input, "--rows", "5", "-o", "-", "--seed", "1"], b"").contains("model"));
    let overwritten = fails(&["synth", &input, "-o", &input, "--seed", "1"], b"");
    assert!(overwritten.contains("overwritten"), "{overwritten}");
    assert!(std::fs::read(&input).unwrap() == good);
    let ragged = folder.file("ragged.csv", &[good.as_slice(), b"too,few\n"].concat());
    succeeds(&["synth", &ragged, "-o", "-", "--seed", "1", "--skip-bad-rows"], b"");
}

#[test]
fn a_table_without_a_header_stays_one() {
    let folder = Folder::new("headless");
    let body: String = (0..300).map(|i| format!("{};caf\u{e9} {}\r\n", i * 7 % 11, i % 3)).collect();
    let latin: Vec<u8> = body.chars().map(|character| character as u8).collect();
    let input = folder.file("in.csv", &latin);
    let (out, report) = (folder.path("out.csv"), folder.path("report.json"));
    succeeds(&["synth", &input, "-o", &out, "--seed", "1", "--rows", "1", "--report", &report], b"");
    let written = std::fs::read(&out).unwrap();
    assert!(written.windows(5).any(|five| five == b";caf\xe9") && written.ends_with(b"\r\n"));
    assert_eq!(written.iter().filter(|&&byte| byte == b'\n').count(), 1);
    let told = succeeds(&["inspect", &input, "--header", "true"], b"");
    assert!(String::from_utf8(told).unwrap().contains("caf\u{e9} 0"));
}

#[test]
fn a_random_seed_is_told() {
    let output = standin(&["synth", "-", "-o", "-"], &register(50));
    assert!(output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    let seed = told.trim().strip_prefix("standin: seed ").unwrap();
    assert!(output.stdout == succeeds(&["synth", "-", "-o", "-", "--seed", seed], &register(50)));
}

#[test]
fn a_sample_of_a_larger_file_is_said_to_be_one() {
    let output = standin(&["synth", "-", "--seed", "1", "--max-rows", "2000", "-o", "-"], &register(9000));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("of 9000 rows are used"), "{said}");
    assert_eq!(output.stdout.iter().filter(|&&byte| byte == b'\n').count(), 9001);
    assert!(fails(&["inspect", "-", "--memory", "lots"], b"").contains("512M"));
    assert!(fails(&["inspect", "-", "--memory", "16K"], &register(9000)).contains("fewer than 1000 rows"));
}

#[test]
fn a_description_is_saved_and_used_for_the_next_file() {
    let folder = Folder::new("described");
    let first = folder.file("first.csv", &register(100));
    let described = succeeds(&["inspect", &first], b"");
    let metadata: serde_json::Value = serde_json::from_slice(&described).unwrap();
    assert!(metadata["standin"]["relations"].is_array());
    let saved = folder.file("meta.json", &described);
    // The next file has its columns in another order and another dialect.
    let text = String::from_utf8(register(140)).unwrap();
    let turned: String =
        text.lines().map(|line| line.split(',').rev().collect::<Vec<_>>().join(";") + "\n").collect();
    let next = folder.file("next.csv", turned.as_bytes());
    let again = succeeds(&["inspect", &next, "--metadata", &saved], b"");
    let again: serde_json::Value = serde_json::from_slice(&again).unwrap();
    assert_eq!(
        again["tables"]["table"]["columns"]["admitted"],
        metadata["tables"]["table"]["columns"]["admitted"]
    );
    // One whose columns differ is told all of it in one line.
    let renamed = turned.replacen("height", "Heigth", 1).replacen("ward", "clinic_name", 1);
    let renamed = folder.file("renamed.csv", renamed.as_bytes());
    let said = fails(&["inspect", &renamed, "--metadata", &saved], b"");
    assert_eq!(said.lines().count(), 1, "{said}");
    for part in ["Heigth", "renamed?", "\"ward\"", "\"clinic_name\""] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn several_files_are_described_together() {
    let folder = Folder::new("together");
    let customers: String = (0..30).map(|i| format!("C{i:03},{}\n", i % 4)).collect();
    let orders: String = (0..90).map(|i| format!("{},C{:03},{}\n", 500 + i, i * 7 % 30, i % 6)).collect();
    let customers = folder.file("customers.csv", format!("customer_id,size\n{customers}").as_bytes());
    let orders = folder.file("orders.csv", format!("order_id,customer_id,size\n{orders}").as_bytes());
    let described = succeeds(&["inspect", &customers, &orders], b"");
    let metadata: serde_json::Value = serde_json::from_slice(&described).unwrap();
    assert_eq!(metadata["tables"]["customers"]["primary_key"], "customer_id");
    assert_eq!(metadata["relationships"][0]["child_foreign_key"], "customer_id");
    assert_eq!(metadata["relationships"].as_array().unwrap().len(), 1);
    let both = folder.file("both.json", &described);
    let one = succeeds(&["inspect", &orders, "--metadata", &both, "--sdv"], b"");
    let one: serde_json::Value = serde_json::from_slice(&one).unwrap();
    assert!(one.get("standin").is_none() && one["tables"]["orders"]["primary_key"] == "order_id");
    let told = fails(&["inspect", &orders, "--metadata", &both, "--table", "people"], b"");
    assert!(told.contains("\"customers\", \"orders\""), "{told}");
}

#[test]
fn how_a_file_was_read_is_told_and_can_be_overruled() {
    let file = format!("a\tb,c\n{}5\n\nSource: the office\n", "1\t2,3\n".repeat(30));
    assert!(fails(&["inspect", "-"], file.as_bytes()).contains("line 32"));
    let output = standin(&["inspect", "--skip-bad-rows", "-"], file.as_bytes());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("bad rows left out: 1 (lines 32)") && told.contains("from line 34"), "{told}");
    let read = |args: &[&str]| -> serde_json::Value {
        let args = [&["inspect", "-", "--skip-bad-rows"], args].concat();
        let document: serde_json::Value = serde_json::from_slice(&succeeds(&args, file.as_bytes())).unwrap();
        document["standin"]["read"].clone()
    };
    let (own, tab) = (read(&["--delimiter", ","]), read(&["--delimiter", "tab", "--header", "false"]));
    assert_eq!((own["delimiter"].as_str(), own["rows"].as_u64()), (Some(","), Some(30)));
    assert_eq!((tab["delimiter"].as_str(), tab["rows"].as_u64()), (Some("\t"), Some(31)));
    assert_eq!(read(&["--keep-footer"])["footer"], serde_json::Value::Null);
    assert!(fails(&["inspect", "-", "--encoding", "EBCDIC"], file.as_bytes()).contains("one of UTF-8"));
}

#[test]
fn a_workbook_is_read_and_a_sheet_chosen() {
    let folder = Folder::new("excel");
    let cell = |column: char, row: usize, text: &str| match text.parse::<f64>() {
        Ok(number) => format!("<c r=\"{column}{row}\"><v>{number}</v></c>"),
        Err(_) => format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    let register = String::from_utf8(register(100)).unwrap();
    let line = |(row, line): (usize, &str)| {
        let cells = ('A'..).zip(line.split(',')).filter(|(_, text)| !text.is_empty());
        format!("<row>{}</row>", cells.map(|(column, text)| cell(column, row + 3, text)).collect::<String>())
    };
    let rows: String = register.lines().enumerate().map(line).collect();
    let title = "<row><c r=\"A1\" t=\"inlineStr\"><is><t>Register of 2023</t></is></c></row>";
    let file = workbook(
        &[("notes", "<row><c r=\"A1\"><v>1</v></c></row>"), ("all", &(title.to_string() + &rows))],
        false,
    );
    let input = folder.file("in.xlsx", &file);
    let from_sheet = ["synth", &input, "-o", "-", "--seed", "1", "--sheet", "all"];
    let out = succeeds(&from_sheet, b"");
    let piped = succeeds(&["synth", "-", "-o", "-", "--seed", "1", "--sheet", "all"], &file);
    let text = String::from_utf8(out.clone()).unwrap();
    assert!(
        text.starts_with("id,ward,age,fee,admitted,insured,height,weight\n") && text.lines().count() == 101
    );
    assert!(piped == out);
    assert!(fails(&["inspect", &input, "--sheet", "none"], b"").contains("\"all\""));
    assert!(fails(&["inspect", "-", "--sheet", "all"], b"a,b\n1,2\n").contains("--sheet"));
}

#[test]
fn parquet_in_is_parquet_out_unless_told() {
    let folder = Folder::new("parquet");
    let input = folder.file("in.parquet", &typed(200, Compression::SNAPPY));
    let (out, model, report) = (folder.path("out"), folder.path("m.standin"), folder.path("report.json"));
    succeeds(&["synth", &input, "-o", &out, "--seed", "1", "--holdout", "0.2", "--report", &report], b"");
    assert!(std::fs::read(&out).unwrap().starts_with(b"PAR1"));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["rows"]["synthetic"], 400);
    let csv = succeeds(&["synth", &out, "-o", "-", "--seed", "1", "--format", "csv"], b"");
    assert!(csv.starts_with(b"id,day,at,fee,weight,stay.ward,stay.nights\n"));

    succeeds(&["fit", &input, "-o", &model, "--seed", "1"], b"");
    let sample = |out: &str| {
        let out = folder.path(out);
        succeeds(&["sample", &model, "--rows", "50", "-o", &out, "--seed", "2"], b"");
        std::fs::read(out).unwrap()
    };
    assert!(sample("x.parquet").starts_with(b"PAR1"));
    assert!(sample("x.csv").starts_with(b"id,day,"));
    let records: Vec<serde_json::Value> = serde_json::from_slice(&sample("x.json")).unwrap();
    assert!(records.len() == 50 && records[0]["stay.nights"].is_u64());
    let lines = sample("x.jsonl");
    assert_eq!(lines.iter().filter(|&&byte| byte == b'\n').count(), 50);

    let no_types = fails(&["synth", "-", "-o", &folder.path("y.parquet"), "--seed", "1"], &register(50));
    assert!(no_types.contains("Parquet"), "{no_types}");
}

/// The library that reads Parquet panics on some of these.
#[test]
fn a_damaged_parquet_file_is_one_clear_line_too() {
    let folder = Folder::new("damaged");
    let whole = typed(40, Compression::UNCOMPRESSED);
    let damaged = (0..whole.len()).map(|place| {
        let mut file = whole.clone();
        file[place] = 0xff;
        file
    });
    let file = damaged.into_iter().find(|file| quietly(file).is_none()).expect("one that panics");
    let message = fails(&["inspect", &folder.file("in.parquet", &file)], b"");
    assert!(message.lines().count() == 1 && message.contains("damaged"), "{message}");
}

#[test]
fn rows_that_do_not_fit_are_offered_and_told() {
    let folder = Folder::new("unfit");
    let fee = |i: usize| if i == 7 { "12a".into() } else { (i * 37 % 1009).to_string() };
    let body: String = (0..200).map(|i| format!("{},{}\n", i % 9, fee(i))).collect();
    let input = folder.file("in.csv", format!("beds,fee\n{body}").as_bytes());
    let output = standin(&["inspect", &input], b"");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("could be numerical without 1 row (line 9), with \"leave_out_unfit\""), "{told}");
    let mut metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["tables"]["table"]["columns"]["fee"]["sdtype"] = "numerical".into();
    metadata["standin"]["columns"]["fee"] = serde_json::json!({ "leave_out_unfit": true });
    let edited = folder.file("meta.json", metadata.to_string().as_bytes());
    let output = standin(&["synth", &input, "-o", "-", "--seed", "1", "--metadata", &edited], b"");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("column \"fee\": 1 row left out, whose cell cannot be read as numerical (line 9)"),
        "{told}"
    );
    assert!(output.status.success() && !String::from_utf8(output.stdout).unwrap().contains("12a"));
}
