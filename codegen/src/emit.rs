//! Prints the model as the files of a crate, in tokens where they are Rust. Cannot fail.
//!
//! One file of this folder per kind of thing. Names that a document may take are marked in quoted
//! code and get their final spelling in `imports`.

mod answers;
mod batch;
mod builder;
mod client;
mod defaults;
pub(crate) mod docs;
mod enums;
mod examples;
mod families;
mod flat;
mod folders;
mod gates;
mod guides;
mod handles;
mod imports;
mod manifest;
mod models;
mod operations;
mod pages;
mod parameters;
mod permits;
mod requests;
mod root;
mod samples;
mod servers;
mod ship;
mod streams;
mod types;
mod unions;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;

use crate::config::Config;
use crate::ir::{Api, Family, Shape, Type};
use crate::load::Document;
pub(crate) use docs::code;
use gates::Groups;
use imports::Names;
pub(crate) use manifest::depends_on;
use types::plain;

/// A file of the crate.
#[derive(Debug)]
pub enum File {
    /// Rust code.
    Rust(Module),
    /// Anything else, as it is.
    Text {
        /// Below the folder of the crate, with `/`.
        path: String,
        /// Without the first line that marks generated files.
        text: String,
    },
}

/// A file of Rust code.
#[derive(Debug, Clone)]
pub struct Module {
    /// Below the folder of the crate, with `/`.
    pub path: String,
    /// Lines of `//!`.
    pub docs: Vec<String>,
    /// Items, `use` lines first.
    pub items: Vec<TokenStream>,
}

/// What every emitter knows.
pub(crate) struct Context<'a> {
    /// The model.
    pub api: &'a Api,
    /// What cannot be read from the document.
    pub config: &'a Config,
    /// Names that the document takes.
    pub names: Names,
    /// Forms for requests that can be made of what was read.
    pub inputs: BTreeSet<String>,
    /// The groups of types that are compiled together.
    pub groups: Groups,
}

/// The files of the crate that speaks `api`.
pub fn emit(api: &Api, config: &Config) -> Vec<File> {
    let context = Context::new(api, config);
    let mut files = vec![
        File::Rust(root::library(&context)),
        File::Rust(client::module(&context)),
        File::Rust(flat::models(&context)),
    ];
    for index in 0..api.families.len() {
        files.extend(families::family(&context, index).into_iter().map(File::Rust));
    }
    files.extend(families::shared(&context).into_iter().map(File::Rust));
    files.extend(guides::files(&context));
    files.extend(ship::runtime(&context));
    files.extend(manifest::files(&context));
    files
}

/// How each operation is called, as a whole sample for other pages: method and path to code. What
/// cannot be made up is missing.
pub(crate) fn calls(api: &Api, config: &Config) -> BTreeMap<String, String> {
    let context = Context::new(api, config);
    let mut calls = BTreeMap::new();
    for family in &api.families {
        for operation in &family.operations {
            let key = format!("{} {}", operation.method.as_str(), operation.path);
            calls.extend(examples::whole(&context, family, operation).map(|text| (key, text)));
        }
    }
    calls
}

/// What a server of `api` is written against.
pub fn operations(api: &Api, document: &Document) -> Vec<File> {
    operations::files(api, document)
}

/// The names that the document takes.
fn names(api: &Api, groups: &Groups) -> Names {
    let mut homes = BTreeMap::new();
    let mut names = Names::default();
    for ty in &api.types {
        homes.insert(plain(&ty.name.rust).to_owned(), home(api, groups, ty));
        if ty.deprecated {
            names.deprecated.insert(plain(&ty.name.rust).to_owned());
        }
    }
    for family in &api.families {
        names.others.insert(family.handle.clone());
        names.others.extend(family.operations.iter().map(|operation| operation.request.clone()));
        names.others.extend(family.operations.iter().flat_map(answers::names).cloned());
    }
    names.homes = homes;
    names
}

/// The module that holds a type: `crate::flags::models`.
fn home(api: &Api, groups: &Groups, ty: &Type) -> String {
    let folder = match (ty.family, groups.get(&ty.users)) {
        (Some(index), _) => family_of(api, index).name.rust.clone(),
        (None, Some(group)) => format!("shared::{group}"),
        (None, None) => "shared".to_owned(),
    };
    let file = if is_enum(ty) { "enums" } else { "models" };
    format!("crate::{folder}::{file}")
}

/// Enums have a file of their own.
pub(crate) fn is_enum(ty: &Type) -> bool {
    match ty.shape {
        Shape::Enum(_) | Shape::IntegerEnum(_) => true,
        Shape::Object(_) | Shape::Union(_) | Shape::Alias { .. } => false,
    }
}

fn family_of(api: &Api, index: usize) -> &Family {
    api.families.get(index).expect("a family of a type is an index into `Api::families`")
}

impl<'a> Context<'a> {
    /// What is known of `api` before anything is printed.
    pub(crate) fn new(api: &'a Api, config: &'a Config) -> Self {
        let groups = gates::groups(api);
        let inputs = views::convertible(&api.types);
        Self { api, config, names: names(api, &groups), inputs, groups }
    }

    /// The module's file from its marked items.
    pub(crate) fn module(&self, file: ModuleParts<'_>) -> Module {
        let items = imports::resolve(&self.names, file.own, file.declared, file.items);
        Module { path: file.path, docs: file.docs, items }
    }

    /// A link to a member of a type of ours, for docs where the type is imported unless the document
    /// has one of that name. Rustdoc wants no target that it can find itself.
    pub(crate) fn link(&self, ty: &str, member: &str) -> String {
        match self.names.is_taken(ty) {
            true => format!("[`{ty}::{member}`](crate::{ty}::{member})"),
            false => format!("[`{ty}::{member}`]"),
        }
    }

    /// The crate as its own examples name it.
    pub(crate) fn crate_ident(&self) -> String {
        self.config.crate_name.replace('-', "_")
    }
}

/// A module before its names are settled.
pub(crate) struct ModuleParts<'a> {
    /// The file.
    pub path: String,
    /// The type of the document that the file is about.
    pub own: Option<&'a str>,
    /// Lines of `//!`.
    pub docs: Vec<String>,
    /// Names that the items declare or import on their own.
    pub declared: &'a [String],
    /// Marked items.
    pub items: Vec<TokenStream>,
}

#[cfg(test)]
mod tests;
