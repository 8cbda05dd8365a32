//! A clean document to the model: references followed, defaults spelled out, names decided.

mod all_of;
mod answers;
mod batches;
mod choices;
mod circles;
mod content;
mod context;
mod families;
mod features;
mod files;
mod finish;
mod headers;
mod manner;
mod names;
mod operations;
mod pages;
mod parameters;
mod references;
mod renames;
mod schema;
mod servers;
mod service;
mod sort;
mod streams;
mod types;
mod unions;
mod unserved;
mod views;

#[cfg(test)]
mod tests;

use openapiv3::OpenAPI;

use crate::config::Config;
use crate::diagnostic::Collector;
use crate::ir::{Api, Info};
use context::Context;

/// Lowers a document that `check` has found clean. `None` when a problem was reported that leaves
/// no model worth printing; what is merely left out is a warning. Problems of the settings go to
/// `settings`, for their places are in another file.
pub fn lower(
    openapi: &OpenAPI,
    config: &Config,
    problems: &mut Collector,
    settings: &mut Collector,
) -> Option<Api> {
    let mut context = Context::new(openapi, config, problems, settings);
    let mut setters = names::builder_scope();
    context.schemes = context.lower_schemes(&mut setters);
    let servers = context.lower_servers(&mut setters);
    context.find_files();
    context.lower_components();
    context.tell_discriminators();
    let mut families = context.lower_operations();
    context.tell_unused_formats();
    features::decide(&mut families, config.features);
    let types = finish::finish(&mut context, &mut families, !config.filter.keeps_all());
    let api = Api {
        info: Info {
            title: openapi.info.title.clone(),
            version: openapi.info.version.clone(),
            description: openapi.info.description.clone(),
        },
        servers,
        schemes: std::mem::take(&mut context.schemes),
        rate_limits: context.rate_limits(),
        families,
        types,
    };
    (!problems.has_errors() && !settings.has_errors()).then_some(api)
}
