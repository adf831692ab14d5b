//! The pages of a column, each checked before it is decoded: what a header says of itself may be a lie, and the library
//! takes the memory that it asks for.

use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::RowGroupReader;

/// The column of a row group.
pub fn column(group: &dyn RowGroupReader, place: usize) -> Result<ColumnReader> {
    let pages = group.get_column_page_reader(place)?;
    Ok(get_column_reader(group.metadata().column(place).column_descr_ptr(), Box::new(Checked(pages))))
}

struct Checked(Box<dyn PageReader>);

impl PageReader for Checked {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.0.get_next_page()?;
        // Each value of a dictionary takes a byte at least.
        match &page {
            Some(Page::DictionaryPage { buf, num_values, .. }) if *num_values as usize > buf.len() => {
                Err(ParquetError::General("more values in a dictionary than bytes".into()))
            }
            _ => Ok(page),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.0.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0.skip_next_page()
    }
}

impl Iterator for Checked {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
