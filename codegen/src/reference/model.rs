//! What stands on the page: plain data, references followed or turned into names.

/// A chapter that is not in the document, as Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Heading of the chapter.
    pub title: String,
    /// Its text.
    pub text: String,
}

impl Note {
    /// A chapter with this text.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into() }
    }

    /// The section of a Markdown text below the heading `## heading`, up to the next such heading.
    pub fn section(text: &str, heading: &str) -> Option<Self> {
        let mut lines = text.lines().skip_while(|line| line.strip_prefix("## ") != Some(heading));
        lines.next()?;
        let inside: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
        Some(Self::new(heading, inside.join("\n")))
    }
}

/// The whole page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub title: String,
    pub version: String,
    pub description: Option<String>,
    /// Name and address of things that the head of the document mentions.
    pub links: Vec<(String, String)>,
    pub license: Option<String>,
    pub servers: Vec<Server>,
    pub schemes: Vec<Scheme>,
    /// Limits of the service, in words.
    pub limits: Vec<String>,
    pub groups: Vec<Group>,
    pub schemas: Vec<Component>,
    pub notes: Vec<Note>,
    pub targets: super::anchors::Targets,
}

/// Where the service is.
#[derive(Debug)]
pub(super) struct Server {
    pub name: String,
    pub url: String,
    pub description: Option<String>,
    /// What names the server in a Rust sample.
    pub rust: String,
}

/// A security scheme.
#[derive(Debug)]
pub(super) struct Scheme {
    pub name: String,
    pub anchor: String,
    /// How the credential travels, in words.
    pub how: String,
    pub description: Option<String>,
}

/// The operations of a tag.
#[derive(Debug)]
pub(super) struct Group {
    pub title: String,
    pub anchor: String,
    pub description: Option<String>,
    pub operations: Vec<Operation>,
}

/// An operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub anchor: String,
    pub id: Option<String>,
    pub method: String,
    pub path: String,
    pub title: String,
    pub description: Option<String>,
    pub deprecated: bool,
    pub undocumented: bool,
    /// What is worth a line: a word and a sentence of Markdown.
    pub facts: Vec<(String, String)>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub answers: Vec<Answer>,
    pub samples: Vec<Sample>,
}

/// A parameter or a header of an answer.
#[derive(Debug)]
pub(super) struct Parameter {
    pub name: String,
    /// `path`, `query`, `header`, `cookie`; empty for headers of answers.
    pub place: String,
    pub required: bool,
    pub deprecated: bool,
    pub schema: Schema,
    /// How a value that is not plain is written.
    pub style: Option<String>,
}

/// A body that is sent.
#[derive(Debug)]
pub(super) struct Body {
    pub required: bool,
    pub description: Option<String>,
    pub contents: Vec<Content>,
}

/// What is answered with a status.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: String,
    pub success: bool,
    pub description: String,
    pub headers: Vec<Parameter>,
    pub contents: Vec<Content>,
}

/// A media type and what it holds.
#[derive(Debug)]
pub(super) struct Content {
    pub media_type: String,
    pub schema: Option<Schema>,
    pub examples: Vec<Example>,
}

/// A value as text.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub title: String,
    pub text: String,
    pub json: bool,
}

/// A schema of `components`.
#[derive(Debug)]
pub(super) struct Component {
    pub name: String,
    pub anchor: String,
    pub schema: Schema,
    pub example: Option<Example>,
}

/// What a value is.
#[derive(Debug, Clone, Default)]
pub(super) struct Schema {
    pub label: Vec<Word>,
    pub description: Option<String>,
    pub deprecated: bool,
    pub read_only: bool,
    pub write_only: bool,
    /// Bounds and the like, each a short phrase of Markdown.
    pub facts: Vec<String>,
    pub values: Option<Values>,
    pub parts: Parts,
}

/// A piece of the name of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Text(String),
    /// A schema of `components` by its name.
    Named(String),
}

/// Values that are known.
#[derive(Debug, Clone)]
pub(super) struct Values {
    /// Other values may come.
    pub open: bool,
    pub values: Vec<String>,
}

/// What a value is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    pub members: Vec<Member>,
    /// Heading and the schemas below it: parts of an `allOf`, choices of a `oneOf`, items, values.
    pub lists: Vec<(String, Vec<Schema>)>,
}

impl Parts {
    /// Whether there is nothing to unfold.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.lists.is_empty()
    }
}

/// A member of an object.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub name: String,
    pub need: Need,
    pub schema: Schema,
}

/// Whether a member must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    /// In what is written (`x-required-on-write`).
    RequiredInRequests,
    Optional,
}

/// A call in one language.
#[derive(Debug)]
pub(super) struct Sample {
    pub language: Language,
    pub text: String,
    /// Where the text names the server, in bytes.
    pub server: Option<std::ops::Range<usize>>,
}

/// The languages of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Curl,
    Rust,
    TypeScript,
    Python,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::Curl, Self::Rust, Self::TypeScript, Self::Python];

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Rust => "Rust",
            Self::TypeScript => "TypeScript",
            Self::Python => "Python",
        }
    }

    /// For attributes.
    pub fn key(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Rust => "rust",
            Self::TypeScript => "typescript",
            Self::Python => "python",
        }
    }
}
