//! Calls with `requests`. Strings of JSON are strings of Python; the words for true, false and null
//! differ.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Writer, content_type, indented, inside, quoted, separator};
use crate::reference::call::{Call, Credential, Expected, Part, Payload};
use crate::reference::model::Server;

/// Methods that `requests` has a function for.
const FUNCTIONS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn text(call: &Call, server: &Server) -> Writer {
    let mut out = Writer::default();
    let secret = if call.credentials.is_empty() { "" } else { "import os\n\n" };
    out.push(&format!("{secret}import requests\n\nresponse = requests."));
    match FUNCTIONS.contains(&call.method.as_str()) {
        true => out.push(&format!("{}(\n    \"", call.method.to_ascii_lowercase())),
        false => out.push(&format!("request(\n    {},\n    \"", quoted(&call.method))),
    }
    out.push_server(&inside(&server.url));
    out.push(&format!("{}\"", inside(&call.target)));
    let mut separator = separator(call);
    for credential in &call.credentials {
        if let Credential::Query { name, variable } = credential {
            out.push(&format!(" + f\"{separator}{name}={{os.environ['{variable}']}}\""));
            separator = "&";
        }
    }
    out.push(",\n");
    for argument in arguments(call) {
        out.push(&format!("    {},\n", indented(&argument, 4)));
    }
    out.push("    timeout=30,\n)\nresponse.raise_for_status()");
    match call.answer {
        Expected::Json => out.push("\nprint(response.json())"),
        Expected::Text => out.push("\nprint(response.text)"),
        Expected::Bytes => out.push("\nprint(len(response.content))"),
        Expected::Nothing => {}
    }
    out
}

fn arguments(call: &Call) -> Vec<String> {
    let mut arguments = Vec::new();
    let headers = headers(call);
    match headers.as_slice() {
        [] => {}
        [(name, value)] => arguments.push(format!("headers={{{}: {value}}}", quoted(name))),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|(name, value)| format!("    {}: {value},\n", quoted(name)))
                .collect();
            arguments.push(format!("headers={{\n{}}}", lines.concat()));
        }
    }
    for credential in &call.credentials {
        if let Credential::Basic { user, password } = credential {
            arguments.push(format!("auth=(os.environ[\"{user}\"], os.environ[\"{password}\"])"));
        }
    }
    arguments.extend(call.payload.iter().flat_map(payload));
    arguments
}

/// Names, and values as expressions.
fn headers(call: &Call) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> =
        call.credentials.iter().filter_map(credential).collect();
    headers.extend(call.headers.iter().map(|(name, value)| (name.clone(), quoted(value))));
    // `json=` says the media type itself.
    let own = content_type(call).filter(|media_type| *media_type != "application/json");
    headers.extend(own.map(|media_type| ("Content-Type".to_owned(), quoted(media_type))));
    headers
}

fn credential(credential: &Credential) -> Option<(String, String)> {
    let named = |name: &str, value: String| Some((name.to_owned(), value));
    match credential {
        Credential::Bearer(variable) => {
            named("Authorization", format!("f\"Bearer {{os.environ['{variable}']}}\""))
        }
        Credential::Header { name, variable } => named(name, format!("os.environ[\"{variable}\"]")),
        Credential::Cookie { name, variable } => {
            named("Cookie", format!("f\"{name}={{os.environ['{variable}']}}\""))
        }
        Credential::Basic { .. } | Credential::Query { .. } => None,
    }
}

fn payload(payload: &Payload) -> Vec<String> {
    let dictionary = |pairs: Vec<(&String, String)>| {
        let names: BTreeSet<&String> = pairs.iter().map(|(name, _)| *name).collect();
        if names.len() < pairs.len() {
            // A dictionary has each name once.
            let lines: Vec<String> = pairs
                .iter()
                .map(|(name, value)| format!("    ({}, {value}),\n", quoted(name)))
                .collect();
            return format!("[\n{}]", lines.concat());
        }
        let lines: Vec<String> =
            pairs.iter().map(|(name, value)| format!("    {}: {value},\n", quoted(name))).collect();
        format!("{{\n{}}}", lines.concat())
    };
    match payload {
        Payload::Json { value, .. } => vec![format!("json={}", literal(value, 0))],
        Payload::Text { text, .. } => vec![format!("data={}.encode()", quoted(text))],
        Payload::Bytes { .. } => vec!["data=open(\"file\", \"rb\")".to_owned()],
        Payload::Form(fields) => {
            let pairs = fields.iter().map(|(name, value)| (name, quoted(value))).collect();
            vec![format!("data={}", dictionary(pairs))]
        }
        Payload::Multipart(parts) => {
            let pairs = parts.iter().map(|(name, part)| match part {
                Part::Text(text) => (name, format!("(None, {})", quoted(text))),
                Part::File => (name, "open(\"file\", \"rb\")".to_owned()),
            });
            vec![format!("files={}", dictionary(pairs.collect()))]
        }
    }
}

/// A value as Python writes it, at `column`.
fn literal(value: &Value, column: usize) -> String {
    let inner = " ".repeat(column + 4);
    let outer = " ".repeat(column);
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Array(items) => {
            let lines: Vec<String> = items
                .iter()
                .map(|item| format!("{inner}{},\n", literal(item, column + 4)))
                .collect();
            format!("[\n{}{outer}]", lines.concat())
        }
        Value::Object(members) => {
            let line = |(key, value): (&String, &Value)| {
                format!("{inner}{}: {},\n", quoted(key), literal(value, column + 4))
            };
            let lines: Vec<String> = members.iter().map(line).collect();
            format!("{{\n{}{outer}}}", lines.concat())
        }
    }
}
