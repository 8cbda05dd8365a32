//! Values beside the schemas of the document that describe them.

use serde_json::{Value, json};

use crate::schema::{DOCUMENT, target};

/// Visits a value and all inside it that the document describes, the innermost first.
fn walk(schema: &Value, value: &mut Value, visit: &mut dyn FnMut(&Value, &mut Value)) {
    let schema = target(&DOCUMENT, schema);
    if !schema.is_object() {
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        walk(part, value, visit);
    }
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(|item| walk(&schema["items"], item, visit));
        }
        Value::Object(members) => {
            for (name, member) in members {
                let own = schema["properties"].get(name);
                walk(own.unwrap_or(&schema["additionalProperties"]), member, visit);
            }
        }
        _ => {}
    }
    visit(schema, value);
}

/// Writes integers as such where the document wants integers: `1.0` and `1e2` are some.
pub(crate) fn integers(schema: &Value, value: &mut Value) {
    walk(schema, value, &mut |schema, value| {
        let also = schema["x-also-accept"].as_array();
        let is_integer = schema["type"] == "integer"
            || also.is_some_and(|also| also.contains(&json!("integer")));
        if let Some(integer) = whole(value).filter(|_| is_integer) {
            *value = integer.into();
        }
    });
}

/// A number without a fraction, however it is written.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    let exact = |number: &f64| number.fract() == 0.0 && (-END..END).contains(number);
    value.as_i64().or_else(|| value.as_f64().filter(exact).map(|number| number as i64))
}

/// Adds members and values that nobody knows yet.
pub(crate) fn unknown(schema: &Value, value: &mut Value) {
    let add = |value: &mut Value| {
        if let Value::Object(members) = value {
            members.insert("fromTheFuture".to_owned(), json!({ "yes": [1, null] }));
        }
    };
    walk(schema, value, &mut |schema, value| {
        if schema["properties"].is_object() {
            add(value);
        }
        if schema["x-extensible-enum"].is_array() && value.is_string() {
            *value = "from-the-future".into();
        }
    });
    add(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_a_fraction_are_integers() {
        for (value, expected) in [
            (json!(7), Some(7)),
            (json!(1e2), Some(100)),
            (json!(-0.0), Some(0)),
            (json!(1.5), None),
            (json!(1e300), None),
            (json!(9_223_372_036_854_775_808_u64), None),
            (json!("7"), None),
        ] {
            assert_eq!(whole(&value), expected, "{value}");
        }
    }

    #[test]
    fn integers_are_written_as_such_where_they_are_wanted() {
        let mut value = json!({ "projectId": 1.0, "key": "a", "rolloutWeights": { "a": 1e1 },
            "variants": [{ "key": "a", "payload": { "projectId": 1.0 } }] });
        integers(&json!({ "$ref": "#/components/schemas/FlagCreate" }), &mut value);
        let expected = r#"{"projectId":1,"key":"a","rolloutWeights":{"a":10},"variants":[{"key":"a","payload":{"projectId":1.0}}]}"#;
        let expected: Value = serde_json::from_str(expected).unwrap();
        assert_eq!(value, expected);
    }
}
