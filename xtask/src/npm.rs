//! The library as a package for other pages: `dist/npm`, which `npm pack` makes a tarball of.
//!
//! `slim.js` holds all code and the worker's script; `index.js` adds the core's wasm to it and imports `files.js`, the wasm that
//! reads Excel and Parquet, when such a file comes in; `element.js` is the custom element. They import one another by name, so an
//! error is of the same class whichever entry it came through.

use std::fs;

use anyhow::{Context, Result};

use crate::page::Bundle;
use crate::sh;
use crate::wasm::Wasm;

/// Modules of `www/lib` that are files of the package too, and what each leaves to others.
const ENTRIES: [(&str, &[&str]); 3] = [
    ("slim.js", &[]),
    ("index.js", &["--external:./slim.js", "--external:standin-files"]),
    ("element.js", &["--external:./index.js", "--external:./slim.js"]),
];

/// What is copied as it is, from `www/lib` and from the root.
const OF_LIBRARY: [&str; 9] = [
    "package.json",
    "README.md",
    "index.d.ts",
    "slim.d.ts",
    "element.d.ts",
    "api.d.ts",
    "info.d.ts",
    "inspection.d.ts",
    "report.d.ts",
];
const OF_ROOT: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

pub fn write(bundle: &Bundle, wasm: &Wasm) -> Result<()> {
    let (root, to) = (sh::root(), sh::root().join("dist/npm"));
    let library = root.join("www/lib");
    if to.exists() {
        fs::remove_dir_all(&to)?; // what is no longer part of the package must not be packed
    }
    fs::create_dir_all(&to)?;
    for (name, left) in ENTRIES {
        let how: Vec<_> = ["--bundle", "--format=esm"].iter().chain(left).copied().collect();
        let code = bundle.esbuild(&library.join(name), &how)?;
        fs::write(to.join(name), code.replace("import(\"standin-files\")", "import(\"./files.js\")"))?;
    }
    let files = format!("export const filesGzipBase64 = \"{}\";\n", bundle.files);
    fs::write(to.join("files.js"), files)?;
    fs::copy(&wasm.core.wasm, to.join("standin.wasm"))?;
    fs::copy(&wasm.files.wasm, to.join("files.wasm"))?;
    for name in OF_LIBRARY {
        fs::copy(library.join(name), to.join(name)).with_context(|| format!("no www/lib/{name}"))?;
    }
    for name in OF_ROOT {
        fs::copy(root.join(name), to.join(name))?;
    }
    Ok(())
}
