//! Tasks of several calls, in the Arazzo format: a file written by hand, published as it is once
//! everything that it names is found in the document.

mod actions;
mod bodies;
mod expression;
mod names;
mod steps;
mod table;

use super::copies::{JSON, YAML};
use super::outline::Outline;
use crate::Files;
use crate::check::strict;
use crate::diagnostic::{Collector, Diagnostics};
use crate::load::Document;

/// Its path.
pub(super) const PATH: &str = "arazzo.yaml";
/// The versions whose tables these are.
const VERSIONS: &str = "1.0.";

/// The file as it was written, if there is one.
pub(super) fn files(workflows: Option<&Document>) -> Files {
    let text = |document: &Document| (PATH.to_owned(), document.source.text().to_owned());
    workflows.map(text).into_iter().collect()
}

/// Everything that is wrong with the workflows on a document.
pub(super) fn check(workflows: &Document, outline: &Outline<'_>) -> Diagnostics {
    let mut problems = Collector::default();
    for problem in &workflows.problems {
        problem.report(&mut problems);
    }
    strict(workflows, &table::ARAZZO, &mut problems);
    let version = workflows.tree.get("arazzo").and_then(|version| version.as_str());
    if version.is_some_and(|version| !version.starts_with(VERSIONS)) {
        let message = "this version of Arazzo is not supported; supported is 1.0";
        problems.error("unsupported-version", "/arazzo", message, "write `arazzo: 1.0.1`");
    }
    // What is no list or object where one belongs is told by now; its content is not looked at.
    sources(workflows, &mut problems);
    steps::check(&workflows.tree, outline, &mut problems);
    problems.finish(&workflows.source)
}

/// The description is published beside the workflows, so they find it there.
fn sources(workflows: &Document, problems: &mut Collector) {
    let sources = workflows.tree.get("sourceDescriptions").and_then(|list| list.as_array());
    let Some(sources) = sources else { return };
    let mut found = false;
    for (index, source) in sources.iter().enumerate() {
        let url = source.get("url").and_then(|url| url.as_str()).unwrap_or_default();
        found |= [YAML, JSON].contains(&url.trim_start_matches("./"));
        if source.get("type").is_some_and(|kind| kind == "arazzo") {
            let pointer = format!("/sourceDescriptions/{index}/type");
            let message = "workflows of other files are not looked at";
            problems.error("unsupported", &pointer, message, "write all workflows in this file");
        }
    }
    if !found {
        let message = format!("no source is the description that is published as {YAML}");
        problems.error(
            "wrong-source",
            "/sourceDescriptions",
            message,
            format!("add one with `url: ./{YAML}`"),
        );
    }
}

#[cfg(test)]
mod tests;
