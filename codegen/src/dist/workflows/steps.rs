//! Workflows and their steps against the document: calls, parameters, bodies, what comes next.

use std::collections::HashSet;

use serde_json::Value;

use super::actions::{check_action, check_actions, check_criterion};
use super::bodies;
use super::names::{Scope, expect, named, parameter};
use crate::diagnostic::Collector;
use crate::dist::outline::{Operation, Outline, Parameter};
use crate::source::{join, tokens};

/// Reports what the workflows name and the document does not have.
pub(super) fn check(flows: &Value, outline: &Outline<'_>, problems: &mut Collector) {
    let scope = Scope { flows, outline, workflow: None, operation: None };
    unique(flows.get("workflows"), "/workflows", "workflowId", problems);
    unique(flows.get("sourceDescriptions"), "/sourceDescriptions", "name", problems);
    for (pointer, workflow) in items(flows, "", "workflows") {
        check_workflow(Scope { workflow: Some(workflow), ..scope }, &pointer, workflow, problems);
    }
    for kind in ["successActions", "failureActions"] {
        let pointer = format!("/components/{kind}");
        let shared = flows.pointer(&pointer).and_then(Value::as_object);
        for (name, action) in shared.into_iter().flatten() {
            check_action(scope, &join(&pointer, name), action, problems);
        }
    }
}

/// Items of a list with their pointers.
pub(super) fn items<'a>(parent: &'a Value, pointer: &str, key: &str) -> Vec<(String, &'a Value)> {
    let list = parent.get(key).and_then(Value::as_array).into_iter().flatten();
    list.enumerate().map(|(index, item)| (format!("{pointer}/{key}/{index}"), item)).collect()
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn unique(list: Option<&Value>, pointer: &str, key: &str, problems: &mut Collector) {
    let mut seen = HashSet::new();
    for (index, item) in list.and_then(Value::as_array).into_iter().flatten().enumerate() {
        let Some(name) = text(item, key) else { continue };
        let place = format!("{pointer}/{index}/{key}");
        if !seen.insert(name) {
            let message = format!("`{name}` is the {key} of two");
            problems.error("duplicate-value", &place, message, "rename one of them");
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if name.is_empty() || !name.chars().all(plain) {
            let message = format!("`{name}` cannot be named in expressions");
            problems.error("wrong-value", &place, message, "use letters, digits, `_` and `-`");
        }
    }
}

fn check_workflow(scope: Scope<'_>, pointer: &str, workflow: &Value, problems: &mut Collector) {
    unique(workflow.get("steps"), &format!("{pointer}/steps"), "stepId", problems);
    let flows = named(scope.flows.get("workflows"), "workflowId");
    let ids: Vec<&str> = flows.iter().map(|(id, _)| *id).collect();
    for (place, other) in items(workflow, pointer, "dependsOn") {
        if let Some(other) = other.as_str().filter(|other| !other.starts_with('$')) {
            expect(problems, &place, "workflow", other, &ids);
        }
    }
    let shared: Vec<Given<'_>> = given(scope, workflow, pointer, problems);
    for (place, step) in items(workflow, pointer, "steps") {
        check_step(scope, &place, step, &shared, &ids, problems);
    }
    check_actions(scope, pointer, workflow, ["successActions", "failureActions"], problems);
    check_texts(scope, pointer, workflow, problems);
}

/// Outputs, and extensions, which may hold expressions as well.
fn check_texts(scope: Scope<'_>, pointer: &str, value: &Value, problems: &mut Collector) {
    for (key, member) in value.as_object().into_iter().flatten() {
        if key == "outputs" || key.starts_with("x-") {
            scope.value(problems, &join(pointer, key), member);
        }
    }
    let outputs = value.get("outputs").and_then(Value::as_object).into_iter().flatten();
    for (name, output) in outputs.filter(|(_, output)| output.is_string()) {
        if !output.as_str().is_some_and(|text| text.starts_with('$')) {
            let place = join(&format!("{pointer}/outputs"), name);
            let help = "write such as `$response.body#/id`";
            problems.error("wrong-expression", &place, "an output is no expression", help);
        }
    }
}

/// A parameter that a workflow or a step gives.
struct Given<'a> {
    pointer: String,
    name: &'a str,
    place: Option<&'a str>,
    value: Option<&'a Value>,
}

/// The parameters given, those of components looked up.
fn given<'a>(
    scope: Scope<'a>,
    value: &'a Value,
    pointer: &str,
    problems: &mut Collector,
) -> Vec<Given<'a>> {
    let mut found = Vec::new();
    for (pointer, own) in items(value, pointer, "parameters") {
        let mut one = own;
        if let Some(reference) = text(own, "reference") {
            scope.expression(problems, &format!("{pointer}/reference"), reference);
            let name = reference.strip_prefix("$components.parameters.");
            let shared = scope.flows.pointer("/components/parameters");
            let Some(target) = name.and_then(|name| shared?.get(name)) else { continue };
            one = target;
        }
        let value = own.get("value").or_else(|| one.get("value"));
        match (text(one, "name"), value) {
            (Some(name), Some(given)) => {
                scope.value(problems, &format!("{pointer}/value"), given);
                found.push(Given { pointer, name, place: text(one, "in"), value });
            }
            _ => problems.error(
                "missing-member",
                &pointer,
                "a parameter needs `name` and `value`",
                "add what is missing",
            ),
        }
    }
    found
}

fn check_step(
    scope: Scope<'_>,
    pointer: &str,
    step: &Value,
    shared: &[Given<'_>],
    workflows: &[&str],
    problems: &mut Collector,
) {
    let operation = called(scope, pointer, step, workflows, problems);
    let scope = Scope { operation, ..scope };
    let own = given(scope, step, pointer, problems);
    if let Some(operation) = operation {
        check_parameters(scope, pointer, operation, &own, shared, problems);
        check_body(scope, pointer, step, operation, problems);
    }
    if let Some(id) = text(step, "workflowId") {
        check_inputs(scope, pointer, id, &own, problems);
    }
    for (place, criterion) in items(step, pointer, "successCriteria") {
        check_criterion(scope, &place, criterion, problems);
    }
    check_actions(scope, pointer, step, ["onSuccess", "onFailure"], problems);
    check_texts(scope, pointer, step, problems);
}

/// The operation that a step calls; it may call a workflow instead.
fn called<'a>(
    scope: Scope<'a>,
    pointer: &str,
    step: &Value,
    workflows: &[&str],
    problems: &mut Collector,
) -> Option<&'a Operation<'a>> {
    let keys = ["operationId", "operationPath", "workflowId"];
    let found: Vec<&str> = keys.into_iter().filter(|key| step.get(key).is_some()).collect();
    let [key] = found.as_slice() else {
        let message = "a step has one of `operationId`, `operationPath` and `workflowId`";
        let help = if found.is_empty() { "add one of them" } else { "remove the others" };
        problems.error("missing-member", pointer, message, help);
        return None;
    };
    let (name, place) = (text(step, key)?, format!("{pointer}/{key}"));
    match *key {
        "operationId" => by_id(scope, &place, name, problems),
        "operationPath" => {
            let found = at_path(scope, name);
            if found.is_none() {
                let message = format!("`{name}` leads to no operation");
                let help = "write such as `{$sourceDescriptions.name.url}#/paths/~1pets/get`, or `operationId`";
                problems.error("unknown-name", &place, message, help);
            }
            found
        }
        _ => {
            if !name.starts_with('$') {
                expect(problems, &place, "workflow", name, workflows);
            }
            None
        }
    }
}

/// `$sourceDescriptions.<name>.<operationId>` says where the operation is.
fn by_id<'a>(
    scope: Scope<'a>,
    place: &str,
    name: &str,
    problems: &mut Collector,
) -> Option<&'a Operation<'a>> {
    let id = match name.starts_with('$') {
        true => {
            scope.expression(problems, place, name);
            name.splitn(3, '.').nth(2)?
        }
        false => name,
    };
    let known: Vec<&str> = scope.outline.operations().map(|one| one.id.as_str()).collect();
    expect(problems, place, "operation", id, &known);
    scope.outline.operations().find(|one| one.id == id)
}

fn at_path<'a>(scope: Scope<'a>, text: &str) -> Option<&'a Operation<'a>> {
    let (_, pointer) = text.split_once('#')?;
    let steps: Vec<_> = tokens(pointer).collect();
    let [root, path, method] = steps.as_slice() else { return None };
    let fits = |one: &&Operation<'_>| one.path == path && one.method.eq_ignore_ascii_case(method);
    scope.outline.operations().find(|one| root == "paths" && fits(one))
}

fn check_parameters(
    scope: Scope<'_>,
    pointer: &str,
    operation: &Operation<'_>,
    own: &[Given<'_>],
    shared: &[Given<'_>],
    problems: &mut Collector,
) {
    for one in own.iter().chain(shared) {
        let Some(place) = one.place else {
            let help = "add `in`: path, query, header or cookie";
            problems.error(
                "missing-member",
                &one.pointer,
                "a parameter of a call needs `in`",
                help,
            );
            continue;
        };
        let name = format!("{}/name", one.pointer);
        parameter(scope.outline, problems, &name, operation, place, one.name);
        let known =
            operation.parameters.iter().find(|own| (own.name, own.place) == (one.name, place));
        let schema = known.and_then(|known| known.schema);
        if let (Some(schema), Some(value)) = (schema, one.value) {
            let place = format!("{}/value", one.pointer);
            for (place, code, message, help) in
                bodies::misfits(scope.outline.tree, schema, value, &place)
            {
                problems.error(code, &place, message, help);
            }
        }
    }
    let given = || own.iter().chain(shared);
    for needed in operation.parameters.iter().filter(|one| one.required) {
        let fits = |one: &Given<'_>| (one.name, one.place) == (needed.name, Some(needed.place));
        if !given().any(fits) {
            lacks(pointer, operation, needed, problems);
        }
    }
}

fn lacks(
    pointer: &str,
    operation: &Operation<'_>,
    needed: &Parameter<'_>,
    problems: &mut Collector,
) {
    let Parameter { name, place, .. } = needed;
    let message = format!("{} needs the {place} parameter `{name}`", operation.id);
    let help = format!("add it to `parameters`: {{ name: {name}, in: {place}, value: ... }}");
    problems.error("missing-parameter", pointer, message, help);
}

/// What a step gives to a workflow are inputs of it, and what the workflow needs is given.
fn check_inputs(
    scope: Scope<'_>,
    pointer: &str,
    id: &str,
    own: &[Given<'_>],
    problems: &mut Collector,
) {
    let flows = named(scope.flows.get("workflows"), "workflowId");
    let Some((_, workflow)) = flows.into_iter().find(|(known, _)| *known == id) else { return };
    for one in own {
        let expression = format!("$workflows.{id}.inputs.{}", one.name);
        scope.expression(problems, &format!("{}/name", one.pointer), &expression);
    }
    let needed = workflow.pointer("/inputs/required").and_then(Value::as_array);
    for name in needed.into_iter().flatten().filter_map(Value::as_str) {
        if !own.iter().any(|one| one.name == name) {
            let message = format!("{id} needs the input `{name}`");
            let help = format!("add it to `parameters`: {{ name: {name}, value: ... }}");
            problems.error("missing-parameter", pointer, message, help);
        }
    }
}

fn check_body(
    scope: Scope<'_>,
    pointer: &str,
    step: &Value,
    operation: &Operation<'_>,
    problems: &mut Collector,
) {
    let place = format!("{pointer}/requestBody");
    let id = &operation.id;
    match (step.get("requestBody"), &operation.body) {
        (None, Some(body)) if body.required => {
            let help = "add `requestBody` with a `payload`";
            problems.error("missing-member", pointer, format!("{id} needs a body"), help);
        }
        (Some(_), None) => {
            problems.error("unknown-member", &place, format!("{id} takes no body"), "remove it");
        }
        (Some(given), Some(body)) => {
            let declared: Vec<&str> = body.contents.iter().map(|one| one.media_type).collect();
            let media_type = text(given, "contentType").or(declared.first().copied());
            if let Some(media_type) = media_type {
                let place = format!("{place}/contentType");
                expect(problems, &place, &format!("content type of {id}"), media_type, &declared);
            }
            let content = body.contents.iter().find(|one| Some(one.media_type) == media_type);
            let schema = content.and_then(|content| content.schema);
            if let (Some(schema), Some(payload)) = (schema, given.get("payload")) {
                let place = format!("{place}/payload");
                for (place, code, message, help) in
                    bodies::misfits(scope.outline.tree, schema, payload, &place)
                {
                    problems.error(code, &place, message, help);
                }
            }
            scope.value(problems, &place, given);
        }
        (None, _) => {}
    }
}
