//! A request that is well formed: which operation, with which values, by whom.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::refusal::Refusal;
use crate::spec::Operation;
use crate::state::{self, List, Page};
use crate::walk;

/// What an operation is asked to do.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    /// The projects that the key reaches.
    pub(crate) scope: BTreeSet<u64>,
    pub(crate) now: Duration,
    /// Items in a page whose size is not asked for.
    pub(crate) page_size: usize,
}

/// What a success carries.
#[derive(Debug, PartialEq)]
pub(crate) enum Reply {
    /// JSON text.
    Json(Vec<u8>),
    /// The bare text `OK`.
    Ok,
}

impl Reply {
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Refusal> {
        // The client's types always serialize: no keys but text.
        serde_json::to_vec(value).map(Self::Json).map_err(|error| Refusal::bad(error.to_string()))
    }

    /// The part of a list that `page` asks for; the entries come newest first.
    pub(crate) fn page<T: Serialize>(
        page: &Page,
        entries: impl Iterator<Item = (u64, T)>,
    ) -> Result<Self, Refusal> {
        let (taken, next) = page.take(entries);
        Self::json(&Envelope { name: page.list.name(), entries: taken, next })
    }
}

/// A page as it is sent: `{"flags": [], "nextCursor": null}`
struct Envelope<T> {
    name: &'static str,
    entries: Vec<T>,
    next: Option<String>,
}

impl<T: Serialize> Serialize for Envelope<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry(self.name, &self.entries)?;
        members.serialize_entry("nextCursor", &self.next)?;
        members.end()
    }
}

impl Call {
    pub(crate) fn segment(&self, name: &str) -> &str {
        find(&self.path, name).unwrap_or_default()
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// An id of the path. What is no number names nothing.
    pub(crate) fn id(&self, name: &str) -> Result<u64, Refusal> {
        let text = self.segment(name);
        state::number(text).ok_or_else(|| Refusal::not_found(format!("`{text}`")))
    }

    /// The body, which the document allows, as a type of the client.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        T::deserialize(&self.body).map_err(|error| Refusal::bad(format!("body: {error}")))
    }

    pub(crate) fn page(&self, list: List) -> Result<Page, Refusal> {
        let limit = self.query("limit").and_then(|limit| limit.parse().ok());
        let cursor = self.query("cursor").filter(|cursor| !cursor.is_empty());
        Page::new(list, limit.unwrap_or(self.page_size), cursor)
    }

    pub(crate) fn reaches(&self, project: u64) -> Result<(), Refusal> {
        match self.scope.contains(&project) {
            true => Ok(()),
            false => Err(Refusal::Forbidden(format!("project {project}"))),
        }
    }

    /// A project that the body names, which the key must reach.
    pub(crate) fn project(&self, id: &str) -> Result<u64, Refusal> {
        let project = state::number(id)
            .ok_or_else(|| Refusal::bad(format!("projectId: `{id}` is not an id")))?;
        self.reaches(project).map(|()| project)
    }
}

/// An id in JSON, which comes as text and as a number.
pub(crate) fn id_in(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => state::number(text),
        value => state::number(&walk::whole(value)?.to_string()),
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
