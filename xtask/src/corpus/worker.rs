//! One document of the corpus: what the child process does.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use codegen::diagnostic::Severity;
use codegen::{Config, Diagnostics, Files, Output, load, reference};
use serde_json::Value;

use super::locality::{self, Probed};
use super::reading::Reading;
use super::usage;
use crate::{Console, Failure, Mode, sync};

/// The keys of a path item that are operations.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// How long a reference page may be: what every page has, and how often the document's length.
const PAGE_BYTES: usize = 200_000;
const PAGE_TIMES: usize = 12;

/// The part of a client that is the same in all.
const RUNTIME: &str = "src/runtime/";

/// Compiles a document, writes the crate if a folder is given and prints one line of JSON.
pub fn run(
    document: &Path,
    crate_name: &str,
    out: Option<&Path>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let config = config(document, crate_name);
    let compiled = codegen::compile(document, &config);
    // Before anything else is done, so that they are those of the compilation.
    let (time, peak) = (usage::processor(), usage::peak());
    let mut reading = match compiled {
        Err(problems) => refused(&problems),
        Ok(output) => {
            if let Some(out) = out {
                sync(out, &output.files, Mode::Write).map_err(Failure::new)?;
            }
            let page = read_as_a_page(document, &output, &config)?;
            generated(&output, &page)
        }
    };
    reading.skipped = declared(document).saturating_sub(reading.operations);
    reading.millis = time.and_then(|time| u64::try_from(time.as_millis()).ok());
    reading.peak = peak;
    Ok(writeln!(console.out, "{}", reading.line())?)
}

/// Adds members to schemas of a document and prints one line of JSON on what that changes.
pub fn probe(document: &Path, crate_name: &str, console: &mut Console<'_>) -> Result<(), Failure> {
    let config = config(document, crate_name);
    let probed = match codegen::compile(document, &config) {
        Ok(output) => locality::probe(document, &config, &output)?,
        Err(_) => Probed::default(),
    };
    Ok(writeln!(console.out, "{}", probed.line())?)
}

fn config(document: &Path, crate_name: &str) -> Config {
    let source_name = document.file_name().unwrap_or_default().to_string_lossy();
    Config { standalone: false, ..Config::new(crate_name, source_name) }
}

fn refused(problems: &Diagnostics) -> Reading {
    let first = problems.places().find(|(problem, _)| problem.severity == Severity::Error);
    let first = first.map(|(problem, place)| {
        let place = place.map(|place| format!(" ({}:{})", place.line, place.column));
        (problem.code.to_owned(), format!("{}{}", problem.message, place.unwrap_or_default()))
    });
    Reading {
        errors: count(problems, Severity::Error),
        warnings: count(problems, Severity::Warning),
        first,
        sums: [("problems".to_owned(), sum(&format!("{problems:#}")))].into(),
        ..Reading::default()
    }
}

fn generated(output: &Output, page: &str) -> Reading {
    let mut sums = BTreeMap::from([
        ("the reference page".to_owned(), sum(page)),
        ("the warnings".to_owned(), sum(&format!("{:#}", output.warnings))),
    ]);
    sums.extend(output.files.iter().map(|(path, text)| (path.clone(), sum(text))));
    let server = output.server.iter();
    sums.extend(server.map(|(path, text)| (format!("the server's {path}"), sum(text))));
    Reading {
        operations: operations(output),
        types: output.api.types.len(),
        lines: lines(&output.files),
        warnings: count(&output.warnings, Severity::Warning),
        sums,
        ..Reading::default()
    }
}

/// Enough to see a difference between two processes of one program.
fn sum(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn lines(files: &Files) -> usize {
    let own = files.iter().filter(|(path, _)| path.ends_with(".rs") && !path.starts_with(RUNTIME));
    own.map(|(_, text)| text.lines().count()).sum()
}

/// Makes the reference page too: it must hold for any document, and be no many times as long.
fn read_as_a_page(path: &Path, output: &Output, config: &Config) -> Result<String, Failure> {
    let bug =
        |words: String| Failure::new(format_args!("this is a bug: the reference page {words}"));
    let document = load::load(path).map_err(|problems| Failure::Problem(problems.to_string()))?;
    let page = reference::page(&document.tree, &output.api, config, &[]);
    let most = PAGE_BYTES + PAGE_TIMES * document.source.bytes();
    if page.len() > most {
        return Err(bug(format!("has {} bytes, more than {most}", page.len())));
    }
    match page.matches("<section class=\"entry op\"").count() {
        found if found < operations(output) => Err(bug(format!("shows only {found} operations"))),
        _ => Ok(page),
    }
}

fn operations(output: &Output) -> usize {
    output.api.families.iter().map(|family| family.operations.len()).sum()
}

/// The operations that the document declares under its paths.
fn declared(document: &Path) -> usize {
    let Ok(document) = load::load(document) else { return 0 };
    let items = document.tree.get("paths").and_then(Value::as_object);
    let methods = |item: &Value| METHODS.iter().filter(|method| item.get(method).is_some()).count();
    items.map_or(0, |items| items.values().map(methods).sum())
}

fn count(problems: &Diagnostics, severity: Severity) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for problem in problems.iter().filter(|problem| problem.severity == severity) {
        *counts.entry(problem.code.to_owned()).or_default() += 1;
    }
    counts
}
