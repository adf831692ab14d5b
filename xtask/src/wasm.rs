//! The core and the reading of files as two WebAssembly modules: cargo, then the bindings, then wasm-opt. Output in
//! `target/page`: `standin.wasm` and its `standin.js`, `files.wasm` and its `files.js`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::setup::{Stamp, Tools};
use crate::sh;
use crate::toolchain::{TARGET, Toolchain};

const OPTIMISE: &[&str] = &[
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];

pub struct Wasm {
    pub core: Module,
    /// Excel and Parquet: wanted by few, so it is a module of its own.
    pub files: Module,
}

pub struct Module {
    pub wasm: PathBuf,
    pub glue: PathBuf,
    /// What rustc had to say about our own crate when it compiled it for this target.
    pub warnings: usize,
}

pub fn build(tools: &Tools, toolchain: Toolchain, out: &Path) -> Result<Wasm> {
    println!("{}", toolchain.says());
    let module = |package, profile, name| build_module(tools, toolchain, package, profile, out, name);
    Ok(Wasm {
        core: module("standin", "release", "standin")?,
        files: module("standin-files", "small", "files")?,
    })
}

fn build_module(
    tools: &Tools,
    toolchain: Toolchain,
    package: &str,
    profile: &str,
    out: &Path,
    name: &str,
) -> Result<Module> {
    let mut cargo = toolchain.build_lib(package, profile)?;
    let target = sh::root().join("target/wasm").join(TARGET).join(profile);
    if target.is_dir() {
        cargo.arg("--quiet"); // the first build takes minutes and may show that it moves
    }
    let (good, log) = sh::tee(&mut cargo)?;
    if !good {
        bail!("{package} does not compile for WebAssembly");
    }
    let raw = fs::read(target.join(package.replace('-', "_")).with_extension("wasm"))?;
    let warnings = log.lines().filter(|l| l.starts_with("warning: ") && !l.starts_with("warning: `")).count();
    let named = |ending: &str| out.join(format!("{name}.{ending}"));
    let module = Module { wasm: named("wasm"), glue: named("js"), warnings };

    let lock = fs::read(tools.modules.with_file_name("package-lock.json"))?;
    let stamp = Stamp::new(named("stamp"), &[&raw, &lock, include_bytes!("wasm.rs")]);
    if stamp.is_fresh() {
        return Ok(module);
    }
    fs::create_dir_all(out)?;
    // `no-modules`: the worker is a classic script, which alone runs from a blob on a page opened from disk.
    let mut bound = Bindgen::new()
        .input_bytes(name, raw)
        .no_modules(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_producers_section(true)
        .remove_name_section(true)
        .generate_output()
        .context("wasm-bindgen")?;
    fs::write(&module.glue, bound.js())?;
    let unoptimised = named("bound");
    fs::write(&unoptimised, bound.wasm_mut().emit_wasm())?;
    let level = if profile == "small" { "-Os" } else { "-O3" };
    let mut wasm_opt = tools.run("binaryen/bin/wasm-opt");
    sh::run(wasm_opt.arg(level).args(OPTIMISE).arg(&unoptimised).arg("-o").arg(&module.wasm))?;
    stamp.set()?;
    Ok(module)
}
