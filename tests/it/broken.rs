//! Broken copies of our own document: each is answered with the exact place, and nothing is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::folder::{Folder, text};
use crate::runner::xtask;

/// Stands in a replacement where the message must point; it is not part of the copy.
const PLACE: char = '▸';

/// One way to break the document.
struct Break {
    name: &'static str,
    code: &'static str,
    /// Texts of the document, of which the first is meant, and what stands there instead.
    edits: &'static [(&'static str, &'static str)],
}

const BREAKS: &[Break] = &[
    Break {
        name: "bad YAML",
        code: "syntax",
        edits: &[("      summary: Create a flag\n", "     ▸summary: Create a flag\n")],
    },
    Break {
        name: "a tab",
        code: "syntax",
        edits: &[("      summary: Create a flag\n", "▸\tsummary: Create a flag\n")],
    },
    Break {
        name: "a misspelt key",
        code: "unknown-key",
        edits: &[(
            "      required: [id, projectId, label,",
            "      ▸requierd: [id, projectId, label,",
        )],
    },
    Break {
        name: "a key given twice",
        code: "duplicate-key",
        edits: &[(
            "      summary: Create a flag\n",
            "      summary: Create a flag\n      ▸summary: Make a flag\n",
        )],
    },
    Break {
        name: "a reference to nothing",
        code: "dangling-reference",
        edits: &[(
            "$ref: \"#/components/schemas/FlagCreate\"\n",
            "$ref: ▸\"#/components/schemas/FlagCreat\"\n",
        )],
    },
    Break {
        name: "a wrong type",
        code: "wrong-kind",
        edits: &[("minimum: 0\n", "minimum: ▸none\n")],
    },
    Break {
        name: "an operationId used twice",
        code: "duplicate-operation-id",
        edits: &[("operationId: getFlag\n", "▸operationId: listFlags\n")],
    },
    Break {
        name: "a path parameter that is not declared",
        code: "undeclared-path-parameter",
        edits: &[(
            "  /flags/{id}/versions:\n    get:\n",
            "  /flags/{id}/{part}/versions:\n    ▸get:\n",
        )],
    },
    Break {
        name: "an unknown version",
        code: "unsupported-version",
        edits: &[("\nopenapi: 3.0.3\n", "\nopenapi: ▸4.0.0\n")],
    },
    Break {
        name: "a POST without x-retry",
        code: "missing-retry",
        edits: &[("    post:\n", "    ▸post:\n"), ("      x-retry: on-refusal\n", "")],
    },
];

#[test]
fn a_broken_document_is_answered_with_the_place_and_writes_nothing() {
    let folder = Folder::with_spec();
    let good = text("spec/openapi.yaml");
    let (code, _, errors) = generate(&folder);
    assert_eq!(code, 0, "{errors}");
    let before = snapshot(&folder.path("out"));
    for broken in BREAKS {
        let (document, place) = apply(&good, &[broken]);
        let answer = refused(&folder, &document, broken.name);
        expect(&answer, broken, &place[0]);
        assert_eq!(snapshot(&folder.path("out")), before, "{}: files were written", broken.name);
    }
}

#[test]
fn three_problems_are_answered_together() {
    let folder = Folder::with_spec();
    let three = [&BREAKS[2], &BREAKS[4], &BREAKS[9]];
    let (document, places) = apply(&text("spec/openapi.yaml"), &three);
    let answer = refused(&folder, &document, "three at once");
    for (broken, place) in three.iter().zip(&places) {
        expect(&answer, broken, place);
    }
    assert!(answer.contains("\n3 errors, 0 warnings in "), "{answer}");
    assert!(!folder.path("out").exists());
}

/// Runs the generator on the folder's document: exit code, output, errors.
fn generate(folder: &Folder) -> (u8, String, String) {
    let path = |path: &str| folder.path(path).to_string_lossy().into_owned();
    let (spec, config, out) =
        (path("spec/openapi.yaml"), path("spec/client/config.yaml"), path("out"));
    xtask(&["codegen", "--spec", &spec, "--config", &config, "--out", &out])
}

fn refused(folder: &Folder, document: &str, name: &str) -> String {
    folder.put("spec/openapi.yaml", document);
    let (code, output, errors) = generate(folder);
    assert_eq!((code, output.as_str()), (1, ""), "{name}: {errors}");
    errors
}

fn expect(answer: &str, broken: &Break, place: &str) {
    let Break { name, code, .. } = broken;
    let here = |problem: &&str| {
        problem.starts_with(&format!("error[{code}]: "))
            && problem.contains(&format!("openapi.yaml:{place}\n"))
    };
    let problem = answer.split("\n\n").find(here);
    let problem =
        problem.unwrap_or_else(|| panic!("{name}: no error[{code}] at {place}:\n{answer}"));
    let help = problem.lines().last().map(|line| line.trim_start_matches([' ', '|', '^', '=']));
    assert!(help.is_some_and(|help| help.len() > 10), "{name}: no help:\n{problem}");
}

/// The document with these breaks, and the line and column of each.
fn apply(good: &str, breaks: &[&Break]) -> (String, Vec<String>) {
    let marks: Vec<char> = ('①'..).take(breaks.len()).collect();
    let mut marked = good.to_owned();
    for (broken, mark) in breaks.iter().zip(&marks) {
        for (find, replace) in broken.edits {
            assert!(
                marked.contains(find),
                "{}: spec/openapi.yaml no longer holds {find:?}",
                broken.name
            );
            marked = marked.replacen(find, &replace.replace(PLACE, &mark.to_string()), 1);
        }
    }
    let place = |mark: &char| {
        let before = marked.split(*mark).next().unwrap_or_default().replace(&marks[..], "");
        let last = before.rsplit('\n').next().unwrap_or_default();
        format!("{}:{}", before.matches('\n').count() + 1, last.chars().count() + 1)
    };
    (marked.replace(&marks[..], ""), marks.iter().map(place).collect())
}

/// Every file below a folder with its text.
fn snapshot(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files.extend(snapshot(&path));
        } else {
            files
                .insert(path.display().to_string(), fs::read(&path).expect("the file can be read"));
        }
    }
    files
}
