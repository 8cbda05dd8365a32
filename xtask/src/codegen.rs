//! `cargo xtask codegen`: compiles a document and writes, compares or prints the result.

use std::env;
use std::fmt;
use std::path::Path;
use std::time::Instant;

use ::codegen::{Config, Diagnostics, Files, Output};

use crate::args::{Codegen, Document, Listing, choice};
use crate::sync::{self, Rename, sync_as};
use crate::{Change, Console, Failure, Kind, Mode, diff, root};

/// The document of this repository, below its root.
pub const SPEC: &str = "spec/openapi.yaml";
/// Its settings.
pub const CONFIG: &str = "spec/client/config.yaml";
/// The client made from both.
pub const GENERATED: &str = "generated";
/// What the fake server is written against, made from the same document.
pub const SERVER: &str = "fake/src/spec";

/// Does what the command line says.
pub fn run(job: &Codegen, listing: Listing, console: &mut Console<'_>) -> Result<(), Failure> {
    let started = Instant::now();
    match job {
        Codegen::Client(mode) => {
            enter_root()?;
            client(Path::new(""), *mode, listing, console)
        }
        Codegen::Document { document, out, mode } => {
            let output = compile_document(document, listing)?;
            let command = &command(document, out);
            let target = Target { out, mode: *mode, rename: Rename::Refused, command };
            deliver(&output, &[(target, &output.files)], started, listing, console)
        }
        Codegen::Model(None) => {
            enter_root()?;
            print_model(&compile_own(Path::new(""), listing)?, listing, console)
        }
        Codegen::Model(Some(document)) => {
            print_model(&compile_document(document, listing)?, listing, console)
        }
    }
}

/// Goes to the workspace's root: so the messages name `spec/openapi.yaml` whatever folder the
/// command was typed in.
pub(crate) fn enter_root() -> Result<(), Failure> {
    let root = root::find()?;
    env::set_current_dir(&root).map_err(|error| Failure::io("enter", &root, &error))
}

/// Writes or compares all that is made from the document of the workspace at `root`.
///
/// # Errors
///
/// Problems of the document or its settings, and in [`Mode::Check`] any difference.
pub fn client_in(root: &Path, mode: Mode, console: &mut Console<'_>) -> Result<(), Failure> {
    client(root, mode, Listing::Brief, console)
}

fn client(
    root: &Path,
    mode: Mode,
    listing: Listing,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let started = Instant::now();
    let output = compile_own(root, listing)?;
    let (client, server) = (root.join(GENERATED), root.join(SERVER));
    // Their places are fixed, and the name of the crate is a setting.
    let rename = Rename::Allowed;
    let target = |out| Target { out, mode, rename, command: "cargo xtask codegen" };
    let places = [(target(&client), &output.files), (target(&server), &output.server)];
    deliver(&output, &places, started, listing, console)
}

/// Compiles the document of the workspace at `root`, or of a copy of its `spec/` folder.
///
/// # Errors
///
/// Every problem of the document or of its settings.
pub fn compile_in(root: &Path) -> Result<Output, Failure> {
    compile_own(root, Listing::Brief)
}

fn compile_own(root: &Path, listing: Listing) -> Result<Output, Failure> {
    let config = load_config(&root.join(CONFIG))?;
    let config = Config { standalone: false, source_name: SPEC.to_owned(), ..config };
    compile(&root.join(SPEC), None, &config, listing)
}

fn compile_document(document: &Document, listing: Listing) -> Result<Output, Failure> {
    let chosen = choice::settings(document).map_err(Failure::Usage)?;
    let config = match (&document.config, &chosen) {
        (Some(path), _) => load_config(path)?,
        (None, Some(text)) => Config::of_text("the command line", text)
            .map_err(|problems| Failure::Problem(problems.to_string()))?,
        (None, None) => Config::new("client", ""),
    };
    let crate_name = document.name.clone().unwrap_or(config.crate_name);
    // The output must not depend on the machine, so it knows the document without its folder.
    let source_name = document.spec.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let config = Config { crate_name, source_name, standalone: true, ..config };
    compile(&document.spec, document.root.as_deref(), &config, listing)
}

pub(crate) fn load_config(path: &Path) -> Result<Config, Failure> {
    Config::load(path).map_err(|problems| Failure::Problem(problems.to_string()))
}

fn compile(
    path: &Path,
    folder: Option<&Path>,
    config: &Config,
    listing: Listing,
) -> Result<Output, Failure> {
    ::codegen::compile_within(path, folder, config)
        .map_err(|problems| Failure::Problem(told(&problems, listing)))
}

fn told(problems: &Diagnostics, listing: Listing) -> String {
    match listing {
        Listing::Brief => format!("{problems}"),
        Listing::Full => format!("{problems:#}"),
    }
}

/// The command that would bring `out` up to date.
fn command(document: &Document, out: &Path) -> String {
    let mut command =
        format!("cargo xtask codegen --spec {} --out {}", document.spec.display(), out.display());
    let mut add =
        |option: &str, value: &dyn fmt::Display| command.push_str(&format!(" {option} {value}"));
    if let Some(name) = &document.name {
        add("--name", name);
    }
    if let Some(config) = &document.config {
        add("--config", &config.display());
    }
    for (option, words) in [("--include", &document.include), ("--exclude", &document.exclude)] {
        if let Some(words) = words {
            add(option, &format_args!("'{}'", words.replace('\'', "'\\''")));
        }
    }
    if let Some(root) = &document.root {
        add("--root", &root.display());
    }
    command
}

fn print_model(
    output: &Output,
    listing: Listing,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    tell_warnings(&output.warnings, listing, console)?;
    let model = serde_json::to_string_pretty(&output.api)
        .map_err(|error| Failure::new(format_args!("this is a bug: {error}")))?;
    Ok(writeln!(console.out, "{model}")?)
}

pub(crate) fn tell_warnings(
    warnings: &Diagnostics,
    listing: Listing,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    if !warnings.is_empty() {
        write!(console.err, "{}", told(warnings, listing))?;
    }
    Ok(())
}

/// Where the files go.
struct Target<'a> {
    out: &'a Path,
    mode: Mode,
    rename: Rename,
    /// The command that brings `out` up to date.
    command: &'a str,
}

/// Writes or compares the files of each place, and tells of all that differs.
fn deliver(
    output: &Output,
    places: &[(Target<'_>, &Files)],
    started: Instant,
    listing: Listing,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    tell_warnings(&output.warnings, listing, console)?;
    let mut synced = Vec::new();
    for (target, files) in places {
        let changes = sync_as(target.out, files, target.mode, target.rename)
            .map_err(|error| failure(&error, target.command))?;
        synced.push((target, changes));
    }
    write!(console.out, "{}", Summary { output })?;
    let mut stale = None;
    for (target, changes) in synced {
        let Target { out, mode, .. } = *target;
        if mode == Mode::Check {
            show_differences(out, &changes, console)?;
            if changes.iter().any(|change| change.kind != Kind::Unchanged) {
                stale = stale.or(Some(target));
            }
        }
        writeln!(console.out, "{}", Written { out, changes: &changes, mode })?;
    }
    writeln!(console.out, "compiled in {:.1} s", started.elapsed().as_secs_f64())?;
    match stale {
        None => Ok(()),
        Some(Target { out, command, .. }) => Err(Failure::new(format_args!(
            "{}/ is not what the document gives; run: {command}",
            out.display()
        ))),
    }
}

fn failure(error: &sync::Error, command: &str) -> Failure {
    match error {
        sync::Error::Incomplete(..) => Failure::new(format_args!("{error}: {command}")),
        _ => Failure::new(error),
    }
}

fn show_differences(
    out: &Path,
    changes: &[Change],
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let name = |change: &Change| out.join(&change.path).display().to_string();
    for change in changes.iter().filter(|change| change.kind == Kind::Updated) {
        writeln!(console.out, "{}", diff::unified(&name(change), &change.before, &change.after))?;
    }
    for (kind, word) in [(Kind::Created, "missing"), (Kind::Removed, "stale")] {
        for change in changes.iter().filter(|change| change.kind == kind) {
            writeln!(console.out, "{word}: {}", name(change))?;
        }
    }
    Ok(())
}

/// What was made, in a line or two.
struct Summary<'a> {
    output: &'a Output,
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let api = &self.output.api;
        let operations = api.families.iter().map(|family| family.operations.len()).sum();
        let (operations, families) =
            (counted(operations, "operation"), counted(api.families.len(), "family"));
        write!(f, "{operations} in {families}")?;
        for (index, family) in api.families.iter().enumerate() {
            let separator = if index == 0 { " (" } else { ", " };
            write!(f, "{separator}{} {}", family.name.rust, family.operations.len())?;
        }
        let end = if api.families.is_empty() { "" } else { ")" };
        writeln!(f, "{end}, {}", counted(api.types.len(), "type"))?;
        match self.output.warnings.warning_count() {
            0 => Ok(()),
            count => writeln!(f, "{}", counted(count, "warning")),
        }
    }
}

/// What happened to the files of a place.
struct Written<'a> {
    out: &'a Path,
    changes: &'a [Change],
    mode: Mode,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |kind| self.changes.iter().filter(|change| change.kind == kind).count();
        let (created, updated) = (count(Kind::Created), count(Kind::Updated));
        let (unchanged, removed) = (count(Kind::Unchanged), count(Kind::Removed));
        write!(f, "{}/: ", self.out.display())?;
        match self.mode {
            Mode::Write => {
                write!(f, "{} written, {unchanged} unchanged, {removed} removed", created + updated)
            }
            Mode::Check => write!(
                f,
                "{updated} different, {created} missing, {removed} stale, {unchanged} up to date"
            ),
        }
    }
}

pub(crate) fn counted(count: usize, word: &str) -> String {
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incomplete_output_is_told_with_the_command_that_mends_it() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let cause = sync::Error::Io("write", "o/a.rs".into(), full);
        let error = sync::Error::Incomplete("o".into(), Box::new(cause));
        let shown = failure(&error, "cargo xtask codegen").to_string();
        assert_eq!(
            shown,
            "error: cannot write o/a.rs: no storage space; o is incomplete now: mend this and run the command again: cargo xtask codegen\n"
        );
    }
}
