//! The final order of types, and their numbers in it.

use super::context::Context;
use crate::ir::{Answer, Extra, Family, Operation, Shape, Type, TypeId, TypeRef};

/// Sorts by family, shared types last, and then in document order; renumbers every use.
pub(super) fn sort_types(
    context: &mut Context<'_>,
    families: &mut [Family],
    chosen: bool,
) -> Vec<Type> {
    let mut position = vec![usize::MAX; context.types.len()];
    for (place, id) in context.order.iter().enumerate() {
        position[id.0] = place;
    }
    let mut order: Vec<usize> = (0..context.types.len())
        .filter(|index| !chosen || !context.types[*index].users.is_empty())
        .collect();
    order.sort_by_key(|index| {
        (context.types[*index].family.unwrap_or(usize::MAX), position[*index])
    });
    let mut number = vec![TypeId(0); context.types.len()];
    for (new, old) in order.iter().enumerate() {
        number[*old] = TypeId(new);
    }
    let mut types: Vec<Type> = order.iter().map(|old| context.types[*old].clone()).collect();
    for ty in &mut types {
        renumber_shape(&mut ty.shape, &number);
        ty.input_of = ty.input_of.map(|id| number[id.0]);
    }
    for operation in families.iter_mut().flat_map(|family| &mut family.operations) {
        renumber_operation(operation, &number);
    }
    types
}

fn renumber(ty: &mut TypeRef, number: &[TypeId]) {
    match ty {
        TypeRef::Named(id) => *id = number[id.0],
        TypeRef::Nullable(inner) | TypeRef::List(inner) | TypeRef::Map(inner) => {
            renumber(inner, number);
        }
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
        | TypeRef::FlexInteger => {}
    }
}

pub(super) fn renumber_shape(shape: &mut Shape, number: &[TypeId]) {
    match shape {
        Shape::Object(object) => {
            object.fields.iter_mut().for_each(|field| renumber(&mut field.ty, number));
            if let Extra::Kept { ty, .. } = &mut object.extra {
                renumber(ty, number);
            }
        }
        Shape::Union(union) => {
            union.variants.iter_mut().for_each(|variant| renumber(&mut variant.ty, number));
        }
        Shape::Alias { target, .. } => renumber(target, number),
        Shape::Enum(_) | Shape::IntegerEnum(_) => {}
    }
}

/// Renumbers what requests hold.
pub(super) fn renumber_input(operation: &mut Operation, number: &[TypeId]) {
    operation.parameters.iter_mut().for_each(|parameter| renumber(&mut parameter.ty, number));
    if let Some(body) = &mut operation.body {
        renumber(&mut body.ty, number);
    }
}

fn renumber_operation(operation: &mut Operation, number: &[TypeId]) {
    renumber_input(operation, number);
    operation
        .errors
        .iter_mut()
        .filter_map(|error| error.ty.as_mut())
        .for_each(|ty| renumber(ty, number));
    let headers = operation.headers.iter_mut().flat_map(|headers| &mut headers.fields);
    headers.for_each(|header| renumber(&mut header.ty, number));
    renumber_answer(&mut operation.answer, number);
    if let Some(stream) = &mut operation.stream {
        renumber(&mut stream.ty, number);
    }
    if let Some(pages) = &mut operation.pagination {
        pages.page = number[pages.page.0];
        renumber(&mut pages.item, number);
    }
}

fn renumber_answer(answer: &mut Answer, number: &[TypeId]) {
    match answer {
        Answer::Nothing | Answer::Stream => {}
        Answer::Body { ty, .. } => renumber(ty, number),
        Answer::ByStatus(answer) => {
            let answers = answer.successes.iter_mut().map(|success| &mut success.answer);
            answers.for_each(|answer| renumber_answer(answer, number));
        }
    }
}
