//! How a member travels, and what stands for it: said where it is declared, or by the schema that
//! it refers to or wraps.

use serde_json::Value;

use super::context::{Context, SchemaRef};
use super::schema::View;

/// Schemas that wrap schemas are followed this far.
const MAX_HOPS: usize = 64;

/// The directions of a member, and its default.
#[derive(Debug, Clone, Default)]
pub(super) struct Manner {
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) default: Option<Value>,
}

impl Manner {
    /// What stands further out counts first.
    fn add(&mut self, view: &View<'_>) {
        self.read_only |= view.data.read_only;
        self.write_only |= view.data.write_only;
        if self.default.is_none() {
            self.default.clone_from(&view.data.default);
        }
    }
}

impl<'a> Context<'a> {
    /// Follows references and `allOf` around one schema; other parts count where they stand.
    pub(super) fn manner(&self, schema: SchemaRef<'a>) -> Manner {
        let mut manner = Manner::default();
        let mut current = schema;
        for _ in 0..MAX_HOPS {
            let item = match current {
                SchemaRef::Item(item) => item,
                SchemaRef::Reference(reference) => match self.find_schema(reference) {
                    Some((item, _)) => item,
                    None => break,
                },
            };
            let view = View::of(item);
            manner.add(&view);
            let inline = view.all_of.iter().filter_map(|part| part.as_item());
            inline.for_each(|part| manner.add(&View::of(part)));
            let mut wrapped = view.all_of.iter().filter(|part| part.as_item().is_none());
            match (wrapped.next(), wrapped.next(), view.all_of.first()) {
                (Some(only), None, _) => current = only.into(),
                (None, None, Some(only)) if view.all_of.len() == 1 => current = only.into(),
                _ => break,
            }
        }
        manner
    }
}
