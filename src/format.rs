//! Bytes to [`Table`](crate::table::Table) and back. One file a format; the rest is what they share.

pub mod csv;
pub mod dialect;
mod encoding;
mod header;
mod options;
mod sniff;
mod split;
mod text;
mod unpack;
mod write;
