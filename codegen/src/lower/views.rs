//! Two types where one would not do: what is sent and what is read, where required members go only
//! one way.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::finish::{mentions, named};
use super::sort::{renumber_input, renumber_shape};
use crate::ir::{Family, Object, Presence, Shape, Type, TypeId, Union};

/// Makes a type for requests of every type that goes both ways and has, or leads to, a required
/// member that goes only one way. Returns whether there are any.
pub(super) fn split(context: &mut Context<'_>, families: &mut [Family]) -> bool {
    free_tags(&mut context.types);
    let affected = affected(&context.types);
    if affected.is_empty() {
        return false;
    }
    let mut inputs: BTreeMap<usize, TypeId> = BTreeMap::new();
    let mut order = Vec::with_capacity(context.order.len() + affected.len());
    for id in std::mem::take(&mut context.order) {
        order.push(id);
        if affected.contains(&id.0) {
            let input = add_input(context, id);
            inputs.insert(id.0, input);
            order.push(input);
        }
    }
    context.order = order;
    let number: Vec<TypeId> = (0..context.types.len())
        .map(|index| inputs.get(&index).copied().unwrap_or(TypeId(index)))
        .collect();
    for ty in context.types.iter_mut().filter(|ty| ty.written && !ty.read) {
        renumber_shape(&mut ty.shape, &number);
    }
    for operation in families.iter_mut().flat_map(|family| &mut family.operations) {
        renumber_input(operation, &number);
    }
    for index in &affected {
        if let Shape::Object(object) = &mut context.types[*index].shape {
            object.fields.retain(|field| !field.write_only);
        }
    }
    true
}

/// What tells the members of a union apart goes both ways, whatever its schema says: without it
/// nobody could read what was sent.
fn free_tags(types: &mut [Type]) {
    let mut pending: Vec<(String, usize)> = Vec::new();
    for ty in types.iter() {
        let Shape::Union(Union { tag: Some(tag), variants, .. }) = &ty.shape else { continue };
        let members = variants.iter().filter_map(|variant| named(&variant.ty));
        pending.extend(members.map(|(id, _)| (tag.clone(), id.0)));
    }
    let mut seen = BTreeSet::new();
    while let Some((tag, index)) = pending.pop() {
        if !seen.insert((tag.clone(), index)) {
            continue;
        }
        match &mut types[index].shape {
            Shape::Object(object) => {
                for field in object.fields.iter_mut().filter(|field| field.name.wire == tag) {
                    (field.read_only, field.write_only) = (false, false);
                }
            }
            Shape::Union(_) | Shape::Alias { .. } => {
                let members = mentions(&types[index].shape).into_iter().filter_map(named);
                pending.extend(members.map(|(id, _)| (tag.clone(), id.0)));
            }
            Shape::Enum(_) | Shape::IntegerEnum(_) => {}
        }
    }
}

/// The types that need a type for requests.
fn affected(types: &[Type]) -> BTreeSet<usize> {
    let goes_both_ways = |ty: &Type| ty.written && ty.read;
    let mut users: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, ty) in types.iter().enumerate().filter(|(_, ty)| goes_both_ways(ty)) {
        for (id, _) in mentions(&ty.shape).into_iter().filter_map(named) {
            users.entry(id.0).or_default().push(index);
        }
    }
    let has_one_way = |ty: &Type| match &ty.shape {
        Shape::Object(object) => is_one_way(object),
        Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) | Shape::Alias { .. } => false,
    };
    let both = types.iter().enumerate().filter(|(_, ty)| goes_both_ways(ty));
    let mut pending: Vec<usize> =
        both.filter(|(_, ty)| has_one_way(ty)).map(|(index, _)| index).collect();
    let mut found = BTreeSet::new();
    while let Some(index) = pending.pop() {
        if found.insert(index) {
            pending.extend(users.get(&index).into_iter().flatten());
        }
    }
    found
}

fn is_one_way(object: &Object) -> bool {
    object.fields.iter().any(|field| {
        let is_required = match field.presence {
            Presence::Required | Presence::RequiredNullable => true,
            Presence::Optional | Presence::OptionalNullable => false,
        };
        is_required && (field.read_only || field.write_only)
    })
}

/// The type for requests: the same without members that only answers have.
fn add_input(context: &mut Context<'_>, id: TypeId) -> TypeId {
    let (wire, pointer) =
        (context.types[id.0].name.wire.clone(), context.types[id.0].pointer.clone());
    let name = context.type_name(&format!("{wire} Input"), &pointer);
    let input = TypeId(context.types.len());
    let original = &context.types[id.0];
    let mut ty = Type { name, input_of: Some(id), read: false, ..original.clone() };
    if let Shape::Object(object) = &mut ty.shape {
        object.fields.retain(|field| !field.read_only);
    }
    context.types.push(ty);
    context.types[id.0].written = false;
    input
}
