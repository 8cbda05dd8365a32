//! A program of somebody else compiles against the client, from a folder far away.
use std::env;
use std::process::Command;

use crate::folder::{Folder, root, target, text};

#[test]
fn a_program_in_another_folder_compiles_offline() {
    let folder = Folder::new();
    let manifest = text("tests/consumer/Cargo.toml");
    let client = root().join("generated").canonicalize().expect("the client is generated");
    let path = client.to_str().expect("the path of the repository is text");
    let moved = manifest.replace("../../generated", path);
    assert_ne!(moved, manifest, "the path of the client is replaced");
    folder.put("Cargo.toml", &moved);
    folder.put("src/main.rs", &text("tests/consumer/src/main.rs"));
    // The versions that the workspace was tested with, so that nothing is fetched.
    folder.put("Cargo.lock", &text("Cargo.lock"));

    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut check = Command::new(cargo);
    check.args(["check", "--offline"]).current_dir(folder.path(""));
    check.env("CARGO_TARGET_DIR", target());
    let output = check.output().expect("cargo can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(errors.contains("consumer"), "it was checked: {errors}");
}
