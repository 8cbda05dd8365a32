//! Schemas to types.

use std::collections::HashSet;

use openapiv3::AdditionalProperties;
use serde_json::Value;

use super::context::{Context, SchemaRef, Use, description, escape};
use super::files::file;
use super::names;
use super::schema::{Kind, View};
use crate::config::Of;
use crate::ir::{
    Custom, Enum, Extra, Field, Integer, IntegerEnum, Limits, Object, Presence, Shape, TypeRef,
    Variant,
};

/// Types nested deeper than this are free-form JSON: compilers give up on them.
const MAX_DEPTH: usize = 24;

/// What a schema becomes.
pub(super) enum Made {
    /// A type that needs no name.
    Ref(Use),
    /// A type that needs one.
    Shape(Shape),
}

impl<'a> Context<'a> {
    /// Lowers every component schema, used or not.
    pub(super) fn lower_components(&mut self) {
        let ids: Vec<_> = self.components.iter().map(|(key, id)| (key.clone(), *id)).collect();
        for (key, id) in ids {
            let Some(schema) = self.schemas().and_then(|schemas| schemas.get(&key)) else {
                continue;
            };
            let pointer = format!("/components/schemas/{}", escape(&key));
            self.order.push(id);
            match SchemaRef::from(schema) {
                SchemaRef::Reference(reference) => {
                    let used = self.lower_reference(reference, &pointer);
                    self.types[id.0].shape =
                        Shape::Alias { target: used.ty, limits: Limits::default() };
                }
                SchemaRef::Item(item) => {
                    let view = View::of(item);
                    let shape = match self.make(&view, &pointer, &key, 0) {
                        Made::Ref(used) => {
                            Shape::Alias { target: used.ty, limits: view.limits.clone() }
                        }
                        Made::Shape(shape) => shape,
                    };
                    self.fill_type(id, &view, shape);
                }
            }
        }
    }

    /// Lowers a schema where it is used; `hint` names a type that has no name of its own.
    pub(super) fn lower_schema(
        &mut self,
        schema: SchemaRef<'a>,
        pointer: &str,
        hint: &str,
        depth: usize,
    ) -> Use {
        match schema {
            SchemaRef::Reference(reference) => self.lower_reference(reference, pointer),
            SchemaRef::Item(item) => {
                let view = View::of(item);
                self.lower_view(&view, pointer, hint, depth)
            }
        }
    }

    /// Lowers a schema that stands where it is used.
    pub(super) fn lower_view(
        &mut self,
        view: &View<'a>,
        pointer: &str,
        hint: &str,
        depth: usize,
    ) -> Use {
        if depth > MAX_DEPTH {
            self.free_form(
                pointer,
                &format!("the schema is nested deeper than {MAX_DEPTH} levels"),
            );
            return Use::plain(TypeRef::Any);
        }
        match self.make(view, pointer, hint, depth) {
            Made::Ref(used) => Use { nullable: used.nullable || view.is_nullable(), ..used },
            Made::Shape(shape) => {
                let id = self.add_type(hint, pointer, view, shape);
                Use { ty: TypeRef::Named(id), nullable: view.is_nullable() }
            }
        }
    }

    /// What a schema is, leaving its own name aside.
    pub(super) fn make(
        &mut self,
        view: &View<'a>,
        pointer: &str,
        hint: &str,
        depth: usize,
    ) -> Made {
        if !view.all_of.is_empty() {
            return self.make_all_of(view, pointer, hint, depth);
        }
        if !view.one_of.is_empty() || !view.any_of.is_empty() {
            return self.make_union(view, pointer, hint, depth);
        }
        match view.kind {
            Some(Kind::String) => self.make_string(view, pointer),
            Some(Kind::Integer) => {
                self.custom(view, Of::Integer).map_or_else(|| make_integer(view), plain)
            }
            Some(Kind::Number) => plain(self.custom(view, Of::Number).unwrap_or(TypeRef::Number)),
            Some(Kind::Boolean) => plain(TypeRef::Boolean),
            Some(Kind::Array) => self.make_array(view, pointer, hint, depth),
            Some(Kind::Object) => self.make_object(view, pointer, hint, depth),
            None => plain(TypeRef::Any),
        }
    }

    fn make_string(&mut self, view: &View<'a>, pointer: &str) -> Made {
        if view.also_accepts() {
            return plain(TypeRef::FlexText);
        }
        let texts = view.texts();
        if !texts.is_empty() {
            return Made::Shape(Shape::Enum(self.open_enum(&texts, view, pointer)));
        }
        if let Some(custom) = self.custom(view, Of::String) {
            return plain(custom);
        }
        plain(match view.format.as_deref() {
            Some("date-time") => TypeRef::DateTime,
            Some("date") => TypeRef::Date,
            _ => TypeRef::String,
        })
    }

    /// The type that the settings name for the format.
    fn custom(&mut self, view: &View<'a>, of: Of) -> Option<TypeRef> {
        let name = view.format.as_deref()?;
        let format = self.config.formats.get(name).filter(|format| format.of == of)?;
        self.formats_idle.remove(name);
        let (path, is_text) = (format.path.clone(), of == Of::String);
        Some(TypeRef::Custom(Custom { path, is_text }))
    }

    /// Tells which formats of the settings the document does not have.
    pub(super) fn tell_unused_formats(&mut self) {
        for name in &self.formats_idle {
            let format = &self.config.formats[*name];
            let kind = match format.of {
                Of::String => "string",
                Of::Number => "number",
                Of::Integer => "integer",
            };
            self.settings.error(
                "nothing-matches",
                &format.pointer,
                format!("no schema of `type: {kind}` has the format `{name}`"),
                "write it as the document does, say with `of` what kind of schema has it, or remove the entry",
            );
        }
    }

    /// An open enum of these texts.
    pub(super) fn open_enum(&mut self, texts: &[String], view: &View<'_>, pointer: &str) -> Enum {
        let named = view.extension("x-enum-varnames").and_then(Value::as_array);
        let described = view.extension("x-enum-descriptions");
        let mut scope = names::Scope::default();
        let mut variants: Vec<Variant> = Vec::new();
        let mut met: HashSet<&str> = HashSet::new();
        for (index, text) in texts.iter().enumerate() {
            if !met.insert(text) {
                continue;
            }
            let spelled = named.and_then(|names| names.get(index)).and_then(Value::as_str);
            let base = names::type_name(spelled.unwrap_or(text), 'V');
            let unique = scope.take(&base, "", "");
            if unique.numbered {
                self.problems.warning(
                    "renamed",
                    pointer,
                    format!(
                        "the value {text:?} would be a second variant {base}; it becomes {}",
                        unique.rust
                    ),
                    "name the variants with `x-enum-varnames`",
                );
            }
            let description = described.and_then(|texts| match texts {
                Value::Array(list) => list.get(index),
                Value::Object(map) => map.get(text),
                _ => None,
            });
            variants.push(Variant {
                name: names::name(text, unique.rust),
                description: description.and_then(Value::as_str).map(str::to_owned),
            });
        }
        let unknown = scope.take("Unknown", "Value", "").rust;
        Enum { variants, unknown, closed: view.extension("x-extensible-enum").is_none() }
    }

    fn make_array(&mut self, view: &View<'a>, pointer: &str, hint: &str, depth: usize) -> Made {
        let item = match view.items {
            Some(items) => {
                let pointer = format!("{pointer}/items");
                let used =
                    self.lower_schema(items.into(), &pointer, &format!("{hint} Item"), depth + 1);
                used.inside()
            }
            None => TypeRef::Any,
        };
        plain(TypeRef::List(Box::new(item)))
    }

    fn make_object(&mut self, view: &View<'a>, pointer: &str, hint: &str, depth: usize) -> Made {
        let declared = view.properties.is_some_and(|properties| !properties.is_empty());
        if !declared {
            return match view.additional {
                Some(AdditionalProperties::Any(false)) => Made::Shape(Shape::Object(Object {
                    fields: Vec::new(),
                    extra: Extra::Denied,
                    open: false,
                })),
                Some(AdditionalProperties::Schema(schema)) => {
                    let pointer = format!("{pointer}/additionalProperties");
                    let hint = format!("{hint} Value");
                    let used = self.lower_schema((&**schema).into(), &pointer, &hint, depth + 1);
                    plain(TypeRef::Map(Box::new(used.inside())))
                }
                Some(AdditionalProperties::Any(true)) | None => {
                    plain(TypeRef::Map(Box::new(TypeRef::Any)))
                }
            };
        }
        let parts = super::all_of::Parts::of_object(view, pointer);
        Made::Shape(Shape::Object(self.object(&parts, hint, depth)))
    }

    /// An object from the members of all its parts.
    pub(super) fn object(
        &mut self,
        parts: &super::all_of::Parts<'a>,
        hint: &str,
        depth: usize,
    ) -> Object {
        let mut scope = names::Scope::default();
        let mut fields = Vec::new();
        for (wire, (schema, pointer)) in &parts.members {
            let base = names::value_name(wire);
            let unique = scope.take(&base, "", "_");
            if unique.numbered {
                self.problems.warning(
                    "renamed",
                    pointer,
                    format!(
                        "another member already becomes the field {base}; this one becomes {}",
                        unique.rust
                    ),
                    "nothing to do: the member keeps its name on the wire",
                );
            }
            let required = parts.required.contains(wire.as_str());
            let hint = format!("{hint} {wire}");
            let rust = names::identifier(&unique.rust);
            let mut field = self.field(wire, rust, *schema, pointer, &hint, required, depth);
            field.required_on_write =
                !required && parts.required_on_write.contains_key(wire.as_str());
            fields.push(field);
        }
        let names: Vec<String> =
            fields.iter().map(|field: &Field| field.name.rust.clone()).collect();
        for (field, setter) in fields.iter_mut().zip(names::setters(&names)) {
            field.setter = setter;
        }
        for (name, pointer) in &parts.required_on_write {
            if !parts.members.contains_key(name.as_str()) {
                self.problems.error(
                    "wrong-extension",
                    pointer,
                    format!("the object has no member `{name}`"),
                    "name a property of the schema",
                );
            }
        }
        let extra = match parts.additional {
            Some((AdditionalProperties::Any(false), _)) => Extra::Denied,
            Some((AdditionalProperties::Schema(schema), ref pointer)) => {
                let hint = format!("{hint} Value");
                let used = self.lower_schema((&**schema).into(), pointer, &hint, depth + 1);
                Extra::Kept { field: scope.take("extra", "members", "_").rust, ty: used.inside() }
            }
            Some((AdditionalProperties::Any(true), _)) | None => {
                Extra::Kept { field: scope.take("extra", "members", "_").rust, ty: TypeRef::Any }
            }
        };
        let open = matches!(
            parts.additional,
            Some((AdditionalProperties::Any(true) | AdditionalProperties::Schema(_), _))
        );
        Object { fields, extra, open }
    }

    #[allow(clippy::too_many_arguments, reason = "one call; each is a separate fact of the member")]
    fn field(
        &mut self,
        wire: &str,
        rust: String,
        schema: SchemaRef<'a>,
        pointer: &str,
        hint: &str,
        required: bool,
        depth: usize,
    ) -> Field {
        let mut used = self.lower_schema(schema, pointer, hint, depth + 1);
        if self.files.contains(pointer) {
            used.ty = file(used.ty);
        }
        let presence = match (required, used.nullable) {
            (true, false) => Presence::Required,
            (true, true) => Presence::RequiredNullable,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        };
        let item = match schema {
            SchemaRef::Item(item) => Some(View::of(item)),
            SchemaRef::Reference(_) => None,
        };
        let own = item.as_ref();
        let manner = self.manner(schema);
        Field {
            name: names::name(wire, rust.clone()),
            setter: rust.clone(),
            presence,
            required_on_write: false,
            boxed: false,
            constant: None,
            read_only: manner.read_only,
            write_only: manner.write_only,
            description: own.and_then(description),
            deprecated: own.is_some_and(|view| view.data.deprecated),
            limits: own.map(|view| view.limits.clone()).unwrap_or_default(),
            default: manner.default,
            example: own.and_then(|view| view.data.example.clone()),
            ty: used.ty,
        }
    }

    /// Says that a schema is left as free-form JSON, and why.
    pub(super) fn free_form(&mut self, pointer: &str, why: &str) {
        self.problems.warning(
            "free-form",
            pointer,
            format!("{why}; the value is left as free-form JSON"),
            "nothing is lost: the value is read and written as it is",
        );
    }
}

/// A type that needs no name.
pub(super) fn plain(ty: TypeRef) -> Made {
    Made::Ref(Use::plain(ty))
}

fn make_integer(view: &View<'_>) -> Made {
    if view.also_accepts() {
        return plain(TypeRef::FlexInteger);
    }
    let numbers: Vec<i64> = view.values.iter().filter_map(Value::as_i64).collect();
    let known = view.values.iter().filter(|value| !value.is_null()).count();
    if known > 0 && numbers.len() == known {
        return Made::Shape(Shape::IntegerEnum(integer_enum(&numbers)));
    }
    plain(TypeRef::Integer(integer(view)))
}

fn integer_enum(numbers: &[i64]) -> IntegerEnum {
    let mut scope = names::Scope::default();
    let mut variants: Vec<(String, i64)> = Vec::new();
    let mut met: HashSet<i64> = HashSet::new();
    for number in numbers {
        if met.insert(*number) {
            let base = names::type_name(&number.to_string(), 'V');
            variants.push((scope.take(&base, "", "").rust, *number));
        }
    }
    IntegerEnum { variants, unknown: scope.take("Unknown", "Value", "").rust }
}

/// The Rust integer that holds all that the format and the bounds allow.
fn integer(view: &View<'_>) -> Integer {
    let fits = |low: f64, high: f64| {
        view.limits.minimum.is_none_or(|bound| bound >= low)
            && view.limits.maximum.is_none_or(|bound| bound <= high)
    };
    match view.format.as_deref() {
        Some("int8" | "int16" | "int32") if fits(f64::from(i32::MIN), f64::from(i32::MAX)) => {
            Integer::I32
        }
        Some("uint8" | "uint16" | "uint32") if fits(0.0, f64::from(u32::MAX)) => Integer::U32,
        Some("uint" | "uint64") => Integer::U64,
        _ => Integer::I64,
    }
}
