//! Text, as the core writes it, as a Parquet file with the types of the file that it stands in for.
//!
//! Values that a type cannot hold are an error, not a gap. Snappy, which every reader knows.

use std::sync::Arc;

use csv_core::ReadRecordResult;
use parquet::basic::{Compression, Repetition, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    FloatType, Int32Type, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::damaged;
use super::value::Form;
use crate::{Error, Result};

/// A row group is at most this many rows, and about as many bytes of text.
const ROWS: usize = 64 << 10;
const TEXT: usize = 32 << 20;

/// Takes text in pieces of any size, gives a file in pieces.
pub struct Writer {
    types: SerializedFileReader<bytes::Bytes>,
    parser: csv_core::Reader,
    fields: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    /// None until the header has come.
    body: Option<Body>,
}

struct Body {
    file: SerializedFileWriter<Vec<u8>>,
    columns: Vec<Column>,
    rows: usize,
    text: usize,
}

struct Column {
    name: String,
    form: Form,
    /// The level of a value; 0 where none may lack.
    depth: i16,
    length: Option<usize>,
    values: Values,
    levels: Vec<i16>,
}

enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

impl Writer {
    /// `types`: of [`Facts`](crate::Facts).
    ///
    /// # Errors
    /// `bad-model` if the types are none.
    pub fn new(types: &[u8]) -> Result<Writer> {
        let bytes = bytes::Bytes::copy_from_slice(types);
        let types = SerializedFileReader::new(bytes).map_err(|_| {
            Error::new("bad-model", "the types of the Parquet file are damaged: fit the model again")
        })?;
        Ok(Writer {
            types,
            parser: csv_core::Reader::new(),
            fields: vec![0; 4096],
            filled: 0,
            ends: vec![0; 64],
            ended: 0,
            body: None,
        })
    }

    /// The next piece of text; returns what of the file is done.
    ///
    /// # Errors
    /// `mismatch`, with the column: a value is not of its type.
    pub fn push(&mut self, text: &[u8]) -> Result<Vec<u8>> {
        if !text.is_empty() {
            self.parse(text)?;
        }
        Ok(self.body.as_mut().map(|body| std::mem::take(body.file.inner_mut())).unwrap_or_default())
    }

    /// The end of the file.
    ///
    /// # Errors
    /// As [`Writer::push`].
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.parse(&[])?;
        let mut body = self.body.ok_or_else(|| damaged("no header"))?;
        body.write_group()?;
        body.file.into_inner().map_err(damaged)
    }

    /// Empty text tells that there is no more.
    fn parse(&mut self, mut text: &[u8]) -> Result<()> {
        let is_end = text.is_empty();
        loop {
            let (result, read, wrote, ends) =
                self.parser.read_record(text, &mut self.fields[self.filled..], &mut self.ends[self.ended..]);
            text = &text[read..];
            self.filled += wrote;
            self.ended += ends;
            match result {
                ReadRecordResult::OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty if !is_end => return Ok(()),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::End => return Ok(()),
                ReadRecordResult::Record => {
                    let starts = [0].into_iter().chain(self.ends[..self.ended].iter().copied());
                    let ranges = starts.zip(self.ends[..self.ended].iter().copied());
                    let cells: std::result::Result<Vec<&str>, _> =
                        ranges.map(|(start, end)| std::str::from_utf8(&self.fields[start..end])).collect();
                    let cells = cells.map_err(damaged)?;
                    match &mut self.body {
                        Some(body) => body.row(&cells)?,
                        None => self.body = Some(Body::new(&self.types, &cells)?),
                    }
                    (self.filled, self.ended) = (0, 0);
                }
            }
        }
    }
}

impl Body {
    /// The types' columns that the header names, which has them in the same order.
    fn new(types: &SerializedFileReader<bytes::Bytes>, header: &[&str]) -> Result<Body> {
        let schema = types.metadata().file_metadata().schema_descr();
        let mut names = header.iter().peekable();
        let (mut columns, mut kept) = (Vec::new(), Vec::new());
        for leaf in schema.columns() {
            let name = leaf.path().parts().join(".");
            let is_wanted = names.next_if(|wanted| **wanted == name).is_some();
            kept.push(is_wanted);
            if is_wanted {
                columns.push(Column {
                    name,
                    form: Form::of(leaf).ok_or_else(|| damaged("type"))?,
                    depth: leaf.max_def_level(),
                    length: (leaf.physical_type() == Physical::FIXED_LEN_BYTE_ARRAY)
                        .then_some(leaf.type_length().max(0) as usize),
                    values: Values::of(leaf.physical_type()),
                    levels: Vec::new(),
                });
            }
        }
        if let Some(name) = names.next() {
            let message = "the Parquet file that this stands in for has no such column: write CSV instead";
            return Err(Error::new("mismatch", message).in_column(name));
        }
        let root = pruned(schema.root_schema(), &mut kept.into_iter()).map_err(damaged)?;
        let properties = WriterProperties::builder()
            .set_created_by("standin".into())
            .set_compression(Compression::SNAPPY)
            .set_offset_index_disabled(true)
            .build();
        let root = root.ok_or_else(|| damaged("no columns"))?;
        let file = SerializedFileWriter::new(Vec::new(), root, Arc::new(properties)).map_err(damaged)?;
        Ok(Body { file, columns, rows: 0, text: 0 })
    }

    fn row(&mut self, cells: &[&str]) -> Result<()> {
        if cells.len() != self.columns.len() {
            return Err(damaged("fields"));
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell)?;
            self.text += cell.len() + 8;
        }
        self.rows += 1;
        if self.rows == ROWS || self.text >= TEXT {
            self.write_group()?;
        }
        Ok(())
    }

    fn write_group(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group().map_err(damaged)?;
        let mut columns = self.columns.iter_mut();
        while let Some(mut writer) = group.next_column().map_err(damaged)? {
            let column = columns.next().ok_or_else(|| damaged("columns"))?;
            column.write(&mut writer)?;
            writer.close().map_err(damaged)?;
        }
        group.close().map_err(damaged)?;
        (self.rows, self.text) = (0, 0);
        Ok(())
    }
}

impl Column {
    fn push(&mut self, cell: &str) -> Result<()> {
        if cell.is_empty() && self.depth > 0 {
            self.levels.push(0);
            return Ok(());
        }
        self.levels.push(self.depth);
        let (form, length) = (self.form, self.length);
        // White space may belong to a text, and never to a number.
        let is_bytes = matches!(self.values, Values::Bytes(_) | Values::Fixed(_));
        let cell = if is_bytes { cell } else { cell.trim() };
        let done = match &mut self.values {
            Values::Bool(values) => cell.parse().ok().map(|value| values.push(value)),
            Values::Int32(values) => {
                // Unsigned numbers take the sign's bit.
                form.parse_int(cell, i32::MAX.into()).map(|value| values.push(value as i32))
            }
            Values::Int64(values) => form.parse_int(cell, i64::MAX).map(|value| values.push(value)),
            Values::Float(values) => cell.parse().ok().map(|value| values.push(value)),
            Values::Double(values) => cell.parse().ok().map(|value| values.push(value)),
            Values::Bytes(values) => {
                form.parse_bytes(cell, None).map(|value| values.push(ByteArray::from(value)))
            }
            Values::Fixed(values) => form
                .parse_bytes(cell, length)
                .map(|value| values.push(FixedLenByteArray::from(ByteArray::from(value)))),
        };
        done.ok_or_else(|| {
            let message =
                "a synthetic value is not of this column's type in the Parquet file: write CSV instead";
            Error::new("mismatch", message).in_column(&self.name)
        })
    }

    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let levels = std::mem::take(&mut self.levels);
        match &mut self.values {
            Values::Bool(values) => write::<BoolType>(writer, values, &levels),
            Values::Int32(values) => write::<Int32Type>(writer, values, &levels),
            Values::Int64(values) => write::<Int64Type>(writer, values, &levels),
            Values::Float(values) => write::<FloatType>(writer, values, &levels),
            Values::Double(values) => write::<DoubleType>(writer, values, &levels),
            Values::Bytes(values) => write::<ByteArrayType>(writer, values, &levels),
            Values::Fixed(values) => write::<FixedLenByteArrayType>(writer, values, &levels),
        }
    }
}

impl Values {
    fn of(physical: Physical) -> Values {
        match physical {
            Physical::BOOLEAN => Values::Bool(Vec::new()),
            Physical::INT32 => Values::Int32(Vec::new()),
            Physical::INT64 | Physical::INT96 => Values::Int64(Vec::new()),
            Physical::FLOAT => Values::Float(Vec::new()),
            Physical::DOUBLE => Values::Double(Vec::new()),
            Physical::BYTE_ARRAY => Values::Bytes(Vec::new()),
            Physical::FIXED_LEN_BYTE_ARRAY => Values::Fixed(Vec::new()),
        }
    }
}

fn write<T: DataType>(
    writer: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    levels: &[i16],
) -> Result<()> {
    writer.typed::<T>().write_batch(values, Some(levels), None).map_err(damaged)?;
    values.clear();
    Ok(())
}

/// The schema without the leaves that are not kept, and without the groups that are then empty.
fn pruned(node: &Type, kept: &mut impl Iterator<Item = bool>) -> parquet::errors::Result<Option<TypePtr>> {
    if node.is_primitive() {
        return Ok(kept.next().unwrap_or(false).then(|| Arc::new(node.clone())));
    }
    let mut fields = Vec::new();
    for field in node.get_fields() {
        fields.extend(pruned(field, kept)?);
    }
    if fields.is_empty() {
        return Ok(None);
    }
    let group = Type::group_type_builder(node.name()).with_fields(fields);
    let info = node.get_basic_info();
    let group = if info.has_repetition() { group.with_repetition(Repetition::REQUIRED) } else { group };
    Ok(Some(Arc::new(group.build()?)))
}
