//! How a request can fail, and the answers for it (server semantics, sections 2 and 16).

/// Why a request is not answered with conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The body is no JSON.
    BadRequest,
    /// The key is neither a standard attribute nor a custom one of the account.
    InvalidAttribute { key: String, known: Vec<&'static str> },
    /// A standard attribute does not have the operator.
    InvalidOperator { key: &'static str, allowed: &'static [&'static str] },
    /// The values are blank, or a comparison cannot read them.
    InvalidValue { key: String },
    /// Neither `AND` nor `OR`.
    InvalidQueryOperator,
    /// No such record.
    NotFound,
    /// The user may not do this; a 401, not a 403.
    NotAllowed,
    /// Any exception; the text says which, for whoever debugs a query.
    ServerError(String),
}

impl Refusal {
    pub(super) fn server_error(reason: impl Into<String>) -> Self {
        Self::ServerError(reason.into())
    }

    pub(super) fn status(&self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::InvalidAttribute { .. }
            | Self::InvalidOperator { .. }
            | Self::InvalidValue { .. }
            | Self::InvalidQueryOperator => 422,
            Self::NotFound => 404,
            Self::NotAllowed => 401,
            Self::ServerError(_) => 500,
        }
    }

    pub(super) fn body(&self) -> String {
        let message = match self {
            Self::BadRequest => return r#"{"status":400,"error":"Bad Request"}"#.to_owned(),
            Self::ServerError(_) => {
                return r#"{"status":500,"error":"Internal Server Error"}"#.to_owned();
            }
            Self::NotFound => "Resource could not be found".to_owned(),
            Self::NotAllowed => "You are not authorized to do this action".to_owned(),
            Self::InvalidAttribute { key, known } => format!(
                "Invalid attribute key - [{key}]. The key should be one of [{}] or a custom attribute defined in the account.",
                known.join(",")
            ),
            Self::InvalidOperator { key, allowed } => {
                format!("Invalid operator. The allowed operators for {key} are [{}].", allowed.join(","))
            }
            Self::InvalidValue { key } => {
                format!("Invalid value. The values provided for {key} are invalid")
            }
            Self::InvalidQueryOperator => "Query operator must be either \"AND\" or \"OR\".".to_owned(),
        };
        serde_json::json!({ "error": message }).to_string()
    }
}

impl From<super::request::NoMethod> for Refusal {
    fn from(missing: super::request::NoMethod) -> Self {
        Self::ServerError(format!("undefined method `{}`", missing.0))
    }
}
