//! Rules that hold between the parts of a document: paths and their parameters, names that must
//! be unique, security that must be declared.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};

use super::Judge;
use super::references::follow;
use super::table::METHODS;
use super::words;
use crate::source::{SourceMap, join};

/// What is done to the tree once everything was looked at.
enum Edit {
    /// Drops the member or item at the pointer.
    Remove(String),
    /// Adds a parameter to the operation at the pointer.
    Declare(String, String),
}

/// Checks paths, operations and security, and mends them.
pub fn check(tree: &mut Value, source: &SourceMap, judge: &mut Judge<'_>) {
    let mut edits = Vec::new();
    plain_templates(tree, judge);
    paths(tree, source, judge);
    for operation in operations(tree) {
        parameters(tree, &operation, judge, &mut edits);
    }
    operation_ids(tree, source, judge);
    security(tree, judge, &mut edits);
    component_names(tree, judge);
    apply(tree, edits);
}

/// `{.id*}` of RFC 6570 to `{id}`: in OpenAPI the style of a parameter says the same.
fn plain_templates(tree: &mut Value, judge: &mut Judge<'_>) {
    let Some(Value::Object(paths)) = tree.get_mut("paths") else { return };
    if !paths.keys().any(|path| plain_template(path).is_some()) {
        return;
    }
    for (path, item) in std::mem::take(paths) {
        let plain = plain_template(&path).filter(|plain| !paths.contains_key(plain));
        if let Some(plain) = &plain {
            let message = format!("the path `{path}` is read as `{plain}`");
            let help = "leave the signs out, and give the parameters `style` and `explode`";
            judge.slip("wrong-path", &join("/paths", &path), message, help);
        }
        paths.insert(plain.unwrap_or(path), item);
    }
}

fn plain_template(path: &str) -> Option<String> {
    let (_, names) = template(path)?;
    let mut plain = path.to_owned();
    for name in names {
        let bare = name.trim_start_matches(['.', ';']).trim_end_matches('*');
        if !bare.is_empty() && bare != name {
            plain = plain.replace(&format!("{{{name}}}"), &format!("{{{bare}}}"));
        }
    }
    (plain != path).then_some(plain)
}

/// One operation and where it stands.
pub struct Operation<'a> {
    pub pointer: String,
    pub method: &'static str,
    pub value: &'a Value,
    path: &'a str,
    item_pointer: String,
    item: &'a Value,
}

/// All operations in document order. Those behind a reference to a path item belong to its target.
pub fn operations(tree: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for (path, item) in tree.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let item_pointer = join("/paths", path);
        for (key, value) in item.as_object().into_iter().flatten() {
            let Some(method) = METHODS.iter().find(|method| *method == key) else { continue };
            let pointer = join(&item_pointer, method);
            found.push(Operation {
                pointer,
                method,
                value,
                path,
                item_pointer: item_pointer.clone(),
                item,
            });
        }
    }
    found
}

/// A parameter as an operation has it.
pub struct Parameter<'a> {
    pub pointer: String,
    pub name: &'a str,
    pub place: &'a str,
}

/// The parameters of the operation itself, then those of its path that it does not replace.
pub fn effective<'a>(tree: &'a Value, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
    let mut all = listed(tree, operation.value, &operation.pointer);
    for shared in listed(tree, operation.item, &operation.item_pointer) {
        if !all.iter().any(|own| (own.name, own.place) == (shared.name, shared.place)) {
            all.push(shared);
        }
    }
    all
}

fn listed<'a>(tree: &'a Value, owner: &'a Value, pointer: &str) -> Vec<Parameter<'a>> {
    let list = owner.get("parameters").and_then(Value::as_array).into_iter().flatten();
    list.enumerate()
        .filter_map(|(index, parameter)| {
            let target = follow(tree, parameter)?;
            let text = |key: &str| target.get(key).and_then(Value::as_str);
            Some(Parameter {
                pointer: format!("{pointer}/parameters/{index}"),
                name: text("name")?,
                place: text("in")?,
            })
        })
        .collect()
}

fn paths(tree: &Value, source: &SourceMap, judge: &mut Judge<'_>) {
    let mut seen: HashMap<String, String> = HashMap::new();
    for path in
        tree.get("paths").and_then(Value::as_object).into_iter().flatten().map(|(path, _)| path)
    {
        let pointer = join("/paths", path);
        let Some((shape, _)) = template(path) else {
            judge.slip(
                "wrong-path",
                &pointer,
                format!("the braces of `{path}` do not pair up"),
                "write a parameter as `{name}`",
            );
            continue;
        };
        if path.contains(['?', '#']) {
            let help = "describe a query as parameters with `in: query`, and leave a fragment out";
            judge.slip(
                "wrong-path",
                &pointer,
                format!("the path `{path}` contains a query or a fragment; the query goes with every request, the fragment is not sent"),
                help,
            );
        }
        if let Some(first) = seen.get(&shape) {
            let line = source.line_from(first, &pointer);
            let message = format!(
                "`{path}` is the same path as the one on {line}; only the names of its parameters differ"
            );
            judge.slip("duplicate-path", &pointer, message, "join the two");
        } else {
            seen.insert(shape, pointer);
        }
    }
}

/// The path with its parameters blanked, and their names. None if braces do not pair up.
fn template(path: &str) -> Option<(String, Vec<&str>)> {
    let (mut shape, mut names) = (String::new(), Vec::new());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if before.contains('}') || name.is_empty() || name.contains('{') {
            return None;
        }
        shape.push_str(before);
        shape.push_str("{}");
        names.push(name);
        rest = after;
    }
    (!rest.contains('}')).then(|| {
        shape.push_str(rest);
        (shape, names)
    })
}

fn parameters(
    tree: &Value,
    operation: &Operation<'_>,
    judge: &mut Judge<'_>,
    edits: &mut Vec<Edit>,
) {
    repeated(&listed(tree, operation.value, &operation.pointer), judge, edits);
    repeated(&listed(tree, operation.item, &operation.item_pointer), judge, edits);
    let Some((_, names)) = template(operation.path) else { return };
    let all = effective(tree, operation);
    let in_path: Vec<&Parameter<'_>> =
        all.iter().filter(|parameter| parameter.place == "path").collect();
    for parameter in in_path.iter().filter(|parameter| !names.contains(&parameter.name)) {
        let (name, path) = (parameter.name, operation.path);
        let near = words::nearest(name, names.iter().copied());
        let help = near.map_or_else(
            || "remove it, or add it to the path in braces".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        judge.slip(
            "unused-path-parameter",
            &parameter.pointer,
            format!("the path `{path}` has no `{{{name}}}`; the parameter is left out"),
            help,
        );
        edits.push(Edit::Remove(parameter.pointer.clone()));
    }
    if leads_nowhere(tree, operation) {
        // What the reference should lead to may be the parameter that is missing.
        return;
    }
    let declared: BTreeSet<&str> = in_path.iter().map(|parameter| parameter.name).collect();
    let mut missing: Vec<&str> =
        names.into_iter().filter(|name| !declared.contains(name)).collect();
    missing.dedup();
    for name in missing {
        let message = format!("`{{{name}}}` of the path is not declared; it is read as text");
        let help = format!(
            "add a parameter with `name: {name}`, `in: path`, `required: true` and a schema"
        );
        judge.slip("undeclared-path-parameter", &operation.pointer, message, help);
        if !judge.house {
            edits.push(Edit::Declare(operation.pointer.clone(), name.to_owned()));
        }
    }
}

/// Whether a parameter is a reference to nothing, which has been reported.
fn leads_nowhere(tree: &Value, operation: &Operation<'_>) -> bool {
    let lists =
        [operation.value, operation.item].into_iter().filter_map(|owner| owner.get("parameters"));
    lists.filter_map(Value::as_array).flatten().any(|parameter| follow(tree, parameter).is_none())
}

fn repeated(list: &[Parameter<'_>], judge: &mut Judge<'_>, edits: &mut Vec<Edit>) {
    let mut seen = HashSet::new();
    for parameter in list {
        if !seen.insert((parameter.name, parameter.place)) {
            let message = format!(
                "`{}` in `{}` is listed twice; the second is left out",
                parameter.name, parameter.place
            );
            judge.slip("duplicate-parameter", &parameter.pointer, message, "remove one of the two");
            edits.push(Edit::Remove(parameter.pointer.clone()));
        }
    }
}

fn operation_ids(tree: &Value, source: &SourceMap, judge: &mut Judge<'_>) {
    let mut seen: HashMap<&str, String> = HashMap::new();
    for operation in operations(tree) {
        let Some(id) = operation.value.get("operationId").and_then(Value::as_str) else { continue };
        let pointer = join(&operation.pointer, "operationId");
        if let Some(first) = seen.get(id) {
            let line = source.line_from(&pointer, first);
            let first_line = source.line_from(first, &pointer);
            let help = "give each operation an id of its own";
            judge.slip(
                "duplicate-operation-id",
                first,
                format!("`{id}` is also the id of the operation on {line}"),
                help,
            );
            judge.slip(
                "duplicate-operation-id",
                &pointer,
                format!("`{id}` is also the id of the operation on {first_line}"),
                help,
            );
        } else {
            seen.insert(id, pointer);
        }
    }
}

fn security(tree: &Value, judge: &mut Judge<'_>, edits: &mut Vec<Edit>) {
    let schemes = tree.pointer("/components/securitySchemes");
    let mut lists = vec![("/security".to_owned(), tree.get("security"))];
    for operation in operations(tree) {
        lists.push((join(&operation.pointer, "security"), operation.value.get("security")));
    }
    for (pointer, list) in lists {
        for (index, requirement) in list.and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            for name in requirement.as_object().into_iter().flatten().map(|(name, _)| name) {
                if schemes.is_some_and(|schemes| schemes.get(name).is_some()) {
                    continue;
                }
                let known = schemes
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.as_str());
                let help = words::nearest(name, known).map_or_else(
                    || "declare it under components.securitySchemes".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let place = join(&format!("{pointer}/{index}"), name);
                judge.slip(
                    "undefined-security",
                    &place,
                    format!("no security scheme is named `{name}`; it is left out"),
                    help,
                );
                edits.push(Edit::Remove(place));
            }
        }
    }
}

fn component_names(tree: &Value, judge: &mut Judge<'_>) {
    for (part, components) in
        tree.get("components").and_then(Value::as_object).into_iter().flatten()
    {
        if part.starts_with("x-") {
            continue;
        }
        for name in components.as_object().into_iter().flatten().map(|(name, _)| name) {
            if name.is_empty()
                || !name
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
            {
                let pointer = join(&format!("/components/{part}"), name);
                judge.slip(
                    "wrong-name",
                    &pointer,
                    format!("`{name}` is not a name for a component"),
                    "use letters, digits, `.`, `_` and `-`",
                );
            }
        }
    }
}

/// Removals run from the last to the first, so that indices in one list stay right.
fn apply(tree: &mut Value, edits: Vec<Edit>) {
    let mut done = HashSet::new();
    for edit in edits.iter().rev() {
        let Edit::Remove(pointer) = edit else { continue };
        let Some((parent, last)) = pointer.rsplit_once('/').filter(|_| done.insert(pointer)) else {
            continue;
        };
        match tree.pointer_mut(parent) {
            Some(Value::Array(items)) => {
                if let Some(index) = last.parse::<usize>().ok().filter(|index| *index < items.len())
                {
                    items.remove(index);
                }
            }
            Some(Value::Object(map)) => {
                map.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
            }
            _ => {}
        }
    }
    for edit in edits {
        let Edit::Declare(pointer, name) = edit else { continue };
        let parameter =
            json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
        let Some(Value::Object(operation)) = tree.pointer_mut(&pointer) else { continue };
        let list = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(parameter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_rfc_6570_are_dropped() {
        for (path, expected) in
            [("/a/{.id*}/{;b}", Some("/a/{id}/{b}")), ("/a/{id}", None), ("/a/{*}", None)]
        {
            assert_eq!(plain_template(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn templates_are_taken_apart() {
        let cases = [
            ("/a", Some(("/a", vec![]))),
            ("/a/{id}/b/{x-y}", Some(("/a/{}/b/{}", vec!["id", "x-y"]))),
            ("/a.{format}", Some(("/a.{}", vec!["format"]))),
            ("/a/{id", None),
            ("/a/id}", None),
            ("/a/{}", None),
            ("/a/{{id}}", None),
        ];
        for (path, expected) in cases {
            let expected =
                expected.map(|(shape, names): (&str, Vec<&str>)| (shape.to_owned(), names));
            assert_eq!(template(path), expected, "{path}");
        }
    }
}
