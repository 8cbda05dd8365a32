//! Small good documents, changed as the bytes say, through the whole pipeline.
#![no_main]

#[path = "../../tests/it/hostile/checks.rs"]
#[allow(dead_code, reason = "a target uses a part")]
mod checks;
#[path = "../../tests/it/hostile/mutate.rs"]
mod mutate;
#[path = "../../tests/it/hostile/seeds.rs"]
#[allow(dead_code, reason = "a target uses a part")]
mod seeds;

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mutate::{Choices, mutate};
use serde_json::Value;

static SEEDS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    seeds::values(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases"))
});

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices::new(bytes);
    let mut document = SEEDS[choices.one_of(SEEDS.len())].clone();
    let other = &SEEDS[choices.one_of(SEEDS.len())];
    mutate(&mut document, other, &mut choices);
    checks::pipeline("openapi.json", &document.to_string());
});
