//! What can be called, and with what.

use super::Effect::{Addition, Breaking, None as Nothing};
use super::{Side, Walk};
use crate::ir::{Answer, Api, Body, Family, Operation, Parameter, Place};

/// An operation and the family it is in.
type Found<'a> = (&'a Family, &'a Operation);

impl Walk<'_> {
    /// Where the API is served, how callers show who they are, how much they may ask.
    pub(super) fn service(&mut self) {
        let (old, new) = (self.old, self.new);
        for server in &new.servers {
            let place = format!("server {}", server.name.wire);
            match old.servers.iter().find(|own| own.name.rust == server.name.rust) {
                None => self.both(&place, "is new", Addition),
                Some(before) if before.url != server.url => {
                    self.tell(&place, "has another URL", Breaking, Nothing);
                }
                Some(_) => {}
            }
        }
        for server in &old.servers {
            if new.servers.iter().all(|own| own.name.rust != server.name.rust) {
                self.both(&format!("server {}", server.name.wire), "is gone", Breaking);
            }
        }
        for scheme in &new.schemes {
            let place = format!("security scheme {}", scheme.name.wire);
            match old.schemes.iter().find(|own| own.name.wire == scheme.name.wire) {
                None => self.both(&place, "is new", Addition),
                Some(before) if before.kind != scheme.kind => {
                    self.both(&place, "travels in another way", Breaking);
                }
                Some(_) => {}
            }
        }
        for scheme in &old.schemes {
            if new.schemes.iter().all(|own| own.name.wire != scheme.name.wire) {
                self.both(&format!("security scheme {}", scheme.name.wire), "is gone", Breaking);
            }
        }
        if old.rate_limits != new.rate_limits {
            self.both("rate limits", "are others", Nothing);
        }
    }

    pub(super) fn operations(&mut self) {
        let (old, new) = (self.old, self.new);
        for found in all(new) {
            let place = place(found.1);
            match counterpart(old, new, found.1) {
                Some(before) => self.operation(&place, before, found),
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
            self.tell(
                place,
                format!("was {} {}", old.method.as_str(), old.path),
                Breaking,
                Nothing,
            );
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
        self.errors(place, old, new);
        self.promises(place, old, new);
    }

    fn parameters(&mut self, place: &str, old: &Operation, new: &Operation) {
        let same = |a: &Parameter, b: &Parameter| a.name.wire == b.name.wire && a.place == b.place;
        // Names in a path are not sent: what counts is which one it is.
        let paths = |operation: &Operation| -> Vec<Parameter> {
            let own = operation.parameters.iter().filter(|own| own.place == Place::Path);
            own.cloned().collect()
        };
        for (before, after) in paths(old).iter().zip(&paths(new)) {
            let place = format!("{place} {{{}}}", after.name.wire);
            self.values(&place, &before.ty, &after.ty, Side::Request);
            self.limits(&place, &before.limits, &after.limits, Side::Request);
        }
        for parameter in new.parameters.iter().filter(|own| own.place != Place::Path) {
            let place = &format!("{place} {}", parameter.name.wire);
            if let Some(before) = old.parameters.iter().find(|own| same(own, parameter)) {
                self.parameter(place, before, parameter);
                continue;
            }
            let moved = old.parameters.iter().find(|own| own.name.wire == parameter.name.wire);
            match moved {
                Some(before) => {
                    let (from, to) = (word(before.place), word(parameter.place));
                    self.both(place, format!("is in the {to}, not in the {from}"), Breaking);
                }
                None if parameter.required => self.both(place, "is new and required", Breaking),
                None => self.both(place, "is new", Addition),
            }
        }
        for parameter in old.parameters.iter().filter(|own| own.place != Place::Path) {
            if new.parameters.iter().all(|own| own.name.wire != parameter.name.wire) {
                self.both(&format!("{place} {}", parameter.name.wire), "is gone", Breaking);
            }
        }
    }

    fn parameter(&mut self, place: &str, old: &Parameter, new: &Parameter) {
        match (old.required, new.required) {
            (false, true) => self.both(place, "is required", Breaking),
            (true, false) => self.tell(place, "is optional", Addition, Breaking),
            _ => {}
        }
        if old.name.rust != new.name.rust && !new.required {
            self.tell(place, format!("is called `{}` in Rust", new.name.rust), Nothing, Breaking);
        }
        if old.style != new.style {
            self.tell(place, "is written in another way", Breaking, Nothing);
        }
        self.values(place, &old.ty, &new.ty, Side::Request);
        self.limits(place, &old.limits, &new.limits, Side::Request);
        self.default(place, old.default.as_ref(), new.default.as_ref(), Side::Request);
        if new.deprecated && !old.deprecated {
            self.tell(place, "is deprecated", Nothing, Addition);
        }
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
                    let what = format!("is {} instead of {}", new.media_type, old.media_type);
                    self.tell(place, what, Breaking, Nothing);
                }
                self.values(place, &old.ty, &new.ty, Side::Request);
            }
        }
    }

    fn answers(&mut self, place: &str, old: &Answer, new: &Answer) {
        let place = &format!("{place} answer");
        match (old, new) {
            (Answer::Nothing, Answer::Nothing) => {}
            (Answer::Nothing, Answer::Body { .. }) => {
                self.tell(place, "has a body", Addition, Breaking);
            }
            (Answer::Body { .. }, Answer::Nothing) => {
                self.both(place, "has no body any more", Breaking);
            }
            (
                Answer::Body { ty: old, format: before, .. },
                Answer::Body { ty: new, format: after, .. },
            ) => {
                if before != after {
                    self.tell(place, "has another media type", Breaking, Nothing);
                }
                self.values(place, old, new, Side::Answer);
            }
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

/// What a request line holds: names in braces are the document's own.
fn route(operation: &Operation) -> (&'static str, String) {
    let mut path = String::new();
    let mut rest = operation.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        path.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    path.push_str(rest);
    (operation.method.as_str(), path)
}

fn place(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.path)
}

fn word(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "headers",
        Place::Cookie => "cookies",
    }
}
