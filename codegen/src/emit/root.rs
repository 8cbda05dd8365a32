//! `lib.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Docs, code, sentence};
use super::imports::use_list;
use super::streams::{self, Part};
use super::types::{ident, plain};
use super::{Context, Module, client, examples, families, gates, servers};

/// What users of the crate see of the runtime.
const EXPORTS: &[&str] = &[
    "decode",
    "ApiError",
    "ApiKey",
    "Attempt",
    "Batch",
    "BatchError",
    "BatchErrorOf",
    "BatchReport",
    "Batched",
    "BodyTooLarge",
    "BoxFuture",
    "Budget",
    "BudgetError",
    "CallOptions",
    "Clock",
    "ConfigError",
    "Cursor",
    "Date",
    "DateTime",
    "DecodeError",
    "DecodeErrorKind",
    "Error",
    "Event",
    "Evidence",
    "FlexInteger",
    "FlexText",
    "HttpTransport",
    "InvalidDate",
    "Items",
    "LimitScope",
    "Nullable",
    "Observer",
    "Operation",
    "Pacer",
    "Page",
    "Paged",
    "Pages",
    "PaginationError",
    "Quota",
    "QuotaState",
    "RateLimitError",
    "RateLimits",
    "RedirectError",
    "RequestError",
    "Response",
    "Retry",
    "RetrySafety",
    "Retrying",
    "Sent",
    "TimeoutError",
    "TimeoutPhase",
    "Timeouts",
    "Transport",
    "TransportError",
    "TransportErrorKind",
];

/// What they see of the parts that only some clients have.
const PARTS: &[(Part, &[&str])] = &[
    (Part::Forms, &["FilePart"]),
    (Part::Streams, &["Download", "Incoming", "Upload", "UploadChunks"]),
    (Part::Events, &["EventStream", "ServerEvent"]),
    (Part::Lines, &["JsonLines"]),
];

/// What they see with the feature `blocking`.
const BLOCKING: &[&str] = &["Blocking", "BlockingItems", "BlockingPages"];

/// `src/lib.rs`
pub(crate) fn library(context: &Context<'_>) -> Module {
    let mut modules = vec![
        (
            "client".to_owned(),
            quote!(
                mod client;
            ),
        ),
        (
            "models".to_owned(),
            quote!(
                pub mod models;
            ),
        ),
        (
            "runtime".to_owned(),
            quote! {
                #[allow(dead_code, reason = "the runtime is the same in every client")]
                mod runtime;
            },
        ),
    ];
    if !context.config.guides.is_empty() {
        modules.push((
            "guide".to_owned(),
            quote!(
                pub mod guide;
            ),
        ));
    }
    if families::types(context, None).next().is_some() {
        modules.push((
            "shared".to_owned(),
            quote!(
                mod shared;
            ),
        ));
    }
    for family in &context.api.families {
        let name = ident(&family.name.rust);
        let gate = gates::family(family);
        modules.push((plain(&family.name.rust).to_owned(), quote!(#gate pub mod #name;)));
    }
    modules.sort_by(|a, b| a.0.cmp(&b.0));
    let mut items: Vec<TokenStream> = modules.into_iter().map(|(_, item)| item).collect();
    let region = servers::has_regions(context.api).then(|| "Region".to_owned());
    let own = ["Client".to_owned(), "ClientBuilder".to_owned()];
    let own: Vec<&String> = own.iter().chain(&region).collect();
    items.push(use_list(&quote!(pub), "self::client", &own));
    let parts = streams::parts(context.api);
    let mut all = EXPORTS.to_vec();
    all.extend(PARTS.iter().filter(|(part, _)| parts.contains(part)).flat_map(|(_, names)| *names));
    // Modules come first.
    all.sort_by_key(|name| (name.starts_with(char::is_uppercase), *name));
    items.push(exported(&quote!(pub), &all));
    let mut blocking = BLOCKING.to_vec();
    blocking.extend(parts.contains(&Part::Streams).then_some("BlockingStream"));
    items.push(exported(&quote!(#[cfg(feature = "blocking")] pub), &blocking));
    // Users name the types of these in answers and transports, in the version that the client has.
    items.push(quote!(
        #[doc(no_inline)]
        pub use {bytes, http};
    ));
    Module { path: "src/lib.rs".to_owned(), docs: docs(context), items }
}

fn exported(visibility: &TokenStream, names: &[&str]) -> TokenStream {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    use_list(visibility, "self::runtime", &names.iter().collect::<Vec<_>>())
}

fn docs(context: &Context<'_>) -> Vec<String> {
    let info = &context.api.info;
    let title = sentence(&info.title);
    let description = info.description.as_deref().unwrap_or_default();
    let (about, details) = split_at_heading(description);
    let docs =
        Docs::item().text(&format!("A client of the {title}, version {}.", code(&info.version)));
    let (docs, details) = match context.config.copies.get("README.md") {
        // Who uses the client wants its guide first and the words of the service second.
        Some(guide) => (docs.verbatim(guide_lines(guide)), description),
        None => {
            let start = examples::quick_start(context, client::example(context));
            (docs.prose(about).verbatim(start), details)
        }
    };
    let families: Vec<String> = context
        .api
        .families
        .iter()
        .map(|family| {
            let name = plain(&family.name.rust);
            let text = sentence(family.description.as_deref().unwrap_or_default());
            let about = if text.is_empty() { String::new() } else { format!(": {text}") };
            // Some names are primitive types or macros as well.
            format!("[`mod@{name}`]{about}")
        })
        .collect();
    let docs = docs.list("Families", &families);
    let docs =
        if details.trim().is_empty() { docs } else { docs.heading("The service").prose(details) };
    docs.into_lines()
}

/// The README of the crate without its own heading.
fn guide_lines(guide: &str) -> Vec<String> {
    let mut lines = guide.lines().skip_while(|line| line.is_empty() || line.starts_with("# "));
    let mut text: Vec<String> = lines.by_ref().map(|line| line.trim_end().to_owned()).collect();
    while text.last().is_some_and(String::is_empty) {
        text.pop();
    }
    let empty = text.iter().take_while(|line| line.is_empty()).count();
    text.drain(..empty);
    text
}

/// What stands before the first heading, and the rest.
fn split_at_heading(text: &str) -> (&str, &str) {
    let in_fence = |at: usize| !text[..at].matches("```").count().is_multiple_of(2);
    let mut headings = text.match_indices('#').map(|(at, _)| at);
    let at = headings.find(|at| (*at == 0 || text[..*at].ends_with('\n')) && !in_fence(*at));
    text.split_at(at.unwrap_or(text.len()))
}
