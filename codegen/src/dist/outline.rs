//! The document as its readers look for it: families, operations, what goes in and what comes out.
//! References are followed, defaults spelled out; schemas stay as they are in the values.

mod read;
mod resolve;

use serde_json::{Map, Value};

pub(crate) use resolve::{component, resolve, target};

use crate::config::Config;
use crate::reference::{query, variable};

/// A document in the order of its pages.
#[derive(Debug)]
pub(crate) struct Outline<'a> {
    /// All values, to follow references in.
    pub(crate) tree: &'a Value,
    pub(crate) title: &'a str,
    pub(crate) version: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) servers: Vec<Server<'a>>,
    pub(crate) schemes: Vec<Scheme<'a>>,
    pub(crate) families: Vec<Family<'a>>,
}

/// Where the API is served, variables at their defaults.
#[derive(Debug)]
pub(crate) struct Server<'a> {
    pub(crate) url: String,
    pub(crate) description: Option<&'a str>,
}

/// How a credential travels.
#[derive(Debug)]
pub(crate) struct Scheme<'a> {
    pub(crate) key: &'a str,
    /// The variable of a shell, or of a collection, that holds the credential.
    pub(crate) variable: String,
    pub(crate) kind: SchemeKind<'a>,
    pub(crate) description: Option<&'a str>,
}

/// How a credential travels.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SchemeKind<'a> {
    /// `Authorization: Bearer …`
    Bearer,
    /// `Authorization: Basic …`
    Basic,
    /// Another scheme of HTTP.
    Http(&'a str),
    Header(&'a str),
    Query(&'a str),
    Cookie(&'a str),
    /// A token of OAuth 2 or OpenID Connect.
    Token(&'a str),
}

/// The operations of one tag.
#[derive(Debug)]
pub(crate) struct Family<'a> {
    /// `x-displayName` or the tag.
    pub(crate) title: &'a str,
    pub(crate) description: Option<&'a str>,
    /// File name of its page, without ending.
    pub(crate) file: String,
    pub(crate) operations: Vec<Operation<'a>>,
}

/// One method on one path.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    /// `operationId`, or method and path.
    pub(crate) id: String,
    /// Upper case.
    pub(crate) method: String,
    pub(crate) path: &'a str,
    pub(crate) summary: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) deprecated: bool,
    pub(crate) undocumented: bool,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) body: Option<Body<'a>>,
    pub(crate) answers: Vec<Answer<'a>>,
    /// Alternatives; each is a list of keys of schemes. None: no credential.
    pub(crate) security: Vec<Vec<&'a str>>,
    pub(crate) retry: Retry,
    pub(crate) paging: Option<Paging<'a>>,
    /// Where this one is served, if elsewhere than the others.
    pub(crate) server: Option<Server<'a>>,
}

/// `x-retry`, or what the method implies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    Safe,
    Idempotent,
    OnRefusal,
}

/// `x-pagination`
#[derive(Debug)]
pub(crate) struct Paging<'a> {
    pub(crate) cursor: &'a str,
    pub(crate) next: &'a str,
    pub(crate) items: &'a str,
    pub(crate) limit: Option<&'a str>,
    pub(crate) max: Option<u64>,
}

/// A parameter, or a header of an answer.
#[derive(Debug)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    /// `path`, `query`, `header` or `cookie`.
    pub(crate) place: &'a str,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) description: Option<&'a str>,
    pub(crate) schema: Option<&'a Value>,
    pub(crate) example: Option<&'a Value>,
    /// As it stands: what its style is, and its name.
    raw: &'a Value,
}

impl Parameter<'_> {
    /// The pairs of a query with this value.
    pub(crate) fn pairs(&self, value: &Value) -> Vec<(String, String)> {
        query::pairs(self.raw, value)
    }

    /// The value in a path, a header or a cookie.
    pub(crate) fn text(&self, value: &Value) -> String {
        query::simple(self.raw, value)
    }
}

/// What goes out.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    pub(crate) required: bool,
    pub(crate) description: Option<&'a str>,
    pub(crate) contents: Vec<Content<'a>>,
}

/// What comes back.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    /// `200`, `4XX` or `default`.
    pub(crate) status: &'a str,
    pub(crate) description: &'a str,
    /// `x-no-content`
    pub(crate) says_nothing: bool,
    pub(crate) headers: Vec<Parameter<'a>>,
    pub(crate) contents: Vec<Content<'a>>,
}

impl Answer<'_> {
    pub(crate) fn is_success(&self) -> bool {
        self.status.starts_with('2')
    }
}

/// A body in one media type.
#[derive(Debug)]
pub(crate) struct Content<'a> {
    pub(crate) media_type: &'a str,
    pub(crate) schema: Option<&'a Value>,
    /// The first one given.
    pub(crate) example: Option<&'a Value>,
    /// How lists of a form are written that are not written each item apart.
    pub(crate) encoding: Option<&'a Value>,
}

impl Content<'_> {
    /// The pairs of a form.
    pub(crate) fn fields(&self, members: &Map<String, Value>) -> Vec<(String, String)> {
        query::fields(self.encoding, members)
    }

    /// Whether it is written as JSON.
    pub(crate) fn is_json(&self) -> bool {
        is_json(self.media_type)
    }
}

/// Whether a media type is JSON, by name or by suffix.
pub(crate) fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name.ends_with("/json") || name.ends_with("+json")
}

/// The content to show: JSON if there is any.
pub(crate) fn preferred<'c, 'a>(contents: &'c [Content<'a>]) -> Option<&'c Content<'a>> {
    contents.iter().find(|content| content.is_json()).or_else(|| contents.first())
}

impl<'a> Outline<'a> {
    /// Reads the values of a document that `check` has found clean.
    pub(crate) fn of(tree: &'a Value) -> Self {
        read::outline(tree)
    }

    /// The same with the name that the client has for the variable of its key.
    pub(crate) fn of_client(tree: &'a Value, config: &Config) -> Self {
        let mut outline = Self::of(tree);
        let only = tree["components"]["securitySchemes"].as_object().map(Map::len) == Some(1);
        for scheme in outline.schemes.iter_mut().filter(|_| only) {
            if let Some(name) = &config.key_variable {
                scheme.variable = variable(name);
            }
        }
        outline
    }

    /// All operations with their families.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation<'a>> {
        self.families.iter().flat_map(|family| &family.operations)
    }

    /// The scheme of this key.
    pub(crate) fn scheme(&self, key: &str) -> Option<&Scheme<'a>> {
        self.schemes.iter().find(|scheme| scheme.key == key)
    }

    /// `base` of addresses: the first server.
    pub(crate) fn base(&self) -> &str {
        self.servers.first().map_or("", |server| server.url.as_str())
    }
}
