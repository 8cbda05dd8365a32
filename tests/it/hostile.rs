//! Documents that nobody means well: no panic, no file elsewhere, no text that becomes code. The
//! targets in `fuzz/` ask the same for longer.

mod checks;
mod mutate;
mod seeds;

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::folder::root;
use mutate::{Choices, mutate};

/// Changed documents that each run looks at.
const DOCUMENTS: u32 = 300;

/// A runner that tries the same each time.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

#[test]
fn changed_documents_are_compiled_or_refused() {
    let seeds = seeds::values(&root().join("tests/cases"));
    let strategy = (0..seeds.len(), 0..seeds.len(), prop::collection::vec(any::<u8>(), 1..60));
    let result = runner(DOCUMENTS).run(&strategy, |(one, other, bytes)| {
        let mut document = seeds[one].clone();
        mutate(&mut document, &seeds[other], &mut Choices::new(&bytes));
        checks::pipeline("openapi.json", &document.to_string());
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn cut_and_spliced_texts_are_read_or_refused() {
    let texts = seeds::texts(&root().join("tests/cases"));
    let strategy = (0..texts.len(), any::<prop::sample::Index>(), ".{0,6}", 0..20_usize);
    let result = runner(DOCUMENTS).run(&strategy, |(one, at, insert, cut)| {
        let (name, text) = &texts[one];
        let mut letters: Vec<char> = text.chars().collect();
        let at = at.index(letters.len().max(1)).min(letters.len());
        let end = letters.len().min(at + cut);
        letters.splice(at..end, insert.chars());
        let text: String = letters.into_iter().collect();
        checks::places(name, &text);
        checks::pipeline(name, &text);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// The places of values are right in all documents that there are.
#[test]
fn every_key_of_the_cases_stands_where_its_place_says() {
    for (name, text) in seeds::texts(&root().join("tests/cases")) {
        checks::places(&name, &text);
    }
}

/// What the targets in `fuzz/` have found, kept.
#[test]
fn what_was_found_stays_mended() {
    let folder = root().join("tests/cases/hostile");
    let found = fs::read_dir(&folder).expect("the folder of findings can be read");
    let mut count = 0;
    for entry in found.flatten() {
        let text = fs::read(entry.path()).expect("a finding can be read");
        let text = String::from_utf8_lossy(&text);
        let name = entry.file_name().to_string_lossy().into_owned();
        checks::places(&name, &text);
        checks::pipeline(&name, &text);
        count += 1;
    }
    assert!(count > 0, "{} is empty", folder.display());
}
