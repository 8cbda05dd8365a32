//! Objects of which a part is one of several: `oneOf` or `anyOf` beside members or inside `allOf`. Each
//! choice makes an object with the members of all parts, and they are the members of a union.

use std::collections::BTreeSet;

use openapiv3::Discriminator;

use super::all_of::{Parts, is_constraint};
use super::context::{Context, SchemaRef, description};
use super::names::{self, Scope};
use super::references::component;
use super::schema::View;
use super::types::Made;
use super::unions::{label, mapped, tags_of};
use crate::ir::{Shape, Type, TypeId, TypeRef, Union, UnionVariant};

/// The most objects that choices make: several choices in one schema multiply.
const MOST: usize = 100;

/// One `oneOf` or `anyOf`.
#[derive(Debug, Clone)]
pub(super) struct Choice<'a> {
    members: Vec<(SchemaRef<'a>, String)>,
    discriminator: Option<&'a Discriminator>,
}

/// An object on its way: what it has so far, and what was chosen for it.
#[derive(Clone)]
struct Way<'a> {
    parts: Parts<'a>,
    visited: BTreeSet<String>,
    chosen: Vec<(SchemaRef<'a>, String)>,
    tags: Vec<String>,
}

impl<'a> Context<'a> {
    /// The choices of a schema that are more than a constraint. A schema that is itself one of them
    /// has made its choice.
    pub(super) fn choices(
        &self,
        view: &View<'a>,
        pointer: &str,
        visited: &BTreeSet<String>,
    ) -> Vec<Choice<'a>> {
        let lists = [("oneOf", view.one_of), ("anyOf", view.any_of)];
        let choices = lists.into_iter().filter_map(|(keyword, members)| {
            let members: Vec<(SchemaRef<'a>, String)> = members
                .iter()
                .enumerate()
                .map(|(index, member)| (member.into(), format!("{pointer}/{keyword}/{index}")))
                .collect();
            let is_met = members.iter().any(|(member, _)| match member {
                SchemaRef::Item(_) => false,
                SchemaRef::Reference(reference) => {
                    self.find_schema(reference).is_some_and(|(_, target)| visited.contains(&target))
                }
            });
            let is_choice = !members.iter().all(|(member, _)| is_constraint(*member));
            let discriminator = view.data.discriminator.as_ref();
            (is_choice && !is_met).then_some(Choice { members, discriminator })
        });
        choices.collect()
    }

    /// The union of the objects that the choices make; `None` if one of them makes no object, or they
    /// are too many.
    pub(super) fn make_choices(
        &mut self,
        parts: Parts<'a>,
        visited: BTreeSet<String>,
        pointer: &str,
        hint: &str,
        depth: usize,
    ) -> Option<Made> {
        let ways = self.ways(parts, visited)?;
        let tag = tag_of(&ways);
        let mut scope = Scope::default();
        let mut variants = Vec::new();
        for way in &ways {
            let labels: Vec<String> = way
                .chosen
                .iter()
                .enumerate()
                .map(|(index, (member, place))| self.chosen_label(*member, place, index))
                .collect();
            let label = labels.join(" ");
            let ty = match self.chosen_alone(way, pointer) {
                Some(ty) => ty,
                None => {
                    let hint = format!("{hint} {label}");
                    let object = self.object(&way.parts, &hint, depth);
                    TypeRef::Named(self.add_choice(&hint, pointer, way, Shape::Object(object)))
                }
            };
            variants.push(UnionVariant {
                rust: scope.take(&names::type_name(&label, 'T'), "", "").rust,
                ty,
                boxed: false,
                tags: if tag.is_some() { way.tags.clone() } else { Vec::new() },
            });
        }
        if let [only] = variants.as_slice() {
            return Some(super::types::plain(only.ty.clone()));
        }
        let unknown = tag.is_some().then(|| scope.take("Unknown", "Value", "").rust);
        let order = (0..variants.len()).collect();
        Some(Made::Shape(Shape::Union(Union { variants, tag, unknown, order })))
    }

    /// Every combination of choices, in the order of the document.
    fn ways(&mut self, parts: Parts<'a>, visited: BTreeSet<String>) -> Option<Vec<Way<'a>>> {
        let mut pending = vec![Way { parts, visited, chosen: Vec::new(), tags: Vec::new() }];
        let mut done = Vec::new();
        while let Some(mut way) = pending.pop() {
            if way.parts.choices.is_empty() {
                done.push(way);
                continue;
            }
            let choice = way.parts.choices.remove(0);
            for (member, place) in choice.members.iter().rev() {
                let mut next = way.clone();
                if !self.gather_part(*member, place, &mut next.parts, &mut next.visited) {
                    return None;
                }
                next.chosen.push((*member, place.clone()));
                if let Some(discriminator) = choice.discriminator {
                    next.tags = tags_of(&mapped(discriminator), *member);
                    next.parts.tag = Some(discriminator.property_name.clone());
                }
                pending.push(next);
            }
            if pending.len() + done.len() > MOST {
                return None;
            }
        }
        Some(done)
    }

    /// The type that was chosen, if it holds all that is said beside the choice: a child that extends
    /// the parent which lists it.
    fn chosen_alone(&mut self, way: &Way<'a>, pointer: &str) -> Option<TypeRef> {
        let [(SchemaRef::Reference(reference), _)] = way.chosen.as_slice() else { return None };
        let (schema, target) = self.find_schema(reference)?;
        let mut own = Parts::default();
        let mut visited = BTreeSet::from([target.clone()]);
        let holds = self.gather(&View::of(schema), &target, &mut own, &mut visited)
            && own.choices.is_empty()
            && way.parts.required.is_subset(&own.required)
            && way.parts.members.keys().all(|name| own.members.contains_key(name));
        holds.then(|| self.lower_reference(reference, pointer).ty)
    }

    fn chosen_label(&self, member: SchemaRef<'a>, place: &str, index: usize) -> String {
        match member {
            SchemaRef::Reference(reference) => {
                component(reference, "schemas").unwrap_or_else(|| format!("Choice{}", index + 1))
            }
            SchemaRef::Item(_) => {
                let number = place.rsplit('/').next().and_then(|last| last.parse::<usize>().ok());
                label(member, number.unwrap_or(index))
            }
        }
    }

    /// A type for one of the objects, with what is said of the member that was chosen.
    fn add_choice(&mut self, hint: &str, pointer: &str, way: &Way<'a>, shape: Shape) -> TypeId {
        let name = self.type_name(hint, pointer);
        let id = self.push_type(name, pointer.to_owned());
        self.order.push(id);
        let view = way.chosen.last().and_then(|(member, _)| self.view_of(*member));
        let ty: &mut Type = &mut self.types[id.0];
        ty.description = view.as_ref().and_then(description);
        ty.deprecated = view.is_some_and(|view| view.data.deprecated);
        ty.shape = shape;
        id
    }
}

/// The member whose text tells the ways apart: the same for all, and no text twice.
fn tag_of(ways: &[Way<'_>]) -> Option<String> {
    let tag = ways.first()?.parts.tag.as_ref()?;
    let mut seen = BTreeSet::new();
    let fits = ways.iter().all(|way| {
        way.parts.tag.as_ref() == Some(tag)
            && !way.tags.is_empty()
            && way.tags.iter().all(|text| seen.insert(text.as_str()))
    });
    fits.then(|| tag.clone())
}
