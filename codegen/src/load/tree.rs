//! Builds the values and their places from the events of a parser, within limits.
//!
//! Invariant: no value is nested deeper than [`MAX_DEPTH`], so everything that walks a document
//! may do so by recursion.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::Problem;
use crate::diagnostic::Severity;
use crate::source::{Children, Node, SourceMap, Span, push};

/// Deepest nesting; documents in use stay below 30.
pub const MAX_DEPTH: usize = 64;
/// Most values of a document, copies made by aliases included.
pub const MAX_NODES: usize = 4_000_000;
/// Most values that aliases may add.
pub const MAX_COPIES: usize = 500_000;

/// A whole document: values, places, and what was wrong.
pub type Built = (Value, Node, Vec<Problem>);

/// A value that was anchored, to be copied where an alias names it.
#[derive(Debug, Clone)]
pub struct Copy {
    pub value: Value,
    size: usize,
    height: usize,
}

impl Copy {
    /// A value without children.
    pub fn scalar(value: Value) -> Self {
        Self { value, size: 1, height: 0 }
    }
}

#[derive(Debug)]
enum Frame {
    List {
        items: Vec<Value>,
        spans: Vec<Node>,
    },
    Map {
        members: Map<String, Value>,
        spans: IndexMap<String, Node>,
        key: Option<Key>,
        merged: Vec<(Value, Node)>,
    },
}

#[derive(Debug)]
struct Key {
    text: String,
    span: Span,
    role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Member,
    /// A second key of the same name: its value is dropped.
    Duplicate,
    /// `<<` of YAML.
    Merge,
}

/// A list or object that is not closed yet.
#[derive(Debug)]
struct Open {
    frame: Frame,
    start: Span,
    size: usize,
    height: usize,
}

#[derive(Debug)]
pub struct Builder<'a> {
    source: &'a SourceMap,
    open: Vec<Open>,
    root: Option<(Value, Node)>,
    problems: Vec<Problem>,
    nodes: usize,
    copies: usize,
}

/// A problem without a pointer.
pub fn stop(
    code: &'static str,
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Problem {
    Problem {
        severity: Severity::Error,
        code,
        pointer: String::new(),
        span,
        message: message.into(),
        help: help.into(),
    }
}

fn empty() -> Problem {
    stop(
        "empty-document",
        Span::default(),
        "the document is empty",
        "start it with `openapi: 3.0.3`",
    )
}

/// A document is an object; other files that it refers to may hold anything.
pub fn object(built: Built) -> Result<Built, Problem> {
    match &built.0 {
        Value::Object(_) => Ok(built),
        Value::Null => Err(empty()),
        _ => Err(stop(
            "not-an-object",
            built.1.value,
            "the document is not an object with keys and values",
            "start it with `openapi: 3.0.3`",
        )),
    }
}

impl<'a> Builder<'a> {
    pub fn new(source: &'a SourceMap) -> Self {
        Self { source, open: Vec::new(), root: None, problems: Vec::new(), nodes: 0, copies: 0 }
    }

    /// The values, or why there are none.
    pub fn finish(self) -> Result<Built, Problem> {
        match self.root {
            Some((value, node)) => Ok((value, node, self.problems)),
            None => Err(empty()),
        }
    }

    /// Pointer of the value that comes next, as far as it is known.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for open in &self.open {
            match &open.frame {
                Frame::List { items, .. } => push(&mut pointer, &items.len().to_string()),
                Frame::Map { key: Some(key), .. } => push(&mut pointer, &key.text),
                Frame::Map { key: None, .. } => {}
            }
        }
        pointer
    }

    /// Keeps a problem for later.
    pub fn problem(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let problem = Problem { pointer: self.pointer(), ..stop(code, span, message, help) };
        self.problems.push(problem);
    }

    /// Whether the next event must be a key.
    pub fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { frame: Frame::Map { key: None, .. }, .. }))
    }

    /// Whether the whole document was seen.
    pub fn is_complete(&self) -> bool {
        self.root.is_some() && self.open.is_empty()
    }

    pub fn open_list(&mut self, start: Span) -> Result<(), Problem> {
        self.open(Frame::List { items: Vec::new(), spans: Vec::new() }, start)
    }

    pub fn open_map(&mut self, start: Span) -> Result<(), Problem> {
        self.open(
            Frame::Map {
                members: Map::new(),
                spans: IndexMap::new(),
                key: None,
                merged: Vec::new(),
            },
            start,
        )
    }

    fn open(&mut self, frame: Frame, start: Span) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(start));
        }
        self.open.push(Open { frame, start, size: 1, height: 1 });
        Ok(())
    }

    fn too_deep(&self, span: Span) -> Problem {
        let message = format!("the document is nested deeper than {MAX_DEPTH} levels");
        let help = "name an inner schema under components.schemas and refer to it";
        Problem { pointer: self.pointer(), ..stop("too-deep", span, message, help) }
    }

    /// A key of the innermost object.
    pub fn key(&mut self, text: String, span: Span) {
        let Some(Open { frame: Frame::Map { members, spans, key, .. }, .. }) = self.open.last_mut()
        else {
            return;
        };
        if !members.contains_key(&text) {
            *key = Some(Key { text, span, role: Role::Member });
            return;
        }
        let first = spans.get(&text).and_then(|node| node.key).unwrap_or_default();
        let line = self.source.position(first.start as usize).line;
        let message = format!("`{text}` is given twice in one object; the first is on line {line}");
        *key = Some(Key { text, span, role: Role::Duplicate });
        self.problem("duplicate-key", span, message, "remove one of the two, or rename it");
    }

    /// `<<`: the members of the value that follows are added where they are missing.
    pub fn merge_key(&mut self, span: Span) {
        if let Some(Open { frame: Frame::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(Key { text: "<<".to_owned(), span, role: Role::Merge });
        }
    }

    /// A value without children.
    pub fn scalar(&mut self, value: Value, span: Span) -> Result<(), Problem> {
        self.attach(value, Node { value: span, ..Node::default() }, 1, 0)
    }

    /// Ends the innermost list or object.
    pub fn close(&mut self, end: Span, keep: bool) -> Result<Option<Copy>, Problem> {
        let Some(Open { frame, start, size, height }) = self.open.pop() else { return Ok(None) };
        let (value, children) = match frame {
            Frame::List { items, spans } => (Value::Array(items), Children::List(spans)),
            Frame::Map { members, spans, merged, .. } => {
                let (members, spans) = merge(members, spans, merged);
                (Value::Object(members), Children::Map(spans))
            }
        };
        let copy = keep.then(|| Copy { value: value.clone(), size, height });
        if let Some(copy) = &copy {
            self.count_copies(copy.size, start)?;
        }
        let value_span = Span { start: start.start, end: end.end.max(start.end) };
        self.attach(value, Node { key: None, value: value_span, children }, size, height)?;
        Ok(copy)
    }

    /// A value that was anchored before.
    pub fn copy(&mut self, copy: &Copy, span: Span) -> Result<(), Problem> {
        if self.open.len() + copy.height > MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        self.count_copies(copy.size, span)?;
        self.attach(
            copy.value.clone(),
            Node { value: span, ..Node::default() },
            copy.size,
            copy.height,
        )
    }

    fn count_copies(&mut self, size: usize, span: Span) -> Result<(), Problem> {
        self.copies += size;
        if self.copies <= MAX_COPIES {
            return Ok(());
        }
        let message = format!("aliases add more than {MAX_COPIES} values to the document");
        Err(Problem {
            pointer: self.pointer(),
            ..stop("too-large", span, message, "use `$ref` in place of aliases")
        })
    }

    fn attach(
        &mut self,
        value: Value,
        mut node: Node,
        size: usize,
        height: usize,
    ) -> Result<(), Problem> {
        self.count(node.value)?;
        let Some(parent) = self.open.last_mut() else {
            self.root = Some((value, node));
            return Ok(());
        };
        parent.size += size;
        parent.height = parent.height.max(height + 1);
        let (members, spans, key, merged) = match &mut parent.frame {
            Frame::List { items, spans } => {
                items.push(value);
                spans.push(node);
                return Ok(());
            }
            Frame::Map { members, spans, key, merged } => (members, spans, key.take(), merged),
        };
        let Some(Key { text, span, role }) = key else { return Ok(()) };
        node.key = Some(span);
        match role {
            Role::Member => {
                members.insert(text.clone(), value);
                spans.insert(text, node);
            }
            Role::Duplicate => {}
            Role::Merge if value.is_object() || value.is_array() => merged.push((value, node)),
            Role::Merge => {
                let message = "`<<` needs an alias of an object, such as `*base`";
                self.problem("unsupported-yaml", node.value, message, "write the members out");
            }
        }
        Ok(())
    }

    fn count(&mut self, span: Span) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("the document has more than {MAX_NODES} values");
            return Err(Problem {
                pointer: self.pointer(),
                ..stop("too-large", span, message, "split the document")
            });
        }
        Ok(())
    }
}

/// Members of the object itself win, then earlier merges.
fn merge(
    mut members: Map<String, Value>,
    mut spans: IndexMap<String, Node>,
    merged: Vec<(Value, Node)>,
) -> (Map<String, Value>, IndexMap<String, Node>) {
    for (value, node) in merged {
        let sources = match value {
            Value::Array(items) => items,
            value => vec![value],
        };
        for source in sources {
            let Value::Object(source) = source else { continue };
            for (key, value) in source {
                if !members.contains_key(&key) {
                    let node = Node { key: node.key, value: node.value, children: Children::None };
                    spans.insert(key.clone(), node);
                    members.insert(key, value);
                }
            }
        }
    }
    (members, spans)
}
