//! Whether the crates made of a corpus compile: all are members of one throw-away workspace.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::process::{self, Ended};
use super::{Row, save};
use crate::{Console, Failure};

/// Time that one crate may take; the first also builds what all depend on.
const LIMIT: Duration = Duration::from_secs(600);

/// Runs `cargo check` for every crate.
pub fn run(workspace: &Path, rows: &mut [Row], console: &mut Console<'_>) -> Result<(), Failure> {
    let members: Vec<&str> =
        rows.iter().filter(|row| row.generates()).map(|row| row.crate_name.as_str()).collect();
    let manifest = workspace.join("Cargo.toml");
    let text = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    save(&manifest, &text).map_err(|error| Failure::io("write", &manifest, &error))?;
    for row in rows.iter_mut().filter(|row| row.generates()) {
        let outcome = check(workspace, &row.crate_name)?;
        match &outcome {
            Ok(()) => writeln!(console.out, "compiles  {}", row.name)?,
            Err(reason) => writeln!(console.out, "FAILS     {}: {reason}", row.name)?,
        }
        row.compiles = Some(outcome);
    }
    Ok(())
}

fn check(workspace: &Path, crate_name: &str) -> Result<Result<(), String>, Failure> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["check", "--quiet", "--package", crate_name]).current_dir(workspace);
    command.env("CARGO_TARGET_DIR", workspace.join("target"));
    let ended = process::run(&mut command, LIMIT)
        .map_err(|error| Failure::new(format_args!("cannot start cargo: {error}")))?;
    Ok(match ended {
        Ended::Success(_) => Ok(()),
        Ended::Failure(reason) => Err(reason),
        Ended::TimedOut => Err(format!("not done after {} s", LIMIT.as_secs())),
    })
}
