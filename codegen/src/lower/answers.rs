//! Answers that come back: what successes carry, and errors.

use openapiv3::{Operation as Source, ReferenceOr, Response, StatusCode};
use serde_json::Value;

use super::content::is_json;
use super::context::{Context, SchemaRef, escape};
use super::names::{self, Scope};
use super::references::{component, place_of};
use super::streams;
use crate::ir::{Answer, BodyFormat, ByStatus, ErrorAnswer, Method, Success, TypeRef};

/// An answer with a status that means success.
pub(super) struct Found<'a> {
    pub(super) response: &'a Response,
    pub(super) pointer: String,
    status: String,
}

impl<'a> Context<'a> {
    /// What a success carries. `None`: it carries something that cannot be read.
    pub(super) fn lower_answer(
        &mut self,
        source: &'a Source,
        method: Method,
        pointer: &str,
        hint: &str,
        scope: &mut Scope,
    ) -> Option<Answer> {
        if method == Method::Head {
            return Some(Answer::Nothing);
        }
        let found = self.successes(source, pointer);
        let mut variants = Scope::with(names::ANSWER_WORDS);
        let mut successes = Vec::new();
        for success in &found {
            let variant = variants.take(&status_name(&success.status), "Status", "").rust;
            let hint = match found.len() {
                1 => format!("{hint} Answer"),
                _ => format!("{hint} {variant}"),
            };
            let answer = self.one_answer(success, &hint)?;
            let (status, description) =
                (success.status.clone(), success.response.description.clone());
            successes.push(Success { status, variant, description, answer });
        }
        if successes.iter().any(|success| success.answer == Answer::Stream) {
            // A success without a body is a stream that ends at once; one with a body has a method of
            // its own.
            successes.retain(|success| matches!(success.answer, Answer::Body { .. }));
            if successes.is_empty() {
                return Some(Answer::Stream);
            }
        }
        let mut kinds = successes.iter().map(|success| &success.answer);
        let first = kinds.next().cloned().unwrap_or(Answer::Nothing);
        if kinds.all(|other| same_answer(&first, other)) {
            return Some(first);
        }
        let is_open = successes.iter().all(|success| success.status.parse::<u16>().is_ok());
        let name = scope.take(&format!("{hint}Answer"), "Body", "").rust;
        let other = is_open.then(|| names::OTHER_ANSWER.to_owned());
        Some(Answer::ByStatus(ByStatus { name, successes, other }))
    }

    /// The successes of an operation: single statuses, then ranges; `default` if nothing else is one.
    pub(super) fn successes(&self, source: &'a Source, pointer: &str) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        for (status, response) in &source.responses.responses {
            let success = match status {
                StatusCode::Code(code) => (200..300).contains(code),
                StatusCode::Range(range) => *range == 2,
            };
            let text = status.to_string();
            let place = place_of(response, &format!("{pointer}/responses/{text}"));
            if let (true, Some(response)) = (success, self.response(response)) {
                found.push(Found { response, pointer: place, status: text });
            }
        }
        found.sort_by_key(|success| success.status.parse::<u16>().unwrap_or(u16::MAX));
        if let (true, Some(default)) = (found.is_empty(), &source.responses.default) {
            let place = place_of(default, &format!("{pointer}/responses/default"));
            if let Some(response) = self.response(default) {
                found.push(Found { response, pointer: place, status: "default".to_owned() });
            }
        }
        found
    }

    fn one_answer(&mut self, success: &Found<'a>, hint: &str) -> Option<Answer> {
        let silent = success.response.extensions.get("x-no-content") == Some(&Value::Bool(true));
        let bodiless = matches!(success.status.as_str(), "204" | "205");
        if silent || bodiless || success.response.content.is_empty() {
            return Some(Answer::Nothing);
        }
        let content = &success.response.content;
        let Some((media_type, media, format)) = self.choose(content, &success.pointer, false)
        else {
            if content.keys().any(|media_type| streams::format(media_type).is_some()) {
                return Some(Answer::Stream);
            }
            let kinds: Vec<&str> = content.keys().map(String::as_str).collect();
            self.skip(
                &success.pointer,
                &format!("the operation, since its answer ({})", kinds.join(", ")),
                "offer application/json too",
            );
            return None;
        };
        let place = format!("{}/content/{}", success.pointer, escape(media_type));
        let asked = match (media_type.contains('*'), format) {
            (false, _) => Some(media_type.to_owned()),
            (true, BodyFormat::Json) => Some("application/json".to_owned()),
            (
                true,
                BodyFormat::Form | BodyFormat::Multipart | BodyFormat::Text | BodyFormat::Bytes,
            ) => None,
        };
        if media.schema.is_none() && format == BodyFormat::Json {
            return Some(Answer::Body { ty: TypeRef::Any, format, media_type: asked });
        }
        let ty = self.content_type(media, format, &place, hint);
        Some(Answer::Body { ty, format, media_type: asked })
    }

    /// The answers that are not a success.
    pub(super) fn lower_errors(
        &mut self,
        source: &'a Source,
        pointer: &str,
        hint: &str,
    ) -> Vec<ErrorAnswer> {
        let only_default = source.responses.responses.keys().all(|status| match status {
            StatusCode::Code(code) => !(200..300).contains(code),
            StatusCode::Range(range) => *range != 2,
        });
        let coded =
            source.responses.responses.iter().map(|(status, answer)| (status.to_string(), answer));
        let default = source.responses.default.iter().filter(|_| !only_default);
        let mut variants = Scope::with(names::ANSWER_WORDS);
        let mut errors: Vec<ErrorAnswer> = Vec::new();
        for (status, answer) in coded.chain(default.map(|answer| ("default".to_owned(), answer))) {
            if status.starts_with('2') {
                continue;
            }
            let place = place_of(answer, &format!("{pointer}/responses/{status}"));
            let Some(response) = self.response(answer) else { continue };
            let json = response.content.iter().find(|(media_type, _)| is_json(media_type));
            let ty = json.and_then(|(media_type, media)| {
                let place = format!("{place}/content/{}/schema", escape(media_type));
                let name = self.error_hint(answer, &status, hint);
                let schema = media.schema.as_ref()?;
                Some(self.lower_once(schema.into(), &place, &name))
            });
            let variant = variants.take(&status_name(&status), "Status", "").rust;
            let description = response.description.clone();
            errors.push(ErrorAnswer { status, variant, description, ty });
        }
        errors.sort_by(|a, b| a.status.cmp(&b.status));
        errors
    }

    /// The enum of the bodies of errors, where one type would not do.
    pub(super) fn error_type(
        &self,
        errors: &[ErrorAnswer],
        hint: &str,
        scope: &mut Scope,
    ) -> Option<String> {
        let mut types = errors.iter().filter_map(|error| error.ty.as_ref());
        let first = types.next()?;
        let differ = types.any(|ty| self.resolve_alias(ty) != self.resolve_alias(first));
        differ.then(|| scope.take(&format!("{hint}Error"), "Body", "").rust)
    }

    /// A shared answer makes its type once, whoever refers to it.
    pub(super) fn lower_once(&mut self, schema: SchemaRef<'a>, place: &str, hint: &str) -> TypeRef {
        if let Some(Some(used)) = self.by_pointer.get(place) {
            return used.ty.clone();
        }
        let used = self.lower_schema(schema, place, hint, 0);
        self.by_pointer.insert(place.to_owned(), Some(used.clone()));
        used.ty
    }

    fn error_hint(&self, answer: &ReferenceOr<Response>, status: &str, hint: &str) -> String {
        match answer {
            ReferenceOr::Reference { reference } => {
                let key = component(reference, "responses").unwrap_or_else(|| status.to_owned());
                format!("{key} Body")
            }
            ReferenceOr::Item(_) => format!("{hint} Error {status}"),
        }
    }
}

/// A status as a variant: the words of RFC 9110, section 15.
fn status_name(status: &str) -> String {
    let class = match status.to_uppercase().as_str() {
        "1XX" => "Informational",
        "2XX" => "Success",
        "3XX" => "Redirection",
        "4XX" => "ClientError",
        "5XX" => "ServerError",
        "DEFAULT" => "Default",
        _ => "",
    };
    let code = status.parse::<u16>().ok().and_then(|code| http::StatusCode::from_u16(code).ok());
    match code.and_then(|code| code.canonical_reason()) {
        Some(reason) => names::type_name(reason, 'S'),
        None if class.is_empty() => format!("Status{status}"),
        None => class.to_owned(),
    }
}

fn same_answer(one: &Answer, other: &Answer) -> bool {
    match (one, other) {
        (Answer::Nothing, Answer::Nothing) | (Answer::Stream, Answer::Stream) => true,
        (Answer::Body { ty, format, .. }, Answer::Body { ty: other, format: other_format, .. }) => {
            ty == other && format == other_format
        }
        (Answer::Nothing | Answer::Stream | Answer::Body { .. } | Answer::ByStatus(_), _) => false,
    }
}
