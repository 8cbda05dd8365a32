//! What values are, in words: the type, its bounds, the members of an object.

use std::collections::HashSet;

use serde_json::Value;

use super::links::Links;
use super::text::{cell, code_cell, value_cell};
use crate::dist::outline::{component, resolve, target};

/// Rows of one table; more are not read by anybody.
const MAX_ROWS: usize = 300;
/// Parts of one object.
const MAX_PARTS: usize = 2_000;
/// Objects without a name within objects without a name.
const MAX_DEPTH: usize = 4;
/// Values of an enum that are listed.
const MAX_VALUES: usize = 60;

/// A member of an object, or of an object without a name inside it.
#[derive(Debug)]
pub(in crate::dist) struct Member<'a> {
    /// `a`, `a.b`, `a[].b`
    pub(in crate::dist) path: String,
    pub(in crate::dist) schema: &'a Value,
    pub(super) required: bool,
    /// `x-required-on-write`
    pub(super) on_write: bool,
}

/// The members of an object, those of its parts first; and how many were left out.
pub(in crate::dist) fn members<'a>(tree: &'a Value, schema: &'a Value) -> (Vec<Member<'a>>, usize) {
    let mut found = Vec::new();
    let mut collector =
        Collect { tree, found: &mut found, more: 0, left: MAX_PARTS, open: HashSet::new() };
    collector.object(schema, "", 0);
    let more = collector.more;
    (found, more)
}

struct Collect<'a, 'f> {
    tree: &'a Value,
    found: &'f mut Vec<Member<'a>>,
    more: usize,
    /// Parts that may still be looked at: shared parts of parts are met again and again.
    left: usize,
    /// References that are being followed.
    open: HashSet<&'a str>,
}

impl<'a> Collect<'a, '_> {
    fn object(&mut self, schema: &'a Value, prefix: &str, depth: usize) {
        let reference = target(schema);
        if self.left == 0 || reference.is_some_and(|reference| !self.open.insert(reference)) {
            return;
        }
        self.left -= 1;
        let own = resolve(self.tree, schema);
        for part in own.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.object(part, prefix, depth);
        }
        let names = |key: &str| -> Vec<&str> {
            let names = own.get(key).and_then(Value::as_array).into_iter().flatten();
            names.filter_map(Value::as_str).collect()
        };
        let (required, on_write) = (names("required"), names("x-required-on-write"));
        let properties = own.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let (name, path) = (name.as_str(), format!("{prefix}{name}"));
            let needs = (required.contains(&name), on_write.contains(&name));
            self.member(path, property, needs, depth);
        }
        // Names that are required of members that a part describes.
        for member in self.found.iter_mut() {
            let name = member.path.strip_prefix(prefix).unwrap_or_default();
            member.required |= required.contains(&name);
            member.on_write |= on_write.contains(&name);
        }
        if let Some(reference) = reference {
            self.open.remove(reference);
        }
    }

    fn member(
        &mut self,
        path: String,
        schema: &'a Value,
        (required, on_write): (bool, bool),
        depth: usize,
    ) {
        if self.found.len() >= MAX_ROWS {
            self.more += 1;
            return;
        }
        if let Some(known) = self.found.iter_mut().find(|known| known.path == path) {
            // A later part says more of the same member.
            known.required |= required;
            known.schema = schema;
            return;
        }
        let inner = (depth < MAX_DEPTH).then(|| unnamed(schema, &path)).flatten();
        self.found.push(Member { path, schema, required, on_write });
        if let Some((inner, prefix)) = inner {
            self.object(inner, &prefix, depth + 1);
        }
    }
}

/// The object without a name that a member holds, alone or in a list, and the prefix of its members.
fn unnamed<'a>(schema: &'a Value, path: &str) -> Option<(&'a Value, String)> {
    if schema.get("properties").is_some() {
        return Some((schema, format!("{path}.")));
    }
    match schema.get("items") {
        Some(items) => unnamed(items, &format!("{path}[]")),
        None => {
            let values = schema.get("additionalProperties")?;
            values.is_object().then(|| unnamed(values, &format!("{path}.*"))).flatten()
        }
    }
}

/// The type of a value as Markdown for a cell.
pub(super) fn kind(tree: &Value, schema: &Value, links: &Links<'_>) -> String {
    let null = if schema.get("nullable") == Some(&Value::Bool(true)) { " or null" } else { "" };
    kind_of(tree, schema, links) + null
}

fn kind_of(tree: &Value, schema: &Value, links: &Links<'_>) -> String {
    if let Some(reference) = target(schema) {
        let Some(name) = component(reference) else {
            // Not what it holds: it may refer to itself.
            let found = resolve(tree, schema).get("type").and_then(Value::as_str);
            return if found == Some("array") { "list" } else { found.unwrap_or("any") }.to_owned();
        };
        let found = resolve(tree, schema);
        let link = links.to(&name);
        let null = found.get("nullable") == Some(&Value::Bool(true));
        let null = if null { " or null" } else { "" };
        // A short word saves the reader the way to a name that holds no members.
        return match found.get("type").and_then(Value::as_str) {
            Some(kind @ ("string" | "integer" | "number" | "boolean")) => {
                format!("{link}: {kind}{null}")
            }
            _ => link + null,
        };
    }
    let parts =
        |key: &str| schema.get(key).and_then(Value::as_array).filter(|parts| !parts.is_empty());
    let joined = |parts: &[Value], word: &str| {
        let kinds: Vec<String> = parts.iter().map(|part| kind(tree, part, links)).collect();
        kinds.join(word)
    };
    if let Some(parts) = parts("oneOf").or_else(|| parts("anyOf")) {
        return joined(parts, " or ");
    }
    match parts("allOf") {
        Some(parts) if schema.get("properties").is_none() => joined(parts, " and "),
        _ => plain(tree, schema, links),
    }
}

fn plain(tree: &Value, schema: &Value, links: &Links<'_>) -> String {
    let format = schema.get("format").and_then(Value::as_str);
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => match schema.get("items") {
            Some(items) => format!("list of {}", kind(tree, items, links)),
            None => "list".to_owned(),
        },
        Some("object") | None if schema.get("properties").is_some() => "object".to_owned(),
        Some("object") => match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => format!("map of {}", kind(tree, values, links)),
            _ => "object".to_owned(),
        },
        Some(kind) => match format {
            Some(format) => format!("{kind} ({})", cell(format)),
            None => kind.to_owned(),
        },
        None => "any".to_owned(),
    }
}

/// What else is said of a value, as Markdown for a cell.
pub(super) fn bounds(tree: &Value, schema: &Value) -> Vec<String> {
    let own = resolve(tree, schema);
    let mut notes = Vec::new();
    values(own, &mut notes);
    let number = |key: &str| own.get(key).filter(|value| value.is_number());
    let open = |key: &str| own.get(key) == Some(&Value::Bool(true));
    if let Some(least) = number("minimum") {
        let word = if open("exclusiveMinimum") { "more than" } else { "at least" };
        notes.push(format!("{word} {least}"));
    }
    if let Some(most) = number("maximum") {
        let word = if open("exclusiveMaximum") { "less than" } else { "at most" };
        notes.push(format!("{word} {most}"));
    }
    for (least, most, word) in [
        ("minLength", "maxLength", "character"),
        ("minItems", "maxItems", "item"),
        ("minProperties", "maxProperties", "member"),
    ] {
        notes.extend(range(number(least), number(most), word));
    }
    if let Some(step) = number("multipleOf") {
        notes.push(format!("a multiple of {step}"));
    }
    if open("uniqueItems") {
        notes.push("no item twice".to_owned());
    }
    if let Some(pattern) = own.get("pattern").and_then(Value::as_str) {
        notes.push(format!("pattern {}", code_cell(pattern)));
    }
    marks(own, &mut notes);
    notes
}

fn values(own: &Value, notes: &mut Vec<String>) {
    let listed = |key: &str| {
        let values = own.get(key)?.as_array()?;
        let shown: Vec<String> = values.iter().take(MAX_VALUES).map(value_cell).collect();
        let more = values.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(shown.join(", ") + &more)
    };
    if let Some(values) = listed("x-extensible-enum") {
        notes.push(format!("known values {values}; others may come"));
    } else if let Some(values) = listed("enum") {
        notes.push(format!("one of {values}"));
    }
}

fn range(least: Option<&Value>, most: Option<&Value>, word: &str) -> Option<String> {
    let counted = |count: &Value| format!("{count} {word}{}", if *count == 1 { "" } else { "s" });
    match (least, most) {
        (Some(least), Some(most)) if least == most => Some(format!("exactly {}", counted(most))),
        (Some(least), Some(most)) if *least != 0 => Some(format!("{least} to {}", counted(most))),
        (_, Some(most)) => Some(format!("at most {}", counted(most))),
        (Some(least), None) if *least != 0 => Some(format!("at least {}", counted(least))),
        _ => None,
    }
}

fn marks(own: &Value, notes: &mut Vec<String>) {
    if let Some(default) = own.get("default") {
        notes.push(format!("default {}", value_cell(default)));
    }
    let also = own.get("x-also-accept").and_then(Value::as_array).into_iter().flatten();
    let also: Vec<&str> = also.filter_map(Value::as_str).collect();
    if !also.is_empty() {
        notes.push(format!("may arrive as {}", cell(&also.join(" or "))));
    }
    for (key, words) in [
        ("readOnly", "in answers only"),
        ("writeOnly", "in requests only"),
        ("deprecated", "deprecated"),
    ] {
        if own.get(key) == Some(&Value::Bool(true)) {
            notes.push(words.to_owned());
        }
    }
}
