//! The page: one file with everything in it, the same file for hosting, and two leaking twins for the leak test. And
//! the library that it is made with, as a package for other pages.
//!
//! The page's modules know two that do not exist as files. `standin-assets` holds the worker and the wasm;
//! `standin-sample` holds the sample table. Both are written here and given to the bundler under those names.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::{Compression, GzBuilder};

use crate::html::{self, Asset};
use crate::setup::{Stamp, Tools};
use crate::sh;
use crate::wasm::Wasm;

/// For hosts that read such a file (Netlify, Cloudflare Pages and others); `cargo xtask serve` sends the same.
/// `Connection-Allowlist` closes, in Chromium, what a policy in the page cannot: navigation and WebRTC.
const HEADERS: &str = "\
/*
  Connection-Allowlist: ()
  Content-Security-Policy: frame-ancestors 'self'
  Cross-Origin-Opener-Policy: same-origin
  Permissions-Policy: camera=(), microphone=(), geolocation=()
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
";

/// Put before the worker in the leaking twins: it posts the first bytes of every chunk to the server the page came from.
/// The leak test must see them arrive without the policy, and must see the browser refuse them with it.
const LEAK: &str = "{ const { Reader } = wasm_bindgen, push = Reader.prototype.push; \
    Reader.prototype.push = function (bytes) { \
      try { fetch(new URL('/leak', location.origin), { method: 'POST', body: bytes.slice(0, 4096) }).catch(() => {}); } catch {} \
      return push.call(this, bytes); }; }\n";

pub struct Page {
    pub file: PathBuf,
    pub bytes: u64,
    pub brotli: u64,
    pub wasm_bytes: u64,
    pub wasm_brotli: u64,
}

pub fn build(tools: &Tools, wasm: &Wasm, work: &Path) -> Result<Page> {
    let root = sh::root();
    let (www, dist, leak) = (root.join("www"), root.join("dist"), root.join("target/leak"));
    let page = dist.join("standin.html");
    let sizes = work.join("sizes");

    let mut inputs = vec![fs::read(&wasm.wasm)?, fs::read(&wasm.glue)?, include_bytes!("page.rs").to_vec()];
    inputs.push(include_bytes!("html.rs").to_vec());
    inputs.push(fs::read(tools.modules.with_file_name("package-lock.json"))?);
    for file in files_under(&www)? {
        inputs.push(file.to_string_lossy().into_owned().into_bytes());
        inputs.push(fs::read(&file)?);
    }
    let stamp = Stamp::new(work.join("page.stamp"), &inputs.iter().map(Vec::as_slice).collect::<Vec<_>>());
    if !stamp.is_fresh() || !page.is_file() || !leak.is_dir() {
        for dir in [&dist.join("site"), &dist.join("npm"), &leak] {
            fs::create_dir_all(dir)?;
        }
        let bundle = Bundle { tools, www: &www, work };
        bundle.write_sample()?;
        // The twins first, so that `work/assets.js` is left as the page has it: tests of the library use that file.
        bundle.write_assets(wasm, LEAK)?;
        fs::write(leak.join("standin.html"), bundle.page(false)?)?;
        fs::write(leak.join("standin-csp.html"), bundle.page(true)?)?;
        bundle.write_assets(wasm, "")?;
        let html = bundle.page(true)?;
        fs::write(&page, &html)?;
        fs::write(dist.join("site/index.html"), &html)?;
        fs::write(dist.join("site/_headers"), HEADERS)?;
        fs::write(dist.join("npm/index.js"), bundle.library()?)?;
        for file in ["index.d.ts", "package.json"] {
            fs::copy(www.join("lib").join(file), dist.join("npm").join(file))?;
        }
        fs::write(&sizes, format!("{} {}", tools.brotli_size(&page)?, tools.brotli_size(&wasm.wasm)?))?;
        stamp.set()?;
    }
    let text = fs::read_to_string(&sizes)?;
    let (brotli, wasm_brotli) = text.split_once(' ').context("two sizes")?;
    Ok(Page {
        bytes: fs::metadata(&page)?.len(),
        brotli: brotli.parse()?,
        wasm_bytes: fs::metadata(&wasm.wasm)?.len(),
        wasm_brotli: wasm_brotli.parse()?,
        file: page,
    })
}

impl Page {
    pub fn says(&self) -> String {
        let line = |what: &str, bytes: u64, brotli: u64| {
            format!("{what:16} {:>8.1} kB, brotli {:>7.1} kB", bytes as f64 / 1e3, brotli as f64 / 1e3)
        };
        let page = line("standin.html", self.bytes, self.brotli);
        let wasm = line("  of it the wasm", self.wasm_bytes, self.wasm_brotli);
        format!("{page}\n{wasm}\n{}", self.file.display())
    }
}

struct Bundle<'a> {
    tools: &'a Tools,
    www: &'a Path,
    work: &'a Path,
}

impl Bundle<'_> {
    /// `standin-assets`: the classic worker script (bindings, then worker.js) and the wasm.
    fn write_assets(&self, wasm: &Wasm, prelude: &str) -> Result<()> {
        let glue = self.esbuild(&wasm.glue, &["--minify"])?;
        let worker =
            self.esbuild(&self.www.join("lib/worker.js"), &["--bundle", "--minify", "--format=iife"])?;
        // mtime 0: the same inputs give the same file.
        let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
        gzip.write_all(&fs::read(&wasm.wasm)?)?;
        let source = string_literal(&format!("{glue}{prelude}{worker}"));
        let wasm = BASE64.encode(gzip.finish()?);
        let module =
            format!("export const workerSource = {source};\nexport const wasmGzipBase64 = \"{wasm}\";\n");
        fs::write(self.work.join("assets.js"), module).context("assets.js")
    }

    /// `standin-sample`: the table behind the page's "try it" button.
    fn write_sample(&self) -> Result<()> {
        let csv = fs::read_to_string(self.www.join("sample/clinic.csv"))?;
        let module = format!("export const sampleCsv = {};\n", string_literal(&csv));
        fs::write(self.work.join("sample.js"), module).context("sample.js")
    }

    fn page(&self, with_policy: bool) -> Result<String> {
        let index = fs::read_to_string(self.www.join("index.html"))?;
        html::inline(&index, |name| self.asset(name), with_policy)
    }

    /// One module with the worker and the wasm inside, for other pages to import.
    fn library(&self) -> Result<String> {
        self.esbuild(&self.www.join("lib/index.js"), &["--bundle", "--format=esm"])
    }

    fn asset(&self, name: &str) -> Result<Asset> {
        let path = self.www.join(name);
        let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        Ok(match kind {
            "js" => Asset::Script(self.esbuild(&path, &["--bundle", "--minify", "--format=esm"])?),
            "css" => Asset::Style(self.esbuild(&path, &["--bundle", "--minify"])?.trim_end().into()),
            "svg" => Asset::Icon("image/svg+xml", fs::read(&path)?),
            "png" => Asset::Icon("image/png", fs::read(&path)?),
            _ => bail!("index.html refers to {name}, which cannot be inlined"),
        })
    }

    fn esbuild(&self, file: &Path, how: &[&str]) -> Result<String> {
        let mut c = self.tools.run("esbuild/bin/esbuild");
        c.arg(file).args(how).args([
            "--target=es2022",
            "--charset=utf8",
            "--log-level=warning",
            "--legal-comments=none",
        ]);
        if how.contains(&"--bundle") {
            c.arg(format!("--alias:standin-assets={}", self.work.join("assets.js").display()));
            c.arg(format!("--alias:standin-sample={}", self.work.join("sample.js").display()));
        }
        sh::read(&mut c)
    }
}

/// A JavaScript string. Of what JSON leaves out, only the two line separators matter, and ES2019 allows those.
fn string_literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn files_under(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("no {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_under(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_survive_the_trip_through_javascript() {
        assert_eq!(string_literal("a\"b\\c\r\n\u{1}é</script>"), r#""a\"b\\c\r\n\x01é</script>""#);
    }
}
