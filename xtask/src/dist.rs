//! `cargo xtask dist`: writes all that is published of a document.

mod folder;

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use ::codegen::dist::{self, Source};
use ::codegen::{Config, Diagnostics, Files};

use crate::args::{Dist, Listing};
use crate::codegen::{CONFIG, SPEC, counted, enter_root, load_config, tell_warnings};
use crate::{Console, Failure, reference, root};
pub use folder::{Written, publish};

/// The workflows on our document.
pub const WORKFLOWS: &str = "spec/workflows.yaml";
/// Where all of it goes.
pub const FOLDER: &str = "dist";

/// Does what the command line says.
pub fn run(job: &Dist, console: &mut Console<'_>) -> Result<(), Failure> {
    let (source, out) = match &job.spec {
        Some(spec) => {
            let out = match &job.out {
                Some(out) => out.clone(),
                None => root::find()?.join(FOLDER),
            };
            let config = Config::new("client", "");
            (read(spec, job.root.as_deref(), job.workflows.as_deref(), config)?, out)
        }
        None => {
            let out = job.out.as_deref().map_or_else(|| Ok(FOLDER.into()), from_root)?;
            let workflows = job.workflows.as_deref().map(from_root).transpose()?;
            enter_root()?;
            let config = load_config(Path::new(CONFIG))?;
            let workflows = workflows.unwrap_or_else(|| WORKFLOWS.into());
            let mut source = read(Path::new(SPEC), None, Some(&workflows), config)?;
            source.notes = reference::notes(Path::new(""))?;
            (source, out)
        }
    };
    deliver(&source, &out, console)
}

/// Reads our own document, or a copy of it, in the workspace at `root`.
///
/// # Errors
///
/// Every problem of the document and of the workflows.
pub fn read_in(root: &Path) -> Result<Source, Failure> {
    let config = load_config(&root.join(CONFIG))?;
    let source = read(&root.join(SPEC), None, Some(&root.join(WORKFLOWS)), config)?;
    Ok(Source { notes: reference::notes(root)?, ..source })
}

fn read(
    spec: &Path,
    folder: Option<&Path>,
    workflows: Option<&Path>,
    config: Config,
) -> Result<Source, Failure> {
    dist::read(spec, folder, workflows, config).map_err(|problems| {
        Failure::Problem(problems.iter().map(Diagnostics::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// A path as it is seen from the root of the workspace.
fn from_root(path: &Path) -> Result<PathBuf, Failure> {
    let is_root = env::current_dir().ok() == root::find().ok();
    match is_root {
        true => Ok(path.to_owned()),
        false => std::path::absolute(path).map_err(|error| Failure::io("find", path, &error)),
    }
}

fn deliver(source: &Source, out: &Path, console: &mut Console<'_>) -> Result<(), Failure> {
    tell_warnings(&source.warnings, Listing::Brief, console)?;
    let files = dist::files(source);
    let Written { written, unchanged, removed } = publish(out, &files)?;
    let families = source.families();
    let operations = counted(families.iter().sum(), "operation");
    writeln!(console.out, "{operations} in {}", counted(families.len(), "family"))?;
    for (entry, (count, bytes)) in entries(&files) {
        let count = if entry.ends_with('/') { counted(count, "file") } else { String::new() };
        writeln!(console.out, "  {entry:<28} {:>9} {count}", size(bytes))?;
    }
    if source.workflows.is_none() {
        writeln!(console.out, "no workflows: name them with --workflows FILE")?;
    }
    let out = out.display();
    writeln!(console.out, "{out}/: {written} written, {unchanged} unchanged, {removed} removed")?;
    Ok(())
}

/// Files and folders at the top, with the number of their files and their bytes.
fn entries(files: &Files) -> BTreeMap<String, (usize, usize)> {
    let mut entries: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (path, text) in files {
        let entry = path.split_once('/').map_or(path.clone(), |(folder, _)| format!("{folder}/"));
        let (count, bytes) = entries.entry(entry).or_default();
        *count += 1;
        *bytes += text.len();
    }
    entries
}

fn size(bytes: usize) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}
