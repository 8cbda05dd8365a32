//! Gives every name its shortest spelling that is right in its file, and the `use` lines for it.
//!
//! Quoted code marks the names that a document could take for itself: `prelude::Vec`,
//! `runtime::Error`, `external::Value`, `root::Client`, `models::Flag`. A type of the document is
//! always written bare. A name of the standard library or of the runtime is written bare too,
//! unless the document has a type of that name; then it keeps its full path everywhere.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::types::ident;

/// Where the names of the standard prelude live.
const PRELUDE: &[(&str, &str)] = &[
    ("AsRef", "std::convert"),
    ("Box", "std::boxed"),
    ("Default", "std::default"),
    ("Fn", "std::ops"),
    ("From", "std::convert"),
    ("Into", "std::convert"),
    ("IntoFuture", "std::future"),
    ("IntoIterator", "std::iter"),
    ("Option", "std::option"),
    ("Result", "std::result"),
    ("Send", "std::marker"),
    ("String", "std::string"),
    ("Sync", "std::marker"),
    ("Vec", "std::vec"),
];

/// Where other names live that must be imported.
const EXTERNAL: &[(&str, &str)] = &[
    ("BTreeMap", "std::collections"),
    ("Bytes", "bytes"),
    ("Deserialize", "serde"),
    ("Deserializer", "serde"),
    ("FromStr", "std::str"),
    ("HeaderMap", "http"),
    ("Infallible", "std::convert"),
    ("Method", "http"),
    ("Serialize", "serde"),
    ("Serializer", "serde"),
    ("Value", "serde_json"),
    ("fmt", "std"),
];

/// The names that a document takes, decided once for all its files.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Types of the document and the module that holds each: `crate::flags::models`.
    pub homes: BTreeMap<String, String>,
    /// Types of the document that are deprecated.
    pub deprecated: BTreeSet<String>,
    /// Handles and request builders.
    pub others: BTreeSet<String>,
}

impl Names {
    /// Whether the document has something of this name.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.homes.contains_key(name) || self.others.contains(name)
    }

    /// How a text such as `Option::is_none` starts in an attribute.
    pub(crate) fn text(&self, name: &str) -> String {
        match home(name) {
            Some(home) if self.is_taken(name) => format!("{home}::{name}"),
            _ => name.to_owned(),
        }
    }
}

/// The module of a name that is not the document's.
fn home(name: &str) -> Option<&'static str> {
    let known = PRELUDE.iter().chain(EXTERNAL).find(|(known, _)| *known == name);
    match known {
        Some((_, home)) => Some(home),
        None if name == "Nullable" => Some("crate::runtime"),
        None => None,
    }
}

/// One file on its way.
struct File<'a> {
    names: &'a Names,
    /// `crate`, or the name of the crate in its examples.
    root: &'a str,
    /// The type of the document that the file is about.
    own: Option<&'a str>,
    /// What the module declares or imports on its own.
    declared: &'a [String],
    uses: BTreeMap<String, BTreeSet<String>>,
    mentions_deprecated: bool,
}

/// The `use` lines of a module and its items with every name in its final spelling.
pub(crate) fn resolve(
    names: &Names,
    own: Option<&str>,
    declared: &[String],
    items: Vec<TokenStream>,
) -> Vec<TokenStream> {
    let mut file = File {
        names,
        root: "crate",
        own,
        declared,
        uses: BTreeMap::new(),
        mentions_deprecated: false,
    };
    let mut resolved = Vec::with_capacity(items.len());
    for item in items {
        file.mentions_deprecated = false;
        let item = file.tokens(item);
        resolved.push(match file.mentions_deprecated {
            true => allow_deprecated(item),
            false => item,
        });
    }
    let mut all = file.use_lines();
    let given = resolved.iter().take_while(|item| is_import(item)).count();
    all.extend(resolved.drain(..given));
    all.sort_by_key(|line| (class(line), line.to_string()));
    all.append(&mut resolved);
    all
}

fn is_import(item: &TokenStream) -> bool {
    matches!(item.clone().into_iter().next(), Some(TokenTree::Ident(word)) if word == "use")
}

/// Imports of the standard library come first, ours last; permissions stand before the word `use`.
fn class(line: &TokenStream) -> u8 {
    let text = line.to_string();
    let path = text.split_once("use ").map_or("", |(_, path)| path);
    match path.split(' ').next().unwrap_or_default() {
        "std" => 0,
        "crate" | "super" => 2,
        _ => 1,
    }
}

/// The `use` lines of an example outside of the crate `root`, and last its code.
pub(crate) fn resolve_in(names: &Names, root: &str, code: TokenStream) -> Vec<TokenStream> {
    let mut file = File {
        names,
        root,
        own: None,
        declared: &[],
        uses: BTreeMap::new(),
        mentions_deprecated: false,
    };
    let code = file.tokens(code);
    let mut all = file.use_lines();
    all.push(code);
    all
}

/// `item` without warnings about what the document calls deprecated.
pub(crate) fn allow_deprecated(item: TokenStream) -> TokenStream {
    if item.to_string().starts_with("# [allow (deprecated") {
        return item;
    }
    quote! {
        #[allow(deprecated, reason = "the document deprecates a part, not all that uses it")]
        #item
    }
}

impl File<'_> {
    fn tokens(&mut self, stream: TokenStream) -> TokenStream {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut out = TokenStream::new();
        let mut at = 0;
        while at < trees.len() {
            let name = marked(&trees, at);
            let tree = trees[at].clone();
            match (tree, name) {
                (TokenTree::Ident(mark), Some(name)) => {
                    out.extend(self.name(&mark.to_string(), name));
                    at += 4;
                    continue;
                }
                (TokenTree::Group(group), _) => {
                    let inner = self.tokens(group.stream());
                    out.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
                }
                (tree, _) => out.extend([tree]),
            }
            at += 1;
        }
        out
    }

    /// The spelling of `name` that was marked with `mark`.
    fn name(&mut self, mark: &str, name: &Ident) -> TokenStream {
        let text = name.to_string();
        let home = match mark {
            "models" => return self.model(&text),
            "root" => self.root.to_owned(),
            "runtime" if self.is_example() => self.root.to_owned(),
            "runtime" => format!("{}::runtime", self.root),
            _ => home(&text)
                .unwrap_or_else(|| panic!("`{mark}::{text}` is in a table of this file"))
                .to_owned(),
        };
        if self.names.is_taken(&text) || (self.declares(&text) && mark != "root") {
            return path(&home, &text);
        }
        if mark != "prelude" && !self.declares(&text) {
            self.import(&home, &text);
        }
        quote!(#name)
    }

    /// A type of the document.
    fn model(&mut self, name: &str) -> TokenStream {
        self.mentions_deprecated |= self.names.deprecated.contains(name);
        let ident = ident(name);
        if self.own == Some(name) {
            return quote!(#ident);
        }
        let home = format!("{}::models", self.root);
        if self.declares(name) {
            return path(&home, name);
        }
        self.import(&home, name);
        quote!(#ident)
    }

    /// Whether this is code outside of the crate, which sees only what is public.
    fn is_example(&self) -> bool {
        self.root != "crate"
    }

    fn declares(&self, name: &str) -> bool {
        self.declared.iter().any(|declared| declared == name)
    }

    fn import(&mut self, home: &str, name: &str) {
        self.uses.entry(home.to_owned()).or_default().insert(name.to_owned());
    }

    fn use_lines(&self) -> Vec<TokenStream> {
        self.uses.iter().flat_map(|(home, names)| self.use_line(home, names)).collect()
    }

    fn use_line(&self, home: &str, names: &BTreeSet<String>) -> Vec<TokenStream> {
        let is_old = |name: &&String| {
            home == "crate::models" && self.names.deprecated.contains(name.as_str())
        };
        let (old, current): (Vec<_>, Vec<_>) = names.iter().partition(is_old);
        let mut lines = Vec::new();
        if !current.is_empty() {
            lines.push(use_list(&quote!(), home, &current));
        }
        if !old.is_empty() {
            lines.push(allow_deprecated(use_list(&quote!(), home, &old)));
        }
        lines
    }
}

/// `use home::{names};` behind a visibility.
pub(crate) fn use_list(visibility: &TokenStream, home: &str, names: &[&String]) -> TokenStream {
    let home = module_path(home);
    let names = names.iter().map(|name| ident(name));
    match names.len() {
        1 => quote!(#visibility use #home::#(#names)*;),
        _ => quote!(#visibility use #home::{#(#names),*};),
    }
}

/// The name after a mark at `at`, if there is one.
fn marked(trees: &[TokenTree], at: usize) -> Option<&Ident> {
    let TokenTree::Ident(mark) = &trees[at] else { return None };
    let marks = ["prelude", "runtime", "external", "root", "models"];
    if !marks.iter().any(|known| mark == known) || (at >= 2 && is_path_separator(trees, at - 2)) {
        return None;
    }
    match trees.get(at + 3)? {
        TokenTree::Ident(name) if is_path_separator(trees, at + 1) => Some(name),
        _ => None,
    }
}

fn is_path_separator(trees: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize, spacing: Option<Spacing>| match trees.get(at) {
        Some(TokenTree::Punct(punct)) => {
            punct.as_char() == ':' && spacing.is_none_or(|spacing| punct.spacing() == spacing)
        }
        _ => false,
    };
    colon(at, Some(Spacing::Joint)) && colon(at + 1, None)
}

/// A path such as `crate::flags::models` as tokens.
pub(crate) fn module_path(home: &str) -> TokenStream {
    let parts = home.split("::").map(|part| match part {
        "crate" | "self" | "super" => format_ident!("{part}"),
        part => ident(part),
    });
    quote!(#(#parts)::*)
}

fn path(home: &str, name: &str) -> TokenStream {
    let home = module_path(home);
    let name = ident(name);
    quote!(#home::#name)
}
