//! How each parameter is taken, checked and written into a request.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Context;
use super::types::{Argument, ident};
use crate::ir::{Operation, Parameter, Place, Style, TypeRef};

/// Whether the parameter says where a page begins. It is a cursor then, whatever its type.
fn is_cursor(operation: &Operation, parameter: &Parameter) -> bool {
    operation.pagination.as_ref().is_some_and(|pagination| {
        let cursor = operation.parameters.get(pagination.cursor);
        cursor.is_some_and(|cursor| cursor.name.rust == parameter.name.rust)
    })
}

/// The type that a request holds the parameter as.
pub(crate) fn ty(
    context: &Context<'_>,
    operation: &Operation,
    parameter: &Parameter,
) -> TokenStream {
    match is_cursor(operation, parameter) {
        true => quote!(runtime::Cursor),
        false => context.ty(&parameter.ty),
    }
}

/// The parameter as an argument.
pub(crate) fn argument(
    context: &Context<'_>,
    operation: &Operation,
    parameter: &Parameter,
) -> Argument {
    let name = ident(&parameter.name.rust);
    match is_cursor(operation, parameter) {
        true => Argument {
            ty: quote!(impl prelude::Into<runtime::Cursor>),
            value: quote!(#name.into()),
        },
        false => context.argument(&parameter.ty, &name),
    }
}

/// What a setter stores of its argument.
pub(crate) fn stored(
    context: &Context<'_>,
    operation: &Operation,
    parameter: &Parameter,
) -> TokenStream {
    let name = ident(&parameter.name.rust);
    if is_cursor(operation, parameter) {
        return quote!(runtime::Cursor::given(#name));
    }
    let value = argument(context, operation, parameter).value;
    quote!(Some(#value))
}

/// The calls that check a parameter before it is sent.
pub(crate) fn checks(
    context: &Context<'_>,
    operation: &Operation,
    parameter: &Parameter,
) -> Vec<TokenStream> {
    let wire = &parameter.name.wire;
    let cursor = is_cursor(operation, parameter).then(|| {
        let cursor = one(parameter);
        quote!(.check_cursor(#wire, #cursor))
    });
    let Some(value) = as_number(context, operation, parameter) else {
        return cursor.into_iter().collect();
    };
    let bound = |method: TokenStream, bound: Option<f64>| {
        bound.map(|bound| {
            let bound = Literal::f64_unsuffixed(bound);
            let value = &value;
            quote!(.#method(#wire, #value, #bound))
        })
    };
    let minimum = bound(quote!(check_minimum), parameter.limits.minimum);
    let maximum = bound(quote!(check_maximum), parameter.limits.maximum);
    cursor.into_iter().chain(minimum).chain(maximum).collect()
}

/// The parameter as an optional number, if it is one.
fn as_number(
    context: &Context<'_>,
    operation: &Operation,
    parameter: &Parameter,
) -> Option<TokenStream> {
    let name = ident(&parameter.name.rust);
    if is_cursor(operation, parameter) {
        let is_number =
            matches!(context.resolved(&parameter.ty), TypeRef::Integer(_) | TypeRef::Number);
        let one = one(parameter);
        return is_number.then(|| quote!(#one.and_then(|value| value.as_str().parse().ok())));
    }
    match (context.resolved(&parameter.ty), parameter.required) {
        (TypeRef::Integer(_), true) => Some(quote!(Some(self.#name as f64))),
        (TypeRef::Integer(_), false) => Some(quote!(self.#name.map(|value| value as f64))),
        (TypeRef::Number, true) => Some(quote!(Some(self.#name))),
        (TypeRef::Number, false) => Some(quote!(self.#name)),
        _ => None,
    }
}

/// The call that writes the parameter.
pub(crate) fn call(
    context: &Context<'_>,
    operation: &Operation,
    parameter: &Parameter,
) -> TokenStream {
    if is_cursor(operation, parameter) {
        return cursor(parameter);
    }
    match parameter.place {
        Place::Path => path(context, parameter),
        Place::Query => query(context, parameter),
        Place::Header => header(context, parameter),
        Place::Cookie => cookie(context, parameter),
    }
}

/// A cursor is one text in every place.
fn cursor(parameter: &Parameter) -> TokenStream {
    let wire = &parameter.name.wire;
    let name = ident(&parameter.name.rust);
    let one = one(parameter);
    match parameter.place {
        Place::Path => quote!(.path(#wire, &self.#name)),
        Place::Query if parameter.allow_reserved => quote!(.query_reserved(#wire, #one)),
        Place::Query => quote!(.query(#wire, #one)),
        Place::Header => quote!(.header(#wire, #one)),
        Place::Cookie => quote!(.cookie(#wire, #one)),
    }
}

/// Path parameters are always there.
fn path(context: &Context<'_>, parameter: &Parameter) -> TokenStream {
    let wire = &parameter.name.wire;
    let name = ident(&parameter.name.rust);
    match parameter.style {
        Style::Joined(separator) => quote!(.path_joined(#wire, &self.#name, #separator)),
        Style::Flat(_) => quote!(.path_object(#wire, &self.#name, false)),
        Style::Pairs => quote!(.path_object(#wire, &self.#name, true)),
        Style::Label { explode } => quote!(.path_label(#wire, &self.#name, #explode)),
        Style::Matrix { explode } => quote!(.path_matrix(#wire, &self.#name, #explode)),
        Style::Plain | Style::Repeated | Style::Members | Style::DeepObject | Style::Json => {
            match is_json(context, parameter) {
                true => {
                    quote!(.path(#wire, &serde_json::to_value(&self.#name).unwrap_or_default()))
                }
                false => quote!(.path(#wire, &self.#name)),
            }
        }
    }
}

fn query(context: &Context<'_>, parameter: &Parameter) -> TokenStream {
    let wire = &parameter.name.wire;
    let one = one(parameter);
    let many = many(parameter);
    match parameter.style {
        Style::Plain if matches!(context.resolved(&parameter.ty), TypeRef::Any) => {
            quote!(.query_scalar(#wire, #one))
        }
        Style::Plain if !context.is_text(&parameter.ty) => quote!(.query_json(#wire, #one)),
        Style::Plain if parameter.allow_reserved => quote!(.query_reserved(#wire, #one)),
        Style::Plain => quote!(.query(#wire, #one)),
        Style::Repeated => quote!(.query_repeated(#wire, #many)),
        Style::Joined(separator) => quote!(.query_joined(#wire, #many, #separator)),
        Style::Members => quote!(.query_members(#wire, #one)),
        Style::DeepObject => quote!(.query_deep(#wire, #one)),
        Style::Flat(separator) => quote!(.query_flat(#wire, #one, #separator)),
        Style::Json | Style::Pairs | Style::Label { .. } | Style::Matrix { .. } => {
            quote!(.query_json(#wire, #one))
        }
    }
}

fn header(context: &Context<'_>, parameter: &Parameter) -> TokenStream {
    let wire = &parameter.name.wire;
    match parameter.style {
        Style::Joined(_) => {
            let many = many(parameter);
            quote!(.header_joined(#wire, #many))
        }
        Style::Flat(_) | Style::Pairs => {
            let (one, explode) = (one(parameter), parameter.style == Style::Pairs);
            quote!(.header_object(#wire, #one, #explode))
        }
        Style::Plain
        | Style::Repeated
        | Style::Members
        | Style::DeepObject
        | Style::Json
        | Style::Label { .. }
        | Style::Matrix { .. } => {
            let one = text(context, parameter);
            quote!(.header(#wire, #one))
        }
    }
}

fn cookie(context: &Context<'_>, parameter: &Parameter) -> TokenStream {
    let wire = &parameter.name.wire;
    match parameter.style {
        Style::Repeated | Style::Members => {
            let one = one(parameter);
            quote!(.cookie_parts(#wire, #one, true))
        }
        Style::Joined(_) | Style::Flat(_) => {
            let one = one(parameter);
            quote!(.cookie_parts(#wire, #one, false))
        }
        Style::Plain
        | Style::Pairs
        | Style::DeepObject
        | Style::Json
        | Style::Label { .. }
        | Style::Matrix { .. } => {
            let one = text(context, parameter);
            quote!(.cookie(#wire, #one))
        }
    }
}

/// Whether the value travels as JSON text, which `Value` prints.
fn is_json(context: &Context<'_>, parameter: &Parameter) -> bool {
    let is_list = matches!(context.resolved(&parameter.ty), TypeRef::List(_));
    let is_plain =
        context.is_text(&parameter.ty) || *context.resolved(&parameter.ty) == TypeRef::Any;
    parameter.style == Style::Json || !(is_plain || is_list)
}

/// The value as `Option<&T>` of something that can be printed.
fn text(context: &Context<'_>, parameter: &Parameter) -> TokenStream {
    let one = one(parameter);
    match is_json(context, parameter) {
        true => quote!(#one.map(|value| serde_json::to_value(value).unwrap_or_default()).as_ref()),
        false => one,
    }
}

/// The value as `Option<&T>`.
fn one(parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name.rust);
    match parameter.required {
        true => quote!(Some(&self.#name)),
        false => quote!(self.#name.as_ref()),
    }
}

/// The value as `Option<&[T]>`.
fn many(parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name.rust);
    match parameter.required {
        true => quote!(Some(self.#name.as_slice())),
        false => quote!(self.#name.as_deref()),
    }
}

/// Parameters that are arguments: all that must be given.
pub(crate) fn required(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().filter(|parameter| parameter.required)
}

/// Parameters that are setters.
pub(crate) fn optional(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().filter(|parameter| !parameter.required)
}
