//! Folders with one file per thing, and folders below them where there are very many.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::families::permit_inception;
use super::imports::{allow_deprecated, use_list};
use super::types::{file_name, module_ident};

/// The most lines of the list of a folder, which names each file twice.
const MOST: usize = 760;

/// A file in a folder and what it holds.
pub(crate) struct Entry {
    /// Without its ending.
    pub file: String,
    /// What the folder passes on of it.
    pub names: Vec<String>,
    /// Passing it on needs a permission.
    pub deprecated: bool,
}

/// Folders, and the place of each file in them.
pub(crate) struct Tree {
    /// Their `mod.rs`.
    pub lists: Vec<Module>,
    /// File without its ending, to its path.
    pub paths: Vec<(String, String)>,
}

/// The folder at `path`, or a tree of folders if it would have too many files.
pub(crate) fn tree(path: String, docs: String, folder: &str, entries: Vec<Entry>) -> Tree {
    if lines(&entries) <= MOST {
        let place = |entry: &Entry| (entry.file.clone(), format!("{path}/{}.rs", entry.file));
        let paths = entries.iter().map(place).collect();
        return Tree { lists: vec![list(format!("{path}/mod.rs"), docs, folder, entries)], paths };
    }
    let key = key(&entries);
    let mut groups: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(file_name(&key(&entry.file))).or_default().push(entry);
    }
    let mut tree =
        Tree { lists: vec![group_list(&path, &docs, folder, &groups)], paths: Vec::new() };
    for (name, entries) in groups {
        let below = self::tree(format!("{path}/{name}"), docs.clone(), &name, entries);
        tree.lists.extend(below.lists);
        tree.paths.extend(below.paths);
    }
    tree
}

/// How long the list is: two lines for a file, and a permission.
fn lines(entries: &[Entry]) -> usize {
    let one = |entry: &Entry| 2 + usize::from(entry.deprecated);
    entries.iter().map(one).sum()
}

/// What tells the groups apart: the first words of the file's name, or its first letters if that
/// made too many groups.
fn key(entries: &[Entry]) -> impl Fn(&str) -> String + use<> {
    let words =
        |count: usize| move |file: &str| file.split('_').take(count).collect::<Vec<_>>().join("_");
    let letters = |count: usize| move |file: &str| file.chars().take(count).collect::<String>();
    let groups = |key: &dyn Fn(&str) -> String| -> usize {
        entries.iter().map(|entry| key(&entry.file)).collect::<BTreeSet<_>>().len()
    };
    let count = (1..).find(|count| groups(&words(*count)) > 1).unwrap_or(1);
    let by_words = 2 * groups(&words(count)) <= MOST;
    let letter_count = (1..).find(|count| groups(&letters(*count)) > 1).unwrap_or(1);
    move |file| if by_words { words(count)(file) } else { letters(letter_count)(file) }
}

fn group_list(
    path: &str,
    docs: &str,
    folder: &str,
    groups: &BTreeMap<String, Vec<Entry>>,
) -> Module {
    let modules: Vec<_> = groups.keys().map(|name| module_ident(name)).collect();
    let mut items: Vec<TokenStream> =
        modules.iter().map(|name| permit_inception(folder, quote!(mod #name;))).collect();
    items.extend(modules.iter().map(|name| quote!(pub use self::#name::*;)));
    Module { path: format!("{path}/mod.rs"), docs: vec![docs.to_owned()], items }
}

/// The `mod.rs` of a folder.
pub(crate) fn list(path: String, docs: String, folder: &str, mut entries: Vec<Entry>) -> Module {
    entries.sort_by(|a, b| a.file.cmp(&b.file));
    let mut items = Vec::new();
    for Entry { file, .. } in &entries {
        let file = module_ident(file);
        items.push(permit_inception(folder, quote!(mod #file;)));
    }
    for Entry { file, names, deprecated } in &entries {
        let home = format!("self::{}", module_ident(file));
        let line = use_list(&quote!(pub), &home, &names.iter().collect::<Vec<_>>());
        items.push(if *deprecated { allow_deprecated(line) } else { line });
    }
    Module { path, docs: vec![docs], items }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: impl Iterator<Item = String>) -> Vec<Entry> {
        let entry = |file: String| Entry { names: vec![file.clone()], file, deprecated: false };
        names.map(entry).collect()
    }

    #[test]
    fn a_large_folder_is_split_by_first_words_and_loses_no_file() {
        let names = (0..300)
            .flat_map(|n| [format!("post_a_{n}"), format!("post_b_{n}"), format!("get_{n}")]);
        let Tree { lists, paths } = tree("m".to_owned(), "D.".to_owned(), "m", entries(names));
        let lists: Vec<&str> = lists.iter().map(|list| list.path.as_str()).collect();
        assert_eq!(
            lists,
            [
                "m/mod.rs",
                "m/get/mod.rs",
                "m/post/mod.rs",
                "m/post/post_a/mod.rs",
                "m/post/post_b/mod.rs"
            ]
        );
        assert_eq!(paths.len(), 900);
        assert!(paths.contains(&("post_b_7".to_owned(), "m/post/post_b/post_b_7.rs".to_owned())));
    }

    #[test]
    fn a_file_that_passes_on_several_things_is_declared_once() {
        let names = ["PutJob", "PutJobAnswer"].map(str::to_owned).to_vec();
        let entry = Entry { file: "put_job".to_owned(), names, deprecated: false };
        let list = list("m/mod.rs".to_owned(), "D.".to_owned(), "m", vec![entry]);
        let items: Vec<String> = list.items.iter().map(ToString::to_string).collect();
        assert_eq!(items.len(), 2, "{items:?}");
        assert!(items[1].contains("PutJob , PutJobAnswer"), "{items:?}");
    }

    #[test]
    fn where_words_tell_too_many_apart_letters_do() {
        let names = (0..3000).map(|n| format!("t{n}"));
        let Tree { lists, paths } = tree("m".to_owned(), "D.".to_owned(), "m", entries(names));
        assert_eq!(paths.len(), 3000);
        assert!(lists.iter().all(|list| list.items.len() <= MOST));
    }
}
