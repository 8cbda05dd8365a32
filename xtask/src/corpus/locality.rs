//! Whether a small change of a document is a small change of its client: a member added to one
//! schema may change the types that are made of this schema, and the files that name them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use codegen::{Config, Output, ir, load};
use serde_json::{Value, json};

use crate::Failure;

/// The member that is added; no document has it.
const ADDED: &str = "x_added_by_test";

/// How deep schemas are followed that are made of others.
const DEEPEST: usize = 100;

/// What became of the changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probed {
    /// Schemas that got a member.
    pub schemas: usize,
    /// Files that changed, in all.
    pub files: usize,
    /// What changed and must not have, a sentence each.
    pub strays: Vec<String>,
}

impl Probed {
    /// The line for [`Probed::parse`].
    pub fn line(&self) -> String {
        json!([self.schemas, self.files, self.strays]).to_string()
    }

    /// Reads the line of another process.
    pub fn parse(line: &str) -> Result<Self, Failure> {
        let (schemas, files, strays) = serde_json::from_str(line).map_err(|_| {
            Failure::new(format_args!("this is a bug: a process with changes answered {line:?}"))
        })?;
        Ok(Self { schemas, files, strays })
    }

    /// Another document.
    pub fn add(&mut self, other: &Self) {
        self.schemas += other.schemas;
        self.files += other.files;
        self.strays.extend_from_slice(&other.strays);
    }
}

/// Adds an optional member to the first, the middle and the last component schema that has become a
/// struct, one at a time, and compares the clients with `output`.
///
/// # Errors
///
/// The document cannot be read, or does not compile any more with the member.
pub fn probe(path: &Path, config: &Config, output: &Output) -> Result<Probed, Failure> {
    let document = load::load(path).map_err(|problems| Failure::Problem(problems.to_string()))?;
    let mut probed = Probed::default();
    for pointer in chosen(&document.tree, &output.api) {
        let mut tree = document.tree.clone();
        let members = tree.pointer_mut(&format!("{pointer}/properties"));
        let Some(members) = members.and_then(Value::as_object_mut) else { continue };
        members.insert(ADDED.to_owned(), json!({ "type": "string" }));
        let text = tree.to_string();
        let changed = load::load_text(&path.to_string_lossy(), &text)
            .map(|changed| load::Document { path: Some(path.to_owned()), ..changed })
            .and_then(|changed| codegen::compile_document(&changed, config))
            .map_err(|problems| Failure::Problem(problems.to_string()))?;
        let mut strays = compare(&document.tree, pointer, output, &changed);
        probed.schemas += 1;
        probed.files += changed_files(output, &changed).len();
        probed.strays.append(&mut strays);
    }
    Ok(probed)
}

/// The pointers of the first, the middle and the last component schema that is a struct.
fn chosen<'a>(tree: &Value, api: &'a ir::Api) -> BTreeSet<&'a str> {
    let is_struct = |ty: &&ir::Type| match ty.shape {
        ir::Shape::Object(_) => true,
        ir::Shape::Enum(_)
        | ir::Shape::IntegerEnum(_)
        | ir::Shape::Union(_)
        | ir::Shape::Alias { .. } => false,
    };
    let has_members = |pointer: &&str| {
        pointer.starts_with("/components/schemas/")
            && tree
                .pointer(&format!("{pointer}/properties"))
                .and_then(Value::as_object)
                .is_some_and(|members| !is_event(members))
    };
    let structs = api.types.iter().filter(is_struct).map(|ty| ty.pointer.as_str());
    let all: Vec<&str> = structs.filter(has_members).collect();
    let indexes = [0, all.len() / 2, all.len().saturating_sub(1)];
    indexes.iter().filter_map(|index| all.get(*index).copied()).collect()
}

/// Whether the members are the fields of a server-sent event: one more would make them its data.
fn is_event(members: &serde_json::Map<String, Value>) -> bool {
    let is_field = |name: &String| matches!(name.as_str(), "data" | "event" | "id" | "retry");
    members.contains_key("data") && members.keys().all(is_field)
}

fn changed_files<'a>(before: &'a Output, after: &'a Output) -> BTreeSet<&'a str> {
    let paths = before.files.keys().chain(after.files.keys());
    paths
        .filter(|path| before.files.get(*path) != after.files.get(*path))
        .map(String::as_str)
        .collect()
}

/// What is different between the two and has nothing to do with the schema at `pointer`.
fn compare(tree: &Value, pointer: &str, before: &Output, after: &Output) -> Vec<String> {
    let mut strays = Vec::new();
    let (old, new) = (by_name(&before.api), by_name(&after.api));
    if old.keys().ne(new.keys()) {
        strays.push(format!("a member added to {pointer} changes the names of types"));
    }
    let grown: Vec<&ir::Type> = new.values().copied().filter(|ty| has_added(ty)).collect();
    if grown.is_empty() {
        strays.push(format!("a member added to {pointer} is in no type"));
    }
    for ty in &grown {
        if !is_made_of(tree, &ty.pointer, pointer, DEEPEST) {
            strays.push(format!("a member added to {pointer} is also in `{}`", ty.name.rust));
        }
    }
    let names: Vec<&str> = grown.iter().map(|ty| ty.name.rust.as_str()).collect();
    for path in changed_files(before, after) {
        let texts = [before.files.get(path), after.files.get(path)];
        let named = |text: &&String| names.iter().any(|name| holds_word(text, name));
        if !texts.iter().flatten().any(named) {
            strays.push(format!(
                "a member added to {pointer} changes {path}, which does not name it"
            ));
        }
    }
    strays
}

fn by_name(api: &ir::Api) -> BTreeMap<&str, &ir::Type> {
    api.types.iter().map(|ty| (ty.name.rust.as_str(), ty)).collect()
}

fn has_added(ty: &ir::Type) -> bool {
    match &ty.shape {
        ir::Shape::Object(object) => object.fields.iter().any(|field| field.name.wire == ADDED),
        ir::Shape::Enum(_)
        | ir::Shape::IntegerEnum(_)
        | ir::Shape::Union(_)
        | ir::Shape::Alias { .. } => false,
    }
}

/// Whether the schema at `from` is the one at `target`, refers to it or is composed of it.
fn is_made_of(tree: &Value, from: &str, target: &str, deepest: usize) -> bool {
    if from == target {
        return true;
    }
    let Some(schema) = tree.pointer(from) else { return false };
    let Some(deeper) = deepest.checked_sub(1) else { return false };
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let Some(next) = reference.and_then(|reference| reference.strip_prefix('#')) {
        return is_made_of(tree, next, target, deeper);
    }
    ["allOf", "oneOf", "anyOf"].iter().any(|word| {
        let parts = schema.get(word).and_then(Value::as_array).map_or(0, Vec::len);
        (0..parts).any(|index| is_made_of(tree, &format!("{from}/{word}/{index}"), target, deeper))
    })
}

fn holds_word(text: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        let (before, after) =
            (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_back() {
        let told = Probed { schemas: 1, files: 2, strays: vec!["a `b`".to_owned()] };
        assert_eq!(Probed::parse(&told.line()), Ok(told));
        assert!(Probed::parse("").is_err());
    }

    #[test]
    fn words_are_whole() {
        assert!(holds_word("use a::{Pet, B};", "Pet"));
        assert!(!holds_word("Pets and MyPet and Pet_", "Pet"));
    }

    #[test]
    fn schemas_are_made_of_their_parts_and_not_of_their_members() {
        let tree = json!({
            "a": {"type": "object"},
            "b": {"allOf": [{"type": "object"}, {"$ref": "#/c"}]},
            "c": {"$ref": "#/a"},
            "d": {"properties": {"a": {"$ref": "#/a"}}},
            "e": {"allOf": [{"$ref": "#/e"}]},
        });
        for (from, made) in [("/a", true), ("/b", true), ("/c", true), ("/d", false), ("/e", false)]
        {
            assert_eq!(is_made_of(&tree, from, "/a", DEEPEST), made, "{from}");
        }
    }
}
