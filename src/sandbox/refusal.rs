//! How a request can fail, and the answers for it.

use crate::server::{NoMethod, Refusal as PayloadRefusal};

/// Why a request is not answered with conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The body is no JSON.
    BadRequest,
    /// The filter service, or any exception elsewhere.
    Payload(PayloadRefusal),
    /// No such record.
    NotFound,
    /// The user may not do this; a 401, not a 403.
    NotAllowed,
}

impl Refusal {
    pub(super) fn server_error(reason: impl Into<String>) -> Self {
        Self::Payload(PayloadRefusal::server_error(reason))
    }

    pub(super) fn status(&self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Payload(refusal) => refusal.status(),
            Self::NotFound => 404,
            Self::NotAllowed => 401,
        }
    }

    pub(super) fn body(&self) -> String {
        let message = match self {
            Self::BadRequest => return r#"{"status":400,"error":"Bad Request"}"#.to_owned(),
            Self::Payload(PayloadRefusal::ServerError(_)) => {
                return r#"{"status":500,"error":"Internal Server Error"}"#.to_owned();
            }
            Self::Payload(refusal) => refusal.message(),
            Self::NotFound => "Resource could not be found".to_owned(),
            Self::NotAllowed => "You are not authorized to do this action".to_owned(),
        };
        serde_json::json!({ "error": message }).to_string()
    }
}

impl From<PayloadRefusal> for Refusal {
    fn from(refusal: PayloadRefusal) -> Self {
        Self::Payload(refusal)
    }
}

impl From<NoMethod> for Refusal {
    fn from(missing: NoMethod) -> Self {
        Self::Payload(missing.into())
    }
}
