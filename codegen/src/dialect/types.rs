//! Lists of types, and null as a type.

use serde_json::Value;

use super::Translator;
use crate::piece::{Data, Members, Piece};
use crate::source::Span;

/// All types but null; every number is one of `number`.
const ALL: &[&str] = &["array", "boolean", "number", "object", "string"];
/// Keywords that speak of values of one type.
const KEYWORDS: &[(&str, &[&str])] = &[
    (
        "string",
        &[
            "pattern",
            "minLength",
            "maxLength",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
        ],
    ),
    ("number", NUMBERS),
    ("integer", NUMBERS),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "unevaluatedItems",
        ],
    ),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "unevaluatedProperties",
            "dependentRequired",
            "dependentSchemas",
            "discriminator",
            "xml",
        ],
    ),
];
const NUMBERS: &[&str] =
    &["multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
/// Formats of numbers; all others are of texts.
const NUMERIC: &[&str] = &[
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double",
    "decimal",
];

impl Translator<'_> {
    pub(super) fn type_list(&mut self, members: &mut Members) {
        let Some(piece) = members.get("type") else { return };
        let names: Vec<String> = match &piece.data {
            Data::Scalar(Value::String(name)) if name == "null" => vec![name.clone()],
            Data::List(items) => items.iter().map(name_of).collect(),
            Data::Scalar(_) | Data::Map(_) => return,
        };
        let at = piece.place();
        let nullable = names.iter().any(|name| name == "null");
        let mut types: Vec<String> = Vec::new();
        for name in names {
            if name != "null" && !types.contains(&name) {
                types.push(name);
            }
        }
        if types.iter().any(|name| name == "number") {
            types.retain(|name| name != "integer");
        }
        let Some(list) = members.shift_remove("type") else { return };
        if nullable {
            null_too(members, at);
        }
        match types.as_slice() {
            [] => {
                // The words that only say something of other types say nothing of null.
                strip(members);
                if nullable && !members.contains_key("enum") && list.members().is_none() {
                    self.leave_out(at, "a value that is always null is read as any value");
                }
            }
            [one] => {
                let one = Piece { key: list.key, ..Piece::written(one.as_str().into(), at) };
                members.insert("type".to_owned(), one);
            }
            several => spread(members, several, list.key, at),
        }
    }
}

fn name_of(piece: &Piece) -> String {
    match piece.scalar() {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Null) => "null".to_owned(),
        _ => piece.value().to_string(),
    }
}

/// Says that null is allowed beside what the schema says.
pub(super) fn null_too(members: &mut Members, at: Span) {
    members.insert("nullable".to_owned(), Piece::written(true.into(), at));
}

/// Removes what speaks of one type only.
fn strip(members: &mut Members) {
    members.retain(|key, _| !KEYWORDS.iter().any(|(_, keys)| keys.contains(&key.as_str())));
}

/// Several types: one schema for each in `anyOf`, with the keywords that speak of it.
fn spread(members: &mut Members, types: &[String], key: Option<Span>, at: Span) {
    let told = ["enum", "anyOf", "oneOf", "allOf", "$ref"];
    if told.iter().any(|key| members.contains_key(*key)) {
        // The values or the parts say of which types they are.
        return;
    }
    if ALL.iter().all(|name| types.iter().any(|known| known == name)) {
        members.shift_remove("format");
        return strip(members);
    }
    let format = members.shift_remove("format");
    let parts = types.iter().map(|name| {
        let mut part = Members::new();
        part.insert("type".to_owned(), Piece::written(name.as_str().into(), at));
        let numeric = matches!(name.as_str(), "integer" | "number");
        if let Some(format) = format.as_ref().filter(|format| {
            let number = format.text().is_some_and(|format| NUMERIC.contains(&format));
            if number { numeric } else { name == "string" }
        }) {
            part.insert("format".to_owned(), format.clone());
        }
        for keyword in KEYWORDS.iter().filter(|(of, _)| of == name).flat_map(|(_, keys)| *keys) {
            // No two of the types share a keyword: integers are numbers.
            if let Some(piece) = members.shift_remove(*keyword) {
                part.insert((*keyword).to_owned(), piece);
            }
        }
        Piece::map(part, at)
    });
    let parts: Vec<Piece> = parts.collect();
    strip(members);
    members.insert("anyOf".to_owned(), Piece { key, ..Piece::list(parts, at) });
}
