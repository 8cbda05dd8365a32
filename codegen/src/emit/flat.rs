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

/// Every type by its name, those of one module together.
fn names(context: &Context<'_>) -> Vec<TokenStream> {
    let of_modules = of_modules(context);
    let mut lists: BTreeMap<&String, [Vec<&String>; 2]> = BTreeMap::new();
    for (name, home) in &context.names.homes {
        let names = lists.entry(home).or_default();
        names[usize::from(context.names.deprecated.contains(name))].push(name);
    }
    let mut items = Vec::new();
    for (home, [current, old]) in lists {
        let gate = of_modules.get(home);
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
    let families = context
        .api
        .families
        .iter()
        .filter_map(|family| Some((family.name.rust.clone(), gates::family(family)?)));
    let groups = context
        .groups
        .iter()
        .map(|(users, name)| (format!("shared::{name}"), gates::group(context.api, users)));
    let both = |(folder, gate): (String, TokenStream)| {
        kinds.map(|kind| (format!("crate::{folder}::{kind}"), gate.clone()))
    };
    families.chain(groups).flat_map(both).collect()
}
