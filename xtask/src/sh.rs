//! Running other programs: find them, install what is missing where that is one command, run them, read what they say.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

/// The project's root, from where xtask was compiled: commands work from any directory in the tree.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root").to_path_buf()
}

/// The native program, once `cargo build --release` has made it.
pub fn native_binary() -> PathBuf {
    root().join(format!("target/release/standin{}", env::consts::EXE_SUFFIX))
}

/// The first of `names` that PATH holds.
pub fn which(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let dirs: Vec<PathBuf> = env::split_paths(&path).collect();
    let exe = env::consts::EXE_SUFFIX;
    names.iter().find_map(|name| dirs.iter().map(|d| d.join(format!("{name}{exe}"))).find(|p| p.is_file()))
}

/// A command that runs in the project's root.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut c = Command::new(program);
    c.current_dir(root());
    c
}

/// Runs to the end with our own output; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", name(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", name(command));
    }
    Ok(())
}

/// Runs quietly and returns what it wrote to stdout; its stderr becomes the error's text.
pub fn read(command: &mut Command) -> Result<String> {
    let out = command.output().with_context(|| format!("cannot start {}", name(command)))?;
    if !out.status.success() {
        bail!("{} failed ({})\n{}", name(command), out.status, String::from_utf8_lossy(&out.stderr));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Runs with its output shown as it comes, and also returns it; the flag says whether it ended well.
pub fn tee(command: &mut Command) -> Result<(bool, String)> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", name(command)))?;
    let (out, err) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
    let other = thread::spawn(move || copy_lines(err, std::io::stderr()));
    let mut text = copy_lines(out, std::io::stdout());
    text.push_str(&other.join().expect("the copying thread does not panic"));
    Ok((child.wait()?.success(), text))
}

/// Installs the Debian packages among `packages` that are not there yet.
pub fn apt(packages: &[&str]) -> Result<()> {
    let missing: Vec<&&str> = packages.iter().filter(|p| !apt_has(p)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.iter().map(|p| **p).collect::<Vec<_>>().join(" ");
    if which(&["apt-get"]).is_none() {
        bail!("please install: {list}");
    }
    println!("installing {list} (apt-get)");
    let as_root = read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let apt_get = || {
        let mut c = if as_root { Command::new("apt-get") } else { Command::new("sudo") };
        if !as_root {
            c.arg("apt-get");
        }
        c.env("DEBIAN_FRONTEND", "noninteractive");
        c
    };
    if !as_root && which(&["sudo"]).is_none() {
        bail!("please run as root: apt-get install {list}");
    }
    // An index that is partly out of reach may still hold what is needed: the install decides.
    let _ = read(apt_get().args(["update", "-q"]));
    read(apt_get().args(["install", "-y", "-q", "--no-install-recommends"]).args(missing))
        .map(drop)
        .with_context(|| format!("apt-get could not install {list}"))
}

fn apt_has(package: &str) -> bool {
    read(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]))
        .is_ok_and(|s| s == "installed")
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn copy_lines(from: impl Read, mut to: impl Write) -> String {
    let mut text = String::new();
    let mut line = Vec::new();
    let mut from = BufReader::new(from);
    while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        let _ = to.write_all(&line);
        let _ = to.flush();
        text.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    text
}
