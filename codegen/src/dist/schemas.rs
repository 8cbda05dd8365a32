//! The schemas of the document as JSON Schema 2020-12: a file for each, and all in one.

mod convert;
mod definitions;

use serde_json::{Map, Value, json};

use super::names::Names;
use crate::Files;
use convert::convert;
use definitions::Definitions;

/// The dialect of every schema.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// All schemas in one file.
pub const BUNDLE: &str = "schemas.json";
/// The folder of the schemas that have a file each.
pub const FOLDER: &str = "schemas";

/// A file for each schema of the document, and the bundle.
pub(super) fn files(tree: &Value) -> Files {
    let definitions = Definitions::whole(tree);
    let mut files = Files::from([(BUNDLE.to_owned(), text(&bundle(tree, &definitions)))]);
    let mut names = Names::default();
    let named: Vec<String> =
        definitions.iter().map(|(name, _)| format!("{}.json", names.take(name))).collect();
    let place = &mut |target: &str| named.get(definitions.position(target)?).cloned();
    for ((_, schema), file) in definitions.iter().zip(&named) {
        let mut out = head(file);
        append(&mut out, convert(tree, schema, place));
        files.insert(format!("{FOLDER}/{file}"), text(&Value::Object(out)));
    }
    files
}

/// A schema of the document as one JSON Schema with all that it refers to.
#[must_use]
pub fn standalone(tree: &Value, schema: &Value) -> Value {
    let definitions = Definitions::reached(tree, schema);
    let mut out = Map::from_iter([("$schema".to_owned(), DIALECT.into())]);
    append(&mut out, convert(tree, schema, &mut |target| definitions.fragment(target)));
    out.insert("$defs".to_owned(), all(tree, &definitions));
    Value::Object(out)
}

/// What a schema refers to by itself, as the document writes it.
pub(super) fn references(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    convert(&Value::Null, schema, &mut |target| {
        found.push(target.to_owned());
        None
    });
    found
}

fn bundle(tree: &Value, definitions: &Definitions<'_>) -> Value {
    let mut out = head(BUNDLE);
    let title = tree["info"]["title"].as_str().unwrap_or_default();
    out.insert("title".to_owned(), title.into());
    out.insert("$defs".to_owned(), all(tree, definitions));
    Value::Object(out)
}

fn all(tree: &Value, definitions: &Definitions<'_>) -> Value {
    let place = &mut |target: &str| definitions.fragment(target);
    definitions
        .iter()
        .map(|(name, schema)| (name.to_owned(), convert(tree, schema, place)))
        .collect()
}

fn head(file: &str) -> Map<String, Value> {
    Map::from_iter([("$schema".to_owned(), DIALECT.into()), ("$id".to_owned(), file.into())])
}

/// Adds the keywords of a schema; `true` has none.
fn append(out: &mut Map<String, Value>, schema: Value) {
    match schema {
        Value::Object(members) => out.extend(members),
        Value::Bool(false) => out.extend([("not".to_owned(), json!({}))]),
        _ => {}
    }
}

fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests;
