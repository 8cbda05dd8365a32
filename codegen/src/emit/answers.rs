//! What an operation answers, where one type does not say it: successes and errors that differ by
//! their status, and headers.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Context;
use super::docs::{Docs, code, sentence};
use super::requests::{decoder, held, maker};
use super::types::{ident, plain};
use crate::ir::{
    Answer, ByStatus, ErrorAnswer, Family, Header, HeaderStyle, Headers, Operation, TypeRef,
};

/// The types that belong to one request, in the order in which they stand in its file.
pub(crate) fn names(operation: &Operation) -> impl Iterator<Item = &String> {
    let answer = match &operation.answer {
        Answer::ByStatus(answer) => Some(&answer.name),
        Answer::Nothing | Answer::Stream | Answer::Body { .. } => None,
    };
    let headers = operation.headers.as_ref().map(|headers| &headers.name);
    answer.into_iter().chain(&operation.error_type).chain(headers)
}

/// These types.
pub(crate) fn items(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
) -> Vec<TokenStream> {
    let mut items = Vec::new();
    if let Answer::ByStatus(answer) = &operation.answer {
        items.extend(successes(context, family, operation, answer));
    }
    if let Some(name) = &operation.error_type {
        items.extend(errors(context, family, operation, name));
    }
    if let Some(headers) = &operation.headers {
        items.extend(fields(context, family, operation, headers));
    }
    items
}

/// `Status 201: made.`
fn status_text(status: &str, description: &str) -> String {
    let status = match status {
        "default" => "Any other status".to_owned(),
        status => format!("Status {status}"),
    };
    match sentence(description) {
        text if text.is_empty() => format!("{status}."),
        text => format!("{status}: {}.", text.trim_end_matches('.')),
    }
}

/// The statuses that a described one stands for, as a pattern; `None`: all that are left.
fn pattern(status: &str) -> Option<TokenStream> {
    if let Ok(code) = status.parse::<u16>() {
        let code = Literal::u16_unsuffixed(code);
        return Some(quote!(#code));
    }
    let class = status.bytes().next().filter(u8::is_ascii_digit)?;
    let class = Literal::u16_unsuffixed(u16::from(class - b'0'));
    Some(quote!(status if status / 100 == #class))
}

fn size_permit(variants: usize) -> Option<TokenStream> {
    (variants > 1).then(|| {
        quote!(#[allow(clippy::large_enum_variant, reason = "a box would stand in the way of every match")])
    })
}

fn successes(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
    answer: &ByStatus,
) -> Vec<TokenStream> {
    let name = ident(&answer.name);
    let docs = format!("What a success of {} carries, by its status.", maker(family, operation));
    let docs = Docs::item().text(&docs).attributes();
    let variants = answer.successes.iter().map(|success| {
        let variant = ident(&success.variant);
        let text = status_text(&success.status, &success.description);
        let docs = Docs::member().text(&text).attributes();
        match &success.answer {
            Answer::Nothing => quote!(#docs #variant,),
            body => {
                let ty = held(context, body);
                quote!(#docs #variant(#ty),)
            }
        }
    });
    let other = answer.other.as_ref().map(|other| {
        let other = ident(other);
        quote! {
            /// A success that the document does not describe; its body as it came.
            #other(external::Bytes),
        }
    });
    let arms = answer.successes.iter().map(|success| {
        let variant = ident(&success.variant);
        let status = match pattern(&success.status) {
            Some(pattern) if answer.other.is_some() || success.status.parse::<u16>().is_ok() => {
                pattern
            }
            _ => quote!(_),
        };
        match &success.answer {
            Answer::Nothing => quote!(#status => Ok(Self::#variant),),
            body => {
                let decode = decoder(body);
                quote!(#status => runtime::decode::#decode(parts).map(Self::#variant),)
            }
        }
    });
    let other_arm = answer.other.as_ref().map(|other| {
        let other = ident(other);
        quote!(_ => runtime::decode::bytes(parts).map(Self::#other),)
    });
    let permit = size_permit(answer.successes.len());
    let declaration = quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        #permit
        pub enum #name {
            #(#variants)*
            #other
        }
    };
    let decode = quote! {
        impl #name {
            fn decode(parts: &runtime::decode::Parts<'_>) -> prelude::Result<Self, runtime::DecodeError> {
                match parts.status.as_u16() {
                    #(#arms)*
                    #other_arm
                }
            }
        }
    };
    vec![declaration, decode]
}

/// The errors whose bodies have a type.
fn typed(operation: &Operation) -> impl Iterator<Item = (&ErrorAnswer, &TypeRef)> {
    operation.errors.iter().filter_map(|error| Some((error, error.ty.as_ref()?)))
}

fn errors(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
    name: &str,
) -> Vec<TokenStream> {
    let name = ident(name);
    let docs = format!("What an error of {} says, by its status.", maker(family, operation));
    let docs = Docs::item().text(&docs).attributes();
    let variants = typed(operation).map(|(error, ty)| {
        let (variant, ty) = (ident(&error.variant), context.ty(ty));
        let text = status_text(&error.status, &error.description);
        let docs = Docs::member().text(&text).attributes();
        quote!(#docs #variant(#ty),)
    });
    let arms = error_arms(operation);
    let permit = size_permit(typed(operation).count());
    let declaration = quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        #permit
        pub enum #name {
            #(#variants)*
        }
    };
    let of = quote! {
        impl #name {
            /// Reads the body of an error of this operation as its status says. `None`: there was no
            /// answer, or its body is not of that type; [`Error::body`](crate::Error::body) has it as it came.
            #[must_use]
            pub fn of(error: &runtime::Error) -> prelude::Option<Self> {
                match error.status()?.as_u16() {
                    #(#arms)*
                }
            }
        }
    };
    vec![declaration, of]
}

/// Single statuses first, then ranges, then all that are left.
fn error_arms(operation: &Operation) -> Vec<TokenStream> {
    let is_single = |error: &ErrorAnswer| error.status.parse::<u16>().is_ok();
    // A status without a type is said only where the arm of a range would take it.
    let has_range = typed(operation).any(|(error, _)| !is_single(error));
    let told = operation.errors.iter().filter(|error| error.ty.is_some() || has_range);
    let mut arms: Vec<(u8, TokenStream)> = told
        .map(|error| {
            let variant = ident(&error.variant);
            let read = match &error.ty {
                Some(_) => quote!(error.json().map(Self::#variant)),
                None => quote!(None),
            };
            match pattern(&error.status) {
                Some(status) => (u8::from(!is_single(error)), quote!(#status => #read,)),
                None => (2, quote!(_ => #read,)),
            }
        })
        .collect();
    if arms.iter().all(|(rank, _)| *rank < 2) {
        arms.push((2, quote!(_ => None,)));
    }
    arms.sort_by_key(|(rank, _)| *rank);
    arms.into_iter().map(|(_, arm)| arm).collect()
}

fn fields(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
    headers: &Headers,
) -> Vec<TokenStream> {
    let name = ident(&headers.name);
    let docs = format!("The headers of an answer of {}.", maker(family, operation));
    let docs = Docs::item().text(&docs).attributes();
    let declared = headers.fields.iter().map(|header| {
        let (field, ty) = (ident(&header.name.rust), context.ty(&header.ty));
        let docs = Docs::member().maybe(header.description.as_deref(), Docs::prose);
        let docs = docs.text(&format!("{}.", code(&header.name.wire))).attributes();
        let deprecated = header.deprecated.then(|| quote!(#[deprecated]));
        quote!(#docs #deprecated pub #field: prelude::Option<#ty>,)
    });
    let values = headers.fields.iter().map(|header| {
        let field = ident(&header.name.rust);
        let value = value(header);
        quote!(#field: #value,)
    });
    let is_old = headers.fields.iter().any(|header| header.deprecated);
    let allow = |item| if is_old { super::imports::allow_deprecated(item) } else { item };
    vec![
        allow(quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            #[non_exhaustive]
            pub struct #name {
                #(#declared)*
            }
        }),
        allow(quote! {
            impl #name {
                /// Reads them. One that is not there, or is not what the document says, is `None`.
                #[must_use]
                pub fn of(headers: &external::HeaderMap) -> Self {
                    Self { #(#values)* }
                }
            }
        }),
    ]
}

fn value(header: &Header) -> TokenStream {
    let name = &header.name.wire;
    let read = match header.style {
        HeaderStyle::Plain => quote!(one),
        HeaderStyle::List => quote!(list),
        HeaderStyle::Json => quote!(json),
    };
    quote!(runtime::header::#read(headers, #name))
}

/// How a method's docs tell of the struct of its headers.
pub(crate) fn headers_note(family: &Family, operation: &Operation) -> Option<String> {
    let headers = operation.headers.as_ref()?;
    Some(format!("{} reads the headers of an answer.", reader(family, &headers.name)))
}

/// How they tell of the enum of its errors.
pub(crate) fn errors_note(family: &Family, operation: &Operation) -> Option<String> {
    let name = operation.error_type.as_ref()?;
    Some(format!("{} reads the body of an error.", reader(family, name)))
}

fn reader(family: &Family, name: &str) -> String {
    format!("[`{name}::of`](crate::{}::{name}::of)", plain(&family.name.rust))
}
