//! What OpenAPI 3.1 and older drafts of JSON Schema write in other ways, turned into OpenAPI 3.0.

use serde_json::{Map, Value, json};

use super::walk::Walk;

/// Mends what OpenAPI 3.1 and older drafts of JSON Schema write in other ways.
pub fn before(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    type_list(walk, map);
    null_members(walk, map);
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(Value::Number(limit)) = map.get(exclusive) {
            let limit = limit.clone();
            let message = format!(
                "`{exclusive}` as a number is of OpenAPI 3.1; it is read as `{bound}: {limit}` with `{exclusive}: true`"
            );
            walk.under(exclusive, |walk| walk.slip("wrong-kind", message, "write it so"));
            map.insert(bound.to_owned(), Value::Number(limit));
            map.insert(exclusive.to_owned(), Value::Bool(true));
        }
    }
    if let Some(value) = map.shift_remove("const") {
        walk.under("const", |walk| {
            walk.slip(
                "unknown-key",
                "`const` is of OpenAPI 3.1; it is read as `enum` with one value",
                "write `enum: [...]`",
            )
        });
        map.entry("enum").or_insert_with(|| Value::Array(vec![value]));
    }
    if map.get("required").is_some_and(|required| {
        required.is_boolean() || required.is_string() && !map.contains_key("properties")
    }) {
        let help = "name the property in the `required` list of the object around it";
        walk.under("required", |walk| {
            walk.slip(
                "wrong-kind",
                "expected a list of property names, found a value; it is ignored",
                help,
            )
        });
        map.shift_remove("required");
    }
    items(walk, map);
}

/// `items` as a boolean or as a list of schemas.
fn items(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let (message, read) = match map.get_mut("items") {
        Some(Value::Bool(_)) => {
            ("`items` as a boolean is of OpenAPI 3.1; any item is allowed", json!({}))
        }
        Some(Value::Array(list)) if list.is_empty() => {
            ("`items` is a list without schemas; any item is allowed", json!({}))
        }
        Some(Value::Array(list)) => (
            "`items` is one schema for all items; the list is read as `anyOf`",
            json!({"anyOf": std::mem::take(list)}),
        ),
        _ => return,
    };
    walk.under("items", |walk| walk.slip("wrong-kind", message, "write one schema, or `{}`"));
    map.insert("items".to_owned(), read);
}

/// `type: [string, "null"]` of OpenAPI 3.1, and `type: "null"`.
fn type_list(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let mut types: Vec<Value> = match map.get("type") {
        Some(Value::Array(types)) => types.clone(),
        Some(Value::String(null)) if null == "null" => vec![json!("null")],
        _ => return,
    };
    let is_null = |name: &Value| name.is_null() || name == "null";
    let nullable = types.iter().any(is_null);
    types.retain(|name| !is_null(name));
    map.shift_remove("type");
    let mut read = "any value".to_owned();
    if let [one] = types.as_slice() {
        read = format!("`type: {}`", one.as_str().unwrap_or("?"));
        map.insert("type".to_owned(), one.clone());
    } else if types.len() > 1 && !map.contains_key("anyOf") {
        read = "`anyOf` of these types".to_owned();
        let parts = types.iter().map(|name| json!({"type": name})).collect();
        map.insert("anyOf".to_owned(), Value::Array(parts));
    }
    if nullable {
        read.push_str(" with `nullable: true`");
        map.insert("nullable".to_owned(), Value::Bool(true));
    }
    let message = format!("a list of types or a null type is of OpenAPI 3.1; it is read as {read}");
    walk.under("type", |walk| {
        walk.slip("wrong-kind", message, "write one type, and `nullable: true` for null")
    });
}

/// A member `{type: "null"}` of a union makes the whole nullable.
fn null_members(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(parts)) = map.get_mut(key) else { continue };
        let Some(index) = parts
            .iter()
            .position(|part| part.get("type").is_some_and(|kind| kind == "null"))
            .filter(|_| parts.len() > 1)
        else {
            continue;
        };
        // The place is found before the list changes.
        let message = "a null type is of OpenAPI 3.1; the whole is read as `nullable: true`";
        walk.under(key, |walk| {
            walk.under(&index.to_string(), |walk| {
                walk.slip("wrong-kind", message, "write `nullable: true` beside the list")
            })
        });
        parts.retain(|part| part.get("type").is_none_or(|kind| kind != "null"));
        map.insert("nullable".to_owned(), Value::Bool(true));
    }
}
