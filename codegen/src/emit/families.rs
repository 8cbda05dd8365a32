//! The folder of a family, and the folder of what families share.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;

use super::docs::Docs;
use super::folders::{self, Entry};
use super::handles::family_docs;
use super::imports::use_list;
use super::types::{file_name, ident, module_ident, plain};
use super::{Context, Module, ModuleParts, answers, gates, handles, is_enum, models, requests};
use crate::ir::{Family, Type};

/// The files of one family.
pub(crate) fn family(context: &Context<'_>, index: usize) -> Vec<Module> {
    let family = context.api.families.get(index).expect("the index counts the families");
    let mut modules = vec![folder(context, family, index), request_folder(family)];
    modules.extend(handles::modules(context, family));
    modules.extend(
        family.operations.iter().map(|operation| requests::module(context, family, operation)),
    );
    let types: Vec<&Type> = types(context, Some(index)).collect();
    modules.extend(type_folders(context, plain(&family.name.rust), &types));
    modules
}

/// The files of the types that several families use: of those that are always compiled, and a
/// folder for each group that is not.
pub(crate) fn shared(context: &Context<'_>) -> Vec<Module> {
    let always: Vec<&Type> =
        types(context, None).filter(|ty| group(context, ty).is_none()).collect();
    let mut modules = type_folders(context, "shared", &always);
    let mut items = type_modules(&always);
    let mut grouped: HashMap<&[usize], Vec<&Type>> = HashMap::new();
    for ty in types(context, None) {
        grouped.entry(&ty.users).or_default().push(ty);
    }
    for (users, name) in &context.groups {
        let types = grouped.remove(users.as_slice()).unwrap_or_default();
        let gate = gates::group(context.api, users);
        let module = module_ident(name);
        items.push(quote!(#gate pub(crate) mod #module;));
        modules.push(Module {
            path: format!("src/shared/{name}/mod.rs"),
            docs: vec![group_docs(context, users)],
            items: type_modules(&types),
        });
        modules.extend(type_folders(context, &format!("shared/{name}"), &types));
    }
    if modules.is_empty() {
        return modules;
    }
    let folder = Module {
        path: "src/shared/mod.rs".to_owned(),
        docs: vec!["Types that several families use.".to_owned()],
        items,
    };
    [vec![folder], modules].concat()
}

/// The folder of a shared type that is not always compiled.
fn group<'a>(context: &'a Context<'_>, ty: &Type) -> Option<&'a String> {
    context.groups.get(&ty.users)
}

fn group_docs(context: &Context<'_>, users: &[usize]) -> String {
    let families = users.iter().filter_map(|user| context.api.families.get(*user));
    let names: Vec<String> =
        families.map(|family| super::docs::code(plain(&family.name.rust))).collect();
    match names.is_empty() {
        true => "Types that no operation uses.".to_owned(),
        false => format!("Types of {}.", names.join(", ")),
    }
}

/// The types of a family, or of none. Those of one family stand together, those of none last.
pub(crate) fn types<'a>(
    context: &'a Context<'_>,
    family: Option<usize>,
) -> impl Iterator<Item = &'a Type> {
    let rank = |family: Option<usize>| family.unwrap_or(usize::MAX);
    let types = &context.api.types;
    let start = types.partition_point(|ty| rank(ty.family) < rank(family));
    types[start..].iter().take_while(move |ty| ty.family == family)
}

/// `mod` lines of the folders that hold types.
fn type_modules(types: &[&Type]) -> Vec<TokenStream> {
    let mut lines = Vec::new();
    if types.iter().any(|ty| is_enum(ty)) {
        lines.push(quote!(
            pub(crate) mod enums;
        ));
    }
    if types.iter().any(|ty| !is_enum(ty)) {
        lines.push(quote!(
            pub(crate) mod models;
        ));
    }
    lines
}

fn folder(context: &Context<'_>, family: &Family, index: usize) -> Module {
    let handle = ident(&family.handle);
    let mut requests: Vec<&String> =
        family.operations.iter().map(|operation| &operation.request).collect();
    requests.extend(family.operations.iter().flat_map(answers::names));
    requests.sort();
    let types: Vec<&Type> = types(context, Some(index)).collect();
    let mut modules = type_modules(&types);
    modules.push(quote!(
        mod handle;
    ));
    modules.push(quote!(
        mod requests;
    ));
    modules.sort_by_key(|line| line.to_string().replace("pub (crate) ", ""));
    let mut items: Vec<TokenStream> =
        modules.into_iter().map(|line| permit_inception(&family.name.rust, line)).collect();
    items.push(quote!(pub use self::handle::#handle;));
    items.push(use_list(&quote!(pub), "self::requests", &requests));
    Module {
        path: format!("src/{}/mod.rs", plain(&family.name.rust)),
        docs: family_docs(family, Docs::item()).into_lines(),
        items,
    }
}

/// A module may have the name of its folder, since the document gives the name.
pub(crate) fn permit_inception(folder: &str, line: TokenStream) -> TokenStream {
    let same = line.to_string().ends_with(&format!("mod {folder} ;"));
    let allow = same
        .then(|| quote!(#[allow(clippy::module_inception, reason = "the name is the document's")]));
    quote!(#allow #line)
}

/// One file per operation.
fn request_folder(family: &Family) -> Module {
    let entries = family.operations.iter().map(|operation| {
        let names = std::iter::once(&operation.request).chain(answers::names(operation));
        Entry {
            file: file_name(plain(&operation.name.rust)),
            names: names.cloned().collect(),
            deprecated: false,
        }
    });
    folders::list(
        format!("src/{}/requests/mod.rs", plain(&family.name.rust)),
        format!("The requests of `{}`.", family.handle),
        "requests",
        entries.collect(),
    )
}

/// `models` and `enums`, where there is something in them: one file per type.
fn type_folders(context: &Context<'_>, folder: &str, all: &[&Type]) -> Vec<Module> {
    let kinds = [("enums", "Enums", true), ("models", "Structs and unions", false)];
    let mut modules = Vec::new();
    for (kind, title, enums) in kinds {
        let mut taken = BTreeSet::new();
        let mut entries = Vec::new();
        let mut types_by_file = BTreeMap::new();
        for ty in all.iter().copied().filter(|ty| is_enum(ty) == enums) {
            let file = free_file(&mut taken, &ty.name.rust);
            types_by_file.insert(file.clone(), ty);
            entries.push(Entry {
                file,
                names: vec![ty.name.rust.clone()],
                deprecated: ty.deprecated,
            });
        }
        if entries.is_empty() {
            continue;
        }
        let path = format!("src/{folder}/{kind}");
        let tree = folders::tree(path, format!("{title} of the document."), kind, entries);
        modules.extend(tree.lists);
        for (file, path) in tree.paths {
            modules.extend(types_by_file.get(&file).map(|ty| type_file(context, ty, path)));
        }
    }
    modules
}

/// Two types may differ by letter case only, which file names must not.
fn free_file(taken: &mut BTreeSet<String>, name: &str) -> String {
    let base = file_name(&plain(name).to_snake_case());
    let mut file = base.clone();
    let mut number = 2;
    while !taken.insert(file.clone()) {
        file = format!("{base}_{number}");
        number += 1;
    }
    file
}

fn type_file(context: &Context<'_>, ty: &Type, path: String) -> Module {
    let name = plain(&ty.name.rust).to_owned();
    context.module(ModuleParts {
        path,
        own: Some(&name),
        docs: vec![format!("{} of the document.", super::docs::code(&name))],
        declared: std::slice::from_ref(&name),
        items: models::items(context, ty),
    })
}
