//! What values are: the types of a document and where they are used.

use serde::Serialize;
use serde_json::Value;

use super::Name;

/// An index into [`Api::types`](super::Api::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TypeId(pub usize);

/// What a value is, where it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TypeRef {
    /// `bool`
    Boolean,
    /// An integer that holds all that the format and the bounds allow.
    Integer(Integer),
    /// `f64`, written without a fraction where it has none.
    Number,
    /// `String`
    String,
    /// RFC 3339 text.
    DateTime,
    /// A day, RFC 3339 `full-date`.
    Date,
    /// Raw bytes; only as a whole body.
    Bytes,
    /// A file in a multipart form.
    File,
    /// Any JSON value.
    Any,
    /// Text that may arrive as another JSON kind (`x-also-accept` beside `type: string`).
    FlexText,
    /// An integer that may arrive as text (`x-also-accept` beside `type: integer`).
    FlexInteger,
    /// A type of another crate that the settings name for a format.
    Custom(Custom),
    /// A value that may be null inside a list or a map.
    Nullable(Box<TypeRef>),
    /// `Vec`
    List(Box<TypeRef>),
    /// An object with free keys.
    Map(Box<TypeRef>),
    /// A type of the document.
    Named(TypeId),
}

/// A type of another crate. It implements `Serialize`, `Deserialize`, `Clone`, `Debug`, `PartialEq` and
/// `Display`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Custom {
    /// Its path, such as `::uuid::Uuid`, which has been checked to be one.
    pub path: String,
    /// Whether its values are text, not numbers, in JSON.
    pub is_text: bool,
}

impl Custom {
    /// Its name: `Uuid`.
    pub fn name(&self) -> &str {
        let plain = self.path.split('<').next().unwrap_or_default();
        plain.rsplit("::").next().unwrap_or_default().trim()
    }
}

/// The Rust integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of Rust")]
pub enum Integer {
    I32,
    I64,
    U32,
    U64,
}

/// One type of the document.
#[derive(Debug, Clone, Serialize)]
pub struct Type {
    /// The schema's name (made from its place where it has none) and the Rust type.
    pub name: Name,
    /// Where the schema stands, as a JSON pointer.
    pub pointer: String,
    /// The type whose form for requests this is: without its `readOnly` members.
    pub input_of: Option<TypeId>,
    /// `description`, or `title` where there is none.
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// Index into [`Api::families`](super::Api::families) of the only family that uses it; `None`: shared.
    pub family: Option<usize>,
    /// Indexes of all families that use it, ascending; none: only the document names it.
    #[serde(skip)]
    pub users: Vec<usize>,
    /// Reaches a request.
    pub written: bool,
    /// Reaches an answer.
    pub read: bool,
    /// `example`
    pub example: Option<Value>,
    /// What it is made of.
    pub shape: Shape,
}

/// What a type is made of.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Shape {
    /// A struct.
    Object(Object),
    /// An open enum of strings.
    Enum(Enum),
    /// An open enum of integers.
    IntegerEnum(IntegerEnum),
    /// One of several types.
    Union(Union),
    /// Another name of a type.
    Alias {
        /// What it names.
        target: TypeRef,
        /// Documented bounds.
        limits: Limits,
    },
}

/// A struct.
#[derive(Debug, Clone, Serialize)]
pub struct Object {
    /// Declared members in document order.
    pub fields: Vec<Field>,
    /// What happens to members that are not declared.
    pub extra: Extra,
    /// `additionalProperties` is spelled out: undeclared members may be sent too.
    pub open: bool,
}

/// Members that are not declared.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Extra {
    /// Not read and not written: the type only goes out and the document declares no more.
    None,
    /// Refused (`additionalProperties: false`).
    Denied,
    /// Kept in a field of this name with this type.
    Kept {
        /// The field.
        field: String,
        /// What a member holds.
        ty: TypeRef,
    },
}

/// A member of an object.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// The member and the field.
    pub name: Name,
    /// The setter; differs from the field only where it would hide a well-known method.
    pub setter: String,
    /// What it holds when it is there and not null.
    pub ty: TypeRef,
    /// Whether it may be absent and whether it may be null.
    pub presence: Presence,
    /// May be absent from what is read, yet must be given by who writes (`x-required-on-write`).
    pub required_on_write: bool,
    /// Must be behind a pointer because the type holds itself.
    pub boxed: bool,
    /// The only value it can have: `new` fills it in.
    pub constant: Option<Value>,
    /// `readOnly`
    pub read_only: bool,
    /// `writeOnly`
    pub write_only: bool,
    /// `description`
    pub description: Option<String>,
    /// `deprecated`
    pub deprecated: bool,
    /// Documented bounds.
    pub limits: Limits,
    /// `default`: what the service assumes.
    pub default: Option<Value>,
    /// `example`
    pub example: Option<Value>,
}

/// Absent, null, or there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Presence {
    /// Always there: `T`.
    Required,
    /// Always there, may be null: `Option<T>`, written as null.
    RequiredNullable,
    /// May be absent: `Option<T>`, not written when `None`.
    Optional,
    /// May be absent and may be null: `Nullable<T>`.
    OptionalNullable,
}

/// An open enum of strings.
#[derive(Debug, Clone, Serialize)]
pub struct Enum {
    /// Known values.
    pub variants: Vec<Variant>,
    /// The variant that keeps an unknown text.
    pub unknown: String,
    /// The document says that there are no other values (`enum`, not `x-extensible-enum`).
    pub closed: bool,
}

/// A known value of an enum.
#[derive(Debug, Clone, Serialize)]
pub struct Variant {
    /// The value and the variant.
    pub name: Name,
    /// `x-enum-descriptions`, where given.
    pub description: Option<String>,
}

/// An open enum of integers.
#[derive(Debug, Clone, Serialize)]
pub struct IntegerEnum {
    /// Known values: the variant and the number.
    pub variants: Vec<(String, i64)>,
    /// The variant that keeps an unknown number.
    pub unknown: String,
}

/// One of several types.
#[derive(Debug, Clone, Serialize)]
pub struct Union {
    /// Members in document order.
    pub variants: Vec<UnionVariant>,
    /// The member whose text tells them apart.
    pub tag: Option<String>,
    /// The variant that keeps a value with an unknown tag; only with a tag.
    pub unknown: Option<String>,
    /// Indexes of `variants` in the order in which they are tried: the most demanding first.
    pub order: Vec<usize>,
}

/// One member of a union.
#[derive(Debug, Clone, Serialize)]
pub struct UnionVariant {
    /// The variant.
    pub rust: String,
    /// What it holds.
    pub ty: TypeRef,
    /// Must be behind a pointer because the type holds itself.
    pub boxed: bool,
    /// The tags that select it.
    pub tags: Vec<String>,
}

/// Bounds of a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Limits {
    /// `minimum`; exclusive bounds of integers are moved by one.
    pub minimum: Option<f64>,
    /// `maximum`; exclusive bounds of integers are moved by one.
    pub maximum: Option<f64>,
    /// `minLength` in characters.
    pub min_length: Option<u64>,
    /// `maxLength` in characters.
    pub max_length: Option<u64>,
    /// `pattern`, an ECMA-262 regular expression. Documented, not checked.
    pub pattern: Option<String>,
    /// `minItems`
    pub min_items: Option<u64>,
    /// `maxItems`
    pub max_items: Option<u64>,
}
