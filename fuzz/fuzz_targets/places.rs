//! Any bytes, as YAML or JSON: every value has a place in the text, and every key stands at its own.
#![no_main]

#[path = "../../tests/it/hostile/checks.rs"]
#[allow(dead_code, reason = "a target uses a part")]
mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    checks::places("openapi.yaml", text);
});
