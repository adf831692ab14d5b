//! How many must share a value, and whose the rows are.

use super::FitOptions;
use crate::error::{Code, Error, Result};
use crate::frame::Support;
use crate::schema::{Schema, entity};
use crate::table::Table;

/// The persons that must share a value, as many as an owner may ask for.
const MIN_SUPPORT: std::ops::RangeInclusive<u32> = 2..=1000;

/// The support that values need among the rows of this table.
///
/// # Errors
/// `BadOptions`: fewer persons than two, or too many.
pub fn support(table: &Table, schema: &Schema, options: &FitOptions) -> Result<Support> {
    let least = options.min_support;
    if !MIN_SUPPORT.contains(&least) {
        let (from, to) = (MIN_SUPPORT.start(), MIN_SUPPORT.end());
        return Err(Error::new(
            Code::BadOptions,
            format!("the minimum support is how many rows must share a value: choose from {from} to {to}"),
        ));
    }
    let entities =
        schema.entity().and_then(|column| Some(entity::persons(table.column(&column.name)?, column)));
    Ok(Support { least, entities })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Source;

    #[test]
    fn support_is_bounded() {
        let source = Source::read(b"n,c\n1,a\n2,b\n").unwrap();
        for least in [0, 1, 1001] {
            let options = FitOptions { min_support: least, ..FitOptions::default() };
            let error = support(&source.table, &source.schema, &options).unwrap_err();
            assert_eq!(error.code(), Code::BadOptions);
        }
    }
}
