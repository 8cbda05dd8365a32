//! Documents and the model they become.

use super::lower;
use crate::check::{Rules, check};
use crate::config::Config;
use crate::diagnostic::{Collector, Diagnostics};
use crate::ir::{
    Answer, Api, BodyFormat, Extra, Field, Object, Place, Presence, Shape, StreamFormat, Style,
    Type, TypeRef,
};
use crate::load::load_text;

fn model(paths: &str, schemas: &str) -> (Option<Api>, Diagnostics) {
    model_with(&Config::new("t", ""), paths, schemas)
}

pub(super) fn model_with(
    config: &Config,
    paths: &str,
    schemas: &str,
) -> (Option<Api>, Diagnostics) {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {paths}\ncomponents: {{schemas: {schemas}}}\n"
    );
    let document = load_text("t.yaml", &text).expect("the test document is YAML");
    let (mut problems, mut settings) = (Collector::default(), Collector::default());
    let api = check(&document, &Rules { house: false }, &mut problems)
        .and_then(|openapi| lower(&openapi, config, &mut problems, &mut settings));
    match settings.has_errors() {
        true => (api, settings.finish(&config.origin.0)),
        false => (api, problems.finish(&document.source)),
    }
}

fn api(paths: &str, schemas: &str) -> Api {
    let (api, problems) = model(paths, schemas);
    api.unwrap_or_else(|| panic!("{problems}"))
}

fn ty<'a>(api: &'a Api, rust: &str) -> &'a Type {
    api.types.iter().find(|ty| ty.name.rust == rust).unwrap_or_else(|| panic!("no type {rust}"))
}

fn object<'a>(api: &'a Api, rust: &str) -> &'a Object {
    match &ty(api, rust).shape {
        Shape::Object(object) => object,
        other => panic!("{rust} is {other:?}"),
    }
}

fn field<'a>(object: &'a Object, wire: &str) -> &'a Field {
    object.fields.iter().find(|field| field.name.wire == wire).expect("the member exists")
}

#[test]
fn absent_and_null_are_four_different_things() {
    let api = api(
        "{}",
        "{Patch: {type: object, required: [a, b], properties: {a: {type: string}, b: {type: string, nullable: true}, \
         c: {type: string}, d: {type: string, nullable: true}, any: {}, ref: {$ref: '#/components/schemas/Free'}}}, Free: {}}",
    );
    let patch = object(&api, "Patch");
    for (wire, presence) in [
        ("a", Presence::Required),
        ("b", Presence::RequiredNullable),
        ("c", Presence::Optional),
        ("d", Presence::OptionalNullable),
        ("any", Presence::OptionalNullable),
        ("ref", Presence::OptionalNullable),
    ] {
        assert_eq!(field(patch, wire).presence, presence, "{wire}");
    }
}

#[test]
fn a_member_that_leads_back_is_boxed_and_one_behind_a_list_is_not() {
    let api = api(
        "{}",
        "{Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, \
         all: {type: array, items: {$ref: '#/components/schemas/Node'}}, other: {$ref: '#/components/schemas/Leaf'}}}, \
         Leaf: {type: object, properties: {n: {type: integer}}}}",
    );
    let node = object(&api, "Node");
    assert!(field(node, "next").boxed);
    assert!(!field(node, "all").boxed);
    assert!(!field(node, "other").boxed);
}

#[test]
fn all_of_joins_members_and_wraps_what_is_no_object() {
    let api = api(
        "{}",
        "{Base: {type: object, required: [id], properties: {id: {type: integer}}}, \
         Ship: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [masts], properties: {masts: {type: integer}}}]}, \
         Tags: {type: array, items: {type: string}}, \
         Post: {type: object, properties: {tags: {nullable: true, allOf: [{$ref: '#/components/schemas/Tags'}, {description: d}]}}}}",
    );
    let names: Vec<_> =
        object(&api, "Ship").fields.iter().map(|field| field.name.wire.as_str()).collect();
    assert_eq!(names, ["id", "masts"]);
    assert!(object(&api, "Ship").fields.iter().all(|field| field.presence == Presence::Required));
    let tags = field(object(&api, "Post"), "tags");
    assert_eq!(tags.presence, Presence::OptionalNullable);
    assert!(matches!(&tags.ty, TypeRef::Named(id) if api.types[id.0].name.rust == "Tags"));
}

#[test]
fn parts_of_all_of_that_disagree_are_named_with_both_places() {
    let (_, problems) = model(
        "{}",
        "{C: {allOf: [{type: object, properties: {w: {type: string}}}, {type: object, properties: {w: {type: integer}}}]}}",
    );
    let text = problems.to_string();
    assert!(text.contains("all-of-conflict"), "{text}");
    assert!(text.contains("/components/schemas/C/allOf/0/properties/w"), "{text}");
}

#[test]
fn the_most_demanding_member_of_a_union_is_tried_first() {
    let api = api(
        "{}",
        "{Ref: {oneOf: [{type: string}, {$ref: '#/components/schemas/Short'}, {$ref: '#/components/schemas/Long'}]}, \
         Short: {type: object, required: [id], properties: {id: {type: integer}}}, \
         Long: {type: object, required: [id, note], properties: {id: {type: integer}, note: {type: string}}}}",
    );
    let Shape::Union(union) = &ty(&api, "Ref").shape else { panic!("Ref is a union") };
    let order: Vec<_> =
        union.order.iter().map(|index| union.variants[*index].rust.as_str()).collect();
    assert_eq!(order, ["Long", "Short", "String"]);
}

#[test]
fn a_tagged_union_keeps_unknown_tags_and_knows_its_mapping() {
    let api = api(
        "{}",
        "{Event: {oneOf: [{$ref: '#/components/schemas/Opened'}, {$ref: '#/components/schemas/Closed'}], \
         discriminator: {propertyName: kind, mapping: {opened: '#/components/schemas/Opened'}}}, \
         Opened: {type: object, properties: {kind: {type: string}}}, Closed: {type: object, properties: {kind: {type: string}}}}",
    );
    let Shape::Union(union) = &ty(&api, "Event").shape else { panic!("Event is a union") };
    assert_eq!(union.tag.as_deref(), Some("kind"));
    assert_eq!(union.unknown.as_deref(), Some("Unknown"));
    assert_eq!(union.variants[0].tags, ["opened"]);
    assert_eq!(union.variants[1].tags, ["Closed"]);
}

#[test]
fn parameters_come_in_template_order_and_the_operation_overrides_its_path() {
    let api = api(
        "{'/a/{x}/{y}': {parameters: [{name: y, in: path, required: true, schema: {type: string}}, \
         {name: x, in: path, required: true, schema: {type: string}}, {name: l, in: query, schema: {type: string}}], \
         get: {operationId: getA, parameters: [{name: l, in: query, required: true, schema: {type: array, items: {type: integer}}}], \
         responses: {'204': {description: ok}}}}}",
        "{}",
    );
    let operation = &api.families[0].operations[0];
    let seen: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| {
            (parameter.name.wire.as_str(), parameter.place, parameter.required, parameter.style)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("x", Place::Path, true, Style::Plain),
            ("y", Place::Path, true, Style::Plain),
            ("l", Place::Query, true, Style::Repeated),
        ]
    );
}

#[test]
fn one_name_in_four_places_becomes_four_names() {
    let api = api(
        "{'/a/{id}': {get: {operationId: getA, parameters: [{name: id, in: path, required: true, schema: {type: integer}}, \
         {name: id, in: query, schema: {type: string}}, {name: id, in: header, schema: {type: string}}, \
         {name: id, in: cookie, schema: {type: string}}], responses: {'204': {description: ok}}}}}",
        "{}",
    );
    let names: Vec<_> =
        api.families[0].operations[0].parameters.iter().map(|p| p.name.rust.as_str()).collect();
    assert_eq!(names, ["id", "id_query", "id_header", "id_cookie"]);
}

#[test]
fn what_goes_one_way_is_in_the_type_of_that_way_only() {
    let api = api(
        "{/a: {post: {operationId: addA, requestBody: {required: true, content: {application/json: {schema: \
         {$ref: '#/components/schemas/Account'}}}}, responses: {'201': {description: ok, content: {application/json: \
         {schema: {$ref: '#/components/schemas/Account'}}}}}}}}",
        "{Account: {type: object, required: [id, name, secret], properties: {id: {type: integer, readOnly: true}, \
         name: {type: string}, secret: {type: string, writeOnly: true}}}}",
    );
    let fields = |object: &Object| -> Vec<(String, Presence)> {
        object.fields.iter().map(|field| (field.name.wire.clone(), field.presence)).collect()
    };
    let required = |name: &str| (name.to_owned(), Presence::Required);
    let account = object(&api, "Account");
    assert_eq!(fields(account), [required("id"), required("name")]);
    assert!(matches!(account.extra, Extra::Kept { .. }));
    let input = api.types.iter().find(|ty| ty.name.rust == "AccountInput").expect("it is split");
    let Shape::Object(sent) = &input.shape else { panic!("{input:?}") };
    assert_eq!(fields(sent), [required("name"), required("secret")]);
    assert_eq!(input.input_of.map(|id| api.types[id.0].name.rust.as_str()), Some("Account"));
    let body = api.families[0].operations[0].body.as_ref().expect("there is a body");
    assert!(matches!(body.ty, TypeRef::Named(id) if api.types[id.0].name.rust == "AccountInput"));
}

#[test]
fn a_member_that_only_a_writer_must_give_is_optional_and_an_argument() {
    let schemas = |name: &str| {
        format!(
            "{{C: {{type: object, required: [a], x-required-on-write: [{name}], properties: {{a: {{type: string}}, b: {{type: string}}}}}}}}"
        )
    };
    let api = api("{}", &schemas("b"));
    let b = field(object(&api, "C"), "b");
    assert_eq!((b.presence, b.required_on_write), (Presence::Optional, true));
    let (none, problems) = model("{}", &schemas("c"));
    assert!(none.is_none());
    assert!(problems.to_string().contains("wrong-extension"), "{problems}");
}

#[test]
fn successes_that_differ_are_told_apart_by_their_status() {
    let (api, problems) = model(
        "{/a: {put: {operationId: putA, responses: {'200': {description: ok, content: {application/json: {schema: {type: string}}}}, \
         '204': {description: same}}}, get: {operationId: getA, responses: {'200': {description: ok, content: {application/json: {schema: {type: string}}}}, \
         2XX: {description: too, content: {application/json: {schema: {type: string}}}}}}}}",
        "{}",
    );
    let api = api.expect("warnings do not stop the run");
    let operations = &api.families[0].operations;
    assert!(problems.is_empty(), "{problems}");
    let Answer::Body { ty: TypeRef::String, .. } = operations[0].answer else {
        panic!("one type is enough: {:?}", operations[0].answer);
    };
    let Answer::ByStatus(answer) = &operations[1].answer else {
        panic!("one type is not enough: {:?}", operations[1].answer);
    };
    let variants: Vec<(&str, &str)> = answer
        .successes
        .iter()
        .map(|success| (success.status.as_str(), success.variant.as_str()))
        .collect();
    assert_eq!(variants, [("200", "Ok"), ("204", "NoContent")]);
    assert_eq!((answer.name.as_str(), answer.other.as_deref()), ("PutAAnswer", Some("Other")));
}

/// The only operation of a document whose answer has this content.
fn streamed(content: &str, schemas: &str) -> (crate::ir::Operation, String) {
    let (api, problems) = model(
        &format!(
            "{{/a: {{get: {{responses: {{'200': {{description: ok, content: {content}}}}}}}}}}}"
        ),
        schemas,
    );
    let mut api = api.expect("warnings do not stop the run");
    (api.families.remove(0).operations.remove(0), problems.to_string())
}

#[test]
fn streams_are_read_item_by_item_and_only_the_second_one_is_told_of() {
    let (operation, problems) = streamed(
        "{text/event-stream: {}, application/x-ndjson: {}, application/json: {schema: {type: integer}}}",
        "{}",
    );
    assert!(matches!(operation.answer, Answer::Body { format: BodyFormat::Json, .. }));
    let stream = operation.stream.expect("events are a stream");
    assert_eq!(
        (stream.format, stream.ty, stream.end),
        (StreamFormat::Events, TypeRef::String, None)
    );
    assert_eq!(problems.matches("warning[").count(), 1, "{problems}");
    assert!(
        problems.contains("application/x-ndjson is not used: text/event-stream is"),
        "{problems}"
    );

    let (operation, problems) = streamed("{application/x-ndjson; charset=utf-8: {}}", "{}");
    assert!(matches!(operation.answer, Answer::Stream));
    let stream = operation.stream.expect("lines are a stream");
    assert_eq!((stream.format, stream.ty), (StreamFormat::Lines, TypeRef::Any));
    assert_eq!(stream.media_type.as_deref(), Some("application/x-ndjson; charset=utf-8"));
    assert_eq!(problems.matches("warning[").count(), 0, "{problems}");
}

/// A list is what the whole stream is, and an object with the fields of an event is an event.
#[test]
fn items_of_streams_are_found_in_what_describes_them() {
    let schemas = "{L: {type: array, items: {type: integer}}, \
        E: {type: object, properties: {event: {type: string}, data: {type: number}}}, \
        D: {type: object, properties: {data: {type: number}}}}";
    let events = |schema: &str| {
        let (operation, problems) =
            streamed(&format!("{{text/event-stream: {{schema: {schema}}}}}"), schemas);
        assert_eq!(problems.matches("warning[").count(), 0, "{problems}");
        operation.stream.expect("events are a stream")
    };
    let reference = |name: &str| format!("{{$ref: '#/components/schemas/{name}'}}");
    let integer = TypeRef::Integer(crate::ir::Integer::I64);
    assert_eq!(events("{type: array, items: {type: integer}}").ty, integer);
    assert_eq!(events(&reference("L")).ty, integer);
    assert_eq!(events(&reference("E")).ty, TypeRef::Number);
    assert!(matches!(events(&reference("D")).ty, TypeRef::Named(_)));
    assert_eq!(events(&reference("L")).end.as_deref(), Some("[DONE]"));
    assert_eq!(events("{type: string}").end, None);
}

#[test]
fn paging_that_names_nothing_is_an_error_at_its_place() {
    let (api, problems) = model(
        "{/a: {get: {operationId: listA, x-pagination: {cursor: cursr, next: next, items: items}, \
         parameters: [{name: cursor, in: query, schema: {type: string}}], \
         responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: \
         {items: {type: array, items: {type: string}}, next: {type: string}}}}}}}}}}",
        "{}",
    );
    assert!(api.is_none());
    let text = problems.to_string();
    assert!(text.contains("bad-pagination") && text.contains("cursr"), "{text}");
}

#[test]
fn the_day_starts_when_the_document_says() {
    for (written, starts_at) in [
        ("day_resets_at: '00:00Z'", 0),
        ("day_resets_at: '07:30Z'", 27_000),
        ("day_resets_at: '23:59Z'", 86_340),
        ("scope: project", 0),
    ] {
        let api = api(&format!("{{}}\nx-rate-limits: {{per_day: 9, {written}}}"), "{}");
        let limits = api.rate_limits.expect("the document has limits");
        assert_eq!((limits.per_day, limits.day_starts_at), (Some(9), starts_at), "{written}");
    }
}

#[test]
fn a_type_of_one_family_is_its_own_and_a_type_of_two_is_shared() {
    let answer = |name: &str| {
        format!(
            "responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}}}"
        )
    };
    let api = api(
        &format!(
            "{{/a: {{get: {{tags: [a], operationId: getA, {}}}}}, /b: {{get: {{tags: [b], operationId: getB, {}}}}}}}",
            answer("A"),
            answer("B")
        ),
        "{A: {type: object, properties: {c: {$ref: '#/components/schemas/C'}}}, \
         B: {type: object, properties: {c: {$ref: '#/components/schemas/C'}}}, C: {type: object, properties: {n: {type: integer}}}}",
    );
    assert_eq!(ty(&api, "A").family, Some(0));
    assert_eq!(ty(&api, "B").family, Some(1));
    assert_eq!(ty(&api, "C").family, None);
}

#[test]
fn the_same_text_lowers_to_the_same_model() {
    let schemas = "{A.B: {type: object, properties: {q: {type: object, properties: {z: {type: integer}}}}}, \
                   A_B: {type: object, properties: {c: {type: string, enum: [x, X, 'x ']}}}}";
    let one = serde_json::to_string(&api("{}", schemas)).expect("the model is JSON");
    let two = serde_json::to_string(&api("{}", schemas)).expect("the model is JSON");
    assert_eq!(one, two);
}

/// Three operations of two tags; what is left after these settings.
fn chosen(settings: &str) -> Result<(Vec<String>, Vec<String>), String> {
    let answer = |name: &str| {
        format!(
            "responses: {{'200': {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}}}"
        )
    };
    let paths = format!(
        "{{/a: {{get: {{operationId: getA, tags: [one], {}}}}}, /a/b: {{get: {{operationId: getB, tags: [one, two], {}}}}}, /c: {{get: {{operationId: getC, tags: [two], {}}}}}}}",
        answer("A"),
        answer("B"),
        answer("C")
    );
    let object = "{type: object, properties: {shared: {$ref: '#/components/schemas/Shared'}}}";
    let schemas = format!(
        "{{A: {object}, B: {object}, C: {{type: object}}, Shared: {{type: object}}, Unused: {{type: object}}}}"
    );
    let config = crate::config::of_test(&format!("crate: t\n{settings}"));
    let (api, problems) = model_with(&config, &paths, &schemas);
    let api = api.ok_or_else(|| problems.to_string())?;
    let operations = api.families.iter().flat_map(|family| &family.operations);
    let mut types: Vec<String> = api.types.into_iter().map(|ty| ty.name.rust).collect();
    types.sort();
    Ok((operations.map(|operation| operation.name.wire.clone()).collect(), types))
}

#[test]
fn operations_are_chosen_and_take_their_types_with_them() {
    let cases: [(&str, &[&str], &[&str]); 6] = [
        ("", &["getA", "getB", "getC"], &["A", "B", "C", "Shared", "Unused"]),
        ("include: {tags: [two]}", &["getB", "getC"], &["B", "C", "Shared"]),
        ("include: {paths: ['/a*']}", &["getA", "getB"], &["A", "B", "Shared"]),
        ("exclude: {operations: [getA, getB]}", &["getC"], &["C"]),
        ("include: {tags: [one]}\nexclude: {paths: [/a]}", &["getB"], &["B", "Shared"]),
        (
            "include: {tags: [two], operations: [getA]}\nexclude: {operations: ['*B']}",
            &["getA", "getC"],
            &["A", "C", "Shared"],
        ),
    ];
    for (settings, operations, types) in cases {
        let expected = (owned(operations), owned(types));
        assert_eq!(chosen(settings), Ok(expected), "{settings}");
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn a_choice_of_nothing_is_told_with_its_place() {
    for (settings, expected) in [
        ("include:\n  tags: [one, three]", "config.yaml:3:15"),
        ("exclude:\n  paths: [/a/]", "`/a/` matches the path of no operation"),
        ("exclude:\n  operations: ['*']", "leave no operation"),
    ] {
        let shown = chosen(settings).expect_err(settings);
        assert!(shown.contains(expected), "{settings}: {shown}");
    }
}

#[test]
fn features_are_named_after_tags_and_apart_from_those_of_the_runtime() {
    let operation =
        |tag: &str| format!("{{get: {{tags: [{tag}], responses: {{'200': {{description: d}}}}}}}}");
    let paths = format!(
        "{{/a: {}, /b: {}, /c: {}}}",
        operation("Code Scanning"),
        operation("jiff"),
        operation("all")
    );
    let features = |settings: &str| -> Vec<Option<String>> {
        let config = crate::config::of_test(&format!("crate: t\n{settings}"));
        let (api, problems) = model_with(&config, &paths, "{}");
        let api = api.unwrap_or_else(|| panic!("{problems}"));
        api.families.into_iter().map(|family| family.feature).collect()
    };
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(features(""), [None, None, None]);
    assert_eq!(features("features: none"), [None, None, None]);
    assert_eq!(
        features("features: tags"),
        [named("code-scanning"), named("jiff-api"), named("all-api")]
    );
}

#[test]
fn formats_become_the_types_that_the_settings_name() {
    let schemas = "{A: {type: object, required: [a, b, c], properties: {a: {type: string, format: uuid}, \
        b: {type: array, items: {type: number, format: uuid}}, c: {type: number, format: decimal}, \
        d: {type: string, format: uuid, enum: [x]}}}}";
    let settings = "crate: t\nformats:\n  uuid: {type: 'uuid::Uuid', dependency: {uuid: '1'}}\n  \
        decimal: {type: '::d::Decimal', of: number, dependency: {d: '1'}}\n";
    let config = crate::config::of_test(settings);
    let (api, problems) = model_with(&config, "{}", schemas);
    let api = api.unwrap_or_else(|| panic!("{problems}"));
    let custom =
        |path: &str, is_text| TypeRef::Custom(crate::ir::Custom { path: path.to_owned(), is_text });
    let a = object(&api, "A");
    assert_eq!(field(a, "a").ty, custom("::uuid::Uuid", true));
    assert_eq!(field(a, "b").ty, TypeRef::List(Box::new(TypeRef::Number)), "it is of strings");
    assert_eq!(field(a, "c").ty, custom("::d::Decimal", false));
    assert!(matches!(field(a, "d").ty, TypeRef::Named(_)), "an enum stays one");

    let (api, problems) = model_with(&config, "{}", "{A: {type: string, format: uuid}}");
    assert!(api.is_none());
    let shown = problems.to_string();
    assert!(shown.contains("no schema of `type: number` has the format `decimal`"), "{shown}");
    assert!(shown.contains("config.yaml:4:3"), "{shown}");
}
