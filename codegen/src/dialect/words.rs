//! Keywords that OpenAPI 3.0 does not have.

use super::Translator;
use crate::check::{SCHEMA, nearest};
use crate::piece::Members;
use crate::source::Span;

/// Keywords that organise schemas, and those that go with another one.
const SILENT: &[&str] = &[
    "$schema",
    "$id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$vocabulary",
    "$comment",
    "$defs",
    "definitions",
    "then",
    "else",
    "minContains",
    "maxContains",
];
/// Keywords that allow fewer values than a type can, and what is done without them.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("if", "conditions of `if`, `then` and `else` are left out: values are not checked by them"),
    ("dependentSchemas", "`dependentSchemas` is left out: values are not checked by it"),
    ("dependentRequired", "`dependentRequired` is left out: values are not checked by it"),
    ("dependencies", "`dependencies` is left out: values are not checked by it"),
    ("contains", "`contains` is left out: lists are not searched"),
    ("propertyNames", "`propertyNames` is left out: names of members are not checked"),
    ("unevaluatedItems", "`unevaluatedItems` is left out: items of no part are kept"),
    ("$dynamicRef", "`$dynamicRef` leads to nothing in this document; any value is read"),
    ("$recursiveRef", "`$recursiveRef` is of an older draft; any value is read"),
];

impl Translator<'_> {
    /// Drops what has no meaning for a type. In JSON Schema a keyword that is not known is no
    /// mistake.
    pub(super) fn words(&mut self, members: &mut Members, at: Span) {
        let mut foreign: Vec<(String, Span)> = Vec::new();
        members.retain(|key, piece| {
            // Wrong capitals are for `check` to mend.
            let known = key.starts_with("x-")
                || key == "$ref"
                || SCHEMA.members.iter().any(|member| member.key.eq_ignore_ascii_case(key));
            if !known && !SILENT.contains(&key.as_str()) {
                foreign.push((key.clone(), piece.key.unwrap_or(at)));
            }
            known
        });
        for (key, at) in foreign {
            if let Some((_, message)) = UNSUPPORTED.iter().find(|(word, _)| *word == key) {
                self.leave_out(at, *message);
                continue;
            }
            let known = SCHEMA.members.iter().map(|member| member.key);
            let help = nearest(&key, known).map_or_else(
                || "nothing to do, unless it was meant to say something about the type".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`{key}` is not a keyword of schemas; it is ignored");
            self.under(&key, |translator| translator.warn("unknown-key", at, message, help));
        }
    }
}
