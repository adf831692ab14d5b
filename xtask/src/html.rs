//! One HTML file out of many: puts scripts, styles and icons into the page and writes its Content Security Policy.
//!
//! The policy names each inline script and style by its SHA-256 and lets nothing be fetched, so what the file does is
//! what stands in the file. Pure functions on text; `page.rs` feeds them.

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

/// What a tag of the page refers to, and what is to stand in its place.
pub enum Asset {
    Script(String),
    Style(String),
    /// Base64: a block that no browser runs, under the name of the file as its id. The policy need not name it.
    Data(String),
    /// The MIME type and the bytes.
    Icon(&'static str, Vec<u8>),
}

/// The page with every local reference replaced by what `load` gives for it, and the policy first in its head.
pub fn inline(page: &str, mut load: impl FnMut(&str) -> Result<Asset>, with_policy: bool) -> Result<String> {
    let mut out = String::with_capacity(page.len());
    let mut policy = Policy::default();
    let mut rest = page;
    while let Some((before, target, after)) = next_reference(rest)? {
        out.push_str(before);
        rest = after;
        match load(target)? {
            Asset::Script(code) => {
                let code = escape_script(&code);
                policy.scripts.push(hash(&code));
                out.push_str(&format!("<script type=\"module\">{code}</script>"));
            }
            Asset::Style(css) => {
                if css.to_ascii_lowercase().contains("</style") {
                    bail!("{target} would end its own <style>");
                }
                policy.styles.push(hash(&css));
                out.push_str(&format!("<style>{css}</style>"));
            }
            Asset::Data(base64) => {
                let (id, _) = target.split_once('.').unwrap_or((target, ""));
                out.push_str(&format!(
                    "<script type=\"application/octet-stream\" id=\"{id}\">{base64}</script>"
                ));
            }
            Asset::Icon(mime, bytes) => {
                out.push_str(&format!(
                    "<link rel=\"icon\" href=\"data:{mime};base64,{}\">",
                    BASE64.encode(bytes)
                ));
            }
        }
    }
    out.push_str(rest);
    if !with_policy {
        return Ok(out);
    }
    let head = out.find("<head>").context("the page has no <head>")? + "<head>".len();
    out.insert_str(
        head,
        &format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", policy.text()),
    );
    Ok(out)
}

#[derive(Default)]
struct Policy {
    scripts: Vec<String>,
    styles: Vec<String>,
}

impl Policy {
    /// `worker-src blob:` because only blob workers inherit this policy; 'wasm-unsafe-eval' allows WebAssembly, not eval.
    /// Three trusted types: the library's worker,
    /// the one that tries to send something, and the page's charts, which are parsed as XML and copied part by part.
    fn text(&self) -> String {
        let list = |hashes: &[String]| match hashes {
            [] => "'none'".to_string(),
            some => some.join(" "),
        };
        let mut scripts = self.scripts.clone();
        scripts.push("'wasm-unsafe-eval'".into());
        format!(
            "default-src 'none'; script-src {}; style-src {}; worker-src blob:; connect-src 'none'; \
             img-src data: blob:; form-action 'none'; base-uri 'none'; frame-src 'none'; \
             require-trusted-types-for 'script'; trusted-types standin standin-charts standin-ways",
            list(&scripts),
            list(&self.styles)
        )
    }
}

/// A CSP source expression for an inline script or style.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(Sha256::digest(text)))
}

/// Keeps the HTML parser from seeing markup in a script. In JavaScript both sequences live in strings, templates and
/// regular expressions, where `\x3C` means the same.
fn escape_script(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let bytes = code.as_bytes();
    for (i, c) in code.char_indices() {
        let ends = |word: &[u8]| bytes.get(i..i + word.len()).is_some_and(|b| b.eq_ignore_ascii_case(word));
        if c == '<' && (ends(b"</script") || ends(b"<!--")) {
            out.push_str("\\x3C");
        } else {
            out.push(c);
        }
    }
    out
}

/// The next `<script src>` or `<link rel=stylesheet|icon href>`: the text before it, what it names, the text after it.
fn next_reference(html: &str) -> Result<Option<(&str, &str, &str)>> {
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|i| at + i) {
        let tail = &html[open..];
        if tail.starts_with("<!--") {
            at = open + tail.find("-->").context("a comment does not end")? + 3;
            continue;
        }
        let is_script = tail.starts_with("<script");
        if !is_script && !tail.starts_with("<link") {
            at = open + 1;
            continue;
        }
        let close = open + tail.find('>').context("a tag does not end")? + 1;
        let tag = &html[open..close];
        at = close;
        if is_script {
            if let Some(target) = attribute(tag, "src") {
                let end = html[close..].find("</script>").context("a script does not end")?;
                return Ok(Some((&html[..open], target, &html[close + end + "</script>".len()..])));
            }
            bail!("inline scripts belong into a file of their own: {tag}");
        } else if matches!(attribute(tag, "rel"), Some("stylesheet" | "icon")) {
            let target = attribute(tag, "href").with_context(|| format!("no href: {tag}"))?;
            if !target.starts_with("data:") {
                return Ok(Some((&html[..open], target, &html[close..])));
            }
        }
    }
    Ok(None)
}

/// The value of an attribute, quoted or not.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.match_indices(name).find_map(|(i, _)| {
        let starts = tag[..i].ends_with(|c: char| c.is_ascii_whitespace());
        tag[i + name.len()..].strip_prefix('=').filter(|_| starts).map(|v| (i, v))
    })?;
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split(|c: char| c.is_ascii_whitespace() || c == '>').next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><html><head><meta charset=utf-8><!-- <script src=no.js></script> -->\
        <link rel=stylesheet href=style.css><link href='icon.svg' rel=\"icon\"></head>\
        <body><script src=files.wasm></script><script type=module src=\"./app.js\"></script></body></html>";

    fn load(name: &str) -> Result<Asset> {
        Ok(match name {
            "style.css" => Asset::Style("p{}".into()),
            "files.wasm" => Asset::Data("AGFzbQ==".into()),
            "icon.svg" => Asset::Icon("image/svg+xml", b"<svg/>".to_vec()),
            "./app.js" => Asset::Script("let a = '</SCRIPT><!--';".into()),
            other => bail!("unexpected {other}"),
        })
    }

    #[test]
    fn every_reference_is_replaced_and_named_in_the_policy() {
        let html = inline(PAGE, load, true).unwrap();
        assert!(html.contains("<style>p{}</style>"));
        assert!(html.contains("<link rel=\"icon\" href=\"data:image/svg+xml;base64,PHN2Zy8+\">"));
        assert!(html.contains("<script type=\"application/octet-stream\" id=\"files\">AGFzbQ==</script>"));
        assert!(html.contains("<script type=\"module\">let a = '\\x3C/SCRIPT>\\x3C!--';</script></body>"));
        assert!(
            html.contains(
                "<head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            )
        );
        // Computed with: printf '%s' TEXT | openssl dgst -sha256 -binary | base64
        assert!(html.contains("style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y=';"), "{html}");
        let scripts = html.split_once("script-src ").unwrap().1.split_once(';').unwrap().0;
        assert_eq!(scripts.matches("'sha256-").count(), 1, "data is no script");
    }

    #[test]
    fn without_a_policy_the_page_is_otherwise_the_same() {
        let (with, without) = (inline(PAGE, load, true).unwrap(), inline(PAGE, load, false).unwrap());
        let start = with.find("<meta http-equiv").unwrap();
        let end = start + with[start..].find('>').unwrap() + 1;
        assert_eq!(with.replace(&with[start..end], ""), without);
    }

    #[test]
    fn code_that_only_compares_is_left_alone() {
        assert_eq!(escape_script("a<b; c</x/; 'é<!-'"), "a<b; c</x/; 'é<!-'");
    }

    #[test]
    fn what_cannot_be_inlined_is_refused() {
        assert!(inline("<head></head><script>1</script>", load, true).is_err());
        assert!(inline("<head><link rel=stylesheet href=other.css>", load, true).is_err());
        assert!(
            inline(
                "<head><link rel=stylesheet href=style.css>",
                |_| Ok(Asset::Style("</style>".into())),
                true
            )
            .is_err()
        );
    }

    #[test]
    fn attributes_are_read_in_any_quotes() {
        assert_eq!(attribute("<a href=x>", "href"), Some("x"));
        assert_eq!(attribute("<a data-src='n' src='x y'>", "src"), Some("x y"));
        assert_eq!(attribute("<a>", "href"), None);
    }
}
