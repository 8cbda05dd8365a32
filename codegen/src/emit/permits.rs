//! What clippy must permit because the document, not the author of the code, has chosen.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::plain;

/// The most arguments that a function takes before clippy objects.
const MANY_ARGUMENTS: usize = 7;

/// Methods of operators' traits (`clippy::should_implement_trait`).
const OPERATORS: &[&str] = &[
    "add",
    "as_mut",
    "as_ref",
    "bitand",
    "bitor",
    "bitxor",
    "borrow",
    "borrow_mut",
    "clone",
    "cmp",
    "default",
    "deref",
    "deref_mut",
    "div",
    "drop",
    "eq",
    "from_iter",
    "from_str",
    "hash",
    "index",
    "index_mut",
    "into_iter",
    "mul",
    "neg",
    "next",
    "not",
    "rem",
    "shl",
    "shr",
    "sub",
];

/// Names that stand for nothing (`clippy::disallowed_names`).
const PLACEHOLDERS: &[&str] = &["foo", "baz", "quux"];

/// The attributes that a function of this name and with these arguments needs; `count` includes
/// `self`.
pub(crate) fn permits(function: &str, arguments: &[&str], count: usize) -> TokenStream {
    let operator = OPERATORS.contains(&plain(function)).then(
        || quote!(#[allow(clippy::should_implement_trait, reason = "the name is the document's")]),
    );
    let placeholder = arguments
        .iter()
        .any(|name| PLACEHOLDERS.contains(&plain(name)))
        .then(|| quote!(#[allow(clippy::disallowed_names, reason = "the name is the document's")]));
    let is_nameless = |name: &&str| name.chars().all(|c| c == '_' || c.is_ascii_digit());
    let nameless = arguments.iter().any(is_nameless).then(|| {
        quote!(#[allow(clippy::just_underscores_and_digits, reason = "the name is the document's")])
    });
    let many = (count > MANY_ARGUMENTS).then(|| {
        quote!(#[allow(clippy::too_many_arguments, reason = "the document requires all of them")])
    });
    quote!(#operator #placeholder #nameless #many)
}
