//! JSON in which no member is given twice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads a body.
pub(crate) fn read(body: &[u8]) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value =
        Strict { depth: 0 }.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// The deepest nesting. Answers hold what was sent some levels deeper, and clients have limits too.
const DEEPEST: usize = 64;

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn inside<E: Error>(self) -> Result<Self, E> {
        match self.depth {
            DEEPEST => Err(E::custom(format_args!("nested more than {DEEPEST} deep"))),
            depth => Ok(Self { depth: depth + 1 }),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! plain {
    ($($visit:ident: $kind:ty),*) => {
        $(fn $visit<E: Error>(self, value: $kind) -> Result<Value, E> { Ok(value.into()) })*
    };
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    plain!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);
    plain!(visit_str: &str, visit_string: String);

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inside()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inside()?;
        let mut map = Map::new();
        while let Some(key) = members.next_key_seed(std::marker::PhantomData::<String>)? {
            let value = members.next_value_seed(inner)?;
            if map.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format_args!("member `{key}` is given twice")));
            }
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are() {
        let text = br#"{"a":[1,-2,1.5,true,null,"x"],"b":{}}"#;
        assert_eq!(read(text).unwrap(), serde_json::from_slice::<Value>(text).unwrap());
    }

    #[test]
    fn faults_are_told_with_their_place() {
        for (text, expected) in [
            (r#"{"a":1,"a":2}"#, "member `a` is given twice at line 1 column 13"),
            (r#"{"a":{"b":1,"b":1}}"#, "member `b` is given twice at line 1 column 18"),
            ("{", "EOF while parsing an object at line 1 column 1"),
            ("", "EOF while parsing a value at line 1 column 0"),
            ("{} {}", "trailing characters at line 1 column 4"),
        ] {
            assert_eq!(read(text.as_bytes()), Err(expected.to_owned()));
        }
        for depth in [65, 100_000] {
            let problem = read("[".repeat(depth).as_bytes()).unwrap_err();
            assert!(problem.starts_with("nested more than 64 deep"), "{problem}");
        }
        assert!(read(format!("{}{}", "[".repeat(64), "]".repeat(64)).as_bytes()).is_ok());
    }
}
