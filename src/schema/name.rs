//! What a column's name says of its cells. Weighs only where the cells leave it open.

/// Its numbers are moments.
const TIMES: [&str; 10] =
    ["time", "date", "timestamp", "ts", "created", "updated", "modified", "datetime", "epoch", "when"];
/// Its values name one thing each.
const IDS: [&str; 17] = [
    "id", "ids", "key", "uuid", "guid", "nr", "idx", "index", "serial", "record", "account", "rownames",
    "rowid", "seq", "iban", "isbn", "ssn",
];
/// Its digits are the name of a place or a line, never a quantity.
const PLACES: [&str; 14] = [
    "zip",
    "zipcode",
    "postcode",
    "postal",
    "plz",
    "phone",
    "telephone",
    "tel",
    "mobile",
    "fax",
    "fips",
    "geoid",
    "cep",
    "postnummer",
];
/// Its numbers count something.
const COUNTS: [&str; 15] = [
    "count",
    "counts",
    "num",
    "number",
    "n",
    "total",
    "sum",
    "amount",
    "dependents",
    "children",
    "rooms",
    "floors",
    "qty",
    "times",
    "years",
];
/// Its digits may stand for categories: codes, and things that have no amount.
const CODES: [&str; 32] = [
    "code",
    "codes",
    "type",
    "class",
    "category",
    "cat",
    "cluster",
    "group",
    "segment",
    "status",
    "label",
    "kind",
    "flag",
    "region",
    "sex",
    "gender",
    "race",
    "ethnicity",
    "marriage",
    "marital",
    "religion",
    "browser",
    "system",
    "systems",
    "country",
    "state",
    "county",
    "district",
    "department",
    "species",
    "method",
    "education",
];

pub fn is_count(name: &str) -> bool {
    words(name).iter().any(|word| COUNTS.contains(&word.as_str()))
}

pub fn is_timely(name: &str) -> bool {
    let timely = |word: &str| TIMES.contains(&word) || word.ends_with("time") || word.ends_with("timestamp");
    words(name).iter().any(|word| timely(word))
}

pub fn is_id(name: &str) -> bool {
    words(name).iter().any(|word| IDS.contains(&word.as_str()))
}

/// It ends as the name of an identifier does: repeated, its values refer to something.
pub fn is_reference(name: &str) -> bool {
    words(name).last().is_some_and(|word| ["id", "ids", "key", "uuid", "guid"].contains(&word.as_str()))
}

pub fn is_place(name: &str) -> bool {
    words(name).iter().any(|word| PLACES.contains(&word.as_str()))
}

pub fn is_code(name: &str) -> bool {
    words(name).last().is_some_and(|word| CODES.contains(&word.as_str()))
}

/// `created_at`, `eventTime`, `TS`: letters in lower case, cut at marks and where small letters turn to capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = String::new();
    for (before, c) in std::iter::once(' ').chain(name.chars()).zip(name.chars()) {
        if !c.is_alphabetic() || c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_any_case() {
        for name in ["timestamp", "created_at", "eventTime", "TS", "Date", "unixtime"] {
            assert!(is_timely(name), "{name}");
        }
        assert!(["customerId", "ID", "account_nr"].into_iter().all(is_id));
        assert!(["ZIP", "home phone"].into_iter().all(is_place) && is_code("TrafficType"));
        for name in ["x", "parts", "updater", "width", "typeface"] {
            assert!(!is_timely(name) && !is_id(name) && !is_place(name) && !is_code(name), "{name}");
        }
    }
}
