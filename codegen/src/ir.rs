//! The model between reading and printing: plain data, names decided, references gone.
//!
//! It speaks HTTP and data. Whatever can fail has failed before a value of these types exists, so
//! everything that prints from it cannot fail. `cargo xtask codegen --emit ir` shows it as JSON.

mod types;

use serde::Serialize;
use serde_json::Value;

pub use types::*;

/// One word in the document and the identifier it has in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Name {
    /// As the document spells it and as it travels.
    pub wire: String,
    /// As Rust spells it: a legal identifier, raw (`r#type`) where it must be.
    pub rust: String,
}

/// Everything the document says, ready to print.
#[derive(Debug, Clone, Serialize)]
pub struct Api {
    /// Title, version and prose of the document.
    pub info: Info,
    /// Where the API is served; the first is the default.
    pub servers: Vec<Server>,
    /// The credentials that operations ask for.
    pub schemes: Vec<Scheme>,
    /// What the service allows per second and per day, if the document says so.
    pub rate_limits: Option<RateLimits>,
    /// Operations by tag, in document order.
    pub families: Vec<Family>,
    /// Every type, sorted by family and then in document order. [`TypeId`] is an index into it.
    pub types: Vec<Type>,
}

/// `info` of the document.
#[derive(Debug, Clone, Serialize)]
pub struct Info {
    /// `info.title`
    pub title: String,
    /// `info.version`
    pub version: String,
    /// `info.description`
    pub description: Option<String>,
}

/// One entry of `servers`.
#[derive(Debug, Clone, Serialize)]
pub struct Server {
    /// `x-name` or a name made from the URL; the Rust form is a variant, such as `Eu`.
    pub name: Name,
    /// Absolute, variables filled with their defaults, without a trailing slash. `None` when the
    /// document gives only a relative URL: the user must name the base URL.
    pub url: Option<String>,
    /// The URL with its variables in braces, without a trailing slash.
    pub template: String,
    /// The variables that the URL has a place for.
    pub variables: Vec<ServerVariable>,
    /// `description`
    pub description: Option<String>,
}

/// A variable of a server's URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerVariable {
    /// The Rust form names the builder's setter.
    pub name: Name,
    /// `default`
    pub default: String,
    /// `enum`; empty: any text.
    pub values: Vec<String>,
    /// `description`
    pub description: Option<String>,
}

/// One security scheme of the document.
#[derive(Debug, Clone, Serialize)]
pub struct Scheme {
    /// Key of `components.securitySchemes`; the Rust form names the builder's setter.
    pub name: Name,
    /// How the credential travels.
    pub kind: SchemeKind,
    /// `description`
    pub description: Option<String>,
}

/// How a credential travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SchemeKind {
    /// `Authorization: Bearer …`; OAuth 2 and OpenID Connect tokens travel this way too.
    Bearer,
    /// `Authorization: Basic …`
    Basic,
    /// A header of this name.
    Header(String),
    /// A query parameter of this name.
    Query(String),
    /// A cookie of this name.
    Cookie(String),
}

/// `x-rate-limits` of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RateLimits {
    /// Requests in any one second.
    pub per_second: Option<u64>,
    /// Requests in one day.
    pub per_day: Option<u64>,
    /// When a day starts, in seconds after 00:00 UTC.
    pub day_starts_at: u32,
    /// What the limits count, such as `project`.
    pub scope: Option<String>,
}

/// The operations of one tag.
#[derive(Debug, Clone, Serialize)]
pub struct Family {
    /// The tag; the Rust form names the module and the client's method, such as `flags`.
    pub name: Name,
    /// The type that holds the methods, such as `Flags`.
    pub handle: String,
    /// `description` of the tag.
    pub description: Option<String>,
    /// The feature of the crate that compiles it; `None`: always compiled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<String>,
    /// In document order.
    pub operations: Vec<Operation>,
}

/// One method on one path.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// `operationId` (or one made from method and path) and the method of the handle, such as
    /// `list_variants`.
    pub name: Name,
    /// The request builder's type, such as `ListFlagVariants`.
    pub request: String,
    /// The constant that describes the operation, such as `LIST_FLAG_VARIANTS`.
    pub constant: String,
    /// The HTTP method.
    pub method: Method,
    /// The path template as written, such as `/flags/{id}`.
    pub path: String,
    /// The query that stands in the path and goes with every request.
    pub query: Option<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// `x-undocumented`
    pub undocumented: bool,
    /// Where it is served, if not where the others are: an address, or a path (`/v2`) at their host.
    pub server: Option<String>,
    /// Path, query, header and cookie parameters, path first in the order of the template.
    pub parameters: Vec<Parameter>,
    /// The body that goes out.
    pub body: Option<Body>,
    /// What a success carries.
    pub answer: Answer,
    /// The headers of successes, if any is described.
    pub headers: Option<Headers>,
    /// A success that can be read bit by bit.
    pub stream: Option<Streamed>,
    /// The answers that are not a success, in the order of their status.
    pub errors: Vec<ErrorAnswer>,
    /// The enum of the bodies of errors, such as `PatchFlagError`, where they differ by status.
    pub error_type: Option<String>,
    /// What may be sent again after an outcome that leaves open whether it was executed.
    pub retry: Retry,
    /// Alternatives of schemes (indexes into [`Api::schemes`]); empty: no credential is sent.
    pub security: Vec<Vec<usize>>,
    /// How the list is paged, if it is.
    pub pagination: Option<Pagination>,
    /// The largest list that one call takes.
    pub batch: Option<Batch>,
}

/// The HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names are those of RFC 9110")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// As it stands in a request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }
}

/// `x-retry`, or what the method implies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Changes nothing (RFC 9110, 9.2.1).
    Safe,
    /// Twice has the effect of once (RFC 9110, 9.2.2).
    Idempotent,
    /// Only what the service has refused, or what never left, may be sent again.
    OnRefusal,
}

/// One parameter of an operation.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    /// The wire name, and the field, argument and setter of the request builder.
    pub name: Name,
    /// Where it travels.
    pub place: Place,
    /// Required ones are arguments, the others setters.
    pub required: bool,
    /// What it holds.
    pub ty: TypeRef,
    /// How it is written.
    pub style: Style,
    /// `allowReserved`: reserved characters are not percent-encoded.
    pub allow_reserved: bool,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// Bounds that are checked before sending.
    pub limits: Limits,
    /// `example`, `schema.example` or the first of `examples`.
    pub example: Option<Value>,
    /// `schema.default`: what the service assumes.
    pub default: Option<Value>,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of `in`")]
pub enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// `style` and `explode` in one, defaults applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Style {
    /// One value as its text.
    Plain,
    /// `name=a&name=b`
    Repeated,
    /// One value with the items joined by this character.
    Joined(char),
    /// Members as parameters of their own: `a=1&b=2`.
    Members,
    /// `name[a]=1&name[b]=2`
    DeepObject,
    /// An object as one value, names and values joined by this character: `a,1,b,2`.
    Flat(char),
    /// An object as one value: `a=1,b=2`.
    Pairs,
    /// `.a` and `.a,b`, exploded `.a.b` and `.k=a` (RFC 6570, section 3.2.5).
    Label {
        /// Whether each part stands by itself.
        explode: bool,
    },
    /// `;name=a` and `;name=a,b`, exploded `;name=a;name=b` and `;k=a` (RFC 6570, section 3.2.7).
    Matrix {
        /// Whether each part stands by itself.
        explode: bool,
    },
    /// JSON text (`content: application/json`).
    Json,
}

/// What goes out.
#[derive(Debug, Clone, Serialize)]
pub struct Body {
    /// A body that is not required is a setter.
    pub required: bool,
    /// The type of the body.
    pub ty: TypeRef,
    /// The media type as declared.
    pub media_type: String,
    /// How it is written.
    pub format: BodyFormat,
    /// Members of a multipart form and the media types that `encoding` names for them.
    pub part_types: Vec<(String, String)>,
    /// `description`
    pub description: Option<String>,
    /// The example that the docs are made from.
    pub example: Option<Value>,
}

/// How a body is written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// `application/json` and `+json`
    Json,
    /// `application/x-www-form-urlencoded` (requests only)
    Form,
    /// `multipart/form-data` (requests only)
    Multipart,
    /// `text/*`
    Text,
    /// Anything else: bytes as they are.
    Bytes,
}

/// What a success carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// Nothing that is read.
    Nothing,
    /// Nothing but [`Operation::stream`], which is there.
    Stream,
    /// A body of this type.
    Body {
        /// What it decodes to.
        ty: TypeRef,
        /// How it is read.
        format: BodyFormat,
        /// What is asked for: the media type as declared; `None` where anything may come.
        media_type: Option<String>,
    },
    /// One of several, told apart by the status.
    ByStatus(ByStatus),
}

/// Successes that differ by their status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ByStatus {
    /// The enum, such as `PutJobAnswer`.
    pub name: String,
    /// Single statuses first, then `2XX`.
    pub successes: Vec<Success>,
    /// The variant of a success that is not described; `None` where `2XX` is.
    pub other: Option<String>,
}

/// A success with a status of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Success {
    /// `201` or `2XX`.
    pub status: String,
    /// The variant, such as `Created`.
    pub variant: String,
    /// `description`
    pub description: String,
    /// [`Answer::Nothing`] or [`Answer::Body`].
    pub answer: Answer,
}

/// A success that is read bit by bit.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Streamed {
    /// What is asked for: the media type as declared; `None` where anything may come.
    pub media_type: Option<String>,
    /// How its items are told apart.
    pub format: StreamFormat,
    /// What an item is.
    pub ty: TypeRef,
    /// The data of an event that says that nothing else comes.
    pub end: Option<String>,
}

/// How the items of a stream are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamFormat {
    /// Not at all: bytes as they come.
    Bytes,
    /// Server-Sent Events (`text/event-stream`).
    Events,
    /// JSON in lines (`application/x-ndjson` and its like).
    Lines,
    /// A JSON text sequence (RFC 7464).
    Sequence,
}

/// An answer that is not a success.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorAnswer {
    /// `404`, `4XX` or `default`.
    pub status: String,
    /// Its variant in [`Operation::error_type`], such as `NotFound`.
    pub variant: String,
    /// `description`
    pub description: String,
    /// The type of the JSON body, if one is described.
    pub ty: Option<TypeRef>,
}

/// The headers of successes.
#[derive(Debug, Clone, Serialize)]
pub struct Headers {
    /// The struct, such as `ListFlagsHeaders`.
    pub name: String,
    /// In document order.
    pub fields: Vec<Header>,
}

/// A header of an answer.
#[derive(Debug, Clone, Serialize)]
pub struct Header {
    /// The header and the field.
    pub name: Name,
    /// What it holds.
    pub ty: TypeRef,
    /// How it is written.
    pub style: HeaderStyle,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
}

/// How the value of a header of an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeaderStyle {
    /// One value as its text.
    Plain,
    /// Values with commas between them.
    List,
    /// JSON text (`content: application/json`).
    Json,
}

/// `x-pagination` with every name looked up.
#[derive(Debug, Clone, Serialize)]
pub struct Pagination {
    /// Index into [`Operation::parameters`] of the cursor.
    pub cursor: usize,
    /// Index into [`Operation::parameters`] of the page size.
    pub limit: Option<usize>,
    /// The largest page, which the pager asks for unless told otherwise.
    pub max: Option<u64>,
    /// The member of the answer that holds the next cursor: its index in the object's fields.
    pub next: usize,
    /// The member of the answer that holds the items: its index in the object's fields.
    pub items: usize,
    /// The answer: an object.
    pub page: TypeId,
    /// What an item is.
    pub item: TypeRef,
}

/// `x-batch`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// The member of the body that holds the list.
    pub property: String,
    /// How many items one call takes.
    pub max: u64,
}
