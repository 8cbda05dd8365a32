//! A schema of the document seen in one way, however it was written.

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, IntegerFormat, NumberFormat, ReferenceOr, Schema, SchemaData,
    SchemaKind, StringFormat, Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use crate::ir::Limits;

/// The members of a schema.
pub(super) type Properties = IndexMap<String, ReferenceOr<Box<Schema>>>;

/// What `type` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Number,
    Integer,
    Object,
    Array,
    Boolean,
}

/// All keywords that matter to types.
#[derive(Debug, Clone)]
pub(super) struct View<'s> {
    pub(super) data: &'s SchemaData,
    pub(super) kind: Option<Kind>,
    pub(super) format: Option<String>,
    pub(super) values: Vec<Value>,
    pub(super) properties: Option<&'s Properties>,
    pub(super) required: &'s [String],
    pub(super) additional: Option<&'s AdditionalProperties>,
    pub(super) items: Option<&'s ReferenceOr<Box<Schema>>>,
    pub(super) one_of: &'s [ReferenceOr<Schema>],
    pub(super) any_of: &'s [ReferenceOr<Schema>],
    pub(super) all_of: &'s [ReferenceOr<Schema>],
    pub(super) negated: bool,
    pub(super) limits: Limits,
}

impl<'s> View<'s> {
    /// Reads a schema.
    pub(super) fn of(schema: &'s Schema) -> Self {
        let mut view = Self {
            data: &schema.schema_data,
            kind: None,
            format: None,
            values: Vec::new(),
            properties: None,
            required: &[],
            additional: None,
            items: None,
            one_of: &[],
            any_of: &[],
            all_of: &[],
            negated: false,
            limits: Limits::default(),
        };
        match &schema.schema_kind {
            SchemaKind::Type(ty) => view.read_type(ty),
            SchemaKind::OneOf { one_of } => view.one_of = one_of,
            SchemaKind::AllOf { all_of } => view.all_of = all_of,
            SchemaKind::AnyOf { any_of } => view.any_of = any_of,
            SchemaKind::Not { .. } => view.negated = true,
            SchemaKind::Any(any) => view.read_any(any),
        }
        view.infer_kind();
        view
    }

    fn read_type(&mut self, ty: &'s Type) {
        match ty {
            Type::String(string) => {
                self.kind = Some(Kind::String);
                self.format = format_text(&string.format, string_format);
                self.values = string.enumeration.iter().map(|value| value.clone().into()).collect();
                self.limits.pattern.clone_from(&string.pattern);
                self.limits.min_length = string.min_length.map(|length| length as u64);
                self.limits.max_length = string.max_length.map(|length| length as u64);
            }
            Type::Number(number) => {
                self.kind = Some(Kind::Number);
                self.format = format_text(&number.format, number_format);
                self.values = number.enumeration.iter().map(|value| (*value).into()).collect();
                self.limits.minimum = number.minimum;
                self.limits.maximum = number.maximum;
            }
            Type::Integer(integer) => {
                self.kind = Some(Kind::Integer);
                self.format = format_text(&integer.format, integer_format);
                self.values = integer.enumeration.iter().map(|value| (*value).into()).collect();
                let moved = |exclusive: bool| if exclusive { 1.0 } else { 0.0 };
                self.limits.minimum =
                    integer.minimum.map(|bound| bound as f64 + moved(integer.exclusive_minimum));
                self.limits.maximum =
                    integer.maximum.map(|bound| bound as f64 - moved(integer.exclusive_maximum));
            }
            Type::Object(object) => {
                self.kind = Some(Kind::Object);
                self.properties = Some(&object.properties);
                self.required = &object.required;
                self.additional = object.additional_properties.as_ref();
            }
            Type::Array(array) => {
                self.kind = Some(Kind::Array);
                self.items = array.items.as_ref();
                self.limits.min_items = array.min_items.map(|items| items as u64);
                self.limits.max_items = array.max_items.map(|items| items as u64);
            }
            Type::Boolean(boolean) => {
                self.kind = Some(Kind::Boolean);
                self.values = boolean.enumeration.iter().map(|value| (*value).into()).collect();
            }
        }
    }

    fn read_any(&mut self, any: &'s AnySchema) {
        self.kind = any.typ.as_deref().and_then(kind_of);
        self.format.clone_from(&any.format);
        self.values.clone_from(&any.enumeration);
        self.properties = (!any.properties.is_empty()).then_some(&any.properties);
        self.required = &any.required;
        self.additional = any.additional_properties.as_ref();
        self.items = any.items.as_ref();
        self.one_of = &any.one_of;
        self.any_of = &any.any_of;
        self.all_of = &any.all_of;
        self.negated = any.not.is_some();
        self.limits = Limits {
            minimum: any.minimum,
            maximum: any.maximum,
            min_length: any.min_length.map(|length| length as u64),
            max_length: any.max_length.map(|length| length as u64),
            pattern: any.pattern.clone(),
            min_items: any.min_items.map(|items| items as u64),
            max_items: any.max_items.map(|items| items as u64),
        };
    }

    /// A schema without `type` still says what it is by its other keywords.
    fn infer_kind(&mut self) {
        if self.kind.is_some() {
            return;
        }
        self.kind = if self.properties.is_some() || self.additional.is_some() {
            Some(Kind::Object)
        } else if self.items.is_some() {
            Some(Kind::Array)
        } else {
            kind_of_values(&self.values)
        };
    }

    /// Whether the schema only describes: no keyword that says what the value is.
    pub(super) fn is_annotation(&self) -> bool {
        self.kind.is_none()
            && self.values.is_empty()
            && self.one_of.is_empty()
            && self.any_of.is_empty()
            && self.all_of.is_empty()
            && !self.negated
    }

    /// Whether null is among the values.
    pub(super) fn is_nullable(&self) -> bool {
        self.data.nullable || self.values.iter().any(Value::is_null)
    }

    /// An extension of the schema.
    pub(super) fn extension(&self, name: &str) -> Option<&'s Value> {
        self.data.extensions.get(name)
    }

    /// The JSON kinds of `x-also-accept`.
    pub(super) fn also_accepts(&self) -> bool {
        self.extension("x-also-accept")
            .and_then(Value::as_array)
            .is_some_and(|kinds| !kinds.is_empty())
    }

    /// The texts of `x-extensible-enum` or of `enum`.
    pub(super) fn texts(&self) -> Vec<String> {
        let open = self.extension("x-extensible-enum").and_then(Value::as_array);
        let values = open.map_or(self.values.as_slice(), Vec::as_slice);
        values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

fn kind_of(text: &str) -> Option<Kind> {
    match text {
        "string" => Some(Kind::String),
        "number" => Some(Kind::Number),
        "integer" => Some(Kind::Integer),
        "object" => Some(Kind::Object),
        "array" => Some(Kind::Array),
        "boolean" => Some(Kind::Boolean),
        _ => None,
    }
}

fn kind_of_values(values: &[Value]) -> Option<Kind> {
    let mut values = values.iter().filter(|value| !value.is_null()).peekable();
    values.peek()?;
    values.all(Value::is_string).then_some(Kind::String)
}

fn format_text<T: Copy>(
    format: &VariantOrUnknownOrEmpty<T>,
    known: fn(T) -> &'static str,
) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(item) => Some(known(*item).to_owned()),
        VariantOrUnknownOrEmpty::Unknown(text) => Some(text.clone()),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}

fn string_format(format: StringFormat) -> &'static str {
    match format {
        StringFormat::Date => "date",
        StringFormat::DateTime => "date-time",
        StringFormat::Password => "password",
        StringFormat::Byte => "byte",
        StringFormat::Binary => "binary",
    }
}

fn number_format(format: NumberFormat) -> &'static str {
    match format {
        NumberFormat::Float => "float",
        NumberFormat::Double => "double",
    }
}

fn integer_format(format: IntegerFormat) -> &'static str {
    match format {
        IntegerFormat::Int32 => "int32",
        IntegerFormat::Int64 => "int64",
    }
}
