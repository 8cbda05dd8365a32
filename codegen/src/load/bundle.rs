//! A document and the files that it refers to, made into one tree.
//!
//! A reference to another file makes its target a component of this document, once, and then leads
//! there. Where the model knows no references, as in paths, the target is written in their place.
//! Places stay those of the author's files.

mod library;
mod names;
mod resolve;
mod walk;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use serde_json::Value;

use super::files::Disk;
use super::{Document, Problem, tree};
use crate::check::{COMPONENTS, REF};
use crate::diagnostic::Severity;
use crate::dialect::{self, Dialect};
use crate::piece::{Members, Piece};
use crate::source::{Span, join};
use library::Library;
use names::Names;

/// Most values that are written in place of references.
const MAX_COPIED: usize = 2_000_000;
/// Deepest nesting once things were moved around, a little more than that of one file.
const MAX_LEVELS: usize = tree::MAX_DEPTH + 32;

/// Which file a value comes from, and where in it the schema stands that its references count from.
#[derive(Debug, Clone)]
struct Here {
    file: usize,
    /// Pointer of the nearest schema with an `$id`; empty for the file itself.
    resource: Rc<str>,
}

/// What a reference leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Target {
    file: usize,
    pointer: String,
}

impl Target {
    fn below(&self, key: &str) -> Self {
        Self { file: self.file, pointer: join(&self.pointer, key) }
    }
}

/// A target that becomes a component.
#[derive(Debug)]
struct Import {
    target: Target,
    part: &'static str,
    name: String,
}

/// The state of one run.
struct Bundler {
    library: Library,
    dialect: Dialect,
    problems: Vec<Problem>,
    failed: BTreeSet<u32>,
    names: Names,
    /// Names of the targets that are components by now, by their part.
    imports: HashMap<(Target, &'static str), String>,
    queue: VecDeque<Import>,
    /// Where the walk is in the tree that is being made.
    pointer: String,
    /// Targets that are being written in place of references.
    open: Vec<Target>,
    copied: usize,
}

/// The document with everything that it refers to, in the words of OpenAPI 3.0.
pub(super) fn whole(document: Document, disk: Option<Disk>) -> Document {
    let Some(dialect) = Dialect::of(&document.tree) else { return document };
    let elsewhere = refers_elsewhere(&document.tree, 0);
    if !dialect.is_newer() && !elsewhere {
        return document;
    }
    let Document { tree, mut source, mut problems, path, mut failed, .. } = document;
    let mut root = Piece::join(tree, source.take_root(), 0);
    if elsewhere {
        let mut bundler = Bundler {
            library: Library::new(root.clone(), source, disk),
            dialect,
            problems,
            failed,
            names: Names::default(),
            imports: HashMap::new(),
            queue: VecDeque::new(),
            pointer: String::new(),
            open: Vec::new(),
            copied: 0,
        };
        bundler.run(&mut root);
        (source, problems, failed) = (bundler.library.source, bundler.problems, bundler.failed);
    }
    if dialect.is_newer() {
        dialect::translate(&mut root, dialect, &mut problems);
    }
    if root.height() > MAX_LEVELS {
        let message = "the document is nested too deeply once its files are put together";
        let help = "name an inner schema under components.schemas and refer to it";
        problems.push(tree::stop("too-deep", Span::default(), message, help));
        root = Piece::written(serde_json::json!({ "openapi": "3.0.3" }), Span::default());
    }
    let (tree, node) = root.split();
    let source = source.with_root(node);
    Document { tree, source, problems, path, as_written: false, failed }
}

/// Whether there is a reference that leads to another file, or to a place or from a place where the
/// model has none.
fn refers_elsewhere(value: &Value, level: usize) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| refers_elsewhere(item, level + 1)),
        Value::Object(members) => members.iter().any(|(key, value)| match (key.as_str(), value) {
            (REF, Value::String(text)) => !is_plain(text),
            ("paths", Value::Object(paths)) if level == 0 => {
                paths.values().any(|item| item.get(REF).is_some() || refers_elsewhere(item, 2))
            }
            ("securitySchemes", Value::Object(schemes)) if level == 1 => {
                schemes.values().any(|scheme| scheme.get(REF).is_some())
            }
            ("mapping", Value::Object(mapping)) => {
                mapping.values().filter_map(Value::as_str).any(resolve::is_file)
                    || refers_elsewhere(value, level + 1)
            }
            ("$dynamicRef", Value::String(_)) => true,
            _ => refers_elsewhere(value, level + 1),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// `#/components/schemas/A` and the like, which every stage knows.
fn is_plain(text: &str) -> bool {
    text.strip_prefix("#/components/")
        .is_some_and(|rest| rest.split('/').count() == 2 || rest.contains("/properties/"))
        && !text.contains("/$defs/")
        && !text.starts_with("#/components/pathItems/")
}

impl Bundler {
    fn run(&mut self, root: &mut Piece) {
        let index = root.members().and_then(|members| members.get_index_of("components"));
        let mut components =
            root.members_mut().and_then(|members| members.shift_remove("components"));
        let homes = components.as_mut().map(|components| self.claim(components));
        self.document(root);
        if let (Some(components), Some(homes)) = (&mut components, homes) {
            self.components(components, &homes);
        }
        while let Some(import) = self.queue.pop_front() {
            self.import(import, &mut components);
        }
        let (Some(members), Some(components)) = (root.members_mut(), components) else { return };
        let index = index.unwrap_or(members.len()).min(members.len());
        members.shift_insert(index, "components".to_owned(), components);
    }

    /// Puts the target of a reference among the components.
    fn import(&mut self, import: Import, components: &mut Option<Piece>) {
        let Import { target, part, name } = import;
        let Some(mut piece) = self.copy(&target) else { return };
        let here = self.home(&target);
        let pointer = join(&format!("/components/{part}"), &name);
        self.component_at(&mut piece, part, &here, pointer);
        let at = piece.span;
        // The key of the place that it came from is not the key that it has now, but its place is.
        let components = components.get_or_insert_with(|| Piece::map(Members::new(), at));
        let Some(parts) = components.members_mut() else { return };
        let part = parts.entry(part.to_owned()).or_insert_with(|| Piece::map(Members::new(), at));
        if let Some(members) = part.members_mut() {
            members.insert(name, piece);
        }
    }

    /// A copy of what a target is, as far as there is room.
    fn copy(&mut self, target: &Target) -> Option<Piece> {
        let found = self.library.at(target)?;
        self.copied += found.size();
        let copy = (self.copied <= MAX_COPIED).then(|| found.clone());
        if copy.is_none() && self.problems.last().is_none_or(|last| last.code != "too-large") {
            let message = "the document grows too large when its references are followed";
            let problem = tree::stop("too-large", Span::default(), message, "refer less often");
            self.problems.push(problem);
        }
        copy
    }

    /// The schema with an `$id` that stands at a target, or around it.
    fn home(&self, target: &Target) -> Here {
        Here { file: target.file, resource: self.library.resource(target) }
    }

    fn problem(
        &mut self,
        severity: Severity,
        code: &'static str,
        at: Span,
        message: String,
        help: impl Into<String>,
    ) {
        let problem = tree::stop(code, at, message, help);
        self.problems.push(Problem { severity, pointer: self.pointer.clone(), ..problem });
    }

    /// A reference that leads nowhere.
    fn refuse(&mut self, code: &'static str, at: Span, message: String, help: impl Into<String>) {
        self.failed.insert(at.start);
        let length = self.pointer.len();
        self.pointer.push_str("/$ref");
        self.problem(Severity::Error, code, at, message, help);
        self.pointer.truncate(length);
    }
}

/// The part of `components` of this name, as the tables have it.
fn known_part(name: &str) -> Option<&'static str> {
    COMPONENTS.iter().map(|(_, part)| *part).find(|part| *part == name)
}

#[cfg(test)]
mod tests;
