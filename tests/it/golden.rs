//! Documents against what must come of them.
//!
//! A case is a folder with `openapi.yaml` or `openapi.json`. With `errors.txt` it must fail with
//! this text, with `warnings.txt` it must compile with this text, without both it must compile in
//! silence. `config.yaml` holds its settings, `expected/` some of the files that must come out.
//! `UPDATE=1` writes what comes out into these files.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use codegen::{Config, Output};
use xtask::diff;

use crate::folder::root;

/// What a group of cases is about.
const GROUPS: &[(&str, Must)] = &[
    ("broken", Must::Fail),
    ("unusual", Must::BeSilent),
    ("small", Must::Either),
    ("expected", Must::Compile),
    ("split", Must::BeSilent),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Must {
    /// Has errors.
    Fail,
    /// Compiles, perhaps with warnings.
    Compile,
    /// Compiles without a warning.
    BeSilent,
    /// As recorded.
    Either,
}

/// A document and where it is.
struct Case {
    folder: PathBuf,
    document: PathBuf,
}

#[test]
fn every_case_gives_what_is_recorded() {
    let update = env::var("UPDATE").is_ok_and(|value| value == "1");
    let mut failures = Vec::new();
    for (group, must) in GROUPS {
        let cases = cases(&root().join("tests/cases").join(group));
        assert!(!cases.is_empty(), "tests/cases/{group} holds no case");
        for case in &cases {
            failures.extend(run(case, *must, update));
        }
    }
    let count = failures.len();
    assert!(
        count == 0,
        "{}\n{count} differences; `UPDATE=1 cargo test -p tests golden` accepts them",
        failures.join("\n")
    );
}

/// The group that `hostile.rs` runs.
const HOSTILE: &str = "hostile";

#[test]
fn every_group_is_run() {
    let groups = fs::read_dir(root().join("tests/cases")).expect("tests/cases can be read");
    for group in groups {
        let name = group.expect("tests/cases can be read").file_name();
        assert!(
            GROUPS.iter().any(|(known, _)| name == *known) || name == HOSTILE,
            "no test runs tests/cases/{}",
            name.display()
        );
    }
}

/// The cases of a group, by name.
fn cases(group: &Path) -> Vec<Case> {
    let entries =
        fs::read_dir(group).unwrap_or_else(|error| panic!("{}: {error}", group.display()));
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    folders.sort();
    let case = |folder: PathBuf| {
        let documents = ["openapi.yaml", "openapi.json"].map(|name| folder.join(name));
        let document = documents.into_iter().find(|document| document.is_file());
        let document = document.unwrap_or_else(|| {
            panic!("{} holds no openapi.yaml or openapi.json", folder.display())
        });
        Case { folder, document }
    };
    folders.into_iter().map(case).collect()
}

fn run(case: &Case, must: Must, update: bool) -> Vec<String> {
    let outcome = compile(case);
    let (errors, warnings) = match &outcome {
        Err(errors) => (errors.clone(), String::new()),
        Ok(output) if output.warnings.is_empty() => (String::new(), String::new()),
        Ok(output) => (String::new(), printed(case, &output.warnings.to_string())),
    };
    let name = case.folder.strip_prefix(root()).unwrap_or(&case.folder).display();
    match must {
        Must::Fail if errors.is_empty() => return vec![format!("{name} compiles and must not")],
        Must::Compile if !errors.is_empty() => {
            return vec![format!("{name} must compile:\n{errors}")];
        }
        Must::BeSilent if outcome.is_err() || !warnings.is_empty() => {
            return vec![format!("{name} is correct, this is a false alarm:\n{errors}{warnings}")];
        }
        Must::Fail | Must::Compile | Must::BeSilent | Must::Either => {}
    }
    let mut failures = vec![
        compare(&case.folder.join("errors.txt"), &errors, update),
        compare(&case.folder.join("warnings.txt"), &warnings, update),
    ];
    let expected = case.folder.join("expected");
    for path in files(&expected) {
        let below = path.strip_prefix(&expected).unwrap_or(&path);
        let below = below.to_string_lossy().replace('\\', "/");
        match outcome.as_ref().ok().and_then(|output| output.files.get(&below)) {
            Some(made) => failures.push(compare(&path, made, update)),
            None => failures.push(Some(format!("{name} does not give {below}"))),
        }
    }
    failures.into_iter().flatten().collect()
}

fn compile(case: &Case) -> Result<Output, String> {
    let settings = case.folder.join("config.yaml");
    let name = case.document.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let config = if settings.is_file() {
        Config::load(&settings).map_err(|problems| problems.to_string())?
    } else {
        Config::new("client", "")
    };
    let config = Config { source_name: name, ..config };
    codegen::compile(&case.document, &config)
        .map_err(|problems| printed(case, &problems.to_string()))
}

/// The text of the diagnostics with paths as seen from the case's folder.
fn printed(case: &Case, text: &str) -> String {
    text.replace(&format!("{}/", case.folder.to_string_lossy().replace('\\', "/")), "")
}

/// Compares a recorded text, where an empty one has no file.
fn compare(path: &Path, made: &str, update: bool) -> Option<String> {
    let recorded = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if recorded == made {
        return None;
    }
    if !update {
        let name = path.strip_prefix(root()).unwrap_or(path);
        return Some(diff::unified(&name.display().to_string(), &recorded, made));
    }
    let updated = if made.is_empty() { fs::remove_file(path) } else { fs::write(path, made) };
    updated.err().map(|error| format!("{}: {error}", path.display()))
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
