//! The whole path, and the one file that names every stage.
//!
//! ```
//! use standin::{FitOptions, Source};
//! let file: String = (0..60).map(|i| format!("{},{}\n", i % 7, ["a", "b", "c"][i % 3])).collect();
//! let source = Source::read(format!("n,c\n{file}").as_bytes())?;
//! let mut fitting = source.fit(&FitOptions::default())?;
//! while fitting.step()? < 1.0 {}
//! let model = fitting.finish();
//! let csv = model.sampler(100, "some seed").whole()?;
//! assert_eq!(csv.iter().filter(|&&byte| byte == b'\n').count(), 101);
//! # Ok::<(), standin::Error>(())
//! ```

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::codec::Codec;
use crate::error::{Code, Error, Result};
use crate::format::csv::{self, Bad, Dialect, Footer, Format, Layout, LineEnd, Parsed, ReadOptions, Reader};
use crate::math::rng::{Purpose, Seed};
use crate::model::{Draws, Method, Model, Part, Sample};
use crate::report::Judging;
use crate::schema::made::{MachineMade, machine_made};
use crate::schema::metadata::LeftOut;
use crate::schema::relations::{self, Relation};
use crate::schema::roles::Roles;
use crate::schema::summary::{ColumnSummary, summarize};
use crate::schema::{Schema, metadata};
use crate::table::{Column, ColumnBuilder, Table};

pub mod conditions;
pub mod croissant;
mod discloses;
mod facts;
mod fitting;
mod generations;
mod held;
mod holdout;
mod judge;
mod options;
mod persons;
mod sampler;
mod saved;

pub use discloses::Discloses;
pub use fitting::{Fitting, Hand};
pub use generations::Generations;
pub use held::{HeldBack, RareValues};
pub use holdout::Holdout;
use holdout::{Split, split};
pub use judge::ReportOptions;
use judge::tables;
pub use options::{FitOptions, Quality};
use persons::support;
pub use sampler::{MAX_ROWS, Sampler, pieces};
pub use saved::ModelInfo;

/// Fewer rows than this cannot hide one of them.
pub const MIN_ROWS: usize = 20;
/// Rows that a preview learns from: as many as these cells hold, within bounds.
const PREVIEW_CELLS: usize = 30_000;
const PREVIEW_ROWS: RangeInclusive<usize> = 500..=2000;

/// A file that was read and understood.
pub struct Source {
    table: Table,
    dialect: Dialect,
    rows: u64,
    bad: Bad,
    footer: Option<Footer>,
    schema: Schema,
}

/// A source as its owner describes it.
struct Described<'a> {
    /// Without the rows that the owner goes on without.
    table: Cow<'a, Table>,
    schema: Schema,
    /// What was decided for the owner while metadata was read.
    notes: Vec<String>,
    left_out: Vec<LeftOut>,
}

/// What a user sees before anything is fitted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    #[serde(flatten)]
    pub reading: Reading,
    pub metadata: Value,
    /// What was decided for the owner while metadata was read.
    pub notes: Vec<String>,
    pub columns: Vec<ColumnSummary>,
    /// What holds between the columns that are not left out.
    pub relations: Vec<Relation>,
    /// What a report asks about where nobody says otherwise.
    pub roles: Roles,
    /// Why the table looks made by a machine; None where it does not.
    pub machine_made: Option<MachineMade>,
}

/// What was made of the file.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// Rows of the file.
    pub rows: u64,
    /// Rows that are used: a random sample where all would have been too many.
    pub kept_rows: usize,
    /// Rows, of those that could be used, that were left out since a cell does not fit its column.
    pub unfit_rows: usize,
    /// Rows that could not be read, and the lines of the first few.
    pub skipped_rows: u64,
    pub bad_lines: Vec<u64>,
    /// Lines above the table that were left out.
    pub skipped_lines: u64,
    /// Totals, sources or notes below the table that were left out.
    pub footer: Option<Footer>,
    /// `delimited`, `json-lines`, `json` (a list) or `parquet`.
    pub layout: &'static str,
    pub encoding: &'static str,
    pub delimiter: String,
    pub quote: char,
    /// A quote inside quotes is written `\"` and not `""`.
    pub backslash: bool,
    pub line_end: LineEnd,
    /// Lines that begin with `#` were left out.
    pub comments: bool,
    /// The first line names the columns; else they are numbered.
    pub header: bool,
    /// Lines that the header takes; more than one are joined to a name.
    pub header_lines: usize,
}

impl Source {
    /// Reads a whole CSV file. In chunks: push them into a [`Reader`] and give [`Source::new`] what it finishes with.
    pub fn read(bytes: &[u8]) -> Result<Source> {
        let mut reader = Reader::new(ReadOptions::default());
        reader.push(bytes)?;
        Source::new(reader.finish()?)
    }

    /// Decides what each column is.
    pub fn new(parsed: Parsed) -> Result<Source> {
        let schema = Schema::infer(&parsed.table)?;
        let Parsed { table, dialect, rows, bad, footer } = parsed;
        Ok(Source { table, dialect, rows, bad, footer, schema })
    }

    /// Rows of the file.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Rows that are used: fewer than the file has where those would have been too many.
    pub fn kept_rows(&self) -> usize {
        self.table.rows()
    }

    /// Whether the file names its columns: so a synthetic file does too, and is to be read alike.
    pub fn has_header(&self) -> bool {
        self.dialect.header
    }

    /// Describes the columns, as inferred or as the metadata says.
    pub fn inspect(&self, edited: Option<&Value>) -> Result<Inspection> {
        let Described { table, schema, notes, left_out } = self.described(edited)?;
        Ok(Inspection {
            reading: self.reading(&table),
            metadata: metadata::write(&schema, edited, &table),
            notes,
            columns: summarize(&table, &schema, &left_out),
            relations: relations::find(&table, &schema),
            roles: Roles::propose(&table, &schema),
            machine_made: machine_made(&table, &schema, edited),
        })
    }

    /// Why the table looks made by a machine; None where it does not.
    pub fn machine_made(&self, edited: Option<&Value>) -> Option<MachineMade> {
        machine_made(&self.table, &self.schema, edited)
    }

    /// What was left out that a person may want to know of, a sentence each.
    pub fn left_out(&self) -> Vec<String> {
        let mut told = Vec::new();
        if self.bad.count > 0 {
            let lines: Vec<_> = self.bad.lines.iter().map(u64::to_string).collect();
            let more = if self.bad.count > lines.len() as u64 { " and others" } else { "" };
            told.push(format!("bad rows left out: {} (lines {}{more})", self.bad.count, lines.join(", ")));
        }
        if let Some(Footer { line, count }) = self.footer {
            told.push(format!(
                "records below the table left out: {count} (from line {line}); they can be kept as rows"
            ));
        }
        told
    }

    fn reading(&self, used: &Table) -> Reading {
        let dialect = &self.dialect;
        Reading {
            rows: self.rows,
            kept_rows: used.rows(),
            unfit_rows: self.table.rows() - used.rows(),
            skipped_rows: self.bad.count,
            bad_lines: self.bad.lines.clone(),
            skipped_lines: dialect.skipped_lines,
            footer: self.footer,
            layout: dialect.layout.name(),
            encoding: dialect.encoding.name(),
            delimiter: dialect.delimiter.text(),
            quote: char::from(dialect.quote),
            backslash: dialect.backslash,
            line_end: dialect.line_end,
            comments: dialect.comments,
            header: dialect.header,
            header_lines: dialect.header_lines,
        }
    }

    /// Begins a fit on the rows that are not held out.
    ///
    /// # Errors
    /// `TooFewRows`, `BadOptions`, and those of [`metadata::read`].
    pub fn fit(&self, options: &FitOptions) -> Result<Fitting> {
        let Described { table, schema, notes, .. } = self.described(options.metadata.as_ref())?;
        let train = split(&table, &schema, options)?.train;
        let train = match options.quality {
            Quality::Preview => few(&train, &Seed::new(&options.seed)),
            Quality::Full => train,
        };
        if train.rows() < MIN_ROWS {
            let rows = if train.rows() == 1 { "1 row".into() } else { format!("{} rows", train.rows()) };
            return Err(Error::new(
                Code::TooFewRows,
                format!(
                    "{rows} to learn from, and at least {MIN_ROWS} are needed: with fewer, a synthetic row would be a real one"
                ),
            ));
        }
        let support = support(&train, &schema, options)?;
        let codec = Codec::fit(&train, &schema, &support);
        let codec = match options.method {
            Method::Trees if !options.without.contains(&Part::Formulas) => codec.with_rules(&train, &schema),
            Method::Trees | Method::Independent => Ok(codec), // every column by itself
        };
        let codec = codec.map_err(|error| error.on_lines(|row| train.line(row)))?;
        Ok(Fitting {
            notes,
            without: options.without.clone(),
            seed: Seed::new(&options.seed),
            info: ModelInfo::new(options, train.rows(), schema.entity, &codec),
            dialect: self.dialect.clone(),
            table: train,
            codec,
            support,
            sifted: Vec::new(),
            coded: Vec::new(),
            brief: None,
            model: None,
        })
    }

    /// Begins to judge a synthetic file against this one, split as [`Source::fit`] split it.
    ///
    /// # Errors
    /// `BadOptions`, and those of [`metadata::read`] and of reading one table by the schema of another.
    pub fn report(&self, synthetic: &Source, options: &FitOptions, asked: &ReportOptions) -> Result<Judging> {
        let Described { table, schema, .. } = self.described(options.metadata.as_ref())?;
        let Split { train, held_out, by } = split(&table, &schema, options)?;
        let holdout = held_out.map(|rows| table.select(&rows));
        let holdout = holdout.as_ref().map(|table| (table, Some(by)));
        Ok(Judging::new(tables(&train, holdout, &self.completed(synthetic), &schema, asked)?))
    }

    /// The same, beside a file of rows that the generator never saw. Of the options the metadata alone counts.
    pub fn report_beside(
        &self,
        holdout: &Source,
        synthetic: &Source,
        options: &FitOptions,
        asked: &ReportOptions,
    ) -> Result<Judging> {
        let Described { table, schema, .. } = self.described(options.metadata.as_ref())?;
        let holdout = self.held_out(holdout, options.metadata.as_ref())?;
        let synthetic = self.completed(synthetic);
        Ok(Judging::new(tables(&table, Some((&holdout, None)), &synthetic, &schema, asked)?))
    }

    /// The table of another file of real rows, without those that the metadata leaves out.
    fn held_out<'a>(&self, other: &'a Source, edited: Option<&Value>) -> Result<Cow<'a, Table>> {
        let table = self.completed(other);
        if let Some(edited) = edited
            && let Cow::Owned(fitting) = metadata::fitting_rows(edited, &table)?.0
        {
            return Ok(Cow::Owned(fitting));
        }
        Ok(table)
    }

    /// The other file's table. A JSON file lacks the columns whose key no record of it has: they are all gaps.
    fn completed<'a>(&self, other: &'a Source) -> Cow<'a, Table> {
        let is_json = |source: &Source| matches!(source.dialect.layout, Layout::Json(_));
        let lacks = |column: &&Column| other.table.column(column.name()).is_none();
        let absent: Vec<&Column> = self.table.columns().iter().filter(lacks).collect();
        if !is_json(self) || !is_json(other) || absent.is_empty() {
            return Cow::Borrowed(&other.table);
        }
        let gaps = |column: &Column| {
            (0..other.table.rows()).map(|_| "").collect::<ColumnBuilder>().finish(column.name())
        };
        let found = other.table.columns().iter().cloned();
        Cow::Owned(Table::new(found.chain(absent.into_iter().map(gaps)).collect()))
    }

    fn described(&self, edited: Option<&Value>) -> Result<Described<'_>> {
        let Some(edited) = edited else {
            let (table, schema) = (Cow::Borrowed(&self.table), self.schema.clone());
            return Ok(Described { table, schema, notes: Vec::new(), left_out: Vec::new() });
        };
        let (table, left_out) = metadata::fitting_rows(edited, &self.table)?;
        let (schema, mut notes) = metadata::read(edited, &table)?;
        notes.extend(
            left_out.iter().map(|(name, nearly)| format!("column \"{name}\": {}", nearly.sentence())),
        );
        Ok(Described { table, schema, notes, left_out })
    }

    /// Metadata of several tables, with their keys and what refers to what.
    pub fn together(sources: &[(String, Source)]) -> Value {
        let tables: Vec<_> =
            sources.iter().map(|(name, source)| (name.clone(), &source.table, &source.schema)).collect();
        metadata::several(&tables)
    }
}

/// Random rows for a preview.
fn few(table: &Table, seed: &Seed) -> Table {
    let affordable = PREVIEW_CELLS / table.columns().len().max(1);
    let count = affordable.clamp(*PREVIEW_ROWS.start(), *PREVIEW_ROWS.end()).min(table.rows());
    let rows = seed.stream(Purpose::Preview, 0).choose(table.rows(), count);
    table.select(&rows).keep(&vec![true; count]) // without the cells of all other rows, which would be read too
}

/// All that is needed to make synthetic files, and no value that too few rows share.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedModel {
    info: ModelInfo,
    dialect: Dialect,
    codec: Codec,
    model: Model,
}

impl SavedModel {
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// The pieces of a file of so many rows, the first with the header. The first rows of a longer file with
    /// the same seed are the same.
    pub fn sampler(self: SavedModel, rows: u64, seed: &str) -> Sampler {
        let dialect = self.dialect.clone();
        Sampler::new(Arc::new(self), dialect, rows, seed, Draws::default())
    }

    /// How a file is written: like the one that was learned from, or in another format.
    ///
    /// # Errors
    /// `BadOptions`: Parquet, where no Parquet file was learned from.
    pub fn dialect(&self, format: Option<Format>) -> Result<Dialect> {
        let Some(format) = format else { return Ok(self.dialect.clone()) };
        let names = self.codec.columns().map(|(name, _)| name);
        self.dialect.written_as(format, names).ok_or_else(|| {
            Error::new(
                Code::BadOptions,
                "Parquet needs the types of a Parquet file, and this model was learned from another format: choose csv or json",
            )
        })
    }

    /// The first rows as text, column names first.
    pub fn preview(&self, rows: u64, seed: &str, draws: Draws) -> (Vec<String>, Vec<Vec<String>>) {
        let table = self.table(0..rows, &Seed::new(seed), draws);
        let names = table.columns().iter().map(|column| column.name().to_string()).collect();
        let row = |row| table.columns().iter().map(|column| column.cell(row).to_string()).collect();
        (names, (0..table.rows()).map(row).collect())
    }

    /// Some rows of the file as bytes; the first row brings the header, if the file that was learned from has one.
    /// Pieces may be made in any order, at once.
    pub fn piece(&self, rows: Range<u64>, seed: &Seed, draws: Draws, dialect: &Dialect) -> Vec<u8> {
        let first = rows.start == 0;
        csv::write(&self.table(rows, seed, draws), dialect, first)
    }

    fn table(&self, rows: Range<u64>, seed: &Seed, draws: Draws) -> Table {
        let whole = self.codec.whole(&rows);
        let table = self.codec.decode(&self.model.sample(whole.clone(), seed, draws), whole.start, seed);
        if whole == rows {
            return table;
        }
        let wanted = (rows.start - whole.start) as usize..(rows.end - whole.start) as usize;
        table.select(&wanted.collect::<Vec<_>>())
    }
}
