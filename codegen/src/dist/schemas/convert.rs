//! A schema of OpenAPI 3.0 in the words of JSON Schema 2020-12.
//!
//! What says nothing about values (`discriminator`, `xml`, `externalDocs`, extensions) is left out:
//! strict validators refuse words they do not know. `x-also-accept` and `x-extensible-enum` do say
//! something and are translated.

use serde_json::{Map, Value, json};

use crate::dist::outline::{resolve, target};

/// Gives the reference that stands for one of the document.
pub(super) type Place<'p> = &'p mut dyn FnMut(&str) -> Option<String>;

/// Words that mean the same in both.
const SAME: &[&str] = &[
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
];
/// Words that say nothing about whether a value is right.
const NOTES: &[&str] =
    &["title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples"];
/// Words that combine schemas.
const COMPOSED: &[&str] = &["allOf", "anyOf", "oneOf", "not"];

/// The schema of the document `tree` in the new words.
pub(super) fn convert(tree: &Value, schema: &Value, place: Place<'_>) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    if let Some(target) = target(schema) {
        // What stands beside a reference counts in 2020-12 and did not in 3.0.
        return place(target).map_or_else(|| json!({}), |place| json!({ "$ref": place }));
    }
    let mut out = Map::new();
    for (key, value) in members {
        match (key.as_str(), value) {
            ("type", Value::String(kind)) => {
                out.insert(key.clone(), types(kind, tree, schema));
            }
            _ => keyword(tree, key, value, members, &mut out, place),
        }
    }
    open_values(members, &mut out);
    match members.get("nullable") {
        Some(Value::Bool(true)) => nullable(members, out),
        _ => Value::Object(out),
    }
}

fn keyword(
    tree: &Value,
    key: &str,
    value: &Value,
    members: &Map<String, Value>,
    out: &mut Map<String, Value>,
    place: Place<'_>,
) {
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    match (key, value) {
        ("enum", Value::Array(values)) if !values.is_empty() => {
            put("enum", distinct(values));
        }
        ("required", Value::Array(names)) => {
            put("required", distinct(names));
        }
        ("format", Value::String(format)) if format == "byte" => {
            put("contentEncoding", "base64".into());
        }
        ("format", _) => {
            put("format", value.clone());
        }
        ("example", _) => {
            put("examples", json!([value]));
        }
        ("multipleOf", _) if value.as_f64().is_some_and(|step| step > 0.0) => {
            put("multipleOf", value.clone());
        }
        ("minimum", _) => bound("minimum", "exclusiveMinimum", value, members, out),
        ("maximum", _) => bound("maximum", "exclusiveMaximum", value, members, out),
        _ if SAME.contains(&key) => {
            put(key, value.clone());
        }
        _ => {
            if let Some(value) = inner(tree, key, value, place) {
                put(key, value);
            }
        }
    }
}

/// Words that hold schemas.
fn inner(tree: &Value, key: &str, value: &Value, place: Place<'_>) -> Option<Value> {
    Some(match (key, value) {
        ("items" | "not" | "additionalProperties", _) => convert(tree, value, place),
        ("properties", Value::Object(properties)) => {
            let one = |(name, one): (&String, &Value)| (name.clone(), convert(tree, one, place));
            properties.iter().map(one).collect()
        }
        ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) if !parts.is_empty() => {
            parts.iter().map(|part| convert(tree, part, place)).collect()
        }
        _ => return None,
    })
}

/// The type, and the kinds in which the value may arrive as well: a type beside `allOf` is no
/// narrower than its parts, which refuse by themselves what they do not take.
fn types(kind: &str, tree: &Value, schema: &Value) -> Value {
    let mut kinds = vec![kind];
    let mut seen: Vec<&Value> = Vec::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        let schema = resolve(tree, schema);
        if seen.iter().any(|known| std::ptr::eq(*known, schema)) {
            continue;
        }
        seen.push(schema);
        let list = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
        for kind in list("x-also-accept").filter_map(Value::as_str) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        waiting.extend(list("allOf"));
    }
    match kinds.as_slice() {
        [kind] => (*kind).into(),
        kinds => kinds.into(),
    }
}

fn distinct(values: &[Value]) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if !kept.contains(value) {
            kept.push(value.clone());
        }
    }
    kept.into()
}

/// A flag beside the bound has become the bound.
fn bound(
    closed: &str,
    open: &str,
    value: &Value,
    members: &Map<String, Value>,
    out: &mut Map<String, Value>,
) {
    let is_open = members.get(open) == Some(&Value::Bool(true));
    out.insert(if is_open { open } else { closed }.to_owned(), value.clone());
}

/// `x-extensible-enum`: the known values are offered, others are right as well.
fn open_values(members: &Map<String, Value>, out: &mut Map<String, Value>) {
    let values = members.get("x-extensible-enum").and_then(Value::as_array);
    if let Some(values) = values.filter(|values| !values.is_empty())
        && !out.contains_key("anyOf")
        && !out.contains_key("enum")
    {
        out.insert("anyOf".to_owned(), json!([{ "enum": distinct(values) }, {}]));
    }
}

/// The same, or null.
fn nullable(members: &Map<String, Value>, mut out: Map<String, Value>) -> Value {
    if COMPOSED.iter().any(|word| members.contains_key(*word)) {
        let (mut outer, inner): (Map<_, _>, Map<_, _>) =
            out.into_iter().partition(|(key, _)| NOTES.contains(&key.as_str()));
        outer.insert("anyOf".to_owned(), json!([inner, { "type": "null" }]));
        return Value::Object(outer);
    }
    if let Some(kinds) = out.get_mut("type") {
        *kinds = match kinds.take() {
            Value::Array(kinds) => kinds.into_iter().chain(["null".into()]).collect(),
            kind => json!([kind, "null"]),
        };
    }
    if let Some(Value::Array(values)) = out.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    Value::Object(out)
}
