//! Rules of parameters, headers and their kin that the tables cannot say.

use serde_json::{Map, Value, json};

use super::walk::Walk;

/// Styles that fit a place; the first is the default (OpenAPI 3.0.3, Parameter Object).
const STYLES: &[(&str, &[&str])] = &[
    ("path", &["simple", "label", "matrix"]),
    ("query", &["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
    ("header", &["simple"]),
    ("cookie", &["form"]),
];
/// Keys that Swagger 2.0 has in the parameter and OpenAPI 3.0 in its schema.
const SCHEMA_KEYS: &[&str] = &[
    "type",
    "format",
    "items",
    "default",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "nullable",
];

/// Moves the keys of a schema that stand in the parameter or header itself to where they belong.
pub fn before(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    if map.contains_key("schema") || map.contains_key("content") || !map.contains_key("type") {
        return;
    }
    walk.slip(
        "missing-member",
        "the type stands outside of `schema`, as in Swagger 2.0; it is moved",
        "write it below `schema`",
    );
    let mut schema = Map::new();
    for key in SCHEMA_KEYS {
        if let Some(value) = map.shift_remove(*key) {
            schema.insert((*key).to_owned(), value);
        }
    }
    map.insert("schema".to_owned(), Value::Object(schema));
}

pub fn parameter(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    schema_or_content(walk, map);
    let Some(place) = map.get("in").and_then(Value::as_str).map(str::to_owned) else { return };
    let fitting =
        STYLES.iter().find(|(name, _)| *name == place).map_or(&[][..], |(_, styles)| *styles);
    if let Some(style) =
        map.get("style").and_then(Value::as_str).filter(|style| !fitting.contains(style))
    {
        let message = format!(
            "the style `{style}` does not fit a parameter in `{place}`; the default stands in"
        );
        walk.under("style", |walk| {
            walk.slip("wrong-value", message, format!("write one of {}", fitting.join(", ")))
        });
        map.shift_remove("style");
    }
    if place == "path" && map.get("required") != Some(&Value::Bool(true)) {
        walk.slip(
            "optional-path-parameter",
            "a parameter in the path must be required; it is read so",
            "add `required: true`",
        );
        map.insert("required".to_owned(), Value::Bool(true));
    }
}

pub fn header(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    schema_or_content(walk, map);
}

fn schema_or_content(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let contents = map.get("content").and_then(Value::as_object).map_or(0, Map::len);
    match (map.contains_key("schema"), contents) {
        (true, 0) | (false, 1) => {}
        (false, 0) => {
            walk.slip(
                "missing-member",
                "there is no `schema`; any value is allowed",
                "add `schema` with a type",
            );
            map.insert("schema".to_owned(), json!({}));
        }
        (true, _) => {
            walk.slip(
                "wrong-value",
                "there are both `schema` and `content`; `content` is ignored",
                "remove one of the two",
            );
        }
        (false, _) => {
            walk.slip(
                "wrong-value",
                "`content` must have one media type; the first is taken",
                "keep one",
            );
            if let Some(Value::Object(content)) = map.get_mut("content") {
                let mut index = 0;
                content.retain(|_, _| std::mem::replace(&mut index, 1) == 0);
            }
        }
    }
    if map.contains_key("schema") {
        map.shift_remove("content");
    }
}

/// States the default of `explode`, which the typed document cannot tell from false.
pub fn encoding(_walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let form = map.get("style").is_none_or(|style| style == "form");
    if form && !map.contains_key("explode") {
        map.insert("explode".to_owned(), Value::Bool(true));
    }
}

pub fn link(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    match (map.contains_key("operationId"), map.contains_key("operationRef")) {
        (true, false) | (false, true) => {}
        (false, false) => {
            walk.slip("missing-member", "the Link object names no operation", "add `operationId`");
            map.insert("operationId".to_owned(), json!(""));
        }
        (true, true) => {
            walk.slip(
                "wrong-value",
                "there are both `operationId` and `operationRef`; the first is taken",
                "remove one of the two",
            );
            map.shift_remove("operationRef");
        }
    }
}

pub fn security_scheme(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let needed: &[&str] = match map.get("type").and_then(Value::as_str) {
        Some("apiKey") => &["name", "in"],
        Some("http") => &["scheme"],
        Some("oauth2") => &["flows"],
        Some("openIdConnect") => &["openIdConnectUrl"],
        _ => &[],
    };
    for key in needed.iter().filter(|key| !map.contains_key(**key)).copied().collect::<Vec<_>>() {
        let message = format!("the Security Scheme object has no `{key}`");
        let help = format!("add `{key}`");
        match key {
            // Bearer tokens are sent alike, wherever they come from.
            "flows" => map.insert(key.to_owned(), json!({})),
            "openIdConnectUrl" => map.insert(key.to_owned(), json!("")),
            _ => {
                walk.error("missing-member", message, help);
                continue;
            }
        };
        walk.slip("missing-member", message, help);
    }
}

/// A default is a value, whether it is listed or not.
pub fn server_variable(walk: &mut Walk<'_>, map: &mut Map<String, Value>) {
    let Some(default) = map.get("default").cloned() else { return };
    let Some(Value::Array(values)) = map.get_mut("enum") else { return };
    if !values.is_empty() && !values.contains(&default) {
        values.push(default);
        walk.under("default", |walk| {
            walk.slip(
                "wrong-default",
                "the default is none of the values of `enum`; it is taken for one",
                "list it, or name one that is listed",
            )
        });
    }
}
