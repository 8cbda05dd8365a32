//! Forms with files in them, RFC 7578.
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use http::header::HeaderValue;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, SerializeTupleStruct as _, Serializer};
use serde_json::Value;

use super::pieces::{FILE, Piece, Unfit};
use super::request::Request;
use super::upload::Upload;

/// A file in a form: its content, and what the service is told of it.
///
/// Bytes and texts convert into one, and so does an [`Upload`] that is not held in memory.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FilePart {
    content: Upload,
    name: Option<String>,
    media_type: Option<String>,
}

impl FilePart {
    /// A file with this content.
    #[must_use]
    pub fn new(content: impl Into<Upload>) -> Self {
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

    /// What is in it.
    #[must_use]
    pub fn content(&self) -> &Upload {
        &self.content
    }
}

impl<T: Into<Upload>> From<T> for FilePart {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("content", &self.content)
            .finish()
    }
}

thread_local! {
    /// The contents of the form that is being taken apart, which serde cannot carry.
    static CONTENTS: RefCell<Option<Vec<Upload>>> = const { RefCell::new(None) };
}

/// In JSON, where a file has no form of its own, it is its text.
impl Serialize for FilePart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            let bytes = self.content.bytes();
            let bytes = bytes.ok_or_else(|| S::Error::custom("a stream has no text"))?;
            return serializer.serialize_str(&String::from_utf8_lossy(bytes));
        }
        let number = CONTENTS.with_borrow_mut(|contents| {
            let contents = contents.as_mut()?;
            contents.push(self.content.clone());
            u64::try_from(contents.len() - 1).ok()
        });
        let number = number.ok_or_else(|| S::Error::custom("a file is a part of a form"))?;
        let mut file = serializer.serialize_tuple_struct(FILE, 3)?;
        file.serialize_field(&self.name)?;
        file.serialize_field(&self.media_type)?;
        file.serialize_field(&number)?;
        file.end()
    }
}

impl<'de> Deserialize<'de> for FilePart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// A form as pieces, and the contents of its files by their numbers.
fn apart(body: &impl Serialize) -> Result<(Piece, Vec<Upload>), Unfit> {
    let outer = CONTENTS.replace(Some(Vec::new()));
    let piece = Piece::of(body);
    let contents = CONTENTS.replace(outer).unwrap_or_default();
    piece.map(|piece| (piece, contents))
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
        let written = apart(body).and_then(|(piece, contents)| {
            let parts = Vec::new();
            let mut form =
                Form { boundary: &boundary, media_types, contents, parts, text: Vec::new() };
            form.write(piece)?;
            Ok(form.finish())
        });
        let form = match written {
            Ok(form) => form,
            Err(problem) => {
                return self.fail(None, format!("the body cannot be written: {problem}"));
            }
        };
        let media_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"));
        match media_type {
            Ok(media_type) => self.uploaded(media_type, form),
            Err(_) => self.fail(None, "the content type is not a header value"),
        }
    }
}

/// A form as it is written.
struct Form<'a> {
    boundary: &'a str,
    media_types: &'a [(&'static str, &'static str)],
    contents: Vec<Upload>,
    /// What is written so far, up to the last file.
    parts: Vec<Upload>,
    /// What comes after that.
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
            Piece::Scalar(Value::String(text)) => self.add(name, known, text.as_bytes()),
            Piece::Scalar(value) => self.add(name, known, value.to_string().as_bytes()),
            Piece::File(file, media_type, number) => {
                let media_type = media_type.as_deref().or(known);
                let media_type = media_type.unwrap_or("application/octet-stream");
                self.head(name, Some(file.as_deref().unwrap_or(name)), Some(media_type));
                let number = usize::try_from(number).ok();
                let content = number.and_then(|number| self.contents.get(number)).cloned();
                self.text_ends();
                self.parts.push(content.unwrap_or_default());
                self.text.extend_from_slice(b"\r\n");
            }
            Piece::Bytes(content) => self.add(name, known, &content),
            piece @ (Piece::Many(_) | Piece::Members(_)) => {
                let json = piece.json()?.to_string();
                self.add(name, Some(known.unwrap_or("application/json")), json.as_bytes());
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, media_type: Option<&str>, content: &[u8]) {
        self.head(name, None, media_type);
        self.text.extend_from_slice(content);
        self.text.extend_from_slice(b"\r\n");
    }

    fn head(&mut self, name: &str, file: Option<&str>, media_type: Option<&str>) {
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
    }

    fn text_ends(&mut self) {
        self.parts.push(Upload::new(std::mem::take(&mut self.text)));
    }

    fn finish(mut self) -> Upload {
        self.text.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        self.text_ends();
        Upload::joined(self.parts)
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
