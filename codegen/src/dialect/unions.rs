//! `oneOf` and `anyOf` with a member that is null.

use super::Translator;
use super::consts::is_null;
use super::siblings::is_saying;
use super::types::null_too;
use crate::check::REF;
use crate::piece::{Data, Members, Piece};

impl Translator<'_> {
    /// A member that is null makes the whole nullable; one that is left alone is the whole.
    pub(super) fn null_members(&mut self, members: &mut Members) {
        for keyword in ["oneOf", "anyOf"] {
            let Some(piece) = members.get_mut(keyword) else { continue };
            let at = piece.place();
            let Data::List(parts) = &mut piece.data else { continue };
            let before = parts.len();
            parts.retain(|part| !is_null(part));
            if parts.len() == before {
                continue;
            }
            let left = parts.len();
            null_too(members, at);
            if left == 0 {
                members.shift_remove(keyword);
            } else if left == 1 {
                alone(members, keyword);
            }
        }
    }
}

/// Puts the only member of a union in its place.
fn alone(members: &mut Members, keyword: &str) {
    let Some(list) = members.shift_remove(keyword) else { return };
    let key = list.key;
    let Data::List(mut parts) = list.data else { return };
    let Some(part) = parts.pop() else { return };
    let fits = |inner: &Members| {
        !inner.contains_key(REF)
            && inner.keys().all(|key| {
                !members.contains_key(key)
                    || is_saying(key)
                    || key == "nullable"
                    || key == "type" && same_type(members, inner)
            })
    };
    match part.data {
        Data::Map(inner) if fits(&inner) => {
            for (key, piece) in inner {
                members.entry(key).or_insert(piece);
            }
        }
        data => {
            let part = Piece { data, ..part };
            let at = part.span;
            let all = members
                .entry("allOf".to_owned())
                .or_insert_with(|| Piece { key, ..Piece::list(Vec::new(), at) });
            if let Data::List(parts) = &mut all.data {
                parts.push(part);
            }
        }
    }
}

fn same_type(one: &Members, other: &Members) -> bool {
    one.get("type").map(Piece::value) == other.get("type").map(Piece::value)
}
