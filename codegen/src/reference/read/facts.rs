//! What is worth a line above the parameters: credentials, repetition, paging, lists in parts.

use serde_json::Value;

use super::Source;
use crate::emit::code;
use crate::ir::{self, Operation, Pagination, Retry};
use crate::reference::node::{items, members, resolved, text};

pub(super) fn facts(
    source: &Source<'_>,
    method: &str,
    path: &str,
    value: &Value,
) -> Vec<(String, String)> {
    let operations = source.api.families.iter().flat_map(|family| &family.operations);
    let lowered = operations
        .into_iter()
        .find(|operation| operation.method.as_str() == method && operation.path == path);
    let mut facts = vec![("Authorization", authorization(source, value))];
    facts.extend(lowered.map(|operation| ("Retrying", retry(operation.retry).to_owned())));
    let paging = lowered.and_then(|operation| {
        Some(("Paging", paging(source, operation, operation.pagination.as_ref()?)))
    });
    facts.extend(paging);
    let batch = lowered.and_then(|operation| operation.batch.as_ref());
    facts.extend(batch.map(|ir::Batch { property, max }| {
        (
            "Long lists",
            format!(
                "One call takes at most {max} entries of {}; send longer lists in parts.",
                code(property)
            ),
        )
    }));
    if lowered.is_none() {
        let words = "The generated Rust client leaves this operation out.";
        facts.push(("Rust", words.to_owned()));
    }
    let callbacks: Vec<String> = members(value, "callbacks").map(|(name, _)| code(name)).collect();
    if !callbacks.is_empty() {
        facts.push(("Callbacks", format!("{}, described in the document.", callbacks.join(", "))));
    }
    facts.into_iter().map(|(word, sentence)| (word.to_owned(), sentence)).collect()
}

fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::Safe => "Safe: changes nothing and may be sent again at any time.",
        Retry::Idempotent => {
            "Idempotent: sending it twice has the effect of once, though the second answer may be an error."
        }
        Retry::OnRefusal => {
            "Only after a refusal: send it again after a `429` or when it never left; after a lost \
             connection or a `5xx` look first whether it was executed."
        }
    }
}

fn paging(source: &Source<'_>, operation: &Operation, pagination: &Pagination) -> String {
    let parameter =
        |index: usize| operation.parameters.get(index).map(|found| code(&found.name.wire));
    let page = source.api.types.get(pagination.page.0).map(|ty| &ty.shape);
    let member = |index: usize| match page {
        Some(ir::Shape::Object(object)) => {
            object.fields.get(index).map(|field| code(&field.name.wire))
        }
        _ => None,
    };
    let cursor = parameter(pagination.cursor).unwrap_or_default();
    let next = member(pagination.next).unwrap_or_default();
    let items = member(pagination.items).unwrap_or_default();
    let most = pagination.max.map(|max| format!(", at most {max} in one page")).unwrap_or_default();
    format!(
        "Items in {items}{most}. Send {next} back as {cursor}; the list has ended when it is null, absent or empty."
    )
}

/// The alternatives of credentials.
fn authorization(source: &Source<'_>, value: &Value) -> String {
    let declared = if value.get("security").is_some() { value } else { source.tree };
    let alternatives: Vec<String> =
        items(declared, "security").map(|one| alternative(source, one)).collect();
    match alternatives.is_empty() {
        true => "None.".to_owned(),
        false => format!("{}.", alternatives.join(", or ")),
    }
}

fn alternative(source: &Source<'_>, one: &Value) -> String {
    let schemes: Vec<String> = one
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, scopes)| {
            let schemes = source.tree.pointer("/components/securitySchemes");
            let scheme = schemes.and_then(|schemes| schemes.get(name));
            let how = scheme.map(|scheme| travels(resolved(source.tree, scheme)));
            let scopes: Vec<String> = scopes
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(code)
                .collect();
            let scopes = match scopes.is_empty() {
                true => String::new(),
                false => format!(", scopes {}", scopes.join(" ")),
            };
            let link = match source.schemes.get(name) {
                Some(anchor) => format!("[{}](#{anchor})", code(name)),
                None => code(name),
            };
            format!("{} ({link}){scopes}", how.unwrap_or_else(|| "A credential".to_owned()))
        })
        .collect();
    if schemes.is_empty() { "none".to_owned() } else { schemes.join(" and ") }
}

/// How a credential travels, in words.
pub(super) fn travels(scheme: &Value) -> String {
    let word = |key: &str| text(scheme, key).unwrap_or_default();
    match word("type").as_str() {
        "http" if word("scheme").eq_ignore_ascii_case("basic") => {
            "User and password (basic)".to_owned()
        }
        "http" if word("scheme").eq_ignore_ascii_case("bearer") => "Bearer token".to_owned(),
        "http" => format!("HTTP authentication {}", code(&word("scheme"))),
        "apiKey" => format!("Key in the {} {}", word("in"), code(&word("name"))),
        "oauth2" => "OAuth 2 token".to_owned(),
        "openIdConnect" => "OpenID Connect token".to_owned(),
        _ => "A credential".to_owned(),
    }
}
