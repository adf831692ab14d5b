//! Measures Standin and writes `bench/RESULTS.md`. The work is done by the scripts in `bench/`; this sets up what they
//! need and leaves out, with a word, what is not here: the judge, the tables.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::setup::{Stamp, Tools, hash};
use crate::test::with_places;
use crate::{build, sh};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measure {
    /// How close and how private, beside other tools.
    Quality,
    /// What each part of the engine brings: needs the runs of `Quality`.
    Ablation,
    /// Seconds, memory and sizes, native and in the browser.
    Speed,
    /// Seconds and memory as tables grow, in rows and in columns.
    Curves,
    /// What is made of files that break readers, and how often the dialect is told right.
    Files,
    /// Whether columns are taken for what they are.
    Kinds,
    /// A table of a gigabyte in a browser tab, and parsing beside other readers there.
    Large,
    /// The report's figures beside those of other programs, and whether descriptions are valid: bench/REPORT.md keeps what it found.
    Report,
    /// Other generators on the same halves. It takes days, so it is no part of a whole run: `bench/peers.tsv` keeps what it
    /// found, since that does not change with our program.
    Peers,
}

impl Measure {
    /// A whole run.
    pub const ALL: [Measure; 7] = [
        Measure::Quality,
        Measure::Ablation,
        Measure::Speed,
        Measure::Curves,
        Measure::Files,
        Measure::Kinds,
        Measure::Large,
    ];

    pub fn named(name: &str) -> Option<Measure> {
        Some(match name {
            "quality" => Measure::Quality,
            "ablation" => Measure::Ablation,
            "speed" => Measure::Speed,
            "curves" => Measure::Curves,
            "files" => Measure::Files,
            "kinds" => Measure::Kinds,
            "large" => Measure::Large,
            "report" => Measure::Report,
            "peers" => Measure::Peers,
            _ => return None,
        })
    }
}

pub fn bench(measures: &[Measure]) -> Result<()> {
    let root = sh::root();
    let python = python(&root, "venv", "requirements.txt")?;
    let script = |name: &str| {
        let mut c = sh::command(&python);
        c.arg(root.join("bench").join(name));
        c
    };
    sh::run(sh::command("cargo").args(["build", "--release", "--quiet", "--locked", "--bin", "standin"]))?;
    let binary = sh::native_binary();
    let Some(data) = given("STANDIN_DATA", root.join("../shared/data")) else {
        println!("skipped: no data (name its directory in STANDIN_DATA)");
        return Ok(());
    };
    let judge = given("STANDIN_SCORE", root.join("../shared/score/score.py"));

    // Figures of different programs, judges or halves never meet in one document: each has its own directory.
    let judge_text = judge.as_ref().map(fs::read).transpose()?.unwrap_or_default();
    let tables = fs::read(root.join("bench/tables.py"))?;
    let what = hash(&[&fs::read(&binary)?, &judge_text, &tables]);
    let out = root.join("target/bench").join(&what[..12]);
    fs::create_dir_all(&out)?;

    let measure = |name: &str| {
        let mut c = script(name);
        c.arg("--bin").arg(&binary).arg("--data").arg(&data).arg("--out").arg(&out);
        c
    };
    match &judge {
        Some(judge) => {
            if measures.contains(&Measure::Quality) {
                sh::run(measure("quality.py").arg("--score").arg(judge))?;
            }
            if measures.contains(&Measure::Ablation) {
                sh::run(measure("ablation.py").arg("--score").arg(judge))?;
            }
            if measures.contains(&Measure::Peers) {
                let theirs = hash(&[&judge_text, &tables]);
                let mut c = script("peers.py");
                c.arg("--python").arg(self::python(&root, "peers-venv", "peers-requirements.txt")?);
                c.arg("--score").arg(judge).arg("--data").arg(&data);
                c.arg("--out").arg(root.join("target/bench/peers").join(&theirs[..12]));
                sh::run(c.arg("--digest").arg(root.join("bench/peers.tsv")))?;
            }
        }
        None if measures.contains(&Measure::Quality) || measures.contains(&Measure::Peers) => {
            println!("quality and peers skipped: no judge (name score.py in STANDIN_SCORE)");
        }
        None => {}
    }
    if measures.contains(&Measure::Report) {
        let python = self::python(&root, "report-venv", "report-requirements.txt")?;
        for name in ["compare_report.py", "croissant.py"] {
            let mut c = sh::command(&python);
            c.arg(root.join("bench").join(name)).arg("--bin").arg(&binary);
            sh::run(c.arg("--data").arg(&data).arg("--out").arg(out.join("report")))?;
        }
        let tools = Tools::find()?;
        let built = build(&tools)?;
        let mut node = tools.node();
        let at = |name: &str| out.join("report").join(name);
        node.arg("bench/report.mjs").arg(at("tables/adult_trn.csv")).arg(at("tables/adult_hol.csv"));
        sh::run(with_places(node.arg(at("adult_synthetic.csv")), &tools, &built)?)?;
    }
    if measures.contains(&Measure::Files) {
        sh::run(&mut measure("files.py"))?;
        sh::run(&mut measure("dialects.py"))?;
    }
    if measures.contains(&Measure::Kinds) {
        sh::run(&mut measure("kinds.py"))?;
    }
    if measures.contains(&Measure::Speed) {
        sh::run(&mut measure("speed.py"))?;
        let tools = Tools::find()?;
        let built = build(&tools)?;
        let mut node = tools.node();
        node.arg("bench/browser.mjs").arg(out.join("tables/adult_trn.csv")).arg(out.join("browser.json"));
        sh::run(with_places(&mut node, &tools, &built)?)?;
        let mut node = tools.node();
        node.arg("bench/stop.mjs").arg(out.join("tables/adult_trn.csv"));
        sh::run(with_places(&mut node, &tools, &built)?)?;
        let mut node = tools.node();
        node.arg("bench/conditions.mjs").arg(out.join("tables/adult_trn.csv")).arg(&out);
        sh::run(with_places(&mut node, &tools, &built)?)?;
        let p = &built.page;
        fs::write(
            out.join("sizes.json"),
            format!(
                "[[\"standin.html, everything in one file\", {}], [\"of it the WebAssembly module\", {}], \
                 [\"of it the module for Excel and Parquet\", {}]]",
                p.page.pair(),
                p.core.pair(),
                p.files.pair()
            ),
        )?;
    }
    if measures.contains(&Measure::Curves) {
        sh::run(script("curves.py").arg("--bin").arg(&binary).arg("--out").arg(&out))?;
        let tools = Tools::find()?;
        let built = build(&tools)?;
        let mut node = tools.node();
        node.arg("bench/curves.mjs").arg(&out);
        sh::run(with_places(&mut node, &tools, &built)?)?;
    }
    if measures.contains(&Measure::Large) {
        let tools = Tools::find()?;
        let built = build(&tools)?;
        let mut node = tools.node();
        node.arg("bench/large.mjs").arg(root.join("target/bench/large")).arg(out.join("large.json"));
        node.env("STANDIN_BENCH_MODULES", other_readers(&root)?);
        sh::run(with_places(&mut node, &tools, &built)?)?;
    }
    // What was not measured with this program is taken from earlier ones or stays, and the document says so.
    let earlier = earlier(&out)?;
    let results = root.join("bench/RESULTS.md");
    let mut c = script("results.py");
    if let Some(judge) = &judge {
        c.arg("--published").arg(judge.with_file_name("peers.tsv"));
    }
    c.arg("--earlier").args(&earlier);
    sh::run(c.arg("--measured").arg(&out).arg("--to").arg(&results))?;
    println!("{}", results.display());
    Ok(())
}

/// What other programs left behind beside `out`, the newest first.
fn earlier(out: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(out.parent().context("it lies in a directory")?)? {
        let entry = entry?;
        if entry.path() != out {
            found.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    found.sort();
    Ok(found.into_iter().rev().map(|(_, path)| path).collect())
}

/// The packages of `bench/npm`, installed under `target/` when their lock file changed.
fn other_readers(root: &Path) -> Result<PathBuf> {
    let home = root.join("target/bench/node");
    fs::create_dir_all(&home)?;
    let lock = fs::read(root.join("bench/npm/package-lock.json"))?;
    let stamp = Stamp::new(home.join("standin-stamp"), &[&lock]);
    if !stamp.is_fresh() {
        println!("installing the readers of bench/npm (npm ci)");
        for name in ["package.json", "package-lock.json"] {
            fs::copy(root.join("bench/npm").join(name), home.join(name))?;
        }
        let npm = sh::which(&["npm"]).context("npm is missing")?;
        sh::read(sh::command(npm).current_dir(&home).args(["ci", "--ignore-scripts", "--loglevel=error"]))?;
        stamp.set()?;
    }
    Ok(home.join("node_modules"))
}

/// What the variable names, else what lies beside the project, if it is there.
fn given(variable: &str, beside: PathBuf) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).or(Some(beside)).filter(|p| p.exists())
}

/// The Python of a virtual environment under `target/` with the packages that a file of `bench/` lists.
fn python(root: &Path, venv: &str, packages: &str) -> Result<PathBuf> {
    let venv = root.join("target/bench").join(venv);
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let wanted = root.join("bench").join(packages);
    let stamp = Stamp::new(venv.join("standin-stamp"), &[&fs::read(&wanted)?]);
    if !stamp.is_fresh() {
        println!("installing bench/{packages} (pip)");
        let make = |python: PathBuf| sh::read(sh::command(python).args(["-m", "venv"]).arg(&venv));
        if sh::which(&["python3"]).context("no python3").and_then(make).is_err() {
            sh::apt(&["python3", "python3-venv"])?;
            make(sh::which(&["python3"]).context("no python3")?)?;
        }
        sh::read(
            sh::command(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&wanted),
        )?;
        stamp.set()?;
    }
    Ok(python)
}
