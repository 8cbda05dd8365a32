//! The layer `schemathesis` of CI: strangers' requests against the fake server, judged by the
//! document. What may be refused although the schemas allow it stands, with its reason, in
//! `fake/tests/schemathesis/schemathesis.toml`.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::ci::{Outcome, cargo};

/// The version that the exceptions are written for.
const VERSION: &str = "4.32.5";
const FOLDER: &str = "fake/tests/schemathesis";
const KEY: &str = "ampex_fake";

/// Whether there is an interpreter to run it.
pub(crate) fn missing() -> Option<String> {
    let found = Command::new("python3").arg("--version").output();
    let is_there = found.is_ok_and(|output| output.status.success());
    (!is_there).then(|| "there is no python3".to_owned())
}

/// Installs it, starts the fake and lets it loose.
pub(crate) fn run(root: &Path) -> Outcome {
    let tool = match install(root) {
        Ok(tool) => tool,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let fake = match start(root) {
        Ok(fake) => fake,
        Err(reason) => return Outcome::Failed(reason),
    };
    let status = Command::new(tool)
        .args(["--config-file", &format!("{FOLDER}/schemathesis.toml"), "run"])
        .args([&format!("{}/openapi.json", fake.base_url), "--url", &fake.base_url])
        .args(["--header", &format!("Authorization: Bearer {KEY}"), "--generation-deterministic"])
        .current_dir(root)
        .status();
    match status {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(status.to_string()),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// The program, in an environment of its own below `target/`.
fn install(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("target").join(format!("schemathesis-{VERSION}"));
    let tool = folder.join("bin/schemathesis");
    if !tool.is_file() {
        let at = folder.as_os_str();
        quiet(OsStr::new("python3"), &["-m".as_ref(), "venv".as_ref(), at])?;
        let package = format!("schemathesis=={VERSION}");
        let words = ["-m", "pip", "install", "--quiet", &package].map(OsStr::new);
        quiet(folder.join("bin/python").as_os_str(), &words)?;
    }
    Ok(tool)
}

fn quiet(program: &OsStr, words: &[&OsStr]) -> Result<(), String> {
    let output = Command::new(program).args(words).output();
    let output = output.map_err(|error| format!("{}: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.trim().lines().last().unwrap_or_default();
    Err(format!("schemathesis {VERSION} cannot be installed: {last}"))
}

/// A running fake; it ends with this.
struct Fake {
    process: Child,
    base_url: String,
}

impl Drop for Fake {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn start(root: &Path) -> Result<Fake, String> {
    let seed = format!("{FOLDER}/seed.json");
    let words = ["--port", "0", "--per-second", "0", "--per-day", "0", "--seed", &seed];
    let mut process = Command::new(build(root)?)
        .args(words)
        .current_dir(root)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the fake cannot be started: {error}"))?;
    let mut line = String::new();
    if let Some(out) = process.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
    }
    let base_url = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
    let fake = Fake { process, base_url };
    match fake.base_url.starts_with("http://") {
        true => Ok(fake),
        false => Err("the fake does not say where it listens".to_owned()),
    }
}

/// The program, as cargo says where it is.
fn build(root: &Path) -> Result<PathBuf, String> {
    let words = ["build", "--package", "amplitude-experiment-fake", "--bins"];
    let output = cargo(&words, root)
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let program = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    program.ok_or_else(|| "the fake does not build".to_owned())
}
