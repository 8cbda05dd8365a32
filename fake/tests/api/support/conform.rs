//! Answers against the document, read here apart from how the fake reads it: a member that the
//! document does not name, or a value that it does not know, is a fault.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use amplitude_experiment_management::{
    Attempt, BoxFuture, HttpTransport, Transport, TransportError,
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use jsonschema::Validator;
use serde_json::{Value, json};

/// The document.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../src/spec/openapi.json")).unwrap());

/// A transport that checks each answer.
pub struct Checked(HttpTransport);

impl Checked {
    pub fn new() -> Self {
        Self(HttpTransport::with_client(reqwest::Client::new()))
    }
}

impl Transport for Checked {
    fn send(
        &self,
        request: http::Request<Bytes>,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let (method, path) = (attempt.operation.method.as_str(), attempt.operation.path);
        Box::pin(async move {
            let response = self.0.send(request, attempt).await?;
            let kind = response.headers().get(CONTENT_TYPE);
            let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            check(method, path, response.status().as_u16(), kind, response.body());
            Ok(response)
        })
    }
}

/// Checks the answer to a request for a target such as `/api/1/flags/1?limit=2`.
pub fn check_request(method: &str, target: &str, status: u16, kind: &str, body: &[u8]) {
    let path = target.split('?').next().unwrap();
    match path.strip_prefix("/api/1").and_then(template) {
        Some(template) => check(method, template, status, kind, body),
        None if status == 404 => check_undescribed(status, kind, body),
        None => {}
    }
}

/// The template in the document that a path fits.
fn template(path: &str) -> Option<&'static str> {
    let paths = DOCUMENT["paths"].as_object().unwrap().keys();
    let fits = |template: &&String| {
        let (own, other) = (template.split('/'), path.split('/'));
        own.clone().count() == other.clone().count()
            && own.zip(other).all(|(own, other)| own.starts_with('{') || own == other)
    };
    paths.into_iter().find(fits).map(String::as_str)
}

/// Checks an answer of an operation.
pub fn check(method: &str, template: &str, status: u16, kind: &str, body: &[u8]) {
    let place = format!("/paths/{}/{}", escaped(template), method.to_ascii_lowercase());
    let responses = DOCUMENT.pointer(&place).map(|operation| &operation["responses"]);
    let Some(described) = responses.and_then(|all| all.get(status.to_string())) else {
        return check_undescribed(status, kind, body);
    };
    let essence = kind.split(';').next().unwrap();
    let described = target(described);
    let schema = &described["content"][essence]["schema"];
    assert!(!schema.is_null(), "{method} {template}: {status} of type `{kind}` is not described");
    let value = match essence {
        "application/json" => serde_json::from_slice(body).unwrap(),
        _ => Value::from(std::str::from_utf8(body).unwrap()),
    };
    check_schema(&format!("{method} {template} {status}"), schema, &value);
}

/// What a fake refuses beyond the document looks like any other refusal.
fn check_undescribed(status: u16, kind: &str, body: &[u8]) {
    assert!([404, 405, 413, 415].contains(&status), "status {status} is not described");
    assert_eq!(kind, "application/json", "an answer of {status}");
    let schema = json!({ "$ref": "#/components/schemas/ErrorBody" });
    check_schema(&status.to_string(), &schema, &serde_json::from_slice(body).unwrap());
}

fn check_schema(name: &str, schema: &Value, value: &Value) {
    static VALIDATORS: Mutex<BTreeMap<String, Validator>> = Mutex::new(BTreeMap::new());
    let mut validators = VALIDATORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let validator = validators.entry(name.to_owned()).or_insert_with(|| validator(schema));
    let problems: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{name}: {}\n{value:#}", problems.join("\n"));
}

fn validator(schema: &Value) -> Validator {
    let definitions = json!({ "schemas": closed_each(&DOCUMENT["components"]["schemas"]) });
    let schema = json!({ "allOf": [closed(schema)], "components": definitions });
    jsonschema::draft202012::new(&schema).unwrap()
}

/// A schema of OpenAPI 3.0 as JSON Schema that knows no more than it says.
fn closed(schema: &Value) -> Value {
    let members = match schema {
        Value::Object(members) => members,
        Value::Array(items) => return items.iter().map(closed).collect(),
        other => return other.clone(),
    };
    let mut out: serde_json::Map<String, Value> = serde_json::Map::new();
    for (name, value) in members {
        let (name, value) = match name.as_str() {
            "example" | "description" => continue,
            "x-extensible-enum" => ("enum", value.clone()),
            "properties" => ("properties", closed_each(value)),
            name => (name, closed(value)),
        };
        out.insert(name.to_owned(), value);
    }
    if let (Some(Value::Array(kinds)), Some(own)) =
        (out.remove("x-also-accept"), out.get("type").cloned())
    {
        out.insert("type".to_owned(), [vec![own], kinds].concat().into());
    }
    if out.get("properties").is_some_and(Value::is_object) {
        out.entry("additionalProperties").or_insert(false.into());
    }
    match out.remove("nullable") {
        Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, out] }),
        _ => Value::Object(out),
    }
}

/// The same of named schemas.
fn closed_each(schemas: &Value) -> Value {
    let members = schemas.as_object().into_iter().flatten();
    members.map(|(name, schema)| (name.clone(), closed(schema))).collect()
}

/// The value itself, or what it refers to.
pub fn target(value: &'static Value) -> &'static Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(value, |pointer| DOCUMENT.pointer(pointer).unwrap())
}

fn escaped(template: &str) -> String {
    template.replace('~', "~0").replace('/', "~1")
}

#[test]
fn answers_that_the_document_does_not_describe_are_seen() {
    let fails = |status: u16, kind: &'static str, body: Value| {
        let body = body.to_string();
        let work = move || check("GET", "/deployments/{id}", status, kind, body.as_bytes());
        std::panic::catch_unwind(work).is_err()
    };
    let mut deployment =
        json!({ "id": "1", "projectId": "2", "label": "a", "key": "b", "deleted": false });
    assert!(!fails(200, "application/json", deployment.clone()));
    assert!(fails(201, "application/json", deployment.clone()));
    assert!(fails(200, "text/html", deployment.clone()));
    deployment["type"] = "proxy".into();
    assert!(fails(200, "application/json", deployment.clone()), "an unknown value");
    deployment["type"] = "client".into();
    deployment["labels"] = json!([]);
    assert!(fails(200, "application/json", deployment), "an unknown member");
    assert!(fails(404, "application/json", json!([])));
}
