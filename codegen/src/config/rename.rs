//! Rust names for what the document calls otherwise.

use std::collections::BTreeMap;

use serde_json::Value;

use super::load::checked_text;
use crate::diagnostic::Collector;
use crate::source::join;

/// Names to use instead of those made from the document's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rename {
    /// Types of component schemas, by the schema's key.
    pub(crate) schemas: BTreeMap<String, String>,
    /// Methods, by the `operationId` or what is made of method and path.
    pub(crate) operations: BTreeMap<String, String>,
}

/// The keys below `rename`.
pub(super) const KEYS: &[&str] = &["schemas", "operations"];

/// The place of an entry in the settings.
pub(crate) fn pointer(kind: &str, key: &str) -> String {
    join(&join("/rename", kind), key)
}

/// `rename` of the settings.
pub(super) fn read(tree: &Value, problems: &mut Collector) -> Rename {
    let members = match tree.get("rename") {
        None => return Rename::default(),
        Some(Value::Object(members)) => members,
        Some(_) => {
            let help = format!("write objects below it, under {}", KEYS.join(", "));
            problems.error("wrong-kind", "/rename", "`rename` is no object", help);
            return Rename::default();
        }
    };
    for key in members.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        let help = format!("the keys are {}", KEYS.join(", "));
        let message = format!("`{key}` are not renamed");
        problems.error("unknown-key", &join("/rename", key), message, help);
    }
    let mut names = |kind: &str| {
        let entries = match members.get(kind) {
            None => return BTreeMap::new(),
            Some(Value::Object(entries)) => entries,
            Some(_) => {
                let message = format!("`{kind}` is no object");
                let help = "write lines `NAME: NewName`";
                problems.error("wrong-kind", &join("/rename", kind), message, help);
                return BTreeMap::new();
            }
        };
        let named = entries.iter().filter_map(|(key, value)| {
            let name = checked_text(value, &pointer(kind, key), |_| None, problems)?;
            Some((key.clone(), name))
        });
        named.collect()
    };
    Rename { schemas: names("schemas"), operations: names("operations") }
}
