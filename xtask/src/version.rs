//! The layer `version` of CI: whether the version of the document follows what has changed in it
//! since the last tag.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::tools::answers;
use crate::{Console, Failure, spec};

const DOCUMENT: &str = "spec/openapi.yaml";
/// Where the document of the tag is put.
const FOLDER: &str = "target/last-tag";

/// The last tag of a version whose document is there; what is missing if there is none.
pub fn last_tag(root: &Path) -> Result<String, String> {
    if !answers("git") {
        return Err("git is not installed".to_owned());
    }
    let words = ["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"];
    let tag = git(root, &words).ok().and_then(|name| String::from_utf8(name).ok());
    let tag = tag.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    tag.ok_or_else(|| "there is no tag of a version yet".to_owned())
}

/// Compares the document with that of `tag`; fails if the version does not follow.
pub fn check(root: &Path, tag: &str, console: &mut Console<'_>) -> Result<(), Failure> {
    let document = git(root, &["show", &format!("{tag}:{DOCUMENT}")]);
    let document = document
        .map_err(|problem| Failure::new(format_args!("{DOCUMENT} of {tag}: {}", problem.trim())))?;
    let old = root.join(FOLDER).join("openapi.yaml");
    fs::create_dir_all(root.join(FOLDER))
        .and_then(|()| fs::write(&old, document))
        .map_err(|error| Failure::io("write", &old, &error))?;
    spec::diff(&old, &root.join(DOCUMENT), console)
}

fn git<S: AsRef<OsStr>>(root: &Path, words: &[S]) -> Result<Vec<u8>, String> {
    let output = Command::new("git").args(words).current_dir(root).output();
    let output = output.map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}
