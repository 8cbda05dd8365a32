//! The values of a document to its outline.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{
    Answer, Body, Content, Family, Operation, Outline, Paging, Parameter, Retry, Scheme,
    SchemeKind, Server, resolve,
};
use crate::check::METHODS;
use crate::dist::names::Names;
use crate::reference::variable;

/// The family of operations without a tag.
const UNTAGGED: &str = "default";
/// Pages that are not those of a family.
const PAGES: &[&str] = &["overview", "types"];
const NULL: &Value = &Value::Null;

/// Reads a whole document.
pub(super) fn outline(tree: &Value) -> Outline<'_> {
    let info = &tree["info"];
    Outline {
        tree,
        title: text(info, "title").unwrap_or("API"),
        version: text(info, "version").unwrap_or_default(),
        description: text(info, "description"),
        servers: list(&tree["servers"]).map(server).collect(),
        schemes: members(&tree["components"]["securitySchemes"])
            .filter_map(|(key, value)| scheme(key, resolve(tree, value)))
            .collect(),
        families: families(tree),
    }
}

/// Text that says something.
fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&Value::Bool(true))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Members of an object that are not extensions.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten().filter(|(key, _)| !key.starts_with("x-"))
}

fn server(value: &Value) -> Server<'_> {
    let mut url = text(value, "url").unwrap_or_default().trim().to_owned();
    for (name, variable) in members(&value["variables"]) {
        url = url.replace(&format!("{{{name}}}"), text(variable, "default").unwrap_or_default());
    }
    Server { url: url.trim_end_matches('/').to_owned(), description: text(value, "description") }
}

fn scheme<'a>(key: &'a str, value: &'a Value) -> Option<Scheme<'a>> {
    let name = text(value, "name").unwrap_or_default();
    let kind = match (text(value, "type")?, text(value, "in"), text(value, "scheme")) {
        ("apiKey", Some("header"), _) => SchemeKind::Header(name),
        ("apiKey", Some("query"), _) => SchemeKind::Query(name),
        ("apiKey", Some("cookie"), _) => SchemeKind::Cookie(name),
        ("http", _, Some(scheme)) if scheme.eq_ignore_ascii_case("bearer") => SchemeKind::Bearer,
        ("http", _, Some(scheme)) if scheme.eq_ignore_ascii_case("basic") => SchemeKind::Basic,
        ("http", _, Some(scheme)) => SchemeKind::Http(scheme),
        ("oauth2", _, _) => SchemeKind::Token("OAuth 2"),
        ("openIdConnect", _, _) => SchemeKind::Token("OpenID Connect"),
        _ => return None,
    };
    let variable = variable(key);
    Some(Scheme { key, variable, kind, description: text(value, "description") })
}

/// Operations by their first tag: declared tags in their order, then the others as they are met.
fn families(tree: &Value) -> Vec<Family<'_>> {
    let mut order: Vec<&str> = Vec::new();
    let mut declared: HashMap<&str, &Value> = HashMap::new();
    for tag in list(&tree["tags"]) {
        if let Some(name) = text(tag, "name").filter(|name| !declared.contains_key(name)) {
            declared.insert(name, tag);
            order.push(name);
        }
    }
    let mut operations: HashMap<&str, Vec<Operation<'_>>> = HashMap::new();
    for (path, item) in members(&tree["paths"]) {
        let item = resolve(tree, item);
        // Methods in the order of the document.
        for (method, own) in members(item).filter(|(key, _)| METHODS.contains(&key.as_str())) {
            let tag = list(&own["tags"]).find_map(Value::as_str).unwrap_or(UNTAGGED);
            if !order.contains(&tag) {
                order.push(tag);
            }
            operations.entry(tag).or_default().push(operation(tree, (path, item), method, own));
        }
    }
    let mut names = Names::default();
    for page in PAGES {
        names.take(page);
    }
    let mut found = Vec::new();
    for tag in order {
        let Some(operations) = operations.remove(tag) else { continue };
        let about = declared.get(tag).copied().unwrap_or(NULL);
        found.push(Family {
            title: text(about, "x-displayName").unwrap_or(tag),
            description: text(about, "description"),
            file: names.take(tag).to_lowercase(),
            operations,
        });
    }
    found
}

/// One method on one path.
fn operation<'a>(
    tree: &'a Value,
    (path, item): (&'a str, &'a Value),
    method: &str,
    own: &'a Value,
) -> Operation<'a> {
    let id = text(own, "operationId");
    let upper = method.to_ascii_uppercase();
    let security = own.get("security").or_else(|| tree.get("security")).unwrap_or(NULL);
    let elsewhere = list(&own["servers"]).chain(list(&item["servers"])).next();
    Operation {
        id: id.map_or_else(|| format!("{upper} {path}"), str::to_owned),
        path,
        summary: text(own, "summary"),
        description: text(own, "description"),
        deprecated: flag(own, "deprecated"),
        undocumented: flag(own, "x-undocumented"),
        parameters: parameters(tree, item, own),
        body: own.get("requestBody").map(|body| self::body(tree, resolve(tree, body))),
        answers: members(&own["responses"])
            .map(|(status, answer)| self::answer(tree, status, resolve(tree, answer)))
            .collect(),
        security: list(security)
            .map(|needs| members(needs).map(|(key, _)| key.as_str()).collect())
            .collect(),
        retry: retry(own, &upper),
        paging: own.get("x-pagination").and_then(paging),
        server: elsewhere.map(server),
        method: upper,
    }
}

/// Those of the operation, and those of its path that it does not give itself.
fn parameters<'a>(tree: &'a Value, item: &'a Value, own: &'a Value) -> Vec<Parameter<'a>> {
    let read = |value: &'a Value| {
        let value = resolve(tree, value);
        parameter(tree, text(value, "name")?, text(value, "in")?, value).into()
    };
    let own: Vec<Parameter<'_>> = list(&own["parameters"]).filter_map(read).collect();
    let is_new = |shared: &Parameter<'_>| {
        !own.iter().any(|own| (own.name, own.place) == (shared.name, shared.place))
    };
    let shared = list(&item["parameters"]).filter_map(read);
    let mut all: Vec<Parameter<'_>> = shared.filter(is_new).collect();
    all.extend(own);
    all
}

fn parameter<'a>(
    tree: &'a Value,
    name: &'a str,
    place: &'a str,
    value: &'a Value,
) -> Parameter<'a> {
    let content = contents(tree, value).into_iter().next();
    let schema = value.get("schema").or(content.as_ref().and_then(|content| content.schema));
    let from_schema = schema.and_then(|schema| resolve(tree, schema).get("example"));
    Parameter {
        name,
        place,
        required: flag(value, "required") || place == "path",
        deprecated: flag(value, "deprecated"),
        description: text(value, "description"),
        schema,
        example: example(tree, value)
            .or(content.and_then(|content| content.example))
            .or(from_schema),
        raw: value,
    }
}

/// `example`, or the value of the first of `examples` that has one.
fn example<'a>(tree: &'a Value, value: &'a Value) -> Option<&'a Value> {
    let named = members(value.get("examples").unwrap_or(NULL));
    value
        .get("example")
        .or_else(|| named.into_iter().find_map(|(_, named)| resolve(tree, named).get("value")))
}

fn contents<'a>(tree: &'a Value, value: &'a Value) -> Vec<Content<'a>> {
    let content = value.get("content").and_then(Value::as_object);
    let content = content.into_iter().flat_map(Map::iter);
    content
        .map(|(media_type, value)| {
            let schema = value.get("schema");
            let from_schema = schema.and_then(|schema| resolve(tree, schema).get("example"));
            Content {
                media_type,
                schema,
                example: example(tree, value).or(from_schema),
                encoding: value.get("encoding"),
            }
        })
        .collect()
}

fn body<'a>(tree: &'a Value, value: &'a Value) -> Body<'a> {
    Body {
        required: flag(value, "required"),
        description: text(value, "description"),
        contents: contents(tree, value),
    }
}

fn answer<'a>(tree: &'a Value, status: &'a str, value: &'a Value) -> Answer<'a> {
    let headers = members(value.get("headers").unwrap_or(NULL));
    Answer {
        status,
        description: text(value, "description").unwrap_or_default(),
        says_nothing: flag(value, "x-no-content"),
        headers: headers
            .map(|(name, header)| parameter(tree, name, "header", resolve(tree, header)))
            .collect(),
        contents: contents(tree, value),
    }
}

/// RFC 9110, 9.2, where the document does not say.
fn retry(own: &Value, method: &str) -> Retry {
    match (text(own, "x-retry"), method) {
        (Some("safe"), _) => Retry::Safe,
        (Some("idempotent"), _) => Retry::Idempotent,
        (Some(_), _) => Retry::OnRefusal,
        (None, "GET" | "HEAD" | "OPTIONS" | "TRACE") => Retry::Safe,
        (None, "PUT" | "DELETE") => Retry::Idempotent,
        (None, _) => Retry::OnRefusal,
    }
}

fn paging(value: &Value) -> Option<Paging<'_>> {
    Some(Paging {
        cursor: text(value, "cursor")?,
        next: text(value, "next")?,
        items: text(value, "items")?,
        limit: text(value, "limit"),
        max: value.get("max").and_then(Value::as_u64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_shared_is_in_its_place() {
        let tree = json!({
            "info": { "title": "Pets", "version": "1" },
            "servers": [{ "url": "https://{zone}.pets.example/", "variables": { "zone": { "default": "eu" } } }],
            "security": [{ "key": [] }],
            "tags": [{ "name": "toys" }, { "name": "Pets", "x-displayName": "All pets" }, { "name": "none" }],
            "paths": {
                "/pets/{id}": {
                    "parameters": [{ "$ref": "#/components/parameters/Id" }, { "name": "q", "in": "query", "schema": {} }],
                    "get": { "tags": ["Pets"], "parameters": [{ "name": "q", "in": "query", "required": true, "example": 5 }], "responses": { "2XX": { "$ref": "#/components/responses/Pet" } } },
                    "post": { "operationId": "addPet", "tags": ["Pets"], "x-retry": "idempotent", "security": [], "responses": {} },
                },
                "/toys": { "delete": { "tags": ["toys"], "responses": {} }, "patch": { "responses": {} } },
            },
            "components": {
                "parameters": { "Id": { "name": "id", "in": "path", "schema": { "type": "string", "example": "p1" } } },
                "responses": { "Pet": { "description": "A pet", "content": {
                    "text/plain": {}, "application/hal+json; v=1": { "examples": { "one": { "$ref": "#/components/examples/One" } } } } } },
                "examples": { "One": { "value": { "a": 1 } } },
            },
        });
        let outline = outline(&tree);
        assert_eq!(outline.base(), "https://eu.pets.example");
        let pages: Vec<(&str, &str)> =
            outline.families.iter().map(|family| (family.title, family.file.as_str())).collect();
        assert_eq!(pages, [("toys", "toys"), ("All pets", "pets"), ("default", "default")]);
        let get = &outline.families[1].operations[0];
        assert_eq!((get.id.as_str(), get.retry), ("GET /pets/{id}", Retry::Safe));
        let parameters: Vec<_> =
            get.parameters.iter().map(|p| (p.name, p.required, p.example.cloned())).collect();
        assert_eq!(parameters, [("id", true, Some(json!("p1"))), ("q", true, Some(json!(5)))]);
        assert_eq!(get.security, [["key"]]);
        let content = super::super::preferred(&get.answers[0].contents).expect("there is content");
        assert_eq!(content.example, Some(&json!({ "a": 1 })));
        let add = &outline.families[1].operations[1];
        assert_eq!((add.id.as_str(), add.retry), ("addPet", Retry::Idempotent));
        assert!(add.security.is_empty());
        assert_eq!(outline.families[0].operations[0].retry, Retry::Idempotent);
    }
}
