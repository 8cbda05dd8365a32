//! A clean document to the model: references followed, defaults spelled out, names decided.

mod all_of;
mod answers;
mod batches;
mod circles;
mod content;
mod context;
mod families;
mod features;
mod files;
mod finish;
mod headers;
mod names;
mod operations;
mod pages;
mod parameters;
mod references;
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
use crate::diagnostic::{Collector, Diagnostics};
use crate::ir::{Api, Info};
use context::Context;

/// Whether each entry of the settings that names operations names some of this document.
///
/// # Errors
///
/// Every entry that does not, with its place in the settings.
pub fn check_filter(openapi: &OpenAPI, config: &Config) -> Result<(), Diagnostics> {
    operations::check_filter(openapi, &config.filter)
}

/// Lowers a document that `check` has found clean. `None` when a problem was reported that leaves
/// no model worth printing; what is merely left out is a warning.
pub fn lower(openapi: &OpenAPI, config: &Config, problems: &mut Collector) -> Option<Api> {
    let mut context = Context::new(openapi, problems);
    let mut setters = names::builder_scope();
    context.schemes = context.lower_schemes(&mut setters);
    let servers = context.lower_servers(&mut setters);
    context.find_files();
    context.lower_components();
    context.tell_discriminators();
    let mut families = context.lower_operations(&config.filter);
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
    (!problems.has_errors()).then_some(api)
}
