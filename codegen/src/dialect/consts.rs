//! `const`, alone and as the members of a union that lists values.

use serde_json::Value;

use super::Translator;
use super::types::null_too;
use crate::piece::{Data, Members, Piece};

/// What a member that is one value may say of it.
const SAYINGS: &[&str] = &[
    "const",
    "enum",
    "type",
    "title",
    "description",
    "deprecated",
    "examples",
    "example",
    "$comment",
];

impl Translator<'_> {
    /// `const` is an `enum` with one value.
    pub(super) fn constant(&mut self, members: &mut Members) {
        let Some(constant) = members.shift_remove("const") else { return };
        let at = constant.place();
        let kind = match constant.scalar() {
            Some(Value::Null) => {
                null_too(members, at);
                None
            }
            Some(value) => {
                let list = Piece { key: constant.key, ..Piece::list(vec![constant.clone()], at) };
                members.entry("enum".to_owned()).or_insert(list);
                Some(kind_of(value))
            }
            None => {
                self.leave_out(
                    at,
                    "a `const` with members is left out: any value of its type is read",
                );
                Some(if constant.items().is_some() { "array" } else { "object" })
            }
        };
        if let Some(kind) = kind {
            let told = ["type", "allOf", "anyOf", "oneOf", "$ref"];
            if !told.iter().any(|key| members.contains_key(*key)) {
                members.insert("type".to_owned(), Piece::written(kind.into(), at));
            }
        }
    }

    /// A union of single values is an `enum` of them.
    pub(super) fn const_members(&mut self, members: &mut Members) {
        for keyword in ["oneOf", "anyOf"] {
            let parts = members.get(keyword).and_then(Piece::items).unwrap_or_default();
            let values: Option<Vec<Piece>> = parts.iter().map(single).collect();
            let Some(values) = values.filter(|values| values.len() > 1) else { continue };
            if ["enum", "allOf", "$ref"].iter().any(|key| members.contains_key(*key)) {
                continue;
            }
            let Some(list) = members.shift_remove(keyword) else { continue };
            let at = list.place();
            let words: Vec<String> = list.items().unwrap_or_default().iter().map(words).collect();
            let kinds: Vec<&str> = values.iter().filter_map(Piece::scalar).map(kind_of).collect();
            if kinds.iter().all(|kind| *kind == kinds[0]) && !members.contains_key("type") {
                members.insert("type".to_owned(), Piece::written(kinds[0].into(), at));
            }
            if words.iter().any(|words| !words.is_empty()) {
                let words = Piece::written(words.into(), at);
                members.entry("x-enum-descriptions".to_owned()).or_insert(words);
            }
            let list = Piece { key: list.key, ..Piece::list(values, at) };
            members.insert("enum".to_owned(), list);
        }
    }
}

/// The value of a member that is one.
fn single(part: &Piece) -> Option<Piece> {
    let members = part.members()?;
    if !members.keys().all(|key| SAYINGS.contains(&key.as_str()) || key.starts_with("x-")) {
        return None;
    }
    let value = match (members.get("const"), members.get("enum").and_then(Piece::items)) {
        (Some(value), _) => value,
        (None, Some([value])) => value,
        (None, _) => return None,
    };
    let told = value.scalar().is_some_and(|value| !value.is_null());
    told.then(|| Piece { key: None, ..value.clone() })
}

/// What is said of such a member.
fn words(part: &Piece) -> String {
    part.text_of("description").or_else(|| part.text_of("title")).unwrap_or_default().to_owned()
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => "string",
    }
}

/// Whether a schema allows nothing but null.
pub(super) fn is_null(part: &Piece) -> bool {
    let null = |piece: &Piece| match &piece.data {
        Data::Scalar(Value::Null) => true,
        Data::Scalar(value) => value == "null",
        Data::List(_) | Data::Map(_) => false,
    };
    let nothing = |piece: &Piece| piece.scalar() == Some(&Value::Null);
    let Some(members) = part.members() else { return false };
    let kind = members.get("type").is_some_and(|kind| {
        null(kind) || kind.items().is_some_and(|kinds| !kinds.is_empty() && kinds.iter().all(null))
    });
    kind || members.get("const").is_some_and(nothing)
        || members
            .get("enum")
            .and_then(Piece::items)
            .is_some_and(|values| !values.is_empty() && values.iter().all(nothing))
}
