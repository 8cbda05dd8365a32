//! How operations page in the words of other generators.
//!
//! What they say and we cannot is told, never guessed.

use indexmap::IndexMap;
use serde_json::Value;

use super::Terms;

/// The extensions of an object.
type Extensions = IndexMap<String, Value>;
/// What an extension says; `None` if it says that there are no pages.
type Read = for<'a> fn(&'a Value, &'a Extensions) -> Result<Option<Terms<'a>>, String>;

/// Every extension that is read, first those that name the most.
pub(super) const EXTENSIONS: &[(&str, Read)] = &[
    ("x-speakeasy-pagination", speakeasy),
    ("x-fern-pagination", fern),
    ("x-dropshot-pagination", dropshot),
    ("x-ms-pageable", microsoft),
];

/// The names are fixed in Dropshot; the extension only marks the operation.
fn dropshot<'a>(_: &'a Value, _: &'a Extensions) -> Result<Option<Terms<'a>>, String> {
    Ok(Some(Terms {
        cursor: Some("page_token"),
        next: Some("next_page"),
        items: Some("items"),
        limit: Some("limit"),
        limit_if_there: true,
        max: None,
    }))
}

/// `type: cursor` with parameters as `inputs` and members of the answer as `outputs`.
fn speakeasy<'a>(value: &'a Value, _: &'a Extensions) -> Result<Option<Terms<'a>>, String> {
    match text(value, "type") {
        Some("cursor") => {}
        Some(other) => return Err(format!("pages by `{other}` cannot be followed")),
        None => return Err("it has no `type`".to_owned()),
    }
    let inputs = value.get("inputs").and_then(Value::as_array).map(Vec::as_slice);
    let input = |kind: &str| {
        let mut inputs = inputs.unwrap_or_default().iter();
        inputs.find(|input| text(input, "type") == Some(kind))
    };
    let cursor = input("cursor").ok_or("none of its `inputs` is a cursor")?;
    if text(cursor, "in") != Some("parameters") {
        return Err("its cursor is no parameter".to_owned());
    }
    let limit = input("limit").filter(|limit| text(limit, "in") == Some("parameters"));
    let outputs = value.get("outputs").unwrap_or(&Value::Null);
    Ok(Some(Terms {
        cursor: text(cursor, "name"),
        next: Some(member(outputs, "nextCursor", "$.")?),
        items: Some(member(outputs, "results", "$.")?),
        limit: limit.and_then(|limit| text(limit, "name")),
        limit_if_there: false,
        max: None,
    }))
}

/// `cursor`, `next_cursor` and `results`; `true` stands for what the document says for all.
fn fern<'a>(value: &'a Value, document: &'a Extensions) -> Result<Option<Terms<'a>>, String> {
    let value = match value {
        Value::Bool(false) => return Ok(None),
        Value::Bool(true) => document
            .get("x-fern-pagination")
            .ok_or("the document has no `x-fern-pagination` that it could stand for")?,
        other => other,
    };
    if value.get("offset").is_some() {
        return Err("pages by `offset` cannot be followed".to_owned());
    }
    Ok(Some(Terms {
        cursor: Some(member(value, "cursor", "$request.")?),
        next: Some(member(value, "next_cursor", "$response.")?),
        items: Some(member(value, "results", "$response.")?),
        limit: None,
        limit_if_there: false,
        max: None,
    }))
}

/// A link to the next page, which is no cursor: no parameter takes it.
fn microsoft<'a>(value: &'a Value, _: &'a Extensions) -> Result<Option<Terms<'a>>, String> {
    match text(value, "nextLinkName") {
        Some(member) => Err(format!(
            "the member `{member}` is a link to the next page, and the client does not follow links"
        )),
        None => Ok(None),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// The name behind the prefix: an expression may lead to a member, but not into one.
fn member<'a>(value: &'a Value, key: &str, prefix: &str) -> Result<&'a str, String> {
    let expression = text(value, key).ok_or_else(|| format!("it has no `{key}`"))?;
    let name = expression.strip_prefix(prefix).unwrap_or_default();
    match name.is_empty() || name.contains(['.', '[', ']', '*']) {
        true => Err(format!("`{key}` names no single member: {expression}")),
        false => Ok(name),
    }
}
