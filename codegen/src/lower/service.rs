//! Credentials and limits: what belongs to the service as a whole.

use openapiv3::{APIKeyLocation, Operation as Source, ReferenceOr, SecurityScheme};
use serde_json::Value;

use super::context::{Context, escape};
use super::names::{self, Scope};
use super::parameters::is_sendable_header;
use crate::ir::{RateLimits, Scheme, SchemeKind};

impl<'a> Context<'a> {
    /// The security schemes that a client can serve, in document order.
    pub(super) fn lower_schemes(&mut self, setters: &mut Scope) -> Vec<Scheme> {
        let Some(components) = &self.openapi.components else { return Vec::new() };
        let mut schemes = Vec::new();
        for (key, scheme) in &components.security_schemes {
            let pointer = format!("/components/securitySchemes/{}", escape(key));
            let ReferenceOr::Item(scheme) = scheme else {
                self.skip(
                    &pointer,
                    "a security scheme that is a reference",
                    "write the scheme out",
                );
                continue;
            };
            let Some((kind, description)) = scheme_kind(scheme) else {
                self.skip(
                    &pointer,
                    "this kind of security scheme",
                    "add the credential with your own HTTP client builder",
                );
                continue;
            };
            let rust = setters.take(&names::value_name(key), "credential", "_").rust;
            schemes.push(Scheme {
                name: names::name(key, names::identifier(&rust)),
                kind,
                description,
            });
        }
        schemes
    }

    /// The alternatives of an operation, as numbers of schemes.
    pub(super) fn security(&mut self, source: &Source, pointer: &str) -> Vec<Vec<usize>> {
        let required = source.security.as_ref().or(self.openapi.security.as_ref());
        let mut alternatives = Vec::new();
        let mut lost = false;
        for requirement in required.into_iter().flatten() {
            let numbers: Option<Vec<usize>> = requirement
                .keys()
                .map(|key| self.schemes.iter().position(|scheme| scheme.name.wire == *key))
                .collect();
            match numbers {
                Some(numbers) => alternatives.push(numbers),
                None => lost = true,
            }
        }
        if lost && alternatives.is_empty() {
            self.skip(
                &format!("{pointer}/security"),
                "the only credential this operation takes",
                "add it with your own HTTP client builder",
            );
        }
        alternatives
    }

    /// `x-rate-limits` of the document.
    pub(super) fn rate_limits(&self) -> Option<RateLimits> {
        let limits = self.openapi.extensions.get("x-rate-limits")?;
        Some(RateLimits {
            per_second: limits.get("per_second").and_then(Value::as_u64),
            per_day: limits.get("per_day").and_then(Value::as_u64),
            day_starts_at: limits
                .get("day_resets_at")
                .and_then(Value::as_str)
                .map_or(0, seconds_of_day),
            scope: limits.get("scope").and_then(Value::as_str).map(str::to_owned),
        })
    }
}

/// Seconds from 00:00 UTC to a time such as `07:30Z`, whose form was checked.
fn seconds_of_day(time: &str) -> u32 {
    let number = |part: &str| part.trim_end_matches('Z').parse::<u32>().unwrap_or(0);
    let (hours, minutes) = time.split_once(':').unwrap_or((time, "0"));
    (number(hours) * 3600 + number(minutes) * 60) % 86_400
}

/// How the credential of a scheme travels; `None` for kinds that need more than one header.
fn scheme_kind(scheme: &SecurityScheme) -> Option<(SchemeKind, Option<String>)> {
    match scheme {
        SecurityScheme::APIKey { location, name, description, .. } => {
            let kind = match location {
                APIKeyLocation::Header if !is_sendable_header(name) => return None,
                APIKeyLocation::Header => SchemeKind::Header(name.clone()),
                APIKeyLocation::Query => SchemeKind::Query(name.clone()),
                APIKeyLocation::Cookie => SchemeKind::Cookie(name.clone()),
            };
            Some((kind, description.clone()))
        }
        SecurityScheme::HTTP { scheme, description, .. } => match scheme.to_lowercase().as_str() {
            "bearer" => Some((SchemeKind::Bearer, description.clone())),
            "basic" => Some((SchemeKind::Basic, description.clone())),
            _ => None,
        },
        SecurityScheme::OAuth2 { description, .. }
        | SecurityScheme::OpenIDConnect { description, .. } => {
            Some((SchemeKind::Bearer, description.clone()))
        }
    }
}
