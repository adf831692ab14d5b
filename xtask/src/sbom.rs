//! What is in the page: a software bill of materials, CycloneDX 1.6, from the lock files and from what cargo says is linked
//! for WebAssembly. The same build gives the same bytes: no time, and the serial number comes from the page's hash.
//!
//! By serde_json and not by the crate `cyclonedx-bom`: that brings XML, schemas and random serial numbers for forty lines of JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::setup::Tools;
use crate::sh;
use crate::toolchain::Toolchain;

/// The packages whose libraries become the page's two modules.
const MODULES: [&str; 2] = ["standin", "standin-files"];
/// What writes into the page without being linked: the bindings, the bundler, the optimiser.
const WRITERS: [&str; 2] = ["esbuild", "binaryen"];

/// Writes the bill of the page at `page` to `to`.
pub fn write(page: &Path, tools: &Tools, toolchain: Toolchain, to: &Path) -> Result<()> {
    let checksums = checksums(&fs::read_to_string(sh::root().join("Cargo.lock"))?);
    let mut linked = Linked::default();
    for package in MODULES {
        linked.read(&toolchain.linked(package)?, &checksums)?;
    }
    let mut components: Vec<Value> = linked.crates.into_values().collect();
    components.push(standard_library(&toolchain.version()?));
    let lock: Value = serde_json::from_slice(&fs::read(tools.modules.with_file_name("package-lock.json"))?)?;
    for name in WRITERS {
        components.push(writer(name, &lock["packages"][format!("node_modules/{name}")])?);
    }
    let digest = Sha256::digest(fs::read(page)?);
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let dependencies: Vec<Value> =
        linked.needs.iter().map(|(one, others)| json!({ "ref": one, "dependsOn": others })).collect();
    let bill = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial(&hash),
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "standin.html",
                "name": "standin.html",
                "version": env!("CARGO_PKG_VERSION"),
                "hashes": [{ "alg": "SHA-256", "content": hash }],
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            }
        },
        "components": components,
        "dependencies": dependencies,
    });
    fs::write(to, serde_json::to_string_pretty(&bill)? + "\n").context("the bill of materials")
}

/// Every crate that is linked, and what it needs, by purl.
#[derive(Default)]
struct Linked {
    crates: BTreeMap<String, Value>,
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl Linked {
    /// Lines as `Toolchain::linked` gives them.
    fn read(&mut self, tree: &str, checksums: &BTreeMap<String, String>) -> Result<()> {
        let mut above: Vec<String> = vec!["standin.html".into()];
        for line in tree.lines() {
            let mut parts = line.split('|');
            let mut part = || parts.next().with_context(|| format!("cargo tree says {line}"));
            let (depth, name, licence) = (part()?.parse::<usize>()?, part()?, part()?);
            let (name, version) = name.split_once(" v").with_context(|| format!("no version: {line}"))?;
            let version = version.split(' ').next().unwrap_or_default();
            let purl = format!("pkg:cargo/{name}@{version}");
            above.truncate(depth + 1);
            self.needs.entry(above[depth].clone()).or_default().insert(purl.clone());
            self.needs.entry(purl.clone()).or_default();
            above.push(purl.clone());
            let mut component = json!({
                "type": "library",
                "bom-ref": purl,
                "name": name,
                "version": version,
                "purl": purl,
                // Old manifests write a stroke for OR.
                "licenses": [{ "expression": licence.replace('/', " OR ") }],
            });
            if let Some(checksum) = checksums.get(&format!("{name} {version}")) {
                component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
            }
            self.crates.insert(purl, component);
        }
        Ok(())
    }
}

/// `name version` to the SHA-256 of the crate, as Cargo.lock has it; our own packages have none.
fn checksums(lock: &str) -> BTreeMap<String, String> {
    lock.split("[[package]]")
        .filter_map(|package| {
            let value = |key: &str| {
                package
                    .lines()
                    .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))
                    .map(|v| v.trim_matches('"'))
            };
            Some((format!("{} {}", value("name")?, value("version")?), value("checksum")?.to_string()))
        })
        .collect()
}

fn standard_library(version: &str) -> Value {
    let purl = format!("pkg:generic/rust-std@{version}");
    json!({
        "type": "library",
        "bom-ref": purl,
        "name": "rust-std",
        "version": version,
        "purl": purl,
        "description": "Rust's standard library, as it came with the compiler",
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
    })
}

fn writer(name: &str, locked: &Value) -> Result<Value> {
    let field =
        |key: &str| locked[key].as_str().with_context(|| format!("{name} has no {key} in the lock file"));
    let (version, licence) = (field("version")?, field("license")?);
    let purl = format!("pkg:npm/{name}@{version}");
    Ok(json!({
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "scope": "excluded",
        "description": "Took part in the build; nothing of it is in the page but what it wrote",
        "licenses": [{ "expression": licence }],
    }))
}

/// A UUID of version 8, which says that its bits are the maker's own: here the hash of the page.
fn serial(hash: &str) -> String {
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..32]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_what_follows_from_the_depth_of_lines() {
        let tree =
            "0|a v1.0.0 (/somewhere)|MIT\n1|b v2.0.0|Unlicense/MIT\n2|c v3.0.0+x|MIT\n1|c v3.0.0+x|MIT\n";
        let mut linked = Linked::default();
        linked.read(tree, &BTreeMap::from([("b 2.0.0".into(), "ff".into())])).unwrap();
        assert_eq!(linked.crates.len(), 3);
        let b = &linked.crates["pkg:cargo/b@2.0.0"];
        assert_eq!(b["licenses"][0]["expression"], "Unlicense OR MIT");
        assert_eq!(b["hashes"][0]["content"], "ff");
        let of = |one: &str| linked.needs[one].iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        assert_eq!(of("standin.html"), "pkg:cargo/a@1.0.0");
        assert_eq!(of("pkg:cargo/a@1.0.0"), "pkg:cargo/b@2.0.0 pkg:cargo/c@3.0.0+x");
        assert_eq!(of("pkg:cargo/b@2.0.0"), "pkg:cargo/c@3.0.0+x");
        assert_eq!(of("pkg:cargo/c@3.0.0+x"), "");
    }

    #[test]
    fn the_lock_file_gives_checksums_of_what_was_downloaded() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"0f\"\n\n[[package]]\nname = \"own\"\nversion = \"0.1.0\"\n";
        assert_eq!(checksums(lock), BTreeMap::from([("a 1.0.0".into(), "0f".into())]));
    }

    #[test]
    fn the_serial_number_is_a_uuid_of_the_hash() {
        let hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        assert_eq!(serial(hash), "urn:uuid:01234567-89ab-8def-8123-456789abcdef");
    }
}
