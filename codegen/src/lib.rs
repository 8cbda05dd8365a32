//! Compiles an OpenAPI 3.0 or 3.1 document into a typed Rust client crate.
//!
//! The pipeline, stage by stage: [`load`] reads the text and knows where everything
//! stands, [`check`] reports what is wrong with it, [`lower`] turns it into the plain model of
//! [`ir`], [`emit`] prints that as tokens and [`render`] as text. [`reference`](mod@reference) makes a
//! page for people of the same document and model.

pub mod check;
pub mod config;
pub mod diagnostic;
mod dialect;
pub mod diff;
pub mod dist;
pub mod emit;
pub mod ir;
mod keywords;
pub mod load;
pub mod lower;
mod piece;
pub mod reference;
pub mod render;
pub mod source;

use std::collections::BTreeMap;
use std::path::Path;

pub use config::Config;
pub use diagnostic::{Collector, Diagnostics};

/// The files of a crate: path below its folder to text, with `/` as separator and `\n` line ends.
pub type Files = BTreeMap<String, String>;

/// What a document compiles to.
#[derive(Debug)]
pub struct Output {
    /// The model that the files were printed from.
    pub api: ir::Api,
    /// The crate.
    pub files: Files,
    /// A module for a server of the API: an enum of its operations, and the document.
    pub server: Files,
    /// What was mended, ignored or left out.
    pub warnings: Diagnostics,
}

/// Compiles the document at `path`, whose other files are in its own folder.
///
/// # Errors
///
/// Every problem of the document with its place; nothing is written either way.
pub fn compile(path: &Path, config: &Config) -> Result<Output, Diagnostics> {
    compile_within(path, None, config)
}

/// Compiles the document at `path`, whose other files may be in `folder` too.
///
/// # Errors
///
/// Every problem of the document with its place; nothing is written either way.
pub fn compile_within(
    path: &Path,
    folder: Option<&Path>,
    config: &Config,
) -> Result<Output, Diagnostics> {
    compile_document(&load::load_within(path, folder)?, config)
}

/// Compiles a document that was read before.
///
/// # Errors
///
/// As [`compile`].
pub fn compile_document(document: &load::Document, config: &Config) -> Result<Output, Diagnostics> {
    let (mut problems, mut settings) = (Collector::default(), Collector::default());
    let rules = check::Rules { house: config.house };
    let read = check::check(document, &rules, &mut problems);
    let api = read.and_then(|openapi| lower::lower(&openapi, config, &mut problems, &mut settings));
    let problems = problems.finish(&document.source);
    if settings.has_errors() && !problems.has_errors() {
        return Err(settings.finish(&config.origin.0));
    }
    match api {
        Some(api) if !problems.has_errors() => {
            let files = render::render(emit::emit(&api, config), config);
            let server = render::render(emit::operations(&api, document), config);
            Ok(Output { api, files, server, warnings: problems })
        }
        _ => Err(problems),
    }
}
