//! Any bytes, as a document: no panic, every file below its folder, every `.rs` is Rust.
#![no_main]

#[path = "../../tests/it/hostile/checks.rs"]
#[allow(dead_code, reason = "a target uses a part")]
mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    checks::pipeline("openapi.yaml", text);
});
