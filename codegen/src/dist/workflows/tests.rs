use super::*;
use crate::load::load_text;

const PETS: &str = r##"
openapi: 3.0.3
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: full, in: query, schema: { type: boolean } }
      security: [{ key: [] }]
      responses:
        "200": { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } }, headers: { ETag: {} } }
        "4XX": {}
    delete:
      operationId: deletePet
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { "204": {} }
  /pets:
    post:
      operationId: addPet
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/PetInput" } } } }
      responses: { "201": { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Pet:
      allOf:
        - type: object
          properties:
            id: { type: string }
            owner: { $ref: "#/components/schemas/Owner" }
            toys: { type: array, items: { $ref: "#/components/schemas/Owner" } }
            more: {}
        - { type: object, properties: { kind: { type: string } } }
    Owner: { type: object, properties: { name: { type: string } }, additionalProperties: { type: integer } }
    PetInput:
      type: object
      required: [name]
      x-required-on-write: [kind]
      properties:
        name: { type: string }
        kind: { type: string }
        age: { type: integer, nullable: true }
        tags: { type: array, items: { type: string } }
        owner: { $ref: "#/components/schemas/Owner" }
"##;

const GOOD: &str = r#"arazzo: 1.0.1
info: { title: Pets, version: "1" }
sourceDescriptions: [{ name: pets, url: ./openapi.yaml, type: openapi }]
workflows:
  - workflowId: renew
    inputs: { type: object, properties: { name: { type: string }, key: { type: string } } }
    parameters:
      - { name: X-Key, in: header, value: $inputs.key }
    steps:
      - stepId: add
        operationId: addPet
        requestBody:
          payload: { name: "{$inputs.name}!", kind: cat, age: null, tags: [a, $inputs.name], owner: { name: o, x: 1 } }
        successCriteria: [{ condition: $statusCode == 201 }]
        outputs: { id: $response.body#/id, toy: $response.body#/toys/0/name, any: $response.body#/more/x/y }
      - stepId: look
        operationId: $sourceDescriptions.pets.getPet
        parameters:
          - { name: id, in: path, value: $steps.add.outputs.id }
          - reference: $components.parameters.full
        successCriteria:
          - condition: $statusCode == 200 && $response.body#/kind == 'c $x'
          - { context: $response.body, type: jsonpath, condition: "$.anything" }
        onSuccess: [{ name: done, type: end }]
        onFailure: [{ reference: $components.failureActions.again }]
        outputs: { tag: $response.header.etag }
      - stepId: remove
        operationPath: "{$sourceDescriptions.pets.url}#/paths/~1pets~1{id}/delete"
        parameters: [{ name: id, in: path, value: $steps.add.outputs.id }]
    outputs: { id: $steps.add.outputs.id }
  - workflowId: twice
    dependsOn: [renew]
    steps:
      - { stepId: again, workflowId: renew, parameters: [{ name: name, value: x }] }
components:
  parameters: { full: { name: full, in: query, value: true } }
  failureActions: { again: { name: again, type: retry, retryAfter: 1, criteria: [{ condition: $statusCode == 404 }] } }
"#;

/// What is said of the text, line by line: place, code, message, help.
fn said(text: &str) -> Vec<String> {
    // The credential's header is known to one operation only: the others complain, so it goes.
    let pets = load_text("openapi.yaml", PETS).expect("good YAML");
    let flows = load_text("workflows.yaml", text).expect("good YAML");
    let problems = check(&flows, &Outline::of(&pets.tree));
    let mut lines = Vec::new();
    for (problem, place) in problems.places() {
        let place = place.map_or(String::new(), |place| format!("{}:{}", place.line, place.column));
        let (message, help) = (&problem.message, &problem.help);
        lines.push(format!("{place} [{}] {message}; {help}", problem.code));
    }
    lines
}

/// The good text with one thing changed, and all that must be said of it.
fn changed(from: &str, to: &str, expected: &[&str]) {
    let good = GOOD
        .replace("    parameters:\n      - { name: X-Key, in: header, value: $inputs.key }\n", "");
    assert_eq!(good.matches(from).count(), 1, "`{from}` stands there once");
    assert_eq!(said(&good.replace(from, to)), expected, "{from} -> {to}");
}

#[test]
fn what_the_document_has_is_found() {
    changed("arazzo: 1.0.1", "arazzo: 1.0.0", &[]);
}

#[test]
fn the_credential_of_an_operation_may_be_given_as_a_parameter() {
    let said = said(GOOD);
    // `addPet` and `deletePet` take no credential.
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said[0].starts_with("8:17 [unknown-name] there is no header parameter of addPet `X-Key`")
    );
}

#[test]
fn names_that_are_not_there_are_told_with_their_places() {
    changed(
        "operationId: addPet",
        "operationId: addPets",
        &["9:22 [unknown-name] there is no operation `addPets`; did you mean `addPet`?"],
    );
    changed(
        "getPet",
        "getPat",
        &["15:22 [unknown-name] there is no operation `getPat`; did you mean `getPet`?"],
    );
    changed(
        "~1pets~1{id}/delete",
        "~1pets~1{id}/put",
        &[
            "26:24 [unknown-name] `{$sourceDescriptions.pets.url}#/paths/~1pets~1{id}/put` leads to no operation; write such as `{$sourceDescriptions.name.url}#/paths/~1pets/get`, or `operationId`",
        ],
    );
    changed(
        "$steps.add.outputs.id }\n          - ref",
        "$steps.ad.outputs.id }\n          - ref",
        &["17:42 [unknown-name] there is no step `ad`; there is `add`, `look`, `remove`"],
    );
    changed(
        "{$inputs.name}!",
        "{$inputs.nam}!",
        &["11:28 [unknown-name] there is no input `nam`; did you mean `name`?"],
    );
    changed(
        "dependsOn: [renew]",
        "dependsOn: [review]",
        &["30:17 [unknown-name] there is no workflow `review`; did you mean `renew`?"],
    );
    changed(
        "$components.failureActions.again }",
        "$components.failureActions.agin }",
        &[
            "23:34 [unknown-name] there is no component in `failureActions` `agin`; did you mean `again`?",
        ],
    );
}

#[test]
fn bodies_and_answers_are_looked_into() {
    changed(
        "$response.body#/id,",
        "$response.body#/idd,",
        &[
            "13:24 [wrong-expression] `/idd` finds nothing in the answer of addPet: there is no `idd`; did you mean `id`?",
        ],
    );
    changed(
        "toys/0/name",
        "toys/name",
        &[
            "13:49 [wrong-expression] `/toys/name` finds nothing in the answer of addPet: there is no `name`; it holds no members with names",
        ],
    );
    changed(
        "kind: cat, age: null",
        "age: old",
        &[
            "11:11 [missing-member] the body has no `kind`, which is required; add `kind`",
            "11:52 [wrong-value] `\"old\"` is not of the type `integer`; write a value of the type `integer`",
        ],
    );
    changed(
        "tags: [a, $inputs.name]",
        "tag: [1]",
        &["11:69 [unknown-member] the body has no member `tag`; did you mean `tags`?"],
    );
    changed(
        "$response.header.etag",
        "$response.header.age",
        &["24:25 [unknown-name] there is no header of an answer called `age`; there is `ETag`"],
    );
    changed(
        "$statusCode == 200",
        "$statusCode == 302",
        &[
            "20:24 [unknown-name] there is no answer of getPet with status `302`; there is `200`, `4XX`",
        ],
    );
}

#[test]
fn parameters_are_those_of_the_operation() {
    changed(
        "parameters: [{ name: id, in: path, value: $steps.add.outputs.id }]",
        "parameters: [{ name: id, in: query, value: $steps.add.outputs.id }]",
        &[
            "25:9 [missing-parameter] deletePet needs the path parameter `id`; add it to `parameters`: { name: id, in: path, value: ... }",
            "27:30 [unknown-name] there is no query parameter of deletePet `id`; there is none",
        ],
    );
    changed(
        "in: query, value: true",
        "in: query, value: 5",
        &[
            "18:13 [wrong-value] `5` is not of the type `boolean`; write a value of the type `boolean`",
        ],
    );
    changed(
        "{ name: name, value: x }",
        "{ name: nome, value: x }",
        &["32:66 [unknown-name] there is no input `nome`; did you mean `name`?"],
    );
}

#[test]
fn the_form_is_that_of_arazzo() {
    changed(
        "successCriteria: [{ condition: $statusCode == 201 }]",
        "sucessCriteria: [{ condition: $statusCode == 201 }]",
        &[
            "12:9 [unknown-key] `sucessCriteria` is not a key of the Step object; did you mean `successCriteria`?",
        ],
    );
    changed(
        "arazzo: 1.0.1",
        "arazzo: 2.0.0",
        &[
            "1:9 [unsupported-version] this version of Arazzo is not supported; supported is 1.0; write `arazzo: 1.0.1`",
        ],
    );
    changed(
        "./openapi.yaml",
        "./other.yaml",
        &[
            "3:1 [wrong-source] no source is the description that is published as openapi.yaml; add one with `url: ./openapi.yaml`",
        ],
    );
    changed(
        "stepId: look",
        "stepId: add",
        &["14:17 [duplicate-value] `add` is the stepId of two; rename one of them"],
    );
    changed(
        "$statusCode == 404",
        "$status == 404",
        &[
            "35:95 [wrong-expression] `$status` is no runtime expression; write such as `$inputs.name`, `$steps.step.outputs.name` or `$response.body#/member`",
        ],
    );
    changed(
        "{ name: done, type: end }",
        "{ name: done, type: goto }",
        &["22:21 [missing-member] a goto does not say where to; add `stepId` or `workflowId`"],
    );
}

#[test]
fn a_file_of_another_kind_is_told_and_not_walked() {
    let said = said("workflows: 5\nsteps: []\n");
    assert!(said.iter().any(|line| line.contains("[wrong-kind]")), "{said:#?}");
    assert!(said.iter().any(|line| line.contains("has no `arazzo`")), "{said:#?}");
}
