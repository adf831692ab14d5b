//! Parquet: a file's flat columns as text, and text as a Parquet file with the same types.
//!
//! Structs are flattened to `a.b`; lists and maps are left out, and named. Timestamps and times have as many digits of a
//! second as their column needs. Does not read encrypted files, nor codecs other than snappy, gzip, lz4,
//! zstd and, in the command, brotli.

mod pages;
mod read;
mod value;
mod write;

pub use bytes::Bytes;
pub use read::read;
pub use write::Writer;

use crate::Error;

/// Messages of the library may quote the file, so none is passed on.
fn damaged(_: impl std::fmt::Debug) -> Error {
    Error::new(
        "damaged",
        "this Parquet file is damaged, or of a kind that is not known here: write it again, or save the table as CSV",
    )
}
