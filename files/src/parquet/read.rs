//! Row group after row group, some rows of all columns at a time.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::value::{Form, nanos_of_day, written_type};
use super::{damaged, pages};
use crate::text::Lines;
use crate::{Error, Facts, Result, Sink};

/// Rows of a column that are held as text.
const BATCH: usize = 1024;

/// A column that is read.
struct Leaf {
    place: usize,
    /// The level at which a value is there.
    depth: i16,
    form: Form,
}

/// # Errors
/// `damaged`; `not-text` if no column is flat; `too-many-columns` is the core's to say.
pub fn read<R: ChunkReader + 'static>(source: R, sink: &mut Sink<'_>) -> Result<Facts> {
    let file = SerializedFileReader::new(source).map_err(damaged)?;
    let metadata = file.metadata();
    let chunks = || metadata.row_groups().iter().flat_map(|group| group.columns());
    if !cfg!(feature = "brotli")
        && chunks().any(|chunk| matches!(chunk.compression(), Compression::BROTLI(_)))
    {
        return Err(Error::new(
            "not-text",
            "this Parquet file is packed with brotli, which the page does not read: write it with snappy, gzip or zstd, or \
             use the command",
        ));
    }
    let columns = metadata.file_metadata().schema_descr().columns();
    let (mut leaves, mut names, mut types) = (Vec::new(), Vec::new(), Vec::new());
    let mut left_out = Vec::<String>::new();
    for (place, column) in columns.iter().enumerate() {
        let path = column.path().parts();
        match Form::of(column).filter(|_| column.max_rep_level() == 0) {
            Some(form) => {
                leaves.push(Leaf { place, depth: column.max_def_level(), form });
                names.push(path.join("."));
                types.push((path.to_vec(), written_type(column).map_err(damaged)?));
            }
            None if left_out.last() != Some(&path[0]) => left_out.push(path[0].clone()),
            None => {}
        }
    }
    if leaves.is_empty() {
        return Err(Error::new(
            "not-text",
            "this Parquet file has no column of plain values, only lists and maps: unnest it and try again",
        ));
    }
    for leaf in &mut leaves {
        leaf.form.digits = digits(&file, leaf)?;
    }
    let mut lines = Lines::new(sink);
    names.iter().for_each(|name| lines.field(name));
    lines.end(0.0)?;
    let total: i64 = metadata.row_groups().iter().map(|group| group.num_rows().max(0)).sum();
    let mut done = 0;
    for group in 0..file.num_row_groups() {
        let rows = file.get_row_group(group).map_err(damaged)?;
        write_group(&*rows, &leaves, &mut lines, &mut done, total)?;
    }
    lines.flush(1.0)?;
    let schema = tree("schema", &types, 0).map_err(damaged)?;
    Ok(Facts {
        row_groups: Some(file.num_row_groups()),
        left_out,
        types: empty_file(schema).map_err(damaged)?,
        ..Facts::default()
    })
}

fn write_group(
    group: &dyn RowGroupReader,
    leaves: &[Leaf],
    lines: &mut Lines<'_, '_>,
    done: &mut i64,
    total: i64,
) -> Result<()> {
    let reader = |leaf: &Leaf| pages::column(group, leaf.place).map_err(damaged);
    let mut readers = leaves.iter().map(reader).collect::<Result<Vec<_>>>()?;
    let mut columns: Vec<Cells> = leaves.iter().map(|_| Cells::default()).collect();
    let mut left = usize::try_from(group.metadata().num_rows()).map_err(damaged)?;
    while left > 0 {
        let rows = left.min(BATCH);
        for ((leaf, reader), cells) in leaves.iter().zip(&mut readers).zip(&mut columns) {
            cells.clear();
            fill(reader, leaf, rows, cells)?;
        }
        for row in 0..rows {
            columns.iter().for_each(|cells| lines.field(cells.get(row)));
            *done += 1;
            lines.end(*done as f64 / total as f64)?;
        }
        left -= rows;
    }
    Ok(())
}

/// Texts in one arena, an empty one for a gap.
#[derive(Default)]
struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}

fn fill(reader: &mut ColumnReader, leaf: &Leaf, rows: usize, cells: &mut Cells) -> Result<()> {
    let (form, depth) = (&leaf.form, leaf.depth);
    match reader {
        ColumnReader::BoolColumnReader(reader) => texts(reader, depth, rows, cells, |out, &value| {
            out.push_str(if value { "true" } else { "false" })
        }),
        ColumnReader::Int32ColumnReader(reader) => {
            texts(reader, depth, rows, cells, |out, &value| form.int(out, form.widened(value)))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            texts(reader, depth, rows, cells, |out, &value| form.int(out, value))
        }
        ColumnReader::Int96ColumnReader(reader) => {
            texts(reader, depth, rows, cells, |out, value| form.int96(out, value.data()))
        }
        ColumnReader::FloatColumnReader(reader) => texts(reader, depth, rows, cells, |out, &value| {
            form.float(out, f64::from(value), value.to_string())
        }),
        ColumnReader::DoubleColumnReader(reader) => {
            texts(reader, depth, rows, cells, |out, &value| form.float(out, value, value.to_string()))
        }
        ColumnReader::ByteArrayColumnReader(reader) => {
            texts(reader, depth, rows, cells, |out, value| form.bytes(out, value.data()))
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            texts(reader, depth, rows, cells, |out, value| form.bytes(out, value.data()))
        }
    }
}

fn texts<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    depth: i16,
    rows: usize,
    cells: &mut Cells,
    write: impl Fn(&mut String, &T::T),
) -> Result<()> {
    let (values, levels) = batch(reader, depth, rows)?;
    let mut values = values.iter();
    // Where none may lack there are no levels.
    let levels = levels.into_iter().chain(std::iter::repeat(depth));
    for level in levels.take(rows) {
        if level == depth {
            write(&mut cells.text, values.next().ok_or_else(|| damaged("values"))?);
        }
        cells.ends.push(cells.text.len());
    }
    Ok(())
}

/// So many rows: the values that are there, and for each row how deep it goes.
fn batch<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    depth: i16,
    rows: usize,
) -> Result<(Vec<T::T>, Vec<i16>)> {
    let (mut values, mut levels) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let mut found = 0;
    while found < rows {
        match reader.read_records(rows - found, Some(&mut levels), None, &mut values).map_err(damaged)?.0 {
            0 => return Err(damaged("rows")),
            more => found += more,
        }
    }
    if depth > 0 && levels.len() != rows {
        return Err(damaged("levels"));
    }
    Ok((values, levels))
}

/// The digits of a second that a column of moments needs, which is not known before its last row.
fn digits<R: ChunkReader + 'static>(file: &SerializedFileReader<R>, leaf: &Leaf) -> Result<usize> {
    let mut most = 0;
    for group in 0..if leaf.form.is_moment() { file.num_row_groups() } else { 0 } {
        let group = file.get_row_group(group).map_err(damaged)?;
        let mut reader = pages::column(&*group, leaf.place).map_err(damaged)?;
        let mut left = usize::try_from(group.metadata().num_rows()).map_err(damaged)?;
        while left > 0 {
            let rows = left.min(BATCH);
            let needed = |value: i64| leaf.form.digits_of(value);
            let found = match &mut reader {
                ColumnReader::Int32ColumnReader(reader) => {
                    batch(reader, leaf.depth, rows)?.0.into_iter().map(|value| needed(value.into())).max()
                }
                ColumnReader::Int64ColumnReader(reader) => {
                    batch(reader, leaf.depth, rows)?.0.into_iter().map(needed).max()
                }
                ColumnReader::Int96ColumnReader(reader) => {
                    let values = batch(reader, leaf.depth, rows)?.0;
                    values.iter().map(|value| needed(nanos_of_day(value.data()))).max()
                }
                _ => None,
            };
            most = most.max(found.unwrap_or(0));
            left -= rows;
        }
    }
    Ok(most)
}

/// The columns as a schema: a group for each struct, as the paths say.
fn tree(name: &str, leaves: &[(Vec<String>, Type)], depth: usize) -> parquet::errors::Result<Type> {
    let mut fields = Vec::new();
    for same in leaves.chunk_by(|a, b| a.0[depth] == b.0[depth] && a.0.len() > depth + 1) {
        let (path, leaf) = &same[0];
        fields.push(Arc::new(if path.len() == depth + 1 {
            leaf.clone()
        } else {
            tree(&path[depth], same, depth + 1)?
        }));
    }
    let group = Type::group_type_builder(name).with_fields(fields);
    if depth > 0 {
        group.with_repetition(parquet::basic::Repetition::REQUIRED).build()
    } else {
        group.build()
    }
}

fn empty_file(schema: Type) -> parquet::errors::Result<Vec<u8>> {
    let properties = WriterProperties::builder().set_created_by("standin".into()).build();
    SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?.into_inner()
}
