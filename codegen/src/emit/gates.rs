//! The features behind which families stand, and the types that several of them share.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::types::plain;
use crate::ir::{Api, Family, Type};

/// The feature that compiles everything.
pub(crate) const ALL: &str = "all";

/// The groups of shared types that are not always compiled: the families that use them, to the
/// name of their folder.
pub(crate) type Groups = BTreeMap<Vec<usize>, String>;

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

/// The attribute of what these families share: any of them needs it, and what only the document
/// names comes with everything.
pub(crate) fn group(api: &Api, users: &[usize]) -> TokenStream {
    let family = |user: &usize| api.families.get(*user)?.feature.as_deref();
    let features: Vec<&str> = users.iter().filter_map(family).collect();
    match features.as_slice() {
        [] => quote!(#[cfg(feature = #ALL)]),
        features => quote!(#[cfg(any(#(feature = #features),*))]),
    }
}

/// The groups of the shared types of a crate with features.
pub(crate) fn groups(api: &Api) -> Groups {
    if !has_features(api) {
        return Groups::new();
    }
    let is_group = |ty: &&Type| ty.family.is_none() && ty.users.len() < api.families.len();
    let sets: BTreeSet<&Vec<usize>> =
        api.types.iter().filter(is_group).map(|ty| &ty.users).collect();
    let mut taken = BTreeSet::from(["enums".to_owned(), "models".to_owned()]);
    let mut groups = Groups::new();
    for users in sets {
        let name = group_name(api, users);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
        let free = free.unwrap_or(name);
        taken.insert(free.clone());
        groups.insert(users.clone(), free);
    }
    groups
}

/// `flags_and_users`, or `flags_and_3_more`.
fn group_name(api: &Api, users: &[usize]) -> String {
    let names: Vec<&str> = users
        .iter()
        .filter_map(|user| api.families.get(*user))
        .map(|family| plain(&family.name.rust))
        .collect();
    match names.as_slice() {
        [] => "unused".to_owned(),
        [only] => (*only).to_owned(),
        [first, second] => format!("{first}_and_{second}"),
        [first, rest @ ..] => format!("{first}_and_{}_more", rest.len()),
    }
}
