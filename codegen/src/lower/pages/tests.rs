//! Settings and extensions of others, and the paging they mean.

use crate::config::of_test;
use crate::diagnostic::Diagnostics;
use crate::ir::Api;
use crate::lower::tests::model_with;

/// Operations that answer with a page, and one that does not.
fn api(settings: &str, extension: &str) -> (Option<Api>, Diagnostics) {
    let list = |id: &str, own: &str| {
        format!(
            "{{operationId: {id}, tags: [toys], {own} parameters: [\
             {{name: page_token, in: query, schema: {{type: string, nullable: true}}}}, \
             {{name: limit, in: query, schema: {{type: integer}}}}], \
             responses: {{'200': {{description: ok, content: {{application/json: {{schema: \
             {{$ref: '#/components/schemas/Page'}}}}}}}}}}}}"
        )
    };
    let paths = format!(
        "{{/a: {{get: {}, post: {{operationId: addA, tags: [toys], responses: {{'204': {{description: ok}}}}}}}}, /b: {{get: {}}}}}",
        list("listA", extension),
        list("listB", "")
    );
    let page = "{Page: {type: object, required: [items], properties: {items: {type: array, items: {type: string}}, \
                next_page: {type: string, nullable: true}, total: {type: integer}}}}";
    model_with(&of_test(&format!("crate: t\n{settings}")), &paths, page)
}

/// Operation, cursor, next, items, limit and largest page.
type Row = (String, usize, usize, usize, Option<usize>, Option<u64>);

/// The operations that page.
fn paged(api: &Api) -> Vec<Row> {
    let operations = api.families.iter().flat_map(|family| &family.operations);
    let paged = operations.filter_map(|operation| {
        let own = operation.pagination.as_ref()?;
        let id = operation.name.wire.clone();
        Some((id, own.cursor, own.next, own.items, own.limit, own.max))
    });
    paged.collect()
}

const TERMS: &str = "cursor: page_token, next: next_page, items: items";

#[test]
fn settings_say_how_operations_page() {
    let row = |id: &str, limit, max| (id.to_owned(), 0, 1, 0, limit, max);
    for (settings, expected) in [
        (format!("[{{operations: [listA], {TERMS}}}]"), vec![row("listA", None, None)]),
        (
            format!("[{{tags: [toys], {TERMS}, limit: limit, max: 50}}]"),
            vec![row("listA", Some(1), Some(50)), row("listB", Some(1), Some(50))],
        ),
        (
            format!("[{{paths: [/a], {TERMS}, max: 7}}, {{operations: ['*'], {TERMS}}}]"),
            vec![row("listA", None, Some(7)), row("listB", None, None)],
        ),
    ] {
        let (api, problems) = api(&format!("pagination: {settings}"), "");
        let api = api.unwrap_or_else(|| panic!("{problems}"));
        assert_eq!(paged(&api), expected, "{settings}");
    }
}

#[test]
fn settings_win_over_the_document() {
    let own = "x-pagination: {cursor: page_token, next: next_page, items: items, max: 9},";
    let (without, _) = api("", own);
    assert_eq!(paged(&without.expect("it is in order"))[0].5, Some(9));
    let (with, _) = api(&format!("pagination: [{{operations: [listA], {TERMS}, max: 5}}]"), own);
    assert_eq!(paged(&with.expect("it is in order"))[0].5, Some(5));
}

#[test]
fn settings_that_fit_nothing_are_errors_at_their_place() {
    for (entry, place, told) in [
        (
            "operations: [listC], cursor: page_token, next: next_page, items: items",
            ":3:19",
            "matches the operationId of no operation",
        ),
        (
            "operations: [listA], cursor: after, next: next_page, items: items",
            ":3:27",
            "the operation: page_token, limit",
        ),
        (
            "operations: [listA], cursor: page_token, next: more, items: items",
            ":3:47",
            "the answer: items, next_page, total",
        ),
        (
            "operations: [listA], cursor: page_token, next: next_page, items: total",
            ":3:64",
            "no list",
        ),
        (
            "operations: [listA], cursor: page_token, next: next_page, items: items, limit: size",
            ":3:78",
            "`limit` names no parameter",
        ),
        (
            "operations: [addA], cursor: page_token, next: next_page, items: items",
            ":3:26",
            "there is no parameter",
        ),
        (
            "tags: [toys], cursor: after, next: next_page, items: items",
            ":3:20",
            "no operation pages by this entry",
        ),
    ] {
        let (api, problems) = api(&format!("pagination:\n  - {{{entry}}}"), "");
        assert!(api.is_none(), "{entry}");
        let shown = problems.to_string();
        assert!(shown.contains(&format!("config.yaml{place}")), "{entry}\n{shown}");
        assert!(shown.contains(told), "{entry}\n{shown}");
    }
}

#[test]
fn extensions_of_others_are_read() {
    for (extension, limit) in [
        ("x-dropshot-pagination: {required: []},", Some(1)),
        (
            "x-speakeasy-pagination: {type: cursor, inputs: [{name: page_token, in: parameters, type: cursor}, \
             {name: limit, in: parameters, type: limit}], outputs: {results: $.items, nextCursor: $.next_page}},",
            Some(1),
        ),
        (
            "x-fern-pagination: {cursor: $request.page_token, next_cursor: $response.next_page, results: $response.items},",
            None,
        ),
    ] {
        let (api, problems) = api("", extension);
        let api = api.unwrap_or_else(|| panic!("{problems}"));
        assert_eq!(paged(&api), [("listA".to_owned(), 0, 1, 0, limit, None)], "{extension}");
        assert!(problems.is_empty(), "{problems}");
    }
}

#[test]
fn what_an_extension_of_others_says_beyond_us_is_told() {
    for (extension, told) in [
        ("x-ms-pageable: {nextLinkName: nextLink},", "`nextLink` is a link"),
        ("x-speakeasy-pagination: {type: offsetLimit},", "pages by `offsetLimit`"),
        (
            "x-speakeasy-pagination: {type: cursor, inputs: [{name: page_token, in: parameters, type: cursor}], \
             outputs: {results: $.items, nextCursor: $.meta.next}},",
            "`nextCursor` names no single member: $.meta.next",
        ),
        (
            "x-fern-pagination: {offset: $request.page, results: $response.items},",
            "pages by `offset`",
        ),
        ("x-fern-pagination: true,", "the document has no `x-fern-pagination`"),
        (
            "x-fern-pagination: {cursor: $request.after, next_cursor: $response.next_page, results: $response.items},",
            "`cursor` names no parameter of the operation: after",
        ),
    ] {
        let (api, problems) = api("", extension);
        assert_eq!(paged(&api.expect("a warning stops nothing")), [], "{extension}");
        let shown = problems.to_string();
        assert!(shown.contains("unused-extension") && shown.contains(told), "{extension}\n{shown}");
    }
    let (_, problems) = api("", "x-ms-pageable: {nextLinkName: null},");
    assert!(problems.is_empty(), "a list in one page says so: {problems}");
}
