//! Turns the prose of a document into doc comments that are safe for rustdoc and its tests.
//!
//! Prose comes from strangers: it may hold code that is not Rust, brackets that look like links
//! and tags that look like HTML. [`blocks`] takes it apart, [`inline`] sees to what stands
//! in a line, and [`wrap`] fills the lines.

mod blocks;
mod inline;
mod wrap;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::inline::{code, sentence, sentences};
use self::wrap::fill;

/// Columns of text in the docs of an item: 100 less `/// `.
const ITEM_WIDTH: usize = 96;
/// Columns of text in the docs of a member: 100 less four spaces and `/// `.
const MEMBER_WIDTH: usize = 92;

/// Doc lines under construction; every block is parted from the next by an empty line.
#[derive(Debug, Clone)]
pub(crate) struct Docs {
    width: usize,
    lines: Vec<String>,
}

impl Docs {
    /// For a struct, an enum, a module.
    pub(crate) fn item() -> Self {
        Self { width: ITEM_WIDTH, lines: Vec::new() }
    }

    /// For a field, a variant, a method.
    pub(crate) fn member() -> Self {
        Self { width: MEMBER_WIDTH, lines: Vec::new() }
    }

    /// Adds prose of the document.
    pub(crate) fn prose(mut self, text: &str) -> Self {
        let lines = blocks::lines(text, self.width);
        self.push(lines);
        self
    }

    /// Adds a paragraph that is Markdown of our own.
    pub(crate) fn text(mut self, text: &str) -> Self {
        let lines = fill(text, "", "", self.width);
        self.push(lines);
        self
    }

    /// Adds a heading.
    pub(crate) fn heading(mut self, title: &str) -> Self {
        self.push(vec![format!("# {title}")]);
        self
    }

    /// Adds a heading and a list of Markdown of our own; nothing where there are no items.
    pub(crate) fn list(mut self, heading: &str, items: &[String]) -> Self {
        if items.is_empty() {
            return self;
        }
        self = self.heading(heading);
        let lines = items.iter().flat_map(|item| fill(item, "- ", "  ", self.width)).collect();
        self.push(lines);
        self
    }

    /// Adds lines as they are.
    pub(crate) fn verbatim(mut self, lines: Vec<String>) -> Self {
        self.push(lines);
        self
    }

    /// Adds what `more` gives, if anything.
    pub(crate) fn maybe<T>(self, value: Option<T>, more: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => more(self, value),
            None => self,
        }
    }

    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines.
    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
    }

    /// As attributes, which print as `///`.
    pub(crate) fn attributes(&self) -> TokenStream {
        let lines = self.lines.iter().map(|line| match line.as_str() {
            "" => String::new(),
            line => format!(" {line}"),
        });
        quote!(#(#[doc = #lines])*)
    }

    fn push(&mut self, lines: Vec<String>) {
        if !lines.is_empty() && !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(lines);
    }
}

#[cfg(test)]
mod tests;
