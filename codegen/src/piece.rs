//! A tree in which every value carries its place, for what moves values around.
//!
//! [`Value`] and [`Node`] are the same tree twice; here they are one, so that a value that is moved
//! takes the place of the author's text with it.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::source::{Children, Node, Span, tokens};

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// The key in front of the value.
    pub key: Option<Span>,
    /// The value. Of what nobody wrote, only the start counts.
    pub span: Span,
    /// The value itself.
    pub data: Data,
}

/// What a [`Piece`] holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    Scalar(Value),
    List(Vec<Piece>),
    Map(Members),
}

/// Members of an object, in document order.
pub(crate) type Members = IndexMap<String, Piece>;

impl Piece {
    /// Values and their places as one tree; places count from `base`.
    pub fn join(value: Value, node: Node, base: u32) -> Self {
        let moved = |span: Span| Span { start: span.start + base, end: span.end + base };
        let (key, span) = (node.key.map(moved), moved(node.value));
        // What an alias stands for is where the alias is.
        let copied = key.unwrap_or(span);
        let data = match (value, node.children) {
            (Value::Array(items), Children::List(nodes)) => Data::List(
                items
                    .into_iter()
                    .zip(nodes)
                    .map(|(item, node)| Self::join(item, node, base))
                    .collect(),
            ),
            (Value::Object(members), Children::Map(mut nodes)) => {
                let joined = members.into_iter().map(|(key, value)| {
                    let piece = match nodes.get_mut(&key).map(std::mem::take) {
                        Some(node) => Self::join(value, node, base),
                        None => Self::written(value, copied),
                    };
                    (key, piece)
                });
                Data::Map(joined.collect())
            }
            (value @ (Value::Array(_) | Value::Object(_)), _) => Self::written(value, copied).data,
            (value, _) => Data::Scalar(value),
        };
        Self { key, span, data }
    }

    /// A value that does not stand in the text, at the place that gave rise to it.
    pub fn written(value: Value, at: Span) -> Self {
        let data = match value {
            Value::Array(items) => {
                Data::List(items.into_iter().map(|item| Self::written(item, at)).collect())
            }
            Value::Object(members) => Data::Map(
                members.into_iter().map(|(key, value)| (key, Self::written(value, at))).collect(),
            ),
            value => Data::Scalar(value),
        };
        Self::new(data, at)
    }

    /// A list of these values, at a place.
    pub fn list(items: Vec<Self>, at: Span) -> Self {
        Self::new(Data::List(items), at)
    }

    /// An object with these members, at a place.
    pub fn map(members: Members, at: Span) -> Self {
        Self::new(Data::Map(members), at)
    }

    fn new(data: Data, at: Span) -> Self {
        Self { key: None, span: Span { start: at.start, end: at.start }, data }
    }

    /// The two trees again.
    pub fn split(self) -> (Value, Node) {
        let (value, children) = match self.data {
            Data::Scalar(value) => (value, Children::None),
            Data::List(items) => {
                let (items, nodes): (Vec<Value>, Vec<Node>) =
                    items.into_iter().map(Self::split).unzip();
                (Value::Array(items), Children::List(nodes))
            }
            Data::Map(members) => {
                let mut values = Map::new();
                let mut nodes = IndexMap::with_capacity(members.len());
                for (key, piece) in members {
                    let (value, node) = piece.split();
                    values.insert(key.clone(), value);
                    nodes.insert(key, node);
                }
                (Value::Object(values), Children::Map(nodes))
            }
        };
        (value, Node { key: self.key, value: self.span, children })
    }

    /// The values alone.
    pub fn value(&self) -> Value {
        match &self.data {
            Data::Scalar(value) => value.clone(),
            Data::List(items) => Value::Array(items.iter().map(Self::value).collect()),
            Data::Map(members) => Value::Object(
                members.iter().map(|(key, piece)| (key.clone(), piece.value())).collect(),
            ),
        }
    }

    /// Where a message about the value points: at its key, or at itself.
    pub fn place(&self) -> Span {
        self.key.unwrap_or(self.span)
    }

    pub fn members(&self) -> Option<&Members> {
        match &self.data {
            Data::Map(members) => Some(members),
            Data::Scalar(_) | Data::List(_) => None,
        }
    }

    pub fn members_mut(&mut self) -> Option<&mut Members> {
        match &mut self.data {
            Data::Map(members) => Some(members),
            Data::Scalar(_) | Data::List(_) => None,
        }
    }

    pub fn items(&self) -> Option<&[Self]> {
        match &self.data {
            Data::List(items) => Some(items),
            Data::Scalar(_) | Data::Map(_) => None,
        }
    }

    /// The value, if it has no children.
    pub fn scalar(&self) -> Option<&Value> {
        match &self.data {
            Data::Scalar(value) => Some(value),
            Data::List(_) | Data::Map(_) => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        self.scalar()?.as_str()
    }

    pub fn flag(&self) -> Option<bool> {
        self.scalar()?.as_bool()
    }

    /// A member of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members()?.get(key)
    }

    /// The text of a member.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// What a JSON pointer leads to.
    pub fn at(&self, pointer: &str) -> Option<&Self> {
        tokens(pointer).try_fold(self, |piece, token| match &piece.data {
            Data::Scalar(_) => None,
            Data::List(items) => items.get(token.parse::<usize>().ok()?),
            Data::Map(members) => members.get(token.as_ref()),
        })
    }

    /// What a JSON pointer leads to, to change it.
    pub fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        tokens(pointer).try_fold(self, |piece, token| match &mut piece.data {
            Data::Scalar(_) => None,
            Data::List(items) => items.get_mut(token.parse::<usize>().ok()?),
            Data::Map(members) => members.get_mut(token.as_ref()),
        })
    }

    /// Number of values, itself included.
    pub fn size(&self) -> usize {
        1 + match &self.data {
            Data::Scalar(_) => 0,
            Data::List(items) => items.iter().map(Self::size).sum(),
            Data::Map(members) => members.values().map(Self::size).sum(),
        }
    }

    /// Levels of values, itself included.
    pub fn height(&self) -> usize {
        1 + match &self.data {
            Data::Scalar(_) => 0,
            Data::List(items) => items.iter().map(Self::height).max().unwrap_or(0),
            Data::Map(members) => members.values().map(Self::height).max().unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load_text;

    #[test]
    fn nothing_is_lost_on_the_way_there_and_back() {
        let text = "a: &a {b: [1, two, null]}\nc: *a\nd: {<<: *a, e: {}}\nf: []\n";
        let document = load_text("t.yaml", text).expect("good YAML");
        let places = |map: &crate::source::SourceMap| {
            ["/a/b/1", "/c", "/c/b/1", "/d/b/2", "/d/e", "/f"].map(|pointer| map.place(pointer))
        };
        let before = places(&document.source);
        let (tree, node) =
            Piece::join(document.tree.clone(), document.source.root().clone(), 0).split();
        assert_eq!(tree, document.tree);
        assert_eq!(places(&document.source.with_root(node)), before);
    }
}
