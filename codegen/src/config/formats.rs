//! Rust types of other crates for formats of the document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use syn::{GenericArgument, PathArguments, TypePath};

use super::load::checked_text;
use super::manifest::crate_name_problem;
use crate::diagnostic::Collector;
use crate::source::join;

/// The type of another crate that values of a format are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// Its path, which is one: `::uuid::Uuid`.
    pub(crate) path: String,
    /// The kind of schema that it is about.
    pub(crate) of: Of,
    /// The crates that the path needs, by name.
    pub(crate) dependencies: BTreeMap<String, Dependency>,
    /// The entry's place in the settings.
    pub(crate) pointer: String,
}

/// A kind of schema that has formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    String,
    Number,
    Integer,
}

/// A crate that the client depends on for a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
    pub(crate) default_features: bool,
}

/// The keys of an entry.
pub(super) const KEYS: &[&str] = &["type", "of", "dependency"];
/// The keys of a dependency.
const DEPENDENCY_KEYS: &[&str] = &["version", "features", "default-features"];
/// Kinds of schemas.
const KINDS: [(&str, Of); 3] =
    [("string", Of::String), ("number", Of::Number), ("integer", Of::Integer)];
/// How a path may begin besides the name of a dependency.
const STANDARD: &[&str] = &["std", "core", "alloc"];

/// `formats` of the settings.
pub(super) fn read(tree: &Value, problems: &mut Collector) -> BTreeMap<String, Format> {
    let members = match tree.get("formats") {
        None => return BTreeMap::new(),
        Some(Value::Object(members)) => members,
        Some(_) => {
            let help = "write lines such as `ipv4: { type: std::net::Ipv4Addr }`";
            problems.error("wrong-kind", "/formats", "`formats` is no object", help);
            return BTreeMap::new();
        }
    };
    let mut read = BTreeMap::new();
    for (name, value) in members {
        let pointer = join("/formats", name);
        if name == "binary" {
            let message =
                "`binary` stands for a file or a whole body, which are no values of a type";
            problems.error("unknown-name", &pointer, message, "remove the entry");
        }
        let Some(members) = value.as_object() else {
            let help = "write an object with `type`, such as `{ type: std::net::Ipv4Addr }`";
            problems.error("wrong-kind", &pointer, format!("`{name}` is no object"), help);
            continue;
        };
        if let Some(format) = entry(members, &pointer, problems) {
            read.insert(name.clone(), format);
        }
    }
    check_dependencies(&read, problems);
    read
}

fn entry(members: &Map<String, Value>, pointer: &str, problems: &mut Collector) -> Option<Format> {
    unknown_keys(members, KEYS, pointer, problems);
    let of = match members.get("of") {
        None => Of::String,
        Some(value) => {
            let kind = |text: &str| KINDS.iter().find(|(name, _)| *name == text);
            let rule = |text: &str| {
                kind(text).is_none().then_some("write `string`, `number` or `integer`")
            };
            let text = checked_text(value, &join(pointer, "of"), rule, problems)?;
            kind(&text)?.1
        }
    };
    let mut dependencies = BTreeMap::new();
    match members.get("dependency") {
        None => {}
        Some(Value::Object(crates)) => {
            for (name, value) in crates {
                let pointer = join(&join(pointer, "dependency"), name);
                if let Some(dependency) = dependency(name, value, &pointer, problems) {
                    dependencies.insert(name.clone(), dependency);
                }
            }
        }
        Some(_) => {
            let help = "write lines such as `uuid: { version: \"1\", features: [serde] }`";
            let pointer = join(pointer, "dependency");
            problems.error("wrong-kind", &pointer, "`dependency` is no object", help);
        }
    }
    let Some(value) = members.get("type") else {
        problems.error(
            "missing-key",
            pointer,
            "`type` is missing",
            "add `type: PATH`, a Rust type",
        );
        return None;
    };
    let path = checked_text(value, &join(pointer, "type"), path_problem, problems)?;
    let path = format!("::{}", path.trim_start_matches("::"));
    Some(Format { path, of, dependencies, pointer: pointer.to_owned() })
}

fn dependency(
    name: &str,
    value: &Value,
    pointer: &str,
    problems: &mut Collector,
) -> Option<Dependency> {
    if let Some(problem) = crate_name_problem(name) {
        problems.error("wrong-value", pointer, format!("`{name}` is no name of a crate"), problem);
    }
    if crate::emit::depends_on(name) {
        let message = format!("the client itself depends on `{name}`, in a version of its own");
        problems.error("duplicate-value", pointer, message, "take a type of another crate");
    }
    let short = Map::from_iter([("version".to_owned(), value.clone())]);
    let members = match value {
        Value::Object(members) => members,
        Value::String(_) => &short,
        _ => {
            let help = "write a version, or an object with `version` and `features`";
            problems.error("wrong-kind", pointer, format!("`{name}` has no version"), help);
            return None;
        }
    };
    unknown_keys(members, DEPENDENCY_KEYS, pointer, problems);
    let Some(version) = members.get("version") else {
        problems.error("missing-key", pointer, "`version` is missing", "add `version: \"1\"`");
        return None;
    };
    let version = checked_text(version, pointer, requirement_problem, problems)?;
    let mut features = Vec::new();
    let listed = members.get("features");
    for (index, feature) in listed.and_then(Value::as_array).into_iter().flatten().enumerate() {
        let pointer = join(&join(pointer, "features"), &index.to_string());
        features.extend(checked_text(feature, &pointer, feature_problem, problems));
    }
    if listed.is_some_and(|listed| !listed.is_array()) {
        let message = "`features` is no list";
        problems.error("wrong-kind", &join(pointer, "features"), message, "write a list of texts");
    }
    let default = members.get("default-features");
    if default.is_some_and(|default| !default.is_boolean()) {
        let (pointer, message) =
            (join(pointer, "default-features"), "it is neither true nor false");
        problems.error("wrong-kind", &pointer, message, "write true or false");
    }
    Some(Dependency { version, features, default_features: default != Some(&Value::Bool(false)) })
}

/// One crate is taken in one way, and a path starts with a crate that is there.
fn check_dependencies(formats: &BTreeMap<String, Format>, problems: &mut Collector) {
    let mut known: BTreeMap<&str, &Dependency> = BTreeMap::new();
    for format in formats.values() {
        for (name, dependency) in &format.dependencies {
            if known.insert(name, dependency).is_some_and(|other| other != dependency) {
                let pointer = join(&join(&format.pointer, "dependency"), name);
                let message = format!("another format takes `{name}` in another way");
                problems.error(
                    "duplicate-value",
                    &pointer,
                    message,
                    "write both alike, or one only",
                );
            }
        }
    }
    for format in formats.values() {
        let Ok(path) = syn::parse_str::<TypePath>(&format.path) else { continue };
        let crates = known.keys().map(|name| name.replace('-', "_"));
        let crates: Vec<String> =
            crates.chain(STANDARD.iter().map(|&name| name.to_owned())).collect();
        for name in crates_of(&path).into_iter().filter(|name| !crates.contains(name)) {
            let message = format!("no `dependency` brings the crate `{name}`");
            let help = format!(
                "add `dependency: {{ {name}: {{ version: \"1\" }} }}` with the right version"
            );
            problems.error("unknown-name", &join(&format.pointer, "type"), message, help);
        }
    }
}

/// The crates that a path and those in its angle brackets start with.
fn crates_of(path: &TypePath) -> Vec<String> {
    let segments = &path.path.segments;
    let first = segments.first().map(|segment| segment.ident.to_string());
    let inner = segments.iter().flat_map(|segment| arguments(&segment.arguments));
    let inner = inner.flatten().filter(|inner| inner.path.segments.len() > 1);
    first.into_iter().chain(inner.flat_map(crates_of)).collect()
}

/// The types in the angle brackets of a segment; `None` for what is no type with a path.
fn arguments(arguments: &PathArguments) -> impl Iterator<Item = Option<&TypePath>> {
    let angled = match arguments {
        PathArguments::AngleBracketed(angled) => Some(&angled.args),
        PathArguments::None | PathArguments::Parenthesized(_) => None,
    };
    angled.into_iter().flatten().map(|argument| match argument {
        GenericArgument::Type(syn::Type::Path(path)) => Some(path),
        _ => None,
    })
}

/// Why it is no path of a type of another crate, if it is none.
fn path_problem(text: &str) -> Option<&'static str> {
    let path = syn::parse_str::<TypePath>(text).ok();
    let good = path.is_some_and(|path| path.path.segments.len() > 1 && is_plain(&path));
    let own =
        matches!(text.trim_start_matches("::"), "std::string::String" | "alloc::string::String");
    (!good || own).then_some(
        "write the whole path of a type of another crate, such as `uuid::Uuid` or `chrono::DateTime<chrono::Utc>`",
    )
}

/// Whether a path has nothing in it but names, and in angle brackets other such paths.
fn is_plain(path: &TypePath) -> bool {
    let legal = |name: String| {
        !matches!(name.as_str(), "crate" | "self" | "super" | "Self")
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    path.qself.is_none()
        && path.path.segments.iter().all(|segment| {
            legal(segment.ident.to_string())
                && !matches!(segment.arguments, PathArguments::Parenthesized(_))
                && arguments(&segment.arguments).all(|inner| inner.is_some_and(is_plain))
        })
}

/// Why it is no requirement of a version, if it is none.
fn requirement_problem(text: &str) -> Option<&'static str> {
    let legal = |c: char| c.is_ascii_alphanumeric() || " .,*=<>^~+-".contains(c);
    let good = text.contains(|c: char| c.is_ascii_digit() || c == '*') && text.chars().all(legal);
    (!good).then_some("write a version as in a Cargo.toml, such as \"1.2\"")
}

/// Why it is no name of a feature, if it is none.
fn feature_problem(text: &str) -> Option<&'static str> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '.');
    let good = !text.is_empty() && text.chars().all(legal);
    (!good).then_some("a feature is made of ASCII letters, digits, `-`, `_`, `+` and `.`")
}

fn unknown_keys(
    members: &Map<String, Value>,
    known: &[&str],
    pointer: &str,
    problems: &mut Collector,
) {
    for key in members.keys().filter(|key| !known.contains(&key.as_str())) {
        let help = format!("the keys are {}", known.join(", "));
        problems.error(
            "unknown-key",
            &join(pointer, key),
            format!("`{key}` means nothing here"),
            help,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_types_are_paths() {
        for good in ["uuid::Uuid", "::std::net::Ipv4Addr", "chrono::DateTime<chrono::Utc>"] {
            assert_eq!(path_problem(good), None, "{good}");
        }
        for bad in [
            "",
            "Uuid",
            "crate::models::Flag",
            "super::A",
            "a::B; fn main() {}",
            "<a::B as c::D>::E",
            "a::B<'static>",
            "a::B<{ std::process::exit(1) }>",
            "a::B<[u8; 3]>",
            "a::F(u8) -> u8",
            "a::B<dyn C>",
            "a::m!()",
            "a::r#fn::B",
            "std::string::String",
        ] {
            assert!(path_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn versions_and_features_hold_no_toml() {
        for bad in ["", "1\"", "1\nx = 2", "latest", "{ path = 1 }"] {
            assert!(requirement_problem(bad).is_some(), "{bad}");
        }
        assert_eq!(requirement_problem(">=1.2, <2"), None);
        assert!(feature_problem("a\"]").is_some() && feature_problem("v4").is_none());
    }
}
