//! `allOf`: one schema from several parts.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use openapiv3::AdditionalProperties;
use serde_json::Value;

use super::choices::Choice;
use super::context::{Context, SchemaRef, Use, escape};
use super::schema::{Kind, View};
use super::types::{Made, plain};
use crate::ir::{Shape, TypeRef};

/// Most members that types get from those that they extend, in the whole document: so many, and so
/// many more for each schema of the document.
const MAX_GATHERED: usize = 200_000;
const PER_SCHEMA: usize = 32;
/// Most types on a chain in which each extends the next.
const MAX_EXTENDING: usize = 128;

/// The members of an object, gathered from all its parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts<'a> {
    /// Members in the order in which they first appear, with their places.
    pub(super) members: IndexMap<String, (SchemaRef<'a>, String)>,
    /// Names of the members that must be there.
    pub(super) required: BTreeSet<String>,
    /// Names of the members that a writer must give (`x-required-on-write`), and where that stands.
    pub(super) required_on_write: BTreeMap<String, String>,
    /// What the last part that speaks of undeclared members says of them.
    pub(super) additional: Option<(&'a AdditionalProperties, String)>,
    /// What is still to be chosen.
    pub(super) choices: Vec<Choice<'a>>,
    /// The member whose text tells what was chosen.
    pub(super) tag: Option<String>,
}

impl<'a> Parts<'a> {
    /// The parts of an object that has one.
    pub(super) fn of_object(view: &View<'a>, pointer: &str) -> Self {
        let mut parts = Self::default();
        parts.add(view, pointer);
        parts
    }

    fn add(&mut self, view: &View<'a>, pointer: &str) -> Vec<(String, String, SchemaRef<'a>)> {
        let mut twice = Vec::new();
        for (name, schema) in view.properties.into_iter().flatten() {
            let place = format!("{pointer}/properties/{}", escape(name));
            if self.members.contains_key(name) {
                twice.push((name.clone(), place.clone(), schema.into()));
            } else {
                self.members.insert(name.clone(), (schema.into(), place));
            }
        }
        self.required.extend(view.required.iter().cloned());
        let on_write = view.extension("x-required-on-write").and_then(Value::as_array);
        let on_write = on_write.into_iter().flatten().filter_map(Value::as_str);
        self.required_on_write.extend(on_write.enumerate().map(|(index, name)| {
            (name.to_owned(), format!("{pointer}/x-required-on-write/{index}"))
        }));
        if let Some(additional) = view.additional {
            self.additional = Some((additional, format!("{pointer}/additionalProperties")));
        }
        twice
    }
}

impl<'a> Context<'a> {
    /// What `allOf` makes: the one type that it wraps, an object with the members of all parts, or
    /// free-form JSON with a word about it.
    pub(super) fn make_all_of(
        &mut self,
        view: &View<'a>,
        pointer: &str,
        hint: &str,
        depth: usize,
    ) -> Made {
        let own = view.properties.is_some_and(|properties| !properties.is_empty());
        let telling = self.telling_parts(view, pointer);
        let alone = !own && view.one_of.is_empty() && view.any_of.is_empty();
        if let ([(part, place)], true) = (telling.as_slice(), alone) {
            return self.make_wrapped(view, *part, place, hint, depth);
        }
        let mut parts = Parts::default();
        let mut visited = BTreeSet::from([pointer.to_owned()]);
        if self.gather(view, pointer, &mut parts, &mut visited) {
            if parts.choices.is_empty() {
                return Made::Shape(Shape::Object(self.object(&parts, hint, depth)));
            }
            if let Some(made) = self.make_choices(parts, visited, pointer, hint, depth) {
                return made;
            }
        }
        self.make_scalar_all_of(&telling, pointer, hint, depth)
    }

    /// The parts that say more than a description.
    fn telling_parts(&self, view: &View<'a>, pointer: &str) -> Vec<(SchemaRef<'a>, String)> {
        let mut telling = Vec::new();
        for (index, part) in view.all_of.iter().enumerate() {
            let part = SchemaRef::from(part);
            let empty = match part {
                SchemaRef::Item(item) => {
                    let view = View::of(item);
                    view.is_annotation() && view.required.is_empty()
                }
                SchemaRef::Reference(_) => false,
            };
            if !empty {
                telling.push((part, format!("{pointer}/allOf/{index}")));
            }
        }
        telling
    }

    /// `allOf` around one part is that part, with what the wrapper says of it.
    fn make_wrapped(
        &mut self,
        view: &View<'a>,
        part: SchemaRef<'a>,
        place: &str,
        hint: &str,
        depth: usize,
    ) -> Made {
        match part {
            SchemaRef::Reference(_) => Made::Ref(self.lower_schema(part, place, hint, depth + 1)),
            SchemaRef::Item(item) => {
                let inner = View::of(item);
                if !view.required.is_empty() && inner.kind == Some(Kind::Object) {
                    let mut parts = Parts::of_object(&inner, place);
                    parts.required.extend(view.required.iter().cloned());
                    if !parts.members.is_empty() {
                        return Made::Shape(Shape::Object(self.object(&parts, hint, depth)));
                    }
                }
                match self.make(&inner, place, hint, depth + 1) {
                    Made::Ref(used) => {
                        Made::Ref(Use { nullable: used.nullable || inner.is_nullable(), ..used })
                    }
                    shape @ Made::Shape(_) => shape,
                }
            }
        }
    }

    /// Adds the members of a schema and of everything it extends. False when one of them is no
    /// object.
    pub(super) fn gather(
        &mut self,
        view: &View<'a>,
        pointer: &str,
        parts: &mut Parts<'a>,
        visited: &mut BTreeSet<String>,
    ) -> bool {
        for (index, part) in view.all_of.iter().enumerate() {
            let place = format!("{pointer}/allOf/{index}");
            if !self.gather_part(part.into(), &place, parts, visited) {
                return false;
            }
        }
        let object = view.kind == Some(Kind::Object) || view.kind.is_none();
        if !object {
            return false;
        }
        if visited.len() > 1 && !self.may_gather(view, pointer) {
            return true;
        }
        parts.choices.extend(self.choices(view, pointer, visited));
        for (name, place, schema) in parts.add(view, pointer) {
            self.join_member(&name, &place, schema, parts);
        }
        true
    }

    pub(super) fn gather_part(
        &mut self,
        part: SchemaRef<'a>,
        place: &str,
        parts: &mut Parts<'a>,
        visited: &mut BTreeSet<String>,
    ) -> bool {
        match part {
            SchemaRef::Item(item) => self.gather(&View::of(item), place, parts, visited),
            SchemaRef::Reference(reference) => match self.find_schema(reference) {
                Some((item, target)) if visited.insert(target.clone()) => {
                    self.extending += 1;
                    let is_object = self.extending > MAX_EXTENDING
                        || self.gather(&View::of(item), &target, parts, visited);
                    if self.extending == MAX_EXTENDING + 1 {
                        self.tell_long_chain(place);
                    }
                    self.extending -= 1;
                    is_object
                }
                Some(_) => true,
                None => false,
            },
        }
    }

    /// Whether members may still be written out in types that extend others: a chain of such types
    /// has as many as the square of its length.
    fn may_gather(&mut self, view: &View<'_>, pointer: &str) -> bool {
        let before = self.gathered;
        let most = MAX_GATHERED + PER_SCHEMA * self.components.len();
        self.gathered += 1 + view.properties.map_or(0, |properties| properties.len());
        if before <= most && self.gathered > most {
            self.problems.error(
                "too-large",
                pointer,
                format!(
                    "types that extend others with allOf get more than {most} members from them"
                ),
                "make the chain of types that extend each other shorter",
            );
        }
        self.gathered <= most
    }

    fn tell_long_chain(&mut self, place: &str) {
        self.problems.error(
            "too-deep",
            place,
            format!("types extend each other with allOf over more than {MAX_EXTENDING} steps"),
            "make the chain of types that extend each other shorter",
        );
    }

    /// A member that two parts declare: the later one refines the earlier unless they disagree.
    fn join_member(
        &mut self,
        name: &str,
        place: &str,
        schema: SchemaRef<'a>,
        parts: &mut Parts<'a>,
    ) {
        let Some((earlier, first)) = parts.members.get(name).cloned() else { return };
        let (before, after) = (self.kind_of(earlier), self.kind_of(schema));
        match (before, after) {
            // Whole numbers are numbers: they fit both.
            (Some(Kind::Integer), Some(Kind::Number)) => {}
            (Some(before), Some(after))
                if before != after && (before, after) != (Kind::Number, Kind::Integer) =>
            {
                self.problems.warning(
                    "all-of-conflict",
                    place,
                    format!(
                        "the parts of allOf disagree about the member `{name}`: no value fits both"
                    ),
                    format!("the other part stands at {first}; the first one is used"),
                );
            }
            (_, None) => {}
            _ => {
                parts.members.insert(name.to_owned(), (schema, place.to_owned()));
            }
        }
    }

    /// The `type` of a schema, through references.
    pub(super) fn kind_of(&self, schema: SchemaRef<'a>) -> Option<Kind> {
        let item = match schema {
            SchemaRef::Item(item) => item,
            SchemaRef::Reference(reference) => self.find_schema(reference)?.0,
        };
        let view = View::of(item);
        match (view.kind, view.all_of) {
            (None, [only]) => match SchemaRef::from(only) {
                SchemaRef::Item(inner) => View::of(inner).kind,
                SchemaRef::Reference(reference) => View::of(self.find_schema(reference)?.0).kind,
            },
            (kind, _) => kind,
        }
    }

    /// Parts that are not objects: the first one, if all are of its kind.
    fn make_scalar_all_of(
        &mut self,
        telling: &[(SchemaRef<'a>, String)],
        pointer: &str,
        hint: &str,
        depth: usize,
    ) -> Made {
        let kinds: Vec<_> = telling.iter().map(|(part, _)| self.kind_of(*part)).collect();
        let scalar = kinds.first().copied().flatten().filter(|kind| *kind != Kind::Object);
        if let (Some(_), true) = (scalar, kinds.iter().all(|kind| *kind == kinds[0])) {
            let (part, place) = &telling[0];
            return Made::Ref(self.lower_schema(*part, place, hint, depth + 1));
        }
        self.free_form(pointer, "the parts of allOf cannot be joined into one type");
        plain(TypeRef::Any)
    }
}

/// Whether a member of `oneOf` or `anyOf` only narrows the object around it.
pub(super) fn is_constraint(part: SchemaRef<'_>) -> bool {
    match part {
        SchemaRef::Reference(_) => false,
        SchemaRef::Item(item) => {
            let view = View::of(item);
            let object = view.kind.is_none() || view.kind == Some(Kind::Object);
            object
                && view.properties.is_none_or(|properties| properties.is_empty())
                && view.additional.is_none()
                && view.one_of.is_empty()
                && view.any_of.is_empty()
                && view.all_of.is_empty()
        }
    }
}
