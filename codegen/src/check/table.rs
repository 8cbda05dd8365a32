//! What OpenAPI 3.0.3 allows where: one table per object of the standard, in its order.

use super::dialect;
use super::parameter;
use super::schema;
use super::shape::Kind::{
    Any, Choice, Count, Flag, List, Map, Number, One, OrRef, SchemaOrFlag, Text,
};
use super::shape::{Kind, Member, Need, Object, Rest};

/// An object with these members and no others.
pub const fn object(name: &'static str, members: &'static [Member]) -> Object {
    Object { name, members, rest: Rest::Refused, before: None, after: None }
}

/// A member that may be missing.
pub const fn may(key: &'static str, kind: Kind) -> Member {
    Member { key, kind, need: Need::Optional }
}

/// A member that must be there.
pub const fn must(key: &'static str, kind: Kind) -> Member {
    Member { key, kind, need: Need::Required }
}

const fn should(key: &'static str, kind: Kind, need: Need) -> Member {
    Member { key, kind, need }
}

/// Key of a reference, in every object that may be one.
pub const REF: &str = "$ref";
/// Methods of a path, in the order of the standard.
pub const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// Values of `x-retry`.
pub const RETRIES: &[&str] = &["safe", "idempotent", "on-refusal"];
pub const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];
const PLACES: &[&str] = &["query", "header", "path", "cookie"];
const STYLES: &[&str] =
    &["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"];
const BODY_STYLES: &[&str] = &["form", "spaceDelimited", "pipeDelimited", "deepObject"];
const SCHEME_TYPES: &[&str] = &["apiKey", "http", "oauth2", "openIdConnect"];
const KEY_PLACES: &[&str] = &["query", "header", "cookie"];

const TEXT: Kind = Text;
static SCHEMAS: Kind = OrRef(&SCHEMA);
static EXAMPLES: Kind = OrRef(&EXAMPLE);
static HEADERS: Kind = OrRef(&HEADER);
static PARAMETERS: Kind = OrRef(&PARAMETER);
static MEDIA_TYPES: Kind = One(&MEDIA_TYPE);
static SERVERS: Kind = One(&SERVER);
static REQUIREMENTS: Kind = Map(&List(&TEXT));
static CALLBACKS: Kind = OrRef(&CALLBACK);
static LINKS: Kind = OrRef(&LINK);

pub static OPENAPI: Object = object(
    "document",
    &[
        must("openapi", Text),
        should("info", One(&INFO), Need::EmptyObject),
        may("servers", List(&SERVERS)),
        should("paths", One(&PATHS), Need::EmptyObject),
        may("components", One(&COMPONENTS)),
        may("security", List(&REQUIREMENTS)),
        may("tags", List(&One(&TAG))),
        may("externalDocs", One(&EXTERNAL_DOCS)),
    ],
);

static INFO: Object = object(
    "Info",
    &[
        should("title", Text, Need::EmptyText),
        may("description", Text),
        may("termsOfService", Text),
        may("contact", One(&CONTACT)),
        may("license", One(&LICENSE)),
        should("version", Text, Need::EmptyText),
    ],
);

static CONTACT: Object =
    object("Contact", &[may("name", Text), may("url", Text), may("email", Text)]);

static LICENSE: Object =
    object("License", &[should("name", Text, Need::EmptyText), may("url", Text)]);

static SERVER: Object = object(
    "Server",
    &[must("url", Text), may("description", Text), may("variables", Map(&One(&SERVER_VARIABLE)))],
);

static SERVER_VARIABLE: Object = Object {
    name: "Server Variable",
    members: &[may("enum", List(&TEXT)), must("default", Text), may("description", Text)],
    rest: Rest::Refused,
    before: None,
    after: Some(parameter::server_variable),
};

static COMPONENTS: Object = object(
    "Components",
    &[
        may("schemas", Map(&SCHEMAS)),
        may("responses", Map(&OrRef(&RESPONSE))),
        may("parameters", Map(&PARAMETERS)),
        may("examples", Map(&EXAMPLES)),
        may("requestBodies", Map(&OrRef(&REQUEST_BODY))),
        may("headers", Map(&HEADERS)),
        may("securitySchemes", Map(&OrRef(&SECURITY_SCHEME))),
        may("links", Map(&LINKS)),
        may("callbacks", Map(&CALLBACKS)),
    ],
);

static PATHS: Object = Object { rest: Rest::Paths(OrRef(&PATH_ITEM)), ..object("Paths", &[]) };

pub static PATH_ITEM: Object = object(
    "Path Item",
    &[
        may("summary", Text),
        may("description", Text),
        may("get", One(&OPERATION)),
        may("put", One(&OPERATION)),
        may("post", One(&OPERATION)),
        may("delete", One(&OPERATION)),
        may("options", One(&OPERATION)),
        may("head", One(&OPERATION)),
        may("patch", One(&OPERATION)),
        may("trace", One(&OPERATION)),
        may("servers", List(&SERVERS)),
        may("parameters", List(&PARAMETERS)),
    ],
);

static OPERATION: Object = object(
    "Operation",
    &[
        may("tags", List(&TEXT)),
        may("summary", Text),
        may("description", Text),
        may("externalDocs", One(&EXTERNAL_DOCS)),
        may("operationId", Text),
        may("parameters", List(&PARAMETERS)),
        may("requestBody", OrRef(&REQUEST_BODY)),
        should("responses", One(&RESPONSES), Need::EmptyObject),
        may("callbacks", Map(&CALLBACKS)),
        may("deprecated", Flag),
        may("security", List(&REQUIREMENTS)),
        may("servers", List(&SERVERS)),
    ],
);

static EXTERNAL_DOCS: Object = object(
    "External Documentation",
    &[may("description", Text), should("url", Text, Need::EmptyText)],
);

static PARAMETER: Object = Object {
    before: Some(parameter::before),
    after: Some(parameter::parameter),
    ..object(
        "Parameter",
        &[
            must("name", Text),
            must("in", Choice(PLACES)),
            may("description", Text),
            may("required", Flag),
            may("deprecated", Flag),
            may("allowEmptyValue", Flag),
            may("style", Choice(STYLES)),
            may("explode", Flag),
            may("allowReserved", Flag),
            may("schema", OrRef(&SCHEMA)),
            may("example", Any),
            may("examples", Map(&EXAMPLES)),
            may("content", Map(&MEDIA_TYPES)),
        ],
    )
};

static HEADER: Object = Object {
    before: Some(parameter::before),
    after: Some(parameter::header),
    ..object(
        "Header",
        &[
            may("description", Text),
            may("required", Flag),
            may("deprecated", Flag),
            may("allowEmptyValue", Flag),
            may("style", Choice(&["simple"])),
            may("explode", Flag),
            may("allowReserved", Flag),
            may("schema", OrRef(&SCHEMA)),
            may("example", Any),
            may("examples", Map(&EXAMPLES)),
            may("content", Map(&MEDIA_TYPES)),
        ],
    )
};

static REQUEST_BODY: Object = object(
    "Request Body",
    &[
        may("description", Text),
        should("content", Map(&MEDIA_TYPES), Need::EmptyObject),
        may("required", Flag),
    ],
);

static MEDIA_TYPE: Object = object(
    "Media Type",
    &[
        may("schema", OrRef(&SCHEMA)),
        may("example", Any),
        may("examples", Map(&EXAMPLES)),
        may("encoding", Map(&One(&ENCODING))),
    ],
);

static ENCODING: Object = Object {
    after: Some(parameter::encoding),
    ..object(
        "Encoding",
        &[
            may("contentType", Text),
            may("headers", Map(&HEADERS)),
            may("style", Choice(BODY_STYLES)),
            may("explode", Flag),
            may("allowReserved", Flag),
        ],
    )
};

static RESPONSES: Object = Object {
    rest: Rest::Statuses(OrRef(&RESPONSE)),
    ..object("Responses", &[may("default", OrRef(&RESPONSE))])
};

static RESPONSE: Object = object(
    "Response",
    &[
        should("description", Text, Need::EmptyText),
        may("headers", Map(&HEADERS)),
        may("content", Map(&MEDIA_TYPES)),
        may("links", Map(&LINKS)),
    ],
);

static CALLBACK: Object =
    Object { rest: Rest::Expressions(OrRef(&PATH_ITEM)), ..object("Callback", &[]) };

static EXAMPLE: Object = object(
    "Example",
    &[
        may("summary", Text),
        may("description", Text),
        may("value", Any),
        may("externalValue", Text),
    ],
);

static LINK: Object = Object {
    after: Some(parameter::link),
    ..object(
        "Link",
        &[
            may("operationRef", Text),
            may("operationId", Text),
            may("parameters", Map(&Any)),
            may("requestBody", Any),
            may("description", Text),
            may("server", One(&SERVER)),
        ],
    )
};

static TAG: Object = object(
    "Tag",
    &[must("name", Text), may("description", Text), may("externalDocs", One(&EXTERNAL_DOCS))],
);

pub static SCHEMA: Object = Object {
    before: Some(dialect::before),
    after: Some(schema::after),
    ..object(
        "Schema",
        &[
            may("title", Text),
            may("multipleOf", Number),
            may("maximum", Number),
            may("exclusiveMaximum", Flag),
            may("minimum", Number),
            may("exclusiveMinimum", Flag),
            may("maxLength", Count),
            may("minLength", Count),
            may("pattern", Text),
            may("maxItems", Count),
            may("minItems", Count),
            may("uniqueItems", Flag),
            may("maxProperties", Count),
            may("minProperties", Count),
            may("required", List(&TEXT)),
            may("enum", List(&Any)),
            may("type", Choice(TYPES)),
            may("allOf", List(&SCHEMAS)),
            may("oneOf", List(&SCHEMAS)),
            may("anyOf", List(&SCHEMAS)),
            may("not", OrRef(&SCHEMA)),
            may("items", OrRef(&SCHEMA)),
            may("properties", Map(&SCHEMAS)),
            may("additionalProperties", SchemaOrFlag),
            may("description", Text),
            may("format", Text),
            may("default", Any),
            may("nullable", Flag),
            may("discriminator", One(&DISCRIMINATOR)),
            may("readOnly", Flag),
            may("writeOnly", Flag),
            may("xml", One(&XML)),
            may("externalDocs", One(&EXTERNAL_DOCS)),
            may("example", Any),
            may("deprecated", Flag),
        ],
    )
};

static DISCRIMINATOR: Object =
    object("Discriminator", &[must("propertyName", Text), may("mapping", Map(&TEXT))]);

static XML: Object = object(
    "XML",
    &[
        may("name", Text),
        may("namespace", Text),
        may("prefix", Text),
        may("attribute", Flag),
        may("wrapped", Flag),
    ],
);

static SECURITY_SCHEME: Object = Object {
    after: Some(parameter::security_scheme),
    ..object(
        "Security Scheme",
        &[
            must("type", Choice(SCHEME_TYPES)),
            may("description", Text),
            may("name", Text),
            may("in", Choice(KEY_PLACES)),
            may("scheme", Text),
            may("bearerFormat", Text),
            may("flows", One(&FLOWS)),
            may("openIdConnectUrl", Text),
        ],
    )
};

static FLOWS: Object = object(
    "OAuth Flows",
    &[
        may("implicit", One(&IMPLICIT)),
        may("password", One(&TOKEN_FLOW)),
        may("clientCredentials", One(&TOKEN_FLOW)),
        may("authorizationCode", One(&CODE_FLOW)),
    ],
);

static IMPLICIT: Object = object(
    "OAuth Flow",
    &[
        should("authorizationUrl", Text, Need::EmptyText),
        may("tokenUrl", Text),
        may("refreshUrl", Text),
        should("scopes", Map(&TEXT), Need::EmptyObject),
    ],
);

static TOKEN_FLOW: Object = object(
    "OAuth Flow",
    &[
        may("authorizationUrl", Text),
        should("tokenUrl", Text, Need::EmptyText),
        may("refreshUrl", Text),
        should("scopes", Map(&TEXT), Need::EmptyObject),
    ],
);

static CODE_FLOW: Object = object(
    "OAuth Flow",
    &[
        should("authorizationUrl", Text, Need::EmptyText),
        should("tokenUrl", Text, Need::EmptyText),
        may("refreshUrl", Text),
        should("scopes", Map(&TEXT), Need::EmptyObject),
    ],
);
