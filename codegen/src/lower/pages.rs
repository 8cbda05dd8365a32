//! Which operations page, and how.

mod foreign;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::context::Context;
use super::operations::Found;
use crate::ir::{Answer, Object, Operation, Pagination, Shape, TypeId, TypeRef};

/// The extension that describes paging.
const EXTENSION: &str = "x-pagination";
/// Names of the document that a message lists.
const LISTED: usize = 20;

/// How an operation pages, in names of the document.
#[derive(Debug, Default)]
struct Terms<'a> {
    cursor: Option<&'a str>,
    next: Option<&'a str>,
    items: Option<&'a str>,
    limit: Option<&'a str>,
    /// Whether an operation may be without the limit.
    limit_if_there: bool,
    max: Option<u64>,
}

/// What is wrong with one of the terms.
struct Fault {
    key: &'static str,
    problem: String,
    help: String,
}

impl<'a> Terms<'a> {
    /// Those of `x-pagination`.
    fn of(extension: &'a Value) -> Self {
        let text = |key: &str| extension.get(key).and_then(Value::as_str);
        Self {
            cursor: text("cursor"),
            next: text("next"),
            items: text("items"),
            limit: text("limit"),
            limit_if_there: false,
            max: extension.get("max").and_then(Value::as_u64),
        }
    }
}

impl Context<'_> {
    /// How an operation pages: as the settings say, or else as `x-pagination` says, or else as an
    /// extension of others says. A name that leads nowhere is an error.
    pub(super) fn pagination(
        &mut self,
        found: &Found<'_>,
        operation: &Operation,
    ) -> Option<Pagination> {
        if let Some(entry) = self.declared(found, operation) {
            return self.declared_pagination(entry, operation);
        }
        let Some(extension) = found.source.extensions.get(EXTENSION) else {
            return self.foreign_pagination(found, operation);
        };
        let faults = match self.resolve(&Terms::of(extension), operation) {
            Ok(pagination) => return Some(pagination),
            Err(faults) => faults,
        };
        for Fault { key, problem, help } in faults {
            let message = format!("the paging of {} cannot work: {problem}", operation.name.wire);
            let pointer = format!("{}/{EXTENSION}/{key}", found.pointer);
            self.problems.error("bad-pagination", &pointer, message, help);
        }
        None
    }

    /// The entry of the settings that says how an operation pages. One that chooses it by a tag, a
    /// path or a pattern says it of those operations only that have the cursor.
    fn declared(&self, found: &Found<'_>, operation: &Operation) -> Option<usize> {
        let candidate = found.candidate();
        self.config.paging.iter().position(|entry| {
            let cursor = Terms::of(&entry.terms).cursor;
            entry.operations.names_only(&candidate)
                || entry.operations.names(&candidate)
                    && cursor.is_some_and(|cursor| parameter(operation, cursor).is_some())
        })
    }

    fn declared_pagination(&mut self, index: usize, operation: &Operation) -> Option<Pagination> {
        let entry = &self.config.paging[index];
        self.paging_idle.remove(&index);
        let faults = match self.resolve(&Terms::of(&entry.terms), operation) {
            Ok(pagination) => return Some(pagination),
            Err(faults) => faults,
        };
        for Fault { key, problem, help } in faults {
            let message = format!("the paging of {} cannot work: {problem}", operation.name.wire);
            let pointer = format!("{}/{key}", entry.pointer);
            self.settings.error("bad-pagination", &pointer, message, help);
        }
        None
    }

    /// Tells which entries of the settings no operation pages by.
    pub(super) fn tell_unused_paging(&mut self) {
        for index in &self.paging_idle {
            let entry = &self.config.paging[*index];
            self.settings.error(
                "nothing-matches",
                &format!("{}/cursor", entry.pointer),
                format!(
                    "no operation pages by this entry: none that it chooses has the parameter `{}`, or entries above it choose them all",
                    Terms::of(&entry.terms).cursor.unwrap_or_default()
                ),
                "name the parameter as the document does, or remove the entry",
            );
        }
    }

    /// How an operation pages by extensions that others have made.
    fn foreign_pagination(
        &mut self,
        found: &Found<'_>,
        operation: &Operation,
    ) -> Option<Pagination> {
        for (key, read) in foreign::EXTENSIONS {
            let Some(value) = found.source.extensions.get(*key) else { continue };
            let terms = match read(value, &self.openapi.extensions) {
                Ok(None) => continue,
                read => read.map(Option::unwrap_or_default),
            };
            let resolved = terms.and_then(|terms| {
                self.resolve(&terms, operation).map_err(|faults| {
                    let problems = faults.into_iter().map(|fault| fault.problem);
                    problems.collect::<Vec<_>>().join("; ")
                })
            });
            let problem = match resolved {
                Ok(pagination) => return Some(pagination),
                Err(problem) => problem,
            };
            self.problems.warning(
                "unused-extension",
                &format!("{}/{key}", found.pointer),
                format!("`{key}` is not used, the operation has no `pages()`: {problem}"),
                "say under `pagination` in the settings how it pages, if a parameter takes a member of the answer back",
            );
        }
        None
    }

    /// Looks every name up.
    fn resolve(&self, terms: &Terms<'_>, operation: &Operation) -> Result<Pagination, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut keep = |found: Result<usize, Fault>| found.map_err(|fault| faults.push(fault)).ok();
        let parameters: Vec<&str> =
            operation.parameters.iter().map(|parameter| parameter.name.wire.as_str()).collect();
        let find = |key, name| find(key, name, &parameters, "parameter of the operation");
        let cursor = keep(find("cursor", terms.cursor));
        let limit = terms.limit.map(|name| find("limit", Some(name)));
        let limit =
            limit.filter(|found| found.is_ok() || !terms.limit_if_there).and_then(&mut keep);
        let Some((page, object)) = self.page(operation) else {
            let problem = "the answer is no object".to_owned();
            let help = "only an operation that answers with one object can page".to_owned();
            faults.push(Fault { key: "items", problem, help });
            return Err(faults);
        };
        let members: Vec<&str> =
            object.fields.iter().map(|field| field.name.wire.as_str()).collect();
        let mut keep = |found: Result<usize, Fault>| found.map_err(|fault| faults.push(fault)).ok();
        let next = keep(self::find("next", terms.next, &members, "member of the answer"));
        let items = keep(self::find("items", terms.items, &members, "member of the answer"));
        let item = items.and_then(|items| match self.resolve_alias(&object.fields[items].ty) {
            TypeRef::List(item) => Some(*item),
            _ => {
                let problem = "`items` names a member that is no list".to_owned();
                let help = "name the member that holds the list".to_owned();
                faults.push(Fault { key: "items", problem, help });
                None
            }
        });
        match (cursor, next, items, item) {
            (Some(cursor), Some(next), Some(items), Some(item)) if faults.is_empty() => {
                Ok(Pagination { cursor, limit, max: terms.max, next, items, page, item })
            }
            _ => Err(faults),
        }
    }

    /// The object that an operation answers with.
    fn page(&self, operation: &Operation) -> Option<(TypeId, &Object)> {
        let Answer::Body { ty, .. } = &operation.answer else { return None };
        let TypeRef::Named(page) = self.resolve_alias(ty) else { return None };
        match &self.types[page.0].shape {
            Shape::Object(object) => Some((page, object)),
            Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) | Shape::Alias { .. } => None,
        }
    }
}

fn parameter(operation: &Operation, name: &str) -> Option<usize> {
    operation.parameters.iter().position(|parameter| parameter.name.wire == name)
}

/// The place of a name among those that exist.
fn find(key: &'static str, name: Option<&str>, known: &[&str], what: &str) -> Result<usize, Fault> {
    let problem = match name {
        None => format!("`{key}` is missing"),
        Some(name) => match known.iter().position(|known| *known == name) {
            Some(index) => return Ok(index),
            None => format!("`{key}` names no {what}: {name}"),
        },
    };
    let listed = known.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    let help = match known.len() {
        0 => format!("there is no {what}"),
        count if count > LISTED => format!("name a {what}, such as {listed}"),
        _ => format!("name a {what}: {listed}"),
    };
    Err(Fault { key, problem, help })
}
