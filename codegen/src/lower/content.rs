//! Bodies that go out, and which content of several is used.

use indexmap::IndexMap;
use openapiv3::{Example, MediaType, Operation as Source, ReferenceOr};
use serde_json::Value;

use super::context::{Context, SchemaRef, escape};
use super::references::{component, place_of};
use super::streams;
use crate::ir::{Body, BodyFormat, TypeRef};

impl<'a> Context<'a> {
    /// The body that goes out. The outer `None`: the operation cannot be sent without a body that
    /// is not supported.
    pub(super) fn lower_body(
        &mut self,
        source: &'a Source,
        pointer: &str,
        hint: &str,
    ) -> Option<Option<Body>> {
        let Some(declared) = &source.request_body else { return Some(None) };
        let Some(body) = self.request_body(declared) else { return Some(None) };
        let pointer = place_of(declared, &format!("{pointer}/requestBody"));
        let Some((media_type, media, format)) = self.choose(&body.content, &pointer, true) else {
            if body.content.is_empty() {
                return Some(None);
            }
            let kinds: Vec<&str> = body.content.keys().map(String::as_str).collect();
            self.skip(
                &pointer,
                &format!("the operation, since its body ({})", kinds.join(", ")),
                "offer application/json too",
            );
            return None;
        };
        let place = format!("{pointer}/content/{}", escape(media_type));
        let ty = self.content_type(media, format, &place, &format!("{hint} Body"));
        Some(Some(Body {
            required: body.required,
            ty,
            media_type: media_type.to_owned(),
            format,
            part_types: part_types(media, format),
            description: body.description.clone(),
            example: self.media_example(media),
        }))
    }

    /// The content that is used, with a word about the others.
    pub(super) fn choose(
        &mut self,
        content: &'a IndexMap<String, MediaType>,
        pointer: &str,
        sent: bool,
    ) -> Option<(&'a str, &'a MediaType, BodyFormat)> {
        let (chosen, media, format) = self.best(content, sent)?;
        for other in content.keys().filter(|other| other.as_str() != chosen) {
            let is_streamed = !sent && streams::format(other).is_some();
            if is_streamed || is_json(other) && is_json(chosen) {
                continue;
            }
            let help = match sent {
                true => "nothing to do, unless the service takes that form only",
                false => "nothing to do, unless the service answers in that form only",
            };
            self.problems.warning(
                "unused-content",
                &format!("{pointer}/content/{}", escape(other)),
                format!("{other} is not used: {chosen} is"),
                help,
            );
        }
        Some((chosen, media, format))
    }

    /// The content that is handled best; the first of those that are handled as well.
    pub(super) fn best(
        &self,
        content: &'a IndexMap<String, MediaType>,
        sent: bool,
    ) -> Option<(&'a str, &'a MediaType, BodyFormat)> {
        let mut best: Option<(u8, &'a str, &'a MediaType, BodyFormat)> = None;
        for (media_type, media) in content {
            let Some((rank, format)) = self.media_rank(media_type, media, sent) else { continue };
            if best.is_none_or(|(known, ..)| rank < known) {
                best = Some((rank, media_type, media, format));
            }
        }
        best.map(|(_, media_type, media, format)| (media_type, media, format))
    }

    /// How well a media type can be handled; smaller is better.
    fn media_rank(
        &self,
        media_type: &str,
        media: &'a MediaType,
        sent: bool,
    ) -> Option<(u8, BodyFormat)> {
        let essence = essence(media_type);
        if streams::format(media_type).is_some() {
            return sent.then_some((6, BodyFormat::Bytes));
        }
        if is_json(media_type) {
            return Some((0, BodyFormat::Json));
        }
        if essence == "*/*" {
            let binary = media.schema.as_ref().is_none_or(|schema| self.is_binary(schema.into()));
            let format = if binary { BodyFormat::Bytes } else { BodyFormat::Json };
            return Some((1, format));
        }
        if essence == "application/x-www-form-urlencoded" {
            return sent.then_some((3, BodyFormat::Form));
        }
        if essence == "multipart/form-data" && sent {
            // A file has no other form.
            return Some((if self.has_file(media) { 2 } else { 4 }, BodyFormat::Multipart));
        }
        if essence.starts_with("multipart/") {
            return if sent { None } else { Some((7, BodyFormat::Bytes)) };
        }
        if essence.starts_with("text/") {
            return Some((5, BodyFormat::Text));
        }
        Some((6, BodyFormat::Bytes))
    }

    pub(super) fn is_binary(&self, schema: SchemaRef<'a>) -> bool {
        self.view_of(schema).is_some_and(|view| view.format.as_deref() == Some("binary"))
    }

    pub(super) fn content_type(
        &mut self,
        media: &'a MediaType,
        format: BodyFormat,
        place: &str,
        hint: &str,
    ) -> TypeRef {
        match format {
            BodyFormat::Text => TypeRef::String,
            BodyFormat::Bytes => TypeRef::Bytes,
            BodyFormat::Json | BodyFormat::Form | BodyFormat::Multipart => match &media.schema {
                Some(schema) => {
                    let place = format!("{place}/schema");
                    self.lower_schema(schema.into(), &place, hint, 0).inside()
                }
                None => TypeRef::Any,
            },
        }
    }

    /// The example of a media type, or of its schema.
    fn media_example(&self, media: &'a MediaType) -> Option<Value> {
        let named =
            media.examples.values().filter_map(|example| self.example_value(example)).next();
        let own = media.example.clone().or(named);
        own.or_else(|| {
            let view = self.view_of(media.schema.as_ref()?.into())?;
            view.data.example.clone()
        })
    }

    /// The value of an example that stands here or is referred to.
    pub(super) fn example_value(&self, example: &ReferenceOr<Example>) -> Option<Value> {
        match example {
            ReferenceOr::Item(example) => example.value.clone(),
            ReferenceOr::Reference { reference } => {
                let key = component(reference, "examples")?;
                match self.openapi.components.as_ref()?.examples.get(&key)? {
                    ReferenceOr::Item(example) => example.value.clone(),
                    ReferenceOr::Reference { .. } => None,
                }
            }
        }
    }
}

/// The media types that the document names for parts of a form, where it names one for each.
fn part_types(media: &MediaType, format: BodyFormat) -> Vec<(String, String)> {
    let named = media.encoding.iter().filter_map(|(name, encoding)| {
        let media_type = encoding.content_type.as_ref()?;
        let is_one = !media_type.contains([',', '*']);
        is_one.then(|| (name.clone(), media_type.clone()))
    });
    named.filter(|_| format == BodyFormat::Multipart).collect()
}

/// A media type without parameters, lower-case (RFC 9110, section 8.3.1).
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// `application/json` or a type with the suffix `+json` (RFC 6839).
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    let json =
        essence == "application/json" || essence.ends_with("+json") || essence == "text/json";
    json && streams::format(media_type).is_none()
}
