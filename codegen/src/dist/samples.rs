//! A value that a schema allows, where the document gives no example.

use serde_json::{Map, Value, json};

use super::outline::{Content, Parameter, is_json, resolve};

/// Objects within objects; deeper ones are left empty.
const MAX_DEPTH: usize = 5;
/// Values of one sample.
const MAX_VALUES: usize = 200;
/// Members of an object of which none is required.
const MAX_OPTIONAL: usize = 5;

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Members that only answers have are left out.
    Out,
    /// Members that only requests have are left out.
    Back,
}

/// The example of a body, or a value of its schema; `None` where the schema says nothing.
pub(super) fn content(tree: &Value, content: &Content<'_>, way: Way) -> Option<Value> {
    content.example.cloned().or_else(|| {
        content.schema.map(|schema| of(tree, schema, way)).filter(|value| !value.is_null())
    })
}

/// The example of a parameter, or a value of its schema.
pub(super) fn parameter(tree: &Value, parameter: &Parameter<'_>) -> Value {
    let schema = || parameter.schema.map(|schema| of(tree, schema, Way::Out));
    match parameter.example.cloned().or_else(schema) {
        None | Some(Value::Null) => parameter.name.into(),
        Some(value) => value,
    }
}

/// A body as it travels: JSON in lines, text as it is.
pub(super) fn text(media_type: &str, value: &Value) -> String {
    match value {
        Value::String(text) if !is_json(media_type) => text.clone(),
        value => format!("{value:#}"),
    }
}

/// A value of a schema.
pub(super) fn of(tree: &Value, schema: &Value, way: Way) -> Value {
    Sampler { tree, way, left: MAX_VALUES }.sample(schema, 0)
}

struct Sampler<'a> {
    tree: &'a Value,
    way: Way,
    left: usize,
}

impl Sampler<'_> {
    fn sample(&mut self, schema: &Value, depth: usize) -> Value {
        let schema = resolve(self.tree, schema);
        if self.left == 0 {
            return Value::Null;
        }
        self.left -= 1;
        let first = |key: &str| schema.get(key)?.as_array()?.iter().find(|value| !value.is_null());
        let (known, open) = (first("enum"), first("x-extensible-enum"));
        let given = [schema.get("example"), schema.get("default"), known, open];
        if let Some(given) = given.into_iter().flatten().find(|value| !value.is_null()) {
            return given.clone();
        }
        if depth >= MAX_DEPTH {
            return Value::Null;
        }
        if let Some(part) = first("oneOf").or_else(|| first("anyOf")) {
            return self.sample(part, depth + 1);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.all_of(schema, parts, depth);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(schema, &[], depth),
            Some("array") => self.list(schema, depth),
            Some("boolean") => json!(true),
            Some("integer") => integer(schema).into(),
            Some("number") => number(schema),
            Some("string") => string(schema).into(),
            _ if schema.get("properties").is_some() => self.object(schema, &[], depth),
            _ if schema.get("items").is_some() => self.list(schema, depth),
            _ => Value::Null,
        }
    }

    /// The members of all parts, each required if any part says so; of parts that are no objects
    /// the first.
    fn all_of(&mut self, schema: &Value, parts: &[Value], depth: usize) -> Value {
        let tree = self.tree;
        let whole: Vec<&Value> = parts.iter().map(|part| resolve(tree, part)).collect();
        let required: Vec<&str> =
            whole.iter().chain([&schema]).flat_map(|part| required(part, self.way)).collect();
        let mut members = Map::new();
        let mut other = Value::Null;
        for part in whole {
            let sample = match part.get("properties").filter(|_| part.get("allOf").is_none()) {
                Some(_) => self.object(part, &required, depth + 1),
                None => self.sample(part, depth + 1),
            };
            match sample {
                Value::Object(part) => members.extend(part),
                part if other.is_null() => other = part,
                _ => {}
            }
        }
        if let Value::Object(own) = self.object(schema, &required, depth) {
            members.extend(own);
        }
        if members.is_empty() { other } else { Value::Object(members) }
    }

    /// The required members, or the first few where none is.
    fn object(&mut self, schema: &Value, also: &[&str], depth: usize) -> Value {
        let mut required = required(schema, self.way);
        required.extend(also);
        let properties = schema.get("properties").and_then(Value::as_object);
        let hidden = if self.way == Way::Out { "readOnly" } else { "writeOnly" };
        let shown = properties.into_iter().flatten().filter(|(name, property)| {
            let is_hidden = resolve(self.tree, property).get(hidden) == Some(&Value::Bool(true));
            !is_hidden && (required.is_empty() || required.contains(&name.as_str()))
        });
        let most = if required.is_empty() { MAX_OPTIONAL } else { usize::MAX };
        let shown: Vec<_> = shown.take(most).collect();
        let mut members = Map::new();
        for (name, property) in shown {
            if self.left == 0 {
                break;
            }
            members.insert(name.clone(), self.sample(property, depth + 1));
        }
        Value::Object(members)
    }

    fn list(&mut self, schema: &Value, depth: usize) -> Value {
        match schema.get("items").map(|items| self.sample(items, depth + 1)) {
            None | Some(Value::Null) => json!([]),
            Some(item) => json!([item]),
        }
    }
}

/// Names of members that must be there.
fn required(schema: &Value, way: Way) -> Vec<&str> {
    let names = |key: &str| -> Vec<&str> {
        let names = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        names.filter_map(Value::as_str).collect()
    };
    let mut required = names("required");
    if way == Way::Out {
        required.extend(names("x-required-on-write"));
    }
    required
}

fn integer(schema: &Value) -> i64 {
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    let open = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    let least = bound("minimum").map(|least| least.saturating_add(open("exclusiveMinimum").into()));
    let most = bound("maximum").map(|most| most.saturating_sub(open("exclusiveMaximum").into()));
    1.max(least.unwrap_or(1)).min(most.unwrap_or(i64::MAX))
}

fn number(schema: &Value) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let value =
        1_f64.max(bound("minimum").unwrap_or(1.0)).min(bound("maximum").unwrap_or(f64::MAX));
    if value == 1.0 { json!(1) } else { json!(value) }
}

fn string(schema: &Value) -> String {
    let word = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => "2025-01-31T12:00:00Z",
        Some("date") => "2025-01-31",
        Some("time") => "12:00:00Z",
        Some("uuid") => "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        Some("email") => "ada@example.com",
        Some("uri" | "url") => "https://example.com",
        Some("hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("byte") => "aGk=",
        _ => "text",
    };
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64).map(|n| n.min(1000) as usize);
    let mut text = word.to_owned();
    while text.len() < bound("minLength").unwrap_or(0) {
        text.push('x');
    }
    if let Some(most) = bound("maxLength") {
        text.truncate(most);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_what_the_schema_allows() {
        let tree = json!({ "components": { "schemas": {
            "Node": { "type": "object", "required": ["next", "id"], "properties": {
                "id": { "type": "string", "readOnly": true }, "next": { "$ref": "#/components/schemas/Node" },
            } },
        } } });
        let cases = [
            (json!({ "type": "integer", "minimum": 4, "exclusiveMinimum": true }), json!(5)),
            (json!({ "type": "number", "maximum": 0.5 }), json!(0.5)),
            (json!({ "type": "string", "minLength": 6, "maxLength": 6 }), json!("textxx")),
            (json!({ "type": "string", "maxLength": 2 }), json!("te")),
            (json!({ "type": "string", "nullable": true, "enum": [null, "b"] }), json!("b")),
            (json!({ "type": "array", "items": { "type": "boolean" } }), json!([true])),
            (
                json!({ "allOf": [{ "properties": { "a": { "default": 1 } } }], "properties": { "b": { "format": "date", "type": "string" } } }),
                json!({ "a": 1, "b": "2025-01-31" }),
            ),
            (
                json!({ "properties": { "a": {}, "b": { "example": 2 } }, "required": ["b"] }),
                json!({ "b": 2 }),
            ),
        ];
        for (schema, expected) in cases {
            assert_eq!(of(&tree, &schema, Way::Out), expected, "{schema}");
        }
        // A schema that holds itself comes to an end.
        let node = json!({ "$ref": "#/components/schemas/Node" });
        let sample = of(&tree, &node, Way::Back);
        assert!(sample["next"]["next"]["id"] == "text", "{sample}");
        assert!(of(&tree, &node, Way::Out).get("id").is_none());
    }

    #[test]
    fn a_wide_schema_gives_a_short_sample() {
        let level = |inner: Value| -> Value {
            let members: Map<String, Value> =
                (0..20).map(|at| (format!("m{at}"), inner.clone())).collect();
            let names: Vec<&String> = members.keys().collect();
            json!({ "type": "object", "required": names, "properties": members })
        };
        let schema = level(level(level(json!({ "type": "boolean" }))));
        let text = of(&Value::Null, &schema, Way::Out).to_string();
        assert!(text.matches("true").count() > 20 && text.len() < 5_000, "{}", text.len());
    }
}
