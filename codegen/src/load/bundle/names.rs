//! Names of components that come from elsewhere.

use std::collections::HashSet;

use crate::source::tokens;

/// Steps of pointers that say nothing about what stands there.
const STEPS: &[&str] = &[
    "components",
    "paths",
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "content",
    "schema",
    "properties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "prefixItems",
    "patternProperties",
];
/// Members in which schemas have names of their own.
const SETS: &[&str] = &["$defs", "definitions"];

/// The names that are taken, by part of `components`.
#[derive(Debug, Default)]
pub struct Names {
    taken: HashSet<(&'static str, String)>,
}

impl Names {
    /// Takes a name of the document itself.
    pub fn claim(&mut self, part: &'static str, name: &str) {
        self.taken.insert((part, name.to_owned()));
    }

    /// Takes a name for what stands at `pointer` of a file: its own, or one made of it. Tells
    /// whether the name had to be changed.
    pub fn take(&mut self, part: &'static str, stem: &str, pointer: &str) -> (String, bool) {
        let own = plain(&own_name(stem, pointer));
        if self.taken.insert((part, own.clone())) {
            return (own, false);
        }
        let longer = plain(&format!("{}_{own}", around(stem, pointer)));
        let numbered = (2..).map(|number| format!("{longer}_{number}"));
        let free = std::iter::once(longer.clone())
            .chain(numbered)
            .find(|name| self.taken.insert((part, name.clone())))
            .unwrap_or(longer);
        (free, true)
    }
}

/// A component keeps its key, a file gets its own name, and what stands deeper that of its path.
fn own_name(stem: &str, pointer: &str) -> String {
    let steps: Vec<_> = tokens(pointer).collect();
    let set = steps.iter().rposition(|step| SETS.contains(&step.as_ref()));
    let from = set.map_or(0, |set| set + 1);
    let words: Vec<&str> = steps[from..]
        .iter()
        .map(AsRef::as_ref)
        .filter(|step: &&str| !STEPS.contains(step) && !is_media_type(step))
        .map(|step| if step == "requestBody" { "body" } else { step })
        .collect();
    if words.is_empty() { stem.to_owned() } else { words.join("_") }
}

fn is_media_type(step: &str) -> bool {
    !step.starts_with('/') && step.contains('/')
}

/// What tells a target from others of its name: the schema around it, or the file.
fn around(stem: &str, pointer: &str) -> String {
    let set = SETS.iter().filter_map(|set| pointer.rfind(&format!("/{set}/"))).max();
    match set {
        Some(set) => own_name(stem, &pointer[..set]),
        None => stem.to_owned(),
    }
}

/// A name as the standard has it: letters, digits, `.`, `_` and `-`.
fn plain(name: &str) -> String {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let plain: String =
        name.chars().map(|letter| if fits(letter) { letter } else { '_' }).collect();
    let plain = plain.trim_matches('_');
    if plain.is_empty() { "component".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_people_would_give() {
        let mut names = Names::default();
        names.claim("schemas", "Pet");
        let cases = [
            ("pet", "", "pet"),
            ("common", "/components/schemas/Error", "Error"),
            ("common", "/components/schemas/Pet", "common_Pet"),
            ("common", "/definitions/Pet", "common_Pet_2"),
            ("openapi", "/components/schemas/Tree/$defs/Leaf", "Leaf"),
            ("openapi", "/components/schemas/Bush/$defs/Leaf", "Bush_Leaf"),
            ("pet", "/properties/owner/items", "owner"),
            (
                "openapi",
                "/paths/~1pets~1{id}/get/responses/200/content/application~1json/schema",
                "pets__id__get_200",
            ),
            ("", "", "component"),
        ];
        for (stem, pointer, expected) in cases {
            assert_eq!(names.take("schemas", stem, pointer).0, expected, "{pointer}");
        }
    }
}
