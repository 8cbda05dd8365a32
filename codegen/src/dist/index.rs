//! What an agent reads first: `llms.txt`, in the form of llmstxt.org, and all pages in one file.

use super::copies::{JSON, YAML};
use super::markdown::{Page, pages};
use super::outline::Outline;
use super::{PAGE, collection, coverage, schemas, workflows};
use crate::Files;
use crate::emit::docs::{sentence, sentences};

/// The index.
const INDEX: &str = "llms.txt";
/// All pages.
pub(super) const FULL: &str = "llms-full.txt";

/// Both files.
pub(super) fn files(outline: &Outline<'_>, has_workflows: bool) -> Files {
    let index = index(outline, &pages(outline, false), has_workflows);
    let whole: Vec<String> = pages(outline, true).into_iter().map(|page| page.text).collect();
    Files::from([(INDEX.to_owned(), index), (FULL.to_owned(), whole.join("\n"))])
}

fn index(outline: &Outline<'_>, pages: &[Page], has_workflows: bool) -> String {
    let count = outline.operations().count();
    let about = outline.description.map(sentence).filter(|about| !about.is_empty());
    let about = about.map_or(String::new(), |about| format!("{about}. "));
    let mut out = format!("# {}\n\n", sentences(outline.title));
    out.push_str(&format!(
        "> {about}OpenAPI description of version {}: {count} operation{}.\n\n",
        sentences(outline.version),
        if count == 1 { "" } else { "s" },
    ));
    let servers: Vec<String> = outline.servers.iter().map(|one| sentences(&one.url)).collect();
    if !servers.is_empty() {
        out.push_str(&format!("Base URL: {}\n\n", servers.join(" or ")));
    }
    out.push_str("## Pages\n\n");
    for Page { path, title, about, .. } in pages {
        out.push_str(&entry(title, path, about));
    }
    out.push_str(&entry("Reference", PAGE, "the same for people, in one file with a search"));
    if !coverage::files(outline).is_empty() {
        let about = "where each operation, parameter and member is known from";
        out.push_str(&entry("Sources", coverage::PATH, about));
    }
    for page in pages.iter().filter(|page| !page.operations.is_empty()) {
        out.push_str(&format!("\n## {}\n\n", page.title));
        for (anchor, id, about) in &page.operations {
            out.push_str(&entry(id, &format!("{}#{anchor}", page.path), about));
        }
    }
    out + &programs(has_workflows)
}

/// What programs read, and what nobody has to.
fn programs(has_workflows: bool) -> String {
    let mut out = "\n## For programs\n\n".to_owned();
    out.push_str(&entry("OpenAPI as YAML", YAML, "the whole description"));
    out.push_str(&entry("OpenAPI as JSON", JSON, "the same"));
    out.push_str(&entry(
        "JSON Schemas",
        schemas::BUNDLE,
        "every type, dialect 2020-12, in one file",
    ));
    if has_workflows {
        let about = "sequences of calls that do a whole task, in the Arazzo format";
        out.push_str(&entry("Workflows", workflows::PATH, about));
    }
    out.push_str(&entry(
        "Collection",
        collection::PATH,
        "requests to try out, in the Postman format",
    ));
    out.push_str("\n## Optional\n\n");
    out.push_str(&entry("All pages in one file", FULL, "the pages above, one after the other"));
    out
}

fn entry(title: &str, path: &str, about: &str) -> String {
    format!("- [{title}]({path}): {about}\n")
}
