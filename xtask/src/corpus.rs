//! `cargo xtask corpus`: compiles many real documents and says what stops each.
//!
//! Every document is compiled in a process of its own, so that one that overflows the stack or
//! never ends costs only itself.

mod check;
mod process;
mod report;
pub mod worker;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::{Console, Failure, root};
use process::Ended;
use worker::Reading;

/// Small documents, below the root.
const CASES: &str = "tests/cases/small";

/// Time that one document may take.
const LIMIT: Duration = Duration::from_secs(60);

/// A document and what became of it.
struct Row {
    /// Path below the folder it was found in, with `/`.
    name: String,
    /// The crate made of it.
    crate_name: String,
    outcome: Outcome,
    time: Duration,
    /// Whether the crate compiles, and if not, why; unknown without `--compile`.
    compiles: Option<Result<(), String>>,
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
        let row = compile_one(name, path, out, &rows)?;
        report::write_row(&row, console.out)?;
        rows.push(row);
    }
    if compile {
        check::run(&workspace, &mut rows, console)?;
    }
    report::write_counts(&rows, console.out)?;
    // Further folders are somebody's own: only the corpus of the project, as a whole, goes into its docs.
    if compile && named.is_some() && folders.is_empty() {
        let path = root.join("docs/corpus.md");
        save(&path, &report::page(&rows)).map_err(|error| Failure::io("write", &path, &error))?;
        writeln!(console.out, "written: docs/corpus.md")?;
    }
    match rows.iter().find(|row| !matches!(row.outcome, Outcome::Read(_))) {
        Some(row) => Err(Failure::new(format_args!(
            "{} panics or takes too long: a bug of the generator",
            row.name
        ))),
        None => Ok(()),
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

fn compile_one(
    name: &str,
    path: &Path,
    workspace: Option<&Path>,
    before: &[Row],
) -> Result<Row, Failure> {
    let crate_name = crate_name(name, before);
    let program = env::current_exe()
        .map_err(|error| Failure::new(format_args!("cannot find this program: {error}")))?;
    let mut command = Command::new(program);
    command.args(["corpus-document", "--name", &crate_name, "--spec"]).arg(path);
    if let Some(workspace) = workspace {
        command.arg("--out").arg(workspace.join(&crate_name));
    }
    let started = Instant::now();
    let ended = process::run(&mut command, LIMIT)
        .map_err(|error| Failure::new(format_args!("cannot start a process: {error}")))?;
    let outcome = match ended {
        Ended::TimedOut => Outcome::TimedOut,
        Ended::Success(output) => Outcome::Read(Reading::parse(&output)?),
        Ended::Failure(reason) => Outcome::Panicked(reason),
    };
    Ok(Row { name: name.to_owned(), crate_name, outcome, time: started.elapsed(), compiles: None })
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
