//! Bodies that are not held in memory: answers that are read bit by bit, and what is uploaded.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use super::docs::code;
use super::types::Argument;
use crate::ir::{
    Api, Body, BodyFormat, Extra, Operation, Shape, StreamFormat, Streamed, Type, TypeRef,
};

/// A part of the runtime that only some clients have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Forms with files.
    Forms,
    /// Bodies in and out that are not held in memory.
    Streams,
    /// Server-Sent Events.
    Events,
    /// JSON in lines and sequences.
    Lines,
}

/// The parts of the runtime that a client of `api` needs.
pub(crate) fn parts(api: &Api) -> BTreeSet<Part> {
    let mut parts = BTreeSet::new();
    for operation in api.families.iter().flat_map(|family| &family.operations) {
        match operation.stream.as_ref().map(|stream| stream.format) {
            Some(StreamFormat::Events) => parts.extend([Part::Streams, Part::Events]),
            Some(StreamFormat::Lines | StreamFormat::Sequence) => {
                parts.extend([Part::Streams, Part::Lines]);
            }
            Some(StreamFormat::Bytes) => parts.extend([Part::Streams]),
            None => {}
        }
        match operation.body.as_ref().map(|body| body.format) {
            Some(BodyFormat::Multipart) => parts.extend([Part::Streams, Part::Forms]),
            Some(BodyFormat::Bytes) => parts.extend([Part::Streams]),
            Some(BodyFormat::Json | BodyFormat::Form | BodyFormat::Text) | None => {}
        }
    }
    if api.types.iter().any(has_file) {
        parts.extend([Part::Streams, Part::Forms]);
    }
    parts
}

fn has_file(ty: &Type) -> bool {
    match &ty.shape {
        Shape::Object(object) => {
            let extra = match &object.extra {
                Extra::Kept { ty, .. } => is_file(ty),
                _ => false,
            };
            extra || object.fields.iter().any(|field| is_file(&field.ty))
        }
        Shape::Union(union) => union.variants.iter().any(|variant| is_file(&variant.ty)),
        Shape::Alias { target, .. } => is_file(target),
        Shape::Enum(_) | Shape::IntegerEnum(_) => false,
    }
}

fn is_file(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::File => true,
        TypeRef::Nullable(inner) | TypeRef::List(inner) | TypeRef::Map(inner) => is_file(inner),
        TypeRef::Boolean
        | TypeRef::Integer(_)
        | TypeRef::Number
        | TypeRef::String
        | TypeRef::DateTime
        | TypeRef::Date
        | TypeRef::Custom(_)
        | TypeRef::Bytes
        | TypeRef::Any
        | TypeRef::FlexText
        | TypeRef::FlexInteger
        | TypeRef::Named(_) => false,
    }
}

/// Whether a body goes out as it is.
fn is_upload(context: &Context<'_>, body: &Body) -> bool {
    body.format == BodyFormat::Bytes && *context.resolved(&body.ty) == TypeRef::Bytes
}

/// The type that a request holds its body as.
pub(crate) fn body_type(context: &Context<'_>, body: &Body) -> TokenStream {
    match is_upload(context, body) {
        true => quote!(runtime::Upload),
        false => context.ty(&body.ty),
    }
}

/// The body as an argument.
pub(crate) fn body_argument(context: &Context<'_>, body: &Body, name: &Ident) -> Argument {
    match is_upload(context, body) {
        true => Argument {
            ty: quote!(impl prelude::Into<runtime::Upload>),
            value: quote!(#name.into()),
        },
        false => context.argument(&body.ty, name),
    }
}

/// What is read bit by bit.
pub(crate) fn ty(context: &Context<'_>, stream: &Streamed) -> TokenStream {
    let item = context.ty(&stream.ty);
    match stream.format {
        StreamFormat::Bytes => quote!(runtime::Download),
        StreamFormat::Events => quote!(runtime::EventStream<#item>),
        StreamFormat::Lines | StreamFormat::Sequence => quote!(runtime::JsonLines<#item>),
    }
}

/// What turns a body into that.
fn reading(context: &Context<'_>, stream: &Streamed) -> TokenStream {
    let end = match &stream.end {
        Some(end) => quote!(Some(#end)),
        None => quote!(None),
    };
    match stream.format {
        StreamFormat::Bytes => TokenStream::new(),
        StreamFormat::Events if is_text(context, &stream.ty) => quote!(.text_events(#end)),
        StreamFormat::Events => quote!(.events(#end)),
        StreamFormat::Lines => quote!(.lines()),
        StreamFormat::Sequence => quote!(.sequence()),
    }
}

/// Whether data of this type comes without the quotes of JSON.
fn is_text(context: &Context<'_>, ty: &TypeRef) -> bool {
    match context.resolved(ty) {
        TypeRef::String | TypeRef::DateTime | TypeRef::Date | TypeRef::FlexText => true,
        TypeRef::Custom(custom) => custom.is_text,
        TypeRef::Named(id) => matches!(context.get(*id).shape, Shape::Enum(_)),
        TypeRef::Boolean
        | TypeRef::Integer(_)
        | TypeRef::Number
        | TypeRef::Bytes
        | TypeRef::File
        | TypeRef::Any
        | TypeRef::FlexInteger
        | TypeRef::Nullable(_)
        | TypeRef::List(_)
        | TypeRef::Map(_) => false,
    }
}

/// The call that says which media type is wanted.
pub(crate) fn accept(stream: &Streamed) -> Option<TokenStream> {
    stream.media_type.as_ref().map(|media_type| quote!(.accept(#media_type)))
}

/// `stream`, of an operation that answers in another way too.
pub(crate) fn method(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let stream = operation.stream.as_ref()?;
    let (ty, reading, accept) = (ty(context, stream), reading(context, stream), accept(stream));
    let what = match stream.format {
        StreamFormat::Bytes => "body",
        StreamFormat::Events => "events",
        StreamFormat::Lines | StreamFormat::Sequence => "values",
    };
    let asked = match &stream.media_type {
        Some(media_type) if stream.format != StreamFormat::Bytes => {
            format!(" Sends the request and reads {what} as they come ({}).", code(media_type))
        }
        _ => " Sends the request and reads the body as it comes.".to_owned(),
    };
    Some(quote! {
        #[doc = #asked]
        pub async fn stream(self) -> prelude::Result<#ty, runtime::Error> {
            let request = self.request() #accept;
            let response = self.client.core().open(request, &self.options).await?;
            Ok(response.into_value() #reading)
        }
    })
}

/// `send` and `response`, of an operation that answers in no other way.
pub(crate) fn sending(context: &Context<'_>, stream: &Streamed) -> TokenStream {
    let (ty, reading) = (ty(context, stream), reading(context, stream));
    quote! {
        /// Sends the request and returns the answer as it comes.
        pub async fn send(self) -> prelude::Result<#ty, runtime::Error> {
            Ok(self.response().await?.into_value())
        }

        /// Sends the request and returns the answer as it comes, with its status and headers.
        pub async fn response(self) -> prelude::Result<runtime::Response<#ty>, runtime::Error> {
            let response = self.client.core().open(self.request(), &self.options).await?;
            Ok(response.map(|body| body #reading))
        }
    }
}
