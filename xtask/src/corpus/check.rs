//! Whether the crates made of a corpus compile, and what clippy says of them: all are members of
//! one throw-away workspace.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::process::{self, Ended};
use super::{Row, save};
use crate::{Console, Failure};

/// Time that one crate may take; the first also builds what all depend on.
const LIMIT: Duration = Duration::from_secs(900);

/// What the compiler and clippy say of a crate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Built {
    /// Why it does not compile, in a line.
    pub error: Option<String>,
    /// Warnings by the name of their lint.
    pub lints: BTreeMap<String, usize>,
    /// The first warning with its place.
    pub first: Option<String>,
}

/// Runs clippy, which compiles like `cargo check`, for every crate.
pub fn run(workspace: &Path, rows: &mut [Row], console: &mut Console<'_>) -> Result<(), Failure> {
    let members: Vec<&str> =
        rows.iter().filter(|row| row.generates()).map(|row| row.crate_name.as_str()).collect();
    let manifest = workspace.join("Cargo.toml");
    let text = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    save(&manifest, &text).map_err(|error| Failure::io("write", &manifest, &error))?;
    for row in rows.iter_mut().filter(|row| row.generates()) {
        let built = clippy(workspace, &row.crate_name)?;
        match (&built.error, &built.first) {
            (Some(reason), _) => writeln!(console.out, "FAILS     {}: {reason}", row.name)?,
            (None, Some(lint)) => writeln!(console.out, "LINTS     {}: {lint}", row.name)?,
            (None, None) => writeln!(console.out, "compiles  {}", row.name)?,
        }
        row.built = Some(built);
    }
    Ok(())
}

fn clippy(workspace: &Path, crate_name: &str) -> Result<Built, Failure> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["clippy", "--quiet", "--message-format=json", "--package", crate_name]);
    command.current_dir(workspace).env("CARGO_TARGET_DIR", workspace.join("target"));
    let ended = process::run(&mut command, LIMIT)
        .map_err(|error| Failure::new(format_args!("cannot start cargo: {error}")))?;
    Ok(match ended {
        Ended::Success(output) => Built::read(&output),
        Ended::Failure { reason, output } => {
            let built = Built::read(&output);
            Built { error: built.error.or(Some(reason)), ..built }
        }
        Ended::TimedOut => {
            let words = format!("not done after {} s", LIMIT.as_secs());
            Built { error: Some(words), ..Built::default() }
        }
    })
}

impl Built {
    /// Whether it compiles without a warning.
    pub fn is_clean(&self) -> bool {
        self.error.is_none() && self.lints.is_empty()
    }

    /// Reads what cargo prints, one JSON value a line.
    fn read(output: &str) -> Self {
        let mut built = Self::default();
        for line in output.lines() {
            let Ok(value) = serde_json::from_str::<Value>(line) else { continue };
            let message = &value["message"];
            // Sums such as "3 warnings emitted" have no place.
            let Some(span) = message["spans"].get(0) else { continue };
            let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (file, line) = (words(&span["file_name"]), &span["line_start"]);
            let said = format!("{} ({file}:{line})", words(&message["message"]));
            match message["level"].as_str() {
                Some("warning") => {
                    let code = message["code"]["code"].as_str().unwrap_or("warning");
                    *built.lints.entry(code.to_owned()).or_default() += 1;
                    built.first.get_or_insert(format!("{code}: {said}"));
                }
                Some("error") => {
                    built.error.get_or_insert(said);
                }
                _ => {}
            }
        }
        built
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_prints_is_read() {
        let output = r#"{"reason":"compiler-artifact","target":{}}
{"reason":"compiler-message","message":{"level":"warning","message":"bad name","code":{"code":"clippy::x"},"spans":[{"file_name":"src/a.rs","line_start":3}]}}
{"reason":"compiler-message","message":{"level":"warning","message":"1 warning emitted","code":null,"spans":[]}}
not json
"#;
        let built = Built::read(output);
        assert_eq!(built.lints, [("clippy::x".to_owned(), 1)].into());
        assert_eq!(built.first.as_deref(), Some("clippy::x: bad name (src/a.rs:3)"));
        assert!(built.error.is_none() && !built.is_clean());
        let failed = Built::read(
            &output.replace("\"warning\",\"message\":\"b", "\"error\",\"message\":\"b"),
        );
        assert_eq!(failed.error.as_deref(), Some("bad name (src/a.rs:3)"));
        assert!(Built::read("").is_clean());
    }
}
