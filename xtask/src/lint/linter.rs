//! The linters: how they are called, and how they answer.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Deserializer, Value};

use super::finding::Finding;
use super::seeds::Seed;
use super::{DOCUMENT, FOLDER, WORK};
use crate::install;

/// A linter that is installed.
pub(crate) struct Linter {
    pub(crate) name: &'static str,
    pub(crate) version: String,
    program: PathBuf,
    words: Vec<OsString>,
    read: fn(&[Value]) -> Option<Vec<Finding>>,
}

/// Installs all of them.
pub(crate) fn install(root: &Path) -> Result<Vec<Linter>, String> {
    let from = root.join(FOLDER);
    let node = install::node(root, FOLDER, WORK)?;
    let python = install::python(root, FOLDER, &format!("{WORK}-python"))?;
    // Sets of rules are looked for beside the file that names them.
    for file in ["redocly.yaml", "spectral.yaml"] {
        fs::copy(from.join(file), node.join(file)).map_err(|error| format!("{file}: {error}"))?;
    }
    let (npm, pypi) = (from.join("package-lock.json"), from.join("requirements.txt"));
    Ok(vec![
        Linter {
            name: "redocly",
            version: pinned(&npm, "@redocly/cli"),
            program: node.join("node_modules/.bin/redocly"),
            words: words(
                ["lint", "--format=json", "--max-problems=100000", "--config"],
                node.join("redocly.yaml"),
            ),
            read: Finding::redocly,
        },
        Linter {
            name: "spectral",
            version: pinned(&npm, "@stoplight/spectral-cli"),
            program: node.join("node_modules/.bin/spectral"),
            words: words(
                ["lint", "--format=json", "--quiet", "--ruleset"],
                node.join("spectral.yaml"),
            ),
            read: Finding::spectral,
        },
        Linter {
            name: "openapi-spec-validator",
            version: pinned(&pypi, "openapi-spec-validator"),
            program: python,
            words: words([], from.join("validate.py")),
            read: Finding::validator,
        },
    ])
}

/// What is wrong with the lock file stands in the table, for it is no reason to skip.
fn pinned(lock: &Path, package: &str) -> String {
    install::version(lock, package).unwrap_or_else(|problem| problem)
}

fn words<const N: usize>(words: [&str; N], last: PathBuf) -> Vec<OsString> {
    words.into_iter().map(OsString::from).chain([last.into()]).collect()
}

impl Linter {
    /// All that it finds in the document and in the copies with a mistake.
    pub(crate) fn findings(&self, root: &Path, seeds: &[Seed]) -> Result<Vec<Finding>, String> {
        let output = Command::new(&self.program)
            .args(&self.words)
            .arg(root.join(DOCUMENT))
            .args(seeds.iter().map(|seed| &seed.path))
            .current_dir(root)
            .output()
            .map_err(|error| format!("cannot be started: {error}"))?;
        let values = Deserializer::from_slice(&output.stdout).into_iter();
        let answer: Option<Vec<Value>> = values.map(Result::ok).collect();
        let answer = answer.filter(|answer| !answer.is_empty());
        answer.as_deref().and_then(self.read).ok_or_else(|| {
            let complaint = String::from_utf8_lossy(&output.stderr);
            format!("ended with {} and no list of findings: {}", output.status, complaint.trim())
        })
    }
}
