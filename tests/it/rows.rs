//! The promises of the runtime, each with a test that is named after it.
//!
//! A row has a letter and a number: R for faults and retries, P for the pace, G for paging, S for
//! secrets and security, C for what the compiler and cargo see. A test that shows row P3 is called
//! `p3_...`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, Item};

use crate::folder::root;

/// How many rows there are of each letter.
const ROWS: [(char, u32); 5] = [('r', 20), ('p', 9), ('g', 6), ('s', 4), ('c', 2)];

/// A function of the sources.
#[derive(Debug)]
struct Function {
    name: String,
    file: PathBuf,
    /// It is run by `cargo test`.
    is_test: bool,
}

impl Function {
    /// The row that it is named after, such as `p3`.
    fn row(&self) -> Option<&str> {
        let (row, rest) = self.name.split_once('_')?;
        let number = row.strip_prefix(|letter| ROWS.iter().any(|(known, _)| *known == letter))?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && !rest.is_empty()).then_some(row)
    }
}

/// All functions of our packages, without those that the generator wrote or is given.
fn functions() -> Vec<Function> {
    let mut functions = Vec::new();
    for folder in folders(root()) {
        let is_ours = folder.join("Cargo.toml").is_file() && !folder.ends_with("generated");
        if is_ours {
            read_folder(&folder, &mut functions);
        }
    }
    functions
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    entries.sort();
    entries
}

fn read_folder(folder: &Path, functions: &mut Vec<Function>) {
    for path in entries(folder) {
        let is_given = path.ends_with("tests/cases") || path.ends_with("tests/ui");
        if path.is_dir() && !is_given && !path.ends_with("target") {
            read_folder(&path, functions);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source can be read");
            let file = syn::parse_file(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            read_items(&file.items, &path, functions);
        }
    }
}

fn read_items(items: &[Item], file: &Path, functions: &mut Vec<Function>) {
    for item in items {
        match item {
            Item::Fn(function) => functions.push(Function {
                name: function.sig.ident.to_string(),
                file: file.to_owned(),
                is_test: is_test(&function.attrs),
            }),
            Item::Mod(module) => {
                let items = module.content.as_ref().map(|(_, items)| items);
                read_items(items.map_or(&[], Vec::as_slice), file, functions);
            }
            _ => {}
        }
    }
}

/// `#[test]` or `#[tokio::test]`, and not `#[ignore]`.
fn is_test(attributes: &[Attribute]) -> bool {
    let has = |name: &str| {
        attributes.iter().any(|attribute| {
            attribute.path().segments.last().is_some_and(|segment| segment.ident == name)
        })
    };
    has("test") && !has("ignore")
}

#[test]
fn every_row_has_a_test_and_no_test_is_named_after_a_row_that_is_not_there() {
    let functions = functions();
    let mut tests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for function in &functions {
        let Some(row) = function.row() else { continue };
        assert!(
            function.is_test,
            "{} is called like a test: {}",
            function.name,
            function.file.display()
        );
        tests.entry(row).or_default().push(&function.name);
    }
    let rows: BTreeSet<String> = ROWS
        .iter()
        .flat_map(|(letter, count)| (1..=*count).map(move |number| format!("{letter}{number}")))
        .collect();
    let without: Vec<&String> =
        rows.iter().filter(|row| !tests.contains_key(row.as_str())).collect();
    assert!(without.is_empty(), "no test is named after {without:?}");
    let unknown: Vec<_> = tests.iter().filter(|(row, _)| !rows.contains(**row)).collect();
    assert!(unknown.is_empty(), "there is no row for {unknown:?}");
}
