//! What stands beside a reference, and references where the standard allows none.

use serde_json::{Value, json};

use super::references::internal;
use super::shape::{Kind, Object};
use super::table::{REF, SCHEMA};
use super::walk::{Reference, Walk};

/// Values that may be copied in place of references where the standard allows none.
const MAX_COPIED: usize = 200_000;
/// What may be said about a schema beside a reference to it.
const WRAPPED: &[&str] =
    &["nullable", "description", "default", "deprecated", "readOnly", "writeOnly"];
/// Copies within copies.
const MAX_COPY_DEPTH: usize = 3;

impl Walk<'_> {
    pub fn reference(&mut self, target: String, value: &mut Value, object: &'static Object) {
        let pointer = self.under(REF, |walk| walk.pointer.clone());
        self.references.push(Reference { pointer, target, object: Some(object) });
        let Value::Object(map) = value else { return };
        let siblings: Vec<String> =
            map.keys().filter(|key| *key != REF && !key.starts_with("x-")).cloned().collect();
        let Some(first) = siblings.first() else { return };
        // A part of a composition is known by the name it refers to, so it stays bare.
        let is_part = self
            .pointer
            .rsplit('/')
            .nth(1)
            .is_some_and(|list| ["allOf", "oneOf", "anyOf"].contains(&list));
        let wraps = object.name == "Schema"
            && !is_part
            && siblings.iter().any(|key| WRAPPED.contains(&key.as_str()));
        let read = if wraps { "read as if the reference stood in `allOf`" } else { "ignored" };
        let message = format!("`{}` beside `$ref` is {read}", siblings.join("`, `"));
        let help = "OpenAPI 3.0 ignores what stands beside `$ref`; write `allOf: [{$ref: ...}]`";
        self.under(first, |walk| walk.slip("ignored-sibling", message, help));
        if wraps {
            self.wrap(value);
        }
    }

    /// `{$ref, nullable}` to `{allOf: [{$ref}], nullable}`: what its author meant.
    fn wrap(&mut self, value: &mut Value) {
        let Value::Object(map) = value else { return };
        let target = map.shift_remove(REF).unwrap_or_default();
        map.retain(|key, _| WRAPPED.contains(&key.as_str()) || key.starts_with("x-"));
        map.insert("allOf".to_owned(), json!([{ REF: target }]));
        self.object(value, &SCHEMA);
        // The part was listed a second time, at a place that the text does not have.
        self.references.pop();
    }

    /// A reference where the standard allows none: its target is copied, if that can be done.
    pub fn misplaced(&mut self, target: String, value: &mut Value, kind: &'static Kind) -> bool {
        let found = internal(&target).and_then(|pointer| self.document.tree.pointer(&pointer));
        let size = found.map_or(0, size);
        let deep = self.copy_depth >= MAX_COPY_DEPTH;
        let Some(found) = found.filter(|_| !deep && self.copied + size <= MAX_COPIED) else {
            if deep || found.is_some() {
                self.error(
                    "wrong-reference",
                    "a reference cannot stand here",
                    "write its target in its place",
                );
            } else {
                let pointer = self.under(REF, |walk| walk.pointer.clone());
                self.references.push(Reference { pointer, target, object: None });
            }
            return false;
        };
        self.slip(
            "wrong-reference",
            "OpenAPI 3.0 allows no reference here; its target is copied",
            "write the target in its place",
        );
        *value = found.clone();
        self.copied += size;
        self.copy_depth += 1;
        let keep = self.value(value, kind);
        self.copy_depth -= 1;
        keep
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}
