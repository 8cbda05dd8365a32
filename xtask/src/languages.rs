//! The layer `languages` of CI: clients that generators of others make of the document, unpatched, and one scenario
//! with each of them against the fake server. What the scenario does: `tests/languages/README.md`.

mod client;

use std::io::{self, Write};
use std::path::Path;

use client::{CLIENTS, Client, Home};

use crate::ci::Outcome;
use crate::fake::{KEY, Program, WITHOUT_LIMITS};
use crate::tools::answers;

/// Where scenarios, settings and lock files are.
const FOLDER: &str = "tests/languages";

/// What all of them need and this machine lacks.
pub(crate) fn missing() -> Option<String> {
    let program = ["node", "npm", "python3"].into_iter().find(|program| !answers(program))?;
    Some(format!("there is no {program}"))
}

/// Generates, checks and runs one client after the other, and prints a table.
pub(crate) fn run(root: &Path, out: &mut dyn Write) -> io::Result<Outcome> {
    let home = match Home::install(root) {
        Ok(home) => home,
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let program = match Program::build(root) {
        Ok(program) => program,
        Err(problem) => return Ok(Outcome::Failed(problem)),
    };
    let (mut rows, mut failed) = (Vec::new(), 0);
    for client in CLIENTS {
        let tried = match client.missing() {
            Some(reason) => Ok(format!("skipped ({reason})")),
            None => tried(client, &home, &program, root),
        };
        let result = match tried {
            Ok(said) => said,
            Err(problem) => {
                failed += 1;
                writeln!(out, "{}: {problem}", client.name)?;
                "FAILED, above".to_owned()
            }
        };
        let version = client.version(root).unwrap_or_else(|problem| problem);
        rows.push(format!("{:<28} {version:<8} {result}", client.name));
    }
    rows.iter().try_for_each(|row| writeln!(out, "{row}"))?;
    Ok(match failed {
        0 => Outcome::Passed,
        number => Outcome::Failed(format!("{number} of {} clients, above", CLIENTS.len())),
    })
}

/// What the scenario says in the end.
fn tried(client: &Client, home: &Home, program: &Program, root: &Path) -> Result<String, String> {
    home.make(client)?;
    let seed = format!("--seed={FOLDER}/seed.json");
    let usual = program.start(root, WITHOUT_LIMITS.into_iter().chain([seed.as_str()]))?;
    let strict = program.start(root, ["--per-second=1", "--per-day=0", "--retry-after"])?;
    let future = WITHOUT_LIMITS.into_iter().chain(["--unknown", seed.as_str()]);
    let future = program.start(root, future)?;
    home.run(client, &[&usual.base_url, &strict.base_url, &future.base_url, KEY])
}
