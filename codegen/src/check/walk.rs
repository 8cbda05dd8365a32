//! Goes through a document by the tables: reports what does not fit, mends what is harmless, and
//! lists the references for later.

use serde_json::{Map as JsonMap, Value};

use super::table::{Kind, Member, Need, OPENAPI, Object, REF, Rest};
use super::{words, Rules};
use crate::diagnostic::Collector;
use crate::source::{SourceMap, push};

/// Values that may be copied in place of references where the standard allows none.
const MAX_COPIED: usize = 200_000;
/// Copies within copies.
const MAX_COPY_DEPTH: usize = 3;

/// A `$ref` and what must stand at its other end.
#[derive(Debug)]
pub struct Reference {
    /// Pointer of the `$ref` member.
    pub pointer: String,
    /// Its text.
    pub target: String,
    /// The object it stands for; `None` where the standard allows no reference.
    pub object: Option<&'static Object>,
}

/// The state of one walk.
#[derive(Debug)]
pub struct Walk<'a> {
    pub problems: &'a mut Collector,
    pub house: bool,
    /// Where the walk is.
    pub pointer: String,
    pub references: Vec<Reference>,
    source: &'a SourceMap,
    original: &'a Value,
    copied: usize,
    copy_depth: usize,
}

/// Checks and mends the whole tree; gives its references.
pub fn walk(tree: &mut Value, original: &Value, source: &SourceMap, rules: &Rules, problems: &mut Collector) -> Vec<Reference> {
    let mut walk = Walk {
        problems,
        house: rules.house,
        pointer: String::new(),
        references: Vec::new(),
        source,
        original,
        copied: 0,
        copy_depth: 0,
    };
    walk.object(tree, &OPENAPI);
    walk.references
}

impl Walk<'_> {
    /// A harmless slip: an error in our own document, a warning in those of others.
    pub fn slip(&mut self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        if self.house { self.error(code, message, help) } else { self.problems.warning(code, &self.pointer, message, help) }
    }

    pub fn error(&mut self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.problems.error(code, &self.pointer, message, help);
    }

    /// Does something one step further down.
    pub fn under<R>(&mut self, key: &str, act: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.pointer.len();
        push(&mut self.pointer, key);
        let result = act(self);
        self.pointer.truncate(length);
        result
    }

    /// A scalar as it is written; for text of the same look, such as 1.10.
    pub fn raw(&self, value: &Value) -> String {
        match (value, self.source.raw(&self.pointer)) {
            (Value::Number(_) | Value::Bool(_), Some(raw)) => raw.to_owned(),
            (Value::String(text), _) => text.clone(),
            (other, _) => other.to_string(),
        }
    }

    fn object(&mut self, value: &mut Value, object: &'static Object) {
        let Value::Object(map) = value else {
            return self.wrong_kind(value, "an object");
        };
        if let Some(before) = object.before {
            before(self, map);
        }
        let mut dropped = Vec::new();
        for (key, value) in map.iter_mut() {
            if key.starts_with("x-") {
                continue;
            }
            let keep = self.under(key, |walk| walk.member(key, value, object));
            if !keep {
                dropped.push(key.clone());
            }
        }
        map.retain(|key, _| !dropped.iter().any(|drop| drop == key));
        for member in object.members.iter().filter(|member| member.need != Need::Optional) {
            self.needed(map, member, object);
        }
        if let Some(after) = object.after {
            after(self, map);
        }
    }

    /// One member of an object; false when it is to be dropped.
    fn member(&mut self, key: &str, value: &mut Value, object: &'static Object) -> bool {
        if let Some(member) = object.member(key) {
            if value.is_null() && !matches!(member.kind, Kind::Any) {
                self.slip("wrong-kind", format!("`{key}` has no value; it is left out"), "give it a value or remove the key");
                return false;
            }
            return self.value(value, &member.kind);
        }
        match &object.rest {
            Rest::Refused => {
                self.unknown_key(key, object);
                false
            }
            Rest::Paths(kind) => {
                if !key.starts_with('/') {
                    self.error("wrong-path", format!("the path `{key}` does not begin with a slash"), format!("write `/{key}`"));
                    return false;
                }
                self.entry(value, kind)
            }
            Rest::Statuses(kind) => self.status(key) && self.entry(value, kind),
            Rest::Expressions(kind) => self.entry(value, kind),
        }
    }

    fn status(&mut self, key: &str) -> bool {
        let bytes = key.as_bytes();
        let digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
        let exact = bytes.len() == 3 && digit(0) && digit(1) && digit(2) && bytes[0] != b'0';
        let range = bytes.len() == 3 && digit(0) && bytes[0] != b'0' && bytes[1..].eq_ignore_ascii_case(b"XX");
        if !exact && !range {
            let help = words::nearest(key, ["default"].into_iter()).unwrap_or("200`, `4XX` or `default");
            self.error("wrong-status", format!("`{key}` is not a status code"), format!("write `{help}`"));
            return false;
        }
        if bytes[0] > b'5' || (range && key.contains('x')) {
            self.slip("wrong-status", format!("`{key}` is not a status code of HTTP"), "write 100 to 599, or `1XX` to `5XX`");
        }
        true
    }

    /// A value under a free name or in a list; false when it is to be dropped.
    fn entry(&mut self, value: &mut Value, kind: &'static Kind) -> bool {
        if !value.is_null() || matches!(kind, Kind::Any) {
            return self.value(value, kind);
        }
        let object = matches!(kind, Kind::One(_) | Kind::OrRef(_) | Kind::Map(_));
        let read = if object { "it is read as an empty object" } else { "it is left out" };
        self.slip("wrong-kind", format!("there is no value here; {read}"), "write `{}` or remove the key");
        if object {
            *value = Value::Object(JsonMap::new());
            return self.value(value, kind);
        }
        false
    }

    /// Checks a value that is there; false when it is to be dropped.
    fn value(&mut self, value: &mut Value, kind: &'static Kind) -> bool {
        if let Some(target) = reference(value) {
            match kind {
                Kind::OrRef(object) => {
                    self.reference(target.to_owned(), value, object);
                    return true;
                }
                Kind::SchemaOrFlag => {
                    self.reference(target.to_owned(), value, &super::table::SCHEMA);
                    return true;
                }
                Kind::Any | Kind::Map(Kind::Any | Kind::Text) => {}
                _ => return self.misplaced(target.to_owned(), value, kind),
            }
        }
        match kind {
            Kind::Any => {}
            Kind::Text => self.text(value),
            Kind::Flag => self.flag(value),
            Kind::Number => self.number(value),
            Kind::Count => self.count(value),
            Kind::Choice(words) => self.choice(value, words),
            Kind::One(object) | Kind::OrRef(object) => self.object(value, object),
            Kind::SchemaOrFlag if value.is_object() => self.object(value, &super::table::SCHEMA),
            Kind::SchemaOrFlag => self.flag(value),
            Kind::List(kind) => self.list(value, kind),
            Kind::Map(kind) => self.map(value, kind),
        }
        true
    }

    fn list(&mut self, value: &mut Value, kind: &'static Kind) {
        if matches!(kind, Kind::Text) && value.is_string() {
            self.slip("wrong-kind", "expected a list, found text; it is read as a list of one", "put it in brackets: `[...]`");
            *value = Value::Array(vec![value.take()]);
        }
        let Value::Array(items) = value else {
            return self.wrong_kind(value, "a list");
        };
        let mut index = 0;
        items.retain_mut(|item| {
            let keep = self.under(&index.to_string(), |walk| walk.entry(item, kind));
            index += 1;
            keep
        });
    }

    fn map(&mut self, value: &mut Value, kind: &'static Kind) {
        let Value::Object(map) = value else {
            return self.wrong_kind(value, "an object");
        };
        map.retain(|key, value| self.under(key, |walk| walk.entry(value, kind)));
    }

    fn text(&mut self, value: &mut Value) {
        if let Value::Number(_) | Value::Bool(_) = value {
            let raw = self.raw(value);
            self.slip("wrong-kind", format!("expected text, found {} `{raw}`; it is read as text", kind_of(value)), "put it in quotes");
            *value = Value::String(raw);
        } else if !value.is_string() {
            self.wrong_kind(value, "text");
        }
    }

    fn flag(&mut self, value: &mut Value) {
        let meant = match value {
            Value::Bool(_) => return,
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        };
        match meant {
            Some(meant) => {
                self.slip("wrong-kind", format!("expected true or false, found text; it is read as {meant}"), format!("write `{meant}`"));
                *value = Value::Bool(meant);
            }
            None => self.wrong_kind(value, "true or false"),
        }
    }

    fn number(&mut self, value: &mut Value) {
        if value.is_number() {
            return;
        }
        match value.as_str().and_then(|text| serde_json::from_str::<serde_json::Number>(text.trim()).ok()) {
            Some(number) => {
                self.slip("wrong-kind", "expected a number, found text; it is read as a number", "remove the quotes");
                *value = Value::Number(number);
            }
            None => self.wrong_kind(value, "a number"),
        }
    }

    fn count(&mut self, value: &mut Value) {
        if value.as_u64().is_some() {
            return;
        }
        self.number(value);
        match value.as_f64() {
            // Beyond 2^53 a double does not hold every whole number, and no list is that long.
            Some(number) if number >= 0.0 && number.fract() == 0.0 => *value = Value::from(number.min(9e15) as u64),
            Some(_) => self.error("wrong-value", format!("expected a whole number from 0, found `{value}`"), "write a whole number"),
            None => {}
        }
    }

    fn choice(&mut self, value: &mut Value, words: &'static [&'static str]) {
        let Value::String(text) = value else {
            return self.wrong_kind(value, "a word");
        };
        if words.contains(&text.as_str()) {
            return;
        }
        if let Some(word) = words.iter().find(|word| word.eq_ignore_ascii_case(text)) {
            self.slip("wrong-value", format!("`{text}` is written `{word}`"), format!("write `{word}`"));
            *value = Value::String((*word).to_owned());
            return;
        }
        let help = match words::nearest(text, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("write one of {}", words.join(", ")),
        };
        self.error("wrong-value", format!("`{text}` is not a value of this key"), help);
    }

    pub fn wrong_kind(&mut self, value: &Value, expected: &str) {
        let help = format!("write {expected}");
        self.error("wrong-kind", format!("expected {expected}, found {}", kind_of(value)), help);
    }

    fn unknown_key(&mut self, key: &str, object: &'static Object) {
        let name = object.name;
        if let Some(help) = words::foreign(name, key) {
            return self.slip("unknown-key", format!("`{key}` is not a key of the {name} object; it is ignored"), help);
        }
        match words::nearest(key, object.members.iter().map(|member| member.key)) {
            Some(word) => self.error("unknown-key", format!("`{key}` is not a key of the {name} object"), format!("did you mean `{word}`?")),
            None => {
                let message = format!("`{key}` is not a key of the {name} object; it is ignored");
                self.slip("unknown-key", message, format!("remove it, or make it an extension: `x-{key}`"));
            }
        }
    }

    fn needed(&mut self, map: &mut JsonMap<String, Value>, member: &Member, object: &Object) {
        let key = member.key;
        if map.contains_key(key) {
            return;
        }
        let message = format!("the {} object has no `{key}`", object.name);
        let help = format!("add `{key}`");
        let stand_in = match member.need {
            Need::Optional => return,
            Need::Required => return self.error("missing-member", message, help),
            Need::EmptyText => Value::String(String::new()),
            Need::EmptyObject => Value::Object(JsonMap::new()),
        };
        self.slip("missing-member", message, help);
        map.insert(key.to_owned(), stand_in);
    }

    fn reference(&mut self, target: String, value: &Value, object: &'static Object) {
        let siblings = value.as_object().into_iter().flat_map(JsonMap::keys);
        let ignored: Vec<&str> = siblings.map(String::as_str).filter(|key| *key != REF && !key.starts_with("x-")).collect();
        if !ignored.is_empty() {
            let help = "OpenAPI 3.0 ignores what stands beside `$ref`; wrap the reference: `allOf: [{$ref: ...}]`";
            self.slip("ignored-sibling", format!("`{}` beside `$ref` is ignored", ignored.join("`, `")), help);
        }
        let pointer = self.under(REF, |walk| walk.pointer.clone());
        self.references.push(Reference { pointer, target, object: Some(object) });
    }

    /// A reference where the standard allows none: its target is copied, if that can be done.
    fn misplaced(&mut self, target: String, value: &mut Value, kind: &'static Kind) -> bool {
        let found = super::references::internal(&target).and_then(|pointer| self.original.pointer(&pointer));
        let size = found.map_or(0, size);
        let deep = self.copy_depth >= MAX_COPY_DEPTH;
        let Some(found) = found.filter(|_| !deep && self.copied + size <= MAX_COPIED) else {
            if deep || found.is_some() {
                self.error("wrong-reference", "a reference cannot stand here", "write its target in its place");
            } else {
                let pointer = self.under(REF, |walk| walk.pointer.clone());
                self.references.push(Reference { pointer, target, object: None });
            }
            return false;
        };
        self.slip("wrong-reference", "OpenAPI 3.0 allows no reference here; its target is copied", "write the target in its place");
        *value = found.clone();
        self.copied += size;
        self.copy_depth += 1;
        let keep = self.value(value, kind);
        self.copy_depth -= 1;
        keep
    }
}

/// The target, if the value is a reference.
pub fn reference(value: &Value) -> Option<&str> {
    value.as_object()?.get(REF)?.as_str()
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

/// What a value is, for messages.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "the boolean",
        Value::Number(_) => "the number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
