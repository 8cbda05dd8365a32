//! The words that Rust keeps for itself, in all editions.

/// Keywords that can be raw identifiers.
const RAW: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that cannot be identifiers at all.
const NEVER: &[&str] = &["self", "Self", "super", "crate", "_"];

/// Whether a word is a keyword that `r#` makes an identifier.
pub(crate) fn is_raw(word: &str) -> bool {
    RAW.contains(&word)
}

/// Whether a word can be no identifier, not even a raw one.
pub(crate) fn is_never(word: &str) -> bool {
    NEVER.contains(&word)
}
