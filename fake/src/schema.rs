//! What the document demands of a request, checked with JSON Schema: every broken constraint is
//! told, each with its field.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use http::StatusCode;
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value, json};

use crate::spec::Operation;
use crate::walk;

/// The document.
pub(crate) const JSON: &str = include_str!("spec/openapi.json");
/// The document as it was written.
pub(crate) const YAML: &str = include_str!("spec/openapi.yaml");

/// The document, read.
pub(crate) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(JSON).unwrap_or_default());

/// What each operation takes.
static RULES: LazyLock<BTreeMap<Operation, Rules>> = LazyLock::new(|| {
    let schemas = Schemas::of(&DOCUMENT);
    Operation::ALL.into_iter().map(|operation| (operation, schemas.rules(operation))).collect()
});

/// Reads the document now, so that the first request does not have to wait for it.
pub(crate) fn prepare() {
    LazyLock::force(&RULES);
}

/// What an operation takes.
pub(crate) struct Rules {
    pub(crate) parameters: Vec<Parameter>,
    body: Option<Body>,
}

static NO_RULES: Rules = Rules { parameters: Vec::new(), body: None };

/// A body of a request.
struct Body {
    schema: &'static Value,
    validator: Validator,
    /// The members that the document knows; others are ignored.
    members: BTreeSet<String>,
}

/// A parameter of a path or a query.
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) is_path: bool,
    kind: String,
    validator: Option<Validator>,
}

impl Rules {
    pub(crate) fn of(operation: Operation) -> &'static Self {
        RULES.get(&operation).unwrap_or(&NO_RULES)
    }

    pub(crate) fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// The schema of the body, null if there is none.
    pub(crate) fn schema(&self) -> &'static Value {
        self.body.as_ref().map_or(&Value::Null, |body| body.schema)
    }

    /// Writes integers as such, for which JSON has many forms.
    pub(crate) fn normalize(&self, body: &mut Value) {
        if let Some(own) = &self.body {
            walk::integers(own.schema, body);
        }
    }

    /// What is wrong with a body.
    pub(crate) fn problems(&self, body: &Value) -> Vec<String> {
        let errors = self.body.iter().flat_map(|own| own.validator.iter_errors(body));
        errors.map(|error| problem("", &error)).collect()
    }

    /// Whether the body has a member of this name.
    pub(crate) fn takes(&self, member: &str) -> bool {
        self.body.as_ref().is_some_and(|body| body.members.contains(member))
    }

    /// Takes away what is ignored.
    pub(crate) fn strip(&self, body: &mut Value) {
        if let Value::Object(members) = body {
            members.retain(|name, _| self.takes(name));
        }
    }
}

impl Parameter {
    /// What is wrong with a value, which is text on its way.
    pub(crate) fn problems(&self, text: &str) -> Vec<String> {
        let value = match self.kind.as_str() {
            "integer" => text.parse::<i64>().ok().map(Value::from),
            "boolean" => text.parse::<bool>().ok().map(Value::from),
            _ => Some(text.into()),
        };
        // Rust reads `+5` as well.
        let value = value.filter(|value| value.is_string() || !text.starts_with('+'));
        let Some(value) = value else {
            return vec![format!("{}: {} expected, not `{text}`", self.name, self.kind)];
        };
        let errors = self.validator.iter().flat_map(|validator| validator.iter_errors(&value));
        errors.map(|error| problem(&self.name, &error)).collect()
    }
}

/// Values that are longer are not repeated.
const LONG: usize = 100;

/// `targetSegments[0].percentage: 120 is greater than the maximum of 100`
pub(crate) fn problem(root: &str, error: &jsonschema::ValidationError<'_>) -> String {
    let mut place = field(root, error.instance_path().as_str());
    if let ValidationErrorKind::Required { property } = error.kind() {
        let dot = if place.is_empty() { "" } else { "." };
        place = format!("{place}{dot}{}", property.as_str().unwrap_or_default());
        return format!("{place}: is required");
    }
    let text = match error.instance().to_string() {
        value if value.len() > LONG => error.masked_with("the value").to_string(),
        _ => error.to_string(),
    };
    match place.is_empty() {
        true => format!("body: {text}"),
        false => format!("{place}: {text}"),
    }
}

/// A JSON pointer as people write it.
fn field(root: &str, pointer: &str) -> String {
    let mut place = root.to_owned();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        match part.bytes().all(|byte| byte.is_ascii_digit()) {
            true => place.push_str(&format!("[{part}]")),
            false if place.is_empty() => place.push_str(&part),
            false => place.push_str(&format!(".{part}")),
        }
    }
    place
}

/// The schemas of the document as JSON Schema.
struct Schemas {
    document: &'static Value,
    definitions: Value,
}

impl Schemas {
    fn of(document: &'static Value) -> Self {
        let mut definitions = translated(&document["components"]["schemas"]);
        for (_, schema) in definitions.as_object_mut().into_iter().flatten() {
            not_null(schema);
        }
        Self { document, definitions }
    }

    fn rules(&self, operation: Operation) -> Rules {
        let path = &self.document["paths"][operation.path()];
        let own = &path[operation.method().as_str().to_ascii_lowercase()];
        let lists = [&path["parameters"], &own["parameters"]];
        let parameters = lists.into_iter().filter_map(Value::as_array).flatten();
        let body = self.target(&own["requestBody"]);
        let body = &body["content"]["application/json"]["schema"];
        Rules {
            parameters: parameters.map(|parameter| self.parameter(parameter)).collect(),
            body: (!body.is_null()).then(|| self.body(body)).flatten(),
        }
    }

    fn body(&self, schema: &'static Value) -> Option<Body> {
        let members = self.target(schema)["properties"].as_object()?.keys().cloned().collect();
        self.validator(schema).map(|validator| Body { schema, validator, members })
    }

    fn parameter(&self, parameter: &'static Value) -> Parameter {
        let parameter = self.target(parameter);
        let schema = &parameter["schema"];
        let kind = self.target(schema)["type"].as_str().unwrap_or("string").to_owned();
        Parameter {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            is_path: parameter["in"] == "path",
            kind,
            validator: self.validator(schema),
        }
    }

    fn target(&self, value: &'static Value) -> &'static Value {
        target(self.document, value)
    }

    fn validator(&self, schema: &Value) -> Option<Validator> {
        let schema =
            json!({ "allOf": [translated(schema)], "components": { "schemas": self.definitions } });
        jsonschema::draft202012::new(&schema).ok()
    }
}

/// The value itself, or what it refers to.
pub(crate) fn target<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

/// The schema of an answer, null if there is none.
pub(crate) fn answer(operation: Operation, status: StatusCode) -> &'static Value {
    let path = &DOCUMENT["paths"][operation.path()];
    let own = &path[operation.method().as_str().to_ascii_lowercase()]["responses"];
    let answer = target(&DOCUMENT, &own[status.as_str()]);
    &answer["content"]["application/json"]["schema"]
}

/// Any value is any but null, which OpenAPI 3.0 leaves open.
fn not_null(schema: &mut Value) {
    let says = |name: &str| schema.get(name).is_some();
    if !["type", "allOf", "anyOf", "oneOf", "if", "$ref"].into_iter().any(says) {
        schema["type"] = json!(["object", "array", "string", "number", "boolean"]);
    }
}

/// A schema of OpenAPI 3.0 as JSON Schema. What the document says of writing counts here.
fn translated(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(translated).collect(),
        Value::Object(members) => object(members),
        other => other.clone(),
    }
}

fn object(members: &Map<String, Value>) -> Value {
    let mut out: Map<String, Value> =
        members.iter().map(|(key, value)| (key.clone(), translated(value))).collect();
    out.remove("example");
    if out.get("type").is_some_and(|kind| kind == "integer") {
        out.entry("minimum").or_insert_with(|| i64::MIN.into());
        out.entry("maximum").or_insert_with(|| i64::MAX.into());
    }
    if let Some(kinds) = out.remove("x-also-accept").and_then(|kinds| kinds.as_array().cloned()) {
        let own = out.remove("type").into_iter();
        out.insert("type".to_owned(), own.chain(kinds).collect());
    }
    if let Some(names) =
        out.remove("x-required-on-write").and_then(|names| names.as_array().cloned())
    {
        let own =
            out.remove("required").and_then(|own| own.as_array().cloned()).unwrap_or_default();
        out.insert("required".to_owned(), own.into_iter().chain(names).collect());
    }
    match out.remove("nullable") {
        // Not `anyOf`, whose errors do not say what is wrong inside.
        Some(Value::Bool(true)) => json!({ "if": { "not": { "type": "null" } }, "then": out }),
        _ => Value::Object(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(operation: Operation, body: Value) -> Vec<String> {
        Rules::of(operation).problems(&body)
    }

    #[test]
    fn every_operation_has_rules_and_every_schema_compiles() {
        for operation in Operation::ALL {
            let rules = Rules::of(operation);
            assert!(rules.parameters.iter().all(|parameter| parameter.validator.is_some()));
            let is_write = ["POST", "PATCH"].contains(&operation.method().as_str());
            assert!(!is_write || rules.has_body(), "{operation:?}");
        }
    }

    #[test]
    fn every_broken_constraint_is_told_with_its_field() {
        let segment = json!({ "conditions": [], "percentage": 120, "rolloutWeights": {} });
        let body = json!({ "key": "", "targetSegments": [segment] });
        assert_eq!(
            problems(Operation::CreateFlag, body),
            [
                "projectId: is required",
                "key: \"\" is shorter than 1 character",
                "targetSegments[0].name: is required",
                "targetSegments[0].percentage: 120 is greater than the maximum of 100",
            ]
        );
        assert!(problems(Operation::CreateFlag, json!({ "projectId": 1, "key": "a" })).is_empty());
        assert!(problems(Operation::UpdateExperiment, json!({ "endDate": null })).is_empty());
        assert_eq!(
            problems(Operation::UpdateExperiment, json!({ "exposureEvent": { "event_type": 5 } })),
            [
                "exposureEvent.filters: is required",
                "exposureEvent.event_type: 5 is not of type \"string\""
            ]
        );
        assert_eq!(
            problems(Operation::UpdateFlag, json!([])),
            ["body: [] is not of type \"object\""]
        );
    }

    #[test]
    fn parameters_are_read_by_their_type() {
        let rules = Rules::of(Operation::ListFlags);
        let named = |name| rules.parameters.iter().find(|own| own.name == name).unwrap();
        assert!(named("limit").problems("1000").is_empty());
        assert_eq!(
            named("limit").problems("1001"),
            ["limit: 1001 is greater than the maximum of 1000"]
        );
        for text in ["many", "1e2", "1.0", "+5", "", "99999999999999999999"] {
            let expected = format!("limit: integer expected, not `{text}`");
            assert_eq!(named("limit").problems(text), [expected]);
        }
        assert_eq!(
            named("includeArchived").problems("yes"),
            ["includeArchived: boolean expected, not `yes`"]
        );
        assert!(named("cursor").problems("26397").is_empty());
    }
}
