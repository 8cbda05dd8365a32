//! Reads the raw tree of a document, whose members may be missing or of another kind.

use serde_json::{Map, Value};

use crate::check::follow;

/// Text that is there and not blank.
pub(super) fn text(value: &Value, key: &str) -> Option<String> {
    let text = value.get(key)?.as_str()?.trim_end();
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// Whether a member is `true`.
pub(super) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool) == Some(true)
}

/// The members of a member that is an object, but for extensions.
pub(super) fn members<'a>(
    value: &'a Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    all_members(value, key).filter(|(name, _)| !name.starts_with("x-"))
}

/// The members of a member that is an object, whatever their names.
pub(super) fn all_members<'a>(
    value: &'a Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The items of a member that is a list.
pub(super) fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The texts of a member that is a list.
pub(super) fn texts<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    items(value, key).filter_map(Value::as_str)
}

/// The value, or what its references lead to; the value itself where they lead nowhere.
pub(super) fn resolved<'a>(tree: &'a Value, value: &'a Value) -> &'a Value {
    follow(tree, value).unwrap_or(value)
}

/// The schema of `components` that a reference names.
pub(super) fn component(value: &Value) -> Option<String> {
    let name = value.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")?;
    let pointer = crate::check::internal(&format!("#/{name}"))?;
    let mut tokens = crate::source::tokens(&pointer);
    let name = tokens.next()?.into_owned();
    tokens.next().is_none().then_some(name)
}

/// A value on one line: text as it is, anything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        other => other.to_string(),
    }
}
