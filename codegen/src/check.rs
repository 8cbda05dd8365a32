//! What is wrong with a document: the raw tree against the tables of the standard, then the typed
//! document.
//!
//! What is harmless is mended in a copy of the tree, with a warning that says how it is read. In
//! our own document nothing is harmless. The typed reader stops at its first problem and does not
//! say where it is, so it sees only trees that have none: if it still fails, a table is wrong.

mod dialect;
mod extension;
mod house;
mod operations;
mod parameter;
mod read;
mod references;
mod scalar;
mod schema;
mod shape;
mod siblings;
mod table;
mod walk;
mod words;

use serde_json::Value;

pub(crate) use self::references::{
    COMPONENTS, component_of, decode_percent, follow, internal, object_at,
};
pub(crate) use self::shape::{Kind, Object};
pub(crate) use self::table::{METHODS, OPENAPI, REF, SCHEMA, may, must, object};
pub(crate) use self::walk::strict;
pub(crate) use self::words::nearest;

use crate::diagnostic::Collector;
use crate::load::Document;

/// What is supported, for messages.
const SUPPORTED: &str = "3.0, 3.1 and what 3.2 has in common with them";

/// Which rules apply beyond the standard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// The rules of our own document.
    pub house: bool,
}

/// Reports every problem of a document; gives it typed when there is no error.
pub fn check(
    document: &Document,
    rules: &Rules,
    problems: &mut Collector,
) -> Option<openapiv3::OpenAPI> {
    clean(document, rules, problems).and_then(|tree| typed(tree, problems))
}

/// Reports every problem of a document; gives its values, mended, when there is no error.
pub fn clean(document: &Document, rules: &Rules, problems: &mut Collector) -> Option<Value> {
    // The caller may have collected errors of its own before.
    let mut own = Collector::default();
    for problem in &document.problems {
        problem.report(&mut own);
    }
    let mut tree = None;
    if version(&document.tree, &mut own) {
        tree = Some(mended(document, rules, &mut own));
    }
    let tree = tree.filter(|_| !own.has_errors());
    problems.append(own);
    tree
}

/// The typed document of values that are clean.
pub fn typed(tree: Value, problems: &mut Collector) -> Option<openapiv3::OpenAPI> {
    read::read(tree, problems)
}

fn mended(document: &Document, rules: &Rules, problems: &mut Collector) -> Value {
    let mut tree = document.tree.clone();
    let references = walk::walk(&mut tree, document, rules, problems);
    references::check(document, &tree, &references, problems);
    operations::check(&mut tree, &document.source, &mut Judge { house: rules.house, problems });
    if rules.house {
        house::check(&tree, problems);
    }
    tree
}

/// Decides how bad a slip is.
struct Judge<'a> {
    house: bool,
    problems: &'a mut Collector,
}

impl Judge<'_> {
    /// What is harmless in documents of others is an error in our own.
    fn slip(
        &mut self,
        code: &'static str,
        pointer: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let message = message.into();
        if self.house {
            // What stands behind the semicolon is how a slip is read, and an error is not read.
            let fact = message.split_once("; ").map_or(message.as_str(), |(fact, _)| fact);
            self.problems.error(code, pointer, fact, help);
        } else {
            self.problems.warning(code, pointer, message, help);
        }
    }
}

/// Whether the document is of a version that the tables are about. If not, nothing else of it is
/// worth a message.
fn version(tree: &Value, problems: &mut Collector) -> bool {
    const CODE: &str = "unsupported-version";
    let help = "write `openapi: 3.0.3`";
    if let Some(version) = tree.get("swagger") {
        let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
        let message = format!("this is a Swagger {version} document; OpenAPI 3.0 is needed");
        problems.error(CODE, "/swagger", message, "convert it to OpenAPI 3.0 first");
        return false;
    }
    let Some(found) = tree.get("openapi") else {
        problems.error(CODE, "", "the document does not say which version of OpenAPI it is", help);
        return false;
    };
    let Some(found) = found.as_str() else {
        let message = format!("`{found}` is not a version; supported are {SUPPORTED}");
        problems.error(
            CODE,
            "/openapi",
            message,
            "write it as text with three numbers: `\"3.0.3\"`",
        );
        return false;
    };
    let patch = found.strip_prefix("3.0.");
    if patch.is_some_and(|patch| patch.starts_with(|first: char| first.is_ascii_digit())) {
        return true;
    }
    let help = if found.starts_with("3.") { "convert it to OpenAPI 3.1" } else { help };
    problems.error(
        CODE,
        "/openapi",
        format!("OpenAPI `{found}` is not supported; supported are {SUPPORTED}"),
        help,
    );
    false
}

#[cfg(test)]
mod tests;
