//! Pages of the crate's docs that the client's settings name: modules without items.

use quote::quote;

use super::types::ident;
use super::{Context, File, Module};

/// `src/guide.rs` and a file for each page.
pub(crate) fn files(context: &Context<'_>) -> Vec<File> {
    let guides = &context.config.guides;
    if guides.is_empty() {
        return Vec::new();
    }
    let items = guides.keys().map(|name| {
        let name = ident(name);
        quote!(pub mod #name;)
    });
    let docs = vec!["Pages to read before a larger job.".to_owned()];
    let root = Module { path: "src/guide.rs".to_owned(), docs, items: items.collect() };
    let page = |(name, text): (&String, &String)| Module {
        path: format!("src/guide/{name}.rs"),
        docs: text.lines().map(|line| line.trim_end().to_owned()).collect(),
        items: Vec::new(),
    };
    std::iter::once(root).chain(guides.iter().map(page)).map(File::Rust).collect()
}
