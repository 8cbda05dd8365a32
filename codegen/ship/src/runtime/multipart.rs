//! Forms with files in them, RFC 7578.
use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::HeaderValue;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeTupleStruct as _, Serializer};
use serde_json::Value;

use super::pieces::{FILE, Piece, Unfit};
use super::request::Request;

/// A file in a form: its bytes, and what the service is told of them.
///
/// The bytes are held in memory, since a call may have to send them again.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FilePart {
    content: Bytes,
    name: Option<String>,
    media_type: Option<String>,
}

impl FilePart {
    /// A file with these bytes.
    #[must_use]
    pub fn new(content: impl Into<Bytes>) -> Self {
        Self { content: content.into(), name: None, media_type: None }
    }

    /// Sets the file name that is sent. Without one it is the name of the member: many services
    /// take a part without a file name for text.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type that is sent, such as `image/png`. Without one it is the type that the
    /// document names, or `application/octet-stream`.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// The bytes.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.content
    }
}

impl<T: Into<Bytes>> From<T> for FilePart {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("length", &self.content.len())
            .finish()
    }
}

/// In JSON, where a file has no form of its own, it is its text.
impl Serialize for FilePart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.serialize_str(&String::from_utf8_lossy(&self.content));
        }
        let mut file = serializer.serialize_tuple_struct(FILE, 3)?;
        file.serialize_field(&self.name)?;
        file.serialize_field(&self.media_type)?;
        file.serialize_field(&Content(&self.content))?;
        file.end()
    }
}

impl<'de> Deserialize<'de> for FilePart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

struct Content<'a>(&'a [u8]);

impl Serialize for Content<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl Request {
    /// Sends `body` as a form whose members are parts; `media_types` are those that the document
    /// names for some of them.
    #[must_use]
    pub fn multipart<T: Serialize>(
        self,
        body: &T,
        media_types: &[(&'static str, &'static str)],
    ) -> Self {
        let boundary = format!("part-{:032x}", fastrand::u128(..));
        let mut form = Form { boundary: &boundary, media_types, text: Vec::new() };
        if let Err(problem) = Piece::of(body).and_then(|piece| form.write(piece)) {
            return self.fail(None, format!("the body cannot be written: {problem}"));
        }
        let media_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"));
        match media_type {
            Ok(media_type) => self.content(media_type, form.finish()),
            Err(_) => self.fail(None, "the content type is not a header value"),
        }
    }
}

/// A form as it is written.
struct Form<'a> {
    boundary: &'a str,
    media_types: &'a [(&'static str, &'static str)],
    text: Vec<u8>,
}

impl Form<'_> {
    fn write(&mut self, body: Piece) -> Result<(), Unfit> {
        match body {
            Piece::Members(members) => {
                members.into_iter().try_for_each(|(name, piece)| self.member(&name, piece))
            }
            Piece::Scalar(_) | Piece::Bytes(_) | Piece::File(..) | Piece::Many(_) => {
                Err(serde::ser::Error::custom("a form is an object"))
            }
        }
    }

    /// A list is a part for each of its items.
    fn member(&mut self, name: &str, piece: Piece) -> Result<(), Unfit> {
        match piece {
            Piece::Many(items) => items.into_iter().try_for_each(|item| self.part(name, item)),
            piece => self.part(name, piece),
        }
    }

    fn part(&mut self, name: &str, piece: Piece) -> Result<(), Unfit> {
        let known = self.media_types.iter().find(|(member, _)| *member == name);
        let known = known.map(|(_, media_type)| *media_type);
        match piece {
            Piece::Scalar(Value::Null) => {}
            Piece::Scalar(Value::String(text)) => self.add(name, None, known, text.as_bytes()),
            Piece::Scalar(value) => self.add(name, None, known, value.to_string().as_bytes()),
            Piece::File(file, media_type, content) => {
                let media_type = media_type.as_deref().or(known);
                let media_type = media_type.unwrap_or("application/octet-stream");
                let file = file.as_deref().unwrap_or(name);
                self.add(name, Some(file), Some(media_type), &content);
            }
            Piece::Bytes(content) => self.add(name, None, known, &content),
            piece @ (Piece::Many(_) | Piece::Members(_)) => {
                let json = piece.json()?.to_string();
                self.add(name, None, Some(known.unwrap_or("application/json")), json.as_bytes());
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, file: Option<&str>, media_type: Option<&str>, content: &[u8]) {
        let mut head = format!(
            "--{}\r\ncontent-disposition: form-data; name=\"{}\"",
            self.boundary,
            quoted(name)
        );
        if let Some(file) = file {
            head.push_str(&format!("; filename=\"{}\"", quoted(file)));
        }
        if let Some(media_type) = media_type {
            head.push_str(&format!("\r\ncontent-type: {}", one_line(media_type)));
        }
        head.push_str("\r\n\r\n");
        self.text.extend_from_slice(head.as_bytes());
        self.text.extend_from_slice(content);
        self.text.extend_from_slice(b"\r\n");
    }

    fn finish(mut self) -> Bytes {
        self.text.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        self.text.into()
    }
}

/// As browsers write names (WHATWG HTML, section 4.10.21.8).
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// A line end would begin another header.
fn one_line(text: &str) -> Cow<'_, str> {
    match text.contains(['\r', '\n']) {
        true => text.replace(['\r', '\n'], " ").into(),
        false => text.into(),
    }
}
