//! Texts beside references to anything but schemas, which are said in place of the target's own.

use super::Translator;
use crate::check::{REF, internal};
use crate::piece::{Data, Piece};

/// Keywords of schemas that become types of their own: a copy would be another type.
const NAMED: &[&str] = &["properties", "allOf", "oneOf", "anyOf", "enum", "additionalProperties"];
/// What may stand beside a reference.
const TEXTS: &[&str] = &["description", "summary"];
/// Members by which an Example object is known, which alone has a summary.
const EXAMPLE: &[&str] = &["value", "externalValue", "summary"];
/// Values that are copied in all.
const MAX_COPIED: usize = 500_000;
/// References to references that are followed.
const MAX_HOPS: usize = 16;

impl Translator<'_> {
    /// Keeps a reference for later, when all of the document is translated.
    pub(super) fn note_override(&mut self, piece: &Piece) {
        if TEXTS.iter().any(|key| piece.text_of(key).is_some()) {
            self.overridden.push(self.pointer.clone());
        }
    }

    /// Writes the targets of such references in their place, with the texts that stand there.
    pub(super) fn override_references(&mut self, root: &mut Piece) {
        let mut copied = 0;
        for pointer in std::mem::take(&mut self.overridden) {
            let Some(piece) = root.at(&pointer) else { continue };
            let target = target(root, piece).filter(|target| !makes_types(target));
            copied += target.map_or(0, Piece::size);
            let target = target.filter(|_| copied <= MAX_COPIED).cloned();
            let Some(piece) = root.at_mut(&pointer) else { continue };
            let Some(members) = piece.members_mut() else { continue };
            let texts: Vec<(String, Piece)> = TEXTS
                .iter()
                .filter_map(|key| Some(((*key).to_owned(), members.shift_remove(*key)?)))
                .collect();
            if let Some(target) = target {
                piece.data = target.data;
                let Some(members) = piece.members_mut() else { continue };
                let is_example = members.keys().any(|key| EXAMPLE.contains(&key.as_str()));
                members.extend(texts.into_iter().filter(|(key, _)| is_example || key != "summary"));
            } else if let Some((key, text)) = texts.first() {
                let message =
                    format!("`{key}` beside this reference is left out: the target's own is shown");
                self.pointer.clone_from(&pointer);
                self.warn("ignored-sibling", text.place(), message, "write the text at the target");
            }
        }
        self.pointer.clear();
    }
}

/// What a reference ends at.
fn target<'a>(root: &'a Piece, piece: &'a Piece) -> Option<&'a Piece> {
    let mut piece = piece;
    for _ in 0..MAX_HOPS {
        match piece.text_of(REF) {
            Some(text) => piece = root.at(&internal(text)?)?,
            None => return Some(piece),
        }
    }
    None
}

/// Whether a copy would make types a second time.
fn makes_types(piece: &Piece) -> bool {
    match &piece.data {
        Data::Scalar(_) => false,
        Data::List(items) => items.iter().any(makes_types),
        Data::Map(members) => {
            members.iter().any(|(key, member)| NAMED.contains(&key.as_str()) || makes_types(member))
        }
    }
}
