//! The text of a reference to the place that it means.

use super::library::Opened;
use super::{Bundler, Here, Import, REF, Target};
use crate::check::{Object, component_of, decode_percent, object_at};
use crate::diagnostic::Severity;
use crate::source::{Span, join, tokens};

/// Endings of files that hold documents.
const ENDINGS: &[&str] = &[".yaml", ".yml", ".json"];

/// Problems after which no more suggestions are made: each looks at all names around.
const MAX_SUGGESTIONS: usize = 100;

/// Whether a text that may be a name or a reference is one to a file.
pub fn is_file(text: &str) -> bool {
    let file = text.split('#').next().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| file.ends_with(ending)) && !is_remote(&file)
}

/// References on the way of a pointer that are followed.
const MAX_HOPS: usize = 64;

/// Whether a reference leads to the network.
fn is_remote(file: &str) -> bool {
    file.contains("://") || file.starts_with("//") || file.starts_with("urn:")
}

impl Bundler {
    /// What a reference leads to. None where that is nothing: it has been reported, or `check` will.
    pub(super) fn resolve(&mut self, text: &str, here: &Here, at: Span) -> Option<Target> {
        let target = self.aim(text, here, at)?;
        if let Some(found) = target.clone().and_then(|target| self.through(target, at)) {
            return Some(found);
        }
        if target.as_ref().is_none_or(|target| target.file > 0) {
            self.nothing_there(text, target, here, at);
        }
        None
    }

    /// Where a pointer leads that may lead through references on its way. None: nowhere.
    fn through(&mut self, mut target: Target, at: Span) -> Option<Target> {
        for _ in 0..MAX_HOPS {
            if self.library.at(&target).is_some() {
                return Some(target);
            }
            let file = target.file;
            let mut around = target.pointer.as_str();
            let text = loop {
                around = around.rsplit_once('/')?.0;
                let outer = Target { file, pointer: around.to_owned() };
                if let Some(piece) = self.library.at(&outer) {
                    break piece.text_of(REF)?.to_owned();
                }
            };
            let outer = Target { file, pointer: around.to_owned() };
            let rest = target.pointer[around.len()..].to_owned();
            let here = self.home(&outer);
            let next = self.aim(&text, &here, at)??;
            target = Target { file: next.file, pointer: next.pointer + &rest };
        }
        None
    }

    /// What a reference names, there or not; an inner none for what is no place. An outer one: it has
    /// been reported, or `check` will.
    fn aim(&mut self, text: &str, here: &Here, at: Span) -> Option<Option<Target>> {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let from = if file.is_empty() {
            Target { file: here.file, pointer: here.resource.to_string() }
        } else if let Some(known) = self.library.by_id(file, here) {
            known
        } else if is_remote(file) {
            return None;
        } else {
            Target { file: self.open(file, text, here, at)?, pointer: String::new() }
        };
        Some(self.fragment(from, &decode_percent(fragment)))
    }

    fn fragment(&self, from: Target, fragment: &str) -> Option<Target> {
        if fragment.is_empty() {
            return Some(from);
        }
        let Target { file, pointer } = from;
        if !fragment.starts_with('/') {
            return self.library.anchor(file, fragment).map(|pointer| Target { file, pointer });
        }
        // Within a schema that has an `$id`, pointers count from there; many documents do not.
        let inside = Target { file, pointer: format!("{pointer}{fragment}") };
        if self.library.at(&inside).is_some() {
            return Some(inside);
        }
        Some(Target { file, pointer: fragment.to_owned() })
    }

    fn open(&mut self, file: &str, text: &str, here: &Here, at: Span) -> Option<usize> {
        let opened = self.library.open(here.file, &decode_percent(file), &mut self.problems);
        match opened {
            Ok(Opened::File(file)) => Some(file),
            Ok(Opened::Wrong) => {
                self.failed.insert(at.start);
                None
            }
            Ok(Opened::NoDisk) => None,
            // The name of a component, which `check` knows how to write.
            Err(_) if self.library.has_component(file) => None,
            Err((message, help)) => {
                let message = format!("`{text}` cannot be followed: {message}");
                self.refuse("external-reference", at, message, help);
                None
            }
        }
    }

    fn nothing_there(&mut self, text: &str, target: Option<Target>, here: &Here, at: Span) {
        let Some(target) = target else {
            if here.file > 0 || !text.starts_with('#') {
                let message =
                    format!("`{text}` is neither a JSON pointer nor the `$anchor` of a schema");
                self.refuse("external-reference", at, message, "write a pointer: `#/...`");
            }
            return;
        };
        let name = self.library.name(target.file);
        let few = self.problems.len() < MAX_SUGGESTIONS;
        let near = few.then(|| self.library.similar(&target)).flatten();
        let help = near.map_or_else(
            || "add it there, or correct the reference".to_owned(),
            |near| format!("did you mean `#{near}`?"),
        );
        let message = format!("`{text}` does not exist: `{name}` has no `{}`", target.pointer);
        self.refuse("dangling-reference", at, message, help);
    }

    /// The reference that a target has in the document that is made; makes it a component if it is
    /// none.
    pub(super) fn reference_to(
        &mut self,
        target: Target,
        object: &'static Object,
        at: Span,
    ) -> Option<String> {
        if target.file == 0 && self.stays(&target.pointer, object) {
            return Some(format!("#{}", target.pointer.replace('%', "%25")));
        }
        let part = component_of(object.name)?;
        if let Some(name) = self.imports.get(&(target.clone(), part)) {
            return Some(join(&format!("#/components/{part}"), name));
        }
        if let Some(inside) = self.below_import(&target, part) {
            return Some(inside);
        }
        let name = self.named(&target, part, at);
        Some(join(&format!("#/components/{part}"), &name))
    }

    /// Makes a target a component, to be put in place later.
    fn named(&mut self, target: &Target, part: &'static str, at: Span) -> String {
        let stem = self.library.stem(target.file);
        let (name, changed) = self.names.take(part, &stem, &target.pointer);
        if changed {
            let file = self.library.name(target.file);
            let message = format!(
                "two different components are called alike; the one of `{file}` at `{}` becomes `{name}`",
                if target.pointer.is_empty() { "/" } else { &target.pointer }
            );
            let help = "rename one of the two to choose the name yourself";
            self.problem(Severity::Warning, "renamed", at, message, help);
        }
        self.imports.insert((target.clone(), part), name.clone());
        self.queue.push_back(Import { target: target.clone(), part, name: name.clone() });
        name
    }

    /// A place inside of a component that came from elsewhere.
    fn below_import(&self, target: &Target, part: &'static str) -> Option<String> {
        let mut around = target.pointer.as_str();
        while let Some((outer, _)) = around.rsplit_once('/') {
            around = outer;
            let whole = Target { file: target.file, pointer: around.to_owned() };
            let Some(name) = self.imports.get(&(whole, part)) else { continue };
            let rest = &target.pointer[around.len()..];
            let component = join(&format!("/components/{part}"), name);
            return (part == "schemas" && is_steady(rest))
                .then(|| format!("#{component}{}", rest.replace('%', "%25")));
        }
        None
    }

    /// Whether a place of the document itself can be referred to where it stands.
    fn stays(&self, pointer: &str, object: &'static Object) -> bool {
        let part = component_of(object.name).unwrap_or_default();
        let rest = pointer.strip_prefix("/components/").and_then(|rest| rest.strip_prefix(part));
        let inside = rest
            .and_then(|rest| rest.strip_prefix('/'))
            .map(|rest| rest.find('/').map_or("", |end| &rest[end..]));
        match inside {
            Some("") => true,
            Some(inside) if self.dialect.is_newer() => is_steady(inside),
            Some(_) if part == "schemas" => true,
            _ => match object_at(pointer) {
                Some(found) => !std::ptr::eq(found, object),
                // What is no place of the standard is a problem in 3.0, and `check` says so.
                None if !self.dialect.is_newer() => true,
                None => {
                    let target = Target { file: 0, pointer: pointer.to_owned() };
                    self.library.at(&target).is_none()
                }
            },
        }
    }
}

/// Whether a way down from a schema leads through keywords that stay what they are when a document
/// is translated.
fn is_steady(rest: &str) -> bool {
    let mut steps = tokens(rest);
    while let Some(step) = steps.next() {
        match step.as_ref() {
            "properties" if steps.next().is_some() => {}
            "items" | "additionalProperties" => {}
            _ => return false,
        }
    }
    true
}
