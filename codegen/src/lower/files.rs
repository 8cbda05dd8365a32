//! Which members of forms are files.

use std::collections::BTreeSet;

use openapiv3::{MediaType, ReferenceOr};

use super::context::{Context, SchemaRef, escape};
use super::operations::methods;
use super::references::place_of;
use super::schema::{Kind, View};
use crate::ir::{BodyFormat, TypeRef};

/// Parts of `allOf` within each other are followed this far.
const MAX_DEPTH: usize = 16;

impl<'a> Context<'a> {
    /// Notes the places of all members that are files: binary texts of the forms that are sent.
    pub(super) fn find_files(&mut self) {
        let mut files = BTreeSet::new();
        for (path, item) in self.openapi.paths.iter() {
            let ReferenceOr::Item(item) = item else { continue };
            for (method, source) in methods(item) {
                let Some(declared) = &source.request_body else { continue };
                let Some(body) = self.request_body(declared) else { continue };
                let Some((media_type, media, BodyFormat::Multipart)) =
                    self.best(&body.content, true)
                else {
                    continue;
                };
                let method = method.as_str().to_lowercase();
                let here = format!("/paths/{}/{method}/requestBody", escape(path));
                let place = place_of(declared, &here);
                let pointer = format!("{place}/content/{}/schema", escape(media_type));
                if let Some(schema) = &media.schema {
                    self.files_in(schema.into(), &pointer, 0, &mut files);
                }
            }
        }
        self.files = files;
    }

    /// Whether a form has a file.
    pub(super) fn has_file(&self, media: &'a MediaType) -> bool {
        let mut files = BTreeSet::new();
        if let Some(schema) = &media.schema {
            self.files_in(schema.into(), "", 0, &mut files);
        }
        !files.is_empty()
    }

    fn files_in(
        &self,
        schema: SchemaRef<'a>,
        pointer: &str,
        depth: usize,
        files: &mut BTreeSet<String>,
    ) {
        let found = match schema {
            SchemaRef::Item(item) => Some((item, pointer.to_owned())),
            SchemaRef::Reference(reference) => self.find_schema(reference),
        };
        let Some((item, pointer)) = found.filter(|_| depth < MAX_DEPTH) else { return };
        let view = View::of(item);
        for (name, member) in view.properties.into_iter().flatten() {
            if self.is_file(member.into()) {
                files.insert(format!("{pointer}/properties/{}", escape(name)));
            }
        }
        for (index, part) in view.all_of.iter().enumerate() {
            self.files_in(part.into(), &format!("{pointer}/allOf/{index}"), depth + 1, files);
        }
    }

    /// Binary text, or a list of it.
    fn is_file(&self, schema: SchemaRef<'a>) -> bool {
        let Some(view) = self.view_of(schema) else { return false };
        match (view.kind, view.items) {
            (Some(Kind::Array), Some(items)) => self.is_binary(items.into()),
            _ => self.is_binary(schema),
        }
    }
}

/// The type of a member that is a file.
pub(super) fn file(ty: TypeRef) -> TypeRef {
    match ty {
        TypeRef::List(item) => TypeRef::List(Box::new(file(*item))),
        TypeRef::Nullable(inner) => TypeRef::Nullable(Box::new(file(*inner))),
        _ => TypeRef::File,
    }
}
