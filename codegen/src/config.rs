//! What belongs to one client and cannot be read from its document.

mod filter;
mod formats;
mod load;
mod manifest;
mod paging;
mod rename;

pub(crate) use filter::Candidate;
pub use filter::Filter;
pub(crate) use filter::check as check_choices;
pub use formats::Format;
pub(crate) use formats::{Dependency, Of};
pub use load::KEYS;
#[cfg(test)]
pub(crate) use load::of_test;
pub use manifest::crate_name_problem;
pub use paging::Paging;
pub use rename::Rename;
pub(crate) use rename::pointer as rename_pointer;

use std::collections::BTreeMap;

use crate::source::SourceMap;

/// Settings of one compilation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Name of the crate, such as `petstore-client`.
    pub crate_name: String,
    /// `description` of the manifest; without one it is made from the document's title.
    pub description: Option<String>,
    /// `keywords` of the manifest, at most five.
    pub keywords: Vec<String>,
    /// `categories` of the manifest.
    pub categories: Vec<String>,
    /// SPDX expression for the manifest.
    pub license: Option<String>,
    /// Version of the crate; without one `0.1.0`.
    pub version: Option<String>,
    /// The environment variable that holds the key; without one there is no `from_env`.
    pub key_variable: Option<String>,
    /// Where keys are made, told to a user who has none.
    pub key_help: Option<String>,
    /// The environment variable that may replace the base URL in `from_env`.
    pub url_variable: Option<String>,
    /// Which features the crate has for its families.
    pub features: Features,
    /// Which operations of the document it has.
    pub filter: Filter,
    /// How operations page; the first that fits one counts.
    pub paging: Vec<Paging>,
    /// Types of other crates, by format.
    pub formats: BTreeMap<String, Format>,
    /// Names in Rust.
    pub rename: Rename,
    /// Whether the rules of our own document apply.
    pub house: bool,
    /// Whether the crate stands alone and so carries an empty `[workspace]`.
    pub standalone: bool,
    /// The document as the first line of each file names it, such as `spec/openapi.yaml`.
    pub source_name: String,
    /// Files that are copied as they are: path in the output to text.
    pub copies: BTreeMap<String, String>,
    /// Pages of the crate's docs, Markdown: name of the module to text.
    pub guides: BTreeMap<String, String>,
    /// The file that the settings were read from.
    pub origin: Origin,
}

/// Where settings stand. Settings that say the same are equal, wherever they stand.
#[derive(Debug, Clone, Default)]
pub struct Origin(pub(crate) SourceMap);

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

/// Which features a crate has for its families.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Features {
    /// One per tag if the document is large.
    #[default]
    Auto,
    /// One per tag.
    Tags,
    /// None: everything is always compiled.
    None,
}

impl Config {
    /// A crate of this name with every other setting at its default.
    pub fn new(crate_name: impl Into<String>, source_name: impl Into<String>) -> Self {
        Self {
            crate_name: crate_name.into(),
            description: None,
            keywords: Vec::new(),
            categories: Vec::new(),
            license: None,
            version: None,
            key_variable: None,
            key_help: None,
            url_variable: None,
            features: Features::default(),
            filter: Filter::default(),
            paging: Vec::new(),
            formats: BTreeMap::new(),
            rename: Rename::default(),
            house: false,
            standalone: true,
            source_name: source_name.into(),
            copies: BTreeMap::new(),
            guides: BTreeMap::new(),
            origin: Origin::default(),
        }
    }
}
