//! Document to page. The raw tree says everything; the model adds what was concluded from it: retry
//! safety, servers with their names, samples in Rust.

mod facts;
mod operation;
mod schema;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::anchors::{Anchors, Targets};
use super::model::{Component, Group, Note, Page, Scheme, Server};
use super::node::{all_members, items, members, resolved, text, texts};
use super::{example, query};
use crate::config::Config;
use crate::ir::{self, Api};

/// The methods of a path item, in the order of the standard.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Where a document without an absolute address is said to be.
pub(super) const NOWHERE: &str = "https://api.example.com";

/// What every reader knows.
pub(super) struct Source<'a> {
    pub tree: &'a Value,
    pub config: &'a Config,
    pub api: &'a Api,
    /// Samples in Rust by method and path.
    pub calls: &'a BTreeMap<String, String>,
    pub servers: &'a [Server],
    pub targets: &'a Targets,
    /// Anchors of the security schemes.
    pub schemes: &'a BTreeMap<String, String>,
}

/// One operation of the tree.
struct Found<'a> {
    method: &'static str,
    path: &'a str,
    item: &'a Value,
    value: &'a Value,
    anchor: String,
}

/// The page of a document.
pub(super) fn page(
    tree: &Value,
    api: &Api,
    config: &Config,
    calls: &BTreeMap<String, String>,
    notes: &[Note],
) -> Page {
    let components = tree.get("components").unwrap_or(&Value::Null);
    let mut anchors = Anchors::default();
    let mut targets = Targets::default();
    for (name, _) in all_members(components, "schemas") {
        targets.schemas.insert(name.clone(), anchors.take("schema", name));
    }
    let groups = find(tree, &mut anchors, &mut targets);
    let schemes: BTreeMap<String, String> = members(components, "securitySchemes")
        .map(|(name, _)| (name.clone(), anchors.take("auth", name)))
        .collect();
    targets.schemes.extend(schemes.values().cloned());
    let servers = servers(api);
    let source = Source {
        tree,
        config,
        api,
        calls,
        servers: &servers,
        targets: &targets,
        schemes: &schemes,
    };
    let groups = groups.iter().map(|(tag, found)| group(&source, tag, found)).collect();
    let schemas = all_members(components, "schemas")
        .filter_map(|(name, value)| component(&source, name, value))
        .collect();
    let schemes = members(components, "securitySchemes")
        .filter_map(|(name, value)| scheme(&source, name, resolved(tree, value)))
        .collect();
    Page {
        limits: api.rate_limits.as_ref().map(limits).unwrap_or_default(),
        groups,
        schemas,
        schemes,
        notes: notes.to_vec(),
        servers,
        targets,
        ..head(tree)
    }
}

/// What the document says of itself.
fn head(tree: &Value) -> Page {
    let info = tree.get("info").unwrap_or(&Value::Null);
    Page {
        title: text(info, "title").unwrap_or_else(|| "API".to_owned()),
        version: text(info, "version").unwrap_or_default(),
        description: text(info, "description"),
        links: links(tree, info),
        license: info.get("license").and_then(|license| text(license, "name")),
        ..Page::default()
    }
}

/// The operations by tag: in the order of `tags`, then as they appear.
fn find<'a>(
    tree: &'a Value,
    anchors: &mut Anchors,
    targets: &mut Targets,
) -> IndexMap<&'a str, Vec<Found<'a>>> {
    let declared = items(tree, "tags").filter_map(|tag| tag.get("name")?.as_str());
    let mut by_tag: IndexMap<&str, Vec<Found<'_>>> =
        declared.map(|name| (name, Vec::new())).collect();
    for (path, item) in members(tree, "paths") {
        let item = resolved(tree, item);
        for method in METHODS {
            let Some(value) = item.get(method).filter(|value| value.is_object()) else { continue };
            let id = text(value, "operationId");
            let named = id.clone().unwrap_or_else(|| format!("{method}-{path}"));
            let anchor = anchors.take("op", &named);
            if let Some(id) = id {
                targets.operations.entry(id).or_insert_with(|| anchor.clone());
            }
            let tag = texts(value, "tags").next().unwrap_or_default();
            by_tag.entry(tag).or_default().push(Found { method, path, item, value, anchor });
        }
    }
    by_tag.retain(|_, found| !found.is_empty());
    for tag in by_tag.keys() {
        targets.tags.insert((*tag).to_owned(), anchors.take("tag", tag));
    }
    by_tag
}

fn group(source: &Source<'_>, tag: &str, found: &[Found<'_>]) -> Group {
    let declared =
        items(source.tree, "tags").find(|known| text(known, "name").as_deref() == Some(tag));
    let title = declared.and_then(|tag| text(tag, "x-displayName"));
    let untagged = if tag.is_empty() { "Operations" } else { tag };
    Group {
        title: title.unwrap_or_else(|| untagged.to_owned()),
        anchor: source.targets.tags.get(tag).cloned().unwrap_or_default(),
        description: declared.and_then(|tag| text(tag, "description")),
        operations: found.iter().map(|found| operation::operation(source, found)).collect(),
    }
}

fn component(source: &Source<'_>, name: &str, value: &Value) -> Option<Component> {
    let anchor = source.targets.schemas.get(name)?.clone();
    let schema = schema::used(source.tree, value);
    let example = match value.get("example") {
        Some(given) => Some(example::of("Example", given)),
        None if schema.parts.is_empty() => None,
        None => example::make(source.tree, value, "text", false)
            .map(|made| example::of("Made from the schema", &made)),
    };
    Some(Component { name: name.to_owned(), anchor, schema, example })
}

/// The servers of the model that have an address; one that stands for them where there is none.
fn servers(api: &Api) -> Vec<Server> {
    let server = |server: &ir::Server| {
        Some(Server {
            name: server.name.wire.clone(),
            url: query::without_slash(server.url.as_deref()?),
            description: server.description.clone(),
            rust: server.name.rust.clone(),
        })
    };
    let mut servers: Vec<Server> = api.servers.iter().filter_map(server).collect();
    if servers.is_empty() {
        servers.push(Server {
            name: "example".to_owned(),
            url: NOWHERE.to_owned(),
            description: Some("The document names no absolute address; put yours here.".to_owned()),
            rust: String::new(),
        });
    }
    servers
}

fn scheme(source: &Source<'_>, name: &str, value: &Value) -> Option<Scheme> {
    Some(Scheme {
        name: name.to_owned(),
        anchor: source.schemes.get(name)?.clone(),
        how: facts::travels(value),
        description: text(value, "description"),
    })
}

fn links(tree: &Value, info: &Value) -> Vec<(String, String)> {
    let mut links = Vec::new();
    if let Some(docs) = tree.get("externalDocs") {
        let name = text(docs, "description").unwrap_or_else(|| "Documentation".to_owned());
        links.extend(text(docs, "url").map(|url| (name, url)));
    }
    links.extend(text(info, "termsOfService").map(|url| ("Terms of service".to_owned(), url)));
    if let Some(contact) = info.get("contact") {
        let name = text(contact, "name").unwrap_or_else(|| "Contact".to_owned());
        links.extend(text(contact, "url").map(|url| (name, url)));
    }
    links
}

fn limits(limits: &ir::RateLimits) -> Vec<String> {
    let scope = limits.scope.as_deref().map(|scope| format!(" per {scope}")).unwrap_or_default();
    let second =
        limits.per_second.map(|count| format!("{} requests per second{scope}", grouped(count)));
    let starts = limits.day_starts_at;
    let day = limits.per_day.map(|count| {
        let (hour, minute) = (starts / 3600, starts / 60 % 60);
        format!(
            "{} requests per day{scope}; a day starts at {hour:02}:{minute:02} UTC",
            grouped(count)
        )
    });
    second.into_iter().chain(day).collect()
}

/// A number with a comma before each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
