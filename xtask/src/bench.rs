//! `cargo xtask bench` and `cargo xtask soak`: the package of benchmarks, started with cargo so that
//! neither it nor the client is linked here.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use crate::{Console, Failure, root};

/// Runs the package with these words, which it reads itself.
pub fn run(words: &[OsString], console: &mut Console<'_>) -> Result<(), Failure> {
    console.out.flush()?;
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--quiet", "--release", "--package", "benches", "--"])
        .args(words)
        .current_dir(root::find()?)
        .status()
        .map_err(|error| Failure::new(format_args!("cargo cannot be started: {error}")))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(2) => Err(Failure::Usage("the benchmark does not know these words".to_owned())),
        _ => Err(Failure::new(format_args!("the benchmark ended with {status}"))),
    }
}
