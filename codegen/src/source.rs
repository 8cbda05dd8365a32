//! Where everything stands in the text: from JSON pointers to lines and columns.

use std::borrow::Cow;

use indexmap::IndexMap;

/// Bytes between two places whose characters are counted once and for all, because a whole document
/// may stand on one line.
const BLOCK: usize = 1024;

/// A place for people: both counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line of the text.
    pub line: usize,
    /// Character of that line.
    pub column: usize,
}

/// A piece of the text, in bytes. The text is capped at 64 MiB, so 32 bits suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of these bytes.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end.max(start)) }
    }
}

/// Spans of one value and of all below it, shaped like the tree of values.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// The key in front of the value, quotes included.
    pub key: Option<Span>,
    /// The value.
    pub value: Span,
    /// What the value holds. Empty where it came through an alias: its place is the alias.
    pub children: Children,
}

/// What stands below a [`Node`].
#[derive(Debug, Clone, Default)]
pub enum Children {
    /// A scalar.
    #[default]
    None,
    /// Items of a list.
    List(Vec<Node>),
    /// Members of an object, in document order.
    Map(IndexMap<String, Node>),
}

/// The text of a document and the place of every value in it.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    name: String,
    text: String,
    /// Byte at which each line starts.
    lines: Vec<usize>,
    /// Characters before each block of bytes.
    blocks: Vec<usize>,
    root: Node,
}

impl SourceMap {
    /// A map without places: everything is at the start of the text.
    pub fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
            lines: line_starts(text),
            blocks: block_starts(text),
            root: Node::default(),
        }
    }

    /// The same text with the places of its values.
    pub fn with_root(self, root: Node) -> Self {
        Self { root, ..self }
    }

    /// File name as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Place of the key that leads to `pointer` (of the value for list items and for the whole
    /// document), or of its nearest ancestor that is in the text.
    pub fn place(&self, pointer: &str) -> Place {
        self.position(self.span(pointer).start as usize)
    }

    /// Span behind [`SourceMap::place`].
    pub fn span(&self, pointer: &str) -> Span {
        let (node, _) = self.find(pointer);
        node.key.unwrap_or(node.value)
    }

    /// Span of a scalar value; the key where the value is a list or an object.
    pub fn value_span(&self, pointer: &str) -> Span {
        match self.find(pointer) {
            (node, true)
                if matches!(node.children, Children::None) && node.value.end > node.value.start =>
            {
                node.value
            }
            (node, _) => node.key.unwrap_or(node.value),
        }
    }

    /// The value at `pointer` exactly as it is written, such as `1.10` where the tree has 1.1.
    pub fn raw(&self, pointer: &str) -> Option<&str> {
        let (node, exact) = self.find(pointer);
        let raw = self.text.get(node.value.start as usize..node.value.end as usize)?;
        (exact && !raw.is_empty()).then(|| raw.trim())
    }

    /// Place of a span; none where there is no text, as of a file that could not be read.
    pub fn place_of(&self, span: Span) -> Option<Place> {
        (!self.text.is_empty()).then(|| self.position(span.start as usize))
    }

    /// Line and column of a byte.
    pub fn position(&self, offset: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let column = self.characters(offset).saturating_sub(self.characters(start)) + 1;
        Place { line, column }
    }

    /// Characters before a byte.
    fn characters(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let block = (offset / BLOCK).min(self.blocks.len().saturating_sub(1));
        let counted = self.blocks.get(block).copied().unwrap_or(0);
        counted + self.text.as_bytes().get(block * BLOCK..offset).map_or(0, count)
    }

    /// Byte at which a line starts.
    pub fn line_start(&self, line: usize) -> usize {
        self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// Text of a line, without its end.
    pub fn line(&self, line: usize) -> &str {
        let start = self.line_start(line);
        let end = self.lines.get(line).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// The line of a byte, in two pieces: before it and from it on.
    pub fn line_around(&self, offset: usize) -> (&str, &str) {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.line_start(line);
        let whole = self.line(line);
        whole.split_at_checked(offset.saturating_sub(start)).unwrap_or((whole, ""))
    }

    /// The node of a pointer and true, or its nearest known ancestor and false.
    fn find(&self, pointer: &str) -> (&Node, bool) {
        let mut node = &self.root;
        for token in tokens(pointer) {
            let child = match &node.children {
                Children::None => None,
                Children::List(items) => {
                    token.parse::<usize>().ok().and_then(|index| items.get(index))
                }
                Children::Map(members) => members.get(token.as_ref()),
            };
            match child {
                Some(child) => node = child,
                None => return (node, false),
            }
        }
        (node, true)
    }
}

/// Characters that begin in these bytes; those that continue one do not count.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

fn block_starts(text: &str) -> Vec<usize> {
    let mut total = 0;
    let before = |block: &[u8]| {
        let before = total;
        total += count(block);
        before
    };
    text.as_bytes().chunks(BLOCK).map(before).collect()
}

fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (index, byte) in bytes.iter().enumerate() {
        let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
        if ends {
            starts.push(index + 1);
        }
    }
    starts
}

/// Keys and indices of a JSON pointer, unescaped.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(|token| {
        if token.contains('~') {
            Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
        } else {
            Cow::Borrowed(token)
        }
    })
}

/// Adds a step to a JSON pointer, escaped.
pub fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    for part in key.chars() {
        match part {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            part => pointer.push(part),
        }
    }
}

/// A JSON pointer with one more step.
pub fn join(pointer: &str, key: &str) -> String {
    let mut joined = pointer.to_owned();
    push(&mut joined, key);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_every_kind_of_line_end() {
        let source = SourceMap::new("t", "ab\r\ncäd\rx\n\ny");
        for (offset, line, column) in [
            (0, 1, 1),
            (1, 1, 2),
            (4, 2, 1),
            (5, 2, 2),
            (7, 2, 3),
            (9, 3, 1),
            (11, 4, 1),
            (12, 5, 1),
        ] {
            assert_eq!(source.position(offset), Place { line, column }, "byte {offset}");
        }
        assert_eq!(source.line(1), "ab");
        assert_eq!(source.line(2), "cäd");
        assert_eq!(source.line(4), "");
        assert_eq!(source.line(9), "");
    }

    #[test]
    fn pointers_are_escaped_and_unescaped() {
        assert_eq!(join("/paths", "/a~b"), "/paths/~1a~0b");
        assert_eq!(tokens("/paths/~1a~0b/").collect::<Vec<_>>(), ["paths", "/a~b", ""]);
        assert_eq!(tokens("").count(), 0);
        assert_eq!(tokens("/~01").collect::<Vec<_>>(), ["~1"]);
    }
}
