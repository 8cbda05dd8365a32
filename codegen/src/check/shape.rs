//! The words in which [`super::table`] is written.

use serde_json::{Map, Value};

use super::walk::Walk;

/// What may stand at a place.
#[derive(Debug)]
pub enum Kind {
    Text,
    Flag,
    Number,
    /// A whole number from 0.
    Count,
    /// Data: nothing below is looked at.
    Any,
    /// One of these words.
    Choice(&'static [&'static str]),
    One(&'static Object),
    /// The object or a reference to one.
    OrRef(&'static Object),
    SchemaOrFlag,
    List(&'static Kind),
    /// An object whose keys are names.
    Map(&'static Kind),
}

/// What happens when a member is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Optional,
    Required,
    /// Required, but a client can be made without: empty text stands in.
    EmptyText,
    /// Required, but a client can be made without: an empty object stands in.
    EmptyObject,
}

#[derive(Debug)]
pub struct Member {
    pub key: &'static str,
    pub kind: Kind,
    pub need: Need,
}

/// Keys beyond those of the table. Extensions are allowed in any case.
#[derive(Debug)]
pub enum Rest {
    Refused,
    /// Paths, which begin with a slash.
    Paths(Kind),
    /// Status codes.
    Statuses(Kind),
    /// Runtime expressions.
    Expressions(Kind),
}

/// A rule that a table cannot say.
pub type Rule = fn(&mut Walk<'_>, &mut Map<String, Value>);

#[derive(Debug)]
pub struct Object {
    pub name: &'static str,
    pub members: &'static [Member],
    pub rest: Rest,
    /// Runs before the members are looked at, to mend them.
    pub before: Option<Rule>,
    /// Runs when every member is of its kind.
    pub after: Option<Rule>,
}

impl Object {
    /// The member of this key.
    pub fn member(&self, key: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.key == key)
    }

    /// What may stand under this key; none for extensions and unknown keys.
    pub fn kind_of(&'static self, key: &str) -> Option<&'static Kind> {
        if let Some(member) = self.member(key) {
            return Some(&member.kind);
        }
        match &self.rest {
            Rest::Refused => None,
            Rest::Paths(kind) => key.starts_with('/').then_some(kind),
            Rest::Statuses(kind) | Rest::Expressions(kind) => {
                (!key.starts_with("x-")).then_some(kind)
            }
        }
    }
}
