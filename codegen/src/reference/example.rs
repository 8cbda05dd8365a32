//! Examples: those of the document, else one made from the schema.

use serde_json::{Map, Value};

use super::model::Example;
use super::node::{all_members, flag, items, resolved, text, texts};

/// Deepest nesting of a value that is made up.
const MAX_DEPTH: usize = 8;
/// Up to here optional members are shown too.
const FULL_DEPTH: usize = 2;
/// Most members and items of a value that is made up.
const MAX_NODES: usize = 200;
/// Longest example in bytes; what follows is cut off in words.
const MAX_TEXT: usize = 16 * 1024;
/// Most examples of one media type.
const MAX_EXAMPLES: usize = 8;

/// A value as an example.
pub(super) fn of(title: &str, value: &Value) -> Example {
    let (text, json) = match value {
        Value::String(text) => (text.clone(), false),
        other => (pretty(other), true),
    };
    Example { title: title.to_owned(), text: shortened(text), json }
}

fn of_media(title: &str, value: &Value, media_type: &str) -> Example {
    match value {
        Value::String(text) if is_json(media_type) => {
            // Some documents give JSON as text.
            let inner = serde_json::from_str::<Value>(text).ok().filter(|inner| !inner.is_string());
            let text = inner.as_ref().map_or_else(|| value.to_string(), pretty);
            Example { title: title.to_owned(), text: shortened(text), json: true }
        }
        other => of(title, other),
    }
}

/// The value as JSON, indented.
pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn shortened(mut text: String) -> String {
    if text.len() <= MAX_TEXT {
        return text;
    }
    let mut end = MAX_TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let left = text.len() - end;
    text.truncate(end);
    text.push_str(&format!("\n… {left} more bytes in the document"));
    text
}

/// `application/json` and its like.
pub(super) fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name == "application/json" || name.ends_with("+json") || name == "text/json"
}

/// The examples of a media type.
pub(super) fn all(tree: &Value, media: &Value, media_type: &str, written: bool) -> Vec<Example> {
    let given: Vec<Example> = given(tree, media)
        .map(|(title, value)| of_media(&title, value, media_type))
        .take(MAX_EXAMPLES)
        .collect();
    if !given.is_empty() || !is_json(media_type) {
        return given;
    }
    let made = media.get("schema").and_then(|schema| make(tree, schema, "text", written));
    made.map(|value| of("Made from the schema", &value)).into_iter().collect()
}

/// The value that stands for a media type in a sample.
pub(super) fn first(tree: &Value, media: &Value) -> Option<Value> {
    let given = given(tree, media).next().map(|(_, value)| value.clone());
    given.or_else(|| make(tree, media.get("schema")?, "text", true))
}

fn given<'a>(tree: &'a Value, media: &'a Value) -> impl Iterator<Item = (String, &'a Value)> {
    let single = media.get("example").map(|value| ("Example".to_owned(), value));
    let named = all_members(media, "examples").filter_map(|(name, raw)| {
        let example = resolved(tree, raw);
        Some((text(example, "summary").unwrap_or_else(|| name.clone()), example.get("value")?))
    });
    single.into_iter().chain(named)
}

/// A value that the schema allows; `name` stands where any text will do. `None` where there is no
/// end.
pub(super) fn make(tree: &Value, schema: &Value, name: &str, written: bool) -> Option<Value> {
    Maker { tree, written, nodes: 0 }.value(schema, name, 0)
}

struct Maker<'a> {
    tree: &'a Value,
    written: bool,
    nodes: usize,
}

impl Maker<'_> {
    fn value(&mut self, schema: &Value, name: &str, depth: usize) -> Option<Value> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return None;
        }
        let schema = crate::check::follow(self.tree, schema)?;
        if let Some(given) = given_by(schema) {
            return Some(given.clone());
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.together(schema, parts, name, depth);
        }
        for key in ["oneOf", "anyOf"] {
            let choice = items(schema, key).find_map(|choice| self.value(choice, name, depth + 1));
            if choice.is_some() {
                return choice;
            }
        }
        self.of_type(schema, name, depth)
    }

    fn of_type(&mut self, schema: &Value, name: &str, depth: usize) -> Option<Value> {
        let least = |other: Value| {
            let given = schema.get("minimum").filter(|least| least.is_number());
            Some(given.cloned().unwrap_or(other))
        };
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(schema, depth),
            Some("array") => self.list(schema, name, depth),
            Some("string") => Some(Value::from(word(schema, name))),
            Some("integer") => least(Value::from(1)),
            Some("number") => least(Value::from(0.5)),
            Some("boolean") => Some(Value::Bool(true)),
            _ if schema.get("properties").is_some() => self.object(schema, depth),
            _ if schema.get("items").is_some() => self.list(schema, name, depth),
            _ => Some(Value::from(name)),
        }
    }

    /// The members of all parts.
    fn together(
        &mut self,
        schema: &Value,
        parts: &[Value],
        name: &str,
        depth: usize,
    ) -> Option<Value> {
        let mut merged = Map::new();
        let mut other = None;
        for part in parts {
            match self.value(part, name, depth + 1)? {
                Value::Object(members) => merged.extend(members),
                value => other = Some(value),
            }
        }
        if schema.get("properties").is_some()
            && let Some(Value::Object(own)) = self.object(schema, depth)
        {
            merged.extend(own);
        }
        if merged.is_empty() {
            other.or(Some(Value::Object(merged)))
        } else {
            Some(Value::Object(merged))
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let mut made = Map::new();
        for (name, member) in all_members(schema, "properties") {
            let required = texts(schema, "required").any(|required| required == name);
            let target = resolved(self.tree, member);
            let hidden = flag(target, if self.written { "readOnly" } else { "writeOnly" });
            if hidden || (!required && (depth >= FULL_DEPTH || flag(target, "deprecated"))) {
                continue;
            }
            match self.value(member, name, depth + 1) {
                Some(value) => {
                    made.insert(name.clone(), value);
                }
                None if required => return None,
                None => {}
            }
        }
        let extra = schema.get("additionalProperties").filter(|extra| extra.is_object());
        if let Some(extra) = extra.filter(|_| made.is_empty()) {
            made.extend(
                self.value(extra, "value", depth + 1).map(|value| ("key".to_owned(), value)),
            );
        }
        Some(Value::Object(made))
    }

    fn list(&mut self, schema: &Value, name: &str, depth: usize) -> Option<Value> {
        let item = schema.get("items").and_then(|item| self.value(item, name, depth + 1));
        Some(Value::Array(item.into_iter().collect()))
    }
}

/// An example, a default or the first known value.
fn given_by(schema: &Value) -> Option<&Value> {
    let list = |key: &str| schema.get(key)?.as_array()?.first();
    let own =
        schema.get("example").or_else(|| schema.get("default").filter(|value| !value.is_null()));
    own.or_else(|| list("enum")).or_else(|| list("x-extensible-enum"))
}

fn word(schema: &Value, name: &str) -> String {
    let text = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => "2026-01-01T00:00:00Z",
        Some("date") => "2026-01-01",
        Some("uuid") => "123e4567-e89b-12d3-a456-426614174000",
        Some("email") => "someone@example.com",
        Some("uri" | "url") => "https://example.com",
        _ => name,
    };
    text.to_owned()
}
