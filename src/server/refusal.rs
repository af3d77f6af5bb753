//! How the filter service can refuse a payload.

use super::json::NoMethod;

/// Why a payload is not answered with conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The key is neither a standard attribute nor a custom one of the account.
    InvalidAttribute { key: String, known: Vec<&'static str> },
    /// A standard attribute does not have the operator.
    InvalidOperator { key: &'static str, allowed: &'static [&'static str] },
    /// The values are blank, or a comparison cannot read them.
    InvalidValue { key: String },
    /// Neither `AND` nor `OR`.
    InvalidQueryOperator,
    /// Any exception; the text says which, for whoever debugs a query.
    ServerError(String),
}

impl Refusal {
    pub(crate) fn server_error(reason: impl Into<String>) -> Self {
        Self::ServerError(reason.into())
    }

    /// The HTTP status of the answer.
    pub(crate) fn status(&self) -> u16 {
        if matches!(self, Self::ServerError(_)) { 500 } else { 422 }
    }

    /// What the answer says is wrong, in English; of an exception, what only the server's log says.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::InvalidAttribute { key, known } => format!(
                "Invalid attribute key - [{key}]. The key should be one of [{}] or a custom attribute defined in the account.",
                known.join(",")
            ),
            Self::InvalidOperator { key, allowed } => {
                format!("Invalid operator. The allowed operators for {key} are [{}].", allowed.join(","))
            }
            Self::InvalidValue { key } => format!("Invalid value. The values provided for {key} are invalid"),
            Self::InvalidQueryOperator => "Query operator must be either \"AND\" or \"OR\".".to_owned(),
            Self::ServerError(reason) => reason.clone(),
        }
    }
}

impl From<NoMethod> for Refusal {
    fn from(missing: NoMethod) -> Self {
        Self::ServerError(format!("undefined method `{}`", missing.0))
    }
}
