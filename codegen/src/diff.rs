//! What changes between two versions of a document, and whom it breaks.
//!
//! Both are compared as models. What the generator does not see is not judged, but where the
//! documents differ in it is told. Each change has two verdicts: one for callers on the wire, who were built from the old document in any language
//! and meet a service that follows the new one, and one for code that was written against the old
//! Rust client and is compiled against the new.

mod bounds;
mod operations;
mod parameters;
mod report;
mod service;
mod text;
mod types;
mod unseen;
mod version;
mod width;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::ir::{Api, TypeId};
use text::visible;

/// Whom a change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It cannot be noticed.
    None,
    /// There is more than before.
    Addition,
    /// What worked does not work any more.
    Breaking,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The operation or the type, and the member: `GET /pets`, `Pet.name`.
    pub place: String,
    /// What is different, in words.
    pub what: String,
    /// For callers that were built from the old document.
    pub wire: Effect,
    /// For code that was written against the old client.
    pub rust: Effect,
}

/// The change of a version that changes ask for. Until 1.0 the second number is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// `1.2.3` to `1.2.4`, `0.2.3` to `0.2.4`.
    Patch,
    /// `1.2.3` to `1.3.0`; until 1.0 as a patch.
    Minor,
    /// `1.2.3` to `2.0.0`, `0.2.3` to `0.3.0`.
    Major,
}

/// One of the two documents.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// What it compiles to.
    pub api: &'a Api,
    /// As it is written.
    pub tree: &'a Value,
}

/// All changes between two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// `info.version` of the old document, with escapes for what is no plain text.
    pub old: String,
    /// `info.version` of the new document, likewise.
    pub new: String,
    /// In the order of the new document, what is gone last.
    pub changes: Vec<Change>,
    /// Where the documents differ in what is not compared: JSON pointers into the new document, or
    /// into the old one for what is gone.
    pub unseen: Vec<String>,
}

/// Compares two documents.
#[must_use]
pub fn compare(old: Edition<'_>, new: Edition<'_>) -> Comparison {
    let (changes, known) = (Vec::new(), BTreeMap::new());
    let mut walk = Walk { old: old.api, new: new.api, changes, known, seen: BTreeSet::new() };
    walk.service();
    walk.operations(old.tree, new.tree);
    walk.lone_types();
    Comparison {
        old: visible(&old.api.info.version),
        new: visible(&new.api.info.version),
        unseen: unseen::pointers(old, new, walk.changes.is_empty()),
        changes: walk.changes,
    }
}

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// Callers write it.
    Request,
    /// Callers read it.
    Answer,
}

impl Side {
    /// For a change that lets more values pass than before, or fewer, or others.
    fn effect(self, width: Width) -> Effect {
        match (self, width) {
            (_, Width::Same) => Effect::None,
            (Self::Request, Width::Wider) => Effect::Addition,
            (Self::Answer, Width::Narrower) => Effect::None,
            (Self::Request, Width::Narrower) | (Self::Answer, Width::Wider) | (_, Width::Other) => {
                Effect::Breaking
            }
        }
    }
}

/// What the values of today are to those of yesterday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Same,
    Wider,
    Narrower,
    Other,
}

impl Width {
    /// Of two changes at once.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, width) | (width, Self::Same) => width,
            (first, second) if first == second => first,
            _ => Self::Other,
        }
    }

    /// Of a set that had members and has others.
    fn of(gained: bool, lost: bool) -> Self {
        match (gained, lost) {
            (false, false) => Self::Same,
            (true, false) => Self::Wider,
            (false, true) => Self::Narrower,
            (true, true) => Self::Other,
        }
    }
}

/// The comparison while it goes on.
struct Walk<'a> {
    old: &'a Api,
    new: &'a Api,
    changes: Vec<Change>,
    /// Where each change stands in `changes`: a type may be met on several ways.
    known: BTreeMap<(String, String), usize>,
    seen: BTreeSet<(TypeId, TypeId, Side)>,
}

impl Walk<'_> {
    fn tell(&mut self, place: &str, what: impl fmt::Display, wire: Effect, rust: Effect) {
        let key = (visible(place), visible(&what.to_string()));
        if let Some(change) = self.known.get(&key).and_then(|index| self.changes.get_mut(*index)) {
            change.wire = change.wire.max(wire);
            change.rust = change.rust.max(rust);
            return;
        }
        let (place, what) = key.clone();
        self.known.insert(key, self.changes.len());
        self.changes.push(Change { place, what, wire, rust });
    }

    /// Something that both verdicts are about in the same way.
    fn both(&mut self, place: &str, what: impl fmt::Display, effect: Effect) {
        self.tell(place, what, effect, effect);
    }
}
