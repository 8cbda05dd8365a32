//! Values of the document as Rust expressions: constants, and the arguments of examples.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::Context;
use super::models::{is_settable, required};
use super::types::{ident, integer, number};
use crate::ir::{
    Enum, Field, Integer, IntegerEnum, Object, Presence, Shape, Type, TypeRef, Union, UnionVariant,
};

/// Where an expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The argument of a setter, which converts.
    Argument,
    /// Where the very type is needed.
    Owned,
}

/// A constant of the document as a value of `ty`.
pub(crate) fn constant(context: &Context<'_>, ty: &TypeRef, value: &Value) -> TokenStream {
    expression(context, ty, value, Form::Owned).unwrap_or_else(|| {
        let json = json(value);
        quote!(serde_json::from_value(#json).expect("the document gives a value of this type"))
    })
}

/// `value` as a value of `ty`; `None` where it is not one.
pub(crate) fn owned(context: &Context<'_>, ty: &TypeRef, value: &Value) -> Option<TokenStream> {
    expression(context, ty, value, Form::Owned)
}

/// `value` as an argument of a setter that takes `ty`; `None` where it cannot be said.
pub(crate) fn argument(context: &Context<'_>, ty: &TypeRef, value: &Value) -> Option<TokenStream> {
    expression(context, ty, value, Form::Argument)
}

/// `value` as it stands in `serde_json::json!`.
pub(crate) fn json(value: &Value) -> TokenStream {
    let inner = json_tokens(value);
    quote!(serde_json::json!(#inner))
}

fn json_tokens(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(null),
        Value::Bool(value) => quote!(#value),
        Value::Number(value) => {
            value.as_i64().map_or_else(|| number(value.as_f64().unwrap_or_default()), integer)
        }
        Value::String(value) => quote!(#value),
        Value::Array(items) => {
            let items = items.iter().map(json_tokens);
            quote!([#(#items),*])
        }
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let value = json_tokens(value);
                quote!(#key: #value)
            });
            quote!({#(#members),*})
        }
    }
}

fn expression(
    context: &Context<'_>,
    ty: &TypeRef,
    value: &Value,
    form: Form,
) -> Option<TokenStream> {
    match context.resolved(ty) {
        TypeRef::Boolean => value.as_bool().map(|value| quote!(#value)),
        TypeRef::Integer(kind) => integer_of(*kind, value),
        TypeRef::Number => value.as_f64().map(number),
        TypeRef::String => {
            let text = value.as_str()?;
            Some(match form {
                Form::Argument => quote!(#text),
                Form::Owned => quote!(#text.to_owned()),
            })
        }
        TypeRef::DateTime => converted(&quote!(runtime::DateTime), text(value)?, form),
        TypeRef::Date => converted(&quote!(runtime::Date), text(value)?, form),
        TypeRef::Bytes => converted(&quote!(external::Bytes), text(value)?, form),
        TypeRef::File => converted(&quote!(runtime::FilePart), text(value)?, form),
        TypeRef::FlexText => converted(&quote!(runtime::FlexText), scalar(value)?, form),
        TypeRef::FlexInteger => converted(&quote!(runtime::FlexInteger), scalar(value)?, form),
        // Which texts make one is known to its crate only.
        TypeRef::Custom(_) => None,
        TypeRef::Any => Some(match (form, scalar(value)) {
            (Form::Argument, Some(scalar)) => scalar,
            (Form::Argument | Form::Owned, _) => json(value),
        }),
        TypeRef::Nullable(_) if value.is_null() => Some(quote!(None)),
        TypeRef::Nullable(inner) => {
            let inner = expression(context, inner, value, Form::Owned)?;
            Some(quote!(Some(#inner)))
        }
        TypeRef::List(item) => list(context, item, value.as_array()?, form),
        TypeRef::Map(item) => map(context, item, value.as_object()?, form),
        TypeRef::Named(id) => named(context, context.get(*id), value, form),
    }
}

/// The value itself for an argument, and `Type::from(value)` where the type is needed.
fn converted(ty: &TokenStream, value: TokenStream, form: Form) -> Option<TokenStream> {
    Some(match form {
        Form::Argument => value,
        Form::Owned => quote!(#ty::from(#value)),
    })
}

fn text(value: &Value) -> Option<TokenStream> {
    value.as_str().map(|text| quote!(#text))
}

/// Text, a boolean or a number as a literal.
fn scalar(value: &Value) -> Option<TokenStream> {
    match value {
        Value::String(text) => Some(quote!(#text)),
        Value::Bool(value) => Some(quote!(#value)),
        Value::Number(value) => {
            let value = value.as_i64()?;
            let digits = integer(value);
            Some(if i32::try_from(value).is_ok() { digits } else { quote!((#digits as i64)) })
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn integer_of(kind: Integer, value: &Value) -> Option<TokenStream> {
    if let (Integer::U64, Some(value)) = (kind, value.as_u64().filter(|_| !value.is_i64())) {
        let digits = proc_macro2::Literal::u64_unsuffixed(value);
        return Some(quote!(#digits));
    }
    let value = value.as_i64()?;
    let fits = match kind {
        Integer::I32 => i32::try_from(value).is_ok(),
        Integer::I64 => true,
        Integer::U32 => u32::try_from(value).is_ok(),
        Integer::U64 => value >= 0,
    };
    fits.then(|| integer(value))
}

/// The form of the parts of a list or a map: conversions need one type for all.
fn part_form<'a>(
    context: &Context<'_>,
    ty: &TypeRef,
    mut values: impl Iterator<Item = &'a Value>,
    form: Form,
) -> Form {
    let Some(first) = values.next() else { return Form::Owned };
    let same = values.all(|value| std::mem::discriminant(value) == std::mem::discriminant(first));
    match same && form == Form::Argument && context.converts(ty) && !first.is_object() {
        true => Form::Argument,
        false => Form::Owned,
    }
}

fn list(
    context: &Context<'_>,
    item: &TypeRef,
    values: &[Value],
    form: Form,
) -> Option<TokenStream> {
    let inner = part_form(context, item, values.iter(), form);
    let items: Option<Vec<_>> =
        values.iter().map(|value| expression(context, item, value, inner)).collect();
    let items = items?;
    let ty = context.ty(item);
    Some(match (form, items.is_empty()) {
        (_, true) => quote!(prelude::Vec::<#ty>::new()),
        (Form::Argument, false) => quote!([#(#items),*]),
        (Form::Owned, false) => quote!(vec![#(#items),*]),
    })
}

fn map(
    context: &Context<'_>,
    item: &TypeRef,
    values: &Map<String, Value>,
    form: Form,
) -> Option<TokenStream> {
    let inner = part_form(context, item, values.values(), form);
    let members: Option<Vec<_>> = values
        .iter()
        .map(|(key, value)| {
            let value = expression(context, item, value, inner)?;
            Some(match form {
                Form::Argument => quote!((#key, #value)),
                Form::Owned => quote!((#key.to_owned(), #value)),
            })
        })
        .collect();
    let members = members?;
    let ty = context.ty(item);
    Some(match (form, members.is_empty()) {
        (_, true) => quote!(external::BTreeMap::<prelude::String, #ty>::new()),
        (Form::Argument, false) => quote!([#(#members),*]),
        (Form::Owned, false) => quote!(external::BTreeMap::from([#(#members),*])),
    })
}

fn named(context: &Context<'_>, ty: &Type, value: &Value, form: Form) -> Option<TokenStream> {
    match &ty.shape {
        Shape::Object(object) => structure(context, ty, object, value.as_object()?),
        Shape::Enum(values) => string_enum(ty, values, value.as_str()?, form),
        Shape::IntegerEnum(values) => integer_enum(ty, values, value.as_i64()?, form),
        Shape::Union(union) => member(context, ty, union, value),
        Shape::Alias { target, .. } => expression(context, target, value, form),
    }
}

fn string_enum(ty: &Type, values: &Enum, value: &str, form: Form) -> Option<TokenStream> {
    let name = ident(&ty.name.rust);
    let variant = values.variants.iter().find(|variant| variant.name.wire == value);
    Some(match (form, variant) {
        (Form::Argument, _) => quote!(#value),
        (Form::Owned, Some(variant)) => {
            let variant = ident(&variant.name.rust);
            quote!(models::#name::#variant)
        }
        (Form::Owned, None) => quote!(models::#name::from(#value)),
    })
}

fn integer_enum(ty: &Type, values: &IntegerEnum, value: i64, form: Form) -> Option<TokenStream> {
    let name = ident(&ty.name.rust);
    let digits = integer(value);
    let variant = values.variants.iter().find(|(_, known)| *known == value);
    Some(match (form, variant) {
        (Form::Argument, _) => digits,
        (Form::Owned, Some((variant, _))) => {
            let variant = ident(variant);
            quote!(models::#name::#variant)
        }
        (Form::Owned, None) => quote!(models::#name::from(#digits)),
    })
}

/// The member of a union that the tag names, or the first that can hold the value.
fn member(context: &Context<'_>, ty: &Type, union: &Union, value: &Value) -> Option<TokenStream> {
    let name = ident(&ty.name.rust);
    let express = |variant: &UnionVariant| {
        let inner = expression(context, &variant.ty, value, Form::Owned)?;
        let member = ident(&variant.rust);
        Some(match variant.boxed {
            true => quote!(models::#name::#member(prelude::Box::new(#inner))),
            false => quote!(models::#name::#member(#inner)),
        })
    };
    match &union.tag {
        Some(tag) => {
            let tag = value.get(tag)?.as_str()?;
            union
                .variants
                .iter()
                .find(|variant| variant.tags.iter().any(|known| known == tag))
                .and_then(express)
        }
        None => union.order.iter().filter_map(|index| union.variants.get(*index)).find_map(express),
    }
}

/// `Type::new(required…).optional(…)`.
fn structure(
    context: &Context<'_>,
    ty: &Type,
    object: &Object,
    value: &Map<String, Value>,
) -> Option<TokenStream> {
    let name = ident(&ty.name.rust);
    let arguments: Option<Vec<_>> = required(object)
        .into_iter()
        .map(|field| new_argument(context, field, value.get(&field.name.wire)?))
        .collect();
    let arguments = arguments?;
    let setters = object
        .fields
        .iter()
        .filter(|field| is_settable(field) && !field.deprecated && !field.read_only);
    let setters = setters.filter_map(|field| {
        let setter = ident(&field.setter);
        let value = set_argument(context, field, value.get(&field.name.wire)?)?;
        Some(quote!(.#setter(#value)))
    });
    Some(quote!(models::#name::new(#(#arguments),*)#(#setters)*))
}

fn new_argument(context: &Context<'_>, field: &Field, value: &Value) -> Option<TokenStream> {
    match field.presence {
        Presence::RequiredNullable if value.is_null() => Some(quote!(None)),
        Presence::RequiredNullable => {
            let value = expression(context, &field.ty, value, Form::Owned)?;
            Some(quote!(Some(#value)))
        }
        Presence::Required | Presence::Optional | Presence::OptionalNullable => {
            expression(context, &field.ty, value, Form::Argument)
        }
    }
}

fn set_argument(context: &Context<'_>, field: &Field, value: &Value) -> Option<TokenStream> {
    let plain = match context.resolved(&field.ty) {
        TypeRef::String | TypeRef::List(_) | TypeRef::Map(_) => Form::Argument,
        TypeRef::DateTime
        | TypeRef::Date
        | TypeRef::File
        | TypeRef::FlexText
        | TypeRef::FlexInteger
            if value.is_string() =>
        {
            Form::Argument
        }
        TypeRef::Boolean
        | TypeRef::Integer(_)
        | TypeRef::Number
        | TypeRef::DateTime
        | TypeRef::Date
        | TypeRef::Custom(_)
        | TypeRef::Bytes
        | TypeRef::File
        | TypeRef::Any
        | TypeRef::FlexText
        | TypeRef::FlexInteger
        | TypeRef::Nullable(_)
        | TypeRef::Named(_) => Form::Owned,
    };
    match field.presence {
        Presence::OptionalNullable if value.is_null() && !is_container(context, field) => {
            Some(quote!(runtime::Nullable::Null))
        }
        Presence::OptionalNullable => expression(context, &field.ty, value, plain),
        Presence::Required | Presence::RequiredNullable | Presence::Optional => {
            expression(context, &field.ty, value, Form::Argument)
        }
    }
}

fn is_container(context: &Context<'_>, field: &Field) -> bool {
    matches!(context.resolved(&field.ty), TypeRef::List(_) | TypeRef::Map(_)) || field.boxed
}

/// A made-up value of `ty`, for a document without an example; `None` where there is no end.
pub(crate) fn invent(
    context: &Context<'_>,
    ty: &TypeRef,
    name: &str,
    depth: usize,
) -> Option<Value> {
    if depth > 8 {
        return None;
    }
    match ty {
        TypeRef::Boolean => Some(Value::Bool(true)),
        TypeRef::Integer(_) | TypeRef::FlexInteger => Some(Value::from(1)),
        TypeRef::Number => Some(Value::from(0.5)),
        TypeRef::String | TypeRef::FlexText | TypeRef::Bytes | TypeRef::File | TypeRef::Any => {
            Some(Value::from(name))
        }
        TypeRef::DateTime => Some(Value::from("2026-01-01T00:00:00Z")),
        TypeRef::Date => Some(Value::from("2026-01-01")),
        TypeRef::Custom(_) => None,
        TypeRef::Nullable(inner) => invent(context, inner, name, depth + 1),
        TypeRef::List(item) => Some(Value::Array(vec![invent(context, item, name, depth + 1)?])),
        TypeRef::Map(item) => Some(Value::Object(
            [("key".to_owned(), invent(context, item, name, depth + 1)?)].into_iter().collect(),
        )),
        TypeRef::Named(id) => invent_named(context, context.get(*id), name, depth),
    }
}

fn invent_named(context: &Context<'_>, ty: &Type, name: &str, depth: usize) -> Option<Value> {
    if let Some(example) = &ty.example {
        return Some(example.clone());
    }
    match &ty.shape {
        Shape::Object(object) => {
            let members = required(object).into_iter().map(|field| {
                let value = field
                    .example
                    .clone()
                    .or_else(|| invent(context, &field.ty, &field.name.wire, depth + 1))?;
                Some((field.name.wire.clone(), value))
            });
            members.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        Shape::Enum(values) => {
            Some(Value::from(values.variants.first().map_or(name, |variant| &variant.name.wire)))
        }
        Shape::IntegerEnum(values) => {
            Some(Value::from(values.variants.first().map_or(1, |(_, value)| *value)))
        }
        Shape::Union(union) => invent_member(context, union, name, depth),
        Shape::Alias { target, .. } => invent(context, target, name, depth + 1),
    }
}

fn invent_member(context: &Context<'_>, union: &Union, name: &str, depth: usize) -> Option<Value> {
    let variant = union.variants.first()?;
    let mut value = invent(context, &variant.ty, name, depth + 1)?;
    if let (Some(tag), Some(own), Some(members)) =
        (&union.tag, variant.tags.first(), value.as_object_mut())
    {
        members.insert(tag.clone(), Value::from(own.as_str()));
    }
    Some(value)
}
