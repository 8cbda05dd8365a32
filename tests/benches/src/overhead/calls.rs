//! Calls in a row, in a process of their own, so that whatever it costs can be counted from outside.

use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::contender::{Caller, Contender, Question};
use crate::Outcome;

/// What such a process does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Calls {
    pub contender: Contender,
    pub question: Question,
    pub base: String,
    pub calls: usize,
}

/// Calls before those that are counted: the connection is there and all buffers have their size.
const WARM_UP: usize = 50;

impl Calls {
    pub fn read(words: &[String]) -> Outcome<Self> {
        match words {
            [calls] => Ok(serde_json::from_str(calls)?),
            _ => Err("the calls are named as JSON".into()),
        }
    }

    pub fn run(&self) -> Outcome {
        self.count(|| 0).map(|_| ())
    }

    /// How much a counter grows with each call.
    pub fn count(&self, counter: impl Fn() -> usize) -> Outcome<usize> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let caller = Caller::new(self.contender, &self.base)?;
            for _ in 0..WARM_UP {
                caller.call(self.question).await?;
            }
            let before = counter();
            for _ in 0..self.calls {
                caller.call(self.question).await?;
            }
            Ok((counter() - before) / self.calls.max(1))
        })
    }
}

/// Whether valgrind can be started.
pub fn has_valgrind() -> bool {
    let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Instructions per call: what these calls cost beyond none, so that the start does not count.
pub fn instructions(calls: &Calls) -> Outcome<u64> {
    let none = Calls { calls: 0, ..calls.clone() };
    let difference = collected(calls)?.saturating_sub(collected(&none)?);
    Ok(difference / u64::try_from(calls.calls.max(1))?)
}

/// All instructions of a process.
fn collected(calls: &Calls) -> Outcome<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["call", &serde_json::to_string(calls)?])
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("valgrind ended with {}: {text}", output.status).into());
    }
    let line = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, number) = line.ok_or("valgrind tells no number of instructions")?;
    Ok(number.trim().parse()?)
}

/// Allocations per call, counted by a binary that cargo builds for that.
pub fn allocations(calls: &Calls) -> Outcome<usize> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--package", "benches", "--bin", "counted", "--"])
        .arg(serde_json::to_string(calls)?)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}
