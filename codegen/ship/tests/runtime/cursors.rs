//! Cursors: what they keep, what they hide, and the list they belong to.
use std::collections::HashSet;

use ship::runtime::{Cursor, Error, FlexText};

use crate::client::over;
use crate::paging::{list, page};
use crate::support::script::Script;

/// Read as JSON and written again, it is the same bytes.
#[test]
fn g4_cursor_survives_as_json_with_its_kind_and_digits() {
    for text in ["\"26397\"", "3003", "9007199254740993", "18446744073709551615", "\"\"", "1.5"] {
        let cursor: Cursor = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&cursor).unwrap(), text);
        let copy = Cursor::from(&cursor);
        assert_eq!(serde_json::to_string(&copy).unwrap(), text);
        assert_eq!(FlexText::from(copy), text.trim_matches('"'));
    }
}

#[test]
fn cursors_are_made_from_texts_and_numbers_and_compared_by_text() {
    let all = [
        Cursor::from("12"),
        Cursor::from("12".to_owned()),
        Cursor::from(&"12".to_owned()),
        Cursor::from(12),
        Cursor::from(12_i64),
        Cursor::from(12_u32),
        Cursor::from(12_u64),
        Cursor::from(12.0),
        Cursor::from(FlexText::from(12)),
        Cursor::from(&FlexText::from("12")),
        "12".parse().unwrap(),
    ];
    for cursor in &all {
        assert_eq!(cursor, "12");
        assert_eq!(*cursor, "12".to_owned());
        assert_eq!((cursor.to_string().as_str(), cursor.as_str()), ("12", "12"));
        assert_eq!(cursor, &all[0]);
    }
    assert_ne!(all[0], Cursor::from("12.0"));
    assert_eq!(all.into_iter().collect::<HashSet<_>>().len(), 1);
}

#[tokio::test]
async fn cursor_of_another_list_is_refused_before_anything_is_sent() {
    let script = Script::new([page(&[1], "5"), page(&[2], "")]);
    let client = over(script.clone());
    let mut things = client.things().list().pages();
    let named = things.try_next().await.unwrap().unwrap().next.unwrap();
    let kept = things.cursor().unwrap().clone();
    for cursor in [named, kept] {
        let parts = client.things().list_parts();
        let mut pages = parts.clone().pages().resume_from(&cursor);
        let refusals = [
            parts.clone().cursor(&cursor).send().await.map(drop).unwrap_err(),
            parts.cursor(&cursor).pages().try_next().await.map(drop).unwrap_err(),
            pages.try_next().await.map(drop).unwrap_err(),
        ];
        for error in refusals {
            assert_eq!(
                error.to_string(),
                "GET /parts: not sent: `cursor` is a cursor of listThings, which listParts cannot go on from"
            );
            let Error::Request(error) = error else { panic!("{error:?}") };
            assert_eq!(error.parameter(), Some("cursor"));
        }
        assert!(pages.next().await.is_none());
        assert_eq!(script.count(), 1);
        assert!(client.things().list().cursor(cursor).send().await.is_ok());
        script.log().pop();
    }
}

/// Where a text came from is not known any more.
#[tokio::test]
async fn cursor_kept_as_text_is_passed_on_to_any_list() {
    let script = Script::new([page(&[1], "5"), page(&[2], "")]);
    let client = over(script.clone());
    let mut things = client.things().list().pages();
    things.try_next().await.unwrap();
    let kept = things.cursor().unwrap().to_string();
    assert!(client.things().list_parts().cursor(kept).send().await.is_ok());
    assert_eq!(script.targets()[1], "/api/1/parts?cursor=5");
}

#[tokio::test]
async fn text_of_a_cursor_is_not_in_debug_output() {
    let script = Script::new([page(&[1], "\"someone@example.org\""), page(&[2], "\"x\"")]);
    let mut items = list(&script).cursor("someone@example.org").items();
    items.try_next().await.unwrap();
    let mut pages = list(&script).pages();
    let page = pages.try_next().await.unwrap().unwrap();
    let printed = format!(
        "{page:?} {pages:#?} {items:?} {:?} {:?}",
        pages.cursor(),
        list(&script).cursor("someone@x")
    );
    assert!(!printed.contains("someone"), "{printed}");
    assert!(printed.contains("listThings"), "{printed}");
}
