//! Shows the page on this machine: a web server for `dist/site` and nothing else, with the headers of its `_headers` file.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::sh;

pub const PORT: u16 = 8420;

/// Serves until it is stopped. A port that was asked for must be free; the default one gives way to any free one.
pub fn serve(site: &Path, port: Option<u16>, open: bool) -> Result<()> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = match port {
        Some(port) => bind(port).with_context(|| format!("port {port} is not free"))?,
        None => bind(PORT).or_else(|_| bind(0)).context("no free port")?,
    };
    let address = format!("http://{}/", listener.local_addr()?);
    println!("{address}");
    println!("Ctrl-C ends it.");
    if open {
        open_browser(&address);
    }
    for stream in listener.incoming().flatten() {
        let site = site.to_path_buf();
        // A browser opens spare connections and keeps them silent; a thread each keeps those from blocking the page.
        thread::spawn(move || answer(stream, &site));
    }
    Ok(())
}

fn answer(mut stream: TcpStream, site: &Path) -> Option<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    // The headers are read to their end, or closing would reset the connection before the answer has arrived.
    while lines.next()?.is_ok_and(|l| !l.is_empty()) {}
    let mut words = request.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let response = respond(site, method, path);
    stream.write_all(&response).ok()
}

/// The site is one page, so there is one path.
fn respond(site: &Path, method: &str, path: &str) -> Vec<u8> {
    let path = path.split('?').next().unwrap_or_default();
    let found = matches!(path, "/" | "/index.html") && matches!(method, "GET" | "HEAD");
    let (status, body) = match fs::read(site.join("index.html")) {
        Ok(page) if found => ("200 OK", page),
        _ => ("404 Not Found", b"There is only the page, at /.\n".to_vec()),
    };
    let kind = if found { "text/html" } else { "text/plain" };
    let mut response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n",
        body.len()
    );
    for header in headers(&fs::read_to_string(site.join("_headers")).unwrap_or_default()) {
        response.push_str(&format!("{header}\r\n"));
    }
    response.push_str("\r\n");
    let mut response = response.into_bytes();
    if method != "HEAD" {
        response.extend(body);
    }
    response
}

/// The indented lines of a `_headers` file; the one unindented line says that they hold for every path.
fn headers(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|l| l.starts_with(' ')).map(str::trim)
}

/// Opens the person's browser where there is a screen to show it on; silence otherwise.
fn open_browser(address: &str) {
    let has_screen = env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some();
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        Command::new("explorer")
    } else if has_screen && sh::which(&["xdg-open"]).is_some() {
        Command::new("xdg-open")
    } else {
        return;
    };
    let _ = command.arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_is_served_and_with_the_hosts_headers() {
        let dir = sh::root().join("target/serve-test");
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("index.html"), "<p>é").unwrap();
        fs::write(dir.join("_headers"), "/*\n  X-A: 1\n  X-B: ()\n").unwrap();
        let text = |m, p| String::from_utf8(respond(&dir, m, p)).unwrap();
        let page = text("GET", "/?x=1");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
        assert!(
            page.contains("\r\nContent-Length: 5\r\n") && page.ends_with("\r\nX-A: 1\r\nX-B: ()\r\n\r\n<p>é"),
            "{page}"
        );
        assert!(text("GET", "/../Cargo.toml").starts_with("HTTP/1.1 404"));
        assert!(text("POST", "/").starts_with("HTTP/1.1 404"));
        assert!(text("HEAD", "/").ends_with("\r\n\r\n"));
    }
}
