//! The layers `python` and `typescript` of CI: clients as people write them by hand, against the fake.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ci::Outcome;
use crate::fake::{Fake, KEY};
use crate::tools::{answers, quiet};

const FOLDER: &str = "fake/tests/clients";
/// The compiler of the TypeScript client.
const TYPESCRIPT: &str = "5.9.3";

/// In which language a client is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Language {
    Python,
    TypeScript,
}

impl Language {
    /// What there is to be.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Python => &["python3"],
            Self::TypeScript => &["node", "npm"],
        }
    }

    pub(crate) fn missing(self) -> Option<String> {
        let program = self.programs().iter().find(|program| !answers(program))?;
        Some(format!("there is no {program}"))
    }

    pub(crate) fn run(self, root: &Path) -> Outcome {
        let (program, script) = match self {
            Self::Python => ("python3", root.join(FOLDER).join("client.py")),
            Self::TypeScript => match compiled(root) {
                Ok(script) => ("node", script),
                Err(outcome) => return outcome,
            },
        };
        let fake = match Fake::start(root, None) {
            Ok(fake) => fake,
            Err(reason) => return Outcome::Failed(reason),
        };
        match Command::new(program).arg(script).args([&fake.base_url, KEY]).status() {
            Ok(status) if status.success() => Outcome::Passed,
            Ok(status) => Outcome::Failed(status.to_string()),
            Err(error) => Outcome::Failed(error.to_string()),
        }
    }
}

/// The TypeScript client as JavaScript, below `target/`.
fn compiled(root: &Path) -> Result<PathBuf, Outcome> {
    let folder = root.join("target").join(format!("typescript-{TYPESCRIPT}"));
    let compiler = folder.join("node_modules/.bin/tsc");
    if !compiler.is_file() {
        std::fs::create_dir_all(&folder).map_err(|error| Outcome::Failed(error.to_string()))?;
        let package = format!("typescript@{TYPESCRIPT}");
        let words = ["install", "--silent", "--no-audit", "--no-fund", "--prefix"].map(OsStr::new);
        let words = [&words[..], &[folder.as_os_str(), package.as_ref()]].concat();
        quiet(OsStr::new("npm"), &words).map_err(|problem| {
            Outcome::Skipped(format!("typescript {TYPESCRIPT} cannot be installed: {problem}"))
        })?;
    }
    let (out, source) = (folder.join("out"), root.join(FOLDER).join("client.ts"));
    let words = ["--strict", "--target", "es2022", "--module", "commonjs", "--outDir"];
    let words = words.map(OsStr::new);
    let words = [&words[..], &[out.as_os_str(), source.as_os_str()]].concat();
    quiet(compiler.as_os_str(), &words).map_err(Outcome::Failed)?;
    Ok(out.join("client.js"))
}
