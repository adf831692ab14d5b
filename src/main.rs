//! The native command: the same core, with files, threads, a seed from the system and a progress bar.
//!
//! Exit codes: 0, and 2 for bad usage or input with one clear line on standard error. `-` is standard input or output.

use std::fs::File;
use std::io::{self, Cursor, IsTerminal, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use standin::format::csv::{Dialect, Format, Layout, Origin, ReadOptions, Reader, tail};
use standin::format::unpack::{Container, container};
use standin::pipeline::pieces;
use standin::report::html::html;
use standin::{FitOptions, Fitting, Method, Report, SavedModel, Source};
use standin_files::{excel, parquet};

const CHUNK: usize = 1 << 20;

#[derive(Parser)]
#[command(version, about = "Synthetic stand-ins for tables that cannot be shared", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print what each column is, as SDV metadata
    Inspect {
        #[command(flatten)]
        input: Input,
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
    },
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
        fit: FitArgs,
        /// Share of rows, 0 to 0.5, kept out of the fit for the report
        #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
        holdout: f64,
        /// Judge the result: JSON, or a page if the name ends in .html
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Judge any synthetic table against real rows, beside real rows it never saw
    Report {
        train: PathBuf,
        holdout: PathBuf,
        synthetic: PathBuf,
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
    },
}

#[derive(Args)]
struct Input {
    /// A CSV, JSON, Excel (.xlsx) or Parquet file, or - for standard input
    input: PathBuf,
    /// Leave out rows with too few or too many fields
    #[arg(long)]
    skip_bad_rows: bool,
    /// Whether the first line names the columns, true or false [default: told by the lines below it]
    #[arg(long)]
    header: Option<bool>,
    /// The sheet of a workbook [default: the first that holds anything]
    #[arg(long)]
    sheet: Option<String>,
}

#[derive(Args)]
struct FormatArg {
    /// How to write the rows [default: by the ending of OUT, else as the input is]
    #[arg(long, value_enum)]
    format: Option<FormatName>,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatName {
    Csv,
    /// One list of objects
    Json,
    /// An object a line
    Jsonl,
    /// Needs a Parquet file as the input
    Parquet,
}

impl FormatArg {
    fn dialect(&self, model: &SavedModel, output: &Path) -> Outcome<Dialect> {
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
struct FitArgs {
    #[arg(long, value_enum, default_value_t = MethodArg::Trees)]
    method: MethodArg,
    /// SDV metadata (V1), as `standin inspect` prints it
    #[arg(long, value_name = "META.json")]
    metadata: Option<PathBuf>,
    /// Any text; the same one gives the same result [default: random, told on standard error]
    #[arg(long)]
    seed: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum MethodArg {
    /// Column after column, each given the earlier ones, by boosted trees
    Trees,
    /// Every column by itself: the baseline
    Independent,
}

type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("standin: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Outcome<()> {
    match command {
        Command::Inspect { input } => {
            let source = read(&input)?;
            let inspection = source.inspect(None).map_err(text)?;
            write(Path::new("-"), &json(&inspection.metadata))
        }
        Command::Fit { input, output, fit } => {
            spare(&output, &[&input.input])?;
            let source = read(&input)?;
            let (options, seed) = fit.options(0.0)?;
            write(&output, &fit_model(&source, &options)?.save())?;
            seed.tell();
            Ok(())
        }
        Command::Sample { model, rows, output, format, seed } => {
            spare(&output, &[&model])?;
            let loaded = SavedModel::load(&slurp(&model)?).map_err(|error| at(&model, error))?;
            let seed = Seed::choose(seed)?;
            sample(&loaded, rows, &seed.text, &output, &format.dialect(&loaded, &output)?)?;
            seed.tell();
            Ok(())
        }
        Command::Synth { input, output, format, rows, fit, holdout, report } => {
            spare(&output, &[&input.input])?;
            if report.is_some() && output == Path::new("-") {
                return Err("a report needs the synthetic rows in a file: give -o a name".into());
            }
            let source = read(&input)?;
            let (options, seed) = fit.options(holdout)?;
            let model = fit_model(&source, &options)?;
            let dialect = format.dialect(&model, &output)?;
            sample(&model, rows.unwrap_or(source.rows() as u64), &seed.text, &output, &dialect)?;
            if let Some(file) = report {
                spare(&file, &[&input.input, &output])?;
                let header = Some(source.has_header());
                let synthetic = read_file(&output, ReadOptions { header, ..ReadOptions::default() }, None)?;
                let report = source.report(&synthetic, &options).map_err(text)?;
                let page = file.extension().is_some_and(|extension| extension == "html");
                write(&file, &if page { html(&report).into_bytes() } else { json(&report) })?;
            }
            seed.tell();
            Ok(())
        }
        Command::Report { train, holdout, synthetic, json: json_file, html: html_file } => {
            let train = read_file(&train, ReadOptions::default(), None)?;
            let alike = ReadOptions { header: Some(train.has_header()), ..ReadOptions::default() };
            let [holdout, synthetic] = [holdout, synthetic].map(|path| read_file(&path, alike, None));
            let report = train.report_beside(&holdout?, &synthetic?).map_err(text)?;
            if let Some(file) = &json_file {
                write(file, &json(&report))?;
            }
            if let Some(file) = &html_file {
                write(file, html(&report).as_bytes())?;
            }
            if json_file.is_none() && html_file.is_none() {
                write(Path::new("-"), summary(&report).as_bytes())?;
            }
            Ok(())
        }
    }
}

impl FitArgs {
    fn options(self, holdout: f64) -> Outcome<(FitOptions, Seed)> {
        let metadata = match &self.metadata {
            Some(path) => Some(
                serde_json::from_slice::<Value>(&slurp(path)?)
                    .map_err(|error| format!("{}: not JSON: {error}", path.display()))?,
            ),
            None => None,
        };
        let method = match self.method {
            MethodArg::Trees => Method::Trees,
            MethodArg::Independent => Method::Independent,
        };
        let seed = Seed::choose(self.seed)?;
        Ok((FitOptions { method, seed: seed.text.clone(), holdout, metadata }, seed))
    }
}

/// The user's seed, or a random one that must be told once the work has succeeded.
struct Seed {
    text: String,
    random: bool,
}

impl Seed {
    fn choose(given: Option<String>) -> Outcome<Seed> {
        let drawn = || getrandom::u64().map_err(|error| format!("the system gave no random seed: {error}"));
        let random = given.is_none();
        Ok(Seed { text: given.map_or_else(|| drawn().map(|seed| seed.to_string()), Ok)?, random })
    }

    fn tell(&self) {
        if self.random {
            eprintln!("standin: seed {}", self.text);
        }
    }
}

/// Refuses to write over a file that is read from.
fn spare(output: &Path, inputs: &[&PathBuf]) -> Outcome<()> {
    let real = |path: &Path| path.canonicalize().ok();
    match inputs.iter().find(|input| real(output).is_some() && real(input) == real(output)) {
        Some(input) => {
            Err(format!("{}: it would be overwritten: choose another name for the output", input.display()))
        }
        None => Ok(()),
    }
}

/// Fits on all cores. The result is that of one.
fn fit_model(source: &Source, options: &FitOptions) -> Outcome<SavedModel> {
    let mut fitting = source.fit(options).map_err(text)?;
    let bar = progress("fitting", 1000);
    while fitting.tasks().is_empty() {
        if fitting.step().map_err(text)? == 1.0 {
            break;
        }
    }
    run_tasks(&mut fitting, &bar);
    while fitting.step().map_err(text)? < 1.0 {}
    bar.finish_and_clear();
    Ok(fitting.finish())
}

fn run_tasks(fitting: &mut Fitting, bar: &ProgressBar) {
    let tasks = fitting.tasks();
    bar.set_length(tasks.len() as u64);
    let queue = Mutex::new(tasks.into_iter());
    let work = || {
        loop {
            let Some(task) = queue.lock().expect("no thread panics while it holds the queue").next() else {
                return;
            };
            while task.step() {}
            bar.inc(1);
        }
    };
    thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(work);
        }
    });
}

/// Makes as many pieces at once as there are cores, and writes them in order.
fn sample(model: &SavedModel, rows: u64, seed: &str, output: &Path, dialect: &Dialect) -> Outcome<()> {
    let bar = progress("sampling", rows);
    let seed = standin::Seed::new(seed);
    let mut packer = match &dialect.layout {
        Layout::Parquet(types) => Some(parquet::Writer::new(types).map_err(|error| at(output, error))?),
        Layout::Delimited | Layout::Json(_) => None,
    };
    let mut out = create(output)?;
    let mut pieces = pieces(rows).peekable();
    while pieces.peek().is_some() {
        let batch: Vec<Range<u64>> = pieces.by_ref().take(cores()).collect();
        thread::scope(|scope| {
            let make = |rows: &Range<u64>| {
                let (rows, seed) = (rows.clone(), &seed);
                scope.spawn(move || model.piece(rows, seed, dialect))
            };
            let made: Vec<_> = batch.iter().map(make).collect();
            made.into_iter().try_for_each(|piece| {
                let mut piece = piece.join().expect("sampling does not panic");
                if let Some(packer) = &mut packer {
                    piece = packer.push(&piece).map_err(|error| at(output, error))?;
                }
                out.write_all(&piece).map_err(|error| at(output, error))
            })
        })?;
        bar.set_position(batch.last().map_or(0, |rows| rows.end));
    }
    bar.finish_and_clear();
    let end = match packer {
        Some(packer) => packer.finish().map_err(|error| at(output, error))?,
        None => tail(dialect),
    };
    out.write_all(&end).map_err(|error| at(output, error))?;
    out.flush().map_err(|error| at(output, error))
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn read(input: &Input) -> Outcome<Source> {
    let Input { skip_bad_rows, header, .. } = *input;
    let options = ReadOptions { skip_bad_rows, header, ..ReadOptions::default() };
    read_file(&input.input, options, input.sheet.as_deref())
}

fn read_file(path: &Path, options: ReadOptions, sheet: Option<&str>) -> Outcome<Source> {
    let mut file = open(path)?;
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut more = |chunk: &mut Vec<u8>| {
        chunk.clear();
        file.by_ref().take(CHUNK as u64).read_to_end(chunk).map_err(|error| at(path, error))
    };
    more(&mut chunk)?;
    if let Some(kind) = container(&chunk) {
        if path == Path::new("-") {
            file.read_to_end(&mut chunk).map_err(|error| at(path, error))?;
        }
        let piped = (path == Path::new("-")).then_some(chunk);
        return unpack(path, piped, kind, options, sheet).map_err(|error| at(path, error));
    }
    if sheet.is_some() {
        return Err(at(path, "only a workbook has sheets: leave out --sheet"));
    }
    let mut reader = Reader::new(options);
    while !chunk.is_empty() {
        reader.push(&chunk).map_err(|error| at(path, error))?;
        more(&mut chunk)?;
    }
    let parsed = reader.finish().map_err(|error| at(path, error))?;
    Source::new(parsed).map_err(|error| at(path, error))
}

/// A workbook or a Parquet file, read as the text that is made of it.
fn unpack(
    path: &Path,
    piped: Option<Vec<u8>>,
    kind: Container,
    options: ReadOptions,
    sheet: Option<&str>,
) -> Result<Source, Box<dyn std::error::Error>> {
    let origin = if kind == Container::Excel { Origin::Sheet } else { Origin::Table };
    let mut reader = Reader::new(ReadOptions { origin, ..options });
    let mut refused = None;
    let sink = &mut |text: &[u8], _: f64| {
        reader.push(text).map_err(|error| {
            refused = Some(error);
            standin_files::Error::new("damaged", "the text is not wanted")
        })
    };
    // The libraries panic on some damaged files: that ends in one line too.
    let name = path.display().to_string();
    std::panic::set_hook(Box::new(move |_| {
        eprintln!("standin: {name}: this file is damaged: write it again, or save the table as CSV");
        std::process::exit(2);
    }));
    let read = match (kind, piped) {
        (Container::Excel, Some(bytes)) => excel::read(Cursor::new(bytes), sheet, sink),
        (Container::Excel, None) => excel::read(File::open(path)?, sheet, sink),
        (Container::Parquet, Some(bytes)) => parquet::read(parquet::Bytes::from(bytes), sink),
        (Container::Parquet, None) => parquet::read(File::open(path)?, sink),
    };
    drop(std::panic::take_hook());
    let facts = if let Some(error) = refused { Err(error)? } else { read? };
    let mut parsed = reader.finish()?;
    if kind == Container::Parquet {
        parsed.dialect.layout = Layout::Parquet(facts.types);
    }
    let source = Source::new(parsed)?;
    let name = path.display();
    if let Some(sheet) = facts.sheet.filter(|_| facts.sheets.len() > 1) {
        eprintln!("standin: {name}: sheet \"{sheet}\" of {}; --sheet chooses another", facts.sheets.len());
    }
    if !facts.left_out.is_empty() {
        let columns = facts.left_out.join("\", \"");
        eprintln!("standin: {name}: left out, as they hold lists or maps: \"{columns}\"");
    }
    Ok(source)
}

fn slurp(path: &Path) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes).map_err(|error| at(path, error))?;
    Ok(bytes)
}

fn open(path: &Path) -> Outcome<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(File::open(path).map_err(|error| at(path, error))?))
}

fn create(path: &Path) -> Outcome<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdout()));
    }
    Ok(Box::new(File::create(path).map_err(|error| at(path, error))?))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut out = create(path)?;
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| at(path, error))
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(value).expect("plain data always serialises");
    text.push('\n');
    text.into_bytes()
}

fn summary(report: &Report) -> String {
    let percent = |share: f64| format!("{:.2} %", share * 100.0);
    let line = |score: &standin::report::Score| {
        let ceiling = score.ceiling.map_or("-".into(), percent);
        format!("{:<20}{:>11}{:>16}\n", score.name, percent(score.value), ceiling)
    };
    let head = format!("{:<20}{:>11}{:>16}\n", "", "synthetic", "held-out real");
    head + &report.scores.iter().map(line).collect::<String>()
}

fn progress(what: &'static str, length: u64) -> ProgressBar {
    let hidden = !io::stderr().is_terminal();
    let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("{msg:>9} {bar:30} {percent:>3} %  {eta} left");
    ProgressBar::with_draw_target(Some(length), target)
        .with_style(style.expect("the template is right"))
        .with_message(what)
}

fn at(path: &Path, error: impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

fn text(error: standin::Error) -> String {
    error.to_string()
}
