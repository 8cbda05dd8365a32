//! The processes of one document: it is compiled, compiled again elsewhere, and changed.

use std::env;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::Outcome;
use super::locality::Probed;
use super::process::{self, Ended};
use super::reading::Reading;
use crate::Failure;

/// Time that one compilation may take.
const LIMIT: Duration = Duration::from_secs(300);
/// Compilations of a process that changes the document.
const PROBES: u32 = 4;

/// What the second run has differently: nothing of it may reach the output.
const ELSEWHERE: &[(&str, &str)] = &[
    ("HOME", "/nowhere"),
    ("LANG", "tr_TR.UTF-8"),
    ("LC_ALL", "tr_TR.UTF-8"),
    ("TZ", "Pacific/Kiritimati"),
    ("USER", "somebody"),
    ("COLUMNS", "40"),
];

/// What became of a document, and what is a fault of the generator, a sentence each.
pub struct Runs {
    pub outcome: Outcome,
    pub probed: Probed,
    pub faults: Vec<String>,
}

/// Compiles a document; the crate goes to `out`.
pub fn run(document: &Path, crate_name: &str, out: Option<&Path>) -> Result<Runs, Failure> {
    let mut first = command(document, crate_name, &[])?;
    if let Some(out) = out {
        first.arg("--out").arg(out);
    }
    let outcome = outcome(start(&mut first, LIMIT)?)?;
    let Outcome::Read(reading) = &outcome else {
        return Ok(Runs { outcome, probed: Probed::default(), faults: Vec::new() });
    };
    let mut second = command(document, crate_name, &[])?;
    second.current_dir(env::temp_dir()).envs(ELSEWHERE.iter().copied());
    let mut probe = command(document, crate_name, &["--probe"])?;
    let (second, probe) = thread::scope(|scope| {
        let probe = scope.spawn(move || start(&mut probe, PROBES * LIMIT));
        let second = start(&mut second, LIMIT);
        (second, probe.join().expect("a thread that waits does not panic"))
    });
    let mut faults = again(reading, second?)?;
    let mut probed = Probed::default();
    match probe? {
        Ended::Success(output) => probed = Probed::parse(&output)?,
        Ended::Failure { reason, .. } => faults.push(format!("with a member added: {reason}")),
        Ended::TimedOut => faults.push("with a member added, it takes too long".to_owned()),
    }
    faults.append(&mut probed.strays);
    Ok(Runs { outcome, probed, faults })
}

/// What a second run does differently.
fn again(first: &Reading, second: Ended) -> Result<Vec<String>, Failure> {
    Ok(match outcome(second)? {
        Outcome::Read(second) => {
            let differences = first.differences(&second).into_iter();
            differences.map(|name| format!("a second run makes another {name}")).collect()
        }
        Outcome::Panicked(reason) => vec![format!("a second run panics: {reason}")],
        Outcome::TimedOut => vec!["a second run takes too long".to_owned()],
    })
}

fn command(document: &Path, crate_name: &str, words: &[&str]) -> Result<Command, Failure> {
    let program = env::current_exe()
        .map_err(|error| Failure::new(format_args!("cannot find this program: {error}")))?;
    // One of the processes has another working folder.
    let document =
        std::path::absolute(document).map_err(|error| Failure::io("find", document, &error))?;
    let mut command = Command::new(program);
    command.args(["corpus-document", "--name", crate_name]).args(words);
    command.arg("--spec").arg(document);
    Ok(command)
}

fn start(command: &mut Command, limit: Duration) -> Result<Ended, Failure> {
    process::run(command, limit)
        .map_err(|error| Failure::new(format_args!("cannot start a process: {error}")))
}

fn outcome(ended: Ended) -> Result<Outcome, Failure> {
    Ok(match ended {
        Ended::TimedOut => Outcome::TimedOut,
        Ended::Success(output) => Outcome::Read(Reading::parse(&output)?),
        Ended::Failure { reason, .. } => Outcome::Panicked(reason),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_second_run_is_a_fault() {
        let first =
            Reading { sums: [("a.rs".to_owned(), "1".to_owned())].into(), ..Reading::default() };
        let second =
            Reading { sums: [("a.rs".to_owned(), "2".to_owned())].into(), ..Reading::default() };
        let ended = |reading: &Reading| Ended::Success(reading.line());
        assert_eq!(again(&first, ended(&first)), Ok(Vec::new()));
        assert_eq!(
            again(&first, ended(&second)),
            Ok(vec!["a second run makes another a.rs".to_owned()])
        );
    }
}
