//! What is fixed about one operation: its name, verb, path and what a repetition does.
use http::Method;

/// One operation of the API, as its document describes it.
#[derive(Debug)]
pub struct Operation {
    /// The operation's id in the document.
    pub id: &'static str,
    /// The verb it is sent with.
    pub method: Method,
    /// The path template; values in braces are filled in by each request.
    pub path: &'static str,
    /// What sending it twice does.
    pub retry: RetrySafety,
    /// The accepted combinations of credentials, as numbers of the client's schemes. An empty
    /// list, or an empty combination, means that none is needed.
    pub security: &'static [&'static [usize]],
}

/// What sending an operation twice does, and with it which failures are tried again.
///
/// An answer of 429 and a request that never left are tried again for every operation: the
/// service has not executed either of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetrySafety {
    /// It only reads. Any passing failure is tried again.
    Safe,
    /// Twice has the effect of once. Any passing failure is tried again.
    Idempotent,
    /// Twice may have a second effect. Only what the service refused unexecuted is tried again.
    OnRefusal,
}
