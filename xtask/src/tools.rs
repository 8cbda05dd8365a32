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

/// The end of what a program complains about, for npm the beginning, else its status.
fn complaint(output: &Output) -> String {
    let texts = [&output.stderr, &output.stdout].map(|text| String::from_utf8_lossy(text));
    let is_npm = |line: &&str| line.starts_with("npm error");
    let line = |text| str::lines(text).find(is_npm).or_else(|| str::lines(text).last());
    let mut lines = texts.iter().filter_map(|text| line(text.trim()));
    lines.next().map_or_else(|| output.status.to_string(), str::to_owned)
}
