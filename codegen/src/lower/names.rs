//! Every Rust name, decided here and nowhere else.
//!
//! The rules are stable: words by letter case and punctuation, symbols as words where nothing else
//! is left, a suffix by role where a name is taken by the language or by us, and a number in
//! document order where two names of the document become one.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::ir::Name;
use crate::keywords::{is_never, is_raw};

/// Features that every client has, and its dependencies, which cargo may take for features.
const FEATURES: &[&str] = &[
    "all",
    "blocking",
    "bytes",
    "default",
    "fastrand",
    "futures-core",
    "h2",
    "http",
    "httpdate",
    "jiff",
    "native-tls",
    "percent-encoding",
    "reqwest",
    "rustls",
    "serde",
    "serde-json",
    "tokio",
    "tracing",
    "zeroize",
];

/// The longest name: files are called after it, and some systems stop at 255 bytes.
const MAX_LENGTH: usize = 100;

/// Traits and macros that generated code names; a type of the same name would hide them.
const TRAITS: &[&str] = &[
    "AsRef",
    "Batched",
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
    "New",
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
    "Batch",
    "Batched",
    "Box",
    "BoxFuture",
    "Bytes",
    "CallOptions",
    "Client",
    "ClientBuilder",
    "Clock",
    "Core",
    "CoreBuilder",
    "Credential",
    "Cursor",
    "Date",
    "DateTime",
    "Err",
    "Error",
    "FlexInteger",
    "FlexText",
    "Future",
    "HashMap",
    "Items",
    "Method",
    "None",
    "Nullable",
    "Observer",
    "Ok",
    "Operation",
    "Option",
    "Pacer",
    "Page",
    "Pages",
    "Parts",
    "Pin",
    "Quota",
    "RateLimits",
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
    "in_chunks",
    "into_future",
    "items",
    "new",
    "options",
    "pages",
    "raw",
    "request",
    "response",
    "send",
    "stream",
    "wait",
    "with",
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
    "or_defaults",
    "partial_cmp",
    "serialize",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
];

/// The variant of an answer that is not described.
pub(super) const OTHER_ANSWER: &str = "Other";

/// Variants of answers by their status that a status would hide.
pub(super) const ANSWER_WORDS: &[&str] = &[OTHER_ANSWER];

/// Methods of a handle that an operation would hide.
const HANDLE_WORDS: &[&str] = &["clone", "fmt", "new"];

/// Methods of the client's builder that a setter would hide.
const BUILDER_WORDS: &[&str] = &[
    "base_url",
    "build",
    "clock",
    "clone",
    "fmt",
    "http",
    "new",
    "observer",
    "pacer",
    "region",
    "retry",
    "timeouts",
    "transport",
];

/// Modules and methods of the client that a family would hide.
const CLIENT_WORDS: &[&str] = &[
    "api_key",
    "bin",
    "builder",
    "client",
    "clone",
    "core",
    "decode",
    "fmt",
    "from_env",
    "guide",
    "lib",
    "main",
    "models",
    "new",
    "quota",
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
        // `self_` and a joining `_` would be two, and `Self_2` no name of a variant.
        let stem = base.trim_end_matches('_');
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

/// The scope of the features of one crate: apart from those that every crate has, and from its
/// dependencies.
pub(super) fn feature_scope() -> Scope {
    Scope::with(FEATURES)
}

/// A name in the form of a feature, such as `code-scanning`, which may start with a digit but with no
/// hyphen.
pub(super) fn feature_name(wire: &str) -> String {
    value_name(wire).trim_start_matches('_').replace('_', "-")
}

/// The scope of what one client's builder sets: credentials and variables of servers.
pub(super) fn builder_scope() -> Scope {
    Scope::with(BUILDER_WORDS)
}

/// The setters of these fields: named like them, but for words that a setter would hide.
pub(super) fn setters(fields: &[String]) -> Vec<String> {
    let bare = |field: &str| field.strip_prefix("r#").unwrap_or(field).to_owned();
    let mut scope = Scope::with(MODEL_WORDS);
    fields.iter().for_each(|field| scope.reserve(&bare(field)));
    fields
        .iter()
        .map(|field| match MODEL_WORDS.contains(&bare(field).as_str()) {
            true => scope.take(&format!("with_{}", bare(field)), "", "_").rust,
            false => field.clone(),
        })
        .collect()
}

/// A name in the form of a type or variant; `lead` starts one that would start with a digit.
pub(super) fn type_name(wire: &str, lead: char) -> String {
    let name = spell(wire).to_upper_camel_case();
    let name = if name.is_empty() { "Empty".to_owned() } else { name };
    let name = if starts_like_a_name(&name) { name } else { format!("{lead}{name}") };
    if is_never(&name) { format!("{name}_") } else { name }
}

/// A name in the form of a field, method or module, still without `r#`.
pub(super) fn value_name(wire: &str) -> String {
    let name = spell(wire).to_snake_case();
    let name = if name.is_empty() { "empty".to_owned() } else { name };
    let lead = if name.chars().all(|c| c.is_ascii_digit()) { 'n' } else { '_' };
    let name = if starts_like_a_name(&name) { name } else { format!("{lead}{name}") };
    if is_never(&name) { format!("{name}_") } else { name }
}

/// A name in the form of a constant.
pub(super) fn constant_name(wire: &str) -> String {
    let name = spell(wire).to_shouty_snake_case();
    if starts_like_a_name(&name) { name } else { format!("_{name}") }
}

/// A value name as an identifier: raw where it is a keyword.
pub(super) fn identifier(name: &str) -> String {
    if is_raw(name) { format!("r#{name}") } else { name.to_owned() }
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
    name.chars().next().is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
}

/// The text as ASCII words: letters of other scripts by their sound, everything that no identifier
/// may hold as a gap, and symbols by name where nothing else is left. Rust takes other letters too,
/// but not in the names of files, and it warns of those that look alike.
fn spell(wire: &str) -> String {
    let sign = match wire.chars().next() {
        Some('-') => "minus ",
        Some('+') => "plus ",
        _ => "",
    };
    let plain: String = wire.chars().take(4 * MAX_LENGTH).map(letter).collect();
    let plain = plain.trim();
    let words = match plain.chars().any(|c| c.is_ascii_alphanumeric()) {
        true => format!("{sign}{plain}"),
        false => wire.chars().take(MAX_LENGTH).map(symbol).collect::<Vec<_>>().join(" "),
    };
    words.chars().take(MAX_LENGTH).collect()
}

/// A character as part of a name, or a gap.
fn letter(c: char) -> String {
    if c.is_ascii() {
        let kept = c.is_ascii_alphanumeric() || c == '_';
        return if kept { c.to_string() } else { " ".to_owned() };
    }
    if !c.is_alphanumeric() {
        return " ".to_owned();
    }
    let sound = deunicode::deunicode_char(c).unwrap_or_default();
    match !sound.trim().is_empty() && sound.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ') {
        true => sound.to_owned(),
        false => format!("u{:x}", u32::from(c)),
    }
}

/// A symbol as a word.
fn symbol(c: char) -> String {
    match SYMBOLS.iter().find(|(known, _)| *known == c) {
        Some((_, word)) => (*word).to_owned(),
        None => format!("u{:x}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_start_with_a_letter_or_a_digit() {
        for (wire, feature) in [
            ("3D Secure", "3d-secure"),
            ("3d_secure", "3d-secure"),
            ("code scanning", "code-scanning"),
        ] {
            assert_eq!(feature_name(wire), feature);
        }
    }

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
            ("24", "n24", "T24"),
            ("größe", "grosse", "Grosse"),
            ("用户", "yong_hu", "YongHu"),
            ("\u{212a}", "k", "K"),
            ("gen", "gen", "Gen"),
        ] {
            assert_eq!(value_name(wire), value, "{wire}");
            assert_eq!(type_name(wire, 'T'), ty, "{wire}");
        }
    }

    #[test]
    fn a_setter_does_not_hide_what_it_is_called_like() {
        let fields = ["build", "with_build", "r#type"].map(str::to_owned);
        assert_eq!(setters(&fields), ["with_build_2", "with_build", "r#type"]);
    }

    #[test]
    fn a_long_name_is_cut() {
        assert!(type_name(&"long".repeat(5_000), 'T').len() <= MAX_LENGTH + 1);
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
