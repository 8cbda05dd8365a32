//! What a seed says beyond what calls take.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::schema::{self, DOCUMENT, target};

/// What the items of a family may say beyond their calls.
pub(crate) struct Extras {
    schema: Value,
    validator: Option<Validator>,
}

/// Those of groups and deployments.
pub(crate) static ID: LazyLock<Extras> = LazyLock::new(|| Extras::of(json!({ "id": {} })));

/// Those of flags.
pub(crate) static FLAG: LazyLock<Extras> =
    LazyLock::new(|| Extras::of(json!({ "id": {}, "variants": variants() })));

/// Those of experiments.
pub(crate) static EXPERIMENT: LazyLock<Extras> = LazyLock::new(|| {
    Extras::of(json!({
        "id": {},
        "variants": variants(),
        "guide": { "type": "boolean" },
        "deliveryMethod": { "type": "string" },
    }))
});

fn variants() -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    json!({ "type": "array", "items": {
        "type": "object", "properties": { "users": texts, "cohorts": texts }
    } })
}

impl Extras {
    fn of(members: Value) -> Self {
        let schema = json!({ "properties": members });
        let validator = jsonschema::draft202012::new(&schema).ok();
        Self { schema, validator }
    }

    /// Tells of members that neither these nor the schemas of the calls know, and of those of
    /// another type.
    pub(crate) fn problems(&self, calls: [&Value; 2], item: &Value) -> Vec<String> {
        let [create, update] = calls;
        let mut problems = Vec::new();
        strangers(&[create, update, &self.schema], item, "", &mut problems);
        let errors = self.validator.iter().flat_map(|validator| validator.iter_errors(item));
        problems.extend(errors.map(|error| schema::problem("", &error)));
        problems
    }
}

/// Tells of members that none of these schemas knows.
fn strangers(schemas: &[&Value], value: &Value, place: &str, problems: &mut Vec<String>) {
    let mut all = Vec::new();
    schemas.iter().for_each(|schema| flatten(schema, &mut all));
    match value {
        Value::Array(items) => {
            let own: Vec<&Value> = all.iter().filter_map(|schema| schema.get("items")).collect();
            for (index, item) in items.iter().enumerate().filter(|_| !own.is_empty()) {
                strangers(&own, item, &format!("{place}[{index}]"), problems);
            }
        }
        Value::Object(members) if all.iter().any(|schema| schema.get("properties").is_some()) => {
            for (name, member) in members {
                let place = match place {
                    "" => name.clone(),
                    place => format!("{place}.{name}"),
                };
                let own = all.iter().filter_map(|schema| schema["properties"].get(name));
                let own: Vec<&Value> = own.collect();
                match own.is_empty() {
                    true => problems.push(format!("{place}: is unknown")),
                    false => strangers(&own, member, &place, problems),
                }
            }
        }
        _ => {}
    }
}

/// A schema and those it is made of.
fn flatten<'a>(schema: &'a Value, all: &mut Vec<&'a Value>) {
    let schema = target(&DOCUMENT, schema);
    all.push(schema);
    schema["allOf"].as_array().into_iter().flatten().for_each(|part| flatten(part, all));
}
