//! Samples of all operations, given to the programs of their languages.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::reference;
use super::tags::unescaped;
use crate::folder::{Folder, root, text};

/// The samples of the page in a language.
fn samples(language: &str) -> Vec<String> {
    let page = reference().page;
    let start = format!("data-lang=\"{language}\"><p class=\"title\">");
    let codes = page.split(&start).skip(1).map(|after| {
        let (_, code) = after.split_once("<code>").expect("a sample has code");
        let (code, _) = code.split_once("</code>").expect("code ends");
        let code = code.replace("<span class=\"base\">", "").replace("</span>", "");
        assert!(!code.contains('<'), "{code}");
        unescaped(&code)
    });
    let samples: Vec<String> = codes.collect();
    assert_eq!(samples.len(), 58, "{language}");
    samples
}

/// Only an answer gives a cursor; the example of the parameter is none of the reader's lists.
#[test]
fn no_sample_goes_on_from_a_page_that_nobody_has_read() {
    for language in ["curl", "typescript", "python"] {
        let samples = samples(language);
        let lists = samples.iter().filter(|sample| sample.contains("?limit=1000"));
        assert!(lists.count() >= 5, "{language}");
        for sample in &samples {
            let filtered = sample.contains("limit=") && !sample.contains("?limit=1000");
            assert!(!filtered && !sample.contains("cursor="), "{language}:\n{sample}");
        }
    }
}

#[test]
fn samples_in_rust_compile() {
    let folder = Folder::new();
    let client = fs::canonicalize(root().join("generated")).expect("the client is generated");
    folder.put(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"reference-samples\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\namplitude-experiment-management = {{ path = {client:?} }}\nserde_json = \"1\"\n"
        ),
    );
    // The versions that the workspace was tested with, so that nothing is fetched.
    folder.put("Cargo.lock", &text("Cargo.lock"));
    let functions: String = samples("rust")
        .iter()
        .enumerate()
        .map(|(index, sample)| {
            format!("pub async fn sample_{index}() -> Result<(), Box<dyn std::error::Error>> {{\n{sample}\nOk(())\n}}\n\n")
        })
        .collect();
    folder.put("src/lib.rs", &functions);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut check = Command::new(cargo);
    check
        .args(["check", "--offline"])
        .current_dir(folder.path(""))
        .env("CARGO_TARGET_DIR", target());
    let output = check.output().expect("cargo can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(errors.contains("reference-samples"), "it was checked: {errors}");
}

/// The target folder that this test was built in.
fn target() -> PathBuf {
    let program = env::current_exe().expect("a test knows its program");
    program.ancestors().nth(3).map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// Whether a program takes a file; true, in words, where there is no such program.
fn takes(program: &str, words: &[&str], name: &str, text: &str) {
    if Command::new(program).arg("--version").output().is_err() {
        println!("skipped: {program} (there is none)");
        return;
    }
    let folder = Folder::new();
    folder.put(name, text);
    let output = Command::new(program).args(words).arg(folder.path(name)).output();
    let output = output.expect("it has just answered");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn samples_for_a_shell_are_read_by_one() {
    takes("sh", &["-n"], "samples.sh", &samples("curl").join("\n"));
}

#[test]
fn samples_in_python_are_read_by_it() {
    takes("python3", &["-m", "py_compile"], "samples.py", &samples("python").join("\n\n"));
}

#[test]
fn samples_in_typescript_are_read_by_node() {
    // None uses more than JavaScript.
    let functions: String = samples("typescript")
        .iter()
        .enumerate()
        .map(|(index, sample)| format!("async function sample{index}() {{\n{sample}\n}}\n"))
        .collect();
    takes("node", &["--check"], "samples.mjs", &functions);
}
