//! `$ref`: what it leads to.

use openapiv3::{AdditionalProperties, Parameter, ReferenceOr, RequestBody, Response, Schema};

use super::context::{Context, SchemaRef, Use, unescape};
use super::schema::View;
use super::types::Made;
use crate::ir::{Shape, TypeRef};

/// References that lead to references are followed this far; `check` has refused cycles.
const MAX_HOPS: usize = 64;

impl<'a> Context<'a> {
    /// The type that a reference names. References into the middle of a document make the type
    /// where it stands, once.
    pub(super) fn lower_reference(&mut self, reference: &str, pointer: &str) -> Use {
        let named = component(reference, "schemas");
        if let Some(id) = named.and_then(|key| self.components.get(&key).copied()) {
            return Use { ty: TypeRef::Named(id), nullable: self.is_nullable(reference) };
        }
        let place = pointer_of(reference);
        if let Some(known) = self.by_pointer.get(&place) {
            return match known {
                Some(used) => used.clone(),
                None => self.reserve(&place, reference, pointer),
            };
        }
        let Some((schema, target)) = self.find_schema(reference) else {
            return self.unresolved(pointer, reference);
        };
        self.by_pointer.insert(place.clone(), None);
        let hint = hint_of(&target);
        let view = View::of(schema);
        let made = self.make(&view, &target, &hint, 0);
        let used = match (self.by_pointer.get(&place).cloned().flatten(), made) {
            (None, Made::Ref(used)) => {
                Use { nullable: used.nullable || view.is_nullable(), ..used }
            }
            (None, Made::Shape(shape)) => {
                let id = self.add_type(&hint, &target, &view, shape);
                Use { ty: TypeRef::Named(id), nullable: view.is_nullable() }
            }
            (Some(used), made) => {
                if let TypeRef::Named(id) = used.ty {
                    let shape = match made {
                        Made::Ref(used) => {
                            Shape::Alias { target: used.ty, limits: view.limits.clone() }
                        }
                        Made::Shape(shape) => shape,
                    };
                    self.fill_type(id, &view, shape);
                }
                used
            }
        };
        self.by_pointer.insert(place, Some(used.clone()));
        used
    }

    /// The type of a schema that refers to itself from within, before it is known what it is.
    fn reserve(&mut self, place: &str, reference: &str, pointer: &str) -> Use {
        let Some((schema, target)) = self.find_schema(reference) else {
            return self.unresolved(pointer, reference);
        };
        let name = self.type_name(&hint_of(&target), &target);
        let id = self.push_type(name, target);
        self.order.push(id);
        let used = Use { ty: TypeRef::Named(id), nullable: View::of(schema).is_nullable() };
        self.by_pointer.insert(place.to_owned(), Some(used.clone()));
        used
    }

    fn unresolved(&mut self, pointer: &str, reference: &str) -> Use {
        self.free_form(
            pointer,
            &format!("the reference {reference} leads to no schema that can be a type"),
        );
        Use::plain(TypeRef::Any)
    }

    /// Whether what a reference ends at may be null.
    fn is_nullable(&self, reference: &str) -> bool {
        self.find_schema(reference).is_some_and(|(schema, _)| View::of(schema).is_nullable())
    }

    /// The schema that a reference ends at, and its place.
    pub(super) fn find_schema(&self, reference: &str) -> Option<(&'a Schema, String)> {
        let mut reference = reference.to_owned();
        for _ in 0..MAX_HOPS {
            match self.step_to_schema(&reference)? {
                SchemaRef::Item(schema) => return Some((schema, pointer_of(&reference))),
                SchemaRef::Reference(next) => next.clone_into(&mut reference),
            }
        }
        None
    }

    /// One reference followed: `#/components/schemas/A` and whatever stands below it.
    fn step_to_schema(&self, reference: &str) -> Option<SchemaRef<'a>> {
        let pointer = pointer_of(reference);
        let rest = pointer.strip_prefix("/components/schemas/")?;
        let mut tokens = rest.split('/').map(|token| token.replace("~1", "/").replace("~0", "~"));
        let mut current = SchemaRef::from(self.schemas()?.get(&tokens.next()?)?);
        while let Some(token) = tokens.next() {
            let item = match current {
                SchemaRef::Item(item) => item,
                SchemaRef::Reference(reference) => self.find_schema(reference)?.0,
            };
            let view = View::of(item);
            current = match token.as_str() {
                "properties" => view.properties?.get(&tokens.next()?)?.into(),
                "items" => view.items?.into(),
                "additionalProperties" => match view.additional? {
                    AdditionalProperties::Schema(schema) => (&**schema).into(),
                    AdditionalProperties::Any(_) => return None,
                },
                "allOf" => view.all_of.get(tokens.next()?.parse::<usize>().ok()?)?.into(),
                "oneOf" => view.one_of.get(tokens.next()?.parse::<usize>().ok()?)?.into(),
                "anyOf" => view.any_of.get(tokens.next()?.parse::<usize>().ok()?)?.into(),
                _ => return None,
            };
        }
        Some(current)
    }

    /// The parameter that stands here or is referred to.
    pub(super) fn parameter(&self, parameter: &'a ReferenceOr<Parameter>) -> Option<&'a Parameter> {
        let components = self.openapi.components.as_ref();
        follow(parameter, |key| components?.parameters.get(key), "parameters")
    }

    /// The body that stands here or is referred to.
    pub(super) fn request_body(
        &self,
        body: &'a ReferenceOr<RequestBody>,
    ) -> Option<&'a RequestBody> {
        let components = self.openapi.components.as_ref();
        follow(body, |key| components?.request_bodies.get(key), "requestBodies")
    }

    /// The answer that stands here or is referred to.
    pub(super) fn response(&self, response: &'a ReferenceOr<Response>) -> Option<&'a Response> {
        let components = self.openapi.components.as_ref();
        follow(response, |key| components?.responses.get(key), "responses")
    }
}

/// Follows references to one kind of component.
pub(super) fn follow<'a, T>(
    start: &'a ReferenceOr<T>,
    find: impl Fn(&str) -> Option<&'a ReferenceOr<T>>,
    kind: &str,
) -> Option<&'a T> {
    let mut current = start;
    for _ in 0..MAX_HOPS {
        match current {
            ReferenceOr::Item(item) => return Some(item),
            ReferenceOr::Reference { reference } => current = find(&component(reference, kind)?)?,
        }
    }
    None
}

/// The place of a component that a `$ref` or nothing but a key names, for diagnostics.
pub(super) fn place_of<T>(item: &ReferenceOr<T>, here: &str) -> String {
    match item {
        ReferenceOr::Item(_) => here.to_owned(),
        ReferenceOr::Reference { reference } => pointer_of(reference),
    }
}

/// The key of a reference to a component of this kind.
pub(super) fn component(reference: &str, kind: &str) -> Option<String> {
    let rest = reference.strip_prefix("#/components/")?.strip_prefix(kind)?.strip_prefix('/')?;
    (!rest.contains('/')).then(|| unescape(rest))
}

/// A reference as a JSON pointer.
fn pointer_of(reference: &str) -> String {
    let tokens: Vec<String> = reference
        .trim_start_matches('#')
        .split('/')
        .map(|token| unescape(token).replace('~', "~0").replace('/', "~1"))
        .collect();
    tokens.join("/")
}

/// A name for a type that stands in the middle of a document.
fn hint_of(pointer: &str) -> String {
    let tokens = pointer.trim_start_matches("/components/schemas/").split('/');
    let words: Vec<String> = tokens
        .filter(|token| !matches!(*token, "properties" | "allOf" | "oneOf" | "anyOf"))
        .map(|token| if token == "items" { "Item".to_owned() } else { unescape(token) })
        .collect();
    words.join(" ")
}
