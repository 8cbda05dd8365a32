//! The page as text: its frame, and a file of this folder for each kind of section.

pub(super) mod escape;
mod intro;
mod nav;
mod operation;
mod panels;
mod schema;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

use self::escape::text;
use super::markdown::{self, Prose};
use super::model::{Component, Language, Page};
use super::samples;

/// The style and the script; browsers hash them with bare line feeds, whatever the checkout has.
fn assets() -> (String, String) {
    let plain = |text: &str| text.replace("\r\n", "\n");
    (plain(include_str!("html/page.css")), plain(include_str!("html/page.js")))
}

/// Rows of schemas that are unfolded where they are used; beyond, a page of a large document would be
/// many times as long as the document, and the schema is one click away.
const MAX_ROWS: usize = 8000;

/// A text of more bytes than this is printed in full only so often: parameters and answers of
/// `components` may be shared by thousands of operations.
const LONG: usize = 2048;
const MAX_TIMES: usize = 20;
/// What is left of it afterwards.
const SHORTENED: usize = 400;

/// What every section needs.
pub(super) struct Printer<'a> {
    pub page: &'a Page,
    pub components: BTreeMap<&'a str, &'a Component>,
    /// Rows that may still be unfolded.
    pub rows: Cell<usize>,
    /// How often each long text was printed, by its hash.
    pub times: RefCell<BTreeMap<Vec<u8>, usize>>,
}

impl Printer<'_> {
    /// Prose of the document below a heading of `level - 1`.
    pub fn prose(&self, text: Option<&str>, level: usize) -> String {
        let Some(text) = text else { return String::new() };
        let prose = Prose { targets: &self.page.targets, link_code: true, level };
        let text = self.bounded(text);
        format!("<div class=\"md\">{}</div>\n", markdown::block(&text, prose))
    }

    /// `text`, or its start if it is long and was printed too often.
    pub fn bounded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if text.len() <= LONG {
            return Cow::Borrowed(text);
        }
        let mut times = self.times.borrow_mut();
        let count = times.entry(Sha256::digest(text).to_vec()).or_default();
        *count += 1;
        if *count <= MAX_TIMES {
            return Cow::Borrowed(text);
        }
        let start: String = text.chars().take(SHORTENED).collect();
        Cow::Owned(format!("{} … (in full further up)", start.trim_end()))
    }

    /// A phrase of ours.
    pub fn line(&self, text: &str) -> String {
        markdown::line(text, &self.page.targets)
    }
}

/// The page.
pub(super) fn page(page: &Page) -> String {
    let components =
        page.schemas.iter().map(|component| (component.name.as_str(), component)).collect();
    let printer =
        Printer { page, components, rows: Cell::new(MAX_ROWS), times: RefCell::default() };
    let intro = intro::intro(&printer);
    let mut main = intro.html;
    for group in &page.groups {
        main.push_str(&operation::group(&printer, group));
    }
    main.push_str(&schema::chapter(&printer));
    main.push_str(&intro.notes);
    let nav = nav::nav(page, &intro.headings, &intro.note_headings);
    let (style, script) = assets();
    format!(
        "{}{}{nav}<main id=\"main\">\n{main}</main>\n</div>\n<script>{script}</script>\n</body>\n</html>\n",
        head(page, &style, &script),
        top(page)
    )
}

fn head(page: &Page, style: &str, script: &str) -> String {
    let hash = |text: &str| {
        format!(
            "'sha256-{}'",
            base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text))
        )
    };
    // Nothing may be loaded, and only this style and this script count.
    let policy = format!(
        "default-src 'none'; img-src data:; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    );
    let title = text(&page.title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title} {}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{style}</style>\n</head>\n",
        text(&page.version)
    )
}

/// The bar at the top.
fn top(page: &Page) -> String {
    let options: String = page
        .servers
        .iter()
        .enumerate()
        .map(|(index, server)| {
            let data: String = Language::ALL
                .into_iter()
                .map(|language| {
                    let value = text(&samples::server(language, server));
                    format!(" data-{}=\"{value}\"", language.key())
                })
                .collect();
            format!("<option value=\"{index}\"{data}>{}</option>", text(&server.name))
        })
        .collect();
    format!(
        "<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header class=\"top\">\n\
         <button type=\"button\" class=\"icon menu\" id=\"menu\" aria-controls=\"nav\" aria-expanded=\"false\" hidden>\
         <span aria-hidden=\"true\">☰</span><span class=\"sr\">Contents</span></button>\n\
         <a class=\"brand\" href=\"#top\"><strong>{}</strong> <span>{}</span></a>\n\
         <div class=\"search\" id=\"search\" role=\"search\" hidden><input id=\"query\" type=\"search\" autocomplete=\"off\" \
         spellcheck=\"false\" placeholder=\"Search\" aria-label=\"Search operations, schemas and members\" role=\"combobox\" \
         aria-expanded=\"false\" aria-controls=\"results\" aria-autocomplete=\"list\"><kbd aria-hidden=\"true\">/</kbd>\
         <ul id=\"results\" role=\"listbox\" aria-label=\"Results\" hidden></ul></div>\n\
         <label class=\"server\" id=\"server\" hidden><span>Server</span> <select>{options}</select></label>\n\
         <button type=\"button\" class=\"icon\" id=\"theme\" hidden><span aria-hidden=\"true\">◐</span>\
         <span class=\"sr\">Light or dark</span></button>\n</header>\n<div class=\"frame\">\n",
        text(&page.title),
        text(&page.version)
    )
}
