//! The page: one file with everything in it, the same file for hosting, and two leaking twins for the leak test. And
//! the library that it is made with, which `npm.rs` packs for other pages.
//!
//! The page's modules know three that do not exist as files. `standin-assets` holds the worker and the core's wasm;
//! `standin-files` gives the wasm that reads Excel and Parquet, which is wanted only when such a file comes in;
//! `standin-sample` holds the sample table. They are written here and given to the bundler under those names.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::{Compression, GzBuilder};

use crate::html::{self, Asset};
use crate::npm;
use crate::setup::{Stamp, Tools};
use crate::sh;
use crate::wasm::{Module, Wasm};

/// For hosts that read such a file (Netlify, Cloudflare Pages and others); `cargo xtask serve` sends the same.
/// `Connection-Allowlist` closes, in Chromium from 152, what a policy in the page cannot: navigation, WebRTC, connections
/// opened ahead. `frame-ancestors` works in a header alone; `X-Frame-Options` says the same to browsers before it.
const HEADERS: &str = "\
/*
  Connection-Allowlist: ()
  Content-Security-Policy: frame-ancestors 'self'
  Cross-Origin-Embedder-Policy: require-corp
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Resource-Policy: same-origin
  Origin-Agent-Cluster: ?1
  Permissions-Policy: bluetooth=(), browsing-topics=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), \
hid=(), local-fonts=(), microphone=(), midi=(), payment=(), serial=(), usb=()
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
  X-DNS-Prefetch-Control: off
  X-Frame-Options: SAMEORIGIN
";

/// Put before the worker in the leaking twins. The leak test must see what it sends arrive without the policy, and must see
/// the browser refuse it with it.
const LEAK_OF_WORKER: &str = include_str!("leak/worker.js");

/// `standin-files` for the page: a data block of the document, neither parsed nor run until it is wanted.
const FILES_OF_PAGE: &str = "export const filesGzipBase64 = document.querySelector('#files').textContent;\n";

/// What may be sent, in kB: whoever adds a library decides whether it is worth its weight.
const BUDGETS: [(&str, u64); 3] =
    [("standin.html", 1_900), ("its core", 850), ("its part for Excel and Parquet", 550)];

pub struct Page {
    pub file: PathBuf,
    pub page: Size,
    pub core: Size,
    pub files: Size,
}

/// Of a file, as it is and as a web server would send it.
pub struct Size {
    bytes: u64,
    brotli: u64,
}

impl Size {
    pub fn pair(&self) -> String {
        format!("{}, {}", self.bytes, self.brotli)
    }
}

pub fn build(tools: &Tools, wasm: &Wasm, work: &Path) -> Result<Page> {
    let root = sh::root();
    let (www, dist, leak) = (root.join("www"), root.join("dist"), root.join("target/leak"));
    let page = dist.join("standin.html");
    let sizes = work.join("sizes");

    let mut inputs = [&include_bytes!("page.rs")[..], include_bytes!("npm.rs"), include_bytes!("html.rs")]
        .map(<[u8]>::to_vec)
        .to_vec();
    for file in [&wasm.core.wasm, &wasm.core.glue, &wasm.files.wasm, &wasm.files.glue] {
        inputs.push(fs::read(file)?);
    }
    inputs.push(fs::read(tools.modules.with_file_name("package-lock.json"))?);
    for file in [files_under(&www)?, files_under(&root.join("xtask/src/leak"))?].concat() {
        inputs.push(file.to_string_lossy().into_owned().into_bytes());
        inputs.push(fs::read(&file)?);
    }
    let stamp = Stamp::new(work.join("page.stamp"), &inputs.iter().map(Vec::as_slice).collect::<Vec<_>>());
    if !stamp.is_fresh() || !page.is_file() || !leak.is_dir() {
        for dir in [&dist.join("site"), &leak] {
            fs::create_dir_all(dir)?;
        }
        let bundle = Bundle { tools, www: &www, work, files: gzip_base64(&wasm.files)? };
        bundle.write_sample()?;
        fs::write(work.join("files-of-page.js"), FILES_OF_PAGE)?;
        // The twins first, so that `work/assets.js` is left as the page has it: tests of the library use that file.
        bundle.write_assets(wasm, LEAK_OF_WORKER)?;
        let thief = root.join("xtask/src/leak/app.js");
        fs::write(leak.join("standin.html"), bundle.page(&thief, false)?)?;
        fs::write(leak.join("standin-csp.html"), bundle.page(&thief, true)?)?;
        bundle.write_assets(wasm, "")?;
        let html = bundle.page(&www.join("app.js"), true)?;
        fs::write(&page, &html)?;
        fs::write(dist.join("site/index.html"), &html)?;
        fs::write(dist.join("site/_headers"), HEADERS)?;
        npm::write(&bundle, wasm)?;
        let brotli = |file| tools.brotli_size(file);
        let three = [brotli(&page)?, brotli(&wasm.core.wasm)?, brotli(&wasm.files.wasm)?];
        fs::write(&sizes, three.map(|size| size.to_string()).join(" "))?;
        stamp.set()?;
    }
    let text = fs::read_to_string(&sizes)?;
    let mut brotli = text.split(' ');
    let mut size = |file: &Path| -> Result<Size> {
        let brotli = brotli.next().context("three sizes")?.parse()?;
        Ok(Size { bytes: fs::metadata(file)?.len(), brotli })
    };
    let (all, core, files) = (size(&page)?, size(&wasm.core.wasm)?, size(&wasm.files.wasm)?);
    for ((what, budget), size) in BUDGETS.into_iter().zip([&all, &core, &files]) {
        if size.brotli > budget * 1000 {
            bail!(
                "{what} takes {} kB as a web server sends it, and its budget is {budget}: make it smaller, or raise the budget on purpose (xtask/src/page.rs)",
                size.brotli / 1000
            );
        }
    }
    Ok(Page { page: all, core, files, file: page })
}

impl Page {
    pub fn says(&self) -> String {
        let line = |what: &str, size: &Size| {
            let (bytes, brotli) = (size.bytes as f64 / 1e3, size.brotli as f64 / 1e3);
            format!("{what:21} {bytes:>8.1} kB, brotli {brotli:>7.1} kB")
        };
        let lines = [
            line("standin.html", &self.page),
            line("  of it the core", &self.core),
            line("  Excel and Parquet", &self.files),
        ];
        format!("{}\n{}", lines.join("\n"), self.file.display())
    }
}

pub struct Bundle<'a> {
    tools: &'a Tools,
    www: &'a Path,
    work: &'a Path,
    /// The wasm for Excel and Parquet, as text.
    pub files: String,
}

impl Bundle<'_> {
    /// `standin-assets`: the classic worker script (bindings of both modules, then worker.js) and the core's wasm. The
    /// files module is instantiated anew for each file, so its bindings stand in a function.
    fn write_assets(&self, wasm: &Wasm, prelude: &str) -> Result<()> {
        let glue = self.esbuild(&wasm.core.glue, &["--minify"])?;
        let worker =
            self.esbuild(&self.www.join("lib/worker.js"), &["--bundle", "--minify", "--format=iife"])?;
        let files = self.esbuild(&wasm.files.glue, &["--minify"])?;
        let files = format!("function openStandinFiles(){{{files};return wasm_bindgen}}\n");
        let source = string_literal(&format!("{glue}{files}{prelude}{worker}"));
        let wasm = gzip_base64(&wasm.core)?;
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

    /// `app` is the script that the page begins with.
    fn page(&self, app: &Path, with_policy: bool) -> Result<String> {
        let index = fs::read_to_string(self.www.join("index.html"))?;
        html::inline(&index, |name| self.asset(name, app), with_policy)
    }

    fn asset(&self, name: &str, app: &Path) -> Result<Asset> {
        let path = self.www.join(name);
        let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        Ok(match kind {
            "js" => Asset::Script(self.esbuild(app, &["--bundle", "--minify", "--format=esm"])?),
            "css" => Asset::Style(self.esbuild(&path, &["--bundle", "--minify"])?.trim_end().into()),
            "svg" => Asset::Icon("image/svg+xml", fs::read(&path)?),
            "png" => Asset::Icon("image/png", fs::read(&path)?),
            "wasm" => Asset::Data(self.files.clone()),
            _ => bail!("index.html refers to {name}, which cannot be inlined"),
        })
    }

    pub fn esbuild(&self, file: &Path, how: &[&str]) -> Result<String> {
        let mut c = self.tools.run("esbuild/bin/esbuild");
        c.arg(file).args(how).args([
            "--target=es2022",
            "--charset=utf8",
            "--log-level=warning",
            "--legal-comments=none",
        ]);
        if how.contains(&"--bundle") {
            c.arg(format!("--alias:standin-assets={}", self.work.join("assets.js").display()));
            if !how.contains(&"--external:standin-files") {
                let files = self.work.join("files-of-page.js");
                c.arg(format!("--alias:standin-files={}", files.display()));
            }
            c.arg(format!("--alias:standin-sample={}", self.work.join("sample.js").display()));
        }
        sh::read(&mut c)
    }
}

fn gzip_base64(module: &Module) -> Result<String> {
    // mtime 0: the same inputs give the same file.
    let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    gzip.write_all(&fs::read(&module.wasm)?)?;
    Ok(BASE64.encode(gzip.finish()?))
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

pub fn files_under(dir: &Path) -> Result<Vec<PathBuf>> {
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
