//! The small documents: each client is built, and a program that uses all of them checks what their
//! types read and write back (`roundtrip.json`) and what their calls send (`wire.json`).

mod program;
mod wire;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use codegen::{Config, ir};
use serde_json::Value;

use xtask::{Mode, sync};

use crate::folder::{root, target, text};

const SMALL: &str = "tests/cases/small";

/// A small document that becomes a client.
struct Case {
    name: String,
    api: ir::Api,
    round_trip: Option<Value>,
    wire: Option<Value>,
}

impl Case {
    /// The client's crate.
    fn crate_name(&self) -> String {
        format!("case-{}", self.name)
    }

    /// The client's crate as a path in Rust.
    fn module(&self) -> String {
        self.crate_name().replace('-', "_")
    }
}

#[test]
fn clients_of_small_documents_do_what_the_cases_say() {
    let folder = target().join("small-cases");
    let cases = write_clients(&folder);
    let program = program::write(&folder, &cases);
    let members: Vec<String> = cases.iter().map(Case::crate_name).collect();
    let members = [members, vec!["program".to_owned()]].concat();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    put(&folder.join("Cargo.toml"), &manifest);
    // The versions that the workspace was tested with, so that nothing is fetched.
    put(&folder.join("Cargo.lock"), &text("Cargo.lock"));

    let output = cargo(&folder, &["build", "--offline", "--workspace"]);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    assert!(!words.contains("warning:"), "{words}");

    let output = cargo(&folder, &["run", "--offline", "--quiet", "--package", "program"]);
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    assert_eq!(out.trim(), format!("{} checks", program.checks), "{err}");
}

/// Compiles every document that has no `errors.txt` into a crate below the folder.
fn write_clients(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in folders(&root().join(SMALL)) {
        if path.join("errors.txt").exists() {
            continue;
        }
        let name = path.file_name().expect("a case has a name").to_string_lossy().into_owned();
        let json = |file: &str| {
            let text = fs::read_to_string(path.join(file)).ok()?;
            Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
        };
        let (round_trip, wire) = (json("roundtrip.json"), json("wire.json"));
        let settings = path.join("config.yaml");
        let settings = match settings.exists() {
            true => Config::load(&settings).unwrap_or_else(|problems| panic!("{problems}")),
            false => Config::new("", ""),
        };
        let config = Config {
            crate_name: format!("case-{name}"),
            source_name: "openapi.yaml".to_owned(),
            standalone: false,
            ..settings
        };
        let output = codegen::compile(&path.join("openapi.yaml"), &config)
            .unwrap_or_else(|problems| panic!("{problems}"));
        sync(&folder.join(format!("case-{name}")), &output.files, Mode::Write)
            .unwrap_or_else(|problem| panic!("{name}: {problem}"));
        cases.push(Case { name, api: output.api, round_trip, wire });
    }
    assert!(cases.len() > 50, "only {} small documents were found", cases.len());
    cases
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// Writes a file if it is not there already: what has not changed is not built again.
fn put(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a file is in a folder"))
        .and_then(|()| fs::write(path, text))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn cargo(folder: &Path, words: &[&str]) -> Output {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(words)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .expect("cargo can be started")
}
