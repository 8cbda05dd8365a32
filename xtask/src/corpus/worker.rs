//! One document of the corpus: what the child process does, and the line by which it tells.

use std::collections::BTreeMap;
use std::path::Path;

use codegen::diagnostic::Severity;
use codegen::{Config, Diagnostics, Output, load, reference};
use serde_json::{Value, json};

use crate::{Console, Failure, Mode, sync};

/// The keys of a path item that are operations.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// How long a reference page may be: what every page has, and how often the document's length.
const PAGE_BYTES: usize = 200_000;
const PAGE_TIMES: usize = 12;

/// What was read from a document.
pub struct Reading {
    /// Operations of the model.
    pub operations: usize,
    /// Operations of the document that the model leaves out.
    pub skipped: usize,
    /// Errors by code.
    pub errors: BTreeMap<String, usize>,
    /// Warnings by code.
    pub warnings: BTreeMap<String, usize>,
}

/// Compiles a document, writes the crate if a folder is given and prints one line of JSON.
pub fn run(
    document: &Path,
    crate_name: &str,
    out: Option<&Path>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let source_name = document.file_name().unwrap_or_default().to_string_lossy();
    let config = Config { standalone: false, ..Config::new(crate_name, source_name) };
    let (operations, problems) = match codegen::compile(document, &config) {
        Err(problems) => (0, problems),
        Ok(output) => {
            if let Some(out) = out {
                sync(out, &output.files, Mode::Write).map_err(Failure::new)?;
            }
            read_as_a_page(document, &output, &config)?;
            (operations(&output), output.warnings)
        }
    };
    let line = json!({
        "operations": operations,
        "skipped": declared(document).saturating_sub(operations),
        "errors": count(&problems, Severity::Error),
        "warnings": count(&problems, Severity::Warning),
    });
    Ok(writeln!(console.out, "{line}")?)
}

/// Makes the reference page too: it must hold for any document, and be no many times as long.
fn read_as_a_page(path: &Path, output: &Output, config: &Config) -> Result<(), Failure> {
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
        _ => Ok(()),
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

fn count(problems: &Diagnostics, severity: Severity) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for problem in problems.iter().filter(|problem| problem.severity == severity) {
        *counts.entry(problem.code).or_default() += 1;
    }
    counts
}

impl Reading {
    /// Reads the line that [`run`] has printed.
    pub fn parse(line: &str) -> Result<Self, Failure> {
        let bug = || {
            Failure::new(format_args!("this is a bug: the process of a document answered {line:?}"))
        };
        let value: Value = serde_json::from_str(line).map_err(|_| bug())?;
        let number = |key: &str| {
            value[key].as_u64().and_then(|number| usize::try_from(number).ok()).ok_or_else(bug)
        };
        let counts = |key: &str| serde_json::from_value(value[key].clone()).map_err(|_| bug());
        Ok(Self {
            operations: number("operations")?,
            skipped: number("skipped")?,
            errors: counts("errors")?,
            warnings: counts("warnings")?,
        })
    }
}
