//! Structs and aliases.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code};
use super::enums;
use super::imports::allow_deprecated;
use super::permits::permits;
use super::samples;
use super::types::{ident, plain};
use super::unions;
use super::{Context, defaults, views};
use crate::ir::{Extra, Field, Limits, Object, Presence, Shape, Type, TypeRef};

/// The items of one type.
pub(crate) fn items(context: &Context<'_>, ty: &Type) -> Vec<TokenStream> {
    match &ty.shape {
        Shape::Object(object) => structure(context, ty, object),
        Shape::Enum(values) => enums::strings(ty, values),
        Shape::IntegerEnum(values) => enums::integers(ty, values),
        Shape::Union(union) => unions::union(context, ty, union),
        Shape::Alias { target, limits } => vec![alias(context, ty, target, limits)],
    }
}

/// Docs of a type: its description, or its name where there is none.
pub(crate) fn type_docs(ty: &Type) -> Docs {
    let docs = Docs::item().maybe(ty.description.as_deref(), Docs::prose);
    let docs = match docs.is_empty() {
        true => docs.text(&format!("{} of the document.", code(plain(&ty.name.rust)))),
        false => docs,
    };
    match ty.input_of {
        Some(_) => docs.text("As it is sent: without what only answers hold."),
        None => docs,
    }
}

fn alias(context: &Context<'_>, ty: &Type, target: &TypeRef, limits: &Limits) -> TokenStream {
    let name = ident(&ty.name.rust);
    let docs = type_docs(ty).maybe(limits_text(limits), |docs, text| docs.text(&text)).attributes();
    let deprecated = ty.deprecated.then(|| quote!(#[deprecated]));
    let target = context.ty(target);
    quote! {
        #docs
        #deprecated
        pub type #name = #target;
    }
}

fn structure(context: &Context<'_>, ty: &Type, object: &Object) -> Vec<TokenStream> {
    let name = ident(&ty.name.rust);
    let required = required(object);
    let constants = object.fields.iter().any(|field| fixed(field).is_some());
    let setters =
        object.fields.iter().filter(|field| is_settable(field)).map(|field| setter(context, field));
    let new = new(context, object);
    let defaults = defaults::method(context, object);
    let fields_deprecated = object.fields.iter().any(|field| field.deprecated);
    let allow = |item| if fields_deprecated { allow_deprecated(item) } else { item };
    let mut items = vec![
        allow(declaration(context, ty, object)),
        allow(quote! {
            impl models::#name {
                #new
                #(#setters)*
                #defaults
            }
        }),
    ];
    items.extend(views::object(context, ty, object).map(allow));
    if required.is_empty() && constants {
        items.push(quote! {
            impl prelude::Default for models::#name {
                fn default() -> Self {
                    Self::new()
                }
            }
        });
    }
    items
}

fn declaration(context: &Context<'_>, ty: &Type, object: &Object) -> TokenStream {
    let name = ident(&ty.name.rust);
    let docs = type_docs(ty).attributes();
    let deprecated = ty.deprecated.then(|| quote!(#[deprecated]));
    let plain_default =
        required(object).is_empty() && object.fields.iter().all(|field| fixed(field).is_none());
    let default = plain_default.then(|| quote!(Default,));
    let denied =
        matches!(object.extra, Extra::Denied).then(|| quote!(#[serde(deny_unknown_fields)]));
    let fields = object.fields.iter().map(|field| declared_field(context, field));
    let extra = extra_field(context, &object.extra);
    quote! {
        #docs
        #[derive(Debug, Clone, #default PartialEq, external::Serialize, external::Deserialize)]
        #denied
        #[non_exhaustive]
        #deprecated
        pub struct #name {
            #(#fields,)*
            #extra
        }
    }
}

fn extra_field(context: &Context<'_>, extra: &Extra) -> Option<TokenStream> {
    match extra {
        Extra::None | Extra::Denied => None,
        Extra::Kept { field, ty } => {
            let field = ident(field);
            let number = context
                .has_number(ty)
                .then(|| quote!(, serialize_with = "crate::runtime::number::serialize"));
            let ty = context.ty(ty);
            Some(quote! {
                /// Members that the document does not declare.
                #[serde(flatten #number)]
                pub #field: external::BTreeMap<prelude::String, #ty>,
            })
        }
    }
}

fn declared_field(context: &Context<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    let docs = field_docs(field).attributes();
    let serde = serde_attribute(context, field);
    let deprecated = field.deprecated.then(|| quote!(#[deprecated]));
    let ty = field_type(context, field);
    quote!(#docs #serde #deprecated pub #name: #ty)
}

/// The type of the field with its presence.
fn field_type(context: &Context<'_>, field: &Field) -> TokenStream {
    let ty = inner_type(context, field);
    match field.presence {
        Presence::Required => ty,
        Presence::RequiredNullable | Presence::Optional => quote!(prelude::Option<#ty>),
        Presence::OptionalNullable => quote!(runtime::Nullable<#ty>),
    }
}

fn inner_type(context: &Context<'_>, field: &Field) -> TokenStream {
    let ty = context.ty(&field.ty);
    match field.boxed {
        true => quote!(prelude::Box<#ty>),
        false => ty,
    }
}

fn serde_attribute(context: &Context<'_>, field: &Field) -> Option<TokenStream> {
    let mut parts = Vec::new();
    let wire = &field.name.wire;
    if wire != plain(&field.name.rust) {
        parts.push(quote!(rename = #wire));
    }
    match field.presence {
        Presence::Required => {}
        Presence::RequiredNullable => {
            parts.push(quote!(deserialize_with = "crate::runtime::required_nullable"));
        }
        Presence::Optional => {
            let skip = format!("{}::is_none", context.names.text("Option"));
            parts.push(quote!(default, skip_serializing_if = #skip));
        }
        Presence::OptionalNullable => {
            let skip = format!("{}::is_absent", context.names.text("Nullable"));
            parts.push(quote!(default, skip_serializing_if = #skip));
        }
    }
    if context.has_number(&field.ty) {
        parts.push(quote!(serialize_with = "crate::runtime::number::serialize"));
    }
    (!parts.is_empty()).then(|| quote!(#[serde(#(#parts),*)]))
}

fn field_docs(field: &Field) -> Docs {
    let docs = Docs::member().maybe(field.description.as_deref(), Docs::prose);
    let docs = match docs.is_empty() {
        true => docs.text(&code(&field.name.wire)),
        false => docs,
    };
    docs.maybe(notes(&field.limits, field.default.as_ref()), |docs, text| docs.text(&text))
}

/// Bounds and default in words.
pub(crate) fn notes(limits: &Limits, default: Option<&serde_json::Value>) -> Option<String> {
    let default = default.map(|value| match value {
        serde_json::Value::String(text) => format!("Default: {}.", code(text)),
        value => format!("Default: {}.", code(&value.to_string())),
    });
    let parts: Vec<String> = limits_text(limits).into_iter().chain(default).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn limits_text(limits: &Limits) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(range(
        limits.minimum.map(|n| n.to_string()),
        limits.maximum.map(|n| n.to_string()),
        "",
    ));
    let text = |n: Option<u64>| n.map(|n| n.to_string());
    parts.extend(range(text(limits.min_length), text(limits.max_length), " characters"));
    parts.extend(range(text(limits.min_items), text(limits.max_items), " items"));
    parts.extend(limits.pattern.as_ref().map(|pattern| format!("Matches {}.", code(pattern))));
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn range(low: Option<String>, high: Option<String>, unit: &str) -> Option<String> {
    let one = high.as_ref().or(low.as_ref()).is_some_and(|count| count == "1");
    let unit = if one { unit.trim_end_matches('s') } else { unit };
    match (low, high) {
        (Some(low), Some(high)) if low == high => Some(format!("Exactly {low}{unit}.")),
        (Some(low), Some(high)) => Some(format!("From {low} to {high}{unit}.")),
        (Some(low), None) => Some(format!("At least {low}{unit}.")),
        (None, Some(high)) => Some(format!("At most {high}{unit}.")),
        (None, None) => None,
    }
}

/// The fields that `new` takes, in document order.
pub(crate) fn required(object: &Object) -> Vec<&Field> {
    object.fields.iter().filter(|field| is_argument(field) && fixed(field).is_none()).collect()
}

fn is_required(field: &Field) -> bool {
    match field.presence {
        Presence::Required | Presence::RequiredNullable => true,
        Presence::Optional | Presence::OptionalNullable => false,
    }
}

/// Whether a writer must give the field, which `new` sees to.
fn is_argument(field: &Field) -> bool {
    is_required(field) || field.required_on_write
}

/// Whether the field has a setter: what `new` does not set.
pub(crate) fn is_settable(field: &Field) -> bool {
    !is_argument(field)
}

/// The value that `new` fills in.
fn fixed(field: &Field) -> Option<&serde_json::Value> {
    field.constant.as_ref().filter(|_| is_required(field))
}

fn new(context: &Context<'_>, object: &Object) -> TokenStream {
    let required = required(object);
    let has_fixed = object.fields.iter().any(|field| fixed(field).is_some());
    if required.is_empty() && !has_fixed {
        return quote! {
            /// A value in which nothing is set.
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let arguments = required.iter().map(|field| {
        let name = ident(&field.name.rust);
        let ty = new_argument(context, field).0;
        quote!(#name: #ty)
    });
    let values = object.fields.iter().map(|field| initial(context, field));
    let extra = match &object.extra {
        Extra::None | Extra::Denied => None,
        Extra::Kept { field, .. } => {
            let field = ident(field);
            Some(quote!(#field: external::BTreeMap::new(),))
        }
    };
    let names: Vec<&str> = required.iter().map(|field| field.name.rust.as_str()).collect();
    let permits = permits("new", &names, required.len());
    quote! {
        /// A value with the required members.
        #permits
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values,)* #extra }
        }
    }
}

/// The type of an argument of `new` and the value made from it.
fn new_argument(context: &Context<'_>, field: &Field) -> (TokenStream, TokenStream) {
    let name = ident(&field.name.rust);
    let nullable = field.presence == Presence::RequiredNullable;
    match (nullable, field.boxed) {
        (true, true) => {
            let ty = context.ty(&field.ty);
            (quote!(prelude::Option<#ty>), quote!(#name.map(prelude::Box::new)))
        }
        (true, false) => {
            let ty = context.ty(&field.ty);
            (quote!(impl prelude::Into<prelude::Option<#ty>>), quote!(#name.into()))
        }
        (false, true) => {
            let ty = context.ty(&field.ty);
            (ty, quote!(prelude::Box::new(#name)))
        }
        (false, false) => {
            let argument = context.argument(&field.ty, &name);
            (argument.ty, argument.value)
        }
    }
}

/// A field as `new` sets it.
fn initial(context: &Context<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    let value = match (field.presence, fixed(field)) {
        (Presence::Required, Some(constant)) => samples::constant(context, &field.ty, constant),
        (Presence::RequiredNullable, Some(constant)) => {
            let constant = samples::constant(context, &field.ty, constant);
            quote!(Some(#constant))
        }
        (Presence::Required | Presence::RequiredNullable, None) => new_argument(context, field).1,
        (Presence::Optional, _) if field.required_on_write => {
            let value = new_argument(context, field).1;
            quote!(Some(#value))
        }
        (Presence::OptionalNullable, _) if field.required_on_write => {
            let value = new_argument(context, field).1;
            quote!(runtime::Nullable::Value(#value))
        }
        (Presence::Optional, _) => quote!(None),
        (Presence::OptionalNullable, _) => quote!(runtime::Nullable::Absent),
    };
    match name == value.to_string() {
        true => quote!(#name),
        false => quote!(#name: #value),
    }
}

/// Sets a field that `new` leaves open.
fn setter(context: &Context<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    let setter = ident(&field.setter);
    let docs = Docs::member().text(&format!("Sets {}.", code(&field.name.wire))).attributes();
    let deprecated = field.deprecated.then(|| quote!(#[deprecated]));
    let (ty, value) = setter_argument(context, field);
    let permits = permits(&field.setter, &[&field.name.rust], 2);
    quote! {
        #docs
        #deprecated
        #permits
        pub fn #setter(mut self, #name: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// The type of the argument of a setter and the value that is stored.
fn setter_argument(context: &Context<'_>, field: &Field) -> (TokenStream, TokenStream) {
    let name = ident(&field.name.rust);
    let argument = context.argument(&field.ty, &name);
    let is_container = match context.resolved(&field.ty) {
        TypeRef::Any if field.presence == Presence::OptionalNullable => {
            return (argument.ty, quote!(runtime::Nullable::json(#name)));
        }
        TypeRef::List(_) | TypeRef::Map(_) => true,
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
        | TypeRef::FlexInteger
        | TypeRef::Nullable(_)
        | TypeRef::Named(_) => false,
    };
    let wrap = match field.presence {
        Presence::OptionalNullable => quote!(runtime::Nullable::Value),
        Presence::Required | Presence::RequiredNullable | Presence::Optional => quote!(Some),
    };
    if field.boxed {
        let ty = context.ty(&field.ty);
        return (ty, quote!(#wrap(prelude::Box::new(#name))));
    }
    if field.presence == Presence::OptionalNullable && !is_container {
        let ty = context.ty(&field.ty);
        return (quote!(impl prelude::Into<runtime::Nullable<#ty>>), quote!(#name.into()));
    }
    let value = argument.value;
    (argument.ty, quote!(#wrap(#value)))
}
