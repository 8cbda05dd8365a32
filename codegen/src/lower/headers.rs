//! The headers of answers.

use indexmap::IndexMap;
use openapiv3::{Header as Declared, Operation as Source, ParameterSchemaOrContent, ReferenceOr};

use super::content::is_json;
use super::context::{Context, escape};
use super::names::{self, Scope};
use super::parameters::Form;
use super::references::{follow, place_of};
use crate::ir::{Header, HeaderStyle, Headers, TypeRef};

/// What a header holds and how it is written.
type Held = (TypeRef, HeaderStyle);

impl<'a> Context<'a> {
    /// The headers that successes of an operation are said to have.
    pub(super) fn lower_headers(
        &mut self,
        source: &'a Source,
        pointer: &str,
        hint: &str,
        scope: &mut Scope,
    ) -> Option<Headers> {
        let mut found: IndexMap<String, (&'a str, &'a Declared, Held)> = IndexMap::new();
        for success in self.successes(source, pointer) {
            for (key, header) in &success.response.headers {
                let place = format!("{}/headers/{}", success.pointer, escape(key));
                let place = place_of(header, &place);
                let Some(declared) = self.header(header) else { continue };
                // OpenAPI 3.0.3, Response Object: the media type is that of the content.
                if key.eq_ignore_ascii_case("content-type") {
                    continue;
                }
                let held = self.header_type(declared, &place, &format!("{hint} {key}"));
                match found.get_mut(&key.to_lowercase()) {
                    None => {
                        found.insert(key.to_lowercase(), (key, declared, held));
                    }
                    // Another type at another status: the text fits both.
                    Some((_, _, known)) if *known != held => {
                        *known = (TypeRef::String, HeaderStyle::Plain);
                    }
                    Some(_) => {}
                }
            }
        }
        if found.is_empty() {
            return None;
        }
        let mut fields = Scope::default();
        let fields = found.into_values().map(|(key, declared, (ty, style))| {
            let rust = fields.take(&names::value_name(key), "header", "_").rust;
            Header {
                name: names::name(key, names::identifier(&rust)),
                ty,
                style,
                description: declared.description.clone(),
                deprecated: declared.deprecated.unwrap_or(false),
            }
        });
        let fields = fields.collect();
        Some(Headers { name: scope.take(&format!("{hint}Headers"), "Fields", "").rust, fields })
    }

    fn header(&self, header: &'a ReferenceOr<Declared>) -> Option<&'a Declared> {
        let components = self.openapi.components.as_ref();
        follow(header, |key| components?.headers.get(key), "headers")
    }

    fn header_type(&mut self, declared: &'a Declared, pointer: &str, hint: &str) -> Held {
        let text = (TypeRef::String, HeaderStyle::Plain);
        let (schema, place) = match &declared.format {
            ParameterSchemaOrContent::Schema(schema) => (schema, format!("{pointer}/schema")),
            ParameterSchemaOrContent::Content(content) => match content.first() {
                Some((media_type, media)) if is_json(media_type) => {
                    let place = format!("{pointer}/content/{}/schema", escape(media_type));
                    let Some(schema) = &media.schema else {
                        return (TypeRef::Any, HeaderStyle::Json);
                    };
                    return (self.lower_once(schema.into(), &place, hint), HeaderStyle::Json);
                }
                _ => return text,
            },
        };
        let ty = self.lower_once(schema.into(), &place, hint);
        match self.form_of(&ty) {
            Form::Scalar if self.resolve_alias(&ty) == TypeRef::Any => text,
            Form::Scalar => (ty, HeaderStyle::Plain),
            Form::List => (ty, HeaderStyle::List),
            Form::Object | Form::Nested => {
                self.problems.warning(
                    "text-header",
                    pointer,
                    "a header of this type is handed over as its text",
                    "nothing to do, unless the service can send it as `content: application/json`",
                );
                text
            }
        }
    }
}
