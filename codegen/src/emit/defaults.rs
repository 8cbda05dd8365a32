//! `or_defaults`: what the service assumes for members that are absent.

use std::f64::consts;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::types::ident;
use super::{Context, samples};
use crate::ir::{Field, Object, Presence};

/// Numbers that clippy wants written by their names.
const CONSTANTS: &[f64] = &[
    consts::E,
    consts::FRAC_1_PI,
    consts::FRAC_1_SQRT_2,
    consts::FRAC_2_PI,
    consts::FRAC_2_SQRT_PI,
    consts::FRAC_PI_2,
    consts::FRAC_PI_3,
    consts::FRAC_PI_4,
    consts::FRAC_PI_6,
    consts::FRAC_PI_8,
    consts::LN_2,
    consts::LN_10,
    consts::LOG10_2,
    consts::LOG10_E,
    consts::LOG2_10,
    consts::LOG2_E,
    consts::PI,
    consts::SQRT_2,
    consts::TAU,
];

/// The method, where a member has a default that is a value of its type.
pub(crate) fn method(context: &Context<'_>, object: &Object) -> Option<TokenStream> {
    let fills: Vec<TokenStream> =
        object.fields.iter().filter_map(|field| fill(context, field)).collect();
    let likeness = object.fields.iter().filter_map(|field| field.default.as_ref());
    let allow = likeness.into_iter().any(is_like_a_constant).then(
        || quote!(#[allow(clippy::approx_constant, reason = "the number is the document's")]),
    );
    (!fills.is_empty()).then(|| {
        quote! {
            /// Fills in the defaults of the members that are absent.
            #allow
            pub fn or_defaults(mut self) -> Self {
                #(#fills)*
                self
            }
        }
    })
}

/// Whether a number in it could be taken for one of `std::f64::consts`.
fn is_like_a_constant(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| {
            number.fract() != 0.0 && CONSTANTS.iter().any(|known| (known - number).abs() < 0.01)
        }),
        Value::Array(items) => items.iter().any(is_like_a_constant),
        Value::Object(members) => members.values().any(is_like_a_constant),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
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
