//! `oneOf` and `anyOf`: one of several types.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapiv3::Discriminator;

use super::all_of::{Parts, is_constraint};
use super::context::{Context, SchemaRef, Use};
use super::names;
use super::references::component;
use super::schema::{Kind, View};
use super::types::{Made, plain};
use crate::ir::{Extra, Presence, Shape, TypeRef, Union, UnionVariant};

impl<'a> Context<'a> {
    /// What `oneOf` or `anyOf` makes: an enum with a variant per member, or less where less says
    /// the same.
    pub(super) fn make_union(
        &mut self,
        view: &View<'a>,
        pointer: &str,
        hint: &str,
        depth: usize,
    ) -> Made {
        let (members, keyword) =
            if view.one_of.is_empty() { (view.any_of, "anyOf") } else { (view.one_of, "oneOf") };
        let members: Vec<(SchemaRef<'a>, String)> = members
            .iter()
            .enumerate()
            .map(|(index, member)| (member.into(), format!("{pointer}/{keyword}/{index}")))
            .collect();
        if view.properties.is_some_and(|properties| !properties.is_empty()) {
            if members.iter().all(|(member, _)| is_constraint(*member)) {
                let parts = Parts::of_object(view, pointer);
                return Made::Shape(Shape::Object(self.object(&parts, hint, depth)));
            }
            if let Some(made) = self.make_joined(view, pointer, hint, depth) {
                return made;
            }
            self.free_form(
                pointer,
                &format!("members beside {keyword} cannot be joined with it into one type"),
            );
            return plain(TypeRef::Any);
        }
        if !view.one_of.is_empty() && !view.any_of.is_empty() {
            if let Some(made) = self.make_joined(view, pointer, hint, depth) {
                return made;
            }
            self.free_form(pointer, "oneOf and anyOf in one schema cannot be joined into one type");
            return plain(TypeRef::Any);
        }
        if let Some(texts) = self.all_texts(&members) {
            return if texts.is_empty() {
                plain(TypeRef::String)
            } else {
                Made::Shape(Shape::Enum(self.open_enum(&texts, view, pointer)))
            };
        }
        self.make_variants(view, &members, hint, depth)
    }

    /// What is said beside the members, joined with each of them.
    fn make_joined(
        &mut self,
        view: &View<'a>,
        pointer: &str,
        hint: &str,
        depth: usize,
    ) -> Option<Made> {
        let mut parts = Parts::default();
        let mut visited = BTreeSet::from([pointer.to_owned()]);
        let is_object = self.gather(view, pointer, &mut parts, &mut visited);
        is_object.then(|| self.make_choices(parts, visited, pointer, hint, depth))?
    }

    /// The known values of members that are all text.
    fn all_texts(&self, members: &[(SchemaRef<'a>, String)]) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for (member, _) in members {
            let item = match *member {
                SchemaRef::Item(item) => item,
                SchemaRef::Reference(reference) => self.find_schema(reference)?.0,
            };
            let view = View::of(item);
            if view.kind != Some(Kind::String) || view.also_accepts() {
                return None;
            }
            texts.extend(view.texts());
        }
        Some(texts)
    }

    fn make_variants(
        &mut self,
        view: &View<'a>,
        members: &[(SchemaRef<'a>, String)],
        hint: &str,
        depth: usize,
    ) -> Made {
        let mut nullable = false;
        let mut used: Vec<(Use, SchemaRef<'a>)> = Vec::new();
        for (index, (member, place)) in members.iter().enumerate() {
            let hint = member_hint(*member, hint, index);
            let lowered = self.lower_schema(*member, place, &hint, depth + 1);
            nullable |= lowered.nullable;
            if used.iter().all(|(known, _)| known.ty != lowered.ty) {
                used.push((lowered, *member));
            }
        }
        if let [(only, _)] = used.as_slice() {
            return Made::Ref(Use { nullable, ty: only.ty.clone() });
        }
        if used.iter().any(|(member, _)| member.ty == TypeRef::Any) {
            return Made::Ref(Use { nullable, ty: TypeRef::Any });
        }
        let tag = view.data.discriminator.as_ref();
        let mapped = tag.map(mapped).unwrap_or_default();
        let mut scope = names::Scope::default();
        let mut variants: Vec<UnionVariant> = Vec::new();
        for (member, schema) in &used {
            let base = self.variant_name(&member.ty);
            variants.push(UnionVariant {
                rust: scope.take(&base, "", "").rust,
                ty: member.ty.clone(),
                boxed: false,
                tags: tag.map(|_| tags_of(&mapped, *schema)).unwrap_or_default(),
            });
        }
        let every_tagged = variants.iter().all(|variant| !variant.tags.is_empty());
        let tag = tag.filter(|_| every_tagged).map(|tag| tag.property_name.clone());
        let unknown = tag.is_some().then(|| scope.take("Unknown", "Value", "").rust);
        let order = (0..variants.len()).collect();
        Made::Shape(Shape::Union(Union { variants, tag, unknown, order }))
    }

    /// What a variant is called: the type it holds.
    fn variant_name(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Named(id) => self.types[id.0].name.rust.clone(),
            TypeRef::Boolean => "Boolean".to_owned(),
            TypeRef::Integer(_) | TypeRef::FlexInteger => "Integer".to_owned(),
            TypeRef::Number => "Number".to_owned(),
            TypeRef::String | TypeRef::FlexText => "String".to_owned(),
            TypeRef::DateTime => "DateTime".to_owned(),
            TypeRef::Date => "Date".to_owned(),
            TypeRef::Custom(custom) => custom.name().to_owned(),
            TypeRef::Bytes => "Bytes".to_owned(),
            TypeRef::File => "File".to_owned(),
            TypeRef::Any => "Any".to_owned(),
            TypeRef::Nullable(inner) => self.variant_name(inner),
            TypeRef::List(inner) => format!("{}List", self.variant_name(inner)),
            TypeRef::Map(inner) => format!("{}Map", self.variant_name(inner)),
        }
    }

    /// Sets the order in which untagged members are tried, once all types are known: members that
    /// demand more come first, text and free-form values last.
    pub(super) fn order_unions(&mut self) {
        let orders: BTreeMap<usize, Vec<usize>> = self
            .types
            .iter()
            .enumerate()
            .filter_map(|(index, ty)| match &ty.shape {
                Shape::Union(union) => Some((index, self.order_of(union))),
                Shape::Object(_) | Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Alias { .. } => {
                    None
                }
            })
            .collect();
        for (index, order) in orders {
            if let Shape::Union(union) = &mut self.types[index].shape {
                union.order = order;
            }
        }
    }

    fn order_of(&self, union: &Union) -> Vec<usize> {
        let mut order: Vec<usize> = (0..union.variants.len()).collect();
        order.sort_by_key(|index| self.rank(&union.variants[*index].ty, 0));
        order
    }

    /// Smaller is tried earlier: (kind, required members negated, declared members negated).
    fn rank(&self, ty: &TypeRef, depth: usize) -> (u8, i64, i64) {
        match self.resolve_alias(ty) {
            TypeRef::Boolean | TypeRef::Integer(_) => (0, 0, 0),
            TypeRef::Number | TypeRef::Bytes => (1, 0, 0),
            TypeRef::FlexInteger => (2, 0, 0),
            TypeRef::List(inner) if depth < 8 => (3, self.rank(&inner, depth + 1).1, 0),
            TypeRef::List(_) => (3, 0, 0),
            TypeRef::Custom(custom) if custom.is_text => (5, 0, 0),
            TypeRef::Custom(_) => (1, 0, 0),
            TypeRef::DateTime | TypeRef::Date | TypeRef::String | TypeRef::File => (6, 0, 0),
            TypeRef::FlexText => (7, 0, 0),
            TypeRef::Map(_) => (8, 0, 0),
            TypeRef::Any => (9, 0, 0),
            TypeRef::Nullable(inner) if depth < 8 => self.rank(&inner, depth + 1),
            TypeRef::Nullable(_) => (9, 0, 0),
            TypeRef::Named(id) => match &self.types[id.0].shape {
                Shape::Object(object) => {
                    let required = object
                        .fields
                        .iter()
                        .filter(|field| {
                            matches!(
                                field.presence,
                                Presence::Required | Presence::RequiredNullable
                            )
                        })
                        .count();
                    let closed = matches!(object.extra, Extra::Denied);
                    let kind = if required > 0 || closed { 4 } else { 8 };
                    (kind, -(required as i64), -(object.fields.len() as i64))
                }
                Shape::IntegerEnum(_) => (0, 0, 0),
                Shape::Enum(_) => (5, 0, 0),
                Shape::Union(_) => (7, 0, 0),
                Shape::Alias { .. } => (9, 0, 0),
            },
        }
    }
}

/// A name for a member that has none, after that of its union.
fn member_hint(member: SchemaRef<'_>, hint: &str, index: usize) -> String {
    format!("{hint} {}", label(member, index))
}

/// What a member without a name is called: its title, or its number.
pub(super) fn label(member: SchemaRef<'_>, index: usize) -> String {
    let title = match member {
        SchemaRef::Item(item) => item.schema_data.title.clone(),
        SchemaRef::Reference(_) => None,
    };
    title.unwrap_or_else(|| format!("Option{}", index + 1))
}

/// The tags that a discriminator maps, by what they select.
pub(super) fn mapped(discriminator: &Discriminator) -> HashMap<String, Vec<String>> {
    let mut mapped: HashMap<String, Vec<String>> = HashMap::new();
    for (tag, target) in &discriminator.mapping {
        let key = component(target, "schemas").unwrap_or_else(|| target.clone());
        mapped.entry(key).or_default().push(tag.clone());
    }
    mapped
}

/// The tags that select a member: those mapped to it, or else its schema's name.
pub(super) fn tags_of(mapped: &HashMap<String, Vec<String>>, member: SchemaRef<'_>) -> Vec<String> {
    let SchemaRef::Reference(reference) = member else { return Vec::new() };
    let Some(key) = component(reference, "schemas") else { return Vec::new() };
    mapped.get(&key).cloned().unwrap_or_else(|| vec![key])
}
