//! Headers of answers as values.
use http::HeaderMap;
use http::header::HeaderValue;
use ship::runtime::header::{json, list, one};

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    headers
}

#[test]
fn texts_numbers_and_truth_values_are_read_as_they_are_asked_for() {
    let headers = headers(&[("x-left", "42"), ("x-more", "true"), ("x-rate", "0.5")]);
    assert_eq!(one::<i64>(&headers, "x-left"), Some(42));
    assert_eq!(one::<String>(&headers, "X-Left").as_deref(), Some("42"));
    assert_eq!(one::<bool>(&headers, "x-more"), Some(true));
    assert_eq!(one::<f64>(&headers, "x-rate"), Some(0.5));
}

#[test]
fn what_is_absent_or_of_another_kind_is_none() {
    let headers = headers(&[("x-left", "many"), ("x-more", "yes")]);
    assert_eq!(one::<i64>(&headers, "x-left"), None);
    assert_eq!(one::<bool>(&headers, "x-more"), None);
    assert_eq!(one::<String>(&headers, "x-none"), None);
    assert_eq!(list::<String>(&headers, "x-none"), None);
    assert_eq!(list::<u32>(&headers, "x-left"), None);
}

#[test]
fn lists_may_stand_on_several_lines() {
    let headers = headers(&[("x-tags", "a, b,"), ("x-tags", "c"), ("x-ids", "1,2")]);
    let tags = list::<String>(&headers, "x-tags");
    assert_eq!(tags, Some(["a", "b", "c"].map(str::to_owned).to_vec()));
    assert_eq!(list::<u32>(&headers, "x-ids"), Some(vec![1, 2]));
}

#[test]
fn json_and_text_beyond_ascii_are_read() {
    let headers = headers(&[("x-cost", "{\"cents\": 5}"), ("x-name", "Zoë")]);
    assert_eq!(
        json::<serde_json::Value>(&headers, "x-cost"),
        Some(serde_json::json!({ "cents": 5 }))
    );
    assert_eq!(one::<String>(&headers, "x-name").as_deref(), Some("Zoë"));
}
