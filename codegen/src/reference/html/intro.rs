//! What stands before the operations, and the notes behind the schemas.

use super::Printer;
use super::escape::text;
use crate::reference::anchors::Anchors;
use crate::reference::markdown::{self, Heading, Prose};

/// The texts of the page's start and end, and their headings.
pub(super) struct Intro {
    pub html: String,
    pub headings: Vec<Heading>,
    pub notes: String,
    pub note_headings: Vec<Heading>,
}

pub(super) fn intro(printer: &Printer<'_>) -> Intro {
    let page = printer.page;
    let mut anchors = Anchors::default();
    let prose = Prose { targets: &page.targets, link_code: true, level: 2 };
    let description = page.description.as_deref().unwrap_or_default();
    let (body, mut headings) = markdown::chapter(description, "about", &mut anchors, prose);
    headings.retain(|heading| heading.level == 2);
    let html = format!(
        "<section class=\"chapter\" id=\"top\">\n<h1>{} <span class=\"version\">{}</span></h1>\n{}<div class=\"md\">{body}</div>\n</section>\n{}{}",
        text(&page.title),
        text(&page.version),
        head(printer),
        servers(printer),
        schemes(printer)
    );
    let (mut notes, mut note_headings) = (String::new(), Vec::new());
    for note in &page.notes {
        let anchor = anchors.take("note", &note.title.to_lowercase());
        let prose = Prose { level: 3, ..prose };
        let (body, _) = markdown::chapter(&note.text, &anchor, &mut anchors, prose);
        notes.push_str(&format!(
            "<section class=\"chapter\" id=\"{anchor}\">\n<h2>{}</h2>\n<div class=\"md\">{body}</div>\n</section>\n",
            text(&note.title)
        ));
        note_headings.push(Heading { level: 2, anchor, text: note.title.clone() });
    }
    Intro { html, headings, notes, note_headings }
}

/// Licence, limits and links.
fn head(printer: &Printer<'_>) -> String {
    let page = printer.page;
    let mut rows: Vec<(&str, String)> = Vec::new();
    let count: usize = page.groups.iter().map(|group| group.operations.len()).sum();
    let counted = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    rows.push((
        "Contents",
        format!("{}, {}", counted(count, "operation"), counted(page.schemas.len(), "schema")),
    ));
    rows.extend(page.limits.iter().map(|limit| ("Limit", text(limit))));
    rows.extend(page.license.iter().map(|license| ("Licence", text(license))));
    for (name, url) in &page.links {
        let shown = match markdown::is_harmless(url) {
            true => format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", text(url), text(name)),
            false => text(name),
        };
        rows.push(("Link", shown));
    }
    let rows: String = rows
        .iter()
        .map(|(word, html)| format!("<div><dt>{word}</dt><dd>{html}</dd></div>"))
        .collect();
    format!("<dl class=\"facts\">{rows}</dl>\n")
}

fn servers(printer: &Printer<'_>) -> String {
    let rows: String = printer
        .page
        .servers
        .iter()
        .map(|server| {
            format!(
                "<li><p><strong>{}</strong> <code>{}</code></p>{}</li>\n",
                text(&server.name),
                text(&server.url),
                printer.prose(server.description.as_deref(), 5)
            )
        })
        .collect();
    format!(
        "<section class=\"chapter\" id=\"servers\">\n<h2>Servers</h2>\n<ul class=\"plain\">\n{rows}</ul>\n</section>\n"
    )
}

fn schemes(printer: &Printer<'_>) -> String {
    if printer.page.schemes.is_empty() {
        return String::new();
    }
    let rows: String = printer
        .page
        .schemes
        .iter()
        .map(|scheme| {
            format!(
                "<li id=\"{}\"><p><strong>{}</strong> {}</p>{}</li>\n",
                scheme.anchor,
                text(&scheme.name),
                printer.line(&scheme.how),
                printer.prose(scheme.description.as_deref(), 5)
            )
        })
        .collect();
    format!(
        "<section class=\"chapter\" id=\"credentials\">\n<h2>Credentials</h2>\n<ul class=\"plain\">\n{rows}</ul>\n</section>\n"
    )
}
