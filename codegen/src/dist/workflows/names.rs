//! What expressions and actions may name, looked up with a suggestion for what is not there.

use serde_json::Value;

use super::bodies;
use super::expression::{self, Expression, Part, Side};
use crate::check::nearest;
use crate::diagnostic::Collector;
use crate::dist::outline::{Operation, Outline, SchemeKind};

/// What is known at a place of the file.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) flows: &'a Value,
    pub(super) outline: &'a Outline<'a>,
    /// None for what several workflows share.
    pub(super) workflow: Option<&'a Value>,
    /// None where the step calls none, or several calls are meant.
    pub(super) operation: Option<&'a Operation<'a>>,
}

/// Items of a list by the text of one member.
pub(super) fn named<'a>(list: Option<&'a Value>, key: &'a str) -> Vec<(&'a str, &'a Value)> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| Some((item.get(key)?.as_str()?, item))).collect()
}

/// Keys of an object.
fn keys(object: Option<&Value>) -> Vec<&str> {
    let members = object.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, _)| key.as_str()).collect()
}

/// Reports a name that is not among the known ones.
pub(super) fn expect(
    problems: &mut Collector,
    pointer: &str,
    what: &str,
    name: &str,
    known: &[&str],
) -> bool {
    if known.contains(&name) {
        return true;
    }
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None if known.len() <= 8 => format!("there is `{}`", known.join("`, `")),
        None => "correct the name".to_owned(),
    };
    problems.error("unknown-name", pointer, format!("there is no {what} `{name}`"), help);
    false
}

impl<'a> Scope<'a> {
    /// Checks the expressions in a value and in all below it.
    pub(super) fn value(&self, problems: &mut Collector, pointer: &str, value: &Value) {
        match value {
            Value::String(text) => {
                for found in expression::in_value(text) {
                    self.expression(problems, pointer, found);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(problems, &format!("{pointer}/{index}"), item);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    self.value(problems, &crate::source::join(pointer, key), member);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Checks one expression.
    pub(super) fn expression(&self, problems: &mut Collector, pointer: &str, text: &str) {
        let Some(expression) = expression::parse(text) else {
            let message = format!("`{text}` is no runtime expression");
            let help = "write such as `$inputs.name`, `$steps.step.outputs.name` or `$response.body#/member`";
            return problems.error("wrong-expression", pointer, message, help);
        };
        match expression {
            Expression::Call => {}
            Expression::Request(part) => self.request(problems, pointer, &part),
            Expression::Response(part) => self.response(problems, pointer, &part),
            Expression::Input(name) => self.own(problems, pointer, Side::Inputs, &name),
            Expression::Output(name) => self.own(problems, pointer, Side::Outputs, &name),
            Expression::Step(step, name) => self.step(problems, pointer, &step, &name),
            Expression::Workflow(id, side, name) => {
                let known = named(self.flows.get("workflows"), "workflowId");
                let ids: Vec<&str> = known.iter().map(|(id, _)| *id).collect();
                if expect(problems, pointer, "workflow", &id, &ids)
                    && let Some((_, workflow)) = known.iter().find(|(known, _)| *known == id)
                {
                    self.side(problems, pointer, workflow, side, &name);
                }
            }
            Expression::Source(name, _) => {
                let known = named(self.flows.get("sourceDescriptions"), "name");
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                expect(problems, pointer, "source description", &name, &names);
            }
            Expression::Component(kind, name) => {
                let components = self.flows.get("components");
                let known = keys(components.and_then(|components| components.get(&kind)));
                expect(problems, pointer, &format!("component in `{kind}`"), &name, &known);
            }
        }
    }

    /// An input or an output of the workflow that this is in.
    fn own(&self, problems: &mut Collector, pointer: &str, side: Side, name: &str) {
        if let Some(workflow) = self.workflow {
            self.side(problems, pointer, workflow, side, name);
        }
    }

    /// An input or an output of a workflow.
    fn side(
        &self,
        problems: &mut Collector,
        pointer: &str,
        workflow: &Value,
        side: Side,
        name: &str,
    ) {
        let (what, known) = match side {
            Side::Outputs => ("output", keys(workflow.get("outputs"))),
            Side::Inputs => {
                let inputs = workflow.get("inputs").map(|inputs| self.component(inputs));
                ("input", keys(inputs.and_then(|inputs| inputs.get("properties"))))
            }
        };
        // A name may go on into the value.
        let first = name.split('.').next().unwrap_or_default();
        let name = if known.contains(&name) { name } else { first };
        expect(problems, pointer, what, name, &known);
    }

    /// Inputs, or those of the components that they refer to.
    fn component(&self, inputs: &'a Value) -> &'a Value {
        let pointer = inputs.get("$ref").and_then(Value::as_str);
        let pointer = pointer.and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.flows.pointer(pointer)).unwrap_or(inputs)
    }

    fn step(&self, problems: &mut Collector, pointer: &str, step: &str, name: &str) {
        let Some(workflow) = self.workflow else { return };
        let known = named(workflow.get("steps"), "stepId");
        let ids: Vec<&str> = known.iter().map(|(id, _)| *id).collect();
        if expect(problems, pointer, "step", step, &ids)
            && let Some((_, found)) = known.iter().find(|(known, _)| *known == step)
        {
            let what = format!("output of the step `{step}` called");
            expect(problems, pointer, &what, name, &keys(found.get("outputs")));
        }
    }

    fn request(&self, problems: &mut Collector, pointer: &str, part: &Part) {
        let Some(operation) = self.operation else { return };
        let (place, name) = match part {
            Part::Header(name) => ("header", name),
            Part::Query(name) => ("query", name),
            Part::Path(name) => ("path", name),
            Part::Body(inside) => {
                let contents = operation.body.iter().flat_map(|body| &body.contents);
                let schemas = contents.filter(|one| one.is_json()).filter_map(|one| one.schema);
                return self.inside(problems, pointer, schemas.collect(), inside, "request");
            }
        };
        parameter(self.outline, problems, pointer, operation, place, name);
    }

    fn response(&self, problems: &mut Collector, pointer: &str, part: &Part) {
        let Some(operation) = self.operation else { return };
        match part {
            Part::Body(inside) => {
                let answers = operation.answers.iter().filter(|answer| answer.is_success());
                let contents =
                    answers.filter(|one| !one.says_nothing).flat_map(|one| &one.contents);
                let schemas = contents.filter_map(|one| one.schema);
                self.inside(problems, pointer, schemas.collect(), inside, "answer");
            }
            Part::Header(name) => {
                let headers = operation.answers.iter().flat_map(|answer| &answer.headers);
                let known: Vec<&str> = headers.map(|header| header.name).collect();
                if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                    expect(problems, pointer, "header of an answer called", name, &known);
                }
            }
            Part::Query(_) | Part::Path(_) => {
                let help = "only headers and the body come back";
                problems.error("wrong-expression", pointer, "an answer has no such part", help);
            }
        }
    }

    /// A pointer must find something in one of the schemas of a body.
    fn inside(
        &self,
        problems: &mut Collector,
        pointer: &str,
        schemas: Vec<&Value>,
        inside: &str,
        what: &str,
    ) {
        let tree = self.outline.tree;
        let misses = schemas.iter().map(|schema| bodies::missing(tree, schema, inside));
        let misses: Vec<_> = misses.collect();
        let id = self.operation.map_or("", |operation| operation.id.as_str());
        if misses.is_empty() {
            let message = format!("the {what} of {id} has no body that says anything");
            let help = "leave the expression out, or name another step";
            problems.error("wrong-expression", pointer, message, help);
        } else if let Some(misses) = misses.into_iter().collect::<Option<Vec<_>>>()
            && let Some((token, help)) = misses.into_iter().next()
        {
            let message =
                format!("`{inside}` finds nothing in the {what} of {id}: there is no `{token}`");
            problems.error("wrong-expression", pointer, message, help);
        }
    }
}

/// Reports a parameter that an operation does not take. Its credential counts as one.
pub(super) fn parameter(
    outline: &Outline<'_>,
    problems: &mut Collector,
    pointer: &str,
    operation: &Operation<'_>,
    place: &str,
    name: &str,
) {
    let known: Vec<&str> =
        operation.parameters.iter().filter(|one| one.place == place).map(|one| one.name).collect();
    let is_credential = operation.security.iter().flatten().any(|key| {
        outline.scheme(key).is_some_and(|scheme| match &scheme.kind {
            SchemeKind::Header(own) => place == "header" && own.eq_ignore_ascii_case(name),
            SchemeKind::Query(own) => place == "query" && *own == name,
            SchemeKind::Cookie(own) => place == "cookie" && *own == name,
            SchemeKind::Bearer | SchemeKind::Basic | SchemeKind::Http(_) | SchemeKind::Token(_) => {
                place == "header" && name.eq_ignore_ascii_case("authorization")
            }
        })
    });
    if !is_credential {
        let what = format!("{place} parameter of {}", operation.id);
        expect(problems, pointer, &what, name, &known);
    }
}
