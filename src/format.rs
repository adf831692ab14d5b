//! Bytes to [`Table`](crate::table::Table) and back. One file a format; the rest is what they share.

mod bad;
mod body;
pub mod csv;
mod delimiter;
pub mod dialect;
mod encoding;
mod footer;
mod header;
pub mod json;
mod options;
mod quoted;
mod records;
mod sniff;
mod split;
mod text;
pub mod unpack;
mod write;
