//! Documents made for measuring: each of one shape, as large as is asked for, the same bytes every
//! time.

use std::fmt::Write;

use super::worst;

/// The files of a document, the document itself first.
pub type Made = Vec<(String, String)>;

/// A kind of document that can be made in any size.
pub struct Shape {
    /// As the table names it.
    pub name: &'static str,
    /// What there are so many of.
    pub unit: &'static str,
    /// The sizes that are measured.
    pub sizes: &'static [usize],
    /// Makes the document with so many.
    pub make: fn(usize) -> Made,
}

/// All that is measured: first what a large API looks like, then the worst of each kind.
pub fn shapes() -> Vec<Shape> {
    let mut shapes = vec![Shape {
        name: "an API",
        unit: "operations",
        sizes: &[100, 1_000, 10_000],
        make: |count| one(api(count)),
    }];
    shapes.extend(worst::shapes());
    shapes
}

/// A document in one file.
pub fn one(text: String) -> Made {
    vec![("openapi.yaml".to_owned(), text)]
}

/// The head of a document that has one operation, which answers with the schema `S0`.
pub fn head(out: &mut String) {
    out.push_str(
        "openapi: 3.0.3\ninfo: {title: Made, version: 1.0.0}\nservers: [{url: \"https://example.com\"}]\n\
         paths:\n  /it:\n    get:\n      operationId: getIt\n      tags: [things]\n      responses:\n        \"200\":\n          \
         description: It.\n          content:\n            application/json:\n              schema: {$ref: \"#/components/schemas/S0\"}\n",
    );
}

/// A document with these schemas, each a line of flow style or lines that begin with six spaces.
pub fn schemas(count: usize, schema: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    head(&mut out);
    out.push_str("components:\n  schemas:\n");
    for index in 0..count {
        line(&mut out, format_args!("    S{index}: {}", schema(index)));
    }
    out
}

/// Adds a line.
pub fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

/// An API of a usual build: tags of twenty operations, parameters, a body, answers, errors that all
/// share, and schemas that lead to each other.
fn api(count: usize) -> String {
    let mut out = String::from(
        "openapi: 3.0.3\ninfo: {title: Made, version: 1.0.0}\nservers: [{url: \"https://example.com\"}]\npaths:\n",
    );
    for index in 0..count {
        let (tag, item) = (index / 20, index / 4);
        if index % 4 == 0 {
            line(&mut out, format_args!("  /group{tag}/things{item}/{{id}}:"));
            line(
                &mut out,
                format_args!(
                    "    parameters:\n      - {{name: id, in: path, required: true, description: Which one., schema: {{type: string}}}}"
                ),
            );
        }
        operation(&mut out, index, tag, item);
    }
    out.push_str("components:\n  schemas:\n");
    out.push_str("    Error: {type: object, required: [message], properties: {message: {type: string}, code: {type: integer}}}\n");
    for item in 0..count.div_ceil(4) {
        thing(&mut out, item, count.div_ceil(4));
    }
    out
}

fn operation(out: &mut String, index: usize, tag: usize, item: usize) {
    let (method, verb) =
        [("get", "get"), ("put", "replace"), ("patch", "change"), ("delete", "remove")][index % 4];
    line(
        out,
        format_args!(
            "    {method}:\n      operationId: {verb}Thing{item}\n      tags: [group {tag}]\n      summary: What {verb} does\n      \
             description: |\n        Does {verb} for thing {item}. It takes a moment and\n        may be *repeated*; see `limits`.\n      parameters:\n        \
             - {{name: limit, in: query, schema: {{type: integer, minimum: 1, maximum: 100, default: 20}}}}\n        \
             - {{name: order, in: query, schema: {{type: string, enum: [asc, desc]}}}}"
        ),
    );
    if index % 4 == 1 || index % 4 == 2 {
        line(
            out,
            format_args!(
                "      requestBody:\n        required: true\n        content:\n          application/json:\n            schema: {{$ref: \"#/components/schemas/Thing{item}\"}}"
            ),
        );
    }
    line(
        out,
        format_args!(
            "      responses:\n        \"200\":\n          description: Done.\n          content:\n            application/json:\n              \
             schema: {{$ref: \"#/components/schemas/Thing{item}\"}}\n        \"404\":\n          description: There is none.\n          content:\n            \
             application/json:\n              schema: {{$ref: \"#/components/schemas/Error\"}}"
        ),
    );
}

fn thing(out: &mut String, item: usize, count: usize) {
    let (next, far) = ((item + 1) % count, (item * 7 + 3) % count);
    line(
        out,
        format_args!(
            "    Thing{item}:\n      type: object\n      description: One of the things of group {group}.\n      required: [id, name]\n      properties:\n        \
             id: {{type: string, readOnly: true, description: Given by the service.}}\n        name: {{type: string, maxLength: 100}}\n        \
             state: {{type: string, enum: [on, off, waiting{item}]}}\n        made: {{type: string, format: date-time}}\n        \
             tags: {{type: array, items: {{type: string}}}}\n        next: {{$ref: \"#/components/schemas/Thing{next}\"}}\n        \
             others: {{type: array, items: {{$ref: \"#/components/schemas/Thing{far}\"}}}}\n        \
             size: {{type: object, properties: {{width: {{type: number}}, height: {{type: number}}}}}}",
            group = item / 5
        ),
    );
}
