//! The features behind which families and types stand.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::types::plain;
use crate::ir::{Api, Family, Type};

/// The feature that compiles everything.
pub(crate) const ALL: &str = "all";

/// Whether the crate has a feature per family.
pub(crate) fn has_features(api: &Api) -> bool {
    features(api).next().is_some()
}

/// The features of the families, in the order of the document.
pub(crate) fn features(api: &Api) -> impl Iterator<Item = &str> {
    api.families.iter().filter_map(|family| family.feature.as_deref())
}

/// The attribute of what belongs to one family.
pub(crate) fn family(family: &Family) -> Option<TokenStream> {
    family.feature.as_ref().map(|feature| quote!(#[cfg(feature = #feature)]))
}

/// The attribute of a type that does not live with one family: any of those that use it needs it, and
/// one that only the document names comes with everything.
pub(crate) fn shared(api: &Api, ty: &Type) -> Option<TokenStream> {
    let features: Vec<&str> = ty
        .users
        .iter()
        .filter_map(|user| api.families.get(*user)?.feature.as_deref())
        .collect();
    match features.as_slice() {
        _ if !has_features(api) || ty.family.is_some() || features.len() == api.families.len() => {
            None
        }
        [] => Some(quote!(#[cfg(feature = #ALL)])),
        features => Some(quote!(#[cfg(any(#(feature = #features),*))])),
    }
}

/// The attributes of the types that have one, by name.
pub(crate) fn by_type(api: &Api) -> BTreeMap<&str, TokenStream> {
    let gate = |ty| shared(api, ty).map(|gate| (plain(&ty.name.rust), gate));
    api.types.iter().filter_map(gate).collect()
}
