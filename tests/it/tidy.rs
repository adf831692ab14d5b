//! House rules as a test: the rooms and the one way that data flows through them.

use std::path::{Path, PathBuf};

/// Each room and the rooms it may name. What is not listed may not be named.
const ROOMS: [(&str, &[&str]); 12] = [
    ("error", &[]),
    ("math", &[]),
    ("table", &["error", "math"]), // lots of rows, and that too few fit
    ("format", &["error", "table"]),
    ("schema", &["error", "math", "table"]),
    ("frame", &[]),
    ("codec", &["error", "frame", "math", "schema", "table"]),
    ("learn", &["frame", "math"]),
    ("model", &["error", "frame", "learn", "math"]),
    ("report", &["frame", "learn", "math"]),
    ("pipeline", &["codec", "error", "format", "frame", "math", "model", "report", "schema", "table"]),
    ("wasm", &["error", "format", "pipeline", "report"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut open) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&root).unwrap().to_path_buf(), text));
            }
        }
    }
    assert!(files.len() > 20, "the sources are where they were");
    files
}

/// The file's own code, without its tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

#[test]
fn imports_point_one_way() {
    for (path, text) in sources() {
        let first = path.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        if ["lib", "main", "command"].contains(&first.as_str()) {
            continue;
        }
        let (_, allowed) =
            ROOMS.iter().find(|(room, _)| *room == first).unwrap_or_else(|| panic!("no room {first}"));
        for part in code(&text).split("crate::").skip(1) {
            let room: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            assert!(room == first || allowed.contains(&room.as_str()), "{} names {room}", path.display());
        }
    }
}

#[test]
fn only_the_binding_knows_javascript() {
    for (path, text) in sources() {
        if path != Path::new("wasm.rs") && path != Path::new("lib.rs") {
            for word in ["wasm_bindgen", "js_sys", "web_sys"] {
                assert!(!code(&text).contains(word), "{} names {word}", path.display());
            }
        }
    }
}

/// Seeds come in, bytes come in: the core asks the world nothing.
#[test]
fn the_core_has_no_clock_entropy_thread_or_files() {
    for (path, text) in sources() {
        if path == Path::new("main.rs") || path.starts_with("command") || path == Path::new("command.rs") {
            continue;
        }
        for word in [
            "std::time",
            "std::fs",
            "std::thread",
            "std::env",
            "std::io",
            "getrandom",
            "SystemTime",
            "thread_rng",
        ] {
            assert!(!code(&text).contains(word), "{} names {word}", path.display());
        }
    }
}

/// Platform mathematics differ in the last bit; `libm` does not. (`powi` of ten and `sqrt` are exact.)
#[test]
fn transcendentals_come_from_libm() {
    for (path, text) in sources() {
        for word in [
            ".exp()", ".ln()", ".ln_1p()", ".log10()", ".log2()", ".sin()", ".cos()", ".powf(", ".tanh()",
            "mul_add",
        ] {
            assert!(!code(&text).contains(word), "{} uses {word}", path.display());
        }
    }
}

/// A file that says what it is, and that can be read in one sitting.
#[test]
fn files_introduce_themselves_and_stay_short() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{} does not say what it is", path.display());
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
        assert!(!text.contains("unsafe "), "{} has unsafe code", path.display());
    }
}
