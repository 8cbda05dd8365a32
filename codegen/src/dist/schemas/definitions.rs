//! Which schemas have a name: the components, and what references mean in the middle of others.

use std::collections::{HashMap, HashSet};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use super::references;
use crate::check::internal;
use crate::dist::names;
use crate::source::{join, tokens};

/// What a fragment of a URI must not hold (RFC 3986, 3.5).
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
const COMPONENTS: &str = "/components/schemas";

/// Named schemas in the order of the document, then those that only references name.
#[derive(Default)]
pub(super) struct Definitions<'a> {
    entries: Vec<(String, &'a Value)>,
    names: HashSet<String>,
    /// Pointer to number of the entry.
    by_pointer: HashMap<String, usize>,
}

impl<'a> Definitions<'a> {
    /// All components, and what they refer to.
    pub(super) fn whole(tree: &'a Value) -> Self {
        let mut own = Self::default();
        let components = tree.pointer(COMPONENTS).and_then(Value::as_object);
        for (name, schema) in components.into_iter().flatten() {
            own.add(join(COMPONENTS, name), name.clone(), schema);
        }
        own.close(tree)
    }

    /// What a schema refers to, and what that refers to.
    pub(super) fn reached(tree: &'a Value, schema: &Value) -> Self {
        let mut own = Self::default();
        own.follow(tree, schema);
        own.close(tree)
    }

    /// Every pointer has one entry, so this ends.
    fn close(mut self, tree: &'a Value) -> Self {
        let mut at = 0;
        while let Some((_, schema)) = self.entries.get(at) {
            let schema = *schema;
            self.follow(tree, schema);
            at += 1;
        }
        self
    }

    fn follow(&mut self, tree: &'a Value, schema: &Value) {
        for pointer in references(schema).iter().filter_map(|target| internal(target)) {
            if let Some(schema) = tree.pointer(&pointer)
                && !self.by_pointer.contains_key(&pointer)
            {
                let name = self.name(&pointer);
                self.add(pointer, name, schema);
            }
        }
    }

    fn add(&mut self, pointer: String, name: String, schema: &'a Value) {
        self.by_pointer.insert(pointer, self.entries.len());
        self.names.insert(name.clone());
        self.entries.push((name, schema));
    }

    /// The key of a component, or a name from the steps of a pointer.
    fn name(&self, pointer: &str) -> String {
        let inner = pointer.strip_prefix(COMPONENTS);
        let steps: Vec<_> = tokens(inner.unwrap_or(pointer)).collect();
        let name = match (inner, steps.as_slice()) {
            (Some(_), [key]) => key.to_string(),
            _ => names::safe(&steps.join(".")),
        };
        let mut numbered = (2_u64..).map(|number| format!("{name}-{number}"));
        match self.names.contains(&name) {
            true => numbered.find(|name| !self.names.contains(name)).unwrap_or(name),
            false => name,
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'a Value)> {
        self.entries.iter().map(|(name, schema)| (name.as_str(), *schema))
    }

    /// The number of what a reference means.
    pub(super) fn position(&self, target: &str) -> Option<usize> {
        self.by_pointer.get(&internal(target)?).copied()
    }

    /// The reference into `$defs` in place of one into the document.
    pub(super) fn fragment(&self, target: &str) -> Option<String> {
        let (name, _) = self.entries.get(self.position(target)?)?;
        let pointer = join("/$defs", name);
        Some(format!("#{}", utf8_percent_encode(&pointer, FRAGMENT)))
    }
}
