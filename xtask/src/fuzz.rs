//! Coverage-guided fuzzing of every reader: LLVM's libFuzzer over the targets of `fuzz/src/targets.rs`.
//!
//! The flags below are what makes rustc count coverage for it; they are stable, so no nightly and no other tool is
//! needed, only a C++ compiler for libFuzzer itself. Inputs that reach new code are kept under `target/fuzz`, so each
//! run goes on where the last one ended. A finding stops the run: mend it, then put its file into `fuzz/seeds/TARGET`,
//! where the tests run it for good.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::sh;

/// After the flags of rust-fuzz's cargo-fuzz, without its sanitizers: there is no unsafe code to watch.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";
/// What one input may cost.
const LIMITS: [&str; 4] = ["-timeout=20", "-rss_limit_mb=3000", "-max_len=8192", "-print_final_stats=1"];

/// Runs one target, or all of them one after the other, for so many seconds each.
pub fn fuzz(target: Option<&str>, seconds: u64) -> Result<()> {
    let root = sh::root();
    let known = targets(&root)?;
    if let Some(wrong) = target.filter(|name| !known.iter().any(|known| known == name)) {
        bail!("no target {wrong}: choose one of {}", known.join(", "));
    }
    if sh::which(&["c++", "g++", "clang++"]).is_none() {
        sh::apt(&["g++"])?;
    }
    // A target of its own keeps the flags away from build scripts.
    let host = sh::read(sh::command("rustc").arg("-vV"))?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let work = root.join("target/fuzz");
    let mut build = sh::command("cargo");
    build.args(["build", "--release", "--quiet", "--manifest-path", "fuzz/Cargo.toml", "--target", host]);
    sh::run(build.env("RUSTFLAGS", FLAGS).env("CARGO_TARGET_DIR", &work))?;
    let program = work.join(host).join("release/standin-fuzz");
    save_models(&root, &work.join("corpus/load"))?;

    for name in known.iter().filter(|name| target.is_none_or(|wanted| wanted == *name)) {
        println!("fuzzing {name} for {seconds} s");
        let corpus = work.join("corpus").join(name);
        let findings = work.join("findings").join(name);
        fs::create_dir_all(&corpus)?;
        fs::create_dir_all(&findings)?;
        let mut run = sh::command(&program);
        run.env("STANDIN_FUZZ", name).arg(&corpus).arg(root.join("fuzz/seeds").join(name));
        run.arg(format!("-max_total_time={seconds}")).args(LIMITS);
        run.arg(format!("-artifact_prefix={}/", findings.display()));
        if !sh::tee(&mut run)?.0 {
            bail!("{name}: a finding lies in {}", findings.display());
        }
    }
    Ok(())
}

/// Models of the present format, so that mutations begin with what loads.
fn save_models(root: &Path, folder: &Path) -> Result<()> {
    sh::run(sh::command("cargo").args(["build", "--release", "--quiet", "--locked", "--bin", "standin"]))?;
    fs::create_dir_all(folder)?;
    for method in ["trees", "independent"] {
        let mut fit = sh::command(sh::native_binary());
        fit.args(["fit", "--seed", "1", "--method", method, "-o"]).arg(folder.join(method));
        sh::run(fit.arg(root.join("www/sample/clinic.csv")))?;
    }
    Ok(())
}

/// The folders of seeds name the targets.
fn targets(root: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(root.join("fuzz/seeds"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    names.sort();
    Ok(names)
}
