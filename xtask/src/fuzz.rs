//! A short run of each target in `fuzz/`, for CI.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::ci::Outcome;

/// The targets, named like their files.
const TARGETS: &[&str] = &["pipeline", "places", "changes"];
/// Seconds that each of them runs.
const SECONDS: u32 = 20;
/// The longest text that is tried, in bytes.
const LONGEST: u32 = 4096;

/// What the layer needs and this machine lacks.
pub(crate) fn missing() -> Option<String> {
    let nightly = Command::new("cargo").args(["+nightly", "--version"]).output();
    if !nightly.is_ok_and(|output| output.status.success()) {
        return Some("the toolchain `nightly` is not installed".to_owned());
    }
    let fuzz = Command::new("cargo").args(["+nightly", "fuzz", "--version"]).output();
    (!fuzz.is_ok_and(|output| output.status.success()))
        .then(|| "cargo fuzz is not installed; `cargo install cargo-fuzz`".to_owned())
}

/// Runs each target for a while; what it finds stays in `fuzz/artifacts/`.
pub(crate) fn run(root: &Path) -> Outcome {
    let seeds = root.join("target/fuzz-seeds");
    if let Err(error) = seed(&root.join("tests/cases"), &seeds) {
        return Outcome::Failed(format!("seeds cannot be written: {error}"));
    }
    for target in TARGETS {
        let status = command(root, target, &seeds).status();
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => return Outcome::Failed(format!("{target}: {status}")),
            Err(error) => return Outcome::Failed(format!("{target}: {error}")),
        }
    }
    Outcome::Passed
}

fn command(root: &Path, target: &str, seeds: &Path) -> Command {
    let mut command = Command::new("cargo");
    // Nothing here is unsafe, so no sanitizer is worth its time.
    command.args(["+nightly", "fuzz", "run", "--sanitizer", "none", target]);
    command.arg(format!("corpus/{target}"));
    // The bytes of this target are choices and no text.
    if target != "changes" {
        command.arg(seeds);
    }
    command
        .arg("--")
        .arg(format!("-max_total_time={SECONDS}"))
        .arg(format!("-max_len={LONGEST}"))
        .args(["-timeout=20", "-rss_limit_mb=2048", "-verbosity=0"])
        // The choice of the toolchain is ours, not that of the cargo that runs this.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .current_dir(root.join("fuzz"));
    command
}

/// The small documents of the tests, each under a name of its own.
fn seed(cases: &Path, seeds: &Path) -> std::io::Result<()> {
    fs::create_dir_all(seeds)?;
    for group in fs::read_dir(cases)? {
        let group = group?.path();
        if !group.is_dir() {
            continue;
        }
        for case in fs::read_dir(&group)? {
            let case = case?.path();
            let document = ["openapi.yaml", "openapi.json"].map(|name| case.join(name));
            let Some(document) = document.iter().find(|document| document.is_file()) else {
                continue;
            };
            let name = case.file_name().unwrap_or(OsStr::new("case"));
            fs::copy(document, seeds.join(name))?;
        }
    }
    Ok(())
}
