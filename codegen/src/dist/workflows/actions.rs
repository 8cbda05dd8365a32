//! What follows a step, and the conditions under which it does.

use serde_json::Value;

use super::expression;
use super::names::{Scope, expect, named};
use super::steps::{items, text};
use crate::diagnostic::Collector;

/// Actions under two keys.
pub(super) fn check_actions(
    scope: Scope<'_>,
    pointer: &str,
    value: &Value,
    keys: [&str; 2],
    problems: &mut Collector,
) {
    for key in keys {
        for (place, action) in items(value, pointer, key) {
            check_action(scope, &place, action, problems);
        }
    }
}

pub(super) fn check_action(
    scope: Scope<'_>,
    pointer: &str,
    action: &Value,
    problems: &mut Collector,
) {
    if let Some(reference) = text(action, "reference") {
        return scope.expression(problems, &format!("{pointer}/reference"), reference);
    }
    for key in ["name", "type"] {
        if action.get(key).is_none() {
            let message = format!("an action has no `{key}`");
            problems.error("missing-member", pointer, message, format!("add `{key}`"));
        }
    }
    let target = |key: &str| text(action, key).filter(|name| !name.starts_with('$'));
    if let (Some(step), Some(workflow)) = (target("stepId"), scope.workflow) {
        let known = named(workflow.get("steps"), "stepId");
        let ids: Vec<&str> = known.iter().map(|(id, _)| *id).collect();
        expect(problems, &format!("{pointer}/stepId"), "step", step, &ids);
    }
    if let Some(workflow) = target("workflowId") {
        let known = named(scope.flows.get("workflows"), "workflowId");
        let ids: Vec<&str> = known.iter().map(|(id, _)| *id).collect();
        expect(problems, &format!("{pointer}/workflowId"), "workflow", workflow, &ids);
    }
    let goes = ["stepId", "workflowId"].iter().any(|key| action.get(key).is_some());
    if text(action, "type") == Some("goto") && !goes {
        let help = "add `stepId` or `workflowId`";
        problems.error("missing-member", pointer, "a goto does not say where to", help);
    }
    for (place, criterion) in items(action, pointer, "criteria") {
        check_criterion(scope, &place, criterion, problems);
    }
}

/// Expressions and statuses of a condition; JSONPath, XPath and patterns are taken as they are.
pub(super) fn check_criterion(
    scope: Scope<'_>,
    pointer: &str,
    criterion: &Value,
    problems: &mut Collector,
) {
    if let Some(context) = text(criterion, "context") {
        scope.expression(problems, &format!("{pointer}/context"), context);
    }
    let kind = criterion.get("type").and_then(Value::as_str);
    let simple = criterion.get("type").is_none() || kind == Some("simple");
    let Some(condition) = text(criterion, "condition").filter(|_| simple) else { return };
    let place = format!("{pointer}/condition");
    for found in expression::in_condition(condition) {
        scope.expression(problems, &place, found);
    }
    let Some(operation) = scope.operation else { return };
    for status in expression::statuses(condition) {
        let range = format!("{}XX", status.chars().take(1).collect::<String>());
        let known: Vec<&str> = operation.answers.iter().map(|answer| answer.status).collect();
        if !known.iter().any(|known| [status, &range, "default"].contains(known)) {
            expect(
                problems,
                &place,
                &format!("answer of {} with status", operation.id),
                status,
                &known,
            );
        }
    }
}
