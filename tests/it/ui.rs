//! Misuse of the client that must not compile, in `tests/ui`.
//!
//! What the compiler says differs from version to version, so its exact words count only on the
//! one that `ui/RUSTC` names.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folder::{Folder, root, text};

#[test]
fn misuse_does_not_compile() {
    let pinned = text("tests/ui/RUSTC");
    let version = rustc_version();
    if version == pinned.trim() {
        trybuild::TestCases::new().compile_fail("ui/*.rs");
    } else {
        println!("rustc {version} is not {}: the compiler's words are not compared", pinned.trim());
        every_case_is_refused();
    }
}

fn rustc_version() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc can be started");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().nth(1).unwrap_or_default().to_owned()
}

/// Each case fails in a package of its own, in which a program that does nothing wrong compiles.
fn every_case_is_refused() {
    let folder = Folder::new();
    folder.put("Cargo.toml", &manifest());
    folder.put(
        "src/main.rs",
        "fn main() { let _ = amplitude_experiment_management::Client::builder(\"key\"); }\n",
    );
    // The versions that the workspace was tested with, so that nothing is fetched.
    folder.put("Cargo.lock", &text("Cargo.lock"));
    assert!(compiles(&folder, "ui"), "the program without a mistake does not compile");
    let cases = cases();
    assert!(!cases.is_empty());
    for case in cases {
        let name = case.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let program = fs::read_to_string(&case).expect("the case can be read");
        folder.put(&format!("src/bin/{name}.rs"), &program);
        assert!(!compiles(&folder, &name), "{name} compiles");
    }
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("tests/ui")).expect("tests/ui can be read");
    let paths = entries.map(|entry| entry.expect("tests/ui can be read").path());
    let mut cases: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect();
    cases.sort();
    cases
}

fn manifest() -> String {
    let client = fs::canonicalize(root().join("generated")).expect("the client is generated");
    format!(
        "[package]\nname = \"ui\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         amplitude-experiment-management = {{ path = {client:?} }}\nserde_json = \"1\"\n"
    )
}

fn compiles(folder: &Folder, program: &str) -> bool {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["check", "--quiet", "--bin", program]).current_dir(folder.path(""));
    command.env("CARGO_TARGET_DIR", target().join("tests/ui"));
    command.output().expect("cargo can be started").status.success()
}

/// The target folder that this test was built in.
fn target() -> PathBuf {
    let program = env::current_exe().expect("a test knows its program");
    program.ancestors().nth(3).map_or_else(|| root().join("target"), Path::to_path_buf)
}
