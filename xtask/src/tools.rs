//! Programs of other languages.

use std::ffi::OsStr;
use std::process::{Command, Output};

/// Whether there is such a program.
pub(crate) fn answers(program: impl AsRef<OsStr>) -> bool {
    let output = Command::new(program).arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}

/// Runs a program and keeps its output; the end of what it complains about if it fails.
pub(crate) fn quiet(program: &OsStr, words: &[&OsStr]) -> Result<(), String> {
    let output = Command::new(program).args(words).output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(complaint(&output))
}

/// The end of what a program complains about, else its status.
pub(crate) fn complaint(output: &Output) -> String {
    let texts = [&output.stderr, &output.stdout].map(|text| String::from_utf8_lossy(text));
    let lines = texts.iter().flat_map(|text| text.trim().lines().last());
    lines.map(str::to_owned).next().unwrap_or_else(|| output.status.to_string())
}
