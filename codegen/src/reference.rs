//! The page for people: all of a document as one HTML file that needs no network.
//!
//! The same two steps as everywhere: `read` turns the document into the plain data of `model`, and
//! `html` prints that and cannot fail. Text of the document is escaped where it is printed;
//! `markdown` lets through what cannot load, run or lead astray. `samples` writes each call in four
//! languages. The page is whole without its script, which adds search, tabs and the choice of a
//! server.

mod anchors;
mod call;
mod example;
mod html;
mod markdown;
mod model;
mod node;
pub(crate) mod query;
mod read;
mod samples;

use serde_json::Value;

use crate::config::Config;
use crate::emit;
use crate::ir::Api;

pub(crate) use self::call::variable;
pub use self::model::Note;

/// The page of a document whose values compiled to `api`. `notes` become chapters of their own.
#[must_use]
pub fn page(tree: &Value, api: &Api, config: &Config, notes: &[Note]) -> String {
    let calls = emit::calls(api, config);
    let page = read::page(tree, api, config, &calls, notes);
    html::page(&page)
}

#[cfg(test)]
mod tests;
