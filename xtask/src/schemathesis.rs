//! The layer `schemathesis` of CI: strangers' requests against the fake server, judged by the
//! document. What may be refused although the schemas allow it stands, with its reason, in
//! `fake/tests/schemathesis/schemathesis.toml`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ci::Outcome;
use crate::fake::{Fake, KEY};
use crate::tools::{answers, quiet};

/// The version that the exceptions are written for.
const VERSION: &str = "4.32.5";
const FOLDER: &str = "fake/tests/schemathesis";

/// Whether there is an interpreter to run it.
pub(crate) fn missing() -> Option<String> {
    (!answers("python3")).then(|| "there is no python3".to_owned())
}

/// Installs it, starts the fake and lets it loose.
pub(crate) fn run(root: &Path) -> Outcome {
    let tool = match install(root) {
        Ok(tool) => tool,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let fake = match Fake::start(root, Some(&format!("{FOLDER}/seed.json"))) {
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

/// The program, in an environment of its own below `target/`; made anew if it does not answer,
/// as after the folder was moved.
fn install(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("target").join(format!("schemathesis-{VERSION}"));
    let tool = folder.join("bin/schemathesis");
    if !answers(&tool) {
        let at = folder.as_os_str();
        let told = |problem| format!("schemathesis {VERSION} cannot be installed: {problem}");
        quiet(OsStr::new("python3"), &["-m".as_ref(), "venv".as_ref(), "--clear".as_ref(), at])
            .map_err(told)?;
        let package = format!("schemathesis=={VERSION}");
        let words = ["-m", "pip", "install", "--quiet", &package].map(OsStr::new);
        quiet(folder.join("bin/python").as_os_str(), &words).map_err(told)?;
    }
    Ok(tool)
}
