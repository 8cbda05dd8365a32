//! What travels through the lowering: the document, the problems, and the types made so far.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use openapiv3::{OpenAPI, ReferenceOr, Schema, Server};

use super::names::{self, Scope};
use super::schema::View;
use crate::config::Config;
use crate::diagnostic::Collector;
use crate::ir::{Name, Scheme, Shape, Type, TypeId, TypeRef};

/// A schema or a reference to one, boxed or not.
#[derive(Debug, Clone, Copy)]
pub(super) enum SchemaRef<'a> {
    /// `$ref`
    Reference(&'a str),
    /// The schema itself.
    Item(&'a Schema),
}

impl<'a> From<&'a ReferenceOr<Schema>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(item) => Self::Item(item),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Box<Schema>>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(item) => Self::Item(item),
        }
    }
}

/// A type where it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) ty: TypeRef,
    pub(super) nullable: bool,
}

impl Use {
    pub(super) fn plain(ty: TypeRef) -> Self {
        Self { ty, nullable: false }
    }

    /// As an item of a list or a value of a map.
    pub(super) fn inside(self) -> TypeRef {
        if self.nullable && self.ty != TypeRef::Any {
            TypeRef::Nullable(Box::new(self.ty))
        } else {
            self.ty
        }
    }
}

/// The state of one lowering.
pub(super) struct Context<'a> {
    pub(super) openapi: &'a OpenAPI,
    pub(super) problems: &'a mut Collector,
    pub(super) config: &'a Config,
    /// Problems of the settings.
    pub(super) settings: &'a mut Collector,
    /// The entries of the settings about paging that choose operations and page none so far.
    pub(super) paging_idle: BTreeSet<usize>,
    /// The formats of the settings that no schema has so far.
    pub(super) formats_idle: BTreeSet<&'a str>,
    /// Names of types, unique in the whole crate.
    pub(super) names: Scope,
    /// Component schemas by key.
    pub(super) components: IndexMap<String, TypeId>,
    /// All types; the shape of one is there once it has been lowered.
    pub(super) types: Vec<Type>,
    /// Types by the place they were made from, for references into the middle of the document.
    pub(super) by_pointer: BTreeMap<String, Option<Use>>,
    /// The places of members that are files.
    pub(super) files: BTreeSet<String>,
    /// The servers of the document.
    pub(super) servers: &'a [Server],
    /// The security schemes that a client can serve.
    pub(super) schemes: Vec<Scheme>,
    /// The order in which types were begun, which is document order.
    pub(super) order: Vec<TypeId>,
    /// Members that types have got from those that they extend.
    pub(super) gathered: usize,
    /// Types that extend each other, down to the one that is being looked at.
    pub(super) extending: usize,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        openapi: &'a OpenAPI,
        config: &'a Config,
        problems: &'a mut Collector,
        settings: &'a mut Collector,
    ) -> Self {
        let mut context = Self {
            openapi,
            problems,
            config,
            settings,
            paging_idle: BTreeSet::new(),
            formats_idle: config.formats.keys().map(String::as_str).collect(),
            names: names::type_scope(),
            components: IndexMap::new(),
            types: Vec::new(),
            by_pointer: BTreeMap::new(),
            files: BTreeSet::new(),
            servers: &[],
            schemes: Vec::new(),
            order: Vec::new(),
            gathered: 0,
            extending: 0,
        };
        context.declare_components();
        context
    }

    /// Gives every component schema its name and number before any is looked into.
    fn declare_components(&mut self) {
        let mut renamed = self.take_renamed_schemas();
        for key in self.schemas().map(|schemas| schemas.keys()).into_iter().flatten() {
            let pointer = format!("/components/schemas/{}", escape(key));
            let name = match renamed.remove(key.as_str()) {
                Some(rust) => names::name(key, rust),
                None => self.type_name(key, &pointer),
            };
            let id = self.push_type(name, pointer);
            self.components.insert(key.clone(), id);
        }
    }

    /// The component schemas.
    pub(super) fn schemas(&self) -> Option<&'a IndexMap<String, ReferenceOr<Schema>>> {
        self.openapi.components.as_ref().map(|components| &components.schemas)
    }

    /// A type that has a name and no shape yet.
    pub(super) fn push_type(&mut self, name: Name, pointer: String) -> TypeId {
        let id = TypeId(self.types.len());
        self.types.push(Type {
            name,
            pointer,
            input_of: None,
            description: None,
            deprecated: false,
            family: None,
            users: Vec::new(),
            written: false,
            read: false,
            example: None,
            shape: Shape::Alias { target: TypeRef::Any, limits: Default::default() },
        });
        id
    }

    /// A type made from a schema that has no name of its own.
    pub(super) fn add_type(
        &mut self,
        hint: &str,
        pointer: &str,
        view: &View<'_>,
        shape: Shape,
    ) -> TypeId {
        let name = self.type_name(hint, pointer);
        let id = self.push_type(name, pointer.to_owned());
        self.order.push(id);
        self.fill_type(id, view, shape);
        id
    }

    /// Sets what a type is made of and what is said of it.
    pub(super) fn fill_type(&mut self, id: TypeId, view: &View<'_>, shape: Shape) {
        let ty = &mut self.types[id.0];
        ty.description = description(view);
        ty.deprecated = view.data.deprecated;
        ty.example.clone_from(&view.data.example);
        ty.shape = shape;
    }

    /// A free name for a type; says so when it needed a number.
    pub(super) fn type_name(&mut self, wire: &str, pointer: &str) -> Name {
        let base = names::type_name(wire, 'T');
        let unique = self.names.take(&base, "Model", "");
        if unique.numbered {
            self.problems.warning(
                "renamed",
                pointer,
                format!("another type is already called {base}; this one becomes {}", unique.rust),
                "rename one of the two schemas to choose the names yourself",
            );
        }
        names::name(wire, unique.rust)
    }

    /// What a reference to a named type ends at, through aliases.
    pub(super) fn resolve_alias(&self, ty: &TypeRef) -> TypeRef {
        let mut current = ty;
        for _ in 0..=self.types.len() {
            match current {
                TypeRef::Named(id) => match &self.types[id.0].shape {
                    Shape::Alias { target, .. } => current = target,
                    Shape::Object(_) | Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Union(_) => {
                        return current.clone();
                    }
                },
                other => return other.clone(),
            }
        }
        TypeRef::Any
    }
}

/// What is said of a schema: its description, or else its title.
pub(super) fn description(view: &View<'_>) -> Option<String> {
    let text = view.data.description.as_ref().or(view.data.title.as_ref())?;
    (!text.trim().is_empty()).then(|| text.clone())
}

/// A key as a token of a JSON pointer (RFC 6901, section 3).
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A token of a reference as a key: percent-decoded, then unescaped.
pub(super) fn unescape(token: &str) -> String {
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}
