//! Which operations of a document a client has.

use serde_json::Value;

use super::Config;
use super::load::checked_text;
use crate::diagnostic::Collector;
use crate::source::join;

/// Which operations a client has: those that an entry of `include` names, or all if it has none, but
/// for those that an entry of `exclude` names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    include: Choice,
    exclude: Choice,
}

/// Operations that any of the entries names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choice(Vec<Entry>);

/// Operations by one of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    by: By,
    /// A name, or a pattern in which `*` stands for any text.
    pattern: String,
    /// Its place in the settings.
    pointer: String,
}

/// Which of its names an operation is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Tag,
    Path,
    Operation,
}

/// The keys below `include` and `exclude`.
pub(super) const KEYS: &[&str] = &["tags", "paths", "operations"];
const NAMES: [By; 3] = [By::Tag, By::Path, By::Operation];

/// An operation as the entries know it.
pub(crate) struct Candidate<'a> {
    /// All of its tags.
    pub tags: &'a [String],
    /// The template of its path.
    pub path: &'a str,
    /// Its `operationId`, or the one made for it.
    pub id: &'a str,
}

impl Filter {
    /// Whether every operation is kept.
    pub(crate) fn keeps_all(&self) -> bool {
        self.include.0.is_empty() && self.exclude.0.is_empty()
    }

    /// Whether this operation is kept.
    pub(crate) fn keeps(&self, operation: &Candidate<'_>) -> bool {
        (self.include.0.is_empty() || self.include.names(operation))
            && !self.exclude.names(operation)
    }
}

impl Choice {
    /// Whether an entry names this operation.
    pub(crate) fn names(&self, operation: &Candidate<'_>) -> bool {
        self.0.iter().any(|entry| entry.names(operation))
    }

    /// Whether an entry names this operation and no other.
    pub(crate) fn names_only(&self, operation: &Candidate<'_>) -> bool {
        let exact = |entry: &Entry| entry.by == By::Operation && entry.pattern == operation.id;
        self.0.iter().any(exact)
    }

    /// Tells which entries name none of these operations.
    fn check<'a>(
        &self,
        operations: impl Iterator<Item = &'a Candidate<'a>> + Clone,
        problems: &mut Collector,
    ) {
        for entry in &self.0 {
            if !operations.clone().any(|operation| entry.names(operation)) {
                let what = entry.by.word();
                problems.error(
                    "nothing-matches",
                    &entry.pointer,
                    format!("`{}` matches the {what} of no operation", entry.pattern),
                    "write it as the document does; `*` stands for any text".to_owned(),
                );
            }
        }
    }
}

/// Tells which entries of these settings name none of the operations, and of a filter that keeps
/// none.
pub(crate) fn check(config: &Config, operations: &[Candidate<'_>], problems: &mut Collector) {
    let filter = &config.filter;
    filter.include.check(operations.iter(), problems);
    filter.exclude.check(operations.iter(), problems);
    let kept = operations.iter().filter(|operation| filter.keeps(operation));
    if !filter.keeps_all() && kept.clone().next().is_none() {
        problems.error(
            "nothing-left",
            "",
            "`include` and `exclude` leave no operation of the document",
            "exclude less, or include more",
        );
    }
    for paging in &config.paging {
        paging.operations.check(kept.clone(), problems);
    }
}

impl Entry {
    fn names(&self, operation: &Candidate<'_>) -> bool {
        match self.by {
            By::Tag => operation.tags.iter().any(|tag| matches(&self.pattern, tag)),
            By::Path => matches(&self.pattern, operation.path),
            By::Operation => matches(&self.pattern, operation.id),
        }
    }
}

impl By {
    fn word(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Path => "path",
            Self::Operation => "operationId",
        }
    }
}

/// Whether the text fits the pattern. Takes no more steps than one text is longer than the other.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

/// `include` and `exclude` of the settings.
pub(super) fn read(tree: &Value, problems: &mut Collector) -> Filter {
    let mut choice = |key| tree.get(key).map(|value| read_choice(value, &join("", key), problems));
    Filter {
        include: choice("include").unwrap_or_default(),
        exclude: choice("exclude").unwrap_or_default(),
    }
}

/// Lists of operations.
pub(super) fn read_choice(value: &Value, pointer: &str, problems: &mut Collector) -> Choice {
    let members = match value {
        Value::Object(members) if !members.is_empty() => members,
        _ => {
            let message = format!("`{}` names no operations", &pointer[1..]);
            let help = format!("write lists below it, under {}", KEYS.join(", "));
            problems.error("wrong-kind", pointer, message, help);
            return Choice::default();
        }
    };
    let mut found = Vec::new();
    for (name, value) in members {
        let pointer = join(pointer, name);
        let by = KEYS.iter().zip(NAMES).find(|(known, _)| *known == name);
        let (Some((_, by)), Some(items)) = (by, value.as_array()) else {
            let message = format!("`{name}` is no list of operations");
            let help = format!("the lists are {}", KEYS.join(", "));
            problems.error("wrong-kind", &pointer, message, help);
            continue;
        };
        for (index, item) in items.iter().enumerate() {
            let pointer = join(&pointer, &index.to_string());
            let rule = |text: &str| text.is_empty().then_some("write a name or a pattern");
            if let Some(pattern) = checked_text(item, &pointer, rule, problems) {
                found.push(Entry { by, pattern, pointer });
            }
        }
    }
    Choice(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, fits) in [
            ("/a", "/a", true),
            ("/a", "/a/b", false),
            ("/a*", "/a/b", true),
            ("*", "", true),
            ("/*/b", "/a/x/b", true),
            ("a*b*c", "a1b2b3c", true),
            ("a*bc*c", "abc", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
