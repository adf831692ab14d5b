//! A description of a synthetic file that travels with it, in Croissant, the format of MLCommons for data sets: JSON-LD that
//! search engines, data loaders and those who gather data for models read. It says that the data are synthetic, what made
//! them and how well, so that a later model can leave them out.
//!
//! Written by the specifications <http://mlcommons.org/croissant/1.0> and, for the words under `rai`,
//! <http://mlcommons.org/croissant/RAI/1.0>. That the rows are synthetic is said four times, for readers of four habits: in
//! `digitalSourceType` (schema.org, after the list of the IPTC), `rai:hasSyntheticData`, `keywords` and `standin`.
//!
//! Holds names and kinds of columns, counts of rows and figures of the report, and no value of a cell. Does not hold what
//! its owner alone knows: licence, publisher, address, date.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::SavedModel;
use super::conditions::Condition;
use crate::codec::Plain;
use crate::format::csv::{Delimiter, Dialect, Encoding, Format, Layout};
use crate::model::Draws;
use crate::schema::Sdtype;
use crate::schema::made::{MADE_BY_MODEL, PROGRAM};

/// What the rows are called in the description.
const ROWS: &str = "rows";
/// What is told of each figure of a report.
const TOLD: [&str; 9] =
    ["key", "side", "name", "value", "interval", "ceiling", "best", "verdict", "sentence"];

/// A synthetic file that was made with a model. In JSON the keys are camelCase.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Made {
    /// The file's, without its folder.
    pub name: String,
    /// How it is written: absent, as the table was that the model was learned from.
    pub format: Option<Format>,
    pub rows: Option<u64>,
    /// Of the rows.
    pub seed: String,
    pub draws: Draws,
    /// Its size in bytes and what [`Checksum`] gives for them.
    pub bytes: u64,
    pub sha256: String,
    /// The conditions under which the rows were sampled; none if they stand for the table as it is.
    pub conditions: Vec<Conditioned>,
    /// A report in JSON: its scores are told.
    pub report: Option<Value>,
}

/// Of a condition what may be told: what the columns had to be is the owner's affair.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Conditioned {
    pub rows: u64,
    pub columns: Vec<String>,
}

impl From<&Condition> for Conditioned {
    fn from(condition: &Condition) -> Self {
        Conditioned { rows: condition.rows(), columns: condition.columns().map(String::from).collect() }
    }
}

/// SHA-256 of bytes that come piece by piece.
#[derive(Clone, Default)]
pub struct Checksum {
    state: Sha256,
    bytes: u64,
}

impl Checksum {
    pub fn push(&mut self, bytes: &[u8]) {
        self.state.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// How many bytes came, and their checksum in hexadecimal digits.
    pub fn finish(self) -> (u64, String) {
        let digits = self.state.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        (self.bytes, digits)
    }
}

impl SavedModel {
    /// The description of a file that was made with this model and written in this dialect.
    pub fn croissant(&self, made: &Made, dialect: &Dialect) -> Value {
        let info = self.info();
        let maker = format!("{PROGRAM} {}", info.version);
        let own = json!({
            "synthetic": true,
            "tool": PROGRAM,
            "version": info.version,
            "method": info.method,
            "preset": info.preset,
            "quality": info.quality,
            "minSupport": info.min_support,
            "learnedFrom": info.rows,
            "rows": made.rows,
            "seed": made.seed,
            "modelSeed": info.seed,
            "draws": made.draws,
            "conditions": made.conditions,
            "scores": scores(made.report.as_ref()),
        });
        json!({
            "@context": context(),
            "@type": "sc:Dataset",
            "name": made.name,
            "description": format!(
                "Synthetic rows, made by {maker}: they were drawn from a model that was learned from a table of real rows. \
                 Nobody observed them. Leave them out where only observed data will do, such as when another model is trained or tested."
            ),
            "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
            "keywords": ["synthetic data"],
            "digitalSourceType": MADE_BY_MODEL,
            "rai:hasSyntheticData": true,
            "rai:dataCollection": format!("Drawn from a model by {maker}. No row was collected."),
            "rai:dataCollectionType": ["Others: synthetic"],
            "rai:dataCollectionRawData": format!("A table of real rows, which is not part of this data set: the model was learned from {} of them.", info.rows),
            "rai:dataLimitations": limitations(made),
            "rai:personalSensitiveInformation": self.made_up(),
            "prov:wasGeneratedBy": {
                "@type": "prov:Activity",
                "prov:wasAssociatedWith": {
                    "@type": ["prov:SoftwareAgent", "SoftwareApplication"],
                    "name": PROGRAM,
                    "softwareVersion": info.version,
                },
            },
            "standin": own,
            "distribution": [{
                "@type": "cr:FileObject",
                "@id": identifier(&made.name),
                "name": made.name,
                "description": written(dialect),
                "contentUrl": made.name,
                "contentSize": format!("{} B", made.bytes),
                "encodingFormat": media_type(dialect),
                "sha256": made.sha256,
            }],
            "recordSet": [{
                "@type": "cr:RecordSet",
                "@id": ROWS,
                "name": ROWS,
                "field": self.fields(&made.name, dialect),
            }],
        })
    }

    fn fields(&self, file: &str, dialect: &Dialect) -> Vec<Value> {
        let field = |((name, sdtype), plain): ((&str, Sdtype), Plain)| {
            let mut field = json!({
                "@type": "cr:Field",
                "@id": format!("{ROWS}/{}", identifier(name)),
                "name": name,
                "description": sdtype.as_str(),
                "dataType": data_type(plain),
            });
            if let Some(extract) = extract(name, dialect) {
                field["source"] = json!({ "fileObject": { "@id": identifier(file) }, "extract": extract });
            }
            field
        };
        self.codec.columns().zip(self.codec.plain()).map(field).collect()
    }

    /// Of the columns whose values are made up, so that nobody looks for persons behind them.
    fn made_up(&self) -> Vec<String> {
        let personal = self.codec.columns().filter(|(_, sdtype)| matches!(sdtype, Sdtype::Personal(_)));
        personal
            .map(|(name, sdtype)| format!("Column \"{name}\" ({}) holds made-up values.", sdtype.as_str()))
            .collect()
    }
}

/// What the format's library calls the standard context, and our own words.
fn context() -> Value {
    const WORDS: [&str; 25] = [
        "citeAs",
        "column",
        "equivalentProperty",
        "extract",
        "field",
        "fileProperty",
        "fileObject",
        "fileSet",
        "format",
        "includes",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
        "path",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "separator",
        "source",
        "subField",
    ];
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "prov": "http://www.w3.org/ns/prov#",
        "conformsTo": "dct:conformsTo",
        "data": { "@id": "cr:data", "@type": "@json" },
        "dataType": { "@id": "cr:dataType", "@type": "@vocab" },
        "examples": { "@id": "cr:examples", "@type": "@json" },
        "transform": "cr:transform",
        "standin": { "@id": "urn:standin", "@type": "@json" },
    });
    for word in WORDS {
        context[word] = format!("cr:{word}").into();
    }
    context
}

/// Each score of a report in JSON, without what lies behind it.
fn scores(report: Option<&Value>) -> Vec<Value> {
    let told = |score: &Value| {
        let parts = TOLD.iter().filter_map(|key| Some((key.to_string(), score.get(key)?.clone())));
        Value::Object(parts.collect::<Map<_, _>>())
    };
    listed(report).iter().map(told).collect()
}

/// What was found, in a sentence each, and what nobody has looked for.
fn limitations(made: &Made) -> Vec<String> {
    let say = |score: &Value| {
        let (name, sentence) = (score.get("name")?.as_str()?, score.get("sentence")?.as_str()?);
        Some(format!("{name}, {}: {sentence}", three_digits(score.get("value")?.as_f64()?)))
    };
    let mut said = vec!["What is true of these rows need not be true of the real ones.".to_string()];
    let mut columns: Vec<&str> =
        made.conditions.iter().flat_map(|condition| condition.columns.iter().map(String::as_str)).collect();
    columns.sort_unstable();
    columns.dedup();
    if !columns.is_empty() {
        let names = columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        said.push(format!("The rows were chosen by what stands in {names}: how often anything occurs in them is not how often it does in the real table."));
    }
    let found: Vec<String> = listed(made.report.as_ref()).iter().filter_map(say).collect();
    let is_judged = !found.is_empty();
    said.extend(found);
    if !is_judged {
        said.push("Nobody has measured yet how true or how safe these rows are.".into());
    }
    said
}

fn listed(report: Option<&Value>) -> &[Value] {
    report.and_then(|report| report.get("scores")?.as_array()).map_or(&[], Vec::as_slice)
}

fn three_digits(value: f64) -> String {
    format!("{value:.3}")
}

/// A part of an address that any text has and no other one: all but letters and digits of any script is written as bytes.
fn identifier(text: &str) -> String {
    let one = |c: char| match c {
        c if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') => c.to_string(),
        c => c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect(),
    };
    text.chars().map(one).collect()
}

fn data_type(plain: Plain) -> &'static str {
    match plain {
        Plain::Whole => "sc:Integer",
        Plain::Decimal => "sc:Float",
        Plain::Day => "sc:Date",
        Plain::Moment => "sc:DateTime",
        Plain::Truth => "sc:Boolean",
        Plain::Text => "sc:Text",
    }
}

fn media_type(dialect: &Dialect) -> &'static str {
    match &dialect.layout {
        Layout::Delimited if dialect.delimiter == Delimiter::Byte(b'\t') => "text/tab-separated-values",
        Layout::Delimited => "text/csv",
        Layout::Json(json) if json.list => "application/json",
        Layout::Json(_) => "application/jsonlines",
        Layout::Parquet(_) => "application/x-parquet",
    }
}

/// What a program that is to read the file may have to be told.
fn written(dialect: &Dialect) -> String {
    let mut said = vec!["Synthetic rows.".to_string()];
    if matches!(dialect.layout, Layout::Delimited) {
        if !matches!(dialect.delimiter, Delimiter::Byte(b',' | b'\t')) {
            said.push(format!("The fields are separated by \"{}\".", dialect.delimiter.text()));
        }
        if !dialect.header {
            said.push("The first line is a row: no line names the columns.".into());
        }
    }
    if dialect.encoding != Encoding::Utf8 {
        said.push(format!("The text is {}.", dialect.encoding.name()));
    }
    said.join(" ")
}

/// Where a column stands in the file; None where that can be told by no name.
fn extract(name: &str, dialect: &Dialect) -> Option<Value> {
    match &dialect.layout {
        Layout::Delimited => {
            let named = dialect.header && dialect.header_lines == 1 && dialect.header_text(name, 0) == name;
            named.then(|| json!({ "column": name }))
        }
        Layout::Parquet(_) => Some(json!({ "column": name })),
        Layout::Json(json) => {
            let path = &json.fields.iter().find(|field| field.column == name)?.path;
            match path.as_slice() {
                [key] if !json.list => Some(json!({ "column": key })),
                keys if json.list && json.under.is_none() => {
                    let steps: String =
                        keys.iter().map(|key| format!("['{}']", key.replace('\'', "\\'"))).collect();
                    Some(json!({ "jsonPath": format!("$[*]{steps}") }))
                }
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{FitOptions, Source};
    use crate::schema::made::mark;

    fn model() -> SavedModel {
        let row = |i: usize| {
            let day = format!("2024-01-{:02}", 1 + i % 28);
            format!(
                "{},{},{},{day},{},€ {},p{i}@mail.org\n",
                i % 9,
                ["a", "b"][i % 2],
                i.is_multiple_of(3),
                i * 7 % 50,
                1 + i % 7
            )
        };
        let file: String = (0..90).map(row).collect();
        let file = format!("whole number,c,truth,day,n,fee,email\n{file}");
        let options = FitOptions { seed: "7".into(), ..FitOptions::default() };
        let mut fitting = Source::read(file.as_bytes()).unwrap().fit(&options).unwrap();
        while fitting.step().unwrap() < 1.0 {}
        fitting.finish()
    }

    fn described(model: &SavedModel, format: Format, report: Option<Value>) -> Value {
        let made = Made {
            name: "my file.csv".into(),
            rows: Some(10),
            seed: "8".into(),
            bytes: 3,
            sha256: "ab".into(),
            report,
            ..Made::default()
        };
        model.croissant(&made, &model.dialect(Some(format)).unwrap())
    }

    #[test]
    fn it_says_what_made_the_rows_and_no_value_of_theirs() {
        let model = model();
        let score = json!({ "key": "shapes", "name": "Column Shapes", "value": 0.98765, "sentence": "Fine.", "inside": "Bonn" });
        let document = described(&model, Format::Csv, Some(json!({ "scores": [score], "groups": ["Bonn"] })));
        let own = &document["standin"];
        assert_eq!(
            (&own["seed"], &own["modelSeed"], &own["method"]),
            (&json!("8"), &json!("7"), &json!("trees"))
        );
        assert_eq!(
            (&own["learnedFrom"], &own["draws"], &own["preset"]),
            (&json!(90), &json!("spread"), &json!("balanced"))
        );
        assert_eq!(
            own["scores"],
            json!([{ "key": "shapes", "name": "Column Shapes", "value": 0.98765, "sentence": "Fine." }])
        );
        assert_eq!(document["rai:dataLimitations"][1], "Column Shapes, 0.988: Fine.");
        assert_eq!(document["distribution"][0]["contentSize"], "3 B");
        assert!(mark(&document).unwrap().contains("made by Standin"));
        let text = document.to_string();
        for value in ["mail.org", "2024-01", "€", "Bonn"] {
            assert!(!text.contains(value), "{value}");
        }
        let unjudged = described(&model, Format::Csv, None);
        assert!(unjudged["rai:dataLimitations"][1].as_str().unwrap().starts_with("Nobody has measured"));
    }

    #[test]
    fn rows_that_were_chosen_are_said_to_be() {
        let model = model();
        let wanted =
            json!([{ "numRows": 7, "where": { "c": "a", "n": 3 } }, { "numRows": 2, "where": { "c": "b" } }]);
        let conditions = Condition::list(&wanted).unwrap().iter().map(Conditioned::from).collect();
        let made = Made { conditions, ..Made::default() };
        let document = model.croissant(&made, &model.dialect(None).unwrap());
        assert_eq!(
            document["standin"]["conditions"],
            json!([{ "rows": 7, "columns": ["c", "n"] }, { "rows": 2, "columns": ["c"] }])
        );
        let said = document["rai:dataLimitations"].as_array().unwrap();
        assert!(
            said[1].as_str().unwrap().starts_with("The rows were chosen by what stands in \"c\", \"n\":")
        );
        assert!(said[2].as_str().unwrap().starts_with("Nobody has measured"));
    }

    #[test]
    fn columns_are_typed_as_any_program_reads_them() {
        let model = model();
        let document = described(&model, Format::Csv, None);
        let fields = document["recordSet"][0]["field"].as_array().unwrap();
        let types: Vec<_> = fields.iter().map(|field| field["dataType"].as_str().unwrap()).collect();
        assert_eq!(
            types,
            ["sc:Integer", "sc:Text", "sc:Boolean", "sc:Date", "sc:Integer", "sc:Text", "sc:Text"]
        );
        assert_eq!(fields[0]["@id"], "rows/whole%20number");
        assert_eq!(fields[0]["source"]["extract"], json!({ "column": "whole number" }));
        let json = described(&model, Format::Json, None);
        assert_eq!(
            json["recordSet"][0]["field"][0]["source"]["extract"],
            json!({ "jsonPath": "$[*]['whole number']" })
        );
        assert_eq!(json["distribution"][0]["encodingFormat"], "application/json");
    }

    /// Of `abc`, as FIPS 180-4 has it.
    #[test]
    fn checksums_are_those_of_the_standard() {
        let mut sum = Checksum::default();
        sum.push(b"a");
        sum.push(b"bc");
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sum.finish(), (3, expected.to_string()));
    }
}
