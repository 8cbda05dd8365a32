//! The calls of a `wire.json` as Rust text.

use std::fmt::Write as _;

use codegen::ir::{
    Answer, BodyFormat, Operation, Parameter, Place, SchemeKind, StreamFormat, Streamed,
};
use serde_json::Value;

use super::Case;
use super::program::{literal, rust_type};

/// The blocks that make the calls of a case; how many there are.
pub(super) fn calls(case: &Case, file: &Value, out: &mut String) -> usize {
    let calls = file["calls"].as_array().expect("a wire file lists calls");
    assert!(!calls.is_empty(), "{}: nothing is called", case.name);
    for call in calls {
        self::call(case, call, out);
    }
    calls.len()
}

fn call(case: &Case, call: &Value, out: &mut String) {
    let id = call["operationId"].as_str().expect("a call names its operation");
    let (family, operation) = case
        .api
        .families
        .iter()
        .flat_map(|family| family.operations.iter().map(move |operation| (family, operation)))
        .find(|(_, operation)| operation.name.wire == id)
        .unwrap_or_else(|| panic!("{}: there is no operation {id}", case.name));
    let empty = serde_json::Map::new();
    let given = call["args"].as_object().unwrap_or(&empty);
    let mut arguments = Vec::new();
    let mut setters = String::new();
    for parameter in &operation.parameters {
        let key = key(parameter);
        let value = value(&key, &rust_type(case, &parameter.ty));
        match (parameter.required, given.contains_key(&key)) {
            (true, _) => arguments.push(value),
            (false, true) => setters.push_str(&format!(".{}({value})", parameter.name.rust)),
            (false, false) => {}
        }
    }
    if let Some(body) = &operation.body {
        let value = value("body", &rust_type(case, &body.ty));
        let value = match call["streamed_body"].as_bool() {
            Some(true) => {
                format!("{}::Upload::reader(std::io::Cursor::new({value}))", case.module())
            }
            _ => value,
        };
        match (body.required, given.contains_key("body")) {
            (true, _) => arguments.push(value),
            (false, true) => setters.push_str(&format!(".body({value})")),
            (false, false) => {}
        }
    }
    let known = |key: &str| {
        key == "body"
            || key.starts_with("auth.")
            || operation.parameters.iter().any(|parameter| self::key(parameter) == key)
    };
    let stray: Vec<&String> = given.keys().filter(|key| !known(key)).collect();
    assert!(stray.is_empty(), "{}: {id} has no {stray:?}", case.name);
    let (name, module) = (format!("{} {id}", case.name), case.module());
    let (family, method) = (&family.name.rust, &operation.name.rust);
    let told = call["response"].get("told").is_some();
    let send = if told {
        self::told(case, family, operation)
    } else {
        outcome(operation, call["stream"] == true)
    };
    let (call, builder) = (literal(call), builder(case, given));
    let arguments = arguments.join(", ");
    write!(
        out,
        "{{\nlet call = check::Call::new({name:?}, {call});\n\
         let client = {module}::Client::builder{builder}.base_url(call.base_url()).build().unwrap();\n\
         let request = client.{family}().{method}({arguments}){setters};\n\
         let outcome = {send};\n\
         call.end(outcome, &mut report);\n}}\n"
    )
    .expect("text can be written");
}

/// A parameter as the arguments of a wire file name it.
fn key(parameter: &Parameter) -> String {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    };
    format!("{place}.{}", parameter.name.wire)
}

fn value(key: &str, ty: &str) -> String {
    format!("call.argument::<{ty}>({key:?})")
}

/// The arguments and setters of the builder.
fn builder(case: &Case, given: &serde_json::Map<String, Value>) -> String {
    let mut setters = String::new();
    for (key, secret) in given {
        let Some(wire) = key.strip_prefix("auth.") else { continue };
        let scheme = case.api.schemes.iter().find(|scheme| scheme.name.wire == wire);
        let scheme = scheme.unwrap_or_else(|| panic!("{}: there is no scheme {wire}", case.name));
        let secret = secret.as_str().expect("a credential is text");
        let arguments = match (&scheme.kind, secret.split_once(':')) {
            (SchemeKind::Basic, Some((user, password))) => format!("{user:?}, {password:?}"),
            _ => format!("{secret:?}"),
        };
        setters.push_str(&format!(".{}({arguments})", scheme.name.rust));
    }
    format!("(){setters}")
}

/// What the types tell that belong to the operation: those of its successes, headers and errors.
fn told(case: &Case, family: &str, operation: &Operation) -> String {
    let of = |name: &str, from: &str| format!("{}::{family}::{name}::of({from})", case.module());
    let headers = operation.headers.as_ref();
    let headers =
        headers.map_or("()".to_owned(), |headers| of(&headers.name, "response.headers()"));
    let error = operation.error_type.as_ref();
    let error = error.map_or("error".to_owned(), |name| of(name, "&error"));
    format!(
        "match request.response().await {{\n\
         Ok(response) => {{ let headers = {headers}; format!(\"{{:?}} {{headers:?}}\", response.into_value()) }}\n\
         Err(error) => format!(\"{{:?}}\", {error}),\n}};\n\
         let outcome: Result<serde_json::Value, String> = Ok(outcome.into())"
    )
}

/// What comes of a request, as JSON or the text of an error.
fn outcome(operation: &Operation, is_stream: bool) -> String {
    let is_alone = matches!(operation.answer, Answer::Stream);
    match &operation.stream {
        Some(stream) if is_alone || is_stream => {
            let method = if is_stream { "stream" } else { "send" };
            format!(
                "match request.{method}().await {{ {}, Err(error) => Err(error.to_string()) }}",
                items(stream)
            )
        }
        _ => {
            let answer = answer(operation);
            format!(
                "request.send().await.map(|answer| {answer}).map_err(|error| error.to_string())"
            )
        }
    }
}

/// The items of a stream; one that is an error is its text.
fn items(stream: &Streamed) -> String {
    let item = match stream.format {
        StreamFormat::Bytes => {
            return "Ok(body) => body.collect_all(1000).await\
                .map(|body| String::from_utf8_lossy(&body).into_owned().into())\
                .map_err(|error| error.to_string())"
                .to_owned();
        }
        StreamFormat::Events => {
            "serde_json::json!({ \"data\": item.data, \"event\": item.event, \"id\": item.id })"
        }
        StreamFormat::Lines | StreamFormat::Sequence => "serde_json::to_value(&item).unwrap()",
    };
    format!(
        "Ok(mut stream) => {{\nlet mut items = Vec::new();\n\
         while let Some(item) = stream.next().await {{\n\
         items.push(match item {{ Ok(item) => {item}, Err(error) => error.to_string().into() }});\n}}\n\
         Ok(serde_json::Value::Array(items))\n}}"
    )
}

/// The answer as JSON.
fn answer(operation: &Operation) -> &'static str {
    match &operation.answer {
        Answer::Body { format: BodyFormat::Json | BodyFormat::Text, .. } => {
            "serde_json::to_value(&answer).unwrap()"
        }
        Answer::Body {
            format: BodyFormat::Bytes | BodyFormat::Form | BodyFormat::Multipart,
            ..
        }
        | Answer::Nothing
        | Answer::Stream
        | Answer::ByStatus(_) => "{ let _ = answer; serde_json::Value::Null }",
    }
}
