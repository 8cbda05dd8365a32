//! `spec diff`: pairs of documents that differ in one thing, and what must be said of it.

use std::fs;

use codegen::diff::{Bump, Comparison, Edition, compare};
use codegen::{Config, ir, load};
use serde_json::Value;

use crate::folder::Folder;

const PETS: &str = r##"openapi: 3.0.3
info: { title: Pets, version: 1.2.3 }
servers: [{ url: "https://pets.example", x-name: main }]
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
    // The service.
    (
        &[("https://pets.example", "https://cats.example")],
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
