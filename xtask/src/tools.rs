//! Programs of other languages.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
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

/// A package of Python in an environment of its own below `target/`: the folder of its programs. It
/// is made anew if `program` does not answer there, as after the folder was moved.
pub(crate) fn python(
    root: &Path,
    package: &str,
    version: &str,
    program: &str,
) -> Result<PathBuf, String> {
    let folder = root.join("target").join(format!("{package}-{version}"));
    let programs = folder.join("bin");
    if !answers(programs.join(program)) {
        let at = folder.as_os_str();
        let told = |problem| format!("{package} {version} cannot be installed: {problem}");
        quiet(OsStr::new("python3"), &["-m".as_ref(), "venv".as_ref(), "--clear".as_ref(), at])
            .map_err(told)?;
        let pinned = format!("{package}=={version}");
        let words = ["-m", "pip", "install", "--quiet", &pinned].map(OsStr::new);
        quiet(programs.join("python").as_os_str(), &words).map_err(told)?;
    }
    Ok(programs)
}
