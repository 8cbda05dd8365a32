//! What stands beside a call and is no part of a client that makes calls: a word about each.

use indexmap::IndexMap;
use openapiv3::{
    Encoding, Link, LinkOperation, MediaType, Operation as Source, QueryStyle, ReferenceOr,
};

use super::content::is_json;
use super::context::{Context, escape};
use super::references::place_of;
use super::schema::{Kind, View};
use crate::ir::BodyFormat;

impl<'a> Context<'a> {
    /// Tells what of an operation the client does not know.
    pub(super) fn tell_unserved(&mut self, source: &'a Source, pointer: &str) {
        for name in source.callbacks.keys() {
            self.problems.warning(
                "unused-callback",
                &format!("{pointer}/callbacks/{}", escape(name)),
                format!(
                    "the callback `{name}` is left out: it is a request that the service sends"
                ),
                "serve it with a web framework; the client only makes requests",
            );
        }
        let coded = source.responses.responses.iter();
        let coded = coded.map(|(status, response)| (status.to_string(), response));
        let default = source.responses.default.iter();
        let default = default.map(|response| ("default".to_owned(), response));
        for (status, declared) in coded.chain(default) {
            let place = place_of(declared, &format!("{pointer}/responses/{status}"));
            let Some(response) = self.response(declared) else { continue };
            self.tell_other_json(&response.content, &place);
            for (name, link) in &response.links {
                self.problems.warning(
                    "unused-link",
                    &format!("{place}/links/{}", escape(name)),
                    format!("the link `{name}` is left out: the client does not follow links"),
                    follow(link),
                );
            }
        }
        self.tell_encodings(source, pointer);
    }

    /// Tells that a body has a second JSON form with a type of its own.
    fn tell_other_json(&mut self, content: &IndexMap<String, MediaType>, place: &str) {
        let mut json = content.iter().filter(|(media_type, _)| is_json(media_type));
        let Some((chosen, media)) = json.next() else { return };
        for (other, _) in json.filter(|(_, other)| other.schema != media.schema) {
            self.problems.warning(
                "unused-content",
                &format!("{place}/content/{}", escape(other)),
                format!("{other} is not used: {chosen} is"),
                "nothing to do, unless the service needs that form",
            );
        }
    }

    /// Tells where a tag that chooses among types stands on one type. Its values are read as this
    /// type, which keeps the members of the others as undeclared ones.
    pub(super) fn tell_discriminators(&mut self) {
        for (key, schema) in self.schemas().into_iter().flatten() {
            let ReferenceOr::Item(schema) = schema else { continue };
            let view = View::of(schema);
            let is_union = !view.one_of.is_empty() || !view.any_of.is_empty();
            if is_union || view.data.discriminator.is_none() {
                continue;
            }
            self.problems.warning(
                "unused-discriminator",
                &format!("/components/schemas/{}/discriminator", escape(key)),
                "the discriminator stands beside no `oneOf`: values are read as this schema, whatever the tag names",
                "where any of them may stand, write `oneOf` with all of them and the discriminator",
            );
        }
    }

    /// Tells how parts of a form are not written although the document says so.
    fn tell_encodings(&mut self, source: &'a Source, pointer: &str) {
        let Some(declared) = &source.request_body else { return };
        let Some(body) = self.request_body(declared) else { return };
        let place = place_of(declared, &format!("{pointer}/requestBody"));
        self.tell_other_json(&body.content, &place);
        let Some((media_type, media, format)) = self.best(&body.content, true) else { return };
        match format {
            BodyFormat::Form | BodyFormat::Multipart => {}
            // OpenAPI 3.0 gives an encoding no meaning there.
            BodyFormat::Json | BodyFormat::Text | BodyFormat::Bytes => return,
        }
        for (name, encoding) in &media.encoding {
            let place = format!("{place}/content/{}/encoding/{}", escape(media_type), escape(name));
            let member = media.schema.as_ref().and_then(|schema| {
                let view = self.view_of(schema.into())?;
                self.kind_of(view.properties?.get(name)?.into())
            });
            for word in unused(encoding, format, member) {
                self.problems.warning(
                    "unused-encoding",
                    &format!("{place}/{word}"),
                    format!("`{word}` of the form's member `{name}` is not used"),
                    "nothing to do, unless the service needs it",
                );
            }
        }
    }
}

/// What a reader does instead of following a link.
fn follow(link: &ReferenceOr<Link>) -> String {
    match link {
        ReferenceOr::Item(Link { operation: LinkOperation::OperationId(id), .. }) => {
            format!("call `{id}` with values of the answer")
        }
        ReferenceOr::Item(_) | ReferenceOr::Reference { .. } => {
            "call the operation with values of the answer".to_owned()
        }
    }
}

/// The keywords of an encoding that ask for something else than what is done anyway: forms repeat
/// the name for each item of a list, and write objects as `deepObject` does.
fn unused(encoding: &Encoding, format: BodyFormat, member: Option<Kind>) -> Vec<&'static str> {
    let is_form = format == BodyFormat::Form;
    let has_style = match encoding.style {
        None | Some(QueryStyle::Form) => false,
        Some(QueryStyle::DeepObject) => member == Some(Kind::Array),
        Some(QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited) => true,
    };
    // Each is for one of the two only (OpenAPI 3.0.3, Encoding Object).
    let words = [
        ("headers", !is_form && !encoding.headers.is_empty()),
        ("style", is_form && has_style),
        ("allowReserved", is_form && encoding.allow_reserved),
    ];
    words.into_iter().filter(|(_, is_unused)| *is_unused).map(|(word, _)| word).collect()
}
