//! Documents of several files, on disk, and what becomes of them.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::load::{Document, load, load_text, load_within};

/// A folder of files that goes away.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path =
            std::env::temp_dir().join(format!("codegen-bundle-{name}-{}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        let folder = Self(path);
        for (name, text) in files {
            let path = folder.0.join(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        folder
    }

    fn load(&self) -> Document {
        load(&self.0.join("api/openapi.yaml")).expect("a readable document")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Code, file, line and column of each problem, and its message.
fn problems(document: &Document) -> Vec<String> {
    let name = |index: usize| {
        let name = document.source.names().nth(index).unwrap_or_default();
        name.rsplit_once("/api/").map_or(name, |(_, name)| name).to_owned()
    };
    let shown = |problem: &crate::load::Problem| {
        let file = name(document.source.file_of(problem.span));
        let place = document.source.place_of(problem.span);
        let (line, column) = place.map_or((0, 0), |place| (place.line, place.column));
        format!("{} {file}:{line}:{column} {}", problem.code, problem.message)
    };
    document.problems.iter().map(shown).collect()
}

fn text<'a>(tree: &'a Value, pointer: &str) -> &'a str {
    tree.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

#[test]
fn a_target_becomes_a_component_once() {
    let root = format!(
        "{HEAD}paths:\n  /pets: {{$ref: paths/pets.yaml}}\ncomponents:\n  schemas:\n    Cat: {{$ref: 'pets/cat.json'}}\n    Home: {{type: object, properties: {{pet: {{$ref: './common.yaml#/components/schemas/Pet'}}}}}}\n"
    );
    let folder = Folder::new(
        "once",
        &[
            ("api/openapi.yaml", &root),
            (
                "api/paths/pets.yaml",
                "get:\n  parameters: [{$ref: '../common.yaml#/components/parameters/Size'}]\n  responses:\n    '200':\n      description: ok\n      content: {application/json: {schema: {$ref: ../common.yaml#/components/schemas/Pet}}}\n",
            ),
            (
                "api/common.yaml",
                "components:\n  parameters:\n    Size: {name: size, in: query, schema: {type: integer}}\n  schemas:\n    Pet:\n      oneOf: [{$ref: pets/cat.json}, {$ref: 'pets/dog.yaml'}]\n      discriminator: {propertyName: kind, mapping: {cat: pets/cat.json, dog: ./pets/dog.yaml}}\n",
            ),
            (
                "api/pets/cat.json",
                "{\"type\": \"object\", \"properties\": {\"kind\": {\"type\": \"string\"}, \"friend\": {\"$ref\": \"#\"}, \"home\": {\"$ref\": \"../openapi.yaml#/components/schemas/Home\"}}}",
            ),
            (
                "api/pets/dog.yaml",
                "type: object\nproperties: {kind: {type: string}, foes: {type: array, items: {$ref: ../common.yaml#/components/schemas/Pet}}}\n",
            ),
        ],
    );
    let document = folder.load();
    assert_eq!(problems(&document), [""; 0]);
    let tree = &document.tree;
    let keys = |part: &str| {
        let members = tree["components"][part].as_object().expect(part);
        members.keys().map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        (keys("schemas").as_str(), keys("parameters").as_str()),
        ("Cat Home Pet dog", "Size")
    );
    let schema = "/paths/~1pets/get/responses/200/content/application~1json/schema/$ref";
    assert_eq!(text(tree, schema), "#/components/schemas/Pet");
    let schemas = &tree["components"]["schemas"];
    assert_eq!(text(schemas, "/Home/properties/pet/$ref"), "#/components/schemas/Pet");
    assert_eq!(text(schemas, "/Cat/properties/friend/$ref"), "#/components/schemas/Cat");
    assert_eq!(text(schemas, "/Cat/properties/home/$ref"), "#/components/schemas/Home");
    assert_eq!(text(schemas, "/Pet/oneOf/0/$ref"), "#/components/schemas/Cat");
    assert_eq!(text(schemas, "/Pet/discriminator/mapping/cat"), "#/components/schemas/Cat");
    assert_eq!(text(schemas, "/Pet/discriminator/mapping/dog"), "#/components/schemas/dog");
    let place = document.source.span("/components/schemas/dog/properties/foes");
    let name = document.source.names().nth(document.source.file_of(place));
    assert!(name.is_some_and(|name| name.ends_with("api/pets/dog.yaml")), "{name:?}");
    assert_eq!(document.source.place("/components/schemas/dog/properties/foes").line, 2);
}

#[test]
fn what_cannot_be_reached_is_told_at_the_reference() {
    let root = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    A: {{type: object, properties: {{x: {{$ref: missing.yaml}}}}}}\n    B: {{items: {{$ref: 'common.yaml#/Pets'}}}}\n    C: {{items: {{$ref: '../secret.yaml'}}}}\n    D: {{items: {{$ref: folder}}}}\n    E: {{items: {{$ref: latin.yaml}}}}\n    F: {{items: {{$ref: broken.yaml}}}}\n    G: {{items: {{$ref: link.yaml}}}}\n    H: {{items: {{$ref: 'https://x.example/a.yaml'}}}}\n    I: {{items: {{$ref: /etc/hostname}}}}\n"
    );
    let folder = Folder::new(
        "unreachable",
        &[
            ("api/openapi.yaml", &root),
            ("api/common.yaml", "Pet: {type: string}\n"),
            ("api/broken.yaml", "a:\n  - b\n c: d\n"),
            ("api/folder/a.yaml", "type: string\n"),
            ("secret.yaml", "type: string\n"),
        ],
    );
    fs::write(folder.0.join("api/latin.yaml"), b"type: \xe4").expect("a file");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.0.join("secret.yaml"), folder.0.join("api/link.yaml"))
        .expect("a link");
    let found = problems(&folder.load());
    let expected = [
        ("external-reference openapi.yaml:6:46 ", "missing.yaml` does not exist"),
        ("dangling-reference openapi.yaml:7:23 ", "has no `/Pets`"),
        (
            "external-reference openapi.yaml:8:23 ",
            "secret.yaml` is outside of the document's folder",
        ),
        ("external-reference openapi.yaml:9:23 ", "it is a directory"),
        ("external-reference openapi.yaml:10:23 ", "wrong byte at line 1, column 7"),
        ("syntax broken.yaml:3:", "this is not YAML"),
        (
            "external-reference openapi.yaml:12:23 ",
            "link.yaml` is outside of the document's folder",
        ),
        ("external-reference openapi.yaml:14:23 ", "is outside of the document's folder"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((start, part), found) in expected.iter().zip(&found) {
        assert!(found.starts_with(start) && found.contains(part), "{start} {part}: {found}");
    }
}

#[test]
fn a_wider_folder_is_named_by_the_user() {
    let root = format!(
        "{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{items: {{$ref: ../shared.yaml}}}}}}}}\n"
    );
    let files = [("api/openapi.yaml", root.as_str()), ("shared.yaml", "type: string\n")];
    let folder = Folder::new("wider", &files);
    assert_eq!(folder.load().problems.len(), 1);
    let document = load_within(&folder.0.join("api/openapi.yaml"), Some(&folder.0))
        .expect("a readable document");
    assert_eq!(problems(&document), [""; 0]);
    assert_eq!(text(&document.tree, "/components/schemas/shared/type"), "string");
}

#[test]
fn two_components_of_one_name_are_told_apart() {
    let root = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    Pet: {{type: string}}\n    Home: {{properties: {{a: {{$ref: 'x.yaml#/Pet'}}, b: {{$ref: 'y.yaml#/Pet'}}, c: {{$ref: 'x.yaml#/Pet'}}}}}}\n"
    );
    let folder = Folder::new(
        "alike",
        &[
            ("api/openapi.yaml", &root),
            ("api/x.yaml", "Pet: {type: integer}\n"),
            ("api/y.yaml", "Pet: {type: boolean}\n"),
        ],
    );
    let document = folder.load();
    let found = problems(&document);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(
        found[0].starts_with("renamed openapi.yaml:7:") && found[0].contains("`x_Pet`"),
        "{found:#?}"
    );
    let schemas = &document.tree["components"]["schemas"];
    assert_eq!(text(schemas, "/Home/properties/a/$ref"), "#/components/schemas/x_Pet");
    assert_eq!(text(schemas, "/Home/properties/c/$ref"), "#/components/schemas/x_Pet");
    assert_eq!(text(schemas, "/y_Pet/type"), "boolean");
}

#[test]
fn paths_and_schemes_are_written_in_place_of_references() {
    let text_of = format!(
        "{HEAD}paths:\n  /a: {{get: {{operationId: a, responses: {{}}}}}}\n  /b: {{$ref: '#/paths/~1a'}}\n  /c: {{$ref: '#/paths/~1b', summary: c}}\n  /d: {{$ref: '#/paths/~1d'}}\ncomponents:\n  securitySchemes:\n    One: {{$ref: '#/components/securitySchemes/Two'}}\n    Two: {{type: http, scheme: bearer}}\n"
    );
    let document = load_text("a.yaml", &text_of).expect("good YAML");
    let tree = &document.tree;
    assert_eq!(text(tree, "/paths/~1b/get/operationId"), "a");
    assert_eq!(text(tree, "/paths/~1c/get/operationId"), "a");
    assert_eq!(text(tree, "/paths/~1c/summary"), "c");
    assert_eq!(text(tree, "/components/securitySchemes/One/scheme"), "bearer");
    let codes: Vec<_> = document.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["reference-cycle"]);
    assert_eq!(document.source.place("/paths/~1b/get").line, 4);
}

#[test]
fn sets_of_components_may_be_files() {
    let root = format!(
        "{HEAD}paths: {{$ref: paths.yaml}}\ncomponents:\n  schemas: {{$ref: schemas/all.yaml}}\n"
    );
    let folder = Folder::new(
        "sets",
        &[
            ("api/openapi.yaml", &root),
            (
                "api/paths.yaml",
                "/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'schemas/all.yaml#/Pet'}}}}}}}\n",
            ),
            (
                "api/schemas/all.yaml",
                "Pet: {$ref: pet.yaml}\nOwner: {type: object, properties: {pet: {$ref: '#/Pet'}}}\n",
            ),
            (
                "api/schemas/pet.yaml",
                "type: object\nproperties: {owner: {$ref: 'all.yaml#/Owner'}}\n",
            ),
        ],
    );
    let document = folder.load();
    let codes: Vec<_> = document.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["wrong-reference"; 2]);
    let schemas = &document.tree["components"]["schemas"];
    let names: Vec<_> = schemas.as_object().expect("schemas").keys().collect();
    assert_eq!(names, ["Pet", "Owner"]);
    assert_eq!(text(schemas, "/Pet/properties/owner/$ref"), "#/components/schemas/Owner");
    assert_eq!(text(schemas, "/Owner/properties/pet/$ref"), "#/components/schemas/Pet");
}

#[test]
fn growth_is_bounded() {
    let mut text = format!("{HEAD}paths:\n  /base: {{get: {{responses: {{}}, x-big: [");
    text.push_str(&"1, ".repeat(50_000));
    text.push_str("]}}\n");
    for index in 0..60 {
        text.push_str(&format!("  /p{index}: {{$ref: '#/paths/~1base'}}\n"));
    }
    let document = load_text("a.yaml", &text).expect("good YAML");
    let codes: Vec<_> = document.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["too-large"]);
}

#[test]
fn an_example_in_a_file_is_an_object_or_a_value() {
    let root = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  examples:\n    One: {{$ref: one.json}}\n    Two: {{$ref: two.yaml}}\n"
    );
    let folder = Folder::new(
        "examples",
        &[
            ("api/openapi.yaml", &root),
            ("api/one.json", "[1, 2]"),
            ("api/two.yaml", "value: {a: 1}\n"),
        ],
    );
    let document = folder.load();
    let codes: Vec<_> = document.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["wrong-reference"]);
    let examples = &document.tree["components"]["examples"];
    assert_eq!(examples["One"], serde_json::json!({"value": [1, 2]}));
    assert_eq!(examples["Two"], serde_json::json!({"value": {"a": 1}}));
}

#[test]
fn pointers_that_lead_through_references_in_circles_lead_nowhere() {
    let root = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    A: {{$ref: '#/components/schemas/B/x'}}\n    B: {{$ref: '#/components/schemas/A/y'}}\n    C: {{$ref: 'c.yaml#/D/properties/e'}}\n"
    );
    let file = "D: {$ref: '#/F'}\nF: {properties: {e: {type: integer}}}\n";
    let document =
        Folder::new("through", &[("api/openapi.yaml", &root), ("api/c.yaml", file)]).load();
    assert!(problems(&document).is_empty(), "{:?}", problems(&document));
    let schemas = &document.tree["components"]["schemas"];
    assert_eq!(text(schemas, "/A/$ref"), "#/components/schemas/B/x");
    assert_eq!(text(schemas, "/C/type"), "integer");
}
