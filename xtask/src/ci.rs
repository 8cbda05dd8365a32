//! `cargo xtask ci`: everything that CI runs, in CI's order.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::args::{Codegen, Listing};
use crate::clients::Language;
use crate::published::Runner;
use crate::{
    Console, Failure, Mode, codegen, corpus, features, fuzz, languages, lint, reference, root,
    schemathesis, version,
};

/// One step of CI.
struct Layer {
    /// As `CI_REQUIRE` names it.
    name: &'static str,
    work: Work,
}

/// What a layer runs.
enum Work {
    /// Cargo with these words; if the word names a tool of its own, it may be missing.
    Cargo(&'static [&'static str]),
    /// `codegen --check`
    Generated,
    /// The version of the document since the last tag.
    Version,
    /// The sets of features of the client.
    Features,
    /// `corpus`
    Corpus,
    /// Random documents against the compiler, for a while.
    Fuzz,
    /// Linters of others over the document.
    Lint,
    /// Clients that generators of others make of the document, against the fake server.
    Languages,
    /// Schemathesis against the fake server.
    Schemathesis,
    /// A client written by hand against the fake server.
    Client(Language),
    /// The reference page in a browser.
    Reference,
    /// What `dist` makes, in the hands of a foreign tool.
    Published(Runner),
}

const LAYERS: &[Layer] = &[
    Layer { name: "fmt", work: Work::Cargo(&["fmt", "--all", "--check"]) },
    Layer {
        name: "clippy",
        work: Work::Cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    },
    Layer { name: "codegen", work: Work::Generated },
    Layer { name: "version", work: Work::Version },
    Layer { name: "features", work: Work::Features },
    // The runtime is tested with all that it has.
    Layer { name: "test", work: Work::Cargo(&["test", "--workspace", "--exclude", "ship"]) },
    Layer {
        name: "runtime",
        work: Work::Cargo(&["test", "-p", "ship", "--features", "blocking,jiff"]),
    },
    Layer { name: "doc", work: Work::Cargo(&["doc", "--workspace", "--no-deps"]) },
    Layer { name: "corpus", work: Work::Corpus },
    Layer { name: "fuzz", work: Work::Fuzz },
    Layer { name: "lint", work: Work::Lint },
    Layer { name: "python", work: Work::Client(Language::Python) },
    Layer { name: "typescript", work: Work::Client(Language::TypeScript) },
    Layer { name: "languages", work: Work::Languages },
    Layer { name: "schemathesis", work: Work::Schemathesis },
    Layer { name: "reference", work: Work::Reference },
    Layer { name: "workflows", work: Work::Published(Runner::Workflows) },
    Layer { name: "collection", work: Work::Published(Runner::Collection) },
];
/// Words of cargo that are programs of their own.
const TOOLS: &[&str] = &["fmt", "clippy"];

/// How a layer ended.
pub(crate) enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// Runs every layer, or those of these names, also after one has failed, and ends with a table.
pub fn run(named: &[OsString], console: &mut Console<'_>) -> Result<(), Failure> {
    let is_layer = |name: &&OsString| LAYERS.iter().any(|layer| *name == layer.name);
    if let Some(name) = named.iter().find(|name| !is_layer(name)) {
        let all: Vec<&str> = LAYERS.iter().map(|layer| layer.name).collect();
        let (name, all) = (name.display(), all.join(", "));
        return Err(Failure::Usage(format!("no layer `{name}`; there are {all}")));
    }
    let root = root::find()?;
    let required = env::var("CI_REQUIRE").unwrap_or_default();
    let required: Vec<&str> =
        required.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if let Some(name) = required.iter().find(|name| LAYERS.iter().all(|layer| layer.name != **name))
    {
        return Err(Failure::new(format_args!("CI_REQUIRE names `{name}`, which is no layer")));
    }
    let mut table = Vec::new();
    let is_asked = |layer: &&Layer| named.is_empty() || named.iter().any(|name| name == layer.name);
    for layer in LAYERS.iter().filter(is_asked) {
        writeln!(console.out, "== {}", layer.name)?;
        let started = Instant::now();
        let outcome = run_layer(layer, required.contains(&layer.name), &root, console)?;
        table.push((layer.name, started.elapsed(), outcome));
    }
    write_table(&table, console.out)?;
    match table.iter().find(|(_, _, outcome)| matches!(outcome, Outcome::Failed(_))) {
        Some((name, _, _)) => Err(Failure::new(format_args!("the layer {name} failed"))),
        None => Ok(()),
    }
}

fn run_layer(
    layer: &Layer,
    required: bool,
    root: &Path,
    console: &mut Console<'_>,
) -> Result<Outcome, Failure> {
    if let Some(reason) = missing(&layer.work, root) {
        return skipped(layer.name, required, reason, console);
    }
    console.out.flush()?;
    match layer.work {
        Work::Cargo(words) => {
            Ok(match cargo(words, root).env("RUSTDOCFLAGS", "-Dwarnings").status() {
                Ok(status) if status.success() => Outcome::Passed,
                Ok(status) => Outcome::Failed(status.to_string()),
                Err(error) => Outcome::Failed(error.to_string()),
            })
        }
        Work::Generated => {
            outcome(codegen::run(&Codegen::Client(Mode::Check), Listing::Brief, console), console)
        }
        Work::Version => match version::last_tag(root) {
            Ok(tag) => outcome(version::check(root, &tag, console), console),
            Err(reason) => skipped(layer.name, required, reason, console),
        },
        Work::Features => outcome(features::run(root, console), console),
        Work::Corpus => outcome(corpus::run(&[], false, console), console),
        Work::Fuzz => foreign(fuzz::run(root), layer, required, console),
        Work::Lint => foreign(lint::run(root, console.out)?, layer, required, console),
        Work::Languages => foreign(languages::run(root, console.out)?, layer, required, console),
        Work::Schemathesis => foreign(schemathesis::run(root), layer, required, console),
        Work::Client(language) => foreign(language.run(root), layer, required, console),
        Work::Reference => foreign(reference::run(root), layer, required, console),
        Work::Published(runner) => foreign(runner.run(root), layer, required, console),
    }
}

/// A layer of another language also skips what it cannot install.
fn foreign(
    outcome: Outcome,
    layer: &Layer,
    required: bool,
    console: &mut Console<'_>,
) -> Result<Outcome, Failure> {
    match outcome {
        Outcome::Skipped(reason) => skipped(layer.name, required, reason, console),
        outcome => Ok(outcome),
    }
}

fn skipped(
    name: &str,
    required: bool,
    reason: String,
    console: &mut Console<'_>,
) -> Result<Outcome, Failure> {
    writeln!(console.out, "skipped: {name} ({reason})")?;
    Ok(match required {
        true => Outcome::Failed(format!("{reason}, and CI_REQUIRE names it")),
        false => Outcome::Skipped(reason),
    })
}

fn outcome(result: Result<(), Failure>, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    match result {
        Ok(()) => Ok(Outcome::Passed),
        Err(Failure::Closed) => Err(Failure::Closed),
        Err(failure) => {
            write!(console.err, "{failure}")?;
            Ok(Outcome::Failed("see above".to_owned()))
        }
    }
}

/// What the layer needs and this machine lacks.
fn missing(work: &Work, root: &Path) -> Option<String> {
    match work {
        Work::Cargo([tool, ..]) if TOOLS.contains(tool) => {
            let answers = cargo(&[tool, "--version"], root)
                .output()
                .is_ok_and(|output| output.status.success());
            (!answers).then(|| format!("cargo {tool} is not installed"))
        }
        Work::Cargo(_) | Work::Generated | Work::Version | Work::Features => None,
        Work::Corpus => corpus::named().is_none().then(|| "OPENAPI_CORPUS is not set".to_owned()),
        Work::Fuzz => fuzz::missing(),
        Work::Lint => lint::missing(),
        Work::Languages => languages::missing(),
        Work::Schemathesis => schemathesis::missing(),
        Work::Client(language) => language.missing(),
        Work::Reference => reference::missing(),
        Work::Published(runner) => runner.missing(),
    }
}

pub(crate) fn cargo(words: &[&str], root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(root);
    command
}

fn write_table(table: &[(&str, Duration, Outcome)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    for (name, time, outcome) in table {
        let (word, reason) = match outcome {
            Outcome::Passed => ("passed", String::new()),
            Outcome::Failed(reason) => ("FAILED", format!(" ({reason})")),
            Outcome::Skipped(reason) => ("skipped", format!(" ({reason})")),
        };
        writeln!(out, "{name:<12} {:>7.1} s  {word}{reason}", time.as_secs_f64())?;
    }
    Ok(())
}
