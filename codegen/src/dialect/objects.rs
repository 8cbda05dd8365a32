//! Objects: members by pattern, and members that are allowed or forbidden as a whole.

use serde_json::json;

use super::Translator;
use crate::piece::{Data, Members, Piece};

/// Keywords by which a schema consists of others.
const COMPOSED: &[&str] = &["allOf", "oneOf", "anyOf", "$ref"];

impl Translator<'_> {
    pub(super) fn objects(&mut self, members: &mut Members) {
        self.patterns(members);
        self.unevaluated(members);
        self.forbidden(members);
    }

    /// Members whose names match a pattern are further members.
    fn patterns(&mut self, members: &mut Members) {
        let Some(patterns) = members.shift_remove("patternProperties") else { return };
        let at = patterns.place();
        let Data::Map(patterns) = patterns.data else { return };
        let further = members.get("additionalProperties");
        let closed = further.is_some_and(|further| further.flag() == Some(false));
        let mut parts: Vec<Piece> = patterns.into_values().collect();
        if let Some(further) = further.filter(|further| further.members().is_some()) {
            parts.push(further.clone());
        }
        let mixed =
            further.is_none() || further.is_some_and(|further| further.flag() == Some(true));
        let (what, schema) = if mixed || parts.is_empty() {
            ("may be anything", Piece::written(json!({}), at))
        } else if parts.len() == 1 {
            ("are of this schema", parts.remove(0))
        } else {
            let list = Piece::list(parts, at);
            let any = Members::from([("anyOf".to_owned(), list)]);
            ("are of any of the schemas", Piece::map(any, at))
        };
        let names = if closed { ", whatever their names" } else { "" };
        self.leave_out(
            at,
            format!("`patternProperties` is left out: further members {what}{names}"),
        );
        members.insert("additionalProperties".to_owned(), schema);
    }

    /// In a schema without parts, what is not evaluated is what is not declared.
    fn unevaluated(&mut self, members: &mut Members) {
        let Some(rest) = members.shift_remove("unevaluatedProperties") else { return };
        if rest.flag() == Some(true) {
            return;
        }
        let composed = COMPOSED.iter().any(|key| members.contains_key(*key));
        if composed || members.contains_key("additionalProperties") {
            let message = "`unevaluatedProperties` is left out: members of no part are kept";
            return self.leave_out(rest.place(), message);
        }
        members.insert("additionalProperties".to_owned(), rest);
    }

    /// Members with the schema `false` must not be there.
    fn forbidden(&mut self, members: &mut Members) {
        let Some(properties) = members.get_mut("properties").and_then(Piece::members_mut) else {
            return;
        };
        let names: Vec<String> = properties
            .iter()
            .filter(|(_, property)| property.flag() == Some(false))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let Some(property) = properties.shift_remove(&name) else { continue };
            let message =
                format!("the member `{name}` is forbidden by the schema `false`; it is no field");
            self.leave_out(property.place(), message);
        }
    }
}
