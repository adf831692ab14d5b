//! The native command: the same core, with files, threads, a seed from the system and a progress bar.
//!
//! Exit codes: 0, and 2 for bad usage or input with one clear line on standard error. `-` is standard input or output.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use standin::format::csv::{ReadOptions, Reader};
use standin::pipeline::{Inspection, pieces};
use standin::report::html::html;
use standin::schema::metadata::for_sdv;
use standin::{FitOptions, Fitting, Method, Report, SavedModel, Source};

const CHUNK: usize = 1 << 20;

#[derive(Parser)]
#[command(version, about = "Synthetic stand-ins for tables that cannot be shared", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
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
        /// Where to write the CSV file
        #[arg(short, long, value_name = "OUT")]
        output: PathBuf,
        /// Any text; the same one gives the same file [default: random, told on standard error]
        #[arg(long)]
        seed: Option<String>,
    },
    /// Fit and sample in one go
    Synth {
        #[command(flatten)]
        input: Input,
        /// Where to write the CSV file
        #[arg(short, long, value_name = "OUT")]
        output: PathBuf,
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
    /// A CSV file, or - for standard input
    input: PathBuf,
    /// Leave out rows with too few or too many fields, with bytes that are no text, or without an end
    #[arg(long)]
    skip_bad_rows: bool,
    /// Keep as rows what looks like totals, sources and notes below the table
    #[arg(long)]
    keep_footer: bool,
    /// Whether the first line names the columns, true or false [default: told by the lines below it]
    #[arg(long)]
    header: Option<bool>,
    /// Memory for the rows, such as 512M or 8G: of a larger table a random sample is used
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size)]
    memory: u64,
    /// Use at most so many rows, at random
    #[arg(long, value_name = "ROWS", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    max_rows: u64,
    /// What separates the fields: "," ";" "||" ", ", "  " for two spaces or more, or the word tab [default: told by evidence]
    #[arg(long, value_name = "TEXT")]
    delimiter: Option<String>,
    /// UTF-8, UTF-16LE, UTF-16BE or windows-1252 [default: told by evidence]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
}

#[derive(Args)]
struct Described {
    /// SDV metadata (V1 or V2), as `standin inspect` prints it
    #[arg(long, value_name = "META.json")]
    metadata: Option<PathBuf>,
    /// Which of the metadata's tables the file is [default: the one with the file's columns]
    #[arg(long, value_name = "NAME", requires = "metadata")]
    table: Option<String>,
}

#[derive(Args)]
struct FitArgs {
    #[arg(long, value_enum, default_value_t = MethodArg::Trees)]
    method: MethodArg,
    #[command(flatten)]
    described: Described,
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
        Command::Inspect { input, others, described, sdv } if others.is_empty() => {
            let source = read(&input)?;
            let inspection = source.inspect(described.metadata()?.as_ref()).map_err(text)?;
            explain(&inspection);
            // Standin's own extras stand under one key, where reading the metadata passes over what was read and found.
            let mut metadata = inspection.metadata;
            metadata["standin"]["read"] = serde_json::json!(inspection.reading);
            metadata["standin"]["relations"] = serde_json::json!(inspection.relations);
            write(Path::new("-"), &json(&if sdv { for_sdv(metadata) } else { metadata }))
        }
        Command::Inspect { input, others, described, sdv } => {
            if described.metadata.is_some() {
                return Err("--metadata describes one file: give one".into());
            }
            let mut sources: Vec<(String, Source)> = Vec::new();
            for path in [&input.input].into_iter().chain(&others) {
                let name = table_name(path);
                if sources.iter().any(|(other, _)| *other == name) {
                    return Err(format!("{}: another file has the same name: rename one", path.display()));
                }
                sources.push((name, read_file(path, reading(&input))?));
            }
            let metadata = Source::together(&sources);
            write(Path::new("-"), &json(&if sdv { for_sdv(metadata) } else { metadata }))
        }
        Command::Fit { input, output, fit } => {
            spare(&output, &[&input.input])?;
            let source = read(&input)?;
            let (options, seed) = fit.options(0.0)?;
            write(&output, &fit_model(&source, &options)?.save())?;
            seed.tell();
            Ok(())
        }
        Command::Sample { model, rows, output, seed } => {
            spare(&output, &[&model])?;
            let loaded = SavedModel::load(&slurp(&model)?).map_err(|error| at(&model, error))?;
            let seed = Seed::choose(seed)?;
            sample(&loaded, rows, &seed.text, &output)?;
            seed.tell();
            Ok(())
        }
        Command::Synth { input, output, rows, fit, holdout, report } => {
            spare(&output, &[&input.input])?;
            if report.is_some() && output == Path::new("-") {
                return Err("a report needs the synthetic rows in a file: give -o a name".into());
            }
            let source = read(&input)?;
            let (options, seed) = fit.options(holdout)?;
            let model = fit_model(&source, &options)?;
            sample(&model, rows.unwrap_or(source.rows()), &seed.text, &output)?;
            if let Some(file) = report {
                spare(&file, &[&input.input, &output])?;
                let header = Some(source.has_header());
                let options_alike = ReadOptions { header, keep_footer: true, ..ReadOptions::default() };
                let synthetic = read_file(&output, options_alike)?;
                let report = source.report(&synthetic, &options).map_err(text)?;
                let page = file.extension().is_some_and(|extension| extension == "html");
                write(&file, &if page { html(&report).into_bytes() } else { json(&report) })?;
            }
            seed.tell();
            Ok(())
        }
        Command::Report { train, holdout, synthetic, json: json_file, html: html_file } => {
            let train = read_file(&train, ReadOptions::default())?;
            let alike = ReadOptions { header: Some(train.has_header()), ..ReadOptions::default() };
            let [holdout, synthetic] = [holdout, synthetic].map(|path| read_file(&path, alike.clone()));
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

impl Described {
    fn metadata(&self) -> Outcome<Option<Value>> {
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

/// The file's name without its endings.
fn table_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let packed = [".gz", ".zip"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    Path::new(packed)
        .file_stem()
        .map_or_else(|| packed.to_string(), |stem| stem.to_string_lossy().into_owned())
}

impl FitArgs {
    fn options(self, holdout: f64) -> Outcome<(FitOptions, Seed)> {
        let metadata = self.described.metadata()?;
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
fn sample(model: &SavedModel, rows: u64, seed: &str, output: &Path) -> Outcome<()> {
    let bar = progress("sampling", rows);
    let seed = standin::Seed::new(seed);
    let mut out = create(output)?;
    let mut pieces = pieces(rows).peekable();
    while pieces.peek().is_some() {
        let batch: Vec<Range<u64>> = pieces.by_ref().take(cores()).collect();
        thread::scope(|scope| {
            let make = |rows: &Range<u64>| {
                let (rows, seed) = (rows.clone(), &seed);
                scope.spawn(move || model.piece(rows, seed))
            };
            let made: Vec<_> = batch.iter().map(make).collect();
            made.into_iter()
                .try_for_each(|piece| out.write_all(&piece.join().expect("sampling does not panic")))
        })
        .map_err(|error| at(output, error))?;
        bar.set_position(batch.last().map_or(0, |rows| rows.end));
    }
    bar.finish_and_clear();
    out.write_all(&model.tail()).map_err(|error| at(output, error))?;
    out.flush().map_err(|error| at(output, error))
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn read(input: &Input) -> Outcome<Source> {
    let source = read_file(&input.input, reading(input))?;
    source.left_out().iter().for_each(|sentence| eprintln!("standin: {sentence}"));
    let (rows, kept) = (source.rows(), source.kept_rows());
    if (kept as u64) < rows {
        eprintln!("standin: a random {kept} of {rows} rows are used; --memory and --max-rows allow for more");
    }
    Ok(source)
}

fn reading(input: &Input) -> ReadOptions {
    ReadOptions {
        skip_bad_rows: input.skip_bad_rows,
        keep_footer: input.keep_footer,
        header: input.header,
        delimiter: input.delimiter.as_deref().map(|text| text.replace("tab", "\t").replace("\\t", "\t")),
        encoding: input.encoding.clone(),
        max_memory: Some(input.memory),
        max_rows: Some(input.max_rows),
        ..ReadOptions::default()
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

fn read_file(path: &Path, options: ReadOptions) -> Outcome<Source> {
    let mut file = open(path)?;
    let mut reader = Reader::new(options);
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk).map_err(|error| at(path, error))? {
            0 => break,
            count => reader.push(&chunk[..count]).map_err(|error| at(path, error))?,
        }
    }
    let parsed = reader.finish().map_err(|error| at(path, error))?;
    Source::new(parsed).map_err(|error| at(path, error))
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

/// What each column was taken for, and why, and what holds between them, on standard error: the metadata alone goes to
/// standard output.
fn explain(inspection: &Inspection) {
    for note in &inspection.notes {
        eprintln!("standin: {note}");
    }
    for column in &inspection.columns {
        let sure = (column.confidence * 100.0).floor();
        eprintln!("{}: {}, {sure} % sure: {}", column.name, column.sdtype.as_str(), column.evidence);
        for proposal in column.proposals.iter().filter(|proposal| !proposal.accepted) {
            eprintln!(
                "  could count as missing: {} ({} rows, {})",
                proposal.token, proposal.rows, proposal.reason
            );
        }
    }
    for relation in &inspection.relations {
        eprintln!("{}", relation.sentence);
    }
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
