//! The core as WebAssembly: cargo, then the bindings, then wasm-opt. Output in `target/page`: `standin.wasm`, `glue.js`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::setup::{Stamp, Tools};
use crate::sh;
use crate::toolchain::{TARGET, Toolchain};

const OPTIMISE: &[&str] = &[
    "-O3",
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
    pub wasm: PathBuf,
    pub glue: PathBuf,
    /// What rustc had to say about our own crate when it compiled it for this target.
    pub warnings: usize,
}

pub fn build(tools: &Tools, toolchain: Toolchain, out: &Path) -> Result<Wasm> {
    println!("{}", toolchain.says());
    let mut cargo = toolchain.build_lib()?;
    if sh::root().join("target/wasm").is_dir() {
        cargo.arg("--quiet"); // the first build takes minutes and may show that it moves
    }
    let (good, log) = sh::tee(&mut cargo)?;
    if !good {
        bail!("the core does not compile for WebAssembly");
    }
    let raw = fs::read(sh::root().join(format!("target/wasm/{TARGET}/release/standin.wasm")))?;
    let warnings = log.lines().filter(|l| l.starts_with("warning: ") && !l.starts_with("warning: `")).count();
    let wasm = Wasm { wasm: out.join("standin.wasm"), glue: out.join("glue.js"), warnings };

    let lock = fs::read(tools.modules.with_file_name("package-lock.json"))?;
    let stamp = Stamp::new(out.join("wasm.stamp"), &[&raw, &lock, include_bytes!("wasm.rs")]);
    if stamp.is_fresh() {
        return Ok(wasm);
    }
    fs::create_dir_all(out)?;
    // `no-modules`: the worker is a classic script, which alone runs from a blob on a page opened from disk.
    let mut bound = Bindgen::new()
        .input_bytes("standin", raw)
        .no_modules(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_producers_section(true)
        .remove_name_section(true)
        .generate_output()
        .context("wasm-bindgen")?;
    fs::write(&wasm.glue, bound.js())?;
    let unoptimised = out.join("bound.wasm");
    fs::write(&unoptimised, bound.wasm_mut().emit_wasm())?;
    let mut wasm_opt = tools.run("binaryen/bin/wasm-opt");
    sh::run(wasm_opt.args(OPTIMISE).arg(&unoptimised).arg("-o").arg(&wasm.wasm))?;
    stamp.set()?;
    Ok(wasm)
}
