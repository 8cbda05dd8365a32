//! Calls with `fetch`. JSON is a part of the language, so strings and bodies are JSON.

use serde_json::Value;

use super::{Writer, content_type, indented, inside, quoted, separator};
use crate::reference::call::{Call, Credential, Expected, Part, Payload};
use crate::reference::example::pretty;
use crate::reference::model::Server;

pub(super) fn text(call: &Call, server: &Server) -> Writer {
    let mut out = Writer::default();
    out.push(&before(call));
    out.push("const response = await fetch(\"");
    out.push_server(&inside(&server.url));
    out.push(&format!("{}\"", inside(&call.target)));
    let mut separator = separator(call);
    for credential in &call.credentials {
        if let Credential::Query { name, variable } = credential {
            out.push(&format!(" + `{separator}{name}=${{process.env.{variable}}}`"));
            separator = "&";
        }
    }
    let options = options(call);
    if !options.is_empty() {
        out.push(", {\n");
        for option in options {
            out.push(&format!("  {},\n", indented(&option, 2)));
        }
        out.push("}");
    }
    out.push(");\n");
    out.push("if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);");
    match call.answer {
        Expected::Json => out.push("\nconsole.log(await response.json());"),
        Expected::Text => out.push("\nconsole.log(await response.text());"),
        Expected::Bytes => out.push("\nconst bytes = await response.arrayBuffer();"),
        Expected::Nothing => {}
    }
    out
}

/// What must be there before the call.
fn before(call: &Call) -> String {
    match &call.payload {
        Some(Payload::Bytes { .. }) => {
            "import { readFile } from \"node:fs/promises\";\n\n".to_owned()
        }
        Some(Payload::Multipart(parts)) => form(parts),
        Some(Payload::Json { .. } | Payload::Form(_) | Payload::Text { .. }) | None => {
            String::new()
        }
    }
}

fn form(parts: &[(String, Part)]) -> String {
    let mut text = String::new();
    if parts.iter().any(|(_, part)| matches!(part, Part::File)) {
        text.push_str("import { openAsBlob } from \"node:fs\";\n\n");
    }
    text.push_str("const form = new FormData();\n");
    for (name, part) in parts {
        let value = match part {
            Part::Text(value) => quoted(value),
            Part::File => "await openAsBlob(\"file\")".to_owned(),
        };
        text.push_str(&format!("form.append({}, {value});\n", quoted(name)));
    }
    text
}

fn options(call: &Call) -> Vec<String> {
    let mut options = Vec::new();
    if call.method != "GET" {
        options.push(format!("method: {}", quoted(&call.method)));
    }
    let headers = headers(call);
    if !headers.is_empty() {
        let lines: Vec<String> =
            headers.iter().map(|(name, value)| format!("  {}: {value},\n", quoted(name))).collect();
        options.push(format!("headers: {{\n{}}}", lines.concat()));
    }
    options.extend(call.payload.as_ref().map(|payload| format!("body: {}", body(payload))));
    options
}

/// Names, and values as expressions.
fn headers(call: &Call) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> =
        call.credentials.iter().filter_map(credential).collect();
    headers.extend(call.headers.iter().map(|(name, value)| (name.clone(), quoted(value))));
    let content_type = content_type(call);
    headers.extend(content_type.map(|media_type| ("Content-Type".to_owned(), quoted(media_type))));
    headers
}

fn credential(credential: &Credential) -> Option<(String, String)> {
    let named = |name: &str, value: String| Some((name.to_owned(), value));
    match credential {
        Credential::Bearer(variable) => {
            named("Authorization", format!("`Bearer ${{process.env.{variable}}}`"))
        }
        Credential::Basic { user, password } => named(
            "Authorization",
            format!("\"Basic \" + btoa(`${{process.env.{user}}}:${{process.env.{password}}}`)"),
        ),
        Credential::Header { name, variable } => {
            named(name, format!("`${{process.env.{variable}}}`"))
        }
        Credential::Cookie { name, variable } => {
            named("Cookie", format!("`{name}=${{process.env.{variable}}}`"))
        }
        Credential::Query { .. } => None,
    }
}

/// Whether every integer stays what it is as a number of the language: up to 2^53.
fn is_exact(value: &Value) -> bool {
    const LARGEST: u64 = 1 << 53;
    match value {
        Value::Number(number) if number.is_f64() => true,
        Value::Number(number) => number
            .as_i64()
            .map(i64::unsigned_abs)
            .or_else(|| number.as_u64())
            .is_some_and(|size| size <= LARGEST),
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(members) => members.values().all(is_exact),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

fn body(payload: &Payload) -> String {
    match payload {
        Payload::Json { value, .. } if is_exact(value) => {
            format!("JSON.stringify({})", pretty(value))
        }
        Payload::Json { value, .. } => quoted(&value.to_string()),
        Payload::Text { text, .. } => quoted(text),
        Payload::Bytes { .. } => "await readFile(\"file\")".to_owned(),
        Payload::Multipart(_) => "form".to_owned(),
        Payload::Form(fields) => {
            let pairs: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("\n  [{}, {}],", quoted(name), quoted(value)))
                .collect();
            format!("new URLSearchParams([{}\n])", pairs.concat())
        }
    }
}
