//! Values in addresses: the styles of OpenAPI, percent-encoded.

use serde_json::{Map, Value};

use super::node::{flag, text};

/// All but the characters that RFC 3986 calls unreserved.
const KEPT: &[u8] = b"-._~";

/// `text` as a part of an address.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || KEPT.contains(&byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A base address that paths can be appended to.
pub(super) fn without_slash(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

/// The path with its parameters filled in.
pub(super) fn path(template: &str, values: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(&literal(before));
        let Some((name, end)) = after.split_once('}') else {
            out.push_str(&literal(&rest[before.len()..]));
            return out;
        };
        let value = values.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        out.push_str(&encode(value.map_or(name, String::as_str)));
        rest = end;
    }
    out.push_str(&literal(rest));
    out
}

/// Text of a path template: what has no place in an address is encoded.
fn literal(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() || "-._~/:@!$&()*+,;=%".contains(c) => c.to_string(),
            c => encode(&c.to_string()),
        })
        .collect()
}

/// The pairs of a query parameter, decoded.
pub(crate) fn pairs(parameter: &Value, value: &Value) -> Vec<(String, String)> {
    let name = text(parameter, "name").unwrap_or_default();
    let style = text(parameter, "style").unwrap_or_else(|| "form".to_owned());
    if parameter.get("content").is_some() {
        return vec![(name, value.to_string())];
    }
    let explode = parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    match (value, style.as_str()) {
        (Value::Object(members), "deepObject") => {
            members.iter().map(|(key, value)| (format!("{name}[{key}]"), plain(value))).collect()
        }
        (Value::Object(members), _) if explode => {
            members.iter().map(|(key, value)| (key.clone(), plain(value))).collect()
        }
        (Value::Array(items), _) if explode => {
            items.iter().map(|item| (name.clone(), plain(item))).collect()
        }
        (Value::Array(items), "spaceDelimited") => vec![(name, joined(items, " "))],
        (Value::Array(items), "pipeDelimited") => vec![(name, joined(items, "|"))],
        _ => vec![(name, simple(parameter, value))],
    }
}

/// A value of a path or a header.
pub(crate) fn simple(parameter: &Value, value: &Value) -> String {
    match value {
        Value::Array(items) => joined(items, ","),
        Value::Object(members) => {
            let between = if flag(parameter, "explode") { "=" } else { "," };
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{key}{between}{}", plain(value)))
                .collect();
            members.join(",")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The pairs of a form, decoded: each item of a list apart, unless its encoding says otherwise.
pub(crate) fn fields(
    encoding: Option<&Value>,
    members: &Map<String, Value>,
) -> Vec<(String, String)> {
    let pairs_of = |(name, value): (&String, &Value)| {
        let mut style = Map::from_iter([("name".to_owned(), name.as_str().into())]);
        for key in ["style", "explode"] {
            let own = encoding.and_then(|encoding| encoding.get(name)?.get(key));
            style.extend(own.map(|own| (key.to_owned(), own.clone())));
        }
        match value {
            Value::Array(_) => pairs(&Value::Object(style), value),
            value => vec![(name.clone(), plain(value))],
        }
    };
    members.iter().flat_map(pairs_of).collect()
}

/// Text as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn joined(items: &[Value], separator: &str) -> String {
    items.iter().map(plain).collect::<Vec<_>>().join(separator)
}
