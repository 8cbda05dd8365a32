//! Which values a type has, beside those of another.

use super::{Walk, Width};
use crate::ir::{Integer, Shape, TypeRef};

/// A type as its values are: an enum is a text or an integer, of which it may have only some.
#[derive(PartialEq)]
struct Values<'a> {
    ty: &'a TypeRef,
    all: bool,
}

impl Walk<'_> {
    pub(super) fn width(&self, old: &TypeRef, new: &TypeRef) -> Width {
        let (old, new) = (self.plain(old, false), self.plain(new, true));
        match (old, new) {
            // Types of two documents have nothing in common but their names.
            (Values { ty: TypeRef::Named(_), .. }, Values { ty: TypeRef::Named(_), .. }) => {
                Width::Other
            }
            (old, new) if old == new => Width::Same,
            (old, new) if holds(&new, &old) => Width::Wider,
            (old, new) if holds(&old, &new) => Width::Narrower,
            _ => Width::Other,
        }
    }

    fn plain<'t>(&'t self, ty: &'t TypeRef, is_new: bool) -> Values<'t> {
        let ty = self.canonical(ty, is_new);
        let api = if is_new { self.new } else { self.old };
        let shape = match ty {
            TypeRef::Named(id) => api.types.get(id.0).map(|own| &own.shape),
            _ => None,
        };
        match shape {
            // Any text may come where an enum is open.
            Some(Shape::Enum(own)) => Values { ty: &TypeRef::String, all: !own.closed },
            Some(Shape::IntegerEnum(_)) => {
                Values { ty: &TypeRef::Integer(Integer::I64), all: false }
            }
            _ => Values { ty, all: true },
        }
    }

    /// The type behind other names of it.
    pub(super) fn canonical<'t>(&'t self, mut ty: &'t TypeRef, is_new: bool) -> &'t TypeRef {
        let api = if is_new { self.new } else { self.old };
        // Aliases cannot go in circles: the model has none.
        while let TypeRef::Named(id) = ty {
            match api.types.get(id.0).map(|own| &own.shape) {
                Some(Shape::Alias { target, .. }) => ty = target,
                _ => break,
            }
        }
        ty
    }

    pub(super) fn spoken(&self, ty: &TypeRef, is_new: bool) -> String {
        let api = if is_new { self.new } else { self.old };
        match ty {
            TypeRef::Boolean => "a boolean".to_owned(),
            TypeRef::Integer(Integer::I32) => "an int32".to_owned(),
            TypeRef::Integer(Integer::I64) => "an int64".to_owned(),
            TypeRef::Integer(Integer::U32) => "an integer from 0 that fits 32 bits".to_owned(),
            TypeRef::Integer(Integer::U64) => "an integer from 0".to_owned(),
            TypeRef::Number => "a number".to_owned(),
            TypeRef::String => "a string".to_owned(),
            TypeRef::DateTime => "a date-time".to_owned(),
            TypeRef::Date => "a date".to_owned(),
            TypeRef::Custom(custom) => format!("a {}", custom.name()),
            TypeRef::Bytes => "bytes".to_owned(),
            TypeRef::File => "a file".to_owned(),
            TypeRef::Any => "any value".to_owned(),
            TypeRef::FlexText => "a string that may come as another kind".to_owned(),
            TypeRef::FlexInteger => "an integer that may come as a string".to_owned(),
            TypeRef::Nullable(ty) => format!("{} or null", self.spoken(ty, is_new)),
            TypeRef::List(ty) => format!("a list of {}", self.spoken(ty, is_new)),
            TypeRef::Map(ty) => format!("a map to {}", self.spoken(ty, is_new)),
            TypeRef::Named(id) => {
                let own = api.types.get(id.0);
                format!("a {}", own.map_or("type", |own| own.name.rust.as_str()))
            }
        }
    }
}

/// Whether every value of `inner` is one of `outer`.
fn holds(outer: &Values<'_>, inner: &Values<'_>) -> bool {
    use TypeRef::{Any, Date, DateTime, FlexInteger, FlexText, Integer as Int, Number, String};
    if !outer.all {
        // Which values an enum has is not looked at here.
        return false;
    }
    match (outer.ty, inner.ty) {
        (Any, _) => true,
        // Values of an enum of integers are few and small.
        (Int(_), Int(_)) if !inner.all => true,
        (Number, Int(_)) | (FlexInteger, Int(_)) => true,
        (Int(Integer::I64), Int(Integer::I32 | Integer::U32)) => true,
        (Int(Integer::U64), Int(Integer::U32)) => true,
        (String, DateTime | Date) | (FlexText, String | DateTime | Date) => true,
        (String, String) => !inner.all,
        _ => false,
    }
}
