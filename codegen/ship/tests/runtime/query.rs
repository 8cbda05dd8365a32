//! Query parameters in their styles.
use serde::Serialize;
use serde_json::{Value, json};
use ship::runtime::{FlexInteger, FlexText, Operation, Request};

use crate::requests::{operation, sent};

static FIND: Operation = operation("/find");

#[derive(Serialize)]
struct Filter {
    color: &'static str,
    size: Option<u32>,
    tags: Vec<&'static str>,
}

const FILTER: Filter = Filter { color: "a b", size: None, tags: Vec::new() };

async fn query(request: Request) -> String {
    match sent(request).await {
        Ok(request) => request.uri().query().unwrap_or("-").to_owned(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn query_goes_out_in_its_style() {
    let new = || Request::new(&FIND);
    let deep = json!({"a b": {"c": [1, 2]}, "d": true});
    let filter = Filter { tags: vec!["x", "y"], ..FILTER };
    let table = [
        (new().query("q", Some(&"a b&c=d+e#f/é")), "q=a%20b%26c%3Dd%2Be%23f%2F%C3%A9"),
        (new().query("q", None::<&i32>), "-"),
        (new().query("q", Some(&"")), "q="),
        (new().query("a b", Some(&"-._~")), "a%20b=-._~"),
        (new().query("f", Some(&1.0)), "f=1"),
        (new().query("f", Some(&true)).query("g", Some(&-7)), "f=true&g=-7"),
        (
            new().query("id", Some(&FlexText::from("x"))).query("n", Some(&FlexInteger::from(7))),
            "id=x&n=7",
        ),
        (new().query_reserved("next", Some(&"/a/b?c:d")), "next=/a/b?c:d"),
        (new().query_reserved("next", Some(&"a#b&c+d e%f")), "next=a%23b%26c%2Bd%20e%25f"),
        (new().query_repeated("m", Some(&["a", "b c"])), "m=a&m=b%20c"),
        (new().query_repeated("m", Some(&["a"; 0])), "-"),
        (new().query_repeated("m", None::<&[i32]>), "-"),
        (new().query_joined("csv", Some(&[1, 2, 3]), ','), "csv=1,2,3"),
        (new().query_joined("csv", Some(&["a,b", "c"]), ','), "csv=a%2Cb,c"),
        (new().query_joined("pipe", Some(&["a", "b"]), '|'), "pipe=a%7Cb"),
        (new().query_joined("space", Some(&["a", "b"]), ' '), "space=a%20b"),
        (new().query_joined("csv", Some(&[0; 0]), ','), "-"),
        (new().query_joined("csv", None::<&[i32]>, ','), "-"),
        (new().query_members("f", Some(&FILTER)), "color=a%20b"),
        (new().query_members("f", Some(&filter)), "color=a%20b&tags=x&tags=y"),
        (new().query_deep("f", Some(&FILTER)), "f%5Bcolor%5D=a%20b"),
        (
            new().query_deep("f", Some(&deep)),
            "f%5Ba%20b%5D%5Bc%5D=1&f%5Ba%20b%5D%5Bc%5D=2&f%5Bd%5D=true",
        ),
        (new().query_json("j", Some(&json!([1, "a"]))), "j=%5B1%2C%22a%22%5D"),
        (new().query_json("j", None::<&Value>), "-"),
        (new().query_scalar("any", Some(&json!(5))), "any=5"),
        (new().query_scalar("any", Some(&json!("a b"))), "any=a%20b"),
        (new().query_scalar("any", Some(&json!([1, true]))), "any=1&any=true"),
        (new().query_scalar("any", Some(&Value::Null)), "-"),
        (new().query_scalar("any", None), "-"),
    ];
    for (request, expected) in table {
        assert_eq!(query(request).await, expected);
    }
}

#[tokio::test]
async fn value_that_a_style_cannot_carry_is_refused() {
    let new = || Request::new(&FIND);
    for request in [
        new().query_members("p", Some(&json!({"a": {"b": 1}}))),
        new().query_members("p", Some(&json!([1]))),
        new().query_deep("p", Some(&json!("text"))),
        new().query_deep("p", Some(&json!({"a": [[1]]}))),
        new().query_scalar("p", Some(&json!({"a": 1}))),
    ] {
        let text = query(request).await;
        assert!(text.starts_with("POST /find: not sent: `p` holds a value that"), "{text}");
    }
}
