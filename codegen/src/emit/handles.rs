//! One handle per family: a method per operation, with all that its docs have to say.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::docs::{Docs, code, sentence, sentences};
use super::families::permit_inception;
use super::imports::use_list;
use super::permits::permits;
use super::requests::route;
use super::types::{file_name, ident, module_ident, plain};
use super::{Context, Module, ModuleParts, answers, batch, examples, parameters, streams};
use crate::ir::{ErrorAnswer, Family, Operation, Parameter, Retry, TypeRef};

/// The files of the handle: what concerns the whole list or one item of it is in `mod.rs`, and each
/// list below an item, such as the variants of a flag, has a file of its own.
pub(crate) fn modules(context: &Context<'_>, family: &Family) -> Vec<Module> {
    let mut parts: BTreeMap<Option<String>, Vec<&Operation>> = BTreeMap::from([(None, Vec::new())]);
    for operation in &family.operations {
        parts.entry(part(&operation.path)).or_default().push(operation);
    }
    let mut files = Vec::new();
    let mut names: BTreeSet<String> = parts.keys().flatten().cloned().collect();
    for (part, operations) in parts {
        let methods = operations
            .into_iter()
            .map(|operation| Method { operation, tokens: method(context, family, operation) });
        let mut pieces = pieces(methods.collect()).into_iter();
        let first = pieces.next().unwrap_or_default();
        let rest: Vec<(String, Vec<Method<'_>>)> = pieces
            .map(|piece| (free_name(&mut names, part.as_deref().unwrap_or("more")), piece))
            .collect();
        files.push((part, first));
        files.extend(rest.into_iter().map(|(name, piece)| (Some(name), piece)));
    }
    files
        .into_iter()
        .map(|(part, methods)| match part {
            None => main_file(context, family, &names, &methods),
            Some(part) => part_file(context, family, &part, &methods),
        })
        .collect()
}

/// A method of the handle as it is printed.
struct Method<'a> {
    operation: &'a Operation,
    tokens: TokenStream,
}

/// About the most lines of methods in one file.
const MOST: usize = 730;

/// Methods in files that are not too long; all in one file if they are few.
fn pieces(methods: Vec<Method<'_>>) -> Vec<Vec<Method<'_>>> {
    let mut pieces: Vec<Vec<Method<'_>>> = Vec::new();
    let mut lines = 0;
    for method in methods {
        let next = length(&method.tokens);
        match pieces.last_mut() {
            Some(piece) if lines + next <= MOST => piece.push(method),
            _ => {
                lines = 0;
                pieces.push(vec![method]);
            }
        }
        lines += next;
    }
    pieces
}

/// About how many lines a method has: those of its docs, its arguments, and the rest.
fn length(tokens: &TokenStream) -> usize {
    let has_doc = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.stream().to_string().starts_with("doc"));
    let docs = tokens.clone().into_iter().filter(has_doc).count();
    let arguments = tokens.clone().into_iter().filter_map(|tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    });
    let commas = |group: proc_macro2::Group| {
        let is_comma =
            |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',');
        group.stream().into_iter().filter(is_comma).count()
    };
    docs + arguments.map(commas).sum::<usize>() + 8
}

/// The first of `name_2`, `name_3` and so on that is free.
fn free_name(names: &mut BTreeSet<String>, name: &str) -> String {
    let mut numbered = (2..).map(|number| format!("{name}_{number}"));
    let free = numbered.find(|name| !names.contains(name)).unwrap_or_default();
    names.insert(free.clone());
    free
}

/// The first fixed segment of a path after a parameter, as a module.
fn part(path: &str) -> Option<String> {
    let mut segments = path.split('/').skip_while(|segment| !segment.starts_with('{'));
    let fixed = segments.find(|segment| !segment.contains('{') && !segment.is_empty())?;
    let name = fixed.to_snake_case();
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (is_name && starts).then(|| file_name(&name))
}

fn main_file(
    context: &Context<'_>,
    family: &Family,
    parts: &BTreeSet<String>,
    methods: &[Method<'_>],
) -> Module {
    let operations: Vec<&Operation> = methods.iter().map(|method| method.operation).collect();
    let operations = operations.as_slice();
    let name = ident(&family.handle);
    let link = format!("Got from {}.", context.link("Client", plain(&family.name.rust)));
    let docs = family_docs(family, Docs::item()).text(&link).attributes();
    let methods = methods.iter().map(|method| &method.tokens);
    let mut items = imports(family, operations);
    items.extend(parts.iter().map(|part| {
        let part = module_ident(part);
        permit_inception("handle", quote!(mod #part;))
    }));
    items.push(quote! {
        #docs
        #[derive(Debug, Clone)]
        pub struct #name {
            client: root::Client,
        }
    });
    items.push(quote! {
        impl #name {
            pub(crate) fn new(client: root::Client) -> Self {
                Self { client }
            }

            #(#methods)*
        }
    });
    let title = format!("The methods of `{}`.", family.handle);
    file(context, family, "mod", title, operations, items)
}

fn part_file(context: &Context<'_>, family: &Family, part: &str, methods: &[Method<'_>]) -> Module {
    let operations: Vec<&Operation> = methods.iter().map(|method| method.operation).collect();
    let operations = operations.as_slice();
    let name = ident(&family.handle);
    let methods = methods.iter().map(|method| &method.tokens);
    let mut items = imports(family, operations);
    items.push(quote! {
        impl #name {
            #(#methods)*
        }
    });
    items.insert(0, quote!(use super::#name;));
    let title =
        format!("The methods of `{}` below one item: {}.", family.handle, part.replace('_', " "));
    file(context, family, part, title, operations, items)
}

fn imports(family: &Family, operations: &[&Operation]) -> Vec<TokenStream> {
    let mut requests: Vec<&String> =
        operations.iter().map(|operation| &operation.request).collect();
    requests.sort();
    match requests.is_empty() {
        true => Vec::new(),
        false => {
            vec![use_list(&quote!(), &format!("crate::{}::requests", family.name.rust), &requests)]
        }
    }
}

fn file(
    context: &Context<'_>,
    family: &Family,
    file: &str,
    title: String,
    operations: &[&Operation],
    items: Vec<TokenStream>,
) -> Module {
    let mut declared: Vec<String> =
        operations.iter().map(|operation| operation.request.clone()).collect();
    declared.push(family.handle.clone());
    context.module(ModuleParts {
        path: format!("src/{}/handle/{file}.rs", plain(&family.name.rust)),
        own: None,
        docs: vec![title],
        declared: &declared,
        items,
    })
}

/// The description of the tag, or its name.
pub(crate) fn family_docs(family: &Family, docs: Docs) -> Docs {
    let docs = docs.maybe(family.description.as_deref(), Docs::prose);
    match docs.is_empty() {
        true => docs.text(&format!("The operations of {}.", code(&family.name.wire))),
        false => docs,
    }
}

fn method(context: &Context<'_>, family: &Family, operation: &Operation) -> TokenStream {
    let name = ident(&operation.name.rust);
    let request = ident(&operation.request);
    let docs = docs(context, family, operation).attributes();
    let aliases = aliases(context, operation);
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for parameter in parameters::required(operation) {
        let name = ident(&parameter.name.rust);
        let argument = parameters::argument(context, operation, parameter);
        let ty = argument.ty;
        arguments.push(quote!(#name: #ty));
        values.push(argument.value);
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let argument = streams::body_argument(context, body, &ident("body"));
        let ty = argument.ty;
        arguments.push(quote!(body: #ty));
        values.push(argument.value);
    }
    let names: Vec<&str> =
        parameters::required(operation).map(|parameter| parameter.name.rust.as_str()).collect();
    let permits = permits(&operation.name.rust, &names, arguments.len() + 1);
    quote! {
        #docs
        #(#[doc(alias = #aliases)])*
        #deprecated
        #permits
        pub fn #name(&self, #(#arguments),*) -> #request {
            #request::new(self.client.clone(), #(#values),*)
        }
    }
}

/// Names that a search of the docs finds the method by.
fn aliases(context: &Context<'_>, operation: &Operation) -> Vec<String> {
    let url =
        context.api.servers.first().and_then(|server| server.url.as_deref()).unwrap_or_default();
    let after_scheme = url.split_once("://").map_or("", |(_, rest)| rest);
    let base = after_scheme.find('/').map_or("", |slash| &after_scheme[slash..]);
    let method = operation.method.as_str();
    let all = [operation.name.wire.clone(), format!("{method} {base}{}", operation.path)];
    let legal = |alias: &String| {
        let text = alias.trim() == alias && !alias.is_empty();
        text && !alias.contains(['"', '\''])
            && !alias.chars().any(|c| c.is_control() || (c.is_whitespace() && c != ' '))
    };
    all.into_iter().filter(legal).filter(|alias| alias != plain(&operation.name.rust)).collect()
}

fn docs(context: &Context<'_>, family: &Family, operation: &Operation) -> Docs {
    let docs =
        Docs::member().maybe(operation.summary.as_deref(), |docs, text| docs.prose(&ended(text)));
    let description =
        operation.description.as_deref().filter(|text| Some(*text) != operation.summary.as_deref());
    let docs = docs.maybe(description, Docs::prose);
    let docs = docs.text(&code(&route(operation)));
    let notes = notes(context, operation);
    let docs = notes.iter().fold(docs, |docs, note| docs.text(note));
    let docs = docs.maybe(answers::headers_note(family, operation), |docs, text| docs.text(&text));
    let docs = docs.list("Arguments", &arguments(operation));
    let errors: Vec<String> =
        operation.errors.iter().map(|error| error_text(context, error)).collect();
    let docs = match errors.is_empty() {
        true => docs,
        false => docs.list("Errors", &errors),
    };
    let docs = docs.maybe(answers::errors_note(family, operation), |docs, text| docs.text(&text));
    match examples::lines(context, family, operation) {
        Some(lines) => docs.heading("Examples").verbatim(lines),
        None => docs,
    }
}

/// A summary is a sentence.
fn ended(summary: &str) -> String {
    let text = summary.trim();
    match text.ends_with(|c: char| c.is_alphanumeric() || c == ')' || c == '`') {
        true => format!("{text}."),
        false => text.to_owned(),
    }
}

/// What a caller should know besides the description.
fn notes(context: &Context<'_>, operation: &Operation) -> Vec<String> {
    let mut notes = Vec::new();
    if operation.undocumented {
        notes.push(
            "Seen in use, but not promised by the service: it may change or go away.".to_owned(),
        );
    }
    if let Some(server) = &operation.server {
        notes.push(match server.starts_with('/') {
            true => format!("Served below {} of the host, not where the others are.", code(server)),
            false => format!(
                "Served at {}, not where the others are, unless the client has a base URL of its own.",
                code(server)
            ),
        });
    }
    if let Some(max) = operation.pagination.as_ref().and_then(|pagination| pagination.max) {
        notes.push(format!("A page holds at most {max} items."));
    }
    if let Some(batch) = &operation.batch {
        let more = batch::list(context, operation)
            .map(|_| format!("; [`{0}::in_chunks`] sends more", operation.request))
            .unwrap_or_default();
        notes.push(format!(
            "One call takes at most {} {}{more}.",
            batch.max,
            code(&batch.property)
        ));
    }
    notes.push(
        match operation.retry {
            Retry::Safe => "Only reads, so a failed attempt is repeated.",
            Retry::Idempotent => "Twice has the effect of once, so a failed attempt is repeated.",
            Retry::OnRefusal => "Repeated only if the service refused it or it never left.",
        }
        .to_owned(),
    );
    notes
}

/// The required parameters that have something to say.
fn arguments(operation: &Operation) -> Vec<String> {
    let described = |parameter: &Parameter| {
        let text = sentences(parameter.description.as_deref()?);
        let end = if text.ends_with(['.', '!', '?', ':']) { "" } else { "." };
        (!text.is_empty()).then(|| format!("{}: {text}{end}", code(plain(&parameter.name.rust))))
    };
    parameters::required(operation).filter_map(described).collect()
}

fn error_text(context: &Context<'_>, error: &ErrorAnswer) -> String {
    let text = sentence(&error.description);
    let status = match error.status.as_str() {
        "default" => "any other status",
        status => status,
    };
    let text = if text.is_empty() { status.to_owned() } else { format!("{status}: {text}") };
    match &error.ty {
        Some(TypeRef::Named(id)) => {
            let name = plain(&context.get(*id).name.rust);
            format!("{text}. Body: [`models::{name}`](crate::models::{name}).")
        }
        _ => format!("{text}."),
    }
}
