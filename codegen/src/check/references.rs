//! Where references lead: every one must reach an object of the right kind in this document.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::shape::{Kind, Object};
use super::table::{OPENAPI, SCHEMA};
use super::walk::{Reference, reference};
use super::words;
use crate::diagnostic::Collector;
use crate::load::Document;
use crate::source::{join, tokens};

/// The part of `components` that holds an object.
pub const COMPONENTS: &[(&str, &str)] = &[
    ("Schema", "schemas"),
    ("Response", "responses"),
    ("Parameter", "parameters"),
    ("Example", "examples"),
    ("Request Body", "requestBodies"),
    ("Header", "headers"),
    ("Security Scheme", "securitySchemes"),
    ("Link", "links"),
    ("Callback", "callbacks"),
];

/// References that get a suggestion. Each is compared with all names of its kind, and people do not
/// read more.
const MAX_SUGGESTIONS: usize = 100;

/// Reports references that lead nowhere, elsewhere or in a circle.
pub fn check(
    document: &Document,
    tree: &Value,
    references: &[Reference],
    problems: &mut Collector,
) {
    let mut suggestions = MAX_SUGGESTIONS;
    for reference in references {
        if document.failed.contains(&document.source.value_span(&reference.pointer).start) {
            continue;
        }
        match internal(&reference.target) {
            Some(pointer) if tree.pointer(&pointer).is_some() => {
                right_kind(reference, &pointer, problems)
            }
            Some(pointer) => dangling(reference, &pointer, tree, &mut suggestions, problems),
            None => external(reference, document, problems),
        }
    }
    cycles(references, problems);
}

/// JSON pointer of a reference into this document.
pub fn internal(target: &str) -> Option<String> {
    let fragment = target.strip_prefix('#')?;
    (fragment.is_empty() || fragment.starts_with('/')).then(|| decode_percent(fragment))
}

/// The value itself, or what its references lead to.
pub fn follow<'a>(tree: &'a Value, value: &'a Value) -> Option<&'a Value> {
    let mut value = value;
    // Longer chains are circles, which are reported elsewhere.
    for _ in 0..32 {
        match reference(value) {
            Some(target) => value = tree.pointer(&internal(target)?)?,
            None => return Some(value),
        }
    }
    None
}

/// Text of a URL without its escapes.
pub fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(code) if *first == b'%' => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn right_kind(reference: &Reference, pointer: &str, problems: &mut Collector) {
    let Some(wanted) = reference.object else { return };
    let (target, name) = (&reference.target, wanted.name);
    match object_at(pointer) {
        Some(found) if std::ptr::eq(found, wanted) => {}
        Some(found) => {
            let message = format!("`{target}` is a {}, not a {name}", found.name);
            problems.error(
                "wrong-reference",
                &reference.pointer,
                message,
                format!("refer to a {name}"),
            );
        }
        None => {
            let message = format!("`{target}` is not a place where OpenAPI 3.0 has a {name}");
            let help =
                format!("move it to #/components/{}", component_of(name).unwrap_or("schemas"));
            problems.error("wrong-reference", &reference.pointer, message, help);
        }
    }
}

/// The part of `components` that holds an object of this name.
pub fn component_of(object: &str) -> Option<&'static str> {
    COMPONENTS.iter().find(|(name, _)| *name == object).map(|(_, component)| *component)
}

/// The object that the tables have at a pointer.
pub fn object_at(pointer: &str) -> Option<&'static Object> {
    let mut object = Some(&OPENAPI);
    let mut kind: Option<&'static Kind> = None;
    for token in tokens(pointer) {
        kind = match (object, kind) {
            (Some(object), _) => Some(object.kind_of(&token)?),
            (None, Some(Kind::List(inner) | Kind::Map(inner))) => Some(inner),
            _ => return None,
        };
        object = match kind {
            Some(Kind::One(object) | Kind::OrRef(object)) => Some(object),
            Some(Kind::SchemaOrFlag) => Some(&SCHEMA),
            _ => None,
        };
    }
    object
}

fn dangling(
    reference: &Reference,
    pointer: &str,
    tree: &Value,
    suggestions: &mut usize,
    problems: &mut Collector,
) {
    let mut help = "add it, or correct the reference".to_owned();
    if *suggestions > 0 {
        *suggestions -= 1;
        help = similar(pointer, tree).unwrap_or(help);
    }
    let message = format!("`{}` does not exist in this document", reference.target);
    problems.error("dangling-reference", &reference.pointer, message, help);
}

/// What was probably meant by a pointer to nothing.
fn similar(pointer: &str, tree: &Value) -> Option<String> {
    let (parent, last) = pointer.rsplit_once('/')?;
    let last = last.replace("~1", "/").replace("~0", "~");
    let siblings = tree.pointer(parent).and_then(Value::as_object).into_iter().flatten();
    match words::nearest(&last, siblings.map(|(name, _)| name.as_str())) {
        Some(near) => Some(format!("did you mean `#{}`?", join(parent, near))),
        None => elsewhere(&last, tree),
    }
}

/// A component of the same name in another part.
fn elsewhere(name: &str, tree: &Value) -> Option<String> {
    let (_, part) = COMPONENTS.iter().find(|(_, part)| {
        tree.pointer(&format!("/components/{part}")).is_some_and(|part| part.get(name).is_some())
    })?;
    Some(format!("there is `#{}`", join(&format!("/components/{part}"), name)))
}

/// What the loader has left: targets that are on the network or no targets at all.
fn external(reference: &Reference, document: &Document, problems: &mut Collector) {
    let target = &reference.target;
    let file = target.split('#').next().unwrap_or("");
    let (message, help) = if file.contains("://") || file.starts_with("//") {
        let message = format!("`{target}` is on the network, and nothing is fetched from there");
        (message, "copy the target into this document".to_owned())
    } else if file.is_empty() {
        (format!("`{target}` is not a JSON pointer"), "write `#/components/...`".to_owned())
    } else if let Some(part) = part_with(reference, file, &document.tree) {
        let message = format!("`{target}` is read as the name of a file");
        (message, format!("write `#{part}/{file}`"))
    } else {
        let message = format!("`{target}` is in another file, and this text is not from a file");
        (message, "bundle the documents into one".to_owned())
    };
    problems.error("external-reference", &reference.pointer, message, help);
}

/// The part of `components` in which a component of this name would fit the reference.
fn part_with(reference: &Reference, name: &str, tree: &Value) -> Option<String> {
    let part = format!("/components/{}", component_of(reference.object?.name)?);
    tree.pointer(&part)?.get(name)?;
    Some(part)
}

/// Circles of references that name each other, and of `allOf` parts that contain themselves.
fn cycles(references: &[Reference], problems: &mut Collector) {
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for reference in references {
        let container = reference.pointer.strip_suffix("/$ref").unwrap_or(&reference.pointer);
        let Some(target) = internal(&reference.target) else { continue };
        edges.entry(container.to_owned()).or_default().push(target);
        let whole = container.rsplit_once('/').and_then(|(list, _)| list.strip_suffix("/allOf"));
        if let Some(whole) = whole {
            edges.entry(whole.to_owned()).or_default().push(container.to_owned());
        }
    }
    let mut done = HashSet::new();
    for start in edges.keys() {
        if let Some(circle) = circle(start, &edges, &mut done) {
            report_circle(&circle, references, problems);
        }
    }
}

/// The first circle met from `start`, by a depth-first search without recursion: chains of
/// references are as long as the document.
fn circle(
    start: &str,
    edges: &BTreeMap<String, Vec<String>>,
    done: &mut HashSet<String>,
) -> Option<Vec<String>> {
    let mut path: Vec<(&str, usize)> = vec![(start, 0)];
    let mut on_path = HashSet::from([start]);
    while let Some((node, next)) = path.last_mut() {
        let target = if done.contains(*node) {
            None
        } else {
            edges.get(*node).and_then(|targets| targets.get(*next))
        };
        *next += 1;
        let Some(target) = target else {
            done.insert((*node).to_owned());
            on_path.remove(*node);
            path.pop();
            continue;
        };
        if on_path.contains(target.as_str()) {
            let from = path.iter().position(|(node, _)| *node == target).unwrap_or(0);
            let circle = path[from..].iter().map(|(node, _)| (*node).to_owned()).collect();
            done.extend(path.iter().map(|(node, _)| (*node).to_owned()));
            return Some(circle);
        }
        if !done.contains(target) {
            on_path.insert(target);
            path.push((target, 0));
        }
    }
    None
}

fn report_circle(circle: &[String], references: &[Reference], problems: &mut Collector) {
    let own = |reference: &&Reference| {
        reference
            .pointer
            .strip_suffix("/$ref")
            .is_some_and(|container| circle.iter().any(|node| node == container))
    };
    let Some(reference) = references.iter().find(own) else { return };
    let message = format!(
        "`{}` leads back to this reference, so there is nothing at its end",
        reference.target
    );
    problems.error(
        "reference-cycle",
        &reference.pointer,
        message,
        "let one of them be a schema of its own",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_decoded() {
        let cases = [
            ("#/components/schemas/A", Some("/components/schemas/A")),
            ("#/paths/~1a~1%7Bid%7D/get", Some("/paths/~1a~1{id}/get")),
            ("#", Some("")),
            ("#A", None),
            ("a.yaml#/b", None),
            ("#/100%/%zz", Some("/100%/%zz")),
        ];
        for (target, expected) in cases {
            assert_eq!(internal(target).as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn places_have_the_objects_of_the_standard() {
        let cases = [
            ("", Some("document")),
            ("/components/schemas/A", Some("Schema")),
            ("/components/schemas/A/properties/b/items", Some("Schema")),
            ("/components/schemas/A/additionalProperties", Some("Schema")),
            ("/components/schemas/A/example/b", None),
            ("/components/schemas", None),
            ("/paths/~1a/get/parameters/0", Some("Parameter")),
            ("/paths/~1a/get/responses/200/content/application~1json/schema", Some("Schema")),
            ("/definitions/A", None),
        ];
        for (pointer, expected) in cases {
            assert_eq!(object_at(pointer).map(|object| object.name), expected, "{pointer}");
        }
    }
}
