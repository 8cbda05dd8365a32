//! Answers that are read bit by bit: events, lines of JSON, and bytes.

use openapiv3::{MediaType, Operation as Source};
use serde_json::Value;

use super::answers::Found;
use super::content::essence;
use super::context::{Context, SchemaRef, escape};
use super::schema::{Kind, View};
use crate::ir::{Answer, BodyFormat, Method, StreamFormat, Streamed, TypeRef};

/// Media types whose bodies are items one after the other, and may never end.
const STREAMS: &[(&str, StreamFormat)] = &[
    ("text/event-stream", StreamFormat::Events),
    ("application/x-ndjson", StreamFormat::Lines),
    ("application/ndjson", StreamFormat::Lines),
    ("text/x-ndjson", StreamFormat::Lines),
    ("application/jsonl", StreamFormat::Lines),
    ("application/x-jsonl", StreamFormat::Lines),
    ("application/jsonlines", StreamFormat::Lines),
    ("application/x-jsonlines", StreamFormat::Lines),
    ("application/json-lines", StreamFormat::Lines),
    ("application/stream+json", StreamFormat::Lines),
    ("application/x-json-stream", StreamFormat::Lines),
    ("application/json-seq", StreamFormat::Sequence),
];

/// By which many services end a stream of events whose data is JSON.
const END: &str = "[DONE]";

/// How the items of a media type are told apart, if it is one of items.
pub(super) fn format(media_type: &str) -> Option<StreamFormat> {
    let essence = essence(media_type);
    let known = STREAMS.iter().find(|(name, _)| *name == essence).map(|(_, format)| *format);
    // RFC 8091
    known.or_else(|| essence.ends_with("+json-seq").then_some(StreamFormat::Sequence))
}

impl<'a> Context<'a> {
    /// What of the successes can be read bit by bit. There is something if `answer` is a stream.
    pub(super) fn lower_stream(
        &mut self,
        source: &'a Source,
        answer: &Answer,
        method: Method,
        pointer: &str,
        hint: &str,
    ) -> Option<Streamed> {
        if method == Method::Head {
            return None;
        }
        let mut chosen: Option<(&'a String, &'a MediaType, StreamFormat, String)> = None;
        for Found { response, pointer, .. } in self.successes(source, pointer) {
            for (media_type, media) in &response.content {
                let Some(format) = format(media_type) else { continue };
                let place = format!("{pointer}/content/{}", escape(media_type));
                match chosen {
                    None => chosen = Some((media_type, media, format, place)),
                    Some((first, ..)) if first == media_type => {}
                    Some((first, ..)) => self.problems.warning(
                        "unused-content",
                        &place,
                        format!("{media_type} is not used: {first} is"),
                        "nothing to do, unless the service answers in that form only",
                    ),
                }
            }
        }
        let Some((media_type, media, format, place)) = chosen else { return bytes(answer) };
        let ty = self.item_type(media, format, &place, hint);
        let end = declared_end(source, media).or_else(|| self.usual_end(&ty, format));
        Some(Streamed { media_type: Some(media_type.clone()), format, ty, end })
    }

    fn item_type(
        &mut self,
        media: &'a MediaType,
        format: StreamFormat,
        place: &str,
        hint: &str,
    ) -> TypeRef {
        let Some(schema) = &media.schema else {
            return match format {
                StreamFormat::Events => TypeRef::String,
                StreamFormat::Bytes | StreamFormat::Lines | StreamFormat::Sequence => TypeRef::Any,
            };
        };
        let (name, place) = (format!("{hint} Item"), format!("{place}/schema"));
        let schema = SchemaRef::from(schema);
        let (view, home) = match schema {
            SchemaRef::Item(item) => (View::of(item), place.clone()),
            SchemaRef::Reference(reference) => match self.find_schema(reference) {
                Some((item, home)) => (View::of(item), home),
                None => return TypeRef::Any,
            },
        };
        // Items have a place of their own in what the document describes as a whole (OpenAPI 3.2,
        // "Sequential Media Types"), or as an event with all its fields.
        let part = match (view.kind, view.items) {
            (Some(Kind::Array), Some(items)) => Some((SchemaRef::from(items), "items")),
            _ => data_of(&view, format).map(|data| (data, "properties/data")),
        };
        let lowered = match (part, schema) {
            (None, _) => self.lower_schema(schema, &place, &name, 0),
            (Some((part, step)), SchemaRef::Item(_)) => {
                self.lower_schema(part, &format!("{place}/{step}"), &name, 0)
            }
            (Some((_, step)), SchemaRef::Reference(_)) => {
                self.lower_reference(&format!("#{home}/{step}"), &place)
            }
        };
        lowered.inside()
    }

    /// Text may be anything, also what usually ends a stream.
    fn usual_end(&self, ty: &TypeRef, format: StreamFormat) -> Option<String> {
        let is_text = self.resolve_alias(ty) == TypeRef::String;
        (format == StreamFormat::Events && !is_text).then(|| END.to_owned())
    }
}

/// A whole body of bytes can be read bit by bit too.
fn bytes(answer: &Answer) -> Option<Streamed> {
    match answer {
        Answer::Body { format: BodyFormat::Bytes, media_type, .. } => Some(Streamed {
            media_type: media_type.clone(),
            format: StreamFormat::Bytes,
            ty: TypeRef::Bytes,
            end: None,
        }),
        Answer::Body {
            format: BodyFormat::Json | BodyFormat::Form | BodyFormat::Multipart | BodyFormat::Text,
            ..
        }
        | Answer::Nothing
        | Answer::ByStatus(_)
        | Answer::Stream => None,
    }
}

/// The data of an event that is described with its other fields.
fn data_of<'a>(view: &View<'a>, format: StreamFormat) -> Option<SchemaRef<'a>> {
    let properties = view.properties.filter(|_| format == StreamFormat::Events)?;
    let is_field = |name: &String| matches!(name.as_str(), "data" | "event" | "id" | "retry");
    let is_event = properties.len() > 1 && properties.keys().all(is_field);
    properties.get("data").filter(|_| is_event).map(SchemaRef::from)
}

/// What the document says ends the stream, in the words of generators that read it too.
fn declared_end(source: &Source, media: &MediaType) -> Option<String> {
    let media = media.extensions.get("x-speakeasy-sse-sentinel").and_then(Value::as_str);
    let streaming = source.extensions.get("x-fern-streaming");
    let operation = || streaming?.get("terminator").and_then(Value::as_str);
    media.or_else(operation).map(str::to_owned)
}
