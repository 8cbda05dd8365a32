//! Every operation over a loopback server. What is expected is written by hand from the collected facts,
//! so that a wrong document fails here.
mod auth;
mod client;
mod deployments;
mod errors;
mod experiment_variants;
mod experiments;
mod flag_variants;
mod flags;
mod holdouts;
mod mutexes;
mod repeat;
mod retry;
mod versions;

use std::collections::BTreeMap;

use crate::support::take_exercised;

/// The operations of the collected facts, section 2, each with the test that makes the call.
pub const OPERATIONS: [(&str, fn()); 58] = [
    ("GET /flags", flags::list_sends_every_filter_and_decodes_the_envelope),
    ("POST /flags", flags::create_answers_an_id_and_a_link_not_the_flag),
    ("GET /flags/{id}", flags::get_decodes_the_whole_flag),
    ("PATCH /flags/{id}", flags::update_sends_what_is_set_and_does_not_parse_the_answer),
    ("GET /flags/{id}/versions", flags::versions_of_a_flag_are_a_bare_array),
    ("GET /flags/{id}/versions/{versionId}", flags::a_version_is_asked_for_by_its_number),
    ("GET /flags/{id}/variants", flag_variants::list_is_a_bare_array),
    ("POST /flags/{id}/variants", flag_variants::create_sends_a_whole_weight),
    ("GET /flags/{id}/variants/{variantKey}", flag_variants::get_encodes_the_key),
    (
        "PATCH /flags/{id}/variants/{variantKey}",
        flag_variants::edit_is_patch_and_its_ok_text_is_not_parsed,
    ),
    ("DELETE /flags/{id}/variants/{variantKey}", flag_variants::delete_has_no_body),
    ("GET /flags/{id}/variants/{variantKey}/users", flag_variants::users_are_a_bare_array_of_text),
    (
        "POST /flags/{id}/variants/{variantKey}/users",
        flag_variants::added_users_are_one_id_per_entry,
    ),
    (
        "DELETE /flags/{id}/variants/{variantKey}/users",
        flag_variants::all_users_are_deleted_without_a_body,
    ),
    (
        "DELETE /flags/{id}/variants/{variantKey}/users/{userIndex}",
        flag_variants::a_user_is_deleted_by_its_place_from_zero,
    ),
    (
        "DELETE /flags/{id}/variants/{variantKey}/bulk-delete-users",
        flag_variants::bulk_delete_of_users_is_a_delete_with_users_in_its_body,
    ),
    (
        "GET /flags/{id}/variants/{variantKey}/cohorts",
        flag_variants::cohorts_are_a_bare_array_of_text,
    ),
    ("POST /flags/{id}/variants/{variantKey}/cohorts", flag_variants::added_cohorts_are_inclusions),
    (
        "DELETE /flags/{id}/variants/{variantKey}/bulk-delete-cohorts",
        flag_variants::bulk_delete_of_cohorts_sends_users_too,
    ),
    ("GET /flags/{id}/deployments", flags::deployments_of_a_flag_are_a_bare_array),
    ("POST /flags/{id}/deployments", flags::added_deployments_are_texts),
    ("DELETE /flags/{id}/deployments/{deploymentId}", flags::a_deployment_is_taken_off_by_its_id),
    ("GET /experiments", experiments::list_sends_every_filter_and_decodes_the_envelope),
    ("POST /experiments", experiments::create_sends_the_experiment_type),
    ("GET /experiments/{id}", experiments::get_decodes_the_life_of_an_experiment),
    ("PATCH /experiments/{id}", experiments::update_tells_null_from_absent),
    ("GET /experiments/{id}/versions", experiments::versions_of_an_experiment_are_a_bare_array),
    (
        "GET /experiments/{id}/versions/{versionId}",
        experiments::a_version_is_asked_for_by_its_number,
    ),
    ("GET /experiments/{id}/variants", experiment_variants::list_is_a_bare_array),
    ("POST /experiments/{id}/variants", experiment_variants::create_sends_any_payload),
    ("GET /experiments/{id}/variants/{variantKey}", experiment_variants::get_decodes_the_payload),
    (
        "PATCH /experiments/{id}/variants/{variantKey}",
        experiment_variants::edit_is_patch_and_renames,
    ),
    ("DELETE /experiments/{id}/variants/{variantKey}", experiment_variants::delete_has_no_body),
    (
        "GET /experiments/{id}/variants/{variantKey}/users",
        experiment_variants::users_are_a_bare_array_of_text,
    ),
    (
        "POST /experiments/{id}/variants/{variantKey}/users",
        experiment_variants::added_users_are_one_id_per_entry,
    ),
    (
        "DELETE /experiments/{id}/variants/{variantKey}/users",
        experiment_variants::all_users_are_deleted_without_a_body,
    ),
    (
        "DELETE /experiments/{id}/variants/{variantKey}/users/{userIndex}",
        experiment_variants::a_user_is_deleted_by_its_place_from_zero,
    ),
    (
        "DELETE /experiments/{id}/variants/{variantKey}/bulk-delete-users",
        experiment_variants::bulk_delete_of_users_is_a_delete_with_users_in_its_body,
    ),
    (
        "GET /experiments/{id}/variants/{variantKey}/cohorts",
        experiment_variants::cohorts_are_a_bare_array_of_text,
    ),
    (
        "POST /experiments/{id}/variants/{variantKey}/cohorts",
        experiment_variants::added_cohorts_are_inclusions,
    ),
    (
        "DELETE /experiments/{id}/variants/{variantKey}/bulk-delete-cohorts",
        experiment_variants::bulk_delete_of_cohorts_sends_users_too,
    ),
    (
        "GET /experiments/{id}/deployments",
        experiments::deployments_of_an_experiment_are_a_bare_array,
    ),
    ("POST /experiments/{id}/deployments", experiments::added_deployments_are_texts),
    (
        "DELETE /experiments/{id}/deployments/{deploymentId}",
        experiments::a_deployment_is_taken_off_by_its_id,
    ),
    ("GET /mutexes", mutexes::list_decodes_slots_with_integers),
    ("POST /mutexes", mutexes::create_sends_integers_and_texts),
    ("GET /mutexes/{id}", mutexes::get_decodes_a_group),
    ("PATCH /mutexes/{id}", mutexes::update_archives),
    ("PATCH /mutexes/{id}/slots/{slotIndex}", mutexes::a_slot_is_named_by_its_own_index),
    ("GET /holdouts", holdouts::list_is_asked_for_in_the_plural),
    ("POST /holdouts", holdouts::create_sends_integers),
    ("GET /holdouts/{id}", holdouts::get_decodes_people_of_both_kinds),
    ("PATCH /holdouts/{id}", holdouts::update_replaces_lists),
    ("GET /deployments", deployments::list_has_an_optional_cursor),
    ("POST /deployments", deployments::create_sends_a_json_body_and_no_query),
    ("GET /deployments/{id}", deployments::get_decodes_a_deployment),
    ("PATCH /deployments/{id}", deployments::edit_sends_a_json_body_and_no_query),
    ("GET /versions", versions::list_sends_instants),
];

/// Runs the tests of the table on this thread and looks at what really went over the wire.
#[test]
fn the_58_documented_operations_are_exercised() {
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    let mut routes = Vec::new();
    for (route, test) in OPERATIONS {
        take_exercised();
        test();
        let exercised = take_exercised();
        assert!(
            exercised.iter().any(|line| is_instance(line, route)),
            "{route} was not called, but {exercised:?}"
        );
        let family = route.split(['/', ' ']).nth(2).unwrap_or_default();
        *families.entry(family).or_default() += 1;
        routes.push(route);
    }
    routes.sort_unstable();
    routes.dedup();
    assert_eq!(routes.len(), 58, "no operation stands twice in the table");
    let expected = [
        ("deployments", 4),
        ("experiments", 22),
        ("flags", 22),
        ("holdouts", 4),
        ("mutexes", 5),
        ("versions", 1),
    ];
    assert_eq!(families, BTreeMap::from(expected));
}

/// Whether a request line is a call of the route: same verb, same fixed segments, no others.
fn is_instance(line: &str, route: &str) -> bool {
    let Some((method, target)) = line.split_once(' ') else { return false };
    let path = target.split('?').next().unwrap_or_default();
    let Some(path) = path.strip_prefix("/api/1") else { return false };
    let Some((verb, template)) = route.split_once(' ') else { return false };
    let (segments, fixed): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), template.split('/').collect());
    let matches = |(segment, fixed): (&&str, &&str)| match fixed.starts_with('{') {
        true => !segment.is_empty(),
        false => segment == fixed,
    };
    method == verb && segments.len() == fixed.len() && segments.iter().zip(&fixed).all(matches)
}

#[test]
fn a_request_line_belongs_to_one_route() {
    let of = |line: &str| {
        let routes = OPERATIONS.iter().map(|(route, _)| *route);
        routes.filter(|route| is_instance(line, route)).collect::<Vec<_>>()
    };
    assert_eq!(of("GET /api/1/flags?limit=1"), ["GET /flags"]);
    assert_eq!(of("GET /api/1/flags/1/versions"), ["GET /flags/{id}/versions"]);
    assert_eq!(of("GET /flags"), [""; 0]);
    assert_eq!(of("POST /api/1/flags/1/variants/on"), [""; 0]);
    assert_eq!(of("GET /api/1/flags/"), [""; 0]);
}
