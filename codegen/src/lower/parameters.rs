//! Parameters of an operation.

use indexmap::IndexMap;
use openapiv3::{
    Operation as Source, Parameter as Declared, ParameterData, ParameterSchemaOrContent, PathItem,
    PathStyle, QueryStyle, ReferenceOr,
};
use serde_json::Value;

use super::context::{Context, SchemaRef};
use super::names::{self, Scope};
use super::references::place_of;
use super::schema::View;
use crate::ir::{Parameter, Place, Shape, Style, TypeRef};

/// Headers that belong to other parts of the document (OpenAPI 3.0.3, Parameter Object).
const NOT_PARAMETERS: &[&str] = &["accept", "content-type", "authorization"];

/// A declared parameter and its place in the document.
type Found<'a> = (&'a Declared, String);

impl<'a> Context<'a> {
    /// The parameters of an operation: its own, and those of its path that it does not override.
    /// `None`: one of them cannot be sent and cannot be left out.
    pub(super) fn lower_parameters(
        &mut self,
        item: &'a PathItem,
        source: &'a Source,
        path: &str,
        pointer: &str,
        hint: &str,
    ) -> Option<Vec<Parameter>> {
        let path_pointer = pointer.rsplit_once('/').map_or("", |(path, _)| path);
        let mut found: IndexMap<(Place, String), Found<'a>> = IndexMap::new();
        self.collect(&item.parameters, path_pointer, &mut found);
        self.collect(&source.parameters, pointer, &mut found);
        let mut ordered: Vec<_> = found.into_iter().collect();
        ordered.sort_by_key(|((place, name), _)| order_of(*place, name, path));
        let mut scope = names::parameter_scope();
        let mut parameters = Vec::new();
        for ((place, name), (declared, pointer)) in ordered {
            if place == Place::Header && NOT_PARAMETERS.contains(&name.to_lowercase().as_str()) {
                self.problems.warning(
                    "ignored-parameter",
                    &pointer,
                    format!("the header {name} is not a parameter: OpenAPI 3.0 ignores it here"),
                    "describe it with `content` or `security`",
                );
                continue;
            }
            if place == Place::Header && !is_sendable_header(&name) {
                let header = format!("the header parameter {name:?}, which no client can set,");
                let help = match is_token(&name) {
                    true => "leave it out of the document: every client sets it by itself",
                    false => "name it with letters, digits and hyphens",
                };
                self.skip(&pointer, &header, help);
                continue;
            }
            match self.lower_parameter(declared, place, &pointer, hint, &mut scope) {
                Some(parameter) => parameters.push(parameter),
                None if is_required(declared) => {
                    let operation =
                        format!("the operation, since it needs the parameter `{name}`,");
                    self.skip(
                        &pointer,
                        &operation,
                        "use a style that is listed in the documentation of the generator",
                    );
                    return None;
                }
                None => {}
            }
        }
        Some(parameters)
    }

    fn collect(
        &self,
        parameters: &'a [ReferenceOr<Declared>],
        pointer: &str,
        found: &mut IndexMap<(Place, String), Found<'a>>,
    ) {
        for (index, parameter) in parameters.iter().enumerate() {
            let here = format!("{pointer}/parameters/{index}");
            let Some(declared) = self.parameter(parameter) else { continue };
            let key = (place(declared), declared.parameter_data_ref().name.clone());
            found.insert(key, (declared, place_of(parameter, &here)));
        }
    }

    fn lower_parameter(
        &mut self,
        declared: &'a Declared,
        place: Place,
        pointer: &str,
        hint: &str,
        scope: &mut Scope,
    ) -> Option<Parameter> {
        let data = declared.parameter_data_ref();
        let hint = format!("{hint} {}", data.name);
        let (schema, style_pointer) = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => (Some(schema), format!("{pointer}/schema")),
            ParameterSchemaOrContent::Content(content) => {
                let (media_type, media) = content.first()?;
                let is_text = super::content::essence(media_type).starts_with("text/");
                if !is_text && !super::content::is_json(media_type) {
                    self.skip(
                        pointer,
                        &format!("a parameter of type {media_type}"),
                        "use application/json or `schema`",
                    );
                    return None;
                }
                let token = super::context::escape(media_type);
                (media.schema.as_ref(), format!("{pointer}/content/{token}/schema"))
            }
        };
        let ty = match schema {
            Some(schema) => self.lower_schema(schema.into(), &style_pointer, &hint, 0).ty,
            None => TypeRef::Any,
        };
        let (ty, style) = match &data.format {
            ParameterSchemaOrContent::Schema(_) => {
                let ty = self.as_parameter_type(ty);
                let style = self.style(declared, &ty, pointer);
                (ty, style)
            }
            ParameterSchemaOrContent::Content(content) => match content.first() {
                Some((media_type, _)) if !super::content::is_json(media_type) => {
                    let ty = self.as_parameter_type(ty);
                    let is_scalar = self.form_of(&ty) == Form::Scalar;
                    (if is_scalar { ty } else { TypeRef::String }, Style::Plain)
                }
                _ => (ty, Style::Json),
            },
        };
        let view = schema.and_then(|schema| self.view_of(schema.into()));
        let base = names::value_name(&data.name);
        let unique = scope.take(&base, role(place), "_");
        Some(Parameter {
            name: names::name(&data.name, names::identifier(&unique.rust)),
            place,
            required: is_required(declared),
            style,
            allow_reserved: matches!(declared, Declared::Query { allow_reserved: true, .. }),
            description: data.description.clone(),
            deprecated: data.deprecated.unwrap_or(false),
            limits: view.as_ref().map(|view| view.limits.clone()).unwrap_or_default(),
            example: self.parameter_example(data, view.as_ref()),
            default: schema.and_then(|schema| self.manner(schema.into()).default),
            ty,
        })
    }

    /// Unions of scalars have no text form of their own: such a parameter takes any scalar.
    fn as_parameter_type(&self, ty: TypeRef) -> TypeRef {
        match self.resolve_alias(&ty) {
            TypeRef::Named(id) => match &self.types[id.0].shape {
                Shape::Union(_) => TypeRef::Any,
                Shape::Object(_) | Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Alias { .. } => {
                    ty
                }
            },
            TypeRef::List(inner) => {
                let item = match self.as_parameter_type(*inner) {
                    TypeRef::Nullable(inner) => *inner,
                    item => item,
                };
                TypeRef::List(Box::new(item))
            }
            _ => ty,
        }
    }

    /// How a parameter of this type is written.
    fn style(&mut self, declared: &Declared, ty: &TypeRef, pointer: &str) -> Style {
        let form = self.form_of(ty);
        let explode = declared.parameter_data_ref().explode;
        match (declared, form) {
            (Declared::Query { style: QueryStyle::DeepObject, .. }, Form::Nested) => {
                Style::DeepObject
            }
            (_, Form::Nested) => {
                self.problems.warning(
                    "undefined-style",
                    pointer,
                    "OpenAPI does not say how lists of lists or objects are written here: they are sent as JSON",
                    "say so with `content: application/json`, or use the style the service reads",
                );
                Style::Json
            }
            (Declared::Path { style: PathStyle::Label, .. }, _) => {
                Style::Label { explode: explode.unwrap_or(false) }
            }
            (Declared::Path { style: PathStyle::Matrix, .. }, _) => {
                Style::Matrix { explode: explode.unwrap_or(false) }
            }
            (_, Form::Scalar) => Style::Plain,
            (Declared::Path { .. } | Declared::Header { .. }, Form::List) => Style::Joined(','),
            (Declared::Path { .. } | Declared::Header { .. }, Form::Object) => match explode {
                Some(true) => Style::Pairs,
                None | Some(false) => Style::Flat(','),
            },
            (Declared::Cookie { .. }, form) => cookie_style(form, explode.unwrap_or(true)),
            (Declared::Query { style, .. }, form) => query_style(style, form, explode),
        }
    }

    pub(super) fn form_of(&self, ty: &TypeRef) -> Form {
        match self.resolve_alias(ty) {
            TypeRef::List(inner) => match self.form_of(&inner) {
                Form::Scalar => Form::List,
                Form::List | Form::Object | Form::Nested => Form::Nested,
            },
            TypeRef::Map(_) => Form::Object,
            TypeRef::Named(id) => match &self.types[id.0].shape {
                Shape::Object(_) => Form::Object,
                Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::Alias { .. } | Shape::Union(_) => {
                    Form::Scalar
                }
            },
            TypeRef::Nullable(inner) => self.form_of(&inner),
            TypeRef::Boolean
            | TypeRef::Integer(_)
            | TypeRef::Number
            | TypeRef::String
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::Custom(_)
            | TypeRef::Bytes
            | TypeRef::File
            | TypeRef::Any
            | TypeRef::FlexText
            | TypeRef::FlexInteger => Form::Scalar,
        }
    }

    /// The schema behind a reference or here.
    pub(super) fn view_of(&self, schema: SchemaRef<'a>) -> Option<View<'a>> {
        match schema {
            SchemaRef::Item(item) => Some(View::of(item)),
            SchemaRef::Reference(reference) => Some(View::of(self.find_schema(reference)?.0)),
        }
    }

    fn parameter_example(&self, data: &'a ParameterData, view: Option<&View<'_>>) -> Option<Value> {
        let named = || {
            let examples = data.examples.values();
            examples.filter_map(|example| self.example_value(example)).next()
        };
        let own = data.example.clone().or_else(named);
        own.or_else(|| view.and_then(|view| view.data.example.clone()))
    }
}

/// Headers that belong to the connection and not to the caller.
const OF_THE_CONNECTION: &[&str] =
    &["connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"];

/// Whether a name is a token (RFC 9110, section 5.6.2) and may be set by a caller.
pub(super) fn is_sendable_header(name: &str) -> bool {
    is_token(name) && !OF_THE_CONNECTION.contains(&name.to_lowercase().as_str())
}

fn is_token(name: &str) -> bool {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(token)
}

/// What a value looks like where it has to be text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Scalar,
    List,
    Object,
    Nested,
}

fn place(declared: &Declared) -> Place {
    match declared {
        Declared::Query { .. } => Place::Query,
        Declared::Header { .. } => Place::Header,
        Declared::Path { .. } => Place::Path,
        Declared::Cookie { .. } => Place::Cookie,
    }
}

/// The style of a list or an object in the query.
fn query_style(style: &QueryStyle, form: Form, explode: Option<bool>) -> Style {
    let separator = match style {
        QueryStyle::DeepObject => return Style::DeepObject,
        QueryStyle::Form => ',',
        QueryStyle::SpaceDelimited => ' ',
        QueryStyle::PipeDelimited => '|',
    };
    let is_exploded = explode.unwrap_or(*style == QueryStyle::Form);
    match (form == Form::Object, is_exploded) {
        (true, true) => Style::Members,
        (true, false) => Style::Flat(separator),
        (false, true) => Style::Repeated,
        (false, false) => Style::Joined(separator),
    }
}

/// The style of a list or an object in a cookie.
fn cookie_style(form: Form, explode: bool) -> Style {
    match (form == Form::Object, explode) {
        (true, true) => Style::Members,
        (true, false) => Style::Flat(','),
        (false, true) => Style::Repeated,
        (false, false) => Style::Joined(','),
    }
}

/// What tells a parameter from one of the same name elsewhere.
fn role(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

fn is_required(declared: &Declared) -> bool {
    declared.parameter_data_ref().required || matches!(declared, Declared::Path { .. })
}

/// Path parameters first, as the template has them; the others as declared.
fn order_of(place: Place, name: &str, path: &str) -> (bool, usize) {
    match place {
        Place::Path => (false, path.find(&format!("{{{name}}}")).unwrap_or(usize::MAX)),
        Place::Query | Place::Header | Place::Cookie => (true, 0),
    }
}
