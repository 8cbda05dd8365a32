//! What was read as what is sent: conversions between the two types of one schema.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use super::types::ident;
use crate::ir::{Extra, Field, Object, Presence, Shape, Type, TypeId, TypeRef, Union};

/// The forms for requests that can be made of what was read, by name: all that is required in them
/// is there.
pub(crate) fn convertible(types: &[Type]) -> BTreeSet<String> {
    let inputs = types.iter().enumerate().filter(|(_, ty)| ty.input_of.is_some());
    let mut known: BTreeSet<TypeId> = inputs.map(|(index, _)| TypeId(index)).collect();
    loop {
        let lost: Vec<TypeId> =
            known.iter().copied().filter(|id| !holds(types, &known, *id)).collect();
        if lost.is_empty() {
            return known.iter().map(|id| types[id.0].name.rust.clone()).collect();
        }
        lost.iter().for_each(|id| {
            known.remove(id);
        });
    }
}

/// Whether each part of a form can be made, as far as is known.
fn holds(types: &[Type], known: &BTreeSet<TypeId>, id: TypeId) -> bool {
    let input = &types[id.0];
    let Some(read) = input.input_of.map(|id| &types[id.0]) else { return false };
    let fits = |from: &TypeRef, to: &TypeRef| fits(types, known, from, to);
    match (&read.shape, &input.shape) {
        (Shape::Object(read), Shape::Object(input)) => {
            let extra = match (&read.extra, &input.extra) {
                (Extra::Kept { ty: from, .. }, Extra::Kept { ty: to, .. }) => fits(from, to),
                (_, Extra::None | Extra::Denied) | (Extra::None | Extra::Denied, _) => true,
            };
            let fits = |field: &Field| match twin(read, field) {
                Some(twin) => fits(&twin.ty, &field.ty),
                None => is_optional(field),
            };
            extra && input.fields.iter().all(fits)
        }
        (Shape::Union(read), Shape::Union(input)) => {
            read.variants.iter().zip(&input.variants).all(|(from, to)| fits(&from.ty, &to.ty))
        }
        (Shape::Alias { target: from, .. }, Shape::Alias { target: to, .. }) => fits(from, to),
        _ => false,
    }
}

fn fits(types: &[Type], known: &BTreeSet<TypeId>, from: &TypeRef, to: &TypeRef) -> bool {
    match (from, to) {
        (TypeRef::Nullable(from), TypeRef::Nullable(to))
        | (TypeRef::List(from), TypeRef::List(to))
        | (TypeRef::Map(from), TypeRef::Map(to)) => fits(types, known, from, to),
        (TypeRef::Named(from), TypeRef::Named(to)) if from != to => {
            types[to.0].input_of == Some(*from) && known.contains(to)
        }
        (from, to) => from == to,
    }
}

fn twin<'a>(read: &'a Object, field: &Field) -> Option<&'a Field> {
    read.fields.iter().find(|other| other.name.wire == field.name.wire)
}

fn is_optional(field: &Field) -> bool {
    match field.presence {
        Presence::Required | Presence::RequiredNullable => false,
        Presence::Optional | Presence::OptionalNullable => true,
    }
}

/// `From` the type that is read, for an object.
pub(crate) fn object(context: &Context<'_>, ty: &Type, input: &Object) -> Option<TokenStream> {
    let read = source(context, ty)?;
    let Shape::Object(from) = &read.shape else { return None };
    let fields = input.fields.iter().map(|field| {
        let name = ident(&field.name.rust);
        let value = match twin(from, field) {
            Some(twin) => moved(context, twin, field),
            None if field.presence == Presence::OptionalNullable => {
                quote!(runtime::Nullable::Absent)
            }
            None => quote!(None),
        };
        quote!(#name: #value)
    });
    let extra = match (&from.extra, &input.extra) {
        (Extra::Kept { field: from, ty: old }, Extra::Kept { field, ty: new }) => {
            let (from, field) = (ident(from), ident(field));
            let each = unboxed_conversion(context, &quote!(value), old, new);
            let each =
                each.map(|each| quote!(.into_iter().map(|(key, value)| (key, #each)).collect()));
            Some(quote!(#field: value.#from #each,))
        }
        (Extra::None | Extra::Denied, Extra::Kept { field, .. }) => {
            let field = ident(field);
            Some(quote!(#field: external::BTreeMap::new(),))
        }
        (_, Extra::None | Extra::Denied) => None,
    };
    let takes = input.fields.iter().any(|field| twin(from, field).is_some())
        || matches!((&from.extra, &input.extra), (Extra::Kept { .. }, Extra::Kept { .. }));
    let value = if takes { quote!(value) } else { quote!(_) };
    let (name, read) = (ident(&ty.name.rust), ident(&read.name.rust));
    Some(quote! {
        impl prelude::From<models::#read> for models::#name {
            fn from(#value: models::#read) -> Self {
                Self { #(#fields,)* #extra }
            }
        }
    })
}

/// `From` the type that is read, for a union.
pub(crate) fn union(context: &Context<'_>, ty: &Type, input: &Union) -> Option<TokenStream> {
    let read = source(context, ty)?;
    let Shape::Union(from) = &read.shape else { return None };
    let (name, read) = (ident(&ty.name.rust), ident(&read.name.rust));
    let arms = from.variants.iter().zip(&input.variants).map(|(from, to)| {
        let (old, new) = (ident(&from.rust), ident(&to.rust));
        let value = conversion(context, &quote!(value), (&from.ty, from.boxed), (&to.ty, to.boxed));
        let value = value.unwrap_or_else(|| quote!(value));
        quote!(models::#read::#old(value) => Self::#new(#value),)
    });
    let unknown = from.unknown.as_ref().zip(input.unknown.as_ref()).map(|(from, to)| {
        let (from, to) = (ident(from), ident(to));
        quote!(models::#read::#from(value) => Self::#to(value),)
    });
    Some(quote! {
        impl prelude::From<models::#read> for models::#name {
            fn from(value: models::#read) -> Self {
                match value {
                    #(#arms)*
                    #unknown
                }
            }
        }
    })
}

/// The type that the form is made of, where that works.
fn source<'a>(context: &'a Context<'_>, ty: &Type) -> Option<&'a Type> {
    let read = ty.input_of.filter(|_| context.inputs.contains(&ty.name.rust))?;
    Some(context.get(read))
}

/// A field of what was read, as the field of the same name in the form.
fn moved(context: &Context<'_>, from: &Field, to: &Field) -> TokenStream {
    let name = ident(&from.name.rust);
    let inner = conversion(context, &quote!(value), (&from.ty, from.boxed), (&to.ty, to.boxed));
    let Some(inner) = inner else { return quote!(value.#name) };
    match from.presence {
        Presence::Required => {
            let value = quote!(value.#name);
            conversion(context, &value, (&from.ty, from.boxed), (&to.ty, to.boxed)).unwrap_or(value)
        }
        Presence::RequiredNullable | Presence::Optional | Presence::OptionalNullable => {
            quote!(value.#name.map(|value| #inner))
        }
    }
}

/// `value` as the other type; `None` where it is that already.
fn conversion(
    context: &Context<'_>,
    value: &TokenStream,
    (from, from_boxed): (&TypeRef, bool),
    (to, to_boxed): (&TypeRef, bool),
) -> Option<TokenStream> {
    let same = from_boxed == to_boxed;
    let unboxed = if from_boxed { quote!((*#value)) } else { value.clone() };
    let inner = unboxed_conversion(context, &unboxed, from, to);
    match (inner, to_boxed) {
        (None, _) if same => None,
        (inner, true) => {
            let inner = inner.unwrap_or(unboxed);
            Some(quote!(prelude::Box::new(#inner)))
        }
        (inner, false) => Some(inner.unwrap_or(unboxed)),
    }
}

fn unboxed_conversion(
    context: &Context<'_>,
    value: &TokenStream,
    from: &TypeRef,
    to: &TypeRef,
) -> Option<TokenStream> {
    let each = |from: &TypeRef, to: &TypeRef| unboxed_conversion(context, &quote!(value), from, to);
    match (context.resolved(from), context.resolved(to)) {
        (TypeRef::Nullable(from), TypeRef::Nullable(to)) => {
            each(from, to).map(|inner| quote!(#value.map(|value| #inner)))
        }
        (TypeRef::List(from), TypeRef::List(to)) => {
            each(from, to).map(|inner| quote!(#value.into_iter().map(|value| #inner).collect()))
        }
        (TypeRef::Map(from), TypeRef::Map(to)) => each(from, to)
            .map(|inner| quote!(#value.into_iter().map(|(key, value)| (key, #inner)).collect())),
        (TypeRef::Named(from), TypeRef::Named(to)) if from != to => Some(quote!(#value.into())),
        _ => None,
    }
}
