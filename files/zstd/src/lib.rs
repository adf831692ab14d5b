//! What the crate `parquet` calls of the crate `zstd`, by a decoder in Rust alone: the C library does not compile for
//! WebAssembly without a C compiler. The workspace's `[patch.crates-io]` puts this in its place. Does not compress.

pub mod bulk {
    use std::io::{Cursor, Error, ErrorKind, Result, Write};
    use std::marker::PhantomData;

    use ruzstd::decoding::FrameDecoder;

    pub struct Decompressor<'a>(PhantomData<&'a ()>);

    impl Decompressor<'_> {
        pub fn new() -> Result<Self> {
            Ok(Decompressor(PhantomData))
        }

        /// Fills the buffer from the cursor's place on, up to its capacity.
        pub fn decompress_to_buffer(
            &mut self,
            source: &[u8],
            destination: &mut Cursor<&mut Vec<u8>>,
        ) -> Result<usize> {
            let place = destination.position() as usize;
            let mut plain = Vec::with_capacity(destination.get_ref().capacity() - place);
            let bad = |error| Error::new(ErrorKind::InvalidData, format!("zstd: {error}"));
            FrameDecoder::new().decode_all_to_vec(source, &mut plain).map_err(bad)?;
            destination.write_all(&plain)?;
            Ok(plain.len())
        }
    }

    pub struct Compressor<'a>(PhantomData<&'a ()>);

    impl Compressor<'_> {
        pub fn new(_level: i32) -> Result<Self> {
            Ok(Compressor(PhantomData))
        }

        pub fn compress_to_buffer(&mut self, _: &[u8], _: &mut Cursor<&mut Vec<u8>>) -> Result<usize> {
            Err(Error::new(ErrorKind::Unsupported, "zstd: this build only reads it"))
        }
    }
}

pub mod zstd_safe {
    /// None: the page header has the size.
    pub fn get_frame_content_size(_source: &[u8]) -> Result<Option<u64>, ()> {
        Ok(None)
    }

    pub fn compress_bound(source: usize) -> usize {
        source
    }
}
