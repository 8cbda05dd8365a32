//! What a linter says, whichever it is.

use std::fmt;
use std::path::Path;

use serde_json::Value;

/// One thing that a linter does not like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The document, as the linter was given it or as it calls it.
    pub(crate) file: String,
    pub(crate) rule: String,
    /// A JSON pointer.
    pub(crate) at: String,
    pub(crate) message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message.lines().next().unwrap_or_default();
        write!(f, "[{}] {}: {message}", self.rule, self.at)
    }
}

impl Finding {
    /// Whether it is about this document; linters name it by a longer or a shorter path.
    pub(crate) fn is_of(&self, file: &str) -> bool {
        Path::new(&self.file).ends_with(file)
    }

    /// Reads what Redocly prints, an object for each document.
    pub(crate) fn redocly(output: &[Value]) -> Option<Vec<Self>> {
        let lists: Option<Vec<_>> = output.iter().map(|one| one["problems"].as_array()).collect();
        lists?.into_iter().flatten().map(Self::of_redocly).collect()
    }

    fn of_redocly(problem: &Value) -> Option<Self> {
        let place = &problem["location"][0];
        Some(Self {
            file: place["source"]["ref"].as_str()?.to_owned(),
            rule: problem["ruleId"].as_str()?.to_owned(),
            // Some problems are of lines and columns.
            at: place["pointer"].as_str().unwrap_or_default().trim_start_matches('#').to_owned(),
            message: problem["message"].as_str()?.to_owned(),
        })
    }

    /// Reads what Spectral prints, a list.
    pub(crate) fn spectral(output: &[Value]) -> Option<Vec<Self>> {
        let [output] = output else { return None };
        let read = |result: &Value| {
            Some(Self {
                file: result["source"].as_str()?.to_owned(),
                rule: result["code"].as_str()?.to_owned(),
                at: pointer(&result["path"])?,
                message: result["message"].as_str()?.to_owned(),
            })
        };
        output.as_array()?.iter().map(read).collect()
    }

    /// Reads what `validate.py` prints, a list of files.
    pub(crate) fn validator(output: &[Value]) -> Option<Vec<Self>> {
        let ([output], mut all) = (output, Vec::new()) else { return None };
        for file in output.as_array()? {
            for finding in file["findings"].as_array()? {
                all.push(Self {
                    file: file["file"].as_str()?.to_owned(),
                    rule: finding["rule"].as_str()?.to_owned(),
                    at: pointer(&finding["path"])?,
                    message: finding["message"].as_str()?.to_owned(),
                });
            }
        }
        Some(all)
    }
}

/// A list of members and places as a JSON pointer.
fn pointer(path: &Value) -> Option<String> {
    let part = |part: &Value| match part {
        Value::String(text) => format!("/{}", text.replace('~', "~0").replace('/', "~1")),
        other => format!("/{other}"),
    };
    Some(path.as_array()?.iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_linters_tell_the_same_in_their_own_words() {
        let redocly = json!({ "problems": [{ "ruleId": "r", "message": "m", "location": [
            { "source": { "ref": "/a/spec/openapi.yaml" }, "pointer": "#/paths/~1flags/0" }
        ] }] });
        let spectral = json!([{ "code": "r", "message": "m", "path": ["paths", "/flags", 0],
            "source": "/a/spec/openapi.yaml" }]);
        let validator = json!([{ "file": "/a/spec/openapi.yaml", "findings": [
            { "rule": "r", "path": ["paths", "/flags", 0], "message": "m" }
        ] }]);
        let expected = [Finding {
            file: "/a/spec/openapi.yaml".to_owned(),
            rule: "r".to_owned(),
            at: "/paths/~1flags/0".to_owned(),
            message: "m".to_owned(),
        }];
        for found in [
            Finding::redocly(&[redocly]),
            Finding::spectral(&[spectral]),
            Finding::validator(&[validator]),
        ] {
            let found = found.unwrap();
            assert_eq!(found, expected);
            assert!(found[0].is_of("spec/openapi.yaml") && !found[0].is_of("penapi.yaml"));
        }
    }

    #[test]
    fn what_is_no_list_of_findings_is_not_taken_for_an_empty_one() {
        for output in [json!(null), json!({}), json!([{}]), json!({ "problems": [{}] })] {
            let output = [output];
            assert_eq!(Finding::redocly(&output), None);
            assert_eq!(Finding::spectral(&output), None);
            assert_eq!(Finding::validator(&output), None);
        }
        assert_eq!((Finding::spectral(&[]), Finding::validator(&[])), (None, None));
    }
}
