//! The JSON Schemas that `dist` publishes: valid, and true to the document's own examples. The same
//! for the documents of the corpus, as far as that can be asked of documents of others.

use std::env;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use codegen::dist::{self, Source, schemas};
use codegen::{Config, Files};
use jsonschema::{Registry, draft202012};
use serde_json::{Value, json};
use xtask::dist::read_in;

use crate::folder::root;

/// Most that one document of the corpus may take. Far more than is needed: a schema that holds
/// itself, or a sample of it, must come to an end.
const MOST_TIME: Duration = Duration::from_secs(60);
/// Most bytes that are published for each byte of the document.
const MOST_GROWTH: usize = 40;
/// Bytes of a document that only a release build takes.
const LARGE: u64 = 1_000_000;

fn ours() -> Source {
    read_in(root()).unwrap_or_else(|failure| panic!("{failure}"))
}

fn json_files(files: &Files) -> Vec<(&str, Value)> {
    let read = |(path, text): (&'_ String, &String)| -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let is_schema = |path: &str| path.starts_with("schemas/") || path == schemas::BUNDLE;
    let files = files.iter().filter(|(path, _)| is_schema(path));
    files.map(|(path, text)| (path.as_str(), read((path, text)))).collect()
}

/// What keeps the schemas from being valid, file by file.
fn invalid(files: &Files) -> Vec<String> {
    let problem = |(path, schema): &(&str, Value)| {
        let error = draft202012::meta::validate(schema).err()?;
        Some(format!("{path}: {} {error}", error.instance_path()))
    };
    json_files(files).iter().filter_map(problem).collect()
}

/// Clients take a cursor that is a number, so the schemas of all pages do.
#[test]
fn cursor_of_a_page_may_be_a_number() {
    let source = ours();
    let components = source.tree["components"]["schemas"].as_object().expect("there are schemas");
    let has_cursor = |schema: &Value| schema.pointer("/properties/nextCursor").is_some();
    let pages = components.iter().filter(|(_, schema)| has_cursor(schema));
    let mut count = 0;
    for (name, schema) in pages {
        count += 1;
        let next = &schema["properties"]["nextCursor"];
        let whole = schemas::standalone(&source.tree, next);
        let validator = draft202012::new(&whole).expect("a schema");
        for right in [json!("26397"), json!(26397), Value::Null] {
            assert!(validator.is_valid(&right), "{name}: {right}: {whole}");
        }
        assert!(!validator.is_valid(&json!(true)), "{name}");
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn every_schema_is_valid_and_finds_what_it_refers_to() {
    let source = ours();
    let files = dist::files(&source);
    assert_eq!(invalid(&files), Vec::<String>::new());
    let components = source.tree["components"]["schemas"].as_object().expect("there are schemas");
    let parts = json_files(&files);
    assert_eq!(parts.len(), components.len() + 1);
    let single: Vec<&(&str, Value)> = parts.iter().filter(|(path, _)| path.contains('/')).collect();
    let base = "https://dist.example/schemas/";
    let mut registry = Registry::new();
    for (path, schema) in &single {
        let name = path.trim_start_matches("schemas/");
        registry = registry.add(format!("{base}{name}"), schema).expect("a good address");
    }
    let registry = registry.prepare().expect("every reference is found");
    for (path, schema) in single {
        let options = jsonschema::options().with_base_uri(base).with_registry(&registry);
        if let Err(error) = options.build(schema) {
            panic!("{path}: {error}");
        }
    }
}

/// Schemas beside examples, with their places.
fn examples<'a>(value: &'a Value, place: &str, found: &mut Vec<(String, &'a Value, &'a Value)>) {
    match value {
        Value::Object(members) => {
            if let (Some(schema), Some(example)) = (value.get("schema"), value.get("example")) {
                found.push((place.to_owned(), schema, example));
            }
            let own = place.starts_with("/components/schemas/");
            if let Some(example) = value.get("example").filter(|_| own) {
                found.push((place.to_owned(), value, example));
            }
            for (key, member) in members.iter().filter(|(key, _)| *key != "example") {
                examples(member, &format!("{place}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                examples(item, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_examples_of_the_document_are_right_by_its_schemas() {
    let source = ours();
    let mut found = Vec::new();
    examples(&source.tree, "", &mut found);
    assert!(found.len() > 90, "{}", found.len());
    let mut broken = 0;
    for (place, schema, example) in found {
        let schema = schemas::standalone(&source.tree, schema);
        let validator =
            draft202012::new(&schema).unwrap_or_else(|error| panic!("{place}: {error}"));
        let problems: Vec<String> =
            validator.iter_errors(example).map(|error| error.to_string()).collect();
        assert_eq!(problems, Vec::<String>::new(), "{place}");
        // The same without a member that is required is wrong.
        let target = schema["$ref"].as_str().and_then(|reference| schema.pointer(&reference[1..]));
        let required = target.and_then(|target| target["required"].as_array());
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            let mut less = example.clone();
            less.as_object_mut().expect("an object").shift_remove(name);
            assert!(!validator.is_valid(&less), "{place} without {name}");
            broken += 1;
        }
    }
    assert!(broken > 80, "{broken}");
}

#[test]
fn broken_values_are_refused_and_tolerated_ones_are_not() {
    let source = ours();
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let cases = [
        ("Id", json!("848345"), true),
        ("Id", json!(848345), true),
        ("Id", json!(null), false),
        ("Id", json!(["848345"]), false),
        ("NumericId", json!("848345"), true),
        ("NumericId", json!(1.5), false),
        ("ExperimentState", json!("a state of tomorrow"), true),
        ("ExperimentState", json!(1), false),
        ("UserInclusions", json!({ "inclusions": ["ada"] }), true),
        ("UserInclusions", json!({ "inclusions": "ada" }), false),
        ("BulkDeleteUsers", json!({ "users": vec!["ada"; 100] }), true),
        ("BulkDeleteUsers", json!({ "users": vec!["ada"; 101] }), false),
        ("FlagUpdate", json!({ "rolloutPercentage": 100 }), true),
        ("FlagUpdate", json!({ "rolloutPercentage": 100.5 }), false),
        ("ExperimentUpdate", json!({ "endDate": null, "exposureEvent": null }), true),
        ("FlagUpdate", json!({ "name": null }), false),
        ("FlagList", json!({ "flags": [], "nextCursor": null, "more": 1 }), true),
        ("FlagList", json!({ "flags": [{}] }), false),
    ];
    for (name, value, right) in cases {
        let schema = schemas::standalone(&source.tree, &schema(name));
        let validator = draft202012::new(&schema).expect("a good schema");
        assert_eq!(validator.is_valid(&value), right, "{name}: {value}");
    }
}

/// What is wrong with what is published of a document, if it can be published.
fn problems_of(path: &Path) -> Option<Vec<String>> {
    let started = Instant::now();
    let source = dist::read(path, None, None, Config::new("client", "")).ok()?;
    let files = dist::files(&source);
    // The files of single schemas are made by the same lines; ours are all looked at above.
    let bundle = (schemas::BUNDLE.to_owned(), files[schemas::BUNDLE].clone());
    let mut problems = invalid(&Files::from([bundle]));
    if started.elapsed() > MOST_TIME {
        problems.push(format!("took {:?}", started.elapsed()));
    }
    let bytes: usize = files.values().map(String::len).sum();
    let given = source.document.source.bytes();
    // What is the same for every document counts as well.
    if bytes > given * MOST_GROWTH + 100_000 {
        problems.push(format!("{given} bytes gave {bytes}"));
    }
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".json")) {
        if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
            problems.push(format!("{path} is not JSON"));
        }
    }
    let yaml = codegen::load::load_text("openapi.yaml", &files["openapi.yaml"]);
    if yaml.map_or(true, |yaml| yaml.tree != source.document.tree) {
        problems.push("openapi.yaml does not hold the document".to_owned());
    }
    Some(problems)
}

/// The small documents of this repository, and those of the corpus where there is one.
#[test]
fn any_document_gives_valid_files() {
    let mut documents = Vec::new();
    below(&root().join("tests/cases"), &mut documents);
    let own = documents.len();
    match env::var_os("OPENAPI_CORPUS") {
        Some(corpus) => below(&Path::new(&corpus).join("openapi-3.0"), &mut documents),
        None => println!("skipped: the corpus (OPENAPI_CORPUS is not set)"),
    }
    // Without optimisation the largest ones take minutes.
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    let (documents, large): (Vec<_>, Vec<_>) =
        documents.into_iter().partition(|path| !cfg!(debug_assertions) || size(path) <= LARGE);
    if !large.is_empty() {
        println!("skipped: {} large documents (this is no release build)", large.len());
    }
    let mut published = 0;
    for document in &documents {
        if let Some(problems) = problems_of(document) {
            assert_eq!(problems, Vec::<String>::new(), "{}", document.display());
            published += 1;
        }
    }
    println!("{published} of {} documents, {own} of them our own", documents.len());
    assert!(published > 20, "{published} of {}", documents.len());
}

fn below(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json")
        {
            found.push(path);
        }
    }
}
