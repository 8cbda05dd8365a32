//! Answers of the service, written down from the collected facts and not from the document.
use serde_json::{Value, json};

/// A flag with every member of the table (facts 3.1), as live lists show it.
pub fn flag() -> Value {
    json!({
        "id": "848345",
        "projectId": "217854",
        "deployments": ["434"],
        "key": "checkout-redesign",
        "name": "Checkout redesign",
        "description": "two\nlines",
        "enabled": true,
        "evaluationMode": "remote",
        "bucketingKey": "amplitude_id",
        "bucketingSalt": "mHdQDzeE",
        "bucketingUnit": "User",
        "variants": [{ "key": "on", "name": "On", "payload": { "cards": 3 } }, { "key": "off" }],
        "rolloutPercentage": 25,
        "rolloutWeights": { "on": 1, "off": 3 },
        "targetSegments": [segment()],
        "parentDependencies": { "flags": { "612004": ["slot-1"] }, "operator": "all" },
        "tags": ["squad:growth"],
        "deleted": false,
        "createdBy": "dev@example.com",
        "lastModifiedBy": null,
        "createdAt": "2025-03-01T10:15:30.123Z",
        "lastModifiedAt": "2025-03-02T00:00:00.000Z",
        "metadata": { "source": "terraform" },
    })
}

/// What every sample of a flag has (facts 3.1), and nothing else.
pub fn least_flag() -> Value {
    json!({
        "id": "848345",
        "projectId": "217854",
        "deployments": [],
        "key": "checkout-redesign",
        "name": "",
        "description": null,
        "enabled": false,
        "evaluationMode": "local",
        "bucketingKey": "device_id",
        "variants": [],
        "rolloutPercentage": 0,
        "rolloutWeights": {},
        "targetSegments": [],
    })
}

/// Facts 3.4 and 3.5, with the `bucketingKey` that the parameter table forgets (C21).
pub fn segment() -> Value {
    json!({
        "name": "Segment 1",
        "conditions": [
            { "type": "property", "prop": "country", "op": "is", "values": ["United States"] },
            { "type": "property", "prop": "gp:email", "op": "glob does not match", "values": [] },
        ],
        "percentage": 100,
        "rolloutWeights": { "on": 1 },
        "bucketingKey": "amplitude_id",
    })
}

/// The experiment that is stored as a list item in the vendor's own docs (facts 5, second row), with
/// the members of 3.2 that it does not have.
pub fn experiment() -> Value {
    json!({
        "id": "183980",
        "projectId": "289220",
        "deployments": ["14"],
        "key": "onboarding-cards",
        "name": "Onboarding cards",
        "description": "",
        "enabled": true,
        "evaluationMode": "remote",
        "bucketingKey": "amplitude_id",
        "bucketingSalt": "Xy12abCD",
        "bucketingUnit": "User",
        "variants": [{ "key": "control" }, { "key": "treatment" }],
        "rolloutPercentage": 100,
        "rolloutWeights": { "control": 1, "treatment": 1 },
        "targetSegments": [],
        "state": "running",
        "startDate": "2024-02-22",
        "endDate": null,
        "decision": null,
        "decisionReason": null,
        "rolledOutVariant": null,
        "tags": [],
        "deleted": false,
        "experimentType": "hypothesis-testing",
        "stickyBucketing": false,
        "deliveryMethod": "feature",
    })
}

/// Facts 3.3.
pub fn variant() -> Value {
    json!({
        "key": "treatment",
        "name": "Treatment",
        "description": "",
        "payload": { "cards": 3 },
        "rolloutWeight": 1,
    })
}

/// Facts 3.12: members of slots are integers and strings (C14).
pub fn mutex() -> Value {
    json!({
        "id": "612004",
        "projectId": "289220",
        "name": "Checkout tests",
        "key": "checkout-tests",
        "description": null,
        "evaluationMode": "remote",
        "bucketingKey": "amplitude_id",
        "bucketingSalt": "aB3dE5fG",
        "slots": [
            {
                "name": "SLOT 1",
                "index": 1,
                "variantKey": "slot-1",
                "percentage": 60,
                "experiments": [183980, 55741],
                "holdouts": [612077],
                "individuals": ["dev@example.com"],
                "cohorts": ["x7k2p"],
            },
            { "name": "SLOT 2", "index": 2, "variantKey": "slot-2", "percentage": 40 },
        ],
    })
}

/// Facts 3.13.
pub fn holdout() -> Value {
    json!({
        "id": "612077",
        "projectId": "289220",
        "name": "Half-year holdout",
        "key": "holdout-k3v9",
        "description": "",
        "holdoutPercentage": 5,
        "evaluationMode": "remote",
        "bucketingKey": "amplitude_id",
        "bucketingSalt": "pQ7rS8tU",
        "variantName": "on",
        "experiments": [183980],
        "individualInclusion": ["qa@example.com"],
        "individualExclusion": [],
        "deleted": false,
        "createdBy": 1017,
        "lastModifiedBy": "dev@example.com",
        "createdAt": "2025-01-15T08:00:00.000Z",
        "lastModifiedAt": "2025-01-15T08:00:00.000Z",
    })
}

/// Facts 3.8; `type` is absent from the samples.
pub fn deployment() -> Value {
    json!({
        "id": "17994",
        "projectId": "289220",
        "label": "web-prod",
        "key": "client-2kd8sk1ls0",
        "deleted": false,
    })
}

/// Facts 3.7: an experiment as a version has it, without the members its samples lack (C20).
pub fn version() -> Value {
    json!({
        "createdAt": "2023-07-29T03:32:49.594Z",
        "createdBy": "dev@example.com",
        "version": 3,
        "flagConfig": {
            "id": "55741",
            "projectId": "289220",
            "deployments": ["434"],
            "key": "chart-grouping",
            "name": "Chart grouping",
            "enabled": true,
            "bucketingKey": "group_name",
            "variants": [{ "key": "control" }],
            "rolloutWeights": { "control": 1 },
            "targetSegments": [],
            "experimentType": "a-b-test",
        },
    })
}

/// Facts 1.6: creating answers an id and a link with an `http` scheme (C30), not the item.
pub fn created() -> Value {
    json!({ "id": "848346", "url": "http://app.amplitude.com/experiment/289220/848346/configure" })
}
