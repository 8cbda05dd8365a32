//! The worst of each kind: where a simple way of working would not be proportional, or without end.

use super::shapes::{Made, Shape, head, line, one, schemas};

/// The shapes, each with two sizes so that growth can be seen.
pub fn shapes() -> Vec<Shape> {
    const fn shape(
        name: &'static str,
        unit: &'static str,
        sizes: &'static [usize],
        make: fn(usize) -> Made,
    ) -> Shape {
        Shape { name, unit, sizes, make }
    }
    vec![
        shape("members that refer in a chain", "types", &[1_000, 10_000], |n| one(chain(n))),
        shape("references that lead to references", "hops", &[1_000, 10_000], |n| one(hops(n))),
        shape("all types in one circle", "types", &[1_000, 10_000], |n| one(circle(n))),
        shape("a circle that no value fits", "types", &[1_000, 10_000], |n| one(endless(n))),
        shape("everything refers to ten others", "types", &[1_000, 10_000], |n| one(dense(n))),
        shape("a union", "members", &[500, 5_000], |n| one(union(n, false))),
        shape("a union with a tag", "members", &[500, 5_000], |n| one(union(n, true))),
        shape("a union of schemas in place", "members", &[500, 5_000], |n| one(inline(n))),
        shape("an object", "members", &[2_000, 20_000], |n| one(members(n))),
        shape("an enum", "values", &[10_000, 100_000], |n| one(values(n))),
        shape("a description", "bytes", &[100_000, 1_000_000], |n| one(description(n))),
        shape("a description full of marks", "bytes", &[100_000, 1_000_000], |n| one(marks(n))),
        shape("a path", "bytes", &[100_000, 1_000_000], |n| one(path(n))),
        shape("parameters of one operation", "parameters", &[500, 5_000], |n| one(parameters(n))),
        shape("one tag, methods alike", "operations", &[1_000, 10_000], |n| one(alike(n))),
        shape("a tag per operation", "operations", &[1_000, 10_000], |n| one(tags(n))),
        shape("names that become one", "types", &[1_000, 10_000], |n| one(same_names(n))),
        shape("names of 10,000 letters", "types", &[100, 1_000], |n| one(long_names(n))),
        shape("allOf in a chain", "types", &[1_000, 10_000], |n| one(all_of_chain(n))),
        shape("allOf that doubles", "levels", &[1_000, 10_000], |n| one(all_of_doubles(n))),
        shape("aliases that multiply", "levels", &[6, 60], |n| one(aliases(n))),
        shape("lists in lists", "levels", &[10_000, 1_000_000], |n| one(nested_lists(n))),
        shape("schemas in schemas", "levels", &[100, 10_000], |n| one(nested_schemas(n))),
        shape("$defs in $defs", "levels", &[5, 50], |n| one(defs(n))),
        shape("references to nothing", "references", &[1_000, 10_000], |n| one(dangling(n))),
        shape("keys that nobody knows", "keys", &[10_000, 100_000], |n| one(unknown(n))),
        shape("keys given twice", "keys", &[10_000, 100_000], |n| one(twice(n))),
        shape("files", "files", &[150, 1_500], files),
        shape("a circle through files", "files", &[150, 1_500], circle_of_files),
    ]
}

fn reference(index: usize) -> String {
    format!("{{$ref: \"#/components/schemas/S{index}\"}}")
}

fn chain(count: usize) -> String {
    schemas(count, |index| match index + 1 == count {
        true => "{type: string}".to_owned(),
        false => format!("{{type: object, properties: {{next: {}}}}}", reference(index + 1)),
    })
}

fn hops(count: usize) -> String {
    schemas(count, |index| match index + 1 == count {
        true => "{type: object, properties: {a: {type: string}}}".to_owned(),
        false => reference(index + 1),
    })
}

fn circle(count: usize) -> String {
    schemas(count, |index| {
        format!("{{type: object, properties: {{next: {}}}}}", reference((index + 1) % count))
    })
}

fn endless(count: usize) -> String {
    schemas(count, |index| {
        let next = reference((index + 1) % count);
        format!("{{type: object, required: [next], properties: {{next: {next}}}}}")
    })
}

fn dense(count: usize) -> String {
    schemas(count, |index| {
        let members: Vec<String> = (0..10)
            .map(|other| format!("m{other}: {}", reference((index * 31 + other * 97 + 1) % count)))
            .collect();
        format!("{{type: object, properties: {{{}}}}}", members.join(", "))
    })
}

fn union(count: usize, tagged: bool) -> String {
    schemas(count + 1, |index| match index {
        0 => {
            let members: Vec<String> = (1..=count).map(reference).collect();
            let tag = match tagged {
                true => {
                    let mapping = (1..=count)
                        .map(|index| format!("t{index}: \"#/components/schemas/S{index}\""));
                    let mapping = mapping.collect::<Vec<_>>().join(", ");
                    format!(", discriminator: {{propertyName: kind, mapping: {{{mapping}}}}}")
                }
                false => String::new(),
            };
            format!("{{oneOf: [{}]{tag}}}", members.join(", "))
        }
        index => format!(
            "{{type: object, required: [kind, m{index}], properties: {{kind: {{type: string}}, m{index}: {{type: string}}}}}}"
        ),
    })
}

fn inline(count: usize) -> String {
    schemas(1, |_| {
        let members: Vec<String> = (0..count)
            .map(|index| format!("{{type: object, required: [m{index}], properties: {{m{index}: {{type: string}}}}}}"))
            .collect();
        format!("{{oneOf: [{}]}}", members.join(", "))
    })
}

fn members(count: usize) -> String {
    schemas(1, |_| {
        let members: Vec<String> =
            (0..count).map(|index| format!("member{index}: {{type: string}}")).collect();
        format!("{{type: object, properties: {{{}}}}}", members.join(", "))
    })
}

fn values(count: usize) -> String {
    schemas(1, |_| {
        let values: Vec<String> = (0..count).map(|index| format!("value{index}")).collect();
        format!("{{type: string, enum: [{}]}}", values.join(", "))
    })
}

fn description(bytes: usize) -> String {
    let text = "Some words about it, and more of them. ".repeat(bytes / 39);
    schemas(1, |_| format!("{{type: object, description: \"{text}\"}}"))
}

fn marks(bytes: usize) -> String {
    let text = "[a](b `c **d* <e> *f_g ![h ]( ".repeat(bytes / 30);
    schemas(1, |_| format!("{{type: object, description: \"{text}\"}}"))
}

fn path(bytes: usize) -> String {
    let mut out = String::new();
    head(&mut out);
    let path = "/part".repeat(bytes / 5);
    line(
        &mut out,
        format_args!(
            "  ? \"{path}\"\n  : get:\n      operationId: getLong\n      responses: {{\"204\": {{description: Nothing.}}}}"
        ),
    );
    out.push_str("components: {schemas: {S0: {type: string}}}\n");
    out
}

fn parameters(count: usize) -> String {
    let mut out = String::new();
    head(&mut out);
    line(
        &mut out,
        format_args!(
            "  /many:\n    get:\n      operationId: getMany\n      responses: {{\"204\": {{description: Nothing.}}}}\n      parameters:"
        ),
    );
    for index in 0..count {
        line(
            &mut out,
            format_args!("        - {{name: p{index}, in: query, schema: {{type: string}}}}"),
        );
    }
    out.push_str("components: {schemas: {S0: {type: string}}}\n");
    out
}

fn alike(count: usize) -> String {
    operations(count, |index| (format!("get-thing{}x{}", "-".repeat(index % 7), index / 7), 0))
}

fn tags(count: usize) -> String {
    operations(count, |index| (format!("getThing{index}"), index))
}

fn operations(count: usize, named: impl Fn(usize) -> (String, usize)) -> String {
    let mut out = String::new();
    head(&mut out);
    for index in 0..count {
        let (id, tag) = named(index);
        line(
            &mut out,
            format_args!(
                "  /p{index}:\n    get:\n      operationId: {id}\n      tags: [t{tag}]\n      responses: {{\"200\": {{description: It., content: {{application/json: {{schema: {}}}}}}}}}",
                reference(0)
            ),
        );
    }
    out.push_str("components: {schemas: {S0: {type: object, properties: {a: {$ref: \"#/components/schemas/S1\"}}}, S1: {type: object, properties: {a: {type: string}}}}}\n");
    out
}

fn same_names(count: usize) -> String {
    let mut out = schemas(1, |_| "{type: string}".to_owned());
    for index in 0..count {
        line(
            &mut out,
            format_args!(
                "    a{}b{}: {{type: object, properties: {{m: {{type: string}}}}}}",
                "_".repeat(index % 100 + 1),
                ".".repeat(index / 100)
            ),
        );
    }
    out
}

fn long_names(count: usize) -> String {
    let mut out = schemas(1, |_| "{type: string}".to_owned());
    for index in 0..count {
        let name = "long".repeat(2_500);
        line(
            &mut out,
            format_args!(
                "    ? {name}{index}\n    : {{type: object, properties: {{m: {{type: string}}}}}}"
            ),
        );
    }
    out
}

fn all_of_chain(count: usize) -> String {
    schemas(count, |index| match index + 1 == count {
        true => "{type: object, properties: {last: {type: string}}}".to_owned(),
        false => format!(
            "{{allOf: [{}, {{type: object, properties: {{m{index}: {{type: string}}}}}}]}}",
            reference(index + 1)
        ),
    })
}

fn all_of_doubles(count: usize) -> String {
    schemas(count, |index| match index + 1 == count {
        true => "{type: object, properties: {last: {type: string}}}".to_owned(),
        false => format!("{{allOf: [{0}, {0}]}}", reference(index + 1)),
    })
}

fn aliases(levels: usize) -> String {
    let mut out = String::from("x-a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..=levels {
        let before = vec![format!("*a{}", level - 1); 10];
        line(&mut out, format_args!("x-a{level}: &a{level} [{}]", before.join(", ")));
    }
    head(&mut out);
    out.push_str("components: {schemas: {S0: {type: string}}}\n");
    out
}

fn nested_lists(levels: usize) -> String {
    let mut out = String::new();
    head(&mut out);
    line(&mut out, format_args!("x-deep: {}{}", "[".repeat(levels), "]".repeat(levels)));
    out
}

fn nested_schemas(levels: usize) -> String {
    schemas(1, |_| {
        format!(
            "{}{{type: string}}{}",
            "{type: object, properties: {a: ".repeat(levels),
            "}}".repeat(levels)
        )
    })
}

fn defs(levels: usize) -> String {
    let text = schemas(1, |_| {
        let mut schema = "{type: string}".to_owned();
        for level in 0..levels {
            schema = format!(
                "{{$defs: {{d{level}: {schema}}}, type: object, properties: {{a: {{$ref: \"#/components/schemas/S0{}/d{level}\"}}}}}}",
                (level..levels)
                    .rev()
                    .map(|level| match level + 1 == levels {
                        true => "/$defs".to_owned(),
                        false => format!("/d{}/$defs", level + 1),
                    })
                    .collect::<String>()
            );
        }
        schema
    });
    text.replacen("3.0.3", "3.1.0", 1)
}

fn dangling(count: usize) -> String {
    schemas(count, |index| {
        format!("{{type: object, properties: {{a: {}}}}}", reference(index + count))
    })
}

fn unknown(count: usize) -> String {
    schemas(1, |_| {
        let keys: Vec<String> = (0..count).map(|index| format!("propertys{index}: 1")).collect();
        format!("{{type: object, {}}}", keys.join(", "))
    })
}

fn twice(count: usize) -> String {
    schemas(1, |_| {
        let keys: Vec<String> =
            (0..count).map(|index| format!("m{}: {{type: string}}", index / 2)).collect();
        format!("{{type: object, properties: {{{}}}}}", keys.join(", "))
    })
}

fn files(count: usize) -> Made {
    several(count, |index, _| {
        format!("{{type: object, properties: {{m{index}: {{type: string}}}}}}")
    })
}

fn circle_of_files(count: usize) -> Made {
    several(count, |index, count| {
        let next = (index + 1) % count;
        format!("{{type: object, properties: {{next: {{$ref: \"f{next}.yaml#/Item\"}}}}}}")
    })
}

fn several(count: usize, item: impl Fn(usize, usize) -> String) -> Made {
    let main = schemas(count, |index| format!("{{$ref: \"f{index}.yaml#/Item\"}}"));
    let others = (0..count)
        .map(|index| (format!("f{index}.yaml"), format!("Item: {}\n", item(index, count))));
    std::iter::once(("openapi.yaml".to_owned(), main)).chain(others).collect()
}
