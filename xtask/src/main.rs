//! `cargo xtask`: everything beyond plain cargo. Each command sets up what it needs and says what it does;
//! a second run skips what has not changed.

mod bench;
mod count;
mod docs;
mod fuzz;
mod html;
mod npm;
mod page;
mod reproduce;
mod sbom;
mod serve;
mod setup;
mod sh;
mod test;
mod toolchain;
mod wasm;

use std::process::ExitCode;

use anyhow::Result;

use bench::Measure;
use page::Page;
use setup::Tools;
use test::Part;
use toolchain::Toolchain;
use wasm::Wasm;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N] [--no-open]            build, then show the page on this machine
  build                                   dist/: standin.html, one file that opens from disk; site to host; npm to embed
  docs                                    the guides and a reference of the package's types as pages: target/docs
  test [--only lint|rust|page]            every check; the last line counts them
  bench [quality|ablation|speed|curves|files|kinds|large|report|peers]
                                  measure, compare with other tools; writes bench/RESULTS.md
  reproduce                               build this commit again in another folder and compare all bytes; takes a first build
  fuzz [TARGET] [--seconds N]             feed the readers with what nobody meant, guided by coverage; 60 s a target";

enum Task {
    Serve { port: Option<u16>, open: bool },
    Build,
    Docs,
    Test(Vec<Part>),
    Bench(Vec<Measure>),
    Reproduce,
    Fuzz { target: Option<String>, seconds: u64 },
}

/// What `build` leaves behind.
pub struct Built {
    pub wasm: Wasm,
    pub page: Page,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(task) = parse(&args.iter().map(String::as_str).collect::<Vec<_>>()) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("error: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse(args: &[&str]) -> Option<Task> {
    match args {
        ["serve", rest @ ..] => {
            let (mut port, mut open) = (None, true);
            let mut rest = rest.iter();
            while let Some(option) = rest.next() {
                match *option {
                    "--no-open" => open = false,
                    "--port" => port = Some(rest.next()?.parse().ok()?),
                    _ => return None,
                }
            }
            Some(Task::Serve { port, open })
        }
        ["build"] => Some(Task::Build),
        ["docs"] => Some(Task::Docs),
        ["test"] => Some(Task::Test(Part::ALL.to_vec())),
        ["test", "--only", part] => Some(Task::Test(vec![Part::named(part)?])),
        ["bench"] => Some(Task::Bench(Measure::ALL.to_vec())),
        ["bench", measure] => Some(Task::Bench(vec![Measure::named(measure)?])),
        ["reproduce"] => Some(Task::Reproduce),
        ["fuzz", rest @ ..] => {
            let (target, rest) = match rest {
                [name, rest @ ..] if !name.starts_with('-') => (Some(name.to_string()), rest),
                _ => (None, rest),
            };
            let seconds = match rest {
                [] => 60,
                ["--seconds", seconds] => seconds.parse().ok()?,
                _ => return None,
            };
            Some(Task::Fuzz { target, seconds })
        }
        _ => None,
    }
}

/// False if a check failed.
fn run(task: Task) -> Result<bool> {
    match task {
        Task::Serve { port, open } => {
            let built = build(&Tools::find()?)?;
            serve::serve(&built.page.file.with_file_name("site"), port, open)?;
        }
        Task::Build => drop(build(&Tools::find()?)?),
        Task::Docs => docs::docs(&Tools::find()?)?,
        Task::Test(parts) => return test::test(&parts),
        Task::Bench(measures) => bench::bench(&measures)?,
        Task::Reproduce => {
            let built = build(&Tools::find()?)?;
            return reproduce::reproduce(built.page.file.parent().expect("dist"));
        }
        Task::Fuzz { target, seconds } => fuzz::fuzz(target.as_deref(), seconds)?,
    }
    Ok(true)
}

/// Wasm, bindings and page, each only if its inputs changed; what is in the page, and the sums of all.
pub fn build(tools: &Tools) -> Result<Built> {
    let work = sh::root().join("target/page");
    let toolchain = Toolchain::find()?;
    let wasm = wasm::build(tools, toolchain, &work)?;
    let page = page::build(tools, &wasm, &work)?;
    let dist = page.file.parent().expect("dist");
    sbom::write(&page.file, tools, toolchain, &dist.join("standin.cdx.json"))?;
    reproduce::write_sums(dist)?;
    println!("{}", page.says());
    Ok(Built { wasm, page })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_understood_and_anything_else_is_not() {
        assert!(matches!(
            parse(&["serve", "--port", "80", "--no-open"]),
            Some(Task::Serve { port: Some(80), open: false })
        ));
        assert!(matches!(parse(&["test", "--only", "page"]), Some(Task::Test(p)) if p == [Part::Page]));
        assert!(matches!(parse(&["docs"]), Some(Task::Docs)));
        assert!(matches!(parse(&["reproduce"]), Some(Task::Reproduce)));
        assert!(matches!(parse(&["bench", "speed"]), Some(Task::Bench(m)) if m == [Measure::Speed]));
        assert!(matches!(
            parse(&["fuzz", "read", "--seconds", "9"]),
            Some(Task::Fuzz { target: Some(_), seconds: 9 })
        ));
        for wrong in
            [&[][..], &["help"], &["build", "--fast"], &["test", "--only", "all"], &["serve", "--port"]]
        {
            assert!(parse(wrong).is_none(), "{wrong:?}");
        }
    }
}
