//! Bytes to [`Table`](crate::table::Table) and back. One file a format.

pub mod csv;
mod sniff;
