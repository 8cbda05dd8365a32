//! How a value of the model is held, taken as an argument and asked about.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::Context;
use crate::ir::{Integer, Shape, Type, TypeId, TypeRef};

/// The identifier of a name that the model has made legal.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// A name without the mark of a raw identifier, as it stands in a file name or in prose.
pub(crate) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// A file for a name; `mod.rs` is the folder's own, and some words are no modules.
pub(crate) fn file_name(name: &str) -> String {
    match name {
        "mod" | "self" | "super" | "crate" => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// The identifier of the module in a file of this name.
pub(crate) fn module_ident(file: &str) -> Ident {
    if crate::keywords::is_raw(file) {
        return Ident::new_raw(file, Span::call_site());
    }
    Ident::new(file, Span::call_site())
}

/// An integer as a literal; a negative one is two tokens.
pub(crate) fn integer(value: i64) -> TokenStream {
    let digits = Literal::u64_unsuffixed(value.unsigned_abs());
    match value < 0 {
        true => quote!(-#digits),
        false => quote!(#digits),
    }
}

/// A floating point number as a literal.
pub(crate) fn number(value: f64) -> TokenStream {
    let digits = Literal::f64_unsuffixed(value.abs());
    match value < 0.0 {
        true => quote!(-#digits),
        false => quote!(#digits),
    }
}

/// An argument of a setter or a constructor.
pub(crate) struct Argument {
    /// Its type.
    pub ty: TokenStream,
    /// The value to store, made from the argument.
    pub value: TokenStream,
}

impl Context<'_> {
    /// The type behind an index.
    pub(crate) fn get(&self, id: TypeId) -> &Type {
        self.api.types.get(id.0).expect("a `TypeId` is an index into `Api::types`")
    }

    /// What a value is when aliases are looked through.
    pub(crate) fn resolved<'b>(&'b self, mut ty: &'b TypeRef) -> &'b TypeRef {
        while let TypeRef::Named(id) = ty {
            match &self.get(*id).shape {
                Shape::Alias { target, .. } => ty = target,
                Shape::Object(_) | Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) => {
                    break;
                }
            }
        }
        ty
    }

    /// `ty` with every alias in it looked through.
    pub(crate) fn canonical(&self, ty: &TypeRef) -> TypeRef {
        match self.resolved(ty) {
            TypeRef::Nullable(inner) => TypeRef::Nullable(Box::new(self.canonical(inner))),
            TypeRef::List(item) => TypeRef::List(Box::new(self.canonical(item))),
            TypeRef::Map(value) => TypeRef::Map(Box::new(self.canonical(value))),
            other => other.clone(),
        }
    }

    /// The Rust type.
    pub(crate) fn ty(&self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::Boolean => quote!(bool),
            TypeRef::Integer(Integer::I32) => quote!(i32),
            TypeRef::Integer(Integer::I64) => quote!(i64),
            TypeRef::Integer(Integer::U32) => quote!(u32),
            TypeRef::Integer(Integer::U64) => quote!(u64),
            TypeRef::Number => quote!(f64),
            TypeRef::String => quote!(prelude::String),
            TypeRef::DateTime => quote!(runtime::DateTime),
            TypeRef::Date => quote!(runtime::Date),
            TypeRef::Bytes => quote!(external::Bytes),
            TypeRef::File => quote!(runtime::FilePart),
            TypeRef::Any => quote!(external::Value),
            TypeRef::FlexText => quote!(runtime::FlexText),
            TypeRef::FlexInteger => quote!(runtime::FlexInteger),
            TypeRef::Custom(custom) => custom.path.parse().expect("the path was parsed before"),
            TypeRef::Nullable(inner) => {
                let inner = self.ty(inner);
                quote!(prelude::Option<#inner>)
            }
            TypeRef::List(item) => {
                let item = self.ty(item);
                quote!(prelude::Vec<#item>)
            }
            TypeRef::Map(value) => {
                let value = self.ty(value);
                quote!(external::BTreeMap<prelude::String, #value>)
            }
            TypeRef::Named(id) => self.named(*id),
        }
    }

    /// A type of the document by its name.
    pub(crate) fn named(&self, id: TypeId) -> TokenStream {
        let name = ident(&self.get(id).name.rust);
        quote!(models::#name)
    }

    /// Whether callers may give anything that converts into the type.
    pub(crate) fn converts(&self, ty: &TypeRef) -> bool {
        match self.resolved(ty) {
            TypeRef::String
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::Bytes
            | TypeRef::File
            | TypeRef::Any
            | TypeRef::FlexText
            | TypeRef::FlexInteger => true,
            TypeRef::Boolean
            | TypeRef::Integer(_)
            | TypeRef::Number
            | TypeRef::Custom(_)
            | TypeRef::Nullable(_)
            | TypeRef::List(_)
            | TypeRef::Map(_) => false,
            TypeRef::Named(id) => match &self.get(*id).shape {
                Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) => true,
                Shape::Object(_) | Shape::Alias { .. } => false,
            },
        }
    }

    /// The argument `name` that becomes a value of type `ty`.
    pub(crate) fn argument(&self, ty: &TypeRef, name: &Ident) -> Argument {
        match self.resolved(ty) {
            TypeRef::List(item) => {
                let (item_ty, converts) = self.element(item);
                let map = converts.then(|| quote!(.map(prelude::Into::into)));
                Argument {
                    ty: quote!(impl prelude::IntoIterator<Item = #item_ty>),
                    value: quote!(#name.into_iter()#map.collect()),
                }
            }
            TypeRef::Map(value) => {
                let (value_ty, converts) = self.element(value);
                let value = if converts { quote!(value.into()) } else { quote!(value) };
                Argument {
                    ty: quote!(impl prelude::IntoIterator<Item = (impl prelude::Into<prelude::String>, #value_ty)>),
                    value: quote!(#name.into_iter().map(|(key, value)| (key.into(), #value)).collect()),
                }
            }
            _ => {
                let (ty, converts) = self.element(ty);
                let value = if converts { quote!(#name.into()) } else { quote!(#name) };
                Argument { ty, value }
            }
        }
    }

    /// One value as an argument, and whether it is to be converted.
    fn element(&self, ty: &TypeRef) -> (TokenStream, bool) {
        let own = self.ty(ty);
        match self.converts(ty) {
            true => (quote!(impl prelude::Into<#own>), true),
            false => (own, false),
        }
    }

    /// Whether a floating point number is in it that this type has to write itself.
    pub(crate) fn has_number(&self, ty: &TypeRef) -> bool {
        match self.resolved(ty) {
            TypeRef::Number => true,
            TypeRef::Nullable(inner) | TypeRef::List(inner) | TypeRef::Map(inner) => {
                self.has_number(inner)
            }
            TypeRef::Boolean
            | TypeRef::Integer(_)
            | TypeRef::String
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::Custom(_)
            | TypeRef::Bytes
            | TypeRef::File
            | TypeRef::Any
            | TypeRef::FlexText
            | TypeRef::FlexInteger
            | TypeRef::Named(_) => false,
        }
    }

    /// Whether the type has one text, so that it can be a parameter as it is.
    pub(crate) fn is_text(&self, ty: &TypeRef) -> bool {
        match self.resolved(ty) {
            TypeRef::Boolean
            | TypeRef::Integer(_)
            | TypeRef::Number
            | TypeRef::String
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::Custom(_)
            | TypeRef::FlexText
            | TypeRef::FlexInteger => true,
            TypeRef::Bytes
            | TypeRef::File
            | TypeRef::Any
            | TypeRef::Nullable(_)
            | TypeRef::List(_)
            | TypeRef::Map(_) => false,
            TypeRef::Named(id) => self.is_text_shape(*id),
        }
    }

    fn is_text_shape(&self, id: TypeId) -> bool {
        match &self.get(id).shape {
            Shape::Enum(_) | Shape::IntegerEnum(_) => true,
            Shape::Union(union) => {
                union.tag.is_none()
                    && union
                        .variants
                        .iter()
                        .all(|variant| !variant.boxed && self.is_text(&variant.ty))
            }
            Shape::Object(_) | Shape::Alias { .. } => false,
        }
    }
}
