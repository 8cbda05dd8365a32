//! Requests made at random from the document, most of them almost right: whatever comes is answered
//! as described, and what is refused changes nothing.

use amplitude_experiment_fake::{Fake, Operation, Seed};
use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::support::conform::{DOCUMENT, target};
use crate::support::{P, raw, world};

const TEXTS: [&str; 12] =
    ["on", "control", "treatment", "a", "b", "", "\0", "ü/..%", "1", P, "2025-03-01", "property"];

#[tokio::test]
async fn whatever_comes_is_answered_as_described() {
    let items = json!({
        "deployments": [{ "projectId": P, "label": "web", "type": "client", "id": 1 }],
        "flags": [{ "projectId": P, "key": "1", "id": 2 }, { "projectId": P, "key": "2", "id": 3 }],
        "experiments": [{ "projectId": P, "key": "3", "id": 4 }],
        "holdouts": [{ "projectId": P, "name": "H", "id": 5, "holdoutPercentage": 5 }],
        "mutexes": [{ "projectId": P, "name": "M", "id": 6, "slots": [{ "percentage": 100 }] }],
    });
    let items = Seed::from_json(&items.to_string()).unwrap();
    let mut successes = 0;
    for seed in 1..=3 {
        let fake = world().await.fake;
        fake.seed(&items).unwrap();
        let mut rng = Rng::with_seed(seed);
        for round in 0..400 {
            let operation = Operation::ALL[rng.usize(..Operation::ALL.len())];
            successes +=
                usize::from(ask(&fake, &mut rng, operation).await.unwrap_or_else(|problem| {
                    panic!("seed {seed}, round {round}, {operation:?}: {problem}")
                }));
        }
    }
    assert!(successes > 300, "only {successes} requests made sense");
}

/// Whether a request succeeds.
async fn ask(fake: &Fake, rng: &mut Rng, operation: Operation) -> Result<bool, String> {
    let path = path(rng, operation);
    let method = operation.method();
    let place = &DOCUMENT["paths"][operation.path()][method.as_str().to_ascii_lowercase()];
    let schema = &target(&place["requestBody"])["content"]["application/json"]["schema"];
    let body = if schema.is_null() { String::new() } else { value(rng, schema).to_string() };
    let before = fake.snapshot();
    let answer = raw::api(fake, method.as_str(), &path, &body).await;
    match answer.status {
        200 => Ok(true),
        400 | 403 | 404 if fake.snapshot() == before => Ok(false),
        status => Err(format!("{status} for {path} with {body}: {}", answer.text())),
    }
}

fn path(rng: &mut Rng, operation: Operation) -> String {
    let family = operation.path().split('/').nth(1);
    let parts = operation.path().split('/').map(|part| match part {
        "{id}" if rng.u8(..10) > 0 => match family {
            Some("flags") => rng.u8(2..4).to_string(),
            Some("experiments") => "4".to_owned(),
            Some("holdouts") => "5".to_owned(),
            Some("mutexes") => "6".to_owned(),
            _ => "1".to_owned(),
        },
        "{id}" | "{deploymentId}" => rng.u8(..8).to_string(),
        "{variantKey}" => text(rng),
        "{userIndex}" | "{slotIndex}" | "{versionId}" => rng.i64(-1..4).to_string(),
        part => part.to_owned(),
    });
    let encode = |part: String| match part.as_str() {
        "" => "%20".to_owned(),
        part => percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC)
            .to_string()
            .replace("%2D", "-"),
    };
    let path: Vec<String> = parts.skip(1).map(encode).collect();
    let query = match rng.u8(..3) {
        0 => format!("?limit={}&cursor={}", rng.i32(-1..1002), rng.u32(..100)),
        1 => "?includeArchived=true".to_owned(),
        _ => String::new(),
    };
    format!("/{}{query}", path.join("/"))
}

fn text(rng: &mut Rng) -> String {
    TEXTS[rng.usize(..TEXTS.len())].to_owned()
}

/// A value that a schema allows, mostly.
fn value(rng: &mut Rng, schema: &'static Value) -> Value {
    let schema = target(schema);
    if let Some(first) = schema["allOf"].get(0) {
        return value(rng, first);
    }
    if let Some(known) = schema["x-extensible-enum"].as_array() {
        return known[rng.usize(..known.len())].clone();
    }
    if rng.u8(..40) == 0 {
        return anything(rng);
    }
    match schema["type"].as_str() {
        Some("object") => object(rng, schema),
        Some("array") => (0..rng.usize(..3)).map(|_| value(rng, &schema["items"])).collect(),
        Some("integer") => match schema["maximum"].as_i64() {
            Some(most) => rng.i64(0..=most).into(),
            None => rng.u8(..8).into(),
        },
        Some("number") => f64::from(rng.u8(..=100)).into(),
        Some("boolean") => rng.bool().into(),
        Some("string") => text(rng).into(),
        _ => anything(rng),
    }
}

fn object(rng: &mut Rng, schema: &'static Value) -> Value {
    let required =
        |name: &String| schema["required"].as_array().into_iter().flatten().any(|own| own == name);
    let mut members = Map::new();
    for (name, own) in schema["properties"].as_object().into_iter().flatten() {
        if rng.u8(..20) < if required(name) { 19 } else { 8 } {
            let own = if name == "projectId" { P.into() } else { value(rng, own) };
            members.insert(name.clone(), own);
        }
    }
    if schema["additionalProperties"].is_object() {
        members.insert(text(rng), value(rng, &schema["additionalProperties"]));
    }
    members.into()
}

fn anything(rng: &mut Rng) -> Value {
    let all = [
        json!(null),
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(0.5),
        json!("x".repeat(3000)),
        json!([[[[]]]]),
        json!({ "": { "a": [null] } }),
    ];
    all[rng.usize(..all.len())].clone()
}
