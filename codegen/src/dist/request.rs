//! A call as it goes out: its address, its headers, its body; and the same for a shell.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::outline::{Content, Operation, Outline, SchemeKind, preferred};
use super::samples::{self, Way};

/// All but the unreserved characters (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `text` as one segment of a path or one half of a query pair.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The path with a value for every name in braces.
pub(super) fn path(tree: &Value, operation: &Operation<'_>) -> String {
    let mut path = operation.path.to_owned();
    for parameter in operation.parameters.iter().filter(|one| one.place == "path") {
        let value = parameter.text(&samples::parameter(tree, parameter));
        path = path.replace(&format!("{{{}}}", parameter.name), &encoded(&value));
    }
    path
}

/// The call for a shell, with what is required; credentials are variables.
pub(super) fn curl(outline: &Outline<'_>, operation: &Operation<'_>) -> String {
    let tree = outline.tree;
    let mut lines = Vec::new();
    let mut query = Vec::new();
    for one in operation.parameters.iter().filter(|one| one.required) {
        let value = samples::parameter(tree, one);
        match one.place {
            "query" => query.extend(
                one.pairs(&value)
                    .into_iter()
                    .map(|(name, value)| (encoded(&name), Part::Text(encoded(&value)))),
            ),
            "header" => {
                lines.push(format!("-H {}", quoted(&format!("{}: {}", one.name, one.text(&value)))))
            }
            "cookie" => {
                lines.push(format!("-b {}", quoted(&format!("{}={}", one.name, one.text(&value)))))
            }
            _ => {}
        }
    }
    for key in operation.security.first().into_iter().flatten() {
        credential(outline, key, &mut lines, &mut query);
    }
    if let Some(content) = operation.body.as_ref().and_then(|body| preferred(&body.contents)) {
        body(tree, content, &mut lines);
    }
    let address = address(outline, operation, query);
    let method = match operation.method.as_str() {
        "GET" => String::new(),
        "HEAD" => "-I ".to_owned(),
        method => format!("-X {method} "),
    };
    let glob = if address.contains(['{', '[']) { "-g " } else { "" };
    lines.insert(0, format!("curl {glob}{method}{address}"));
    lines.join(" \\\n  ")
}

/// A piece of a word.
enum Part {
    Text(String),
    /// The name of a variable.
    Variable(String),
}

/// The address as one word; a base that the document does not give is a variable.
fn address(outline: &Outline<'_>, operation: &Operation<'_>, query: Vec<(String, Part)>) -> String {
    let base = operation.server.as_ref().map_or(outline.base(), |server| server.url.as_str());
    let absolute = base.starts_with("http://") || base.starts_with("https://");
    let mut word = String::new();
    if !absolute {
        word.push_str("\"$BASE_URL\"");
    }
    let mut text = format!("{base}{}", path(outline.tree, operation));
    for (index, (name, value)) in query.into_iter().enumerate() {
        text.push_str(if index == 0 { "?" } else { "&" });
        text.push_str(&format!("{name}="));
        match value {
            Part::Text(value) => text.push_str(&value),
            Part::Variable(name) => {
                word.push_str(&format!("{}\"${name}\"", quoted(&std::mem::take(&mut text))));
            }
        }
    }
    if !text.is_empty() {
        word.push_str(&quoted(&text));
    }
    word
}

fn credential(
    outline: &Outline<'_>,
    key: &str,
    lines: &mut Vec<String>,
    query: &mut Vec<(String, Part)>,
) {
    let Some(scheme) = outline.scheme(key) else { return };
    let name = &scheme.variable;
    match &scheme.kind {
        SchemeKind::Bearer | SchemeKind::Token(_) => {
            lines.push(format!("-H \"Authorization: Bearer ${name}\""));
        }
        SchemeKind::Basic => lines.push(format!("-u \"${name}_USER:${name}_PASSWORD\"")),
        SchemeKind::Http(scheme) => {
            lines.push(format!("-H {}\"${name}\"", quoted(&format!("Authorization: {scheme} "))));
        }
        SchemeKind::Header(header) => {
            lines.push(format!("-H {}\"${name}\"", quoted(&format!("{header}: "))));
        }
        SchemeKind::Query(parameter) => {
            query.push((encoded(parameter), Part::Variable(name.clone())));
        }
        SchemeKind::Cookie(cookie) => {
            lines.push(format!("-b {}\"${name}\"", quoted(&format!("{cookie}="))));
        }
    }
}

fn body(tree: &Value, content: &Content<'_>, lines: &mut Vec<String>) {
    let value = samples::content(tree, content, Way::Out);
    let media_type = content.media_type;
    let fields = value.as_ref().and_then(Value::as_object);
    match (media_type, fields) {
        ("multipart/form-data", Some(fields)) => {
            lines.extend(content.fields(fields).iter().map(|(name, value)| {
                format!("--form-string {}", quoted(&format!("{name}={value}")))
            }));
        }
        ("application/x-www-form-urlencoded", Some(fields)) => {
            lines.extend(content.fields(fields).iter().map(|(name, value)| {
                let pair = format!("{}={}", encoded(name), encoded(value));
                format!("--data-raw {}", quoted(&pair))
            }));
        }
        _ => {
            lines.push(format!("-H {}", quoted(&format!("Content-Type: {media_type}"))));
            let written = value.map(|value| samples::text(media_type, &value));
            lines.push(match written {
                Some(text) => format!("--data-raw {}", quoted(&text)),
                None => "--data-binary @body".to_owned(),
            });
        }
    }
}

/// A word that a shell takes as it is.
fn quoted(text: &str) -> String {
    let clean: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    format!("'{}'", clean.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn curl_of(tree: &Value) -> String {
        let outline = Outline::of(tree);
        let operation = outline.operations().next().expect("there is an operation");
        curl(&outline, operation)
    }

    #[test]
    fn a_call_has_all_that_is_required_and_no_key() {
        let tree = json!({
            "servers": [{ "url": "https://pets.example/v1/" }],
            "security": [{ "petKey": [], "query key": [] }],
            "paths": { "/pets/{id}": { "post": {
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "example": "../x y" },
                    { "name": "tag", "in": "query", "required": true, "example": ["a&b", "c"] },
                    { "name": "more", "in": "query", "example": 1 },
                    { "name": "X-Who", "in": "header", "required": true, "example": "it's $(me)" },
                ],
                "requestBody": { "content": { "application/json": { "example": { "name": "O'Hara `id`" } } } },
                "responses": {},
            } } },
            "components": { "securitySchemes": {
                "petKey": { "type": "http", "scheme": "bearer" },
                "query key": { "type": "apiKey", "in": "query", "name": "key" },
            } },
        });
        let expected = r#"curl -X POST 'https://pets.example/v1/pets/..%2Fx%20y?tag=a%26b&tag=c&key='"$QUERY_KEY" \
  -H 'X-Who: it'\''s $(me)' \
  -H "Authorization: Bearer $PET_KEY" \
  -H 'Content-Type: application/json' \
  --data-raw '{
  "name": "O'\''Hara `id`"
}'"#;
        assert_eq!(curl_of(&tree), expected);
    }

    #[test]
    fn without_a_server_the_base_is_a_variable() {
        let tree = json!({
            "servers": [{ "url": "/v1" }],
            "paths": { "/pets": { "get": { "responses": {} } } },
        });
        assert_eq!(curl_of(&tree), "curl \"$BASE_URL\"'/v1/pets'");
    }

    #[test]
    fn lists_are_written_in_their_style() {
        let list = |style: Value| {
            let mut parameter =
                json!({ "name": "a", "in": "query", "required": true, "example": ["1", "c d"] });
            parameter
                .as_object_mut()
                .expect("an object")
                .extend(style.as_object().cloned().expect("an object"));
            let tree = json!({ "servers": [{ "url": "/v" }], "paths": { "/p": { "get": { "parameters": [parameter], "responses": {} } } } });
            curl_of(&tree).split_once('?').expect("a query").1.trim_end_matches('\'').to_owned()
        };
        for (style, query) in [
            (json!({}), "a=1&a=c%20d"),
            (json!({ "explode": false }), "a=1%2Cc%20d"),
            (json!({ "style": "pipeDelimited" }), "a=1%7Cc%20d"),
            (json!({ "style": "spaceDelimited" }), "a=1%20c%20d"),
            (json!({ "style": "pipeDelimited", "explode": true }), "a=1&a=c%20d"),
        ] {
            assert_eq!(list(style.clone()), query, "{style}");
        }
    }

    #[test]
    fn name_of_a_password_is_a_variable_as_well() {
        let tree = json!({
            "servers": [{ "url": "/v" }], "security": [{ "who": [] }],
            "paths": { "/p": { "get": { "responses": {} } } },
            "components": { "securitySchemes": { "who": { "type": "http", "scheme": "basic" } } },
        });
        let curl = curl_of(&tree);
        assert!(curl.ends_with("-u \"$WHO_USER:$WHO_PASSWORD\""), "{curl}");
    }
}
