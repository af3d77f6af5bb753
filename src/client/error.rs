//! What can go wrong between the client and the server, and what to do about it.

use std::fmt;

use reqwest::Url;
use serde_json::Value;

/// How much of an unexpected answer is quoted.
const QUOTED: usize = 120;

/// An error of the request executor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientError {
    /// The server's address is none.
    Address {
        /// The address as given.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The token cannot be sent: it has line ends or other characters that a header cannot carry.
    Token,
    /// The HTTP client could not be set up.
    Setup(String),
    /// The server could not be reached, or the connection broke.
    Network {
        /// The server's address.
        address: String,
        /// What happened.
        reason: String,
        /// What to look at.
        hint: &'static str,
    },
    /// The server answered with an error.
    Status {
        /// The HTTP status.
        status: u16,
        /// The server's own message.
        message: String,
    },
    /// The answer is larger than any answer should be.
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The answer is not what it should be.
    Unexpected {
        /// The start of it.
        start: String,
        /// What is wrong.
        reason: String,
    },
}

impl ClientError {
    pub(super) fn network(base: &Url, error: &reqwest::Error) -> Self {
        let hint = if error.is_connect() {
            "is the server running, and is this its address and port?"
        } else if error.is_timeout() {
            "the server took too long; try again"
        } else {
            "try again"
        };
        // The outermost message repeats the address; the innermost says what happened.
        let mut cause: &dyn std::error::Error = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        Self::Network { address: base.to_string(), reason: cause.to_string(), hint }
    }

    pub(super) fn status(status: u16, body: &[u8]) -> Self {
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Array(list) => list.first().and_then(Value::as_str).map(str::to_owned),
            _ => None,
        };
        let message = json
            .as_ref()
            .and_then(|json| ["error", "errors", "message"].iter().find_map(|key| json.get(key).and_then(text)));
        Self::Status { status, message: message.unwrap_or_else(|| start(body)) }
    }

    pub(super) fn unexpected(body: &[u8], reason: &str) -> Self {
        Self::Unexpected { start: start(body), reason: reason.to_owned() }
    }

    /// Whether the server failed on the request itself, as it does where a stored value breaks one of its conversions.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        matches!(self, Self::Status { status: 500, .. })
    }
}

/// The start of a body, on one line.
fn start(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..QUOTED * 4).unwrap_or(body));
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().filter(|c| !c.is_control()).take(QUOTED).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}

/// What to do about a status.
fn advice(status: u16) -> &'static str {
    match status {
        300..=399 => "\n  the server redirects; use the address that it redirects to",
        401 => {
            "\n  the token is wrong, or of a bot, or its user is not in this account; a proxy may also drop the header `api_access_token`"
        }
        403 => "\n  something between here and the server forbids it",
        404 => "\n  is this the right address, and the right account id?",
        422 => "\n  the server refuses the filter; `--server-version` should be the server's own",
        429 => "\n  too many requests; wait a minute",
        500 => {
            "\n  a stored value that is not of its attribute's type breaks the server's filter; `cwql explain` shows what was sent"
        }
        502..=504 => "\n  the server is overloaded or restarting; try again",
        _ => "",
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { address, reason } => write!(f, "`{address}` is no server address: {reason}"),
            Self::Token => f.write_str("the access token has characters that no token has"),
            Self::Setup(reason) => write!(f, "the HTTP client cannot be set up: {reason}"),
            Self::Network { address, reason, hint } => write!(f, "no answer from {address}: {reason}\n  {hint}"),
            Self::Status { status, message } => write!(f, "the server answers {status}: {message}{}", advice(*status)),
            Self::TooLarge { limit } => write!(f, "the answer is larger than {} MiB", limit >> 20),
            Self::Unexpected { start, reason } => {
                write!(
                    f,
                    "the answer is not what it should be: {reason}\n  it begins with: {start}\n  is this the address of a Chatwoot?"
                )
            }
        }
    }
}

impl std::error::Error for ClientError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_own_message_is_kept() {
        for (body, message) in [
            (r#"{"error":"Invalid Access Token"}"#, "Invalid Access Token"),
            (r#"{"errors":["You need to sign in"]}"#, "You need to sign in"),
            (r#"{"status":500,"error":"Internal Server Error"}"#, "Internal Server Error"),
            ("<html>\n<h1>Bad   Gateway</h1>", "<html> <h1>Bad Gateway</h1>"),
        ] {
            assert!(
                matches!(ClientError::status(500, body.as_bytes()), ClientError::Status { message: m, .. } if m == message),
                "{body}"
            );
        }
    }

    #[test]
    fn long_answers_are_cut() {
        let ClientError::Unexpected { start, .. } = ClientError::unexpected("x".repeat(3_000_000).as_bytes(), "")
        else {
            panic!()
        };
        assert_eq!(start.chars().count(), QUOTED + 1);
    }
}
