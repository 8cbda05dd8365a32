//! Calls for a POSIX shell. Values stand in single quotes, where only the quote itself is special.

use super::{Writer, content_type, separator};
use crate::reference::call::{Call, Credential, Part, Payload};
use crate::reference::example::pretty;
use crate::reference::model::Server;
use crate::reference::query::encode;

pub(super) fn text(call: &Call, server: &Server) -> Writer {
    let mut out = Writer::default();
    match call.method.as_str() {
        "GET" => out.push("curl --url '"),
        "HEAD" => out.push("curl --head --url '"),
        method => out.push(&format!("curl --request {method} \\\n  --url '")),
    }
    out.push_server(&inside(&server.url));
    out.push(&inside(&call.target));
    out.push("'");
    let mut separator = separator(call);
    for credential in &call.credentials {
        if let Credential::Query { name, variable } = credential {
            out.push(&format!("{}\"${variable}\"", quoted(&format!("{separator}{name}="))));
            separator = "&";
        }
    }
    for option in options(call) {
        out.push(" \\\n  ");
        out.push(&option);
    }
    out
}

fn options(call: &Call) -> Vec<String> {
    let mut options: Vec<String> = call.credentials.iter().filter_map(credential).collect();
    for (name, value) in &call.headers {
        // An empty value would remove the header; a semicolon sends it empty.
        let line = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        options.push(format!("--header {}", quoted(&line)));
    }
    if let Some(media_type) = content_type(call) {
        options.push(format!("--header {}", quoted(&format!("Content-Type: {media_type}"))));
    }
    options.extend(call.payload.iter().flat_map(payload));
    options
}

fn credential(credential: &Credential) -> Option<String> {
    match credential {
        Credential::Bearer(variable) => {
            Some(format!("--header \"Authorization: Bearer ${variable}\""))
        }
        Credential::Basic { user, password } => Some(format!("--user \"${user}:${password}\"")),
        Credential::Header { name, variable } => {
            Some(format!("--header {}\"${variable}\"", quoted(&format!("{name}: "))))
        }
        Credential::Cookie { name, variable } => {
            Some(format!("--cookie {}\"${variable}\"", quoted(&format!("{name}="))))
        }
        Credential::Query { .. } => None,
    }
}

fn payload(payload: &Payload) -> Vec<String> {
    match payload {
        Payload::Json { value, .. } => vec![format!("--data-raw {}", quoted(&pretty(value)))],
        Payload::Text { text, .. } => vec![format!("--data-raw {}", quoted(text))],
        Payload::Bytes { .. } => vec!["--data-binary @file".to_owned()],
        // In a name, `=` and `@` would mean something to curl.
        Payload::Form(fields) => fields
            .iter()
            .map(|(name, value)| {
                format!("--data-urlencode {}", quoted(&format!("{}={value}", encode(name))))
            })
            .collect(),
        Payload::Multipart(parts) => parts
            .iter()
            .map(|(name, part)| match part {
                Part::Text(text) => {
                    format!("--form-string {}", quoted(&format!("{}={text}", encode(name))))
                }
                Part::File => format!("--form {}", quoted(&format!("{}=@file", encode(name)))),
            })
            .collect(),
    }
}

/// `text` in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", inside(text))
}

/// `text` as it stands between single quotes.
pub(super) fn inside(text: &str) -> String {
    text.replace('\0', "").replace('\'', r"'\''")
}
