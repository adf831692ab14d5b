//! The guides of `docs/`, with a reference made of the package's types, as pages to read. In `target` and not in `dist`: they are no
//! part of what is handed on, whose bytes are compared.

use anyhow::Result;

use crate::setup::Tools;
use crate::sh;

/// What goes in, and what must have a comment, is in `docs/typedoc.json`; a warning is an error.
pub fn docs(tools: &Tools) -> Result<()> {
    sh::run(tools.run("typedoc/bin/typedoc").args(["--options", "docs/typedoc.json"]))?;
    println!("open {}", sh::root().join("target/docs/index.html").display());
    Ok(())
}
