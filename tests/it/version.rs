//! The layer `version` of CI: the document against the one of the last tag.

use std::fs;
use std::path::Path;
use std::process::Command;

use xtask::{Console, Failure, version};

use crate::folder::Folder;

fn document(version: &str, paths: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{ title: Pets, version: {version} }}\n\
         servers: [{{ url: \"https://pets.example\" }}]\npaths:\n{paths}"
    )
}

const LIST: &str =
    "  /pets: { get: { operationId: listPets, responses: { \"204\": { description: ok } } } }\n";
const TOYS: &str =
    "  /toys: { get: { operationId: listToys, responses: { \"204\": { description: ok } } } }\n";

fn git(root: &Path, words: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=nobody", "-c", "user.email=nobody@pets.example"])
        .args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"])
        .args(words)
        .current_dir(root)
        .output()
        .expect("git starts");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn write(root: &Path, text: &str) {
    fs::create_dir_all(root.join("spec")).expect("the folder can be made");
    fs::write(root.join("spec/openapi.yaml"), text).expect("the folder can be written");
}

fn check(root: &Path, tag: &str) -> (Result<(), Failure>, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut console = Console { out: &mut out, err: &mut err };
    let result = version::check(root, tag, &mut console);
    (result, String::from_utf8(out).expect("the words are UTF-8"))
}

#[test]
fn version_must_follow_what_changed_since_the_last_tag() {
    if Command::new("git").arg("--version").output().is_err() {
        println!("skipped: git is not installed");
        return;
    }
    let folder = Folder::new();
    let root = folder.path("");
    write(&root, &document("1.2.3", &[LIST, TOYS].concat()));
    git(&root, &["init", "--quiet"]);
    git(&root, &["add", "."]);
    git(&root, &["commit", "--quiet", "--message", "pets and toys"]);
    assert_eq!(version::last_tag(&root), Err("there is no tag of a version yet".to_owned()));

    git(&root, &["tag", "v1.2.3"]);
    let tag = version::last_tag(&root).expect("there is a tag");
    assert_eq!(tag, "v1.2.3");
    assert_eq!(check(&root, &tag).0, Ok(()));

    write(&root, &document("1.2.4", LIST));
    let (result, out) = check(&root, &tag);
    assert!(matches!(result, Err(Failure::Problem(_))), "{out}");
    assert!(out.contains("GET /toys is gone"), "{out}");

    write(&root, &document("2.0.0", LIST));
    let (result, out) = check(&root, &tag);
    assert_eq!(result, Ok(()), "{out}");

    let (result, _) = check(&root, "v0.0.1");
    let Err(Failure::Problem(problem)) = result else { panic!("there is no such tag") };
    assert!(problem.starts_with("error: spec/openapi.yaml of v0.0.1: "), "{problem}");
}
