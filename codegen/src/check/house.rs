//! The rules of our own document, beyond the standard: whatever a client shows its user is there.

use serde_json::{Map, Value};

use super::operations::{Operation, effective, operations};
use super::references::follow;
use super::walk::reference;
use super::words;
use crate::diagnostic::Collector;
use crate::source::join;

/// Checks the rules of the house.
pub fn check(tree: &Value, problems: &mut Collector) {
    let declared: Vec<&str> = tree
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.get("name").and_then(Value::as_str))
        .collect();
    for operation in operations(tree) {
        described_operation(&operation, problems);
        tag(&operation, &declared, problems);
        responses(&operation, problems);
        retry(&operation, problems);
        pagination(tree, &operation, problems);
        batch(tree, &operation, problems);
        for (index, parameter) in operation
            .value
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            described(
                parameter,
                &format!("{}/parameters/{index}", operation.pointer),
                "the parameter",
                problems,
            );
        }
    }
    components(tree, problems);
}

/// How messages name an operation.
fn name<'a>(operation: &'a Operation<'_>) -> &'a str {
    operation.value.get("operationId").and_then(Value::as_str).unwrap_or("this operation")
}

fn has_text(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

fn described_operation(operation: &Operation<'_>, problems: &mut Collector) {
    if !has_text(operation.value, "operationId") {
        problems.error(
            "missing-operation-id",
            &operation.pointer,
            "the operation has no `operationId`",
            "add one, verb first: `listFlags`",
        );
    }
    if !has_text(operation.value, "summary") && !has_text(operation.value, "description") {
        let message = format!("`{}` has neither `summary` nor `description`", name(operation));
        problems.error(
            "missing-description",
            &operation.pointer,
            message,
            "say what it does; the text becomes the documentation of its method",
        );
    }
}

fn tag(operation: &Operation<'_>, declared: &[&str], problems: &mut Collector) {
    let tags: Vec<&str> = operation
        .value
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let [tag] = tags.as_slice() else {
        let message = format!("`{}` has {} tags, not one", name(operation), tags.len());
        let pointer = if tags.is_empty() {
            operation.pointer.clone()
        } else {
            join(&operation.pointer, "tags")
        };
        return problems.error(
            "wrong-tag",
            &pointer,
            message,
            "give it exactly one of the declared tags",
        );
    };
    if !declared.contains(tag) {
        let help = words::nearest(tag, declared.iter().copied());
        let help = help.map_or_else(
            || "declare it in `tags` of the document".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        problems.error(
            "wrong-tag",
            &format!("{}/tags/0", operation.pointer),
            format!("the tag `{tag}` is not declared"),
            help,
        );
    }
}

fn responses(operation: &Operation<'_>, problems: &mut Collector) {
    let described = operation.value.get("responses").and_then(Value::as_object);
    let statuses: Vec<&str> =
        described.into_iter().flatten().map(|(status, _)| status.as_str()).collect();
    let pointer = match operation.value.get("responses") {
        Some(_) => join(&operation.pointer, "responses"),
        None => operation.pointer.clone(),
    };
    let name = name(operation);
    if !statuses.iter().any(|status| status.starts_with('2')) {
        problems.error(
            "missing-success",
            &pointer,
            format!("`{name}` describes no success"),
            "add a response with a status from 200 to 299",
        );
    }
    if !statuses.iter().any(|status| status.starts_with('4') && *status != "429") {
        let help = "add the responses of wrong requests, such as 400, 401 and 404";
        problems.error(
            "missing-client-error",
            &pointer,
            format!("`{name}` describes no status 4XX"),
            help,
        );
    }
    if !statuses.contains(&"429") {
        let help = "add a reference to #/components/responses/TooManyRequests";
        problems.error(
            "missing-rate-limit",
            &pointer,
            format!("`{name}` does not describe status 429"),
            help,
        );
    }
}

fn retry(operation: &Operation<'_>, problems: &mut Collector) {
    if operation.method != "get" && operation.value.get("x-retry").is_none() {
        let message = format!("`{}` does not say whether it may be sent again", name(operation));
        problems.error(
            "missing-retry",
            &operation.pointer,
            message,
            "add `x-retry: safe`, `idempotent` or `on-refusal`",
        );
    }
}

fn pagination(tree: &Value, operation: &Operation<'_>, problems: &mut Collector) {
    let Some(paging) = operation.value.get("x-pagination").and_then(Value::as_object) else {
        return;
    };
    let parameters = effective(tree, operation);
    for key in ["cursor", "limit"] {
        let Some(wanted) = paging.get(key).and_then(Value::as_str) else { continue };
        if !parameters
            .iter()
            .any(|parameter| parameter.place == "query" && parameter.name == wanted)
        {
            let pointer = format!("{}/x-pagination/{key}", operation.pointer);
            let known = parameters.iter().map(|parameter| parameter.name);
            let help = words::nearest(wanted, known).map_or_else(
                || "name a parameter in the query".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            problems.error(
                "wrong-extension",
                &pointer,
                format!("`{}` has no parameter `{wanted}` in the query", name(operation)),
                help,
            );
        }
    }
    paging_members(tree, operation, paging, problems);
}

fn paging_members(
    tree: &Value,
    operation: &Operation<'_>,
    paging: &Map<String, Value>,
    problems: &mut Collector,
) {
    let success = operation
        .value
        .get("responses")
        .and_then(|responses| responses.get("200"))
        .and_then(|response| follow(tree, response));
    let Some(page) = success.and_then(json_schema).and_then(|schema| follow(tree, schema)) else {
        return;
    };
    for key in ["next", "items"] {
        let Some(wanted) = paging.get(key).and_then(Value::as_str) else { continue };
        if !has_property(tree, page, wanted) {
            let pointer = format!("{}/x-pagination/{key}", operation.pointer);
            problems.error(
                "wrong-extension",
                &pointer,
                format!("the answer has no member `{wanted}`"),
                "name a property of the response with status 200",
            );
        }
    }
}

fn batch(tree: &Value, operation: &Operation<'_>, problems: &mut Collector) {
    let Some(body) = operation.value.get("requestBody").and_then(|body| follow(tree, body)) else {
        return;
    };
    let schema = json_schema(body).and_then(|schema| follow(tree, schema));
    let places = [
        (operation.value, operation.pointer.clone()),
        (body, join(&operation.pointer, "requestBody")),
    ];
    for (holder, pointer) in places {
        let wanted =
            holder.get("x-batch").and_then(|batch| batch.get("property")).and_then(Value::as_str);
        let (Some(wanted), Some(schema)) = (wanted, schema) else { continue };
        let problem = match property(tree, schema, wanted) {
            None => format!("the body has no member `{wanted}`"),
            Some(found) if !is_list(tree, found) => format!("`{wanted}` is not a list"),
            Some(_) => continue,
        };
        let pointer = format!("{pointer}/x-batch/property");
        problems.error("wrong-extension", &pointer, problem, "name a list of the request body");
    }
}

/// The schema of the first JSON body.
fn json_schema(holder: &Value) -> Option<&Value> {
    let content = holder.get("content")?.as_object()?;
    content
        .iter()
        .find(|(media_type, _)| media_type.contains("json"))
        .and_then(|(_, media)| media.get("schema"))
}

fn has_property(tree: &Value, schema: &Value, name: &str) -> bool {
    property(tree, schema, name).is_some()
}

/// A property of the schema or of a part of it.
fn property<'a>(tree: &'a Value, schema: &'a Value, name: &str) -> Option<&'a Value> {
    let own = schema.get("properties").and_then(|properties| properties.get(name));
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let mut inherited = parts
        .filter_map(|part| follow(tree, part))
        .filter_map(|part| part.get("properties").and_then(|properties| properties.get(name)));
    own.or_else(|| inherited.next())
}

fn is_list(tree: &Value, schema: &Value) -> bool {
    follow(tree, schema).and_then(|schema| schema.get("type")) == Some(&Value::from("array"))
}

fn components(tree: &Value, problems: &mut Collector) {
    let part = |part: &str| {
        tree.get("components")
            .and_then(|components| components.get(part))
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    };
    for (name, parameter) in part("parameters") {
        described(parameter, &join("/components/parameters", name), "the parameter", problems);
    }
    for (name, schema) in part("schemas") {
        let pointer = join("/components/schemas", name);
        described(schema, &pointer, "the schema", problems);
        properties(schema, &pointer, problems);
    }
}

/// Every property of a schema and of the schemas inside of it.
fn properties(schema: &Value, pointer: &str, problems: &mut Collector) {
    for (name, property) in
        schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    {
        let pointer = join(&join(pointer, "properties"), name);
        described(property, &pointer, "the property", problems);
        properties(property, &pointer, problems);
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(inner) = schema.get(key) {
            properties(inner, &join(pointer, key), problems);
        }
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        for (index, part) in
            schema.get(key).and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            properties(part, &format!("{pointer}/{key}/{index}"), problems);
        }
    }
}

/// A reference is described where it leads to.
fn described(value: &Value, pointer: &str, what: &str, problems: &mut Collector) {
    let wrapped = || {
        value.get("allOf").and_then(Value::as_array).is_some_and(|parts| {
            parts.len() == 1 && parts.iter().all(|part| reference(part).is_some())
        })
    };
    if reference(value).is_some() || has_text(value, "description") || wrapped() {
        return;
    }
    let last = pointer.rsplit('/').next().unwrap_or("").replace("~1", "/").replace("~0", "~");
    let name = value.get("name").and_then(Value::as_str).unwrap_or(&last);
    let help = "add `description`; it becomes the documentation of the client";
    problems.error(
        "missing-description",
        pointer,
        format!("{what} `{name}` is not described"),
        help,
    );
}
