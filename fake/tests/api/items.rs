//! What flags and experiments have in common. Each test is there for both.

/// The tests for one of the two families.
macro_rules! family {
    ($family:ident, $Handle:ident, $Create:ident, $Update:ident, $one:ident, $defaults:expr) => {
        pub mod $family {
            use amplitude_experiment_management::models::*;
            use serde_json::json;

            use crate::support::{P, World, raw, refused, world};

            /// Drives all operations of the family, and reads back after each write.
            pub async fn story(World { client, .. }: &World) {
                let items = client.$family();
                let key = stringify!($family);
                let made = items.create($Create::new(P, key)).await.unwrap();
                assert_eq!(items.list().key(key).items().collect_all(2).await.unwrap().len(), 1);
                items.update(&made.id, $Update::new().enabled(true)).await.unwrap();
                assert!(items.get(&made.id).await.unwrap().enabled);
                let versions = items.list_versions(&made.id).await.unwrap();
                let first = items.get_version(&made.id, 1).await.unwrap();
                assert_eq!((versions.len(), &versions[1]), (2, &first));
                variants(&items, &made.id).await;
                inclusions(&items, &made.id).await;

                let place = DeploymentCreate::new(P, "story", "client");
                let place = client.deployments().create(place).await.unwrap().id;
                items.add_deployments(&made.id, DeploymentAttachment::new([&place])).await.unwrap();
                let attached = items.list_deployments(&made.id).await.unwrap();
                assert_eq!(attached, [client.deployments().get(&place).await.unwrap()]);
                items.delete_deployment(&made.id, &place).await.unwrap();
                assert_eq!(items.list_deployments(&made.id).await.unwrap(), []);
            }

            type Items = amplitude_experiment_management::$family::$Handle;

            async fn variants(items: &Items, id: &Id) {
                items.create_variant(id, VariantCreate::new("new")).await.unwrap();
                let weight = VariantUpdate::new().rollout_weight(3);
                items.update_variant(id, "new", weight).await.unwrap();
                let read = items.get_variant(id, "new").await.unwrap();
                assert_eq!(read.rollout_weight, Some(3.0));
                assert_eq!(items.list_variants(id).await.unwrap().last(), Some(&read));
                items.delete_variant(id, "new").await.unwrap();
                refused(items.get_variant(id, "new").await, 404, "variant `new` not found");
            }

            async fn inclusions(items: &Items, id: &Id) {
                let key = $defaults[0];
                let users = async || items.list_variant_users(id, key).await.unwrap();
                let add = UserInclusions::new(["a", "b", "c", "d"]);
                items.add_variant_users(id, key, add).await.unwrap();
                items.delete_variant_user(id, key, 1).await.unwrap();
                assert_eq!(users().await, ["a", "c", "d"]);
                let some = BulkDeleteUsers::new(["a", "x"]);
                items.bulk_delete_variant_users(id, key, some).await.unwrap();
                assert_eq!(users().await, ["c", "d"]);
                items.delete_all_variant_users(id, key).await.unwrap();
                assert_eq!(users().await, [""; 0]);

                let add = CohortInclusions::new(["1", "2"]);
                items.add_variant_cohorts(id, key, add).await.unwrap();
                let some = BulkDeleteCohorts::new(["1"]);
                items.bulk_delete_variant_cohorts(id, key, some).await.unwrap();
                assert_eq!(items.list_variant_cohorts(id, key).await.unwrap(), ["2"]);
            }

            #[tokio::test]
            async fn create_answers_id_and_url_only_and_the_item_starts_disabled() {
                let World { client, fake } = &world().await;
                let items = client.$family();
                let answer = items.create($Create::new(P, "a")).raw().await.unwrap();
                let answer: serde_json::Value = serde_json::from_slice(answer.value()).unwrap();
                let names: Vec<&String> = answer.as_object().unwrap().keys().collect();
                assert_eq!(names, ["id", "url"]);
                let id = answer["id"].as_str().unwrap();
                assert!(answer["url"].as_str().unwrap().ends_with(id));

                let item = items.get(id).await.unwrap();
                assert!(!item.enabled);
                assert_eq!(item.rollout_percentage, 0.0);
                assert_eq!((item.key.as_str(), item.name.as_str()), ("a", "a"));
                assert_eq!(item.project_id, P);
                assert_eq!(item.bucketing_key, "amplitude_id");
                assert_eq!(item.deleted, Some(false));
                assert_eq!(fake.snapshot().as_json()[stringify!($family)][0]["id"], id);
            }

            #[tokio::test]
            async fn what_create_is_given_is_there() {
                let World { client, .. } = &world().await;
                let items = client.$family();
                let place = DeploymentCreate::new(P, "web", "server");
                let place = client.deployments().create(place).await.unwrap().id;
                let of = ["a@example.com"];
                let condition = Condition::new("gp:email", ConditionOperator::Is, of);
                let segment = TargetSegment::new("Us", [condition], 50.0, [("blue", 1.0)])
                    .bucketing_key("device_id");
                let spec = VariantSpec::new("blue").name("Blue").payload(json!({ "cards": 3 }));
                let create = $Create::new(P, "a")
                    .name("Name")
                    .description("two\nlines")
                    .variants([spec.clone(), VariantSpec::new("red").description("Red")])
                    .rollout_weights([("blue", 2), ("red", 1)])
                    .target_segments([segment.clone()])
                    .deployments([&place])
                    .evaluation_mode(EvaluationMode::Local);
                let id = items.create(create).await.unwrap().id;
                let item = items.get(&id).await.unwrap();
                assert_eq!(item.name, "Name");
                assert_eq!(item.variants[0].payload, spec.payload);
                assert_eq!(item.variants[1].description.as_deref(), Some("Red"));
                assert_eq!(item.rollout_weights["blue"], 2.0);
                assert_eq!(item.target_segments, [segment]);
                assert_eq!(item.deployments, [place]);
                assert_eq!(item.bucketing_key, "device_id", "local evaluation has other users");
            }

            #[tokio::test]
            async fn an_item_without_variants_gets_the_default_ones() {
                let world = world().await;
                let id = world.$one("a").await;
                let item = world.client.$family().get(&id).await.unwrap();
                let keys: Vec<&str> = item.variants.iter().map(|own| own.key.as_str()).collect();
                assert_eq!(keys, $defaults);
                assert_eq!(item.rollout_weights.len(), 0);
            }

            #[tokio::test]
            async fn weights_change_through_variants() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let key = $defaults[0];
                let update = VariantUpdate::new().rollout_weight(7);
                items.update_variant(&id, key, update).await.unwrap();
                assert_eq!(items.get(&id).await.unwrap().rollout_weights[key], 7.0);
                assert_eq!(
                    items.get_variant(&id, key).await.unwrap().rollout_weight,
                    Some(7.0)
                );
                let other = VariantCreate::new("other").rollout_weight(2);
                items.create_variant(&id, other).await.unwrap();
                assert_eq!(items.get(&id).await.unwrap().rollout_weights["other"], 2.0);
            }

            #[tokio::test]
            async fn an_edit_replaces_segments_and_tags_and_leaves_the_rest() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let segment =
                    |name: &str| TargetSegment::new(name, [], 10.0, [($defaults[0], 1.0)]);
                let update = $Update::new()
                    .target_segments([segment("1"), segment("2")])
                    .tags(["x", "y"])
                    .description("old");
                items.update(&id, update).await.unwrap();
                let update = $Update::new()
                    .target_segments([segment("3")])
                    .tags(["z"])
                    .rollout_percentage(12.5);
                items.update(&id, update).await.unwrap();
                let item = items.get(&id).await.unwrap();
                assert_eq!(item.target_segments, [segment("3")]);
                assert_eq!(item.tags, Some(vec!["z".to_owned()]));
                assert_eq!(item.rollout_percentage, 12.5);
                assert_eq!(item.name, "a");
                items.update(&id, $Update::new().target_segments([])).await.unwrap();
                let item = items.get(&id).await.unwrap();
                assert_eq!(item.target_segments, []);
                assert_eq!(item.tags, Some(vec!["z".to_owned()]));
            }

            #[tokio::test]
            async fn a_variant_that_is_renamed_keeps_weights_segments_users_and_cohorts() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let key = $defaults[0];
                let segment = TargetSegment::new("All", [], 100.0, [(key, 5.0)]);
                items.update(&id, $Update::new().target_segments([segment])).await.unwrap();
                let users = UserInclusions::new(["u"]);
                items.add_variant_users(&id, key, users).await.unwrap();
                let cohorts = CohortInclusions::new(["c"]);
                items.add_variant_cohorts(&id, key, cohorts).await.unwrap();

                let update = VariantUpdate::new().key("new").rollout_weight(4).payload(json!(1));
                items.update_variant(&id, key, update).await.unwrap();
                refused(
                    items.get_variant(&id, key).await,
                    404,
                    &format!("variant `{key}` not found"),
                );
                let item = items.get(&id).await.unwrap();
                assert_eq!(item.variants[0].key, "new");
                assert_eq!(item.rollout_weights, [("new".to_owned(), 4.0)].into());
                let weights = &item.target_segments[0].rollout_weights;
                assert_eq!(*weights, [("new".to_owned(), 5.0)].into());
                assert_eq!(items.list_variant_users(&id, "new").await.unwrap(), ["u"]);
                assert_eq!(items.list_variant_cohorts(&id, "new").await.unwrap(), ["c"]);

                let update = VariantUpdate::new().name("New");
                items.update_variant(&id, "new", update).await.unwrap();
                let variant = items.get_variant(&id, "new").await.unwrap();
                assert_eq!(variant.payload, json!(1).into(), "what is left out stays");
            }

            #[tokio::test]
            async fn a_variant_that_is_removed_leaves_weights_and_segments() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let other = VariantCreate::new("other").rollout_weight(1);
                items.create_variant(&id, other).await.unwrap();
                let weights = [("other", 1.0), ($defaults[0], 2.0)];
                let segment = TargetSegment::new("All", [], 100.0, weights);
                items.update(&id, $Update::new().target_segments([segment])).await.unwrap();
                items.delete_variant(&id, "other").await.unwrap();
                let item = items.get(&id).await.unwrap();
                assert_eq!(item.variants.len(), $defaults.len());
                assert!(!item.rollout_weights.contains_key("other"));
                let weights = &item.target_segments[0].rollout_weights;
                assert_eq!(*weights, [($defaults[0].to_owned(), 2.0)].into());
            }

            #[tokio::test]
            async fn a_variant_key_is_free_or_refused() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                items.create_variant(&id, VariantCreate::new("odd/key ü%")).await.unwrap();
                let variant = items.get_variant(&id, "odd/key ü%").await.unwrap();
                assert_eq!(variant.key, "odd/key ü%");
                let problem = format!("key: there is a variant `{}` already", $defaults[0]);
                let before = world.fake.snapshot();
                let create = VariantCreate::new($defaults[0]);
                refused(items.create_variant(&id, create).await, 400, &problem);
                let rename = VariantUpdate::new().key($defaults[0]);
                refused(items.update_variant(&id, "odd/key ü%", rename).await, 400, &problem);
                assert_eq!(world.fake.snapshot(), before);
            }

            #[tokio::test]
            async fn users_are_added_once_and_at_most_2000() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let key = $defaults[0];
                let add = async |from: usize, to: usize| {
                    let users = (from..to).map(|number| format!("user-{number}"));
                    items.add_variant_users(&id, key, UserInclusions::new(users)).await
                };
                add(0, 1500).await.unwrap();
                add(1000, 2000).await.unwrap();
                let problem =
                    "inclusions: a variant includes at most 2000 users, and this would make 2001";
                refused(add(2000, 2001).await, 400, problem);
                add(0, 10).await.unwrap();
                let users = items.list_variant_users(&id, key).await.unwrap();
                assert_eq!((users.len(), users[1999].as_str()), (2000, "user-1999"));
            }

            #[tokio::test]
            async fn users_are_deleted_by_an_index_that_shifts() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let key = $defaults[0];
                let add = UserInclusions::new(["a", "b", "c"]);
                items.add_variant_users(&id, key, add).await.unwrap();
                items.delete_variant_user(&id, key, 0).await.unwrap();
                items.delete_variant_user(&id, key, 0).await.unwrap();
                assert_eq!(items.list_variant_users(&id, key).await.unwrap(), ["c"]);
                let outcome = items.delete_variant_user(&id, key, 1).await;
                refused(outcome, 404, "user 1 of 1 not found");
            }

            #[tokio::test]
            async fn users_and_cohorts_are_deleted_in_bulk_100_at_a_time() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let key = $defaults[0];
                let many: Vec<String> = (0..250).map(|number| number.to_string()).collect();
                let users = UserInclusions::new(&many);
                items.add_variant_users(&id, key, users).await.unwrap();
                let cohorts = CohortInclusions::new(&many);
                items.add_variant_cohorts(&id, key, cohorts).await.unwrap();

                let too_many = json!({ "users": &many[..101] }).to_string();
                let family = stringify!($family);
                let path = format!("/{family}/{id}/variants/{key}/bulk-delete-users");
                let answer = raw::api(&world.fake, "DELETE", &path, too_many).await;
                let problem = "users: the value has more than 100 items";
                assert_eq!((answer.status, answer.message()), (400, problem.to_owned()));

                let all = BulkDeleteUsers::new(&many);
                let request = items.bulk_delete_variant_users(&id, key, all);
                assert_eq!(request.in_chunks().send().await.unwrap().calls(), 3);
                assert_eq!(items.list_variant_users(&id, key).await.unwrap(), [""; 0]);
                let all = BulkDeleteCohorts::new(&many);
                let request = items.bulk_delete_variant_cohorts(&id, key, all);
                assert_eq!(request.in_chunks().send().await.unwrap().calls(), 3);
                assert_eq!(items.list_variant_cohorts(&id, key).await.unwrap(), [""; 0]);
            }

            #[tokio::test]
            async fn deployments_are_attached_once_and_detached() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let mut places = Vec::new();
                for label in ["web", "app"] {
                    let create = DeploymentCreate::new(P, label, "client");
                    places.push(world.client.deployments().create(create).await.unwrap().id);
                }
                let attach = async |ids: &[Id]| {
                    items.add_deployments(&id, DeploymentAttachment::new(ids)).await
                };
                attach(&places[..1]).await.unwrap();
                attach(&places).await.unwrap();
                assert_eq!(items.get(&id).await.unwrap().deployments, places);
                items.delete_deployment(&id, &places[0]).await.unwrap();
                assert_eq!(items.get(&id).await.unwrap().deployments, places[1..]);

                let archive = DeploymentUpdate::new().archive(true);
                world.client.deployments().update(&places[0], archive).await.unwrap();
                let before = world.fake.snapshot();
                let problem = format!("deployments[0]: deployment {} is archived", places[0]);
                refused(attach(&places[..1]).await, 400, &problem);
                let problem = "deployments[0]: there is no deployment 5 in project 217854";
                refused(attach(&["5".into()]).await, 400, problem);
                let again = items.delete_deployment(&id, &places[0]).await;
                let word = stringify!($one);
                let problem = format!("deployment `{}` of the {word} not found", places[0]);
                refused(again, 404, &problem);
                assert_eq!(world.fake.snapshot(), before);
            }

            #[tokio::test]
            async fn an_archived_item_is_there_and_left_out_of_lists() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                items.update(&id, $Update::new().archive(true)).await.unwrap();
                assert_eq!(items.get(&id).await.unwrap().deleted, Some(true));
                assert_eq!(items.list().await.unwrap().$family.len(), 0);
                assert_eq!(items.list().include_archived(false).await.unwrap().$family.len(), 0);
                assert_eq!(items.list().include_archived(true).await.unwrap().$family.len(), 1);
                items.update(&id, $Update::new().archive(false)).await.unwrap();
                assert_eq!(items.list().await.unwrap().$family.len(), 1);
            }

            #[tokio::test]
            async fn segments_name_variants_that_are_there_and_properties_only() {
                let world = world().await;
                let items = world.client.$family();
                let id = world.$one("a").await;
                let mut condition = Condition::new("a", ConditionOperator::Is, ["b"]);
                condition.r#type = "cohort".into();
                let segment = TargetSegment::new("A", [condition], 1.0, [("nope", 1.0)]);
                let problem = "targetSegments[0].rolloutWeights.nope: there is no such variant; \
                               targetSegments[0].conditions[0].type: only `property` can be \
                               written, not `cohort`";
                let update = $Update::new().target_segments([segment.clone()]);
                refused(items.update(&id, update).await, 400, problem);
                let create = $Create::new(P, "b").target_segments([segment]);
                refused(items.create(create).await, 400, problem);
                let weights = $Create::new(P, "b").rollout_weights([("nope", 1)]);
                let problem = "rolloutWeights.nope: there is no such variant";
                refused(items.create(weights).await, 400, problem);
            }
        }
    };
}

family!(flags, Flags, FlagCreate, FlagUpdate, flag, ["on"]);
family!(
    experiments,
    Experiments,
    ExperimentCreate,
    ExperimentUpdate,
    experiment,
    ["control", "treatment"]
);
