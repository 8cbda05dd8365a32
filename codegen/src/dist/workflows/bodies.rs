//! What a body holds: whether a pointer finds something in it, and whether a payload fits it.

use serde_json::Value;

use super::expression::in_value;
use crate::check::nearest;
use crate::dist::outline::resolve;
use crate::source::{join, tokens};

/// Schemas that are nothing but another one.
const MAX_HOPS: usize = 32;
/// Parts that are looked at for one name: shared parts of parts are met again and again.
const MAX_PARTS: usize = 2_000;

/// A problem of a payload: where in it, what, and what to do.
pub(super) type Problem = (String, &'static str, String, String);

/// The schema of a member or an item: `None` if the schema does not know it, `Some(None)` if any
/// value may stand there.
fn step<'a>(tree: &'a Value, schema: &'a Value, token: &str) -> Option<Option<&'a Value>> {
    let mut open = vec![schema];
    let mut free = None;
    for _ in 0..MAX_PARTS {
        let Some(schema) = open.pop() else { return free };
        let schema = resolve(tree, schema);
        let member = schema.get("properties").and_then(|members| members.get(token));
        let items = schema.get("items").filter(|_| token.parse::<usize>().is_ok());
        if let Some(found) = member.or(items) {
            return Some(Some(found));
        }
        match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => free = Some(Some(values)),
            Some(Value::Bool(true)) => free = free.or(Some(None)),
            _ if is_free(schema) => free = free.or(Some(None)),
            _ => {}
        }
        open.extend(parts(schema));
    }
    Some(None)
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
fn names<'a>(tree: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    let mut open = vec![schema];
    let mut names = Vec::new();
    for _ in 0..MAX_PARTS {
        let Some(schema) = open.pop() else { break };
        let schema = resolve(tree, schema);
        let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        names.extend(own.map(|(name, _)| name.as_str()));
        open.extend(parts(schema));
    }
    names
}

/// The step of a pointer that finds nothing in a schema, and what to do.
pub(super) fn missing(tree: &Value, schema: &Value, pointer: &str) -> Option<(String, String)> {
    let mut schema = schema;
    for token in tokens(pointer) {
        match step(tree, schema, &token) {
            None => return Some((token.to_string(), suggestion(tree, schema, &token))),
            Some(found) => schema = found?,
        }
    }
    None
}

fn suggestion(tree: &Value, schema: &Value, name: &str) -> String {
    let known = names(tree, schema);
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
                match step(tree, own, name) {
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
                let found = step(tree, own, &index.to_string()).flatten();
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
    let mut schema = schema;
    for _ in 0..MAX_HOPS {
        match parts(schema).collect::<Vec<_>>().as_slice() {
            [part] if schema.get("type").is_none() => schema = resolve(tree, part),
            _ => break,
        }
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
