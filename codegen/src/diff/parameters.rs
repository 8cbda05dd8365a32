//! What is sent beside the body.

use super::Effect::{Addition, Breaking, None as Nothing};
use super::text::code;
use super::{Side, Walk};
use crate::ir::{Operation, Parameter, Place};

impl Walk<'_> {
    pub(super) fn parameters(&mut self, place: &str, old: &Operation, new: &Operation) {
        self.path_parameters(place, old, new);
        for parameter in beside_path(new) {
            let place = &format!("{place} {}", parameter.name.wire);
            if let Some(before) = same(old, parameter) {
                self.parameter(place, before, parameter);
                continue;
            }
            match moved(old, new, parameter) {
                Some(before) => {
                    let (from, to) = (word(before.place), word(parameter.place));
                    self.both(place, format!("is in the {to}, not in the {from}"), Breaking);
                }
                None if parameter.required => self.both(place, "is new and required", Breaking),
                None => self.both(place, "is new", Addition),
            }
        }
        for parameter in beside_path(old) {
            if same(new, parameter).is_none() && moved(new, old, parameter).is_none() {
                self.both(&format!("{place} {}", parameter.name.wire), "is gone", Breaking);
            }
        }
        self.call_order(place, old, new);
    }

    /// Names in a path are not sent: what counts is which one it is.
    fn path_parameters(&mut self, place: &str, old: &Operation, new: &Operation) {
        let (before, after) = (in_path(old), in_path(new));
        if before.len() != after.len() {
            let what = "takes another number of path parameters in Rust";
            self.tell(place, what, Nothing, Breaking);
        }
        for (before, after) in before.iter().zip(&after) {
            let own = format!("{place} {{{}}}", after.name.wire);
            // But a name that now stands elsewhere says that the values have changed places.
            let old_place = in_path(old).iter().position(|own| own.name.wire == after.name.wire);
            if before.name.wire != after.name.wire && old_place.is_some() {
                let what = format!("stands where {} stood", code(&before.name.wire));
                self.both(&own, what, Breaking);
            }
            self.values(&own, &before.ty, &after.ty, Side::Request);
            self.limits(&own, &before.limits, &after.limits, Side::Request);
        }
    }

    /// The method takes what is required in the order of the document.
    fn call_order(&mut self, place: &str, old: &Operation, new: &Operation) {
        let common = |own: &Operation, other: &Operation| -> Vec<(Place, String)> {
            let required = beside_path(own).filter(|parameter| {
                parameter.required && same(other, parameter).is_some_and(|own| own.required)
            });
            required.map(|own| (own.place, own.name.wire.to_lowercase())).collect()
        };
        if common(old, new) != common(new, old) {
            let what = "takes its required parameters in another order in Rust";
            self.tell(place, what, Nothing, Breaking);
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
}

fn in_path(operation: &Operation) -> Vec<&Parameter> {
    operation.parameters.iter().filter(|own| own.place == Place::Path).collect()
}

fn beside_path(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().filter(|own| own.place != Place::Path)
}

/// Names of headers have no case (RFC 9110, 5.1).
fn is_same(a: &Parameter, b: &Parameter) -> bool {
    let is_name = match a.place {
        Place::Header => a.name.wire.eq_ignore_ascii_case(&b.name.wire),
        Place::Path | Place::Query | Place::Cookie => a.name.wire == b.name.wire,
    };
    is_name && a.place == b.place
}

fn same<'a>(operation: &'a Operation, parameter: &Parameter) -> Option<&'a Parameter> {
    operation.parameters.iter().find(|own| is_same(own, parameter))
}

/// The parameter of this name that `other` has elsewhere, and `own` only here.
fn moved<'a>(
    other: &'a Operation,
    own: &Operation,
    parameter: &Parameter,
) -> Option<&'a Parameter> {
    let wire = &parameter.name.wire;
    other.parameters.iter().find(|candidate| {
        candidate.name.wire.eq_ignore_ascii_case(wire) && same(own, candidate).is_none()
    })
}

fn word(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "headers",
        Place::Cookie => "cookies",
    }
}
