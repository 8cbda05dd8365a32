//! The layers `workflows` and `collection` of CI: what `dist` makes, run by the tools that people
//! run it with, against the fake.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ::codegen::dist as product;
use serde_json::{Value, json};

use crate::ci::Outcome;
use crate::dist::{publish, read_in};
use crate::fake::{Fake, KEY};
use crate::tools::{answers, quiet};

/// What the fake holds: a flag among others.
const SEED: &str = "fake/tests/schemathesis/seed.json";
const FLAG: &str = "848345";
/// The workflows that stand by themselves; the others are steps of these.
const WORKFLOWS: [&str; 5] = [
    "createAndSwitchOnFlag",
    "allowListTesters",
    "exportFlags",
    "exportExperiments",
    "archiveFlag",
];

/// A tool and what it runs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Runner {
    /// Redocly lints and runs `arazzo.yaml`.
    Workflows,
    /// Newman, the runner of Postman, sends `collection.postman.json`.
    Collection,
}

impl Runner {
    /// Package, version and program.
    fn tool(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Workflows => ("@redocly/cli", "2.77.0", "redocly"),
            Self::Collection => ("newman", "6.2.2", "newman"),
        }
    }

    pub(crate) fn missing(self) -> Option<String> {
        let program = ["node", "npm"].into_iter().find(|program| !answers(program))?;
        Some(format!("there is no {program}"))
    }

    pub(crate) fn run(self, root: &Path) -> Outcome {
        let tool = match self.install(root) {
            Ok(tool) => tool,
            Err(reason) => return Outcome::Skipped(reason),
        };
        match self.check(root, &tool) {
            Ok(()) => Outcome::Passed,
            Err(reason) => Outcome::Failed(reason),
        }
    }

    /// The program, in a folder of its own below `target/`.
    fn install(self, root: &Path) -> Result<PathBuf, String> {
        let (package, version, program) = self.tool();
        let folder = root.join("target").join(format!("{program}-{version}"));
        let tool = folder.join("node_modules/.bin").join(program);
        if !answers(&tool) {
            let told = |problem| format!("{program} {version} cannot be installed: {problem}");
            fs::create_dir_all(&folder).map_err(|error| told(error.to_string()))?;
            let package = format!("{package}@{version}");
            let words = ["install", "--silent", "--no-audit", "--no-fund", "--prefix"];
            let words = words.map(OsStr::new);
            let words = [&words[..], &[folder.as_os_str(), package.as_ref()]].concat();
            quiet(OsStr::new("npm"), &words).map_err(told)?;
        }
        Ok(tool)
    }

    fn check(self, root: &Path, tool: &Path) -> Result<(), String> {
        let folder = root.join("target/published");
        let source = read_in(root).map_err(|failure| failure.to_string())?;
        publish(&folder, &product::files(&source)).map_err(|failure| failure.to_string())?;
        let fake = Fake::start(root, Some(SEED))?;
        let operations = source.families().iter().sum();
        match self {
            Self::Workflows => workflows(tool, &folder, &fake),
            Self::Collection => collection(tool, root, &folder, &fake, operations),
        }
    }
}

fn workflows(tool: &Path, folder: &Path, fake: &Fake) -> Result<(), String> {
    let redocly = |words: &[&str]| {
        let mut command = Command::new(tool);
        command.args(words).current_dir(folder);
        command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        succeeded(&mut command)
    };
    redocly(&["lint", "arazzo.yaml"])?;
    let inputs = json!({
        "managementKey": KEY, "projectId": "217854", "key": "made-by-a-workflow",
        "rolloutPercentage": 25, "flagId": FLAG, "variantKey": "on",
        "testers": ["ada", "grace"], "leavers": ["grace"], "pageSize": 1,
    });
    let (server, inputs) = (format!("management={}", fake.base_url), inputs.to_string());
    let mut words = vec!["respect", "arazzo.yaml", "--server", &server, "--input", &inputs];
    // Redocly refuses a null where `nullable` stands beside `allOf`; the document means to allow it,
    // and the answers of the fake are checked by its own tests.
    words.extend(["--severity", "SCHEMA_CHECK=off", "--max-steps", "100"]);
    words.extend(WORKFLOWS.iter().flat_map(|workflow| ["--workflow", workflow]));
    redocly(&words)
}

fn succeeded(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

fn collection(
    tool: &Path,
    root: &Path,
    folder: &Path,
    fake: &Fake,
    operations: usize,
) -> Result<(), String> {
    let report = root.join("target/collection-report.json");
    let (base, key) =
        (format!("baseUrl={}", fake.base_url), format!("AMPLITUDE_MANAGEMENT_API_KEY={KEY}"));
    let mut command = Command::new(tool);
    command.arg("run").arg(folder.join("collection.postman.json"));
    command.args(["--env-var", &base, "--env-var", &key, "--reporters", "json"]);
    command.arg("--reporter-json-export").arg(&report);
    succeeded(&mut command)?;
    let text = fs::read_to_string(&report).map_err(|error| error.to_string())?;
    let report: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    judge(&report, operations)
}

/// One request after the other changes what is there, so some find nothing any more (404) or break a
/// rule (400); but each must reach its operation, in a form and with a key that it takes.
fn judge(report: &Value, operations: usize) -> Result<(), String> {
    let sent = report["run"]["executions"].as_array().map_or(&[][..], Vec::as_slice);
    let status = |one: &Value| one["response"]["code"].as_u64().unwrap_or(0);
    let wrong: Vec<String> = sent
        .iter()
        .filter(|one| !matches!(status(one), 200..=299 | 400 | 404))
        .map(|one| format!("{} is answered {}", one["item"]["name"], status(one)))
        .collect();
    let good = sent.iter().filter(|one| (200..=299).contains(&status(one))).count();
    if sent.len() != operations || good * 2 < operations {
        return Err(format!("{operations} requests expected, {} sent, {good} done", sent.len()));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_that_does_not_reach_its_operations_is_told() {
        let report = |statuses: &[u64]| {
            let one = |status| json!({ "item": { "name": "a" }, "response": { "code": status } });
            let sent: Vec<Value> = statuses.iter().map(one).collect();
            json!({ "run": { "executions": sent } })
        };
        assert_eq!(judge(&report(&[200, 404, 200, 400]), 4), Ok(()));
        let few = "4 requests expected, 1 sent, 1 done".to_owned();
        assert_eq!(judge(&report(&[200]), 4), Err(few));
        assert!(judge(&json!({}), 4).is_err());
        assert!(judge(&report(&[200, 404, 404, 404]), 4).is_err());
        for status in [0, 401, 405, 415, 500] {
            let told = Err(format!("\"a\" is answered {status}"));
            assert_eq!(judge(&report(&[200, 200, 200, status]), 4), told);
        }
    }
}
