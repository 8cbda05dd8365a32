//! `contentEncoding` and `contentMediaType`: bytes in texts.

use super::Translator;
use crate::piece::{Members, Piece};

impl Translator<'_> {
    /// Bytes that are written as text keep being text; raw bytes are binary.
    pub(super) fn content(&mut self, members: &mut Members) {
        let encoding = members.shift_remove("contentEncoding");
        let media_type = members.shift_remove("contentMediaType");
        if let Some(schema) = members.shift_remove("contentSchema") {
            let message = "`contentSchema` is left out: the text is handed over as it is";
            self.leave_out(schema.place(), message);
        }
        let Some(first) = encoding.as_ref().or(media_type.as_ref()) else { return };
        let at = first.place();
        let encoding = encoding.as_ref().and_then(Piece::text).map(str::to_ascii_lowercase);
        let format = match encoding.as_deref() {
            Some("base64") => Some("byte"),
            Some("binary") => Some("binary"),
            Some(_) => None,
            None => media_type
                .as_ref()
                .and_then(Piece::text)
                .filter(|kind| is_binary(kind))
                .map(|_| "binary"),
        };
        let written = |word: &str| Piece::written(word.into(), at);
        if !["type", "allOf", "oneOf", "anyOf", "$ref"].iter().any(|key| members.contains_key(*key))
        {
            members.insert("type".to_owned(), written("string"));
        }
        let is_text = members.get("type").and_then(Piece::text).is_none_or(|kind| kind == "string");
        if let Some(format) = format.filter(|_| is_text) {
            members.entry("format".to_owned()).or_insert_with(|| written(format));
        }
    }
}

/// Whether what is of this media type is no text.
pub(super) fn is_binary(media_type: &str) -> bool {
    let first = media_type.split([',', ';']).next().unwrap_or_default().trim().to_ascii_lowercase();
    let text = first.starts_with("text/")
        || ["json", "xml", "yaml", "javascript", "x-www-form-urlencoded", "graphql", "jwt", "sql"]
            .iter()
            .any(|word| first.ends_with(word));
    first.contains('/') && !text
}
