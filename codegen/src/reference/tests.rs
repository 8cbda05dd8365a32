//! Pages of small documents, most of them hostile.

mod hostile;
mod scan;

use scan::Scan;

use super::{Note, page};
use crate::check::{self, Rules};
use crate::config::Config;
use crate::diagnostic::Collector;
use crate::load::load_text;
use crate::lower::lower;

/// The page of a document whose other members are in order.
fn page_of(members: &str) -> String {
    let mut text = "openapi: 3.0.3\n".to_owned();
    for (key, default) in [("info", "{title: t, version: '1'}"), ("paths", "{}")] {
        if !members.contains(&format!("{key}:")) {
            text.push_str(&format!("{key}: {default}\n"));
        }
    }
    text.push_str(members);
    page_with(&text, &[])
}

fn page_with(text: &str, notes: &[Note]) -> String {
    let document = load_text("a.yaml", text).expect(text);
    let mut problems = Collector::default();
    let openapi = check::check(&document, &Rules { house: false }, &mut problems);
    let api = openapi.and_then(|openapi| {
        lower(&openapi, &Config::new("client", ""), &mut problems, &mut Collector::default())
    });
    let problems = problems.finish(&document.source);
    let api = api.unwrap_or_else(|| panic!("{problems}"));
    let config = Config { key_variable: Some("KEY".to_owned()), ..Config::new("client", "a.yaml") };
    page(&document.tree, &api, &config, notes)
}

/// The text of the first sample in a language.
fn sample(page: &str, language: &str) -> String {
    let start = format!("data-lang=\"{language}\"><p class=\"title\">");
    let after = page.split_once(&start).map(|(_, after)| after).unwrap_or_default();
    let code = after.split_once("<code>").map(|(_, code)| code).unwrap_or_default();
    scan::unescaped(code.split_once("</code>").map(|(code, _)| code).unwrap_or_default())
}

const PETS: &str = r##"
servers: [{url: "https://a.example/v1/", x-name: a}, {url: "https://b.example/v1", x-name: b}]
security: [{key: []}]
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}, example: a/b}]
    patch:
      operationId: updatePet
      parameters: [{name: dry, in: query, schema: {type: boolean}, example: true}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
components:
  securitySchemes: {key: {type: http, scheme: bearer}}
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1, example: Ada}
        parent: {$ref: "#/components/schemas/Pet"}
        kind: {type: string, x-extensible-enum: [cat, dog]}
        born: {type: string, nullable: true, deprecated: true}
"##;

#[test]
fn a_call_is_written_in_four_languages() {
    let page = page_of(PETS);
    let expected = [
        (
            "curl",
            "curl --request PATCH \\\n  --url 'https://a.example/v1/pets/a%2Fb?dry=true' \\\n  --header \"Authorization: Bearer $KEY\" \\\n  --header 'Content-Type: application/json' \\\n  --data-raw '{\n  \"name\": \"Ada\",",
        ),
        ("rust", "use client::{Client, Region};\nuse client::models::Pet;\n\nlet client = "),
        (
            "typescript",
            "const response = await fetch(\"https://a.example/v1/pets/a%2Fb?dry=true\", {\n  method: \"PATCH\",\n  headers: {\n    \"Authorization\": `Bearer ${process.env.KEY}`,",
        ),
        (
            "python",
            "import os\n\nimport requests\n\nresponse = requests.patch(\n    \"https://a.example/v1/pets/a%2Fb?dry=true\",\n    headers={\"Authorization\": f\"Bearer {os.environ['KEY']}\"},\n    json={\n        \"name\": \"Ada\",",
        ),
    ];
    for (language, start) in expected {
        let text = sample(&page, language);
        assert!(text.starts_with(start), "{language}:\n{text}");
    }
    assert!(sample(&page, "rust").contains(".region(Region::A)"), "{}", sample(&page, "rust"));
}

/// What only a previous answer gives is not made up, and a list is not filtered by an example.
#[test]
fn a_call_of_a_list_in_pages_asks_for_the_first_page_of_all() {
    let page = page_of(
        r##"
servers: [{url: "https://a.example/v1", x-name: a}]
paths:
  /pets:
    get:
      operationId: listPets
      x-pagination: {cursor: after, next: next, items: pets, limit: size, max: 50}
      parameters:
        - {name: kind, in: query, schema: {type: string}, example: cat}
        - {name: owner, in: query, required: true, schema: {type: string}, example: Ada}
        - {name: after, in: query, schema: {type: string}, example: x9}
        - {name: size, in: query, schema: {type: integer}, example: 50}
        - {name: after, in: header, schema: {type: string}, example: x8}
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Page"}}}}
components:
  schemas:
    Page: {type: object, properties: {next: {type: string, nullable: true}, pets: {type: array, items: {type: string}}}}
"##,
    );
    for language in ["curl", "typescript", "python"] {
        let text = sample(&page, language);
        assert!(text.contains("/v1/pets?owner=Ada&size=50"), "{language}:\n{text}");
        for word in ["kind", "after", "x9", "x8"] {
            assert!(!text.contains(word), "{language} has {word}:\n{text}");
        }
    }
}

/// What a number of a language cannot hold, and names that come twice, stay what they are.
#[test]
fn bodies_arrive_as_they_are_written() {
    let body = |content: &str| {
        page_of(&format!(
            "paths: {{/a: {{post: {{operationId: a, requestBody: {{content: {{{content}}}}}, responses: {{\"204\": {{description: d}}}}}}}}}}\n"
        ))
    };
    let json = |number: &str| body(&format!("application/json: {{example: {{id: [{number}]}}}}"));
    for number in ["9007199254740993", "-9007199254740993", "18446744073709551615"] {
        let text = sample(&json(number), "typescript");
        assert!(text.contains(&format!("body: \"{{\\\"id\\\":[{number}]}}\"")), "{text}");
    }
    for number in ["9007199254740992", "-7", "1.5"] {
        let text = sample(&json(number), "typescript");
        assert!(text.contains("body: JSON.stringify({"), "{text}");
    }
    let form = body("application/x-www-form-urlencoded: {example: {a: [x, y], b: z}}");
    for (language, expected) in [
        (
            "curl",
            "--data-urlencode 'a=x' \\\n  --data-urlencode 'a=y' \\\n  --data-urlencode 'b=z'",
        ),
        ("typescript", "[\"a\", \"x\"],\n    [\"a\", \"y\"],\n    [\"b\", \"z\"],"),
        (
            "python",
            "data=[\n        (\"a\", \"x\"),\n        (\"a\", \"y\"),\n        (\"b\", \"z\"),\n    ]",
        ),
    ] {
        let text = sample(&form, language);
        assert!(text.contains(expected), "{language}:\n{text}");
    }
    let joined = body(
        "application/x-www-form-urlencoded: {example: {a: [x, y]}, encoding: {a: {explode: false}}}",
    );
    assert!(sample(&joined, "curl").contains("'a=x,y'"), "{}", sample(&joined, "curl"));
}

#[test]
fn each_server_can_be_chosen_in_each_language() {
    let page = page_of(PETS);
    let option = "data-curl=\"https://b.example/v1\" data-rust=\"B\" data-typescript=\"https://b.example/v1\" data-python=\"https://b.example/v1\">b<";
    assert!(page.contains(option));
    assert_eq!(page.matches("<span class=\"base\">https://a.example/v1</span>").count(), 3);
    assert_eq!(page.matches("<span class=\"base\">A</span>").count(), 1);
}

#[test]
fn a_schema_that_holds_itself_has_an_end_and_says_all() {
    let page = page_of(PETS);
    let scan = Scan::of(&page);
    assert_eq!(scan.problems(), Vec::<String>::new());
    for text in [
        "id=\"schema-Pet\"",
        "<code class=\"name\">name</code> <span class=\"type\">string</span> <span class=\"need\">required</span>",
        "at least 1 character",
        "Known values, others may come: <code>cat</code> <code>dog</code>",
        "string or null",
        "deprecated",
        "data-of=\"schema-Pet\"",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn parts_of_every_kind_are_shown() {
    let page = page_of(
        r##"
components:
  schemas:
    A: {type: object, properties: {a: {type: integer, minimum: 1, maximum: 9, default: 3}}}
    B: {oneOf: [{$ref: "#/components/schemas/A"}, {type: string, enum: [x, ""]}]}
    C: {allOf: [{$ref: "#/components/schemas/A"}, {type: object, properties: {c: {type: array, items: {type: string, maxLength: 4}, uniqueItems: true}}}]}
    D: {type: object, additionalProperties: {$ref: "#/components/schemas/B"}}
    E: {type: object, additionalProperties: false, properties: {e: {allOf: [{$ref: "#/components/schemas/A"}], nullable: true, description: own words}}}
"##,
    );
    for text in [
        "at least 1</li><li>at most 9</li><li>default <code>3</code>",
        "One of these",
        "Values: <code>x</code> <code>&quot;&quot;</code>",
        "All of these together",
        "each item: at most 4 characters",
        "map of <a href=\"#schema-B\">B</a>",
        "no other members",
        "<a href=\"#schema-A\">A</a> or null",
        "own words",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    assert_eq!(Scan::of(&page).problems(), Vec::<String>::new());
}

#[test]
fn notes_are_chapters_and_sections_are_found_by_their_heading() {
    let text = "# T\n\n## One\n\nfirst\n\n### Deep\n\nmore\n\n## Two\n\nsecond\n";
    let note = Note::section(text, "One").expect("there is such a section");
    assert_eq!(note, Note::new("One", "\nfirst\n\n### Deep\n\nmore\n"));
    assert_eq!(Note::section(text, "Three"), None);
    let page = page_with("openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n", &[note]);
    assert!(page.contains("id=\"note-one\"") && page.contains("<a href=\"#note-one\">One</a>"));
    assert_eq!(Scan::of(&page).problems(), Vec::<String>::new());
}

#[test]
fn prose_leads_to_what_it_names() {
    let about = "see `updatePet`, `Pet` and `other`, [a](#operation/updatePet), [b](#/components/schemas/Pet), [c](#auth-key), [d](#nowhere)";
    let page =
        page_of(&format!("info: {{title: t, version: '1', description: {about:?}}}\n{PETS}"));
    for text in [
        "see <a href=\"#op-updatePet\"><code>updatePet</code></a>",
        "<a href=\"#schema-Pet\"><code>Pet</code></a>",
        "and <code>other</code>",
        "<a href=\"#op-updatePet\">a</a>",
        "<a href=\"#schema-Pet\">b</a>",
        "<a href=\"#auth-key\">c</a>, d",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(Scan::of(&page).problems(), Vec::<String>::new());
}

#[test]
fn nothing_of_a_page_depends_on_anything_but_the_document() {
    assert_eq!(page_of(PETS), page_of(PETS));
}

#[test]
fn operations_that_the_client_leaves_out_are_shown_all_the_same() {
    let page = page_of(
        r##"
paths:
  /up:
    post:
      operationId: up
      requestBody: {content: {multipart/mixed: {schema: {type: object, properties: {note: {type: string}}}}}}
      responses: {"204": {description: d}}
"##,
    );
    assert!(page.contains("id=\"op-up\""));
    assert!(page.contains("The generated Rust client leaves this operation out."));
    assert_eq!(sample(&page, "rust"), "");
}

#[test]
fn forms_with_files_are_shown_in_every_language() {
    let page = page_of(
        r##"
paths:
  /up:
    post:
      operationId: up
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [file, note], properties: {file: {type: string, format: binary}, note: {type: string}}}}}}
      responses: {"204": {description: d}}
"##,
    );
    assert!(sample(&page, "curl").contains("--form 'file=@file' \\\n  --form-string 'note=note'"));
    assert!(sample(&page, "typescript").contains("form.append(\"note\", \"note\");"));
    assert!(sample(&page, "python").contains("\"file\": open(\"file\", \"rb\"),"));
    let rust = sample(&page, "rust");
    assert!(rust.contains("UpBody::new(\"file\", \"note\")"), "{rust}");
}

#[test]
fn what_many_operations_share_does_not_make_the_page_endless() {
    let shared = "word ".repeat(4000);
    let mut members = String::from("paths:\n");
    for index in 0..400 {
        members.push_str(&format!(
            "  /p{index}: {{get: {{parameters: [{{$ref: '#/components/parameters/P'}}], responses: {{default: {{$ref: '#/components/responses/R'}}}}}}}}\n"
        ));
    }
    members.push_str(&format!(
        "components:\n  parameters: {{P: {{name: p, in: query, schema: {{type: string}}, description: {shared}}}}}\n  responses: {{R: {{description: {shared}, content: {{text/plain: {{example: {shared}}}}}}}}}\n"
    ));
    let page = page_of(&members);
    assert_eq!(page.matches("class=\"entry op\"").count(), 400);
    assert!(page.contains("word … (in full further up)"));
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    assert_eq!(Scan::of(&page).problems(), Vec::<String>::new());
}
