//! Flags as the service sends them, the same in every run. The shape is that of the examples in
//! `spec/openapi.yaml`.

use bytes::Bytes;
use serde_json::{Value, json};

/// A flag as small as the document allows.
pub fn flag(number: usize) -> Vec<u8> {
    json!({
        "id": (848_345 + number).to_string(),
        "projectId": "217854",
        "deployments": ["17994"],
        "key": format!("checkout-redesign-{number}"),
        "name": "Checkout redesign",
        "description": "",
        "enabled": true,
        "evaluationMode": "remote",
        "bucketingKey": "amplitude_id",
        "variants": [{ "key": "on" }],
        "rolloutPercentage": 25,
        "rolloutWeights": { "on": 1 },
        "targetSegments": [],
    })
    .to_string()
    .into_bytes()
}

/// A page of the list, whose end differs from page to page.
pub struct Page(Vec<u8>);

impl Page {
    /// A page of this many large flags.
    pub fn new(items: usize) -> Self {
        Self::of((0..items).map(|number| large_flag(number).to_string().into_bytes()))
    }

    /// A page of this many small flags.
    pub fn small(items: usize) -> Self {
        Self::of((0..items).map(flag))
    }

    fn of(flags: impl Iterator<Item = Vec<u8>>) -> Self {
        let flags: Vec<Vec<u8>> = flags.collect();
        Self([b"{\"flags\":[".as_slice(), &flags.join(&b","[..]), b"],\"nextCursor\":"].concat())
    }

    /// The page, with where the next one begins.
    pub fn with_next(&self, next: Option<u64>) -> Bytes {
        let end = next.map_or("null}".to_owned(), |next| format!("\"{next}\"}}"));
        [&self.0, end.as_bytes()].concat().into()
    }
}

/// A flag as a busy project has it: about 1.6 KB.
fn large_flag(number: usize) -> Value {
    let mut flag = json!({
        "id": (848_345 + number).to_string(),
        "projectId": "217854",
        "deployments": (0..1 + number % 3).map(|at| (17_994 + at).to_string()).collect::<Vec<_>>(),
        "key": format!("checkout-redesign-{number}"),
        "name": format!("Checkout redesign {number}"),
        "description": description(number),
        "enabled": !number.is_multiple_of(4),
        "evaluationMode": if number.is_multiple_of(3) { "local" } else { "remote" },
        "bucketingKey": "amplitude_id",
        "bucketingSalt": format!("mHdQ{number:04x}"),
        "bucketingUnit": "User",
        "variants": (0..2 + number % 2).map(|at| variant(number, at)).collect::<Vec<_>>(),
        "rolloutPercentage": (number * 5) % 101,
        "rolloutWeights": { "control": 1, "on": 1 + number % 3 },
        "targetSegments": (0..1 + number % 2).map(|at| segment(number, at)).collect::<Vec<_>>(),
        "tags": ["squad:growth", format!("quarter:{}", number % 4)],
        "deleted": false,
        "createdBy": "dev@example.com",
        "lastModifiedBy": format!("dev{}@example.com", number % 40),
        "createdAt": "2025-03-01T10:15:30.123Z",
        "lastModifiedAt": "2025-03-12T08:41:07.590Z",
    });
    if number.is_multiple_of(5) {
        flag["parentDependencies"] =
            json!({ "flags": { "848001": ["slot-1", "slot-2"] }, "operator": "all" });
    } else if number % 5 == 1 {
        flag["parentDependencies"] = Value::Null;
    }
    if number.is_multiple_of(10) {
        flag["evaluationOrder"] = json!({ "position": number, "pinned": false });
    }
    flag
}

fn description(number: usize) -> Value {
    match number % 4 {
        0 => json!(""),
        1 => Value::Null,
        _ => json!(format!(
            "Shows the new \"one page\" checkout.\nOwned by the growth squad, see ticket GROW-{number}."
        )),
    }
}

fn variant(number: usize, at: usize) -> Value {
    let mut variant = json!({
        "key": (["control", "on", "treatment"])[at],
        "name": (["Control", "On", "Treatment"])[at],
        "description": "What users in this group get to see",
    });
    if at > 0 {
        variant["payload"] = json!({
            "layout": "one-page",
            "button": { "text": "Buy now", "color": "#1e61f0", "rounded": true },
            "steps": ["address", "payment", "review"],
            "discount": 0.15,
            "limit": number,
        });
        variant["inclusions"] = json!(["ada@example.com", format!("user-{number}")]);
    }
    variant
}

fn segment(number: usize, at: usize) -> Value {
    json!({
        "name": if at == 0 { "Colleagues" } else { "Early adopters" },
        "conditions": [
            {
                "type": "property", "prop": "gp:email", "op": "contains",
                "values": ["@example.com", format!("team{}@", number % 7)],
            },
            { "type": "property", "prop": "country", "op": "is", "values": ["DE", "FR", "NL"] },
            { "type": "property", "prop": "gp:age", "op": "greater or equal", "values": [18] },
        ],
        "percentage": 100,
        "rolloutWeights": { "control": 1, "on": 1 },
        "bucketingKey": "amplitude_id",
    })
}

#[cfg(test)]
mod tests {
    use amplitude_experiment_management::models::FlagList;

    use super::*;

    #[test]
    fn a_page_is_one_of_the_document() {
        let page = Page::new(20).with_next(Some(7));
        let read: FlagList = serde_json::from_slice(&page).expect("the page has the right shape");
        assert_eq!(read.flags.len(), 20);
        assert_eq!(read.next_cursor.value().map(|cursor| cursor.as_str()), Some("7"));
        assert_eq!(read.flags[10].extra.len(), 1, "unknown members are in it too");

        let before: Value = serde_json::from_slice(&page).expect("the page is JSON");
        assert_eq!(serde_json::to_value(&read).expect("the page can be written"), before);
    }

    #[test]
    fn a_large_page_is_one_to_two_megabytes() {
        let size = Page::new(1000).with_next(None).len();
        assert!((1_000_000..2_000_000).contains(&size), "{size}");
    }

    #[test]
    fn a_small_page_ends_with_null() {
        let page = Page::small(2).with_next(None);
        let read: FlagList = serde_json::from_slice(&page).expect("the page has the right shape");
        assert_eq!((read.flags.len(), read.next_cursor.into_value()), (2, None));
    }
}
