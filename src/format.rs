//! Bytes to [`Table`](crate::table::Table) and back. One file a format; the rest is what they share.

mod bad;
pub mod csv;
mod delimiter;
pub mod dialect;
mod encoding;
mod footer;
mod header;
pub mod json;
mod options;
mod sniff;
mod split;
mod text;
mod unpack;
mod write;
