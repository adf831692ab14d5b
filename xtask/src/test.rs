//! Every check of the project, one after the other, and one line at the end that sums them up.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::count::Count;
use crate::setup::{self, Tools};
use crate::{Built, build, sh};

#[derive(Clone, Copy, PartialEq)]
pub enum Part {
    Lint,
    Rust,
    Page,
}

impl Part {
    pub const ALL: [Part; 3] = [Part::Lint, Part::Rust, Part::Page];

    pub fn named(name: &str) -> Option<Part> {
        let i = ["lint", "rust", "page"].iter().position(|n| *n == name)?;
        Some(Part::ALL[i])
    }
}

/// A failed check does not stop the next one. True if none failed.
pub fn test(parts: &[Part]) -> Result<bool> {
    let mut sum = Count::default();
    if parts.contains(&Part::Lint) {
        sum += lint()?;
    }
    if parts.contains(&Part::Rust) {
        heading("tests of the Rust code");
        sum += counted(sh::command("cargo").args(["test", "--workspace", "--quiet", "--locked"]))?;
    }
    if parts.contains(&Part::Page) {
        sum += end_to_end().unwrap_or_else(|e| {
            eprintln!("{e:#}");
            Count::FAILED
        });
    }
    println!("\n{sum}");
    Ok(sum.failed == 0)
}

fn lint() -> Result<Count> {
    let mut sum = Count::default();
    sum += step("formatting", sh::command("cargo").args(["fmt", "--all", "--check"]))?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--quiet", "--locked", "--", "-Dwarnings"];
    sum += step("clippy", sh::command("cargo").args(clippy))?;
    sum += licences()?;
    sum += audit()?;
    Ok(sum)
}

/// Not "advisories": they need a database from the network, which a test must not.
fn licences() -> Result<Count> {
    const CHECKS: [&str; 5] = ["--workspace", "check", "bans", "licenses", "sources"];
    // Embark's, MIT or Apache-2.0, released every few weeks; three minutes and a half of compiling, once.
    let deny = match sh::which(&["cargo-deny"]) {
        Some(deny) => Ok(deny),
        None => setup::cargo_tool("cargo-deny", "0.20.2", "cargo-deny"),
    };
    match deny {
        Ok(deny) => step("licences and sources", sh::command(deny).args(CHECKS)),
        Err(e) => {
            heading("licences and sources");
            println!("skipped: no cargo-deny: {e:#}");
            Ok(Count::SKIPPED)
        }
    }
}

/// Known holes in what builds and tests the page. Only the registry knows, and not every one answers: silence is told, and is
/// no failure.
fn audit() -> Result<Count> {
    heading("known holes in packages of npm");
    let Some(npm) = sh::which(&["npm"]) else {
        println!("skipped: no npm");
        return Ok(Count::SKIPPED);
    };
    let how = ["audit", "--audit", "--json", "--fetch-retries=0", "--fetch-timeout=20000"];
    let out = sh::command(npm).current_dir(sh::root().join("xtask/npm")).args(how).output()?;
    let report: Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
    Ok(match holes(&report) {
        None => {
            println!("skipped: the registry answers no such question");
            Count::SKIPPED
        }
        Some(0) => Count::PASSED,
        Some(count) => {
            println!("{count} that are high or critical: npm audit in xtask/npm says which");
            Count::FAILED
        }
    })
}

/// High and critical ones; the tools never meet what a stranger wrote, so lesser ones may wait. None without an answer.
fn holes(report: &Value) -> Option<u64> {
    let counts = &report["metadata"]["vulnerabilities"];
    Some(counts["high"].as_u64()? + counts["critical"].as_u64()?)
}

/// `tests/e2e/*.test.mjs`.
fn end_to_end() -> Result<Count> {
    heading("the page and the native program");
    let tools = Tools::find()?;
    let built = build(&tools)?;
    let mut sum =
        if built.wasm.core.warnings + built.wasm.files.warnings == 0 { Count::PASSED } else { Count::FAILED };
    sh::run(sh::command("cargo").args(["build", "--release", "--quiet", "--locked", "--bin", "standin"]))?;

    let mut files: Vec<PathBuf> = fs::read_dir(sh::root().join("tests/e2e"))
        .map(|dir| {
            dir.flatten().map(|e| e.path()).filter(|p| p.to_string_lossy().ends_with(".test.mjs")).collect()
        })
        .unwrap_or_default();
    files.sort();
    if files.is_empty() {
        bail!("no tests/e2e/*.test.mjs");
    }
    heading("tests in node and in the browser");
    let mut node = tools.node();
    node.args(["--test", "--test-reporter=spec"]).args(files).envs(setup::other_browsers());
    // Without a registry there are none; the examples that are built with them are skipped.
    match setup::examples() {
        Ok(home) => drop(node.env("STANDIN_EXAMPLES", home)),
        Err(e) => println!("no tools for the examples: {e:#}"),
    }
    sum += counted(with_places(&mut node, &tools, &built)?)?;
    Ok(sum)
}

/// Tells the tests and the measurements where everything is.
pub fn with_places<'a>(command: &'a mut Command, tools: &Tools, built: &Built) -> Result<&'a mut Command> {
    let root = sh::root();
    command
        .env("STANDIN_DIST", built.page.file.parent().expect("dist"))
        .env("STANDIN_LEAK", root.join("target/leak"))
        .env("STANDIN_PAGE_PARTS", root.join("target/page"))
        .env("STANDIN_BIN", sh::native_binary())
        .env("STANDIN_CHROMIUM", setup::chromium()?)
        .env("STANDIN_NODE_MODULES", &tools.modules);
    // Tables to test on, kept beside the project; what needs them is skipped where they are not.
    let data = root.join("../shared/data");
    if env::var_os("STANDIN_DATA").is_none() && data.is_dir() {
        command.env("STANDIN_DATA", data.canonicalize()?);
    }
    Ok(command)
}

fn counted(command: &mut Command) -> Result<Count> {
    let (good, log) = sh::tee(command)?;
    Ok(Count::read(&log, good))
}

fn step(what: &str, command: &mut Command) -> Result<Count> {
    heading(what);
    Ok(if command.status().is_ok_and(|s| s.success()) { Count::PASSED } else { Count::FAILED })
}

fn heading(what: &str) {
    println!("\n== {what}");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_audit_without_an_answer_is_no_clean_one() {
        let counted = json!({ "metadata": { "vulnerabilities": { "low": 3, "high": 1, "critical": 2 } } });
        assert_eq!(holes(&counted), Some(3));
        assert_eq!(holes(&json!({ "message": "405 Method Not Allowed", "error": {} })), None);
        assert_eq!(holes(&Value::Null), None);
    }
}
