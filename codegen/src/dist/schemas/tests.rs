use super::*;

fn converted(schema: Value) -> Value {
    convert(&Value::Null, &schema, &mut |target| {
        Some(target.replace("#/components/schemas/", "") + ".json")
    })
}

#[test]
fn words_of_openapi_become_words_of_json_schema() {
    let cases = [
        (json!({ "type": "string", "nullable": true }), json!({ "type": ["string", "null"] })),
        (
            json!({ "type": "string", "enum": ["a", "a"], "nullable": true }),
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
        ),
        (json!({ "enum": [1, null], "nullable": true }), json!({ "enum": [1, null] })),
        (json!({ "nullable": true, "description": "any" }), json!({ "description": "any" })),
        (
            json!({ "type": "object", "nullable": true, "description": "d", "example": null, "allOf": [{ "$ref": "#/components/schemas/A" }] }),
            json!({ "description": "d", "examples": [null], "anyOf": [{ "type": "object", "allOf": [{ "$ref": "A.json" }] }, { "type": "null" }] }),
        ),
        (
            json!({ "minimum": 0, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false }),
            json!({ "exclusiveMinimum": 0, "maximum": 9 }),
        ),
        (json!({ "exclusiveMaximum": true, "multipleOf": 0 }), json!({})),
        (
            json!({ "type": "string", "format": "byte", "example": "aGk=" }),
            json!({ "type": "string", "contentEncoding": "base64", "examples": ["aGk="] }),
        ),
        (
            json!({ "type": "string", "x-also-accept": ["integer", "string"], "nullable": true }),
            json!({ "type": ["string", "integer", "null"] }),
        ),
        (
            json!({ "type": "string", "x-extensible-enum": ["a", "b"] }),
            json!({ "type": "string", "anyOf": [{ "enum": ["a", "b"] }, {}] }),
        ),
        (
            json!({ "oneOf": [{ "$ref": "#/components/schemas/A", "description": "lost" }], "discriminator": { "propertyName": "k" }, "xml": {}, "externalDocs": {}, "x-y": 1 }),
            json!({ "oneOf": [{ "$ref": "A.json" }] }),
        ),
        (json!({ "allOf": [], "required": ["a", "a"] }), json!({ "required": ["a"] })),
    ];
    for (schema, expected) in cases {
        assert_eq!(converted(schema.clone()), expected, "{schema}");
    }
}

/// A type beside `allOf` takes what its parts take, however deep; the parts refuse the rest.
#[test]
fn type_beside_a_reference_is_no_narrower_than_what_it_means() {
    let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let tree = json!({ "info": { "title": "T" }, "components": { "schemas": {
        "Cursor": { "type": "string", "x-also-accept": ["integer"] },
        "Next": { "type": "string", "nullable": true, "description": "d", "allOf": [to("Cursor")] },
        "Deep": { "type": "string", "allOf": [to("Deep"), to("Next"), { "minLength": 2 }] },
        "Plain": { "type": "string", "allOf": [{ "minLength": 2 }] },
    } } });
    let file = |name: &str| -> Value {
        serde_json::from_str(&files(&tree)[&format!("schemas/{name}.json")]).expect("JSON")
    };
    let both = json!(["string", "integer"]);
    let next = json!([{ "type": both, "allOf": [{ "$ref": "Cursor.json" }] }, { "type": "null" }]);
    assert_eq!(file("Next")["anyOf"], next);
    assert_eq!(file("Deep")["type"], both);
    assert_eq!(file("Plain")["type"], "string");
    let bundle: Value = serde_json::from_str(&files(&tree)[BUNDLE]).expect("JSON");
    assert_eq!(bundle["$defs"]["Deep"]["type"], both);
    let deep = standalone(&tree, &tree["components"]["schemas"]["Deep"]);
    assert_eq!(deep["type"], both);
}

#[test]
fn names_of_members_are_no_keywords() {
    let schema = json!({
        "type": "object",
        "properties": {
            "nullable": { "type": "boolean" }, "example": { "type": "integer", "example": 3 },
            "$ref": { "type": "string" }, "x-kept": {},
        },
        "additionalProperties": false,
    });
    let expected = json!({
        "type": "object",
        "properties": {
            "nullable": { "type": "boolean" }, "example": { "type": "integer", "examples": [3] },
            "$ref": { "type": "string" }, "x-kept": {},
        },
        "additionalProperties": false,
    });
    assert_eq!(converted(schema), expected);
    // A member called `$ref` that is no text is no reference either.
    let odd = json!({ "$ref": { "type": "string" }, "type": "object" });
    assert_eq!(converted(odd), json!({ "type": "object" }));
}

#[test]
fn every_reference_has_a_definition_in_each_file() {
    let tree = json!({
        "info": { "title": "T" },
        "components": { "schemas": {
            "Node": { "type": "object", "properties": {
                "next": { "$ref": "#/components/schemas/Node" },
                "name": { "$ref": "#/components/schemas/node/properties/a~1b" },
            } },
            "node": { "properties": { "a/b": { "type": "string", "nullable": true } } },
            "Odd Näme": { "$ref": "#/components/schemas/Node" },
        } },
    });
    let files = files(&tree);
    let read = |path: &str| -> Value { serde_json::from_str(&files[path]).expect("JSON") };
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "schemas.json",
            "schemas/Node.json",
            "schemas/Odd-Name.json",
            "schemas/node-2.json",
            "schemas/node.properties.a-b.json"
        ]
    );
    let node = read("schemas/Node.json");
    assert_eq!(node["$id"], "Node.json");
    assert_eq!(node["properties"]["next"], json!({ "$ref": "Node.json" }));
    assert_eq!(node["properties"]["name"], json!({ "$ref": "node.properties.a-b.json" }));
    let bundle = read("schemas.json");
    assert_eq!(
        bundle["$defs"]["Node"]["properties"]["name"]["$ref"],
        "#/$defs/node.properties.a-b"
    );
    assert_eq!(bundle["$defs"]["node.properties.a-b"], json!({ "type": ["string", "null"] }));

    let alone = standalone(&tree, &json!({ "$ref": "#/components/schemas/Odd%20N%C3%A4me" }));
    assert_eq!(alone["$ref"], "#/$defs/Odd%20N%C3%A4me");
    let names: Vec<&String> = alone["$defs"].as_object().expect("an object").keys().collect();
    assert_eq!(names, ["Odd Näme", "Node", "node.properties.a-b"]);
}
