//! Where two documents differ in what the model does not hold.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Edition;
use crate::source::join;

/// Members that are prose or examples, or that stand for a person and not for a caller.
const PROSE: &[&str] =
    &["description", "summary", "title", "example", "examples", "tags", "externalDocs"];
/// Members of the document that say nothing of calls.
const HEAD: &[&str] = &["info", "openapi"];
/// Members whose own members are names that the document has chosen.
const NAMED: &[&str] = &[
    "callbacks",
    "content",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
];
/// Members whose values are data and no part of OpenAPI.
const DATA: &[&str] = &["default", "enum"];
/// What the model does not hold, wherever it stands.
const LOST: &[&str] = &[
    "allowEmptyValue",
    "allowReserved",
    "callbacks",
    "encoding",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "flows",
    "headers",
    "links",
    "mapping",
    "maxProperties",
    "minProperties",
    "multipleOf",
    "not",
    "openIdConnectUrl",
    "readOnly",
    "uniqueItems",
    "writeOnly",
    "xml",
];
/// What the model holds of members and parameters only.
const BOUNDS: &[&str] =
    &["default", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "pattern"];
/// What stands around schemas whose bounds the model does not hold.
const BOUNDLESS: &[&str] = &["items", "additionalProperties", "oneOf", "anyOf", BODY];
/// Stands for the key of the schema of a media type.
const BODY: &str = "content/schema";
/// Stands for the key of a media type, which the document names.
const MEDIA: &str = "content/*";
/// Stands for a path, likewise.
const PATH: &str = "paths/*";
/// What the model counts among the bounds of integers.
const EXCLUSIVE: &[&str] = &["exclusiveMaximum", "exclusiveMinimum"];
/// Formats that have a type of their own.
const TYPED: &[&str] = &["int32", "int64", "date-time", "date", "binary", "byte"];

/// One difference while it is looked for.
#[derive(Clone, Copy, Default)]
struct At<'a> {
    /// The member of OpenAPI that holds it.
    key: &'a str,
    /// Whether the model has lost sight of it.
    lost: bool,
}

impl<'a> At<'a> {
    fn below(self, key: &'a str) -> Self {
        let key = if (self.key, key) == (MEDIA, "schema") { BODY } else { key };
        let is_bound = BOUNDLESS.contains(&self.key) && BOUNDS.contains(&key);
        let lost = LOST.contains(&key) || is_bound;
        Self { key, lost: self.lost || lost }
    }
}

/// The places, in the order of their pointers. Unless `all`, only those that the model cannot hold.
pub(super) fn pointers(old: Edition<'_>, new: Edition<'_>, all: bool) -> Vec<String> {
    let families = old.api.families.iter().chain(&new.api.families);
    let operations = families.flat_map(|family| &family.operations);
    let held = operations.map(|operation| {
        let method = operation.method.as_str().to_lowercase();
        join(&join("/paths", &operation.path), &method)
    });
    let mut search = Search { all, held: held.collect(), found: BTreeSet::new() };
    search.values("", Some(old.tree), Some(new.tree), At::default());
    search.found.into_iter().collect()
}

struct Search {
    all: bool,
    /// Operations that the model holds.
    held: BTreeSet<String>,
    found: BTreeSet<String>,
}

impl Search {
    fn values(&mut self, pointer: &str, old: Option<&Value>, new: Option<&Value>, at: At<'_>) {
        if old == new {
            return;
        }
        let is_data = DATA.contains(&at.key);
        match (old, new) {
            (Some(Value::Object(old)), Some(Value::Object(new))) if !is_data => {
                match NAMED.contains(&at.key) || at.key == "security" {
                    true => self.names(pointer, old, new, at),
                    false => self.members(pointer, old, new, at),
                }
            }
            (Some(Value::Array(old)), Some(Value::Array(new))) if !is_data => {
                self.items(pointer, old, new, at);
            }
            (Some(Value::Array(old)), Some(Value::Array(new))) if is_same_set(old, new) => {}
            (old, new) => {
                if self.all || at.lost || (at.key == "format" && !is_typed(old) && !is_typed(new)) {
                    self.found.insert(pointer.to_owned());
                }
            }
        }
    }

    /// Members that OpenAPI names.
    fn members(&mut self, pointer: &str, old: &Object, new: &Object, at: At<'_>) {
        let is_root = pointer.is_empty();
        for key in keys(old, new) {
            let is_head = is_root && HEAD.contains(&key);
            if is_head || PROSE.contains(&key) || key.starts_with("x-") {
                continue;
            }
            // The place in the path says which one it is, and headers have no case.
            if key == "name" && ["path", "header"].map(Some).contains(&text(new, "in")) {
                continue;
            }
            let mut inner = at.below(key);
            // The model holds the servers of the whole document.
            inner.lost |= key == "servers" && !is_root;
            if EXCLUSIVE.contains(&key) && [old, new].map(is_integer) == [true, true] {
                inner.lost = at.lost || BOUNDLESS.contains(&at.key);
            }
            let pointer = join(pointer, key);
            inner.lost |= at.key == PATH && self.is_left_out(&pointer);
            self.values(&pointer, old.get(key), new.get(key), inner);
        }
    }

    /// Whether the generator leaves the operation out, since it does not support it.
    fn is_left_out(&self, pointer: &str) -> bool {
        let Some((path, key)) = pointer.rsplit_once('/') else { return false };
        let path = path.split('#').next().unwrap_or(path);
        key != "parameters" && !self.held.contains(&format!("{path}/{key}"))
    }

    /// Members that the document names.
    fn names(&mut self, pointer: &str, old: &Object, new: &Object, at: At<'_>) {
        let (paths, content) = (at.key == "paths", at.key == "content");
        let may_extend = paths || at.key == "responses" || at.key == "callbacks";
        let scopes = at.key == "security";
        // Of several media types one is taken.
        let taken = new.keys().find(|key| key.contains("json")).filter(|_| content);
        let several = content && (old.len() > 1 || new.len() > 1);
        let key = match at.key {
            "content" => MEDIA,
            "paths" => PATH,
            _ => "",
        };
        let lost = at.lost;
        let at = At { key, lost: lost || several };
        for (key, value) in new.iter().filter(|(key, _)| !(may_extend && key.starts_with("x-"))) {
            let before = old.get(key).or_else(|| paths.then(|| same_path(old, key)).flatten());
            let lost = match before {
                Some(_) => lost || scopes || (several && taken != Some(key)),
                None => at.lost,
            };
            self.values(&join(pointer, key), before, Some(value), At { lost, ..at });
        }
        for (key, value) in old.iter().filter(|(key, _)| !(may_extend && key.starts_with("x-"))) {
            let is_kept = new.contains_key(key) || (paths && same_path(new, key).is_some());
            if !is_kept {
                self.values(&join(pointer, key), Some(value), None, at);
            }
        }
    }

    fn items(&mut self, pointer: &str, old: &[Value], new: &[Value], at: At<'_>) {
        if is_same_set(old, new) && at.key != "servers" {
            return;
        }
        let is_parameters = at.key == "parameters";
        let inner = if is_parameters { At { key: "", ..at } } else { at };
        let mut left: Vec<Option<&Value>> = old.iter().map(Some).collect();
        let mut take = |is_own: &dyn Fn(&Value) -> bool| {
            left.iter_mut().find(|own| own.is_some_and(is_own)).and_then(Option::take)
        };
        let mut pairs: Vec<(usize, Option<&Value>, &Value)> = Vec::new();
        for (index, value) in new.iter().enumerate() {
            let before = match is_parameters {
                true => take(&|own| identity(own) == identity(value)),
                false => old.get(index),
            };
            pairs.push((index, before, value));
        }
        // A path parameter may have another name.
        for (_, before, value) in pairs.iter_mut().filter(|(_, before, _)| before.is_none()) {
            let place = |own: &Value| own.get("in").and_then(Value::as_str) == Some("path");
            if is_parameters && place(value) {
                *before = take(&place);
            }
        }
        for (index, before, value) in pairs {
            self.values(&join(pointer, &index.to_string()), before, Some(value), inner);
        }
        for (index, value) in old.iter().enumerate() {
            let is_gone = match is_parameters {
                true => left.get(index).is_some_and(Option::is_some),
                false => index >= new.len(),
            };
            if is_gone {
                self.values(&join(pointer, &index.to_string()), Some(value), None, inner);
            }
        }
    }
}

type Object = Map<String, Value>;

fn keys<'a>(old: &'a Object, new: &'a Object) -> BTreeSet<&'a str> {
    old.keys().chain(new.keys()).map(String::as_str).collect()
}

fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

fn is_integer(schema: &Object) -> bool {
    text(schema, "type") == Some("integer")
}

fn is_typed(format: Option<&Value>) -> bool {
    format.and_then(Value::as_str).is_some_and(|format| TYPED.contains(&format))
}

/// Lists of words have no order, and those of parameters neither.
fn is_same_set(old: &[Value], new: &[Value]) -> bool {
    let set = |list: &[Value]| -> BTreeSet<String> { list.iter().map(Value::to_string).collect() };
    old.len() == new.len() && set(old) == set(new)
}

/// What a parameter is found by.
fn identity(parameter: &Value) -> (Option<String>, Option<String>) {
    let text = |key: &str| parameter.get(key).and_then(Value::as_str);
    match (text("$ref"), text("in"), text("name")) {
        (Some(reference), _, _) => (None, Some(reference.to_owned())),
        (None, Some("header"), name) => (Some("header".to_owned()), name.map(str::to_lowercase)),
        (None, place, name) => (place.map(str::to_owned), name.map(str::to_owned)),
    }
}

/// The path that differs in the names of its parameters only.
fn same_path<'a>(paths: &'a Object, path: &str) -> Option<&'a Value> {
    let route = super::operations::without_names(path);
    let own = paths.iter().find(|(key, _)| super::operations::without_names(key) == route);
    own.map(|(_, value)| value)
}
