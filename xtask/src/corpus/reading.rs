//! What became of one document, and the line of JSON by which its process tells.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::Failure;

/// What was read from a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Operations of the model.
    pub operations: usize,
    /// Operations of the document that the model leaves out.
    pub skipped: usize,
    /// Types of the model.
    pub types: usize,
    /// Lines of Rust, without the runtime that is the same in every client.
    pub lines: usize,
    /// Errors by code.
    pub errors: BTreeMap<String, usize>,
    /// Warnings by code.
    pub warnings: BTreeMap<String, usize>,
    /// The first error: its code, and its message with the place.
    pub first: Option<(String, String)>,
    /// Processor time of the compilation in milliseconds, where the system tells.
    pub millis: Option<u64>,
    /// Most memory of the compilation in bytes, where the system tells.
    pub peak: Option<u64>,
    /// A sum over each thing that was made.
    pub sums: BTreeMap<String, String>,
}

impl Reading {
    /// The line for [`Reading::parse`].
    pub fn line(&self) -> String {
        let Self { operations, skipped, types, lines, errors, warnings, .. } = self;
        json!({
            "operations": operations,
            "skipped": skipped,
            "types": types,
            "lines": lines,
            "errors": errors,
            "warnings": warnings,
            "first": self.first,
            "millis": self.millis,
            "peak": self.peak,
            "sums": self.sums,
        })
        .to_string()
    }

    /// Reads the line of another process.
    pub fn parse(line: &str) -> Result<Self, Failure> {
        let bug = || {
            Failure::new(format_args!("this is a bug: the process of a document answered {line:?}"))
        };
        let value: Value = serde_json::from_str(line).map_err(|_| bug())?;
        let number = |key: &str| {
            value[key].as_u64().and_then(|number| usize::try_from(number).ok()).ok_or_else(bug)
        };
        let counts = |key: &str| serde_json::from_value(value[key].clone()).map_err(|_| bug());
        Ok(Self {
            operations: number("operations")?,
            skipped: number("skipped")?,
            types: number("types")?,
            lines: number("lines")?,
            errors: counts("errors")?,
            warnings: counts("warnings")?,
            first: serde_json::from_value(value["first"].clone()).map_err(|_| bug())?,
            millis: value["millis"].as_u64(),
            peak: value["peak"].as_u64(),
            sums: serde_json::from_value(value["sums"].clone()).map_err(|_| bug())?,
        })
    }

    /// What another run made differently.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut names: Vec<&String> = self.sums.keys().chain(other.sums.keys()).collect();
        names.sort();
        names.dedup();
        names.retain(|name| self.sums.get(*name) != other.sums.get(*name));
        names.into_iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(sums: &[(&str, &str)]) -> Reading {
        let sums = sums.iter().map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned()));
        Reading { sums: sums.collect(), ..Reading::default() }
    }

    #[test]
    fn a_line_is_read_back() {
        let told = Reading {
            operations: 1,
            errors: [("a".to_owned(), 2)].into(),
            first: Some(("a".to_owned(), "no `|`\n".to_owned())),
            peak: Some(7),
            ..reading(&[("src/lib.rs", "f00")])
        };
        assert_eq!(Reading::parse(&told.line()), Ok(told));
        assert!(Reading::parse("thread panicked").is_err());
    }

    #[test]
    fn differences_are_what_changed_came_or_went() {
        let (old, new) = (
            reading(&[("a", "1"), ("b", "1"), ("c", "1")]),
            reading(&[("b", "2"), ("c", "1"), ("d", "1")]),
        );
        assert_eq!(old.differences(&new), ["a", "b", "d"]);
        assert_eq!(old.differences(&old), [""; 0]);
    }
}
