//! What can only be said once every type is known: who uses it, in which direction, and where it
//! holds itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::circles::Circles;
use super::context::Context;
use super::names::Scope;
use super::sort::sort_types;
use super::views;
use crate::ir::{
    Answer, Enum, Extra, Family, Object, Operation, Presence, Shape, Type, TypeId, TypeRef,
};

/// Completes the types and brings them into their final order. Returns them with their new
/// numbers already in place in the families; if the settings choose operations, only those that the
/// operations use.
pub(super) fn finish(
    context: &mut Context<'_>,
    families: &mut [Family],
    chosen: bool,
) -> Vec<Type> {
    break_alias_cycles(context);
    set_usage(&mut context.types, families);
    if views::split(context, families) {
        set_usage(&mut context.types, families);
    }
    set_unused(&mut context.types);
    keep_null_apart(context);
    complete_fields(&mut context.types);
    relax_directions(&mut context.types);
    open_answers(&mut context.types);
    context.order_unions();
    box_cycles(&mut context.types);
    warn_endless(context);
    sort_types(context, families, chosen)
}

/// The types that a shape names.
pub(super) fn mentions(shape: &Shape) -> Vec<&TypeRef> {
    match shape {
        Shape::Object(object) => {
            let mut found: Vec<&TypeRef> = object.fields.iter().map(|field| &field.ty).collect();
            if let Extra::Kept { ty, .. } = &object.extra {
                found.push(ty);
            }
            found
        }
        Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
        Shape::Alias { target, .. } => vec![target],
        Shape::Enum(_) | Shape::IntegerEnum(_) => Vec::new(),
    }
}

/// The named type inside a use, and whether a list or a map stands between.
pub(super) fn named(ty: &TypeRef) -> Option<(TypeId, bool)> {
    match ty {
        TypeRef::Named(id) => Some((*id, false)),
        TypeRef::Nullable(inner) => named(inner),
        TypeRef::List(inner) | TypeRef::Map(inner) => named(inner).map(|(id, _)| (id, true)),
        TypeRef::Boolean
        | TypeRef::Integer(_)
        | TypeRef::Number
        | TypeRef::String
        | TypeRef::DateTime
        | TypeRef::Date
        | TypeRef::Custom(_)
        | TypeRef::Bytes
        | TypeRef::File
        | TypeRef::Any
        | TypeRef::FlexText
        | TypeRef::FlexInteger => None,
    }
}

/// Rust has no alias that names itself: the alias that closes such a circle is free-form.
fn break_alias_cycles(context: &mut Context<'_>) {
    // The start of the way on which a type was met; each type is looked at once.
    let mut met = vec![usize::MAX; context.types.len()];
    for start in 0..context.types.len() {
        let mut current = start;
        while met[current] == usize::MAX {
            met[current] = start;
            let Shape::Alias { target, .. } = &context.types[current].shape else { break };
            let Some((next, _)) = named(target) else { break };
            if met[next.0] == start {
                let pointer = context.types[current].pointer.clone();
                context.free_form(&pointer, "the schema is made of nothing but itself");
                if let Shape::Alias { target, .. } = &mut context.types[current].shape {
                    *target = TypeRef::Any;
                }
                break;
            }
            current = next.0;
        }
    }
}

/// Marks what is written and read, and which family alone uses a type.
fn set_usage(types: &mut [Type], families: &[Family]) {
    let edges: Vec<Vec<usize>> = types
        .iter()
        .map(|ty| mentions(&ty.shape).into_iter().filter_map(named).map(|(id, _)| id.0).collect())
        .collect();
    // Types that lead to each other are used alike.
    let circles = Circles::of(&edges);
    let mut reach = Reach::over(circles.condensed(&edges));
    let mut used = vec![Used::default(); reach.edges.len()];
    for (index, family) in families.iter().enumerate() {
        let component = |ty: &TypeRef| named(ty).map(|(id, _)| circles.component(id.0));
        let written = family.operations.iter().flat_map(written_by).filter_map(component);
        for found in reach.from(written.collect()) {
            used[found].written = true;
            used[found].users.push(index);
        }
        let read = family.operations.iter().flat_map(read_by).filter_map(component);
        for found in reach.from(read.collect()) {
            used[found].read = true;
            if used[found].users.last() != Some(&index) {
                used[found].users.push(index);
            }
        }
    }
    for (index, ty) in types.iter_mut().enumerate() {
        let Used { written, read, users } = &used[circles.component(index)];
        (ty.written, ty.read) = (*written, *read);
        ty.family = users.first().copied().filter(|_| users.len() == 1);
        ty.users.clone_from(users);
    }
}

/// Who uses types.
#[derive(Clone, Default)]
struct Used {
    written: bool,
    read: bool,
    users: Vec<usize>,
}

/// What no operation uses may go either way.
fn set_unused(types: &mut [Type]) {
    for ty in types.iter_mut().filter(|ty| !ty.written && !ty.read) {
        ty.written = true;
        ty.read = true;
    }
}

fn written_by(operation: &Operation) -> Vec<&TypeRef> {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
    parameters.chain(operation.body.iter().map(|body| &body.ty)).collect()
}

fn read_by(operation: &Operation) -> Vec<&TypeRef> {
    let errors = operation.errors.iter().filter_map(|error| error.ty.as_ref());
    let headers = operation.headers.iter().flat_map(|headers| &headers.fields);
    let headers = headers.map(|header| &header.ty);
    let item = operation.stream.as_ref().map(|stream| &stream.ty);
    errors.chain(headers).chain(bodies(&operation.answer)).chain(item).collect()
}

/// What the bodies of successes decode to.
fn bodies(answer: &Answer) -> Vec<&TypeRef> {
    match answer {
        Answer::Body { ty, .. } => vec![ty],
        Answer::Nothing | Answer::Stream => Vec::new(),
        Answer::ByStatus(answer) => {
            answer.successes.iter().flat_map(|success| bodies(&success.answer)).collect()
        }
    }
}

/// What can be reached, from one start after the other.
struct Reach {
    edges: Vec<Vec<usize>>,
    /// The number of the last search that came to each place.
    met: Vec<usize>,
    search: usize,
}

impl Reach {
    fn over(edges: Vec<Vec<usize>>) -> Self {
        Self { met: vec![0; edges.len()], edges, search: 0 }
    }

    /// All that can be reached from these, themselves included.
    fn from(&mut self, mut pending: Vec<usize>) -> Vec<usize> {
        self.search += 1;
        let mut found = Vec::new();
        while let Some(index) = pending.pop() {
            if std::mem::replace(&mut self.met[index], self.search) != self.search {
                found.push(index);
                pending.extend(&self.edges[index]);
            }
        }
        found
    }
}

/// A member that holds any JSON value may hold null, which must not be taken for absence.
fn keep_null_apart(context: &mut Context<'_>) {
    let free = free(&context.types);
    for ty in &mut context.types {
        let Shape::Object(object) = &mut ty.shape else { continue };
        for field in &mut object.fields {
            let any = match field.ty {
                TypeRef::Any => true,
                TypeRef::Named(id) => free[id.0],
                _ => false,
            };
            field.presence = match (any, field.presence) {
                (true, Presence::Optional) => Presence::OptionalNullable,
                (true, Presence::RequiredNullable) => Presence::Required,
                (_, presence) => presence,
            };
        }
    }
}

/// Which types hold any JSON value, by themselves or through aliases.
fn free(types: &[Type]) -> Vec<bool> {
    let mut free = vec![false; types.len()];
    let mut aliases: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut pending = Vec::new();
    for (index, ty) in types.iter().enumerate() {
        let Shape::Alias { target, .. } = &ty.shape else { continue };
        match target {
            TypeRef::Any => pending.push(index),
            TypeRef::Named(id) => aliases[id.0].push(index),
            _ => {}
        }
    }
    while let Some(index) = pending.pop() {
        free[index] = true;
        pending.append(&mut aliases[index]);
    }
    free
}

/// What a member takes from the type it names: the only value, the text, the example.
fn complete_fields(types: &mut [Type]) {
    let facts: Vec<(Option<Value>, Option<String>, Option<Value>)> = types
        .iter()
        .map(|ty| (constant(&ty.shape), ty.description.clone(), ty.example.clone()))
        .collect();
    for ty in types.iter_mut() {
        let Shape::Object(object) = &mut ty.shape else { continue };
        for field in &mut object.fields {
            let TypeRef::Named(id) = field.ty else { continue };
            let (constant, description, example) = &facts[id.0];
            if field.presence == Presence::Required {
                field.constant.clone_from(constant);
            }
            if field.description.is_none() {
                field.description.clone_from(description);
            }
            if field.example.is_none() {
                field.example.clone_from(example);
            }
        }
    }
}

/// The only value that a closed set of one has.
fn constant(shape: &Shape) -> Option<Value> {
    match shape {
        Shape::Enum(Enum { variants, .. }) if variants.len() == 1 => {
            Some(Value::String(variants[0].name.wire.clone()))
        }
        Shape::Enum(_)
        | Shape::Object(_)
        | Shape::IntegerEnum(_)
        | Shape::Union(_)
        | Shape::Alias { .. } => None,
    }
}

/// A required member that goes only one way may be missing on the other; a type that only goes
/// out has no place for members nobody declared.
fn relax_directions(types: &mut [Type]) {
    for ty in types.iter_mut() {
        let (written, read) = (ty.written, ty.read);
        let Shape::Object(object) = &mut ty.shape else { continue };
        for field in &mut object.fields {
            if (field.read_only && written) || (field.write_only && read) {
                field.presence = match field.presence {
                    Presence::Required => Presence::Optional,
                    Presence::RequiredNullable => Presence::OptionalNullable,
                    optional => optional,
                };
                field.constant = None;
            }
        }
        if !read && undeclared_are_unspoken(object) {
            object.extra = Extra::None;
        }
    }
}

/// A service may add members to an answer whatever its document says: they are kept. Only where
/// undeclared members tell the members of a union apart are they refused.
fn open_answers(types: &mut [Type]) {
    let told_apart: BTreeSet<usize> = types
        .iter()
        .filter_map(|ty| match &ty.shape {
            Shape::Union(union) if union.tag.is_none() => Some(union),
            _ => None,
        })
        .flat_map(|union| union.variants.iter().filter_map(|variant| named(&variant.ty)))
        .map(|(id, _)| id.0)
        .collect();
    for (index, ty) in types.iter_mut().enumerate() {
        let Shape::Object(object) = &mut ty.shape else { continue };
        if ty.read && matches!(object.extra, Extra::Denied) && !told_apart.contains(&index) {
            let mut scope = Scope::default();
            object.fields.iter().for_each(|field| scope.reserve(&field.name.rust));
            let field = scope.take("extra", "members", "_").rust;
            object.extra = Extra::Kept { field, ty: TypeRef::Any };
        }
    }
}

/// Whether the object keeps undeclared members only because the document says nothing of them.
fn undeclared_are_unspoken(object: &Object) -> bool {
    matches!(&object.extra, Extra::Kept { ty: TypeRef::Any, .. }) && !object.open
}

/// Puts a pointer where a type holds itself without a list or a map between.
fn box_cycles(types: &mut [Type]) {
    let edges: Vec<Vec<usize>> = types
        .iter()
        .map(|ty| {
            let direct = mentions(&ty.shape).into_iter().filter_map(named);
            direct.filter(|(_, apart)| !apart).map(|(id, _)| id.0).collect()
        })
        .collect();
    let circles = Circles::of(&edges);
    let closes = |from: usize, ty: &TypeRef| {
        named(ty).is_some_and(|(id, apart)| !apart && circles.share(from, id.0))
    };
    for (index, ty) in types.iter_mut().enumerate() {
        match &mut ty.shape {
            Shape::Object(object) => {
                for field in &mut object.fields {
                    field.boxed = closes(index, &field.ty);
                }
            }
            Shape::Union(union) => {
                for variant in &mut union.variants {
                    variant.boxed = closes(index, &variant.ty);
                }
            }
            Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Alias { .. } => {}
        }
    }
}

/// A type whose required members lead back to it has no finite value.
fn warn_endless(context: &mut Context<'_>) {
    let edges: Vec<Vec<usize>> = context
        .types
        .iter()
        .map(|ty| match &ty.shape {
            Shape::Object(object) => object
                .fields
                .iter()
                .filter(|field| field.presence == Presence::Required)
                .filter_map(|field| named(&field.ty))
                .filter(|(_, apart)| !apart)
                .map(|(id, _)| id.0)
                .collect(),
            Shape::Alias { target, .. } => {
                named(target).into_iter().filter(|(_, apart)| !apart).map(|(id, _)| id.0).collect()
            }
            Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) => Vec::new(),
        })
        .collect();
    let circles = Circles::of(&edges);
    for index in 0..context.types.len() {
        if circles.holds(index) {
            let ty = &context.types[index];
            context.problems.warning(
                "endless-type",
                &ty.pointer,
                format!("{} requires itself: no finite value of it exists", ty.name.wire),
                "make one of the members on the way optional",
            );
        }
    }
}
