//! Which operations send their list in chunks.

use openapiv3::Operation as Source;
use serde_json::Value;

use super::context::{Context, escape};
use super::references::place_of;
use crate::ir::{Batch, Body, BodyFormat, Operation, Shape, TypeRef};

/// The extension that says how much of a list one call takes.
const EXTENSION: &str = "x-batch";

impl<'a> Context<'a> {
    /// `x-batch` of the operation, of its body or of the body's type. One that names no list of the
    /// body is an error.
    pub(super) fn batch(
        &mut self,
        source: &'a Source,
        operation: &Operation,
        pointer: &str,
    ) -> Option<Batch> {
        let (extension, place) = self.find_batch(source, operation.body.as_ref(), pointer)?;
        match self.read_batch(extension, operation.body.as_ref()) {
            Ok(batch) => Some(batch),
            Err(problem) => {
                self.problems.error(
                    "bad-batch",
                    &format!("{place}/{EXTENSION}"),
                    format!("{} cannot be sent in chunks: {problem}", operation.name.wire),
                    "give `property` (a list of the request body) and `max` (a whole number from 1)",
                );
                None
            }
        }
    }

    /// The extension, and the place of the object that has it.
    fn find_batch(
        &self,
        source: &'a Source,
        body: Option<&Body>,
        pointer: &str,
    ) -> Option<(&'a Value, String)> {
        if let Some(extension) = source.extensions.get(EXTENSION) {
            return Some((extension, pointer.to_owned()));
        }
        if let Some(declared) = &source.request_body {
            let place = place_of(declared, &format!("{pointer}/requestBody"));
            let body = self.request_body(declared)?;
            if let Some(extension) = body.extensions.get(EXTENSION) {
                return Some((extension, place));
            }
            for (media_type, media) in &body.content {
                let schema = media.schema.as_ref().and_then(|schema| schema.as_item());
                let data = schema.map(|schema| &schema.schema_data);
                if let Some(extension) = data.and_then(|data| data.extensions.get(EXTENSION)) {
                    let place = format!("{place}/content/{}/schema", escape(media_type));
                    return Some((extension, place));
                }
            }
        }
        let TypeRef::Named(id) = &body?.ty else { return None };
        let pointer = &self.types[id.0].pointer;
        let (schema, place) = self.find_schema(&format!("#{pointer}"))?;
        Some((schema.schema_data.extensions.get(EXTENSION)?, place))
    }

    fn read_batch(&self, extension: &Value, body: Option<&Body>) -> Result<Batch, String> {
        let property = extension.get("property").and_then(Value::as_str);
        let property = property.ok_or("`property` is missing")?;
        let max = extension.get("max").and_then(Value::as_u64).filter(|max| *max > 0);
        let max = max.ok_or("`max` is missing, or no whole number from 1")?;
        let body = body.ok_or("it has no body")?;
        let object = match (body.format, self.resolve_alias(&body.ty)) {
            (BodyFormat::Json | BodyFormat::Form, TypeRef::Named(id)) => &self.types[id.0].shape,
            _ => return Err("its body is no object".to_owned()),
        };
        let Shape::Object(object) = object else {
            return Err("its body is no object".to_owned());
        };
        let field = object.fields.iter().find(|field| field.name.wire == property);
        let field = field.ok_or_else(|| format!("its body has no member `{property}`"))?;
        match self.resolve_alias(&field.ty) {
            TypeRef::List(_) => Ok(Batch { property: property.to_owned(), max }),
            _ => Err(format!("`{property}` is no list")),
        }
    }
}
