//! `cargo xtask corpus`: compiles many real documents and says what stops each.
//!
//! Every document is compiled in a process of its own, so that one that overflows the stack or
//! never ends costs only itself: twice, in different surroundings, which must give the same bytes;
//! and with a member added here and there, which must change only what it belongs to.

mod check;
pub mod locality;
mod measured;
mod page;
pub(crate) mod process;
mod reading;
mod report;
mod runs;
pub(crate) mod usage;
pub mod worker;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Console, Failure, root};
use check::Built;
use locality::Probed;
use reading::Reading;
use runs::Runs;

/// Small documents, below the root.
const CASES: &str = "tests/cases/small";
/// Where the table of the corpus is kept, below the root.
const PAGE: &str = "docs/corpus.md";

/// A document and what became of it.
struct Row {
    /// Path below the folder it was found in, with `/`.
    name: String,
    /// The crate made of it.
    crate_name: String,
    outcome: Outcome,
    /// What came of members that were added.
    probed: Probed,
    /// What is a fault of the generator, a sentence each.
    faults: Vec<String>,
    /// What compiler and clippy say of the crate; unknown without `--compile`.
    built: Option<Built>,
}

/// How the compilation of a document ended.
enum Outcome {
    Read(Reading),
    Panicked(String),
    TimedOut,
}

impl Row {
    fn generates(&self) -> bool {
        matches!(&self.outcome, Outcome::Read(reading) if reading.errors.is_empty())
    }

    /// Whether nothing is wrong, but for the document itself.
    fn is_sound(&self) -> bool {
        matches!(self.outcome, Outcome::Read(_))
            && self.faults.is_empty()
            && self.built.as_ref().is_none_or(Built::is_clean)
    }
}

/// Compiles every document below the folders and the one that `OPENAPI_CORPUS` names.
pub fn run(folders: &[PathBuf], compile: bool, console: &mut Console<'_>) -> Result<(), Failure> {
    let named = named();
    let all: Vec<PathBuf> = named.iter().chain(folders).cloned().collect();
    if all.is_empty() {
        let words = "skipped: corpus (OPENAPI_CORPUS is not set and no DIR was given: there is nothing to compile)";
        return Ok(writeln!(console.out, "{words}")?);
    }
    let mut found = Vec::new();
    for folder in &all {
        find(folder, "", &mut found)?;
    }
    let root = root::find()?;
    if named.is_some() {
        // The small documents of our own tests, one per situation, are counted with the real ones.
        let mut cases = Vec::new();
        find(&root.join(CASES), "cases/", &mut cases)?;
        found.extend(cases.into_iter().filter(|(name, _)| name.ends_with("/openapi.yaml")));
    }
    if found.is_empty() {
        return Err(Failure::new("the folders hold no file that ends in .yaml, .yml or .json"));
    }
    let workspace = root.join("target/corpus");
    let mut rows = Vec::new();
    for (name, path) in &found {
        let out = compile.then_some(workspace.as_path());
        let crate_name = crate_name(name, &rows);
        let out = out.map(|workspace| workspace.join(&crate_name));
        let Runs { outcome, probed, faults } = runs::run(path, &crate_name, out.as_deref())?;
        let row = Row { name: name.clone(), crate_name, outcome, probed, faults, built: None };
        report::write_row(&row, console.out)?;
        rows.push(row);
    }
    if compile {
        check::run(&workspace, &mut rows, console)?;
    }
    report::write_counts(&rows, console.out)?;
    // Further folders are somebody's own: only the corpus of the project, as a whole, goes into its docs.
    if compile && named.is_some() && folders.is_empty() {
        let path = root.join(PAGE);
        let before = fs::read_to_string(&path).unwrap_or_default();
        save(&path, &page::page(&rows, &before))
            .map_err(|error| Failure::io("write", &path, &error))?;
        writeln!(console.out, "written: {PAGE}")?;
    }
    let unsound: Vec<&str> =
        rows.iter().filter(|row| !row.is_sound()).map(|row| row.name.as_str()).collect();
    match unsound.as_slice() {
        [] => Ok(()),
        names => Err(Failure::new(format_args!(
            "this is a bug of the generator: it does not do right by {}",
            names.join(", ")
        ))),
    }
}

/// The folder of the project's corpus on this machine.
pub fn named() -> Option<PathBuf> {
    env::var_os("OPENAPI_CORPUS").filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Every document below a folder, by name.
fn find(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::io("read", folder, &error);
    let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(failed)?.collect();
    let mut entries = entries.map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            find(&path, &format!("{name}/"), found)?;
        } else if [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) {
            found.push((name, path));
        }
    }
    Ok(())
}

/// A legal name for the crate that no other document has.
fn crate_name(name: &str, before: &[Row]) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let legal =
        |part: char| if part.is_ascii_alphanumeric() { part.to_ascii_lowercase() } else { '-' };
    let base: String = "corpus-".chars().chain(stem.chars().map(legal)).take(60).collect();
    let taken = |name: &String| before.iter().any(|row| row.crate_name == *name);
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(base)
}

/// How many documents have each code, and how often it occurs in all.
fn tally<'a>(
    counts: impl Iterator<Item = &'a BTreeMap<String, usize>>,
) -> BTreeMap<String, (usize, usize)> {
    let mut tally: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (code, count) in counts.flatten() {
        let (documents, total) = tally.entry(code.clone()).or_default();
        *documents += 1;
        *total += count;
    }
    tally
}

/// Writes unless the file has this text already.
fn save(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    fs::write(path, text)
}
