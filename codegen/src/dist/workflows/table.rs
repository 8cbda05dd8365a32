//! What Arazzo 1.0.1 allows where, in the words of the tables of OpenAPI.

use crate::check::Kind::{Any, Choice, Count, List, Map, Number, One, Text};
use crate::check::{Kind, Object, may, must, object};

const TEXT: Kind = Text;
static SOURCES: Kind = One(&SOURCE);
static WORKFLOWS: Kind = One(&WORKFLOW);
static STEPS: Kind = One(&STEP);
static PARAMETERS: Kind = One(&PARAMETER);
static SUCCESS_ACTIONS: Kind = One(&SUCCESS_ACTION);
static FAILURE_ACTIONS: Kind = One(&FAILURE_ACTION);
static CRITERIA: Kind = One(&CRITERION);
static REPLACEMENTS: Kind = One(&REPLACEMENT);

/// The whole file.
pub(super) static ARAZZO: Object = object(
    "Arazzo",
    &[
        must("arazzo", Text),
        must("info", One(&INFO)),
        must("sourceDescriptions", List(&SOURCES)),
        must("workflows", List(&WORKFLOWS)),
        may("components", One(&COMPONENTS)),
    ],
);

static INFO: Object = object(
    "Arazzo Info",
    &[must("title", Text), may("summary", Text), may("description", Text), must("version", Text)],
);

static SOURCE: Object = object(
    "Source Description",
    &[must("name", Text), must("url", Text), may("type", Choice(&["openapi", "arazzo"]))],
);

static WORKFLOW: Object = object(
    "Workflow",
    &[
        must("workflowId", Text),
        may("summary", Text),
        may("description", Text),
        may("inputs", Any),
        may("dependsOn", List(&TEXT)),
        must("steps", List(&STEPS)),
        may("successActions", List(&SUCCESS_ACTIONS)),
        may("failureActions", List(&FAILURE_ACTIONS)),
        may("outputs", Map(&TEXT)),
        may("parameters", List(&PARAMETERS)),
    ],
);

static STEP: Object = object(
    "Step",
    &[
        may("description", Text),
        must("stepId", Text),
        may("operationId", Text),
        may("operationPath", Text),
        may("workflowId", Text),
        may("parameters", List(&PARAMETERS)),
        may("requestBody", One(&REQUEST_BODY)),
        may("successCriteria", List(&CRITERIA)),
        may("onSuccess", List(&SUCCESS_ACTIONS)),
        may("onFailure", List(&FAILURE_ACTIONS)),
        may("outputs", Map(&TEXT)),
    ],
);

/// A parameter, or a reference to one with a value of its own.
static PARAMETER: Object = object(
    "Workflow Parameter",
    &[
        may("name", Text),
        may("in", Choice(&["path", "query", "header", "cookie"])),
        may("value", Any),
        may("reference", Text),
    ],
);

static REQUEST_BODY: Object = object(
    "Step Request Body",
    &[may("contentType", Text), may("payload", Any), may("replacements", List(&REPLACEMENTS))],
);

static REPLACEMENT: Object =
    object("Payload Replacement", &[must("target", Text), must("value", Any)]);

static CRITERION: Object =
    object("Criterion", &[may("context", Text), must("condition", Text), may("type", Any)]);

static SUCCESS_ACTION: Object = object(
    "Success Action",
    &[
        may("name", Text),
        may("type", Choice(&["end", "goto"])),
        may("workflowId", Text),
        may("stepId", Text),
        may("criteria", List(&CRITERIA)),
        may("reference", Text),
    ],
);

static FAILURE_ACTION: Object = object(
    "Failure Action",
    &[
        may("name", Text),
        may("type", Choice(&["end", "goto", "retry"])),
        may("workflowId", Text),
        may("stepId", Text),
        may("retryAfter", Number),
        may("retryLimit", Count),
        may("criteria", List(&CRITERIA)),
        may("reference", Text),
    ],
);

static COMPONENTS: Object = object(
    "Arazzo Components",
    &[
        may("inputs", Map(&Any)),
        may("parameters", Map(&PARAMETERS)),
        may("successActions", Map(&SUCCESS_ACTIONS)),
        may("failureActions", Map(&FAILURE_ACTIONS)),
    ],
);
