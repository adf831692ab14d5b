//! What a column may be to whoever uses the table: what is to be predicted, or a group whom a table may wrong. Proposals by name,
//! for the owner to decide on.

use serde::Serialize;

use super::personal::heading::Heading;
use super::{ColumnSchema, Schema, Sdtype};
use crate::table::Table;

/// Terms for what is predicted, the plainest first: a column's place in this list decides between several.
const TARGETS: [&str; 45] = [
    "target",
    "label",
    "outcome",
    "class",
    "response",
    "y",
    "diagnosis",
    "churn",
    "income",
    "default",
    "defaulted",
    "default payment",
    "survived",
    "survival",
    "attrition",
    "readmitted",
    "readmission",
    "mortality",
    "died",
    "death",
    "approved",
    "granted",
    "fraud",
    "is fraud",
    "deposit",
    "subscribed",
    "revenue",
    "purchase",
    "purchased",
    "converted",
    "risk",
    "credit risk",
    "result",
    "verdict",
    "recidivism",
    "two year recid",
    "severity",
    "grade",
    "score",
    "quality",
    "price",
    "charges",
    "salary",
    "wage",
    "ziel",
];

/// Terms for grounds on which people are not to be treated worse.
const PROTECTED: [&str; 45] = [
    "sex",
    "gender",
    "race",
    "racial",
    "ethnicity",
    "ethnic",
    "ethnic group",
    "age",
    "age group",
    "age band",
    "religion",
    "faith",
    "nationality",
    "citizenship",
    "native country",
    "country of birth",
    "birth country",
    "national origin",
    "marital",
    "marital status",
    "civil status",
    "disability",
    "disabled",
    "pregnant",
    "pregnancy",
    "orientation",
    "sexual orientation",
    "language",
    "migration",
    "migration background",
    "caste",
    "tribe",
    "indigenous",
    "skin",
    "skin colour",
    "skin color",
    "geschlecht",
    "alter",
    "sexe",
    "sexo",
    "genre",
    "genero",
    "edad",
    "sesso",
    "birth year",
];

/// More levels make no groups that a figure could stand on.
const MOST_GROUPS: usize = 60;
/// More levels are no classes to be predicted.
const MOST_CLASSES: usize = 20;

/// Both proposals, as an inspection shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Roles {
    pub target: Option<String>,
    pub protected: Vec<String>,
}

impl Roles {
    pub fn propose(table: &Table, schema: &Schema) -> Roles {
        let protected = protected(table, schema).into_iter().map(String::from).collect();
        Roles { target: target(table, schema).map(String::from), protected }
    }
}

/// The column that a person would most likely want predicted: by its name; else the last one, if it has few levels.
pub fn target<'a>(table: &Table, schema: &'a Schema) -> Option<&'a str> {
    let fit = |column: &&ColumnSchema| {
        is_number(column) || (2..=MOST_CLASSES).contains(&levels(table, column).unwrap_or(0))
    };
    let columns: Vec<&ColumnSchema> = schema.included().map(|(_, column)| column).collect();
    let rank = |column: &&ColumnSchema| {
        let heading = Heading::new(&column.name);
        TARGETS.iter().position(|term| heading.says(&[term]))
    };
    let named =
        columns.iter().filter(|column| fit(column)).filter_map(|column| Some((rank(column)?, column)));
    if let Some((_, column)) = named.min_by_key(|(rank, _)| *rank) {
        return Some(&column.name);
    }
    let last = columns.last().filter(|column| !is_number(column) && fit(column))?;
    Some(&last.name)
}

/// The columns that may tell of a protected group.
pub fn protected<'a>(table: &Table, schema: &'a Schema) -> Vec<&'a str> {
    let fit = |column: &ColumnSchema| {
        is_number(column) || (2..=MOST_GROUPS).contains(&levels(table, column).unwrap_or(0))
    };
    let columns = schema.included().map(|(_, column)| column);
    columns
        .filter(|column| fit(column) && Heading::new(&column.name).says(&PROTECTED))
        .map(|column| column.name.as_str())
        .collect()
}

fn is_number(column: &ColumnSchema) -> bool {
    column.kind.sdtype() == Sdtype::Numerical
}

/// Different values of a column of levels; None of others.
fn levels(table: &Table, column: &ColumnSchema) -> Option<usize> {
    let is_levels = matches!(column.kind.sdtype(), Sdtype::Categorical | Sdtype::Boolean | Sdtype::Ordinal);
    let cells = table.column(&column.name).filter(|_| is_levels)?;
    Some(cells.cells().iter().filter(|cell| !column.is_missing(cell)).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ColumnBuilder;

    fn table(names: &[&str]) -> (Table, Schema) {
        let column = |(place, name): (usize, &&str)| {
            let cell = |row: usize| match place % 2 {
                0 => ["low", "middle", "high"][row * 7 % 3].to_string(),
                _ => (row * 37 % 90).to_string(),
            };
            let cells: Vec<String> = (0..300).map(cell).collect();
            cells.iter().map(String::as_str).collect::<ColumnBuilder>().finish(*name)
        };
        let table = Table::new(names.iter().enumerate().map(column).collect());
        let schema = Schema::infer(&table).unwrap();
        (table, schema)
    }

    #[test]
    fn roles_are_told_by_name() {
        let (table, schema) = table(&["marital-status", "Age", "Outcome", "score", "city"]);
        assert_eq!(target(&table, &schema), Some("Outcome"));
        assert_eq!(protected(&table, &schema), ["marital-status", "Age"]);
        let told = serde_json::to_value(Roles::propose(&table, &schema)).unwrap();
        assert_eq!(told, serde_json::json!({ "target": "Outcome", "protected": ["marital-status", "Age"] }));
    }

    #[test]
    fn without_a_telling_name_the_last_one_is_proposed() {
        let (table, schema) = table(&["a", "b", "c"]);
        assert_eq!(target(&table, &schema), Some("c"));
        assert_eq!(protected(&table, &schema), [""; 0]);
        let (table, schema) = self::table(&["a", "b"]); // a number without a name of this kind
        assert_eq!(target(&table, &schema), None);
    }
}
