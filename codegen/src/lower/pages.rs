//! Which operations page, and how.

use openapiv3::Operation as Source;
use serde_json::Value;

use super::context::Context;
use crate::ir::{Answer, Operation, Pagination, Shape, TypeRef};

/// The extension that describes paging.
const EXTENSION: &str = "x-pagination";

impl Context<'_> {
    /// `x-pagination` with every name looked up; a name that leads nowhere is an error.
    pub(super) fn pagination(
        &mut self,
        source: &Source,
        operation: &Operation,
        pointer: &str,
    ) -> Option<Pagination> {
        let extension = source.extensions.get(EXTENSION)?;
        match self.read_pagination(extension, operation) {
            Ok(pagination) => Some(pagination),
            Err(problem) => {
                self.problems.error(
                    "bad-pagination",
                    &format!("{pointer}/{EXTENSION}"),
                    format!("the paging of {} cannot work: {problem}", operation.name.wire),
                    "give `cursor` (a query parameter), `next` and `items` (members of the answer), and perhaps `limit` and `max`",
                );
                None
            }
        }
    }

    fn read_pagination(
        &self,
        extension: &Value,
        operation: &Operation,
    ) -> Result<Pagination, String> {
        let text = |key: &str| extension.get(key).and_then(Value::as_str);
        let parameter = |key: &str| match text(key) {
            None => Ok(None),
            Some(name) => operation
                .parameters
                .iter()
                .position(|parameter| parameter.name.wire == name)
                .map(Some)
                .ok_or_else(|| format!("`{key}` names no parameter of the operation: {name}")),
        };
        let Answer::Body { ty, .. } = &operation.answer else {
            return Err("the answer has no body".to_owned());
        };
        let TypeRef::Named(page) = self.resolve_alias(ty) else {
            return Err("the answer is no object".to_owned());
        };
        let Shape::Object(object) = &self.types[page.0].shape else {
            return Err("the answer is no object".to_owned());
        };
        let member = |key: &str| {
            let name = text(key).ok_or_else(|| format!("`{key}` is missing"))?;
            let index = object.fields.iter().position(|field| field.name.wire == name);
            index.ok_or_else(|| format!("`{key}` names no member of the answer: {name}"))
        };
        let items = member("items")?;
        let TypeRef::List(item) = self.resolve_alias(&object.fields[items].ty) else {
            return Err("`items` names a member that is no list".to_owned());
        };
        Ok(Pagination {
            cursor: parameter("cursor")?.ok_or("`cursor` is missing")?,
            limit: parameter("limit")?,
            max: extension.get("max").and_then(Value::as_u64),
            next: member("next")?,
            items,
            page,
            item: *item,
        })
    }
}
