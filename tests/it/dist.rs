//! What `dist` publishes of our document, and how it answers what it cannot use.

mod facts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use codegen::Files;
use codegen::dist::{self, SUMS};
use serde_json::Value;
use xtask::dist::{WORKFLOWS, publish, read_in};

use crate::folder::{Folder, root, text};
use crate::runner::xtask;

const SPEC: &str = "spec/openapi.yaml";
/// Operations of the document, counted by hand as in `spec.rs`.
const OPERATIONS: usize = 58;

fn published() -> Files {
    dist::files(&read_in(root()).unwrap_or_else(|failure| panic!("{failure}")))
}

fn json(files: &Files, path: &str) -> Value {
    serde_json::from_str(&files[path]).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn operation_ids(files: &Files) -> BTreeSet<String> {
    let document = json(files, "openapi.json");
    let paths = document["paths"].as_object().expect("there are paths");
    let operations =
        paths.values().flat_map(|path| path.as_object().expect("a path")).map(|one| one.1);
    operations.filter_map(|one| one["operationId"].as_str()).map(str::to_owned).collect()
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let first = published();
    assert_eq!(first, published());
    let folders = [Folder::new(), Folder::new()];
    for folder in &folders {
        publish(&folder.path("dist"), &first).unwrap_or_else(|failure| panic!("{failure}"));
    }
    let sums = folders.each_ref().map(|folder| fs::read(folder.path("dist").join(SUMS)).ok());
    assert!(sums[0].is_some() && sums[0] == sums[1]);
}

#[test]
fn the_checksums_name_every_other_file() {
    let files = published();
    let lines: BTreeMap<&str, &str> = files[SUMS]
        .lines()
        .map(|line| line.split_once("  ").expect("a sum and a path"))
        .map(|(sum, path)| (path, sum))
        .collect();
    let paths: Vec<&str> = files.keys().map(String::as_str).filter(|path| *path != SUMS).collect();
    assert_eq!(lines.keys().copied().collect::<Vec<_>>(), paths);
    assert!(lines.values().all(|sum| sum.len() == 64));
}

/// The tool of the coreutils reads them, where it is there.
#[test]
fn the_checksums_are_those_of_the_tool() {
    if !Command::new("sha256sum").arg("--version").output().is_ok_and(|out| out.status.success()) {
        return println!("skipped: there is no sha256sum");
    }
    let folder = Folder::new();
    let out = folder.path("dist");
    publish(&out, &published()).unwrap_or_else(|failure| panic!("{failure}"));
    let check = || {
        let mut command = Command::new("sha256sum");
        command.args(["--check", "--strict", "--quiet", SUMS]).current_dir(&out);
        command.output().expect("the tool runs").status.success()
    };
    assert!(check());
    folder.put("dist/openapi.json", "{}");
    assert!(!check(), "a changed file is noticed");
}

#[test]
fn what_is_written_by_hand_is_published_as_it_is() {
    let files = published();
    assert_eq!(files["openapi.yaml"], text(SPEC));
    assert_eq!(files["arazzo.yaml"], text(WORKFLOWS));
    let version = json(&files, "openapi.json")["info"]["version"].as_str().map(str::to_owned);
    let version = version.expect("there is a version");
    for ending in ["yaml", "json"] {
        let (plain, versioned) =
            (format!("openapi.{ending}"), format!("openapi-{version}.{ending}"));
        assert_eq!(files[&plain], files[&versioned]);
    }
    let again: Value = serde_yaml::from_str(&files["openapi.yaml"]).expect("YAML");
    assert_eq!(json(&files, "openapi.json"), again);
}

#[test]
fn every_operation_is_on_a_page_in_the_index_and_in_the_collection() {
    let files = published();
    let ids = operation_ids(&files);
    assert_eq!(ids.len(), OPERATIONS);
    let pages: Vec<&String> = files
        .iter()
        .filter(|(path, _)| path.starts_with("markdown/"))
        .map(|(_, text)| text)
        .collect();
    for id in &ids {
        let heading = format!("\n## {id}\n");
        assert_eq!(pages.iter().filter(|page| page.contains(&heading)).count(), 1, "{id}");
        assert!(files["llms.txt"].contains(&format!("- [{id}](markdown/")), "{id}");
        assert!(files["llms-full.txt"].contains(&heading), "{id}");
    }
    let collection = json(&files, "collection.postman.json");
    let folders = collection["item"].as_array().expect("folders").iter();
    let requests: usize = folders.map(|folder| folder["item"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(requests, OPERATIONS);
    let curls: usize = pages.iter().map(|page| page.matches("```sh\ncurl ").count()).sum();
    assert_eq!(curls, OPERATIONS);
}

/// Every link of the pages leads to a file, and to a heading of it.
#[test]
fn no_link_is_dead() {
    let files = published();
    let mut count = 0;
    for (path, text) in files.iter().filter(|(path, _)| {
        path.ends_with(".md") || *path == "llms.txt" || *path == "llms-full.txt"
    }) {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.starts_with("https://") {
                continue;
            }
            count += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder =
                path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            let file = if file.is_empty() { path.clone() } else { format!("{folder}{file}") };
            let page = files.get(&file).unwrap_or_else(|| panic!("{path}: {target}"));
            let headings = page.lines().filter_map(|line| line.strip_prefix('#'));
            let slug =
                |title: &str| title.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
            let found = anchor.is_empty() || headings.map(slug).any(|heading| heading == anchor);
            // A number is added to the second heading of a name; there is none of those here.
            assert!(found, "{path}: {target}");
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn nothing_of_this_machine_and_no_key_is_published() {
    for (path, text) in published() {
        for word in ["ampex_fake", "/tmp/", &root().display().to_string()] {
            assert!(!text.contains(word), "{path} holds {word}");
        }
        assert!(!path.starts_with('/') && !path.contains(".."), "{path}");
    }
    let collection = json(&published(), "collection.postman.json");
    let variables = collection["variable"].as_array().expect("variables");
    let key =
        variables.iter().find(|one| one["key"] == "AMPLITUDE_MANAGEMENT_API_KEY").expect("a key");
    assert_eq!(key["value"], "");
}

/// Runs `dist` on a document and a file of workflows in `folder`.
fn run(folder: &Folder, words: &[&str]) -> (u8, String, String) {
    let words: Vec<String> = words
        .iter()
        .map(|word| match word.strip_prefix('@') {
            Some(path) => folder.path(path).display().to_string(),
            None => (*word).to_owned(),
        })
        .collect();
    xtask(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

const PETS: &str = "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\npaths:\n  /pets: { get: { operationId: listPets, responses: { '200': { description: ok } } } }\n";
const FLOWS: &str = "arazzo: 1.0.1\ninfo: { title: T, version: '1' }\nsourceDescriptions: [{ name: pets, url: openapi.yaml }]\nworkflows: [{ workflowId: w, steps: [{ stepId: s, operationId: listPets }] }]\n";

#[test]
fn any_document_can_be_published() {
    let folder = Folder::new();
    folder.put("pets.yaml", PETS);
    folder.put("flows.yaml", FLOWS);
    let words = ["dist", "--spec", "@pets.yaml", "--out", "@out"];
    let (code, out, err) = run(&folder, &words);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("1 operation in 1 family\n  README.md "), "{out}");
    assert!(out.contains("no workflows: name them with --workflows FILE\n"), "{out}");
    assert!(out.ends_with("/out/: 13 written, 0 unchanged, 0 removed\n"), "{out}");
    let with_flows = [&words[..], &["--workflows", "@flows.yaml"]].concat();
    let (code, out, _) = run(&folder, &with_flows);
    assert!(code == 0 && out.contains("  arazzo.yaml ") && out.contains(" 0 removed\n"), "{out}");
    let (code, out, _) = run(&folder, &words);
    assert!(code == 0 && out.ends_with(" unchanged, 1 removed\n"), "{out}");
}

#[test]
fn what_cannot_be_published_is_told_and_nothing_is_written() {
    let folder = Folder::new();
    folder.put("pets.yaml", PETS);
    folder.put("flows.yaml", FLOWS);
    folder.put("broken.yaml", &PETS.replace("title: Pets", "titel: Pets").replace("200", "2000"));
    folder.put(
        "broken-flows.yaml",
        &FLOWS.replace("listPets", "listPet").replace("stepId", "stepid"),
    );
    folder.put("mine/notes.txt", "mine");
    folder.put("file", "mine");
    let cases: [(&[&str], &[&str]); 6] = [
        (&["--spec", "@missing.yaml"], &["error[unreadable-file]: cannot read `"]),
        (
            &["--spec", "@broken.yaml"],
            &["did you mean `title`?", "error[wrong-status]", "/broken.yaml:2:9", "2 errors, "],
        ),
        (
            &["--spec", "@broken.yaml", "--workflows", "@missing.yaml"],
            &["error[wrong-status]", "error[unreadable-file]"],
        ),
        (
            &["--spec", "@pets.yaml", "--workflows", "@broken-flows.yaml"],
            &["did you mean `listPets`?", "broken-flows.yaml:4:40"],
        ),
        (
            &["--spec", "@pets.yaml", "--out", "@mine"],
            &["mine holds files that `cargo xtask dist` did not write; name a new or empty folder"],
        ),
        (
            &["--spec", "@pets.yaml", "--out", "@file"],
            &["file is a file, not a folder; name another folder"],
        ),
    ];
    for (words, expected) in cases {
        let place: &[&str] = if words.contains(&"--out") { &[] } else { &["--out", "@out"] };
        let words = [&["dist"], words, place].concat();
        let (code, out, err) = run(&folder, &words);
        assert_eq!((code, out.as_str()), (1, ""), "{words:?}: {err}");
        for expected in expected {
            assert!(err.contains(expected), "{words:?}: {expected}: {err}");
        }
        assert!(!folder.path("out").exists());
        assert_eq!(names(&folder.path("mine")), ["notes.txt"]);
        assert_eq!(fs::read_to_string(folder.path("file")).ok().as_deref(), Some("mine"));
        let names = names(&folder.path(""));
        assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    entries.map(|entry| name(entry.expect("an entry"))).collect()
}

/// The lines of a page that are not in a block of code.
fn outside_of_code(page: &str) -> String {
    let mut fence = None;
    let mut outside = String::new();
    for line in page.lines() {
        let marks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if marks >= 3 => fence = Some(marks),
            Some(open) if marks >= open && line.len() == marks => fence = None,
            Some(_) => {}
            None => outside.extend([line, "\n"]),
        }
    }
    assert_eq!(fence, None, "a block of code has no end");
    outside
}

/// Text that tries to leave its place: names of files, cells, blocks, tags, words of a shell.
#[test]
fn text_of_the_document_stays_text() {
    let folder = Folder::new();
    let evil = "|\n# H\n<script>x</script> ``` $(id) `id` ' \" [a](javascript:x) \\\\ end";
    let text = serde_json::to_string(evil).expect("text");
    let document = format!(
        r##"{{ "openapi": "3.0.3", "info": {{ "title": {text}, "version": "../../x", "description": {text} }},
        "servers": [{{ "url": "https://e.example/'$(id)" }}],
        "tags": [{{ "name": "../../evil", "description": {text} }}],
        "paths": {{ "/p'$(id)/{{id}}": {{ "post": {{ "tags": ["../../evil"], "summary": {text}, "description": {text},
            "parameters": [{{ "name": "id", "in": "path", "required": true, "description": {text}, "schema": {{ "type": "string", "pattern": "a|b\\|c", "example": {text} }} }}],
            "requestBody": {{ "description": {text}, "content": {{ "text/plain": {{ "schema": {{ "type": "string" }}, "example": {text} }} }} }},
            "responses": {{ "200": {{ "description": {text}, "content": {{ "application/json": {{ "schema": {{ "$ref": "#/components/schemas/E" }} }} }} }} }} }} }} }},
        "components": {{ "schemas": {{ "E": {{ "type": "object", "description": {text}, "properties": {{ "a|b": {{ "type": "string", "description": {text}, "enum": [{text}] }} }} }} }} }} }}"##
    );
    folder.put("evil.json", &document);
    let (code, out, err) = run(&folder, &["dist", "--spec", "@evil.json", "--out", "@out"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(names(&folder.path("")).len(), 2);
    let read =
        |path: &str| fs::read_to_string(folder.path(&format!("out/{path}"))).expect("a file");
    let page = read("markdown/evil.md");
    // Inside of code everything is text.
    let outside = outside_of_code(&page);
    let headings: Vec<&str> = outside.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(headings, ["# ../../evil", "## POST /p'$(id)/{id}", "## Types", "### E"]);
    // A span with three backticks in it has four around it.
    let spans: String = outside.replace("\\`", "").split("````").step_by(2).collect();
    let bare = spans.split('`').step_by(2).any(|text| text.replace("\\<", "").contains("<script"));
    assert!(!bare, "{page}");
    assert!(!spans.replace("\\]", "").contains("](javascript"), "{page}");
    let width = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let mut rows = outside.lines().filter(|line| line.starts_with("| ")).peekable();
    assert!(rows.peek().is_some());
    assert!(rows.all(|row| [4, 5, 6].contains(&width(row))), "{page}");
}

/// Schemas that hold themselves, by name and by pointer, and parts of parts that double.
#[test]
fn documents_without_an_end_are_published_all_the_same() {
    let reference =
        |name: &str| serde_json::json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut schemas = serde_json::json!({
        "One": { "oneOf": [reference("One"), reference("Tree")] },
        "Tree": { "type": "object", "required": ["one", "children"], "properties": {
            "one": reference("One"),
            "children": { "type": "array", "items": reference("Tree/properties/children") },
        } },
        "L40": { "type": "object", "properties": { "end": { "type": "string" } } },
    });
    for level in 0..40 {
        let next = reference(&format!("L{}", level + 1));
        schemas[format!("L{level}")] = serde_json::json!({ "allOf": [next, next] });
    }
    let content =
        |name: &str| serde_json::json!({ "application/json": { "schema": reference(name) } });
    let document = serde_json::json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" },
        "paths": { "/a": { "post": {
            "requestBody": { "content": content("Tree") },
            "responses": { "200": { "description": "ok", "content": content("L0") } },
        } } },
        "components": { "schemas": schemas },
    });
    let folder = Folder::new();
    folder.put("deep.json", &document.to_string());
    let started = std::time::Instant::now();
    let (code, out, err) = run(&folder, &["dist", "--spec", "@deep.json", "--out", "@out"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    let page = fs::read_to_string(folder.path("out/markdown/default.md")).expect("a page");
    assert!(page.contains("| `children` | list of list | yes |"), "{page}");
    assert!(page.len() < 100_000);
}
