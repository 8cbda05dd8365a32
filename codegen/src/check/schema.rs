//! Rules of schemas that the table cannot say.

use serde_json::{Map, Number, Value, json};

use super::scalar::a_kind_of;
use super::table::{SCHEMA, TYPES};
use super::walk::{Reference, Walk};
use crate::source::join;

/// Keywords that say something about one type only, and that type's names.
const KEYWORDS: &[(&str, &[&str])] = &[
    ("multipleOf", &["integer", "number"]),
    ("maximum", &["integer", "number"]),
    ("exclusiveMaximum", &["integer", "number"]),
    ("minimum", &["integer", "number"]),
    ("exclusiveMinimum", &["integer", "number"]),
    ("maxLength", &["string"]),
    ("minLength", &["string"]),
    ("pattern", &["string"]),
    ("items", &["array"]),
    ("maxItems", &["array"]),
    ("minItems", &["array"]),
    ("uniqueItems", &["array"]),
    ("properties", &["object"]),
    ("required", &["object"]),
    ("additionalProperties", &["object"]),
    ("maxProperties", &["object"]),
    ("minProperties", &["object"]),
    ("format", &["string", "integer", "number"]),
];
/// Lower bound, upper bound.
const BOUNDS: &[(&str, &str)] = &[
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

/// Checks what the keywords say about each other. All of them have the right kind by now.
pub fn after(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let kind = map
        .get("type")
        .and_then(Value::as_str)
        .filter(|kind| TYPES.contains(kind))
        .map(str::to_owned);
    if let Some(kind) = &kind {
        unused_keywords(walk, map, kind);
        if kind == "integer" {
            integer_bounds(walk, map);
        }
        if kind == "array" && !map.contains_key("items") {
            walk.slip(
                "missing-member",
                "an array has no `items`; any item is allowed",
                "add `items`",
            );
            map.insert("items".to_owned(), json!({}));
        }
        values(walk, map, kind);
    }
    discriminator(walk, map);
    repeated_values(walk, map);
    if let Some(kind) = &kind {
        default_outside(walk, map, kind);
    }
    bounds(walk, map);
    required_names(walk, map);
}

fn unused_keywords(walk: &mut Walk<'_>, map: &mut Map<String, Value>, kind: &str) {
    // An object or list next to other keywords may be composed; then every keyword may count.
    if ["allOf", "oneOf", "anyOf"].iter().any(|key| map.contains_key(*key)) {
        return;
    }
    for (keyword, types) in KEYWORDS {
        if map.contains_key(*keyword) && !types.contains(&kind) {
            let message =
                format!("`{keyword}` says nothing about the type `{kind}`; it is ignored");
            walk.under(keyword, |walk| {
                walk.slip("unused-keyword", message, "remove it or correct the type")
            });
            map.shift_remove(*keyword);
        }
    }
}

/// Whole numbers are written as such; bounds beyond 64 bits bound nothing.
fn integer_bounds(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    for key in ["minimum", "maximum", "multipleOf"] {
        let Some(number) = map.get(key).and_then(Value::as_f64) else { continue };
        if map.get(key).is_some_and(Value::is_i64) {
            continue;
        }
        match whole(number) {
            Some(number) => {
                map.insert(key.to_owned(), number.into());
            }
            None if number.fract() != 0.0 => {
                walk.under(key, |walk| {
                    walk.slip(
                        "wrong-value",
                        format!("`{key}` of an integer is `{number}`; it is ignored"),
                        "write a whole number",
                    )
                });
                map.shift_remove(key);
            }
            None => {
                map.shift_remove(key);
            }
        }
    }
}

fn whole(number: f64) -> Option<i64> {
    // The bounds are exact doubles; the upper one is just beyond `i64::MAX`.
    let fits = number.fract() == 0.0
        && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    fits.then_some(number as i64)
}

/// Values of `enum` and `default` must be of the type.
fn values(walk: &mut Walk<'_>, map: &mut Map<String, Value>, kind: &str) {
    values_of_items(walk, map, kind);
    if let Some(Value::Array(items)) = map.get_mut("enum") {
        walk.under("enum", |walk| {
            for (index, value) in items.iter_mut().enumerate() {
                walk.under(&index.to_string(), |walk| enumerated(walk, value, kind));
            }
        });
    }
    let Some(value) = map.get_mut("default").filter(|value| !value.is_null() && !fits(value, kind))
    else {
        return;
    };
    let converted = walk.under("default", |walk| convert(walk, value, kind));
    let message = format!("the default is {}, the type is `{kind}`; it is ", a_kind_of(value));
    let read = if converted.is_some() { "converted" } else { "ignored" };
    walk.under("default", |walk| {
        walk.slip("wrong-default", message + read, "write a value of the type")
    });
    match converted {
        Some(converted) => *value = converted,
        None => {
            map.shift_remove("default");
        }
    }
}

/// Values of the items are often written beside `items`; the list itself can be none of them.
fn values_of_items(walk: &mut Walk<'_>, map: &mut Map<String, Value>, kind: &str) {
    let Some(Value::Array(values)) = map.get("enum").filter(|_| kind == "array") else { return };
    if !values.is_empty() && !values.iter().any(Value::is_array) {
        walk.under("enum", |walk| {
            walk.slip(
                "wrong-value",
                "`enum` of a list names values of its items; it is ignored",
                "write it under `items`",
            )
        });
        map.shift_remove("enum");
    }
}

/// A default that the schema itself does not allow is kept, but hardly meant.
fn default_outside(walk: &mut Walk<'_>, map: &mut Map<String, Value>, kind: &str) {
    let Some(mut value) = map.get("default").cloned() else { return };
    if let (true, Some(number)) = (kind == "integer", value.as_f64().and_then(whole))
        && value.is_f64()
    {
        value = number.into();
        map.insert("default".to_owned(), value.clone());
    }
    let value = &value;
    let same =
        |other: &Value| other == value || (value.is_number() && other.as_f64() == value.as_f64());
    let listed = map.get("enum").and_then(Value::as_array);
    let number = value.as_f64();
    let bound = |key: &str| map.get(key).and_then(Value::as_f64);
    let format = map.get("format").and_then(Value::as_str);
    let too_large = kind == "integer"
        && match format {
            Some("int32") => value.as_i64().is_none_or(|value| i32::try_from(value).is_err()),
            Some("uint32") => value.as_u64().is_none_or(|value| u32::try_from(value).is_err()),
            Some("uint64") => !value.is_u64(),
            _ => !value.is_i64(),
        };
    let message = if value.is_null() {
        return;
    } else if listed.is_some_and(|listed| !listed.iter().any(same)) {
        "the default is none of the values of `enum`"
    } else if number.zip(bound("minimum")).is_some_and(|(number, least)| number < least) {
        "the default is less than `minimum`"
    } else if number.zip(bound("maximum")).is_some_and(|(number, most)| number > most) {
        "the default is more than `maximum`"
    } else if too_large {
        "the default does not fit the `format`"
    } else {
        return;
    };
    walk.under("default", |walk| {
        walk.slip("wrong-default", message, "write a value that the schema allows")
    });
}

fn enumerated(walk: &mut Walk<'_>, value: &mut Value, kind: &str) {
    if value.is_null() || fits(value, kind) {
        return;
    }
    match convert(walk, value, kind) {
        Some(converted) => {
            walk.slip(
                "wrong-value",
                format!("the value is {}, the type is `{kind}`; it is converted", a_kind_of(value)),
                "write a value of the type",
            );
            *value = converted;
        }
        None => {
            let shown = value.to_string().chars().take(40).collect::<String>();
            walk.error(
                "wrong-value",
                format!("`{shown}` is not a value of the type `{kind}`"),
                "write a value of the type, or correct the type",
            );
        }
    }
}

fn fits(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => {
            value.is_i64()
                || value.is_u64()
                || value.as_f64().is_some_and(|number| whole(number).is_some())
        }
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

/// A value of another kind that says the same.
fn convert(walk: &Walk<'_>, value: &Value, kind: &str) -> Option<Value> {
    match (kind, value) {
        ("string", Value::Number(_) | Value::Bool(_)) => Some(Value::String(walk.raw(value))),
        ("integer", Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        ("number", Value::String(text)) => {
            serde_json::from_str::<Number>(text.trim()).ok().map(Value::Number)
        }
        ("boolean", Value::String(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(Value::Bool(true)),
            "false" | "no" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    }
}

/// Mappings lead to schemas, by reference or by the name of a component.
fn discriminator(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let Some(Value::Object(mapping)) =
        map.get_mut("discriminator").and_then(|value| value.get_mut("mapping"))
    else {
        return;
    };
    for (key, target) in mapping.iter_mut() {
        let Some(text) = target.as_str() else { continue };
        let is_name = !text.contains(['/', '#']);
        let full = if is_name { join("#/components/schemas", text) } else { text.to_owned() };
        let pointer = walk.under("discriminator", |walk| {
            walk.under("mapping", |walk| walk.under(key, |walk| walk.pointer.clone()))
        });
        walk.references.push(Reference { pointer, target: full.clone(), object: Some(&SCHEMA) });
        *target = Value::String(full);
    }
}

fn repeated_values(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let is_integer = map.get("type").is_some_and(|kind| kind == "integer");
    let Some(Value::Array(items)) = map.get_mut("enum") else { return };
    if items.is_empty() {
        walk.under("enum", |walk| {
            walk.slip("wrong-value", "`enum` has no values; it is ignored", "list the values")
        });
        map.shift_remove("enum");
        return;
    }
    let mut seen = std::collections::HashSet::new();
    let mut index = 0;
    items.retain_mut(|value| {
        if let Some(number) =
            value.as_f64().and_then(whole).filter(|_| is_integer && !value.is_i64())
        {
            *value = number.into();
        }
        let fresh = seen.insert(value.to_string());
        if !fresh {
            let shown = value.to_string();
            let message = format!("`{shown}` is listed twice; the second is ignored");
            walk.under("enum", |walk| {
                walk.under(&index.to_string(), |walk| {
                    walk.slip("duplicate-value", message, "remove one of the two")
                })
            });
        }
        index += 1;
        fresh
    });
}

fn bounds(walk: &mut Walk<'_>, map: &Map<String, Value>) {
    for (low, high) in BOUNDS {
        let limit = |key: &str| map.get(key).and_then(Value::as_f64);
        if let (Some(least), Some(most)) = (limit(low), limit(high))
            && least > most
        {
            let message = format!("`{low}` is greater than `{high}`, so no value is allowed");
            walk.under(low, |walk| walk.slip("wrong-value", message, "correct one of the two"));
        }
    }
}

/// Names in `required` are those of properties. Parts of a composition may name what another part
/// has, and open objects may name any.
fn required_names(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let Some(Value::Array(names)) = map.get("required") else { return };
    if names.is_empty() {
        walk.under("required", |walk| {
            walk.slip("wrong-value", "`required` is empty; it is ignored", "remove it")
        });
        map.shift_remove("required");
        return;
    }
    let composed = walk.pointer.contains("/allOf/")
        || ["allOf", "oneOf", "anyOf", "additionalProperties", "not"]
            .iter()
            .any(|key| map.contains_key(*key));
    let Some(Value::Object(properties)) = map.get("properties").filter(|_| !composed) else {
        return;
    };
    let mut unknown = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let Some(name) = name.as_str().filter(|name| !properties.contains_key(*name)) else {
            continue;
        };
        unknown.push((
            index,
            name.to_owned(),
            super::words::nearest(name, properties.keys().map(String::as_str)).map(str::to_owned),
        ));
    }
    for (index, name, near) in unknown {
        let help = near.map_or("add the property, or remove the name".to_owned(), |near| {
            format!("did you mean `{near}`?")
        });
        let message = format!("`required` names `{name}`, which is not a property");
        walk.under("required", |walk| {
            walk.under(&index.to_string(), |walk| walk.slip("unknown-property", message, help))
        });
    }
}
