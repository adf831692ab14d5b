//! The native command: the same core, with files, threads, a seed from the system and a progress bar.
//!
//! Exit codes: 0, and 2 for bad usage or input with one clear line on standard error. `-` is standard input or output.

mod command;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use standin::format::csv::ReadOptions;
use standin::pipeline::conditions::Search;
use standin::pipeline::croissant::{Conditioned, Made};
use standin::pipeline::{Generations, Inspection, ModelInfo};
use standin::report::generations::Generation;
use standin::report::html::html;
use standin::schema::made::{MachineMade, mark};
use standin::schema::metadata::for_sdv;
use standin::{FitOptions, Holdout, Method, Preset, Quality, Report, SavedModel, Source};

use command::cores::{find, progress, sample, work_off};
use command::files::{at, read_file, slurp, write};
use command::{Cli, Command, FitArgs, Input, MethodArg, Outcome, PartArg, PresetArg, QualityArg, croissant};

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
            tell_made(&input.input, inspection.machine_made.as_ref());
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
                sources.push((name, read_file(path, input.reading(), None)?));
            }
            let metadata = Source::together(&sources);
            write(Path::new("-"), &json(&if sdv { for_sdv(metadata) } else { metadata }))
        }
        Command::Fit { input, output, fit } => {
            spare(&output, &[&input.input])?;
            let source = read(&input)?;
            let (options, seed) = fit.options(Holdout::NONE)?;
            tell_made(&input.input, source.machine_made(options.metadata.as_ref()).as_ref());
            write(&output, &fit_model(&source, &options)?.save())?;
            seed.tell();
            Ok(())
        }
        Command::Sample { model, rows, output, format, seed, draws, wanted, described } => {
            spare(&output, &[&model])?;
            let loaded = SavedModel::load(&slurp(&model)?).map_err(|error| at(&model, error))?;
            let seed = Seed::choose(seed)?;
            let dialect = format.dialect(&loaded, &output)?;
            let condition = wanted.condition(&loaded, rows)?;
            let loaded = Arc::new(loaded);
            tell_preview(&loaded);
            match &condition {
                None => sample(&loaded, rows, &seed.text, draws.draws(), &output, &dialect)?,
                Some(condition) => {
                    let conditions = std::slice::from_ref(condition);
                    let seed = standin::Seed::new(&seed.text);
                    let search =
                        Search::new(loaded.clone(), conditions, seed, draws.draws()).map_err(text)?;
                    find(search, rows, &output, &dialect)?;
                }
            }
            if !described.no_croissant {
                let made = Made {
                    rows: Some(rows),
                    seed: seed.text.clone(),
                    draws: draws.draws(),
                    conditions: condition.iter().map(Conditioned::from).collect(),
                    ..Made::default()
                };
                croissant::describe(&loaded, &output, &dialect, made)?;
            }
            seed.tell();
            Ok(())
        }
        Command::Info { model } => {
            let loaded = SavedModel::load(&slurp(&model)?).map_err(|error| at(&model, error))?;
            let discloses = loaded.discloses();
            discloses.sentences().iter().for_each(|sentence| eprintln!("standin: {sentence}"));
            let mut told = serde_json::json!(loaded.info());
            told["discloses"] = serde_json::json!(discloses);
            write(Path::new("-"), &json(&told))
        }
        Command::Synth {
            input,
            output,
            format,
            rows,
            draws,
            fit,
            holdout,
            guard,
            refit,
            asked,
            report,
            described,
        } => {
            spare(&output, &[&input.input])?;
            if report.is_some() && output == Path::new("-") {
                return Err("a report needs the synthetic rows in a file: give -o a name".into());
            }
            let source = read(&input)?;
            let unasked = if report.is_some() { Holdout::AUTO } else { Holdout::NONE };
            let (options, seed) = fit.options(holdout.unwrap_or(unasked))?;
            tell_made(&input.input, source.machine_made(options.metadata.as_ref()).as_ref());
            let rows = rows.unwrap_or(source.rows());
            let make = |options: &FitOptions| {
                let model = fit_model(&source, options)?;
                let dialect = format.dialect(&model, &output)?;
                tell_preview(&model);
                sample(&model, rows, &seed.text, draws.draws(), &output, &dialect)?;
                Outcome::Ok((model, dialect))
            };
            let (mut model, mut dialect) = make(&options)?;
            let mut made =
                Made { rows: Some(rows), seed: seed.text.clone(), draws: draws.draws(), ..Made::default() };
            if let Some(file) = report {
                spare(&file, &[&input.input, &output])?;
                let header = Some(source.has_header());
                let alike = ReadOptions { header, keep_footer: true, ..ReadOptions::default() };
                let synthetic = read_file(&output, alike, None)?;
                let mut judging = source.report(&synthetic, &options, &asked.options()).map_err(text)?;
                if guard.generations {
                    judging.add(learn_again(source.generations(&synthetic, &options).map_err(text)?)?);
                }
                let report = judging.report();
                let page = file.extension().is_some_and(|extension| extension == "html");
                write(&file, &if page { html(&report).into_bytes() } else { json(&report) })?;
                made.report = Some(serde_json::json!(report));
            }
            if refit {
                (model, dialect) = make(&FitOptions { holdout: Holdout::NONE, ..options })?;
                eprintln!(
                    "standin: the rows are of a model of all rows, the report of one that never saw the held-out ones"
                );
            }
            if !described.no_croissant {
                croissant::describe(&model, &output, &dialect, made)?;
            }
            seed.tell();
            Ok(())
        }
        Command::Report {
            train,
            holdout,
            synthetic,
            asked,
            guard,
            described,
            json: json_file,
            html: html_file,
        } => {
            let train = read_file(&train, ReadOptions::default(), None)?;
            let alike = ReadOptions { header: Some(train.has_header()), ..ReadOptions::default() };
            let [holdout, synthetic] = [holdout, synthetic].map(|path| read_file(&path, alike.clone(), None));
            let [holdout, synthetic] = [holdout?, synthetic?];
            let options = FitOptions { metadata: described.metadata()?, ..FitOptions::default() };
            let judging = train.report_beside(&holdout, &synthetic, &options, &asked.options());
            let mut judging = judging.map_err(text)?;
            if guard.generations {
                let generations = train.generations_beside(&holdout, &synthetic, &options).map_err(text)?;
                judging.add(learn_again(generations)?);
            }
            let report = judging.report();
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

/// The file's name without its endings.
fn table_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let packed = [".gz", ".zip"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    Path::new(packed)
        .file_stem()
        .map_or_else(|| packed.to_string(), |stem| stem.to_string_lossy().into_owned())
}

impl FitArgs {
    fn options(self, holdout: Holdout) -> Outcome<(FitOptions, Seed)> {
        let metadata = self.described.metadata()?;
        let method = match self.method {
            MethodArg::Trees => Method::Trees,
            MethodArg::Independent => Method::Independent,
        };
        let preset = match self.preset {
            PresetArg::Faithful => Preset::Faithful,
            PresetArg::Balanced => Preset::Balanced,
            PresetArg::Cautious => Preset::Cautious,
        };
        let quality = match self.quality {
            QualityArg::Preview => Quality::Preview,
            QualityArg::Full => Quality::Full,
        };
        let seed = Seed::choose(self.seed)?;
        let min_support = self.min_support;
        let without = self.without.into_iter().map(PartArg::part).collect();
        let text = seed.text.clone();
        let options =
            FitOptions { method, preset, quality, seed: text, holdout, min_support, metadata, without };
        Ok((options, seed))
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
    fitting.notes().iter().for_each(|note| eprintln!("standin: {note}"));
    let bar = progress("fitting", 1000);
    while fitting.step().map_err(text)? < 1.0 {
        let tasks = fitting.tasks();
        if !tasks.is_empty() {
            bar.set_length(tasks.len() as u64);
            work_off(tasks, || bar.inc(1));
        }
    }
    bar.finish_and_clear();
    let model = fitting.finish();
    if let Some(memory) = &model.info().memory {
        eprintln!("standin: {}", memory.sentence());
    }
    tell_held_back(model.info());
    Ok(model)
}

/// Counts alone: what goes to standard error may end in a log.
fn tell_held_back(info: &ModelInfo) {
    if let Some(name) = &info.entity {
        eprintln!("standin: column \"{name}\" tells whose a row is");
    }
    for column in &info.columns {
        if let Some(sentence) = column.held_back.sentence(info.min_support, info.entity.is_some()) {
            eprintln!("standin: column \"{}\": {sentence}", column.name);
        }
    }
}

/// The collapse guard, on all cores.
fn learn_again(mut generations: Generations) -> Outcome<Vec<Generation>> {
    let bar = progress("guarding", 1000);
    loop {
        let share = generations.step().map_err(text)?;
        if share >= 1.0 {
            bar.finish_and_clear();
            return Ok(generations.finish());
        }
        bar.set_position((share * 1000.0) as u64);
        work_off(generations.tasks(), || {});
    }
}

fn tell_preview(model: &SavedModel) {
    if model.info().quality == Quality::Preview {
        eprintln!("standin: this model is a preview, learned from {} random rows", model.info().rows);
    }
}

fn read(input: &Input) -> Outcome<Source> {
    let source = read_file(&input.input, input.reading(), input.sheet.as_deref())?;
    source.left_out().iter().for_each(|sentence| eprintln!("standin: {sentence}"));
    let (rows, kept) = (source.rows(), source.kept_rows());
    if (kept as u64) < rows {
        eprintln!("standin: a random {kept} of {rows} rows are used; --memory and --max-rows allow for more");
    }
    Ok(source)
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(value).expect("plain data always serialises");
    text.push('\n');
    text.into_bytes()
}

/// Warns of a table that looks made by a machine, or has a description beside it that says so.
fn tell_made(input: &Path, found: Option<&MachineMade>) {
    let told = croissant::beside(input).and_then(|document| mark(&document));
    let reasons: Vec<String> =
        told.into_iter().chain(found.into_iter().flat_map(|made| made.reasons.clone())).collect();
    if !reasons.is_empty() {
        eprintln!("standin: this table looks made by a machine: {}", reasons.join("; "));
    }
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
        if let Some(nearly) = column.nearly.as_ref().filter(|nearly| !nearly.accepted) {
            eprintln!("  {}, with \"leave_out_unfit\"", nearly.offer());
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
        format!("{:<26}{:>11}{:>16}\n", score.name, percent(score.value), ceiling)
    };
    let head = format!("{:<26}{:>11}{:>16}\n", "", "synthetic", "held-out real");
    head + &report.scores.iter().map(line).collect::<String>()
}

fn text(error: standin::Error) -> String {
    error.to_string()
}
