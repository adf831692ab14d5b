//! What rows must be, in the words of the command line.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::{Value, json};
use standin::SavedModel;
use standin::pipeline::conditions::Condition;
use standin::schema::Sdtype;

use super::Outcome;

/// What the rows must be.
#[derive(Args)]
pub struct WhereArg {
    /// Only rows in which the column is this: income=low, age=18..30, since=2024-01-01.., city= for none. Of the same column
    /// any, of several columns all
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    wanted: Vec<String>,
}

impl WhereArg {
    /// None where nothing is asked for.
    pub fn condition(&self, model: &SavedModel, rows: u64) -> Outcome<Option<Condition>> {
        if self.wanted.is_empty() {
            return Ok(None);
        }
        let mut columns = BTreeMap::<String, Vec<Value>>::new();
        for text in &self.wanted {
            let (column, value) = wanted(model, text)?;
            columns.entry(column).or_default().push(value);
        }
        let condition = json!({ "numRows": rows, "where": columns });
        let list = Condition::list(&condition).map_err(|error| error.to_string())?;
        Ok(list.into_iter().next())
    }
}

/// The column that `COLUMN=VALUE` means, which may have a sign of equality in its name, and what it must be. Two points make a range
/// of numbers or dates alone, in which no value has them.
fn wanted(model: &SavedModel, text: &str) -> Outcome<(String, Value)> {
    let columns = &model.info().columns;
    let value_of = |name: &str| text.strip_prefix(name)?.strip_prefix('=');
    let known = columns.iter().filter_map(|column| Some((column, value_of(&column.name)?)));
    let Some((column, value)) = known.max_by_key(|(column, _)| column.name.len()) else {
        return Err(match text.split_once('=') {
            Some((name, _)) => format!(
                "--where: column \"{name}\": the model has no such column: `standin info` names those that it has"
            ),
            None => "--where: expected a column, = and a value, such as age=18..30".into(),
        });
    };
    let end = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let value = match (value.split_once(".."), column.sdtype) {
        _ if value.is_empty() => Value::Null,
        (Some((min, max)), Sdtype::Numerical | Sdtype::Datetime) => {
            json!({ "min": end(min), "max": end(max) })
        }
        _ => value.into(),
    };
    Ok((column.name.clone(), value))
}
