//! What the manifests promise: a compiler version that the dependencies keep too, and what a
//! registry wants to know of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use xtask::features::{self, Set};

use crate::folder::root;

/// The compiler that each package promises to build with.
const PROMISED: &[(&str, &str)] = &[
    ("amplitude-experiment-management", "1.85"),
    ("amplitude-experiment-fake", "1.85"),
    ("ship", "1.85"),
    ("codegen", "1.88"),
    ("xtask", "1.88"),
    ("tests", "1.88"),
    ("benches", "1.88"),
];

/// The packages that a build on this machine needs, which it has therefore fetched.
fn metadata() -> Value {
    let host = run(Command::new(env!("CARGO")).args(["-vV"]));
    let host =
        host.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host");
    let answer = run(Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--locked",
            "--filter-platform",
            host,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR")));
    serde_json::from_str(&answer).expect("cargo answers JSON")
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo answers text")
}

fn version(text: &str) -> Vec<u64> {
    text.split('.').map(|part| part.parse().expect("a version is numbers")).collect()
}

/// The packages that a package is built from, itself included; not those of its tests.
fn built_from<'a>(metadata: &'a Value, id: &'a str) -> BTreeSet<&'a str> {
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .expect("there is a graph")
        .iter()
        .map(|node| (node["id"].as_str().expect("a node has an id"), node))
        .collect();
    let mut found = BTreeSet::new();
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        if !found.insert(id) {
            continue;
        }
        for dependency in nodes[id]["deps"].as_array().into_iter().flatten() {
            let kinds = dependency["dep_kinds"].as_array().expect("a dependency has kinds");
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                pending.push(dependency["pkg"].as_str().expect("a dependency has an id"));
            }
        }
    }
    found
}

#[test]
fn no_dependency_wants_a_newer_compiler_than_its_package_promises() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("there are packages");
    for (name, promised) in PROMISED.iter().copied() {
        let package = packages
            .iter()
            .find(|package| package["name"] == name)
            .unwrap_or_else(|| panic!("no package {name}"));
        assert_eq!(package["rust_version"], promised, "{name}");
        let ids = built_from(&metadata, package["id"].as_str().expect("a package has an id"));
        for other in packages {
            let wanted = other["rust_version"].as_str();
            if let (true, Some(wanted)) =
                (ids.contains(other["id"].as_str().unwrap_or_default()), wanted)
            {
                assert!(
                    version(wanted) <= version(&format!("{promised}.999")),
                    "{name} promises {promised}, but {} wants {wanted}",
                    other["name"]
                );
            }
        }
    }
}

/// `cargo xtask ci` looks at every set and builds it. These need nothing that was not fetched for the
/// build of this test.
#[test]
fn c2_client_has_one_library_for_tls_or_none() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("there are packages");
    let client = packages.iter().find(|package| package["name"] == PROMISED[0].0);
    let known = client.and_then(|client| client["features"].as_object()).expect("the client");
    for feature in known.keys().filter(|feature| *feature != "default") {
        let alone = ["--no-default-features", "--features", feature];
        assert!(
            features::SETS.iter().any(|set| set.words == alone),
            "nothing builds the client with `{feature}` alone"
        );
    }
    let is_fetched = |set: &&Set| {
        let features = ["", "--no-default-features", "rustls", "tracing", "blocking"];
        features.contains(set.words.last().unwrap_or(&""))
    };
    for set in features::SETS.iter().filter(is_fetched) {
        let found = features::tls(set, root()).expect("cargo shows the tree");
        assert_eq!(found, set.tls, "{:?}", set.words);
        assert!(
            found.iter().filter(|name| *name == "rustls" || *name == "native-tls").count() <= 1
        );
    }
}

#[test]
fn the_client_tells_a_registry_what_it_is() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("there are packages");
    let client = packages
        .iter()
        .find(|package| package["name"] == "amplitude-experiment-management")
        .expect("the client is a package");
    assert_eq!(client["license"], "MIT OR Apache-2.0");
    let description = client["description"].as_str().unwrap_or_default();
    assert!(description.contains("unofficial"), "{description}");
    assert!(client["readme"].as_str().is_some());
    assert_eq!(client["metadata"]["docs"]["rs"]["all-features"], true);
    for (key, most) in [("keywords", 5), ("categories", 5)] {
        let count = client[key].as_array().map_or(0, Vec::len);
        assert!((1..=most).contains(&count), "{count} {key}");
    }
    let inside = client["dependencies"].as_array().into_iter().flatten();
    assert!(
        inside.into_iter().all(|dependency| dependency["path"].is_null()),
        "a path cannot be published"
    );
}
