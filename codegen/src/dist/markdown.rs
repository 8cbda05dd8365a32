//! Pages in Markdown, for people and for agents: an overview, a page for each family, and one for
//! the types that several families share.

mod links;
mod operation;
mod shapes;
mod text;

use serde_json::Value;

use super::outline::{Family, Outline, SchemeKind, resolve};
use crate::Files;
use crate::emit::docs::{code, sentence};
use links::{Links, Plan, SHARED, TYPES};
use text::{fence, line, prose};

pub(super) use shapes::members;
pub(super) use text::{cell, code_cell, table};

/// The folder of the pages.
pub(super) const FOLDER: &str = "markdown";
/// The page about the whole.
const OVERVIEW: &str = "overview";

/// A page and what there is to say about it in one line.
#[derive(Debug)]
pub(super) struct Page {
    /// Path below the output.
    pub(super) path: String,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) text: String,
    /// The headings of its operations: anchor, title, one line.
    pub(super) operations: Vec<(String, String, String)>,
}

/// The files of the pages.
pub(super) fn files(outline: &Outline<'_>) -> Files {
    pages(outline, false).into_iter().map(|page| (page.path, page.text)).collect()
}

/// All pages in reading order; `whole` if they are to stand in one file above their folder.
pub(super) fn pages(outline: &Outline<'_>, whole: bool) -> Vec<Page> {
    let plan = Plan::of(outline);
    let mut pages = vec![Page {
        path: path(OVERVIEW),
        title: "Overview".to_owned(),
        about: "servers, credentials, the families, errors".to_owned(),
        text: overview(outline, &plan.links(OVERVIEW, whole)),
        operations: Vec::new(),
    }];
    for (index, family) in outline.families.iter().enumerate() {
        pages.push(family_page(outline, family, &plan, index, whole));
    }
    if !plan.shared.is_empty() {
        let links = plan.links(SHARED, whole);
        let sections = types(outline.tree, &plan.shared, "##", &links);
        pages.push(Page {
            path: path(SHARED),
            title: TYPES.to_owned(),
            about: format!("{} types that several families share", plan.shared.len()),
            text: format!("# {TYPES}\n\n{sections}"),
            operations: Vec::new(),
        });
    }
    pages
}

fn path(page: &str) -> String {
    format!("{FOLDER}/{page}.md")
}

fn family_page(
    outline: &Outline<'_>,
    family: &Family<'_>,
    plan: &Plan<'_>,
    index: usize,
    whole: bool,
) -> Page {
    let links = plan.links(&family.file, whole);
    let anchors = &plan.operations[index];
    let mut text = format!("# {}\n\n", line(family.title));
    if let Some(description) = family.description {
        text.push_str(&format!("{}\n", prose(description)));
    }
    text.push_str(&contents(family, anchors));
    text.push_str(&format!(
        "\nServers, credentials and errors: [overview]({}).\n",
        links.page(OVERVIEW)
    ));
    for operation in &family.operations {
        text.push_str(&format!("\n{}", operation::section(outline, operation, &links)));
    }
    if !plan.own[index].is_empty() {
        let sections = types(outline.tree, &plan.own[index], "###", &links);
        text.push_str(&format!("\n## {TYPES}\n\n{sections}"));
    }
    let operations = family.operations.iter().zip(anchors);
    Page {
        path: path(&family.file),
        title: line(family.title),
        about: about_family(family),
        text,
        operations: operations
            .map(|(one, anchor)| {
                let summary = one.summary.or(one.description).map(sentence).unwrap_or_default();
                let call = code(&format!("{} {}", one.method, one.path));
                let about = if summary.is_empty() { call } else { format!("{call}, {summary}") };
                (anchor.clone(), line(&one.id), about)
            })
            .collect(),
    }
}

/// The operations of a family as a table with links.
fn contents(family: &Family<'_>, anchors: &[String]) -> String {
    let rows: Vec<Vec<String>> = family
        .operations
        .iter()
        .zip(anchors)
        .map(|(one, anchor)| {
            let call = text::code_cell(&format!("{} {}", one.method, one.path));
            let about = cell(one.summary.unwrap_or_default());
            vec![format!("[{}](#{anchor})", cell(&one.id)), call, about]
        })
        .collect();
    table(&["operation", "call", "what it does"], &rows)
}

fn about_family(family: &Family<'_>) -> String {
    let count = family.operations.len();
    let counted = format!("{count} operation{}", if count == 1 { "" } else { "s" });
    match family.description.map(sentence).filter(|about| !about.is_empty()) {
        Some(about) => format!("{about} ({counted})"),
        None => counted,
    }
}

fn overview(outline: &Outline<'_>, links: &Links<'_>) -> String {
    let mut out = format!("# {}\n\nVersion {}\n\n", line(outline.title), line(outline.version));
    if let Some(description) = outline.description {
        out.push_str(&format!("{}\n", prose(description)));
    }
    let servers: Vec<Vec<String>> = outline
        .servers
        .iter()
        .map(|one| vec![text::code_cell(&one.url), cell(one.description.unwrap_or_default())])
        .collect();
    section(&mut out, "Servers", table(&["base URL", "about"], &servers));
    let schemes: Vec<Vec<String>> = outline
        .schemes
        .iter()
        .map(|one| {
            let about = cell(one.description.unwrap_or_default());
            vec![text::code_cell(one.key), credential(&one.kind), about]
        })
        .collect();
    section(&mut out, "Credentials", table(&["scheme", "how it travels", "about"], &schemes));
    let families: Vec<Vec<String>> = outline
        .families
        .iter()
        .map(|one| {
            let link = format!("[{}]({})", cell(one.title), links.page(&one.file));
            let about = text::pipes(&one.description.map(sentence).unwrap_or_default());
            vec![link, one.operations.len().to_string(), about]
        })
        .collect();
    section(&mut out, "Families", table(&["family", "operations", "about"], &families));
    section(&mut out, "Answers that operations share", answers(outline.tree));
    out
}

fn section(out: &mut String, title: &str, text: String) {
    if !text.is_empty() {
        out.push_str(&format!("## {title}\n\n{text}\n"));
    }
}

fn credential(kind: &SchemeKind<'_>) -> String {
    match kind {
        SchemeKind::Bearer => "`Authorization: Bearer …`".to_owned(),
        SchemeKind::Basic => "`Authorization: Basic …`".to_owned(),
        SchemeKind::Http(scheme) => text::code_cell(&format!("Authorization: {scheme} …")),
        SchemeKind::Header(name) => format!("header {}", text::code_cell(name)),
        SchemeKind::Query(name) => format!("query parameter {}", text::code_cell(name)),
        SchemeKind::Cookie(name) => format!("cookie {}", text::code_cell(name)),
        SchemeKind::Token(from) => format!("`Authorization: Bearer …`, a token of {from}"),
    }
}

/// Shared answers in full, of which the pages show one sentence.
fn answers(tree: &Value) -> String {
    let responses = tree.pointer("/components/responses").and_then(Value::as_object);
    let rows: Vec<Vec<String>> = responses
        .into_iter()
        .flatten()
        .filter_map(|(name, response)| {
            let about = resolve(tree, response).get("description")?.as_str()?;
            Some(vec![text::code_cell(name), cell(about)])
        })
        .collect();
    table(&["answer", "meaning"], &rows)
}

/// A section for each type.
fn types(tree: &Value, types: &[(&str, &Value)], level: &str, links: &Links<'_>) -> String {
    let mut out = String::new();
    for (name, schema) in types {
        out.push_str(&format!("{level} {}\n\n", line(name)));
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        if let Some(about) = text("description").or(text("title")) {
            out.push_str(&format!("{}\n", prose(about)));
        }
        out.push_str(&operation::shape(tree, schema, links));
        if let Some(example) = schema.get("example").filter(|one| one.is_object() || one.is_array())
        {
            out.push_str(&format!("\nExample:\n\n{}", fence("json", &format!("{example:#}"))));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests;
