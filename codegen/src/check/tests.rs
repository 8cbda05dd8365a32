//! One row per rule: a document, and the problems it has.

use super::*;
use crate::diagnostic::{Diagnostics, Severity};
use crate::load::load_text;

/// Checks a document whose other members are in order.
fn checked(members: &str, house: bool) -> (Option<openapiv3::OpenAPI>, Diagnostics) {
    let mut text = String::new();
    for (key, default) in
        [("openapi", "3.0.3"), ("info", "{title: t, version: '1'}"), ("paths", "{}")]
    {
        if !members.contains(&format!("{key}:")) {
            text.push_str(&format!("{key}: {default}\n"));
        }
    }
    text.push_str(members);
    let document = load_text("a.yaml", &text).expect(members);
    let mut problems = Collector::default();
    let read = check(&document, &Rules { house }, &mut problems);
    (read, problems.finish(&document.source))
}

/// `E` or `W`, code and pointer of each problem.
fn found(problems: &Diagnostics) -> Vec<String> {
    let letter = |severity| if severity == Severity::Error { 'E' } else { 'W' };
    problems
        .iter()
        .map(|problem| format!("{} {} {}", letter(problem.severity), problem.code, problem.pointer))
        .collect()
}

fn run(cases: &[(&str, &[&str])], house: bool) {
    for (members, expected) in cases {
        let (read, problems) = checked(members, house);
        assert_eq!(found(&problems), *expected, "{members}\n{problems}");
        assert_eq!(read.is_some(), !problems.has_errors(), "{members}");
        assert!(problems.iter().all(|problem| !problem.help.is_empty()), "{members}\n{problems}");
    }
}

fn schema(schema: &str) -> String {
    format!("components: {{schemas: {{A: {schema}}}}}")
}

fn run_schemas(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        let expected: Vec<String> =
            expected.iter().map(|line| line.replacen('.', "/components/schemas/A", 1)).collect();
        let (read, problems) = checked(&schema(text), false);
        assert_eq!(found(&problems), expected, "{text}\n{problems}");
        assert_eq!(read.is_some(), !problems.has_errors(), "{text}");
    }
}

#[test]
fn versions() {
    run(
        &[
            ("openapi: 3.0.4", &[]),
            ("openapi: 3.1.0", &[]),
            ("openapi: 3.1.0\npaths: 7", &["E wrong-kind /paths"]),
            ("openapi: 3.2.0", &["W other-version /openapi"]),
            ("openapi: 3.3.0\npaths: 7", &["E unsupported-version /openapi"]),
            ("openapi: '3.0'", &["E unsupported-version /openapi"]),
            ("openapi: 3.0", &["E unsupported-version /openapi"]),
            ("openapi: x\nswagger: '2.0'\nnonsense: 1", &["E unsupported-version /swagger"]),
        ],
        false,
    );
    let document = load_text("a.yaml", "info: {}").expect("good text");
    let mut problems = Collector::default();
    assert!(check(&document, &Rules::default(), &mut problems).is_none());
    assert_eq!(found(&problems.finish(&document.source)), ["E unsupported-version "]);
}

#[test]
fn shapes() {
    run(
        &[
            ("info: {title: t, version: 1.10}", &["W wrong-kind /info/version"]),
            ("info: {title: [], version: '1'}", &["E wrong-kind /info/title"]),
            ("info: {version: '1'}", &["W missing-member /info"]),
            ("info: {title: t, version: '1', lisense: {}}", &["E unknown-key /info/lisense"]),
            ("info: {title: t, version: '1', logo: x, x-logo: x}", &["W unknown-key /info/logo"]),
            (
                "info: {title: t, version: '1', Contact: {name: x}}",
                &["W unknown-key /info/Contact"],
            ),
            ("info: {title: t, version: '1', contact: }", &["W wrong-kind /info/contact"]),
            (
                "info: {title: t, version: '1', description: {$ref: a.md}}",
                &["W wrong-kind /info/description"],
            ),
            ("tags: x", &["E wrong-kind /tags"]),
            ("servers: [{description: x}]", &["E missing-member /servers/0"]),
            ("paths: {a: {}}", &["E wrong-path /paths/a"]),
            (
                "paths: {/a: {get: {tags: x, responses: {200: {description: x}}}}}",
                &["W wrong-kind /paths/~1a/get/tags"],
            ),
            (
                "paths: {/a: {get: {responses: {200: {}, 4xx: {description: x}, 20: {description: x}, x-y: 1}}}}",
                &[
                    "W missing-member /paths/~1a/get/responses/200",
                    "W wrong-status /paths/~1a/get/responses/4xx",
                    "E wrong-status /paths/~1a/get/responses/20",
                ],
            ),
            ("components: {schemas: {'a b': {}}}", &["W wrong-name /components/schemas/a b"]),
            (
                "components: {securitySchemes: {a: {type: apiKey}, b: {type: oauth2}, c: {type: htpp}}}",
                &[
                    "E missing-member /components/securitySchemes/a",
                    "E missing-member /components/securitySchemes/a",
                    "W missing-member /components/securitySchemes/b",
                    "E wrong-value /components/securitySchemes/c/type",
                ],
            ),
            (
                "info: {title: t, title: u, version: '1'}\ntags: 1",
                &["E duplicate-key /info/title", "E wrong-kind /tags"],
            ),
        ],
        false,
    );
}

#[test]
fn parameters() {
    let cases: &[(&str, &[&str])] = &[
        ("{name: a, in: query, schema: {}}", &[]),
        ("{name: a, in: querry, schema: {}}", &["E wrong-value ./in"]),
        ("{in: query, schema: {}}", &["E missing-member ."]),
        ("{name: a, in: query}", &["W missing-member ."]),
        ("{name: a, in: query, type: string}", &["W missing-member ."]),
        ("{name: a, in: query, schema: {}, content: {text/plain: {}}}", &["W wrong-value ."]),
        ("{name: a, in: header, style: form, schema: {}}", &["W wrong-value ./style"]),
        ("{name: a, in: query, required: 'yes', schema: {}}", &["W wrong-kind ./required"]),
        (
            "{name: a, in: query, schema: {}, collectionFormat: csv}",
            &["W unknown-key ./collectionFormat"],
        ),
    ];
    for (parameter, expected) in cases {
        let (read, problems) =
            checked(&format!("components: {{parameters: {{P: {parameter}}}}}"), false);
        let expected: Vec<String> =
            expected.iter().map(|line| line.replacen('.', "/components/parameters/P", 1)).collect();
        assert_eq!(found(&problems), expected, "{parameter}\n{problems}");
        assert_eq!(read.is_some(), !problems.has_errors(), "{parameter}");
    }
}

#[test]
fn schemas() {
    run_schemas(&[
        (
            "{type: object, example: {$ref: 1}, default: {$ref: x}, enum: [{$ref: y}, {$ref: x}], x-a: {$ref: z}}",
            &[],
        ),
        ("{type: strng}", &["E wrong-value ./type"]),
        ("{type: String}", &["W wrong-value ./type"]),
        ("{requierd: [a]}", &["E unknown-key ./requierd"]),
        (
            "{type: object, properties: {a: {type: string, required: true}}}",
            &["W wrong-kind ./properties/a/required"],
        ),
        ("{type: object, properties: {b: }}", &["W wrong-kind ./properties/b"]),
        (
            "{type: object, required: [ab], properties: {abc: {}}}",
            &["W unknown-property ./required/0"],
        ),
        ("{type: object, required: []}", &["W wrong-value ./required"]),
        (
            "{type: string, examples: [a], const: a}",
            &["W unknown-key ./examples", "W unknown-key ./const"],
        ),
        ("{type: [string, 'null']}", &["W wrong-kind ./type"]),
        ("{type: [string, integer]}", &["W wrong-kind ./type"]),
        ("{oneOf: [{type: string}, {type: 'null'}]}", &["W wrong-kind ./oneOf/1"]),
        ("{type: integer, exclusiveMinimum: 3}", &["W wrong-kind ./exclusiveMinimum"]),
        ("{type: integer, minimum: 5, maximum: 4}", &["W wrong-value ./minimum"]),
        ("{type: integer, maximum: 18446744073709551615, minimum: 0.0}", &[]),
        ("{type: integer, maximum: 1.5}", &["W wrong-value ./maximum"]),
        ("{type: string, minLength: -1}", &["E wrong-value ./minLength"]),
        (
            "{type: string, minLength: '3', maximum: 4}",
            &["W wrong-kind ./minLength", "W unused-keyword ./maximum"],
        ),
        ("{type: array}", &["W missing-member ."]),
        ("{type: array, items: [{type: string}]}", &["W wrong-kind ./items"]),
        ("{type: string, enum: [a, a]}", &["W duplicate-value ./enum/1"]),
        ("{type: string, enum: [1.10, null]}", &["W wrong-value ./enum/0"]),
        ("{type: integer, enum: [a]}", &["E wrong-value ./enum/0"]),
        ("{type: integer, default: '3'}", &["W wrong-default ./default"]),
        ("{type: integer, default: []}", &["W wrong-default ./default"]),
        ("{type: integer, default: 1.0, enum: [1, 2]}", &[]),
        ("{type: integer, default: 3, enum: [1, 2]}", &["W wrong-default ./default"]),
        ("{type: integer, default: -1, minimum: 0}", &["W wrong-default ./default"]),
        ("{type: integer, default: 9, maximum: 8}", &["W wrong-default ./default"]),
        ("{type: integer, format: int32, default: 2147483648}", &["W wrong-default ./default"]),
        ("{type: integer, format: uint64, default: 18446744073709551615}", &[]),
        ("{type: number, default: 1, enum: [0.5, 1.0]}", &[]),
        ("{type: string, nullable: true, default: null, enum: [a, null]}", &[]),
        ("{type: array, items: {type: string}, enum: [a]}", &["W wrong-value ./enum"]),
        ("{additionalProperties: 'false'}", &["W wrong-kind ./additionalProperties"]),
        ("{additionalProperties: 3}", &["E wrong-kind ./additionalProperties"]),
        (
            "{discriminator: {mapping: {a: A, b: B}}}",
            &["E missing-member ./discriminator", "E dangling-reference ./discriminator/mapping/b"],
        ),
    ]);
}

#[test]
fn what_is_mended_is_read_as_the_message_says() {
    let cases = [
        (
            "{type: string, enum: [1.10, yes, true]}",
            r#"{"type":"string","enum":["1.10","yes","true"]}"#,
        ),
        ("{type: [string, 'null']}", r#"{"nullable":true,"type":"string"}"#),
        (
            "{oneOf: [{type: string}, {type: 'null'}]}",
            r#"{"nullable":true,"oneOf":[{"type":"string"}]}"#,
        ),
        (
            "{type: integer, exclusiveMinimum: 3}",
            r#"{"type":"integer","exclusiveMinimum":true,"minimum":3}"#,
        ),
        ("{type: integer, enum: [1.0, '2']}", r#"{"type":"integer","enum":[1,2]}"#),
        ("{type: integer, maximum: 1e30}", r#"{"type":"integer"}"#),
        (
            "{type: array, items: {$ref: '#/components/schemas/A', nullable: true}}",
            r##"{"type":"array","items":{"nullable":true,"allOf":[{"$ref":"#/components/schemas/A"}]}}"##,
        ),
    ];
    for (text, expected) in cases {
        let (read, problems) = checked(&schema(text), false);
        let components = read.and_then(|read| read.components).expect("the case has no errors");
        let shown =
            serde_json::to_string(&components.schemas["A"]).expect("schemas can be written");
        assert_eq!(shown, expected, "{text}\n{problems}");
    }
}

#[test]
fn references() {
    let get = |body: &str| {
        format!(
            "paths: {{/a: {{get: {{responses: {{200: {{description: d, content: {body}}}}}}}}}}}\ncomponents: {{schemas: {{Cart: {{}}}}}}"
        )
    };
    let (_, problems) =
        checked(&get("{application/json: {schema: {$ref: '#/components/schemas/Cert'}}}"), false);
    assert_eq!(
        found(&problems),
        ["E dangling-reference /paths/~1a/get/responses/200/content/application~1json/schema/$ref"]
    );
    assert!(problems.iter().all(|problem| problem.help.contains("#/components/schemas/Cart")));
    let (read, problems) = checked(
        &get("{$ref: '#/components/x-shared'}, x-z: 1")
            .replace("components: {", "components: {x-shared: {text/plain: {}}, "),
        false,
    );
    assert_eq!(found(&problems), ["W wrong-reference /paths/~1a/get/responses/200/content"]);
    assert!(read.is_some());
    run_schemas(&[
        (
            "{properties: {a: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/A/properties/a'}}}",
            &[],
        ),
        ("{properties: {a: {$ref: './b.yaml#/B'}}}", &["E external-reference ./properties/a/$ref"]),
        (
            "{properties: {a: {$ref: 'https://x.example/b'}}}",
            &["E external-reference ./properties/a/$ref"],
        ),
        ("{properties: {a: {$ref: '#B'}}}", &["E external-reference ./properties/a/$ref"]),
        (
            "{properties: {a: {$ref: '#/components/schemas'}}}",
            &["E wrong-reference ./properties/a/$ref"],
        ),
        ("{properties: {a: {$ref: '#/info'}}}", &["E wrong-reference ./properties/a/$ref"]),
        ("{properties: {a: {$ref: 3}}}", &["E wrong-kind ./properties/a/$ref"]),
        ("{$ref: '#/components/schemas/A'}", &["E reference-cycle ./$ref"]),
        ("{allOf: [{$ref: '#/components/schemas/A'}]}", &["E reference-cycle ./allOf/0/$ref"]),
        (
            "{properties: {a: {$ref: '#/components/schemas/A', type: object}}}",
            &["W ignored-sibling ./properties/a/type"],
        ),
    ]);
}

#[test]
fn operations() {
    let parameter =
        |name: &str| format!("{{name: {name}, in: path, required: true, schema: {{}}}}");
    let (id, x) = (parameter("id"), parameter("x"));
    let responses = "responses: {default: {description: d}}";
    let cases: &[(String, &[&str])] = &[
        (format!("paths: {{'/{{id}}': {{get: {{parameters: [{id}], {responses}}}}}}}"), &[]),
        (
            format!("paths: {{'/{{id}}': {{get: {{{responses}}}}}}}"),
            &["W undeclared-path-parameter /paths/~1{id}/get"],
        ),
        (
            format!("paths: {{'/{{id}}': {{parameters: [{id}, {x}], get: {{{responses}}}}}}}"),
            &["W unused-path-parameter /paths/~1{id}/parameters/1"],
        ),
        (
            format!("paths: {{'/{{id}}': {{get: {{parameters: [{id}, {id}], {responses}}}}}}}"),
            &["W duplicate-parameter /paths/~1{id}/get/parameters/1"],
        ),
        (
            format!(
                "paths: {{'/{{id}}': {{get: {{parameters: [{{name: id, in: path, schema: {{}}}}], {responses}}}}}}}"
            ),
            &["W optional-path-parameter /paths/~1{id}/get/parameters/0"],
        ),
        (
            "paths: {'/{a': {}, '/b?c': {}, '/{;d}': {}}".to_owned(),
            &[
                "W wrong-path /paths/~1{a",
                "W wrong-path /paths/~1b?c",
                "W wrong-path /paths/~1{;d}",
            ],
        ),
        ("paths: {'/{a}': {}, '/{b}': {}}".to_owned(), &["W duplicate-path /paths/~1{b}"]),
        (
            format!(
                "paths: {{/a: {{get: {{operationId: o, {responses}}}, put: {{operationId: o, {responses}}}}}}}"
            ),
            &[
                "W duplicate-operation-id /paths/~1a/get/operationId",
                "W duplicate-operation-id /paths/~1a/put/operationId",
            ],
        ),
        ("security: [{key: []}]".to_owned(), &["W undefined-security /security/0/key"]),
    ];
    for (members, expected) in cases {
        run(&[(members, expected)], false);
    }
    let (read, _) = checked(&cases[2].0, false);
    let item = read
        .and_then(|read| read.paths.paths.get("/{id}").and_then(|item| item.as_item().cloned()));
    assert_eq!(
        item.map(|item| item.parameters.len()),
        Some(1),
        "the parameter that is not in the path is left out"
    );
}

const HOUSE: &str = "tags: [{name: a}]\npaths:\n  /a:\n    post:\n      operationId: postA\n      summary: s\n      tags: [a]\n      x-retry: safe\n      responses: {200: {description: d}, 400: {description: d}, 429: {description: d}}\n";

#[test]
fn house_rules() {
    run(&[(HOUSE, &[])], true);
    let post = |code: &str, rest: &str| format!("E {code} /paths/~1a/post{rest}");
    let cases = [
        ("      operationId: postA\n", "", post("missing-operation-id", "")),
        ("      summary: s\n", "", post("missing-description", "")),
        ("[a]", "[b]", post("wrong-tag", "/tags/0")),
        ("      tags: [a]\n", "", post("wrong-tag", "")),
        ("200: {description: d}, ", "", post("missing-success", "/responses")),
        ("400: {description: d}, ", "", post("missing-client-error", "/responses")),
        (", 429: {description: d}", "", post("missing-rate-limit", "/responses")),
        ("      x-retry: safe\n", "", post("missing-retry", "")),
        ("x-retry: safe", "x-retry: always", post("wrong-kind", "/x-retry")),
        (
            "x-retry: safe",
            "x-retry: safe\n      x-pagnation: {}",
            post("wrong-extension", "/x-pagnation"),
        ),
        ("x-retry: safe", "x-retry: safe\n      x-name: eu", post("wrong-extension", "/x-name")),
        (
            "x-retry: safe",
            "x-retry: safe\n      x-pagination: {cursor: c, next: n, items: i}",
            post("wrong-extension", "/x-pagination/cursor"),
        ),
        (
            "x-retry: safe",
            "x-retry: safe\n      x-batch: {property: p}",
            post("missing-member", "/x-batch"),
        ),
        (
            "x-retry: safe",
            "x-retry: safe\n      x-batch: {property: p, max: 0}",
            post("wrong-kind", "/x-batch/max"),
        ),
        (
            "x-retry: safe",
            "x-retry: safe\n      x-batch: {property: p, max: 1, mx: 1}",
            post("unknown-key", "/x-batch/mx"),
        ),
        ("x-retry: safe", "x-retry: safe\n      vendor: 1", post("unknown-key", "/vendor")),
        (
            "tags: [{",
            "x-rate-limits: {per_day: 1, day_resets_at: 7}\ntags: [{",
            "E wrong-kind /x-rate-limits/day_resets_at".to_owned(),
        ),
        (
            "tags: [{",
            "x-rate-limits: {per_day: 1, day_resets_at: \"24:00Z\"}\ntags: [{",
            "E wrong-kind /x-rate-limits/day_resets_at".to_owned(),
        ),
        (
            "tags: [{",
            "components: {schemas: {A: {}}}\ntags: [{",
            "E missing-description /components/schemas/A".to_owned(),
        ),
        (
            "tags: [{",
            "components: {schemas: {A: {description: d, properties: {b: {}}}}}\ntags: [{",
            "E missing-description /components/schemas/A/properties/b".to_owned(),
        ),
    ];
    for (from, to, expected) in cases {
        run(&[(&HOUSE.replace(from, to), &[&expected])], true);
    }
}

#[test]
fn callbacks_that_the_typed_document_cannot_hold() {
    let members = "paths:\n  /a:\n    get:\n      responses: {default: {description: d}}\n      callbacks: {a: {$ref: '#/components/callbacks/c'}, b: {x-y: 1, '{$url}': {$ref: '#/paths/~1a'}}}\ncomponents: {callbacks: {c: {x-z: 2, '{$url}': {post: {responses: {default: {description: d}}}}}}}";
    let (read, problems) = checked(members, false);
    assert!(read.is_some(), "{problems}");
}
