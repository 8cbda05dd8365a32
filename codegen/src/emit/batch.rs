//! Chunk by chunk, for operations that say how much one call takes.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::{Docs, code};
use super::imports::allow_deprecated;
use super::requests::answer_type;
use super::types::ident;
use super::{Context, examples};
use crate::ir::{
    Batch, Body, BodyFormat, Family, Field, Object, Operation, Presence, Shape, TypeRef,
};

/// A list that is sent in chunks.
pub(crate) struct List<'a> {
    batch: &'a Batch,
    body: &'a Body,
    field: &'a Field,
    entry: &'a TypeRef,
}

/// The list of an operation with `x-batch`, which `lower` has found in the body.
pub(crate) fn list<'a>(context: &'a Context<'_>, operation: &'a Operation) -> Option<List<'a>> {
    let batch = operation.batch.as_ref()?;
    let body = operation.body.as_ref()?;
    let is_object = match body.format {
        BodyFormat::Json | BodyFormat::Form => true,
        BodyFormat::Multipart | BodyFormat::Text | BodyFormat::Bytes => false,
    };
    let object = object(context, &body.ty).filter(|_| is_object)?;
    let field = object.fields.iter().find(|field| field.name.wire == batch.property)?;
    match context.resolved(&field.ty) {
        TypeRef::List(entry) if !field.boxed => Some(List { batch, body, field, entry }),
        _ => None,
    }
}

fn object<'a>(context: &'a Context<'_>, ty: &'a TypeRef) -> Option<&'a Object> {
    let TypeRef::Named(id) = context.resolved(ty) else { return None };
    match &context.get(*id).shape {
        Shape::Object(object) => Some(object),
        Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) | Shape::Alias { .. } => None,
    }
}

/// `in_chunks`.
pub(crate) fn method(
    context: &Context<'_>,
    family: &Family,
    operation: &Operation,
) -> Option<TokenStream> {
    let List { batch, .. } = list(context, operation)?;
    let what = code(&batch.property);
    let docs = Docs::member()
        .text(&format!(
            "Sends the list in chunks of at most {} {what}, one call after the other.",
            batch.max
        ))
        .text("The first call that fails ends it; the error gives back what is not done.")
        .maybe(examples::chunks(context, family, operation), |docs, lines| {
            docs.heading("Examples").verbatim(lines)
        })
        .attributes();
    Some(quote! {
        #docs
        pub fn in_chunks(self) -> runtime::Batch<Self> {
            runtime::Batch::new(self)
        }
    })
}

/// The implementation of `Batched`.
pub(crate) fn implementation(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let List { batch, body, field, entry } = list(context, operation)?;
    let request = ident(&operation.request);
    let constant = ident(&operation.constant);
    let entry = context.ty(entry);
    let answer = answer_type(context, operation);
    let max = Literal::u64_unsuffixed(batch.max);
    let take = taken(body, field);
    let put = put(body, field);
    let implementation = quote! {
        impl runtime::Batched for #request {
            type Entry = #entry;
            type Answer = #answer;

            const OPERATION: &'static runtime::Operation = &#constant;
            const MAX: usize = #max;

            fn take_entries(&mut self) -> prelude::Vec<Self::Entry> {
                #take
            }

            fn call(
                &self,
                entries: prelude::Vec<Self::Entry>,
            ) -> runtime::BoxFuture<'static, prelude::Result<Self::Answer, runtime::Error>> {
                let mut request = self.clone();
                #put
                prelude::Box::pin(request.send())
            }
        }
    };
    Some(if field.deprecated { allow_deprecated(implementation) } else { implementation })
}

/// The list, out of the body.
fn taken(body: &Body, field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    let from = |body: TokenStream| match field.presence {
        Presence::Required => quote!(#body.#name.drain(..).collect()),
        Presence::RequiredNullable | Presence::Optional => {
            quote!(#body.#name.take().unwrap_or_default())
        }
        Presence::OptionalNullable => {
            quote!(#body.#name.take().into_value().unwrap_or_default())
        }
    };
    match body.required {
        true => from(quote!(self.body)),
        false => {
            let list = from(quote!(body));
            quote! {
                match &mut self.body {
                    Some(body) => #list,
                    None => prelude::Vec::new(),
                }
            }
        }
    }
}

/// Puts the entries in the place of the list. A body without any has nothing to send.
fn put(body: &Body, field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    let value = match field.presence {
        Presence::Required => quote!(entries),
        Presence::RequiredNullable | Presence::Optional => quote!(Some(entries)),
        Presence::OptionalNullable => quote!(runtime::Nullable::Value(entries)),
    };
    match body.required {
        true => quote!(request.body.#name = #value;),
        false => quote! {
            if let Some(body) = &mut request.body {
                body.#name = #value;
            }
        },
    }
}
