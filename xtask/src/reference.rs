//! The reference page of our document, and the layer `reference` of CI: the page in a real browser,
//! at three widths, light and dark.

use std::fs;
use std::path::Path;
use std::process::Command;

use codegen::reference::{self, Note};
use codegen::{Config, Diagnostics, load};

use crate::Failure;
use crate::ci::Outcome;
use crate::tools::{answers, python};

/// The document and its client, below the root.
const SPEC: &str = "spec/openapi.yaml";
const CONFIG: &str = "spec/client/config.yaml";
/// The sections of `spec/README.md` that readers of the page need too.
const SECTIONS: [&str; 2] = ["Decisions", "Extensions"];
/// What nobody knows, a page of its own.
const UNKNOWNS: &str = "docs/unknowns.md";

/// What drives the browser.
const PLAYWRIGHT: &str = "1.65.2";
const SCRIPT: &str = "tests/browser/reference.py";
/// Names that Chromium has.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The page of our document, with the notes that stand beside it.
pub fn page(root: &Path) -> Result<String, Failure> {
    let path = root.join(SPEC);
    let config = Config::load(&root.join(CONFIG)).map_err(told)?;
    let output = codegen::compile(&path, &config).map_err(told)?;
    let document = load::load(&path).map_err(told)?;
    Ok(reference::page(&document.tree, &output.api, &config, &notes(root)?))
}

fn told(problems: Diagnostics) -> Failure {
    Failure::Problem(problems.to_string())
}

/// The chapters that stand beside our document.
pub(crate) fn notes(root: &Path) -> Result<Vec<Note>, Failure> {
    let read = |path: &str| {
        let path = root.join(path);
        fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))
    };
    let readme = read("spec/README.md")?;
    let mut notes = Vec::new();
    for heading in SECTIONS {
        let missing = || Failure::new(format_args!("spec/README.md has no section `## {heading}`"));
        notes.push(Note::section(&readme, heading).ok_or_else(missing)?);
    }
    let unknowns = read(UNKNOWNS)?;
    let (title, text) = unknowns.split_once('\n').unwrap_or((&unknowns, ""));
    notes.push(Note::new(title.trim_start_matches("# "), text));
    Ok(notes)
}

/// What the layer needs and this machine lacks.
pub(crate) fn missing() -> Option<String> {
    if !answers("python3") {
        return Some("there is no python3".to_owned());
    }
    browser().is_none().then(|| "there is no chromium".to_owned())
}

fn browser() -> Option<&'static str> {
    BROWSERS.into_iter().find(|name| answers(name))
}

/// Writes the page below `target/` and looks at it.
pub(crate) fn run(root: &Path) -> Outcome {
    let Some(browser) = browser() else {
        return Outcome::Skipped("there is no chromium".to_owned());
    };
    let programs = match python(root, "playwright", PLAYWRIGHT, "playwright") {
        Ok(programs) => programs,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let path = root.join("target/reference/index.html");
    let written = page(root).and_then(|page| {
        let failed = |error| Failure::io("write", &path, &error);
        fs::create_dir_all(path.parent().unwrap_or(root)).map_err(failed)?;
        fs::write(&path, page).map_err(failed)
    });
    if let Err(failure) = written {
        return Outcome::Failed(failure.to_string());
    }
    let status = Command::new(programs.join("python"))
        .arg(root.join(SCRIPT))
        .args([path.as_os_str(), browser.as_ref()])
        .status();
    match status {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(status.to_string()),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}
