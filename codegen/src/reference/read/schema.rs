//! Schemas to what people read. Schemas of `components` that are referred to stay names, so that a
//! page is no longer than its document and a schema that holds itself has an end.

use serde_json::Value;

use crate::check::follow;
use crate::emit::code;
use crate::reference::model::{Member, Need, Parts, Schema, Values, Word};
use crate::reference::node::{all_members, component, flag, items, plain, text, texts};

/// Deepest nesting that is shown; a reference into an unnamed schema may lead in a circle.
const MAX_DEPTH: usize = 12;

/// Bounds and how they are said.
const BOUNDS: &[(&str, &str)] = &[
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
    ("minProperties", "at least {} members"),
    ("maxProperties", "at most {} members"),
    ("multipleOf", "a multiple of {}"),
];

/// A schema where it is used.
pub(in crate::reference) fn used(tree: &Value, value: &Value) -> Schema {
    Reader { tree }.schema(value, 0)
}

struct Reader<'a> {
    tree: &'a Value,
}

impl Reader<'_> {
    fn schema(&self, value: &Value, depth: usize) -> Schema {
        if value.get("$ref").is_some() {
            return self.reference(value, depth);
        }
        if let Some(schema) = self.wrapped(value, depth) {
            return schema;
        }
        let label = self.label(value, depth);
        let mut schema = own(value);
        if let Some(inner) = value.get("items").filter(|item| component(item).is_none()) {
            let inner = own(inner);
            let each = inner.facts.iter().map(|fact| format!("each item: {fact}"));
            schema.facts.extend(each);
        }
        let parts = if depth < MAX_DEPTH { self.parts(value, depth) } else { Parts::default() };
        Schema { label, parts, ..schema }
    }

    /// The name of a component, with the bounds and the values of one that is a scalar; what any
    /// other reference leads to.
    fn reference(&self, value: &Value, depth: usize) -> Schema {
        let target = follow(self.tree, value);
        match (component(value), target) {
            (Some(name), Some(target)) => {
                let label = vec![Word::Named(name)];
                match is_scalar(target) {
                    true => {
                        let kind = Word::Text(format!(" · {}", kind(target)));
                        Schema { label: label.into_iter().chain([kind]).collect(), ..own(target) }
                    }
                    false => Schema {
                        label,
                        deprecated: flag(target, "deprecated"),
                        ..Schema::default()
                    },
                }
            }
            (None, Some(target)) if depth < MAX_DEPTH => self.schema(target, depth + 1),
            (_, Some(_)) => named("more"),
            (_, None) => named("described in another document"),
        }
    }

    /// A reference in an `allOf` of its own: this schema under a description of its own.
    fn wrapped(&self, value: &Value, depth: usize) -> Option<Schema> {
        let inner = only_part(value).filter(|_| depth < MAX_DEPTH)?;
        let mut schema = self.schema(inner, depth + 1);
        let outer = own(value);
        schema.description = outer.description.or(schema.description);
        schema.deprecated |= outer.deprecated;
        schema.read_only |= outer.read_only;
        schema.write_only |= outer.write_only;
        schema.values = outer.values.or(schema.values);
        let new: Vec<String> =
            outer.facts.into_iter().filter(|fact| !schema.facts.contains(fact)).collect();
        schema.facts.extend(new);
        if flag(value, "nullable") {
            schema.label.push(Word::Text(" or null".to_owned()));
        }
        Some(schema)
    }

    /// The name of the type, such as `array of Flag or null`.
    fn label(&self, value: &Value, depth: usize) -> Vec<Word> {
        if let Some(name) = component(value) {
            return vec![Word::Named(name)];
        }
        if depth >= MAX_DEPTH {
            return vec![Word::Text(kind(value))];
        }
        if value.get("$ref").is_some() {
            let target = follow(self.tree, value);
            let unknown = || vec![Word::Text("described in another document".to_owned())];
            return target.map_or_else(unknown, |target| self.label(target, depth + 1));
        }
        let mut label = match (only_part(value), contained(value)) {
            (Some(inner), _) => self.label(inner, depth + 1),
            (None, Some((text, inner))) => {
                let mut label = vec![Word::Text(text.to_owned())];
                label.extend(self.label(inner, depth + 1));
                label
            }
            (None, None) => vec![Word::Text(kind(value))],
        };
        if flag(value, "nullable") {
            label.push(Word::Text(" or null".to_owned()));
        }
        label
    }

    fn parts(&self, value: &Value, depth: usize) -> Parts {
        let mut parts = Parts::default();
        for (name, member) in all_members(value, "properties") {
            let schema = self.schema(member, depth + 1);
            parts.members.push(Member { name: name.clone(), need: need(value, name), schema });
        }
        for (key, heading) in [
            ("allOf", "All of these together"),
            ("oneOf", "One of these"),
            ("anyOf", "Any of these"),
        ] {
            let schemas: Vec<Schema> =
                items(value, key).map(|part| self.schema(part, depth + 1)).collect();
            if !schemas.is_empty() {
                parts.lists.push((heading.to_owned(), schemas));
            }
        }
        let extra = value.get("additionalProperties").filter(|extra| is_told(extra));
        let inner = [("items", "Each item"), ("not", "Not this")]
            .map(|(key, heading)| (value.get(key), heading));
        for (inner, heading) in inner.into_iter().chain([(extra, "Each other member")]) {
            // A name is in the label already.
            let Some(inner) =
                inner.filter(|inner| heading == "Not this" || component(inner).is_none())
            else {
                continue;
            };
            let schema = self.schema(inner, depth + 1);
            if !is_plain(&schema) || heading == "Not this" {
                parts.lists.push((heading.to_owned(), vec![schema]));
            }
        }
        parts
    }
}

/// Whether the label and the bounds of what contains it say all.
fn is_plain(schema: &Schema) -> bool {
    schema.parts.is_empty() && schema.values.is_none() && schema.description.is_none()
}

fn named(text: &str) -> Schema {
    Schema { label: vec![Word::Text(text.to_owned())], ..Schema::default() }
}

/// The only part of an `allOf` that has nothing beside it.
fn only_part(value: &Value) -> Option<&Value> {
    let [inner] = value.get("allOf")?.as_array()?.as_slice() else { return None };
    let beside = ["properties", "additionalProperties", "oneOf", "anyOf", "items"];
    (!beside.iter().any(|key| value.get(key).is_some())).then_some(inner)
}

/// What a list or a map holds, and the words before it.
fn contained(value: &Value) -> Option<(&'static str, &Value)> {
    if let Some(inner) = value.get("items") {
        return Some(("array of ", inner));
    }
    let has = |key: &str| value.get(key).is_some();
    let inner = value.get("additionalProperties").filter(|extra| is_told(extra))?;
    (!has("properties") && !has("allOf")).then_some(("map of ", inner))
}

/// Whether a schema of members says anything.
fn is_told(extra: &Value) -> bool {
    extra.as_object().is_some_and(|schema| !schema.is_empty())
}

/// Whether a schema is text, a number or a boolean.
fn is_scalar(value: &Value) -> bool {
    let kind = value.get("type").and_then(Value::as_str);
    matches!(kind, Some("string" | "integer" | "number" | "boolean"))
        && value.get("allOf").is_none()
}

fn need(value: &Value, name: &str) -> Need {
    if texts(value, "required").any(|required| required == name) {
        Need::Required
    } else if texts(value, "x-required-on-write").any(|required| required == name) {
        Need::RequiredInRequests
    } else {
        Need::Optional
    }
}

/// The kind of a value in a word or two.
fn kind(value: &Value) -> String {
    let declared = value.get("type").and_then(Value::as_str);
    let format = value.get("format").and_then(Value::as_str);
    let implied = || {
        let has = |key: &str| value.get(key).is_some();
        if has("properties") || has("additionalProperties") || has("allOf") {
            "object"
        } else if has("oneOf") || has("anyOf") {
            "one of several"
        } else if has("enum") {
            "one of the values"
        } else {
            "any value"
        }
    };
    let word = declared.unwrap_or_else(implied);
    format.map_or_else(|| word.to_owned(), |format| format!("{word} ({format})"))
}

/// What stands beside the type in any schema.
fn own(value: &Value) -> Schema {
    Schema {
        description: text(value, "description").or_else(|| text(value, "title")),
        deprecated: flag(value, "deprecated"),
        read_only: flag(value, "readOnly"),
        write_only: flag(value, "writeOnly"),
        facts: facts(value),
        values: values(value),
        ..Schema::default()
    }
}

fn values(value: &Value) -> Option<Values> {
    let list = |key: &str| value.get(key)?.as_array().map(|list| list.iter().map(plain).collect());
    let closed = list("enum").map(|values| Values { open: false, values });
    closed.or_else(|| list("x-extensible-enum").map(|values| Values { open: true, values }))
}

fn facts(value: &Value) -> Vec<String> {
    let mut facts = Vec::new();
    for (key, exclusive, or_equal, strict) in [
        ("minimum", "exclusiveMinimum", "at least", "more than"),
        ("maximum", "exclusiveMaximum", "at most", "less than"),
    ] {
        if let Some(bound) = value.get(key).filter(|bound| bound.is_number()) {
            let word = if flag(value, exclusive) { strict } else { or_equal };
            facts.push(format!("{word} {bound}"));
        }
    }
    for (key, words) in BOUNDS {
        if let Some(bound) = value.get(key).filter(|bound| bound.is_number()) {
            let words = words.replace("{}", &bound.to_string());
            let one = bound.as_u64() == Some(1);
            facts.push(if one { words.trim_end_matches('s').to_owned() } else { words });
        }
    }
    if flag(value, "uniqueItems") {
        facts.push("each item once".to_owned());
    }
    if value.get("additionalProperties") == Some(&Value::Bool(false)) {
        facts.push("no other members".to_owned());
    }
    facts.extend(text(value, "pattern").map(|pattern| format!("pattern {}", code(&pattern))));
    facts.extend(value.get("default").map(|default| format!("default {}", code(&plain(default)))));
    let kinds: Vec<&str> = texts(value, "x-also-accept").collect();
    if !kinds.is_empty() {
        facts.push(format!("may also arrive as {}", kinds.join(" or ")));
    }
    let scalar = value.get("example").filter(|example| !example.is_object() && !example.is_array());
    facts.extend(scalar.map(|example| format!("example {}", code(&plain(example)))));
    facts.extend(tags(value));
    facts
}

/// The member that tells the choices apart.
fn tags(value: &Value) -> Option<String> {
    let tag = text(value.get("discriminator")?, "propertyName")?;
    Some(format!("told apart by {}", code(&tag)))
}
