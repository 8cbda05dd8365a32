//! Paths to operations, by family.

use std::collections::HashMap;

use indexmap::IndexMap;
use openapiv3::{Operation as Source, PathItem, ReferenceOr, Tag};
use serde_json::Value;

use super::context::{Context, escape};
use super::families;
use super::names::{self, Scope};
use crate::config::{Candidate, check_choices};
use crate::ir::{Family, Method, Operation, Retry};

/// One operation of the document and where it stands.
#[derive(Clone)]
pub(super) struct Found<'a> {
    path: &'a str,
    /// The query that stands in the path.
    query: Option<&'a str>,
    method: Method,
    item: &'a PathItem,
    pub(super) source: &'a Source,
    pub(super) pointer: String,
    /// `operationId`, or one made from method and path.
    pub(super) id: String,
    /// The name of the method, if the settings give one.
    renamed: Option<&'a str>,
}

/// What an operation is called in Rust.
struct Names {
    method: String,
    request: String,
    constant: String,
}

impl Found<'_> {
    /// What its names are made of.
    fn spoken(&self) -> &str {
        self.renamed.unwrap_or(&self.id)
    }

    pub(super) fn candidate(&self) -> Candidate<'_> {
        Candidate { tags: &self.source.tags, path: self.path, id: &self.id }
    }
}

impl<'a> Context<'a> {
    /// Lowers every operation. Families come in the order of `tags`, then as they appear.
    pub(super) fn lower_operations(&mut self) -> Vec<Family> {
        let found = self.chosen_operations();
        let mut by_tag: IndexMap<String, Vec<Found<'a>>> =
            self.openapi.tags.iter().map(|tag| (tag.name.clone(), Vec::new())).collect();
        let tag = |operation: &Found<'a>| operation.source.tags.first().cloned();
        let bare: Vec<&str> =
            found.iter().filter(|found| tag(found).is_none()).map(|found| found.path).collect();
        let mut others = families::untagged(&bare).into_iter();
        for operation in found {
            let family = tag(&operation).or_else(|| others.next()).unwrap_or_default();
            by_tag.entry(family).or_default().push(operation);
        }
        by_tag.retain(|_, operations| !operations.is_empty());
        let types: Vec<String> =
            self.components.values().map(|id| self.types[id.0].name.rust.clone()).collect();
        let mut requests = names::request_scope(types.iter().map(String::as_str));
        let mut modules = names::family_scope();
        let handles: Vec<String> = by_tag
            .keys()
            .map(|tag| requests.take(&names::type_name(tag, 'T'), "Api", "").rust)
            .collect();
        let mut constants = Scope::default();
        // Requests get their names first: those of their answers give way.
        let named: Vec<Vec<Names>> = by_tag
            .iter()
            .map(|(tag, operations)| {
                let names = operations.iter().zip(method_names(tag, operations));
                let names = names.map(|(found, method)| Names {
                    method,
                    request: requests
                        .take(&names::type_name(found.spoken(), 'T'), "Request", "")
                        .rust,
                    constant: constants.take(&names::constant_name(found.spoken()), "", "_").rust,
                });
                names.collect()
            })
            .collect();
        for (operation, names) in by_tag.values().flatten().zip(named.iter().flatten()) {
            if let Some(wanted) = operation.renamed {
                self.tell_method(&operation.id, wanted, &names.method);
            }
        }
        let tags: HashMap<&str, &Tag> =
            self.openapi.tags.iter().rev().map(|tag| (tag.name.as_str(), tag)).collect();
        let mut families = Vec::new();
        for (((tag, operations), handle), named) in by_tag.into_iter().zip(handles).zip(named) {
            let module = modules.take(&names::value_name(&tag), "api", "_").rust;
            let lowered: Vec<Operation> = operations
                .iter()
                .zip(named)
                .filter_map(|(found, names)| self.lower_operation(found, names, &mut requests))
                .collect();
            if !lowered.is_empty() {
                let description = tags.get(tag.as_str()).copied();
                families.push(Family {
                    name: names::name(&tag, names::identifier(&module)),
                    handle,
                    feature: None,
                    description: description.and_then(|tag| tag.description.clone()),
                    operations: lowered,
                });
            }
        }
        self.tell_unused_paging();
        families
    }

    /// The operations that the settings choose; tells which of their entries choose none.
    fn chosen_operations(&mut self) -> Vec<Found<'a>> {
        let mut found = self.find_operations();
        let candidates: Vec<Candidate<'_>> = found.iter().map(Found::candidate).collect();
        check_choices(self.config, &candidates, self.settings);
        found.retain(|found| self.config.filter.keeps(&found.candidate()));
        let entries = self.config.paging.iter().enumerate();
        self.paging_idle = entries
            .filter(|(_, entry)| found.iter().any(|own| entry.operations.names(&own.candidate())))
            .map(|(index, _)| index)
            .collect();
        let renamed = self.renamed_operations(&found);
        for operation in &mut found {
            operation.renamed = renamed.get(operation.id.as_str()).copied();
        }
        found
    }

    fn find_operations(&mut self) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        for (path, item) in self.openapi.paths.iter() {
            let pointer = format!("/paths/{}", escape(path));
            // A fragment stays with the client (RFC 9110, 4.2.4); some documents tell operations
            // apart by it.
            let path = path.split('#').next().unwrap_or(path);
            // Some tell operations apart by a query, which then belongs to each of their requests.
            let (path, query) = match path.split_once('?') {
                Some((_, query)) if query.contains('{') => {
                    self.skip(
                        &pointer,
                        "a path whose query has parameters",
                        "describe them with `in: query`",
                    );
                    continue;
                }
                Some((path, query)) => (path, Some(query).filter(|query| !query.is_empty())),
                None => (path, None),
            };
            let item = match item {
                ReferenceOr::Item(item) => item,
                ReferenceOr::Reference { reference } => {
                    self.skip(
                        &pointer,
                        &format!("a path that is a reference ({reference})"),
                        "write the operations out under the path",
                    );
                    continue;
                }
            };
            for (method, source) in methods(item) {
                let pointer = format!("{pointer}/{}", method.as_str().to_lowercase());
                let id = source.operation_id.clone().filter(|id| !id.trim().is_empty());
                let id = id.unwrap_or_else(|| derived_id(method, path));
                found.push(Found { path, query, method, item, source, pointer, id, renamed: None });
            }
        }
        found
    }

    fn lower_operation(
        &mut self,
        found: &Found<'a>,
        names: Names,
        scope: &mut Scope,
    ) -> Option<Operation> {
        let source = found.source;
        let Names { method, request, constant } = names;
        let hint = request.clone();
        let body = self.lower_body(source, &found.pointer, &hint)?;
        let server = self.own_server(found.item, source, &found.pointer);
        let parameters =
            self.lower_parameters(found.item, source, found.path, &found.pointer, &hint)?;
        let answer = self.lower_answer(source, found.method, &found.pointer, &hint, scope)?;
        let stream = self.lower_stream(source, &answer, found.method, &found.pointer, &hint);
        let headers = self.lower_headers(source, &found.pointer, &hint, scope);
        let errors = self.lower_errors(source, &found.pointer, &hint);
        let error_type = self.error_type(&errors, &hint, scope);
        let mut operation = Operation {
            name: names::name(&found.id, names::identifier(&method)),
            request,
            constant,
            method: found.method,
            path: found.path.to_owned(),
            query: found.query.map(str::to_owned),
            summary: text(source.summary.as_ref()),
            description: text(source.description.as_ref()),
            deprecated: source.deprecated,
            undocumented: source.extensions.get("x-undocumented") == Some(&Value::Bool(true)),
            server,
            parameters,
            body,
            answer,
            stream,
            headers,
            errors,
            error_type,
            retry: self.retry(found),
            security: self.security(source, &found.pointer),
            pagination: None,
            batch: None,
        };
        operation.pagination = self.pagination(found, &operation);
        operation.batch = self.batch(source, &operation, &found.pointer);
        self.tell_unserved(source, &found.pointer);
        Some(operation)
    }

    /// `x-retry`, or what the method implies.
    fn retry(&self, found: &Found<'_>) -> Retry {
        match found.source.extensions.get("x-retry").and_then(Value::as_str) {
            Some("safe") => Retry::Safe,
            Some("idempotent") => Retry::Idempotent,
            Some("on-refusal") => Retry::OnRefusal,
            _ => match found.method {
                Method::Get | Method::Head | Method::Options => Retry::Safe,
                Method::Put | Method::Post | Method::Delete | Method::Patch | Method::Trace => {
                    Retry::OnRefusal
                }
            },
        }
    }

    /// Says that a part of the document is left out, and why.
    pub(super) fn skip(&mut self, pointer: &str, what: &str, help: &str) {
        self.problems.warning(
            "skipped",
            pointer,
            format!("{what} is not supported and is left out"),
            help,
        );
    }
}

/// Text that is there and not blank.
fn text(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}

/// The operations of a path, in the order in which OpenAPI lists the methods.
pub(super) fn methods(item: &PathItem) -> Vec<(Method, &Source)> {
    let all = [
        (Method::Get, &item.get),
        (Method::Put, &item.put),
        (Method::Post, &item.post),
        (Method::Delete, &item.delete),
        (Method::Options, &item.options),
        (Method::Head, &item.head),
        (Method::Patch, &item.patch),
        (Method::Trace, &item.trace),
    ];
    all.into_iter()
        .filter_map(|(method, source)| source.as_ref().map(|source| (method, source)))
        .collect()
}

/// An id for an operation that has none: `get /kites/{id}` is `get kites by id`.
fn derived_id(method: Method, path: &str) -> String {
    let mut words = vec![method.as_str().to_lowercase()];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(parameter) => words.push(format!("by {parameter}")),
            None => words.push(segment.replace(['{', '}'], " ")),
        }
    }
    if words.len() == 1 {
        words.push("root".to_owned());
    } else if path.ends_with('/') {
        words.push("slash".to_owned());
    }
    words.join(" ")
}

/// The method of the handle for each operation: short where that is unique, whole where not.
fn method_names(tag: &str, operations: &[Found<'_>]) -> Vec<String> {
    let family = names::words(tag);
    let short: Vec<Option<String>> = operations
        .iter()
        .map(|found| {
            if let Some(renamed) = found.renamed {
                return Some(renamed.to_owned());
            }
            let rest = names::without_family(&names::words(&found.id), &family)?;
            Some(names::value_name(&rest.join(" ")))
        })
        .collect();
    let mut times: HashMap<&str, usize> = HashMap::new();
    for own in short.iter().flatten() {
        *times.entry(own).or_default() += 1;
    }
    let mut scope = names::method_scope();
    let mut methods = vec![String::new(); operations.len()];
    // What the settings say comes first: other names give way.
    let (renamed, others): (Vec<usize>, Vec<usize>) =
        (0..operations.len()).partition(|index| operations[*index].renamed.is_some());
    for index in renamed.into_iter().chain(others) {
        let (found, own) = (&operations[index], &short[index]);
        let once = own.as_deref().is_some_and(|own| times.get(own) == Some(&1));
        let whole = names::value_name(found.spoken());
        let base = own.as_ref().filter(|_| once).unwrap_or(&whole);
        methods[index] = scope.take(base, "operation", "_").rust;
    }
    methods
}
