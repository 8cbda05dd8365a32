//! Keywords beside the `$ref` of a schema.

use super::Translator;
use crate::check::REF;
use crate::piece::{Data, Members, Piece};

/// Keywords that say something about a schema and nothing about its values.
const SAYINGS: &[&str] = &[
    "title",
    "description",
    "summary",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
    "$comment",
];

/// Whether a keyword only describes.
pub(super) fn is_saying(key: &str) -> bool {
    SAYINGS.contains(&key) || key.starts_with("x-")
}

impl Translator<'_> {
    /// In 3.1 all of them count, as if the reference stood in `allOf`.
    pub(super) fn beside_reference(&mut self, members: &mut Members, part: bool) {
        if members.len() < 2 || members.get(REF).and_then(Piece::text).is_none() {
            return;
        }
        // A part of a composition is known by the name that it refers to, and its type is there.
        if part && members.keys().all(|key| [REF, "type"].contains(&key.as_str()) || is_saying(key))
        {
            return members.retain(|key, _| key == REF);
        }
        let Some(reference) = members.shift_remove(REF) else { return };
        let (key, at) = (reference.key, reference.span);
        let reference = Piece::map(Members::from([(REF.to_owned(), reference)]), at);
        let all = members
            .entry("allOf".to_owned())
            .or_insert_with(|| Piece { key, ..Piece::list(Vec::new(), at) });
        if let Data::List(parts) = &mut all.data {
            parts.insert(0, reference);
        }
    }
}
