//! Finds a Rust that can compile for wasm32-unknown-unknown, or gets one.
//!
//! Two are known. rustup's target, where it is installed or can be added, is plain stable Rust. Where that download is
//! refused but Debian's packages are not, Debian's `rustc-web` does: it compiles the standard library from source, once,
//! which costs a minute or two and is then kept in `target/wasm`.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::sh;

pub const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-19"];

/// Instructions that Chromium, Firefox and Safari have all had for more than three years.
const FEATURES: &str =
    "-Ctarget-feature=+simd128,+bulk-memory,+sign-ext,+mutable-globals,+nontrapping-fptoint";

#[derive(Clone, Copy, PartialEq)]
pub enum Toolchain {
    Rustup,
    Debian,
}

impl Toolchain {
    /// The first that is here; else the first that can be fetched.
    pub fn find() -> Result<Toolchain> {
        if rustup_has_target() {
            return Ok(Toolchain::Rustup);
        }
        if DEBIAN_CARGO.iter().all(|p| PathBuf::from(p).is_file()) && debian_is_rust_web() {
            return Ok(Toolchain::Debian);
        }
        let mut why = "no rustup".to_string();
        if sh::which(&["rustup"]).is_some() {
            println!("adding the target {TARGET} (rustup)");
            match sh::read(sh::command("rustup").args(["target", "add", TARGET])) {
                Ok(_) => return Ok(Toolchain::Rustup),
                Err(e) => why = format!("{e:#}"),
            }
        }
        sh::apt(DEBIAN).with_context(|| {
            format!(
                "no Rust for WebAssembly. Either `rustup target add {TARGET}` must work, or Debian's packages {} \
                 must be there; rustup said: {why}",
                DEBIAN.join(" ")
            )
        })?;
        Ok(Toolchain::Debian)
    }

    /// One line for the log: which, and why.
    pub fn says(self) -> &'static str {
        match self {
            Toolchain::Rustup => "wasm by rustup's stable Rust (its wasm32 target is installed)",
            Toolchain::Debian => {
                "wasm by Debian's rustc-web (rustup has no wasm32 target here); its first build compiles the standard library"
            }
        }
    }

    /// Of the compiler, whose standard library is linked: "1.95.0".
    pub fn version(self) -> Result<String> {
        let mut rustc = match self {
            Toolchain::Rustup => sh::command("rustc"),
            Toolchain::Debian => sh::command(DEBIAN_CARGO[1]),
        };
        let says = sh::read(rustc.arg("--version"))?;
        says.split(' ').nth(1).map(str::to_string).with_context(|| format!("rustc says {says}"))
    }

    /// Compiles a package's library for WebAssembly, with everything but the target directory left to Cargo.toml.
    pub fn build_lib(self, package: &str, profile: &str) -> Result<Command> {
        let mut c = self.cargo()?;
        c.args(["rustc", "--lib", "--crate-type", "cdylib", "--locked"]);
        c.args(["--package", package, "--no-default-features", "--profile", profile, "--target", TARGET]);
        c.arg("--target-dir").arg(sh::root().join("target/wasm"));
        if self == Toolchain::Debian {
            c.args(["-Z", "build-std=std,panic_abort"]);
        }
        Ok(c)
    }

    /// The packages that `build_lib` links, a line `depth|name vVERSION …|licence` each, below what needs it. Macros are left
    /// out: they run in the compiler.
    pub fn linked(self, package: &str) -> Result<String> {
        let mut c = self.cargo()?;
        c.args(["tree", "--locked", "--no-default-features", "--no-dedupe", "--package", package]);
        c.args(["--target", TARGET, "--edges", "normal,no-proc-macro", "--prefix", "depth"]);
        sh::read(c.args(["--format", "|{p}|{l}"]))
    }

    /// Its cargo, in an environment of its own. What is compiled depends on the flags, and so does what is linked: some crates
    /// have dependencies for SIMD alone.
    fn cargo(self) -> Result<Command> {
        let root = sh::root();
        let mut c = sh::command(match self {
            Toolchain::Rustup => "cargo",
            Toolchain::Debian => DEBIAN_CARGO[0],
        });
        // rustup's shims and `cargo run` leave variables that would pull the other toolchain in.
        for (key, _) in env::vars_os() {
            if key.to_str().is_some_and(is_of_outer_cargo) {
                c.env_remove(key);
            }
        }
        let mut flags = vec![FEATURES.to_string()];
        // The file that users download names no path of the machine it was built on.
        flags.push(format!("--remap-path-prefix={}=standin", root.display()));
        for registry in fs::read_dir(cargo_home()?.join("registry/src")).into_iter().flatten().flatten() {
            flags.push(format!("--remap-path-prefix={}=crates", registry.path().display()));
        }
        if self == Toolchain::Debian {
            let sysroot = sh::read(Command::new(DEBIAN_CARGO[1]).args(["--print", "sysroot"]))?;
            flags.push(format!("--remap-path-prefix={}=rust", sysroot.trim()));
            let path = env::var_os("PATH").unwrap_or_default();
            let path =
                env::join_paths([PathBuf::from("/usr/bin")].into_iter().chain(env::split_paths(&path)))?;
            c.env("PATH", path)
                .env("RUSTC_BOOTSTRAP", "1") // Debian's is a stable release; -Z build-std wants leave
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
        }
        c.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        // A crate below Parquet draws a number while it compiles, and would another each time: no build could be repeated.
        c.env("CONST_RANDOM_SEED", "standin");
        Ok(c)
    }
}

const DEBIAN_CARGO: [&str; 3] = ["/usr/bin/cargo", "/usr/bin/rustc", "/usr/bin/wasm-ld-19"];

fn rustup_has_target() -> bool {
    sh::read(sh::command("rustup").args(["target", "list", "--installed"]))
        .is_ok_and(|list| list.lines().any(|l| l.trim() == TARGET))
}

/// Debian's plain rustc has no WebAssembly backend and no library source beside it.
fn debian_is_rust_web() -> bool {
    sh::read(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status} "]).args(DEBIAN))
        .is_ok_and(|s| s.split_whitespace().filter(|w| *w == "installed").count() == DEBIAN.len())
}

fn is_of_outer_cargo(key: &str) -> bool {
    const STAYS: &[&str] = &["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_"];
    let foreign = ["RUSTUP_", "RUSTC", "RUSTFLAGS", "RUSTDOC", "CARGO", "LD_LIBRARY_PATH"];
    foreign.iter().any(|p| key.starts_with(p)) && !STAYS.iter().any(|p| key.starts_with(p))
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    match env::home_dir() {
        Some(home) => Ok(home.join(".cargo")),
        None => bail!("neither CARGO_HOME nor a home directory"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outer_toolchain_is_shut_out_but_the_network_settings_stay() {
        for key in ["RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER", "CARGO", "CARGO_PKG_NAME", "CARGO_TARGET_DIR"] {
            assert!(is_of_outer_cargo(key), "{key}");
        }
        for key in ["CARGO_HOME", "CARGO_HTTP_CAINFO", "CARGO_REGISTRIES_X_INDEX", "HTTPS_PROXY", "PATH"] {
            assert!(!is_of_outer_cargo(key), "{key}");
        }
    }
}
