//! The fuzzer: LLVM's libFuzzer drives the target that `STANDIN_FUZZ` names. `cargo xtask fuzz` builds and runs it.

#![no_main]

mod targets;

use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("STANDIN_FUZZ").unwrap_or_default();
    let found = targets::ALL.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("STANDIN_FUZZ names no target of fuzz/src/targets.rs")).1
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET(data));
