//! Reads a client's settings from YAML, as strictly as a document: no key is ignored.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::manifest::{
    category_problem, crate_name_problem, keyword_problem, text_problem, variable_problem,
    version_problem,
};
use super::{Config, Features, Origin, filter, formats, paging, rename};
use crate::diagnostic::{Collector, Diagnostics};
use crate::load;
use crate::source::join;

/// Every key of the file.
pub const KEYS: &[&str] = &[
    "crate",
    "description",
    "keywords",
    "categories",
    "license",
    "version",
    "key_variable",
    "key_help",
    "url_variable",
    "features",
    "include",
    "exclude",
    "pagination",
    "formats",
    "rename",
    "house",
    "copies",
    "guides",
];
/// What crates.io takes of keywords and of categories.
const MOST_TAGS: usize = 5;

/// Why a text is not good for its purpose, if it is not.
type Rule = fn(&str) -> Option<&'static str>;

impl Config {
    /// Reads settings from a file. The paths under `copies` and `guides` are relative to its folder.
    ///
    /// # Errors
    ///
    /// The file or a file to copy cannot be read, or a key is unknown, missing or has a wrong value.
    pub fn load(path: &Path) -> Result<Self, Diagnostics> {
        Self::of_document(&load::load(path)?, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads settings that stand in no file; `name` stands for it in messages.
    ///
    /// # Errors
    ///
    /// As [`Config::load`]. Files that they name are looked for in the working directory.
    pub fn of_text(name: &str, text: &str) -> Result<Self, Diagnostics> {
        Self::of_document(&load::load_text(name, text)?, Path::new(""))
    }

    fn of_document(document: &load::Document, folder: &Path) -> Result<Self, Diagnostics> {
        let mut problems = Collector::default();
        document.problems.iter().for_each(|problem| problem.report(&mut problems));
        let config = read(document, folder, &mut problems);
        let problems = problems.finish(&document.source);
        if problems.has_errors() { Err(problems) } else { Ok(config) }
    }
}

/// Settings that stand in a test.
#[cfg(test)]
pub(crate) fn of_test(text: &str) -> Config {
    let document = load::load_text("config.yaml", text).expect("the settings are YAML");
    let mut problems = Collector::default();
    let config = read(&document, Path::new("/nowhere"), &mut problems);
    let problems = problems.finish(&document.source);
    assert!(!problems.has_errors(), "{problems}");
    config
}

fn read(document: &load::Document, folder: &Path, problems: &mut Collector) -> Config {
    let tree = &document.tree;
    let Value::Object(members) = tree else {
        problems.error(
            "wrong-kind",
            "",
            "the settings are not an object",
            "write `key: value` lines",
        );
        return Config::new("", "");
    };
    for key in members.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        let message = format!("`{key}` is no setting of a client");
        problems.error(
            "unknown-key",
            &join("", key),
            message,
            format!("the keys are {}", KEYS.join(", ")),
        );
    }
    let crate_name = text(tree, "crate", crate_name_problem, problems);
    if tree.get("crate").is_none() {
        problems.error(
            "missing-key",
            "",
            "`crate` is missing",
            "add `crate: NAME`, the name of the crate",
        );
    }
    if tree.get("key_help").is_some() && tree.get("key_variable").is_none() {
        let message = "`key_help` has no effect without `key_variable`";
        problems.error(
            "missing-key",
            "/key_help",
            message,
            "add `key_variable: NAME`, the variable that holds the key",
        );
    }
    Config {
        description: text(tree, "description", text_problem, problems),
        keywords: tags(tree, "keywords", keyword_problem, problems),
        categories: tags(tree, "categories", category_problem, problems),
        license: text(tree, "license", text_problem, problems),
        version: text(tree, "version", version_problem, problems),
        key_variable: text(tree, "key_variable", variable_problem, problems),
        key_help: text(tree, "key_help", text_problem, problems),
        url_variable: text(tree, "url_variable", variable_problem, problems),
        features: features(tree, problems),
        filter: filter::read(tree, problems),
        paging: paging::read(tree, problems),
        formats: formats::read(tree, problems),
        rename: rename::read(tree, problems),
        house: flag(tree, "house", problems),
        copies: files(tree, "copies", path_problem, folder, problems).collect(),
        guides: guides(tree, folder, problems),
        origin: Origin(document.source.clone()),
        ..Config::new(crate_name.unwrap_or_default(), "")
    }
}

fn text(tree: &Value, key: &str, rule: Rule, problems: &mut Collector) -> Option<String> {
    tree.get(key).and_then(|value| checked_text(value, &join("", key), rule, problems))
}

pub(super) fn checked_text(
    value: &Value,
    pointer: &str,
    rule: impl Fn(&str) -> Option<&'static str>,
    problems: &mut Collector,
) -> Option<String> {
    let Some(text) = value.as_str() else {
        problems.error(
            "wrong-kind",
            pointer,
            format!("`{pointer}` is not a text"),
            "write a text, in quotes if it looks like a number",
        );
        return None;
    };
    if let Some(problem) = rule(text) {
        problems.error("wrong-value", pointer, format!("`{text}` cannot stand here"), problem);
    }
    Some(text.to_owned())
}

/// `features: tags` or `features: none`.
fn features(tree: &Value, problems: &mut Collector) -> Features {
    let rule: Rule = |word| (!matches!(word, "tags" | "none")).then_some("write `tags` or `none`");
    match text(tree, "features", rule, problems).as_deref() {
        Some("tags") => Features::Tags,
        Some(_) => Features::None,
        None => Features::Auto,
    }
}

fn flag(tree: &Value, key: &str, problems: &mut Collector) -> bool {
    let value = tree.get(key);
    if value.is_some_and(|value| !value.is_boolean()) {
        problems.error(
            "wrong-kind",
            &join("", key),
            format!("`{key}` is neither true nor false"),
            "write true or false",
        );
    }
    value == Some(&Value::Bool(true))
}

fn list(tree: &Value, key: &str, rule: Rule, problems: &mut Collector) -> Vec<(String, String)> {
    let pointer = join("", key);
    let items = match tree.get(key) {
        None => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => {
            problems.error(
                "wrong-kind",
                &pointer,
                format!("`{key}` is not a list"),
                "write a list of texts",
            );
            return Vec::new();
        }
    };
    let mut read: Vec<(String, String)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let pointer = join(&pointer, &index.to_string());
        let Some(text) = checked_text(item, &pointer, rule, problems) else { continue };
        if read.iter().any(|(_, seen)| *seen == text) {
            problems.error(
                "duplicate-value",
                &pointer,
                format!("`{text}` is listed twice"),
                "remove one of them",
            );
        }
        read.push((pointer, text));
    }
    read
}

fn tags(tree: &Value, key: &str, rule: Rule, problems: &mut Collector) -> Vec<String> {
    let read = list(tree, key, rule, problems);
    if let Some((pointer, _)) = read.get(MOST_TAGS) {
        problems.error(
            "wrong-value",
            pointer,
            format!("more than {MOST_TAGS} {key}"),
            "crates.io takes no more; remove some",
        );
    }
    read.into_iter().map(|(_, text)| text).collect()
}

/// The texts of the files that are listed under `key`, by path.
fn files(
    tree: &Value,
    key: &str,
    rule: Rule,
    folder: &Path,
    problems: &mut Collector,
) -> impl Iterator<Item = (String, String)> + use<> {
    let mut files = Vec::new();
    for (pointer, path) in list(tree, key, rule, problems) {
        if rule(&path).is_some() {
            continue;
        }
        match std::fs::read_to_string(folder.join(&path)) {
            Ok(text) => files.push((path, text.replace("\r\n", "\n"))),
            Err(error) => {
                let message = format!("cannot read `{}`: {error}", folder.join(&path).display());
                problems.error(
                    "unreadable-file",
                    &pointer,
                    message,
                    "name a text file below the folder of these settings",
                );
            }
        }
    }
    files.into_iter()
}

/// The pages of the docs by the names of their modules.
fn guides(tree: &Value, folder: &Path, problems: &mut Collector) -> BTreeMap<String, String> {
    let mut guides = BTreeMap::new();
    for (path, text) in files(tree, "guides", guide_problem, folder, problems) {
        let name = guide_name(&path);
        if guides.insert(name.clone(), text).is_some() {
            let message = format!("two pages would be the module `guide::{name}`");
            problems.error("duplicate-value", "/guides", message, "rename one of the files");
        }
    }
    guides
}

/// `limits_and_retries` for `guide/limits-and-retries.md`.
fn guide_name(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".md").unwrap_or(file).replace('-', "_")
}

/// A page must also have a name that is one of a module.
fn guide_problem(path: &str) -> Option<&'static str> {
    let name = guide_name(path);
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let good = path.ends_with(".md")
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(legal)
        && !crate::keywords::is_raw(&name)
        && !crate::keywords::is_never(&name);
    path_problem(path).or_else(|| {
        (!good).then_some("name a file such as `limits-and-retries.md`: it becomes a module")
    })
}

/// Only what lies below the folder can be copied to the same place below another.
fn path_problem(path: &str) -> Option<&'static str> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    let good = path.split('/').all(plain);
    (!good).then_some("write a path below the folder of these settings, with `/` and without `..`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let document =
            load::load_text("config.yaml", text).map_err(|problems| problems.to_string())?;
        let mut problems = Collector::default();
        let config = read(&document, Path::new("/nowhere"), &mut problems);
        let problems = problems.finish(&document.source);
        if problems.has_errors() { Err(problems.to_string()) } else { Ok(config) }
    }

    #[test]
    fn every_setting_is_on_the_page() {
        let page = include_str!("../../../docs/configuration.md");
        for key in KEYS {
            assert!(page.contains(&format!("\n### `{key}`")), "{key} has no heading");
            assert!(page.contains(&format!("\n{key}:")), "{key} has no example");
        }
        for key in filter::KEYS {
            assert!(page.contains(&format!("`{key}`")), "{key}");
        }
        let of_formats = formats::KEYS.iter().chain(rename::KEYS).copied();
        for key in paging::keys().chain(of_formats) {
            assert!(page.contains(&format!("`{key}`")), "{key}");
        }
        let headings = page.lines().filter_map(|line| line.strip_prefix("### `"));
        let keys: Vec<&str> = headings.filter_map(|rest| rest.strip_suffix('`')).collect();
        assert_eq!(keys, KEYS, "the page has the keys in the order of the reader, and no others");
    }

    #[test]
    fn every_setting_is_read() {
        let text = "crate: petstore-client\ndescription: Pets\nkeywords: [pets]\ncategories: [api-bindings]\nlicense: MIT\n\
            version: 1.2.3\nkey_variable: PET_KEY\nkey_help: Ask the vet\nurl_variable: PET_URL\nfeatures: tags\nhouse: true\ncopies: []\nguides: []\n";
        let expected = Config {
            description: Some("Pets".to_owned()),
            keywords: vec!["pets".to_owned()],
            categories: vec!["api-bindings".to_owned()],
            license: Some("MIT".to_owned()),
            version: Some("1.2.3".to_owned()),
            key_variable: Some("PET_KEY".to_owned()),
            key_help: Some("Ask the vet".to_owned()),
            url_variable: Some("PET_URL".to_owned()),
            features: Features::Tags,
            house: true,
            ..Config::new("petstore-client", "")
        };
        assert_eq!(load(text), Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let cases = [
            ("- a\n", "config.yaml:1:1"),
            ("house: true\n", "`crate` is missing"),
            ("crate: a\ncrates: b\n", "config.yaml:2:1"),
            ("crate: 7\n", "config.yaml:1:8"),
            ("crate: a b\n", "config.yaml:1:8"),
            ("crate: a\nfeatures: all\n", "write `tags` or `none`"),
            ("crate: a\ninclude: [a]\n", "write lists below it"),
            ("crate: a\nexclude:\n  verbs: [get]\n", "config.yaml:3:3"),
            ("crate: a\ninclude:\n  tags: [1]\n", "config.yaml:3:10"),
            ("crate: a\nrename: {tags: {a: b}}\n", "`tags` are not renamed"),
            ("crate: a\nrename: {schemas: {a: 1}}\n", "config.yaml:2:23"),
            ("crate: a\nformats: [uuid]\n", "`formats` is no object"),
            ("crate: a\nformats:\n  uuid: {}\n", "`type` is missing"),
            ("crate: a\nformats:\n  uuid: {type: Uuid}\n", "config.yaml:3:16"),
            (
                "crate: a\nformats:\n  uuid: {type: 'uuid::Uuid'}\n",
                "no `dependency` brings the crate `uuid`",
            ),
            ("crate: a\nformats:\n  ip: {type: 'std::net::IpAddr', of: text}\n", "write `string`"),
            (
                "crate: a\nformats:\n  x: {type: 'serde_json::Value', dependency: {serde_json: '1'}}\n",
                "the client itself depends on `serde_json`",
            ),
            (
                "crate: a\nformats:\n  x: {type: 'a::B', dependency: {a: {version: '1', path: ..}}}\n",
                "`path` means nothing here",
            ),
            (
                "crate: a\nformats:\n  x: {type: 'a::B', dependency: {a: '1'}}\n  y: {type: 'a::C', dependency: {a: '2'}}\n",
                "another format takes `a` in another way",
            ),
            ("crate: a\npagination: {}\n", "config.yaml:2:1"),
            ("crate: a\npagination:\n  - cursor: c\n", "`next` is missing"),
            ("crate: a\npagination:\n  - cursor: c\n", "names no operations"),
            ("crate: a\npagination:\n  - curser: c\n", "config.yaml:3:5"),
            ("crate: a\npagination:\n  - max: 0\n", "config.yaml:3:10"),
            ("crate: a\nhouse: maybe\n", "config.yaml:2:8"),
            ("crate: a\nkeywords: [a, b, c, d, e, f]\n", "more than 5 keywords"),
            ("crate: a\nkeywords:\n  - x\n  - x\n", "config.yaml:4:5"),
            ("crate: a\nversion: 1.0\n", "config.yaml:2:10"),
            ("crate: a\nkey_help: Ask\n", "add `key_variable: NAME`"),
            ("crate: a\ncopies: [../secret]\n", "without `..`"),
            ("crate: a\nguides: [../a.md]\n", "without `..`"),
            ("crate: a\nguides: [fn.md]\n", "it becomes a module"),
            ("crate: a\nguides: [Limits.txt]\n", "it becomes a module"),
            ("crate: a\ncopies: [missing.txt]\n", "cannot read `/nowhere/missing.txt`"),
        ];
        for (text, expected) in cases {
            let shown = load(text).expect_err(text);
            assert!(shown.contains(expected), "{text}{shown}");
        }
    }
}
