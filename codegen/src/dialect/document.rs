//! What OpenAPI 3.1 has outside of schemas.

use serde_json::{Value, json};

use super::{Dialect, READ_AS, Translator};
use crate::check::METHODS;
use crate::piece::{Data, Members, Piece};

/// Dialects of JSON Schema that are read as they are meant.
const DIALECTS: &[&str] = &[
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://json-schema.org/draft/2020-12/schema",
];

impl Translator<'_> {
    /// The document itself.
    pub(super) fn document(&mut self, root: &mut Piece, dialect: Dialect) {
        let Some(members) = root.members_mut() else { return };
        self.version(members, dialect);
        self.under("webhooks", |translator| translator.webhooks(members));
        if let Some(piece) = members.shift_remove("jsonSchemaDialect") {
            let known = |name: &str| {
                DIALECTS.iter().any(|known| name.trim_end_matches('#') == *known)
                    || name.starts_with("https://spec.openapis.org/oas/3.")
            };
            if !piece.text().is_some_and(known) {
                let message = "schemas are read as those of OpenAPI 3.1, whatever their dialect";
                self.warn("other-version", piece.place(), message, "leave `jsonSchemaDialect` out");
            }
        }
        // Optional in 3.1, where a document may hold nothing but components.
        let at = members.get("openapi").map(|piece| piece.span).unwrap_or_default();
        members.entry("paths".to_owned()).or_insert_with(|| Piece::map(Members::new(), at));
        self.mutual_tls(members);
        if let Some(components) = members.get_mut("components").and_then(Piece::members_mut) {
            // They stand in the paths that refer to them by now.
            components.shift_remove("pathItems");
        }
    }

    fn version(&mut self, members: &mut Members, dialect: Dialect) {
        let Some(version) = members.get_mut("openapi") else { return };
        let at = version.span;
        version.data = Data::Scalar(READ_AS.into());
        if dialect == Dialect::V32 {
            let message = "OpenAPI 3.2 is read by the rules of 3.1; what is new in 3.2 is left out at its place";
            self.pointer.push_str("/openapi");
            self.warn(
                "other-version",
                at,
                message,
                "write `openapi: 3.1.1` if nothing of it is used",
            );
            self.pointer.clear();
        }
    }

    fn webhooks(&mut self, members: &mut Members) {
        let Some(webhooks) = members.shift_remove("webhooks") else { return };
        let count = webhooks.members().map_or(0, Members::len);
        if count > 0 {
            let help = "the types in `components` are there for what they send";
            let message =
                format!("webhooks call a client, which calls and is not called; {count} left out");
            self.warn("skipped", webhooks.place(), message, help);
        }
    }

    /// `mutualTLS` is no credential of a request, so it is no scheme of a client.
    fn mutual_tls(&mut self, root: &mut Members) {
        let schemes = root
            .get_mut("components")
            .and_then(|components| components.members_mut()?.get_mut("securitySchemes"))
            .and_then(Piece::members_mut);
        let Some(schemes) = schemes else { return };
        let mutual: Vec<String> = schemes
            .iter()
            .filter(|(_, scheme)| scheme.text_of("type") == Some("mutualTLS"))
            .map(|(name, _)| name.clone())
            .collect();
        for name in &mutual {
            let Some(scheme) = schemes.shift_remove(name) else { continue };
            let message =
                format!("`{name}` is mutual TLS, which is no part of a request; it is left out");
            let help = "give your own HTTP client the certificate";
            self.under("components", |translator| {
                translator.warn("skipped", scheme.place(), message, help);
            });
        }
        if mutual.is_empty() {
            return;
        }
        without(root.get_mut("security"), &mutual);
        let items = root.get_mut("paths").and_then(Piece::members_mut);
        for item in items.into_iter().flatten().filter_map(|(_, item)| item.members_mut()) {
            for method in METHODS {
                let operation = item.get_mut(*method).and_then(Piece::members_mut);
                without(operation.and_then(|operation| operation.get_mut("security")), &mutual);
            }
        }
    }

    /// Rules of single objects.
    pub(super) fn rules_of(&mut self, piece: &mut Piece, object: &str) {
        let at = piece.place();
        let Some(members) = piece.members_mut() else { return };
        match object {
            "Info" => info(members),
            "License" => {
                if let Some(identifier) = members.shift_remove("identifier") {
                    members.entry("x-identifier".to_owned()).or_insert(identifier);
                }
            }
            "Operation" if !members.contains_key("responses") => {
                members.insert("responses".to_owned(), Piece::written(json!({}), at));
            }
            "Path Item" => self.newer_methods(members),
            "Media Type" => multipart(members),
            _ => {}
        }
    }

    /// Methods of OpenAPI 3.2.
    fn newer_methods(&mut self, members: &mut Members) {
        for key in ["query", "additionalOperations"] {
            let Some(piece) = members.shift_remove(key) else { continue };
            let message = format!("`{key}` of OpenAPI 3.2 is not supported and is left out");
            self.warn(
                "skipped",
                piece.place(),
                message,
                "send such requests with your HTTP client",
            );
        }
    }
}

/// A summary goes before the description.
fn info(members: &mut Members) {
    let Some(summary) = members.shift_remove("summary") else { return };
    let Some(text) = summary.text().map(str::trim).filter(|text| !text.is_empty()) else { return };
    let described = members.get("description").and_then(Piece::text).map(str::trim);
    let joined = match described.filter(|text| !text.is_empty()) {
        Some(description) => format!("{text}\n\n{description}"),
        None => text.to_owned(),
    };
    let joined = Piece { data: Data::Scalar(joined.into()), ..summary };
    members.insert("description".to_owned(), joined);
}

/// Takes schemes out of requirements; what is left of a requirement still holds.
fn without(security: Option<&mut Piece>, schemes: &[String]) {
    let Some(Data::List(requirements)) = security.map(|security| &mut security.data) else {
        return;
    };
    for requirement in requirements.iter_mut().filter_map(Piece::members_mut) {
        requirement.retain(|name, _| !schemes.contains(name));
    }
}

/// A part of a form that is not described, but has a media type that is not text, is a file.
fn multipart(members: &mut Members) {
    let kinds: Vec<String> = members
        .get("encoding")
        .and_then(Piece::members)
        .into_iter()
        .flatten()
        .filter(|(_, encoding)| {
            encoding.text_of("contentType").is_some_and(super::content::is_binary)
        })
        .map(|(name, _)| name.clone())
        .collect();
    let properties = members
        .get_mut("schema")
        .and_then(|schema| schema.members_mut()?.get_mut("properties"))
        .and_then(Piece::members_mut);
    let Some(properties) = properties else { return };
    for name in kinds {
        let Some(property) = properties.get_mut(&name) else { continue };
        let at = property.place();
        let free = match &property.data {
            Data::Scalar(value) => *value == Value::Bool(true),
            Data::Map(members) => {
                members.keys().all(|key| ["title", "description"].contains(&key.as_str()))
            }
            Data::List(_) => false,
        };
        if !free {
            continue;
        }
        if property.members().is_none() {
            property.data = Data::Map(Members::new());
        }
        let Some(members) = property.members_mut() else { continue };
        members.insert("type".to_owned(), Piece::written("string".into(), at));
        members.insert("format".to_owned(), Piece::written("binary".into(), at));
    }
}
