//! What values are: members, bounds, enums, unions.

use serde_json::Value;

use super::Effect::{Addition, Breaking, None as Nothing};
use super::text::code;
use super::{Side, Walk, Width};
use crate::ir::{Api, Enum, Extra, Field, Object, Presence, Shape, Type, TypeId, TypeRef, Union};

impl Walk<'_> {
    /// Compares what a value is, where it is used.
    pub(super) fn values(&mut self, place: &str, old: &TypeRef, new: &TypeRef, side: Side) {
        match (old, new) {
            (TypeRef::Named(old), TypeRef::Named(new)) => self.named(place, *old, *new, side),
            (TypeRef::List(old), TypeRef::List(new)) => {
                self.values(&format!("{place}[]"), old, new, side);
            }
            (TypeRef::Map(old), TypeRef::Map(new)) => {
                self.values(&format!("{place}{{}}"), old, new, side);
            }
            (TypeRef::Nullable(old), TypeRef::Nullable(new)) => self.values(place, old, new, side),
            (TypeRef::Nullable(old), new) => {
                self.tell(place, "cannot be null any more", side.effect(Width::Narrower), Breaking);
                self.values(place, old, new, side);
            }
            (old, TypeRef::Nullable(new)) => {
                self.tell(place, "can be null", side.effect(Width::Wider), Breaking);
                self.values(place, old, new, side);
            }
            (old, new) => self.others(place, old, new, side),
        }
    }

    /// Two kinds of values, or a name of one and the kind itself.
    fn others(&mut self, place: &str, old: &TypeRef, new: &TypeRef, side: Side) {
        let what = format!("is {} instead of {}", self.spoken(new, true), self.spoken(old, false));
        let before = self.canonical(old, false).clone();
        let after = self.canonical(new, true).clone();
        if (&before, &after) != (old, new) {
            let told = self.changes.len();
            self.values(place, &before, &after, side);
            if self.changes.len() == told {
                self.tell(place, what, Nothing, Nothing);
            }
        } else if before != after {
            self.tell(place, what, side.effect(self.width(old, new)), Breaking);
        }
    }

    fn named(&mut self, place: &str, old: TypeId, new: TypeId, side: Side) {
        let (Some(before), Some(after)) = (self.old.types.get(old.0), self.new.types.get(new.0))
        else {
            return;
        };
        let is_alias = |own: &Type| matches!(own.shape, Shape::Alias { .. });
        if is_alias(before) != is_alias(after) {
            self.others(place, &TypeRef::Named(old), &TypeRef::Named(new), side);
            return;
        }
        if before.name.rust != after.name.rust {
            let what = format!("is a {} instead of a {}", after.name.rust, before.name.rust);
            self.tell(place, what, Nothing, Breaking);
        }
        if !self.seen.insert((old, new, side)) {
            return;
        }
        let (kind_before, kind_after) = (kind(&before.shape), kind(&after.shape));
        if kind_before != kind_after {
            let what = format!("is {kind_after} instead of {kind_before}");
            let width = self.width(&TypeRef::Named(old), &TypeRef::Named(new));
            self.tell(&after.name.rust, what, side.effect(width), Breaking);
        } else {
            self.shapes(&after.name.rust, before, after, side);
        }
    }

    fn shapes(&mut self, place: &str, old: &Type, new: &Type, side: Side) {
        match (&old.shape, &new.shape) {
            (Shape::Object(old), Shape::Object(new)) => self.objects(place, old, new, side),
            (Shape::Enum(old), Shape::Enum(new)) => self.enums(place, old, new, side),
            (Shape::IntegerEnum(old), Shape::IntegerEnum(new)) => {
                let has = |list: &[(String, i64)], value| list.iter().any(|(_, own)| *own == value);
                for (_, value) in new.variants.iter().filter(|(_, own)| !has(&old.variants, *own)) {
                    let wire = side.effect(Width::Wider);
                    self.tell(place, format!("has the value {value}"), wire, Addition);
                }
                for (_, value) in old.variants.iter().filter(|(_, own)| !has(&new.variants, *own)) {
                    let wire = side.effect(Width::Narrower);
                    self.tell(place, format!("has not the value {value} any more"), wire, Breaking);
                }
            }
            (Shape::Union(old), Shape::Union(new)) => self.unions(place, old, new, side),
            (
                Shape::Alias { target: old, limits: before },
                Shape::Alias { target: new, limits: after },
            ) => {
                self.values(place, old, new, side);
                self.limits(place, before, after, side);
            }
            // Different kinds have been told of.
            _ => {}
        }
    }

    fn objects(&mut self, place: &str, old: &Object, new: &Object, side: Side) {
        for field in &new.fields {
            match find(old, field) {
                Some(before) => self.fields(place, before, field, side),
                None => self.gained(place, field, side),
            }
        }
        for field in old.fields.iter().filter(|field| find(new, field).is_none()) {
            let place = format!("{place}.{}", field.name.wire);
            let wire = match side {
                // What may always have been absent is missed by nobody who reads.
                Side::Answer if !is_required(field) => Nothing,
                _ => Breaking,
            };
            self.tell(&place, "is gone", wire, Breaking);
        }
        self.arguments(place, old, new);
        match (&old.extra, &new.extra) {
            (Extra::Denied, Extra::Denied) => {}
            (Extra::Denied, _) => {
                let what = "takes members that are not declared";
                self.tell(place, what, side.effect(Width::Wider), Nothing);
            }
            (_, Extra::Denied) => {
                let what = "takes no members that are not declared";
                self.tell(place, what, side.effect(Width::Narrower), Breaking);
            }
            (Extra::Kept { ty: old, .. }, Extra::Kept { ty: new, .. }) => {
                self.values(&format!("{place}{{}}"), old, new, side);
            }
            (Extra::None, Extra::Kept { .. }) => {
                self.tell(place, "keeps members that are not declared", Nothing, Addition);
            }
            (Extra::Kept { .. }, Extra::None) => {
                let what = "does not keep members that are not declared";
                self.tell(place, what, Nothing, Breaking);
            }
            (Extra::None, Extra::None) => {}
        }
    }

    /// `new` takes what must be written, in the order of the members.
    fn arguments(&mut self, place: &str, old: &Object, new: &Object) {
        let common = |own: &Object, other: &Object| -> Vec<String> {
            let is_both =
                |field: &&Field| is_argument(field) && find(other, field).is_some_and(is_argument);
            own.fields.iter().filter(is_both).map(|field| field.name.wire.clone()).collect()
        };
        if common(old, new) != common(new, old) {
            self.tell(place, "takes its members in another order in `new`", Nothing, Breaking);
        }
    }

    fn gained(&mut self, place: &str, field: &Field, side: Side) {
        let place = format!("{place}.{}", field.name.wire);
        let must = is_demanded(field);
        let what = if must { "is new and required" } else { "is new" };
        let wire = match side {
            Side::Request if must => Breaking,
            _ => Addition,
        };
        let rust = if is_argument(field) { Breaking } else { Addition };
        self.tell(&place, what, wire, rust);
    }

    fn fields(&mut self, place: &str, old: &Field, new: &Field, side: Side) {
        let place = &format!("{place}.{}", new.name.wire);
        if old.name.rust != new.name.rust || old.setter != new.setter {
            self.tell(place, format!("is called `{}` in Rust", new.name.rust), Nothing, Breaking);
        }
        self.presence(place, old, new, side);
        self.values(place, &old.ty, &new.ty, side);
        self.limits(place, &old.limits, &new.limits, side);
        if old.boxed != new.boxed {
            self.tell(place, "is held in another way", Nothing, Breaking);
        }
        if old.constant != new.constant {
            // What that means for the values is told with the enum. `new` fills a constant in.
            let what = format!("is always {}", shown(new.constant.as_ref()));
            self.tell(place, what, Nothing, Breaking);
        }
        self.default(place, old.default.as_ref(), new.default.as_ref(), side);
        if new.deprecated && !old.deprecated {
            self.tell(place, "is deprecated", Nothing, Addition);
        }
    }

    /// Who reads and who writes may each have to expect something else.
    fn presence(&mut self, place: &str, old: &Field, new: &Field, side: Side) {
        let read =
            Width::of(is_required(old) && !is_required(new), !is_required(old) && is_required(new));
        let (before, after) = (is_demanded(old), is_demanded(new));
        let write = Width::of(before && !after, !before && after);
        let what = match (read, write) {
            (Width::Same, Width::Same) => None,
            (Width::Wider, Width::Same) => Some("is optional where it is read"),
            (Width::Same, Width::Wider) => Some("is optional where it is written"),
            (Width::Wider, _) => Some("is optional"),
            (Width::Same, _) => Some("is required where it is written"),
            (_, Width::Same) => Some("is required where it is read"),
            _ => Some("is required"),
        };
        let width = if side == Side::Request { write } else { read };
        if let Some(what) = what {
            self.tell(place, what, side.effect(width), Breaking);
        }
        let rust = if old.presence == new.presence { Nothing } else { Breaking };
        match (is_nullable(old), is_nullable(new)) {
            (false, true) => self.tell(place, "can be null", side.effect(Width::Wider), rust),
            (true, false) => {
                self.tell(place, "cannot be null any more", side.effect(Width::Narrower), rust);
            }
            _ => {}
        }
    }

    /// What the service assumes when a value is left out.
    pub(super) fn default(
        &mut self,
        place: &str,
        old: Option<&Value>,
        new: Option<&Value>,
        side: Side,
    ) {
        if old != new {
            let what = format!("is {} where it is left out, not {}", shown(new), shown(old));
            // Who leaves it out gets something else from now on.
            let wire = if side == Side::Request { Breaking } else { Nothing };
            self.tell(place, what, wire, Nothing);
        }
    }

    fn enums(&mut self, place: &str, old: &Enum, new: &Enum, side: Side) {
        let find = |own: &Enum, wire: &str| {
            own.variants
                .iter()
                .find(|variant| variant.name.wire == wire)
                .map(|own| own.name.rust.clone())
        };
        for variant in &new.variants {
            let wire = &variant.name.wire;
            match find(old, wire) {
                // An open set was announced as one that grows.
                None => {
                    let width = if old.closed { Width::Wider } else { Width::Same };
                    let effect = side.effect(width).max(Addition);
                    self.tell(place, format!("has the value {}", code(wire)), effect, Addition);
                }
                Some(rust) if rust != variant.name.rust => {
                    let what = format!("calls {} {} in Rust", code(wire), variant.name.rust);
                    self.tell(place, what, Nothing, Breaking);
                }
                Some(_) => {}
            }
        }
        for variant in &old.variants {
            let wire = &variant.name.wire;
            if find(new, wire).is_none() {
                let effect = side.effect(Width::Narrower);
                self.tell(
                    place,
                    format!("has not the value {} any more", code(wire)),
                    effect,
                    Breaking,
                );
            }
        }
        match (old.closed, new.closed) {
            (true, false) => {
                let what = "may have values that are not listed";
                self.tell(place, what, side.effect(Width::Wider), Nothing);
            }
            (false, true) => {
                let what = "has only the values that are listed";
                self.tell(place, what, side.effect(Width::Narrower), Nothing);
            }
            _ => {}
        }
    }

    fn unions(&mut self, place: &str, old: &Union, new: &Union, side: Side) {
        if old.tag != new.tag {
            self.both(place, "is told apart in another way", Breaking);
        }
        for variant in &new.variants {
            match old.variants.iter().find(|own| own.rust == variant.rust) {
                Some(before) => {
                    let place = format!("{place}::{}", variant.rust);
                    self.values(&place, &before.ty, &variant.ty, side);
                }
                None => {
                    let wire = side.effect(Width::Wider);
                    self.tell(place, format!("can be a {}", variant.rust), wire, Addition);
                }
            }
        }
        for variant in &old.variants {
            if new.variants.iter().all(|own| own.rust != variant.rust) {
                let wire = side.effect(Width::Narrower);
                self.tell(place, format!("cannot be a {} any more", variant.rust), wire, Breaking);
            }
        }
    }

    /// Types that nothing else has led to.
    pub(super) fn lone_types(&mut self) {
        let named = |api: &Api, name: &str| api.types.iter().any(|own| own.name.rust == name);
        let (old, new) = (self.old, self.new);
        for own in new.types.iter().filter(|own| !named(old, &own.name.rust)) {
            self.tell(&own.name.rust, "is a new type", Nothing, Addition);
        }
        for own in old.types.iter().filter(|own| !named(new, &own.name.rust)) {
            self.tell(&own.name.rust, "is no type any more", Nothing, Breaking);
        }
    }
}

fn find<'a>(object: &'a Object, field: &Field) -> Option<&'a Field> {
    object.fields.iter().find(|own| own.name.wire == field.name.wire)
}

/// Absent is not allowed to who writes it.
fn is_demanded(field: &Field) -> bool {
    is_required(field) || field.required_on_write
}

/// It is never absent for who reads it.
fn is_required(field: &Field) -> bool {
    matches!(field.presence, Presence::Required | Presence::RequiredNullable)
}

/// Whether `new` takes it: what is required and has no value of its own.
fn is_argument(field: &Field) -> bool {
    is_demanded(field) && !(is_required(field) && field.constant.is_some())
}

fn is_nullable(field: &Field) -> bool {
    matches!(field.presence, Presence::RequiredNullable | Presence::OptionalNullable)
}

fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Object(_) => "an object",
        Shape::Enum(_) => "an enum",
        Shape::IntegerEnum(_) => "an enum of integers",
        Shape::Union(_) => "one of several types",
        Shape::Alias { .. } => "a plain value",
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or("nothing".to_owned(), |value| code(&value.to_string()))
}
