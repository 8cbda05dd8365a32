//! A call as data, before it is written in a language.

use serde_json::{Map, Value};

use super::example;
use super::node::{all_members, flag, items, members, resolved, text};
use super::query;
use super::read::Source;

/// How many optional parameters a sample shows.
const SHOWN: usize = 2;

/// A call with its values.
#[derive(Debug)]
pub(super) struct Call {
    pub method: String,
    /// Percent-encoded, with a slash at its start and the query at its end.
    pub target: String,
    /// Names and values, free of line breaks.
    pub headers: Vec<(String, String)>,
    pub credentials: Vec<Credential>,
    pub payload: Option<Payload>,
    pub answer: Expected,
}

/// A secret and where it travels; the variable that holds it is a name that every shell takes.
#[derive(Debug)]
pub(super) enum Credential {
    Bearer(String),
    Basic { user: String, password: String },
    Header { name: String, variable: String },
    Cookie { name: String, variable: String },
    Query { name: String, variable: String },
}

/// What is sent.
#[derive(Debug)]
pub(super) enum Payload {
    Json { media_type: String, value: Value },
    Form(Vec<(String, String)>),
    Multipart(Vec<(String, Part)>),
    Text { media_type: String, text: String },
    Bytes { media_type: String },
}

/// A part of a multipart body.
#[derive(Debug)]
pub(super) enum Part {
    Text(String),
    File,
}

/// What a success carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Json,
    Text,
    Bytes,
    Nothing,
}

/// The call of an operation with the values of the document's examples.
pub(super) fn call(
    source: &Source<'_>,
    method: &str,
    path: &str,
    operation: &Value,
    parameters: &[&Value],
) -> Call {
    let tree = source.tree;
    let shown = shown(tree, operation, parameters);
    let body = operation.get("requestBody").map(|body| resolved(tree, body));
    Call {
        method: method.to_owned(),
        target: target(path, &shown),
        headers: headers(&shown),
        credentials: credentials(source, operation),
        payload: body.and_then(|body| payload(tree, body)),
        answer: expected(tree, operation),
    }
}

/// The parameters of a place with their names and values.
fn at<'a>(
    shown: &'a [(&'a Value, Value)],
    place: &'static str,
) -> impl Iterator<Item = (String, &'a Value, &'a Value)> {
    let here = shown.iter().filter(move |(raw, _)| text(raw, "in").as_deref() == Some(place));
    here.map(|(raw, value)| (text(raw, "name").unwrap_or_default(), *raw, value))
}

/// Path and query, percent-encoded.
fn target(path: &str, shown: &[(&Value, Value)]) -> String {
    let segments: Vec<(String, String)> =
        at(shown, "path").map(|(name, raw, value)| (name, query::simple(raw, value))).collect();
    let query: Vec<String> = at(shown, "query")
        .flat_map(|(_, raw, value)| query::pairs(raw, value))
        .map(|(name, value)| format!("{}={}", query::encode(&name), query::encode(&value)))
        .collect();
    let path = query::path(path, &segments);
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{slash}{path}{mark}{}", query.join("&"))
}

/// Parameters that are headers, and the cookies as one.
fn headers(shown: &[(&Value, Value)]) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = at(shown, "header")
        .map(|(name, raw, value)| (name, one_line(&query::simple(raw, value))))
        .filter(|(name, _)| is_token(name))
        .collect();
    let cookies: Vec<String> = at(shown, "cookie")
        .map(|(name, raw, value)| (query::encode(&name), query::encode(&query::simple(raw, value))))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if !cookies.is_empty() {
        headers.push(("Cookie".to_owned(), cookies.join("; ")));
    }
    headers
}

/// The required parameters and the first others that have an example, with their values. Of a list
/// in pages this is the first page: its size, no filter, and no cursor, which only an answer gives.
fn shown<'a>(tree: &Value, operation: &Value, parameters: &[&'a Value]) -> Vec<(&'a Value, Value)> {
    let paging = operation.get("x-pagination").filter(|paging| paging.is_object());
    let role = |raw: &Value, role: &str| {
        let name = paging.and_then(|paging| text(paging, role));
        name.is_some() && name == text(raw, "name")
    };
    let mut optional = 0;
    let mut shown = Vec::new();
    for raw in parameters.iter().filter(|raw| !role(raw, "cursor")) {
        let given = given(tree, raw);
        let fits = || optional < SHOWN && !flag(raw, "deprecated");
        let fits = || fits() && (paging.is_none() || role(raw, "limit"));
        if flag(raw, "required") {
            let name = text(raw, "name").unwrap_or_default();
            let made = || example::make(tree, inner(raw)?, &name, true);
            let value = given.or_else(made).unwrap_or_else(|| Value::from(name.as_str()));
            shown.push((*raw, value));
        } else if let Some(value) = given.filter(|_| fits()) {
            optional += 1;
            shown.push((*raw, value));
        }
    }
    shown
}

/// The example that a parameter gives itself.
fn given(tree: &Value, raw: &Value) -> Option<Value> {
    let named = || resolved(tree, all_members(raw, "examples").next()?.1).get("value");
    raw.get("example").or_else(named).or_else(|| raw.get("schema")?.get("example")).cloned()
}

fn inner(raw: &Value) -> Option<&Value> {
    raw.get("schema").or_else(|| members(raw, "content").next()?.1.get("schema"))
}

/// Whether HTTP takes it as the name of a header (RFC 9110, 5.6.2).
fn is_token(name: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(legal)
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).collect::<Vec<_>>().join(" ")
}

fn credentials(source: &Source<'_>, operation: &Value) -> Vec<Credential> {
    let declared = if operation.get("security").is_some() { operation } else { source.tree };
    let Some(Value::Object(one)) = items(declared, "security").next() else { return Vec::new() };
    let schemes = source.tree.pointer("/components/securitySchemes").and_then(Value::as_object);
    let only = schemes.is_some_and(|schemes| schemes.len() == 1);
    one.keys()
        .filter_map(|name| {
            let scheme = resolved(source.tree, schemes?.get(name)?);
            let own = source.config.key_variable.clone().filter(|_| only);
            let variable = variable(&own.unwrap_or_else(|| name.clone()));
            credential(scheme, variable)
        })
        .collect()
}

fn credential(scheme: &Value, variable: String) -> Option<Credential> {
    let word = |key: &str| text(scheme, key).unwrap_or_default();
    match word("type").as_str() {
        "http" if word("scheme").eq_ignore_ascii_case("basic") => Some(Credential::Basic {
            user: format!("{variable}_USER"),
            password: format!("{variable}_PASSWORD"),
        }),
        "apiKey" => {
            let name = word("name");
            match word("in").as_str() {
                "query" => Some(Credential::Query { name: query::encode(&name), variable }),
                "cookie" => Some(Credential::Cookie { name: query::encode(&name), variable }),
                _ => is_token(&name).then_some(Credential::Header { name, variable }),
            }
        }
        _ => Some(Credential::Bearer(variable)),
    }
}

/// A name that every shell takes for a variable.
pub(crate) fn variable(name: &str) -> String {
    use heck::ToShoutySnakeCase;
    let ascii = deunicode::deunicode(name).to_shouty_snake_case();
    let kept: String = ascii.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    match kept.chars().next() {
        None => "API_KEY".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("KEY_{kept}"),
        Some(_) => kept,
    }
}

/// The body in the media type that is easiest to write.
fn payload(tree: &Value, body: &Value) -> Option<Payload> {
    let contents: Vec<(&String, &Value)> = all_members(body, "content").collect();
    let json = contents.iter().find(|(media_type, _)| example::is_json(media_type));
    let (media_type, media) = json.or_else(|| contents.first())?;
    let value = example::first(tree, media);
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let clean = one_line(media_type);
    Some(match (name.as_str(), value) {
        (_, Some(value)) if example::is_json(media_type) => {
            Payload::Json { media_type: clean, value }
        }
        ("application/x-www-form-urlencoded", Some(Value::Object(members))) => {
            Payload::Form(query::fields(media.get("encoding"), &members))
        }
        ("multipart/form-data", value) => Payload::Multipart(parts(tree, media, value.as_ref())),
        (name, Some(Value::String(text))) if name.starts_with("text/") || name.ends_with("xml") => {
            Payload::Text { media_type: clean, text }
        }
        _ => Payload::Bytes { media_type: clean },
    })
}

/// The parts of a multipart body: files where the schema says bytes.
fn parts(tree: &Value, media: &Value, value: Option<&Value>) -> Vec<(String, Part)> {
    let schema = media.get("schema").map(|schema| resolved(tree, schema));
    let binary = |name: &str| {
        let member = schema.and_then(|schema| schema.get("properties")?.get(name));
        member.map(|member| resolved(tree, member)).is_some_and(|member| {
            let target = member.get("items").map_or(member, |item| resolved(tree, item));
            text(target, "format").as_deref() == Some("binary")
        })
    };
    let Some(members) = value.and_then(Value::as_object) else { return Vec::new() };
    let (files, texts): (Map<_, _>, Map<_, _>) =
        members.clone().into_iter().partition(|(name, _)| binary(name));
    let mut parts: Vec<(String, Part)> = query::fields(media.get("encoding"), &texts)
        .into_iter()
        .map(|(name, value)| (name, Part::Text(value)))
        .collect();
    parts.extend(files.into_iter().map(|(name, _)| (name, Part::File)));
    // In the order of the members.
    parts.sort_by_key(|(name, _)| members.keys().position(|known| known == name));
    parts
}

/// What the first success carries.
fn expected(tree: &Value, operation: &Value) -> Expected {
    let success = members(operation, "responses").find(|(status, _)| status.starts_with('2'));
    let Some(answer) = success.map(|(_, raw)| resolved(tree, raw)) else {
        return Expected::Nothing;
    };
    if flag(answer, "x-no-content") {
        return Expected::Nothing;
    }
    let media: Vec<&String> =
        all_members(answer, "content").map(|(media_type, _)| media_type).collect();
    match media.first() {
        None => Expected::Nothing,
        Some(_) if media.iter().any(|media_type| example::is_json(media_type)) => Expected::Json,
        Some(first) if first.starts_with("text/") || first.ends_with("xml") => Expected::Text,
        Some(_) => Expected::Bytes,
    }
}
