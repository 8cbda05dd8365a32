//! The flat list of all types in `models.rs`.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::{allow_deprecated, module_path, use_list};
use super::{Context, Module, gates};

/// From how many types on the list names folders, since nobody would read it.
const MANY: usize = 700;

/// `src/models.rs`
pub(crate) fn models(context: &Context<'_>) -> Module {
    let items = if context.names.homes.len() < MANY { names(context) } else { folders(context) };
    Module {
        path: "src/models.rs".to_owned(),
        docs: vec!["All types of the document.".to_owned()],
        items,
    }
}

/// Every type by its name, those of one module and one feature together.
fn names(context: &Context<'_>) -> Vec<TokenStream> {
    let of_modules = of_modules(context);
    let of_types = gates::by_type(context.api);
    let mut lists: BTreeMap<(&str, String), (Option<&TokenStream>, [Vec<&String>; 2])> =
        BTreeMap::new();
    for (name, home) in &context.names.homes {
        let gate = of_types.get(name.as_str()).or_else(|| of_modules.get(home));
        let key = (home.as_str(), gate.map(TokenStream::to_string).unwrap_or_default());
        let (_, names) = lists.entry(key).or_insert_with(|| (gate, Default::default()));
        names[usize::from(context.names.deprecated.contains(name))].push(name);
    }
    let mut items = Vec::new();
    for ((home, _), (gate, [current, old])) in lists {
        if !current.is_empty() {
            items.push(use_list(&quote!(#gate pub), home, &current));
        }
        if !old.is_empty() {
            items.push(allow_deprecated(use_list(&quote!(#gate pub), home, &old)));
        }
    }
    items
}

/// The folders that hold them.
fn folders(context: &Context<'_>) -> Vec<TokenStream> {
    let of_modules = of_modules(context);
    let mut homes: Vec<&String> = context.names.homes.values().collect();
    homes.sort();
    homes.dedup();
    let line = |home: &String| {
        let gate = of_modules.get(home);
        let home = module_path(home);
        quote!(#gate pub use #home::*;)
    };
    homes.into_iter().map(line).collect()
}

/// The attributes of the modules that have one.
fn of_modules(context: &Context<'_>) -> BTreeMap<String, TokenStream> {
    let kinds = ["enums", "models"];
    let homes = context.api.families.iter().flat_map(|family| {
        let gate = gates::family(family);
        let folder = family.name.rust.as_str();
        kinds.map(|kind| Some((format!("crate::{folder}::{kind}"), gate.clone()?)))
    });
    homes.flatten().collect()
}
