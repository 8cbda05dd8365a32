//! The authored document: complete, described, and true to the types that are made from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use amplitude_experiment_management::models;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Operations of each family, counted by hand on the documentation, and `getDeployment`.
const FAMILIES: [(&str, usize); 6] = [
    ("flags", 22),
    ("experiments", 22),
    ("mutexes", 5),
    ("holdouts", 4),
    ("deployments", 4),
    ("versions", 1),
];

/// Decodes a value and writes it back.
type Round = fn(&Value) -> Result<Value, serde_json::Error>;

fn round<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, serde_json::Error> {
    serde_json::to_value(serde_json::from_value::<T>(value.clone())?)
}

/// The type of every schema that an example is an instance of.
const TYPES: &[(&str, Round)] = &[
    ("BulkDeleteCohorts", round::<models::BulkDeleteCohorts>),
    ("BulkDeleteUsers", round::<models::BulkDeleteUsers>),
    ("CohortInclusions", round::<models::CohortInclusions>),
    ("CreateResult", round::<models::CreateResult>),
    ("Deployment", round::<models::Deployment>),
    ("DeploymentAttachment", round::<models::DeploymentAttachment>),
    ("DeploymentCreate", round::<models::DeploymentCreate>),
    ("DeploymentCreateResult", round::<models::DeploymentCreateResult>),
    ("DeploymentList", round::<models::DeploymentList>),
    ("DeploymentUpdate", round::<models::DeploymentUpdate>),
    ("ErrorBody", round::<models::ErrorBody>),
    ("Experiment", round::<models::Experiment>),
    ("ExperimentCreate", round::<models::ExperimentCreate>),
    ("ExperimentList", round::<models::ExperimentList>),
    ("ExperimentUpdate", round::<models::ExperimentUpdate>),
    ("Flag", round::<models::Flag>),
    ("FlagCreate", round::<models::FlagCreate>),
    ("FlagList", round::<models::FlagList>),
    ("FlagUpdate", round::<models::FlagUpdate>),
    ("Holdout", round::<models::Holdout>),
    ("HoldoutCreate", round::<models::HoldoutCreate>),
    ("HoldoutList", round::<models::HoldoutList>),
    ("HoldoutUpdate", round::<models::HoldoutUpdate>),
    ("Mutex", round::<models::Mutex>),
    ("MutexCreate", round::<models::MutexCreate>),
    ("MutexList", round::<models::MutexList>),
    ("MutexSlotUpdate", round::<models::MutexSlotUpdate>),
    ("MutexUpdate", round::<models::MutexUpdate>),
    ("UserInclusions", round::<models::UserInclusions>),
    ("Variant", round::<models::Variant>),
    ("VariantCreate", round::<models::VariantCreate>),
    ("VariantUpdate", round::<models::VariantUpdate>),
    ("Version", round::<models::Version>),
    ("VersionList", round::<models::VersionList>),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_owned()
}

fn text() -> String {
    std::fs::read_to_string(root().join("spec/openapi.yaml")).expect("the document is there")
}

/// The document by a reader that is not ours.
fn document() -> Value {
    serde_yaml::from_str(&text()).expect("the document is YAML")
}

/// Follows a reference, if this is one.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("references stay inside");
            resolved(document, document.pointer(pointer).expect("references lead somewhere"))
        }
        None => value,
    }
}

/// Method, path and operation of each operation.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("there are paths");
    let mut found = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path is an object") {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                found.push((format!("{} {path}", method.to_uppercase()), operation));
            }
        }
    }
    found
}

/// The examples of a media type.
fn examples(media: &Value) -> Vec<&Value> {
    let named = media.get("examples").and_then(Value::as_object);
    let named = named.into_iter().flatten().filter_map(|(_, example)| example.get("value"));
    media.get("example").into_iter().chain(named).collect()
}

/// Decodes an instance of a schema with the type made from it and writes it back.
fn round_trip(schema: &Value, value: &Value) -> Result<Value, String> {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        let known = TYPES.iter().find(|(known, _)| *known == name);
        let (_, round) = known.ok_or_else(|| format!("{name} is missing in TYPES"))?;
        return round(value).map_err(|error| format!("{name}: {error}"));
    }
    match (schema["type"].as_str(), value) {
        (Some("array"), Value::Array(items)) => {
            let items: Result<Vec<Value>, String> =
                items.iter().map(|item| round_trip(&schema["items"], item)).collect();
            items.map(Value::Array)
        }
        (Some("string"), Value::String(_)) => Ok(value.clone()),
        _ => Err(format!("an example does not fit its schema {schema}")),
    }
}

#[test]
fn every_family_has_its_operations() {
    let document = document();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, operation) in operations(&document) {
        let tags = operation["tags"].as_array().unwrap_or_else(|| panic!("{place} has no tag"));
        assert_eq!(tags.len(), 1, "{place}");
        *counts.entry(tags[0].as_str().expect("a tag is text")).or_default() += 1;
    }
    assert_eq!(counts, BTreeMap::from(FAMILIES));
}

#[test]
fn every_operation_has_a_test_over_the_wire() {
    let document = document();
    let described: BTreeSet<String> =
        operations(&document).into_iter().map(|(route, _)| route).collect();
    let tested: BTreeSet<String> =
        crate::wire::OPERATIONS.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(described, tested);
}

#[test]
fn every_body_and_every_answer_has_an_example_that_the_types_hold() {
    let document = document();
    let mut seen = 0;
    let mut problems = Vec::new();
    for (place, operation) in operations(&document) {
        let mut contents = Vec::new();
        if let Some(body) = operation.get("requestBody") {
            contents.push(("body".to_owned(), &resolved(&document, body)["content"]));
        }
        for (status, answer) in operation["responses"].as_object().expect("there are answers") {
            contents.push((status.clone(), &resolved(&document, answer)["content"]));
        }
        for (what, content) in contents {
            for (kind, media) in content.as_object().into_iter().flatten() {
                let examples = examples(media);
                if examples.is_empty() {
                    problems.push(format!("{place} {what} {kind} has no example"));
                }
                for example in examples {
                    seen += 1;
                    match round_trip(&media["schema"], example) {
                        Ok(back) if back == *example => {}
                        Ok(back) => {
                            problems.push(format!("{place} {what}: {example} becomes {back}"))
                        }
                        Err(error) => problems.push(format!("{place} {what}: {error}")),
                    }
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(seen > 58, "only {seen} examples were found");
}

#[test]
fn every_operation_says_what_it_does_and_how_it_fails() {
    let document = document();
    for (place, operation) in operations(&document) {
        for key in ["operationId", "summary", "description", "x-retry"] {
            let text = operation[key].as_str().unwrap_or_default();
            assert!(!text.trim().is_empty(), "{place} has no {key}");
        }
        for status in ["200", "401", "403", "404", "429"] {
            assert!(operation["responses"].get(status).is_some(), "{place} has no {status}");
        }
        let edits_experiment = operation["operationId"] == "updateExperiment";
        assert_eq!(operation["responses"].get("405").is_some(), edits_experiment, "{place}");
    }
}

#[test]
fn every_decision_is_marked_at_its_place() {
    let text = text();
    let missing: Vec<String> = (1..=30)
        .map(|number| format!("C{number}"))
        .filter(|mark| {
            !text.match_indices(mark.as_str()).any(|(start, _)| {
                !text[start + mark.len()..].starts_with(|next: char| next.is_ascii_digit())
            })
        })
        .collect();
    assert!(missing.is_empty(), "no place names {missing:?}");
}

#[test]
fn two_readers_of_yaml_see_the_same_document() {
    let mut compared = 0;
    let mut folders = vec![root().join("tests/cases")];
    let mut files = vec![root().join("spec/openapi.yaml")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            // What is broken on purpose is read differently, or not at all.
            if path.is_dir() && !path.ends_with("broken") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                files.push(path);
            }
        }
    }
    for path in files {
        let text = std::fs::read_to_string(&path).expect("the case can be read");
        let theirs = serde_yaml::from_str::<Value>(&text);
        let (Ok(theirs), Ok(ours)) = (theirs, codegen::load::load(&path)) else { continue };
        // Other files, and another version of the standard, are in no text.
        if ours.as_written {
            assert_eq!(ours.tree, theirs, "{}", path.display());
            compared += 1;
        }
    }
    assert!(compared > 40, "only {compared} documents were compared");
}
