//! Unions: one variant per member, told apart by a tag or by what parses first.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code};
use super::models::type_docs;
use super::types::ident;
use super::{Context, views};
use crate::ir::{Type, TypeRef, Union, UnionVariant};

/// A union and what it converts from and to.
pub(crate) fn union(context: &Context<'_>, ty: &Type, union: &Union) -> Vec<TokenStream> {
    let mut items = vec![declaration(context, ty, union)];
    items.extend(conversions(context, ty, union));
    items.extend(views::union(context, ty, union));
    if union.tag.is_none()
        && !union.variants.is_empty()
        && union.variants.iter().all(|variant| !variant.boxed && context.is_text(&variant.ty))
    {
        items.push(display(ty, union));
    }
    items.push(match &union.tag {
        Some(tag) => by_tag(ty, union, tag),
        None => by_trial(ty, union),
    });
    items
}

fn declaration(context: &Context<'_>, ty: &Type, union: &Union) -> TokenStream {
    let name = ident(&ty.name.rust);
    let docs = match &union.tag {
        Some(tag) => type_docs(ty).text(&format!("Told apart by {}.", code(tag))),
        None => type_docs(ty).text(&trial_text(union)),
    };
    let docs = docs.attributes();
    let deprecated = ty.deprecated.then(|| quote!(#[deprecated]));
    let variants = union.variants.iter().map(|variant| declared_variant(context, variant));
    let unknown = union.unknown.as_ref().map(|unknown| {
        let unknown = ident(unknown);
        quote! {
            /// A member that this version of the client does not know, as it came.
            #unknown(external::Value),
        }
    });
    let by_value = |variant: &UnionVariant| {
        !variant.boxed && matches!(context.resolved(&variant.ty), TypeRef::Named(_))
    };
    let size = (union.variants.len() > 1 && union.variants.iter().any(by_value)).then(|| {
        quote!(#[allow(clippy::large_enum_variant, reason = "a box would stand in the way of every match")])
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, external::Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        #deprecated
        #size
        pub enum #name {
            #(#variants,)*
            #unknown
        }
    }
}

/// The order in words, since it decides what a value becomes.
fn trial_text(union: &Union) -> String {
    let order: Vec<String> =
        union.order.iter().map(|index| code(&variant(union, *index).rust)).collect();
    format!("The first that fits is taken, in this order: {}.", order.join(", "))
}

fn variant(union: &Union, index: usize) -> &UnionVariant {
    union.variants.get(index).expect("`Union::order` holds indexes of its variants")
}

fn declared_variant(context: &Context<'_>, variant: &UnionVariant) -> TokenStream {
    let name = ident(&variant.rust);
    let held = held(context, variant);
    let tags: Vec<String> = variant.tags.iter().map(|tag| code(tag)).collect();
    let docs = match tags.is_empty() {
        true => Docs::member().text(&format!("{}.", member_text(context, &variant.ty))),
        false => Docs::member().text(&tags.join(", ")),
    };
    let docs = docs.attributes();
    let serde = context
        .has_number(&variant.ty)
        .then(|| quote!(#[serde(serialize_with = "crate::runtime::number::serialize")]));
    quote!(#docs #serde #name(#held))
}

/// What a member is, in words.
fn member_text(context: &Context<'_>, ty: &TypeRef) -> &'static str {
    match context.resolved(ty) {
        TypeRef::Boolean => "True or false",
        TypeRef::Integer(_) | TypeRef::FlexInteger => "An integer",
        TypeRef::Number => "A number",
        TypeRef::String | TypeRef::FlexText => "Text",
        TypeRef::DateTime => "An instant",
        TypeRef::Date => "A day",
        TypeRef::Custom(custom) if custom.is_text => "Text of one form",
        TypeRef::Custom(_) => "A number",
        TypeRef::Bytes => "Bytes",
        TypeRef::File => "A file",
        TypeRef::Any => "Any value",
        TypeRef::Nullable(_) => "A value or null",
        TypeRef::List(_) => "A list",
        TypeRef::Map(_) => "An object with free keys",
        TypeRef::Named(_) => "One of the members",
    }
}

fn held(context: &Context<'_>, variant: &UnionVariant) -> TokenStream {
    let ty = context.ty(&variant.ty);
    match variant.boxed {
        true => quote!(prelude::Box<#ty>),
        false => ty,
    }
}

/// `From` for every member whose type no other member has.
fn conversions(context: &Context<'_>, ty: &Type, union: &Union) -> Vec<TokenStream> {
    let name = ident(&ty.name.rust);
    let all: Vec<TypeRef> =
        union.variants.iter().map(|variant| context.canonical(&variant.ty)).collect();
    let mut items = Vec::new();
    for (variant, own) in union.variants.iter().zip(&all) {
        let is_itself = matches!(own, TypeRef::Named(id) if context.get(*id).name == ty.name);
        if is_itself || all.iter().filter(|other| *other == own).count() > 1 {
            continue;
        }
        let member = ident(&variant.rust);
        let held = context.ty(&variant.ty);
        let value = if variant.boxed { quote!(prelude::Box::new(value)) } else { quote!(value) };
        items.push(quote! {
            impl prelude::From<#held> for models::#name {
                fn from(value: #held) -> Self {
                    Self::#member(#value)
                }
            }
        });
        if matches!(context.resolved(&variant.ty), TypeRef::String) {
            items.push(quote! {
                impl prelude::From<&str> for models::#name {
                    fn from(value: &str) -> Self {
                        Self::#member(value.to_owned())
                    }
                }
            });
        }
    }
    items
}

/// Text, where every member has one.
fn display(ty: &Type, union: &Union) -> TokenStream {
    let name = ident(&ty.name.rust);
    let members = union.variants.iter().map(|variant| ident(&variant.rust));
    quote! {
        impl external::fmt::Display for models::#name {
            fn fmt(&self, f: &mut external::fmt::Formatter<'_>) -> external::fmt::Result {
                match self {
                    #(Self::#members(value) => value.fmt(f),)*
                }
            }
        }
    }
}

fn by_tag(ty: &Type, union: &Union, tag: &str) -> TokenStream {
    let name = ident(&ty.name.rust);
    let arms = union.variants.iter().filter(|variant| !variant.tags.is_empty()).map(|variant| {
        let member = ident(&variant.rust);
        let tags = &variant.tags;
        quote!(#(#tags)|* => external::Deserialize::deserialize(&value).map(Self::#member))
    });
    let rest = match &union.unknown {
        Some(unknown) => {
            let unknown = ident(unknown);
            quote!(return Ok(Self::#unknown(value)))
        }
        None => {
            let text = format!("{} {{tag:?}} is not known", braces(tag));
            quote!(return Err(serde::de::Error::custom(format_args!(#text))))
        }
    };
    let problem = format!("{} {{tag:?}}: {{error}}", braces(tag));
    quote! {
        impl<'de> external::Deserialize<'de> for models::#name {
            fn deserialize<D: external::Deserializer<'de>>(deserializer: D) -> prelude::Result<Self, D::Error> {
                let value = external::Value::deserialize(deserializer)?;
                let Some(tag) = value.get(#tag).and_then(external::Value::as_str) else {
                    return Err(serde::de::Error::missing_field(#tag));
                };
                let member = match tag {
                    #(#arms,)*
                    _ => #rest,
                };
                member.map_err(|error| serde::de::Error::custom(format_args!(#problem)))
            }
        }
    }
}

/// `text` as it must stand in a format string.
fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn by_trial(ty: &Type, union: &Union) -> TokenStream {
    let name = ident(&ty.name.rust);
    let trials = union.order.iter().map(|index| {
        let member = ident(&variant(union, *index).rust);
        quote! {
            if let Ok(member) = external::Deserialize::deserialize(&value) {
                return Ok(Self::#member(member));
            }
        }
    });
    let problem = format!("no member of {} fits", ty.name.wire);
    quote! {
        impl<'de> external::Deserialize<'de> for models::#name {
            fn deserialize<D: external::Deserializer<'de>>(deserializer: D) -> prelude::Result<Self, D::Error> {
                let value = external::Value::deserialize(deserializer)?;
                #(#trials)*
                Err(serde::de::Error::custom(#problem))
            }
        }
    }
}
