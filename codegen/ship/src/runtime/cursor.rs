//! The mark of a place in a list.
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::flex::{FlexInteger, FlexText};
use super::operation::Operation;
use super::request::Request;

/// The name that a service gives to the place where the next page begins. It has no other meaning.
///
/// Keep its text (by `Display` or `serde`) to go on later, also in another process. What is written
/// as a number stays a number, with all its digits.
///
/// A cursor that [`Pages`](super::Pages) has handed out knows its list: given to another one it is
/// refused before anything is sent. One that was made from text does not, and is passed on as it is;
/// what comes of it is then up to the service.
///
/// The empty text names no place: given to a list it counts as none, and reading begins at the start.
///
/// `Debug` leaves the text out, since a service may put anything into it.
#[derive(Clone)]
pub struct Cursor {
    text: FlexText,
    /// The id of the operation whose answer named it.
    origin: Option<&'static str>,
}

impl Cursor {
    /// The text as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The cursor in an answer. An absent one, null, false, the empty text and 0 mean that nothing
    /// follows.
    pub fn from_answer<C: Into<Self>>(answer: Option<C>) -> Option<Self> {
        answer.map(Into::into).filter(|cursor| !cursor.text.is_nothing())
    }

    /// The cursor that a user gives to a list; `None` for the empty text.
    pub fn given(cursor: impl Into<Self>) -> Option<Self> {
        Some(cursor.into()).filter(|cursor| !cursor.as_str().is_empty())
    }

    /// The same cursor, named by an answer of `operation`.
    pub(super) fn named_by(mut self, operation: &'static Operation) -> Self {
        self.origin = Some(operation.id);
        self
    }
}

impl Request {
    /// Refuses the cursor of another operation.
    #[must_use]
    #[inline]
    pub fn check_cursor(self, name: &'static str, cursor: Option<&Cursor>) -> Self {
        let own = self.operation().id;
        match cursor.and_then(|cursor| cursor.origin) {
            Some(origin) if origin != own => self.fail(
                Some(name),
                format!("is a cursor of {origin}, which {own} cannot go on from"),
            ),
            _ => self,
        }
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl FromStr for Cursor {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        FlexText::deserialize(deserializer).map(Self::from)
    }
}

impl AsRef<str> for Cursor {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// By text: neither its kind nor where it came from makes it another one.
impl PartialEq for Cursor {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Cursor {}

impl PartialEq<str> for Cursor {
    fn eq(&self, other: &str) -> bool {
        self.text == *other
    }
}

impl PartialEq<&str> for Cursor {
    fn eq(&self, other: &&str) -> bool {
        self.text == **other
    }
}

impl PartialEq<String> for Cursor {
    fn eq(&self, other: &String) -> bool {
        self.text == *other
    }
}

impl Hash for Cursor {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl From<FlexText> for Cursor {
    fn from(text: FlexText) -> Self {
        Self { text, origin: None }
    }
}

impl From<&Self> for Cursor {
    fn from(cursor: &Self) -> Self {
        cursor.clone()
    }
}

impl From<f64> for Cursor {
    fn from(value: f64) -> Self {
        FlexText::float(value).into()
    }
}

impl From<Cursor> for FlexText {
    fn from(cursor: Cursor) -> Self {
        cursor.text
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.text.into_string()
    }
}

/// What becomes a cursor as it becomes a text.
macro_rules! from_texts {
    ($($text:ty),*) => {$(
        impl From<$text> for Cursor {
            fn from(text: $text) -> Self {
                FlexText::from(text).into()
            }
        }
    )*};
}

from_texts!(&str, String, &String, &FlexText, FlexInteger, i32, i64, u32, u64);
