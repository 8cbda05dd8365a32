//! A document in ten files and the same in one: the clients are equal.

use std::path::{Path, PathBuf};
use std::{fs, iter};

use codegen::{Config, Output};

use crate::folder::root;

const MANY: &str = "tests/cases/split/many";
const ONE: &str = "tests/cases/split/one";

#[test]
fn ten_files_and_one_give_the_same_client() {
    assert_eq!(files(&root().join(MANY)).len(), 10);
    let (many, one) = (client(MANY), client(ONE));
    let paths = |output: &Output| output.files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&many), paths(&one));
    assert!(one.files.len() > 50, "{} files", one.files.len());
    for (path, text) in &one.files {
        assert_eq!(&many.files[path], text, "{path}");
    }
    let model = |output: &Output| serde_json::to_value(&output.api).expect("a model");
    assert_eq!(model(&many), model(&one));
    let requests = |output: &Output| output.server["mod.rs"].clone();
    assert_eq!(requests(&many), requests(&one));
}

fn client(folder: &str) -> Output {
    let document = root().join(folder).join("openapi.yaml");
    codegen::compile(&document, &Config::new("library", "openapi.yaml"))
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths
        .flat_map(|path| if path.is_dir() { files(&path) } else { iter::once(path).collect() })
        .collect()
}
