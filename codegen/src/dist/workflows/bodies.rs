//! What a body holds: whether a pointer finds something in it, and whether a payload fits it.

use serde_json::Value;

use super::expression::in_value;
use crate::check::nearest;
use crate::dist::outline::resolve;
use crate::source::{join, tokens};

/// References and parts that are followed for one name.
const MAX_STEPS: usize = 64;

/// A problem of a payload: where in it, what, and what to do.
pub(super) type Problem = (String, &'static str, String, String);

/// The schemas of a member or an item; `None` if the schema does not know it. An empty list: any
/// value may stand there.
fn step<'a>(
    tree: &'a Value,
    schema: &'a Value,
    token: &str,
    left: usize,
) -> Option<Vec<&'a Value>> {
    let schema = resolve(tree, schema);
    if left == 0 || is_free(schema) {
        return Some(Vec::new());
    }
    if let Some(found) = schema.get("properties").and_then(|members| members.get(token)) {
        return Some(vec![found]);
    }
    if let Some(items) = schema.get("items").filter(|_| token.parse::<usize>().is_ok()) {
        return Some(vec![items]);
    }
    for part in parts(schema) {
        if let Some(found) = step(tree, part, token, left - 1) {
            return Some(found);
        }
    }
    match schema.get("additionalProperties") {
        Some(Value::Bool(true)) => Some(Vec::new()),
        Some(values @ Value::Object(_)) => Some(vec![values]),
        _ => None,
    }
}

/// Whether the schema says nothing of what the value holds.
fn is_free(schema: &Value) -> bool {
    let says = |key: &str| schema.get(key).is_some();
    !["type", "properties", "items", "allOf", "anyOf", "oneOf", "enum"].into_iter().any(says)
        || (schema.get("type").is_some_and(|kind| kind == "object")
            && !["properties", "additionalProperties", "allOf", "anyOf", "oneOf"]
                .into_iter()
                .any(says))
}

fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    let lists =
        ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)?.as_array());
    lists.flatten()
}

/// Names that a schema knows.
fn names<'a>(tree: &'a Value, schema: &'a Value, left: usize) -> Vec<&'a str> {
    let schema = resolve(tree, schema);
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let mut names: Vec<&str> = own.map(|(name, _)| name.as_str()).collect();
    if left > 0 {
        names.extend(parts(schema).flat_map(|part| self::names(tree, part, left - 1)));
    }
    names
}

/// The step of a pointer that finds nothing in a schema, and what to do.
pub(super) fn missing(tree: &Value, schema: &Value, pointer: &str) -> Option<(String, String)> {
    let mut schema = schema;
    for token in tokens(pointer) {
        match step(tree, schema, &token, MAX_STEPS) {
            None => return Some((token.to_string(), suggestion(tree, schema, &token))),
            Some(found) => schema = found.first().copied()?,
        }
    }
    None
}

fn suggestion(tree: &Value, schema: &Value, name: &str) -> String {
    let known = names(tree, schema, 4);
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "it holds no members with names".to_owned(),
        None => format!("it holds `{}`", known.join("`, `")),
    }
}

/// All that keeps a payload from being what the schema asks for. Expressions stand for anything.
pub(super) fn misfits(
    tree: &Value,
    schema: &Value,
    payload: &Value,
    pointer: &str,
) -> Vec<Problem> {
    let own = resolve(tree, schema);
    match payload {
        Value::String(text) if !in_value(text).is_empty() => Vec::new(),
        Value::Object(members) => {
            let mut problems = lacks(tree, own, payload, pointer);
            for (name, value) in members {
                let place = join(pointer, name);
                match step(tree, own, name, MAX_STEPS) {
                    None => problems.push((
                        place,
                        "unknown-member",
                        format!("the body has no member `{name}`"),
                        suggestion(tree, own, name),
                    )),
                    Some(found) => problems.extend(
                        found.iter().flat_map(|schema| misfits(tree, schema, value, &place)),
                    ),
                }
            }
            problems
        }
        Value::Array(items) => {
            let of_item = |(index, item): (usize, &Value)| {
                let found = step(tree, own, &index.to_string(), MAX_STEPS).unwrap_or_default();
                let place = join(pointer, &index.to_string());
                let inside = found.iter().flat_map(|schema| misfits(tree, schema, item, &place));
                inside.collect::<Vec<_>>()
            };
            let inside = items.iter().enumerate().flat_map(of_item);
            wrong_kind(tree, own, payload, pointer).into_iter().chain(inside).collect()
        }
        _ => wrong_kind(tree, own, payload, pointer).into_iter().collect(),
    }
}

/// Required members that a payload does not have.
fn lacks(tree: &Value, schema: &Value, payload: &Value, pointer: &str) -> Vec<Problem> {
    let mut problems: Vec<Problem> =
        wrong_kind(tree, schema, payload, pointer).into_iter().collect();
    let all = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    for part in all.map(|part| resolve(tree, part)).chain([schema]) {
        let listed = ["required", "x-required-on-write"];
        let listed = listed.into_iter().filter_map(|key| part.get(key)?.as_array()).flatten();
        for name in listed.filter_map(Value::as_str).filter(|name| payload.get(name).is_none()) {
            problems.push((
                pointer.to_owned(),
                "missing-member",
                format!("the body has no `{name}`, which is required"),
                format!("add `{name}`"),
            ));
        }
    }
    problems
}

/// A value of a kind that the schema does not allow.
fn wrong_kind(tree: &Value, schema: &Value, value: &Value, pointer: &str) -> Option<Problem> {
    if let [part] = parts(schema).collect::<Vec<_>>().as_slice()
        && schema.get("type").is_none()
    {
        return wrong_kind(tree, resolve(tree, part), value, pointer);
    }
    let kind = schema.get("type")?.as_str()?;
    let also = schema.get("x-also-accept").and_then(Value::as_array).into_iter().flatten();
    let fits = [kind].into_iter().chain(also.filter_map(Value::as_str)).any(|kind| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    });
    let null = value.is_null() && schema.get("nullable") == Some(&Value::Bool(true));
    let shown: String = value.to_string().chars().take(40).collect();
    (!fits && !null).then(|| {
        let message = format!("`{shown}` is not of the type `{kind}`");
        (pointer.to_owned(), "wrong-value", message, format!("write a value of the type `{kind}`"))
    })
}
