//! The rows that the owner goes on without: those whose cells contradict a column's sdtype, where its
//! `leave_out_unfit` says so. Which they are is found in each file anew, before anything else is read of it.

use std::borrow::Cow;

use super::document::{self, Described, Document};
use super::{Code, Error, Result, Table, Value, mismatch};
use crate::schema::infer;
use crate::schema::unfit::{Nearly, Told, Unfit, find};
use crate::table::Column;

/// Of a column's name, what was left out for it.
pub type LeftOut = (String, Nearly);

/// The table without the rows that this metadata leaves out, and what was left out for each column.
///
/// # Errors
/// `BadMetadata` if these are more than a few, and where the metadata is none.
pub fn fitting_rows<'a>(metadata: &Value, table: &'a Table) -> Result<(Cow<'a, Table>, Vec<LeftOut>)> {
    let document = Document::of(metadata, table)?;
    let mut kept = vec![true; table.rows()];
    let (mut left_out, mut problems) = (Vec::new(), Vec::new());
    for column in table.columns().iter().filter(|column| !document.left_out(column.name())) {
        let Some(found) = unfit(column, &document) else { continue };
        if found.is_few() {
            let otherwise = infer::kind(column).0.sdtype();
            left_out.push((column.name().to_string(), found.told(column, otherwise, table, true)));
            kept.iter_mut().zip(found.kept(column)).for_each(|(kept, fits)| *kept &= fits);
        } else {
            problems.push(too_many(&found).in_column(column.name()));
        }
    }
    mismatch::verdict(problems)?;
    if left_out.is_empty() {
        return Ok((Cow::Borrowed(table), left_out));
    }
    let gone = kept.iter().filter(|kept| !**kept).count();
    if !Unfit::are_few(gone, table.rows()) {
        let names: Vec<String> = left_out.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let message = format!(
            "{gone} of {} rows would be left out for cells that do not fit their columns, and at most a tenth may: take \"leave_out_unfit\" away from some of {}",
            table.rows(),
            names.join(", ")
        );
        return Err(Error::new(Code::BadMetadata, message));
    }
    Ok((Cow::Owned(table.keep(&kept)), left_out))
}

/// The column without the cells that contradict, where the owner wants no more than the others: for one that is not used,
/// so that no row need go for it.
pub fn fitting_cells<'a>(column: &'a Column, document: &Document) -> Cow<'a, Column> {
    match unfit(column, document) {
        Some(found) => Cow::Owned(column.keep(&found.kept(column))),
        None => Cow::Borrowed(column),
    }
}

fn unfit(column: &Column, document: &Document) -> Option<Unfit> {
    let name = column.name();
    let settings = document.columns.get(name).filter(|_| document.leaves_out_unfit(name))?;
    let Ok(Described::As(sdtype)) = document::sdtype(settings) else { return None };
    let missing = document.missing(name);
    let told = Told { missing: missing.as_deref(), format: document::datetime_format(settings, sdtype) };
    find(column, sdtype, told)
}

fn too_many(found: &Unfit) -> Error {
    let message = format!(
        "{} have a cell that cannot be read as {}, and at most a tenth may be left out: choose another \"sdtype\", mend the cells, or choose the file that this was made for",
        found.share(),
        found.sdtype().as_str(),
    );
    Error::new(Code::BadMetadata, message)
}
