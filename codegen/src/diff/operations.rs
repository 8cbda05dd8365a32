//! What can be called, and what comes back.

use serde_json::Value;

use super::Effect::{Addition, Breaking, None as Nothing};
use super::text::code;
use super::{Side, Walk, Width};
use crate::ir::{Answer, Api, Body, Family, Operation, Streamed};

/// An operation and the family it is in.
type Found<'a> = (&'a Family, &'a Operation);

impl Walk<'_> {
    pub(super) fn operations(&mut self, old_tree: &Value, new_tree: &Value) {
        let (old, new) = (self.old, self.new);
        for found in all(new) {
            let place = place(found.1);
            match counterpart(old, new, found.1) {
                Some(before) => {
                    self.operation(&place, before, found);
                    let before = successes(old_tree, before.1);
                    self.successes(&place, &before, &successes(new_tree, found.1));
                }
                None => self.both(&place, "is new", Addition),
            }
        }
        for (_, operation) in all(old) {
            if counterpart(new, old, operation).is_none() {
                self.both(&place(operation), "is gone", Breaking);
            }
        }
    }

    fn operation(&mut self, place: &str, old: Found<'_>, new: Found<'_>) {
        let ((old_family, old), (new_family, new)) = (old, new);
        if route(old) != route(new) {
            let before = format!("{} {}", old.method.as_str(), old.path);
            self.tell(place, format!("was {}", code(&before)), Breaking, Nothing);
        }
        let call = |family: &Family, operation: &Operation| {
            format!("{}().{}", family.name.rust, operation.name.rust)
        };
        let (before, after) = (call(old_family, old), call(new_family, new));
        if before != after || old.request != new.request {
            self.tell(
                place,
                format!("is called `{after}` instead of `{before}` in Rust"),
                Nothing,
                Breaking,
            );
        }
        self.parameters(place, old, new);
        self.bodies(place, old.body.as_ref(), new.body.as_ref());
        self.answers(place, &old.answer, &new.answer);
        self.streams(place, old.stream.as_ref(), new.stream.as_ref());
        self.errors(place, old, new);
        self.promises(place, old, new);
    }

    fn bodies(&mut self, place: &str, old: Option<&Body>, new: Option<&Body>) {
        let place = &format!("{place} body");
        match (old, new) {
            (None, None) => {}
            (None, Some(body)) if body.required => {
                self.both(place, "is new and required", Breaking)
            }
            (None, Some(_)) => self.both(place, "is new", Addition),
            (Some(_), None) => self.both(place, "is gone", Breaking),
            (Some(old), Some(new)) => {
                match (old.required, new.required) {
                    (false, true) => self.both(place, "is required", Breaking),
                    (true, false) => self.tell(place, "is optional", Addition, Breaking),
                    _ => {}
                }
                if old.media_type != new.media_type {
                    let (after, before) = (code(&new.media_type), code(&old.media_type));
                    let what = format!("is {after} instead of {before}");
                    self.tell(place, what, Breaking, Nothing);
                }
                self.values(place, &old.ty, &new.ty, Side::Request);
            }
        }
    }

    fn answers(&mut self, place: &str, old: &Answer, new: &Answer) {
        let place = &format!("{place} answer");
        match (old, new) {
            (Answer::Nothing, Answer::Nothing) | (Answer::Stream, Answer::Stream) => {}
            (Answer::Stream, Answer::Nothing | Answer::Body { .. }) => {
                self.both(place, "is not only a stream any more", Breaking);
            }
            (Answer::Nothing | Answer::Body { .. }, Answer::Stream) => {
                self.both(place, "is nothing but a stream", Breaking);
            }
            (Answer::Nothing, Answer::Body { .. }) => {
                self.tell(place, "has a body", Addition, Breaking);
            }
            (Answer::Body { .. }, Answer::Nothing) => {
                self.both(place, "has no body any more", Breaking);
            }
            (
                Answer::Body { ty: old, media_type: before, .. },
                Answer::Body { ty: new, media_type: after, .. },
            ) => {
                let plain = |media_type: &Option<String>| {
                    let plain = media_type.as_ref().and_then(|own| own.split(';').next());
                    plain.map(|own| own.trim().to_lowercase())
                };
                if plain(before) != plain(after) {
                    self.tell(place, "has another media type", Breaking, Nothing);
                }
                self.values(place, old, new, Side::Answer);
            }
            (Answer::ByStatus(old), Answer::ByStatus(new)) => {
                for success in &old.successes {
                    let after = new.successes.iter().find(|own| own.status == success.status);
                    if let Some(after) = after {
                        let place = format!("{place} {}", success.status);
                        self.answers(&place, &success.answer, &after.answer);
                    }
                }
            }
            (_, Answer::ByStatus(new)) => {
                self.tell(place, "depends on the status", Nothing, Breaking);
                for success in new.successes.iter().filter(|own| own.answer != Answer::Nothing) {
                    self.answers(&format!("{place} {}", success.status), old, &success.answer);
                }
            }
            (Answer::ByStatus(old), _) => {
                self.tell(place, "does not depend on the status any more", Nothing, Breaking);
                for success in old.successes.iter().filter(|own| own.answer != Answer::Nothing) {
                    self.answers(&format!("{place} {}", success.status), &success.answer, new);
                }
            }
        }
    }

    fn streams(&mut self, place: &str, old: Option<&Streamed>, new: Option<&Streamed>) {
        let place = &format!("{place} stream");
        match (old, new) {
            (None, None) => {}
            (None, Some(_)) => self.both(place, "is new", Addition),
            (Some(_), None) => self.both(place, "is gone", Breaking),
            (Some(old), Some(new)) => {
                if old.format != new.format || old.media_type != new.media_type {
                    self.both(place, "has another media type", Breaking);
                }
                self.values(place, &old.ty, &new.ty, Side::Answer);
            }
        }
    }

    /// Callers may look for the very status that they know.
    fn successes(&mut self, place: &str, old: &[&str], new: &[&str]) {
        let is_in = |list: &[&str], status: &str| {
            list.iter().any(|own| *own == status || matches!(*own, "2XX" | "2xx" | "default"))
        };
        let lacks = |list: &[&str], all: &[&str]| all.iter().any(|own| !is_in(list, own));
        let width = Width::of(lacks(old, new), lacks(new, old));
        if width != Width::Same {
            let [after, before] = [new, old].map(|list| match list {
                [] => "nothing".to_owned(),
                list => code(&list.join(", ")),
            });
            let what = format!("succeeds with {after} instead of {before}");
            self.tell(place, what, Side::Answer.effect(width), Nothing);
        }
    }

    fn errors(&mut self, place: &str, old: &Operation, new: &Operation) {
        for error in &new.errors {
            let place = &format!("{place} {}", error.status);
            match old.errors.iter().find(|own| own.status == error.status) {
                // Whoever calls an API meets errors that it has not described.
                None => self.tell(place, "is a new error", Addition, Nothing),
                Some(before) => match (&before.ty, &error.ty) {
                    (Some(old), Some(new)) => self.values(place, old, new, Side::Answer),
                    (Some(_), None) => {
                        self.tell(place, "has no described body any more", Breaking, Nothing)
                    }
                    (None, Some(_)) => self.tell(place, "has a described body", Addition, Nothing),
                    (None, None) => {}
                },
            }
        }
        for error in &old.errors {
            if new.errors.iter().all(|own| own.status != error.status) {
                let place = format!("{place} {}", error.status);
                self.tell(&place, "is no error any more", Nothing, Nothing);
            }
        }
    }

    /// What is said beside the values.
    fn promises(&mut self, place: &str, old: &Operation, new: &Operation) {
        if new.deprecated && !old.deprecated {
            self.tell(place, "is deprecated", Nothing, Addition);
        }
        if old.retry != new.retry {
            self.tell(place, "is sent again under other conditions", Nothing, Nothing);
        }
        let schemes = |api: &Api, operation: &Operation| -> Vec<Vec<String>> {
            let name = |index: &usize| api.schemes.get(*index).map(|own| own.name.wire.clone());
            let sets = operation.security.iter();
            sets.map(|set| set.iter().filter_map(name).collect()).collect()
        };
        let (before, after) = (schemes(self.old, old), schemes(self.new, new));
        if before != after {
            // Without any set, none is needed.
            let holds = !before.is_empty() && before.iter().all(|set| after.contains(set));
            let is_kept = after.is_empty() || holds;
            let effect = if is_kept { Addition } else { Breaking };
            self.tell(place, "asks for other credentials", effect, Nothing);
        }
        match (old.pagination.is_some(), new.pagination.is_some()) {
            (false, true) => self.tell(place, "can be read page by page", Nothing, Addition),
            (true, false) => {
                self.tell(place, "cannot be read page by page any more", Nothing, Breaking)
            }
            _ => {}
        }
        match (old.batch.is_some(), new.batch.is_some()) {
            (false, true) => self.tell(place, "can be sent in chunks", Nothing, Addition),
            (true, false) => {
                self.tell(place, "cannot be sent in chunks any more", Nothing, Breaking)
            }
            _ => {}
        }
    }
}

fn all(api: &Api) -> impl Iterator<Item = Found<'_>> {
    api.families
        .iter()
        .flat_map(|family| family.operations.iter().map(move |operation| (family, operation)))
}

/// The statuses of a success that the document names; the model has only what they carry.
fn successes<'a>(tree: &'a Value, operation: &Operation) -> Vec<&'a str> {
    let method = operation.method.as_str().to_lowercase();
    let is_own = |path: &str| path.split('#').next() == Some(operation.path.as_str());
    let paths = tree.get("paths").and_then(Value::as_object).into_iter().flatten();
    let own = paths.filter(|(path, _)| is_own(path));
    let responses = own.filter_map(|(_, item)| item.get(&method)?.get("responses")?.as_object());
    let statuses: Vec<&str> = responses.flat_map(|own| own.keys().map(String::as_str)).collect();
    let mut found: Vec<&str> =
        statuses.iter().copied().filter(|status| status.starts_with('2')).collect();
    if found.is_empty() {
        found.extend(statuses.iter().filter(|status| **status == "default"));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The same operation of the other document: by method and path, or else by its id if neither
/// document has both.
fn counterpart<'a>(other: &'a Api, own: &Api, operation: &Operation) -> Option<Found<'a>> {
    let by_route = all(other).find(|(_, candidate)| route(candidate) == route(operation));
    by_route.or_else(|| {
        let is_free =
            |candidate: &Operation| all(own).all(|(_, another)| route(another) != route(candidate));
        let wire = &operation.name.wire;
        all(other).find(|(_, candidate)| candidate.name.wire == *wire && is_free(candidate))
    })
}

/// What a request line holds.
fn route(operation: &Operation) -> (&'static str, String) {
    (operation.method.as_str(), without_names(&operation.path))
}

/// A path as it is sent: names in braces are the document's own.
pub(super) fn without_names(path: &str) -> String {
    let mut plain = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        plain.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

fn place(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.path)
}
