//! Parameters that make one text of several values: the examples of OpenAPI 3.0.3, section
//! "Style Examples", and what no style can carry.
use serde_json::{Value, json};
use ship::runtime::{Operation, Request};

use crate::requests::{operation, sent};

static SEND: Operation = operation("/send");
static ONE: Operation = operation("/a/{color}/b");

const COLOR: &str = "color";

fn values() -> [Value; 3] {
    [json!("blue"), json!(["blue", "black", "brown"]), json!({"B": 150, "G": 200, "R": 100})]
}

async fn path(request: Request) -> String {
    match sent(request).await {
        Ok(request) => request.uri().path().trim_start_matches("/base/a/").to_owned(),
        Err(error) => error.to_string(),
    }
}

/// The query, or the header, or the cookies: what there is.
async fn rest(request: Request) -> String {
    match sent(request).await {
        Ok(request) => {
            let header = |name| request.headers().get(name).map(|text| text.to_str().unwrap());
            let found = request.uri().query().or(header(COLOR)).or(header("cookie"));
            found.unwrap_or("-").to_owned()
        }
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn path_goes_out_in_every_style() {
    let expected = [
        [".blue/b", ".blue,black,brown/b", ".B,150,G,200,R,100/b"],
        [".blue/b", ".blue.black.brown/b", ".B=150.G=200.R=100/b"],
        [";color=blue/b", ";color=blue,black,brown/b", ";color=B,150,G,200,R,100/b"],
        [";color=blue/b", ";color=blue;color=black;color=brown/b", ";B=150;G=200;R=100/b"],
        ["blue/b", "blue,black,brown/b", "B,150,G,200,R,100/b"],
        ["blue/b", "blue,black,brown/b", "B=150,G=200,R=100/b"],
    ];
    for (at, value) in values().iter().enumerate() {
        let new = || Request::new(&ONE);
        let requests = [
            new().path_label(COLOR, value, false),
            new().path_label(COLOR, value, true),
            new().path_matrix(COLOR, value, false),
            new().path_matrix(COLOR, value, true),
            new().path_object(COLOR, value, false),
            new().path_object(COLOR, value, true),
        ];
        for (request, expected) in requests.into_iter().zip(expected) {
            assert_eq!(path(request).await, expected[at], "{value}");
        }
    }
}

#[tokio::test]
async fn lists_and_objects_go_out_in_query_header_and_cookies() {
    let [_, list, object] = values();
    let new = || Request::new(&SEND);
    let table = [
        (new().query_flat(COLOR, Some(&object), ','), "color=B,150,G,200,R,100"),
        (new().query_flat(COLOR, Some(&object), ' '), "color=B%20150%20G%20200%20R%20100"),
        (new().query_flat(COLOR, Some(&object), '|'), "color=B%7C150%7CG%7C200%7CR%7C100"),
        (new().header_object(COLOR, Some(&object), false), "B,150,G,200,R,100"),
        (new().header_object(COLOR, Some(&object), true), "B=150,G=200,R=100"),
        (new().cookie_parts(COLOR, Some(&list), false), "color=blue,black,brown"),
        (new().cookie_parts(COLOR, Some(&list), true), "color=blue; color=black; color=brown"),
        (new().cookie_parts(COLOR, Some(&object), false), "color=B,150,G,200,R,100"),
        (new().cookie_parts(COLOR, Some(&object), true), "B=150; G=200; R=100"),
        (
            new().query_deep(COLOR, Some(&object)),
            "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100",
        ),
        (new().query_deep(COLOR, Some(&json!([1, "a"]))), "color%5B%5D=1&color%5B%5D=a"),
    ];
    for (request, expected) in table {
        assert_eq!(rest(request).await, expected);
    }
}

#[tokio::test]
async fn what_is_not_there_is_left_out() {
    let new = || Request::new(&SEND);
    for nothing in
        [None, Some(json!(null)), Some(json!([])), Some(json!([null])), Some(json!({"a": null}))]
    {
        let value = nothing.as_ref();
        for request in [
            new().query_flat(COLOR, value, ','),
            new().header_object(COLOR, value, true),
            new().cookie_parts(COLOR, value, true),
        ] {
            assert_eq!(rest(request).await, "-", "{nothing:?}");
        }
    }
    let some = json!({"a": null, "b": 1});
    assert_eq!(rest(new().query_flat(COLOR, Some(&some), ',')).await, "color=b,1");
}

#[tokio::test]
async fn parts_stay_in_their_places() {
    let odd = json!(["a/b", "c,d", "e;f=g", "..", "é"]);
    let encoded = "a%2Fb,c%2Cd,e%3Bf%3Dg,..,%C3%A9";
    let new = || Request::new(&ONE);
    assert_eq!(path(new().path_label(COLOR, &odd, false)).await, format!(".{encoded}/b"));
    assert_eq!(path(new().path_matrix(COLOR, &odd, false)).await, format!(";color={encoded}/b"));
    assert_eq!(path(new().path_matrix(COLOR, &"", false)).await, ";color/b");
    let cookies = Request::new(&SEND).cookie_parts(COLOR, Some(&odd), false);
    assert_eq!(rest(cookies).await, format!("color={encoded}"));
    for value in [json!(null), json!([]), json!({})] {
        for request in [
            new().path_label(COLOR, &value, true),
            new().path_matrix(COLOR, &value, true),
            new().path_object(COLOR, &value, true),
        ] {
            assert!(path(request).await.ends_with("`color` must not be empty"), "{value}");
        }
    }
    for value in ["", "."] {
        let text = path(new().path_label(COLOR, &value, true)).await;
        assert!(text.ends_with("`color` must not be `.` or `..`"), "{text}");
    }
}

#[tokio::test]
async fn value_within_a_value_is_refused() {
    for value in [json!([[1]]), json!({"a": [1]}), json!([{"a": 1}])] {
        for request in [
            Request::new(&ONE).path_label(COLOR, &value, true),
            Request::new(&ONE).path_matrix(COLOR, &value, false),
            Request::new(&ONE).path_object(COLOR, &value, false),
            Request::new(&SEND).query_flat(COLOR, Some(&value), ','),
            Request::new(&SEND).header_object(COLOR, Some(&value), false),
            Request::new(&SEND).cookie_parts(COLOR, Some(&value), false),
        ] {
            let text = rest(request).await;
            assert!(text.contains("`color` holds a value that"), "{text}");
        }
    }
}
