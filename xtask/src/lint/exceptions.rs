//! Findings that stay, each with its reason.

use std::fmt;
use std::path::Path;

use super::finding::Finding;
use super::linter::Linter;
use super::list::{items, texts};

const FILE: &str = "exceptions.yaml";

/// A rule of a linter that does not count in some places.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exception {
    pub(crate) tool: String,
    rule: String,
    /// A JSON pointer, `*` for one member, `**` for any number of them.
    at: String,
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FILE}: {} [{}] {}", self.tool, self.rule, self.at)
    }
}

impl Exception {
    #[cfg(test)]
    pub(crate) fn of(tool: &str, rule: &str, at: &str) -> Self {
        let [tool, rule, at] = [tool, rule, at].map(str::to_owned);
        Self { tool, rule, at }
    }

    pub(crate) fn fits(&self, finding: &Finding) -> bool {
        let (own, other) = (self.at.split('/'), finding.at.split('/'));
        self.rule == finding.rule && fit(&own.collect::<Vec<_>>(), &other.collect::<Vec<_>>())
    }
}

/// Whether a place is where a pattern says.
fn fit(pattern: &[&str], place: &[&str]) -> bool {
    match (pattern, place) {
        ([], []) => true,
        (["**", pattern @ ..], _) => {
            (0..=place.len()).any(|skipped| fit(pattern, &place[skipped..]))
        }
        ([own, pattern @ ..], [other, place @ ..]) => {
            (*own == "*" || own == other) && fit(pattern, place)
        }
        _ => false,
    }
}

/// Reads the list.
pub(crate) fn read(folder: &Path) -> Result<Vec<Exception>, String> {
    let read = |(index, item)| {
        let [tool, rule, at, _reason] = texts(item, ["tool", "rule", "at", "reason"], &[])
            .map_err(|problem| format!("{FILE}, item {}: {problem}", index + 1))?;
        Ok(Exception { tool, rule, at })
    };
    items(&folder.join(FILE), "exceptions")?.iter().enumerate().map(read).collect()
}

/// Tells of exceptions for tools that do not run.
pub(crate) fn strangers(exceptions: &[Exception], linters: &[Linter]) -> Vec<String> {
    let unknown = |exception: &&Exception| linters.iter().all(|own| own.name != exception.tool);
    let all = exceptions.iter().filter(unknown);
    all.map(|exception| format!("{exception}: there is no such tool")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_fits_its_rule_in_its_places() {
        let finding = |rule: &str, at: &str| Finding {
            file: String::new(),
            rule: rule.to_owned(),
            at: at.to_owned(),
            message: String::new(),
        };
        for (at, place, fits) in [
            ("/info", "/info", true),
            ("/info", "/info/title", false),
            ("/info/title", "/info", false),
            ("/paths/*/get", "/paths/~1flags/get", true),
            ("/paths/*/get", "/paths/~1flags/post", false),
            ("/paths/**", "/paths/~1flags/post", true),
            ("/paths/**", "/components", false),
            ("/paths/**/name", "/paths/~1flags/get/name", true),
            ("/paths/**/name", "/paths/name", true),
            ("/paths/**/name", "/paths/~1flags/name/0", false),
        ] {
            let exception = Exception::of("t", "r", at);
            assert_eq!(exception.fits(&finding("r", place)), fits, "{at} {place}");
            assert!(!exception.fits(&finding("other", place)));
        }
    }
}
