//! How operations page, for documents that do not say it.

use serde_json::{Map, Value};

use super::filter::{self, Choice};
use super::load::checked_text;
use crate::diagnostic::Collector;
use crate::source::join;

/// How some operations page: the members of the extension `x-pagination`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// The operations.
    pub(crate) operations: Choice,
    /// The entry's place in the settings.
    pub(crate) pointer: String,
    /// The extension that would say the same.
    pub(crate) terms: Value,
}

/// The keys of an entry that are texts, and whether each must be there.
const TEXTS: [(&str, bool); 4] =
    [("cursor", true), ("next", true), ("items", true), ("limit", false)];
/// The largest page.
const MAX: &str = "max";

/// Every key of an entry.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(key, _)| *key).chain([MAX]).chain(filter::KEYS.iter().copied())
}

/// `pagination` of the settings.
pub(super) fn read(tree: &Value, problems: &mut Collector) -> Vec<Paging> {
    let pointer = "/pagination";
    let help = "write a list of entries such as `- { operations: [listPets], cursor: after, next: next, items: pets }`";
    let items = match tree.get("pagination") {
        None => return Vec::new(),
        Some(Value::Array(items)) if !items.is_empty() => items,
        Some(_) => {
            problems.error("wrong-kind", pointer, "`pagination` is no list of entries", help);
            return Vec::new();
        }
    };
    let mut read = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let pointer = join(pointer, &index.to_string());
        match item.as_object() {
            Some(members) => read.push(entry(members, pointer, problems)),
            None => problems.error("wrong-kind", &pointer, "the entry is no object", help),
        }
    }
    read
}

fn entry(members: &Map<String, Value>, pointer: String, problems: &mut Collector) -> Paging {
    for key in members.keys().filter(|key| keys().all(|known| known != key.as_str())) {
        let message = format!("`{key}` says nothing about paging");
        let known = keys().collect::<Vec<_>>().join(", ");
        problems.error(
            "unknown-key",
            &join(&pointer, key),
            message,
            format!("the keys are {known}"),
        );
    }
    let mut terms = Map::new();
    for (key, must) in TEXTS {
        match members.get(key) {
            Some(value) => {
                let rule = |text: &str| text.is_empty().then_some("write a name of the document");
                if let Some(text) = checked_text(value, &join(&pointer, key), rule, problems) {
                    terms.insert(key.to_owned(), text.into());
                }
            }
            None if must => {
                let message = format!("`{key}` is missing");
                problems.error("missing-key", &pointer, message, format!("add `{key}: NAME`"));
            }
            None => {}
        }
    }
    if let Some(max) = members.get(MAX) {
        if max.as_u64().is_none_or(|max| max == 0) {
            let message = "`max` is no size of a page";
            problems.error(
                "wrong-kind",
                &join(&pointer, MAX),
                message,
                "write a whole number from 1",
            );
        }
        terms.insert(MAX.to_owned(), max.clone());
    }
    let lists = members.iter().filter(|(key, _)| filter::KEYS.contains(&key.as_str()));
    let lists: Map<String, Value> = lists.map(|(key, list)| (key.clone(), list.clone())).collect();
    let operations = filter::read_choice(&Value::Object(lists), &pointer, problems);
    Paging { operations, pointer, terms: Value::Object(terms) }
}
