//! A collection in the form of Postman 2.1, which Bruno, Insomnia and others import as well: a
//! folder for each family, a request with its example answers for each operation.
//!
//! Written here and not by a converter: those known give every item a random id. Base URL and
//! credentials are variables, and the credentials are empty.

use serde_json::{Map, Value, json};

use super::outline::{
    Answer, Body, Operation, Outline, Parameter, Scheme, SchemeKind, Server, preferred,
};
use super::samples::{self, Way};
use crate::Files;

/// Its path.
pub(super) const PATH: &str = "collection.postman.json";
/// The form.
const FORM: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
/// The variable of the first server.
const BASE: &str = "{{baseUrl}}";

/// The collection.
pub(super) fn files(outline: &Outline<'_>) -> Files {
    let mut info = json!({ "name": outline.title, "schema": FORM });
    set(&mut info, "description", outline.description.map(Value::from));
    set(&mut info, "version", (!outline.version.is_empty()).then(|| outline.version.into()));
    let folders: Vec<Value> = outline
        .families
        .iter()
        .map(|family| {
            let items = family.operations.iter().map(|one| item(outline, one));
            let items: Vec<Value> = items.collect();
            let mut folder = json!({ "name": family.title, "item": items });
            set(&mut folder, "description", family.description.map(Value::from));
            folder
        })
        .collect();
    let mut collection = json!({ "info": info, "item": folders });
    let shared = shared(outline).and_then(|key| outline.scheme(key));
    set(&mut collection, "auth", shared.and_then(|scheme| auth(Some(scheme))));
    set(&mut collection, "variable", Some(variables(outline)));
    Files::from([(PATH.to_owned(), format!("{collection:#}\n"))])
}

fn set(object: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object[key] = value;
    }
}

/// The scheme that most requests inherit: that of the document as a whole.
fn shared<'a>(outline: &Outline<'a>) -> Option<&'a str> {
    let needs = outline.tree.get("security")?.as_array()?.first()?.as_object()?;
    needs.keys().next().map(String::as_str)
}

fn variables(outline: &Outline<'_>) -> Value {
    let mut variables =
        vec![json!({ "key": "baseUrl", "value": outline.base(), "type": "string" })];
    for Server { url, description } in outline.servers.iter().skip(1) {
        let about = match description {
            Some(description) => format!("Another server: {url} ({description})"),
            None => format!("Another server: {url}"),
        };
        let known = variables[0]["description"].as_str().map(|known| format!("{known}\n{about}"));
        variables[0]["description"] = known.unwrap_or(about).into();
    }
    variables.extend(outline.schemes.iter().flat_map(|scheme| {
        let names = match scheme.kind {
            SchemeKind::Basic => vec![user(scheme), password(scheme)],
            _ => vec![scheme.variable.clone()],
        };
        names.into_iter().map(|name| json!({ "key": name, "value": "", "type": "string" }))
    }));
    variables.into()
}

/// The variable of a name in front of a password.
fn user(scheme: &Scheme<'_>) -> String {
    format!("{}_USER", scheme.variable)
}

fn password(scheme: &Scheme<'_>) -> String {
    format!("{}_PASSWORD", scheme.variable)
}

/// The credential in the words of the form; `None` for the kinds that it has no word for.
fn auth(scheme: Option<&Scheme<'_>>) -> Option<Value> {
    let Some(scheme) = scheme else { return Some(json!({ "type": "noauth" })) };
    let secret = format!("{{{{{}}}}}", scheme.variable);
    let pair = |key: &str, value: &str| json!({ "key": key, "value": value, "type": "string" });
    let key_in = |name: &str, place: &str| {
        let pairs = [pair("key", name), pair("value", &secret), pair("in", place)];
        json!({ "type": "apikey", "apikey": pairs })
    };
    Some(match &scheme.kind {
        SchemeKind::Bearer | SchemeKind::Token(_) => {
            json!({ "type": "bearer", "bearer": [pair("token", &secret)] })
        }
        SchemeKind::Basic => {
            let name = format!("{{{{{}}}}}", user(scheme));
            let secret = format!("{{{{{}}}}}", password(scheme));
            json!({ "type": "basic", "basic": [pair("username", &name), pair("password", &secret)] })
        }
        SchemeKind::Header(name) => key_in(name, "header"),
        SchemeKind::Query(name) => key_in(name, "query"),
        SchemeKind::Http(_) | SchemeKind::Cookie(_) => return None,
    })
}

fn item(outline: &Outline<'_>, operation: &Operation<'_>) -> Value {
    let request = request(outline, operation);
    let answers: Vec<Value> =
        operation.answers.iter().filter_map(|answer| example(outline, answer, &request)).collect();
    let name = operation.summary.unwrap_or(&operation.id);
    json!({ "name": name, "request": request, "response": answers })
}

fn request(outline: &Outline<'_>, operation: &Operation<'_>) -> Value {
    let tree = outline.tree;
    let mut request = json!({ "method": operation.method });
    let first = operation.security.first();
    let key = first.and_then(|needs| needs.first().copied());
    if key != shared(outline) {
        set(&mut request, "auth", auth(key.and_then(|key| outline.scheme(key))));
    }
    let mut headers: Vec<Value> = placed(operation, "header")
        .map(|one| {
            let value = one.text(&samples::parameter(tree, one));
            described(json!({ "key": one.name, "value": value, "disabled": !one.required }), one)
        })
        .collect();
    if let Some((media_type, body)) = operation.body.as_ref().and_then(|one| body(tree, one)) {
        headers.push(json!({ "key": "Content-Type", "value": media_type }));
        request["body"] = body;
    }
    request["header"] = headers.into();
    request["url"] = url(tree, operation);
    set(&mut request, "description", operation.description.map(Value::from));
    request
}

fn placed<'o, 'a>(
    operation: &'o Operation<'a>,
    place: &'static str,
) -> impl Iterator<Item = &'o Parameter<'a>> {
    operation.parameters.iter().filter(move |one| one.place == place)
}

fn described(mut value: Value, parameter: &Parameter<'_>) -> Value {
    set(&mut value, "description", parameter.description.map(Value::from));
    value
}

/// Path parameters as `:name`; what is not required is switched off.
fn url(tree: &Value, operation: &Operation<'_>) -> Value {
    let base = operation.server.as_ref().map_or(BASE, |server| server.url.as_str());
    let segments: Vec<String> = operation.path.split('/').skip(1).map(segment).collect();
    let query: Vec<Value> = placed(operation, "query")
        .flat_map(|one| {
            let pairs = one.pairs(&samples::parameter(tree, one));
            pairs.into_iter().map(|(name, value)| {
                described(json!({ "key": name, "value": value, "disabled": !one.required }), one)
            })
        })
        .collect();
    let variables: Vec<Value> = placed(operation, "path")
        .map(|one| {
            let value = one.text(&samples::parameter(tree, one));
            described(json!({ "key": one.name, "value": value }), one)
        })
        .collect();
    let active = query.iter().filter(|pair| pair["disabled"] == false);
    let active: Vec<String> =
        active.map(|pair| format!("{}={}", text(&pair["key"]), text(&pair["value"]))).collect();
    let mark = if active.is_empty() { "" } else { "?" };
    let raw = format!("{base}/{}{mark}{}", segments.join("/"), active.join("&"));
    let mut url = json!({ "raw": raw, "host": [base], "path": segments });
    for (key, list) in [("query", query), ("variable", variables)] {
        set(&mut url, key, (!list.is_empty()).then(|| list.into()));
    }
    url
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// `{id}` as `:id`; a name beside other text cannot be a variable of the form and stays.
fn segment(segment: &str) -> String {
    match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) if !name.contains(['{', '}']) => format!(":{name}"),
        _ => segment.to_owned(),
    }
}

/// The media type and the body in the words of the form.
fn body(tree: &Value, body: &Body<'_>) -> Option<(String, Value)> {
    let content = preferred(&body.contents)?;
    let media_type = content.media_type.to_owned();
    let value = samples::content(tree, content, Way::Out);
    let fields = |value: &Map<String, Value>| -> Vec<Value> {
        let field =
            |(key, value): (String, String)| json!({ "key": key, "value": value, "type": "text" });
        content.fields(value).into_iter().map(field).collect()
    };
    let form = match (media_type.as_str(), value) {
        ("multipart/form-data", Some(Value::Object(members))) => {
            json!({ "mode": "formdata", "formdata": fields(&members) })
        }
        ("application/x-www-form-urlencoded", Some(Value::Object(members))) => {
            json!({ "mode": "urlencoded", "urlencoded": fields(&members) })
        }
        (_, Some(value)) => {
            let language = if content.is_json() { "json" } else { "text" };
            let raw = samples::text(&media_type, &value);
            json!({ "mode": "raw", "raw": raw, "options": { "raw": { "language": language } } })
        }
        (_, None) => json!({ "mode": "file", "file": {} }),
    };
    Some((media_type, form))
}

/// An answer that is saved with the request; only those that the document has a number for.
fn example(outline: &Outline<'_>, answer: &Answer<'_>, request: &Value) -> Option<Value> {
    let code: u16 = answer.status.parse().ok().filter(|_| answer.is_success())?;
    let mut shown = json!({
        "name": if answer.description.is_empty() { answer.status } else { answer.description },
        "originalRequest": request,
        "code": code,
        "header": [],
    });
    if let Some(content) = preferred(&answer.contents) {
        let value = samples::content(outline.tree, content, Way::Back);
        set(
            &mut shown,
            "body",
            value.map(|value| samples::text(content.media_type, &value).into()),
        );
        shown["header"] = json!([{ "key": "Content-Type", "value": content.media_type }]);
    }
    Some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_variables_for_what_changes_and_no_key() {
        let tree = json!({
            "info": { "title": "Pets", "version": "1" },
            "servers": [{ "url": "https://pets.example/v1" }, { "url": "https://eu.pets.example", "description": "EU" }],
            "security": [{ "key": [] }],
            "paths": { "/pets/{id}/{a}.{b}": { "put": {
                "tags": ["pets"],
                "operationId": "putPet",
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "example": "p 1" },
                    { "name": "dry", "in": "query", "schema": { "type": "boolean" } },
                    { "name": "at", "in": "query", "required": true, "example": 5 },
                ],
                "requestBody": { "content": { "application/json": { "example": { "a": 1 } } } },
                "responses": { "200": { "description": "Done", "content": { "application/json": { "example": [] } } }, "404": { "description": "Gone" } },
            } }, "/": { "get": { "security": [], "responses": {} } } },
            "components": { "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-Key" } } },
        });
        let files = files(&Outline::of(&tree));
        let made: Value = serde_json::from_str(&files[PATH]).expect("JSON");
        assert_eq!(made["info"]["schema"], FORM);
        assert_eq!(made["auth"]["apikey"][1]["value"], "{{KEY}}");
        assert_eq!(made["variable"][0]["value"], "https://pets.example/v1");
        assert_eq!(
            made["variable"][0]["description"],
            "Another server: https://eu.pets.example (EU)"
        );
        assert_eq!(made["variable"][1], json!({ "key": "KEY", "value": "", "type": "string" }));
        let put = &made["item"][0]["item"][0];
        assert_eq!(put["request"]["url"]["raw"], "{{baseUrl}}/pets/:id/{a}.{b}?at=5");
        assert_eq!(put["request"]["url"]["variable"][0], json!({ "key": "id", "value": "p 1" }));
        assert_eq!(put["request"]["url"]["query"][0]["disabled"], true);
        assert!(put["request"].get("auth").is_none());
        assert_eq!(put["response"].as_array().map(Vec::len), Some(1));
        let get = &made["item"][1]["item"][0];
        assert_eq!(get["request"]["auth"]["type"], "noauth");
        assert_eq!(get["request"]["url"]["raw"], "{{baseUrl}}/");
    }
}
