//! The checked-in client is what the document gives, on every machine and every time.

use codegen::{Config, Files};
use similar::{ChangeTag, TextDiff};
use xtask::codegen::{CONFIG, SERVER, SPEC, client_in, compile_in};
use xtask::sync::MARKER;
use xtask::{Console, Kind, Mode, sync};

use crate::folder::{Folder, root, text};

fn files(root: &std::path::Path) -> Files {
    compile_in(root).unwrap_or_else(|failure| panic!("{failure}")).files
}

/// Files that differ from those in the folder.
fn differences(folder: &std::path::Path, files: &Files) -> Vec<(String, Kind)> {
    let changes = sync(folder, files, Mode::Check).unwrap_or_else(|error| panic!("{error}"));
    let different = changes.into_iter().filter(|change| change.kind != Kind::Unchanged);
    different.map(|change| (change.path, change.kind)).collect()
}

#[test]
fn the_client_is_what_the_document_gives() {
    let different = differences(&root().join("generated"), &files(root()));
    let first = &different[..different.len().min(5)];
    assert!(
        different.is_empty(),
        "{} files differ; run `cargo xtask codegen`: {first:?}",
        different.len()
    );
}

#[test]
fn the_module_of_the_fake_is_what_the_document_gives() {
    let server = compile_in(root()).unwrap_or_else(|failure| panic!("{failure}")).server;
    let folder = root().join(SERVER);
    assert_eq!(differences(&folder, &server), [], "run `cargo xtask codegen`");
    let is_whole = server["openapi.yaml"].ends_with(&text(SPEC));
    assert!(is_whole, "the document is not served as it is written");
    let mut found = Vec::new();
    below(&folder, "", &mut found);
    found.retain(|path| !server.contains_key(path) && path != ".generated-files");
    assert!(found.is_empty(), "not generated: {found:?}");
}

#[test]
fn a_stale_module_of_the_fake_is_noticed() {
    let folder = Folder::with_spec();
    let run = |mode| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut console = Console { out: &mut out, err: &mut err };
        let outcome = client_in(&folder.path(""), mode, &mut console);
        (outcome.map_err(|failure| failure.to_string()), String::from_utf8_lossy(&out).into_owned())
    };
    assert_eq!(run(Mode::Write).0, Ok(()));
    assert_eq!(run(Mode::Check).0, Ok(()));
    folder.put(&format!("{SERVER}/mod.rs"), &format!("// {MARKER}\n"));
    let (outcome, out) = run(Mode::Check);
    let failure = outcome.expect_err("the module differs");
    let place = folder.path(SERVER).display().to_string();
    assert!(failure.contains(&format!("{place}/ is not what the document gives")), "{failure}");
    assert!(out.contains(&format!("{place}/: 1 different, 0 missing, 0 stale, ")), "{out}");
    assert!(out.contains("\n+pub enum Operation {"), "{out}");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let first = files(root());
    assert!(first == files(root()), "the second run gives other bytes");
    let folder = Folder::with_spec();
    assert!(first == files(&folder.path("")), "a copy in another folder gives other bytes");
}

/// Files below a folder, with `/`.
fn below(folder: &std::path::Path, prefix: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let entry = entry.expect("the entry can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => below(&entry.path(), &format!("{name}/"), found),
            false => found.push(name),
        }
    }
}

#[test]
fn nothing_lies_beside_the_output() {
    let files = files(root());
    let mut found = Vec::new();
    below(&root().join("generated"), "", &mut found);
    // The list of files without a marker is made by the writer, the lock file by cargo.
    found.retain(|path| {
        !files.contains_key(path) && path != ".generated-files" && path != "Cargo.lock"
    });
    assert!(found.is_empty(), "not generated: {found:?}");
}

#[test]
fn every_file_says_that_it_is_generated() {
    let copies =
        Config::load(&root().join(CONFIG)).unwrap_or_else(|problems| panic!("{problems}")).copies;
    let is_marked = |text: &str| text.lines().next().is_some_and(|line| line.contains(MARKER));
    for (path, text) in files(root()) {
        assert!(is_marked(&text) || copies.contains_key(&path), "{path} does not carry the marker");
    }
}

/// The place of the new field, and the field.
const BEFORE: &str =
    "        label:\n          description: Name for people.\n          type: string\n";
const FIELD: &str = "        zebraCount:\n          description: How many zebraCount there are.\n          type: integer\n";

#[test]
fn an_optional_field_changes_only_its_own_lines() {
    let folder = Folder::with_spec();
    let before = files(&folder.path(""));
    sync(&folder.path("out"), &before, Mode::Write).unwrap_or_else(|error| panic!("{error}"));
    let spec = text("spec/openapi.yaml");
    assert_eq!(spec.matches(BEFORE).count(), 1, "spec/openapi.yaml no longer holds {BEFORE:?}");
    folder.put("spec/openapi.yaml", &spec.replace(BEFORE, &format!("{BEFORE}{FIELD}")));

    let after = files(&folder.path(""));
    let different = differences(&folder.path("out"), &after);
    assert!(
        different.iter().all(|(_, kind)| *kind == Kind::Updated) && !different.is_empty(),
        "{different:?}"
    );
    for (path, _) in &different {
        only_adds_the_field(path, &before[path], &after[path]);
    }

    sync(&folder.path("out"), &after, Mode::Write).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(differences(&folder.path("out"), &after), []);
}

/// Nothing is taken away, and each piece that comes in speaks of the field.
fn only_adds_the_field(path: &str, before: &str, after: &str) {
    let diff = TextDiff::from_lines(before, after);
    let mut pieces = vec![String::new()];
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => pieces.push(String::new()),
            ChangeTag::Delete => panic!("{path} loses the line {:?}", change.value()),
            ChangeTag::Insert => {
                pieces.last_mut().expect("there is a first").push_str(change.value())
            }
        }
    }
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let speaks = ["zebra_count", "zebraCount"].iter().any(|name| piece.contains(name));
        assert!(speaks, "{path} gains lines that are not about the field:\n{piece}");
        assert!(piece.lines().count() <= 12, "{path} gains more than the field:\n{piece}");
    }
}
