//! Suites of the runtime that take more cases when they are asked to.

use std::process::Command;

use crate::Outcome;

/// Random schedules of the pacer, others in each round.
pub fn properties() -> Outcome {
    let seed = fastrand::u64(..).to_string();
    println!("PROPTEST_RNG_SEED={seed}\n");
    suite("pacing", &[("PROPTEST_CASES", "3000"), ("PROPTEST_RNG_SEED", &seed)])
}

/// Random orders of threads.
pub fn threads() -> Outcome {
    suite("shuttle", &[("SHUTTLE_ITERATIONS", "100000")])
}

fn suite(name: &str, environment: &[(&str, &str)]) -> Outcome {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["test", "--quiet", "--package", "ship", "--test", name])
        .envs(environment.iter().copied())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("the suite ended with {status}").into()) }
}
