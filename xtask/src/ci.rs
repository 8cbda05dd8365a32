//! `cargo xtask ci`: everything that CI runs, in CI's order.

use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::args::Codegen;
use crate::{Console, Failure, Mode, codegen, root};

/// One step of CI.
struct Layer {
    /// As `CI_REQUIRE` names it.
    name: &'static str,
    /// A cargo command that only works where the layer's tool is installed.
    probe: &'static [&'static str],
    /// The cargo command; none: the layer runs in this process.
    cargo: &'static [&'static str],
    /// Environment of the command.
    environment: &'static [(&'static str, &'static str)],
}

const LAYERS: &[Layer] = &[
    Layer { name: "fmt", probe: &["fmt", "--version"], cargo: &["fmt", "--all", "--check"], environment: &[] },
    Layer {
        name: "clippy",
        probe: &["clippy", "--version"],
        cargo: &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
        environment: &[],
    },
    Layer { name: "codegen", probe: &[], cargo: &[], environment: &[] },
    Layer { name: "test", probe: &[], cargo: &["test", "--workspace"], environment: &[] },
    Layer {
        name: "doc",
        probe: &[],
        cargo: &["doc", "--workspace", "--no-deps"],
        environment: &[("RUSTDOCFLAGS", "-Dwarnings")],
    },
];

/// How a layer ended.
enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// Runs every layer, also after one has failed, and ends with a table.
pub fn run(console: &mut Console<'_>) -> Result<(), Failure> {
    let root = root::find()?;
    let required = env::var("CI_REQUIRE").unwrap_or_default();
    let required: Vec<&str> = required.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if let Some(name) = required.iter().find(|name| LAYERS.iter().all(|layer| layer.name != **name)) {
        return Err(Failure::new(format_args!("CI_REQUIRE names `{name}`, which is no layer")));
    }
    let mut table = Vec::new();
    for layer in LAYERS {
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

fn run_layer(layer: &Layer, required: bool, root: &Path, console: &mut Console<'_>) -> Result<Outcome, Failure> {
    if layer.cargo.is_empty() {
        return Ok(match codegen::run(&Codegen::Client(Mode::Check), console) {
            Ok(()) => Outcome::Passed,
            Err(Failure::Closed) => return Err(Failure::Closed),
            Err(failure) => {
                write!(console.err, "{failure}")?;
                Outcome::Failed("see above".to_owned())
            }
        });
    }
    if let Some(reason) = missing(layer.probe, root) {
        writeln!(console.out, "skipped: {} ({reason})", layer.name)?;
        return Ok(if required { Outcome::Failed(format!("{reason}, and CI_REQUIRE names it")) } else { Outcome::Skipped(reason) });
    }
    console.out.flush()?;
    let mut command = cargo(layer.cargo, root);
    let status = command.envs(layer.environment.iter().copied()).status();
    Ok(match status {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(status.to_string()),
        Err(error) => Outcome::Failed(error.to_string()),
    })
}

/// Why the layer's tool cannot run, if it cannot.
fn missing(probe: &[&str], root: &Path) -> Option<String> {
    let (tool, _) = probe.split_first()?;
    match cargo(probe, root).output() {
        Ok(output) if output.status.success() => None,
        _ => Some(format!("cargo {tool} is not installed")),
    }
}

fn cargo(words: &[&str], root: &Path) -> Command {
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
        writeln!(out, "{name:<10} {:>7.1} s  {word}{reason}", time.as_secs_f64())?;
    }
    Ok(())
}
