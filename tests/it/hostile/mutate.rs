//! Documents that are nearly right: a good one, changed here and there as some bytes say. Shared
//! with the targets in `fuzz/`.

use serde_json::{Map, Value, json};

/// Names and texts that someone may try.
const TEXTS: &[&str] = &[
    "",
    " ",
    "..",
    "../../etc/passwd",
    "/absolute",
    "C:\\x",
    "a\0b",
    "\u{202e}drowssap",
    "self",
    "Self",
    "type",
    "r#type",
    "_",
    "*/ fn main() {} /*",
    "\"; panic!(); \"",
    "`x` ```\nfn main() {}\n```",
    "#![allow(x)]\n",
    "\r\n\t\u{2028}",
    "{id}",
    "{{",
    "}{",
    "%2e%2e%2f",
    "#/components/schemas/",
    "#/paths/~1",
    "#",
    "0",
    "-1",
    "99999999999999999999",
    "1e400",
    "\u{1f680}",
    "Option",
    "String",
    "Vec",
    "Box",
    "models",
    "mod",
    "lib",
    "crate",
    "null",
    "string",
    "integer",
    "object",
    "array",
    "date-time",
    "int64",
    "binary",
    "application/json",
    "text/event-stream",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "default",
    "2XX",
    "200",
    "path",
    "query",
    "deepObject",
];

/// Keys that mean something somewhere.
const KEYS: &[&str] = &[
    "$ref",
    "type",
    "nullable",
    "properties",
    "required",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "enum",
    "const",
    "default",
    "example",
    "format",
    "additionalProperties",
    "discriminator",
    "readOnly",
    "writeOnly",
    "deprecated",
    "description",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "schema",
    "security",
    "servers",
    "tags",
    "operationId",
    "x-pagination",
    "x-batch",
    "x-extensible-enum",
    "x-name",
    "minimum",
    "maximum",
    "pattern",
    "$defs",
    "style",
    "explode",
];

/// Choices that come out of bytes, one after the other; none are left when the bytes are used up.
pub struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    /// The choices that these bytes make.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether another change is asked for.
    pub fn go_on(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// One of so many; the first when the bytes are used up.
    pub fn one_of(&mut self, count: usize) -> usize {
        let (taken, rest) = self.bytes.split_at(self.bytes.len().min(2));
        self.bytes = rest;
        let number = taken.iter().fold(0, |number, byte| number * 256 + usize::from(*byte));
        number % count.max(1)
    }

    fn text(&mut self) -> String {
        TEXTS[self.one_of(TEXTS.len())].to_owned()
    }
}

/// Changes `document` until the choices are used up; pieces are taken from `other` too.
pub fn mutate(document: &mut Value, other: &Value, choices: &mut Choices<'_>) {
    while choices.go_on() {
        let piece = match choices.one_of(3) {
            0 => nth(other, choices.one_of(size(other))).clone(),
            _ => nth(document, choices.one_of(size(document))).clone(),
        };
        let target = choices.one_of(size(document));
        change(nth_mut(document, target), piece, choices);
    }
}

fn change(value: &mut Value, piece: Value, choices: &mut Choices<'_>) {
    match choices.one_of(12) {
        0 => *value = piece,
        1 => *value = scalar(choices),
        2 => add(value, KEYS[choices.one_of(KEYS.len())].to_owned(), piece),
        3 => add(value, choices.text(), piece),
        4 => remove(value, choices),
        5 => rename(value, choices),
        6 => {
            let key = ["allOf", "oneOf", "anyOf"][choices.one_of(3)];
            *value = json!({ key: [value.take(), piece] });
        }
        7 => *value = json!({ "type": "array", "items": value.take() }),
        8 => *value = json!({ "type": "object", "additionalProperties": value.take() }),
        9 => add(value, "nullable".to_owned(), json!(true)),
        10 => {
            let types = ["string", "integer", "number", "boolean", "object", "array"];
            add(value, "type".to_owned(), json!(types[choices.one_of(types.len())]));
        }
        _ => add(value, "$ref".to_owned(), Value::String(choices.text())),
    }
}

fn scalar(choices: &mut Choices<'_>) -> Value {
    match choices.one_of(6) {
        0 => Value::Null,
        1 => json!(choices.one_of(2) == 1),
        2 => json!(choices.one_of(3)),
        3 => json!([-1.5, 1e300, f64::MIN_POSITIVE][choices.one_of(3)]),
        4 => json!([i64::MIN, i64::MAX, 0][choices.one_of(3)]),
        _ => Value::String(choices.text()),
    }
}

fn add(value: &mut Value, key: String, piece: Value) {
    match value {
        Value::Object(members) => {
            members.insert(key, piece);
        }
        Value::Array(items) => items.push(piece),
        other => *other = piece,
    }
}

fn remove(value: &mut Value, choices: &mut Choices<'_>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(choices.one_of(members.len())).cloned();
            key.and_then(|key| members.shift_remove(&key));
        }
        Value::Array(items) if !items.is_empty() => {
            items.remove(choices.one_of(items.len()));
        }
        other => *other = Value::Null,
    }
}

fn rename(value: &mut Value, choices: &mut Choices<'_>) {
    if let Value::Object(members) = value {
        let (at, name) = (choices.one_of(members.len()), choices.text());
        let renamed = std::mem::take(members).into_iter().enumerate();
        *members = renamed
            .map(|(index, (key, value))| (if index == at { name.clone() } else { key }, value))
            .collect::<Map<_, _>>();
    }
}

/// Values in the tree, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}

/// The value with this number, counted from the top.
fn nth(value: &Value, mut number: usize) -> &Value {
    if number == 0 {
        return value;
    }
    number -= 1;
    let children: Vec<&Value> = match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let count = size(child);
        if number < count {
            return nth(child, number);
        }
        number -= count;
    }
    value
}

fn nth_mut(value: &mut Value, mut number: usize) -> &mut Value {
    if number == 0 {
        return value;
    }
    number -= 1;
    let sizes: Vec<usize> = match &*value {
        Value::Object(members) => members.values().map(size).collect(),
        Value::Array(items) => items.iter().map(size).collect(),
        _ => Vec::new(),
    };
    let mut at = 0;
    while at < sizes.len() && number >= sizes[at] {
        number -= sizes[at];
        at += 1;
    }
    if at == sizes.len() {
        return value;
    }
    let child = match value {
        Value::Object(members) => members.values_mut().nth(at),
        Value::Array(items) => items.get_mut(at),
        _ => None,
    };
    nth_mut(child.expect("the value has as many children as were counted"), number)
}
