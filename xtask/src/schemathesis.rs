//! The layer `schemathesis` of CI: strangers' requests against the fake server, judged by the
//! document. What may be refused although the schemas allow it stands, with its reason, in
//! `fake/tests/schemathesis/schemathesis.toml`.

use std::path::Path;
use std::process::Command;

use crate::ci::Outcome;
use crate::fake::{Fake, KEY};
use crate::tools::{answers, python};

/// The version that the exceptions are written for.
const VERSION: &str = "4.32.5";
const FOLDER: &str = "fake/tests/schemathesis";

/// Whether there is an interpreter to run it.
pub(crate) fn missing() -> Option<String> {
    (!answers("python3")).then(|| "there is no python3".to_owned())
}

/// Installs it, starts the fake and lets it loose.
pub(crate) fn run(root: &Path) -> Outcome {
    let tool = match python(root, "schemathesis", VERSION, "schemathesis") {
        Ok(programs) => programs.join("schemathesis"),
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
