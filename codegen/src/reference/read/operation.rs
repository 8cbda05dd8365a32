//! Operations: parameters, bodies, answers and how a call looks.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Found, Source, facts, schema};
use crate::emit::code;
use crate::reference::model::{Answer, Body, Content, Operation, Parameter};
use crate::reference::node::{all_members, flag, items, members, plain, resolved, text};
use crate::reference::{call, example, samples};

/// What is in `in`, in the order in which it is shown.
const PLACES: &[&str] = &["path", "query", "header", "cookie"];

pub(super) fn operation(source: &Source<'_>, found: &Found<'_>) -> Operation {
    let parameters = raw_parameters(source.tree, found);
    let path = found.path.split('#').next().unwrap_or(found.path);
    let method = found.method.to_ascii_uppercase();
    let rust = source.calls.get(&format!("{method} {path}"));
    let id = text(found.value, "operationId");
    let call = call::call(source, &method, path, found.value, &parameters);
    let title = text(found.value, "summary").or_else(|| id.clone());
    Operation {
        anchor: found.anchor.clone(),
        title: title.unwrap_or_else(|| format!("{method} {path}")),
        description: text(found.value, "description").or_else(|| text(found.item, "description")),
        deprecated: flag(found.value, "deprecated"),
        undocumented: flag(found.value, "x-undocumented"),
        facts: facts::facts(source, &method, path, found.value),
        parameters: parameters.iter().map(|raw| parameter(source.tree, raw)).collect(),
        body: found.value.get("requestBody").map(|raw| body(source.tree, raw)),
        answers: answers(source.tree, found.value),
        samples: samples::all(source, &call, rust.map(String::as_str)),
        id,
        method,
        path: found.path.to_owned(),
    }
}

/// The parameters of the operation and those of its path that it does not replace, by place.
fn raw_parameters<'a>(tree: &'a Value, found: &Found<'a>) -> Vec<&'a Value> {
    let key = |value: &Value| (text(value, "in"), text(value, "name"));
    let all = items(found.item, "parameters").chain(items(found.value, "parameters"));
    let mut by_name: IndexMap<_, &Value> = IndexMap::new();
    for value in all.map(|value| resolved(tree, value)) {
        by_name.insert(key(value), value);
    }
    let mut parameters: Vec<&Value> = by_name.into_values().collect();
    let place = |value: &&Value| {
        let place = text(value, "in").unwrap_or_default();
        PLACES.iter().position(|known| *known == place).unwrap_or(PLACES.len())
    };
    parameters.sort_by_key(place);
    parameters
}

fn parameter(tree: &Value, raw: &Value) -> Parameter {
    let inner = raw.get("schema").or_else(|| members(raw, "content").next()?.1.get("schema"));
    let mut schema = inner.map(|inner| schema::used(tree, inner)).unwrap_or_default();
    schema.description = text(raw, "description").or(schema.description);
    let first = all_members(raw, "examples").next();
    let shown = raw.get("example").or_else(|| resolved(tree, first?.1).get("value"));
    if let Some(shown) = shown.filter(|shown| !shown.is_object()) {
        schema.facts.retain(|fact| !fact.starts_with("example "));
        schema.facts.push(format!("example {}", code(&plain(shown))));
    }
    Parameter {
        name: text(raw, "name").unwrap_or_default(),
        place: text(raw, "in").unwrap_or_default(),
        required: flag(raw, "required"),
        deprecated: flag(raw, "deprecated"),
        style: style(raw),
        schema,
    }
}

/// How a value is written that is not plain text.
fn style(raw: &Value) -> Option<String> {
    if let Some((media_type, _)) = members(raw, "content").next() {
        return Some(format!("written as {}", code(media_type)));
    }
    if let Some(style) = text(raw, "style") {
        return Some(format!("style {}", code(&style)));
    }
    let joined = raw.get("explode") == Some(&Value::Bool(false));
    joined.then(|| "values joined by commas".to_owned())
}

fn body(tree: &Value, raw: &Value) -> Body {
    let raw = resolved(tree, raw);
    Body {
        required: flag(raw, "required"),
        description: text(raw, "description"),
        contents: contents(tree, raw, true),
    }
}

fn answers(tree: &Value, operation: &Value) -> Vec<Answer> {
    members(operation, "responses")
        .map(|(status, raw)| {
            let raw = resolved(tree, raw);
            let headers = all_members(raw, "headers").map(|(name, header)| Parameter {
                name: name.clone(),
                place: String::new(),
                ..parameter(tree, resolved(tree, header))
            });
            let success = status.starts_with('2');
            Answer {
                status: status.clone(),
                success,
                description: text(raw, "description").unwrap_or_default(),
                headers: headers.collect(),
                contents: contents(tree, raw, false),
            }
        })
        .collect()
}

fn contents(tree: &Value, raw: &Value, written: bool) -> Vec<Content> {
    all_members(raw, "content")
        .map(|(media_type, media)| Content {
            media_type: media_type.clone(),
            schema: media.get("schema").map(|inner| schema::used(tree, inner)),
            examples: example::all(tree, media, media_type, written),
        })
        .collect()
}
