use super::*;
use crate::load::load_text;

const PETS: &str = r##"
openapi: 3.0.3
info: { title: Pets, version: 1.0.0, description: "All about pets.\n\n# Limits\n\nNone." }
servers: [{ url: "https://pets.example/v1" }]
security: [{ key: [] }]
tags: [{ name: pets, x-displayName: Pets, description: Things with legs. And more. }]
paths:
  /pets/{id}:
    parameters: [{ name: id, in: path, required: true, description: Which one., schema: { $ref: "#/components/schemas/Id" }, example: p1 }]
    get:
      tags: [pets]
      operationId: getPet
      summary: Get a pet
      description: Looks a pet up.
      responses:
        "200": { description: The pet., content: { application/json: { schema: { $ref: "#/components/schemas/Pet" }, example: { name: Ada } } } }
        "404": { $ref: "#/components/responses/Gone" }
    put:
      tags: [pets]
      operationId: putPet
      deprecated: true
      security: []
      requestBody: { description: The new pet., required: true, content: { application/json: { schema: { $ref: "#/components/schemas/PetInput" } } } }
      responses: { "204": { description: Done. } }
  /toys:
    get:
      x-pagination: { cursor: after, next: next, items: toys, limit: size, max: 50 }
      responses: { default: { description: Any. } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  responses: { Gone: { description: There is no such pet. Ask again later. } }
  schemas:
    Id: { type: string, minLength: 1, x-also-accept: [integer], description: Names a pet. }
    Pet: { type: object, required: [name], properties: { name: { type: string, description: How it is called. }, friends: { type: array, items: { $ref: "#/components/schemas/Pet" }, maxItems: 3 } } }
    PetInput:
      allOf:
        - { type: object, required: [name], properties: { name: { type: string, maxLength: 20 }, color: { type: string, x-extensible-enum: [red, "a|b"] } } }
        - type: object
          x-required-on-write: [color]
          properties:
            size: { type: object, properties: { height: { type: number, minimum: 0, exclusiveMinimum: true, nullable: true } } }
            kind: { type: string, enum: [cat, dog], default: cat }
"##;

fn page(path: &str) -> String {
    let document = load_text("pets.yaml", PETS).expect("good YAML");
    let outline = Outline::of(&document.tree);
    files(&outline).remove(path).unwrap_or_else(|| panic!("{path} is no page"))
}

#[test]
fn a_family_has_a_page_with_its_operations_and_types() {
    let expected = r##"# Pets

Things with legs. And more.

| operation | call | what it does |
| --- | --- | --- |
| [getPet](#getpet) | `GET /pets/{id}` | Get a pet |
| [putPet](#putpet) | `PUT /pets/{id}` |  |

Servers, credentials and errors: [overview](overview.md).

## getPet

**Get a pet** · `GET /pets/{id}`

Looks a pet up.

- Credential: `key`
- Sending it again: safe, it changes nothing

**Parameters**

| name | in | type | required | description |
| --- | --- | --- | --- | --- |
| `id` | path | [Id](#id): string | yes | Which one. At least 1 character; may arrive as integer; such as `p1`. |

**Answers**

| status | meaning | body |
| --- | --- | --- |
| 200 | The pet. | `application/json`: [Pet](#pet) |
| 404 | There is no such pet | none |

**Example**

```sh
curl 'https://pets.example/v1/pets/p1' \
  -H 'X-Key: '"$KEY"
```

Answer 200:

```json
{
  "name": "Ada"
}
```

## putPet

`PUT /pets/{id}`

**Deprecated.** Do not use it in new code.

- Credential: none
- Sending it again: idempotent, twice has the effect of once

**Parameters**

| name | in | type | required | description |
| --- | --- | --- | --- | --- |
| `id` | path | [Id](#id): string | yes | Which one. At least 1 character; may arrive as integer; such as `p1`. |

**Body**: `application/json`, required. The new pet.

| member | type | required | description |
| --- | --- | --- | --- |
| `name` | string | yes | At most 20 characters. |
| `color` | string | when writing | Known values `red`, `a\|b`; others may come. |
| `size` | object | no |  |
| `size.height` | number or null | no | More than 0. |
| `kind` | string | no | One of `cat`, `dog`; default `cat`. |

**Answers**

| status | meaning | body |
| --- | --- | --- |
| 204 | Done. | none |

**Example**

```sh
curl -X PUT 'https://pets.example/v1/pets/p1' \
  -H 'Content-Type: application/json' \
  --data-raw '{
  "name": "text",
  "color": "red"
}'
```

## Types

### Id

Names a pet.

string; at least 1 character; may arrive as integer

### Pet

| member | type | required | description |
| --- | --- | --- | --- |
| `name` | string | yes | How it is called. |
| `friends` | list of [Pet](#pet) | no | At most 3 items. |

"##;
    assert_eq!(page("markdown/pets.md"), expected);
}

#[test]
fn operations_without_a_tag_have_a_page_and_lists_say_how_to_page() {
    let page = page("markdown/default.md");
    assert!(page.contains("\n## GET /toys\n\n`GET /toys`\n"), "{page}");
    let paging = "- Paging: items in `toys`; send `next` of the answer back as `after` until it is null, absent or empty; `size` sets the size of a page, at most 50\n";
    assert!(page.contains(paging), "{page}");
}

#[test]
fn the_overview_holds_what_all_operations_share() {
    let page = page("markdown/overview.md");
    for part in [
        "# Pets\n\nVersion 1.0.0\n\nAll about pets.\n\n**Limits**\n\nNone.\n",
        "| `https://pets.example/v1` |",
        "| `key` | header `X-Key` |",
        "| [Pets](pets.md) | 2 | Things with legs |\n| [default](default.md) | 1 |  |\n",
        "| `Gone` | There is no such pet. Ask again later. |",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn types_of_several_families_have_a_page_of_their_own() {
    let both = PETS.replace("      x-pagination", "      parameters: [{ name: id, in: query, schema: { $ref: \"#/components/schemas/Id\" } }]\n      x-pagination");
    let document = load_text("pets.yaml", &both).expect("good YAML");
    let files = files(&Outline::of(&document.tree));
    assert!(files["markdown/types.md"].contains("\n## Id\n"), "{}", files["markdown/types.md"]);
    assert!(files["markdown/pets.md"].contains("[Id](types.md#id): string"));
    assert!(files["markdown/default.md"].contains("[Id](types.md#id): string"));
}
