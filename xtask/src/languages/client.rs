//! The generators, and the steps from the document to a client that runs.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::FOLDER;
use crate::install;
use crate::tools::answers;

/// A generator with its client.
pub(crate) struct Client {
    /// Also the folder of its scenario.
    pub(crate) name: &'static str,
    /// The package that makes it, and the file that pins its version.
    package: (&'static str, &'static str),
    /// A program without which it is left out.
    needs: Option<&'static str>,
    /// Commands that make and check it, in a folder of its own that begins as a copy of that of its scenario.
    steps: &'static [&'static [&'static str]],
    /// The command that runs the scenario.
    scenario: &'static [&'static str],
}

const NPM: &str = "package-lock.json";
const PYPI: &str = "requirements.txt";
/// Stands for the path of the document.
const DOCUMENT: &str = "DOCUMENT";

/// All of them.
pub(crate) const CLIENTS: &[Client] = &[
    Client {
        name: "openapi-generator-python",
        package: ("openapi-generator-cli", PYPI),
        needs: None,
        steps: &[
            &[
                "openapi-generator",
                "generate",
                "-g",
                "python",
                "-i",
                DOCUMENT,
                "-o",
                "client",
                "-c",
                "config.yaml",
            ],
            MYPY,
        ],
        scenario: PYTHON,
    },
    Client {
        name: "openapi-generator-typescript",
        package: ("openapi-generator-cli", PYPI),
        needs: None,
        steps: &[
            &[
                "openapi-generator",
                "generate",
                "-g",
                "typescript-fetch",
                "-i",
                DOCUMENT,
                "-o",
                "client",
            ],
            TSC,
        ],
        scenario: NODE,
    },
    Client {
        name: "openapi-generator-java",
        package: ("openapi-generator-cli", PYPI),
        needs: Some("javac"),
        steps: &[
            &[
                "openapi-generator",
                "generate",
                "-g",
                "java",
                "-i",
                DOCUMENT,
                "-o",
                "client",
                "-c",
                "config.yaml",
            ],
            &["python", "java.py", "compile"],
        ],
        scenario: &["python", "java.py", "run"],
    },
    Client {
        name: "openapi-python-client",
        package: ("openapi-python-client", PYPI),
        needs: None,
        steps: &[
            &[
                "openapi-python-client",
                "generate",
                "--path",
                DOCUMENT,
                "--output-path",
                "client",
                "--config",
                "config.yaml",
                "--fail-on-warning",
            ],
            MYPY,
        ],
        scenario: PYTHON,
    },
    Client {
        name: "hey-api",
        package: ("@hey-api/openapi-ts", NPM),
        needs: None,
        steps: &[&["openapi-ts", "-i", DOCUMENT, "-o", "client"], TSC],
        scenario: NODE,
    },
    Client {
        name: "openapi-typescript",
        package: ("openapi-typescript", NPM),
        needs: None,
        steps: &[&["openapi-typescript", DOCUMENT, "--output", "client.ts"], TSC],
        scenario: NODE,
    },
];

/// The types of the scenario and of all that is generated.
const MYPY: &[&str] = &["mypy", "scenario.py", "client/amplitude_experiment"];
/// The same, as its settings say.
const TSC: &[&str] = &["tsc", "--project", "tsconfig.json"];
const PYTHON: &[&str] = &["python", "scenario.py"];
const NODE: &[&str] = &["node", "out/scenario.js"];

impl Client {
    /// What it needs and this machine lacks.
    pub(crate) fn missing(&self) -> Option<String> {
        let program = self.needs.filter(|program| !answers(program))?;
        Some(format!("there is no {program}"))
    }

    /// The version of its generator.
    pub(crate) fn version(&self, root: &Path) -> Result<String, String> {
        let (package, lock) = self.package;
        install::version(&root.join(FOLDER).join(lock), package)
    }
}

/// Where clients are made: below `target/`, with all that generators and clients need.
pub(crate) struct Home {
    root: PathBuf,
    folder: PathBuf,
    python: PathBuf,
}

impl Home {
    pub(crate) fn install(root: &Path) -> Result<Self, String> {
        let folder = install::node(root, FOLDER, "languages")?;
        let python = install::python(root, FOLDER, "languages-python")?;
        Ok(Self { root: root.to_owned(), folder, python })
    }

    /// Generates a client anew and checks it.
    pub(crate) fn make(&self, client: &Client) -> Result<(), String> {
        let (from, work) =
            (self.root.join(FOLDER).join(client.name), self.folder.join(client.name));
        copied(&from, &work).map_err(|error| format!("{}: {error}", work.display()))?;
        client.steps.iter().try_for_each(|step| self.command(step, &work).map(|_| ()))
    }

    /// Runs its scenario with these arguments; the last line that it prints.
    pub(crate) fn run(&self, client: &Client, arguments: &[&str]) -> Result<String, String> {
        let words = [client.scenario, arguments].concat();
        let said = self.command(&words, &self.folder.join(client.name))?;
        let last = said.trim().lines().last().unwrap_or_default();
        match last.is_empty() {
            true => Err("the scenario ends without a word".to_owned()),
            false => Ok(last.to_owned()),
        }
    }
}

impl Home {
    /// A program, and the words before those of a command.
    fn program(&self, name: &str) -> (PathBuf, &'static [&'static str]) {
        let words: &[&str] = match name {
            "python" => &[],
            "mypy" => &["-m", "mypy"],
            "openapi-python-client" => &["-m", "openapi_python_client"],
            // Java comes with it, as another package.
            "openapi-generator" => &["-c", "import openapi_generator_cli as own; own.cli()"],
            "node" => return ("node".into(), &[]),
            script => return (self.folder.join("node_modules/.bin").join(script), &[]),
        };
        (self.python.clone(), words)
    }

    /// Runs a command in a folder and returns what it printed.
    fn command(&self, words: &[&str], folder: &Path) -> Result<String, String> {
        let (&name, words) = words.split_first().ok_or("no command")?;
        let (program, before) = self.program(name);
        let document = self.root.join("spec/openapi.yaml");
        let real = words.iter().map(|word| match *word {
            DOCUMENT => document.as_os_str(),
            word => OsStr::new(word),
        });
        let output = Command::new(&program)
            .args(before)
            .args(real)
            // Where clients in Python are generated; npm and Java have no use for it.
            .envs(["PYTHONPATH", "MYPYPATH"].map(|name| (name, "client")))
            .current_dir(folder)
            .output()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => {
                let all = [output.stdout, output.stderr].concat();
                let told = String::from_utf8_lossy(&all);
                Err(format!("{} {}: {}\n{}", name, words.join(" "), output.status, told.trim()))
            }
        }
    }
}

/// Copies the files of a folder, after all that was in the copy is gone.
fn copied(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_generators_names_the_pinned_versions() {
        let root = crate::root::find().unwrap();
        let table = fs::read_to_string(root.join("spec/README.md")).unwrap();
        for client in CLIENTS {
            let (version, name) = (client.version(&root).unwrap(), client.package.0);
            let name = name.trim_end_matches("-cli");
            let is_row = |line: &str| line.contains(name) && line.contains(&version);
            assert!(table.lines().any(is_row), "no row with {name} and {version}");
        }
    }
}
