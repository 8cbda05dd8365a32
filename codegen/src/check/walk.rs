//! Goes through a document by the tables: reports what does not fit, mends what is harmless, and
//! lists the references for later.

use serde_json::{Map as JsonMap, Value};

use super::shape::{Kind, Member, Need, Object, Rest};
use super::table::{OPENAPI, REF, SCHEMA};
use super::{Judge, Rules, extension, words};
use crate::diagnostic::Collector;
use crate::load::Document;
use crate::source::push;

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
    /// Whether extensions are those of our own document.
    pub extensions: bool,
    /// Where the walk is.
    pub pointer: String,
    pub references: Vec<Reference>,
    pub document: &'a Document,
    pub copied: usize,
    pub copy_depth: usize,
}

/// Checks and mends the whole tree; gives its references.
pub fn walk(
    tree: &mut Value,
    document: &Document,
    rules: &Rules,
    problems: &mut Collector,
) -> Vec<Reference> {
    let mut walk = Walk {
        problems,
        house: rules.house,
        extensions: rules.house,
        pointer: String::new(),
        references: Vec::new(),
        document,
        copied: 0,
        copy_depth: 0,
    };
    walk.object(tree, &OPENAPI);
    walk.references
}

/// Checks a document of another kind by its own table, in which every slip is an error.
pub fn strict(document: &Document, table: &'static Object, problems: &mut Collector) {
    let mut walk = Walk {
        problems,
        house: true,
        extensions: false,
        pointer: String::new(),
        references: Vec::new(),
        document,
        copied: 0,
        copy_depth: 0,
    };
    walk.object(&mut document.tree.clone(), table);
}

impl Walk<'_> {
    /// A harmless slip: an error in our own document, a warning in those of others.
    pub fn slip(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        Judge { house: self.house, problems: self.problems }.slip(
            code,
            &self.pointer,
            message,
            help,
        );
    }

    pub fn error(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
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

    pub fn object(&mut self, value: &mut Value, object: &'static Object) {
        let Value::Object(map) = value else {
            return self.wrong_kind(value, "an object");
        };
        if let Some(before) = object.before {
            before(self, map);
        }
        self.misspelt_case(map, object);
        map.retain(|key, value| self.under(key, |walk| walk.member(key, value, object)));
        for member in object.members.iter().filter(|member| member.need != Need::Optional) {
            self.needed(map, member, object);
        }
        if let Some(after) = object.after {
            after(self, map);
        }
    }

    /// Keys that differ from a known one in nothing but capitals are read as it.
    fn misspelt_case(&mut self, map: &mut JsonMap<String, Value>, object: &'static Object) {
        let meant = |key: &str| {
            object
                .members
                .iter()
                .find(|member| member.key != key && member.key.eq_ignore_ascii_case(key))
        };
        let wrong: Vec<(String, &'static str)> = map
            .keys()
            .filter(|key| object.kind_of(key).is_none())
            .filter_map(|key| Some((key.clone(), meant(key)?.key)))
            .filter(|(_, right)| !map.contains_key(*right))
            .collect();
        for (key, right) in wrong {
            self.under(&key, |walk| {
                walk.slip(
                    "unknown-key",
                    format!("`{key}` is read as `{right}`"),
                    format!("write `{right}`"),
                )
            });
            if let Some(value) = map.shift_remove(&key) {
                map.insert(right.to_owned(), value);
            }
        }
    }

    /// One member of an object; false when it is to be dropped.
    fn member(&mut self, key: &str, value: &mut Value, object: &'static Object) -> bool {
        if key.starts_with("x-") {
            if self.extensions {
                extension::check(self, key, value, object.name);
            }
            return true;
        }
        if let Some(member) = object.member(key) {
            if matches!(key, "description" | "summary") && value.is_object() {
                return self.text_elsewhere();
            }
            if value.is_null() && !matches!(member.kind, Kind::Any) {
                self.slip(
                    "wrong-kind",
                    format!("`{key}` has no value; it is left out"),
                    "give it a value or remove the key",
                );
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
                    self.error(
                        "wrong-path",
                        format!("the path `{key}` does not begin with a slash"),
                        format!("write `/{key}`"),
                    );
                }
                self.entry(value, kind)
            }
            Rest::Statuses(kind) => self.status(key) && self.entry(value, kind),
            Rest::Expressions(kind) => self.entry(value, kind),
        }
    }

    /// `description: {$ref: text.md}`, which some bundlers know.
    fn text_elsewhere(&mut self) -> bool {
        let help = "write the text here; references to text are no part of OpenAPI";
        self.slip("wrong-kind", "expected text, found an object; it is left out", help);
        false
    }

    fn status(&mut self, key: &str) -> bool {
        let bytes = key.as_bytes();
        let digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
        let exact = bytes.len() == 3 && digit(0) && digit(1) && digit(2) && bytes[0] != b'0';
        let range = bytes.len() == 3
            && digit(0)
            && bytes[0] != b'0'
            && bytes[1..].eq_ignore_ascii_case(b"XX");
        if !exact && !range {
            let help =
                words::nearest(key, ["default"].into_iter()).unwrap_or("200`, `4XX` or `default");
            self.error(
                "wrong-status",
                format!("`{key}` is not a status code"),
                format!("write `{help}`"),
            );
            return false;
        }
        if range && key.contains('x') {
            self.slip(
                "wrong-status",
                format!("`{key}` is written with capitals"),
                format!("write `{}`", key.to_uppercase()),
            );
        }
        if bytes[0] > b'5' {
            self.slip(
                "wrong-status",
                format!("`{key}` is not a status code of HTTP"),
                "write 100 to 599, or `1XX` to `5XX`",
            );
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
        self.slip(
            "wrong-kind",
            format!("there is no value here; {read}"),
            "write `{}` or remove the key",
        );
        if object {
            *value = Value::Object(JsonMap::new());
            return self.value(value, kind);
        }
        false
    }

    /// Checks a value that is there; false when it is to be dropped.
    pub fn value(&mut self, value: &mut Value, kind: &'static Kind) -> bool {
        if let Some(target) = reference(value) {
            match kind {
                Kind::OrRef(object) => {
                    self.reference(target.to_owned(), value, object);
                    return true;
                }
                Kind::SchemaOrFlag => {
                    self.reference(target.to_owned(), value, &SCHEMA);
                    return true;
                }
                Kind::Any | Kind::Map(Kind::Any | Kind::Text) => {}
                _ => return self.misplaced(target.to_owned(), value, kind),
            }
        }
        if let Some(other) =
            value.get(REF).filter(|_| matches!(kind, Kind::OrRef(_) | Kind::SchemaOrFlag))
        {
            self.under(REF, |walk| walk.wrong_kind(other, "text that names the target"));
            return false;
        }
        match kind {
            Kind::Any => {}
            Kind::Text => self.text(value),
            Kind::Flag => self.flag(value),
            Kind::Number => self.number(value),
            Kind::Count => self.count(value),
            Kind::Choice(words) => self.choice(value, words),
            Kind::One(object) | Kind::OrRef(object) => self.object(value, object),
            Kind::SchemaOrFlag if value.is_object() => self.object(value, &SCHEMA),
            Kind::SchemaOrFlag => self.flag(value),
            Kind::List(kind) => self.list(value, kind),
            Kind::Map(kind) => self.map(value, kind),
        }
        true
    }

    fn list(&mut self, value: &mut Value, kind: &'static Kind) {
        if matches!(kind, Kind::Text) && value.is_string() {
            self.slip(
                "wrong-kind",
                "expected a list, found text; it is read as a list of one",
                "put it in brackets: `[...]`",
            );
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

    fn unknown_key(&mut self, key: &str, object: &'static Object) {
        let name = object.name;
        if let Some(help) = words::foreign(name, key) {
            return self.slip(
                "unknown-key",
                format!("`{key}` is not a key of the {name} object; it is ignored"),
                help,
            );
        }
        match words::nearest(key, object.members.iter().map(|member| member.key)) {
            Some(word) => self.error(
                "unknown-key",
                format!("`{key}` is not a key of the {name} object"),
                format!("did you mean `{word}`?"),
            ),
            None => {
                let message = format!("`{key}` is not a key of the {name} object; it is ignored");
                self.slip(
                    "unknown-key",
                    message,
                    format!("remove it, or make it an extension: `x-{key}`"),
                );
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
        let Some(stand_in) = stand_in(member) else {
            return self.error("missing-member", message, help);
        };
        self.slip("missing-member", message, help);
        map.insert(key.to_owned(), stand_in);
    }
}

/// What stands in for a missing member, with what it must have in turn.
fn stand_in(member: &Member) -> Option<Value> {
    match (member.need, &member.kind) {
        (Need::Optional | Need::Required, _) => None,
        (Need::EmptyText, _) => Some(Value::String(String::new())),
        (Need::EmptyObject, Kind::One(object)) => {
            let filled = object
                .members
                .iter()
                .filter_map(|inner| Some((inner.key.to_owned(), stand_in(inner)?)));
            Some(Value::Object(filled.collect()))
        }
        (Need::EmptyObject, _) => Some(Value::Object(JsonMap::new())),
    }
}

/// The target, if the value is a reference.
pub fn reference(value: &Value) -> Option<&str> {
    value.as_object()?.get(REF)?.as_str()
}
