//! What the published files say: the same everywhere, of everything, and where it is known from.

use std::fs;

use serde_json::Value;

use super::{json, published, run};
use crate::folder::Folder;

/// An output is a page and says so; the pages behind it are read until there is none.
#[test]
fn what_is_exported_is_told() {
    let flows: Value = serde_yaml::from_str(&published()["arazzo.yaml"]).expect("YAML");
    let flows = flows["workflows"].as_array().expect("workflows");
    for (what, title) in [("flags", "Flags"), ("experiments", "Experiments")] {
        for (id, output) in [("", "OfFirstPage"), ("From", "OfPage")] {
            let id = format!("export{title}{id}");
            let flow = flows.iter().find(|flow| flow["workflowId"] == *id).expect(&id);
            let steps = flow["steps"].as_array().expect("steps");
            assert_eq!(steps[0]["operationId"], format!("list{title}"));
            assert_eq!(steps[0]["parameters"][0]["name"], "includeArchived");
            assert_eq!(steps[1]["workflowId"], format!("export{title}From"));
            let outputs: Vec<&String> =
                flow["outputs"].as_object().expect("outputs").keys().collect();
            assert_eq!(outputs, [&format!("{what}{output}")]);
        }
    }
}

/// Each parameter has one row, alone or with the operations that share it, and each member one.
#[test]
fn every_operation_parameter_and_member_has_its_source() {
    let files = published();
    let page = &files["coverage.md"];
    let document = json(&files, "openapi.json");
    let shared = document["components"]["parameters"].as_object().expect("parameters");
    assert!(shared.len() > 15, "{}", shared.len());
    for parameter in shared.values() {
        let name = parameter["name"].as_str().expect("a name");
        assert!(page.contains(&format!("\n| `{name}` of ")), "{name}");
    }
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("a path").keys().filter(|key| *key != "parameters") {
            let row = format!("\n| `{} {path}` | ", method.to_uppercase());
            assert_eq!(page.matches(&row).count(), 1, "{row}");
        }
    }
    for row in [
        "| `includeArchived` of 2 operations | documented |  |",
        "| `deliveryMethod` of `listExperiments` | observed | Name and default",
        "| `GET /deployments/{id}` | vendor source | Not documented, but",
        "| `bucketingKey` | vendor source | The vendor's own tool",
        "| `limit` of 6 operations | documented in part |",
    ] {
        assert!(page.contains(row), "{row}\n{page}");
    }
    let state = section(page, "ExperimentState");
    assert!(state.contains("| the type | observed | "), "{state}");
}

/// What stands below a heading of the second level.
fn section<'a>(page: &'a str, title: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("\n## {title}\n")).expect("a heading");
    rest.split("\n## ").next().unwrap_or_default()
}

/// The page, the Markdown and the collection send the same values, and read the same variables.
#[test]
fn samples_of_all_forms_agree() {
    let folder = Folder::new();
    folder.put(
        "pets.yaml",
        r##"
openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: "https://pets.example"}]
security: [{petKey: []}]
paths:
  /pets/{ids}:
    post:
      operationId: addPets
      parameters:
        - {name: ids, in: path, required: true, schema: {}, example: [1, 2]}
        - {name: each, in: query, required: true, schema: {}, example: ["1", "c d"]}
        - {name: pipes, in: query, required: true, style: pipeDelimited, explode: false, schema: {}, example: [a, c d]}
        - {name: deep, in: query, required: true, style: deepObject, schema: {}, example: {k: [1], e: ""}}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            example: {list: [x, y], one: z}
      responses: {"204": {description: ok}}
components: {securitySchemes: {petKey: {type: http, scheme: bearer}}}
"##,
    );
    let (code, out, err) = run(&folder, &["dist", "--spec", "@pets.yaml", "--out", "@out"]);
    assert_eq!(code, 0, "{out}{err}");
    let read = |path: &str| fs::read_to_string(folder.path(&format!("out/{path}"))).expect(path);
    let page = read("index.html").replace("&amp;", "&");
    let markdown = read("markdown/default.md");
    let target = "/pets/1%2C2?each=1&each=c%20d&pipes=a%7Cc%20d&deep%5Bk%5D=%5B1%5D&deep%5Be%5D=";
    assert!(markdown.contains(&format!("https://pets.example{target}'")), "{markdown}");
    assert_eq!(page.matches(target).count(), 3, "{page}");
    for pair in ["list=x", "list=y", "one=z"] {
        assert!(markdown.contains(&format!("--data-raw '{pair}'")), "{pair}: {markdown}");
        assert!(page.contains(pair), "{pair}");
    }
    let collection: Value = serde_json::from_str(&read("collection.postman.json")).expect("JSON");
    let request = &collection["item"][0]["item"][0]["request"];
    let form = request["body"]["urlencoded"].as_array().expect("a form").iter();
    let form: Vec<_> = form.map(|pair| (pair["key"].as_str(), pair["value"].as_str())).collect();
    let expected = [("list", "x"), ("list", "y"), ("one", "z")];
    assert_eq!(form, expected.map(|(name, value)| (Some(name), Some(value))));
    for text in [page, markdown, collection.to_string()] {
        assert!(text.contains("PET_KEY"));
    }
}

#[test]
fn key_of_our_document_has_one_name_and_all_pages_are_named() {
    let files = published();
    for path in ["index.html", "markdown/flags.md", "llms-full.txt", "collection.postman.json"] {
        let text = files[path].replace("AMPLITUDE_MANAGEMENT_API_KEY", "\0");
        assert!(text.contains('\0'), "{path}");
        assert!(!text.contains("MANAGEMENT_KEY"), "{path}");
    }
    for index in ["llms.txt", "README.md"] {
        for path in ["index.html", "coverage.md"] {
            assert!(files[index].contains(&format!("]({path})")), "{index}: {path}");
        }
    }
    let about = "and, beside it: the name `amplitude-experiment-management` of the Rust client";
    assert!(files["README.md"].contains(about), "{}", files["README.md"]);
    assert!(files["README.md"].contains("the chapters \"Decisions\", "), "{}", files["README.md"]);
}
