//! Lists: `prefixItems`, and `items` as a flag.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::Translator;
use crate::piece::{Data, Members, Piece};

impl Translator<'_> {
    pub(super) fn arrays(&mut self, members: &mut Members) {
        self.tuple(members);
        if let Some(items) = members.get_mut("items")
            && let Some(flag) = items.flag()
        {
            let at = items.place();
            items.data = Data::Map(Members::new());
            if !flag {
                members
                    .entry("maxItems".to_owned())
                    .or_insert_with(|| Piece::written(0.into(), at));
            }
        }
        let kind = members.get("type");
        let at = kind.filter(|kind| kind.text() == Some("array")).map(|kind| kind.span);
        if let Some(at) = at {
            members.entry("items".to_owned()).or_insert_with(|| Piece::written(json!({}), at));
        }
    }

    /// Lists with a schema for each place become lists of any of them.
    fn tuple(&mut self, members: &mut Members) {
        let Some(prefix) = members.shift_remove("prefixItems") else { return };
        let at = prefix.place();
        let Data::List(mut parts) = prefix.data else { return };
        let length = parts.len() as u64;
        let most = members.get("maxItems").and_then(Piece::scalar).and_then(Value::as_u64);
        let rest =
            members.shift_remove("items").or_else(|| members.shift_remove("unevaluatedItems"));
        let closed = rest.as_ref().and_then(Piece::flag) == Some(false)
            || most.is_some_and(|most| most <= length);
        let open = match rest {
            _ if closed => false,
            Some(rest) if rest.members().is_some_and(|members| !members.is_empty()) => {
                parts.push(rest);
                false
            }
            _ => true,
        };
        let mut kinds = HashSet::new();
        parts.retain(|part| kinds.insert(part.value().to_string()));
        let (what, items) = match (open, parts.len()) {
            (true, _) | (_, 0) => ("any value", Piece::written(json!({}), at)),
            (false, 1) => ("the one schema that all have", parts.remove(0)),
            (false, _) => {
                let list = Piece::list(parts, at);
                let any = Members::from([("anyOf".to_owned(), list)]);
                ("any of the schemas", Piece::map(any, at))
            }
        };
        self.leave_out(
            at,
            format!("`prefixItems` gives each item its own schema; items are read as {what}"),
        );
        members.insert("items".to_owned(), Piece { key: prefix.key, ..items });
        if closed && most.is_none() {
            members.insert("maxItems".to_owned(), Piece::written(length.into(), at));
        }
    }
}
