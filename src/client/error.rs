//! What can go wrong between the client and the server, and what to do about it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::cause::seconds;
use super::retry::may_pass;

/// How much of an unexpected answer is quoted.
const QUOTED: usize = 120;

/// How much of a server's own message is kept, in characters: one that names an account's attributes is long.
const SAID: usize = 2000;

/// An error of the request executor. Its text is for people, and names the program's options where one helps (`--timeout` is
/// [`Settings::run_timeout`](super::Settings)); for programs there are the variants.
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
    /// Over http the token would cross a network in clear text, and [`Settings::insecure_http`](super::Settings) does
    /// not allow it.
    Insecure {
        /// The server's address.
        address: String,
    },
    /// The certificates to trust cannot be read.
    Certificates(String),
    /// The HTTP client could not be set up.
    Setup(String),
    /// The server could not be reached, or the connection broke.
    Network {
        /// The server's address.
        address: String,
        /// What happened.
        reason: String,
        /// The proxy of the environment that was asked instead, without its password.
        proxy: Option<Box<str>>,
        /// What to look at.
        hint: &'static str,
    },
    /// The server answered with an error.
    Status {
        /// The HTTP status.
        status: u16,
        /// The server's own message.
        message: String,
        /// What was asked: the method and the path, `GET /api/v1/profile`.
        request: Box<str>,
        /// What to look at; empty where nothing is known.
        hint: Box<str>,
        /// What it asks to wait, and why that was not waited for.
        unwaited: Option<Box<Unwaited>>,
    },
    /// Something was sent that creates a conversation, and whether it was created is not known: the answer was lost,
    /// or is an error that may come after the deed.
    Unconfirmed {
        /// What happened instead of an answer.
        reason: String,
    },
    /// The time for all requests together is over.
    Deadline {
        /// That time.
        limit: Duration,
    },
    /// The answer is larger than any answer should be.
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
        /// The start of it.
        start: String,
        /// What to look at.
        hint: &'static str,
    },
    /// The answer is not what it should be.
    Unexpected {
        /// The start of it.
        start: String,
        /// What is wrong.
        reason: String,
        /// What to look at.
        hint: &'static str,
    },
}

/// What is known besides when a server answers with an error.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Circumstances {
    /// Where else it sends the request.
    pub(super) redirect: Redirect,
    /// Whether the account has answered rightly before.
    pub(super) answered: bool,
}

/// Where an answer sends a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Redirect {
    #[default]
    Nowhere,
    /// To the API, or to where a server may be.
    Server,
    /// To anything else, as to a page where people sign in.
    Page,
}

/// A wait that the server asks for (`Retry-After`) and that was not waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unwaited {
    /// How long it asks to wait.
    pub asked: Duration,
    /// What did not allow it.
    pub patience: Patience,
}

/// What ended the attempts at a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Patience {
    /// It was sent so many times, which is all of them.
    Tries(u32),
    /// The time of the whole run ends before.
    Run {
        /// That time ([`Settings::run_timeout`](super::Settings)).
        limit: Duration,
        /// How many times it was sent.
        tries: u32,
    },
    /// The server asks for a longer wait than it is given.
    Wait {
        /// The longest ([`Settings::retry_after_max`](super::Settings)).
        limit: Duration,
        /// How many times it was sent.
        tries: u32,
    },
}

impl Patience {
    pub(super) fn tries(self) -> u32 {
        match self {
            Self::Tries(tries) | Self::Run { tries, .. } | Self::Wait { tries, .. } => tries,
        }
    }
}

impl fmt::Display for Unwaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asked = seconds(self.asked);
        match self.patience {
            Patience::Tries(tries) => {
                let times = if tries == 1 { "once" } else { &format!("{tries} times") };
                write!(
                    f,
                    "the server asks to wait {asked}, and was asked {times}; ask again then, or let it be asked more often with --retries"
                )
            }
            Patience::Wait { limit, .. } => {
                write!(f, "the server asks to wait {asked}, and only {} are waited for; ask again then", seconds(limit))
            }
            Patience::Run { limit, .. } => {
                write!(
                    f,
                    "the server asks to wait {asked}, and the whole run may take {}; --timeout allows more",
                    seconds(limit)
                )
            }
        }
    }
}

impl ClientError {
    pub(super) fn status(request: String, status: u16, body: &[u8], circumstances: Circumstances) -> Self {
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Array(list) => list.first().and_then(Value::as_str).map(str::to_owned),
            _ => None,
        };
        let message = json
            .as_ref()
            .and_then(|json| ["error", "errors", "message"].iter().find_map(|key| json.get(key).and_then(text)));
        // Its own may name every attribute.
        let message = message.map_or_else(|| beginning(body), |message| cut(message, SAID));
        let hint = advice(status, &message, &request, circumstances).into();
        Self::Status { status, message, request: request.into(), hint, unwaited: None }
    }

    pub(super) fn too_large(body: &[u8], limit: usize, answered: bool) -> Self {
        Self::TooLarge { limit, start: beginning(body), hint: whose(answered) }
    }

    pub(super) fn unexpected(body: &[u8], reason: &str, answered: bool) -> Self {
        Self::Unexpected { start: beginning(body), reason: cut(reason.to_owned(), QUOTED), hint: whose(answered) }
    }

    /// Whether the server failed on the request itself, as it does where a stored value breaks one of its conversions.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        matches!(self, Self::Status { status: 500, .. })
    }

    /// Whether the server refuses the token that it was sent, so that it has reached it: it looks for a token only where
    /// the request has the header, and asks to sign in where it has none.
    pub(super) fn is_of_token(&self) -> bool {
        matches!(self, Self::Status { status: 401, message, .. } if said_of_token(message).is_some())
    }
}

/// The start of a text that is too long.
fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The start of a body, on one line.
pub(crate) fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..QUOTED * 4).unwrap_or(body));
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().filter(|c| !c.is_control()).take(QUOTED).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}

/// Whose an answer may be that is none of the API's.
const fn whose(answered: bool) -> &'static str {
    if answered {
        "the account has answered rightly before: what stands between here and the server may have answered this; try again"
    } else {
        "is this the address of a Chatwoot?"
    }
}

/// What to do about a status. The messages are the server's own.
fn advice(status: u16, message: &str, request: &str, circumstances: Circumstances) -> Cow<'static, str> {
    let filters = request.contains("/conversations/filter");
    let Circumstances { redirect, answered } = circumstances;
    Cow::Borrowed(match status {
        422 | 500 if !filters => return format!("to {request}; the server's own log may say more").into(),
        // That page is no address to use.
        300..=399 if redirect == Redirect::Page && answered => {
            "the server redirects to a page for people; a proxy that asks for a sign-in must let /api through"
        }
        300..=399 if redirect == Redirect::Page => {
            "the server redirects to a page for people: is the address right? a proxy that asks for a sign-in must let /api through"
        }
        300..=399 if redirect == Redirect::Server && !answered => {
            "the server redirects; use the address that it redirects to"
        }
        300..=399 => whose(answered),
        401 => unauthorized(message, answered),
        403 => "something between here and the server forbids it",
        404 if answered => whose(answered),
        404 => "is this the right address, and the right account id?",
        413 => "the request is too large for a proxy before the server; ask with fewer or shorter values",
        422 => "the server refuses the filter; `--server-version` should be the server's own",
        429 => "too many requests; wait a minute, or send fewer with --max-rate",
        500 => {
            "a stored value that is not of its attribute's type breaks the server's filter; `cwql explain` shows what was sent"
        }
        status if may_pass(status) => "the server is overloaded or restarting; try again",
        _ => "",
    })
}

/// What the server says of a token that it knows, or has looked for, each with what it means.
const SAID_OF_TOKENS: [(&str, &str); 5] = [
    ("invalid access token", "the token is wrong: copy it again from the profile page of the dashboard"),
    ("for bots", "this is the token of an agent bot; take that of a user, from the profile page of the dashboard"),
    ("access this account", "the token's user is not in this account: is the account id right?"),
    ("suspended", "the account is suspended; only the server's operator can change that"),
    ("to do this action", "the token's user may not do this; that of an administrator may"),
];

/// What a message says of the token, if the server has it.
fn said_of_token(message: &str) -> Option<&'static str> {
    let message = message.to_lowercase();
    SAID_OF_TOKENS.iter().find(|(said, _)| message.contains(said)).map(|(_, meaning)| *meaning)
}

/// What a refused token means.
fn unauthorized(message: &str, answered: bool) -> &'static str {
    match said_of_token(message) {
        Some(meaning) => meaning,
        None if answered => {
            "the account has answered before: the token may have been revoked meanwhile, or may not read this"
        }
        None if message.to_lowercase().contains("sign in") => {
            "no token reached the server: a proxy drops the header `api_access_token`, and `Api-Access-Token` too (nginx needs `underscores_in_headers on`)"
        }
        None => {
            "the token is wrong, or of a bot, or its user is not in this account; a proxy may also drop the header `api_access_token`"
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { address, reason } => write!(f, "`{address}` is no server address: {reason}"),
            Self::Token => f.write_str("the access token has characters that no token has"),
            Self::Insecure { address } => write!(
                f,
                "http would send the token in clear text over the network to {address}\n  use https, or --insecure-http if you must"
            ),
            Self::Certificates(reason) => {
                write!(
                    f,
                    "the certificates to trust cannot be read: {reason}\n  a PEM file is expected, which has BEGIN CERTIFICATE in it"
                )
            }
            Self::Unconfirmed { reason } => write!(
                f,
                "the conversation may have been created, but its answer was lost: {reason}\n  look for it before you repeat the request"
            ),
            Self::Deadline { limit } => {
                write!(f, "the time for the whole run is over: {}\n  --timeout allows more", seconds(*limit))
            }
            Self::Setup(reason) => write!(f, "the HTTP client cannot be set up: {reason}"),
            Self::Network { address, reason, proxy: None, hint } => {
                write!(f, "no answer from {address}: {reason}\n  {hint}")
            }
            Self::Network { address, reason, proxy: Some(proxy), hint } => {
                write!(f, "no answer from {address} through the proxy {proxy}: {reason}\n  {hint}")
            }
            Self::Status { status, message, hint, unwaited, .. } => {
                let colon = if message.is_empty() { "" } else { ": " };
                write!(f, "the server answers {status}{colon}{message}")?;
                match unwaited {
                    Some(unwaited) => write!(f, "\n  {unwaited}"),
                    None if hint.is_empty() => Ok(()),
                    None => write!(f, "\n  {hint}"),
                }
            }
            Self::TooLarge { limit, start, hint } => {
                let limit =
                    if limit % (1 << 20) == 0 { format!("{} MiB", limit >> 20) } else { format!("{limit} bytes") };
                write!(f, "the answer is larger than {limit}\n  it begins with: {start}\n  {hint}")
            }
            Self::Unexpected { start, reason, hint } => {
                write!(f, "the answer is not what it should be: {reason}")?;
                if !start.is_empty() {
                    write!(f, "\n  it begins with: {start}")?;
                }
                write!(f, "\n  {hint}")
            }
        }
    }
}

impl std::error::Error for ClientError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_about_what_was_asked() {
        let said = |request: &str, status| {
            ClientError::status(request.to_owned(), status, b"{}", Circumstances::default()).to_string()
        };
        let filter = "POST /api/v1/accounts/4/conversations/filter?page=1";
        assert!(said(filter, 422).contains("refuses the filter") && said(filter, 500).contains("a stored value"));
        for status in [422, 500] {
            let said = said("GET /api/v1/accounts/4/teams", status);
            assert!(said.contains("to GET /api/v1/accounts/4/teams") && !said.contains("filter"), "{said}");
        }
        assert!(said("GET /api/v1/accounts/4/teams", 404).contains("the right account id"));
    }

    /// Where the account has answered, neither the address nor its id is wrong; and who redirects says where to.
    #[test]
    fn advice_is_about_what_is_not_known_to_be_right() {
        let said = |status, redirect, answered| {
            let circumstances = Circumstances { redirect, answered };
            ClientError::status("POST /filter".to_owned(), status, br#"{"error":"x"}"#, circumstances).to_string()
        };
        let (address, before) = ("is this the address of a Chatwoot?", "the account has answered rightly before");
        assert!(said(302, Redirect::Server, false).contains("use the address that it redirects to"));
        assert!(said(302, Redirect::Page, false).contains("is the address right? a proxy that asks for a sign-in"));
        let page = said(302, Redirect::Page, true);
        assert!(page.contains("a proxy that asks for a sign-in must let /api through") && !page.contains("address"));
        assert!(said(304, Redirect::Nowhere, false).contains(address));
        assert!(said(404, Redirect::Nowhere, false).contains("the right account id"));
        assert!(said(401, Redirect::Nowhere, false).contains("may also drop the header"));
        for (status, redirect) in [(302, Redirect::Server), (304, Redirect::Nowhere), (404, Redirect::Nowhere)] {
            let said = said(status, redirect, true);
            assert!(said.contains(before) && !said.contains(" id?") && !said.contains("redirects to"), "{said}");
        }
        assert!(said(401, Redirect::Nowhere, true).contains("may have been revoked"));
        for error in [ClientError::unexpected(b"<html>", "", true), ClientError::too_large(b"<html>", 5, true)] {
            assert!(error.to_string().contains(before), "{error}");
        }
    }

    #[test]
    fn the_servers_own_message_is_kept() {
        for (body, message) in [
            (r#"{"error":"Invalid Access Token"}"#, "Invalid Access Token"),
            (r#"{"errors":["You need to sign in"]}"#, "You need to sign in"),
            (r#"{"status":500,"error":"Internal Server Error"}"#, "Internal Server Error"),
            ("<html>\n<h1>Bad   Gateway</h1>", "<html> <h1>Bad Gateway</h1>"),
        ] {
            assert!(
                matches!(ClientError::status(String::new(), 500, body.as_bytes(), Circumstances::default()), ClientError::Status { message: m, .. } if m == message),
                "{body}"
            );
        }
    }

    #[test]
    fn of_an_empty_answer_no_beginning_is_quoted() {
        for body in ["", " \n"] {
            let said = ClientError::unexpected(body.as_bytes(), "it is empty", false).to_string();
            assert_eq!(
                said, "the answer is not what it should be: it is empty\n  is this the address of a Chatwoot?",
                "{body:?}"
            );
        }
    }

    #[test]
    fn long_answers_are_cut() {
        let ClientError::Unexpected { start, .. } =
            ClientError::unexpected("x".repeat(3_000_000).as_bytes(), "", false)
        else {
            panic!()
        };
        assert_eq!(start.chars().count(), QUOTED + 1);
        let body = format!(r#"{{"error":"{}"}}"#, "é".repeat(20_000));
        let circumstances = Circumstances::default();
        let ClientError::Status { message, .. } =
            ClientError::status(String::new(), 422, body.as_bytes(), circumstances)
        else {
            panic!()
        };
        assert_eq!(message.chars().count(), SAID + 1);
    }
}
