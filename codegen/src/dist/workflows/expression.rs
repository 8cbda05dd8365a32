//! Runtime expressions: what they name, and where they stand in a text.

/// What an expression names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// `$url`, `$method`, `$statusCode`: known of every call.
    Call,
    Request(Part),
    Response(Part),
    /// `$inputs.name`
    Input(String),
    /// `$outputs.name`
    Output(String),
    /// `$steps.step.outputs.name`
    Step(String, String),
    /// `$workflows.workflow.inputs.name`, `…outputs.name`
    Workflow(String, Side, String),
    /// `$sourceDescriptions.name.more`
    Source(String, String),
    /// `$components.parameters.name` and the like
    Component(String, String),
}

/// Whether a value goes into a workflow or comes out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Inputs,
    Outputs,
}

/// A part of a request or of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Header(String),
    Query(String),
    Path(String),
    /// A body, or what a JSON pointer finds in it.
    Body(String),
}

/// What `text` names; `None` if it is no expression of Arazzo.
pub(super) fn parse(text: &str) -> Option<Expression> {
    let (head, rest) = text.strip_prefix('$')?.split_once('.').unwrap_or((text.get(1..)?, ""));
    let two = |rest: &str| {
        let (first, second) = rest.split_once('.')?;
        (!first.is_empty() && !second.is_empty()).then(|| (first.to_owned(), second.to_owned()))
    };
    let named = |rest: &str| (!rest.is_empty()).then(|| without_pointer(rest));
    Some(match head {
        "url" | "method" | "statusCode" if rest.is_empty() => Expression::Call,
        "request" => Expression::Request(part(rest)?),
        "response" => Expression::Response(part(rest)?),
        "inputs" => Expression::Input(named(rest)?),
        "outputs" => Expression::Output(named(rest)?),
        "steps" => {
            let (step, rest) = two(rest)?;
            Expression::Step(step, named(rest.strip_prefix("outputs.")?)?)
        }
        "workflows" => {
            let (workflow, rest) = two(rest)?;
            let (side, name) = match two(&rest)? {
                (side, name) if side == "inputs" => (Side::Inputs, name),
                (side, name) if side == "outputs" => (Side::Outputs, name),
                _ => return None,
            };
            Expression::Workflow(workflow, side, without_pointer(&name))
        }
        "sourceDescriptions" => {
            let (name, more) = two(rest)?;
            Expression::Source(name, more)
        }
        "components" => {
            let (kind, name) = two(rest)?;
            Expression::Component(kind, name)
        }
        _ => return None,
    })
}

fn without_pointer(name: &str) -> String {
    name.split('#').next().unwrap_or_default().to_owned()
}

fn part(rest: &str) -> Option<Part> {
    let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    if let Some(rest) = rest.strip_prefix("body") {
        return match rest.strip_prefix('#') {
            Some(pointer) if pointer.is_empty() || pointer.starts_with('/') => {
                Some(Part::Body(pointer.to_owned()))
            }
            None if rest.is_empty() => Some(Part::Body(String::new())),
            _ => None,
        };
    }
    let (place, name) = rest.split_once('.')?;
    match place {
        "header" => named(name).map(Part::Header),
        "query" => named(name).map(Part::Query),
        "path" => named(name).map(Part::Path),
        _ => None,
    }
}

/// The expressions in a value: the whole text, or those in braces.
pub(super) fn in_value(text: &str) -> Vec<&str> {
    if text.starts_with('$') {
        return vec![text];
    }
    let inside = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    inside.filter(|inside| inside.starts_with('$')).collect()
}

/// The expressions in a condition, outside of its quoted texts.
pub(super) fn in_condition(text: &str) -> Vec<&str> {
    let bare = text.split('\'').step_by(2);
    let ends = |c: char| c.is_whitespace() || "=!<>&|()[],".contains(c);
    bare.flat_map(|bare| bare.split(ends)).filter(|word| word.starts_with('$')).collect()
}

/// The statuses that a condition compares with.
pub(super) fn statuses(condition: &str) -> Vec<&str> {
    condition
        .split("$statusCode")
        .skip(1)
        .filter_map(|rest| {
            let rest = rest.trim_start().strip_prefix("==")?.trim_start();
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            rest.get(..end)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_name_what_the_standard_says() {
        let body = |pointer: &str| Part::Body(pointer.to_owned());
        let cases = [
            ("$statusCode", Some(Expression::Call)),
            ("$response.body", Some(Expression::Response(body("")))),
            ("$response.body#/a/0", Some(Expression::Response(body("/a/0")))),
            ("$request.path.id", Some(Expression::Request(Part::Path("id".to_owned())))),
            ("$inputs.a.b", Some(Expression::Input("a.b".to_owned()))),
            ("$steps.one.outputs.id", Some(Expression::Step("one".to_owned(), "id".to_owned()))),
            (
                "$workflows.w.inputs.a",
                Some(Expression::Workflow("w".to_owned(), Side::Inputs, "a".to_owned())),
            ),
            (
                "$sourceDescriptions.api.url",
                Some(Expression::Source("api".to_owned(), "url".to_owned())),
            ),
            ("$response.bodies", None),
            ("$response.body#a", None),
            ("$steps.one.id", None),
            ("$inputs", None),
            ("$status", None),
            ("statusCode", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn expressions_are_found_in_texts() {
        assert_eq!(in_value("a {$inputs.b} {c} {$url}"), ["$inputs.b", "$url"]);
        assert!(in_value("costs 5$").is_empty());
        let condition = "$statusCode == 200 && ($response.body#/a != '$x y') || $inputs.b>=1";
        assert_eq!(in_condition(condition), ["$statusCode", "$response.body#/a", "$inputs.b"]);
        assert_eq!(
            statuses("$statusCode==200 || $statusCode == 2x0 || $statusCode > 3"),
            ["200", "2x0"]
        );
    }
}
