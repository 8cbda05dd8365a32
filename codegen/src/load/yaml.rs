//! YAML to values, from the events of saphyr's parser.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as Marks, Tag};
use serde_json::Value;

use super::Problem;
use super::cursor::{Cursor, indent};
use super::scalar;
use super::tree::{Builder, Built, Copy, stop};
use crate::diagnostic::Severity;
use crate::source::{SourceMap, Span};

/// What saphyr says and what a writer of documents can do about it; the first match counts.
const HELP: &[(&str, &str)] = &[
    ("tab", "indent with spaces, YAML does not allow tabs"),
    ("quoted scalar", "close the quote"),
    ("anchor", "quote the value if it begins with `&` or `*`"),
    ("alias", "quote the value if it begins with `*`"),
    ("tag", "quote the value if it begins with `!`"),
    ("%", "quote the value if it begins with `%`"),
    (
        "mapping values are not allowed",
        "quote the value if it contains `: `, or check the indentation",
    ),
    (
        "illegal placement of ':'",
        "close the bracket or brace that is open before it, or quote the value",
    ),
    ("simple key expect", "put a `:` after the key, or check the indentation"),
    ("", "check the indentation, and quote a value that contains `: `, ` #` or begins with a sign"),
];

/// saphyr's word for quoted text whose further lines are not indented. Other parsers take it, and
/// it occurs in documents in use.
const NOT_INDENTED: &str = "invalid indentation in quoted scalar";
/// Texts that are indented before the parser is believed.
const MAX_INDENTED: usize = 16;

/// Parses one YAML document.
pub fn parse(source: &SourceMap) -> Result<Built, Problem> {
    let mut text = Cow::Borrowed(source.text());
    let mut slips = Vec::new();
    loop {
        let mut unindented = None;
        let problem = match parse_text(source, &text, &mut unindented) {
            Ok((tree, root, mut problems)) => {
                problems.extend(slips);
                return Ok((tree, root, problems));
            }
            Err(problem) => problem,
        };
        let indented = unindented
            .filter(|_| slips.len() < MAX_INDENTED)
            .and_then(|marker| indent(&text, marker));
        let Some(indented) = indented else { return Err(problem) };
        text = Cow::Owned(indented);
        slips.push(Problem {
            severity: Severity::Warning,
            code: "unindented-text",
            message: "the further lines of this quoted text are not indented; they are read as if they were".to_owned(),
            help: "indent them deeper than the key".to_owned(),
            ..problem
        });
    }
}

/// Parses `text`, which is that of the source but for indentation. Tells where a quoted text begins
/// that fails for nothing but its indentation.
fn parse_text(
    source: &SourceMap,
    text: &str,
    unindented: &mut Option<Marker>,
) -> Result<Built, Problem> {
    let mut reader = Reader {
        cursor: Cursor::new(source),
        builder: Builder::new(source),
        anchors: HashMap::new(),
        open: Vec::new(),
        starts: Vec::new(),
    };
    let mut parser = Parser::new_from_str(text);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, marks) = event.map_err(|error| {
            *unindented = (error.info() == NOT_INDENTED).then(|| *error.marker());
            reader.syntax(&error, source)
        })?;
        if let Event::DocumentStart(_) = event {
            documents += 1;
            if documents > 1 {
                let help = "keep one document per file; remove what follows `---`";
                return Err(stop(
                    "syntax",
                    reader.cursor.span(marks),
                    "the file holds more than one YAML document",
                    help,
                ));
            }
        }
        reader.event(event, marks)?;
    }
    reader.builder.finish()
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    builder: Builder<'a>,
    anchors: HashMap<usize, Copy>,
    /// Anchors of what is open; 0 for none.
    open: Vec<usize>,
    /// Where the lists and objects begin that have not ended.
    starts: Vec<u32>,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'_>, marks: Marks) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), marks)
            }
            Event::Alias(anchor) => self.alias(anchor, marks),
            Event::SequenceStart(anchor, tag) => {
                let span = self.start(anchor, tag.as_deref(), marks, &["seq"])?;
                self.builder.open_list(span)
            }
            Event::MappingStart(anchor, tag) => {
                let span = self.start(anchor, tag.as_deref(), marks, &["map"])?;
                self.builder.open_map(span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let anchor = self.open.pop().unwrap_or(0);
                self.starts.pop();
                let end = self.cursor.span(marks);
                if let Some(copy) = self.builder.close(end, anchor > 0)? {
                    self.anchors.insert(anchor, copy);
                }
                Ok(())
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn start(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        marks: Marks,
        known: &[&str],
    ) -> Result<Span, Problem> {
        let span = self.cursor.span(marks);
        if self.builder.wants_key() {
            return Err(stop(
                "unsupported-yaml",
                span,
                "a list or an object cannot be a key",
                "write the key as text",
            ));
        }
        if let Some(tag) =
            tag.filter(|tag| !(tag.is_yaml_core_schema() && known.contains(&tag.suffix.as_str())))
        {
            self.refuse_tag(tag, span);
        }
        self.open.push(anchor);
        self.starts.push(span.start);
        Ok(span)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        marks: Marks,
    ) -> Result<(), Problem> {
        let span = self.cursor.span(marks);
        if self.builder.wants_key() {
            if text == "<<" && style == ScalarStyle::Plain {
                self.builder.merge_key(span);
            } else {
                self.builder.key(text.to_owned(), span);
            }
            self.anchor_scalar(anchor, Value::String(text.to_owned()));
            return Ok(());
        }
        let value = self.scalar_value(text, style, tag, span);
        self.anchor_scalar(anchor, value.clone());
        self.builder.scalar(value, span)
    }

    fn anchor_scalar(&mut self, anchor: usize, value: Value) {
        if anchor > 0 {
            self.anchors.insert(anchor, Copy::scalar(value));
        }
    }

    fn scalar_value(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Value {
        let plain = match tag {
            None => style == ScalarStyle::Plain,
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => false,
            Some(tag)
                if tag.is_yaml_core_schema()
                    && ["int", "float", "bool", "null"].contains(&tag.suffix.as_str()) =>
            {
                true
            }
            // `!` alone says "not plain" (YAML 1.2.2, 6.9.1).
            Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => false,
            Some(tag) => {
                self.refuse_tag(tag, span);
                style == ScalarStyle::Plain
            }
        };
        if !plain {
            return Value::String(text.to_owned());
        }
        scalar::plain(text).unwrap_or_else(|kind| {
            let help = "quote it if it is text, or leave the bound out";
            self.builder.problem(
                "syntax",
                span,
                format!("`{text}` is {kind}, which JSON cannot say"),
                help,
            );
            Value::String(text.to_owned())
        })
    }

    fn refuse_tag(&mut self, tag: &Tag, span: Span) {
        let help = "quote the value if it begins with `!`; including files is not supported";
        self.builder.problem(
            "unsupported-yaml",
            span,
            format!("the tag `{tag}` is not part of OpenAPI"),
            help,
        );
    }

    fn alias(&mut self, anchor: usize, marks: Marks) -> Result<(), Problem> {
        let span = self.cursor.span(marks);
        let Some(copy) = self.anchors.get(&anchor) else {
            return Err(stop(
                "unsupported-yaml",
                span,
                "this alias stands inside the value that it names",
                "use `$ref` for recursion",
            ));
        };
        if !self.builder.wants_key() {
            return self.builder.copy(copy, span);
        }
        match &copy.value {
            Value::Array(_) | Value::Object(_) => Err(stop(
                "unsupported-yaml",
                span,
                "a list or an object cannot be a key",
                "write the key as text",
            )),
            Value::String(text) => {
                self.builder.key(text.clone(), span);
                Ok(())
            }
            other => {
                self.builder.key(other.to_string(), span);
                Ok(())
            }
        }
    }

    fn syntax(&mut self, error: &ScanError, source: &SourceMap) -> Problem {
        let info = error.info();
        let noticed = self.cursor.offset(*error.marker());
        let tab = info.contains("tab").then(|| indenting_tab(source.text(), noticed)).flatten();
        let offset = tab.unwrap_or(noticed);
        let line = source.line(source.position(offset).line);
        let tabbed = line.trim_start_matches(' ').starts_with('\t');
        let key = if tabbed { "tab" } else { info };
        let help = HELP.iter().find(|(part, _)| key.contains(part)).map_or("", |(_, help)| help);
        let span = Span::new(offset, offset + 1);
        Problem {
            pointer: self.builder.pointer(),
            ..stop(
                "syntax",
                span,
                format!("this is not YAML: {info}{}", self.left_open(source, noticed)),
                help,
            )
        }
    }

    /// Where a bracket or brace was opened that is not closed yet: mostly the cause.
    fn left_open(&self, source: &SourceMap, noticed: usize) -> String {
        for start in self.starts.iter().rev().map(|start| *start as usize) {
            let text = source.text().get(start..noticed).unwrap_or_default();
            let (open, close) = match text.chars().next() {
                Some('[') => ('[', ']'),
                Some('{') => ('{', '}'),
                _ => continue,
            };
            if text.matches(open).count() > text.matches(close).count() {
                let place = source.position(start);
                let (line, column) = (place.line, place.column);
                return format!("; the `{open}` on line {line}, column {column} is still open");
            }
        }
        String::new()
    }
}

/// saphyr tells a tab at the start of the value before it; this is the tab itself.
fn indenting_tab(text: &str, noticed: usize) -> Option<usize> {
    let mut start = text.get(..noticed)?.rfind('\n').map_or(0, |end| end + 1);
    for line in text.get(start..)?.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line.get(..indent).and_then(|indent| indent.find('\t')) {
            return Some(start + tab);
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests;
