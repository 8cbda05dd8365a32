//! `cargo xtask spec diff OLD NEW`: what changes between two documents, and whom it breaks.

use std::path::Path;

use ::codegen::diff::{Edition, compare};
use ::codegen::load::Document;
use ::codegen::{Config, Output, load};

use crate::{Console, Failure};

/// Prints the changes; fails if the version of the new document does not follow.
pub fn diff(old: &Path, new: &Path, console: &mut Console<'_>) -> Result<(), Failure> {
    // Problems of both documents are told in one run.
    let (old, new) = match (compile(old), compile(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(Failure::Problem(old)), Err(Failure::Problem(new))) => {
            return Err(Failure::Problem(old + &new));
        }
        (Err(failure), _) | (_, Err(failure)) => return Err(failure),
    };
    let [old, new] =
        [&old, &new].map(|(document, output)| Edition { api: &output.api, tree: &document.tree });
    let comparison = compare(old, new);
    write!(console.out, "{comparison}")?;
    match comparison.is_version_right() {
        true => Ok(()),
        false => Err(Failure::new(format_args!(
            "the version {} does not tell of these changes",
            comparison.new
        ))),
    }
}

fn compile(path: &Path) -> Result<(Document, Output), Failure> {
    let problem = |problems: ::codegen::Diagnostics| Failure::Problem(problems.to_string());
    let document = load::load(path).map_err(problem)?;
    let output = ::codegen::compile(path, &Config::new("client", "")).map_err(problem)?;
    Ok((document, output))
}
