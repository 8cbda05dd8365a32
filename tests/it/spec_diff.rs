//! `spec diff`: pairs of documents that differ in one thing, and what must be said of it.

use std::fs;

use codegen::diff::{Bump, Comparison, Edition, compare};
use codegen::{Config, ir, load};
use serde_json::Value;

use crate::folder::Folder;

const PETS: &str = r##"openapi: 3.0.3
info: { title: Pets, version: 1.2.3 }
servers: [{ url: "https://pets.example", x-name: main }, { url: "https://cats.example", x-name: other }]
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, default: 10, maximum: 100 } }
      responses:
        "200": { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
        "404": { description: not found }
    put:
      operationId: putPet
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/PetInput" } } } }
      responses: { "204": { description: ok } }
  /toys:
    get: { operationId: listToys, responses: { "204": { description: ok } } }
  /toys/{org}/{repo}:
    get:
      operationId: getToyOf
      parameters: [{ name: org, in: path, required: true, schema: { type: string } }, { name: repo, in: path, required: true, schema: { type: string } }, { name: color, in: query, required: true, schema: { type: string } }, { name: X-Trace, in: header, schema: { type: string } }, { name: size, in: query, required: true, schema: { type: string } }]
      responses: { "204": { description: made } }
components:
  schemas:
    Pet:
      type: object
      required: [name, kind]
      properties:
        name: { type: string }
        kind: { type: string, enum: [cat, dog] }
        size: { type: string, x-extensible-enum: [small, large] }
        age: { type: integer, format: int32 }
        note: { type: string }
    PetInput:
      type: object
      required: [name]
      properties:
        name: { type: string, maxLength: 20 }
        age: { type: number }
        color: { type: string, enum: [red, blue] }
        note: { type: string, nullable: true, default: none }
"##;

fn model(text: &str) -> (ir::Api, Value) {
    let folder = Folder::new();
    let path = folder.path("openapi.yaml");
    fs::write(&path, text).expect("the folder can be written");
    let output = codegen::compile(&path, &Config::new("pets", ""));
    let api = output.unwrap_or_else(|problems| panic!("{problems}\n{text}")).api;
    (api, load::load(&path).expect("a document that compiles").tree)
}

fn between(old: &str, new: &str) -> Comparison {
    let (old, new) = (model(old), model(new));
    compare(Edition { api: &old.0, tree: &old.1 }, Edition { api: &new.0, tree: &new.1 })
}

/// The document with this text in place of that one.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(PETS.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands there once");
        text.replace(from, to)
    })
}

fn compared(edits: &[(&str, &str)]) -> Comparison {
    between(PETS, &edited(edits))
}

/// From what to what, and the lines: the verdict on the wire, the one in Rust, place and change.
type Pair = (&'static [(&'static str, &'static str)], &'static [&'static str]);

const NOTE: &str = "        note: { type: string }\n";
const PUT_BODY: &str = "application/json: { schema: { $ref: \"#/components/schemas/PetInput\" } }";
const SERVERS: &str = "[{ url: \"https://pets.example\", x-name: main }, { url: \"https://cats.example\", x-name: other }]";
const TOY_PARAMETERS: &str = "{ name: color, in: query, required: true, schema: { type: string } }, { name: X-Trace, in: header, schema: { type: string } }, { name: size, in: query, required: true, schema: { type: string } }";
const GET_PARAMETER: &str =
    "        - { name: limit, in: query, schema: { type: integer, default: 10, maximum: 100 } }\n";

const PAIRS: &[Pair] = &[
    // Members of what is read.
    (
        &[(NOTE, "        note: { type: string }\n        tail: { type: string }\n")],
        &["more more Pet.tail is new"],
    ),
    (&[(NOTE, "")], &["same breaks Pet.note is gone"]),
    (
        &[("required: [name, kind]", "required: [name, kind, note]")],
        &["same breaks Pet.note is required"],
    ),
    (&[("required: [name, kind]", "required: [kind]")], &["breaks breaks Pet.name is optional"]),
    (
        &[(NOTE, "        note: { type: string, nullable: true }\n")],
        &["breaks breaks Pet.note can be null"],
    ),
    (
        &[("age: { type: integer, format: int32 }", "age: { type: integer, format: int64 }")],
        &["breaks breaks Pet.age is an int64 instead of an int32"],
    ),
    (
        &[(NOTE, "        remark: { type: string }\n")],
        &["more more Pet.remark is new", "same breaks Pet.note is gone"],
    ),
    // Members of what is written.
    (
        &[(
            "        age: { type: number }\n",
            "        age: { type: number }\n        born: { type: string }\n",
        )],
        &["more more PetInput.born is new"],
    ),
    (
        &[
            ("required: [name]\n", "required: [name, born]\n"),
            (
                "        age: { type: number }\n",
                "        age: { type: number }\n        born: { type: string }\n",
            ),
        ],
        &["breaks breaks PetInput.born is new and required"],
    ),
    (&[("        age: { type: number }\n", "")], &["breaks breaks PetInput.age is gone"]),
    (
        &[("required: [name]\n", "required: [name, age]\n")],
        &["breaks breaks PetInput.age is required"],
    ),
    (
        &[("age: { type: number }", "age: { type: integer }")],
        &["breaks breaks PetInput.age is an int64 instead of a number"],
    ),
    (&[("maxLength: 20", "maxLength: 10")], &["breaks same PetInput.name has narrower bounds"]),
    (&[("maxLength: 20", "maxLength: 30")], &["more same PetInput.name has wider bounds"]),
    (
        &[("maxLength: 20", "minLength: 1, maxLength: 30")],
        &["breaks same PetInput.name has other bounds"],
    ),
    (
        &[("nullable: true, default: none", "default: none")],
        &["breaks breaks PetInput.note cannot be null any more"],
    ),
    (
        &[("default: none", "default: much")],
        &["breaks same PetInput.note is `\"much\"` where it is left out, not `\"none\"`"],
    ),
    // Values of enums.
    (
        &[("enum: [cat, dog]", "enum: [cat, dog, cow]")],
        &["breaks more PetKind has the value `cow`"],
    ),
    (&[("[small, large]", "[small, large, huge]")], &["more more PetSize has the value `huge`"]),
    (
        &[("enum: [cat, dog]", "enum: [cat]")],
        &[
            "same breaks PetKind has not the value `dog` any more",
            "same breaks Pet.kind is always `\"cat\"`",
        ],
    ),
    (
        &[("enum: [red, blue]", "enum: [red, blue, green]")],
        &["more more PetInputColor has the value `green`"],
    ),
    (
        &[("enum: [red, blue]", "enum: [red]")],
        &["breaks breaks PetInputColor has not the value `blue` any more"],
    ),
    (
        &[("enum: [cat, dog]", "x-extensible-enum: [cat, dog]")],
        &["breaks same PetKind may have values that are not listed"],
    ),
    // Operations.
    (
        &[(
            "  /toys:\n    get: { operationId: listToys, responses: { \"204\": { description: ok } } }\n",
            "",
        )],
        &["breaks breaks GET /toys is gone"],
    ),
    (
        &[(
            "  /toys:\n",
            "  /bowls:\n    get: { operationId: listBowls, responses: { \"204\": { description: ok } } }\n  /toys:\n",
        )],
        &["more more GET /bowls is new"],
    ),
    (&[("  /toys:\n", "  /all-toys:\n")], &["breaks same GET /all-toys was `GET /toys`"]),
    (
        &[("operationId: listToys", "operationId: listAllToys")],
        &[
            "same breaks GET /toys is called `api().list_all_toys` instead of `api().list_toys` in Rust",
        ],
    ),
    (
        &[(
            "description: not found }\n",
            "description: not found }\n        \"409\": { description: conflict }\n",
        )],
        &["more same GET /pets/{id} 409 is a new error"],
    ),
    (
        &[(
            "/toys:\n    get: { operationId: listToys, responses: { \"204\": { description: ok } } }",
            "/toys:\n    get: { operationId: listToys, responses: { \"200\": { description: ok, content: { text/plain: { schema: { type: string } } } } } }",
        )],
        &[
            "more breaks GET /toys answer has a body",
            "breaks same GET /toys succeeds with `200` instead of `204`",
        ],
    ),
    // Parameters.
    (
        &[("in: query, schema", "in: query, required: true, schema")],
        &["breaks breaks GET /pets/{id} limit is required"],
    ),
    (
        &[("name: limit, in: query", "name: limit, in: header")],
        &["breaks breaks GET /pets/{id} limit is in the headers, not in the query"],
    ),
    (&[(GET_PARAMETER, "")], &["breaks breaks GET /pets/{id} limit is gone"]),
    (
        &[("default: 10", "default: 20")],
        &["breaks same GET /pets/{id} limit is `20` where it is left out, not `10`"],
    ),
    (&[("maximum: 100", "maximum: 50")], &["breaks same GET /pets/{id} limit has narrower bounds"]),
    // Who may miss a member: who reads, who writes, or both.
    (
        &[(
            "      required: [name, kind]\n",
            "      required: [kind]\n      x-required-on-write: [name]\n",
        )],
        &["breaks breaks Pet.name is optional where it is read"],
    ),
    (
        &[("      required: [name]\n", "      x-required-on-write: [name]\n")],
        &["same breaks PetInput.name is optional where it is read"],
    ),
    (
        &[(
            "      required: [name]\n",
            "      required: [name]\n      x-required-on-write: [age]\n",
        )],
        &["breaks breaks PetInput.age is required where it is written"],
    ),
    (
        &[(
            "      required: [name, kind]\n",
            "      required: [name, kind]\n      x-required-on-write: [note]\n",
        )],
        &["same breaks Pet.note is required where it is written"],
    ),
    // What Rust takes by its place.
    (
        &[(
            "        name: { type: string }\n        kind: { type: string, enum: [cat, dog] }\n",
            "        kind: { type: string, enum: [cat, dog] }\n        name: { type: string }\n",
        )],
        &["same breaks Pet takes its members in another order in `new`"],
    ),
    (
        &[(
            "        age: { type: integer, format: int32 }\n        note: { type: string }\n",
            "        note: { type: string }\n        age: { type: integer, format: int32 }\n",
        )],
        &[],
    ),
    (
        &[(
            TOY_PARAMETERS,
            "{ name: size, in: query, required: true, schema: { type: string } }, { name: X-Trace, in: header, schema: { type: string } }, { name: color, in: query, required: true, schema: { type: string } }",
        )],
        &[
            "same breaks GET /toys/{org}/{repo} takes its required parameters in another order in Rust",
        ],
    ),
    (
        &[("  /toys/{org}/{repo}:\n", "  /toys/{repo}/{org}:\n")],
        &[
            "breaks breaks GET /toys/{repo}/{org} {repo} stands where `org` stood",
            "breaks breaks GET /toys/{repo}/{org} {org} stands where `repo` stood",
        ],
    ),
    (
        &[(
            "  /toys:\n    get: { operationId: listToys,",
            "  /toys/{kind}:\n    get: { operationId: listToys, parameters: [{ name: kind, in: path, required: true, schema: { type: string } }],",
        )],
        &[
            "breaks same GET /toys/{kind} was `GET /toys`",
            "same breaks GET /toys/{kind} takes another number of path parameters in Rust",
        ],
    ),
    // Names of headers have no case.
    (&[("name: X-Trace", "name: x-trace")], &[]),
    (
        &[("name: X-Trace, in: header", "name: X-Other, in: header")],
        &[
            "more more GET /toys/{org}/{repo} X-Other is new",
            "breaks breaks GET /toys/{org}/{repo} X-Trace is gone",
        ],
    ),
    // Texts and the enums of some of them.
    (
        &[("color: { type: string, enum: [red, blue] }", "color: { type: string }")],
        &[
            "more breaks PetInput.color is a string instead of a PetInputColor",
            "same breaks PetInputColor is no type any more",
        ],
    ),
    (
        &[(
            "        note: { type: string, nullable: true, default: none }\n",
            "        note: { type: string, nullable: true, default: none, enum: [none, some] }\n",
        )],
        &[
            "breaks breaks PetInput.note is a PetInputNote instead of a string",
            "same more PetInputNote is a new type",
        ],
    ),
    (
        &[(NOTE, "        note: { type: string, enum: [a, b] }\n")],
        &[
            "same breaks Pet.note is a PetNote instead of a string",
            "same more PetNote is a new type",
        ],
    ),
    (
        &[("kind: { type: string, enum: [cat, dog] }", "kind: { type: string }")],
        &[
            "breaks breaks Pet.kind is a string instead of a PetKind",
            "same breaks PetKind is no type any more",
        ],
    ),
    (
        &[("size: { type: string, x-extensible-enum: [small, large] }", "size: { type: string }")],
        &[
            "same breaks Pet.size is a string instead of a PetSize",
            "same breaks PetSize is no type any more",
        ],
    ),
    // Statuses.
    (
        &[(
            "responses: { \"204\": { description: made } }",
            "responses: { \"202\": { description: made } }",
        )],
        &["breaks same GET /toys/{org}/{repo} succeeds with `202` instead of `204`"],
    ),
    (
        &[(
            "responses: { \"204\": { description: made } }",
            "responses: { \"202\": { description: made }, \"204\": { description: made } }",
        )],
        &["breaks same GET /toys/{org}/{repo} succeeds with `202, 204` instead of `204`"],
    ),
    // The service.
    (
        &[(
            SERVERS,
            "[{ url: \"https://cats.example\", x-name: other }, { url: \"https://pets.example\", x-name: main }]",
        )],
        &["breaks breaks servers have `other` as the first and default, not `main`"],
    ),
    (
        &[("https://pets.example", "https://dogs.example")],
        &["breaks same server main has another URL"],
    ),
    (
        &[(
            "application/json: { schema: { $ref: \"#/components/schemas/PetInput\" } }",
            "application/x-www-form-urlencoded: { schema: { $ref: \"#/components/schemas/PetInput\" } }",
        )],
        &[
            "breaks same PUT /pets/{id} body is `application/x-www-form-urlencoded` instead of `application/json`",
        ],
    ),
];

#[test]
fn each_change_has_its_verdicts() {
    for (edits, expected) in PAIRS {
        let lines: Vec<String> = compared(edits)
            .changes
            .iter()
            .map(|change| {
                format!("{} {} {} {}", change.wire, change.rust, change.place, change.what)
            })
            .collect();
        assert_eq!(lines, *expected, "{edits:?}");
    }
}

#[test]
fn documents_that_say_the_same_have_no_changes() {
    let same = [
        ("title: Pets", "title: Animals"),
        ("description: not found", "description: no such pet"),
        ("/pets/{id}:", "/pets/{id}:\n    summary: A pet"),
    ];
    for edit in same {
        let comparison = compared(&[edit]);
        assert_eq!((comparison.changes.as_slice(), comparison.bump()), (&[][..], None), "{edit:?}");
        assert!(comparison.unseen.is_empty() && comparison.is_version_right());
    }
    // The name of a path parameter is not sent.
    let renamed = PETS.replace("{id}", "{pet}").replace("name: id", "name: pet");
    let comparison = between(PETS, &renamed);
    assert_eq!((comparison.changes, comparison.unseen), (Vec::new(), Vec::new()));
}

#[test]
fn versions_follow_from_the_worst_change() {
    let gone = ("        age: { type: number }\n", "");
    let new = (NOTE, "        note: { type: string }\n        tail: { type: string }\n");
    for (old, edit, bump, least) in [
        ("1.2.3", gone, Bump::Major, "2.0.0"),
        ("1.2.3", new, Bump::Minor, "1.3.0"),
        ("0.2.3", gone, Bump::Major, "0.3.0"),
        ("0.2.3", new, Bump::Minor, "0.2.4"),
    ] {
        let before = PETS.replace("1.2.3", old);
        let after = |version: &str| {
            let text = edited(&[edit]).replace("1.2.3", version);
            between(&before, &text)
        };
        assert_eq!(after(old).bump(), Some(bump));
        assert_eq!(after(old).least_version().as_deref(), Some(least));
        assert!(!after(old).is_version_right() && after(least).is_version_right(), "{old}");
    }
}

#[test]
fn a_draft_of_the_change_log_names_everything() {
    let comparison = compared(&[
        ("        age: { type: number }\n", ""),
        ("enum: [cat, dog]", "enum: [cat, dog, cow]"),
        ("maxLength: 20", "maxLength: 30"),
    ]);
    assert_eq!(
        comparison.changelog(),
        "### Breaking\n\n- `PetKind` has the value `cow` (on the wire).\n- `PetInput.age` is gone.\n\n\
         ### Added\n\n- `PetInput.name` has wider bounds.\n"
    );
}

#[test]
fn what_is_not_compared_is_told_and_never_called_no_change() {
    let places: &[(&str, &str, &[&str])] = &[
        (
            "name: { type: string, maxLength: 20 }",
            "name: { type: string, maxLength: 20, format: uuid }",
            &["/components/schemas/PetInput/properties/name/format"],
        ),
        (
            "age: { type: number }",
            "age: { type: number, multipleOf: 5, exclusiveMinimum: true }",
            &[
                "/components/schemas/PetInput/properties/age/exclusiveMinimum",
                "/components/schemas/PetInput/properties/age/multipleOf",
            ],
        ),
        (
            "\"404\": { description: not found }",
            "\"404\": { description: not found, headers: { X-Left: { schema: { type: integer } } } }",
            &["/paths/~1pets~1{id}/get/responses/404/headers"],
        ),
        (
            "application/json: { schema: { $ref: \"#/components/schemas/PetInput\" } }",
            "application/json: { schema: { $ref: \"#/components/schemas/PetInput\" } }, application/xml: { schema: { type: string } }",
            &["/paths/~1pets~1{id}/put/requestBody/content/application~1xml"],
        ),
    ];
    for (from, to, pointers) in places {
        // Alone, and beside a change that is compared.
        let gone = (NOTE, "");
        for edits in [&[(*from, *to)][..], &[(*from, *to), gone]] {
            let comparison = compared(edits);
            assert_eq!(comparison.changes.len(), edits.len() - 1, "{:?}", comparison.changes);
            assert_eq!(comparison.unseen, *pointers, "{edits:?}");
            let text = comparison.to_string();
            assert!(!text.contains("no change"), "{text}");
            assert!(pointers.iter().all(|own| text.contains(own)), "{text}");
        }
    }
}

#[test]
fn bodies_operations_and_credentials_have_parts_that_are_not_compared() {
    let list = "application/json: { schema: { type: array, items: { type: string } } }";
    let old = edited(&[(PUT_BODY, list)]);
    for (from, to, pointer) in [
        ("items: {", "items: { maxLength: 3,", "/items/maxLength"),
        ("{ type: array", "{ type: array, maxItems: 3", "/maxItems"),
    ] {
        let new = old.replace(list, &list.replace(from, to));
        let body = "/paths/~1pets~1{id}/put/requestBody/content/application~1json/schema";
        for (new, told) in [(new.clone(), 0), (new.replace(NOTE, ""), 1)] {
            let comparison = between(&old, &new);
            assert_eq!(comparison.changes.len(), told, "{comparison}");
            assert_eq!(comparison.unseen, [format!("{body}{pointer}")]);
        }
    }
    // That of an integer is compared.
    let integer = edited(&[("age: { type: number }", "age: { type: integer, minimum: 1 }")]);
    let above = integer.replace("minimum: 1", "minimum: 1, exclusiveMinimum: true");
    let comparison = between(&integer, &above);
    assert_eq!((comparison.changes.len(), comparison.unseen), (1, Vec::new()));
    // Of two media types, the JSON is compared.
    let two = edited(&[(
        PUT_BODY,
        &format!("{PUT_BODY}, application/xml: {{ schema: {{ type: string }} }}"),
    )]);
    let comparison = between(&two, &two.replace("PetInput\" } }, app", "Pet\" } }, app"));
    assert!(!comparison.changes.is_empty() && comparison.unseen.is_empty(), "{comparison}");
    // An operation that the generator leaves out.
    let body = "requestBody: { required: true, content: { multipart/mixed: { schema: { type: object, properties: { part: { type: string } } } } } }";
    let out = PETS.replace("operationId: listToys,", &format!("operationId: listToys, {body},"));
    let comparison = between(
        &out,
        &out.replace("part: { type: string }", "part: { type: boolean }").replace(NOTE, ""),
    );
    assert_eq!(comparison.changes.len(), 1, "{comparison}");
    assert_eq!(comparison.unseen.len(), 1, "{comparison}");
    let scheme = "components:\n  securitySchemes: { login: { type: oauth2, flows: { implicit: { \
                  authorizationUrl: \"https://pets.example/login\", scopes: { all: all } } } } }\n";
    let old = PETS.replace("components:\n", &format!("security: [{{ login: [] }}]\n{scheme}"));
    let comparison = between(&old, &old.replace("login: []", "login: [all]").replace(NOTE, ""));
    assert_eq!(comparison.unseen, ["/security/0/login/0"]);
}

#[test]
fn a_long_list_of_places_is_counted() {
    let many: String = (0..13).map(|n| format!("        a{n}: {{ type: string }}\n")).collect();
    let old = edited(&[(NOTE, &many)]);
    let new = edited(&[(NOTE, &many.replace("string }", "string, format: uri }"))]);
    let text = between(&old, &new).to_string();
    assert!(text.contains("\n  and 3 more\n"), "{text}");
}

#[test]
fn a_pre_release_promises_nothing_and_great_numbers_do_not_panic() {
    let gone = ("        age: { type: number }\n", "");
    for (old, new, is_right) in [
        ("1.0.0-rc.1", "1.0.0", true),
        ("1.0.0-rc.1", "1.0.0-rc.2", true),
        ("1.0.0-rc.2", "1.0.0-rc.1", false),
        ("1.0.0-rc.1", "1.0.0-rc.1", false),
        ("1.2.3", "2.0.0-rc.1", true),
        ("1.2.3", "1.3.0-rc.1", false),
        ("18446744073709551615.0.0", "18446744073709551615.0.0", false),
        ("18446744073709551615.0.0", "1.0.0", true),
        ("99999999999999999999.0.0", "99999999999999999999.0.1", true),
    ] {
        let before = PETS.replace("1.2.3", old);
        let comparison = between(&before, &edited(&[gone]).replace("1.2.3", new));
        assert_eq!(comparison.is_version_right(), is_right, "{old} to {new}: {comparison}");
    }
}

#[test]
fn text_of_a_document_stays_text() {
    let version = PETS.replace("version: 1.2.3", "version: \"1\\e[2J\"");
    let name = "        \"a`b\\n# x\\e[31m\": { type: string }\n";
    let hostile = version
        .replace(NOTE, &format!("{NOTE}{name}"))
        .replace("[small, large]", "[small, large, \"`</b>\\r\\n## y\\u202e\"]")
        .replace("  /toys:\n", "  \"/to`ys\\e[1m\":\n");
    let comparison = between(&version, &hostile);
    let (text, draft) = (comparison.to_string(), comparison.changelog());
    assert!(text.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{text:?}");
    assert!(text.starts_with("wire    Rust\n") && text.contains("from 1\\u{1b}[2J"), "{text}");
    assert!(draft.contains("- `Pet.a\\u{60}b\\n# x\\u{1b}[31m` is new.\n"), "{draft}");
    for line in draft.lines() {
        let is_heading = ["### Breaking", "### Added", ""].contains(&line);
        assert!(is_heading || line.starts_with("- `"), "{draft}");
        assert_eq!(line.replace("###", "").matches('`').count() % 2, 0, "{line}");
    }
}
