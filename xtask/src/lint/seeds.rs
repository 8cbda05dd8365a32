//! Copies of the document with a mistake each, to see that the linters look.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::finding::Finding;
use super::linter::Linter;
use super::list::{items, texts};
use super::{DOCUMENT, WORK};

const FILE: &str = "mistakes.yaml";

/// A copy with a mistake.
pub(crate) struct Seed {
    name: String,
    /// The copy.
    pub(crate) path: PathBuf,
    /// Which linter finds it by which rule.
    found_by: Vec<(String, String)>,
}

impl Seed {
    #[cfg(test)]
    pub(crate) fn of(name: &str, path: &str, tool: &str, rule: &str) -> Self {
        let found_by = vec![(tool.to_owned(), rule.to_owned())];
        Self { name: name.to_owned(), path: path.into(), found_by }
    }

    /// The rule by which this linter finds it.
    pub(crate) fn rule(&self, tool: &str) -> Option<&str> {
        self.found_by.iter().find(|(own, _)| own == tool).map(|(_, rule)| rule.as_str())
    }

    /// Tells that a linter did not find it: not more often than in the document itself.
    pub(crate) fn missed(&self, tool: &str, findings: &[Finding]) -> Option<String> {
        let rule = self.rule(tool)?;
        let file = self.path.file_name()?.to_str()?;
        let count = |file: &str| {
            findings.iter().filter(|finding| finding.is_of(file) && finding.rule == rule).count()
        };
        (count(file) <= count(DOCUMENT))
            .then(|| format!("{FILE}: {tool} does not find `{}` by its rule {rule}", self.name))
    }
}

/// Reads the list and writes the copies.
pub(crate) fn plant(folder: &Path, root: &Path) -> Result<Vec<Seed>, String> {
    let document = fs::read_to_string(root.join(DOCUMENT)).map_err(|error| error.to_string())?;
    let copies = root.join("target").join(format!("{WORK}-mistakes"));
    fs::create_dir_all(&copies).map_err(|error| error.to_string())?;
    let plant = |(index, item): (usize, &Value)| {
        one(item, &document, &copies)
            .map_err(|problem| format!("{FILE}, item {}: {problem}", index + 1))
    };
    items(&folder.join(FILE), "mistakes")?.iter().enumerate().map(plant).collect()
}

fn one(item: &Value, document: &str, copies: &Path) -> Result<Seed, String> {
    let [name, find, write] = texts(item, ["name", "find", "write"], &["found_by"])?;
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return Err(format!("`{name}` is not of lower-case letters and hyphens"));
    }
    let found_by = item["found_by"].as_object().into_iter().flatten();
    let found_by: Vec<_> = found_by
        .map(|(tool, rule)| Some((tool.clone(), rule.as_str()?.to_owned())))
        .collect::<Option<_>>()
        .filter(|rules: &Vec<_>| !rules.is_empty())
        .ok_or("`found_by` needs a rule for at least one tool")?;
    let copy = document.replacen(&find, &write, 1);
    if copy == document {
        return Err(format!("{DOCUMENT} does not contain what `{name}` changes"));
    }
    let path = copies.join(format!("{name}.yaml"));
    fs::write(&path, copy).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(Seed { name, path, found_by })
}

/// Tells of mistakes that are left to tools that do not run.
pub(crate) fn strangers(seeds: &[Seed], linters: &[Linter]) -> Vec<String> {
    let tools =
        seeds.iter().flat_map(|seed| seed.found_by.iter().map(move |(tool, _)| (seed, tool)));
    let unknown = tools.filter(|(_, tool)| linters.iter().all(|own| own.name != tool.as_str()));
    unknown
        .map(|(seed, tool)| format!("{FILE}: `{}`: there is no tool {tool}", seed.name))
        .collect()
}
