//! Every Rust name, decided here and nowhere else.
//!
//! The rules are stable: words by letter case and punctuation, symbols as words where nothing else
//! is left, a suffix by role where a name is taken by the language or by us, and a number in
//! document order where two names of the document become one.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::ir::Name;

/// Keywords that can be raw identifiers, of all editions.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that cannot be identifiers at all.
const NEVER: &[&str] = &["self", "Self", "super", "crate", "_"];

/// Traits and macros that generated code names; a type of the same name would hide them.
const TRAITS: &[&str] = &[
    "AsRef",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Deserializer",
    "Display",
    "Drop",
    "Eq",
    "Fn",
    "From",
    "FromStr",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "Ord",
    "Paged",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Serialize",
    "Serializer",
    "Sized",
    "Sync",
    "ToString",
    "TryFrom",
    "Unpin",
];

/// Names that generated requests and handles use for other things.
const RUNTIME_TYPES: &[&str] = &[
    "ApiKey",
    "BTreeMap",
    "Box",
    "BoxFuture",
    "Bytes",
    "Client",
    "ClientBuilder",
    "Core",
    "CoreBuilder",
    "Credential",
    "Cursor",
    "Date",
    "DateTime",
    "Error",
    "FlexInteger",
    "FlexText",
    "Future",
    "HashMap",
    "Items",
    "Method",
    "None",
    "Nullable",
    "Ok",
    "Err",
    "Operation",
    "Option",
    "Page",
    "Pages",
    "Parts",
    "Pin",
    "Region",
    "Request",
    "Response",
    "Result",
    "Retry",
    "RetrySafety",
    "Settings",
    "Some",
    "String",
    "Timeouts",
    "Transport",
    "Value",
    "Vec",
];

/// Methods of request builders and their parts that a parameter's setter would hide.
const REQUEST_WORDS: &[&str] = &[
    "body",
    "client",
    "clone",
    "fmt",
    "into_future",
    "items",
    "new",
    "pages",
    "raw",
    "request",
    "response",
    "send",
];

/// Associated functions and methods that a member's setter would hide.
const MODEL_WORDS: &[&str] = &[
    "as_ref",
    "borrow",
    "borrow_mut",
    "build",
    "builder",
    "clone",
    "clone_from",
    "clone_into",
    "cmp",
    "default",
    "deserialize",
    "eq",
    "fmt",
    "from",
    "hash",
    "into",
    "ne",
    "new",
    "partial_cmp",
    "serialize",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
];

/// Methods of a handle that an operation would hide.
const HANDLE_WORDS: &[&str] = &["clone", "fmt", "new"];

/// Methods of the client's builder that the setter of a credential would hide.
const BUILDER_WORDS: &[&str] = &[
    "base_url",
    "build",
    "clone",
    "fmt",
    "http",
    "new",
    "region",
    "retry",
    "timeouts",
    "transport",
];

/// Modules and methods of the client that a family would hide.
const CLIENT_WORDS: &[&str] = &[
    "api_key",
    "builder",
    "client",
    "clone",
    "core",
    "fmt",
    "from_env",
    "models",
    "new",
    "runtime",
    "shared",
    "std",
    "alloc",
    "serde",
    "serde_json",
    "bytes",
    "http",
];

/// What a symbol is called where it is all that a name has.
const SYMBOLS: &[(char, &str)] = &[
    ('=', "equal"),
    ('>', "greater"),
    ('<', "less"),
    ('!', "not"),
    ('+', "plus"),
    ('-', "minus"),
    ('*', "star"),
    ('/', "slash"),
    ('\\', "backslash"),
    ('%', "percent"),
    ('#', "hash"),
    ('@', "at"),
    ('$', "dollar"),
    ('&', "and"),
    ('|', "or"),
    ('~', "tilde"),
    ('^', "caret"),
    ('?', "question"),
    ('.', "dot"),
    (',', "comma"),
    (':', "colon"),
    (';', "semicolon"),
    ('"', "quote"),
    ('\'', "apostrophe"),
    ('`', "backtick"),
    ('(', "open"),
    (')', "close"),
    ('[', "open bracket"),
    (']', "close bracket"),
    ('{', "open brace"),
    ('}', "close brace"),
    ('_', "underscore"),
    (' ', "blank"),
];

/// Names that are taken in one scope, such as the fields of one object.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    taken: BTreeSet<String>,
    /// The last number that each name has needed.
    numbers: BTreeMap<String, u32>,
}

/// A name and whether a number was needed to tell it from another.
pub(super) struct Unique {
    pub(super) rust: String,
    pub(super) numbered: bool,
}

impl Scope {
    /// A scope in which these words are taken.
    pub(super) fn with(words: &[&str]) -> Self {
        Self {
            taken: words.iter().map(|word| (*word).to_owned()).collect(),
            numbers: BTreeMap::new(),
        }
    }

    /// The first of `base`, `base` + `role`, and then numbers, that is free.
    pub(super) fn take(&mut self, base: &str, role: &str, join: &str) -> Unique {
        if self.taken.insert(base.to_owned()) {
            return Unique { rust: base.to_owned(), numbered: false };
        }
        if !role.is_empty() {
            let with_role = format!("{}{join}{role}", base.trim_end_matches('_'));
            if self.taken.insert(with_role.clone()) {
                return Unique { rust: with_role, numbered: false };
            }
        }
        // `self_` and a joining `_` would be two.
        let stem = if join.is_empty() { base } else { base.trim_end_matches('_') };
        let number = self.numbers.entry(base.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{stem}{join}{number}");
            if self.taken.insert(numbered.clone()) {
                return Unique { rust: numbered, numbered: true };
            }
        }
    }

    /// Marks a name as taken.
    pub(super) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }
}

/// The scope of all types of a document.
pub(super) fn type_scope() -> Scope {
    Scope::with(TRAITS)
}

/// The scope of request builders and handles: apart from the document's types and from ours.
pub(super) fn request_scope<'a>(types: impl Iterator<Item = &'a str>) -> Scope {
    let mut scope = Scope::with(TRAITS);
    RUNTIME_TYPES.iter().for_each(|name| scope.reserve(name));
    types.for_each(|name| scope.reserve(name));
    scope
}

/// The scope of the parameters of one request builder.
pub(super) fn parameter_scope() -> Scope {
    Scope::with(REQUEST_WORDS)
}

/// The scope of the methods of one handle.
pub(super) fn method_scope() -> Scope {
    Scope::with(HANDLE_WORDS)
}

/// The scope of the families of one client.
pub(super) fn family_scope() -> Scope {
    Scope::with(CLIENT_WORDS)
}

/// The scope of the credentials of one client.
pub(super) fn scheme_scope() -> Scope {
    Scope::with(BUILDER_WORDS)
}

/// The setter of a field.
pub(super) fn setter(field: &str) -> String {
    let bare = field.strip_prefix("r#").unwrap_or(field);
    if MODEL_WORDS.contains(&bare) { format!("with_{bare}") } else { field.to_owned() }
}

/// A name in the form of a type or variant; `lead` starts one that would start with a digit.
pub(super) fn type_name(wire: &str, lead: char) -> String {
    let name = spell(wire).to_upper_camel_case();
    let name = if name.is_empty() { "Empty".to_owned() } else { name };
    let name = if starts_like_a_name(&name) { name } else { format!("{lead}{name}") };
    if NEVER.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// A name in the form of a field, method or module, still without `r#`.
pub(super) fn value_name(wire: &str) -> String {
    let name = spell(wire).to_snake_case();
    let name = if name.is_empty() { "empty".to_owned() } else { name };
    let name = if starts_like_a_name(&name) { name } else { format!("_{name}") };
    if NEVER.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// A name in the form of a constant.
pub(super) fn constant_name(wire: &str) -> String {
    let name = spell(wire).to_shouty_snake_case();
    if starts_like_a_name(&name) { name } else { format!("_{name}") }
}

/// A value name as an identifier: raw where it is a keyword.
pub(super) fn identifier(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// The words of a name, lower-case.
pub(super) fn words(wire: &str) -> Vec<String> {
    let snake = spell(wire).to_snake_case();
    snake.split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A [`Name`] from the two spellings.
pub(super) fn name(wire: &str, rust: String) -> Name {
    Name { wire: wire.to_owned(), rust }
}

/// The words of an operation id without the family's own words, so that `listFlagVersions` of
/// `flags` is `list_versions`. `None` when nothing would be left.
pub(super) fn without_family(operation: &[String], family: &[String]) -> Option<Vec<String>> {
    let last = family.last()?;
    for form in singular_and_plural(last) {
        let mut pattern = family.to_vec();
        if let Some(word) = pattern.last_mut() {
            word.clone_from(&form);
        }
        let found = operation.windows(pattern.len()).position(|window| window == pattern);
        if let Some(start) = found {
            let mut rest = operation.to_vec();
            rest.drain(start..start + pattern.len());
            return if rest.is_empty() { None } else { Some(rest) };
        }
    }
    None
}

/// A word as it stands, without and with the endings of an English plural.
fn singular_and_plural(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if let Some(stem) = word.strip_suffix("ies") {
        forms.push(format!("{stem}y"));
    }
    for ending in ["es", "s"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 1) {
            forms.push(stem.to_owned());
        }
    }
    forms.push(format!("{word}s"));
    forms
}

/// Whether a name can start an identifier.
fn starts_like_a_name(name: &str) -> bool {
    name.chars().next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
}

/// The text with everything that no identifier may hold turned into words or gaps.
fn spell(wire: &str) -> String {
    let signed = match wire.strip_prefix(['-', '+']) {
        Some(rest) if rest.chars().any(char::is_alphanumeric) => {
            let sign = if wire.starts_with('-') { "minus" } else { "plus" };
            format!("{sign} {rest}")
        }
        _ => wire.to_owned(),
    };
    let plain: String =
        signed.chars().map(|c| if unicode_ident::is_xid_continue(c) { c } else { ' ' }).collect();
    if plain.chars().any(char::is_alphanumeric) {
        return plain;
    }
    let mut words = Vec::new();
    for symbol in wire.chars() {
        match SYMBOLS.iter().find(|(known, _)| *known == symbol) {
            Some((_, word)) => words.push((*word).to_owned()),
            None => words.push(format!("u{:x}", u32::from(symbol))),
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_and_say_what_the_wire_says() {
        for (wire, value, ty) in [
            ("projectId", "project_id", "ProjectId"),
            ("type", "type", "Type"),
            ("self", "self_", "Self_"),
            ("1st", "_1st", "T1st"),
            ("+1", "plus_1", "Plus1"),
            ("-1", "minus_1", "Minus1"),
            ("-created_at", "minus_created_at", "MinusCreatedAt"),
            ("%", "percent", "Percent"),
            (">=", "greater_equal", "GreaterEqual"),
            ("≠", "u2260", "U2260"),
            ("", "empty", "Empty"),
            (" ", "blank", "Blank"),
            ("_", "underscore", "Underscore"),
            ("a/b", "a_b", "AB"),
            ("a\"); panic!(", "a_panic", "APanic"),
        ] {
            assert_eq!(value_name(wire), value, "{wire}");
            assert_eq!(type_name(wire, 'T'), ty, "{wire}");
        }
    }

    #[test]
    fn a_taken_name_gets_its_role_and_then_a_number() {
        let mut scope = Scope::with(&["send"]);
        assert_eq!(scope.take("send", "query", "_").rust, "send_query");
        assert_eq!(scope.take("send", "query", "_").rust, "send_2");
        assert!(scope.take("send", "query", "_").numbered);
    }

    #[test]
    fn an_operation_drops_the_words_of_its_family() {
        for (operation, family, method) in [
            ("listFlags", "flags", "list"),
            ("listFlagVersions", "flags", "list_versions"),
            ("bulkDeleteFlagVariantUsers", "flags", "bulk_delete_variant_users"),
            ("updateMutexSlot", "mutexes", "update_slot"),
            ("getPolicy", "policies", "get"),
            ("findPetsByStatus", "pet", "find_by_status"),
        ] {
            let rest = without_family(&words(operation), &words(family)).expect("words are left");
            assert_eq!(rest.join("_"), method);
        }
        assert_eq!(without_family(&words("flags"), &words("flags")), None);
    }
}
