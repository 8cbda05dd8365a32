//! The document itself, as YAML and as JSON, under its plain name and with its version in the name.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::names;
use crate::Files;
use crate::load::Document;

/// The document under its plain name, as YAML.
pub const YAML: &str = "openapi.yaml";
/// The document under its plain name, as JSON.
pub const JSON: &str = "openapi.json";

/// Both forms under both names.
pub fn files(document: &Document) -> Files {
    let version = version(&document.tree);
    [(YAML, yaml(document), "yaml"), (JSON, json(document), "json")]
        .into_iter()
        .flat_map(|(path, text, ending)| {
            [(path.to_owned(), text.clone()), (format!("openapi-{version}.{ending}"), text)]
        })
        .collect()
}

/// The values as JSON, members in the order of the document.
pub(crate) fn json(document: &Document) -> String {
    format!("{:#}\n", document.tree)
}

/// The text as it was written. What was JSON, or several files, or of another version of the
/// standard, is written anew, as JSON, which is YAML too: escapes of characters beyond 16 bits,
/// which YAML reads differently, are not in it.
pub(crate) fn yaml(document: &Document) -> String {
    let text = document.source.text();
    if !document.as_written || serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return json(document);
    }
    text.to_owned()
}

fn version(tree: &Value) -> String {
    let version = match &tree["info"]["version"] {
        Value::String(version) => version.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    if version.trim().is_empty() { "unversioned".to_owned() } else { names::safe(&version) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load_text;

    #[test]
    fn both_forms_say_the_same_under_both_names() {
        let text =
            "openapi: 3.0.3 # kept\r\ninfo: { title: T, version: 1/0 beta }\r\npaths: {}\r\n";
        let document = load_text("a.yaml", text).expect("good text");
        let files = files(&document);
        let paths: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            ["openapi-1-0-beta.json", "openapi-1-0-beta.yaml", "openapi.json", "openapi.yaml"]
        );
        assert_eq!(files[YAML], text);
        assert_eq!(files["openapi-1-0-beta.yaml"], text);
        let keys = files[JSON].find("\"openapi\"") < files[JSON].find("\"info\"");
        assert!(keys && files[JSON].ends_with("}\n"), "{}", files[JSON]);
    }

    #[test]
    fn json_is_published_as_yaml_that_every_reader_takes() {
        let text =
            r#"{"openapi":"3.0.3","info":{"title":"\ud83d\ude00","version":"1"},"paths":{}}"#;
        let document = load_text("a.json", text).expect("good text");
        let yaml = &files(&document)[YAML];
        assert!(yaml.contains('😀') && !yaml.contains("\\u"), "{yaml}");
        let again = load_text("a.yaml", &format!("# yaml\n{yaml}")).expect("good YAML");
        assert_eq!(again.tree, document.tree);
    }
}
