//! Which page each named schema stands on, and how a reader gets there.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::text::{Slugs, cell};
use crate::dist::outline::{Family, Operation, Outline, component, resolve};
use crate::dist::schemas::references;

/// The page of what several families use.
pub(super) const SHARED: &str = "types";
/// The heading above the types of a family.
pub(super) const TYPES: &str = "Types";

/// A page and a heading on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Home {
    pub(super) page: String,
    pub(super) anchor: String,
}

/// What stands where.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// For each family, the schemas that nothing else uses, in document order.
    pub(super) own: Vec<Vec<(&'a str, &'a Value)>>,
    /// The others.
    pub(super) shared: Vec<(&'a str, &'a Value)>,
    /// For each family, the anchors of its operations.
    pub(super) operations: Vec<Vec<String>>,
    homes: HashMap<&'a str, Home>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(outline: &Outline<'a>) -> Self {
        let components = outline.tree.pointer("/components/schemas").and_then(Value::as_object);
        let count = outline.families.len();
        let mut plan = Self {
            own: vec![Vec::new(); count],
            shared: Vec::new(),
            operations: Vec::new(),
            homes: HashMap::new(),
        };
        let reached: Vec<HashSet<String>> =
            outline.families.iter().map(|family| reached(outline.tree, family)).collect();
        for (name, schema) in components.into_iter().flatten() {
            let mut users = (0..count).filter(|family| reached[*family].contains(name));
            match (users.next(), users.next()) {
                (Some(family), None) => plan.own[family].push((name, schema)),
                _ => plan.shared.push((name, schema)),
            }
        }
        plan.settle(outline);
        plan
    }

    /// Gives every heading its anchor, in the order in which the pages are written.
    fn settle(&mut self, outline: &Outline<'a>) {
        for (family, types) in outline.families.iter().zip(&self.own) {
            let mut slugs = Slugs::default();
            slugs.take(family.title);
            let operations = &family.operations;
            self.operations.push(operations.iter().map(|one| slugs.take(&one.id)).collect());
            slugs.take(TYPES);
            for (name, _) in types {
                let home = Home { page: family.file.clone(), anchor: slugs.take(name) };
                self.homes.insert(name, home);
            }
        }
        let mut slugs = Slugs::default();
        slugs.take(TYPES);
        for (name, _) in &self.shared {
            let home = Home { page: SHARED.to_owned(), anchor: slugs.take(name) };
            self.homes.insert(name, home);
        }
    }

    /// Links as they are written on a page.
    pub(super) fn links<'p>(&'p self, page: &'p str, whole: bool) -> Links<'p> {
        Links { homes: &self.homes, page, whole }
    }
}

/// All components that the operations of a family show or link to.
fn reached(tree: &Value, family: &Family<'_>) -> HashSet<String> {
    let mut open: Vec<String> =
        family.operations.iter().flat_map(|one| mentioned(tree, one)).collect();
    let mut reached = HashSet::new();
    while let Some(reference) = open.pop() {
        let key = component(&reference).unwrap_or_else(|| reference.clone());
        if reached.insert(key) {
            let value = serde_json::json!({ "$ref": reference });
            open.extend(references(resolve_once(tree, &value)));
        }
    }
    reached
}

/// What a reference leads to in one step: an alias of a component has a name of its own.
fn resolve_once<'v>(tree: &'v Value, value: &'v Value) -> &'v Value {
    let pointer = value["$ref"].as_str().and_then(crate::check::internal);
    pointer.and_then(|pointer| tree.pointer(&pointer)).unwrap_or(&Value::Null)
}

/// References in what an operation takes and gives. The members of a body are shown with the
/// operation, so the body itself is not linked to.
fn mentioned(tree: &Value, operation: &Operation<'_>) -> Vec<String> {
    let headers = operation.answers.iter().flat_map(|answer| &answer.headers);
    let parameters = operation.parameters.iter().chain(headers);
    let answers = operation.answers.iter().flat_map(|answer| &answer.contents);
    let bodies = operation.body.iter().flat_map(|body| &body.contents);
    let whole = parameters.filter_map(|one| one.schema).chain(answers.filter_map(|one| one.schema));
    let inside = bodies.filter_map(|one| one.schema).map(|schema| resolve(tree, schema));
    whole.chain(inside).flat_map(references).collect()
}

/// How a page writes links.
#[derive(Debug, Clone, Copy)]
pub(super) struct Links<'p> {
    homes: &'p HashMap<&'p str, Home>,
    page: &'p str,
    /// All pages stand in one file above their folder.
    whole: bool,
}

impl Links<'_> {
    /// A link to a component.
    pub(super) fn to(&self, name: &str) -> String {
        match self.homes.get(name) {
            Some(Home { page, anchor }) if page == self.page && !self.whole => {
                format!("[{}](#{anchor})", cell(name))
            }
            Some(Home { page, anchor }) => {
                format!("[{}]({}#{anchor})", cell(name), self.page(page))
            }
            None => cell(name),
        }
    }

    /// The address of a page.
    pub(super) fn page(&self, page: &str) -> String {
        if self.whole { format!("{}/{page}.md", super::FOLDER) } else { format!("{page}.md") }
    }
}
