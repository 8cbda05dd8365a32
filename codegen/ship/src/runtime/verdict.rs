//! What an attempt without success means for the next one.
use std::time::Instant;

use http::StatusCode;

use super::error::Error;
use super::limits::LimitScope;
use super::transport::{Sent, TransportError, TransportErrorKind as Kind};

/// An attempt without success.
pub(super) struct Failure {
    pub(super) error: Error,
    /// When its answer began, which is where a wait is counted from.
    pub(super) received: Instant,
    /// When a refused request may be sent again.
    pub(super) retry_at: Option<Instant>,
}

/// What a failure means for the next attempt.
pub(super) enum Verdict {
    /// The service did not execute it and asked to come again.
    Refused,
    /// It did not leave.
    Unsent,
    /// The connection turned it away unprocessed (RFC 9113, section 8.7).
    TurnedAway,
    /// It may have been executed; the next attempt may fare better.
    Passing,
    /// It was executed; the next answer may be sound.
    Damaged,
    /// The next attempt would end in the same way, having been executed or not.
    Final { executed: bool },
}

impl Verdict {
    pub(super) fn of(error: &Error) -> Self {
        match error {
            Error::RateLimited(error) if error.scope() == LimitScope::Short => Self::Refused,
            Error::RateLimited(_) => Self::Final { executed: false },
            Error::Transport(error) => match (error.sent, error.kind) {
                (Sent::No, Kind::Tls | Kind::Invalid) => Self::Final { executed: false },
                (Sent::No, Kind::Refused) => Self::TurnedAway,
                (Sent::No, _) => Self::Unsent,
                (Sent::Maybe, _) => Self::Passing,
            },
            Error::Api(error) if is_passing(error.status()) => Self::Passing,
            Error::Decode(error) if error.is_cut() => Self::Passing,
            Error::Decode(error) if error.is_damage() => Self::Damaged,
            Error::Decode(_) | Error::BodyTooLarge(_) | Error::Timeout(_) => {
                Self::Final { executed: true }
            }
            // RFC 9110, section 15.4.4: what 303 leads to tells of the request that was executed.
            Error::Redirect(error) => {
                Self::Final { executed: error.status == StatusCode::SEE_OTHER }
            }
            Error::Api(_) | Error::Config(_) | Error::Request(_) | Error::Pagination(_) => {
                Self::Final { executed: false }
            }
        }
    }

    pub(super) fn may_be_executed(&self) -> bool {
        match self {
            Self::Passing | Self::Damaged => true,
            Self::Final { executed } => *executed,
            Self::Refused | Self::Unsent | Self::TurnedAway => false,
        }
    }
}

/// Whether the request provably did not reach the service, which so did not count it.
pub(super) fn is_unsent(error: &TransportError) -> bool {
    let kind = matches!(error.kind, Kind::Invalid | Kind::Dns | Kind::Connect | Kind::Tls);
    error.sent == Sent::No && kind
}

/// The service or something before it failed for the moment. 501 and 505 are about the request.
pub(super) fn is_passing(status: StatusCode) -> bool {
    match status {
        StatusCode::REQUEST_TIMEOUT => true,
        StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED => false,
        _ => status.is_server_error(),
    }
}
