//! Tasks of several calls in the Arazzo format: the file beside the document as it was written, once
//! everything in it is found in the document.

use super::outline::Outline;
use crate::Files;
use crate::diagnostic::{Collector, Diagnostics};
use crate::load::Document;

/// Its path.
pub(super) const PATH: &str = "arazzo.yaml";

/// The file as it was written, if there is one.
pub(super) fn files(workflows: Option<&Document>) -> Files {
    let text = |document: &Document| (PATH.to_owned(), document.source.text().to_owned());
    workflows.map(text).into_iter().collect()
}

pub(super) fn check(document: &Document, _outline: &Outline<'_>) -> Diagnostics {
    Collector::default().finish(&document.source)
}
