//! Documents of OpenAPI 3.1 and what they are read as.

use serde_json::{Value, json};

use crate::load::{Document, load_text};

fn document(members: &Value) -> Document {
    let text = serde_json::to_string(members).expect("JSON");
    load_text("a.json", &text).expect("good text")
}

/// A schema as it is read, and the codes of the warnings.
fn schema(schema: &Value) -> (Value, Vec<&'static str>) {
    let whole = json!({
        "openapi": "3.1.0",
        "info": { "title": "T", "version": "1" },
        "components": { "schemas": { "T": schema } },
    });
    let document = document(&whole);
    let codes = document.problems.iter().map(|problem| problem.code).collect();
    (document.tree["components"]["schemas"]["T"].clone(), codes)
}

#[test]
fn what_says_the_same_is_translated_without_a_word() {
    let cases = [
        (json!({"type": ["string", "null"]}), json!({"type": "string", "nullable": true})),
        (json!({"type": ["number", "integer"]}), json!({"type": "number"})),
        (
            json!({"type": ["string", "integer", "null"], "minLength": 2, "minimum": 1, "format": "int32"}),
            json!({"nullable": true, "anyOf": [
                {"type": "string", "minLength": 2},
                {"type": "integer", "format": "int32", "minimum": 1},
            ]}),
        ),
        (
            json!({"type": ["array", "object"], "items": {"type": ["string", "null"]}}),
            json!({"anyOf": [
                {"type": "array", "items": {"type": "string", "nullable": true}},
                {"type": "object"},
            ]}),
        ),
        (
            json!({"type": ["string", "number", "boolean", "object", "array"], "items": {}}),
            json!({}),
        ),
        (json!({"type": ["string", "integer"], "enum": ["a", 1]}), json!({"enum": ["a", 1]})),
        (json!({"const": "a"}), json!({"enum": ["a"], "type": "string"})),
        (
            json!({"const": 1, "title": "One"}),
            json!({"title": "One", "enum": [1], "type": "integer"}),
        ),
        (
            json!({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}], "title": "Since"}),
            json!({"title": "Since", "nullable": true, "type": "string", "format": "date"}),
        ),
        (
            json!({"oneOf": [{"$ref": "#/components/schemas/T"}, {"type": "null"}], "description": "d"}),
            json!({"description": "d", "nullable": true, "allOf": [{"$ref": "#/components/schemas/T"}]}),
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"const": null}]}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
        ),
        (
            json!({"oneOf": [{"const": "a", "description": "The first"}, {"const": "b"}]}),
            json!({"type": "string", "x-enum-descriptions": ["The first", ""], "enum": ["a", "b"]}),
        ),
        (
            json!({"type": "integer", "exclusiveMinimum": 0, "maximum": 9, "exclusiveMaximum": 12}),
            json!({"type": "integer", "maximum": 9, "minimum": 0, "exclusiveMinimum": true}),
        ),
        (
            json!({"$ref": "#/components/schemas/T", "description": "d", "deprecated": true}),
            json!({"description": "d", "deprecated": true, "allOf": [{"$ref": "#/components/schemas/T"}]}),
        ),
        (
            json!({"$ref": "#/components/schemas/T", "properties": {"a": true}, "required": ["a"]}),
            json!({
                "properties": {"a": {}}, "required": ["a"],
                "allOf": [{"$ref": "#/components/schemas/T"}],
            }),
        ),
        (
            json!({"oneOf": [{"$ref": "#/components/schemas/T", "title": "t"}, {"type": "string"}]}),
            json!({"oneOf": [{"$ref": "#/components/schemas/T"}, {"type": "string"}]}),
        ),
        (
            json!({"type": "string", "examples": ["a", "b"]}),
            json!({"type": "string", "example": "a"}),
        ),
        (
            json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"}),
            json!({"type": "string", "format": "byte"}),
        ),
        (json!({"contentMediaType": "image/png"}), json!({"type": "string", "format": "binary"})),
        (
            json!({"type": "string", "contentMediaType": "application/json"}),
            json!({"type": "string"}),
        ),
        (json!({"type": "array"}), json!({"type": "array", "items": {}})),
        (
            json!({"type": "array", "items": false}),
            json!({"type": "array", "items": {}, "maxItems": 0}),
        ),
        (json!(true), json!({})),
        (
            json!({"type": "object", "unevaluatedProperties": false}),
            json!({"type": "object", "additionalProperties": false}),
        ),
        (
            json!({"$schema": "x", "$id": "y", "$anchor": "z", "$comment": "c", "type": "object"}),
            json!({"type": "object"}),
        ),
    ];
    for (given, expected) in cases {
        assert_eq!(schema(&given), (expected, Vec::new()), "{given}");
    }
}

#[test]
fn what_cannot_be_said_is_left_out_with_a_warning() {
    let cases = [
        (json!({"type": "null"}), json!({"nullable": true}), "unsupported-keyword"),
        (json!(false), json!({"not": {}}), "unsupported-keyword"),
        (json!({"const": {"a": 1}}), json!({"type": "object"}), "unsupported-keyword"),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
            json!({
                "type": "array", "maxItems": 2,
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            }),
            "unsupported-keyword",
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}]}),
            json!({"type": "array", "items": {}}),
            "unsupported-keyword",
        ),
        (
            json!({"type": "object", "patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false}),
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            "unsupported-keyword",
        ),
        (
            json!({"type": "object", "properties": {"a": false, "b": true}}),
            json!({"type": "object", "properties": {"b": {}}}),
            "unsupported-keyword",
        ),
        (
            json!({"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}),
            json!({"type": "object"}),
            "unsupported-keyword",
        ),
        (
            json!({"type": "object", "dependentRequired": {"a": ["b"]}}),
            json!({"type": "object"}),
            "unsupported-keyword",
        ),
        (
            json!({"type": "object", "propertyNames": {"maxLength": 3}}),
            json!({"type": "object"}),
            "unsupported-keyword",
        ),
        (
            json!({"type": "array", "items": {}, "contains": {}, "minContains": 1}),
            json!({"type": "array", "items": {}}),
            "unsupported-keyword",
        ),
        (
            json!({"type": "string", "nullable": true}),
            json!({"type": "string", "nullable": true}),
            "other-version",
        ),
        (
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}),
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}),
            "other-version",
        ),
        (json!({"type": "string", "maxLenght": 3}), json!({"type": "string"}), "unknown-key"),
    ];
    for (given, expected, code) in cases {
        assert_eq!(schema(&given), (expected, vec![code]), "{given}");
    }
}

#[test]
fn a_place_is_that_of_the_author() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\ncomponents:\n  schemas:\n    A:\n      anyOf:\n        - type: 'null'\n        - type: array\n          prefixItems: [{type: string}]\n          items: {type: [integer, string]}\n";
    let document = load_text("a.yaml", text).expect("good YAML");
    let lines = |pointer: &str| document.source.place(pointer).line;
    assert_eq!(document.tree["openapi"], "3.0.3");
    assert_eq!(lines("/components/schemas/A/type"), 8);
    assert_eq!(lines("/components/schemas/A/nullable"), 6);
    assert_eq!(lines("/components/schemas/A/items/anyOf/0/type"), 9);
    assert_eq!(lines("/components/schemas/A/items/anyOf/1/anyOf"), 10);
}

#[test]
fn the_document_around_the_schemas_is_read_too() {
    let whole = json!({
        "openapi": "3.1.1",
        "info": {"title": "T", "version": "1", "summary": "Short.", "description": "Long.",
            "license": {"name": "MIT", "identifier": "MIT"}},
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "webhooks": {"hook": {"post": {}}},
        "security": [{"mtls": [], "key": []}],
        "paths": {"/a": {"get": {
            "parameters": [{"$ref": "#/components/parameters/P", "description": "Here."}],
        }}},
        "components": {
            "pathItems": {"Item": {}},
            "parameters": {"P": {"name": "p", "in": "query", "description": "There.", "schema": {"type": "string"}}},
            "securitySchemes": {
                "mtls": {"type": "mutualTLS"},
                "key": {"type": "apiKey", "name": "k", "in": "header"},
            },
        },
    });
    let document = document(&whole);
    let codes: Vec<_> = document.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["skipped", "skipped"]);
    let tree = &document.tree;
    assert_eq!(tree["info"]["description"], "Short.\n\nLong.");
    assert_eq!(tree["security"], json!([{"key": []}]));
    assert_eq!(tree["paths"]["/a"]["get"]["responses"], json!({}));
    let parameter = &tree["paths"]["/a"]["get"]["parameters"][0];
    assert_eq!((&parameter["name"], &parameter["description"]), (&json!("p"), &json!("Here.")));
    for gone in [
        "/webhooks",
        "/components/pathItems",
        "/jsonSchemaDialect",
        "/components/securitySchemes/mtls",
    ] {
        assert_eq!(tree.pointer(gone), None, "{gone}");
    }
}

#[test]
fn names_and_anchors_of_schemas_lead_to_them() {
    let whole = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "components": {"schemas": {
            "Tree": {
                "$id": "https://x.example/tree",
                "$dynamicAnchor": "node",
                "type": "object",
                "properties": {
                    "leaf": {"$ref": "#/$defs/Leaf"},
                    "next": {"$dynamicRef": "#node"},
                    "bud": {"$ref": "#bud"},
                },
                "$defs": {
                    "Leaf": {"type": "string"},
                    "Bud": {"$anchor": "bud", "type": "object", "properties": {"in": {"$ref": "#/$defs/Leaf"}}},
                },
            },
            "Wood": {"type": "array", "items": {"$ref": "https://x.example/tree"}},
            "Bush": {"type": "object", "$defs": {"Leaf": {"type": "integer"}},
                "properties": {"leaf": {"$ref": "#/components/schemas/Bush/$defs/Leaf"}}},
        }},
    });
    let document = document(&whole);
    let schemas = &document.tree["components"]["schemas"];
    let at = |pointer: &str| schemas.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    assert_eq!(at("/Tree/properties/leaf/$ref"), "#/components/schemas/Leaf");
    assert_eq!(at("/Tree/properties/next/$ref"), "#/components/schemas/Tree");
    assert_eq!(at("/Tree/properties/bud/$ref"), "#/components/schemas/Bud");
    assert_eq!(at("/Bud/properties/in/$ref"), "#/components/schemas/Leaf");
    assert_eq!(at("/Wood/items/$ref"), "#/components/schemas/Tree");
    assert_eq!(at("/Bush/properties/leaf/$ref"), "#/components/schemas/Bush_Leaf");
    assert_eq!((at("/Leaf/type"), at("/Bush_Leaf/type")), ("string", "integer"));
    let codes: Vec<_> = document.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["renamed"]);
}

#[test]
fn depth_is_bounded_after_the_translation_too() {
    let mut schema = json!({"type": ["string", "null"]});
    for _ in 0..28 {
        schema = json!({"type": ["array", "object"], "items": schema});
    }
    let (read, codes) = self::schema(&schema);
    assert_eq!(codes, [""; 0]);
    assert!(read["anyOf"][0]["items"]["anyOf"][0]["items"].is_object(), "{read}");
    for _ in 0..28 {
        schema = json!({"type": ["array", "object"], "items": schema});
    }
    assert_eq!(self::schema(&schema).1, ["too-deep"]);
}
