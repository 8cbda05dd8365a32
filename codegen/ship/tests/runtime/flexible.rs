//! Text and integers of any JSON kind.
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ship::runtime::{FlexInteger, FlexText, Nullable};

use crate::support::json;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Inner {
    id: FlexText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<FlexInteger>,
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    next: Nullable<FlexText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

/// Flattening reads through a buffer, in which numbers must keep their kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Outer {
    #[serde(flatten)]
    inner: Inner,
    #[serde(flatten)]
    extra: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Either {
    Many(Vec<Inner>),
    One(Box<Inner>),
}

fn assert_round_trip<T: Serialize + for<'de> Deserialize<'de>>(text: &str) -> T {
    let value: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let written = serde_json::to_string(&value).unwrap();
    assert_eq!(json(&written), json(text), "{written}");
    value
}

#[test]
fn kinds_and_digits_survive_also_through_buffers() {
    for id in [
        "\"\"",
        "\"12\"",
        "12",
        "-12",
        "9007199254740993",
        "18446744073709551615",
        "-9223372036854775808",
        "1.5",
        "1e300",
        "0.1",
        "true",
        "false",
        "\"true\"",
    ] {
        let text = format!("{{\"id\": {id}, \"number\": \"7\", \"next\": null, \"share\": 0.1}}");
        let plain: Inner = assert_round_trip(&text);
        let text = format!(
            "{{\"id\": {id}, \"next\": {id}, \"count\": 18446744073709551615, \"x\": {id}}}"
        );
        let flat: Outer = assert_round_trip(&text);
        let list: Either = assert_round_trip(&format!("[{{\"id\": {id}}}]"));
        assert_eq!(plain.id, flat.inner.id);
        let Either::Many(list) = list else { panic!() };
        assert_eq!(plain.id.as_str(), list[0].id.as_str());
    }
}

#[test]
fn text_is_what_counts() {
    let number: FlexText = serde_json::from_str("12").unwrap();
    let text = FlexText::from("12");
    assert_eq!(number, text);
    assert_eq!(number, "12");
    assert_eq!(number.to_string(), "12");
    assert_eq!(format!("{number:>4}|"), "  12|");
    assert!(HashMap::from([(number.clone(), 1)]).contains_key("12"));
    let sorted = std::collections::BTreeSet::from(["b", "a"].map(FlexText::from));
    assert!(sorted.iter().map(FlexText::as_str).eq(["a", "b"]));
    assert_eq!(
        serde_json::to_string(&[number, text, true.into(), 7_u64.into()]).unwrap(),
        "[12,\"12\",true,7]"
    );
    assert_eq!("x".parse::<FlexText>().unwrap().into_string(), "x");
}

#[test]
fn other_kinds_are_refused() {
    for text in ["null", "[]", "{}"] {
        assert!(serde_json::from_str::<FlexText>(text).is_err(), "{text}");
        assert!(serde_json::from_str::<FlexInteger>(text).is_err(), "{text}");
    }
    for text in ["1.5", "true"] {
        assert!(serde_json::from_str::<FlexInteger>(text).is_err(), "{text}");
    }
    let error = serde_json::from_str::<FlexText>("[]").unwrap_err();
    assert!(error.to_string().contains("expected a string, a number or a boolean"), "{error}");
}

#[test]
fn integer_is_written_as_it_came_or_as_a_number() {
    for text in ["7", "\"7\"", "\"abc\"", "\"\"", "18446744073709551615", "-1", "\"007\""] {
        assert_round_trip::<FlexInteger>(text);
    }
    let table = [
        ("217854", "217854"),
        ("-3", "-3"),
        ("18446744073709551615", "18446744073709551615"),
        ("007", "\"007\""),
        ("+7", "\"+7\""),
        ("7.0", "\"7.0\""),
        ("abc", "\"abc\""),
        ("", "\"\""),
        ("-0", "\"-0\""),
        ("99999999999999999999", "\"99999999999999999999\""),
    ];
    for (text, written) in table {
        let made = FlexInteger::from(text);
        assert_eq!(serde_json::to_string(&made).unwrap(), written);
        assert_eq!(FlexInteger::from(FlexText::from(text)), made);
        assert_eq!(FlexInteger::from(&FlexText::from(text)), made);
    }
    assert_eq!(FlexInteger::from(7_i32).as_i64(), Some(7));
    assert_eq!(FlexInteger::from(u64::MAX).as_i64(), None);
    assert_eq!(FlexInteger::from(u64::MAX).as_u64(), Some(u64::MAX));
    assert_eq!(FlexInteger::from("x").as_i64(), None);
    assert_eq!(FlexInteger::from(7_u32).to_string(), "7");
}

/// As generated for an enum of texts.
#[derive(Debug, PartialEq)]
enum Colour {
    Red,
    Unknown(String),
}

impl From<&str> for Colour {
    fn from(text: &str) -> Self {
        match text {
            "red" => Self::Red,
            _ => Self::Unknown(text.to_owned()),
        }
    }
}

impl From<String> for Colour {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ship::runtime::open_enum(deserializer)
    }
}

#[test]
fn open_enum_is_read_from_any_text_and_from_nothing_else() {
    let cases = [
        ("\"red\"", Colour::Red),
        ("\"\\u0072ed\"", Colour::Red),
        ("\"Red\\n\"", Colour::Unknown("Red\n".to_owned())),
        ("\"\"", Colour::Unknown(String::new())),
    ];
    for (text, colour) in cases {
        assert_eq!(serde_json::from_str::<Colour>(text).unwrap(), colour);
        assert_eq!(serde_json::from_value::<Colour>(json(text)).unwrap(), colour);
    }
    for text in ["1", "null", "true", "[]", "{}"] {
        let error = serde_json::from_str::<Colour>(text).unwrap_err().to_string();
        assert!(error.contains("expected a string"), "{error}");
    }
}
