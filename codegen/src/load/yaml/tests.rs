//! Texts and the values they become.

use super::*;
use serde_json::json;

fn built(text: &str) -> Result<Built, Problem> {
    parse(&SourceMap::new("a.yaml", text)).and_then(crate::load::tree::object)
}

fn value(text: &str) -> Value {
    built(text).map(|(value, _, _)| value).expect(text)
}

#[test]
fn values_are_those_of_the_core_schema() {
    let cases = [
        ("a: 'yes'\nb: yes\nc: \"1\"\nd: 1\n", json!({"a": "yes", "b": "yes", "c": "1", "d": 1})),
        (
            "200: a\ntrue: b\n1.5: c\n~: d\n'': e\n",
            json!({"200": "a", "true": "b", "1.5": "c", "~": "d", "": "e"}),
        ),
        ("a: |\n  x\n   y\nb: >-\n  x\n  y\n", json!({"a": "x\n y\n", "b": "x y"})),
        ("a:\nb: []\nc: {}\n", json!({"a": null, "b": [], "c": {}})),
        ("a: !!str 1\nb: !!int '2'\nc: ! 3\n", json!({"a": "1", "b": 2, "c": "3"})),
        ("%YAML 1.2\n---\na: 2001-01-01\n...\n", json!({"a": "2001-01-01"})),
        ("a: {b: [1, x], 'c': \"d\"}\r\n", json!({"a": {"b": [1, "x"], "c": "d"}})),
        (
            "b: &b {x: 1, y: 2}\na: *b\nc: [*b, &s t, *s]\n",
            json!({"b": {"x": 1, "y": 2}, "a": {"x": 1, "y": 2}, "c": [{"x": 1, "y": 2}, "t", "t"]}),
        ),
        (
            "b: &b {x: 1, y: 2}\na:\n  <<: *b\n  y: 3\n",
            json!({"b": {"x": 1, "y": 2}, "a": {"y": 3, "x": 1}}),
        ),
        (
            "b: &b {x: 1}\nc: &c {y: 2}\na: {<<: [*b, *c]}\n",
            json!({"b": {"x": 1}, "c": {"y": 2}, "a": {"x": 1, "y": 2}}),
        ),
        ("a: \"x\n y\n\nz\"\nb: 1\n", json!({"a": "x y\nz", "b": 1})),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn every_value_has_its_place() {
    let text = "# ü\nü: x # ü\nblock:\r\n  - ünï: {deep: [1, ü, last]}\n    next: |\n      text\n  - 2\nend: &e {a: 1}\nuse: *e\n";
    let source = SourceMap::new("a.yaml", text);
    let (_, root, _) = parse(&source).expect("good text");
    let source = source.with_root(root);
    let places = [
        ("/ü", 2, 1),
        ("/block", 3, 1),
        ("/block/0/ünï", 4, 5),
        ("/block/0/ünï/deep", 4, 11),
        ("/block/0/ünï/deep/2", 4, 24),
        ("/block/0/next", 5, 5),
        ("/block/1", 7, 5),
        ("/end/a", 8, 10),
        ("/use/a", 9, 1),
        ("/nothing/here", 1, 1),
    ];
    for (pointer, line, column) in places {
        let place = source.place(pointer);
        let expected = if pointer == "/nothing/here" { (2, 1) } else { (line, column) };
        assert_eq!((place.line, place.column), expected, "{pointer}");
    }
    assert_eq!(source.raw("/block/0/ünï/deep/2"), Some("last"));
}

#[test]
fn what_cannot_be_read_is_named_at_its_place() {
    let bomb = format!(
        "a0: &a0 [x, x, x, x]\n{}",
        (1..12)
            .map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 8].join(", ")))
            .collect::<String>()
    );
    let deep = format!("a: {}{}", "[".repeat(80), "]".repeat(80));
    let cases: [(&str, &str, usize, &str); 13] = [
        ("a:\n\tb: 1\n", "syntax", 2, "spaces"),
        ("a: \"x\nb: 1\n", "syntax", 1, "quote"),
        ("a: b: c\n", "syntax", 1, "quote"),
        ("a: [1, 2\nb: 1\n", "syntax", 2, "close the bracket"),
        ("a: 1\n  b: 2\n", "syntax", 2, ""),
        ("a: 1\n---\nb: 2\n", "syntax", 2, "one document"),
        ("a: *nothing\n", "syntax", 1, "begins with"),
        ("a: &a [*a]\n", "unsupported-yaml", 1, "$ref"),
        ("[a, b]: 1\n", "unsupported-yaml", 1, "as text"),
        ("- a\n", "not-an-object", 1, "openapi"),
        ("# nothing\n", "empty-document", 1, "openapi"),
        (&bomb, "too-large", 7, "$ref"),
        (&deep, "too-deep", 1, "components.schemas"),
    ];
    for (text, code, line, help) in cases {
        let problem = built(text).expect_err(text);
        let place = SourceMap::new("", text).position(problem.span.start as usize);
        assert_eq!((problem.code, place.line), (code, line), "{text}: {problem:?}");
        assert!(problem.help.contains(help), "{text}: {}", problem.help);
    }
}

#[test]
fn what_can_be_read_in_spite_is_kept_as_a_problem() {
    let cases = [
        (
            "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n",
            vec![("duplicate-key", "/b/c"), ("duplicate-key", "/a")],
        ),
        ("a: .inf\n", vec![("syntax", "/a")]),
        ("a: !include b.yaml\n", vec![("unsupported-yaml", "/a")]),
        ("a: {<<: 1}\n", vec![("unsupported-yaml", "/a")]),
        ("a:\n  b: \"x\ny\"\n", vec![("unindented-text", "/a/b")]),
    ];
    for (text, expected) in cases {
        let (_, _, problems) = built(text).expect(text);
        let found: Vec<_> =
            problems.iter().map(|problem| (problem.code, problem.pointer.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }
}
