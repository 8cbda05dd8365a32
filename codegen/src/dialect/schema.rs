//! Schemas: from JSON Schema 2020-12 to those of OpenAPI 3.0.

use serde_json::{Value, json};

use super::Translator;
use crate::check::{Kind, SCHEMA};
use crate::piece::{Data, Members, Piece};

/// Bound, the same without its own value.
const BOUNDS: &[(&str, &str)] = &[("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")];

impl Translator<'_> {
    /// Translates a schema and all below it. `part`: it is a member of `allOf`, `oneOf` or `anyOf`.
    pub(super) fn schema(&mut self, piece: &mut Piece, part: bool) {
        self.flag(piece);
        let at = piece.place();
        let Some(members) = piece.members_mut() else { return };
        self.older_words(members);
        self.null_members(members);
        self.const_members(members);
        self.constant(members);
        self.type_list(members);
        bounds(members);
        self.arrays(members);
        self.objects(members);
        self.content(members);
        self.examples(members);
        self.words(members, at);
        self.beside_reference(members, part);
        self.below(members);
    }

    /// Schemas that are true or false.
    fn flag(&mut self, piece: &mut Piece) {
        let Some(flag) = piece.flag() else { return };
        let at = piece.place();
        let mut members = Members::new();
        if !flag {
            self.leave_out(at, "the schema `false` allows no value; it is read as any value");
            members.insert("not".to_owned(), Piece::written(json!({}), at));
        }
        piece.data = Data::Map(members);
    }

    /// What is of OpenAPI 3.0, and of no meaning in 3.1, is meant all the same.
    fn older_words(&mut self, members: &Members) {
        if let Some(nullable) = members.get("nullable") {
            let message = "`nullable` is of OpenAPI 3.0; it is read as it was meant there";
            let help = "write `type: [..., \"null\"]`";
            self.warn("other-version", nullable.place(), message, help);
        }
        for (bound, exclusive) in BOUNDS {
            let Some(piece) = members.get(*exclusive).filter(|piece| piece.flag().is_some()) else {
                continue;
            };
            let message = format!(
                "`{exclusive}` as a flag is of OpenAPI 3.0; it is read as it was meant there"
            );
            let help = format!("write the number of `{bound}` here and remove `{bound}`");
            self.warn("other-version", piece.place(), message, help);
        }
    }

    /// The first of several examples is the one that is shown.
    fn examples(&mut self, members: &mut Members) {
        let Some(examples) = members.shift_remove("examples") else { return };
        let at = examples.place();
        match examples.data {
            Data::List(items) => {
                if let Some(first) = items.into_iter().next() {
                    let first = Piece { key: examples.key, ..first };
                    members.entry("example".to_owned()).or_insert(first);
                }
            }
            Data::Map(_) | Data::Scalar(_) => {
                let message = "`examples` of a schema is a list; it is left out";
                self.warn("wrong-kind", at, message, "write a list");
            }
        }
    }

    fn below(&mut self, members: &mut Members) {
        for (key, member) in members.iter_mut() {
            let part = ["allOf", "oneOf", "anyOf"].contains(&key.as_str());
            match SCHEMA.kind_of(key) {
                Some(Kind::OrRef(_)) => self.under(key, |translator| match &mut member.data {
                    Data::List(items) => translator.parts(items, false),
                    Data::Scalar(_) | Data::Map(_) => translator.schema(member, false),
                }),
                Some(Kind::SchemaOrFlag) if member.members().is_some() => {
                    self.under(key, |translator| translator.schema(member, false));
                }
                Some(Kind::List(Kind::OrRef(_))) => self.under(key, |translator| {
                    if let Data::List(items) = &mut member.data {
                        translator.parts(items, part);
                    }
                }),
                Some(Kind::Map(Kind::OrRef(_))) => self.under(key, |translator| {
                    for (name, member) in member.members_mut().into_iter().flatten() {
                        translator.under(name, |translator| translator.schema(member, false));
                    }
                }),
                _ => {}
            }
        }
    }

    fn parts(&mut self, items: &mut [Piece], part: bool) {
        for (index, item) in items.iter_mut().enumerate() {
            self.under(&index.to_string(), |translator| translator.schema(item, part));
        }
    }
}

/// Bounds with numbers of their own. Where both are given, the narrower one counts.
fn bounds(members: &mut Members) {
    for (bound, exclusive) in BOUNDS {
        let Some(Value::Number(limit)) = members.get(*exclusive).and_then(Piece::scalar) else {
            continue;
        };
        let (limit, own) = (limit.as_f64(), members.get(*bound).and_then(Piece::scalar));
        let narrower = match (own.and_then(Value::as_f64), limit) {
            (Some(own), Some(limit)) if *bound == "minimum" => own > limit,
            (Some(own), Some(limit)) => own < limit,
            _ => false,
        };
        let Some(piece) = members.shift_remove(*exclusive) else { continue };
        if !narrower {
            let flag = Piece { key: piece.key, ..Piece::written(true.into(), piece.span) };
            members.insert((*bound).to_owned(), piece);
            members.insert((*exclusive).to_owned(), flag);
        }
    }
}
