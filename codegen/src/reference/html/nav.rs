//! The table of contents.

use super::escape::text;
use crate::reference::markdown::Heading;
use crate::reference::model::{Group, Page};

pub(super) fn nav(page: &Page, about: &[Heading], notes: &[Heading]) -> String {
    let mut own: Vec<(String, String)> = vec![("top".to_owned(), "Overview".to_owned())];
    own.extend(about.iter().map(|heading| (heading.anchor.clone(), heading.text.clone())));
    own.push(("servers".to_owned(), "Servers".to_owned()));
    if !page.schemes.is_empty() {
        own.push(("credentials".to_owned(), "Credentials".to_owned()));
    }
    let mut html = chapter("About", None, &links(&own), true);
    for group in &page.groups {
        html.push_str(&operations(group, page.groups.len() < 16));
    }
    let schemas: Vec<(String, String)> = page
        .schemas
        .iter()
        .map(|component| (component.anchor.clone(), component.name.clone()))
        .collect();
    if !schemas.is_empty() {
        html.push_str(&chapter("Schemas", Some("schemas"), &links(&schemas), false));
    }
    let notes: Vec<(String, String)> =
        notes.iter().map(|heading| (heading.anchor.clone(), heading.text.clone())).collect();
    if !notes.is_empty() {
        html.push_str(&chapter("Notes", None, &links(&notes), true));
    }
    format!("<nav id=\"nav\" aria-label=\"Contents\">\n{html}</nav>\n")
}

fn links(entries: &[(String, String)]) -> String {
    let link = |(anchor, name): &(String, String)| {
        format!("<li><a href=\"#{anchor}\">{}</a></li>\n", text(name))
    };
    entries.iter().map(link).collect()
}

fn operations(group: &Group, open: bool) -> String {
    let items: String = group
        .operations
        .iter()
        .map(|operation| {
            let class = if operation.deprecated { " class=\"old\"" } else { "" };
            format!(
                "<li><a href=\"#{}\"{class}>{} <span>{}</span></a></li>\n",
                operation.anchor,
                method(&operation.method, short(&operation.method)),
                text(&operation.title)
            )
        })
        .collect();
    chapter(&group.title, Some(&group.anchor), &items, open)
}

/// The method as it fits a narrow column.
fn short(method: &str) -> &str {
    match method {
        "DELETE" => "DEL",
        "OPTIONS" => "OPT",
        method => method,
    }
}

/// The method in its colour, under the word `shown`.
pub(super) fn method(method: &str, shown: &str) -> String {
    format!("<b class=\"verb {}\">{shown}</b>", method.to_ascii_lowercase())
}

fn chapter(title: &str, anchor: Option<&str>, items: &str, open: bool) -> String {
    let title = text(title);
    let first = anchor.map(|anchor| format!("<li><a href=\"#{anchor}\">About {title}</a></li>\n"));
    let open = if open { " open" } else { "" };
    format!(
        "<details{open}><summary>{title}</summary>\n<ul>\n{}{items}</ul></details>\n",
        first.filter(|_| anchor != Some("schemas")).unwrap_or_default()
    )
}
