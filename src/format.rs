//! Bytes to [`Table`](crate::table::Table) and back. One file a format; the rest is what they share.

pub mod csv;
pub mod dialect;
mod encoding;
mod header;
pub mod json;
mod rows;
mod sniff;
pub mod unpack;
mod write;
