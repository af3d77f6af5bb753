//! The request executor: sends plans to a server, page by page.

mod error;
mod rows;

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Url, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

pub use error::ClientError;
pub use rows::{Conversation, Rows};

use crate::payload::Payload;
use crate::plan::Plan;
use crate::schema::{Account, ServerVersion};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the server may be silent. Its own limit for a request is 15 seconds (server semantics, section 16).
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// The largest answer that is read, in bytes. A page of conversations has a few hundred kilobytes.
const MAX_BODY: usize = 64 << 20;

/// An access token. Neither `Debug` nor `Display` shows it.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token as the dashboard's profile page shows it.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Talks to one account of one server.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use cwql::client::Token;
/// use cwql::{Client, Query, Schema};
///
/// let client = Client::new("https://chat.example.com", 1, Token::new("…"))?;
/// let schema = Schema::default();
/// let query = Query::new("status = open AND unread_count > 0", &schema)?;
/// let mut rows = client.run(query.plan(), schema.now());
/// while let Some(conversation) = rows.next().await? {
///     println!("{}", conversation.id());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    account_id: u64,
    token: Token,
}

/// The counts that come with an answer; they never depend on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Counts {
    /// Matches assigned to the token's user.
    #[serde(default)]
    pub mine_count: u64,
    /// Matches assigned to nobody.
    #[serde(default)]
    pub unassigned_count: u64,
    /// All matches.
    #[serde(default)]
    pub all_count: u64,
}

/// One page of an answer.
#[derive(Debug)]
pub struct Page {
    /// The counts over all pages.
    pub counts: Counts,
    /// The conversations, newest activity first.
    pub conversations: Vec<Conversation>,
}

/// An answer with and without the `data` wrapper that the published description gives it.
#[derive(Deserialize)]
struct Answer {
    data: Option<Box<Answer>>,
    meta: Option<Counts>,
    payload: Option<Vec<Box<RawValue>>>,
}

impl Client {
    /// A client of the account with this id on the server at this address, such as `https://chat.example.com`.
    ///
    /// # Errors
    /// The address is no http or https URL, or the token cannot be a header.
    pub fn new(base: &str, account_id: u64, token: Token) -> Result<Self, ClientError> {
        let base = Url::parse(base)
            .map_err(|error| ClientError::Address { address: base.to_owned(), reason: error.to_string() })?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(ClientError::Address {
                address: base.to_string(),
                reason: "an http or https address is expected".to_owned(),
            });
        }
        let loopback = is_loopback(&base);
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("cwql/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            // A token goes to the host that it was given for and to no other.
            .redirect(redirect::Policy::none());
        if base.scheme() == "https" {
            // Installing it a second time is an error without consequence.
            let _ = rustls::crypto::ring::default_provider().install_default();
        } else {
            // Reading the certificate store would cost more than all the rest.
            let _ = rustls::crypto::ring::default_provider().install_default();
            builder = builder.tls_certs_only([]);
        }
        if loopback {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| ClientError::Setup(error.to_string()))?;
        Ok(Self { http, base, account_id, token })
    }

    /// Whether the token would cross a network in clear text.
    #[must_use]
    pub fn is_insecure(&self) -> bool {
        self.base.scheme() == "http" && !is_loopback(&self.base)
    }

    /// Runs a plan: its conversations, newest activity first, each once, residuals applied. `now` is what
    /// relative dates of the query count from.
    #[must_use]
    pub fn run(&self, plan: &Plan, now: jiff::Timestamp) -> Rows<'_> {
        Rows::new(self, plan, now)
    }

    /// Reads one page (from 1) of what a payload matches.
    ///
    /// # Errors
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn filter_page(&self, payload: &Payload, page: u64) -> Result<Page, ClientError> {
        let url = self.url(&format!("conversations/filter?page={page}"))?;
        let body = self.send(Method::POST, url, Some(payload.to_body())).await?;
        let mut answer: Answer = decode(&body)?;
        if let Some(inner) = answer.data.take() {
            answer = *inner;
        }
        let Some(rows) = answer.payload else { return Err(ClientError::unexpected(&body, "no conversations in it")) };
        let conversations = rows.into_iter().map(Conversation::new).collect::<Result<_, _>>()?;
        Ok(Page { counts: answer.meta.unwrap_or_default(), conversations })
    }

    /// The server's version, from `GET /api`.
    ///
    /// # Errors
    /// As [`Client::filter_page`].
    pub async fn version(&self) -> Result<ServerVersion, ClientError> {
        #[derive(Deserialize)]
        struct Api {
            version: String,
        }
        let url = self.join("api")?;
        let body = self.send(Method::GET, url, None).await?;
        let api: Api = decode(&body)?;
        api.version.parse().map_err(|_| ClientError::unexpected(&body, "no version in it"))
    }

    /// The names of the account: agents, inboxes, teams, labels, campaigns, custom attributes and the token's user.
    ///
    /// # Errors
    /// As [`Client::filter_page`].
    pub async fn account(&self) -> Result<Account, ClientError> {
        let (agents, inboxes, teams, labels, custom, me) = tokio::try_join!(
            self.get("agents"),
            self.get("inboxes"),
            self.get("teams"),
            self.get("labels"),
            self.get("custom_attribute_definitions"),
            self.me(),
        )?;
        let mut account = Account { me, ..Account::default() };
        account.set_agents(&agents);
        account.set_inboxes(&inboxes);
        account.set_teams(&teams);
        account.set_labels(&labels);
        account.set_custom(&custom);
        Ok(account)
    }

    /// The names of the inboxes alone.
    ///
    /// # Errors
    /// As [`Client::filter_page`].
    pub async fn inboxes(&self) -> Result<Account, ClientError> {
        let mut account = Account::default();
        account.set_inboxes(&self.get("inboxes").await?);
        Ok(account)
    }

    async fn get(&self, path: &str) -> Result<Value, ClientError> {
        let body = self.send(Method::GET, self.url(path)?, None).await?;
        decode(&body)
    }

    async fn me(&self) -> Result<Option<i64>, ClientError> {
        let body = self.send(Method::GET, self.join("api/v1/profile")?, None).await?;
        let profile: Value = decode(&body)?;
        Ok(profile.get("id").and_then(Value::as_i64))
    }

    /// The address of a part of the account.
    fn url(&self, path: &str) -> Result<Url, ClientError> {
        self.join(&format!("api/v1/accounts/{}/{path}", self.account_id))
    }

    /// An address below the base, which may have a path of its own.
    fn join(&self, path: &str) -> Result<Url, ClientError> {
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{path}"))
            .map_err(|error| ClientError::Address { address: base.to_owned(), reason: error.to_string() })
    }

    async fn send(&self, method: Method, url: Url, body: Option<String>) -> Result<Vec<u8>, ClientError> {
        let mut token = HeaderValue::from_str(&self.token.0).map_err(|_| ClientError::Token)?;
        token.set_sensitive(true);
        let mut request = self
            .http
            .request(method, url)
            .header(HeaderName::from_static("api_access_token"), token)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(body);
        }
        let mut response = request.send().await.map_err(|error| ClientError::network(&self.base, &error))?;
        let status = response.status();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| ClientError::network(&self.base, &error))? {
            if bytes.len() + chunk.len() > MAX_BODY {
                return Err(ClientError::TooLarge { limit: MAX_BODY });
            }
            bytes.extend_from_slice(&chunk);
        }
        if status.is_success() { Ok(bytes) } else { Err(ClientError::status(status.as_u16(), &bytes)) }
    }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ClientError> {
    serde_json::from_slice(body).map_err(|error| ClientError::unexpected(body, &error.to_string()))
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let client = Client::new("http://127.0.0.1:1", 1, Token::new("s3cret")).unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
    }

    #[test]
    fn addresses_may_have_a_path_and_a_slash() {
        for base in ["https://x.example/chat", "https://x.example/chat/"] {
            let client = Client::new(base, 7, Token::new("t")).unwrap();
            assert_eq!(client.url("agents").unwrap().as_str(), "https://x.example/chat/api/v1/accounts/7/agents");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for base in ["", "chat.example.com", "ftp://x.example", "http://"] {
            assert!(matches!(Client::new(base, 1, Token::new("t")), Err(ClientError::Address { .. })), "{base}");
        }
    }

    #[test]
    fn only_other_hosts_make_clear_text_insecure() {
        let insecure = |base| Client::new(base, 1, Token::new("t")).unwrap().is_insecure();
        assert!(insecure("http://chat.example.com"));
        assert!(!insecure("https://chat.example.com"));
        assert!(!insecure("http://127.0.0.1:3000") && !insecure("http://localhost") && !insecure("http://[::1]:3000"));
    }
}
