//! What a value is made of, for bodies that are not JSON as a whole.
use std::fmt::{self, Display};

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple,
    SerializeTupleStruct, Serializer,
};
use serde_json::{Map, Number, Value};

/// The name by which a file is told from other values.
pub(super) const FILE: &str = "$file";

/// A value, in which files are not text.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    Scalar(Value),
    Bytes(Vec<u8>),
    /// What it is called, of which type it is, and the number that its content is kept under.
    File(Option<String>, Option<String>, u64),
    Many(Vec<Piece>),
    Members(Vec<(String, Piece)>),
}

impl Piece {
    pub(super) fn of(value: &impl Serialize) -> Result<Self, Unfit> {
        value.serialize(Pieces)
    }

    /// The value as JSON; a file has no form there.
    pub(super) fn json(self) -> Result<Value, Unfit> {
        Ok(match self {
            Self::Scalar(value) => value,
            Self::Many(items) => {
                Value::Array(items.into_iter().map(Self::json).collect::<Result<_, _>>()?)
            }
            Self::Members(members) => {
                let members = members.into_iter().map(|(name, piece)| Ok((name, piece.json()?)));
                Value::Object(members.collect::<Result<Map<_, _>, Unfit>>()?)
            }
            Self::File(..) | Self::Bytes(_) => {
                return Err(Unfit("a file must be a member of the form or in a list there".into()));
            }
        })
    }

    fn number(self) -> Option<u64> {
        match self {
            Self::Scalar(value) => value.as_u64(),
            _ => None,
        }
    }

    fn text(self) -> Option<String> {
        match self {
            Self::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

/// Why a value cannot be written.
#[derive(Debug)]
pub(super) struct Unfit(String);

impl Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

impl serde::ser::Error for Unfit {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Takes a value apart.
struct Pieces;

/// Items as they come; those of a file have the name [`FILE`].
struct Items {
    name: &'static str,
    items: Vec<Piece>,
}

/// Members as they come.
#[derive(Default)]
struct Members {
    key: Option<String>,
    members: Vec<(String, Piece)>,
}

fn scalar(value: impl Into<Value>) -> Result<Piece, Unfit> {
    Ok(Piece::Scalar(value.into()))
}

impl Serializer for Pieces {
    type Ok = Piece;
    type Error = Unfit;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Impossible<Piece, Unfit>;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Impossible<Piece, Unfit>;

    /// By this a file sees that it need not become text.
    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_i8(self, value: i8) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_i16(self, value: i16) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_i32(self, value: i32) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_i64(self, value: i64) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_u8(self, value: u8) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_u16(self, value: u16) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_u32(self, value: u32) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_u64(self, value: u64) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_f32(self, value: f32) -> Result<Piece, Unfit> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<Piece, Unfit> {
        let number = Number::from_f64(value);
        number.map_or_else(|| Err(Unfit("a number is not finite".into())), scalar)
    }

    fn serialize_char(self, value: char) -> Result<Piece, Unfit> {
        scalar(value.to_string())
    }

    fn serialize_str(self, value: &str) -> Result<Piece, Unfit> {
        scalar(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Piece, Unfit> {
        Ok(Piece::Bytes(value.to_owned()))
    }

    fn serialize_none(self) -> Result<Piece, Unfit> {
        scalar(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Piece, Unfit> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Piece, Unfit> {
        scalar(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Piece, Unfit> {
        scalar(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Piece, Unfit> {
        scalar(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Piece, Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Piece, Unfit> {
        Ok(Piece::Members(vec![(variant.to_owned(), value.serialize(self)?)]))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Unfit> {
        Ok(Items { name: "", items: Vec::new() })
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, Unfit> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Items, Unfit> {
        Ok(Items { name, items: Vec::new() })
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Impossible<Piece, Unfit>, Unfit> {
        Err(Unfit(format!("{variant} has no form")))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members, Unfit> {
        Ok(Members::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members, Unfit> {
        Ok(Members::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Impossible<Piece, Unfit>, Unfit> {
        Err(Unfit(format!("{variant} has no form")))
    }
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.items.push(value.serialize(Pieces)?);
        Ok(())
    }

    fn finish(self) -> Result<Piece, Unfit> {
        if self.name != FILE {
            return Ok(Piece::Many(self.items));
        }
        let mut items = self.items.into_iter();
        let (name, media_type) =
            (items.next().and_then(Piece::text), items.next().and_then(Piece::text));
        let number = items.next().and_then(Piece::number);
        match number {
            Some(number) => Ok(Piece::File(name, media_type, number)),
            None => Err(Unfit::custom("a file without content")),
        }
    }
}

impl SerializeSeq for Items {
    type Ok = Piece;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.push(value)
    }

    fn end(self) -> Result<Piece, Unfit> {
        self.finish()
    }
}

impl SerializeTuple for Items {
    type Ok = Piece;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.push(value)
    }

    fn end(self) -> Result<Piece, Unfit> {
        self.finish()
    }
}

impl SerializeTupleStruct for Items {
    type Ok = Piece;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.push(value)
    }

    fn end(self) -> Result<Piece, Unfit> {
        self.finish()
    }
}

impl SerializeMap for Members {
    type Ok = Piece;
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        self.key = match key.serialize(Pieces)?.json()? {
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        let key = self.key.take().unwrap_or_default();
        self.members.push((key, value.serialize(Pieces)?));
        Ok(())
    }

    fn end(self) -> Result<Piece, Unfit> {
        Ok(Piece::Members(self.members))
    }
}

impl SerializeStruct for Members {
    type Ok = Piece;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        self.members.push((key.to_owned(), value.serialize(Pieces)?));
        Ok(())
    }

    fn end(self) -> Result<Piece, Unfit> {
        Ok(Piece::Members(self.members))
    }
}
