//! Text and integers that services write now as strings, now as numbers.
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::whole;

/// A value that is used as text, such as an id or a cursor, whatever its JSON kind was.
///
/// A string, a number or a boolean is read, its text is what counts, and it is written back as the
/// kind it was read as. Whole numbers keep all their digits.
#[derive(Debug, Clone)]
pub struct FlexText {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Float,
    Boolean,
}

impl FlexText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, by value.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }

    /// Whether it is false, 0 or empty. The text `false` is not.
    pub(super) fn is_nothing(&self) -> bool {
        match self.text.as_str() {
            "" | "0" | "-0" | "-0.0" => true,
            "false" => self.kind == Kind::Boolean,
            _ => false,
        }
    }

    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: Kind::Text }
    }

    fn integer(value: impl fmt::Display) -> Self {
        Self { text: value.to_string(), kind: Kind::Integer }
    }

    pub(super) fn float(value: f64) -> Self {
        match whole(value) {
            Some(whole) => Self::integer(whole),
            // As JSON writes it, which is not how Rust prints large numbers.
            None => Self {
                text: serde_json::Number::from_f64(value)
                    .map_or_else(|| value.to_string(), |number| number.to_string()),
                kind: Kind::Float,
            },
        }
    }
}

impl Serialize for FlexText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.kind {
            Kind::Integer => {
                if let Ok(value) = self.text.parse::<i64>() {
                    return serializer.serialize_i64(value);
                }
                if let Ok(value) = self.text.parse::<u64>() {
                    return serializer.serialize_u64(value);
                }
            }
            Kind::Float => {
                if let Ok(value) = self.text.parse::<f64>() {
                    return serializer.serialize_f64(value);
                }
            }
            Kind::Boolean => return serializer.serialize_bool(self.text == "true"),
            Kind::Text => {}
        }
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for FlexText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlexTextVisitor)
    }
}

struct FlexTextVisitor;

impl Visitor<'_> for FlexTextVisitor {
    type Value = FlexText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number or a boolean")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<FlexText, E> {
        Ok(FlexText::text(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<FlexText, E> {
        Ok(FlexText::text(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<FlexText, E> {
        Ok(FlexText::integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<FlexText, E> {
        Ok(FlexText::integer(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<FlexText, E> {
        Ok(FlexText::float(value))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<FlexText, E> {
        Ok(FlexText::from(value))
    }
}

impl From<bool> for FlexText {
    fn from(value: bool) -> Self {
        Self { text: value.to_string(), kind: Kind::Boolean }
    }
}

impl From<FlexInteger> for FlexText {
    fn from(value: FlexInteger) -> Self {
        value.0
    }
}

/// An integer that may arrive as a string of digits, and is then written back as one.
///
/// Made from text, it is a number if the text is one, and otherwise stays text: what is wrong with
/// it is for the service to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlexInteger(FlexText);

impl FlexInteger {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The number; `None` if the text is not one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.text.parse().ok()
    }

    /// The number; `None` if the text is not one that fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.0.text.parse().ok()
    }

    fn from_text(text: String) -> Self {
        // Only the usual spelling: `007` or `+7` would come back as another text.
        let is_usual = text.parse::<i64>().is_ok_and(|value| value.to_string() == text)
            || text.parse::<u64>().is_ok_and(|value| value.to_string() == text);
        let kind = if is_usual { Kind::Integer } else { Kind::Text };
        Self(FlexText { text, kind })
    }
}

impl Serialize for FlexInteger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FlexInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = FlexText::deserialize(deserializer)?;
        let expected = &"an integer or a string";
        match value.kind {
            Kind::Text | Kind::Integer => Ok(Self(value)),
            Kind::Float => {
                let number = value.text.parse().unwrap_or(f64::NAN);
                // Beyond 64 bits an integer arrives as a double.
                if number.fract() == 0.0 {
                    return Ok(Self(value));
                }
                Err(D::Error::invalid_type(Unexpected::Float(number), expected))
            }
            Kind::Boolean => {
                let unexpected = Unexpected::Bool(value.text == "true");
                Err(D::Error::invalid_type(unexpected, expected))
            }
        }
    }
}

impl From<&str> for FlexInteger {
    fn from(text: &str) -> Self {
        Self::from_text(text.to_owned())
    }
}

impl From<String> for FlexInteger {
    fn from(text: String) -> Self {
        Self::from_text(text)
    }
}

impl From<&String> for FlexInteger {
    fn from(text: &String) -> Self {
        Self::from_text(text.clone())
    }
}

impl From<FlexText> for FlexInteger {
    fn from(value: FlexText) -> Self {
        Self::from_text(value.text)
    }
}

impl From<&FlexText> for FlexInteger {
    fn from(value: &FlexText) -> Self {
        Self::from_text(value.text.clone())
    }
}

impl From<&FlexInteger> for FlexInteger {
    fn from(value: &FlexInteger) -> Self {
        value.clone()
    }
}

impl From<&str> for FlexText {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for FlexText {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&String> for FlexText {
    fn from(text: &String) -> Self {
        Self::text(text.as_str())
    }
}

impl From<&FlexText> for FlexText {
    fn from(value: &FlexText) -> Self {
        value.clone()
    }
}

/// The integers that both types are made from.
macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for FlexText {
            fn from(value: $integer) -> Self {
                Self::integer(value)
            }
        }

        impl From<$integer> for FlexInteger {
            fn from(value: $integer) -> Self {
                Self(FlexText::integer(value))
            }
        }
    )*};
}

from_integers!(i32, i64, u32, u64);

impl FromStr for FlexText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::text(text))
    }
}

impl FromStr for FlexInteger {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl fmt::Display for FlexText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Display for FlexInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl AsRef<str> for FlexText {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Borrow<str> for FlexText {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl PartialEq for FlexText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for FlexText {}

impl PartialEq<str> for FlexText {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for FlexText {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl PartialEq<String> for FlexText {
    fn eq(&self, other: &String) -> bool {
        self.text == *other
    }
}

impl Hash for FlexText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for FlexText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FlexText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}
