//! What tells of persons is recognised in real tables, nothing else is, and none of it comes out again.

use std::collections::HashSet;
use std::fmt::Write;
use std::io::Read;
use std::path::PathBuf;

use standin::schema::Sdtype;
use standin::{FitOptions, Method, Source};

use crate::support::{data, fit, options, rows, sample};

/// Columns of the real tables that are taken as personal, checked by hand.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("relational/northwind/Customers.csv", "ContactName", "name"),
    ("relational/northwind/Customers.csv", "Address", "address"),
    ("relational/northwind/Customers.csv", "City", "city"),
    ("relational/northwind/Customers.csv", "PostalCode", "postcode"),
    ("relational/northwind/Customers.csv", "Phone", "phone_number"),
    ("relational/northwind/Customers.csv", "Fax", "phone_number"),
    ("relational/northwind/Employees.csv", "LastName", "last_name"),
    ("relational/northwind/Employees.csv", "FirstName", "first_name"),
    ("relational/northwind/Employees.csv", "Address", "address"),
    ("relational/northwind/Employees.csv", "HomePhone", "phone_number"),
    ("relational/northwind/Orders.csv", "ShipAddress", "address"),
    ("relational/northwind/Shippers.csv", "Phone", "phone_number"),
    ("relational/northwind/Suppliers.csv", "ContactName", "name"),
    ("relational/northwind/Suppliers.csv", "Address", "address"),
    ("relational/northwind/Suppliers.csv", "City", "city"),
    ("relational/northwind/Suppliers.csv", "PostalCode", "postcode"),
    ("relational/northwind/Suppliers.csv", "Phone", "phone_number"),
    ("relational/northwind/Suppliers.csv", "Fax", "phone_number"),
    ("sequences/bokeh_sampledata/titanic_all.csv", "name", "name"),
    ("tables/vega/zipcodes.csv", "zip_code", "postcode"),
    ("tables/vega/zipcodes.csv", "city", "city"),
    ("text/cfpb/consumer_complaints_2013.csv", "ZIP code", "postcode"),
    ("text/cfpb/consumer_complaints_2017_narr.csv", "zip_code", "postcode"),
];

/// Every delimited file of the folders, packed or not, with its path.
fn files() -> Vec<(String, Vec<u8>)> {
    let Some(data) = data() else { return Vec::new() };
    let folders = ["tables", "relational", "text", "sequences"];
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| data.join(folder)).collect();
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&data).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if [".csv", ".csv.gz", ".tsv", ".data", ".dat"].iter().any(|ending| name.ends_with(ending))
            {
                let mut bytes = Vec::new();
                std::fs::File::open(&path).unwrap().take(8 << 20).read_to_end(&mut bytes).unwrap();
                files.push((name, bytes));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn in_real_tables_these_and_no_others() {
    let files = files();
    if files.is_empty() {
        return;
    }
    let (mut found, mut columns) = (Vec::new(), 0);
    for (name, bytes) in &files {
        let Ok(source) = Source::read(bytes) else { continue };
        for column in source.inspect(None).unwrap().columns {
            columns += 1;
            if let Sdtype::Personal(sort) = column.sdtype {
                found.push((name.clone(), column.name, sort.as_str()));
            }
        }
    }
    println!("{} of {columns} columns are personal", found.len());
    let found: Vec<(&str, &str, &str)> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), *c)).collect();
    assert_eq!(found, EXPECTED, "{found:#?}");
}

/// Things that look a little like persons.
#[test]
fn in_these_columns_nobody() {
    type Form = (&'static str, fn(usize) -> String);
    let forms: [Form; 18] = [
        ("product_code", |i| format!("{:03}-{:03}-{:04}", i * 7 % 1000, i * 31 % 1000, i * 77 % 10_000)),
        ("part", |i| format!("{:09}", 100_000_000 + i * 7_654_321 % 800_000_000)),
        ("order_number", |i| (1_000_000_000 + i * 7_654_321).to_string()),
        ("barcode", |i| format!("40{:011}", i * 76_543_210_123usize % 100_000_000_000)),
        ("product_name", |i| ["Anna Chair", "Peter Lamp", "Maria Table", "Thomas Shelf"][i % 4].into()),
        ("restaurant_name", |i| format!("{} Kitchen", ["Anna", "Maria", "Laura"][i % 3])),
        ("version", |i| format!("{}.{}.{}.{}", 1 + i % 3, i % 10, i % 7, i % 100)),
        ("time", |i| format!("{:02}:{:02}", i % 24, i * 7 % 60)),
        ("sku", |i| format!("AB-{:05}-{}", i * 37, i % 9)),
        ("city", |i| ["Berlin", "Paris", "Rome", "Oslo"][i % 4].into()),
        ("zip", |i| format!("{:05}", 501 + i % 20)),
        ("phone_service", |i| ["Yes", "No"][i % 2].into()),
        ("extension", |i| (100 + i).to_string()),
        ("email_opened", |i| (i % 5).to_string()),
        ("address_type", |i| ["home", "work"][i % 2].into()),
        ("page", |i| format!("https://www.example.com/{}", i % 9)),
        ("deliver in person", |i| ["NOT NOW", "TAKE BACK RETURN", "COLLECT ALL"][i % 3].into()),
        ("score", |i| format!("{:.6}", (i * 7919 % 1009) as f64 / 1009.0)),
    ];
    let header = forms.map(|(name, _)| name).join(",");
    let body: String = (0..200).map(|i| forms.map(|(_, form)| form(i)).join(",") + "\n").collect();
    for column in Source::read(format!("{header}\n{body}").as_bytes()).unwrap().inspect(None).unwrap().columns
    {
        assert!(
            !matches!(column.sdtype, Sdtype::Personal(_)),
            "{} is taken as {:?}",
            column.name,
            column.sdtype
        );
    }
}

/// Customers and what they ordered: `people` persons, each in several rows.
fn customers(rows: usize, people: usize) -> String {
    let mut csv = String::from("first_name,last_name,email,phone,ip,card,ssn,amount\n");
    let given = ["Nora", "Karl", "Ines", "Paul", "Vera", "Hugo", "Ida", "Otto"];
    let family = ["Adler", "Brandt", "Conrad", "Dietz", "Engel", "Faber"];
    for row in 0..rows {
        let i = row * 7919 % people;
        let (first, last) = (given[i % 8], family[i / 8 % 6]);
        let number = format!("4242 4242 4{:03} {:03}", i % 1000, i * 7 % 1000);
        let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).rev().collect();
        let doubled = |(at, &d): (usize, &u32)| {
            if at % 2 > 0 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        };
        let check = (10 - digits.iter().enumerate().map(doubled).sum::<u32>() % 10) % 10;
        let _ = writeln!(
            csv,
            "{first},{last},{first}{i}@corp.test,(415) 6{:02}-{:04},81.{}.{}.{},{number}{check},{:03}-{:02}-{:04},{}",
            i % 100,
            i,
            i % 200,
            i / 200,
            i % 250,
            100 + i % 500,
            1 + i % 90,
            1 + i,
            row % 50
        );
    }
    csv
}

#[test]
fn none_of_it_comes_out_again() {
    for people in [400, 90] {
        let csv = customers(400, people);
        let source = Source::read(csv.as_bytes()).unwrap();
        let sdtypes: Vec<&str> =
            source.inspect(None).unwrap().columns.iter().map(|column| column.sdtype.as_str()).collect();
        let expected = [
            "first_name",
            "last_name",
            "email",
            "phone_number",
            "ipv4_address",
            "credit_card_number",
            "ssn",
            "numerical",
        ];
        assert_eq!(sdtypes, expected);
        let model = fit(csv.as_bytes(), &options(Method::Trees, "1"));
        let saved = model.save();
        let made = rows(&sample(model, 400, "2"));
        let real = rows(csv.as_bytes());
        for place in 2..7 {
            let of =
                |rows: &[Vec<String>]| rows.iter().map(|row| row[place].clone()).collect::<HashSet<String>>();
            let (real, made) = (of(&real), of(&made));
            assert!(real.is_disjoint(&made), "column {place}");
            let ratio = made.len() as f64 / real.len() as f64;
            assert!(if people == 400 { made.len() == 400 } else { (ratio - 1.0).abs() < 0.15 }, "{ratio}");
            let kept =
                real.iter().find(|cell| saved.windows(cell.len()).any(|window| window == cell.as_bytes()));
            assert_eq!(kept, None, "the model keeps a cell");
        }
        for row in &made {
            let of = |name: &str| name.chars().filter(char::is_ascii).collect::<String>().to_lowercase();
            let (first, last) = (of(&row[0]), of(&row[1]));
            let plain = first.len() == row[0].len() && last.len() == row[1].len();
            assert!(!plain || row[2].starts_with(&format!("{first}.{last}@")), "{row:?}");
        }
    }
}

#[test]
fn kinds_can_be_changed_both_ways() {
    let csv = customers(60, 60);
    let source = Source::read(csv.as_bytes()).unwrap();
    let mut metadata = source.inspect(None).unwrap().metadata;
    let column =
        |metadata: &serde_json::Value, name: &str| metadata["tables"]["table"]["columns"][name].clone();
    assert_eq!(column(&metadata, "email"), serde_json::json!({ "sdtype": "email", "pii": true }));
    assert_eq!(source.inspect(Some(&metadata)).unwrap().metadata, metadata);
    let columns = &mut metadata["tables"]["table"]["columns"];
    columns["amount"]["sdtype"] = "address".into();
    columns["email"]["sdtype"] = "categorical".into();
    let edited = source.inspect(Some(&metadata)).unwrap().columns;
    assert_eq!([edited[7].sdtype.as_str(), edited[2].sdtype.as_str()], ["address", "categorical"]);
    let told = |place: usize| edited[place].personal.as_ref().map(|notice| notice.made_up);
    assert_eq!([told(7), told(2)], [Some(true), Some(false)]);
    metadata["tables"]["table"]["columns"]["amount"]["sdtype"] = "iban".into();
    let refused = source.fit(&FitOptions { metadata: Some(metadata), ..FitOptions::default() });
    assert_eq!(refused.err().and_then(|error| error.column().map(String::from)).as_deref(), Some("amount"));
}
