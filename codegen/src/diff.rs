//! What changes between two versions of a document, and whom it breaks.
//!
//! Both are compared as models, so what the generator does not see is not compared. Each change has
//! two verdicts: one for callers on the wire, who were built from the old document in any language
//! and meet a service that follows the new one, and one for code that was written against the old
//! Rust client and is compiled against the new.

mod operations;
mod report;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::ir::{Api, Info, TypeId};

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

/// All changes between two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// `info.version` of the old document.
    pub old: String,
    /// `info.version` of the new document.
    pub new: String,
    /// In the order of the new document, what is gone last.
    pub changes: Vec<Change>,
}

/// Compares two models.
#[must_use]
pub fn compare(old: &Api, new: &Api) -> Comparison {
    let mut walk =
        Walk { old, new, changes: Vec::new(), known: BTreeMap::new(), seen: BTreeSet::new() };
    walk.service();
    walk.operations();
    walk.lone_types();
    let version = |info: &Info| info.version.clone();
    Comparison { old: version(&old.info), new: version(&new.info), changes: walk.changes }
}

impl Comparison {
    /// What the version must do at least; `None` if nothing has changed.
    #[must_use]
    pub fn bump(&self) -> Option<Bump> {
        let worst = self.changes.iter().map(|change| change.wire.max(change.rust)).max()?;
        Some(match worst {
            Effect::None => Bump::Patch,
            Effect::Addition => Bump::Minor,
            Effect::Breaking => Bump::Major,
        })
    }

    /// The least version that the new document may have; `None` if nothing has changed, or the old
    /// version is not one of three numbers.
    #[must_use]
    pub fn least_version(&self) -> Option<String> {
        let [major, minor, patch] = numbers(&self.old)?;
        let next = match (self.bump()?, major) {
            (Bump::Major, 0) => [0, minor + 1, 0],
            (Bump::Major, _) => [major + 1, 0, 0],
            (Bump::Minor, 1..) => [major, minor + 1, 0],
            (Bump::Minor | Bump::Patch, _) => [major, minor, patch + 1],
        };
        Some(next.map(|number| number.to_string()).join("."))
    }

    /// Whether the new document's version says what has changed.
    #[must_use]
    pub fn is_version_right(&self) -> bool {
        match self.least_version().and_then(|least| numbers(&least)) {
            Some(least) => numbers(&self.new).is_some_and(|new| new >= least),
            None => self.changes.is_empty() || self.old != self.new,
        }
    }
}

/// `1.2.3`, with or without what follows a `-` or `+`.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let plain = version.split(['-', '+']).next()?.trim_start_matches('v');
    let parts: Result<Vec<u64>, _> = plain.split('.').map(str::parse).collect();
    match *parts.ok()? {
        [major, minor, patch] => Some([major, minor, patch]),
        [major, minor] => Some([major, minor, 0]),
        _ => None,
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
        let key = (place.to_owned(), what.to_string());
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
