//! `or_defaults`: what the service assumes for members that are absent.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident;
use super::{Context, samples};
use crate::ir::{Field, Object, Presence};

/// The method, where a member has a default that is a value of its type.
pub(crate) fn method(context: &Context<'_>, object: &Object) -> Option<TokenStream> {
    let fills: Vec<TokenStream> =
        object.fields.iter().filter_map(|field| fill(context, field)).collect();
    (!fills.is_empty()).then(|| {
        quote! {
            /// Fills in the defaults of the members that are absent.
            pub fn or_defaults(mut self) -> Self {
                #(#fills)*
                self
            }
        }
    })
}

fn fill(context: &Context<'_>, field: &Field) -> Option<TokenStream> {
    let default = field.default.as_ref().filter(|value| !value.is_null())?;
    let value = samples::owned(context, &field.ty, default)?;
    let value = match field.boxed {
        true => quote!(prelude::Box::new(#value)),
        false => value,
    };
    let name = ident(&field.name.rust);
    match field.presence {
        Presence::Optional => Some(quote! {
            if self.#name.is_none() {
                self.#name = Some(#value);
            }
        }),
        Presence::OptionalNullable => Some(quote! {
            if self.#name.is_absent() {
                self.#name = runtime::Nullable::Value(#value);
            }
        }),
        Presence::Required | Presence::RequiredNullable => None,
    }
}
