//! OpenAPI 3.1 in the words of OpenAPI 3.0, before anything else looks at a document.
//!
//! What says the same in both is translated without a word. What 3.0 cannot say is left out with a
//! warning at its place, in favour of a type that takes every value that the author allows.

mod arrays;
mod consts;
mod content;
mod document;
mod objects;
mod overrides;
mod schema;
mod siblings;
mod types;
mod unions;
mod words;

use serde_json::Value;

use crate::check::{Kind, OPENAPI, Object, REF, SCHEMA};
use crate::diagnostic::Severity;
use crate::load::Problem;
use crate::piece::{Data, Piece};
use crate::source::{Span, push};

/// The version that stands in documents that were translated.
const READ_AS: &str = "3.0.3";

/// Versions of the standard that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    V30,
    V31,
    /// Read by the rules of 3.1.
    V32,
}

impl Dialect {
    /// The version of a document; none where it is not said or not known.
    pub fn of(tree: &Value) -> Option<Self> {
        let version = tree.get("openapi")?.as_str()?;
        let minor = version.strip_prefix("3.")?.split(['.', '-']).next()?;
        match minor {
            "0" => Some(Self::V30),
            "1" => Some(Self::V31),
            "2" => Some(Self::V32),
            _ => None,
        }
    }

    /// Whether schemas are JSON Schema.
    pub fn is_newer(self) -> bool {
        match self {
            Self::V30 => false,
            Self::V31 | Self::V32 => true,
        }
    }
}

/// Translates a whole document.
pub(crate) fn translate(root: &mut Piece, dialect: Dialect, problems: &mut Vec<Problem>) {
    let mut translator = Translator { problems, pointer: String::new(), overridden: Vec::new() };
    translator.document(root, dialect);
    translator.object(root, &OPENAPI);
    translator.override_references(root);
}

/// The state of one translation.
struct Translator<'p> {
    problems: &'p mut Vec<Problem>,
    pointer: String,
    /// References, other than to schemas, with texts of their own beside them.
    overridden: Vec<String>,
}

impl Translator<'_> {
    fn warn(
        &mut self,
        code: &'static str,
        at: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(Problem {
            severity: Severity::Warning,
            code,
            pointer: self.pointer.clone(),
            span: at,
            message: message.into(),
            help: help.into(),
        });
    }

    /// What cannot be said of a type is left out.
    fn leave_out(&mut self, at: Span, message: impl Into<String>) {
        let help = "nothing to do: every value that is allowed can be read and written";
        self.warn("unsupported-keyword", at, message, help);
    }

    fn under(&mut self, key: &str, act: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push(&mut self.pointer, key);
        act(self);
        self.pointer.truncate(length);
    }

    fn value(&mut self, piece: &mut Piece, kind: &'static Kind) {
        match kind {
            Kind::OrRef(object) if is_schema(object) => self.schema(piece, false),
            Kind::SchemaOrFlag => self.schema(piece, false),
            Kind::One(object) | Kind::OrRef(object) => self.object(piece, object),
            Kind::List(kind) => {
                let Data::List(items) = &mut piece.data else { return };
                for (index, item) in items.iter_mut().enumerate() {
                    self.under(&index.to_string(), |translator| translator.value(item, kind));
                }
            }
            Kind::Map(kind) => {
                for (name, member) in piece.members_mut().into_iter().flatten() {
                    self.under(name, |translator| translator.value(member, kind));
                }
            }
            Kind::Text | Kind::Flag | Kind::Number | Kind::Count | Kind::Any | Kind::Choice(_) => {}
        }
    }

    fn object(&mut self, piece: &mut Piece, object: &'static Object) {
        if piece.text_of(REF).is_some() {
            return self.note_override(piece);
        }
        self.rules_of(piece, object.name);
        for (key, member) in piece.members_mut().into_iter().flatten() {
            if let Some(kind) = object.kind_of(key) {
                self.under(key, |translator| translator.value(member, kind));
            }
        }
    }
}

fn is_schema(object: &'static Object) -> bool {
    std::ptr::eq(object, &raw const SCHEMA)
}

#[cfg(test)]
mod tests;
