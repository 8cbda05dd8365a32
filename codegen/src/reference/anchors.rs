//! Names of places on the page, each given once, and who may be linked to.

use std::collections::{BTreeMap, BTreeSet};

/// Gives out anchors.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    taken: BTreeSet<String>,
}

impl Anchors {
    /// An anchor of its own for `name`: ASCII letters, digits, `-` and `_` behind the prefix.
    pub fn take(&mut self, prefix: &str, name: &str) -> String {
        let base = format!("{prefix}-{}", slug(name));
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let free = std::iter::once(base.clone()).chain(numbered);
        let anchor = free.into_iter().find(|anchor| !self.taken.contains(anchor)).unwrap_or(base);
        self.taken.insert(anchor.clone());
        anchor
    }
}

/// `name` as part of an anchor.
pub(super) fn slug(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let text: String = deunicode::deunicode(name).chars().map(kept).collect();
    let mut parts = text.split('-').filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or("x").to_owned();
    parts.fold(first, |text, part| format!("{text}-{part}"))
}

/// What prose may lead to: names to anchors.
#[derive(Debug, Default)]
pub(super) struct Targets {
    pub operations: BTreeMap<String, String>,
    pub schemas: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    /// Anchors of the security schemes.
    pub schemes: BTreeSet<String>,
}

impl Targets {
    /// The anchor of what a code span names as a whole.
    pub fn named(&self, code: &str) -> Option<&str> {
        self.operations.get(code).or_else(|| self.schemas.get(code)).map(String::as_str)
    }

    /// The anchor of a fragment of ours for credentials, or of one as other readers of documents have
    /// them: `#tag/pets`, `#operation/listPets`, `#/components/schemas/Pet`.
    pub fn fragment(&self, fragment: &str) -> Option<&str> {
        if let Some(own) = self.schemes.get(fragment) {
            return Some(own);
        }
        let fragment = fragment.trim_start_matches('/');
        let last = fragment.rsplit('/').next()?;
        let map = match fragment.split('/').next()? {
            "tag" if fragment.matches('/').count() == 1 => &self.tags,
            "tag" | "operation" => &self.operations,
            "components" | "schemas" => &self.schemas,
            _ => return None,
        };
        map.get(last).map(String::as_str)
    }
}
