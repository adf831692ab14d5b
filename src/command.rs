//! The words of the command line, and what they ask of the core.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde_json::Value;
use standin::format::csv::{Dialect, Format, ReadOptions};
use standin::{Draws, Holdout, Part, ReportOptions, SavedModel};

mod conditions;
pub mod cores;
pub mod croissant;
pub mod files;
pub mod rows;

use conditions::WhereArg;
use files::{at, slurp};

/// What a person is told in one line if it fails.
pub type Outcome<T> = Result<T, String>;

#[derive(Parser)]
#[command(version, about = "Synthetic stand-ins for tables that cannot be shared", max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Print what each column is, as SDV metadata; of several files also their keys and what refers to what
    Inspect {
        #[command(flatten)]
        input: Input,
        /// Further tables, described together with the first
        others: Vec<PathBuf>,
        #[command(flatten)]
        described: Described,
        /// Print only what SDV itself has words for: SDV 2 refuses other keys
        #[arg(long)]
        sdv: bool,
    },
    /// Fit a model and save it
    Fit {
        #[command(flatten)]
        input: Input,
        /// Where to save the model
        #[arg(short, long, value_name = "MODEL")]
        output: PathBuf,
        #[command(flatten)]
        fit: FitArgs,
    },
    /// Make synthetic rows from a saved model
    Sample {
        model: PathBuf,
        /// How many rows
        #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
        rows: u64,
        /// Where to write the rows
        #[arg(short, long, value_name = "OUT")]
        output: PathBuf,
        #[command(flatten)]
        format: FormatArg,
        /// Any text; the same one gives the same file [default: random, told on standard error]
        #[arg(long)]
        seed: Option<String>,
        #[command(flatten)]
        draws: DrawsArg,
        #[command(flatten)]
        wanted: WhereArg,
        #[command(flatten)]
        described: CroissantArg,
    },
    /// Tell what a saved model is and what it discloses
    Info { model: PathBuf },
    /// Fit and sample in one go
    Synth {
        #[command(flatten)]
        input: Input,
        /// Where to write the rows
        #[arg(short, long, value_name = "OUT")]
        output: PathBuf,
        #[command(flatten)]
        format: FormatArg,
        /// How many rows [default: as many as the input has]
        #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
        rows: Option<u64>,
        #[command(flatten)]
        draws: DrawsArg,
        #[command(flatten)]
        fit: FitArgs,
        /// What is kept out of the fit for the report: a share of the rows, 0 to 0.5, or auto: a fifth, and 100 rows at least
        /// [default: auto for a report, else 0]
        #[arg(long, value_name = "SHARE", value_parser = holdout)]
        holdout: Option<Holdout>,
        #[command(flatten)]
        guard: GuardArg,
        /// When the report is made, learn again from all rows, and write rows of that model
        #[arg(long, requires = "report")]
        refit: bool,
        #[command(flatten)]
        asked: AskedArgs,
        /// Judge the result: JSON, or a page if the name ends in .html
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        #[command(flatten)]
        described: CroissantArg,
    },
    /// Judge any synthetic table against real rows, beside real rows it never saw
    Report {
        train: PathBuf,
        holdout: PathBuf,
        synthetic: PathBuf,
        #[command(flatten)]
        asked: AskedArgs,
        #[command(flatten)]
        guard: GuardArg,
        #[command(flatten)]
        described: Described,
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
}

#[derive(Args)]
pub struct GuardArg {
    /// In the report: learn from the synthetic rows, from rows of that model, and so on, five times: what is kept?
    #[arg(long)]
    pub generations: bool,
}

/// What a report is to ask.
#[derive(Args)]
pub struct AskedArgs {
    /// The column to be predicted from the others, or "" for none [default: proposed by name]
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// Columns that tell groups whom a table may wrong, or "" for none [default: proposed by name]
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',')]
    protected: Option<Vec<String>>,
}

impl AskedArgs {
    pub fn options(self) -> ReportOptions {
        let named = |names: Vec<String>| names.into_iter().filter(|name| !name.is_empty()).collect();
        ReportOptions { target: self.target, protected: self.protected.map(named) }
    }
}

#[derive(Args)]
pub struct Input {
    /// A CSV, JSON, Excel (.xlsx) or Parquet file, or - for standard input
    pub input: PathBuf,
    /// Leave out rows with too few or too many fields, with bytes that are no text, or without an end
    #[arg(long)]
    pub skip_bad_rows: bool,
    /// Keep as rows what looks like totals, sources and notes below the table
    #[arg(long)]
    pub keep_footer: bool,
    /// Whether the first line names the columns, true or false [default: told by the lines below it]
    #[arg(long)]
    pub header: Option<bool>,
    /// Memory for the rows, such as 512M or 8G: of a larger table a random sample is used
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size)]
    pub memory: u64,
    /// Use at most so many rows, at random
    #[arg(long, value_name = "ROWS", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_rows: u64,
    /// What separates the fields: "," ";" "||" ", ", "  " for two spaces or more, or the word tab [default: told by evidence]
    #[arg(long, value_name = "TEXT")]
    pub delimiter: Option<String>,
    /// UTF-8, UTF-16LE, UTF-16BE or windows-1252 [default: told by evidence]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The sheet of a workbook [default: the first that holds anything]
    #[arg(long)]
    pub sheet: Option<String>,
}

#[derive(Args)]
pub struct Described {
    /// SDV metadata (V1 or V2), as `standin inspect` prints it
    #[arg(long, value_name = "META.json")]
    pub metadata: Option<PathBuf>,
    /// Which of the metadata's tables the file is [default: the one with the file's columns]
    #[arg(long, value_name = "NAME", requires = "metadata")]
    pub table: Option<String>,
}

#[derive(Args)]
pub struct FormatArg {
    /// How to write the rows [default: by the ending of OUT, else as the input is]
    #[arg(long, value_enum)]
    pub format: Option<FormatName>,
}

#[derive(Args)]
pub struct DrawsArg {
    /// How the rows hang together
    #[arg(long, value_enum, default_value_t = DrawsName::Spread)]
    pub draws: DrawsName,
}

#[derive(Args)]
pub struct CroissantArg {
    /// Do not write OUT.croissant.json, which says that the rows are synthetic and what made them
    #[arg(long)]
    pub no_croissant: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum DrawsName {
    /// Counts stray less than chance would have it
    Spread,
    /// Each row for itself: counts stray as in a random sample
    Independent,
}

impl DrawsArg {
    pub fn draws(&self) -> Draws {
        match self.draws {
            DrawsName::Spread => Draws::Spread,
            DrawsName::Independent => Draws::Independent,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum FormatName {
    Csv,
    /// One list of objects
    Json,
    /// An object a line
    Jsonl,
    /// Needs a Parquet file as the input
    Parquet,
}

impl FormatArg {
    pub fn dialect(&self, model: &SavedModel, output: &Path) -> Outcome<Dialect> {
        let ending = output.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let format = match (self.format, ending) {
            (Some(FormatName::Csv), _) | (None, "csv" | "tsv" | "txt") => Some(Format::Csv),
            (Some(FormatName::Json), _) | (None, "json") => Some(Format::Json),
            (Some(FormatName::Jsonl), _) | (None, "jsonl" | "ndjson") => Some(Format::Jsonl),
            (Some(FormatName::Parquet), _) | (None, "parquet") => Some(Format::Parquet),
            (None, _) => None,
        };
        model.dialect(format).map_err(|error| at(output, error))
    }
}

#[derive(Args)]
pub struct FitArgs {
    #[arg(long, value_enum, default_value_t = MethodArg::Trees)]
    pub method: MethodArg,
    #[arg(long, value_enum, default_value_t = PresetArg::Balanced)]
    pub preset: PresetArg,
    #[arg(long, value_enum, default_value_t = QualityArg::Full)]
    pub quality: QualityArg,
    /// Parts of the engine to do without, which bench/ablation.py does to measure what each brings
    #[arg(long, value_enum, value_delimiter = ',', hide = true)]
    pub without: Vec<PartArg>,
    /// How many rows, or persons, must share a value for it to be written, 2 to 1000
    #[arg(long, value_name = "K", default_value_t = 5)]
    pub min_support: u32,
    #[command(flatten)]
    pub described: Described,
    /// Any text; the same one gives the same result [default: random, told on standard error]
    #[arg(long)]
    pub seed: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum MethodArg {
    /// Column after column, each given the earlier ones, by boosted trees
    Trees,
    /// Every column by itself: the baseline
    Independent,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum PartArg {
    Formulas,
    Bonds,
    Echoes,
    Likeness,
    Rules,
    Line,
    Bags,
    Margins,
    Trial,
}

impl PartArg {
    pub fn part(self) -> Part {
        match self {
            PartArg::Formulas => Part::Formulas,
            PartArg::Bonds => Part::Bonds,
            PartArg::Echoes => Part::Echoes,
            PartArg::Likeness => Part::Likeness,
            PartArg::Rules => Part::Rules,
            PartArg::Line => Part::Line,
            PartArg::Bags => Part::Bags,
            PartArg::Margins => Part::Margins,
            PartArg::Trial => Part::Trial,
        }
    }
}

/// How near the real rows a model keeps.
#[derive(Clone, Copy, ValueEnum)]
pub enum PresetArg {
    /// Hardest to tell from real rows; a small table is remembered a little
    Faithful,
    /// Between the two
    Balanced,
    /// Remembers single rows least; finer patterns are lost
    Cautious,
}

/// How much of the table is learned from.
#[derive(Clone, Copy, ValueEnum)]
pub enum QualityArg {
    /// At most 2,000 random rows, for a first impression
    Preview,
    Full,
}

impl Described {
    pub fn metadata(&self) -> Outcome<Option<Value>> {
        let Some(path) = &self.metadata else { return Ok(None) };
        let mut metadata = serde_json::from_slice::<Value>(&slurp(path)?)
            .map_err(|error| format!("{}: not JSON: {error}", path.display()))?;
        if let (Some(table), Some(object)) = (&self.table, metadata.as_object_mut()) {
            let ours = object.entry("standin").or_insert_with(|| serde_json::json!({}));
            if let Some(ours) = ours.as_object_mut() {
                ours.insert("table".into(), table.as_str().into());
            }
        }
        Ok(Some(metadata))
    }
}

impl Input {
    /// How the file is to be read.
    pub fn reading(&self) -> ReadOptions {
        ReadOptions {
            skip_bad_rows: self.skip_bad_rows,
            keep_footer: self.keep_footer,
            header: self.header,
            delimiter: self.delimiter.as_deref().map(|text| text.replace("tab", "\t").replace("\\t", "\t")),
            encoding: self.encoding.clone(),
            max_memory: Some(self.memory),
            max_rows: Some(self.max_rows),
            ..ReadOptions::default()
        }
    }
}

fn holdout(text: &str) -> Outcome<Holdout> {
    match text {
        "auto" => Ok(Holdout::AUTO),
        _ => text.parse().map(Holdout::Share).map_err(|_| "expected a share such as 0.2, or auto".into()),
    }
}

/// `512M`: bytes in powers of 1024.
fn size(text: &str) -> Outcome<u64> {
    let (digits, unit) = text.split_at(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len());
    let shift = match unit.to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err("expected a size such as 512M or 8G".into()),
    };
    let bytes = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(1 << shift));
    bytes.filter(|&bytes| bytes > 0).ok_or_else(|| "expected a size such as 512M or 8G".into())
}
