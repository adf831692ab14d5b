//! JSON in, JSON out: the same shape, keys and types, for any chunks and pieces.

use serde_json::{Map, Value, json};
use standin::format::csv::{ReadOptions, Reader, tail};
use standin::{Draws, Method, ReportOptions, SavedModel, Source};

use crate::support::{fit, options, register, rows, sample, synth};

/// The register as records: nested, typed, with nulls, absent keys and a key of one row alone.
fn records(count: usize) -> Vec<Value> {
    let record = |(i, cells): (usize, Vec<String>)| {
        let number = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
        let mut object = Map::new();
        object.insert("id".into(), json!(cells[0]));
        object.insert("stay".into(), json!({"ward": cells[1], "fee": number(&cells[3])}));
        object.insert("age".into(), number(&cells[2]));
        object.insert("insured".into(), json!(cells[5] == "yes"));
        if !cells[6].is_empty() {
            object.insert("height".into(), number(&cells[6]));
        }
        object.insert("tags".into(), if i % 3 == 0 { json!(["a", i % 2]) } else { json!([]) });
        if i == 7 {
            object.insert("seen only once".into(), json!(1));
        }
        Value::Object(object)
    };
    rows(&register(count)).into_iter().enumerate().map(record).collect()
}

fn lines(records: &[Value]) -> Vec<u8> {
    records.iter().map(|record| format!("{record}\n")).collect::<String>().into_bytes()
}

fn list(records: &[Value]) -> Vec<u8> {
    serde_json::to_vec_pretty(records).unwrap()
}

fn parsed_lines(bytes: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn check(record: &Value) {
    assert!(record["id"].is_string() && record["stay"]["ward"].is_string(), "{record}");
    assert!(record["stay"]["fee"].is_number() && record["age"].is_number(), "{record}");
    assert!(record["insured"].is_boolean() && record["tags"].is_array(), "{record}");
    assert!(record.get("height").is_none_or(Value::is_number), "{record}");
    assert!(record.get("seen only once").is_none(), "{record}");
}

#[test]
fn a_stand_in_has_the_shape_and_the_types_of_its_file() {
    let records = records(300);
    let made = parsed_lines(&synth(&lines(&records), Method::Trees, 5000, "7"));
    assert_eq!(made.len(), 5000);
    made.iter().for_each(check);
    assert!(made.iter().any(|record| record.get("height").is_none()));

    let from_list = synth(&list(&records), Method::Trees, 5000, "7");
    assert_eq!(serde_json::from_slice::<Vec<Value>>(&from_list).unwrap(), made);
    let wrapped = format!("{{\"of\": 2024, \"visits\": {}}}", String::from_utf8(list(&records)).unwrap());
    let from_wrapped = synth(wrapped.as_bytes(), Method::Trees, 5000, "7");
    assert_eq!(serde_json::from_slice::<Value>(&from_wrapped).unwrap()["visits"], json!(made));
}

#[test]
fn chunks_pieces_and_saving_change_nothing() {
    let file = list(&records(200));
    let model = fit(&file, &options(Method::Independent, "7"));
    let whole = sample(model.clone(), 9000, "7");
    let mut reader = Reader::new(ReadOptions::default());
    file.chunks(3).for_each(|chunk| reader.push(chunk).unwrap());
    let mut fitting =
        Source::new(reader.finish().unwrap()).unwrap().fit(&options(Method::Independent, "7")).unwrap();
    while fitting.step().unwrap() < 1.0 {}
    assert!(sample(fitting.finish(), 9000, "7") == whole);

    let loaded = SavedModel::load(&model.save()).unwrap();
    assert!(sample(loaded.clone(), 9000, "7") == whole);
    let (seed, dialect) = (standin::Seed::new("7"), loaded.dialect(None).unwrap());
    let back_to_front: Vec<_> =
        [4096..9000, 0..4096].map(|rows| loaded.piece(rows, &seed, Draws::Spread, &dialect)).into();
    let joined = [back_to_front[1].as_slice(), &back_to_front[0], &tail(&dialect)].concat();
    assert!(joined == whole);
    let saved = model.save();
    assert!(!saved.windows(9).any(|text| text == b"seen only"), "a key of one row is that row's");
}

#[test]
fn a_key_that_no_synthetic_record_has_is_a_gap() {
    let mut records = records(200);
    records.iter_mut().step_by(90).for_each(|record| record["rare"] = json!("x"));
    let source = Source::read(&lines(&records)).unwrap();
    let mut fitting = source.fit(&options(Method::Independent, "7")).unwrap();
    while fitting.step().unwrap() < 1.0 {}
    let model = fitting.finish();
    let few = sample(model, 30, "1");
    assert!(!parsed_lines(&few).iter().any(|record| record.get("rare").is_some()), "choose another seed");
    let report = source
        .report(&Source::read(&few).unwrap(), &options(Method::Independent, "7"), &ReportOptions::default())
        .unwrap()
        .report();
    assert!(report.columns.iter().any(|column| column.name == "rare"));
    let gaps = report.scores.iter().find(|score| score.key == "gaps").expect("cells are missing");
    assert!(gaps.value > 0.9, "{}", gaps.value);
}
