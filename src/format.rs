//! Bytes to [`Table`](crate::table::Table) and back. One file a format; the rest is what they share.

pub mod csv;
pub mod dialect;
mod encoding;
mod header;
mod sniff;
mod split;
mod unpack;
mod write;
