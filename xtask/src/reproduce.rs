//! `SHA256SUMS` of everything in `dist/`, and the check that the same commit gives the same bytes elsewhere: a fresh clone in
//! another folder, with caches of its own, is built and its sums are compared. It takes as long as a first build.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::page::files_under;
use crate::sh;

const SUMS: &str = "SHA256SUMS";

/// In the form of coreutils: `sha256sum -c SHA256SUMS` in that folder checks them.
pub fn write_sums(dist: &Path) -> Result<()> {
    let mut lines = String::new();
    for file in files_under(dist)? {
        let name = file.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
        if name != SUMS {
            let hash = Sha256::digest(fs::read(&file)?);
            lines.extend(hash.iter().map(|byte| format!("{byte:02x}")));
            lines.push_str(&format!("  {name}\n"));
        }
    }
    fs::write(dist.join(SUMS), lines).context(SUMS)
}

/// Builds this commit in another folder and compares it with `dist`, which was built here. True if all bytes are the same.
pub fn reproduce(dist: &Path) -> Result<bool> {
    let root = sh::root();
    let git = |args: &[&str]| sh::read(sh::command("git").args(args));
    if !git(&["status", "--porcelain"])?.is_empty() {
        bail!("commit your changes first: a clone would not have them");
    }
    let commit = git(&["rev-parse", "HEAD"])?;
    let elsewhere =
        env::temp_dir().join(format!("standin-reproduced-{}", commit.trim())).join("a folder elsewhere");
    if elsewhere.exists() {
        fs::remove_dir_all(&elsewhere)?;
    }
    fs::create_dir_all(&elsewhere)?;
    sh::run(sh::command("git").args(["clone", "--quiet"]).arg(&root).arg(&elsewhere))?;
    println!("building {} again in {}", commit.trim(), elsewhere.display());
    let mut build = sh::command("cargo");
    // `cargo run` tells of this folder in variables of its own.
    for (key, _) in env::vars_os().filter(|(key, _)| key.to_string_lossy().starts_with("CARGO_PKG_")) {
        build.env_remove(key);
    }
    sh::run(build.current_dir(&elsewhere).env_remove("CARGO_MANIFEST_DIR").args(["xtask", "build"]))?;
    let read = |dist: &Path| fs::read_to_string(dist.join(SUMS)).context(SUMS);
    let (here, there) = (read(dist)?, read(&elsewhere.join("dist"))?);
    print!("{there}");
    if here == there {
        println!("the same bytes in both folders");
        fs::remove_dir_all(elsewhere.parent().context("it lies in one of ours")?)?;
    } else {
        for line in here.lines().filter(|line| !there.lines().any(|other| other == *line)) {
            println!("differs: {line}");
        }
        println!("the other build is kept in {}", elsewhere.display());
    }
    Ok(here == there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_its_sum_but_the_sums() {
        let dist = sh::root().join("target/sums-test");
        fs::create_dir_all(dist.join("site")).unwrap();
        fs::write(dist.join("b"), "").unwrap();
        fs::write(dist.join("site/a"), "abc").unwrap();
        write_sums(&dist).unwrap();
        write_sums(&dist).unwrap();
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n\
            ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  site/a\n";
        assert_eq!(fs::read_to_string(dist.join(SUMS)).unwrap(), expected);
    }
}
