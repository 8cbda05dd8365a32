//! The fake server as a process, for layers of CI that are written in other languages.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::ci::cargo;

/// The key that it takes.
pub(crate) const KEY: &str = "ampex_fake";

/// A running fake; it ends with this.
pub(crate) struct Fake {
    process: Child,
    pub(crate) base_url: String,
}

impl Drop for Fake {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Options of a fake that refuses nothing.
pub(crate) const WITHOUT_LIMITS: [&str; 2] = ["--per-second=0", "--per-day=0"];

/// The fake as a program.
pub(crate) struct Program(PathBuf);

impl Fake {
    /// Builds it and starts it without limits, with these items.
    pub(crate) fn start(root: &Path, seed: Option<&str>) -> Result<Self, String> {
        let seed = seed.map(|seed| format!("--seed={seed}"));
        let words = WITHOUT_LIMITS.into_iter().chain(seed.as_deref());
        Program::build(root)?.start(root, words)
    }
}

impl Program {
    /// Starts it on a free port with these options.
    pub(crate) fn start<'a>(
        &self,
        root: &Path,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Result<Fake, String> {
        let mut process = Command::new(&self.0)
            .arg("--port=0")
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

    /// Builds it; cargo says where it is.
    pub(crate) fn build(root: &Path) -> Result<Self, String> {
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
        program.map(Self).ok_or_else(|| "the fake does not build".to_owned())
    }
}
