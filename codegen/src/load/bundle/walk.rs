//! Goes through the tree by the tables of `check`, and turns every reference to where its target
//! will be.

use std::collections::HashMap;

use super::{Bundler, Here, MAX_LEVELS, Target, known_part};
use crate::check::{Kind, OPENAPI, Object, REF, SCHEMA, internal};
use crate::diagnostic::Severity;
use crate::piece::{Data, Members, Piece};
use crate::source::{Span, join, push};

static ANY_SCHEMA: Kind = Kind::OrRef(&SCHEMA);
/// Keywords of OpenAPI 3.1 with schemas that become part of the model.
static NEWER: &[(&str, Kind)] = &[
    ("prefixItems", Kind::List(&ANY_SCHEMA)),
    ("patternProperties", Kind::Map(&ANY_SCHEMA)),
    ("unevaluatedProperties", Kind::SchemaOrFlag),
    ("unevaluatedItems", Kind::SchemaOrFlag),
];
/// Targets within each other that are written in place of references.
const MAX_OPEN: usize = 32;
/// Members of an Example object, by which it is told from a value.
const EXAMPLE: &[&str] = &["value", "externalValue", "summary", "description"];

/// Where the components of the document come from, by part and name.
pub type Homes = HashMap<(String, String), Here>;

impl Bundler {
    /// Takes the names of the document's own components. One that is a reference to another file
    /// is the place for its target.
    pub(super) fn claim(&mut self, components: &mut Piece) -> Homes {
        let root = Here { file: 0, resource: "".into() };
        let (here, whole) = self.unfold(components, root, None);
        let mut homes = Homes::new();
        for (part, entries) in components.members_mut().into_iter().flatten() {
            let Some(known) = known_part(part) else { continue };
            let from = whole.as_ref().map(|whole| whole.below(part));
            let (here, set) = self.unfold(entries, here.clone(), from);
            for (name, entry) in entries.members_mut().into_iter().flatten() {
                self.names.claim(known, name);
                if let Some(set) = &set {
                    self.imports.insert((set.below(name), known), name.clone());
                }
                let home = self.settle(entry, known, name, here.clone());
                homes.insert((part.clone(), name.clone()), home);
            }
        }
        homes
    }

    /// Puts the target of a reference in its place, as often as there is one to another file. Tells
    /// what stands there then.
    fn unfold(
        &mut self,
        piece: &mut Piece,
        mut here: Here,
        mut from: Option<Target>,
    ) -> (Here, Option<Target>) {
        for _ in 0..MAX_OPEN {
            let Some(target) = self.pure_target(piece, &here) else { break };
            let Some(found) = self.copy(&target) else { break };
            here = self.home(&target);
            let at = piece.get(REF).map(|reference| reference.span).unwrap_or_default();
            let own = piece.members_mut().map(std::mem::take).unwrap_or_default();
            place(piece, found, own);
            self.copied_word(at);
            from = Some(target);
        }
        (here, from)
    }

    fn copied_word(&mut self, at: Span) {
        let message = "OpenAPI allows no reference here; its target is copied".to_owned();
        let help = "write the target in its place";
        self.problem(Severity::Warning, "wrong-reference", at, message, help);
    }

    /// The same for a component, whose target gets its name.
    fn settle(
        &mut self,
        piece: &mut Piece,
        part: &'static str,
        name: &str,
        mut here: Here,
    ) -> Here {
        for _ in 0..MAX_OPEN {
            if piece.members().is_none_or(|members| members.len() != 1) {
                break;
            }
            let Some(target) = self.pure_target(piece, &here) else { break };
            let is_value = part == "examples" && !self.is_example(&target);
            if is_value || self.imports.contains_key(&(target.clone(), part)) {
                break;
            }
            let Some(found) = self.copy(&target) else { break };
            here = self.home(&target);
            self.imports.insert((target, part), name.to_owned());
            place(piece, found, Members::new());
        }
        here
    }

    /// The target of a reference to another file.
    fn pure_target(&mut self, piece: &Piece, here: &Here) -> Option<Target> {
        let reference = piece.get(REF)?;
        let text = reference.text()?;
        if here.file == 0 && text.starts_with('#') {
            return None;
        }
        self.resolve(text, here, reference.span).filter(|target| target.file > 0)
    }

    /// All but the components.
    pub(super) fn document(&mut self, root: &mut Piece) {
        self.object(root, &OPENAPI, &Here { file: 0, resource: "".into() });
    }

    pub(super) fn components(&mut self, components: &mut Piece, homes: &Homes) {
        for (part, entries) in components.members_mut().into_iter().flatten() {
            let Some(known) = known_part(part) else { continue };
            for (name, entry) in entries.members_mut().into_iter().flatten() {
                let Some(home) = homes.get(&(part.clone(), name.clone())) else { continue };
                let pointer = join(&format!("/components/{known}"), name);
                self.component_at(entry, known, home, pointer);
            }
        }
    }

    /// One component, wherever it comes from.
    pub(super) fn component_at(
        &mut self,
        piece: &mut Piece,
        part: &'static str,
        here: &Here,
        pointer: String,
    ) {
        let kind = OPENAPI.kind_of("components").and_then(|kind| match kind {
            Kind::One(components) => components.kind_of(part),
            _ => None,
        });
        let Some(Kind::Map(kind)) = kind else { return };
        let before = std::mem::replace(&mut self.pointer, pointer);
        self.value(piece, kind, here);
        self.pointer = before;
    }

    fn under(&mut self, key: &str, act: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push(&mut self.pointer, key);
        act(self);
        self.pointer.truncate(length);
    }

    fn value(&mut self, piece: &mut Piece, kind: &'static Kind, here: &Here) {
        if matches!(kind, Kind::SchemaOrFlag)
            || matches!(kind, Kind::OrRef(object) if object.name == "Schema")
        {
            self.dynamic_reference(piece, here);
        }
        let reference = piece.get(REF).and_then(|reference| reference.text());
        if let Some(text) = reference.map(str::to_owned) {
            return self.reference(piece, &text, kind, here);
        }
        match (kind, &mut piece.data) {
            (Kind::List(kind), Data::List(items)) => self.list(items, kind, here),
            // `items` of older drafts may be a list.
            (Kind::OrRef(_), Data::List(items)) => self.list(items, kind, here),
            (Kind::Map(kind), Data::Map(members)) => {
                for (name, member) in members {
                    self.under(name, |bundler| bundler.value(member, kind, here));
                }
            }
            (Kind::One(object) | Kind::OrRef(object), Data::Map(_)) => {
                self.object(piece, object, here);
            }
            (Kind::SchemaOrFlag, Data::Map(_)) => self.object(piece, &SCHEMA, here),
            _ => {}
        }
    }

    fn list(&mut self, items: &mut [Piece], kind: &'static Kind, here: &Here) {
        for (index, item) in items.iter_mut().enumerate() {
            self.under(&index.to_string(), |bundler| bundler.value(item, kind, here));
        }
    }

    fn object(&mut self, piece: &mut Piece, object: &'static Object, here: &Here) {
        let mut here = here.clone();
        let is_schema = std::ptr::eq(object, &raw const SCHEMA);
        if is_schema
            && let Some(id) = piece.text_of("$id")
            && let Some(place) = self.library.place_of_id(id, here.file)
        {
            here.resource = place.into();
        }
        for (key, member) in piece.members_mut().into_iter().flatten() {
            let newer = || NEWER.iter().find(|(name, _)| name == key).map(|(_, kind)| kind);
            let kind = object.kind_of(key).or_else(|| newer().filter(|_| is_schema));
            if let Some(kind) = kind {
                self.under(key, |bundler| bundler.value(member, kind, &here));
            }
        }
        if is_schema {
            self.mapping(piece, &here);
        }
    }

    /// `$dynamicRef` means the schema of its anchor unless another one extends that.
    fn dynamic_reference(&mut self, piece: &mut Piece, here: &Here) {
        let anchor = piece.text_of("$dynamicRef").and_then(|text| text.strip_prefix('#'));
        let known = anchor.is_some_and(|name| self.library.anchor(here.file, name).is_some());
        let Some(members) = piece.members_mut().filter(|_| known) else { return };
        if !members.contains_key(REF)
            && let Some(reference) = members.shift_remove("$dynamicRef")
        {
            members.insert(REF.to_owned(), reference);
        }
    }

    fn reference(&mut self, piece: &mut Piece, text: &str, kind: &'static Kind, here: &Here) {
        let at = piece.get(REF).map(|reference| reference.span).unwrap_or_default();
        let object = match kind {
            Kind::OrRef(object) => Some(*object),
            Kind::SchemaOrFlag => Some(&SCHEMA),
            Kind::One(_) | Kind::List(_) | Kind::Map(Kind::One(_) | Kind::OrRef(_)) => None,
            // Data, in which `$ref` is a key like any other.
            _ => return,
        };
        if object.is_none() && here.file == 0 && text.starts_with('#') {
            // `check` knows what to do about these.
            return;
        }
        let Some(target) = self.resolve(text, here, at) else { return };
        match object {
            Some(object) if !["Path Item", "Security Scheme"].contains(&object.name) => {
                self.refer(piece, text, target, object, here);
            }
            Some(object) => {
                // What stands beside the reference counts from here, not from the target.
                self.object(piece, object, here);
                self.inline(piece, target, kind);
            }
            None => {
                self.copied_word(at);
                self.inline(piece, target, kind);
            }
        }
    }

    /// A reference that stays one.
    fn refer(
        &mut self,
        piece: &mut Piece,
        text: &str,
        target: Target,
        object: &'static Object,
        here: &Here,
    ) {
        let at = piece.get(REF).map(|reference| reference.span).unwrap_or_default();
        if object.name == "Example" && self.example_value(piece, &target) {
            return;
        }
        let is_here = here.file == 0 && text.starts_with('#');
        let Some(new) = self.reference_to(target, object, at) else { return };
        let same = internal(text) == internal(&new);
        if let Some(reference) = piece.members_mut().and_then(|members| members.get_mut(REF))
            && !(is_here && same)
        {
            reference.data = Data::Scalar(new.into());
        }
        if self.dialect.is_newer() {
            self.object(piece, object, here);
        }
    }

    /// A file that is not an Example object is the value of one.
    fn example_value(&mut self, piece: &mut Piece, target: &Target) -> bool {
        if target.file == 0 || self.is_example(target) {
            return false;
        }
        let at = piece.get(REF).map(|reference| reference.span).unwrap_or_default();
        let Some(found) = self.copy(target) else { return false };
        let message = "the target is no Example object; it is read as the value of one".to_owned();
        self.problem(Severity::Warning, "wrong-reference", at, message, "write it below `value`");
        piece.data = Data::Map(Members::from([("value".to_owned(), found)]));
        true
    }

    fn is_example(&self, target: &Target) -> bool {
        let members = self.library.at(target).and_then(Piece::members);
        members.is_some_and(|members| members.keys().any(|key| EXAMPLE.contains(&key.as_str())))
    }

    /// Writes a target in place of the reference. What stands beside the reference is kept.
    fn inline(&mut self, piece: &mut Piece, target: Target, kind: &'static Kind) {
        let at = piece.get(REF).map(|reference| reference.span).unwrap_or_default();
        let circle = self.open.contains(&target) || self.open.len() >= MAX_OPEN;
        if circle && self.pointer.contains("/callbacks/") {
            // Calls that a service makes about calls that it made are nothing to a client.
            piece.data = Data::Map(Members::new());
            return;
        }
        if circle {
            let message = "this reference leads back to itself, so there is nothing at its end";
            let help = "write the target in its place";
            return self.refuse("reference-cycle", at, message.to_owned(), help);
        }
        let levels = self.pointer.matches('/').count();
        let height = self.library.at(&target).map_or(0, Piece::height);
        if levels + height > MAX_LEVELS {
            let message =
                format!("with this target the document is deeper than {MAX_LEVELS} levels");
            let help = "name an inner schema under components.schemas and refer to it";
            return self.refuse("too-deep", at, message, help);
        }
        let Some(mut found) = self.copy(&target) else { return };
        let here = self.home(&target);
        self.open.push(target);
        self.value(&mut found, kind, &here);
        self.open.pop();
        let own = piece.members_mut().map(std::mem::take).unwrap_or_default();
        place(piece, found, own);
    }

    /// The targets of a discriminator, which are names or references.
    fn mapping(&mut self, piece: &mut Piece, here: &Here) {
        let mapping = piece
            .members_mut()
            .and_then(|members| members.get_mut("discriminator"))
            .and_then(|discriminator| discriminator.members_mut()?.get_mut("mapping"));
        for (_, entry) in mapping.and_then(Piece::members_mut).into_iter().flatten() {
            let Some(text) = entry.text().map(str::to_owned) else { continue };
            let target = if super::resolve::is_file(&text) || text.contains(['#', '/']) {
                self.resolve(&text, here, entry.span)
            } else {
                let pointer = join("/components/schemas", &text);
                let named = Target { file: here.file, pointer };
                (here.file > 0 && self.library.at(&named).is_some()).then_some(named)
            };
            let new = target.and_then(|target| self.reference_to(target, &SCHEMA, entry.span));
            if let Some(new) = new.filter(|new| internal(new) != internal(&text)) {
                entry.data = Data::Scalar(new.into());
            }
        }
    }
}

/// Puts what was found in a piece's place; members of its own win.
fn place(piece: &mut Piece, found: Piece, own: Members) {
    piece.span = found.span;
    piece.data = found.data;
    for (key, member) in own {
        if key != REF
            && let Some(members) = piece.members_mut()
        {
            members.insert(key, member);
        }
    }
}
